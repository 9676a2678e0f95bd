"""Evidence taken in and read again, beside copying the file with its SHA-256.

``python -m benchmarks.evidence``: a file of 200 MB in a folder, as it is and encrypted under the key of a person.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from application.papers.contents import ContentKey, Stored
from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.processor import Measured, Spending
from benchmarks.rounds import Median
from benchmarks.stage import FOLDER, Stage, stage
from interfaces.contents.store import StoredContents, contents_at

_MEBI: Final = 1 << 20
_FILE: Final = 200
_TARGET: Final = 0.7


def taken_in_and_read(server: Stage, *, mebibytes: int, rounds: int) -> list[Figure]:
    """A file put into the store and read from it: the copy beside it is on the disk, too, when it is done."""
    docket = server.journal("evidence")
    folder = FOLDER / "evidence"
    try:
        source = FOLDER / "evidence.bin"
        source.write_bytes(os.urandom(_MEBI) * mebibytes)
        contents = contents_at(str(folder.resolve()), None)
        keys: dict[str, ContentKey | None] = {"": None, ".encrypted": docket.vault.content_key("bench", make=True)}
        timed = {name: Median() for name in ("copy", *(f"{what}{how}" for what in ("write", "read") for how in keys))}
        for _ in range(rounds):
            # A file of its own each time, like what is taken in: to write over one takes memory that is at hand.
            timed["copy"].add(_rate(mebibytes, lambda: _copied(source, FOLDER / "copy.bin")))
            (FOLDER / "copy.bin").unlink()
            for how, key in keys.items():
                kept: list[Stored] = []
                timed[f"write{how}"].add(_rate(mebibytes, partial(_put, contents, source, key, kept)))
                timed[f"read{how}"].add(_rate(mebibytes, partial(_read, contents, kept, key)))
                contents.delete(kept[-1].address)
        floor = timed["copy"].value
        return [
            figure(f"evidence.{name}", found.value, "MB/s", _MEANS[name], floor=floor, target=_TARGET)
            for name, found in timed.items()
            if name != "copy"
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        docket.close()


_MEANS: Final = {
    "write": "a file taken in, on the disk under its digest; beside a copy with its SHA-256, on the disk, too",
    "read": "the same read, held against its digest",
    "write.encrypted": "a file about a person taken in, encrypted before any byte is written",
    "read.encrypted": "the same opened, each chunk and the whole held against what was kept",
}


def _rate(mebibytes: int, do: Callable[[], object]) -> Measured:
    spending, begun = Spending(), time.perf_counter()
    do()
    return Measured(mebibytes / (time.perf_counter() - begun), spending.seconds())


def _put(contents: StoredContents, source: Path, key: ContentKey | None, kept: list[Stored]) -> None:
    with source.open("rb") as file:
        kept.append(contents.put(file, key))


def _read(contents: StoredContents, kept: list[Stored], key: ContentKey | None) -> None:
    for _ in contents.read(kept[-1], key):
        pass


def _copied(source: Path, to: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as file, to.open("wb") as out:
        while block := file.read(_MEBI):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


if __name__ == "__main__":
    with stage() as here:
        found = taken_in_and_read(here, mebibytes=_FILE, rounds=9)
    show(found, f"a file of {_FILE} MB; load of the machine: {os.getloadavg()[0]:.1f}")
    keep(found, FILE)
