"""Evidence over HTTP: uploads in pieces, what is refused, what stands on the file, and who is shown it."""

import io
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import httpx
import pytest

from application.papers.uploads import MOST_AT_ONCE, MOST_BYTES_SHIPPED
from interfaces.contents.inspecting import WORD
from interfaces.http.controllers.evidence import TUS
from tests.interfaces.http_client import Api
from tests.support.accounts import account, token, with_first
from tests.support.papers import papers_of, pdf, picture
from tests.support.world import REGIME, World

A, P = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
F1, R1 = "00000000-0000-4000-8000-0000000000f1", "00000000-0000-4000-8000-0000000000d1"
KIB = 1024
HOUR = 3_600_000_000
CLERK = {"x-actor": "clerk"}
NAMES = "会议纪要 第12次.pdf"


@pytest.fixture
def api() -> Api:
    world = World()
    world.agency(A)
    world.practitioner(P)
    world.fact("2025-03-03", "B11", F1, A)
    world.clock.set(1_750_035_600_000_000)
    return Api(world)


def begun(api: Api, size: int, subject: str = A, *, by: str = "clerk", **more: Any) -> httpx.Response:
    body = {"name": NAMES, "size": size, **more}
    return api.post(f"/subjects/{subject}/uploads", body, headers={"x-actor": by})


def sent(api: Api, place: str, piece: bytes, offset: int | str, *, by: str = "clerk", **more: str) -> httpx.Response:
    said = {"x-actor": by, "content-type": TUS, "upload-offset": str(offset), **more}
    return api.call("PATCH", f"/api/v1{place}", content=piece, headers=said)


def finished(api: Api, place: str, content: bytes, *, by: str = "clerk") -> httpx.Response:
    return api.post(f"{place}/finish", {"sha256": sha256(content).hexdigest()}, headers={"x-actor": by})


def uploaded(api: Api, content: bytes, subject: str = A, **more: Any) -> str:
    id = begun(api, len(content), subject, **more).json()["id"]
    for offset in range(0, len(content), MOST_AT_ONCE):
        piece = content[offset : offset + MOST_AT_ONCE]
        assert sent(api, f"/uploads/{id}", piece, offset).status_code == 204
    done = finished(api, f"/uploads/{id}", content)
    assert done.status_code == 200, done.text
    return str(id)


def received(api: Api, content: bytes, subject: str = A, *, of: Any = None, **more: Any) -> str:
    upload = uploaded(api, content, subject, **(of or {}))
    body = {"upload": upload, "kind": "other", **more}
    answer = api.post(f"/subjects/{subject}/evidence", body, headers=CLERK)
    assert answer.status_code == 201, answer.text
    return upload


def lying(api: Api) -> list[str]:
    """Where anything lies."""
    return [found.address for found in api.world.papers.contents.listed()]


def listed(api: Api, subject: str = A) -> Any:
    return api.get(f"/subjects/{subject}/evidence").json()


def big() -> bytes:
    """A PDF of more than three pieces."""
    content = picture("big", "TIFF", (420, 420))
    assert len(content) > 500 * KIB
    return content


# --- in pieces --------------------------------------------------------------------------------------------------------


def test_an_upload_that_was_cut_goes_on_where_it_stood(api: Api) -> None:
    content = big()
    answer = begun(api, len(content), sha256=sha256(content).hexdigest())
    assert answer.status_code == 201
    place = answer.headers["location"].removeprefix("/api/v1")
    assert sent(api, place, content[: 200 * KIB], 0).headers["upload-offset"] == str(200 * KIB)
    stands = api.call("HEAD", f"/api/v1{place}", headers={"x-actor": "clerk"})
    assert (stands.headers["upload-offset"], stands.headers["upload-length"]) == (str(200 * KIB), str(len(content)))
    assert stands.headers["tus-resumable"] == "1.0.0"
    again = sent(api, place, content[: 200 * KIB], 0)
    assert (again.status_code, again.json()["code"]) == (409, "offset_differs")
    early = finished(api, place, content)
    assert (early.status_code, early.json()["code"]) == (409, "upload_incomplete")
    assert sent(api, place, content[200 * KIB :], 200 * KIB).status_code == 204
    done = finished(api, place, content)
    assert (done.status_code, done.json()["media"], done.json()["finished"]) == (200, "image/tiff", True)
    assert finished(api, place, content).json() == done.json()
    other = finished(api, place, content[1:])
    assert (other.status_code, "保留不变" in other.json()["detail"]) == (409, True)
    assert lying(api) == [f"sha256/{sha256(content).hexdigest()}"]


def test_nobody_else_goes_on_with_an_upload(api: Api) -> None:
    content = pdf()
    place = f"/uploads/{begun(api, len(content)).json()['id']}"
    assert sent(api, place, content, 0, by="other").status_code == 404
    assert api.get(place, headers={"x-actor": "other"}).status_code == 404
    assert sent(api, place, content, 0).status_code == 204
    assert finished(api, place, content, by="other").status_code == 404
    finished(api, place, content)
    body = {"upload": place.rpartition("/")[2], "kind": "other"}
    assert api.post(f"/subjects/{A}/evidence", body, headers={"x-actor": "other"}).status_code == 404
    assert api.post(f"/subjects/{P}/evidence", body).status_code == 404


def test_of_other_bytes_than_were_told_nothing_is_left(api: Api) -> None:
    content = pdf()
    place = f"/uploads/{begun(api, len(content)).json()['id']}"
    sent(api, place, content, 0)
    wrong = finished(api, place, content + b" ")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "digest_differs")
    assert sha256(content).hexdigest() in wrong.json()["detail"]
    assert lying(api) == []
    assert api.get(place, headers={"x-actor": "clerk"}).status_code == 404


def test_an_upload_has_as_many_bytes_as_it_was_said_to_have(api: Api) -> None:
    place = f"/uploads/{begun(api, 100 * KIB).json()['id']}"
    more = sent(api, place, bytes(100 * KIB + 1), 0)
    assert (more.status_code, "102400" in more.json()["detail"]) == (413, True)
    little = sent(api, place, bytes(64 * KIB - 1), 0)
    assert (little.status_code, little.json()["errors"][0]["code"]) == (422, "too_little")
    for offset in ("", "-1", "1.5", "x", "9" * 16):
        assert sent(api, place, bytes(64 * KIB), offset).status_code == 400
    assert sent(api, place, bytes(64 * KIB), 0, **{"content-type": "application/json"}).status_code == 415
    assert lying(api) == []


def test_the_limit_holds_before_anything_is_sent(api: Api) -> None:
    assert begun(api, MOST_BYTES_SHIPPED).status_code == 201
    over = begun(api, MOST_BYTES_SHIPPED + 1)
    assert (over.status_code, over.json()["code"]) == (413, "content_too_large")
    empty = begun(api, 0)
    assert (empty.status_code, empty.json()["errors"][0]["code"]) == (422, "empty_file")


def test_what_was_not_finished_within_a_day_is_let_go(api: Api) -> None:
    clock, uploads = api.world.clock, api.world.papers.uploads
    place = f"/uploads/{begun(api, 200 * KIB, P).json()['id']}"
    sent(api, place, bytes(100 * KIB), 0)
    clock.set(clock.now() + 24 * HOUR - 1)
    uploads.tend()
    assert api.get(place, headers={"x-actor": "clerk"}).status_code == 200
    clock.set(clock.now() + 1)
    assert api.get(place, headers={"x-actor": "clerk"}).status_code == 404
    uploads.tend()
    assert lying(api) == []


def test_what_was_received_stays_when_its_upload_is_forgotten(api: Api) -> None:
    evidence = received(api, pdf(), P)
    api.world.clock.set(api.world.clock.now() + 8 * 24 * HOUR)
    api.world.papers.uploads.tend()
    assert api.get(f"/evidence/{evidence}/content").content == pdf()


def test_names_are_cleaned_or_refused(api: Api) -> None:
    names = {
        r"..\..\C:\证据\回证.pdf": "回证.pdf",
        "/etc/../x/笔录.pdf": "笔录.pdf",
        "fdp\u202e.exe\u200b": "fdp.exe",
        "e\u0301.pdf": "\u00e9.pdf",
        "字" * 196 + ".pdf": "字" * 196 + ".pdf",
    }
    for given, kept in names.items():
        assert begun(api, 10, name=given).json()["name"] == kept
    for given, code in {
        "字" * 297 + ".pdf": "name_too_long",
        "\u200b/": "no_name",
        "..": "no_name",
        "a\x07.pdf": "bad_character",
    }.items():
        refused = begun(api, 10, name=given)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)


# --- what is taken in -------------------------------------------------------------------------------------------------


def archive(*members: tuple[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def named(found: object) -> str:
    return found if isinstance(found, str) else ""


def bad() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Names of files, why each is refused, and what makes their bytes: some take long, and every process looks here for
    its tests."""
    yield "网页.pdf", "markup", lambda: b"<!DOCTYPE html><script>alert(1)</script>"
    yield "图.svg", "markup", lambda: b'\xef\xbb\xbf<?xml version="1.0"?><svg xmlns="x"><script>1</script></svg>'
    yield "假.pdf", "no_pdf", lambda: b"just text"
    yield "密.pdf", "encrypted_pdf", lambda: pdf(password="x")
    yield "断.pdf", "damaged_pdf", lambda: pdf(3)[:-200]
    yield "空.pdf", "damaged_pdf", lambda: pdf(0)
    yield "断.png", "damaged_picture", lambda: picture("a", size=(200, 200))[:60]
    yield "弹.docx", "zip_bomb", lambda: archive(("word/document.xml", bytes(300 << 20)))
    yield "多.docx", "zip_bomb", lambda: archive(*((f"x{n}", b"") for n in range(20_001)))
    yield "宏.docx", "macros", lambda: archive(("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"x"))
    yield "断.xlsx", "damaged_archive", lambda: archive(("xl/workbook.xml", b"<w/>"))[:40]
    yield "包.zip", "unknown_type", lambda: archive(("a.exe", b"MZ"))
    yield "程.pdf.exe", "unknown_type", lambda: b"MZ\x90\x00\x03\xff"


@pytest.mark.slow
@pytest.mark.parametrize(("called", "code", "make"), tuple(bad()), ids=named)
def test_what_may_not_be_taken_in_is_named_and_nothing_of_it_is_left(
    api: Api, called: str, code: str, make: Callable[[], bytes]
) -> None:
    content = make()
    id = begun(api, len(content), name=called).json()["id"]
    assert sent(api, f"/uploads/{id}", content, 0).status_code == 204
    refused = finished(api, f"/uploads/{id}", content)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)
    assert lying(api) == []


@pytest.mark.parametrize(
    ("called", "content", "media", "pages"),
    [
        ("决定书", pdf(2), "application/pdf", 2),
        ("照片.txt", picture("a", "JPEG"), "image/jpeg", 1),
        ("照片.webp", picture("a", "WEBP"), "image/webp", 1),
        ("说明.docx", archive(("word/document.xml", b"<w/>")), WORD, None),
        ("公文.ofd", archive(("OFD.xml", b"<o/>")), "application/ofd", None),
        ("数据.csv", "时间,氨氮\n2025-01-01,0.5\n".encode("gb18030"), "text/csv", None),
        ("说明.txt", "现场情况说明".encode(), "text/plain", None),
    ],
    ids=named,
)  # fmt: skip
def test_what_a_file_is_is_found_by_looking(
    api: Api, called: str, content: bytes, media: str, pages: int | None
) -> None:
    id = uploaded(api, content, name=called)
    found = api.get(f"/uploads/{id}", headers={"x-actor": "clerk"}).json()
    assert (found["media"], found["pages"]) == (media, pages)


# --- on the file ------------------------------------------------------------------------------------------------------


def test_a_piece_stands_on_the_file_with_its_digest_and_moves_no_grade(api: Api) -> None:
    before = api.get(f"/subjects/{A}/grade", regime=REGIME).json()["running"]
    content = pdf(2)
    evidence = received(api, content, kind="decision", record=F1, received_on="2025-06-01")
    (line,) = listed(api)["evidence"]
    assert (line["evidence"], line["kind"], line["title"]) == (evidence, "decision", NAMES)
    assert (line["record"], line["received_on"], line["pages"]) == (F1, "2025-06-01", 2)
    assert (line["digest"], line["size"]) == (sha256(content).hexdigest(), len(content))
    assert line["sm3"] is None
    api.world.papers.uploads.tend()
    assert len(listed(api)["evidence"][0]["sm3"]) == 64
    told = api.get(f"/subjects/{A}/timeline").json()["entries"]
    assert "evidence-received.v1" in {entry["type"] for entry in told}
    assert api.get(f"/subjects/{A}/grade", regime=REGIME).json()["running"] == before


def test_received_again_it_is_the_same(api: Api) -> None:
    evidence = received(api, pdf(), title="决定书")
    body = {"upload": evidence, "kind": "other", "title": "决定书"}
    assert api.post(f"/subjects/{A}/evidence", body, headers=CLERK).status_code == 200
    other = api.post(f"/subjects/{A}/evidence", {**body, "kind": "decision"}, headers=CLERK)
    assert (other.status_code, other.json()["code"]) == (409, "id_taken")
    assert len(listed(api)["evidence"]) == 1


def test_what_it_is_about_and_what_it_redacts_is_on_the_file(api: Api) -> None:
    original = received(api, pdf(2))
    upload = uploaded(api, pdf(3))
    nobody = "00000000-0000-4000-8000-0000000000ff"
    for fields, code in (
        ({"record": nobody}, "unknown_record"),
        ({"redacts": nobody}, "unknown_evidence"),
        ({"received_on": "2025-06-17"}, "in_the_future"),
    ):
        refused = api.post(f"/subjects/{A}/evidence", {"upload": upload, "kind": "other", **fields}, headers=CLERK)
        assert refused.status_code == 422, refused.text
        assert code in refused.text or "received_on" in refused.text
    same = uploaded(api, pdf(2))
    refused = api.post(f"/subjects/{A}/evidence", {"upload": same, "kind": "other", "redacts": original}, headers=CLERK)
    assert refused.json()["errors"][0]["code"] == "same_content"
    copied = {"upload": upload, "kind": "other", "redacts": original}
    assert api.post(f"/subjects/{A}/evidence", copied, headers=CLERK).status_code == 201
    first, second = listed(api)["evidence"]
    assert (first["redacted"], second["redacts"]) == ([upload], original)


def test_a_piece_that_turns_out_to_hold_personal_data_is_encrypted_from_then_on(api: Api) -> None:
    evidence = received(api, pdf())
    said = {"personal_data": True, "reason": "附有身份证复印件"}
    assert api.post(f"/evidence/{evidence}/mark", said).status_code == 201
    assert api.post(f"/evidence/{evidence}/mark", said).status_code == 200
    (line,) = listed(api)["evidence"]
    assert line["personal_data"]
    assert [found for found in lying(api) if found.startswith("keyed/")]
    assert api.get(f"/evidence/{evidence}/content").content == pdf()
    own = received(api, pdf(), P)
    not_so = api.post(f"/evidence/{own}/mark", {"personal_data": False, "reason": "无"})
    assert (not_so.status_code, not_so.json()["code"]) == (409, "persons_evidence")


def test_a_withdrawn_piece_stays_struck(api: Api) -> None:
    evidence = received(api, pdf())
    for status in (201, 200):
        answer = api.post(f"/evidence/{evidence}/withdrawal", {"reason": "误传"})
        assert answer.status_code == status
    assert listed(api)["evidence"][0]["withdrawn"] == "误传"
    marked = api.post(f"/evidence/{evidence}/mark", {"personal_data": True, "reason": "附有身份证复印件"})
    assert (marked.status_code, marked.json()["code"]) == (409, "evidence_withdrawn")
    assert api.get(f"/evidence/{evidence}/content").status_code == 200


def test_what_is_missing_for_a_repair_is_named(api: Api) -> None:
    body = {"regime": REGIME, "id": R1, "facts": [F1], "dated_on": "2025-05-06", "completed_on": "2025-05-01"}
    assert api.post(f"/subjects/{A}/repairs/applications", body).status_code == 201
    (asked,) = listed(api)["checklists"]
    assert (asked["record"], asked["procedure"], asked["missing"]) == (R1, "apply_repair", 3)
    assert [(paper["code"], paper["cites"]) for paper in asked["papers"]] == [
        ("application", ["art. 28(3)"]), ("rectification", ["art. 30"]), ("performance", ["art. 30"]),
    ]  # fmt: skip
    received(api, pdf(2), kind="rectification_report", record=R1)
    withdrawn = received(api, pdf(3), kind="application", record=R1)
    received(api, pdf(4), kind="performance_proof")
    assert listed(api)["checklists"][0]["missing"] == 1
    api.post(f"/evidence/{withdrawn}/withdrawal", {"reason": "误传"})
    found = listed(api)["checklists"][0]
    assert [bool(paper["evidence"]) for paper in found["papers"]] == [False, True, False]


# --- who is shown it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_sealed", [False, True], ids=["in clear", "encrypted"])
@pytest.mark.parametrize("side", [40, 2400], ids=["read at once", "read in pieces"])
def test_parts_of_a_file_are_had_as_the_rfc_has_it(api: Api, is_sealed: bool, side: int) -> None:
    content = picture("parts", "TIFF", (side, side))
    evidence = received(api, content, of={"personal_data": is_sealed})
    at, size, tag = f"/api/v1/evidence/{evidence}/content", len(content), f'"{sha256(content).hexdigest()}"'

    def asked(method: str = "GET", **headers: str) -> httpx.Response:
        return api.call(method, at, headers={name.replace("_", "-"): value for name, value in headers.items()})

    whole = asked()
    assert (whole.status_code, whole.headers["accept-ranges"], whole.headers["etag"]) == (200, "bytes", tag)
    for said, first, last in (
        ("bytes=0-0", 0, 0),
        ("bytes=7-1030", 7, 1030),
        (f"bytes={size - 1}-", size - 1, size - 1),
        ("bytes=-5", size - 5, size - 1),
        (f"bytes=3-{size * 9}", 3, size - 1),
        (f"bytes=-{size * 9}", 0, size - 1),
    ):
        part = asked(range=said, if_range=tag)
        assert part.status_code == 206, said
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert part.headers["content-length"] == str(last - first + 1)
        assert part.content == content[first : last + 1]
    for said in (f"bytes={size}-", "bytes=-0", f"bytes={size}-{size + 4}"):
        none = asked(range=said)
        assert (none.status_code, none.headers["content-range"], none.content) == (416, f"bytes */{size}", b"")
    # Several, what cannot be read, another unit, and parts of another file: the whole is sent.
    for said in ("bytes=0-1,4-5", "bytes=5-2", "bytes=-", "bytes=a-", "lines=0-1"):
        assert (asked(range=said).status_code, asked(range=said).content) == (200, content), said
    for other in ('"other"', f"W/{tag}", "Wed, 21 Oct 2015 07:28:00 GMT"):
        assert asked(range="bytes=0-1", if_range=other).status_code == 200
    head = asked("HEAD", range="bytes=0-1")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(size), b"")
    same = asked(if_none_match=f'"x", W/{tag}', range="bytes=0-1")
    assert (same.status_code, same.content) == (304, b"")


def test_nothing_of_a_file_runs_in_a_browser(api: Api) -> None:
    evidence = received(api, pdf(2), title='"><script>/..\\决定书')
    content = api.get(f"/evidence/{evidence}/content")
    assert content.content == pdf(2)
    assert content.headers["content-disposition"].startswith("attachment;")
    assert "\n" not in content.headers["content-disposition"]
    assert '"><' not in content.headers["content-disposition"]
    page = api.get(f"/evidence/{evidence}/pages/2")
    assert (page.headers["content-type"], page.content[:4]) == ("image/png", b"\x89PNG")
    for answer in (content, page):
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    for none in ("0", "3", "x"):
        assert api.get(f"/evidence/{evidence}/pages/{none}").status_code == 404
    table = received(api, b"a,b\n1,2\n", of={"name": "x.csv"})
    assert api.get(f"/evidence/{table}/pages/1").json()["errors"][0]["code"] == "no_preview"


def test_who_is_not_shown_personal_data_is_shown_the_redacted_copy(api: Api) -> None:
    of = {"personal_data": True}
    original = received(api, pdf(2), of=of)
    copy = received(api, pdf(3), redacts=original)
    with_first(api.administering)
    headers = {}
    for role in ("clerk", "auditor"):
        account(api.administering, f"{role}-1", role)
        headers[role] = {"authorization": f"Bearer {token(api.administering, f'{role}-1')}", "x-purpose": "audit"}
    account(api.administering, "elsewhere-1", "clerk", "150200")
    away = {"authorization": f"Bearer {token(api.administering, 'elsewhere-1')}"}
    assert api.get(f"/evidence/{original}/content", headers=headers["clerk"]).status_code == 200
    for what in ("content", "pages/1"):
        refused = api.get(f"/evidence/{original}/{what}", headers=headers["auditor"])
        assert (refused.status_code, refused.json()["code"]) == (403, "personal_data")
        assert api.get(f"/evidence/{copy}/{what}", headers=headers["auditor"]).status_code == 200
        assert api.get(f"/evidence/{copy}/{what}", headers=away).status_code == 404
    shown = api.get(f"/subjects/{A}/evidence", headers=headers["auditor"]).json()
    assert "title" not in shown["evidence"][0]
    body = {"name": "x.pdf", "size": 10}
    assert api.post(f"/subjects/{A}/uploads", body, headers=headers["auditor"]).status_code == 403
    assert api.post(f"/subjects/{A}/uploads", body, headers=away).status_code == 404


# --- read again -------------------------------------------------------------------------------------------------------


def test_an_altered_file_is_refused_and_named(api: Api) -> None:
    sound, other = received(api, pdf(2)), received(api, pdf(3))
    papers = api.world.papers
    found = papers.evidence.one(other)
    papers.contents.delete(found.content.address)
    gone = api.get(f"/evidence/{other}/content")
    assert (gone.status_code, gone.json()["code"]) == (500, "content_missing")
    check = api.get("/evidence-check").json()
    assert (check["checked"], [(f["evidence"], f["fault"]) for f in check["faults"]]) == (2, [(other, "missing")])
    assert api.get(f"/evidence/{sound}/content").status_code == 200


def test_what_is_about_an_erased_person_is_told_as_erased(api: Api) -> None:
    evidence = received(api, pdf(), P)
    api.world.vault.erase(P)
    for what in ("content", "pages/1"):
        answer = api.get(f"/evidence/{evidence}/{what}")
        assert (answer.status_code, answer.json()["code"]) == (410, "content_erased")
    (line,) = listed(api, P)["evidence"]
    assert (line["erased"], line["title"], line["shown"]) == (True, "〔已删除 / erased〕", False)
    check = api.get("/evidence-check").json()
    assert (check["checked"], check["erased"], check["faults"]) == (1, 1, [])
    assert begun(api, 10, P).json()["code"] == "person_erased"


def test_without_a_store_it_is_told_what_to_do() -> None:
    from interfaces.contents.store import contents_at

    world = World()
    world.agency(A)
    papers = papers_of(world.journal, world.vault, world.clock, world.ids)
    papers.uploads._contents = lambda: contents_at("", None)
    world.papers = papers
    refused = begun(Api(world), 10)
    assert (refused.status_code, refused.json()["code"]) == (503, "no_evidence_store")
    assert "ECODOCKET_EVIDENCE" in refused.json()["detail"]
