"""What is told of the papers and days behind a line."""

import datetime as dt

from application.answering.behind.particulars import TOLD, Particulars
from application.answering.grading import Question
from domain.events.facts import FactRecorded
from tests.support.filling import value_of
from tests.support.world import REGIME, World

SAID = {
    "summary": "超标排放",
    "occurred_on": "2024-02-01",
    "served_on": "2024-03-05",
    "final_on": "2024-05-06",
    "verified_on": "2024-03-01",
    "until_on": "2025-03-01",
}

GIVEN = ("row", "document", "authority", "decided_on")
"""What is said of every fact besides."""


def test_a_line_tells_all_that_is_on_record_of_its_fact_and_has_a_place_there() -> None:
    world = World()
    world.agency()
    of_a_fact = [name for name in Particulars.__struct_fields__ if name in FactRecorded.__struct_fields__]
    others = {*of_a_fact} - {*SAID, *GIVEN}
    said = {**SAID, **{name: str(value_of(FactRecorded, name)) for name in others}}
    world.fact("2024-05-07", "B11", "f", decided_on="2024-03-01", **said)
    found = world.grading.explained(Question(subject="A", regime=REGIME, as_of=dt.date(2024, 5, 7)))
    (told,) = [step.particulars for step in found.steps if step.fact == "f"]
    assert isinstance(told, Particulars)
    assert set(TOLD) <= set(of_a_fact)
    assert [name for name in of_a_fact if not getattr(told, name)] == [], "a field that was added is told in _of_fact"
    plain = {name: value for name, value in said.items() if name != "summary"}
    assert {name: str(getattr(told, name)) for name in plain} == plain
