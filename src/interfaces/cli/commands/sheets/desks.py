"""Where sheets are imported: in the journal that is open here, or at a server."""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from application.access.batches import Chosen
from application.principal import Principal
from application.sheets.forms import SheetForm
from application.sheets.preview import RowMark
from application.sheets.row_files import FilesTaken, HandedFile
from application.sheets.status import SheetLineStatus, SheetRows, SheetStatus
from domain.errors import NotFound
from interfaces.cli.house import Product
from interfaces.cli.terminal import ProgressTold
from interfaces.sheets.marking import MarkedSheet, marked_sheet
from interfaces.sheets.reading import read_sheet
from interfaces.sheets.telling import marked_rows
from interfaces.sheets.templates import template_of
from interfaces.wording.lexicons import Lexicons
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

if TYPE_CHECKING:
    from interfaces.cli.remote import Remote

_PAGE = 200
_PATIENCE_SECONDS = 600.0
_LOOK_SECONDS = 1.0


class ImportDesk(Protocol):
    """What importing asks for. ``seen`` are the rows that were told."""

    seen: Sequence[SheetLineStatus]

    def take_in(self, content: bytes, regime: str | None, file: str, told: ProgressTold) -> SheetStatus:
        """Look a sheet through."""
        ...

    def rows(self, id: str, mark: RowMark | None) -> Iterator[SheetLineStatus]:
        """Its rows, those with a mark where one is asked for."""
        ...

    def record(self, id: str, chosen: Chosen) -> SheetStatus:
        """Record some of its rows."""
        ...

    def hand_in(self, id: str, name: str, content: bytes) -> FilesTaken:
        """Hand in a file that its rows name."""
        ...

    def undo(self, id: str, reason: str) -> SheetStatus:
        """Undo some of its rows."""
        ...

    def delete(self, id: str) -> None:
        """Forget it."""
        ...

    def numbered(self, number: str) -> SheetStatus:
        """The sheet of a batch."""
        ...

    def listed(self, limit: int) -> Sequence[SheetStatus]:
        """The newest batches."""
        ...

    def marked(self, id: str, language: Language) -> MarkedSheet:
        """The clerk's own sheet with what is to know of each row."""
        ...

    def template(self, form: SheetForm, regime: str, language: Language) -> bytes:
        """A template."""
        ...

    def lexicon(self, regime: str) -> Lexicon:
        """The words of a regime, as far as they are known here."""
        ...


class LocalDesk:
    """The journal that is open here."""

    def __init__(self, product: Product, by: Principal) -> None:
        self._sheets = product.sheets
        self._legislation = product.legislation
        self._lexicons = Lexicons(product.legislation)
        self._by = by
        self.seen: Sequence[SheetLineStatus] = ()

    def take_in(self, content: bytes, regime: str | None, file: str, told: ProgressTold) -> SheetStatus:
        """Look a sheet through."""
        table = read_sheet(content)
        total = len(table.lines)
        return self._sheets.take_in(
            content, table, by=self._by, file=file, regime=regime, progress=lambda done: told(done, total)
        )

    def rows(self, id: str, mark: RowMark | None) -> Iterator[SheetLineStatus]:
        """Its rows."""
        cursor: str | None = None
        while True:
            page = self._sheets.rows(id, mark=mark, cursor=cursor, limit=_PAGE)
            yield from page.rows
            cursor = page.next
            if cursor is None:
                return

    def record(self, id: str, chosen: Chosen) -> SheetStatus:
        """Record some of its rows."""
        return self._sheets.record(id, chosen, by=self._by)

    def hand_in(self, id: str, name: str, content: bytes) -> FilesTaken:
        """Hand in a file that its rows name."""
        return self._sheets.hand_in(id, [HandedFile(name, len(content), lambda: [content])], by=self._by)

    def undo(self, id: str, reason: str) -> SheetStatus:
        """Undo some of its rows."""
        return self._sheets.undo(id, reason, by=self._by)

    def delete(self, id: str) -> None:
        """Forget it."""
        self._sheets.delete(id)

    def numbered(self, number: str) -> SheetStatus:
        """The sheet of a batch."""
        return self._sheets.numbered(number)

    def listed(self, limit: int) -> Sequence[SheetStatus]:
        """The newest batches."""
        return self._sheets.listed(limit=limit).sheets

    def marked(self, id: str, language: Language) -> MarkedSheet:
        """The clerk's own sheet with what is to know of each row."""
        told = marked_rows(self.rows(id, None), language, self.lexicon)
        return marked_sheet(self._sheets.content(id), told, language)

    def template(self, form: SheetForm, regime: str, language: Language) -> bytes:
        """A template."""
        found = self._sheets.form(form, regime)
        return template_of(found, self._legislation.regions_of(regime), self.lexicon(regime), language)

    def lexicon(self, regime: str) -> Lexicon:
        """The words of a regime."""
        return self._lexicons.of_regime(regime) if regime else Lexicon()


class RemoteDesk:
    """A server, asked through its API."""

    def __init__(self, server: "Remote") -> None:
        self._server = server
        self._ending: dict[str, str] = {}
        self.seen: Sequence[SheetLineStatus] = ()

    def take_in(self, content: bytes, regime: str | None, file: str, told: ProgressTold) -> SheetStatus:
        """Look a sheet through, or see how the server does."""
        found = self._server.upload("/imports", content, timeout=_PATIENCE_SECONDS, regime=regime, file=file or None)
        status = _status(found)
        while status.state == "looking_through":
            told(status.rows_seen, status.rows)
            time.sleep(_LOOK_SECONDS)
            status = _status(self._server.get(f"/imports/{status.id}"))
        return status

    def rows(self, id: str, mark: RowMark | None) -> Iterator[SheetLineStatus]:
        """Its rows."""
        cursor: str | None = None
        while True:
            found = self._server.get(f"/imports/{id}/rows", mark=mark, limit=_PAGE, cursor=cursor)
            page = msgspec.convert(found, SheetRows, strict=False)
            yield from page.rows
            cursor = page.next
            if cursor is None:
                return

    def record(self, id: str, chosen: Chosen) -> SheetStatus:
        """Record some of its rows."""
        return self._posted(f"/imports/{id}/recording", {"chosen": chosen})

    def hand_in(self, id: str, name: str, content: bytes) -> FilesTaken:
        """Hand in a file that its rows name."""
        found = self._server.upload(f"/imports/{id}/files", content, timeout=_PATIENCE_SECONDS, file=name)
        return msgspec.convert(found, FilesTaken)

    def undo(self, id: str, reason: str) -> SheetStatus:
        """Undo some of its rows."""
        return self._posted(f"/imports/{id}/undo", {"reason": reason})

    def delete(self, id: str) -> None:
        """Forget it."""
        self._server.delete(f"/imports/{id}")

    def numbered(self, number: str) -> SheetStatus:
        """The sheet of a batch."""
        found = self._server.get("/imports", number=number)["sheets"]
        if not found:
            raise NotFound("sheet", number[:40])
        return _status(found[0])

    def listed(self, limit: int) -> Sequence[SheetStatus]:
        """The newest batches."""
        return [_status(found) for found in self._server.get("/imports", limit=limit)["sheets"]]

    def marked(self, id: str, language: Language) -> MarkedSheet:
        """The clerk's own sheet with what is to know of each row."""
        del language
        return MarkedSheet(self._server.download(f"/imports/{id}/marked", timeout=_PATIENCE_SECONDS), "xlsx")

    def template(self, form: SheetForm, regime: str, language: Language) -> bytes:
        """A template."""
        del language
        return self._server.download("/imports/template", form=form, regime=regime)

    def lexicon(self, regime: str) -> Lexicon:
        """No words: the grades go by their codes."""
        del regime
        return Lexicon()

    def _posted(self, path: str, body: dict[str, Any]) -> SheetStatus:
        status = _status(self._server.post(path, body, key=None, dry_run=False, timeout=_PATIENCE_SECONDS)[1])
        if status.is_served:
            # The server goes on by itself: whoever asks again at once would only see the same.
            time.sleep(_LOOK_SECONDS)
        return status


def _status(found: Any) -> SheetStatus:
    return msgspec.convert(found, SheetStatus, strict=False)
