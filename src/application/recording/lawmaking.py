"""Making law: editions adopted, corrected and repealed, their wording, calendars; and what is on record of it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from application.law.legislation import Legislation
from application.ports import Recorded
from application.recording.commands import AdoptCalendar, AdoptRulebook, LawCommand, LoadOfficialText, RepealRulebook
from application.recording.outcomes import Outcome
from application.recording.writer import Asked, Decided, StreamWork, Writer
from domain.errors import Invalid, NotFound, Problem, Refused
from domain.events.lawbook import (
    LAW_STREAM,
    CalendarAdopted,
    LawEvent,
    OfficialTextLoaded,
    RulebookAdopted,
    RulebookCorrected,
    RulebookRepealed,
)
from domain.law.diff import Change, differences
from domain.law.edition import Edition
from domain.law.lint import lint
from domain.law.official import missing, wording_of
from domain.law.parse import RulebookError, digest, parse_edition
from domain.law.regime import Force, period_of
from domain.procedures import lawbook
from domain.procedures.lawbook import on_record
from domain.sentence import sentence
from domain.time import CalendarYear, iso_utc


class Lawmaking:
    """The use case of writing to the law's stream. Safe to share between threads."""

    def __init__(self, writer: Writer, legislation: Legislation) -> None:
        self._writer = writer
        self._legislation = legislation

    def carry_out(self, command: LawCommand, asked: Asked) -> Outcome:
        """Decide and record one command; see ``Casework.submit``. Raises ``RulebookError`` for a file with faults."""
        # The texts of the law are for everybody: nothing is sealed.
        outcome = self._writer.write(
            asked, lambda: StreamWork(LAW_STREAM, None, self._legislation.refresh, lambda r: self._decided(command, r))
        )
        # Answers given from here on are quoted and judged by what was just recorded.
        self._legislation.refresh()
        return outcome

    def _decided(self, command: LawCommand, events: Sequence[Recorded]) -> Decided:
        event = self._decide(command, events)
        return Decided("law", () if event is None else (event,))

    def _decide(self, command: LawCommand, events: Sequence[Recorded]) -> LawEvent | None:
        known = on_record(r.event for r in events)
        match command:
            case AdoptRulebook():
                return lawbook.adopt(known, _wanted(command, known))
            case RepealRulebook():
                history = (r.event for r in events)
                return lawbook.repeal(known, command.edition, command.until_on, command.reason, history)
            case LoadOfficialText():
                event = _official(command, known.get(command.edition))
                loaded = [r.event for r in events if isinstance(r.event, OfficialTextLoaded) and r.event.id == event.id]
                return None if loaded and loaded[-1] == event else event
            case AdoptCalendar():
                calendar = _calendar(command)
                years = [r.event for r in events if isinstance(r.event, CalendarAdopted)]
                same = [y for y in years if y.calendar.year == calendar.calendar.year]
                return None if same and same[-1] == calendar else calendar


def _wanted(command: AdoptRulebook, known: Mapping[str, RulebookAdopted]) -> RulebookAdopted:
    """The adoption that is asked for. Raises ``Invalid``, ``NotFound``, or ``RulebookError`` for a file with faults."""
    if (command.edition is None) == (command.text is None):
        raise Invalid((Problem("/edition", "one_of", sentence("casework.lawmaking.edition_or_text")),))
    text = command.text
    if text is None:
        found = known.get(command.edition or "")
        if found is None:
            raise NotFound("edition", command.edition or "")
        text = found.text

    def parent(id: str) -> Edition | None:
        return None if id not in known else parse_edition(known[id].text, id)

    edition = sound_edition(text, command.edition or "text", parent)
    return RulebookAdopted(
        id=edition.id,
        regime=edition.regime,
        digest=digest(text),
        text=text,
        in_force_on=command.in_force_on,
        until_on=command.until_on,
        reason=command.reason,
        document=command.document,
        adopted_on=command.adopted_on,
    )


def sound_edition(text: str, source: str, parent: Callable[[str], Edition | None]) -> Edition:
    """The edition a text writes down, linted; ``parent`` finds the one it stands on, by its id.

    Raises ``RulebookError`` with every fault.
    """
    edition = parse_edition(text, source)
    faults = lint(edition, text, None if edition.parent is None else parent(edition.parent))
    if faults:
        raise RulebookError(source, faults)
    return edition


def _official(command: LoadOfficialText, known: RulebookAdopted | None) -> OfficialTextLoaded:
    """The event of a wording that has every article its edition cites."""
    if known is None:
        raise NotFound("edition", command.edition)
    edition = parse_edition(known.text, known.id)
    lacking = missing(wording_of(command.text, edition), edition)
    if lacking:
        raise Refused(
            "text_does_not_fit",
            sentence("casework.lawmaking.text_does_not_fit", id=known.id, lacking=lacking),
            *lacking,
        )
    return OfficialTextLoaded(id=known.id, regime=known.regime, digest=digest(command.text), text=command.text)


def _calendar(command: AdoptCalendar) -> CalendarAdopted:
    both = set(command.days.rest) & set(command.days.working)
    foreign = [d for d in (*command.days.rest, *command.days.working) if abs(d.year - command.year) > 1]
    if both or foreign:
        raise Invalid(
            tuple(
                Problem(
                    "/days",
                    "contradiction",
                    sentence("casework.lawmaking.contradiction", d=d),
                )
                for d in sorted(both)
            )
            + tuple(
                Problem("/days", "other_year", sentence("casework.lawmaking.other_year", d=d, year=command.year))
                for d in foreign
            )
        )
    year = CalendarYear(
        year=command.year,
        rest_days=tuple(sorted(set(command.days.rest))),
        working_days=tuple(sorted(set(command.days.working))),
        paper=command.paper,
        published_on=command.published_on,
    )
    return CalendarAdopted(calendar=year)


# --- what is on record ------------------------------------------------------------------------------------------------


class Enactment(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the life of an edition on record: when it was recorded (UTC) and by whom.

    ``founding`` is how shipped editions came in; ``text`` the loading of the official wording.
    """

    event: Literal["founding", "adoption", "correction", "repeal", "text"]
    recorded_at: str
    by: str
    digest: str | None = None
    in_force_on: dt.date | None = None
    until_on: dt.date | None = None
    reason: str | None = None
    document: str | None = None
    adopted_on: dt.date | None = None


class OnRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An edition on record as it reads now: its ``force`` on the day asked about, its dates, and its life so far."""

    adopted: RulebookAdopted
    force: Force
    life: tuple[Enactment, ...]

    @property
    def has_text(self) -> bool:
        """Whether its official wording is on record."""
        return any(step.event == "text" for step in self.life)


def editions_on_record(legislation: Legislation, day: dt.date) -> list[OnRecord]:
    """Every edition on record in the order of the ids, with its force on ``day``."""
    events = legislation.refresh()
    known = on_record(r.event for r in events)
    return [
        OnRecord(
            adopted=known[id],
            force=_force_of(known[id], day),
            life=tuple(_enactment(r) for r in events if _is_about(r, id)),
        )
        for id in sorted(known)
    ]


def edition_on_record(legislation: Legislation, id: str, day: dt.date) -> OnRecord:
    """One edition on record. Raises ``NotFound``."""
    found = next((e for e in editions_on_record(legislation, day) if e.adopted.id == id), None)
    if found is None:
        raise NotFound("edition", id[:80])
    return found


def compared(legislation: Legislation, one: str, other: str) -> tuple[Change, ...]:
    """What differs between two editions on record, from the first to the second. Raises ``NotFound``."""
    editions = []
    for id in (one, other):
        event = legislation.edition(id)
        if event is None:
            raise NotFound("edition", id[:80])
        editions.append(parse_edition(event.text, event.id))
    return differences(*editions)


def _force_of(event: RulebookAdopted, day: dt.date) -> Force:
    period = period_of(event.in_force_on, event.until_on)
    if period is None:
        return "draft"
    return "in_force" if day in period else "not_in_force"


def _is_about(recorded: Recorded, id: str) -> bool:
    event = recorded.event
    return isinstance(event, RulebookAdopted | RulebookRepealed | OfficialTextLoaded) and event.id == id


def _enactment(recorded: Recorded) -> Enactment:
    event, recorded_at, by = recorded.event, iso_utc(recorded.recorded_at), recorded.actor
    match event:
        case RulebookRepealed():
            return Enactment(
                event="repeal", recorded_at=recorded_at, by=by, until_on=event.until_on, reason=event.reason
            )
        case OfficialTextLoaded():
            return Enactment(event="text", recorded_at=recorded_at, by=by, digest=event.digest)
        case RulebookAdopted():
            kind: Literal["founding", "adoption", "correction"] = "founding" if event.founding else "adoption"
            return Enactment(
                event="correction" if isinstance(event, RulebookCorrected) else kind,
                recorded_at=recorded_at,
                by=by,
                digest=event.digest,
                in_force_on=event.in_force_on,
                until_on=event.until_on,
                reason=event.reason,
                document=event.document,
                adopted_on=event.adopted_on,
            )
        case _:
            raise AssertionError(event)
