"""Batches that wait for a second person as one decision: what is signed, and what a signature sets going."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from application.access.signature_effects import Effect
from application.ports import Entry, FileKey
from application.principal import Principal
from domain.errors import CaseError
from domain.events.sheets import RowSpan
from domain.procedures.request import Request
from domain.values import Prose

if TYPE_CHECKING:
    from application.access.signatures import Signing

Chosen = Literal["all", "good"]
"""Which rows are recorded: all, of which none may then be refused, or those that can be."""


class RecordBatch(Request, tag="record_sheet", frozen=True):
    """Record rows of a sheet, as one batch.

    ``number`` is that of the batch, ``file`` (hex SHA-256) the digest of the file, ``rows`` how many rows it has;
    ``chosen`` are those that are recorded, ``commands`` (hex SHA-256) the digest of everything that they record.
    """

    sheet: str
    number: str
    file: str
    rows: int
    chosen: tuple[RowSpan, ...]
    commands: str


class UndoBatch(Request, tag="undo_import", frozen=True):
    """Take back everything that a sheet has brought, for a reason. ``number`` is that of the batch, ``file`` (hex
    SHA-256) the digest of the file."""

    sheet: str
    number: str
    file: str
    reason: Prose


BatchCommand = RecordBatch | UndoBatch
"""What is decided about a batch as a whole."""


class BatchTold(NamedTuple):
    """What a batch would do if it were signed now: ``streams`` are the files that it would append to, ``refused`` says
    why nothing of it can be recorded."""

    effects: tuple[Effect, ...]
    streams: tuple[str, ...] = ()
    refused: CaseError | None = None


class BatchBegun(NamedTuple):
    """What is appended when a batch is signed, and the key with which its texts were sealed."""

    entries: tuple[Entry, ...]
    key: FileKey | None = None


class Batches(Protocol):
    """Knows what batches hold, and records them. Safe to share between threads."""

    def told(self, command: BatchCommand) -> BatchTold:
        """What a batch would do if it were signed now."""
        ...

    def streams(self, command: BatchCommand) -> Sequence[str]:
        """The files that a batch is about."""
        ...

    def begun(self, command: BatchCommand, signer: Principal, chosen: Chosen) -> BatchBegun:
        """What a signature appends. Raises ``Refused`` where a row cannot be recorded any more and ``all`` are
        chosen, and for what waits no more."""
        ...

    def carry_out(self, command: BatchCommand, signing: "Signing") -> None:
        """Record rows of a batch that was signed, up to a part of it; whoever asks for the sheet goes on."""
        ...

    def row_signed(self, decision: str, signing: "Signing") -> None:
        """Take note that a decision was signed that may be one on a single row: what was handed in for that row
        becomes evidence."""
        ...

    def dropped(self, command: BatchCommand) -> None:
        """Take note that a batch was returned or withdrawn."""
        ...
