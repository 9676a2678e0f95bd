"""The procedure of a year from the command line: every command of a file, what a trial tells, the three tracks."""

import re
from pathlib import Path

import openpyxl
import pytest

from application.recording.commands import COMMANDS
from domain.time import legal_day
from interfaces.clocks import SystemClock
from interfaces.wording.texts import Language, say
from tests.interfaces.command_line import Ask
from tests.support.world import ID_NUMBER, USCC

REGIME = "nmg.third_party"
SECOND_USCC = "91150100M00000001M"

SUBJECTS = f"""
- {{do: register_agency, id: A, uscc: {USCC}, name: 甲检测, region: '150100', services: [monitoring]}}
- {{do: register_agency, id: B, uscc: {SECOND_USCC}, name: 乙环评, region: '150102', services: [eia]}}
- {{do: register_practitioner, id: P, name: 张某, id_number: '{ID_NUMBER}', region: '150100'}}
"""
"""Two agencies and a person."""

YEAR = """
- {do: issue_certificate, subject: A, id: k1, issued_on: 2024-02-01, document: 呼环证〔2024〕1号}
- {do: evaluation_stage, subject: A, year: 2023, stage: roster, dated_on: 2024-03-04, id: s1}
- {do: request_certificate, subject: A, id: q1, requested_on: 2024-03-05, purpose: 投标}
- {do: evaluation_stage, subject: A, year: 2023, stage: notice, dated_on: 2024-03-14, received_on: 2024-03-14, id: s2}
- {do: evaluation_stage, subject: A, year: 2023, stage: report, dated_on: 2024-04-10, finding: complete, id: s3}
- {do: evaluation_stage, subject: A, year: 2023, stage: proposal, dated_on: 2024-04-15, received_on: 2024-04-15,
   id: s4}
- {do: file_objection, subject: A, id: o1, against: s4, filed_on: 2024-04-18, by: participant,
   grounds: 约谈的是另一单位}
- {do: extend_review, objection: o1, until_on: 2024-05-10, reason: 须向出具文书的单位核实}
- {do: decide_objection, objection: o1, decided_on: 2024-04-22, outcome: rejected, reasons: 事实清楚}
- {do: evaluation_stage, subject: A, year: 2023, stage: publicity, dated_on: 2024-04-24, id: s5}
- {do: record_comment, subject: A, id: c1, against: s5, filed_on: 2024-04-25, content: 所称属实}
- {do: decide_comment, comment: c1, decided_on: 2024-05-06, outcome: rejected, reasons: 与评价无关}
- {do: commit_repair, subject: A, id: r1, facts: [f1], dated_on: 2024-04-26, completed_on: 2024-04-17, harm: none,
   repeated: false}
- {do: confirm_repair, repair: r1, confirmed_on: 2024-04-27, by: originating_authority, certificate: 证1}
- {do: confirm_repair, repair: r1, confirmed_on: 2024-04-28, by: city_bureau, certificate: 证2}
- {do: revoke_repair, repair: r1, decided_on: 2024-05-06, reasons: 再次发生同类行为}
- {do: evaluation_stage, subject: A, year: 2023, stage: determination, dated_on: 2024-05-07, id: s6}
- {do: evaluation_stage, subject: A, year: 2023, stage: submission, dated_on: 2024-05-08, id: s7}
- {do: evaluation_stage, subject: A, year: 2023, stage: publication, dated_on: 2024-06-05, id: s8}
- {do: apply_repair, subject: A, id: r2, facts: [f2], dated_on: 2024-06-06, completed_on: 2024-06-01, harm: none,
   repeated: false}
- {do: refuse_repair, repair: r2, decided_on: 2024-06-20, reasons: 整改材料不全}
- {do: apply_repair, subject: A, id: r3, facts: [f2], dated_on: 2024-06-24, completed_on: 2024-06-21, harm: none,
   repeated: false}
- {do: record_fact, subject: A, id: f4, row: B02c, decided_on: 2024-07-01, authority: 150100-EEB, document: 文书4}
- {do: adjust_result, subject: A, id: j1, year: 2023, notified_on: 2024-07-02, decided_on: 2024-07-10,
   reasons: 新增失信}
- {do: suspend_scope, subject: A, id: z1, dated_on: 2024-08-01, reason: 涉嫌犯罪}
- {do: resume_scope, subject: A, id: z2, dated_on: 2024-09-02, reason: 撤案}
"""
"""One agency's year 2023 as it was run in 2024, with everything that may be raised in it."""

ADVISORIES = """
- {do: record_advisory, subject: A, id: a1, kind: transfer, noticed_on: 2024-05-10, document: 提示1,
   authority: 150100-EEB}
- {do: record_advisory, subject: A, id: a2, kind: joint_inspection, noticed_on: 2024-05-20, document: 提示2,
   authority: 150100-EEB}
- {do: submit_advisories, city: '150100', month: 2024-05, submitted_on: 2024-06-03}
- {do: issue_internal_notice, subject: A, id: n1, dated_on: 2024-06-12}
"""
"""What departments told one another about the agency in May 2024, and the notice that follows."""

FACTS = """
- {do: record_fact, subject: A, id: f1, row: B08, decided_on: 2023-03-12, authority: 150100-EEB, document: 文书1}
- {do: record_fact, subject: A, id: f2, row: B08, decided_on: 2023-05-12, authority: 150100-EEB, document: 文书2}
- {do: record_fact, subject: A, id: f3, row: B08, decided_on: 2023-06-12, authority: 150100-EEB, document: 文书3}
"""

BY = "authority: 150100-EEB, document: 文书}"
RAISED = {
    "file_objection", "extend_review", "decide_objection", "record_comment", "decide_comment", "commit_repair",
    "apply_repair", "confirm_repair", "refuse_repair", "revoke_repair", "evaluation_stage", "adjust_result",
    "request_certificate", "issue_certificate", "suspend_scope", "resume_scope", "record_advisory", "submit_advisories",
    "issue_internal_notice",
}  # fmt: skip


def law(text: str) -> str:
    """The commands with the regime that all but those of registration name."""
    return text.replace(", subject: ", f", regime: {REGIME}, subject: ")


def recorded(cli: Ask, *texts: str) -> None:
    """Record commands, all of which the law allows."""
    said = cli("do", "all.yaml", all=law("".join(texts)))
    assert said.status == 0, said.err


def until(stage: str) -> str:
    """The commands of the year before the step of that stage."""
    return YEAR.partition(f"- {{do: evaluation_stage, subject: A, year: 2023, stage: {stage}")[0]


def step(stage: str, day: str, subject: str = "A") -> str:
    """The command for a step of the year 2023."""
    return f"- {{do: evaluation_stage, subject: {subject}, year: 2023, stage: {stage}, dated_on: {day}}}\n"


def trial(cli: Ask, text: str, *options: str) -> str:
    """What a dry run of one command says."""
    said = cli("do", "one.yaml", "--dry-run", *options, one=law(text))
    assert said.status == 0, said.err
    return said.out


# --- do -------------------------------------------------------------------------------------------------------


def test_a_file_takes_every_command_of_the_procedure(anywhere: Ask) -> None:
    assert set(COMMANDS) >= RAISED
    assert {name for name in RAISED if f"do: {name}," in YEAR + ADVISORIES} == RAISED
    tried = anywhere("do", "all.yaml", "--dry-run", "--json", all=law(SUBJECTS + FACTS + YEAR))
    assert (tried.status, {a["status"] for a in tried.json}) == (0, {"dry_run"}), tried.err
    assert anywhere("grade", "A").status == 2
    first = anywhere("do", "all.yaml", "--json", all=law(SUBJECTS + FACTS + YEAR + ADVISORIES))
    again = anywhere("do", "all.yaml", "--json", all=law(SUBJECTS + FACTS + YEAR + ADVISORIES))
    assert (first.status, {a["status"] for a in first.json}) == (0, {"recorded"}), first.err
    assert (again.status, {a["status"] for a in again.json}) == (0, {"already_so"}), again.err
    told = {n["code"] for a in first.json for n in a.get("notices", ())}
    assert told >= {"certificate_refused"}


def test_what_the_law_refuses_stops_the_file_with_the_article(anywhere: Ask) -> None:
    recorded(anywhere, SUBJECTS, FACTS, until("publicity"))
    second = anywhere("do", "one.yaml", one=law(step("proposal", "2024-04-23")))
    early = anywhere("do", "one.yaml", one=law(step("publicity", "2024-04-14")))
    vague = anywhere(
        "do", "one.yaml", one="{do: decide_objection, objection: o1, decided_on: 2024-04-23, outcome: upheld}"
    )
    assert (second.status, early.status, vague.status) == (1, 2, 2)
    assert "第二十二条第（二）项" in second.err
    assert "/dated_on" in early.err
    assert "/reasons this field is missing" in vague.err


@pytest.mark.parametrize(("language", "article"), [("zh", "第四条"), ("en", "art. 4")])
def test_a_commitment_about_what_was_retracted_is_recorded_and_told_to_be_inadmissible(
    anywhere: Ask, language: Language, article: str
) -> None:
    recorded(anywhere, SUBJECTS, FACTS, until("determination"), "- {do: retract_fact, fact: f3, reason: 误录}\n")
    commitment = (
        "- {do: commit_repair, subject: A, id: r9, facts: [f3], dated_on: 2024-05-06, completed_on: 2024-05-06}"
    )
    said = anywhere("do", "one.yaml", "--lang", language, one=law(commitment))
    assert said.status == 0, said.err
    told = said.out + said.err
    assert say("procedures.repairs.fact_undone", language, paper="文书3") in told
    assert article in told


def test_a_trial_tells_the_deadlines_and_the_publication_it_would_move(cli: Ask) -> None:
    recorded(cli, SUBJECTS, FACTS, until("publication"))
    told = trial(cli, step("publication", "2024-06-05"))
    assert "  期限：公布结果  办结  2024-06-05（逾期未完成） → 2024-06-05（按期完成）" in told
    assert "  2023 年度：上报 70 C → 公布 70 C" in told
    assert "  公开等级：— → C" in told
    recorded(cli, step("publication", "2024-06-05"))
    apply = "{do: apply_repair, subject: A, facts: [f2], dated_on: 2024-06-06, completed_on: 2024-06-01, harm: none, "
    told = trial(cli, apply + "repeated: false}", "--lang", "en")
    assert "  deadline: decide on the application for repair  new  2024-07-05 (overdue)  art. 28(3)  " in told
    assert "public grade" not in told


def test_a_trial_tells_the_deadlines_that_a_later_step_would_end_unmet(cli: Ask) -> None:
    recorded(cli, SUBJECTS, FACTS, until("publicity"))
    zh = trial(cli, step("publication", "2024-06-05"))
    en = trial(cli, step("publication", "2024-06-05"), "--lang", "en")
    assert "  期限：公布结果  办结  " in zh
    assert "  期限：开始公示  跳过  2024-04-30（逾期未完成） → 2024-04-30（已跳过（后续环节已进行））" in zh
    assert "  deadline: submit the results  skipped  2024-05-15 (overdue) → " in en
    assert "  deadline: submit the results  done" not in en


def test_a_trial_names_the_agency_that_a_fact_of_a_person_would_move(cli: Ask) -> None:
    """Reading I-24: three facts of an agency's people in a year."""
    today = legal_day(SystemClock().now())
    people = "".join(
        f"\n- {{do: register_practitioner, id: P{n}, name: 张{n}, id_number: P{n}, id_kind: other, region: '150100'}}"
        f"\n- {{subject: A, do: record_employment, practitioner: P{n}, from_on: 2023-01-01}}"
        for n in (1, 2, 3)
    )
    facts = "".join(
        f"\n- {{do: record_fact, subject: P{n}, id: p{n}, row: P01, decided_on: {today}, authority: 150100-EEB,"
        f" document: 文书{n}}}"
        for n in (1, 2)
    )
    recorded(cli, SUBJECTS, people, facts)
    third = f"{{do: record_fact, subject: P3, id: p3, row: P01, decided_on: {today}, authority: 150100-EEB, "
    assert "  甲检测：100 N → 80 N\n" in trial(cli, third + "document: 文书3}")


def test_a_trial_names_the_regimes_that_stay_as_they_are_in_one_line(cli: Ask) -> None:
    recorded(cli, SUBJECTS)
    fact = FACTS.strip().split("\n")[0].removeprefix("- ")
    told = trial(cli, fact).splitlines()
    assert "  《内蒙古自治区第三方环保机构信用评价管理暂行办法（征求意见稿）》100 N → 90 N" in told
    (unchanged,) = [line for line in told if line.startswith("  不变：")]
    assert "宁波市" in unchanged
    assert [line for line in told if "宁波市" in line] == [unchanged]
    assert [line for line in told if "nmg.third_party" in line or "ningbo.monitoring" in line] == []
    assert "  unchanged: " in trial(cli, fact, "--lang", "en")


def test_a_trial_of_an_advisory_tells_since_when_a_notice_is_due(cli: Ask) -> None:
    first, second, submission, _ = ADVISORIES.strip().split("\n- ")
    recorded(cli, SUBJECTS, first, "\n- ", submission)
    told = trial(cli, second, "--lang", "en")
    assert "  an internal notice is due since: — → 2024-06-03" in told


# --- grade ----------------------------------------------------------------------------------------------------


def test_a_grade_keeps_the_three_tracks_apart(anywhere: Ask) -> None:
    recorded(anywhere, SUBJECTS, FACTS, until("publication"), step("publication", "2024-06-05"))
    recorded(anywhere, "- {do: record_fact, subject: A, id: f9, row: B09, decided_on: 2023-09-01, ", BY)
    zh = anywhere("grade", "A", "--as-of", "2024-06-30").out
    en = anywhere("grade", "A", "--as-of", "2024-06-30", "--lang", "en").out
    assert "▶ 动态等级（非公布结果）：65 分、警示单位（C 级）；该日公开等级：警示单位（C 级）" in zh
    assert "  年度结果  2023  公布 2024-06-05  70 分、警示单位（C 级）" in zh
    assert "! 公布之后才记录的信息：文书" in zh
    assert "  公开等级  警示单位（C 级）  自 2024-06-05 起（2023 年度公布）" in zh
    assert "  Annual result  2023  publication 2024-06-05  70 points, cautioned unit (C)" in en
    assert "  Public grade   cautioned unit (C)  since 2024-06-05 (as published for 2023)" in en


def test_a_measure_says_what_allows_it_or_that_nothing_does(anywhere: Ask) -> None:
    recorded(anywhere, SUBJECTS, FACTS, until("publication"), step("publication", "2024-06-05"))
    before = anywhere("grade", "A", "--as-of", "2024-06-04")
    since = anywhere("grade", "A", "--as-of", "2024-06-05")
    assert "措施" not in before.out
    assert "● 自 2024-06-05 起  第三十五条第（一）项" in since.out
    assert "可以执行，依据：" in since.out
    assert "○ 自 2024-06-05 起  第三十五条第（二）项" in since.out
    assert "不得执行：尚未指明准许采取该措施的法律、行政法规。" in since.out
    measures = anywhere("grade", "A", "--as-of", "2024-06-05", "--json", "--lang", "en").json["measures"]
    assert [m["executable"] for m in measures] == [True, False, False]
    assert all(m["what"] for m in measures)
    assert [m["legal_basis"] is None for m in measures] == [False, True, True]


def test_a_result_that_a_repair_revised_says_so(anywhere: Ask) -> None:
    recorded(anywhere, SUBJECTS, FACTS, YEAR.partition("- {do: revoke_repair")[0])
    shown = anywhere("grade", "A", "--as-of", "2024-05-06")
    assert "  年度结果  2023  公示 2024-04-24  80 分、无不良等级（N）" in shown.out
    assert "修复后修订：证2 2024-04-28" in shown.out


def test_what_is_under_way_on_the_day_is_told_and_what_came_later_is_counted(anywhere: Ask) -> None:
    suspended = "- {do: suspend_scope, subject: A, id: z1, dated_on: 2024-04-19, reason: 涉嫌犯罪}\n"
    recorded(anywhere, SUBJECTS, FACTS, YEAR.partition("- {do: decide_objection")[0], suspended)
    shown = anywhere("grade", "A", "--as-of", "2024-04-20").out
    assert "  未决事项  自 2024-04-19 起中止评价" in shown
    assert "  未决事项  2024-04-18 提出的异议尚未审核" in shown
    before = anywhere("grade", "A", "--as-of", "2023-04-20").out
    assert "另有 2 条信息晚于 2023-04-20，未列；加 --later 一并列出。" in before
    assert "下一变动：自 2023-05-12 起为 80 分" in before
    assert "自 2024-04-19 起中止评价" not in before


def test_what_follows_from_a_paper_beside_its_points_names_that_paper(anywhere: Ask) -> None:
    falsified = "- {do: record_fact, subject: A, id: c1, row: C11, decided_on: 2024-05-15, authority: 150000-EEB,"
    recorded(anywhere, SUBJECTS.replace("monitoring", "carbon_verification"), falsified, " document: 内环函7号}\n")
    shown = anywhere("grade", "A", "--as-of", "2024-05-15").out
    assert "▶ 动态等级（非公布结果）：90 分、不良单位（D 级）" in shown
    assert "    来源：条目 C11（" in shown
    assert "造假），内环函7号，内蒙古自治区生态环境厅，2024-05-15" in re.sub(r"\s+", "", shown)


def test_a_published_year_stands_beside_the_running_grade_of_its_regime(anywhere: Ask) -> None:
    recorded(anywhere, SUBJECTS, FACTS, until("publication"), step("publication", "2024-06-05"))
    said = anywhere("subject", "A", "--as-of", "2024-06-30").out
    assert "    年度结果  2023  公布 2024-06-05  70 分、警示单位（C 级）" in said
    assert "    公开等级  警示单位（C 级）  自 2024-06-05 起" in said


def test_nothing_public_is_said_of_a_practitioner(cli: Ask) -> None:
    recorded(cli, SUBJECTS, step("roster", "2024-03-04", "P"))
    shown = cli("grade", "P", "--as-of", "2024-06-05").out
    assert "  年度结果  2023  参评名单 2024-03-04  尚无结果" in shown
    assert "公开等级" not in shown


def test_a_timeline_tells_the_result_of_each_step_that_gave_one(cli: Ask) -> None:
    recorded(cli, SUBJECTS, FACTS, until("publicity"))
    lines = cli("timeline", "A").out.splitlines()
    assert any(line.endswith("评价环节：2023 拟定等级   70 分、警示单位（C 级）") for line in lines)
    assert any(line.endswith("评价环节：2023 通知") for line in lines)


def test_what_a_decision_on_an_objection_set_aside_rests_on_that_decision(anywhere: Ask) -> None:
    """It has no number of its own; an id is none that anybody knows."""
    objected = """
- {do: file_objection, subject: A, id: o1, against: s4, filed_on: 2024-04-18, by: participant,
   grounds: 约谈的是另一单位, evidence: [{title: 约谈记录}]}
- {do: decide_objection, objection: o1, decided_on: 2024-04-22, outcome: upheld, reasons: 属实, sets_aside: [f1]}
"""
    recorded(anywhere, SUBJECTS, FACTS, YEAR.partition("- {do: file_objection")[0], objected)
    for language, event, title in (
        ("zh", "决定被撤销", "异议审核决定"),
        ("en", "decision annulled", "objection decided"),
    ):
        lines = anywhere("timeline", "A", "--order", "record", "--lang", language).out.splitlines()
        (under,) = [lines[i + 1] for i, line in enumerate(lines) if event in line and "✗" not in line]
        assert under.strip().startswith(f"{title} · ")
    (entry,) = [e for e in anywhere("timeline", "A", "--json").json["entries"] if e["type"] == "fact-set-aside.v1"]
    assert (entry.get("document"), "document" in entry["content"]) == (None, False)


# --- advisories ---------------------------------------------------------------------------------------------------


def test_advisories_are_shown_to_authorities_with_what_they_lead_to(cli: Ask) -> None:
    recorded(cli, SUBJECTS, ADVISORIES)
    due = cli("advisories", "A", "--as-of", "2024-06-11")
    done = cli("advisories", "A", "--as-of", "2024-06-12", "--lang", "en")
    assert "▶ 自 2024-06-03 起应发内部协查通报" in due.out
    assert "● 2024-05-10  移送其他部门  提示1" in due.out
    assert "仅供主管部门内部使用" in due.out
    assert "due since" not in done.out
    assert "■ 2024-06-12  internal notice" in done.out
    found = cli("advisories", "A", "--as-of", "2024-06-11", "--json").json
    assert (found["due"], found["due_since"], len(found["advisories"])) == (True, "2024-06-03", 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("advisories", "nobody"), 2, "no subject with the id nobody"),
        (("advisories", "P"), 1, "art. 9"),
        (("advisories", "A", "--as-of", "June"), 2, "June is no date"),
        (("advisories", "A", "--known-at", "June"), 2, "neither a date nor a moment"),
    ],
)
def test_whose_advisories_there_are_not(cli: Ask, arguments: tuple[str, ...], status: int, says: str) -> None:
    recorded(cli, SUBJECTS)
    said = cli(*arguments)
    assert (said.status, said.out) == (status, "")
    assert says in said.err.splitlines()[1]


def test_a_list_of_the_year_is_written_whole_or_not_at_all(cli: Ask, tmp_path: Path) -> None:
    recorded(cli, SUBJECTS, FACTS, YEAR)
    place = ("--region", "150100", "--as-of", "2024-06-05", "--number", "呼环信公〔2024〕1号")
    written = tmp_path / "公布.xlsx"
    said = cli("list", "publication", REGIME, "2023", *place, "--format", "xlsx", "-o", str(written))
    assert said.status == 0, said.err
    assert str(written) in said.err
    rows = [*openpyxl.load_workbook(written).worksheets[0].iter_rows(values_only=True)]
    assert [row[1] for row in rows[1:]] == ["甲检测"]
    paper = tmp_path / "on-show.pdf"
    assert cli("--lang", "en", "list", "publicity", REGIME, "2023", *place, "-o", str(paper)).status == 0
    assert paper.read_bytes().startswith(b"%PDF-")
    for wrong in (
        ("list", "rating", REGIME, "2023", *place),
        ("list", "push", REGIME, "2023"),
        ("list", "push", REGIME, "2023", *place, "--format", "docx"),
        ("list", "push", "wenzhou.intermediary", "2023", *place),
    ):
        nothing = tmp_path / "nothing.pdf"
        assert cli(*wrong, "-o", str(nothing)).status in (1, 2), wrong
        assert not nothing.exists()
    unwritable = cli("list", "push", REGIME, "2023", *place, "-o", str(tmp_path / "no" / "folder.pdf"))
    assert (unwritable.status, "folder.pdf" in unwritable.err) == (2, True)
