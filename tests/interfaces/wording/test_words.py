"""Display texts: nothing the core can say is left without words, and the sentences read as clerks would say them."""

import datetime as dt
import inspect
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from application.answering.behind.particulars import Particulars
from application.answering.grading import ApplicableMeasure, Cause, NextChange, PublicGrade, StepLine
from application.answering.rechecking import RecheckCause as CauseOfDifference
from application.law.own_deadlines import own_deadlines
from application.rehearsal.rehearsal import Graded
from domain.events.objections import DecisionOutcome
from domain.grading import counting, deduction, staff, standing
from domain.grading.step import OutsideReason
from domain.law.calendar import DayKind
from domain.law.citations import Articles
from domain.law.edition import DeadlineActor
from domain.law.official import cited_in
from domain.law.parents import with_parent
from domain.procedures.deadlines import DeadlineState
from domain.sentence import NamedOrgan, NamedPlace, sentence
from domain.vocabulary import Organ, Service, Stage, Text
from interfaces.codec import CLASSES
from interfaces.files.shipped import shipped_editions
from interfaces.http.languages import preferred
from interfaces.wording import rehearsals, words
from interfaces.wording.citations import articles_of, by_article, cite
from interfaces.wording.texts import Language, worded
from interfaces.wording.words import Lexicon, because
from tests.support.texts import family

ROOT = Path(__file__).parents[3]
LEXICON = Lexicon(s.edition for s in shipped_editions() if s.edition.regime == "nmg.third_party")
DAY = dt.date(2024, 6, 20)
REASONS = family("steps.reason") | family("steps.reason_dated")
BOTH: tuple[Language, Language] = ("zh", "en")


def step(**changes: Any) -> StepLine:
    fields: dict[str, Any] = {
        "fact": "f1",
        "sources": (),
        "row": "B11",
        "cites": ("art. 16", "annex 1"),
        "readings": (),
        "effective_on": DAY,
        "ends_on": None,
        "recorded_at": "2024-06-21T01:00:00.000000Z",
        "effect": "-10",
        "score": "80",
        "counted": True,
        "reason": None,
        "provisional": False,
    }
    return StepLine(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"effect": "-10"}, "-10", "-10"),
        ({"effect": "-10", "counted": False}, "(-10)", "(-10)"),
        ({"effect": "0", "counted": False}, "—", "—"),
        ({"effect": "0", "counted": False, "reason": "pending_manual"}, "分值待定", "points unknown"),
        ({"effect": "2", "score": None}, "2 次", "2 ×"),
        ({"effect": "0", "score": None, "fact": None, "row": "pool"}, "—", "—"),
        ({"effect": "25", "score": None, "fact": None, "row": "of a method to come"}, "25", "25"),
    ],
)
def test_the_column_of_points_says_what_a_line_does(changes: dict[str, Any], zh: str, en: str) -> None:
    assert words.effect(step(**changes), "agency", "zh", LEXICON) == zh
    assert words.effect(step(**changes), "agency", "en", LEXICON) == en


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"reason": "enhancement"}, "增信信息", "credit-enhancing information"),
        ({"readings": ("I-12",)}, "增信信息", "credit-enhancing information"),
        ({"reason": "no_such_row"}, "没有对应条目的信息", "a fact without a row"),
    ],
)
def test_a_fact_that_no_row_stands_for_says_what_it_is(changes: dict[str, Any], zh: str, en: str) -> None:
    found = step(row=None, counted=False, **changes)
    assert words.what_of(found, "zh", LEXICON) == zh
    assert words.what_of(found, "en", LEXICON) == en


def test_a_standing_of_an_expert_holds_and_takes_no_points() -> None:
    found = step(row="pool", effect="pool", score=None)
    assert "进入专家库现仍有效" in because(found, "expert", "zh", LEXICON)


def test_a_record_behind_a_line_is_told_by_its_row_paper_authority_and_day() -> None:
    found = Particulars(record="r", row="B11", document="呼环罚〔2024〕1号", authority_name="某局", decided_on=DAY)
    assert re.fullmatch("条目 B11（.*），呼环罚〔2024〕1号，某局，2024-06-20", words.paper(found, "zh", LEXICON))
    assert words.paper(Particulars(record="r", occurred_on=DAY), "zh", LEXICON) == "2024-06-20"
    assert words.paper(Particulars(record="r", document="1号"), "en", LEXICON) == "1号"


def test_a_result_published_without_a_grade_is_told_apart_from_none() -> None:
    shown = PublicGrade(grade=None, since=DAY, record="r", year=2024, status="published")
    assert words.public_words(shown, "agency", "zh", LEXICON) == "已公布结果，未定等级"
    assert words.public_words(shown, "agency", "en", LEXICON) == "a result is published, without a grade"
    assert words.public_words(None, "agency", "zh", LEXICON) != "已公布结果，未定等级"


def test_a_side_of_a_rehearsal_without_a_grade_says_why() -> None:
    outside = Graded(score=None, grade=None, undetermined="outside_scope")
    assert rehearsals.graded(outside, "agency", "zh", LEXICON) == words.undetermined("outside_scope", "zh")
    assert rehearsals.graded(Graded(score=None, grade=None), "agency", "en", LEXICON) not in ("", "None")


def articles(regime: str) -> tuple[Articles, ...]:
    return articles_of(s.edition for s in shipped_editions() if s.edition.regime == regime)


@pytest.mark.parametrize(
    ("regime", "citation", "zh"),
    [
        ("nmg.third_party", "art. 16", "第十六条"),
        ("nmg.third_party", "art. 18(2)3", "第十八条第（二）项第3目"),
        ("nmg.third_party", "art. 13(1)", "第十三条第（一）项"),
        ("nmg.third_party", "art. 16(2)", "第十六条第二款"),
        ("nmg.third_party", "art. 22(2)", "第二十二条第（二）项"),
        ("nmg.third_party", "art. 28(1)", "第二十八条第一款"),
        ("nmg.third_party", "art. 28(2)", "第二十八条第二款"),
        ("nmg.third_party", "art. 28(3)", "第二十八条第三款"),
        ("nmg.third_party", "annex 1", "附件1"),
        ("ningbo.monitoring", "art. 20", "第二十条"),
        ("ningbo.monitoring", "art. 20(1)(4)", "第二十条第一款第（四）项"),
        ("ningbo.monitoring", "art. 20(2)", "第二十条第二款"),
        ("ningbo.monitoring", "art. 20(3)1", "第二十条第三款"),
        ("ningbo.monitoring", "art. 6(2)", "第六条第二款"),
        ("ningbo.monitoring", "art. 18(2)(6)", "第十八条第二款第（六）项"),
        ("ningbo.monitoring", "art. 8(3)", "第八条第三款"),
        ("ningbo.monitoring", "art. 12(7)", "第十二条第（七）项"),
        ("wenzhou.intermediary", "art. 34(1)", "第三十四条第（一）项"),
        ("wenzhou.intermediary", "art. 34(2)", "第三十四条第二项（原文编号（二））"),
        ("wenzhou.intermediary", "art. 34(6)", "第三十四条第六项（原文编号（五））"),
        ("wenzhou.intermediary", "art. 12(10)", "第十二条第（十）项"),
        ("jiaxing.monitoring", "para. 11", "第（十一）条"),
        ("jiaxing.monitoring", "para. 11(4)", "第（十一）条第4项"),
        ("jiaxing.monitoring", "para. 16(2)", "第（十六）条第二款"),
        ("jiaxing.monitoring", "para. 22", "第（二十二）条"),
        ("lianyungang.supervision", "V(3)", "第五部分（三）"),
        # What a text does not have is named by its article alone, never guessed.
        ("ningbo.monitoring", "art. 12(99)", "第十二条"),
        ("ningbo.monitoring", "art. 99(1)", "第九十九条"),
    ],
)
def test_citations_are_read_in_chinese_by_the_articles_of_their_edition(regime: str, citation: str, zh: str) -> None:
    assert cite(citation, "zh", articles(regime)) == zh
    assert cite(citation, "en", articles(regime)) == citation


def test_provisions_of_one_article_that_follow_each_other_name_it_once() -> None:
    cited = ["第十六条", "第二十二条", "第二十二条第（一）项", "第二十二条第（二）项", "第三十五条第（一）项", "附件1"]
    together = ("第十六条", "第二十二条", "第二十二条第（一）项、第（二）项", "第三十五条第（一）项", "附件1")
    assert by_article(cited, "zh") == together
    cited = ["art. 22", "art. 22(1)", "art. 22(2)3", "para. 10(1)", "art. 22(4)", "II(3)2", "annex 1"]
    assert by_article(cited, "en") == ("art. 22", "art. 22(1), (2)3", "para. 10(1)", "art. 22(4)", "II(3)2", "annex 1")


@pytest.mark.parametrize(
    ("citation", "zh"),
    [
        ("art. 101", "第一百零一条"),
        ("art. 110(10)", "第一百一十条"),
        ("art. 18(2)3", "第十八条"),
        ("para. 11(4)", "第（十一）条"),
        ("annex", "附件"),
        ("something else", "something else"),
    ],
)
def test_an_edition_without_a_list_of_articles_is_cited_by_the_article_alone(citation: str, zh: str) -> None:
    old = [msgspec.structs.replace(s.edition, article=()) for s in shipped_editions()]
    assert cite(citation, "zh", articles_of(old)) == cite(citation, "zh") == zh


def test_every_citation_of_every_edition_stands_in_its_text_and_can_be_read() -> None:
    editions = {s.edition.id: s.edition for s in shipped_editions()}
    for edition in editions.values():
        parent = editions.get(edition.parent or "")
        whole = edition if parent is None else with_parent(edition, parent)
        (texts,) = articles_of([whole])
        for citation in (*cited_in(whole), *(c for cites in whole.grounds.values() for c in cites)):
            assert texts.place(citation) is not None, (edition.id, citation)
            wanted = r"(《.+》)?第.+条.*|附件\d*|第.+部分.*|.+号.*"
            assert re.fullmatch(wanted, cite(citation, "zh", (texts,))), citation


def test_a_deduction_says_since_when_how_much_and_what_is_left() -> None:
    assert (
        because(step(), "agency", "zh", Lexicon())
        == "2024-06-20 起生效：条目 B11扣 10 分，尚余 80 分（第十六条；附件1）。"
    )
    assert (
        because(step(), "agency", "en", Lexicon()) == "counts since 2024-06-20: row B11 −10, 80 left (art. 16, annex 1)"
    )
    assert "条目 B11（因违规被罚款" in because(step(), "agency", "zh", LEXICON)


def test_what_a_step_rests_on_is_named() -> None:
    said = because(
        step(readings=("I-06", "I-06"), provisional=True, ends_on=dt.date(2025, 1, 1)), "agency", "zh", LEXICON
    )
    assert "计至 2024-12-31" in said
    assert said.endswith("解释项 I-06；暂定，当年工作日历尚未公布）。")


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"effect": "D", "row": "B01"}, "直接评定为不良单位（D 级）", "leads directly to: adverse unit (D)"),
        (
            {"effect": "D", "row": "P01", "score": None},
            "直接评定为生态环境失信个人（D 级）",
            "dishonest individual (D)",
        ),
        ({"effect": "1", "row": "P02", "score": None}, "计 1 次", "counts 1"),
        ({"effect": "D", "row": None, "fact": None, "sources": ("f1",)}, "碳排放数据造假", "falsified carbon data"),
        (
            {"effect": "3", "row": None, "cites": ("art. 11",), "readings": ("I-12",)},
            "增信信息加 3 分",
            "information +3",
        ),
        ({"effect": "0", "row": "B12"}, "扣 0 分", "−0"),
    ],
)
def test_every_effect_has_words(changes: dict[str, Any], zh: str, en: str) -> None:
    kind = "practitioner" if str(changes["row"])[:1] == "P" else "agency"
    assert zh in because(step(**changes), kind, "zh", LEXICON)
    assert en in because(step(**changes), kind, "en", LEXICON)


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_has_a_sentence(code: str) -> None:
    found = step(counted=False, reason=code, ends_on=dt.date(2025, 1, 1))
    zh, en = because(found, "agency", "zh", LEXICON), because(found, "agency", "en", LEXICON)
    assert "不计入：" in zh
    assert code not in zh
    assert "{" not in zh + en
    assert words.reason(code, None, None, "en")


def test_no_reason_of_the_assessment_is_without_words() -> None:
    source = "".join(inspect.getsource(module) for module in (counting, deduction, staff, standing))
    given = set(
        re.findall(r'(?:reason(?:: str \| None)? = |return |, \d, |reason = |not_counting\()"([a-z_]+)"', source)
    )
    assert {"ended", "repaired", "heavier_row", "other_city", "retracted"} <= given
    assert given - REASONS <= {"outside_scope", "points_not_configured", "validity_not_configured"}


def test_every_event_stage_service_and_organ_has_a_name() -> None:
    assert set(CLASSES) == family("names.event"), "its title stands in texts/names.toml"
    for name, codes in ((words.stage, Stage), (words.service, Service), (words.organ, Organ)):
        for code in get_args(codes):
            assert name(code, "zh") != code
    assert words.organ("150100-EEB", "zh") == "生态环境部门"
    assert words.event_title("unknown.v1", "zh") == "unknown.v1"


@pytest.mark.parametrize("language", BOTH)
def test_everything_about_deadlines_and_decisions_has_words(language: Language) -> None:
    kinds = {d.kind for s in shipped_editions() for d in s.edition.deadline} | {d.kind for d in own_deadlines()}
    assert kinds
    for name, codes in (
        (words.deadline_kind, sorted(kinds)),
        (words.deadline_state, get_args(DeadlineState)),
        (words.proof_day, get_args(DayKind)),
        (words.actor, get_args(DeadlineActor)),
        (words.outcome, get_args(DecisionOutcome)),
        (words.recheck_cause, get_args(CauseOfDifference)),
    ):
        for code in codes:
            said = name(code, language)
            assert said
            assert "_" not in said
            assert language == "en" or said != code, code


@pytest.mark.parametrize("language", BOTH)
def test_a_measure_is_told_with_what_allows_it(language: Language) -> None:
    for shipped in shipped_editions():
        for measure in shipped.edition.measure:
            line = ApplicableMeasure(
                cites=measure.cites,
                what=None,
                since=DAY,
                record="c1",
                legal_basis=None,
                executable=measure.legal_basis is not None,
            )
            (told,) = words.measures([line], language, Lexicon([shipped.edition]))
            assert told.what == getattr(measure.words, language)
            assert (told.legal_basis is None) == (measure.legal_basis is None)


def test_a_bureau_names_what_allows_a_measure() -> None:
    edition = next(s.edition for s in shipped_editions() if s.edition.regime == "nmg.third_party")
    (measure,) = [m for m in edition.measure if m.cites == ("art. 36(1)",)]
    assert Lexicon([edition]).legal_basis("art. 36(1)", "zh") is None
    given = msgspec.structs.replace(edition.configured, legal_basis={"art. 36(1)": "专项资金管理办法第八条"})
    lexicon = Lexicon([msgspec.structs.replace(edition, configured=given)])
    assert lexicon.legal_basis("art. 36(1)", "en") == "专项资金管理办法第八条"
    assert lexicon.measure("art. 36(1)", "zh") == measure.words.zh
    assert lexicon.measure("art. 99", "zh") is None


def test_causes_and_the_next_change() -> None:
    cause = Cause(fact="f1", row="B11", change="ceases", reason="repaired", cites=())
    assert words.cause(cause, "zh", Lexicon()) == "条目 B11不再计入（已修复）。"
    change = NextChange(on=DAY, score="80", grade="N", facts=("f1",))
    assert (
        words.next_change(change, "agency", "zh", LEXICON)
        == "自 2024-06-20 起为 80 分、无不良等级（N），涉及 1 条信息。"
    )
    assert words.next_change(change, "agency", "en", LEXICON).startswith("from 2024-06-20: 80 points, evaluated")


def test_a_reading_is_told_with_its_answer() -> None:
    assert LEXICON.reading("I-02", "no_floor", "zh").startswith("分值有没有下限：")
    assert LEXICON.reading("I-99", "x", "en") == "I-99=x"


@pytest.mark.parametrize("language", BOTH)
def test_results_and_states_have_words(language: Language) -> None:
    assert words.result_words(None, None, "agency", language, LEXICON)
    assert words.force("draft", language) != "draft"
    general = ("points_not_configured", "quotas_not_configured", "no_score", "outside_scope", "not_yet_graded")
    for code in (*general, *get_args(OutsideReason)):
        assert words.undetermined(code, language) != code


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (b"", "zh"),
        (b"*", "zh"),
        (b"en", "en"),
        (b"en-GB,en;q=0.9", "en"),
        (b"zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (b"zh;q=0.2,en;q=0.3", "en"),
        (b"de, en;q=0.5", "en"),
        (b"en;q=0.5, *;q=0.6", "zh"),
        (b"en;q=banana", "zh"),
        (b"en;q=0", "zh"),
        (b"\xff\xfe,;;=", "zh"),
    ],
)
def test_the_better_liked_language_is_chosen(header: bytes, language: Language) -> None:
    assert preferred(header) == language


def test_the_words_of_a_row_name_no_field_of_a_program() -> None:
    """Jiaxing para. 11(5): the note on until_on is for who records the listing; the edition stays as released."""
    jiaxing = [s.edition for s in shipped_editions() if s.edition.regime == "jiaxing.monitoring"]
    assert Lexicon(jiaxing).row("J5", "en") == "On a list of severe breaches under the provincial rules"
    assert Lexicon(jiaxing).row("J5", "zh") == "依省级规定被列入严重失信名单（列入的最后一日随信息记录）"
    lianyungang = [s.edition for s in shipped_editions() if s.edition.regime == "lianyungang.supervision"]
    told = Lexicon(lianyungang).reading("L-06", "configured_frequencies", "en")
    assert told.endswith("By the figures of the bureau; without one it is not executable")


def test_a_line_of_a_timeline_says_which_piece_of_evidence_came() -> None:
    title = words.entry_title("evidence-received.v1", {"kind": "service_receipt"}, "zh", LEXICON)
    assert title == "收到证据：送达回证"


@pytest.mark.parametrize(
    ("tag", "delay", "late"),
    [
        ("fact-recorded.v1", 1, 1),
        ("fact-recorded.v1", 0, None),
        ("fact-recorded.v1", -1, None),
        ("fact-recorded.v1", None, None),
        ("employment-recorded.v1", 2378, None),
    ],
)
def test_who_works_where_is_not_recorded_late(tag: str, delay: int | None, late: int | None) -> None:
    assert words.days_late(tag, delay) == late


def test_organs_and_places_in_a_refusal_are_told_by_their_names() -> None:
    refusal = sentence("procedures.facts.authority_not_competent", code="B06", authority=NamedOrgan("150100-EEB"))
    assert worded(refusal) == Text(
        "条目 B06 须由规定的机关认定或处罚，呼和浩特市生态环境局不在其列。",
        "row B06 needs a decision of an organ that the text names;"
        " bureau of ecology and environment, Hohhot is none of these.",
    )
    elsewhere = worded(sentence("access.account_elsewhere", place=NamedPlace("330212")))
    assert elsewhere.zh == "宁波市鄞州区不在管理员的地区之内。"
