"""Faults of rows: their effect, their limits, what they name."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from domain.law.edition import Banding, Edition, Ledger, Row, only
from domain.law.form import Fault, suggestion
from domain.law.lines import Path
from domain.law.lint.common import dangling, twice, unknown_readings
from domain.law.lint.fines import fine_faults
from domain.law.lint.methods import grades_of_method
from domain.sentence import sentence
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
                sentence("lint.rows.is_of_type_and_needs", code=row.code, type=row.type, name=name),
            )
        elif row.type != owner and given is not None:
            yield Fault(
                (*path, name),
                sentence("lint.rows.is_of_type_and_takes", code=row.code, type=row.type, name=name),
            )


def _sign_of(row: Row, edition: Edition, path: Path) -> Iterator[Fault]:
    """Deductions are written with their sign; an account that adds points up has positive ones."""
    account = only(Ledger, edition.methods.get(row.kind))
    adds_up = account is not None and account.direction == "up"
    if row.points is not None and (row.points <= 0 if adds_up else row.points >= 0):
        yield Fault(
            (*path, "points"),
            sentence(
                "lint.rows.not_positive" if adds_up else "lint.rows.not_negative",
                code=row.code,
                points=plain(row.points),
            ),
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
            sentence("lint.rows.where_recorded_score_is_graded", code=row.code),
        )
        return
    if row.type not in method.row_types:
        yield Fault(
            (*path, "type"),
            sentence("lint.rows.method_for_kind_takes_no", kind=row.kind, type=row.type, code=row.code),
        )
    if row.type == "grade" and not set(row.ends_with) <= method.direct_ends:
        yield _without_effect((*path, "ends_with"), row)
    if row.validity_months is not None and row.type != "grade" and not method.points_lapse(row.kind):
        yield _without_effect((*path, "validity_months"), row)
    grades = grades_of_method(method)
    if row.grade is not None and row.grade not in grades:
        hint = suggestion(row.grade, grades)
        yield Fault((*path, "grade"), sentence("lint.rows.no_grade", grade=row.grade, code=row.code, hint=hint))


def _without_effect(path: Path, row: Row) -> Fault:
    key = path[-1]
    return Fault(
        path,
        sentence("lint.rows.method_for_kind_makes_no", kind=row.kind, key=key, code=row.code),
    )


def _ungraded(row: Row, kind: SubjectKind, path: Path) -> Iterator[Fault]:
    yield Fault(
        path,
        sentence("lint.rows.no_method_grades_subject", kind=kind, code=row.code),
    )


def _limits_of(row: Row, path: Path) -> Iterator[Fault]:
    if row.kind == "practitioner" and row.services:
        yield Fault(
            (*path, "services"),
            sentence("lint.rows.practitioner_has_no_services_can", code=row.code),
        )
    yield from _ending_of(row, path)
    yield from _fines_of(row, path)
    for index, authority in enumerate(row.authorities):
        if not _AUTHORITY.fullmatch(authority):
            yield Fault(
                (*path, "authorities", index),
                sentence("lint.rows.should_be_organ_such", authority=authority),
            )


def _ending_of(row: Row, path: Path) -> Iterator[Fault]:
    if row.ends_with and row.type != "grade":
        yield Fault(
            (*path, "ends_with"),
            sentence("lint.rows.ends_with_is_for_rows", code=row.code, type=row.type),
        )
    if row.validity_months is not None and row.type == "grade":
        yield Fault(
            (*path, "validity_months"),
            sentence("lint.rows.validity_months_is_for_rows", code=row.code),
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
                sentence("lint.rows.is_for_rows_with_fixed", name=name, code=row.code, type=row.type),
            )
        try:
            number_from(amount, YUAN)
        except BadNumber as bad:
            yield Fault((*path, name), sentence("lint.rows.bad_number", name=name, fault=bad.says))
            return
    low, high = row.fined_at_least or Decimal(0), row.fined_below
    if high is not None and low >= high:
        yield Fault(
            (*path, "fined_below"),
            sentence("lint.rows.bracket_is_empty", low=plain(low), high=plain(high), code=row.code),
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
                sentence("lint.rows.and_must_name_each_other", code=row.code, other=code),
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
                sentence("lint.rows.should_be_points_row", named=named),
            )
    for index, row in enumerate(edition.row):
        if row.year_bound and row.code != named:
            yield Fault(
                ("row", index, "year_bound"),
                sentence("lint.rows.is_bound_to_year_but", code=row.code),
            )
