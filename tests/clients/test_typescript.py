"""The client in ``clients/typescript``: made of the description of a running server, compiled strictly, and used."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.clients.examples import examples_of, typescript_of
from tests.conftest import MakeDatabase
from tests.support.serving import Served, serving, tokens_of
from tests.support.world import credit_code

pytestmark = pytest.mark.client

CLIENT = Path(__file__).parents[2] / "clients/typescript"


def test_the_client_compiles_and_lives_the_day_of_an_officer(make_database: MakeDatabase, tmp_path: Path) -> None:
    with serving(make_database(migrated=False), tmp_path) as served:
        compile_for(served)
        tokens = tokens_of(served, {"officer": None, "approver": None})
        said = run(
            ["npm", "run", "--silent", "day"],
            ECODOCKET_ADDRESS=served.address,
            OFFICER_TOKEN=tokens["officer"],
            APPROVER_TOKEN=tokens["approver"],
            CREDIT_CODES=",".join(credit_code(str(number)) for number in range(3)),
        )
    assert said.splitlines()[-1] == "the day of an officer: done"


def compile_for(served: Served) -> None:
    """Make the types of the description that a server tells, and hold every example of it to its type."""
    answer = served.client.get("/openapi.json")
    description, told = answer.json(), CLIENT / "build/openapi.json"
    told.parent.mkdir(exist_ok=True)
    told.write_bytes(answer.content)
    run(["npm", "run", "--silent", "types"], DESCRIPTION=str(told))
    assert len([*examples_of(description)]) > 250
    (CLIENT / "src/examples.ts").write_text(typescript_of(description), "utf-8")
    run(["npm", "run", "--silent", "build"])


def run(command: Sequence[str], **settings: str) -> str:
    """What a program of the client prints; it must end well."""
    ended = subprocess.run(command, cwd=CLIENT, env=os.environ | settings, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
