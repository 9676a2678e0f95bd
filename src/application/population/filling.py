"""Computing what the index of grades is to hold, apart from keeping it: nothing here writes, and any process may do it.

A batch of subjects is computed from the journal and the law up to a position, and from what is held of them already.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, get_args

from application.answering.case_files import is_subject, recorded_in
from application.answering.rankings import is_ranked, ranking_place
from application.damaged_files import Streams, streams_apart, whole_streams_apart
from application.law.legislation import KnownLaw, Legislation, known_from, legislation_of
from application.population.grade_functions import CannotAssess, Laws, grades_of, persons_in
from application.population.ports import SubjectGrades
from application.ports import JournalReader, Parked, Part, Recorded
from application.wording import in_words
from domain.aggregates.casefile import CaseFile
from domain.aggregates.cohort import stream_of
from domain.errors import CaseError, NotFound, Unreadable
from domain.events.lawbook import LAW_STREAM
from domain.time import Instant
from domain.vocabulary import SubjectKind

_NONE_HELD: Final[Mapping[str, SubjectGrades]] = MappingProxyType({})
_NONE_SINCE: Final[Mapping[str, Instant]] = MappingProxyType({})


class Computed(NamedTuple):
    """What the index is to hold of subjects, and those of whom it cannot be told."""

    grades: list[SubjectGrades]
    parked: list[Parked]


def grades_of_all(
    journal: JournalReader,
    legislation: Legislation,
    subjects: Sequence[str],
    upto: int,
    held: Mapping[str, SubjectGrades] = _NONE_HELD,
    since: Mapping[str, Instant] = _NONE_SINCE,
    laws: Laws | None = None,
) -> Computed:
    """What the index is to hold of subjects by the events up to a position; streams that open no file are left out.

    Of those in ``held`` nothing up to the instant that ``since`` has for them is computed again. ``laws`` spares
    reading the law again for every batch. Raises ``CannotAssess`` where the law itself is in the way.
    """
    laws = LawsUpTo(journal, legislation, upto) if laws is None else laws
    streams = streams_apart(journal, subjects, upto)
    return _computed(journal, upto, streams, laws, held, since)


class Filling(NamedTuple):
    """One part of the subjects that an index is filled with, by the events up to a position."""

    within: Part
    upto: int


class Filled(NamedTuple):
    """All subjects of a part in order, what the index is to hold of those whose stream opens a file, and those of whom
    it cannot be told."""

    within: Part
    subjects: Sequence[str]
    grades: Sequence[SubjectGrades]
    parked: Sequence[Parked] = ()


def fill_part(reader: JournalReader, asked: Filling) -> Filled:
    """What the index is to hold of everybody in one part: a task. Raises ``CannotAssess``."""
    upto = asked.upto
    laws = LawsUpTo(reader, legislation_of(reader), upto)
    streams = Streams({}, {})
    for found in whole_streams_apart(reader, until=upto, categories=get_args(SubjectKind), within=asked.within):
        if isinstance(found, Unreadable):
            streams.unreadable[found.stream] = found
        else:
            streams.rows[found.stream] = recorded_in(found)
    subjects = sorted({*streams.rows, *streams.unreadable})
    return Filled(asked.within, subjects, *_computed(reader, upto, streams, laws, _NONE_HELD, _NONE_SINCE))


def _computed(
    reader: JournalReader,
    upto: int,
    streams: Streams,
    laws: Laws,
    held: Mapping[str, SubjectGrades],
    since: Mapping[str, Instant],
) -> Computed:
    employed = {subject: tuple(dict.fromkeys(persons_in(rows))) for subject, rows in streams.rows.items()}
    staff = streams_apart(reader, sorted({person for persons in employed.values() for person in persons}), upto)
    found = Computed([], [_parked(subject, error) for subject, error in streams.unreadable.items()])
    for subject, rows in streams.rows.items():
        persons = employed[subject]
        broken = next((staff.unreadable[p] for p in persons if p in staff.unreadable), None)
        if broken is not None:
            found.parked.append(_parked(subject, broken))
            continue
        before = held.get(subject)
        instant = -1 if before is None else since[subject]
        try:
            of_staff = {p: staff.rows[p] for p in persons if p in staff.rows}
            grades = grades_of(subject, rows, of_staff, laws, before, instant)
        except CannotAssess as error:
            if not is_subject(error.stream):
                raise
            parked = Parked(subject=subject, stream=error.stream, position=error.position, reason=error.reason)
            found.parked.append(parked)
            continue
        if grades is not None:
            found.grades.append(grades)
    return found


def _parked(subject: str, error: Unreadable) -> Parked:
    return Parked(subject=subject, stream=error.stream, position=error.position, reason=in_words(error.says).en)


def read_with_staff(
    journal: JournalReader, subjects: Sequence[str], upto: int
) -> tuple[Mapping[str, Sequence[Recorded]], Mapping[str, Sequence[Recorded]]]:
    """The events of subjects, and those of everybody they employ or employed."""
    streams = journal.streams(subjects, until=upto)
    return streams, _staff_of(journal, streams, upto)


def _staff_of(
    journal: JournalReader, streams: Mapping[str, Sequence[Recorded]], upto: int
) -> Mapping[str, Sequence[Recorded]]:
    persons = sorted({p for rows in streams.values() for p in persons_in(rows)})
    return journal.streams(persons, until=upto) if persons else {}


def staff_in(rows: Sequence[Recorded], staff: Mapping[str, Sequence[Recorded]]) -> dict[str, Sequence[Recorded]]:
    """The events of everybody whose employment is recorded in a stream, out of those of many."""
    return {p: staff[p] for p in dict.fromkeys(persons_in(rows)) if p in staff}


class LawsUpTo:
    """The law, and the rankings of cohorts, as they became known by the events up to a position."""

    def __init__(self, journal: JournalReader, legislation: Legislation, upto: int) -> None:
        self._journal = journal
        self._legislation = legislation
        self._upto = upto
        self._moments = legislation.moments(until=upto)
        self._known: dict[tuple[str, int], KnownLaw | None] = {}
        self.regimes: Sequence[str] = legislation.regimes()
        streams = {regime: journal.stream(stream_of(regime), until=upto) for regime in self.regimes}
        self._ranked = {regime: [(r.recorded_at, r.position) for r in rows] for regime, rows in streams.items()}
        ranked = {at for rows in self._ranked.values() for at, _ in rows}
        self.instants: Sequence[Instant] = sorted({*self._moments, *ranked})

    def at(self, regime: str, known_at: Instant) -> KnownLaw | None:
        """The law of a regime as known at an instant. Raises ``CannotAssess`` where it is unclear."""
        # Nothing changes between two of the moments.
        key = (regime, bisect_right(self._moments, known_at))
        if key not in self._known:
            self._known[key] = self._read(regime, known_at)
        return self._known[key]

    def _read(self, regime: str, known_at: Instant) -> KnownLaw | None:
        legislation, upto = self._legislation, self._upto
        try:
            return legislation.at(regime, known_at=known_at, position=upto, law_position=0)
        except NotFound:
            return None
        except CaseError as error:
            known = [r.position for r in legislation.known() if r.position <= upto and known_from(r) <= known_at]
            raise CannotAssess(LAW_STREAM, max(known, default=0), in_words(error.says).en) from error

    def ranked_at(self, known: KnownLaw, known_at: Instant) -> int:
        """The position of the last record about the regime's rankings at an instant; 0 where nobody is ranked."""
        rows = self._ranked[known.law.regime]
        if not rows or not is_ranked(known.law):
            return 0
        number = bisect_right(rows, (known_at, self._upto))
        return rows[number - 1][1] if number else 0

    def place(self, case: CaseFile, known: KnownLaw, known_at: Instant) -> None:
        """Put the subject's places in the rankings known at an instant on its file."""
        ranking_place(case, known.law, self._journal, self.ranked_at(known, known_at))
