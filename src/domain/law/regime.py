"""The law of one regime as known at one moment, made ready for assessing: rows by code, choices, working days.

An edition is in force by an adoption or by its own dates; a draft that nobody adopted is applied all the same and
marked ``draft``. On a day outside every period there is no edition, and nothing falls back to the latest one.
"""

import copy
import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal, NamedTuple, Protocol, Self

import msgspec

from domain.errors import FieldProblem, Invalid, LawUnclear, Refused
from domain.law.calendar import WorkingDays
from domain.law.edition import (
    Banding,
    Configured,
    Counting,
    CountsFrom,
    DeadlineRule,
    Deduction,
    Edition,
    Measure,
    Method,
    Ranking,
    Repairs,
    Row,
    RowType,
    StageRule,
    TimeLimit,
    Transition,
    grades_in_order,
    only,
)
from domain.law.ladder import Ladder
from domain.law.procedures import admits, refuse_unknown
from domain.law.quotas import quota_faults
from domain.sentence import Sentence, sentence
from domain.time import ONE_DAY, Period, free_on
from domain.vocabulary import SubjectKind, Text, plain

Force = Literal["in_force", "draft", "not_in_force"]

_STATUS_PERIODS: Final = ("I-36", "E-10", "L-10", "W-10")
"""How a status of some months is reckoned, by the registers of the editions."""


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """An edition on record: its digest, and its period in force (``None`` for a draft nobody adopted)."""

    edition: Edition
    digest: str
    period: Period | None

    @property
    def first(self) -> dt.date:
        """The day from which it applies; the first of all days for a draft, and where nothing says when it began."""
        return dt.date.min if self.period is None else self.period.from_on or dt.date.min

    def is_in_force(self, day: dt.date) -> bool:
        """Whether it was adopted and is in force on the day."""
        return self.period is not None and day in self.period


class Act(Protocol):
    """What a row is looked up for: the row that a record names, and the day of the act."""

    @property
    def row(self) -> str | None: ...

    @property
    def act_on(self) -> dt.date | None: ...


class Fined(NamedTuple):
    """The fines for which a row is, in yuan: ``at_least`` is included, ``below`` is not; ``None`` is no bound."""

    at_least: Decimal | None
    below: Decimal | None

    def __contains__(self, fine: object) -> bool:
        return (
            isinstance(fine, Decimal)
            and (self.at_least is None or fine >= self.at_least)
            and (self.below is None or fine < self.below)
        )

    @property
    def said(self) -> Sentence:
        """The amounts, as they are told."""
        low, high = (None if end is None else plain(end) for end in self)
        if low is None:
            return sentence("law.fines.below", high=high)
        if high is None:
            return sentence("law.fines.at_least", low=low)
        return sentence("law.fines.between", low=low, high=high)


class RowRule:
    """A row made ready: ``amount`` is the positive deduction of a ``points`` row, ``effect`` what a step shows.

    ``is_plain`` rows only ever deduct from a day on; ``special`` ones need a look at the other lines or at the
    authority (once a year, carbon falsification); ``stands_alone`` are plain ones that are not special. ``by_decision``
    says that the row counts from the day of the decision, ``fined`` for which fines it is where that matters.
    """

    __slots__ = (
        "amount",
        "authorities",
        "by_decision",
        "cites",
        "code",
        "counts_from",
        "effect",
        "ends_with",
        "extra",
        "fined",
        "grade",
        "in_articles",
        "is_plain",
        "kind",
        "kinds",
        "lapses_after",
        "may_be_falsification",
        "needs_reminder",
        "readings",
        "reference",
        "services",
        "special",
        "stands_alone",
        "type",
        "unless_justified",
        "validity_months",
        "year_bound",
    )

    def __init__(self, row: Row, *, deducted: bool = False) -> None:
        """``deducted`` tells whether the points of the row are deducted from an initial score."""
        self.code = row.code
        self.kind: SubjectKind = row.kind
        self.kinds: tuple[SubjectKind, ...] = (row.kind, *row.also)
        self.needs_reminder = row.needs_reminder
        self.type: RowType = row.type
        self.cites = row.cites
        self.reference = row.reference
        self.readings = row.readings
        self.counts_from: CountsFrom = row.counts_from
        self.services = frozenset(row.services)
        self.authorities = row.authorities
        self.year_bound = row.year_bound
        self.in_articles = row.in_articles
        self.ends_with = row.ends_with
        self.unless_justified = row.unless_justified
        self.grade = row.grade
        self.extra = row.extra
        by_fine = row.fined_at_least is not None or row.fined_below is not None
        self.fined = Fined(row.fined_at_least, row.fined_below) if by_fine else None
        self.validity_months = row.validity_months
        self.lapses_after = row.validity_months if deducted else None
        self.amount = None if row.points is None else -row.points
        self.may_be_falsification = self.type == "points" and "I-19" in row.readings
        self.special = self.year_bound or self.may_be_falsification
        self.is_plain = self.type == "points" and self.in_articles and not self.year_bound and self.lapses_after is None
        self.stands_alone = self.is_plain and not self.special
        self.by_decision = self.counts_from == "decided_on"
        self.effect = plain(row.points) if row.points is not None else row.grade or "1" * (row.type == "count")


class Choices:
    """The chosen readings that steer the tracks, as one attribute each: those of Inner Mongolia, then of Jiaxing and
    Ningbo."""

    __slots__ = (
        "advisory_window",
        "articles_only",
        "bar_permanent",
        "chosen",
        "civil_code_periods",
        "configured_label",
        "configured_months",
        "configured_points",
        "counted_by_system",
        "counted_in_all",
        "deduct_at_once",
        "direct_lasts",
        "falsification_always_d",
        "freeze",
        "heaviest_only",
        "late_on_merits",
        "late_repair_raises",
        "letter_to_employer",
        "linked_by_share",
        "linked_follows_repair",
        "list_removal",
        "literal_chain",
        "national_repair_raises",
        "no_floor",
        "outside_agencies",
        "own_year",
        "penalty_by_decision",
        "per_city",
        "points_wait",
        "public_follows",
        "reopens_itself",
        "repair_of_named_facts",
        "repair_of_published",
        "repairs_as_read",
        "repeat_bars_application",
        "review_uncapped",
        "risk_by_weights",
        "sampling_by_risk",
        "staff_d_rated",
        "strict_completion",
        "uncapped",
        "verified_penalty",
        "warned_once",
        "year_end",
    )

    def __init__(self, chosen: Mapping[str, str]) -> None:
        self.chosen: Mapping[str, str] = dict(chosen)
        self.configured_label = chosen.get("I-01") == "configured_label"
        self.no_floor = chosen.get("I-02") == "no_floor"
        self.literal_chain = chosen.get("I-03") == "literal_chain"
        self.own_year = chosen.get("I-04") == "own_year"
        self.penalty_by_decision = "decision_date" in (chosen.get("I-06"), chosen.get("J-05"))
        self.points_wait = chosen.get("I-06") == "points_wait"
        self.deduct_at_once = chosen.get("I-07") == "deduct_at_once"
        self.direct_lasts = chosen.get("I-08", "until_repair")
        self.public_follows = chosen.get("I-09") == "all"
        self.heaviest_only = chosen.get("I-11") == "heaviest_only"
        self.configured_points = chosen.get("I-12") == "configured_points"
        self.per_city = chosen.get("I-13") == "per_city"
        self.advisory_window = chosen.get("I-14")
        self.configured_months = chosen.get("I-15") == "configured_months"
        self.counted_by_system = chosen.get("I-16") == "system"
        self.counted_in_all = chosen.get("I-16") == "aggregate"
        self.year_end = chosen.get("I-17") == "year_end"
        self.articles_only = chosen.get("I-18") == "articles_only"
        self.falsification_always_d = chosen.get("I-19") == "always_d"
        self.freeze = chosen.get("I-20", "freeze") == "freeze"
        self.strict_completion = chosen.get("I-21") == "strict"
        self.bar_permanent = chosen.get("I-22") == "permanent"
        self.linked_by_share = chosen.get("I-26") == "proportional"
        self.linked_follows_repair = chosen.get("I-26") == "follow_repair"
        self.staff_d_rated = chosen.get("I-27") == "d_rated"
        self.reopens_itself = chosen.get("I-28") == "automatic"
        self.letter_to_employer = chosen.get("I-29") == "person_and_employer"
        self.repeat_bars_application = chosen.get("I-30", "before_application") == "before_application"
        self.verified_penalty = chosen.get("N-10") == "decision_date"
        self.late_on_merits = chosen.get("I-31") == "merits"
        self.repairs_as_read = chosen.get("I-32") == "as_it_reads"
        self.national_repair_raises = chosen.get("I-33", "raises") == "raises"
        self.late_repair_raises = chosen.get("I-34", "from_recording") == "from_recording"
        self.outside_agencies = chosen.get("J-01") == "evaluated"
        self.uncapped = chosen.get("J-02") == "uncapped"
        self.risk_by_weights = chosen.get("J-03") == "weights"
        self.list_removal = chosen.get("J-04") == "list_removal"
        self.review_uncapped = chosen.get("J-06") == "no_cap"
        self.sampling_by_risk = chosen.get("J-08") == "with_risk"
        self.warned_once = chosen.get("I-37") == "once"
        self.repair_of_published = chosen.get("I-38") == "in_result"
        self.repair_of_named_facts = chosen.get("I-39") == "named_facts"
        self.civil_code_periods = any(chosen.get(id) == "civil_code" for id in _STATUS_PERIODS)

    def free_on(self, from_on: dt.date, months: int) -> dt.date:
        """The first day on which a status of some months (a list, a cycle, a validity) no longer holds."""
        return free_on(from_on, months, civil_code=self.civil_code_periods)

    def answer(self, name: str) -> object:
        """What is answered to one question: an attribute by its name, a reading by its id (``I-04``)."""
        return self.chosen.get(name) if "-" in name else getattr(self, name)


@cache
def _rests_on() -> Mapping[str, frozenset[str]]:
    """On which readings each question of the choices rests, found by watching how it is answered."""
    asked: dict[str, object] = {}
    rests: dict[str, frozenset[str]] = {}

    class Traced(Choices):
        __slots__ = ()

        def __setattr__(self, name: str, value: object) -> None:
            rests[name] = frozenset(asked)
            asked.clear()
            super().__setattr__(name, value)

    # Without an answer every reading is looked up: none decides a question before the next one is asked.
    Traced(_WatchedReadings({}, asked))
    return rests


@cache
def questions_of(reading: str) -> frozenset[str]:
    """The questions (``Choices.answer``) that another answer to a reading can answer otherwise."""
    return frozenset((reading, *(name for name, readings in _rests_on().items() if reading in readings)))


class Watched(Choices):
    """Choices that note what is asked of them: ``asked`` holds every answer given, by its name, in order.

    Whatever was computed with them comes out the same under all choices that give these answers.
    """

    __slots__ = ("asked", "of")

    def __init__(self, of: Choices) -> None:
        self.of = of
        self.asked: dict[str, object] = {}

    def __getattr__(self, name: str) -> Any:
        # Only for what is not set yet: the next time the attribute is simply there.
        found = getattr(self.of, name)
        if name == "chosen":
            found = _WatchedReadings(found, self.asked)
        else:
            self.asked[name] = found
        setattr(self, name, found)
        return found


class _WatchedReadings(Mapping[str, str]):
    """Chosen readings that note which of them are looked up."""

    __slots__ = ("_asked", "_chosen")

    def __init__(self, chosen: Mapping[str, str], asked: dict[str, object]) -> None:
        self._chosen = chosen
        self._asked = asked

    def __getitem__(self, id: str) -> str:
        self._asked[id] = self._chosen.get(id)
        return self._chosen[id]

    def __iter__(self) -> Iterator[str]:
        for id in self._chosen:
            self._asked[id] = self._chosen[id]
            yield id

    def __len__(self) -> int:
        return len(self._chosen)


class RegimeLaw:
    """The editions of one regime, the readings chosen and the calendars, as known at one moment.

    ``choices`` and ``configured`` are those of the newest edition; ``seen_on`` gives the law with those of a day.
    ``readings`` and ``given`` are the answers and tables chosen in their place; ``settled`` choices apply to every
    edition. ``begun`` of the editions are in force or were, and ``moved`` are their transition clauses with the edition
    in which each stands, the newest first. ``own_deadlines`` are those that a bureau sets itself, whatever the text.
    """

    __slots__ = (
        "_configurable",
        "_draft",
        "_editions",
        "_is_alone",
        "_ladders",
        "_limits",
        "_only",
        "_rows",
        "_score_texts",
        "_steps",
        "_views",
        "adopted",
        "begun",
        "choices",
        "configured",
        "days",
        "given",
        "moved",
        "own_deadlines",
        "prompts",
        "readings",
        "regime",
        "settled",
    )

    def __init__(
        self,
        regime: str,
        adopted: Sequence[Adopted],
        days: WorkingDays,
        readings: Mapping[str, str] | None = None,
        configured: Configured | None = None,
        own_deadlines: tuple[TimeLimit, ...] = (),
    ) -> None:
        """``readings`` overrides defaults by register id; ``configured`` the tables a bureau supplies.

        Raises ``Invalid`` for an unknown or unavailable reading and for shares that cannot be applied, ``LawUnclear``
        when two editions overlap.
        """
        self.regime = regime
        self.adopted = tuple(adopted)
        self.days = days
        self._is_alone = len(self.adopted) == 1
        self._refuse_overlaps()
        newest = self.adopted[-1].edition
        self.readings = _known_somewhere(self.adopted, readings or {})
        self.given = configured
        self.own_deadlines = own_deadlines
        self.settled = False
        self._views: dict[tuple[int, str], Self] = {}
        self.forget()
        self._steps = {a.edition.id: _steps_among(a.edition.stage) for a in self.adopted}
        self.begun = len(self.adopted)
        self.choices, self.configured, self.moved = _view_from(self, self.begun, newest)
        self._refuse_bad_quotas()
        self._configurable = any(rule.configurable for a in self.adopted for rule in a.edition.deadline)
        self._rows: dict[str, dict[str | None, RowRule]] = {
            a.edition.id: {
                row.code: RowRule(row, deducted=only(Deduction, a.edition.methods.get(row.kind)) is not None)
                for row in a.edition.row
            }
            for a in self.adopted
        }
        # A draft nobody adopted applies to every act, so that the day of the act need not be looked at.
        # Without any adoption the newest draft applies on every day: nothing to look for.
        self._draft = self.adopted[-1] if all(a.period is None for a in self.adopted) else None
        self._only = None if self._draft is None else self._rows[newest.id]
        bandings = (only(Banding, method) for a in self.adopted for method in a.edition.methods.values())
        self.prompts = any(banding is not None and banding.prompts for banding in bandings)
        """Whether an edition has the agency told of each result that is completed."""
        self._score_texts: dict[Decimal, str] = {}
        self._ladders: dict[int, Ladder] = {}

    def seen_on(self, day: dt.date) -> Self:
        """The same law as it applies on a day: with the readings and tables of the edition of that day, and without
        what a later edition says of earlier ones."""
        if self._is_alone:
            return self
        begun = sum(a.first <= day for a in self.adopted)
        current = self.on(day) or self.adopted[max(begun, 1) - 1]
        return self._view(begun, current.edition)

    def views(self) -> tuple[Self, ...]:
        """The law as it is seen while each of the editions applies, in their order."""
        if self._is_alone:
            return (self,)
        return tuple(self.seen_on(a.first) for a in self.adopted)

    def seen_in(self, year: int, on: dt.date) -> Self:
        """The law by which a step of the day ``on`` judges an evaluation year."""
        return self.seen_on(on).of_year(year)

    def of_year(self, year: int) -> Self:
        """The law with the readings and tables of the edition by which an evaluation year is judged."""
        return self if self._is_alone else self._view(self.begun, self.edition_of(year))

    def _view(self, begun: int, edition: Edition) -> Self:
        found = None if self.settled else self._views.get((begun, edition.id))
        if found is None:
            found = self._other()
            found.begun = begun
            choices, found.configured, found.moved = _view_from(self, begun, edition)
            if not self.settled:
                found.choices = choices
                self._views[begun, edition.id] = found
        return found

    def _refuse_overlaps(self) -> None:
        periods = sorted(
            (a.period.from_on or dt.date.min, a.period.before_on or dt.date.max, a.edition.id)
            for a in self.adopted
            if a.period is not None
        )
        for (_, before_on, one), (from_on, _, other) in itertools.pairwise(periods):
            if from_on < before_on:
                raise LawUnclear(
                    "editions_overlap",
                    sentence("law.regime.editions_and_are_both", one=one, other=other, from_on=from_on),
                )

    def _refuse_bad_quotas(self) -> None:
        problems = [
            FieldProblem(f"/configured/{key}", "bad_quotas", sentence("law.quotas.bad", fault=fault))
            for adopted in self.adopted
            for method in adopted.edition.methods.values()
            if (ranking := only(Ranking, method)) is not None
            for key, fault in quota_faults(ranking, self.configured)
        ]
        if problems:
            raise Invalid(tuple(problems))

    def under(self, choices: Choices) -> Self:
        """The same law under other choices, on whatever day it is seen; what does not hang on them is shared."""
        other = self._other()
        other.choices, other.settled = choices, True
        return other

    def _other(self) -> Self:
        """A copy that shares what stands in the editions, and remembers nothing that hangs on choices or on the clauses
        of transition."""
        other = copy.copy(self)
        other.forget()
        return other

    def forget(self) -> None:
        """Work the editions of years and their periods out anew when they are next asked for."""
        self._editions: dict[int, Edition] = {}
        self._limits: dict[str, _Limits] = {}

    def force_on(self, day: dt.date) -> Force:
        """Whether an edition is in force on the day, or only a draft exists, or none applies."""
        if self._draft is not None:
            return "draft"
        return "not_in_force" if self.on(day) is None else "in_force"

    def on(self, day: dt.date) -> Adopted | None:
        """The edition that applies on the day: the one in force, or the newest draft when none was adopted."""
        if self._draft is not None:
            return self._draft
        # A loop, since a generator takes as long as all the rest, and every assessment asks for this several times.
        for adopted in self.adopted:
            if adopted.is_in_force(day):
                return adopted
        return None

    def row(self, code: str, act_on: dt.date | None) -> RowRule | None:
        """The row by which an act of that day is judged: of the edition of the day, else of the newest."""
        if self._only is not None:
            return self._only.get(code)
        if act_on is None or self.on(act_on) is None:
            return self._rows[self.adopted[-1].edition.id].get(code)
        return self._judged(code, act_on)

    def rows_of_fine(self, kind: SubjectKind, fine: Decimal, act_on: dt.date | None) -> list[str]:
        """The rows of a kind of subject that are for a fine of so many yuan, for an act of the day."""
        adopted = None if act_on is None else self.on(act_on)
        codes = [row.code for row in (adopted or self.adopted[-1]).edition.row]
        rows = [row for code in codes if (row := self.row(code, act_on)) is not None]
        return [row.code for row in rows if row.fined is not None and kind in row.kinds and fine in row.fined]

    @property
    def only_rows(self) -> Mapping[str | None, RowRule] | None:
        """The rows by code where the same ones apply to every act; ``None`` where the day of the act matters."""
        return self._only

    def judges_as(self, other: Self) -> bool:
        """Whether this law and another one have the same row for every act."""
        return self._rows is other._rows and self.begun == other.begun

    def row_of(self, record: Act) -> RowRule | None:
        """The row of a fact in the edition that applied on the day of the act; ``None`` when there is none."""
        if record.row is None:
            return None
        if self._only is not None:
            return self._only.get(record.row)
        act_on = record.act_on
        return None if act_on is None else self._judged(record.row, act_on)

    def _judged(self, code: str, act_on: dt.date) -> RowRule | None:
        """The row for an act of the day: of the edition of the day, unless a transition clause names another one."""
        adopted = self.on(act_on)
        if adopted is None:
            return None
        own = self._rows[adopted.edition.id].get(code)
        for newer, clause in self.moved:
            older = self._older(clause)
            if older is None or adopted.edition.id not in (older.edition.id, newer.edition.id):
                continue
            if clause.covers(act_on, "acts"):
                old, new = (self._rows[a.edition.id].get(code) for a in (older, newer))
                return {"old": old, "new": new, "lighter": _lighter(old, new)}[clause.rule]
        return own

    def _older(self, clause: Transition) -> Adopted | None:
        return next((a for a in self.adopted if a.edition.id == clause.from_edition), None)

    def method(self, kind: SubjectKind | None, day: dt.date) -> Method | None:
        """How a kind of subject is graded on the day."""
        adopted = self.on(day)
        return None if adopted is None or kind is None else adopted.edition.methods.get(kind)

    def repairs(self, kind: SubjectKind | None, day: dt.date) -> Repairs | None:
        """How facts of a kind of subject are repaired on the day."""
        method = self.method(kind, day)
        return None if method is None else method.repairs

    def method_of_year(self, kind: SubjectKind | None, year: int) -> Method | None:
        """How a kind of subject is graded for an evaluation year."""
        adopted = self._adopted_in(year)
        return None if adopted is None or kind is None else adopted.edition.methods.get(kind)

    def is_better(self, method: Method | None, one: str | None, other: str | None) -> bool:
        """Whether a grade of a method is better than another one; what has no place in its order is neither better nor
        worse. A label that the bureau gives to the best grade stands in its place (I-01)."""
        if method is None or one is None or other is None:
            return False
        order = grades_in_order(method)
        label = self.configured.label if self.choices.configured_label else None
        one, other = (order[0] if grade == label else grade for grade in (one, other))
        return one in order and other in order and order.index(one) < order.index(other)

    def _adopted_in(self, year: int) -> Adopted | None:
        """The edition of a year's last day, unless a transition clause names another one; ``None`` when none was in
        force."""
        last = dt.date(year, 12, 31)
        adopted = self.on(last)
        for newer, clause in self.moved:
            older = self._older(clause)
            if older is not None and adopted in (older, newer) and clause.covers(last, "years"):
                return older if clause.rule == "old" else newer
        return adopted

    def deduction(self, day: dt.date) -> Deduction | None:
        """How agencies are graded on the day."""
        adopted = self.on(day)
        return None if adopted is None else only(Deduction, adopted.edition.methods.get("agency"))

    def ladder(self, deduction: Deduction) -> Ladder:
        """The scores of a way of deducting that stands in one of the editions; remembered."""
        # The ladder holds the deduction, so that no other one can come to have its id.
        ladder = self._ladders.get(id(deduction))
        if ladder is None:
            ladder = self._ladders[id(deduction)] = Ladder(deduction)
        return ladder

    def counting(self, day: dt.date) -> Counting | None:
        """How practitioners are graded on the day."""
        adopted = self.on(day)
        return None if adopted is None else only(Counting, adopted.edition.methods.get("practitioner"))

    def edition_of(self, year: int) -> Edition:
        """The edition by which an evaluation year is judged: that of its last day, or the one that a transition clause
        names; else the newest. Remembered: every deadline of every file asks for it."""
        found = self._editions.get(year)
        if found is None:
            found = self._editions[year] = (self._adopted_in(year) or self.adopted[-1]).edition
        return found

    def chosen_in(self, edition: Edition) -> dict[str, str]:
        """The readings applied to an edition: its own answers where none was chosen."""
        if self._is_alone or all(a.edition.id != edition.id for a in self.adopted):
            return dict(self.choices.chosen)
        return {**edition.default_readings(), **_known_to(edition, self.readings)}

    def stage_rule(self, stage: str, of: SubjectKind, year: int) -> StageRule | None:
        """The place of a step in the evaluation of ``year``; ``None`` for a step the law does not know."""
        return self.stage_rules(of, year).get(stage)

    def stage_rules(self, of: SubjectKind, year: int) -> Mapping[str, StageRule]:
        """The places of all steps that the evaluation of ``year`` knows."""
        return self._steps[self.edition_of(year).id].get(of, {})

    def deadline_rule(self, kind: str, of: SubjectKind, year: int) -> DeadlineRule | None:
        """The period or day of a kind, by the edition of the evaluation year."""
        return self._limits_of(self.edition_of(year)).of_kind.get((kind, of))

    def deadline_rules(self, year: int) -> tuple[DeadlineRule, ...]:
        """The periods and days of an evaluation year; one that a bureau has chosen to fix and has not fixed is none."""
        return self._limits_of(self.edition_of(year)).every

    def deadlines_from(self, starts: str, of: SubjectKind, year: int) -> Sequence[DeadlineRule]:
        """Those of an evaluation year that run from the same thing for a kind of subject."""
        return self._limits_of(self.edition_of(year)).started_by.get((starts, of), ())

    def _limits_of(self, edition: Edition) -> "_Limits":
        found = self._limits.get(edition.id)
        if found is None:
            found = self._limits[edition.id] = _limits_among(tuple(self._as_configured(edition.deadline)))
        return found

    def _as_configured(self, rules: Sequence[DeadlineRule]) -> Iterator[DeadlineRule]:
        given = self.configured.periods or {}
        for rule in rules:
            if not self._configurable or not self._is_configured(rule):
                yield rule
            elif rule.kind in given:
                yield msgspec.structs.replace(rule, working_days=given[rule.kind], months=None, by=None)

    def time_limit(self, kind: str, of: SubjectKind, year: int) -> TimeLimit | None:
        """The period or day of a kind: by the edition of the evaluation year, else as a bureau sets it itself."""
        own = (limit for limit in self.own_deadlines if limit.kind == kind and limit.of == of)
        return self.deadline_rule(kind, of, year) or next(own, None)

    def _is_configured(self, rule: DeadlineRule) -> bool:
        """Whether the bureau says how long a period is, under the chosen readings."""
        if rule.configurable is None:
            return False
        id, _, value = rule.configurable.partition(":")
        return self.choices.chosen.get(id) == value

    def admits(self, command: str) -> bool:
        """Whether the regime knows a procedure."""
        return admits(self.adopted[-1].edition, command)

    def refuse_excluded(self, command: str) -> None:
        """Raise ``Refused`` for a procedure that the regime does not know, in its own name, with the provision that
        says so where there is one."""
        refuse_unknown(self.adopted[-1].edition, command)

    def measures(self, of: SubjectKind, grade: str, day: dt.date, risk: str | None = None) -> tuple[Measure, ...]:
        """What follows from a grade, and from a risk level where there is one, by the edition of the day, under the
        chosen readings."""
        adopted = self.on(day)
        if adopted is None:
            return ()
        of_grade = [
            m
            for m in adopted.edition.measure
            if m.grade == grade and (m.of == of or of in m.also) and self._is_chosen(m.under)
        ]
        found = [m for m in of_grade if m.risk in (None, risk)]
        if self.choices.sampling_by_risk and not any(m.risk for m in found):
            # Sampling departs from the usual only together with the incentives or restraints (J-08).
            found = [m for m in found if m.kind != "sampling"]
        return tuple(_by_reference(m, of) if of in m.reference else m for m in found)

    def _is_chosen(self, answer: str | None) -> bool:
        """Whether an answer written ``L-07:all_three`` is the one that applies; no answer always is."""
        id, _, value = (answer or "").partition(":")
        return answer is None or self.choices.chosen.get(id) == value

    @property
    def title(self) -> Text:
        """What the newest edition is called."""
        title = self.adopted[-1].edition.title
        return Text(title.zh, title.en)

    def grounds(self, what: str, day: dt.date, of: SubjectKind | None = None) -> tuple[str, ...]:
        """The articles on which a decision rests, by the edition of the day or else the newest: those for the kind of
        subject ``of`` where it has its own; none where the edition names none."""
        edition = (self.on(day) or self.adopted[-1]).edition
        own = () if of is None else edition.grounds_of.get(of, {}).get(what, ())
        return own or edition.grounds.get(what, ())

    def grounded(self, refused: Refused, day: dt.date, of: SubjectKind | None = None) -> Refused:
        """The refusal with the articles that the edition of the day states for its ground, and the list by which they
        are written out. An edition that states none is not cited: nothing falls back to another text."""
        found = copy.copy(refused)
        if refused.ground is not None:
            found.cites = (*self.grounds(refused.ground, day, of), *refused.cites)
        found.articles = (self.on(day) or self.adopted[-1]).edition.article
        return found

    def legal_basis(self, measure: Measure) -> Text | None:
        """The provision that allows a measure: the bureau's, else the edition's own; ``None`` when there is none."""
        given = (self.configured.legal_basis or {}).get(measure.cites[0])
        if given is not None:
            return Text(given, given)
        own = measure.legal_basis
        return None if own is None else Text(own.zh, own.en)

    def score_text(self, score: Decimal) -> str:
        """A score as it is written; remembered, since few different scores occur."""
        text = self._score_texts.get(score)
        if text is None:
            text = self._score_texts[score] = plain(score)
        return text


def _by_reference(measure: Measure, of: SubjectKind) -> Measure:
    """The measure with the provision by which it applies to a kind of subject at all."""
    return msgspec.structs.replace(measure, cites=(*measure.cites, *measure.reference[of]))


class _Limits(NamedTuple):
    """The periods and days of an edition as they apply: all of them; the first of each kind; those that run from the
    same thing, in their order."""

    every: tuple[DeadlineRule, ...]
    of_kind: dict[tuple[str, SubjectKind], DeadlineRule]
    started_by: dict[tuple[str, SubjectKind], list[DeadlineRule]]


def _steps_among(rules: Sequence[StageRule]) -> dict[SubjectKind, dict[str, StageRule]]:
    """The places of steps for each kind of subject; of two rules about one step the first is meant."""
    found: dict[SubjectKind, dict[str, StageRule]] = {}
    for rule in rules:
        found.setdefault(rule.of, {}).setdefault(rule.stage, rule)
    return found


def _limits_among(rules: tuple[DeadlineRule, ...]) -> _Limits:
    limits = _Limits(rules, {}, {})
    for rule in rules:
        limits.of_kind.setdefault((rule.kind, rule.of), rule)
        limits.started_by.setdefault((rule.starts, rule.of), []).append(rule)
    return limits


def period_of(in_force_on: dt.date | None, until_on: dt.date | None) -> Period | None:
    """The half-open period of an adoption whose ``until_on`` is its last day; ``None`` when it never began."""
    if in_force_on is None:
        return None
    return Period(in_force_on, None if until_on is None else until_on + ONE_DAY)


def common(one: Period, other: Period) -> Period:
    """The days of both periods; empty (it ends where it begins) when there are none."""
    from_on = max(one.from_on or dt.date.min, other.from_on or dt.date.min)
    before_on = min(one.before_on or dt.date.max, other.before_on or dt.date.max)
    return Period(from_on, None if before_on == dt.date.max else max(from_on, before_on))


def _view_from(
    law: RegimeLaw, begun: int, edition: Edition
) -> tuple[Choices, Configured, tuple[tuple[Adopted, Transition], ...]]:
    """The choices and tables of ``edition``, and the transition clauses of the first ``begun`` editions."""
    choices = Choices({**edition.default_readings(), **_known_to(edition, law.readings)})
    begun_ones = law.adopted[:begun]
    if any(a.period is not None for a in law.adopted):
        # A draft on record beside what is in force moves nothing to another edition.
        begun_ones = tuple(a for a in begun_ones if a.period is not None)
    moved = tuple((a, t) for a in reversed(begun_ones) for t in a.edition.transition)
    return choices, law.given or edition.configured, moved


def _lighter(old: RowRule | None, new: RowRule | None) -> RowRule | None:
    """The row that weighs less on the participant, the older one when they weigh the same.

    A code that only one of them has says nothing of which is lighter (it may have been given another number): the
    older edition stays.
    """
    if old is None or new is None:
        return old
    return new if _weight(new) < _weight(old) else old


def _weight(rule: RowRule) -> tuple[int, Decimal]:
    """Any direct rating weighs more than any points."""
    return int(rule.grade is not None), rule.amount or Decimal(0)


def _known_somewhere(adopted: Sequence[Adopted], readings: Mapping[str, str]) -> dict[str, str]:
    """``readings`` when an edition on record knows each of them. Raises ``Invalid`` with what the newest one has."""
    unknown = {id: v for id, v in readings.items() if not any(_known_to(a.edition, {id: v}) for a in adopted)}
    checked_readings(adopted[-1].edition, unknown)
    return dict(readings)


def _known_to(edition: Edition, readings: Mapping[str, str]) -> dict[str, str]:
    """The readings that an edition has and can apply."""
    if not readings:
        return {}
    answers = {(r.id, v.name) for r in edition.reading for v in r.values if v.available}
    return {id: value for id, value in readings.items() if (id, value) in answers}


def checked_readings(edition: Edition, readings: Mapping[str, str]) -> dict[str, str]:
    """``readings`` when every id and value is in the register and can be applied. Raises ``Invalid``."""
    register = {r.id: r for r in edition.reading}
    problems = []
    for id, value in readings.items():
        reading = register.get(id)
        values = {v.name: v for v in reading.values} if reading else {}
        if reading is None:
            problems.append(
                FieldProblem(
                    f"/readings/{id}",
                    "unknown_reading",
                    sentence("law.regime.unknown_reading", edition=edition.id, reading=id, register=register),
                )
            )
        elif value not in values:
            problems.append(
                FieldProblem(
                    f"/readings/{id}",
                    "unknown_value",
                    sentence("law.regime.unknown_value", id=id, value=value, values=values),
                )
            )
        elif not values[value].available:
            problems.append(
                FieldProblem(
                    f"/readings/{id}",
                    "unavailable_value",
                    sentence("law.regime.unavailable_value", id=id, value=value),
                )
            )
    if problems:
        raise Invalid(tuple(problems))
    return dict(readings)
