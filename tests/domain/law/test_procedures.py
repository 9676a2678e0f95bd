"""An edition states the procedures that its text knows; any other one is refused in its name."""

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from domain.aggregates.casefile import CaseFile, fold
from domain.errors import Refused
from domain.events.evaluation import ScopeSuspended
from domain.events.participation import ParticipantIncluded
from domain.events.registration import AgencyRegistered
from domain.grading.method import assess
from domain.law.edition import Edition
from domain.law.lint import lint
from domain.law.parse import parse_edition
from domain.law.procedures import PROCEDURES, admits, refuse_unknown
from domain.law.regime import Adopted, RegimeLaw
from domain.time import at_hour
from interfaces.files.shipped import shipped_editions
from tests.support.words import words_of
from tests.support.world import World

EDITIONS = {s.edition.regime: s.edition for s in shipped_editions()}
OTHERS = [regime for regime in EDITIONS if regime != "nmg.third_party"]
DAY = "2024-06-03"
EXAMPLE = (Path(__file__).parents[3] / "docs/example-edition.toml").read_text("utf-8")


@pytest.mark.parametrize("command", PROCEDURES)
def test_inner_mongolia_knows_every_one_of_them(command: str) -> None:
    refuse_unknown(EDITIONS["nmg.third_party"], command)


@pytest.mark.parametrize("regime", OTHERS)
@pytest.mark.parametrize("command", PROCEDURES)
def test_no_other_regime_does_and_each_says_so_in_its_own_name(regime: str, command: str) -> None:
    with pytest.raises(Refused) as refused:
        refuse_unknown(EDITIONS[regime], command)
    assert refused.value.code == "not_in_this_regime"
    own = EDITIONS[regime].title.zh in words_of(refused.value).zh
    assert own or any(e.command == command for e in EDITIONS[regime].excluded)


def test_an_edition_written_before_there_was_such_a_list_admits_what_it_does_not_exclude() -> None:
    older = msgspec.structs.replace(EDITIONS["jiaxing.monitoring"], admits=None)
    assert admits(older, "suspend_scope")
    assert not admits(older, "adjust_result")


def test_what_is_no_procedure_of_the_list_is_admitted_by_every_edition() -> None:
    assert all(admits(edition, "record_national_repair") for edition in EDITIONS.values())


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        (
            "confirm_rectification",
            {"fact": "f1", "completed_on": "2024-06-03", "confirmed_on": "2024-06-03", "authority": "330400-EEB"},
        ),
        ("issue_certificate", {"subject": "A", "issued_on": "2024-06-03", "document": "一号"}),
        ("request_certificate", {"subject": "A", "requested_on": "2024-06-03"}),
        ("suspend_scope", {"subject": "A", "dated_on": "2024-06-03", "reason": "涉嫌犯罪"}),
        ("resume_scope", {"subject": "A", "dated_on": "2024-06-03", "reason": "已结案"}),
        (
            "record_comment",
            {"subject": "A", "against": "g1", "filed_on": DAY, "by": "居民", "content": "意见"},
        ),
    ],
)
def test_the_commands_are_refused_where_they_are_unknown_and_a_national_repair_is_recorded(
    do: str, fields: dict[str, str]
) -> None:
    world = World()
    world.agency(region="330402")
    of = {"regime": "jiaxing.monitoring"}
    world.do(
        "2024-06-03", "record_fact", subject="A", id="f1", row="J2", verified_on="2024-06-03", authority="330400-EEB",
        document="一号", **of,
    )  # fmt: skip
    needs_regime = {} if "fact" in fields else of
    with pytest.raises(Refused) as refused:
        world.do("2024-06-04", do, **fields, **needs_regime)
    assert refused.value.code == "not_in_this_regime"
    repaired = world.do("2024-06-05", "record_national_repair", fact="f1", granted_on="2024-06-05", document="二号")
    assert repaired.status == "recorded"


def law_of(edition: Edition) -> RegimeLaw:
    known = World().legislation.at(edition.regime, known_at=at_hour(dt.date(2026, 6, 1), 9), position=2**62).law
    return RegimeLaw(edition.regime, [Adopted(edition=edition, digest="", period=None)], known.days)


def suspended() -> CaseFile:
    regime = "jiangsu.eco_credit"
    registered = AgencyRegistered(uscc="91350100M000100Y43", name="甲", region="320700", services=("treatment",))
    included = ParticipantIncluded(record="i1", regime=regime, dated_on=dt.date(2024, 1, 8))
    moved = ScopeSuspended(regime=regime, dated_on=dt.date(2024, 3, 8), reason="涉嫌犯罪", record="s1")
    return fold("A", [(registered, 0), (included, 1), (moved, 2)])


def test_a_suspension_recorded_while_nobody_stated_the_procedures_freezes_no_grade_of_a_text_that_knows_none() -> None:
    on = dt.date(2024, 3, 8)
    edition = EDITIONS["jiangsu.eco_credit"]
    assert assess(suspended(), law_of(edition), on).grade == "blue"
    before = msgspec.structs.replace(edition, admits=None)
    assert assess(suspended(), law_of(before), on).undetermined == "outside_scope"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('admits = ["issue_certificat"]', "there is no procedure issue_certificat; did you mean issue_certificate?"),
        ("admits = []", None),
    ],
)
def test_the_list_is_checked(line: str, told: str | None) -> None:
    text = EXAMPLE.replace("in_force_on =", f"{line}\nin_force_on =", 1)
    assert [words_of(p).en for p in lint(parse_edition(text, "test.toml"), text)] == ([] if told is None else [told])
