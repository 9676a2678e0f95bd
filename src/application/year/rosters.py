"""Who is on the roster of an evaluation year, and how far the year is in a city or the region (arts. 22, 23).

Everything is folded from the files anew: progress is no state of its own, so it can be asked for any day as known at
any moment.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, cast

import msgspec

from application import time_budget as patience
from application.answering.case_files import case_file_of
from application.law.legislation import Legislation
from application.ports import Journal
from application.recording.notices import Notice
from application.wording import in_both_languages
from domain.aggregates.casefile import CaseFile
from domain.aggregates.years import current_round, step_of, steps_of
from domain.events.evaluation import StageRecorded
from domain.grading.tracks.annual import YearLine, annual_track
from domain.law.edition import DeadlineRule
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import Deadline, deadlines_of
from domain.sentence import sentence
from domain.time import Instant, iso_utc, legal_day
from domain.vocabulary import SubjectKind


def lies_in(region: str, within: str) -> bool:
    """Whether a place lies in a county, a city (``150100``) or a whole region (``150000``), by their codes."""
    return region.startswith(within.removesuffix("00").removesuffix("00"))


def place_below(region: str, within: str) -> str:
    """The place directly below another one in which a place lies; itself where that is a county or the same."""
    stem = within.removesuffix("00").removesuffix("00")
    return region[: len(stem) + 2].ljust(6, "0")


def listing_of(case: CaseFile, regime: str, year: int, until_on: dt.date = dt.date.max) -> StageRecorded | None:
    """The standing step by which a subject is on the roster of a year, dated up to ``until_on``."""
    step = step_of(current_round(steps_of(case, regime, year, until_on)), "roster")
    return None if step is None else step.event


def place_of(case: CaseFile, listing: StageRecorded | None, on: dt.date) -> str:
    """The region code a subject belongs to in a year: that of the day it was listed, else that of the day ``on``.

    Whoever listed an agency carries its year to the end, wherever it moves meanwhile.
    """
    return case.region_on(on if listing is None else listing.dated_on)


class ProgressQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked about a year: ``as_of`` absent means today, ``known_at`` absent now; ``position`` pins a later page
    to the first one's basis. The page holds ``limit`` subjects after the id ``after``, of those whose latest step is
    ``stage`` alone where that is given, and with ``behind`` of those alone for which a deadline was missed."""

    regime: str
    year: int
    region: str
    kind: SubjectKind = "agency"
    as_of: dt.date | None = None
    known_at: Instant | None = None
    position: int | None = None
    after: str | None = None
    limit: int = 100
    stage: str | None = None
    behind: bool = False


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """The subjects for which a deadline of the year was missed (``late``: done after it; ``skipped``: passed over;
    ``overdue``: not done): how many, since when the first was due, and the first ``NAMED`` of them by id."""

    kind: str
    state: Literal["late", "skipped", "overdue"]
    cites: tuple[str, ...]
    first_due_on: dt.date | None
    count: int
    subjects: tuple[str, ...]


class YearOfPlace(msgspec.Struct, frozen=True, kw_only=True):
    """How far the year is in a place directly below the region: as ``YearProgress`` counts, and for how many of the
    ``listed`` a deadline was missed (``late``, ``skipped``, ``overdue``)."""

    region: str
    listed: int
    unlisted: int
    stages: dict[str, int]
    late: int
    skipped: int
    overdue: int


class YearOfSubject(msgspec.Struct, frozen=True, kw_only=True):
    """Where one subject stands in the year: its latest step, its latest result and the record that gave it.

    ``behind`` names the deadlines that were missed, ``objections`` and ``comments`` what is still open. ``late`` and
    ``undone`` are those of the annual track: a published year may have to be reopened for them.
    """

    subject: str
    name: str | None
    region: str
    stage: str
    dated_on: dt.date
    record: str
    score: str | None
    grade: str | None
    undetermined: str | None
    given_by: str | None
    behind: tuple[str, ...]
    objections: tuple[str, ...]
    comments: tuple[str, ...]
    late: tuple[str, ...]
    undone: tuple[str, ...]


class YearProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the evaluation of a year is in a region, at the end of ``as_of`` as known at ``known_at``.

    ``listed`` subjects are on the roster, ``unlisted`` ones are registered there and are not. ``stages`` counts by
    latest step, ``grades`` by latest result (``undetermined``: a result without a grade; ``none``: no result yet).
    ``objections`` and ``comments`` count what is still open. ``warnings`` tell what will not fit into the time left.
    ``places`` are those directly below the region in which there are any. ``subjects`` is one page; ``next`` is where
    the following one begins, absent on the last.
    """

    regime: str
    year: int
    region: str
    kind: SubjectKind
    as_of: dt.date
    known_at: str
    position: int
    listed: int
    unlisted: int
    stages: dict[str, int]
    grades: dict[str, int]
    behind: tuple[Behind, ...]
    objections: int
    comments: int
    warnings: tuple[Notice, ...]
    places: tuple[YearOfPlace, ...]
    subjects: tuple[YearOfSubject, ...]
    next: str | None


NAMED: Final = 100
"""Most subjects that are named behind a count; the page of subjects tells the others."""


def year_progress(
    journal: Journal,
    legislation: Legislation,
    question: ProgressQuestion,
    now: Instant,
    readings: Mapping[str, str] | None = None,
) -> YearProgress:
    """How far a year is in a region. Reads every file of the kind. Raises ``NotFound`` for the regime."""
    position = question.position
    if position is None:
        asked_at = question.known_at
        position = journal.head().position if asked_at is None else journal.position_at(asked_at)
    known_at = now if question.known_at is None else question.known_at
    as_of = question.as_of or legal_day(now)
    law = legislation.at(question.regime, known_at=known_at, position=position, readings=readings).law
    tally = _Tally(law, question, as_of)
    for whole in journal.whole_streams(until=position, categories=(question.kind,)):
        tally.add(case_file_of(whole))
    page = tally.page[: question.limit]
    return YearProgress(
        regime=question.regime,
        year=question.year,
        region=question.region,
        kind=question.kind,
        as_of=as_of,
        known_at=iso_utc(known_at),
        position=position,
        listed=tally.listed,
        unlisted=tally.unlisted,
        stages=dict(tally.stages),
        grades=dict(tally.grades),
        behind=tally.behind(),
        objections=tally.objections,
        comments=tally.comments,
        warnings=tally.warnings(),
        places=tally.places(),
        subjects=tuple(page),
        next=page[-1].subject if len(tally.page) > len(page) else None,
    )


class _Tally:
    """The counts of a year, subject by subject."""

    def __init__(self, law: RegimeLaw, asked: ProgressQuestion, as_of: dt.date) -> None:
        self._law = law
        self._asked = asked
        self._as_of = as_of
        self.listed = self.unlisted = self.objections = self.comments = 0
        self.stages: Counter[str] = Counter()
        self.grades: Counter[str] = Counter()
        self.page: list[YearOfSubject] = []
        self._behind: dict[tuple[str, str], list[tuple[str, Deadline]]] = {}
        self._tight: dict[str, list[tuple[str, dt.date]]] = {}
        self._places: dict[str, Counter[str]] = {}

    def add(self, case: CaseFile) -> None:
        """Count a subject, if it belongs to the region."""
        patience.check_time()
        if case.joined_into is not None:
            # It is counted with the file in which it goes on.
            return
        asked, as_of = self._asked, self._as_of
        listing = listing_of(case, asked.regime, asked.year, as_of)
        place = place_of(case, listing, as_of)
        if not lies_in(place, asked.region):
            return
        counts = self._places.setdefault(place_below(place, asked.region), Counter())
        if listing is None:
            self.unlisted += 1
            counts["unlisted"] += 1
            return
        self.listed += 1
        counts["listed"] += 1
        (line,) = [y for y in annual_track(case, self._law, as_of) if y.year == asked.year]
        result = line.result
        self.stages[line.stage] += 1
        counts[f"{_STAGE}{line.stage}"] += 1
        self.grades["none" if result is None else result.grade or "undetermined"] += 1
        deadlines = [d for d in deadlines_of(case, self._law) if d.year == asked.year and d.starts_on <= as_of]
        behind = [d for d in deadlines if not d.passes and d.state_on(as_of) in _BEHIND]
        counts.update({deadline.state_on(as_of) for deadline in behind})
        for deadline in behind:
            self._behind.setdefault((deadline.kind, deadline.state_on(as_of)), []).append((case.subject, deadline))
        objections = tuple(
            d.started_by for d in deadlines if d.kind == "objection_decision" and d.state_on(as_of) in _OPEN
        )
        comments = tuple(_open_comments(case, asked.regime, asked.year, as_of))
        self.objections += len(objections)
        self.comments += len(comments)
        self._look_ahead(case)
        if asked.stage not in (None, line.stage) or (asked.behind and not behind):
            return
        if len(self.page) <= asked.limit and case.subject > (asked.after or ""):
            self.page.append(_line(case, line, place, as_of, behind, objections, comments))

    def behind(self) -> tuple[Behind, ...]:
        """The deadlines missed, the most often missed first."""
        lines = []
        for (kind, state), missed in self._behind.items():
            subjects = tuple(dict.fromkeys(subject for subject, _ in missed))
            lines.append(
                Behind(
                    kind=kind,
                    state=cast("Literal['late', 'skipped', 'overdue']", state),
                    cites=missed[0][1].cites,
                    first_due_on=min((d.due_on for _, d in missed if d.due_on is not None), default=None),
                    count=len(subjects),
                    subjects=subjects[:NAMED],
                )
            )
        return tuple(sorted(lines, key=lambda b: (-b.count, b.kind, b.state)))

    def places(self) -> tuple[YearOfPlace, ...]:
        """The places directly below the region, by their codes."""
        return tuple(
            YearOfPlace(
                region=region,
                listed=counts["listed"],
                unlisted=counts["unlisted"],
                stages={s: counts[f"{_STAGE}{s}"] for s in self.stages if counts[f"{_STAGE}{s}"]},
                late=counts["late"],
                skipped=counts["skipped"],
                overdue=counts["overdue"],
            )
            for region, counts in sorted(self._places.items())
        )

    # --- what will not fit -----------------------------------------------------------------------------------

    def _look_ahead(self, case: CaseFile) -> None:
        """Whether what the law still asks of the city fits before its last days, if the next step came today."""
        asked, as_of, law = self._asked, self._as_of, self._law
        standing = current_round(steps_of(case, asked.regime, asked.year, as_of))
        due_on = self._due("submission")
        if due_on is None or as_of > due_on or any(step_of(standing, s) for s in _SUBMITTED):
            return
        shown = step_of(standing, "publicity")
        shows = self._rule("publicity")
        if step_of(standing, "proposal") is None and shown is None:
            objecting, until_on = self._rule("objection"), self._due("publicity_start") or due_on
            if objecting is not None and objecting.working_days is not None and as_of <= until_on:
                ends_on = law.days.working_days_after(as_of, objecting.working_days).on
                if ends_on > until_on:
                    self._tight.setdefault("objections_do_not_fit", []).append((case.subject, ends_on))
        if shows is None or shows.working_days is None:
            return
        starts_on = as_of if shown is None else shown.event.dated_on
        ends_on = law.days.working_days_after(starts_on, shows.working_days).on
        if ends_on >= due_on:
            self._tight.setdefault("publicity_does_not_fit", []).append((case.subject, ends_on))
        elif (warn_on := self._warn_on()) is not None and starts_on > warn_on:
            self._tight.setdefault("little_time_left", []).append((case.subject, ends_on))

    def warnings(self) -> tuple[Notice, ...]:
        """What will not fit, with how many subjects it concerns."""
        due_on, start_on = self._due("submission"), self._due("publicity_start") or self._due("submission")
        found = []
        for code, concerned in sorted(self._tight.items()):
            count, ends_on = len(concerned), max(on for _, on in concerned)
            rule = self._rule("objection" if code == "objections_do_not_fit" else "publicity")
            if code == "objections_do_not_fit":
                says = sentence(
                    "year.objections_do_not_fit", count=count, ends_on=ends_on, due=start_on, as_of=self._as_of
                )
            else:
                says = sentence(f"year.tight.{code}", count=count, ends_on=ends_on, due=due_on)
            found.append(
                Notice(
                    code=code,
                    **in_both_languages(says),
                    ids=tuple(subject for subject, _ in concerned[:NAMED]),
                    cites=() if rule is None else rule.cites,
                )
            )
        return tuple(found)

    def _rule(self, kind: str) -> DeadlineRule | None:
        return self._law.deadline_rule(kind, self._asked.kind, self._asked.year)

    def _due(self, kind: str) -> dt.date | None:
        rule = self._rule(kind)
        return None if rule is None else _day_of(self._asked.year, rule.by)

    def _warn_on(self) -> dt.date | None:
        rule = self._rule("publicity_start")
        return None if rule is None else _day_of(self._asked.year, rule.warn_after)


_STAGE: Final = "stage:"
_BEHIND: Final = ("late", "skipped", "overdue")
_OPEN: Final = ("open", "overdue", "suspended")
_SUBMITTED: Final = ("submission", "publication", "rating")


def _day_of(year: int, month_day: str | None) -> dt.date | None:
    """The day fixed in the year after the evaluation year."""
    return None if month_day is None else dt.date.fromisoformat(f"{year + 1}-{month_day}")


def _open_comments(case: CaseFile, regime: str, year: int, as_of: dt.date) -> Iterator[str]:
    """The comments on the year's result, admissible or not, that nobody had looked into by the day."""
    for id, file in case.comments.items():
        against = case.stages.get(file.recorded.against)
        if file.retracted or against is None or (against.event.regime, against.event.year) != (regime, year):
            continue
        if file.recorded.filed_on <= as_of and (file.decided is None or file.decided.decided_on > as_of):
            yield id


def _line(
    case: CaseFile,
    line: YearLine,
    place: str,
    as_of: dt.date,
    behind: Sequence[Deadline],
    objections: tuple[str, ...],
    comments: tuple[str, ...],
) -> YearOfSubject:
    result = line.result
    return YearOfSubject(
        subject=case.subject,
        name=case.name_on(as_of),
        region=place,
        stage=line.stage,
        dated_on=line.dated_on,
        record=line.record,
        score=None if result is None else result.score,
        grade=None if result is None else result.grade,
        undetermined=None if result is None else result.undetermined,
        given_by=line.given_by,
        behind=tuple(dict.fromkeys(d.kind for d in behind)),
        objections=objections,
        comments=comments,
        late=line.late,
        undone=line.undone,
    )
