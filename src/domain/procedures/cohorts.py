"""The cohort of a year: who is ranked, by what order, and whom the sampling plan of a year takes (Ningbo arts. 8, 11,
17).

Rankings and draws stand in the cohort's own stream, ``cohort/<regime>``. What is decided here is decided on what the
files of all agencies say (``Member``); a draw is a function of its seed, so that anybody can draw again and compare.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from domain.aggregates.casefile import CaseFile
from domain.aggregates.cohort import SECOND_KEY, CohortEvent, CohortFile
from domain.errors import Conflict, NotFound, Refused
from domain.events.cohorts import Ranked, SampleDrawn
from domain.events.evaluation import RecordRetracted
from domain.events.filings import BusinessRecorded, Filed, GradeRefused
from domain.events.scores import ScoreRecorded
from domain.grading.ranking import directs_on, refused_year
from domain.law.edition import Ranking, only
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come
from domain.procedures.evaluation import RetractRecord
from domain.procedures.scores import DrawSample, RankCohort, year_over
from domain.sentence import sentence

CohortCommand = RankCohort | DrawSample | RetractRecord
"""What is asked of a cohort; ``retract_record`` takes back a ranking or a draw."""

COHORT_COMMANDS: Final = (RankCohort, DrawSample)


# --- who is ranked ------------------------------------------------------------------------------------------


class Member(NamedTuple):
    """What an agency's file says for the ranking of a year.

    ``filed_on`` is the day of filing, ``active`` whether it did business in the year (``None``: nothing on record, as
    where a score was given all the same), ``second`` the second key of its score. ``refused`` is not graded for the
    year; ``direct`` holds the direct grade on the day of ranking.
    """

    subject: str
    filed_on: dt.date | None
    active: bool | None
    score: Decimal | None
    second: Decimal | None
    refused: bool
    direct: bool


def member_of(case: CaseFile, law: RegimeLaw, year: int, on: dt.date) -> Member | None:
    """What the file of an agency says for the ranking of a year on a day; ``None`` for one that has nothing to do with
    the regime."""
    regime = law.regime
    own = [f.event for f in case.entries.values() if not f.retracted and f.event.regime == regime]
    if case.kind != "agency" or not own:
        return None
    filed: list[dt.date] = []
    active, score, refused = None, None, False
    for event in own:
        if isinstance(event, ScoreRecorded):
            score = event if event.year == year else score
        elif isinstance(event, BusinessRecorded):
            active = event.active if event.year == year else active
        elif isinstance(event, Filed) and event.filed_on <= on:
            filed.append(event.filed_on)
        elif isinstance(event, GradeRefused):
            refused = refused or (event.decided_on <= on and refused_year(case, law, event) == year)
    return Member(
        subject=case.subject,
        filed_on=min(filed, default=None),
        active=active,
        score=None if score is None else score.score,
        second=None if score is None else score.categories.get(SECOND_KEY),
        refused=refused,
        direct=any(d.standing.reason is None for d in directs_on(case, law, on)) if case.facts else False,
    )


def rank(members: Iterable[Member], *, record: str, regime: str, year: int, on: dt.date) -> Ranked:
    """The cohort in order, best first, equal ones in order of id; with everybody who is left out and why.

    Filing is looked at where the cohort keeps it: when nobody is on record as filed, a score speaks for it.
    """
    found = list(members)
    filing_kept = any(m.filed_on is not None for m in found)
    left_out: dict[str, str] = {}
    ranked: list[tuple[Decimal, str]] = []
    seconds: dict[str, Decimal] = {}
    first_year = []
    for m in found:
        reason = _left_out(m, filing_kept=filing_kept)
        if reason is not None:
            left_out[m.subject] = reason
        if m.score is None or reason not in (None, "direct_grade"):
            continue
        ranked.append((-m.score, m.subject))
        if m.second is not None:
            seconds[m.subject] = m.second
        if m.filed_on is not None and m.filed_on >= dt.date(year, 1, 1):
            first_year.append(m.subject)
    ranked.sort()
    return Ranked(
        record=record,
        regime=regime,
        year=year,
        dated_on=on,
        subjects=tuple([subject for _, subject in ranked]),
        scores=tuple([-score for score, _ in ranked]),
        seconds=seconds,
        left_out=left_out,
        first_year=tuple(first_year),
    )


def _left_out(member: Member, *, filing_kept: bool) -> str | None:
    """Why an agency is not ranked (Ningbo arts. 8, 12, N-07)."""
    if member.refused:
        return "ungraded_refused"
    if member.filed_on is None and (filing_kept or member.score is None):
        return "not_filed"
    if member.active is False:
        return "no_business"
    if member.score is None:
        return "no_score"
    return "direct_grade" if member.direct else None


# --- decisions ----------------------------------------------------------------------------------------------


def rank_cohort(
    file: CohortFile, request: RankCohort, members: Iterable[Member], law: RegimeLaw, today: dt.date
) -> Sequence[CohortEvent]:
    """Rank the cohort of a year; the same ranking again is no event (Ningbo arts. 8, 11).

    Raises ``Refused`` where the regime does not rank, before the year is over and when nobody is to be ranked,
    ``Conflict`` when the year is ranked otherwise, ``Invalid`` for a date ahead.
    """
    cites = _method_of(law, request.year).cites
    on = request.dated_on or today
    already_come((("/dated_on", on),), today)
    year_over(request.year, law, on)
    _id_free(file, request.id)
    event = rank(members, record=request.id or "", regime=request.regime, year=request.year, on=on)
    before = file.ranking_of(request.year)
    if before is not None:
        if _same(before, event) and request.id in (None, before.record):
            return ()
        raise Conflict(
            "cohort_ranked",
            sentence(
                "procedures.cohorts.cohort_ranked", year=request.year, dated_on=before.dated_on, record=before.record
            ),
            *cites,
        )
    if not event.subjects:
        raise Refused(
            "nobody_ranked",
            sentence("procedures.cohorts.nobody_ranked", year=request.year),
            *cites,
        )
    return (event,)


def draw_sample(
    file: CohortFile,
    request: DrawSample,
    holders: Mapping[str, Sequence[str]],
    law: RegimeLaw,
    today: dt.date,
) -> Sequence[CohortEvent]:
    """Draw whom the on-site inspections of a year take, from the ``holders`` of each grade (Ningbo art. 17).

    Raises ``Refused`` where the regime draws no sample and when nobody holds a grade, ``Conflict`` when the year was
    drawn otherwise, ``Invalid`` for a date ahead.
    """
    on = request.dated_on or today
    already_come((("/dated_on", on),), today)
    cites = law.grounds("sampling", on)
    if not cites:
        raise _no_cohort(law)
    _id_free(file, request.id)
    seed = str(request.seed)
    sorted_holders = {grade: tuple(sorted(held)) for grade, held in holders.items() if held}
    event = SampleDrawn(
        record=request.id or "",
        regime=request.regime,
        year=request.year,
        dated_on=on,
        seed=seed,
        holders=sorted_holders,
        drawn=drawn(sorted_holders, seed, law, on),
    )
    before = file.draw_of(request.year)
    if before is not None:
        if _same(before, event) and request.id in (None, before.record):
            return ()
        raise Conflict(
            "sample_drawn",
            sentence(
                "procedures.cohorts.sample_drawn", year=request.year, dated_on=before.dated_on, record=before.record
            ),
            *cites,
        )
    if not sorted_holders:
        raise Refused("nobody_graded", sentence("procedures.cohorts.nobody_graded"), *cites)
    return (event,)


def retract_record(file: CohortFile, request: RetractRecord) -> Sequence[CohortEvent]:
    """Take back a ranking or a draw recorded in error; twice is no event."""
    if request.record not in file.records:
        raise NotFound("record", request.record)
    if request.record in file.retracted:
        return ()
    return (RecordRetracted(record=request.record, reason=request.reason),)


def _method_of(law: RegimeLaw, year: int) -> Ranking:
    method = only(Ranking, law.method("agency", dt.date(year, 12, 31)))
    if method is None:
        raise _no_cohort(law)
    return method


def _no_cohort(law: RegimeLaw) -> Refused:
    return Refused(
        "no_cohort",
        sentence("procedures.cohorts.no_cohort", title=law.title),
    )


def _id_free(file: CohortFile, id: str | None) -> None:
    """Raise ``Conflict`` for the id of a record that was taken back: it stands for that record for ever."""
    if id is not None and id in file.retracted:
        raise Conflict("id_taken", sentence("procedures.cohorts.id_taken", id=id))


def _same(one: Ranked | SampleDrawn, other: Ranked | SampleDrawn) -> bool:
    return msgspec.structs.replace(one, record="") == msgspec.structs.replace(other, record="")


# --- the draw -----------------------------------------------------------------------------------------------


def drawn(holders: Mapping[str, Sequence[str]], seed: str, law: RegimeLaw, on: dt.date) -> dict[str, tuple[str, ...]]:
    """Whom a draw with this seed takes from the holders of each grade, in the order in which it takes them.

    The share of each grade is that of the edition; an upper limit is rounded down. It is a share of those who hold the
    grade, or of all who are graded under the other reading (N-05).
    """
    graded = sum(len(held) for held in holders.values())
    of_all = law.choices.chosen.get("N-05") == "all_graded"
    taken = {}
    for grade, held in holders.items():
        share = share_of(law, grade, on)
        number = len(held) if share >= 1 else min(len(held), int(share * (graded if of_all else len(held))))
        taken[grade] = tuple(sorted(held, key=lambda subject: lot(seed, subject))[:number])
    return taken


def lot(seed: str, subject: str) -> bytes:
    """The lot of a subject in a draw: SHA-256 over the seed, a zero byte and the id. The lowest lots are drawn."""
    return hashlib.sha256(f"{seed}\0{subject}".encode()).digest()


def share_of(law: RegimeLaw, grade: str, on: dt.date) -> Decimal:
    """The part of the holders of a grade that is inspected in a year; none where the edition has no such measure."""
    shares = [m.share for m in law.measures("agency", grade, on) if m.kind == "sampling" and m.share is not None]
    return max(shares, default=Decimal(0))


def sampled_grades(law: RegimeLaw, on: dt.date) -> frozenset[str]:
    """The grades whose holders the sampling plan speaks of."""
    adopted = law.on(on) or law.adopted[-1]
    return frozenset(m.grade for m in adopted.edition.measure if m.kind == "sampling")


def redrawn(event: SampleDrawn, law: RegimeLaw) -> dict[str, tuple[str, ...]]:
    """The draw carried out again with the seed and the holders on record, to be compared with what was drawn."""
    return drawn(event.holders, event.seed, law, event.dated_on)
