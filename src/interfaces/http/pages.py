"""Lists page by page: all pages of one list show the journal as it stood when the first was read."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

import msgspec

from application.answering.case_files import case_file
from application.cursors import opened, sealed
from application.ports import Journal, Recorded
from domain.aggregates.casefile import CaseFile
from domain.time import Instant
from domain.vocabulary import SubjectKind
from interfaces.http.problems import RequestFault, bad_request
from interfaces.http.replying import to_json
from interfaces.http.use_cases import UseCases
from interfaces.wording.texts import both

Line = TypeVar("Line")

FILES_LOOKED_AT: Final = 1000
"""Most files that one page of the list looks at for a filter; the next page goes on from there."""


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a list goes on: after which subject, at which position, for which filters."""

    after: str
    position: int
    as_of: dt.date
    filters: str


def cursor_for(
    at: UseCases,
    given: str | None,
    filters: Sequence[Any],
    *,
    known_at: Instant | None = None,
    as_of: dt.date | None = None,
) -> Cursor:
    """The cursor that was given, or that of a first page. Raises a problem for one that belongs to other filters."""
    digest = hashlib.sha256(to_json(filters)).hexdigest()[:16]
    if given is None:
        position = at.journal.head().position if known_at is None else at.journal.position_at(known_at)
        return Cursor("", position, as_of or at.today(), digest)
    cursor = opened(given, Cursor)
    if cursor.filters != digest:
        text = both("requests.other_filters")
        raise bad_request(RequestFault(parameter="cursor", code="bad_cursor", text=text))
    return cursor


def sealed_after(cursor: Cursor, after: str) -> str:
    """The cursor of the page that begins after a subject."""
    return sealed(msgspec.structs.replace(cursor, after=after))


def page_of(
    journal: Journal,
    cursor: Cursor,
    line: Callable[[str, Sequence[Recorded]], Line | None],
    *,
    kind: SubjectKind | None,
    limit: int,
    q: str | None = None,
) -> tuple[list[Line], str | None]:
    """The lines of a page, each from the events of a file, and the cursor of the next page."""
    found: list[Line] = []
    after, rows_seen, more = cursor.after, 0, True
    while more and len(found) < limit and rows_seen < FILES_LOOKED_AT:
        size = min(limit, FILES_LOOKED_AT - rows_seen)
        if q is None:
            rows = journal.subjects(kind=kind, after=after or None, limit=size, until=cursor.position)
        else:
            rows = journal.found(q, kind=kind, after=after or None, limit=size, until=cursor.position)
        files = journal.streams([r.subject for r in rows], until=cursor.position)
        shown = journal.shown([r.subject for r in rows])
        more, rows_seen = len(rows) == size, rows_seen + len(rows)
        for row in rows:
            made = line(row.subject, files[row.subject]) if row.subject in shown else None
            if made is not None:
                found.append(made)
            after = row.subject
            if len(found) == limit:
                more = more or row is not rows[-1]
                break
    return found, sealed_after(cursor, after) if more else None


def registered(
    journal: Journal, position: int, *, kind: SubjectKind | None = None, q: str | None = None
) -> Iterator[CaseFile]:
    """The registration of every subject meant, as it was on record at a position: no more of a file is read."""
    after: str | None = None
    while True:
        if q is None:
            rows = journal.subjects(kind=kind, after=after, limit=FILES_LOOKED_AT, until=position)
        else:
            rows = journal.found(q, kind=kind, after=after, limit=FILES_LOOKED_AT, until=position)
        files = journal.registrations([row.subject for row in rows], until=position)
        shown = journal.shown([row.subject for row in rows])
        yield from (case_file(row.subject, files[row.subject]) for row in rows if row.subject in shown)
        if len(rows) < FILES_LOOKED_AT:
            return
        after = rows[-1].subject
