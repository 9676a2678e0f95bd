"""Deadlines from the command line: the worklist, one deadline day by day, reminders."""

import datetime as dt

import pytest

from domain.time import legal_day
from interfaces.clocks import SystemClock
from tests.interfaces.cli.test_procedure import FACTS, REGIME, SUBJECTS, recorded, step
from tests.interfaces.command_line import Ask

NOTICE = step("notice", "2024-03-14").replace("2024-03-14}", "2024-03-14, received_on: 2024-03-14, id: s2}")
REPORT = step("report", "2024-04-10").replace("2024-04-10}", "2024-04-10, id: s3, finding: complete}")
LISTED = step("roster", "2024-03-04").replace("2024-03-04}", "2024-03-04, id: s1}")


def noticed(cli: Ask) -> None:
    """An agency that has until 2024-04-12 to report; another that is on the roster only."""
    recorded(cli, SUBJECTS, FACTS, LISTED, NOTICE, step("roster", "2024-03-04", "B"))


# --- the worklist -------------------------------------------------------------------------------------------------


def test_the_worklist_stands_in_order_of_legal_time_left(cli: Ask) -> None:
    noticed(cli)
    told = cli("deadlines", "--as-of", "2024-04-11")
    lines = told.out.splitlines()
    assert told.status == 0
    assert lines[0] == "截至 2024-04-11 的期限"
    # B's notice was due on Friday 15 March: eighteen working days before 11 April, the swapped Sunday included.
    assert lines[2] == "2024-03-15  超 18 个工作日    确定名单并通知填报  乙环评"
    assert lines[4] == "2024-04-12  余 1 个工作日     填报信息  甲检测"
    assert lines[5] == "    s2:report · 参评主体 · 第二十五条 · 进行中"
    assert [line[:10] for line in lines if line[:2] == "20"] == sorted(line[:10] for line in lines if line[:2] == "20")
    assert "合计" in told.out


def test_the_worklist_in_english_and_for_scripts(anywhere: Ask) -> None:
    noticed(anywhere)
    shown = anywhere("deadlines", "--as-of", "2024-04-12", "--kind", "report", "--lang", "en").out
    assert "2024-04-12  0 w.d. left       report  甲检测" in shown
    assert "    s2:report · participant · art. 25 · time is left" in shown
    over = anywhere("deadlines", "--as-of", "2024-04-13", "--kind", "report", "--lang", "en").out
    assert "2024-04-12  over              report  甲检测" in over
    found = anywhere("deadlines", "--as-of", "2024-04-12", "--kind", "report", "--json").json
    (line,) = found["lines"]
    assert (line["id"], line["state"], line["due_on"]) == ("s2:report", "open", "2024-04-12")
    assert {"kind": "report", "state": "open", "number": 1} in found["counts"]


def test_the_worklist_of_a_region_a_state_and_a_span(anywhere: Ask) -> None:
    noticed(anywhere)
    recorded(anywhere, REPORT)
    county = anywhere("deadlines", "--as-of", "2024-04-11", "--region", "150102", "--json").json
    assert {line["subject"]["id"] for line in county["lines"]} == {"B"}
    met = anywhere("deadlines", "--as-of", "2024-04-11", "--state", "met", "--state", "late").out
    assert "2024-04-12  2024-04-10 办     填报信息  甲检测" in met
    soon = anywhere("deadlines", "--as-of", "2024-04-11", "--due-before", "2024-04-30", "--json").json
    assert all(line["due_on"] < "2024-04-30" for line in soon["lines"])
    assert anywhere("deadlines", "--region", "650100").out.splitlines()[1] == "没有符合条件的期限。"


def test_a_deadline_is_put_off_and_taken_back(cli: Ask) -> None:
    noticed(cli)
    day = str(legal_day(SystemClock().now()) + dt.timedelta(days=30))
    put = cli("snooze", "s2:report", "--until", day, "--reason", "等机构补寄", "--as", "clerk-1")
    assert (put.status, put.out) == (0, f"已暂缓至 {day}：s2:report\n")
    shown = cli("deadlines", "--kind", "report", "--snoozed", "only").out
    assert "s2:report" in shown
    assert "s2:report" in cli("deadlines", "--kind", "report", "--snoozed", "without").out, "overdue by law"
    assert cli("snooze", "s2:report", "--undo").out == "已恢复待办：s2:report\n"
    assert "s2:report" not in cli("deadlines", "--kind", "report", "--snoozed", "only").out
    assert cli("snooze", "s2:report", "--closed", "--reason", "x", "--lang", "en").err.count("ends with an act") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--reason", "x"), "one of --until DAY, --closed and --undo"),
        (("--until", "2030-01-01", "--undo"), "one of --until DAY, --closed and --undo"),
        (("--until", "2030-01-01"), "Say why"),
        (("--until", "soon", "--reason", "x"), "soon is no date"),
    ],
)
def test_what_puts_nothing_off_says_what_is_missing(cli: Ask, arguments: tuple[str, ...], says: str) -> None:
    told = cli("snooze", "s2:report", *arguments, "--lang", "en")
    assert told.status == 2
    assert says in told.err


def test_more_lines_than_wanted_are_told(cli: Ask) -> None:
    noticed(cli)
    every = cli("deadlines", "--as-of", "2024-04-11", "--json").json
    first = cli("deadlines", "--as-of", "2024-04-11", "--limit", "2", "--regime", REGIME)
    assert sum(line[:2] == "20" for line in first.out.splitlines()) == 2
    assert "只列出前 2 条；用 --limit 多列" in first.err
    assert len(every["lines"]) > 2
    assert every["cursor"] is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--region", "1501"), "/region a region is a code of six digits"),
        (("--kind", "reprt"), "/kind there is no reprt; there are"),
        (("--state", "opne"), "/state/0 there is no opne; there are open, met"),
        (("--regime", "x.y"), "/regime there is no x.y; there are"),
        (("--due-before", "May"), "May is no date"),
        (("--as-of", "2024-4-1"), "2024-4-1 is no date"),
        (("--limit", "0"), "at least 1 line"),
        (("--limit", "many"), "--limit"),
    ],
)
def test_a_worklist_that_cannot_be_meant(anywhere: Ask, arguments: tuple[str, ...], says: str) -> None:
    said = anywhere("deadlines", *arguments)
    zh, en = said.err.splitlines()
    assert (said.status, said.out) == (2, "")
    assert says in en
    assert any("\u4e00" <= c <= "\u9fff" for c in zh)


# --- one deadline -------------------------------------------------------------------------------------------------


def test_a_deadline_is_proved_day_by_day(cli: Ask) -> None:
    noticed(cli)
    told = cli("deadline", "s2:report", "--as-of", "2024-04-11")
    lines = told.out.splitlines()
    assert told.status == 0
    assert lines[:4] == [
        "填报信息  s2:report",
        "甲检测  A · 2023 年度 · 参评主体 · 第二十五条",
        lines[2],
        "▶ 2024-04-12  进行中  余 1 个工作日",
    ]
    days = [line for line in lines if line[:2] in ("● ", "○ ")]
    assert days[0] == "○ 2024-03-14  周四       起始日，不计入        [1]"
    assert days[1] == "● 2024-03-15  周五    1  工作日                [1]"
    # Qingming: the 4th to the 6th rest, Sunday the 7th is worked.
    assert "○ 2024-04-04  周四       放假                  [1]" in days
    assert "● 2024-04-07  周日   15  调休上班日            [1]" in days
    assert days[-1] == "● 2024-04-12  周五   20  工作日                [1]"
    assert len(days) == 30
    assert "[1] 国务院办公厅关于2024年部分节假日安排的通知" in lines
    assert lines[-1].startswith("依据：序号 ")


def test_a_deadline_that_was_met_and_one_that_rests_on_no_receipt(anywhere: Ask) -> None:
    noticed(anywhere)
    recorded(anywhere, REPORT, step("proposal", "2024-04-15").replace("2024-04-15}", "2024-04-15, id: s4}"))
    met = anywhere("deadline", "s2:report", "--lang", "en").out
    assert "▶ 2024-04-12  done in time (2024-04-10, by s3)" in met
    open_ = anywhere("deadline", "s4:objection", "--as-of", "2024-04-15").out
    assert "▶ 2024-04-22  进行中  余 5 个工作日" in open_
    assert "  暂定：送达日期未记录，或所涉年度的工作日历尚未采用。" in open_


def test_extensions_and_suspensions_are_told_with_the_days_kept(anywhere: Ask) -> None:
    noticed(anywhere)
    recorded(
        anywhere, step("proposal", "2024-04-15").replace("2024-04-15}", "2024-04-15, received_on: 2024-04-15, id: s4}")
    )
    recorded(
        anywhere,
        "- {do: file_objection, subject: A, id: o1, against: s4, filed_on: 2024-04-18, by: participant, grounds: 无}\n"
        "- {do: extend_review, objection: o1, until_on: 2024-05-10, reason: 核实}\n",
    )
    extended = anywhere("deadline", "o1:objection_decision", "--as-of", "2024-05-06").out
    assert "▶ 2024-05-10  进行中" in extended
    assert "延期：2024-05-01 至 2024-05-10（原为 2024-04-30）" in extended
    recorded(
        anywhere,
        step("notice", "2024-03-14", "B").replace("2024-03-14}", "2024-03-14, received_on: 2024-03-14, id: s9}"),
        "- {do: suspend_scope, subject: B, dated_on: 2024-03-18, reason: 涉嫌犯罪}\n",
    )
    assert "▶ 中止，尚无最后一日" in anywhere("deadline", "s9:report").out
    held = anywhere(
        "deadlines", "--state", "suspended", "--region", "150102", "--as-of", "2024-04-12", "--lang", "en"
    ).out
    assert "suspended                     report  乙环评" in held
    recorded(anywhere, "- {do: resume_scope, subject: B, dated_on: 2024-03-25, reason: 撤案}\n")
    resumed = anywhere("deadline", "s9:report", "--as-of", "2024-04-12").out
    assert "▶ 2024-04-19  进行中  余 5 个工作日" in resumed
    assert "中止：2024-03-18 至 2024-03-24，剩余 19 个工作日保留" in resumed


def test_a_deadline_before_it_was_recorded_is_not_there(cli: Ask) -> None:
    noticed(cli)
    found = cli("deadline", "s2:report", "--json").json
    assert (found["deadline"]["due_on"], found["proof"][-1]["number"]) == ("2024-04-12", 20)
    early = cli("deadline", "s2:report", "--known-at", "2024-01-01")
    assert (early.status, early.out) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("s2",), "no deadline with the id s2"),
        (("s2:reprt",), "no deadline with the id s2:reprt"),
        (("00000000-0000-4000-8000-000000000001:report",), "check the id"),
        (("s2:report", "--as-of", "x"), "x is no date"),
        (("s2:report", "--known-at", "x"), "neither a date nor a moment"),
    ],
)
def test_a_deadline_that_there_is_not(anywhere: Ask, arguments: tuple[str, ...], says: str) -> None:
    noticed(anywhere)
    said = anywhere("deadline", *arguments)
    assert (said.status, said.out) == (2, "")
    assert says in said.err.splitlines()[1]


# --- reminders ----------------------------------------------------------------------------------------------------


def test_a_sweep_tells_each_deadline_once(cli: Ask) -> None:
    noticed(cli)
    first = cli("remind", "--as-of", "2024-04-11")
    again = cli("remind", "--as-of", "2024-04-11")
    later = cli("remind", "--as-of", "2024-04-13", "--lang", "en")
    assert (first.status, again.status) == (0, 0)
    assert "即将到期  1" in first.out
    assert "2024-04-12  余 1 个工作日     填报信息  甲检测" in first.out
    assert "已逾期  1" in first.out
    assert "新提醒 2 条；当日此前已提醒 0 条。" in first.out
    assert "填报信息" not in again.out
    assert "新提醒 0 条；当日此前已提醒 2 条。" in again.out
    assert "Overdue  1" in later.out
    assert "1 new; 0 told earlier that day." in later.out


def test_how_far_a_sweep_looks_ahead(anywhere: Ask) -> None:
    noticed(anywhere)
    near = anywhere("remind", "--as-of", "2024-04-09", "--days", "2", "--json").json
    nearer = anywhere("remind", "--as-of", "2024-04-09", "--days", "3", "--json").json
    assert [r["deadline"]["kind"] for r in near["reminders"]] == ["notice"]
    assert [(r["deadline"]["kind"], r["new"]) for r in nearer["reminders"]] == [("notice", False), ("report", True)]
    too_far = anywhere("remind", "--days", "400")
    assert (too_far.status, too_far.out) == (2, "")
    assert anywhere("remind", "--as-of", "x").status == 2
