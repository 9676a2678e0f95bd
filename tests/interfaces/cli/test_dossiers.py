"""``dossier``: one paper into a file, here and from a server."""

import io
import re
from pathlib import Path

import pikepdf
import pytest

from interfaces.cli.app import run
from tests.interfaces.http_client import Api
from tests.support.house import MemoryHouse
from tests.support.world import REGIME, USCC, World

A = "00000000-0000-4000-8000-00000000000a"
ASKED = ("--regime", REGIME, "--as-of", "2024-06-30", "--known-at", "2024-06-30")


@pytest.fixture
def world() -> World:
    """An agency of Hohhot with a penalty."""
    found = World()
    found.agency(A, uscc=USCC)
    found.fact("2024-05-10", "B11", "f1", A, final_on="2024-05-10", document="呼环罚〔2024〕1号")
    return found


def dossier(world: World, *arguments: str) -> int:
    return run(MemoryHouse(world), ["--lang", "zh", "dossier", *arguments])  # type: ignore[arg-type]


def test_a_file_is_written_whole_in_the_language_that_is_asked_for(world: World, tmp_path: Path) -> None:
    made = tmp_path / "说明书.pdf"
    assert dossier(world, A, *ASKED, "--language", "en", "-o", str(made)) == 0
    with pikepdf.open(io.BytesIO(made.read_bytes())) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
    page = tmp_path / "说明书.html"
    assert dossier(world, A, *ASKED, "--format", "html", "-o", str(page)) == 0
    assert "等级及依据说明书" in page.read_text(encoding="utf-8")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["说明书.html", "说明书.pdf"]


@pytest.mark.parametrize("form", ["html", pytest.param("pdf", marks=pytest.mark.slow)])
def test_the_token_of_an_answer_gives_the_same_bytes_as_its_question(world: World, tmp_path: Path, form: str) -> None:
    token = world.grade("2024-06-30", "2024-06-30", A).basis.token
    files = [tmp_path / f"{name}.{form}" for name in ("asked", "again")]
    api = Api(world)
    sent = api.get(f"/subjects/{A}/dossier", basis=token, format=form)
    assert dossier(world, "--basis", token, "--format", form, "-o", str(files[0])) == 0
    world.fact("2024-07-01", "B09", "f2", A)
    assert dossier(world, "--basis", token, "--format", form, "-o", str(files[1])) == 0
    assert files[0].read_bytes() == files[1].read_bytes() == sent.content


def test_the_grade_says_on_what_a_line_rests_in_the_words_of_the_dossier(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.do("2026-03-23", "record_national_repair", fact="f1", granted_on="2026-03-20", document="国信修〔2026〕1号")
    later = ("--regime", REGIME, "--as-of", "2026-04-08")
    page = tmp_path / "said.html"
    assert dossier(world, A, *later, "--format", "html", "-o", str(page)) == 0
    capsys.readouterr()
    assert run(MemoryHouse(world), ["--lang", "zh", "grade", A, *later]) == 0  # type: ignore[arg-type]
    told = "".join(capsys.readouterr().out.split())
    assert "全国信用修复（国信修〔2026〕1号）于2026-03-20准予，早于《信用修复管理办法》施行之日（2026-04-01）" in told
    said = "全国信用修复（国信修〔2026〕1号）于2026年3月20日准予，早于《信用修复管理办法》施行之日（2026年4月1日）"
    assert said in re.sub("<[^>]+>", "", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((A, "--format", "docx"), "docx"),
        ((A, "--format", "bundle"), "bundle"),
        ((A, "--language", "fr"), "fr"),
        ((), "basis"),
        ((A, "--basis", "ed1.x"), "basis"),
        ((A, "--as-of", "昨天"), "昨天"),
    ],
)
def test_what_cannot_be_had_is_refused_and_leaves_no_file(
    world: World, arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dossier(world, *arguments, "-o", str(tmp_path / "made")) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dossier(world, A, *ASKED, "--format", "html", "-o", str(tmp_path / "none" / "made")) != 0
    assert "none" in capsys.readouterr().err


def test_a_name_that_no_font_has_is_told_with_its_character(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.agency("B", name="张𠮷平检测有限公司")
    assert dossier(world, "B", *ASKED, "-o", str(tmp_path / "made")) == 2
    said = capsys.readouterr().err
    assert "𠮷" in said
    assert "页眉" in said
    assert "ECODOCKET_FONTS" in said
    assert list(tmp_path.iterdir()) == []
