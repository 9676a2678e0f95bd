"""Make the letter templates that come with the product: python -m tools.letter_templates

Each is a Word document after GB/T 9704-2012, one a kind of letter, which a bureau takes as the beginning of its own.
"""

import io
import zipfile
from pathlib import Path
from typing import Final, get_args

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from domain.events.papers.letters import LetterKind
from interfaces.documents.letters.fields import WITH_FACTS, WITH_REMEDIES
from interfaces.wording.letters import WITH_EFFECTS
from interfaces.wording.texts import name, say

FOLDER: Final = Path(__file__).parents[1] / "src/interfaces/documents/templates/letters"
_TEXT_FONT: Final = "仿宋"
_TITLE_FONT: Final = "方正小标宋简体"
_TABLE_FONT: Final = "宋体"
# 五号: a day stands in one line of its column.
_TABLE_SIZE: Final = 10.5
_RED: Final = RGBColor(0xD7, 0x00, 0x0F)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_WIDTH: Final = 156
"""Millimetres between the margins."""

_AFTER_BORDERS: Final = tuple(
    f"w:{name}"
    for name in (
        "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE",
        "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents",
        "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId",
        "cnfStyle", "rPr", "sectPr", "pPrChange",
    )
)  # fmt: skip
"""What follows the borders among the properties of a paragraph, which have their order."""


def field(code: str) -> str:
    """A placeholder as it is written."""
    return f"{{{{ {name('letters.placeholder', code, 'zh')} }}}}"


def column(code: str) -> str:
    """A placeholder of a line of facts."""
    return f"{{{{ 条.{name('letters.column', code, 'zh')} }}}}"


def template(kind: LetterKind) -> bytes:
    """The template for letters of a kind."""
    document = Document()
    _page(document)
    _style(document)
    _head(document)
    _line(document, field("addressee"), indent=False)
    _when(document, "code", lambda: _line(document, field("code"), indent=False, size=14))
    _line(document, field("opening"))
    if kind in WITH_FACTS:
        _facts(document, is_scored=kind in WITH_EFFECTS)
    _each(document, "decision")
    _when(document, "last_day", lambda: _line(document, field("last_day")))
    _each(document, "free")
    if kind in WITH_REMEDIES:
        _each(document, "remedies", keep=True)
    _when(document, "closing", lambda: _keep(_line(document, field("closing"))))
    _keep(_line(document, "", indent=False))
    _signed(document)
    _contact(document)
    _when(document, "copies", lambda: _copies(document))
    _page_numbers(document)
    document.core_properties.title = name("letters.kind", kind, "zh")
    document.core_properties.author = "Ecodocket"
    out = io.BytesIO()
    document.save(out)
    return _without_times(out.getvalue())


def _page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)


def _style(document: WordDocument) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(16)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _TEXT_FONT)
    # Chinese is looked through as Chinese, and set in its forms where the font is another one.
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(28)
    style.paragraph_format.space_after = Pt(0)


def _head(document: WordDocument) -> None:
    bureau = document.add_paragraph()
    bureau.alignment = WD_ALIGN_PARAGRAPH.CENTER
    bureau.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _run(bureau, field("bureau"), _TITLE_FONT, 30, colour=_RED)
    _border(bureau, "bottom", 18, "D7000F", "thickThinSmallGap")
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    number.paragraph_format.space_before = Pt(6)
    number.add_run(field("number"))
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(28), Pt(28)
    _run(title, field("title"), _TITLE_FONT, 22)


def _run(
    paragraph: Paragraph, text: str, font: str, size: float, colour: RGBColor | None = None, latin: str | None = None
) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = latin or font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001
    if colour is not None:
        run.font.color.rgb = colour


def _border(paragraph: Paragraph, side: str, eighths: int, colour: str, style: str = "single") -> None:
    properties = paragraph._element.get_or_add_pPr()  # noqa: SLF001
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", style), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)


def _line(document: WordDocument, text: str, *, indent: bool = True, size: int = 16) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    return paragraph


def _keep(paragraph: Paragraph) -> None:
    """Keep a paragraph on the page of what follows: the bureau and the day never stand alone."""
    paragraph.paragraph_format.keep_with_next = True


def _each(document: WordDocument, code: str, *, keep: bool = False) -> None:
    """A paragraph for each of a placeholder that has several; to be kept with what follows, where it says so."""
    _line(document, f"{{%p for 段 in {name('letters.placeholder', code, 'zh')} %}}", indent=False)
    each = _line(document, "{{ 段 }}")
    if keep:
        _keep(each)
    _line(document, "{%p endfor %}", indent=False)


def _when(document: WordDocument, code: str, write: object) -> None:
    """What stands there only where a placeholder says something."""
    _line(document, f"{{%p if {name('letters.placeholder', code, 'zh')} %}}", indent=False)
    write()  # type: ignore[operator]
    _line(document, "{%p endif %}", indent=False)


def _facts(document: WordDocument, *, is_scored: bool) -> None:
    facts = name("letters.placeholder", "facts", "zh")
    _line(document, f"{{%p if {facts} %}}", indent=False)
    codes = ("no", "document", "authority", "date", "what", "effect")[: 6 if is_scored else 5]
    heads = ("no", "document", "authority", "decided_on", "what", "effect")[: len(codes)]
    table = document.add_table(rows=4, cols=len(codes), style="Table Grid")
    table.autofit = False
    # Within the margins, and not with the text of its cells at them.
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for number, width in enumerate((12, 35, 24, 36, 32, 17) if is_scored else (12, 37, 30, 36, 41)):
        table.columns[number].width = Mm(width)
        for cell in table.columns[number].cells:
            cell.width = Mm(width)
    for number, code in enumerate(heads):
        _cell(table, 0, number, say(f"letters.table.{code}", "zh"), bold=True)
    _cell(table, 1, 0, f"{{%tr for 条 in {facts} %}}")
    for number, code in enumerate(codes):
        _cell(table, 2, number, column(code))
    _cell(table, 3, 0, "{%tr endfor %}")
    _repeat_head(table)
    _line(document, "{%p endif %}", indent=False)


def _cell(table: Table, row: int, number: int, text: str, *, bold: bool = False) -> None:
    paragraph = table.cell(row, number).paragraphs[0]
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for way in ("autoSpaceDE", "autoSpaceDN"):
        # No room between digits and characters: a day stands in one line.
        off = OxmlElement(f"w:{way}")
        off.set(qn("w:val"), "0")
        paragraph._element.get_or_add_pPr().insert_element_before(off, *_AFTER_BORDERS[9:])  # noqa: SLF001
    if number in (0, 5):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, _TABLE_FONT, _TABLE_SIZE, latin="Times New Roman")
    paragraph.runs[0].bold = bold


def _repeat_head(table: Table) -> None:
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)  # noqa: SLF001


def _signed(document: WordDocument) -> None:
    """Bureau over the middle of the day, over which the seal goes: 42 mm of room."""
    for text, before in ((field("bureau"), 14), (field("dated"), 0)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.left_indent = Mm(_WIDTH - 96)
        paragraph.paragraph_format.space_before = Pt(before)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(text)


def _contact(document: WordDocument) -> None:
    """Whom to ask, in brackets below the day."""
    _line(document, f"{{%p for 段 in {name('letters.placeholder', 'contact', 'zh')} %}}", indent=False)
    _line(document, "（{{ 段 }}）", size=14).alignment = WD_ALIGN_PARAGRAPH.LEFT
    _line(document, "{%p endfor %}", indent=False)


def _copies(document: WordDocument) -> None:
    """To whom it goes as well, and when it was printed by whom, between lines as wide as the text."""
    copies = _line(document, field("copies"), indent=False, size=14)
    copies.paragraph_format.first_line_indent = Pt(14)
    copies.paragraph_format.space_before = Pt(28)
    copies.paragraph_format.keep_with_next = True
    _border(copies, "top", 8, "000000")
    _border(copies, "bottom", 4, "000000")
    printed = _line(document, f"{field('bureau')}\t{field('dated')}印发", indent=False, size=14)
    printed.alignment = WD_ALIGN_PARAGRAPH.LEFT
    printed.paragraph_format.first_line_indent = Pt(14)
    printed.paragraph_format.tab_stops.add_tab_stop(Pt(428), WD_TAB_ALIGNMENT.RIGHT)
    _border(printed, "bottom", 8, "000000")


def _page_numbers(document: WordDocument) -> None:
    """At the outer edge: right on odd pages, left on even ones, one character in."""
    section = document.sections[0]
    document.settings.odd_and_even_pages_header_footer = True
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    odd.alignment, even.alignment = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
    odd.paragraph_format.right_indent = even.paragraph_format.left_indent = Pt(14)
    for paragraph in (odd, even):
        _page_number(paragraph)


def _page_number(paragraph: Paragraph) -> None:
    _run(paragraph, "— ", _TABLE_FONT, 14)
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind is not None:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._element.append(part)  # noqa: SLF001
    run.font.size = Pt(14)
    _run(paragraph, " —", _TABLE_FONT, 14)


def _without_times(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in package.namelist():
            data = package.read(part)
            made.writestr(zipfile.ZipInfo(part, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main() -> None:
    """Write every template that is shipped."""
    for kind in get_args(LetterKind):
        (FOLDER / f"{kind}.docx").write_bytes(template(kind))


if __name__ == "__main__":
    main()
