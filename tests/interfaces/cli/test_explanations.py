"""Answers compared, supposed and looked back at from the command line: Chinese first, English second, JSON."""

import pytest

from tests.interfaces.cli.test_procedure import SUBJECTS, recorded
from tests.interfaces.command_line import Ask

FACTS = """
- {do: record_fact, subject: A, id: f1, row: B08, decided_on: 2024-03-12, authority: 150100-EEB, document: 文书1}
- {do: record_fact, subject: A, id: f2, row: B08, decided_on: 2024-07-12, authority: 150100-EEB, document: 文书2}
- {do: record_fact, subject: A, id: f3, row: S12, decided_on: 2024-08-12, authority: 150100-EEB, document: 文书3}
- {do: evaluation_stage, subject: A, year: 2024, stage: roster, dated_on: 2025-03-14, id: s1}
- {do: evaluation_stage, subject: A, year: 2024, stage: proposal, dated_on: 2025-04-15, received_on: 2025-04-15, id: s2}
"""


@pytest.fixture
def told(cli: Ask) -> Ask:
    recorded(cli, SUBJECTS, FACTS)
    return cli


@pytest.fixture
def told_anywhere(anywhere: Ask) -> Ask:
    recorded(anywhere, SUBJECTS, FACTS)
    return anywhere


def test_a_difference_lists_every_cause_with_its_events(told: Ask) -> None:
    said = told("diff", "A", "--as-of-1", "2024-06-30", "--as-of-2", "2024-07-31")
    assert (said.status, said.err) == (0, "")
    assert "其间开始计入，条目 B08" in said.out
    assert "-10 分" in said.out
    english = told("diff", "A", "--as-of-1", "2024-06-30", "--as-of-2", "2024-08-31", "--lang", "en").out
    assert "took effect meanwhile, row B08 (" in english
    assert "from 2024-07-12, -10 points" in english


def test_a_difference_as_json_names_the_tokens_by_which_it_is_asked_again(told: Ask) -> None:
    found = told("diff", "A", "--as-of-1", "2024-06-30", "--as-of-2", "2024-08-31", "--json").json
    tokens = (found["first"]["basis"]["token"], found["second"]["basis"]["token"])
    again = told("diff", "A", "--basis-1", tokens[0], "--basis-2", tokens[1], "--json").json
    assert again == found
    assert [c["code"] for c in found["causes"]] == ["effective", "effective"]


def test_two_answers_that_are_the_same_say_so(told: Ask) -> None:
    assert "两个答复相同。" in told("diff", "A").out


def test_a_region_is_compared_with_its_totals(told: Ask) -> None:
    said = told(
        "diff",
        "--region",
        "150100",
        "--regime",
        "nmg.third_party",
        "--as-of-1",
        "2024-06-30",
        "--as-of-2",
        "2024-08-31",
    )
    assert "呼和浩特市：比较 2 个，1 个不同，0 个只在一方。" in said.out
    assert "无不良等级（N） → 不良单位（D 级）  1" in said.out


def test_a_subject_or_a_region_is_named_and_a_token_stands_alone(told: Ask) -> None:
    assert told("diff").status == 2
    assert told("diff", "A", "--region", "150100").status == 2
    assert told("diff", "A", "--basis-1", "x", "--as-of-1", "2024-06-30").status == 2
    assert told("diff", "--region", "150100", "--regime", "nmg.third_party", "--basis-1", "x").status == 2
    assert told("diff", "A", "--basis-1", "damaged").status == 2


def test_what_would_lead_to_a_grade_is_told_with_what_the_law_does_not_admit(told: Ask) -> None:
    said = told("counterfactuals", "A", "--target", "C", "--as-of", "2025-04-20")
    assert said.status == 0
    assert "有 1 种最小的合法变动可以达到。" in said.out
    assert "异议成立或原决定被撤销" in said.out
    assert "公示之日" in said.out
    english = told("counterfactuals", "A", "--target", "C", "--as-of", "2025-04-20", "--lang", "en").out
    assert "an objection upheld or annulment of the decision" in english


def test_each_way_is_told_with_who_begins_it_before_whom_and_until_when(told: Ask) -> None:
    said = told("counterfactuals", "A", "--target", "C", "--as-of", "2025-04-20").out
    assert "由参评主体向呼和浩特市生态环境局提出；最后一日 2025-04-22（第二十二条第（二）项）；材料：书面申请" in said
    english = told("counterfactuals", "A", "--target", "C", "--as-of", "2025-04-20", "--lang", "en").out
    assert "begun by the participant, before bureau of ecology and environment, Hohhot; last day 2025-04-22" in english


def test_a_grade_that_does_not_exist_is_bad_input(told: Ask) -> None:
    said = told("counterfactuals", "A", "--target", "A")
    assert said.status == 2
    assert "可用：N（无不良等级（N））、C（警示单位（C 级））、D（不良单位（D 级）" in said.err
    assert "there are: N (evaluated, no adverse grade (N)), C (cautioned unit (C)), D (adverse unit (D))" in said.err


def test_a_grade_already_reached_says_so(told: Ask) -> None:
    assert "当日已达到该等级。" in told("counterfactuals", "B", "--target", "N").out
    assert told("counterfactuals", "A", "--target", "D", "--json").json["reach"] == "already_there"


def test_what_was_known_of_a_decision_and_what_it_would_be_today(told: Ask) -> None:
    late = """
- {do: record_fact, subject: A, id: f4, row: B08, decided_on: 2024-12-01, authority: 150100-EEB, document: 文书4}
- {do: set_aside_fact, fact: f3, decided_on: 2025-06-01, authority: 150100-EEB, document: 决定, effect: ab_initio}
"""
    recorded(told, late)
    said = told("knowledge", "s2")
    assert said.status == 0
    assert "不同，原因如下。" in said.out
    assert "当时已成立而后来才记录：" in said.out
    english = told("knowledge", "s2", "--lang", "en").out
    assert "Not the same, because:" in english
    assert [e["about"] for e in told("knowledge", "s2", "--json").json["true_but_later"]] == ["f4"]


def test_a_record_without_a_result_is_refused_and_an_unknown_one_is_bad_input(told: Ask) -> None:
    assert told("knowledge", "s1").status == 1
    assert told("knowledge", "nothing").status == 2


# --- what cannot be asked -----------------------------------------------------------------------------------------


def test_a_grade_that_cannot_be_reached_says_why_with_exit_status_1(told_anywhere: Ask) -> None:
    recorded(
        told_anywhere,
        """
- {do: suspend_scope, subject: A, dated_on: 2025-04-16, reason: 立案}
""",
    )
    said = told_anywhere("counterfactuals", "A", "--target", "C", "--as-of", "2025-04-20")
    assert said.status == 1
    assert "法律准许的变动都不能达到该等级：不在评价范围内" in said.out
    english = told_anywhere("counterfactuals", "A", "--target", "C", "--as-of", "2025-04-20", "--lang", "en")
    assert (english.status, "no change to facts gives one (art. 16)" in english.out) == (1, True)


def test_a_moment_before_the_file_is_bad_input_that_says_what_to_ask(told_anywhere: Ask) -> None:
    for words in (
        ("diff", "A", "--known-at-1", "2001-01-01"),
        ("counterfactuals", "A", "--target", "C", "--known-at", "2001-01-01"),
        ("grade", "A", "--known-at", "2001-01-01"),
        ("subject", "A", "--known-at", "2001-01-01"),
    ):
        said = told_anywhere(*words)
        assert said.status == 2, words
        assert "尚未在案" in said.err
        assert "its file begins at" in said.err


def test_a_regime_that_is_not_on_record_here_is_bad_input_that_says_what_to_do(told: Ask) -> None:
    for words in (("diff", "A"), ("counterfactuals", "A", "--target", "C"), ("diff", "--region", "150100")):
        said = told(*words, "--regime", "other.regime")
        assert said.status == 2, words
        assert "先采纳其规则版本（ecodocket rulebook adopt）" in said.err
        assert "adopt the edition first (ecodocket rulebook adopt)" in said.err


def test_days_that_are_none_or_out_of_reach_are_bad_input(told: Ask) -> None:
    for words in (
        ("diff", "A", "--as-of-1", "2024-02-30"),
        ("diff", "A", "--as-of-2", "1700-01-01"),
        ("counterfactuals", "A", "--target", "C", "--as-of", "2500-01-01"),
        ("diff", "A", "--known-at-2", "yesterday"),
        ("diff", "--region", "150100", "--regime", "nmg.third_party", "--track", "public"),
        ("diff", "--region", "150100", "--regime", "nmg.third_party", "--limit", "0"),
        ("diff", "--region", "150100", "--regime", "nmg.third_party", "--cursor", "damaged"),
    ):
        assert told(*words).status == 2, words


def test_a_token_of_another_subject_is_bad_input(told: Ask) -> None:
    token = told("grade", "B", "--json").json["basis"]["token"]
    said = told("diff", "A", "--basis-1", token)
    assert said.status == 2
    assert "该依据属于另一答复（主体 B" in said.err
    assert "this basis is of another answer (subject B" in said.err


def test_the_next_change_is_on_every_answer(told_anywhere: Ask) -> None:
    recorded(
        told_anywhere,
        "- {do: evaluation_stage, subject: A, year: 2024, stage: publicity, dated_on: 2025-04-25, id: s3}\n",
    )
    for words in (
        ("grade", "A", "--as-of", "2025-04-20"),
        ("subject", "A", "--as-of", "2025-04-20"),
        ("counterfactuals", "A", "--target", "C", "--as-of", "2025-04-20"),
    ):
        assert "自 2025-04-25 起" in told_anywhere(*words).out, words
