"""Compressed answers: which are, for whom, and with which tag."""

import asyncio
import gzip
import json

import httpx
import pytest

from interfaces.http.describing import OPERATIONS
from interfaces.http.semantics.codings import LEAST
from tests.interfaces.http_story import F1, A, Told, told_once


@pytest.fixture(scope="module")
def told() -> Told:
    return told_once()


def sent(told: Told, path: str, accept: str | None, method: str = "GET", **headers: str) -> httpx.Response:
    """The answer; ``accept`` is what the client says that it can read, ``None`` for nothing."""
    said = {"accept-encoding": accept or "identity", **headers}
    return told.api.call(method, path, headers=said)


@pytest.mark.slow
def test_every_large_answer_is_compressed_for_whoever_can_read_it_and_says_that_it_depends(told: Told) -> None:
    compressed = set()
    questions = [o for o in OPERATIONS if o.is_question]
    paths = {
        id: a.request.url.raw_path.decode() for (id, _), (_, a) in told.answers.items() if a.request.method == "GET"
    }
    pages = {f"/api/v1/{name}": f"/api/v1/{name}" for name in ("openapi.json", "docs/swagger-ui-bundle.js")}
    for id, path in {**paths, **pages}.items():
        plain, packed = sent(told, path, None), sent(told, path, "gzip, br;q=0.5")
        assert "content-encoding" not in plain.headers
        assert packed.content == plain.content, path
        is_large = len(plain.content) >= LEAST
        is_compressed = packed.headers.get("content-encoding") == "gzip"
        if is_compressed:
            compressed.add(id)
            assert int(packed.headers["content-length"]) < len(plain.content)
        for answer in (plain, packed):
            assert ("accept-encoding" in answer.headers.get("vary", "")) is is_compressed, path
        of = next((o for o in questions if o.id == id), None)
        is_page = "text/html" in plain.headers["content-type"]
        is_file = of is not None and (of.is_plain or (bool(of.files) and not is_page))
        assert is_compressed is (is_large and id != "get_grade" and not is_file), path
    assert {"get_rulebook", "get_evaluations", "get_fact", *pages} <= compressed


def test_a_compressed_answer_has_a_tag_of_its_own_and_either_is_not_sent_twice(told: Told) -> None:
    path = f"/api/v1/subjects/{A}?as_of=2025-06-16"
    plain, packed = sent(told, path, None), sent(told, path, "gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["etag"] != packed.headers["etag"]
    for accept, own in ((None, plain), ("gzip", packed)):
        for known in (plain, packed):
            same = sent(told, path, accept, **{"if-none-match": known.headers["etag"]})
            assert (same.status_code, same.content) == (304, b"")
            assert same.headers["etag"] == own.headers["etag"]
            assert same.headers["vary"] == own.headers["vary"]
            assert "content-encoding" not in same.headers


def test_the_tag_of_a_compressed_profile_is_good_to_rely_on(told: Told) -> None:
    tag = sent(told, f"/api/v1/subjects/{A}", "gzip").headers["etag"]
    body = {"kind": "litigation", "filed_on": "2025-06-10"}
    assert "-gzip" in tag
    trial = told.api.post(f"/facts/{F1}/contest", body, headers={"if-match": tag}, dry_run="true")
    assert trial.status_code == 200, trial.text


@pytest.mark.parametrize(
    ("accept", "is_compressed"),
    [
        ("gzip", True),
        ("GZIP;q=0.3", True),
        ("x-gzip", True),
        ("*", True),
        ("br, *;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip;q=0.2, identity;q=0.9", False),
        ("gzip;q=much", False),
        ("br, zstd", False),
        ("", False),
        ("identity", False),
    ],
)
def test_gzip_is_sent_to_whoever_prefers_it(told: Told, accept: str, is_compressed: bool) -> None:
    answer = told.api.call("GET", "/api/v1/rulebooks", headers={"accept-encoding": accept})
    assert (answer.headers.get("content-encoding") == "gzip") is is_compressed


def test_the_bytes_are_those_of_gzip_and_the_same_each_time(told: Told) -> None:
    async def raw() -> bytes:
        found: list[bytes] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            found.append(bytes(message.get("body", b"")))  # type: ignore[call-overload]

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": "/api/v1/rulebooks", "raw_path": b"", "query_string": b"", "root_path": "",
            "headers": [(b"host", b"localhost"), (b"accept-encoding", b"gzip")],
            "client": ("127.0.0.1", 1), "server": ("localhost", 80),
        }  # fmt: skip
        await told.api.app(scope, receive, send)  # type: ignore[arg-type]
        return b"".join(found)

    first, again = asyncio.run(raw()), asyncio.run(raw())
    assert first == again
    assert json.loads(gzip.decompress(first)) == sent(told, "/api/v1/rulebooks", None).json()
