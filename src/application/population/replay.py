"""The plain way to the same function: every file folded anew for every instant, every day assessed.

It takes no shortcut that the index takes, and is what the index is compared with.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from application.answering.case_files import case_file
from application.answering.results import staff_among
from application.law.legislation import KnownLaw, legislation_of
from application.population.filling import LawsUpTo, read_with_staff, staff_in
from application.population.filters import RegisteredAs, registered_on
from application.population.grade_functions import FOREVER, Laws, graded, grades_kind, value_at
from application.population.ports import RunningGrade, SearchKeys, SubjectGrades
from application.ports import JournalReader, Recorded
from domain.aggregates.casefile import CaseFile
from domain.grading.method import assess, turning_days
from domain.law.regime import RegimeLaw
from domain.time import Instant, iso_utc

_ONE_DAY: Final = dt.timedelta(days=1)
_SOME_DAY: Final = dt.date(2000, 1, 1)


class IndexDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A point at which the index does not hold what a replay gives. Absent sides mean that there is no answer."""

    subject: str
    regime: str
    as_of: dt.date
    known_at: str
    held: str | None
    replayed: str | None


class Comparison(NamedTuple):
    """Subjects to be compared with what is held of them, by the events up to a position."""

    subjects: Sequence[str]
    upto: int
    held: Mapping[str, SubjectGrades]


class ReplayCompared(NamedTuple):
    """How many subjects were compared at how many points, and where they differ."""

    subjects: int
    points: int
    differences: Sequence[IndexDifference]


def compare_with_replay(reader: JournalReader, asked: Comparison) -> ReplayCompared:
    """Compare some subjects with what is held of them: a task."""
    laws = LawsUpTo(reader, legislation_of(reader), asked.upto)
    streams, staff = read_with_staff(reader, asked.subjects, asked.upto)
    points = 0
    differences: list[IndexDifference] = []
    for subject in asked.subjects:
        rows = streams.get(subject, [])
        number, found = differences_in(subject, rows, staff_in(rows, staff), laws, asked.held.get(subject))
        points += number
        differences += found
    return ReplayCompared(len(asked.subjects), points, differences)


class _Folded:
    """The files of an agency's staff as far as they were on record at an instant."""

    def __init__(self, staff: Mapping[str, Sequence[Recorded]], known_at: Instant) -> None:
        self._staff = staff
        self._known_at = known_at

    def position(self) -> int:
        """Nothing asks for it."""
        return 0

    def files(self, subjects: Sequence[str], until: int) -> Mapping[str, CaseFile]:
        """Folded anew each time."""
        del until
        known = {s: _upto(self._staff.get(s, ()), self._known_at) for s in subjects}
        return {s: case_file(s, rows) for s, rows in known.items() if rows}


def differences_in(
    subject: str,
    stream: Sequence[Recorded],
    staff: Mapping[str, Sequence[Recorded]],
    laws: Laws,
    held: SubjectGrades | None,
) -> tuple[int, list[IndexDifference]]:
    """How many points of a subject were compared, and those at which the index is wrong.

    The points are every instant at which something became known and the last before the next, on every turning day and
    the day before it.
    """
    instants = {r.recorded_at for rows in (stream, *staff.values()) for r in rows} | set(laws.instants)
    ordered = sorted(instants)
    points, found = 0, []
    for at, ends in zip(ordered, [*ordered[1:], FOREVER], strict=True):
        case = case_file(subject, _upto(stream, at))
        for regime in laws.regimes:
            known = laws.at(regime, at)
            if known is not None:
                laws.place(case, known, at)
            for day, replayed in _replayed(case, known, _Folded(staff, at)):
                for known_at in {at, ends - 1}:
                    points += 1
                    answer = held_at(held, regime, known_at, day)
                    if answer != replayed:
                        found.append(difference_at(subject, regime, day, known_at, answer, replayed))
    return points, found


HeldAnswer = tuple[RunningGrade, SearchKeys, RegisteredAs] | None
"""What is held at a point of a subject; ``None`` where nothing is."""


def _replayed(case: CaseFile, known: KnownLaw | None, staff: _Folded) -> Iterator[tuple[dt.date, HeldAnswer]]:
    if known is None or not grades_kind(known, case.kind):
        yield _SOME_DAY, None
        return
    turning = {c.from_on for c in case.changes}
    for view in known.law.views():
        persons = staff_among(staff, case, _seen(known, view), 0)
        turning |= {*turning_days(case, known.law, persons)}
    for day in sorted({_SOME_DAY, *turning, *(d - _ONE_DAY for d in turning)}):
        persons = staff_among(staff, case, known.seen_on(day), 0)
        answer = graded(assess(case, known.law, day, persons))
        place = registered_on(case, day)
        yield day, (answer, SearchKeys(answer.verdict, place), place)


def _seen(known: KnownLaw, view: RegimeLaw) -> KnownLaw:
    return KnownLaw(view, known.rulebooks, known.calendar_digest)


def held_at(held: SubjectGrades | None, regime: str, known_at: Instant, day: dt.date) -> HeldAnswer:
    """What is held of a subject under a regime, of a day as known at an instant."""
    if held is None:
        return None
    grade = value_at(held.graded.get(regime, ()), known_at, day)
    found = value_at(held.found.get(regime, ()), known_at, day)
    place = value_at(held.registered, known_at, day)
    return None if grade is None or found is None or place is None else (grade, found, place)


def difference_at(
    subject: str, regime: str, day: dt.date, known_at: Instant, held: HeldAnswer, replayed: HeldAnswer
) -> IndexDifference:
    """The point with both answers, as it is told."""
    return IndexDifference(
        subject=subject,
        regime=regime,
        as_of=day,
        known_at=iso_utc(min(known_at, _LAST_SHOWN)),
        held=None if held is None else msgspec.json.encode(held).decode(),
        replayed=None if replayed is None else msgspec.json.encode(replayed).decode(),
    )


_LAST_SHOWN: Final[Instant] = 253_402_300_799_000_000
"""The end of the year 9999: no date can be written beyond it."""


def _upto(rows: Sequence[Recorded], known_at: Instant) -> list[Recorded]:
    return [row for row in rows if row.recorded_at <= known_at]
