"""What people pick by its name: no form asks for a code or an id that it does not offer."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import inspect

from domain.events.facts import FactRecorded
from domain.values import USCC_PATTERN
from domain.vocabulary import AUTHORITY_PATTERN, ID_PATTERN, REGION_PATTERN
from interfaces.web.forms import FormField, fields_of
from interfaces.web.pages.recording import FORMS
from interfaces.web.pages.registering import REGISTRATIONS
from interfaces.wording import places
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.accounts import account, with_first
from tests.support.world import REGIME, World, credit_code

A, B, C = (f"00000000-0000-4000-8000-00000000000{n}" for n in "abc")
P, NUMBER = "00000000-0000-4000-8000-0000000000e1", "150102199001010019"
_CODES = (ID_PATTERN, REGION_PATTERN, AUTHORITY_PATTERN)
_OFFERED = ("choice", "several", "named")
_FOLLOWS = ("id", "subject", "regime", "evidence", "agency")
"""What follows from where a form stands, or is drawn."""


@pytest.fixture
def api() -> Api:
    world = World()
    world.agency(A, name="呼和浩特甲检测有限公司")
    world.agency(B, name="呼和浩特乙检测有限公司")
    world.agency(C, name="包头丙检测有限公司", region="150200")
    world.do("2024-01-02", "register_practitioner", id=P, name="张三", id_number=NUMBER, region="150100")
    found = Api(world)
    at = found.administering
    with_first(at)
    for name, role, place in (
        ("officer", "officer", "150100"), ("colleague", "officer", "150000"), ("legal", "legal", "150100"),
        ("admin", "administrator", "150000"), ("auditor", "auditor", "150000"),
    ):  # fmt: skip
        account(at, name, role, place)  # type: ignore[arg-type]
    return found


def browser(api: Api, who: str) -> Browser:
    found = Browser(api)
    found.sign_in(who)
    return found


def coded(info: inspect.Type, prefix: str = "") -> Iterator[str]:
    """The fields of a command that hold a code or an id."""
    for field in info.fields if isinstance(info, inspect.StructType) else ():
        named = prefix + field.encode_name
        for part in parts_of(field.type):
            if isinstance(part, inspect.StructType):
                yield from coded(part, f"{named}.")
            elif isinstance(part, inspect.StrType) and part.pattern in _CODES:
                yield named


def parts_of(info: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(info, inspect.Metadata):
        yield from parts_of(info.type)
    elif isinstance(info, inspect.UnionType):
        for kind in info.types:
            yield from parts_of(kind)
    elif isinstance(info, inspect.VarTupleType | inspect.ListType):
        yield from parts_of(info.item_type)
    else:
        yield info


def test_no_form_asks_for_a_code_or_an_id_that_it_does_not_offer() -> None:
    """The choices of a case are those that its forms offer, also where the case has none of them."""
    offered: dict[str, Any] = dict.fromkeys(
        ("fact", "facts", "sets_aside", "arises_from", "warning", "objection", "comment", "repair", "against", "record",
         "row", "authority", "transferred_to", "grade", "stage"), ()
    )  # fmt: skip
    commands = [*(form.command for form in FORMS.values()), *REGISTRATIONS.values()]
    asked = 0
    for command in commands:
        fields: dict[str, FormField] = {f.name: f for f in fields_of(command, "zh", offered, ("region",))}
        fields |= {f.name: f for f in fields_of(command, "zh", offered, ())}
        for name in coded(inspect.type_info(command)):
            if name in fields and name.rpartition(".")[2] not in _FOLLOWS:
                asked += 1
                assert fields[name].widget in _OFFERED, (command.__name__, name)
    assert asked > 30


def test_a_number_that_people_know_is_typed() -> None:
    """A unified social credit code stands on every letterhead: it is no code of ours."""
    fields = {f.name: f for f in fields_of(REGISTRATIONS["agency"], "zh", {}, ())}
    assert fields["uscc"].widget == "text"
    assert re.fullmatch(USCC_PATTERN, credit_code("甲"))


def record(who: Browser, act: str, **fields: str) -> Any:
    address = f"/cases/{A}/record/{act}"
    return who.send(address, csrf=who.csrf(who.get(address)), **{"do": "try", **fields})


def test_a_file_moves_to_a_place_by_its_name(api: Api) -> None:
    officer = browser(api, "officer")
    tried = record(officer, "change_subject", from_on="2024-01-02", **{"changes.region": "包头市"})
    must_stand_alone(tried)
    assert "包头市" in words_of(tried)
    assert "150200" not in words_of(tried)
    done = record(officer, "change_subject", do="record", from_on="2024-01-02", **{"changes.region": "包头市"})
    assert done.status_code == 303
    assert api.world.casework is not None
    moved = browser(api, "colleague").get(f"/cases/{A}")
    assert "包头市" in words_of(moved)


def test_a_name_that_several_places_have_leads_to_a_choice(api: Api) -> None:
    page = record(browser(api, "officer"), "change_subject", from_on="2024-01-02", **{"changes.region": "新城区"})
    assert page.status_code == 422
    assert "有多个符合" in words_of(page)
    assert '<option value="150102">' in page.text


def test_a_name_that_no_place_has_is_told_beside_the_field(api: Api) -> None:
    page = record(browser(api, "officer"), "change_subject", from_on="2024-01-02", **{"changes.region": "无此地"})
    assert page.status_code == 422
    assert "没有找到这个名称" in words_of(page)
    assert 'value="无此地"' in page.text


FACT = {"row": "B09", "document": "呼环约〔2024〕7号", "decided_on": "2024-01-02"}


def test_near_authorities_are_offered_and_one_of_another_province_is_named(api: Api) -> None:
    officer = browser(api, "officer")
    form = officer.get(f"/cases/{A}/record/record_fact?regime={REGIME}&row=B09")
    assert '<option value="呼和浩特市生态环境局">' in form.text
    tried = record(officer, "record_fact", authority="杭州市生态环境局", **FACT)
    assert tried.status_code == 200, words_of(tried)
    assert "杭州市生态环境局" in words_of(tried)
    assert record(officer, "record_fact", do="record", authority="杭州市生态环境局", **FACT).status_code == 303
    events = [row.event for row in api.world.journal.stream(A) if isinstance(row.event, FactRecorded)]
    assert events[-1].authority == "330100-EEB"


def test_of_several_authorities_with_a_name_one_is_chosen_and_what_nobody_is_called_is_told(api: Api) -> None:
    officer = browser(api, "officer")
    several = record(officer, "record_fact", authority="鼓楼区人民法院", **FACT)
    assert several.status_code == 422
    assert '<option value="320106-CRT">南京市鼓楼区人民法院</option>' in several.text
    unknown = record(officer, "record_fact", authority="无此机关", **FACT)
    assert unknown.status_code == 422
    assert "没有找到" in words_of(unknown)


def test_a_person_is_found_by_the_number_of_a_document_and_shown_by_name(api: Api) -> None:
    officer = browser(api, "officer")
    officer.send("/purpose", purpose="登记从业人员", to="/", csrf=officer.csrf(officer.get("/")))
    found = record(officer, "record_employment", practitioner=NUMBER, from_on="2024-01-02", role="采样员")
    must_stand_alone(found)
    assert "张三" in words_of(found)
    by_name = record(officer, "record_employment", practitioner="张三", from_on="2024-01-02", role="采样员")
    must_stand_alone(by_name)
    assert "张三" in words_of(by_name)
    unknown = record(officer, "record_employment", practitioner="李四", from_on="2024-01-02", role="采样员")
    assert unknown.status_code == 422
    assert "没有找到" in words_of(unknown)


def test_the_other_file_of_a_body_is_named(api: Api) -> None:
    legal = browser(api, "legal")
    page = record(
        legal, "join_files", joined="呼和浩特乙检测有限公司", decided_on="2024-01-02", document="呼环合〔2024〕1号",
        reasons="同一主体",
    )  # fmt: skip
    assert B not in words_of(page)
    assert page.status_code in (200, 409, 422)
    assert "没有找到这个名称" not in words_of(page)


def test_organs_of_the_neighbours_are_offered(api: Api) -> None:
    page = browser(api, "officer").get(f"/cases/{A}/record/record_fact?row=B09")
    for organ in ("150100-EEB", "150000-EEB", "150200-EEB", "150102-EEB"):
        assert f'<option value="{places.authority(organ, "zh")}">' in page.text, organ


def test_an_account_is_made_for_a_place_and_an_agency_by_their_names(api: Api) -> None:
    admin = browser(api, "admin")
    page = admin.get("/accounts")
    must_stand_alone(page)
    assert '<option value="150100">呼和浩特市</option>' in page.text
    sent = {
        "account": "agency-1", "name": "甲公司", "role": "participant", "place": "呼和浩特市",
        "subject": "呼和浩特甲检测有限公司", "csrf": admin.csrf(page),
    }  # fmt: skip
    assert admin.send("/accounts", **sent).status_code == 200
    made = api.administering.door.accounts.get("agency-1")
    assert made is not None
    assert (made.place, made.subject) == ("150100", A)


def test_an_agency_that_several_may_be_is_chosen(api: Api) -> None:
    admin = browser(api, "admin")
    sent = {"account": "agency-1", "name": "公司", "role": "participant", "place": "150100", "subject": "检测"}
    page = admin.send("/accounts", csrf=admin.csrf(admin.get("/accounts")), **sent)
    assert page.status_code == 422
    assert set(re.findall(rf'<option value="({A}|{B}|{C})">', page.text)) == {A, B, C}


def test_who_stands_in_is_picked_among_those_who_may(api: Api) -> None:
    page = browser(api, "admin").get("/accounts/officer")
    assert page.text.count('<option value="colleague">') == 2
    assert '<option value="legal">' not in page.text
    alone = browser(api, "admin").get("/accounts/legal")
    assert "没有可以接手的账号" in words_of(alone)


def test_whose_questions_are_asked_for_is_picked_by_name(api: Api) -> None:
    auditor = browser(api, "auditor")
    page = auditor.get("/audit?account=officer")
    must_stand_alone(page)
    assert '<option value="officer" selected>某人（经办人员）</option>' in page.text
    assert '<option value="root">' not in page.text, "of another place"


FREE_TEXT = re.compile(r'<(?:input(?![^>]*type="(?!text|search))|textarea)[^>]*>')
FIELD = re.compile(r'<div class="field[^"]*">(.*?)</div>|<label[^>]*>(.*?)</label>', re.DOTALL)
KNOWN = ("统一社会信用代码", "身份证件号码")
"""Numbers that people have before them on paper."""


@pytest.mark.slow
@pytest.mark.parametrize("who", ["officer", "legal", "admin", "auditor"])
def test_no_field_of_any_page_says_that_it_wants_a_code_or_an_id(api: Api, who: str) -> None:
    """What a free field is called, and what is said beside it, names no code of ours."""
    someone = browser(api, who)
    someone.send("/purpose", purpose="查看", to="/", csrf=someone.csrf(someone.get("/purpose")))
    pages = ["/", "/todo", "/signatures", "/imports", "/audit", "/account", "/accounts", "/accounts/officer"]
    pages += [f"/cases/new/{kind}" for kind in REGISTRATIONS]
    pages += [f"/cases/{A}/record/{act}" for act in FORMS]
    asked = 0
    for address in pages:
        page = someone.get(address)
        if page.status_code != 200:
            continue
        for field in FIELD.finditer(page.text):
            text = field[1] or field[2] or ""
            if FREE_TEXT.search(text) is None:
                continue
            asked += 1
            said = re.sub(r"<[^>]+>", " ", text)
            for known in KNOWN:
                said = said.replace(known, "")
            assert not re.search(r"代码|编码|编号|\bID\b|六位", said), (address, said)
    assert asked > 10
