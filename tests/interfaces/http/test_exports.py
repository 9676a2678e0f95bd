"""Lists as files: the rows of the list, with names and papers, and nothing that a spreadsheet would run."""

import asyncio
import csv
import io
import pickle
import time
from typing import Any

import pytest
from openpyxl import load_workbook

from interfaces.http.app import long_answers_of
from interfaces.http.desk import Call, HandledRequest
from tests.interfaces.http.test_http import B
from tests.interfaces.http.test_population import SERIOUS, C, on_16_june
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import A, J, Told
from tests.support.world import BUREAU, REGIME, USCC, World

GRADED = {"regime": REGIME, "as_of": "2025-05-31", "known_at": "2025-06-16"}


@pytest.fixture(scope="module")
def api() -> Api:
    return Told().api


def table(api: Api, path: str, language: str = "en", **query: str) -> list[dict[str, str]]:
    answer = api.get(path, language, **query)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf"), "a spreadsheet knows UTF-8 by it"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def sheet(api: Api, path: str, **query: str) -> list[tuple[Any, ...]]:
    answer = api.get(path, "en", format="xlsx", **query)
    assert answer.status_code == 200, answer.text
    return list(load_workbook(io.BytesIO(answer.content)).active.values)  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.parametrize("query", [{}, {"kind": "agency"}, {"region": "330400"}, {"service": "treatment"}, {"q": "甲"}])
def test_the_plain_list_has_the_subjects_of_the_list(api: Api, query: dict[str, str]) -> None:
    listed = api.get("/subjects", limit="200", **query).json()["subjects"]
    assert [row["Subject"] for row in table(api, "/subjects/export", **query)] == [line["id"] for line in listed]


@pytest.mark.slow
@pytest.mark.parametrize(
    "query", [{}, {"grade": "C"}, {"grade": "none"}, {"kind": "practitioner"}, {"region": "150000"}]
)
def test_the_list_by_grade_has_the_rows_of_the_list(api: Api, query: dict[str, str]) -> None:
    listed = api.get("/subjects", limit="200", **GRADED, **query).json()["subjects"]
    found = table(api, "/subjects/export", **GRADED, **query)
    assert [(r["Subject"], r["Grade"], r["Score"]) for r in found] == [
        (line["id"], line.get("grade", ""), line.get("score", "")) for line in listed
    ]


def test_rows_have_names_and_not_only_codes(api: Api) -> None:
    (row,) = [r for r in table(api, "/subjects/export", **GRADED) if r["Subject"] == A]
    assert row["Name"] == "呼和浩特市甲检测有限公司"
    assert row["Unified social credit code"] == USCC
    assert row["Place"] == "Hohhot"
    assert row["Services"] == "monitoring pollution treatment"
    (zh,) = [r for r in table(api, "/subjects/export", "zh-CN", **GRADED) if A in r.values()]
    assert zh["所在地"] == "呼和浩特市"


def test_of_a_persons_file_no_row_and_no_paper_is_written() -> None:
    api = on_16_june()
    paper = "呼环个〔2025〕1号"
    fact = {"regime": REGIME, "row": "P01", "authority": BUREAU, "document": paper, "decided_on": "2025-06-10"}
    assert api.post(f"/subjects/{B}/facts", fact).status_code == 201
    query = {"regime": REGIME, "reasons": "true", "as_of": "2025-06-16"}
    rows = {row["Subject"]: (row["Rows that count"], row["Papers"]) for row in table(api, "/subjects/export", **query)}
    assert rows[B] == ("", "")
    assert "S12" in rows[C][0]
    assert rows[C][1] == SERIOUS["document"]
    assert "Papers" not in table(api, "/subjects/export", regime=REGIME)[0]


def test_persons_have_no_name_in_a_file(api: Api) -> None:
    text = api.get("/subjects/export").text + api.get("/deadlines/export").text
    assert "张某" not in text
    assert "李某" not in text


@pytest.mark.parametrize("path", ["/subjects/export", "/deadlines/export"])
def test_a_worksheet_has_the_rows_of_the_table(api: Api, path: str) -> None:
    query = {"regime": REGIME}
    titles, *rows = sheet(api, path, **query)
    wanted = table(api, path, **query)
    assert list(titles) == list(wanted[0]) if wanted else True
    shown = [[("" if cell is None else str(cell).removesuffix(" 00:00:00")) for cell in row] for row in rows]
    assert shown == [list(row.values()) for row in wanted]


def test_deadlines_have_the_paper_they_start_with(api: Api) -> None:
    query = [("state", "met"), ("state", "late"), ("regime", REGIME)]
    answer = api.call("GET", "/api/v1/deadlines/export", params=query)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    listed = api.call("GET", "/api/v1/deadlines", params=[*query, ("limit", "500")])
    assert [row["期限编号"] for row in rows] == [line["id"] for line in listed.json()["lines"]]
    assert {row["条款"][:4] for row in rows if row["条款"][0] != "第"} == {"内部期限"}


def evil(name: str) -> Api:
    world = World()
    api = Api(world)
    body = {"kind": "agency", "id": A, "uscc": USCC, "name": name, "region": "150100", "services": ["monitoring"]}
    assert api.post("/subjects", body, headers={"x-actor": "clerk"}).status_code == 201
    return api


@pytest.mark.parametrize("name", ['=HYPERLINK("http://a","b")', "+1+1", "-1-1", "@SUM(A1)"])
def test_no_name_is_a_formula(name: str) -> None:
    api = evil(name)
    (row,) = table(api, "/subjects/export")
    assert row["Name"] == "'" + name
    answer = api.get("/subjects/export", format="xlsx")
    cell = load_workbook(io.BytesIO(answer.content)).active["A2"]  # type: ignore[index]
    assert (cell.value, cell.data_type) == (name, "s")


@pytest.mark.parametrize(
    ("file", "media"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_file_says_what_it_is_and_is_kept_by_nobody(api: Api, file: str, media: str) -> None:
    answer = api.get("/subjects/export", format=file, **GRADED)
    assert answer.headers["content-type"] == media
    assert answer.headers["content-disposition"] == f'attachment; filename="subjects-{REGIME}-2025-05-31.{file}"'
    assert answer.headers["cache-control"] == "no-store"
    assert "content-length" not in answer.headers


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/subjects/export", {"format": "pdf"}, 400),
        ("/subjects/export", {"limit": "5"}, 400),
        ("/subjects/export", {"regime": "mars"}, 404),
        ("/deadlines/export", {"kind": "nothing"}, 400),
        ("/deadlines/export", {"known_at": "2025-06-15"}, 400),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_sent(
    api: Api, path: str, query: dict[str, str], status: int
) -> None:
    answer = api.get(path, **query)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


# --- many grades at once ------------------------------------------------------------------------------------


def test_many_grades_are_each_what_its_own_question_answers(api: Api) -> None:
    asked = {"regime": REGIME, "as_of": "2025-05-31", "known_at": "2025-06-16T10:00:00+08:00"}
    found = api.post("/grades", {"subjects": [A, J], **asked}).json()
    assert [one["subject"] for one in found["grades"]] == [A, J]
    for one in found["grades"]:
        assert one["grade"] == api.get(f"/subjects/{one['subject']}/grade", **asked).json()
        assert one["problem"] is None
    assert {one["grade"]["basis"]["position"] for one in found["grades"]} == {found["position"]}


def test_one_that_is_refused_stops_no_other(api: Api) -> None:
    nobody = "00000000-0000-4000-8000-0000000000f1"
    found = api.post("/grades", {"subjects": [nobody, A, "no-uuid"], "regime": REGIME}).json()["grades"]
    assert [one["grade"] is None for one in found] == [True, False, True]
    single = api.get(f"/subjects/{nobody}/grade", regime=REGIME).json()
    assert found[0]["problem"] == single
    assert found[2]["problem"]["code"] == "not_found"


def test_readings_and_languages_are_those_of_the_question(api: Api) -> None:
    body = {"subjects": [A], "regime": REGIME, "readings": {"I-04": "own_year"}}
    (one,) = api.post("/grades", body, language="en").json()["grades"]
    assert one["grade"]["basis"]["rulebooks"][0]["readings"]["I-04"] == "own_year"
    assert one["grade"]["texts"]["kind"] == "agency"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"subjects": []}, 422),
        ({"subjects": [A] * 201}, 422),
        ({"subjects": [A], "known_at": "yesterday"}, 422),
        ({"subjects": [A], "as_of": "never"}, 422),
        ({"subjects": [A], "limit": 5}, 422),
        ({}, 422),
    ],
)
def test_a_question_about_nobody_or_too_many_is_refused(api: Api, body: dict[str, Any], status: int) -> None:
    assert api.post("/grades", body).status_code == status


def test_two_hundred_are_answered(api: Api) -> None:
    ids = [f"00000000-0000-4000-8000-{n:012d}" for n in range(200)]
    assert len(api.post("/grades", {"subjects": ids, "regime": REGIME}).json()["grades"]) == 200


@pytest.mark.parametrize("file", ["csv", "xlsx"])
def test_a_file_that_another_process_computes_comes_back_whole(api: Api, file: str) -> None:
    """What is still to be made in that process could not be sent here."""
    given = {"regime": REGIME, "year": 2024, "file": file}
    asked = HandledRequest("/", {"regime": REGIME, "year": "2024"}, {}, "zh", is_local=True)
    told = long_answers_of(api.desk.copies.primary)("export_progress", time.monotonic() + 60, Call(asked, given))
    assert told.status == 200
    sent: list[bytes] = []

    async def keep(message: Any) -> None:
        sent.append(message.get("body", b""))

    asyncio.run(pickle.loads(pickle.dumps(told))({"method": "GET"}, keep, keep))
    assert b"".join(sent).startswith(b"\xef\xbb\xbf" if file == "csv" else b"PK")
