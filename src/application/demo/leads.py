"""Advisories in the sample: noticed in joint inspections or handed over, submitted by month, told after the second."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from application.demo.desk import Planned, after, chance, id_of, sample_day, working
from application.demo.places import OFFICER, PLACES, sample_paper
from application.demo.population import Agency
from application.demo.stories import Stories
from domain.aggregates.advisories import month_of
from domain.events.advisories import AdvisoryKind
from domain.procedures.advisories import IssueInternalNotice, RecordAdvisory, SubmitAdvisories
from domain.time import add_months, at_hour

_MONTHS: Final = tuple(add_months(dt.date(2023, 2, 1), n) for n in range(41))
_OFTEN: Final = 24
"""Every so many-th agency is noticed more often than others."""

_FORGOTTEN: Final = 0.03
_RECORDED_IN: Final = 2
_SUBMITTED_IN: Final = 4
_TOLD_IN: Final = 15
"""Days until a document is recorded; days into the next month until its month is submitted and it is told."""


class _Noticed(NamedTuple):
    agency: Agency
    kind: AdvisoryKind
    on: dt.date


def leads(seed: int, found: Sequence[Agency], stories: Stories) -> list[Planned]:
    """The advisories of the region by month, the submissions of the cities and the internal notices of the region.

    Chance leaves the agencies of the stories alone; what the stories tell of them is submitted with the others.
    """
    noticed: list[_Noticed] = []
    for month in _MONTHS:
        noticed += _of_month(chance(seed, "advisories", month), month, [a for a in found if a.id not in stories])
    planned = [_recorded(n) for n in noticed]
    days = [(n.agency.place, n.on) for n in noticed]
    for agency in found:
        told = [p.command for p in stories.recorded(agency.id)]
        days += [(agency.place, command.noticed_on) for command in told if isinstance(command, RecordAdvisory)]
    for place in PLACES:
        months = {month_of(on) for where, on in days if where is place}
        planned += [s for month in sorted(months) if (s := _submission(seed, place.code, month)) is not None]
    for agency in {n.agency.id: n.agency for n in noticed}.values():
        planned += _notices(agency, sorted(n.on for n in noticed if n.agency is agency))
    return planned


def _of_month(rng: random.Random, month: dt.date, found: Sequence[Agency]) -> Iterator[_Noticed]:
    often = found[::_OFTEN]
    for _ in range(2 + rng.randrange(4)):
        agency = rng.choice(often if rng.random() < 0.45 else found)
        on = after(month, rng.randrange(26))
        if agency.opened_on < on:
            yield _Noticed(agency, rng.choice(("joint_inspection", "joint_inspection", "transfer")), on)


def _recorded(noticed: _Noticed) -> Planned:
    agency, kind, on = noticed
    authority = f"{agency.place.code}-EEB"
    id = id_of(agency.id, "advisory", kind, on)
    command = RecordAdvisory(
        subject=agency.id,
        id=id,
        kind=kind,
        noticed_on=on,
        document=sample_paper(
            authority, "移" if kind == "transfer" else "检", on.year, 1000 + chance(id).randrange(9000)
        ),
        authority=authority,
        transferred_to=f"{agency.place.code}-MSA" if kind == "transfer" else None,
    )
    return Planned(at_hour(after(on, _RECORDED_IN), 11), agency.clerk, command)


def _submission(seed: int, city: str, month: str) -> Planned | None:
    """What a city hands in at the beginning of the next month; now and then it forgets."""
    if chance(seed, "submission", city, month).random() < _FORGOTTEN:
        return None
    on = after(add_months(sample_day(f"{month}-01"), 1), _SUBMITTED_IN)
    command = SubmitAdvisories(id=id_of("submission", city, month), city=city, month=month, submitted_on=on)
    return Planned(at_hour(on, 15), f"{city}-clerk-01", command)


def _notices(agency: Agency, days: Sequence[dt.date]) -> Iterator[Planned]:
    """From the second document on, a notice to the departments after the month it belongs to."""
    told = {working(add_months(on.replace(day=1), 1) + dt.timedelta(days=_TOLD_IN)) for on in days[1:]}
    known = 1
    for on in sorted(told):
        recorded = sum(after(noticed_on, _RECORDED_IN) < on for noticed_on in days)
        if recorded <= known:
            continue
        known = recorded
        command = IssueInternalNotice(subject=agency.id, id=id_of(agency.id, "notice", on), dated_on=on)
        yield Planned(at_hour(on, 10), OFFICER, command)
