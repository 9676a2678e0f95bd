"""PDF by LibreOffice: the real one where it is installed, and whatever else calls itself so, which has to end."""

import fcntl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from interfaces.documents.fonts import OURS
from interfaces.documents.letters import office
from interfaces.documents.letters.fields import example
from interfaces.documents.letters.filling import filled_docx
from interfaces.documents.letters.press import shipped_template

Pretend = Callable[[str], Path]


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pretend]:
    """Puts a program on the path that calls itself LibreOffice; gives the folder in which it stands."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def put(script: str) -> Path:
        program = tmp_path / "soffice"
        program.write_text(f'#!/bin/sh\nhere=$(dirname "$0")\n{script}\n')
        program.chmod(0o755)
        office.office.cache_clear()
        return tmp_path

    yield put
    office.office.cache_clear()


def texts(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.slow
def test_letters_are_set_two_at_once_with_their_chinese_text_in_our_font() -> None:
    docx = filled_docx(shipped_template("grade_notice"), example())
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda content: office.pdf_of(content, (OURS,)), (docx, docx)))
    if office.office() is None:
        # Where there is none nothing is made, and pages and API say so: tests/interfaces/web/test_letter_pages.py.
        assert made == [None, None]
        return
    for pdf in made:
        assert pdf is not None
        told = texts(pdf).replace("\r\n", "")
        assert "拟定信用等级告知书" in told
        assert "提出异议的最后一日为 2026 年 3 月 23 日" in told.replace("2026年3月23日", " 2026 年 3 月 23 日")
        with pikepdf.open(BytesIO(pdf)) as file:
            fonts = [str(each.get("/FontName", "")) for each in file.objects if isinstance(each, pikepdf.Dictionary)]
        assert any("NotoSerifSC" in name for name in fonts)


@pytest.mark.slow
def test_one_that_hangs_ends_with_everything_that_it_has_started(pretend: Pretend) -> None:
    here = pretend('(flock 9; touch "$here/begun"; sleep 30; touch "$here/done") 9>"$here/lock" & sleep 60')
    with pytest.raises(office.OfficeFailed):
        office.pdf_of(b"", (), seconds=2)
    assert (here / "begun").exists()
    with (here / "lock").open("w") as lock:
        # Whoever holds it lives: it is let go when that has ended.
        fcntl.flock(lock, fcntl.LOCK_EX)
    assert not (here / "done").exists()


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("exit 0", id="nothing made"),
        pytest.param("exit 3", id="an error"),
        pytest.param(
            'for last; do :; done; head -c 60000000 /dev/zero > "$(dirname "$last")/letter.pdf"',
            id="more than a letter may have",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_one_that_makes_no_letter_is_told(pretend: Pretend, script: str) -> None:
    pretend(script)
    with pytest.raises(office.OfficeFailed):
        office.pdf_of(b"", ())


def test_it_knows_nothing_of_this_process_and_leaves_nothing_behind(
    pretend: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECODOCKET_MASTER_KEY", "secret")
    here = pretend('env > "$here/env"; for last; do :; done; cp "$last" "${last%.docx}.pdf"')
    assert office.pdf_of(b"a letter", ()) == b"a letter"
    told = (here / "env").read_text()
    assert "secret" not in told
    (home,) = [line.removeprefix("HOME=") for line in told.splitlines() if line.startswith("HOME=")]
    assert not Path(home).exists()


def test_where_it_is_not_installed_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    office.office.cache_clear()
    try:
        assert office.pdf_of(b"", ()) is None
    finally:
        office.office.cache_clear()
