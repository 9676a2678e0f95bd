"""Two officers at two desks decide the same thing at once, on a real journal: one is right, the other sees by whom."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from application.recording.outcomes import Outcome
from domain.errors import CaseError, Conflict, Stale
from domain.sentence import sentence
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.vault import PostgresVault
from tests.conftest import MakeDatabase
from tests.support.deciding import day
from tests.support.procedure import Procedure
from tests.support.world import REGIME

DAY = "2025-05-20"
ROUNDS = 4
"""How often each race is run: whoever is first, the outcome is the same."""


@pytest.fixture
def desks(make_database: MakeDatabase) -> Iterator[tuple[Procedure, Procedure]]:
    """Two processes of the product over one database, each with what it read before in memory."""
    url = make_database()
    clocks = [StoppedClock(at_hour(dt.date(2023, 1, 1), 9)) for _ in range(2)]
    with PostgresJournal(url, clocks[0]) as one, PostgresJournal(url, clocks[1]) as other:
        first = Procedure({}, one, PostgresVault(one.datastore, b"k" * 32), clocks[0])
        second = Procedure({}, other, PostgresVault(other.datastore, b"k" * 32), clocks[1])
        yield first, second


def opened(world: Procedure, subject: str) -> None:
    """A file with a fact and an evaluation up to its publicity."""
    world.agency(subject, name=f"甲检测{subject}")
    world.fact("2024-05-08", "B12", f"{subject}-f1", subject=subject, points=30)
    world.go(until="publicity", subject=subject)


def race(*acts: Callable[[], Outcome]) -> list[Outcome | CaseError]:
    """What becomes of acts that begin at the same moment, in the order given."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Outcome]) -> Outcome | CaseError:
        start.wait(timeout=30)
        try:
            return act()
        except CaseError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def one_of(results: list[Outcome | CaseError]) -> tuple[int, CaseError]:
    """Which of two was recorded, and what the other was told."""
    (winner,) = [i for i, r in enumerate(results) if isinstance(r, Outcome) and r.status == "recorded"]
    (told,) = [r for r in results if isinstance(r, CaseError)]
    return winner, told


def tags(world: Procedure, subject: str) -> list[str]:
    return [str(type(r.event).__struct_config__.tag) for r in world.journal.stream(subject)]


@pytest.mark.slow
def test_one_objection_is_decided_by_one_of_two_officers(desks: tuple[Procedure, Procedure]) -> None:
    """Art. 22(2): the second one is told how it was decided, and nothing of the second decision is stored."""
    for number in range(ROUNDS):
        subject = f"A{number}"
        opened(desks[0], subject)
        desks[0].object("2025-04-22", f"{subject}-o", f"{subject}-2024-proposal", subject=subject)
        desks[1].casework.file(subject)
        winner, told = one_of(
            race(
                partial(desks[0].answer, DAY, f"{subject}-o", "upheld", sets_aside=[f"{subject}-f1"]),
                partial(desks[1].answer, DAY, f"{subject}-o", "rejected"),
            )
        )
        outcome = ("upheld", "rejected")[winner]
        assert isinstance(told, Conflict)
        how = sentence(f"procedures.objections.outcome.{outcome}")
        assert told.code == "objection_decided"
        assert told.says == sentence("procedures.objections.it_was_decided", decided_on=day(DAY), outcome=how)
        stored = tags(desks[0], subject)
        assert stored.count("objection-decided.v1") == 1
        assert stored.count("fact-set-aside.v1") == (1 if outcome == "upheld" else 0)


def test_with_the_version_they_saw_the_second_is_told_that_the_file_moved_on(
    desks: tuple[Procedure, Procedure],
) -> None:
    """Whoever relied on a version looks at what happened in between before deciding anew."""
    opened(desks[0], "A")
    desks[0].object("2025-04-22", "o", "A-2024-proposal")
    version = desks[1].casework.file("A").version
    results = race(
        lambda: desks[0].answer(DAY, "o", "partly_upheld", if_match=version),
        lambda: desks[1].answer(DAY, "o", "rejected", if_match=version),
    )
    _, told = one_of(results)
    assert isinstance(told, Stale)
    assert (told.expected, told.actual) == (version, version + 1)


def test_the_same_decision_made_twice_at_once_is_one(desks: tuple[Procedure, Procedure]) -> None:
    """A button pressed at two desks."""
    opened(desks[0], "A")
    desks[0].object("2025-04-22", "o", "A-2024-proposal")
    results = race(*(partial(desk.answer, DAY, "o") for desk in desks))
    assert sorted(r.status for r in results if isinstance(r, Outcome)) == ["already_so", "recorded"]
    assert tags(desks[0], "A").count("objection-decided.v1") == 1


def test_one_proposal_is_made_for_a_year(desks: tuple[Procedure, Procedure]) -> None:
    """Art. 22(2): the second one sees when and under which id the first was made."""
    for number in range(ROUNDS):
        subject = f"A{number}"
        desks[0].agency(subject, name=f"甲检测{number}")
        desks[1].casework.file(subject)
        winner, told = one_of(
            race(
                partial(desks[0].step, "2025-04-15", "proposal", f"{subject}-p0", subject),
                partial(desks[1].step, "2025-04-16", "proposal", f"{subject}-p1", subject),
            )
        )
        assert isinstance(told, Conflict)
        assert told.code == "step_taken"
        first = {"dated_on": day(f"2025-04-1{5 + winner}"), "record": f"{subject}-p{winner}"}
        assert first.items() <= dict(told.says.given).items()
        assert tags(desks[0], subject).count("stage-recorded.v2") == 1


@pytest.mark.slow
def test_a_repair_is_confirmed_or_refused_never_both(desks: tuple[Procedure, Procedure]) -> None:
    """Art. 28: the second officer is told what the first has decided."""
    for number in range(ROUNDS):
        subject, repair = f"A{number}", f"r{number}"
        opened(desks[0], subject)
        desks[0].do(DAY, "commit_repair", subject=subject, id=repair, regime=REGIME, facts=[f"{subject}-f1"],
                    dated_on=DAY)  # fmt: skip
        desks[0].confirm(DAY, repair, by="originating_authority")
        desks[1].casework.file(subject)
        winner, told = one_of(
            race(
                partial(desks[0].confirm, DAY, repair),
                partial(desks[1].do, DAY, "refuse_repair", repair=repair, decided_on=DAY, reasons="未整改"),
            )
        )
        assert isinstance(told, Conflict)
        assert told.code == "repair_decided"
        assert (
            told.says
            == (
                sentence("procedures.repairs.confirmed", confirmed_on=day(DAY), certificate="确认书-city_bureau"),
                sentence("procedures.repairs.refused", decided_on=day(DAY)),
            )[winner]
        )
        expected = ("100", "70")[winner]
        assert desks[0].running(DAY, subject=subject)[0] == expected


def test_a_fact_recorded_while_a_proposal_is_made_is_in_it_or_comes_after_it(
    desks: tuple[Procedure, Procedure],
) -> None:
    """Art. 22(2): a result never stands on another state of the file than the one its receipt names."""
    for number in range(ROUNDS):
        subject = f"A{number}"
        desks[0].agency(subject, name=f"甲检测{number}")
        desks[1].casework.file(subject)
        results = race(
            partial(desks[0].step, "2025-04-15", "proposal", f"{subject}-p", subject),
            partial(desks[1].fact, "2025-04-15", "B08", f"{subject}-f", subject, decided_on="2024-05-08"),
        )
        assert [r.status for r in results if isinstance(r, Outcome)] == ["recorded", "recorded"]
        stored = tags(desks[0], subject)
        result = desks[0].result(f"{subject}-p", subject)
        was_known = stored.index("fact-recorded.v1") < stored.index("stage-recorded.v2")
        assert (result.score, result.receipt.version) == (("90", 2) if was_known else ("100", 1))
