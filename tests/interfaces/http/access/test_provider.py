"""Signing in by an identity provider over real HTTP: whose tokens are taken, who bears them, and who is refused."""

import base64
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest

from application.access.accounts import AccountChange
from application.access.signing_in import NotSignedIn
from application.principal import Principal
from interfaces.cli.house import NotAvailable
from interfaces.files.shipped_places import shipped_places
from interfaces.http.access.authentication import still_admitted
from interfaces.oidc.provider import AGAIN_SECONDS, LEEWAY_SECONDS, STALE_SECONDS, IdentityProvider, ProviderAbsent
from interfaces.oidc.settings import ProviderSettings, provider_settings
from interfaces.oidc.signing_in import FLOW_SECONDS, ProviderDoor
from tests.interfaces.http_client import Api
from tests.support.accounts import account, token, with_first
from tests.support.issuer import MAPPING, UNFIT, Issuer

pytestmark = [
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:authlib.jose module is deprecated"),
]
"""The provider of the tests is written with what its library warns of."""

A = "00000000-0000-4000-8000-00000000000a"
CLIENT = "docket"
SECOND = 1_000_000


class Hands:
    """A clock of a process that a test turns."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer() as found:
        yield found


def house(url: str, hands: Hands | None = None) -> Api:
    """An API that takes the tokens of an issuer."""
    api = Api()
    api.world.clock.set(int(time.time()) * SECOND)
    settings = ProviderSettings(url, "ecodocket", MAPPING, CLIENT, "secret")
    provider = IdentityProvider(url, api.world.clock, hands or Hands())
    at = api.administering
    door = ProviderDoor(settings, provider, at.door, shipped_places(), api.world.clock, bytes(32))
    api.desk.provider = api.desk.copies.primary.provider = door
    return api


def asked(api: Api, sent: str) -> tuple[int, str]:
    answer = api.get("/journal/head", headers={"authorization": f"Bearer {sent}"})
    return answer.status_code, answer.json().get("code", "")


def _part(said: dict[str, Any]) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


REFUSED = (401, "signed_out")
UNMAPPED = (401, "unmapped")


# --- tokens -----------------------------------------------------------------------------------------------------


def test_a_token_of_the_issuer_lets_its_bearer_in_as_its_claims_say(issuer: Issuer) -> None:
    api = house(issuer.url)
    found = api.get("/session", headers={"authorization": f"Bearer {issuer.token()}"}).json()
    assert (found["account"], found["role"], found["place"]) == ("oidc-wang", "officer", "150100")
    assert asked(api, issuer.token(region="呼和浩特")) == (200, "")


def test_with_a_provider_nobody_is_let_in_without_signing_in_though_there_is_no_account(issuer: Issuer) -> None:
    assert house(issuer.url).get("/journal/head").status_code == 401


def test_tokens_of_this_server_go_on_working_beside_it(issuer: Issuer) -> None:
    api = house(issuer.url)
    with_first(api.administering)
    account(api.administering, "officer")
    assert asked(api, token(api.administering, "officer")) == (200, "")


def test_a_token_ends_and_begins_a_minute_late_or_early_at_most(issuer: Issuer) -> None:
    api, now = house(issuer.url), int(time.time())
    api.world.clock.set(now * SECOND)
    assert asked(api, issuer.token(exp=now - LEEWAY_SECONDS + 1)) == (200, "")
    assert asked(api, issuer.token(exp=now - LEEWAY_SECONDS - 1)) == (401, "expired")
    assert asked(api, issuer.token(nbf=now + LEEWAY_SECONDS)) == (200, "")
    assert asked(api, issuer.token(nbf=now + LEEWAY_SECONDS + 1)) == REFUSED


@pytest.mark.slow
@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"aud": "somebody-else"},
        {"aud": ["a", "b"]},
        {"aud": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"exp": 10**400},
        {"sub": None},
        {"sub": 7},
    ],
    ids=str,
)
def test_a_token_of_another_issuer_for_another_audience_or_without_end_is_refused(
    issuer: Issuer, claims: dict[str, Any]
) -> None:
    assert asked(house(issuer.url), issuer.token(**claims)) == REFUSED


def test_a_forged_token_is_refused(issuer: Issuer) -> None:
    api = house(issuer.url)
    assert asked(api, issuer.token(key=Issuer.new_key("one"))) == REFUSED
    head, body, signature = issuer.token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = _part(claims | {"roles": ["auditors"]})
    assert asked(api, f"{head}.{changed}.{signature}") == REFUSED


def test_a_token_that_nobody_signed_is_refused(issuer: Issuer) -> None:
    head = _part({"alg": "none", "kid": "one"})
    body = issuer.token().split(".")[1]
    for sent in (f"{head}.{body}.", f"{head}.{body}.x"):
        assert asked(house(issuer.url), sent) == REFUSED


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(issuer: Issuer) -> None:
    head = _part({"alg": "HS256", "kid": "one"})
    body = issuer.token().split(".")[1]
    for secret in (issuer.keys[0].as_pem(private=False), issuer.keys[0].as_der(private=False)):
        seal = hmac.digest(secret, f"{head}.{body}".encode(), "sha256")
        forged = f"{head}.{body}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"
        assert asked(house(issuer.url), forged) == REFUSED


def test_a_token_that_brings_its_own_key_is_refused(issuer: Issuer) -> None:
    own = Issuer.new_key("mine")
    sent = issuer.token(key=own, header={"jwk": own.as_dict(private=False), "jku": "http://127.0.0.1:1/keys"})
    assert asked(house(issuer.url), sent) == REFUSED


@pytest.mark.slow
@pytest.mark.parametrize("sent", ["x", "a.b.c", "....", "eyJ.eyJ.x", "é", "a" * 16_385, "." * 16_000])
def test_what_is_no_token_is_refused(issuer: Issuer, sent: str) -> None:
    headers = {"authorization": f"Bearer {sent}".encode()}
    answer = house(issuer.url).call("GET", "/api/v1/journal/head", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == REFUSED


# --- claims -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("claims", UNFIT, ids=lambda claims: str(claims)[:60])
def test_claims_that_fit_no_single_account_let_nobody_in(issuer: Issuer, claims: dict[str, Any]) -> None:
    assert asked(house(issuer.url), issuer.token(**claims)) == UNMAPPED


def test_a_name_of_ten_megabytes_is_refused_before_it_is_read(issuer: Issuer) -> None:
    sent = issuer.token(name="王" * 3_500_000)
    answer = house(issuer.url).get("/journal/head", headers={"authorization": f"Bearer {sent}"})
    assert (answer.status_code, answer.json()["code"]) == REFUSED
    assert len(answer.content) < 2_000


def test_a_participant_gets_the_file_that_a_claim_names_and_no_other(issuer: Issuer) -> None:
    api = house(issuer.url)
    sent = {"authorization": f"Bearer {issuer.token(roles=['lab'], file=A)}"}
    assert api.get("/session", headers=sent).json()["subject"] == A
    assert api.get(f"/subjects/{A.replace('a', 'b')}", headers=sent).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("sub", ["Wang Wei", "11010519491231002X", "XYZ", "王某", "root-" + "x" * 80])
def test_what_is_no_id_here_is_stored_as_its_digest_and_is_nobody_else(issuer: Issuer, sub: str) -> None:
    api = house(issuer.url)
    found = api.get("/session", headers={"authorization": f"Bearer {issuer.token(sub=sub)}"}).json()["account"]
    assert found.startswith("oidc_")
    assert sub.lower() not in found


def test_a_service_acts_for_the_person_whom_a_signed_claim_names(issuer: Issuer) -> None:
    api = house(issuer.url)
    door = api.desk.provider
    assert door is not None
    known = door.identify(issuer.token(act={"sub": "portal", "act": {"sub": "earlier"}}))
    assert known.principal == Principal("oidc-wang", "officer", "150100", None, "portal")
    assert known.principal.recorded_as == "portal for oidc-wang"


def test_who_was_shut_out_here_stays_out_whatever_the_provider_says(issuer: Issuer) -> None:
    api = house(issuer.url)
    with_first(api.administering)
    account(api.administering, "oidc-wang")
    assert asked(api, issuer.token()) == REFUSED


def test_a_token_that_ended_or_whose_bearer_was_shut_out_admits_nobody_to_what_goes_on(issuer: Issuer) -> None:
    """A stream of changes asks again and again whether its reader may still be told."""
    api = house(issuer.url)
    door, now = api.desk.provider, int(time.time())
    assert door is not None
    known = door.identify(issuer.token(exp=now + 300))
    api.world.clock.set((now + 300) * SECOND - 1)
    assert still_admitted(api.desk.door, door, known)
    api.world.clock.set((now + 300) * SECOND)
    assert not still_admitted(api.desk.door, door, known)
    api.world.clock.set(now * SECOND)
    with_first(api.administering)
    wang = msgspec.structs.replace(known.account, is_active=False)
    assert api.administering.door.keep(wang, AccountChange(at=0, by="oidc", account="oidc-wang", what="made"))
    assert not still_admitted(api.desk.door, door, known)
    assert not still_admitted(api.desk.door, None, known)


# --- keys -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_new_key_is_found_at_once_and_unknown_ones_are_asked_for_once_a_minute(issuer: Issuer) -> None:
    hands = Hands()
    api = house(issuer.url, hands)
    assert asked(api, issuer.token()) == (200, "")
    hands.at += AGAIN_SECONDS
    issuer.keys.append(Issuer.new_key("two"))
    assert asked(api, issuer.token()) == (200, "")
    assert issuer.asked == 2
    for number in range(20):
        assert asked(api, issuer.token(key=Issuer.new_key("three"), sub=f"n{number}")) == REFUSED
    assert issuer.asked == 2
    hands.at += AGAIN_SECONDS - 1
    issuer.keys.append(Issuer.new_key("four"))
    assert asked(api, issuer.token()) == REFUSED
    hands.at += 1
    assert asked(api, issuer.token()) == (200, "")


def test_a_key_that_the_issuer_has_withdrawn_is_believed_for_an_hour_at_most(issuer: Issuer) -> None:
    hands = Hands()
    api = house(issuer.url, hands)
    old = issuer.keys[0]
    assert asked(api, issuer.token(key=old)) == (200, "")
    issuer.keys = [Issuer.new_key("two")]
    hands.at += STALE_SECONDS
    assert asked(api, issuer.token(key=old, sub="li-si")) == REFUSED


def test_keys_that_are_known_go_on_working_while_the_issuer_is_gone(issuer: Issuer) -> None:
    hands = Hands()
    api = house(issuer.url, hands)
    assert asked(api, issuer.token()) == (200, "")
    issuer.is_gone = True
    hands.at += STALE_SECONDS
    assert asked(api, issuer.token(sub="li-si")) == (200, "")


OTHER_KEYS: tuple[Any, ...] = (
    {"kty": "AKP", "alg": "ML-DSA-65", "kid": "later", "pub": "AAAA"},
    {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"},
    {"kty": "RSA", "kid": "broken"}, {"kty": "RSA", "n": 7, "e": [1]}, {"kty": ["RSA"]}, {}, "key", None, [1],
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("other", OTHER_KEYS, ids=str)
def test_a_key_that_nobody_here_can_read_does_not_hide_the_others(issuer: Issuer, other: Any) -> None:
    issuer.others = [other]
    assert asked(house(issuer.url), issuer.token()) == (200, "")


def test_an_issuer_with_no_key_that_can_be_read_is_told_as_an_outage(issuer: Issuer) -> None:
    sent = issuer.token()
    issuer.keys = []
    for others in (list(OTHER_KEYS), []):
        issuer.others = others
        assert asked(house(issuer.url), sent) == (503, "provider_absent")


def test_an_issuer_that_never_answered_is_told_as_an_outage(issuer: Issuer) -> None:
    issuer.is_gone = True
    api = house(issuer.url)
    answer = api.get("/journal/head", headers={"authorization": f"Bearer {issuer.token()}"})
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_absent")
    assert answer.headers["retry-after"] == "10"


@pytest.mark.parametrize("says", [{"issuer": "https://other.example"}, {"jwks_uri": "http://127.0.0.1:1/"}])
def test_metadata_of_somebody_else_are_not_believed(issuer: Issuer, says: dict[str, str]) -> None:
    issuer.says = says
    assert asked(house(issuer.url), issuer.token()) == (503, "provider_absent")


UNSAFE = (
    "http://id.example/x", "ftp://id.example/x", "javascript:alert(1)", "//id.example/x", "https://", "/x",
    "https://id.example/x#y", "https://[id.example/x", "http://127.0.0.1.id.example/x", "", None, 7,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ["jwks_uri", "token_endpoint", "authorization_endpoint"])
@pytest.mark.parametrize("address", UNSAFE, ids=str)
def test_a_provider_is_asked_nothing_that_could_be_read_or_changed_on_the_way(
    issuer: Issuer, name: str, address: Any
) -> None:
    issuer.says = {name: address}
    provider = IdentityProvider(issuer.url, house(issuer.url).world.clock, Hands())
    with pytest.raises(ProviderAbsent):
        provider.endpoint(name)


def test_no_browser_is_sent_to_a_page_in_clear_and_one_with_a_query_of_its_own_is_left_it(issuer: Issuer) -> None:
    issuer.says = {"authorization_endpoint": "http://id.example/authorize"}
    answer = house(issuer.url).call("GET", "/api/v1/session/oidc")
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_absent")
    assert "location" not in answer.headers
    issuer.says = {"authorization_endpoint": "https://id.example/authorize?policy=staff"}
    answer = house(issuer.url).call("GET", "/api/v1/session/oidc")
    to = urlsplit(answer.headers["location"])
    assert (to.scheme, to.hostname, to.path) == ("https", "id.example", "/authorize")
    asked_for = parse_qs(to.query)
    assert (asked_for["policy"], asked_for["client_id"]) == (["staff"], [CLIENT])


def test_a_token_that_another_client_was_given_does_not_say_who_has_just_signed_in(issuer: Issuer) -> None:
    provider = IdentityProvider(issuer.url, house(issuer.url).world.clock, Hands())
    both = [CLIENT, "other"]
    for own in (None, CLIENT):
        assert provider.claims(issuer.token(aud=both, nonce="n", azp=own), CLIENT, nonce="n")["sub"] == "wang"
    for azp in ("other", [CLIENT], 7):
        with pytest.raises(NotSignedIn):
            provider.claims(issuer.token(aud=both, nonce="n", azp=azp), CLIENT, nonce="n")
    # The token of a program is given to that program, and made for this server.
    assert provider.claims(issuer.token(aud=both, azp="other"), CLIENT)["sub"] == "wang"


# --- the provider's page ------------------------------------------------------------------------------------------


@pytest.fixture
def bureau() -> Iterator[str]:
    """The page of a provider that knows an officer, and somebody without a role."""
    # Imported where it is used: every process that only looks for its tests would load it.
    from oidc_provider_mock import User, run_server_in_thread

    known = (
        User(sub="wang", claims={"roles": ["officer"], "region": "150100", "name": "王某"}),
        User(sub="guest", claims={"name": "客人"}),
    )
    with run_server_in_thread(user_claims=known) as server:
        yield f"http://localhost:{server.server_port}"


def sent(api: Api) -> tuple[str, dict[str, str]]:
    """Where a browser is sent, and the cookie that it keeps."""
    answer = api.call("GET", "/api/v1/session/oidc")
    assert answer.status_code == 303, answer.text
    assert "SameSite=Lax" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    return answer.headers["location"], {"cookie": answer.headers["set-cookie"].partition(";")[0]}


def allowed(address: str, sub: str = "wang") -> dict[str, str]:
    """What the provider sends a browser back with, once somebody has said yes."""
    answer = httpx.post(address, data={"sub": sub})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.path == "/api/v1/session/oidc/callback"
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def came_back(api: Api, cookie: dict[str, str], given: dict[str, str]) -> httpx.Response:
    return api.call("GET", "/api/v1/session/oidc/callback", params=given, headers=cookie)


@pytest.mark.slow
def test_somebody_signs_in_through_the_page_of_the_provider(bureau: str) -> None:
    api = house(bureau)
    address, cookie = sent(api)
    asked_for = parse_qs(urlsplit(address).query)
    assert asked_for["code_challenge_method"] == ["S256"]
    assert asked_for["response_type"] == ["code"]
    assert {"state", "nonce", "code_challenge"} <= asked_for.keys()
    back = came_back(api, cookie, allowed(address))
    assert (back.status_code, back.headers["location"]) == (303, "/sign-in"), back.text
    session = next(c for c in back.headers.get_list("set-cookie") if c.startswith("ecodocket="))
    state = api.get("/session", headers={"cookie": session.partition(";")[0]}).json()
    assert (state["account"], state["role"], state["name"]) == ("oidc-wang", "officer", "王某")
    # An administrator sees the account, and can shut it out.
    kept = api.administering.door.accounts.get("oidc-wang")
    assert kept is not None
    api.administering.deactivate(Principal("root", "administrator", "000000"), "oidc-wang")
    address, cookie = sent(api)
    assert came_back(api, cookie, allowed(address)).status_code == 401


def test_whom_the_provider_moves_goes_on_with_no_token_that_was_made_before(bureau: str) -> None:
    """The administrator of the old place made it, and could act at the new one."""
    api = house(bureau)
    address, cookie = sent(api)
    assert came_back(api, cookie, allowed(address)).status_code == 303
    accounts = api.administering.door.accounts
    log = AccountChange(at=0, by="oidc", account="oidc-wang", what="changed")
    accounts.change("oidc-wang", {"role": "clerk", "place": "150102"}, log)
    old = token(api.administering, "oidc-wang")
    assert asked(api, old) == (200, "")
    address, cookie = sent(api)
    assert came_back(api, cookie, allowed(address)).status_code == 303
    assert asked(api, old) == REFUSED


def test_who_has_no_role_here_does_not_sign_in(bureau: str) -> None:
    api = house(bureau)
    address, cookie = sent(api)
    back = came_back(api, cookie, allowed(address, "guest"))
    assert (back.status_code, back.json()["code"]) == UNMAPPED
    assert "set-cookie" not in back.headers


def test_a_way_back_that_somebody_else_began_begins_no_session(bureau: str) -> None:
    """Session fixation: whoever lures a browser to the address with their own code is not signed in there."""
    api = house(bureau)
    address, _ = sent(api)
    given = allowed(address)
    _, own = sent(api)
    for cookie in ({}, own, {"cookie": "ecodocket-oidc=forged"}):
        back = came_back(api, cookie, given)
        assert (back.status_code, back.json()["code"]) == (401, "refused")
        assert "set-cookie" not in back.headers


def test_a_state_or_a_code_that_was_changed_begins_no_session(bureau: str) -> None:
    api = house(bureau)
    address, cookie = sent(api)
    given = allowed(address)
    for bad in (
        {"state": "x"},
        {"state": ""},
        {"state": "状态"},
        {"code": "x"},
        {"code": ""},
        {"iss": "https://other.example"},
    ):
        assert came_back(api, cookie, given | bad).json()["code"] == "refused", bad


@pytest.mark.slow
def test_a_code_works_once(bureau: str) -> None:
    api = house(bureau)
    address, cookie = sent(api)
    given = allowed(address)
    assert came_back(api, cookie, given).status_code == 303
    assert came_back(api, cookie, given).json()["code"] == "refused"


@pytest.mark.slow
def test_a_token_for_another_question_begins_no_session(bureau: str) -> None:
    """The nonce: a code that was given for another way through the page is refused though the state is right."""
    api = house(bureau)
    address, cookie = sent(api)
    other = address.replace(parse_qs(urlsplit(address).query)["nonce"][0], "another")
    assert came_back(api, cookie, allowed(other)).json()["code"] == "signed_out"


def test_who_takes_too_long_begins_anew(bureau: str) -> None:
    api = house(bureau)
    address, cookie = sent(api)
    given = allowed(address)
    api.world.clock.set(api.world.clock.now() + (FLOW_SECONDS + 61) * SECOND)
    assert came_back(api, cookie, given).json()["code"] == "refused"


def test_without_a_provider_there_is_no_such_way() -> None:
    api = Api()
    assert api.call("GET", "/api/v1/session/oidc").status_code == 404
    assert api.call("GET", "/api/v1/session/oidc/callback").status_code == 404


def test_a_request_to_another_name_is_not_sent_to_the_provider(bureau: str) -> None:
    api = house(bureau)
    assert api.call("GET", "/api/v1/session/oidc", headers={"host": "evil.example"}).status_code == 421


# --- settings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"ECODOCKET_OIDC_ISSUER": "http://id.example"}, "bad_issuer"),
        ({"ECODOCKET_OIDC_ISSUER": "id.example"}, "bad_issuer"),
        ({"ECODOCKET_OIDC_ISSUER": "https://id.example/?x=1"}, "bad_issuer"),
        ({"ECODOCKET_OIDC_ISSUER": "https://id.example/#x"}, "bad_issuer"),
        ({"ECODOCKET_OIDC_ISSUER": "https://[id.example"}, "bad_issuer"),
        ({"ECODOCKET_OIDC_MAPPING": ""}, "half_oidc"),
        ({"ECODOCKET_OIDC_AUDIENCE": ""}, "half_oidc"),
        ({"ECODOCKET_OIDC_MAPPING": "/nowhere.toml"}, "bad_mapping"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_before_anything_is_served(said: dict[str, str], code: str) -> None:
    usual = {
        "ECODOCKET_OIDC_ISSUER": "https://id.example",
        "ECODOCKET_OIDC_AUDIENCE": "ecodocket",
        "ECODOCKET_OIDC_MAPPING": "/nowhere.toml",
    }
    with pytest.raises(NotAvailable) as refused:
        provider_settings(usual | said)
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["x", "[role]\nclaim = 'a'\nof = { x = 'boss' }", "[role]\nclam = 'a'", "a = ["])
def test_a_mapping_that_means_nothing_is_refused_with_its_place(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text)
    with pytest.raises(NotAvailable) as refused:
        provider_settings(
            {
                "ECODOCKET_OIDC_ISSUER": "https://id.example",
                "ECODOCKET_OIDC_AUDIENCE": "a",
                "ECODOCKET_OIDC_MAPPING": str(path),
            }
        )
    assert refused.value.code == "bad_mapping"


def test_a_provider_that_cannot_be_asked_is_no_refusal(issuer: Issuer) -> None:
    issuer.is_gone = True
    door = house(issuer.url).desk.provider
    assert door is not None
    with pytest.raises(ProviderAbsent):
        door.identify(issuer.token())
    with pytest.raises(NotSignedIn):
        door.identify("x" * 20_000)
