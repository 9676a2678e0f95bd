"""What everything about sheets is made from, and what is kept and on record of one."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import msgspec

from application.access.gate import Gate
from application.access.signature_rules import SignatureRules, shipped_rules
from application.access.waiting import PendingDecisions
from application.law.legislation import Legislation
from application.papers.uploads import Uploads
from application.ports import Clock, Entry, Ids, Journal, Vault
from application.recording.casework import Casework
from application.recording.commands import COMMANDS, Command
from application.sheets.forms import FORMS_OF_FACTS, SheetForm
from application.sheets.names import SheetNames
from application.sheets.preview import SheetPreview
from application.sheets.store import KeptRow, KeptSheet, SheetStore
from domain.aggregates.pending import PendingFile
from domain.aggregates.sheets import SheetFile, evolve, rows_of, stream_of
from domain.errors import NotFound
from domain.events.sheets import ImportUndone, SheetEvent, SheetImported
from domain.places import Places
from domain.procedures.evaluation import RetractRecord
from domain.procedures.facts import RetractFact
from domain.time import legal_day


@dataclass(frozen=True)
class SheetParts:
    """What the use cases of sheets share. ``names`` knows what is written in sheets, ``rules`` say what needs a second
    person, where that is not as shipped; ``uploads`` take in what rows name as evidence; the rest is what
    recording needs."""

    store: SheetStore
    journal: Journal
    vault: Vault
    clock: Clock
    ids: Ids
    legislation: Legislation
    casework: Casework
    names: SheetNames
    rules: SignatureRules | None = None
    places: Places | None = None
    gate: Gate | None = None
    engine: str = ""
    uploads: Uploads | None = None

    @cached_property
    def pending(self) -> PendingDecisions:
        """The decisions that wait for a second person."""
        return PendingDecisions(self.journal)

    def preview(self) -> SheetPreview:
        """What looks a sheet through, once."""
        return SheetPreview(
            self.journal,
            self.vault,
            self.clock,
            self.ids,
            self.legislation,
            self.names,
            self.rules or shipped_rules(),
            self.casework,
            places=self.places,
            gate=self.gate,
            engine=self.engine,
        )

    def kept(self, id: str) -> KeptSheet:
        """A sheet as it is kept. Raises ``NotFound``."""
        kept = self.store.get(id)
        if kept is None:
            raise NotFound("sheet", id)
        return kept

    def on_record(self, id: str) -> SheetFile:
        """What is on record of a sheet."""
        file = SheetFile()
        for row in self.journal.stream(stream_of(id)):
            if isinstance(row.event, SheetEvent):
                evolve(file, row.event)
        return file

    def rows_of(self, kept: KeptSheet) -> Iterator[KeptRow]:
        """The rows of a sheet in order."""
        for number in range(kept.parts):
            yield from self.store.part(kept.id, number)

    def decision_on(self, kept: KeptSheet) -> PendingFile | None:
        """The file of the decision that was proposed last about a sheet as a whole; ``None`` where none was."""
        found = None if kept.decision is None else self.pending.find(kept.decision)
        return None if found is None else found.file


def number_of(kept: KeptSheet) -> str:
    """The number by which people call a batch: the day on which the sheet was uploaded, and the how-manieth it was."""
    return f"{legal_day(kept.at):%Y%m%d}-{kept.no}"


def chosen_of(on_record: SheetFile) -> frozenset[int]:
    """The rows that a batch is to bring."""
    return frozenset() if on_record.imported is None else frozenset(rows_of(on_record.imported.chosen))


def entry_of(on_record: SheetFile, event: SheetImported | ImportUndone) -> Entry:
    """What is appended to the stream of a sheet."""
    return Entry(stream_of(event.sheet), "sheet", on_record.version + 1, event, event.introduced_id)


def command_of_row(raw: bytes) -> Command:
    """A command of a row, as it was kept."""
    name = msgspec.json.decode(raw, type=_Named).do
    return msgspec.json.decode(raw, type=COMMANDS[name])


def digest_of_commands(rows: Iterator[KeptRow]) -> str:
    """The digest (hex SHA-256) of everything that rows record, in order."""
    found = hashlib.sha256()
    for row in rows:
        for raw in row.commands:
            found.update(b"%d %d " % (row.told.row, len(raw)))
            found.update(raw)
    return found.hexdigest()


def undoing(form: SheetForm, record: str, reason: str) -> RetractFact | RetractRecord:
    """The command that takes back what a row of a form has brought."""
    if form in FORMS_OF_FACTS:
        return RetractFact(fact=record, reason=reason)
    return RetractRecord(record=record, reason=reason)


class _Named(msgspec.Struct):
    do: str
