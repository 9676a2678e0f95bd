"""Double files over HTTP: told with their words, and within the place of whoever asks."""

from typing import Any

import pytest

from tests.interfaces.http_client import Api
from tests.support.accounts import account, token, with_first
from tests.support.doubles import double
from tests.support.world import USCC, World

A = "00000000-0000-4000-8000-0000000000aa"
B = "00000000-0000-4000-8000-0000000000bb"


@pytest.fixture
def api() -> Api:
    world = World()
    world.agency(A, uscc=USCC)
    double(world, B, "330200")
    world.fact("2024-05-06", "B09", "00000000-0000-4000-8000-0000000000f1", A)
    return Api(world)


def test_a_number_is_told_with_its_files_and_their_words(api: Api) -> None:
    page = api.get("/subjects/doubles").json()
    (found,) = page["doubles"]
    assert (found["uscc"], [file["subject"]["id"] for file in found["files"]], found["others"]) == (USCC, [A, B], 0)
    assert page["texts"]["kind:agency"] == "第三方环保机构"
    assert page["texts"]["region:150100"] == "呼和浩特市"
    assert page["texts"]["regime:nmg.third_party"] != ""
    english = api.get("/subjects/doubles", "en", region="330200").json()
    assert [file["subject"]["id"] for file in english["doubles"][0]["files"]] == [B]
    assert english["doubles"][0]["others"] == 1
    assert english["texts"]["kind:agency"] == "agency"


@pytest.mark.parametrize(("query", "pointer"), [({"region": "15"}, "region"), ({"limit": "0"}, "limit"),
                                                ({"limit": "201"}, "limit"), ({"cursor": "x"}, "cursor")])  # fmt: skip
def test_a_bad_condition_is_told_where_it_stands(api: Api, query: dict[str, str], pointer: str) -> None:
    answer = api.get("/subjects/doubles", **query)
    assert answer.status_code in (400, 422)
    assert pointer in answer.text


def asked(api: Api, account_id: str, **query: str) -> Any:
    headers = {"authorization": f"Bearer {token(api.administering, account_id)}", "x-purpose": "annual audit"}
    return api.get("/subjects/doubles", headers=headers, **query)


def test_an_account_sees_the_files_of_its_place_alone(api: Api) -> None:
    with_first(api.administering)
    account(api.administering, "hohhot", "officer", "150100")
    account(api.administering, "baotou", "officer", "150200")
    found = asked(api, "hohhot")
    assert B not in found.text
    assert "甲检测（旧）" not in found.text
    (number,) = found.json()["doubles"]
    assert (number["files"][0]["subject"]["id"], number["others"]) == (A, 1)
    assert asked(api, "hohhot", region="330200").status_code == 404
    assert asked(api, "baotou").json()["doubles"] == []
