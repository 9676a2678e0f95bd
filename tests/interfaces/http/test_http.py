"""The HTTP API as a client meets it: commands, questions, headers and problems."""

import datetime as dt
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from domain.events.facts import FactRecorded
from domain.time import at_hour
from interfaces.http.bodies import MAX_BODY, MAX_DISCARDED
from tests.interfaces.http_client import Api
from tests.support.world import BUREAU, ID_NUMBER, REGIME, USCC, World, credit_code

A = "00000000-0000-4000-8000-00000000000a"
B = "00000000-0000-4000-8000-00000000000b"
F = "00000000-0000-4000-8000-0000000000f1"
NOBODY = "00000000-0000-4000-8000-0000000000ff"
AGENCY = {"kind": "agency", "uscc": USCC, "name": "甲检测", "region": "150100", "services": ["monitoring"]}
PERSON = {"kind": "practitioner", "name": "张某", "id_number": ID_NUMBER, "region": "150100"}
FACT = {"regime": REGIME, "row": "B07", "authority": BUREAU, "document": "文书一", "decided_on": "2024-04-01"}


@pytest.fixture
def api() -> Api:
    """The API on 16 June 2025 at nine o'clock, with one agency on record."""
    api = Api(World())
    api.world.clock.set(at_hour(dt.date(2025, 6, 16), 9))
    assert api.post("/subjects", {**AGENCY, "id": A}).status_code == 201
    return api


def pointers(answer: Any) -> list[str]:
    return [e["pointer"] for e in answer.json()["errors"]]


# --- recording ----------------------------------------------------------------------------------------------


def test_a_recorded_fact_tells_version_position_and_etag(api: Api) -> None:
    answer = api.post(f"/subjects/{A}/facts", {**FACT, "id": F}, headers={"x-actor": "李四"})
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"2"'
    head = api.get("/journal/head").json()
    assert answer.json() == {
        "status": "recorded",
        "subject": A,
        "version": 2,
        "position": head["position"],
        "recorded_at": "2025-06-16T01:00:00.000000Z",
        "id": F,
        "events": ["fact-recorded.v1"],
    }
    assert api.get(f"/subjects/{A}/timeline", order="record").json()["entries"][1]["by"] == "李四"


def test_a_registration_says_where_the_file_is(api: Api) -> None:
    answer = api.post("/subjects", {**PERSON, "id": B.upper()})
    assert answer.headers["location"] == f"/api/v1/subjects/{B}"
    assert api.get(f"/subjects/{B}").status_code == 200


def test_numbers_stay_exact(api: Api) -> None:
    body = b'{"regime":"nmg.third_party","row":"B12","authority":"150100-EEB","document":"x","decided_on":"2024-04-01",'
    answer = api.post(f"/subjects/{A}/facts", body + b'"points":0.10000000000000000555}')
    assert answer.status_code == 201
    event = api.world.journal.stream(A)[1].event
    assert isinstance(event, FactRecorded)
    assert event.points == Decimal("0.10000000000000000555")


def test_a_dry_run_stores_nothing_and_tells_the_impact(api: Api) -> None:
    before = api.get("/journal/head").json()
    answer = api.post(f"/subjects/{A}/facts", FACT, dry_run="true")
    assert answer.status_code == 200
    impact = answer.json()["impact"]["regimes"][REGIME]
    assert (impact["before"]["running"]["score"], impact["after"]["running"]["score"]) == ("100", "90")
    assert api.get("/journal/head").json() == before


def test_the_same_undo_twice_is_already_so(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", {**FACT, "id": F})
    body = {"reason": "记错主体"}
    assert api.post(f"/facts/{F}/retraction", body).status_code == 201
    again = api.post(f"/facts/{F}/retraction", body)
    assert (again.status_code, again.json()["status"]) == (200, "already_so")


def test_a_key_gives_the_first_answer_again(api: Api) -> None:
    key = {"idempotency-key": "k-1"}
    first = api.post(f"/subjects/{A}/facts", FACT, headers=key)
    again = api.post(f"/subjects/{A}/facts", FACT, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    other = api.post(f"/subjects/{A}/facts", {**FACT, "document": "文书二"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/reused_key")


def test_a_stale_writer_is_told_what_happened_in_between(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", FACT, headers={"if-match": '"1"', "x-actor": "zhao"})
    answer = api.post(f"/subjects/{A}/facts", {**FACT, "document": "文书二"}, headers={"if-match": '"1"'})
    assert answer.status_code == 412
    assert answer.headers["etag"] == '"2"'
    problem = answer.json()
    assert problem["version"] == 2
    assert problem["intervened"] == [
        {"type": "fact-recorded.v1", "version": 2, "recorded_at": "2025-06-16T01:00:00.000000Z", "by": "zhao"}
    ]


def test_if_match_star_asks_for_something_that_exists(api: Api) -> None:
    star = {"if-match": "*"}
    assert api.post(f"/subjects/{A}/facts", FACT, headers=star).status_code == 201
    assert api.post("/subjects", {**PERSON, "id": B}, headers=star).status_code == 412
    assert api.post("/subjects", {**AGENCY, "id": A}, headers=star).status_code == 200


@pytest.mark.parametrize("key", ["", "k" * 256, "k\t"])
def test_a_malformed_key_is_named(api: Api, key: str) -> None:
    answer = api.post(f"/subjects/{A}/facts", FACT, headers={"idempotency-key": key})
    assert answer.status_code == 400


# --- bodies -------------------------------------------------------------------------------------------------


def test_all_bad_fields_are_named_at_once(api: Api) -> None:
    bad = {**FACT, "id": "f1", "decided_on": "2024-13-01", "authority": "150100", "colour": "red", "subject": B}
    answer = api.post(f"/subjects/{A}/facts", bad)
    assert answer.status_code == 422
    assert pointers(answer) == ["/authority", "/colour", "/decided_on", "/id", "/subject"]
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"[]", "not_an_object"),
        (b'"x"', "not_an_object"),
        (b'{"document":"a\x00b"}', "not_json"),
        (b'{"document":"\xff"}', "not_json"),
        (b'{"document":"\\ud800"}', "not_json"),
        (b'{"points":NaN}', "not_json"),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000, "not_json"),
        (b"[" * 500_000, "not_json"),
    ],
)
def test_a_body_that_cannot_be_read_is_malformed(api: Api, body: bytes, said: str) -> None:
    answer = api.post(f"/subjects/{A}/facts", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == said


def test_nul_in_a_text_is_a_bad_field(api: Api) -> None:
    answer = api.post(f"/subjects/{A}/facts", {**FACT, "document": "a\x00b"})
    assert (answer.status_code, pointers(answer)) == (422, ["/document"])


def test_too_deep_is_a_field_error(api: Api) -> None:
    body = b'{"evidence":' + b"[" * 100 + b"]" * 100 + b"}"
    assert api.post(f"/subjects/{A}/facts", body).status_code == 422


def test_a_mebibyte_is_the_limit(api: Api) -> None:
    assert api.post(f"/subjects/{A}/facts", b" " * MAX_BODY).status_code == 400
    assert api.post(f"/subjects/{A}/facts", b" " * (MAX_BODY + 1)).status_code == 413


def test_of_an_endless_body_only_so_much_is_taken_in(api: Api) -> None:
    taken = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 65536
            yield b" " * 65536

    answer = api.call("POST", "/api/v1/subjects", content=chunks(), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert taken < 2 * MAX_DISCARDED


def test_a_period_without_end_is_not_a_date(api: Api) -> None:
    """Periods are reckoned from every date on record, which 9999-12-31 does not allow."""
    api.post(f"/subjects/{A}/facts", {**FACT, "id": F})
    warning = {"issued_on": "2024-04-02", "due_on": "9999-12-31", "requirements": "整改"}
    answer = api.post(f"/facts/{F}/warnings", warning)
    assert (answer.status_code, pointers(answer)) == (422, ["/due_on"])


def test_the_kind_says_what_is_registered(api: Api) -> None:
    missing = {k: v for k, v in AGENCY.items() if k != "kind"}
    assert pointers(api.post("/subjects", missing)) == ["/kind"]
    assert pointers(api.post("/subjects", {**AGENCY, "kind": "bank"})) == ["/kind"]
    assert "/kind" not in pointers(api.post("/subjects", {**AGENCY, "kind": "client"}))


def test_year_and_stage_of_the_path_are_checked_as_fields(api: Api) -> None:
    body = {"regime": REGIME, "dated_on": "2025-02-17"}
    assert api.post(f"/subjects/{A}/evaluations/2024/notice", body).status_code == 201
    answer = api.post(f"/subjects/{A}/evaluations/soon/party", body)
    assert (answer.status_code, pointers(answer)) == (422, ["/stage", "/year"])
    assert pointers(api.post(f"/subjects/{A}/evaluations/2024/notice", {**body, "year": 2023})) == ["/year"]


# --- problems -----------------------------------------------------------------------------------------------


def test_a_refusal_cites_the_article(api: Api) -> None:
    answer = api.post(f"/subjects/{A}/facts", {**FACT, "row": "C06"})
    assert answer.status_code == 409
    problem = answer.json()
    assert (problem["type"], problem["code"]) == ("/problems/refused", "service_not_offered")
    assert problem["cites"] == ["art. 16", "annex 1"]
    assert problem["cites_text"] == ["第十六条", "附件1"]
    assert all("C06" in problem[detail] for detail in ("detail_zh", "detail_en"))


def test_a_problem_speaks_the_readers_language_and_keeps_both(api: Api) -> None:
    for language, said in (("en;q=0.9, zh;q=0.1", "en"), ("zh-CN", "zh"), ("fr", "zh"), ("en;q=0", "zh")):
        problem = api.get(f"/subjects/{NOBODY}", language=language)
        assert problem.status_code == 404
        body = problem.json()
        assert body["detail"] == body[f"detail_{said}"]
        assert problem.headers["content-language"] == {"en": "en", "zh": "zh-CN"}[said]
        assert "accept-language" in problem.headers["vary"]
        assert body["instance"] == f"/api/v1/subjects/{NOBODY}"


def test_the_type_of_a_problem_can_be_looked_up(api: Api) -> None:
    type_ = api.get("/nowhere").json()["type"]
    page = api.call("GET", type_)
    assert page.status_code == 200
    assert page.json()["status"] == 404
    assert api.call("GET", "/problems/nothing").status_code == 404


def test_a_wrong_method_tells_the_right_ones(api: Api) -> None:
    answer = api.call("DELETE", "/api/v1/subjects")
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("id", ["f1", "law", "0" * 32, "..", A + "0"])
def test_what_is_no_uuid_is_not_found(api: Api, id: str) -> None:
    assert api.get(f"/subjects/{id}").status_code == 404
    assert api.post(f"/facts/{id}/retraction", {"reason": "x"}).status_code == 404


def test_a_faulty_rulebook_names_its_lines(api: Api) -> None:
    body = {"text": 'id = "a.b@c"\nnonsense = 1\n', "in_force_on": "2025-07-01"}
    answer = api.post("/rulebooks/adoptions", body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/rulebook_invalid")
    assert any(e.get("line") == 2 for e in answer.json()["errors"])


# --- who acts -----------------------------------------------------------------------------------------------


def test_only_this_machine_writes() -> None:
    outside = Api(client="192.0.2.7")
    for headers in ({}, {"x-actor": "clerk"}):
        answer = outside.post("/subjects", AGENCY, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/actor_refused")
    assert outside.get("/subjects").status_code == 200


@pytest.mark.parametrize(
    "headers", [{"x-forwarded-for": "192.0.2.7"}, {"forwarded": "for=192.0.2.7"}, {"host": "evil.example:8000"}]
)
def test_a_proxy_or_a_foreign_name_is_not_this_machine(api: Api, headers: dict[str, str]) -> None:
    assert api.post("/subjects", PERSON, headers=headers).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
def test_the_names_of_this_machine(api: Api, host: str) -> None:
    assert api.post("/subjects", PERSON, headers={"host": host}).status_code == 201


@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_has_several_addresses(client: str) -> None:
    assert Api(client=client).post("/subjects", AGENCY).status_code == 201


def test_a_named_actor_can_be_switched_off() -> None:
    api = Api(allow_actor_header=False)
    assert api.post("/subjects", AGENCY, headers={"x-actor": "clerk"}).status_code == 403
    assert api.post("/subjects", AGENCY).status_code == 201


@pytest.mark.parametrize("actor", ["", " ", "a" * 101, "a\tb"])
def test_a_malformed_actor_is_named(api: Api, actor: str) -> None:
    assert api.post("/subjects", PERSON, headers={"x-actor": actor}).status_code == 400


# --- questions ----------------------------------------------------------------------------------------------


def test_a_grade_comes_with_sentences_in_both_languages(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", {**FACT, "row": "B11", "final_on": "2024-06-20"})
    zh = api.get(f"/subjects/{A}/grade").json()
    en = api.get(f"/subjects/{A}/grade", language="en").json()
    assert zh["subject"]["name"] == "甲检测"
    assert zh["steps"][0]["because"].startswith("2024-06-20 起生效：条目 B11（")
    assert "扣 10 分，尚余 90 分（第十六条；附件1；" in zh["steps"][0]["because"]
    assert en["steps"][0]["because"].startswith("counts since 2024-06-20: row B11 (")
    assert en["texts"]["force"].startswith("a draft")
    assert zh["running"] == en["running"]
    assert zh["basis"]["token"] == en["basis"]["token"]


def test_a_basis_repeats_the_answer_and_saves_the_body(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", FACT)
    first = api.get(f"/subjects/{A}/grade")
    api.post(f"/subjects/{A}/facts", {**FACT, "document": "文书二"})
    basis = first.json()["basis"]["token"]
    again = api.get(f"/subjects/{A}/grade", basis=basis)
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    same = api.get(f"/subjects/{A}/grade", basis=basis, headers={"if-none-match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    other = api.get(f"/subjects/{A}/grade", language="en", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_basis_stands_alone_and_belongs_to_its_subject(api: Api) -> None:
    api.post("/subjects", {**PERSON, "id": B})
    basis = api.get(f"/subjects/{A}/grade").json()["basis"]["token"]
    assert api.get(f"/subjects/{A}/grade", basis=basis, as_of="2025-01-01").status_code == 400
    assert api.get(f"/subjects/{B}/grade", basis=basis).status_code == 400
    damaged = api.get(f"/subjects/{A}/grade", basis=basis[:-3])
    assert (damaged.status_code, damaged.json()["errors"][0]["parameter"]) == (400, "basis")


def test_what_was_known_is_asked_by_instant_or_by_day(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", FACT)

    def score(known_at: str) -> str | None:
        found: str | None = api.get(f"/subjects/{A}/grade", known_at=known_at).json().get("running", {}).get("score")
        return found

    assert score("2025-06-16") == "90"
    assert score("2025-06-16T09:00:00+08:00") == "90"
    assert score("2025-06-16T01:00:00Z") == "90"
    assert score("2025-06-15") is None
    plus = api.call("GET", f"/api/v1/subjects/{A}/grade?known_at=2025-06-16T09:00:00+08:00")
    assert plus.status_code == 200


def test_a_reading_changes_the_answer_and_a_wrong_one_is_named(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", {**FACT, "row": "B11", "final_on": "2024-06-20"})
    query = {"as_of": "2024-05-01"}
    assert api.get(f"/subjects/{A}/grade", **query).json()["running"]["score"] == "100"
    other = api.get(f"/subjects/{A}/grade", **query, reading="I-06:decision_date").json()
    assert other["running"]["score"] == "90"
    assert other["basis"]["rulebooks"][0]["readings"]["I-06"] == "decision_date"
    wrong = api.get(f"/subjects/{A}/grade", reading="I-06:tomorrow")
    assert (wrong.status_code, wrong.json()["errors"][0]["parameter"]) == (400, "reading")


def test_every_bad_parameter_is_named_at_once(api: Api) -> None:
    answer = api.get(f"/subjects/{A}/grade", as_of="20250101", known_at="2025-01-01T24:00", foo="1", reading="x")
    assert answer.status_code == 400
    assert {e["parameter"] for e in answer.json()["errors"]} == {"as_of", "known_at", "foo", "reading"}


@pytest.mark.parametrize(
    "query",
    [
        "as_of=9999-12-31",
        "as_of=0001-01-01",
        "known_at=0001-01-01T00:00:00%2B14:00",
        "known_at=9999-12-31T23:59:59-12:00",
        "as_of=2025-01-01&as_of=2025-01-02",
        "as_of=%ff",
        "min_position=-1",
        "min_position=9999999999999999999999",
        "&".join(["as_of=2025-01-01"] * 200),
        "as_of=%00",
    ],
)
def test_a_bad_query_is_malformed(api: Api, query: str) -> None:
    assert api.call("GET", f"/api/v1/subjects/{A}/grade?{query}").status_code == 400


def test_a_read_waits_for_no_write_that_is_not_there(api: Api) -> None:
    position = api.post(f"/subjects/{A}/facts", FACT).json()["position"]
    assert api.get(f"/subjects/{A}/grade", min_position=str(position)).status_code == 200
    answer = api.get(f"/subjects/{A}/grade", min_position=str(position + 1))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not_yet_there")


def test_the_history_tells_the_cause_of_each_change(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", FACT)
    spans = api.get(f"/subjects/{A}/grade/history", language="en", **{"from": "2024-01-01"}).json()["spans"]
    assert [(s["from_on"], s["score"]) for s in spans] == [("2024-01-01", "100"), ("2024-04-01", "90")]
    assert spans[1]["causes"][0]["because"].endswith("begins to count")
    wrong = api.get(f"/subjects/{A}/grade/history", **{"from": "2024-02-01", "until": "2024-01-01"})
    assert (wrong.status_code, wrong.json()["errors"][0]["parameter"]) == (400, "until")


def test_a_regime_nobody_knows_is_not_found(api: Api) -> None:
    assert api.get(f"/subjects/{A}/grade", regime="mars.third_party").status_code == 404


def test_the_timeline_keeps_what_was_undone(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", {**FACT, "id": F})
    api.post(f"/facts/{F}/retraction", {"reason": "记错主体"})
    entries = api.get(f"/subjects/{A}/timeline", order="record").json()["entries"]
    assert [e["title"] for e in entries] == [
        "机构登记",
        "信用信息记录：条目 B07（被通报责令整改，整改中仍擅自承接项目、出具结果，或逾期未改正）",
        "信息删除（误录）",
    ]
    assert entries[1]["struck"] == "retracted"


# --- personal data ------------------------------------------------------------------------------------------


def test_persons_are_named_on_their_profile_only(api: Api) -> None:
    api.post("/subjects", {**PERSON, "id": B})
    api.post(f"/subjects/{A}/staff", {"practitioner": B, "from_on": "2024-01-01"})
    profile = api.get(f"/subjects/{B}")
    assert profile.json()["name"] == "张某"
    assert profile.json()["id_number"] == "110*************2X"
    assert [e["agency"] for e in profile.json()["employments"]] == [A]
    assert profile.headers["cache-control"] == "no-store"
    for path in ("/subjects", f"/subjects/{A}", f"/subjects/{B}/timeline", f"/subjects/{B}/grade"):
        text = api.get(path).text
        assert "张某" not in text, path
        assert ID_NUMBER not in text, path


def test_an_agency_has_its_representative_from_the_vault(api: Api) -> None:
    changes = {"legal_representative": "王某", "address": "示例路 2 号"}
    api.post(f"/subjects/{A}/changes", {"changes": changes, "from_on": "2025-01-01"})
    profile = api.get(f"/subjects/{A}").json()
    assert (profile["legal_representative"], profile["address"]) == ("王某", "示例路 2 号")
    assert profile["version"] == 2


def test_an_erased_person_leaves_a_profile_without_data(api: Api) -> None:
    api.post("/subjects", {**PERSON, "id": B})
    api.world.vault.erase(B)
    profile = api.get(f"/subjects/{B}").json()
    assert profile["erased"] is True
    assert "name" not in profile


# --- the list -----------------------------------------------------------------------------------------------


def test_pages_go_on_where_they_ended_at_the_same_position(api: Api) -> None:
    api.post("/subjects", {**PERSON, "id": B})
    first = api.get("/subjects", limit="1").json()
    api.post("/subjects", {**AGENCY, "id": NOBODY, "name": "后来者", "uscc": credit_code(NOBODY)})
    second = api.get("/subjects", limit="1", cursor=first["next"]).json()
    assert [s["id"] for s in first["subjects"] + second["subjects"]] == [A, B]
    assert first["position"] == second["position"]
    rest = api.get("/subjects", limit="1", cursor=second["next"]).json() if second["next"] else {"subjects": []}
    assert rest["subjects"] == []
    assert len(api.get("/subjects").json()["subjects"]) == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "agency"}, [A]),
        ({"kind": "practitioner"}, [B]),
        ({"region": "150000"}, [A, B]),
        ({"region": "150200"}, [B]),
        ({"service": "monitoring"}, [A]),
        ({"service": "eia"}, []),
        ({"q": "甲"}, [A]),
        ({"q": "（甲 检"}, []),
        ({"q": "甲 检"}, [A]),
        ({"q": USCC}, [A]),
        ({"q": USCC.lower()}, [A]),
        ({"q": "文书 一"}, [A]),
        ({"q": "文书"}, []),
        ({"q": "文书一", "kind": "practitioner"}, []),
        ({"q": B}, [B]),
        ({"known_at": "2025-06-15"}, []),
    ],
)
def test_the_list_is_filtered(api: Api, query: dict[str, str], found: list[str]) -> None:
    api.post("/subjects", {**PERSON, "id": B, "region": "150200"})
    api.post(f"/subjects/{A}/facts", FACT)
    page = api.get("/subjects", **query).json()
    assert ([s["id"] for s in page["subjects"]], page["next"]) == (found, None)


def test_a_cursor_belongs_to_its_filters(api: Api) -> None:
    api.post("/subjects", {**PERSON, "id": B})
    cursor = api.get("/subjects", limit="1").json()["next"]
    assert api.get("/subjects", limit="1", kind="agency", cursor=cursor).status_code == 400
    assert api.get("/subjects", cursor="rubbish").status_code == 400


# --- the law ------------------------------------------------------------------------------------------------


def test_an_edition_shows_its_parts(api: Api) -> None:
    page = api.get("/rulebooks/nmg.third_party@draft").json()
    assert any(r["code"] == "B11" and r["points"] == "-10" for r in page["rows"])
    assert any(r["id"] == "I-04" and len(r["values"]) > 1 for r in page["readings"])
    assert [s["stage"] for s in page["stages"] if s["of"] == "agency"][-3:] == ["publication", "push", "reopening"]
    assert any(d["kind"] == "report" and d["working_days"] == 20 for d in page["deadlines"])
    assert any(m["cites"] == ["art. 36(1)"] and m["legal_basis"] is None for m in page["measures"])
    assert page["errata"]
    assert page["unencoded"]
    assert api.get("/rulebooks/nobody@draft").status_code == 404


def test_the_newest_calendar_of_a_year_is_shown(api: Api) -> None:
    years = [c["year"] for c in api.get("/calendars").json()]
    assert years == sorted(set(years))
    assert next(c for c in api.get("/calendars").json() if c["year"] == 2020)["version"] == 2


# --- the profile ------------------------------------------------------------------------------------------------


def test_a_profile_shows_every_regime_side_by_side(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", {**FACT, "id": F})
    zh, en = (api.get(f"/subjects/{A}", language=language).json()["regimes"] for language in ("zh", "en"))
    assert [(r["regime"], r["on_record"], r["force"]) for r in zh] == [
        ("nmg.third_party", True, "draft"), ("eia.integrity", False, "in_force"),
    ]  # fmt: skip
    assert zh[0]["running"]["grade"] == "N"
    assert zh[0]["texts"]["running"] != en[0]["texts"]["running"]
    assert all(r["texts"]["regime"] and r["texts"]["force"] for r in (*zh, *en))


def test_a_profile_of_another_day_shows_the_grades_of_that_day(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", {**FACT, "id": F})
    early = api.get(f"/subjects/{A}", as_of="2024-01-01").json()
    assert early["as_of"] == "2024-01-01"
    assert early["regimes"][0]["running"]["score"] == "100"


# --- what is let in -----------------------------------------------------------------------------------------


def test_a_key_given_twice_is_refused_by_its_name_at_every_depth(api: Api) -> None:
    twice = b'{"row":"B07","row":"B06","evidence":[{"title":"a","title":"b"}]}'
    answer = api.post(f"/subjects/{A}/facts", twice)
    assert answer.status_code == 400
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/row", "repeated"),
        ("/evidence/0/title", "repeated"),
    ]


@pytest.mark.parametrize(
    "points", ["1e-999", "1e999999999", "1E5", '"5_0"', '"１"', '" 5 "', "-5", '"sNaN"', "true", "1000.01"]
)
def test_points_that_are_no_plain_number_are_told_with_their_place(api: Api, points: str) -> None:
    fact = f'{{"regime":"{REGIME}","row":"B12","authority":"{BUREAU}","document":"文书","points":{points}}}'
    answer = api.post(f"/subjects/{A}/facts", fact.encode())
    assert 400 <= answer.status_code < 500
    assert pointers(answer) == ["/points"]


@pytest.mark.parametrize(("place", "taken"), [("javascript:alert(1)", False), ("https://eeb.example/1.jpg", True)])
def test_where_evidence_lies_is_no_script(api: Api, place: str, taken: bool) -> None:
    answer = api.post(f"/subjects/{A}/facts", {**FACT, "evidence": [{"title": "照片", "place": place}]})
    assert answer.is_success is taken
    if not taken:
        assert pointers(answer) == ["/evidence/0/place"]


def test_a_number_of_another_file_is_a_conflict_that_names_the_file(api: Api) -> None:
    answer = api.post("/subjects", {**AGENCY, "name": "乙检测", "id": B})
    assert answer.status_code == 409
    assert "甲检测" in answer.json()["detail"]


def test_a_region_of_the_table_is_wanted_and_one_it_does_not_know_elsewhere_is_a_warning(api: Api) -> None:
    other = {**AGENCY, "uscc": credit_code(B), "id": B}
    assert pointers(api.post("/subjects", {**other, "region": "999999"})) == ["/region"]
    answer = api.post("/subjects", {**other, "region": "440399"})
    assert answer.status_code == 201
    assert [w["code"] for w in answer.json()["warnings"]] == ["unlisted_region"]


@pytest.mark.parametrize(
    ("known_at", "status"),
    [
        ("2025-06-16T09:00:00", 200),
        ("2025-06-16T09:00:00+08:00", 200),
        ("2025-06-16T09:00:00 08:00", 200),
        ("9999-12-31T23:00:00+00:00", 400),
        ("2025-06-15T24:00:00", 400),
        ("2025-06-15\n", 400),
    ],
)
def test_a_moment_is_read_as_everywhere_else(api: Api, known_at: str, status: int) -> None:
    assert api.get(f"/subjects/{A}/grade", regime=REGIME, known_at=known_at).status_code == status
