"""What a turn writes into the index of deadlines: rows as arrays, and of those that are held only what has changed.

A row is a tuple of what is sent; lists of texts are in it as PostgreSQL writes them.
"""

import operator
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from application.deadlines.ports import SubjectDeadlines
from interfaces.postgres.wire import Array, Days, FewTexts, Flags, MaybeNumbers, MaybeTexts, TextArray, sql

_Row = tuple[Any, ...]


class _Column(NamedTuple):
    """A column: what is sent of it, what that is to the server, and what the column is."""

    name: str
    array: Callable[[Sequence[Any]], Array[Any]]
    sent: str = "text"
    type: str = "text"


class _Columns(tuple[_Column, ...]):
    """The columns of a table."""

    __slots__ = ()

    def sql(self, template: str) -> SQL:
        """A statement about them: by their ``names``, as they stand in a row (``read``), as what is sent (``new``)."""
        cast = (f"n.{c.name}" if c.sent == c.type else f"n.{c.name}::{c.type}" for c in self)
        arrays = ", ".join(f"%s::{c.sent}[]" for c in self)
        names = ", ".join(c.name for c in self)
        return sql(
            template,
            names=names,
            read=", ".join(f"{c.name}::text" if c.type == "text[]" else c.name for c in self),
            cast=", ".join(cast),
            new=f"unnest({arrays}) AS n({names})",
        )


_SUBJECT: Final = (_Column("subject", FewTexts), _Column("subject_kind", FewTexts), _Column("region", FewTexts))
_DEADLINES: Final = _Columns(
    (
        # First, since most rows differ in it from those that they are compared with.
        _Column("id", TextArray),
        _Column("kind", FewTexts),
        _Column("regime", FewTexts),
        _Column("year", MaybeNumbers, "bigint", "integer"),
        _Column("actor", FewTexts),
        _Column("starts_on", Days, "date", "date"),
        _Column("started_by", TextArray),
        _Column("due_on", Days, "date", "date"),
        _Column("original_on", Days, "date", "date"),
        _Column("provisional", Flags, "boolean", "boolean"),
        _Column("done_on", Days, "date", "date"),
        _Column("done_by", MaybeTexts),
        _Column("skipped", Flags, "boolean", "boolean"),
        _Column("once_over", FewTexts),
        _Column("cites", FewTexts, type="text[]"),
        _Column("readings", FewTexts, type="text[]"),
        *_SUBJECT,
    )
)
_NAMES: Final = [column.name for column in _DEADLINES]
_ID, _SUBJECT_AT = (_NAMES.index(name) for name in ("id", "subject"))
_PLAIN: Final = operator.attrgetter(*_NAMES[: _NAMES.index("cites")])
_LETTERS: Final = _Columns(
    (
        *_SUBJECT,
        _Column("regime", FewTexts),
        _Column("kind", FewTexts),
        _Column("concerns", TextArray),
        _Column("since_on", Days, "date", "date"),
        _Column("letter", MaybeTexts),
    )
)
_SUBJECTS: Final = _Columns(
    (
        _Column("subject", TextArray),
        _Column("kind", FewTexts),
        _Column("name", MaybeTexts),
        _Column("law", FewTexts),
        _Column("undone", MaybeNumbers, "bigint", "integer"),
    )
)

# COPY fills no table with row security.
_KEEP: Final = _DEADLINES.sql("INSERT INTO deadlines ({names}) SELECT {cast} FROM {new}")
_KEEP_LETTERS: Final = _LETTERS.sql("INSERT INTO worklist_letters ({names}) SELECT {cast} FROM {new}")
_KEEP_SUBJECTS: Final = _SUBJECTS.sql(
    """INSERT INTO worklist_subjects ({names}) SELECT {cast} FROM {new} ON CONFLICT (subject) DO UPDATE
    SET kind = excluded.kind, name = excluded.name, law = excluded.law, undone = excluded.undone"""
)
_CHANGE: Final = _DEADLINES.sql(
    "UPDATE deadlines d SET ({names}) = ROW ({cast}) FROM {new} WHERE d.subject = n.subject AND d.id = n.id"
)
_FORGET: Final = SQL(
    """DELETE FROM deadlines d USING unnest(%s::text[], %s::text[]) AS n(subject, id)
    WHERE d.subject = n.subject AND d.id = n.id"""
)
_FORGET_LETTERS: Final = SQL("DELETE FROM worklist_letters WHERE subject = ANY(%s)")
_HELD: Final = _DEADLINES.sql("SELECT {read} FROM deadlines WHERE subject = ANY(%s)")
_HELD_LETTERS: Final = _LETTERS.sql("SELECT {read} FROM worklist_letters WHERE subject = ANY(%s)")
_HELD_SUBJECTS: Final = _SUBJECTS.sql("SELECT {read} FROM worklist_subjects WHERE subject = ANY(%s)")


def insert_subjects(conn: Connection[Any], subjects: Sequence[SubjectDeadlines]) -> None:
    """Write subjects of which nothing is held."""
    _write(conn, _KEEP_SUBJECTS, _SUBJECTS, [_subject_row(held) for held in subjects])
    _write(conn, _KEEP, _DEADLINES, [row for held in subjects for row in _deadline_rows(held)])
    _write(conn, _KEEP_LETTERS, _LETTERS, [row for held in subjects for row in _letter_rows(held)])


class HeldRows:
    """What is held of subjects: asked for at once, and read when it is compared with what is to be held of them."""

    def __init__(self, conn: Connection[Any], subjects: Sequence[str]) -> None:
        self.subjects = frozenset(subjects)
        names = TextArray(subjects)
        names.pack()
        self._asked = [
            conn.cursor(binary=True, row_factory=tuple_row).execute(statement, (names,))
            for statement in (_HELD, _HELD_LETTERS, _HELD_SUBJECTS)
        ]

    def change(self, conn: Connection[Any], subjects: Sequence[SubjectDeadlines]) -> None:
        """Write what is other than it is held, and nothing else: a row that is written costs four indexes."""
        deadlines, letters, known = (cursor.fetchall() for cursor in self._asked)
        _change_deadlines(conn, deadlines, subjects)
        _change_letters(conn, letters, subjects)
        same = set(known)
        now = (_subject_row(held) for held in subjects)
        _write(conn, _KEEP_SUBJECTS, _SUBJECTS, [row for row in now if row not in same])


def _change_deadlines(conn: Connection[Any], rows: Sequence[_Row], subjects: Sequence[SubjectDeadlines]) -> None:
    was: dict[str, list[_Row]] = {}
    for row in rows:
        was.setdefault(row[_SUBJECT_AT], []).append(row)
    gone, new, other = list[_Row](), list[_Row](), list[_Row]()
    for held in subjects:
        before = was.get(held.subject, [])
        changed = []
        for row in _deadline_rows(held):
            if row in before:
                before.remove(row)
            else:
                changed.append(row)
        left = {row[_ID]: row for row in before}
        for row in changed:
            (new if left.pop(row[_ID], None) is None else other).append(row)
        gone += left.values()
    if gone:
        ids = TextArray([row[_ID] for row in gone])
        conn.execute(_FORGET, (FewTexts([row[_SUBJECT_AT] for row in gone]), ids))
    _write(conn, _CHANGE, _DEADLINES, other)
    _write(conn, _KEEP, _DEADLINES, new)


def _change_letters(conn: Connection[Any], rows: Sequence[_Row], subjects: Sequence[SubjectDeadlines]) -> None:
    """There are few: where one of a subject is another, all of them are written anew."""
    was: dict[str, Counter[_Row]] = {}
    for row in rows:
        was.setdefault(row[0], Counter())[row] += 1
    changed = [
        held
        for held in subjects
        if (held.letters or held.subject in was) and was.get(held.subject) != Counter(_letter_rows(held))
    ]
    if changed:
        conn.execute(_FORGET_LETTERS, (TextArray([held.subject for held in changed]),))
        _write(conn, _KEEP_LETTERS, _LETTERS, [row for held in changed for row in _letter_rows(held)])


def _write(conn: Connection[Any], statement: SQL, columns: Sequence[_Column], rows: Sequence[_Row]) -> None:
    if rows:
        values = zip(*rows, strict=True)
        conn.execute(statement, [column.array(of_all) for column, of_all in zip(columns, values, strict=True)])


# --- rows -------------------------------------------------------------------------------------------------------


def _deadline_rows(held: SubjectDeadlines) -> list[_Row]:
    of_subject = held.subject, held.kind, held.region
    return [
        (*_PLAIN(deadline), _list_as_text(deadline.cites), _list_as_text(deadline.readings), *of_subject)
        for deadline in held.deadlines
    ]


def _letter_rows(held: SubjectDeadlines) -> list[_Row]:
    return [(held.subject, held.kind, held.region, *letter) for letter in held.letters]


def _subject_row(held: SubjectDeadlines) -> _Row:
    return held.subject, held.kind, held.name, held.law, sum(d.done_on is None for d in held.deadlines)


# Those of a rule are the same in thousands of deadlines.
@lru_cache(maxsize=4_096)
def _list_as_text(texts: tuple[str, ...]) -> str:
    """Texts as PostgreSQL writes a list of them."""
    return f"{{{','.join(map(_quoted, texts))}}}"


def _quoted(text: str) -> str:
    # The server quotes for its own white space alone: a wider one would make a row that is held seem another.
    if re.fullmatch(r'[^\s"\\{},]+', text, re.ASCII) and text.lower() != "null":
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
