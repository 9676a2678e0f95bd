"""Jiaxing in the sample: three evaluation years of monitoring agencies, from the scores to the publication.

One agency is registered in Hangzhou and works in Jiaxing.
"""

import datetime as dt
from decimal import Decimal
from typing import Final, NamedTuple

from application.demo.city import City, agencies_of, clerk_desk, opened_file
from application.demo.desk import ClerkDesk, Planned, chance, working
from application.demo.places import League
from application.demo.schedule import workdays
from application.demo.stages import stage_id
from application.demo.stories import Stories
from domain.procedures.evaluation import EvaluationStage
from domain.procedures.scores import RecordScore
from domain.time import at_hour
from domain.vocabulary import Service, Stage

JIAXING: Final = City(
    "jiaxing.monitoring",
    "330400",
    "嘉兴",
    "Jiaxing",
    (
        ("330402", "南湖区"), ("330411", "秀洲区"), ("330421", "嘉善县"), ("330424", "海盐县"), ("330481", "海宁市"),
        ("330482", "平湖市"), ("330483", "桐乡市"),
    ),
    1000,
)  # fmt: skip
_SEVERAL: Final = 6
"""The agency that is under several regimes for one act."""

_OUTSIDER: Final = 15
"""The agency that is registered in Hangzhou."""

SERVICES: Final[tuple[tuple[Service, ...], ...]] = tuple(
    ("eia", "monitoring") if index == _SEVERAL else ("auto_monitoring_operation", "monitoring") if index % 4 == 3
    else ("monitoring",)
    for index in range(16)
)  # fmt: skip
_YEARS: Final = (2023, 2024, 2025)
_ID_OF_SCORE: Final = 11
"""The turn of a determination that there never is, under which its score is kept."""

_PANEL: Final = ("专家甲", "专家乙", "专家丙")


class _Dates(NamedTuple):
    """The days of one year's evaluation."""

    roster: dt.date
    notice: dt.date
    report: dt.date
    score: dt.date
    determination: dt.date
    publicity: dt.date
    publication: dt.date
    push: dt.date


def _dates_of(year: int) -> _Dates:
    """The days on which the city evaluated a year."""
    spring = year + 1
    determination = working(dt.date(spring, 3, 4))
    publication = working(dt.date(spring, 3, 28))
    return _Dates(
        roster=working(dt.date(spring, 1, 8)),
        notice=working(dt.date(spring, 1, 10)),
        report=working(dt.date(spring, 2, 5)),
        score=working(dt.date(spring, 2, 26)),
        determination=determination,
        publicity=workdays(determination, 2),
        publication=publication,
        push=workdays(publication, 1),
    )


def planned(stories: Stories, seed: int) -> list[Planned]:
    """Every command of the city."""
    found = agencies_of(JIAXING, SERVICES)
    found[_OUTSIDER] = found[_OUTSIDER]._replace(place=League("330106", "杭州市西湖区", "Hangzhou", "", 0, 0))
    commands = opened_file(seed, found, stories)
    for agency in found:
        if agency.id in stories:
            commands += stories.recorded(agency.id)
        else:
            desk = clerk_desk(seed, JIAXING, agency, commands)
            for year in _YEARS:
                _year(desk, year)
    return commands


# --- a year -----------------------------------------------------------------------------------------------------


def _year(desk: ClerkDesk, year: int) -> None:
    """One year of one agency, without any objection."""
    dates = _dates_of(year)
    _step(desk, year, "roster", dates.roster)
    _step(desk, year, "notice", dates.notice)
    _step(desk, year, "report", dates.report)
    _score(desk, year, dates.score)
    _step(desk, year, "determination", dates.determination)
    _step(desk, year, "publicity", dates.publicity)
    _step(desk, year, "publication", dates.publication)
    _step(desk, year, "push", dates.push)


def _score(desk: ClerkDesk, year: int, on: dt.date) -> None:
    rng = chance("jiaxing", desk.subject, year)
    basic = min(97, max(58, round(rng.gauss(84, 7))))
    risk = min(95, max(52, basic - 4 + rng.randrange(-8, 7)))
    command = RecordScore(
        subject=desk.subject,
        id=stage_id(desk.subject, year, "determination", _ID_OF_SCORE),
        regime=desk.regime,
        year=year,
        basic=Decimal(basic),
        risk=Decimal(risk),
    )
    desk.record(on, command)


def _step(desk: ClerkDesk, year: int, stage: Stage, on: dt.date) -> None:
    """A step of a year; what the officer records for everybody does not wait for the agency's own papers."""
    command = EvaluationStage(
        subject=desk.subject,
        id=stage_id(desk.subject, year, stage),
        regime=desk.regime,
        year=year,
        stage=stage,
        dated_on=on,
        finding="complete" if stage == "report" else None,
        panel=_PANEL if stage == "determination" else (),
    )
    if stage in ("publication", "push"):
        desk.planned.append(Planned(at_hour(on, 17), JIAXING.officer, command))
    else:
        desk.record(on, command)
