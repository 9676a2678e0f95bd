"""Places in rankings: where a subject stands in those of its regime, from an index of each that is made once."""

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final
from weakref import WeakKeyDictionary, proxy

from application.ports import JournalReader
from domain.aggregates.casefile import CaseFile
from domain.aggregates.cohort import stream_of
from domain.events.cohorts import CohortPlace, Placement, Ranked
from domain.events.evaluation import RecordRetracted
from domain.law.regime import RegimeLaw


class _Order:
    """The order of one ranking under one choice of readings: scores best first, and who has them."""

    __slots__ = ("_keys", "_subjects")

    def __init__(self, event: Ranked, *, removed: bool, full_year: bool) -> None:
        """``removed``: who holds a direct grade takes no place (N-07); ``full_year``: nor does who was not filed for
        the whole year (N-06)."""
        out = {s for s, reason in event.left_out.items() if reason == "direct_grade"} if removed else set[str]()
        out |= set(event.first_year) if full_year else set()
        ranked = [(s, score) for s, score in zip(event.subjects, event.scores, strict=True) if s not in out]
        self._subjects = [subject for subject, _ in ranked]
        self._keys = [-score for _, score in ranked]

    def place(self, event: Ranked, subject: str, score: Decimal, *, added: bool = False) -> Placement | None:
        """The place of a subject with its score; ``None`` for one that takes none, unless it is ``added``."""
        first, behind = bisect_left(self._keys, -score), bisect_right(self._keys, -score)
        tied = self._subjects[first:behind]
        extra = int(subject not in tied)
        if extra and not added:
            return None
        own = event.seconds.get(subject)
        others = [event.seconds.get(s) for s in tied]
        return Placement(
            year=event.year,
            dated_on=event.dated_on,
            record=event.record,
            score=score,
            better=first,
            same=behind - first + extra,
            ahead=sum(o is not None and (own is None or o > own) for o in others),
            level=sum(o == own for o in others) + extra,
            of=len(self._keys) + extra,
        )


class _Indexed:
    """A ranking of the journal, with every subject's score at hand and its orders made when they are first asked
    for."""

    __slots__ = ("_orders", "_scores", "event", "position")

    def __init__(self, event: Ranked, position: int) -> None:
        self.event = event
        self.position = position
        self._scores = dict(zip(event.subjects, event.scores, strict=True))
        self._orders: dict[tuple[bool, bool], _Order] = {}

    def who_of(self, subjects: Sequence[str]) -> str:
        """Of several subjects the one with a score; the last of them where none has."""
        return next((subject for subject in subjects if subject in self._scores), subjects[-1])

    def looked_at(self, subjects: Sequence[str]) -> bool:
        """Whether all of these subjects have a score in the ranking, or were left out of it."""
        return all(subject in self._scores or subject in self.event.left_out for subject in subjects)

    def place(self, subject: str, chosen: Mapping[str, str], *, left_out: bool) -> Placement | None:
        """The place of a subject under the chosen readings; with ``left_out`` that of one left out for a direct grade,
        as if it alone of these took part."""
        score = self._scores.get(subject)
        if score is None or (left_out and self.event.left_out.get(subject) != "direct_grade"):
            return None
        if left_out and chosen.get("N-06") == "full_year" and subject in self.event.first_year:
            return None
        choice = (chosen.get("N-07") != "kept", chosen.get("N-06") == "full_year")
        order = self._orders.get(choice)
        if order is None:
            order = self._orders[choice] = _Order(self.event, removed=choice[0], full_year=choice[1])
        return order.place(self.event, subject, score, added=left_out)


class _PlaceIn:
    """A subject in one ranking: its place is looked up under the readings that are asked about."""

    __slots__ = ("_ranking", "_subject")

    def __init__(self, ranking: _Indexed, subject: str) -> None:
        self._ranking = ranking
        self._subject = subject

    def __deepcopy__(self, _: object) -> "_PlaceIn":
        # What a ranking says never changes: a copy of a file shares it.
        return self

    def under(self, chosen: Mapping[str, str], *, left_out: bool = False) -> Placement | None:
        """The place under the chosen readings; ``None`` where the subject takes none."""
        return self._ranking.place(self._subject, chosen, left_out=left_out)


class _Held:
    """What is held of a cohort's stream: its rankings, and the position at which each record was taken back."""

    __slots__ = ("position", "rankings", "retracted")

    def __init__(self) -> None:
        self.position = 0
        self.rankings: list[_Indexed] = []
        self.retracted: dict[str, int] = {}


class Rankings:
    """The places of subjects in the rankings of a journal. Safe to share between threads.

    A stream only grows, so what was read of it once stays true: only what came after is read again.
    """

    def __init__(self, journal: JournalReader) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    def places(self, subject: str, law: RegimeLaw, until: int, joined: Sequence[str] = ()) -> tuple[CohortPlace, ...]:
        """Where a subject stands in the standing rankings up to a position of the journal, in order of recording:
        itself or a subject whose file was ``joined`` to it.

        None where the regime does not rank, and nothing is read for it.
        """
        subjects = (*joined, subject)
        return tuple(_PlaceIn(found, found.who_of(subjects)) for found in self._standing(law, until))

    def years_of(self, subjects: Sequence[str], law: RegimeLaw, until: int) -> set[int]:
        """The years of the standing rankings up to a position in which all of these subjects were looked at."""
        return {found.event.year for found in self._standing(law, until) if found.looked_at(subjects)}

    def _standing(self, law: RegimeLaw, until: int) -> tuple[_Indexed, ...]:
        """The standing rankings up to a position, in order of recording; none where the regime does not rank."""
        if not is_ranked(law):
            return ()
        with self._lock:
            held = self._held.setdefault(law.regime, _Held())
            if held.position < until:
                # A position past the end of the journal holds no more than its end does.
                self._read_on(held, law.regime, min(until, self._journal.head().position))
            return tuple(
                ranking
                for ranking in held.rankings
                if ranking.position <= until and not 0 < held.retracted.get(ranking.event.record, 0) <= until
            )

    def _read_on(self, held: _Held, regime: str, until: int) -> None:
        for recorded in self._journal.stream(stream_of(regime), after=held.position, until=until):
            event = recorded.event
            if isinstance(event, Ranked):
                held.rankings.append(_Indexed(event, recorded.position))
            elif isinstance(event, RecordRetracted):
                held.retracted.setdefault(event.record, recorded.position)
        held.position = until


_SHARED: Final[WeakKeyDictionary[JournalReader, Rankings]] = WeakKeyDictionary()
_SHARED_LOCK: Final = threading.Lock()


def rankings_of(journal: JournalReader) -> Rankings:
    """The rankings of a journal: one index for all who read it, for as long as there is the journal."""
    with _SHARED_LOCK:
        found = _SHARED.get(journal)
        if found is None:
            # What is kept by a journal must not keep it.
            found = _SHARED[journal] = Rankings(proxy(journal))
        return found


def is_ranked(law: RegimeLaw) -> bool:
    """Whether some edition of the regime grades by rank."""
    return any(m.is_ranked for a in law.adopted for m in a.edition.methods.values())


def ranking_place(
    case: CaseFile, law: RegimeLaw, journal: JournalReader, position: int, joined: Sequence[str] = ()
) -> None:
    """Put the subject's places, as the journal holds them up to a position, on its file, with those of the subjects
    whose files were joined to it, and of further ones ``joined``; nothing where none is ranked."""
    if is_ranked(law):
        case.places = rankings_of(journal).places(case.subject, law, position, (*case.joined, *joined))
