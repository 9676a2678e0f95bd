"""The procedure of the evaluation year as a client meets it: what is recorded, what is refused, what may be seen.

Articles are those of Inner Mongolia.
"""

import datetime as dt
from typing import Any

import httpx
import pytest

from domain.time import at_hour
from tests.interfaces.http_client import Api
from tests.support.world import BUREAU, ID_NUMBER, REGIME, USCC, World


def _id(tail: str) -> str:
    return f"00000000-0000-4000-8000-{tail:0>12}"


A, P, NOBODY = _id("a"), _id("b"), _id("ff")
F1, F2, LATE = _id("f1"), _id("f2"), _id("f9")
ROSTER, NOTICE, PROPOSAL, PUBLICITY, PUBLICATION = (_id(f"c{n}") for n in range(1, 6))
OBJECTION, COMMENT, REPAIR = _id("b1"), _id("b2"), _id("d1")
YEAR = f"/subjects/{A}/evaluations/2024"
FACT = {"regime": REGIME, "authority": BUREAU}
OTHER_USCC = "91150102MA0N0ABC13"
REASONS = "经核实"


@pytest.fixture
def api() -> Api:
    """On 10 March 2025: an agency with two facts of 2024 (B10 −5, B07 −10: 85 points), and a practitioner."""
    api = Api(World())
    on(api, "2025-03-10")
    agency = {"kind": "agency", "id": A, "uscc": USCC, "name": "甲检测", "region": "150100", "services": ["monitoring"]}
    recorded(api.post("/subjects", agency))
    person = {"kind": "practitioner", "id": P, "name": "张某", "id_number": ID_NUMBER, "region": "150100"}
    recorded(api.post("/subjects", person))
    fact(api, F1, "B10", "2024-05-06")
    fact(api, F2, "B07", "2024-06-03")
    return api


def on(api: Api, day: str) -> None:
    """It is nine o'clock of that day."""
    api.world.clock.set(at_hour(dt.date.fromisoformat(day), 9))


def fact(api: Api, id: str, row: str, day: str) -> None:
    body = {**FACT, "id": id, "row": row, "decided_on": day, "document": f"文书 {id[-2:]}"}
    recorded(api.post(f"/subjects/{A}/facts", body))


def step(api: Api, stage: str, day: str, id: str | None = None, **more: Any) -> httpx.Response:
    """A step of 2024, taken and recorded on that day."""
    on(api, day)
    return api.post(f"{YEAR}/{stage}", {"regime": REGIME, "dated_on": day, "id": id, **more})


def recorded(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def proposed(api: Api) -> None:
    """The year up to the proposal, received on 16 April: the time to object ends on 23 April."""
    recorded(step(api, "roster", "2025-03-10", ROSTER))
    recorded(step(api, "notice", "2025-03-14", NOTICE, received_on="2025-03-14"))
    recorded(step(api, "report", "2025-04-10"))
    recorded(step(api, "commitment", "2025-04-10"))
    on(api, "2025-04-16")
    body = {"regime": REGIME, "dated_on": "2025-04-15", "received_on": "2025-04-16", "id": PROPOSAL}
    recorded(api.post(f"{YEAR}/proposal", body))


def objected(api: Api, day: str = "2025-04-18", by: str = "participant") -> httpx.Response:
    on(api, day)
    body = {"id": OBJECTION, "regime": REGIME, "against": PROPOSAL, "filed_on": day, "by": by, "grounds": "事实有误"}
    return api.post(f"/subjects/{A}/objections", {**body, "evidence": [{"title": "原始记录"}]})


def decided(api: Api, day: str = "2025-04-22", headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    on(api, day)
    body = {"decided_on": day, "outcome": "upheld", "reasons": REASONS, "sets_aside": [F1], **more}
    return api.post(f"/objections/{OBJECTION}/decision", body, headers=headers)


def published(api: Api) -> None:
    """The year up to its publication on 5 June, without objections."""
    proposed(api)
    for stage, day, id in (
        ("publicity", "2025-04-24", PUBLICITY),
        ("determination", "2025-05-13", None),
        ("submission", "2025-05-14", None),
        ("publication", "2025-06-05", PUBLICATION),
    ):
        recorded(step(api, stage, day, id))


class Unchanged:
    """Whatever is answered inside, the journal holds what it held."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def __enter__(self) -> None:
        self.position = self.api.world.journal.head().position

    def __exit__(self, *_: object) -> None:
        assert self.api.world.journal.head().position == self.position


def refused(answer: httpx.Response, code: str, cite: str | None, kind: str = "refused") -> None:
    problem = answer.json()
    assert (answer.status_code, problem["type"], problem["code"]) == (409, f"/problems/{kind}", code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert cite is None or cite in problem["cites"]
    assert len(problem["cites_text"]) == len(problem["cites"])


# --- steps ----------------------------------------------------------------------------------------------------


def test_a_proposal_is_told_with_its_result(api: Api) -> None:
    proposed(api)
    grade = api.get(f"/subjects/{A}/grade").json()
    (year,) = grade["annual"]
    assert (year["year"], year["stage"], year["score"], year["grade"]) == (2024, "proposal", "85", "N")
    assert year["given_by"] == PROPOSAL
    assert grade["public"] is None


def test_the_same_step_again_is_already_so(api: Api) -> None:
    proposed(api)
    with Unchanged(api):
        again = step(api, "roster", "2025-03-10", ROSTER)
    assert (again.status_code, again.json()["status"]) == (200, "already_so")


def test_a_second_proposal_is_a_conflict(api: Api) -> None:
    proposed(api)
    with Unchanged(api):
        refused(step(api, "proposal", "2025-04-17"), "step_taken", "art. 22(2)", "conflict")


def test_a_step_out_of_order_is_refused_with_its_article(api: Api) -> None:
    published(api)
    with Unchanged(api):
        refused(step(api, "confirmation", "2025-06-06"), "step_out_of_order", "art. 22(2)")


def test_a_step_without_what_it_needs_is_refused(api: Api) -> None:
    proposed(api)
    with Unchanged(api):
        refused(step(api, "return", "2025-05-20"), "step_missing", "art. 22(5)")


def test_nothing_is_fixed_before_the_days_of_publicity_are_over(api: Api) -> None:
    proposed(api)
    recorded(step(api, "publicity", "2025-04-24", PUBLICITY))
    with Unchanged(api):
        refused(step(api, "determination", "2025-04-30"), "publicity_running", "art. 22(3)")
    recorded(step(api, "determination", "2025-05-06"))


def test_a_date_before_the_step_it_follows_is_a_bad_field(api: Api) -> None:
    proposed(api)
    with Unchanged(api):
        answer = step(api, "publicity", "2025-04-14")
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/dated_on", "dates_out_of_order")]


def test_what_has_not_come_yet_is_a_bad_field(api: Api) -> None:
    on(api, "2025-03-10")
    with Unchanged(api):
        answer = api.post(f"{YEAR}/notice", {"regime": REGIME, "dated_on": "2025-03-14"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "in_the_future")


def test_a_practitioner_is_never_published(api: Api) -> None:
    on(api, "2025-06-05")
    with Unchanged(api):
        answer = api.post(f"/subjects/{P}/evaluations/2024/publication", {"regime": REGIME, "dated_on": "2025-06-05"})
    refused(answer, "not_for_practitioners", "art. 23(4)")
    assert answer.json()["cites_text"] == ["第二十三条第（四）项"]


def test_a_late_step_is_recorded_and_told(api: Api) -> None:
    recorded(step(api, "roster", "2025-03-10", ROSTER))
    answer = recorded(step(api, "notice", "2025-03-17", NOTICE))
    assert [(n["code"], n["cites"]) for n in answer["notices"]] == [("late_step", ["art. 22(1)"])]
    (year,) = api.get(f"/subjects/{A}/evaluations").json()["years"]
    assert [(s["stage"], s["due_on"], s["late"]) for s in year["steps"]] == [
        ("roster", None, False),
        ("notice", "2025-03-15", True),
    ]


# --- rosters ----------------------------------------------------------------------------------------------------


ROSTER_PATH = f"/evaluations/{REGIME}/2024"


def test_a_whole_roster_takes_a_step_and_each_is_answered_for_itself(api: Api) -> None:
    answer = recorded(api.post(f"{ROSTER_PATH}/roster", {"region": "150100", "dated_on": "2025-03-10"}))
    assert answer["counts"] == {"recorded": 1}
    assert [s["subject"] for s in answer["subjects"]] == [A]
    with Unchanged(api):
        again = api.post(f"{ROSTER_PATH}/roster", {"region": "150100", "dated_on": "2025-03-10"})
    assert (again.status_code, again.json()["counts"]) == (200, {"already_so": 1})


def test_a_roster_with_unknown_subjects_names_each_of_them(api: Api) -> None:
    body = {"region": "150100", "dated_on": "2025-03-10", "subjects": [A, NOBODY, P]}
    with Unchanged(api):
        answer = api.post(f"{ROSTER_PATH}/roster", body)
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/subjects/1", "unknown_subject"),
        ("/subjects/2", "other_kind"),
    ]


def test_every_bad_field_of_a_roster_is_named(api: Api) -> None:
    body = {"region": "city", "dated_on": "soon", "subjects": ["A"], "year": 2023, "party": True}
    with Unchanged(api):
        answer = api.post(f"/evaluations/{REGIME}/2024/party", body)
    assert answer.status_code == 422
    named = [e["pointer"] for e in answer.json()["errors"]]
    assert named == ["/dated_on", "/party", "/region", "/stage", "/subjects/0", "/year"]


def test_an_empty_roster_is_refused(api: Api) -> None:
    with Unchanged(api):
        answer = api.post(f"{ROSTER_PATH}/notice", {"region": "150100", "dated_on": "2025-03-10"})
    refused(answer, "no_roster", "art. 22(1)")


def test_a_trial_of_a_roster_stores_nothing(api: Api) -> None:
    with Unchanged(api):
        answer = api.post(f"{ROSTER_PATH}/roster", {"region": "150100", "dated_on": "2025-03-10"}, dry_run="true")
    assert (answer.status_code, answer.json()["counts"]) == (200, {"dry_run": 1})


def test_a_roster_has_no_version_to_rely_on(api: Api) -> None:
    body = {"region": "150100", "dated_on": "2025-03-10"}
    answer = api.post(f"{ROSTER_PATH}/roster", body, headers={"if-match": '"1"'})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "If-Match")


def test_a_roster_is_carried_out_once_for_a_key(api: Api) -> None:
    body, key = {"region": "150100", "dated_on": "2025-03-10"}, {"idempotency-key": "roster-2024"}
    first = recorded(api.post(f"{ROSTER_PATH}/roster", body, headers=key))
    assert recorded(api.post(f"{ROSTER_PATH}/roster", body, headers=key)) == first
    other = api.post(f"{ROSTER_PATH}/roster", {**body, "region": "150000"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/reused_key")


# --- objections -----------------------------------------------------------------------------------------------


def test_an_objection_in_time_is_decided_and_sets_a_fact_aside(api: Api) -> None:
    proposed(api)
    answer = recorded(objected(api, "2025-04-23"))
    assert (answer["id"], answer.get("notices")) == (OBJECTION, None)
    body = {"until_on": "2025-04-30", "reason": "须调取档案"}
    assert recorded(api.post(f"/objections/{OBJECTION}/extension", body))["events"] == ["review-extended.v1"]
    answer = recorded(decided(api, "2025-04-24"))
    assert answer["events"] == ["objection-decided.v1", "fact-set-aside.v1"]
    assert api.get(f"/subjects/{A}/grade").json()["running"]["score"] == "90"
    (line,) = api.get(f"/subjects/{A}/evaluations").json()["objections"]
    assert (line["year"], line["admissibility"]["due_on"], line["extended_until_on"]) == (
        2024,
        "2025-04-23",
        "2025-04-30",
    )
    assert (line["decided"]["outcome"], line["decided"]["sets_aside"]) == ("upheld", [F1])
    entries = api.get(f"/subjects/{A}/timeline").json()["entries"]
    (undone,) = [e for e in entries if e["type"] == "fact-set-aside.v1"]
    assert (undone.get("document"), "document" in undone["content"], undone["content"]["decision"]) == (
        None, False, OBJECTION,
    )  # fmt: skip


def test_a_late_objection_is_recorded_as_inadmissible_and_cannot_be_upheld(api: Api) -> None:
    proposed(api)
    (notice,) = recorded(objected(api, "2025-04-24"))["notices"]
    assert (notice["code"], notice["cites"]) == ("inadmissible", ["art. 22(2)"])
    assert "2025-04-23" in notice["zh"]
    assert "2025-04-23" in notice["en"]
    with Unchanged(api):
        refused(decided(api, "2025-04-25"), "inadmissible", "art. 22(2)")
    (line,) = api.get(f"/subjects/{A}/evaluations").json()["objections"]
    assert (line["admissibility"]["admissible"], line["admissibility"]["code"]) == (False, "out_of_time")


def test_somebody_without_standing_cannot_object(api: Api) -> None:
    proposed(api)
    with Unchanged(api):
        refused(objected(api, by="乙公司"), "no_standing", "art. 22(2)")


def test_a_decision_without_reasons_is_refused(api: Api) -> None:
    proposed(api)
    recorded(objected(api))
    with Unchanged(api):
        refused(decided(api, reasons="  "), "no_reasons", "art. 22(2)")


def test_a_decision_names_every_bad_field(api: Api) -> None:
    proposed(api)
    recorded(objected(api))
    with Unchanged(api):
        answer = decided(api, decided_on="2025-04-17", sets_aside=["f1"], outcome="maybe")
        early = decided(api, decided_on="2025-04-17")
        unknown = decided(api, sets_aside=[NOBODY])
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/outcome", "/sets_aside/0"]
    assert [(e["pointer"], e["code"]) for e in early.json()["errors"]] == [("/decided_on", "dates_out_of_order")]
    assert [(e["pointer"], e["code"]) for e in unknown.json()["errors"]] == [("/sets_aside/0", "unknown_fact")]
    assert api.post(f"/objections/{NOBODY}/decision", {}).status_code in (404, 422)


def test_of_two_officers_who_decide_one_objection_the_second_sees_what_happened(api: Api) -> None:
    proposed(api)
    version = recorded(objected(api))["version"]
    relied = {"if-match": f'"{version}"'}
    recorded(decided(api, headers={**relied, "x-actor": "zhao"}))
    with Unchanged(api):
        second = decided(api, outcome="rejected", sets_aside=[], headers={**relied, "x-actor": "qian"})
        blind = decided(api, outcome="rejected", sets_aside=[], headers={"x-actor": "qian"})
        same = decided(api)
    assert (second.status_code, second.json()["type"]) == (412, "/problems/stale")
    assert [(e["type"], e["by"]) for e in second.json()["intervened"]] == [
        ("objection-decided.v1", "zhao"),
        ("fact-set-aside.v1", "zhao"),
    ]
    refused(blind, "objection_decided", "art. 22(2)", "conflict")
    assert "2025-04-22" in blind.json()["detail_zh"]
    assert "upheld" in blind.json()["detail_en"]
    assert (same.status_code, same.json()["status"]) == (200, "already_so")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_objection_without_grounds_names_the_field(api: Api, language: str) -> None:
    proposed(api)
    body = {"regime": REGIME, "against": PROPOSAL, "filed_on": "2025-04-18", "by": "participant", "grounds": " "}
    on(api, "2025-04-18")
    with Unchanged(api):
        answer = api.post(f"/subjects/{A}/objections", body, headers={"accept-language": language})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"], error["detail"]) == ("/grounds", "required", error[f"detail_{language}"])


def test_a_comment_that_says_nothing_names_the_field(api: Api) -> None:
    proposed(api)
    recorded(step(api, "publicity", "2025-04-24", PUBLICITY))
    on(api, "2025-04-25")
    with Unchanged(api):
        answer = api.post(f"/subjects/{A}/comments", {"regime": REGIME, "filed_on": "2025-04-25", "content": "\u3000"})
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/content", "required")]


def test_publicity_waits_for_the_answer_to_an_objection(api: Api) -> None:
    proposed(api)
    recorded(objected(api))
    with Unchanged(api):
        refused(step(api, "publicity", "2025-04-24"), "objection_open", "art. 22(2)")


def test_the_timeline_tells_what_an_objection_came_to(api: Api) -> None:
    proposed(api)
    recorded(objected(api))
    recorded(decided(api))
    entries = api.get(f"/subjects/{A}/timeline", order="record").json()["entries"]
    titles = {e["title"]: e for e in entries}
    assert titles["评价环节：2024 拟定等级"]["id"] == PROPOSAL
    assert titles["异议审核决定：成立"]["about"] == OBJECTION
    assert next(e for t, e in titles.items() if t.startswith("信用信息记录：条目 B10"))["struck"] == "set_aside"


# --- comments -------------------------------------------------------------------------------------------------


def test_a_comment_of_the_public_is_looked_into_before_the_result_is_fixed(api: Api) -> None:
    proposed(api)
    recorded(step(api, "publicity", "2025-04-24", PUBLICITY))
    on(api, "2025-04-28")
    body = {"id": COMMENT, "regime": REGIME, "filed_on": "2025-04-28", "by": "赵某", "content": "报告与现场不符"}
    recorded(api.post(f"/subjects/{A}/comments", body))
    refused(step(api, "determination", "2025-05-06"), "comment_open", "art. 22(4)")
    decision = {"decided_on": "2025-05-06", "outcome": "rejected", "reasons": ""}
    refused(api.post(f"/comments/{COMMENT}/decision", decision), "no_reasons", "art. 22(4)")
    recorded(api.post(f"/comments/{COMMENT}/decision", {**decision, "reasons": REASONS}))
    recorded(step(api, "determination", "2025-05-06"))
    page = api.get(f"/subjects/{A}/evaluations")
    assert [c["decided"]["outcome"] for c in page.json()["comments"]] == ["rejected"]
    assert "赵某" not in page.text


def test_nobody_comments_on_what_was_never_on_show(api: Api) -> None:
    proposed(api)
    body = {"regime": REGIME, "filed_on": "2025-04-16", "content": "报告与现场不符"}
    with Unchanged(api):
        refused(api.post(f"/subjects/{A}/comments", body), "not_on_show", "art. 22(3)")
        refused(api.post(f"/subjects/{P}/comments", body), "not_on_show", "art. 23(4)")


# --- repairs --------------------------------------------------------------------------------------------------


def committed(api: Api, *facts: str) -> httpx.Response:
    on(api, "2025-04-28")
    body = {"id": REPAIR, "regime": REGIME, "facts": list(facts), "dated_on": "2025-04-28",
            "completed_on": "2025-04-25"}  # fmt: skip
    return api.post(f"/subjects/{A}/repairs/commitments", body)


def confirmed(api: Api, day: str, by: str) -> httpx.Response:
    on(api, day)
    body = {"confirmed_on": day, "by": by, "certificate": f"确认书 {day}"}
    return api.post(f"/repairs/{REPAIR}/confirmation", body)


def test_a_repair_before_publication_revises_the_result_and_can_be_revoked_until_then(api: Api) -> None:
    proposed(api)
    recorded(step(api, "publicity", "2025-04-24", PUBLICITY))
    recorded(committed(api, F2))
    refused(confirmed(api, "2025-05-05", "city_bureau"), "origin_not_confirmed", "art. 28(2)")
    recorded(confirmed(api, "2025-05-06", "originating_authority"))
    recorded(confirmed(api, "2025-05-07", "city_bureau"))
    page = api.get(f"/subjects/{A}/evaluations").json()
    assert (page["years"][0]["annual"]["score"], page["years"][0]["annual"]["given_by"]) == ("95", REPAIR)
    (repair,) = page["repairs"]
    assert [d["decision"] for d in repair["decisions"]] == ["origin_confirmed", "confirmed"]
    assert (repair["effect_on"], repair["year"], repair["unmet"]) == ("2025-05-07", 2024, None)
    on(api, "2025-05-12")
    refused(api.post(f"/repairs/{REPAIR}/revocation", {"decided_on": "2025-05-12", "reasons": " "}), "no_reasons",
            "art. 29(2)")  # fmt: skip
    recorded(api.post(f"/repairs/{REPAIR}/revocation", {"decided_on": "2025-05-12", "reasons": "同一行为再次发生"}))
    page = api.get(f"/subjects/{A}/evaluations").json()
    assert (page["years"][0]["annual"]["score"], page["repairs"][0]["effect_on"]) == ("85", None)


def test_a_commitment_to_repair_an_annulled_fact_is_recorded_and_cannot_be_confirmed(api: Api) -> None:
    proposed(api)
    recorded(step(api, "publicity", "2025-04-24", PUBLICITY))
    annulment = {"decided_on": "2025-04-24", "authority": BUREAU, "document": "撤销决定", "effect": "ab_initio"}
    recorded(api.post(f"/facts/{F1}/set-aside", annulment))
    (notice,) = recorded(committed(api, F1))["notices"]
    assert (notice["code"], notice["cites"]) == ("inadmissible", ["art. 4"])
    (line,) = api.get(f"/subjects/{A}/evaluations").json()["repairs"]
    assert (line["admissibility"]["admissible"], line["admissibility"]["code"]) == (False, "fact_undone")
    with Unchanged(api):
        refused(confirmed(api, "2025-04-29", "originating_authority"), "fact_undone", "art. 4")


def test_what_stands_against_a_repair_is_told_with_its_article(api: Api) -> None:
    on(api, "2025-04-16")
    body = {"regime": REGIME, "facts": [F2], "dated_on": "2025-04-16"}
    (notice, *_) = recorded(api.post(f"/subjects/{A}/repairs/applications", {**body, "id": REPAIR}))["notices"]
    assert (notice["code"], notice["cites"]) == ("inadmissible", ["art. 28(3)"])
    (line,) = api.get(f"/subjects/{A}/evaluations").json()["repairs"]
    assert (line["admissibility"]["code"], line["unmet"]["cites"]) == ("not_published", ["art. 29(1)"])


# --- adjustments, measures, certificates ----------------------------------------------------------------------


def test_a_suspended_agency_is_told_why_it_is_outside(api: Api) -> None:
    on(api, "2025-04-16")
    body = {"regime": REGIME, "dated_on": "2025-04-16", "reason": "立案"}
    recorded(api.post(f"/subjects/{A}/scope/suspension", body))
    found = api.get(f"/subjects/{A}/grade", regime=REGIME).json()
    assert (found["running"]["undetermined"], found["outside"]) == ("outside_scope", "suspected_crime")
    assert found["texts"]["undetermined"] == "不在评价范围内：涉嫌犯罪，中止评价"


def adjusted(api: Api, day: str) -> httpx.Response:
    on(api, day)
    body = {"regime": REGIME, "notified_on": "2025-06-10", "decided_on": day, "reasons": "新增失信信息"}
    return api.post(f"{YEAR}/adjustments", body)


def test_the_public_grade_falls_only_after_the_time_to_object(api: Api) -> None:
    published(api)
    fact(api, LATE, "B14", "2025-06-05")
    with Unchanged(api):
        refused(adjusted(api, "2025-06-17"), "objection_period_running", "art. 34")
    recorded(adjusted(api, "2025-06-18"))
    answer = api.get(f"/subjects/{A}/grade").json()
    assert (answer["public"]["grade"], answer["public"]["status"], answer["texts"]["public"]) == (
        "C",
        "adjusted",
        "警示单位（C 级）",
    )
    (line,) = api.get(f"/subjects/{A}/evaluations").json()["adjustments"]
    assert (line["year"], line["result"]["grade"], line["notified_on"]) == (2024, "C", "2025-06-10")


def test_a_measure_is_told_in_the_language_of_the_answer_and_the_token_stays(api: Api) -> None:
    published(api)
    fact(api, LATE, "B14", "2025-06-05")
    recorded(adjusted(api, "2025-06-18"))
    zh = api.get(f"/subjects/{A}/grade").json()
    en = api.get(f"/subjects/{A}/grade", language="en").json()
    assert [m["cites"] for m in zh["measures"]] == [["art. 35(1)"], ["art. 35(2)"], ["art. 35(3)"]]
    assert zh["measures"][0]["what"] == "日常监管中更多检查其所服务的项目"
    assert en["measures"][0]["what"] == "The projects it serves are checked more often"
    for language, answer in (("zh", zh), ("en", en)):
        for measure in answer["measures"]:
            assert measure["executable"] == (measure["legal_basis"] is not None), language
    assert zh["basis"]["token"] == en["basis"]["token"]
    again = api.get(f"/subjects/{A}/grade", basis=zh["basis"]["token"]).json()
    assert again == zh


def test_from_listing_on_no_certificate_is_issued(api: Api) -> None:
    on(api, "2025-03-10")
    path, body = f"/subjects/{A}/certificates", {"regime": REGIME, "issued_on": "2025-03-07", "document": "证明一"}
    recorded(api.post(path, body))
    published(api)
    on(api, "2025-06-10")
    with Unchanged(api):
        refused(api.post(path, {**body, "issued_on": "2025-06-10", "document": "证明二"}), "listed", "art. 21")
    asked = {"regime": REGIME, "requested_on": "2025-06-10", "purpose": "投标"}
    (notice,) = recorded(api.post(f"{path}/requests", asked))["notices"]
    assert (notice["code"], notice["ids"], notice["cites"]) == ("certificate_refused", [PUBLICATION], ["art. 21"])


# --- advisories -----------------------------------------------------------------------------------------------


def test_advisories_are_for_authorities_only(api: Api) -> None:
    on(api, "2025-06-10")
    for number, day in enumerate(("2025-04-10", "2025-05-20")):
        paper = f"联检〔2025〕{number}"
        body = {"id": _id(f"a{number}"), "kind": "joint_inspection", "noticed_on": day, "document": paper,
                "authority": BUREAU}  # fmt: skip
        recorded(api.post(f"/subjects/{A}/advisories", body))
    recorded(api.post("/advisories/submissions", {"city": "150100", "month": "2025-05"}))
    assert api.get(f"/subjects/{A}/advisories").json()["due_since"]
    recorded(api.post(f"/subjects/{A}/internal-notices", {"dated_on": "2025-06-10"}))
    overview = api.get(f"/subjects/{A}/advisories")
    assert (len(overview.json()["advisories"]), overview.json()["due"]) == (2, False)
    assert overview.headers["cache-control"] == "no-store"
    for path in ("", "/timeline", "/grade", "/evaluations"):
        assert "联检" not in api.get(f"/subjects/{A}{path}").text, path
    assert "联检" not in api.get(f"/public/subjects/{A}").text
    refused(api.get(f"/subjects/{P}/advisories"), "no_advisory_class", "art. 9")


# --- dry runs -------------------------------------------------------------------------------------------------


def trial(api: Api, path: str, body: dict[str, Any]) -> dict[str, Any]:
    with Unchanged(api):
        answer = api.post(path, body, dry_run="true")
    assert answer.status_code == 200, answer.text
    return answer.json()["impact"]  # type: ignore[no-any-return]


def test_a_trial_of_a_notice_tells_the_deadlines_it_would_bring_and_meet(api: Api) -> None:
    recorded(step(api, "roster", "2025-03-10", ROSTER))
    on(api, "2025-03-14")
    impact = trial(api, f"{YEAR}/notice", {"regime": REGIME, "dated_on": "2025-03-14", "id": NOTICE})
    changes = {d["kind"]: (d["change"], d["after"]["due_on"], d["after"]["state"]) for d in impact["deadlines"]}
    assert changes == {
        "notice": ("met", "2025-03-15", "met"),
        "report": ("added", "2025-04-14", "open"),
    }
    (publication,) = impact["publications"]
    assert publication["after"]["annual"][0]["stage"] == "notice"
    assert publication["after"]["public"] is None


def test_a_trial_of_an_extension_tells_the_day_a_deadline_would_move_to(api: Api) -> None:
    proposed(api)
    recorded(objected(api))
    body = {"until_on": "2025-05-08", "reason": "须调取档案"}
    (change,) = trial(api, f"/objections/{OBJECTION}/extension", body)["deadlines"]
    assert (change["kind"], change["change"]) == ("objection_decision", "moved")
    assert (change["before"]["due_on"], change["after"]["due_on"]) == ("2025-04-30", "2025-05-08")


def test_a_trial_of_a_publication_tells_the_public_grade_before_and_after(api: Api) -> None:
    published(api)
    fact(api, LATE, "B14", "2025-06-05")
    on(api, "2025-06-18")
    body = {"regime": REGIME, "notified_on": "2025-06-10", "decided_on": "2025-06-18", "reasons": "新增失信信息"}
    (change,) = trial(api, f"{YEAR}/adjustments", body)["publications"]
    assert (change["before"]["public"]["grade"], change["after"]["public"]["grade"]) == ("N", "C")
    assert api.get(f"/public/subjects/{A}").json()["public"]["grade"] == "N"


def test_a_trial_that_moves_no_deadline_and_no_publication_says_so(api: Api) -> None:
    on(api, "2025-03-10")
    body = {**FACT, "row": "B09", "decided_on": "2025-03-07", "document": "约谈"}
    impact = trial(api, f"/subjects/{A}/facts", body)
    assert (impact["deadlines"], impact["publications"]) == ([], [])


# --- deadlines ------------------------------------------------------------------------------------------------


def test_the_worklist_is_in_order_of_time_left_and_speaks_both_languages(api: Api) -> None:
    proposed(api)
    page = api.get("/deadlines", region="150100").json()
    assert [(d["kind"], d["due_on"], d["state"]) for d in page["lines"]] == [
        ("objection", "2025-04-23", "open"),
        ("publicity_start", "2025-04-30", "open"),
        ("submission", "2025-05-15", "open"),
        ("publication", "2025-06-05", "open"),
    ]
    assert page["texts"]["deadline:objection"] == "对拟定等级提出异议"
    assert api.get("/deadlines", language="en").json()["texts"]["state:open"] == "time is left"
    assert api.get("/deadlines", region="150200").json()["lines"] == []
    assert [d["kind"] for d in api.get("/deadlines", state="met").json()["lines"]] == ["notice", "report"]
    short = api.get("/deadlines", limit="1").json()
    rest = api.get("/deadlines", limit="3", cursor=short["cursor"]).json()
    assert [d["kind"] for d in rest["lines"]] == ["publicity_start", "submission", "publication"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"state": "soon"}, "state"),
        ({"kind": "party"}, "kind"),
        ({"regime": "mars"}, "regime"),
        ({"region": "1501"}, "region"),
        ({"cursor": "rubbish"}, "cursor"),
        ({"due_before": "2025-02-30"}, "due_before"),
    ],
)
def test_a_bad_question_about_deadlines_is_named(api: Api, query: dict[str, str], named: str) -> None:
    answer = api.get("/deadlines", **query)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, named)


def test_a_deadline_is_proved_day_by_day(api: Api) -> None:
    proposed(api)
    answer = api.get(f"/deadlines/{PROPOSAL.upper()}:objection", language="en").json()
    assert answer["deadline"]["due_on"] == "2025-04-23"
    assert [d["number"] for d in answer["proof"] if d["number"]] == [1, 2, 3, 4, 5]
    assert answer["texts"]["day:weekend"] == "weekend"
    assert api.get(f"/deadlines/{PROPOSAL}:objection", known_at="2025-04-01").status_code == 404
    for unknown in (f"{PROPOSAL}:party", f"{NOBODY}:objection", "x:objection", PROPOSAL):
        assert api.get(f"/deadlines/{unknown}").status_code == 404, unknown


# --- progress and receipts ------------------------------------------------------------------------------------


def test_the_progress_of_a_year_counts_and_names_what_is_behind(api: Api) -> None:
    recorded(step(api, "roster", "2025-03-10", ROSTER))
    on(api, "2025-03-18")
    page = api.get(f"/evaluations/{REGIME}/2024", region="150100", language="en").json()
    assert (page["listed"], page["stages"], page["grades"]) == (1, {"roster": 1}, {"none": 1})
    assert [(b["kind"], b["state"], b["subjects"]) for b in page["behind"]] == [("notice", "overdue", [A])]
    assert page["texts"]["deadline:notice"] == "settle the roster and give notice"
    assert api.get(f"/evaluations/{REGIME}/2024").json()["region"] == "150000"
    assert api.get(f"/evaluations/{REGIME}/2024", region="150200").json()["listed"] == 0
    assert api.get(f"/evaluations/{REGIME}/2024", kind="practitioner").json()["unlisted"] == 1
    assert api.get("/evaluations/mars/2024").status_code == 404
    soon = api.get(f"/evaluations/{REGIME}/soon")
    assert (soon.status_code, soon.json()["errors"][0]["parameter"]) == (400, "year")


def test_the_pages_of_a_year_stand_at_one_position(api: Api) -> None:
    other = {"kind": "agency", "id": NOBODY, "name": "乙检测", "uscc": OTHER_USCC, "region": "150100",
             "services": ["eia"]}  # fmt: skip
    recorded(api.post("/subjects", other))
    recorded(api.post(f"{ROSTER_PATH}/roster", {"region": "150100", "dated_on": "2025-03-10"}))
    path = f"/evaluations/{REGIME}/2024"
    first = api.get(path, limit="1").json()
    recorded(step(api, "notice", "2025-03-14", NOTICE))
    second = api.get(path, limit="1", cursor=first["next"]).json()
    assert [s["subject"] for s in first["subjects"] + second["subjects"]] == [A, NOBODY]
    assert (first["position"], second["next"]) == (second["position"], None)
    assert second["stages"] == {"roster": 2}
    assert api.get(path, limit="1", cursor=first["next"], kind="practitioner").status_code == 400


def test_a_result_is_executed_again_from_its_receipt(api: Api) -> None:
    published(api)
    fact(api, LATE, "B09", "2024-09-02")
    found = api.get(f"/records/{PUBLICATION}/receipt").json()
    assert (found["holds"], found["recorded"]["score"], found["computed"]["score"]) == (True, "85", "85")
    assert [s["fact"] for s in found["steps"] if s["counted"]] == [F1, F2]
    assert found["steps"][0]["because"].startswith("2024-05-06 起生效：条目 B10")
    assert found["texts"]["stage:publication"] == "公布"
    assert api.get(f"/records/{NOBODY}/receipt").status_code == 404
    assert api.get("/records/c5/receipt").status_code == 404
    assert api.get(f"/records/{ROSTER}/receipt").status_code == 409


# --- the public register --------------------------------------------------------------------------------------


def test_the_register_shows_a_proposal_while_it_is_on_show_only(api: Api) -> None:
    proposed(api)
    assert api.get(f"/public/subjects/{A}").json()["on_show"] == []
    recorded(step(api, "publicity", "2025-04-24", PUBLICITY))
    for day, shown in (("2025-04-24", 1), ("2025-04-30", 1), ("2025-05-01", 0)):
        on(api, day)
        page = api.get(f"/public/subjects/{A}").json()
        assert len(page["on_show"]) == shown, day
        assert (page["public"], page["lines"], page["results"]) == (None, [], [])


def test_the_register_shows_published_results_with_bare_lines(api: Api) -> None:
    published(api)
    answer = api.get(f"/public/subjects/{A}", language="en")
    page = answer.json()
    assert (page["public"]["grade"], page["public"]["since"]) == ("N", "2025-06-05")
    assert [(r["year"], r["score"], r["grade"]) for r in page["results"]] == [(2024, "85", "N")]
    assert [(x["row"], x["effective_on"]) for x in page["lines"]] == [("B10", "2024-05-06"), ("B07", "2024-06-03")]
    assert page["lines"][0]["what"].startswith("C")
    assert page["commitments"] == [{"year": 2024, "filed_on": "2025-04-10"}]
    assert "文书" not in answer.text
    assert F1 not in answer.text


def test_a_fact_annulled_after_publication_is_no_longer_shown(api: Api) -> None:
    published(api)
    annulment = {"decided_on": "2025-06-05", "authority": BUREAU, "document": "撤销决定", "effect": "ab_initio"}
    recorded(api.post(f"/facts/{F1}/set-aside", annulment))
    assert [x["row"] for x in api.get(f"/public/subjects/{A}").json()["lines"]] == ["B07"]


def test_a_practitioner_is_as_unknown_to_the_public_as_an_id_nobody_has(api: Api) -> None:
    answers = [api.get(f"/public/subjects/{id}") for id in (P, NOBODY)]
    assert [a.status_code for a in answers] == [404, 404]
    said = [{k: v for k, v in a.json().items() if k != "instance"} for a in answers]
    assert str(said[0]).replace(P, "") == str(said[1]).replace(NOBODY, "")
    page = api.get("/public/subjects", regime=REGIME).json()
    assert [a["id"] for a in page["agencies"]] == [A]


def test_the_list_of_the_register_is_filtered(api: Api) -> None:
    published(api)
    for query, found in (
        ({}, [A]),
        ({"year": "2024"}, [A]),
        ({"year": "2023"}, []),
        ({"region": "150000"}, [A]),
        ({"region": "150200"}, []),
    ):
        assert [a["id"] for a in api.get("/public/subjects", regime=REGIME, **query).json()["agencies"]] == found, query
    assert api.get("/public/subjects", regime=REGIME).json()["agencies"][0]["grade"] == "N"
    assert api.get("/public/subjects", regime="mars.third_party").status_code == 404
    assert api.get("/public/subjects", year="soon").status_code == 400


# --- the procedures of a file -----------------------------------------------------------------------------------


def test_the_years_are_told_as_of_a_day_and_as_known_at_a_moment(api: Api) -> None:
    published(api)
    before = api.get(f"/subjects/{A}/evaluations", as_of="2025-04-20").json()
    assert [s["stage"] for s in before["years"][0]["steps"]][-1] == "proposal"
    assert before["public"] is None
    unknown = api.get(f"/subjects/{A}/evaluations", known_at="2025-03-12").json()
    assert [s["stage"] for s in unknown["years"][0]["steps"]] == ["roster"]
    now = api.get(f"/subjects/{A}/evaluations", language="en").json()
    assert now["texts"]["stage:publication"] == "publication"
    assert now["years"][0]["skipped"] == []
    assert api.get(f"/subjects/{NOBODY}/evaluations").status_code == 404


def test_what_a_day_did_not_know_yet_is_not_told_as_of_that_day(api: Api) -> None:
    published(api)
    (year,) = api.get(f"/subjects/{A}/evaluations", as_of="2025-04-20").json()["years"]
    states = {d["kind"]: (d["state"], d["done_on"]) for d in year["deadlines"]}
    assert states["submission"] == ("open", None)
    assert states["report"] == ("met", "2025-04-10")
    assert (year["annual"]["stage"], year["annual"]["grade"]) == ("proposal", "N")


def test_a_practitioners_own_words_are_sealed_and_read_until_they_are_erased(api: Api) -> None:
    on(api, "2025-04-16")
    path = f"/subjects/{P}"
    body = {**FACT, "row": "P05", "decided_on": "2024-07-01", "document": "认定书", "id": LATE}
    recorded(api.post(f"{path}/facts", body))
    proposal = {"regime": REGIME, "dated_on": "2025-04-15", "received_on": "2025-04-16", "id": PROPOSAL}
    recorded(api.post(f"{path}/evaluations/2024/proposal", proposal))
    objection = {"id": OBJECTION, "regime": REGIME, "against": PROPOSAL, "filed_on": "2025-04-16", "by": "张某"}
    recorded(api.post(f"{path}/objections", {**objection, "grounds": "当日不在现场"}))
    assert "当日不在现场" not in str([e.event for e in api.world.journal.stream(P)])
    page = api.get(f"{path}/evaluations").json()
    assert (page["objections"][0]["grounds"], page["subject"].get("name")) == ("当日不在现场", None)
    assert (page["years"][0]["annual"]["grade"], page["public"]) == ("D", None)
    api.world.vault.erase(P)
    assert "当日不在现场" not in api.get(f"{path}/evaluations").text


def test_a_late_fact_of_a_published_year_is_flagged_and_told(api: Api) -> None:
    published(api)
    on(api, "2025-06-09")
    body = {**FACT, "id": LATE, "row": "B09", "decided_on": "2024-09-02", "document": "约谈"}
    (notice,) = recorded(api.post(f"/subjects/{A}/facts", body))["notices"]
    assert (notice["code"], notice["ids"]) == ("late_fact", [PUBLICATION])
    (year,) = api.get(f"/subjects/{A}/evaluations").json()["years"]
    assert (year["annual"]["late"], year["annual"]["score"]) == ([LATE], "85")


def test_skipped_steps_are_named(api: Api) -> None:
    recorded(step(api, "roster", "2025-03-10", ROSTER))
    told = recorded(step(api, "determination", "2025-05-13"))
    assert "steps_skipped" in [n["code"] for n in told["notices"]]
    (year,) = api.get(f"/subjects/{A}/evaluations").json()["years"]
    assert year["skipped"] == ["notice", "proposal", "publicity"]


def test_the_digest_of_a_result_leads_to_it_where_nobody_has_to_sign_in(api: Api) -> None:
    published(api)
    digest = api.get(f"/records/{PUBLICATION}/receipt").json()["recorded"]["digest"]
    found = api.get(f"/journal/digests/{digest}").json()
    assert (found["what"], found["record"]) == ("result", PUBLICATION)
