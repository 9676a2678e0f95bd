"""The server's processes look after each other: a worker that is gone is started again, none is left behind, and
what they stand on is started again too.
"""

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing import resource_tracker
from multiprocessing.util import Finalize
from typing import Any, Final, TypeVar

from domain.errors import CaseError
from domain.sentence import sentence
from domain.vocabulary import Text
from interfaces.cli.house import Binding, NotAvailable
from interfaces.wording.texts import worded

_LOOK_SECONDS: Final = 0.5
_AGAIN_SECONDS: Final = 2.0
_GRACE_SECONDS: Final = 10.0
_NOT_STARTED: Final = 3
_LOG: Final = logging.getLogger("ecodocket")

T = TypeVar("T")


class _NotStarted(Exception):
    """A worker has said that it cannot start."""


def run_workers(target: str, binding: Binding) -> None:
    """Serve with one worker until interrupted, or until the terminal is gone; a worker that was killed is started
    again.

    Raises ``NotAvailable`` for a worker that cannot start, and when workers end as soon as they are started.
    """
    from granian import Granian
    from granian.constants import Interfaces, SSLProtocols
    from granian.log import LogLevels

    server = Granian(
        target,
        factory=True,
        address=binding.host,
        port=binding.port,
        ssl_cert=binding.certificate,
        ssl_key=binding.key,
        # What offices still have: 1.3 alone would shut them out.
        ssl_protocol_min=SSLProtocols.tls12,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=int(_GRACE_SECONDS),
        respawn_failed_workers=True,
    )
    # To the library a terminal that hangs up asks for new workers. Under nohup nobody is to be told of it.
    is_deaf = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    hung_up = _leave_alone if is_deaf else server.signal_handler_interrupt
    server.signal_handler_reload = hung_up  # type: ignore[method-assign]
    begin_again = server._respawn_workers  # noqa: SLF001 - the library has no other way to look at how one ended

    def unless_not_started(workers: Sequence[int], *more: Any, **options: Any) -> None:
        ended = (getattr(server.wrks[number].inner, "exitcode", None) for number in workers)
        if _NOT_STARTED in ended:
            # It would say the same again.
            raise _NotStarted
        begin_again(workers, *more, **options)

    server._respawn_workers = unless_not_started  # type: ignore[method-assign]  # noqa: SLF001
    # Copied from this process a worker would lack the threads that libraries have started here: the store of evidence
    # would wait for them for ever once the sample had put something into it.
    multiprocessing.set_start_method("spawn", force=True)
    # What workers register their locks with outlives them, also where a terminal that hangs up tells everybody.
    told = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    resource_tracker.ensure_running()
    signal.signal(signal.SIGHUP, told)
    try:
        server.serve()
    except _NotStarted:
        server.shutdown()  # type: ignore[no-untyped-call]
        raise NotAvailable("worker_not_started", sentence("serving.worker_not_started")) from None
    except SystemExit:
        # On Ctrl-C the workers may end before their parent looks: that is as it should be.
        if server.interrupt_signal:
            return
    if not server.interrupt_signal:
        raise NotAvailable(
            "server_ended",
            sentence("serving.worker_ended"),
        )


def started(make: Callable[[], T]) -> T:
    """What a worker serves. Where it cannot be made, the reason is logged in both languages, the process ends with what
    it has begun, and the server with it."""
    # A process that begins others waits for them at its end, and nobody would tell them to end.
    Finalize(None, _end_children, exitpriority=10)
    trace: Exception | None = None
    try:
        return make()
    except CaseError as error:
        reason = worded(error.says)
    except Exception as error:  # noqa: BLE001 - whatever it was is told, and the server ends
        reason = Text(*[f"{type(error).__name__}: {error}"] * 2)
        trace = error
    told = worded(sentence("serving.worker_cannot_start", reason=reason))
    _LOG.critical("%s %s", told.zh, told.en, exc_info=trace)
    sys.exit(_NOT_STARTED)


def _end_children() -> None:
    for child in multiprocessing.active_children():
        child.terminate()


def end_with_parent() -> None:
    """End this process when the one that started it says so, or soon after that is gone, however that went: it would
    hold the port. Called in the main thread."""
    # A terminal that hangs up tells everybody at once: what is being answered is to be answered first.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            _never.wait(_LOOK_SECONDS)
        _LOG.warning("the server's first process is gone; its worker ends")
        os.kill(os.getpid(), signal.SIGTERM)
        _never.wait(_GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="watch of the parent", daemon=True).start()


def told_to_end(ended: Callable[[], object]) -> None:
    """Have ``ended`` called as soon as this process is told to end, besides what the server does then: it waits until
    every answer is sent, and asks nobody to make haste. Called in the main thread, once the server listens for it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        # The server hears of the signal through the loop, whatever stands here.
        signal.signal(number, lambda *_: ended())
        signal.siginterrupt(number, False)


def _leave_alone(*_: object) -> None:
    """Do nothing about a signal."""


class Keeping:
    """Does something again and again in a thread until ``stop``: what goes wrong is logged when it changes."""

    def __init__(self, name: str, step: Callable[[], object], seconds: float) -> None:
        self.name = name
        self._step = step
        self._seconds = seconds
        self._stopped = threading.Event()
        self.failure: str | None = None
        """What kept the last step from being done; ``None`` when it was done."""
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def stop(self) -> None:
        """Do it no more."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self._seconds if self.failure is None else max(self._seconds, _AGAIN_SECONDS)):
            try:
                self._step()
            except Exception as error:  # noqa: BLE001 - the thread goes on: the next round may find what was missing
                said = str(error) or type(error).__name__
                if said != self.failure:
                    self.failure = said
                    _LOG.warning("%s: %s", self.name, said)
            else:
                if self.failure is not None:
                    _LOG.warning("%s: goes on", self.name)
                self.failure = None


_never: Final = threading.Event()
"""Never set: waiting for it is waiting for a time."""
