"""The feed of changes over HTTP, page by page and as a stream that never stops by itself."""

import os
import queue
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec
import psycopg
import pytest

from application.access.accounts import ChangeAccount, Pass
from application.access.administering import Administering
from application.access.signing_in import token_id
from application.ports import Entry
from application.principal import Principal
from domain.events.registration import AgencyRegistered
from interfaces.clocks import SystemClock
from interfaces.http.semantics.event_streams import StreamLimits
from interfaces.postgres.access.accounts import PostgresAccounts
from interfaces.postgres.embedded.watchdog import wait_until
from interfaces.postgres.journal import PostgresJournal
from tests.conftest import MakeDatabase
from tests.interfaces.http_client import Api
from tests.journal.examples import fact
from tests.support.accounts import ROOT as ROOT_ACCOUNT
from tests.support.accounts import account, administering, with_first
from tests.support.serving import LIMITS, end_server, free_port, wait_for
from tests.support.world import World, credit_code

ROOT = Path(__file__).parents[3]
REGISTERED = AgencyRegistered(uscc="A", name="甲", region="150100", services=("monitoring",))
BOUND = 20.0
"""Seconds after which a test gives up; nothing here depends on how soon it is."""


# --- pages ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def api() -> Api:
    world = World()
    for subject in "ABC":
        world.agency(subject, region="150100" if subject == "A" else "330400")
    return Api(world)


def test_pages_lead_to_each_other_by_their_links(api: Api) -> None:
    last = api.world.journal.head().position
    told, path = [], f"/api/v1/journal/changes?after={last - 3}&limit=1&region=330000&kind=agency&kind=client"
    while True:
        answer = api.call("GET", path)
        told += [change["subject"] for change in answer.json()["changes"]]
        if "link" not in answer.headers:
            break
        path = answer.headers["link"].partition(">")[0].strip("<")
    assert told == ["B", "C"]
    assert answer.json()["next"] == last
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_can_be_asked_to_show_a_certain_write(api: Api) -> None:
    last = api.world.journal.head().position
    assert api.get("/journal/changes", after=last - 1, min_position=last).json()["next"] == last
    assert api.get("/journal/changes", min_position=last + 1).json()["code"] == "not_yet_there"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"after": "-1"}, "after"),
        ({"after": "now"}, "after"),
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"kind": "fact"}, "kind"),
        ({"region": "15"}, "region"),
        ({"cursor": "x"}, "cursor"),
    ],
)
def test_what_no_page_can_be_asked_by_is_named(api: Api, query: dict[str, str], parameter: str) -> None:
    for path in ("/journal/changes", "/journal/changes/stream"):
        if path.endswith("stream") and parameter == "limit":
            continue
        answer = api.get(path, **query)
        assert answer.status_code == 400
        assert [e["parameter"] for e in answer.json()["errors"]] == [parameter]


@pytest.mark.parametrize("seen", ["x", "-1", "1.5", "1" * 40])
def test_a_last_event_that_is_no_position_is_refused(api: Api, seen: str) -> None:
    answer = api.get("/journal/changes/stream", headers={"last-event-id": seen})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "Last-Event-ID"


# --- streams ----------------------------------------------------------------------------------------------


class Event(NamedTuple):
    """One piece of a stream: the lines up to a blank one."""

    id: int | None
    data: Any
    comment: str | None


class Reader:
    """Reads a stream in a thread, so that a test waits for its next piece no longer than it wants to."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._pieces: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        lines: dict[str, str] = {}
        try:
            for line in self.response.iter_lines():
                if line:
                    name, _, value = line.partition(":")
                    lines[name or "comment"] = value.removeprefix(" ")
                    continue
                data = msgspec.json.decode(lines["data"]) if "data" in lines else None
                self._pieces.put(Event(int(lines["id"]) if "id" in lines else None, data, lines.get("comment")))
                lines.clear()
        except httpx.HTTPError:
            return
        finally:
            self._pieces.put(None)

    def next(self) -> Event:
        """The next piece. Raises ``queue.Empty`` when none comes."""
        found = self._pieces.get(timeout=BOUND)
        assert found is not None, "the stream has ended"
        return found

    def change(self) -> dict[str, Any]:
        """The next piece with a change in it."""
        while True:
            found = self.next()
            if found.data is not None:
                assert found.id == found.data["position"]
                return dict(found.data)

    def rest(self) -> list[Any]:
        """The changes that are told until it ends."""
        found: list[Any] = []
        while (piece := self._pieces.get(timeout=BOUND)) is not None:
            found += [] if piece.data is None else [piece.data]
        return found

    def ends(self) -> bool:
        """Whether it ends, whatever comes before."""
        while self._pieces.get(timeout=BOUND) is not None:
            pass
        return True


class Server(NamedTuple):
    """A server process of its own and a client of it."""

    http: httpx.Client
    process: "subprocess.Popen[bytes]"

    @contextmanager
    def stream(
        self, headers: dict[str, str] | None = None, limits: StreamLimits | None = None, **query: Any
    ) -> Iterator[Reader]:
        """A stream that is open while the test lasts, and known to be."""
        sent = {**(headers or {}), **limited(limits)}
        with self.http.stream("GET", "/journal/changes/stream", params=query, headers=sent, timeout=BOUND) as response:
            response.raise_for_status()
            yield Reader(response)

    def has_room(self, limits: StreamLimits) -> bool:
        """Whether one more stream may be opened, before long."""

        def is_let_in() -> bool:
            answer = self.http.head("/journal/changes/stream", headers=limited(limits))
            return answer.headers["content-type"] == "text/event-stream"

        return wait_until(is_let_in, BOUND)

    def is_left(self) -> bool:
        """Whether nobody listens any more, before long: that a reader has gone is noticed when it is next told of
        something."""
        self.register()
        return self.has_room(StreamLimits(most=1))

    def register(self, region: str = "150100") -> int:
        """Record something; its position."""
        id = str(uuid.uuid4())
        body = {
            "kind": "agency", "id": id, "uscc": credit_code(id),
            "name": f"{id}检测", "region": region, "services": ["monitoring"],
        }  # fmt: skip
        answer = self.http.post("/subjects", json=body)
        answer.raise_for_status()
        return int(answer.json()["position"])


def limited(limits: StreamLimits | None) -> dict[str, str]:
    """The header by which the server of the tests has other limits for one stream."""
    return {} if limits is None else {LIMITS: msgspec.json.encode(limits).decode()}


@contextmanager
def served(url: str) -> Iterator[Server]:
    port = free_port()
    options = ["--interface", "asgi", "--factory", "--port", str(port), "--no-ws", "--workers", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *options, "tests.interfaces.http_server:create"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=BOUND) as client:
            client.get("/health").raise_for_status()
            yield Server(client, process)
    finally:
        end_server(process)


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    return make_database(founded=True)


@pytest.fixture(scope="module")
def server(shared_url: str) -> Iterator[Server]:
    """A server for the tests that end none and shut nobody out: each names the limits of its own streams."""
    with served(shared_url) as found:
        yield found


@pytest.mark.slow
def test_a_stream_tells_what_is_committed_and_goes_on_after_the_last_event_seen(server: Server) -> None:
    with server.stream() as reader:
        begun = reader.next()
        assert (begun.data, begun.id) == (None, server.http.get("/journal/head").json()["position"])
        first = server.register()
        change = reader.change()
        assert (change["position"], change["type"], change["region"]) == (first, "agency-registered.v1", "150100")
        listed = server.http.get("/journal/changes", params={"after": first - 1}).json()
        assert listed["changes"] == [change]
    missed = [server.register(), server.register()]
    with server.stream(headers={"last-event-id": str(first)}, after=0) as reader:
        assert [reader.change()["position"] for _ in missed] == missed


@pytest.mark.slow
def test_a_stream_of_a_place_tells_of_no_other(server: Server) -> None:
    with server.stream(region="330400", kind="agency") as reader:
        reader.next()
        other = server.register("150100")
        assert reader.next() == Event(other, None, None), "where to go on from, so that it is not looked at again"
        own = server.register("330400")
        assert reader.change()["position"] == own


@pytest.mark.slow
def test_a_stream_ends_at_its_time_and_at_its_number_of_events(server: Server) -> None:
    with server.stream(limits=StreamLimits(seconds=0.2, heartbeat=0.1)) as reader:
        assert reader.ends()
    with server.stream(limits=StreamLimits(events=3, page=2), after=0) as reader:
        assert [reader.change()["position"] for _ in range(3)] == [1, 2, 3]
        assert reader.ends()


@pytest.mark.slow
def test_a_quiet_stream_shows_that_it_is_alive_and_one_too_many_has_room_once_another_ends(server: Server) -> None:
    # It notices that one is gone when it next shows it that it is alive.
    limits = StreamLimits(most=2, heartbeat=0.1)
    assert server.is_left()
    with server.stream(limits=limits) as one, server.stream(limits=limits) as other:
        one.next()
        other.next()
        refused = server.http.get("/journal/changes/stream", headers=limited(limits))
        assert (refused.status_code, refused.json()["code"]) == (503, "too_many_streams")
        assert int(refused.headers["retry-after"]) > 0
        # Asked for without its content, it takes the place of none.
        assert server.http.head("/journal/changes/stream", headers=limited(limits)).status_code == 503
        assert one.next() == other.next() == Event(None, None, "")
    assert server.has_room(limits)
    for _ in range(5):
        assert server.http.head("/journal/changes/stream", headers=limited(limits)).status_code == 200
    assert server.http.options("/journal/changes/stream").headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.slow
def test_a_reader_that_takes_nothing_is_cut_off_and_keeps_nobody_waiting(server: Server, shared_url: str) -> None:
    much = [Entry("A", "agency", n, fact(f"f{n}"), f"f{n}") for n in range(1, 40_001)]
    with PostgresJournal(shared_url, SystemClock()) as journal:
        journal.append(much, by=Principal("clerk"))
    limits = StreamLimits(most=1, seconds=0.5, events=len(much) * 2, linger=0.5)
    assert server.is_left()
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(BOUND)
        slow.connect(("127.0.0.1", server.http.base_url.port))
        head = ("host: localhost", "connection: close", *(f"{n}: {v}" for n, v in limited(limits).items()))
        asked = "GET /api/v1/journal/changes/stream?after=0 HTTP/1.1"
        slow.sendall("\r\n".join((asked, *head, "", "")).encode())
        # Its place is free again while nothing was taken, and what was not sent was never made.
        assert server.has_room(limits)
        received = b""
        with suppress(ConnectionResetError):
            while part := slow.recv(1 << 20):
                received += part
    assert 0 < received.count(b"event: change") < len(much)


@pytest.mark.slow
def test_a_stream_ends_when_its_reader_is_let_in_no_more(url: str) -> None:
    ways: dict[str, Callable[[Administering, str, Pass], object]] = {
        "deactivated": lambda at, officer, _: at.deactivate(ROOT_ACCOUNT, officer),
        "moved": lambda at, officer, _: at.change(ROOT_ACCOUNT, officer, ChangeAccount(place="150102")),
        "ended": lambda at, officer, held: at.end_token(ROOT_ACCOUNT, officer, token_id(held)),
        "reset": lambda at, officer, _: at.reset(ROOT_ACCOUNT, officer),
    }
    with PostgresJournal(url, SystemClock()) as journal, served(url) as server:
        at = administering(SystemClock(), PostgresAccounts(journal.datastore))
        with_first(at)
        for what, shut_out in ways.items():
            officer = f"officer-{what}"
            account(at, officer)
            secret, held = at.door.make_token(officer, ROOT_ACCOUNT.name, "屏幕", 1)
            bearer, at_once = {"authorization": f"Bearer {secret}"}, StreamLimits(recheck=0.0)
            with server.stream(headers=bearer, limits=at_once) as reader:
                reader.next()
                journal.append([Entry(what, "agency", 1, REGISTERED)], by=Principal("clerk"))
                assert reader.change()["subject"] == what
                shut_out(at, officer, held)
                journal.append([Entry(what, "agency", 2, fact(f"f-{what}"), f"f-{what}")], by=Principal("clerk"))
                assert reader.rest() == [], what


@pytest.mark.slow
def test_streams_end_when_the_server_does(url: str) -> None:
    with served(url) as server, server.stream() as reader:
        reader.next()
        server.process.terminate()
        assert reader.ends()
        assert server.process.wait(BOUND) == 0


@pytest.mark.slow
def test_whoever_listens_hears_of_commits_after_the_connection_was_lost(server: Server, shared_url: str) -> None:
    with server.stream() as reader:
        reader.next()
        with psycopg.connect(shared_url, autocommit=True) as conn:
            ended = conn.execute(
                """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND query = 'LISTEN events'"""
            ).fetchone()
        assert ended == (1,)
        position = server.register()
        assert reader.change()["position"] == position
