"""The name of the code by which grades are computed."""

import os
from collections.abc import Iterator
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
        for parts in sorted(_computing(root)):
            path = "/".join(parts)
            content = Path(f"{root}/{path}").read_bytes()
            name = f"{root.name}/{path}"
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"{version('ecodocket')}+{digest.hexdigest()[:12]}"


def _computing(root: Path) -> Iterator[list[str]]:
    """The files below a folder that compute, each as the parts of its path. (``rglob`` takes three times as long, and
    every question waits for it.)"""
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name != "sample"]
        above = Path(folder).relative_to(root).parts
        yield from ([*above, name] for name in files if name.endswith(_COMPUTING))
