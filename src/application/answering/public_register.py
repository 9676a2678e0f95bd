"""The public register: what the rules of visibility open to everybody on a day (Inner Mongolia arts. 22, 23(4), 40).

Agencies only: their directory entry, a proposed grade while it is on show, results published or adjusted, the lines
behind the result now shown without any free text, commitment letters filed. Never a practitioner (art. 23(4)), never a
warning or an advisory, never a fact that is no longer in use.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from application import time_budget
from application.answering.case_files import case_file, no_such_file, with_joined
from application.answering.grading import PublicGrade, Read, public_of
from application.answering.rankings import ranking_place
from application.answering.results import staff_of
from application.law.legislation import KnownLaw, Legislation
from application.ports import Clock, Journal, Recorded
from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.records import RecordFile
from domain.aggregates.years import current_round, published, step_of, steps_of, years_of
from domain.errors import CaseError, FieldProblem, Invalid, NotFound
from domain.events.evaluation import RecordRetracted, ResultAdjusted, StageRecorded
from domain.events.registration import AgencyRegistered
from domain.grading import banding
from domain.grading.effect import effective_day
from domain.grading.tracks.annual import facts_held
from domain.law.edition import Banding, Deduction, only
from domain.law.regime import RegimeLaw
from domain.places import is_within
from domain.procedures.steps import publicity_ends_on
from domain.sentence import sentence
from domain.time import Instant, end_of_day, legal_day

_FILES: Final = 200
"""Files that are read at once where all are counted."""


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """A proposed grade on show from ``from_on`` to ``until_on``, that day included; comments are taken that long."""

    year: int
    grade: str | None
    from_on: dt.date
    until_on: dt.date
    record: str


class PublishedResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an evaluation year as it was last published."""

    year: int
    grade: str | None
    score: str | None
    published_on: dt.date
    record: str


class WithdrawnResult(msgspec.Struct, frozen=True, kw_only=True):
    """A publication that was taken back as recorded in error: of which year, when it was made, when it was taken back.
    What it said is shown no more."""

    year: int
    published_on: dt.date
    withdrawn_on: dt.date
    record: str


class RedactedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A fact behind the result now shown: its row, its articles, and the day it counts from. No free text.

    ``what`` is the row in the words of the edition, in the language of the answer.
    """

    row: str
    cites: tuple[str, ...]
    effective_on: dt.date | None
    what: str | None = None


class CommitmentLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter of commitment filed for an evaluation year; it consents to being public (annex 3)."""

    year: int
    filed_on: dt.date


class RegisterEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An agency on a list of the register. ``grade`` is ``None`` for one without a published result."""

    id: str
    name: str
    uscc: str
    region: str
    services: tuple[str, ...]
    grade: str | None
    since: dt.date | None
    on_show: tuple[Proposed, ...]
    withdrawn: tuple[WithdrawnResult, ...]


class RegisterPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the register says of one agency on the day ``as_of``."""

    id: str
    name: str
    uscc: str
    region: str
    services: tuple[str, ...]
    regime: str
    as_of: dt.date
    public: PublicGrade | None
    lines: tuple[RedactedLine, ...]
    on_show: tuple[Proposed, ...]
    results: tuple[PublishedResult, ...]
    withdrawn: tuple[WithdrawnResult, ...]
    commitments: tuple[CommitmentLetter, ...]


class GradesShown(msgspec.Struct, frozen=True, kw_only=True):
    """How many agencies the register shows with a grade; ``None`` for those without a published result."""

    grade: str | None
    number: int


class RegisterCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What the register shows on a day, counted: agencies by grade, those with a proposed grade on show, those of whom
    a publication was withdrawn."""

    regime: str
    region: str | None
    as_of: dt.date
    counts: tuple[GradesShown, ...]
    total: int
    on_show: int
    withdrawn: int


class Register:
    """The use case of reading the public register. Safe to share between threads."""

    def __init__(self, journal: Journal, clock: Clock, legislation: Legislation) -> None:
        self._journal = journal
        self._clock = clock
        self._legislation = legislation

    def today(self, regime: str) -> "RegisterOfDay":
        """The register under a regime as it stands now. Raises ``NotFound`` for the regime."""
        return self.on(regime, None)

    def on(self, regime: str, day: dt.date | None, position: int | None = None) -> "RegisterOfDay":
        """The register as it stood at the end of a day, by what was on record then: what was shown, whatever came to
        light since. Without a day, and of today, as it stands now; ``position`` keeps the pages of a list together.

        Raises ``NotFound`` for a regime of which nothing was known then, ``Invalid`` for a day to come.
        """
        head = self._journal.head()
        now = max(self._clock.now(), head.recorded_at)
        today = legal_day(now)
        if day is not None and day > today:
            says = sentence("answering.public_register.day_to_come", day=day, today=today)
            raise Invalid((FieldProblem("/as_of", "day_to_come", says),))
        moment = now if day is None or day == today else end_of_day(day)
        if position is None:
            position = head.position if moment == now else self._journal.position_at(moment)
        known = self._legislation.at(regime, known_at=moment, position=position)
        return RegisterOfDay(self._journal, known, moment, position)

    def counts(self, regime: str, day: dt.date | None, region: str | None) -> RegisterCounts:
        """What the register shows, counted over every agency. Raises like ``on``."""
        register = self.on(regime, day)
        grades: Counter[str | None] = Counter()
        on_show = withdrawn = 0
        for entry in register.entries():
            if region is None or is_within(entry.region, region):
                grades[entry.grade] += 1
                on_show += bool(entry.on_show)
                withdrawn += bool(entry.withdrawn)
        return RegisterCounts(
            regime=regime,
            region=region,
            as_of=register.as_of,
            counts=tuple(
                GradesShown(grade=grade, number=number)
                for grade, number in sorted(grades.items(), key=lambda found: (found[0] is None, found[0] or ""))
            ),
            total=grades.total(),
            on_show=on_show,
            withdrawn=withdrawn,
        )


class RegisterOfDay:
    """The register at one moment under one law."""

    def __init__(
        self, journal: Journal, known: KnownLaw, now: Instant, position: int, as_of: dt.date | None = None
    ) -> None:
        """``as_of`` is the day of ``now`` unless the register of another day is meant, by what was known then."""
        self._journal = journal
        self._known = known
        self.known_at = now
        self.position = position
        self.as_of = as_of or legal_day(now)

    def entries(self) -> Iterator[RegisterEntry]:
        """The line of every agency, in the order of their ids. Gives up when the time of a question is over."""
        after: str | None = None
        while rows := self._journal.subjects(kind="agency", after=after, limit=_FILES, until=self.position):
            files = self._journal.streams([row.subject for row in rows], until=self.position)
            for row in rows:
                time_budget.check_time()
                entry = self.entry(row.subject, files[row.subject])
                if entry is not None:
                    yield entry
            after = rows[-1].subject

    def page(self, subject: str) -> RegisterPage:
        """What everybody may see of an agency. Raises ``NotFound``, for a practitioner as for an unknown id."""
        rows = self._journal.stream(subject, until=self.position)
        read = self._read(subject, rows)
        if read is None:
            raise self._not_shown(subject, rows)
        regime = self._known.law.regime
        return RegisterPage(
            **_directory(read),
            regime=regime,
            as_of=self.as_of,
            public=public_of(read),
            lines=tuple(_lines(read)),
            on_show=tuple(_on_show(read)),
            results=tuple(_results(read.case, regime, self.as_of)),
            withdrawn=tuple(_withdrawn(read, rows)),
            commitments=tuple(_commitments(read.case, regime, self.as_of)),
        )

    def entry(self, subject: str, rows: Sequence[Recorded], year: int | None = None) -> RegisterEntry | None:
        """A line of a list from the events of a file; ``None`` for a practitioner and, with a year, for an agency that
        has nothing of that year to show."""
        read = self._read(subject, rows)
        if read is None:
            return None
        on_show, public = tuple(_on_show(read)), public_of(read)
        results = published(read.case, self._known.law.regime, self.as_of)
        if year is not None and year not in {p.year for p in on_show} | {p.event.year for p in results}:
            return None
        return RegisterEntry(
            **_directory(read),
            grade=None if public is None else public.grade,
            since=None if public is None else public.since,
            on_show=on_show,
            withdrawn=tuple(_withdrawn(read, rows)),
        )

    def shown(self, subject: str, rows: Sequence[Recorded]) -> tuple[PublicGrade | None, tuple[RedactedLine, ...]]:
        """The grade that the register shows of an agency, and the facts that bear it."""
        read = self._read(subject, rows)
        return (None, ()) if read is None else (public_of(read), tuple(_lines(read)))

    def withdrawn(self, subject: str, rows: Sequence[Recorded]) -> tuple[WithdrawnResult, ...]:
        """The publications of an agency that were taken back."""
        read = self._read(subject, rows)
        return () if read is None else tuple(_withdrawn(read, rows))

    def _not_shown(self, subject: str, rows: Sequence[Recorded]) -> CaseError:
        """What is said of a subject that the register does not show; of an agency where it is shown now."""
        if not rows or not isinstance(rows[0].event, AgencyRegistered):
            return NotFound("subject", subject)
        return no_such_file(case_file(subject, rows))

    def _read(self, subject: str, rows: Sequence[Recorded]) -> Read | None:
        if not rows or not isinstance(rows[0].event, AgencyRegistered):
            return None
        case, known = case_file(subject, rows), self._known
        if case.kind is None:
            return None
        # What is public follows the running grade, and so the staff, under one reading only (I-09).
        follows = known.law.choices.public_follows
        staff = staff_of(self._journal, case, known, self.position) if follows else ()
        ranking_place(case, known.law, self._journal, self.position)
        return Read(case, known, staff, self.as_of, self.known_at, self.position)


def _directory(read: Read) -> dict[str, Any]:
    """What the base directory says of an agency (art. 15(2))."""
    case, registration = read.case, read.case.registration
    return {
        "id": case.subject,
        "name": case.name_on(read.as_of),
        "uscc": case.uscc_on(read.as_of) if isinstance(registration, AgencyRegistered) else None,
        "region": case.region_on(read.as_of),
        "services": tuple(sorted(case.services_on(read.as_of))),
    }


def _on_show(read: Read) -> Iterator[Proposed]:
    """The proposed grades whose days of publicity are not over (art. 22(3))."""
    case, law = read.case, read.known.law
    for year in years_of(case, law.regime):
        file = step_of(current_round(steps_of(case, law.regime, year, read.as_of)), "publicity")
        if file is None:
            continue
        until_on = on_show_until(law, file.event)
        if until_on is not None and read.as_of <= until_on:
            result = file.event.result
            yield Proposed(
                year=year,
                grade=None if result is None else result.grade,
                from_on=file.event.dated_on,
                until_on=until_on,
                record=file.event.record,
            )


def on_show_until(law: RegimeLaw, publicity: StageRecorded) -> dt.date | None:
    """The last day on which a proposed result is on show."""
    return publicity_ends_on(law, publicity) or _reviewable_until(law, publicity)


def _reviewable_until(law: RegimeLaw, publicity: StageRecorded) -> dt.date | None:
    """Where no length of publicity is given a result is on show as long as a review can be applied for (Jiaxing para.
    16(1))."""
    rule = law.deadline_rule("objection", "agency", publicity.year)
    if rule is None or rule.starts != "publicity" or rule.working_days is None:
        return None
    return law.days.working_days_after(publicity.dated_on, rule.working_days).on


def _results(case: CaseFile, regime: str, as_of: dt.date) -> Iterator[PublishedResult]:
    """The latest publication of every year, the newest year first; earlier results stay in the history."""
    latest = {f.event.year: f.event for f in published(case, regime, as_of)}
    for year in sorted(latest, reverse=True):
        event = latest[year]
        yield PublishedResult(
            year=year,
            grade=None if event.result is None else event.result.grade,
            score=None if event.result is None else event.result.score,
            published_on=event.dated_on,
            record=event.record,
        )


def _withdrawn(read: Read, rows: Sequence[Recorded]) -> Iterator[WithdrawnResult]:
    """The publications that were taken back, in the order in which that was recorded."""
    for recorded in with_joined(rows):
        if not isinstance(recorded.event, RecordRetracted):
            continue
        file = read.case.stages.get(recorded.event.record)
        if file is None or not file.retracted or file.event.stage != "publication":
            continue
        if file.event.regime == read.known.law.regime and file.event.dated_on <= read.as_of:
            yield WithdrawnResult(
                year=file.event.year,
                published_on=file.event.dated_on,
                withdrawn_on=legal_day(recorded.recorded_at),
                record=file.event.record,
            )


def _lines(read: Read) -> Iterator[RedactedLine]:
    """The facts of the result now shown that are still in use: neither undone nor repaired."""
    law, given = read.known.law, _given_behind(read)
    method = law.method(read.case.kind, read.as_of)
    shown = () if given is None or given.event.result is None else given.event.result.counted
    banded = only(Banding, method)
    if only(Deduction, method) is not None and given is not None:
        # Those that bear it through a derived line or an earlier published score come after those that counted.
        shown = (*shown, *sorted(facts_held(read.case, law, given, read.staff)))
    if banded is not None:
        # Verified violations are made public at once, not with the next result (Jiaxing para. 17).
        steps = banding.assess(read.case, law, read.as_of, banded).steps
        shown = (*shown, *(s.fact for s in steps if s.counted and s.fact is not None))
    for id in dict.fromkeys(shown):
        file = read.case.facts.get(id)
        rule = None if file is None else law.row_of(file.record)
        if file is not None and rule is not None and _in_use(file, read.as_of):
            yield RedactedLine(row=rule.code, cites=rule.cites, effective_on=effective_day(file, rule, law)[0])


def _in_use(file: FactFile, as_of: dt.date) -> bool:
    repaired = any((on := r.takes_effect_on) is not None and on <= as_of for r in file.repairs)
    return not file.is_void and not repaired and file.national_repair is None


def _given_behind(read: Read) -> RecordFile[StageRecorded] | RecordFile[ResultAdjusted] | None:
    """The latest publication or adjustment; repairs since then only take facts out of its result."""
    case, regime = read.case, read.known.law.regime
    given: list[tuple[dt.date, RecordFile[StageRecorded] | RecordFile[ResultAdjusted]]] = [
        (f.event.dated_on, f) for f in published(case, regime, read.as_of)
    ]
    given += [
        (f.event.decided_on, f)
        for f in case.adjustments.values()
        if not f.retracted and f.event.regime == regime and f.event.decided_on <= read.as_of
    ]
    return max(given, key=lambda g: g[0])[1] if given else None


def _commitments(case: CaseFile, regime: str, as_of: dt.date) -> Iterator[CommitmentLetter]:
    for year in years_of(case, regime):
        for step in steps_of(case, regime, year, as_of):
            if step.event.stage == "commitment":
                yield CommitmentLetter(year=year, filed_on=step.event.dated_on)
