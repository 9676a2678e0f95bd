"""Moving the public grade between publications (Inner Mongolia art. 34, reading I-09).

The public grade follows the running one only by decision: down after the agency was told and had five working days to
object, up at once. What a repair raises needs no decision.
"""

import datetime as dt
from collections.abc import Sequence

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.years import pauses_of, published
from domain.errors import Refused, id_taken
from domain.events.evaluation import AdjustmentGraded, ResultAdjusted
from domain.events.results import Result
from domain.grading.tracks.register import public_track
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.evaluation import AdjustResult
from domain.sentence import sentence
from domain.values import is_blank


def adjust_result(
    case: CaseFile, request: AdjustResult, law: RegimeLaw, result: Result, today: dt.date
) -> Sequence[CaseEvent]:
    """Move the public grade to the running grade of the day of decision (``result``).

    Raises ``Refused`` (art. 34) for a practitioner, without a published result of that year, without reasons, when
    there is nothing to adjust, when no grade can be determined, and when a grade would fall before the time to object
    is over.
    """
    event = AdjustmentGraded(
        record=request.id or "",
        regime=request.regime,
        year=request.year,
        notified_on=request.notified_on,
        decided_on=request.decided_on,
        reasons=request.reasons,
        result=result,
    )
    known = case.adjustments.get(event.record)
    if known is not None:
        if _as_asked(known.event) == _as_asked(event):
            return ()
        raise id_taken(event.record)
    if case.kind == "practitioner":
        raise Refused(
            "no_public_result",
            sentence("procedures.adjustments.no_public_result"),
            ground="no_public_result",
        )
    shown = [p for p in published(case, request.regime, request.decided_on) if p.event.year == request.year]
    if not shown:
        raise Refused(
            "not_published",
            sentence("procedures.adjustments.not_published", year=request.year),
            ground="adjustment",
        )
    in_order(
        (
            ("/publication/dated_on", shown[-1].event.dated_on),
            ("/notified_on", request.notified_on),
            ("/decided_on", request.decided_on),
        )
    )
    already_come((("/decided_on", request.decided_on),), today)
    if is_blank(request.reasons):
        raise Refused("no_reasons", sentence("procedures.objections.no_reasons"), ground="adjustment")
    _is_due(case, request, law, result)
    return (event,)


def _as_asked(event: ResultAdjusted) -> dict[str, object]:
    """What was asked for, under whatever tag it stands: all but the result."""
    return {f: getattr(event, f) for f in ResultAdjusted.__struct_fields__ if f != "result"}


def _is_due(case: CaseFile, request: AdjustResult, law: RegimeLaw, result: Result) -> None:
    now = public_track(case, law, request.decided_on)
    if result.grade is None:
        raise Refused(
            "undetermined",
            sentence("procedures.adjustments.undetermined"),
            ground="adjustment",
        )
    if now is not None and now.year != request.year:
        raise Refused(
            "later_year_on_show",
            sentence("procedures.adjustments.later_year_on_show", year=now.year, request_year=request.year),
            ground="adjustment",
        )
    if now is None or now.grade == result.grade:
        raise Refused(
            "nothing_to_adjust",
            sentence("procedures.adjustments.nothing_to_adjust", grade=result.grade),
            ground="adjustment",
        )
    rule = law.deadline_rule("objection", "agency", request.year)
    is_raised = law.is_better(law.method_of_year(case.kind, request.year), result.grade, now.grade)
    if is_raised or rule is None or rule.working_days is None:
        return
    last = law.days.prove_working_days(request.notified_on, rule.working_days, pauses_of(case, law.regime)).due_on
    # There is no last day while the subject is outside the evaluation: no result is given then.
    if last is not None and request.decided_on <= last:
        raise Refused(
            "objection_period_running",
            sentence("procedures.adjustments.objection_period_running", last=last),
            *rule.cites,
            ground="adjustment",
        )
