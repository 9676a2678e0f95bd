"""Files that are handed in for the rows of a sheet: one by one, or together in a ZIP archive, which is never unpacked
onto a disk."""

import io
import stat
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import Final

from application.sheets.row_files import HandedFile
from domain.sentence import sentence
from interfaces.archives import DAMAGED
from interfaces.sheets.faults import bad_file

MOST_HANDED_IN: Final = 32 << 20
"""Most bytes that are handed in at once."""

MOST_ENTRIES: Final = 500
"""Most files of an archive."""

MOST_WITHIN: Final = 256 << 20
"""Most bytes of everything in an archive."""

MOST_RATIO: Final = 200
"""So many times as large as it is packed a file of an archive may be, where that is much."""

_MUCH: Final = 1 << 20
_BLOCK: Final = 1 << 20
_ENCRYPTED: Final = 0x1
_UTF_8: Final = 0x800
_NOT_OURS: Final = ("__MACOSX/", ".DS_Store")


def handed_in(name: str, content: bytes) -> list[HandedFile]:
    """The files of an upload: those of an archive, else the one that it is. Raises ``Invalid`` for an archive that is
    damaged, has a password or a folder, or is too large within."""
    if not name.lower().endswith(".zip"):
        return [HandedFile(name, len(content), lambda: [content])]
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGED:
        raise bad_file(sentence("sheets.files.damaged")) from None
    # An office program of another system keeps its own beside what is handed in.
    entries = [entry for entry in archive.infolist() if not entry.filename.startswith(_NOT_OURS)]
    if len(entries) > MOST_ENTRIES:
        raise bad_file(sentence("sheets.files.too_many", most=MOST_ENTRIES))
    if sum(entry.file_size for entry in entries) > MOST_WITHIN:
        raise bad_file(sentence("sheets.files.too_large_within", most=MOST_WITHIN >> 20))
    return [_file(archive, entry) for entry in entries]


def _file(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> HandedFile:
    name = _name_of(entry)
    if entry.is_dir() or "/" in name or "\\" in name or stat.S_ISLNK(entry.external_attr >> 16):
        raise bad_file(sentence("sheets.files.has_folder", file=name[:100]))
    if entry.flag_bits & _ENCRYPTED:
        raise bad_file(sentence("sheets.files.has_password", file=name[:100]))
    if entry.file_size > _MUCH and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise bad_file(sentence("sheets.files.too_packed", file=name[:100]))
    return HandedFile(name, entry.file_size, partial(_blocks, archive, entry))


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name of an entry: without a mark for UTF-8 it is in the code page of a Chinese system, where it can be."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry, never more than it was said to have."""
    left = entry.file_size
    try:
        with archive.open(entry) as source:
            while left and (block := source.read(min(_BLOCK, left))):
                left -= len(block)
                yield block
            if left:
                raise EOFError
            # The end is where the check sum is looked at.
            source.read(1)
    except (*DAMAGED, RuntimeError):
        raise bad_file(sentence("sheets.files.damaged")) from None
