"""Pages beside the answers of the API that they stand on.

``python -m benchmarks.pages``: one granian worker, one client, each in its turn. A page is to begin within 50 ms, and a
case of 200 facts within 150 ms.
"""

import http.client
import os
import statistics
import time
from typing import Final
from urllib.parse import quote

from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.over_http import serving
from benchmarks.population import AS_OF, REGIME, usual_agencies
from benchmarks.stage import Docket, Stage, stage

_EVENTS: Final = 20_000
_HEADERS: Final = {"accept": "text/html", "accept-encoding": "gzip"}


def pages(server: Stage, *, rounds: int = 5, each: int = 40) -> list[Figure]:
    """A case, the worklist and a search."""
    docket = server.journal("pages")
    try:
        docket.grow(_EVENTS)
        docket.settle()
        times = _times(docket, rounds, each)
    finally:
        docket.close()
    means = {
        "case": ("a case of 50 events as a page, to begin within 50 ms", "the answer about the case and its history"),
        "todo": ("the worklist as a page, to begin within 50 ms", "the answer about deadlines"),
        "search": ("what a name finds as a page, to begin within 50 ms", "the answer to the search"),
    }
    return [
        figure(
            f"web.{name}",
            times[name, "page"],
            "ms",
            f"{says}, one client, beside {beside} of the API",
            floor=times[name, "api"],
        )
        for name, (says, beside) in means.items()
    ]


def _times(docket: Docket, rounds: int, each: int) -> dict[tuple[str, str], float]:
    agencies = usual_agencies(docket.agencies)[:each]
    asked = f"?regime={REGIME}&as_of={AS_OF}"
    named = quote("检测")
    paths = {
        ("case", "page"): [[f"/cases/{a}{asked}"] for a in agencies],
        ("case", "api"): [
            [f"/api/v1/subjects/{a}/casefile{asked}", f"/api/v1/subjects/{a}/grade/history?regime={REGIME}"]
            for a in agencies
        ],
        ("todo", "page"): [["/todo"]] * each,
        ("todo", "api"): [["/api/v1/deadlines?limit=50"]] * each,
        ("search", "page"): [[f"/search?q={named}"]] * each,
        ("search", "api"): [[f"/api/v1/search?q={named}&limit=50"]] * each,
    }
    found: dict[tuple[str, str], list[float]] = {which: [] for which in paths}
    with serving(docket.url, "open_api") as port:
        for number in range(-1, rounds):
            for which, asked_for in paths.items():
                taken = [_milliseconds(port, together) for together in asked_for]
                found[which] += taken if number >= 0 else []
    return {which: statistics.median(taken) for which, taken in found.items()}


def _milliseconds(port: int, together: list[str]) -> float:
    """How long it takes until all have been answered, one after the other."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    begun = time.perf_counter()
    for path in together:
        client.request("GET", path, headers=_HEADERS)
        answer = client.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}")
    taken = (time.perf_counter() - begun) * 1e3
    client.close()
    return taken


if __name__ == "__main__":
    with stage() as place:
        measured = pages(place)
    show(measured, f"{os.cpu_count()} cores")
    keep(measured, FILE)
