"""Server-sent events: what is new, as soon as it is committed, to so many readers at once and no more.

A reader is one task that reads a page, sends it, and waits for the next signal: a slow one is read for no further, and
nothing is kept for it. A stream ends after a while; its reader comes again by itself and goes on after the last event
that it has seen (``Last-Event-ID``).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import msgspec
from litestar import Request
from litestar.response import ServerSentEvent, ServerSentEventMessage
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from application.changes.feed import Feed, FeedPage, Signal, WantedChanges
from interfaces.http.problems import Trouble
from interfaces.http.replying import NO_STORE, Reply
from interfaces.wording.texts import both

EVENT_STREAM: Final = "text/event-stream"

_THREADS: Final = 2
_ENCODE: Final = msgspec.json.Encoder().encode


class StreamLimits(NamedTuple):
    """How many streams are open at once; for how many seconds and how many events one lasts; after how many seconds
    without an event it shows that it is alive; how many events are read at once; how many seconds a reader has at the
    end to take what was sent; how many seconds nobody looks whether the reader may still be told."""

    most: int = 64
    seconds: float = 600.0
    events: int = 20_000
    heartbeat: float = 15.0
    page: int = 200
    linger: float = 10.0
    recheck: float = 1.0


class EventStreams:
    """The streams of changes that are open."""

    def __init__(self, feed: Feed, signal: Signal | None = None, limits: StreamLimits | None = None) -> None:
        """Without ``signal`` a stream looks when it shows that it is alive, and at no other time."""
        self.limits = limits or StreamLimits()
        self._feed = feed
        self._signal = signal
        self._open: set[_Waiting] = set()
        self._is_closed = False
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="streams")

    def open(self, wanted: WantedChanges, after: int | None, stays: Callable[[], bool] | None = None) -> "EventStream":
        """A stream of what is recorded after a position, or from now on, which ends once whoever reads it no longer
        ``stays``. Raises a problem when there are too many."""
        if self._is_closed or len(self._open) >= self.limits.most:
            text = both("requests.too_many_streams", most=self.limits.most)
            raise Trouble("unavailable", text, code="too_many_streams", headers=[(b"retry-after", b"10")])
        waiting = _Waiting(asyncio.get_running_loop())
        self._open.add(waiting)
        stop = None if self._signal is None else self._signal.listen(waiting.wake)

        def ended() -> None:
            if stop is not None:
                stop()
            self._open.discard(waiting)

        return EventStream(
            self._messages(wanted, after, waiting, stays), self.limits.seconds + self.limits.linger, ended
        )

    def end(self) -> None:
        """Let every stream end, and begin no other."""
        self._is_closed = True
        for waiting in tuple(self._open):
            waiting.wake()

    def close(self) -> None:
        """End, and let go of the threads."""
        self.end()
        self._threads.shutdown(wait=True)

    async def _messages(
        self, wanted: WantedChanges, after: int | None, waiting: "_Waiting", stays: Callable[[], bool] | None
    ) -> AsyncIterator[ServerSentEventMessage]:
        """What is sent: every change as an event, and a comment when there was none for a while."""
        loop, limits = asyncio.get_running_loop(), self.limits
        checked = loop.time()
        until, left = checked + limits.seconds, limits.events
        if after is None:
            after = await loop.run_in_executor(self._threads, self._feed.head)
        # Said at once: the reader knows that it is heard, and from where on if it has to come again.
        yield ServerSentEventMessage(data=None, id=after, comment="ecodocket")
        while left > 0 and not self._is_closed and loop.time() < until:
            waiting.forget()
            page = await loop.run_in_executor(self._threads, self._page, wanted, after, min(left, limits.page))
            # Asked once it is read: whoever was shut out meanwhile is not told what was recorded after that.
            if stays is not None and loop.time() >= checked + limits.recheck:
                if not await loop.run_in_executor(self._threads, stays):
                    return
                checked = loop.time()
            if page.next > after:
                yield _PageMessage(page)
            left -= len(page.changes)
            after = page.next
            if not page.more and not await waiting.woken(min(limits.heartbeat, until - loop.time())):
                yield ServerSentEventMessage(data=None, comment="")

    def _page(self, wanted: WantedChanges, after: int, limit: int) -> FeedPage:
        return self._feed.page(wanted, after=after, limit=limit)


class _PageMessage(ServerSentEventMessage):
    """The events of a page in one piece: each sent by itself would take longer than all of it."""

    def __init__(self, page: FeedPage) -> None:
        super().__init__()
        self._page = page

    def encode(self) -> bytes:
        """The events, and the position up to which there are no others."""
        changes = self._page.changes
        parts = [
            b"id: %d\r\nevent: change\r\ndata: %b\r\n\r\n" % (change.position, _ENCODE(change)) for change in changes
        ]
        if not changes or changes[-1].position < self._page.next:
            # What was looked at in vain need not be looked at again by a reader that comes back.
            parts.append(b"id: %d\r\n\r\n" % self._page.next)
        return b"".join(parts)


class _Waiting:
    """One stream that waits for something new."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Something may be new; called by whatever thread."""
        try:
            self._loop.call_soon_threadsafe(self._event.set)
        except RuntimeError:
            # The loop has ended, and with it whoever waits.
            return

    def forget(self) -> None:
        """What was signalled until now is looked at next."""
        self._event.clear()

    async def woken(self, seconds: float) -> bool:
        """Whether somebody has called within so many seconds."""
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                await self._event.wait()
        except TimeoutError:
            return False
        return True


class EventStream(Reply[str]):
    """An answer that goes on: the library's server-sent events, with the headers of every answer here."""

    def __init__(
        self, messages: AsyncIterator[ServerSentEventMessage], seconds: float, ended: Callable[[], None]
    ) -> None:
        """A reader that takes nothing for so long that the stream lasts ``seconds`` is cut off."""
        super().__init__(200, b"", [NO_STORE], EVENT_STREAM.encode())
        self._messages = messages
        self._seconds = seconds
        self._ended = ended
        self._response: ASGIResponse | None = None

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **given: Any) -> Any:
        """The library's answer, made with our headers."""
        del app, given
        sent = ServerSentEvent(self._messages, headers=dict(_texts(self.sent)))
        self._response = sent.to_asgi_response(None, request, is_head_response=request.method == "HEAD")
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it until it ends or nobody listens any more. Raises ``TimeoutError`` for who takes nothing, which breaks
        the connection off."""
        try:
            if self._response is not None:
                async with asyncio.timeout(self._seconds):
                    await self._response(scope, receive, send)
        finally:
            self._ended()


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, str]]:
    return ((n.decode("latin-1").title(), v.decode("latin-1")) for n, v in headers if n != b"content-length")
