"""Conditions on requests: tags of answers, ``If-None-Match`` on questions, ``If-Match`` on commands."""

import datetime as dt

import httpx
import pytest

from domain.time import at_hour
from interfaces.http.describing import OPERATIONS
from interfaces.http.semantics.validators import MOST_TAGS
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import A, Told, told_once
from tests.support.world import BUREAU, ID_NUMBER, REGIME, USCC

AGENCY = {"kind": "agency", "id": A, "uscc": USCC, "name": "甲检测", "region": "150100", "services": ["monitoring"]}
FACT = {"regime": REGIME, "row": "B07", "authority": BUREAU, "decided_on": "2024-04-01"}
NOBODY = "00000000-0000-4000-8000-0000000000ff"


@pytest.fixture(scope="module")
def told() -> Told:
    return told_once()


@pytest.fixture
def api() -> Api:
    """An agency whose file has version 2."""
    api = Api()
    api.world.clock.set(at_hour(dt.date(2025, 6, 16), 9))
    assert api.post("/subjects", AGENCY).status_code == 201
    assert api.post(f"/subjects/{A}/facts", {**FACT, "document": "文书一"}).status_code == 201
    return api


def record(api: Api, document: str, tag: str, **more: str) -> httpx.Response:
    return api.post(f"/subjects/{A}/facts", {**FACT, "document": document}, headers={"if-match": tag, **more})


def pages() -> list[str]:
    return ["/api/v1/openapi.json", *(f"/api/v1/docs{n}" for n in ("", "/start.js", "/swagger-ui.css"))]


def read_paths(told: Told) -> dict[str, str]:
    questions = {o.id for o in OPERATIONS if o.is_question}
    return {id: a.request.url.raw_path.decode() for (id, _), (_, a) in told.answers.items() if id in questions}


# --- questions ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_whatever_says_revalidate_has_a_strong_tag_and_is_not_sent_twice(told: Told) -> None:
    tagged = set()
    for id, path in [*read_paths(told).items(), *((path, path) for path in pages())]:
        whole = told.api.call("GET", path)
        if "etag" not in whole.headers:
            assert "no-cache" not in whole.headers.get("cache-control", ""), path
            continue
        tagged.add(id)
        tag = whole.headers["etag"]
        assert tag.startswith('"'), path
        for condition in (tag, f'"other", {tag}', f"W/{tag}", f',"a" ,, {tag},', "*"):
            for method in ("GET", "HEAD"):
                same = told.api.call(method, path, headers={"if-none-match": condition})
                assert (same.status_code, same.content) == (304, b""), (path, condition)
                for name in ("etag", "cache-control", "vary"):
                    assert same.headers.get(name) == whole.headers.get(name), (path, name)
        for condition in ('"other"', tag.strip('"'), f"{tag} {tag}", '"', "", f'"other", "{tag}'):
            again = told.api.call("GET", path, headers={"if-none-match": condition})
            assert (again.status_code, again.content) == (200, whole.content), (path, condition)
    assert tagged == {o.id for o in OPERATIONS if o.has_tag or o.sends_parts} | set(pages())


def test_a_list_of_tags_may_come_in_several_lines(told: Told) -> None:
    path = f"/api/v1/subjects/{A}"
    tag = told.api.call("GET", path).headers["etag"]
    lines = [("if-none-match", '"other"'), ("if-none-match", tag), ("if-none-match", '"another"')]
    assert told.api.call("GET", path, headers=lines).status_code == 304


@pytest.mark.slow
def test_an_answer_in_another_language_has_another_tag_and_a_file_of_one_language_its_own(told: Told) -> None:
    for id, path in read_paths(told).items():
        zh, en = (told.api.call("GET", path, headers={"accept-language": tag}) for tag in ("zh-CN", "en"))
        assert "accept-language" in zh.headers["vary"]
        if "accept-ranges" in zh.headers:
            assert (zh.headers["etag"], zh.content) == (en.headers["etag"], en.content), id
        elif "etag" in zh.headers:
            assert zh.headers["etag"] != en.headers["etag"], id
            other = told.api.call("GET", path, headers={"accept-language": "en", "if-none-match": zh.headers["etag"]})
            assert other.status_code == 200, id


@pytest.mark.parametrize("path", [f"/subjects/{A}", f"/subjects/{A}/grade?regime={REGIME}", "/subjects"])
def test_an_answer_about_another_day_has_another_tag(told: Told, path: str) -> None:
    mark = "&" if "?" in path else "?"
    tags = {told.api.call("GET", f"/api/v1{path}{mark}as_of={d}").headers["etag"] for d in ("2025-05-01", "2025-05-02")}
    assert len(tags) == 2


def test_a_grade_with_what_came_later_has_a_tag_of_its_own(told: Told) -> None:
    query = {"regime": REGIME, "as_of": "2025-07-02", "known_at": "2025-06-16"}
    plain, later = (told.api.get(f"/subjects/{A}/grade", **query, later=later) for later in ("false", "true"))
    assert (plain.headers["etag"] == later.headers["etag"]) is (plain.content == later.content)


# --- commands -----------------------------------------------------------------------------------------------


def test_the_tags_of_a_command_and_of_a_profile_are_good_to_rely_on(api: Api) -> None:
    for language in ("zh-CN", "en"):
        profile = api.get(f"/subjects/{A}", language=language, as_of="2024-05-01").headers["etag"]
        written = record(api, f"文书 {language}", profile)
        assert written.status_code == 201
        assert record(api, f"文书又 {language}", profile).status_code == 412
        assert record(api, f"文书再 {language}", written.headers["etag"]).status_code == 201


@pytest.mark.parametrize("tag", ['"2"', '"1", "2"', '"2", "7"', '"1","2","3"', 'W/"2", "2"', '"x", "2"', "*"])
def test_a_list_is_met_by_the_version_of_the_file(api: Api, tag: str) -> None:
    assert record(api, "文书二", tag).status_code == 201


@pytest.mark.parametrize(
    "tag", ['"1"', '"3"', '"1", "3"', 'W/"2"', '"02"', '"-1"', '""', '"x"', '"99999999999999999999"']
)
def test_what_is_not_the_version_of_the_file_is_stale(api: Api, tag: str) -> None:
    answer = record(api, "文书二", tag)
    assert (answer.status_code, answer.headers["etag"], answer.json()["version"]) == (412, '"2"', 2)


@pytest.mark.parametrize("tag", ["", "2", '"2', '"1" "2"', '*, "2"', "W/*", ", ".join(['"2"'] * (MOST_TAGS + 1))])
def test_what_is_no_list_of_tags_is_malformed(api: Api, tag: str) -> None:
    answer = record(api, "文书二", tag)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "If-Match")


def test_of_a_list_that_is_stale_what_came_after_its_oldest_version_is_told(api: Api) -> None:
    api.post(f"/subjects/{A}/facts", {**FACT, "document": "文书二"})
    answer = record(api, "文书三", '"1", "2"').json()
    assert [e["version"] for e in answer["intervened"]] == [2, 3]


def test_a_key_gives_the_first_answer_again_whichever_version_of_the_list_it_was(api: Api) -> None:
    first = record(api, "文书二", '"1", "2", "9"', **{"idempotency-key": "k"})
    again = record(api, "文书二", '"1", "2", "9"', **{"idempotency-key": "k"})
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    other = record(api, "文书三", '"1", "2", "9"', **{"idempotency-key": "k"})
    assert (other.status_code, other.json()["type"]) == (422, "/problems/reused_key")


def test_a_file_that_is_to_be_new_has_no_version_yet(api: Api) -> None:
    person = {"kind": "practitioner", "id": NOBODY, "name": "张某", "id_number": ID_NUMBER, "region": "150100"}
    assert api.post("/subjects", person, headers={"if-match": '"1"'}).status_code == 412
    assert api.post("/subjects", person, headers={"if-match": '"0"'}).status_code == 201
