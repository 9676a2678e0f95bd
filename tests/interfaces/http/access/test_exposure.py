"""Who is answered where a server is reached from other machines: by its names, over TLS, or through a named proxy."""

from typing import Any

import pytest

from interfaces.cli.house import NotAvailable
from interfaces.exposing import exposure_of
from interfaces.http.access.exposure import Exposure
from interfaces.http.controllers.access.sessions import MOST_A_MINUTE
from tests.interfaces.http_client import Api
from tests.support.accounts import PASSWORD, account, token, with_first

NAME = "docket.example.gov.cn"
PROXY = "10.1.2.3"
ELSEWHERE = "203.0.113.9"
HEAD = "/api/v1/journal/head"
VIA_PROXY = {"x-forwarded-for": ELSEWHERE, "x-forwarded-proto": "https", "x-forwarded-host": NAME}


def reached(client: str, *, accounts: bool = True, **exposed: Any) -> Api:
    """A server that is exposed so, asked by a client at an address."""
    api = Api(client=client)
    if accounts:
        with_first(api.administering)
        account(api.administering, "officer")
    api.exposure = Exposure(**{"needs_tls": True, **exposed})
    return api


def bearer(api: Api, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token(api.administering, 'officer')}", **more}


def sign_in(api: Api, url: str, **headers: str) -> Any:
    body = {"account": "officer", "password": PASSWORD}
    return api.call("POST", f"{url}/api/v1/session", json=body, headers=headers)


# --- names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", [NAME, NAME.upper(), f"{NAME}:8443", "localhost", "127.0.0.1", "[::1]:8765"])
def test_a_server_answers_to_its_names_and_to_those_of_its_machine(host: str) -> None:
    api = reached(ELSEWHERE, hosts=frozenset({NAME}))
    assert api.call("GET", f"https://{NAME}{HEAD}", headers=bearer(api, host=host)).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", f"{NAME}.evil.example", f"x.{NAME}", "10.1.2.3"])
def test_a_question_to_a_name_that_is_not_its_own_is_misdirected(host: str) -> None:
    api = reached(ELSEWHERE, hosts=frozenset({NAME}))
    answer = api.call("GET", f"https://{NAME}{HEAD}", headers=bearer(api, host=host))
    assert (answer.status_code, answer.json()["code"]) == (421, "misdirected")
    assert api.call("GET", f"https://{NAME}/sign-in", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "host", [f"{NAME}:8443@evil.example", f"{NAME}:x", f"{NAME}:80/evil.example", f"{NAME}:80, evil.example", "", ":80"]
)
@pytest.mark.parametrize("path", [HEAD, "/sign-in", "/api/v1/openapi.json"])
def test_a_name_with_anything_but_a_port_behind_it_is_none(host: str, path: str) -> None:
    """Where somebody goes on to is made of the name, as on the way to an identity provider and back."""
    api = reached(ELSEWHERE, hosts=frozenset({NAME}))
    answer = api.call("GET", f"https://{NAME}{path}", headers=bearer(api, host=host))
    # The library takes some of them for no address at all.
    assert answer.status_code in (400, 421), answer.text


@pytest.mark.parametrize("path", [HEAD, "/sign-in", "/api/v1/openapi.json"])
def test_of_two_names_neither_counts(path: str) -> None:
    api = reached(ELSEWHERE, hosts=frozenset({NAME}))
    for two in ((NAME, "evil.example"), ("evil.example", NAME), (NAME, f"{NAME}:80")):
        sent = [*bearer(api).items(), *(("host", name) for name in two)]
        assert api.call("GET", f"https://{NAME}{path}", headers=sent).status_code == 421


def test_without_accounts_no_name_is_answered_to_but_the_machines_own() -> None:
    api = reached("127.0.0.1", accounts=False, hosts=frozenset({NAME}))
    assert api.call("GET", f"http://{NAME}{HEAD}").status_code == 421
    assert api.call("GET", f"http://localhost{HEAD}").status_code == 200


# --- TLS --------------------------------------------------------------------------------------------------------


def test_nothing_is_taken_in_clear_from_another_machine() -> None:
    api = reached(ELSEWHERE, hosts=frozenset({NAME}))
    for answer in (sign_in(api, f"http://{NAME}"), api.call("GET", f"http://{NAME}{HEAD}", headers=bearer(api))):
        assert (answer.status_code, answer.json()["code"]) == (421, "in_clear")
        assert "set-cookie" not in answer.headers


def test_over_tls_the_cookie_is_bound_to_the_host_and_on_this_machine_it_is_plain() -> None:
    api = reached(ELSEWHERE, hosts=frozenset({NAME}))
    cookie = sign_in(api, f"https://{NAME}").headers["set-cookie"]
    assert cookie.startswith("__Host-ecodocket=eds_")
    for said in ("; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"):
        assert said in cookie
    assert "Domain" not in cookie
    cookie = sign_in(reached("127.0.0.1"), "http://localhost").headers["set-cookie"]
    assert cookie.startswith("ecodocket=eds_")
    assert "Secure" not in cookie


@pytest.mark.slow
def test_a_browser_that_came_over_tls_comes_in_no_other_way_and_one_in_clear_is_told_nothing() -> None:
    """RFC 6797: the header counts over TLS alone, whether the server ends that or a proxy that is named."""
    api = reached(ELSEWHERE, hosts=frozenset({NAME}))
    for path, status in ((HEAD, 401), ("/sign-in", 200), ("/api/v1/openapi.json", 200), ("/nowhere", 404)):
        answer = api.call("GET", f"https://{NAME}{path}")
        assert (answer.status_code, answer.headers["strict-transport-security"]) == (status, "max-age=31536000"), path
    assert "strict-transport-security" not in reached("127.0.0.1").call("GET", "http://localhost/sign-in").headers
    behind = reached(PROXY, hosts=frozenset({NAME}), proxies=(PROXY,))
    assert "strict-transport-security" in behind.call("GET", "/sign-in", headers=VIA_PROXY).headers
    named_by_others = reached("127.0.0.1", hosts=frozenset({NAME}))
    assert "strict-transport-security" not in named_by_others.call("GET", "/sign-in", headers=VIA_PROXY).headers


def test_over_tls_a_cookie_that_another_site_of_the_domain_could_have_set_lets_nobody_in() -> None:
    api = reached(ELSEWHERE, hosts=frozenset({NAME}))
    secret = sign_in(api, f"https://{NAME}").headers["set-cookie"].partition("=")[2].partition(";")[0]
    for name, status in (("__Host-ecodocket", 200), ("ecodocket", 401)):
        headers = {"host": NAME, "cookie": f"{name}={secret}"}
        assert api.call("GET", f"https://{NAME}/api/v1/session", headers=headers).status_code == status


# --- proxies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [PROXY, "10.1.2.0/24"])
def test_a_named_proxy_is_believed(named: str) -> None:
    api = reached(PROXY, proxies=(named,), hosts=frozenset({NAME}))
    cookie = sign_in(api, "http://internal:8765", **VIA_PROXY).headers["set-cookie"]
    assert cookie.startswith("__Host-ecodocket=")


def test_what_anybody_else_says_of_whom_they_speak_for_changes_nothing() -> None:
    api = reached(ELSEWHERE, proxies=(PROXY,), hosts=frozenset({NAME}))
    answer = sign_in(api, f"http://{NAME}", **{**VIA_PROXY, "x-forwarded-for": "127.0.0.1"})
    assert answer.json()["code"] == "in_clear"


def test_a_host_that_somebody_else_forwards_is_not_looked_at() -> None:
    api = reached(ELSEWHERE, proxies=(PROXY,), hosts=frozenset({NAME}))
    answer = api.call("GET", f"https://evil.example{HEAD}", headers=bearer(api, **VIA_PROXY))
    assert (answer.status_code, answer.json()["code"]) == (421, "misdirected")


@pytest.mark.parametrize("sent", [{}, {"x-forwarded-for": ELSEWHERE}, {**VIA_PROXY, "x-forwarded-proto": "http"}])
def test_a_proxy_that_does_not_say_https_passes_on_nothing(sent: dict[str, str]) -> None:
    api = reached(PROXY, proxies=(PROXY,), hosts=frozenset({NAME}))
    assert sign_in(api, f"http://{NAME}", **sent).json()["code"] == "in_clear"


@pytest.mark.parametrize("named", [pytest.param("203.0.113.77:{}", marks=pytest.mark.slow), "[2001:db8::77]:{}"])
def test_a_caller_whom_a_proxy_names_with_a_port_is_counted_however_it_comes(named: str) -> None:
    api = reached(PROXY, proxies=(PROXY,), hosts=frozenset({NAME}))
    codes = [
        api.call(
            "POST",
            "http://internal:8765/api/v1/session",
            json={"account": f"guess-{port}", "password": PASSWORD},
            headers={**VIA_PROXY, "x-forwarded-for": named.format(port + 1024)},
        ).status_code
        for port in range(MOST_A_MINUTE + 1)
    ]
    assert codes == [401] * MOST_A_MINUTE + [429]


def test_who_names_this_machine_to_a_proxy_is_still_somebody_else() -> None:
    api = reached("127.0.0.1", accounts=False, proxies=("127.0.0.1",))
    sent = {"x-forwarded-for": f"127.0.0.1, {ELSEWHERE}", "x-forwarded-proto": "https", "x-forwarded-host": "localhost"}
    answer = api.call("POST", "http://localhost/api/v1/subjects", json={}, headers=sent)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/actor_refused")


# --- what the environment says ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"ECODOCKET_HOSTS": "https://docket.example"}, "bad_host"),
        ({"ECODOCKET_HOSTS": "*"}, "bad_host"),
        ({"ECODOCKET_HOSTS": "docket.example:8765"}, "bad_host"),
        ({"ECODOCKET_TRUSTED_PROXY": "*"}, "bad_proxy"),
        ({"ECODOCKET_TRUSTED_PROXY": "proxy.example"}, "bad_proxy"),
        ({"ECODOCKET_TRUSTED_PROXY": "10.1.2.3/24"}, "bad_proxy"),
    ],
)
def test_what_is_no_name_and_no_address_is_refused_before_anything_is_served(said: dict[str, str], code: str) -> None:
    with pytest.raises(NotAvailable) as refused:
        exposure_of(said)
    assert refused.value.code == code


def test_names_and_proxies_are_read_with_commas_or_blanks() -> None:
    said = {"ECODOCKET_HOSTS": f"{NAME.upper()}, 10.0.0.5 [fd00::5]", "ECODOCKET_TRUSTED_PROXY": "10.1.2.3,fd00::/64"}
    assert exposure_of(said) == Exposure(frozenset({NAME, "10.0.0.5", "fd00::5"}), ("10.1.2.3", "fd00::/64"), True)
