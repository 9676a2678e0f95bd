"""Everything about one file at once: read in one look, so that all its parts rest on one basis.

Each part is the answer that its own question gives about the same basis.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from application.answering.grading import GradeAnswer, Grading, OpenedFile, Question, Read, edition_known
from application.answering.overview import RegimeLine, line_from, lines_of_regime
from application.answering.proceedings import Proceedings, ReadingProceedings
from application.answering.regime_choice import regimes_concerned, regimes_on_record
from application.answering.timeline import Timeline, Timelines
from application.cache import LastingLines
from application.deadlines.worklist import UNDONE, Worklist, WorklistPage, WorklistQuestion
from application.law.legislation import KnownLaw, Legislation
from application.ports import Person, Vault
from application.prose import Opened
from domain.aggregates.casefile import CaseFile
from domain.aggregates.warnings import WarningFile
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import Deadline, deadlines_of
from domain.time import Instant, legal_day
from domain.vocabulary import PERSONS

WarningState = Literal["open", "reported", "confirmed", "rejected", "withdrawn"]
"""How a warning stands: nothing was reported yet, it was, or it was decided on."""

MOST_DEADLINES: Final = 200
"""Most deadlines of a case page; the rest are a question of their own."""


class WarningLine(msgspec.Struct, frozen=True, kw_only=True):
    """A warning about a fact of the file, and how it stands on the day."""

    warning: str
    fact: str
    regime: str
    issued_on: dt.date
    due_on: dt.date
    requirements: str
    state: WarningState
    reported_on: dt.date | None
    decided_on: dt.date | None


class StaffLine(msgspec.Struct, frozen=True, kw_only=True):
    """Who works or worked for the agency, by name as far as there is one; ``current`` whether on the day."""

    employment: str
    practitioner: str
    name: str | None
    role: str | None
    from_on: dt.date
    until_on: dt.date | None
    current: bool


class CasePart(NamedTuple):
    """What a case page has of one regime."""

    grade: GradeAnswer
    proceedings: Proceedings


class CasePage(NamedTuple):
    """The parts of a case page before they are put into words; ``regimes`` are those of the profile, ``prose``
    opens the texts that are left sealed, ``persons`` are those whom the file names."""

    case: CaseFile
    as_of: dt.date
    known_at: Instant
    position: int
    parts: tuple[CasePart, ...]
    regimes: LastingLines[RegimeLine]
    timeline: Timeline
    deadlines: WorklistPage
    warnings: tuple[WarningLine, ...]
    staff: tuple[StaffLine, ...]
    prose: Opened
    persons: Mapping[str, Person | None]


class CasePages:
    """The use case of reading a whole case. Safe to share between threads."""

    def __init__(
        self,
        grading: Grading,
        proceedings: ReadingProceedings,
        timelines: Timelines,
        worklist: Worklist,
        vault: Vault,
        legislation: Legislation,
    ) -> None:
        self._grading = grading
        self._proceedings = proceedings
        self._timelines = timelines
        self._worklist = worklist
        self._vault = vault
        self._legislation = legislation

    def of(self, question: Question, *, lines: int) -> CasePage:
        """The page of a question, of its regime alone. ``lines`` of the timeline are told. Raises as
        ``Grading.explained`` does."""
        opened = self._grading.open_held(question, persons_of=_named_in)
        return self._page(question, opened, [*self._reads(question, opened, alone=True)], lines)

    def of_all(self, question: Question, named: Callable[[str | None], str], *, lines: int) -> CasePage:
        """The page of every regime under which anything is on record, behind that of the regime which the file and its
        place make clear; what the question names does not matter.

        ``named`` gives the regime where that is not clear (``None``), or raises. Raises as ``Grading.explained`` does.
        """
        opened = self._grading.open_held(
            question, with_staff=self._legislation.looks_at_any_staff(), persons_of=_named_in
        )
        if question.known_at is None:
            meant = self._grading.regime_of_file(opened.case, opened.snapshot.law_position)
        else:
            # What a question means is told by the file as it stands now, whenever it asks about.
            meant = self._grading.regime_of(question.subject)
        question = msgspec.structs.replace(question, regime=named(meant))
        return self._page(question, opened, [*self._reads(question, opened, alone=False)], lines)

    def again(self, token: str, lines: int) -> CasePage:
        """The page of the basis of an earlier grade answer, of its regime alone. Raises as ``Grading.repeat`` does."""
        question = self._grading.question_of(token)
        with edition_known(question):
            opened = self._grading.open_held(question, persons_of=_named_in)
            page = self._page(question, opened, [*self._reads(question, opened, alone=True)], lines)
        (part,) = page.parts
        return page._replace(parts=(part._replace(grade=self._grading.compared(part.grade, token)),))

    def _reads(self, question: Question, opened: OpenedFile, *, alone: bool) -> Iterator[Read]:
        yield self._grading.under(question.regime, question, opened)
        if not alone:
            known = self._legislation.regimes(opened.known_at, opened.snapshot.law_position)
            bare = msgspec.structs.replace(question, readings={})
            for regime in sorted({*known} & {*_on_record(opened)} - {question.regime}):
                yield self._grading.under(regime, bare, opened)

    def _page(self, question: Question, opened: OpenedFile, reads: Sequence[Read], lines: int) -> CasePage:
        case, snapshot = opened.case, opened.snapshot
        laws = self._legislation.every(
            known_at=opened.known_at, position=snapshot.position, law_position=snapshot.law_position
        )
        reckoned = _ReckonedOnce(opened, laws)
        prose = Opened(self._vault, lambda _: case.joined)
        named = _named_in(case) if opened.held is None else opened.held.told(_named_in, lambda: tuple(_named_in(case)))
        persons = self._vault.open(named, opened.records) if named else {}
        parts = tuple(self._part(question, read, opened, prose, reckoned) for read in reads)
        moment = question.known_at if question.known_at is not None and question.position is None else None
        return CasePage(
            case=case,
            as_of=opened.as_of,
            known_at=opened.known_at,
            position=opened.snapshot.position,
            parts=parts,
            regimes=self._regimes(question, opened, reads, parts, laws),
            timeline=self._timelines.of_file(
                case, opened.snapshot, opened.known_at, asked_at=moment, limit=lines, prose=prose, held=opened.held
            ),
            deadlines=self._worklist.of_file(
                case,
                WorklistQuestion(subject=case.subject, state=UNDONE, as_of=opened.as_of, limit=MOST_DEADLINES),
                legal_day(opened.known_at),
                opened.known_at,
                opened.snapshot.position,
                opened.snapshot.law_position,
                reckoned,
                reckoned.held,
            ),
            warnings=tuple(self._warnings(case, {r.known.law.regime for r in reads}, opened.as_of, prose)),
            staff=tuple(_staff(case, persons, opened.as_of)),
            prose=prose,
            persons=persons,
        )

    def _part(
        self, question: Question, read: Read, opened: OpenedFile, prose: Opened, reckoned: "_ReckonedOnce"
    ) -> CasePart:
        regime = read.known.law.regime
        readings = question.readings if regime == question.regime else {}
        own = msgspec.structs.replace(question, regime=regime, readings=readings)
        answer = self._grading.explained_from(own, read, opened)
        held = opened.held_under(read.known.law)
        return CasePart(grade=answer, proceedings=self._proceedings.of_read(read, answer, prose, reckoned, held))

    def _regimes(
        self,
        question: Question,
        opened: OpenedFile,
        reads: Sequence[Read],
        parts: Sequence[CasePart],
        laws: tuple[KnownLaw, ...],
    ) -> LastingLines[RegimeLine]:
        """The regimes of the profile, of a file that is held put together once."""
        position, known_at, held = opened.snapshot.law_position, opened.known_at, opened.held
        on_record = _on_record(opened)

        def shown() -> tuple[str, ...]:
            regions, region = self._legislation.regions(position), opened.case.region_on(opened.as_of)
            regimes = self._legislation.regimes(known_at, position)
            return tuple([r for r in regimes if r in on_record or region.startswith(regions.get(r, ()))])

        regimes = shown() if held is None else held.once(("shown", opened.as_of), laws, shown)
        told = tuple([read.known.law.regime for read in reads])

        def work() -> LastingLines[RegimeLine]:
            lines = [*self._lines(question, opened, regimes, on_record, reads, parts)]
            return LastingLines(sorted(lines, key=lambda line: not line.on_record))

        held = opened.held_under_each(laws, {*regimes, *told})
        if held is None or question.readings:
            return work()
        return held.once(("regimes", told, opened.as_of), laws, work)

    def _lines(
        self,
        question: Question,
        opened: OpenedFile,
        shown: Collection[str],
        on_record: Collection[str],
        reads: Sequence[Read],
        parts: Sequence[CasePart],
    ) -> Iterator[RegimeLine]:
        told = {
            read.known.law.regime: line_from(read, part.grade, on_record=read.known.law.regime in on_record)
            for read, part in zip(reads, parts, strict=True)
            if not question.readings
        }
        bare = msgspec.structs.replace(question, readings={})
        for regime in self._legislation.regimes(opened.known_at, opened.snapshot.law_position):
            if regime in told:
                yield told[regime]
            elif regime in shown:
                yield from _lines_of(opened, self._grading.under(regime, bare, opened))

    def _warnings(self, case: CaseFile, regimes: set[str], day: dt.date, prose: Opened) -> Iterator[WarningLine]:
        for id, file in case.warnings.items():
            fact = case.facts.get(file.issued.fact)
            if fact is None or file.retracted or file.issued.issued_on > day or fact.record.regime not in regimes:
                continue
            reports = [r.reported_on for r in file.reports if r.reported_on <= day]
            decided_on = _decided_on(file)
            yield WarningLine(
                warning=id,
                fact=fact.id,
                regime=fact.record.regime,
                issued_on=file.issued.issued_on,
                due_on=file.issued.due_on,
                requirements=prose.told(case.subject, file.issued.requirements),
                state=_state(file, day, is_reported=bool(reports)),
                reported_on=reports[-1] if reports else None,
                decided_on=decided_on if decided_on is not None and decided_on <= day else None,
            )


class _ReckonedOnce:
    """The deadlines of a file under each law, reckoned when they are first asked for; nothing is looked for under a
    regime of which the file says nothing."""

    def __init__(self, opened: OpenedFile, laws: tuple[KnownLaw, ...]) -> None:
        case, held = opened.case, opened.held
        self._regimes = (
            regimes_concerned(case) if held is None else held.told("concerned", lambda: regimes_concerned(case))
        )
        self._opened = opened
        self.held = opened.held_under_each(laws, self._regimes)
        """What is held of the file, where no deadline of it hangs on anything else."""
        self._found: dict[int, tuple[RegimeLaw, Sequence[Deadline]]] = {}

    def __call__(self, case: CaseFile, law: RegimeLaw) -> Sequence[Deadline]:
        if law.regime not in self._regimes:
            return ()
        found = self._found.get(id(law))
        if found is None:
            held = self._opened.held_under(law)
            deadlines = (
                deadlines_of(case, law)
                if held is None
                else held.once(("deadlines", id(law)), law, lambda: deadlines_of(case, law))
            )
            found = self._found[id(law)] = law, deadlines
        return found[1]


def _on_record(opened: OpenedFile) -> Collection[str]:
    """The regimes under which anything is on record."""
    case, held = opened.case, opened.held
    return regimes_on_record(case) if held is None else held.told("on record", lambda: regimes_on_record(case))


def _lines_of(opened: OpenedFile, read: Read) -> Sequence[RegimeLine]:
    """The line of a regime that is not asked about, worked out once for a file that is held."""
    law, held = read.known.law, opened.held_under(read.known.law)
    if held is None:
        return tuple(lines_of_regime(read))
    return held.once(("line", law.regime, read.as_of), law, lambda: tuple(lines_of_regime(read)))


def _named_in(case: CaseFile) -> set[str]:
    """The persons whom a file names: a person's own, who represents an organisation, and who is employed."""
    found = {e.practitioner for e in case.employments.values()}
    if case.kind in PERSONS:
        found.add(case.subject)
    for event in (case.registration, *case.changes):
        representative = getattr(event, "legal_representative", None)
        if representative is not None:
            found.add(representative)
    return found


def _staff(case: CaseFile, persons: Mapping[str, Person | None], day: dt.date) -> Iterator[StaffLine]:
    for found in sorted(case.employments.values(), key=lambda e: (e.from_on, e.practitioner)):
        person = persons.get(found.practitioner)
        yield StaffLine(
            employment=found.employment,
            practitioner=found.practitioner,
            name=None if person is None else person.name,
            role=found.role,
            from_on=found.from_on,
            until_on=found.until_on,
            current=found.from_on <= day and (found.until_on is None or day <= found.until_on),
        )


def _decided_on(file: WarningFile) -> dt.date | None:
    if file.confirmed is not None:
        return file.confirmed.confirmed_on
    return None if file.rejected is None else file.rejected.decided_on


def _state(file: WarningFile, day: dt.date, *, is_reported: bool) -> WarningState:
    if file.withdrawn:
        return "withdrawn"
    decided_on = _decided_on(file)
    if decided_on is not None and decided_on <= day:
        return "confirmed" if file.confirmed is not None else "rejected"
    return "reported" if is_reported else "open"
