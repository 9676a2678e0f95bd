"""What a bureau may want to say in an edition of its own: lower starts, bounded additions, points that lapse."""

from pathlib import Path

import pytest

from domain.rulebook.lint import lint
from domain.rulebook.parsing import parse_edition
from interfaces.scenario_files import load, player

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
    text = text.replace("initial = 100\n", "initial = 70\nadditions_at_most = 20\n")
    return text.replace("points = -15\n", "points = -15\nvalidity_months = 12\n", 1) + ADDED


def held(tmp_path: Path, rest: str) -> list[object]:
    (tmp_path / "own.toml").write_text(own_edition(), "utf-8")
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


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("initial = 70", "initial = 70\nadditions_at_most = 0", "methods.agency.additions_at_most", "more than 0"),
        ('type = "grade"\n', 'type = "grade"\nends_with = ["until_on"]\n', "row[2].ends_with", "no effect"),
    ],
)
def test_what_has_no_effect_is_a_fault(old: str, new: str, place: str, words: str) -> None:
    text = own_edition().replace("\nadditions_at_most = 20\n", "\n").replace(old, new, 1)
    found = {p.place: p.en for p in lint(parse_edition(text, "own.toml"), text)}
    assert words in found[place]
