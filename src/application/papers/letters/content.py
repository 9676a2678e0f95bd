"""What a letter says, as a value without words: who it is for, the facts, the articles, the last day."""

import datetime as dt

import msgspec

from domain.events.papers.letters import LetterKind
from domain.vocabulary import SubjectKind


class LetterFact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fact in a letter: its paper and authority, the row, and what it does to the score or grade (``effect``)."""

    row: str | None
    effect: str = ""
    document: str | None = None
    authority: str | None = None
    occurred_on: dt.date | None = None
    decided_on: dt.date | None = None
    summary: str | None = None


class LastDay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A last day: ``kind`` is that of the deadline, or ``set`` for one that the bureau sets.

    It runs from ``starts_on``, not counted, for ``working_days`` where it is so many. ``if_served_on`` is the day of
    receipt that was assumed because none is on record.
    """

    kind: str
    due_on: dt.date
    starts_on: dt.date | None = None
    working_days: int | None = None
    if_served_on: dt.date | None = None
    cites: tuple[str, ...] = ()


class MissingPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that a procedure asks for and that is not in the file, by its ``code`` and the provisions."""

    code: str
    cites: tuple[str, ...]


class LetterMatter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the file says of the record that a letter is about: the facts, what was given as a result or decided, what
    happened when (``days``), what was said (``texts``), on which ``papers`` it rests or which it sets aside, which the
    procedure asks for and are ``missing`` in the file, and the articles by which a repair can be asked for
    (``ways``)."""

    facts: tuple[LetterFact, ...] = ()
    year: int | None = None
    score: str | None = None
    grade: str | None = None
    outcome: str | None = None
    days: dict[str, dt.date] = {}
    texts: dict[str, str] = {}
    papers: tuple[str, ...] = ()
    missing: tuple[MissingPaper, ...] = ()
    ways: tuple[str, ...] = ()


class Letterhead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands on every letter of a bureau: its name, whom to ask and where, what decisions say of remedies."""

    name: str
    contact: str = ""
    address: str = ""
    remedies: str = ""


class LetterContent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that a letter says but its number.

    ``bureau`` is the code of whoever writes. ``code`` is the unified social credit code of an organisation, or the
    number of a person with most of it hidden. ``cites`` are the articles by the edition of the answer. ``template`` is
    the digest of the bureau's own template, empty for the shipped one.
    """

    letter: str
    kind: LetterKind
    subject: str
    subject_kind: SubjectKind
    regime: str
    dated_on: dt.date
    bureau: str
    head: Letterhead
    template: str
    addressee: str
    code: str
    cites: tuple[str, ...]
    matter: LetterMatter
    last_day: LastDay | None = None
    paragraphs: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
