"""The lists of an evaluation year that a bureau puts on paper: whose proposed result is on show, whose result was
published, and what is passed on to those who act on it.

A list is what the files of a place say of one step of the year on a day, as known at a moment. It names agencies alone,
and only under a regime whose year has that step: nothing of a person is on it.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import msgspec

from application import time_budget
from application.answering.case_files import case_file
from application.answering.grading import Basis, basis_of
from application.answering.public_register import RedactedLine, RegisterOfDay, WithdrawnResult, on_show_until
from application.law.legislation import Legislation
from application.population.grade_functions import name_key
from application.population.population import Population, PopulationQuestion
from application.ports import Clock, Journal, Recorded
from application.year.rosters import lies_in, listing_of, place_of
from domain.aggregates.casefile import CaseFile
from domain.aggregates.years import current_round, published, step_of, steps_of
from domain.errors import FieldProblem, Invalid, Refused
from domain.events.evaluation import StageRecorded
from domain.law.edition import StageRule
from domain.law.regime import Force, RegimeLaw
from domain.sentence import sentence
from domain.time import Instant, legal_day
from domain.values import EARLIEST, LATEST

ListKind = Literal["publicity", "publication", "push"]
"""The step of the year by which a list is made: results proposed and on show, results published, results passed on."""

MOST_LISTED: Final = 5_000
"""Most agencies that are registered in the place of a list."""

_FILES: Final = 200


class ListQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which list of which year is asked for, of which place; ``as_of`` absent means today, ``known_at`` absent now."""

    kind: ListKind
    regime: str
    year: int
    region: str
    as_of: dt.date | None = None
    known_at: Instant | None = None


class ListedAgency(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a list: the agency as registered on the day, and the result of the step.

    ``given_on`` is the day of the step (``record``); a proposed result is on show until ``until_on``, that day
    included. What is passed on says too which grade the register shows on the day (``shown``, ``shown_since``) and
    which facts bear it (``lines``).
    """

    subject: str
    name: str
    uscc: str | None
    region: str
    services: tuple[str, ...]
    licences: tuple[str, ...]
    grade: str | None
    undetermined: str | None
    score: str | None
    given_on: dt.date
    record: str
    until_on: dt.date | None = None
    shown: str | None = None
    shown_since: dt.date | None = None
    lines: tuple[RedactedLine, ...] = ()


class WithdrawnAgency(msgspec.Struct, frozen=True, kw_only=True):
    """An agency whose published result of the year was taken back: whoever had it has to take it out."""

    subject: str
    name: str
    uscc: str | None
    region: str
    published_on: dt.date
    withdrawn_on: dt.date


class ListedMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from a grade of the list, by its first citation; ``executable`` where a provision allows it."""

    grade: str
    cites: tuple[str, ...]
    executable: bool


class YearList(msgspec.Struct, frozen=True, kw_only=True):
    """A list in order of places and names. ``cites`` is where the law has the step, ``grades`` counts the lines by
    grade; ``withdrawn`` and ``measures`` stand with what is passed on."""

    kind: ListKind
    regime: str
    year: int
    region: str
    basis: Basis
    force: Force
    cites: tuple[str, ...]
    grades: tuple[tuple[str | None, int], ...]
    agencies: tuple[ListedAgency, ...]
    withdrawn: tuple[WithdrawnAgency, ...] = ()
    measures: tuple[ListedMeasure, ...] = ()

    @property
    def digest(self) -> str:
        """The SHA-256 of what the list says, whatever the language and the format in which it is read."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


class YearLists:
    """The use case of lists of a year. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        legislation: Legislation,
        population: Population,
        engine: str,
    ) -> None:
        """``population`` counts who is registered in a place without reading their files. ``engine`` names the version
        of the code with its digest; it is part of every basis."""
        self._journal = journal
        self._clock = clock
        self._legislation = legislation
        self._population = population
        self._engine = engine

    def of(self, question: ListQuestion) -> YearList:
        """The list. Raises ``NotFound`` for the regime, ``Refused`` for one whose year has no such step for agencies,
        ``Invalid`` for a day that cannot be reckoned with and for a place of more than ``MOST_LISTED`` agencies, and
        ``NotReady`` while these cannot be counted."""
        if question.as_of is not None and not EARLIEST <= question.as_of <= LATEST:
            says = sentence("values.moment.out_of_range", first=EARLIEST, last=LATEST)
            raise Invalid((FieldProblem("/as_of", "out_of_range", says),))
        head = self._journal.head()
        now = max(self._clock.now(), head.recorded_at)
        # Nobody can know what will be recorded: a moment to come means now.
        known_at = now if question.known_at is None else min(question.known_at, now)
        position = head.position if known_at == now else self._journal.position_at(known_at)
        as_of = question.as_of or legal_day(now)
        known = self._legislation.at(question.regime, known_at=known_at, position=position)
        rule = _step_of(known.law, question)
        number = self._population.number(
            PopulationQuestion(
                kind="agency", regime=question.regime, region=question.region, as_of=as_of, known_at=question.known_at
            )
        )
        if number > MOST_LISTED:
            says = sentence("year_lists.too_many", number=number, most=MOST_LISTED)
            raise Invalid((FieldProblem("/region", "too_many", says),))
        register = RegisterOfDay(self._journal, known, known_at, position, as_of)
        lines = _Lines(question, known.law, as_of, register)
        for subject, rows in self._files(position):
            lines.add(subject, rows)
        agencies = sorted(lines.agencies, key=lambda line: (line.region, name_key(line.name), line.subject))
        counts = Counter(line.grade for line in agencies)
        return YearList(
            kind=question.kind,
            regime=question.regime,
            year=question.year,
            region=question.region,
            basis=basis_of(known, known.law.seen_on(as_of), as_of, known_at, position, self._engine),
            force=known.law.force_on(as_of),
            cites=rule.cites,
            grades=tuple(sorted(counts.items(), key=lambda found: (found[0] is None, found[0] or ""))),
            agencies=tuple(agencies),
            withdrawn=tuple(sorted(lines.withdrawn, key=lambda line: (line.region, name_key(line.name), line.subject))),
            measures=tuple(_measures(known.law, counts, as_of)) if question.kind == "push" else (),
        )

    def _files(self, position: int) -> Iterator[tuple[str, Sequence[Recorded]]]:
        """The events of every agency, in order of ids. Gives up when the time of a question is over."""
        after: str | None = None
        while rows := self._journal.subjects(kind="agency", after=after, limit=_FILES, until=position):
            files = self._journal.streams([row.subject for row in rows], until=position)
            for row in rows:
                time_budget.check_time()
                yield row.subject, files[row.subject]
            after = rows[-1].subject


class _Lines:
    """The lines of a list, agency by agency."""

    def __init__(self, question: ListQuestion, law: RegimeLaw, as_of: dt.date, register: RegisterOfDay) -> None:
        self._asked = question
        self._law = law
        self._as_of = as_of
        self._register = register
        self.agencies: list[ListedAgency] = []
        self.withdrawn: list[WithdrawnAgency] = []

    def add(self, subject: str, rows: Sequence[Recorded]) -> None:
        """List an agency that belongs to the place in the year and has taken the step."""
        asked, as_of = self._asked, self._as_of
        case = case_file(subject, rows)
        listing = listing_of(case, asked.regime, asked.year, as_of)
        place = place_of(case, listing, as_of)
        if case.kind != "agency" or not lies_in(place, asked.region):
            return
        if asked.kind == "publicity":
            step = step_of(current_round(steps_of(case, asked.regime, asked.year, as_of)), "publicity")
            event = None if step is None else step.event
        else:
            of_year = [f.event for f in published(case, asked.regime, as_of) if f.event.year == asked.year]
            event = of_year[-1] if of_year else None
        if event is not None:
            self.agencies.append(self._line(case, place, event, rows))
        elif asked.kind == "push":
            self._withdraw(case, place, rows)

    def _line(self, case: CaseFile, place: str, event: StageRecorded, rows: Sequence[Recorded]) -> ListedAgency:
        as_of, result = self._as_of, event.result
        line = ListedAgency(
            subject=case.subject,
            name=case.name_on(as_of) or "",
            uscc=case.uscc_on(as_of),
            region=place,
            services=tuple(sorted(case.services_on(as_of))),
            licences=case.licences_on(as_of),
            grade=None if result is None else result.grade,
            undetermined=None if result is None else result.undetermined,
            score=None if result is None else result.score,
            given_on=event.dated_on,
            record=event.record,
        )
        match self._asked.kind:
            case "publicity":
                # A proposed score is shown to the agency alone.
                return msgspec.structs.replace(line, until_on=on_show_until(self._law, event), score=None)
            case "publication":
                return line
            case "push":
                shown, lines = self._register.shown(case.subject, rows)
                return msgspec.structs.replace(
                    line,
                    shown=None if shown is None else shown.grade,
                    shown_since=None if shown is None else shown.since,
                    lines=lines,
                )

    def _withdraw(self, case: CaseFile, place: str, rows: Sequence[Recorded]) -> None:
        taken_back = [w for w in self._register.withdrawn(case.subject, rows) if w.year == self._asked.year]
        if taken_back:
            last: WithdrawnResult = taken_back[-1]
            self.withdrawn.append(
                WithdrawnAgency(
                    subject=case.subject,
                    name=case.name_on(self._as_of) or "",
                    uscc=case.uscc_on(self._as_of),
                    region=place,
                    published_on=last.published_on,
                    withdrawn_on=last.withdrawn_on,
                )
            )


def _step_of(law: RegimeLaw, question: ListQuestion) -> StageRule:
    """Where the law of the year has the step of a list, for agencies. Raises ``Refused``."""
    rule = law.stage_rule(question.kind, "agency", question.year)
    if rule is None:
        raise Refused("no_such_list", sentence(f"year_lists.no_such_list.{question.kind}"))
    return rule


def _measures(law: RegimeLaw, grades: Counter[str | None], as_of: dt.date) -> Iterator[ListedMeasure]:
    """What follows from the grades of a list."""
    for grade in sorted(grade for grade in grades if grade is not None):
        for measure in law.measures("agency", grade, as_of):
            if measure.kind in ("restraint", "incentive") and measure.risk is None:
                is_allowed = law.legal_basis(measure) is not None
                yield ListedMeasure(grade=grade, cites=measure.cites, executable=is_allowed)
