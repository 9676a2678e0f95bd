"""Lianyungang in the sample: accounts of points since 2023, with penalties, notices, a pioneer and the snapshots."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from application.demo.city import City, agencies_of, agency_id, desk_of, opened
from application.demo.courses import set_aside
from application.demo.desk import Desk, Planned, day
from application.demo.schedule import workdays
from application.demo.telling import Asked, Due, Sent, Story
from domain.procedures.participation import (
    FileCommitment,
    IncludeParticipant,
    RecognisePioneer,
    ServeRecordNotice,
    TakeSnapshot,
)
from domain.time import at_hour
from domain.vocabulary import Service, Text

LIANYUNGANG: Final = City(
    "lianyungang.supervision",
    "320700",
    "连云港",
    "Lianyungang",
    (
        ("320703", "连云区"), ("320706", "海州区"), ("320707", "赣榆区"), ("320722", "东海县"), ("320723", "灌云县"),
        ("320724", "灌南县"),
    ),
    1100,
)  # fmt: skip

_OFFERED: Final[tuple[tuple[Service, ...], ...]] = (
    ("treatment",), ("operation", "treatment"), ("monitoring",), ("operation",), ("auto_monitoring_operation",),
)  # fmt: skip
SERVICES: Final = tuple(_OFFERED[index % len(_OFFERED)] for index in range(14))
_NOT_INCLUDED: Final = (12, 13)
"""Agencies that are on no list of participants."""

_INCLUDED: Final[Mapping[int, dt.date]] = {3: day("2021-07-05"), 9: day("2024-03-04"), 10: day("2025-02-10")}
"""Who was included on another day than the others."""

_COMMITTED: Final[Mapping[int, dt.date]] = {
    0: day("2023-02-06"), 2: day("2023-03-06"), 6: day("2023-06-05"), 9: day("2024-04-08"), 11: day("2025-01-13"),
}  # fmt: skip
"""Whose legal representative has uploaded a commitment, and when."""

_HALF_YEARS: Final = tuple(dt.date(2023 + n // 2, 7 if n % 2 == 0 else 1, 1) for n in range(6))
"""The first days of the half-years in which snapshots of the one before were sent; those of January belong to the
year after."""


def planned(seed: int) -> list[Planned]:
    """Every command of the city."""
    found = agencies_of(LIANYUNGANG, SERVICES)
    commands = opened(seed, found)
    for index, agency in enumerate(found):
        desk = desk_of(seed, LIANYUNGANG, agency, commands)
        if index not in _NOT_INCLUDED:
            _participates(desk, index)
        desk.restart()
        _TELLERS.get(index, _nothing)(desk)
    return commands


def _participates(desk: Desk, index: int) -> None:
    """Inclusion, commitment where there is one, and a snapshot for every half-year that ended meanwhile."""
    included_on = _INCLUDED.get(index, day("2023-01-09"))
    include = IncludeParticipant(
        subject=desk.subject, id=desk.new_id("participation"), regime=desk.regime, dated_on=included_on
    )
    desk.record(included_on, include)
    committed_on = _COMMITTED.get(index)
    if committed_on is not None:
        commit = FileCommitment(
            subject=desk.subject, id=desk.new_id("commitment"), regime=desk.regime, dated_on=committed_on
        )
        desk.record(committed_on, commit)
    for number, opens in enumerate(_HALF_YEARS):
        first = opens.replace(year=opens.year + number % 2)
        if included_on < first:
            taken_on = workdays(first, 8 if (index, number) == (7, 3) else 2)
            command = TakeSnapshot(
                subject=desk.subject, id=desk.new_id("snapshot"), regime=desk.regime, taken_on=taken_on
            )
            desk.planned.append(Planned(at_hour(taken_on, 17), LIANYUNGANG.officer, command))


# --- what happened ----------------------------------------------------------------------------------------------


def _nothing(desk: Desk) -> None:
    """No information arose."""


def _penalty(desk: Desk, row: str, on: str, *, notice: bool = True, delay: int = 2, points: int | None = None) -> str:
    """A penalty, served the day it was decided with the record notice unless that was forgotten."""
    decided_on = day(on)
    fact = desk.fact(
        row, decided_on, kind="罚", delay=delay, served_on=decided_on, summary=_SUMMARIES[row],
        record_notice_on=decided_on if notice else None, points=None if points is None else Decimal(points),
    )  # fmt: skip
    desk.restart()
    return fact


_SUMMARIES: Final = {
    "JS-WARNING": "运维台账不全，予以警告。",
    "JS-FINE": "治理设施运行不正常，责令改正并处罚款。",
    "JS-STOP": "拒不改正，责令停产整治。",
    "JS-LIMIT": "超过总量指标，责令限制生产。",
    "JS-CRIME": "因污染环境被追究刑事责任。",
}


def _fined(desk: Desk) -> None:
    _penalty(desk, "JS-FINE", "2024-03-11")


def _stopped(desk: Desk) -> None:
    stopped = _penalty(desk, "JS-STOP", "2024-04-02", points=6)
    _penalty(desk, "JS-FINE", "2024-04-02")
    set_aside(desk, stopped, day("2024-10-08"), "ab_initio", court=True)


def _without_notice(desk: Desk) -> None:
    fact = _penalty(desk, "JS-FINE", "2025-05-12", notice=False)
    served_on = day("2025-06-16")
    desk.record(
        served_on,
        ServeRecordNotice(
            subject=desk.subject, id=desk.new_id("notice"), regime=desk.regime, fact=fact, served_on=served_on
        ),
    )


def _pioneer(desk: Desk) -> None:
    on = day("2024-06-03")
    command = RecognisePioneer(subject=desk.subject, id=desk.new_id("pioneer"), regime=desk.regime, dated_on=on)
    desk.record(on, command)
    _penalty(desk, "JS-FINE", "2025-02-17")


def _unknown(desk: Desk) -> None:
    _penalty(desk, "JS-LIMIT", "2025-10-13")


def _overlapping(desk: Desk) -> None:
    _penalty(desk, "JS-FINE", "2025-03-10")
    _penalty(desk, "JS-FINE", "2025-05-06", delay=20)


def _warned(desk: Desk) -> None:
    _penalty(desk, "JS-WARNING", "2024-08-19")


def _crime(desk: Desk) -> None:
    on = day("2025-09-08")
    desk.fact("JS-CRIME", on, kind="判", authority="320700-CRT", served_on=on, summary=_SUMMARIES["JS-CRIME"])


def _lately(desk: Desk) -> None:
    _penalty(desk, "JS-FINE", "2026-06-22")


_TELLERS: Final[Mapping[int, Callable[[Desk], None]]] = {
    0: _fined, 1: _stopped, 2: _without_notice, 3: _pioneer, 4: _unknown, 6: _overlapping, 8: _crime, 9: _warned,
    11: _lately,
}  # fmt: skip
"""What happened to the agencies."""


# --- what to ask ------------------------------------------------------------------------------------------------


def _story(index: int, id: str, title: Text, pointer: Text, *asked: Asked) -> Story:
    return Story(
        id=id, title=title, pointer=pointer, subject=agency_id(LIANYUNGANG, index), asked=asked,
        regime=LIANYUNGANG.regime,
    )  # fmt: skip


_NORMAL: Final = ("II(3)2",)
_RESTRAINED: Final = ("II(3)3", "II(4)2", "II(4)3")

STORIES: Final[tuple[Story, ...]] = (
    _story(
        0, "lianyungang_fine",
        Text("连云港：一次罚款的分值到期自动恢复", "Lianyungang: points of a fine that come back by themselves"),
        Text(
            "问2024-03-25、2024-03-26和2024-09-26：产生后第十五日生效，10分减为7分，六个月后恢复；始终为蓝色。",
            "Ask for 2024-03-25, 2024-03-26 and 2024-09-26: from the fifteenth day 10 points become 7, and are back"
            " after six months; blue all the time.",
        ),
        Asked(as_of=day("2023-02-05"), score="9", grade="blue"),
        Asked(as_of=day("2024-03-25"), score="10", grade="blue", shown=True, public="blue", measures=_NORMAL),
        Asked(as_of=day("2024-03-26"), score="7", grade="blue",
              due=(Due("entry", "met", day("2024-03-18")),)),
        Asked(as_of=day("2024-09-25"), score="7", grade="blue"),
        Asked(as_of=day("2024-09-26"), score="10", grade="blue"),
    ),
    _story(
        1, "lianyungang_snapshot",
        Text("连云港：撤销处罚不改变已报送的快照", "Lianyungang: a snapshot stays as sent"),
        Text(
            "问2024-06-30：报送时为0分、黑色，停产整治后来被法院自始撤销，今日看为6分、蓝色；半年快照仍为黑色。",
            "Ask for 2024-06-30: 0 and black as sent; a court annulled the stop of production later, so that it reads 6"
            " and blue now; the snapshot of the half-year stays black.",
        ),
        Asked(as_of=day("2024-04-16"), known_on=day("2024-06-30"), score="9", grade="blue"),
        Asked(as_of=day("2024-04-17"), known_on=day("2024-06-30"), score="0", grade="black", shown=True, public="black",
              measures=_RESTRAINED),
        Asked(as_of=day("2024-06-30"), known_on=day("2024-07-03"), score="0", grade="black",
              sent=Sent(day("2024-06-30"), "0", "black")),
        Asked(as_of=day("2024-06-30"), score="6", grade="blue", sent=Sent(day("2024-06-30"), "0", "black")),
        Asked(as_of=day("2024-10-17"), score="9", grade="blue"),
    ),
    _story(
        2, "lianyungang_notice",
        Text("连云港：处罚没有附送记录告知书", "Lianyungang: a penalty without the record notice"),
        Text(
            "问2025-05-27：没有随处罚送达告知书是程序缺陷，照常记分，逐条理由注明。",
            "Ask for 2025-05-27: no record notice came with the penalty; the defect is told and the points count.",
        ),
        Asked(as_of=day("2025-05-26"), score="10", grade="blue"),
        Asked(as_of=day("2025-05-27"), score="7", grade="blue"),
        Asked(as_of=day("2025-11-27"), score="10", grade="blue"),
    ),
    _story(
        3, "lianyungang_pioneer",
        Text("连云港：领跑者到下一次扣分为止", "Lianyungang: a pioneer until the next deduction"),
        Text(
            "问2024-06-03、2025-03-04和2025-09-04：认定为领跑者即绿色，罚款生效之日终止，分值恢复后仍为蓝色。",
            "Ask for 2024-06-03, 2025-03-04 and 2025-09-04: green by decision, until a fine counts; blue, too, when the"
            " points are back.",
        ),
        Asked(as_of=day("2024-06-02"), score="9", grade="blue"),
        Asked(as_of=day("2024-06-03"), score="9", grade="green", shown=True, public="green",
              measures=("II(3)1", "II(4)1")),
        Asked(as_of=day("2025-03-03"), score="9", grade="green"),
        Asked(as_of=day("2025-03-04"), score="6", grade="blue"),
        Asked(as_of=day("2025-09-04"), score="9", grade="blue", shown=True, public="blue"),
    ),
    _story(
        4, "lianyungang_unknown",
        Text("连云港：没有分值的处罚", "Lianyungang: a penalty whose points nobody knows"),
        Text(
            "问2025-10-28：限制生产没有公开的分值，有效期内不作结论，期满后恢复为9分、蓝色。",
            "Ask for 2025-10-28: no figure for limited production is known, so there is no result while it would count;"
            " afterwards 9 and blue again.",
        ),
        Asked(as_of=day("2025-10-27"), score="9", grade="blue"),
        Asked(as_of=day("2025-10-28"), undetermined="points_not_configured", shown=True),
        Asked(as_of=day("2026-04-28"), score="9", grade="blue"),
    ),
    _story(
        6, "lianyungang_overlapping",
        Text("连云港：两次罚款有效期重叠", "Lianyungang: two fines at the same time"),
        Text(
            "问2025-05-21与2025-09-25：两次罚款同时有效为4分、黄色，第一次到期后为7分、蓝色；第二次迟于五个工作日入库。",
            "Ask for 2025-05-21 and 2025-09-25: 4 and yellow while both count, 7 and blue when the first is over; the"
            " second one was entered later than five working days.",
        ),
        Asked(as_of=day("2025-05-20"), score="7", grade="blue"),
        Asked(as_of=day("2025-05-21"), score="4", grade="yellow", measures=("II(3)3",),
              due=(Due("entry", "met", day("2025-03-17")), Due("entry", "overdue", day("2025-05-13")))),
        Asked(as_of=day("2025-09-25"), score="7", grade="blue"),
    ),
)  # fmt: skip
"""The cases of the city worth asking about."""
