"""Register, year and measures of random files never contradict each other (Inner Mongolia arts. 16, 28, 34-36).

An agency is published year by year while its facts are corrected, repaired, annulled and recorded late. Beside the
product a plain reckoning keeps what each publication held and takes out of it what was repaired since.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.answering.grading import GradeAnswer
from application.ports import Entry
from application.principal import Principal
from domain.errors import CaseError
from domain.events.evaluation import AdjustmentGraded, ResultAdjusted, StageGraded, StageRecorded
from domain.events.results import Result
from tests.support.procedure import Procedure
from tests.support.properties import tried
from tests.support.world import BUREAU

DIRECT = "D"
FACTS = ("f1", "f2", "f3")
ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("B12", {"points": "30"}),
    ("B12", {"points": "45"}),
    ("B12", {"points": "3"}),
    ("B11", {"final_on": "own"}),
    ("B08", {}),
    ("S12", {}),
    ("C11", {"authority": "150000-EEB"}),
    ("C11", {}),
)
CORRECTIONS: tuple[dict[str, Any], ...] = (
    {"points": "3"},
    {"points": "45"},
    {"row": "S12", "points": None},
    {"row": "B08", "points": None},
    {"row": "C11", "points": None},
    {"decided_on": "2024-02-01"},
    {"authority": "150100-EEB"},
    {"authority": "150000-EEB"},
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["correct", "correct", "repair", "repair", "repair", "nationally", "annul", "rectify", "retract", "record",
             "publish", "publish", "take back"]
        ),
        st.sampled_from(FACTS),
        st.integers(0, 11),
        st.sampled_from([1, 20, 60, 150]),
    ),
    min_size=2,
    max_size=10,
)  # fmt: skip
BEGINNING = st.tuples(st.integers(0, 7), st.integers(0, 7))
"""The rows of the facts that are on record when the first result is published."""
READINGS = st.sampled_from(
    [{}, {}, {"I_03": "literal_chain"}, {"I_28": "automatic"}, {"I_33": "not_raised"}, {"I_34": "by_decision"}]
)
LAST = dt.date(2027, 1, 10)


def played(beginning: tuple[int, int], steps: list[tuple[str, str, int, int]], readings: dict[str, str]) -> Procedure:
    """The file after the steps, each some days after the one before; what the law refuses is left out."""
    world = Procedure(readings)
    world.agency(services=("monitoring", "carbon_verification"))
    for fact, row in zip(FACTS, beginning, strict=False):
        _do(world, "record", fact, row, "2024-05-01", 0)
    day = dt.date(2025, 6, 5)
    _do(world, "publish", "", 0, day.isoformat(), 90)
    for number, (what, fact, choice, wait) in enumerate(steps):
        day = min(day + dt.timedelta(wait), LAST)
        try:
            _do(world, what, fact, choice, day.isoformat(), number)
        except CaseError:
            continue
    return world


def _do(world: Procedure, what: str, fact: str, choice: int, day: str, number: int) -> None:
    dated = max(dt.date.fromisoformat(day) - dt.timedelta((0, 0, 40, 400)[choice % 4]), dt.date(2023, 1, 2)).isoformat()
    match what:
        case "record":
            row, fields = ROWS[(choice + number) % len(ROWS)]
            fields = {k: dated if v == "own" else v for k, v in fields.items()}
            world.fact(day, row, fact, **{"decided_on": dated, **fields})
        case "correct":
            world.do(day, "correct_fact", fact=fact, changes=CORRECTIONS[choice % len(CORRECTIONS)], reason="误录")
        case "repair":
            world.do(day, "apply_repair", subject="A", id=f"r{number}", regime="nmg.third_party", facts=[fact],
                     dated_on=dated, completed_on=dated)  # fmt: skip
            world.do(day, "confirm_repair", repair=f"r{number}", confirmed_on=dated, by="city_bureau", certificate="书")
        case "nationally":
            world.do(day, "record_national_repair", fact=fact, granted_on=dated, document="修复", id=f"n{number}")
        case "annul":
            effect = ("ab_initio", "prospective")[choice % 2]
            world.do(day, "set_aside_fact", fact=fact, decided_on=dated, authority="150100-CRT", document="判决",
                     effect=effect, id=f"s{number}")  # fmt: skip
        case "rectify":
            world.do(day, "confirm_rectification", fact=fact, completed_on=dated, confirmed_on=dated, authority=BUREAU)
        case "retract":
            world.do(day, "retract_fact", fact=fact, reason="误录")
        case "publish":
            year = dt.date.fromisoformat(day).year - 1
            world.step(day, "publication", f"u{number}", year=year)
        case _:
            records = sorted(world.casework.file("A").records)
            if records:
                world.do(day, "retract_record", record=records[choice % len(records)], reason="误录")


def told_as_ever(world: Procedure) -> Procedure:
    """The same file as it was recorded before results said what they held."""
    older = Procedure(world.readings)
    for recorded in world.journal.feed():
        event: Any = recorded.event
        if recorded.stream == "law":
            continue
        if isinstance(event, StageGraded | AdjustmentGraded):
            plain: Any = StageRecorded if isinstance(event, StageGraded) else ResultAdjusted
            fields = {f: getattr(event, f) for f in plain.__struct_fields__}
            result = None if event.result is None else msgspec.structs.replace(event.result, holdings=None)
            event = plain(**{**fields, "result": result})
        older.clock.set(recorded.recorded_at)
        older.journal.append(
            [Entry("A", "agency", recorded.version, event, event.introduced_id)], by=Principal("clerk")
        )
    return older


def days_of(world: Procedure) -> list[str]:
    """The days on which something was recorded or counts, and those around them."""
    case = world.casework.file("A")
    days = {dt.date(y, m, d) for y in (2024, 2025, 2026) for m, d in ((1, 1), (6, 5), (12, 31))}
    for event in case.events:
        days |= {v for f in event.__struct_fields__ if isinstance(v := getattr(event, f), dt.date)}
    around = {day + dt.timedelta(n) for day in days for n in (-1, 0, 1)}
    return [day.isoformat() for day in sorted(around) if dt.date(2024, 1, 1) <= day <= LAST]


def shown(answer: GradeAnswer) -> tuple[Any, ...]:
    years = tuple((y.year, y.score, y.grade, y.late, tuple(sorted(y.undone))) for y in answer.annual)
    return answer.public, years, tuple(m.cites for m in answer.measures), answer.running


def without(result: Result, repaired: set[str]) -> str | None:
    """The grade of a result without what was repaired: by hand, from what it says it held."""
    gone, left, given_back = False, False, Decimal(0)
    for holding in result.holdings or ():
        rests_on = {holding.fact, *holding.sources}
        points = holding.effect.startswith("-")
        if rests_on & repaired:
            gone, given_back = True, given_back - (Decimal(holding.effect) if points else 0)
        elif not points:
            left = True
    if not gone:
        return result.grade
    if left:
        return DIRECT
    raw = Decimal(result.score or 0)
    if raw == 0 and result.deducted is not None:
        raw = 100 - Decimal(result.deducted)
    score = min(raw + given_back, Decimal(100))
    return "N" if score >= 75 else "C" if score >= 60 else "D"


def last_published(world: Procedure, day: dt.date) -> StageRecorded | None:
    found = [
        f.event
        for f in world.casework.file("A").stages.values()
        if not f.retracted and f.event.stage == "publication" and f.event.dated_on <= day
    ]
    return max(found, key=lambda e: (e.year, e.dated_on), default=None)


def repaired_since(world: Procedure, published: StageRecorded, day: dt.date, *, national: bool) -> Iterator[str]:
    """The facts that were repaired after a publication, or before it by what was recorded after it."""
    for file in world.casework.file("A").facts.values():
        ends = [(on, r.known_since) for r in file.repairs if (on := r.takes_effect_on) is not None]
        if national and file.national_repair is not None and file.national_repair.granted_on >= dt.date(2026, 4, 1):
            ends.append((file.national_repair.granted_on, file.nationally_repaired_at))
        for on, known_at in ends:
            known_on = dt.datetime.fromtimestamp(known_at / 1e6, tz=dt.timezone(dt.timedelta(hours=8))).date()
            if on <= day and (on > published.dated_on or known_on <= day):
                yield file.id


@pytest.mark.slow
@tried(20)
@given(BEGINNING, STEPS, READINGS)
def test_measures_never_go_beyond_the_register_nor_the_register_beyond_what_was_published(
    beginning: tuple[int, int], steps: list[tuple[str, str, int, int]], readings: dict[str, str]
) -> None:
    """Arts. 35, 36, I-10."""
    world = played(beginning, steps, readings)
    order = {None: -1, "N": 0, "C": 1, "D": 2}
    for day in days_of(world):
        answer = world.grade(day)
        public = None if answer.public is None else answer.public.grade
        borne = {0: "N", 3: "C", 11: "D"}[len(answer.measures)]
        assert order[borne] <= max(order[public], 0), (day, public, borne)
        for line in answer.annual:
            if answer.public is not None and answer.public.year == line.year and answer.public.status == "published":
                assert public == line.grade, (day, public, line)


@pytest.mark.slow
@tried(20)
@given(BEGINNING, STEPS, st.sampled_from([{}, {"I_33": "not_raised"}]))
def test_the_register_is_what_was_published_without_what_was_repaired_since(
    beginning: tuple[int, int], steps: list[tuple[str, str, int, int]], readings: dict[str, str]
) -> None:
    """Art. 28, I-32 to I-34, reckoned by hand."""
    world = played(beginning, steps, readings)
    for day in days_of(world):
        published = last_published(world, dt.date.fromisoformat(day))
        answer = world.grade(day)
        if published is None or published.result is None:
            assert answer.public is None
            continue
        repaired = set(repaired_since(world, published, dt.date.fromisoformat(day), national=not readings))
        assert answer.public is not None
        assert answer.public.grade == without(published.result, repaired), day


@pytest.mark.slow
@tried(15)
@given(BEGINNING, STEPS, READINGS)
def test_a_file_recorded_before_results_said_what_they_held_reads_the_same(
    beginning: tuple[int, int], steps: list[tuple[str, str, int, int]], readings: dict[str, str]
) -> None:
    """What was held is found by executing the receipts again."""
    world = played(beginning, steps, readings)
    older = told_as_ever(world)
    for day in days_of(world):
        assert shown(older.grade(day)) == shown(world.grade(day)), day
