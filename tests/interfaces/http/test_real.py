"""The whole product over a real connection: granian, the API, PostgreSQL."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.support.serving import end_server, free_port, wait_for
from tests.support.world import BUREAU, ID_NUMBER, REGIME, credit_code

ROOT = Path(__file__).parents[3]
FACT = {"regime": REGIME, "row": "B07", "authority": BUREAU, "document": "文书一", "decided_on": "2024-04-01"}


@pytest.fixture(scope="module")
def http(shared_url: str) -> Iterator[httpx.Client]:
    """A client of a server process with one worker, which all tests share: each has files of its own."""
    port = free_port()
    options = ["--interface", "asgi", "--factory", "--port", str(port), "--no-ws", "--workers", "1"]
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", *options, "tests.interfaces.http_server:create"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_for(port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=20) as client:
            client.get("/health").raise_for_status()
            yield client
    finally:
        end_server(server)


def registered(http: httpx.Client, region: str = "150100") -> str:
    """The identifier of a new agency."""
    id = str(uuid.uuid4())
    code = credit_code(id)
    agency = {"kind": "agency", "id": id, "uscc": code, "name": "甲检测", "region": region, "services": ["monitoring"]}
    http.post("/subjects", json=agency).raise_for_status()
    return id


def test_a_case_over_the_wire(http: httpx.Client) -> None:
    agency, person_id = registered(http), str(uuid.uuid4())
    person = {"kind": "practitioner", "id": person_id, "name": "张某", "id_number": ID_NUMBER, "region": "150100"}
    assert http.post("/subjects", json=person).status_code == 201
    written = http.post(f"/subjects/{agency}/facts", json=FACT, headers={"if-match": '"1"', "idempotency-key": "k"})
    assert written.status_code == 201
    again = http.post(f"/subjects/{agency}/facts", json=FACT, headers={"if-match": '"1"', "idempotency-key": "k"})
    assert again.json() == written.json()
    position = written.json()["position"]
    grade = http.get(f"/subjects/{agency}/grade", params={"min_position": position})
    assert grade.json()["running"]["score"] == "90"
    assert grade.json()["subject"]["name"] == "甲检测"
    basis = grade.json()["basis"]["token"]
    assert http.get(f"/subjects/{agency}/grade", params={"basis": basis}).json() == grade.json()
    assert http.get(f"/subjects/{person_id}").json()["name"] == "张某"
    assert grade.headers["server"] == "ecodocket"
    assert http.get("/nowhere").headers["server"] == "ecodocket"
    head = http.head(f"/subjects/{agency}/grade", params={"basis": basis})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == grade.headers["content-length"]
    assert http.options("/subjects").headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_body_too_large_is_refused_and_the_server_lives(http: httpx.Client) -> None:
    huge = http.post("/subjects", content=b" " * (4 * 1024 * 1024), headers={"content-type": "application/json"})
    assert huge.status_code == 413

    def chunks() -> Iterator[bytes]:
        for _ in range(64):
            yield b" " * 65536

    streamed = http.post("/subjects", content=chunks(), headers={"content-type": "application/json"})
    assert streamed.status_code == 413
    assert http.get("/health").json()["status"] == "ok"


@pytest.mark.parametrize(("relies_on_a_version", "other"), [(True, 412), (False, 409)])
def test_two_officers_decide_one_objection_at_the_same_time(
    http: httpx.Client, relies_on_a_version: bool, other: int
) -> None:
    """One decision is recorded; the other officer is told of it, whether a version was relied on or not."""
    agency = registered(http)
    proposal, objection = str(uuid.uuid4()), str(uuid.uuid4())
    step = {"regime": REGIME, "dated_on": "2025-04-15", "received_on": "2025-04-15", "id": proposal}
    http.post(f"/subjects/{agency}/evaluations/2024/proposal", json=step).raise_for_status()
    filing = {"id": objection, "regime": REGIME, "against": proposal, "filed_on": "2025-04-16"}
    filed = http.post(
        f"/subjects/{agency}/objections",
        json={**filing, "by": "participant", "grounds": "事实有误", "evidence": [{"title": "原始记录"}]},
    )
    relied = {"if-match": filed.headers["etag"]} if relies_on_a_version else {}

    def decide(officer: str, outcome: str) -> httpx.Response:
        body = {"decided_on": "2025-04-18", "outcome": outcome, "reasons": "经核实"}
        headers = {**relied, "x-actor": officer}
        return http.post(f"/objections/{objection}/decision", json=body, headers=headers)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(decide, ("zhao", "qian"), ("upheld", "rejected")))
    assert sorted(a.status_code for a in answers) == [201, other]
    first = next(officer for officer, a in zip(("zhao", "qian"), answers, strict=True) if a.status_code == 201)
    problem = next(a for a in answers if a.status_code == other).json()
    if relies_on_a_version:
        assert [(e["type"], e["by"]) for e in problem["intervened"]] == [("objection-decided.v1", first)]
    else:
        assert (problem["code"], problem["cites"]) == ("objection_decided", ["art. 22(2)"])
        assert "2025-04-18" in problem["detail"]


def test_a_year_over_the_wire(http: httpx.Client) -> None:
    """What is recorded for a roster is at once in the worklist, in the progress of the year and in the register."""
    agency = registered(http, "150200")
    year = f"/evaluations/{REGIME}/2024"
    roster = http.post(f"{year}/roster", json={"region": "150200", "dated_on": "2025-03-10"})
    assert (roster.status_code, roster.json()["counts"]) == (201, {"recorded": 1})
    position = roster.json()["position"]
    page = http.get("/deadlines", params={"region": "150200", "as_of": "2025-03-11", "min_position": position}).json()
    assert [d["kind"] for d in page["lines"]] == ["notice", "publicity_start", "submission", "publication"]
    proof = http.get(f"/deadlines/{page['lines'][0]['id']}").json()
    assert (proof["deadline"]["due_on"], proof["deadline"]["state"]) == ("2025-03-15", "overdue")
    assert http.get(year, params={"region": "150000"}).json()["stages"]["roster"] == 1
    step = {"regime": REGIME, "dated_on": "2025-06-05"}
    published = http.post(f"/subjects/{agency}/evaluations/2024/publication", json=step).json()
    assert http.get(f"/records/{published['id']}/receipt").json()["holds"] is True
    assert http.get("/public/subjects", params={"regime": REGIME, "year": 2024}).json()["agencies"][0]["grade"] == "N"
    assert http.get(f"/subjects/{agency}/evaluations").json()["years"][0]["skipped"] == [
        "notice",
        "proposal",
        "publicity",
        "submission",
    ]


@pytest.mark.slow
def test_writers_at_the_same_time_lose_nothing(http: httpx.Client) -> None:
    agency = registered(http)

    def record(number: int) -> int:
        return http.post(f"/subjects/{agency}/facts", json={**FACT, "document": f"文书{number}"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(record, range(24))) == {201}
    assert http.get(f"/subjects/{agency}").headers["etag"].startswith('"25.')


@pytest.mark.slow
def test_of_writers_that_meet_each_is_told_what_became_of_it_and_nothing_is_recorded_twice(http: httpx.Client) -> None:
    """Eight write one file, half of them relying on the version they have seen. A write is recorded, or another was
    first (409, 412), or all its attempts came too late (503 with when to come again), and then it is not stored.
    """
    agency = registered(http)

    def record(number: int) -> list[tuple[str, httpx.Response]]:
        answers = []
        for turn in range(6):
            paper = f"文书{number}-{turn}"
            headers = {"idempotency-key": f"{number}-{turn}"}
            if number % 2:
                headers["if-match"] = http.get(f"/subjects/{agency}").headers["etag"]
            for _ in range(2):
                # The same request again, as after an answer that got lost.
                answer = http.post(f"/subjects/{agency}/facts", json={**FACT, "document": paper}, headers=headers)
                answers.append((paper, answer))
        return answers

    with ThreadPoolExecutor(8) as pool:
        answers = [pair for found in pool.map(record, range(8)) for pair in found]
    statuses = {a.status_code for _, a in answers}
    assert statuses <= {201, 409, 412, 503}
    assert 201 in statuses
    for _, answer in answers:
        if answer.status_code == 503:
            assert (answer.json()["code"], int(answer.headers["retry-after"]) > 0) == ("contended", True)
    made = {paper: a.json()["id"] for paper, a in answers if a.status_code == 201}
    kept = [a for paper, a in answers if a.status_code == 201]
    assert len({a.json()["id"] for a in kept}) == len(made)
    entries = http.get(f"/subjects/{agency}/timeline").json()["entries"]
    recorded = [e for e in entries if e["type"].startswith("fact-recorded")]
    assert len(recorded) == len(made)
    assert http.get(f"/subjects/{agency}").headers["etag"].startswith(f'"{len(made) + 1}.')
