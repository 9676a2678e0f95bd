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
from domain.vocabulary import plain

_CITY: Final = re.compile(r"^[0-9]{4}$")


def configured_faults(edition: Edition) -> Iterator[Fault]:
    """Faults of the tables that the bureau supplies."""
    for kind, points in (edition.configured.enhancement_points or {}).items():
        if points < 0:
            yield Fault(
                ("configured", "enhancement_points", kind),
                f"增信分值 {plain(points)} 是负数",
                f"enhancing information cannot have {plain(points)} points",
            )
    ledgers = {kind for kind, method in edition.methods.items() if only(Ledger, method)}
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
        ranking = only(Ranking, method)
        if ranking is not None:
            for key, text in line_faults(ranking, edition.configured):
                yield Fault(("configured", *key.split("/")), text.zh, text.en)


def _quotas(edition: Edition) -> Iterator[Fault]:
    """The shares of a cohort: one for every ranked grade, together the whole."""
    quotas = edition.configured.quotas
    if quotas is None:
        return
    here: Path = ("configured", "quotas")
    ranked = [g for m in edition.methods.values() if (ranking := only(Ranking, m)) for g in ranking.grades]
    if not ranked:
        yield Fault(here, "没有按排名评定的方法，名额无从适用", "no method ranks: the quotas can never apply")
        return
    for grade, share in quotas.items():
        if grade not in ranked:
            yield dangling((*here, grade), grade, ranked)
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
            yield dangling(here, code, rows)
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
                yield dangling((*here, index), code, rows)
