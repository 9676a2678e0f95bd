"""Faults of the methods of grading: bands, accounts, rankings, counting."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.law.edition import Band, Banding, Counting, Deciding, Deduction, Edition, Ledger, Method, Ranking
from domain.law.form import Fault, suggestion
from domain.law.lines import Path
from domain.law.lint.common import alone, distinct, twice
from domain.sentence import Sentence, sentence
from domain.vocabulary import plain


def method_faults(edition: Edition) -> Iterator[Fault]:
    """Faults of the method of each kind of subject."""
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
    given = grades_of_method(method) | {band.grade for band in getattr(method, "risk", ())}
    given |= {grade for grade in (getattr(method, "otherwise", None),) if grade is not None}
    for grade in method.names:
        if grade not in given:
            yield Fault(
                (*path, "names", grade),
                sentence("lint.methods.there_is_no_grade", grade=grade),
            )


def _deduction(method: Deduction, path: Path) -> Iterator[Fault]:
    if method.initial > method.cap or (method.floor is not None and method.initial < method.floor):
        yield Fault(
            (*path, "initial"),
            sentence("lint.methods.initial_score_lies_outside"),
        )
    if method.additions_at_most is not None and method.additions_at_most <= 0:
        yield Fault(
            (*path, "additions_at_most"),
            sentence("lint.methods.most_that_is_added_should", additions_at_most=plain(method.additions_at_most)),
        )
    grades = {band.grade for band in method.bands}
    if method.direct_grade not in grades:
        yield Fault(
            (*path, "direct_grade"),
            sentence("lint.methods.no_band_has_grade", direct_grade=method.direct_grade),
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
                sentence("lint.methods.no_band_has_name", direct=direct),
            )
        if bands:
            yield from _bands(bands, path, table)
    yield from twice([category.name for category in method.categories], "categories", "name")
    if method.cap is not None and method.cap > method.plausible_up_to:
        yield Fault(
            (*path, "plausible_up_to"),
            sentence("lint.methods.cap_of_is_higher_than", cap=plain(method.cap)),
        )


def _ledger(method: Ledger, path: Path) -> Iterator[Fault]:
    low, high = method.floor, method.cap
    if (high is not None and method.initial > high) or (low is not None and method.initial < low):
        yield Fault(
            (*path, "initial"),
            sentence("lint.methods.initial_score_lies_outside"),
        )
    for name, grade in (("pioneer_grade", method.pioneer_grade), ("restarts_at", method.restarts_at)):
        if grade is not None:
            yield from _named_by_a_band(grade, method.bands, (*path, name))
    if method.pioneer_years is not None and method.pioneer_grade is None:
        yield alone((*path, "pioneer_years"), "pioneer_years", "pioneer_grade")
    least, most = method.fact_at_least, method.fact_at_most
    if least is not None and most is not None and least > most:
        yield Fault(
            (*path, "fact_at_least"),
            sentence("lint.methods.is_more_than", least=plain(least), most=plain(most)),
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
            sentence("lint.common.go_together", names=tuple(parts), missing=missing),
        )
    elif not missing and method.commitment is not None:
        yield Fault(
            (*path, "commitment"),
            sentence("lint.methods.account_that_is_scored"),
        )
    if method.direction == "up" and method.cycle_months is None:
        yield Fault(
            (*path, "direction"),
            sentence("lint.methods.points_that_are_added_up"),
        )


def _ranking(method: Ranking, path: Path) -> Iterator[Fault]:
    yield from distinct(method.grades, (*path, "grades"))
    for name, grade in (("direct_grade", method.direct_grade), ("refused_grade", method.refused_grade)):
        if grade in method.grades:
            yield Fault(
                (*path, name),
                sentence("lint.methods.is_one_of_ranked_grades", grade=grade),
            )


def _deciding(method: Deciding, path: Path) -> Iterator[Fault]:
    yield from distinct(method.grades, (*path, "grades"))
    if method.listed_grade == method.otherwise:
        yield Fault(
            (*path, "listed_grade"),
            sentence("lint.methods.listed_and_others_have_same"),
        )


def _counting(method: Counting, path: Path) -> Iterator[Fault]:
    if method.grade == method.otherwise:
        yield Fault(
            (*path, "otherwise"),
            sentence("lint.methods.grade_is_same"),
        )


def _named_by_a_band(grade: str, bands: Sequence[Band], path: Path) -> Iterator[Fault]:
    grades = [band.grade for band in bands]
    if grade not in grades:
        yield Fault(path, sentence("lint.methods.no_band", grade=grade, hint=suggestion(grade, grades)))


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
                sentence("lint.methods.band_is_empty", low=plain(low), high=plain(high)),
            )
            continue
        if number == 0:
            if low is not None:
                yield _ungraded_scores(here, sentence("lint.methods.below", low=plain(low)))
        elif closed or low is None or (reached is not None and low < reached):
            ends = [end for end in (None if closed else reached, high) if end is not None]
            yield _overlap(here, low, min(ends, default=None), band.grade)
        elif reached is not None and low > reached:
            yield _ungraded_scores(
                here,
                sentence("lint.methods.from_and_below", reached=plain(reached), low=plain(low)),
            )
        if high is None:
            closed = True
        elif reached is None or high > reached:
            reached = high
    if not closed and reached is not None:
        top = plain(reached)
        yield _ungraded_scores((*path, table), sentence("lint.methods.of_and_more", top=top))


def _ungraded_scores(path: Path, scores: Sentence) -> Fault:
    return Fault(path, sentence("lint.methods.gap", scores=scores))


def _overlap(path: Path, low: Decimal | None, high: Decimal | None, grade: str) -> Fault:
    first = sentence("lint.methods.lowest") if low is None else sentence("lint.methods.score", score=plain(low))
    last = "" if high is None else sentence("lint.methods.and_below", score=plain(high))
    return Fault(path, sentence("lint.methods.overlap", first=first, last=last, grade=grade))


def grades_of_method(method: Method) -> set[str]:
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
        case Deduction():
            return {band.grade for band in method.bands}
