"""Rehearsals over HTTP: asked for, watched, cancelled, looked through, downloaded, deleted; and every bad question."""

import csv
import io
from typing import Any

import httpx
import pyarrow as pa
import pytest
from pyarrow import parquet

from application.rehearsal.rehearsal import RehearsalStatus
from tests.interfaces.http_client import Api
from tests.support.procedure import T24, Procedure
from tests.support.rehearsing import EDITION, TALK, draft, in_parts, region
from tests.support.world import REGIME, World

ASKED = {"text": draft(), "from_on": "2024-01-01", "as_of": "2024-12-31"}
AGENCY = "00000000-0000-4000-8000-00000000000a"
NOBODY = "00000000-0000-4000-8000-0000000000ff"


@pytest.fixture(scope="module")
def api() -> Api:
    """Four agencies, one of which has a name that a spreadsheet would calculate."""
    world = region(World(), 4)
    world.do("2024-03-05", "change_subject", subject="A3", changes={"name": "=1+1 检测"}, from_on="2024-03-05")
    return Api(region(world, 0))


def asked(api: Api, **body: Any) -> str:
    answer = api.post("/rehearsals", {**ASKED, **body})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def run(api: Api, id: str) -> RehearsalStatus:
    return api.rehearsals.run(id, in_parts(api.world))


@pytest.fixture(scope="module")
def done(api: Api) -> str:
    """A rehearsal that is done."""
    id = asked(api)
    assert run(api, id).state == "done"
    return id


def test_published_results_that_would_differ_are_named_with_their_step() -> None:
    world = Procedure()
    world.agency(AGENCY)
    world.fact("2024-03-12", "B09", "f1", AGENCY)
    for stage, on in T24.items():
        world.step(on, stage, f"{AGENCY}-{stage}", AGENCY)
    api = Api(world)
    id = asked(api, as_of="2025-06-30")
    assert run(api, id).state == "done"
    found = api.get(f"/rehearsals/{id}/decisions").json()
    assert {line["stage"] for line in found["decisions"]} >= {"publication"}
    assert found["texts"]["stage:publication"] == "公布"
    assert all(f"decision:{line['decision']}" in found["texts"] for line in found["decisions"])


# --- asking -----------------------------------------------------------------------------------------------------


def test_a_rehearsal_is_accepted_and_told_where_it_is(api: Api) -> None:
    answer = api.post("/rehearsals", ASKED, headers={"x-actor": "clerk"})
    status = answer.json()
    assert (answer.status_code, answer.headers["retry-after"]) == (202, "2")
    assert answer.headers["location"] == f"/api/v1/rehearsals/{status['id']}"
    assert (status["state"], status["by"], status["texts"]["state:waiting"]) == ("waiting", "clerk", "等候")
    assert status["request"]["text"] is None
    assert (status["edition"], status["regime"], len(status["digest"])) == (EDITION, REGIME, 64)
    looked = api.get(f"/rehearsals/{status['id']}", "en")
    assert (looked.status_code, looked.json()["texts"]["state:waiting"]) == (200, "waiting")


def test_a_key_stands_for_one_rehearsal(api: Api) -> None:
    first, again = (api.post("/rehearsals", ASKED, headers={"idempotency-key": "r1"}) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()["id"]) == (202, 202, again.json()["id"])
    other = api.post("/rehearsals", {**ASKED, "region": "150100"}, headers={"idempotency-key": "r1"})
    assert (other.status_code, other.json()["code"]) == (422, "reused_key")


@pytest.mark.parametrize(
    ("body", "status", "code", "pointers"),
    [
        ({}, 422, "invalid", ["/edition"]),
        ({"edition": "nobody@1"}, 404, "not_found", []),
        ({"edition": EDITION, "text": "x"}, 422, "invalid", ["/edition"]),
        ({"edition": EDITION, "from_on": "2025-01-02", "as_of": "2025-01-01"}, 422, "invalid", ["/from_on"]),
        ({"edition": EDITION, "readings": {"I-99": "x"}}, 422, "invalid", ["/readings/I-99"]),
        ({"edition": EDITION, "readings": {"I-04": "never"}}, 422, "invalid", ["/readings/I-04"]),
        ({"regime": "nobody", "readings": {"I-04": "own_year"}}, 404, "not_found", []),
        ({"edition": EDITION, "region": "15", "as_of": "tomorrow"}, 422, "invalid", ["/as_of"]),
        ({"edition": EDITION, "known_at": "yesterday"}, 422, "invalid", ["/known_at"]),
        ({"editon": EDITION}, 422, "invalid", ["/editon"]),
        ([], 400, "malformed", [""]),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_at_once(
    api: Api, body: Any, status: int, code: str, pointers: list[str]
) -> None:
    answer = api.post("/rehearsals", body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert [e["pointer"] for e in problem.get("errors", [])] == pointers
    assert problem["detail_zh"]
    assert problem["detail_en"]


def test_the_faults_of_a_draft_are_told_with_their_lines(api: Api) -> None:
    text = draft((TALK, TALK.replace("-5", "5")))
    answer = api.post("/rehearsals", {"text": text})
    assert (answer.status_code, answer.json()["code"]) == (422, "rulebook_invalid")
    lines = text.splitlines()
    assert {lines[e["line"] - 1] for e in answer.json()["errors"]} == {"points = 5"}
    broken = api.post("/rehearsals", {"text": "id = "})
    assert (broken.status_code, broken.json()["errors"][0]["line"]) == (422, 1)


def test_only_this_machine_asks(api: Api) -> None:
    foreign = Api(api.world, client="10.0.0.1")
    id = api.post("/rehearsals", ASKED).json()["id"]
    for answer in (
        foreign.post("/rehearsals", ASKED),
        foreign.post(f"/rehearsals/{id}/cancellation", {}),
        foreign.call("DELETE", f"/api/v1/rehearsals/{id}"),
    ):
        assert answer.status_code == 403


# --- watching ---------------------------------------------------------------------------------------------------


def test_who_watches_sees_parts_and_then_the_result(api: Api) -> None:
    id = asked(api)
    seen: list[httpx.Response] = []
    api.rehearsals.run(id, in_parts(api.world), lambda _: seen.append(api.get(f"/rehearsals/{id}")))
    assert [s.json()["done"] for s in seen] == list(range(1, len(seen) + 1))
    assert {(s.json()["state"], s.headers["retry-after"]) for s in seen} == {("running", "2")}
    last = api.get(f"/rehearsals/{id}")
    status = last.json()
    assert "retry-after" not in last.headers
    assert (status["state"], status["done"], status["subjects"]) == ("done", status["parts"], 4)
    assert "4 个主体中" in status["texts"]["summary"]
    assert {m["kind"] + ":" + m["now"] for m in status["summary"]["matrix"]} <= set(status["texts"])
    (talk,) = status["summary"]["provisions"]
    assert talk["because"].startswith("条目 B09 因违规被生态环境部门约谈")
    english = api.get(f"/rehearsals/{id}", "en").json()
    assert english["summary"]["provisions"][0]["because"].startswith("row B09 Summoned")


def test_that_nothing_changes_is_said_plainly(api: Api) -> None:
    id = str(api.post("/rehearsals", {"edition": EDITION}).json()["id"])
    run(api, id)
    assert api.get(f"/rehearsals/{id}").json()["texts"]["summary"].startswith("零变动：")
    assert api.get(f"/rehearsals/{id}/changes").json()["changes"] == []


def test_a_rehearsal_is_cancelled_resumed_and_deleted(api: Api, done: str) -> None:
    id = asked(api)
    for cancelled in [api.post(f"/rehearsals/{id}/cancellation", {}) for _ in range(2)]:
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        assert "retry-after" not in cancelled.headers
    assert api.get(f"/rehearsals/{id}/changes").json()["code"] == "rehearsal_not_done"
    resumed = api.post(f"/rehearsals/{id}/resumption", {})
    assert (resumed.status_code, resumed.json()["state"]) == (202, "waiting")
    deleted = api.call("DELETE", f"/api/v1/rehearsals/{id}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert api.get(f"/rehearsals/{id}").status_code == 404
    for ended in ("cancellation", "resumption"):
        answer = api.post(f"/rehearsals/{done}/{ended}", {})
        assert (answer.status_code, answer.json()["code"]) == (409, "rehearsal_ended")
    assert api.post(f"/rehearsals/{done}/cancellation", {"why": "x"}).status_code == 400


def test_a_running_one_is_not_deleted(api: Api) -> None:
    id = asked(api)
    seen: list[httpx.Response] = []
    api.rehearsals.run(id, in_parts(api.world), lambda _: seen.append(api.call("DELETE", f"/api/v1/rehearsals/{id}")))
    assert {(s.status_code, s.json()["code"]) for s in seen} == {(409, "rehearsal_running")}


def test_the_list_goes_from_the_newest_to_the_oldest(api: Api) -> None:
    older, newest = asked(api), asked(api)
    page = api.get("/rehearsals", limit=1).json()
    assert [line["id"] for line in page["rehearsals"]] == [newest]
    rest = api.get("/rehearsals", limit=200, cursor=page["next"]).json()
    assert next(line["id"] for line in rest["rehearsals"]) == older
    assert newest not in [line["id"] for line in rest["rehearsals"]]
    assert rest["next"] is None


# --- looking through --------------------------------------------------------------------------------------------


def changes_of(api: Api, id: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = api.get(f"/rehearsals/{id}/changes", limit=1, **query).json()
    found += page["changes"]
    while page["next"] is not None:
        page = api.get(f"/rehearsals/{id}/changes", limit=1, cursor=page["next"], **query).json()
        found += page["changes"]
    return found


def test_changes_come_in_pages_with_their_reasons(api: Api, done: str) -> None:
    found = changes_of(api, done)
    assert [change["subject"] for change in found] == ["A1", "A3"]
    assert found[0]["reasons"][0]["because"] == (
        "条目 B09 因违规被生态环境部门约谈（按次）（第十六条；附件1），-15 分，单独适用时：80 分、无不良等级（N）。"
    )
    page = api.get(f"/rehearsals/{done}/changes", "en").json()
    assert page["texts"]["agency:N"].endswith("no adverse grade (N)")


def test_changes_are_found_by_what_they_are(api: Api, done: str) -> None:
    everybody = changes_of(api, done)
    assert changes_of(api, done, kind="agency", region="150000", grade_now="N") == everybody
    assert changes_of(api, done, kind="practitioner") == changes_of(api, done, on="2024-01-31") == []
    moved, stays = changes_of(api, done, moved="true"), changes_of(api, done, moved="false")
    assert sorted(c["subject"] for c in moved + stays) == ["A1", "A3"]


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        ("changes", {"kind": "dog"}, "kind"),
        ("changes", {"region": "15"}, "region"),
        ("changes", {"on": "2024-02-30"}, "on"),
        ("changes", {"limit": "0"}, "limit"),
        ("changes", {"cursor": "?"}, "cursor"),
        ("decisions", {"cursor": "?"}, "cursor"),
        ("result", {"format": "pdf"}, "format"),
        ("result", {"table": "everything"}, "table"),
    ],
)
def test_a_condition_that_cannot_be_is_told(
    api: Api, done: str, path: str, query: dict[str, str], parameter: str
) -> None:
    answer = api.get(f"/rehearsals/{done}/{path}", **query)
    assert (answer.status_code, [e["parameter"] for e in answer.json()["errors"]]) == (400, [parameter])


def test_a_cursor_of_another_question_is_told(api: Api, done: str) -> None:
    cursor = api.get(f"/rehearsals/{done}/changes", limit=1).json()["next"]
    for path, query in (("changes", {"kind": "agency"}), ("decisions", {})):
        answer = api.get(f"/rehearsals/{done}/{path}", cursor=cursor, **query)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "other_question")


def test_what_is_not_there_is_not_found(api: Api) -> None:
    for id in (NOBODY, "x"):
        for path in ("", "/changes", "/decisions", "/result"):
            assert api.get(f"/rehearsals/{id}{path}").status_code == 404
        for path in ("/cancellation", "/resumption"):
            assert api.post(f"/rehearsals/{id}{path}", {}).status_code == 404
        assert api.call("DELETE", f"/api/v1/rehearsals/{id}").status_code == 404
    waiting = asked(api)
    for path in ("changes", "decisions", "result"):
        answer = api.get(f"/rehearsals/{waiting}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (409, "rehearsal_not_done")


# --- downloading ------------------------------------------------------------------------------------------------


def test_a_spreadsheet_holds_what_the_pages_hold(api: Api, done: str) -> None:
    answer = api.get(f"/rehearsals/{done}/result")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="rehearsal-{done[:8]}-changes.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:7] == ["主体编号", "主体类别", "机构名称", "行政区划代码", "等级是否变动", "自", "至"]
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    spans = [(c, s) for c in changes_of(api, done) for s in c["spans"]]
    assert [(x["主体编号"], x["自"], x["至"], x["现行得分"], x["预演等级"]) for x in lines] == [
        (c["subject"], s["from_on"], s["until_on"], s["now"]["score"], s["then"]["grade"]) for c, s in spans
    ]
    assert {x["主体类别"] for x in lines} == {"第三方环保机构"}
    assert [x["理由（截至最后一日）"] != "" for x in lines] == [s is c["spans"][-1] for c, s in spans]
    english = api.get(f"/rehearsals/{done}/result", "en").content.decode("utf-8-sig")
    assert english.startswith("Subject,Kind,Name,Region,Grade moves,From,Until,Score now")


def test_a_name_is_no_formula_in_a_spreadsheet(api: Api, done: str) -> None:
    rows = list(csv.reader(io.StringIO(api.get(f"/rehearsals/{done}/result").text)))
    assert {row[2] for row in rows if row[0] == "A3"} == {"'=1+1 检测"}
    assert {c["name"] for c in changes_of(api, done)} == {"第1检测", "=1+1 检测"}


def test_a_parquet_file_holds_what_the_pages_hold(api: Api, done: str) -> None:
    answer = api.get(f"/rehearsals/{done}/result", format="parquet")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    rows = parquet.read_table(pa.BufferReader(answer.content)).to_pylist()
    assert [
        (r["subject"], r["kind"], r["name"], r["moved"], str(r["from_on"]), r["now_score"], r["then_grade"])
        for r in rows
    ] == [
        (c["subject"], c["kind"], c["name"], c["moved"], s["from_on"], s["now"]["score"], s["then"]["grade"])
        for c in changes_of(api, done)
        for s in c["spans"]
    ]
    assert {r["provisions"] for r in rows} <= {None, "B09"}


def test_matrix_and_decisions_are_tables_too(api: Api, done: str) -> None:
    matrix = api.get(f"/rehearsals/{done}").json()["summary"]["matrix"]
    held = api.get(f"/rehearsals/{done}/result", format="parquet", table="matrix").content
    rows = parquet.read_table(pa.BufferReader(held)).to_pylist()
    assert [{**row, "on": str(row["on"])} for row in rows] == matrix
    text = api.get(f"/rehearsals/{done}/result", table="matrix").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "日期,主体类别,现行,预演,数量"
    for file in ("csv", "parquet"):
        answer = api.get(f"/rehearsals/{done}/result", format=file, table="decisions")
        assert (answer.status_code, answer.content != b"") == (200, True)
