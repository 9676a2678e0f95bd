"""Is an export still what was written, and does it hold what was sealed?"""

from hashlib import file_digest
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from application.progress import Progress
from domain.errors import BrokenStream
from domain.sentence import Sentence, sentence
from interfaces.packed import SEALED
from interfaces.parquet.columns import SCHEMA, SHELVES
from interfaces.parquet.manifest import MANIFEST, ExportFile, ExportUnusable, Manifest, damaged, read_manifest
from interfaces.parquet.reading import tables
from interfaces.sealing import FIRST, leaf_hash

_PLACE: Final = ("stream", "version", "position", "recorded_at", "leaf_no", "leaf")


class Checked(NamedTuple):
    """A sound export: how many events and files it has, and the position it reaches."""

    events: int
    files: int
    until: int


def check_export(folder: Path, progress: Progress) -> Checked:
    """Compute the digest of every file and the seal of every event anew.

    Raises ``ExportUnusable`` for the first file that is missing, or not what was written, or in which an event is not
    what was sealed.
    """
    manifest = read_manifest(folder)
    for file in manifest.files:
        _check_digest(folder, file)
    seals = _Seals(folder, manifest)
    for shelf in SHELVES:
        for table in tables(folder, manifest, shelf, SCHEMA.names):
            seals.take(table)
            progress(seals.count)
    seals.finish()
    return Checked(seals.count, sum(1 for _ in manifest.files), manifest.until)


def _check_digest(folder: Path, file: ExportFile) -> None:
    path = folder / file.name
    try:
        with path.open("rb") as opened:
            found = file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise damaged(path, error.strerror or str(error)) from error
    if found != file.sha256:
        raise damaged(path, f"SHA-256 {found[:12]}… ≠ {file.sha256[:12]}…")


class _Seals:
    """Events in order of stream and version, each checked against its seal and the one before."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder = folder
        self._manifest = manifest
        self.count = 0
        self._leaf_numbers = 0
        self._ends = {segment.until: segment.last_leaf for segment in manifest.segments}
        self._is_founded = False

    def take(self, table: pa.Table) -> None:
        """Check whole streams."""
        stream, version, previous = "", 0, FIRST
        columns = {name: table[name].to_pylist() for name in SCHEMA.names}
        sealed = zip(*(columns[name] for name in SEALED), strict=True)
        for place, parts in zip(zip(*(columns[name] for name in _PLACE), strict=True), sealed, strict=True):
            before = stream
            stream, found, position, recorded_at, leaf_no, leaf = place
            version, previous = (version, previous) if stream == before else (0, FIRST)
            if found != version + 1:
                raise self._fault(stream, position, BrokenStream(stream, position, recorded_at).says)
            if leaf_hash(previous, *parts) != leaf:
                raise self._fault(stream, position, sentence("export.seal_broken", position=position))
            if leaf_no == 0:
                self._is_founded = leaf.hex() == self._manifest.founding
            if self._ends.get(position, leaf.hex()) == leaf.hex():
                self._ends.pop(position, None)
            version, previous = found, leaf
            self.count += 1
            self._leaf_numbers += leaf_no

    def finish(self) -> None:
        """Raise ``ExportUnusable`` unless every event of the journal up to the export's end was there."""
        # Leaf numbers are dense from 0 in the order of the journal.
        is_whole = self._leaf_numbers == self.count * (self.count - 1) // 2
        rows = sum(segment.rows for segment in self._manifest.segments)
        if not is_whole or rows != self.count or self._ends or not self._is_founded:
            raise damaged(self._folder / MANIFEST, sentence("export.events_missing"))

    def _fault(self, stream: str, position: int, says: Sentence) -> ExportUnusable:
        bucket = self._manifest.bucket_of(stream)
        names = [
            file.name
            for segment in self._manifest.segments
            if segment.after < position <= segment.until
            for file in segment.files
            if file.bucket == bucket
        ]
        return damaged(self._folder / (names[0] if names else MANIFEST), says)
