"""Display texts in Chinese and English for the codes, numbers and ids of an answer.

The core answers in codes; every interface takes its sentences from here, so that the command line, the API and the
pages say the same. Nothing here decides anything, and an unknown code is shown as it is rather than failing. Words
of rows and readings come from the editions (``Lexicon``).
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec import UNSET

from application.answering.grading import Cause, GradeAnswer, Measure, NextChange, PublicGrade, StepLine
from application.answering.overview import RegimeLine
from application.answering.particulars import Initial, Particulars, Undo
from domain.grading.cycles import LISTING
from domain.law.edition import Edition, Method, grade_names
from domain.procedures.evaluation import STEP_NAMES
from domain.vocabulary import PERSONS, Text
from interfaces.wording.citations import articles_of, cite, cites

Language = Literal["zh", "en"]
"""The two languages in which everything is said."""

_ONE_DAY: Final = dt.timedelta(days=1)


def said(text: Text, language: Language) -> str:
    """One of the two sides of a text."""
    return text.zh if language == "zh" else text.en


class Standing(NamedTuple):
    """On what ground the edition of an answer applies: a draft by an adoption, whose paper may be known."""

    draft: bool
    document: str | None
    adopted_on: dt.date | None
    in_force_on: dt.date | None


class Lexicon:
    """The words of grades, rows, readings and measures, taken from the editions an answer rests on (the last wins).

    The editions are those of one regime, and before them those they stand on: the same letter means something else
    under another. What no edition names goes by its code.
    """

    __slots__ = (
        "_bases",
        "_grades",
        "_measures",
        "_methods",
        "_organs",
        "_readings",
        "_rows",
        "_staged",
        "_title",
        "_unsaid",
        "articles",
        "standing",
    )

    def __init__(self, editions: Iterable[Edition] = (), standing: Standing | None = None) -> None:
        self.standing = standing
        self._rows: dict[str, Text] = {}
        self._readings: dict[str, tuple[Text, dict[str, Text]]] = {}
        self._measures: dict[str, Text] = {}
        self._bases: dict[str, Text] = {}
        self._grades: dict[tuple[str, str], Text] = {}
        self._title: Text | None = None
        self._methods: dict[str, Method] = {}
        self._organs: dict[str, Text] = {}
        self._staged: set[str] = set()
        self._unsaid: set[tuple[str, str]] = set()
        editions = tuple(editions)
        self.articles = articles_of(editions)
        for edition in editions:
            self._methods.update({str(kind): method for kind, method in edition.methods.items()})
            self._organs.update({code: Text(organ.zh, organ.en) for code, organ in edition.organs.items()})
            self._staged.update(rule.of for rule in edition.stage)
            self._unsaid.update((rule.kind, rule.of) for rule in edition.deadline if rule.unsaid)
            self._title = Text(edition.title.zh, edition.title.en)
            for kind, method in edition.methods.items():
                named = grade_names(method).items()
                self._grades.update({(kind, grade): Text(said.zh, said.en) for grade, said in named})
            given = edition.configured.legal_basis or {}
            for measure in edition.measure:
                name, own = measure.cites[0], measure.legal_basis
                self._measures[name] = Text(measure.words.zh, measure.words.en)
                if name in given:
                    self._bases[name] = Text(given[name], given[name])
                elif own is not None:
                    self._bases[name] = Text(own.zh, own.en)
            for row in edition.row:
                self._rows[row.code] = Text(row.words.zh, row.words.en)
            for reading in edition.reading:
                values = {v.name: Text(v.words.zh, v.words.en) for v in reading.values}
                self._readings[reading.id] = (Text(reading.issue.zh, reading.issue.en), values)

    def title(self, language: Language) -> str:
        """What the edition of the answer is called; empty without one."""
        return "" if self._title is None else said(self._title, language)

    def grade(self, grade: str, kind: str, language: Language) -> str:
        """What a grade or risk level is called; its code where no edition says so.

        A kind of subject that the editions do not evaluate has no grade of theirs.
        """
        text = self._grades.get((kind, grade))
        if text is None and self._methods and kind not in self._methods:
            text = _NOT_EVALUATED
        return grade if text is None else said(text, language)

    def term(self, citations: Iterable[str], readings: Sequence[str], kind: str, of: str, language: Language) -> str:
        """On what a deadline rests: its articles, or a reading where they give no time."""
        found = self.cites(citations, language)
        if (kind, of) not in self._unsaid or not readings:
            return found
        id = readings[0]
        if language == "zh":
            return f"条文未定期限，按解释项 {id}（{found}）"
        return f"the text gives no time: by reading {id} ({found})"

    def actor(self, code: str, language: Language) -> str:
        """What the organ is called that has to act, by the edition where it says so."""
        text = self._organs.get(code)
        return actor(code, language) if text is None else said(text, language)

    def is_annual(self, kind: str) -> bool:
        """Whether a grade of that kind of subject is published once for each evaluation year."""
        return kind in self._staged

    def is_published_daily(self, kind: str) -> bool:
        """Whether the register shows the grade of the day itself."""
        return bool(getattr(self._methods.get(kind), "public", False))

    def force(self, code: str, language: Language) -> str:
        """Whether what was applied is law on the day, and of a draft by which paper it applies."""
        label = _LABEL.search(self.title("zh"))
        if code == "draft" and language == "zh" and label is not None:
            return f"{label[1]}，无人采用，仅为模拟"
        if code != "in_force" or self.standing is None or not self.standing.draft:
            return force(code, language)
        return _adopted(self.standing, "草稿" if label is None else label[1], language)

    def row(self, code: str, language: Language) -> str:
        """What the row is about; empty for a row no edition has."""
        words = self._rows.get(code)
        return "" if words is None else said(words, language)

    def reading(self, id: str, value: str, language: Language) -> str:
        """The question of a reading and the answer chosen, ``issue：answer``; the bare codes when unknown."""
        issue, values = self._readings.get(id, (None, {}))
        if issue is None or value not in values:
            return f"{id}={value}"
        between = "：" if language == "zh" else ": "
        return said(issue, language) + between + said(values[value], language)

    def issue(self, id: str, language: Language) -> str | None:
        """The question that a reading answers; ``None`` for one no edition has."""
        issue, _ = self._readings.get(id, (None, {}))
        return None if issue is None else said(issue, language)

    def answer(self, id: str, value: str, language: Language) -> str | None:
        """One answer to a reading; ``None`` for one no edition has."""
        _, values = self._readings.get(id, (None, {}))
        return said(values[value], language) if value in values else None

    def measure(self, cite: str, language: Language) -> str | None:
        """What a measure is, by its first citation; ``None`` for one no edition has."""
        words = self._measures.get(cite)
        return None if words is None else said(words, language)

    def cite(self, citation: str, language: Language) -> str:
        """A citation in words, by the articles of the editions."""
        return cite(citation, language, self.articles)

    def cites(self, citations: Iterable[str], language: Language) -> str:
        """Several citations in one breath, by the articles of the editions."""
        return cites(citations, language, self.articles)

    def legal_basis(self, cite: str, language: Language) -> str | None:
        """The provision that allows a measure, by its first citation: the bureau's, else the edition's own."""
        words = self._bases.get(cite)
        return None if words is None else said(words, language)


def measures(found: Sequence[Measure], language: Language, lexicon: Lexicon) -> tuple[Measure, ...]:
    """The measures of an answer with what they are and, for those that can be executed, what allows them."""
    return tuple(
        msgspec.structs.replace(
            m,
            what=lexicon.measure(m.cites[0], language),
            legal_basis=lexicon.legal_basis(m.cites[0], language) if m.executable else None,
        )
        for m in found
    )


_NOT_EVALUATED: Final = Text("不属评价对象", "not evaluated under this text")
_LABEL: Final = re.compile(r"（([^（）]{2,8})）$")


def _adopted(found: Standing, label: str, language: Language) -> str:
    """That the text is a draft, by which paper it was adopted, and from when it applies."""
    if language == "en":
        by = f" by {found.document}" if found.document else " (no paper named)"
        on = f" on {found.adopted_on}" if found.adopted_on else ""
        return f"a draft, adopted{by}{on}, applied from {found.in_force_on}; its final text has not been seen published"
    by = f"经{found.document}" if found.document else "经主管部门（未注明文件）"
    on = f"于 {found.adopted_on} " if found.adopted_on else ""
    return f"{label}，{by}{on}采用，自 {found.in_force_on} 起适用，正式文本未见公布"


# --- steps ------------------------------------------------------------------------------------------------

_REASONS: Final[Mapping[str, Text]] = {
    "not_final": Text(
        "处罚尚未生效（争议期限未满，或复议、诉讼未结束）",
        "the penalty is not final (the time to challenge it still runs, or a challenge is pending)",
    ),
    "not_yet_effective": Text("自 {effective} 起才计入", "it counts from {effective} only"),
    "suspended": Text(
        "预警期限未满，或者已按期报告整改、尚待确认，暂不扣分",
        "suspended: the limit of the warning still runs, or a rectification reported in time waits to be confirmed",
    ),
    "waived": Text(
        "预警期限内完成整改并经确认，不予扣分", "waived: rectified within the limit of the warning and confirmed"
    ),
    "ended": Text("于 {last} 截止", "it ended after {last}"),
    "cycle_over": Text("所在的记分周期于 {last} 届满", "its cycle of points was over after {last}"),
    "list_over": Text("所致的名单期限于 {last} 届满", "the listing it led to was over after {last}"),
    "repaired": Text("自 {ends} 起已修复", "repaired since {ends}"),
    "set_aside": Text("所依据的决定已被撤销", "the decision behind it was annulled"),
    "retracted": Text("因记录有误已删除", "recorded in error and retracted"),
    "pending_manual": Text("分值尚未录入，待人工确认", "the points are not on record yet and must be entered"),
    "no_row": Text("没有可适用的条目，只作记录", "no row applies to it: recorded only"),
    "enhancement": Text("增信信息只作展示，不加分", "credit-enhancing information is shown, without points"),
    "outside_scope": Text("不在当日规则的评价范围内", "outside what the rules of that day evaluate"),
    "nationally_repaired": Text(
        "自 {ends} 起因全国信用修复停止使用", "no longer used since the national repair of {ends}"
    ),
    "other_year": Text("属于其他评价年度", "it belongs to another evaluation year"),
    "once_per_year": Text("该条目每个年度只计一次", "this row counts once in a year"),
    "heavier_row": Text("同一行为已按较重的条目计入", "the same act counts under a heavier row"),
    "other_city": Text("由作出决定的其他地方计分", "the place that decided it scores it"),
    "revoked": Text("因实时评定为严重失信而撤销", "revoked by a severe breach in real time"),
    "ungraded_refused": Text("不予评定等级", "the year is not graded"),
    "not_yet_graded": Text("得分尚未排序", "the score has not been ranked yet"),
    "quotas_not_configured": Text("等级名额尚未设定", "the shares of the grades are not set"),
    "caution": Text("警示不直接影响等级", "a caution does not touch the grade by itself"),
    "finding": Text("只作认定记录", "recorded as a finding only"),
    "late_change": Text(
        "变更逾期办理，可予警示，不直接影响等级", "filed late, which may bring a caution; no effect on the grade"
    ),
    "no_score": Text("该年度没有得分", "there is no score of that year"),
    "in_baseline": Text(
        "已计入结转为基准的年度得分，不再重复扣分",
        "contained already in the score carried over as this year's baseline; not deducted again",
    ),
    "input": Text(
        "作为评价的输入记录，没有权重，不计分",
        "recorded as an input to the evaluation: without a weight, without points",
    ),
    "superseded": Text("自 {ends} 起由新的决定取代", "replaced by the decision of {ends}"),
    "no_reminder": Text(
        "没有到期未登记的书面提醒，不构成此项行为", "no written reminder was left unheeded: there is no such act"
    ),
    "no_table": Text(
        "主管部门尚未设定此项的记分，只作记录", "the bureau has set no points for it: recorded, not counted"
    ),
    "once_only": Text("只计一次，此前已计", "it counts once only, and did before"),
    "during_ban": Text("禁止从业期间不记分", "nothing is scored during a ban"),
    "notice_awaited": Text("记录告知书尚未送达，暂不记分", "no points before the record notice is served"),
    "notice_missing": Text(
        "记录告知书未随处罚决定一并送达，属程序缺陷，不影响记分",
        "the record notice was not served with the penalty: a defect of procedure, without effect on the points",
    ),
}
REASONS: Final = frozenset(_REASONS)
"""Every code for why a step does not count."""


def reason(code: str, effective_on: dt.date | None, ends_on: dt.date | None, language: Language) -> str:
    """Why a step does not count, with the days that matter."""
    text = _REASONS.get(code)
    if text is None:
        return undetermined(code, language)
    if ends_on is None and code in _ENDED:
        return said(_ENDED[code], language)
    unknown = "日期未定" if language == "zh" else "a day not yet known"
    last = unknown if ends_on is None else ends_on - _ONE_DAY
    return said(text, language).format(effective=effective_on or unknown, ends=ends_on or unknown, last=last)


_OVER: Final[Mapping[tuple[str | None, str], Text]] = {
    ("pool", "ended"): Text("已退出专家库", "the expert has left it"),
    ("blacklist", "repaired"): Text("已移出黑名单", "removed from the blacklist"),
}
"""How a status that is no credit information comes to its end."""

_ENDED: Final[Mapping[str, Text]] = {
    "ended": Text("已截止", "it ended"),
    "cycle_over": Text("所在的记分周期已届满", "its cycle of points is over"),
    "list_over": Text("所致的名单期限已届满", "the listing it led to is over"),
    "repaired": Text("已修复", "repaired"),
    "nationally_repaired": Text("已因全国信用修复停止使用", "no longer used since a national repair"),
    "superseded": Text("已由新的决定取代", "replaced by a later decision"),
}
"""The same where the day is not said."""

_ENDS_BY: Final[Mapping[str, Text]] = {
    "rectification": Text("整改经确认，自 {ends} 起不再扣分", "its rectification was confirmed on {ends}"),
    "term": Text("期限于 {last} 届满", "its term was over after {last}"),
    "year": Text("年度于 {last} 届满", "its year was over after {last}"),
    "validity": Text("有效期于 {last} 届满", "its validity was over after {last}"),
    "publication": Text("新的年度结果公布，于 {last} 截止", "it ended after {last} with the next published result"),
}
"""Why a line ends by itself."""

_UNDONE: Final[Mapping[str, Text]] = {
    "objection": Text("异议成立，自始不计", "an objection was upheld: it never counted"),
    "comment": Text("公示意见属实，自始不计", "a comment was upheld: it never counted"),
    "annulment": Text("决定被撤销，自始不计", "the decision was annulled from the beginning: it never counted"),
    "prospective": Text("决定自 {on} 起被撤销，此后不计", "the decision was annulled from {on} on"),
    "client_revoked": Text("委托单位的扣分决定被撤销，自始不计", "the client's decision was revoked: it never counted"),
    "client_repaired": Text("委托单位的扣分自 {on} 起已修复", "the client's deduction was repaired on {on}"),
    "repair": Text("自 {on} 起已修复", "repaired since {on}"),
    "national_repair": Text("自 {on} 起因全国信用修复停止使用", "no longer used since the national repair of {on}"),
    "retraction": Text("因记录有误已删除，自始不计", "recorded in error and retracted: it never counted"),
}
"""By what a line was undone."""


def _undone(found: Undo, language: Language) -> str:
    """By what a line was undone, with the day and the paper."""
    zh = language == "zh"
    is_prospective = found.code == "annulment" and not found.from_beginning
    text = said(_UNDONE["prospective" if is_prospective else found.code], language).format(on=found.on)
    day = str(found.on) if found.on is not None and str(found.on) not in text else None
    papers = [part for part in (found.document, day) if part]
    if not papers:
        return text
    return f"{text}（{'，'.join(papers)}）" if zh else f"{text} ({', '.join(papers)})"


def _why_not(step: StepLine, code: str, language: Language) -> str:
    """Why a step does not count, as exactly as is known."""
    over = _OVER.get((step.row, code))
    if over is not None:
        on = None if step.ends_on is None else f"自 {step.ends_on} 起" if language == "zh" else f" on {step.ends_on}"
        return (on or "") + over.zh if language == "zh" else over.en + (on or "")
    found = step.particulars
    if isinstance(found, Particulars) and code == (step.reason or ""):
        if found.undone is not None:
            return _undone(found.undone, language)
        if found.ends_by is not None and step.ends_on is not None and code == "ended":
            text = said(_ENDS_BY[found.ends_by], language)
            return text.format(ends=step.ends_on, last=step.ends_on - _ONE_DAY)
    return reason(code, step.effective_on, step.ends_on, language)


def because(step: StepLine, kind: str, language: Language, lexicon: Lexicon) -> str:
    """One sentence for a step of a subject of that kind: since when it counts and what it does, or why it does not
    count, and on what ground."""
    what = _what(step, language, lexicon)
    ground = _ground(step, language, lexicon)
    again = _recorded_again(step, kind, language)
    why_not = step.reason or ""
    if why_not == "suspended" and "L-02" in step.readings:
        why_not = "notice_awaited"
    elif why_not == "pending_manual" and "W-01" in step.readings:
        why_not = "no_table"
    if language == "zh":
        if not step.counted:
            return f"{what}不计入：{_why_not(step, why_not, 'zh')}{ground}。"
        since = f"{step.effective_on} 起生效：" if step.effective_on else ""
        return f"{since}{what}{_effect_zh(step, kind, lexicon)}{_until(step, 'zh')}{again}{ground}。"
    if not step.counted:
        return f"does not count: {what}; {_why_not(step, why_not, 'en')}{ground}"
    since = f"counts since {step.effective_on}: " if step.effective_on else "counts: "
    return f"{since}{what} {_effect_en(step, kind, lexicon)}{_until(step, 'en')}{again}{ground}"


def _recorded_again(step: StepLine, kind: str, language: Language) -> str:
    """That the same decision stands on the file twice, and why; the reason on a person's file stays sealed."""
    if step.again is UNSET:
        return ""
    if kind == "practitioner" or kind == "expert":
        return (
            "；同一决定经说明理由再次记录" if language == "zh" else "; the same decision, recorded again for a reason"
        )
    if language == "zh":
        return f"；同一决定再次记录，理由：{step.again}"
    return f"; the same decision, recorded again because: {step.again}"


def _what(step: StepLine | Cause, language: Language, lexicon: Lexicon) -> str:
    zh = language == "zh"
    derived = _DERIVED.get(step.row or "")
    if derived is not None:
        return said(derived, language)
    if step.row is not None:
        return row_words(step.row, language, lexicon)
    if step.fact is None and isinstance(step, StepLine) and "N-01" in step.readings:
        return "年度评价结果" if zh else "the result of the year"
    if step.fact is not None and isinstance(step, StepLine) and step.readings in (("N-08",), ("N-09",)):
        return (
            ("信息失实、遗漏且拒绝整改的认定" if zh else "what is untrue or missing and was not put right")
            if step.readings == ("N-08",)
            else ("利益回避认定" if zh else "a conflict of interest")
        )
    if isinstance(step, StepLine) and step.reason == "late_change":
        return "备案信息变更" if zh else "a change filed"
    if _is_score(step):
        return "记录或公布的得分" if zh else "the score recorded or published"
    if step.fact is None:
        return "碳排放数据造假（同一信息）" if zh else "falsified carbon data (the same fact)"
    if step.reason == "enhancement" or (isinstance(step, StepLine) and "I-12" in step.readings):
        return "增信信息" if zh else "credit-enhancing information"
    return "没有对应条目的信息" if zh else "a fact without a row"


_NUMBERED: Final = re.compile(r"[A-Z]{1,2}\d{0,3}[a-z]?")
"""A row's code that is a number of the annex, and no word of ours."""


def row_words(code: str, language: Language, lexicon: Lexicon) -> str:
    """A row by its number and its words; by its words alone where the code is a word of ours."""
    words = lexicon.row(code, language)
    if words and not _NUMBERED.fullmatch(code):
        return f"条目「{words}」" if language == "zh" else f'row "{words}"'
    if language == "en":
        return f"row {code}" + (f" ({words})" if words else "")
    return f"条目 {code}" + (f"（{words}）" if words else "")


_DERIVED: Final[Mapping[str, Text]] = {
    "blacklist": Text("列入黑名单", "the listing on the blacklist"),
    "outcome": Text("评价结果决定", "the decision on the outcome"),
    "review": Text("一事一评", "the review of a matter"),
    "pool": Text("进入专家库", "entry into the pool of experts"),
    "commitment": Text("环保信用承诺", "the commitment"),
    "pioneer": Text("认定为环保领跑者", "recognition as a pioneer"),
    "record_notice": Text("环保信用记录告知书", "the record notice"),
    "listing": Text("记分达到限制分数", "the points reached the limit"),
}
"""Lines that no fact and no row of an edition stands for."""


def _is_score(step: StepLine | Cause) -> bool:
    """Whether it is the score that a grade is read from: only the regime of recorded scores cites paragraphs."""
    return step.fact is None and step.row is None and any(c.startswith("para.") for c in step.cites)


def _effect_zh(step: StepLine, kind: str, lexicon: Lexicon) -> str:
    effect = step.effect
    if step.row in _STANDING:
        return "现仍有效"
    if effect.startswith("+"):
        return f"记 {effect[1:]} 分，现为 {step.score} 分"
    if effect.startswith("-"):
        return f"扣 {effect[1:]} 分，尚余 {step.score} 分"
    if not effect[:1].isdigit() and step.row is None and "N-01" in step.readings:
        return f"评定为{lexicon.grade(effect, kind, 'zh')}"
    if _is_score(step):
        return f"为 {step.score} 分，评为{lexicon.grade(effect, kind, 'zh')}"
    if step.row == "blacklist":
        # The result and the breach are the ground, the list is what follows from them (Wenzhou art. 35).
        return f"以评价结果{lexicon.grade(effect, kind, 'zh')}、严重失信为由"
    if _is_refusal(step):
        return f"，{lexicon.grade(effect, kind, 'zh')}"
    if not effect[:1].isdigit():
        return f"{_GIVEN_ZH.get(step.row or '', '直接评定为')}{spaced(lexicon.grade(effect, kind, 'zh'))}"
    if step.score is None:
        return f"计 {effect} 次"
    return f"加 {effect} 分，现为 {step.score} 分" if step.row is None else f"扣 {effect} 分，尚余 {step.score} 分"


_GIVEN_ZH: Final = {LISTING: "，列入", "outcome": "评定为"}
"""How a line gives a grade that the law does not attach to an act of itself."""


_GIVEN_EN: Final = {LISTING: "lead to", "outcome": "gives"}


def _is_refusal(step: StepLine) -> bool:
    """Whether it is the finding for which the year is not graded, which is no rating."""
    return step.row is None and step.readings == ("N-08",)


def spaced(text: str) -> str:
    """A text to stand behind Chinese: set off where it begins with a Latin letter."""
    return f" {text}" if text[:1].isascii() else text


_STANDING: Final = ("pool",)
"""Derived lines that only say that something holds."""


def _effect_en(step: StepLine, kind: str, lexicon: Lexicon) -> str:
    effect = step.effect
    if step.row in _STANDING:
        return "holds"
    if effect.startswith("+"):
        return f"{effect}, now {step.score}"
    if effect.startswith("-"):
        return f"−{effect[1:]}, {step.score} left"
    if not effect[:1].isdigit() and step.row is None and "N-01" in step.readings:
        return f"is {lexicon.grade(effect, kind, 'en')}"
    if _is_score(step):
        return f"is {step.score}: {lexicon.grade(effect, kind, 'en')}"
    if step.row == "blacklist":
        return f"rests on a result of {lexicon.grade(effect, kind, 'en')} and a severe breach"
    if not effect[:1].isdigit():
        given = "leads to" if _is_refusal(step) else _GIVEN_EN.get(step.row or "", "is rated directly")
        return f"{given}: {lexicon.grade(effect, kind, 'en')}"
    if step.score is None:
        return f"counts {effect}"
    return f"+{effect}, now {step.score}" if step.row is None else f"−{effect}, {step.score} left"


def _until(step: StepLine, language: Language) -> str:
    if step.ends_on is None or step.ends_on == dt.date.max:
        return ""
    last = step.ends_on - _ONE_DAY
    return f"，计至 {last}" if language == "zh" else f", up to {last}"


def _ground(step: StepLine, language: Language, lexicon: Lexicon) -> str:
    zh = language == "zh"
    parts = list(dict.fromkeys(lexicon.cite(c, language) for c in step.cites))
    if step.readings:
        parts.append(_readings(tuple(dict.fromkeys(step.readings)), language))
    if step.provisional:
        parts.append("暂定，当年工作日历尚未公布" if zh else "provisional: that year's calendar is not known yet")
    if not parts:
        return ""
    return f"（{'；'.join(parts)}）" if zh else f" ({', '.join(parts)})"


def _readings(ids: Sequence[str], language: Language) -> str:
    """The readings a line rests on, by their numbers in the register."""
    if language == "zh":
        return f"解释项 {'、'.join(ids)}"
    return f"{'reading' if len(ids) == 1 else 'readings'} {', '.join(ids)}"


def effect(step: StepLine, kind: str, language: Language, lexicon: Lexicon) -> str:
    """What a line does, for a column: points as a number, a rating by its name, how often a fact counts; in brackets
    the points of a line that does not count."""
    zh = language == "zh"
    code = step.effect
    if code[:1] not in _SIGNS and not code[:1].isdigit():
        return lexicon.grade(code, kind, language)
    if step.reason == "pending_manual":
        return "分值待定" if zh else "points unknown"
    if not step.counted:
        return "—" if code == "0" else f"({code})"
    if step.score is None and code[:1] not in _SIGNS:
        return f"{code} 次" if zh else f"{code} ×"
    return code


_SIGNS: Final = ("+", "-")


def row_number(code: str | None) -> str:
    """The number of a row, where its code is one."""
    return code if code is not None and _NUMBERED.fullmatch(code) else "—"


_DAYS: Final[Mapping[str, Text]] = {
    "occurred_on": Text("行为", "act"),
    "decided_on": Text("决定", "decided"),
    "served_on": Text("送达", "served"),
    "final_on": Text("生效", "final"),
    "verified_on": Text("核实", "verified"),
    "until_on": Text("至", "until"),
}


def matter(found: Particulars, language: Language) -> str:
    """What a fact is about and its days, as far as they are on record."""
    zh = language == "zh"
    days = [
        f"{said(text, language)} {day}" for name, text in _DAYS.items() if (day := getattr(found, name)) is not None
    ]
    parts = [("，" if zh else ", ").join(days)] if days else []
    if found.summary:
        text = found.summary.rstrip("。.；; ")
        parts.insert(0, f"案由：{text}" if zh else f"matter: {text}")
    if found.amount_fined:
        parts.append(f"罚款 {found.amount_fined} 元" if zh else f"fined {found.amount_fined} yuan")
    if found.case_no:
        parts.append(f"案号 {found.case_no}" if zh else f"case {found.case_no}")
    return ("；" if zh else "; ").join(parts)


def paper(found: Particulars, language: Language, lexicon: Lexicon) -> str:
    """A record behind a derived line: its row, its paper, its authority, its day."""
    day = found.decided_on or found.verified_on or found.occurred_on
    row = None if found.row is None else row_words(found.row, language, lexicon)
    parts = [row, found.document, found.authority_name, None if day is None else str(day)]
    return ("，" if language == "zh" else ", ").join(part for part in parts if part)


def initial(found: Initial, language: Language, lexicon: Lexicon) -> str:
    """The score with which the lines begin, in a sentence with its articles."""
    grounds = [lexicon.cite(c, language) for c in found.cites]
    if language == "zh":
        what = "结转的已公布分值" if found.carried else "初始分值"
        since = "" if found.since is None else f"自 {found.since} 起"
        grounds += [_readings(found.readings, language)] if found.readings else []
        return f"{since}{what} {found.score} 分（{'；'.join(grounds)}）。"
    what = "carried over from the published score" if found.carried else "initial score"
    since = "" if found.since is None else f" from {found.since}"
    grounds += [_readings(found.readings, language)] if found.readings else []
    return f"{what}: {found.score} points{since} ({', '.join(grounds)})"


def headline(answer: GradeAnswer, language: Language, lexicon: Lexicon) -> str:
    """The grade asked about, which of the tracks it is, and what was public on that day."""
    zh, kind, running = language == "zh", answer.subject.kind, answer.running
    result = standing_words(
        running.score, running.grade, running.undetermined, kind, language, lexicon, running.risk
    ) + _before_listing(answer, language)
    if lexicon.is_published_daily(kind):
        if zh:
            return f"动态等级（随信息变动即时公布，也就是该日的公开等级）：{result}"
        return f"running grade (published as it moves, so it is the public grade of that day too): {result}"
    if kind in PERSONS:
        return f"动态等级（不公布）：{result}" if zh else f"running grade (not published): {result}"
    public = public_words(answer.public, kind, language, lexicon)
    if zh:
        return f"动态等级（非公布结果）：{result}；该日公开等级：{public}"
    return f"running grade (not a published result): {result}; public grade of that day: {public}"


def public_words(shown: PublicGrade | None, kind: str, language: Language, lexicon: Lexicon) -> str:
    """What the register shows: a grade, a result that was published without one, or nothing."""
    if shown is None:
        return "没有公布的等级" if language == "zh" else "none is published"
    if shown.grade is None:
        return "已公布结果，未定等级" if language == "zh" else "a result is published, without a grade"
    return result_words(None, shown.grade, kind, language, lexicon, shown.risk or None).strip()


def _before_listing(answer: GradeAnswer, language: Language) -> str:
    """The points that led to a list which still holds: a new cycle runs beside it."""
    for before, step in itertools.pairwise(answer.steps):
        if step.row == LISTING and step.counted:
            last = "" if step.ends_on is None else str(step.ends_on - _ONE_DAY)
            if language == "zh":
                until = f"，名单至 {last}" if last else ""
                return f"（新的记分周期自 {step.effective_on} 起；列入名单时累计 {before.score} 分{until}）"
            until = f", listed until {last}" if last else ""
            return f" (a new cycle since {step.effective_on}; {before.score} points led to the list{until})"
    return ""


def published(shown: PublicGrade, published_on: dt.date | None, kind: str, language: Language, lexicon: Lexicon) -> str:
    """How a public grade came about: by the publication for a year, or as the grade of the day.

    ``published_on`` is the day on which the result of its year had been published by then; ``None`` where it had not.
    """
    zh, year = language == "zh", shown.year
    if lexicon.is_annual(kind):
        if shown.status == "published" or published_on == shown.since:
            return f"{year} 年度公布" if zh else f"as published for {year}"
        if published_on is None:
            return "即时公开，不待年度公布" if zh else f"public at once, before any publication for {year}"
        return f"{year} 年度公布后调整" if zh else f"adjusted since the publication for {year}"
    if lexicon.is_published_daily(kind):
        return "随信息变动即时公布" if zh else "published as it moves"
    return "依决定公开" if zh else "public by decision"


def next_change(change: NextChange, kind: str, language: Language, lexicon: Lexicon) -> str:
    """What will be different on the next day on which something changes by what is on record."""
    zh = language == "zh"
    parts = []
    if "running" in change.tracks:
        result = result_words(change.score, change.grade, kind, language, lexicon)
        count = len(change.facts)
        if zh:
            why = f"，涉及 {count} 条信息" if count else "（因规则版本、排名、期间或评价范围变动）"
            parts.append(f"{'' if result == '不评等级' else '为'}{spaced(result.strip())}{why}")
        else:
            why = "the edition, a ranking, a period or the scope of the evaluation changes"
            if count:
                why = "one record brings it about" if count == 1 else f"{count} records bring it about"
            parts.append(f"{result}; {why}")
    others = [said(_TRACKS[t], language) for t in change.tracks if t != "running"]
    if others:
        parts.append(("、" if zh else " and ").join(others) + ("变动" if zh else " change" + "s" * (len(others) == 1)))
    return f"自 {change.on} 起{'；'.join(parts)}。" if zh else f"from {change.on}: {'; '.join(parts)}"


def with_next_change(change: NextChange | None, kind: str, language: Language, lexicon: Lexicon) -> NextChange | None:
    """The next change with its sentence."""
    if change is None:
        return None
    return msgspec.structs.replace(change, because=next_change(change, kind, language, lexicon))


_TRACKS: Final[Mapping[str, Text]] = {
    "running": Text("动态结果", "the running result"),
    "annual": Text("年度评价的环节或结果", "a step or result of an evaluation year"),
    "public": Text("公开等级", "the public grade"),
}


def cause(change: Cause, language: Language, lexicon: Lexicon) -> str:
    """Why a span of the history began."""
    what = _what(change, language, lexicon)
    if change.change == "counts":
        return f"{what}开始计入。" if language == "zh" else f"{what} begins to count"
    why = "" if change.reason is None else said(_SHORT.get(change.reason, Text(change.reason, change.reason)), language)
    if language == "zh":
        return f"{what}不再计入" + (f"（{why}）。" if why else "。")
    return f"{what} ceases to count" + (f" ({why})" if why else "")


_SHORT: Final[Mapping[str, Text]] = {
    **{code: text for code, text in _REASONS.items() if "{" not in text.zh},
    "not_yet_effective": Text("尚未到计入之日", "its day has not come"),
    **_ENDED,
    "superseded": Text("已有新的决定", "replaced by a later decision"),
    "nationally_repaired": Text("已获全国信用修复", "nationally repaired"),
}


# --- results ----------------------------------------------------------------------------------------------

_UNDETERMINED: Final[Mapping[str, Text]] = {
    "points_not_configured": Text("所需分值尚未由主管部门设定", "the bureau has not set the points this needs"),
    "quotas_not_configured": Text("等级名额尚未由主管部门设定", "the bureau has not set the quotas of the grades"),
    "validity_not_configured": Text("信息有效期尚未由主管部门设定", "the bureau has not set how long facts are valid"),
    "label_not_configured": Text("该分值段的等级名称尚未设定", "no label is set for this band of scores"),
    "no_score": Text("尚无得分", "there is no score yet"),
    "outside_scope": Text(
        "不在评价范围内（登记地、业务不属本制度，未列入参评名单，或者涉嫌犯罪等中止评价）",
        "outside the evaluation: registered elsewhere, other business, not on the list of participants, or suspended"
        " (suspected of a crime)",
    ),
    "weights_not_configured": Text(
        "综合风险等级的权重尚未由主管部门设定", "the bureau has not set the weights of the risk level"
    ),
    "not_yet_graded": Text("尚未评定等级", "not graded yet"),
}

_FORCE: Final[Mapping[str, Text]] = {
    "in_force": Text("现行有效", "in force"),
    "draft": Text("征求意见稿，仅为模拟", "a draft that nobody adopted: a simulation only"),
    "not_in_force": Text("当日没有有效的规则版本，不评等级", "no edition is in force on that day: no grade"),
}


def result_words(
    score: str | None,
    grade: str | None,
    kind: str,
    language: Language,
    lexicon: Lexicon,
    risk: str | None = None,
) -> str:
    """Score, grade and risk level in one breath; says so when there is none."""
    zh = language == "zh"
    parts = []
    if score is not None:
        parts.append(f" {score} 分" if zh else f"{score} points")
    if grade is not None:
        parts.append(lexicon.grade(grade, kind, language))
    if risk is not None:
        parts.append(lexicon.grade(risk, kind, language))
    if not parts:
        return "不评等级" if zh else "no grade"
    return ("、" if zh else ", ").join(parts)


def standing_words(
    score: str | None,
    grade: str | None,
    why: str | None,
    kind: str,
    language: Language,
    lexicon: Lexicon,
    risk: str | None = None,
) -> str:
    """Score, grade and risk level, and why what is missing is not there."""
    if why is None:
        return result_words(score, grade, kind, language, lexicon, risk).strip()
    reason = undetermined(why, language)
    if score is None and grade is None:
        return reason
    result = result_words(score, grade, kind, language, lexicon, risk).strip()
    return f"{result}（{reason}）" if language == "zh" else f"{result} ({reason})"


def regime_texts(line: RegimeLine, kind: str, language: Language, lexicon: Lexicon) -> dict[str, str]:
    """What a subject's standing under one regime is called, by its parts."""
    running, annual, public = line.running, line.annual, line.public

    def result(score: str | None, grade: str | None, why: str | None, risk: object) -> str:
        level = risk if isinstance(risk, str) else None
        return standing_words(score, grade, why, kind, language, lexicon, level)

    texts = {
        "force": lexicon.force(line.force, language),
        "running": result(running.score, running.grade, running.undetermined, running.risk),
    }
    if annual is not None:
        texts["annual"] = result(annual.score, annual.grade, annual.undetermined, annual.risk)
        texts["stage"] = stage(annual.stage, language)
    if public is not None:
        texts["public"] = public_words(public, kind, language, lexicon)
    return texts


def undetermined(code: str, language: Language) -> str:
    """Why there is no grade."""
    text = _UNDETERMINED.get(code)
    return code if text is None else said(text, language)


def force(code: str, language: Language) -> str:
    """Whether the rules that were applied are law on that day."""
    text = _FORCE.get(code)
    return code if text is None else said(text, language)


# --- names of things --------------------------------------------------------------------------------------

_EVENTS: Final[Mapping[str, Text]] = {
    "agency-registered.v1": Text("机构登记", "agency registered"),
    "practitioner-registered.v1": Text("从业人员登记", "practitioner registered"),
    "expert-registered.v1": Text("专家登记", "expert registered"),
    "client-registered.v1": Text("委托人登记", "client registered"),
    "subject-changed.v1": Text("登记事项变更", "registration changed"),
    "employment-recorded.v1": Text("任职记录", "employment recorded"),
    "fact-recorded.v1": Text("信用信息记录", "fact recorded"),
    "fact-contested.v1": Text("提起复议或诉讼", "decision challenged"),
    "finality-recorded.v1": Text("决定生效", "decision final"),
    "fact-corrected.v1": Text("信息更正", "fact corrected"),
    "fact-retracted.v1": Text("信息删除（误录）", "fact retracted, recorded in error"),
    "fact-set-aside.v1": Text("决定被撤销", "decision annulled"),
    "rectification-confirmed.v1": Text("整改确认", "rectification confirmed"),
    "national-repair-recorded.v1": Text("全国信用修复", "national repair"),
    "client-outcome-recorded.v1": Text("委托单位结果变动", "outcome for the client"),
    "enhancement-recorded.v1": Text("增信信息记录", "credit-enhancing information recorded"),
    "warning-issued.v1": Text("信用预警", "warning issued"),
    "rectification-reported.v1": Text("整改报告", "rectification reported"),
    "warning-confirmed.v1": Text("预警整改确认", "rectification under a warning confirmed"),
    "rectification-rejected.v1": Text("整改报告驳回", "reported rectification rejected"),
    "warning-withdrawn.v1": Text("预警撤回", "warning withdrawn"),
    "repair-committed.v1": Text("信用修复承诺", "repair committed to"),
    "repair-applied.v1": Text("信用修复申请", "repair applied for"),
    "repair-confirmed.v1": Text("信用修复确认", "repair confirmed"),
    "repair-refused.v1": Text("不予修复", "repair refused"),
    "delivery-recorded.v1": Text("送达", "received by the participant"),
    "repair-revoked.v1": Text("修复确认撤销", "confirmed repair revoked"),
    "objection-filed.v1": Text("提出异议", "objection filed"),
    "review-extended.v1": Text("异议审核延期", "time to decide on the objection extended"),
    "objection-decided.v1": Text("异议审核决定", "objection decided"),
    "comment-recorded.v1": Text("公众意见", "comment of the public recorded"),
    "comment-decided.v1": Text("公众意见核实结果", "comment of the public looked into"),
    "result-adjusted.v1": Text("公开等级调整", "public grade adjusted"),
    "result-adjusted.v2": Text("公开等级调整", "public grade adjusted"),
    "certificate-requested.v1": Text("申请信用证明", "credit certificate requested"),
    "certificate-issued.v1": Text("出具信用证明", "credit certificate issued"),
    "stage-recorded.v1": Text("评价环节", "stage of the evaluation"),
    "stage-recorded.v2": Text("评价环节", "stage of the evaluation"),
    "scope-suspended.v1": Text("中止评价", "evaluation suspended"),
    "scope-resumed.v1": Text("恢复评价", "evaluation resumed"),
    "record-retracted.v1": Text("记录删除（误录）", "record retracted, recorded in error"),
    "score-recorded.v1": Text("评价得分记录", "score of a year recorded"),
    "filed.v1": Text("备案", "filed"),
    "change-filed.v1": Text("备案信息变更", "change filed"),
    "business-recorded.v1": Text("年度业务情况", "business of a year recorded"),
    "grade-refused.v1": Text("不予评定等级", "refused a grade"),
    "caution-issued.v1": Text("警示", "caution issued"),
    "finding-recorded.v1": Text("利益回避认定", "conflict of interest found"),
    "cohort-ranked.v1": Text("年度排序", "cohort of a year ranked"),
    "sample-drawn.v1": Text("抽取现场检查名单", "sample for inspection drawn"),
    "notification-registered.v1": Text("告知性登记", "notification registration"),
    "reminded.v1": Text("书面提醒", "written reminder"),
    "review-recorded.v1": Text("一事一评", "review of a matter"),
    "outcome-decided.v1": Text("评价结果决定", "outcome decided"),
    "blacklist-listed.v1": Text("列入黑名单", "listed on the blacklist"),
    "blacklist-removed.v1": Text("移出黑名单", "removed from the blacklist"),
    "pool-entered.v1": Text("进入专家库", "entered the pool of experts"),
    "pool-left.v1": Text("退出专家库", "left the pool of experts"),
    "participant-included.v1": Text("列入参评名单", "put on the list of participants"),
    "commitment-filed.v1": Text("环保信用承诺", "commitment filed"),
    "record-notice-served.v1": Text("记录告知书送达", "record notice served"),
    "pioneer-recognised.v1": Text("认定环保领跑者", "pioneer recognised"),
    "snapshot-taken.v1": Text("半年度快照", "half-year snapshot taken"),
    "advisory-recorded.v1": Text("提示性信息记录", "advisory recorded"),
    "advisories-submitted.v1": Text("提示性信息按月上报", "advisories of a month submitted"),
    "internal-notice-issued.v1": Text("内部协查通报", "internal notice issued"),
    "rulebook-adopted.v1": Text("规则版本采用", "rulebook adopted"),
    "rulebook-corrected.v1": Text("规则版本更正", "rulebook corrected"),
    "rulebook-repealed.v1": Text("规则版本废止", "rulebook repealed"),
    "official-text-loaded.v1": Text("载入官方文本", "official text loaded"),
    "calendar-adopted.v1": Text("工作日历采用", "calendar adopted"),
}

_SERVICES: Final[Mapping[str, Text]] = {
    "eia": Text("环境影响评价", "environmental impact assessment"),
    "monitoring": Text("环境监测", "monitoring"),
    "treatment": Text("污染治理", "pollution treatment"),
    "operation": Text("治理设施运行维护", "operation of treatment facilities"),
    "auto_monitoring_operation": Text("自动监测设备运行维护", "operation of automatic monitoring"),
    "information_system": Text("环境信息系统运行维护", "environmental information systems"),
    "carbon_verification": Text("碳排放核查", "carbon verification"),
    "restoration": Text("生态修复", "ecological restoration"),
    "works": Text("环境工程", "environmental works"),
    "research": Text("环境科研", "research"),
    "consulting": Text("环保咨询", "consulting"),
    "damage_appraisal": Text("环境损害鉴定评估", "damage appraisal"),
}

_ORGANS: Final[Mapping[str, Text]] = {
    "EEB": Text("生态环境部门", "ecology and environment"),
    "MSA": Text("市场监管部门", "market regulation"),
    "PSB": Text("公安机关", "public security"),
    "AUD": Text("审计机关", "audit"),
    "DIS": Text("纪检监察机关", "discipline"),
    "CRT": Text("人民法院", "court"),
}

_STRUCK: Final[Mapping[str, Text]] = {
    "corrected": Text("已更正", "corrected"),
    "retracted": Text("已删除（误录）", "retracted, recorded in error"),
    "set_aside": Text("决定已撤销", "decision annulled"),
    "withdrawn": Text("已撤回", "withdrawn"),
}

_KINDS: Final[Mapping[str, Text]] = {
    "agency": Text("第三方环保机构", "agency"),
    "practitioner": Text("从业人员", "practitioner"),
    "expert": Text("专家", "expert"),
    "client": Text("委托人", "client"),
}

_DEADLINES: Final[Mapping[str, Text]] = {
    "notice": Text("确定名单并通知填报", "settle the roster and give notice"),
    "report": Text("填报信息", "report"),
    "objection": Text("对拟定等级提出异议", "object to the proposed grade"),
    "objection_decision": Text("审核异议", "decide on the objection"),
    "publicity_start": Text("开始公示", "start the publicity"),
    "publicity": Text("公示期", "days of publicity"),
    "submission": Text("上报结果", "submit the results"),
    "publication": Text("公布结果", "publish the results"),
    "rating": Text("通知评定结果", "notify the ratings"),
    "rectification": Text("完成预警整改", "complete the rectification a warning asks for"),
    "repair_decision": Text("办理修复申请", "decide on the application for repair"),
    "repair_wait": Text("申请修复前须满的时间", "the time before repair can be applied for"),
    "change_filing": Text("办理备案信息变更", "file what has changed"),
    "challenge": Text("对处罚申请复议或提起诉讼", "challenge the penalty"),
    "registration": Text("办理告知性登记", "register by notification"),
    "entry": Text("录入信息", "enter the information"),
    "snapshot": Text("报送半年名单", "send the lists of the half-year"),
}

_STATES: Final[Mapping[str, Text]] = {
    "open": Text("进行中", "time is left"),
    "met": Text("按期完成", "done in time"),
    "late": Text("逾期完成", "done late"),
    "skipped": Text("已跳过（后续环节已进行）", "skipped: a later step was taken without it"),
    "overdue": Text("逾期未完成", "overdue"),
    "lapsed": Text("期限内未行使", "not used in time"),
    "ended": Text("期间届满", "the period is over"),
    "suspended": Text("中止，剩余期间保留", "suspended, the remaining days are kept"),
}

_PROOF_DAYS: Final[Mapping[str, Text]] = {
    "start": Text("起始日，不计入", "the day it starts from, not counted"),
    "counted": Text("工作日", "working day"),
    "swapped": Text("调休上班日", "weekend day on which people work"),
    "weekend": Text("周末", "weekend"),
    "holiday": Text("放假", "holiday"),
    "paused": Text("中止期间", "suspended"),
    "corresponding": Text("期间的最后一日", "the last day of the period"),
    "rest": Text("休息日，顺延", "day of rest, the last day moves on"),
}

_ACTORS: Final[Mapping[str, Text]] = {
    "participant": Text("参评主体", "participant"),
    "anyone": Text("参评主体、其他单位和公众", "participant, other units and the public"),
    "city_bureau": Text("市级生态环境主管部门", "city bureau"),
    "region_department": Text("省级生态环境主管部门", "department of the region"),
}

_OUTCOMES: Final[Mapping[str, Text]] = {
    "upheld": Text("成立", "upheld"),
    "partly_upheld": Text("部分成立", "upheld in part"),
    "rejected": Text("不成立", "rejected"),
}

_RECHECK_CAUSES: Final[Mapping[str, Text]] = {
    "record_missing": Text("所依据的事项不在日志中", "the journal does not hold what it rests on"),
    "edition_unknown": Text(
        "所依据的规则版本或解释项当时未知", "an edition or a reading it names was not known by then"
    ),
    "calendar": Text("工作日历不同", "other working-day calendars"),
    "engine": Text("由另一版本的程序算出", "computed by other code"),
    "computed_otherwise": Text("依据相同而结果不同", "everything is the same and the result is not"),
}

EVENTS: Final = frozenset(_EVENTS)
"""Every tag of an event that has a title."""


def _named(table: Mapping[str, Text], code: str, language: Language) -> str:
    text = table.get(code)
    return code if text is None else said(text, language)


def event_title(tag: str, language: Language) -> str:
    """The title of an event on a timeline."""
    return _named(_EVENTS, tag, language)


def entry_title(tag: str, content: Mapping[str, object], language: Language, lexicon: Lexicon) -> str:
    """The title of a line of a timeline: the event, with the row of a fact, the stage and year of an evaluation, the
    year of a score, or how an objection or a comment was decided."""
    title, colon = event_title(tag, language), "：" if language == "zh" else ": "
    if isinstance(row := content.get("row"), str):
        return f"{title}{colon}{row_words(row, language, lexicon)}"
    if isinstance(year := content.get("year"), int) and "stage" not in content:
        return f"{title}{colon}{year} 年度" if language == "zh" else f"{title}{colon}{year}"
    if isinstance(step := content.get("stage"), str):
        return f"{title}{colon}{content.get('year')} {stage(step, language)}"
    if isinstance(answer := content.get("outcome"), str):
        return f"{title}{colon}{outcome(answer, language)}"
    return title


def stage(code: str, language: Language) -> str:
    """The name of a stage of the yearly evaluation."""
    return _named(STEP_NAMES, code, language)


def deadline_kind(code: str, language: Language) -> str:
    """What has to happen by a deadline of that kind."""
    return _named(_DEADLINES, code, language)


def deadline_state(code: str, language: Language) -> str:
    """How a deadline stands."""
    return _named(_STATES, code, language)


def proof_day(code: str, language: Language) -> str:
    """Why a day of a proof counts or is passed over."""
    return _named(_PROOF_DAYS, code, language)


def recheck_cause(code: str, language: Language) -> str:
    """Why a result is not given again when its receipt is executed."""
    return _named(_RECHECK_CAUSES, code, language)


def actor(code: str, language: Language) -> str:
    """Who has to act by a deadline."""
    return _named(_ACTORS, code, language)


def outcome(code: str, language: Language) -> str:
    """How an objection or a comment was decided."""
    return _named(_OUTCOMES, code, language)


def service(code: str, language: Language) -> str:
    """The name of a service an agency offers."""
    return _named(_SERVICES, code, language)


def organ(code: str, language: Language) -> str:
    """The name of an organ (``EEB``) or of the organ of an authority (``150100-EEB``)."""
    return _named(_ORGANS, code.rpartition("-")[2], language)


def struck(code: str, language: Language) -> str:
    """By what a line of a timeline was undone."""
    return _named(_STRUCK, code, language)


def kind(code: str, language: Language) -> str:
    """What kind of subject it is."""
    return _named(_KINDS, code, language)
