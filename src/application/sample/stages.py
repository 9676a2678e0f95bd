"""The yearly evaluation in the sample: its stages for a share of the agencies, recorded for a whole city at once."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence, Set
from typing import Final

from application.sample.courses import PUBLICATION, PUBLICITY
from application.sample.desk import REGIME, Planned, after, chance, day, id_of
from application.sample.places import OFFICER
from application.sample.population import Agency
from domain.evaluations import EvaluationStage, Finding, Stage
from domain.vocabulary import at_hour

SHARE: Final = 10
"""Every tenth agency, and those of the stories and repairs, have their stages on record."""

_ROSTER: Final = {2023: day("2024-03-11"), 2024: day("2025-03-11"), 2025: day("2026-03-10")}
_NOTICE: Final = {2023: day("2024-03-14"), 2024: day("2025-03-14"), 2025: day("2026-03-13")}
_PROPOSAL: Final = {2023: day("2024-04-15"), 2024: day("2025-04-15"), 2025: day("2026-04-14")}
_SUBMISSION: Final = {2023: day("2024-05-15"), 2024: day("2025-05-15"), 2025: day("2026-05-15")}
_LETTER: Final = {2023: day("2024-05-30"), 2024: day("2025-05-30"), 2025: day("2026-05-29")}


def stages(seed: int, found: Sequence[Agency], proper: Set[str], untrue: Mapping[str, int]) -> list[Planned]:
    """The stages of the evaluation years 2023 to 2025.

    The agencies in ``proper`` are among them and report as they should; those in ``untrue`` do not in that year.
    """
    planned = []
    for year in PUBLICATION:
        for agency in found:
            chosen = agency.id in proper or agency.id in untrue or agency.number % SHARE == 0
            if chosen and agency.opened_on.year <= year:
                rng = chance(seed, "stages", year, agency.number)
                finding: Finding = rng.choices(("complete", "late", "untrue"), (94, 5, 1))[0]
                if agency.id in proper:
                    finding = "complete"
                if untrue.get(agency.id) == year:
                    finding = "untrue"
                planned += _of_agency(rng, agency, year, finding)
    return planned


def _of_agency(rng: random.Random, agency: Agency, year: int, finding: Finding) -> list[Planned]:
    """The stages of one agency."""
    received_on = after(_NOTICE[year], rng.randrange(4))
    reported_on = after(received_on, 6 + rng.randrange(18))
    bureau: list[tuple[Stage, dt.date, dict[str, object]]] = [
        ("roster", _ROSTER[year], {}),
        ("notice", _NOTICE[year], {"received_on": received_on}),
        ("report", reported_on, {"finding": finding, "justified": None if finding == "complete" else False}),
        ("commitment", reported_on, {}),
        ("proposal", _PROPOSAL[year], {"received_on": _PROPOSAL[year]}),
        ("publicity", PUBLICITY[year], {}),
        ("submission", _SUBMISSION[year], {}),
    ]
    planned = [
        _stage(agency, agency.clerk, year, stage, dated_on, after(dated_on, 5 if stage == "notice" else 0), more)
        for stage, dated_on, more in bureau
    ]
    region: tuple[tuple[Stage, dt.date], ...] = (
        ("publication", PUBLICATION[year]),
        ("push", after(PUBLICATION[year], 4)),
    )
    return planned + [_stage(agency, OFFICER, year, stage, on, on, {}) for stage, on in region]


def _stage(
    agency: Agency,
    actor: str,
    year: int,
    stage: Stage,
    dated_on: dt.date,
    recorded_on: dt.date,
    more: dict[str, object],
) -> Planned:
    command = EvaluationStage(
        subject=agency.id,
        id=id_of(agency.id, year, stage),
        regime=REGIME,
        year=year,
        stage=stage,
        dated_on=dated_on,
        **more,  # type: ignore[arg-type]
    )
    return Planned(at_hour(recorded_on, 16), actor, command)


def rating(subject: str, clerk: str, year: int) -> list[Planned]:
    """The formal rating of a practitioner for a year, and the letter to the person; nothing for a year still open."""
    if year not in _LETTER:
        return []
    planned = []
    for stage, dated_on in (("rating", _LETTER[year]), ("letter", after(_LETTER[year], 3))):
        command = EvaluationStage(
            subject=subject,
            id=id_of(subject, year, stage),
            regime=REGIME,
            year=year,
            stage=stage,  # type: ignore[arg-type]
            dated_on=dated_on,
        )
        planned.append(Planned(at_hour(dated_on, 16), clerk, command))
    return planned
