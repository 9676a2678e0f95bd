"""The yearly evaluation in the sample: what every agency and a share of the practitioners go through, step by step."""

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Final, NamedTuple

from application.demo.desk import REGIME, Planned, after, chance, id_of
from application.demo.places import OFFICER
from application.demo.population import Agency, Practitioner
from application.demo.raising import OpenFact, comments, objections
from application.demo.schedule import RATING, YEARS, Dates, dates_of, workdays
from application.demo.stories import Stories
from domain.events.evaluation import ReportFinding
from domain.procedures.evaluation import EvaluationStage
from domain.time import at_hour
from domain.vocabulary import Stage

_HOUR: Final = 16
_RECEIVED_WITHIN: Final = 3
"""Calendar days after a notice or a proposal within which everybody has it; it is recorded with the receipts then."""

_LATE: Final = 0.035
_UNTRUE: Final = 0.01
_CHECKED: Final = 0.06
_RETURNED: Final = 0.2
_CONFIRMED: Final = 0.55


class PlannedStep(NamedTuple):
    """A step as it will be recorded. ``turn`` tells the round when a step is taken again."""

    stage: Stage
    dated_on: dt.date
    recorded_on: dt.date
    actor: str
    more: Mapping[str, object] = {}
    turn: int = 1


class Usual(NamedTuple):
    """What a usual year is fitted to: the years that ``stories`` tell themselves, who is ``repairing`` and therefore
    reports as one should, and the ``facts`` that an objection could be about.

    In the years that their stories leave out, the agencies of the stories do nothing by chance: they report as they
    should, neither confirm nor object, and are not returned.
    """

    stories: Stories
    repairing: Set[str]
    facts: Mapping[str, Sequence[OpenFact]]


def stage_id(subject: str, year: int, stage: Stage, turn: int = 1) -> str:
    """The id of a step of a subject's year."""
    return id_of(subject, year, stage) if turn == 1 else id_of(subject, year, stage, turn)


def agency_years(seed: int, found: Sequence[Agency], usual: Usual) -> list[Planned]:
    """The evaluation years 2023 to 2025 of every agency that was open in the year, with what was raised in them."""
    planned: list[Planned] = []
    for year in YEARS:
        for agency in found:
            if agency.opened_on.year <= year:
                rng = chance(seed, "stages", year, agency.number)
                planned += usual.stories.year(agency.id, year) or _agency_year(rng, agency, year, usual)
    return planned


def _agency_year(rng: random.Random, agency: Agency, year: int, usual: Usual) -> list[Planned]:
    dates, told = dates_of(agency.place.code, year), agency.id in usual.stories
    steps = _steps(rng, agency, year, dates, _finding(rng, proper=told or agency.id in usual.repairing))
    planned: list[Planned] = []
    if not told:
        planned, confirmed = _answered(rng, agency, year, dates.proposal, usual.facts.get(agency.id, ()))
        steps += confirmed
        planned += comments(rng, agency.id, agency.clerk, stage_id(agency.id, year, "publicity"), dates.publicity)
    steps += _region(rng, agency, dates, quiet=told)
    return planned + [_planned(agency.id, year, step) for step in steps]


def _answered(
    rng: random.Random,
    participant: Agency | Practitioner,
    year: int,
    proposed_on: dt.date,
    facts: Sequence[OpenFact],
    *,
    winnable: bool = True,
) -> tuple[list[Planned], list[PlannedStep]]:
    """What a participant says to the proposal: an objection, with its decision, a confirmation, or nothing."""
    subject, clerk = participant.id, participant.clerk
    received_on = _receipt(subject, year, proposed_on)
    # Only facts that stood when the grade was proposed and that nothing else happens to later.
    open_facts = [f.id for f in facts if f.year == year and f.since_on < proposed_on]
    proposal = stage_id(subject, year, "proposal")
    raised = objections(rng, subject, clerk, proposal, received_on, open_facts, winnable=winnable)
    if raised or rng.random() >= _CONFIRMED:
        return raised, []
    on = workdays(received_on, rng.randrange(1, 4))
    return [], [PlannedStep("confirmation", on, on, clerk)]


def _finding(rng: random.Random, *, proper: bool) -> tuple[ReportFinding, bool | None]:
    """What the bureau found about the year's report, and whether lateness or untruth was justified."""
    chosen, justified = rng.random(), rng.random() < 0.4
    if proper or chosen >= _LATE + _UNTRUE:
        return "complete", None
    return ("late", justified) if chosen < _LATE else ("untrue", False)


def _receipt(subject: str, year: int, sent_on: dt.date) -> dt.date:
    """When a notice or proposal reached its addressee: mostly the same day."""
    rng = chance("receipt", subject, year, sent_on)
    return workdays(sent_on, 1) if rng.random() < 0.25 else sent_on


def _steps(
    rng: random.Random, agency: Agency, year: int, dates: Dates, found: tuple[ReportFinding, bool | None]
) -> list[PlannedStep]:
    """What the city does with one agency, up to the submission."""
    clerk = agency.clerk
    received_on = _receipt(agency.id, year, dates.notice)
    finding, justified = found
    reported_on = after(received_on, 33 + rng.randrange(4) if finding == "late" else 5 + rng.randrange(16))
    judged = {"finding": finding, "justified": justified}
    told = {"received_on": _receipt(agency.id, year, dates.proposal)}
    return [
        PlannedStep("roster", dates.roster, dates.roster, clerk),
        PlannedStep(
            "notice", dates.notice, workdays(dates.notice, _RECEIVED_WITHIN), clerk, {"received_on": received_on}
        ),
        PlannedStep("report", reported_on, reported_on, clerk, judged),
        PlannedStep("commitment", reported_on, reported_on, clerk),
        PlannedStep("proposal", dates.proposal, workdays(dates.proposal, 1), clerk, told),
        PlannedStep("publicity", dates.publicity, dates.publicity, clerk),
        PlannedStep("determination", dates.determination, dates.determination, clerk),
        PlannedStep("submission", dates.submission, dates.submission, clerk),
    ]


def _region(rng: random.Random, agency: Agency, dates: Dates, *, quiet: bool) -> list[PlannedStep]:
    """What the region does with what the city submitted, and what it makes the city do again."""
    steps = []
    checked = dates.check > dates.submission and rng.random() < _CHECKED
    returned = checked and rng.random() < _RETURNED and not quiet
    if checked:
        steps.append(PlannedStep("spot_check", dates.check, dates.check, OFFICER))
    if returned:
        steps += _second_round(agency, dates.check)
    steps += [
        PlannedStep("publication", dates.publication, dates.publication, OFFICER),
        PlannedStep("push", dates.push, dates.push, OFFICER),
    ]
    return steps


def _second_round(agency: Agency, checked_on: dt.date) -> list[PlannedStep]:
    """The region returns a result, and the city determines and submits it again."""
    steps = [PlannedStep("return", workdays(checked_on, 1), workdays(checked_on, 1), OFFICER)]
    for stage, days in (("review", 5), ("determination", 9), ("submission", 10)):
        on = workdays(checked_on, days)
        steps.append(PlannedStep(stage, on, on, agency.clerk, {}, 2))  # type: ignore[arg-type]
    return steps


def _planned(subject: str, year: int, step: PlannedStep) -> Planned:
    command = EvaluationStage(
        subject=subject,
        id=stage_id(subject, year, step.stage, step.turn),
        regime=REGIME,
        year=year,
        stage=step.stage,
        dated_on=step.dated_on,
        **step.more,  # type: ignore[arg-type]
    )
    return Planned(at_hour(step.recorded_on, _HOUR), step.actor, command)


# --- practitioners ----------------------------------------------------------------------------------------------------


def person_years(
    seed: int,
    persons: Iterable[Practitioner],
    dishonest: Mapping[str, Set[int]],
    usual: Usual,
) -> list[Planned]:
    """The years of practitioners: proposed, submitted and rated, neither shown nor published.

    ``dishonest`` are the persons rated D with the years of it: they get the letter, nothing is upheld for them, and
    until a repair they are not rated again.
    """
    planned: list[Planned] = []
    for person in persons:
        rated_d = dishonest.get(person.id, frozenset())
        for year in YEARS:
            if person.opened_on.year > year or year > max(rated_d, default=year):
                continue
            told = usual.stories.year(person.id, year)
            if told:
                planned += told
                continue
            rng = chance(seed, "ratings", year, person.number)
            dates = dates_of(person.place.code, year)
            known = usual.facts.get(person.id, ())
            raised, confirmed = _answered(rng, person, year, dates.proposal, known, winnable=not rated_d)
            steps = _of_person(rng, person, year, dates) + confirmed
            if year in rated_d:
                on = workdays(RATING[year], 2)
                steps.append(PlannedStep("letter", on, on, person.clerk))
            planned += raised + [_planned(person.id, year, step) for step in steps]
    return planned


def _of_person(rng: random.Random, person: Practitioner, year: int, dates: Dates) -> list[PlannedStep]:
    clerk = person.clerk
    received_on = _receipt(person.id, year, dates.notice)
    reported_on = after(received_on, 4 + rng.randrange(16))
    told = {"received_on": _receipt(person.id, year, dates.proposal)}
    return [
        PlannedStep("roster", dates.roster, dates.roster, clerk),
        PlannedStep(
            "notice", dates.notice, workdays(dates.notice, _RECEIVED_WITHIN), clerk, {"received_on": received_on}
        ),
        PlannedStep("report", reported_on, reported_on, clerk, {"finding": "complete"}),
        PlannedStep("proposal", dates.proposal, workdays(dates.proposal, 1), clerk, told),
        PlannedStep("submission", dates.submission, dates.submission, clerk),
        PlannedStep("rating", RATING[year], RATING[year], OFFICER),
    ]
