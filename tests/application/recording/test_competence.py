"""Region decides who may record where: an actor with a region code acts for that region."""

import pytest

from domain.errors import Refused
from interfaces.wording.texts import worded
from tests.support.world import REGIME, World

PLACES = {"330400": "嘉兴市", "330000": "浙江省", "110000": "北京市"}


@pytest.fixture
def world() -> World:
    world = World()
    world.agency()
    return world


@pytest.mark.parametrize(
    "actor", ["150100-clerk-04", "150121-clerk-01", "150000-officer-02", "000000-officer", "clerk"]
)
def test_who_is_within_or_above_the_region_or_names_none_may_record(world: World, actor: str) -> None:
    assert world.fact("2024-03-04", "B09", "f1", actor=actor).status == "recorded"


@pytest.mark.parametrize("actor", ["330400-clerk-01", "330000-officer", "110000-clerk"])
def test_who_is_of_another_region_may_not(world: World, actor: str) -> None:
    before = world.journal.head().position
    with pytest.raises(Refused) as refused:
        world.fact("2024-03-04", "B09", "f1", actor=actor)
    assert refused.value.code == "not_of_this_region"
    assert worded(refused.value.says).zh.startswith(f"{PLACES[actor[:6]]}不在《内蒙古自治区第三方环保机构信用评价")
    assert world.journal.head().position == before


def test_nor_may_they_touch_what_others_recorded(world: World) -> None:
    world.fact("2024-03-04", "B09", "f1")
    with pytest.raises(Refused) as refused:
        world.do("2024-03-05", "retract_fact", fact="f1", reason="误录", actor="330400-clerk-01")
    assert refused.value.code == "not_of_this_region"
    assert world.grade("2024-03-05").regime == REGIME
    assert world.running("2024-03-05") == ("95", "N")


def test_a_regime_is_recorded_under_by_its_own_region_whoever_the_subject_is(world: World) -> None:
    """An agency of Hohhot that works in Jiaxing: Jiaxing records its own fact, Inner Mongolia does not."""
    fields = {"verified_on": "2024-06-03", "occurred_on": "2024-05-06", "regime": "jiaxing.monitoring"}
    own = world.fact("2024-06-03", "J4", "j1", actor="330400-clerk-01", authority="330400-EEB", **fields)
    assert own.status == "recorded"
    with pytest.raises(Refused):
        world.fact("2024-06-03", "J4", "j2", actor="150100-clerk-04", authority="330400-EEB", **fields)
