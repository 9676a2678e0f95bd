"""The law as the journal knows it: which editions and calendars were on record at a moment, ready to assess by."""

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any, Final
from weakref import WeakKeyDictionary, proxy

import msgspec

from application.cache import Remembered
from application.law.own_deadlines import own_deadlines
from application.ports import JournalReader, Recorded
from domain.errors import FieldProblem, NotFound, NotYetKnown
from domain.events.lawbook import LAW_STREAM, CalendarAdopted, LawEvent, OfficialTextLoaded, RulebookAdopted
from domain.law.adopted import EditionHead, adopted_edition, digest, head_of
from domain.law.calendar import WorkingDays
from domain.law.edition import Configured, Edition
from domain.law.official import OfficialWording, wording_of
from domain.law.parents import with_parent
from domain.law.regime import Adopted, RegimeLaw, common, period_of
from domain.procedures.lawbook import on_record
from domain.sentence import sentence
from domain.time import CalendarYear, Instant, at_hour, legal_day

_DAY_ONE: Final = dt.date.min


class KnownLaw(msgspec.Struct, frozen=True):
    """One regime's law as known at a moment, with the digests an answer names it by: of its editions, and before them
    of those they stand on."""

    law: RegimeLaw
    rulebooks: tuple[Adopted, ...]
    calendar_digest: str

    def seen_on(self, day: dt.date) -> "KnownLaw":
        """The same with the law as it applies on a day."""
        law = self.law.seen_on(day)
        return self if law is self.law else KnownLaw(law, self.rulebooks, self.calendar_digest)


LAWS: Final = 256
"""Most laws kept ready: one for each regime, each choice of readings that was asked for, each state of knowledge."""


class Compiled:
    """Parsed editions by digest and laws made ready by what they were made of: journals may share them."""

    __slots__ = ("editions", "laws")

    def __init__(self) -> None:
        self.editions: dict[str, Edition] = {}
        self.laws: Remembered[object, KnownLaw] = Remembered(LAWS)


class _Whole:
    """All events of the law, with what every question would ask of each of them."""

    __slots__ = ("events", "known_from", "laws", "positions", "regimes", "regions")

    def __init__(self, events: tuple[Recorded, ...]) -> None:
        self.events = events
        self.positions = tuple(r.position for r in events)
        self.known_from: Instant = max((known_from(r) for r in events), default=0)
        """From this instant on all of them are known."""
        self.regimes = _regimes_in(events)
        self.regions: Mapping[str, tuple[str, ...]] | None = None
        """Of every regime where it applies, once somebody has asked."""
        self.laws: tuple[KnownLaw, ...] | None = None
        """The law of every regime that has one, once somebody has asked."""


class Legislation:
    """All law events of a journal; safe to share between threads."""

    def __init__(
        self, journal: JournalReader, configured: Configured | None = None, compiled: Compiled | None = None
    ) -> None:
        """``configured`` are tables a bureau supplies from outside the edition (scenario fixtures); ``compiled``
        spares many short-lived journals with the same law the work of reading it."""
        self._journal = journal
        self._configured = configured
        self._compiled = Compiled() if compiled is None else compiled
        self._lock = threading.Lock()
        self._events: tuple[Recorded, ...] = ()
        self._whole = _Whole(())
        self._laws: Remembered[object, KnownLaw] = Remembered(LAWS)
        self._wordings: dict[tuple[str, str], OfficialWording] = {}
        self._staffed: tuple[tuple[Recorded, ...], dict[str, bool]] = (), {}

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

    def regimes(self, known_at: Instant | None = None, law_position: int | None = None) -> tuple[str, ...]:
        """Every regime with an edition on record, or only those of which one was known at a moment."""
        events = self.refresh(law_position)
        whole = self._of_all(events)
        if known_at is None or known_at >= whole.known_from:
            return whole.regimes
        day = legal_day(known_at)
        return _regimes_in(r for r in events if _is_known(r, known_at, day, r.position))

    def moments(self, *, until: int, law_position: int | None = None) -> tuple[Instant, ...]:
        """The instants at which what is known of the law changes by the events up to a position, in order."""
        return tuple(sorted({known_from(r) for r in self.refresh(law_position) if r.position <= until}))

    def regions_of(self, regime: str) -> tuple[str, ...]:
        """The beginnings of the region codes in which a regime's last edition applies, by what was read last."""
        head = self.last_head(regime)
        return () if head is None else head.regions

    def last_head(self, regime: str) -> EditionHead | None:
        """The head of a regime's last edition, by what was read last; ``None`` where none is on record."""
        found = [r.event for r in self.known() if isinstance(r.event, RulebookAdopted) and r.event.regime == regime]
        return head_of(found[-1].text, found[-1].id) if found else None

    def regions_changed(self, *, edition: str | None = None, text: str | None = None) -> tuple[str, ...]:
        """The beginnings of the region codes in which the law changes with an edition on record, or with a new text:
        where it applies, where the edition of that id did, and where its regime does; none for an id that is not on
        record. Raises ``RulebookError`` for a text without a head."""
        new = None if text is None else head_of(text, "text")
        id = (edition or "") if new is None else new.id
        adopted = [r.event for r in self.refresh() if isinstance(r.event, RulebookAdopted)]
        of_id = [e for e in adopted if e.id == id][-1:]
        of_regime = [e for e in adopted if e.regime == id.partition("@")[0]][-1:]
        if new is None and not of_id:
            return ()
        heads = (*(head_of(e.text, e.id) for e in (*of_id, *of_regime)), *([] if new is None else [new]))
        return tuple(dict.fromkeys(code for head in heads for code in head.regions))

    def has_row(self, regime: str, code: str) -> bool:
        """Whether any edition of a regime on record has a row of that code."""
        law = self.made_of(regime, self.known()).law
        days = [a.period.from_on for a in law.adopted if a.period is not None]
        return any(law.row(code, day) is not None for day in (None, *days))

    def looks_at_staff(self, regime: str) -> bool:
        """Whether a grade under a regime may rest on the files of an agency's employees, by what was read last."""
        known = self.known()
        read_from, regimes = self._staffed
        if read_from is not known:
            regimes = {}
            self._staffed = known, regimes
        found = regimes.get(regime)
        if found is None:
            latest = on_record(r.event for r in known)
            own = [self.parsed(e) for e in latest.values() if e.regime == regime]
            parents = [self.parsed(latest[e.parent]) for e in own if e.parent in latest]
            found = regimes[regime] = any(e.staff is not None for e in (*own, *parents))
        return found

    def ranks(self, regime: str) -> bool:
        """Whether anybody can have been ranked under a regime: whether an edition of it, or one that it stands on, ever
        graded by rank, by what was read last."""
        adopted = [r.event for r in self.known() if isinstance(r.event, RulebookAdopted)]
        own = [self.parsed(e) for e in adopted if e.regime == regime]
        parents = {e.parent for e in own}
        editions = (*own, *(self.parsed(e) for e in adopted if e.id in parents))
        return any(method.is_ranked for edition in editions for method in edition.methods.values())

    def looks_at_any_staff(self) -> bool:
        """Whether any regime on record does so."""
        return any(self.looks_at_staff(r.event.regime) for r in self.known() if isinstance(r.event, RulebookAdopted))

    def regions(self, law_position: int | None = None) -> Mapping[str, tuple[str, ...]]:
        """Of every regime on record, the beginnings of the region codes in which its last edition applies."""
        whole = self._of_all(self.refresh(law_position))
        if whole.regions is None:
            adopted = [r.event for r in whole.events if isinstance(r.event, RulebookAdopted)]
            whole.regions = {event.regime: head_of(event.text, event.id).regions for event in adopted}
        return whole.regions

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

        Raises ``NotFound`` when no edition of the regime is on record, ``NotYetKnown`` when none was known then or none
        that it stands on, ``Invalid`` for readings it does not have.
        """
        known = self.known_then(known_at=known_at, position=position, law_position=law_position)
        return self.made_of(regime, known, readings)

    def known_then(self, *, known_at: Instant, position: int, law_position: int | None = None) -> tuple[Recorded, ...]:
        """The events of the law known at ``known_at`` among those up to ``position``, in order."""
        events = self.refresh(law_position)
        if known_at >= self._of_all(events).known_from and (not events or position >= events[-1].position):
            return events
        day = legal_day(known_at)
        return tuple(r for r in events if _is_known(r, known_at, day, position))

    def _of_all(self, events: tuple[Recorded, ...]) -> _Whole:
        whole = self._whole
        if whole.events is not events:
            whole = self._whole = _Whole(events)
        return whole

    def every(self, *, known_at: Instant, position: int, law_position: int | None = None) -> tuple[KnownLaw, ...]:
        """The law of every regime of which an edition, and that on which it stands, was known at a moment among the
        events up to a position, in the order of ``regimes``; the same tuple as long as all law is known and none comes
        to it."""
        known = self.known_then(known_at=known_at, position=position, law_position=law_position)
        # Asking for what was known has read the law.
        whole = self._of_all(self.refresh(0))
        if known is not whole.events:
            return tuple(self._each(whole.regimes, known))
        if whole.laws is None:
            whole.laws = tuple(self._each(whole.regimes, known))
        return whole.laws

    def _each(self, regimes: Iterable[str], known: Sequence[Recorded]) -> Iterator[KnownLaw]:
        for regime in regimes:
            # An edition may be on record before the day from which it is known.
            with suppress(NotFound):
                yield self.made_of(regime, known)

    def made_of(self, regime: str, known: Sequence[Recorded], readings: Mapping[str, str] | None = None) -> KnownLaw:
        """The law of a regime as some of the law's events alone make it.

        Raises ``NotFound`` when no edition of the regime is on record, ``NotYetKnown`` when none of these events brings
        one, ``Invalid`` for readings it does not have.
        """
        chosen = tuple(sorted((readings or {}).items()))
        whole = self._whole
        positions = whole.positions if known is whole.events else tuple(r.position for r in known)
        key = (regime, chosen, positions)
        found = self._laws.get(key)
        if found is None:
            found = self._laws.keep(key, self._shared(regime, known, chosen))
        return found

    def _shared(self, regime: str, known: Sequence[Recorded], chosen: tuple[tuple[str, str], ...]) -> KnownLaw:
        """The law as somebody has made it ready already from the same events, or made now."""
        configured = None if self._configured is None else msgspec.json.encode(self._configured)
        key = (regime, chosen, configured, tuple(r.event for r in known))
        found = self._compiled.laws.get(key)
        if found is None:
            found = self._compiled.laws.keep(key, self._build(regime, known, dict(chosen)))
        return found

    def _build(self, regime: str, known: Sequence[Recorded], readings: dict[str, str]) -> KnownLaw:
        latest = on_record(r.event for r in known)
        years = [r.event.calendar for r in known if isinstance(r.event, CalendarAdopted)]
        own = [self._adopted(e) for e in latest.values() if e.regime == regime]
        if not own:
            raise self._unknown(regime)
        own.sort(key=lambda a: (_DAY_ONE if a.period is None else a.period.from_on or _DAY_ONE, a.edition.id))
        parents = {
            a.edition.parent: self._adopted(self._parent(a.edition, latest))
            for a in own
            if a.edition.parent is not None
        }
        adopted = tuple(a if a.edition.parent is None else _standing_on(a, parents[a.edition.parent]) for a in own)
        days = WorkingDays(tuple(years))
        law = RegimeLaw(regime, adopted, days, readings, self._configured, own_deadlines())
        calendar_digest = digest(msgspec.json.encode(days.papers).decode())
        return KnownLaw(law, (*parents.values(), *adopted), calendar_digest)

    def _unknown(self, regime: str) -> NotFound:
        """What is said of a regime without an edition among what was known."""
        adopted = [
            (known_from(r), r.event)
            for r in self.known()
            if isinstance(r.event, RulebookAdopted) and r.event.regime == regime
        ]
        if not adopted:
            return _never_adopted("regime", regime)
        since, first = min(adopted, key=itemgetter(0))
        title = head_of(first.text, first.id).title
        says = sentence("legislation.legislation.not_yet_known", title=title, id=first.id, day=legal_day(since))
        return NotYetKnown("regime", regime, says)

    def _parent(self, edition: Edition, latest: Mapping[str, RulebookAdopted]) -> RulebookAdopted:
        """The edition another one stands on. Raises ``NotFound`` when it is not on record, ``NotYetKnown`` when it was
        not then."""
        id = edition.parent or ""
        if id in latest:
            return latest[id]
        adopted = [r for r in self.known() if isinstance(r.event, RulebookAdopted) and r.event.id == id]
        if not adopted:
            raise _never_adopted("edition", id)
        day = legal_day(known_from(min(adopted, key=known_from)))
        raise NotYetKnown(
            "edition",
            id,
            sentence("legislation.legislation.edition_stands", edition=edition.id, id=id, day=day),
        )

    def _adopted(self, event: RulebookAdopted) -> Adopted:
        period = period_of(event.in_force_on, event.until_on)
        return Adopted(edition=self.parsed(event), digest=event.digest, period=period)

    def parsed(self, event: RulebookAdopted) -> Edition:
        """The edition that an adoption carries."""
        edition = self._compiled.editions.get(event.digest)
        if edition is None:
            edition = self._compiled.editions[event.digest] = adopted_edition(event.text, event.id)
        return edition

    def edition(self, id: str) -> RulebookAdopted | None:
        """The last adoption of the edition as it reads now, or ``None``."""
        return on_record(r.event for r in self.refresh()).get(id)

    def wordings(self, ids: Iterable[str]) -> tuple[OfficialWording, ...]:
        """The official wordings on record of those of the editions that have one, as last read from the journal."""
        loaded: dict[str, OfficialTextLoaded] = {}
        for recorded in self.known():
            if isinstance(recorded.event, OfficialTextLoaded):
                loaded[recorded.event.id] = recorded.event
        return tuple(self._wording(loaded[id]) for id in ids if id in loaded)

    def annex_rows(self, ids: Iterable[str]) -> dict[str, tuple[str, int]]:
        """Where the rows of editions stand in the tables of their annexes: by the code of a row its annex and place."""
        found: dict[str, tuple[str, int]] = {}
        for id in ids:
            adopted = self.edition(id)
            for row in () if adopted is None else self.parsed(adopted).row:
                annex = next((cite for cite in row.cites if cite.startswith("annex")), None)
                if annex is not None and row.annex_row is not None:
                    found.setdefault(row.code, (annex, row.annex_row))
        return found

    def _wording(self, event: OfficialTextLoaded) -> OfficialWording:
        found = self._wordings.get((event.id, event.digest))
        if found is None:
            adopted = self.edition(event.id)
            edition = None if adopted is None else self.parsed(adopted)
            found = self._wordings[event.id, event.digest] = wording_of(event.text, edition)
        return found


def _never_adopted(what: str, id: str) -> NotFound:
    """What is said of a regime or an edition that this journal has never had."""
    error = NotFound(what, id)
    error.says = sentence(f"legislation.not_on_record.{what}", id=id)
    return error


_SHARED: Final[WeakKeyDictionary[JournalReader, Legislation]] = WeakKeyDictionary()
_SHARED_LOCK: Final = threading.Lock()


def legislation_of(reader: JournalReader) -> Legislation:
    """The law of a journal for tasks that are given nothing but its reader: one for all of them, for as long as it is
    there."""
    with _SHARED_LOCK:
        found = _SHARED.get(reader)
        if found is None:
            # What is kept by a reader must not keep it.
            found = _SHARED[reader] = Legislation(proxy(reader))
        return found


def _standing_on(own: Adopted, parent: Adopted) -> Adopted:
    """An edition with what its parent says, in force while both are: without its parent it says nothing of grades."""
    return Adopted(
        edition=with_parent(own.edition, parent.edition),
        digest=own.digest,
        period=None if own.period is None or parent.period is None else common(own.period, parent.period),
    )


def _is_known(recorded: Recorded, known_at: Instant, day: dt.date, position: int) -> bool:
    event = recorded.event
    if isinstance(event, RulebookAdopted) and event.founding:
        return event.known_from is None or event.known_from <= day
    if isinstance(event, CalendarAdopted) and event.founding:
        return event.calendar.published_on <= day
    return recorded.position <= position and recorded.recorded_at <= known_at


def _regimes_in(events: Iterable[Recorded]) -> tuple[str, ...]:
    return tuple(sorted({r.event.regime for r in events if isinstance(r.event, RulebookAdopted)}))


def known_from(recorded: Recorded) -> Instant:
    """The first instant at which an event of the law is known: 0 for one that always is."""
    event = recorded.event
    if isinstance(event, RulebookAdopted) and event.founding:
        return 0 if event.known_from is None else at_hour(event.known_from, 0)
    if isinstance(event, CalendarAdopted) and event.founding:
        return at_hour(event.calendar.published_on, 0)
    return recorded.recorded_at


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


__all__ = ["LAW_STREAM", "KnownLaw", "Legislation", "founding_events", "legislation_of"]


_LONGEST_TOLD: Final = 80


def unknown_names(legislation: Legislation, raw: Mapping[str, Any]) -> list[FieldProblem]:
    """The regime and the row that a request names, as far as no edition on record knows them."""
    regime, row = raw.get("regime"), raw.get("row")
    if not isinstance(regime, str):
        return []
    regimes = legislation.regimes()
    if regime not in regimes:
        name = regime[:_LONGEST_TOLD]
        problem = FieldProblem(
            "/regime",
            "unknown_regime",
            sentence("legislation.legislation.unknown_regime", name=name, regimes=regimes),
        )
        return [problem]
    if not isinstance(row, str) or legislation.has_row(regime, row):
        return []
    title = legislation.made_of(regime, legislation.known()).law.title
    says = sentence("procedures.facts.unknown_row", title=title, row=row[:_LONGEST_TOLD])
    return [FieldProblem("/row", "unknown_row", says)]
