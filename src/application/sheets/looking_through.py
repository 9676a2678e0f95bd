"""Sheets looked through as a whole: while whoever uploads one waits, or by a server afterwards."""

from collections.abc import Callable
from typing import Final

import msgspec

from application.principal import Principal, in_whose_name
from application.progress import Progress
from application.sheets.parts import SheetParts
from application.sheets.preview import RowMark
from application.sheets.row_recording import PART
from application.sheets.rows import SheetTable
from application.sheets.store import KeptRow, KeptSheet
from domain.errors import CaseError, Refused
from domain.sentence import sentence

AT_ONCE: Final = 500
"""Sheets of so many rows are looked through while whoever uploads them waits."""

MOST_SHEETS_WAITING: Final = 20
"""Sheets that wait to be looked through by a server, one of each account."""

MOST_TRIES: Final = 3
"""So often a server begins to look a sheet through: one over which its process dies each time has failed."""

ReadSheet = Callable[[bytes], SheetTable]
"""Reads the rows of a file."""


class LookingThrough:
    """Looks sheets through. Safe to share between threads."""

    def __init__(self, parts: SheetParts) -> None:
        self._parts = parts

    def refuse_too_many(self, by: Principal) -> None:
        """Raise ``Refused`` where another sheet of an account, or too many, still are to be looked through."""
        waiting = [kept for kept in self._parts.store.waiting() if kept.work == "look_through"]
        if any(in_whose_name(kept.by) == by.name for kept in waiting):
            raise Refused("sheet_is_looked_through", sentence("sheets.one_at_a_time"))
        if len(waiting) >= MOST_SHEETS_WAITING:
            raise Refused("too_many_sheets", sentence("sheets.too_many", most=MOST_SHEETS_WAITING))

    def looked_through(
        self, kept: KeptSheet, table: SheetTable, progress: Progress | None
    ) -> tuple[KeptSheet, list[list[KeptRow]]]:
        """The sheet with what its rows come to, in parts."""
        parts: list[list[KeptRow]] = []
        counts: dict[RowMark, int] = {"good": 0, "proposed": 0, "bad": 0}
        needs_signature = 0
        by = kept.actor or Principal(kept.by, place=kept.region)
        found = self._parts.preview().rows(kept.id, table, by, kept.regime)
        files = 0
        for number, (told, commands, named) in enumerate(found, start=1):
            if len(parts) * PART < number:
                parts.append([])
            raw = tuple(msgspec.json.encode(command) for command in commands)
            parts[-1].append(KeptRow(told=told, commands=raw, left=len(raw), files=named))
            files += len(named)
            counts[told.mark] += 1
            needs_signature += told.needs_signature
            if progress is not None and number % 100 == 0:
                progress(number)
        looked_through = msgspec.structs.replace(
            kept,
            parts=len(parts),
            done=kept.rows,
            work=None,
            needs_signature=needs_signature,
            good=counts["good"],
            proposed=counts["proposed"],
            bad=counts["bad"],
            files=files,
        )
        return looked_through, parts

    def look_through(self, kept: KeptSheet, read: ReadSheet) -> None:
        """Look a sheet through that waits for a server, as ``read`` reads its file."""
        store = self._parts.store
        kept = msgspec.structs.replace(kept, tries=kept.tries + 1)
        content = store.content(kept.id)
        if kept.tries > MOST_TRIES or content is None:
            store.keep(msgspec.structs.replace(kept, work=None, has_failed=True))
            return
        # A process that dies over it has tried it all the same.
        store.keep(kept)

        def told(done: int) -> None:
            if done % PART == 0:
                store.progress(kept.id, done)

        try:
            found, parts = self.looked_through(kept, read(content), told)
        except CaseError:
            store.keep(msgspec.structs.replace(kept, work=None, has_failed=True))
            raise
        store.fill(found, parts)
