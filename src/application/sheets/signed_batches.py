"""Batches of rows that wait for a second person as one decision: what they would do, and what a signature appends.

What is signed is bound by digests: that of the file, and that of everything its rows record. It is decided again row
by row on what is known when it is looked at, and once more when it is recorded.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from application.access.batches import BatchBegun, BatchCommand, BatchTold, Chosen, RecordBatch, UndoBatch
from application.access.refusals import SigningRefused
from application.access.signature_effects import Effect, effect
from application.access.signatures import Signing
from application.principal import Principal
from application.prose import Sealing
from application.recording.commands import Command
from application.sheets.forms import SheetForm
from application.sheets.parts import (
    SheetParts,
    chosen_of,
    command_of_row,
    digest_of_commands,
    entry_of,
    number_of,
    undoing,
)
from application.sheets.preview import PreviewedRow, RowGrade
from application.sheets.row_recording import RowRecording
from application.sheets.store import KeptRow, KeptSheet
from domain.aggregates.sheets import SheetFile, fact_of_row, rows_of, spans_of, stream_of
from domain.errors import CaseError, Refused
from domain.events.sheets import ImportUndone, SheetImported
from domain.sentence import sentence
from domain.time import legal_day
from domain.vocabulary import SubjectKind

LOOKED_AT_AGAIN: Final = 2_000
"""A batch of so many rows is decided again whenever somebody looks at it; of a larger one it is told what was found
when it was looked through."""

MOST_EFFECTS: Final = 30
"""So many grades that change, and rows that cannot be recorded any more, are told one by one."""


class _Moved(NamedTuple):
    """The grade of a subject under a regime before the first row about it and after the last."""

    name: str
    kind: SubjectKind | None
    regime: str
    before: RowGrade
    after: RowGrade


class SheetBatches:
    """What ``application.access.batches.Batches`` asks for, of sheets. Safe to share between threads."""

    def __init__(self, parts: SheetParts) -> None:
        self._parts = parts

    # --- proposing ----------------------------------------------------------------------------------------

    def to_record(self, kept: KeptSheet, chosen: Sequence[int]) -> RecordBatch:
        """The command that records rows of a sheet."""
        rows = frozenset(chosen)
        commands = digest_of_commands(row for row in self._parts.rows_of(kept) if row.told.row in rows)
        return RecordBatch(
            sheet=kept.id,
            number=number_of(kept),
            file=kept.digest,
            rows=kept.rows,
            chosen=spans_of(chosen),
            commands=commands,
        )

    def to_undo(self, kept: KeptSheet, reason: str) -> UndoBatch:
        """The command that takes back what a sheet has brought."""
        return UndoBatch(sheet=kept.id, number=number_of(kept), file=kept.digest, reason=reason)

    # --- what it would do ---------------------------------------------------------------------------------

    def told(self, command: BatchCommand) -> BatchTold:
        """What a batch would do if it were signed now."""
        try:
            kept = self._parts.kept(command.sheet)
            planned = list(self._planned(command, kept))
        except CaseError as gone:
            return BatchTold((), refused=gone)
        if len(planned) > LOOKED_AT_AGAIN:
            rows = [row.told for row in planned]
        else:
            rows = list(self._decided_again(command, planned))
        good = [row for row in rows if row.mark != "bad"]
        streams = tuple(sorted({row.subject for row in good if row.subject is not None}))
        if not good:
            refused = Refused("no_rows", sentence("sheets.no_good_rows"))
            return BatchTold(tuple(_refused(rows)), streams, refused)
        effects = (
            _extent(command, len(good), len(streams)),
            *self._moves(good),
            *_refused(rows),
        )
        return BatchTold(effects, streams)

    def streams(self, command: BatchCommand) -> Sequence[str]:
        """The files that a batch is about. Raises ``NotFound`` for a sheet that is kept no more."""
        kept = self._parts.kept(command.sheet)
        found = {row.told.subject for row in self._planned(command, kept)}
        return sorted(subject for subject in found if subject is not None)

    def _planned(self, command: BatchCommand, kept: KeptSheet) -> Iterator[KeptRow]:
        """The rows that a signature would record, or take back."""
        if isinstance(command, RecordBatch):
            chosen = frozenset(rows_of(command.chosen))
            yield from (row for row in self._parts.rows_of(kept) if row.told.row in chosen)
            return
        for row in self._parts.rows_of(kept):
            if row.status == "recorded":
                yield row

    def _decided_again(self, command: BatchCommand, rows: Sequence[KeptRow]) -> Iterator[PreviewedRow]:
        # Nobody's wall stands before what is signed: whoever signs is held against the places of the files.
        nobody = Principal("")
        form = self._parts.kept(command.sheet).form
        again = ((row.told, self._commands(command, form, row)) for row in rows)
        for plan in self._parts.preview().again(form, again, nobody):
            yield plan.told

    def _commands(self, command: BatchCommand, form: SheetForm, row: KeptRow) -> tuple[Command, ...]:
        if isinstance(command, RecordBatch):
            return tuple(command_of_row(raw) for raw in row.commands)
        return (undoing(form, fact_of_row(command.sheet, row.told.row), command.reason),)

    def _moves(self, rows: Sequence[PreviewedRow]) -> Iterator[Effect]:
        """Which grades change, those that become lower first."""
        moved: dict[tuple[str, str], _Moved] = {}
        for row in rows:
            if row.subject is not None and row.regime is not None and row.before is not None and row.after is not None:
                key = row.subject, row.regime
                first = moved[key].before if key in moved else row.before
                moved[key] = _Moved(row.name, row.kind, row.regime, first, row.after)
        changed = [each for each in moved.values() if each.before.grade != each.after.grade]
        lower = [each for each in changed if self._is_lower(each)]
        if lower:
            yield effect("batch_lower", sentence("signatures.effect.batch_lower", n=len(lower)))
        else:
            yield effect("batch_none_lower", sentence("signatures.effect.batch_none_lower"))
        for each in [*lower, *(each for each in changed if each not in lower)][:MOST_EFFECTS]:
            yield self._move(each)
        if len(changed) > MOST_EFFECTS:
            says = sentence("signatures.effect.batch_more_grades", n=len(changed) - MOST_EFFECTS)
            yield effect("batch_more_grades", says)

    def _is_lower(self, moved: _Moved) -> bool:
        today = legal_day(self._parts.clock.now())
        law = self._parts.legislation.made_of(moved.regime, self._parts.legislation.known()).law
        return law.is_better(law.method(moved.kind, today), moved.before.grade, moved.after.grade)

    def _move(self, moved: _Moved) -> Effect:
        law = self._parts.legislation.made_of(moved.regime, self._parts.legislation.known()).law
        before, after = _side(moved.before), _side(moved.after)
        says = sentence("signatures.effect.batch_grade", name=moved.name, regime=law.title, before=before, after=after)
        return effect("batch_grade", says, moved.regime, before, after, moved.name)

    # --- signing ------------------------------------------------------------------------------------------

    def begun(self, command: BatchCommand, signer: Principal, chosen: Chosen) -> BatchBegun:
        """What a signature appends to the stream of the sheet."""
        kept, on_record = self._parts.kept(command.sheet), self._parts.on_record(command.sheet)
        if isinstance(command, RecordBatch):
            found = BatchBegun((entry_of(on_record, self._imported(command, kept, on_record, chosen)),))
        else:
            if on_record.imported is None or on_record.undone is not None:
                raise SigningRefused("already_settled")
            stream = stream_of(kept.id)
            sealing = Sealing(lambda: self._parts.vault.sealing_key(stream))
            undone = ImportUndone(sheet=kept.id, reason=sealing(command.reason))
            found = BatchBegun((entry_of(on_record, undone),), sealing.key)
        self._parts.store.keep(msgspec.structs.replace(kept, signer=signer))
        return found

    def _imported(self, command: RecordBatch, kept: KeptSheet, on_record: SheetFile, chosen: Chosen) -> SheetImported:
        if on_record.imported is not None:
            raise SigningRefused("already_settled")
        rows = list(self._planned(command, kept))
        if command.file != kept.digest or command.commands != digest_of_commands(iter(rows)):
            raise SigningRefused("digest_differs")
        if chosen == "all":
            bad = sum(row.mark == "bad" for row in self._decided_again(command, rows))
            if bad:
                raise Refused("rows_refused_now", sentence("sheets.rows_refused_now", bad=bad))
        return SheetImported(
            sheet=kept.id,
            number=command.number,
            digest=kept.digest,
            form=kept.form,
            rows=kept.rows,
            chosen=command.chosen,
            region=kept.region,
        )

    def carry_out(self, command: BatchCommand, signing: Signing) -> None:
        """Record rows of a batch that was signed, or take them back, up to a part of them."""
        kept, recording = self._parts.kept(command.sheet), RowRecording(self._parts, signing)
        by = kept.signer or Principal("")
        if isinstance(command, RecordBatch):
            recording.record(kept, by)
        else:
            recording.take_back(kept, command.reason, by)

    def row_signed(self, decision: str, signing: Signing) -> None:
        """Receive as evidence what was handed in for the row of which a decision was signed, where it is one on a row.

        While another process is at work on the sheet, that one does it before it ends.
        """
        sheet = self._parts.store.sheet_awaiting(decision)
        if sheet is None:
            return
        with self._parts.store.claim(sheet) as is_mine:
            if is_mine:
                RowRecording(self._parts, signing).attach_files(sheet)

    def dropped(self, command: BatchCommand) -> None:
        """Take note that a batch was returned or withdrawn: a sheet of which nothing is on record is kept no longer
        than one that nobody proposed."""
        kept = self._parts.store.get(command.sheet)
        if kept is not None and not chosen_of(self._parts.on_record(command.sheet)):
            self._parts.store.keep(msgspec.structs.replace(kept, begun_at=None))


def _extent(command: BatchCommand, rows: int, files: int) -> Effect:
    """How many rows are recorded, or taken back, on how many files."""
    if isinstance(command, RecordBatch):
        return effect("batch_recorded", sentence("signatures.effect.batch_recorded", rows=rows, files=files))
    return effect("batch_undone", sentence("signatures.effect.batch_undone", rows=rows, files=files))


def _refused(rows: Sequence[PreviewedRow]) -> Iterator[Effect]:
    """The rows that cannot be recorded any more, with why."""
    bad = [row for row in rows if row.mark == "bad"]
    for row in bad[:MOST_EFFECTS]:
        why = row.remarks[0]
        says = sentence(
            "signatures.effect.batch_refused", row=row.row, name=row.name, document=row.document, why=why.text
        )
        yield effect("batch_refused", says)
    if len(bad) > MOST_EFFECTS:
        says = sentence("signatures.effect.batch_more_refused", n=len(bad) - MOST_EFFECTS)
        yield effect("batch_more_refused", says)


def _side(grade: RowGrade) -> str:
    return " ".join(part for part in (grade.score, grade.grade, grade.undetermined) if part is not None) or "—"
