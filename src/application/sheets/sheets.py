"""Sheets as people use them: looked through, recorded, all rows or the good ones, signed for, undone.

What was uploaded is kept beside the journal; what is recorded of it stands on the files of the subjects, each fact as
if it had been recorded by itself, and in the journal as one batch with the digest of the file. Rows are recorded one
by one, each once: whoever goes on with a sheet, after whatever has happened, goes on where it stopped.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from application.access.decisions import PendingDecision
from application.access.gate import Gate
from application.access.refusals import SigningRefused
from application.access.signature_rules import SignatureRules, shipped_rules
from application.access.signatures import Signing
from application.cache import Remembered
from application.cursors import bad_cursor, opened, sealed
from application.law.legislation import Legislation
from application.ports import Clock, Entry, Ids, Journal, Vault
from application.principal import Principal
from application.progress import Progress
from application.prose import Sealing
from application.recording.commands import COMMANDS, Command
from application.recording.writer import attempts
from application.sheets.forms import FormOfRegime, SheetForm, form_of
from application.sheets.names import SheetNames
from application.sheets.preview import PreviewedRow, RowMark, SheetPreview
from application.sheets.rows import RowRemark, SheetTable, remark
from application.sheets.store import KeptRow, KeptSheet, RowStatus, SheetStore
from domain.aggregates.sheets import SheetFile, evolve, fact_of_row, rows_of, spans_of, stream_of
from domain.errors import CaseError, FieldProblem, Invalid, NotFound, Refused, Stale
from domain.events.sheets import ImportUndone, SheetEvent, SheetImported
from domain.places import Places
from domain.procedures.facts import RetractFact
from domain.sentence import sentence
from domain.time import Instant, iso_utc, legal_day
from domain.values import Prose, is_blank

PART: Final = 500
"""How many rows are kept, and recorded, at a time."""

KEPT_DAYS: Final = 30
"""How long an uploaded file is kept, and a sheet of which nothing was recorded."""

_DAY: Final[Instant] = 24 * 60 * 60 * 1_000_000

_REMEMBERED: Final = 10_000

RowWork = Callable[[KeptRow], KeptRow]
"""What is done with a row: the row with what came of it."""

SheetState = Literal["looked_through", "recording", "recorded", "undoing", "undone"]
"""How far a sheet is."""

Chosen = Literal["all", "good"]
"""Which rows are recorded: all, which no fault may then have, or those that have none."""


class RecordSheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Record a sheet that was looked through."""

    chosen: Chosen


class UndoImport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take everything back that a sheet has brought, with the reason."""

    reason: Annotated[Prose, msgspec.Meta(min_length=1)]


class SheetStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a sheet stands.

    ``number`` is that of the batch, ``digest`` that of the file. ``good``, ``proposed`` and ``bad`` count its rows as
    they were looked through, ``recorded``, ``waiting``, ``refused`` and ``undone`` what became of them since, ``left``
    those that are still to be recorded or undone. ``receipt`` (hex SHA-256) is of everything that was recorded by then:
    it is the same as long as nothing was added or undone.
    """

    id: str
    number: str
    digest: str
    form: SheetForm
    file: str
    by: str
    region: str | None
    uploaded_at: str
    imported_at: str | None
    state: SheetState
    rows: int
    good: int
    proposed: int
    bad: int
    recorded: int
    waiting: int
    refused: int
    undone: int
    left: int
    receipt: str | None


class SheetLineStatus(PreviewedRow, frozen=True, kw_only=True, omit_defaults=False):
    """A row of a sheet: what it would do, and what became of it. ``fact`` is what it has recorded, ``decision`` what
    waits for a second person."""

    status: RowStatus | None
    fact: str | None
    decision: str | None


class SheetRows(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the rows of a sheet; ``next`` is the cursor of the following one."""

    rows: tuple[SheetLineStatus, ...]
    next: str | None = None


class SheetList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of sheets, the newest first; ``next`` is the cursor of the following one."""

    sheets: tuple[SheetStatus, ...]
    next: str | None = None


class _ListCursor(msgspec.Struct, frozen=True):
    """The number of the last sheet of a page of the list."""

    before: int


class _RowsCursor(msgspec.Struct, frozen=True):
    """The last row of a page, of which sheet."""

    sheet: str
    after: int


class Sheets:
    """The use case of sheets. Safe to share between threads."""

    def __init__(
        self,
        store: SheetStore,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        signing: Signing,
        names: SheetNames,
        *,
        rules: SignatureRules | None = None,
        places: Places | None = None,
        gate: Gate | None = None,
        engine: str = "",
    ) -> None:
        """``names`` knows what is written in sheets; the rest is what recording needs."""
        self._store = store
        self._journal = journal
        self._vault = vault
        self._clock = clock
        self._ids = ids
        self._legislation = legislation
        self._signing = signing
        self._names = names
        self._rules = rules or shipped_rules()
        self._places = places
        self._gate = gate
        self._engine = engine
        self._final: Remembered[tuple[str, int], _Outcome] = Remembered(_REMEMBERED)

    # --- templates ----------------------------------------------------------------------------------------

    def form(self, form: SheetForm, regime: str) -> FormOfRegime:
        """A form as the editions of a regime on record fill it. Raises ``NotFound``, and ``Refused`` where the regime
        has nothing for it."""
        known = self._legislation.refresh()
        found = form_of(form, self._legislation.made_of(regime, known).law)
        if found is None:
            raise Refused("no_such_form", sentence("sheets.no_such_form", regime=regime))
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
    ) -> SheetStatus:
        """Look a sheet through and keep it; ``table`` is what was read of ``content``, ``regime`` is meant by rows that
        name none. A file that was imported already stays as it is."""
        now = self._clock.now()
        self._store.forget(now - KEPT_DAYS * _DAY)
        digest = hashlib.sha256(content).hexdigest()
        for known in self._store.of_digest(digest, by.name):
            on_record = self._on_record(known.id)
            if on_record.imported is None:
                self._store.delete(known.id)
            elif on_record.undone is None:
                return self._status(known, on_record)
        id = self._ids.new()
        parts: list[list[KeptRow]] = []
        counts: dict[RowMark, int] = {"good": 0, "proposed": 0, "bad": 0}
        for number, row in enumerate(self._looked_through(id, table, by, regime), start=1):
            if len(parts) * PART < number:
                parts.append([])
            parts[-1].append(row)
            counts[row.told.mark] += 1
            if progress is not None and number % 100 == 0:
                progress(number)
        if not parts:
            raise Refused("no_rows", sentence("sheets.no_rows"))
        kept = KeptSheet(
            id=id,
            digest=digest,
            form=table.form,
            by=by.name,
            at=now,
            rows=sum(counts.values()),
            parts=len(parts),
            region=by.place,
            file=file,
            regime=regime,
            **counts,
        )
        return self._status(self._store.create(kept, content, parts), SheetFile())

    def _looked_through(self, id: str, table: SheetTable, by: Principal, regime: str | None) -> Iterator[KeptRow]:
        preview = SheetPreview(
            self._journal,
            self._vault,
            self._clock,
            self._ids,
            self._legislation,
            self._names,
            self._rules,
            places=self._places,
            gate=self._gate,
            engine=self._engine,
        )
        for told, commands in preview.rows(id, table, by, regime):
            raw = tuple(msgspec.json.encode(command) for command in commands)
            yield KeptRow(told=told, commands=raw, left=len(raw))

    # --- how it stands ------------------------------------------------------------------------------------

    def get(self, id: str) -> SheetStatus:
        """How a sheet stands. Raises ``NotFound``."""
        return self._status(self._kept(id), self._on_record(id))

    def numbered(self, number: str) -> SheetStatus:
        """The same by the number of the batch. Raises ``NotFound``."""
        no = number.rpartition("-")[2]
        found = self._store.numbered(int(no)) if no.isascii() and no.isdigit() and len(no) < 16 else None
        if found is None or _number_of(found) != number:
            raise NotFound("sheet", number[:40])
        return self.get(found.id)

    def listed(
        self, *, limit: int, cursor: str | None = None, is_shown: Callable[[KeptSheet], bool] = lambda _: True
    ) -> SheetList:
        """A page of sheets, the newest first; those that are not to be shown are left out of it. Raises ``Invalid`` for
        a cursor of another list."""
        before = None if cursor is None else opened(cursor, _ListCursor).before
        found = self._store.listed(before=before, limit=limit + 1)
        shown = tuple(self._status(kept, self._on_record(kept.id)) for kept in found[:limit] if is_shown(kept))
        rest = sealed(_ListCursor(found[limit - 1].no)) if len(found) > limit else None
        return SheetList(sheets=shown, next=rest)

    def rows(self, id: str, *, mark: RowMark | None = None, cursor: str | None = None, limit: int = PART) -> SheetRows:
        """A page of the rows of a sheet, those with a mark where one is asked for. Raises ``NotFound``, and ``Invalid``
        for a cursor of another list."""
        kept = self._kept(id)
        start = _RowsCursor(id, 0) if cursor is None else opened(cursor, _RowsCursor)
        if start.sheet != id:
            raise bad_cursor("other_question", sentence("errors.cursor.other_question"))
        found: list[SheetLineStatus] = []
        for row in self._rows_of(kept, start.after):
            if mark is None or row.told.mark == mark:
                if len(found) == limit:
                    return SheetRows(rows=tuple(found), next=sealed(_RowsCursor(id, found[-1].row)))
                found.append(self._told(kept.id, row))
        return SheetRows(rows=tuple(found))

    def kept(self, id: str) -> KeptSheet:
        """A sheet as it is kept: whose it is, and of which place. Raises ``NotFound``."""
        return self._kept(id)

    def content(self, id: str) -> bytes:
        """The file as it was uploaded. Raises ``NotFound``, also where it is kept no more."""
        found = self._store.content(self._kept(id).id)
        if found is None:
            raise NotFound("sheet_file", id)
        return found

    def delete(self, id: str) -> None:
        """Forget a sheet of which nothing was recorded. Raises ``NotFound`` and ``Refused``."""
        kept = self._kept(id)
        if self._on_record(kept.id).imported is not None:
            raise Refused("sheet_on_record", sentence("sheets.on_record"))
        self._store.delete(id)

    # --- recording ----------------------------------------------------------------------------------------

    def record(self, id: str, chosen: Chosen, *, by: Principal) -> SheetStatus:
        """Record rows of a sheet, up to ``PART`` of them: done again until none is left.

        Which rows are recorded is on record from the first time on. What needs a second person waits; a row that is
        refused meanwhile says why. Raises ``NotFound``, and ``Refused`` for a sheet with faults of which all rows are
        to be recorded, for one without a row to record and for one that was undone.
        """
        kept = self._kept(id)
        on_record = self._begun(kept, chosen, by)
        if on_record.undone is not None:
            raise Refused("import_undone", sentence("sheets.undone"))
        self._go_through(kept, on_record, lambda row: self._recorded(kept.id, row, by))
        return self.get(id)

    def _begun(self, kept: KeptSheet, chosen: Chosen, by: Principal) -> SheetFile:
        """The batch on record, with the rows that it is to bring."""
        for _ in attempts():
            on_record = self._on_record(kept.id)
            if on_record.imported is not None:
                return on_record
            if chosen == "all" and kept.bad:
                raise Refused("rows_with_faults", sentence("sheets.rows_with_faults", bad=kept.bad))
            rows = [row.told.row for row in self._rows_of(kept) if row.told.mark != "bad"]
            if not rows:
                raise Refused("no_rows", sentence("sheets.no_good_rows"))
            event = SheetImported(
                sheet=kept.id,
                number=_number_of(kept),
                digest=kept.digest,
                form=kept.form,
                rows=kept.rows,
                chosen=spans_of(rows),
                region=kept.region,
            )
            self._store.begin(kept.id, self._clock.now())
            try:
                self._journal.append([_entry(on_record, event)], by=by)
            except Stale:
                continue
        raise Stale(stream_of(kept.id), 0, 0)

    def _recorded(self, sheet: str, row: KeptRow, by: Principal) -> KeptRow:
        """The row with what came of it."""
        row = self._settled(row)
        if (
            row.status not in (None, "waiting")
            or not row.left
            or (row.status == "waiting" and row.decision is not None)
        ):
            return row
        fact = row.told.row
        for number in range(len(row.commands) - row.left, len(row.commands)):
            try:
                answer = self._signing.submit(
                    command_of_row(row.commands[number]), by=by, key=f"{stream_of(sheet)}/{fact}/{number}"
                )
            except Stale:
                raise
            except CaseError as refused:
                return msgspec.structs.replace(row, status="refused", fault=_fault(refused), decision=None)
            row = msgspec.structs.replace(row, left=row.left - 1)
            if isinstance(answer, PendingDecision):
                return msgspec.structs.replace(row, status="waiting", decision=answer.id)
        return msgspec.structs.replace(row, status="recorded", decision=None)

    def _settled(self, row: KeptRow) -> KeptRow:
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

    # --- undoing ------------------------------------------------------------------------------------------

    def undo(self, id: str, reason: str, *, by: Principal) -> SheetStatus:
        """Take back what a sheet has brought, up to ``PART`` rows of it: done again until none is left.

        What waits is withdrawn, what is on record retracted, each as by itself: it may wait for a second person. Raises
        ``NotFound``, ``Invalid`` without a reason, and ``Refused`` for a sheet that was never recorded.
        """
        if is_blank(reason):
            raise Invalid((FieldProblem("/reason", "required", sentence("sheets.reason_required")),))
        kept = self._kept(id)
        on_record = self._undone(kept, reason, by)
        self._go_through(kept, on_record, lambda row: self._taken_back(kept.id, row, reason, by))
        return self.get(id)

    def _undone(self, kept: KeptSheet, reason: str, by: Principal) -> SheetFile:
        for _ in attempts():
            on_record = self._on_record(kept.id)
            if on_record.imported is None:
                raise Refused("not_imported", sentence("sheets.not_imported"))
            if on_record.undone is not None:
                return on_record
            stream = stream_of(kept.id)
            sealing = Sealing(lambda stream=stream: self._vault.sealing_key(stream))  # type: ignore[misc]
            entry = _entry(on_record, ImportUndone(sheet=kept.id, reason=sealing(reason)))
            writes = () if sealing.key is None else sealing.key.writes
            try:
                self._journal.append([entry], by=by, vault=writes, sealed=(stream,))
            except Stale:
                continue
        raise Stale(stream_of(kept.id), 0, 0)

    def _taken_back(self, sheet: str, row: KeptRow, reason: str, by: Principal) -> KeptRow:
        row = self._settled(row)
        if row.status == "waiting" and row.decision is not None:
            try:
                self._signing.withdraw(row.decision, by=by)
            except SigningRefused as refused:
                if refused.code != "already_settled":
                    return msgspec.structs.replace(row, fault=_fault(refused))
            row = self._settled(row)
        fact = fact_of_row(sheet, row.told.row)
        if self._journal.owner_of(fact) is None:
            return msgspec.structs.replace(row, status="undone", decision=None, fault=None)
        if row.status in ("undone", "undo_waits"):
            return row
        try:
            key = f"{stream_of(sheet)}/{row.told.row}/undo"
            answer = self._signing.submit(RetractFact(fact=fact, reason=reason), by=by, key=key)
        except Stale:
            raise
        except CaseError as refused:
            return msgspec.structs.replace(row, fault=_fault(refused))
        if isinstance(answer, PendingDecision):
            return msgspec.structs.replace(row, status="undo_waits", decision=answer.id, fault=None)
        return msgspec.structs.replace(row, status="undone", decision=None, fault=None)

    # --- pieces -------------------------------------------------------------------------------------------

    def _go_through(self, kept: KeptSheet, on_record: SheetFile, act: RowWork) -> None:
        """RowWork on the chosen rows of a sheet that are left, up to ``PART`` of them, and keep what comes of each."""
        chosen = _chosen(on_record)
        # Those of which something was refused are tried once more when all others are done.
        again = not any(row.told.row in chosen and _is_left(row, on_record) for row in self._rows_of(kept))
        done = 0
        for number in range(kept.parts):
            rows = list(self._store.part(kept.id, number))
            left = [i for i, row in enumerate(rows) if row.told.row in chosen and _is_left(row, on_record, again=again)]
            changed = False
            try:
                for i in left[: PART - done]:
                    after = act(rows[i])
                    done += 1
                    changed = changed or after != rows[i]
                    rows[i] = after
            finally:
                if changed:
                    self._store.keep_part(kept.id, number, rows)
            if done >= PART:
                return

    def _kept(self, id: str) -> KeptSheet:
        kept = self._store.get(id)
        if kept is None:
            raise NotFound("sheet", id)
        return kept

    def _on_record(self, id: str) -> SheetFile:
        file = SheetFile()
        for row in self._journal.stream(stream_of(id)):
            if isinstance(row.event, SheetEvent):
                evolve(file, row.event)
        return file

    def _rows_of(self, kept: KeptSheet, after: int = 0) -> Iterator[KeptRow]:
        for number in range(kept.parts):
            rows = self._store.part(kept.id, number)
            if rows and rows[-1].told.row > after:
                yield from (row for row in rows if row.told.row > after)

    def _told(self, sheet: str, kept: KeptRow) -> SheetLineStatus:
        row = self._settled(kept)
        told = msgspec.structs.asdict(row.told)
        if row.fault is not None:
            told["remarks"] = (row.fault, *row.told.remarks)
        on_record = row.status in ("recorded", "undone", "undo_waits")
        fact = fact_of_row(sheet, row.told.row) if on_record else None
        return SheetLineStatus(**told, status=row.status, fact=fact, decision=row.decision)

    def _status(self, kept: KeptSheet, on_record: SheetFile) -> SheetStatus:
        outcome = self._outcome(kept, on_record)
        return SheetStatus(
            id=kept.id,
            number=_number_of(kept),
            digest=kept.digest,
            form=kept.form,
            file=kept.file,
            by=kept.by,
            region=kept.region,
            uploaded_at=iso_utc(kept.at),
            imported_at=None if kept.begun_at is None else iso_utc(kept.begun_at),
            state=_state(on_record, outcome.left, outcome.waiting),
            rows=kept.rows,
            good=kept.good,
            proposed=kept.proposed,
            bad=kept.bad,
            recorded=outcome.recorded,
            waiting=outcome.waiting,
            refused=outcome.refused,
            undone=outcome.undone,
            left=outcome.left,
            receipt=outcome.receipt,
        )

    def _outcome(self, kept: KeptSheet, on_record: SheetFile) -> "_Outcome":
        """What became of the rows of a sheet, which are counted once when nothing more can become of them."""
        if on_record.imported is None:
            return _Outcome(0, 0, 0, 0, 0, None)
        key = kept.id, on_record.version
        known = self._final.get(key)
        if known is not None:
            return known
        chosen = _chosen(on_record)
        counts: dict[RowStatus | None, int] = {}
        left, receipt = 0, hashlib.sha256(f"{kept.id}\n{kept.digest}\n".encode())
        for found in self._rows_of(kept):
            if found.told.row not in chosen:
                continue
            row = self._settled(found)
            counts[row.status] = counts.get(row.status, 0) + 1
            left += _is_left(row, on_record)
            if row.status in ("recorded", "undo_waits"):
                receipt.update(f"{row.told.row} {fact_of_row(kept.id, row.told.row)}\n".encode())
        recorded, refused, undone = (counts.get(status, 0) for status in ("recorded", "refused", "undone"))
        waiting = counts.get("waiting", 0) + counts.get("undo_waits", 0)
        outcome = _Outcome(recorded, waiting, refused, undone, left, receipt.hexdigest())
        if not left and not waiting and (on_record.undone is None or not recorded):
            self._final.keep(key, outcome)
        return outcome


class _Outcome(NamedTuple):
    """How many rows of a sheet came to what, and the receipt of those that are on record."""

    recorded: int
    waiting: int
    refused: int
    undone: int
    left: int
    receipt: str | None


def command_of_row(raw: bytes) -> Command:
    """A command of a row, as it was kept."""
    name = msgspec.json.decode(raw, type=_Named).do
    return msgspec.json.decode(raw, type=COMMANDS[name])


class _Named(msgspec.Struct):
    do: str


def _number_of(kept: KeptSheet) -> str:
    """The number by which people call a batch: the day on which the sheet was uploaded, and the how-manieth it was."""
    return f"{legal_day(kept.at):%Y%m%d}-{kept.no}"


def _entry(on_record: SheetFile, event: SheetImported | ImportUndone) -> Entry:
    return Entry(stream_of(event.sheet), "sheet", on_record.version + 1, event, event.introduced_id)


def _chosen(on_record: SheetFile) -> frozenset[int]:
    return frozenset() if on_record.imported is None else frozenset(rows_of(on_record.imported.chosen))


def _is_left(row: KeptRow, on_record: SheetFile, *, again: bool = False) -> bool:
    """Whether something is still to be done with a row by whoever goes on; ``again`` with one that was not undone
    before, too."""
    if on_record.undone is not None:
        return row.status in ("recorded", "waiting") and (again or row.fault is None)
    return row.status is None or (row.status == "waiting" and row.left > 0)


def _state(on_record: SheetFile, left: int, waiting: int) -> SheetState:
    if on_record.undone is not None:
        return "undoing" if left or waiting else "undone"
    if on_record.imported is None:
        return "looked_through"
    return "recording" if left else "recorded"


def _fault(refused: CaseError) -> RowRemark:
    return remark(None, refused.code, refused.says)
