"""Answers compared, supposed and looked back at over HTTP: what is asked badly is told by its parameter."""

import base64
import json
import zlib
from typing import Any

import pytest

from tests.interfaces.http_client import Api
from tests.interfaces.http_story import NOTICE, PUBLICATION, A, P, told_once


@pytest.fixture(scope="module")
def api() -> Api:
    return told_once().api


def faults(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return [(e["parameter"], e["code"]) for e in answer.json()["errors"]]


DIFF = f"/subjects/{A}/grade/diff"


def test_a_difference_is_asked_by_days_or_by_tokens(api: Api) -> None:
    days = api.get(DIFF, as_of_1="2025-06-20", as_of_2="2025-06-21").json()
    assert (days["same"], days["causes"]) == (True, [])
    tokens = {f"basis_{n}": days[side]["basis"]["token"] for n, side in ((1, "first"), (2, "second"))}
    assert api.get(DIFF, **tokens).json() == days


def test_the_sentences_follow_the_language(api: Api) -> None:
    asked = {"as_of_1": "2025-06-30", "as_of_2": "2025-07-02"}
    zh, en = (api.get(DIFF, language, **asked).json() for language in ("zh-CN", "en"))
    assert [c["code"] for c in zh["causes"]] == ["rule_change"]
    assert zh["causes"][0]["because"].startswith("规则版本变动")
    assert en["causes"][0]["because"].startswith("the edition changed")


def test_bad_bases_are_told_by_their_parameters(api: Api) -> None:
    token = api.get(f"/subjects/{P}/grade").json()["basis"]["token"]
    assert faults(api.get(DIFF, basis_1="damaged")) == [("basis_1", "bad_token")]
    assert faults(api.get(DIFF, basis_2=token)) == [("basis_2", "other_subject")]
    assert faults(api.get(DIFF, basis_2=token, as_of_2="2025-01-01")) == [("as_of_2", "beside_basis")]
    assert faults(api.get(DIFF, reading_2="I-99:x")) == [("reading_2", "unknown_reading")]
    assert faults(api.get(DIFF, as_of="2025-01-01")) == [("as_of", "unknown_parameter")]


def test_a_target_is_named_and_exists(api: Api) -> None:
    path = f"/subjects/{A}/grade/counterfactuals"
    assert faults(api.get(path)) == [("target", "missing")]
    assert faults(api.get(path, target="A", as_of="2025-07-02")) == [("target", "unknown_grade")]
    found = api.get(path, "en", target="D", as_of="2025-07-02").json()
    assert (found["reach"], found["because"]) == ("already_there", "the grade is already reached on that day.")


def test_a_region_is_compared_page_by_page_at_one_position(api: Api) -> None:
    path = "/regions/150000/grade/diff"
    asked = {"regime": "nmg.third_party", "as_of_1": "2024-01-01", "as_of_2": "2025-06-16", "limit": 1}
    found = api.get(path, **asked).json()
    assert found["differing"] == len(found["lines"]) == 1
    assert faults(api.get(path, **asked, cursor="WyIiXQ")) == [("cursor", "bad_cursor")]
    assert api.get("/regions/15/grade/diff").status_code == 404


def test_what_was_known_of_a_decision_needs_a_result(api: Api) -> None:
    found = api.get(f"/decisions/{PUBLICATION}/knowledge").json()
    assert (found["holds"], found["decision"], found["texts"]["stage:publication"]) == (True, "stage", "公布")
    # An edition was adopted since, and by it nothing was in force in the year of the decision.
    assert [(c["code"], c["because"]) for c in found["causes"]] == [("rule_change", found["causes"][0]["because"])]
    assert (found["same"], found["today"]["force"]) == (False, "not_in_force")
    assert api.get(f"/decisions/{NOTICE}/knowledge").status_code == 409
    assert api.get("/decisions/no-id/knowledge").status_code == 404


# --- what cannot be asked -----------------------------------------------------------------------------------------


def test_a_moment_before_the_file_is_told_with_what_to_ask(api: Api) -> None:
    for path, parameter, query in (
        (DIFF, "known_at_1", {"known_at_1": "2001-01-01"}),
        (DIFF, "known_at_2", {"known_at_2": "2001-01-01"}),
        (f"/subjects/{A}/grade", "known_at", {"known_at": "2001-01-01"}),
        (f"/subjects/{A}/grade/history", "known_at", {"known_at": "2001-01-01"}),
        (f"/subjects/{A}/grade/counterfactuals", "known_at", {"known_at": "2001-01-01", "target": "C"}),
    ):
        answer = api.get(path, **query)
        assert faults(answer) == [(parameter, "not_yet_known")]
        (error,) = answer.json()["errors"]
        assert "尚未在案" in error["detail_zh"]
        assert "its file begins at" in error["detail_en"]


def test_an_edition_that_was_not_known_then_is_told_with_the_day_it_is_known_from(api: Api) -> None:
    path = "/regions/330400/grade/diff"
    answer = api.get(path, regime="jiaxing.monitoring", known_at_1="2020-01-01")
    assert faults(answer) == [("known_at_1", "not_yet_known")]
    (error,) = answer.json()["errors"]
    assert "《嘉兴市社会环境监测机构环境信用评价实施办法" in error["detail_zh"]
    assert "jiaxing.monitoring@2023" in error["detail_zh"]
    assert "is known here from" in error["detail_en"]


def test_a_regime_that_is_not_on_record_here_says_to_adopt_it(api: Api) -> None:
    for path in (DIFF, "/regions/150000/grade/diff"):
        answer = api.get(path, regime="other.regime")
        assert answer.status_code == 404
        assert "rulebook adopt" in answer.json()["detail_zh"]
        assert "rulebook adopt" in answer.json()["detail_en"]


def test_a_token_of_another_journal_or_of_an_edition_that_is_not_here_says_what_to_do(api: Api) -> None:
    token = api.get(f"/subjects/{A}/grade").json()["basis"]["token"]
    ahead, other, altered = (
        changed(token, 4, 10**9),
        changed(token, 5, {"I-99": "x"}),
        changed(token, 7, "0" * 64),
    )
    assert faults(api.get(DIFF, basis_1=ahead)) == [("basis_1", "other_journal")]
    assert faults(api.get(DIFF, basis_2=other)) == [("basis_2", "edition_unknown")]
    assert faults(api.get(DIFF, basis_2=altered)) == [("basis_2", "other_journal")]
    assert faults(api.get(f"/subjects/{A}/grade", basis=ahead)) == [("basis", "other_journal")]
    assert faults(api.get(f"/subjects/{A}/grade", basis=other)) == [("basis", "edition_unknown")]
    (error,) = api.get(DIFF, basis_1=ahead).json()["errors"]
    assert "ecodocket journal import" in error["detail_zh"]
    assert "ecodocket journal import" in error["detail_en"]


def changed(token: str, field: int, value: Any) -> str:
    """The token with another position (4), readings (5) or digest (7)."""
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[4:]
    parts = json.loads(raw)
    parts[field] = value
    body = json.dumps(parts).encode()
    return base64.urlsafe_b64encode(zlib.crc32(body).to_bytes(4, "big") + body).rstrip(b"=").decode()


def test_days_out_of_reach_are_told_by_their_parameters(api: Api) -> None:
    assert faults(api.get(DIFF, as_of_1="1700-01-01", known_at_2="2500-01-01")) == [
        ("as_of_1", "bad_value"),
        ("known_at_2", "bad_value"),
    ]
    path = f"/subjects/{A}/grade/history"
    assert faults(api.get(path, **{"from": "2025-01-01", "until": "2024-01-01"})) == [("until", "dates_out_of_order")]


def test_a_decision_that_is_none_says_what_can_be_asked_about(api: Api) -> None:
    told = api.get(f"/decisions/{NOTICE}/knowledge").json()
    assert told["code"] == "no_decision"
    assert "修复确认" in told["detail_zh"]
    assert "an adjustment" in told["detail_en"]


def test_the_next_change_is_on_every_answer_about_a_grade(api: Api) -> None:
    eve = {"as_of": "2025-06-30"}
    grade = api.get(f"/subjects/{A}/grade", **eve).json()["next_change"]
    assert (grade["on"], grade["because"][:12]) == ("2025-07-01", "自 2025-07-01")
    profile = api.get(f"/subjects/{A}", **eve).json()
    (own,) = (line for line in profile["regimes"] if line["regime"] == "nmg.third_party")
    assert own["next_change"] == grade
    assert api.get(f"/subjects/{A}/grade/history").json()["next_change"] == grade
    later = {"as_of": "2025-07-02"}
    supposed = api.get(f"/subjects/{A}/grade/counterfactuals", target="D", **later).json()
    assert supposed["next_change"] == api.get(f"/subjects/{A}/grade", **later).json()["next_change"]


def test_on_a_day_without_law_there_is_no_grade_to_be_asked_for(api: Api) -> None:
    path = f"/subjects/{A}/grade/counterfactuals"
    assert faults(api.get(path, target="D", as_of="2025-04-01")) == [("target", "no_grades")]


def test_a_cursor_goes_on_with_the_same_question_alone(api: Api) -> None:
    path = "/regions/150000/grade/diff"
    asked = {"regime": "nmg.third_party", "as_of_1": "2024-01-01", "as_of_2": "2025-06-16", "track": "running"}
    found = api.get(path, **asked).json()
    assert (found["whole"], found["track"], found["next"]) == (True, "running", None)
    assert faults(api.get(path, **asked, cursor="damaged")) == [("cursor", "bad_cursor")]
    assert faults(api.get(path, regime="nmg.third_party", track="public")) == [("track", "bad_value")]
