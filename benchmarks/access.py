"""A grade answer over HTTP with token, guard, mask and read log, beside the same server without the wall.

``python -m benchmarks.access``: eight clients, one granian worker. The answers are the same bytes, but for the masked.
"""

import os
import platform
import time
from typing import Final

from application.access.accounts import MakeAccount
from application.access.administering import Administering
from application.access.gate import Gate
from application.access.roles import shipped_roles
from application.access.signing_in import Door
from application.principal import Principal, Role
from benchmarks.client import Load
from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.over_http import seconds_of, serving
from benchmarks.population import AS_OF, REGIME, usual_agencies
from benchmarks.rounds import Median
from benchmarks.stage import Docket, Stage, stage
from interfaces.files.shipped_places import shipped_places
from interfaces.passwords import Argon2Passwords
from interfaces.postgres.access.accounts import PostgresAccounts

CLIENTS: Final = 8
"""Connections, each with one request at a time."""

_ASKED: Final = 0.8
_EVENTS: Final = 10_000
_ROOT: Final = Principal("root", "administrator", "000000")
_PLACE: Final = "150000"


def behind_the_wall(server: Stage, *, rounds: int = 15, each: int = 400) -> list[Figure]:
    """An officer, who is shown all of a grade answer, and a department, of whose answers records of persons may be left
    out."""
    docket = server.journal("access")
    try:
        docket.grow(_EVENTS)
        docket.settle()
        tokens = _tokens(docket, ("officer", "department"))
        rates = _rates(docket, tokens, rounds, each)
    finally:
        docket.close()
    means = {
        "officer": f"grade answers with token, guard, mask and read log, {CLIENTS} clients, beside the server open",
        "department": "the same for a role of whose answers something may be left out",
    }
    names = {"officer": "access.grade", "department": "access.grade.masked"}
    return [
        figure(names[role], rates[role].value, "requests/s", says, floor=rates["open"].value, target=_ASKED)
        for role, says in means.items()
    ]


def _rates(docket: Docket, tokens: dict[str, str], rounds: int, each: int) -> dict[str, Median]:
    agencies = usual_agencies(docket.agencies)
    paths = [f"/api/v1/subjects/{a}/grade?regime={REGIME}&as_of={AS_OF}" for a in agencies]
    rates = {name: Median() for name in ("open", *tokens)}
    with serving(docket.url, "open_api") as opened, serving(docket.url, "walled_api") as walled:
        loads = {"open": Load(opened, paths, each, CLIENTS)}
        for role, token in tokens.items():
            loads[role] = Load(walled, paths, each, CLIENTS, {"authorization": f"Bearer {token}"})
        for number in range(-1, rounds):
            # There and back, so that a machine that grows faster or slower favours nobody.
            for name, load in sorted(loads.items(), reverse=number % 2 == 1):
                rate = load.requests / seconds_of(load)
                if number >= 0:
                    rates[name].add(rate)
    return rates


def _tokens(docket: Docket, roles: tuple[Role, ...]) -> dict[str, str]:
    """An account of each role, and a token of it."""
    door = Door(PostgresAccounts(docket.journal.datastore), Argon2Passwords(), docket.clock)
    gate = Gate(shipped_roles(), docket.journal, docket.legislation, docket.clock)
    at = Administering(door, docket.clock, shipped_places(), gate)
    at.first("root", "root")
    found = {}
    for role in roles:
        at.make(_ROOT, MakeAccount(account=f"bench-{role}", name=role, role=role, place=_PLACE))
        found[str(role)] = door.make_token(f"bench-{role}", f"bench-{role}", "bench", 1)[0]
    return found


def main() -> None:
    """Measure, print and write."""
    begun = time.monotonic()
    with stage() as server:
        load = os.getloadavg()[0]
        figures = behind_the_wall(server)
        title = (
            f"{os.cpu_count()} cores, PostgreSQL {server.version}, fsync on, Python {platform.python_version()}; "
            f"load of the machine before: {load:.1f}; {time.monotonic() - begun:.0f} s"
        )
    show(figures, title)
    keep(figures, FILE)


if __name__ == "__main__":
    main()
