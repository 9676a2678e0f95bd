"""The command line where something around it fails: Ctrl-C, output that cannot be written, a foreign encoding."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

from interfaces.cli.app import run

ROOT = Path(__file__).parents[3]
CASES = next((ROOT / "scenarios").glob("*/*.yaml"))
PROGRAM = "import sys; from interfaces.command import main; sys.argv[0] = 'ecodocket'; main()"


class Interrupted:
    """A house in which Ctrl-C is pressed whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        def pressed(*_: object, **__: object) -> NoReturn:
            raise KeyboardInterrupt

        return pressed


@pytest.mark.parametrize(
    "line",
    [
        ["demo", "--build-only"],
        ["migrate"],
        ["grade", "A"],
        ["readings", "A"],
        ["recheck"],
        ["projections", "verify"],
        ["projections", "rebuild"],
        ["journal", "export", "journal.jsonl"],
        ["rehearse", "--regime", "nmg.third_party", "--reading", "I-04:own_year"],
    ],
    ids=" ".join,
)
def test_ctrl_c_ends_every_command_with_130_and_a_line(
    line: Sequence[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(Interrupted(), line) == 130
    assert capsys.readouterr().err == "已中断。\nInterrupted.\n"


def test_ctrl_c_ends_the_playing_of_cases_with_130(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interfaces.cli.commands.scenarios.player", Interrupted().player)
    assert run(Interrupted(), ["scenario", str(CASES)]) == 130
    assert "已中断" in capsys.readouterr().err


def _told(redirection: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """The command line over a file of cases, in a shell that redirects its streams."""
    command = f'exec "$0" -c "$1" scenario "$2" {redirection}'
    return subprocess.run(
        ["sh", "-c", command, sys.executable, PROGRAM, str(CASES)],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8", **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.slow
def test_what_an_encoding_does_not_have_is_replaced() -> None:
    told = _told("", PYTHONIOENCODING="ascii")
    assert (told.returncode, told.stderr.startswith(b"???")) == (0, True)
    told = _told("", PYTHONIOENCODING="gbk")
    assert "毫秒" in told.stderr.decode("gbk")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("redirection", "told"),
    [(">/dev/full", "磁盘或设备已满"), (">&-", "输出已关闭")],
)
def test_output_that_cannot_be_written_is_a_fault_of_the_environment(redirection: str, told: str) -> None:
    """Status 2, and no traceback: status 1 would say that a case did not hold."""
    found = _told(redirection)
    assert found.returncode == 2
    assert told in found.stderr.decode()
    assert b"Traceback" not in found.stderr
    assert b"Exception ignored" not in found.stderr


@pytest.mark.slow
def test_remarks_that_cannot_be_written_are_lost_and_the_result_is_not() -> None:
    found = _told("2>&-")
    assert (found.returncode, b"0 failed" in found.stdout) == (0, True)
