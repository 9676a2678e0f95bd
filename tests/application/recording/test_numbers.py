"""One unified social credit code, one file of a kind."""

import datetime as dt
from typing import Any

import pytest

from application.principal import Principal
from application.recording.commands import command_from
from application.recording.importing import Importing
from domain.errors import Conflict, Invalid
from tests.support.words import words_of
from tests.support.world import USCC, World, credit_code

OTHER = credit_code("other")


def register(id: str, uscc: str = USCC, do: str = "register_agency", **more: Any) -> dict[str, Any]:
    services: dict[str, Any] = {"services": ["monitoring"]} if do == "register_agency" else {}
    return {"do": do, "id": id, "uscc": uscc, "name": f"机构{id}", "region": "150100", **services, **more}


def importing(world: World) -> Importing:
    return Importing(world.journal, world.vault, world.clock, world.ids, world.legislation)


def change(world: World, day: str, subject: str, uscc: str, why: str | None, **more: Any) -> None:
    told: dict[str, Any] = {} if why is None else {"uscc_change": why}
    world.do(day, "change_subject", subject=subject, changes={"uscc": uscc}, from_on=day, **told, **more)


def test_a_second_file_of_the_same_number_is_refused_and_told_whose_it_is() -> None:
    world = World()
    world.agency("A", name="呼和浩特甲检测")
    with pytest.raises(Conflict) as refused:
        world.agency("B", uscc=USCC)
    assert refused.value.code == "uscc_registered"
    assert "呼和浩特甲检测" in words_of(refused.value).zh
    assert world.journal.owner_of("B") is None


def test_the_same_registration_again_is_no_news() -> None:
    world = World()
    world.agency("A")
    world.agency("A")
    assert world.casework.file("A").version == 1


def test_an_agency_may_be_a_client_of_others() -> None:
    world = World()
    world.agency("A")
    world.do("2023-01-02", "register_client", id="C", uscc=USCC, name="甲检测", region="150100")
    with pytest.raises(Conflict):
        world.do("2023-01-02", "register_client", id="D", uscc=USCC, name="甲检测", region="150100")


def test_a_corrected_number_was_always_so_and_the_wrong_one_is_free_again() -> None:
    world = World()
    world.agency("A")
    change(world, "2024-05-01", "A", OTHER, "corrected")
    case = world.casework.file("A")
    assert {case.uscc_on(None), case.uscc_on(world_day("2023-01-02"))} == {OTHER}
    world.agency("B", uscc=USCC)
    with pytest.raises(Conflict):
        world.agency("D", uscc=OTHER)


@pytest.mark.parametrize("why", ["reissued", "merged"])
def test_a_new_number_counts_from_its_day_and_the_old_one_goes_on_standing_for_the_file(why: str) -> None:
    world = World()
    world.agency("A")
    change(world, "2024-05-01", "A", OTHER, why)
    case = world.casework.file("A")
    assert case.uscc_on(world_day("2024-04-30")) == USCC
    assert case.uscc_on(world_day("2024-05-01")) == OTHER
    for number in (USCC, OTHER):
        with pytest.raises(Conflict):
            world.agency("B", uscc=number)


def test_a_number_of_another_file_cannot_be_taken_by_a_change() -> None:
    world = World()
    world.agency("A")
    world.agency("B")
    with pytest.raises(Conflict) as refused:
        change(world, "2024-05-01", "B", USCC, "corrected")
    assert refused.value.code == "uscc_registered"


def test_a_change_of_the_number_says_why_and_has_a_right_check_digit() -> None:
    world = World()
    world.agency("A")
    with pytest.raises(Invalid) as refused:
        change(world, "2024-05-01", "A", OTHER, None)
    assert [p.pointer for p in refused.value.problems] == ["/uscc_change"]
    with pytest.raises(Invalid) as refused:
        change(world, "2024-05-01", "A", OTHER[:-1] + ("1" if OTHER[-1] != "1" else "2"), "corrected")
    assert [p.pointer for p in refused.value.problems] == ["/changes/uscc"]
    world.practitioner("P")
    with pytest.raises(Invalid):
        change(world, "2024-05-01", "P", OTHER, "corrected")


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_file_with_the_same_number_twice_is_refused_in_the_trial_as_in_the_real_run(dry_run: bool) -> None:
    world = World()
    commands = [command_from(register(id)) for id in ("A", "B")]
    answers = importing(world).record_many(commands, by=Principal("clerk"), dry_run=dry_run)
    assert [getattr(a, "code", "good") for a in answers] == ["good", "uscc_registered"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_file_with_the_same_person_written_in_two_ways_is_refused_in_the_trial_too(dry_run: bool) -> None:
    world = World()
    person = {"do": "register_practitioner", "name": "张某", "region": "150100"}
    numbers = ("11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２X")
    commands = [command_from({**person, "id": f"P{n}", "id_number": number}) for n, number in enumerate(numbers)]
    answers = importing(world).record_many(commands, by=Principal("clerk"), dry_run=dry_run)
    assert [getattr(a, "code", "good") for a in answers][:2] == ["good", "person_registered"]


def world_day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
