"""Rehearsals on pages: asked for with readings as switches, watched, looked through, downloaded, cancelled."""

import io
import re
from html import unescape

import httpx
import pytest
from openpyxl import load_workbook

from domain.law.adopted import digest
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.rehearsing import EDITION, TALK, draft, in_parts, region
from tests.support.world import REGIME, World

DAYS = {"from_on": "2024-01-01", "as_of": "2024-12-31"}


@pytest.fixture
def api() -> Api:
    return Api(region(World(), 4))


@pytest.fixture
def browser(api: Api) -> Browser:
    return Browser(api)


def begun(browser: Browser, law: str = EDITION, **filled: str) -> str:
    """The address of a rehearsal that was asked for by the form."""
    form = browser.get(f"/rehearsals/new/{law}")
    must_stand_alone(form)
    key = re.search(r'name="key" value="([^"]+)"', form.text)
    assert key is not None
    done = browser.send(f"/rehearsals/new/{law}", **{"actor": "法制", "key": key[1], **DAYS, **filled})
    assert done.status_code == 303, words_of(done)
    return done.headers["location"]


def run(api: Api, address: str) -> None:
    assert api.rehearsals.run(address.rpartition("/")[2], in_parts(api.world)).state == "done"


def drafted(api: Api) -> str:
    """The address of a rehearsal of a draft that counts a talk otherwise, done."""
    asked = api.post("/rehearsals", {"text": draft(), **DAYS})
    address = f"/rehearsals/{asked.json()['id']}"
    run(api, address)
    return address


def lines(page: httpx.Response, id: str) -> list[str]:
    """The rows of the table under a heading."""
    body = page.text.partition(f'id="{id}"')[2].partition("</section>")[0].partition("<tbody>")[2]
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in body.split("</tr>") if "<t" in row]


def test_it_is_reached_from_the_law_and_what_can_be_rehearsed_is_listed(browser: Browser) -> None:
    assert 'href="/rehearsals"' in browser.get("/law").text
    listed = browser.get("/rehearsals")
    must_stand_alone(listed)
    assert f'href="/rehearsals/new/{EDITION}"' in listed.text
    assert f'href="/rehearsals/new/{REGIME}"' in listed.text


def test_the_answer_in_use_is_chosen_in_every_reading(browser: Browser) -> None:
    form = browser.get(f"/rehearsals/new/{REGIME}")
    must_stand_alone(form)
    switches = re.findall(r"<fieldset.*?</fieldset>", form.text, re.DOTALL)
    assert len(switches) > 5
    assert all(switch.count(" checked") == 1 for switch in switches)


def test_readings_are_rehearsed_as_they_were_switched_and_told_in_words(api: Api, browser: Browser) -> None:
    form = browser.get(f"/rehearsals/new/{REGIME}")
    switch = re.search(r'name="reading-(I-04)" value="([^"]+)"> <span>([^<]+)</span>', form.text)
    assert switch is not None
    address = begun(browser, REGIME, **{f"reading-{switch[1]}": switch[2]})
    run(api, address)
    id = address.rpartition("/")[2]
    assert api.get(f"/rehearsals/{id}").json()["request"]["readings"] == {switch[1]: switch[2]}
    page = browser.get(address)
    assert f"<strong>{switch[3]}</strong>" in page.text
    assert switch[2] not in words_of(page)
    listed = words_of(browser.get("/rehearsals"))
    assert f"{switch[1]} {switch[3]}" in listed
    assert switch[2] not in listed


def test_a_page_comes_again_by_itself_while_it_is_computed_unless_that_was_turned_off(
    api: Api, browser: Browser
) -> None:
    address = begun(browser)
    waiting = browser.get(address)
    must_stand_alone(waiting)
    assert '<meta http-equiv="refresh"' in waiting.text
    assert "等候" in words_of(waiting)
    assert '<meta http-equiv="refresh"' not in browser.get(f"{address}?still=true").text
    run(api, address)
    assert '<meta http-equiv="refresh"' not in browser.get(address).text


def test_without_a_first_day_the_last_one_is_told_alone(browser: Browser) -> None:
    said = words_of(browser.get(begun(browser, from_on="")))
    assert "比较到2024年12月31日" in said
    assert "自 —" not in said


def test_a_second_click_begins_no_second_one(browser: Browser) -> None:
    key = {"key": "0d9b6f6c-2f0e-4f5e-9d1f-111111111111"}
    assert begun(browser, **key) == begun(browser, **key)


def test_who_moves_by_what_stands_there_when_it_is_done(api: Api, browser: Browser) -> None:
    page = browser.get(drafted(api))
    must_stand_alone(page)
    said = words_of(page)
    assert "条目 B09" in said
    moved = lines(page, "moves")
    assert [line.split()[0] for line in moved] == ["第1检测", "第3检测"]
    assert "没有已公布的结果会不同" in said
    assert "现行" in said
    rows = re.findall(r'<th scope="row">([^<]+)</th>', page.text.partition('id="matrix"')[2].partition("</table>")[0])
    in_law = ["无不良等级（N）", "警示单位（C 级）", "不良单位（D 级）"]
    assert [grade for grade in rows if grade in in_law] == [grade for grade in in_law if grade in rows]


def test_those_whose_score_alone_changes_are_left_out_on_request(api: Api, browser: Browser) -> None:
    address = drafted(api)
    every, moved = lines(browser.get(address), "moves"), lines(browser.get(f"{address}?moved=true"), "moves")
    assert set(moved) < set(every)


def test_a_cell_of_the_matrix_leads_to_those_in_it(api: Api, browser: Browser) -> None:
    page = browser.get(drafted(api))
    cells = re.findall(r'<td class="number"><a href="([^"]+)#moves"><strong>(\d+)</strong>', page.text)
    assert cells
    for address, number in cells:
        assert len(lines(browser.get(unescape(address)), "moves")) == int(number)


def test_the_result_is_downloaded_as_the_api_gives_it(api: Api, browser: Browser) -> None:
    address = drafted(api)
    for led in re.findall(r'href="([^"]+/result[^"]+)"', browser.get(address).text):
        file = browser.get(unescape(led))
        assert file.status_code == 200
        assert "attachment" in file.headers["content-disposition"]
    id = address.rpartition("/")[2]
    assert browser.get(f"{address}/result?table=changes&format=csv").content == (
        api.get(f"/rehearsals/{id}/result?table=changes&format=csv").content
    )


def test_it_is_cancelled_gone_on_with_and_deleted(api: Api, browser: Browser) -> None:
    address = begun(browser)
    for do, told in (("cancel", "已取消"), ("resume", "等候"), ("cancel", "已取消")):
        assert browser.send(address, do=do, actor="法制").headers["location"] == address
        assert told in words_of(browser.get(address))
    assert browser.send(address, do="delete", actor="法制").headers["location"] == "/rehearsals"
    assert browser.get(address).status_code == 404


def test_a_bad_day_is_told_beside_its_field_and_nothing_is_lost(browser: Browser) -> None:
    refused = browser.send(
        f"/rehearsals/new/{EDITION}", actor="法制", from_on="2024-12-31", as_of="2024-01-01", key="k"
    )
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert 'value="2024-12-31"' in refused.text


def test_who_may_not_rehearse_looks_at_what_others_did(api: Api) -> None:
    with_first(api.administering)
    for id, role in (("approver", "approver"), ("clerk", "clerk")):
        account(api.administering, id, role, "150000")  # type: ignore[arg-type]
    approver, clerk = Browser(api), Browser(api)
    approver.sign_in("approver")
    clerk.sign_in("clerk")
    assert "/rehearsals/new/" not in approver.get("/rehearsals").text
    assert clerk.get("/rehearsals").status_code == 403


def test_what_nobody_knows_leads_back(browser: Browser) -> None:
    assert browser.get("/rehearsals/new/nowhere").headers["location"] == "/rehearsals"
    assert browser.get("/rehearsals/00000000-0000-4000-8000-0000000000ff").status_code == 404


def sent_draft(browser: Browser, **fields: str) -> httpx.Response:
    """What the form for a draft was answered, with its text pasted."""
    return browser.upload("/rehearsals/draft", "", b"", actor="法制", **{**DAYS, **fields})


def test_the_text_of_a_draft_is_pasted_or_uploaded_and_rehearsed(api: Api, browser: Browser) -> None:
    must_stand_alone(browser.get("/rehearsals/draft"))
    begun = sent_draft(browser, text=draft().replace("\n", "\r\n"))
    assert begun.status_code == 303, words_of(begun)
    uploaded = browser.upload(
        "/rehearsals/draft", "草案.toml", b"\xef\xbb\xbf" + draft().encode(), actor="法制", **DAYS
    )
    assert uploaded.status_code == 303, words_of(uploaded)
    for address in (begun.headers["location"], uploaded.headers["location"]):
        run(api, address)
        page = browser.get(address)
        must_stand_alone(page)
        assert "草案，未在案" in words_of(page)
        assert digest(draft())[:16] in page.text
        assert "B09" in words_of(page)
    assert all(e["digest"] != digest(draft()) for e in api.get("/rulebooks").json())


def test_the_faults_of_a_draft_stand_beside_their_lines_and_the_text_stays(browser: Browser) -> None:
    text = draft((TALK, TALK.replace("-5", '"five"')))
    line = text.split("\n").index('points = "five"') + 1
    page = sent_draft(browser, text=text)
    assert page.status_code == 422
    assert f'{line} points = "five"' in words_of(page)
    assert "points = &#34;five&#34;" in page.text.partition("<textarea")[2]
    assert "没有预演" in words_of(page)
    assert browser.api.get("/rehearsals").json()["rehearsals"] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "请粘贴全文或选择文件"), ("标题".encode("gbk"), "不是 UTF-8"), (b"a" * 1_100_000, "过大")],
)
def test_a_file_that_is_no_draft_is_refused_before_any_work(browser: Browser, content: bytes, says: str) -> None:
    page = browser.upload("/rehearsals/draft", "a.toml", content, actor="法制")
    assert page.status_code in (413, 422)
    assert says in words_of(page)


def test_a_rehearsal_is_downloaded_as_a_workbook(api: Api, browser: Browser) -> None:
    address = drafted(api)
    assert "XLSX" in words_of(browser.get(address))
    book = load_workbook(io.BytesIO(browser.get(f"{address}/result?format=xlsx&table=changes").content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][2] == "机构名称"
    assert {row[2] for row in rows[1:]} == {"第1检测", "第3检测"}


def test_who_may_start_no_rehearsal_is_offered_no_draft(api: Api) -> None:
    with_first(api.administering)
    account(api.administering, "approver", "approver", "150000")
    approver = Browser(api)
    approver.sign_in("approver")
    assert "不能开始预演" in words_of(approver.get("/rehearsals/draft"))
    csrf = approver.csrf(approver.get("/rehearsals/draft"))
    assert approver.upload("/rehearsals/draft", "", b"", text=draft(), csrf=csrf).status_code == 403


def test_a_draft_is_compared_with_the_edition_whose_place_it_takes_provision_by_provision(
    api: Api, browser: Browser
) -> None:
    address = drafted(api)
    assert f'href="{address}/compare"' in browser.get(address).text
    page = browser.get(f"{address}/compare")
    must_stand_alone(page)
    body = page.text.partition("<tbody>")[2]
    rows = [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in body.split("</tr>") if "<t" in row]
    assert len(rows) == 1
    assert "B09" in rows[0]
    assert rows[0].endswith("-5 -20")
    assert "草案，未在案" in words_of(page)


def test_readings_alone_are_compared_with_what_the_edition_answers(api: Api, browser: Browser) -> None:
    form = browser.get(f"/rehearsals/new/{REGIME}")
    switch = re.search(r'name="reading-(I-04)" value="([^"]+)"> <span>([^<]+)</span>', form.text)
    assert switch is not None
    page = browser.get(f"{begun(browser, REGIME, **{f'reading-{switch[1]}': switch[2]})}/compare")
    must_stand_alone(page)
    assert page.text.count('<th scope="rowgroup"') == 1
    assert "I-04" in words_of(page)


def test_an_edition_that_is_not_on_record_cannot_be_compared_with(api: Api, browser: Browser) -> None:
    address = drafted(api)
    assert browser.get(f"{address}/compare?with=nobody@1").status_code == 404
    refused = api.get(f"/rehearsals/{address.rpartition('/')[2]}/diff", **{"with": "nobody@1"})
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    told = api.get(f"/rehearsals/{address.rpartition('/')[2]}/diff", **{"with": EDITION}).json()
    assert (told["with"], [(c["part"], c["key"]) for c in told["changes"]]) == (EDITION, [("row", "B09")])
