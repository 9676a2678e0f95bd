"""The words of an answer: the editions it rests on, and on what ground the one of its day applies."""

import datetime as dt
import threading
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple, Protocol

import msgspec

from application.answering.grading import Basis
from application.law.legislation import Legislation
from application.ports import Recorded
from domain.events.lawbook import RulebookAdopted, RulebookRepealed
from domain.law.edition import Edition
from domain.law.regime import period_of
from domain.time import legal_day
from interfaces.wording.words import EditionStanding, Lexicon

_EVER: Final = dt.date.min
_KEPT: Final = 4096
"""How many questions are answered without looking again."""


class _Adoption(NamedTuple):
    """The last adoption of a text as it reads now, and the legal day on which it was recorded."""

    event: RulebookAdopted
    recorded_on: dt.date


class LawOnRecord(Protocol):
    """The law whose words are asked for."""

    def known(self) -> tuple[Recorded, ...]:
        """The events of the law, in order."""
        ...

    def parsed(self, event: RulebookAdopted) -> Edition:
        """The edition that an adoption carries."""
        ...


class LawAsKnown:
    """The law as it was on record up to some moment: what was adopted later changes none of its words."""

    def __init__(self, legislation: Legislation, events: tuple[Recorded, ...]) -> None:
        """``events`` are those known then (``Legislation.known_then``)."""
        self._legislation = legislation
        self._events = events

    def known(self) -> tuple[Recorded, ...]:
        """The events of the law known then."""
        return self._events

    def parsed(self, event: RulebookAdopted) -> Edition:
        """The edition that an adoption carries."""
        return self._legislation.parsed(event)


class Lexicons:
    """Lexicons of one journal, each made once; safe to share between threads."""

    def __init__(self, legislation: LawOnRecord) -> None:
        self._legislation = legislation
        self._asked: dict[tuple[tuple[str, ...], dt.date | None, int], Lexicon] = {}
        self._made: dict[tuple[tuple[str, ...], EditionStanding | None], Lexicon] = {}
        self._lock = threading.Lock()

    def of_answer(self, basis: Basis) -> Lexicon:
        """The words of the editions an answer rests on; the edition of its day wins."""
        return self.of_digests([r.digest for r in basis.rulebooks], basis.as_of)

    def of_digests(self, digests: Collection[str], day: dt.date | None = None) -> Lexicon:
        """The words of the editions with these texts; that in force on ``day`` wins, else the newest."""
        events = self._legislation.known()
        asked = (tuple(digests), day, len(events))
        found = self._asked.get(asked)
        if found is None:
            found = self._made_of([a for a in _adoptions(events) if a.event.digest in digests], day)
            self._keep(asked, found)
        return found

    def of_regime(self, regime: str, day: dt.date | None = None) -> Lexicon:
        """The words of every edition of a regime on record and of those they stand on; that of the day wins."""
        events = self._legislation.known()
        asked = ((regime,), day, -len(events))
        found = self._asked.get(asked)
        if found is None:
            adoptions = _adoptions(events)
            own = [a for a in adoptions if a.event.regime == regime]
            parents = {self._legislation.parsed(a.event).parent for a in own}
            found = self._made_of([*(a for a in adoptions if a.event.id in parents), *own], day)
            self._keep(asked, found)
        return found

    def _keep(self, asked: tuple[tuple[str, ...], dt.date | None, int], found: Lexicon) -> None:
        if len(self._asked) >= _KEPT:
            self._asked.clear()
        self._asked[asked] = found

    def _made_of(self, found: Sequence[_Adoption], day: dt.date | None) -> Lexicon:
        adoptions = sorted(found, key=lambda adoption: self._rank(adoption.event, day))
        standing = None if day is None or not adoptions else self._standing(adoptions[-1])
        key = (tuple(a.event.digest for a in adoptions), standing)
        lexicon = self._made.get(key)
        if lexicon is None:
            with self._lock:
                lexicon = Lexicon([self._legislation.parsed(a.event) for a in adoptions], standing)
                self._made[key] = lexicon
        return lexicon

    def _rank(self, event: RulebookAdopted, day: dt.date | None) -> tuple[bool, bool, dt.date]:
        """Parents before those that stand on them, then the edition of the day last."""
        edition = self._legislation.parsed(event)
        period = period_of(event.in_force_on, event.until_on)
        holds = day is not None and period is not None and day in period
        return edition.parent is not None, holds, event.in_force_on or _EVER

    def _standing(self, adoption: _Adoption) -> EditionStanding:
        event = adoption.event
        return EditionStanding(
            draft=self._legislation.parsed(event).status == "draft",
            document=event.document,
            adopted_on=None if event.founding else event.adopted_on or adoption.recorded_on,
            in_force_on=event.in_force_on,
        )


def _adoptions(events: Sequence[Recorded]) -> list[_Adoption]:
    """The last adoption of every text, with its repeal, in the order of the journal."""
    found: dict[tuple[str, str], _Adoption] = {}
    for recorded in events:
        event = recorded.event
        if isinstance(event, RulebookAdopted):
            found.pop((event.id, event.digest), None)
            found[event.id, event.digest] = _Adoption(event, legal_day(recorded.recorded_at))
        elif isinstance(event, RulebookRepealed):
            for key, (adopted, recorded_on) in found.items():
                if adopted.id == event.id:
                    ended = msgspec.structs.replace(adopted, until_on=event.until_on)
                    found[key] = _Adoption(ended, recorded_on)
    return list(found.values())
