"""Putting on record who asked, from an event loop: no thread waits for the log.

Threads that took turns with the loop for every entry would cost an answer more than its entry costs the server. What
is found while others are still answered is committed with what they find, as long as that keeps nobody waiting.
"""

import asyncio
import contextlib
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from application.access.read_log import LogBatch, NotLogged, ReadEntry, ReadLine, Watching

WORTH_A_COMMIT: Final = 4
"""Answers with which a commit is worth beginning while others are still worked on: a commit for each would take the
server three times as long."""

GATHERING_SECONDS: Final = 0.005
"""How long an answer that is found waits for those that are not."""

REOPENED_AFTER: Final = 1.0
"""How long after a line was lost, or could not be had, another one is asked for."""

_LOST_SECONDS: Final = 10.0
_MOST_TOGETHER: Final = 50
_MOST_ENTRIES: Final = 20


class ToLog(NamedTuple):
    """The entries of an answer, and who is told once they are durable: with nothing, or with the refusal."""

    entries: Sequence[ReadEntry]
    tell: Callable[[NotLogged | None], object]


class LoopLog:
    """The read log as an event loop writes it. Everything but ``close`` is called in the loop.

    Where the log has no line, and while none can be had, the thread of ``watching`` writes, which also tries again.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, watching: Watching, others: Callable[[], int]) -> None:
        """``others`` tells how many questions are being answered that may have to be put on record, too."""
        self._loop = loop
        self._watching = watching
        self._others = others
        self._line: ReadLine | None = None
        self._is_opening = self._is_closed = self._is_writing = False
        self._opens_at = 0.0
        self._waiting: list[ToLog] = []
        self._sent: list[ToLog] = []
        self._sent_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def put(self, answers: Sequence[ToLog]) -> None:
        """Have answers told once it is durable who asked for them."""
        if self._sent and self._loop.time() - self._sent_at > _LOST_SECONDS:
            self._lose()
        if self._line is None:
            self._open()
            self._put_by_thread(answers)
            return
        # What has many entries, as a question about a thousand files has, would hold the loop up.
        self._put_by_thread([answer for answer in answers if len(answer.entries) > _MOST_ENTRIES])
        self._waiting += (answer for answer in answers if len(answer.entries) <= _MOST_ENTRIES)
        self._send_or_wait()

    def close(self) -> None:
        """Let go of the line. What is under way the thread keeps."""
        self._is_closed = True
        self._lose()

    # --- the line -----------------------------------------------------------------------------------------

    def _open(self) -> None:
        if self._is_opening or self._is_closed or self._loop.time() < self._opens_at:
            return
        self._is_opening = True
        self._loop.run_in_executor(None, self._watching.line).add_done_callback(self._opened)

    def _opened(self, opening: "asyncio.Future[ReadLine | None]") -> None:
        self._is_opening = False
        if opening.cancelled() or opening.exception() is not None:
            self._opens_at = self._loop.time() + REOPENED_AFTER
            return
        line = opening.result()
        if line is None:
            self._opens_at = math.inf
        elif self._is_closed:
            line.close()
        else:
            self._line = line
            self._loop.add_reader(line, self._go_on, line)

    def _lose(self) -> None:
        """Leave what was to go over the line to the thread. What was sent may be durable: then it is on record twice,
        as where a thread tries again whose server was lost."""
        left, self._sent, self._waiting = [*self._sent, *self._waiting], [], []
        self._stop_waiting()
        if self._line is not None:
            self._hang_up(self._line)
            self._opens_at = self._loop.time() + REOPENED_AFTER
        self._put_by_thread(left)

    def _hang_up(self, line: ReadLine) -> None:
        self._loop.remove_reader(line)
        self._loop.remove_writer(line)
        self._line, self._is_writing = None, False
        line.close()

    # --- over it ------------------------------------------------------------------------------------------

    def _send_or_wait(self) -> None:
        if self._sent or not self._waiting:
            return
        if len(self._waiting) >= WORTH_A_COMMIT or self._others() <= 0:
            self._send()
        elif self._timer is None:
            self._timer = self._loop.call_later(GATHERING_SECONDS, self._send)

    def _send(self) -> None:
        self._stop_waiting()
        line = self._line
        if line is None:
            return
        self._sent, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
        self._sent_at = self._loop.time()
        self._step(line, partial(line.begin, [entry for answer in self._sent for entry in answer.entries]))

    def _go_on(self, line: ReadLine) -> None:
        self._step(line, line.go_on)

    def _step(self, line: ReadLine, step: Callable[[], bool]) -> None:
        try:
            are_kept = step()
        except Exception:  # noqa: BLE001 - the thread tries again, and finds out what is to be told
            self._lose()
            return
        if line.is_writing != self._is_writing:
            self._is_writing = line.is_writing
            if self._is_writing:
                self._loop.add_writer(line, self._go_on, line)
            else:
                self._loop.remove_writer(line)
        if are_kept:
            kept, self._sent = self._sent, []
            # The server commits the next ones while these are told.
            self._send_or_wait()
            for answer in kept:
                answer.tell(None)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # --- without it ---------------------------------------------------------------------------------------

    def _put_by_thread(self, answers: Sequence[ToLog]) -> None:
        for answer in answers:
            batch = self._watching.put(*answer.entries)
            batch.then(partial(self._told_by_thread, batch, answer))

    def _told_by_thread(self, batch: LogBatch, answer: ToLog) -> None:
        # The loop may have ended meanwhile.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(answer.tell, batch.refusal())
