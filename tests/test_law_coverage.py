"""Every provision of a text is applied and exercised, or declared unencoded with the reason; the page shows it."""

import datetime as dt
import re
from functools import cache
from pathlib import Path

import pytest

from domain.law.edition import Edition
from interfaces.files.shipped import shipped_editions
from tools.law_coverage.cases import TARGET
from tools.law_coverage.coverage import (
    Citation,
    Line,
    Place,
    Source,
    above,
    case_source,
    citations,
    coverage,
    filled_from,
    parse_outline,
    python_source,
    unlisted,
)
from tools.law_coverage.pages import OUTLINES, Survey, cases_by_provision, main, missing, page, surveys

ROOT = Path(__file__).parents[1]
TEXTS = sorted(path.stem for path in (ROOT / OUTLINES).glob("*.toml"))


@cache
def surveyed() -> dict[str, Survey]:
    return {survey.name: survey for survey in surveys(ROOT)}


# --- the texts of the product -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_every_provision_is_applied_and_exercised_or_declared_unencoded(name: str) -> None:
    gaps = [f"{line.cite}: {missing(line)}" for line in surveyed()[name].gaps]
    assert gaps == [], "\n".join(gaps)


@pytest.mark.parametrize("name", TEXTS)
def test_whatever_an_edition_cites_or_declares_unencoded_stands_in_the_text(name: str) -> None:
    assert surveyed()[name].unlisted == ()


def test_every_regime_has_the_page_of_its_latest_edition() -> None:
    in_order = sorted((s.edition for s in shipped_editions()), key=lambda e: (e.in_force_on or dt.date.min, e.id))
    latest = {edition.regime: edition.id for edition in in_order}
    assert {name: survey.edition.id for name, survey in surveyed().items()} == latest, "an outline in docs/law"


def test_the_committed_cases_are_what_make_law_writes() -> None:
    assert (ROOT / TARGET).read_text("utf-8") == cases_by_provision(ROOT, surveyed().values()), "run make derived"


@pytest.mark.parametrize("name", TEXTS)
def test_the_committed_page_is_what_make_law_writes(name: str) -> None:
    committed = (ROOT / OUTLINES / f"{name}.md").read_text("utf-8")
    assert committed == page(surveyed()[name]), "run make derived"


@pytest.mark.parametrize("name", TEXTS)
def test_parts_are_numbered_without_a_hole_and_lent_coverage_has_its_reason(name: str) -> None:
    outline = surveyed()[name].outline
    parts: dict[str, list[int]] = {}
    # Sections of a plan have Roman numbers, and of a document cited by its own number some articles are known only.
    for cite in (c for c in outline.provision if re.search(r"\d\)?$", c) and "号" not in c and "条例" not in c):
        parts.setdefault(next(above(cite), cite.split(" ")[0]), []).append(int(re.findall(r"\d+", cite)[-1]))
    assert {whole: numbers for whole, numbers in parts.items() if numbers != [*range(1, len(numbers) + 1)]} == {}
    assert [c for c, p in outline.provision.items() if (p.covered_by is None) != (p.note is None)] == []


def test_the_inner_mongolia_draft_has_41_articles_and_three_annexes_with_34_rows() -> None:
    outline = surveyed()["nmg.third_party"].outline
    assert [c for c in outline.provision if not any(above(c))] == [
        *(f"art. {number}" for number in range(1, 42)),
        *(f"annex {number}" for number in range(1, 4)),
    ]
    assert {annex: len(rows) for annex, rows in outline.rows.items()} == {"annex 1": 28, "annex 2": 6}


# --- what counts ------------------------------------------------------------------------------------------------

OUTLINE = """
regime = "nmg.third_party"
names = ["Inner Mongolia"]
unnamed = true

[rows]
"annex 1" = ["B08"]

[provision]
"art. 1" = {zh = "目的", en = "Purpose"}
"art. 6" = {zh = "原则", en = "Principles"}
"art. 6(1)" = {zh = "奖励", en = "Awards"}
"art. 16" = {zh = "扣分", en = "Deduction"}
"art. 18(2)6" = {zh = "验收", en = "Acceptance"}
"art. 28" = {zh = "修复", en = "Repair"}
"art. 28(2)" = {zh = "公布前", en = "Before publication"}
"art. 28(3)" = {zh = "公布后", en = "After publication"}
"art. 99" = {zh = "没有人援引", en = "Cited by nobody"}
"annex 1" = {zh = "标准", en = "Standard"}
"""


def saying(words: str) -> str:
    """A test file with one named test that says this of itself."""
    return f'def test_it() -> None:\n    """{words}"""\n'


def edition() -> Edition:
    return next(s.edition for s in shipped_editions() if s.edition.id == "nmg.third_party@draft")


def line(cite: str, code: str = "", test: str = "", case: object = None, more: str = "") -> Line:
    """One provision of a small outline, with one source of each kind."""
    lines = coverage(
        parse_outline(OUTLINE + more, "trial.toml"),
        edition(),
        ["Wenzhou"],
        [python_source("src/domain/trial.py", code)],
        [python_source("tests/test_trial.py", test)],
        [case_source("scenarios/trial.yaml", "Inner Mongolia", "trial", case)],
    )
    return next(found for found in lines if found.cite == cite)


def test_code_without_a_test_is_not_enough_and_a_test_without_code_neither() -> None:
    cited = '"""See art. 99."""'
    assert not line("art. 99", code=cited).covered
    assert not line("art. 99", test=saying("See art. 99.")).covered
    assert line("art. 99", code=cited, test=saying("See art. 99.")).covered
    assert line("art. 99", code=cited, case={"happens": [{"refused": "art. 99"}]}).covered


@pytest.mark.parametrize(
    ("test", "case"),
    [
        ('"""See art. 99."""', None),
        ("def test_it() -> None:\n    # See art. 99.\n    pass\n", None),
        ("ROWS = ['art. 99']\n", None),
        ("def helper() -> str:\n    return 'art. 99'\n", None),
        ("", {"about": "as art. 99 says", "happens": []}),
        ("", {"case": "art. 99", "happens": []}),
    ],
)
def test_what_only_speaks_of_a_provision_is_shown_as_a_mention_and_covers_nothing(test: str, case: object) -> None:
    found = line("art. 99", code='"""See art. 99."""', test=test, case=case)
    assert (found.tests, found.scenarios, len(found.mentions), found.covered) == ((), (), 1, False)


def test_an_entry_of_the_edition_stands_for_code() -> None:
    found = line("art. 28(3)", test="def test_refused() -> None:\n    assert cites == ('art. 28(3)',)\n")
    assert found.code == ()
    assert any(entry.kind == "erratum" for entry in found.entries)
    assert found.covered


def test_an_article_says_nothing_of_its_items_but_is_covered_when_all_of_them_are() -> None:
    whole = '"""Art. 28."""'
    assert line("art. 28", code=whole, test=saying("Art. 28.")).covered
    assert not line("art. 28(2)", code=whole, test=saying("Art. 28.")).tests
    parts = '"""Art. 28(2) and (3)."""'
    assert line("art. 28", code=parts, test=saying("Art. 28(2) and (3).")).covered
    one = '"""Art. 28(2)."""'
    assert not line("art. 28", code=one, test=saying("Art. 28(2).")).covered


def test_an_unencoded_article_covers_its_parts() -> None:
    assert line("art. 6(1)").covered
    declared = line("art. 6(1)").declared
    assert declared is not None
    assert declared.cites == "art. 6"


def test_a_provision_may_lend_its_coverage() -> None:
    lent = '"art. 99(1)" = {zh = "一", en = "One", covered_by = "art. 99", note = {zh = "同", en = "The same"}}\n'
    cited = '"""See art. 99."""'
    assert line("art. 99(1)", code=cited, test=saying("See art. 99."), more=lent).covered
    assert not line("art. 99(1)", code=cited, more=lent).covered
    assert missing(line("art. 99(1)", more=lent)) == "art. 99 的覆盖 the coverage of art. 99"


def test_a_row_is_exercised_by_its_code_and_what_it_cites_through_it() -> None:
    case = {"happens": [{"do": "record_fact", "row": "B08"}]}
    assert line("annex 1 B08", case=case).covered
    assert line("annex 1 B08").tests == line("annex 1 B08").scenarios == ()
    assert line("art. 16", case=case).through == ("B08",)
    assert line("art. 16", case=case).covered
    # S07 stands in the article alone.
    assert line("art. 18(2)6", case={"row": "S07"}).scenarios == (Place("scenarios/trial.yaml", "trial"),)


def test_a_citation_of_another_text_is_not_counted() -> None:
    assert not line("art. 99", code='"""Wenzhou art. 99."""').code
    assert not line("art. 99", code='"""PIPL art. 99; Order 58 art. 99."""').code
    assert not line("art. 99", code='"""Grades of Wenzhou."""\nX = "art. 99"').code
    assert line("art. 99", code='"""Grades of Wenzhou."""\nX = "Inner Mongolia art. 99"').code


def test_what_an_edition_cites_and_an_outline_does_not_list_is_told() -> None:
    found = unlisted(parse_outline(OUTLINE, "trial.toml"), edition())
    assert {"art. 2", "art. 18(1)", "annex 1 B01", "art. 18"} <= set(found)
    assert not {"art. 16", "annex 1 B08", "art. 99"} & set(found)


def test_a_part_that_an_outline_lacks_is_taken_from_the_row_that_stands_for_it() -> None:
    more = '"art. 18" = {zh = "直接评定", en = "Direct ratings"}\n"art. 18(2)" = {zh = "D级", en = "Grade D"}\n'
    outline = parse_outline(OUTLINE + more, "trial.toml")
    found = filled_from(outline, edition())
    (row,) = (r for r in edition().row if r.cites == ("art. 18(2)1",))
    assert (found.provision["art. 18(2)1"].zh, found.provision["art. 18(2)1"].en) == (row.words.zh, row.words.en)
    assert found.provision["art. 18(2)6"] == outline.provision["art. 18(2)6"]
    assert found.rows["annex 1"][0] == "B08"
    assert "annex 1 B01" in found.listed()
    lines = coverage(found, edition(), [], [], [], [])
    assert "art. 18(2)1" in [line.cite for line in lines if not line.covered]


def test_what_neither_an_outline_nor_a_row_of_a_listed_part_says_is_told() -> None:
    found = unlisted(filled_from(parse_outline(OUTLINE, "trial.toml"), edition()), edition())
    assert {"art. 2", "art. 18(1)", "art. 18", "art. 18(2)1"} <= set(found)


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("Refused (art. 22(2)), see art. 18(2)3", ["art. 22(2)", "art. 18(2)3"]),
        ("arts. 26-27 and Arts. 26–28", ["art. 26", "art. 27", "art. 26", "art. 27", "art. 28"]),
        ("arts. 16-18, 24, 27-28 and the annexes", [f"art. {n}" for n in (16, 17, 18, 24, 27, 28)]),
        ("arts. 28(3), 31", ["art. 28(3)", "art. 31"]),
        ("art. 5(1) and (2); art. 11(1)-(3)", [f"art. {n}" for n in ("5(1)", "5(2)", "11(1)", "11(2)", "11(3)")]),
        ("art. 18(2)1-3", ["art. 18(2)1", "art. 18(2)2", "art. 18(2)3"]),
        ("Article 18(6) is wider; articles 35, 36 and 38", ["art. 18(6)", "art. 35", "art. 36", "art. 38"]),
        ("art. 25, 20 working days", ["art. 25"]),
        ("arts. 28(3), 31, 20 working days", ["art. 28(3)", "art. 31"]),
        ("(art. 17, I-16), annexes 1 and 2", ["art. 17", "annex 1", "annex 2"]),
        ("test every row of article 18 stands", ["art. 18"]),
        ("cites are written ``art. 16``", []),
        ("chart. 5, part 6, the annex alone", []),
        ("依第二十八条第三款、第三十七条", ["art. 28(3)", "art. 37"]),
        ("第十八条第（二）项第3目；第一百零一条", ["art. 18(2)3", "art. 101"]),
        ("第三条被删除", []),
        ("paras. 9-11, 18; para. 16(1)", ["para. 9", "para. 10", "para. 11", "para. 18", "para. 16(1)"]),
        ("依第（十一）条第4项、第（十六）条第三款", ["para. 11(4)", "para. 16(3)"]),
        ("依第三条", ["art. 3"]),
        ("《个人信息保护法》第四十七条", []),
        ("art. 20(1)(4) and art. 2(3)(7)", ["art. 20(1)(4)", "art. 2(3)(7)"]),
        ("art. 35, 浙江省公共信用信息管理条例 art. 28", ["浙江省公共信用信息管理条例 art. 28", "art. 35"]),
    ],
)
def test_citations_are_found_as_people_write_them(text: str, cites: list[str]) -> None:
    assert [found.cite for found in citations(text)] == cites


def test_the_name_before_a_citation_is_kept() -> None:
    text = "Inner Mongolia arts. 26-27, Order 58 art. 12; Under art. 5(4)"
    assert citations(text) == (
        Citation("Inner Mongolia", "art. 26"),
        Citation("Inner Mongolia", "art. 27"),
        Citation("Order 58", "art. 12"),
        Citation("", "art. 5(4)"),
    )


SOURCE = '''
"""Of Inner Mongolia (art. 1)."""

KIND = "a"
"""A kind (art. 2)."""

ROWS = ["art. 3"]


class Case:
    """A case (art. 4)."""

    @property
    def grade(self) -> str:
        # As art. 5 says.
        def inner() -> str:
            return f"art. 6 {self}"

        return inner()


@mark("art. 7")
def test_article_8_holds() -> None:
    pass
'''


def test_a_citation_belongs_to_the_function_class_or_variable_it_stands_in() -> None:
    found = python_source("x.py", SOURCE)
    assert found.about == "Of Inner Mongolia (art. 1)."
    assert cited_at(found) == {
        "art. 1": "",
        "art. 2": "KIND",
        "art. 3": "ROWS",
        "art. 4": "Case",
        "art. 5": "Case.grade",
        "art. 6": "Case.grade",
        "art. 7": "test_article_8_holds",
        "art. 8": "test_article_8_holds",
    }


def cited_at(source: Source) -> dict[str, str]:
    return {c.cite: passage.place.name for passage in source.passages for c in citations(passage.text)}


# --- the command ------------------------------------------------------------------------------------------------


def repository(root: Path, outline: str) -> Path:
    folder = root / OUTLINES
    folder.mkdir(parents=True)
    (folder / "trial.toml").write_text(outline, "utf-8")
    return root


def test_a_page_is_written_and_what_is_missing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(repository(tmp_path, OUTLINE))]) == 1
    told = capsys.readouterr()
    written = (tmp_path / OUTLINES / "trial.md").read_text("utf-8")
    assert told.out.strip().endswith("trial.md")
    assert "trial art. 99: 缺 missing 代码或规则条目 code or an entry of the edition" in told.err
    assert "trial art. 2: 条款提要中没有 not in the outline" in told.err
    assert "## 第九十九条 没有人援引 · art. 99 Cited by nobody\n\n- **缺 Missing**" in written
    assert "### 第六条第一款 奖励 · art. 6(1) Awards\n\n- 未编码 Unencoded: 见第六条 / see art. 6\n" in written
    assert written.index("annex 1 Standard") < written.index("annex 1 B08")


def test_of_one_file_the_first_places_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = repository(tmp_path, OUTLINE)
    (root / "tests").mkdir()
    tests = "".join(f'def test_{name}() -> None:\n    """Art. 99."""\n' for name in ("d", "b", "c", "a"))
    (root / "tests" / "test_many.py").write_text(tests, "utf-8")
    main([str(root)])
    capsys.readouterr()
    written = (root / OUTLINES / "trial.md").read_text("utf-8")
    assert "- 测试 Tests: `tests/test_many.py` (test_d, test_b, test_c, …)" in written


@pytest.mark.parametrize(
    ("outline", "says"),
    [
        (OUTLINE.replace("unnamed", "nameless"), "trial.toml:4 nameless"),
        (OUTLINE.replace("nmg.third_party", "nobody.knows"), "nobody.knows"),
        (OUTLINE.replace("[rows]", "[rows"), "no valid TOML"),
    ],
)
def test_a_faulty_outline_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], outline: str, says: str) -> None:
    assert main([str(repository(tmp_path, outline))]) == 2
    assert says in capsys.readouterr().err


def test_a_folder_without_outlines_and_a_source_that_is_no_python_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert "There is no outline" in capsys.readouterr().err
    root = repository(tmp_path, OUTLINE)
    (root / "src" / "domain").mkdir(parents=True)
    (root / "src" / "domain" / "broken.py").write_text("def", "utf-8")
    assert main([str(root)]) == 2
    assert "not valid Python" in capsys.readouterr().err
