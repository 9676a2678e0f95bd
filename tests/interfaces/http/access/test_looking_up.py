"""Who comes with the same secret at the same time: looked up once, told to each of them, and to nobody else."""

import asyncio
import threading

import pytest

from application.access.signing_in import Known, NotSignedIn
from interfaces.clocks import StoppedClock
from interfaces.http.access.looking_up import LookUps
from tests.support.accounts import account, administering, token, with_first

NOON = 1_750_000_000_000_000


class BusyDoor:
    """A door that answers when it is let do so, and counts who asks."""

    def __init__(self) -> None:
        at = administering(StoppedClock(NOON))
        with_first(at)
        account(at, "officer")
        self.secret = token(at, "officer")
        self.door = at.door
        self.asked: list[str] = []
        self.go_on = threading.Event()

    def identify(self, secret: str) -> Known:
        self.asked.append(secret)
        self.go_on.wait(20)
        return self.door.identify(secret)


async def at_once(look_ups: LookUps, door: BusyDoor, *secrets: str) -> list[Known | BaseException]:
    """What comes of questions of which each has begun to wait before any is answered."""
    waiting = [asyncio.create_task(look_ups.identify(door, secret)) for secret in secrets]
    await asyncio.sleep(0)
    door.go_on.set()
    return await asyncio.gather(*waiting, return_exceptions=True)


def names(found: list[Known | BaseException]) -> list[str]:
    return [one.principal.name if isinstance(one, Known) else type(one).__name__ for one in found]


@pytest.fixture
def door() -> BusyDoor:
    return BusyDoor()


def test_who_come_at_once_with_one_secret_are_looked_up_once(door: BusyDoor) -> None:
    found = asyncio.run(at_once(LookUps(), door, *[door.secret] * 3))
    assert names(found) == ["officer"] * 3
    assert door.asked == [door.secret]


def test_a_secret_that_lets_nobody_in_is_refused_to_all_who_come_with_it_and_to_no_other(door: BusyDoor) -> None:
    found = asyncio.run(at_once(LookUps(), door, "edt_stolen", door.secret, "edt_stolen"))
    assert names(found) == ["NotSignedIn", "officer", "NotSignedIn"]
    assert sorted(door.asked) == sorted(["edt_stolen", door.secret])


def test_who_comes_after_an_answer_is_looked_up_anew(door: BusyDoor) -> None:
    async def one_after_another() -> None:
        look_ups = LookUps()
        door.go_on.set()
        assert (await look_ups.identify(door, door.secret)).principal.name == "officer"
        door.door.begin_anew("officer", "root")
        with pytest.raises(NotSignedIn):
            await look_ups.identify(door, door.secret)

    asyncio.run(one_after_another())
    assert len(door.asked) == 2


def test_who_goes_away_does_not_take_the_answer_from_those_who_wait(door: BusyDoor) -> None:
    async def first_goes_away() -> Known:
        look_ups = LookUps()
        first, second = [asyncio.create_task(look_ups.identify(door, door.secret)) for _ in range(2)]
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])
        door.go_on.set()
        return await second

    assert asyncio.run(first_goes_away()).principal.name == "officer"
    assert door.asked == [door.secret]
