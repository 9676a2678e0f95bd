"""Regrading everybody as of one day: one ordered pass over the practitioners, one over the agencies.

Memory does not grow with the journal, but for the table of staff: the facts of practitioners, which the
three-staff row of their employers needs.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from application.answering.case_files import case_file_of
from application.answering.rankings import ranking_place
from application.law.legislation import Legislation
from application.ports import Journal, StreamCategory
from domain.aggregates.casefile import CaseFile
from domain.grading.method import assess
from domain.grading.staff import StaffFact, staff_facts
from domain.grading.step import Assessment
from domain.time import Instant


class Regraded(NamedTuple):
    """One subject with its assessment and the number of events it rests on."""

    subject: str
    kind: StreamCategory
    assessment: Assessment
    events: int


def regrade(
    journal: Journal,
    legislation: Legislation,
    regime: str,
    as_of: dt.date,
    known_at: Instant,
    *,
    readings: Mapping[str, str] | None = None,
) -> Iterator[Regraded]:
    """Every subject's running track at the end of ``as_of``, as known at ``known_at``, with all its steps.

    A file that goes on in another one is left out. Practitioners come first, then experts and clients, then agencies,
    each in order of id. Raises ``NotFound`` when no edition was known.
    """
    position = journal.position_at(known_at)
    law = legislation.at(regime, known_at=known_at, position=position, readings=readings).law
    staff: dict[str, tuple[StaffFact, ...]] = {}
    for whole in journal.whole_streams(until=position, categories=("practitioner",)):
        case = case_file_of(whole)
        facts = staff_facts(case, law)
        if facts:
            staff[whole.stream] = facts
        yield Regraded(whole.stream, "practitioner", assess(case, law, as_of), case.version)
    for whole in journal.whole_streams(until=position, categories=("expert", "client")):
        case = case_file_of(whole)
        if case.joined_into is not None:
            continue
        yield Regraded(whole.stream, case.kind or "expert", assess(case, law, as_of), case.version)
    for whole in journal.whole_streams(until=position, categories=("agency",)):
        case = case_file_of(whole)
        if case.joined_into is not None:
            continue
        ranking_place(case, law, journal, position)
        yield Regraded(whole.stream, "agency", assess(case, law, as_of, staff_in_part(case, staff)), case.version)


def staff_in_part(case: CaseFile, staff: Mapping[str, tuple[StaffFact, ...]]) -> tuple[StaffFact, ...]:
    """The facts of everybody ever employed by the agency."""
    persons = sorted({practitioner for practitioner, _ in case.employments})
    return tuple(fact for person in persons for fact in staff.get(person, ()))
