"""Words for rehearsals: what of a law is different, how a rehearsal stands, who moves where and by what.

Chinese and English, like ``interfaces.wording.words``; nothing here decides anything.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import msgspec

from application.law.legislation import Legislation
from application.rehearsal.rehearsal import (
    DecisionChange,
    Graded,
    Move,
    Provision,
    ProvisionKind,
    ProvisionTotal,
    Reason,
    RehearsalState,
    RehearsalSummary,
    Rehearsed,
    SubjectChange,
)
from application.rehearsal.rehearsals import NO_GRADE
from domain.events.lawbook import RulebookAdopted
from domain.law.edition import Edition
from domain.law.parse import parse_edition
from domain.vocabulary import Text
from interfaces.wording import causes, words
from interfaces.wording.texts import Language, said
from interfaces.wording.words import Lexicon

_replace = msgspec.structs.replace

KINDS: Final[Mapping[ProvisionKind, Text]] = {
    "row": Text("条目", "row"),
    "method": Text("计算方法", "method"),
    "reading": Text("解释", "reading"),
    "staff": Text("从业人员计入机构的规则", "staff rule"),
    "transition": Text("过渡条款", "transition clause"),
    "table": Text("主管部门设定的数值", "table of the bureau"),
    "edition": Text("整个版本（适用日期、程序）", "the edition as a whole (its days, its procedure)"),
}
"""What of a law is different."""

STATES: Final[Mapping[RehearsalState, Text]] = {
    "waiting": Text("等候", "waiting"),
    "running": Text("进行中", "running"),
    "done": Text("完成", "done"),
    "cancelled": Text("已取消", "cancelled"),
    "failed": Text("未能完成", "failed"),
}
"""How a rehearsal stands."""

DECISIONS: Final[Mapping[str, Text]] = {
    "stage": Text("评价环节", "step of an evaluation"),
    "repair": Text("修复确认", "confirmation of a repair"),
    "adjustment": Text("公开等级调整", "adjustment of the public grade"),
}
"""What a published result was given by."""

_NO_GRADE: Final = Text("无等级", "no grade")


def lexicon_of(rehearsed: Rehearsed, legislation: Legislation) -> Lexicon:
    """The words of all editions of the regime on record, and of the draft before them."""
    adopted = [r.event for r in legislation.refresh() if isinstance(r.event, RulebookAdopted)]
    texts = [e.text for e in adopted if e.regime == rehearsed.regime]
    return Lexicon(_edition(text) for text in (*texts, *([] if rehearsed.text is None else [rehearsed.text])))


@lru_cache(maxsize=32)
def _edition(text: str) -> Edition:
    return parse_edition(text, "")


def provision(found: Provision, language: Language, lexicon: Lexicon) -> str:
    """What is different, in words, with its articles."""
    parts = [said(KINDS[found.kind], language)]
    match found.kind:
        case "row":
            parts += [found.name, lexicon.row(found.name, language)]
        case "reading":
            parts += [found.name, lexicon.issue(found.name, language) or ""]
        case "method":
            parts.append(words.kind(found.name, language))
        case _:
            parts.append(found.name)
    text = " ".join(part for part in parts if part)
    if not found.cites:
        return text
    cited = lexicon.cites(found.cites, language)
    return f"{text}（{cited}）" if language == "zh" else f"{text} ({cited})"


def graded(found: Graded, kind: str, language: Language, lexicon: Lexicon) -> str:
    """Score and grade, or the reason why there is none."""
    if found.grade is None and found.undetermined is not None:
        return words.undetermined(found.undetermined, language)
    if found.grade is None and found.score is None:
        return said(_NO_GRADE, language)
    return words.result_words(found.score, found.grade, kind, language, lexicon, found.risk).strip()


def result(label: str, kind: str, language: Language, lexicon: Lexicon) -> str:
    """One side of the matrix: a grade, or the reason why there is none."""
    if label == NO_GRADE:
        return said(_NO_GRADE, language)
    text = words.undetermined(label, language)
    return text if text != label else lexicon.grade(label, kind, language)


def move(found: Move, language: Language, lexicon: Lexicon) -> str:
    """How many go from where to where, in one line."""
    now, then = (result(label, found.kind, language, lexicon) for label in (found.now, found.then))
    between = (
        f"{now} → {then}" if found.now != found.then else now + ("（不变）" if language == "zh" else " (the same)")
    )
    return f"{words.kind(found.kind, language)} {between}: {found.number}"


def reason(found: Reason, kind: str, language: Language, lexicon: Lexicon) -> str:
    """What one provision brings about for a subject."""
    zh = language == "zh"
    parts = [provision(found.provision, language, lexicon)]
    if found.share is not None:
        share = causes.signed(found.share)
        parts.append(f"{share} 分" if zh else f"{share} points")
    alone = graded(found.alone, kind, language, lexicon)
    parts.append(f"单独适用时：{alone}" if zh else f"by itself: {alone}")
    return ("，" if zh else ", ").join(parts) + ("。" if zh else "")


def total(found: ProvisionTotal, language: Language, lexicon: Lexicon) -> str:
    """What one provision brings about over everybody."""
    what = provision(found.provision, language, lexicon)
    if language == "zh":
        together = f"，其中 {found.only_together} 个仅与其他变动共同起作用" if found.only_together else ""
        return (
            f"{what}：涉及 {found.subjects} 个主体，单独即改变 {found.moves_alone} 个的等级，"
            f"合计 {causes.signed(found.share)} 分{together}。"
        )
    together = f"; in {found.only_together} of them only together with others" if found.only_together else ""
    return (
        f"{what}: plays a part in {found.subjects} subjects, moves the grade of {found.moves_alone} by itself,"
        f" {causes.signed(found.share)} points in all{together}."
    )


def change(found: SubjectChange, language: Language, lexicon: Lexicon) -> SubjectChange:
    """A subject's change with its sentences."""
    return _replace(
        found,
        reasons=tuple(_replace(r, because=reason(r, found.kind, language, lexicon)) for r in found.reasons),
        interactions=causes.interactions(found.interactions, found.kind, language, lexicon),
    )


def summary(found: RehearsalSummary, language: Language, lexicon: Lexicon) -> RehearsalSummary:
    """The whole in short, with its sentences."""
    return _replace(found, provisions=tuple(_replace(p, because=total(p, language, lexicon)) for p in found.provisions))


def in_short(found: RehearsalSummary, language: Language) -> str:
    """The whole in one sentence; that nothing changes is said plainly."""
    zh = language == "zh"
    if not (found.moved or found.rescored or found.changed_decisions):
        return (
            f"零变动：{found.subjects} 个主体、{found.decisions} 份已公布结果全部相同。"
            if zh
            else f"Zero changes: all {found.subjects} subjects and {found.decisions} published results stay the same."
        )
    if zh:
        return (
            f"{found.subjects} 个主体中，{found.moved} 个的等级有变动，{found.rescored} 个只有分数变动；"
            f"{found.decisions} 份已公布结果中，{found.changed_decisions} 份会不同。"
        )
    return (
        f"Of {found.subjects} subjects {found.moved} have another grade and {found.rescored} another score alone;"
        f" of {found.decisions} published results {found.changed_decisions} would differ."
    )


def decision(found: DecisionChange, language: Language) -> str:
    """What gave a published result: the step and its year."""
    parts = [decision_kind(found.decision, language)]
    if found.stage is not None:
        parts.append(words.stage(found.stage, language))
    if found.year is not None:
        parts.append(f"{found.year} 年度" if language == "zh" else f"year {found.year}")
    return " ".join(parts)


def decision_kind(code: str, language: Language) -> str:
    """What carries a published result."""
    return said(DECISIONS[code], language)
