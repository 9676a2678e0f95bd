"""Trial files: a subject's file, its law and its staff with some of what tells two bases apart switched on.

What two sides have in common is always there. Each switch brings in what stands on the second side alone and takes out
what stands on the first side alone; with none of them applied a trial is the first side, with all of them the second.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence, Set
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple

from application import time_budget as patience
from application.answering.case_files import case_file
from application.answering.grading import Read, annual_of, public_of
from application.answering.rankings import is_ranked, ranking_place
from application.explaining.attribution import CityFigures, ComparedFigures, PublicFigures, YearFigures
from application.explaining.event_groups import Matter, Roots
from application.law.legislation import KnownLaw, Legislation
from application.ports import Journal, Recorded
from domain.aggregates.casefile import CaseFile
from domain.aggregates.cohort import stream_of
from domain.errors import Invalid
from domain.events.cohorts import Ranked
from domain.events.evaluation import RecordRetracted
from domain.events.lawbook import CalendarAdopted
from domain.grading.method import assess
from domain.grading.staff import StaffFact, staff_facts
from domain.grading.step import Assessment
from domain.law.regime import RegimeLaw
from domain.time import Instant


class HybridSide(NamedTuple):
    """One basis: the events of the file, of the law and of the staff's files that it knows, the rankings of everybody
    (``cohort``), and the readings chosen. ``joined`` are subjects whose files are among the events of the file."""

    rows: Sequence[Recorded]
    law: Sequence[Recorded]
    staff: Mapping[str, Sequence[Recorded]]
    readings: Mapping[str, str]
    as_of: dt.date
    known_at: Instant
    position: int
    cohort: Sequence[Recorded] = ()
    joined: Sequence[str] = ()


HybridAnswer = Callable[[Read], tuple[Assessment, ComparedFigures]]
"""What is asked of a trial: an assessment and the figures that are compared."""

SwitchKind = Literal["matter", "staff", "ranking", "rule_change", "calendar", "reading"]


class Switch(NamedTuple):
    """One thing in which the sides differ.

    ``name`` is the record a matter is about, the person, the regime that ranks, the year of a calendar or the id of a
    reading; ``before`` and ``after`` are the events that stand on one side alone, ``values`` the two answers of a
    reading.
    """

    kind: SwitchKind
    name: str
    before: tuple[Recorded, ...] = ()
    after: tuple[Recorded, ...] = ()
    values: tuple[str | None, str | None] = (None, None)
    matter: Matter | None = None


class Trial(NamedTuple):
    """A trial file made ready on a day, with its assessment."""

    read: Read
    assessment: Assessment
    figures: ComparedFigures


class Trials:
    """Every trial between two sides; each is computed once."""

    def __init__(
        self,
        subject: str,
        regime: str,
        legislation: Legislation,
        journal: Journal,
        first: HybridSide,
        second: HybridSide,
        answer: HybridAnswer | None = None,
    ) -> None:
        """``answer`` is what is asked of a trial; the three tracks of its day when nothing is said."""
        self._subject, self._regime, self._legislation = subject, regime, legislation
        self._journal = journal
        self._first, self._second = first, second
        self._answer = answer or tracks_of
        self.switches = tuple(_switches(first, second))
        self._found: dict[tuple[frozenset[int], dt.date], Trial] = {}
        self._laws: dict[frozenset[int], KnownLaw] = {}
        self._cases: dict[tuple[frozenset[int], bool], CaseFile] = {}
        self._of_staff: dict[tuple[str, bool, RegimeLaw], tuple[StaffFact, ...]] = {}
        self._rows = _common(first.rows, second.rows)

    def trial(self, applied: Set[int], day: dt.date) -> Trial:
        """The first side with exactly these switches applied, asked about ``day``."""
        patience.check_time()
        key = (frozenset(applied), day)
        found = self._found.get(key)
        if found is None:
            read = self._read(key[0], day)
            found = self._found[key] = Trial(read, *self._answer(read))
        return found

    def figures(self, applied: Set[int], day: dt.date) -> ComparedFigures:
        """The figures of a trial."""
        patience.check_time()
        return self.trial(applied, day).figures

    def _read(self, applied: frozenset[int], day: dt.date) -> Read:
        known = self._law(applied).seen_on(day)
        case = self._case(applied, known)
        side = self._second if len(applied) == len(self.switches) else self._first
        return Read(case, known, self._staff(case, known, applied), day, side.known_at, side.position)

    def _chosen(self, kinds: Sequence[str], applied: Set[int]) -> list[tuple[Switch, bool]]:
        return [(s, i in applied) for i, s in enumerate(self.switches) if s.kind in kinds]

    def _of_kinds(self, applied: frozenset[int], *kinds: str) -> frozenset[int]:
        return frozenset(i for i in applied if self.switches[i].kind in kinds)

    def _case(self, applied: frozenset[int], known: KnownLaw) -> CaseFile:
        key = self._of_kinds(applied, "matter", "ranking"), is_ranked(known.law)
        found = self._cases.get(key)
        if found is None:
            rows = _switched(self._rows, self._chosen(("matter",), applied))
            found = self._cases[key] = case_file(self._subject, rows)
            is_later = any(is_applied for _, is_applied in self._chosen(("ranking",), applied))
            side = self._second if is_later else self._first
            ranking_place(found, known.law, self._journal, side.position, side.joined)
        return found

    def _law(self, applied: frozenset[int]) -> KnownLaw:
        key = self._of_kinds(applied, "rule_change", "calendar", "reading")
        found = self._laws.get(key)
        if found is None:
            chosen = self._chosen(("rule_change", "calendar"), applied)
            events = _switched(_common(self._first.law, self._second.law), chosen)
            readings = dict(self._first.readings)
            for switch, is_applied in self._chosen(("reading",), applied):
                readings.pop(switch.name, None)
                value = switch.values[is_applied]
                if value is not None:
                    readings[switch.name] = value
            found = self._laws[key] = law_of(self._legislation, self._regime, events, readings)
        return found

    def _staff(self, case: CaseFile, known: KnownLaw, applied: Set[int]) -> tuple[StaffFact, ...]:
        second = {s.name for s, is_applied in self._chosen(("staff",), applied) if is_applied}
        facts: list[StaffFact] = []
        for person in sorted({e.practitioner for e in case.employments.values()}):
            facts += self._facts_of(person, person in second, known.law)
        return tuple(facts)

    def _facts_of(self, person: str, is_later: bool, law: RegimeLaw) -> tuple[StaffFact, ...]:
        """What the file of an employee gives as one of the sides knows it: the same in most trials."""
        key = (person, is_later, law)
        found = self._of_staff.get(key)
        if found is None:
            rows = (self._second if is_later else self._first).staff.get(person, ())
            found = self._of_staff[key] = staff_facts(case_file(person, rows), law) if rows else ()
        return found


def tracks_of(read: Read) -> tuple[Assessment, ComparedFigures]:
    """The assessment of a file on the day asked about, and the figures of its three tracks."""
    found = assess(read.case, read.known.law, read.as_of, read.staff)
    public = public_of(read)
    return found, ComparedFigures(
        **figures_of(found),
        annual=tuple(
            YearFigures(
                year=y.year, stage=y.stage, score=y.score, grade=y.grade, risk=y.risk or None, colour=y.colour or None
            )
            for y in annual_of(read)
        ),
        public=None
        if public is None
        else PublicFigures(
            grade=public.grade,
            since=public.since,
            year=public.year,
            risk=public.risk or None,
            colour=public.colour or None,
        ),
        cities=tuple(CityFigures(city=c.city, score=c.score, grade=c.grade) for c in found.cities),
    )


def figures_of(assessment: Assessment) -> dict[str, Any]:
    """The figures of an assessment by their names."""
    return {
        f: getattr(assessment, f) for f in ("force", "score", "grade", "risk", "colour", "undetermined", "deducted")
    }


def rankings_in(journal: Journal, regime: str, position: int) -> list[Recorded]:
    """What ranks everybody of a regime up to a position of the journal, and what takes that back."""
    rows = journal.stream(stream_of(regime), until=position)
    return [r for r in rows if isinstance(r.event, Ranked | RecordRetracted)]


def law_of(legislation: Legislation, regime: str, events: Sequence[Recorded], readings: Mapping[str, str]) -> KnownLaw:
    """The law that some events make under the readings that it knows; other readings it cannot be asked under."""
    try:
        return legislation.made_of(regime, tuple(events), readings)
    except Invalid as error:
        unknown = {p.pointer.removeprefix("/readings/") for p in error.problems}
        return legislation.made_of(regime, tuple(events), {k: v for k, v in readings.items() if k not in unknown})


# --- what the sides differ in -------------------------------------------------------------------------------------


def _common(first: Sequence[Recorded], second: Sequence[Recorded]) -> list[Recorded]:
    """What both sides have."""
    theirs = {r.position for r in second}
    return [r for r in first if r.position in theirs]


def _switched(common: Sequence[Recorded], chosen: Sequence[tuple[Switch, bool]]) -> list[Recorded]:
    """What both sides have, with what each switch brings in or leaves, in order of position."""
    rows = list(common)
    for switch, is_applied in chosen:
        rows += switch.after if is_applied else switch.before
    rows.sort(key=_POSITION)
    return rows


_POSITION: Final = attrgetter("position")


def _switches(first: HybridSide, second: HybridSide) -> list[Switch]:
    rows = {r.position: r for r in (*first.rows, *second.rows)}
    roots = Roots(rows[version] for version in sorted(rows))
    found = [Switch("matter", m.root, m.before, m.after, matter=m) for m in roots.matters(first.rows, second.rows)]
    for person in sorted({*first.staff, *second.staff}):
        before, after = _apart(first.staff.get(person, ()), second.staff.get(person, ()))
        if before or after:
            found.append(Switch("staff", person, before, after))
    before, after = _apart(first.cohort, second.cohort)
    if before or after:
        found.append(Switch("ranking", str(getattr((*before, *after)[0].event, "regime", "")), before, after))
    return [*found, *_switches_of_law(first, second)]


def _switches_of_law(first: HybridSide, second: HybridSide) -> list[Switch]:
    before, after = _apart(first.law, second.law)
    found = []
    for kind, name in dict.fromkeys(_law_key(r) for r in (*before, *after)):
        mine, theirs = (tuple(r for r in rows if _law_key(r) == (kind, name)) for rows in (before, after))
        found.append(Switch(kind, name, mine, theirs))
    for id in sorted({*first.readings, *second.readings}):
        values = (first.readings.get(id), second.readings.get(id))
        if values[0] != values[1]:
            found.append(Switch("reading", id, values=values))
    return found


def _law_key(recorded: Recorded) -> tuple[Literal["calendar", "rule_change"], str]:
    event = recorded.event
    if isinstance(event, CalendarAdopted):
        return "calendar", str(event.calendar.year)
    # Editions follow and replace each other: one of them alone may overlap with what it was to replace.
    return "rule_change", ""


def _apart(first: Sequence[Recorded], second: Sequence[Recorded]) -> tuple[tuple[Recorded, ...], tuple[Recorded, ...]]:
    """What stands in one of two lists alone."""
    mine, theirs = ({r.position for r in rows} for rows in (first, second))
    return tuple(r for r in first if r.position not in theirs), tuple(r for r in second if r.position not in mine)


def without(side: HybridSide, gone: Set[int]) -> HybridSide:
    """The side without the events of the file with these numbers."""
    return side._replace(rows=[r for r in side.rows if r.position not in gone])
