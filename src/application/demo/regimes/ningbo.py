"""Ningbo in the sample: filing, scores, rankings and the sampling plan, under a draft.

Nobody has supplied the shares of the grades, so everybody has a place and nobody a grade by it; the draft is not in
force, and every answer is a simulation.
"""

import datetime as dt
from decimal import Decimal
from typing import Final

from application.demo.city import City, agencies_of, clerk_desk, opened_file
from application.demo.desk import ClerkDesk, Planned, chance, id_of, sample_day, working
from application.demo.schedule import workdays
from application.demo.stages import stage_id
from application.demo.stories import Stories
from application.recording.commands import Command
from domain.procedures.evaluation import EvaluationStage
from domain.procedures.filings import File, RecordBusiness
from domain.procedures.scores import DrawSample, RankCohort, RecordScore
from domain.time import at_hour
from domain.vocabulary import Service, Stage

NINGBO: Final = City(
    "ningbo.monitoring",
    "330200",
    "宁波",
    "Ningbo",
    (("330203", "海曙区"), ("330206", "北仑区"), ("330212", "鄞州区"), ("330281", "余姚市"), ("330282", "慈溪市")),
    1400,
)

SERVICES: Final[tuple[tuple[Service, ...], ...]] = tuple(
    ("auto_monitoring_operation",) if index % 5 == 4 else ("monitoring",) for index in range(14)
)
_YEARS: Final = (2023, 2024, 2025)


def planned(stories: Stories, seed: int) -> list[Planned]:
    """Every command of the city."""
    found = agencies_of(NINGBO, SERVICES)
    commands = opened_file(seed, found, stories)
    for index, agency in enumerate(found):
        if agency.id in stories:
            commands += stories.recorded(agency.id)
            continue
        desk = clerk_desk(seed, NINGBO, agency, commands)
        filed_on = dt.date(2023, 1, 16 + index % 4)
        desk.record(
            filed_on, File(subject=desk.subject, id=desk.new_id("filing"), regime=desk.regime, filed_on=filed_on)
        )
        for year in _YEARS:
            desk.restart()
            _year(desk, year)
    return commands + _cohort()


# --- a year -----------------------------------------------------------------------------------------------------


def _cohort() -> list[Planned]:
    """What is decided about everybody at once: the ranking of each year, and the sampling plans drawn by lot."""
    found: list[tuple[dt.date, Command]] = []
    for year in _YEARS:
        on = working(dt.date(year + 1, 4, 1))
        found.append((on, RankCohort(regime=NINGBO.regime, year=year, dated_on=on, id=id_of("ningbo", "rank", year))))
    for on in (sample_day("2025-09-15"), sample_day("2026-06-10")):
        year = on.year
        seed = f"示摇〔{year}〕07 21 33"
        found.append(
            (on, DrawSample(regime=NINGBO.regime, year=year, seed=seed, dated_on=on, id=id_of("ningbo", "draw", year)))
        )
    return [Planned(at_hour(on, 17), NINGBO.officer, command) for on, command in found]


def _year(desk: ClerkDesk, year: int) -> None:
    """Business, score, publicity and publication of one agency's year."""
    spring = year + 1
    business = RecordBusiness(
        subject=desk.subject, id=desk.new_id("business"), regime=desk.regime, year=year, active=True
    )
    desk.record(dt.date(spring, 1, 10), business)
    rng = chance("ningbo", desk.subject, year)
    score = Decimal(f"{min(97, max(58, rng.gauss(82, 8))):.1f}")
    graded = RecordScore(subject=desk.subject, id=desk.new_id("score"), regime=desk.regime, year=year, score=score)
    desk.record(dt.date(spring, 3, 2), graded)
    _step(desk, year, "publicity", working(dt.date(spring, 5, 6)))
    published_on = working(dt.date(spring, 6, 8))
    _step(desk, year, "publication", published_on)
    _step(desk, year, "push", workdays(published_on, 1))


def _step(desk: ClerkDesk, year: int, stage: Stage, on: dt.date) -> None:
    command = EvaluationStage(
        subject=desk.subject,
        id=stage_id(desk.subject, year, stage),
        regime=desk.regime,
        year=year,
        stage=stage,
        dated_on=on,
    )
    desk.planned.append(Planned(at_hour(on, 16), NINGBO.officer, command))
