"""Units and persons who compile environmental impact documents: the national integrity points in the sample."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from application.demo.city import STAFF, City, agencies_of, agency_id, desk_of, opened, person_id
from application.demo.desk import Desk, Planned, day
from application.demo.telling import Asked, Story
from domain.procedures.participation import IncludeParticipant
from domain.vocabulary import Service, Text

HANGZHOU: Final = City(
    "eia.integrity",
    "330100",
    "杭州",
    "Hangzhou",
    (("330106", "西湖区"), ("330108", "滨江区"), ("330110", "余杭区")),
    1200,
)

SERVICES: Final[tuple[tuple[Service, ...], ...]] = tuple(
    ("consulting", "eia") if index % 3 == 2 else ("eia",) for index in range(12)
)
_QUALITY: Final = "环境影响报告书编制质量不符合要求，予以失信记分。"


def planned(seed: int) -> list[Planned]:
    """Every command about the city's units and their compilers."""
    found = agencies_of(HANGZHOU, SERVICES)
    commands = opened(seed, found)
    for index, agency in enumerate(found):
        desk = desk_of(seed, HANGZHOU, agency, commands)
        _included(desk, dt.date(2023, 1 + index % 5, 9))
        _TELLERS.get(index, _nothing)(desk)
        for place in range(STAFF):
            person = desk_of(seed, HANGZHOU, agency, commands, place)
            _included(person, dt.date(2023, 1 + index % 5, 16))
            _PERSONS.get((index, place), _nothing)(person)
    return commands


def _included(desk: Desk, on: dt.date) -> None:
    """The integrity file is opened on the platform, and with it the account."""
    command = IncludeParticipant(subject=desk.subject, id=desk.new_id("file"), regime=desk.regime, dated_on=on)
    desk.record(on, command)


# --- what happened ----------------------------------------------------------------------------------------------


def _nothing(desk: Desk) -> None:
    """No point was given."""


def _points(*days: str) -> Callable[[Desk], None]:
    """Five points each for documents below standard."""

    def tell(desk: Desk) -> None:
        for on in days:
            desk.fact("UNIT-QUALITY", day(on), kind="记", delay=1, summary=_QUALITY)

    return tell


def _banned(desk: Desk) -> None:
    desk.fact("UNIT-SERIOUS", day("2024-05-06"), kind="罚", delay=1, until_on=day("2026-05-05"),
              summary="报告书存在严重质量问题，禁止从事编制工作二年。")  # fmt: skip


def _unknown(desk: Desk) -> None:
    desk.fact("UNIT-OTHER", day("2025-08-18"), kind="记", delay=1, summary="平台记分，分值待平台记录。")


def _person_points(desk: Desk) -> None:
    desk.fact("PERSON-OTHER", day("2024-04-22"), kind="记", delay=1, points=Decimal(15), summary="平台失信记分十五分。")
    desk.fact("PERSON-QUALITY", day("2024-06-03"), kind="记", delay=1, summary=_QUALITY)


_TELLERS: Final[Mapping[int, Callable[[Desk], None]]] = {
    0: _points("2024-04-09", "2024-06-04"),
    1: _points("2024-03-06", "2024-04-09", "2024-06-04", "2024-09-18"),
    2: _banned,
    4: _unknown,
    5: _points("2026-04-14"),
    7: _points("2023-11-07", "2024-10-15"),
}
"""What happened to the units."""

_PERSONS: Final[Mapping[tuple[int, int], Callable[[Desk], None]]] = {(3, 0): _person_points}
"""What happened to compilers: the unit, and the place of the person in it."""


# --- what to ask ------------------------------------------------------------------------------------------------


def _story(subject: str, id: str, title: Text, pointer: Text, *asked: Asked) -> Story:
    return Story(id=id, title=title, pointer=pointer, subject=subject, asked=asked, regime=HANGZHOU.regime)


_OF_LIST: Final = ("公告2019年第38号 annex 3",)

STORIES: Final[tuple[Story, ...]] = (
    _story(
        agency_id(HANGZHOU, 0), "eia_warned",
        Text("环评：达到警示分数，周期届满清零", "EIA: the warning score, until the cycle is over"),
        Text(
            "问2024-06-04与2025-01-09：一个记分周期内累计10分即警示，周期自建档之日起满一年终止，重新计分。",
            "Ask for 2024-06-04 and 2025-01-09: ten points within a cycle warn; the cycle ends a year after the file"
            " was created, and counting begins anew.",
        ),
        Asked(as_of=day("2024-06-03"), score="5", grade="normal", measures=()),
        Asked(as_of=day("2024-06-04"), score="10", grade="warned", shown=True, public="warned",
              measures=("部令第9号",)),
        Asked(as_of=day("2025-01-08"), score="10", grade="warned"),
        Asked(as_of=day("2025-01-09"), score="0", grade="normal", shown=True, public="normal"),
    ),
    _story(
        agency_id(HANGZHOU, 1), "eia_listed",
        Text("环评：累计达到限制分数，限期整改六个月", "EIA: the limit, and the rectification list for six months"),
        Text(
            "问2024-09-18与2025-03-18：累计20分之日列入限期整改名单，记分归零，六个月后移出。",
            "Ask for 2024-09-18 and 2025-03-18: on the rectification list from the day of twenty points, counting from"
            " nought, and off it after six months.",
        ),
        Asked(as_of=day("2024-09-17"), score="15", grade="warned"),
        Asked(as_of=day("2024-09-18"), score="0", grade="rectification", shown=True, public="rectification",
              measures=_OF_LIST),
        Asked(as_of=day("2025-03-17"), score="0", grade="rectification"),
        Asked(as_of=day("2025-03-18"), score="0", grade="normal"),
    ),
    _story(
        agency_id(HANGZHOU, 2), "eia_banned",
        Text("环评：严重质量问题，列入黑名单", "EIA: a serious case and the blacklist"),
        Text(
            "问2024-05-06与2026-05-06：直接到限制分数并列入黑名单，至禁止从业届满。",
            "Ask for 2024-05-06 and 2026-05-06: to the limit at once and on the blacklist, until the ban is over.",
        ),
        Asked(as_of=day("2024-05-06"), score="20", grade="blacklist", measures=_OF_LIST),
        Asked(as_of=day("2026-05-05"), score="20", grade="blacklist"),
        Asked(as_of=day("2026-05-06"), score="0", grade="normal"),
    ),
    _story(
        person_id(HANGZHOU, 3), "eia_person",
        Text("环评：编制人员另行记分，不影响单位", "EIA: a compiler's own account, without effect on the unit"),
        Text(
            "问2024-06-03：编制人员累计20分列入限期整改名单，所在单位照常；个人的等级不公开。",
            "Ask for 2024-06-03: a compiler reaches twenty points and the list, the unit is as it was; nothing public"
            " is said of a person.",
        ),
        Asked(as_of=day("2024-06-02"), score="15", grade="warned"),
        Asked(as_of=day("2024-06-03"), score="0", grade="rectification", shown=True),
        Asked(as_of=day("2024-12-03"), score="0", grade="normal"),
    ),
    _story(
        agency_id(HANGZHOU, 4), "eia_unknown",
        Text("环评：分值不详的记分", "EIA: points nobody knows"),
        Text(
            "问2025-08-18：平台记分的分值不详，不作结论，从不推算。",
            "Ask for 2025-08-18: the platform's figure is not at hand: no result, never a guess.",
        ),
        Asked(as_of=day("2025-08-17"), score="0", grade="normal"),
        Asked(as_of=day("2025-08-18"), undetermined="points_not_configured"),
    ),
)  # fmt: skip
"""The cases of units and compilers worth asking about."""
