"""Lists have one shape beside their rows: a cursor called ``next``, links to follow, a total where it is asked for."""

from typing import Any

import pytest

from interfaces.http.describing import OPERATIONS
from interfaces.http.lists.paging import is_list
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import A, Told, told_once
from tests.support.world import REGIME

ROWS = {
    "/subjects": "subjects",
    f"/subjects?regime={REGIME}": "subjects",
    "/subjects/doubles": "doubles",
    "/search?q=检测": "hits",
    "/regions?within=150000": "regions",
    f"/public/register?regime={REGIME}": "agencies",
    f"/public/subjects?regime={REGIME}": "agencies",
    f"/deadlines?state=met&state=late&regime={REGIME}": "lines",
    f"/subjects/{A}/deadlines?state=met&state=late": "lines",
    f"/subjects/{A}/timeline": "entries",
}


@pytest.fixture(scope="module")
def told() -> Told:
    return told_once()


@pytest.fixture(scope="module")
def api(told: Told) -> Api:
    return told.api


def get(api: Api, address: str) -> dict[str, Any]:
    answer = api.call("GET", address)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_list_has_its_next_cursor_and_links(told: Told) -> None:
    lists = {o.id for o in OPERATIONS if is_list(o)}
    assert {"get_subjects", "get_deadlines", "search", "get_rehearsals", "get_progress", "get_timeline"} <= lists
    for (id, _), (_, answer) in told.answers.items():
        if id in lists:
            found = answer.json()
            assert found["links"]["self"].startswith("/api/v1/"), id
            assert (found["links"]["next"] is None) is (found["next"] is None), id


@pytest.mark.parametrize("order", ["legal", "record"])
def test_a_timeline_from_its_end_is_the_same_timeline(api: Api, order: str) -> None:
    whole = get(api, f"/api/v1/subjects/{A}/timeline?order={order}")["entries"]
    page = get(api, f"/api/v1/subjects/{A}/timeline?order=-{order}&limit=3")
    found = page["entries"]
    while page["next"] is not None:
        page = get(api, page["links"]["next"])
        found += page["entries"]
    assert found == whole[::-1]


@pytest.mark.slow
@pytest.mark.parametrize("path", ROWS)
def test_following_the_links_gives_every_row_once(api: Api, path: str) -> None:
    rows, mark = ROWS[path], "&" if "?" in path else "?"
    whole = get(api, f"/api/v1{path}{mark}limit=200")
    assert whole["links"]["next"] is None
    found: list[Any] = []
    address: str | None = f"/api/v1{path}{mark}limit=2"
    while address is not None:
        page = get(api, address)
        assert get(api, page["links"]["self"])[rows] == page[rows]
        assert len(page[rows]) <= 2
        found += page[rows]
        address = page["links"]["next"]
    assert found == whole[rows]


def test_the_cursor_of_deadlines_keeps_its_first_name(api: Api) -> None:
    page = get(api, "/api/v1/deadlines?state=met&limit=1")
    assert page["next"] == page["cursor"] is not None


@pytest.mark.parametrize(
    "path",
    [f"/subjects?regime={REGIME}", f"/subjects?regime={REGIME}&grade=none", "/deadlines?state=met", "/regions?q=新城"],
)
def test_a_total_is_that_of_all_pages(api: Api, path: str) -> None:
    rows = next(rows for start, rows in ROWS.items() if path.startswith(start.partition("?")[0]))
    every = get(api, f"/api/v1{path}&limit=200")[rows]
    first = get(api, f"/api/v1{path}&limit=1&total=true")
    assert first["total"] == len(every)
    if first["links"]["next"] is not None:
        assert get(api, first["links"]["next"])["total"] == len(every)


def test_a_total_that_nobody_can_tell_at_once_is_refused(api: Api) -> None:
    for path, code in (
        ("/subjects?total=true", "needs_regime"),
        ("/deadlines?total=true&due_before=2025-06-01", "beside_due_before"),
    ):
        refused = api.call("GET", f"/api/v1{path}")
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, code)


def test_the_links_of_a_page_are_part_of_what_its_tag_stands_for(api: Api) -> None:
    one = api.call("GET", "/api/v1/subjects?limit=200")
    other = api.call("GET", "/api/v1/subjects?limit=199")
    assert one.json()["subjects"] == other.json()["subjects"]
    assert one.headers["etag"] != other.headers["etag"]
