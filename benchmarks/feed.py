"""What is new, from the real server, by pages, streams and webhooks: ``python -m benchmarks.feed``."""

import argparse
import contextlib
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import httpx
import msgspec
import psycopg

from benchmarks.figures import FILE, QUICK_FILE, Figure, figure, keep, show
from benchmarks.health import served
from benchmarks.population import usual_agencies
from benchmarks.recording import submitting
from benchmarks.rounds import Round, Work, always, per_second, seconds_each
from benchmarks.stage import Docket, Stage, end, stage

_PAGE: Final = 500
_EVENTS_A_SECOND: Final = 5_000
_LIMIT_MILLISECONDS: Final = 200.0
_ARRIVE_SECONDS: Final = 30.0
_RAW: Final = """SELECT notification_id, recorded_at, originator_id, category, topic, originator_version,
    introduces, actor FROM events WHERE notification_id > %s ORDER BY notification_id LIMIT %s"""


def to_whoever_follows(server: Stage, *, events: int, rounds: int, each: int) -> list[Figure]:
    """Events a second to one reader, how long after the commit one arrives, and what it costs to record."""
    docket = server.journal("feed")
    try:
        docket.grow(events)
        with _receiving() as receiver:
            hosts = receiver.removeprefix("http://").partition("/")[0]
            with (
                served(docket.url, ECODOCKET_WEBHOOK_ALLOW=hosts) as url,
                httpx.Client(base_url=f"{url}/api/v1") as http,
            ):
                figures = _read(docket, http, rounds)
                figures += _arriving(docket, http, each * 2)
                figures.append(_recorded(docket, http, receiver, rounds=rounds, each=each))
        return figures
    finally:
        docket.close()


# --- reading ----------------------------------------------------------------------------------------------


def _read(docket: Docket, http: httpx.Client, rounds: int) -> list[Figure]:
    with psycopg.connect(docket.url, autocommit=True) as plain:
        paged, streamed, raw = per_second(
            rounds,
            always(lambda: _pages(http)),
            always(lambda: _stream(http)),
            always(lambda: _plain(plain)),
        )
    return [
        figure(
            f"feed.{name}",
            found,
            "events/s",
            f"the feed to one reader over HTTP {how}, beside psycopg reading the same columns; at least 5,000 a second",
            floor=raw,
            target=_EVENTS_A_SECOND / raw,
        )
        for name, found, how in (
            ("pages", paged, f"in pages of {_PAGE}"),
            ("stream", streamed, "as server-sent events from the beginning"),
        )
    ]


def _pages(http: httpx.Client) -> int:
    after = number = 0
    while True:
        page = http.get("/journal/changes", params={"after": after, "limit": _PAGE}).json()
        number, after = number + len(page["changes"]), page["next"]
        if not page["more"]:
            return number


def _stream(http: httpx.Client) -> int:
    head, number = http.get("/journal/head").json()["position"], 0
    with http.stream("GET", "/journal/changes/stream", params={"after": 0}) as answer:
        for line in answer.iter_lines():
            number += line.startswith("data:")
            if line == f"id: {head}":
                return number + 1
    # So many events end a stream: its reader would come again.
    return number


def _plain(plain: psycopg.Connection[tuple[object, ...]]) -> int:
    after, number = 0, 0
    while rows := plain.execute(_RAW, (after, _PAGE), prepare=True).fetchall():
        number, after = number + len(rows), int(str(rows[-1][0]))
    return number


# --- arriving ---------------------------------------------------------------------------------------------


def _arriving(docket: Docket, http: httpx.Client, number: int) -> list[Figure]:
    """From the end of the request that has recorded, thus after its commit, to the event at a reader."""
    came: queue.SimpleQueue[tuple[int, float]] = queue.SimpleQueue()
    begun = threading.Event()

    def follow() -> None:
        with httpx.stream("GET", f"{http.base_url}journal/changes/stream", timeout=_ARRIVE_SECONDS) as answer:
            for line in answer.iter_lines():
                begun.set()
                if line.startswith("data:"):
                    came.put((msgspec.json.decode(line[5:])["position"], time.perf_counter()))

    threading.Thread(target=follow, daemon=True).start()
    begun.wait(_ARRIVE_SECONDS)
    taken = []
    for _ in range(number):
        submitting(docket, usual_agencies(docket.agencies), 1)()()
        committed = time.perf_counter()
        _, at = came.get(timeout=_ARRIVE_SECONDS)
        taken.append(max(at - committed, 0.0) * 1000)
    return [
        figure(
            f"feed.latency.p{int(share * 100)}",
            sorted(taken)[min(int(len(taken) * share), len(taken) - 1)],
            "ms",
            f"an event at the reader of a stream after its commit, {said} of {number}; to be under 200 ms",
            floor=1.0,
            target=_LIMIT_MILLISECONDS,
        )
        for share, said in ((0.5, "half"), (0.99, "99 of 100"))
    ]


# --- recording --------------------------------------------------------------------------------------------


def _recorded(docket: Docket, http: httpx.Client, receiver: str, *, rounds: int, each: int) -> Figure:
    made = http.post("/webhooks", json={"url": receiver})
    made.raise_for_status()
    place = f"/webhooks/{made.json()['webhook']['id']}"

    def recording(switch: str) -> Work:
        def prepare() -> Round:
            http.post(f"{place}/{switch}", json={}).raise_for_status()
            # What is left from the round before is sent before this one begins.
            until = time.monotonic() + _ARRIVE_SECONDS
            while switch == "resumption" and http.get(place).json()["behind"] and time.monotonic() < until:
                time.sleep(0.05)
            return submitting(docket, usual_agencies(docket.agencies), each)()

        return prepare

    # Rates of fair rounds: the same requests with an endpoint to which each event is sent, and with none at work.
    sent, alone = (1 / found for found in seconds_each(rounds, recording("resumption"), recording("pause")))
    return figure(
        "feed.record",
        sent,
        "facts/s",
        "one fact through casework while each event is sent to an endpoint, beside the same with the endpoint paused",
        floor=alone,
        target=0.9,
    )


class _Acknowledging(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take what is sent."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextlib.contextmanager
def _receiving() -> Iterator[str]:
    """A receiver in a process of its own: under the lock of this one's interpreter it would slow down what is
    measured."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.feed", "--receive", str(port)])
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        end(process)


def main() -> None:
    """Measure, print and write; ``--receive`` is what this module starts for itself."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feed", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small journal and few rounds: does it still run?")
    parser.add_argument("--receive", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.receive is not None:
        ThreadingHTTPServer(("127.0.0.1", given.receive), _Acknowledging).serve_forever()
    events, rounds, each = (2_000, 3, 20) if given.quick else (20_000, 15, 50)
    load = os.getloadavg()[0]
    with stage() as server:
        figures = to_whoever_follows(server, events=events, rounds=rounds, each=each)
    show(figures, f"what is new; load of the machine before: {load:.1f}, after: {os.getloadavg()[0]:.1f}")
    keep(figures, QUICK_FILE if given.quick else FILE)


if __name__ == "__main__":
    main()
