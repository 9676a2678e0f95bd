"""A file at hand for many questions: graded under one law after another, on any day, with the staff of its subject."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from application.answering.case_files import case_file
from application.answering.rankings import is_ranked, ranking_place
from application.answering.results import staff_among
from application.law.legislation import KnownLaw
from application.ports import JournalReader, Recorded
from application.rehearsal.drafts import Drafted
from application.rehearsal.rehearsal import Graded
from domain.aggregates.casefile import CaseFile
from domain.events.results import Result
from domain.grading.course import GradeCourse, has_course
from domain.grading.method import assess, assess_year, turning_days
from domain.grading.staff import StaffFact
from domain.grading.step import Assessment
from domain.law.regime import RegimeLaw
from domain.time import legal_day

NOT_GRADED = Graded(score=None, grade=None)
"""The answer where there is no law of the regime at all."""


class Staff:
    """The files of persons as their events tell, up to any position."""

    def __init__(self, rows: Mapping[str, Sequence[Recorded]]) -> None:
        self._rows = rows
        self._whole = {person: case_file(person, found) for person, found in rows.items()}

    def __bool__(self) -> bool:
        """Whether anybody has a file."""
        return bool(self._rows)

    def position(self) -> int:
        """The last position there is; nothing later was read."""
        return max((rows[-1].position for rows in self._rows.values() if rows), default=0)

    def files(self, subjects: Sequence[str], until: int) -> Mapping[str, CaseFile]:
        """The files of those who had one at a position."""
        found = {}
        for subject in subjects:
            rows = self._rows.get(subject)
            if rows and rows[-1].position <= until:
                found[subject] = self._whole[subject]
            elif rows and rows[0].position <= until:
                found[subject] = case_file(subject, [r for r in rows if r.position <= until])
        return found


class FileAtHand:
    """One subject's file as it was known at a position, and those of the persons it employs or employed."""

    def __init__(self, case: CaseFile, staff: Staff, position: int, *, is_thorough: bool = False) -> None:
        """A thorough look assesses every day that is asked about, also where the facts alone tell the grade."""
        self.case = case
        self._is_thorough = is_thorough
        self._staff = staff
        self._position = position
        self._facts: dict[int, tuple[RegimeLaw, tuple[StaffFact, ...]]] = {}
        self._courses: dict[int, tuple[RegimeLaw, GradeCourse | None]] = {}
        persons = sorted({e.practitioner for e in case.employments.values()}) if staff else []
        self.persons = tuple(staff.files(persons, position).values()) if persons else ()

    @property
    def opened_on(self) -> dt.date:
        """The day on which the subject was put on record."""
        return legal_day(self.case.opened_at)

    def put_in_place(self, drafted: Drafted, reader: JournalReader) -> None:
        """Put the subject's places in the rankings on its file, where it is ranked with or without the draft."""
        for law in (drafted.law, drafted.with_provisions()):
            if law is not None and is_ranked(law):
                ranking_place(self.case, law, reader, self._position)

    def on(self, law: RegimeLaw | None, day: dt.date) -> Assessment | None:
        """The running track on a day; ``None`` without a law."""
        return None if law is None else assess(self.case, law, day, self._staff_facts(law.seen_on(day)))

    def graded(self, law: RegimeLaw | None, day: dt.date) -> Graded:
        """What of the running track on a day is compared, without the steps of an assessment where it goes without."""
        if law is None:
            return NOT_GRADED
        view = law.seen_on(day)
        course = None if self._is_thorough else self._course(view)
        if course is None:
            return graded_side(self.on(law, day))
        found = course.on(day, self._staff_facts(view))
        return Graded(score=found.score, grade=found.grade, undetermined=found.undetermined)

    def of_year(self, law: RegimeLaw, year: int, day: dt.date) -> Assessment:
        """The result of a year as a step of the day gives it."""
        return assess_year(self.case, law, year, day, self._staff_facts(law.seen_on(day)))

    def days(self, law: RegimeLaw | None) -> set[dt.date]:
        """Every day on which the running track may change under a law, and perhaps some more."""
        if law is None:
            return set()
        if not self.persons:
            return set(turning_days(self.case, law))
        views = [law.seen_on(dt.date.min), *law.views()]
        return {day for facts in {self._staff_facts(v) for v in views} for day in turning_days(self.case, law, facts)}

    def is_touched_by(self, drafted: Drafted) -> bool:
        """Whether anything the draft says otherwise can bear on the file."""
        case = self.case
        if drafted.bears_on(case.kind, with_staff=bool(self.persons)):
            return True
        regime = drafted.regime
        return any(code in drafted.rows for code in part_rows(case, regime)) or (
            bool(self.persons)
            and (
                bool(drafted.staff_rows & drafted.rows)
                or any(code in drafted.rows for person in self.persons for code in part_rows(person, regime))
            )
        )

    def rows(self, drafted: Drafted) -> set[str]:
        """Every row that something on the file, or on those of its staff, is or was recorded under."""
        found = {code for file in (self.case, *self.persons) for code in part_rows(file, drafted.regime)}
        return found | drafted.staff_rows if self.persons else found

    def _course(self, view: RegimeLaw) -> GradeCourse | None:
        """The grades of the file over all days on which the law is seen in this way, where its facts tell them."""
        found = self._courses.get(id(view))
        if found is None:
            course = GradeCourse(self.case, view) if has_course(self.case, view) else None
            # As below, the law is held with it.
            found = self._courses[id(view)] = (view, course)
        return found[1]

    def _staff_facts(self, view: RegimeLaw) -> tuple[StaffFact, ...]:
        if not self.persons:
            return ()
        found = self._facts.get(id(view))
        if found is None:
            facts = staff_among(self._staff, self.case, KnownLaw(view, (), ""), self._position)
            # The law is held with them: its identity is not given to another one meanwhile.
            found = self._facts[id(view)] = (view, facts)
        return found[1]


def part_rows(case: CaseFile, regime: str) -> Iterator[str]:
    """Every row that a fact of a regime is recorded under, those it was before a correction among them."""
    for file in case.facts.values():
        if file.record.regime == regime:
            if file.record.row is not None:
                yield file.record.row
            if file.corrections:
                yield from (row for row in (file.recorded.row, *(c.changes.row for c in file.corrections)) if row)


def graded_side(found: Assessment | Result | None) -> Graded:
    """What of an assessment, or of a result, is compared."""
    if found is None:
        return NOT_GRADED
    return Graded(
        score=found.score,
        grade=found.grade,
        undetermined=found.undetermined,
        risk=found.risk,
        colour=found.colour,
    )
