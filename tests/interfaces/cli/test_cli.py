"""The command line as people use it: over a database of one's own and over the embedded one."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from interfaces.cli.commands.serving import free_port
from interfaces.engine import engine
from interfaces.files.demo_stories import demo_stories
from interfaces.files.shipped import shipped_calendars, shipped_editions
from interfaces.postgres.embedded.server import EmbeddedPostgres
from interfaces.postgres.embedded.watchdog import wait_until
from tests.conftest import MakeDatabase
from tests.interfaces.command_line import Ask
from tests.support import postgres
from tests.support.serving import free_port as unused_port
from tests.support.serving import is_listened_at
from tests.support.world import ID_NUMBER, REGIME, USCC

FOUNDING = len(shipped_editions()) + len(shipped_calendars())
EXAMPLE = demo_stories().example.subject
AGENCY = f"{{do: register_agency, id: A, uscc: {USCC}, name: 甲检测, region: '150100', services: [monitoring]}}"
PERSON = f"{{do: register_practitioner, id: P, name: 张某, id_number: '{ID_NUMBER}', region: '150100'}}"
FACT = (
    "{do: record_fact, subject: A, id: f1, regime: nmg.third_party, row: B08, decided_on: 2024-03-12,"
    " authority: 150100-EEB, document: 呼环函〔2024〕1号}"
)
REFUSED = FACT.replace("f1", "f2").replace("B08", "C06")


# --- migrate ----------------------------------------------------------------------------------------------------


def test_migrate_makes_tables_and_founds_an_empty_journal_once(ask: Ask, make_database: MakeDatabase) -> None:
    url = make_database(migrated=False)
    early = ask("--database", url, "grade", "A")
    first = ask("--database", url, "migrate", "--lang", "en")
    second = ask("--database", url, "migrate", "--lang", "en")
    assert (early.status, "ecodocket migrate" in early.err) == (2, True)
    assert "0001_journal.sql" in first.out
    assert f"founding events appended: {FOUNDING}" in first.out
    assert "migrations applied: none" in second.out
    assert "founding events appended: 0" in second.out


def test_tables_without_law_ask_for_a_migration(ask: Ask, url: str) -> None:
    said = ask("--database", url, "grade", "A")
    assert said.status == 2
    assert said.err.splitlines() == [
        "数据库是空的；请先运行 ecodocket migrate。",
        "the database is empty; run ecodocket migrate first.",
    ]


def test_a_database_that_is_not_there_is_told_at_once(ask: Ask) -> None:
    said = ask("--database", "postgresql://nobody:secret@127.0.0.1:1/x", "grade", "A")
    assert said.status == 2
    assert "\n数据库无法使用：" in said.err
    # What the first attempt met, and not that a pool has tried in vain for a while.
    assert "port 1 failed" in said.err
    assert "secret" not in said.err


# --- usage -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        (("grade", "A", "--as-off", "2024-01-01"), "没有选项 --as-off", "No such option"),
        (("grdae",), "没有命令 grdae", "No such command"),
        (("do",), "缺少参数 file", "Missing argument"),
        (("rehearse", "--as-of"), "选项 --as-of 缺少取值", "requires an argument"),
        (("serve", "--port", "many"), "--port 的取值无效", "Invalid value"),
        (("do", "a", "b"), "多余的参数：b", "unexpected extra argument"),
    ],
    ids=lambda part: part[0] if isinstance(part, tuple) else "",
)
def test_a_line_that_cannot_be_understood_is_told_in_chinese_first(
    ask: Ask, line: tuple[str, ...], zh: str, en: str
) -> None:
    """And nothing of the library's English stands in the Chinese line."""
    said = ask(*line)
    first, second = said.err.splitlines()[:2]
    assert said.status == 2
    assert first == f"用法错误（ecodocket --help 查看用法）：{zh}。"
    assert second.startswith("Usage error (see ecodocket --help): ")
    assert en in second


def test_the_version_is_told_without_a_journal(ask: Ask) -> None:
    said = ask("--version")
    assert (said.status, said.err) == (0, "")
    assert re.fullmatch(r"ecodocket [0-9][^ ]* \(.+\)\n", said.out)


# --- do -----------------------------------------------------------------------------------------------------------


def test_commands_of_a_file_are_recorded_in_order(cli: Ask) -> None:
    said = cli("do", "a.yaml", "--as", "王五", a=f"{AGENCY}\n---\n- {PERSON}\n- {FACT}\n")
    assert said.status == 0
    assert [line.split(" · ")[0] for line in said.out.splitlines()] == [
        "✓ 登记机构", "✓ 登记从业人员", "✓ 记录信用信息",
    ]  # fmt: skip
    assert "已记录 3 条，共 3 条。" in said.err
    timeline = cli("timeline", "A", "--json").json
    assert [(e["type"], e["by"]) for e in timeline["entries"]] == [
        ("fact-recorded.v1", "王五"), ("agency-registered.v1", "王五"),
    ]  # fmt: skip


def test_it_stops_at_the_first_refusal_and_says_what_was_recorded(cli: Ask) -> None:
    said = cli("do", "a.yaml", a=f"- {AGENCY}\n- {REFUSED}\n- {FACT}\n")
    assert said.status == 1
    zh, en, stopped_zh, stopped_en = said.err.splitlines()
    assert "第十六条" in zh
    assert "art. 16" in en
    assert stopped_zh == "在此停止：之前已记录 1 条，其后的未记录（共 3 条）。"
    assert stopped_en == "stopped here: 1 of 3 recorded before, nothing after."
    assert cli("timeline", "A", "--json").json["version"] == 1


def test_the_same_file_again_records_nothing_twice(cli: Ask) -> None:
    text = f"- {AGENCY}\n- {FACT}\n"
    cli("do", "a.yaml", a=text)
    again = cli("do", "a.yaml", "--json", a=text)
    assert [a["status"] for a in again.json] == ["already_so", "already_so"]
    assert again.status == 0


def test_a_key_prefix_gives_the_first_answers_again(cli: Ask) -> None:
    text = f"- {AGENCY}\n- {FACT.replace('id: f1, ', '')}\n"
    first = cli("do", "a.yaml", "--key-prefix", "import-7", "--json", a=text).json
    again = cli("do", "a.yaml", "--key-prefix", "import-7", "--json", a=text).json
    assert again == first
    other = cli("do", "a.yaml", "--key-prefix", "import-7", a=text.replace("B08", "B09"))
    assert other.status == 1
    assert "幂等键" in other.err


def test_a_trial_stores_nothing_and_shows_what_it_would_change(anywhere: Ask) -> None:
    whole = anywhere("do", "a.yaml", "--dry-run", a=f"- {AGENCY}\n- {FACT}\n")
    assert whole.status == 0
    assert whole.out.count("试算通过") == 2
    assert anywhere("grade", "A").status == 2
    anywhere("do", "a.yaml", a=AGENCY)
    one = anywhere("do", "a.yaml", "--dry-run", "--lang", "en", a=FACT)
    assert "environmental agencies (consultation draft): 100 N → 90 N" in one.out
    assert "nothing recorded" in one.err
    assert anywhere("timeline", "A", "--json").json["version"] == 1


def test_a_recorded_command_says_what_it_made_of_the_grade(cli: Ask) -> None:
    said = cli("do", "a.yaml", a=f"- {AGENCY}\n- {FACT}\n- {FACT.replace('B08', 'B09').replace('f1', 'f2')}\n")
    registered, first, second = (line for line in said.out.splitlines() if line.startswith("✓"))
    assert "今日" not in registered
    assert "今日《" in first
    assert first.endswith("》100 N → 90 N")
    assert second.endswith("》90 N → 85 N")
    again = cli("do", "a.yaml", a=FACT)
    assert "此前已如此" in again.out
    assert "今日" not in again.out


def test_a_recorded_command_that_moves_nothing_says_so(cli: Ask) -> None:
    cli("do", "a.yaml", a=f"- {AGENCY}\n- {FACT}\n")
    change = "{do: change_subject, subject: A, changes: {name: 乙检测}, from_on: 2024-04-01}"
    said = cli("do", "a.yaml", "--lang", "en", a=change)
    assert said.status == 0, said.err
    assert said.out.splitlines()[0].endswith(": 90 N, no change")


def test_a_file_with_faults_records_nothing_and_names_every_line(cli: Ask) -> None:
    said = cli("do", "a.yaml", a=f"{AGENCY}\n---\n- {FACT.replace('row', 'rwo')}\n- {{do: record_fcat}}\n")
    assert said.status == 2
    assert "a.yaml:3: [2] /0/rwo there is no such field; do you mean row?" in said.err
    assert "a.yaml:4: [2] /1/do there is no command record_fcat; do you mean record_fact?" in said.err
    assert cli("grade", "A").status == 2


def test_json_from_standard_input(cli: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cli("do", "a.yaml", a=AGENCY)
    raw = {
        "do": "record_fact", "subject": "A", "regime": "nmg.third_party", "row": "B12", "points": 12.5,
        "decided_on": "2024-03-12", "authority": "150100-EEB", "document": "d",
    }  # fmt: skip
    (tmp_path / "in.json").write_text(json.dumps(raw))
    with (tmp_path / "in.json").open() as given:
        monkeypatch.setattr(sys, "stdin", given)
        said = cli("do", "-", "--json")
    assert [a["status"] for a in said.json] == ["recorded"]
    assert cli("grade", "A", "--as-of", "2024-03-12", "--json").json["running"]["score"] == "87.5"


@pytest.mark.parametrize(("name", "text"), [("none", None), ("empty", ""), ("latin", b"\xff\xfe\xe9")])
def test_a_file_that_cannot_be_read(cli: Ask, tmp_path: Path, name: str, text: str | bytes | None) -> None:
    if text is not None:
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    said = cli("do", name)
    assert said.status == 2
    assert name in said.err
    assert len(said.err.splitlines()) == 2


# --- grade and timeline -------------------------------------------------------------------------------------------


def annulled(cli: Ask) -> None:
    """Three events on a file, and the signature of the retraction."""
    cli("do", "a.yaml", a=f"- {AGENCY}\n- {FACT}\n")
    cli("do", "b.yaml", b="{do: retract_fact, fact: f1, reason: 记录有误}")


def test_why_this_grade_and_what_was_known_then(anywhere: Ask) -> None:
    anywhere("do", "a.yaml", a=f"- {AGENCY}\n- {FACT}\n")
    known = anywhere("timeline", "A", "--json").json["entries"][0]["recorded_at"]
    anywhere("do", "b.yaml", b="{do: retract_fact, fact: f1, reason: 记录有误}")
    then = anywhere("grade", "A", "--as-of", "2024-06-30", "--known-at", known)
    now = anywhere("grade", "A", "--as-of", "2024-06-30")
    assert "甲检测  A" in then.out
    assert "▶ 动态等级（非公布结果）：90 分、无不良等级（N）；该日公开等级：没有公布的等级" in then.out
    assert "● 2024-03-12  B08       -10 → 90" in then.out
    assert "第十六条；附件1" in then.out
    assert "▶ 动态等级（非公布结果）：100 分、无不良等级（N）" in now.out
    assert "○ 2024-03-12  B08     (-10) → 100" in now.out
    assert "因记录有误已删除" in now.out


def test_the_answer_in_english(cli: Ask) -> None:
    cli("do", "a.yaml", a=f"- {AGENCY}\n- {FACT}\n")
    said = cli("grade", "A", "--as-of", "2024-06-30", "--lang", "en")
    assert "▶ running grade (not a published result): 90 points, evaluated, no adverse grade (N)" in said.out
    assert "counts since 2024-03-12" in said.out


def test_a_token_repeats_the_answer(cli: Ask) -> None:
    cli("do", "a.yaml", a=f"- {AGENCY}\n- {FACT}\n")
    first = cli("grade", "A", "--as-of", "2024-06-30", "--json")
    again = cli("grade", "--basis", first.json["basis"]["token"], "--json")
    assert again.out == first.out
    assert first.json["steps"][0]["because"].startswith("2024-03-12 起生效")
    assert first.json["basis"]["engine"] == engine()


def test_another_reading(cli: Ask) -> None:
    fine = FACT.replace("B08", "B11").replace("decided_on: 2024-03-12", "decided_on: 2024-03-12, served_on: 2024-03-14")
    cli("do", "a.yaml", a=f"- {AGENCY}\n- {fine}\n")
    ask = ("grade", "A", "--as-of", "2024-03-12", "--json")
    assert cli(*ask).json["running"]["score"] == "100"
    assert cli(*ask, "--reading", "I-06:decision_date").json["running"]["score"] == "90"


def test_a_practitioner_by_name(cli: Ask) -> None:
    cli("do", "a.yaml", a=PERSON)
    said = cli("grade", "P", "--lang", "en")
    assert "张某  P" in said.out
    assert "▶ running grade (not published): not listed as a dishonest individual (N)" in said.out
    assert "No facts on record." in said.out


def test_a_timeline_hides_nothing(cli: Ask) -> None:
    annulled(cli)
    said = cli("timeline", "A", "--order", "record", "--ids")
    assert said.status == 0
    (line,) = [line for line in said.out.splitlines() if "B08" in line]
    assert line.startswith("2024-03-12   2024-03-12   ")
    assert "✗" in line
    assert "f1 · 呼环函〔2024〕1号 · 记录人 " in said.out
    assert "    呼环函〔2024〕1号 · 记录人 " in cli("timeline", "A", "--order", "record").out


def test_a_timeline_names_who_is_employed(cli: Ask) -> None:
    job = "{do: record_employment, subject: A, id: j, practitioner: P, from_on: 2023-02-01, role: 采样员}"
    cli("do", "a.yaml", a=f"- {AGENCY}\n- {PERSON}\n- {job}\n")
    assert "   任职记录：张某\n" in cli("timeline", "A").out
    assert "   employment recorded: 张某\n" in cli("timeline", "A", "--lang", "en").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("grade", "nobody"), "no subject with the id nobody"),
        (("grade",), "give a subject, or --basis"),
        (("grade", "A", "--basis", "x"), "give a subject, or --basis"),
        (("grade", "--basis", "x"), "token is damaged"),
        (("grade", "A", "--as-of", "2024-13-01"), "2024-13-01 is no date"),
        (("grade", "A", "--as-of", "20240101"), "20240101 is no date"),
        (("grade", "A", "--as-of", "9999-12-31"), "a date from 1900-01-01 to 2199-12-31"),
        (("grade", "A", "--known-at", "yesterday"), "neither a date nor a moment"),
        (("grade", "A", "--reading", "I-06"), "I-06:decision_date"),
        (("grade", "A", "--reading", "I-99:x"), "has no reading I-99"),
        (("grade", "A", "--regime", "x.y"), "no edition of the regime x.y"),
        (("timeline", "nobody"), "no subject with the id nobody"),
        (("timeline", "A", "--order", "alphabet"), "no order alphabet"),
        (("grdae", "A"), "Did you mean 'grade'"),
        (("grade", "A", "--asof", "2024-01-01"), "--as-of"),
    ],
)
def test_a_bad_question_is_told_in_both_languages(anywhere: Ask, arguments: tuple[str, ...], says: str) -> None:
    anywhere("do", "a.yaml", a=AGENCY)
    said = anywhere(*arguments)
    zh, en = said.err.splitlines()
    assert said.status == 2
    assert says in en
    assert any("\u4e00" <= c <= "\u9fff" for c in zh)
    assert said.out == ""


# --- scenario -----------------------------------------------------------------------------------------------------

CASE = """
case: trial
regime: nmg.third_party
subjects: {A: {kind: agency, services: [monitoring]}}
happens:
  - {at: 2024-03-12, do: record_fact, subject: A, id: f1, row: B08, decided_on: 2024-03-12, authority: 150100-EEB}
expect:
  - {subject: A, as_of: 2024-03-12, running: {score: 90}}
"""


def test_cases_that_hold(ask: Ask) -> None:
    said = ask("scenario", "a.yaml", "b.yaml", a=CASE, b=f"{CASE}---{CASE}")
    assert (said.status, said.out) == (0, "3 passed, 0 failed\n")


def test_a_case_that_does_not_hold_is_told_with_its_reasons(ask: Ask) -> None:
    said = ask("scenario", ".", a=CASE, b=CASE.replace("score: 90", "score: 95"))
    lines = said.out.splitlines()
    assert said.status == 1
    assert lines[0].startswith("✗ trial")
    assert "running.score: 应为 95，实为 90" in said.out
    assert "● f1 → 90: 2024-03-12 起生效" in said.out
    assert lines[-1] == "1 passed, 1 failed"


def test_results_as_json(ask: Ask) -> None:
    said = ask("scenario", "a.yaml", "--json", "--lang", "en", a=CASE.replace("score: 90", "score: 95"))
    assert said.status == 1
    assert (said.json["passed"], said.json["failed"]) == (0, 1)
    (failure,) = said.json["cases"][0]["failures"]
    assert failure["differences"] == [{"key": "running.score", "expected": "95", "found": "90"}]
    assert failure["steps"][0]["fact"] == "f1"


OWN = """
case: own
about: own
regime: example.services
subjects:
  A: {kind: agency, services: [monitoring], region: "990100"}
adopt: {own.toml: {in_force_on: 2024-01-01, until_on: 2026-08-14}}
happens:
  - {at: 2026-07-02, do: record_fact, subject: A, id: f0, row: B08, decided_on: 2026-07-01, authority: "990100-EEB"}
expect:
  - {subject: A, as_of: 2026-07-31, running: {score: 1}}
"""


def test_a_row_of_an_own_edition_is_explained_by_its_own_words(ask: Ask, tmp_path: Path) -> None:
    """B08 is a row of a shipped edition, too; its words are not those of this case."""
    edition = Path(__file__).parents[3] / "scenarios/law-in-time/example-2024.toml"
    (tmp_path / "own.toml").write_text(edition.read_text("utf-8").replace('"X1"', '"B08"'), "utf-8")
    said = ask("scenario", "own.yaml", own=OWN)
    assert said.status == 1
    assert "条目 B08（对检查不予配合）" in said.out


def test_faults_of_an_own_edition_are_told_at_its_own_lines(ask: Ask, tmp_path: Path) -> None:
    """As ``rulebook lint`` tells them, and not at the line of the case; each of them."""
    text = (Path(__file__).parents[3] / "scenarios/law-in-time/example-2024.toml").read_text("utf-8")
    bad = text.replace("points = -15", "points = 15").replace("below = 60", "below = 50")
    (tmp_path / "own.toml").write_text(bad, "utf-8")
    lines = {n: f"{tmp_path / 'own.toml'}:{n}" for n, line in enumerate(bad.splitlines(), 1) if "points = 15" in line}
    ((number, where),) = lines.items()
    said = ask("scenario", str(tmp_path / "own.yaml"), own=OWN)
    faults = said.out.splitlines()[1:-1]
    assert said.status == 1
    assert f"  {where}: [rulebook_invalid] row[0].points X1 的分值 15 不是负数" in faults
    assert len(faults) == 2
    assert all(line.startswith(f"  {tmp_path / 'own.toml'}:") for line in faults)
    linted = ask("rulebook", "lint", str(tmp_path / "own.toml"), "--json").json["faults"]
    as_json = ask("scenario", str(tmp_path / "own.yaml"), "--json", own=OWN).json["cases"][0]["failures"]
    assert [f["line"] for f in as_json] == [f["line"] for f in linted]
    assert {f["file"] for f in as_json} == {str(tmp_path / "own.toml")}
    assert number in [f["line"] for f in linted]


def test_faults_of_an_edition_that_is_adopted_later_are_told_at_its_own_lines(ask: Ask, tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "scenarios/law-in-time/example-2024.toml").read_text("utf-8")
    (tmp_path / "own.toml").write_text("pints = 3\n" + text, "utf-8")
    later = CASE.replace(
        "happens:\n", "happens:\n  - {at: 2024-01-02, do: adopt_rulebook, file: own.toml, in_force_on: 2024-01-01}\n"
    )
    said = ask("scenario", str(tmp_path / "a.yaml"), a=later)
    assert said.status == 1
    assert f"  {tmp_path / 'own.toml'}:1: [rulebook_invalid] pints " in said.out
    assert ask("scenario", str(tmp_path / "a.yaml"), a=later.replace("01-01}", "01-01, invalid: /text}")).status == 1


EARLY = """
case: early
regime: nmg.third_party
subjects: {A: {kind: agency, services: [monitoring]}}
happens:
  - {at: 2024-03-12, do: record_fact, subject: A, id: f1, row: B08, decided_on: 2024-03-12, authority: 150100-EEB}
  - {at: 2024-03-13, do: commit_repair, subject: A, id: r1, facts: [f1], dated_on: 2024-03-13, completed_on: 2024-03-13}
  - {at: 2024-03-14, do: confirm_repair, repair: r1, by: city_bureau, confirmed_on: 2024-03-14}
expect:
  - {subject: A, as_of: 2024-03-12, running: {score: 90}}
"""


def test_a_refusal_of_a_case_cites_in_the_language_of_the_reader(ask: Ask) -> None:
    """28(2) is the second paragraph of the article; what the case wants instead is written out too."""
    said = ask("scenario", "a.yaml", a=EARLY)
    (line,) = [line for line in said.out.splitlines() if "第 8 行" in line]
    assert "（第二十八条第二款）" in line
    assert "art." not in line
    assert "(art. 28(2))" in ask("scenario", "a.yaml", "--lang", "en", a=EARLY).out
    wanted = EARLY.replace("confirmed_on: 2024-03-14}", "confirmed_on: 2024-03-14, refused: art. 29(1)}")
    (line,) = [line for line in ask("scenario", "a.yaml", a=wanted).out.splitlines() if "第 8 行" in line]
    assert "应按 第二十九条第（一）项 拒绝，实际：" in line
    assert "art." not in line
    recorded = CASE.replace("authority: 150100-EEB}", "authority: 150100-EEB, refused: art. 13(1)}")
    said = ask("scenario", "a.yaml", a=recorded)
    assert "第 6 行: 应按 第十三条第（一）项 拒绝，实际：record_fact 已记录。" in said.out
    said = ask("scenario", "a.yaml", "--lang", "en", a=recorded)
    assert "line 6: should be refused by art. 13(1), found: record_fact was recorded." in said.out


def test_the_good_cases_of_a_bad_file_and_the_other_files_are_played(ask: Ask) -> None:
    """Status 2: what could not be read is not known to hold, whatever the others do."""
    bad = CASE.replace("expect", "expects")
    said = ask("scenario", "a.yaml", "b.yaml", a=CASE, b=f"{CASE}---{bad}---{CASE}")
    assert (said.status, said.out) == (2, "3 passed, 0 failed\n")
    assert "b.yaml:15: [2] /expects" in said.err
    fails = CASE.replace("score: 90", "score: 95")
    said = ask("scenario", "a.yaml", "b.yaml", a=fails, b=f"{bad}---{CASE}")
    assert (said.status, said.out.splitlines()[-1]) == (2, "1 passed, 1 failed")


def test_files_without_a_case_that_can_be_read_are_told_and_nothing_is_played(ask: Ask) -> None:
    said = ask("scenario", "a.yaml", "b.yaml", a="case: [", b=CASE.replace("expect", "expects"))
    assert (said.status, said.out) == (2, "")
    assert "a.yaml:2: " in said.err
    assert "b.yaml:" in said.err


def test_a_scenario_file_that_is_not_there_stops_before_anything_is_played(ask: Ask) -> None:
    said = ask("scenario", "a.yaml", "c.yaml", a=CASE)
    assert (said.status, said.out) == (2, "")


# --- rulebooks ----------------------------------------------------------------------------------------------------


def test_rulebooks(cli: Ask, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    (shipped,) = (e for e in cli("rulebook", "list", "--json").json if e["id"] == "nmg.third_party@draft")
    shown = ask("rulebook", "show", shipped["id"], "--lang", "en")
    graded = " ".join(shown.out.split())
    assert "how it is graded" in graded
    assert "60 and more, below 75 points cautioned unit (C) art. 16" in graded
    assert "art. 18(2)3, annex 1" in shown.out
    for said in ("decide on the objection", "by 04-30 of", "20 working", "6 months", "set with", "none configured"):
        assert said in shown.out, said
    assert cli("rulebook", "show", "x@y").status == 2
    source = Path(__file__).parents[3] / "src/domain/law/editions/nmg.third_party/draft.toml"
    sound = ask("rulebook", "lint", str(source))
    (tmp_path / "bad.toml").write_text(source.read_text("utf-8").replace("points = -30", "points = 30"), "utf-8")
    bad = ask("rulebook", "lint", "bad.toml")
    assert (sound.status, bad.status) == (0, 1)
    assert "bad.toml:" in bad.err


def test_whoever_reads_on_no_more_is_left_in_peace(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="utf-8") as unread:
        monkeypatch.setattr(sys, "stdout", unread)
        said = ask("rulebook", "show", "nmg.third_party@draft", "--json")
        # What is said afterwards goes nowhere, and fails no more.
        unread.write("afterwards")
        unread.flush()
    assert (said.status, said.err) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_reader_who_has_seen_enough_is_no_failure(options: tuple[str, ...]) -> None:
    shown = subprocess.Popen(
        [sys.executable, "-m", "interfaces.main", "rulebook", "show", "nmg.third_party@draft", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert shown.stdout is not None
    assert shown.stderr is not None
    with shown.stdout, shown.stderr:
        shown.stdout.readline()
        shown.stdout.close()
        assert (shown.wait(timeout=20), shown.stderr.read()) == (0, b"")


# --- the journal as a file ----------------------------------------------------------------------------------------


def test_a_journal_is_written_over_no_file_and_read_from_none_that_is_not_there(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "j.ndjson").write_text("mine")
    said = ask("--database", "postgresql://localhost:1/x", "journal", "export", "j.ndjson")
    assert (said.status, "j.ndjson" in said.err) == (2, True)
    assert (tmp_path / "j.ndjson").read_text() == "mine"
    said = ask("--database", "postgresql://localhost:1/x", "journal", "import", "none.ndjson")
    assert (said.status, "none.ndjson" in said.err) == (2, True)


@pytest.mark.slow
def test_a_journal_carried_to_another_database_answers_the_same(
    cli: Ask, ask: Ask, make_database: MakeDatabase
) -> None:
    annulled(cli)
    assert f"{FOUNDING + 4} 条" in cli("journal", "export", "j.ndjson").out
    assert cli("journal", "export", "j.ndjson").status == 2
    other = make_database()
    assert ask("--database", other, "journal", "import", "j.ndjson").status == 0
    assert ask("--database", other, "journal", "import", "j.ndjson").status == 2
    question = ("grade", "A", "--as-of", "2024-06-30", "--known-at", "2099-01-01", "--json")
    assert ask("--database", other, *question).out == cli(*question).out
    assert ask("--database", other, "journal", "import", "none").status == 2


def test_a_journal_is_exported_in_increments_checked_and_made_one_segment(cli: Ask, ask: Ask, tmp_path: Path) -> None:
    first = cli("journal", "parquet", "out", "--buckets", "2", "--json").json
    assert (first["written"], first["events"], first["segments"]) == (FOUNDING, FOUNDING, 1)
    annulled(cli)
    said = cli("journal", "parquet", "out")
    assert said.status == 0
    assert "新导出 4 条事项" in said.out
    assert cli("journal", "parquet", "out", "--json").json["written"] == 0
    # No database is needed to check a folder.
    checked = ask("journal", "parquet", "out", "--check", "--json")
    assert (checked.status, checked.json["events"], checked.json["segments"]) == (0, FOUNDING + 4, 2)
    assert "完好" in ask("journal", "parquet", "out", "--check").out
    compacted = cli("--lang", "en", "journal", "parquet", "out", "--compact")
    assert "0 new events exported" in compacted.out
    assert f"{FOUNDING + 4} events in 1 segment" in compacted.out
    (data, *_) = (tmp_path / "out").glob("*.parquet")
    data.unlink()
    damaged = ask("journal", "parquet", "out", "--check")
    assert damaged.status == 2
    assert data.name in damaged.err
    assert "请删除整个文件夹" in damaged.err
    assert "export anew" in damaged.err


@pytest.mark.parametrize(
    "arguments", [["none", "--check"], ["out", "--check", "--compact"], ["out", "--buckets", "0"], []]
)
def test_an_export_that_cannot_be_is_bad_input(ask: Ask, arguments: list[str]) -> None:
    said = ask("journal", "parquet", *arguments)
    assert said.status == 2
    assert said.out == ""
    assert said.err


# --- serving ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.org", ""])
def test_nobody_is_served_from_outside(ask: Ask, host: str) -> None:
    said = ask("serve", "--host", host, "--port", str(unused_port()))
    assert said.status == 2
    assert "127.0.0.1" in said.err


def test_a_port_in_use_is_told(ask: Ask) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = ask("serve", "--port", str(taken.getsockname()[1]))
    assert said.status == 2
    assert "--port" in said.err


def test_a_second_demo_takes_the_next_free_port() -> None:
    first = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert free_port() > first


@pytest.mark.slow
def test_the_demo_leads_to_a_worklist_and_to_a_proof(cli: Ask) -> None:
    here = f"{AGENCY.replace('id: A', f'id: {EXAMPLE}')}"
    steps = "".join(
        f"- {{do: evaluation_stage, subject: {EXAMPLE}, regime: nmg.third_party, year: 2023, {step}}}\n"
        for step in (
            "stage: roster, dated_on: 2024-03-04, id: s1",
            "stage: notice, dated_on: 2024-03-14, received_on: 2024-03-14, id: s2",
        )
    )
    assert cli("do", "a.yaml", a=f"- {here}\n{steps}").status == 0
    told = cli("demo", "--build-only")
    commands = [shlex.split(line)[1:] for line in told.out.splitlines() if line.startswith("  ")]
    (worklist,) = [c for c in commands if c[0] == "deadlines"]
    (proof,) = [c for c in commands if c[0] == "deadline"]
    assert told.status == 0
    assert "s2:report" in cli(*worklist).out
    assert proof[1] == "s2:report"
    assert "▶ 2024-04-12  逾期未完成" in cli(*proof).out


@pytest.mark.slow
def test_the_demo_leads_to_a_list_by_grade_and_to_a_rehearsal(cli: Ask) -> None:
    assert cli("do", "a.yaml", a=f"- {AGENCY.replace('id: A', f'id: {EXAMPLE}')}\n").status == 0
    told = cli("demo", "--build-only")
    commands = [shlex.split(line)[1:] for line in told.out.splitlines() if line.startswith("  ")]
    (everybody,) = [c for c in commands if c[0] == "subjects"]
    (rehearsal,) = [c for c in commands if c[0] == "rehearse"]
    assert cli("projections", "rebuild").status == 0
    assert cli(*everybody).status == 0
    assert "零变动" in cli(*rehearsal).out


def test_the_demo_says_one_thing_to_ask_about_every_other_regime(cli: Ask) -> None:
    assert cli("do", "a.yaml", a=f"- {AGENCY.replace('id: A', f'id: {EXAMPLE}')}\n").status == 0
    told = cli("demo", "--build-only")
    commands = [shlex.split(line)[1:] for line in told.out.splitlines() if line.startswith("  ")]
    asked = [c[c.index("--regime") + 1] for c in commands if c[0] == "grade" and "--regime" in c]
    assert sorted(asked) == sorted({s.edition.regime for s in shipped_editions()} - {REGIME, "jiangsu.eco_credit"})
    assert [c[0] for c in commands].count("subject") == 1


# --- several regimes ----------------------------------------------------------------------------------------------


def test_a_subject_is_shown_under_every_regime_side_by_side(cli: Ask) -> None:
    score = "{do: record_score, subject: A, regime: jiaxing.monitoring, year: 2023, basic: 92, risk: 85}"
    agency = AGENCY.replace("150100", "330402")
    assert cli("do", "a.yaml", a=f"- {agency}\n- {FACT}\n- {score}\n").status == 0
    said = cli("subject", "A", "--as-of", "2024-03-12").out.splitlines()
    assert said[0] == "甲检测  A"
    assert [line.split()[1] for line in said if line[:1] in ("●", "○")] == [
        "嘉兴市社会环境监测机构环境信用评价实施办法（2023）",
        "内蒙古自治区第三方环保机构信用评价管理暂行办法（征求意见稿）",
        "建设项目环境影响报告书（表）编制单位和编制人员失信行为记分办法（试行）",
    ]
    english = cli("--lang", "en", "subject", "A").out
    assert "running       92 points (not graded yet)" in english
    assert "nothing on record" in english
    found = cli("subject", "A", "--json").json
    assert [(line["regime"], line["on_record"]) for line in found["regimes"]][:2] == [
        ("jiaxing.monitoring", True), ("nmg.third_party", True),
    ]  # fmt: skip


def test_a_subject_nobody_knows_is_told_so(cli: Ask) -> None:
    assert cli("subject", "nobody").status == 2


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder whose server is ended afterwards."""
    with postgres.server_folder() as found:
        yield found
        EmbeddedPostgres(found / "data").stop()


def test_a_fresh_folder_needs_no_preparation_and_is_served(folder: Path, tmp_path: Path) -> None:
    """As a user would: no server, no migration, every command a process of its own."""
    (tmp_path / "a.yaml").write_text(f"- {AGENCY.replace('id: A', f'id: {SUBJECT}')}\n", "utf-8")
    program = [sys.executable, "-m", "interfaces.main", "--data", str(folder / "data"), "--lang", "en"]
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "ECODOCKET_MASTER_KEY")}
    done = subprocess.run(
        [*program, "do", "a.yaml"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "✓ Register an agency" in done.stdout) == (0, True), done.stderr
    port = unused_port()
    server = subprocess.Popen(
        [*program, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        # It says where it is heard once its workers have started; who is asked to end before says nothing more.
        told = next((line for line in server.stdout if "/api/v1/docs" in line), "")
        assert f"http://127.0.0.1:{port}/api/v1/docs" in told
        answer = _get(port, f"/api/v1/subjects/{SUBJECT}/grade", server)
        assert answer["subject"]["name"] == "甲检测"
        assert answer["running"]["grade"] == "N"
        assert answer["basis"]["engine"] == engine()
    finally:
        server.terminate()
        _, err = server.communicate(timeout=120)
    assert "Traceback" not in err
    assert server.returncode == 0


SUBJECT = "00000000-0000-4000-8000-00000000000a"


def _get(port: int, path: str, server: "subprocess.Popen[str]") -> Any:
    """What the server answers, once it does."""

    def is_up() -> bool:
        assert server.poll() is None
        return is_listened_at(port)

    # A busy machine takes its time; a server that has ended is not waited for.
    assert wait_until(is_up, 120)
    return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=120).raise_for_status().json()
