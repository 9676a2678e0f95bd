"""Deadlines of one file: by the list and by its own question, and as they were known at a moment."""

from typing import Any

import pytest

from tests.interfaces.http_client import Api
from tests.interfaces.http_story import A, J, Told, told_once
from tests.support.world import REGIME


@pytest.fixture(scope="module")
def api() -> Api:
    return told_once().api


def ids(found: dict[str, Any]) -> list[str]:
    return [line["id"] for line in found["lines"]]


ALL = [("state", s) for s in ("open", "met", "late", "skipped", "overdue", "lapsed", "ended", "suspended")]


def asked(api: Api, path: str, *query: tuple[str, str]) -> dict[str, Any]:
    answer = api.call("GET", f"/api/v1{path}", params=[*ALL, ("limit", "500"), *query])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_file_and_the_index_say_the_same_of_one_subject(api: Api) -> None:
    of_all = asked(api, "/deadlines")
    of_one = asked(api, "/deadlines", ("subject", A))
    assert of_one["lines"] == [line for line in of_all["lines"] if line["subject"]["id"] == A]
    by_itself = asked(api, f"/subjects/{A}/deadlines")
    assert {**of_one, "links": None} == {**by_itself, "links": None}


def test_they_are_narrowed_like_the_list(api: Api) -> None:
    found = asked(api, f"/subjects/{A}/deadlines", ("kind", "objection"), ("regime", REGIME))
    assert {line["kind"] for line in found["lines"]} == {"objection"}
    assert all(
        line["due_on"] < "2025-05-01"
        for line in asked(api, f"/subjects/{A}/deadlines", ("due_before", "2025-05-01"))["lines"]
    )


def test_pages_of_one_file_show_it_as_the_first_did(api: Api) -> None:
    whole = asked(api, f"/subjects/{A}/deadlines")
    page = api.call("GET", f"/api/v1/subjects/{A}/deadlines", params=[*ALL, ("limit", "3")]).json()
    found = list(page["lines"])
    while page["cursor"] is not None:
        query = [*ALL, ("limit", "3"), ("cursor", page["cursor"])]
        page = api.call("GET", f"/api/v1/subjects/{A}/deadlines", params=query).json()
        found += page["lines"]
    assert found == whole["lines"]


@pytest.mark.slow
def test_a_deadline_is_told_as_it_was_known(api: Api) -> None:
    world = Told().api
    before = world.world.clock.now()
    path = f"/subjects/{A}/deadlines"
    known = world.get("/journal/head").json()["recorded_at"]
    world.world.clock.set(before + 60 * 1_000_000)
    issued = world.post(
        "/facts/00000000-0000-4000-8000-0000000000f9/warnings",
        {"issued_on": "2025-06-16", "due_on": "2025-07-31", "requirements": "补正"},
        headers={"x-actor": "clerk"},
    )
    assert issued.status_code == 201, issued.text
    warning = issued.json()["id"]
    now, then = asked(world, path), asked(world, path, ("known_at", known))
    assert f"{warning}:rectification" in ids(now)
    assert f"{warning}:rectification" not in ids(then)
    assert ids(world.get(path).json()) == [f"{warning}:rectification"], "what is still to be met"
    assert then["index"]["position"] < now["index"]["position"]


def test_the_index_refuses_a_moment_and_says_what_to_do(api: Api) -> None:
    refused = api.get("/deadlines", known_at="2025-06-15")
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert (error["code"], error["pointer"] if "pointer" in error else error["parameter"]) in {
        ("needs_subject", "/known_at"),
        ("needs_subject", "known_at"),
    }
    assert "subject" in error["detail_en"]


def test_a_cursor_belongs_to_its_file_and_its_moment(api: Api) -> None:
    cursor = api.call("GET", f"/api/v1/subjects/{A}/deadlines", params=[*ALL, ("limit", "1")]).json()["cursor"]
    other = api.call("GET", f"/api/v1/subjects/{J}/deadlines", params=[*ALL, ("cursor", cursor)])
    assert (other.status_code, other.json()["errors"][0]["code"]) == (400, "other_question")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/deadlines", {"subject": "00000000-0000-4000-8000-0000000000f1"}, 404),
        ("/deadlines", {"subject": "A"}, 400),
        (f"/subjects/{A}/deadlines", {"known_at": "2020-01-01"}, 404),
        (f"/subjects/{A}/deadlines", {"kind": "nothing"}, 400),
        (f"/subjects/{A}/deadlines", {"as_of": "2999-01-01"}, 400),
    ],
)
def test_what_cannot_be_told_is_refused(api: Api, path: str, query: dict[str, str], status: int) -> None:
    assert api.get(path, **query).status_code == status
