"""The annual track: each evaluation year with its latest step and result, and what has changed since."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.joining import known_to
from domain.aggregates.records import RecordFile
from domain.aggregates.years import repair_year, steps_of, years_of
from domain.events.evaluation import ResultAdjusted, StageRecorded
from domain.events.results import Result
from domain.grading.holdings import Given, held_in
from domain.grading.late_facts import late_facts
from domain.grading.method import assess, assess_year, turning_days
from domain.grading.staff import StaffFact
from domain.grading.standing import USE_STOPS_FROM, void_reason
from domain.grading.step import Assessment
from domain.law.regime import RegimeLaw
from domain.time import end_of_day, legal_day


class YearLine(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation year on a day: its latest step (``stage``, of ``dated_on``, ``record``) and its latest result.

    ``result`` was given by the record ``given_by`` (a step, or the repair that revised it). ``late`` names facts
    recorded after its publication that belong into it, ``undone`` facts that stood in the published result and do not
    any more, or should not have: annulled, retracted, or repaired by a confirmation that was recorded too late.
    Either may be a reason to reopen the year by decision, never by itself. Only under the reading ``automatic`` a late
    fact reopens it: ``reopened`` is then the year computed again beside the ``result``, which stays as published.
    """

    year: int
    stage: str
    dated_on: dt.date
    record: str
    result: Result | None
    given_by: str | None
    late: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    reopened: Assessment | None = None


def annual_track(
    case: CaseFile, law: RegimeLaw, as_of: dt.date, staff: Sequence[StaffFact] = ()
) -> tuple[YearLine, ...]:
    """The evaluation years with a step dated up to ``as_of``, each with its latest step and result."""
    if not case.stages:
        return ()
    lines = []
    for year in years_of(case, law.regime):
        steps = steps_of(case, law.regime, year, as_of)
        if steps:
            lines.append(_year_line(case, law, year, steps, as_of, staff))
    return tuple(lines)


def results_of(case: CaseFile, regime: str, year: int, as_of: dt.date) -> list[tuple[dt.date, str, Result]]:
    """Every result given for a year up to a day, with its date and record, in order: steps and revisions."""
    found = [
        (s.event.dated_on, s.event.record, s.event.result)
        for s in steps_of(case, regime, year, as_of)
        if s.event.result is not None
    ]
    for id, repair in case.repairs.items():
        confirmed = repair.city_confirmed
        if repair.takes_effect_on is None or confirmed is None or confirmed.result is None:
            continue
        if (
            repair.asked.regime == regime
            and confirmed.confirmed_on <= as_of
            and repair_year(case, repair.asked) == year
        ):
            found.append((confirmed.confirmed_on, id, confirmed.result))
    return sorted(found, key=lambda f: f[0])


def _year_line(
    case: CaseFile,
    law: RegimeLaw,
    year: int,
    steps: Sequence[RecordFile[StageRecorded]],
    as_of: dt.date,
    staff: Sequence[StaffFact],
) -> YearLine:
    latest = steps[-1].event
    given = results_of(case, law.regime, year, as_of)
    publication = next((s for s in reversed(steps) if s.event.stage in ("publication", "rating")), None)
    late: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    reopened = None
    if publication is not None:
        late, undone = _since_published(case, law, publication, staff)
        reopened = computed_anew(case, law, publication, as_of, staff)
    return YearLine(
        year=year,
        stage=latest.stage,
        dated_on=latest.dated_on,
        record=latest.record,
        result=given[-1][2] if given else None,
        given_by=given[-1][1] if given else None,
        late=late,
        undone=undone,
        reopened=reopened,
    )


def _since_published(
    case: CaseFile, law: RegimeLaw, publication: RecordFile[StageRecorded], staff: Sequence[StaffFact]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Facts recorded after the publication that belong into its year, and facts in it that do not (I-28, I-34)."""
    late = late_facts(case, law, publication, dt.date.max)
    on = publication.event.dated_on
    doubtful = [
        file.id
        for file in case.facts.values()
        if file.touched
        if file.is_void or void_reason(file) is not None or any(day <= on for day, _ in every_repair(file))
    ]
    held = facts_held(case, law, publication, staff) if doubtful else ()
    return tuple(file.id for file in late), tuple(id for id in doubtful if id in held)


def facts_held(
    case: CaseFile,
    law: RegimeLaw,
    file: RecordFile[StageRecorded] | RecordFile[ResultAdjusted],
    staff: Sequence[StaffFact],
) -> frozenset[str]:
    """The facts that stood in a result, those behind its derived lines among them."""
    result = file.event.result
    if result is None:
        return frozenset()
    found = {*result.counted, *result.held}
    if result.holdings is not None or is_reckoned(law, case, file.event):
        found |= {id for line in held_in(case, law, file, staff, executed) for id in line.rests_on}
    return frozenset(found)


def is_reckoned(law: RegimeLaw, case: CaseFile, given: Given) -> bool:
    """Whether a result is one of deduction or counting: what others held is told by the facts that counted."""
    method = law.method_of_year(case.kind, given.year)
    return method is not None and method.is_reckoned


def executed(case: CaseFile, law: RegimeLaw, given: Given, staff: Sequence[StaffFact]) -> Assessment:
    """The result of an event again."""
    if isinstance(given, ResultAdjusted):
        return assess(case, law, given.decided_on, staff)
    return assess_year(case, law, given.year, given.dated_on, staff)


def computed_anew(
    case: CaseFile,
    law: RegimeLaw,
    given: RecordFile[StageRecorded] | RecordFile[ResultAdjusted],
    as_of: dt.date,
    staff: Sequence[StaffFact],
) -> Assessment | None:
    """A result computed again with what was recorded late up to a day, where late facts reopen it (I-28 ``automatic``).

    As on the day on which it was given, not today: what was repaired afterwards belongs to the public track.
    """
    if not law.choices.reopens_itself or given.event.result is None or not is_reckoned(law, case, given.event):
        return None
    late = late_facts(case, law, given, as_of)
    if not late:
        return None
    until = end_of_day(max(legal_day(known_to(given, file)) for file in late))
    then = case.with_facts({id: file for id, file in case.facts.items() if known_to(given, file) <= until})
    return executed(then, law, given.event, staff)


def days_of_change(
    case: CaseFile, law: RegimeLaw, staff: Sequence[StaffFact] = (), after: dt.date = dt.date.min
) -> list[dt.date]:
    """Every day later than ``after``, in order, on which one of the three tracks may change by what is on record.

    A superset: on some of them nothing changes.
    """
    days = set(turning_days(case, law, staff, after=after))
    days |= {f.event.dated_on for f in case.stages.values()}
    days |= {f.event.decided_on for f in case.adjustments.values()}
    days |= {day for file in case.facts.values() if file.touched for repair in every_repair(file) for day in repair}
    if law.choices.reopens_itself:
        days |= {day for file in case.facts.values() for day in case.known_on(file)}
    return sorted(day for day in days if day > after)


def repairs_of_fact(file: FactFile) -> list[tuple[dt.date, dt.date]]:
    """The repairs of a fact that took effect, each with the day from which it could be known that it had."""
    return [(on, legal_day(r.known_since)) for r in file.repairs if (on := r.takes_effect_on) is not None]


def every_repair(file: FactFile) -> list[tuple[dt.date, dt.date]]:
    """The same with the national repair that ends the use of the information (NDRC Order 36)."""
    national = file.national_repair
    if national is None or national.granted_on < USE_STOPS_FROM:
        return repairs_of_fact(file)
    return [*repairs_of_fact(file), (national.granted_on, legal_day(file.nationally_repaired_at))]
