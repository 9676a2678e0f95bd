"""Sheets as people use them: looked through, recorded, all rows or the good ones, signed for, undone.

What was uploaded is kept beside the journal; what is recorded of it stands on the files of the subjects, each fact as
if it had been recorded by itself, and in the journal as one batch with the digest of the file. Rows are recorded one
by one, each once: whoever goes on with a sheet, after whatever has happened, goes on where it stopped.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from application.access.batches import BatchCommand, Chosen
from application.access.signature_rules import shipped_rules
from application.access.signatures import Signing
from application.cache import Remembered
from application.cursors import bad_cursor, opened, sealed
from application.principal import Principal
from application.progress import Progress
from application.prose import Opened, Sealing
from application.recording.writer import attempts
from application.sheets.forms import FormOfRegime, SheetForm, form_of
from application.sheets.looking_through import LookingThrough, ReadSheet
from application.sheets.parts import SheetParts, entry_of, number_of, undoing
from application.sheets.preview import RowMark
from application.sheets.row_files import FilesTaken, HandedFile, RowFiles, told_files
from application.sheets.row_recording import PART, RowRecording
from application.sheets.rows import SheetTable
from application.sheets.signed_batches import SheetBatches
from application.sheets.status import (
    SheetLineStatus,
    SheetList,
    SheetOutcome,
    SheetRows,
    SheetStatus,
    outcome_of_rows,
    sheet_state,
)
from application.sheets.store import KeptRow, KeptSheet
from domain.aggregates.sheets import SheetFile, fact_of_row, spans_of, stream_of
from domain.errors import FieldProblem, Invalid, NotFound, Refused, Stale
from domain.events.sheets import ImportUndone, SheetImported
from domain.procedures.evaluation import RetractRecord
from domain.procedures.facts import RetractFact
from domain.sentence import sentence
from domain.time import Instant, iso_utc
from domain.values import is_blank

KEPT_DAYS: Final = 30
"""How long an uploaded file is kept, and a sheet of which nothing was recorded."""

_DAY: Final[Instant] = 24 * 60 * 60 * 1_000_000

_REMEMBERED: Final = 10_000


class _ListCursor(msgspec.Struct, frozen=True):
    """The number of the last sheet of a page of the list."""

    before: int


class _RowsCursor(msgspec.Struct, frozen=True):
    """The last row of a page, of which sheet, and the part in which it stands."""

    sheet: str
    after: int
    part: int


class Sheets:
    """The use case of sheets. Safe to share between threads."""

    def __init__(self, parts: SheetParts, signing: Signing) -> None:
        """``signing`` has to know the batches of the same parts."""
        self.parts = self._parts = parts
        self._signing = signing
        self._batches = SheetBatches(parts)
        self._rows = RowRecording(parts, signing)
        self._looking = LookingThrough(parts)
        self._files = RowFiles(parts, signing, self._rows.settled)
        self._final: Remembered[tuple[str, int], SheetOutcome] = Remembered(_REMEMBERED)

    # --- templates ----------------------------------------------------------------------------------------

    def form(self, form: SheetForm, regime: str) -> FormOfRegime:
        """A form as the editions of a regime on record fill it. Raises ``NotFound``, and ``Refused`` where the regime
        has nothing for it."""
        known = self._parts.legislation.refresh()
        law = self._parts.legislation.made_of(regime, known).law
        found = form_of(form, law)
        if found is None:
            raise Refused("no_such_form", sentence("sheets.no_such_form", title=law.title))
        return found

    # --- looking through ----------------------------------------------------------------------------------

    def take_in(
        self,
        content: bytes,
        table: SheetTable,
        *,
        by: Principal,
        file: str = "",
        regime: str | None = None,
        progress: Progress | None = None,
        at_once: int | None = None,
    ) -> SheetStatus:
        """Look a sheet through and keep it; ``table`` is what was read of ``content``, ``regime`` is meant by rows that
        name none. A file that was imported already, or waits to be, stays as it is.

        One of more rows than ``at_once`` is kept, to be looked through by a server. Raises ``Refused`` for a sheet
        without rows, and where others of the same account, or too many, still are to be looked through.
        """
        now = self._parts.clock.now()
        self._parts.store.forget(now - KEPT_DAYS * _DAY)
        digest = hashlib.sha256(content).hexdigest()
        for known in self._parts.store.of_digest(digest, by.name):
            status = self._status(known, self._parts.on_record(known.id))
            if status.state in ("looked_through", "failed"):
                self._parts.store.delete(known.id)
            elif status.state not in ("undoing", "undone"):
                return status
        if not table.lines:
            raise Refused("no_rows", sentence("sheets.no_rows"))
        kept = KeptSheet(
            id=self._parts.ids.new(),
            digest=digest,
            form=table.form,
            by=by.recorded_as,
            at=now,
            rows=len(table.lines),
            region=by.place,
            file=file,
            regime=regime,
            actor=by,
        )
        if at_once is not None and kept.rows > at_once:
            self._looking.refuse_too_many(by)
            waits = msgspec.structs.replace(kept, work="look_through")
            return self._status(self._parts.store.create(waits, content, ()), SheetFile())
        kept, parts = self._looking.looked_through(kept, table, progress)
        return self._status(self._parts.store.create(kept, content, parts), SheetFile())

    # --- what a server does by itself ---------------------------------------------------------------------

    def waiting(self) -> list[str]:
        """The sheets with which a server is still to do something, the oldest first."""
        return [kept.id for kept in self._parts.store.waiting()]

    def work(self, id: str, read: ReadSheet) -> None:
        """Do what a server is still to do with a sheet, unless another process is at it: look it through, as ``read``
        reads its file, or go on with what was begun until nothing is left of it."""
        with self._parts.store.claim(id) as is_mine:
            kept = self._parts.store.get(id) if is_mine else None
            if kept is not None and kept.work == "look_through":
                self._looking.look_through(kept, read)
            elif kept is not None and kept.work == "go_on":
                self._go_on(kept)

    def _go_on(self, kept: KeptSheet) -> None:
        by, before = kept.actor or Principal(kept.by, place=kept.region), -1
        while True:
            left = self.go_on(kept.id, by=by).left
            if not left or left == before:
                break
            before = left
        again = self._parts.store.get(kept.id)
        if again is not None:
            self._parts.store.keep(msgspec.structs.replace(again, work=None))

    def leave(self, id: str, *, by: Principal) -> SheetStatus:
        """Leave it to a server to go on with what was begun with a sheet, in the name of ``by``, if anything is left.
        Raises ``NotFound``."""
        status = self.get(id)
        if status.left and not status.is_served:
            self._parts.store.keep(msgspec.structs.replace(self._parts.kept(id), work="go_on", actor=by))
            return self.get(id)
        return status

    # --- how it stands ------------------------------------------------------------------------------------

    def get(self, id: str) -> SheetStatus:
        """How a sheet stands. Raises ``NotFound``."""
        return self._status(self._parts.kept(id), self._parts.on_record(id))

    def numbered(self, number: str) -> SheetStatus:
        """The same by the number of the batch. Raises ``NotFound``."""
        no = number.rpartition("-")[2]
        found = self._parts.store.numbered(int(no)) if no.isascii() and no.isdigit() and len(no) < 16 else None
        if found is None or number_of(found) != number:
            raise NotFound("sheet", number[:40])
        return self.get(found.id)

    def listed(
        self, *, limit: int, cursor: str | None = None, is_shown: Callable[[KeptSheet], bool] = lambda _: True
    ) -> SheetList:
        """A page of sheets, the newest first; those that are not to be shown are left out of it. Raises ``Invalid`` for
        a cursor of another list."""
        before = None if cursor is None else opened(cursor, _ListCursor).before
        found = self._parts.store.listed(before=before, limit=limit + 1)
        shown = tuple(self._status(kept, self._parts.on_record(kept.id)) for kept in found[:limit] if is_shown(kept))
        rest = sealed(_ListCursor(found[limit - 1].no)) if len(found) > limit else None
        return SheetList(sheets=shown, next=rest)

    def rows(self, id: str, *, mark: RowMark | None = None, cursor: str | None = None, limit: int = PART) -> SheetRows:
        """A page of the rows of a sheet, those with a mark where one is asked for. Raises ``NotFound``, and ``Invalid``
        for a cursor of another list."""
        kept = self._parts.kept(id)
        start = _RowsCursor(id, 0, 0) if cursor is None else opened(cursor, _RowsCursor)
        if start.sheet != id:
            raise bad_cursor("other_question", sentence("errors.cursor.other_question"))
        found: list[SheetLineStatus] = []
        last = start.part
        for part in range(start.part, kept.parts):
            for row in self._parts.store.part(id, part):
                if row.told.row <= start.after or (mark is not None and row.told.mark != mark):
                    continue
                if len(found) == limit:
                    return SheetRows(rows=tuple(found), next=sealed(_RowsCursor(id, found[-1].row, last)))
                found.append(self._told(id, row))
                last = part
        return SheetRows(rows=tuple(found))

    def kept(self, id: str) -> KeptSheet:
        """A sheet as it is kept: whose it is, and of which place. Raises ``NotFound``."""
        return self._parts.kept(id)

    def content(self, id: str) -> bytes:
        """The file as it was uploaded. Raises ``NotFound``, also where it is kept no more."""
        found = self._parts.store.content(self._parts.kept(id).id)
        if found is None:
            raise NotFound("sheet_file", id)
        return found

    def delete(self, id: str) -> None:
        """Forget a sheet of which nothing was recorded. Raises ``NotFound`` and ``Refused``."""
        kept = self._parts.kept(id)
        state = self._status(kept, self._parts.on_record(kept.id)).state
        if state == "proposed":
            raise Refused("sheet_is_proposed", sentence("sheets.is_proposed"))
        if state not in ("looking_through", "failed", "looked_through"):
            raise Refused("sheet_on_record", sentence("sheets.on_record"))
        self._parts.store.delete(id)

    # --- recording ----------------------------------------------------------------------------------------

    def record(self, id: str, chosen: Chosen, *, by: Principal) -> SheetStatus:
        """Record rows of a sheet, up to ``PART`` of them: done again until none is left.

        Where one of them needs a second person the whole batch waits for that one's signature, and nothing of it is
        recorded before. Which rows are recorded is on record from the first time on; one that is refused meanwhile says
        why. Raises ``NotFound``, and ``Refused`` for a sheet with faults of which all rows are to be recorded, for one
        without a row to record and for one that was undone.
        """
        kept = self._parts.kept(id)
        if kept.work == "look_through" or kept.has_failed:
            raise Refused("sheet_not_looked_through", sentence("sheets.not_looked_through"))
        if kept.work is None and self._begun(kept, chosen, by):
            self._rows.record(self._parts.kept(id), by)
        return self.get(id)

    def _begun(self, kept: KeptSheet, chosen: Chosen, by: Principal) -> bool:
        """Put the batch on record with the rows that it is to bring; ``False`` when it waits for a second person."""
        for _ in attempts():
            on_record = self._parts.on_record(kept.id)
            if on_record.undone is not None:
                raise Refused("import_undone", sentence("sheets.undone"))
            if on_record.imported is not None:
                return True
            if chosen == "all" and kept.bad:
                raise Refused("rows_with_faults", sentence("sheets.rows_with_faults", bad=kept.bad))
            rows = [row.told.row for row in self._parts.rows_of(kept) if row.told.mark != "bad"]
            if not rows:
                raise Refused("no_rows", sentence("sheets.no_good_rows"))
            if by.role is not None and kept.needs_signature:
                self._propose(kept, self._batches.to_record(kept, rows), by)
                return False
            event = SheetImported(
                sheet=kept.id,
                number=number_of(kept),
                digest=kept.digest,
                form=kept.form,
                rows=kept.rows,
                chosen=spans_of(rows),
                region=kept.region,
            )
            self._parts.store.keep(self._begun_now(kept))
            try:
                self._parts.journal.append([entry_of(on_record, event)], by=by)
            except Stale:
                continue
            return True
        raise Stale(stream_of(kept.id), 0, 0)

    def _propose(self, kept: KeptSheet, command: BatchCommand, by: Principal) -> None:
        """Let a batch wait for a second person."""
        decision = self._signing.propose_batch(command, by=by, place=kept.region)
        self._parts.store.keep(msgspec.structs.replace(self._begun_now(kept), decision=decision.id, signer=None))

    def _begun_now(self, kept: KeptSheet) -> KeptSheet:
        """The sheet as one that is kept; the first moment stays."""
        return msgspec.structs.replace(kept, begun_at=kept.begun_at or self._parts.clock.now())

    def go_on(self, id: str, *, by: Principal) -> SheetStatus:
        """Go on with what was begun with a sheet, up to ``PART`` rows of it. Raises ``NotFound``."""
        kept, on_record = self._parts.kept(id), self._parts.on_record(id)
        if on_record.undone is not None:
            texts = Opened(self._parts.vault, self._parts.journal.joined_to)
            self._rows.take_back(kept, texts.told(stream_of(id), on_record.undone.reason), by)
        elif on_record.imported is not None:
            self._rows.record(kept, by)
        return self.get(id)

    # --- files that rows name -----------------------------------------------------------------------------

    def hand_in(
        self, id: str, files: Sequence[HandedFile], *, by: Principal, personal_data: bool = False
    ) -> FilesTaken:
        """Take in files that rows of a sheet name, each for the rows that name it. What is there already stays. Raises
        ``NotFound``, ``Refused`` and ``Conflict``."""
        kept = self._parts.kept(id)
        if kept.work == "look_through" or kept.has_failed:
            raise Refused("sheet_not_looked_through", sentence("sheets.not_looked_through"))
        return self._files.hand_in(kept, files, by=by, personal_data=personal_data)

    # --- undoing ------------------------------------------------------------------------------------------

    def undo(self, id: str, reason: str, *, by: Principal) -> SheetStatus:
        """Take back what a sheet has brought, up to ``PART`` rows of it: done again until none is left.

        What waits is withdrawn, what is on record retracted; where that needs a second person the undoing of the whole
        batch waits for that one's signature. Raises ``NotFound``, ``Invalid`` without a reason, ``Forbidden`` for
        whoever may not retract, and ``Refused`` for a sheet that was never recorded.
        """
        if is_blank(reason):
            raise Invalid((FieldProblem("/reason", "required", sentence("sheets.reason_required")),))
        kept = self._parts.kept(id)
        if kept.work == "go_on":
            if self._parts.on_record(id).undone is None:
                raise Refused("sheet_is_recorded", sentence("sheets.is_recorded"))
            return self.get(id)
        if self._undone(kept, reason, by):
            self._rows.take_back(self._parts.kept(id), reason, by)
        return self.get(id)

    def _undone(self, kept: KeptSheet, reason: str, by: Principal) -> bool:
        """Put on record that a batch is undone; ``False`` when that waits for a second person."""
        for _ in attempts():
            on_record = self._parts.on_record(kept.id)
            if on_record.imported is None:
                raise Refused("not_imported", sentence("sheets.not_imported"))
            if on_record.undone is not None:
                return True
            records = [
                undoing(kept.form, fact_of_row(kept.id, row.told.row), reason)
                for row in self._parts.rows_of(kept)
                if self._rows.settled(row).status == "recorded"
            ]
            if self._needs_second(kept, records, by):
                self._propose(kept, self._batches.to_undo(kept, reason), by)
                return False
            stream = stream_of(kept.id)
            sealing = Sealing(lambda stream=stream: self._parts.vault.sealing_key(stream))  # type: ignore[misc]
            entry = entry_of(on_record, ImportUndone(sheet=kept.id, reason=sealing(reason)))
            writes = () if sealing.key is None else sealing.key.writes
            try:
                self._parts.journal.append([entry], by=by, vault=writes, sealed=(stream,))
            except Stale:
                continue
            return True
        raise Stale(stream_of(kept.id), 0, 0)

    def _needs_second(self, kept: KeptSheet, records: Sequence[RetractFact | RetractRecord], by: Principal) -> bool:
        """Whether retractions wait for a second person. Raises ``Forbidden`` for whoever may not retract one."""
        if by.role is None or not records:
            return False
        if self._parts.gate is not None:
            # Those on one file are alike.
            for each in {self._parts.journal.owner_of(each.named): each for each in records}.values():
                self._parts.gate.permit(by, each)
        return (self._parts.rules or shipped_rules()).at(kept.region).always(records[0])

    # --- pieces -------------------------------------------------------------------------------------------

    def _told(self, sheet: str, kept: KeptRow) -> SheetLineStatus:
        row = self._rows.settled(kept)
        told = msgspec.structs.asdict(row.told)
        if row.fault is not None:
            told["remarks"] = (row.fault, *row.told.remarks)
        on_record = row.status in ("recorded", "undone", "undo_waits")
        fact = fact_of_row(sheet, row.told.row) if on_record else None
        files = told_files(row)
        return SheetLineStatus(**told, status=row.status, fact=fact, decision=row.decision, files=files)

    def _status(self, kept: KeptSheet, on_record: SheetFile) -> SheetStatus:
        outcome = self._outcome(kept, on_record)
        decision = self._parts.decision_on(kept)
        return SheetStatus(
            id=kept.id,
            number=number_of(kept),
            digest=kept.digest,
            form=kept.form,
            file=kept.file,
            by=kept.by,
            region=kept.region,
            uploaded_at=iso_utc(kept.at),
            imported_at=None if on_record.imported is None or kept.begun_at is None else iso_utc(kept.begun_at),
            state=sheet_state(kept, on_record, decision, outcome),
            rows=kept.rows,
            rows_seen=kept.done if kept.work == "look_through" else kept.rows,
            is_served=kept.work is not None,
            good=kept.good,
            proposed=kept.proposed,
            bad=kept.bad,
            needs_signature=kept.needs_signature,
            recorded=outcome.recorded,
            waiting=outcome.waiting,
            refused=outcome.refused,
            undone=outcome.undone,
            left=outcome.left,
            decision=None if decision is None else kept.decision,
            receipt=outcome.receipt,
            files=kept.files,
            files_missing=kept.files - kept.files_there,
        )

    def _outcome(self, kept: KeptSheet, on_record: SheetFile) -> SheetOutcome:
        """What became of the rows of a sheet, which are counted once when nothing more can become of them."""
        if on_record.imported is None:
            return SheetOutcome()
        key = kept.id, on_record.version
        known = self._final.get(key)
        if known is not None:
            return known
        outcome = outcome_of_rows(self._parts, self._rows, kept, on_record)
        if not outcome.left and not outcome.waiting and (on_record.undone is None or not outcome.recorded):
            self._final.keep(key, outcome)
        return outcome
