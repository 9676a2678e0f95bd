"""What a request may cost: bodies that are too large, too deep, too slow, too wrong; hosts; errors all at once."""

import asyncio
import datetime as dt
import json
from typing import Any

import pytest

from domain.errors import MOST_TOLD
from domain.time import at_hour
from interfaces.http import bodies, desk
from interfaces.http.describing import document
from interfaces.http.problems import PROBLEM_KINDS, Trouble
from tests.interfaces.http_client import Api
from tests.support.world import BUREAU, REGIME, USCC

A = "00000000-0000-4000-8000-00000000000a"
AGENCY = {"kind": "agency", "id": A, "uscc": USCC, "name": "甲检测", "region": "150100", "services": ["monitoring"]}
FACT = {"regime": REGIME, "row": "B07", "authority": BUREAU, "document": "文书一", "decided_on": "2024-04-01"}


@pytest.fixture
def api() -> Api:
    api = Api()
    assert api.post("/subjects", AGENCY).status_code == 201
    return api


def test_at_most_fifty_errors_are_told_and_how_many_more_there_are(api: Api) -> None:
    body = {**FACT, **{f"u{n:x}": 0 for n in range(4_000)}}
    answer = api.post(f"/subjects/{A}/facts", body)
    errors = answer.json()["errors"]
    assert (answer.status_code, len(errors)) == (422, MOST_TOLD + 1)
    assert (errors[-1]["code"], errors[-1]["detail_en"]) == ("more", "and 3950 more, which are not told one by one.")
    assert "另有 3950 处错误" in answer.json()["detail"]
    assert len(answer.content) < 40_000


def test_the_parts_of_a_body_are_counted_before_it_is_read(api: Api) -> None:
    """Sixty thousand keys took fifteen seconds and an answer of twelve megabytes."""
    for body in (
        json.dumps({**FACT, **{f"u{n:x}": 0 for n in range(60_000)}}),
        json.dumps({**FACT, "evidence": [0] * 200_000}),
    ):
        answer = api.post(f"/subjects/{A}/facts", body.encode())
        assert (answer.status_code, answer.json()["code"]) == (413, "too_many_parts")
        assert len(answer.content) < 2_000


def test_one_field_too_many_is_told_with_all_the_others(api: Api) -> None:
    for number, told in ((MOST_TOLD, MOST_TOLD), (MOST_TOLD + 1, MOST_TOLD + 1)):
        body = {**FACT, **{f"unknown{n}": n for n in range(number)}}
        errors = api.post(f"/subjects/{A}/facts", body).json()["errors"]
        assert len(errors) == told
        assert (errors[-1]["code"] == "more") == (number > MOST_TOLD)


def test_a_name_nobody_knows_is_told_in_short(api: Api) -> None:
    answer = api.post(f"/subjects/{A}/facts", {**FACT, "x" * 500_000: 1})
    assert (answer.status_code, len(answer.content) < 5_000) == (422, True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" + ".a" * 200_000 + " = 1", "nested"),
        ("a = " + "[" * 100_000, "nested"),
        ("a = " + "9" * 5_000, "is too long"),
        ("a = 1e999999999", "is too long"),
        ("a = " + "{b = " * 5_000, "nested"),
        ("\n".join(f"k{n} = 1" for n in range(2_000)), "not told one by one"),
    ],
)
def test_an_edition_is_looked_at_before_it_is_read(api: Api, text: str, code: str) -> None:
    """Dotted keys took the square of their length, a number of 5,000 digits ended in 500."""
    body = {"text": text, "in_force_on": "2025-01-01", "edition": None}
    answer = api.post("/rulebooks/adoptions", body, dry_run="true")
    assert answer.status_code == 422
    assert code in json.dumps(answer.json()["errors"])


@pytest.mark.slow
@pytest.mark.parametrize("dots", [30, 100, 150_000], ids=["few each", "many each", "all in one"])
def test_300_kb_of_dotted_keys_are_refused_with_what_is_too_much(api: Api, dots: int) -> None:
    """Each key took the square of its parts."""
    key = ".".join("a" * dots)
    text = "\n".join(f"k{n}.{key} = 1" for n in range(max(1, 300_000 // len(key))))
    body = {"text": text, "in_force_on": "2025-01-01", "edition": None}
    answer = api.post("/rulebooks/adoptions", body, dry_run="true")
    assert answer.status_code == 422
    assert 1 <= len(answer.json()["errors"]) <= 51
    assert len(answer.content) < 100_000


def test_an_unknown_row_is_told_together_with_wrong_dates(api: Api) -> None:
    """A date that cannot be read, and one that lies in the future."""
    answer = api.post(f"/subjects/{A}/facts", {**FACT, "row": "B99", "decided_on": "2024-13-40"})
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/decided_on", "/row"]
    answer = api.post(f"/subjects/{A}/facts", {**FACT, "row": "B99", "decided_on": "2199-01-01"})
    assert sorted(e["pointer"] for e in answer.json()["errors"]) == ["/decided_on", "/row"]


def test_an_unknown_regime_in_a_body_is_a_bad_field(api: Api) -> None:
    """In a path or a question it is something that is not found."""
    answer = api.post(f"/subjects/{A}/facts", {**FACT, "regime": "mars.third_party"})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, "/regime", "unknown_regime")
    assert REGIME in error["detail_en"]
    both = api.post(f"/subjects/{A}/facts", {**FACT, "regime": "mars.third_party", "decided_on": "2024-13-40"})
    assert [e["pointer"] for e in both.json()["errors"]] == ["/decided_on", "/regime"]
    assert api.get(f"/subjects/{A}/grade", regime="mars.third_party").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/api/v1/subjects", "/api/v1/health", "/api/v1/openapi.json", "/api/v1/docs"])
@pytest.mark.parametrize(
    ("host", "status"),
    [("evil.example", 421), ("127.0.0.1.evil.example:8765", 421), ("LOCALHOST:8765", 200), ("[::1]:8765", 200)],
)
def test_only_requests_sent_to_this_machine_are_answered(api: Api, path: str, host: str, status: int) -> None:
    """Else a page of a foreign site whose name was made to point here could read everything."""
    answer = api.call("GET", path, headers={"host": host})
    if answer.status_code != 404:
        assert answer.status_code == status
    if status == 421:
        assert answer.json()["code"] == "misdirected"


def test_a_body_that_does_not_arrive_is_given_up(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.01)
    sent: list[dict[str, Any]] = []
    parts = [{"type": "http.request", "body": b'{"ki', "more_body": True}]

    async def receive() -> dict[str, Any]:
        if parts:
            return parts.pop()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    async def ask() -> None:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/api/v1/subjects",
            "raw_path": b"/api/v1/subjects",
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
        }
        await api.app(scope, receive, send)  # type: ignore[arg-type]

    asyncio.run(ask())
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["code"] == "too_slow"


def test_a_question_that_takes_too_long_is_given_up_and_says_what_to_do(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in range(3):
        day = (dt.date(2022, 4, 1) - dt.timedelta(days=row)).isoformat()
        fact = {**FACT, "decided_on": day, "document": f"文书{row}"}
        assert api.post(f"/subjects/{A}/facts", fact).status_code == 201
    path = f"/subjects/{A}/grade/counterfactuals"
    assert api.get(path, target="N", as_of="2022-12-30").status_code == 200
    monkeypatch.setattr(desk, "SECONDS", -1.0)
    answer = api.get(path, target="N", as_of="2022-12-30")
    assert (answer.status_code, answer.json()["code"]) == (503, "out_of_time")
    assert (answer.headers["retry-after"], "缩小范围" in answer.json()["detail"]) == ("10", True)


@pytest.mark.slow
def test_whoever_is_told_to_come_again_is_told_when() -> None:
    """Whichever way a problem of these statuses is raised: `Retry-After` is part of it, and of the description."""
    retried = [name for name, kind in PROBLEM_KINDS.items() if kind.status in (429, 503)]
    assert "unavailable" in retried
    for name in retried:
        assert dict(Trouble(name).headers)[b"retry-after"] == b"5"
        assert dict(Trouble(name, headers=[(b"retry-after", b"2")]).headers)[b"retry-after"] == b"2"
    description = json.loads(document())
    for path in description["paths"].values():
        for operation in path.values():
            found = operation["responses"]["503"]
            named = description["components"]["responses"].get(found.get("$ref", "").rpartition("/")[2], found)
            assert "Retry-After" in named["headers"]


def test_a_key_is_known_for_ever_and_a_dry_run_uses_none(api: Api) -> None:
    key = {"idempotency-key": "k"}
    api.world.clock.set(at_hour(dt.date(2025, 6, 16), 9))
    assert (
        api.post(f"/subjects/{A}/facts", {**FACT, "document": "文书二"}, headers=key, dry_run="true").status_code == 200
    )
    first = api.post(f"/subjects/{A}/facts", FACT, headers=key)
    api.world.clock.set(at_hour(dt.date(2045, 6, 16), 9))
    again = api.post(f"/subjects/{A}/facts", FACT, headers=key)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())


NOBODY = A.replace("00000a", "00000f")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/accounts/A%20B", None),
        (f"/subjects/{NOBODY}/evidence", None),
        (f"/subjects/{NOBODY}/letters", None),
        (f"/subjects/{A}/employment", {"practitioner": NOBODY, "from_on": "2024-01-01"}),
    ],
)
def test_what_a_path_or_a_body_names_and_is_not_there_is_not_found(api: Api, path: str, body: Any) -> None:
    answer = api.get(path) if body is None else api.post(path, body)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_number_beyond_its_bound_is_told_with_the_bound(api: Api) -> None:
    answer = api.post("/accounts/somebody/tokens", {"note": "网关", "days": 0})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "/days")
    assert error["detail_en"] == "is at least 1."


def test_an_edition_to_adopt_is_named_or_given_and_not_both(api: Api) -> None:
    for more in ({}, {"edition": "nmg.third_party@draft", "text": "x"}):
        answer = api.post("/rulebooks/adoptions", {"in_force_on": "2024-01-01", **more})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/edition"), answer.text


def test_whoever_breaks_off_in_the_midst_of_a_body_is_told_that_it_was_not_whole() -> None:
    said = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(said)

    with pytest.raises(Trouble) as told:
        asyncio.run(bodies.taken_in(receive))
    assert [fault.code for fault in told.value.faults] == ["incomplete"]


def test_a_path_that_takes_nothing_says_of_no_media_that_it_does(api: Api) -> None:
    answer = api.call("OPTIONS", "/api/v1/journal/head")
    assert (answer.headers["allow"], "accept-post" in answer.headers) == ("GET, HEAD, OPTIONS", False)
    assert "accept-post" in api.call("OPTIONS", f"/api/v1/subjects/{A}/facts").headers


def test_whoever_has_any_version_is_sent_none(api: Api) -> None:
    assert api.get(f"/subjects/{A}", headers={"if-none-match": "*"}).status_code == 304
    assert api.get(f"/subjects/{A}", headers={"if-none-match": '"another"'}).status_code == 200


def test_the_list_that_is_exported_is_the_one_that_was_searched_for(api: Api) -> None:
    for sought, number in (("甲检", 1), ("乙检", 0)):
        answer = api.get("/subjects/export", q=sought, format="csv")
        assert answer.text.count(A) == number
