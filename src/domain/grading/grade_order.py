"""The order of the grades of a method, from the best to the worst, and whether one fell."""

from collections.abc import Iterable
from decimal import Decimal

from domain.law.edition import Band, Banding, Counting, Deciding, Deduction, Ledger, Method, Ranking


def grades_in_order(method: Method) -> tuple[str, ...]:
    """The grades of a method, the best first. A grade that a decision or a row gives directly comes after those of a
    score, unless it is one of them; what stands for no grade at all has no place."""
    return tuple(dict.fromkeys(_in_order(method)))


def fell(method: Method | None, before: str | None, after: str | None) -> bool:
    """Whether a grade moved downwards; from or to what has no place in the order nothing falls."""
    if method is None or before is None or after is None or before == after:
        return False
    order = grades_in_order(method)
    return before in order and after in order and order.index(after) > order.index(before)


def _by_score(bands: Iterable[Band], *, is_more_better: bool) -> list[str]:
    """The grades of bands that lie side by side."""

    def lowest(band: Band) -> Decimal:
        return Decimal("-Infinity") if band.at_least is None else band.at_least

    return [band.grade for band in sorted(bands, key=lowest, reverse=is_more_better)]


def _in_order(method: Method) -> tuple[str, ...]:
    match method:
        case Deduction() | Banding():
            return (*_by_score(method.bands, is_more_better=True), method.direct_grade)
        case Counting():
            return (method.otherwise, method.grade)
        case Ledger():
            pioneer = () if method.pioneer_grade is None else (method.pioneer_grade,)
            bands = _by_score(method.bands, is_more_better=method.direction == "down")
            return (*pioneer, *bands, *(d.grade for d in method.direct))
        case Ranking():
            refused = () if method.refused_grade is None else (method.refused_grade,)
            return (*method.grades, method.revoked_grade, *refused, method.direct_grade)
        case Deciding():
            return (*method.grades, method.listed_grade)
