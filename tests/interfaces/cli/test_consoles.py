"""What results are printed on: a window, or whatever else reads them."""

import pytest
from rich.cells import cell_len

from interfaces.cli.consoles import standard_console
from tests.interfaces.command_line import Ask
from tests.support.world import USCC

LONG = "采样时间与监控记录不一致，" * 16 + "责令限期改正"
AGENCY = f"{{do: register_agency, id: A, uscc: {USCC}, name: 甲检测, region: '150100', services: [monitoring]}}"
FACT = (
    "{do: record_fact, subject: A, id: f1, regime: nmg.third_party, row: B08, decided_on: 2024-03-12,"
    f" authority: 150100-EEB, document: 呼环函〔2024〕1号, summary: '{LONG}'}}"
)


def test_what_is_read_by_another_program_comes_in_whole_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    console = standard_console()
    console.print(LONG, style="bold")
    console.indented(f"{LONG}\n第二行", style="dim")
    assert capsys.readouterr().out.split("\n") == [LONG, f"    {LONG}", "    第二行", ""]


def test_in_a_window_lines_are_broken_to_its_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    console = standard_console()
    console.indented(LONG)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 6
    assert {line[:4] for line in lines} == {"    "}
    assert max(cell_len(line) for line in lines) <= 60


def _in_a_window(text: str, capsys: pytest.CaptureFixture[str], *, wide: int) -> list[str]:
    standard_console().print(text, style="bold")
    lines = capsys.readouterr().out.splitlines()
    assert max(map(cell_len, lines)) <= wide
    return [line.rstrip() for line in lines]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("条目 因违规被罚款扣十分", ["条目 因违规被", "罚款扣十分"]),
        ("因违规被罚款十，尚余", ["因违规被罚款", "十，尚余"]),
        ("因违规被罚款（十）尚余", ["因违规被罚款", "（十）尚余"]),
        ("自 2024-01-16 起 生效", ["自 2024-01-16", "起 生效"]),
        ("from the day of publicity", ["from the day", "of publicity"]),
        ("因违规\n\n  被罚款", ["因违规", "", "  被罚款"]),
        ("c9a1f0e2-7b3d-5e44-a1b2", ["c9a1f0e2-7b3d-", "5e44-a1b2"]),
    ],
    ids=["anywhere", "before no comma", "behind no bracket", "at numbers", "between words", "new lines", "too long"],
)
def test_chinese_is_broken_between_characters_and_marks_stay_with_theirs(
    text: str, lines: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "14")
    assert _in_a_window(text, capsys, wide=14) == lines


def test_the_columns_of_a_table_are_broken_as_its_lines_are(cli: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = cli("rulebook", "show", "nmg.third_party@draft").out.splitlines()
    begun = [line.rstrip().rpartition("  ")[2] for line in lines if line.startswith(" B09") or "谈（按次）" in line]
    assert begun == ["因违规被生态环境部门约", "谈（按次）"]


@pytest.mark.parametrize(
    ("heads", "rows"),
    [
        (["合计", "逾期未完成"], [["完成预警整改", "1"]]),
        (["in all", "open", "over"], [["rectification", "12", "3"], ["整改 (rectification)", "0", "4500"]]),
        (["合计"], []),
        (["合计", LONG], [[LONG, "7"]]),
    ],
    ids=["one number", "several", "none", "more than fits"],
)
def test_a_table_of_numbers_reads_alike_in_a_window_and_by_a_program(
    heads: list[str], rows: list[list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    standard_console().numbers(heads, rows)
    piped = capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "160")
    standard_console().numbers(heads, rows)
    assert piped == capsys.readouterr().out
    assert all(number in piped for _, *numbers in rows for number in numbers)


def test_a_grade_says_the_same_to_a_program_as_in_a_window(cli: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("do", "a.yaml", a=f"- {AGENCY}\n- {FACT}\n")
    line = ["grade", "A", "--regime", "nmg.third_party", "--as-of", "2024-06-30"]
    line += ["--known-at", cli(*line, "--json").json["basis"]["known_at"]]
    monkeypatch.delenv("COLUMNS", raising=False)
    piped = cli(*line).out
    monkeypatch.setenv("COLUMNS", "4000")
    shown = [row.rstrip() for row in cli(*line).out.splitlines()]
    assert LONG in piped
    assert piped.splitlines() == shown
