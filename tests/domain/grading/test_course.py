"""The course of a grade: on every day what an assessment comes to, kept up fact by fact (Inner Mongolia ch. 3)."""

import datetime as dt
from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregates.casefile import CaseEvent, CaseFile, evolve, fold
from domain.events.facts import FactChanges, FactCorrected, FactRecorded, FactRetracted
from domain.events.joining import FileJoinedInto
from domain.events.registration import EmploymentRecorded
from domain.grading.course import GradeCourse, has_course
from domain.grading.deduction import assess
from domain.grading.staff import StaffFact
from domain.grading.step import DayGrade
from domain.grading.turning import turning_days
from domain.law.regime import Adopted, RegimeLaw
from domain.time import Period
from tests.domain.aggregates.test_evolve import AGENCY, DAYS_KNOWN, EDITION, PERSON, READINGS, law
from tests.support.properties import tried
from tests.support.strategies import DAYS, EVENTS, valid

ONE_DAY = dt.timedelta(days=1)
ALONE: list[dict[str, str]] = [
    *(chosen for chosen in READINGS if "I_03" not in chosen),
    {"I_01": "configured_label", "I_02": "no_floor", "I_04": "own_year"},
    {"I_06": "points_wait", "I_07": "deduct_at_once", "I_18": "articles_only"},
    {"I_15": "configured_months", "I_19": "always_d", "I_26": "proportional"},
    {"I_26": "follow_repair", "I_06": "decision_date", "I_08": "list_period"},
]
"""Readings under which each fact brings what it brings by itself."""
FACTS = st.lists(
    st.one_of(EVENTS, valid(FactRecorded)).filter(lambda event: not isinstance(event, FileJoinedInto)), max_size=25
)
"""Of a file that goes on in no other one: there it has no grade."""
STAFF = st.lists(
    st.builds(
        StaffFact,
        practitioner=st.sampled_from("PQR"),
        fact=st.sampled_from(["y1", "y2", "y3"]),
        effective_on=DAYS,
        ends_on=DAYS.map(lambda day: day + dt.timedelta(400)),
        recorded_at=st.just(7),
        repaired_on=st.none(),
    ),
    max_size=5,
)
HIRED = [EmploymentRecorded(employment=f"e{p}", practitioner=p, from_on=dt.date(2023, 1, 1)) for p in "PQR"]


def read(events: list[CaseEvent]) -> CaseFile:
    return fold("S", [(e, i) for i, e in enumerate([AGENCY, *HIRED, *events])])


def assessed(case: CaseFile, law: RegimeLaw, day: dt.date, staff: list[StaffFact]) -> DayGrade:
    found = assess(case, law.seen_on(day), day, staff)
    return DayGrade(found.score, found.grade, found.undetermined)


def days_around(case: CaseFile, law: RegimeLaw, staff: list[StaffFact]) -> list[dt.date]:
    days = turning_days(case, law, staff)
    return sorted({dt.date(2023, 1, 1), *days, *(day - ONE_DAY for day in days if day > dt.date.min)})


@tried(60)
@given(FACTS, st.sampled_from(ALONE), STAFF)
def test_on_every_day_the_course_is_what_an_assessment_comes_to(
    events: list[CaseEvent], chosen: dict[str, str], staff: list[StaffFact]
) -> None:
    case, known = read(events), law(**chosen)
    assert has_course(case, known)
    course = GradeCourse(case, known)
    for day in days_around(case, known, staff):
        assert course.on(day, staff) == assessed(case, known, day, staff)


@tried(60)
@given(FACTS, st.sampled_from(ALONE), STAFF, DAYS)
def test_from_a_day_on_every_day_is_told_on_which_the_grade_is_another(
    events: list[CaseEvent], chosen: dict[str, str], staff: list[StaffFact], from_on: dt.date
) -> None:
    case, known = read(events), law(**chosen)
    told = list(GradeCourse(case, known).from_day(from_on, staff))
    assert told[0][0] == from_on
    assert [day for day, _ in told] == sorted({day for day, _ in told})
    for day in days_around(case, known, staff):
        if day >= from_on:
            holds = [grade for on, grade in told if on <= day][-1]
            assert holds == assessed(case, known, day, staff)


@tried(60)
@given(FACTS, st.sampled_from(ALONE))
def test_a_fact_put_anew_changes_no_day_before_the_one_that_is_told(
    events: list[CaseEvent], chosen: dict[str, str]
) -> None:
    case, known = read([]), law(**chosen)
    course = GradeCourse(case, known)
    for number, event in enumerate(events, 10):
        days = days_around(case, known, [])
        before = {day: course.on(day, []) for day in days}
        evolve(case, event, number)
        fact = getattr(event, "fact", None)
        file = case.facts.get(fact or "")
        if fact is None or file is None:
            course = GradeCourse(case, known)
            continue
        first = course.put(file)
        for day in days:
            if first is None or day < first:
                assert course.on(day, []) == before[day]
        for day in days_around(case, known, []):
            assert course.on(day, []) == assessed(case, known, day, [])


@pytest.mark.parametrize(
    "chosen",
    [{"I_03": "literal_chain"}, {"I_11": "heaviest_only"}, {"I_12": "configured_points"}, {"I_13": "per_city"}],
    ids=["the published score", "the heaviest row", "added points", "the city"],
)
def test_where_a_fact_is_looked_at_beside_something_else_there_is_no_course(chosen: Mapping[str, str]) -> None:
    assert has_course(read([]), law())
    assert not has_course(read([]), law(**chosen))


def test_who_is_graded_by_counting_has_no_course() -> None:
    assert not has_course(fold("P", [(PERSON, 0)]), law())
    assert not has_course(CaseFile("nobody"), law())


def in_two_editions() -> RegimeLaw:
    """The edition up to 30 June 2024, from 1 July on another one that begins with 110 points, and none from 2025 on."""
    method = msgspec.structs.replace(EDITION.edition.methods["agency"], initial=110, cap=110)
    rows = tuple(msgspec.structs.replace(r, points=r.points and 2 * r.points) for r in EDITION.edition.row)
    later = msgspec.structs.replace(
        EDITION.edition, id="later", row=rows, methods={**EDITION.edition.methods, "agency": method}
    )
    july, year_end = dt.date(2024, 7, 1), dt.date(2025, 1, 1)
    adopted = (
        Adopted(edition=EDITION.edition, digest=EDITION.digest, period=Period(dt.date(2023, 1, 1), july)),
        Adopted(edition=later, digest="later", period=Period(july, year_end)),
    )
    return RegimeLaw("nmg.third_party", adopted, DAYS_KNOWN)


@tried(40)
@given(FACTS, STAFF)
def test_where_editions_follow_each_other_each_day_is_told_by_the_law_as_it_is_seen_on_it(
    events: list[CaseEvent], staff: list[StaffFact]
) -> None:
    case, known = read(events), in_two_editions()
    courses = {id(view): GradeCourse(case, view) for view in (known.seen_on(dt.date.min), *known.views())}
    ends = [dt.date(2022, 12, 31), *(dt.date(2024, 6, 30) + n * ONE_DAY for n in (0, 1)), dt.date(2024, 12, 31)]
    for day in [*ends, dt.date(2025, 1, 1), *days_around(case, known, staff)]:
        assert courses[id(known.seen_on(day))].on(day, staff) == assessed(case, known, day, staff)
    course = courses[id(known.seen_on(dt.date(2024, 7, 1)))]
    told = dict(course.from_day(dt.date(2024, 7, 1), staff))
    assert told[dt.date(2025, 1, 1)] == DayGrade(None, None, None)


B08 = FactRecorded(
    fact="x1",
    regime="nmg.third_party",
    authority="150100-EEB",
    row="B08",
    decided_on=dt.date(2024, 3, 4),
    document="某",
)


def test_a_plain_fact_counts_from_its_day_on_and_on_none_before() -> None:
    course = GradeCourse(read([B08]), law())
    assert course.on(dt.date(2024, 3, 3), []) == DayGrade("100", "N", None)
    assert course.on(dt.date(2024, 3, 4), []).score != "100"


def test_a_retracted_fact_gives_its_points_back_from_its_first_day_on() -> None:
    case = read([B08])
    course = GradeCourse(case, law())
    evolve(case, FactRetracted(fact="x1", reason="某"), 9)
    assert course.put(case.facts["x1"]) == dt.date(2024, 3, 4)
    assert course.on(dt.date(2024, 3, 4), []) == DayGrade("100", "N", None)
    assert course.put(case.facts["x1"]) is None


def test_a_corrected_day_moves_what_lies_between_the_old_and_the_new_one() -> None:
    case = read([B08])
    course = GradeCourse(case, law())
    changes = FactChanges(decided_on=dt.date(2024, 5, 6))
    evolve(case, FactCorrected(fact="x1", changes=changes, reason="某"), 9)
    assert course.put(case.facts["x1"]) == dt.date(2024, 3, 4)
    assert course.on(dt.date(2024, 5, 5), []).score == "100"
    assert course.on(dt.date(2024, 5, 6), []).score != "100"
