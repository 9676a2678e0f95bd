"""Where a request is worked on: by which threads, in which process, over which copy of the journal, for how long.

A handler is plain code that computes its answer from a ``UseCases`` and never waits. The desk calls it: short questions
have threads of their own, as have commands, and what is computed for long goes to other processes, so that none of
them holds up another, nor ``/health``.
"""

import asyncio
import contextlib
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from application import time_budget as patience
from application.access.read_log import Watching
from application.time_budget import OutOfTime
from domain.errors import CaseError
from domain.time import Instant
from interfaces.http.access.callers import ANYBODY, Caller
from interfaces.http.access.looking_up import LookUps
from interfaces.http.access.loop_log import LoopLog, ToLog
from interfaces.http.access.watching import LoggedAnswer, once_kept, watched
from interfaces.http.failing import problem, trouble_in
from interfaces.http.health import Watch
from interfaces.http.problems import Trouble
from interfaces.http.replying import Reply
from interfaces.http.semantics.event_streams import EventStreams
from interfaces.http.use_cases import UseCases
from interfaces.standbys import Standbys
from interfaces.wording.texts import Language, both

T = TypeVar("T")

THREADS: Final = 8
"""Requests worked on at once by one process; more only wait for each other and for the database's connections."""

WORKERS: Final = 2
"""Of those that compute for long: more would get no more done under one interpreter's lock, and hold the others up."""

SECONDS: Final = 10.0
"""How long a question may take."""

WRITERS: Final = 4
"""Writes worked on at once: they take turns at the journal anyway, and one that waits keeps no question waiting."""


class HandledRequest:
    """One request as a handler sees it: who asks, in which language, and ``at`` which copy of the journal.

    ``params`` are the ids of the path as they were sent, ``body`` the bytes of a command. ``known_at`` is the last
    moment of knowledge that the question names, 0 when it names none. ``query`` is what was sent with it, ``purpose``
    what it is asked for. It travels to other processes without the desk
    and the copy.
    """

    __slots__ = (
        "at",
        "body",
        "caller",
        "desk",
        "dry_run",
        "headers",
        "is_local",
        "is_of_page",
        "is_secure",
        "known_at",
        "language",
        "min_position",
        "params",
        "path",
        "purpose",
        "query",
    )
    at: UseCases
    caller: Caller
    desk: "Desk"

    def __init__(
        self,
        path: str,
        params: Mapping[str, str],
        headers: Mapping[bytes, bytes],
        language: Language,
        *,
        is_local: bool,
        is_secure: bool = False,
        known_at: Instant = 0,
        body: bytes = b"",
        query: bytes = b"",
    ) -> None:
        self.path = path
        self.params = params
        self.headers = headers
        self.language = language
        self.is_local = is_local
        self.is_secure = is_secure
        self.known_at = known_at
        self.body = body
        self.query = query
        self.purpose: str | None = None
        self.caller = ANYBODY
        self.min_position: int | None = None
        self.dry_run = False
        self.is_of_page = False

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        """What travels."""
        return None, {name: getattr(self, name) for name in self.__slots__ if name not in ("at", "desk")}

    def answered_by(self, work: "DeskOperation", copy: UseCases, given: Mapping[str, Any]) -> Reply[Any]:
        """The answer of one copy. A request is at one of them at a time."""
        self.at = copy
        return work.run(self, given)


class DeskOperation(Protocol):
    """An operation as the desk knows it."""

    @property
    def id(self) -> str:
        """Its name in the description."""
        ...

    @property
    def is_question(self) -> bool:
        """Whether it records nothing."""
        ...

    @property
    def is_logged(self) -> bool:
        """Whether whoever asks it stands in the read log."""
        ...

    @property
    def is_long(self) -> bool:
        """Whether it may compute for long."""
        ...

    @property
    def seconds(self) -> float | None:
        """How long a question may take; ``None`` as long as any other."""
        ...

    @property
    def is_of_the_primary(self) -> bool:
        """Whether no standby can answer it."""
        ...

    def run(self, asked: HandledRequest, given: Mapping[str, Any]) -> Reply[Any]:
        """Answer at the copy of ``asked``, with what the signature of the handler takes from the request."""
        ...


class Call(NamedTuple):
    """What is sent to another process: a request, and what its handler takes from it."""

    asked: HandledRequest
    given: dict[str, Any]


class Elsewhere(Protocol):
    """Processes beside this one that answer what is computed for long."""

    def submit(self, name: str, until: float, call: Call) -> Future[Reply[Any]]:
        """Let one of them answer the operation of a name, until a moment of ``time.monotonic``."""
        ...

    def close(self) -> None:
        """End them."""
        ...


class Copies:
    """Where questions are answered: at a standby that can tell, else at the primary."""

    def __init__(self, primary: UseCases, standbys: Standbys[UseCases]) -> None:
        self.primary = primary
        self._standbys = standbys

    def answer(self, work: DeskOperation, asked: HandledRequest, given: Mapping[str, Any]) -> Reply[Any]:
        """The answer of one of them; behind the wall, once it is on record who asked for it."""
        return once_kept(self.looked_up(work, asked, given), self.primary)

    def looked_up(
        self, work: DeskOperation, asked: HandledRequest, given: Mapping[str, Any]
    ) -> LoggedAnswer[Reply[Any]]:
        """The same, before that is on record."""
        if asked.caller.is_walled and (work.is_logged or asked.dry_run):
            found = watched(work, asked, self.primary, lambda: self._answer(work, asked, given))
            if found.answer is not None:
                found.answer.looked = found.looked
            return found
        return LoggedAnswer(self._answer(work, asked, given))

    def _answer(self, work: DeskOperation, asked: HandledRequest, given: Mapping[str, Any]) -> Reply[Any]:
        if not work.is_question or work.is_of_the_primary or not self._standbys:
            return asked.answered_by(work, self.primary, given)
        return self._standbys.ask(
            lambda copy: asked.answered_by(work, copy, given),
            self.primary,
            asked.min_position or 0,
            asked.known_at,
            (CaseError, Trouble),
        )


Found = LoggedAnswer[Reply[Any]]
Awaited = asyncio.Future[Found]


class ReturnTray:
    """Where threads lay down what they have found for an event loop, which is woken once for all that lies there, and
    has it told once it is on record who asked for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, watching: Watching) -> None:
        self.loop = loop
        self.working = 0
        """Questions of which nothing lies here yet."""
        self.log = LoopLog(loop, watching, lambda: self.working)
        self._lying: deque[tuple[Awaited, Found | BaseException]] = deque()
        self._is_woken = False

    def put(self, awaited: Awaited, found: Found | BaseException) -> None:
        """Tell whoever waits for it."""
        self._lying.append((awaited, found))
        if not self._is_woken:
            self._is_woken = True
            # The loop may have ended meanwhile.
            with contextlib.suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        # First of all: what is laid down from now on wakes it again.
        self._is_woken = False
        to_log = []
        while self._lying:
            awaited, found = self._lying.popleft()
            self.working -= 1
            if isinstance(found, BaseException):
                _refuse(awaited, found)
            elif found.entries:
                to_log.append(ToLog(found.entries, partial(_tell, awaited, found)))
            else:
                _tell(awaited, found)
        if to_log:
            self.log.put(to_log)


def _tell(awaited: Awaited, found: Found, refusal: Exception | None = None) -> None:
    """Tell whoever waits what was found, or that it cannot be told."""
    if refusal is not None:
        _refuse(awaited, refusal)
    elif not awaited.done():
        awaited.set_result(found)


def _refuse(awaited: Awaited, error: BaseException) -> None:
    if not awaited.done():
        awaited.set_exception(error)


class Desk:
    """Hands every request to whoever works on it."""

    def __init__(self, copies: Copies, watch: Watch, streams: EventStreams, elsewhere: Elsewhere | None) -> None:
        """Without ``elsewhere`` what is computed for long has threads of its own."""
        self.watch = watch
        self.streams = streams
        primary = copies.primary
        self.door, self.gate, self.is_open_here = primary.door, primary.gate, primary.is_open_here
        # Found out while the primary is there: it may be away when the first question comes.
        _ = self.door.is_open
        self.provider = primary.provider
        self.look_ups = LookUps()
        self.copies = copies
        self._elsewhere = elsewhere
        self._readers = ThreadPoolExecutor(THREADS, thread_name_prefix="http")
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="work")
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="writing")
        self._tray: ReturnTray | None = None

    async def answer(self, work: DeskOperation, asked: HandledRequest, given: dict[str, Any]) -> Reply[Any]:
        """The answer. A question is given up after its time, also by whoever works on it; a command is not, because
        nobody could tell whether it was recorded."""
        if work.is_long and self._elsewhere is not None:
            return await self._answer_elsewhere(self._elsewhere, work, asked, given)
        threads = self._workers if work.is_long else self._readers if work.is_question else self._writers
        if not work.is_question:
            return await asyncio.get_running_loop().run_in_executor(threads, self.copies.answer, work, asked, given)
        tray = self._tray_of(asyncio.get_running_loop())
        awaited: Awaited = tray.loop.create_future()
        seconds = work.seconds or SECONDS
        working = threads.submit(self._look_up, tray, awaited, time.monotonic() + seconds, work, asked, given)
        tray.working += 1
        giving_up = tray.loop.call_later(seconds, _give_up, awaited)
        try:
            return (await awaited).found()
        finally:
            giving_up.cancel()
            if working.cancel():
                tray.working -= 1

    def _look_up(
        self, tray: ReturnTray, awaited: Awaited, until: float, work: DeskOperation, asked: HandledRequest, given: Any
    ) -> None:
        """Find an answer, and lay it down. The thread is free for the next question while it is put on record."""
        try:
            tray.put(awaited, before(until, self.copies.looked_up, work, asked, given))
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            tray.put(awaited, error)

    def _tray_of(self, loop: asyncio.AbstractEventLoop) -> ReturnTray:
        """The tray of an event loop; a server has one."""
        if self._tray is None or self._tray.loop is not loop:
            if self._tray is not None:
                self._tray.log.close()
            self._tray = ReturnTray(loop, self.copies.primary.watching)
        return self._tray

    async def _answer_elsewhere(
        self, elsewhere: Elsewhere, work: DeskOperation, asked: HandledRequest, given: dict[str, Any]
    ) -> Reply[Any]:
        """The answer of another process, so that this one is free for others."""
        seconds = (work.seconds or SECONDS) if work.is_question else math.inf
        working = elsewhere.submit(work.id, time.monotonic() + seconds, Call(asked, given))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(working), seconds if work.is_question else None)
        except TimeoutError:
            raise OutOfTime from None
        except BrokenProcessPool:
            text = both("requests.worker_died")
            raise Trouble("unavailable", text, code="worker_died") from None

    def close(self) -> None:
        """Let everybody finish."""
        self.streams.close()
        if self._tray is not None:
            self._tray.log.close()
        for threads in (self._readers, self._workers, self._writers):
            threads.shutdown(wait=True)
        if self._elsewhere is not None:
            self._elsewhere.close()
        self.watch.close()


def _give_up(awaited: Awaited) -> None:
    """Tell whoever waits that it took too long."""
    _refuse(awaited, OutOfTime())


def before(until: float, answer: Callable[..., T], *given: Any) -> T:
    """The answer, given up once the moment has passed."""
    with patience.until(until, time.monotonic):
        return answer(*given)


def long_answers(copies: Copies, works: Mapping[str, DeskOperation]) -> Callable[[str, float, Call], Reply[Any]]:
    """What answers, in a process of its own, the operations that compute for long: by name, until a moment."""

    def whole(work: DeskOperation, asked: HandledRequest, given: Mapping[str, Any]) -> Reply[Any]:
        return copies.answer(work, asked, given).whole()

    def answered(name: str, until: float, call: Call) -> Reply[Any]:
        work, asked = works[name], call.asked
        try:
            found = before(until, whole, work, asked, call.given)
            # Its bytes are enough for the way back.
            found.content = None
            return found
        except Exception as error:  # noqa: BLE001 - told as everywhere
            return problem(trouble_in(error, is_write=not work.is_question), asked.path, asked.language)

    return answered
