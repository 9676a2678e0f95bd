"""What a bureau may want to say in an edition of its own: lower starts, bounded additions, points that lapse, repairs
that wait."""

from pathlib import Path

import pytest

from domain.rulebook.lint import lint
from domain.rulebook.parsing import parse_edition
from interfaces.scenario_files import load, player
from tests.support.world import World

EXAMPLE = (Path(__file__).parents[2] / "docs/example-edition.toml").read_text("utf-8")
BANDS = """
[[methods.agency.bands]]
grade = "A"
at_least = 90
cites = ["art. 5"]

[[methods.agency.bands]]
grade = "B"
at_least = 60
below = 90
cites = ["art. 5"]

[[methods.agency.bands]]
grade = "C"
at_least = 40
below = 60
cites = ["art. 5"]

[[methods.agency.bands]]
grade = "D"
below = 40
cites = ["art. 5"]

"""
ADDED = """
[[reading]]
id = "I-12"
issue = { zh = "表彰是否加分", en = "Whether commendations add points" }
default = "configured_points"
values = [
  { name = "no_points", words = { zh = "只展示", en = "shown only" } },
  { name = "configured_points", words = { zh = "按表加分", en = "by the table" } },
]

[configured.enhancement_points]
commendation = 5
"""
WAIT = """
[[deadline]]
kind = "repair_wait"
of = "agency"
starts = "fact"
actor = "participant"
months = 3
cites = ["art. 12"]
words.zh = "信息生效满三个月后方可申请修复"
words.en = "A fact can be repaired three months after it took effect"

# Of which decisions"""
AFTER = "\n# Of which decisions"
PLAY = """
case: own edition
regime: example.services
subjects:
  A: {kind: agency, services: [monitoring], region: "990100"}
adopt: {own.toml: 2024-01-01}
"""


def own_edition() -> str:
    """Base 70, bands at 90, 60 and 40, 15 points that lapse after a year, five a commendation and 20 at most."""
    start, end = EXAMPLE.index("[[methods.agency.bands]]"), EXAMPLE.index("# 3.")
    text = EXAMPLE[:start] + BANDS.lstrip() + EXAMPLE[end:]
    text = text.replace("\n# Of which decisions", WAIT).replace("[grounds]\n", '[grounds]\nrepair_wait = ["art. 12"]\n')
    text = text.replace("initial = 100\n", "initial = 70\nadditions_at_most = 20\n")
    return text.replace("points = -15\n", "points = -15\nvalidity_months = 12\n", 1) + ADDED


def held(tmp_path: Path, rest: str, text: str | None = None) -> list[object]:
    (tmp_path / "own.toml").write_text(text or own_edition(), "utf-8")
    (case,) = load(PLAY + rest, str(tmp_path / "case.yaml"), tmp_path)
    return [(f.zh, f.differences) for f in player().play(case).failures]


def test_an_edition_with_what_a_bureau_wants_is_sound() -> None:
    assert lint(parse_edition(own_edition(), "own.toml"), own_edition()) == ()


def test_points_of_a_row_lapse_on_the_corresponding_day(tmp_path: Path) -> None:
    rest = """
happens:
  - {at: 2024-03-04, do: record_fact, subject: A, id: f1, row: X1, decided_on: 2024-03-04, authority: "990100-EEB"}
expect:
  - {subject: A, as_of: 2024-03-03, running: {score: 70, grade: B}}
  - {subject: A, as_of: 2024-03-04, running: {score: 55, grade: C}, counted: [f1]}
  - {subject: A, as_of: 2025-03-03, running: {score: 55, grade: C}, counted: [f1]}
  - {subject: A, as_of: 2025-03-04, running: {score: 70, grade: B}, not_counted: {f1: ended}}
"""
    assert held(tmp_path, rest) == []


def test_additions_stop_at_their_bound(tmp_path: Path) -> None:
    noticed = "\n".join(
        f"  - {{at: 2024-0{n}-02, do: record_enhancement, subject: A, id: e{n}, kind: commendation,"
        f" noticed_on: 2024-0{n}-02}}"
        for n in range(1, 6)
    )
    rest = f"""
happens:
{noticed}
expect:
  - {{subject: A, as_of: 2024-01-01, running: {{score: 70, grade: B}}}}
  - {{subject: A, as_of: 2024-04-01, running: {{score: 85, grade: B}}}}
  - {{subject: A, as_of: 2024-04-02, running: {{score: 90, grade: A}}}}
  - {{subject: A, as_of: 2024-05-02, running: {{score: 90, grade: A}}}}
"""
    assert held(tmp_path, rest) == []


def test_a_score_without_a_grade_is_a_gap() -> None:
    text = own_edition().replace('[[methods.agency.bands]]\ngrade = "D"\nbelow = 40\ncites = ["art. 5"]\n', "")
    text = text.replace('direct_grade = "D"', 'direct_grade = "C"').replace('grade = "D"', 'grade = "C"')
    assert "no grade for scores below 40" in " ".join(p.en for p in lint(parse_edition(text, "own.toml"), text))


APPLIED = """
happens:
  - {at: 2024-11-30, do: record_fact, subject: A, id: f1, row: X1, decided_on: 2024-11-30, authority: "990100-EEB"}
  - {at: 2025-01-06, do: evaluation_stage, subject: A, id: s0, year: 2024, stage: roster, dated_on: 2025-01-06}
  - {at: 2025-01-07, do: evaluation_stage, subject: A, id: s1, year: 2024, stage: proposal, dated_on: 2025-01-07}
  - {at: 2025-02-10, do: evaluation_stage, subject: A, id: s2, year: 2024, stage: publication, dated_on: 2025-02-10}
  - {at: 2025-02-28, do: apply_repair, subject: A, id: r1, facts: [f1], dated_on: 2025-02-28, completed_on: 2025-01-31}
  - {at: 2025-03-01, do: apply_repair, subject: A, id: r2, facts: [f1], dated_on: 2025-03-01, completed_on: 2025-01-31}
"""


def test_a_repair_on_the_last_day_of_the_wait_is_too_early(tmp_path: Path) -> None:
    """From the end of November three months end with February: 1 March is the first day."""
    rest = f"""{APPLIED}
  - {{at: 2025-03-03, do: confirm_repair, repair: r1, by: city_bureau, confirmed_on: 2025-03-03, refused: art. 12}}
  - {{at: 2025-03-03, do: confirm_repair, repair: r2, by: city_bureau, confirmed_on: 2025-03-03}}
expect:
  - {{admissible: {{r1: false, r2: true}}}}
  - {{as_of: 2025-02-28, deadline: {{id: f1, kind: repair_wait, due_on: 2025-02-28, state: open}}}}
  - {{as_of: 2025-03-01, deadline: {{id: f1, kind: repair_wait, due_on: 2025-02-28, state: ended}}}}
  - {{subject: A, as_of: 2025-03-02, running: {{score: 55, grade: C}}, counted: [f1]}}
  - {{subject: A, as_of: 2025-03-03, running: {{score: 70, grade: B}}, not_counted: {{f1: repaired}}}}
"""
    assert held(tmp_path, rest) == []


def test_without_the_rule_a_repair_waits_for_nothing(tmp_path: Path) -> None:
    rest = f"""{APPLIED}
  - {{at: 2025-03-03, do: confirm_repair, repair: r1, by: city_bureau, confirmed_on: 2025-03-03}}
expect:
  - {{admissible: {{r1: true, r2: true}}}}
  - {{subject: A, as_of: 2025-03-03, running: {{score: 70}}}}
"""
    assert held(tmp_path, rest, own_edition().replace(WAIT, AFTER)) == []


def test_too_early_is_told_with_the_day_in_both_languages() -> None:
    world = World()
    world.do("2024-01-01", "adopt_rulebook", text=own_edition(), in_force_on="2024-01-01")
    world.agency(region="990100")
    own = {"subject": "A", "regime": "example.services"}
    world.fact("2024-11-30", "X1", "f1", authority="990100-EEB", document="示罚 1 号", **own)
    world.fact("2024-12-20", "X2", "f2", authority="990100-EEB", document="示罚 2 号", served_on="2024-12-20", **own)
    for stage, day in (("roster", "2025-01-06"), ("proposal", "2025-01-07"), ("publication", "2025-02-10")):
        world.do(day, "evaluation_stage", year=2024, stage=stage, dated_on=day, **own)
    for fact, on, en in (
        ("f1", "2025-02-28", "the 3 months from 2024-11-30, when the fact (示罚 1 号) took effect, end on 2025-02-28"),
        ("f2", "2025-09-21", "the 3 months from 2025-06-21, when the fact (示罚 2 号) took effect, end on 2025-09-21"),
    ):
        told = world.do(on, "apply_repair", facts=["f1", fact], dated_on=on, completed_on="2025-01-31", **own)
        (notice,) = [n for n in told.notices if n.code == "inadmissible"]
        assert notice.en.startswith(en)
        assert "届满，其后方可申请修复" in notice.zh
        assert on in notice.zh
        assert notice.cites == ("art. 12",)


def test_the_ground_of_the_wait_has_to_be_stated() -> None:
    text = own_edition().replace('regions = ["99"]\n', 'regions = ["99"]\nadmits = []\n')
    bare = text.replace('repair_wait = ["art. 12"]\n', "")
    stated, missing = ({p.place for p in lint(parse_edition(t, "own.toml"), t)} for t in (text, bare))
    assert missing - stated == {"grounds.repair_wait"}


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("initial = 70", "initial = 70\nadditions_at_most = 0", "methods.agency.additions_at_most", "more than 0"),
        ('starts = "fact"', 'starts = "application"', "deadline[1].starts", "runs from fact"),
        ("months = 3", "working_days = 60", "deadline[1].months", "needs months"),
        ('type = "grade"\n', 'type = "grade"\nends_with = ["until_on"]\n', "row[2].ends_with", "no effect"),
    ],
)
def test_what_has_no_effect_is_a_fault(old: str, new: str, place: str, words: str) -> None:
    text = own_edition().replace("\nadditions_at_most = 20\n", "\n").replace(old, new, 1)
    found = {p.place: p.en for p in lint(parse_edition(text, "own.toml"), text)}
    assert words in found[place]
