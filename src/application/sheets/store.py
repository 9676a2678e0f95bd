"""Where sheets are kept beside the journal: the file as it was uploaded, and each row with what became of it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol

import msgspec

from application.principal import Principal
from application.sheets.forms import SheetForm
from application.sheets.preview import NamedFile, PreviewedRow
from application.sheets.rows import RowRemark
from domain.time import Instant

RowStatus = Literal["recorded", "waiting", "refused", "undone", "undo_waits"]
"""What became of a row: it is on record, waits for a second person, was refused; or was taken back, or that waits."""


SheetWork = Literal["look_through", "go_on"]
"""What a server is still to do with a sheet: look it through, or go on with what was begun."""


class KeptRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row as it is kept: what was told of it, the commands that record it (JSON), and what became of it.

    ``decision`` is what waits for a second person; ``left`` are the commands that are still to be given once that is
    signed; ``fault`` says why it was refused; ``files`` are those that it names.
    """

    told: PreviewedRow
    commands: tuple[bytes, ...] = ()
    status: RowStatus | None = None
    decision: str | None = None
    left: int = 0
    fault: RowRemark | None = None
    files: tuple[NamedFile, ...] = ()

    @property
    def awaits(self) -> str | None:
        """The decision for which the row waits by itself while there are files that were handed in for it."""
        has_files = any(file.upload is not None and not file.is_attached for file in self.files)
        return self.decision if self.status == "waiting" and has_files else None


class KeptSheet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sheet as it is kept, the ``no``-th that was uploaded (the store counts).

    ``by`` is who uploaded it (``Principal.recorded_as``), ``digest`` (hex SHA-256) that of the file, ``file`` its
    name where it was told, ``regime`` what rows that name none mean; ``good``, ``proposed`` and ``bad`` count its
    rows, which stand in ``parts``, ``needs_signature`` those that would wait for a second person. ``begun_at`` is
    when it was proposed, or the first of them was recorded. ``decision`` is what was proposed last about it as a
    whole, ``signer`` whoever signed that.

    ``work`` is what a server is still to do with it in the name of ``actor``; ``done`` counts the rows that it has
    looked through, ``tries`` how often that was begun. One that ``has_failed`` was never looked through. ``files``
    counts the files that its rows name, ``files_there`` those that were handed in.
    """

    id: str
    digest: str
    form: SheetForm
    by: str
    at: Instant
    rows: int
    good: int = 0
    proposed: int = 0
    bad: int = 0
    parts: int = 0
    no: int = 0
    begun_at: Instant | None = None
    region: str | None = None
    file: str = ""
    regime: str | None = None
    needs_signature: int = 0
    decision: str | None = None
    signer: Principal | None = None
    work: SheetWork | None = None
    actor: Principal | None = None
    done: int = 0
    tries: int = 0
    has_failed: bool = False
    files: int = 0
    files_there: int = 0


class SheetStore(Protocol):
    """Keeps sheets, encrypted: names of persons may stand in them. Thread-safe."""

    def create(self, sheet: KeptSheet, content: bytes, parts: Sequence[Sequence[KeptRow]]) -> KeptSheet:
        """Keep a new sheet with its number."""
        ...

    def get(self, id: str) -> KeptSheet | None:
        """One sheet; ``None`` when there is none, or no more."""
        ...

    def numbered(self, no: int) -> KeptSheet | None:
        """The same by its number."""
        ...

    def of_digest(self, digest: str, by: str) -> Sequence[KeptSheet]:
        """The sheets that were uploaded in the name of an account with the same bytes, the newest first."""
        ...

    def listed(self, *, before: int | None, limit: int) -> Sequence[KeptSheet]:
        """The newest first, those with a lower number than ``before`` when that is given."""
        ...

    def content(self, id: str) -> bytes | None:
        """The file as it was uploaded; ``None`` when it is kept no more."""
        ...

    def part(self, id: str, number: int) -> Sequence[KeptRow]:
        """The rows of a part, the first of which is 0."""
        ...

    def keep_part(self, id: str, number: int, rows: Sequence[KeptRow]) -> None:
        """Put rows in the place of those of a part."""
        ...

    def sheet_awaiting(self, decision: str) -> str | None:
        """The sheet of which a row awaits a decision (``KeptRow.awaits``)."""
        ...

    def parts_awaiting(self, id: str) -> Sequence[int]:
        """The parts of a sheet of which a row awaits some decision."""
        ...

    def waiting(self) -> Sequence[KeptSheet]:
        """The sheets with which a server is still to do something, the oldest first."""
        ...

    def claim(self, id: str) -> AbstractContextManager[bool]:
        """Be the one process at work on it; ``False`` when another is. A process that ends gives it up."""
        ...

    def progress(self, id: str, done: int) -> None:
        """Note how many rows of it were looked through."""
        ...

    def fill(self, sheet: KeptSheet, parts: Sequence[Sequence[KeptRow]]) -> None:
        """Keep the rows of a sheet that had none, with what is known of it by then; not of one that was deleted."""
        ...

    def keep(self, sheet: KeptSheet) -> None:
        """Put what is known of a sheet in the place of what was."""
        ...

    def delete(self, id: str) -> None:
        """Forget a sheet with all that is kept of it."""
        ...

    def forget(self, before: Instant) -> None:
        """Let go of the files that were uploaded before a moment, and of sheets of which no row was recorded."""
        ...
