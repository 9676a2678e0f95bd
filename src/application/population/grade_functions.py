"""The grade of a subject as a function of both times: of the day asked about, and of what was known when.

A function is a set of boxes [valid_from, valid_to) × [known_from, known_to) that do not overlap, with one value each;
where there is none the subject was not on record, or no edition of the regime that grades its kind was. The instants
at which a box may begin are those at which an event of the file, of its staff or of the law became known; the days are
the turning days of the assessment. So a grade that changes by the mere passing of time is in it beforehand.

Events with the same instant become known together.
"""

import datetime as dt
import operator
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Generic, Protocol, TypeVar, cast

from application.answering.results import staff_among
from application.law.legislation import KnownLaw
from application.population.filters import RegisteredAs, registered_on
from application.population.ports import Box, RunningGrade, SearchKeys, SubjectGrades, Verdict
from application.ports import AnyEvent, Recorded
from application.wording import in_words
from domain.aggregates.casefile import CaseEvent, CaseFile, evolve, fold_on
from domain.aggregates.facts import FactFile
from domain.errors import CaseError
from domain.events.event import Event
from domain.events.joining import FilesJoined
from domain.events.registration import EmploymentRecorded
from domain.grading.course import GradeCourse, has_course
from domain.grading.method import assess, turning_days
from domain.grading.staff import StaffFact
from domain.grading.step import Assessment, DayGrade
from domain.grading.turning import reckoned_days, turning_days_of
from domain.law.edition import Counting, Deduction
from domain.law.regime import RegimeLaw
from domain.sentence import sentence
from domain.time import Instant
from domain.vocabulary import SubjectKind

FOREVER: Final[Instant] = 2**62
"""The end of a box that nothing has ended yet."""

OPEN_START: Final = dt.date.min
OPEN_END: Final = dt.date.max
_ONE_DAY: Final = dt.timedelta(days=1)
_SOME_DAY: Final = dt.date(2000, 1, 1)

V = TypeVar("V")


class CannotAssess(CaseError):
    """A file stops the index: an event of it cannot be read, or what follows from it cannot be computed.

    ``position`` is that of the last event that was taken in.
    """

    def __init__(self, stream: str, position: int, reason: str) -> None:
        super().__init__(
            "index_stopped",
            sentence(
                "population.grade_functions.index_of_grades_stopped", stream=stream, position=position, reason=reason
            ),
        )
        self.stream = stream
        self.position = position
        self.reason = reason


class Laws(Protocol):
    """What holds for everybody over the time in which it became known: the law, and the rankings of cohorts."""

    @property
    def instants(self) -> Sequence[Instant]:
        """The instants at which any of it changes, in order."""
        ...

    @property
    def regimes(self) -> Sequence[str]:
        """Every regime with an edition on record."""
        ...

    def at(self, regime: str, known_at: Instant) -> KnownLaw | None:
        """The law of a regime as known at an instant; ``None`` while no edition of it was."""
        ...

    def ranked_at(self, known: KnownLaw, known_at: Instant) -> int:
        """The position of the last record about the regime's rankings at an instant; 0 where nobody is ranked."""
        ...

    def place(self, case: CaseFile, known: KnownLaw, known_at: Instant) -> None:
        """Put the subject's places in the rankings known at an instant on its file."""
        ...


# --- boxes ----------------------------------------------------------------------------------------------------


class Layer(Generic[V]):
    """A function in the making: what holds now is open, what no longer holds has been closed."""

    def __init__(self, boxes: Iterable[Box[V]] = (), since: Instant = -1) -> None:
        """With ``boxes`` it goes on from what they hold at the instant ``since``; what came later is forgotten."""
        self._closed: list[Box[V]] = []
        # By the first day. A box that nothing changes stays the very same.
        self._open: list[Box[V]] = []
        for box in boxes:
            if box.known_from > since:
                continue
            if box.known_to <= since:
                self._closed.append(box)
            else:
                self._open.append(box if box.known_to == FOREVER else box._replace(known_to=FOREVER))
        self._open.sort(key=_FIRST_DAY)

    def spans(self) -> list[tuple[dt.date, V]]:
        """What holds now, by the first day of each span."""
        return [(box.valid_from, box.value) for box in self._open]

    def put(self, at: Instant, spans: Sequence[tuple[dt.date, V]], from_on: dt.date = OPEN_START) -> None:
        """From the instant ``at`` on ``spans`` hold, in order, each from its day to the day of the next, and what holds
        now of the days before ``from_on``; the first of the spans begins on that day, where there are any."""
        kept = bisect_left(self._open, from_on, key=_FIRST_DAY)
        if kept:
            # Its end may move, and what follows may be of the same value.
            kept -= 1
            last = self._open[kept]
            if kept + 1 == len(self._open) and all(value == last.value for _, value in spans):
                return
            spans = [(last.valid_from, last.value), *spans]
        before, now = self._open[kept:], _with_ends(spans)
        del self._open[kept:]
        number = 0
        for span in now:
            # Both are in order: what held already stands where it stood.
            while number < len(before) and before[number][_VALID] < span[0]:
                self._close(before[number], at)
                number += 1
            if number < len(before) and before[number][_VALID:] == span:
                self._open.append(before[number])
                number += 1
            else:
                self._open.append(Box(at, FOREVER, *span))
        for box in before[number:]:
            self._close(box, at)

    def boxes(self) -> tuple[Box[V], ...]:
        """All boxes, in order of the time from which they were known; of those that it went on from the very same ones
        where nothing has changed."""
        return tuple(sorted([*self._closed, *self._open], key=_KNOWN_AND_VALID))

    def _close(self, box: Box[V], at: Instant) -> None:
        if box.known_from < at:
            self._closed.append(Box(box.known_from, at, *box[_VALID:]))


_VALID: Final = 2
"""Where the days of a box begin, and its value after them."""

_FIRST_DAY: Final = operator.itemgetter(_VALID)
_KNOWN_AND_VALID: Final = operator.itemgetter(0, _VALID)


def _with_ends(spans: Sequence[tuple[dt.date, V]]) -> list[tuple[dt.date, dt.date, V]]:
    """The spans with their ends, neighbours of equal value made one."""
    found: list[tuple[dt.date, dt.date, V]] = []
    ends = OPEN_END
    for number in range(len(spans) - 1, -1, -1):
        begins, value = spans[number]
        if not number or spans[number - 1][1] != value:
            found.append((begins, ends, value))
            ends = begins
    found.reverse()
    return found


def value_at(boxes: Iterable[Box[V]], known_at: Instant, as_of: dt.date) -> V | None:
    """The value at a point, ``None`` where no box is."""
    for box in boxes:
        if box.known_from <= known_at < box.known_to and box.valid_from <= as_of < box.valid_to:
            return box.value
    return None


def cut(held: SubjectGrades, since: Instant) -> SubjectGrades:
    """What is held of a subject up to and including the instant ``since``, and nothing after it."""

    def upto(boxes: Iterable[Box[V]]) -> tuple[Box[V], ...]:
        return tuple(b._replace(known_to=min(b.known_to, since + 1)) for b in boxes if b.known_from <= since)

    return held._replace(
        graded={regime: upto(boxes) for regime, boxes in held.graded.items()},
        found={regime: upto(boxes) for regime, boxes in held.found.items()},
        registered=upto(held.registered),
    )


def name_key(name: str) -> bytes:
    """What names are ordered by: common Chinese ones by pinyin, as ``convert_to(name, 'GBK')`` has them.

    GB 18030 is GBK with room for the characters that GBK lacks.
    """
    return name.encode("gb18030")


# --- one subject ------------------------------------------------------------------------------------------------


def grades_of(
    subject: str,
    stream: Sequence[Recorded],
    staff: Mapping[str, Sequence[Recorded]],
    laws: Laws,
    held: SubjectGrades | None = None,
    since: Instant = -1,
) -> SubjectGrades | None:
    """What the index holds of a subject, from its events and those of the persons it employs or employed.

    ``held`` is what was there before; nothing up to the instant ``since`` is computed again. ``None`` for a stream
    that opens no file. Raises ``CannotAssess``.
    """
    if not stream:
        return None
    unrolling = _Unrolling(subject, laws, held, since)
    unrolling.go_to(since, stream, staff)
    for at, own, others in _instants(stream, staff, laws, since):
        unrolling.go(at, own, others)
    return unrolling.result()


def persons_in(stream: Sequence[Recorded]) -> Iterator[str]:
    """Everybody whose employment is recorded in a stream, or on a file that was ever joined to it."""
    return employed_by(recorded.event for recorded in stream)


def employed_by(events: Iterable[AnyEvent]) -> Iterator[str]:
    """The same of the events alone."""
    for event in events:
        if isinstance(event, EmploymentRecorded):
            yield event.practitioner
        elif isinstance(event, FilesJoined):
            yield from (c.event.practitioner for c in event.carried if isinstance(c.event, EmploymentRecorded))


def _instants(
    stream: Sequence[Recorded], staff: Mapping[str, Sequence[Recorded]], laws: Laws, since: Instant
) -> Iterator[tuple[Instant, list[Recorded], list[Recorded]]]:
    """Every instant after ``since`` at which something becomes known, with the events of the file and of its staff."""
    own: dict[Instant, list[Recorded]] = {}
    others: dict[Instant, list[Recorded]] = {}
    for recorded in stream:
        if recorded.recorded_at > since:
            own.setdefault(recorded.recorded_at, []).append(recorded)
    for rows in staff.values():
        for recorded in rows:
            if recorded.recorded_at > since:
                others.setdefault(recorded.recorded_at, []).append(recorded)
    of_law = laws.instants
    for at in sorted({*own, *others, *of_law[bisect_right(of_law, since) :]}):
        yield at, own.get(at, []), others.get(at, [])


_Staff = tuple[tuple[StaffFact, ...], ...]
"""The facts of an agency's staff, as the law of each of its editions has them; empty where none has any."""


class _Regime:
    """One regime's function in the making."""

    def __init__(self, regime: str, held: SubjectGrades | None, since: Instant) -> None:
        self.regime = regime
        self.graded: Layer[RunningGrade] = Layer(() if held is None else held.graded.get(regime, ()), since)
        self.found: Layer[SearchKeys] = Layer(() if held is None else held.found.get(regime, ()), since)
        self.known: KnownLaw | None = None
        self.course: GradeCourse | None = None
        """The grades as the facts bring them, where they follow from these alone; made when the whole is computed, or
        of what is gone on from when a fact of the regime moves."""
        self.is_course_due = False
        """Whether what is gone on from may have a course that is not made yet."""
        self.staff: _Staff = ()
        self.ranked = 0
        self.from_on: dt.date | None = None
        """The first day that what has become known may touch; ``None`` when it touches none."""


class _Unrolling:
    """A file unrolled along the time in which its events became known."""

    def __init__(self, subject: str, laws: Laws, held: SubjectGrades | None, since: Instant) -> None:
        self._laws = laws
        self._since = since
        self._case = CaseFile(subject)
        self._persons: dict[str, CaseFile] = {}
        self._regimes = [_Regime(regime, held, since) for regime in laws.regimes]
        self._of = {regime.regime: regime for regime in self._regimes}
        self._law_instants = frozenset(laws.instants)
        self._registered: Layer[RegisteredAs] = Layer(() if held is None else held.registered, since)
        self._held_kind = None if held is None else held.kind
        self._kind: SubjectKind | None = None
        self._position = 0
        self._hired = False
        self._moved = False
        self._spoken_of: set[str | None] = set()
        """The regimes of which anything was ever said on the file."""
        self._is_resumed = since < 0

    def go_to(self, since: Instant, own: Sequence[Recorded], others: Mapping[str, Sequence[Recorded]]) -> None:
        """Let the files come to stand as they did at the instant after which the function is computed."""
        if self._is_resumed:
            return
        self._fold(self._case, own, since)
        # On one that goes on in another file nothing is left, not even of whom it is.
        self._kind = self._case.kind or (self._held_kind if self._case.joined_into is not None else None)
        for event in self._case.events:
            self._hear_of(event)
        for person, rows in others.items():
            self._persons[person] = file = CaseFile(person)
            self._fold(file, rows, since)
        self._position = max((r.position for r in own if r.recorded_at <= since), default=0)

    def _fold(self, case: CaseFile, rows: Sequence[Recorded], since: Instant) -> None:
        known = [row for row in rows if row.recorded_at <= since]
        try:
            fold_on(case, ((cast("CaseEvent", row.event), row.recorded_at) for row in known))
        except Exception as error:
            raise self._stopped(error, known[case.version - 1].position) from error

    def go(self, at: Instant, own: Sequence[Recorded], others: Sequence[Recorded]) -> None:
        """Let everything that became known at an instant change the function."""
        try:
            if not self._is_resumed:
                self._resume()
            for recorded in own:
                self._position = recorded.position
                self._evolve(cast("CaseEvent", recorded.event), at)
            for recorded in others:
                person = self._persons.setdefault(recorded.stream, CaseFile(recorded.stream))
                evolve(person, cast("CaseEvent", recorded.event), recorded.recorded_at)
            if self._case.kind is not None:
                self._put(at, staff_moved=bool(others))
            elif self._kind is not None:
                self._end(at)
            self._kind = self._case.kind or self._kind
        except CannotAssess:
            raise
        except Exception as error:
            position = max((r.position for r in (*own, *others)), default=self._position)
            raise self._stopped(error, position) from error

    def _stopped(self, error: Exception, position: int) -> CannotAssess:
        reason = in_words(error.says).en if isinstance(error, CaseError) else f"{type(error).__name__}: {error}"
        return CannotAssess(self._case.subject, position, reason)

    def result(self) -> SubjectGrades | None:
        """What the index is to hold."""
        if self._kind is None:
            return None
        return SubjectGrades(
            self._case.subject,
            self._kind,
            {r.regime: r.graded.boxes() for r in self._regimes},
            {r.regime: r.found.boxes() for r in self._regimes},
            self._registered.boxes(),
        )

    def _resume(self) -> None:
        """Everything as it stood when the last instant that need not be computed again was over."""
        self._is_resumed = True
        if self._case.kind is None:
            return
        for regime in self._regimes:
            regime.known = self._laws.at(regime.regime, self._since)
            regime.staff = self._staff(regime.known)
            if regime.known is None:
                continue
            regime.ranked = self._laws.ranked_at(regime.known, self._since)
            regime.is_course_due = grades_kind(regime.known, self._case.kind)

    def _hear_of(self, event: CaseEvent) -> None:
        """Note of which regime an event says anything; what is joined may say something of each."""
        if type(event) is FilesJoined:
            self._spoken_of.update(self._of)
        else:
            self._spoken_of.add(getattr(event, "regime", None))

    def _evolve(self, event: CaseEvent, at: Instant) -> None:
        self._hear_of(event)
        fact = _fact_of(self._case, event)
        if fact is None:
            evolve(self._case, event, at)
            self._touch_all(event)
            self._moved = True
            return
        # A fact is of one regime: no other one is touched, and it stays of that one.
        file = self._case.facts.get(fact)
        self._make_course(getattr(event, "regime", None) if file is None else file.record.regime)
        before = None if file is None else self._touched_by(file)
        evolve(self._case, event, at)
        file = self._case.facts.get(fact)
        regime = None if file is None else self._of.get(file.record.regime)
        if file is None or regime is None:
            return
        touched = self._touched_by(file) if regime.course is None else regime.course.put(file)
        regime.from_on = min((d for d in (regime.from_on, before, touched) if d is not None), default=None)

    def _make_course(self, of: str | None) -> None:
        """Make what is due of a regime's course, before a fact of it moves."""
        regime = self._of.get(of or "")
        if regime is not None and regime.is_course_due and regime.known is not None:
            regime.is_course_due = False
            regime.course = _course_of(self._case, regime.known.law)

    def _touch_all(self, event: CaseEvent) -> None:
        """What is not about one fact touches every day, of the regime it is said of or of all."""
        if isinstance(event, EmploymentRecorded):
            # Whether it matters is seen from the facts of the staff.
            self._hired = True
            return
        said_of = getattr(event, "regime", None)
        for regime in self._regimes:
            if said_of in (None, regime.regime):
                regime.from_on = OPEN_START

    def _touched_by(self, file: FactFile) -> dt.date | None:
        """The first day on which a fact may matter as the file stands; ``None`` when there is no such day, or when the
        course of the regime tells it."""
        regime = self._of.get(file.record.regime)
        if regime is None or regime.known is None or regime.course is not None:
            return None
        if not _is_plain(regime.known.law):
            return OPEN_START
        return min(turning_days_of(file, regime.known.law), default=None)

    def _put(self, at: Instant, *, staff_moved: bool) -> None:
        moved, self._moved = self._moved, False
        if moved:
            self._registered.put(at, _registered(self._case))
        if moved or staff_moved or at in self._law_instants:
            for regime in self._regimes:
                self._look_around(regime, at, is_staff=moved or staff_moved)
            self._hired = False
        for regime in self._regimes:
            if regime.from_on is not None:
                self._put_regime(regime, at)
                regime.from_on = None

    def _end(self, at: Instant) -> None:
        """From an instant on the file goes on in another one: nothing holds of it any more."""
        self._registered.put(at, [])
        for regime in self._regimes:
            regime.graded.put(at, [])
            regime.found.put(at, [])
            regime.from_on = None

    def _look_around(self, regime: _Regime, at: Instant, *, is_staff: bool) -> None:
        """See whether what a regime's grade hangs on beside the file is another now: the law, the rankings, the
        staff."""
        known, staff = self._laws.at(regime.regime, at), regime.staff
        if is_staff or known is not regime.known:
            staff = self._staff(known)
        ranked = 0 if known is None else self._laws.ranked_at(known, at)
        # Who is employed when matters by what is on record of the staff, and by nothing else.
        is_same = (staff, ranked) == (regime.staff, regime.ranked) and not (self._hired and any(staff))
        is_bare = regime.regime not in self._spoken_of
        if not is_same or not _is_alike(self._case, regime.known, known, is_bare=is_bare):
            regime.from_on = OPEN_START
        if regime.course is not None and known is not None:
            regime.course.law = known.law
        regime.known, regime.staff, regime.ranked = known, staff, ranked

    def _put_regime(self, regime: _Regime, at: Instant) -> None:
        known, from_on = regime.known, regime.from_on
        is_whole = from_on == OPEN_START
        regime.is_course_due = regime.is_course_due and not is_whole
        if known is None or from_on is None or (is_whole and not grades_kind(known, self._case.kind)):
            regime.graded.put(at, [])
            regime.found.put(at, [])
            regime.course = None
            return
        if is_whole:
            regime.course = _course_of(self._case, known.law)
        if regime.course is None:
            self._laws.place(self._case, known, at)
            spans = list(_spans(self._case, known, regime.staff, from_on))
        else:
            staff = regime.staff[0] if regime.staff else ()
            spans = [(day, _graded(found)) for day, found in regime.course.from_day(from_on, staff)]
        regime.graded.put(at, spans, from_on)
        (_, first), *more = self._registered.spans()
        if more:
            regime.found.put(at, _found(regime.graded.spans(), self._registered.spans()))
        else:
            regime.found.put(at, [(day, SearchKeys(grade.verdict, first)) for day, grade in spans], from_on)

    def _staff(self, known: KnownLaw | None) -> _Staff:
        if known is None or not self._case.employments:
            return ()
        of = known.law.regime
        if not any(file.record.regime == of for person in self._persons.values() for file in person.facts.values()):
            return ()
        persons = _Persons(self._persons)
        found = tuple(staff_among(persons, self._case, view, 0) for view in _views(known))
        return found if any(found) else ()


class _Persons:
    """The files of persons as far as they have been folded."""

    def __init__(self, files: Mapping[str, CaseFile]) -> None:
        self._files = files

    def position(self) -> int:
        """Nothing asks for it: the files stand at the instant that is being computed."""
        return 0

    def files(self, subjects: Sequence[str], until: int) -> Mapping[str, CaseFile]:
        """The files of those who have one by now."""
        del until
        return {s: self._files[s] for s in subjects if s in self._files and self._files[s].version}


def _spans(case: CaseFile, known: KnownLaw, staff: _Staff, from_on: dt.date) -> Iterator[tuple[dt.date, RunningGrade]]:
    """The grade from a day on, day by turning day."""
    law = known.law
    by_view = {id(view.law): facts for view, facts in zip(_views(known), staff, strict=False)}

    def on(day: dt.date) -> RunningGrade:
        return graded(assess(case, law, day, by_view.get(id(law.seen_on(day)), ())))

    days = sorted({day for facts in set(staff) or {()} for day in turning_days(case, law, facts)})
    if from_on == OPEN_START:
        yield OPEN_START, on(days[0] - _ONE_DAY if days else _SOME_DAY)
    else:
        yield from_on, on(from_on)
    for day in days:
        if day > from_on:
            yield day, on(day)


def _course_of(case: CaseFile, law: RegimeLaw) -> GradeCourse | None:
    """The grades as the facts bring them, where a fact changes no day before its first turning day."""
    return GradeCourse(case, law) if _is_plain(law) and has_course(case, law) else None


def _views(known: KnownLaw) -> list[KnownLaw]:
    """The law as it is seen before its first edition and while each of them applies."""
    law = known.law
    if len(law.adopted) == 1:
        return [known]
    return [KnownLaw(v, known.rulebooks, known.calendar_digest) for v in (law.seen_on(OPEN_START), *law.views())]


def grades_kind(known: KnownLaw, kind: SubjectKind | None) -> bool:
    """Whether some edition of a regime grades subjects of a kind: the others are none of its subjects."""
    return any(kind in adopted.edition.methods for adopted in known.rulebooks)


def graded(assessment: Assessment) -> RunningGrade:
    """What the index keeps of an assessment."""
    verdict = Verdict(assessment.grade, assessment.undetermined, assessment.risk, assessment.colour)
    return RunningGrade(verdict, assessment.score)


@lru_cache(maxsize=4096)
def _graded(found: DayGrade) -> RunningGrade:
    """What the index keeps of the grade of a day. Few different ones occur."""
    return RunningGrade(Verdict(found.grade, found.undetermined, None, None), found.score)


def _found(
    spans: Sequence[tuple[dt.date, RunningGrade]], registered: Sequence[tuple[dt.date, RegisteredAs]]
) -> list[tuple[dt.date, SearchKeys]]:
    """The grade together with what the list is ordered and narrowed by."""
    days = sorted({d for d, _ in spans} | {d for d, _ in registered})
    return [(day, SearchKeys(_last(spans, day).verdict, _last(registered, day))) for day in days]


def _last(spans: Sequence[tuple[dt.date, V]], day: dt.date) -> V:
    return next(value for begins, value in reversed(spans) if begins <= day)


def _registered(case: CaseFile) -> list[tuple[dt.date, RegisteredAs]]:
    """What a subject is registered with, from day to day."""
    days = [OPEN_START, *sorted({c.from_on for c in case.changes} - {OPEN_START})]
    return [(day, registered_on(case, day)) for day in days]


# --- what an event can touch ------------------------------------------------------------------------------------


def _fact_of(case: CaseFile, event: Event) -> str | None:
    """The one fact an event is about; ``None`` when it may be about more."""
    fact = getattr(event, "fact", None)
    if fact is None:
        warning = case.warnings.get(getattr(event, "warning", ""))
        fact = None if warning is None else warning.issued.fact
    return fact


def _is_alike(case: CaseFile, one: KnownLaw | None, other: KnownLaw | None, *, is_bare: bool) -> bool:
    """Whether two laws are sure to grade a file alike: most calendars that become known move none of its days, and none
    those of a file that is ``is_bare`` of the regime. There is nothing on it that a period could run from."""
    if one is other:
        return True
    if one is None or other is None or not (is_bare or _is_plain(other.law)):
        return False
    if [(a.digest, a.period) for a in one.rulebooks] != [(a.digest, a.period) for a in other.rulebooks]:
        return False
    return is_bare or reckoned_days(case, one.law) == reckoned_days(case, other.law)


def _is_plain(law: RegimeLaw) -> bool:
    """Whether a fact is without effect before its first turning day: not known of every method and reading."""
    methods = {type(m) for a in law.adopted for m in a.edition.methods.values()}
    return len(law.adopted) == 1 and methods <= {Deduction, Counting} and not law.choices.literal_chain
