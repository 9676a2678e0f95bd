"""Files that are double: a unified social credit code stands for several of one kind, so each keeps part of the facts.

Journals from before a code belonged to one file may hold such. Persons cannot be double: the vault keeps one person for
an ID number. What is told is how the files stand now, for whoever has to clear them up.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from application.answering.case_files import case_file
from application.answering.grading import SubjectRef
from application.answering.regime_choice import regimes_on_record
from application.cursors import bad_cursor, opened, sealed
from application.ports import FILES_OF_A_NUMBER, Clock, DoubleNumber, DoublePlace, Journal
from domain.aggregates.casefile import CaseFile
from domain.places import is_within
from domain.sentence import sentence
from domain.time import legal_day
from domain.values import folded
from domain.vocabulary import SubjectKind

MOST_FILES: Final = 1000
"""Most files that one page looks at; the next page goes on from there."""


class PublishedGrade(msgspec.Struct, frozen=True, kw_only=True):
    """A standing published result: of which regime and year, from which day, and the grade, where there is one."""

    regime: str
    year: int
    dated_on: dt.date
    grade: str | None
    record: str


class DoubleFile(msgspec.Struct, frozen=True, kw_only=True):
    """One of the files of a number: how the subject is registered today, how many events there are, the regimes under
    which anything is on record, and every published result."""

    subject: SubjectRef
    region: str
    events: int
    regimes: tuple[str, ...]
    published: tuple[PublishedGrade, ...]


class DisputedYear(msgspec.Struct, frozen=True, kw_only=True):
    """A regime and a year of which several files have published results whose grades differ."""

    regime: str
    year: int


class DoubleFiles(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one number, in the order of their ids. ``others`` counts those that are not told: out of the region,
    or too many. ``disputed`` says of which years the published grades of those that are told differ."""

    kind: SubjectKind
    uscc: str
    files: tuple[DoubleFile, ...]
    others: int
    disputed: tuple[DisputedYear, ...]


class DoublesPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of double numbers, in the order of kinds and numbers; ``next`` is the cursor of the following page.

    Each page shows how the files stand when it is read, at ``position``. It may hold fewer than were asked for.
    """

    doubles: tuple[DoubleFiles, ...]
    as_of: dt.date
    position: int
    next: str | None


class DoublesCursor(msgspec.Struct, frozen=True, array_like=True):
    """Where the list goes on: after which number, for which region."""

    after: DoublePlace
    asked: str


class Doubles:
    """The use case of finding what is on record twice. Safe to share between threads."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def page(self, *, region: str | None = None, limit: int = 50, cursor: str | None = None) -> DoublesPage:
        """A page of the numbers of which at least one file is registered in ``region`` (``None``: anywhere).

        Raises ``Invalid`` for a cursor of another list.
        """
        asked = hashlib.sha256((region or "").encode()).hexdigest()[:16]
        start = None if cursor is None else opened(cursor, DoublesCursor)
        if start is not None and start.asked != asked:
            raise bad_cursor("other_question", sentence("errors.cursor.other_question"))
        today, position = legal_day(self._clock.now()), self._journal.head().position
        after = None if start is None else start.after
        found: list[DoubleFiles] = []
        looked_at, more = 0, True
        while more and len(found) < limit and looked_at < MOST_FILES:
            # As many numbers as may stand on the page and no more files than it may look at.
            size = max(1, min(limit - len(found), (MOST_FILES - looked_at) // FILES_OF_A_NUMBER))
            numbers = self._journal.double_numbers(after=after, limit=size + 1)
            more, numbers = len(numbers) > size, numbers[:size]
            found += self._told(numbers, region, today, position)
            looked_at += sum(len(number.subjects) for number in numbers)
            after = (numbers[-1].kind, numbers[-1].number) if numbers else after
        rest = sealed(DoublesCursor(after, asked)) if more and after is not None else None
        return DoublesPage(doubles=tuple(found), as_of=today, position=position, next=rest)

    def _told(
        self, numbers: Sequence[DoubleNumber], region: str | None, today: dt.date, position: int
    ) -> Iterator[DoubleFiles]:
        """The numbers with a file in the region, each with its files there."""
        streams = self._journal.streams([s for number in numbers for s in number.subjects], until=position)
        for number in numbers:
            cases = [case_file(s, streams[s]) for s in number.subjects if s in streams]
            here = [c for c in cases if region is None or is_within(c.region_on(today), region)]
            if here:
                files = tuple(_file(case, today) for case in here)
                yield DoubleFiles(
                    kind=number.kind,
                    uscc=_as_written(here[0], number.number),
                    files=files,
                    others=number.files - len(files),
                    disputed=_disputed(files),
                )


def _file(case: CaseFile, today: dt.date) -> DoubleFile:
    published = (f.event for f in case.stages.values() if not f.retracted and f.event.stage == "publication")
    return DoubleFile(
        subject=SubjectRef(id=case.subject, kind=case.graded_as, name=case.name_on(today)),
        region=case.region_on(today),
        events=case.version,
        regimes=tuple(sorted(regimes_on_record(case))),
        published=tuple(
            PublishedGrade(
                regime=event.regime,
                year=event.year,
                dated_on=event.dated_on,
                grade=None if event.result is None else event.result.grade,
                record=event.record,
            )
            for event in sorted(published, key=lambda e: (e.regime, e.year, e.dated_on))
        ),
    )


def _as_written(case: CaseFile, number: str) -> str:
    """The number as the file has it."""
    written = (getattr(event, "uscc", None) for event in (case.registration, *case.changes))
    return next((text for text in written if text is not None and folded(text) == number), number)


def _disputed(files: Sequence[DoubleFile]) -> tuple[DisputedYear, ...]:
    """The regimes and years of which the last published grades of the files differ."""
    grades: dict[tuple[str, int], set[str | None]] = {}
    for file in files:
        for of, grade in {(p.regime, p.year): p.grade for p in file.published}.items():
            grades.setdefault(of, set()).add(grade)
    return tuple(DisputedYear(regime=regime, year=year) for (regime, year), g in sorted(grades.items()) if len(g) > 1)
