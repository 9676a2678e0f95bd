"""The timeline of a file: every event with when it happened, takes effect and was recorded, by whom, on what paper.

Nothing is hidden: what was corrected, retracted or set aside stays in its place and is marked as struck.
"""

import datetime as dt
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec

from application.answering.behind.authorities import authority_of
from application.answering.case_files import case_file, no_such_file, with_joined
from application.answering.kept_files import KeptFile
from application.answering.rankings import is_ranked
from application.cache import LastingLines
from application.cursors import bad_cursor, opened, sealed
from application.law.legislation import Legislation
from application.ports import AnyEvent, Clock, Journal, Recorded, Snapshot, Vault
from application.prose import Opened, sealed_parts, texts_of, with_texts
from application.recording.outcomes import tag_of
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.facts import FactFile
from domain.errors import NotFound
from domain.events.evaluation import StageRecorded
from domain.events.facts import FactCorrected, FactRecorded, paper_of
from domain.events.joining import FilesJoined
from domain.events.papers.letters import LetterDrafted, LetterRevised, LetterWithdrawn
from domain.events.warnings import WarningIssued
from domain.grading.method import counts_from
from domain.law.regime import RegimeLaw
from domain.sentence import sentence
from domain.time import Instant, iso_utc, legal_day

TimelineOrder = Literal["legal", "-legal", "record", "-record"]
"""By when things happened or by when they were recorded, the first at the top or the last."""

InnerLine = Literal["drafting"]
"""What the office does before anybody else is told: it drafts a letter, revises the draft, or drops it."""

MomentUnit = Literal["moment", "day", "week", "month", "quarter", "year"]
"""What the moments of a file are thinned out by: of each unit of the calendar the last one stays."""

MOST_MOMENTS: Final = 400
"""Moments beyond which they are thinned out."""


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a timeline.

    ``happened_on`` is the legal day of the event itself, ``effective_on`` the day a fact counts from,
    ``recorded_at`` when it was recorded; ``delay_days`` the days between happening and recording. ``struck``
    says by what the line was undone; ``about`` is the fact, warning, repair, objection or comment it belongs to,
    ``regime`` and ``row`` those of the record it brings or belongs to. ``origin`` is the file on which it was recorded,
    where that was joined to this one: its ``version`` counts there, its ``position`` is that of the joining. ``inner``
    is what the office does before anybody else is told.
    """

    version: int
    position: int
    type: str
    happened_on: dt.date | None
    effective_on: dt.date | None
    recorded_at: str
    delay_days: int | None
    by: str
    document: str | None = None
    authority: str | None = None
    about: str | None = None
    regime: str | None = None
    row: str | None = None
    id: str | None = None
    struck: str | None = None
    struck_by: int | None = None
    content: dict[str, Any] = {}
    title: str | None = None
    origin: str | None = None
    inner: InnerLine | None = None

    @property
    def employee(self) -> str | None:
        """The person whose employment it tells; ``None`` for any other event: none else names a practitioner."""
        person = self.content.get("practitioner")
        return person if isinstance(person, str) else None


_Place = tuple[str, int]
"""The stream of an event, and its version there."""


class _Matter(NamedTuple):
    """Under which regime a record stands, and for which row."""

    regime: str | None
    row: str | None


_NO_MATTER: Final = _Matter(None, None)


class _ReadThrough(NamedTuple):
    """What one pass over the events of a file gives: the events that a later one corrected, retracted, set aside or
    withdrew, with how and by which version; and the regime and the row of every record, by its id."""

    struck: Mapping[_Place, tuple[str, int]]
    matters: Mapping[str, _Matter]


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """The events of one file in legal order (when it happened) or in order of recording, or from the last to the first
    of either; ``next`` is the cursor of the following page, where not all of them were asked for."""

    subject: str
    kind: str
    version: int
    order: TimelineOrder
    entries: tuple[TimelineEntry, ...]
    next: str | None = None


class TimelineCursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a timeline goes on: behind so many lines of a file as known at a moment, up to a position."""

    told: int
    position: int
    known_at: Instant
    asked: tuple[str, TimelineOrder, Instant | None]


class RecordHistory(msgspec.Struct, frozen=True, kw_only=True):
    """One record: the event that brought it, and what became of it since, in order of recording.

    ``file`` is the stream in which it stands, ``struck`` how it was undone last.
    """

    record: str
    file: str
    regime: str | None
    struck: str | None
    entries: tuple[TimelineEntry, ...]


class RecordedMoment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment at which something was recorded on a file: how many events from the moment before on, and whether one of
    them undid or corrected what was known, or took a step of a year."""

    at: str
    number: int
    turns: bool


class RecordedMoments(msgspec.Struct, frozen=True, kw_only=True):
    """The moments at which something was recorded on a file, from the first to the last; ``total`` is how many there
    are. Where they were too many, the last of each ``unit`` stays, and so do the first, the last and those that turn
    what was known, as far as there is room for them."""

    subject: str
    version: int
    total: int
    unit: MomentUnit
    moments: tuple[RecordedMoment, ...]


class Timelines:
    """The use case of reading timelines."""

    def __init__(self, journal: Journal, vault: Vault, clock: Clock, legislation: Legislation) -> None:
        self._journal = journal
        self._vault = vault
        self._clock = clock
        self._legislation = legislation

    def read(
        self,
        subject: str,
        order: TimelineOrder = "legal",
        known_at: Instant | None = None,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Timeline:
        """The timeline as known at a moment (now, when absent): all of it, or a page. Raises ``NotFound``, and
        ``Invalid`` for a cursor of another question."""
        asked = (subject, order, known_at)
        if cursor is None:
            moment = known_at if known_at is not None else self._clock.now()
            snapshot = self._journal.snapshot(subject, known_at=moment)
            told = 0
        else:
            begun = opened(cursor, TimelineCursor)
            if begun.asked != asked:
                raise bad_cursor("other_question", sentence("errors.cursor.other_question"))
            moment, told = begun.known_at, begun.told
            snapshot = self._journal.snapshot(subject, position=begun.position)
        case = case_file(subject, snapshot.rows)
        if case.kind is None:
            raise no_such_file(case)
        return self.of_file(case, snapshot, moment, order, asked_at=known_at, told=told, limit=limit)

    def moments(self, subject: str, *, is_own: bool = False) -> RecordedMoments:
        """Every moment at which something was recorded on a file, thinned out where they are many; for the subject
        itself (``is_own``) without those at which a letter was drafted and nothing else. Raises ``NotFound``."""
        rows = self._journal.stream(subject)
        if not rows:
            raise NotFound("subject", subject)
        if is_own:
            case = case_file(subject, rows)
            rows = [row for row in rows if not is_drafting(row.event, case)]
        turning = {row.recorded_at for row in rows if _turns(row.event)}
        instants = sorted({row.recorded_at for row in rows})
        unit, kept = _thinned(instants, turning)
        counts = Counter(kept[bisect_left(kept, row.recorded_at)] for row in rows)
        return RecordedMoments(
            subject=subject,
            version=rows[-1].version,
            total=len(instants),
            unit=unit,
            moments=tuple(RecordedMoment(at=iso_utc(at), number=counts[at], turns=at in turning) for at in kept),
        )

    def of_file(
        self,
        case: CaseFile,
        snapshot: Snapshot,
        moment: Instant,
        order: TimelineOrder = "legal",
        *,
        asked_at: Instant | None = None,
        told: int = 0,
        limit: int | None = None,
        prose: Opened | None = None,
        held: KeptFile | None = None,
    ) -> Timeline:
        """The timeline of a file that was read, behind the first ``told`` lines, its texts opened by ``prose``. Its
        cursors go on with a question that names the moment ``asked_at``. What is ``held`` of the file has its order."""
        rows = _ordered(snapshot, order) if held is None else held.told(order, lambda: _ordered(snapshot, order))
        rest = None
        if limit is not None and len(rows) > told + limit:
            asked = (case.subject, order, asked_at)
            rest = sealed(TimelineCursor(told + limit, snapshot.position, moment, asked))
        shown = rows[told:] if limit is None else rows[told : told + limit]
        entries = self._entries(case, snapshot, moment, shown, prose, held, (order, told, limit))
        lines = entries if isinstance(entries, LastingLines) else tuple(entries)
        return Timeline(
            subject=case.subject, kind=case.kind or "", version=case.version, order=order, entries=lines, next=rest
        )

    def of_record(self, record: str, known_at: Instant | None = None) -> RecordHistory:
        """One record of any stream as known at a moment (now, when absent). Raises ``NotFound``."""
        moment = known_at if known_at is not None else self._clock.now()
        stream = self._journal.owner_of(record, until=self._journal.position_at(moment))
        if stream is None:
            raise NotFound("record", record)
        snapshot = self._journal.snapshot(stream, known_at=moment)
        rows = with_joined(snapshot.rows)
        entries = self._entries(case_file(stream, snapshot.rows), snapshot, moment, rows)
        # A warning about a fact belongs to both.
        found = [
            (e, row.event)
            for e, row in zip(entries, rows, strict=True)
            if record in (e.id, e.about, row.event.about_id)
        ]
        if not found:
            raise NotFound("record", record)
        of_it, brought = [e for e, _ in found], found[0][1]
        other = _read_through(rows).matters.get(brought.about_id or "", _NO_MATTER)
        undone = [e.struck for e in of_it if record in (e.id, e.about) and e.struck is not None]
        return RecordHistory(
            record=record,
            file=stream,
            regime=of_it[0].regime or other.regime,
            struck=undone[-1] if undone else None,
            entries=tuple(of_it),
        )

    def _entries(
        self,
        case: CaseFile,
        snapshot: Snapshot,
        moment: Instant,
        shown: Sequence[Recorded],
        prose: Opened | None = None,
        held: KeptFile | None = None,
        place: Hashable = None,
    ) -> Sequence[TimelineEntry]:
        """The lines of some of a file's events, in the order in which they are given; of a file that is ``held`` their
        ``place`` says which they are."""
        facts = _facts_among(case, shown) if held is None else held.told(place, lambda: _facts_among(case, shown))
        laws = self._laws_of(facts, moment, snapshot)
        file = case.subject

        def work() -> Sequence[TimelineEntry]:
            struck, matters = _read_through(with_joined(snapshot.rows))
            effective = _effective_days(case, facts, laws)
            regions = self._legislation.regions(snapshot.law_position)
            lines = [_entry(row, case, effective, struck, matters, regions) for row in shown]
            is_plain = not any(sealed_parts(text) for row in shown for text in texts_of(row.event))
            return LastingLines(lines) if held is not None and is_plain else lines

        key = ("entries", place, tuple(map(id, laws.values())))
        if held is None or any(map(is_ranked, laws.values())):
            entries = work()
        else:
            entries = held.under_laws(key, tuple(laws.values()), work)
        if isinstance(entries, LastingLines):
            return entries
        texts = prose or Opened(self._vault, lambda _: case.joined)
        return [
            _opened(entry, row.event, lambda text: texts.told(file, text))
            for entry, row in zip(entries, shown, strict=True)
        ]

    def _laws_of(self, facts: Sequence[FactFile], moment: Instant, snapshot: Snapshot) -> dict[str, RegimeLaw]:
        """The laws under which facts are on record."""
        return {
            regime: self._legislation.at(
                regime, known_at=moment, position=snapshot.position, law_position=snapshot.law_position
            ).law
            for regime in sorted({file.record.regime for file in facts})
        }


def _facts_among(case: CaseFile, shown: Sequence[Recorded]) -> Sequence[FactFile]:
    """The facts that some of a file's events record."""
    return [case.facts[e.fact] for row in shown if isinstance(e := row.event, FactRecorded) and e.fact in case.facts]


def _effective_days(
    case: CaseFile, facts: Sequence[FactFile], laws: Mapping[str, RegimeLaw]
) -> dict[str, dt.date | None]:
    days: dict[str, dt.date | None] = {}
    for file in facts:
        law = laws[file.record.regime]
        rule = None if file.record.row is None else law.row(file.record.row, file.record.act_on)
        days[file.id] = file.record.decided_on if rule is None else counts_from(case, file, rule, law)
    return days


def _ordered(snapshot: Snapshot, order: TimelineOrder) -> Sequence[Recorded]:
    """The events of a file, with those of files that were joined to it, in an order."""
    rows: Sequence[Recorded] = with_joined(snapshot.rows)
    if order in ("legal", "-legal"):
        # The sort is stable: what happened on one day stays in order of recording.
        rows = sorted(rows, key=lambda r: r.event.happened_on or legal_day(r.recorded_at))
    return rows[::-1] if order in ("-legal", "-record") else rows


def _entry(
    row: Recorded,
    case: CaseFile,
    effective: dict[str, dt.date | None],
    struck: Mapping[_Place, tuple[str, int]],
    matters: Mapping[str, _Matter],
    regions: Mapping[str, tuple[str, ...]],
) -> TimelineEntry:
    event = row.event
    id, about = event.introduced_id, _about(event)
    matter = matters.get(id or "") or matters.get(about or "") or _NO_MATTER
    happened_on, paper = event.happened_on, paper_of(event)
    undone, by = struck.get((row.stream, row.version), (None, None))
    return TimelineEntry(
        version=row.version,
        origin=None if row.stream == case.subject else row.stream,
        position=row.position,
        type=tag_of(event),
        happened_on=happened_on,
        effective_on=effective.get(event.fact) if isinstance(event, FactRecorded) else None,
        recorded_at=iso_utc(row.recorded_at),
        delay_days=None if happened_on is None else (legal_day(row.recorded_at) - happened_on).days,
        by=row.actor,
        document=paper,
        authority=authority_of(event, case, regions),
        about=about,
        regime=getattr(event, "regime", None) or matter.regime,
        row=matter.row,
        id=id,
        struck=undone,
        struck_by=by,
        content=_content(event),
        inner="drafting" if is_drafting(event, case) else None,
    )


def is_drafting(event: AnyEvent, case: CaseFile) -> bool:
    """Whether an event tells of a letter of a file that nobody had been sent yet."""
    if isinstance(event, LetterWithdrawn):
        letter = case.letters.get(event.letter)
        return letter is None or letter.issued is None
    return isinstance(event, LetterDrafted | LetterRevised)


def _content(event: AnyEvent) -> dict[str, Any]:
    """What an event says, but for what its line says of it."""
    # What was joined is told line by line.
    shown = msgspec.structs.replace(event, carried=()) if isinstance(event, FilesJoined) else event
    content: dict[str, Any] = msgspec.to_builtins(shown)
    content.pop("type", None)
    content.pop("carried", None)
    if paper_of(event) is None:
        content.pop("document", None)
    return content


def _opened(entry: TimelineEntry, event: AnyEvent, change: Callable[[str], str]) -> TimelineEntry:
    """The line of an event with its texts opened: they stand in its content alone."""
    plain = with_texts(event, change)
    return entry if plain is event else msgspec.structs.replace(entry, content=_content(plain))


def _turns(event: AnyEvent) -> bool:
    """Whether an event turns what was known: it undoes or corrects a record, or is a step of a year."""
    return event.strikes is not None or isinstance(event, StageRecorded)


def _thinned(instants: Sequence[Instant], turning: Collection[Instant]) -> tuple[MomentUnit, list[Instant]]:
    """The instants that stay, and by which unit of the calendar they were thinned out."""
    if len(instants) <= MOST_MOMENTS:
        return "moment", list(instants)
    last: dict[tuple[int, ...], Instant] = {}
    for unit, key in _UNITS:
        last = {key(legal_day(at)): at for at in instants}
        kept = sorted({instants[0], *last.values(), *turning})
        if len(kept) <= MOST_MOMENTS:
            return unit, kept
    # More turn than there is room for: of these, too, the last of each year stays.
    return "year", sorted({instants[0], *last.values()})


_UNITS: Final[tuple[tuple[MomentUnit, Callable[[dt.date], tuple[int, ...]]], ...]] = (
    ("day", lambda day: (day.toordinal(),)),
    ("week", lambda day: tuple(day.isocalendar()[:2])),
    ("month", lambda day: (day.year, day.month)),
    ("quarter", lambda day: (day.year, (day.month - 1) // 3)),
    ("year", lambda day: (day.year,)),
)
"""The units of the calendar, the finest first, each with what the days of one share."""


def _about(event: AnyEvent) -> str | None:
    """The record that an event is about; one that is about none is about its own, and so is a warning."""
    return event.warning if isinstance(event, WarningIssued) else event.about_id or event.introduced_id


def _read_through(rows: Sequence[Recorded]) -> _ReadThrough:
    made: dict[str, _Place] = {}
    struck: dict[_Place, tuple[str, int]] = {}
    matters: dict[str, _Matter] = {}
    for recorded in rows:
        event, place = recorded.event, (recorded.stream, recorded.version)
        if type(event) is FactRecorded:
            # Most events are, and nothing is undone by one.
            matters[event.fact] = _Matter(event.regime, event.row or matters.get(event.fact, _NO_MATTER).row)
            made.setdefault(event.fact, place)
            continue
        id, undo = event.introduced_id, event.strikes
        if id is not None:
            before = matters.get(_about(event) or "", _NO_MATTER)
            row = getattr(event, "row", None)
            regime = getattr(event, "regime", None) or before.regime
            matters[id] = _Matter(regime, row if isinstance(row, str) else before.row)
            made.setdefault(id, place)
        target = None if undo is None else made.get(_about(event) or "")
        if undo is not None and target is not None and target != place:
            struck[target] = (undo, recorded.version)
            if isinstance(event, FactCorrected):
                made[event.fact] = place
    return _ReadThrough(struck, matters)


__all__ = [
    "CaseEvent",
    "RecordHistory",
    "RecordedMoments",
    "Timeline",
    "TimelineEntry",
    "TimelineOrder",
    "Timelines",
]
