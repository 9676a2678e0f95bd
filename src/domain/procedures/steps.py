"""The steps of a year under the law: which were passed over, and when publicity ends."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from domain.aggregates.records import RecordFile
from domain.aggregates.years import step_of
from domain.events.evaluation import StageRecorded
from domain.law.regime import RegimeLaw
from domain.sentence import Sentence, sentence
from domain.vocabulary import SubjectKind

STEP_NAMES: Final[dict[str, Sentence]] = {
    "roster": sentence("procedures.evaluation.step_name.roster"),
    "notice": sentence("procedures.evaluation.step_name.notice"),
    "report": sentence("procedures.evaluation.step_name.report"),
    "commitment": sentence("procedures.evaluation.step_name.commitment"),
    "proposal": sentence("procedures.evaluation.step_name.proposal"),
    "confirmation": sentence("procedures.evaluation.step_name.confirmation"),
    "publicity": sentence("procedures.evaluation.step_name.publicity"),
    "review": sentence("procedures.evaluation.step_name.review"),
    "determination": sentence("procedures.evaluation.step_name.determination"),
    "submission": sentence("procedures.evaluation.step_name.submission"),
    "spot_check": sentence("procedures.evaluation.step_name.spot_check"),
    "return": sentence("procedures.evaluation.step_name.return"),
    "publication": sentence("procedures.evaluation.step_name.publication"),
    "rating": sentence("procedures.evaluation.step_name.rating"),
    "letter": sentence("procedures.evaluation.step_name.letter"),
    "push": sentence("procedures.evaluation.step_name.push"),
    "reopening": sentence("procedures.evaluation.step_name.reopening"),
}
"""What the steps of an evaluation year are called."""

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
