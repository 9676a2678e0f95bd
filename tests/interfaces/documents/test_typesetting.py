"""Papers are set the same way everywhere and always, and nothing is left out of them in silence."""

import hashlib
import io
import re
from collections.abc import Sequence

import msgspec
import pikepdf
import pypdfium2
import pytest

from interfaces.documents.blocks import (
    AnyBlock,
    Code,
    Entries,
    Heading,
    ItemList,
    Paper,
    Paragraph,
    Picture,
    Signatures,
    Square,
    Table,
)
from interfaces.documents.failing import CharacterMissing
from interfaces.documents.fonts import OURS, SHIPPED
from interfaces.documents.html import html_of
from interfaces.documents.typesetting import Typesetter
from interfaces.wording.texts import worded

KNOWN_AT = 1_719_705_600_123_456


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter()


def paper(*blocks: AnyBlock, heads: Sequence[str] = ("评价日 2024-06-30", "知悉至 2024-08-01")) -> Paper:
    return Paper(
        language="zh",
        title="等级及依据说明书",
        bureau="内蒙古自治区生态环境厅",
        heads=heads,
        moment=KNOWN_AT,
        blocks=blocks,
    )


def test_the_same_paper_has_the_same_bytes_also_from_another_typesetter(typesetter: Typesetter) -> None:
    told = paper(Heading("一、结论"), Paragraph("55 分，不良单位（D 级）。"), Square("https://a.example/v", "核验"))
    first = typesetter.pdf(told)
    typesetter.pdf(paper(Paragraph("别的")))
    assert typesetter.pdf(told) == first
    assert Typesetter().pdf(told) == first


def test_a_paper_is_pdf_a_tagged_dated_by_what_it_knows_with_its_fonts_in_it(typesetter: Typesetter) -> None:
    made = typesetter.pdf(paper(Heading("一、结论"), Table(["事项", "扣分"], [["失实", "-45"]], [3, 1], right=[1])))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["dc:title"] == "等级及依据说明书"
            assert metadata["xmp:CreateDate"].startswith("2024-06-30T00:00:00")
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "zh-CN"
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        assert all(
            "/FontFile3" in font.DescendantFonts[0].FontDescriptor
            or "/FontFile2" in font.DescendantFonts[0].FontDescriptor
            for font in fonts
        )


def test_a_character_that_no_font_has_is_refused_with_its_place(typesetter: Typesetter) -> None:
    with pytest.raises(CharacterMissing) as refused:
        typesetter.pdf(paper(Heading("一、结论"), Entries([("名称", "张𠮷平检测有限公司")])))
    assert (refused.value.character, refused.value.field) == ("𠮷", "/blocks/1/rows/0/1")
    assert "U+20BB7" in worded(refused.value.says).zh
    assert "张𠮷平检测有限公司" in worded(refused.value.says).en


def test_text_is_text_and_never_markup(typesetter: Typesetter) -> None:
    text = '#panic("a") $x$ *b* = c <label> @ref <script>alert(1)</script> &amp; \\u{41}'
    told = paper(Heading(text), Paragraph(text), Code(text, text), Table([text], [[text]], [1]))
    assert typesetter.pdf(told)
    assert b"<script>" not in html_of(told)


def test_the_page_says_on_every_sheet_whose_it_is_and_no_name_ends_its_style() -> None:
    name = '甲"</style><script>alert(1)</script>\\ }'
    page = html_of(paper(Paragraph("正文"), heads=(name, "评价日 2024年6月30日"))).decode()
    style, _, body = page.partition("<body>")
    assert style.count("</style>") == 1
    assert '"甲\\22 \\3c \\2f style' in style
    assert "评价日\\20 2024年6月30日" in style
    assert "counter(page) " in style
    assert "<script>" not in body


def test_columns_are_as_wide_on_the_page_as_in_the_file() -> None:
    table = Table(["日期", "事项"], [["2024年11月30日", "失实"]], [3, 1], right=[1])
    page = html_of(paper(table)).decode()
    assert re.findall(r'<col style="width: ([0-9.]+)%">', page) == ["75.00", "25.00"]
    assert '<th scope="col" class="figure">事项</th>' in page


def test_every_text_of_a_paper_is_in_its_html() -> None:
    told = paper(Heading("一、结论"), Paragraph("正文"), Entries([("名称", "甲")]), Table(["事项"], [["失实"]], [1]))
    page = html_of(told).decode()
    for block in told.blocks:
        for text in [value for value in msgspec.to_builtins(block).values() if isinstance(value, str) and value]:
            assert text in page or text in {"heading", "paragraph", "entries", "table", "body"}
    assert all(text in page for text in ("名称", "甲", "事项", "失实", *told.heads, told.title, told.bureau))


def test_the_digests_of_our_fonts_are_those_of_the_files() -> None:
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in OURS.glob("*.ttf")} == SHIPPED


def test_what_is_copied_letter_by_letter_is_copied_as_it_was_given(typesetter: Typesetter) -> None:
    token = "eyJhIjoi" * 40
    pdf = pypdfium2.PdfDocument(typesetter.pdf(paper(Code("凭据", token))))
    read = pdf[0].get_textpage().get_text_range()
    assert token in read.replace("\r\n", "")


def pages_of(made: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(made)
    return ["".join(page.get_textpage().get_text_range().split()) for page in pdf]


def test_a_chapter_goes_on_where_a_long_list_ends(typesetter: Typesetter) -> None:
    rows = [[f"第{number}条", "事项"] for number in range(1, 181)]
    told = paper(Heading("一、清单"), Table(["序号", "事项"], rows, [1, 3]), Heading("二、其后"), Paragraph("正文"))
    (found,) = (page for page in pages_of(typesetter.pdf(told)) if "二、其后" in page)
    assert "第180条" in found


def test_a_table_of_few_but_long_rows_begins_on_the_page_that_has_room_for_its_first(typesetter: Typesetter) -> None:
    long = [[str(number), "因违规被责令改正，逾期未改正，处以罚款。" * 8] for number in range(1, 6)]
    told = paper(*(Paragraph("正文") for _ in range(20)), Table(["序号", "事项"], long, [1, 3]))
    first, *_ = pages_of(typesetter.pdf(told))
    assert "序号事项1因违规" in first


@pytest.mark.parametrize("length", range(1, 16))
def test_no_line_begins_with_the_end_of_the_number_of_a_paper(length: int, typesetter: Typesetter) -> None:
    number = "内" * length + "环罚〔2022〕440号"
    told = paper(Table(["文书", "事项"], [[number, "失实"]], [1, 4]), Paragraph("的" * (25 + length) + number))
    read = pypdfium2.PdfDocument(typesetter.pdf(told))[0].get_textpage().get_text_range()
    assert not [line for line in read.splitlines() if line.startswith("号")]
    assert html_of(told).count('〔2022〕<span class="whole">440号</span>'.encode()) == 2


@pytest.mark.parametrize("piece", ["附件1；", "440号；", "19日："])
def test_no_line_begins_with_the_sign_that_ends_what_is_kept_in_one_piece(piece: str, typesetter: Typesetter) -> None:
    told = paper(*(Paragraph("内" * length + piece + "第十三条的规定") for length in range(24, 40)))
    read = pypdfium2.PdfDocument(typesetter.pdf(told))[0].get_textpage().get_text_range()
    assert not [line for line in read.splitlines() if line.startswith(("；", "：", "\u2060"))]


@pytest.mark.parametrize("before", range(24, 30))
def test_what_announces_a_list_stands_with_its_beginning(before: int, typesetter: Typesetter) -> None:
    told = paper(
        *(Paragraph("正文") for _ in range(before)), Paragraph("原因如下："), ItemList(["更正"] * 9, ordered=True)
    )
    (found,) = (page for page in pages_of(typesetter.pdf(told)) if "原因如下" in page)
    assert "更正" in found


@pytest.mark.parametrize("before", range(20, 29))
def test_a_drawing_and_what_it_shows_stand_on_one_page(before: int, typesetter: Typesetter) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 100" width="500" height="100"><text>图</text></svg>'
    shown = Picture(svg, "图", "分值\n圆圈为信息计入之日。")
    told = paper(*(Paragraph("正文") for _ in range(before)), shown, Paragraph("其后"))
    (drawn,) = (page for page in pages_of(typesetter.pdf(told)) if "图" in page)
    assert "分值圆圈为信息计入之日。" in drawn


@pytest.mark.parametrize("before", range(16, 30))
def test_nobody_signs_a_page_that_says_nothing_else(before: int, typesetter: Typesetter) -> None:
    signed = Signatures(
        ["经办（签名）：", "审核（签名）："], bureau="呼和浩特市生态环境局", day="年月日", seal="（印章）"
    )
    told = paper(*(Paragraph("正文") for _ in range(before)), ItemList(["略去三处"]), Code("摘要", "0" * 64), signed)
    last = pages_of(typesetter.pdf(told))[-1]
    assert "审核（签名）" in last
    assert "略去三处" in last
