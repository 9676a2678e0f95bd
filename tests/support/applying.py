"""Applying the causes of a difference to the first answer, by hand: what comes out is to be the second."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from application.answering.case_files import case_file
from application.answering.grading import Read, known_at_from
from application.answering.rankings import ranking_place
from application.explaining.attribution import ComparedFigures
from application.explaining.differences import GradeDifference
from application.explaining.hybrid_files import law_of, tracks_of
from application.law.legislation import Legislation
from application.ports import Journal, Recorded
from domain.aggregates.cohort import COHORT_STREAMS
from domain.events.lawbook import LAW_STREAM, CalendarAdopted
from domain.events.registration import EmploymentRecorded
from domain.grading.staff import staff_facts


class Known(NamedTuple):
    """What one of the two answers knows."""

    law: Sequence[Recorded]
    own: Sequence[Recorded]
    staff: Mapping[str, Sequence[Recorded]]
    position: int


def applied(
    journal: Journal, legislation: Legislation, found: GradeDifference, readings: Mapping[str, str] | None = None
) -> ComparedFigures:
    """The first answer, of which ``readings`` were chosen, with every event and reading of the listed causes brought in
    or taken out, asked of the day of the second. What bears on neither answer is left out."""
    subject, regime = found.subject.id, found.regime
    first, second = (_known(journal, legislation, subject, side.basis) for side in (found.first, found.second))
    causes = {(e.stream, e.version) for c in found.causes for e in c.events}
    # What has no effect on the later day, on which causes are weighed, may have one on the earlier, and what was undone
    # has none together with what undid it: of those the second answer's knowledge holds.
    causes |= {(e.stream, e.version) for e in found.without_effect}
    own = _switched(first.own, second.own, causes)
    law = _switched(first.law, second.law, causes | _of_other_regimes(found, (*first.law, *second.law)))
    chosen = dict(readings or {})
    for cause in found.causes:
        if cause.values is not None:
            chosen.pop(cause.name, None)
            if cause.values[1] is not None:
                chosen[cause.name] = cause.values[1]
    day = found.second.basis.as_of
    known = law_of(legislation, regime, law, chosen).seen_on(day)
    case = case_file(subject, own)
    is_ranked_anew = any(stream.startswith(COHORT_STREAMS) for stream, _ in causes)
    position = (second if is_ranked_anew else first).position
    ranking_place(case, known.law, journal, position)
    employed = sorted({e.practitioner for e in case.employments.values()})
    files = {p: _switched(first.staff.get(p, ()), second.staff.get(p, ()), causes) for p in employed}
    staff = tuple(f for p, rows in files.items() if rows for f in staff_facts(case_file(p, rows), known.law))
    return tracks_of(Read(case, known, staff, day, known_at_from(found.first.basis.known_at), position))[1]


def _known(journal: Journal, legislation: Legislation, subject: str, basis: object) -> Known:
    position, known_at = basis.position, known_at_from(basis.known_at)  # type: ignore[attr-defined]
    persons = {r.event.practitioner for r in journal.stream(subject) if isinstance(r.event, EmploymentRecorded)}
    return Known(
        legislation.known_then(known_at=known_at, position=position),
        journal.stream(subject, until=position),
        journal.streams(sorted(persons), until=position),
        position,
    )


def _of_other_regimes(found: GradeDifference, law: Sequence[Recorded]) -> set[tuple[str, int]]:
    """A change of the rules is switched as a whole; what it says of regimes that do not matter is not listed."""
    if not any(c.code == "rule_change" and c.alone is not None for c in found.causes):
        return set()
    return {(LAW_STREAM, r.version) for r in law if not isinstance(r.event, CalendarAdopted)}


def _switched(first: Sequence[Recorded], second: Sequence[Recorded], causes: set[tuple[str, int]]) -> list[Recorded]:
    """The first list with what the causes bring in and without what they take out."""
    mine, theirs = {r.position for r in first}, {r.position for r in second}
    every = {r.position: r for r in (*first, *second)}
    return [
        row
        for position, row in sorted(every.items())
        if (position in mine) != ((row.stream, row.version) in causes and (position in mine) != (position in theirs))
    ]
