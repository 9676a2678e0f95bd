"""The table of roles, cell by cell: every role asks for every operation over HTTP, and is let through or refused.

Whoever is let through meets the handler, which answers what it can to an empty request: anything but the wall's 401 and
403. Files are of Hohhot: accounts of Hohhot and of the region above reach them, and one of Ningbo does not.
"""

from functools import cache
from typing import Any

import pytest

from application.access.roles import ASKERS, PUBLIC, Asker, shipped_roles
from interfaces.http.describing import OPERATIONS
from interfaces.http.operations import Operation
from interfaces.http.replying import ROOT
from tests.interfaces.http_client import Api
from tests.support.accounts import account, token, with_first
from tests.support.world import World

A = "00000000-0000-4000-8000-00000000000a"
F = "00000000-0000-4000-8000-0000000000f1"
D = "00000000-0000-4000-8000-0000000000cd"
PLACES = {"150100": "hohhot", "150000": "region", "330200": "ningbo"}
TABLE = shipped_roles()


class House:
    """An API with one account of each role in each place, a fact on the file of an agency of Hohhot, and
    a dossier that was issued of it."""

    def __init__(self) -> None:
        world = World()
        world.agency(A)
        world.fact("2024-03-01", "B09", F, A)
        basis = world.grade("2024-03-01", subject=A).basis.token
        world.do("2024-03-01", "issue_dossier", subject=A, id=D, basis=basis, format="html")
        self.api = Api(world)
        at = self.api.administering
        with_first(at)
        self.tokens: dict[tuple[Asker, str], str] = {}
        for role in ASKERS:
            for place, name in PLACES.items():
                if role != PUBLIC:
                    id = f"{name}-{role.replace('_', '-')}"
                    account(at, id, role, place, subject=A if role == "participant" else None)
                    self.tokens[role, place] = token(at, id)

    def ask(self, operation: Operation, role: Asker, place: str, path: str | None = None, **query: Any) -> Any:
        held = self.tokens.get((role, place))
        headers = {
            "content-type": "application/json",
            "x-purpose": "test",
            **({"authorization": f"Bearer {held}"} if held else {}),
        }
        content = None if operation.method in ("GET", "DELETE") else b"{}"
        where = ROOT + (path or _path(operation))
        return self.api.call(operation.method, where, headers=headers, content=content, params=query)


@cache
def house() -> House:
    """The one house of this module: no question and no refused command changes it."""
    return House()


def _path(operation: Operation) -> str:
    values = {
        "subject": A,
        "agency": A,
        "fact": F,
        "dossier": D,
        "regime": "nmg.third_party",
        "year": "2024",
        "stage": "roster",
    }
    path = operation.path
    for name in operation.parts:
        path = path.replace(f"{{{name}}}", values.get(name, "00000000-0000-4000-8000-00000000dead"))
    return path


def test_every_operation_stands_in_the_table_and_the_table_names_no_other() -> None:
    assert sorted(TABLE.operations) == sorted({name for o in OPERATIONS for name in o.named})


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if "/session" not in o.path], ids=lambda o: o.id)
def test_every_role_is_let_through_or_refused_as_the_table_says(operation: Operation) -> None:
    for role in ASKERS:
        may = any(TABLE.reach(role, name) for name in operation.named)
        answer = house().ask(operation, role, "150100")
        refused = answer.status_code == (401 if role == PUBLIC else 403) and answer.json()["code"] in (
            "forbidden",
            "signed_out",
        )
        assert refused is not may, (role, answer.status_code, answer.text)


_OF_A_FILE = [
    o
    for o in OPERATIONS
    if o.method == "GET" and set(o.parts) & {"subject", "agency", "fact"} and not o.id.startswith("get_public")
]


@pytest.mark.parametrize("operation", _OF_A_FILE, ids=lambda o: o.id)
def test_a_file_is_read_by_its_place_and_those_above_and_is_unknown_elsewhere(operation: Operation) -> None:
    for role in ASKERS:
        if TABLE.reach(role, operation.id) != "place":
            continue
        for place, reaches in (("150100", True), ("150000", True), ("330200", False)):
            answer = house().ask(operation, role, place)
            hidden = answer.status_code == 404 and answer.json()["type"] == "/problems/not_found"
            assert hidden is not reaches, (role, place, answer.text)


@pytest.mark.parametrize("operation", _OF_A_FILE, ids=lambda o: o.id)
def test_a_participant_reads_their_own_file_and_no_other(operation: Operation) -> None:
    if TABLE.reach("participant", operation.id) is None:
        return
    for own, path in ((True, None), (False, _path(operation).replace(A, A.replace("a", "b")).replace(F, F))):
        if not own and path == _path(operation):
            continue
        answer = house().ask(operation, "participant", "330200", path)
        assert (answer.status_code == 404) is not own, answer.text
