"""Words for explanations: why two answers differ, how causes act on each other, what would lead to a grade.

Chinese and English, like ``interfaces.wording.words``; nothing here decides anything.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from application.answering.grading import Track
from application.explaining.attribution import Interaction, InteractionKind
from application.explaining.counterfactuals import Change, Counterfactuals, Path, Reason, WhyNot
from application.explaining.differences import DifferenceCause, EventRef, GradeDifference
from application.explaining.event_groups import CauseCode
from application.explaining.knowledge import DecisionKnowledge, LaterEvent
from application.explaining.lawful_changes import ChangeKind
from application.explaining.regional import RegionDifference
from domain.vocabulary import Text
from interfaces.wording import words
from interfaces.wording.texts import Language, said
from interfaces.wording.words import Lexicon

_replace = msgspec.structs.replace

CAUSES: Final[Mapping[CauseCode, Text]] = {
    "new": Text("新增", "new"),
    "late": Text("迟录", "recorded late"),
    "effective": Text("其间开始计入", "took effect meanwhile"),
    "corrected": Text("更正", "corrected"),
    "retracted": Text("因误录删除", "retracted"),
    "set_aside": Text("撤销", "set aside"),
    "repaired": Text("信用修复", "repaired"),
    "repair_revoked": Text("修复被撤销（再犯）", "repair revoked, the act was repeated"),
    "objection": Text("异议及其处理", "an objection"),
    "client": Text("委托单位扣分决定的变动", "what became of the client's deduction"),
    "waived": Text("预警期限内整改，不扣分", "waived by a rectification within a warning's limit"),
    "warned": Text("信用预警", "warned"),
    "ended": Text("整改经确认，不再扣分", "ended by a confirmed rectification"),
    "expired": Text("期满不再计入", "expired"),
    "finality": Text("争议或决定确定", "challenged or become final"),
    "decided": Text("年度评价环节或公开等级调整", "a step of an evaluation year or an adjustment"),
    "scope": Text("暂停或恢复参评", "evaluation suspended or resumed"),
    "employment": Text("任职", "employment"),
    "staff": Text("从业人员的信息", "facts of employees"),
    "score": Text("年度得分", "the score of a year"),
    "ranked": Text("全体排名", "the ranking of everybody"),
    "grade_refused": Text("不予评定等级", "grade refused"),
    "filing": Text("备案、变更或业务情况", "filing, a change filed, or business of a year"),
    "participation": Text("参评、承诺或领跑者", "participation, commitment or pioneer"),
    "notice": Text("环保信用记录告知书", "record notice"),
    "outcome": Text("诚信评价结果", "outcome decided"),
    "blacklist": Text("列入或移出黑名单", "blacklist"),
    "review": Text("一事一评", "a review"),
    "reminder": Text("告知性登记或书面提醒", "notification registration or reminder"),
    "pool": Text("专家库", "the pool of experts"),
    "registration": Text("登记事项变更", "registration changed"),
    "recorded": Text("其他记录", "another record"),
    "time": Text("时间经过", "the passing of time"),
    "rule_change": Text("规则版本变动", "the edition changed"),
    "reading": Text("解释不同", "another reading"),
    "calendar": Text("工作日历变动", "the working-day calendar changed"),
    "engine": Text("程序版本不同", "computed by another engine"),
}
"""What each cause is called."""

INTERACTIONS: Final[Mapping[InteractionKind, Text]] = {
    "score": Text("分值不能分别相加，合计 {share} 分", "their points do not add up; together {share}"),
    "together": Text("同时成立才达到{grade}", "only together do they lead to {grade}"),
    "either": Text("任何一项单独即达到{grade}", "each of them alone leads to {grade}"),
    "offset": Text("相互抵消，等级仍为{grade}", "they make up for each other; the grade stays {grade}"),
}
"""How causes act on each other."""

WAYS: Final[Mapping[ChangeKind, Text]] = {
    "repair": Text("信用修复", "repair"),
    "objection": Text("异议成立", "an objection upheld"),
    "annulment": Text("原决定被撤销", "annulment of the decision"),
    "waiver": Text("预警期限内整改并经确认", "rectification confirmed within the warning's limit"),
    "rectification": Text("整改经确认", "rectification confirmed"),
    "commitment": Text("提交环保信用承诺", "a commitment filed"),
    "pioneer": Text("认定为环保领跑者", "recognised as a pioneer"),
    "delisting": Text("修复后移出黑名单", "taken off the blacklist after repair"),
}
"""What can be done."""

TRACKS: Final[Mapping[Track, Text]] = {
    "running": Text("动态结果", "running"),
    "annual": Text("年度结果", "annual"),
    "public": Text("公开等级", "public"),
}
"""The three tracks."""

_REACH: Final[Mapping[str, Text]] = {
    "already_there": Text("当日已达到该等级。", "the grade is already reached on that day."),
    "reachable": Text("有 {n} 种最小的合法变动可以达到。", "{n} smallest sets of lawful changes lead there."),
    "one_way": Text("有 1 种最小的合法变动可以达到。", "one smallest set of lawful changes leads there."),
    "not_reachable": Text("法律准许的变动都不能达到该等级。", "nothing that the law admits leads to this grade."),
}

REASONS: Final[Mapping[WhyNot, Text]] = {
    "no_grade_now": Text(
        "当日没有等级，案卷中的信息无论怎样变动都不产生等级",
        "there is no grade on the day, and no change to facts gives one",
    ),
    "by_decision": Text(
        "评价结果由部门决定给出，信息的变动不改变已作的决定",
        "the result is given by a decision of the bureau; a change to facts does not move it",
    ),
    "by_publication": Text(
        "等级随年度得分的公布而定，两次公布之间只随直接评级变动；得分有误的，由复核更正后再次公布",
        "the grade follows from the published score of a year and moves in between by a direct rating alone; a wrong"
        " score is put right by review and published again",
    ),
    "by_rank": Text(
        "等级取决于在全体中的名次，只随新的排名和公布变动",
        "the grade depends on the place among all; only a new ranking and its publication move it",
    ),
    "by_account": Text(
        "账户的分值取决于参评、承诺和有效期，办妥之后仍不足；最高等级另可由领跑者认定取得",
        "the points of the account follow from inclusion, commitment and validity, and do not suffice; the best grade"
        " is otherwise had as a recognised pioneer",
    ),
    "of_staff": Text("计入的信息在从业人员的案卷中", "what counts stands on the files of employees"),
    "nothing_counts": Text(
        "案卷中没有可以去除的不利信息，只能等待时间经过或新的记录",
        "nothing on the file is held against the subject; only time or new records change the result",
    ),
    "not_enough": Text("准许的变动合在一起仍不够", "what it admits does not suffice, all of it together"),
}
"""Why nothing lawful leads to a grade."""

_NOT_FOUND: Final = Text(
    "所查看的变动都不能达到该等级，但未能全部查看。",
    "none of the changes looked at leads there, but not all were looked at.",
)


def _way(code: ChangeKind, language: Language) -> str:
    return said(WAYS[code], language)


def _joined(parts: Sequence[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(parts)


# --- differences ----------------------------------------------------------------------------------------------------


def cause(found: DifferenceCause, language: Language, lexicon: Lexicon) -> str:
    """One cause in a sentence: what it is, of which fact, since when, how late, for how many points."""
    zh = language == "zh"
    name = said(CAUSES[found.code], language)
    if not found.added and found.code not in ("expired", "effective", "time", "engine", "reading"):
        name += "（后一答复中没有）" if zh else " (not in the second answer)"
    parts = [name, *_subject(found, language, lexicon)]
    if found.on is not None:
        since = found.code not in _ACTS
        parts.append(f"{'自 ' if since else ''}{found.on}" if zh else f"{'from' if since else 'on'} {found.on}")
    if found.delay_days is not None:
        parts.append(f"迟录 {found.delay_days} 天" if zh else f"recorded {found.delay_days} days late")
    if found.share == "0":
        parts.append("分值不变" if zh else "the score stays")
    elif found.share is not None:
        parts.append(f"{signed(found.share)} 分" if zh else f"{signed(found.share)} points")
    elif found.alone is not None:
        parts.append("作用须与他项合看" if zh else "to be read with other causes")
    return ("，" if zh else ", ").join(parts) + ("。" if zh else "")


_ACTS: Final[frozenset[CauseCode]] = frozenset(
    ("set_aside", "objection", "retracted", "corrected", "decided", "blacklist", "outcome", "repair_revoked", "client")
)
"""Causes of which the day is that of the act itself: what they change may hold from an earlier day on."""


def _subject(found: DifferenceCause, language: Language, lexicon: Lexicon) -> list[str]:
    """What a cause is about, as far as that can be said in words."""
    if found.code == "reading" and found.values is not None:
        default = "缺省" if language == "zh" else "default"
        sides = [
            default if value is None else lexicon.answer(found.name, value, language) or value for value in found.values
        ]
        issue = lexicon.issue(found.name, language)
        what = found.name if issue is None else f"{found.name} {issue}"
        return [f"{what}{'：' if language == 'zh' else ': '}{' → '.join(sides)}"]
    if found.code in ("calendar", "engine"):
        return [found.name]
    rows = [words.row_words(row, language, lexicon) for row in found.rows]
    return [_joined(rows, language)] if rows else []


def signed(share: str) -> str:
    """Points with their sign."""
    return share if share.startswith("-") or share == "0" else f"+{share}"


def interaction(found: Interaction, kind: str, language: Language, lexicon: Lexicon) -> str:
    """How some causes act on each other, with their numbers."""
    zh = language == "zh"
    numbers = _joined([str(n) for n in found.causes], language)
    grade = "—" if found.grade is None else lexicon.grade(found.grade, kind, language)
    grade = words.spaced(grade) if zh else grade
    share = "" if found.share is None else signed(found.share)
    text = said(INTERACTIONS[found.kind], language).format(share=share, grade=grade)
    return f"第 {numbers} 项{text}。" if zh else f"causes {numbers}: {text}"


def event(found: EventRef, language: Language) -> EventRef:
    """The event with its title."""
    return _replace(found, title=words.event_title(found.type, language))


def causes(found: Sequence[DifferenceCause], language: Language, lexicon: Lexicon) -> tuple[DifferenceCause, ...]:
    """Causes with their sentences and the titles of their events."""
    return tuple(
        _replace(c, because=cause(c, language, lexicon), events=tuple(event(e, language) for e in c.events))
        for c in found
    )


def interactions(
    found: Sequence[Interaction], kind: str, language: Language, lexicon: Lexicon
) -> tuple[Interaction, ...]:
    """Interactions with their sentences."""
    return tuple(_replace(i, because=interaction(i, kind, language, lexicon)) for i in found)


def difference(found: GradeDifference, language: Language, lexicon: Lexicon) -> GradeDifference:
    """The comparison of two answers with its sentences."""
    return _replace(
        found,
        causes=causes(found.causes, language, lexicon),
        interactions=interactions(found.interactions, found.subject.kind, language, lexicon),
        without_effect=tuple(event(e, language) for e in found.without_effect),
    )


def region_difference(found: RegionDifference, language: Language, lexicon: Lexicon) -> RegionDifference:
    """The comparison of a region with its sentences."""
    return _replace(
        found,
        causes=tuple(_replace(c, because=said(CAUSES[c.code], language)) for c in found.causes),
        lines=tuple(
            _replace(
                line,
                causes=causes(line.causes, language, lexicon),
                interactions=interactions(line.interactions, found.kind, language, lexicon),
            )
            for line in found.lines
        ),
    )


# --- counterfactuals ------------------------------------------------------------------------------------------------


def change(found: Change, language: Language, lexicon: Lexicon) -> str:
    """What is to be done, and about which fact."""
    ways = [_way(w, language) for w in found.ways]
    first, last = ways[:-1], ways[-1]
    either = "或" if language == "zh" else " or "
    joined = f"{_joined(first, language)}{either}{last}" if first else last
    if found.fact is None:
        return joined
    row = "" if found.row is None else words.row_words(found.row, language, lexicon)
    return f"{row}：{joined}" if language == "zh" else f"{row}: {joined}"


def path(found: Path, as_of: object, kind: str, language: Language, lexicon: Lexicon) -> str:
    """A set of changes in one sentence, with what it leads to."""
    zh = language == "zh"
    parts = [change(c, language, lexicon) for c in found.changes]
    if found.on != as_of:
        parts.append(f"等到 {found.on}" if zh else f"wait until {found.on}")
    result = words.result_words(found.score, found.grade, kind, language, lexicon).strip()
    return f"{'；'.join(parts)} → {result}。" if zh else f"{'; '.join(parts)} → {result}"


def counterfactuals(found: Counterfactuals, language: Language, lexicon: Lexicon) -> Counterfactuals:
    """What would lead to a grade, with its sentences."""
    kind, as_of = found.subject.kind, found.basis.as_of
    reasons = tuple(_replace(r, because=said(REASONS[r.code], language)) for r in found.reasons)
    return _replace(
        found,
        because=_reach(found, reasons, language, lexicon),
        reasons=reasons,
        next_change=words.with_next_change(found.next_change, kind, language, lexicon),
        paths=tuple(
            _replace(
                p,
                because=path(p, as_of, kind, language, lexicon),
                changes=tuple(_replace(c, because=change(c, language, lexicon)) for c in p.changes),
            )
            for p in found.paths
        ),
    )


def _reach(found: Counterfactuals, reasons: Sequence[Reason], language: Language, lexicon: Lexicon) -> str:
    """Whether the grade can be reached; where it cannot, why, and what is the most that can."""
    zh = language == "zh"
    reach = "one_way" if found.reach == "reachable" and len(found.paths) == 1 else found.reach
    because = said(_REACH[reach], language).format(n=len(found.paths))
    if found.reach != "not_reachable":
        return because
    if not found.complete:
        return said(_NOT_FOUND, language)
    parts = [
        f"{r.because}{'（' if zh else ' ('}{lexicon.cites(r.cites, language)}{'）' if zh else ')'}" for r in reasons
    ]
    if found.best is not None:
        best = _best(found, language, lexicon)
        parts.insert(0, f"办妥全部准许的变动，结果为：{best}" if zh else f"after everything that it admits: {best}")
    why = found.running.undetermined
    if why is not None:
        parts.insert(0, words.undetermined(why, language))
    tail = ("；" if zh else "; ").join(parts)
    return because.rstrip("。.") + (f"：{tail}。" if zh else f": {tail}.") if tail else because


def _best(found: Counterfactuals, language: Language, lexicon: Lexicon) -> str:
    best = found.best
    if best is None or (best.grade is None and best.undetermined is not None):
        return words.undetermined("" if best is None else best.undetermined or "", language)
    return words.result_words(best.score, best.grade, found.subject.kind, language, lexicon).strip()


# --- what was known when --------------------------------------------------------------------------------------------


def later_event(found: LaterEvent, language: Language, lexicon: Lexicon) -> LaterEvent:
    """Something recorded after a decision, in a sentence."""
    zh = language == "zh"
    parts = [words.event_title(found.event.type, language)]
    if found.row is not None:
        parts.append(words.row_words(found.row, language, lexicon))
    if found.on is not None and found.delay_days is not None:
        parts.append(f"自 {found.on}" if zh else f"from {found.on}")
        parts.append(f"{found.delay_days} 天后记录" if zh else f"recorded {found.delay_days} days on")
    parts.append(f"在决定之后 {found.after_days} 天" if zh else f"{found.after_days} days after the decision")
    text = ("，" if zh else ", ").join(parts) + ("。" if zh else "")
    return _replace(found, because=text, event=event(found.event, language))


def knowledge(found: DecisionKnowledge, language: Language, lexicon: Lexicon) -> DecisionKnowledge:
    """What was known of a decision, with its sentences."""
    return _replace(
        found,
        on_record=tuple(_replace(s, because=words.because(s, found.kind, language, lexicon)) for s in found.on_record),
        true_but_later=tuple(later_event(e, language, lexicon) for e in found.true_but_later),
        corrected_since=tuple(later_event(e, language, lexicon) for e in found.corrected_since),
        causes=causes(found.causes, language, lexicon),
        interactions=interactions(found.interactions, found.kind, language, lexicon),
    )
