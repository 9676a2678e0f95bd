"""Random files of an agency and a practitioner as they come about: every command recorded on or after its own days."""

import datetime as dt
import itertools
from typing import Any

from hypothesis import strategies as st

from application.ports import Entry
from application.principal import Principal
from application.recording.commands import command_from
from domain.errors import CaseError
from domain.events.registration import AgencyRegistered, PractitionerRegistered
from domain.time import at_hour
from tests.support.strategies import IDS, commands
from tests.support.world import World

AGENCY, PRACTITIONER = "A", "P"
_COMMANDS = commands(IDS, AGENCY, PRACTITIONER)


def history(raws: list[tuple[dict[str, Any], int]]) -> World:
    """A world in which the commands that are not refused were recorded, each some days after the one before it."""
    world = World()
    world.clock.set(at_hour(dt.date(2023, 12, 20), 9))
    world.journal.append(
        [
            Entry(AGENCY, "agency", 1, AgencyRegistered(uscc="u", name="甲", region="150100",
                                                        services=("monitoring", "carbon_verification"))),
            Entry(PRACTITIONER, "practitioner", 1, PractitionerRegistered(region="150100", id_kind="other")),
        ],
        by=Principal("clerk"),
    )  # fmt: skip
    today = dt.date(2023, 12, 20)
    for raw, wait in raws:
        last = max((d for d in map(_day, _leaves(raw)) if d is not None), default=today)
        today = max(today, last) + dt.timedelta(days=wait)
        world.clock.set(at_hour(today, 9))
        try:
            world.casework.submit(command_from(raw), by=Principal("clerk"))
        except CaseError:
            continue
    return world


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(itertools.chain.from_iterable(_leaves(v) for v in value.values()))
    return [value]


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def histories(most: int = 24) -> st.SearchStrategy[World]:
    """Worlds with random files."""
    waits = st.sampled_from([0, 0, 0, 20])
    return st.lists(st.tuples(_COMMANDS, waits), min_size=4, max_size=most).map(history)
