"""Sheets of facts that were imported: which file, which of its rows, and that all of it was undone.

They stand in streams of their own: what a row brought stands on the file of its subject, as if it had been recorded by
itself.
"""

import msgspec

from domain.events.event import Event
from domain.values import Sealed


class RowSpan(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Rows of a sheet that follow each other, by the numbers that the office program gives them, both included."""

    first: int
    last: int


class SheetImported(Event, tag="sheet-imported.v1", frozen=True):
    """Rows of a sheet are to be recorded, each in the name of whoever imported it.

    ``number`` is the number of the batch by which people call it, ``digest`` (hex SHA-256) that of the file, ``form``
    the kind of facts, ``rows`` how many rows it has; ``chosen`` are those that are recorded, each as the fact with the
    id of ``fact_of_row``. ``region`` is that of the account.
    """

    introduces = "sheet"
    happened = ()
    cause = "recorded"

    sheet: str
    number: str
    digest: str
    form: str
    rows: int
    chosen: tuple[RowSpan, ...]
    region: str | None = None


class ImportUndone(Event, tag="import-undone.v1", frozen=True):
    """Everything that a sheet brought is taken back, each fact by a retraction on its file. ``reason`` is sealed with
    the key of the sheet's stream."""

    about = "sheet"
    happened = ()
    cause = "retracted"

    sheet: str
    reason: Sealed


SheetEvent = SheetImported | ImportUndone
"""Every event of the stream of a sheet."""
