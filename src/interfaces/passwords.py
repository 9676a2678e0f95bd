"""Passwords as argon2id hashes, with the parameters that the library recommends (RFC 9106, low memory)."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


class Argon2Passwords:
    """How passwords are kept. Safe to share between threads; the library is imported by the first password."""

    def __init__(self, memory_kib: int = 65_536, passes: int = 3) -> None:
        """What one password costs: KiB of memory, and how often they are gone over."""
        self._memory_kib = memory_kib
        self._passes = passes

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher

        return PasswordHasher(time_cost=self._passes, memory_cost=self._memory_kib)

    @cached_property
    def _nobodys(self) -> str:
        """A hash that no password fits: checking against it takes as long as against a real one."""
        return self._hasher.hash("")

    def hashed(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(password)

    def is_right(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password; takes as long where there is none."""
        from argon2.exceptions import VerificationError

        try:
            self._hasher.verify(self._nobodys if hashed is None else hashed, password or "\0")
        except VerificationError:
            return False
        return hashed is not None
