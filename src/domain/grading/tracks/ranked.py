"""What the register shows of an agency that is graded by rank, and since when (Ningbo arts. 8(3), 12-14).

A publication gives the grade of its year; a severe breach changes it on the day it is verified, and when it is over
there is none until the next publication; a refusal to grade is shown from the day it is made public.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Literal, NamedTuple

from domain.aggregates.casefile import CaseFile
from domain.events.filings import GradeRefused
from domain.grading.ranking import directs_on, newest_publications, ranked_result, refused_year
from domain.law.edition import Ranking
from domain.law.regime import RegimeLaw


class RankedSpan(NamedTuple):
    """What the register shows from ``since`` on, and the record that brought it."""

    since: dt.date
    grade: str | None
    record: str
    year: int
    status: Literal["published", "adjusted"]


def ranked_spans(case: CaseFile, law: RegimeLaw, method: Ranking, as_of: dt.date) -> list[RankedSpan]:
    """The spans of the register up to a day, in order, none after another with the same record and grade."""
    if case.kind != "agency" or not (case.stages or case.facts or case.entries):
        return []
    spans: list[RankedSpan] = []
    for day in sorted(_days(case, law, as_of)):
        span = _shown_on(case, law, method, day)
        if span is not None and (not spans or (spans[-1].grade, spans[-1].record) != (span.grade, span.record)):
            spans.append(span)
    return spans


def _days(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> set[dt.date]:
    days = {e.dated_on for e in newest_publications(case, law, as_of)}
    days |= {e.publicised_on for e in case.entries_of(GradeRefused, law.regime) if e.publicised_on is not None}
    for direct in directs_on(case, law, as_of):
        days |= {d for d in (direct.standing.effective_on, direct.standing.ends_on) if d is not None}
    return {day for day in days if day <= as_of}


def _shown_on(case: CaseFile, law: RegimeLaw, method: Ranking, day: dt.date) -> RankedSpan | None:
    published = newest_publications(case, law, day)
    last = published[-1] if published else None
    year = day.year - 1 if last is None else last.year
    directs = directs_on(case, law, day)
    in_force = [d for d in directs if d.standing.reason is None and d.standing.effective_on is not None]
    if in_force:
        first = min(in_force, key=lambda d: d.standing.effective_on or day)
        return RankedSpan(first.standing.effective_on or day, method.direct_grade, first.file.id, year, "adjusted")
    refused = next(_refusals(case, law, day), None)
    if refused is not None and refused.publicised_on is not None:
        of_year = refused_year(case, law, refused)
        return RankedSpan(refused.publicised_on, method.refused_grade, refused.record, of_year, "adjusted")
    since = None if last is None else last.dated_on
    over = [
        (d.standing.ends_on, d.file.id)
        for d in directs
        if d.was_in_force and d.standing.ends_on is not None and d.standing.ends_on <= day
        if since is None or d.standing.ends_on > since
    ]
    if over:
        ended_on, record = max(over)
        return RankedSpan(ended_on, method.revoked_grade, record, year, "adjusted")
    if last is None:
        return None
    _, grade, _ = ranked_result(case, law, last, method)
    return RankedSpan(last.dated_on, grade, last.record, last.year, "published")


def _refusals(case: CaseFile, law: RegimeLaw, day: dt.date) -> Iterator[GradeRefused]:
    """The refusals shown on a day, the latest first: until a later year is published."""
    for refusal in reversed(case.entries_of(GradeRefused, law.regime)):
        if refusal.publicised_on is None or refusal.publicised_on > day:
            continue
        year = refused_year(case, law, refusal)
        if not any(e.year > year for e in newest_publications(case, law, day)):
            yield refusal
