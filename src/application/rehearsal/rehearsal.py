"""Rehearsals: what a draft edition, or other readings, would have changed over the whole history.

Every file is folded once. Its grades day by day under the law as it is known are compared with those under the same law
with the draft in its place, from the draft's first day up to the day asked about; before that day the law is the same,
and so is every answer. Nothing is recorded on any file.
"""

import datetime as dt
from typing import Literal

import msgspec

from application.answering.grading import Basis, RulebookBasis
from application.explaining.attribution import Interaction
from application.ports import Part
from domain.values import WholeText
from domain.vocabulary import SubjectKind

ProvisionKind = Literal["row", "method", "reading", "staff", "transition", "table", "edition"]
"""What of a law may be different: a row, the method of a kind of subject, the answer to an ambiguity, the staff rule, a
transition clause, a table of the bureau; or the edition as a whole: when it applies where none did, and where, the
steps and periods of its procedure."""


class RehearsalRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is rehearsed.

    ``edition`` is the id of an edition on record, or ``text`` the whole file of a draft; neither means the regime's
    own editions under other ``readings`` (``{"I-04": "own_year"}``), with ``regime``. ``from_on`` is the first day on
    which the draft applies, by default its own first day; without any it is rehearsed as if it had always been there.
    ``as_of`` is the last day compared, by default today; ``known_at`` (a day or an instant) is what was on record, by
    default now. ``region`` narrows whom it is about, with all places below it.
    """

    edition: str | None = None
    text: WholeText | None = None
    regime: str | None = None
    readings: dict[str, str] = {}
    from_on: dt.date | None = None
    as_of: dt.date | None = None
    known_at: str | None = None
    region: str | None = None


class Rehearsed(msgspec.Struct, frozen=True, kw_only=True):
    """One rehearsal made ready: all that any part of it needs, wherever it runs; the same bytes give the same result.

    ``text`` is the draft's file, ``None`` for readings alone. ``position`` and ``known_at`` (microseconds since 1970)
    pin what is on record; ``rulebooks`` and ``calendar_digest`` are those of the law as it is known then. ``until_on``
    is the draft's last day. ``days`` are those on which the matrix is drawn, the last of them ``as_of``. ``engine``
    names the code: another one refuses to go on with it.
    """

    regime: str
    edition: str | None
    digest: str | None
    text: str | None
    readings: dict[str, str]
    from_on: dt.date | None
    as_of: dt.date
    days: tuple[dt.date, ...]
    known_at: int
    position: int
    region: str | None
    engine: str
    until_on: dt.date | None = None
    rulebooks: tuple[RulebookBasis, ...] = ()
    calendar_digest: str = ""


class Provision(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One thing the law would say otherwise: ``name`` is a row's code, a reading's id, a kind of subject."""

    kind: ProvisionKind
    name: str
    cites: tuple[str, ...] = ()


class Graded(msgspec.Struct, frozen=True, kw_only=True):
    """The running track on one side; ``undetermined`` is the reason why there is no grade."""

    score: str | None
    grade: str | None
    undetermined: str | None = None
    risk: str | None = None
    colour: str | None = None


class ChangedSpan(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which the answers differ: from ``from_on`` up to and including ``until_on``."""

    from_on: dt.date
    until_on: dt.date
    now: Graded
    then: Graded


class ProvisionReason(msgspec.Struct, frozen=True, kw_only=True):
    """What one provision brings about on the day that is explained.

    ``share`` is in points, ``None`` where it depends on other provisions or there are none. ``alone`` is the answer
    with this provision only, ``without`` the one of the whole draft without it. ``facts`` are those whose steps it
    changes.
    """

    number: int
    provision: Provision
    share: str | None
    alone: Graded
    without: Graded
    facts: tuple[str, ...] = ()
    because: str | None = None


class SubjectChange(msgspec.Struct, frozen=True, kw_only=True):
    """One subject whose answers differ on some day. ``explained_on`` is the last such day, by which it is explained.

    ``moved`` when its grade differs somewhere (or why there is none, or its risk), not its score alone.
    """

    subject: str
    kind: SubjectKind
    name: str | None
    region: str
    moved: bool
    spans: tuple[ChangedSpan, ...]
    explained_on: dt.date
    reasons: tuple[ProvisionReason, ...]
    interactions: tuple[Interaction, ...]


class DecisionChange(msgspec.Struct, frozen=True, kw_only=True):
    """A published result that would have come out otherwise, computed anew from its receipt.

    ``recorded`` is what was published, ``now`` what the receipt gives under the law as it is known, ``then`` under the
    draft.
    """

    subject: str
    name: str | None
    record: str
    decision: Literal["stage", "repair", "adjustment"]
    stage: str | None
    year: int | None
    on: dt.date
    recorded: Graded
    now: Graded
    then: Graded


class GradeMove(msgspec.Struct, frozen=True, kw_only=True):
    """How many subjects of a kind go from one grade to another on a day, those that stay among them.

    Where there is no grade its reason stands in its place, ``none`` where there is none either.
    """

    on: dt.date
    kind: SubjectKind
    now: str
    then: str
    number: int


class ProvisionTotal(msgspec.Struct, frozen=True, kw_only=True):
    """One provision over everybody who changes: in how many it plays a part, how many grades move by it alone, its
    points wherever they stand by themselves, and in how many it acts together with others, so that they do not."""

    provision: Provision
    subjects: int
    moves_alone: int
    share: str
    only_together: int
    because: str | None = None


class PartResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one part of the journal came to. ``events`` counts those folded; ``unreadable`` are the files left out, each
    with the position and the reason."""

    part: Part
    engine: str
    subjects: int
    events: int
    decisions: int
    matrix: tuple[GradeMove, ...]
    changes: tuple[SubjectChange, ...]
    changed_decisions: tuple[DecisionChange, ...]
    unreadable: tuple[tuple[str, int, str], ...] = ()


class RehearsalSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The whole result in short.

    ``moved`` subjects have another grade on some day, ``rescored`` another score alone; ``before`` counts differences
    before the draft's first day and is always 0. ``decisions`` were computed anew, and
    ``changed_decisions`` of them differ.
    """

    basis: Basis
    regime: str
    edition: str | None
    digest: str | None
    from_on: dt.date | None
    as_of: dt.date
    subjects: int
    events: int
    moved: int
    rescored: int
    before: int
    decisions: int
    changed_decisions: int
    matrix: tuple[GradeMove, ...]
    provisions: tuple[ProvisionTotal, ...]
    unreadable: tuple[tuple[str, int, str], ...]


RehearsalState = Literal["waiting", "running", "done", "cancelled", "failed"]


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a rehearsal failed: ``code`` stable, the texts for people."""

    code: str
    zh: str
    en: str


class RehearsalStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Where a rehearsal stands. ``parts`` of them ``done`` are computed and kept; a broken off one goes on from them.

    ``request`` is what was asked for, without the text of a draft: ``edition`` and ``digest`` name it. ``known_at`` and
    ``position`` pin what is on record. ``parts`` is 0 until somebody runs it. ``running`` is one that a process is at
    work on at this moment; one whose process was ended waits. ``failure`` tells why it failed; ``summary`` is there
    when it is done. Moments are UTC.
    """

    id: str
    request: RehearsalRequest
    by: str
    asked_at: str
    regime: str
    edition: str | None
    digest: str | None
    as_of: dt.date
    known_at: str
    position: int
    engine: str
    state: RehearsalState
    parts: int
    done: int
    subjects: int = 0
    events: int = 0
    ended_at: str | None = None
    failure: Failure | None = None
    summary: RehearsalSummary | None = None
