"""A believable population: agencies with facts and what follows them, practitioners who work for them.

The same number always gives the same events. Of an agency's events about 60 % are facts on which nothing follows;
the rest are its registration, four employments, and facts that are warned about, corrected, put right or retracted.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from random import Random
from typing import Final

import msgspec
from stdnum.cn import uscc

from application.ports import Entry, StreamCategory
from application.recording.commands import Command
from domain.aggregates.casefile import CaseEvent
from domain.events.facts import (
    FactChanges,
    FactCorrected,
    FactRecorded,
    FactRetracted,
    FinalityRecorded,
    RectificationConfirmed,
)
from domain.events.registration import AgencyRegistered, EmploymentRecorded, PractitionerRegistered
from domain.events.warnings import RectificationRejected, RectificationReported, WarningConfirmed, WarningIssued
from domain.procedures.facts import RecordFact
from domain.procedures.registration import RegisterAgency

REGIME: Final = "nmg.third_party"
AS_OF: Final = dt.date(2025, 6, 1)
"""The day that is asked about: after all facts."""

STAFF: Final = 4
"""Practitioners of each agency."""

USUAL: Final = 50
"""Events of a usual agency: those whose grade answer is measured."""

EVENTS_PER_AGENCY: Final = 57
"""Of an agency and its staff, about."""

_SPREAD: Final = 2_654_435_761
_FIRST_DAY: Final = dt.date(2022, 1, 1)
_DAYS: Final = (AS_OF - _FIRST_DAY).days - 200
_LENGTHS: Final = (15, 30, USUAL, USUAL, USUAL, 70, 85)
_ROWS: Final = ("B07", "B08", "B09", "B10", "B11", "C03", "C04", "C05")
_SUMMARY: Final = (
    "现场检查发现该机构未按技术规范保存原始记录，采样时间与视频监控记录不一致，"
    "质量控制措施未落实；当事人陈述申辩后予以采纳，责令限期改正。"
)


def agency_id(number: int) -> str:
    """The id of an agency: like a random one at its beginning, where indexes and sorts look."""
    return f"{number * _SPREAD % 2**32:08x}-0000-4000-8000-{number:012x}"


def practitioner_id(agency: int, number: int) -> str:
    """The id of one of an agency's practitioners."""
    return f"{(agency * STAFF + number) * _SPREAD % 2**32:08x}-0000-4000-9000-{agency * STAFF + number:012x}"


def practitioners_of(agency: str) -> list[str]:
    """The staff of the agency with that id."""
    return [practitioner_id(int(agency[-12:], 16), number) for number in range(STAFF)]


def usual_length(agency: int) -> int:
    """How many events an agency of the population has; three of seven are usual ones."""
    return _LENGTHS[agency % len(_LENGTHS)]


def usual_agencies(agencies: int, limit: int = 200) -> list[str]:
    """Ids of agencies among the first ``agencies`` whose files have ``USUAL`` events."""
    usual = (n for n in range(agencies) if usual_length(n) == USUAL)
    return [agency_id(n) for n, _ in zip(usual, range(limit), strict=False)]


def staff(agency: int) -> Iterator[Entry]:
    """The events of an agency's practitioners: two of five have facts of their own."""
    for number in range(STAFF):
        stream = practitioner_id(agency, number)
        chance = Random(f"p{stream}")
        yield Entry(stream, "practitioner", 1, PractitionerRegistered(region="150100", id_kind="passport"))
        facts = (0, 0, 0, 1, 2)[chance.randrange(5)]
        for version in range(2, 2 + facts):
            row = chance.choice(("P01", "P02", "P03", "P04"))
            yield _entry(stream, "practitioner", version, _fact(chance, stream, version, row))


def file(agency: int, length: int) -> Iterator[Entry]:
    """The events of an agency, ``length`` of them."""
    stream = agency_id(agency)
    for version, event in zip(range(1, length + 1), _events(agency, stream), strict=False):
        yield _entry(stream, "agency", version, event)


def orderly(agency: int, length: int = USUAL) -> Iterator[Entry]:
    """The same as ``file``, with facts recorded in the order of their days, as they are where nobody brings a backlog;
    agencies of five cities and two services."""
    stream = agency_id(agency)
    for version, event in zip(range(1, length + 1), _events(agency, stream, in_order=True), strict=False):
        if isinstance(event, AgencyRegistered):
            # Of two hundred agencies one is registered with its county.
            place = "150102" if agency % 200 == 0 else f"150{1 + agency % 5}00"
            services = (("monitoring",), ("eia", "monitoring"))[agency % 2]
            placed = msgspec.structs.replace(event, region=place, services=services)
            yield _entry(stream, "agency", version, placed)
        else:
            yield _entry(stream, "agency", version, event)


def population(agencies: range) -> list[Entry]:
    """Agencies with their practitioners, the events of all files in turns, as they come in over the years."""
    entries = [entry for n in agencies for entry in (*staff(n), *file(n, usual_length(n)))]
    chance = Random(agencies.start)
    # Each file keeps its order; how far it has come when another begins is chance.
    begun: dict[str, float] = {}
    placed: list[tuple[float, int, Entry]] = []
    for entry in entries:
        at = begun[entry.stream] = begun.get(entry.stream, chance.random() * USUAL) + chance.random()
        placed.append((at, len(placed), entry))
    return [entry for _, _, entry in sorted(placed, key=lambda p: p[:2])]


def one_fact(stream: str, fact: str, number: int) -> Command:
    """A command that records a fact: a plain one of some 400 bytes, as a bureau would send it."""
    day = _FIRST_DAY + dt.timedelta(days=number % _DAYS)
    return RecordFact(
        subject=stream,
        id=fact,
        regime=REGIME,
        row=_ROWS[number % len(_ROWS)],
        authority="150100-EEB",
        document=f"内环罚〔{day.year}〕{number}号",
        summary=_SUMMARY,
        occurred_on=day - dt.timedelta(days=30),
        decided_on=day,
    )


def backlog(first: int) -> Iterator[Command]:
    """What a bureau that begins brings along, without end: agency after agency, each with its facts."""
    for number in itertools.count(first):
        stream = agency_id(number)
        yield RegisterAgency(
            id=stream,
            uscc=code_of(number),
            name=f"内蒙古第{number}检测技术有限公司",
            region="150100",
            services=("monitoring",),
        )
        for fact in range(1, USUAL):
            yield one_fact(stream, f"{_mixed(stream, fact)}-0000-4000-a000-{fact:06x}{stream[-6:]}", number + fact)


def recorded(stream: str, version: int, fact: str, number: int) -> Entry:
    """The entry that the command of ``one_fact`` leads to."""
    command = one_fact(stream, fact, number)
    fields = {f: getattr(command, f) for f in ("regime", "row", "authority", "document", "summary")}
    days = {f: getattr(command, f) for f in ("occurred_on", "decided_on")}
    return _entry(stream, "agency", version, FactRecorded(fact=fact, **fields, **days))


def code_of(agency: int) -> str:
    """The unified social credit code of an agency, which no other one has."""
    code = f"91150100MA{agency:07d}"
    return code + uscc.calc_check_digit(code)


def _events(agency: int, stream: str, *, in_order: bool = False) -> Iterator[CaseEvent]:
    chance = Random(f"a{stream}")
    yield AgencyRegistered(
        uscc=code_of(agency),
        name=f"内蒙古第{agency}检测技术有限公司",
        region="150100",
        services=("monitoring",),
        address="内蒙古自治区呼和浩特市赛罕区",
    )
    for number in range(STAFF):
        yield EmploymentRecorded(
            employment=f"20000000-0000-4000-8000-{agency * STAFF + number:012x}",
            practitioner=practitioner_id(agency, number),
            from_on=_FIRST_DAY,
            role="检测员",
        )
    number = 0
    while True:
        number += 1
        fact = _fact(chance, stream, number, chance.choice(_ROWS))
        if in_order:
            day = _FIRST_DAY + dt.timedelta(days=min(_DAYS, (number * _DAYS) // 40 + chance.randrange(20)))
            final = day + dt.timedelta(days=70) if fact.final_on is not None else None
            fact = msgspec.structs.replace(fact, decided_on=day, occurred_on=day, served_on=day, final_on=final)
        yield fact
        if chance.random() >= _FOLLOWED:
            continue
        yield from _FOLLOWING[chance.randrange(len(_FOLLOWING))](fact, fact.decided_on or _FIRST_DAY, chance)


_FOLLOWED: Final = 0.15


def _mixed(stream: str, number: int) -> str:
    return f"{(int(stream[:8], 16) + number * _SPREAD) % 2**32:08x}"


def _fact(chance: Random, stream: str, number: int, row: str) -> FactRecorded:
    day = _FIRST_DAY + dt.timedelta(days=chance.randrange(_DAYS))
    return FactRecorded(
        fact=f"{_mixed(stream, number)}{stream[8:23]}-{number:06x}{stream[-6:]}",
        regime=REGIME,
        row=row,
        authority="150100-EEB",
        document=f"内环罚〔{day.year}〕{chance.randrange(1000)}号",
        summary=_SUMMARY,
        occurred_on=day - dt.timedelta(days=30),
        decided_on=day,
        served_on=day + dt.timedelta(days=3),
        final_on=day + dt.timedelta(days=70) if row == "B11" else None,
    )


def _warned(fact: FactRecorded, day: dt.date, chance: Random) -> Iterator[CaseEvent]:
    warning = f"{fact.fact}-w"
    due = day + dt.timedelta(days=30)
    yield WarningIssued(warning=warning, fact=fact.fact, issued_on=day, due_on=due, requirements="限期补齐原始记录")
    done = due - dt.timedelta(days=chance.randrange(20))
    yield RectificationReported(warning=warning, completed_on=done, reported_on=done)
    decided = done + dt.timedelta(days=10)
    if chance.random() < 0.7:
        yield WarningConfirmed(warning=warning, completed_on=done, confirmed_on=decided)
    else:
        yield RectificationRejected(warning=warning, decided_on=decided, reasons="复查仍缺原始记录")


def _corrected(fact: FactRecorded, day: dt.date, _: Random) -> Iterator[CaseEvent]:
    changes = FactChanges(decided_on=day + dt.timedelta(days=1), document=f"{fact.document}（更正）")
    yield FactCorrected(fact=fact.fact, changes=changes, reason="文书日期录入有误")


def _put_right(fact: FactRecorded, day: dt.date, chance: Random) -> Iterator[CaseEvent]:
    done = day + dt.timedelta(days=20 + chance.randrange(60))
    yield RectificationConfirmed(
        fact=fact.fact,
        completed_on=done,
        confirmed_on=done + dt.timedelta(days=10),
        authority=fact.authority,
        record=f"{fact.fact}-r",
    )


def _final(fact: FactRecorded, day: dt.date, _: Random) -> Iterator[CaseEvent]:
    if fact.final_on is None:
        yield FinalityRecorded(fact=fact.fact, final_on=day + dt.timedelta(days=70))


def _retracted(fact: FactRecorded, _: dt.date, __: Random) -> Iterator[CaseEvent]:
    yield FactRetracted(fact=fact.fact, reason="重复录入")


_FOLLOWING: Final = (_warned, _warned, _corrected, _put_right, _put_right, _final, _retracted)


def _entry(stream: str, category: StreamCategory, version: int, event: CaseEvent) -> Entry:
    return Entry(stream, category, version, event, event.introduced_id)
