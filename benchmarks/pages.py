"""Pages beside the answers of the API that they stand on.

``python -m benchmarks.pages``: one granian worker, one client, each in its turn. A page is to begin within 50 ms, and a
case of 200 facts within 150 ms.
"""

import http.client
import os
import time
from typing import Final, NamedTuple
from urllib.parse import quote

from application.access.signatures import Signing
from application.principal import Principal
from application.year.evaluation import Evaluating
from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.over_http import serving
from benchmarks.population import AS_OF, REGIME, agency_id, file, staff, usual_agencies
from benchmarks.processor import Measured, Spending
from benchmarks.rounds import Median
from benchmarks.stage import Docket, Stage, stage
from domain.events.facts import FactRecorded
from domain.procedures.facts import RetractFact
from interfaces.ids import RandomIds

_EVENTS: Final = 20_000
_HEADERS: Final = {"accept": "text/html", "accept-encoding": "gzip"}
_LONG: Final = 200
"""Facts of the long case."""

_WAITING: Final = 15
_OFFICER: Final = Principal("150100-officer", "officer", "150000")


class PagePlan(NamedTuple):
    """A page under each address that is asked for, what it is, and the answers on which each stands."""

    pages: list[str]
    answers: list[list[str]]
    means: str


def pages(server: Stage, *, rounds: int = 3, each: int = 12) -> list[Figure]:
    """The first page, a case, the worklist, a search, what waits for a signature and the public register."""
    docket = server.journal("pages")
    try:
        docket.grow(_EVENTS)
        long = long_case(docket)
        _propose(docket)
        docket.settle()
        plans = _plans(docket, long, each)
        times = _times(docket.url, plans, rounds)
    finally:
        docket.close()
    return [
        figure(f"web.{name}", times[name, "page"], "ms", f"{plan.means}, one client", floor=times[name, "api"])
        for name, plan in plans.items()
    ]


def long_case(docket: Docket) -> str:
    """An agency with ``_LONG`` facts."""
    number = docket.agencies
    entries, facts = [*staff(number)], 0
    for entry in file(number, 10 * _LONG):
        facts += isinstance(entry.event, FactRecorded)
        if facts > _LONG:
            break
        entries.append(entry)
    docket.fill(entries)
    return agency_id(number)


def _propose(docket: Docket) -> None:
    """Let retractions wait for a second person."""
    parts = (docket.journal, docket.vault, docket.clock, RandomIds(), docket.legislation)
    signing = Signing(*parts, docket.casework, Evaluating(*parts))
    for agency in usual_agencies(docket.agencies)[:_WAITING]:
        fact = next(row.event for row in docket.journal.stream(agency) if isinstance(row.event, FactRecorded))
        signing.submit(RetractFact(fact=fact.fact, reason="记错主体"), by=_OFFICER)


def _plans(docket: Docket, long: str, each: int) -> dict[str, PagePlan]:
    agencies = usual_agencies(docket.agencies)[:each]
    asked = f"?regime={REGIME}&as_of={AS_OF}"
    named = quote("检测")
    recent = docket.journal.head().position - 200
    lately = f"/api/v1/journal/changes?after={recent}&limit=500&kind=agency&kind=practitioner"
    return {
        "home": PagePlan(
            ["/"] * each,
            [["/api/v1/deadlines?limit=100", lately]] * each,
            "the first page, to begin within 50 ms, beside the worklist and what was recorded lately",
        ),
        "case": PagePlan(
            [f"/cases/{agency}{asked}" for agency in agencies],
            [_case_answers(agency) for agency in agencies],
            "a case of 50 events as a page, to begin within 50 ms, beside the answers about the case and its history",
        ),
        "case.200": PagePlan(
            [f"/cases/{long}{asked}"] * each,
            [_case_answers(long)] * each,
            f"a case of {_LONG} facts as a page, to begin within 150 ms, beside the same answers",
        ),
        "todo": PagePlan(
            ["/todo"] * each,
            [["/api/v1/deadlines?limit=50"]] * each,
            "the worklist as a page, to begin within 50 ms, beside the answer about deadlines",
        ),
        "search": PagePlan(
            [f"/search?q={named}"] * each,
            [[f"/api/v1/search?q={named}&limit=50"]] * each,
            "what a name finds as a page, to begin within 50 ms, beside the answer to the search",
        ),
        "signatures": PagePlan(
            ["/signatures?view=waiting"] * each,
            [["/api/v1/pending-decisions?state=waiting&limit=15&effects=false"]] * each,
            "15 decisions that wait as a page, to begin within 50 ms, beside the answer about them",
        ),
        "register": PagePlan(
            [f"/register?regime={REGIME}"] * each,
            [[f"/api/v1/public/register?regime={REGIME}&region=150000&limit=25"]] * each,
            "the public register as a page, to begin within 50 ms, beside the answer about it",
        ),
    }


def _case_answers(agency: str) -> list[str]:
    asked = f"?regime={REGIME}&as_of={AS_OF}"
    return [f"/api/v1/subjects/{agency}/casefile{asked}", f"/api/v1/subjects/{agency}/grade/history?regime={REGIME}"]


def _times(url: str, plans: dict[str, PagePlan], rounds: int) -> dict[tuple[str, str], Measured]:
    """The median milliseconds of each page, and of the answers that it stands on, in turns."""
    found: dict[tuple[str, str], Median] = {}
    with serving(url, "open_api") as port:
        for number in range(-1, rounds):
            for name, plan in plans.items():
                for side, asked in (("page", [[path] for path in plan.pages]), ("api", plan.answers)):
                    spending = Spending(by_others=True)
                    taken = [_milliseconds(port, together) for together in asked]
                    spent = spending.seconds() / len(asked)
                    if number >= 0:
                        median = found.setdefault((name, side), Median())
                        for milliseconds in taken:
                            median.add(Measured(milliseconds, spent))
    return {which: median.value for which, median in found.items()}


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
