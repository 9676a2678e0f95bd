"""Single records: where a command says that what it recorded is read, and what is read there."""

import datetime as dt

import pytest

from domain.time import at_hour
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import C1, F1, F2, F4, F6, F7, O1, PROPOSAL, R1, W1, W3, A, Told, told_once
from tests.support.world import BUREAU, ID_NUMBER, REGIME, USCC

NOBODY = "00000000-0000-4000-8000-0000000000ff"
G, H = "00000000-0000-4000-8000-000000000aa1", "00000000-0000-4000-8000-000000000aa2"


@pytest.fixture(scope="module")
def told() -> Told:
    return told_once()


@pytest.mark.slow
def test_whatever_was_recorded_is_read_where_the_answer_says(told: Told) -> None:
    recorded = [(op, a) for (op, _), (_, a) in told.answers.items() if a.status_code in (201, 202)]
    assert recorded
    for operation, answer in recorded:
        place = answer.headers["location"]
        read = told.api.call("GET", place)
        # What was deleted again, or is for who has signed in.
        elsewhere = place.startswith(
            tuple(f"/api/v1/{of}" for of in ("rehearsals/", "accounts/", "imports/", "uploads/", "session"))
        )
        assert read.status_code == 200 or elsewhere, (operation, place, read.text)
        id = answer.json().get("id")
        if id is not None and "/records/" in place:
            assert read.json()["entries"][0]["id"] == id, (operation, place)


@pytest.mark.parametrize(
    ("operation", "place"),
    [
        ("record_fact", f"/facts/{F1}"),
        ("contest_fact", f"/facts/{F1}"),
        ("issue_warning", f"/warnings/{W1}"),
        ("report_rectification", f"/warnings/{W1}"),
        ("file_objection", f"/objections/{O1}"),
        ("decide_objection", f"/objections/{O1}"),
        ("record_comment", f"/comments/{C1}"),
        ("commit_repair", f"/repairs/{R1}"),
        ("evaluation_stage", "/records/00000000-0000-4000-8000-0000000000c5"),
        ("change_subject", f"/subjects/{A}"),
        ("evaluate_roster", f"/evaluations/{REGIME}/2024"),
        ("adopt_rulebook", "/rulebooks/nmg.third_party@draft"),
        ("adopt_calendar", "/calendars"),
    ],
)
def test_a_record_has_one_place(told: Told, operation: str, place: str) -> None:
    answer = next(a for (op, _), (_, a) in told.answers.items() if op == operation)
    assert answer.headers["location"] == f"/api/v1{place}"


def test_what_is_not_recorded_has_no_place() -> None:
    api = Api()
    agency = {"kind": "agency", "id": A, "uscc": USCC, "name": "甲检测", "region": "150100", "services": ["monitoring"]}
    assert "location" not in api.post("/subjects", agency, dry_run="true").headers
    assert "location" in api.post("/subjects", agency).headers
    assert "location" not in api.post("/subjects", agency).headers


def test_a_fact_tells_its_papers_what_became_of_it_and_whether_it_counts(told: Told) -> None:
    fact = told.api.get(f"/facts/{F1}").json()
    assert (fact["record"], fact["file"], fact["regime"], fact["struck"]) == (F1, A, REGIME, "corrected")
    assert [e["type"] for e in fact["entries"]] == [
        "fact-recorded.v1",
        "fact-contested.v1",
        "finality-recorded.v1",
        "fact-corrected.v1",
    ]
    assert fact["entries"][0]["content"]["evidence"] == [{"title": "行政处罚决定书"}]
    assert told.api.get(f"/facts/{F2}").json()["struck"] == "retracted"
    assert told.api.get(f"/facts/{F4}").json()["struck"] is None


def test_how_a_fact_stands_is_what_the_grade_says_of_it(told: Told) -> None:
    query = {"as_of": "2025-07-02"}
    lines = told.api.get(f"/subjects/{A}/grade", regime=REGIME, **query).json()["steps"]
    for fact in (F1, F4, F6):
        stands = told.api.get(f"/facts/{fact}", **query).json()["stands"]
        assert stands
        assert stands == [line for line in lines if fact in (line["fact"], *line["from"])]


def test_a_warning_belongs_to_its_fact_and_tells_its_own_course(told: Told) -> None:
    warning = told.api.get(f"/warnings/{W3}").json()
    assert [e["type"] for e in warning["entries"]] == ["warning-issued.v1", "warning-withdrawn.v1"]
    assert warning["struck"] == "withdrawn"
    of_fact = told.api.get(f"/facts/{F7}").json()
    assert [e["id"] for e in of_fact["entries"] if e["type"] == "warning-issued.v1"][-1] == W3
    assert of_fact["struck"] is None


@pytest.mark.parametrize(
    ("kind", "record", "lines", "key"),
    [
        ("objections", O1, "objections", "objection"),
        ("comments", C1, "comments", "comment"),
        ("repairs", R1, "repairs", "repair"),
    ],
)
def test_what_was_raised_stands_as_the_procedures_say(told: Told, kind: str, record: str, lines: str, key: str) -> None:
    procedures = told.api.get(f"/subjects/{A}/evaluations", regime=REGIME).json()
    (line,) = (line for line in procedures[lines] if line[key] == record)
    page = told.api.get(f"/{kind}/{record}").json()
    assert page["stands"] == line
    assert page["entries"][0]["id"] == record
    assert all(e["about"] == record and e["title"] for e in page["entries"])


def test_a_step_of_a_year_stands_as_the_procedures_say(told: Told) -> None:
    years = told.api.get(f"/subjects/{A}/evaluations", regime=REGIME).json()["years"]
    (step,) = (s for y in years for s in y["steps"] if s["record"] == PROPOSAL)
    page = told.api.get(f"/records/{PROPOSAL}").json()
    assert page["stands"] == step
    assert page["entries"][0]["title"].endswith("2024 拟定等级")
    assert "proposal" in told.api.get(f"/records/{PROPOSAL}", language="en").json()["entries"][0]["title"]


def test_a_record_is_found_under_its_own_kind_only_and_from_its_recording_on(told: Told) -> None:
    for path in (f"/facts/{O1}", f"/warnings/{F1}", f"/objections/{C1}", f"/repairs/{O1}", f"/comments/{R1}"):
        assert told.api.get(path).status_code == 404, path
    assert told.api.get(f"/records/{NOBODY}").status_code == 404
    assert told.api.get(f"/facts/{F1}", known_at="2025-06-15").status_code == 404


def test_a_record_retracted_since_is_still_read_and_stands_no_more() -> None:
    api = Api()
    api.world.clock.set(at_hour(dt.date(2025, 6, 16), 9))
    agency = {"kind": "agency", "id": A, "uscc": USCC, "name": "甲检测", "region": "150100", "services": ["monitoring"]}
    api.post("/subjects", agency)
    fact = {"regime": REGIME, "row": "B07", "authority": BUREAU, "document": "文书一", "decided_on": "2024-04-01"}
    api.post(f"/subjects/{A}/facts", {**fact, "id": G})
    repair = {"id": H, "regime": REGIME, "facts": [G], "dated_on": "2024-05-01", "completed_on": "2024-04-20"}
    assert api.post(f"/subjects/{A}/repairs/commitments", repair).status_code == 201
    assert api.get(f"/repairs/{H}").json()["stands"]["facts"] == [G]
    assert api.post(f"/records/{H}/retraction", {"reason": "记错"}).status_code == 201
    page = api.get(f"/repairs/{H}").json()
    assert (page["stands"], page["struck"]) == (None, "retracted")
    assert [e["type"] for e in page["entries"]] == ["repair-committed.v1", "record-retracted.v1"]


def test_a_record_names_no_person(told: Told) -> None:
    for _, answer in told.answers.values():
        place = answer.headers.get("location", "")
        if "/records/" in place or "/facts/" in place:
            text = told.api.call("GET", place).text
            assert "张某" not in text
            assert ID_NUMBER not in text
