"""Which changes of the code bear on a receipt that this code executes to something else.

The changes are a table that travels with the product (``interfaces/code-changes.toml``): each names the fault it
mends, the last version that had it, and what a receipt must rest on to be touched by it.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec

from application.recording.outcomes import tag_of
from domain.aggregates.casefile import CaseFile
from domain.events.results import Receipt
from domain.law.edition import Words
from domain.vocabulary import SubjectKind

_VERSION: Final = r"([0-9]+)\.([0-9]+)\.([0-9]+)"


class CodeChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fault that results were computed with up to version ``upto``; ``cites`` and ``readings`` say what is right.

    A receipt can be touched that meets every condition given: one of the ``regimes``, a subject of one of the
    ``kinds``, a fact of one of the ``rows``, an event under one of the ``events`` (tags), one of the ``chosen``
    readings (``I-03:literal_chain``). One that is ``alike`` is told where no other bears on the receipt and only the
    steps differ.
    """

    fault: Annotated[str, msgspec.Meta(pattern=r"^[A-H][0-9]{1,2}\Z")]
    upto: str
    words: Words
    cites: tuple[str, ...]
    readings: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()
    kinds: tuple[SubjectKind, ...] = ()
    rows: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    alike: bool = False


class CodeChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table of them."""

    change: tuple[CodeChange, ...] = ()


def bearing_on(
    changes: Sequence[CodeChange], case: CaseFile, regime: str, receipt: Receipt, what: Sequence[str]
) -> tuple[CodeChange, ...]:
    """The changes that bear on a receipt, in their order; ``case`` is the file as the receipt names it, ``what`` what
    differs."""
    rows = {row for file in case.facts.values() for row in (file.recorded.row, file.record.row) if row is not None}
    tags = {tag_of(event) for event in case.history}
    chosen = {f"{id}:{value}" for id, value in receipt.readings.items()}
    found = tuple(
        change
        for change in changes
        if not _is_later(receipt.engine, change.upto)
        if not change.regimes or regime in change.regimes
        if not change.kinds or case.kind in change.kinds
        if not change.rows or rows & set(change.rows)
        if not change.events or tags & set(change.events)
        if not change.chosen or chosen & set(change.chosen)
        if not change.alike or set(what) <= {"digest"}
    )
    return tuple(change for change in found if not change.alike) or found


def _is_later(engine: str, version: str) -> bool:
    """Whether an engine is of a later version; of one that names no version it is not known, and it is not."""
    one, other = (re.match(_VERSION, text) for text in (engine, version))
    return one is not None and other is not None and tuple(map(int, one.groups())) > tuple(map(int, other.groups()))
