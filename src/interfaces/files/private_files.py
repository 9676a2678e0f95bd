"""Files that only their owner may read: what is exported is official information, whatever the umask says."""

import os
from pathlib import Path
from typing import BinaryIO, Final

_OWNER_ONLY: Final = 0o600


def create(path: Path, *, replace: bool = False) -> BinaryIO:
    """A new file for its owner alone; one that is there is an error, or is written anew with ``replace``."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (os.O_TRUNC if replace else os.O_EXCL), _OWNER_ONLY)
    os.fchmod(file, _OWNER_ONLY)
    return os.fdopen(file, "wb")
