"""The moments at which something was recorded on a file: all of them, or the last of each unit of the calendar."""

import datetime as dt
import re

import msgspec
import pytest

from application.answering.timeline import MOST_MOMENTS, RecordedMoments
from domain.errors import NotFound
from domain.time import at_hour, iso_utc
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, words_of
from tests.support.accounts import account, with_first
from tests.support.world import World

A = "00000000-0000-4000-8000-00000000000a"
FIRST = dt.date(2024, 1, 2)


def filled(days: int, *, every: int = 1, corrected: int | None = None) -> World:
    """A file to which a fact is recorded every so many days, one of which is corrected a day later."""
    world = World()
    world.agency(A)
    for number in range(days):
        on = FIRST + dt.timedelta(days=number * every)
        fact = f"00000000-0000-4000-8000-{number + 0xF000:012x}"
        world.clock.set(at_hour(on, 9))
        world.fact(on.isoformat(), "B09", fact, A)
        if number == corrected:
            changes = {"document": "呼环约〔2024〕9号"}
            after = (on + dt.timedelta(days=1)).isoformat()
            world.do(after, "correct_fact", fact=fact, changes=changes, reason="文号录入有误")
    return world


def told(world: World) -> RecordedMoments:
    found = world.timelines.moments(A)
    ats = [moment.at for moment in found.moments]
    rows = world.journal.stream(A)
    assert ats == sorted(set(ats))
    assert (ats[0], ats[-1]) == (iso_utc(rows[0].recorded_at), iso_utc(rows[-1].recorded_at)), "the first and the last"
    assert sum(moment.number for moment in found.moments) == len(rows)
    return found


def test_up_to_the_bound_every_moment_is_there() -> None:
    world = filled(MOST_MOMENTS - 1)
    found = told(world)
    assert (found.total, found.unit, len(found.moments)) == (MOST_MOMENTS, "moment", MOST_MOMENTS)


def test_beyond_it_the_last_of_each_week_stays_and_what_was_corrected_does() -> None:
    """A fact a day for 401 days: no day has two, so that weeks are the first unit that is coarse enough."""
    world = filled(MOST_MOMENTS + 1, corrected=30)
    found = told(world)
    assert found.unit == "week"
    assert len(found.moments) < MOST_MOMENTS / 4
    turning = [moment.at for moment in found.moments if moment.turns]
    events = world.journal.stream(A)
    assert turning == [iso_utc(row.recorded_at) for row in events if row.event.strikes is not None]
    kept = {moment.at for moment in found.moments}
    assert len(kept & {iso_utc(row.recorded_at) for row in events}) == len(found.moments)


def test_the_dial_of_a_case_with_more_moments_than_it_has_room_for_says_that_it_was_thinned_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("application.answering.timeline.MOST_MOMENTS", 4)
    page = Browser(Api(filled(8))).get(f"/cases/{A}")
    assert "共 9 个时刻，按周合并为" in words_of(page)


@pytest.mark.slow
def test_the_dial_of_the_case_goes_over_the_whole_file_and_says_that_it_was_thinned_out() -> None:
    api = Api(filled(MOST_MOMENTS + 1))
    with_first(api.administering)
    account(api.administering, "officer")
    browser = Browser(api)
    browser.sign_in("officer")
    page = browser.get(f"/cases/{A}")
    stops = msgspec.json.decode(re.search(r"data-dial='([^']*)'", page.text)[1])  # type: ignore[index]
    assert [stops[0][1][:10], stops[-1][1][:10]] == ["2023-01-02", "2025-02-05"]
    assert "共 402 个时刻，按周合并为" in words_of(page)


def test_a_file_that_nobody_has_is_unknown() -> None:
    with pytest.raises(NotFound):
        World().timelines.moments(A)
