"""Editions as law: adopted, corrected, repealed and quoted by events that are known from the day they are recorded."""

import datetime as dt
from pathlib import Path

import pytest

from application.answering.grading import GradeAnswer, Question, core_bytes, known_at_from, quoted
from application.law.legislation import founding_events
from application.law.on_record import compared_editions, editions_on_record
from application.ports import Entry
from application.principal import Principal
from domain.errors import Invalid, NotFound, Refused
from domain.events.lawbook import RulebookCorrected
from domain.law.parse import RulebookError, parse_edition
from interfaces.files.shipped import shipped_editions
from tests.support.words import words_of
from tests.support.world import World

EXAMPLE = (Path(__file__).parents[3] / "docs/example-edition.toml").read_text("utf-8")
ID = "example.services@2024"
LATER = EXAMPLE.replace("@2024", "@2026").replace("points = -15", "points = -5")
WORDING = "\n".join(f"第{n}条 示例第{n}条。" for n in ["四", "五", "六", "七", "八", "九", "十", "十一", "十二"])


@pytest.fixture
def world() -> World:
    """The example regime in force from 2024, with an agency of its city that did not cooperate in 2024."""
    world = World()
    world.do("2023-12-01", "adopt_rulebook", text=EXAMPLE, in_force_on="2024-01-01", actor="jurist")
    world.agency(region="990100")
    world.fact("2024-03-01", "X1", "f1", regime="example.services", authority="990100-EEB")
    return world


def grade(world: World, as_of: str, known_at: str | None = None) -> GradeAnswer:
    known = None if known_at is None else known_at_from(known_at)
    day = dt.date.fromisoformat(as_of)
    return world.grading.grade(Question(subject="A", regime="example.services", as_of=day, known_at=known))


def score(world: World, as_of: str, known_at: str | None = None) -> tuple[str, str | None]:
    answer = grade(world, as_of, known_at)
    return answer.force, answer.running.score


def test_an_edition_is_unknown_before_it_is_recorded(world: World) -> None:
    assert score(world, "2024-03-01") == ("in_force", "85")
    with pytest.raises(NotFound):
        world.legislation.at("example.services", known_at=known_at_from("2023-11-30"), position=10**9)


def test_a_regime_looks_at_staff_when_its_edition_or_the_one_it_stands_on_does(world: World) -> None:
    """Of Inner Mongolia's a row is brought about by staff; no other shipped edition has one."""
    looking = [regime for regime in world.legislation.regimes() if world.legislation.looks_at_staff(regime)]
    assert looking == ["nmg.third_party"]
    assert not world.legislation.looks_at_staff("nobody.knows")
    (shipped,) = (s for s in shipped_editions() if s.edition.regime == "lianyungang.supervision")
    text = shipped.text.replace('parent = "jiangsu.eco_credit@2020"', 'parent = "nmg.third_party@draft"')
    standing = parse_edition(text, "standing.toml")
    (event,) = founding_events([(standing, text)], ())
    law = world.legislation.known()
    world.journal.append([Entry("law", "law", len(law) + 1, event)], by=Principal("jurist"))
    world.legislation.refresh()
    assert world.legislation.looks_at_staff("lianyungang.supervision")


def test_anybody_can_have_been_ranked_where_an_edition_or_the_one_it_stands_on_ever_ranked(world: World) -> None:
    ranking = [regime for regime in world.legislation.regimes() if world.legislation.ranks(regime)]
    assert ranking == ["ningbo.monitoring"]
    assert not world.legislation.ranks("nobody.knows")
    of = {s.edition.regime: s for s in shipped_editions()}
    own, others = of["lianyungang.supervision"], of["ningbo.monitoring"].edition.id
    text = own.text.replace('parent = "jiangsu.eco_credit@2020"', f'parent = "{others}"')
    standing = parse_edition(text, "standing.toml")
    law = len(world.legislation.known())
    for number, event in enumerate(founding_events([(standing, text), (own.edition, own.text)], ()), law + 1):
        world.journal.append([Entry("law", "law", number, event)], by=Principal("jurist"))
    world.legislation.refresh()
    assert world.legislation.ranks("lianyungang.supervision")


def test_a_repeal_leaves_the_days_before_as_they_were_and_is_unknown_before_it(world: World) -> None:
    world.do("2024-06-03", "repeal_rulebook", edition=ID, until_on="2024-06-30", reason="新办法施行")
    assert score(world, "2024-06-30") == ("in_force", "85")
    assert score(world, "2024-07-01") == ("not_in_force", None)
    assert score(world, "2024-07-01", "2024-06-02") == ("in_force", "85")


def test_the_same_repeal_twice_is_no_event_and_an_earlier_end_is_another_one(world: World) -> None:
    asked = {"edition": ID, "until_on": "2024-06-30", "reason": "新办法施行"}
    assert world.do("2024-06-03", "repeal_rulebook", **asked).status == "recorded"
    assert world.do("2024-06-04", "repeal_rulebook", **asked).status == "already_so"
    assert world.do("2024-06-05", "repeal_rulebook", **asked | {"until_on": "2024-06-10"}).status == "recorded"
    assert score(world, "2024-06-11") == ("not_in_force", None)


@pytest.mark.parametrize(("edition", "until_on"), [(ID, "2023-12-31"), ("nmg.third_party@draft", "2024-06-30")])
def test_what_is_not_in_force_cannot_be_repealed(world: World, edition: str, until_on: str) -> None:
    with pytest.raises(Refused) as refused:
        world.do("2024-06-03", "repeal_rulebook", edition=edition, until_on=until_on, reason="误")
    assert refused.value.code == "not_in_force"
    assert edition in words_of(refused.value).zh


def test_an_edition_that_nobody_knows_cannot_be_repealed(world: World) -> None:
    with pytest.raises(NotFound):
        world.do("2024-06-03", "repeal_rulebook", edition="example.services@1", until_on="2024-06-30", reason="误")


def test_two_editions_in_force_on_one_day_are_refused_on_adoption_with_both_named(world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.do("2024-06-03", "adopt_rulebook", text=LATER, in_force_on="2026-01-01")
    assert refused.value.code == "editions_overlap"
    assert ID in words_of(refused.value).en
    assert "example.services@2026" in words_of(refused.value).en
    assert "2026-01-01" in words_of(refused.value).en
    world.do("2024-06-04", "repeal_rulebook", edition=ID, until_on="2025-12-31", reason="新办法次日施行")
    assert world.do("2024-06-05", "adopt_rulebook", text=LATER, in_force_on="2026-01-01").status == "recorded"
    assert score(world, "2026-01-01") == ("in_force", "85")


def test_an_edition_adopted_with_an_end_leaves_room_for_the_next_one() -> None:
    world = World()
    world.do("2023-12-01", "adopt_rulebook", text=EXAMPLE, in_force_on="2024-01-01", until_on="2025-12-31")
    world.do("2023-12-01", "adopt_rulebook", text=LATER, in_force_on="2026-01-01")
    with pytest.raises(Refused):
        world.do("2023-12-02", "adopt_rulebook", edition=ID, in_force_on="2024-01-01", until_on="2026-01-01")


def test_another_text_under_the_same_id_is_a_correction_and_says_why(world: World) -> None:
    corrected = EXAMPLE.replace("points = -15", "points = -10")
    with pytest.raises(Invalid) as invalid:
        world.do("2024-04-01", "adopt_rulebook", text=corrected, in_force_on="2024-01-01")
    assert [p.pointer for p in invalid.value.problems] == ["/reason"]
    world.do("2024-04-02", "adopt_rulebook", text=corrected, in_force_on="2024-01-01", reason="分值录入有误")
    assert score(world, "2024-03-01") == ("in_force", "90")
    assert score(world, "2024-03-01", "2024-04-01") == ("in_force", "85")
    event = world.journal.law()[-1].event
    assert isinstance(event, RulebookCorrected)
    assert event.reason == "分值录入有误"


def test_the_same_adoption_twice_is_no_event(world: World) -> None:
    assert world.do("2024-04-01", "adopt_rulebook", edition=ID, in_force_on="2024-01-01").status == "already_so"
    assert world.do("2024-04-01", "adopt_rulebook", edition=ID, in_force_on="2024-02-01").status == "recorded"


def test_an_edition_that_contradicts_itself_is_not_adopted(world: World) -> None:
    with pytest.raises(RulebookError) as error:
        world.do(
            "2024-04-01", "adopt_rulebook", text=LATER.replace("below = 60", "below = 50"), in_force_on="2026-01-01"
        )
    assert [(p.place, p.line is not None) for p in error.value.problems] == [("methods.agency.bands[1]", True)]


def test_what_is_on_record_is_told_with_its_life(world: World) -> None:
    world.do("2024-06-03", "repeal_rulebook", edition=ID, until_on="2024-06-30", reason="新办法施行")
    shown = {e.adopted.id: e for e in editions_on_record(world.legislation, dt.date(2024, 6, 30))}
    assert [(step.event, step.by, step.recorded_at[:10]) for step in shown[ID].life] == [
        ("adoption", "jurist", "2023-12-01"),
        ("repeal", "clerk", "2024-06-03"),
    ]
    assert (shown[ID].force, shown["nmg.third_party@draft"].force) == ("in_force", "draft")
    (after,) = (e for e in editions_on_record(world.legislation, dt.date(2024, 7, 1)) if e.adopted.id == ID)
    assert after.force == "not_in_force"


def test_two_editions_on_record_are_compared(world: World) -> None:
    world.do("2024-06-04", "repeal_rulebook", edition=ID, until_on="2025-12-31", reason="新办法次日施行")
    world.do("2024-06-05", "adopt_rulebook", text=LATER, in_force_on="2026-01-01")
    changes = compared_editions(world.legislation, ID, "example.services@2026")
    assert [(c.part, c.key, c.field, c.before, c.after) for c in changes] == [("row", "X1", "points", "-15", "-5")]
    with pytest.raises(NotFound):
        compared_editions(world.legislation, ID, "example.services@2027")


# --- the official wording ---------------------------------------------------------------------------------------


def test_the_wording_is_quoted_beside_the_steps_and_never_in_the_core(world: World) -> None:
    before = grade(world, "2024-03-01", "2024-03-31")
    assert quoted(before, world.legislation) == before
    world.do("2024-04-01", "load_official_text", edition=ID, text=WORDING)
    after = quoted(grade(world, "2024-03-01", "2024-03-31"), world.legislation)
    assert [step.quote for step in after.steps] == ["第六条 示例第六条。"]
    assert after.basis.token == before.basis.token
    assert core_bytes(after) == core_bytes(before)
    assert b"quote" not in core_bytes(after)


def test_a_text_that_lacks_an_article_is_refused_with_what_is_missing(world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.do("2024-04-01", "load_official_text", edition=ID, text=WORDING.replace("第七条", "第 7 条"))
    assert refused.value.code == "text_does_not_fit"
    assert refused.value.cites == ("art. 7",)
    assert "art. 7" in words_of(refused.value).zh


def test_the_same_wording_twice_is_no_event_and_a_later_one_replaces_it(world: World) -> None:
    assert world.do("2024-04-01", "load_official_text", edition=ID, text=WORDING).status == "recorded"
    assert world.do("2024-04-01", "load_official_text", edition=ID, text=WORDING).status == "already_so"
    newer = WORDING.replace("示例第六条", "新印第六条")
    assert world.do("2024-04-02", "load_official_text", edition=ID, text=newer).status == "recorded"
    answer = quoted(grade(world, "2024-03-01"), world.legislation)
    assert [step.quote for step in answer.steps] == ["第六条 新印第六条。"]


def test_a_wording_needs_an_edition(world: World) -> None:
    with pytest.raises(NotFound):
        world.do("2024-04-01", "load_official_text", edition="example.services@1", text=WORDING)


def test_a_trial_of_the_law_stores_nothing(world: World) -> None:
    asked = {"edition": ID, "until_on": "2024-06-30", "reason": "试"}
    assert world.do("2024-06-03", "repeal_rulebook", dry_run=True, **asked).status == "dry_run"
    assert score(world, "2024-07-01") == ("in_force", "85")
