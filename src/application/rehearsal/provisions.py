"""An edition taken apart into its provisions, as far as they bear on grades, and put together from those of two.

Measures move no grade, nor do the words and citations of a row: two editions that differ in them alone have the same
provisions.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, Final

import msgspec

from application.rehearsal.rehearsal import Provision, ProvisionKind
from domain.law.edition import Configured, Edition, Row, Transition

_BEARING: Final = tuple(f for f in Row.__struct_fields__ if f not in ("words", "cites"))
"""What of a row bears on grades."""


def differing(one: Edition, other: Edition) -> tuple[Provision, ...]:
    """What the two say otherwise, in order; its citations are those of ``other`` where it has any.

    ``edition`` stands for whatever else may bear on a grade: where the edition applies, the steps and periods of its
    procedure.
    """
    return tuple(sorted(_differing(one, other)))


def _differing(one: Edition, other: Edition) -> Iterator[Provision]:
    before, after = _rows(one), _rows(other)
    for code in {*before, *after}:
        if _bearing(before.get(code)) != _bearing(after.get(code)):
            yield _provision("row", code, after.get(code) or before.get(code))
    for kind in {*one.methods, *other.methods}:
        mine, theirs = one.methods.get(kind), other.methods.get(kind)
        if mine != theirs:
            yield _provision("method", kind, theirs or mine)
    answers = one.default_readings(), other.default_readings()
    registers = [{r.id: r for r in e.reading} for e in (one, other)]
    for id in {*answers[0], *answers[1]}:
        if answers[0].get(id) != answers[1].get(id):
            yield _provision("reading", id, registers[1].get(id) or registers[0].get(id))
    if one.staff != other.staff:
        rule = other.staff or one.staff
        row = None if rule is None else after.get(rule.row) or before.get(rule.row)
        yield _provision("staff", "" if rule is None else rule.row, row)
    clauses = _clauses(one), _clauses(other)
    for name in {*clauses[0], *clauses[1]}:
        if clauses[0].get(name) != clauses[1].get(name):
            yield _provision("transition", name, (clauses[1].get(name) or clauses[0][name])[0])
    for table in Configured.__struct_fields__:
        if getattr(one.configured, table) != getattr(other.configured, table):
            yield _provision("table", table, None)
    if (one.regions, one.stage, one.deadline) != (other.regions, other.stage, other.deadline):
        yield Provision(kind="edition", name=other.id)


def _provision(kind: ProvisionKind, name: str, part: Any) -> Provision:
    return Provision(kind=kind, name=name, cites=getattr(part, "cites", ()))


def _rows(edition: Edition) -> dict[str, Row]:
    return {row.code: row for row in edition.row}


def _bearing(row: Row | None) -> tuple[object, ...] | None:
    return None if row is None else tuple(getattr(row, field) for field in _BEARING)


def _clauses(edition: Edition) -> dict[str, tuple[Transition, ...]]:
    found: dict[str, tuple[Transition, ...]] = {}
    for clause in edition.transition:
        name = f"{clause.from_edition} ({clause.what})"
        found[name] = (*found.get(name, ()), clause)
    return found


def taken(one: Edition, other: Edition, chosen: Set[Provision]) -> Edition:
    """``one`` with the chosen provisions as ``other`` has them."""
    names: dict[ProvisionKind, set[str]] = {}
    for provision in chosen:
        names.setdefault(provision.kind, set()).add(provision.name)
    registers = [{r.id: r for r in e.reading} for e in (one, other)]
    clauses = _chosen(_clauses(one), _clauses(other), names.get("transition", ()))
    rest = other if "edition" in names else one
    return msgspec.structs.replace(
        one,
        row=tuple(_chosen(_rows(one), _rows(other), names.get("row", ())).values()),
        methods=_chosen(one.methods, other.methods, names.get("method", ())),
        reading=tuple(_chosen(registers[0], registers[1], names.get("reading", ())).values()),
        staff=other.staff if "staff" in names else one.staff,
        transition=tuple(clause for of in clauses.values() for clause in of),
        configured=msgspec.structs.replace(
            one.configured, **{table: getattr(other.configured, table) for table in names.get("table", ())}
        ),
        regions=rest.regions,
        stage=rest.stage,
        deadline=rest.deadline,
    )


def _chosen(one: Mapping[Any, Any], other: Mapping[Any, Any], names: Set[str] | Sequence[str]) -> dict[Any, Any]:
    """The parts of ``one``, those named as ``other`` has them, if it has them."""
    found = {name: part for name, part in one.items() if name not in names}
    return {**found, **{name: part for name, part in other.items() if name in names}}
