"""The command line over a world in memory: the same commands, without a database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from application.access.accounts import Accounts
from application.access.administering import Administering
from application.access.gate import Gate
from application.access.read_log import Watching
from application.access.signature_rules import SignatureRules
from application.access.signatures import Signing
from application.answering.grading import Grading
from application.answering.interpretations import Readings
from application.answering.rechecking import Rechecking
from application.answering.timeline import Timelines
from application.changes.endpoints import Webhooks
from application.changes.feed import Feed
from application.deadlines.index import DeadlineProjection
from application.deadlines.reminders import Reminders
from application.deadlines.worklist import Worklist
from application.law.legislation import Legislation
from application.papers.contents import Contents
from application.papers.dossier import Dossiers
from application.papers.evidence import EvidenceDesk
from application.papers.issuing import DossierDesk
from application.papers.letters.reading import Letters
from application.papers.uploads import Uploads
from application.parts import InTurn, Workplace
from application.population.index import GradeProjection
from application.population.population import Population
from application.ports import Clock, Journal, Vault
from application.recording.advisories import Advising
from application.recording.casework import Casework
from application.recording.importing import Importing
from application.rehearsal.rehearsals import Rehearsals
from application.sheets.sheets import Sheets
from application.year.evaluation import Evaluating
from interfaces.cli.house import House, Product, Settings, Where
from interfaces.documents.printing import Printing
from interfaces.memory.changes import MemoryChanges
from interfaces.memory.grades import MemoryGradeIndex
from interfaces.memory.journal import MemoryJournal
from interfaces.memory.read_log import MemoryReadLog
from interfaces.memory.rehearsals import MemoryRehearsals
from interfaces.memory.webhooks import MemoryWebhooks
from interfaces.memory.worklist import MemoryDeadlineIndex
from interfaces.standbys import Standbys
from tests.support.accounts import administering
from tests.support.sample import ENGINE
from tests.support.sheets import sheets_of
from tests.support.webhooks import NoNetwork
from tests.support.world import World


@dataclass(kw_only=True)
class InMemory:
    """A product whose use cases are all there."""

    casework: Casework
    contents: Contents
    uploads: Uploads
    evidence: EvidenceDesk
    gate: Gate
    administering: Administering
    watching: Watching
    importing: Importing
    evaluating: Evaluating
    signing: Signing
    rechecking: Rechecking
    rehearsals: Rehearsals
    sheets: Sheets
    letters: Letters
    dossiers: Dossiers
    issued: DossierDesk
    advising: Advising
    worklist: Worklist
    reminders: Reminders
    projection: DeadlineProjection
    grades: GradeProjection
    population: Population
    grading: Grading
    readings: Readings
    timelines: Timelines
    feed: Feed
    webhooks: Webhooks
    journal: Journal
    vault: Vault
    clock: Clock
    legislation: Legislation
    workplace: Callable[[Where], AbstractContextManager[Workplace]]
    standbys: Standbys[Product] = field(default_factory=Standbys)
    least: int = 0
    signatures: SignatureRules | None = None
    accounts_here: Accounts | None = None
    folder: Path | None = None
    printing: Printing = field(default_factory=Printing)


def product_of(world: World) -> Product:
    """Every use case over a world."""
    journal, vault, clock, law = world.journal, world.vault, world.clock, world.legislation
    deadlines, found = MemoryDeadlineIndex(), MemoryGradeIndex()
    memory = cast("MemoryJournal", journal)
    feed = Feed(MemoryChanges(memory))
    projection = DeadlineProjection(journal, deadlines, clock, law, ENGINE)
    grades = GradeProjection(journal, found, law, ENGINE)
    sheets = sheets_of(world)
    return InMemory(
        casework=world.casework,
        contents=world.papers.contents,
        uploads=world.papers.uploads,
        evidence=world.papers.evidence,
        gate=world.gate,
        administering=administering(clock, gate=world.gate),
        watching=Watching(MemoryReadLog(), world.gate, clock),
        importing=Importing(journal, vault, clock, world.ids, law, engine=ENGINE),
        evaluating=Evaluating(journal, vault, clock, world.ids, law, engine=ENGINE),
        signing=world.signing,
        rechecking=Rechecking(journal, law, ENGINE),
        rehearsals=Rehearsals(MemoryRehearsals(), journal, clock, world.ids, law, ENGINE),
        sheets=sheets,
        letters=world.letters,
        dossiers=world.dossiers,
        issued=world.issued,
        advising=Advising(journal, vault, clock, world.ids, law),
        worklist=Worklist(journal, deadlines, clock, law, projection, ENGINE),
        reminders=Reminders(journal, deadlines, clock, law, projection),
        projection=projection,
        grades=grades,
        population=Population(journal, found, clock, law, grades, ENGINE),
        grading=world.grading,
        readings=Readings(journal, law, world.grading),
        timelines=world.timelines,
        feed=feed,
        webhooks=Webhooks(MemoryWebhooks(memory), NoNetwork(), feed, clock, world.ids),
        journal=journal,
        vault=vault,
        clock=clock,
        legislation=law,
        workplace=lambda _: nullcontext(Workplace(journal, InTurn(journal))),
    )


class MemoryHouse:
    """A house that has one product, in memory."""

    def __init__(self, world: World) -> None:
        self._product = product_of(world)

    @contextmanager
    def _opened(self, settings: Settings) -> Iterator[Product]:
        del settings
        yield self._product

    def has_journal(self, settings: Settings) -> bool:
        """There is one."""
        del settings
        return True

    def open(self, settings: Settings) -> AbstractContextManager[Product]:
        """The product, for recording."""
        return self._opened(settings)

    def read(self, settings: Settings) -> AbstractContextManager[Product]:
        """The product, for questions."""
        return self._opened(settings)


def house_of(world: World) -> House:
    """A house over a world in memory."""
    return cast("House", MemoryHouse(world))
