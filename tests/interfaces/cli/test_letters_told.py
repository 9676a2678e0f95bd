"""Letters on the command line: set up, drafted, shown, issued, written into a file, served."""

from pathlib import Path

import pytest

from interfaces.cli.app import run
from tests.interfaces.command_line import Said
from tests.support.house import house_of
from tests.support.world import REGIME, World

OFFICE = ("letter", "office", "150100-EEB")


class Desk:
    """A command line over a world in memory, with a proposed grade on the file of an agency."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.world = World()
        self.world.agency()
        for stage, day in (("roster", "2025-03-14"), ("notice", "2025-03-14"), ("proposal", "2025-04-15")):
            fields = {"stage": stage, "dated_on": day, "id": stage}
            self.world.do(day, "evaluation_stage", subject="A", regime=REGIME, year=2024, **fields)
        self._capsys = capsys

    def ask(self, *arguments: str) -> Said:
        status = run(house_of(self.world), arguments)
        out, err = self._capsys.readouterr()
        return Said(status, out, err)


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(capsys)


def test_a_letter_goes_from_the_draft_to_its_service(desk: Desk, tmp_path: Path) -> None:
    assert "应发：拟定信用等级告知书" in desk.ask("letter", "list", "A").out
    assert desk.ask(*OFFICE, "--name", "呼和浩特市生态环境局", "--word", "呼环信").status == 0
    assert desk.ask("letter", "draft", "A", "grade_notice", "proposal").status == 0
    (letter,) = desk.world.journal.file("A").letters
    assert "提出异议的最后一日为2025年4月22日" in desk.ask("letter", "show", letter).out
    issued = desk.ask("letter", "issue", letter)
    assert issued.status == 0, issued
    assert "呼环信告〔2025〕1号 · 拟定信用等级告知书 · 已发出" in issued.out
    file = tmp_path / "letter.pdf"
    assert desk.ask("letter", "write", letter, "-o", str(file)).status == 0
    assert file.read_bytes() == desk.world.letters.sent(letter, "pdf")[1]
    assert desk.ask("letter", "serve", letter, "2025-04-15").status == 0
    assert "送达 2025-04-15" in desk.ask("letter", "list", "A").out
    assert "呼环信告〔2025〕2号" in desk.ask(*OFFICE).out


def test_a_draft_whose_last_day_is_over_says_so(desk: Desk) -> None:
    assert desk.ask(*OFFICE, "--name", "呼和浩特市生态环境局", "--word", "呼环信").status == 0
    desk.world.fact("2025-04-15", "B08", "f1")
    days = {"issued_on": "2025-04-15", "due_on": "2025-05-15"}
    desk.world.do("2025-04-15", "issue_warning", fact="f1", id="w1", requirements="补正", **days)
    assert desk.ask("letter", "draft", "A", "warning_notice", "w1").status == 0
    (letter,) = desk.world.journal.file("A").letters
    assert "  ! " not in desk.ask("letter", "show", letter).out
    late = desk.ask("letter", "show", letter, "--dated-on", "2025-05-16").out
    assert "2025-05-15" in late.partition("  ! ")[2]


def test_what_cannot_be_issued_is_refused_with_its_reason(desk: Desk) -> None:
    desk.ask("letter", "draft", "A", "grade_notice", "proposal")
    (letter,) = desk.world.journal.file("A").letters
    refused = desk.ask("letter", "issue", letter)
    assert refused.status == 1
    assert "尚未设置函件的机关名称和代字" in refused.err


def test_another_format_is_told(desk: Desk) -> None:
    assert "须为 pdf 或 docx" in desk.ask("letter", "write", "x", "-o", "-", "--format", "odt").err
