"""What a bureau may want to say in an edition of its own: lower starts, bounded additions, points that lapse, fines
that choose the row, repairs that wait."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from application.answering.behind.particulars import Particulars
from application.answering.grading import GradeAnswer, Question
from domain.errors import Invalid
from domain.law.lint import lint
from domain.law.parse import parse_edition
from interfaces.files.scenario_files import load, player
from interfaces.wording.words import matter
from tests.support.words import words_of
from tests.support.world import World

EXAMPLE = (Path(__file__).parents[3] / "docs/example-edition.toml").read_text("utf-8")
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
FINED = """
[[row]]
code = "X4"
kind = "agency"
type = "points"
points = -5
fined_below = 50000
cites = ["art. 6(2)"]
words.zh = "罚款不满五万元"
words.en = "Was fined less than 50,000 yuan"

[[row]]
code = "X5"
kind = "agency"
type = "points"
points = -10
fined_at_least = 50000
fined_below = 200000.5
cites = ["art. 6(2)"]
words.zh = "罚款五万元以上"
words.en = "Was fined 50,000 yuan and more"

# 4."""
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
    text = text.replace("\n# 4.", FINED)
    text = text.replace(AFTER, WAIT).replace("[grounds]\n", '[grounds]\nrepair_wait = ["art. 12"]\n')
    text = text.replace("initial = 100\n", "initial = 70\nadditions_at_most = 20\n")
    return text.replace("points = -15\n", "points = -15\nvalidity_months = 12\n", 1) + ADDED


def held(tmp_path: Path, rest: str, text: str | None = None) -> list[object]:
    (tmp_path / "own.toml").write_text(text or own_edition(), "utf-8")
    (case,) = load(PLAY + rest, str(tmp_path / "case.yaml"), tmp_path)
    return [(f.zh, f.differences) for f in player().play(case).failures]


OWN: Any = {"regime": "example.services", "authority": "990100-EEB", "document": "示罚 1 号"}


def bureau() -> World:
    """A product in which the edition applies, with an agency of its city."""
    world = World()
    world.do("2024-01-01", "adopt_rulebook", text=own_edition(), in_force_on="2024-01-01")
    world.agency(region="990100")
    return world


def explained(world: World, as_of: str) -> GradeAnswer:
    asked = Question(subject="A", regime="example.services", as_of=dt.date.fromisoformat(as_of))
    return world.grading.explained(asked)


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
    (found,) = [p for p in lint(parse_edition(text, "own.toml"), text) if p.place == "methods.agency.bands[2]"]
    assert words_of(found).zh == "40 分以下没有等级：须写明等级，不评等级的也须以一个区间写明"
    assert words_of(found).en == (
        "a gap: no grade for scores below 40; they need a grade or a band that declares them to have none"
    )


def fined(*rows: tuple[str, str], cites: str = "art. 6(2)") -> str:
    """The edition with these rows in the place of its brackets, each a code and what its table says besides."""
    own = own_edition().replace(FINED, "\n# 4.")
    head = 'kind = "agency"\ntype = "points"\npoints = -5\nwords = { zh = "罚款", en = "Was fined" }\n'
    tables = "".join(
        f'\n[[row]]\ncode = "{code}"\n{head}{"" if "cites" in said else f"""cites = ["{cites}"]{chr(10)}"""}{said}\n'
        for code, said in rows
    )
    return own.replace("\n# 4.", tables + "\n# 4.")


def faults_of_fines(text: str) -> list[tuple[str, str, str]]:
    return [(p.place, words_of(p).zh, words_of(p).en) for p in lint(parse_edition(text, "own.toml"), text)]


LOW, MIDDLE = ("X4", "fined_below = 50000"), ("X5", "fined_at_least = 50000\nfined_below = 200000.5")
TOP = ("X6", "fined_at_least = 200000.5")
ADD_ONE = "add one, or one for any amount"


def test_brackets_that_meet_leave_nothing_to_tell() -> None:
    """In any order of the file; a start at 0 is the same as none."""
    for rows in (
        (LOW, MIDDLE, TOP),
        (TOP, LOW, MIDDLE),
        (("X4", "fined_at_least = 0\nfined_below = 50000"), MIDDLE, TOP),
    ):
        assert faults_of_fines(fined(*rows, cites="art. 7")) == []


@pytest.mark.parametrize(
    ("rows", "place", "zh", "en"),
    [
        (
            (("X4", "fined_below = 50000.01"), MIDDLE, TOP),
            "row[4].fined_at_least",
            "罚款 50000 元以上、不满 50000.01 元的，X4 与 X5 重叠：同一项中一个数额只能有一个条目",
            "an overlap: fines from 50000 and below 50000.01 yuan belong to X4 as well as to X5, of the same item",
        ),
        (
            (LOW, ("X5", "fined_at_least = 50000"), TOP),
            "row[5].fined_at_least",
            "罚款 200000.5 元以上的，X5 与 X6 重叠：同一项中一个数额只能有一个条目",
            "an overlap: fines of 200000.5 yuan and more belong to X5 as well as to X6, of the same item",
        ),
        (
            (LOW, ("X5", "fined_below = 10"), ("X6", "fined_at_least = 50000")),
            "row[4].fined_below",
            "罚款 0 元以上、不满 10 元的，X4 与 X5 重叠：同一项中一个数额只能有一个条目",
            "an overlap: fines from 0 and below 10 yuan belong to X4 as well as to X5, of the same item",
        ),
        (
            (("X4", "fined_below = 49999.99"), MIDDLE, TOP),
            "row[4].fined_at_least",
            "罚款 49999.99 元以上、不满 50000 元的没有条目（X5 所在的项）：请补一个条目，或者写一个不限数额的条目",
            f"a gap: no row of the item of X5 is for fines from 49999.99 and below 50000 yuan; {ADD_ONE}",
        ),
        (
            (("X4", "fined_at_least = 0.01\nfined_below = 50000"), MIDDLE, TOP),
            "row[3].fined_at_least",
            "罚款 不满 0.01 元的没有条目（X4 所在的项）：请补一个条目，或者写一个不限数额的条目",
            f"a gap: no row of the item of X4 is for fines below 0.01 yuan; {ADD_ONE}",
        ),
        (
            (LOW, MIDDLE),
            "row[4].fined_below",
            "罚款 200000.5 元以上的没有条目（X5 所在的项）：请补一个条目，或者写一个不限数额的条目",
            f"a gap: no row of the item of X5 is for fines of 200000.5 yuan and more; {ADD_ONE}",
        ),
    ],
)
@pytest.mark.parametrize("cites", ["art. 7", "annex 1"])
def test_every_fine_has_one_row_of_its_item(
    rows: tuple[tuple[str, str], ...], place: str, zh: str, en: str, cites: str
) -> None:
    text = fined(*rows, cites=cites).replace(
        '{ cites = "art. 12" },', '{ cites = "art. 12" },\n  { cites = "annex 1" },'
    )
    assert faults_of_fines(text) == [(place, zh, en)]


def test_an_empty_bracket_is_told_with_what_it_leaves_open() -> None:
    found = faults_of_fines(
        fined(LOW, ("X5", "fined_at_least = 200000.5\nfined_below = 200000.5"), TOP, cites="art. 7")
    )
    assert [place for place, _, _ in found] == ["row[4].fined_below", "row[5].fined_at_least"]
    assert "区间是空的：200000.5 元以上、不满 200000.5 元（X5）" in found[0][1]
    assert "from 50000 and below 200000.5" in found[1][2]


def test_a_bracket_that_ends_before_it_begins_is_empty_too() -> None:
    found = faults_of_fines(fined(LOW, ("X5", "fined_at_least = 50000\nfined_below = 49999.99"), TOP, cites="art. 7"))
    assert found[0][0] == "row[4].fined_below"
    assert "the bracket is empty: from 50000 and below 49999.99 yuan (X5)" in found[0][2]


def test_a_row_for_any_amount_takes_what_the_brackets_of_its_item_leave() -> None:
    """X2 stands in the same item and is for any fine."""
    assert faults_of_fines(fined(MIDDLE)) == []
    assert [place for place, _, _ in faults_of_fines(fined(MIDDLE, LOW, ("X6", "fined_below = 1")))] == [
        "row[5].fined_below"
    ]


@pytest.mark.parametrize(
    "other",
    [
        'cites = ["art. 6(1)"]\nfined_at_least = 0',
        "needs_reminder = true\nfined_at_least = 0",
        "extra = true\nfined_below = 10",
    ],
)
def test_rows_that_add_up_do_not_overlap(other: str) -> None:
    """Another provision, another condition, or a caution that has no points: both count."""
    assert faults_of_fines(fined(LOW, MIDDLE, TOP, ("X7", other), cites="art. 7")) == []


def test_brackets_are_looked_at_for_each_service_and_authority() -> None:
    by_service = [
        ("X4", 'services = ["monitoring"]\nfined_below = 50000'),
        ("X5", 'services = ["monitoring"]\nfined_at_least = 50000'),
        ("X6", 'services = ["eia"]\nfined_below = 60000'),
        ("X7", 'services = ["eia"]\nfined_at_least = 60000'),
    ]
    assert faults_of_fines(fined(*by_service, cites="art. 7")) == []
    for_all = ("X8", "fined_at_least = 60000")
    assert [place for place, _, _ in faults_of_fines(fined(*by_service[:3], for_all, cites="art. 7"))] == [
        "row[6].fined_at_least",
        "row[6].fined_at_least",
    ]
    by_authority = [
        ("X4", 'authorities = ["EEB"]\nfined_at_least = 0'),
        ("X5", 'authorities = ["MSA"]\nfined_at_least = 0'),
    ]
    assert faults_of_fines(fined(*by_authority, cites="art. 7")) == []
    regional = ("X6", 'authorities = ["region:EEB"]\nfined_at_least = 10')
    assert ["X4 与 X6 重叠" in zh for _, zh, _ in faults_of_fines(fined(*by_authority, regional, cites="art. 7"))] == [
        True
    ]


def test_two_items_of_one_annex_each_have_their_brackets() -> None:
    """An annex has no finer place to cite: a set that leaves nothing open ends where the next one begins."""
    rows = [LOW, ("X5", "fined_at_least = 50000"), ("X6", "fined_below = 70000"), ("X7", "fined_at_least = 70000")]
    text = fined(*rows, cites="annex 1").replace(
        '{ cites = "art. 12" },', '{ cites = "art. 12" },\n  { cites = "annex 1" },'
    )
    assert faults_of_fines(text) == []
    printed = [("X4", "annex_row = 3\nfined_at_least = 50000"), ("X5", "annex_row = 3"), ("X6", "annex_row = 4")]
    text = fined(*printed, cites="annex 1").replace(
        '{ cites = "art. 12" },', '{ cites = "art. 12" },\n  { cites = "annex 1" },'
    )
    assert faults_of_fines(text) == []
    assert [p for p, _, _ in faults_of_fines(text.replace("annex_row = 3\nfined", "annex_row = 5\nfined"))] == [
        "row[3].fined_at_least"
    ]


@pytest.mark.parametrize(
    ("row", "fine", "pointer", "code", "named"),
    [
        ("X4", "50000", "/row", "row_of_other_amount", ("X5",)),
        ("X5", "49999.99", "/row", "row_of_other_amount", ("X4",)),
        ("X5", "200000.50", "/row", "row_of_other_amount", ("200000.5",)),
        ("X5", None, "/amount_fined", "required_by_row", ("50000", "200000.5")),
        ("X4", None, "/amount_fined", "required_by_row", ("50000",)),
        ("X4", "0.001", "/amount_fined", "too_precise", ()),
        ("X1", "1000000000000.01", "/amount_fined", "out_of_range", ()),
        ("X1", "-1", "/amount_fined", "out_of_range", ()),
    ],
)
def test_a_fine_that_the_row_is_not_for_is_told_its_row(
    row: str, fine: str | None, pointer: str, code: str, named: tuple[str, ...]
) -> None:
    with pytest.raises(Invalid) as raised:
        bureau().fact("2024-03-04", row, "f1", amount_fined=fine, **OWN)
    (problem,) = raised.value.problems
    assert (problem.pointer, problem.code) == (pointer, code)
    assert all(part in told for told in words_of(problem) for part in named)


@pytest.mark.parametrize(
    ("row", "fine", "score"),
    [("X4", "0", "65"), ("X4", "49999.99", "65"), ("X5", "50000", "60"), ("X5", "200000.49", "60"), ("X1", "7", "55")],
)
def test_a_fine_within_the_bracket_of_its_row_costs_the_points_of_the_row(row: str, fine: str, score: str) -> None:
    world = bureau()
    world.fact("2024-03-04", row, "f1", amount_fined=fine, **OWN)
    answer = explained(world, "2024-03-04")
    assert answer.running.score == score
    (found,) = [s.particulars for s in answer.steps if s.fact == "f1"]
    assert isinstance(found, Particulars)
    assert found.amount_fined == fine
    assert f"罚款：{fine} 元" in matter(found, "zh")
    assert f"fine: {fine} yuan" in matter(found, "en")


def test_a_case_chooses_the_row_by_the_fine(tmp_path: Path) -> None:
    said = 'subject: A, decided_on: 2024-03-04, authority: "990100-EEB"'
    rest = f"""
happens:
  - {{at: 2024-03-04, do: record_fact, id: f1, row: X4, amount_fined: 50000, {said}, invalid: /row}}
  - {{at: 2024-03-04, do: record_fact, id: f1, row: X4, amount_fined: 49999.99, {said}}}
  - {{at: 2024-03-04, do: record_fact, id: f2, row: X5, {said}, invalid: /amount_fined}}
  - {{at: 2024-03-04, do: record_fact, id: f2, row: X5, amount_fined: 50000, {said}}}
expect:
  - {{subject: A, as_of: 2024-03-04, running: {{score: 55, grade: C}}, counted: [f1, f2]}}
"""
    assert held(tmp_path, rest) == []


def test_a_corrected_amount_needs_its_row_with_it() -> None:
    world = bureau()
    world.fact("2024-03-04", "X4", "f1", amount_fined="49999.99", **OWN)
    for changes, pointer in (({"amount_fined": "50000"}, "/row"), ({"amount_fined": None}, "/amount_fined")):
        with pytest.raises(Invalid) as raised:
            world.do("2024-03-05", "correct_fact", fact="f1", changes=changes, reason="数额有误")
        assert [p.pointer for p in raised.value.problems] == [pointer]
    world.do("2024-03-05", "correct_fact", fact="f1", changes={"amount_fined": "50000", "row": "X5"}, reason="数额有误")
    assert explained(world, "2024-03-05").running.score == "60"


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
    world, own = bureau(), {"subject": "A", "regime": "example.services"}
    world.fact("2024-11-30", "X1", "f1", **OWN)
    world.fact("2024-12-20", "X2", "f2", **OWN | {"document": "示罚 2 号", "served_on": "2024-12-20"})
    for stage, day in (("roster", "2025-01-06"), ("proposal", "2025-01-07"), ("publication", "2025-02-10")):
        world.do(day, "evaluation_stage", year=2024, stage=stage, dated_on=day, **own)
    for fact, on, named in (
        ("f1", "2025-02-28", ("2024-11-30", "示罚 1 号", "2025-02-28")),
        ("f2", "2025-09-21", ("2025-06-21", "示罚 2 号", "2025-09-21")),
    ):
        told = world.do(on, "apply_repair", facts=["f1", fact], dated_on=on, completed_on="2025-01-31", **own)
        (notice,) = [n for n in told.notices if n.code == "inadmissible"]
        assert all(part in told for told in (notice.zh, notice.en) for part in named)
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
        ("fined_below = 50000", "fined_below = 0", "row[3].fined_below", "empty"),
        ("fined_below = 200000.5", "fined_below = 50000.0", "row[4].fined_below", "empty"),
        ("fined_below = 50000", "fined_below = 0.001", "row[3].fined_below", "decimal places"),
        ('type = "grade"\n', 'type = "grade"\nfined_at_least = 1\n', "row[2].fined_at_least", "fixed points"),
        ('type = "grade"\n', 'type = "grade"\nends_with = ["until_on"]\n', "row[2].ends_with", "no effect"),
    ],
)
def test_what_has_no_effect_is_a_fault(old: str, new: str, place: str, words: str) -> None:
    text = own_edition().replace("\nadditions_at_most = 20\n", "\n").replace(old, new, 1)
    found = {p.place: words_of(p).en for p in lint(parse_edition(text, "own.toml"), text)}
    assert words in found[place]
