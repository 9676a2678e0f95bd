"""The API on a real journal, as a server process of its own: ``DATABASE_URL`` says where the journal is."""

import os
from functools import partial

import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send
from obstore.store import MemoryStore

from application.access.administering import Administering
from application.access.gate import Gate
from application.access.read_log import Watching
from application.access.roles import shipped_roles
from application.access.signatures import Signing
from application.access.signing_in import Door
from application.answering.grading import Grading
from application.answering.interpretations import Readings
from application.answering.rechecking import Rechecking
from application.answering.timeline import Timelines
from application.changes.endpoints import Webhooks
from application.changes.feed import Feed
from application.deadlines.index import DeadlineProjection
from application.deadlines.worklist import Worklist
from application.law.legislation import Legislation, founding_events
from application.papers.dossier import Dossiers
from application.papers.letters.desk import LetterDesk
from application.papers.letters.reading import Letters
from application.population.index import GradeProjection
from application.population.population import Population
from application.ports import Entry
from application.principal import Principal
from application.recording.advisories import Advising
from application.recording.casework import Casework
from application.rehearsal.rehearsals import Rehearsals
from application.sheets.parts import SheetParts
from application.sheets.sheets import Sheets
from application.sheets.signed_batches import SheetBatches
from application.year.evaluation import Evaluating
from interfaces.clocks import SystemClock
from interfaces.contents.store import StoredContents
from interfaces.documents.issuing import dossier_desk
from interfaces.documents.printing import Printing
from interfaces.files.shipped import shipped_calendars, shipped_editions
from interfaces.files.shipped_places import shipped_places
from interfaces.http.app import create_app
from interfaces.http.semantics.event_streams import EventStreams, StreamLimits
from interfaces.http.use_cases import UseCases
from interfaces.ids import RandomIds
from interfaces.postgres.access.accounts import PostgresAccounts
from interfaces.postgres.access.read_log import PostgresReadLog
from interfaces.postgres.changes.signal import PostgresSignal
from interfaces.postgres.changes.source import PostgresChanges
from interfaces.postgres.changes.webhooks import PostgresWebhooks
from interfaces.postgres.grades.index import PostgresGradeIndex
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.rehearsals import PostgresRehearsals
from interfaces.postgres.sheets.store import PostgresSheets
from interfaces.postgres.uploads import PostgresUploads
from interfaces.postgres.vault import PostgresVault
from interfaces.postgres.worklist import PostgresDeadlineIndex
from interfaces.sheets.names import WordedNames
from interfaces.supervising import Keeping, told_to_end
from interfaces.webhooks.addresses import Allowed
from interfaces.webhooks.sending import HttpSender
from tests.support.accounts import PASSWORDS
from tests.support.letters import press_of
from tests.support.papers import papers_of
from tests.support.serving import LIMITS


def create() -> ASGIApp:
    """The application with the shipped law on record."""
    clock = SystemClock()
    journal = PostgresJournal(os.environ["DATABASE_URL"], clock)
    vault = PostgresVault(journal.datastore, bytes(32))
    if not journal.law():
        found = founding_events([(s.edition, s.text) for s in shipped_editions()], shipped_calendars())
        journal.append([Entry("law", "law", i, e) for i, e in enumerate(found, 1)], by=Principal("founding"))
    legislation = Legislation(journal)
    grading = Grading(journal, clock, legislation, "engine-of-the-test")
    index = (journal, PostgresDeadlineIndex(journal.datastore), clock, legislation)
    grades = PostgresGradeIndex(journal.datastore)
    kept = GradeProjection(journal, grades, legislation, "engine-of-the-test")
    gate = Gate(shipped_roles(), journal, legislation, clock)
    door = Door(PostgresAccounts(journal.datastore), PASSWORDS, clock)
    feed = Feed(PostgresChanges(journal.datastore))
    signal = PostgresSignal(journal.datastore)
    listening = Keeping("the signal of the journal", signal.tend, 0)
    streams = EventStreams(feed, signal)
    parts = (journal, vault, clock, RandomIds(), legislation)
    evaluating = Evaluating(*parts)
    contents, press = StoredContents(MemoryStore()), press_of(legislation)
    letters = LetterDesk(journal, vault, clock, legislation, lambda: contents, vault, lambda: press)
    timelines = Timelines(journal, vault, clock, legislation)
    dossiers = Dossiers(journal, vault, legislation, grading, Readings(journal, legislation, grading), timelines)
    issued = dossier_desk(dossiers, lambda: contents, vault, Printing())
    named = partial(
        Casework, engine="engine-of-the-test", places=shipped_places(), gate=gate, letters=letters, made=issued.make
    )
    papers = papers_of(*parts[:3], RandomIds(), contents, PostgresUploads(journal.datastore, vault))
    casework = named(*parts, grading.impact, uploads=papers.uploads)
    store = PostgresSheets(journal.datastore, vault)
    sheets = SheetParts(store, *parts, casework, WordedNames(legislation), gate=gate)
    signing = Signing(*parts, casework, evaluating, batches=SheetBatches(sheets))
    app = create_app(
        UseCases(
            evaluating=evaluating,
            rechecking=Rechecking(journal, legislation, "engine-of-the-test"),
            advising=Advising(journal, vault, clock, RandomIds(), legislation),
            worklist=Worklist(*index, DeadlineProjection(*index)),
            population=Population(journal, grades, clock, legislation, kept, "engine-of-the-test"),
            casework=casework,
            uploads=papers.uploads,
            evidence=papers.evidence,
            sheets=Sheets(sheets, signing),
            letters=Letters(journal, vault, clock, legislation, letters),
            issued=issued,
            gate=gate,
            administering=Administering(door, clock, shipped_places(), gate),
            watching=Watching(PostgresReadLog(journal.datastore), gate, clock),
            grading=grading,
            timelines=timelines,
            journal=journal,
            vault=vault,
            clock=clock,
            legislation=legislation,
            rehearsals=Rehearsals(
                PostgresRehearsals(journal.datastore), journal, clock, RandomIds(), legislation, "engine-of-the-test"
            ),
            feed=feed,
            webhooks=Webhooks(
                PostgresWebhooks(journal.datastore, vault), HttpSender(Allowed()), feed, clock, RandomIds()
            ),
        ),
        streams=streams,
    )
    app.on_startup.append(partial(told_to_end, streams.end))
    app.on_shutdown.append(listening.stop)

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) == "http":
            named = dict(scope["headers"]).get(LIMITS.encode(), b"null")
            streams.limits = msgspec.json.decode(named, type=StreamLimits | None) or StreamLimits()
        await app(scope, receive, send)

    return limited
