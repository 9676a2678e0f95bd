"""The server's processes look after each other: a worker that is gone is started again, none is left behind, and
what they stand on is started again too.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Final

from domain.sentence import sentence
from interfaces.cli.house import Binding, NotAvailable

_LOOK_SECONDS: Final = 0.5
_AGAIN_SECONDS: Final = 2.0
_GRACE_SECONDS: Final = 10.0
_LOG: Final = logging.getLogger("ecodocket")


def run_workers(target: str, binding: Binding) -> None:
    """Serve with one worker until interrupted, or until the terminal is gone; a worker that was killed is started
    again.

    Raises ``NotAvailable`` when workers end as soon as they are started.
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
    try:
        server.serve()
    except SystemExit:
        # On Ctrl-C the workers may end before their parent looks: that is as it should be.
        if server.interrupt_signal:
            return
    if not server.interrupt_signal:
        raise NotAvailable(
            "server_ended",
            sentence("serving.worker_ended"),
        )


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
