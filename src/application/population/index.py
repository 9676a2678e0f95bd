"""Keeping the index of grades up with the journal, and building it anew beside the one in use.

The index holds nothing that does not follow from the journal. It is kept in small steps, each a transaction of its
own: a step that is broken off has not happened, and one that is repeated changes nothing. What a step computes ahead
of the position disturbs nobody: it stands at instants later than any that may be asked about before the position has
reached them.
"""

import hashlib
import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Final, TypedDict

import msgspec

from application.answering.case_files import is_subject
from application.damaged_files import feed_apart
from application.law.legislation import Legislation, known_from
from application.parts import Workplace, here
from application.population.filling import Filled, Filling, fill_part, grades_of_all
from application.population.grade_functions import FOREVER, CannotAssess, cut
from application.population.ports import GradeBuild, GradeIndex, GradeTurn, IndexStop, Miscount
from application.population.recomputing import compare_with_computing
from application.population.replay import Comparison, IndexDifference, compare_with_replay
from application.ports import FollowedJournal, Head, Parked, Recorded
from application.progress import Progress
from application.wording import in_words
from domain.aggregates.cohort import COHORT_STREAMS
from domain.errors import NotReady, Unreadable
from domain.events.cohorts import Ranked
from domain.events.evaluation import RecordRetracted
from domain.events.lawbook import LAW_STREAM, OfficialTextLoaded
from domain.sentence import sentence
from domain.time import Instant, iso_utc

EVENTS_OF_A_STEP: Final = 2_000
"""Most events of one step, and the most a reader waits for: further behind, it is told so instead."""

SUBJECTS_OF_A_STEP: Final = 200
"""Most subjects computed in one step of following a change of the law."""

SAMPLE: Final = 20
"""Subjects by which a new generation is compared with a replay before it takes the place of the old one."""

_COMPARED: Final = 50
"""Subjects compared with a replay at once."""

_PATIENCE_SECONDS: Final = 0.5
"""How long a reader waits for another process that is at it."""


class IndexState(msgspec.Struct, frozen=True, kw_only=True):
    """How far an index is kept: up to ``position`` of a journal that ends at ``head``.

    ``behind`` is the number of events missing, or a little more. ``outdated`` tells that another version of the code
    has computed it; ``stopped`` why it goes no further; ``parked`` whom it does not go on with while it goes on with
    all others.
    """

    position: int
    head: int
    behind: int
    outdated: bool = False
    stopped: IndexStop | None = None
    parked: tuple[Parked, ...] = ()


class IndexVerified(msgspec.Struct, frozen=True, kw_only=True):
    """What comparing the index with the journal has shown, up to ``position``; ``parked`` subjects cannot be compared.

    ``subjects`` were replayed at so many ``points``; ``computed`` were computed anew, with so many ``boxes`` in all.
    """

    position: int
    subjects: int
    points: int
    computed: int = 0
    boxes: int = 0
    differences: tuple[IndexDifference, ...]
    parked: tuple[Parked, ...] = ()


class _Done(TypedDict):
    """What a step has changed of a generation."""

    subjects: int
    parked: tuple[Parked, ...]


class GradeProjection:
    """Keeps an index. Safe to share between threads and to run in several processes at once."""

    def __init__(self, journal: FollowedJournal, index: GradeIndex, legislation: Legislation, engine: str) -> None:
        """``engine`` names the code: an index computed by another one is built anew."""
        self._journal = journal
        self._index = index
        self._legislation = legislation
        self._engine = engine
        self._has_retried = False

    # --- asking ------------------------------------------------------------------------------------------------

    def builds(self) -> Sequence[GradeBuild]:
        """Every generation, the oldest first."""
        return self._index.builds()

    def current(self) -> GradeBuild | None:
        """The generation in use."""
        return next((b for b in self._index.builds() if b.is_current), None)

    def state(self, build: GradeBuild, head: Head | None = None) -> IndexState:
        """How far a generation is kept, of a journal that ends at ``head``."""
        end = max((head or self._journal.head()).position, build.position)
        return IndexState(
            position=build.position,
            head=end,
            behind=end - build.position,
            outdated=build.engine != self._engine,
            stopped=build.stopped,
            parked=build.parked,
        )

    # --- keeping -----------------------------------------------------------------------------------------------

    def catch_up(self, progress: Progress | None = None) -> GradeBuild:
        """Take in every event; an index that was never built, or by another version of the code, is built. Whoever is
        parked is tried once more by each process.

        Raises ``CannotAssess`` when an event of the law stops it.
        """
        build = self.current()
        if build is None or build.engine != self._engine:
            return self.rebuild(progress)
        self._keep_up(build.generation, progress)
        if not self._has_retried:
            self._retry(build.generation)
        return self._build(build.generation)

    def _retry(self, generation: int) -> None:
        """Try those once more who are parked: what stood in their way may be gone."""
        with self._index.turn(generation) as turn:
            if turn is None or not turn.build.position or turn.build.renewing is not None:
                return
            self._has_retried = True
            parked = dict.fromkeys((p.subject for p in turn.build.parked), FOREVER - 1)
            if parked:
                turn.keep(_changed(turn.build, **self._replace(turn, parked, turn.build.position)))

    def rebuild(self, progress: Progress | None = None, workplace: Workplace | None = None) -> GradeBuild:
        """Build a generation beside the one in use, compare it with a replay, and let it take the place.

        What it is filled with is computed where ``workplace`` says, or in this process; what is new since then is
        taken in from the journal. Readers go on with the one in use, which is kept up meanwhile. A rebuild that was
        broken off is gone on with. Raises ``CannotAssess`` when an event stops it, ``NotReady`` when it is not what a
        replay gives, or when what is read ends before the position up to which it is to be filled.
        """
        workplace = workplace or here(self._journal)
        end = workplace.reader.head().position
        build = self._index.begin(self._engine, end)
        _check_reach(end, build.upto)
        generation = build.generation
        self._fill(build, workplace, progress)
        self._keep_up(generation, progress)
        found = self.verify(generation, sample=SAMPLE)
        if found.differences:
            raise NotReady(
                "index_differs",
                sentence("population.index.index_differs", subject=found.differences[0].subject),
            )
        self._index.switch(generation)
        return self._build(generation)

    def freshen(self, min_position: int = 0) -> tuple[GradeBuild, Head]:
        """The generation in use, with what is new when that is little, or as far as ``min_position``; and the end of
        the journal when that was looked at.

        Raises ``NotReady`` when there is none and the journal is too large to build one while somebody waits.
        """
        build, head = self.current() or self._first(), self._journal.head()
        while self._is_worth_it(build, head.position, min_position):
            try:
                if not self._take_in(build.generation, _PATIENCE_SECONDS):
                    break
            except CannotAssess:
                # It is on record: whoever asks for what lies beyond is told.
                return self._build(build.generation), head
            build, head = self._build(build.generation), self._journal.head()
        return build, head

    def _is_worth_it(self, build: GradeBuild, head: int, min_position: int) -> bool:
        if build.engine != self._engine or build.stopped is not None:
            return False
        return build.position < min_position <= head or 0 < head - build.position <= EVENTS_OF_A_STEP

    def _first(self) -> GradeBuild:
        if self._journal.head().position <= EVENTS_OF_A_STEP:
            return self.rebuild()
        raise NotReady(
            "index_not_built",
            sentence("population.index.index_not_built"),
        )

    def _build(self, generation: int) -> GradeBuild:
        builds = {b.generation: b for b in self._index.builds()}
        # Another process may have put a newer one in its place.
        found = builds.get(generation) or next((b for b in builds.values() if b.is_current), None)
        if found is not None:
            return found
        raise NotReady("index_not_built", sentence("population.index.just_replaced"))

    def _keep_up(self, generation: int, progress: Progress | None) -> None:
        self._repeat(lambda: self._take_in(generation, None), progress)

    @staticmethod
    def _repeat(step: Callable[[], int], progress: Progress | None) -> None:
        done = 0
        while more := step():
            done += more
            if progress is not None:
                progress(done)

    # --- steps: how much was done, 0 when nothing is left or another process is at it ------------------------

    def _fill(self, build: GradeBuild, workplace: Workplace, progress: Progress | None) -> None:
        """Fill a generation from where it was left on. Raises ``CannotAssess``."""
        generation, done = build.generation, 0
        try:
            with closing(workplace.executor.run(fill_part, self._unfilled(build, workplace))) as results:
                for found in results:
                    done += self._hold(generation, found)
                    if progress is not None:
                        progress(done)
        except CannotAssess as stop:
            with self._index.turn(generation) as turn:
                if turn is not None:
                    _halt(turn, stop)
            raise

    def _unfilled(self, build: GradeBuild, workplace: Workplace) -> Iterator[Filling]:
        """The parts that are to be computed, those left out that another process has held in the meantime."""
        for part in () if build.position else workplace.parts(build.upto):
            now = next((b for b in self._index.builds() if b.generation == build.generation), None)
            if now is None or now.position:
                return
            if part.before is None or part.before > (now.after or ""):
                yield Filling(part, build.upto)

    def _hold(self, generation: int, found: Filled) -> int:
        """Hold what was computed of a part, unless another process was faster; how many subjects are new."""
        with self._index.turn(generation) as turn:
            if turn is None or turn.build.position:
                return 0
            build = turn.build
            after = build.after or ""
            new = [subject for subject in found.subjects if subject > after]
            turn.replace([grades for grades in found.grades if grades.subject > after], {})
            parked = (*build.parked, *(p for p in found.parked if p.subject > after))
            held = len(new) - len(parked) + len(build.parked)
            build = _changed(
                build, after=new[-1] if new else build.after, subjects=build.subjects + held, parked=parked
            )
            if found.within.before is None:
                feed = feed_apart(lambda at: self._journal.feed(after=at, until=build.upto), build.upto - 1, _any)
                last = next(feed)
                build = _changed(build, position=build.upto, known_at=last.recorded_at)
            turn.keep(_changed(build, stopped=None))
            return len(new)

    def _take_in(self, generation: int, patience: float | None) -> int:
        """Take in the next events. Raises ``CannotAssess`` when one stops it, after what comes before it."""
        try:
            with self._index.turn(generation, patience) as turn:
                if turn is None or not turn.build.position:
                    return 0
                found, broken = self._next(turn.build.position)
                if found or broken is None:
                    return self._step(turn, found)
            stop = broken
        except CannotAssess as error:
            stop = error
        self._go_before(generation, stop)
        raise stop

    def _step(self, turn: GradeTurn, found: Sequence[Recorded | Unreadable]) -> int:
        if not found:
            return 0
        if _changes_law(found):
            return self._follow_the_law(turn, found)
        last = found[-1]
        done = self._replace(turn, self._touched(found), last.position)
        turn.keep(_changed(turn.build, position=last.position, known_at=last.recorded_at, stopped=None, **done))
        return len(found)

    def _go_before(self, generation: int, stop: CannotAssess) -> None:
        """Take in what comes before the event that stops the index, and put on record that it does."""
        while True:
            try:
                with self._index.turn(generation) as turn:
                    if turn is not None:
                        found, _ = self._next(turn.build.position)
                        at = next((r.recorded_at for r in found if r.position == stop.position), 0)
                        self._step(turn, [r for r in found if r.recorded_at < at])
                        _halt(turn, stop)
            except CannotAssess as earlier:
                stop = earlier
            else:
                return

    def _follow_the_law(self, turn: GradeTurn, found: Sequence[Recorded | Unreadable]) -> int:
        """Compute some subjects anew from the instant at which a change of the law, or a ranking, became known: of a
        ranking those alone who are in it."""
        upto, build = found[-1].position, turn.build
        since = min(r.recorded_at for r in found) - 1
        since = min([since, *(known_from(r) - 1 for r in _readable(found) if r.stream == LAW_STREAM)])
        ids = self._concerned(found, build.renewing)
        done = self._replace(turn, dict.fromkeys(ids, since), upto)
        if len(ids) == SUBJECTS_OF_A_STEP:
            turn.keep(_changed(build, renewing=ids[-1], stopped=None, **done))
        else:
            at = found[-1].recorded_at
            turn.keep(_changed(build, position=upto, known_at=at, renewing=None, stopped=None, **done))
        return len(ids) or 1

    def _concerned(self, found: Sequence[Recorded | Unreadable], after: str | None) -> list[str]:
        """The next of the subjects to whom it may matter, in order: everybody when the law itself changes."""
        upto = found[-1].position
        if any(_is_of_law(r) for r in _readable(found)):
            some = self._journal.subjects(after=after, limit=SUBJECTS_OF_A_STEP, until=upto, with_joined=True)
            return [row.subject for row in some]
        concerned = set(self._touched(found))
        for recorded in _readable(found):
            if recorded.stream.startswith(COHORT_STREAMS):
                # Whoever is not in a ranking has no place in it, before as after.
                concerned |= {s for event in self._rankings(recorded, upto) for s in event.subjects}
        # Who has gone into another file is ranked there, too.
        concerned |= set(self._journal.homes_of(concerned, until=upto).values())
        return sorted(s for s in concerned if after is None or s > after)[:SUBJECTS_OF_A_STEP]

    def _rankings(self, recorded: Recorded, upto: int) -> Iterator[Ranked]:
        """The rankings that a record of a cohort brings or takes back."""
        event = recorded.event
        if isinstance(event, Ranked):
            yield event
        elif isinstance(event, RecordRetracted):
            for known in self._journal.stream(recorded.stream, until=upto):
                if isinstance(known.event, Ranked) and known.event.record == event.record:
                    yield known.event

    # --- what is new ---------------------------------------------------------------------------------------------

    def _next(self, after: int) -> tuple[list[Recorded | Unreadable], CannotAssess | None]:
        """The next events, those of one instant never parted: up to a change of the law, or that alone; and what
        stops the index right after them: an event that is no subject's and cannot be read."""
        try:
            return self._next_readable(after, None), None
        except Unreadable as error:
            stop = CannotAssess(error.stream, error.position, in_words(error.says).en)
            before = self._next_readable(after, error.position - 1)
            return [r for r in before if r.recorded_at < error.recorded_at], stop

    def _next_readable(self, after: int, until: int | None) -> list[Recorded | Unreadable]:
        found: list[Recorded | Unreadable] = []
        feed = feed_apart(lambda last: self._journal.feed(after=last, until=until), after, is_subject)
        for _, group in itertools.groupby(feed, key=lambda r: r.recorded_at):
            some = list(group)
            if _changes_law(some):
                return found or some
            found += some
            if len(found) >= EVENTS_OF_A_STEP:
                break
        return found

    def _touched(self, found: Sequence[Recorded | Unreadable]) -> dict[str, Instant]:
        """The subjects that events matter to, each with the instant up to which nothing changes."""
        touched: dict[str, Instant] = {}
        for recorded in found:
            if is_subject(recorded.stream):
                touched.setdefault(recorded.stream, recorded.recorded_at - 1)
        employers = self._journal.employers_of_any(touched, until=found[-1].position) if touched else {}
        for person, since in [(person, touched[person]) for person in employers]:
            for employer in employers[person]:
                touched[employer] = min(touched.get(employer, since), since)
        return touched

    def _replace(self, turn: GradeTurn, touched: Mapping[str, Instant], upto: int) -> _Done:
        """Compute subjects from the instants on that are given with them; how many are held then, and who is parked.

        What is held of one that cannot be computed ends where it was touched; one that can be again is computed whole.
        """
        subjects = turn.build.subjects
        parked = {p.subject: p for p in turn.build.parked}
        since = {subject: -1 if subject in parked else at for subject, at in touched.items()}
        for some in _batches(list(touched), SUBJECTS_OF_A_STEP):
            held = turn.held(some, {s: since[s] for s in some})
            found = grades_of_all(self._journal, self._legislation, some, upto, held, since)
            gone = {p.subject: p for p in found.parked}
            ended = [cut(held[s], touched[s]) for s in gone if s in held]
            turn.replace([*found.grades, *ended], held)
            subjects += len(found.grades) + len(ended) - len(held)
            parked = {s: p for s, p in parked.items() if s not in some} | gone
        return {"subjects": subjects, "parked": tuple(parked[s] for s in sorted(parked))}

    # --- verifying -----------------------------------------------------------------------------------------------

    def verify(
        self,
        generation: int | None = None,
        *,
        sample: int | None = None,
        is_whole: bool = False,
        progress: Progress | None = None,
        workplace: Workplace | None = None,
    ) -> IndexVerified:
        """Compare what is held with a replay at every point where it may change, and just before it.

        ``sample`` limits it to so many subjects, other ones at every position. When the whole is asked, everything that
        is held is also compared with what is computed anew from the journal, and with the sums that counts are made
        of. It is done where ``workplace`` says, or in this process. Raises ``NotReady`` when there is no index, or when
        what is read ends before it.
        """
        workplace = workplace or here(self._journal)
        build = self.current() if generation is None else self._build(generation)
        if build is None or not build.position:
            raise NotReady("index_not_built", sentence("population.index.not_built"))
        end = workplace.reader.head().position
        told = _Told(progress)
        computed = boxes = points = subjects = 0
        differences: list[IndexDifference] = []
        if is_whole:
            asked = (self._comparison(build.generation, some, end) for some in self._everybody(build))
            with closing(workplace.executor.run(compare_with_computing, asked)) as anew:
                for computed_anew in anew:
                    computed += told.more(computed_anew.subjects)
                    boxes += computed_anew.boxes
                    differences += computed_anew.differences
        asked = (self._comparison(build.generation, some, end) for some in self._some_of(build, sample))
        with closing(workplace.executor.run(compare_with_replay, asked)) as results:
            for found in results:
                subjects += told.more(found.subjects)
                points += found.points
                # What is not what is computed anew is told once.
                differences += [d for d in found.differences if d not in differences]
        if sample is None or is_whole:
            differences += [_miscounted(m) for m in self._index.miscounted(build.generation)]
        return IndexVerified(
            position=build.position,
            subjects=subjects,
            points=points,
            computed=computed,
            boxes=boxes,
            differences=tuple(differences),
            parked=build.parked,
        )

    def _some_of(self, build: GradeBuild, sample: int | None) -> Iterator[list[str]]:
        """Those who are held and not parked, or a sample of them, in batches that are compared at once."""
        apart = {p.subject for p in build.parked}
        sound = (subject for subject in self._held_ids(build.generation) if subject not in apart)
        return _batches_of(sound if sample is None else _sample(sound, sample, build.position), _COMPARED)

    def _everybody(self, build: GradeBuild) -> Iterator[list[str]]:
        """Everybody who is held or on record, but for those who are parked, in batches that are computed at once."""
        apart = {p.subject for p in build.parked}
        # Both come in order of id.
        found = heapq.merge(self._held_ids(build.generation), self._on_record(build.position))
        return _batches_of((s for s, _ in itertools.groupby(found) if s not in apart), SUBJECTS_OF_A_STEP)

    def _on_record(self, position: int) -> Iterator[str]:
        after = None
        while some := self._journal.subjects(after=after, limit=1000, until=position, with_joined=True):
            yield from (row.subject for row in some)
            after = some[-1].subject

    def _comparison(self, generation: int, subjects: Sequence[str], end: int) -> Comparison:
        """What is held of some subjects while nobody else writes, for a replay that can be made up to ``end``."""
        with self._index.turn(generation) as turn:
            if turn is None or turn.build.renewing is not None:
                raise NotReady(
                    "index_behind",
                    sentence("population.index.index_behind"),
                )
            _check_reach(end, turn.build.position)
            return Comparison(subjects, turn.build.position, turn.held(subjects))

    def _held_ids(self, generation: int) -> Iterator[str]:
        after = ""
        while some := self._index.subjects(generation, after, 1000):
            yield from some
            after = some[-1]


class _Told:
    """How many subjects were looked at so far, told to whoever waits."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0

    def more(self, subjects: int) -> int:
        """So many more were looked at."""
        self._done += subjects
        if self._progress is not None:
            self._progress(self._done)
        return subjects


def _check_reach(end: int, position: int) -> None:
    """Raise ``NotReady`` when what is read ends at ``end``, before a position."""
    if end < position:
        raise NotReady(
            "export_behind",
            sentence("population.index.export_behind", end=end, position=position),
        )


def _miscounted(found: Miscount) -> IndexDifference:
    """A wrong sum, which is no one subject's, as a difference."""
    return IndexDifference(
        subject="*",
        regime=found.regime,
        as_of=found.day,
        known_at=iso_utc(found.known_at),
        held=str(found.held),
        replayed=str(found.counted),
    )


def _sample(subjects: Iterable[str], size: int, salt: int) -> list[str]:
    """Some subjects, chosen by chance that anybody can repeat."""
    return heapq.nsmallest(size, subjects, key=lambda s: hashlib.sha256(f"{salt} {s}".encode()).digest())


def _halt(turn: GradeTurn, stop: CannotAssess) -> None:
    turn.keep(_changed(turn.build, stopped=IndexStop(stream=stop.stream, position=stop.position, reason=stop.reason)))


def _changes_law(found: Sequence[Recorded | Unreadable]) -> bool:
    """Whether any of the events may change everybody's grade: one of the law, or a ranking of a cohort."""
    return any(r.stream.startswith(COHORT_STREAMS) or _is_of_law(r) for r in _readable(found))


def _any(stream: str) -> bool:
    del stream
    return True


def _readable(found: Sequence[Recorded | Unreadable]) -> Iterator[Recorded]:
    return (r for r in found if not isinstance(r, Unreadable))


def _is_of_law(recorded: Recorded) -> bool:
    # The official wording is quoted; nothing is graded by it.
    return recorded.stream == LAW_STREAM and not isinstance(recorded.event, OfficialTextLoaded)


def _changed(build: GradeBuild, **changes: object) -> GradeBuild:
    return msgspec.structs.replace(build, **changes)


def _batches(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _batches_of(items: Iterable[str], size: int) -> Iterator[list[str]]:
    left = iter(items)
    while some := list(itertools.islice(left, size)):
        yield some
