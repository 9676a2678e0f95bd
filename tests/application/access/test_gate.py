"""The wall before commands: a role records on the files of its place as they are today, and on no other."""

import datetime as dt
from typing import Any

import pytest

from application.access.roles import Forbidden
from application.principal import Principal, Role
from application.recording.commands import command_from
from application.recording.importing import Importing
from application.year.evaluation import roster_from
from domain.errors import CaseError, NotFound
from domain.time import at_hour
from interfaces.files.shipped import shipped_editions
from tests.support.world import BUREAU, REGIME, World

_ACT = {"regime": REGIME, "row": "B09", "authority": BUREAU, "document": "文书", "decided_on": "2024-03-01"}


EDITION = "nmg.third_party@draft"


def officer(place: str = "150100", role: Role = "officer") -> Principal:
    return Principal(f"{role}-{place}", role, place)


@pytest.fixture
def world() -> World:
    world = World()
    world.agency("A")
    world.fact("2024-03-01", "B09", "f1")
    return world


def ask(world: World, do: str, by: Principal, **fields: Any) -> str:
    return world.casework.submit(command_from(fields, name=do), by=by).status


def refused(world: World, do: str, by: Principal, **fields: Any) -> str:
    with pytest.raises((Forbidden, NotFound)) as told:
        ask(world, do, by, **fields)
    return told.value.code


@pytest.mark.parametrize("place", ["150100", "150000", "000000"])
def test_who_is_of_the_place_or_above_it_records(world: World, place: str) -> None:
    assert ask(world, "record_fact", officer(place), subject="A", **{**_ACT, "document": "另一文书"}) == "recorded"


@pytest.mark.parametrize("place", ["150200", "150102", "330200"])
def test_to_who_is_of_another_place_the_file_and_its_facts_are_unknown(world: World, place: str) -> None:
    before = world.journal.head()
    assert refused(world, "record_fact", officer(place), subject="A", **_ACT) == "not_found"
    assert refused(world, "retract_fact", officer(place), fact="f1", reason="误录") == "not_found"
    assert (
        refused(
            world,
            "set_aside_fact",
            officer(place),
            fact="f1",
            decided_on="2024-05-01",
            authority=BUREAU,
            document="x",
            effect="ab_initio",
        )
        == "not_found"
    )
    assert world.journal.head() == before


def test_a_trial_is_refused_like_the_real_thing(world: World) -> None:
    with pytest.raises(NotFound):
        world.casework.submit(
            command_from({"subject": "A", **_ACT}, name="record_fact"), by=officer("150200"), dry_run=True
        )


def test_a_file_that_has_moved_belongs_to_its_new_place_from_the_day_of_the_move(world: World) -> None:
    world.do("2024-06-01", "change_subject", subject="A", from_on="2024-06-10", changes={"region": "150200"})
    world.clock.set(world.clock.now() + 8 * 86_400_000_000)  # 9 June
    assert (
        ask(world, "contest_fact", officer("150100"), fact="f1", kind="litigation", filed_on="2024-06-05") == "recorded"
    )
    assert refused(world, "retract_fact", officer("150200"), fact="f1", reason="误录") == "moved_away"
    world.clock.set(world.clock.now() + 86_400_000_000)  # 10 June
    assert refused(world, "retract_fact", officer("150100"), fact="f1", reason="误录") == "moved_away"
    assert ask(world, "retract_fact", officer("150200"), fact="f1", reason="误录") == "recorded"


def test_an_agency_is_registered_in_the_place_of_whoever_registers_it(world: World) -> None:
    fields = {"id": "B", "uscc": "91150100MA0000002T", "name": "乙检测", "services": ["monitoring"]}
    assert refused(world, "register_agency", officer("150200"), region="150100", **fields) == "other_place"


@pytest.mark.parametrize("role", ["approver", "auditor", "administrator", "participant", "appeal_handler"])
def test_a_role_without_the_command_may_not_however_near_the_file(world: World, role: Role) -> None:
    assert refused(world, "record_fact", officer(role=role), subject="A", **_ACT) == "forbidden"


def test_bulk_recording_meets_the_same_wall(world: World) -> None:
    parts = (world.journal, world.vault, world.clock, world.ids, world.legislation)
    command = command_from({"subject": "A", **_ACT}, name="record_fact")
    for by, code in ((officer("150200"), "not_found"), (officer(role="auditor"), "forbidden")):
        (answer,) = Importing(*parts, gate=world.gate).record_many([command], by=by)
        assert isinstance(answer, CaseError)
        assert answer.code == code


@pytest.mark.parametrize(
    ("place", "region", "may"),
    [("150100", "150100", True), ("150000", "150100", True), ("150100", "150000", False), ("150200", "150100", False)],
)
def test_a_step_is_taken_for_a_roster_within_the_place(world: World, place: str, region: str, may: bool) -> None:
    asked = {"regime": REGIME, "year": 2024, "stage": "roster", "region": region, "dated_on": "2024-06-01"}
    request = roster_from(asked)
    world.clock.set(at_hour(dt.date(2024, 6, 1), 9))
    if may:
        assert world.evaluating.evaluate(request, by=officer(place), dry_run=True).counts
        return
    with pytest.raises(Forbidden) as told:
        world.evaluating.evaluate(request, by=officer(place), dry_run=True)
    assert told.value.code == "other_place"


@pytest.mark.parametrize(("place", "may"), [("150000", True), ("000000", True), ("150100", False), ("330200", False)])
def test_law_is_adopted_by_whose_place_holds_all_of_its_regions(world: World, place: str, may: bool) -> None:
    asked = {"edition": "nmg.third_party@draft", "in_force_on": "2025-01-01"}
    if may:
        assert ask(world, "adopt_rulebook", officer(place, "legal"), **asked) == "recorded"
    else:
        assert refused(world, "adopt_rulebook", officer(place, "legal"), **asked) == "other_place"


def edition_of(id: str, region: str) -> dict[str, str]:
    """The fields of an adoption of a text that stands under an id and says where it applies."""
    (shipped,) = (e.text for e in shipped_editions() if e.edition.id == "nmg.third_party@draft")
    text = shipped.replace('"nmg.third_party@draft"', f'"{id}"', 1).replace(
        'regions = ["15"]', f'regions = ["{region}"]', 1
    )
    text = text.replace('regime = "nmg.third_party"', f'regime = "{id.partition("@")[0]}"', 1)
    return {"text": text, "in_force_on": "2025-01-01", "reason": "更正"}


@pytest.mark.parametrize("id", ["nmg.third_party@draft", "nmg.third_party@2025"])
def test_no_text_takes_a_regime_away_from_where_it_applies(world: World, id: str) -> None:
    before = world.journal.head()
    for do in (officer("330200", "legal"), officer("330000", "department")):
        assert refused(world, "adopt_rulebook", do, **edition_of(id, "3302")) == "other_place"
    assert world.journal.head() == before


def test_a_regime_of_one_s_own_place_is_made_there_and_one_of_a_larger_place_is_not(world: World) -> None:
    ningbo = officer("330200", "legal")
    assert refused(world, "adopt_rulebook", ningbo, **edition_of("nbo.try@a", "33")) == "other_place"
    assert ask(world, "adopt_rulebook", ningbo, **edition_of("nbo.try@a", "3302")) == "recorded"


def test_where_there_is_no_wall_whoever_acts_is_only_held_to_the_region_in_their_name(world: World) -> None:
    assert ask(world, "retract_fact", Principal("anybody"), fact="f1", reason="误录") == "recorded"


@pytest.mark.parametrize(("place", "may"), [("150000", True), ("000000", True), ("150100", False), ("330200", False)])
def test_a_jurist_says_something_of_an_edition_whose_regions_lie_within_their_place(
    world: World, place: str, may: bool
) -> None:
    asked = {"edition": EDITION, "text": "待核"}
    if may:
        assert ask(world, "note_provision", officer(place, "legal"), **asked) == "recorded"
    else:
        assert refused(world, "note_provision", officer(place, "legal"), **asked) == "other_place"


@pytest.mark.parametrize("role", ["clerk", "officer", "approver", "appeal_handler", "department", "auditor"])
def test_nobody_but_a_jurist_signs_an_encoding_off(world: World, role: Role) -> None:
    digest = next(s.digest for s in shipped_editions() if s.head.id == EDITION)
    signed = {"edition": EDITION, "digest": digest}
    assert refused(world, "sign_off_edition", officer("150000", role), **signed) == "forbidden"
    assert ask(world, "sign_off_edition", officer("150000", "legal"), **signed) == "recorded"
