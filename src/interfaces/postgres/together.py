"""Appends that wait for each other, stored in one transaction: what it costs to begin and to commit is shared.

Nobody waits for company. Who comes first appends at once; whoever comes meanwhile waits, and what has gathered goes
together as soon as the one before is done. A writer alone is as fast as without.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

MOST_TOGETHER: Final = 64
"""Most appends in one transaction."""

T = TypeVar("T")


class _Waiting(Generic[T]):
    """An append in line. Its writer sleeps until it was carried out, or until it is to lead the next group."""

    __slots__ = ("error", "file", "is_leading", "what", "woken")

    def __init__(self, file: str, what: T) -> None:
        self.file = file
        self.what = what
        self.is_leading = False
        self.error: Exception | None = None
        self.woken = threading.Lock()
        self.woken.acquire()


class AppendLine(Generic[T]):
    """Lines appends up and has them carried out in groups, each by the writer of its first. Thread-safe."""

    def __init__(self, carry_out: Callable[[Sequence[T]], None], meets_all: tuple[type[Exception], ...]) -> None:
        """``carry_out`` stores a group, or raises what each of its writers is told; it is given one at a time. Errors
        that ``meets_all`` names are told to whoever waits behind it too, who would but wait for the same."""
        self._carry_out = carry_out
        self._meets_all = meets_all
        self._lock = threading.Lock()
        self._line: list[_Waiting[T]] = []
        self._is_led = False

    @property
    def waiting(self) -> int:
        """How many appends wait for the group before theirs."""
        return len(self._line)

    def append(self, file: str, what: T) -> None:
        """Have ``what`` carried out; no two appends to the same file go together. Raises what that raised."""
        mine = _Waiting(file, what)
        with self._lock:
            self._line.append(mine)
            mine.is_leading, self._is_led = not self._is_led, True
        if not mine.is_leading:
            try:
                mine.woken.acquire()
            except BaseException:
                self._leave(mine)
                raise
        if mine.is_leading:
            self._lead(mine)
        if mine.error is not None:
            raise mine.error

    def _lead(self, mine: _Waiting[T]) -> None:
        """Carry out what stands first in line, and hand the lead over."""
        with self._lock:
            group = self._taken()
        error: Exception | None = None
        try:
            self._carry_out([each.what for each in group])
        except Exception as raised:  # noqa: BLE001 - raised again by each of its writers
            error = raised
            if isinstance(raised, self._meets_all):
                with self._lock:
                    group, self._line = [*group, *self._line], []
        finally:
            # Whoever leads next goes first: the others only take their answers away.
            self._hand_over()
            for each in group:
                each.error = error
                if each is not mine:
                    each.woken.release()

    def _taken(self) -> list[_Waiting[T]]:
        """Take the group to come out of the line."""
        group: dict[str, _Waiting[T]] = {}
        left: list[_Waiting[T]] = []
        for each in self._line:
            if len(group) < MOST_TOGETHER and each.file not in group:
                group[each.file] = each
            else:
                left.append(each)
        self._line = left
        return list(group.values())

    def _hand_over(self) -> None:
        with self._lock:
            following = self._line[0] if self._line else None
            self._is_led = following is not None
            if following is not None:
                following.is_leading = True
                following.woken.release()

    def _leave(self, mine: _Waiting[T]) -> None:
        """Leave the line: whoever was interrupted appends nothing any more, unless it is on its way already."""
        with self._lock:
            if mine in self._line:
                self._line.remove(mine)
            was_leading = mine.is_leading
        if was_leading:
            self._hand_over()
