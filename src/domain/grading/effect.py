"""From which day a fact counts: its decision, its verification or its finality, as its row says."""

import datetime as dt
from typing import Final

from domain.aggregates.facts import FactFile
from domain.law.regime import RegimeLaw, RowRule
from domain.time import ONE_DAY
from domain.vocabulary import organ_of

CHALLENGE_MONTHS: Final = 6
"""Months from service within which a penalty can be challenged in court; reconsideration ends earlier (I-06)."""


def effective_day(
    file: FactFile, rule: RowRule, law: RegimeLaw, *, direct: bool = False
) -> tuple[dt.date | None, bool]:
    """The day the fact counts from, and whether it was reckoned without that year's calendar.

    Penalties count from the day they are final: ``final_on``, or the day after the last period to challenge
    them that follows ``served_on``, unless a challenge filed in time is on record (art. 13(1), I-06). What counts from
    verification counts from ``verified_on``, or from the day of finality where that is later (Ningbo art. 12).

    ``direct`` asks for the direct rating that carbon falsification brings beside its points: where it rests on a
    penalty it waits for the finality of that, as the row of article 18 for the same act does; the points wait under
    ``points_wait`` alone (I-06).
    """
    record = file.record
    if rule.counts_from == "decided_on":
        waits = rule.may_be_falsification and (direct or law.choices.points_wait) and rests_on_penalty(file)
        if not waits:
            return record.decided_on, False
    if rule.counts_from == "verified_on":
        return record.verified_on, False
    if rule.counts_from == "verified_and_final":
        return _verified_and_final(file, law)
    if rule.counts_from == "finality_if_penalty" and not rests_on_penalty(file):
        return record.decided_on, False
    if law.choices.penalty_by_decision:
        return record.decided_on or record.served_on or record.final_on, False
    return _final_day(file, law)


def _verified_and_final(file: FactFile, law: RegimeLaw) -> tuple[dt.date | None, bool]:
    """The day from which a penalty is both verified and final (Jiaxing para. 11(4), J-05;
    Ningbo art. 12, N-10).

    Without any paper about the decision what was verified is a final penalty; under ``decision_date`` the day of the
    decision is enough.
    """
    record = file.record
    if law.choices.penalty_by_decision:
        return record.decided_on or record.verified_on, False
    if record.verified_on is None:
        return None, False
    if law.choices.verified_penalty:
        return record.verified_on, False
    if record.decided_on is None and record.served_on is None and record.final_on is None and not file.contests:
        return record.verified_on, False
    final_on, provisional = _final_day(file, law)
    return None if final_on is None else max(record.verified_on, final_on), provisional


def _final_day(file: FactFile, law: RegimeLaw) -> tuple[dt.date | None, bool]:
    if file.record.final_on is not None:
        return file.record.final_on, False
    return lapsed_on(file, law)


def lapsed_on(file: FactFile, law: RegimeLaw) -> tuple[dt.date | None, bool]:
    """The day after the last period to challenge a penalty that follows its service, and whether it was reckoned
    without that year's calendar; no day where it was not served, or was challenged in time."""
    if file.record.served_on is None:
        return None, False
    last = law.days.months_after(file.record.served_on, CHALLENGE_MONTHS)
    if any(c.filed_on <= last.on for c in file.contests):
        return None, False
    return last.on + ONE_DAY, last.provisional


def rests_on_penalty(file: FactFile) -> bool:
    """Whether a fact of art. 18(4) rests on a penalty: of market regulation, served, final or challenged."""
    record = file.record
    return (
        organ_of(record.authority) == "MSA"
        or record.served_on is not None
        or record.final_on is not None
        or bool(file.contests)
    )
