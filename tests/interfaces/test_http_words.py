"""Display texts: nothing the core can say is left without words, and the sentences read as clerks would say them."""

import datetime as dt
import inspect
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

import domain.assessment
from application.coverage import parse_outline
from application.grading import Cause, Measure, NextChange, StepLine
from application.rechecking import Cause as CauseOfDifference
from domain.calendar import DayKind
from domain.deadlines import DeadlineState
from domain.evaluations import Stage
from domain.objections import DecisionOutcome
from domain.rulebook.model import DeadlineActor
from domain.vocabulary import Organ, Service
from interfaces import words
from interfaces.codec import CLASSES
from interfaces.http.languages import preferred
from interfaces.shipped import shipped_editions
from interfaces.words import Language, Lexicon, because, cite

ROOT = Path(__file__).parents[2]
LEXICON = Lexicon(s.edition for s in shipped_editions() if s.edition.regime == "nmg.third_party")
DAY = dt.date(2024, 6, 20)
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
    ("citation", "zh"),
    [
        ("art. 16", "第十六条"),
        ("art. 18(2)3", "第十八条第（二）项第3目"),
        ("art. 13(1)", "第十三条第（一）项"),
        ("art. 16(2)", "第十六条第二款"),
        ("art. 22(2)", "第二十二条第（二）项"),
        ("art. 28(1)", "第二十八条第二款"),
        ("art. 28(2)", "第二十八条第三款"),
        ("art. 20", "第二十条"),
        ("art. 101", "第一百零一条"),
        ("art. 110(10)", "第一百一十条第（十）项"),
        ("annex 1", "附件1"),
        ("annex", "附件"),
        ("para. 11", "第（十一）条"),
        ("para. 11(4)", "第（十一）条第4项"),
        ("para. 16(2)", "第（十六）条第二款"),
        ("para. 22", "第（二十二）条"),
        ("something else", "something else"),
    ],
)
def test_citations_are_read_in_chinese(citation: str, zh: str) -> None:
    assert cite(citation, "zh") == zh
    assert cite(citation, "en") == citation


def test_a_provision_is_cited_as_the_outline_of_the_text_names_it() -> None:
    outline = parse_outline((ROOT / "docs/law/nmg.third_party.toml").read_text(), "outline")
    named = {c: p.zh_cite for c, p in outline.provision.items() if p.zh_cite is not None}
    assert len(named) > 10
    assert {c: cite(c, "zh") for c in named} == named


def test_every_citation_of_every_edition_can_be_read() -> None:
    for shipped in shipped_editions():
        edition = shipped.edition
        cited = [c for r in edition.row for c in r.cites] + [c for r in edition.reading for c in r.cites]
        cited += [c for s in edition.stage for c in s.cites] + [c for d in edition.deadline for c in d.cites]
        cited += [c for m in edition.measure for c in m.cites]
        for citation in [*cited, *(u.cites for u in edition.unencoded), *(e.cites for e in edition.erratum)]:
            wanted = r"第.+条.*|附件\d*|第.+部分.*|.+号.*"
            assert re.fullmatch(wanted, cite(citation, "zh")), citation


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
        ({"effect": "D", "row": "B01"}, "直接评定为不良单位（D 级）", "rated directly: adverse unit (D)"),
        (
            {"effect": "D", "row": "P01", "score": None},
            "直接评定为生态环境失信个人（D 级）",
            "dishonest individual (D)",
        ),
        ({"effect": "1", "row": "P02", "score": None}, "计 1 次", "counts 1"),
        ({"effect": "D", "row": None, "fact": None, "sources": ("f1",)}, "碳排放数据造假", "falsified carbon data"),
        ({"effect": "3", "row": None, "cites": ("art. 11",)}, "增信信息加 3 分", "information +3"),
        ({"effect": "0", "row": "B12"}, "扣 0 分", "−0"),
    ],
)
def test_every_effect_has_words(changes: dict[str, Any], zh: str, en: str) -> None:
    kind = "practitioner" if str(changes["row"])[:1] == "P" else "agency"
    assert zh in because(step(**changes), kind, "zh", LEXICON)
    assert en in because(step(**changes), kind, "en", LEXICON)


@pytest.mark.parametrize("code", sorted(words.REASONS))
def test_every_reason_has_a_sentence(code: str) -> None:
    found = step(counted=False, reason=code, ends_on=dt.date(2025, 1, 1))
    zh, en = because(found, "agency", "zh", LEXICON), because(found, "agency", "en", LEXICON)
    assert "不计入：" in zh
    assert code not in zh
    assert "{" not in zh + en
    assert words.reason(code, None, None, "en")


def test_no_reason_of_the_assessment_is_without_words() -> None:
    source = inspect.getsource(domain.assessment)
    given = set(
        re.findall(r'(?:reason(?:: str \| None)? = |return |, \d, |reason = |not_counting\()"([a-z_]+)"', source)
    )
    assert {"ended", "repaired", "heavier_row", "other_city", "retracted"} <= given
    assert given - words.REASONS <= {"outside_scope", "points_not_configured", "validity_not_configured"}


def test_every_event_stage_service_and_organ_has_a_name() -> None:
    assert set(CLASSES) == words.EVENTS
    for name, codes in ((words.stage, Stage), (words.service, Service), (words.organ, Organ)):
        for code in get_args(codes):
            assert name(code, "zh") != code
    assert words.organ("150100-EEB", "zh") == "生态环境部门"
    assert words.event_title("unknown.v1", "zh") == "unknown.v1"


@pytest.mark.parametrize("language", BOTH)
def test_everything_about_deadlines_and_decisions_has_words(language: Language) -> None:
    kinds = {d.kind for s in shipped_editions() for d in s.edition.deadline}
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
            line = Measure(
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
    for code in ("points_not_configured", "quotas_not_configured", "no_score", "outside_scope", "not_yet_graded"):
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
