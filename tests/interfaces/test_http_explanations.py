"""Answers compared, supposed and looked back at over HTTP: what is asked badly is told by its parameter."""

from typing import Any

import pytest

from tests.interfaces.http_client import Api
from tests.interfaces.http_story import NOTICE, PUBLICATION, A, P, Told


@pytest.fixture(scope="module")
def api() -> Api:
    return Told().api


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
    assert faults(api.get(path, target="A")) == [("target", "unknown_grade")]
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
