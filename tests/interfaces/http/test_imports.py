"""Sheets over HTTP: uploaded as they are, looked at row by row, recorded, undone; nobody sees another place's."""

import io
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest

from application.sheets.looking_through import AT_ONCE
from interfaces.http.bodies import MAX_BODY
from interfaces.sheets.reading import MOST_BYTES, read_sheet
from tests.interfaces.http_client import Api
from tests.support.accounts import account, token, with_first
from tests.support.sheets import BEHIND, HEADS_OF_PERSONS, csv_text, penalty, person, workbook
from tests.support.world import ID_NUMBER, REGIME, World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Office:
    """The API over a world with an agency, with accounts of several roles."""

    def __init__(self) -> None:
        self.world = World()
        self.world.agency("00000000-0000-4000-8000-00000000000a", uscc=penalty()["统一社会信用代码"])
        self.world.clock.set(1_719_709_200_000_000)
        self.api = Api(self.world)

    def upload(self, content: bytes, media: str = XLSX, headers: Any = None, **query: str) -> Any:
        said = {"content-type": media, **(headers or {"x-actor": "clerk"})}
        return self.api.call("POST", "/api/v1/imports", content=content, params=query, headers=said)


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_sheet_is_uploaded_looked_at_recorded_and_undone(office: Office) -> None:
    answer = office.upload(workbook(penalty(), penalty("2号", 送达日="昨天")), file="三月.xlsx")
    sheet = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/imports/{sheet['id']}")
    assert (sheet["state"], sheet["rows"], sheet["bad"], sheet["file"]) == ("looked_through", 2, 1, "三月.xlsx")
    place = f"/imports/{sheet['id']}"
    rows = office.api.get(f"{place}/rows").json()
    assert [row["mark"] for row in rows["rows"]] == ["good", "bad"]
    assert rows["texts"]["after:2"].startswith("90 分")
    assert rows["rows"][1]["remarks"][0] | {"en": ""} == {
        "column": "served_on", "code": "bad_day", "zh": "不是日期：「昨天」。请写作 2024-06-30。", "en": "",
    }  # fmt: skip
    refused = office.api.post(f"{place}/recording", {"chosen": "all"})
    assert (refused.status_code, refused.json()["code"]) == (409, "rows_with_faults")
    done = office.api.post(f"{place}/recording", {"chosen": "good"}).json()
    assert (done["recorded"], done["left"], done["receipt"] is not None) == (1, 0, True)
    assert office.api.get("/imports", number=done["number"]).json()["sheets"][0]["id"] == sheet["id"]
    undone = office.api.post(f"{place}/undo", {"reason": "错表"}).json()
    assert (undone["state"], undone["undone"]) == ("undone", 1)
    assert office.api.post(f"{place}/undo", {"reason": " "}).status_code == 422


def test_the_marked_sheet_and_the_template_are_files(office: Office) -> None:
    sheet = office.upload(workbook(penalty(送达日=""))).json()
    marked = office.api.get(f"/imports/{sheet['id']}/marked")
    assert marked.headers["content-type"] == XLSX
    assert (
        openpyxl.load_workbook(io.BytesIO(marked.content)).worksheets[0][f"{BEHIND}2"].value == "错 「送达日」：必填。"
    )
    template = office.api.get("/imports/template", form="penalty", regime=REGIME)
    assert (template.status_code, template.headers["content-type"]) == (200, XLSX)
    named = template.headers["content-disposition"]
    assert f'filename="template-penalties-{REGIME}.xlsx"' in named
    assert f"filename*=UTF-8''{quote(f'处罚决定导入模板-{REGIME}.xlsx')}" in named
    assert office.api.get("/imports/template", form="linked", regime="eia.integrity").status_code == 409
    assert office.api.get("/imports/template", regime="nowhere").status_code == 404


def test_a_bad_file_is_refused_with_the_cell_and_nothing_is_kept(office: Office) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(penalty())))
    book.worksheets[0]["M2"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    answer = office.upload(out.getvalue())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/M2")
    assert office.upload(b"").status_code == 422
    assert office.upload(b"a,b\n", "text/csv").status_code == 422
    assert office.upload(b"{}", "application/json").status_code == 415
    assert office.api.get("/imports").json()["sheets"] == []


def test_an_upload_is_bounded_and_a_command_not_larger_than_before(office: Office) -> None:
    assert office.upload(b"x" * (MOST_BYTES + 1)).status_code == 413
    assert office.api.post("/imports/template", b" " * (MAX_BODY + 1)).status_code in (404, 405, 413)
    text = csv_text(*(penalty(f"{n}号", 案由="超" * 20_001) for n in range(20))).encode()
    assert len(text) > MAX_BODY
    assert office.upload(text, "text/csv").json()["bad"] == 20


def test_a_sheet_that_was_not_recorded_is_deleted_and_is_gone(office: Office) -> None:
    sheet = office.upload(workbook(penalty())).json()
    place = f"/api/v1/imports/{sheet['id']}"
    assert office.api.call("DELETE", place, headers={"x-actor": "clerk"}).status_code == 204
    assert office.api.get(f"/imports/{sheet['id']}").status_code == 404
    assert office.api.get(f"/imports/{sheet['id']}/rows").status_code == 404
    assert office.api.get("/imports/no-id").status_code == 404


def test_a_sheet_is_its_account_s_to_record_and_its_place_s_to_see(office: Office) -> None:
    at = office.api.administering
    with_first(at)
    said: dict[str, dict[str, str]] = {}
    for id, role, place in (
        ("clerk-1", "clerk", "150100"),
        ("clerk-2", "clerk", "150100"),
        ("officer-1", "officer", "150200"),
        ("approver-1", "approver", "150100"),
        ("auditor-1", "auditor", "150000"),
    ):
        account(at, id, role, place=place)  # type: ignore[arg-type]
        said[id] = {"authorization": f"Bearer {token(at, id)}"}
    sheet = office.upload(workbook(penalty()), headers=said["clerk-1"]).json()
    place = f"/imports/{sheet['id']}"
    recording = {"chosen": "all"}
    assert office.api.post(f"{place}/recording", recording, headers=said["clerk-2"]).status_code == 403
    assert office.api.post(f"{place}/recording", recording, headers=said["officer-1"]).status_code == 404
    assert office.api.post(f"{place}/recording", recording, headers=said["approver-1"]).status_code == 403
    assert office.api.get(place, headers=said["approver-1"]).status_code == 200
    assert office.api.get(place, headers=said["officer-1"]).status_code == 404
    assert office.api.get("/imports", headers=said["officer-1"]).json()["sheets"] == []
    assert office.api.get("/imports", headers=said["officer-1"], number=sheet["number"]).json()["sheets"] == []
    assert office.api.get(f"{place}/rows", headers=said["auditor-1"]).status_code == 400
    for_audit = {**said["auditor-1"], "x-purpose": "annual audit"}
    assert office.api.get(f"{place}/rows", headers=for_audit).status_code == 200
    done = office.api.post(f"{place}/recording", recording, headers=said["clerk-1"]).json()
    assert (done["recorded"], done["by"]) == (1, "clerk-1")
    reads = office.api.get("/reads", headers=said["auditor-1"]).json()
    assert {"get_import", "get_import_rows"} <= {read["operation"] for read in reads["reads"]}


def test_the_sheet_of_practitioners_is_handed_out_to_whoever_uploaded_it_alone(office: Office) -> None:
    office.world.practitioner("00000000-0000-4000-8000-00000000000b")
    at = office.api.administering
    with_first(at)
    said: dict[str, dict[str, str]] = {}
    for id, role in (("clerk-1", "clerk"), ("officer-1", "officer"), ("region-1", "department")):
        account(at, id, role, place="150100")  # type: ignore[arg-type]
        said[id] = {"authorization": f"Bearer {token(at, id)}"}
    sheet = office.upload(workbook(person(), heads=HEADS_OF_PERSONS), headers=said["clerk-1"]).json()
    place = f"/imports/{sheet['id']}"
    own = office.api.get(f"{place}/marked", headers=said["clerk-1"])
    assert openpyxl.load_workbook(io.BytesIO(own.content)).worksheets[0]["B2"].value == "张某"
    for_work = {"x-purpose": "to look at the batch"}
    for who in ("officer-1", "region-1"):
        assert office.api.get(f"{place}/marked", headers=said[who] | for_work).status_code == 403
        rows = office.api.get(f"{place}/rows", headers=said[who] | for_work)
        assert ("张*" in rows.text, "张某" in rows.text, ID_NUMBER in rows.text) == (True, False, False)
    assert office.api.get(f"{place}/rows", headers=said["region-1"]).status_code == 400


def test_a_batch_that_lowers_a_grade_is_one_decision_that_another_person_signs(office: Office) -> None:
    at = office.api.administering
    with_first(at)
    said: dict[str, dict[str, str]] = {}
    for id, role in (("officer-1", "officer"), ("approver-1", "approver")):
        account(at, id, role)  # type: ignore[arg-type]
        said[id] = {"authorization": f"Bearer {token(at, id)}"}
    sheet = office.upload(
        workbook(*(penalty(f"呼环罚〔2024〕{n}号") for n in (1, 2, 3))), headers=said["officer-1"]
    ).json()
    place = f"/imports/{sheet['id']}"
    waits = office.api.post(f"{place}/recording", {"chosen": "all"}, headers=said["officer-1"])
    told = waits.json()
    assert (waits.status_code, told["state"], told["recorded"]) == (202, "proposed", 0)
    assert waits.headers["location"] == f"/api/v1/pending-decisions/{told['decision']}"
    listed = office.api.get("/pending-decisions", headers=said["approver-1"], mine="to_sign").json()["items"]
    assert [(item["id"], item["command"]) for item in listed] == [(told["decision"], "record_sheet")]
    decision = office.api.get(f"/pending-decisions/{told['decision']}", headers=said["approver-1"]).json()
    assert [effect["code"] for effect in decision["effects"]] == ["batch_recorded", "batch_lower", "batch_grade"]
    grade = decision["effects"][-1]
    assert (grade["about"], grade["before"], grade["after"]) == ("甲检测", "100 N", "70 C")
    signature = {"digest": decision["digest"], "chosen": "good"}
    path, keyed = f"/pending-decisions/{told['decision']}/signature", {**said["approver-1"], "idempotency-key": "s-1"}
    signed = office.api.post(path, signature, headers=keyed)
    assert (signed.status_code, signed.json()["decision"]["state"]) == (200, "signed")
    assert office.api.post(path, signature, headers=keyed).json() == signed.json()
    assert office.api.get(place, headers=said["officer-1"]).json()["recorded"] == 3
    undo = office.api.post(f"{place}/undo", {"reason": "错表"}, headers=said["officer-1"])
    assert (undo.status_code, undo.json()["state"]) == (202, "undo_proposed")
    back = f"/pending-decisions/{undo.json()['decision']}/return"
    assert office.api.post(back, {"reasons": "表无误"}, headers=said["approver-1"]).status_code == 200
    assert office.api.get(place, headers=said["officer-1"]).json()["state"] == "recorded"


def test_who_is_to_ask_again_for_a_larger_sheet_is_told_when(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interfaces.http.controllers.imports.AT_ONCE", 1)
    monkeypatch.setattr("application.sheets.row_recording.PART", 1)
    answer = office.upload(workbook(penalty(), penalty("呼环罚〔2024〕2号")))
    assert (answer.status_code, answer.json()["state"], answer.headers["retry-after"]) == (202, "looking_through", "2")
    office.api.desk.copies.primary.sheets.work(answer.json()["id"], read_sheet)
    place = answer.headers["location"]
    assert "retry-after" not in office.api.call("GET", place, headers={"x-actor": "clerk"}).headers
    begun = office.api.post(f"{place.removeprefix('/api/v1')}/recording", {"chosen": "all"})
    assert (begun.status_code, begun.json()["recorded"], begun.json()["left"]) == (202, 1, 1)
    assert begun.headers["retry-after"] == "2"


def test_a_larger_sheet_is_accepted_at_once_and_its_progress_is_asked_for(office: Office) -> None:
    sheet = workbook(*(penalty(f"{n}号") for n in range(AT_ONCE + 1)))
    answer = office.upload(sheet)
    told = answer.json()
    assert (answer.status_code, told["state"], told["rows"], told["rows_seen"]) == (202, "looking_through", 501, 0)
    place = answer.headers["location"]
    asked = office.api.call("GET", place, headers={"x-actor": "clerk"})
    assert (asked.status_code, asked.headers["retry-after"]) == (200, "2")
    assert office.api.get(f"/imports/{told['id']}/rows").json()["rows"] == []
    sheets = office.api.desk.copies.primary.sheets
    sheets.work(told["id"], read_sheet)
    done = office.api.call("GET", place, headers={"x-actor": "clerk"})
    assert (done.json()["state"], done.json()["good"], "retry-after" in done.headers) == ("looked_through", 501, False)
    begun = office.api.post(f"/imports/{told['id']}/recording", {"chosen": "all"})
    assert (begun.status_code, begun.json()["recorded"], begun.json()["left"]) == (202, 500, 1)
    sheets.work(told["id"], read_sheet)
    assert office.api.get(f"/imports/{told['id']}").json()["recorded"] == 501
