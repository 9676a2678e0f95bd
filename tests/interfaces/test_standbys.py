"""Where a question is answered: by a standby that can tell, else by the next one, and at last by the primary."""

import pytest

from application.behind import CopyBehind
from domain.errors import NotFound
from interfaces.standbys import StandbyLost, Standbys, StandbyStanding
from tests.support.standbys import MemoryStandby

BROKEN_OFF = StandbyLost("canceling statement due to conflict with recovery", again=True)
GONE = StandbyLost("connection refused")


def test_standbys_are_asked_in_turn_and_one_that_has_not_come_so_far_is_passed_over() -> None:
    standbys = Standbys([MemoryStandby("one", "one", 5), MemoryStandby("two", "two", 7)])
    assert [standbys.ask(str.upper, "primary") for _ in range(3)] == ["ONE", "TWO", "ONE"]
    assert {standbys.ask(str.upper, "primary", min_position=6) for _ in range(2)} == {"TWO"}
    assert standbys.ask(str.upper, "primary", min_position=8) == "PRIMARY"
    assert [standbys.reached(position) for position in (6, 7, 8)] == ["two", "two", None]


def test_a_question_that_a_standby_breaks_off_is_asked_there_once_more() -> None:
    once, twice = MemoryStandby("once", "once", 1, BROKEN_OFF), MemoryStandby("twice", "twice", 1, *[BROKEN_OFF] * 2)
    assert Standbys([once]).ask(str.upper, "primary") == "ONCE"
    assert Standbys([twice]).ask(str.upper, "primary") == "PRIMARY"
    assert once.given_up == twice.given_up == []


def test_a_standby_that_is_gone_is_given_up_and_the_next_one_answers() -> None:
    gone, there = MemoryStandby("gone", "gone", 1, GONE, GONE), MemoryStandby("there", "there", 1)
    standbys = Standbys([gone, there])
    assert standbys.ask(str.upper, "primary") == "THERE"
    assert gone.given_up == ["connection refused"]
    assert standbys.reached(1) == "there"
    assert Standbys([MemoryStandby("gone", "gone", 1, GONE)]).reached(1) is None


def test_a_standby_refuses_nothing_and_what_it_has_not_got_is_asked_elsewhere() -> None:
    standbys = Standbys([MemoryStandby("behind", 0, 1)])

    def divided(by: int) -> int:
        if by == 0:
            raise CopyBehind("grades")
        return 6 // by

    def found(at: int) -> int:
        raise NotFound("subject", str(at))

    assert standbys.ask(divided, 3) == 2
    with pytest.raises(NotFound) as refused:
        standbys.ask(found, 3)
    assert refused.value.id == "3"


def test_what_is_made_of_an_answer_is_made_once_for_each_standby() -> None:
    one = MemoryStandby("one", "one", 3, GONE)
    made: list[str] = []

    def made_of(answers: str) -> str:
        made.append(answers)
        return answers.upper()

    standbys = Standbys([one]).mapped(made_of)
    standbys.check()
    assert [standbys.ask(len, "primary") for _ in range(3)] == [7, 3, 3]
    assert (made, one.given_up, one.checks) == (["one"], ["connection refused"], 1)
    assert standbys.standings(4) == (
        StandbyStanding(name="one", position=None, behind=None, reachable=False, asked=False),
    )
