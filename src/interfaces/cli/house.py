"""What the command line asks of the house it stands in; ``interfaces.main`` builds it."""

import ipaddress
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from application.progress import Progress
from domain.errors import CaseError
from domain.sentence import Sentence

if TYPE_CHECKING:
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
    from application.parts import Workplace
    from application.population.index import GradeProjection
    from application.population.population import Population
    from application.ports import Clock, Journal, Recorded, Vault
    from application.recording.advisories import Advising
    from application.recording.casework import Casework
    from application.recording.importing import Importing
    from application.rehearsal.rehearsals import Rehearsals
    from application.sheets.sheets import Sheets
    from application.year.evaluation import Evaluating
    from interfaces.documents.printing import Printing
    from interfaces.standbys import Standbys


class NotAvailable(CaseError):
    """What is needed is not there: a database that does not answer, a port in use, a folder that holds other things."""

    def __init__(self, code: str, says: Sentence) -> None:
        super().__init__(code, says)


class Settings(NamedTuple):
    """Where the journal is: a database of one's own (``database``), or the embedded one in the folder ``data``.

    Both absent: ``DATABASE_URL``, else the usual data folder of the account. With ``url`` a server is asked instead.
    """

    database: str | None = None
    data: Path | None = None
    url: str | None = None


class Where(NamedTuple):
    """Where work over the whole journal is asked to be done: on so many ``cores``, or by the workers of a ``dask``
    scheduler; and from the ``parquet`` export in a folder instead of the database.

    Nothing said: on all cores where the journal is large, else in this process; ``is_apart`` leaves this process, and
    one of the cores, to others.
    """

    cores: int | None = None
    dask: str | None = None
    parquet: Path | None = None
    is_apart: bool = False


class Product(Protocol):
    """An open journal with every use case over it. A use case may be made when it is first asked for.

    ``standbys`` are where else it can be read. A product read at a standby keeps the indexes up where they are kept,
    at the primary; ``least`` is the position a list from them must have come to, so that nothing on record is missing.
    ``folder`` is that of an embedded database.
    ``workplace`` opens where work over the whole journal is done; it raises ``CaseError`` when that is not there.
    """

    least: int

    @property
    def casework(self) -> "Casework":
        """Recording, command by command."""
        ...

    @property
    def gate(self) -> "Gate":
        """The wall before commands and questions."""
        ...

    @property
    def accounts_here(self) -> "Accounts | None":
        """Accounts as they are read here, where that is not where they are written."""
        ...

    @property
    def administering(self) -> "Administering":
        """Accounts, and the door that lets them in and out."""
        ...

    @property
    def watching(self) -> "Watching":
        """Who looked at what."""
        ...

    @property
    def contents(self) -> "Contents":
        """The store of contents."""
        ...

    @property
    def letters(self) -> "Letters":
        """Letters as they are read."""
        ...

    @property
    def uploads(self) -> "Uploads":
        """Files on their way in."""
        ...

    @property
    def evidence(self) -> "EvidenceDesk":
        """Evidence on files."""
        ...

    @property
    def importing(self) -> "Importing":
        """Recording many commands at once."""
        ...

    @property
    def sheets(self) -> "Sheets":
        """Sheets of facts."""
        ...

    @property
    def evaluating(self) -> "Evaluating":
        """A year's evaluation of a whole roster."""
        ...

    @property
    def signatures(self) -> "SignatureRules | None":
        """What needs a second person, where that is not as shipped."""
        ...

    @property
    def signing(self) -> "Signing":
        """Recording by two persons, in front of the use cases that record."""
        ...

    @property
    def rechecking(self) -> "Rechecking":
        """Receipts executed again."""
        ...

    @property
    def rehearsals(self) -> "Rehearsals":
        """Draft editions run over the whole history."""
        ...

    @property
    def feed(self) -> "Feed":
        """The feed of changes."""
        ...

    @property
    def webhooks(self) -> "Webhooks":
        """Endpoints to which changes are sent."""
        ...

    @property
    def advising(self) -> "Advising":
        """Advisories, their submission and the internal notice."""
        ...

    @property
    def worklist(self) -> "Worklist":
        """The deadlines of everybody."""
        ...

    @property
    def reminders(self) -> "Reminders":
        """What is due, told ahead."""
        ...

    @property
    def projection(self) -> "DeadlineProjection":
        """The index of deadlines, as it is kept up."""
        ...

    @property
    def grades(self) -> "GradeProjection":
        """The index of grades, as it is kept up."""
        ...

    @property
    def population(self) -> "Population":
        """The grades of everybody."""
        ...

    @property
    def grading(self) -> "Grading":
        """Grades with their reasons."""
        ...

    @property
    def readings(self) -> "Readings":
        """Grades under other readings."""
        ...

    @property
    def timelines(self) -> "Timelines":
        """Everything on a file."""
        ...

    @property
    def journal(self) -> "Journal":
        """All events."""
        ...

    @property
    def vault(self) -> "Vault":
        """What is known of persons."""
        ...

    @property
    def clock(self) -> "Clock":
        """The time."""
        ...

    @property
    def legislation(self) -> "Legislation":
        """The law on record."""
        ...

    @property
    def workplace(self) -> "Callable[[Where], AbstractContextManager[Workplace]]":
        """Where work over the whole journal is done."""
        ...

    @property
    def standbys(self) -> "Standbys[Product]":
        """Where else it can be read."""
        ...

    @property
    def dossiers(self) -> "Dossiers":
        """Everything that stands behind one grade."""
        ...

    @property
    def issued(self) -> "DossierDesk":
        """Dossiers that are issued."""
        ...

    @property
    def printing(self) -> "Printing":
        """What sets papers."""
        ...

    @property
    def folder(self) -> Path | None:
        """An embedded database's."""
        ...


class Migrated(NamedTuple):
    """What a migration did: the files applied, the founding events appended, and where; ``law`` is what is on record
    of the law now."""

    applied: tuple[str, ...]
    founded: int
    place: str
    law: "tuple[Recorded, ...]"


class VerifiedJournal(NamedTuple):
    """What checking the seals has shown: so many sound events, then place and kind of the first fault, if any.

    ``unreadable`` names events that are as they were sealed and cannot be read: stream, version, position, tag.
    """

    events: int
    broken_at: int | None
    fault: str | None
    stream: str | None
    version: int | None
    unreadable: tuple[tuple[str, int, int, str], ...]


class ParquetExport(NamedTuple):
    """An export of the journal in a folder: how far it reaches, and what the run that was asked for has written.

    ``until`` is the last position, ``events`` all events up to there, ``segments``, ``files`` and ``bytes`` what they
    stand in; ``written`` counts the events that are new.
    """

    until: int
    events: int
    segments: int
    files: int
    bytes: int
    written: int


class Demo(NamedTuple):
    """The demo's data: how many events the region has, whether they were recorded just now, and where they are.

    ``data`` is the folder to name in later commands, ``None`` for a database of one's own.
    """

    events: int
    built: bool
    place: str
    data: Path | None


class Binding(NamedTuple):
    """Where a server listens, with the files of its certificate and key when it ends TLS itself.

    The demo's server (``is_demo``) lets whoever sits at this machine take any of its accounts.
    """

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    is_demo: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches it."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def root(self) -> str:
        """The address of the server as this machine calls it."""
        scheme = "http" if self.certificate is None else "https"
        return f"{scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


class House(Protocol):
    """What can be opened, brought up to date, served, carried away. All raise ``CaseError`` for what can go wrong."""

    def open(self, settings: Settings) -> AbstractContextManager[Product]:
        """The product over the journal; an embedded one is started and made ready first."""
        ...

    def has_journal(self, settings: Settings) -> bool:
        """Whether there is a journal to ask: a database of one's own is meant, or an embedded one was made."""
        ...

    def read(self, settings: Settings) -> AbstractContextManager[Product]:
        """The same for questions only: at a standby that has everything the primary has, else at the primary. No
        journal is made to ask it."""
        ...

    def migrate(self, settings: Settings) -> Migrated:
        """Bring the schema up to date and append the founding events when the journal is empty."""
        ...

    def export_journal(self, settings: Settings, file: BinaryIO, progress: Progress) -> int:
        """Write the whole journal; the number of events."""
        ...

    def import_journal(self, settings: Settings, file: BinaryIO, progress: Progress) -> int:
        """Read a whole journal into an empty one; the number of events."""
        ...

    def verify_journal(self, settings: Settings, progress: Progress) -> VerifiedJournal:
        """Compute all seals of the journal anew, and see that nothing is missing or out of order."""
        ...

    def export_parquet(
        self, settings: Settings, folder: Path, *, compact: bool, buckets: int | None, progress: Progress
    ) -> ParquetExport:
        """Write to a folder of Parquet files what the journal has more; ``compact`` makes one segment of all."""
        ...

    def check_parquet(self, folder: Path, progress: Progress) -> ParquetExport:
        """Compute all digests and seals of an export anew; no journal is needed."""
        ...

    def build_demo(self, settings: Settings, progress: Callable[[int, int], None]) -> Demo:
        """The sample region, recorded when it is not there yet; ``progress`` is told done and total."""
        ...

    def serve(self, settings: Settings, binding: Binding, announce: Callable[[str | None], None]) -> None:
        """Serve the API until interrupted. Once it is sure that it may be bound so, ``announce`` is told the secret
        with which the first administrator is made, or ``None`` where there are accounts."""
        ...
