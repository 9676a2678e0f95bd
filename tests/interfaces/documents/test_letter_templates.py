"""Templates of letters: what they may hold, what is wrong with one and where, and how they are filled."""

import io
import zipfile
from collections.abc import Callable
from typing import get_args

import pikepdf
import pytest
from docx import Document
from docx.document import Document as WordDocument

from domain.errors import FieldProblem, Invalid
from domain.events.papers.letters import LetterKind
from interfaces.documents.letters.fields import example
from interfaces.documents.letters.filling import filled_docx
from interfaces.documents.letters.linting import check_template
from interfaces.documents.letters.press import shipped_template
from interfaces.wording.texts import worded
from tools.letter_templates import template as made_template

WHOLE = "{{ 文号 }}{{ 主送 }}{{ 成文日期 }}"


def docx(write: Callable[[WordDocument], object]) -> bytes:
    document = Document()
    write(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def of_lines(*lines: str) -> bytes:
    return docx(lambda document: [document.add_paragraph(line) for line in lines])


def body(*lines: str) -> bytes:
    """A template that lacks nothing, with more lines behind."""
    return of_lines(WHOLE, "{%p for 段 in 正文 %}", "{{ 段 }}", "{%p endfor %}", *lines)


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w") as made:
        for part in package.namelist():
            if part != name:
                made.writestr(part, package.read(part))
        made.writestr(name, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def faults(content: bytes, kind: LetterKind = "reminder") -> tuple[FieldProblem, ...]:
    with pytest.raises(Invalid) as refused:
        check_template(content, kind)
    return refused.value.problems


def told(content: bytes) -> list[str]:
    return [worded(problem.says).zh for problem in faults(content)]


# --- what is shipped ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", get_args(LetterKind))
def test_a_shipped_template_is_what_the_tool_makes_and_lacks_nothing(kind: LetterKind) -> None:
    assert shipped_template(kind) == made_template(kind)
    check_template(shipped_template(kind), kind)


def test_a_filled_template_holds_every_part_of_the_letter() -> None:
    text = example()
    made = Document(io.BytesIO(filled_docx(shipped_template("grade_notice"), text)))
    paragraphs = [paragraph.text for paragraph in made.paragraphs]
    for part in (text.number, text.addressee, text.opening, *text.decision, text.last_day, *text.free, text.dated):
        assert part in paragraphs
    assert made.tables[0].cell(1, 1).text == text.facts[0].document


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert filled_docx(shipped_template("reminder"), example()) == filled_docx(shipped_template("reminder"), example())


def test_what_a_letter_says_is_text_and_never_a_tag_or_markup() -> None:
    import msgspec

    text = msgspec.structs.replace(example(), addressee="{{ 7*7 }}<w:t>&lt;甲", opening="{% for x in y %}")
    made = Document(io.BytesIO(filled_docx(shipped_template("reminder"), text)))
    paragraphs = [paragraph.text for paragraph in made.paragraphs]
    assert "{{ 7*7 }}<w:t>&lt;甲" in paragraphs
    assert "{% for x in y %}" in paragraphs


# --- faults with their places -------------------------------------------------------------------------------------


def test_a_template_that_has_the_whole_text_lacks_nothing() -> None:
    check_template(body(), "grade_notice")


def test_an_unknown_placeholder_is_told_with_its_paragraph_and_what_is_like_it() -> None:
    assert told(body("{{ 主送机关 }}")) == ["正文第 5 段：没有占位符「主送机关」，是否为「主送」？"]


def test_a_fault_in_a_table_is_told_with_its_cell() -> None:
    def write(document: WordDocument) -> None:
        for line in (WHOLE, "{%p for 段 in 正文 %}", "{{ 段 }}", "{%p endfor %}"):
            document.add_paragraph(line)
        document.add_table(rows=2, cols=3).cell(1, 2).text = "{{ 甲乙丙 }}"

    assert told(docx(write)) == ["第 1 个表格第 2 行第 3 列：没有占位符「甲乙丙」。"]


def test_what_is_required_and_missing_is_told_with_what_it_is() -> None:
    found = faults(of_lines("{{ 主送 }}"))
    assert {problem.code for problem in found} == {"missing_field"}
    assert any("「文号」" in worded(problem.says).zh for problem in found)


@pytest.mark.parametrize(
    "line",
    ["{%p for 段 in 正文 %}", "{%p endfor %}", "{{ 文号", "{%p if 代码 %}", "{%p else %}", "{% macro a() %}"],
)
def test_a_tag_that_is_not_written_rightly_is_told_with_its_place(line: str) -> None:
    found = told(body(line))
    assert found
    assert all("正文第 5 段" in each for each in found)


@pytest.mark.parametrize(
    "line",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ 文号|upper }}",
        "{{ range(10**9) }}",
        "{{ 文号.__class__ }}",
        "{% set x = 1 %}",
        "{% include '/etc/passwd' %}",
        "{%p for x in 文号 %}{%p endfor %}",
    ],
)
def test_nothing_but_placeholders_loops_and_conditions_stands_in_a_template(line: str) -> None:
    assert faults(body(line))


def test_a_tag_in_the_properties_of_the_file_is_no_template() -> None:
    def write(document: WordDocument) -> None:
        for line in (WHOLE, "{%p for 段 in 正文 %}", "{{ 段 }}", "{%p endfor %}"):
            document.add_paragraph(line)
        document.core_properties.title = "{{ 7*7 }}"

    assert [problem.code for problem in faults(docx(write))] == ["not_allowed"]


# --- what is no template ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_docx"),
        (b"%PDF-1.7", "not_docx"),
        (b"PK\x03\x04 broken", "not_docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old or encrypted file", "encrypted"),
        (b"\0" * 5_000_001, "too_large"),
        (b"\0" * 50_000_000, "too_large"),
    ],
    ids=["empty", "pdf", "torn", "encrypted", "one over", "50 MB"],
)
def test_what_is_no_docx_is_refused(content: bytes, code: str) -> None:
    assert [problem.code for problem in faults(content)] == [code]


def test_macros_objects_and_what_lies_outside_are_refused_by_their_names() -> None:
    macro = with_part(body(), "word/vbaProject.bin", b"\0")
    assert "word/vbaProject.bin" in told(macro)[0]
    with zipfile.ZipFile(io.BytesIO(body())) as package:
        types = package.read("[Content_Types].xml")
        rels = package.read("word/_rels/document.xml.rels")
    plain = b"openxmlformats-officedocument.wordprocessingml.document.main"
    enabled = types.replace(plain, b"ms-word.document.macroEnabled.main")
    assert [p.code for p in faults(with_part(body(), "[Content_Types].xml", enabled))] == ["macro"]
    outside = b'<Relationship Id="x" Type="t" Target="http://a.example/t.dotm" TargetMode="External"/></Relationships>'
    linked = with_part(body(), "word/_rels/document.xml.rels", rels.replace(b"</Relationships>", outside))
    assert "http://a.example/t.dotm" in told(linked)[0]
    assert [p.code for p in faults(with_part(body(), "word/embeddings/a.xlsx", b"PK"))] == ["embedded"]
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert [p.code for p in faults(with_part(body(), "word/styles.xml", entity))] == ["broken"]


def test_a_file_that_would_unpack_to_too_much_is_not_unpacked() -> None:
    assert [p.code for p in faults(with_part(body(), "word/media/a.bmp", b"\0" * 40_000_001))] == ["bomb"]


# --- PDF ----------------------------------------------------------------------------------------------------------


def pages(paragraphs: int) -> list[str]:
    """The text of each page of a letter with so many paragraphs of two lines and a copy to somebody."""
    import msgspec
    import pypdfium2

    from interfaces.documents.letters.press import letter_typesetter

    said = tuple(f"第{number}段" + "正" * 40 for number in range(paragraphs))
    letter = msgspec.structs.replace(example(), decision=said, facts=(), last_day="", free=(), remedies=(), contact=())
    given = {**msgspec.to_builtins(letter), "pages": "{page}"}
    found = pypdfium2.PdfDocument(letter_typesetter().set(given, 0))
    return [found[number].get_textpage().get_text_range() for number in range(len(found))]


def test_a_letter_that_fits_one_page_by_closer_lines_has_one() -> None:
    assert [len(pages(number)) for number in (2, 3, 4)] == [1, 1, 2]


@pytest.mark.slow
def test_bureau_and_day_stand_on_a_page_with_more_than_the_closing_formula() -> None:
    for number in range(4, 15):
        plain = ("".join(page.split()) for page in pages(number))
        signed = next(page for page in plain if example().closing in page)
        assert f"第{number - 1}段" in signed
        assert example().dated in signed


def test_a_letter_is_pdf_a_with_its_title_and_no_moment_of_its_making() -> None:
    import msgspec

    from interfaces.documents.letters.press import letter_typesetter

    given = {**msgspec.to_builtins(example()), "pages": "{page}"}
    made = letter_typesetter().set(given, 0)
    assert letter_typesetter().set(given, 0) == made
    with pikepdf.open(io.BytesIO(made)) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["dc:title"] == "拟定信用等级告知书"
