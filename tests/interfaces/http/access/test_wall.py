"""The wall over HTTP: what a stranger, a stolen session, a page of another site and another place get to see."""

import pytest

from tests.interfaces.http_client import Api
from tests.interfaces.http_story import WEBHOOK
from tests.support.accounts import PASSWORD, account, token, with_first
from tests.support.world import World

A = "00000000-0000-4000-8000-00000000000a"
B = "00000000-0000-4000-8000-00000000000b"
F = "00000000-0000-4000-8000-0000000000f1"
FACT = {
    "regime": "nmg.third_party", "row": "B09", "authority": "150100-EEB", "document": "文书",
    "decided_on": "2024-03-01", "summary": "…",
}  # fmt: skip


@pytest.fixture(scope="module")
def api() -> Api:
    """An agency in Hohhot, one in Baotou, an officer of each, and one of the region above."""
    world = World()
    world.agency(A)
    world.agency(B, region="150200", name="乙检测")
    world.fact("2024-03-01", "B09", F, A)
    api = Api(world)
    with_first(api.administering)
    for id, place in (("hohhot-1", "150100"), ("baotou-1", "150200"), ("region-1", "150000")):
        account(api.administering, id, "officer", place)
    return api


def as_(api: Api, id: str, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token(api.administering, id)}", **more}


def sign_in(api: Api, id: str = "hohhot-1", password: str = PASSWORD) -> dict[str, str]:
    answer = api.post("/session", {"account": id, "password": password})
    assert answer.status_code == 201, answer.text
    return {"cookie": answer.headers["set-cookie"].partition(";")[0], "x-csrf-token": answer.json()["csrf"]}


def test_a_stranger_is_asked_to_sign_in_and_told_how(api: Api) -> None:
    answer = api.get(f"/subjects/{A}")
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert api.get("/public/subjects", regime="nmg.third_party").status_code == 200


@pytest.mark.parametrize(
    "sent",
    ["Bearer edt_forged", "Bearer eyJhbGciOiJub25lIn0.e30.", "Basic cm9vdDpyb290", "Bearer ", "Bearer " + "x" * 20_000],
)
def test_a_forged_token_lets_nobody_in_and_is_told_no_more(api: Api, sent: str) -> None:
    answer = api.get(f"/subjects/{A}", headers={"authorization": sent})
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_nobody_names_another_actor_than_themselves(api: Api) -> None:
    document = {**FACT, "document": "文书甲"}
    recorded = api.post(f"/subjects/{A}/facts", document, headers=as_(api, "hohhot-1", **{"x-actor": "root"}))
    assert recorded.status_code in (201, 202), recorded.text
    assert api.world.journal.stream(A)[-1].actor == "hohhot-1"


def test_a_session_records_with_its_code_and_not_without(api: Api) -> None:
    session = sign_in(api)
    body = {**FACT, "document": "文书乙"}
    without = {"cookie": session["cookie"]}
    for headers in (without, {**without, "x-csrf-token": "guessed"}):
        answer = api.post(f"/subjects/{A}/facts", body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert api.get(f"/subjects/{A}", headers=without).status_code == 200
    assert api.post(f"/subjects/{A}/facts", body, headers=session).status_code in (201, 202)


def test_the_cookie_cannot_be_read_by_a_page_and_goes_to_no_other_site(api: Api) -> None:
    answer = api.post("/session", {"account": "hohhot-1", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie  # on this machine there may be no TLS


def test_a_session_that_was_planted_before_signing_in_is_none_afterwards(api: Api) -> None:
    planted = {"cookie": "ecodocket=eds_planted"}
    answer = api.post("/session", {"account": "hohhot-1", "password": PASSWORD}, headers=planted)
    assert answer.status_code == 201
    assert "eds_planted" not in answer.headers["set-cookie"]
    assert api.get("/session", headers=planted).status_code == 401


def test_a_session_is_gone_once_it_is_signed_out(api: Api) -> None:
    session = sign_in(api)
    assert api.call("DELETE", "/api/v1/session", headers=session).status_code == 200
    assert api.get(f"/subjects/{A}", headers=session).status_code == 401


def test_of_another_place_nothing_is_seen_by_id_record_list_search_or_basis(api: Api) -> None:
    own, other = as_(api, "hohhot-1"), as_(api, "baotou-1")
    token_ = api.get(f"/subjects/{A}/grade", headers=own).json()["basis"]["token"]
    unknown = api.get("/subjects/00000000-0000-4000-8000-0000000000ff", headers=other).json()
    for path, query in (
        (f"/subjects/{A}", {}),
        (f"/subjects/{A}/grade", {"basis": token_}),
        (f"/subjects/{A}/timeline", {}),
        (f"/facts/{F}", {}),
        (f"/records/{F}", {}),
    ):
        answer = api.get(path, headers=other, **query)
        assert (answer.status_code, answer.json()["type"]) == (404, unknown["type"]), path
    assert api.get(f"/subjects/{A}/grade", headers=own).status_code == 200
    assert [s["id"] for s in api.get("/subjects", headers=other).json()["subjects"]] == [B]
    assert api.get("/search", headers=other, q="甲检测").json()["hits"] == []
    assert len(api.get("/search", headers=own, q="甲检测").json()["hits"]) == 1


def test_a_list_of_another_place_is_not_had_by_asking_for_it_nor_by_a_cursor_of_somebody_else(api: Api) -> None:
    other, above = as_(api, "baotou-1"), as_(api, "region-1")
    assert api.get("/subjects", headers=other, region="150100").status_code == 404
    page = api.get("/subjects", headers=above, limit=1).json()
    assert page["next"]
    assert api.get("/subjects", headers=other, limit=1, cursor=page["next"]).status_code in (400, 422)


def test_the_region_above_sees_both(api: Api) -> None:
    found = api.get("/subjects", headers=as_(api, "region-1")).json()["subjects"]
    assert sorted(s["id"] for s in found) == [A, B]


def test_a_key_of_one_account_is_none_of_another(api: Api) -> None:
    body = {**FACT, "document": "文书丙"}
    first = api.post(f"/subjects/{A}/facts", body, headers=as_(api, "hohhot-1", **{"idempotency-key": "k1"}))
    assert first.status_code in (201, 202), first.text
    other = api.post(
        f"/subjects/{B}/facts",
        {**FACT, "document": "文书丁"},
        headers=as_(api, "baotou-1", **{"idempotency-key": "k1"}),
    )
    assert other.status_code in (201, 202), other.text
    again = api.post(f"/subjects/{A}/facts", body, headers=as_(api, "hohhot-1", **{"idempotency-key": "k1"}))
    assert again.json() == first.json()


def test_wrong_passwords_lock_the_account_and_are_told_the_same(api: Api) -> None:
    account(api.administering, "locked-1")
    told = {
        api.post("/session", {"account": "locked-1", "password": "wrong password"}).json()["detail_en"]
        for _ in range(5)
    }
    told.add(api.post("/session", {"account": "locked-1", "password": PASSWORD}).json()["detail_en"])
    told.add(api.post("/session", {"account": "nobody-1", "password": PASSWORD}).json()["detail_en"])
    assert len(told) == 1


def test_an_account_that_is_deactivated_gets_no_further_answer(api: Api) -> None:
    account(api.administering, "leaver-1")
    headers = as_(api, "leaver-1")
    assert api.get(f"/subjects/{A}", headers=headers).status_code == 200
    root = sign_in(api, "root")
    assert api.post("/accounts/leaver-1/deactivation", {}, headers=root).status_code == 200
    assert api.get(f"/subjects/{A}", headers=headers).status_code == 401


def test_what_is_sent_to_another_name_is_answered_to_nobody(api: Api) -> None:
    headers = as_(api, "hohhot-1", host="evil.example")
    assert api.get(f"/subjects/{A}", headers=headers).status_code == 421
    assert api.post(f"/subjects/{A}/facts", FACT, headers=headers).status_code == 421


def test_a_rehearsal_is_about_the_place_of_whoever_asks_and_belongs_to_them(api: Api) -> None:
    for id in ("legal-a", "legal-b"):
        account(api.administering, id, "legal", "150100")
    account(api.administering, "legal-c", "legal", "150200")
    asked = {"edition": "nmg.third_party@draft", "readings": {"I-04": "own_year"}}
    made = api.post("/rehearsals", asked, headers=as_(api, "legal-a"))
    assert (made.status_code, made.json()["request"]["region"]) == (202, "150100")
    place = f"/rehearsals/{made.json()['id']}"
    assert api.get(place, headers=as_(api, "legal-b")).status_code == 200
    assert api.get(place, headers=as_(api, "legal-c")).status_code == 404
    assert api.post(f"{place}/cancellation", {}, headers=as_(api, "legal-b")).json()["code"] == "other_account"
    assert api.post(f"{place}/cancellation", {}, headers=as_(api, "legal-a")).status_code == 200


def test_an_endpoint_is_told_of_the_place_of_whoever_registers_it_and_is_seen_there_alone(api: Api) -> None:
    for id, place in (("admin-a", "150100"), ("admin-b", "150200"), ("admin-above", "150000")):
        account(api.administering, id, "administrator", place)
    unnamed = {name: value for name, value in WEBHOOK.items() if name != "region"}
    made = api.post("/webhooks", unnamed, headers=as_(api, "admin-a"))
    assert (made.status_code, made.json()["webhook"]["region"]) == (201, "150100"), made.text
    assert api.post("/webhooks", {**WEBHOOK, "region": "150200"}, headers=as_(api, "admin-a")).status_code == 404
    place = f"/webhooks/{made.json()['webhook']['id']}"
    assert api.get(place, headers=as_(api, "admin-above")).status_code == 200
    other = as_(api, "admin-b")
    assert api.get("/webhooks", headers=other).json()["webhooks"] == []
    assert api.get(place, headers=other).status_code == 404
    assert api.get(f"{place}/deliveries", headers=other).status_code == 404
    for doing in ("pause", "resumption", "test", "secret"):
        assert api.post(f"{place}/{doing}", {}, headers=other).status_code == 404
    assert api.call("DELETE", f"/api/v1{place}", headers=other).status_code == 404
    assert api.call("DELETE", f"/api/v1{place}", headers=as_(api, "admin-a")).status_code == 204


def test_the_feed_of_changes_is_that_of_the_place(api: Api) -> None:
    told = {
        id: {line["subject"] for line in api.get("/journal/changes", headers=as_(api, id)).json()["changes"]}
        for id in ("hohhot-1", "baotou-1", "region-1")
    }
    assert (told["hohhot-1"], told["baotou-1"]) == ({A}, {B})
    assert {A, B} <= told["region-1"]
    assert api.get("/journal/changes", headers=as_(api, "baotou-1"), subject=A).status_code == 404
