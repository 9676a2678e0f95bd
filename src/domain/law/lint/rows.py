"""Faults of rows: their effect, their limits, what they name."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from domain.law.edition import (
    Banding,
    Counting,
    Deciding,
    Deduction,
    Edition,
    Ledger,
    Method,
    Ranking,
    Row,
    RowType,
    only,
)
from domain.law.form import Fault, suggestion
from domain.law.lines import Path
from domain.law.lint.common import dangling, twice, unknown_readings
from domain.law.lint.fines import fine_faults
from domain.law.lint.methods import grades_of
from domain.values import YUAN, BadNumber, number_from
from domain.vocabulary import SubjectKind, plain

_AUTHORITY: Final = re.compile(r"^(region:)?(EEB|MSA|PSB|AUD|DIS|CRT)$")


def row_faults(edition: Edition) -> Iterator[Fault]:
    """Faults of the rows, each by itself and beside the others."""
    yield from twice([row.code for row in edition.row], "row", "code")
    rows = {row.code: row for row in edition.row}
    register = {reading.id for reading in edition.reading}
    for index, row in enumerate(edition.row):
        path: Path = ("row", index)
        yield from _value_of(row, path)
        yield from _sign_of(row, edition, path)
        yield from _method_of(row, edition, path)
        yield from _limits_of(row, path)
        yield from _same_as(row, rows, path)
        yield from unknown_readings(row.readings, register, (*path, "readings"))
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
    account = only(Ledger, edition.methods.get(row.kind))
    adds_up = account is not None and account.direction == "up"
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
    if only(Banding, method) is not None and row.type != "grade":
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
    if row.type == "grade" and not set(row.ends_with) <= _ends_of_direct(method, row):
        yield _without_effect((*path, "ends_with"), row)
    if row.validity_months is not None and row.type != "grade" and not _points_lapse(method, row):
        yield _without_effect((*path, "validity_months"), row)
    grades = grades_of(method)
    if row.grade is not None and row.grade not in grades:
        zh, en = suggestion(row.grade, grades)
        yield Fault(
            (*path, "grade"),
            f"评价方法没有等级 {row.grade}（{row.code}）{zh}",
            f"the method has no grade {row.grade} ({row.code}){en}",
        )


def _points_lapse(method: Method, row: Row) -> bool:
    """Whether points of a row can end by themselves after some months: not where they go with a cycle."""
    match method:
        case Ledger():
            return method.cycle_months is None
        case Deduction():
            return row.kind == "agency"
        case Counting() | Banding() | Ranking() | Deciding():
            return False


def _ends_of_direct(method: Method, row: Row) -> set[str]:
    """What may end a direct grade of the row."""
    match method:
        case Banding() | Ranking():
            return set(row.ends_with)
        case Ledger():
            # A list of an account ends with its last day in any case, and may say so.
            return {"until_on"}
        case Deduction() | Counting() | Deciding():
            return set()


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
        case Deduction() | Ledger() | Ranking():
            return frozenset({"grade", "points", "linked", "external"})


def _ungraded(row: Row, kind: SubjectKind, path: Path) -> Iterator[Fault]:
    yield Fault(
        path,
        f"没有规定 {kind} 的评价方法，{row.code} 无从适用",
        f"no method grades a subject of the kind {kind}: {row.code} can never apply",
    )


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
            yield dangling(here, code, rows)
        elif other is row or other.kind != row.kind or row.code not in other.same_as:
            yield Fault(
                here,
                f"{row.code} 与 {code} 须互相指明，且属同一类主体",
                f"{row.code} and {code} must name each other and be of the same kind",
            )


def staff_faults(edition: Edition) -> Iterator[Fault]:
    """Faults of the rule about several employees."""
    rows = {row.code: row for row in edition.row}
    named = None if edition.staff is None else edition.staff.row
    if named is not None:
        row = rows.get(named)
        if row is None:
            yield dangling(("staff", "row"), named, rows)
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
