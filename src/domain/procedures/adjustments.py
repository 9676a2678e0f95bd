"""Moving the public grade between publications (Inner Mongolia art. 34, reading I-09).

The public grade follows the running one only by decision: down after the agency was told and had five working days to
object, up at once. What a repair raises needs no decision.
"""

import datetime as dt
from collections.abc import Sequence

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.years import published
from domain.errors import Refused, id_taken
from domain.events.evaluation import AdjustmentGraded, ResultAdjusted
from domain.events.results import Result
from domain.grading.tracks.register import is_better, public_track
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.evaluation import AdjustResult
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
            "从业人员的评价结果不公布，无公开等级可调整。",
            "a practitioner's result is not published; there is no public grade to move.",
            ground="no_public_result",
        )
    shown = [p for p in published(case, request.regime, request.decided_on) if p.event.year == request.year]
    if not shown:
        raise Refused(
            "not_published",
            f"{request.year} 年度的评价结果尚未公布，没有可调整的公开等级。",
            f"the result of {request.year} has not been published; there is no public grade to move.",
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
        raise Refused("no_reasons", "决定须说明理由。", "a decision states its reasons.", ground="adjustment")
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
            "动态等级无法确定，不能据以调整。",
            "the running grade is undetermined; nothing can be adjusted to it.",
            ground="adjustment",
        )
    if now is not None and now.year != request.year:
        raise Refused(
            "later_year_on_show",
            f"公开等级现为 {now.year} 年度的结果，不能再就 {request.year} 年度调整。",
            f"the public grade is that of {now.year} now; it can no longer be adjusted for {request.year}.",
            ground="adjustment",
        )
    if now is None or now.grade == result.grade:
        raise Refused(
            "nothing_to_adjust",
            f"公开等级已与动态等级一致（{result.grade}）。",
            f"the public grade is already the running one ({result.grade}).",
            ground="adjustment",
        )
    rule = law.deadline_rule("objection", "agency", request.year)
    if is_better(result.grade, now.grade) or rule is None or rule.working_days is None:
        return
    last = law.days.working_days_after(request.notified_on, rule.working_days).on
    if request.decided_on <= last:
        raise Refused(
            "objection_period_running",
            f"下调公开等级须先告知并留足异议期，至 {last} 届满。",
            f"before the public grade falls the agency has until {last} to object.",
            *rule.cites,
            ground="adjustment",
        )
