"""Sessions under attack: stolen, fixed, forged by another site, guessed. Each is refused, with no word too many."""

from typing import Any

import pytest

from application.access.signing_in import MOST_FAILURES, drawn_first
from interfaces.http.controllers.access.sessions import MOST_A_MINUTE
from tests.interfaces.http_client import Api
from tests.support.accounts import PASSWORD, account, with_first

HOUR = 3_600_000_000
SIGN_IN = {"account": "officer", "password": PASSWORD}


def house() -> Api:
    api = Api()
    with_first(api.administering)
    account(api.administering, "officer")
    return api


def begun(api: Api) -> tuple[dict[str, str], str]:
    """The cookie of a new session, and the code that goes with its commands."""
    answer = api.post("/session", SIGN_IN)
    assert answer.status_code == 201, answer.text
    return {"cookie": answer.headers["set-cookie"].partition(";")[0]}, answer.json()["csrf"]


def refusal(answer: Any) -> tuple[int, str, str]:
    found = answer.json()
    return answer.status_code, found["code"], found["detail"]


# --- stolen -----------------------------------------------------------------------------------------------------


def test_a_stolen_session_is_worth_nothing_once_its_owner_has_signed_out() -> None:
    api = house()
    cookie, csrf = begun(api)
    assert api.call("DELETE", "/api/v1/session", headers={**cookie, "x-csrf-token": csrf}).status_code == 200
    assert api.get("/session", headers=cookie).status_code == 401
    assert api.get("/journal/head", headers=cookie).status_code == 401


def test_signing_out_everywhere_ends_the_session_that_somebody_else_has() -> None:
    api = house()
    stolen, _ = begun(api)
    assert api.get("/journal/head", headers=stolen).status_code == 200
    own, csrf = begun(api)
    answer = api.call("DELETE", "/api/v1/session/everywhere", headers={**own, "x-csrf-token": csrf})
    # These two, and the one that began with the link.
    assert answer.json() == {"ended": 3}
    assert api.get("/journal/head", headers=stolen).status_code == 401


def test_changing_the_password_ends_the_session_that_somebody_else_has() -> None:
    api = house()
    stolen, _ = begun(api)
    own, csrf = begun(api)
    body = {"old": PASSWORD, "new": "another long Passphrase"}
    assert api.post("/session/password", body, headers={**own, "x-csrf-token": csrf}).status_code == 201
    assert api.get("/journal/head", headers=stolen).status_code == 401


def test_the_secret_of_a_session_is_no_token_of_a_command_without_its_code() -> None:
    api = house()
    cookie, _ = begun(api)
    secret = cookie["cookie"].partition("=")[2]
    # In the header no other site can send it, so that it needs no code there.
    assert api.get("/journal/head", headers={"authorization": f"Bearer {secret}"}).status_code == 200
    assert api.post("/subjects", {}, headers=cookie).json()["code"] == "csrf"


# --- fixed ------------------------------------------------------------------------------------------------------


def test_a_session_that_was_put_into_the_browser_is_not_the_one_that_begins() -> None:
    api = house()
    planted, _ = begun(api)
    answer = api.post("/session", SIGN_IN, headers={"cookie": "ecodocket=eds_planted"})
    assert "eds_planted" not in answer.headers["set-cookie"]
    again = api.post("/session", SIGN_IN, headers=planted)
    # With the cookie of a session another one begins with its code, or not at all.
    assert again.json()["code"] == "csrf"
    assert api.get("/journal/head", headers={"cookie": "ecodocket=eds_planted"}).status_code == 401


# --- forged by another site ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [None, "", "x", "eds_x"])
def test_a_command_that_another_site_had_the_browser_send_is_refused(code: str | None) -> None:
    api = house()
    cookie, _ = begun(api)
    headers = {**cookie, **({} if code is None else {"x-csrf-token": code})}
    for method, path in (("POST", "/subjects"), ("DELETE", "/session"), ("POST", "/session/password")):
        answer = api.call(method, f"/api/v1{path}", headers=headers, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert api.get("/session", headers=cookie).status_code == 200


def test_the_code_of_another_session_does_not_help() -> None:
    api = house()
    cookie, _ = begun(api)
    _, code = begun(api)
    assert api.post("/subjects", {}, headers={**cookie, "x-csrf-token": code}).json()["code"] == "csrf"


# --- guessed ----------------------------------------------------------------------------------------------------


def test_whoever_guesses_learns_nothing_from_the_refusals() -> None:
    api = house()
    known = refusal(api.post("/session", {**SIGN_IN, "password": "wrong wrong wrong"}))
    unknown = refusal(api.post("/session", {"account": "nobody-here", "password": PASSWORD}))
    assert known == unknown
    assert known[:2] == (401, "refused")


def test_after_a_few_guesses_the_right_password_is_refused_with_the_same_words_for_a_while() -> None:
    api = house()
    told = {refusal(api.post("/session", {**SIGN_IN, "password": f"wrong {n} wrong"})) for n in range(MOST_FAILURES)}
    told.add(refusal(api.post("/session", SIGN_IN)))
    assert len(told) == 1
    clock = api.world.clock
    clock.set(clock.now() + HOUR // 4 - 1)
    assert api.post("/session", SIGN_IN).status_code == 401
    clock.set(clock.now() + 1)
    assert api.post("/session", SIGN_IN).status_code == 201


def test_who_asks_too_often_from_one_address_is_told_to_wait() -> None:
    api = house()
    api.client = "198.51.100.7"
    codes = [
        api.post("/session", {"account": f"guess-{n}", "password": PASSWORD}).status_code
        for n in range(MOST_A_MINUTE + 1)
    ]
    assert codes == [401] * MOST_A_MINUTE + [429]
    # Others are not.
    api.client = "198.51.100.8"
    assert api.post("/session", SIGN_IN).status_code == 201


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "other"), [("2001:db8:0:1::{}", "2001:db8:0:2::1"), ("::ffff:198.51.100.9", "::ffff:198.51.100.10")]
)
def test_who_has_a_whole_network_of_addresses_is_one_caller(network: str, other: str) -> None:
    api = house()
    codes = []
    for n in range(MOST_A_MINUTE + 1):
        api.client = network.format(f"{n:x}")
        codes.append(api.post("/session", {"account": f"guess-{n}", "password": PASSWORD}).status_code)
    assert codes == [401] * MOST_A_MINUTE + [429]
    api.client = other
    assert api.post("/session", SIGN_IN).status_code == 201


# --- the first administrator ----------------------------------------------------------------------------------------


def test_the_secret_that_the_server_printed_makes_the_first_administrator_once() -> None:
    api = Api()
    secret, api.administering.door.first_link = drawn_first()
    assert api.post("/session/link", {"link": secret, "password": "short"}).status_code == 422
    made = api.post("/session/link", {"link": secret, "password": PASSWORD})
    assert (made.status_code, made.json()["account"], made.json()["role"]) == (201, "admin", "administrator")
    assert refusal(api.post("/session/link", {"link": secret, "password": PASSWORD}))[:2] == (401, "refused")
    # The wall is up.
    assert api.get("/journal/head").status_code == 401
    assert api.post("/session", {"account": "admin", "password": PASSWORD}).status_code == 201


def test_with_an_account_the_printed_secret_makes_no_other() -> None:
    api = house()
    secret, api.administering.door.first_link = drawn_first()
    assert refusal(api.post("/session/link", {"link": secret, "password": PASSWORD}))[:2] == (401, "refused")


@pytest.mark.parametrize("link", ["edl_guessed", "", "x" * 400])
def test_without_a_printed_secret_no_link_makes_one(link: str) -> None:
    assert Api().post("/session/link", {"link": link, "password": PASSWORD}).status_code in (401, 422)
