"""Keeping the index of deadlines up with the journal and with the law.

The index holds nothing that does not follow from the journal. It is kept in small steps, each a transaction of its
own: the subjects touched by the next events, or some whose deadlines were computed by a law that has changed since. A
step that is broken off has not happened, and one that is repeated changes nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, get_args

import msgspec

from application.answering.case_files import case_file, case_file_of, is_subject
from application.answering.regime_choice import regimes_concerned
from application.damaged_files import batched, streams_apart, whole_streams_apart
from application.deadlines.ports import DeadlineIndex, IndexTurn, SubjectDeadlines
from application.law.legislation import Legislation
from application.ports import Clock, FollowedJournal, Head, Parked, Recorded
from application.progress import Progress
from application.wording import in_words
from domain.aggregates.advisories import ADVISORY_STREAMS, CITY_STREAMS, AdvisoryFile, fold, stream_of
from domain.aggregates.casefile import CaseFile
from domain.errors import Unreadable
from domain.events.advisories import AdvisoryEvent
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import deadlines_of
from domain.procedures.papers.letters import awaited_internal_letters, awaited_letters
from domain.vocabulary import SubjectKind

MOST_EVENTS: Final = 2_000
"""Most events of one step, and the most a reader waits for: further behind, it is told so instead."""

MOST_SUBJECTS: Final = 500
"""Most subjects computed anew in one step because the law has changed."""

_PATIENCE_SECONDS: Final = 0.5
"""How long a reader waits for another process that is at it."""


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """How far an index is kept: up to ``position`` of a journal that ends at ``head``.

    ``behind`` is the number of events missing, or a little more. ``outdated`` tells that a change of the law has
    not reached all subjects yet; ``parked`` are the subjects that it does not go on with, while it goes on with all
    others: an event on their file cannot be read.
    """

    position: int
    head: int
    behind: int
    outdated: bool
    parked: tuple[str, ...] = ()


class _Laws(NamedTuple):
    """The law of every regime as known now, and the name by which a change of it is noticed."""

    name: str
    laws: tuple[RegimeLaw, ...]


class DeadlineProjection:
    """Keeps an index. Safe to share between threads and to run in several processes at once."""

    def __init__(
        self, journal: FollowedJournal, index: DeadlineIndex, clock: Clock, legislation: Legislation, engine: str = ""
    ) -> None:
        """``engine`` names the code: deadlines computed by another one are computed anew."""
        self._journal = journal
        self._index = index
        self._clock = clock
        self._legislation = legislation
        self._engine = engine
        self._has_retried = False

    def catch_up(self, progress: Progress | None = None) -> Freshness:
        """Take in every event and every change of the law; an index that was never built is built."""
        if self._index.position() == 0:
            self._build(progress, only_new=True)
        self._retry(None)
        for step in (self._take_in_events, self._follow_the_law):
            done = 0
            while more := step(None):
                done += more
                if progress is not None:
                    progress(done)
        return self.freshness()

    def rebuild(self, progress: Progress | None = None) -> int:
        """Build the index from the whole journal in one transaction; how many subjects it then holds.

        Readers go on with what was there until it is finished, and a rebuild that is broken off has not happened:
        that is worth the rows that are dead afterwards. No right to make tables is needed either.
        """
        return self._build(progress, only_new=False)

    def freshen(self, min_position: int = 0) -> Freshness:
        """Take in what is new when it is little, or as far as ``min_position`` however much it is."""
        self._retry(_PATIENCE_SECONDS)
        fresh = self.freshness()
        while fresh.position < min_position <= fresh.head or 0 < fresh.behind <= MOST_EVENTS:
            if not self._take_in_events(_PATIENCE_SECONDS):
                break
            fresh = self.freshness()
        if fresh.outdated and self._index.outdated(self._laws().name, MOST_SUBJECTS + 1) <= MOST_SUBJECTS:
            self._follow_the_law(_PATIENCE_SECONDS)
        return self.freshness() if fresh.behind or fresh.outdated else fresh

    def freshness(self) -> Freshness:
        """How far the index is kept."""
        head = self._journal.head()
        position = self._index.position()
        return Freshness(
            position=position,
            head=max(head.position, position),
            behind=max(0, head.position - position),
            outdated=self._index.outdated(self._laws(head).name, 1) > 0,
            parked=tuple(p.subject for p in self._index.parked()),
        )

    def parked(self) -> Sequence[Parked]:
        """The subjects that cannot be gone on with, and why."""
        return self._index.parked()

    def _build(self, progress: Progress | None, *, only_new: bool) -> int:
        laws = self._laws()
        done = 0
        with self._index.turn() as turn:
            # Another process may have built it while this one waited.
            if turn is None or (only_new and turn.position):
                return 0
            head = self._journal.head().position
            turn.clear()
            streams = whole_streams_apart(self._journal, until=head, categories=get_args(SubjectKind))
            for whole, unreadable in batched(streams, MOST_SUBJECTS):
                beside = [stream_of(each.stream) for each in whole]
                advisories = _advisories_in(streams_apart(self._journal, beside, head).rows, beside)
                turn.add([_held(case_file_of(each), laws, advisories) for each in whole])
                turn.park([_parked(error.stream, error) for error in unreadable])
                done += len(whole)
                if progress is not None:
                    progress(done)
            turn.advance(head)
        return done

    # --- steps: how much was done, 0 when nothing is left or another process is at it ------------------------

    def _take_in_events(self, patience: float | None) -> int:
        laws = self._laws()
        with self._index.turn(patience) as turn:
            if turn is None:
                return 0
            found = self._journal.streams_after(turn.position, MOST_EVENTS)
            if found:
                upto = found[-1][0]
                self._replace(turn, _subjects_in(stream for _, stream in found), upto, laws)
                turn.advance(upto)
            return len(found)

    def _follow_the_law(self, patience: float | None) -> int:
        laws = self._laws()
        with self._index.turn(patience) as turn:
            if turn is None:
                return 0
            outdated = turn.outdated(laws.name, MOST_SUBJECTS)
            self._replace(turn, outdated, turn.position, laws)
            return len(outdated)

    def _retry(self, patience: float | None) -> None:
        """Try once more those that an earlier process could not go on with: the code may be another one by now."""
        if self._has_retried:
            return
        with self._index.turn(patience) as turn:
            if turn is not None:
                self._has_retried = True
                parked = [p.subject for p in self._index.parked()]
                if parked:
                    self._replace(turn, parked, turn.position, self._laws())

    def _replace(self, turn: IndexTurn, subjects: Sequence[str], upto: int, laws: _Laws) -> None:
        for some in _batches(subjects, MOST_SUBJECTS):
            turn.look_up(some)
            beside = [stream_of(subject) for subject in some]
            found = streams_apart(self._journal, [*some, *beside], upto)
            advisories = _advisories_in(found.rows, beside)
            files = [(subject, rows) for subject in some if (rows := found.rows.get(subject))]
            turn.replace([_held(case_file(subject, rows), laws, advisories) for subject, rows in files])
            unreadable = [(subject, error) for subject in some if (error := found.unreadable.get(subject))]
            turn.park([_parked(subject, error) for subject, error in unreadable])

    # --- the law ------------------------------------------------------------------------------------------------

    def _laws(self, head: Head | None = None) -> _Laws:
        head = head or self._journal.head()
        moment = max(self._clock.now(), head.recorded_at)
        known = self._legislation.every(known_at=moment, position=head.position)
        parts = [(k.law.regime, [(a.digest, a.period) for a in k.rulebooks], k.calendar_digest) for k in known]
        name = hashlib.sha256(msgspec.json.encode((self._engine, parts))).hexdigest()[:20]
        return _Laws(name, tuple(k.law for k in known))


def _advisories_in(found: Mapping[str, Sequence[Recorded]], streams: Sequence[str]) -> Mapping[str, AdvisoryFile]:
    """What stands beside the files of subjects: advisories and internal notices. Of a stream that cannot be read
    nothing is told here; the file of its subject goes on."""
    return {
        stream.removeprefix(ADVISORY_STREAMS): fold(e for row in rows if isinstance(e := row.event, AdvisoryEvent))
        for stream in streams
        if (rows := found.get(stream))
    }


def _held(case: CaseFile, laws: _Laws, advisories: Mapping[str, AdvisoryFile]) -> SubjectDeadlines:
    regimes = regimes_concerned(case)
    concerned = [law for law in laws.laws if law.regime in regimes]
    found = tuple(d for law in concerned for d in deadlines_of(case, law))
    letters = [letter for law in concerned for letter in awaited_letters(case, law)]
    internal = advisories.get(case.subject)
    if internal is not None and case.joined_into is None:
        letters += [letter for law in laws.laws for letter in awaited_internal_letters(internal, law)]
    region, name = case.region_on(None), case.name_on(None)
    return SubjectDeadlines(case.subject, case.graded_as, region, name, laws.name, found, tuple(letters))


def _parked(subject: str, error: Unreadable) -> Parked:
    return Parked(subject=subject, stream=error.stream, position=error.position, reason=in_words(error.says).en)


def _subjects_in(streams: Iterable[str]) -> list[str]:
    """The subjects whose file, or the advisories about whom, these streams are."""
    named = (
        stream.removeprefix(ADVISORY_STREAMS)
        for stream in streams
        if is_subject(stream) or (stream.startswith(ADVISORY_STREAMS) and not stream.startswith(CITY_STREAMS))
    )
    return list(dict.fromkeys(named))


def _batches(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
