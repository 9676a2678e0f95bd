"""What cannot hold together in the other ways to grade, in transition clauses and tables: each with its place."""

from pathlib import Path
from typing import get_args

import pytest

from domain.errors import MOST_TOLD
from domain.law.edition import Method
from domain.law.lint import lint
from domain.law.parse import RulebookError, parse_edition
from tests.support.words import words_of

EXAMPLE = (Path(__file__).parents[3] / "docs/example-edition.toml").read_text("utf-8")
METHOD = EXAMPLE[EXAMPLE.index("[methods.agency]") : EXAMPLE.index("# 3.")]
ROWS = EXAMPLE[EXAMPLE.index("# 3.") : EXAMPLE.index("# 4.")]
MEASURE = EXAMPLE[EXAMPLE.index("# 6.") : EXAMPLE.index("# 7.")]
CITED = 'cites = ["art. 4"]\n'
BANDS = """
[[methods.agency.bands]]
grade = "A"
at_least = 90
cites = ["art. 5"]

[[methods.agency.bands]]
grade = "D"
below = 90
cites = ["art. 5"]
"""
RISK = BANDS.replace(".bands", ".risk").replace('"A"', '"low"').replace('"D"', '"high"')
BANDING = f'[methods.agency]\nname = "banding"\ndirect_grade = "D"\ndirect_risk = "high"\n{CITED}{BANDS}{RISK}\n'
LEDGER = f'[methods.agency]\nname = "ledger"\ninitial = 9\ncap = 12\nfloor = 0\n{CITED}{BANDS}\n'
RANKING = (
    f'[methods.agency]\nname = "ranking"\ngrades = ["A", "B"]\ndirect_grade = "D"\nrefused_grade = "none"\n{CITED}\n'
)
DECIDING = (
    f'[methods.agency]\nname = "deciding"\ngrades = ["good", "D"]\notherwise = "good"\nlisted_grade = "D"\n{CITED}\n'
)
COUNTING = f'[methods.agency]\nname = "counting"\ncount = 3\ngrade = "D"\notherwise = "A"\n{CITED}\n'
CLAUSE = """
[[transition]]
from_edition = "example.services@2022"
what = "acts"
rule = "lighter"
applies_until = 2023-12-31
cites = ["art. 12"]
words.zh = "从旧兼从轻"
words.en = "the lighter one"
"""


SUPPLIED = "\n[configured]\ncycle_months = 12\nthreshold = 3\nrisk_weight = 0.5\n"
SOUND = {
    "deduction": EXAMPLE + CLAUSE + SUPPLIED,
    "counting": EXAMPLE.replace(METHOD, COUNTING).replace(ROWS, ""),
    "banding": EXAMPLE.replace(METHOD, BANDING).replace(ROWS, ""),
    "ledger": EXAMPLE.replace(METHOD, LEDGER),
    "ranking": EXAMPLE.replace(METHOD, RANKING) + "\n[configured.quotas]\nA = 0.4\nB = 0.6\n",
    "deciding": EXAMPLE.replace(METHOD, DECIDING).replace(ROWS, ""),
}
"""An edition without a fault for every way to grade, by its name."""


def findings(method: str, *changes: tuple[str, str], rows: bool = True, tail: str = "") -> list[tuple[str, str]]:
    text = EXAMPLE.replace(METHOD, method) + tail
    if not rows:
        text = text.replace(ROWS, "")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    found = lint(parse_edition(text, "test.toml"), text)
    assert all(p.line is not None and words_of(p).zh for p in found)
    return [(p.place, words_of(p).en) for p in found]


def test_every_way_to_grade_has_a_sound_edition_here() -> None:
    assert sorted(SOUND) == sorted(str(method.__struct_config__.tag) for method in get_args(Method))


@pytest.mark.parametrize("name", SOUND)
def test_every_way_to_grade_can_be_sound(name: str) -> None:
    edition = parse_edition(SOUND[name], "test.toml")
    assert edition.methods["agency"].__struct_config__.tag == name
    assert lint(edition, SOUND[name]) == ()


@pytest.mark.parametrize(
    ("method", "old", "new", "place", "words"),
    [
        (BANDING, 'direct_grade = "D"', 'direct_grade = "E"', "methods.agency.direct_grade", "no band has the name E"),
        (
            BANDING,
            'direct_risk = "high"',
            'direct_risk = "hi"',
            "methods.agency.direct_risk",
            "no band has the name hi",
        ),
        (BANDING, "below = 90", "below = 80", "methods.agency.bands[0]", "a gap: no grade for scores from 80"),
        (LEDGER, "initial = 9\n", "initial = 13\n", "methods.agency.initial", "outside of the floor and the cap"),
        (LEDGER, "floor = 0\n", 'pioneer_grade = "P"\n', "methods.agency.pioneer_grade", "no band has the grade P"),
        (LEDGER, "floor = 0\n", "pioneer_years = 2\n", "methods.agency.pioneer_years", "pioneer_grade is missing"),
        (LEDGER, "floor = 0\n", "cycle_months = 12\n", "methods.agency.restarts_at", "restarts_at, listing_months"),
        (RANKING, '["A", "B"]', '["A", "A"]', "methods.agency.grades[1]", "A stands there already"),
        (RANKING, 'direct_grade = "D"', 'direct_grade = "B"', "methods.agency.direct_grade", "needs another name"),
        (DECIDING, '["good", "D"]', '["good", "good"]', "methods.agency.grades[1]", "good stands there already"),
        (DECIDING, 'listed_grade = "D"', 'listed_grade = "good"', "methods.agency.listed_grade", "has no effect"),
    ],
)
def test_a_method_that_contradicts_itself_is_found(method: str, old: str, new: str, place: str, words: str) -> None:
    found = dict(findings(method, (old, new), rows=method not in (BANDING, DECIDING)))
    assert words in found[place]


def test_a_band_within_another_is_an_overlap_and_leaves_no_gap_above() -> None:
    within = '\n[[methods.agency.bands]]\ngrade = "C"\nat_least = 50\nbelow = 60\ncites = ["art. 5"]\n'
    found = dict(findings(BANDING + within, rows=False))
    assert "60" in found["methods.agency.bands[2]"]
    assert not any("gap" in words for words in found.values())


def test_a_score_from_which_is_deducted_may_begin_at_its_floor_or_at_its_cap() -> None:
    for initial, floor in ((100, 100), (100, 0)):
        found = findings(METHOD, ("initial = 100", f"initial = {initial}"), ("floor = 0", f"floor = {floor}"))
        assert "methods.agency.initial" not in dict(found)
    for initial in (101, -1):
        found = findings(METHOD, ("initial = 100", f"initial = {initial}"))
        assert "methods.agency.initial" in dict(found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("initial = 9\n", "initial = 12\n"),
        ("initial = 9\n", "initial = 0\n"),
        ("floor = 0\n", "floor = 0\nfact_at_least = 3\nfact_at_most = 3\n"),
    ],
)
def test_a_ledger_may_begin_at_its_bounds_and_let_every_fact_weigh_the_same(old: str, new: str) -> None:
    assert findings(LEDGER, (old, new)) == []


def test_a_fact_weighs_no_more_at_least_than_at_most() -> None:
    bounds = ("floor = 0\n", "floor = 0\nfact_at_least = 4\nfact_at_most = 3\n")
    assert dict(findings(LEDGER, bounds)).keys() == {"methods.agency.fact_at_least"}


def test_a_ledger_does_not_begin_below_its_floor() -> None:
    assert dict(findings(LEDGER, ("initial = 9\n", "initial = -1\n"))).keys() == {"methods.agency.initial"}


def test_risk_levels_leave_no_gap_either() -> None:
    gap = RISK.replace("below = 90", "below = 80")
    ((place, words),) = findings(BANDING, (RISK, gap), rows=False)
    assert (place, "from 80 and below 90" in words) == ("methods.agency.risk[0]", True)


def test_points_that_are_added_up_are_positive_and_have_a_cycle() -> None:
    up = ("floor = 0\n", 'direction = "up"\ncycle_months = 12\nrestarts_at = "D"\nlisting_months = 6\n')
    found = dict(findings(LEDGER, up))
    assert set(found) == {"row[0].points", "row[1].points"}
    assert "not positive" in found["row[0].points"]
    assert (
        "never fall away" in dict(findings(LEDGER, ("floor = 0\n", 'direction = "up"\n')))["methods.agency.direction"]
    )


def test_rows_take_only_what_their_method_can_use() -> None:
    found = dict(findings(BANDING))
    assert set(found) == {"row[0].type", "row[1].type"}
    ends = ('services = ["monitoring"]', "validity_months = 12")
    assert "rates directly" in dict(findings(METHOD, ends))["row[2].validity_months"]
    ends = ('code = "X1"', 'code = "X1"\nends_with = ["repair"]')
    assert "rate directly" in dict(findings(METHOD, ends))["row[0].ends_with"]


def test_a_row_of_points_that_go_with_a_cycle_has_no_validity_of_its_own() -> None:
    months = ('code = "X1"', 'code = "X1"\nvalidity_months = 12')
    cycle = ("floor = 0\n", 'direction = "up"\ncycle_months = 12\nrestarts_at = "D"\nlisting_months = 6\n')
    assert findings(LEDGER, months) == []
    assert "makes no use of validity_months" in dict(findings(LEDGER, months, cycle))["row[0].validity_months"]


@pytest.mark.parametrize(
    ("quotas", "place", "words"),
    [
        ("A = 0.4\nB = 0.6", None, ""),
        ("A = 1\nB = 0", None, ""),
        ("A = 0.4\nB = 0.5", "configured.quotas", "add up to 0.9"),
        ("A = 1", "configured.quotas", "the share of B is missing"),
        ("A = 0.4\nB = 0.6\nC = 0", "configured.quotas.C", "there is no C"),
        ("A = 1.4\nB = -0.4", "configured.quotas.A", "not between 0 and 1"),
    ],
)
def test_quotas_share_out_the_whole_cohort(quotas: str, place: str | None, words: str) -> None:
    found = dict(findings(RANKING, tail=f"\n[configured.quotas]\n{quotas}\n"))
    assert (found == {}) if place is None else (words in found[place])


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ("A = 90\nB = 80", None),
        ("A = 90\nB = 90", None),
        ("A = 80\nB = 90", "configured.score_lines"),
        ("A = 90\nC = 80", "configured.score_lines.C"),
    ],
)
def test_a_better_grade_begins_no_lower_than_a_worse_one(lines: str, place: str | None) -> None:
    found = [p for p, _ in findings(RANKING, tail=f"\n[configured.score_lines]\n{lines}\n")]
    assert (found == []) if place is None else (place in found)


@pytest.mark.parametrize(("number", "more"), [(MOST_TOLD, 0), (MOST_TOLD + 1, 1)])
def test_a_file_with_more_faults_than_are_told_says_so(number: int, more: int) -> None:
    unknown = "".join(f"unknown{n} = 1\n" for n in range(number))
    with pytest.raises(RulebookError) as error:
        parse_edition(unknown + EXAMPLE, "test.toml")
    assert len(error.value.problems) == MOST_TOLD + more
    assert [p.line is None for p in error.value.problems] == [False] * MOST_TOLD + [True] * more


def test_quotas_need_a_ranking_and_points_a_row() -> None:
    table = "\n[configured]\ncycle_months = 0\nthreshold = 0\n[configured.quotas]\nA = 1\n"
    table += "[configured.points]\nX1 = -1\nX7 = 2\n"
    found = dict(findings(METHOD, tail=table))
    assert set(found) == {
        "configured.quotas", "configured.points.X1", "configured.points.X7", "configured.cycle_months",
        "configured.threshold",
    }  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "cycle_months = 1", "cycle_months = 24", "threshold = 0.5", "threshold = 12", "risk_weight = 0",
        "risk_weight = 1", "risk_weight = 0.5", "validity_months = {general = 1}", "validity_months = {serious = 24}",
        "enhancement_points = {award = 0}", "enhancement_points = {award = 3}",
    ],
)  # fmt: skip
def test_what_a_bureau_supplies_may_lie_at_its_bound(line: str) -> None:
    assert findings(METHOD, tail=f"\n[configured]\n{line}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "cycle_months = 0", "cycle_months = -1", "threshold = 0", "threshold = -0.5", "risk_weight = -0.1",
        "risk_weight = 1.1", "risk_weight = 7", "validity_months.general = 0", "validity_months.serious = -2",
        "validity_months.other = 6", "enhancement_points.award = -0.5", "enhancement_points.award = -3",
    ],
)  # fmt: skip
def test_what_a_bureau_supplies_does_not_lie_beyond_its_bound(line: str) -> None:
    found = dict(findings(METHOD, tail=f"\n[configured]\n{line}\n"))
    assert found.keys() == {f"configured.{line.partition(' ')[0]}"}


def test_a_measure_fits_a_risk_level_and_samples_a_share() -> None:
    narrowed = MEASURE.replace('grade = "D"', 'grade = "D"\nrisk = "middle"\nshare = 1.5')
    found = dict(findings(BANDING, (MEASURE, narrowed), rows=False))
    assert set(found) == {"measure[0].risk", "measure[0].share"}


def test_a_sound_transition_clause_is_no_fault() -> None:
    assert findings(METHOD, tail=CLAUSE) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("example.services@2022", "example.other@2022", "transition[0].from_edition", "no other edition"),
        ("example.services@2022", "example.services@2024", "transition[0].from_edition", "no other edition"),
        ('what = "acts"', 'what = "both"', "transition[0].rule", "years cannot be weighed"),
        ("applies_until", "applies_from = 2024-05-01\napplies_until", "transition[0].applies_until", "is before"),
        ("applies_until = 2023-12-31", "applies_from = 2024-01-01", "transition[0].applies_from", "no effect"),
        ('rule = "lighter"', 'rule = "old"', "transition[0].applies_until", "no effect"),
        ('"art. 12"', '"article 12"', "transition[0].cites[0]", "no citation"),
    ],
)
def test_a_transition_clause_that_cannot_work_is_found(old: str, new: str, place: str, words: str) -> None:
    ((found, told),) = findings(METHOD, tail=CLAUSE.replace(old, new, 1))
    assert found == place
    assert words in told


def test_two_clauses_about_the_same_days_contradict_each_other() -> None:
    ((place, words),) = findings(METHOD, tail=CLAUSE + CLAUSE.replace('"lighter"', '"new"'))
    assert (place, "some of the same days" in words) == ("transition[1]", True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("applies_until = 2023-12-31", "applies_from = 2023-07-01\napplies_until = 2023-12-31"),
        ("example.services@2022", "example.services@2021"),
    ],
)
def test_clauses_about_other_days_or_other_editions_stand_beside_each_other(old: str, new: str) -> None:
    first = CLAUSE.replace("applies_until = 2023-12-31", "applies_until = 2023-06-30")
    assert findings(METHOD, tail=first + CLAUSE.replace('"lighter"', '"new"').replace(old, new)) == []


def test_clauses_that_meet_on_one_day_contradict_each_other() -> None:
    later = CLAUSE.replace('"lighter"', '"new"').replace("applies_until", "applies_from = 2023-06-30\napplies_until")
    ((place, _),) = findings(METHOD, tail=CLAUSE.replace("2023-12-31", "2023-06-30") + later)
    assert place == "transition[1]"


def test_an_edition_is_published_before_it_is_in_force() -> None:
    ((place, words),) = findings(METHOD, ("published_on = 2023-11-20", "published_on = 2024-01-02"))
    assert (place, "nobody could know it" in words) == ("published_on", True)


def test_counting_without_effect_is_found() -> None:
    counting = (
        '[methods.practitioner]\nname = "counting"\ncount = 2\ngrade = "bad"\notherwise = "bad"\ncites = ["art. 4"]\n\n'
    )
    ((place, words),) = findings(METHOD + counting)
    assert (place, "no effect" in words) == ("methods.practitioner.otherwise", True)
