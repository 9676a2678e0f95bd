"""What three roles send at random, alone and one after the other along the links, is answered as it is described."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from interfaces.http.describing import OPERATIONS
from interfaces.http.schemas.links import links_of
from tests.conftest import MakeDatabase
from tests.interfaces.http_story import LAST, STORY, A
from tests.support.sending import REACHING, sending
from tests.support.serving import Served, serving, tokens_of

pytestmark = pytest.mark.contract

CASES = 5_000
"""So many requests at least, of all roles together."""

OF_LINKS = [
    part
    for link in sorted({link["operationId"] for o in OPERATIONS for link in links_of(o, str).values()})
    for part in ("--include-operation-id", link)
]
"""The operations to which links lead."""


def test_five_thousand_requests_of_three_roles_are_answered_as_described(
    make_database: MakeDatabase, tmp_path: Path
) -> None:
    found: dict[str, dict[str, Any]] = {}
    with serving(make_database(migrated=False), tmp_path) as served:
        for _, path, body in (*STORY, *LAST):
            answer = served.client.post(path, json=body, headers={"x-actor": "clerk"})
            # What waits for its day under the clock of today is refused, and the rest goes on.
            assert answer.status_code < 500, answer.text
        tokens = tokens_of(served, {"officer": None, "auditor": None, "participant": A})
        for role, token in tokens.items():
            found[role] = sent_by(served, token, tmp_path / f"{role}.json", "examples,fuzzing", "14")
        chained = ("--mode", "positive", "--include-method", "POST", *OF_LINKS)
        found["along the links"] = sent_by(
            served, tokens["officer"], tmp_path / "links.json", "stateful", "300", *chained
        )
    for who, report in found.items():
        print(who, json.dumps(report["test_cases"]), json.dumps(report["phases"]))
    assert [report["errors"] or report["failures"] for report in found.values()] == [[]] * len(found)
    assert sum(report["test_cases"]["generated"] for report in found.values()) >= CASES


def sent_by(served: Served, token: str, report: Path, phases: str, examples: str, *chosen: str) -> dict[str, Any]:
    """Send what a role may think of; how many requests there were, and what failed."""
    # Links that the library only guesses are not what the description says.
    (report.parent / "schemathesis.toml").write_text("[phases.stateful.inference]\nalgorithms = []\n")
    command = sending(
        served.address,
        f"Authorization: Bearer {token}",
        *("--phases", phases, "--max-examples", examples, "--seed", os.environ.get("SEED", "1"), *chosen),
        # A machine that is busy with something else is no fault of an answer.
        *("--request-timeout", "120", "--report", "json", "--report-json-path", str(report)),
    )
    ended = subprocess.run(command, capture_output=True, text=True, cwd=report.parent, env=REACHING, check=False)
    assert report.exists(), ended.stdout + ended.stderr
    print(ended.stdout)
    found: dict[str, Any] = json.loads(report.read_text())
    return found
