"""The sample counted before it is played, and a journal that is ahead of it."""

import pytest

from application.demo.desk import Planned, SampleIds
from application.demo.places import PLACES
from application.demo.region import JournalAhead, build, expected, sample_rows
from application.recording.commands import command_from
from application.recording.importing import Importing
from tests.support.world import REGIME, World


def planned(world: World, *rows: str) -> list[Planned]:
    facts = [
        {"subject": "A", "id": f"f{n}", "row": row, "regime": REGIME, "authority": "150100-EEB", "document": f"{n}号",
         "decided_on": "2023-01-02"}
        for n, row in enumerate(rows)
    ]  # fmt: skip
    moved = {"subject": "A", "changes": {"address": "新址"}, "from_on": "2023-01-02"}
    commands = [command_from(moved, name="change_subject"), *(command_from(each, name="record_fact") for each in facts)]
    return [Planned(world.clock.now(), "clerk", command) for command in commands]


def test_it_is_counted_how_often_each_row_is_recorded() -> None:
    assert sample_rows(planned(World(), "B08", "B09", "B08")) == {"B08": 2, "B09": 1}


def test_the_leagues_and_cities_that_are_expected_are_those_there_are() -> None:
    assert expected().leagues_and_cities == len(PLACES)


def test_a_journal_that_is_ahead_of_the_sample_is_refused() -> None:
    world = World()
    world.agency()
    earlier = planned(world, "B08")
    world.do("2024-03-20", "change_subject", subject="A", changes={"address": "另一处"}, from_on="2024-03-20")
    importing = Importing(world.journal, world.vault, world.clock, SampleIds(), world.legislation)
    with pytest.raises(JournalAhead):
        build(importing, world.clock, earlier)
