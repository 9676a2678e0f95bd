"""``ecodocket rulebook``: editions shipped and on record, compared, adopted, repealed and quoted."""

from pathlib import Path

import pytest

from domain.law.citations import unit_of
from domain.law.parse import parse_edition
from interfaces.wording.words import Lexicon
from tests.interfaces.command_line import Ask

DOCS = Path(__file__).parents[3] / "docs"
EXAMPLE = (DOCS / "example-edition.toml").read_text("utf-8")
ID = "example.services@2024"
CITE = next(row.cites[0] for row in parse_edition(EXAMPLE, "example-edition.toml").row if row.code == "X1")
CALLED = Lexicon([parse_edition(EXAMPLE, "example-edition.toml")]).cite(CITE, "zh")
LATER = EXAMPLE.replace("@2024", "@2026").replace("points = -15", "points = -5")
WORDING = "\n".join(f"第{n}条 示例第{n}条。" for n in ["四", "五", "六", "七", "八", "九", "十", "十一", "十二"])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in (("one.toml", EXAMPLE), ("two.toml", LATER), ("text.txt", WORDING), ("short.txt", "第四条 甲。")):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_an_edition_is_adopted_corrected_quoted_and_repealed_and_listed_with_its_life(cli: Ask, files: Path) -> None:
    one, two = str(files / "one.toml"), str(files / "two.toml")
    adopt = ("rulebook", "adopt", one, "--in-force-on", "2024-01-01", "--as", "jurist")
    assert cli(*adopt, "--dry-run").status == 0
    adopted = cli(*adopt)
    assert (adopted.status, "✓ 采用规则版本 · 已记录 · 规则 · " in adopted.out) == (0, True)
    overlapping = cli("rulebook", "adopt", two, "--in-force-on", "2026-01-01")
    assert overlapping.status == 1
    assert ID in overlapping.err
    corrected = files / "one.toml"
    corrected.write_text(EXAMPLE.replace("points = -15", "points = -10"), "utf-8")
    assert cli(*adopt).status == 2
    assert cli(*adopt, "--reason", "分值录入有误").status == 0
    assert cli("rulebook", "text", str(files / "short.txt"), "--edition", ID).status == 1
    assert cli("rulebook", "text", str(files / "text.txt"), "--edition", ID).status == 0
    repeal = ("rulebook", "repeal", ID, "--until-on", "2025-12-31", "--reason", "新办法施行")
    assert cli(*repeal).status == 0
    assert cli("rulebook", "repeal", ID, "--until-on", "2027-12-31", "--reason", "误").status == 1
    (line,) = (line for line in cli("rulebook", "list", "--json").json if line["id"] == ID)
    assert (line["shipped"], line["on_record"], line["quotes"], line["until_on"]) == (False, True, True, "2025-12-31")
    assert [step["event"] for step in line["life"]] == ["adoption", "correction", "text", "repeal"]
    assert line["life"][0]["by"] == "jurist"
    told = cli("rulebook", "list", "--lang", "en").out
    assert "corrected  from 2024-01-01  by jurist: 分值录入有误" in told
    assert cli("rulebook", "show", ID, "--lang", "en").status == 0
    changed = cli("rulebook", "diff", ID, two, "--lang", "en")
    assert (changed.status, "points of row X1: from “-10” to “-5”" in changed.out) == (1, True)


def test_two_files_are_compared_in_both_languages_and_for_programs(cli: Ask, files: Path) -> None:
    one, two = str(files / "one.toml"), str(files / "two.toml")
    assert cli("rulebook", "diff", one, one).status == 0
    assert "条目 X1：分值从“-15”改为“-5”" in cli("rulebook", "diff", one, two).out
    (change,) = cli("rulebook", "diff", one, two, "--json").json
    assert (change["part"], change["key"], change["field"], change["after"]) == ("row", "X1", "points", "-5")
    assert cli("rulebook", "diff", one, "nobody.knows@1").status == 2
    assert cli("rulebook", "diff", one, "missing.toml").status == 2


def test_faults_of_a_file_are_told_to_programs_too(cli: Ask, files: Path) -> None:
    sound = cli("rulebook", "lint", str(files / "one.toml"), "--json")
    assert (sound.status, sound.json) == (0, {"id": ID, "sound": True, "faults": []})
    bad = files / "bad.toml"
    bad.write_text(EXAMPLE.replace("below = 60", "below = 50"), "utf-8")
    found = cli("rulebook", "lint", str(bad), "--json")
    assert found.status == 1
    assert [fault["place"] for fault in found.json["faults"]] == ["methods.agency.bands[1]"]
    line = found.json["faults"][0]["line"]
    assert line is not None
    adopted = cli("rulebook", "adopt", str(bad), "--in-force-on", "2024-01-01")
    assert adopted.status == 2
    assert f"{bad}:{line} methods.agency.bands[1] " in adopted.err


def test_bad_days_are_bad_input(cli: Ask, files: Path) -> None:
    assert cli("rulebook", "adopt", str(files / "one.toml"), "--in-force-on", "tomorrow").status == 2
    backwards = ("--in-force-on", "2024-01-02", "--until-on", "2024-01-01")
    assert cli("rulebook", "adopt", str(files / "one.toml"), *backwards).status == 2


def test_jurists_note_sign_off_and_withdraw_and_see_what_changed_since(cli: Ask, files: Path) -> None:
    one = str(files / "one.toml")
    adopt = ("rulebook", "adopt", one, "--in-force-on", "2024-01-01")
    assert cli(*adopt).status == 0
    assert cli("rulebook", "notes", ID).out == "尚无法制意见和审签。\n"
    (line,) = (line for line in cli("rulebook", "list", "--json").json if line["id"] == ID)
    sign_off = ("rulebook", "sign-off", ID, "--cite", unit_of(CITE), "--as", "jurist")
    noted = cli("rulebook", "note", ID, "以附表为准", "--cite", CITE, "--as", "jurist")
    assert (noted.status, f"✓ 记录法制意见 · 已记录 · 规则 {ID} · " in noted.out) == (0, True)
    assert cli(*sign_off, "--digest", line["digest"]).status == 0
    assert cli(*sign_off, "--digest", "0" * 64).status == 2
    (files / "one.toml").write_text(EXAMPLE.replace("points = -15", "points = -10"), "utf-8")
    assert cli(*adopt, "--reason", "录入有误").status == 0
    told = cli("rulebook", "notes", ID).out
    assert f"意见  {CALLED}  jurist" in told
    assert "审签之后有 1 处变化：\n    ~ 条目 X1：分值从“-15”改为“-10”" in told
    note, signed = cli("rulebook", "notes", ID, "--json").json
    assert (note["text"], [change["key"] for change in signed["since"]]) == ("以附表为准", ["X1"])
    assert cli("rulebook", "withdraw-note", ID, signed["id"], "--reason", "重审").status == 0
    assert "[已撤回]" in cli("rulebook", "notes", ID).out
    assert cli("rulebook", "notes", "nobody@1").status == 2
