"""The editions on record: how each reads now, its life so far, and in what two of them differ."""

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

from application.law.legislation import Legislation
from application.ports import Recorded
from domain.errors import NotFound
from domain.events.lawbook import (
    CalendarAdopted,
    OfficialTextLoaded,
    RulebookAdopted,
    RulebookCorrected,
    RulebookRepealed,
)
from domain.law.calendar import WorkingDays
from domain.law.diff import EditionDifference, differences
from domain.law.parse import parse_edition
from domain.law.regime import Force, period_of
from domain.procedures.lawbook import on_record
from domain.time import CalendarYear, iso_utc


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


def calendars_on_record(law: Iterable[Recorded]) -> tuple[CalendarYear, ...]:
    """The working-day calendar of each year in the newest paper on record, in order of the years; ``law`` are the
    events of the law."""
    events = (recorded.event for recorded in law)
    return WorkingDays(tuple(event.calendar for event in events if isinstance(event, CalendarAdopted))).papers


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


def compared_editions(legislation: Legislation, one: str, other: str) -> tuple[EditionDifference, ...]:
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
