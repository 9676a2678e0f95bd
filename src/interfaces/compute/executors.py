"""Where work over the whole journal is done: in this process, on the cores of this machine, or on a Dask cluster.

A worker process opens the source of the work once and keeps it. Results come in the order of the arguments and a few
tasks are under way at once, so neither side holds more than a few of them. Nothing here knows what a task does.
"""

import multiprocessing
import os
import signal
import threading
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import interfaces.wording  # noqa: F401 - the words of what the core says
from application.ports import JournalReader, Task
from domain.errors import CaseError
from domain.sentence import Sentence, sentence
from interfaces import extras
from interfaces.compute.garbage import look_rarely
from interfaces.engine import engine

if TYPE_CHECKING:
    import distributed

A = TypeVar("A")
R = TypeVar("R")
F = TypeVar("F")

_UNDER_WAY: Final = 3
"""Tasks under way for each process: one that runs, one at hand, and one whose result waits for those before it."""

_PATIENCE_SECONDS: Final = 5
"""How long a scheduler, or the first worker, is waited for."""

_REMEMBERED: Final = 100
"""How many of the last runs a worker remembers to be over."""

_PACKAGES: Final = ("application", "domain", "interfaces")

_LOST_SECONDS: Final = 30
"""After how long without a result it is looked whether there is a worker left."""


class Source(Protocol):
    """What tasks read, described so that any process can open it: it can be pickled, and shows no secret when
    printed."""

    def open(self) -> AbstractContextManager[JournalReader]:
        """The journal, to be read by several threads at once."""
        ...


class CannotRun(CaseError):
    """Tasks cannot be done where they are asked to be: nobody is there, or not with the same code."""

    def __init__(self, code: str, says: Sentence) -> None:
        super().__init__(code, says)


# --- in other processes -------------------------------------------------------------------------------------------


class _Call:
    """One task with its argument on its way to a worker: of which run, on which source, by which code."""

    __slots__ = ("argument", "engine", "run", "source", "task")

    def __init__(self, run: str, source: Source, task: Task[Any, Any], argument: object) -> None:
        self.run = run
        self.source = source
        self.task = task
        self.argument = argument
        self.engine = engine()


class _Opened:
    """The sources that this process has open, one for each run it works for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers: dict[str, tuple[JournalReader, ExitStack]] = {}
        self._over: deque[str] = deque(maxlen=_REMEMBERED)

    def reader(self, run: str, source: Source) -> JournalReader:
        """The source of a run, opened when it is first asked for."""
        with self._lock:
            if run in self._over:
                # A task may still be on its way to a worker when its run is broken off.
                raise CannotRun("run_over", sentence("cluster.run_over"))
            if run not in self._readers:
                stack = ExitStack()
                self._readers[run] = stack.enter_context(source.open()), stack
            return self._readers[run][0]

    def close(self, run: str) -> None:
        """The run is over."""
        with self._lock:
            self._over.append(run)
            held = self._readers.pop(run, None)
        if held is not None:
            held[1].close()


_opened = _Opened()


def _perform(call: _Call) -> Any:
    """Do a task in a worker. Raises what it raises, and ``CannotRun`` when the worker has other code."""
    if call.engine != engine():
        raise _other_engine("", engine(), call.engine)
    return call.task(_opened.reader(call.run, call.source), call.argument)


def _over(run: str) -> None:
    """Let go what was opened for a run."""
    _opened.close(run)


def _in_order(
    waiting: deque[F], submit: Callable[[A], F], result: Callable[[F], R], arguments: Iterable[A], most: int
) -> Iterator[R]:
    """The results of what is submitted, in order; up to ``most`` of them are ``waiting``."""
    for argument in arguments:
        waiting.append(submit(argument))
        if len(waiting) >= most:
            yield result(waiting.popleft())
    while waiting:
        yield result(waiting.popleft())


class Cores:
    """Runs tasks on the cores of this machine, in processes that are there for the time of a run."""

    def __init__(self, source: Source, number: int) -> None:
        """``number`` of processes."""
        self._source = source
        self._number = number

    def run(self, task: Task[A, R], arguments: Iterable[A]) -> Generator[R, None, None]:
        """The result of the task for each argument, in their order.

        Closing the generator cancels what has not begun and waits for what has; no process is left behind. Raises what
        the task raises, ``CannotRun`` when a process dies.
        """
        run = uuid.uuid4().hex
        pool = ProcessPoolExecutor(self._number, mp_context=multiprocessing.get_context("spawn"), initializer=be_worker)

        def submit(argument: A) -> Future[R]:
            with out_of_hearing():
                return pool.submit(_perform, _Call(run, self._source, task, argument))

        try:
            yield from _in_order(deque(), submit, Future.result, arguments, self._number * _UNDER_WAY)
        except BrokenProcessPool as error:
            raise CannotRun(
                "worker_died",
                sentence("cluster.process_died"),
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def out_of_hearing() -> Iterator[None]:
    """Processes begun meanwhile never hear Ctrl-C, not even before they are ready; this one hears it afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def be_worker() -> None:
    """Make this process a worker: it ends with its parent however that ends, leaves it to the parent to be interrupted,
    and looks for garbage as rarely."""
    look_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.join,), daemon=True).start()


def _end_after(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)


# --- on a cluster -------------------------------------------------------------------------------------------------


class DaskCluster:
    """Runs tasks on the workers of a Dask scheduler. A task whose worker dies is done again by another one."""

    def __init__(self, source: Source, address: str) -> None:
        """``address`` is the scheduler's, ``tcp://host:8786``; for ``tls://`` Dask's own configuration applies."""
        self._source = source
        self._address = address

    def run(self, task: Task[A, R], arguments: Iterable[A]) -> Generator[R, None, None]:
        """The result of the task for each argument, in their order.

        Closing the generator cancels what has not begun. Raises what the task raises, ``CannotRun`` when there is no
        scheduler or no worker, when a worker has other code, when they die one after another.
        """
        run = uuid.uuid4().hex
        with self._connected() as client:
            threads = _checked(client, self._address)

            def submit(argument: A) -> "distributed.Future[R]":
                return client.submit(_perform, _Call(run, self._source, task, argument), pure=False)

            def result(future: "distributed.Future[R]") -> R:
                return _result(client, self._address, future)

            waiting: deque[distributed.Future[R]] = deque()
            try:
                yield from _in_order(waiting, submit, result, arguments, threads * _UNDER_WAY)
            finally:
                if client.status == "running":
                    client.cancel(list(waiting))
                    client.run(_over, run, on_error="ignore")

    @contextmanager
    def _connected(self) -> "Iterator[distributed.Client]":
        extras.need(extras.CLUSTER)
        import distributed

        class Client(distributed.Client):
            """A client that is closed at once when it finds no scheduler.

            Left to be collected, it would close itself whenever that happens: while another client begins, each would
            wait for the other.
            """

            def start(self, **how: object) -> None:
                try:
                    super().start(**how)  # type: ignore[no-untyped-call]
                except BaseException:
                    self.close()  # type: ignore[no-untyped-call]
                    raise

        try:
            client = Client(  # type: ignore[no-untyped-call]
                self._address, timeout=_PATIENCE_SECONDS, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise CannotRun(
                "no_scheduler",
                sentence("cluster.no_scheduler", address=self._address),
            ) from error
        with client:
            yield client


def _checked(client: "distributed.Client", address: str) -> int:
    """How many tasks the workers do at once. Raises ``CannotRun`` unless there are some, all with the same code."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
    except TimeoutError as error:
        raise _nobody(address) from error
    for worker, found in sorted(client.run(_asking_for_engine()).items()):
        if found is None:
            raise _without_package(worker)
        if found != engine():
            raise _other_engine(f"{worker} ", found, engine())
    return sum(client.nthreads().values())


def _result(client: "distributed.Client", address: str, future: "distributed.Future[R]") -> R:
    """The result of a future, as long as there is somebody who may give it."""
    import distributed

    try:
        while True:
            try:
                with client.as_current():
                    distributed.wait([future], timeout=_LOST_SECONDS)
                if future.status in ("error", "cancelled"):
                    break
                # Whoever has the result may be gone, and then it is computed again.
                found: R = future.result(timeout=_LOST_SECONDS)
            except TimeoutError:
                if not client.nthreads():
                    raise _nobody(address) from None
            else:
                return found
        return future.result()
    except distributed.KilledWorker as error:
        raise CannotRun(
            "worker_died",
            sentence("cluster.workers_died", address=address),
        ) from error
    except CancelledError as error:
        raise CannotRun(
            "cluster_lost",
            sentence("cluster.connection_lost", address=address),
        ) from error
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in _PACKAGES:
            raise _without_package(address) from error
        raise


def _asking_for_engine() -> Callable[[], str | None]:
    """A question for any worker: what its engine is, ``None`` where the product is not installed."""

    # Within a function it is sent by value: a worker without the product could not look it up.
    def engine_there() -> str | None:
        try:
            from interfaces.engine import engine
        except ImportError:
            return None
        return engine()

    return engine_there


def _nobody(address: str) -> CannotRun:
    return CannotRun(
        "no_worker",
        sentence("cluster.no_worker", address=address),
    )


def _without_package(worker: str) -> CannotRun:
    return CannotRun(
        "worker_without_package",
        sentence("cluster.worker_without_package", worker=worker, engine=engine()),
    )


def _other_engine(worker: str, theirs: str, ours: str) -> CannotRun:
    return CannotRun(
        "other_engine",
        sentence("cluster.other_engine", worker=worker, theirs=theirs, ours=ours),
    )
