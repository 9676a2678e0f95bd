"""Grading by bands of a recorded score, with a risk level beside it (Jiaxing paras. 3, 5, 9-11, 18).

What holds on a day is the result published last; before anything was published, the grade that was determined (para.
14). A score alone gives none. A direct rating stands on top of either from the day it is verified until the next annual
result is published (reading J-04). A publication fixes what the score gave; a direct rating that it gave as well falls
with its ground.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

import msgspec

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.records import RecordFile
from domain.aggregates.years import current_round, published, step_of, steps_of, years_of
from domain.events.evaluation import StageRecorded
from domain.events.results import Result
from domain.events.scores import ScoreRecorded
from domain.grading.standing import USE_STOPS_FROM, Standing, standing_of
from domain.grading.step import Assessment, OutsideReason, Step
from domain.law.edition import Band, Banding, only
from domain.law.regime import RegimeLaw
from domain.time import FOR_EVER, ONE_DAY, Instant, legal_day


class Rating(NamedTuple):
    """A grade with its risk level and colour, and the record that gave it. ``score`` is exact, as text.

    ``ground`` are the facts by which the record gave a direct rating that still stands, beside what the score gives.
    """

    score: str | None
    grade: str | None
    risk: str | None
    colour: str | None
    undetermined: str | None
    record: str | None
    recorded_at: Instant
    since: dt.date | None
    ground: tuple[FactFile, ...] = ()


class Shown(NamedTuple):
    """One span of the register: what is public from a day on, and by which publication or verified fact."""

    since: dt.date
    grade: str | None
    risk: str | None
    colour: str | None
    record: str
    year: int
    status: Literal["published", "adjusted"]


_NOT_GRADED: Final = Rating(None, None, None, None, "not_yet_graded", None, 0, None)


# --- the running track and the result of a year ---------------------------------------------------------------


def assess(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Banding) -> Assessment:
    """The running track of ``case`` at the end of ``as_of``."""
    rating = _published(case, law, as_of, method) or _determined(case, law, as_of, method)
    rating = rating or _latest_score(case, law, as_of)
    lapses = [file.event.dated_on for file in published(case, law.regime)]
    return _assessed(case, law, as_of, method, rating, lapses)


def assess_year(case: CaseFile, law: RegimeLaw, year: int, on: dt.date, method: Banding) -> Assessment:
    """The result of evaluation year ``year`` as a step of ``on`` gives it: the score recorded for it last.

    What was verified before ``on`` lapses with the publication of a score (para. 18); without any score a direct
    rating is all there is to publish, and stays.
    """
    scores = [(file.event, file.recorded_at) for file in _scores(case, law) if file.event.year == year]
    lapses = [file.event.dated_on for file in published(case, law.regime, on - ONE_DAY)]
    if not scores:
        return _assessed(case, law, on, method, _NOT_GRADED._replace(undetermined="no_score"), lapses)
    event, recorded_at = scores[-1]
    rating = _rated(event, recorded_at, law, method)
    return _assessed(case, law, on, method, rating, [*lapses, on])


def _assessed(
    case: CaseFile, law: RegimeLaw, day: dt.date, method: Banding, rating: Rating, lapses: Sequence[dt.date]
) -> Assessment:
    force = law.force_on(day)
    outside = why_outside(case, law, day, method) is not None
    steps = [] if outside or rating.record is None else [_base(rating, method)]
    direct = [_direct(file, law, day, rating, lapses, outside=outside) for file in _facts(case, law)]
    direct.sort(key=lambda step: step.effective_on or FOR_EVER)
    if not outside:
        counted = {step.fact for step in direct if step.counted}
        direct += [_fixed(rating, file, law) for file in rating.ground if file.id not in counted]
    steps += direct
    if outside:
        return Assessment(
            force=force, score=None, grade=None, undetermined="outside_scope", deducted=None, steps=tuple(steps)
        )
    grade, risk, colour, undetermined = rating.grade, rating.risk, rating.colour, rating.undetermined
    if any(step.counted for step in direct):
        grade, risk, colour, undetermined = method.direct_grade, method.direct_risk, method.direct_colour, None
    return Assessment(
        force=force,
        score=rating.score,
        grade=grade,
        undetermined=undetermined,
        deducted=None,
        steps=tuple(steps),
        risk=risk,
        colour=colour,
    )


def turning_days(case: CaseFile, law: RegimeLaw) -> set[dt.date]:
    """Every day on which the running track may change by what is on record."""
    days = {file.event.dated_on for file in case.stages.values() if file.event.regime == law.regime}
    days |= {legal_day(file.recorded_at) for file in _scores(case, law)}
    for file in _facts(case, law):
        # With a banning list the day after its last one, by whichever edition the row is read.
        until_on = file.record.until_on
        days |= {day for day in (file.record.verified_on, until_on and until_on + ONE_DAY) if day is not None}
        days |= set(_undone_on(file))
    return days


# --- who is graded --------------------------------------------------------------------------------------------


def why_outside(case: CaseFile, law: RegimeLaw, day: dt.date, method: Banding) -> OutsideReason | None:
    """Why the agency is not evaluated: registered elsewhere (para. 5(1), J-01), without the service, or, as far as its
    licences are on record, without accreditation (para. 3); ``None`` when it is."""
    adopted = law.on(day) or law.adopted[-1]
    elsewhere = not case.region_on(day).startswith(adopted.edition.regions)
    if elsewhere and not law.choices.outside_agencies:
        return "registered_elsewhere"
    if method.services and not case.services_on(day) & set(method.services):
        return "other_services"
    licences = case.licences_on(day)
    if method.licences and licences and not any(mark in one for one in licences for mark in method.licences):
        return "not_accredited"
    return None


# --- the score and its bands ----------------------------------------------------------------------------------


class _ScoreFile(NamedTuple):
    event: ScoreRecorded
    recorded_at: Instant


def _scores(case: CaseFile, law: RegimeLaw) -> list[_ScoreFile]:
    """The standing scores in the order of their years, those of one year in the order of recording."""
    found = [
        _ScoreFile(file.event, file.recorded_at)
        for file in case.entries.values()
        if isinstance(file.event, ScoreRecorded) and not file.retracted and file.event.regime == law.regime
    ]
    return sorted(found, key=lambda file: file.event.year)


def _published(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Banding) -> Rating | None:
    """The result published last up to a day: an earlier year published once more does not replace a later one."""
    found: RecordFile[StageRecorded] | None = None
    for file in published(case, law.regime, as_of):
        if file.event.result is not None and (found is None or file.event.year >= found.event.year):
            found = file
    return None if found is None else _given(case, law, found, as_of, method)


def _determined(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Banding) -> Rating | None:
    """The grade of the latest year that was determined and not opened again (para. 14)."""
    for year in reversed(years_of(case, law.regime)):
        step = step_of(current_round(steps_of(case, law.regime, year, as_of)), "determination")
        if step is not None and step.event.result is not None:
            return _given(case, law, step, as_of, method)
    return None


def _given(case: CaseFile, law: RegimeLaw, step: RecordFile[StageRecorded], as_of: dt.date, method: Banding) -> Rating:
    """What a step of an evaluation year gave, on the day: its result, and where that was a direct rating what the score
    gave beside it, with the facts by which the direct rating still stands."""
    event, result = step.event, step.event.result
    if result is None:
        return _NOT_GRADED
    files = [file for id in result.counted if (file := case.facts.get(id)) is not None]
    if result.grade == method.direct_grade and files:
        own = _scored(case, law, step, result)._replace(
            record=event.record, recorded_at=step.recorded_at, since=event.dated_on
        )
        lapses = [f.event.dated_on for f in published(case, law.regime, event.dated_on - ONE_DAY)]
        if result.score is not None:
            # As in the result of a year: with a score to show, what was verified before lapses with it (para. 18).
            lapses.append(event.dated_on)
        bearing = (file for file in files if _bears(file, law, event.dated_on, as_of, lapses))
        return own._replace(ground=tuple(bearing))
    return Rating(
        result.score,
        result.grade,
        result.risk,
        result.colour,
        result.undetermined or (None if result.grade is not None else "no_score"),
        event.record,
        step.recorded_at,
        event.dated_on,
    )


def _bears(file: FactFile, law: RegimeLaw, on: dt.date, as_of: dt.date, lapses: Sequence[dt.date]) -> bool:
    """Whether a fact by which a result of the day ``on`` was a direct rating still bears it on ``as_of``.

    What never was, or is known by now not to have been so on that day, does not; nor does what was annulled since, or
    repaired so that it may not be used.
    """
    if not file.touched:
        return True
    if any(day <= as_of for day in _undone_on(file)):
        return False
    return _lapsed(file, law, on, lapses).reason is None


def _undone_on(file: FactFile) -> Iterator[dt.date]:
    """The days from which an annulment or a national repair takes a fact out."""
    if file.set_aside is not None:
        yield file.set_aside.decided_on
    if file.national_repair is not None and file.national_repair.granted_on >= USE_STOPS_FROM:
        yield file.national_repair.granted_on


def _scored(case: CaseFile, law: RegimeLaw, step: RecordFile[StageRecorded], result: Result) -> Rating:
    """What the score gave that a result holds, whatever has become of its record since."""
    year_method = only(Banding, law.edition_of(step.event.year).methods.get("agency"))
    if result.score is None or year_method is None:
        return _NOT_GRADED._replace(undetermined="no_score")
    recorded = [
        _rated(file.event, file.recorded_at, law, year_method)
        for file in case.entries.values()
        if isinstance(file.event, ScoreRecorded) and file.event.regime == law.regime
        if file.event.year == step.event.year and file.recorded_at <= step.recorded_at
    ]
    own = next((rating for rating in reversed(recorded) if rating.score == result.score), None)
    if own is not None:
        return own
    band = _band_of(year_method.bands, Decimal(result.score))
    grade, colour = (None, None) if band is None else (band.grade, band.colour)
    return _NOT_GRADED._replace(score=result.score, grade=grade, colour=colour, undetermined=None)


def _latest_score(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> Rating:
    """The latest recorded score: it gives no grade before one is determined (paras. 14, 18; J-09)."""
    recorded = [file for file in _scores(case, law) if legal_day(file.recorded_at) <= as_of]
    if not recorded:
        return _NOT_GRADED
    event, recorded_at = recorded[-1]
    method = only(Banding, law.edition_of(event.year).methods.get("agency"))
    if method is None:
        return _NOT_GRADED
    scored = _rated(event, recorded_at, law, method)
    return scored._replace(grade=None, risk=None, colour=None, undetermined="not_yet_graded")


def _rated(event: ScoreRecorded, recorded_at: Instant, law: RegimeLaw, method: Banding) -> Rating:
    """The grade and colour of the basic score and the risk level (paras. 9, 10)."""
    basic = event.basic if event.basic is not None else sum(event.categories.values(), Decimal(0))
    if method.cap is not None and not law.choices.uncapped:
        basic = min(basic, method.cap)
    band = _band_of(method.bands, basic)
    figure = _risk_figure(basic, event.risk, law)
    risk = None if figure is None else _band_of(method.risk, figure)
    missing = law.choices.risk_by_weights and law.configured.risk_weight is None
    return Rating(
        law.score_text(basic),
        None if band is None else band.grade,
        None if risk is None else risk.grade,
        None if band is None else band.colour,
        "weights_not_configured" if missing else None,
        event.record,
        recorded_at,
        legal_day(recorded_at),
    )


def _risk_figure(basic: Decimal, risk: Decimal | None, law: RegimeLaw) -> Decimal | None:
    """What the risk level is read from: the figure as recorded, or both scores by the bureau's weights (J-03)."""
    if risk is None or not law.choices.risk_by_weights:
        return risk
    weight = law.configured.risk_weight
    return None if weight is None else weight * basic + (1 - weight) * risk


def _band_of(bands: Sequence[Band], score: Decimal) -> Band | None:
    return next((band for band in bands if band.holds(score)), None)


def _base(rating: Rating, method: Banding) -> Step:
    """The step of the published result or recorded score that a grade starts from."""
    return Step(
        fact=None,
        sources=() if rating.record is None else (rating.record,),
        row=None,
        cites=method.cites,
        readings=("J-02", "J-03") if rating.risk is not None else ("J-02",),
        effective_on=rating.since,
        ends_on=None,
        recorded_at=rating.recorded_at,
        effect=rating.grade or "0",
        score=rating.score,
        counted=rating.grade is not None,
        reason=None if rating.grade is not None else rating.undetermined,
    )


def _fixed(rating: Rating, file: FactFile, law: RegimeLaw) -> Step:
    """The step of a direct rating that a result fixed, while its fact no longer gives it by itself: its ground is the
    fact's, not the score's (para. 11)."""
    rule = law.row_of(file.record)
    return Step(
        fact=None,
        sources=tuple(source for source in (rating.record, file.id) if source is not None),
        row=file.record.row,
        cites=() if rule is None else rule.cites,
        readings=("J-04",),
        effective_on=rating.since,
        ends_on=None,
        recorded_at=rating.recorded_at,
        effect="0" if rule is None else rule.effect,
        score=rating.score,
        counted=True,
        reason=None,
    )


# --- direct ratings -------------------------------------------------------------------------------------------


def _facts(case: CaseFile, law: RegimeLaw) -> list[FactFile]:
    return [file for file in case.facts.values() if file.record.regime == law.regime]


def _direct(
    file: FactFile, law: RegimeLaw, day: dt.date, rating: Rating, lapses: Sequence[dt.date], *, outside: bool
) -> Step:
    """The step of one fact: a direct rating that holds, or why it does not."""
    rule = law.row_of(file.record)
    standing = _lapsed(file, law, day, lapses)
    if outside and standing.reason is None:
        standing = standing.not_counting("outside_scope", "J-01")
    return Step(
        fact=file.id,
        row=file.record.row,
        cites=() if rule is None else rule.cites,
        readings=standing.readings,
        effective_on=standing.effective_on,
        ends_on=standing.ends_on,
        recorded_at=file.recorded_at,
        effect="0" if rule is None else rule.effect,
        score=rating.score,
        counted=standing.reason is None,
        reason=standing.reason,
        provisional=standing.provisional,
    )


def _lapsed(file: FactFile, law: RegimeLaw, day: dt.date, lapses: Sequence[dt.date]) -> Standing:
    """How a fact stands, with the end that the next publication or the removal from a list puts to it (J-04)."""
    rule = law.row_of(file.record)
    standing = standing_of(file, rule, law, day)
    if rule is None or standing.effective_on is None:
        return standing
    since = standing.effective_on
    ends: list[dt.date | None] = []
    for end in rule.ends_with:
        if end == "publication" and not (law.choices.list_removal and "until_on" in rule.ends_with):
            ends.append(min((on for on in lapses if on > since), default=None))
        elif end == "until_on":
            ends.append(None if file.record.until_on is None else file.record.until_on + ONE_DAY)
    known = [end for end in ends if end is not None]
    if not known or len(known) < len(ends):
        return standing
    ends_on = min(max(known), standing.ends_on or FOR_EVER)
    over = standing.reason is None and ends_on <= day
    return msgspec.structs.replace(standing, ends_on=ends_on, reason="ended" if over else standing.reason)


def brings_measures(case: CaseFile, law: RegimeLaw, day: dt.date, found: Assessment, method: Banding) -> bool:
    """Whether measures follow from the grade of a day: from that of a published result and of a direct rating, from
    one that was only determined under the other answer (para. 19, J-12)."""
    if law.choices.chosen.get("J-12") == "determination" or _published(case, law, day, method) is not None:
        return True
    return any(step.counted and step.fact is not None for step in found.steps)


# --- the register ---------------------------------------------------------------------------------------------


def shown(case: CaseFile, law: RegimeLaw, until_on: dt.date) -> list[Shown]:
    """What the register shows up to a day, span by span: published results, and direct ratings in real time (paras.
    15, 17). A span without a grade begins where nothing is shown any longer."""
    spans: list[Shown] = []
    days = {day for day in _all_turning_days(case, law) if day <= until_on}
    for day in sorted(days):
        method = only(Banding, law.method(case.kind, day))
        if method is None:
            continue
        span = _shown_on(case, law, day, method)
        if span is None and spans and spans[-1].grade is not None:
            spans.append(spans[-1]._replace(since=day, grade=None, risk=None, colour=None))
        elif span is not None and (not spans or spans[-1][1:] != span[1:]):
            spans.append(span)
    return spans


def _all_turning_days(case: CaseFile, law: RegimeLaw) -> set[dt.date]:
    days = turning_days(case, law) | {change.from_on for change in case.changes}
    lapses = [file.event.dated_on for file in published(case, law.regime)]
    for file in _facts(case, law):
        standing = _lapsed(file, law, FOR_EVER, lapses)
        days |= {day for day in (standing.effective_on, standing.ends_on) if day is not None}
    return days


def _shown_on(case: CaseFile, law: RegimeLaw, day: dt.date, method: Banding) -> Shown | None:
    base = _published(case, law, day, method)
    result = assess(case, law, day, method)
    direct = [step for step in result.steps if step.counted and step.fact is not None]
    if result.grade is None or (base is None and not direct):
        return None
    record = None if base is None else base.record
    # Before the first publication the year is that in which the direct rating began: a day on which nothing changes
    # begins no span of its own.
    began_on = direct[0].effective_on if direct else None
    year = (began_on or day).year if record is None else case.stages[record].event.year
    if direct:
        return Shown(day, result.grade, result.risk, result.colour, direct[0].fact or "", year, "adjusted")
    return Shown(day, result.grade, result.risk, result.colour, record or "", year, "published")
