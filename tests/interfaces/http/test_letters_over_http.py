"""Letters over HTTP: bad templates and characters are told where they are, and nothing of them is kept."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from docx import Document
from jsonschema_rs import Draft202012Validator

from domain.time import at_hour
from interfaces.documents.letters.office import office
from interfaces.documents.letters.press import shipped_template
from interfaces.http.bodies import DOCX
from interfaces.http.replying import ROOT
from tests.interfaces.http_client import Api
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
W = "00000000-0000-4000-8000-0000000000e1"
LETTER = "00000000-0000-4000-8000-0000000000b7"
TEMPLATES = f"{ROOT}/letter-offices/150100-EEB/templates"


@pytest.fixture
def api() -> Api:
    """An agency with a character in its name that no shipped font has, which was warned."""
    world = World()
    world.agency(A, name="张𠮷平检测有限公司")
    world.fact("2025-05-12", "B09", "00000000-0000-4000-8000-0000000000f1", A)
    warned = {"issued_on": "2025-05-12", "due_on": "2025-06-12", "requirements": "改"}
    world.do("2025-05-12", "issue_warning", fact="00000000-0000-4000-8000-0000000000f1", id=W, **warned)
    world.do("2025-05-12", "set_letterhead", bureau="150100-EEB", name="呼和浩特市生态环境局", word="呼环信")
    fields = {"regime": REGIME, "kind": "warning_notice", "concerns": W}
    world.do("2025-05-12", "draft_letter", subject=A, id=LETTER, **fields)
    world.clock.set(at_hour(dt.date(2025, 5, 12), 10))
    return Api(world)


def upload(api: Api, content: bytes, kind: str = "reminder", media: str = DOCX) -> httpx.Response:
    headers = {"x-actor": "legal", "content-type": media}
    return api.call("POST", f"{TEMPLATES}/{kind}?file=../../a.docx", content=content, headers=headers)


def with_line(line: str) -> bytes:
    document = Document(io.BytesIO(shipped_template("reminder")))
    document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"no document", 422, "not_docx"),
        (b"\0" * 5_000_001, 413, None),
        (b"\0" * 50_000_000, 413, None),
        (with_line("{{ 不存在 }}"), 422, "unknown_field"),
        (with_line("{{ cycler.__init__ }}"), 422, "unknown_field"),
    ],
    ids=["no docx", "one over", "50 MB", "unknown field", "code"],
)
def test_a_template_that_cannot_be_used_is_refused_and_not_kept(
    api: Api, content: bytes, status: int, code: str | None
) -> None:
    answer = upload(api, content)
    assert answer.status_code == status, answer.text
    assert status != 413 or "5 MB" in answer.json()["detail"]
    errors: list[dict[str, Any]] = answer.json().get("errors", [])
    assert code in {None, *(error["code"] for error in errors)}
    assert list(api.world.contents.listed()) == []
    assert api.get("/letter-offices/150100-EEB").json()["templates"] == []


def test_a_template_is_named_without_its_folders_and_every_version_is_had_again(api: Api) -> None:
    first, second = shipped_template("reminder"), with_line("附注")
    assert upload(api, first).status_code == 201
    assert upload(api, second).status_code == 201
    found = api.get("/letter-offices/150100-EEB").json()["templates"]
    assert [(one["name"], one["in_use"]) for one in found] == [("a.docx", True), ("a.docx", False)]
    at = f"{TEMPLATES.removeprefix(ROOT)}/reminder"
    assert api.get(at).content == second
    assert api.get(at, version=found[1]["digest"]).content == first
    assert api.get(at, version="0" * 64).status_code == 404


def test_no_template_is_something_else_by_its_type(api: Api) -> None:
    assert upload(api, shipped_template("reminder"), media="application/pdf").status_code == 415
    assert upload(api, shipped_template("reminder"), kind="poem").status_code == 404
    assert upload(api, shipped_template("reminder"), kind="0").status_code == 404


def test_what_a_draft_would_say_is_told_as_it_is_described(api: Api) -> None:
    components = api.get("/openapi.json").json()["components"]
    fits = Draft202012Validator({"$ref": "#/components/schemas/LetterAnswer", "components": components})
    told = api.get(f"/letters/{LETTER}").json()
    assert told["says"]["heads"]["authority"] == "作出机关"
    fits.validate(told)


def test_a_character_that_no_font_has_is_told_with_its_place_and_the_docx_is_made(api: Api) -> None:
    answer = api.get(f"/letters/{LETTER}/pdf")
    assert answer.status_code == 422, answer.text
    assert "𠮷" in answer.json()["detail_zh"]
    assert "主送" in answer.json()["detail_zh"]
    issued = api.post(f"/letters/{LETTER}/issue", {"dated_on": "2025-05-12"}, headers={"x-actor": "officer"})
    assert issued.status_code == 422
    assert api.get(f"/letters/{LETTER}").json()["line"]["state"] == "draft"
    assert api.get(f"/letters/{LETTER}/docx").content.startswith(b"PK")


def test_a_template_of_the_bureau_prints_no_box_for_a_character_that_no_font_has(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    office.cache_clear()
    try:
        assert upload(api, shipped_template("warning_notice"), kind="warning_notice").status_code == 201
        answer = api.get(f"/letters/{LETTER}/pdf")
        assert (answer.status_code, answer.json()["code"]) == (422, "character_missing"), answer.text
        assert "主送" in answer.json()["detail_zh"]
    finally:
        office.cache_clear()


def test_a_draft_that_was_dropped_says_nothing_more_and_has_no_number(api: Api) -> None:
    assert api.get(f"/letters/{LETTER}").json()["content"] is not None
    api.world.do("2025-05-13", "withdraw_letter", letter=LETTER, reason="不再需要")
    found = api.get(f"/letters/{LETTER}").json()
    assert (found["line"]["state"], found["content"], found["number"]) == ("dropped", None, None)


def test_the_letters_that_wait_come_in_pages_and_a_cursor_is_of_its_question(api: Api) -> None:
    other, fact, warning = (
        id.replace("00000000b7", f"00000000{end}") for id, end in ((LETTER, "b8"), (LETTER, "f2"), (LETTER, "e2"))
    )
    api.world.fact("2025-05-12", "B09", fact, A)
    warned = {"issued_on": "2025-05-12", "due_on": "2025-06-12", "requirements": "改"}
    api.world.do("2025-05-12", "issue_warning", fact=fact, id=warning, **warned)
    fields = {"regime": REGIME, "kind": "warning_notice", "concerns": warning}
    api.world.do("2025-05-13", "draft_letter", subject=A, id=other, **fields)
    first = api.get("/letters", limit="1").json()
    second = api.get("/letters", limit="1", cursor=first["cursor"]).json()
    assert ([line["letter"] for page in (first, second) for line in page["letters"]], second["cursor"]) == (
        [LETTER, other],
        None,
    )
    refused = api.get("/letters", limit="1", region="150200", cursor=first["cursor"])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "other_question")
