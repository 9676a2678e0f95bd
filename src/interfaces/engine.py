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
_READ_AT_ONCE: Final = 128 * 1024


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
        for parts in sorted(_computing(str(root), ())):
            path = "/".join(parts)
            content = _content(f"{root}/{path}")
            name = f"{root.name}/{path}"
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"{version('ecodocket')}+{digest.hexdigest()[:12]}"


def _computing(folder: str, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The files below a folder that compute, each as the parts of its path. (``rglob`` takes three times as long, and
    every question waits for it.)"""
    with os.scandir(folder) as entries:
        for entry in entries:
            parts = (*above, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "sample":
                    yield from _computing(entry.path, parts)
            elif entry.name.endswith(_COMPUTING):
                yield parts


def _content(path: str) -> bytes:
    """The bytes of a file, asked of the system alone: what Python's files ask besides takes as long again."""
    file = os.open(path, os.O_RDONLY)
    try:
        parts = []
        while part := os.read(file, _READ_AT_ONCE):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(file)
