"""The public register on a day: what was shown then, whatever came to light since; never a practitioner or a paper."""

from typing import Any

import pytest

from tests.interfaces.http.test_procedure import (
    PUBLICATION,
    A,
    P,
    api,
    on,
    published,
    recorded,
)
from tests.interfaces.http_client import Api
from tests.support.world import REGIME, USCC, credit_code

__all__ = ["api"]


def register(api: Api, **query: str) -> dict[str, Any]:
    answer = api.get("/public/register", regime=REGIME, **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def entry(api: Api, **query: str) -> dict[str, Any]:
    (found,) = register(api, **query)["agencies"]
    assert isinstance(found, dict)
    return found


def page(api: Api, day: str | None = None) -> dict[str, Any]:
    query = {} if day is None else {"as_of": day}
    found: dict[str, Any] = api.get(f"/public/register/{A}", regime=REGIME, **query).json()
    return found


@pytest.fixture
def after(api: Api) -> Api:
    """A publication of 5 June; on 10 June it is retracted, and on 16 June somebody looks."""
    published(api)
    on(api, "2025-06-10")
    recorded(api.post(f"/records/{PUBLICATION}/retraction", {"reason": "公布有误"}))
    on(api, "2025-06-16")
    return api


@pytest.mark.parametrize(
    ("day", "published", "withdrawn"),
    [
        ("2025-06-04", False, False),
        ("2025-06-05", True, False),
        ("2025-06-09", True, False),
        ("2025-06-10", False, True),
        ("2025-06-16", False, True),
    ],
)
def test_a_day_shows_what_was_shown_then(after: Api, day: str, published: bool, withdrawn: bool) -> None:
    shown = page(after, day)
    assert bool(shown["results"]) is published
    assert (shown["public"] is not None) is published
    listed = entry(after, as_of=day)
    assert (listed["grade"] is not None) is published
    expected = [{"year": 2024, "published_on": "2025-06-05", "withdrawn_on": "2025-06-10", "record": PUBLICATION}]
    assert shown["withdrawn"] == listed["withdrawn"] == (expected if withdrawn else [])


def test_a_withdrawn_publication_says_no_more_what_it_said(after: Api) -> None:
    assert {"grade", "score"} & page(after)["withdrawn"][0].keys() == set()


def test_without_a_day_it_is_the_register_of_now(after: Api) -> None:
    now, named = register(after), register(after, as_of="2025-06-16")
    assert now["agencies"] == named["agencies"]
    assert now["position"] == named["position"]
    assert page(after) == page(after, "2025-06-16")


def test_a_proposed_grade_is_on_show_for_its_days(api: Api) -> None:
    published(api)
    assert page(api, "2025-04-23")["on_show"] == []
    (shown,) = page(api, "2025-04-24")["on_show"]
    last = shown["until_on"]
    assert page(api, last)["on_show"]
    assert register(api, as_of=last)["agencies"][0]["on_show"]


def test_agencies_are_found_by_name_and_code_and_never_by_a_paper(api: Api) -> None:
    published(api)
    assert entry(api, q="甲 检测")["id"] == A
    assert entry(api, q=USCC.lower())["id"] == A
    document = api.get(f"/subjects/{A}/timeline").json()["entries"]
    papers = {line["document"] for line in document if line.get("document")}
    assert papers
    for paper in papers:
        assert register(api, q=paper)["agencies"] == []
    assert register(api, q="张某")["agencies"] == []


def test_a_name_is_that_of_the_day(api: Api) -> None:
    on(api, "2025-03-20")
    recorded(api.post(f"/subjects/{A}/changes", {"changes": {"name": "乙检测"}, "from_on": "2025-03-20"}))
    on(api, "2025-03-21")
    assert register(api, q="甲检测")["agencies"] == []
    assert entry(api, q="乙检测")["name"] == "乙检测"
    assert entry(api, q="甲检测", as_of="2025-03-19")["name"] == "甲检测"
    assert register(api, q="乙检测", as_of="2025-03-19")["agencies"] == []


def test_practitioners_never_appear(api: Api) -> None:
    assert P not in str(register(api))
    assert api.get(f"/public/register/{P}", regime=REGIME).status_code == 404
    assert api.get("/public/register/counts", regime=REGIME).json()["total"] == 1


def test_what_was_not_on_record_then_is_not_there(api: Api) -> None:
    assert register(api, as_of="2025-03-09")["agencies"] == []
    assert api.get(f"/public/register/{A}", regime=REGIME, as_of="2025-03-09").status_code == 404


def test_a_day_to_come_is_refused(api: Api) -> None:
    for path in ("/public/register", "/public/register/counts", f"/public/register/{A}"):
        refused = api.get(path, regime=REGIME, as_of="2025-03-11")
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "day_to_come"), path


def test_counts_are_those_of_the_day(after: Api) -> None:
    def counts(**query: str) -> dict[str, Any]:
        found: dict[str, Any] = after.get("/public/register/counts", regime=REGIME, **query).json()
        return found

    then, now = counts(as_of="2025-06-05"), counts()
    assert [(line["grade"], line["number"]) for line in then["counts"]] == [
        (page(after, "2025-06-05")["public"]["grade"], 1)
    ]
    assert [(line["grade"], line["number"]) for line in now["counts"]] == [(None, 1)]
    assert (then["withdrawn"], now["withdrawn"]) == (0, 1)
    assert counts(region="330000")["total"] == 0
    assert counts(region="150000")["total"] == 1
    assert any(key.startswith("grade:") for key in then["texts"])


def test_pages_show_the_register_as_the_first_did(api: Api) -> None:
    def agency(name: str) -> None:
        body = {"kind": "agency", "name": name, "region": "150100", "services": ["monitoring"]}
        recorded(api.post("/subjects", {**body, "uscc": credit_code(name)}))

    for n in range(5):
        agency(f"丙{n}检测")
    whole = [line["id"] for line in register(api)["agencies"]]
    first = register(api, limit="2")
    agency("丁检测")
    found, rest = [line["id"] for line in first["agencies"]], first["next"]
    while rest is not None:
        following = register(api, limit="2", cursor=rest)
        found += [line["id"] for line in following["agencies"]]
        rest = following["next"]
    assert found == whole
    refused = api.get("/public/register", regime=REGIME, q="丙", cursor=first["next"])
    assert refused.status_code == 400
