"""Editions over HTTP: adopted, corrected, repealed, compared, and quoted beside the steps of a grade."""

import datetime as dt
from pathlib import Path

import pytest

from domain.law.parse import parse_edition
from domain.time import at_hour
from tests.interfaces.http_client import Api
from tests.support.world import USCC, World

EXAMPLE = (Path(__file__).parents[3] / "docs/example-edition.toml").read_text("utf-8")
LATER = EXAMPLE.replace("@2024", "@2026").replace("points = -15", "points = -5")
WORDING = "\n".join(f"第{n}条 示例第{n}条。" for n in ["四", "五", "六", "七", "八", "九", "十", "十一", "十二"])
ID, NEXT = "example.services@2024", "example.services@2026"
CITE = next(row.cites[0] for row in parse_edition(EXAMPLE, "example-edition.toml").row if row.code == "X1")
A, F1 = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-0000000000f1"
GRADE = f"/subjects/{A}/grade"


@pytest.fixture
def api() -> Api:
    """The example edition in force from 2024, and an agency that did not cooperate."""
    api = Api(World())
    api.world.clock.set(at_hour(dt.date(2024, 6, 3), 9))
    adopted = api.post("/rulebooks/adoptions", {"text": EXAMPLE, "in_force_on": "2024-01-01"})
    assert adopted.status_code == 201, adopted.text
    agency = {"kind": "agency", "id": A, "uscc": USCC, "name": "甲", "region": "990100", "services": ["monitoring"]}
    api.post("/subjects", agency)
    fact = {"id": F1, "regime": "example.services", "row": "X1", "decided_on": "2024-03-01", "document": "一号"}
    assert api.post(f"/subjects/{A}/facts", {**fact, "authority": "990100-EEB"}).status_code == 201
    return api


def test_a_repeal_is_recorded_once_and_shows_in_the_life_of_the_edition(api: Api) -> None:
    body = {"until_on": "2025-12-31", "reason": "新办法施行"}
    assert api.post(f"/rulebooks/{ID}/repeal", body).status_code == 201
    assert api.post(f"/rulebooks/{ID}/repeal", body).status_code == 200
    page = api.get(f"/rulebooks/{ID}").json()
    assert (page["force"], page["until_on"]) == ("in_force", "2025-12-31")
    assert [step["event"] for step in page["life"]] == ["adoption", "repeal"]
    (line,) = (e for e in api.get("/rulebooks").json() if e["id"] == ID)
    assert line["life"] == page["life"]


def test_what_is_not_in_force_cannot_be_repealed(api: Api) -> None:
    refused = api.post("/rulebooks/nmg.third_party@draft/repeal", {"until_on": "2025-12-31", "reason": "误"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_in_force")
    assert api.post("/rulebooks/nobody@1/repeal", {"until_on": "2025-12-31", "reason": "误"}).status_code == 404
    assert api.post(f"/rulebooks/{ID}/repeal", {"until_on": "2025-12-31"}).status_code == 422


def test_two_editions_on_one_day_are_refused_with_both_named(api: Api) -> None:
    refused = api.post("/rulebooks/adoptions", {"text": LATER, "in_force_on": "2026-01-01"})
    assert (refused.status_code, refused.json()["code"]) == (409, "editions_overlap")
    assert ID in refused.json()["detail_en"]
    assert NEXT in refused.json()["detail_en"]


def test_a_correction_says_why(api: Api) -> None:
    text = EXAMPLE.replace("points = -15", "points = -10")
    body = {"text": text, "in_force_on": "2024-01-01"}
    without = api.post("/rulebooks/adoptions", body)
    assert (without.status_code, without.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert api.post("/rulebooks/adoptions", {**body, "reason": "录入有误"}).status_code == 201
    answer = api.get(GRADE, regime="example.services", as_of="2024-03-01").json()
    assert answer["running"]["score"] == "90"


def test_two_editions_are_compared_in_words(api: Api) -> None:
    api.post(f"/rulebooks/{ID}/repeal", {"until_on": "2025-12-31", "reason": "新办法施行"})
    api.post("/rulebooks/adoptions", {"text": LATER, "in_force_on": "2026-01-01"})
    found = api.get(f"/rulebooks/{ID}/diff", **{"with": NEXT}).json()
    assert (found["rulebook"], found["with"]) == (ID, NEXT)
    assert [(c["part"], c["key"], c["before"], c["after"]) for c in found["changes"]] == [("row", "X1", "-15", "-5")]
    assert api.get(f"/rulebooks/{ID}/diff").status_code == 400
    assert api.get(f"/rulebooks/{ID}/diff", **{"with": "nobody@1"}).status_code == 404


def test_the_official_wording_is_quoted_and_the_answer_has_a_new_tag_but_the_same_basis(api: Api) -> None:
    query = {"regime": "example.services", "as_of": "2024-03-01", "known_at": "2024-06-03T10:00:00+08:00"}
    before = api.get(GRADE, **query)
    assert "quote" not in before.json()["steps"][0]
    lacking = api.post(f"/rulebooks/{ID}/text", {"text": WORDING.replace("第七条", "第八条")})
    assert (lacking.status_code, lacking.json()["cites"]) == (409, ["art. 7"])
    api.world.clock.set(at_hour(dt.date(2024, 6, 4), 9))
    assert api.post(f"/rulebooks/{ID}/text", {"text": WORDING}).status_code == 201
    after = api.get(GRADE, **query)
    assert after.json()["steps"][0]["quote"] == "第六条 示例第六条。"
    assert after.json()["basis"]["token"] == before.json()["basis"]["token"]
    assert after.headers["etag"] != before.headers["etag"]
    assert api.get(f"/rulebooks/{ID}").json()["quotes"] is True


def test_what_jurists_say_is_told_with_name_and_day_and_what_changed_since(api: Api) -> None:
    notes, signed = f"/rulebooks/{ID}/notes", f"/rulebooks/{ID}/sign-offs"
    digest = api.get(f"/rulebooks/{ID}").json()["digest"]
    noted = api.post(notes, {"cite": CITE, "text": "以附表为准"})
    assert (noted.status_code, noted.headers["location"]) == (201, f"/api/v1{notes}")
    sign_off = api.post(signed, {"digest": digest, "cite": CITE}).json()["id"]
    bad = api.post(notes, {"cite": "art. 99", "text": ""})
    assert [error["pointer"] for error in bad.json()["errors"]] == ["/cite", "/text"]
    text = EXAMPLE.replace("points = -15", "points = -10")
    api.post("/rulebooks/adoptions", {"text": text, "in_force_on": "2024-01-01", "reason": "录入有误"})
    assert api.post(signed, {"digest": digest}).json()["errors"][0]["pointer"] == "/digest"
    note, other = api.get(notes).json()["notes"]
    assert (note["kind"], note["text"], note["by"], note["recorded_at"][:10]) == (
        "note", "以附表为准", "anonymous@loopback", "2024-06-03"
    )  # fmt: skip
    assert [change["zh"] for change in other["since"]] == ["条目 X1：分值从“-15”改为“-10”"]
    assert api.post(f"{notes}/{sign_off}/withdrawal", {"reason": "重审"}).status_code == 201
    assert api.get(notes).json()["notes"][1]["withdrawn"]["reason"] == "重审"
    assert api.get("/rulebooks/nobody@1/notes").status_code == 404
