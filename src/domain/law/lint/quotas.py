"""Faults of the tables that a bureau supplies."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from domain.law.edition import Edition, Ledger, Ranking, only
from domain.law.form import Fault, suggestion
from domain.law.lines import Path
from domain.law.lint.common import dangling
from domain.law.quotas import line_faults
from domain.sentence import sentence
from domain.vocabulary import plain

_CITY: Final = re.compile(r"^[0-9]{4}$")


def configured_faults(edition: Edition) -> Iterator[Fault]:
    """Faults of the tables that the bureau supplies."""
    for kind, points in (edition.configured.enhancement_points or {}).items():
        if points < 0:
            yield Fault(
                ("configured", "enhancement_points", kind),
                sentence("lint.quotas.no_points_for_enhancing", points=plain(points)),
            )
    ledgers = {kind for kind, method in edition.methods.items() if only(Ledger, method)}
    rows = {row.code for row in edition.row if row.kind in ledgers}
    for breach, months in (edition.configured.validity_months or {}).items():
        here = ("configured", "validity_months", breach)
        if breach not in ("general", "serious") and breach not in rows:
            yield Fault(here, sentence("lint.quotas.no_class_it_is_general", breach=breach))
        if months < 1:
            yield Fault(
                here,
                sentence("lint.quotas.validity_of_months_is_less", months=months),
            )
    yield from _quotas(edition)
    weight = edition.configured.risk_weight
    if weight is not None and not 0 <= weight <= 1:
        yield Fault(
            ("configured", "risk_weight"),
            sentence("lint.quotas.weight_of_is_not_between", weight=plain(weight)),
        )
    yield from _table_of_points(edition)
    yield from _legal_basis(edition)
    yield from _not_warnable(edition)
    for method in edition.methods.values():
        ranking = only(Ranking, method)
        if ranking is not None:
            for key, says in line_faults(ranking, edition.configured):
                yield Fault(("configured", *key.split("/")), says)


def _quotas(edition: Edition) -> Iterator[Fault]:
    """The shares of a cohort: one for every ranked grade, together the whole."""
    quotas = edition.configured.quotas
    if quotas is None:
        return
    here: Path = ("configured", "quotas")
    ranked = [g for m in edition.methods.values() if (ranking := only(Ranking, m)) for g in ranking.grades]
    if not ranked:
        yield Fault(here, sentence("lint.quotas.no_method_ranks_quotas_can"))
        return
    for grade, share in quotas.items():
        if grade not in ranked:
            yield dangling((*here, grade), grade, ranked)
        elif not 0 <= share <= 1:
            yield Fault(
                (*here, grade),
                sentence("lint.quotas.share_of_is_not_between", share=plain(share)),
            )
    for grade in (g for g in ranked if g not in quotas):
        yield Fault(here, sentence("lint.quotas.share_of_is_missing", grade=grade))
    total = sum(quotas.values(), Decimal(0))
    if total != 1:
        yield Fault(here, sentence("lint.quotas.shares_add_up_to_not", total=plain(total)))


def _table_of_points(edition: Edition) -> Iterator[Fault]:
    rows = {row.code for row in edition.row}
    for code, points in (edition.configured.points or {}).items():
        here = ("configured", "points", code)
        if code not in rows:
            yield dangling(here, code, rows)
        if not points.is_finite() or points < 0:
            yield Fault(here, sentence("lint.quotas.is_not_number_of_points", points=points))
    months, threshold = edition.configured.cycle_months, edition.configured.threshold
    if months is not None and months < 1:
        yield Fault(("configured", "cycle_months"), sentence("lint.quotas.cycle_has_at_least_one"))
    if threshold is not None and not threshold > 0:
        yield Fault(("configured", "threshold"), sentence("lint.quotas.threshold_is_more_than"))


def _legal_basis(edition: Edition) -> Iterator[Fault]:
    measures = {measure.cites[0] for measure in edition.measure}
    for cite, provision in (edition.configured.legal_basis or {}).items():
        here = ("configured", "legal_basis", cite)
        if cite not in measures:
            yield Fault(here, sentence("lint.quotas.no_measure", cite=cite, hint=suggestion(cite, measures)))
        if not provision.strip():
            yield Fault(here, sentence("lint.quotas.text_is_empty_name_provision"))


def _not_warnable(edition: Edition) -> Iterator[Fault]:
    rows = {row.code for row in edition.row}
    for city, codes in (edition.configured.not_warnable or {}).items():
        here: Path = ("configured", "not_warnable", city)
        if not _CITY.fullmatch(city):
            yield Fault(
                here,
                sentence("lint.quotas.is_not_first_four_digits", city=city),
            )
        for index, code in enumerate(codes):
            if code not in rows:
                yield dangling((*here, index), code, rows)
