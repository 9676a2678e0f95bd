"""Why two answers differ: every cause with its events, weighed by assessing trial files, never by guessing.

The answers are brought to the later of their two days first: what changes by that alone is told day by day. On that day
every other cause is weighed by itself, applied alone to the first answer and taken alone from the second. What acts
only together is shown as such. Applying the causes listed to the first answer gives the second.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

import msgspec

from application.answering.grading import (
    Basis,
    Grading,
    OpenedFile,
    Question,
    Read,
    SubjectRef,
    Track,
    causes_between,
    other_journal,
    read_token,
)
from application.explaining.attribution import ComparedFigures, Interaction, Weighed, Weighing, points_between, weigh
from application.explaining.event_groups import CauseCode, Roots, happened_on
from application.explaining.hybrid_files import (
    HybridAnswer,
    HybridSide,
    Switch,
    Trial,
    Trials,
    rankings_in,
    tracks_of,
    without,
)
from application.law.legislation import Legislation
from application.population.grade_functions import persons_in
from application.ports import Journal, Recorded, known_by
from application.recording.outcomes import tag_of
from domain.aggregates.casefile import CaseFile
from domain.errors import CaseError, FieldProblem, Invalid, NotYetKnown
from domain.events.facts import FactRecorded
from domain.events.joining import FilesJoined
from domain.grading.tracks.annual import days_of_change
from domain.sentence import sentence
from domain.time import Instant, iso_utc, legal_day
from domain.vocabulary import plain

_TRACKS: Final[Mapping[Track, tuple[str, ...]]] = {
    "running": ("force", "score", "grade", "risk", "colour", "undetermined", "deducted", "cities"),
    "annual": ("annual",),
    "public": ("public",),
}


class EventRef(msgspec.Struct, frozen=True, kw_only=True):
    """An event behind a cause: where it stands, what it is, when it happened and when it was recorded.

    ``stream`` is the subject, an employee, the cohort that is ranked, or ``law``. ``delay_days`` are the days from
    happening to recording.
    """

    stream: str
    version: int
    position: int
    type: str
    happened_on: dt.date | None
    recorded_at: str
    delay_days: int | None
    title: str | None = None


class DifferenceCause(msgspec.Struct, frozen=True, kw_only=True):
    """One cause of a difference, under its ``number``.

    ``added`` tells whether it stands on the second side alone (else on the first). ``on`` is the day it took
    effect, ``delay_days`` how late it was recorded, in days, where that day had come before the first answer's.
    ``facts`` are the facts it is about, ``name`` the record, person, regime that ranks, year of a calendar or
    reading; ``values`` the two answers of a reading. ``tracks`` are those it bears on. ``share`` is what it brings
    about in points, whatever else is applied; ``None`` where that depends on other causes (see the interactions) or
    there are no points. ``alone`` are the figures of the first answer with this cause only, ``without`` those of
    the second without it; both are absent for what passes with time, of which ``share`` and the figures on both
    sides of the day say everything.
    """

    number: int
    code: CauseCode
    added: bool
    on: dt.date | None
    delay_days: int | None
    name: str
    facts: tuple[str, ...]
    rows: tuple[str, ...]
    events: tuple[EventRef, ...]
    tracks: tuple[Track, ...]
    share: str | None
    values: tuple[str | None, str | None] | None = None
    alone: ComparedFigures | None = None
    without: ComparedFigures | None = None
    because: str | None = None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One of two answers: what it rests on, and its figures."""

    basis: Basis
    figures: ComparedFigures


class GradeDifference(msgspec.Struct, frozen=True, kw_only=True):
    """Why two answers about one subject differ.

    ``weighed_on`` is the later of their days, on which the causes are weighed; ``carried`` are the figures of the
    answer of the earlier day, brought to it. ``without_effect`` are events that stand on one side alone and change
    nothing.
    """

    subject: SubjectRef
    regime: str
    first: Compared
    second: Compared
    same: bool
    weighed_on: dt.date
    carried: ComparedFigures
    causes: tuple[DifferenceCause, ...]
    interactions: tuple[Interaction, ...]
    without_effect: tuple[EventRef, ...]


class Basing(msgspec.Struct, frozen=True, kw_only=True):
    """How one of the two answers is named: by the token of a basis, or by day, moment and readings."""

    token: str | None = None
    as_of: dt.date | None = None
    known_at: Instant | None = None
    position: int | None = None
    readings: Mapping[str, str] = {}


class _Met(NamedTuple):
    """One of the two answers as it was read: its question, its side, and the engine that gave it if it was another."""

    question: Question
    side: HybridSide
    engine: str | None


class Differing:
    """The use case of comparing two answers. Safe to share between threads; it only reads."""

    def __init__(
        self,
        journal: Journal,
        legislation: Legislation,
        grading: Grading,
        read: Callable[[Question], Read] | None = None,
    ) -> None:
        """``read`` gives what is read for a question, for whoever has read some of it already."""
        self._journal = journal
        self._legislation = legislation
        self._grading = grading
        self._read = read

    def between(self, subject: str, regime: str, first: Basing, second: Basing) -> GradeDifference:
        """Why the second answer is not the first.

        Raises ``NotFound`` for the subject or the regime, ``Invalid`` for a token that is damaged, of another subject,
        regime or journal, for a moment at which nothing of it was on record, and for readings that the
        edition does not have.
        """
        one, other = self._met(subject, regime, (first, second))
        engines = [(number, met.engine) for number, met in enumerate((one, other), 1) if met.engine is not None]
        explained = explain(subject, regime, self._legislation, self._journal, one.side, other.side)
        causes = [*explained.causes, *(_engine(len(explained.causes) + n, *e) for n, e in enumerate(engines, 1))]
        case = explained.second.read.case
        return GradeDifference(
            subject=SubjectRef(
                id=subject, kind=case.kind or "", name=case.name_on(max(one.side.as_of, other.side.as_of))
            ),
            regime=regime,
            first=Compared(basis=self._basis(one, explained.first), figures=explained.first.figures),
            second=Compared(basis=self._basis(other, explained.second), figures=explained.second.figures),
            same=explained.first.figures == explained.second.figures and not engines,
            weighed_on=explained.weighed_on,
            carried=explained.carried,
            causes=tuple(causes),
            interactions=explained.interactions,
            without_effect=explained.without_effect,
        )

    def _basis(self, met: _Met, trial: Trial) -> Basis:
        token = self._grading.answer_token(met.question, trial.read, trial.assessment)
        return msgspec.structs.replace(self._grading.basis(trial.read), token=token)

    def _met(self, subject: str, regime: str, basings: Sequence[Basing]) -> list[_Met]:
        asked = []
        for number, basing in enumerate(basings, 1):
            with _told_of_side(number, basing):
                asked.append(self._question(subject, regime, basing))
        later = None if self._read is not None else self._open_later([question for question, _ in asked])
        found = []
        for number, (basing, (question, engine)) in enumerate(zip(basings, asked, strict=True), 1):
            with _told_of_side(number, basing):
                read = self._read_one(question, later)
            pinned = msgspec.structs.replace(question, as_of=read.as_of, known_at=read.known_at)
            # Reading the file has read the law.
            law = self._legislation.known_then(known_at=read.known_at, position=read.position, law_position=0)
            side = HybridSide((), law, {}, question.readings, read.as_of, read.known_at, read.position)
            found.append(_Met(pinned, side, engine))
        # What one side knows the other knows, too, up to its own position: it is read once, up to the later one.
        last = max(met.side.position for met in found)
        rows, staff = self._rows(subject, last, later)
        cohort = rankings_in(self._journal, regime, last) if self._legislation.ranks(regime) else ()
        return [met._replace(side=_up_to(met.side, rows, cohort, staff)) for met in found]

    def _open_later(self, questions: Sequence[Question]) -> "_Later | None":
        """The file as it was opened for the later of the questions, where they say which that is."""
        question = _latest(questions)
        if question is None:
            return None
        try:
            # Employees are told of also where no grade looks at them.
            return _Later(question, self._grading.open_file(question, with_staff=True))
        except CaseError:
            # What is wrong is told of each side in its turn.
            return None

    def _read_one(self, question: Question, later: "_Later | None") -> Read:
        if self._read is not None:
            return self._read(question)
        if later is None:
            return self._grading.read(question)
        if question is later.question:
            return self._grading.under(question.regime, question, later.opened)
        return self._grading.read_within(question, later.opened)

    def _rows(
        self, subject: str, last: int, later: "_Later | None"
    ) -> tuple[Sequence[Recorded], Mapping[str, Sequence[Recorded]]]:
        """The events of the file up to a position, and of everybody who was ever employed by then: as they were read
        for the later answer, where it is of that position."""
        snapshot = None if later is None else later.opened.snapshot
        if snapshot is None or snapshot.position != last:
            rows, staff = self._journal.stream(subject, until=last), None
        else:
            rows, staff = snapshot.rows, snapshot.staff
        # Somebody employed on one side alone has a file on the other one, too.
        persons = persons_of(rows)
        if staff is None or any(isinstance(row.event, FilesJoined) for row in rows):
            # Of whoever came with a file that was parted again nothing was read with it.
            return rows, self._journal.streams(persons, until=last)
        return rows, {person: staff[person] for person in persons if person in staff}

    def _question(self, subject: str, regime: str, basing: Basing) -> tuple[Question, str | None]:
        """The question that names one of the answers, and the engine that gave it where this one does not give it
        again. Raises ``Invalid`` for a token of something else."""
        if basing.token is None:
            return Question(
                subject=subject,
                regime=regime,
                as_of=basing.as_of,
                known_at=basing.known_at,
                position=basing.position,
                readings=basing.readings,
            ), None
        parts = read_token(basing.token)
        if (parts.subject, parts.regime) != (subject, regime):
            raise _other_subject(parts.subject, parts.regime)
        repeated = self._grading.repeat(basing.token).repeated
        if repeated is not None and not repeated.same and repeated.engine == self._grading.engine:
            raise other_journal()
        return Question(
            subject=subject,
            regime=regime,
            as_of=parts.as_of,
            known_at=parts.known_at,
            position=parts.position,
            readings=parts.readings,
        ), None if repeated is None or repeated.same else repeated.engine


class _Later(NamedTuple):
    """The later of the questions with the file that was opened for it: what the other knew is among what it knows."""

    question: Question
    opened: OpenedFile


def _latest(questions: Sequence[Question]) -> Question | None:
    """The question about the latest basis; ``None`` where that is not known before they are read."""
    now = [q for q in questions if q.position is None and q.known_at is None]
    if now:
        return now[-1]
    positions = [q.position for q in questions if q.position is not None]
    if len(positions) == len(questions):
        return next(q for q in questions if q.position == max(positions))
    moments = [q.known_at for q in questions if q.position is None and q.known_at is not None]
    if len(moments) == len(questions):
        return next(q for q in questions if q.known_at == max(moments))
    return None


@contextmanager
def _told_of_side(number: int, basing: Basing) -> Iterator[None]:
    """What is wrong with one of the two answers, told at the fields of that one."""
    try:
        yield
    except (Invalid, NotYetKnown) as error:
        raise of_side(error, number, "known_at" if basing.token is None else "basis") from None


def _up_to(
    side: HybridSide, rows: Sequence[Recorded], cohort: Sequence[Recorded], staff: Mapping[str, Sequence[Recorded]]
) -> HybridSide:
    """The side with what it knows of events read further: of the file, of the rankings, and of the staff's files."""
    at = side.position
    files = {person: told for person, of_person in staff.items() if (told := known_by(of_person, at))}
    return side._replace(rows=known_by(rows, at), cohort=known_by(cohort, at), staff=files)


def persons_of(rows: Sequence[Recorded]) -> list[str]:
    """Everybody whose employment is on record in these events, or on a file that was joined."""
    return sorted(set(persons_in(rows)))


def of_side(error: Invalid | NotYetKnown, number: int, field: str = "known_at") -> Invalid:
    """What is wrong with one of two bases, at the fields of that one: ``/readings/I-04`` of the first is one of
    ``/reading_1``. What was not on record then is told at ``field``, which says when."""
    if isinstance(error, NotYetKnown):
        return Invalid((FieldProblem(f"/{field}_{number}", error.code, error.says),))
    problems = []
    for found in error.problems:
        name = found.pointer.strip("/").partition("/")[0]
        name = "reading" if name == "readings" else name
        problems.append(FieldProblem(f"/{name}_{number}", found.code, found.says))
    return Invalid(tuple(problems))


def _other_subject(subject: str, regime: str) -> Invalid:
    return Invalid(
        (
            FieldProblem(
                "/basis",
                "other_subject",
                sentence("explaining.differences.other_subject", subject=subject, regime=regime),
            ),
        )
    )


# --- the explanation ------------------------------------------------------------------------------------------------


class Explained(NamedTuple):
    """The two answers as trials, and what leads from one to the other."""

    first: Trial
    second: Trial
    weighed_on: dt.date
    carried: ComparedFigures
    causes: tuple[DifferenceCause, ...]
    interactions: tuple[Interaction, ...]
    without_effect: tuple[EventRef, ...]


def explain(
    subject: str,
    regime: str,
    legislation: Legislation,
    journal: Journal,
    first: HybridSide,
    second: HybridSide,
    answer: HybridAnswer = tracks_of,
) -> Explained:
    """What leads from the first side to the second. Raises ``NotFound`` where one of them has no edition.

    ``answer`` is what is asked of both, by default the three tracks of the day.
    """
    ends = Trials(subject, regime, legislation, journal, first, second, answer)
    every = frozenset(range(len(ends.switches)))
    one, other = ends.trial(frozenset(), first.as_of), ends.trial(every, second.as_of)
    sides = _not_yet_come(subject, regime, legislation, journal, first, second)
    is_as_it_was = sides[0] is first and sides[1] is second
    trials = ends if is_as_it_was else Trials(subject, regime, legislation, journal, *sides, answer)
    later = max(first.as_of, second.as_of)
    number = len(trials.switches)
    weighing = weigh(number, lambda applied: trials.figures(applied, later))
    forward = first.as_of <= second.as_of
    applied = frozenset() if forward else frozenset(range(number))
    passed = list(_passing(trials, applied, first.as_of, second.as_of))
    told = _Telling(subject, trials, sides, later, {r.position for r in first.rows} & {r.position for r in second.rows})
    offset = len(passed) + 1 if forward else 1
    causes = [told.cause(offset + n, i, weighing) for n, i in enumerate(weighing.listed)]
    before = 1 if forward else len(causes) + 1
    passing = [told.passing(before + n, *p) for n, p in enumerate(passed)]
    numbers = {i: offset + n for n, i in enumerate(weighing.listed)}
    return Explained(
        first=one,
        second=other,
        weighed_on=later,
        carried=weighing.first if forward else weighing.second,
        causes=(*passing, *causes) if forward else (*causes, *passing),
        interactions=tuple(
            msgspec.structs.replace(x, causes=tuple(numbers[i] for i in x.causes)) for x in weighing.interactions
        ),
        without_effect=(
            *_refs(_never_on(first, second, sides)),
            *(
                ref
                for i, switch in enumerate(trials.switches)
                if i not in numbers
                for ref in _refs(told.that_matter(switch))
            ),
        ),
    )


def _never_on(first: HybridSide, second: HybridSide, sides: tuple[HybridSide, HybridSide]) -> list[Recorded]:
    """What the answer of the earlier day alone knows of and what comes only after that day: it bears on neither."""
    left = {r.position for side in sides for r in side.rows}
    return [r for side in (first, second) for r in side.rows if r.position not in left]


def _not_yet_come(
    subject: str, regime: str, legislation: Legislation, journal: Journal, first: HybridSide, second: HybridSide
) -> tuple[HybridSide, HybridSide]:
    """The sides, the one of the earlier day without what it knows of and what happens only after its day.

    So what took effect between the two days is a cause of its own instead of a part of the passing of time. Nothing is
    left out that already bears on the earlier day, such as an annulment from the beginning decided after it.
    """
    if first.as_of == second.as_of:
        return first, second
    earlier, later = (first, second) if first.as_of < second.as_of else (second, first)
    trials = Trials(subject, regime, legislation, journal, earlier, earlier)
    figures = trials.figures(frozenset(), earlier.as_of)
    gone: frozenset[int] = frozenset()
    for group in _to_come(trials.trial(frozenset(), earlier.as_of), earlier.rows, earlier.as_of, later.as_of):
        some = without(earlier, gone | group)
        if Trials(subject, regime, legislation, journal, some, some).figures(frozenset(), earlier.as_of) == figures:
            gone |= group
    left = without(earlier, gone)
    return (left, second) if earlier is first else (first, left)


def _to_come(trial: Trial, rows: Sequence[Recorded], after: dt.date, until_on: dt.date) -> list[frozenset[int]]:
    """The numbers of events that come to pass within some days, in groups of what belongs together."""
    roots = Roots(rows)
    pending = {s.fact for s in trial.assessment.steps if s.reason == "not_yet_effective" and s.fact is not None}
    groups: dict[tuple[str, str], set[int]] = {}
    for row in rows:
        root = roots.of(row)
        day = happened_on(row.event)
        if root in pending:
            groups.setdefault(("fact", root), set()).add(row.position)
        elif day is not None and after < day <= until_on and row.version > 1:
            groups.setdefault((row.event.cause, root), set()).add(row.position)
    return [frozenset(g) for g in groups.values()]


class _Passed(NamedTuple):
    """A day on which something changes by the passing of time alone: the trials on both sides of it, as time is gone
    through (backwards, when the second answer is of an earlier day)."""

    on: dt.date
    before: Trial
    after: Trial


def _passing(trials: Trials, applied: frozenset[int], from_on: dt.date, until_on: dt.date) -> "Sequence[_Passed]":
    """The days on which a trial changes between two days, in the order in which they are gone through."""
    low, high = min(from_on, until_on), max(from_on, until_on)
    if low == high:
        return ()
    read = trials.trial(applied, low).read
    days = [low, *(d for d in days_of_change(read.case, read.known.law, read.staff, after=low) if d <= high)]
    if days[-1] != high:
        days.append(high)
    found = [trials.trial(applied, day) for day in days]
    steps = [
        _Passed(day, before, after)
        for day, before, after in zip(days[1:], found, found[1:], strict=False)
        if before.figures != after.figures
    ]
    if from_on <= until_on:
        return steps
    return [_Passed(s.on, s.after, s.before) for s in reversed(steps)]


# --- telling causes ---------------------------------------------------------------------------------------------------


class _Telling:
    """Puts into words of the answer what was found by weighing."""

    def __init__(
        self, subject: str, trials: Trials, sides: tuple[HybridSide, HybridSide], later: dt.date, known: set[int]
    ) -> None:
        """``known`` are the numbers of the events that both answers know."""
        self._subject, self._trials, self._sides = subject, trials, sides
        self._later, self._known = later, known
        self._ends = [trials.trial(frozenset(applied), later) for applied in ((), range(len(trials.switches)))]

    def cause(self, number: int, index: int, weighing: Weighing) -> DifferenceCause:
        """One switch that was weighed."""
        switch, weighed = self._trials.switches[index], weighing.causes[index]
        added = bool(switch.after) or not switch.before
        facts = self._facts(switch)
        code, on = self._code(switch, added=added)
        first = next(iter(sorted((*switch.before, *switch.after), key=lambda r: r.position)), None)
        lacking = self._sides[0 if added else 1]
        is_late = on is not None and first is not None and on <= lacking.as_of and not self._are_known(switch)
        delay = (legal_day(first.recorded_at) - on).days if first is not None and on is not None else None
        return DifferenceCause(
            number=number,
            code="late" if code == "new" and is_late else code,
            added=added,
            on=on,
            delay_days=delay if is_late and delay is not None and delay > 0 else None,
            name=switch.name,
            facts=facts,
            rows=_rows(facts, [t.read.case for t in self._ends]),
            events=tuple(_refs(self.that_matter(switch))),
            tracks=_tracks(weighing, weighed),
            share=weighed.share,
            values=switch.values if switch.kind == "reading" else None,
            alone=weighed.alone,
            without=weighed.without,
        )

    def passing(self, number: int, on: dt.date, before: Trial, after: Trial) -> DifferenceCause:
        """A day on which the passing of time alone changes something."""
        moved = causes_between(before.assessment, after.assessment)
        points = points_between(before.figures, after.figures)
        facts = tuple(dict.fromkeys(f for c in moved for f in ((c.fact,) if c.fact else c.sources)))
        changes = {c.change for c in moved}
        code: CauseCode = "expired" if changes == {"ceases"} else "effective" if changes == {"counts"} else "time"
        if _edition(before) != _edition(after):
            code = "rule_change"
        return DifferenceCause(
            number=number,
            code=code,
            added=self._sides[0].as_of < self._sides[1].as_of,
            on=on,
            delay_days=None,
            name=on.isoformat(),
            facts=facts,
            rows=tuple(dict.fromkeys(c.row for c in moved if c.row is not None)),
            events=(),
            tracks=_changed(before.figures, after.figures),
            share=None if points is None else plain(points),
        )

    def that_matter(self, switch: Switch) -> list[Recorded]:
        """The events of a switch, without editions of regimes that this one does not stand on."""
        regime = self._ends[0].read.known.law.regime
        mine = {regime, *(a.edition.regime for end in self._ends for a in end.read.known.rulebooks)}
        events = sorted((*switch.before, *switch.after), key=lambda r: r.position)
        return [r for r in events if getattr(r.event, "regime", regime) in mine]

    def _are_known(self, switch: Switch) -> bool:
        return switch.kind == "matter" and all(r.position in self._known for r in (*switch.before, *switch.after))

    def _facts(self, switch: Switch) -> tuple[str, ...]:
        """The facts of the file that a matter is about."""
        if switch.kind != "matter":
            return ()
        for trial in reversed(self._ends):
            case = trial.read.case
            if switch.name in case.facts:
                return (switch.name,)
            repair = case.repairs.get(switch.name)
            if repair is not None:
                return repair.asked.facts
            joining = case.joinings.get(switch.name)
            if joining is not None:
                return tuple(c.event.fact for c in joining.event.carried if isinstance(c.event, FactRecorded))
        return ()

    def _code(self, switch: Switch, *, added: bool) -> tuple[CauseCode, dt.date | None]:
        """What a switch is, and the day it took effect."""
        if switch.kind in ("reading", "calendar", "rule_change", "staff", "ranking") or switch.matter is None:
            return _KINDS[switch.kind], None
        events = switch.matter.events
        day = next((d for r in events[::-1] if (d := happened_on(r.event)) is not None), None)
        root = next((r for r in events if r.event.introduced_id == switch.name), None)
        if root is not None and tag_of(root.event) == "fact-recorded.v1":
            step = next((s for s in self._ends[1 if added else 0].assessment.steps if s.fact == switch.name), None)
            on = None if step is None else step.effective_on
            return ("effective" if self._are_known(switch) else "new"), on
        if root is not None:
            return root.event.cause, day
        code = switch.matter.code
        if code == "waived":
            step = next((s for s in self._ends[1 if added else 0].assessment.steps if s.fact == switch.name), None)
            # Confirmed after the limit of the warning it waives nothing; it may end the deduction (art. 24).
            reason = None if step is None else step.reason
            code = "waived" if reason == "waived" else "ended" if reason == "ended" else "warned"
        return code, day


_KINDS: Final[Mapping[str, CauseCode]] = {
    "reading": "reading",
    "calendar": "calendar",
    "rule_change": "rule_change",
    "staff": "staff",
    "ranking": "ranked",
    "matter": "recorded",
}


def _edition(trial: Trial) -> str | None:
    adopted = trial.read.known.law.on(trial.read.as_of)
    return None if adopted is None else adopted.edition.id


def _rows(facts: Sequence[str], cases: Sequence[CaseFile]) -> tuple[str, ...]:
    found = [case.facts[f].record.row for f in facts for case in cases if f in case.facts]
    return tuple(dict.fromkeys(row for row in found if row is not None))


def _tracks(weighing: Weighing, weighed: Weighed) -> tuple[Track, ...]:
    moved = {*_changed(weighing.first, weighed.alone), *_changed(weighing.second, weighed.without)}
    return tuple(track for track in _TRACKS if track in moved)


def _changed(one: ComparedFigures, other: ComparedFigures) -> tuple[Track, ...]:
    return tuple(track for track, names in _TRACKS.items() if any(getattr(one, n) != getattr(other, n) for n in names))


def _refs(events: Sequence[Recorded]) -> list[EventRef]:
    return [event_ref(r) for r in events]


def event_ref(recorded: Recorded) -> EventRef:
    """Where an event stands, what it is, and with what delay it was recorded."""
    day = happened_on(recorded.event) or getattr(recorded.event, "decided_on", None)
    return EventRef(
        stream=recorded.stream,
        version=recorded.version,
        position=recorded.position,
        type=tag_of(recorded.event),
        happened_on=day,
        recorded_at=iso_utc(recorded.recorded_at),
        delay_days=None if day is None else (legal_day(recorded.recorded_at) - day).days,
    )


def _engine(number: int, side: int, engine: str) -> DifferenceCause:
    """An answer that other code gave and this code does not give again: what that code came to is not known here."""
    return DifferenceCause(
        number=number,
        code="engine",
        added=side == 2,
        on=None,
        delay_days=None,
        name=engine,
        facts=(),
        rows=(),
        events=(),
        tracks=("running", "annual", "public"),
        share=None,
    )
