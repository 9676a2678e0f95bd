"""What an export consists of: ``manifest.json``, without which its files are nothing."""

import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from application.ports import Part
from domain.errors import CaseError
from domain.sentence import Sentence, sentence
from domain.time import Instant
from interfaces.files import private_files
from interfaces.parquet.columns import Shelf

MANIFEST: Final = "manifest.json"
"""The file that says which files count; written last, by renaming."""

LOCK_FILE: Final = ".lock"
"""Held by whoever writes."""

EXPORT_FORMAT: Final = "ecodocket-parquet"
VERSION: Final = 1
"""The newest version of the format this program knows."""

_DRAFT: Final = ".manifest.json.new"
_DATA: Final = re.compile(r"\d{6}-\d{5}-[a-z]+\.parquet")


class ExportUnusable(CaseError):
    """The folder cannot be worked with: ``not_an_export``, ``newer_export``, ``other_journal``, ``export_damaged`` or
    ``export_busy``."""

    def __init__(self, code: str, says: Sentence) -> None:
        super().__init__(code, says)


class ExportFile(msgspec.Struct, frozen=True, kw_only=True):
    """One Parquet file: what one run added to a shelf of one bucket, whole streams in order from ``first`` to ``last``.

    ``subjects`` counts those whose first event is in it; ``bytes`` and ``sha256`` (hex) are those of the file.
    """

    name: str
    bucket: int
    shelf: Shelf
    rows: int
    subjects: int
    bytes: int
    sha256: str
    first: str
    last: str


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """What one run added: every event after position ``after`` up to and including ``until``.

    ``from_at`` and ``until_at`` are when the first and the last of them were recorded; ``last_leaf`` (hex) is the last
    one's seal.
    """

    number: int
    after: int
    until: int
    from_at: Instant
    until_at: Instant
    last_leaf: str
    rows: int
    files: tuple[ExportFile, ...]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """An export. ``founding`` (hex) is the seal of the journal's first event: no two journals have the same.

    Bucket ``n`` holds the streams from ``bounds[n - 1]`` on, up to but without ``bounds[n]``.
    """

    format: str = EXPORT_FORMAT
    version: int = VERSION
    founding: str
    bounds: tuple[str, ...]
    segments: tuple[Segment, ...]

    @property
    def until(self) -> int:
        """The position up to which the journal is exported."""
        return self.segments[-1].until

    @property
    def files(self) -> Iterator[ExportFile]:
        """All files."""
        for segment in self.segments:
            yield from segment.files

    def bucket_of(self, stream: str) -> int:
        """Which bucket a stream is in."""
        return bisect_right(self.bounds, stream)

    def buckets(self, within: Part) -> range:
        """The buckets that a part reaches into."""
        if within.before is None:
            return range(self.bucket_of(within.first), len(self.bounds) + 1)
        # A part that ends where a bucket begins has nothing of it.
        end = self.bucket_of(within.before) + (within.before not in self.bounds)
        return range(self.bucket_of(within.first), end)


class _Header(msgspec.Struct):
    format: str
    version: int


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an export. Raises ``ExportUnusable``."""
    found = find_manifest(folder)
    if found is None:
        raise ExportUnusable(
            "not_an_export",
            sentence("export.no_export", folder=folder, file=MANIFEST),
        )
    return found


def find_manifest(folder: Path) -> Manifest | None:
    """The manifest of an export, ``None`` where there is none. Raises ``ExportUnusable`` when it cannot be used."""
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise damaged(path, error.strerror or str(error)) from error
    try:
        header = msgspec.json.decode(data, type=_Header)
        if header.format == EXPORT_FORMAT and header.version > VERSION:
            raise ExportUnusable(
                "newer_export",
                sentence("export.newer_format", path=path, version=header.version, known=VERSION),
            )
        if header.format == EXPORT_FORMAT:
            return msgspec.json.decode(data, type=Manifest)
    except msgspec.MsgspecError as error:
        raise damaged(path, str(error)) from error
    raise ExportUnusable(
        "not_an_export",
        sentence("export.other_format", folder=folder, path=path, format=header.format),
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in the place of the one before: in one moment, and only when its files are on disk."""
    draft = folder / _DRAFT
    with private_files.create(draft, replace=True) as out:
        out.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    sync_folder(folder)
    draft.replace(folder / MANIFEST)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make sure that names given in a folder outlive a loss of power."""
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def strays(folder: Path, manifest: Manifest | None) -> Sequence[Path]:
    """What a run that did not come to its end has left behind."""
    counted = {file.name for file in manifest.files} if manifest is not None else set()
    return [
        path
        for path in sorted(folder.iterdir())
        if path.name == _DRAFT or (_DATA.fullmatch(path.name) and path.name not in counted)
    ]


def is_foreign(path: Path) -> bool:
    """Whether a file is not one that an export writes."""
    return path.name not in (MANIFEST, _DRAFT, LOCK_FILE) and _DATA.fullmatch(path.name) is None


def damaged(path: Path, reason: Sentence | str) -> ExportUnusable:
    """The error for a file that is missing or not what was written."""
    return ExportUnusable("export_damaged", sentence("export.damaged", path=path, reason=reason, folder=path.parent))
