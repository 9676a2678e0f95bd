"""Pages of other sites: none may read an answer, unless an operator names their origin."""

import asyncio

import httpx
import pytest
from litestar import Litestar

from interfaces.cli.app import run
from interfaces.cli.house import NotAvailable
from interfaces.http.app import app_at
from interfaces.main import InstalledHouse, _origins
from tests.interfaces.http_client import Api
from tests.support.serving import free_port

OURS, OTHER = "https://xy.example.gov.cn", "https://evil.example"


@pytest.fixture(scope="module")
def app() -> Litestar:
    """An application that shares with one origin, and with one on another port."""
    return app_at(Api().desk, [OURS, "http://localhost:5173"])


def ask(app: Litestar, method: str, path: str, **headers: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 5))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            return await http.request(method, path, headers={n.replace("_", "-"): v for n, v in headers.items()})

    return asyncio.run(asked())


def preflight(
    app: Litestar, origin: str, method: str = "POST", headers: str = "content-type,if-match"
) -> httpx.Response:
    asked = {"access-control-request-method": method, "access-control-request-headers": headers}
    return ask(app, "OPTIONS", "/api/v1/subjects", origin=origin, **asked)


def test_by_default_nothing_is_shared() -> None:
    api = Api()
    for method in ("GET", "OPTIONS"):
        answer = api.call(method, "/api/v1/subjects", headers={"origin": OURS, "access-control-request-method": "GET"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert "origin" not in api.get("/subjects").headers["vary"]


@pytest.mark.slow
def test_a_named_origin_may_read_and_another_may_not(app: Litestar) -> None:
    ours, other = (ask(app, "GET", "/api/v1/subjects", origin=origin) for origin in (OURS, OTHER))
    assert ours.headers["access-control-allow-origin"] == OURS
    assert {"etag", "location", "retry-after"} <= set(ours.headers["access-control-expose-headers"].split(", "))
    assert "access-control-allow-origin" not in other.headers
    for answer in (ours, other):
        assert "access-control-allow-credentials" not in answer.headers


def test_a_problem_is_read_as_well(app: Litestar) -> None:
    answer = ask(app, "GET", "/api/v1/nowhere", origin=OURS)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (404, OURS)


@pytest.mark.parametrize("origin", [OURS, OTHER, ""])
def test_an_answer_says_that_it_depends_on_the_origin_and_on_the_language(app: Litestar, origin: str) -> None:
    answer = ask(app, "GET", "/api/v1/subjects", **({"origin": origin} if origin else {}))
    assert {"origin", "accept-language", "accept-encoding"} <= set(answer.headers["vary"].split(", "))


def test_a_browser_that_asks_first_is_told_what_it_may_send(app: Litestar) -> None:
    for method in ("POST", "DELETE", "HEAD"):
        answer = preflight(app, OURS, method)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, OURS)
        assert method in answer.headers["access-control-allow-methods"]
    assert preflight(app, OURS, "PUT").status_code == 400
    assert preflight(app, OURS, headers="x-forged").status_code == 400
    refused = preflight(app, OTHER)
    assert (refused.status_code, refused.headers.get("access-control-allow-origin")) == (400, None)


def test_what_is_no_question_of_a_browser_is_answered_as_ever(app: Litestar) -> None:
    assert ask(app, "OPTIONS", "/api/v1/subjects").headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    ("named", "origins"),
    [
        ("", ()),
        (OURS, (OURS,)),
        (f"{OURS}, http://localhost:5173", (OURS, "http://localhost:5173")),
        ("http://[::1]:5173", ("http://[::1]:5173",)),
    ],
)
def test_origins_are_named_by_the_environment(named: str, origins: tuple[str, ...]) -> None:
    assert _origins({"ECODOCKET_CORS_ORIGINS": named}) == origins


@pytest.mark.parametrize(
    "named", ["*", "https://*.example", "null", "example.org", "https://a.example/", "ftp://a.example"]
)
def test_what_is_no_origin_is_refused_before_anything_is_served(named: str) -> None:
    with pytest.raises(NotAvailable, match="bad_origin"):
        _origins({"ECODOCKET_CORS_ORIGINS": f"{OURS} {named}"})


def test_whoever_serves_is_told_which_origin_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    house = InstalledHouse({"ECODOCKET_CORS_ORIGINS": f"{OURS} *"})
    serve = ["serve", "--port", str(free_port())]
    assert run(house, ["--database", "postgresql://nobody@127.0.0.1:1/none", *serve]) == 2
    assert "* 不是网页来源" in capsys.readouterr().err
