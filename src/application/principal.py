"""Who acts: the one in whose name something is asked for or recorded."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

_PLACED: Final = re.compile(r"^([0-9]{6})-")


class Principal(NamedTuple):
    """Who acts. Use cases, the writer and the journal hand it on whole and look only at what is theirs.

    ``name`` is what their events are stored with.
    """

    name: str

    @property
    def region(self) -> str | None:
        """The region code the name begins with, ``150100`` of ``150100-clerk-04``; ``None`` without one."""
        return _region_of(self.name)


@lru_cache(maxsize=1024)
def _region_of(name: str) -> str | None:
    found = _PLACED.match(name)
    return None if found is None else found[1]
