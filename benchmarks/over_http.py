"""Answers over HTTP by one granian worker: grades beside bare handlers that only read the rows, whole cases beside
grades. The latter alone: ``python -m benchmarks.over_http``."""

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Final

import msgspec

from benchmarks import client
from benchmarks.client import Load
from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.population import AS_OF, REGIME, practitioners_of, usual_agencies
from benchmarks.processor import Measured, Spending, forget, watch
from benchmarks.rounds import Median
from benchmarks.stage import Docket, end, stage

_START_SECONDS: Final = 30.0
_CLIENTS: Final = 8
_MOST_OF_A_GRADE: Final = 1.5
_MORE_THAN_HELD: Final = 700
_MICROSECONDS: Final = 1e6
_UNTIL_HELD: Final = {"ours": 3, "ours by two": 8}
"""Rounds before anything is measured: a worker holds a file when it is asked about again, its words the time after, and
of two workers each gets half of the questions."""


def answers(docket: Docket, *, rounds: int, each: int) -> list[Figure]:
    """Our API and the bare handlers in turns."""
    agencies = usual_agencies(docket.agencies)
    # In turn, more files than a server holds: each has been let go of when it is asked about again.
    many = usual_agencies(docket.agencies, _MORE_THAN_HELD)
    grades = _grades(agencies)
    rows = [f"/rows/{a}?{_staff(a)}" for a in agencies]
    # A server of its own for what drives out the files that a server holds.
    with (
        serving(docket.url, "api") as ours,
        serving(docket.url, "api") as ours_at_first,
        serving(docket.url, "bare") as bare,
        serving(docket.url, "api", workers=2) as ours_by_two,
        serving(docket.url, "bare", workers=2) as bare_by_two,
    ):
        loads = {
            "ours": Load(ours, grades, each),
            "first": Load(ours_at_first, _grades(many), each),
            "rows": Load(bare, rows, each),
            "file": Load(bare, [f"/file/{a}" for a in agencies], each),
            "nothing": Load(bare, ["/nothing"], each * 5),
            "ours by two": Load(ours_by_two, grades, each),
            "rows by two": Load(bare_by_two, rows, each),
        }
        rates = {name: Median() for name in loads}
        for name, load in loads.items():
            for _ in range(_UNTIL_HELD.get(name, 1)):
                seconds_of(load)
        for _ in range(rounds):
            for name, load in loads.items():
                rates[name].add(load.requests / seconds_of(load))
    ours_rate, ours_by_two_rate, floor_by_two = (rates[n].value for n in ("ours", "ours by two", "rows by two"))
    return [
        figure(
            "grade.http",
            ours_rate,
            "requests/s",
            "grade answers over HTTP about 200 files in turn, one worker, 32 connections, beside a bare handler that"
            " only reads the same rows",
            floor=rates["rows"].value,
            target=1.0,
        ),
        figure(
            "grade.http.first",
            rates["first"].value,
            "requests/s",
            "the same of files that the server does not hold in memory, since it was asked about too many others",
            floor=rates["rows"].value,
        ),
        figure(
            "grade.http.two",
            ours_by_two_rate.cpu * _MICROSECONDS,
            "µs",
            "processor time of such an answer with two workers, beside the bare handler with two",
            floor=floor_by_two.cpu * _MICROSECONDS,
            target=1.1,
        ),
        figure(
            "grade.http.file",
            ours_rate,
            "requests/s",
            "the same beside a bare handler that reads the agency's file alone, in one statement",
            floor=rates["file"].value,
        ),
        figure(
            "http.client",
            rates["nothing"].value,
            "requests/s",
            "what the load client gets from a handler that does nothing: it is not the bottleneck",
        ),
    ]


def case_files(docket: Docket, *, rounds: int, each: int) -> list[Figure]:
    """A whole case in turns with the grade answer to the same question, by eight clients: of the regime named, and of
    every regime on record where none is."""
    agencies = usual_agencies(docket.agencies)
    with serving(docket.url, "api") as port:
        times = {(answer, regime): Median() for answer in ("grade", "casefile") for regime in ("", f"&regime={REGIME}")}
        for number in range(-1, rounds):
            for (answer, regime), median in times.items():
                paths = [f"/api/v1/subjects/{a}/{answer}?as_of={AS_OF}{regime}" for a in agencies]
                taken = seconds_of(Load(port, paths, each, _CLIENTS)) / each
                if number >= 0:
                    median.add(taken * 1e3)
    return [
        figure(
            name,
            times["casefile", regime].value,
            "ms",
            f"a whole case of a 50-event file over HTTP, {means}, one worker, eight clients, each answer in its turn,"
            " beside the grade answer to the same question",
            floor=times["grade", regime].value,
            target=_MOST_OF_A_GRADE,
        )
        for name, regime, means in (
            ("casefile.http", f"&regime={REGIME}", "of one regime"),
            ("casefile.http.all", "", "of every regime on record"),
        )
    ]


def _grades(agencies: list[str]) -> list[str]:
    return [f"/api/v1/subjects/{agency}/grade?regime={REGIME}&as_of={AS_OF}" for agency in agencies]


def _staff(agency: str) -> str:
    return "&".join(f"staff={p}" for p in practitioners_of(agency))


def seconds_of(load: Load) -> Measured:
    """The seconds that a client in a process of its own took for its requests, and the processor time of the servers
    for each of them."""
    spending = Spending()
    said = subprocess.run(
        [sys.executable, "-m", client.__name__], input=msgspec.json.encode(load), stdout=subprocess.PIPE, check=True
    )
    return Measured(float(said.stdout), spending.seconds() / load.requests)


@contextlib.contextmanager
def serving(url: str, factory: str, workers: int = 1) -> Iterator[int]:
    """A granian with its workers; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--workers", str(workers),
        "--port", str(port), "--log-level", "error", f"benchmarks.servers:{factory}",
    ]  # fmt: skip
    process = subprocess.Popen(command, env={**os.environ, "BENCH_URL": url})
    try:
        _await(port, process)
        watch(process.pid)
        yield port
    finally:
        forget(process.pid)
        end(process)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise RuntimeError("granian did not start")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.over_http", description="Whole cases beside grades.")
    parser.add_argument("--events", type=int, default=20_000, help="of the journal")
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    with stage() as server:
        docket = server.journal("casefile")
        docket.grow(asked.events)
        measured = case_files(docket, rounds=asked.rounds, each=400)
        docket.close()
    show(measured, f"{os.cpu_count()} cores, {asked.events:,} events")
    keep(measured, FILE)
