"""A rulebook file with faults is refused with every fault, its place and its line; a sound one is read."""

from decimal import Decimal

import pytest

from domain.law.adopted import digest, head_of
from domain.law.edition import Deduction
from domain.law.lines import Lines, written_path
from domain.law.lint import lint
from domain.law.parse import RulebookError, RulebookProblem, parse_edition
from tests.support.words import words_of

SOUND = """\
id = "test.regime@one"
regime = "test.regime"
status = "issued"
title.zh = "测试"
title.en = "Test"
regions = ["15"]
in_force_on = 2024-01-01

[methods.agency]
name = "deduction"
initial = 100
cap = 100
direct_grade = "D"
cites = ["art. 1"]

[[methods.agency.bands]]
grade = "N"
at_least = 59.5
cites = ["art. 1"]

[[methods.agency.bands]]
grade = "D"
below = 59.5
cites = ["art. 1"]

[methods.practitioner]
name = "counting"
count = 2
grade = "D"
otherwise = "N"
cites = ["art. 2"]

[staff]
row = "A3"
persons = 3

[[row]]
code = "A1"
kind = "agency"
type = "points"
points = -5
cites = ["art. 3(1)2", "annex 1"]
words.zh = "一"
words.en = "one"
services = [
  "eia",
  "monitoring", # two on
  "works", "research",
]
readings = ["T-01"]

[[row]]
code = "A2"
kind = "agency"
type = "grade"
grade = "D"
cites = ["para. 11"]
words = { zh = "二", en = "two" }
same_as = ["A4"]

[[row]]
code = "A3"
kind = "agency"
type = "points"
points = -20
cites = ["annex 1"]
words.zh = "三"
words.en = "three"
year_bound = true

[[row]]
code = "A4"
kind = "agency"
type = "grade"
grade = "D"
cites = ["art. 4"]
words.zh = "四"
words.en = "four"
same_as = ["A2"]

[[reading]]
id = "T-01"
issue.zh = "问题"
issue.en = '''
issue = [ # none of this is a key
id = "T-02"
'''
default = "first"

[[reading.values]]
name = "first"
words.zh = "甲"
words.en = "first"

[[reading.values]]
name = "second"
words.zh = "乙"
words.en = "second"

[[stage]]
stage = "submission"
of = "agency"
rank = 1
cites = ["art. 13"]

[[stage]]
stage = "push"
of = "agency"
rank = 2
cites = ["art. 14"]
needs = ["submission"]

[[deadline]]
kind = "report"
of = "agency"
starts = "notice"
actor = "participant"
working_days = 20
cites = ["art. 7"]
words.zh = "填报"
words.en = "report"

[[deadline]]
kind = "publicity_start"
of = "agency"
starts = "roster"
actor = "city_bureau"
by = "04-30"
warn_after = "04-25"
cites = ["art. 8(3)"]
words.zh = "公示"
words.en = "publicity"
readings = ["T-01"]

[[deadline]]
kind = "rectification"
of = "agency"
starts = "warning"
actor = "participant"
rolls = true
cites = ["art. 9"]
words.zh = "整改"
words.en = "rectification"

[[measure]]
of = "agency"
grade = "D"
cites = ["art. 10(1)", "art. 11"]
words.zh = "检查"
words.en = "checks"
legal_basis = { zh = "职责", en = "duty" }

[[measure]]
of = "practitioner"
grade = "D"
cites = ["art. 12"]
words.zh = "意见"
words.en = "opinion"

[[erratum]]
cites = "art. 5"
words.zh = "误"
words.en = "slip"
readings = ["T-01"]

[[unencoded]]
cites = "art. 6"
reason.zh = "无"
reason.en = "none"
"""
OR_NONE = "they need a grade or a band that declares them to have none"


def changed(*changes: tuple[str, str]) -> str:
    """The sound file with each first text put in the place of the second."""
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def refused(text: str) -> tuple[RulebookProblem, ...]:
    """The problems with which the parser refuses the file."""
    with pytest.raises(RulebookError) as refusal:
        parse_edition(text, "test.toml")
    return refusal.value.problems


def findings(*changes: tuple[str, str]) -> list[tuple[str, int | None, str]]:
    """What the lint finds in the changed file."""
    text = changed(*changes)
    return [(p.place, p.line, words_of(p).en) for p in lint(parse_edition(text, "test.toml"), text)]


def line_of(part: str, text: str = SOUND) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_sound_file_is_read_with_exact_decimals_and_holds_together() -> None:
    edition = parse_edition(SOUND, "test.toml")
    method = edition.methods["agency"]
    assert isinstance(method, Deduction)
    assert method.bands[0].at_least == Decimal("59.5")
    assert edition.row[0].points == Decimal(-5)
    assert edition.default_readings() == {"T-01": "first"}
    assert lint(edition, SOUND) == ()
    assert lint(edition) == ()


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = changed(
        ('status = "issued"', 'status = "isued"'),
        ("count = 2", "count = 0"),
        ("points = -5", 'pionts = "-5"'),
        ('"works"', '"work"'),
        ("year_bound = true", "year_bound = 1"),
        ('cites = ["art. 4"]', "cites = []"),
        ('default = "first"\n', ""),
    )
    problems = refused(text)
    assert [(p.place, p.line) for p in problems] == [
        ("status", 3),
        ("methods.practitioner.count", line_of("count = 0", text)),
        ("row[0].pionts", line_of("pionts", text)),
        ("row[0].services[2]", line_of('"work"', text)),
        ("row[2].year_bound", line_of("year_bound = 1", text)),
        ("row[3].cites", line_of("cites = []", text)),
        ("reading[0].default", line_of("[[reading]]", text)),
    ]
    assert "did you mean issued?" in words_of(problems[0]).en
    assert "did you mean points?" in words_of(problems[2]).en
    assert "是否应为 points？" in words_of(problems[2]).zh
    assert "did you mean works?" in words_of(problems[3]).en


def test_the_message_names_the_file_the_line_and_the_place() -> None:
    with pytest.raises(RulebookError) as refusal:
        parse_edition(changed(("persons = 3", "persons = 0")), "test.toml")
    assert f"test.toml:{line_of('persons')} staff.persons 0 is less than 1" in words_of(refusal.value).en
    assert f"test.toml:{line_of('persons')} staff.persons 0 小于 1" in words_of(refusal.value).zh


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ('name = "deduction"', 'name = ["deduction"]', "methods.agency.name", "[…] is none of"),
        ('name = "deduction"', "name = {deduction = 1}", "methods.agency.name", "{…} is none of"),
        ('name = "deduction"', "name = 1", "methods.agency.name", "1 is none of"),
        ('status = "issued"', 'status = ["issued"]', "status", "[…] is none of"),
        ("points = -5", 'points = "-5"', "row[0].points", 'a number without quotes, found "-5"'),
        ("points = -5", "points = true", "row[0].points", "a number without quotes, found true"),
        ("points = -5", "points = nan", "row[0].points", "no figure"),
        ("points = -5", "points = -inf", "row[0].points", "no figure"),
        ("persons = 3", "persons = 3.5", "staff.persons", "a whole number"),
        ("in_force_on = 2024-01-01", 'in_force_on = "2024-01-01"', "in_force_on", "a date"),
        ("in_force_on = 2024-01-01", "in_force_on = 2024-01-01T00:00:00", "in_force_on", "a date"),
        ('title.zh = "测试"', "title.zh = 7", "title.zh", "text in quotes"),
        ('title.zh = "测试"', 'title.zh = " "', "title.zh", "empty"),
        ('code = "A1"', 'code = "1"', "row[0].code", "has not the form"),
        ('code = "A1"\n', "", "row[0].code", "code is missing"),
        ('name = "counting"', 'name = "cuonting"', "methods.practitioner.name", "did you mean counting?"),
        ('name = "counting"\n', "", "methods.practitioner.name", "name is missing"),
        ("[methods.practitioner]", "[methods.practitoner]", "methods.practitoner", "mean practitioner?"),
        ('words = { zh = "二", en = "two" }', 'words = "two"', "row[1].words", "a table"),
        ('words = { zh = "二", en = "two" }', 'words = { zh = "二" }', "row[1].words.en", "en is missing"),
        ('readings = ["T-01"]', 'readings = "T-01"', "row[0].readings", "a list"),
        ("[staff]", "[staf]", "staf", "did you mean staff?"),
        ("[staff]", "[configured]\nvalidity_months = 3\n[staff]", "configured.validity_months", "a table"),
        ("[[erratum]]", "[erratum]", "erratum", "a list"),
    ],
)
def test_a_fault_of_form_is_refused_with_its_place(old: str, new: str, where: str, words: str) -> None:
    (problem,) = refused(changed((old, new)))
    assert problem.place == where
    assert words in words_of(problem).en
    assert problem.line is not None
    assert words_of(problem).zh


@pytest.mark.parametrize(
    ("figure", "taken"),
    [("-1e-40", True), ("-1e-41", False), ("-1e-42", False), ("-1000000", True), ("-1000000.5", False),
     ("1000000", True), ("1000001", False)],
)  # fmt: skip
def test_a_figure_has_forty_places_at_most_and_is_a_million_at_most(figure: str, taken: bool) -> None:
    text = changed(("points = -5", f"points = {figure}"))
    if taken:
        assert parse_edition(text, "test.toml").row[0].points == Decimal(figure)
    else:
        assert [problem.place for problem in refused(text)] == ["row[0].points"]


def test_a_fault_of_syntax_is_refused_with_its_line() -> None:
    (problem,) = refused(changed(("persons = 3", "persons = = 3")))
    assert problem.line == line_of("persons")
    (at_the_end,) = refused(SOUND + "[row")
    assert at_the_end.line == SOUND.count("\n") + 1


def test_endless_brackets_are_a_fault_of_the_file_and_not_of_the_program() -> None:
    (problem,) = refused("x = " + "[" * 100_000)
    assert "nested" in words_of(problem).en


def test_the_commas_of_an_element_begin_no_other_element() -> None:
    lines = Lines("x = [\n  { a = 1, b = [2, 3] },\n  { a = 4, b = [5] },\n  6,\n]\n")
    assert [lines.find(("x", element)) for element in (0, 1, 2)] == [2, 3, 4]


def test_a_line_is_found_for_every_key_whatever_stands_around_it() -> None:
    lines = Lines(SOUND)
    assert lines.find(("row", 0, "services", 1)) == line_of('"monitoring"')
    assert lines.find(("row", 0, "services", 3)) == line_of('"research"')
    assert lines.find(("row", 1, "words", "zh")) == line_of("words = {")
    assert lines.find(("row", 3, "words", "zh")) == line_of('words.zh = "四"')
    assert lines.find(("reading", 0, "values", 1, "name")) == line_of('name = "second"')
    assert lines.find(("reading", 0, "default")) == line_of('default = "first"')
    assert lines.find(("reading", 0, "issue")) == line_of("issue.zh")
    assert lines.find(("methods", "agency", "bands", 1, "below")) == line_of("below = 59.5")
    assert lines.find(("nowhere",)) is None
    assert written_path(("row", 12, "points")) == "row[12].points"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('code = "A3"\nkind = "agency"', 'code = "A3"\nkind = "practitioner"'),
        ('type = "points"\npoints = -20', 'type = "external"'),
        ("year_bound = true", "year_bound = false"),
    ],
    ids=["of persons", "points of the paper", "of any year"],
)
def test_the_row_of_the_staff_rule_has_fixed_points_of_agencies_and_a_year(old: str, new: str) -> None:
    text = "A3 should be a points row of agencies that is bound to the year"
    assert [where for where, _, words in findings((old, new)) if text in words] == ["staff.row"]


def test_a_gap_between_bands_is_told_with_its_numbers() -> None:
    assert findings(("at_least = 59.5", "at_least = 75")) == [
        (
            "methods.agency.bands[0]",
            line_of("[[methods.agency.bands]]"),
            f"a gap: no grade for scores from 59.5 and below 75; {OR_NONE}",
        )
    ]


def test_an_overlap_of_bands_is_told_with_its_numbers() -> None:
    ((where, _, words),) = findings(("at_least = 59.5", "at_least = 50"))
    assert where == "methods.agency.bands[0]"
    assert words == "an overlap: from 50 and below 59.5 another band applies as well as N"
    ((_, _, words),) = findings(("at_least = 59.5\n", ""))
    assert words == "an overlap: from the lowest score and below 59.5 another band applies as well as D"


def test_bands_reach_from_the_lowest_to_the_highest_score() -> None:
    ((_, _, top),) = findings(("at_least = 59.5", "at_least = 59.5\nbelow = 100"))
    assert top == f"a gap: no grade for scores of 100 and more; {OR_NONE}"
    ((_, _, bottom),) = findings(("below = 59.5", "at_least = 0\nbelow = 59.5"))
    assert bottom == f"a gap: no grade for scores below 0; {OR_NONE}"
    empty = findings(("below = 59.5", "at_least = 60\nbelow = 59.5"))
    assert "the band is empty: from 60 and below 59.5" in [words for _, _, words in empty]


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ('code = "A4"', 'code = "A1"', "row[3].code", "A1 stands at row[0] already"),
        ("points = -5", "points = 5", "row[0].points", "not negative"),
        ("points = -5\n", "", "row[0].points", "needs points"),
        ("points = -5", 'points = -5\ngrade = "D"', "row[0].grade", "takes no grade"),
        ('type = "points"', 'type = "count"', "row[0].type", "takes no rows of the type count"),
        (
            'grade = "D"\ncites = ["para. 11"]',
            'grade = "E"\ncites = ["para. 11"]',
            "row[1].grade",
            "no grade E",
        ),
        ('direct_grade = "D"', 'direct_grade = "E"', "methods.agency.direct_grade", "no band"),
        ("initial = 100", "initial = 101", "methods.agency.initial", "outside"),
        ('same_as = ["A4"]', 'same_as = ["A9"]', "row[1].same_as[0]", "there is no A9"),
        ('same_as = ["A4"]', 'same_as = ["A3"]', "row[1].same_as[0]", "must name each other"),
        ('row = "A3"', 'row = "A7"', "staff.row", "there is no A7"),
        ('row = "A3"', 'row = "A1"', "staff.row", "bound to the year"),
        ('[staff]\nrow = "A3"\npersons = 3\n', "", "row[2].year_bound", "no staff rule"),
        ('readings = ["T-01"]', 'readings = ["T-07"]', "row[0].readings[0]", "there is no T-07"),
        (
            'en = "slip"\nreadings = ["T-01"]',
            'en = "slip"\nreadings = ["T-10"]',
            "erratum[0].readings[0]",
            "no T-10",
        ),
        ('default = "first"', 'default = "frist"', "reading[0].default", "did you mean first?"),
        ('name = "first"', 'name = "first"\navailable = false', "reading[0].default", "cannot be applied"),
        ('name = "second"', 'name = "first"', "reading[0].values", "same name"),
        ('cites = ["para. 11"]', 'cites = ["para 11"]', "row[1].cites[0]", "no citation"),
        ('cites = "art. 5"', 'cites = "Art. 5"', "erratum[0].cites", "no citation"),
        ("in_force_on = 2024-01-01", "in_force_on = 2024-01-01\nuntil_on = 2023-12-31", "until_on", "before"),
        ("in_force_on = 2024-01-01\n", "", "in_force_on", "needs the day"),
        ('status = "issued"', 'status = "draft"', "in_force_on", "by an adoption only"),
        ('regime = "test.regime"', 'regime = "other.regime"', "regime", "should be test.regime"),
        ('regions = ["15"]', 'regions = ["155"]', "regions[0]", "region code"),
        ('readings = ["T-01"]', 'authorities = ["EEBX"]', "row[0].authorities[0]", "an organ"),
        (
            "[staff]",
            "[configured.validity_months]\ngeneral = 0\n[staff]",
            "configured.validity_months.general",
            "0 m",
        ),
        (
            "[staff]",
            "[configured.validity_months]\nminor = 3\n[staff]",
            "configured.validity_months.minor",
            "no class",
        ),
        (
            "[staff]",
            "[configured.enhancement_points]\nprize = -1\n[staff]",
            "configured.enhancement_points.prize",
            "-1",
        ),
    ],
)
def test_what_does_not_hold_together_is_found_with_its_place_and_line(
    old: str, new: str, where: str, words: str
) -> None:
    found = findings((old, new))
    assert where in [place for place, _, _ in found]
    ((_, line, told), *_) = [f for f in found if f[0] == where]
    assert words in told
    assert line is not None or where in ("in_force_on", "until_on")


CONFIGURED = "[configured.{}]\n{}\n[staff]"


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        (
            'stage = "push"\nof = "agency"\nrank = 2\ncites = ["art. 14"]\nneeds = ["submission"]',
            'stage = "submission"\nof = "agency"\nrank = 2\ncites = ["art. 14"]',
            "stage[1].stage",
            "submission (agency) stands at stage[0] already",
        ),
        ('stage = "push"', 'stage = "pushed"', "stage[1].stage", "did you mean push?"),
        ('of = "agency"\nrank = 2', 'of = "practitioner"\nrank = 2', "stage[1].needs[0]", "there is no submission"),
        ('needs = ["submission"]', 'needs = ["submision"]', "stage[1].needs[0]", "did you mean submission?"),
        ("rank = 2", "rank = 1", "stage[1].needs[0]", "submission does not come before push"),
        ('cites = ["art. 14"]', 'cites = ["art 14"]', "stage[1].cites[0]", "no citation"),
        (
            'by = "04-30"',
            'months = 2\nby = "04-30"',
            "deadline[1].by",
            "publicity_start has more than one length: months, by",
        ),
        ("working_days = 20\n", "", "deadline[0]", "report has no length: it needs one of working_days, months, by"),
        ('"notice"', '"rating"', "deadline[0].starts", "knows no rating: report can never start"),
        ('by = "04-30"', 'by = "04-31"', "deadline[1].by", "04-31 is no day of every year"),
        (
            'by = "04-30"\nwarn_after = "04-25"',
            'by = "02-29"',
            "deadline[1].by",
            "02-29 is no day of every year",
        ),
        ('"04-25"', '"02-30"', "deadline[1].warn_after", "02-30 is no day of every year"),
        ('"04-25"', '"04-30"', "deadline[1].warn_after", "04-30 is not before 04-30"),
        ('"04-25"', '"05-02"', "deadline[1].warn_after", "05-02 is not before 04-30"),
        ('"publicity_start"', '"report"', "deadline[1].kind", "report (agency) stands at deadline[0] already"),
        ('cites = ["art. 9"]', 'cites = ["art. 9-1"]', "deadline[2].cites[0]", "no citation"),
        (
            'en = "publicity"\nreadings = ["T-01"]',
            'en = "publicity"\nreadings = ["T-02"]',
            "deadline[1].readings[0]",
            "there is no T-02",
        ),
        (
            'grade = "D"\ncites = ["art. 12"]',
            'grade = "C"\ncites = ["art. 12"]',
            "measure[1].grade",
            "no grade C",
        ),
        ('"art. 10(1)", "art. 11"', '"art. 10(1)", "article 11"', "measure[0].cites[1]", "no citation"),
        (
            'of = "practitioner"\ngrade = "D"\ncites = ["art. 12"]',
            'of = "agency"\ngrade = "D"\ncites = ["art. 10(1)"]',
            "measure[1].cites",
            "art. 10(1) (agency, D) stands at measure[0] already",
        ),
        (
            "[staff]",
            CONFIGURED.format("legal_basis", '"art. 10(2)" = "某条例"'),
            "configured.legal_basis.art. 10(2)",
            "no measure has art. 10(2) as its first citation; did you mean art. 10(1)?",
        ),
        (
            "[staff]",
            CONFIGURED.format("legal_basis", '"art. 11" = "某条例"'),
            "configured.legal_basis.art. 11",
            "no measure has art. 11 as its first citation",
        ),
        (
            "[staff]",
            CONFIGURED.format("legal_basis", '"art. 12" = " "'),
            "configured.legal_basis.art. 12",
            "name the provision",
        ),
        (
            "[staff]",
            CONFIGURED.format("not_warnable", '1501 = ["A1", "A9"]'),
            "configured.not_warnable.1501[1]",
            "there is no A9",
        ),
        (
            "[staff]",
            CONFIGURED.format("not_warnable", '150100 = ["A1"]'),
            "configured.not_warnable.150100",
            "first four digits",
        ),
    ],
)
def test_a_step_deadline_or_measure_that_could_never_work_is_found_with_its_place_and_line(
    old: str, new: str, where: str, words: str
) -> None:
    text = changed((old, new))
    ((place, line, told),) = findings((old, new))
    assert place == where
    assert words in told
    assert line is not None
    assert where.rpartition(".")[2].partition("[")[0] in text.splitlines()[line - 1]


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ('"04-30"', '"4-30"', "deadline[1].by", "has not the form"),
        ("working_days = 20", "working_days = 0", "deadline[0].working_days", "0 is less than 1"),
        ('starts = "notice"', 'starts = "notics"', "deadline[0].starts", "did you mean notice?"),
        ('actor = "participant"', 'actor = "public"', "deadline[0].actor", "is none of anyone, city_bureau"),
        ('legal_basis = { zh = "职责", en = "duty" }', 'legal_basis = "职责"', "measure[0].legal_basis", "a table"),
    ],
)
def test_a_deadline_or_measure_of_another_form_is_refused(old: str, new: str, where: str, words: str) -> None:
    (problem,) = refused(changed((old, new)))
    assert problem.place == where
    assert words in words_of(problem).en


def test_publicity_and_warnings_start_nothing_for_practitioners() -> None:
    found = findings(
        ('of = "agency"\nstarts = "warning"', 'of = "practitioner"\nstarts = "warning"'),
        ('of = "agency"\nstarts = "roster"', 'of = "practitioner"\nstarts = "publicity"'),
    )
    assert [(place, words) for place, _, words in found] == [
        (
            "deadline[1].starts",
            "the procedure of the kind practitioner knows no publicity: publicity_start can never start",
        ),
        (
            "deadline[2].starts",
            "the procedure of the kind practitioner knows no warning: rectification can never start",
        ),
    ]


def test_what_follows_for_a_kind_that_nothing_grades_can_never_apply() -> None:
    method = SOUND[SOUND.index("[methods.practitioner]") : SOUND.index("[staff]")]
    found = findings(
        (method, ""),
        ('of = "agency"\nstarts = "roster"', 'of = "practitioner"\nstarts = "roster"'),
    )
    assert [(place, words) for place, _, words in found] == [
        ("deadline[1].of", "no method grades a subject of the kind practitioner: it can never apply"),
        ("measure[1].of", "no method grades a subject of the kind practitioner: it can never apply"),
    ]


def test_a_bureau_supplies_the_basis_of_a_measure_and_the_rows_a_city_does_not_warn_about() -> None:
    bureau = '[configured.legal_basis]\n"art. 12" = "某条例第三条"\n[configured.not_warnable]\n1501 = ["A1"]\n[staff]'
    assert findings(("[staff]", bureau)) == []


def test_a_reading_stands_once_in_the_register() -> None:
    reading = SOUND[SOUND.index("[[reading]]") : SOUND.index("[[stage]]")]
    ((where, _, words),) = findings(("[[erratum]]", reading + "[[erratum]]"))
    assert (where, words) == ("reading[1].id", "T-01 stands at reading[0] already")


def test_a_practitioner_has_no_services_to_be_limited_to() -> None:
    found = findings(('kind = "agency"\ntype = "points"', 'kind = "practitioner"\ntype = "grade"'))
    assert (
        "row[0].services",
        line_of("services = ["),
        "a practitioner has no services: A1 can never apply",
    ) in found


def test_the_digest_is_the_sha_256_of_the_text() -> None:
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest(SOUND) != digest(SOUND + "\n")


def test_a_step_of_subjects_that_nobody_grades_can_never_be_taken() -> None:
    """A computing step most of all: there would be no result to compute."""
    method = SOUND[SOUND.index("[methods.practitioner]") : SOUND.index("[staff]")]
    stage = 'stage = "push"\nof = "agency"\nrank = 2\ncites = ["art. 14"]\nneeds = ["submission"]'
    other = 'stage = "rating"\nof = "practitioner"\nrank = 2\ncites = ["art. 14"]\ncomputes = true'
    found = {where: words for where, _, words in findings((method, ""), (stage, other))}
    assert found["stage[1].of"] == "no method grades a subject of the kind practitioner: it can never apply"


HEAD = ("id", "status", "title", "regions")


@pytest.mark.parametrize(
    "text",
    [
        SOUND,
        SOUND.replace('title.en = "Test"', 'title.en = """\n[Test] of a title"""'),
        SOUND.replace('title.zh = "测试"\ntitle.en = "Test"\n', "") + '\n[title]\nzh = "测试"\nen = "Test"\n',
    ],
    ids=["in lines of its own", "with what looks like a table", "in a table further down"],
)
def test_the_head_of_an_edition_says_what_the_whole_of_it_says(text: str) -> None:
    head, whole = head_of(text, "one.toml"), parse_edition(text, "one.toml")
    assert [getattr(head, name) for name in HEAD] == [getattr(whole, name) for name in HEAD]


def test_an_edition_without_what_its_head_says_is_refused() -> None:
    with pytest.raises(RulebookError, match="regions"):
        head_of(SOUND.replace('regions = ["15"]\n', ""), "one.toml")
