"""Ten minutes before every door: nothing that is sent ends in a 5xx, a traceback, a signal or a hang."""

import subprocess
import sys

import pytest

from tests.faults.running import Serving, command, data_folder, eventually
from tests.fuzz.running import minutes, seed, try_door
from tests.interfaces.http_story import REHEARSAL, STORY
from tests.support.postgres import temporary_root

pytestmark = pytest.mark.fuzz

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance",
)  # fmt: skip
REQUEST_SECONDS = 30
"""A request that takes longer hangs: a question is given up after ten."""


@pytest.mark.parametrize("door", ["yaml", "toml", "cursors", "tokens"])
def test_whatever_is_given_is_answered_or_refused_in_words(door: str) -> None:
    print(try_door(door))


def test_whatever_is_sent_over_http_is_answered_as_described_and_the_server_lives() -> None:
    """The served process on its own database, by its own description: examples, edges, chance and sequences."""
    with data_folder(temporary_root()) as data, Serving("--data", str(data)) as served:
        for _, path, body in STORY:
            assert served.client.post(path, json=body, headers={"x-actor": "clerk"}).status_code == 201, (path, body)
        assert served.client.post("/rehearsals", json=REHEARSAL, headers={"x-actor": "clerk"}).status_code == 202
        (worker,) = served.workers()
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{served.client.base_url}openapi.json"),
                *("--max-time", str(round(minutes() * 60)), "--seed", str(seed()), "--generation-database", "none"),
                *("--checks", ",".join(CHECKS), "--request-timeout", str(REQUEST_SECONDS), "--continue-on-failure"),
                *("--warnings", "off", "--no-color"),
            ],
            cwd=data.parent,
            capture_output=True,
            text=True,
            timeout=minutes() * 60 + 600,
            check=False,
        )
        print(done.stdout[-1_000:])
        assert done.returncode == 0, done.stdout[-30_000:] + done.stderr[-5_000:]
        assert served.process.poll() is None
        assert served.workers() == [worker], "a worker has ended"
        assert "Traceback" not in served.said(), served.said()[-10_000:]
        assert eventually(lambda: served.get("/health").json()["status"] == "ok"), served.get("/health").text
        verified = command("--data", str(data), "verify", "--journal")
        assert verified.returncode == 0, verified.stdout + verified.stderr
