"""The law as the journal knows it: which editions and calendars were on record at a moment, ready to assess by."""

import datetime as dt
import threading
from collections.abc import Mapping, Sequence

import msgspec

from application.ports import Journal, Recorded
from domain.calendar import CalendarYear, WorkingDays
from domain.errors import NotFound
from domain.law import Adopted, RegimeLaw, period_of
from domain.lawbook import LAW_STREAM, CalendarAdopted, LawEvent, RulebookAdopted
from domain.rulebook.model import Configured, Edition
from domain.rulebook.parsing import digest, parse_edition
from domain.vocabulary import Instant, legal_day


class KnownLaw(msgspec.Struct, frozen=True):
    """One regime's law as known at a moment, with the digests an answer names it by."""

    law: RegimeLaw
    rulebooks: tuple[Adopted, ...]
    calendar_digest: str


class Compiled:
    """Parsed editions by digest and laws made ready by what they were made of: journals may share them."""

    __slots__ = ("editions", "laws")

    def __init__(self) -> None:
        self.editions: dict[str, Edition] = {}
        self.laws: dict[object, KnownLaw] = {}


class Legislation:
    """All law events of a journal; safe to share between threads."""

    def __init__(
        self, journal: Journal, configured: Configured | None = None, compiled: Compiled | None = None
    ) -> None:
        """``configured`` are tables a bureau supplies from outside the edition (scenario fixtures); ``compiled``
        spares many short-lived journals with the same law the work of reading it."""
        self._journal = journal
        self._configured = configured
        self._compiled = Compiled() if compiled is None else compiled
        self._lock = threading.Lock()
        self._events: tuple[Recorded, ...] = ()
        self._laws: dict[object, KnownLaw] = {}

    def refresh(self, law_position: int | None = None) -> tuple[Recorded, ...]:
        """Read what is new; with ``law_position`` only when it lies beyond what is known. Returns all events."""
        events = self._events
        last = events[-1].position if events else 0
        if law_position is not None and law_position <= last:
            return events
        with self._lock:
            last = self._events[-1].position if self._events else 0
            self._events = (*self._events, *self._journal.law(after=last))
            return self._events

    def known(self) -> tuple[Recorded, ...]:
        """All events as last read; perhaps not the latest."""
        return self._events or self.refresh()

    def regimes(self) -> tuple[str, ...]:
        """Every regime with an edition on record."""
        events = self.refresh()
        return tuple(sorted({r.event.regime for r in events if isinstance(r.event, RulebookAdopted)}))

    def at(
        self,
        regime: str,
        *,
        known_at: Instant,
        position: int,
        law_position: int | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> KnownLaw:
        """The law of a regime as known at ``known_at`` among the events up to ``position``.

        Raises ``NotFound`` when no edition of the regime was known, ``Invalid`` for readings it does not have.
        """
        known = self.known_then(known_at=known_at, position=position, law_position=law_position)
        return self.made_of(regime, known, readings)

    def known_then(
        self, *, known_at: Instant, position: int, law_position: int | None = None
    ) -> tuple[Recorded, ...]:
        """The events of the law known at ``known_at`` among those up to ``position``, in order."""
        events = self.refresh(law_position)
        day = legal_day(known_at)
        return tuple(r for r in events if _is_known(r, known_at, day, position))

    def made_of(
        self, regime: str, known: Sequence[Recorded], readings: Mapping[str, str] | None = None
    ) -> KnownLaw:
        """The law of a regime as some of the law's events alone make it.

        Raises ``NotFound`` when none of them brings an edition of the regime, ``Invalid`` for readings it does not
        have.
        """
        chosen = tuple(sorted((readings or {}).items()))
        key = (regime, chosen, tuple(r.position for r in known))
        found = self._laws.get(key)
        if found is None:
            found = self._laws[key] = self._shared(regime, known, chosen)
        return found

    def _shared(self, regime: str, known: Sequence[Recorded], chosen: tuple[tuple[str, str], ...]) -> KnownLaw:
        """The law as somebody has made it ready already from the same events, or made now."""
        configured = None if self._configured is None else msgspec.json.encode(self._configured)
        key = (regime, chosen, configured, tuple(r.event for r in known))
        found = self._compiled.laws.get(key)
        if found is None:
            found = self._compiled.laws[key] = self._build(regime, known, dict(chosen))
        return found

    def _build(self, regime: str, known: Sequence[Recorded], readings: dict[str, str]) -> KnownLaw:
        latest: dict[str, RulebookAdopted] = {}
        years: list[CalendarYear] = []
        for recorded in known:
            event = recorded.event
            if isinstance(event, RulebookAdopted) and event.regime == regime:
                latest[event.id] = event
            elif isinstance(event, CalendarAdopted):
                years.append(event.calendar)
        if not latest:
            raise NotFound("regime", regime)
        adopted = tuple(
            Adopted(edition=self._edition(e), digest=e.digest, period=period_of(e.in_force_on, e.until_on))
            for e in sorted(latest.values(), key=lambda e: (e.in_force_on or dt.date.min, e.id))
        )
        days = WorkingDays(tuple(years))
        law = RegimeLaw(regime, adopted, days, readings, self._configured)
        calendar_digest = digest(msgspec.json.encode(days.papers).decode())
        return KnownLaw(law, adopted, calendar_digest)

    def _edition(self, event: RulebookAdopted) -> Edition:
        edition = self._compiled.editions.get(event.digest)
        if edition is None:
            edition = self._compiled.editions[event.digest] = parse_edition(event.text, event.id)
        return edition

    def edition(self, id: str) -> RulebookAdopted | None:
        """The newest event that carries the edition, or ``None``."""
        found = None
        for recorded in self.refresh():
            if isinstance(recorded.event, RulebookAdopted) and recorded.event.id == id:
                found = recorded.event
        return found


def _is_known(recorded: Recorded, known_at: Instant, day: dt.date, position: int) -> bool:
    event = recorded.event
    if isinstance(event, RulebookAdopted) and event.founding:
        return event.known_from is None or event.known_from <= day
    if isinstance(event, CalendarAdopted) and event.founding:
        return event.calendar.published_on <= day
    return recorded.position <= position and recorded.recorded_at <= known_at


def founding_events(editions: Sequence[tuple[Edition, str]], years: Sequence[CalendarYear]) -> list[LawEvent]:
    """The first events of a journal: the shipped editions (with their texts) and calendars."""
    events: list[LawEvent] = [
        RulebookAdopted(
            id=edition.id,
            regime=edition.regime,
            digest=digest(text),
            text=text,
            in_force_on=edition.in_force_on,
            until_on=edition.until_on,
            founding=True,
            known_from=edition.published_on,
        )
        for edition, text in editions
    ]
    events += [CalendarAdopted(calendar=year, founding=True) for year in years]
    return events


__all__ = ["LAW_STREAM", "KnownLaw", "Legislation", "founding_events"]
