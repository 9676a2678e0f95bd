"""Results with receipts: computed for a decision, and computed again from what the receipt says it rested on."""

import copy
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from application.answering.case_files import case_file
from application.answering.rankings import ranking_place
from application.law.legislation import KnownLaw, Legislation
from application.ports import JournalReader, Recorded, Snapshot
from domain.aggregates.casefile import CaseFile, evolve
from domain.events.repairs import RepairConfirmed
from domain.events.results import Receipt, Result
from domain.grading.holdings import holdings_of
from domain.grading.method import assess, assess_year
from domain.grading.staff import StaffFact, staff_facts
from domain.grading.step import Assessment
from domain.time import Instant, legal_day


class Others(Protocol):
    """What a result is computed from beside the subject's own file: the files of other subjects up to a position."""

    def position(self) -> int:
        """The last position of the journal that is looked at."""
        ...

    def files(self, subjects: Sequence[str], until: int) -> Mapping[str, CaseFile]:
        """Their files with the events up to a position; a subject without any is absent."""
        ...


class FromJournal:
    """The files of others as the journal holds them at the moment."""

    __slots__ = ("_journal",)

    def __init__(self, journal: JournalReader) -> None:
        self._journal = journal

    def position(self) -> int:
        """The end of the journal now."""
        return self._journal.head().position

    def files(self, subjects: Sequence[str], until: int) -> Mapping[str, CaseFile]:
        """Their files, read in one go."""
        return {s: case_file(s, found) for s, found in self._journal.streams(subjects, until=until).items()}


class OnceRead(FromJournal):
    """The same, each file read once and kept in ``found``: for questions about one position."""

    __slots__ = ("_found",)

    def __init__(self, journal: JournalReader, found: dict[str, CaseFile]) -> None:
        super().__init__(journal)
        self._found = found

    def files(self, subjects: Sequence[str], until: int) -> Mapping[str, CaseFile]:
        """Their files; those that were read already are not read again."""
        missing = [subject for subject in subjects if subject not in self._found]
        if missing:
            self._found.update(super().files(missing, until))
        return self._found


class FromSnapshot:
    """The files of others as they were read with the file itself: those whom its events concern, up to its basis."""

    __slots__ = ("_folded", "_snapshot", "_staff")

    def __init__(self, snapshot: Snapshot, staff: Mapping[str, Sequence[Recorded]]) -> None:
        self._snapshot = snapshot
        self._staff = staff
        self._folded: dict[str, CaseFile] = {}

    def position(self) -> int:
        """The basis."""
        return self._snapshot.position

    def at(self, snapshot: Snapshot) -> "FromSnapshot":
        """The same files at another basis, up to which nothing was added to them."""
        found = FromSnapshot(snapshot, self._staff)
        found._folded = self._folded
        return found

    def files(self, subjects: Sequence[str], until: int) -> Mapping[str, CaseFile]:
        """Their files, each folded once."""
        del until
        for subject in subjects:
            if subject not in self._folded and subject in self._staff:
                self._folded[subject] = case_file(subject, self._staff[subject])
        return self._folded


class Results:
    """Computes the results that decisions carry."""

    def __init__(
        self,
        journal: JournalReader,
        legislation: Legislation,
        engine: str,
        readings: Mapping[str, str] | None = None,
        *,
        others: Others | None = None,
    ) -> None:
        """``engine`` names the code; ``readings`` are the answers chosen where they differ from the edition's own;
        ``others`` gives the files of employees, by default as the journal holds them at each result."""
        self._journal = journal
        self._others: Others = FromJournal(journal) if others is None else others
        self._legislation = legislation
        self._engine = engine
        self._readings = dict(readings or {})

    def law(self, regime: str, known_at: Instant) -> KnownLaw:
        """The law of a regime as it is known now and seen today, under the chosen readings."""
        events = self._legislation.known()
        position = events[-1].position if events else 0
        return self._legislation.at(
            regime, known_at=known_at, position=position, law_position=position, readings=self._readings
        ).seen_on(legal_day(known_at))

    def of_year(self, case: CaseFile, regime: str, year: int, on: dt.date, known_at: Instant) -> Result:
        """The result of an evaluation year as a step of ``on`` gives it."""
        known, staff, position = self._read(case, regime, known_at)
        return self._result(case, known, assess_year(case, known.law, year, on, staff), position, known_at)

    def revised(self, case: CaseFile, regime: str, year: int, confirmed: RepairConfirmed, known_at: Instant) -> Result:
        """The result of a year once a repair is confirmed (art. 28(2)); the confirmation is the last event used."""
        after = copy.deepcopy(case)
        evolve(after, confirmed, 0)
        # What a publication held is reckoned with; a revision is published before that, or not at all.
        revised = self.of_year(after, regime, year, confirmed.confirmed_on, known_at)
        return msgspec.structs.replace(revised, holdings=None)

    def of_day(self, case: CaseFile, regime: str, on: dt.date, known_at: Instant) -> Result:
        """The running track on a day, for an adjustment (art. 34)."""
        known, staff, position = self._read(case, regime, known_at)
        return self._result(case, known, assess(case, known.law, on, staff), position, known_at)

    def staff(self, case: CaseFile, known: KnownLaw, position: int) -> tuple[StaffFact, ...]:
        """The facts of the persons an agency employs, when there are enough of them to matter."""
        return staff_among(self._others, case, known, position)

    def _read(self, case: CaseFile, regime: str, known_at: Instant) -> tuple[KnownLaw, tuple[StaffFact, ...], int]:
        known = self.law(regime, known_at)
        position = self._others.position()
        ranking_place(case, known.law, self._journal, position)
        return known, self.staff(case, known, position), position

    def _result(
        self, case: CaseFile, known: KnownLaw, assessment: Assessment, position: int, known_at: Instant
    ) -> Result:
        return result_of(
            assessment,
            Receipt(
                version=case.version,
                position=position,
                known_at=known_at,
                rulebooks=tuple((a.edition.id, a.digest) for a in known.rulebooks),
                calendar_digest=known.calendar_digest,
                engine=self._engine,
                digest=digest_of(assessment),
                readings=self._readings,
            ),
        )


def staff_of(journal: JournalReader, case: CaseFile, known: KnownLaw, position: int) -> tuple[StaffFact, ...]:
    """The facts of the persons an agency employs up to a position; none when too few are employed to matter."""
    return staff_among(FromJournal(journal), case, known, position)


def staff_among(others: Others, case: CaseFile, known: KnownLaw, position: int) -> tuple[StaffFact, ...]:
    """The same from files that are read otherwise."""
    files = staff_files(others, case, known, position)
    return tuple(fact for file in files for fact in staff_facts(file, known.law))


def staff_files(others: Others, case: CaseFile, known: KnownLaw, position: int) -> tuple[CaseFile, ...]:
    """The files of the persons an agency employs up to a position; none when too few are employed to matter."""
    needed = min((a.edition.staff.persons for a in known.law.adopted if a.edition.staff), default=None)
    if needed is None or len(case.employments) < needed:
        return ()
    persons = sorted({e.practitioner for e in case.employments.values()})
    if len(persons) < needed:
        return ()
    files = others.files(persons, position)
    return tuple(files[p] for p in persons if p in files)


def result_of(assessment: Assessment, receipt: Receipt) -> Result:
    """The result an assessment gives, with its receipt."""
    return Result(
        score=assessment.score,
        grade=assessment.grade,
        deducted=assessment.deducted,
        undetermined=assessment.undetermined,
        risk=assessment.risk,
        colour=assessment.colour,
        counted=counted_facts(assessment),
        held=tuple(s.fact for s in assessment.steps if s.reason == "in_baseline" and s.fact is not None),
        receipt=receipt,
        holdings=holdings_of(assessment),
    )


def counted_facts(assessment: Assessment) -> tuple[str, ...]:
    """The facts that counted, those behind derived steps of the subject's own file among them."""
    return tuple(dict.fromkeys(s.fact for s in assessment.steps if s.counted and s.fact is not None))


def digest_of(assessment: Assessment) -> str:
    """The SHA-256 (hex) of a result and its steps, without the instants of recording."""
    steps: Sequence[object] = [msgspec.structs.replace(step, recorded_at=0) for step in assessment.steps]
    body = (assessment.score, assessment.grade, assessment.undetermined, assessment.deducted, steps)
    return hashlib.sha256(msgspec.json.encode(body)).hexdigest()
