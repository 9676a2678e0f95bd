"""Whether a well-formed edition holds together: gaps and overlaps, references to nothing, dates out of order.

A rulebook with a fault here would parse and then answer wrongly or not at all; every finding is an error.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, get_args

from domain.law.citations import Articles, unit_of
from domain.law.edition import (
    Band,
    Banding,
    Counting,
    DeadlineRule,
    DeadlineStart,
    Deciding,
    Deduction,
    Edition,
    Ledger,
    Measure,
    Method,
    Ranking,
    Reading,
    Row,
    RowType,
    Transition,
)
from domain.law.form import Fault, suggestion
from domain.law.grounds import needed
from domain.law.lines import Path
from domain.law.lint.fines import fine_faults
from domain.law.parents import with_parent
from domain.law.parse import RulebookProblem, located
from domain.law.procedures import PROCEDURES
from domain.law.quotas import line_faults
from domain.procedures.evaluation import Stage
from domain.values import YUAN, BadNumber, number_from
from domain.vocabulary import SubjectKind, plain

_CITATION: Final = re.compile(
    r"^(art\. [1-9]\d*((\([1-9]\d*\)){1,2}([1-9]\d*)?)?|annex [1-9]\d*|para\. [1-9]\d*(\([1-9]\d*\)){0,2}"
    # A section of a plan; a document by its number, with or without the article.
    r"|(I{1,3}|IV|V)(\([1-9]\d*\)([1-9]\d*)?)?"
    r"|([\u4e00-\u9fff]{2,8}(〔\d{4}〕|\d{4}年第|第)[1-9]\d*号|[\u4e00-\u9fff]{2,30}条例)"
    r"( (art\. [1-9]\d*(\([1-9]\d*\))?|annex [1-9]\d*))?)$",
    re.ASCII,
)
_AUTHORITY: Final = re.compile(r"^(region:)?(EEB|MSA|PSB|AUD|DIS|CRT)$")
_REGION: Final = re.compile(r"^[0-9]{2}([0-9]{2}([0-9]{2})?)?$")
_CITY: Final = re.compile(r"^[0-9]{4}$")

_STEPS: Final[tuple[str, ...]] = get_args(Stage)
_COMMON: Final[frozenset[DeadlineStart]] = frozenset(
    {"roster", "notice", "proposal", "objection", "application", "service", "fact", "reminder"}
)
_STARTS: Final[dict[SubjectKind, frozenset[DeadlineStart]]] = {
    # A practitioner's result is never publicised and a warning suspends points, which only agencies have.
    "agency": _COMMON | {"publicity", "warning", "reminder", "half_year", "change"},
    "practitioner": _COMMON | {"rating", "reminder"},
    "expert": _COMMON,
    "client": _COMMON,
}


def lint(edition: Edition, text: str = "", parent: Edition | None = None) -> tuple[RulebookProblem, ...]:
    """Every way in which the edition does not hold together, in the order of the file; empty when it does.

    ``text`` is the file the edition was parsed from: with it every problem carries its line. ``parent`` is the edition
    that it stands on: what both say must hold together.
    """
    if edition.parent is not None:
        if parent is None or parent.id != edition.parent:
            return located((_orphan(edition.parent),), text)
        if parent.parent is not None or parent.regime == edition.regime:
            return located((_no_parent(parent.id),), text)
        # Its own entries stand first, so that every fault keeps its place.
        edition = with_parent(edition, parent)
    checks = (
        _head, _articles, _methods, _rows, _staff, _register, _procedure, _transitions, _citations, _grounds, _notes,
        _configured,
    )  # fmt: skip
    return located((fault for check in checks for fault in check(edition)), text)


def _orphan(parent: str) -> Fault:
    return Fault(
        ("parent",),
        f"所依据的版本 {parent} 不在案：请先采用或一并提供",
        f"the edition {parent} that it stands on is not on record: adopt or give that one first",
    )


def _no_parent(parent: str) -> Fault:
    return Fault(
        ("parent",),
        f"{parent} 不能作为依据：须是另一评价制度的版本，且自身不再依据其他版本",
        f"{parent} cannot be stood on: it must be of another regime and stand on no other edition itself",
    )


def _head(edition: Edition) -> Iterator[Fault]:
    regime = edition.id.split("@")[0]
    if regime != edition.regime:
        yield Fault(
            ("regime",),
            f"与编号 {edition.id} 不符，应为 {regime}",
            f"does not fit the id {edition.id}: it should be {regime}",
        )
    for index, region in enumerate(edition.regions):
        if not _REGION.fullmatch(region):
            yield Fault(
                ("regions", index),
                f"{region} 不是行政区划代码的前二、四或六位",
                f"{region} is not the first two, four or six digits of a region code",
            )
    begin, end = edition.in_force_on, edition.until_on
    published = edition.published_on
    if published is not None and begin is not None and begin < published:
        yield Fault(
            ("published_on",),
            f"公布日 {published} 晚于施行日 {begin}：公布之前无人知晓",
            f"it was published on {published}, after it is in force on {begin}: nobody could know it before",
        )
    if begin is not None and end is not None and end < begin:
        yield Fault(
            ("until_on",),
            f"终止日 {end} 早于施行日 {begin}",
            f"it ends on {end}, before it is in force on {begin}",
        )
    if end is not None and begin is None:
        yield Fault(("until_on",), "有终止日而没有施行日", "it has an end but no day on which it comes into force")
    if edition.status == "draft" and begin is not None:
        yield Fault(("in_force_on",), "草案没有施行日，由采用决定给出", "a draft is in force by an adoption only")
    if edition.status == "issued" and begin is None:
        yield Fault(
            ("in_force_on",),
            "已发布的版本须有施行日",
            "an issued edition needs the day on which it is in force",
        )


# --- methods ------------------------------------------------------------------------------------------------


def _methods(edition: Edition) -> Iterator[Fault]:
    for kind, method in edition.methods.items():
        path: Path = ("methods", kind)
        yield from _names(method, path)
        match method:
            case Deduction():
                yield from _deduction(method, path)
            case Banding():
                yield from _banding(method, path)
            case Ledger():
                yield from _ledger(method, path)
            case Ranking():
                yield from _ranking(method, path)
            case Deciding():
                yield from _deciding(method, path)
            case Counting():
                yield from _counting(method, path)


def _names(method: Method, path: Path) -> Iterator[Fault]:
    """Names belong to grades that the method can give, in running or by default, or to risk levels."""
    given = _grades(method) | {band.grade for band in getattr(method, "risk", ())}
    given |= {grade for grade in (getattr(method, "otherwise", None),) if grade is not None}
    for grade in method.names:
        if grade not in given:
            yield Fault(
                (*path, "names", grade),
                f"没有等级 {grade}，名称无从适用",
                f"there is no grade {grade} to be called so",
            )


def _deduction(method: Deduction, path: Path) -> Iterator[Fault]:
    if method.initial > method.cap or (method.floor is not None and method.initial < method.floor):
        yield Fault(
            (*path, "initial"),
            "初始分值不在上下限之内",
            "the initial score lies outside of the floor and the cap",
        )
    if method.additions_at_most is not None and method.additions_at_most <= 0:
        yield Fault(
            (*path, "additions_at_most"),
            f"加分上限 {plain(method.additions_at_most)} 应大于 0",
            f"the most that is added, {plain(method.additions_at_most)}, should be more than 0",
        )
    grades = {band.grade for band in method.bands}
    if method.direct_grade not in grades:
        yield Fault(
            (*path, "direct_grade"),
            f"等级 {method.direct_grade} 没有分值区间",
            f"no band has the grade {method.direct_grade}",
        )
    yield from _bands(method.bands, path)


def _banding(method: Banding, path: Path) -> Iterator[Fault]:
    for table, bands, direct in (
        ("bands", method.bands, method.direct_grade),
        ("risk", method.risk, method.direct_risk),
    ):
        if direct is not None and direct not in {band.grade for band in bands}:
            yield Fault(
                (*path, "direct_grade" if table == "bands" else "direct_risk"),
                f"{direct} 没有分值区间",
                f"no band has the name {direct}",
            )
        if bands:
            yield from _bands(bands, path, table)
    yield from _twice([category.name for category in method.categories], "categories", "name")
    if method.cap is not None and method.cap > method.plausible_up_to:
        yield Fault(
            (*path, "plausible_up_to"),
            f"上限 {plain(method.cap)} 分超出可填写的最高分",
            f"the cap of {plain(method.cap)} is higher than any score that can be recorded",
        )


def _ledger(method: Ledger, path: Path) -> Iterator[Fault]:
    low, high = method.floor, method.cap
    if (high is not None and method.initial > high) or (low is not None and method.initial < low):
        yield Fault(
            (*path, "initial"),
            "初始分值不在上下限之内",
            "the initial score lies outside of the floor and the cap",
        )
    for name, grade in (("pioneer_grade", method.pioneer_grade), ("restarts_at", method.restarts_at)):
        if grade is not None:
            yield from _named_by_a_band(grade, method.bands, (*path, name))
    if method.pioneer_years is not None and method.pioneer_grade is None:
        yield _alone((*path, "pioneer_years"), "pioneer_years", "pioneer_grade")
    least, most = method.fact_at_least, method.fact_at_most
    if least is not None and most is not None and least > most:
        yield Fault(
            (*path, "fact_at_least"),
            f"{plain(least)} 大于 {plain(most)}",
            f"{plain(least)} is more than {plain(most)}",
        )
    yield from _cycle(method, path)
    yield from _bands(method.bands, path)


def _cycle(method: Ledger, path: Path) -> Iterator[Fault]:
    """A list is held for a time and starts the cycle anew: of the three keys none stands without the others."""
    parts = {
        "cycle_months": method.cycle_months,
        "restarts_at": method.restarts_at,
        "listing_months": method.listing_months,
    }
    missing = [name for name, value in parts.items() if value is None]
    if missing and len(missing) < len(parts):
        yield Fault(
            (*path, missing[0]),
            f"{'、'.join(parts)} 须一并写明，缺少 {'、'.join(missing)}",
            f"{', '.join(parts)} go together; {', '.join(missing)} is missing",
        )
    elif not missing and method.commitment is not None:
        yield Fault(
            (*path, "commitment"),
            "按周期计分的账户没有承诺加分",
            "an account that is scored by cycles gives nothing for a commitment",
        )
    if method.direction == "up" and method.cycle_months is None:
        yield Fault(
            (*path, "direction"),
            "累加的分值须写明记分周期 cycle_months，否则永不清零",
            "points that are added up need cycle_months, or they never fall away",
        )


def _ranking(method: Ranking, path: Path) -> Iterator[Fault]:
    yield from _distinct(method.grades, (*path, "grades"))
    for name, grade in (("direct_grade", method.direct_grade), ("refused_grade", method.refused_grade)):
        if grade in method.grades:
            yield Fault(
                (*path, name),
                f"{grade} 已在排名等级 grades 之内：不经排名的等级须另有名称",
                f"{grade} is one of the ranked grades: what is given without a rank needs another name",
            )


def _deciding(method: Deciding, path: Path) -> Iterator[Fault]:
    yield from _distinct(method.grades, (*path, "grades"))
    if method.listed_grade == method.otherwise:
        yield Fault(
            (*path, "listed_grade"),
            "列入名单与未列入的等级相同，列入没有效果",
            "the listed and the others have the same grade: being listed has no effect",
        )


def _counting(method: Counting, path: Path) -> Iterator[Fault]:
    if method.grade == method.otherwise:
        yield Fault(
            (*path, "otherwise"),
            "达到次数与未达到的等级相同，计次没有效果",
            "the grade is the same with and without the occurrences: counting has no effect",
        )


def _named_by_a_band(grade: str, bands: Sequence[Band], path: Path) -> Iterator[Fault]:
    grades = [band.grade for band in bands]
    if grade not in grades:
        zh, en = suggestion(grade, grades)
        yield Fault(path, f"{grade} 没有分值区间{zh}", f"no band has the grade {grade}{en}")


def _distinct(grades: Sequence[str], path: Path) -> Iterator[Fault]:
    for index, grade in enumerate(grades):
        if grade in grades[:index]:
            yield Fault((*path, index), f"{grade} 重复", f"{grade} stands there already")


def _alone(path: Path, given: str, *missing: str) -> Fault:
    names = (given, *missing)
    return Fault(
        path,
        f"{'、'.join(names)} 须一并写明，缺少 {'、'.join(missing)}",
        f"{', '.join(names)} go together; {', '.join(missing)} is missing",
    )


def _bands(bands: Sequence[Band], path: Path, table: str = "bands") -> Iterator[Fault]:
    """Every score has exactly one grade, below the floor too: another reading may take the floor away."""
    order = sorted(range(len(bands)), key=lambda i: (bands[i].at_least is not None, bands[i].at_least or 0))
    reached: Decimal | None = None
    closed = False
    for number, index in enumerate(order):
        band, here = bands[index], (*path, table, index)
        low, high = band.at_least, band.below
        if low is not None and high is not None and low >= high:
            yield Fault(
                here,
                f"区间是空的：自 {plain(low)} 分起、{plain(high)} 分以下",
                f"the band is empty: from {plain(low)} and below {plain(high)}",
            )
            continue
        if number == 0:
            if low is not None:
                yield _ungraded_scores(here, f"{plain(low)} 分以下", f"below {plain(low)}")
        elif closed or low is None or (reached is not None and low < reached):
            ends = [end for end in (None if closed else reached, high) if end is not None]
            yield _overlap(here, low, min(ends, default=None), band.grade)
        elif reached is not None and low > reached:
            yield _ungraded_scores(
                here,
                f"自 {plain(reached)} 分至不满 {plain(low)} 分",
                f"from {plain(reached)} and below {plain(low)}",
            )
        if high is None:
            closed = True
        elif reached is None or high > reached:
            reached = high
    if not closed and reached is not None:
        top = plain(reached)
        yield _ungraded_scores((*path, table), f"{top} 分及以上", f"of {top} and more")


def _ungraded_scores(path: Path, zh: str, en: str) -> Fault:
    return Fault(
        path,
        f"{zh}没有等级：须写明等级，不评等级的也须以一个区间写明",
        f"a gap: no grade for scores {en}; they need a grade or a band that declares them to have none",
    )


def _overlap(path: Path, low: Decimal | None, high: Decimal | None, grade: str) -> Fault:
    zh_low, en_low = ("最低分", "the lowest score") if low is None else (f" {plain(low)} 分", plain(low))
    zh_high, en_high = ("", "") if high is None else (f"、{plain(high)} 分以下", f" and below {plain(high)}")
    return Fault(
        path,
        f"自{zh_low}起{zh_high}已另有等级，与 {grade} 重叠",
        f"an overlap: from {en_low}{en_high} another band applies as well as {grade}",
    )


# --- rows ---------------------------------------------------------------------------------------------------


def _rows(edition: Edition) -> Iterator[Fault]:
    yield from _twice([row.code for row in edition.row], "row", "code")
    rows = {row.code: row for row in edition.row}
    register = {reading.id for reading in edition.reading}
    for index, row in enumerate(edition.row):
        path: Path = ("row", index)
        yield from _value_of(row, path)
        yield from _sign_of(row, edition, path)
        yield from _method_of(row, edition, path)
        yield from _limits_of(row, path)
        yield from _same_as(row, rows, path)
        yield from _unknown_readings(row.readings, register, (*path, "readings"))
    yield from fine_faults(edition.row)


def _value_of(row: Row, path: Path) -> Iterator[Fault]:
    for name, given, owner in (("points", row.points, "points"), ("grade", row.grade, "grade")):
        if row.type == owner and given is None:
            yield Fault(
                (*path, name),
                f"{row.code} 的类型为 {row.type}，须有 {name}",
                f"{row.code} is of the type {row.type} and needs {name}",
            )
        elif row.type != owner and given is not None:
            yield Fault(
                (*path, name),
                f"{row.code} 的类型为 {row.type}，不能有 {name}",
                f"{row.code} is of the type {row.type} and takes no {name}",
            )


def _sign_of(row: Row, edition: Edition, path: Path) -> Iterator[Fault]:
    """Deductions are written with their sign; an account that adds points up has positive ones."""
    method = edition.methods.get(row.kind)
    adds_up = isinstance(method, Ledger) and method.direction == "up"
    if row.points is not None and (row.points <= 0 if adds_up else row.points >= 0):
        zh, en = ("正数", "positive") if adds_up else ("负数", "negative")
        yield Fault(
            (*path, "points"),
            f"{row.code} 的分值 {plain(row.points)} 不是{zh}",
            f"the points of {row.code}, {plain(row.points)}, are not {en}",
        )


def _method_of(row: Row, edition: Edition, path: Path) -> Iterator[Fault]:
    for number, kind in enumerate(row.also):
        if kind not in edition.methods:
            yield from _ungraded(row, kind, (*path, "also", number))
    method = edition.methods.get(row.kind)
    if method is None:
        yield from _ungraded(row, row.kind, (*path, "kind"))
        return
    if isinstance(method, Banding) and row.type != "grade":
        yield Fault(
            (*path, "type"),
            f"按分值区间定级时，条目只能直接定级（{row.code}）",
            f"where a recorded score is graded, a row can only rate directly ({row.code})",
        )
        return
    if row.type not in _row_types(method):
        yield Fault(
            (*path, "type"),
            f"{row.kind} 的评价方法不使用 {row.type} 类条目（{row.code}）",
            f"the method for the kind {row.kind} takes no rows of the type {row.type} ({row.code})",
        )
    # A list of an account ends with its last day in any case, and may say so.
    known = ("until_on",) if isinstance(method, Ledger) else ()
    if row.type == "grade" and not isinstance(method, Banding | Ranking) and not set(row.ends_with) <= set(known):
        yield _without_effect((*path, "ends_with"), row)
    if row.validity_months is not None and row.type != "grade" and not _points_lapse(method, row):
        yield _without_effect((*path, "validity_months"), row)
    grades = _grades(method)
    if row.grade is not None and row.grade not in grades:
        zh, en = suggestion(row.grade, grades)
        yield Fault(
            (*path, "grade"),
            f"评价方法没有等级 {row.grade}（{row.code}）{zh}",
            f"the method has no grade {row.grade} ({row.code}){en}",
        )


def _points_lapse(method: Method, row: Row) -> bool:
    """Whether points of a row can end by themselves after some months: not where they go with a cycle."""
    if isinstance(method, Ledger):
        return method.cycle_months is None
    return isinstance(method, Deduction) and row.kind == "agency"


def _without_effect(path: Path, row: Row) -> Fault:
    key = path[-1]
    return Fault(
        path,
        f"{row.kind} 的评价方法不使用 {key}，写了也不起作用（{row.code}）",
        f"the method for the kind {row.kind} makes no use of {key}: it would have no effect ({row.code})",
    )


def _row_types(method: Method) -> frozenset[RowType]:
    """The types of row that can have an effect under a method."""
    match method:
        case Counting():
            return frozenset({"grade", "count"})
        case Deciding():
            return frozenset({"grade", "configured"})
        case Banding():
            return frozenset({"grade"})
        case _:
            return frozenset({"grade", "points", "linked", "external"})


def _ungraded(row: Row, kind: SubjectKind, path: Path) -> Iterator[Fault]:
    yield Fault(
        path,
        f"没有规定 {kind} 的评价方法，{row.code} 无从适用",
        f"no method grades a subject of the kind {kind}: {row.code} can never apply",
    )


def _grades(method: Method) -> set[str]:
    """The grades that a fact can bring about."""
    match method:
        case Counting():
            return {method.grade}
        case Ranking():
            refused = () if method.refused_grade is None else (method.refused_grade,)
            return {*method.grades, method.direct_grade, method.revoked_grade, *refused}
        case Deciding():
            return {*method.grades, method.listed_grade}
        case Banding():
            return {*(band.grade for band in method.bands), method.direct_grade}
        case Ledger():
            return {*(band.grade for band in method.bands), *(found.grade for found in method.direct)}
        case _:
            return {band.grade for band in method.bands}


def _limits_of(row: Row, path: Path) -> Iterator[Fault]:
    if row.kind == "practitioner" and row.services:
        yield Fault(
            (*path, "services"),
            f"从业人员没有服务类别，{row.code} 无从适用",
            f"a practitioner has no services: {row.code} can never apply",
        )
    yield from _ending_of(row, path)
    yield from _fines_of(row, path)
    for index, authority in enumerate(row.authorities):
        if not _AUTHORITY.fullmatch(authority):
            yield Fault(
                (*path, "authorities", index),
                f"{authority} 应为机关代码，如 MSA 或 region:EEB",
                f"{authority} should be an organ such as MSA or region:EEB",
            )


def _ending_of(row: Row, path: Path) -> Iterator[Fault]:
    if row.ends_with and row.type != "grade":
        yield Fault(
            (*path, "ends_with"),
            f"ends_with 只用于直接评定的条目，{row.code} 的类型为 {row.type}",
            f"ends_with is for rows that rate directly; {row.code} is of the type {row.type}",
        )
    if row.validity_months is not None and row.type == "grade":
        yield Fault(
            (*path, "validity_months"),
            f"validity_months 只用于记分的条目，{row.code} 直接评定",
            f"validity_months is for rows with points; {row.code} rates directly",
        )


def _fines_of(row: Row, path: Path) -> Iterator[Fault]:
    """Amounts of fines choose between rows whose points are fixed; the others take theirs from the paper."""
    given = {"fined_at_least": row.fined_at_least, "fined_below": row.fined_below}
    for name, amount in given.items():
        if amount is None:
            continue
        if row.type not in ("points", "configured"):
            yield Fault(
                (*path, name),
                f"{name} 只用于分值固定的条目（points、configured），{row.code} 的类型为 {row.type}",
                f"{name} is for rows with fixed points (points, configured); {row.code} is of the type {row.type}",
            )
        try:
            number_from(amount, YUAN)
        except BadNumber as bad:
            yield Fault((*path, name), f"{name} {bad.text.zh}", f"{name} {bad.text.en}")
            return
    low, high = row.fined_at_least or Decimal(0), row.fined_below
    if high is not None and low >= high:
        yield Fault(
            (*path, "fined_below"),
            f"区间是空的：{plain(low)} 元以上、不满 {plain(high)} 元（{row.code}）",
            f"the bracket is empty: from {plain(low)} and below {plain(high)} yuan ({row.code})",
        )


def _same_as(row: Row, rows: dict[str, Row], path: Path) -> Iterator[Fault]:
    for index, code in enumerate(row.same_as):
        here = (*path, "same_as", index)
        other = rows.get(code)
        if other is None:
            yield _dangling(here, code, rows)
        elif other is row or other.kind != row.kind or row.code not in other.same_as:
            yield Fault(
                here,
                f"{row.code} 与 {code} 须互相指明，且属同一类主体",
                f"{row.code} and {code} must name each other and be of the same kind",
            )


def _staff(edition: Edition) -> Iterator[Fault]:
    rows = {row.code: row for row in edition.row}
    named = None if edition.staff is None else edition.staff.row
    if named is not None:
        row = rows.get(named)
        if row is None:
            yield _dangling(("staff", "row"), named, rows)
        elif row.type != "points" or row.kind != "agency" or not row.year_bound:
            yield Fault(
                ("staff", "row"),
                f"{named} 应为机构的扣分条目，且限于当年（year_bound）",
                f"{named} should be a points row of agencies that is bound to the year (year_bound)",
            )
    for index, row in enumerate(edition.row):
        if row.year_bound and row.code != named:
            yield Fault(
                ("row", index, "year_bound"),
                f"{row.code} 限于当年，但没有 staff 规则使其成立",
                f"{row.code} is bound to the year, but no staff rule brings it about",
            )


# --- steps, deadlines, measures -----------------------------------------------------------------------------


def _procedure(edition: Edition) -> Iterator[Fault]:
    yield from _stages(edition)
    yield from _deadlines(edition)
    yield from _measures(edition)


def _stages(edition: Edition) -> Iterator[Fault]:
    yield from _twice([f"{rule.stage} ({rule.of})" for rule in edition.stage], "stage", "stage")
    ranks = {(rule.of, rule.stage): rule.rank for rule in edition.stage}
    for index, rule in enumerate(edition.stage):
        path: Path = ("stage", index)
        yield from _graded(rule.of, edition, path)
        if rule.stage not in _STEPS:
            zh, en = suggestion(rule.stage, _STEPS)
            yield Fault(
                (*path, "stage"),
                f"没有环节 {rule.stage}，无从记录{zh}",
                f"there is no step {rule.stage}: it can never be recorded{en}",
            )
        for number, need in enumerate(rule.needs):
            here, rank = (*path, "needs", number), ranks.get((rule.of, need))
            if rank is None:
                yield _dangling(here, need, [stage for of, stage in ranks if of == rule.of])
            elif rank >= rule.rank:
                yield Fault(
                    here,
                    f"{need} 不在 {rule.stage} 之前，{rule.stage} 无从进行",
                    f"{need} does not come before {rule.stage}: {rule.stage} can never be taken",
                )


def _deadlines(edition: Edition) -> Iterator[Fault]:
    yield from _twice([f"{rule.kind} ({rule.of})" for rule in edition.deadline], "deadline", "kind")
    register = {reading.id for reading in edition.reading}
    for index, rule in enumerate(edition.deadline):
        path: Path = ("deadline", index)
        yield from _graded(rule.of, edition, path)
        yield from _length_of(rule, path)
        yield from _start_of(rule, path)
        yield from _days_of(rule, path)
        yield from _wait_of(rule, edition, path)
        yield from _unknown_readings(rule.readings, register, (*path, "readings"))


def _graded(of: SubjectKind, edition: Edition, path: Path) -> Iterator[Fault]:
    if of not in edition.methods:
        yield Fault(
            (*path, "of"),
            f"没有规定 {of} 的评价方法，无从适用",
            f"no method grades a subject of the kind {of}: it can never apply",
        )


def _length_of(rule: DeadlineRule, path: Path) -> Iterator[Fault]:
    lengths = {"working_days": rule.working_days, "months": rule.months, "by": rule.by}
    given = [name for name, length in lengths.items() if length is not None]
    if len(given) > 1:
        yield Fault(
            (*path, given[1]),
            f"{rule.kind} 的长度只能写一种，现有 {'、'.join(given)}",
            f"{rule.kind} has more than one length: {', '.join(given)}",
        )
    # The bureau that warns or reminds sets the day itself; nobody sets any other.
    elif not given and rule.starts not in ("warning", "reminder"):
        yield Fault(
            path,
            f"{rule.kind} 没有长度：须写明 {'、'.join(lengths)} 之一",
            f"{rule.kind} has no length: it needs one of {', '.join(lengths)}",
        )


def _start_of(rule: DeadlineRule, path: Path) -> Iterator[Fault]:
    if rule.starts not in _STARTS[rule.of]:
        yield Fault(
            (*path, "starts"),
            f"{rule.of} 的程序中没有 {rule.starts}，{rule.kind} 无从起算",
            f"the procedure of the kind {rule.of} knows no {rule.starts}: {rule.kind} can never start",
        )


def _days_of(rule: DeadlineRule, path: Path) -> Iterator[Fault]:
    for name, day in (("by", rule.by), ("warn_after", rule.warn_after)):
        if day is not None and not _in_every_year(day):
            yield Fault(
                (*path, name),
                f"{day} 不是每年都有的日期",
                f"{day} is no day of every year",
            )
    if rule.by is not None and rule.warn_after is not None and rule.warn_after >= rule.by:
        yield Fault(
            (*path, "warn_after"),
            f"{rule.warn_after} 不早于期限 {rule.by}，提示不会出现",
            f"{rule.warn_after} is not before {rule.by}: the warning would never come",
        )


_WAITS: Final[dict[SubjectKind, DeadlineStart]] = {"agency": "fact", "practitioner": "rating"}
"""From what the time before a repair runs: an agency repairs facts, a practitioner a rating."""


def _wait_of(rule: DeadlineRule, edition: Edition, path: Path) -> Iterator[Fault]:
    """The time before a repair, where it would have no effect: elsewhere repairs wait for nothing."""
    if rule.kind != "repair_wait":
        return
    starts, method = _WAITS.get(rule.of), edition.methods.get(rule.of)
    if starts is None or isinstance(method, Ledger | Ranking | Deciding):
        yield Fault(
            (*path, "kind"),
            f"{rule.of} 的评价方法不使用 repair_wait，写了也不起作用",
            f"the method for the kind {rule.of} makes no use of repair_wait: it would have no effect",
        )
        return
    if rule.starts != starts:
        yield Fault(
            (*path, "starts"),
            f"{rule.of} 的 repair_wait 自 {starts} 起算，不是 {rule.starts}",
            f"repair_wait of the kind {rule.of} runs from {starts}, not from {rule.starts}",
        )
    if rule.months is None:
        yield Fault(
            (*path, "months"),
            "repair_wait 的长度须以 months 写明",
            "repair_wait is so many months long: it needs months",
        )


def _in_every_year(day: str) -> bool:
    """Whether the month and day exist in a year that is no leap year."""
    month, _, of_month = day.partition("-")
    try:
        dt.date(2001, int(month), int(of_month))
    except ValueError:
        return False
    return True


_OF_LISTS: Final = {"listing": "listing", "ban": "ban"}
"""Kinds of measures that follow from a list: beside one that follows from the grade they may have its name."""


def _measures(edition: Edition) -> Iterator[Fault]:
    # Its first citation is the name under which a bureau supplies the legal basis of a measure.
    names = [
        f"{m.cites[0]} ({', '.join(filter(None, (m.of, m.grade, m.risk, _OF_LISTS.get(m.kind))))})"
        for m in edition.measure
    ]
    yield from _twice(names, "measure", "cites")
    for index, measure in enumerate(edition.measure):
        path: Path = ("measure", index)
        for kind in (measure.of, *measure.also):
            yield from _graded(kind, edition, path)
        yield from _grade_of(measure, edition, path)
        yield from _narrowing_of(measure, path)
        yield from _reference_of((measure.of, *measure.also), measure.reference, path)
        yield from _answer_of(measure, edition, path)


def _reference_of(kinds: Sequence[str], reference: Iterable[str], path: Path) -> Iterator[Fault]:
    for kind in reference:
        if kind not in kinds:
            yield Fault(
                (*path, "reference", kind),
                f"不适用于 {kind}，无从参照",
                f"it does not apply to the kind {kind}, by reference or otherwise",
            )


def _narrowing_of(measure: Measure, path: Path) -> Iterator[Fault]:
    if measure.share is not None and not 0 <= measure.share <= 1:
        yield Fault(
            (*path, "share"),
            f"比例 {plain(measure.share)} 不在 0 至 1 之间",
            f"a share of {plain(measure.share)} is not between 0 and 1",
        )


def _grade_of(measure: Measure, edition: Edition, path: Path) -> Iterator[Fault]:
    method = edition.methods.get(measure.of)
    levels = {band.grade for band in method.risk} if isinstance(method, Banding) else set()
    if measure.risk is not None and measure.risk not in levels:
        yield Fault(
            (*path, "risk"),
            f"评价方法没有风险等级 {measure.risk}，措施无从适用",
            f"the method has no risk level {measure.risk}: the measure can never apply",
        )
    if method is not None and measure.grade not in (grades := _grades(method)):
        zh, en = suggestion(measure.grade, grades)
        yield Fault(
            (*path, "grade"),
            f"{measure.of} 的评价方法没有等级 {measure.grade}，措施无从适用{zh}",
            f"the method for the kind {measure.of} has no grade {measure.grade}: the measure can never apply{en}",
        )


def _transitions(edition: Edition) -> Iterator[Fault]:
    for index, clause in enumerate(edition.transition):
        path: Path = ("transition", index)
        regime = clause.from_edition.partition("@")[0]
        if regime != edition.regime or clause.from_edition == edition.id:
            yield Fault(
                (*path, "from_edition"),
                f"{clause.from_edition} 不是 {edition.regime} 的另一版本",
                f"{clause.from_edition} is no other edition of {edition.regime}",
            )
        if clause.rule == "lighter" and clause.what != "acts":
            yield Fault(
                (*path, "rule"),
                "从轻只适用于行为（what = acts）：年度没有轻重可比",
                "only acts can be judged by the lighter edition (what = acts): years cannot be weighed",
            )
        yield from _days_of_clause(clause, edition, path)
        for earlier in edition.transition[:index]:
            yield from _same_days(clause, earlier, path)


def _days_of_clause(clause: Transition, edition: Edition, path: Path) -> Iterator[Fault]:
    first, last, begin = clause.applies_from, clause.applies_until, edition.in_force_on
    if first is not None and last is not None and last < first:
        yield Fault((*path, "applies_until"), f"{last} 早于 {first}", f"{last} is before {first}")
    elif clause.rule != "old" and begin is not None and first is not None and first >= begin:
        yield Fault(
            (*path, "applies_from"),
            f"自 {begin} 起本来就适用本版本，此条没有效果",
            f"this edition applies from {begin} anyway: the clause has no effect",
        )
    elif clause.rule == "old" and begin is not None and last is not None and last < begin:
        yield Fault(
            (*path, "applies_until"),
            f"{begin} 之前本来就适用先前的版本，此条没有效果",
            f"the older edition applies before {begin} anyway: the clause has no effect",
        )


def _same_days(clause: Transition, earlier: Transition, path: Path) -> Iterator[Fault]:
    """Two clauses about the same days would each name a judge."""
    alike = clause.what == earlier.what or "both" in (clause.what, earlier.what)
    first = max(clause.applies_from or dt.date.min, earlier.applies_from or dt.date.min)
    last = min(clause.applies_until or dt.date.max, earlier.applies_until or dt.date.max)
    if alike and clause.from_edition == earlier.from_edition and first <= last:
        yield Fault(
            path,
            "与前面的过渡条款涉及相同的日期",
            "an earlier transition clause is about some of the same days",
        )


def _answer_of(measure: Measure, edition: Edition, path: Path) -> Iterator[Fault]:
    answers = {f"{reading.id}:{value.name}" for reading in edition.reading for value in reading.values}
    if measure.under is not None and measure.under not in answers:
        yield _dangling((*path, "under"), measure.under, answers)


# --- register, citations, notes -----------------------------------------------------------------------------


def _register(edition: Edition) -> Iterator[Fault]:
    yield from _twice([reading.id for reading in edition.reading], "reading", "id")
    for index, reading in enumerate(edition.reading):
        yield from _choices(reading, ("reading", index))


def _choices(reading: Reading, path: Path) -> Iterator[Fault]:
    available = {value.name: value.available for value in reading.values}
    if len(available) < len(reading.values):
        yield Fault((*path, "values"), f"{reading.id} 的取值重名", f"{reading.id} has two values of the same name")
    if reading.default not in available:
        zh, en = suggestion(reading.default, available)
        yield Fault(
            (*path, "default"),
            f"{reading.id} 没有取值 {reading.default}{zh}",
            f"{reading.id} has no value {reading.default}{en}",
        )
    elif not available[reading.default]:
        yield Fault(
            (*path, "default"),
            f"{reading.id} 的默认值 {reading.default} 尚不能适用",
            f"the default {reading.default} of {reading.id} cannot be applied",
        )


def _citations(edition: Edition) -> Iterator[Fault]:
    articles = Articles(edition.article)
    for path, cites in _cited(edition):
        for index, cite in enumerate(cites):
            # A single citation stands alone under its key, without an index.
            here = path if len(cites) == 1 and path[0] in ("erratum", "unencoded") else (*path, index)
            if not _CITATION.fullmatch(cite):
                yield Fault(
                    here,
                    f"“{cite}”不是引证，应如 art. 18(2)3、annex 1、para. 11",
                    f"“{cite}” is no citation: write art. 18(2)3, annex 1 or para. 11",
                )
            elif articles and articles.place(cite) is None:
                yield _not_in_the_text(cite, here, edition)


def _not_in_the_text(cite: str, path: Path, edition: Edition) -> Fault:
    """A citation of something that the list of articles does not have."""
    unit = next((unit for unit in edition.article if unit.cites == unit_of(cite)), None)
    if unit is None:
        return Fault(path, f"条文表 article 中没有 {unit_of(cite)}", f"the list of articles has no {unit_of(cite)}")
    items = "、".join(map(str, unit.items)) or "0"
    return Fault(
        path,
        f"没有 {cite}：{unit.cites} 有 {unit.paragraphs} 款，各款的项数为 {items}",
        f"there is no {cite}: {unit.cites} has {unit.paragraphs} paragraph(s), with {items} item(s) in them",
    )


def _articles(edition: Edition) -> Iterator[Fault]:
    """The list of articles: each unit once, and nothing said of a paragraph or item that it does not have."""
    yield from _twice([unit.cites for unit in edition.article], "article", "cites")
    articles = Articles(edition.article)
    for index, unit in enumerate(edition.article):
        path: Path = ("article", index)
        if len(unit.items) > unit.paragraphs:
            yield Fault(
                (*path, "items"),
                f"{unit.cites} 只有 {unit.paragraphs} 款，items 却写了 {len(unit.items)} 个",
                f"{unit.cites} has {unit.paragraphs} paragraph(s) and items for {len(unit.items)}",
            )
        for name in ("points", "clauses"):
            for within in getattr(unit, name):
                if articles.place(unit.cites + within) is None:
                    yield _dangling((*path, name, within), unit.cites + within, ())
        if unit.printed and len(unit.printed) != sum(unit.items):
            yield Fault(
                (*path, "printed"),
                f"{unit.cites} 有 {sum(unit.items)} 项，printed 须逐项写明",
                f"{unit.cites} has {sum(unit.items)} items: printed gives the number of each",
            )


def _cited(edition: Edition) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for kind, method in edition.methods.items():
        yield ("methods", kind, "cites"), method.cites
        for table in ("bands", "risk"):
            for index, band in enumerate(getattr(method, table, ())):
                yield ("methods", kind, table, index, "cites"), band.cites
        if isinstance(method, Banding) and method.prompts:
            yield ("methods", kind, "prompts"), method.prompts
    for index, row in enumerate(edition.row):
        yield ("row", index, "cites"), row.cites
        for kind, cites in row.reference.items():
            yield ("row", index, "reference", kind), cites
    for index, reading in enumerate(edition.reading):
        yield ("reading", index, "cites"), reading.cites
    for index, stage in enumerate(edition.stage):
        yield ("stage", index, "cites"), stage.cites
    for index, rule in enumerate(edition.deadline):
        yield ("deadline", index, "cites"), rule.cites
    for index, measure in enumerate(edition.measure):
        yield ("measure", index, "cites"), measure.cites
        for kind, cites in measure.reference.items():
            yield ("measure", index, "reference", kind), cites
    for what, cites in edition.grounds.items():
        yield ("grounds", what), cites
    for kind, grounds in edition.grounds_of.items():
        for what, cites in grounds.items():
            yield ("grounds_of", kind, what), cites
    for index, clause in enumerate(edition.transition):
        yield ("transition", index, "cites"), clause.cites
    for index, erratum in enumerate(edition.erratum):
        yield ("erratum", index, "cites"), (erratum.cites,)
    for index, unencoded in enumerate(edition.unencoded):
        yield ("unencoded", index, "cites"), (unencoded.cites,)
    for index, excluded in enumerate(edition.excluded):
        yield ("excluded", index, "cites"), excluded.cites


def _notes(edition: Edition) -> Iterator[Fault]:
    register = {reading.id for reading in edition.reading}
    for index, erratum in enumerate(edition.erratum):
        yield from _unknown_readings(erratum.readings, register, ("erratum", index, "readings"))
    yield from _twice([unencoded.cites for unencoded in edition.unencoded], "unencoded", "cites")
    yield from _twice([excluded.command for excluded in edition.excluded], "excluded", "command")
    admitted = edition.admits or ()
    excluded_ones = {excluded.command for excluded in edition.excluded}
    for index, command in enumerate(admitted):
        if command not in PROCEDURES:
            zh, en = suggestion(command, PROCEDURES)
            yield Fault(("admits", index), f"没有程序 {command}{zh}", f"there is no procedure {command}{en}")
        elif command in excluded_ones:
            yield Fault(
                ("admits", index),
                f"{command} 同时列为不适用的程序",
                f"{command} is excluded by the same edition",
            )


def _configured(edition: Edition) -> Iterator[Fault]:
    for kind, points in (edition.configured.enhancement_points or {}).items():
        if points < 0:
            yield Fault(
                ("configured", "enhancement_points", kind),
                f"增信分值 {plain(points)} 是负数",
                f"enhancing information cannot have {plain(points)} points",
            )
    ledgers = {kind for kind, method in edition.methods.items() if isinstance(method, Ledger)}
    rows = {row.code for row in edition.row if row.kind in ledgers}
    for breach, months in (edition.configured.validity_months or {}).items():
        here = ("configured", "validity_months", breach)
        if breach not in ("general", "serious") and breach not in rows:
            yield Fault(here, f"没有类别 {breach}", f"no class {breach}: it is general or serious")
        if months < 1:
            yield Fault(
                here,
                f"有效期 {months} 个月不足一个月",
                f"a validity of {months} months is less than one month",
            )
    yield from _quotas(edition)
    weight = edition.configured.risk_weight
    if weight is not None and not 0 <= weight <= 1:
        yield Fault(
            ("configured", "risk_weight"),
            f"权重 {plain(weight)} 不在 0 至 1 之内",
            f"a weight of {plain(weight)} is not between 0 and 1",
        )
    yield from _table_of_points(edition)
    yield from _legal_basis(edition)
    yield from _not_warnable(edition)
    for method in edition.methods.values():
        if isinstance(method, Ranking):
            for key, text in line_faults(method, edition.configured):
                yield Fault(("configured", *key.split("/")), text.zh, text.en)


def _quotas(edition: Edition) -> Iterator[Fault]:
    """The shares of a cohort: one for every ranked grade, together the whole."""
    quotas = edition.configured.quotas
    if quotas is None:
        return
    here: Path = ("configured", "quotas")
    ranked = [g for m in edition.methods.values() if isinstance(m, Ranking) for g in m.grades]
    if not ranked:
        yield Fault(here, "没有按排名评定的方法，名额无从适用", "no method ranks: the quotas can never apply")
        return
    for grade, share in quotas.items():
        if grade not in ranked:
            yield _dangling((*here, grade), grade, ranked)
        elif not 0 <= share <= 1:
            yield Fault(
                (*here, grade),
                f"名额 {plain(share)} 不在 0 至 1 之间",
                f"a share of {plain(share)} is not between 0 and 1",
            )
    for grade in (g for g in ranked if g not in quotas):
        yield Fault(here, f"缺少 {grade} 的名额", f"the share of {grade} is missing")
    total = sum(quotas.values(), Decimal(0))
    if total != 1:
        yield Fault(here, f"名额合计为 {plain(total)}，应为 1", f"the shares add up to {plain(total)}, not to 1")


def _table_of_points(edition: Edition) -> Iterator[Fault]:
    rows = {row.code for row in edition.row}
    for code, points in (edition.configured.points or {}).items():
        here = ("configured", "points", code)
        if code not in rows:
            yield _dangling(here, code, rows)
        if not points.is_finite() or points < 0:
            yield Fault(here, f"记分 {points} 不是非负数", f"{points} is not a number of points")
    months, threshold = edition.configured.cycle_months, edition.configured.threshold
    if months is not None and months < 1:
        yield Fault(("configured", "cycle_months"), "周期不足一个月", "a cycle has at least one month")
    if threshold is not None and not threshold > 0:
        yield Fault(("configured", "threshold"), "上限须大于 0", "a threshold is more than 0")


def _legal_basis(edition: Edition) -> Iterator[Fault]:
    measures = {measure.cites[0] for measure in edition.measure}
    for cite, provision in (edition.configured.legal_basis or {}).items():
        here = ("configured", "legal_basis", cite)
        if cite not in measures:
            zh, en = suggestion(cite, measures)
            yield Fault(
                here,
                f"没有以 {cite} 为首个引证的措施{zh}",
                f"no measure has {cite} as its first citation{en}",
            )
        if not provision.strip():
            yield Fault(here, "内容为空：须写明所依据的规定", "the text is empty: name the provision")


def _not_warnable(edition: Edition) -> Iterator[Fault]:
    rows = {row.code for row in edition.row}
    for city, codes in (edition.configured.not_warnable or {}).items():
        here: Path = ("configured", "not_warnable", city)
        if not _CITY.fullmatch(city):
            yield Fault(
                here,
                f"{city} 不是盟市行政区划代码的前四位",
                f"{city} is not the first four digits of a city's code",
            )
        for index, code in enumerate(codes):
            if code not in rows:
                yield _dangling((*here, index), code, rows)


def _grounds(edition: Edition) -> Iterator[Fault]:
    """Whether the edition states the grounds of everything that it can refuse or tell."""
    stated = {*edition.grounds, *(what for grounds in edition.grounds_of.values() for what in grounds)}
    # An edition without the list of procedures is of the time before grounds were asked for.
    for what in dict.fromkeys(needed(edition) if edition.admits is not None else ()):
        if what not in stated:
            yield Fault(
                ("grounds", what),
                f"grounds 未写明 {what} 所依据的条款",
                f"grounds does not state the articles of {what}",
            )


def _unknown_readings(named: tuple[str, ...], register: Iterable[str], path: Path) -> Iterator[Fault]:
    for index, reading in enumerate(named):
        if reading not in register:
            yield _dangling((*path, index), reading, register)


def _dangling(path: Path, name: str, known: Iterable[str]) -> Fault:
    zh, en = suggestion(name, known)
    return Fault(path, f"没有 {name}{zh}", f"there is no {name}{en}")


def _twice(names: Sequence[str], table: str, key: str) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in seen:
            first = seen[name]
            yield Fault(
                (table, index, key),
                f"{name} 已用于 {table}[{first}]",
                f"{name} stands at {table}[{first}] already",
            )
        seen.setdefault(name, index)
