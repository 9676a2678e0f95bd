"""Faults of the methods of grading: bands, accounts, rankings, counting."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.law.edition import Band, Banding, Counting, Deciding, Deduction, Edition, Ledger, Method, Ranking
from domain.law.form import Fault, suggestion
from domain.law.lines import Path
from domain.law.lint.common import alone, distinct, twice
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
    given = grades_of(method) | {band.grade for band in getattr(method, "risk", ())}
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
    yield from twice([category.name for category in method.categories], "categories", "name")
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
        yield alone((*path, "pioneer_years"), "pioneer_years", "pioneer_grade")
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
    yield from distinct(method.grades, (*path, "grades"))
    for name, grade in (("direct_grade", method.direct_grade), ("refused_grade", method.refused_grade)):
        if grade in method.grades:
            yield Fault(
                (*path, name),
                f"{grade} 已在排名等级 grades 之内：不经排名的等级须另有名称",
                f"{grade} is one of the ranked grades: what is given without a rank needs another name",
            )


def _deciding(method: Deciding, path: Path) -> Iterator[Fault]:
    yield from distinct(method.grades, (*path, "grades"))
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


def grades_of(method: Method) -> set[str]:
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
