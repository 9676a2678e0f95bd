"""Letters: what each says comes from the file, what is signed is what was shown, and what was sent stays as it was."""

import datetime as dt
import hashlib
import re
from io import BytesIO
from typing import Any, get_args
from zipfile import ZipFile

import pytest

from application.access.decisions import PendingDecision
from application.deadlines.index import DeadlineProjection
from application.deadlines.ports import LetterSelection
from application.papers.contents import ContentAltered
from application.papers.letters.reading import LetterSort, OpenedLetter
from application.principal import Principal
from application.recording.commands import command_from
from domain.errors import Conflict, Invalid, NotFound, Refused, Undetermined
from interfaces.documents.failing import CharacterMissing
from interfaces.memory.worklist import MemoryDeadlineIndex
from interfaces.wording.letters import LetterText, letter_text
from interfaces.wording.lexicons import Lexicons
from tests.support.letters import press_of
from tests.support.papers import picture
from tests.support.words import words_of
from tests.support.world import BUREAU, REGIME, World

OFFICER = Principal("officer", "officer", "150100")
APPROVER = Principal("approver", "approver", "150100")
REMEDIES = "不服本决定的，可以依法申请行政复议或者提起行政诉讼。"


@pytest.fixture
def world() -> World:
    """An agency with a proposed grade of which it was told on 15 April, and a bureau with its letterhead."""
    world = World()
    world.agency()
    world.fact("2024-05-10", "B11", "f1", final_on="2024-05-10")
    for stage, day in (("roster", "2025-03-14"), ("notice", "2025-03-14"), ("proposal", "2025-04-15")):
        more = {"received_on": day} if stage == "notice" else {}
        fields = {"stage": stage, "dated_on": day, "id": stage, **more}
        world.do(day, "evaluation_stage", subject="A", regime=REGIME, year=2024, **fields)
    letterhead(world)
    return world


def letterhead(world: World, day: str = "2025-04-15", **more: Any) -> None:
    given = {"name": "呼和浩特市生态环境局", "word": "呼环信", "remedies": REMEDIES, **more}
    world.do(day, "set_letterhead", bureau=BUREAU, **given)


def draft(world: World, day: str, kind: str, concerns: str, id: str = "L", **more: Any) -> OpenedLetter:
    fields = {"subject": "A", "regime": REGIME, "kind": kind, "concerns": concerns, "id": id, **more}
    world.do(day, "draft_letter", **fields)
    return shown(world, day, id)


def shown(world: World, day: str, id: str = "L") -> OpenedLetter:
    return world.letters.open(id, dt.date.fromisoformat(day))


def issue(world: World, day: str, id: str = "L") -> str:
    world.do(day, "issue_letter", letter=id, dated_on=day, digest=shown(world, day, id).digest)
    number = world.letters.open(id).number
    assert number is not None
    return number


def says(world: World, opened: OpenedLetter) -> LetterText:
    assert opened.content is not None, opened.trouble
    lexicon = Lexicons(world.legislation).of_regime(opened.content.regime, opened.dated_on)
    return letter_text(opened.content, opened.number or "", lexicon)


# --- what a letter says -------------------------------------------------------------------------------------------


def test_a_notice_of_a_proposed_grade_says_score_grade_facts_article_and_last_day(world: World) -> None:
    text = says(world, draft(world, "2025-04-15", "grade_notice", "proposal"))
    assert text.title == "拟定信用等级告知书"
    assert text.addressee == "甲检测："
    assert text.decision[0] == "拟定结果：评价得分90分，拟定等级为无不良等级（N）。"
    assert [(line.document, line.effect) for line in text.facts] == [("文书-f1", "扣10分")]
    assert "第二十二条" in text.opening
    assert "自收到本告知书之日起5个工作日内" in text.decision[2]


@pytest.mark.parametrize(
    ("dated_on", "last"),
    # Over the holiday of May a weekend is worked.
    [("2025-04-15", "2025年4月22日"), ("2025-04-16", "2025年4月23日"), ("2025-04-29", "2025年5月9日")],
)
def test_the_last_day_is_reckoned_with_the_calendar_from_the_day_of_service(
    world: World, dated_on: str, last: str
) -> None:
    text = says(world, draft(world, dated_on, "grade_notice", "proposal"))
    assert f"提出异议的最后一日为{last}" in text.last_day


def test_once_it_is_received_the_day_of_receipt_counts_and_no_other(world: World) -> None:
    world.do("2025-04-18", "record_delivery", record="proposal", received_on="2025-04-17")
    text = says(world, draft(world, "2025-04-18", "grade_notice", "proposal"))
    assert text.last_day.startswith(
        "拟定结果已于2025年4月17日告知送达，送达当日不计入，提出异议的最后一日为2025年4月24日。"
    )


def warned(world: World, day: str, due_on: str, requirements: str) -> None:
    warning = {"issued_on": day, "due_on": due_on, "requirements": requirements}
    world.do(day, "issue_warning", fact="f2", id="w", **warning)


@pytest.mark.parametrize(("limit", "last"), [("2025-06-13", "6月13日"), ("2025-06-14", "6月16日")])
def test_a_warning_says_what_is_required_and_until_when(world: World, limit: str, last: str) -> None:
    """A Friday stays, a Saturday ends on the Monday, as the deadline does."""
    world.fact("2025-05-12", "B09", "f2")
    warned(world, "2025-05-12", limit, "补齐记录")
    text = says(world, draft(world, "2025-05-12", "warning_notice", "w"))
    assert text.decision[0].endswith("提出下列整改要求：补齐记录。")
    assert text.decision[1] == f"请于2025年{last}前（含当日）完成整改，并将整改完成情况书面报告我局。"


@pytest.mark.parametrize("typed", ["补齐记录。", "补齐记录！", "立即停止（见附件。）", "补齐记录。 "])
def test_what_was_typed_as_a_sentence_gets_no_second_full_stop(world: World, typed: str) -> None:
    world.fact("2025-05-12", "B09", "f2")
    warned(world, "2025-05-12", "2025-06-13", typed)
    text = says(world, draft(world, "2025-05-12", "warning_notice", "w"))
    assert text.decision[0].endswith(f"：{typed.strip()}")


def test_a_reminder_names_what_is_open_and_of_what_is_done_there_is_none() -> None:
    world, regime = World(), "wenzhou.intermediary"
    world.agency()
    letterhead(world, "2024-03-05")
    world.do("2024-03-05", "remind", subject="A", regime=regime, issued_on="2024-03-05", due_on="2024-03-20", id="m")
    world.do("2024-03-05", "draft_letter", subject="A", regime=regime, kind="reminder", concerns="m", id="L")

    def told(day: str) -> LetterText:
        opened = shown(world, day)
        assert opened.content is not None, opened.trouble
        return letter_text(opened.content, "", Lexicons(world.legislation).of_regime(regime, opened.dated_on))

    assert told("2024-03-05").opening == "现就下列事项提醒你单位：办理告知性登记。"
    world.do("2024-03-06", "register_notification", subject="A", regime=regime, registered_on="2024-03-06")
    done = shown(world, "2024-03-06").trouble
    assert done is not None
    assert done.code == "nothing_to_remind_of"
    world.do("2024-03-06", "revise_letter", letter="L", paragraphs=["请报送年度总结。"], copies=[])
    assert (told("2024-03-06").opening, told("2024-03-06").free) == (
        "现就下列事项提醒你单位：",
        ("请报送年度总结。",),
    )


def test_a_decision_says_grounds_reasons_outcome_and_remedies(world: World) -> None:
    objected(world)
    decided = {"decided_on": "2025-04-21", "outcome": "rejected", "reasons": "决定有效"}
    world.do("2025-04-21", "decide_objection", objection="o", **decided)
    text = says(world, draft(world, "2025-04-21", "objection_decision", "o"))
    assert text.opening == "你单位于2025年4月18日就2024年度评价结果提出异议，理由为：处罚已撤销。"
    assert text.decision == (
        "经审查查明：决定有效。",
        "依据《内蒙古自治区第三方环保机构信用评价管理暂行办法（征求意见稿）》第二十二条第（二）项，我局决定：异议不成立，维持原结果。",
    )
    assert text.remedies == (REMEDIES,)


def received(world: World, day: str, record: str, kind: str) -> None:
    content = picture(f"{record} {kind}")
    upload = world.papers.uploads.take("A", f"{kind}.png", content, len(content), by=Principal("clerk"))
    world.do(day, "receive_evidence", subject="A", upload=upload.id, kind=kind, record=record)


def test_what_an_objection_still_lacks_is_told_until_it_is_in_the_file(world: World) -> None:
    objected(world)
    due: dict[str, Any] = {"due_on": "2025-04-25"}
    text = says(world, draft(world, "2025-04-18", "objection_correction", "o", **due))
    assert text.decision[1:] == (
        "1．书面申请（第二十二条第（二）项）。",
        "2．相关证明材料（第二十二条第（二）项）。",
        "请于2025年4月25日前（含当日）将补正材料送交我局；逾期未补正的，我局按现有材料审查。",
    )
    received(world, "2025-04-18", "o", "application")
    world.do("2025-04-18", "revise_letter", letter="L", paragraphs=["请注明签发日期。"], **due)
    text = says(world, shown(world, "2025-04-18"))
    assert text.decision[1:3] == ("1．相关证明材料（第二十二条第（二）项）。", "2．请注明签发日期。")
    received(world, "2025-04-18", "o", "photograph")
    world.do("2025-04-18", "revise_letter", letter="L", paragraphs=[], **due)
    found = shown(world, "2025-04-18")
    assert found.trouble is not None
    assert found.trouble.code == "needs_paragraphs"


def test_a_repair_is_asked_to_be_completed_while_it_is_undecided(world: World) -> None:
    world.fact("2024-05-10", "C04", "f3")
    published: dict[str, Any] = {
        "subject": "A",
        "regime": REGIME,
        "year": 2024,
        "stage": "publication",
        "dated_on": "2025-06-05",
    }
    world.do("2025-06-05", "evaluation_stage", id="published", **published)
    asked: dict[str, Any] = {
        "dated_on": "2025-06-09",
        "completed_on": "2025-05-20",
        "evidence": [{"title": "整改报告"}],
    }
    world.do("2025-06-09", "apply_repair", subject="A", regime=REGIME, id="r", facts=["f1"], **asked)
    received(world, "2025-06-09", "r", "rectification_report")
    letterhead(world, "2025-06-09")
    text = says(world, draft(world, "2025-06-09", "repair_correction", "r", due_on="2025-06-13"))
    assert text.title == "信用修复补正通知书"
    assert [line.document for line in text.facts] == ["文书-f1"]
    assert text.decision[1:3] == (
        "1．书面申请（第二十八条第三款）。",
        "2．履行相关义务的证明材料（第三十条）。",
    )
    assert issue(world, "2025-06-09") == "呼环信修〔2025〕1号"
    world.do("2025-06-16", "refuse_repair", repair="r", decided_on="2025-06-16", reasons="未补正")
    with pytest.raises(Invalid):
        draft(world, "2025-06-16", "repair_correction", "r", "M", due_on="2025-06-20")


def test_whoever_has_committed_to_a_repair_is_not_told_that_they_applied(world: World) -> None:
    committed = {"dated_on": "2025-04-18", "completed_on": "2025-04-16", "harm": "none"}
    world.do("2025-04-18", "commit_repair", subject="A", regime=REGIME, id="r", facts=["f1"], **committed)
    text = says(world, draft(world, "2025-04-18", "repair_correction", "r", due_on="2025-04-25"))
    assert text.opening == "你单位于2025年4月18日提交的信用修复承诺及所附材料收悉。承诺修复的信用信息如下。"
    assert text.decision[1] == "1．信用修复书面承诺（第二十八条第二款）。"
    # Nothing is scored here, and the table has no column for it.
    assert [line.effect for line in text.facts] == [""]


def test_a_record_notice_says_of_the_penalty_what_it_takes_off() -> None:
    world, regime = World(), "lianyungang.supervision"
    world.agency(region="320700")
    fined: dict[str, Any] = {"row": "JS-FINE", "decided_on": "2024-05-10", "served_on": "2024-05-13"}
    paper = {"authority": "320700-EEB", "document": "连环罚字〔2024〕1号"}
    world.do("2024-05-13", "record_fact", subject="A", regime=regime, id="f", **paper, **fined)
    world.do("2024-05-13", "set_letterhead", bureau="320700-EEB", name="连云港市生态环境局", word="连环信")
    text = says(world, draft(world, "2024-05-13", "record_notice", "f", regime=regime))
    assert text.opening == "现就连环罚字〔2024〕1号产生的环保信用信息告知你单位。"
    assert [(line.document, line.effect) for line in text.facts] == [("连环罚字〔2024〕1号", "扣3分")]
    assert issue(world, "2024-05-13") == "连环信告〔2024〕1号"
    world.do("2024-05-14", "serve_letter", letter="L", served_on="2024-05-14", how="direct")
    assert world.letters.of_subject("A").possible == ()


def objected(world: World, day: str = "2025-04-18") -> None:
    world.do(
        day, "file_objection", subject="A", regime=REGIME, against="proposal", filed_on=day, by="participant",
        grounds="处罚已撤销", id="o", evidence=[{"title": "判决书"}],
    )  # fmt: skip


def test_what_the_bureau_adds_stands_behind_what_the_file_says(world: World) -> None:
    draft(world, "2025-04-15", "grade_notice", "proposal", paragraphs=["请携带执照。"], copies=["市场监管局"])
    world.do(
        "2025-04-15", "revise_letter", letter="L", paragraphs=["请携带执照副本。"], copies=["市场监管局", "公安局"]
    )
    text = says(world, shown(world, "2025-04-15"))
    assert text.free == ("请携带执照副本。",)
    assert text.copies == "抄送：市场监管局、公安局。"


# --- what it cannot say -------------------------------------------------------------------------------------------


def test_without_a_letterhead_nothing_is_issued_and_the_draft_says_why() -> None:
    world = World()
    world.agency()
    world.fact("2024-05-10", "B09", "f2")
    warned(world, "2024-05-13", "2024-06-13", "改")
    opened = draft(world, "2024-05-13", "warning_notice", "w")
    assert opened.trouble is not None
    assert opened.trouble.code == "no_letterhead"
    with pytest.raises(Refused, match="no_letterhead"):
        world.do("2024-05-13", "issue_letter", letter="L", dated_on="2024-05-13")


def test_a_last_day_without_a_calendar_is_refused_and_not_guessed() -> None:
    world = World()
    world.agency()
    day = "2026-12-29"
    for stage in ("roster", "notice", "proposal"):
        world.do(day, "evaluation_stage", subject="A", regime=REGIME, year=2025, stage=stage, dated_on=day, id=stage)
    letterhead(world, day)
    opened = draft(world, day, "grade_notice", "proposal")
    assert opened.trouble is not None
    assert opened.trouble.code == "no_calendar"
    with pytest.raises(Undetermined, match="no_calendar"):
        world.do(day, "issue_letter", letter="L", dated_on=day)


def test_a_character_that_no_font_has_is_named_with_its_field_and_the_docx_is_made_all_the_same(world: World) -> None:
    world.do("2025-04-15", "change_subject", subject="A", changes={"name": "张𠮷平检测"}, from_on="2025-04-15")
    draft(world, "2025-04-15", "grade_notice", "proposal")
    day = dt.date(2025, 4, 15)
    with pytest.raises(CharacterMissing) as missing:
        world.letters.sent("L", "pdf", day)
    assert (missing.value.character, missing.value.field, missing.value.place) == ("𠮷", "/addressee", "主送")
    with pytest.raises(CharacterMissing):
        world.do("2025-04-15", "issue_letter", letter="L", dated_on="2025-04-15")
    assert world.letters.sent("L", "docx", day)[1].startswith(b"PK")


# --- issuing ------------------------------------------------------------------------------------------------------


def test_numbers_follow_each_other_by_series_and_year(world: World) -> None:
    draft(world, "2025-04-15", "grade_notice", "proposal")
    assert issue(world, "2025-04-15") == "呼环信告〔2025〕1号"
    objected(world)
    draft(world, "2025-04-18", "objection_accepted", "o", "L2")
    assert issue(world, "2025-04-18", "L2") == "呼环信异〔2025〕1号"
    world.do("2025-04-18", "withdraw_letter", letter="L2", reason="送错")
    draft(world, "2025-04-18", "objection_accepted", "o", "L3")
    assert issue(world, "2025-04-18", "L3") == "呼环信异〔2025〕2号"
    assert world.letters.open("L2").line.number == "呼环信异〔2025〕1号"


def test_a_number_that_another_letter_takes_while_this_one_is_set_is_left_to_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, day in ((1, "2025-04-15"), (2, "2025-04-16")):
        world.fact(day, "B08", f"w{number}")
        days = {"issued_on": day, "due_on": "2025-05-15", "requirements": "补正"}
        world.do(day, "issue_warning", fact=f"w{number}", id=f"warning{number}", **days)
        draft(world, "2025-04-16", "warning_notice", f"warning{number}", f"L{number}")

    class Press:
        """One at which another officer issues a letter while the first is being set."""

        def __init__(self) -> None:
            self._press = press_of(world.legislation)
            self._others = ["L2"]

        def __getattr__(self, name: str) -> Any:
            return getattr(self._press, name)

        def set(self, *asked: Any) -> Any:
            if self._others:
                issue(world, "2025-04-16", self._others.pop())
            return self._press.set(*asked)

    press = Press()
    monkeypatch.setattr(world.letter_desk, "_press", lambda: press)
    assert issue(world, "2025-04-16", "L1") == "呼环信警〔2025〕2号"
    assert world.letters.open("L2").number == "呼环信警〔2025〕1号"
    with ZipFile(BytesIO(world.letters.sent("L1", "docx")[1])) as docx:
        assert "呼环信警〔2025〕2号" in re.sub("<[^>]+>", "", docx.read("word/document.xml").decode())


def test_a_bureau_goes_on_where_it_has_numbered_elsewhere_in_words_of_its_own(world: World) -> None:
    letterhead(world, series=[{"series": "notice", "word": "字", "year": 2025, "first": 12}])
    draft(world, "2025-04-15", "grade_notice", "proposal")
    assert issue(world, "2025-04-15") == "呼环信字〔2025〕12号"


def test_what_was_sent_is_had_again_byte_for_byte_whatever_changes(world: World) -> None:
    draft(world, "2025-04-15", "grade_notice", "proposal")
    issue(world, "2025-04-15")
    before = [world.letters.sent("L", form) for form in ("docx", "pdf")]
    letterhead(world, "2025-04-16", name="新名称")
    world.do("2025-04-16", "change_subject", subject="A", changes={"name": "乙检测"}, from_on="2025-04-16")
    assert [world.letters.sent("L", form) for form in ("docx", "pdf")] == before
    line = world.letters.open("L").line
    assert [line.docx_digest, line.pdf_digest] == [hashlib.sha256(content).hexdigest() for _, content in before]
    assert before[0][0] == "呼环信告〔2025〕1号.docx"


def test_what_was_altered_in_the_store_is_not_told_as_what_was_sent(world: World) -> None:
    draft(world, "2025-04-15", "grade_notice", "proposal")
    issue(world, "2025-04-15")
    kept = world.journal.file("A").letters["L"].issued
    assert kept is not None
    store = world.contents._store
    path = next(path for path in (row["path"] for page in store.list() for row in page) if kept.docx.digest in path)
    store.put(path, b"x" * kept.docx.size)
    with pytest.raises(ContentAltered):
        world.letters.sent("L", "docx")


def test_a_letter_that_says_something_else_by_now_is_not_issued(world: World) -> None:
    digest = draft(world, "2025-04-15", "grade_notice", "proposal").digest
    world.do("2025-04-15", "revise_letter", letter="L", paragraphs=["另附一段。"])
    with pytest.raises(Conflict, match="letter_changed"):
        world.do("2025-04-15", "issue_letter", letter="L", dated_on="2025-04-15", digest=digest)
    assert world.letters.open("L").line.state == "draft"


def test_issuing_waits_for_a_second_person_and_takes_no_number_before(world: World) -> None:
    digest = draft(world, "2025-04-15", "grade_notice", "proposal").digest
    asked = command_from({"letter": "L", "dated_on": "2025-04-15", "digest": digest}, name="issue_letter")
    waits = world.signing.submit(asked, by=OFFICER)
    assert isinstance(waits, PendingDecision)
    assert world.letters.open("L").line.state == "draft"
    world.signing.sign(waits.id, by=APPROVER, digest=waits.digest)
    assert world.letters.open("L").line.number == "呼环信告〔2025〕1号"


def test_what_waits_is_refused_at_the_signature_when_the_letter_says_something_else(world: World) -> None:
    digest = draft(world, "2025-04-15", "grade_notice", "proposal").digest
    asked = command_from({"letter": "L", "dated_on": "2025-04-15", "digest": digest}, name="issue_letter")
    waits = world.signing.submit(asked, by=OFFICER)
    assert isinstance(waits, PendingDecision)
    world.do("2025-04-15", "revise_letter", letter="L", paragraphs=["另附一段。"])
    with pytest.raises(Conflict, match="letter_changed"):
        world.signing.sign(waits.id, by=APPROVER, digest=waits.digest)


def test_a_trial_takes_no_number_and_keeps_nothing(world: World) -> None:
    draft(world, "2025-04-15", "grade_notice", "proposal")
    tried = world.do("2025-04-15", "issue_letter", letter="L", dated_on="2025-04-15", dry_run=True)
    assert tried.events == ("letter-issued.v1",)
    assert list(world.contents.listed()) == []
    assert issue(world, "2025-04-15") == "呼环信告〔2025〕1号"


def test_letters_move_no_grade(world: World) -> None:
    before = world.running("2025-04-15")
    draft(world, "2025-04-15", "grade_notice", "proposal")
    issue(world, "2025-04-15")
    world.do("2025-04-15", "serve_letter", letter="L", served_on="2025-04-15", how="left")
    world.do("2025-04-16", "withdraw_letter", letter="L", reason="有误")
    assert world.running("2025-04-16") == before


# --- service ------------------------------------------------------------------------------------------------------


def test_the_service_of_a_notice_is_the_receipt_from_which_the_time_to_object_runs(world: World) -> None:
    draft(world, "2025-04-15", "grade_notice", "proposal")
    issue(world, "2025-04-15")
    world.do("2025-04-17", "serve_letter", letter="L", served_on="2025-04-16", how="mail")
    assert world.journal.file("A").stages["proposal"].event.received_on == dt.date(2025, 4, 16)


def test_a_receipt_that_is_on_record_stays(world: World) -> None:
    world.do("2025-04-15", "record_delivery", record="proposal", received_on="2025-04-15")
    draft(world, "2025-04-15", "grade_notice", "proposal")
    issue(world, "2025-04-15")
    world.do("2025-04-17", "serve_letter", letter="L", served_on="2025-04-16", how="mail")
    assert world.journal.file("A").stages["proposal"].event.received_on == dt.date(2025, 4, 15)


@pytest.mark.parametrize(("served_on", "told"), [("2025-04-14", "served_on"), ("2025-04-18", "served_on")])
def test_it_is_served_on_its_day_or_later_and_not_in_the_future(world: World, served_on: str, told: str) -> None:
    draft(world, "2025-04-15", "grade_notice", "proposal")
    issue(world, "2025-04-15")
    with pytest.raises(Invalid, match=told):
        world.do("2025-04-17", "serve_letter", letter="L", served_on=served_on, how="mail")


# --- which letters there are --------------------------------------------------------------------------------------


def test_what_a_procedure_gives_occasion_for_is_due_until_it_is_drafted(world: World) -> None:
    assert [(d.kind, d.concerns) for d in world.letters.of_subject("A").due] == [("grade_notice", "proposal")]
    draft(world, "2025-04-15", "grade_notice", "proposal")
    assert world.letters.of_subject("A").due == ()


def test_the_subject_is_shown_what_was_sent_to_it_and_no_draft(world: World) -> None:
    draft(world, "2025-04-15", "grade_notice", "proposal")
    assert world.letters.of_subject("A", is_own=True).letters == ()
    with pytest.raises(NotFound):
        world.letters.open("L", is_own=True)
    issue(world, "2025-04-15")
    assert [line.letter for line in world.letters.of_subject("A", is_own=True).letters] == ["L"]


def test_letters_stand_in_the_order_that_is_asked_for_and_those_without_the_day_last(world: World) -> None:
    for id, day in (("L", "2025-04-15"), ("M", "2025-04-16")):
        draft(world, day, "grade_notice", "proposal", id)
        issue(world, day, id)
        world.do(day, "withdraw_letter", letter=id, reason="另行制作")
    draft(world, "2025-04-17", "grade_notice", "proposal", "N", due_on="2025-04-18")
    sorts: tuple[LetterSort, ...] = get_args(LetterSort)
    found = {sort: "".join(line.letter for line in world.letters.of_subject("A", sort=sort).letters) for sort in sorts}
    assert (found["drafted"], found["-drafted"]) == ("LMN", "NML")
    assert (found["dated_on"], found["-dated_on"]) == ("LMN", "MLN")
    assert (found["due_on"], found["-due_on"]) == ("NLM", "MLN")


def test_a_refusal_of_a_letter_names_the_text_and_the_letter(world: World) -> None:
    with pytest.raises(Refused) as refused:
        draft(world, "2025-04-15", "reminder", "proposal")
    assert "提醒函" in words_of(refused.value).zh


# --- among the departments ----------------------------------------------------------------------------------------


@pytest.fixture
def noticed() -> World:
    """An agency about which the region has issued an internal notice, and a region with its letterhead."""
    world = World()
    world.agency()
    for number in (1, 2):
        advisory = {"kind": "joint_inspection", "noticed_on": "2025-05-06", "document": f"提示〔2025〕{number}号"}
        world.do("2025-05-06", "record_advisory", subject="A", regime=REGIME, authority=BUREAU, **advisory)
    world.do("2025-06-10", "submit_advisories", city="150100", month="2025-05", regime=REGIME)
    world.do("2025-06-12", "issue_internal_notice", subject="A", regime=REGIME, dated_on="2025-06-12", id="n")
    letterhead(world, "2025-06-12")
    return world


def test_an_internal_notice_goes_to_the_departments_and_leaves_nothing_on_the_file(noticed: World) -> None:
    before = noticed.journal.file("A").version
    assert [(d.kind, d.concerns) for d in noticed.letters.of_subject("A").due] == [("assistance_notice", "n")]
    opened = draft(noticed, "2025-06-12", "assistance_notice", "n", paragraphs=["请于月底前反馈。"])
    text = says(noticed, opened)
    assert text.addressee == "各级生态环境部门："
    assert "提示〔2025〕1号、提示〔2025〕2号" in text.opening
    assert text.free == ("请于月底前反馈。",)
    assert issue(noticed, "2025-06-12") == "呼环信通〔2025〕1号"
    noticed.do("2025-06-13", "serve_letter", letter="L", served_on="2025-06-13", how="electronic")
    assert noticed.letters.sent("L", "pdf")[1].startswith(b"%PDF")
    assert noticed.journal.file("A").version == before
    assert noticed.letters.of_subject("A", is_own=True).letters == ()
    with pytest.raises(NotFound):
        noticed.letters.open("L", is_own=True)


def test_the_index_of_what_waits_has_it_as_it_is_built_and_as_it_is_kept_up(noticed: World) -> None:
    index = MemoryDeadlineIndex()
    projection = DeadlineProjection(noticed.journal, index, noticed.clock, noticed.legislation)

    def waiting() -> list[tuple[str, str, str | None]]:
        found = index.letters(LetterSelection(dt.date(2025, 6, 12), None, None), after=None, limit=9)
        return [(row.letter.kind, row.letter.concerns, row.letter.letter) for row in found]

    projection.rebuild()
    assert waiting() == [("assistance_notice", "n", None)]
    draft(noticed, "2025-06-12", "assistance_notice", "n")
    projection.catch_up()
    assert waiting() == [("assistance_notice", "n", "L")]
    issue(noticed, "2025-06-12")
    projection.catch_up()
    assert waiting() == []


def test_a_notice_that_nobody_issued_has_no_letter(noticed: World) -> None:
    with pytest.raises(Invalid, match="concerns"):
        draft(noticed, "2025-06-12", "assistance_notice", "x")


# --- as it was known ----------------------------------------------------------------------------------------------


def test_at_a_past_moment_a_letter_stands_as_it_stood_then_and_none_is_due(world: World) -> None:
    draft(world, "2025-04-15", "grade_notice", "proposal")
    drafted = world.clock.now()
    number = issue(world, "2025-04-16")
    then, now = world.letters.of_subject("A", known_at=drafted), world.letters.of_subject("A")
    assert [(line.state, line.number) for line in then.letters] == [("draft", None)]
    assert [(line.state, line.number) for line in now.letters] == [("issued", number)]
    assert (then.due, then.possible) == ((), ())
    assert world.letters.of_subject("A", known_at=drafted - 1).letters == ()
