"""An account whose points add up within a cycle, as sentences of a rule made up for the purpose."""

import datetime as dt
from typing import Any

import pytest

from application.answering.grading import GradeAnswer, Question
from domain.law.lint import lint
from domain.law.parse import parse_edition
from interfaces.wording.words import Lexicon, because
from tests.support.words import words_of
from tests.support.world import World

RULE = """
id = "trial.points@1"
regime = "trial.points"
status = "issued"
title = { zh = "试行记分办法", en = "A trial of points" }
regions = ["15"]
in_force_on = 2024-01-01

[methods.agency]
name = "ledger"
initial = 0
direction = "up"
participants_only = true
cycle_months = 12
restarts_at = "listed"
listing_months = 6
public = true
cites = ["art. 1"]

[[methods.agency.bands]]
grade = "normal"
below = 10
cites = ["art. 2"]

[[methods.agency.bands]]
grade = "warned"
at_least = 10
below = 20
cites = ["art. 2"]

[[methods.agency.bands]]
grade = "listed"
at_least = 20
cites = ["art. 3"]

[[methods.agency.direct]]
grade = "banned"
words = { zh = "禁止从业", en = "banned" }
cites = ["art. 4"]

[[row]]
code = "FIVE"
kind = "agency"
type = "points"
points = 5
cites = ["art. 5"]
words = { zh = "五分", en = "five" }

[[row]]
code = "SOME"
kind = "agency"
type = "external"
cites = ["art. 5"]
words = { zh = "若干分", en = "some" }

[[row]]
code = "BAN"
kind = "agency"
type = "grade"
grade = "banned"
ends_with = ["until_on"]
cites = ["art. 4"]
words = { zh = "禁止", en = "a ban" }
"""


class Points(World):
    """A world with one account, opened on 10 January 2024."""

    def __init__(self) -> None:
        super().__init__()
        self.agency("A")
        self.do("2024-01-02", "adopt_rulebook", text=RULE, in_force_on="2024-01-01")
        self.do("2024-01-10", "include_participant", subject="A", id="i1", regime="trial.points", dated_on="2024-01-10")
        self.number = 0

    def score(self, day: str, row: str = "FIVE", **more: Any) -> str:
        self.number += 1
        fact = f"f{self.number}"
        self.fact(day, row, fact, regime="trial.points", **more)
        return fact

    def answer(self, as_of: str) -> GradeAnswer:
        return self.grading.grade(Question(subject="A", regime="trial.points", as_of=dt.date.fromisoformat(as_of)))

    def told(self, as_of: str) -> tuple[str | None, str | None]:
        running = self.answer(as_of).running
        return running.score, running.grade


@pytest.fixture
def world() -> Points:
    return Points()


def test_points_add_up_and_fall_away_with_the_cycle_that_begins_with_the_account(world: Points) -> None:
    world.score("2024-02-01")
    world.score("2024-06-03")
    assert world.told("2024-01-31") == ("0", "normal")
    assert world.told("2024-02-01") == ("5", "normal")
    assert world.told("2024-06-03") == ("10", "warned")
    assert world.told("2025-01-09") == ("10", "warned")
    assert world.told("2025-01-10") == ("0", "normal")
    (first, _) = world.answer("2024-06-03").steps
    assert (first.counted, first.ends_on) == (True, dt.date(2025, 1, 10))
    assert [s.reason for s in world.answer("2025-01-10").steps] == ["cycle_over", "cycle_over"]


def test_points_of_two_cycles_never_meet(world: Points) -> None:
    world.score("2025-01-09", "SOME", points=15)
    world.score("2025-01-10")
    assert world.told("2025-01-09") == ("15", "warned")
    assert world.told("2025-01-10") == ("5", "normal")


def test_at_the_limit_the_list_is_held_for_six_months_and_a_new_cycle_begins_on_that_day(world: Points) -> None:
    for day in ("2024-02-01", "2024-03-01", "2024-04-01", "2024-05-06"):
        world.score(day)
    world.score("2024-06-03")
    assert world.told("2024-05-05") == ("15", "warned")
    assert world.told("2024-05-06") == ("0", "listed")
    assert world.told("2024-06-03") == ("5", "listed")
    assert world.told("2024-11-05") == ("5", "listed")
    assert world.told("2024-11-06") == ("5", "normal")
    assert world.told("2025-05-05") == ("5", "normal")
    assert world.told("2025-05-06") == ("0", "normal")
    steps = world.answer("2024-06-03").steps
    assert [(s.row, s.effect, s.score, s.counted) for s in steps] == [
        ("FIVE", "+5", "5", True),
        ("FIVE", "+5", "10", True),
        ("FIVE", "+5", "15", True),
        ("FIVE", "+5", "20", True),
        ("listing", "listed", "0", True),
        ("FIVE", "+5", "5", True),
    ]
    assert steps[4].sources == ("f1", "f2", "f3", "f4")
    assert because(steps[0], "agency", "zh", Lexicon()).startswith("2024-02-01 起生效：条目 FIVE记 5 分，现为 5 分")


def test_the_limit_reached_again_meanwhile_runs_the_months_from_the_second_day(world: Points) -> None:
    world.score("2024-02-01", "SOME", points=20)
    world.score("2024-06-03", "SOME", points=20)
    assert world.told("2024-06-02") == ("0", "listed")
    assert world.told("2024-08-01") == ("0", "listed")
    assert world.told("2024-12-02") == ("0", "listed")
    assert world.told("2024-12-03") == ("0", "normal")


def test_two_facts_of_one_day_after_the_limit_fall_into_the_new_cycle(world: Points) -> None:
    world.score("2024-02-01", "SOME", points=20)
    world.score("2024-02-01")
    assert world.told("2024-02-01") == ("5", "listed")


def test_during_a_ban_nothing_is_scored_and_a_new_cycle_begins_on_the_day_after(world: Points) -> None:
    world.score("2024-02-01")
    world.score("2024-03-01", "BAN", until_on="2024-08-31")
    world.score("2024-05-06", "SOME", points=20)
    world.score("2024-09-02")
    assert world.told("2024-02-29") == ("5", "normal")
    assert world.told("2024-03-01") == ("20", "banned")
    assert world.told("2024-08-31") == ("20", "banned")
    assert world.told("2024-09-01") == ("0", "normal")
    assert world.told("2024-09-02") == ("5", "normal")
    assert world.told("2025-08-31") == ("5", "normal")
    assert world.told("2025-09-01") == ("0", "normal")
    reasons = {s.fact: s.reason for s in world.answer("2024-06-03").steps}
    assert reasons == {"f1": "cycle_over", "f2": None, "f3": "during_ban", "f4": "not_yet_effective"}


def test_what_counts_from_the_day_after_a_ban_is_scored(world: Points) -> None:
    world.score("2024-03-01", "BAN", until_on="2024-08-31")
    world.score("2024-08-31")
    world.score("2024-09-01")
    assert world.told("2024-09-01") == ("5", "normal")
    assert {s.fact: s.reason for s in world.answer("2024-09-01").steps}["f2"] == "during_ban"


@pytest.mark.parametrize(("annulled_on", "score"), [("2024-03-01", "5"), ("2024-03-02", "0")])
def test_a_ban_annulled_as_of_its_first_day_has_ended_no_cycle(world: Points, annulled_on: str, score: str) -> None:
    world.score("2024-02-01")
    ban = world.score("2024-03-01", "BAN", until_on="2024-08-31")
    world.do(
        annulled_on, "set_aside_fact", fact=ban, decided_on=annulled_on, authority="150100-EEB", document="撤销",
        effect="prospective",
    )  # fmt: skip
    assert world.told("2024-03-04") == (score, "normal")


def test_a_ban_that_begins_during_a_longer_one_does_not_end_it(world: Points) -> None:
    world.score("2024-03-01", "BAN", until_on="2024-08-31")
    world.score("2024-05-06", "BAN", until_on="2024-06-30")
    assert world.told("2024-08-31") == ("20", "banned")
    assert world.told("2024-09-01") == ("0", "normal")
    world.score("2024-09-02")
    assert world.told("2025-08-31") == ("5", "normal")
    assert world.told("2025-09-01") == ("0", "normal")


def test_a_ban_without_an_end_lasts(world: Points) -> None:
    world.score("2024-03-01", "BAN")
    assert world.told("2099-12-31") == ("20", "banned")


def test_an_annulled_fact_takes_the_list_with_it(world: Points) -> None:
    world.score("2024-02-01", "SOME", points=15)
    second = world.score("2024-03-01")
    assert world.told("2024-03-01") == ("0", "listed")
    world.do(
        "2024-04-01", "set_aside_fact", fact=second, decided_on="2024-04-01", authority="150100-EEB", document="撤销",
        effect="ab_initio",
    )  # fmt: skip
    assert world.told("2024-03-01") == ("15", "warned")


def test_the_next_change_is_the_end_of_the_list_or_of_the_cycle(world: Points) -> None:
    world.score("2024-02-01", "SOME", points=20)
    change = world.answer("2024-03-01").next_change
    assert change is not None
    assert (change.on, change.grade) == (dt.date(2024, 8, 1), "normal")
    public = world.answer("2024-03-01").public
    assert public is not None
    assert (public.grade, public.since, public.record) == ("listed", dt.date(2024, 2, 1), "f1")


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("listing_months = 6\n", "", "methods.agency.listing_months", "go together"),
        ('restarts_at = "listed"', 'restarts_at = "black"', "methods.agency.restarts_at", "no band"),
        ("initial = 0", "initial = 0\ncommitment = 1", "methods.agency.commitment", "nothing for a commitment"),
        ("initial = 0", "initial = 3\ncap = 2", "methods.agency.initial", "outside"),
        (
            "initial = 0",
            "initial = 0\nfact_at_least = 3\nfact_at_most = 2",
            "methods.agency.fact_at_least",
            "more than",
        ),
        ("points = 5", "points = -5", "row[0].points", "are not positive"),
        ('grade = "banned"\nends', 'grade = "bannned"\nends', "row[2].grade", "did you mean banned?"),
        ("below = 20", "below = 19", "methods.agency.bands[2]", "a gap"),
    ],
)
def test_an_account_that_contradicts_itself_is_found_with_its_place(old: str, new: str, where: str, words: str) -> None:
    assert lint(parse_edition(RULE, "trial.toml"), RULE) == ()
    text = RULE.replace(old, new, 1)
    ((place, told),) = [(p.place, words_of(p).en) for p in lint(parse_edition(text, "trial.toml"), text)]
    assert place == where
    assert words in told
