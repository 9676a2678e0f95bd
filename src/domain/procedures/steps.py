"""The steps of a year under the law: which were passed over, and when publicity ends."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from domain.aggregates.records import RecordFile
from domain.aggregates.years import step_of
from domain.events.evaluation import StageRecorded
from domain.law.regime import RegimeLaw
from domain.vocabulary import SubjectKind

_WITH_DEADLINE: Final = ("roster", "notice", "proposal", "publicity", "submission")


def skipped_before(
    standing: Sequence[RecordFile[StageRecorded]], law: RegimeLaw, kind: SubjectKind, year: int
) -> tuple[str, ...]:
    """The steps with a deadline of their own that later ones of the standing round passed over."""
    ranks = [
        rule.rank for s in standing if (rule := law.stage_rule(s.event.stage, kind, year)) is not None and rule.computes
    ]
    return tuple(
        stage
        for stage in _WITH_DEADLINE
        if (rule := law.stage_rule(stage, kind, year)) is not None
        and rule.rank < max(ranks, default=0)
        and step_of(standing, stage) is None
    )


def publicity_ends_on(law: RegimeLaw, publicity: StageRecorded) -> dt.date | None:
    """The last day of publicity (art. 22(3)); ``None`` where the law gives it no length."""
    rule = law.deadline_rule("publicity", "agency", publicity.year)
    if rule is None or rule.working_days is None:
        return None
    return law.days.working_days_after(publicity.dated_on, rule.working_days).on
