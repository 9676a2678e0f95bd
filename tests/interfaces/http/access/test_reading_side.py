"""Whatever gives many files, or is asked about one in its query or body, stays within the place of the account."""

import json
from typing import Any

import pytest

from tests.interfaces.http.access.test_every_cell import A, House

REGIME = "nmg.third_party"


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def asked(house: House, place: str, method: str, path: str, body: Any = None, **query: str) -> Any:
    headers = {"authorization": f"Bearer {house.tokens['officer', place]}", "content-type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    return house.api.call(method, f"/api/v1{path}", headers=headers, content=content, params=query)


@pytest.mark.parametrize(("place", "sees"), [("150100", True), ("150000", True), ("330200", False)])
def test_many_grades_are_told_of_files_within_reach_alone(house: House, place: str, sees: bool) -> None:
    (one,) = asked(house, place, "POST", "/grades", {"subjects": [A], "regime": REGIME}).json()["grades"]
    assert (one["grade"] is not None) is sees
    if not sees:
        assert one["problem"]["code"] == "not_found"


@pytest.mark.parametrize("path", [f"/subjects/{A}/casefile", f"/subjects/{A}/deadlines", f"/deadlines?subject={A}"])
@pytest.mark.parametrize(("place", "status"), [("150100", 200), ("150000", 200), ("330200", 404)])
def test_a_file_out_of_reach_is_unknown(house: House, path: str, place: str, status: int) -> None:
    path, _, query = path.partition("?")
    assert asked(house, place, "GET", path, **dict(p.split("=") for p in query.split("&") if p)).status_code == status


@pytest.mark.parametrize("path", ["/subjects", "/subjects/export", "/deadlines/export", "/subjects/counts"])
@pytest.mark.parametrize("regime", [None, REGIME])
def test_lists_and_files_show_the_place_alone(house: House, path: str, regime: str | None) -> None:
    query = {"regime": regime or REGIME} if regime or path == "/subjects/counts" else {}
    near, far = (asked(house, place, "GET", path, **query) for place in ("150100", "330200"))
    assert (near.status_code, far.status_code) == (200, 200), (near.text, far.text)
    assert A not in far.text
    if "subjects" in path and "counts" not in path:
        assert A in near.text
    assert asked(house, "330200", "GET", path, region="150100", **query).status_code == 404
