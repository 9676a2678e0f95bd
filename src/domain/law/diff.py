"""What differs between two editions, part by part: rows, bands, deadlines, readings, dates and the rest."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec

from domain.law.edition import Edition
from domain.vocabulary import Text, plain


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: ``part`` says of what (``row``, ``reading``, ``method`` …) and ``key`` which of them.

    ``field`` is what changed within it; a part that was added or removed whole has none. ``before`` and ``after`` are
    the values as they are written in a file; ``zh`` and ``en`` say the same in a sentence.
    """

    part: str
    key: str
    change: Literal["added", "removed", "changed"]
    field: str | None = None
    before: Any = None
    after: Any = None
    zh: str
    en: str


_PARTS: Final[dict[str, Text]] = {
    "edition": Text("版本", "the edition"),
    "article": Text("条文", "article"),
    "method": Text("评价方法", "method"),
    "band": Text("分值区间", "band"),
    "staff": Text("人员规则", "staff rule"),
    "row": Text("条目", "row"),
    "reading": Text("解释项", "reading"),
    "answer": Text("解释项取值", "answer to a reading"),
    "stage": Text("环节", "step"),
    "deadline": Text("期限", "deadline"),
    "measure": Text("措施", "measure"),
    "transition": Text("过渡条款", "transition clause"),
    "erratum": Text("文字错误", "erratum"),
    "unencoded": Text("未编入", "article left out"),
    "excluded": Text("不适用的命令", "command that the regime does not know"),
    "configured": Text("管理部门设定的表", "table of the bureau"),
}
_FIELDS: Final[dict[str, str]] = {
    "title": "标题", "status": "状态", "regions": "适用地区", "published_on": "公布日", "in_force_on": "施行日",
    "until_on": "终止日", "parent": "所依据的版本",
    "admits": "采用的程序", "name": "名称",
    "initial": "初始分值", "floor": "下限", "cap": "上限",
    "direct_grade": "直接评定的等级", "cites": "条款", "grade": "等级", "colour": "颜色", "at_least": "起点（含）",
    "below": "终点（不含）", "count": "次数", "otherwise": "其余的等级", "points": "分值", "type": "类型",
    "words": "内容", "counts_from": "起算", "services": "业务类别", "authorities": "机关", "same_as": "同一行为的条目",
    "year_bound": "限于当年", "in_articles": "见于正文", "annex_row": "附件表中的行",
    "validity_months": "有效月数", "fined_at_least": "罚款起点（含）", "fined_below": "罚款终点（不含）",
    "ends_with": "终止的条件",
    "needs_reminder": "须先书面提醒", "extra": "无自身效果", "readings": "所依据的解释项", "issue": "问题",
    "default": "默认取值", "available": "可否适用", "running": "影响动态轨道", "rank": "次序", "computes": "得出结果",
    "needs": "须先有的环节", "again": "可重复", "reopens": "重新开启", "starts": "起算事由", "actor": "由谁办理",
    "working_days": "工作日数", "months": "月数", "by": "截止月日", "rolls": "顺延", "unsaid": "条文未定期限",
    "organs": "机关名称", "names": "等级名称", "extendable": "可延长",
    "warn_after": "提示月日", "risk": "风险等级", "kind": "类别", "share": "比例", "legal_basis": "法律依据",
    "what": "对象", "rule": "规则", "applies_from": "自何日", "applies_until": "至何日", "from_edition": "先前的版本",
    "row": "条目", "persons": "人数", "reason": "理由", "enhancement_points": "增信分值", "label": "公开等级名称",
    "quotas": "名额比例", "score_lines": "各级最低分", "periods": "期限工作日数", "cycle_months": "周期月数",
    "threshold": "上限分值", "not_warnable": "不予预警的条目", "revoked_grade": "撤销后的等级", "grounds": "依据条款",
    "paragraphs": "款数", "items": "项数", "clauses": "未编号的部分", "printed": "原文编号",
    "grades": "等级次序", "listed_grade": "列入名单的等级", "refused_grade": "不予评定的等级",
}  # fmt: skip
"""What the keys of a file are called in Chinese; a key that is not here goes by itself."""

_HEAD: Final = ("title", "status", "regions", "published_on", "in_force_on", "until_on", "parent", "admits")


def differences(one: Edition, other: Edition) -> tuple[Change, ...]:
    """What was added, removed and changed from ``one`` to ``other``, in the order of the sections of a file."""
    return tuple(_differences(one, other))


def _differences(one: Edition, other: Edition) -> Iterator[Change]:
    heads = ({name: getattr(e, name) for name in _HEAD} for e in (one, other))
    yield from _fields("edition", other.regime, *heads)
    yield from _listed("article", one.article, other.article, lambda unit: unit.cites)
    yield from _methods(one, other)
    yield from _tables("staff", _alone(one.staff), _alone(other.staff))
    yield from _listed("row", one.row, other.row, lambda row: row.code)
    yield from _readings(one, other)
    yield from _listed("stage", one.stage, other.stage, lambda rule: f"{rule.stage} ({rule.of})")
    yield from _listed("deadline", one.deadline, other.deadline, lambda rule: f"{rule.kind} ({rule.of})")
    yield from _listed("measure", one.measure, other.measure, _measure_name)
    yield from _listed(
        "transition", one.transition, other.transition, lambda clause: f"{clause.from_edition} ({clause.what})"
    )
    yield from _listed("erratum", one.erratum, other.erratum, lambda note: note.cites)
    yield from _listed("unencoded", one.unencoded, other.unencoded, lambda note: note.cites)
    yield from _listed("excluded", one.excluded, other.excluded, lambda part: part.command)
    yield from _fields(
        "configured", other.regime, msgspec.structs.asdict(one.configured), msgspec.structs.asdict(other.configured)
    )


def _measure_name(measure: Any) -> str:
    risk = "" if measure.risk is None else f", {measure.risk}"
    return f"{measure.cites[0]} ({measure.of}, {measure.grade}{risk})"


def _methods(one: Edition, other: Edition) -> Iterator[Change]:
    """Methods by the kind of subject, their bands by the grade: another way to grade is another method."""
    for kind in dict.fromkeys((*one.methods, *other.methods)):
        before, after = one.methods.get(kind), other.methods.get(kind)
        if type(before) is not type(after) or before is None or after is None:
            sides = ({} if m is None else {f"{kind}, {m.__struct_config__.tag}": m} for m in (before, after))
            yield from _tables("method", *sides)
            continue
        plain_of = [
            {n: v for n, v in msgspec.structs.asdict(m).items() if n not in ("bands", "risk")} for m in (before, after)
        ]
        yield from _fields("method", kind, *plain_of)
        for table in ("bands", "risk"):
            bands = [
                {f"{band.grade} ({kind})": band for band in getattr(m, table, None) or ()} for m in (before, after)
            ]
            yield from _tables("band", *bands)


def _readings(one: Edition, other: Edition) -> Iterator[Change]:
    readings = [{r.id: r for r in e.reading} for e in (one, other)]
    bare = [{id: msgspec.structs.replace(r, values=()) for id, r in side.items()} for side in readings]
    yield from _tables("reading", *bare)
    for id in readings[0]:
        if id in readings[1]:
            answers = [{f"{id}:{v.name}": v for v in side[id].values} for side in readings]
            yield from _tables("answer", *answers)


def _alone(part: Any) -> dict[str, Any]:
    return {} if part is None else {part.row: part}


def _listed(part: str, one: Sequence[Any], other: Sequence[Any], name: Callable[[Any], str]) -> Iterator[Change]:
    yield from _tables(part, _named(one, name), _named(other, name))


def _named(parts: Sequence[Any], name: Callable[[Any], str]) -> dict[str, Any]:
    """The parts by their names; the second of a name gets a number, so that none is lost."""
    found: dict[str, Any] = {}
    for part in parts:
        key, number = name(part), 2
        while key in found:
            key, number = f"{name(part)} #{number}", number + 1
        found[key] = part
    return found


def _tables(part: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys((*one, *other)):
        before, after = one.get(key), other.get(key)
        if before is None or after is None:
            yield _whole(part, key, before, after)
        elif before != after:
            yield from _fields(part, key, msgspec.structs.asdict(before), msgspec.structs.asdict(after))


def _whole(part: str, key: str, before: Any, after: Any) -> Change:
    added = before is None
    told = _said_of(after if added else before)
    zh = f"{'新增' if added else '删去'}{_PARTS[part].zh} {key}" + (f"：{told.zh}" if told.zh else "")
    en = f"{_PARTS[part].en} {key} {'added' if added else 'removed'}" + (f": {told.en}" if told.en else "")
    return Change(
        part=part,
        key=key,
        change="added" if added else "removed",
        before=_written(before),
        after=_written(after),
        zh=zh,
        en=en,
    )


def _fields(part: str, key: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*one, *other)):
        before, after = one.get(name), other.get(name)
        if before == after:
            continue
        of = f"{_PARTS[part].zh} {key} 的{_FIELDS.get(name, name)}"
        yield Change(
            part=part,
            key=key,
            change="changed",
            field=name,
            before=_written(before),
            after=_written(after),
            zh=f"{of}由“{_shown(before, 'zh')}”改为“{_shown(after, 'zh')}”",
            en=f"{name} of {_PARTS[part].en} {key}: from “{_shown(before, 'en')}” to “{_shown(after, 'en')}”",
        )


def _said_of(part: Any) -> Text:
    """What a part says of itself, with its figure where it has one."""
    words = getattr(part, "words", None) or getattr(part, "issue", None) or getattr(part, "reason", None)
    # The points of an article are its numbered parts, no figure.
    points = getattr(part, "points", None)
    figure = plain(points) if isinstance(points, Decimal) else getattr(part, "grade", None)
    found = Text("", "") if words is None else Text(words.zh, words.en)
    return found if figure is None or words is None else Text(f"{found.zh}（{figure}）", f"{found.en} ({figure})")


def _written(value: Any) -> Any:
    return None if value is None else msgspec.to_builtins(value, str_keys=True)


def _shown(value: Any, language: Literal["zh", "en"]) -> str:
    """A value as people read it."""
    match value:
        case None:
            return "无" if language == "zh" else "none"
        case bool():
            return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
        case Decimal():
            return plain(value)
        case dt.date():
            return value.isoformat()
        case dict():
            return _joined([f"{k} = {_shown(v, language)}" for k, v in value.items()], language)
        case tuple() | list():
            return _joined([_shown(v, language) for v in value], language)
        case msgspec.Struct():
            if hasattr(value, "zh"):
                return str(getattr(value, language))
            return _shown(msgspec.structs.asdict(value), language)
        case _:
            return str(value)


def _joined(parts: Sequence[str], language: Literal["zh", "en"]) -> str:
    if not parts:
        return "无" if language == "zh" else "none"
    return ("、" if language == "zh" else ", ").join(parts)
