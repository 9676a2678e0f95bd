"""The pages: who is let in, what they are shown, and what is sent with every page."""

import re
from typing import get_args
from urllib.parse import quote

import pytest
from litestar.handlers import HTTPRouteHandler

from application.access.read_log import LONGEST_PURPOSE
from application.principal import Role
from interfaces.web import site
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, words_of
from tests.support.accounts import account, with_first
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
B = "00000000-0000-4000-8000-00000000000b"
P = "00000000-0000-4000-8000-00000000000c"
F = "00000000-0000-4000-8000-0000000000f1"
CASE = f"/cases/{A}"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def world() -> World:
    made = World()
    made.agency(A)
    made.agency(B, region="150200")
    made.practitioner(P)
    made.fact("2024-03-01", "B09", F, A, document="呼环约〔2024〕1号")
    return made


@pytest.fixture
def api() -> Api:
    """An API with an officer and an auditor of Hohhot, a department, and a participant."""
    found = Api(world())
    with_first(found.administering)
    account(found.administering, "officer")
    account(found.administering, "department", "department", "150000")
    account(found.administering, "auditor", "auditor")
    account(found.administering, "agency-b", "participant", "150200", subject=B)
    return found


@pytest.fixture
def officer(api: Api) -> Browser:
    browser = Browser(api)
    assert browser.sign_in("officer").status_code == 303
    return browser


@pytest.mark.parametrize("path", ["/population", "/population/places", "/register/counts"])
def test_a_page_of_one_regime_offers_the_regimes_to_whoever_has_no_place(path: str) -> None:
    anybody = Browser(Api(world()))
    offered = anybody.get(path)
    for regime in (REGIME, "jiaxing.monitoring"):
        assert f'href="{path}?regime={regime}"' in offered.text
    assert "请选择评价制度" in words_of(offered)
    assert "请选择评价制度" not in words_of(anybody.get(f"{path}?regime={REGIME}"))


def test_whoever_has_no_place_chooses_among_the_provinces_of_the_regimes_on_the_worklist() -> None:
    offered = re.findall(r'<option value="(\d{6})"', Browser(Api(world())).get("/todo").text)
    assert {"150000", "330000"} <= set(offered)
    assert all(code.endswith("0000") for code in offered)


def test_whoever_has_no_place_writes_that_of_an_account(api: Api) -> None:
    anybody, admin = Browser(Api(world())), Browser(api)
    account(api.administering, "admin", "administrator")
    admin.sign_in("admin")
    assert re.search(r'<input[^>]*name="place"', anybody.get("/accounts").text)
    assert re.search(r'<select[^>]*name="place"', admin.get("/accounts").text)


@pytest.mark.parametrize(
    "path",
    ["/todo/assignment", "/letter-offices/150100-EEB/templates", "/rehearsals/draft", f"{CASE}/record/record_fact"],
)
def test_a_form_of_another_media_is_no_form(officer: Browser, path: str) -> None:
    headers = {"origin": "http://localhost", "content-type": "application/json"}
    assert officer._sent("POST", path, content=b"{}", headers=headers).status_code == 415


# --- every page, every role --------------------------------------------------------------------------------

_PARTS = {"subject": A, "edition": "nmg.third_party@draft", "law": REGIME, "regime": REGIME, "year": "2023",
          "kind": "agency", "act": "record_fact", "bureau": "150100-EEB", "account": "officer"}  # fmt: skip


def addresses() -> set[str]:
    """The pages, at what a world has of each; of what it has none, at an id that nobody knows."""
    handlers = [
        handler
        for controller in site.PAGES
        for name, handler in vars(controller).items()
        if isinstance(handler, HTTPRouteHandler) and name.startswith("show_")
    ]
    paths = {path for handler in handlers for path in handler.paths}
    return {re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: _PARTS.get(part[1], P), path) for path in paths}


@pytest.mark.slow
@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("purpose", [None, "核查评价异议"], ids=["unsaid", "said"])
def test_every_page_answers_every_role(api: Api, officer: Browser, role: Role, purpose: str | None) -> None:
    """With what stands there, a sign-in, the question what for, or a refusal that says why; none fails, and none tells
    whoever has typed nothing that they asked wrongly."""
    officer.get(CASE)
    account(api.administering, "somebody", role, subject=A if role == "participant" else None)
    browser = Browser(api)
    browser.sign_in("somebody")
    if purpose is not None:
        browser.cookies["ecodocket-purpose"] = quote(purpose)
    answers = {address: browser.get(address).status_code for address in addresses()}
    assert {address: code for address, code in answers.items() if code not in (200, 303, 403, 404)} == {}
    assert answers["/"] == 200


# --- signing in ------------------------------------------------------------------------------------------


def test_who_has_not_signed_in_is_led_there_and_back(api: Api) -> None:
    browser = Browser(api)
    led = browser.get(f"{CASE}?as_of=2024-06-30")
    assert (led.status_code, led.headers["location"]) == (
        303,
        "/sign-in?to=%2Fcases%2F00000000-0000-4000-8000-00000000000a%3Fas_of%3D2024-06-30",
    )
    begun = browser.sign_in("officer", f"{CASE}?as_of=2024-06-30")
    assert (begun.status_code, begun.headers["location"]) == (303, f"{CASE}?as_of=2024-06-30")
    assert browser.open(begun.headers["location"]).status_code == 200


def test_a_wrong_password_is_told_beside_the_form_and_the_account_is_kept(api: Api) -> None:
    said = Browser(api).send("/sign-in", account="officer", password="wrong", to="/")
    assert said.status_code == 401
    assert 'value="officer"' in said.text
    assert "wrong" not in said.text
    assert 'role="alert"' in said.text


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "javascript:alert(1)", ""]
)
def test_nobody_is_led_out_of_the_site(api: Api, to: str) -> None:
    assert Browser(api).sign_in("officer", to).headers["location"] == "/"


def test_a_form_of_another_site_is_refused(officer: Browser) -> None:
    assert officer.send("/theme", theme="dark", to="/").status_code == 403
    csrf = officer.csrf(officer.get("/theme"))
    refused = officer.send("/theme", theme="dark", to="/", csrf=csrf[:-1])
    assert (refused.status_code, "重新登录过或换了账号" in words_of(refused)) == (403, True)
    assert officer.send("/theme", theme="dark", to="/", csrf=csrf).status_code == 303


def test_without_a_session_a_form_must_come_from_this_site() -> None:
    browser = Browser(Api())
    for origin in ("http://elsewhere.example", "null", None):
        assert browser.send("/theme", origin=origin, theme="dark", to="/").status_code == 403
    assert browser.send("/theme", theme="dark", to="/").status_code == 303


def test_after_signing_out_nothing_is_left_to_go_back_to(officer: Browser) -> None:
    page = officer.get(CASE)
    assert page.headers["cache-control"] == "no-store"
    assert officer.send("/sign-out", csrf=officer.csrf(page)).status_code == 303
    assert officer.cookies == {}
    assert officer.get(CASE).status_code == 303


# --- what every page is sent with -------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/", CASE, f"{CASE}/facts", f"{CASE}/timeline", "/search?q=没有", "/sign-in", "/theme"]
)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_page_loads_nothing_from_elsewhere_and_holds_no_style_or_script(
    officer: Browser, path: str, language: str
) -> None:
    officer.language = language
    page = officer.get(path)
    assert page.status_code == 200
    assert page.headers["content-language"] == language
    assert "unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)", page.text)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page.text)
    assert not UUID.search(words_of(page))
    assert len(page.content) < 100_000


def test_what_comes_with_the_pages_is_kept_for_ever_under_its_own_address(officer: Browser) -> None:
    for address in re.findall(r'(?:src|href)="(/assets/[^"]+)"', officer.get("/").text):
        found = officer.get(address)
        assert found.status_code == 200
        assert "immutable" in found.headers["cache-control"]
        assert officer.get(re.sub("/assets/[0-9a-f]+/", "/assets/000000000000/", address)).status_code == 404


def test_a_page_that_is_not_there_says_so_as_a_page_to_a_browser_alone(officer: Browser) -> None:
    assert officer.get("/nowhere").headers["content-type"].startswith("text/html")
    assert "未找到" in words_of(officer.get("/nowhere"))
    # Who asks is not found out where nothing is, and nobody who has signed in is told to do so.
    assert "登录" not in words_of(officer.get("/nowhere"))
    assert officer.api.call("GET", "/nowhere").headers["content-type"] == "application/problem+json"


def test_the_language_is_chosen_once(officer: Browser) -> None:
    assert 'lang="en"' in officer.get("/?lang=en").text[:60]
    assert 'lang="en"' in officer.get(CASE).text[:60]
    assert 'lang="zh-CN"' in officer.get("/?lang=zh").text[:60]


# --- what is shown ----------------------------------------------------------------------------------------


def test_a_case_is_shown_within_the_place_of_whoever_looks(officer: Browser) -> None:
    assert officer.get(CASE).status_code == 200
    assert officer.get(f"/cases/{B}").status_code == 404
    assert B not in officer.get("/search?q=检测").text


def test_nobody_has_to_say_what_for_on_the_first_page(api: Api) -> None:
    auditor = Browser(api)
    auditor.sign_in("auditor")
    assert auditor.get("/todo").status_code == 403
    assert auditor.get("/").status_code == 200


def test_a_department_says_what_for_before_it_sees_the_file_of_a_person(api: Api) -> None:
    department = Browser(api)
    department.sign_in("department")
    asked = department.get(f"/cases/{P}")
    assert (asked.status_code, "查阅事由" in words_of(asked)) == (403, True)
    csrf = department.csrf(asked)
    said = department.send("/purpose", purpose="复核 2024 年度评价", to=f"/cases/{P}", csrf=csrf)
    assert (said.status_code, said.headers["location"]) == (303, f"/cases/{P}")
    assert department.get(f"/cases/{P}").status_code == 200


def test_a_purpose_that_is_no_line_or_bears_a_number_of_a_person_is_refused(officer: Browser) -> None:
    csrf = officer.csrf(officer.get("/purpose"))
    for wrong in ("", "x" * (LONGEST_PURPOSE + 1), "查 11010519491231002X"):
        refused = officer.send("/purpose", purpose=wrong, to="/", csrf=csrf)
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.text


def test_a_case_says_in_words_what_it_rests_on(officer: Browser) -> None:
    said = words_of(officer.get(f"{CASE}?regime={REGIME}&as_of=2024-06-30"))
    assert "动态等级（非公布结果）" in said
    assert "呼环约〔2024〕1号" in said
    assert "<svg" in officer.get(f"{CASE}?as_of=2024-06-30").text


def test_a_single_file_is_opened_at_once_and_what_is_not_there_is_said(officer: Browser) -> None:
    for sought in ("呼环约(2024)1号", "呼环约[2024]1号"):
        found = officer.get(f"/search?q={sought}")
        assert (found.status_code, found.headers["location"]) == (303, f"{CASE}/facts?regime={REGIME}#{F}")
    assert officer.get("/search?q=检测").headers["location"] == CASE
    assert "没有找到" in words_of(officer.get("/search?q=没有"))
    assert officer.get("/search?q=").headers["location"] == "/"


def test_a_minute_in_the_date_bar_is_known_by_its_end_as_a_day_is(officer: Browser) -> None:
    bases = set()
    for known_at in ("2024-03-31", "2024-03-31T23:59", "2024-03-31T23:59:59.999999%2B08:00"):
        shown = officer.get(f"{CASE}?as_of=2024-03-31&known_at={known_at}").text
        assert 'name="known_at" type="datetime-local" value="2024-03-31T23:59"' in shown
        bases |= set(re.findall(r'href="[^"]*[?]basis=([^"&]+)', shown))
    assert len(bases) == 1


@pytest.mark.parametrize("query", ["as_of=yesterday", "known_at=2024-13-01", "basis=nonsense", "regime=nowhere"])
def test_what_an_address_says_wrongly_is_told_on_a_page(officer: Browser, query: str) -> None:
    page = officer.get(f"{CASE}?{query}")
    assert page.status_code in (400, 404, 409, 422)
    assert 'role="alert"' in page.text


def test_a_permanent_link_shows_the_same_answer_again_and_says_so(officer: Browser) -> None:
    page = officer.get(f"{CASE}?regime={REGIME}&as_of=2024-06-30")
    link = re.search(r'href="([^"]*\?basis=[^"]+)"', page.text)
    assert link is not None
    officer.api.world.do("2024-07-01", "retract_fact", fact=F, reason="误录")
    again = officer.get(link[1].replace("&amp;", "&"))
    assert again.status_code == 200
    assert "逐字节一致" in words_of(again)
    assert "呼环约〔2024〕1号" in words_of(again)
