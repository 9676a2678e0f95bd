"""A client of the whole API in one process: the real application over a journal in memory, no network."""

import asyncio
import atexit
import json
import threading
from collections.abc import Coroutine
from functools import cache
from itertools import count
from typing import Any, cast

import httpx
from litestar import Litestar

from application.access.read_log import Watching
from application.answering.rechecking import Rechecking
from application.changes.endpoints import Webhooks
from application.changes.feed import Feed
from application.deadlines.index import DeadlineProjection
from application.deadlines.worklist import Worklist
from application.population.index import GradeProjection
from application.population.population import Population
from application.recording.advisories import Advising
from application.rehearsal.rehearsals import Rehearsals
from interfaces.http.access.exposure import UNEXPOSED, BehindProxies
from interfaces.http.app import app_at, desk_over
from interfaces.http.semantics.event_streams import EventStreams, StreamLimits
from interfaces.http.use_cases import UseCases
from interfaces.memory.changes import MemoryChanges
from interfaces.memory.grades import MemoryGradeIndex
from interfaces.memory.journal import MemoryJournal
from interfaces.memory.read_log import MemoryReadLog
from interfaces.memory.rehearsals import MemoryRehearsals
from interfaces.memory.webhooks import MemoryWebhooks
from interfaces.memory.worklist import MemoryDeadlineIndex
from tests.support.accounts import administering
from tests.support.sheets import sheets_of
from tests.support.webhooks import NoNetwork
from tests.support.world import PRINTING, World

_NUMBERS = count()


class Api:
    """The API over a ``World``; every call is one request."""

    exposure = UNEXPOSED
    client: str

    def __init__(
        self,
        world: World | None = None,
        *,
        client: str | None = None,
        allow_actor_header: bool = True,
        is_open_here: bool = False,
    ) -> None:
        self.world = world or World()
        self.move()
        if client is not None:
            self.client = client
        world = self.world
        self.rehearsals = Rehearsals(
            MemoryRehearsals(), world.journal, world.clock, world.ids, world.legislation, "engine-of-the-test"
        )
        self.webhooks = MemoryWebhooks(cast("MemoryJournal", world.journal))
        primary = use_cases(world, self.rehearsals, allow_actor_header=allow_actor_header, webhooks=self.webhooks)
        primary.is_open_here = is_open_here
        # Nothing is read here before an answer has ended.
        streams = EventStreams(primary.feed, limits=StreamLimits(seconds=0.2, events=1, heartbeat=0.05))
        self.desk = desk_over(primary, streams=streams)
        self.administering = primary.administering

    def move(self) -> None:
        """Ask from an address that nobody has asked from: how often one may sign in is counted by address."""
        number = next(_NUMBERS)
        self.client = f"127.0.{number // 250}.{number % 250 + 1}"

    @property
    def app(self) -> Litestar:
        """The one application of the process, at the desk of this API: making one takes longer than most tests."""
        app = shared_app()
        app.state.desk = self.desk
        app.state.exposure = self.exposure
        return app

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            app = BehindProxies(self.app, self.exposure.proxies) if self.exposure.proxies else self.app
            transport = httpx.ASGITransport(app=app, client=(self.client, 50_000))  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
                return await http.request(method, path, **options)

        return _awaited(ask())

    def get(self, path: str, language: Any = "zh-CN", headers: Any = None, **query: Any) -> httpx.Response:
        headers = {"accept-language": language, **(headers or {})}
        return self.call("GET", f"/api/v1{path}", params=query, headers=headers)

    def post(
        self, path: str, body: Any, *, headers: dict[str, str] | None = None, language: str = "zh-CN", **query: Any
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        said = {"content-type": "application/json", "accept-language": language, **(headers or {})}
        raw = {name: value.encode() for name, value in said.items()}
        return self.call("POST", f"/api/v1{path}", content=content, params=query, headers=raw)


def _awaited(answer: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
    """What is answered, in the one loop of the process: to make and end one with its threads takes as long as most
    answers. Those who ask beside each other have a loop of their own."""
    if threading.current_thread() is threading.main_thread():
        return _runner().run(answer)
    return asyncio.run(answer)


@cache
def _runner() -> asyncio.Runner:
    runner = asyncio.Runner()
    atexit.register(runner.close)
    return runner


@cache
def shared_app() -> Litestar:
    """An application whose desk is set by whoever asks."""
    world = World()
    rehearsals = Rehearsals(MemoryRehearsals(), world.journal, world.clock, world.ids, world.legislation, "none")
    return app_at(desk_over(use_cases(world, rehearsals)))


def use_cases(
    world: World,
    rehearsals: Rehearsals,
    *,
    allow_actor_header: bool = True,
    webhooks: MemoryWebhooks | None = None,
) -> UseCases:
    """What the API asks of a world."""
    index = (world.journal, MemoryDeadlineIndex(), world.clock, world.legislation)
    parts = (world.journal, world.vault, world.clock, world.ids, world.legislation)
    grades = MemoryGradeIndex()
    journal = cast("MemoryJournal", world.journal)
    feed = Feed(MemoryChanges(journal))
    kept = GradeProjection(world.journal, grades, world.legislation, "engine-of-the-test")
    return UseCases(
        casework=world.casework,
        uploads=world.papers.uploads,
        evidence=world.papers.evidence,
        evaluating=world.evaluating,
        rechecking=Rechecking(world.journal, world.legislation, "engine-of-the-test"),
        advising=Advising(*parts),
        worklist=Worklist(*index, DeadlineProjection(*index)),
        population=Population(world.journal, grades, world.clock, world.legislation, kept, "engine-of-the-test"),
        grading=world.grading,
        timelines=world.timelines,
        journal=world.journal,
        vault=world.vault,
        clock=world.clock,
        legislation=world.legislation,
        rehearsals=rehearsals,
        sheets=sheets_of(world),
        letters=world.letters,
        issued=world.issued,
        printing=PRINTING,
        gate=world.gate,
        administering=administering(world.clock, gate=world.gate),
        watching=Watching(MemoryReadLog(), world.gate, world.clock),
        feed=feed,
        webhooks=Webhooks(webhooks or MemoryWebhooks(journal), NoNetwork(), feed, world.clock, world.ids),
        allow_actor_header=allow_actor_header,
    )
