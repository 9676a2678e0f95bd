"""Two files of one body joined by a client: where it is led, and what it reads of before and after."""

import datetime as dt
from typing import Any

import pytest

from domain.time import at_hour
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, words_of
from tests.support.accounts import account, with_first
from tests.support.world import BUREAU, REGIME, USCC, World, credit_code


def _id(tail: str) -> str:
    return f"00000000-0000-4000-8000-{tail:0>12}"


A, B, JOINING, F1, F2 = _id("a"), _id("b"), _id("c"), _id("f1"), _id("f2")
DECISION = {"decided_on": "2024-06-03", "authority": BUREAU, "document": "呼环合〔2024〕1号", "reasons": "同一主体"}


def on(api: Api, day: str) -> None:
    api.world.clock.set(at_hour(dt.date.fromisoformat(day), 9))


@pytest.fixture
def api() -> Api:
    """Two files of one body, with a fact on each."""
    api = Api(World())
    on(api, "2024-03-12")
    for subject, uscc, name in ((A, USCC, "甲检测"), (B, credit_code("B"), "甲检测（重复）")):
        body = {
            "kind": "agency",
            "id": subject,
            "uscc": uscc,
            "name": name,
            "region": "150100",
            "services": ["monitoring"],
        }
        assert api.post("/subjects", body).status_code == 201
    for fact, subject in ((F1, A), (F2, B)):
        body = {"id": fact, "regime": REGIME, "row": "B08", "authority": BUREAU, "document": f"文书{fact[-2:]}",
                "decided_on": "2024-03-12"}  # fmt: skip
        assert api.post(f"/subjects/{subject}/facts", body).status_code == 201
    return api


def join(api: Api, **more: Any) -> Any:
    on(api, "2024-06-03")
    return api.post(f"/subjects/{A}/joins", {"id": JOINING, "joined": B, **DECISION, **more})


def test_a_joining_is_a_record_that_can_be_read_and_taken_back(api: Api) -> None:
    answer = join(api)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/records/{JOINING}"
    assert answer.json()["events"] == ["files-joined.v1"]
    record = api.get(f"/records/{JOINING}").json()
    assert record["file"] == A
    assert api.post(f"/records/{JOINING}/retraction", {"reason": "误并"}).status_code == 201
    assert api.get(f"/subjects/{B}").status_code == 200


def test_the_other_file_s_commands_and_questions_are_told_where_it_went(api: Api) -> None:
    join(api)
    fact = {"regime": REGIME, "row": "B09", "authority": BUREAU, "document": "文书", "decided_on": "2024-06-03"}
    told = [api.post(f"/subjects/{B}/facts", fact)]
    told += [api.get(f"/subjects/{B}{path}") for path in ("", "/grade", "/timeline", "/deadlines", "/casefile")]
    told.append(api.get(f"/public/register/{B}"))
    for answer in told:
        assert (answer.status_code, answer.json()["code"]) == (409, "joined_into"), answer.url
        assert answer.headers["location"] == f"/api/v1/subjects/{A}"
        assert "呼环合〔2024〕1号" in answer.json()["detail_zh"]
        assert answer.json()["joined"] == {
            "into": A, "record": JOINING, "decided_on": "2024-06-03", "document": "呼环合〔2024〕1号",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-CN", ("2024年6月3日", "打开 甲检测 的案卷")),
        pytest.param("en", ("3 June 2024", "Open the file of 甲检测"), marks=pytest.mark.slow),
    ],
)
def test_the_page_of_the_other_file_leads_on_and_says_which_decision_joined_them(
    api: Api, language: str, said: tuple[str, ...]
) -> None:
    browser = Browser(api, language=language)
    join(api)
    for path in ("", "/timeline", "/facts", "/record"):
        page = browser.get(f"/cases/{B}{path}")
        assert page.status_code == 409, path
        assert f'href="/cases/{A}"' in page.text
        for words in ("呼环合〔2024〕1号", *said):
            assert words in words_of(page), path
        assert B not in words_of(page), "nobody reads ids"
    assert browser.get(f"/cases/{B}?known_at=2024-06-02T12:00").status_code == 200


def test_who_may_not_read_the_file_that_stays_is_led_nowhere_and_told_no_name(api: Api) -> None:
    """A participant of the agency whose file went has its own file no more."""
    join(api)
    with_first(api.administering)
    account(api.administering, "agency-b", "participant", subject=B)
    browser = Browser(api)
    browser.sign_in("agency-b")
    page = browser.get(f"/cases/{B}")
    assert page.status_code == 409
    assert "呼环合〔2024〕1号" in words_of(page)
    assert "甲检测" not in words_of(page)
    assert f"/cases/{A}" not in page.text


def test_what_was_known_before_is_answered_as_it_was(api: Api) -> None:
    def asked() -> list[bytes]:
        paths = (f"/subjects/{subject}/{path}" for subject in (A, B) for path in ("grade", "timeline", "deadlines"))
        return [api.get(path, known_at="2024-06-02").content for path in paths]

    on(api, "2024-06-03")
    before = asked()
    join(api)
    assert asked() == before


def test_the_record_of_a_fact_that_came_with_it_leads_to_the_file_that_stays(api: Api) -> None:
    join(api)
    assert api.get(f"/facts/{F2}").json()["file"] == A
    answer = api.post(f"/facts/{F2}/retraction", {"reason": "误录"})
    assert (answer.status_code, answer.json()["subject"]) == (201, A)
    lines = api.get(f"/subjects/{A}/timeline").json()["entries"]
    assert {line["origin"] for line in lines if "origin" in line} == {B}
    assert [s["id"] for s in api.get("/subjects", kind="agency").json()["subjects"]] == [A]


def test_a_bad_request_names_its_fields(api: Api) -> None:
    answer = api.post(f"/subjects/{A}/joins", {"joined": "nobody", **DECISION})
    assert (answer.status_code, [e["pointer"] for e in answer.json()["errors"]]) == (422, ["/joined"])
