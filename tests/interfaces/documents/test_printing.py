"""What a bureau configures for its papers: fonts of its own, and the address of its pages."""

from pathlib import Path

import pytest

from interfaces.documents.blocks import Paper, Paragraph
from interfaces.documents.failing import FontFolderUnusable
from interfaces.documents.fonts import OURS
from interfaces.documents.printing import AddressUnusable, Printing
from interfaces.wording.texts import worded


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        ("", ""),
        ("https://huanxin.example.gov.cn", "https://huanxin.example.gov.cn"),
        ("https://huanxin.example.gov.cn/xy/ ", "https://huanxin.example.gov.cn/xy"),
        ("http://10.1.2.3:8000", "http://10.1.2.3:8000"),
    ],
)
def test_an_address_stands_on_papers_as_people_type_it(address: str, printed: str) -> None:
    assert Printing(address=address).address == printed


@pytest.mark.parametrize(
    "address",
    [
        "huanxin.example.gov.cn",
        "ftp://huanxin.example.gov.cn",
        "https://",
        "https://a.example/?q=1",
        "https://a.example/#x",
        "https://环信.example",
        "https://a.example/a b",
        "https://[a",
        f"https://a.example/{'x' * 200}",
    ],
)
def test_an_address_that_no_code_can_lead_to_is_refused(address: str) -> None:
    with pytest.raises(AddressUnusable) as refused:
        Printing(address=address)
    assert refused.value.code == "bad_address"


def test_fonts_of_the_bureau_are_asked_after_ours_and_change_the_name_of_what_sets(tmp_path: Path) -> None:
    found = next(each for each in sorted(OURS.rglob("*")) if each.suffix in (".otf", ".ttf"))
    renamed = found.read_bytes().replace("Noto Serif SC".encode("utf-16-be"), "Song of Bu SC".encode("utf-16-be"))
    (tmp_path / f"bureau{found.suffix}").write_bytes(renamed)
    ours, with_added = Printing().typesetter, Printing(str(tmp_path)).typesetter
    assert ours.name != with_added.name
    assert set(Printing().fonts.digests) < set(Printing(str(tmp_path)).fonts.digests)


def test_what_was_read_ahead_changes_nothing_of_a_paper() -> None:
    told = Paper(language="zh", title="说明书", bureau="", moment=0, blocks=(Paragraph("55 分，不良单位（D 级）。"),))
    ahead = Printing()
    ahead.read_ahead()
    ahead.read_ahead()
    assert ahead.typesetter.pdf(told) == Printing().typesetter.pdf(told)


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_fonts_is_told(made: bool, tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    if made:
        folder.mkdir()
        (folder / "readme.txt").write_text("", encoding="utf-8")
    printing = Printing(str(folder))
    printing.read_ahead()
    with pytest.raises(FontFolderUnusable) as refused:
        _ = printing.typesetter
    assert refused.value.code == "fonts_unusable"


def test_a_folder_with_nothing_but_a_font_of_our_name_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "copy.ttf").write_bytes((OURS / "NotoSerifSC-Regular.ttf").read_bytes())
    with pytest.raises(FontFolderUnusable) as refused:
        _ = Printing(str(tmp_path)).typesetter
    assert "Noto Serif SC" in worded(refused.value.says).zh
