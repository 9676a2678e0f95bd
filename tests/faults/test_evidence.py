"""A disk that is full while evidence comes in."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from application.papers.contents import StoreUnavailable
from interfaces.contents.store import StoredContents, contents_at
from tests.faults.test_database import SMALL_DISK, on_a_small_disk

pytestmark = pytest.mark.faults

MEBI = 1 << 20


def files(folder: Path) -> list[Path]:
    return [found for found in folder.rglob("*") if found.is_file()]


def test_evidence_that_the_disk_has_no_room_for_is_told_and_leaves_nothing() -> None:
    """On a small disk of its own, mounted for this process alone."""
    if os.environ.get(SMALL_DISK) is None:
        mount = Path(tempfile.mkdtemp(prefix="ecodocket-disk-", dir="/tmp"))
        try:
            test = f"{__file__}::test_evidence_that_the_disk_has_no_room_for_is_told_and_leaves_nothing"
            line = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "-m", "faults", test)
            done = on_a_small_disk(mount, 40, sys.executable, *line)
        finally:
            mount.rmdir()
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
        return
    disk = Path(os.environ[SMALL_DISK])
    contents = contents_at(str(disk / "evidence"), None)
    kept = contents.put(b"there before" * 100)
    told(contents, (bytes(MEBI) for _ in range(64)))
    assert shutil.disk_usage(disk).free > 36 * MEBI, "what was not taken in still has its room"
    told(contents, bytes(64 * MEBI))
    assert shutil.disk_usage(disk).free > 36 * MEBI
    assert [found.name for found in files(disk)] == [kept.digest]
    assert contents.put(bytes(20 * MEBI)).size == 20 * MEBI
    assert b"".join(contents.read(kept)) == b"there before" * 100


def told(contents: StoredContents, source: bytes | Iterator[bytes]) -> None:
    with pytest.raises(StoreUnavailable) as full:
        contents.put(source)
    assert full.value.code == "evidence_store_full"
