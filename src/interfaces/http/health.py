"""``/health``: answered by a thread of its own, so that it waits for none of those that answer questions.

What was found last stands for a moment: while the probe itself is slow, because the machine is busy or the database
does not answer, nobody waits for it longer than ``PATIENCE_SECONDS`` to be told what was so a moment ago, and nobody
longer than ``SILENT_SECONDS`` to be told that nothing is known.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Literal, NamedTuple

import msgspec

from interfaces.http.problems import Trouble
from interfaces.http.replying import Reply, reply
from interfaces.http.use_cases import UseCases
from interfaces.standbys import StandbyStanding
from interfaces.wording.findings import Finding

FINDING_PATIENCE_SECONDS: Final = 0.02
"""How long a fresh finding is waited for while there is one that still stands."""

STANDS_SECONDS: Final = 2.0
"""How long a finding stands after the probe that made it began."""

SILENT_SECONDS: Final = 1.5
"""How long a finding is waited for when none stands."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The server answers and reaches its journal, which ends at ``position``; how its standbys stand beside it.

    ``status`` is ``degraded`` while something is out of order, which ``findings`` says: questions are answered all the
    same.
    """

    status: Literal["ok", "degraded"]
    position: int
    standbys: tuple[StandbyStanding, ...] = ()
    findings: tuple[Finding, ...] = ()


def probe_of(at: UseCases) -> Callable[[], Reply[Health]]:
    """Whether the journal can be read, and what is out of order all the same."""

    def probe() -> Reply[Health]:
        position = at.journal.head().position
        findings = tuple(at.findings())
        status: Literal["ok", "degraded"] = "degraded" if findings else "ok"
        standbys = at.standings(position)
        return reply(Health(status=status, position=position, standbys=standbys, findings=findings))

    return probe


class _Found(NamedTuple):
    begun: float
    status: int
    body: bytes


class Watch:
    """Asks ``probe`` how things are, one at a time, and answers with what it last found."""

    def __init__(self, probe: Callable[[], Reply[Health]]) -> None:
        self._probe = probe
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._lock = threading.Lock()
        self._under_way: Future[_Found] | None = None
        self._last: _Found | None = None

    async def answer(self) -> Reply[Health]:
        """How things are. Raises what the probe raises, and a problem when it does not come back."""
        probing = asyncio.wrap_future(self._probing())
        last = self._last
        stands = last is not None and time.monotonic() - last.begun < STANDS_SECONDS
        done, _ = await asyncio.wait([probing], timeout=FINDING_PATIENCE_SECONDS if stands else SILENT_SECONDS)
        if done:
            return _reply(probing.result())
        # Whoever else waits for the same probe goes on waiting: only this wait ends here.
        probing.add_done_callback(_seen)
        if last is None or not stands:
            raise Trouble("unavailable")
        return _reply(last)

    def close(self) -> None:
        """Let the thread go; a probe that hangs is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _probing(self) -> "Future[_Found]":
        """The probe under way, or a new one."""
        with self._lock:
            if self._under_way is None or self._under_way.done():
                self._under_way = self._pool.submit(self._find, time.monotonic())
            return self._under_way

    def _find(self, begun: float) -> _Found:
        try:
            reply = self._probe()
        except Exception:
            # What was so before says nothing any more.
            self._last = None
            raise
        found = _Found(begun, reply.status, reply.body)
        self._last = found
        return found


def _seen(probing: "asyncio.Future[_Found]") -> None:
    """Look at what came too late, so that nobody complains of an error that was never looked at."""
    if not probing.cancelled():
        probing.exception()


def _reply(found: _Found) -> Reply[Health]:
    return Reply(found.status, found.body)
