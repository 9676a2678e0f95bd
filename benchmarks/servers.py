"""The two servers that are compared: our API, and handlers that only read. Started by granian, by factory name.

The journal's URL comes in ``BENCH_URL``.
"""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from eventsourcing.postgres import PostgresApplicationRecorder
from litestar import Litestar, get
from obstore.store import MemoryStore

from application.access.accounts import Accounts
from application.access.administering import Administering
from application.access.gate import Gate
from application.access.read_log import Watching
from application.access.roles import shipped_roles
from application.access.signatures import Signing
from application.access.signing_in import Door
from application.answering.interpretations import Readings
from application.answering.rechecking import Rechecking
from application.answering.timeline import Timelines
from application.changes.endpoints import Webhooks
from application.changes.feed import Feed
from application.deadlines.index import DeadlineProjection
from application.deadlines.worklist import Worklist
from application.papers.dossier import Dossiers
from application.papers.evidence import EvidenceDesk
from application.papers.letters.reading import Letters
from application.papers.uploads import Uploads
from application.population.index import GradeProjection
from application.population.population import Population
from application.recording.advisories import Advising
from application.rehearsal.rehearsals import Rehearsals
from application.sheets.parts import SheetParts
from application.sheets.sheets import Sheets
from application.sheets.signed_batches import SheetBatches
from application.year.evaluation import Evaluating
from benchmarks.stage import Docket
from interfaces.compute.garbage import look_rarely
from interfaces.contents.aside import can_be_shown, inspected, sm3_of
from interfaces.contents.store import StoredContents
from interfaces.documents.issuing import dossier_desk
from interfaces.documents.letters.desks import desk_in_memory
from interfaces.documents.printing import Printing
from interfaces.files.shipped_places import shipped_places
from interfaces.http.app import create_app
from interfaces.http.desk import THREADS
from interfaces.http.use_cases import UseCases
from interfaces.ids import RandomIds
from interfaces.memory.accounts import MemoryAccounts
from interfaces.passwords import Argon2Passwords
from interfaces.postgres.access.accounts import PostgresAccounts
from interfaces.postgres.access.read_log import PostgresReadLog
from interfaces.postgres.changes.source import PostgresChanges
from interfaces.postgres.changes.webhooks import PostgresWebhooks
from interfaces.postgres.grades.index import PostgresGradeIndex
from interfaces.postgres.rehearsals import PostgresRehearsals
from interfaces.postgres.sheets.store import PostgresSheets
from interfaces.postgres.uploads import PostgresUploads
from interfaces.postgres.worklist import PostgresDeadlineIndex
from interfaces.sheets.names import WordedNames
from interfaces.webhooks.addresses import Allowed
from interfaces.webhooks.sending import HttpSender

_SWITCH_SECONDS: Final = 0.0005


def api() -> Litestar:
    """Our API over the journal, behind the wall once it has accounts."""
    docket = _docket()
    return _api(docket, PostgresAccounts(docket.journal.datastore))


def walled_api() -> Litestar:
    """The same, whose threads take turns as often as those of the product's own server."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    return api()


def open_api() -> Litestar:
    """That one without the wall, whatever accounts the journal has."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    return _api(_docket(), MemoryAccounts())


def _letters(docket: Docket) -> Letters:
    parts = (docket.journal, docket.vault, docket.clock, docket.legislation)
    return Letters(*parts, desk_in_memory(*parts))


def _api(docket: Docket, accounts: Accounts) -> Litestar:
    index = (docket.journal, PostgresDeadlineIndex(docket.journal.datastore), docket.clock, docket.legislation)
    grades = PostgresGradeIndex(docket.journal.datastore)
    rehearsed = PostgresRehearsals(docket.journal.datastore)
    feed = Feed(PostgresChanges(docket.journal.datastore))
    kept = GradeProjection(docket.journal, grades, docket.legislation, "bench")
    gate = Gate(shipped_roles(), docket.journal, docket.legislation, docket.clock)
    door = Door(accounts, Argon2Passwords(), docket.clock)
    parts = (docket.journal, docket.vault, docket.clock, RandomIds(), docket.legislation)
    evaluating = Evaluating(*parts)
    store = PostgresSheets(docket.journal.datastore, docket.vault)
    sheets = SheetParts(store, *parts, docket.casework, WordedNames(docket.legislation), gate=gate)
    signing = Signing(*parts, docket.casework, evaluating, batches=SheetBatches(sheets))
    kept_uploads = PostgresUploads(docket.journal.datastore, docket.vault)
    contents = StoredContents(MemoryStore())
    uploads = Uploads(
        docket.journal, docket.vault, lambda: contents, kept_uploads, docket.clock, RandomIds(), inspected, sm3_of
    )
    lying = (lambda: contents, kept_uploads, docket.clock, can_be_shown)
    timelines = Timelines(docket.journal, docket.vault, docket.clock, docket.legislation)
    readings = Readings(docket.journal, docket.legislation, docket.grading)
    dossiers = Dossiers(docket.journal, docket.vault, docket.legislation, docket.grading, readings, timelines)
    return create_app(
        UseCases(
            casework=docket.casework,
            uploads=uploads,
            evidence=EvidenceDesk(docket.journal, docket.vault, docket.vault, *lying),
            evaluating=evaluating,
            sheets=Sheets(sheets, signing),
            letters=_letters(docket),
            issued=dossier_desk(dossiers, lambda: contents, None, Printing()),
            rechecking=Rechecking(docket.journal, docket.legislation, "bench"),
            advising=Advising(docket.journal, docket.vault, docket.clock, RandomIds(), docket.legislation),
            worklist=Worklist(*index, DeadlineProjection(*index)),
            population=Population(docket.journal, grades, docket.clock, docket.legislation, kept, "bench"),
            grading=docket.grading,
            timelines=timelines,
            journal=docket.journal,
            vault=docket.vault,
            clock=docket.clock,
            legislation=docket.legislation,
            rehearsals=Rehearsals(rehearsed, docket.journal, docket.clock, RandomIds(), docket.legislation, "bench"),
            gate=gate,
            administering=Administering(door, docket.clock, shipped_places(), gate),
            watching=Watching(PostgresReadLog(docket.journal.datastore), gate, docket.clock),
            feed=feed,
            webhooks=Webhooks(
                PostgresWebhooks(docket.journal.datastore, docket.vault),
                HttpSender(Allowed()),
                feed,
                docket.clock,
                RandomIds(),
            ),
        )
    )


def bare() -> Litestar:
    """Handlers that read with the library, in as many threads as ours, and answer nothing but how much that was."""
    docket = _docket()
    pool = ThreadPoolExecutor(THREADS)

    def read(streams: list[str]) -> dict[str, int]:
        recorder = docket.journal.recorder
        # The library's own method: ours reads more of each event.
        return {"rows": sum(len(PostgresApplicationRecorder.select_events(recorder, stream)) for stream in streams)}

    async def answer(streams: list[str]) -> dict[str, int]:
        return await asyncio.get_running_loop().run_in_executor(pool, read, streams)

    @get("/rows/{agency:str}")
    async def rows(agency: str, staff: list[str]) -> dict[str, int]:
        """Read the rows of a grade answer: the agency's file and those of its staff."""
        return await answer([agency, *staff])

    @get("/file/{agency:str}")
    async def file(agency: str) -> dict[str, int]:
        """Read the agency's file alone."""
        return await answer([agency])

    @get("/nothing")
    async def nothing() -> dict[str, int]:
        """Read nothing: what the client can ask for at most."""
        return {"rows": 0}

    return Litestar([rows, file, nothing], openapi_config=None, logging_config=None)


def _docket() -> Docket:
    # As every process of the product, and the peer beside it.
    look_rarely()
    return Docket(os.environ["BENCH_URL"])
