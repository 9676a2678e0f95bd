"""``/health`` of the real server beside eight of the worst questions at a time: ``python -m benchmarks.health``."""

import contextlib
import http.client
import itertools
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Final

import httpx

from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.population import AS_OF, REGIME, agency_id, staff
from benchmarks.stage import Docket, Stage, end, stage
from benchmarks.supposing import DAYS, TARGET, long_file

ASKING: Final = 8
"""Questions at a time."""

_PROBES: Final = 400
_PAUSE_SECONDS: Final = 0.02
_FILES: Final = 4
_EVENTS: Final = 10_000
_START_SECONDS: Final = 60.0
_LIMIT_MILLISECONDS: Final = 50.0
_KEY: Final = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def beside_the_worst(server: Stage) -> list[Figure]:
    """How long ``/health`` takes while eight clients ask for what takes longest, and while nobody does."""
    docket = server.journal("health")
    try:
        questions = _questions(docket)
        docket.settle()
        with served(docket.url) as url:
            quiet = _probed(url)
            with _asked(url, questions):
                busy = _probed(url)
    finally:
        docket.close()
    named = ((0.5, "half", None), (0.99, "99 of 100", _LIMIT_MILLISECONDS))
    return [
        figure(
            f"health.p{int(share * 100)}",
            _at(busy, share),
            "ms",
            f"{said} of the answers of /health beside {ASKING} of the worst questions, beside an idle server",
            floor=_at(quiet, share),
            target=None if limit is None else limit / _at(quiet, share),
        )
        for share, said, limit in named
    ]


def _questions(docket: Docket) -> list[str]:
    """Paths that take long: what would lead to a grade in files of 200 facts, readings, a region compared."""
    docket.grow(_EVENTS)
    agencies = []
    for number in range(docket.agencies, docket.agencies + _FILES):
        docket.fill([*staff(number), *long_file(number)])
        agencies.append(agency_id(number))
    of_files = [
        f"/subjects/{agency}/grade/{what}"
        for agency, what in itertools.product(
            agencies,
            [f"counterfactuals?regime={REGIME}&as_of={day}&target={TARGET}" for day in DAYS]
            + [f"readings?regime={REGIME}&as_of={AS_OF}", f"history?regime={REGIME}"],
        )
    ]
    return [*of_files, f"/regions/150100/grade/diff?regime={REGIME}&as_of_1={DAYS[0]}&as_of_2={AS_OF}"]


@contextlib.contextmanager
def served(database: str, **settings: str) -> Iterator[str]:
    """The real server over a database, with settings of its environment; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "interfaces.main", "--database", database, "serve", "--port", str(port)]
    process = subprocess.Popen(
        command,
        env={**os.environ, "ECODOCKET_MASTER_KEY": _KEY, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + _START_SECONDS
        while True:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{url}/api/v1/health", timeout=5).status_code == 200:
                    break
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError("the server does not answer")
            time.sleep(0.2)
        yield url
    finally:
        end(process)


@contextlib.contextmanager
def _asked(url: str, questions: list[str]) -> Iterator[None]:
    """Eight clients that ask without a pause."""
    over = threading.Event()
    answered = itertools.count()
    refused: list[str] = []

    def ask(first: int) -> None:
        with httpx.Client(base_url=f"{url}/api/v1", timeout=60) as client:
            for number in itertools.count(first):
                if over.is_set():
                    return
                answer = client.get(questions[number % len(questions)])
                next(answered)
                if answer.status_code not in (200, 503):
                    refused.append(answer.text)

    clients = [threading.Thread(target=ask, args=(number * 3,)) for number in range(ASKING)]
    for client in clients:
        client.start()
    time.sleep(3)
    try:
        yield
    finally:
        over.set()
        for client in clients:
            client.join()
        print(f"{next(answered)} questions answered beside /health")
        if refused:
            raise RuntimeError(refused[0])


def _probed(url: str) -> list[float]:
    """Milliseconds of each answer of ``/health``, each over a connection of its own as a load balancer's are."""
    taken = []
    for _ in range(_PROBES):
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", int(url.rpartition(":")[2]), timeout=30)
        connection.request("GET", "/api/v1/health")
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        taken.append((time.perf_counter() - begun) * 1e3)
        if answer.status != 200:
            raise RuntimeError(said.decode())
        time.sleep(_PAUSE_SECONDS)
    return sorted(taken)


def _at(taken: list[float], share: float) -> float:
    return taken[min(len(taken) - 1, int(len(taken) * share))]


if __name__ == "__main__":
    with stage() as measured:
        found = beside_the_worst(measured)
    show(found, f"{os.cpu_count()} cores")
    keep(found, FILE)
