"""Facts recorded after a publication that belong into the year it published."""

import datetime as dt

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.joining import known_to
from domain.aggregates.records import RecordFile
from domain.events.evaluation import ResultAdjusted, StageRecorded
from domain.grading.effect import effective_day
from domain.grading.standing import ResultYear, standing_in, standing_of, void_reason
from domain.law.regime import RegimeLaw, RowRule
from domain.time import legal_day


def late_facts(
    case: CaseFile,
    law: RegimeLaw,
    file: RecordFile[StageRecorded] | RecordFile[ResultAdjusted],
    as_of: dt.date,
) -> list[FactFile]:
    """The standing facts recorded after a result, up to a day, that belong into it (I-28).

    Into that of a year those of the year, and older ones that were open on its last day; into an adjustment those that
    counted on the day of its decision. A result did not rest on what stood on another file: that came with the joining.
    """
    event, result = file.event, file.event.result
    counted = () if result is None else result.counted
    found = []
    for fact in case.facts.values():
        since = known_to(file, fact)
        if since <= file.recorded_at or legal_day(since) > as_of:
            continue
        if fact.record.regime != law.regime or fact.id in counted or fact.is_void or void_reason(fact) is not None:
            continue
        rule = law.row_of(fact.record)
        day = None if rule is None else effective_day(fact, rule, law)[0]
        if day is not None and _belongs_into(event, fact, rule, day, law):
            found.append(fact)
    return found


def _belongs_into(
    event: StageRecorded | ResultAdjusted, fact: FactFile, rule: RowRule | None, day: dt.date, law: RegimeLaw
) -> bool:
    if isinstance(event, ResultAdjusted):
        return standing_of(fact, rule, law, event.decided_on).reason is None
    if day.year == event.year:
        return True
    return day.year < event.year and standing_in(fact, rule, law, ResultYear(event.year, event.dated_on)).reason is None
