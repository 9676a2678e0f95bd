"""Letters in a browser: set up, drafted at the procedure, looked at, issued by two persons, served, withdrawn."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import httpx
import pypdfium2
import pytest

from domain.time import at_hour
from interfaces.documents.letters.office import office
from interfaces.documents.letters.press import shipped_template
from interfaces.wording.days import day_written
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.world import REGIME, USCC, World

A = "00000000-0000-4000-8000-00000000000a"
PROPOSAL = "00000000-0000-4000-8000-0000000000c2"
NOTICE = "00000000-0000-4000-8000-0000000000c3"
OBJECTION = "00000000-0000-4000-8000-0000000000c4"
OFFICE = "/letter-offices/150100-EEB"
LETTERS = f"/cases/{A}/letters"


@pytest.fixture
def api() -> Api:
    """An agency of Hohhot that is to be told of its proposed grade, and accounts."""
    world = World()
    world.agency(A, uscc=USCC)
    world.fact(
        "2024-05-10",
        "B11",
        "00000000-0000-4000-8000-0000000000f1",
        A,
        final_on="2024-05-10",
        document="呼环罚〔2024〕1号",
    )
    for stage, day in (("roster", "2025-03-14"), ("notice", "2025-03-14"), ("proposal", "2025-04-15")):
        fields = {"stage": stage, "dated_on": day, **({"id": PROPOSAL} if stage == "proposal" else {})}
        world.do(day, "evaluation_stage", subject=A, regime=REGIME, year=2024, **fields)
    world.clock.set(at_hour(dt.date(2025, 4, 15), 10))
    found = Api(world)
    with_first(found.administering)
    for role in ("clerk", "officer", "approver", "legal", "department"):
        account(found.administering, role, role)
    account(found.administering, "party", "participant", subject=A)
    return found


def browser(api: Api, who: str = "officer") -> Browser:
    found = Browser(api)
    found.sign_in(who)
    return found


def send(who: Browser, address: str, **fields: str) -> httpx.Response:
    return who.send(address, csrf=who.csrf(who.get(address)), **fields)


def with_letterhead(api: Api) -> None:
    answer = send(browser(api, "legal"), OFFICE, do="set", name="呼和浩特市生态环境局", word="呼环信")
    assert answer.status_code == 303, words_of(answer)


def drafted(who: Browser) -> str:
    """The address of the page of a letter that was just drafted."""
    answer = send(who, LETTERS, about=f"grade_notice {PROPOSAL}")
    assert answer.status_code == 303, words_of(answer)
    return answer.headers["location"]


def propose(api: Api, at: str) -> None:
    """Let an officer issue a letter, which waits for a signature then."""
    officer = browser(api)
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', officer.get(at).text)
    assert digest is not None
    answer = send(officer, at, do="issue", dated_on="2025-04-15", digest=digest[1])
    assert "waits=issue_letter" in answer.headers["location"], words_of(answer)


def issue(api: Api, at: str) -> None:
    """Let an officer issue a letter and an approver sign it."""
    propose(api, at)
    approver = browser(api, "approver")
    decision = re.search(r"/signatures/[0-9a-f-]{36}", approver.get("/signatures").text)
    assert decision is not None
    told = words_of(approver.get(decision[0]))
    assert "提出异议的最后一日为2025年4月22日" in told
    signed = send(approver, decision[0], do="sign", digest=_digest(approver.get(decision[0])))
    assert signed.status_code == 303, words_of(signed)


def _digest(page: httpx.Response) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page.text)
    assert found is not None
    return found[1]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_stand_alone_in_both_languages(api: Api, language: str) -> None:
    with_letterhead(api)
    officer = browser(api)
    at = drafted(officer)
    for who, address in ((officer, LETTERS), (officer, at), (browser(api, "legal"), OFFICE)):
        who.language = language
        must_stand_alone(who.get(address))


@pytest.mark.slow
def test_a_letter_goes_from_the_procedure_to_its_service(api: Api) -> None:
    with_letterhead(api)
    officer = browser(api)
    at = drafted(officer)
    assert "提出异议的最后一日为2025年4月22日" in words_of(officer.get(at))
    file = officer.get(f"{at}/pdf")
    assert file.content.startswith(b"%PDF")
    assert unquote(file.headers["content-disposition"]).endswith("（草稿）.pdf")
    issue(api, at)
    told = words_of(officer.get(at))
    assert "呼环信告〔2025〕1号" in told
    assert "已发出" in told
    send(officer, at, do="serve", served_on="2025-04-15", how="direct", received_by="收发室")
    assert "收发室" in words_of(officer.get(at))
    # Who received it is not for the department, and the page stands all the same.
    told = words_of(browser(api, "department").get(at))
    assert "直接送达" in told
    assert "收发室" not in told
    told = words_of(officer.get(f"/cases/{A}/deadlines"))
    assert "呼环信告〔2025〕1号 送达 2025年4月15日" in told


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-CN", "签发函件 · 拟定信用等级告知书"), ("en", "Issue a letter · notice of a proposed grade")],
)
def test_the_list_of_what_waits_says_which_kind_of_letter_it_is(api: Api, language: str, said: str) -> None:
    with_letterhead(api)
    propose(api, drafted(browser(api)))
    approver = browser(api, "approver")
    approver.language = language
    assert said in words_of(approver.get("/signatures"))


def waiting(who: Browser, address: str = "/todo") -> list[str]:
    """How the letters of the worklist stand."""
    _, _, letters = who.get(address).text.partition('<h2 id="letters">')
    return re.findall(r'<span class="chip \w+">([^<]*)</span>', letters)


@pytest.mark.slow
def test_the_worklist_has_a_letter_until_it_is_issued(api: Api) -> None:
    with_letterhead(api)
    officer = browser(api)
    assert waiting(officer) == ["应发"]
    assert f"{LETTERS}?kind=grade_notice&amp;concerns={PROPOSAL}" in officer.get("/todo").text
    assert waiting(officer, "/todo?as_of=2025-06-14") == ["应发"]
    assert waiting(officer, "/todo?as_of=2025-06-15") == []
    assert waiting(officer, "/todo?view=week") == []
    at = drafted(officer)
    assert waiting(officer) == ["草稿"]
    assert f'href="{at}"' in officer.get("/todo").text
    assert waiting(officer, "/todo?as_of=2026-06-15") == ["草稿"]
    assert waiting(officer, "/todo?region=150200") == []
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', officer.get(at).text)
    assert digest is not None
    send(officer, at, do="issue", dated_on="2025-04-15", digest=digest[1])
    assert waiting(officer) == ["已提请签发"]
    issue(api, at)
    assert waiting(officer) == []


def test_a_letter_about_an_internal_notice_stands_on_the_worklist_and_nowhere_for_the_agency(api: Api) -> None:
    with_letterhead(api)
    noticed = {"noticed_on": "2025-02-06", "authority": "150100-EEB", "regime": REGIME}
    for number in (1, 2):
        paper = {"kind": "joint_inspection", "document": f"提示〔2025〕{number}号"}
        api.world.do("2025-02-06", "record_advisory", subject=A, **noticed, **paper)
    api.world.do("2025-03-03", "submit_advisories", city="150100", month="2025-02", regime=REGIME)
    fields = {"subject": A, "regime": REGIME, "dated_on": "2025-03-12", "id": NOTICE}
    api.world.do("2025-03-12", "issue_internal_notice", **fields)
    api.world.clock.set(at_hour(dt.date(2025, 4, 15), 10))
    officer = browser(api)
    asked = f"{LETTERS}?kind=assistance_notice&amp;concerns={NOTICE}"
    assert asked in officer.get("/todo").text
    assert asked in officer.get("/todo?as_of=2025-05-11").text
    assert asked not in officer.get("/todo?as_of=2025-05-12").text
    assert "关于协助核查的通报（2025年3月12日的内部协查通报）" in words_of(officer.get(LETTERS))
    answer = send(officer, LETTERS, about=f"assistance_notice {NOTICE}")
    at = answer.headers["location"]
    assert asked not in officer.get("/todo").text
    assert f'href="{at}"' in officer.get("/todo").text
    assert "2025年3月12日的内部协查通报" in words_of(officer.get(at))
    party = browser(api, "party")
    assert "协助核查" not in words_of(party.get(LETTERS))
    assert party.get("/api/v1/letters").status_code == 403
    api.world.do("2025-04-15", "withdraw_letter", letter=at.rpartition("/")[2], reason="不再需要")
    assert asked in officer.get("/todo").text
    api.world.do("2025-04-15", "retract_record", record=NOTICE, reason="误发")
    assert asked not in officer.get("/todo").text


def test_a_draft_whose_last_day_is_over_says_so_beside_the_letter_and_not_in_it(api: Api) -> None:
    with_letterhead(api)
    objected = {"against": PROPOSAL, "by": "participant", "grounds": "处罚已撤销", "id": OBJECTION}
    evidence = [{"title": "判决书"}]
    api.world.do(
        "2025-04-18", "file_objection", subject=A, regime=REGIME, filed_on="2025-04-18", evidence=evidence, **objected
    )
    officer = browser(api)
    at = send(officer, LETTERS, about=f"objection_accepted {OBJECTION}").headers["location"]
    due_on = officer.get(f"/api/v1/letters/{at.rpartition('/')[2]}").json()["content"]["last_day"]["due_on"]
    written = day_written(dt.date.fromisoformat(due_on), "zh")
    for day, is_over in ((due_on, False), (str(dt.date.fromisoformat(due_on) + dt.timedelta(days=1)), True)):
        api.world.clock.set(at_hour(dt.date.fromisoformat(day), 10))
        told = words_of(officer.get(at))
        assert (f"函件所载的最后一日（ {written} ）已过" in told) is is_over
        assert "前（含当日）作出决定并书面告知你单位" in told


def test_a_letter_is_had_as_a_file_of_a_kind_that_there_is(api: Api) -> None:
    with_letterhead(api)
    officer = browser(api)
    at = drafted(officer)
    file = officer.get(f"{at}/docx")
    assert file.content.startswith(b"PK")
    assert unquote(file.headers["content-disposition"]).endswith("（草稿）.docx")
    assert officer.get(f"{at}/odt").status_code == 404


def test_of_a_draft_the_party_is_told_nothing_by_any_address(api: Api) -> None:
    with_letterhead(api)
    at, party = drafted(browser(api)), browser(api, "party")
    assert party.get(at).status_code == 404
    assert party.get(f"/api/v1/records/{at.rpartition('/')[2]}").status_code == 404


def test_a_letter_is_found_by_its_number_also_when_it_was_taken_back(api: Api) -> None:
    with_letterhead(api)
    officer = browser(api)
    at = drafted(officer)
    assert "没有找到" in words_of(officer.get("/search?q=呼环信告〔2025〕1号"))
    issue(api, at)
    assert officer.get("/search?q=呼环信告(2025) 1号").headers["location"] == at
    send(officer, at, do="withdraw", reason="误发")
    (hit,) = officer.get("/api/v1/search?q=呼环信告〔2025〕1号").json()["hits"]
    assert (hit["kind"], hit["matched"], hit["retracted"]) == ("letter", "letter_number", False)
    approver = browser(api, "approver")
    decision = re.search(r"/signatures/[0-9a-f-]{36}", approver.get("/signatures").text)
    assert decision is not None
    send(approver, decision[0], do="sign", digest=_digest(approver.get(decision[0])))
    (hit,) = officer.get("/api/v1/search?q=呼环信告〔2025〕1号").json()["hits"]
    assert (hit["decided_on"], hit["retracted"]) == ("2025-04-15", True)


@pytest.mark.slow
def test_the_party_is_shown_what_was_sent_to_it_and_no_draft(api: Api) -> None:
    with_letterhead(api)
    at = drafted(browser(api))
    party, letter = browser(api, "party"), at.rpartition("/")[2]
    assert "拟定信用等级告知书" not in words_of(party.get(LETTERS))
    assert party.get(at).status_code == 404
    assert party.get(f"/api/v1/records/{letter}").status_code == 404
    timeline = f"/api/v1/subjects/{A}/timeline"
    before = party.get(timeline).json()
    assert letter not in party.get(f"/cases/{A}/timeline?view=all").text
    assert letter not in str(before)
    assert "office" not in {part["what"] for part in before["masked"]}
    assert letter in browser(api).get(timeline).text
    assert party.get(f"/api/v1/subjects/{A}/moments").json()["total"] == len(
        {e["recorded_at"] for e in before["entries"]}
    )
    issue(api, at)
    (sent,) = [e for e in party.get(timeline).json()["entries"] if e.get("about") == letter]
    assert sent["type"] == "letter-issued.v1"
    assert "呼环信告〔2025〕1号" in words_of(party.get(LETTERS))
    whole = party.get(f"{at}/pdf")
    assert whole.content.startswith(b"%PDF")
    part = party.get(f"{at}/pdf", range="bytes=1-3")
    assert (part.status_code, part.content, part.headers["etag"]) == (206, b"PDF", whole.headers["etag"])


def test_what_is_missing_is_said_on_the_page_with_where_to_set_it(api: Api) -> None:
    officer = browser(api)
    page = officer.get(drafted(officer))
    assert "尚未设置函件的机关名称和代字" in words_of(page)
    assert f'href="{OFFICE}"' in page.text


def test_a_clerk_reads_letters_and_writes_none(api: Api) -> None:
    with_letterhead(api)
    clerk = browser(api, "clerk")
    assert "起草函件" not in words_of(clerk.get(LETTERS))
    assert clerk.send(LETTERS, csrf=clerk.csrf(clerk.get("/")), about=f"grade_notice {PROPOSAL}").status_code == 403


def test_a_template_with_a_fault_is_told_with_its_place_and_a_good_one_is_used(api: Api) -> None:
    legal = browser(api, "legal")
    at, csrf = f"{OFFICE}/templates", legal.csrf(legal.get(OFFICE))
    answer = legal.upload(at, "a.docx", b"PK no document", csrf=csrf, kind="reminder")
    assert answer.status_code == 422
    assert "不是 DOCX 文件" in words_of(answer)
    answer = legal.upload(at, "自备.docx", shipped_template("reminder"), csrf=csrf, kind="reminder")
    assert answer.status_code == 303
    assert "自备.docx" in words_of(legal.open(answer.headers["location"]))
    send(legal, OFFICE, do="drop", kind="reminder")
    assert legal.get(f"{OFFICE}/templates/reminder").content == shipped_template("reminder")


@pytest.fixture(params=[pytest.param("as it is", marks=pytest.mark.slow), "without LibreOffice"])
def has_office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """Whether LibreOffice is installed: on this machine as it is, and on one where it is not."""
    if request.param != "as it is":
        monkeypatch.setenv("PATH", str(tmp_path))
    office.cache_clear()
    yield office() is not None
    office.cache_clear()


def test_a_template_of_the_bureau_gives_a_pdf_by_libreoffice_and_pages_say_where_there_is_none(
    api: Api, has_office: bool
) -> None:
    with_letterhead(api)
    legal = browser(api, "legal")
    csrf, own = legal.csrf(legal.get(OFFICE)), shipped_template("grade_notice")
    assert legal.upload(f"{OFFICE}/templates", "自备.docx", own, csrf=csrf, kind="grade_notice").status_code == 303
    at = f"/api/v1/letters/{drafted(browser(api)).rpartition('/')[2]}"
    assert legal.get("/api/v1/letter-offices/150100-EEB").json()["has_office"] is has_office
    assert ("没有安装 LibreOffice" in words_of(legal.get(OFFICE))) is not has_office
    assert legal.get(f"{at}/docx").content.startswith(b"PK")
    pdf = legal.get(f"{at}/pdf")
    if has_office:
        assert pdf.status_code == 200, pdf.text
        text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf.content))
        assert "拟定信用等级告知书" in text
    else:
        assert (pdf.status_code, pdf.json()["code"]) == (409, "no_pdf")


def test_what_libreoffice_makes_of_a_template_of_the_bureau_is_what_one_gets(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that calls itself so, and makes of any letter the same."""
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nfor last; do :; done; printf '%%PDF-1.7' > \"${last%.docx}.pdf\"\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    office.cache_clear()
    try:
        with_letterhead(api)
        legal = browser(api, "legal")
        csrf, own = legal.csrf(legal.get(OFFICE)), shipped_template("grade_notice")
        legal.upload(f"{OFFICE}/templates", "自备.docx", own, csrf=csrf, kind="grade_notice")
        assert legal.get(f"{drafted(browser(api))}/pdf").content == b"%PDF-1.7"
    finally:
        office.cache_clear()


@pytest.mark.slow
def test_the_timeline_names_the_letter_and_its_number(api: Api) -> None:
    with_letterhead(api)
    at = drafted(browser(api))
    issue(api, at)
    told = words_of(browser(api).get(f"/cases/{A}/timeline?view=all&kind=letter"))
    assert "函件起草：拟定信用等级告知书" in told
    assert "函件发出：呼环信告〔2025〕1号" in told


@pytest.mark.parametrize(("language", "called"), [("zh-CN", "呼和浩特市生态环境局"), ("en", "Hohhot")])
def test_the_page_of_a_bureau_without_letterhead_calls_it_by_its_name(language: str, called: str) -> None:
    page = Browser(Api(World()), language=language).get(OFFICE)
    assert page.status_code == 200
    assert called in words_of(page)
    assert "150100-EEB" not in words_of(page), "nobody reads codes"
