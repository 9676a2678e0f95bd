"""A new file by a form: its place by its name, a look at what there is already, and no number on two files."""

import re
from html import unescape

import httpx
import pytest

from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.world import ID_NUMBER, World, credit_code

A = "00000000-0000-4000-8000-00000000000a"
B = "00000000-0000-4000-8000-00000000000b"
P = "00000000-0000-4000-8000-00000000000c"
FORM = "/cases/new/agency"
AGENCY = {"name": "乙检测", "uscc": credit_code("new"), "services*": "monitoring", "region": "150100"}


@pytest.fixture
def api() -> Api:
    world = World()
    world.agency(A)
    world.agency(B, region="150200")
    world.practitioner(P)
    found = Api(world)
    with_first(found.administering)
    for id, role in (("clerk", "clerk"), ("auditor", "auditor")):
        account(found.administering, id, role)  # type: ignore[arg-type]
    return found


@pytest.fixture
def clerk(api: Api) -> Browser:
    browser = Browser(api)
    assert browser.sign_in("clerk").status_code == 303
    return browser


def hidden(page: httpx.Response) -> dict[str, str]:
    return {n: unescape(v) for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)}


def tried(browser: Browser, address: str = FORM, **filled: str) -> httpx.Response:
    return browser.send(address, **{**hidden(browser.get(address)), "do": "try", **filled})


def test_who_may_register_is_led_there_from_the_first_page(api: Api, clerk: Browser) -> None:
    home = clerk.get("/")
    for kind in ("agency", "practitioner", "expert", "client"):
        assert f'href="/cases/new/{kind}"' in home.text
        must_stand_alone(clerk.get(f"/cases/new/{kind}"))
    auditor = Browser(api)
    auditor.sign_in("auditor")
    assert "/cases/new/" not in auditor.get("/").text
    assert "您的角色不能新建案卷" in words_of(auditor.get(FORM))


def test_what_was_filled_in_is_shown_before_the_file_is_opened_and_opened_once(api: Api, clerk: Browser) -> None:
    shown = tried(clerk, **AGENCY)
    must_stand_alone(shown)
    said = words_of(shown)
    assert "乙检测" in said
    assert "呼和浩特市" in said
    assert clerk.get("/search?q=乙检测").status_code == 200
    done = [clerk.send(FORM, **{**hidden(shown), "do": "record"}) for _ in range(2)]
    assert [page.status_code for page in done] == [303, 303], words_of(done[0])
    assert done[0].headers["location"] == done[1].headers["location"]
    opened = clerk.get(done[0].headers["location"])
    assert "登记主体" in words_of(opened) or "已记录" in words_of(opened)
    assert clerk.get("/search?q=乙检测").headers["location"] == done[0].headers["location"].partition("?")[0]


def test_the_places_to_choose_from_are_those_of_whoever_registers(clerk: Browser) -> None:
    offered = re.findall(r'<option value="(\d{6})"[^>]*>([^<]+)</option>', clerk.get(FORM).text)
    assert ("150102", "呼和浩特市新城区") in [(code, name.replace("内蒙古自治区", "")) for code, name in offered]
    assert {code[:4] for code, _ in offered} == {"1501"}


def test_a_number_that_is_taken_leads_to_the_file_that_has_it(clerk: Browser) -> None:
    refused = tried(clerk, **{**AGENCY, "uscc": credit_code(A)})
    assert refused.status_code == 409
    assert "这个号码已有案卷" in words_of(refused)
    assert f'href="/cases/{A}">甲检测</a>' in refused.text
    assert 'value="乙检测"' in refused.text


def test_a_file_out_of_reach_is_not_named(clerk: Browser) -> None:
    refused = tried(clerk, **{**AGENCY, "uscc": credit_code(B)})
    assert "不在您能查看的范围内" in words_of(refused)
    assert B not in refused.text
    assert "甲检测" not in refused.text


def test_whoever_says_what_for_is_led_to_the_file_that_a_person_has(clerk: Browser) -> None:
    address = "/cases/new/practitioner"
    filled = {"name": "李某", "id_number": ID_NUMBER, "region": "150100", "id_kind": "resident_identity_card"}
    refused = tried(clerk, address, **filled)
    assert refused.status_code == 409
    assert P not in refused.text
    assert f'href="/purpose?to={address}"' in refused.text
    clerk.send("/purpose", purpose="登记从业人员", to=address, csrf=clerk.csrf(refused))
    assert f'href="/cases/{P}"' in tried(clerk, address, **filled).text


def test_files_of_the_same_name_are_shown_first(clerk: Browser) -> None:
    shown = tried(clerk, **{**AGENCY, "name": "甲检测"})
    assert "名称相同或相近的案卷" in words_of(shown)
    assert f'href="/cases/{A}"' in shown.text


def test_a_bad_number_is_told_beside_its_field_and_nothing_is_lost(clerk: Browser) -> None:
    refused = tried(clerk, **{**AGENCY, "uscc": "91150100MA0000000X"})
    assert refused.status_code == 422
    assert re.search(r'id="e-uscc-1"', refused.text)
    assert 'value="乙检测"' in refused.text
    assert re.search(r'value="monitoring" checked', refused.text)


@pytest.mark.parametrize(
    ("said", "told"),
    [("呼和浩特市", "check"), ("Hohhot", "check"), ("新城区", "choose"), ("无此地", "none"), ("", "none")],
)
def test_without_a_place_of_ones_own_it_is_typed_by_its_name(said: str, told: str) -> None:
    browser = Browser(Api(World()))
    page = tried(browser, **{**AGENCY, "region": said, "actor": "张三"})
    words = words_of(page)
    assert ("呼和浩特市" in words and page.status_code == 200) == (told == "check")
    assert ("请选择一个" in words) == (told == "choose")
    assert ("没有找到这个地方" in words) == (told == "none")
    if told == "choose":
        assert len(re.findall(r'<option value="\d{6}"', page.text)) > 1


def test_a_kind_that_is_none_leads_home(clerk: Browser) -> None:
    assert clerk.get("/cases/new/nobody").headers["location"] == "/"


def test_a_form_of_another_site_opens_nothing(api: Api, clerk: Browser) -> None:
    before = api.world.journal.head().position
    assert clerk.send(FORM, **{**AGENCY, "do": "record", "csrf": "x"}).status_code == 403
    assert api.world.journal.head().position == before
