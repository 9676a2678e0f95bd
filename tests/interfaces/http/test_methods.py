"""Methods as the RFCs have them: what a path takes, how it is asked without its content, what a body may be."""

import re

import pytest

from interfaces.http.describing import OPERATIONS
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import Told, told_once
from tests.support.world import BUREAU, REGIME

A = "00000000-0000-4000-8000-00000000000a"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def told() -> Told:
    return told_once()


def paths() -> list[str]:
    """Every path of the API, with some value for each part that varies."""
    return sorted({re.sub(r"\{[^}]*\}", A, r.path_format) for r in Api().app.routes})


@pytest.mark.slow
def test_every_path_says_which_methods_it_takes_and_takes_no_other() -> None:
    api = Api()
    for path in paths():
        told = api.call("OPTIONS", path)
        assert (told.status_code, told.headers["server"]) == (204, "ecodocket"), path
        allowed = set(told.headers["allow"].split(", "))
        answers = {method: api.call(method, path) for method in METHODS}
        assert {m for m, a in answers.items() if a.status_code != 405} | {"OPTIONS"} == allowed, path
        refused = [a for a in answers.values() if a.status_code == 405]
        assert refused
        for answer in refused:
            assert answer.headers["allow"] == told.headers["allow"], path
        assert ("POST" in allowed) == (told.headers.get("accept-post") == "application/json"), path


@pytest.mark.slow
def test_whatever_can_be_read_can_be_asked_for_without_its_content(told: Told) -> None:
    read = {
        id: a.request.url.raw_path.decode() for (id, _), (_, a) in told.answers.items() if a.request.method == "GET"
    }
    assert set(read) == {o.id for o in OPERATIONS if o.method == "GET"}
    pages = ["/", "/api/v1/openapi.json", "/api/v1/docs", "/api/v1/docs/start.js", "/problems/stale", "/problems/none"]
    for path in (*read.values(), *pages, "/nowhere", f"/api/v1/subjects/{A}/grade?foo=1", "/api/v1/subjects/x/grade"):
        whole, head = (told.api.call(method, path) for method in ("GET", "HEAD"))
        assert (head.status_code, head.content) == (whole.status_code, b""), path
        assert head.headers == whole.headers, path
        plain = told.api.call("GET", path, headers={"accept-encoding": "identity"})
        assert plain.headers.get("content-length", str(len(plain.content))) == str(len(plain.content)), path


@pytest.mark.slow
@pytest.mark.parametrize("media", ["text/plain", "application/json; charset=gbk", "application/x-www-form-urlencoded"])
def test_every_command_takes_json_or_a_file_and_says_so(media: str) -> None:
    api = Api()
    commands = [o for o in OPERATIONS if o.method == "POST"]
    assert commands
    for operation in commands:
        path = re.sub(r"\{[^}]*\}", A, operation.path)
        answer = api.post(path, {"any": "thing"}, headers={"content-type": media})
        assert (answer.status_code, answer.json()["type"]) == (415, "/problems/unsupported_media"), path
        assert answer.json()["errors"][0]["parameter"] == "Content-Type"
        assert ("application/json" in answer.headers["accept-post"]) is not operation.takes_file


def test_a_compressed_body_is_not_taken_and_the_answer_says_what_is() -> None:
    fact = {"regime": REGIME, "row": "B07", "authority": BUREAU, "document": "文书一"}
    answer = Api().post(f"/subjects/{A}/facts", fact, headers={"content-encoding": "gzip"})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")
    assert answer.json()["errors"][0]["parameter"] == "Content-Encoding"
    assert Api().post("/subjects/counts", fact, headers={"content-encoding": "identity"}).status_code == 405


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json", "*/*", "text/html", "image/png"])
def test_no_reader_is_refused_for_what_it_would_rather_have(accept: str) -> None:
    answer = Api().get("/journal/head", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
