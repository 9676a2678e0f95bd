"""The parts of an edition: what a rulebook file may say.

Numbers, rows, dates, citations, readings; never an ``if``. All texts paraphrase; the official wording is
loaded by the bureau. ``cites`` are written ``art. 16``, ``art. 18(2)3``, ``annex 1``.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, Literal, TypeVar, get_args

import msgspec

from domain.vocabulary import Article, Service, SubjectKind

RowType = Literal["points", "linked", "external", "grade", "count", "configured"]
"""``points``: the row fixes a deduction; ``linked``: as the entrusting unit's; ``external``: recorded with
the fact; ``grade``: directly rated; ``count``: an occurrence that counts towards a grade; ``configured``: the points
stand in a table that the bureau supplies (``Configured.points``)."""

CountsFrom = Literal["decided_on", "finality", "finality_if_penalty", "verified_on", "verified_and_final"]
"""Which date a fact of the row counts from."""


DirectEnd = Literal["publication", "until_on", "repair"]
"""What ends a direct rating that does not last until repaired."""

_OF_POINTS: Final[frozenset[RowType]] = frozenset(("grade", "points", "linked", "external"))
_ENDS: Final[frozenset[DirectEnd]] = frozenset(get_args(DirectEnd))


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all parts: frozen, and an unknown key is an error."""


class Words(_Part, frozen=True, kw_only=True):
    """A paraphrase in Chinese and English."""

    zh: Annotated[str, msgspec.Meta(min_length=1)]
    en: Annotated[str, msgspec.Meta(min_length=1)]


class Band(_Part, frozen=True, kw_only=True):
    """A grade for scores in [``at_least``, ``below``); an absent bound is open. Points.

    ``colour`` is the colour in which the grade is shown, where the text names one; ``words`` is what the grade is
    called.
    """

    grade: str
    colour: str | None = None
    words: Words | None = None
    at_least: Decimal | None = None
    below: Decimal | None = None
    cites: tuple[str, ...]

    def holds(self, score: Decimal) -> bool:
        """Whether a score lies in the band."""
        return (self.at_least is None or score >= self.at_least) and (self.below is None or score < self.below)


def _by_score(bands: Iterable[Band]) -> tuple[str, ...]:
    """The grades of bands that lie side by side, that of the highest score first."""

    def lowest(band: Band) -> Decimal:
        return Decimal("-Infinity") if band.at_least is None else band.at_least

    return tuple(band.grade for band in sorted(bands, key=lowest, reverse=True))


Repairs = Literal["in_stages", "by_either", "by_delisting", "by_expiry"]
"""How facts are repaired: ``in_stages`` before and after publication, by originating authority and bureau; or by the
decision of either. Or not at all: only taken off a list, or out of account when their validity is over."""


MovedBy = Literal["by_decision", "by_publication", "by_rank", "by_account"]
"""What moves a grade where no change of the facts does by itself."""


class _Method(_Part, frozen=True, kw_only=True):
    """Base of the methods.

    Each says its grades ``in_order``, the best first: one that a decision or a row gives directly comes after those of
    a score, and what stands for no grade at all has no place.
    """

    moved_by: ClassVar[MovedBy | None] = None

    def points_lapse(self, kind: SubjectKind) -> bool:
        """Whether points of a row of the kind can end by themselves after some months."""
        del kind
        return False


class Deduction(_Method, frozen=True, kw_only=True, tag_field="name", tag="deduction"):
    """Grading by deduction from an initial score (Inner Mongolia art. 16). Points.

    ``additions_at_most`` bounds what all enhancing information together adds; without it the ``cap`` alone does.
    """

    repairs: ClassVar[Repairs] = "in_stages"
    is_reckoned: ClassVar[bool] = True
    shown: ClassVar[Literal["by_steps"]] = "by_steps"
    is_ranked: ClassVar[bool] = False
    row_types: ClassVar[frozenset[RowType]] = _OF_POINTS
    direct_ends: ClassVar[frozenset[DirectEnd]] = frozenset()

    initial: Decimal
    floor: Decimal | None = None
    cap: Decimal
    additions_at_most: Decimal | None = None
    direct_grade: str
    bands: tuple[Band, ...]
    names: dict[str, Words] = {}
    cites: tuple[str, ...]

    def in_order(self) -> tuple[str, ...]:
        return (*_by_score(self.bands), self.direct_grade)

    def band_of(self, score: Decimal) -> Band | None:
        """The band in which a score lies; ``None`` in a gap, which lint refuses."""
        for band in self.bands:
            if band.holds(score):
                return band
        return None

    def points_lapse(self, kind: SubjectKind) -> bool:
        return kind == "agency"


class Counting(_Method, frozen=True, kw_only=True, tag_field="name", tag="counting"):
    """Grading by counting occurrences within a calendar year (Inner Mongolia art. 17).

    What is counted (different authorities, systems or all occurrences) is reading I-16.
    """

    repairs: ClassVar[Repairs] = "in_stages"
    is_reckoned: ClassVar[bool] = True
    shown: ClassVar[Literal["by_steps"]] = "by_steps"
    is_ranked: ClassVar[bool] = False
    row_types: ClassVar[frozenset[RowType]] = frozenset(("grade", "count"))
    direct_ends: ClassVar[frozenset[DirectEnd]] = frozenset()

    count: Annotated[int, msgspec.Meta(ge=1)]
    grade: str
    otherwise: str
    names: dict[str, Words] = {}
    cites: tuple[str, ...]

    def in_order(self) -> tuple[str, ...]:
        return (self.otherwise, self.grade)


class Category(_Part, frozen=True, kw_only=True):
    """A part of a recorded score: it goes by its ``name`` or by its Chinese ``words``. ``optional`` ones may be absent
    (bonus, local items)."""

    name: str
    words: Words
    optional: bool = False


class Banding(_Method, frozen=True, kw_only=True, tag_field="name", tag="banding"):
    """Grading by bands of a score that is recorded, with a risk level beside it (Jiaxing paras. 9-11).

    The result of a year holds until the next one is published. A row of type ``grade`` overrides it with
    ``direct_grade`` (``direct_colour``, ``direct_risk``) until then. A score above ``cap`` counts as the cap;
    ``plausible_up_to`` is the highest basic score that is taken for no slip of the pen, ``risk_up_to`` the highest risk
    score. ``services`` and ``licences`` say who is graded: an agency with one of the services and, where its licences
    are on record, with one that has one of these marks. ``prompts`` is the provision by which the agency is told of
    each result that is completed or changed.
    """

    repairs: ClassVar[Repairs] = "in_stages"
    is_reckoned: ClassVar[bool] = False
    shown: ClassVar[Literal["in_its_own_way"]] = "in_its_own_way"
    is_ranked: ClassVar[bool] = False
    row_types: ClassVar[frozenset[RowType]] = frozenset(("grade",))
    direct_ends: ClassVar[frozenset[DirectEnd]] = _ENDS
    moved_by: ClassVar[MovedBy | None] = "by_publication"

    cap: Decimal | None = None
    plausible_up_to: Decimal = Decimal(1000)
    risk_up_to: Decimal = Decimal(100)
    categories: tuple[Category, ...] = ()
    services: tuple[Service, ...] = ()
    licences: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    bands: tuple[Band, ...]
    risk: tuple[Band, ...] = ()
    direct_grade: str
    direct_colour: str | None = None
    direct_risk: str | None = None
    names: dict[str, Words] = {}
    cites: tuple[str, ...]

    def in_order(self) -> tuple[str, ...]:
        return (*_by_score(self.bands), self.direct_grade)


class DirectGrade(_Part, frozen=True, kw_only=True):
    """A grade that no score brings about, only a row of type ``grade``, and what it is called."""

    grade: str
    words: Words
    cites: tuple[str, ...]


class Ledger(_Method, frozen=True, kw_only=True, tag_field="name", tag="ledger"):
    """Grading by a running account of points (Jiangsu; the national integrity points).

    A file starts with ``initial`` points on the day it is opened: with ``participants_only`` the day of inclusion in
    the list of participants, else that of registration. The points of a fact count from ``lag_days`` after the day it
    arises; ``fact_at_least`` and ``fact_at_most`` bound what one fact may bring. With ``direction`` ``down`` they are
    taken off and come back when the validity (``validity_months`` of the row) is over. ``commitment`` are points for a
    commitment on file; ``pioneer_grade`` is given by decision after ``pioneer_years`` without a breach.

    With ``cycle_months`` points count within a cycle instead: the first one starts when the account is opened, the next
    where the last one ends. When the grade ``restarts_at`` is reached it is held for ``listing_months`` from that day,
    whatever the score, and a new cycle starts on it; reached again meanwhile, the months run from the second day. A row
    of type ``grade`` gives a grade of ``direct`` up to the fact's ``until_on`` (without one for good) and brings the
    account to the limit; meanwhile nothing is scored, and a new cycle starts on the day after.

    With ``public`` the register shows the grade of the day. Bands as in every method.
    """

    repairs: ClassVar[Repairs] = "by_expiry"
    is_reckoned: ClassVar[bool] = False
    shown: ClassVar[Literal["in_its_own_way"]] = "in_its_own_way"
    is_ranked: ClassVar[bool] = False
    row_types: ClassVar[frozenset[RowType]] = _OF_POINTS
    # A list of an account ends with its last day in any case, and may say so.
    direct_ends: ClassVar[frozenset[DirectEnd]] = frozenset(("until_on",))
    moved_by: ClassVar[MovedBy | None] = "by_account"

    initial: Decimal
    cap: Decimal | None = None
    floor: Decimal | None = None
    direction: Literal["down", "up"] = "down"
    participants_only: bool = False
    lag_days: Annotated[int, msgspec.Meta(ge=0)] = 0
    cycle_months: Annotated[int, msgspec.Meta(ge=1)] | None = None
    restarts_at: str | None = None
    listing_months: Annotated[int, msgspec.Meta(ge=1)] | None = None
    commitment: Decimal | None = None
    pioneer_grade: str | None = None
    pioneer_years: Annotated[int, msgspec.Meta(ge=1)] | None = None
    fact_at_least: Decimal | None = None
    fact_at_most: Decimal | None = None
    public: bool = False
    direct: tuple[DirectGrade, ...] = ()
    bands: tuple[Band, ...]
    names: dict[str, Words] = {}
    cites: tuple[str, ...]

    def in_order(self) -> tuple[str, ...]:
        bands = _by_score(self.bands)
        pioneer = () if self.pioneer_grade is None else (self.pioneer_grade,)
        # Points are taken off, or they are held against the participant.
        return (*pioneer, *(bands if self.direction == "down" else bands[::-1]), *(d.grade for d in self.direct))

    def points_lapse(self, kind: SubjectKind) -> bool:
        del kind
        return self.cycle_months is None  # Else they go with the cycle.


class Ranking(_Method, frozen=True, kw_only=True, tag_field="name", tag="ranking"):
    """Grading by the place of a score among all of a cohort (Ningbo art. 11).

    ``grades`` from best to worst share the ranked by ``configured.quotas``; ``direct_grade`` overrides in real time
    and revokes the grade of the year, ``refused_grade`` stands for those who are not graded, ``revoked_grade`` for
    those whose direct grade is over and who have no other one yet.
    """

    repairs: ClassVar[Repairs] = "by_either"
    is_reckoned: ClassVar[bool] = False
    shown: ClassVar[Literal["in_its_own_way"]] = "in_its_own_way"
    is_ranked: ClassVar[bool] = True
    row_types: ClassVar[frozenset[RowType]] = _OF_POINTS
    direct_ends: ClassVar[frozenset[DirectEnd]] = _ENDS
    moved_by: ClassVar[MovedBy | None] = "by_rank"

    grades: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    direct_grade: str
    refused_grade: str | None = None
    revoked_grade: str = "no_grade"
    names: dict[str, Words] = {}
    cites: tuple[str, ...]

    def in_order(self) -> tuple[str, ...]:
        refused = () if self.refused_grade is None else (self.refused_grade,)
        return (*self.grades, self.revoked_grade, *refused, self.direct_grade)


class Deciding(_Method, frozen=True, kw_only=True, tag_field="name", tag="deciding"):
    """Grading by decision only (Wenzhou arts. 27, 34, 35): nothing but a recorded decision gives a grade.

    ``otherwise`` is answered without one; ``listed_grade`` while on the blacklist. Points are added up where a table
    (``configured.points``) is supplied, within ``configured.cycle_months``; ``configured.threshold`` is the number from
    which they are too many.
    """

    repairs: ClassVar[Repairs] = "by_delisting"
    is_reckoned: ClassVar[bool] = False
    shown: ClassVar[Literal["in_its_own_way"]] = "in_its_own_way"
    is_ranked: ClassVar[bool] = False
    row_types: ClassVar[frozenset[RowType]] = frozenset(("grade", "configured"))
    direct_ends: ClassVar[frozenset[DirectEnd]] = frozenset()
    moved_by: ClassVar[MovedBy | None] = "by_decision"

    grades: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    otherwise: str
    listed_grade: str
    names: dict[str, Words] = {}
    cites: tuple[str, ...]

    def in_order(self) -> tuple[str, ...]:
        return (*self.grades, self.listed_grade)


Method = Deduction | Counting | Banding | Ledger | Ranking | Deciding
"""The closed set of ways to grade. ``names`` says what those grades are called that neither a band nor a direct grade
names; a grade without a name goes by its code.

Every method says of itself how facts are repaired under it, whether a year is reckoned from the facts that count, so
that a waiver or a rectification changes it, whether the register shows and measures follow what the steps of the year
say (``by_steps``) or it has a way of its own, whether places are taken in a cohort, which types of row can have an
effect under it, what may end a direct grade, whether points lapse, in which order its grades stand, and what else moves
them than facts. What else differs is a ``match``; ``only`` is for who goes by one method alone."""

M = TypeVar("M", bound=Method)


def only(kind: type[M], method: Method | None) -> M | None:
    """The method where it is of the kind; ``None`` where grading is by another one, or there is none."""
    return method if isinstance(method, kind) else None


def grade_names(method: Method) -> dict[str, Words]:
    """What the grades and risk levels of a method are called, as far as its edition says so."""
    parts = (*getattr(method, "bands", ()), *getattr(method, "risk", ()), *getattr(method, "direct", ()))
    return {**{part.grade: part.words for part in parts if part.words is not None}, **method.names}


def grades_in_order(method: Method) -> tuple[str, ...]:
    """The grades of a method, the best first, each in the first of its places."""
    return tuple(dict.fromkeys(method.in_order()))


class StaffRule(_Part, frozen=True, kw_only=True):
    """The row that staff with bad records bring about (Inner Mongolia B14): ``persons`` or more in a year."""

    row: str
    persons: Annotated[int, msgspec.Meta(ge=1)]


class Row(_Part, frozen=True, kw_only=True):
    """One row of the scoring standard.

    ``also`` names further kinds of subject for which the row stands, ``reference`` the provision by which it does for
    a kind to which the text applies it by reference only.
    ``points`` (negative) stands with type ``points``; ``grade`` with type ``grade``. ``services`` limits the
    row to agencies with one of them; ``authorities`` to decisions of these (``MSA``, ``region:EEB`` for a
    department of the region or above). ``same_as`` names rows under which the same act may be recorded.
    ``validity_months`` is how long the points of a row count where they are deducted or taken off an account;
    ``ends_with`` says what ends a direct rating that does not last until repaired (all of them must have happened);
    ``needs_reminder`` rows may be recorded only after a written reminder that was not followed; ``extra`` rows bring
    no effect of their own (a caution).
    ``unless_justified`` rows may not be recorded while a report says that the participant had a good reason.
    ``fined_at_least`` (included) and ``fined_below`` (not included) are between what amounts in yuan the fine lies for
    which the row is.
    ``year_bound`` rows end with the calendar year; ``in_articles`` is ``False`` for a row that stands in an
    annex alone (reading I-18); ``annex_row`` is its place in the table of the annex it cites, the first row below the
    heading being 1. ``readings`` are the register entries the row rests on.
    """

    code: Annotated[str, msgspec.Meta(pattern=r"^[A-Z][A-Za-z0-9-]{0,20}$")]
    kind: SubjectKind
    also: tuple[SubjectKind, ...] = ()
    type: RowType
    cites: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    reference: dict[SubjectKind, Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]] = {}
    words: Words
    counts_from: CountsFrom = "decided_on"
    points: Decimal | None = None
    grade: str | None = None
    fined_at_least: Decimal | None = None
    fined_below: Decimal | None = None
    services: tuple[Service, ...] = ()
    authorities: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    year_bound: bool = False
    in_articles: bool = True
    annex_row: Annotated[int, msgspec.Meta(ge=1)] | None = None
    validity_months: Annotated[int, msgspec.Meta(ge=1)] | None = None
    ends_with: tuple[DirectEnd, ...] = ()
    needs_reminder: bool = False
    unless_justified: bool = False
    extra: bool = False
    readings: tuple[str, ...] = ()


class Value(_Part, frozen=True, kw_only=True):
    """One possible answer to an ambiguity; ``available`` tells whether this engine can apply it."""

    name: str
    words: Words
    available: bool = True


class Reading(_Part, frozen=True, kw_only=True):
    """An ambiguity of the text with the chosen answer and its alternatives.

    ``running`` tells whether the alternatives change the running track.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]-[0-9]{2}[a-z]?$")]
    issue: Words
    default: str
    values: Annotated[tuple[Value, ...], msgspec.Meta(min_length=1)]
    cites: tuple[str, ...] = ()
    running: bool = False


class Erratum(_Part, frozen=True, kw_only=True):
    """An evident slip of the text and how it is read; ``readings`` are the register entries that say so."""

    cites: str
    words: Words
    readings: tuple[str, ...] = ()


class Unencoded(_Part, frozen=True, kw_only=True):
    """An article without effect in this edition, and why."""

    cites: str
    reason: Words


class Excluded(_Part, frozen=True, kw_only=True):
    """A command that the regime does not know, and why: it is refused with ``cites``."""

    command: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{3,40}$")]
    cites: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    words: Words


DeadlineStart = Literal[
    "roster",
    "notice",
    "proposal",
    "publicity",
    "rating",
    "objection",
    "application",
    "warning",
    "service",
    "change",
    "fact",
    "reminder",
    "half_year",
    "withdrawal",
]
"""What a period runs from: a stage, an objection, an application for repair, a warning, the service of a penalty, the
recording that a publication was made in error (``withdrawal``)."""

DeadlineActor = Literal["participant", "anyone", "city_bureau", "region_department"]
"""Who has to act in time; ``anyone`` may: the participant, any other unit, the public."""

MonthDay = Annotated[str, msgspec.Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class TimeLimit(_Part, frozen=True, kw_only=True):
    """A period or a day by which somebody has to act.

    It starts with ``starts``. Exactly one of ``working_days``, ``months`` and ``by`` (month and day of the year
    after the evaluation year) says how long it is; none of them where the bureau fixes the day itself (a
    warning). A period of a participant rolls off rest days (``rolls``), a day fixed for an authority does not.
    One that no text gives, which a bureau sets itself, cites nothing.
    """

    kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{3,40}$")]
    of: SubjectKind
    starts: DeadlineStart
    actor: DeadlineActor
    cites: tuple[str, ...] = ()
    working_days: Annotated[int, msgspec.Meta(ge=1)] | None = None
    months: Annotated[int, msgspec.Meta(ge=1)] | None = None
    by: MonthDay | None = None
    rolls: bool = False
    readings: tuple[str, ...] = ()


class DeadlineRule(TimeLimit, frozen=True, kw_only=True):
    """A time limit of a text, in its words.

    ``extended_up_to`` are the working days an ``extendable`` one can last in all.
    ``warn_after`` is the month and day after which acting in time leaves too little room for what follows.
    With ``unsaid`` the article gives no time: the period is that of the first of ``readings``.
    ``configurable`` (``N-04:configured``) is the answer of the register under which ``configured.periods`` says how
    long it is.
    """

    cites: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    words: Words
    extendable: bool = False
    extended_up_to: Annotated[int, msgspec.Meta(ge=1)] | None = None
    unsaid: bool = False
    configurable: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]-[0-9]{2}[a-z]?:[a-z0-9_]+$")] | None = None
    warn_after: MonthDay | None = None


class StageRule(_Part, frozen=True, kw_only=True):
    """A step of the evaluation year and its place in the order.

    Steps of a higher ``rank`` follow those of a lower one; steps of the same rank come in any order. ``computes``
    tells whether the step carries a result; ``needs`` names steps of which one must be on record;
    ``again`` tells whether it may be recorded more than once; ``reopens`` whether the steps from the proposal on
    may be taken again after it. ``within_year`` steps may give a result before the year is over; ``needs_panel`` ones
    name the experts who took part.
    """

    stage: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{3,20}$")]
    of: SubjectKind
    rank: Annotated[int, msgspec.Meta(ge=1)]
    cites: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    computes: bool = False
    needs: tuple[str, ...] = ()
    again: bool = False
    reopens: bool = False
    within_year: bool = False
    needs_panel: bool = False


class Measure(_Part, frozen=True, kw_only=True):
    """What follows from a grade (Inner Mongolia arts. 35, 36, 38).

    ``also`` names further kinds of subject to which it applies, ``reference`` the provision by which it does for a kind
    to which the text applies it by reference only. A measure of the kind ``listing`` follows from being on a list, in
    the place of what follows from the grade alone; a ``ban`` runs for the time that the decision on a listing gives it.
    ``risk`` narrows it to a risk level; ``share`` is the part of those of the grade that is sampled in a year;
    ``under`` (``L-07:all_three``) is the answer of the register under which alone it applies. The first of ``cites``
    names the measure among those of its grade; under two grades it names the same measure. ``legal_basis`` is the
    provision that allows it; a bureau may supply one (``configured.legal_basis``, by the first citation). Without any,
    the measure is shown as not executable.
    """

    of: SubjectKind
    also: tuple[SubjectKind, ...] = ()
    grade: str
    risk: str | None = None
    kind: Literal["restraint", "incentive", "sampling", "listing", "ban"] = "restraint"
    share: Decimal | None = None
    under: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]-[0-9]{2}[a-z]?:[a-z0-9_]+$")] | None = None
    cites: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    reference: dict[SubjectKind, Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]] = {}
    words: Words
    legal_basis: Words | None = None


class Transition(_Part, frozen=True, kw_only=True):
    """A transition clause: which edition judges what happened on days of the one before, or of this one.

    It stands in the newer edition. ``from_edition`` is the id of the older one. ``what`` it is about: ``acts`` go by
    the day of the act, ``years`` (of evaluation) by their last day; ``applies_from`` and ``applies_until`` (both days
    included) say which of them, without one it is open on that side. ``rule``: ``old`` is judged by the older edition,
    ``new`` by this one, ``lighter`` by whichever of the two rows is lighter on the participant (acts only).
    Before this edition is in force the clause says nothing.
    """

    from_edition: str
    what: Literal["acts", "years", "both"]
    rule: Literal["old", "new", "lighter"]
    applies_from: dt.date | None = None
    applies_until: dt.date | None = None
    cites: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    words: Words

    def covers(self, day: dt.date, what: Literal["acts", "years"]) -> bool:
        """Whether the clause is about an act of the day, or a year that ends on it."""
        return (
            self.what in (what, "both")
            and (self.applies_from is None or self.applies_from <= day)
            and (self.applies_until is None or day <= self.applies_until)
        )


class Configured(_Part, frozen=True, kw_only=True):
    """Tables only a bureau can supply; absent means undetermined wherever they are needed.

    ``enhancement_points`` maps the kind of enhancing information to points; ``validity_months`` the class of breach
    (``general``, ``serious``), or in a ledger the row, to months; ``label`` is the public grade where the text gives
    none; ``quotas`` maps a grade to its share of the ranked (they add up to 1), ``score_lines`` a grade to the lowest
    score that has it; ``periods`` maps the kind of a deadline to its working days; ``points`` maps a row to its points,
    ``cycle_months`` and ``threshold`` belong to them; ``sampling`` maps a grade to the inspections of a year;
    ``risk_weight`` (0 to 1) is the part of the basic score in the risk level;
    ``legal_basis`` maps the first citation of a measure to the provision that allows it; ``not_warnable`` maps a city
    (the first four digits of its code) to the rows that its bureau does not warn about.
    """

    enhancement_points: dict[str, Decimal] | None = None
    validity_months: dict[str, int] | None = None
    label: str | None = None
    quotas: dict[str, Decimal] | None = None
    score_lines: dict[str, Decimal] | None = None
    periods: dict[str, Annotated[int, msgspec.Meta(ge=1, le=250)]] | None = None
    points: dict[str, Decimal] | None = None
    cycle_months: int | None = None
    threshold: Decimal | None = None
    risk_weight: Decimal | None = None
    sampling: dict[str, Decimal] | None = None
    legal_basis: dict[str, str] | None = None
    not_warnable: dict[str, tuple[str, ...]] | None = None


class Edition(_Part, frozen=True, kw_only=True):
    """One immutable, dated rulebook of a regime.

    ``parent`` is the id of an edition of another regime whose entries apply where this one has none (``parents``).
    ``regions`` are the beginnings of the region codes in which it applies. ``article`` lists the units of the text with
    their parts; an edition of the past may lack it. ``organs`` says what those are called who act under it
    (``city_bureau``). ``grounds`` are the articles on which a decision rests for which there is neither row nor step
    nor deadline, by what is decided (``filing``, ``refusal``; see ``domain.law.grounds``), ``grounds_of`` those for one
    kind of subject alone.
    ``admits`` names those procedures of ``domain.law.procedures`` that its text knows: any other one is refused.
    An edition written before there was such a list (``None``) admits what it does not exclude.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]+\.[a-z_]+@[a-z0-9_]+$")]
    regime: str
    status: Literal["draft", "issued"]
    title: Words
    regions: tuple[str, ...]
    published_on: dt.date | None = None
    in_force_on: dt.date | None = None
    until_on: dt.date | None = None
    parent: str | None = None
    article: tuple[Article, ...] = ()
    methods: dict[SubjectKind, Method] = {}
    staff: StaffRule | None = None
    row: tuple[Row, ...] = ()
    reading: tuple[Reading, ...] = ()
    stage: tuple[StageRule, ...] = ()
    deadline: tuple[DeadlineRule, ...] = ()
    measure: tuple[Measure, ...] = ()
    organs: dict[DeadlineActor, Words] = {}
    grounds: dict[str, Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]] = {}
    grounds_of: dict[SubjectKind, dict[str, Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]]] = {}
    transition: tuple[Transition, ...] = ()
    erratum: tuple[Erratum, ...] = ()
    unencoded: tuple[Unencoded, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    admits: tuple[str, ...] | None = None
    configured: Configured = Configured()

    def default_readings(self) -> dict[str, str]:
        """The default answer to each ambiguity, by its id."""
        return {r.id: r.default for r in self.reading}


Raw = dict[str, Any]
"""A parsed TOML document before it is checked."""
