"""What reads the machine's clock, with that clock stopped: at the borders of days, months, years and zones."""

import datetime as dt
import time
from collections.abc import Callable

import pytest
from eventsourcing.persistence import OperationalError
from freezegun import freeze_time

from application import time_budget
from application.answering.grading import Grading, Question
from application.deadlines.reminders import Reminders
from application.ports import Entry
from application.principal import Principal
from application.time_budget import OutOfTime
from domain.time import Instant, iso_utc, legal_day
from interfaces.clocks import SystemClock
from interfaces.memory.journal import MemoryJournal, MemoryVault
from interfaces.postgres.embedded.watchdog import Linger, wait_until
from interfaces.postgres.limits import Limits, retried
from tests.journal.examples import fact
from tests.support.worklist import Office
from tests.support.world import REGIME, World

BORDERS = {
    # A moment in UTC: the last second of a legal day and the first, and the day.
    "2023-12-31T15:59:59Z": dt.date(2023, 12, 31),
    "2023-12-31T16:00:00Z": dt.date(2024, 1, 1),
    "2024-01-01T00:00:00Z": dt.date(2024, 1, 1),
    "2025-03-31T15:59:59Z": dt.date(2025, 3, 31),
    "2025-03-31T16:00:00Z": dt.date(2025, 4, 1),
    "2024-02-28T16:00:00Z": dt.date(2024, 2, 29),
    "2024-02-29T15:59:59Z": dt.date(2024, 2, 29),
    "2024-02-29T16:00:00Z": dt.date(2024, 3, 1),
    "2023-02-28T16:00:00Z": dt.date(2023, 3, 1),
}


class Machine:
    """The machine's clock, stopped at a moment each time it is read.

    Only then: while freezegun stops time its dates stand for the real ones, and msgspec refuses them.
    """

    def __init__(self, moment: str) -> None:
        self.moment = moment

    def now(self) -> Instant:
        """The current instant."""
        with freeze_time(self.moment):
            return SystemClock().now()


# --- the clock of a server ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("moment", "day"), BORDERS.items())
@pytest.mark.parametrize("zone", [0, 8, -11])
def test_today_is_the_legal_day_whatever_the_zone_of_the_machine(moment: str, day: dt.date, zone: int) -> None:
    with freeze_time(moment, tz_offset=zone):
        now = SystemClock().now()
    assert legal_day(now) == day
    assert dt.datetime.fromisoformat(iso_utc(now)) == dt.datetime.fromisoformat(moment)


def test_what_is_recorded_has_the_instant_at_which_the_machines_clock_stands() -> None:
    clock = SystemClock()
    journal = MemoryJournal(clock, MemoryVault())
    with freeze_time("2023-12-31T15:59:59Z") as machine:
        first = journal.append([Entry("A", "agency", 1, fact())], by=Principal("c"))
        machine.move_to("2023-12-31T16:00:00Z")
        second = journal.append([Entry("A", "agency", 2, fact())], by=Principal("c"))
        machine.move_to("2023-12-31T12:00:00Z")
        third = journal.append([Entry("A", "agency", 3, fact())], by=Principal("c"))
    assert [legal_day(a.recorded_at).isoformat() for a in (first, second)] == ["2023-12-31", "2024-01-01"]
    assert second.recorded_at - first.recorded_at == 1_000_000
    # Set back, it takes nothing back.
    assert third.recorded_at == second.recorded_at


@pytest.mark.parametrize(("moment", "day"), BORDERS.items())
def test_a_question_that_names_no_day_means_the_legal_day(moment: str, day: dt.date) -> None:
    world = World()
    world.agency("A")
    grading = Grading(world.journal, Machine(moment), world.legislation, "engine-of-the-test")
    assert grading.grade(Question(subject="A", regime=REGIME)).basis.as_of == day


# --- reminders ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "last", "over"),
    [
        ("2024-12-31", "2024-12-31T15:59:59Z", "2024-12-31T16:00:00Z"),
        ("2024-02-28", "2024-02-28T15:59:59Z", "2024-02-28T16:00:00Z"),
        ("2024-02-29", "2024-02-29T15:59:59Z", "2024-02-29T16:00:00Z"),
        ("2023-02-28", "2023-02-28T15:59:59Z", "2023-02-28T16:00:00Z"),
        ("2025-04-30", "2025-04-30T15:59:59Z", "2025-04-30T16:00:00Z"),
    ],
)
def test_a_deadline_is_near_until_the_end_of_its_last_legal_day_and_overdue_from_then_on(
    due_on: str, last: str, over: str
) -> None:
    office = Office()
    office.agency("A")
    issued_on = (dt.date.fromisoformat(due_on) - dt.timedelta(days=20)).isoformat()
    office.fact(issued_on, "B08", "f")
    office.do(issued_on, "issue_warning", fact="f", id="w", issued_on=issued_on, due_on=due_on, requirements="整改")
    machine = Machine(last)
    reminders = Reminders(office.journal, office.index, machine, office.legislation, office.projection)

    def told_at(moment: str) -> list[tuple[str, bool]]:
        machine.moment = moment
        return [(r.what, r.new) for r in reminders.sweep().reminders if r.deadline.id.startswith("w")]

    assert told_at(last) == [("near", True)]
    assert told_at(over) == [("overdue", True)]
    assert told_at(over) == [("overdue", False)]


# --- deadlines of the machinery -------------------------------------------------------------------------------------


def test_a_server_lingers_for_its_time_after_the_last_user_and_begins_anew_with_each() -> None:
    linger = Linger(15.0)
    with freeze_time("2023-12-31T23:59:50Z") as clock:
        assert not linger.is_over(is_used=False)
        clock.tick(14.9)
        assert not linger.is_over(is_used=False)
        assert not linger.is_over(is_used=True)
        clock.tick(20)
        assert not linger.is_over(is_used=False)
        clock.tick(14.9)
        assert not linger.is_over(is_used=False)
        clock.tick(0.1)
        assert linger.is_over(is_used=False)


def test_what_is_waited_for_is_given_up_after_its_time_and_not_before() -> None:
    with freeze_time("2024-02-29T15:59:59Z") as clock:
        asked = []

        def comes_at(number: int) -> bool:
            asked.append(number)
            clock.tick(1.0)
            return len(asked) == number

        assert wait_until(lambda: comes_at(3), 2.0)
        asked.clear()
        assert not wait_until(lambda: comes_at(4), 1.9)
        assert len(asked) == 2


def test_a_question_is_given_up_when_its_time_is_over() -> None:
    with (
        freeze_time("2023-12-31T15:59:55Z") as clock,
        time_budget.until(time.monotonic() + 10.0, time.monotonic),
    ):
        clock.tick(9.999)
        time_budget.check_time()
        clock.tick(0.001)
        with pytest.raises(OutOfTime):
            time_budget.check_time()


class _Pool:
    """A pool whose connections break."""

    limits = Limits(connection=1.0, lock=1.0)

    def renew(self) -> None:
        """Do nothing: no connection lies ready."""


class _Reader:
    """Reads from a database that does not answer, which takes 0.4 seconds to notice."""

    datastore = _Pool()

    def __init__(self, tick: Callable[[float], object]) -> None:
        self.tick = tick
        self.tried = 0

    @retried
    def read(self) -> None:
        self.tried += 1
        self.tick(0.4)
        raise OperationalError("the connection is lost")


def test_a_lost_connection_is_tried_again_within_the_limit_and_not_beyond() -> None:
    with freeze_time("2023-12-31T15:59:59Z") as clock:
        reader = _Reader(clock.tick)
        with pytest.raises(OperationalError):
            reader.read()
    assert reader.tried == 3
