"""Recording on a case by forms: tried first, then recorded once, and nothing of what was typed is lost."""

import re
from typing import Any

import httpx
import pytest

from domain.events.facts import FactRecorded
from interfaces.web.forms import body_from, fields_of
from interfaces.web.pages.recording import FORMS
from interfaces.wording.texts import has
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, words_of
from tests.support.accounts import account, with_first
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
B = "00000000-0000-4000-8000-00000000000b"
F = "00000000-0000-4000-8000-0000000000f1"
NEIGHBOUR = "00000000-0000-4000-8000-00000000000d"
OF_NEIGHBOUR = "00000000-0000-4000-8000-0000000000f2"
RECORD = f"/cases/{A}/record"
FORM = f"{RECORD}/record_fact?regime={REGIME}"
FACT = {"row": "B09", "document": "呼环约〔2024〕7号", "authority": "150100-EEB", "decided_on": "2024-03-01"}


@pytest.fixture
def api() -> Api:
    world = World()
    world.agency(A)
    world.agency(B, region="150200")
    world.fact("2024-03-01", "B09", F, A, document="呼环约〔2024〕1号")
    world.agency(NEIGHBOUR)
    world.fact("2024-03-01", "B09", OF_NEIGHBOUR, NEIGHBOUR, document="呼环约〔2024〕2号")
    found = Api(world)
    with_first(found.administering)
    for id, role in (("officer", "officer"), ("clerk", "clerk"), ("auditor", "auditor")):
        account(found.administering, id, role)  # type: ignore[arg-type]
    return found


def signed_in(api: Api, id: str) -> Browser:
    browser = Browser(api)
    assert browser.sign_in(id).status_code == 303
    return browser


def hidden(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))


def facts_on_file(api: Api) -> list[str]:
    return [r.event.document for r in api.world.journal.stream(A) if isinstance(r.event, FactRecorded)]


def filled(browser: Browser, address: str = FORM, **more: str) -> dict[str, str]:
    """A form as it comes, with what is typed into it."""
    return {**hidden(browser.get(f"{address}&row=B09")), **FACT, **more}


def test_what_may_be_recorded_depends_on_the_role(api: Api) -> None:
    clerk, officer = (words_of(signed_in(api, id).get(RECORD)) for id in ("clerk", "officer"))
    assert "记录信用信息" in clerk
    assert "删除误录的信息" not in clerk
    assert "删除误录的信息" in officer
    assert 'href="/cases/' + A + '/record"' not in signed_in(api, "auditor").get(f"/cases/{A}").text


def test_a_fact_is_tried_first_and_nothing_is_recorded_by_it(api: Api) -> None:
    officer = signed_in(api, "officer")
    tried = officer.send(FORM, **filled(officer, do="try"))
    assert tried.status_code == 200
    assert "95 分、无不良等级（N） → 90 分、无不良等级（N）" in words_of(tried)
    assert facts_on_file(api) == ["呼环约〔2024〕1号"]


@pytest.mark.parametrize(
    ("language", "today", "then"),
    [
        ("zh-CN", "· 今日 65 分、警示单位（C 级）", "· 2024年3月4日起当时的动态等级 65 分、警示单位（C 级）"),
        ("en", "· today 65 points", "· the running grade of the time from 4 March 2024 65 points"),
    ],
)
def test_a_grade_that_would_have_been_another_one_is_not_called_that_of_today(
    api: Api, language: str, today: str, then: str
) -> None:
    """What is taken out moves today's grade; once it has been repaired, only that of the time when it counted."""
    facts = [f"00000000-0000-4000-8000-0000000000e{number}" for number in range(3)]
    for number, fact in enumerate(facts):
        api.world.fact("2024-03-04", "B08", fact, A, document=f"呼环函〔2024〕{number}号")
    officer = signed_in(api, "officer")
    officer.language = language
    form = f"{RECORD}/retract_fact?regime={REGIME}"

    def tried() -> str:
        return words_of(officer.send(form, **hidden(officer.get(form)), fact=facts[0], reason="录入有误", do="try"))

    said = tried()
    assert today in said
    assert then not in said
    done = {"authority": "150100-EEB", "completed_on": "2024-04-01", "confirmed_on": "2024-04-02"}
    for fact in (F, *facts):
        api.world.do("2024-04-02", "confirm_rectification", fact=fact, **done)
    said = tried()
    assert then in said
    assert today not in said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-CN", "完成预警整改 新增 · 2024年4月8日（进行中） · 第二十七条"),
        ("en", "complete the rectification a warning asks for new · 8 April 2024 (time is left) · art. 27"),
    ],
)
def test_a_trial_tells_the_deadlines_that_it_would_set_with_their_articles(api: Api, language: str, said: str) -> None:
    fact = "00000000-0000-4000-8000-0000000000e0"
    api.world.fact("2024-03-04", "B07", fact, A)
    officer = signed_in(api, "officer")
    officer.language = language
    form = f"{RECORD}/issue_warning?regime={REGIME}"
    typed = {"fact": fact, "issued_on": "2024-03-04", "due_on": "2024-04-08", "requirements": "限期整改"}
    assert said in words_of(officer.send(form, **hidden(officer.get(form)), **typed, do="try"))


def test_what_was_tried_is_recorded_once_however_often_it_is_sent(api: Api) -> None:
    officer = signed_in(api, "officer")
    tried = officer.send(FORM, **filled(officer, do="try"))
    sent = {**hidden(tried), "do": "record"}
    led = f"/cases/{A}?recorded=record_fact"
    for _ in range(2):
        done = officer.send(FORM, **sent)
        assert (done.status_code, done.headers["location"]) == (303, led)
    assert facts_on_file(api) == ["呼环约〔2024〕1号", "呼环约〔2024〕7号"]
    assert "已记入案卷：记录信用信息" in words_of(officer.get(led))


def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(api: Api) -> None:
    officer = signed_in(api, "officer")
    wrong = officer.send(FORM, **filled(officer, decided_on="2031-01-01", summary="约谈记录", do="try"))
    assert wrong.status_code == 422
    assert re.search(r'id="f-decided_on"[^>]*value="2031-01-01"[^>]*aria-invalid="true"', wrong.text)
    assert "约谈记录" in wrong.text
    assert 'value="呼环约〔2024〕7号"' in wrong.text


def test_what_came_between_is_shown_and_what_was_typed_stays(api: Api) -> None:
    officer = signed_in(api, "officer")
    sent = {**filled(officer), "do": "record"}
    api.world.do("2024-03-05", "change_subject", subject=A, changes={"address": "新址"}, from_on="2024-03-05")
    late = officer.send(FORM, **sent)
    assert late.status_code == 412
    assert "以上事项在您填写期间已经记录" in words_of(late)
    assert 'value="呼环约〔2024〕7号"' in late.text
    assert facts_on_file(api) == ["呼环约〔2024〕1号"]
    again = officer.send(FORM, **{**sent, "version": hidden(late)["version"]})
    assert again.status_code == 303


def test_what_needs_a_second_person_waits(api: Api) -> None:
    officer = signed_in(api, "officer")
    address = f"{RECORD}/retract_fact?regime={REGIME}"
    form = {**hidden(officer.get(address)), "fact": F, "reason": "记错主体"}
    tried = officer.send(address, **form, do="try")
    assert "须由第二人签署" in words_of(tried)
    done = officer.send(address, **{**hidden(tried), "do": "record"})
    assert done.headers["location"] == f"/cases/{A}?waits=retract_fact"
    assert "等待第二人签署" in words_of(officer.get(done.headers["location"]))


def test_a_hidden_field_with_the_file_of_another_changes_nothing(api: Api) -> None:
    officer = signed_in(api, "officer")
    sent = {**filled(officer), "do": "record", "subject": B, "regime": "ningbo.monitoring", "id": B}
    assert officer.send(FORM, **sent).status_code == 303
    assert len(api.world.journal.stream(B)) == 1
    found = [r.event for r in api.world.journal.stream(A) if isinstance(r.event, FactRecorded)]
    assert (found[-1].document, found[-1].regime) == ("呼环约〔2024〕7号", REGIME)
    assert found[-1].fact != B


@pytest.mark.parametrize("do", ["try", "record"])
def test_what_is_on_the_file_of_another_is_not_recorded_from_this_one(api: Api, do: str) -> None:
    """Also where whoever sends it may record on both."""
    officer = signed_in(api, "officer")
    form = hidden(officer.get(f"{RECORD}/retract_fact"))
    for version in (form["version"], "none"):
        sent = {**form, "version": version, "reason": "误录", "do": do, "fact": OF_NEIGHBOUR}
        answer = officer.send(f"{RECORD}/retract_fact", **sent)
        assert (answer.status_code, "请选择一项。" in words_of(answer)) == (422, True)
        assert OF_NEIGHBOUR not in words_of(answer)
    own = {**form, "reason": "误录", "do": do, "fact": F}
    assert officer.send(f"{RECORD}/retract_fact", **own).status_code < 400


def test_a_choice_that_was_not_made_is_asked_for(api: Api) -> None:
    officer = signed_in(api, "officer")
    address = f"{RECORD}/retract_fact?regime={REGIME}"
    asked = officer.send(address, **{**hidden(officer.get(address)), "reason": "记错主体", "do": "try"})
    assert asked.status_code == 422
    assert "请选择一项" in words_of(asked)


def test_nobody_records_what_their_role_may_not(api: Api) -> None:
    clerk, officer = signed_in(api, "clerk"), signed_in(api, "officer")
    address = f"{RECORD}/retract_fact?regime={REGIME}"
    form = {**hidden(officer.get(address)), "csrf": clerk.csrf(clerk.get(RECORD)), "fact": F, "reason": "记错"}
    assert clerk.send(address, **form, do="record").status_code == 403


@pytest.mark.parametrize(("language", "told"), [("zh-CN", "2024年3月4日"), ("en", "4 March 2024")])
def test_a_refusal_names_no_id_of_a_record_that_stands_in_the_way(api: Api, language: str, told: str) -> None:
    taken = {"regime": REGIME, "stage": "roster", "dated_on": "2024-03-04"}
    api.world.do("2024-03-04", "evaluation_stage", subject=A, year=2023, **taken)
    officer = signed_in(api, "officer")
    officer.language = language
    form = f"{RECORD}/evaluation_stage?regime={REGIME}"
    refused = officer.send(
        form, **hidden(officer.get(form)), year="2023", stage="roster", dated_on="2024-03-01", do="try"
    )
    assert refused.status_code == 409
    said = words_of(refused)
    assert told in said
    assert re.search(r"[0-9a-f]{8}-", said) is None


def test_many_characters_and_marks_that_turn_writing_round_are_refused(api: Api) -> None:
    officer = signed_in(api, "officer")
    for text in ("字" * 20_001, "甲\u202e乙"):
        refused = officer.send(FORM, **filled(officer, summary=text, do="try"))
        assert refused.status_code == 422
        assert text in refused.text


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(FORMS))
def test_every_command_has_a_form_whose_fields_have_names(api: Api, code: str) -> None:
    officer = signed_in(api, "officer")
    page = officer.get(f"{RECORD}/{code}")
    if code == "issue_dossier":
        # It is about an answer: the form leads to that of the answer which is shown.
        page = officer.get(page.headers["location"])
    assert page.status_code == 200
    for field in fields_of(FORMS[code].command, "zh", {}, ()):
        plain = field.name.rpartition(".")[2]
        assert has("web_form.field", plain) or field.label != plain, field


def test_a_form_spells_a_body() -> None:
    def spelt(code: str, several: Any = None, **sent: str) -> Any:
        return body_from(fields_of(FORMS[code].command, "zh", {}, ()), sent, several or {})

    changes = {"changes.decided_on": "2024-03-02", "reason": "笔误", "changes.row": ""}
    assert spelt("correct_fact", **changes) == {"changes": {"decided_on": "2024-03-02"}, "reason": "笔误"}
    assert spelt("record_score", categories="人员 12\n设备 8.5", year="2023") == {
        "categories": {"人员": "12", "设备": "8.5"},
        "year": 2023,
    }
    assert spelt("record_score", year="soon") == {"year": "soon"}
    panel = {"panel": " 张三 \n\n李四\n"}
    assert spelt("evaluation_stage", **panel) == {"panel": ["张三", "李四"]}
