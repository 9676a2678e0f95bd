"""The letters that wait: those that a procedure gives occasion for and that nobody has drafted, and drafts.

They stand beside the deadlines in one index: what a file asks for is found without reading every file.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Final

import msgspec

from application.answering.grading import SubjectRef
from application.cursors import bad_cursor, opened, sealed
from application.deadlines.index import Freshness
from application.deadlines.ports import DeadlineIndex, IndexedLetter, LetterPlace, LetterSelection, place_of_letter
from domain.events.papers.letters import LetterKind
from domain.sentence import sentence

MOST_LETTERS: Final = 500
"""Most letters of a page."""


class AwaitedLetterLine(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that waits. ``concerns`` is the record that it is about, ``since_on`` the day that gave occasion for it;
    ``letter`` is the draft, ``None`` while there is none."""

    kind: LetterKind
    subject: SubjectRef
    region: str
    regime: str
    concerns: str
    since_on: dt.date | None
    letter: str | None


class AwaitedLetters(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the letters that wait on ``as_of``, those that wait longest first. ``index`` tells how far they are
    kept; ``cursor`` leads to the next page."""

    as_of: dt.date
    letters: tuple[AwaitedLetterLine, ...]
    index: Freshness
    cursor: str | None = None


class _LetterCursor(msgspec.Struct, frozen=True):
    """Where a page ended, and which question it answered."""

    question: str
    after: LetterPlace


def letters_page(
    index: DeadlineIndex, fresh: Freshness, selection: LetterSelection, limit: int, cursor: str | None
) -> AwaitedLetters:
    """One page of a selection. Raises ``Invalid`` for a damaged cursor or that of another question."""
    question, after = _digest(selection), None
    if cursor is not None:
        begun = opened(cursor, _LetterCursor)
        if begun.question != question:
            raise bad_cursor("other_question", sentence("worklist.worklist.other_question"))
        after = begun.after
    found = index.letters(selection, after=after, limit=limit + 1)
    shown = found[:limit]
    more = len(found) > limit
    return AwaitedLetters(
        as_of=selection.as_of,
        letters=tuple(_lines(shown)),
        index=fresh,
        cursor=sealed(_LetterCursor(question, place_of_letter(shown[-1]))) if more else None,
    )


def _lines(rows: Sequence[IndexedLetter]) -> Sequence[AwaitedLetterLine]:
    return [
        AwaitedLetterLine(
            kind=row.letter.kind,
            subject=SubjectRef(id=row.subject, kind=row.kind, name=row.name),
            region=row.region,
            regime=row.letter.regime,
            concerns=row.letter.concerns,
            since_on=row.letter.since_on,
            letter=row.letter.letter,
        )
        for row in rows
    ]


def _digest(selection: LetterSelection) -> str:
    """What a cursor is bound to."""
    return hashlib.sha256(msgspec.json.encode(selection)).hexdigest()[:16]
