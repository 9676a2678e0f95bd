"""Search over HTTP: one field, typed hits, no person and no ID number in an address."""

from typing import Any

import pytest

from application.answering import searching
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import F1, F2, PUBLICATION, A, J, P, X, told_once
from tests.support.world import ID_NUMBER, USCC, World


@pytest.fixture(scope="module")
def api() -> Api:
    return told_once().api


def hits(api: Api, q: str, **more: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get("/search", q=q, **more).json()["hits"]
    return found


@pytest.mark.parametrize(
    ("q", "kind", "id", "matched"),
    [
        ("甲 检测", "agency", A, "name"),
        (USCC.lower(), "agency", A, "uscc"),
        ("呼环罚[2025]11号", "fact", F1, "document"),
        ("呼环罚〔2025〕1号", "fact", F1, "former_document"),
        (F1, "fact", F1, "id"),
        (PUBLICATION.upper(), "record", PUBLICATION, "id"),
        (J.upper(), "agency", J, "id"),
        (X, "expert", X, "id"),
    ],
)
def test_a_hit_says_what_it_is_and_by_what_it_was_found(api: Api, q: str, kind: str, id: str, matched: str) -> None:
    (hit,) = hits(api, q)
    assert (hit["kind"], hit["id"], hit["matched"]) == (kind, id, matched)


def test_codes_have_their_words_in_the_language_of_the_reader(api: Api) -> None:
    zh = api.get("/search", q="呼环罚〔2025〕11号").json()["texts"]
    en = api.get("/search", "en", q="呼环罚〔2025〕11号").json()["texts"]
    assert zh["kind:fact"] == "信用信息"
    assert en["kind:fact"] == "credit fact"
    assert zh["region:150100"] == "呼和浩特市"
    assert zh["row:nmg.third_party:B11"].startswith("条目 B11")


def test_a_fact_recorded_in_error_is_found_and_says_so(api: Api) -> None:
    (hit,) = hits(api, "呼环约〔2025〕2号")
    assert (hit["id"], hit["retracted"]) == (F2, True)


def test_nothing_found_says_what_was_looked_for(api: Api) -> None:
    answer = api.get("/search", q="没有（这）家")
    assert answer.status_code == 200
    found = answer.json()
    assert found["hits"] == []
    assert found["next"] is None
    assert found["looked_for"]["text"] == "没有(这)家"
    assert {"name", "uscc", "document", "case_no"} <= set(found["looked_for"]["among"])


def test_a_person_is_found_by_the_whole_number_in_the_body_and_by_no_name(api: Api) -> None:
    assert hits(api, "张某") == []
    answer = api.post("/search/person", {"id_number": ID_NUMBER.lower()})
    (hit,) = answer.json()["hits"]
    assert (hit["kind"], hit["id"], hit["matched"], hit["value"]) == ("practitioner", P, "id_number", None)
    assert ID_NUMBER not in answer.text
    assert "张某" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_person_is_found_by_the_whole_name_in_the_body_however_it_is_spaced(api: Api) -> None:
    answer = api.post("/search/person", {"name": "张 某"})
    (hit,) = answer.json()["hits"]
    assert (hit["kind"], hit["id"], hit["matched"], hit["value"]) == ("practitioner", P, "person_name", "张某")
    assert answer.json()["looked_for"] == {"text": None, "among": ["person_name"]}
    assert answer.json()["texts"]["matched:person_name"] == "姓名"
    assert api.post("/search/person", {"name": "张"}).json()["hits"] == []


def test_namesakes_are_all_told_and_an_erased_person_is_found_no_more() -> None:
    world = World()
    for number, id in enumerate(("P1", "P2"), 1):
        world.practitioner(id, id_number="15010219900101" + ("0019", "0027")[number - 1], name="王伟")
    api = Api(world)
    by_name = {"name": "王伟"}
    assert [hit["id"] for hit in api.post("/search/person", by_name).json()["hits"]] == ["P1", "P2"]
    world.vault.erase("P1")
    assert [hit["id"] for hit in api.post("/search/person", by_name).json()["hits"]] == ["P2"]


def test_among_too_many_persons_no_name_is_looked_for_and_no_key_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.practitioner()
    api = Api(world)
    monkeypatch.setattr(searching, "MOST_PERSONS", 1)
    assert len(api.post("/search/person", {"name": "张某"}).json()["hits"]) == 1
    monkeypatch.setattr(searching, "MOST_PERSONS", 0)
    monkeypatch.setattr(world.vault, "open", None)
    refused = api.post("/search/person", {"name": "张某"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "too_many")


def test_part_of_a_number_finds_nobody(api: Api) -> None:
    found = api.post("/search/person", {"id_number": ID_NUMBER[:-1]}).json()
    assert found["hits"] == []
    assert found["looked_for"] == {"text": None, "among": ["id_number"]}


def test_no_id_number_is_taken_in_an_address(api: Api) -> None:
    refused = api.get("/search", q=ID_NUMBER)
    assert refused.status_code == 400
    assert "/search/person" in refused.json()["errors"][0]["detail_en"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"id_number": 7}, 422),
        ({"id_number": "1" * 301}, 422),
        ({"id_number": "1", "q": ""}, 422),
        ({"id_number": ID_NUMBER, "name": "张某"}, 422),
        ({"name": ""}, 422),
        ({"name": "张" * 301}, 422),
    ],
)
def test_a_body_that_says_something_else_is_refused(api: Api, body: dict[str, Any], status: int) -> None:
    assert api.post("/search/person", body).status_code == status


def test_a_question_with_a_body_is_read_as_strictly_as_a_command(api: Api) -> None:
    assert api.call("POST", "/api/v1/search/person", content=b"{}").status_code == 415
    assert api.post("/search/person", b"").status_code == 400
    assert api.post("/search/person", b'{"id_number": "' + b"1" * 1024 * 1024 + b'"}').status_code == 413


def test_a_question_with_a_body_records_nothing_and_needs_no_actor(api: Api) -> None:
    before = api.get("/journal/head").json()
    abroad = Api(api.world, client="10.0.0.7")
    assert abroad.post("/search/person", {"id_number": ID_NUMBER}).status_code == 200
    assert api.get("/journal/head").json() == before


@pytest.mark.parametrize(
    "query", [{}, {"q": ""}, {"q": "x" * 101}, {"q": "a", "kind": "robot"}, {"q": "a", "limit": "0"}]
)
def test_a_question_without_a_meaning_is_refused(api: Api, query: dict[str, str]) -> None:
    assert api.get("/search", **query).status_code == 400


def test_hits_of_one_kind_alone(api: Api) -> None:
    assert {h["kind"] for h in hits(api, "检测", kind="agency")} == {"agency"}
    assert hits(api, "检测", kind="client") == []
