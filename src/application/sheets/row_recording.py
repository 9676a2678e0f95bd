"""The rows of a batch, recorded one by one and taken back one by one.

Each is recorded as if it had been recorded by itself: what needs a second person waits, unless the batch was signed as
a whole. Whoever goes on with a batch, after whatever has happened, goes on where it stopped.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

import msgspec

from application.access.decisions import PendingDecision
from application.access.refusals import SigningRefused
from application.access.signatures import Signing
from application.access.waiting import proposer_of
from application.principal import Principal
from application.recording.commands import Command
from application.recording.outcomes import Outcome
from application.recording.writer import CommandAsked, keyed
from application.sheets.parts import SheetParts, chosen_of, command_of_row, undoing
from application.sheets.row_files import files_there, with_files_attached
from application.sheets.rows import RowRemark, remark
from application.sheets.store import KeptRow, KeptSheet, RowStatus
from domain.aggregates.sheets import SheetFile, fact_of_row, stream_of
from domain.errors import CaseError, Stale
from domain.sentence import sentence

PART: Final = 500
"""How many rows are kept, and recorded, at a time."""

RowWork = Callable[[KeptRow], KeptRow]
"""What is done with a row: the row with what came of it."""


class SignedBatch(NamedTuple):
    """Who proposed a batch, and who signed it."""

    proposer: Principal
    signer: Principal


class RowRecording:
    """Records rows of sheets, and takes them back. Safe to share between threads."""

    def __init__(self, parts: SheetParts, signing: Signing) -> None:
        self._parts = parts
        self._signing = signing

    def record(self, kept: KeptSheet, by: Principal) -> None:
        """Record rows of a batch that is on record, up to ``PART`` of them."""
        signed = self._signed(kept)
        self._go_through(kept, lambda row: self._recorded(kept.id, row, by, signed))
        self.attach_files(kept.id)

    def take_back(self, kept: KeptSheet, reason: str, by: Principal) -> None:
        """Take back rows of a batch that is being undone, up to ``PART`` of them."""
        signed = self._signed(kept)
        self._go_through(kept, lambda row: self._taken_back(kept, row, reason, by, signed))

    def settled(self, row: KeptRow) -> KeptRow:
        """A row that waits, or waits to be undone, with what the second person has decided since."""
        if row.decision is None or row.status not in ("waiting", "undo_waits"):
            return row
        state = self._signing.decisions.file_of(row.decision).state
        if state == "waiting":
            return row
        undoes = row.status == "undo_waits"
        if state == "signed":
            done: RowStatus = "undone" if undoes else "waiting" if row.left else "recorded"
            return msgspec.structs.replace(row, status=done, decision=None)
        back: RowStatus = "recorded" if undoes else "refused"
        fault = remark(None, state, sentence(f"sheets.decision.{state}"))
        return msgspec.structs.replace(row, status=back, decision=None, fault=fault)

    def attach_files(self, sheet: str) -> None:
        """Receive as evidence what was handed in for rows that have waited by themselves and are on record by now."""
        for number in self._parts.store.parts_awaiting(sheet):
            rows = list(self._parts.store.part(sheet, number))
            awaiting = [i for i, row in enumerate(rows) if row.awaits is not None]
            self._act(
                sheet, number, rows, awaiting, lambda row: with_files_attached(self._signing, sheet, self.settled(row))
            )

    # --- row by row ---------------------------------------------------------------------------------------

    def _signed(self, kept: KeptSheet) -> SignedBatch | None:
        """Who has signed the batch as a whole; ``None`` where its rows are recorded each by itself."""
        decision = self._parts.decision_on(kept)
        if decision is None or decision.proposed is None or kept.signer is None or decision.state != "signed":
            return None
        proposed = decision.proposed
        return SignedBatch(proposer_of(proposed), kept.signer)

    def _submit(
        self, command: Command, key: str, by: Principal, signed: SignedBatch | None
    ) -> Outcome | PendingDecision:
        if signed is None:
            return self._signing.submit(command, by=by, key=key)
        review = partial(self._signing.decisions.refuse_out_of_reach, signed.signer)
        asked = CommandAsked(signed.proposer, keyed(self._parts.vault, key, command), review=review)
        return self._parts.casework.carry_out(command, asked)

    def _recorded(self, sheet: str, row: KeptRow, by: Principal, signed: SignedBatch | None) -> KeptRow:
        """The row with what came of it."""
        row = self.settled(row)
        if (
            row.status not in (None, "waiting")
            or not row.left
            or (row.status == "waiting" and row.decision is not None)
        ):
            return row
        for number in range(len(row.commands) - row.left, len(row.commands)):
            try:
                key = f"{stream_of(sheet)}/{row.told.row}/{number}"
                answer = self._submit(command_of_row(row.commands[number]), key, by, signed)
            except Stale:
                raise
            except CaseError as refused:
                return msgspec.structs.replace(row, status="refused", fault=_fault(refused), decision=None)
            row = msgspec.structs.replace(row, left=row.left - 1)
            if isinstance(answer, PendingDecision):
                return msgspec.structs.replace(row, status="waiting", decision=answer.id)
        recorded = msgspec.structs.replace(row, status="recorded", decision=None)
        return with_files_attached(self._signing, sheet, recorded)

    def _taken_back(
        self, kept: KeptSheet, row: KeptRow, reason: str, by: Principal, signed: SignedBatch | None
    ) -> KeptRow:
        row = self.settled(row)
        if row.status == "waiting" and row.decision is not None:
            try:
                self._signing.withdraw(row.decision, by=by)
            except SigningRefused as refused:
                if refused.code != "already_settled":
                    return msgspec.structs.replace(row, fault=_fault(refused))
            row = self.settled(row)
        record = fact_of_row(kept.id, row.told.row)
        if self._parts.journal.owner_of(record) is None:
            return msgspec.structs.replace(row, status="undone", decision=None, fault=None)
        if row.status in ("undone", "undo_waits"):
            return row
        try:
            key = f"{stream_of(kept.id)}/{row.told.row}/undo"
            answer = self._submit(undoing(kept.form, record, reason), key, by, signed)
        except Stale:
            raise
        except CaseError as refused:
            return msgspec.structs.replace(row, fault=_fault(refused))
        if isinstance(answer, PendingDecision):
            return msgspec.structs.replace(row, status="undo_waits", decision=answer.id, fault=None)
        return msgspec.structs.replace(row, status="undone", decision=None, fault=None)

    def _go_through(self, kept: KeptSheet, act: RowWork) -> None:
        """Act on the chosen rows of a sheet that are left, up to ``PART`` of them, and keep what comes of each."""
        on_record, store = self._parts.on_record(kept.id), self._parts.store
        chosen = chosen_of(on_record)
        # Those of which something was refused are tried once more when all others are done.
        rows_of = self._parts.rows_of
        again = not any(row.told.row in chosen and is_left(row, on_record) for row in rows_of(kept))
        done = 0
        for number in range(kept.parts):
            rows = list(store.part(kept.id, number))
            left = [i for i, row in enumerate(rows) if row.told.row in chosen and is_left(row, on_record, again=again)]
            left = left[: PART - done]
            self._act(kept.id, number, rows, left, act)
            done += len(left)
            if done >= PART:
                return

    def _act(self, sheet: str, part: int, rows: list[KeptRow], places: Sequence[int], act: RowWork) -> None:
        """Act on the rows of a part that stand in these places, and keep what comes of each."""
        store, changed, there = self._parts.store, False, files_there(rows)
        try:
            for i in places:
                after = act(rows[i])
                changed = changed or after != rows[i]
                rows[i] = after
        finally:
            if changed:
                store.keep_part(sheet, part, rows)
            if there != files_there(rows):
                before = self._parts.kept(sheet)
                still = before.files_there - there + files_there(rows)
                store.keep(msgspec.structs.replace(before, files_there=still))


def is_left(row: KeptRow, on_record: SheetFile, *, again: bool = False) -> bool:
    """Whether something is still to be done with a row by whoever goes on; ``again`` with one that was not undone
    before, too."""
    if on_record.undone is not None:
        return row.status in ("recorded", "waiting") and (again or row.fault is None)
    return row.status is None or (row.status == "waiting" and row.left > 0)


def _fault(refused: CaseError) -> RowRemark:
    return remark(None, refused.code, refused.says)
