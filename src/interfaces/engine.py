"""The name of the code by which grades are computed."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import application
import domain

_COMPUTING: Final = (".py", ".toml", ".lock")


@cache
def engine() -> str:
    """The name of the code that computes: the version, and a digest over the editions and all sources that compute.

    What was computed by another engine, an index or a part of a rehearsal, is not gone on with.
    """
    # Slow to import, and not wanted by who asks for help.
    from importlib.metadata import version

    digest = sha256()
    for package in (domain, application):
        root = Path(package.__file__ or "").parent
        for path in sorted(p for p in root.rglob("*") if p.suffix in _COMPUTING and "sample" not in p.parts):
            content = path.read_bytes()
            name = f"{root.name}/{path.relative_to(root).as_posix()}"
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"{version('ecodocket')}+{digest.hexdigest()[:12]}"
