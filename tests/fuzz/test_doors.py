"""Ten minutes before every door: nothing that is sent ends in a 5xx, a traceback, a signal or a hang."""

import subprocess

import pytest

from tests.faults.running import Serving, command, data_folder, eventually
from tests.fuzz.running import minutes, seed, try_door
from tests.interfaces.http_story import LAST, REHEARSAL, STORY
from tests.support.postgres import temporary_root
from tests.support.sending import REACHING, sending

pytestmark = pytest.mark.fuzz

CLERK = {"x-actor": "clerk"}
REQUEST_SECONDS = 30
"""A request that takes longer hangs: a question is given up after ten."""


@pytest.mark.parametrize("door", ["yaml", "toml", "cursors", "tokens"])
def test_whatever_is_given_is_answered_or_refused_in_words(door: str) -> None:
    print(try_door(door))


def test_whatever_is_sent_over_http_is_answered_as_described_and_the_server_lives() -> None:
    """The served process on its own database, by its own description: examples, edges, chance and sequences."""
    with data_folder(temporary_root()) as data, Serving("--data", str(data)) as served:
        # While the edition is a draft it can be rehearsed.
        for path, body in [*((p, b) for _, p, b in STORY), ("/rehearsals", REHEARSAL), *((p, b) for _, p, b in LAST)]:
            # What waits for its day under the clock of today is refused, and the rest goes on.
            assert served.client.post(path, json=body, headers=CLERK).status_code < 500, (path, body)
        assert served.get("/rehearsals").json()["rehearsals"]
        # Made when it is first asked for, which may take longer than the sender waits.
        assert served.get("/openapi.json").status_code == 200
        (worker,) = served.workers()
        done = subprocess.run(
            sending(
                str(served.client.base_url).removesuffix("/api/v1/"),
                "x-actor: clerk",
                *("--max-time", str(round(minutes() * 60)), "--seed", str(seed()), "--generation-database", "none"),
                *("--request-timeout", str(REQUEST_SECONDS)),
            ),
            cwd=data.parent,
            env=REACHING,
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
