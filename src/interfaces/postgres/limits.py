"""How long is waited for a database that does not answer, for a connection, and for a lock.

A server has somebody waiting at the other end of every question: it says within two seconds that the database cannot
be had. A command may wait longer.
"""

import functools
import time
from collections.abc import Callable
from typing import Any, Concatenate, Final, NamedTuple, ParamSpec, Protocol, TypeVar, cast

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError

_PAUSE_SECONDS: Final = 0.1
DISK_FULL: Final = "53100"
"""The SQL state of a disk that is full."""

_REFUSALS: Final = frozenset(("55P03", "57014", DISK_FULL, "53200"))
"""SQL states that trying again at once does not mend: lock not to be had, statement cancelled, disk or memory full."""


class Limits(NamedTuple):
    """Seconds until a lost connection, or one not to be had, is told; and for a lock that another process holds."""

    connection: float
    lock: float


COMMAND: Final = Limits(10.0, 60.0)
"""Of a command: somebody looks on, and may end it."""

SERVER: Final = Limits(1.2, 1.2)
"""Of a server: together less than the two seconds after which a client is told to come again."""


class HasPool(Protocol):
    """What reads or writes by a pool of connections."""

    @property
    def datastore(self) -> "Pool":
        """The pool."""
        ...


class Pool(Protocol):
    """A pool of connections that knows how long to try, and can be told that its connections are lost."""

    @property
    def limits(self) -> Limits:
        """How long to try."""
        ...

    def renew(self) -> None:
        """Give up the connections that lie ready: the server they led to is gone."""
        ...


P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", bound=HasPool)


def retried(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Call a method again when its connection is lost, as long as the limits of its pool allow."""

    def calling(self: S, *args: P.args, **kwargs: P.kwargs) -> T:
        begun = time.monotonic()
        while True:
            try:
                return method(self, *args, **kwargs)
            except (InterfaceError, OperationalError) as error:
                datastore = self.datastore
                if not is_worth_trying(error) or time.monotonic() - begun + _PAUSE_SECONDS > datastore.limits[0]:
                    raise
                if _is_lost(error):
                    datastore.renew()
            time.sleep(_PAUSE_SECONDS)

    return functools.update_wrapper(cast("Callable[Concatenate[S, P], T]", calling), method)


def state_of(error: BaseException) -> str | None:
    """The SQL state behind the library's error, when the server gave one."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    return cause.sqlstate if isinstance(cause, psycopg.Error) else None


def is_worth_trying(error: BaseException) -> bool:
    """Whether trying again at once may mend an error: a connection that was lost, not a lock or a disk."""
    return state_of(error) not in _REFUSALS


def _is_lost(error: BaseException) -> bool:
    """Whether a connection broke, rather than none being had: the others lead to the same server."""
    cause: Any = error.__cause__
    state = state_of(error)
    return isinstance(cause, psycopg.Error) and not _is_timeout(cause) and (state is None or state[:2] in ("08", "57"))


def _is_timeout(cause: psycopg.Error) -> bool:
    from psycopg_pool import PoolTimeout, TooManyRequests

    return isinstance(cause, PoolTimeout | TooManyRequests)
