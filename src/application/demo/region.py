"""The sample region put together: every command with the instant at which it is recorded, and how it is played."""

import datetime as dt
import operator
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import groupby
from typing import Final, NamedTuple, Protocol

from application.demo import certificates, courses, elsewhere, population
from application.demo.desk import BEGINS_ON, ENDS_ON, ClerkDesk, Planned, after, chance, sample_day
from application.demo.leads import leads
from application.demo.papers import PAPER_COMMANDS
from application.demo.places import OFFICER, PLACES
from application.demo.population import AGENCIES, PRACTITIONERS, Agency, Practitioner
from application.demo.raising import open_facts
from application.demo.stages import Usual, agency_years, person_years
from application.demo.stories import Stories
from application.principal import Principal
from application.recording.commands import AdoptRulebook, Command
from application.recording.importing import Answer
from domain.errors import CaseError
from domain.procedures.facts import RecordFact
from domain.procedures.repairs import ApplyRepair, CommitRepair
from domain.sentence import sentence
from domain.time import Instant, at_hour, end_of_day, iso_utc
from domain.vocabulary import Service

SEED: Final = 20230103
"""The seed of the region that the demo shows."""

EDITION: Final = "nmg.third_party@draft"
IN_FORCE_ON: Final = dt.date(2023, 1, 1)
_ADOPTED_ON: Final = dt.date(2022, 12, 20)

_FIRST_CASES_ON: Final = dt.date(2023, 2, 13)
_LAST_CASES_ON: Final = dt.date(2026, 6, 10)
_FIRST_GIVEN: Final = 31
_EVERY: Final = 7
"""The number of the first agency that is given the case of a row, and how many numbers later the next one is."""

_SHARE: Final = 20
"""Every so many-th practitioner without any fact takes part in the evaluation."""

_INSTANT_AND_ACTOR: Final = operator.itemgetter(0, 1)


class Settable(Protocol):
    """A clock that can be put to an instant."""

    def set(self, at: Instant) -> None:
        """Put the clock to ``at``."""
        ...


class Recording(Protocol):
    """Who records the commands: ``application.recording.importing.Importing``."""

    def record_many(self, commands: Sequence[Command], *, by: Principal) -> list[Answer]:
        """Record commands in order, all at the clock's instant."""
        ...


class FilingPapers(Protocol):
    """Who files the papers: ``application.demo.papers.Filing``."""

    def record(self, planned: Planned) -> None:
        """Record one command of papers. Raises the errors of ``domain.errors``."""
        ...


class RefusedSample(Exception):
    """A command of the sample was refused: the generator is wrong."""

    def __init__(self, planned: Planned, error: CaseError) -> None:
        super().__init__(f"{planned}: {error}")


class JournalAhead(CaseError):
    """The journal holds events later than the sample begins, so that nothing can be recorded at its own instant."""

    def __init__(self, recorded_at: str) -> None:
        super().__init__("journal_ahead", sentence("errors.journal_ahead", recorded_at=recorded_at))


class Expected(NamedTuple):
    """What the sample holds when it has been played: Inner Mongolia, and ``elsewhere`` under the other regimes."""

    leagues_and_cities: int
    agencies: int
    practitioners: int
    agencies_elsewhere: int
    practitioners_elsewhere: int
    ends_at: Instant


def expected() -> Expected:
    """The figures of the sample."""
    return Expected(
        len(PLACES),
        AGENCIES,
        PRACTITIONERS,
        elsewhere.AGENCIES_ELSEWHERE,
        elsewhere.PRACTITIONERS_ELSEWHERE,
        end_of_day(ENDS_ON),
    )


def plan(stories: Stories, seed: int = SEED) -> list[Planned]:
    """Every command of the sample in the order of recording: Inner Mongolia's with those of the other regimes."""
    return ordered([*inner_mongolia(stories, seed), *elsewhere.plan_elsewhere(stories, seed)])


def ordered(planned: Sequence[Planned]) -> list[Planned]:
    """Commands in the order of recording, up to the last day."""
    last = at_hour(ENDS_ON, 20)
    return sorted((p for p in planned if p.at <= last), key=_INSTANT_AND_ACTOR)


def adoption() -> Planned:
    """Inner Mongolia puts its draft in force: with it the sample begins."""
    adopted = AdoptRulebook(
        edition=EDITION, in_force_on=IN_FORCE_ON, document="示内环发〔2022〕118号", adopted_on=_ADOPTED_ON
    )
    return Planned(at_hour(BEGINS_ON, 8), OFFICER, adopted)


def inner_mongolia(stories: Stories, seed: int = SEED) -> list[Planned]:
    """Every command of Inner Mongolia in the order of recording."""
    found = population.agencies(seed, stories, {n: service for n, (_, service) in _GIVEN.items()})
    persons = population.practitioners(seed, found, stories)
    planned = [adoption()]
    planned += population.registrations(seed, found, persons, stories)
    for agency in found:
        if agency.id in stories:
            planned += stories.happened(agency.id)
        else:
            _agency_cases(_desk(seed, agency.id, agency.place.code, agency.clerk, planned, agency.services), agency)
    dishonest: dict[str, Set[int]] = {}
    for person in persons:
        if person.id in stories:
            planned += stories.happened(person.id)
            dishonest[person.id] = stories.years_of_letters(person.id)
        else:
            desk = _desk(seed, person.id, person.place.code, person.clerk, planned)
            dishonest[person.id] = _person_cases(desk, person)
    planned += certificates.asked_for(seed, found)
    planned += leads(seed, found, stories)
    return ordered(planned + _years(seed, planned, found, persons, dishonest, stories))


def _years(
    seed: int,
    planned: Sequence[Planned],
    found: Sequence[Agency],
    persons: Sequence[Practitioner],
    dishonest: Mapping[str, Set[int]],
    stories: Stories,
) -> list[Planned]:
    """The evaluation years of everybody who takes part in them, fitted to what has happened."""
    repairing = {p.command.subject for p in planned if isinstance(p.command, ApplyRepair | CommitRepair)}
    facts = {subject: known for subject, known in open_facts(planned).items() if subject not in stories}
    usual = Usual(stories, repairing, facts)
    with_facts = {p.command.subject for p in planned if isinstance(p.command, RecordFact)}
    taking_part = [p for p in persons if p.id in with_facts or p.number % _SHARE == 0]
    return agency_years(seed, found, usual) + person_years(seed, taking_part, dishonest, usual)


def batches(planned: Sequence[Planned]) -> Iterator[list[Planned]]:
    """The commands that one person records at one instant, papers by themselves."""
    for _, pile in groupby(planned, key=lambda p: (p.at, p.actor, isinstance(p.command, PAPER_COMMANDS))):
        yield list(pile)


def build(
    recording: Recording,
    clock: Settable,
    planned: Sequence[Planned],
    *,
    filing: FilingPapers | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Play the commands of the sample in their order; the number of events without those of papers.

    Papers are given to ``filing``. The clock is left at the end of the sample's last day.
    ``progress`` is told the commands recorded and their number. The clock must stand at or before ``BEGINS_ON``
    when the journal's founding events are appended: raises ``JournalAhead`` otherwise.
    """
    done = events = 0
    for pile in batches(planned):
        clock.set(pile[0].at)
        if isinstance(pile[0].command, PAPER_COMMANDS):
            _file_all(pile, filing)
        else:
            answers = recording.record_many([p.command for p in pile], by=Principal(pile[0].actor))
            events += _checked(pile, answers)
        done += len(pile)
        if progress is not None:
            progress(done, len(planned))
    clock.set(end_of_day(ENDS_ON))
    return events


def _file_all(pile: Sequence[Planned], filing: FilingPapers | None) -> None:
    if filing is None:
        raise TypeError("papers need somebody who files them")
    for each in pile:
        try:
            filing.record(each)
        except CaseError as error:
            raise RefusedSample(each, error) from error


def _checked(pile: Sequence[Planned], answers: Sequence[Answer]) -> int:
    """The number of events recorded; every command was taken, and at its own instant."""
    events = 0
    for each, answer in zip(pile, answers, strict=False):
        if isinstance(answer, CaseError):
            raise RefusedSample(each, answer)
        if answer.recorded_at not in (None, iso_utc(each.at)):
            raise JournalAhead(str(answer.recorded_at))
        events += len(answer.events)
    return events


# --- who is given what ----------------------------------------------------------------------------------------------


def _given_rows() -> dict[int, tuple[str, Service | None]]:
    """By agency: the row of a case it is given, so that every row of the edition occurs."""
    rows = {**courses.DIRECT, **courses.OTHERS}
    return {_FIRST_GIVEN + i * _EVERY: (row, service) for i, (row, service) in enumerate(rows.items())}


_GIVEN: Final = _given_rows()
_DIRECT: Final = {row: i for i, row in enumerate(courses.DIRECT)}


def _desk(
    seed: int, subject: str, region: str, actor: str, planned: list[Planned], services: tuple[str, ...] = ()
) -> ClerkDesk:
    return ClerkDesk(subject, region, actor, chance(seed, "cases", subject), planned, services)


def _agency_cases(desk: ClerkDesk, agency: Agency) -> None:
    """What happens to an agency: mostly nothing or something small."""
    rng = desk.rng
    given = _GIVEN.get(agency.number)
    if given is not None:
        row = given[0]
        turn = _DIRECT.get(row)
        if turn is None:
            courses.plain_case(desk, row, after(sample_day("2023-05-08"), rng.randrange(800)))
        else:
            courses.direct_case(desk, row, after(_FIRST_CASES_ON, 38 * turn), turn)
    begins_on = max(_FIRST_CASES_ON, after(agency.opened_on, 30))
    days = (_LAST_CASES_ON - begins_on).days
    careless = given is None and rng.random() < 0.06 and agency.opened_on < dt.date(2023, 2, 1)
    if careless:
        courses.careless_year(desk, rng.choice((2023, 2024, 2024, 2025)))
    for _ in range(0 if careless else rng.choices((0, 1, 2, 3, 4), (38, 32, 17, 9, 4))[0]):
        desk.restart()
        courses.small_case(desk, after(begins_on, rng.randrange(days)))
    if rng.random() < 0.08:
        desk.restart()
        courses.enhancement(desk, after(begins_on, rng.randrange(days)))


def _person_cases(desk: ClerkDesk, person: Practitioner) -> set[int]:
    """What happens to a practitioner: mostly nothing; the years rated D."""
    if desk.rng.random() > 0.07 or person.opened_on > dt.date(2025, 12, 31):
        return set()
    begins_on = max(_FIRST_CASES_ON, after(person.opened_on, 30))
    on = after(begins_on, desk.rng.randrange((_LAST_CASES_ON - begins_on).days))
    rated = courses.practitioner_case(desk, on, desk.rng.random())
    if rated is None:
        return set()
    year, fact = rated
    if desk.rng.random() < 0.5:
        courses.practitioner_repair(desk, fact, after(dt.date(year + 2, 6, 10), desk.rng.randrange(200)))
    return {year}


def sample_rows(planned: Sequence[Planned]) -> Counter[str]:
    """How often each row of the rulebook is recorded."""
    return Counter(row for p in planned if (row := getattr(p.command, "row", None)) is not None)
