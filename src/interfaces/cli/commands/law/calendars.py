"""``rulebook calendars`` and ``rulebook calendar``: the working-day calendars that are shipped and those on record."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from application.law.on_record import calendars_on_record
from application.ports import Recorded
from domain.law.calendar import WorkingDays
from domain.law.calendar_files import parse_calendar
from domain.sentence import sentence
from domain.time import CalendarYear
from domain.vocabulary import Text
from interfaces.cli.house import NotAvailable
from interfaces.cli.terminal import Terminal
from interfaces.files.shipped import shipped_calendars, shipped_editions


class CalendarLine(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar as ``calendars`` tells it. ``on_record`` is ``None`` where there is no journal to ask; one that is
    ``shipped`` and not on record can be adopted. ``rest_days`` and ``working_days`` are how many the paper names."""

    year: int
    paper: str
    published_on: dt.date
    rest_days: int
    working_days: int
    shipped: bool
    on_record: bool | None


def show_list(terminal: Terminal, *, as_json: bool) -> None:
    """The calendar of each year on record, and the shipped ones that are not."""
    shipped = WorkingDays(shipped_calendars()).papers
    if terminal.house.has_journal(terminal.settings):
        with terminal.reading() as product:
            recorded = calendars_on_record(product.legislation.refresh())
        lines = [_line(c, shipped=_is_among(c, shipped), on_record=True) for c in recorded]
        lines += [_line(c, shipped=True, on_record=False) for c in _newer(shipped, recorded)]
    else:
        terminal.note("rulebooks.no_calendars_yet")
        lines = [_line(c, shipped=True, on_record=None) for c in shipped]
    lines.sort(key=lambda line: (line.year, line.published_on))
    if as_json:
        terminal.json(lines)
        return
    for line in lines:
        print(f"{line.year}  {line.published_on}  {line.paper}  [{_state(terminal, line)}]")


def announce(terminal: Terminal, law: Sequence[Recorded]) -> None:
    """Say what this version ships and a journal with this ``law`` does not have: nobody would look for it."""
    known = {getattr(recorded.event, "id", None) for recorded in law}
    for calendar in _newer(WorkingDays(shipped_calendars()).papers, calendars_on_record(law)):
        terminal.note("rulebooks.newer_calendar", year=calendar.year)
    for edition in shipped_editions():
        if edition.head.id not in known:
            title = terminal.text(Text(edition.head.title.zh, edition.head.title.en))
            terminal.note("rulebooks.newer_edition", title=title, id=edition.head.id)


def adoption_of(named: str) -> dict[str, Any]:
    """The command that adopts the shipped calendar of a year, or that of a file. Raises ``NotAvailable`` and
    ``RulebookError``."""
    calendar = next((c for c in WorkingDays(shipped_calendars()).papers if str(c.year) == named), None)
    if calendar is None and named.isdecimal() and not Path(named).is_file():
        years = ", ".join(str(c.year) for c in WorkingDays(shipped_calendars()).papers)
        raise NotAvailable("not_found", sentence("rulebooks.no_calendar", year=named, known=years))
    if calendar is None:
        from interfaces.cli.commands.recording import read_text

        calendar = parse_calendar(read_text(named), Path(named).name)
    return {
        "do": "adopt_calendar",
        "year": calendar.year,
        "days": {"rest": calendar.rest_days, "working": calendar.working_days},
        "paper": calendar.paper,
        "published_on": calendar.published_on,
    }


def _line(calendar: CalendarYear, *, shipped: bool, on_record: bool | None) -> CalendarLine:
    return CalendarLine(
        year=calendar.year,
        paper=calendar.paper,
        published_on=calendar.published_on,
        rest_days=len(calendar.rest_days),
        working_days=len(calendar.working_days),
        shipped=shipped,
        on_record=on_record,
    )


def _state(terminal: Terminal, line: CalendarLine) -> str:
    if line.on_record is None:
        return terminal.say("rulebooks.shipped")
    if line.on_record:
        return terminal.say("rulebooks.on_record")
    return terminal.say("rulebooks.calendar_not_on_record", year=line.year)


def _is_among(calendar: CalendarYear, others: tuple[CalendarYear, ...]) -> bool:
    return any(calendar.said == other.said for other in others)


def _newer(shipped: tuple[CalendarYear, ...], recorded: tuple[CalendarYear, ...]) -> list[CalendarYear]:
    """The shipped calendars of which the paper of the year on record is an older one, or none."""
    latest = {calendar.year: calendar for calendar in recorded}
    return [
        calendar
        for calendar in shipped
        if calendar.year not in latest
        or (calendar.said != latest[calendar.year].said and calendar.published_on >= latest[calendar.year].published_on)
    ]
