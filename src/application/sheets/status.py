"""How a sheet stands, and what is asked of one: the answers and the bodies of the use case of sheets."""

import hashlib
from typing import Annotated, Literal, NamedTuple

import msgspec

from application.access.batches import Chosen
from application.sheets.forms import SheetForm
from application.sheets.parts import SheetParts, chosen_of
from application.sheets.preview import PreviewedRow
from application.sheets.row_files import FileOfRow
from application.sheets.row_recording import RowRecording, is_left
from application.sheets.store import KeptSheet, RowStatus
from domain.aggregates.pending import PendingFile
from domain.aggregates.sheets import SheetFile, fact_of_row
from domain.values import Prose

SheetState = Literal[
    "looking_through",
    "failed",
    "looked_through",
    "proposed",
    "recording",
    "recorded",
    "undo_proposed",
    "undoing",
    "undone",
]
"""How far a sheet is. ``failed``: it could not be looked through; ``proposed`` and ``undo_proposed``: all of it waits
for a second person."""


class RecordSheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Record a sheet that was looked through."""

    chosen: Chosen


class UndoImport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take everything back that a sheet has brought, with the reason."""

    reason: Annotated[Prose, msgspec.Meta(min_length=1)]


class SheetStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a sheet stands.

    ``number`` is that of the batch, ``digest`` that of the file. ``rows_seen`` counts the rows that were looked
    through, ``is_served`` says whether a server goes on with it by itself. ``good``, ``proposed`` and ``bad`` count its
    rows as they were looked through, ``needs_signature`` those for which all of it waits for a second person;
    ``recorded``, ``waiting``, ``refused`` and ``undone`` what became of them since, ``left`` those that are still to be
    recorded or undone. ``decision`` is what was proposed last about the whole. ``receipt`` (hex SHA-256) is of
    everything that was recorded by then: it is the same as long as nothing was added or undone. ``files`` counts
    the files that its rows name, ``files_missing`` those that were not handed in.
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
    rows_seen: int
    is_served: bool
    good: int
    proposed: int
    bad: int
    needs_signature: int
    recorded: int
    waiting: int
    refused: int
    undone: int
    left: int
    decision: str | None
    receipt: str | None
    files: int
    files_missing: int


class SheetLineStatus(PreviewedRow, frozen=True, kw_only=True, omit_defaults=False):
    """A row of a sheet: what it would do, and what became of it. ``fact`` is what it has recorded, ``decision`` what
    waits for a second person, ``files`` are those that it names."""

    status: RowStatus | None
    fact: str | None
    decision: str | None
    files: tuple[FileOfRow, ...]


class SheetRows(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the rows of a sheet; ``next`` is the cursor of the following one."""

    rows: tuple[SheetLineStatus, ...]
    next: str | None = None


class SheetList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of sheets, the newest first; ``next`` is the cursor of the following one."""

    sheets: tuple[SheetStatus, ...]
    next: str | None = None


class SheetOutcome(NamedTuple):
    """How many rows of a sheet came to what, and the receipt of those that are on record."""

    recorded: int = 0
    waiting: int = 0
    refused: int = 0
    undone: int = 0
    left: int = 0
    receipt: str | None = None


def outcome_of_rows(parts: SheetParts, recording: RowRecording, kept: KeptSheet, on_record: SheetFile) -> SheetOutcome:
    """What became of the rows of a batch that is on record."""
    chosen = chosen_of(on_record)
    counts: dict[RowStatus | None, int] = {}
    left, receipt = 0, hashlib.sha256(f"{kept.id}\n{kept.digest}\n".encode())
    for found in parts.rows_of(kept):
        if found.told.row not in chosen:
            continue
        row = recording.settled(found)
        counts[row.status] = counts.get(row.status, 0) + 1
        left += is_left(row, on_record)
        if row.status in ("recorded", "undo_waits"):
            receipt.update(f"{row.told.row} {fact_of_row(kept.id, row.told.row)}\n".encode())
    recorded, refused, undone = (counts.get(status, 0) for status in ("recorded", "refused", "undone"))
    waiting = counts.get("waiting", 0) + counts.get("undo_waits", 0)
    return SheetOutcome(recorded, waiting, refused, undone, left, receipt.hexdigest())


def sheet_state(
    kept: KeptSheet, on_record: SheetFile, decision: PendingFile | None, outcome: SheetOutcome
) -> SheetState:
    """How far a sheet is."""
    if kept.work == "look_through":
        return "looking_through"
    if kept.has_failed:
        return "failed"
    if on_record.undone is not None:
        return "undoing" if outcome.left or outcome.waiting else "undone"
    is_waiting = decision is not None and decision.state == "waiting"
    if on_record.imported is None:
        return "proposed" if is_waiting else "looked_through"
    if is_waiting:
        return "undo_proposed"
    return "recording" if outcome.left else "recorded"
