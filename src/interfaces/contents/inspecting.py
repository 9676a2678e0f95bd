"""What a file is, found by looking at it and not at its name, and whether it may be taken in.

Every bound is held before the work that it bounds: an archive's directory is read before anything in it is unpacked, a
picture's size before its pixels. What could run in a browser is none of the types that are taken.
"""

import codecs
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, Final

import pikepdf
from PIL import Image

from application.papers.uploads import Inspected
from domain.errors import FieldProblem, Invalid
from domain.sentence import sentence
from interfaces.archives import DAMAGED

PDF: Final = "application/pdf"
CSV: Final = "text/csv"
TEXT: Final = "text/plain"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD: Final = "application/ofd"
PICTURES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff", "WEBP": "image/webp"}
"""The formats of pictures that are taken, by what the library calls them."""

MOST_PIXELS: Final = 80_000_000
"""Most pixels of a picture: a page of A1 at 300 dots an inch."""

_MOST_PAGES: Final = 20_000
_MOST_MEMBERS: Final = 20_000
_MOST_UNPACKED: Final = 1 << 30
_MOST_RATIO: Final = 200
_HEAD: Final = 2048
_BLOCK: Final = 1 << 20
_MARKUP: Final = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<head", b"<body")
_OFFICE: Final = {"word/document.xml": WORD, "xl/workbook.xml": SHEET, "OFD.xml": OFD}
_MACROS: Final = ("vbaproject.bin", "vbadata.xml")


def inspect(file: BinaryIO, name: str, size: int) -> Inspected:
    """What a file is. Raises ``Invalid`` for what may not be taken in; ``name`` only tells CSV from other text."""
    head = file.read(_HEAD)
    file.seek(0)
    if b"%PDF-" in head[:1024]:
        return _pdf(file)
    bare = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if bare.startswith(_MARKUP):
        raise _refused("markup")
    if head.startswith(b"PK\x03\x04"):
        return _archive(file, size)
    if head.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"RIFF")):
        return _picture(file)
    if name.lower().endswith(".pdf"):
        raise _refused("no_pdf")
    if _is_text(file):
        return Inspected(media=CSV if name.lower().endswith(".csv") else TEXT)
    raise _refused("unknown_type")


def _pdf(file: BinaryIO) -> Inspected:
    try:
        # Not mended: what has to be is truncated, or was never whole.
        with pikepdf.open(file, attempt_recovery=False, suppress_warnings=True) as pdf:
            pages = len(pdf.pages)
            if pdf.is_encrypted:
                raise _refused("encrypted_pdf")
    except pikepdf.PasswordError:
        raise _refused("encrypted_pdf") from None
    except (pikepdf.PdfError, ValueError, RecursionError):
        raise _refused("damaged_pdf") from None
    if not 0 < pages <= _MOST_PAGES:
        raise _refused("damaged_pdf")
    return Inspected(media=PDF, pages=pages)


def _picture(file: BinaryIO) -> Inspected:
    try:
        with Image.open(file, formats=tuple(PICTURES)) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise _refused("too_many_pixels")
            found, pages = PICTURES[picture.format or ""], getattr(picture, "n_frames", 1)
            picture.verify()
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refused("too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, KeyError, EOFError):
        raise _refused("damaged_picture") from None
    if pages > _MOST_PAGES:
        raise _refused("damaged_picture")
    return Inspected(media=found, pages=pages)


def _archive(file: BinaryIO, size: int) -> Inspected:
    """A document of an office program, or of OFD: by what is in it, after its directory was held against the bounds."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS:
                raise _refused("zip_bomb")
            unpacked = sum(member.file_size for member in members)
            if unpacked > _MOST_UNPACKED or unpacked > _MOST_RATIO * max(size, _BLOCK):
                raise _refused("zip_bomb")
            if any(member.flag_bits & 1 for member in members):
                raise _refused("encrypted_archive")
            names = {member.filename for member in members}
            if any(name.rpartition("/")[2].lower() in _MACROS for name in names):
                raise _refused("macros")
            media = next((media for part, media in _OFFICE.items() if part in names), None)
            if media is None:
                raise _refused("unknown_type")
            part = next(part for part in _OFFICE if part in names)
            with archive.open(part) as content:
                # What the directory says of the size may be a lie: no more is unpacked than it says.
                content.read(_BLOCK)
    except Invalid:
        raise
    except (*DAMAGED, RuntimeError):
        raise _refused("damaged_archive") from None
    return Inspected(media=media)


def _is_text(file: BinaryIO) -> bool:
    """Whether a file is text as people have it here: UTF-8, or GB 18030, without control characters."""
    return any(_decodes(file, coding) for coding in ("utf-8", "gb18030"))


def _decodes(file: BinaryIO, coding: str) -> bool:
    decoder = codecs.getincrementaldecoder(coding)()
    file.seek(0)
    try:
        for block in _blocks(file):
            text = decoder.decode(block)
            if any(c < " " and c not in "\t\r\n\f" for c in text):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


def _refused(code: str) -> Invalid:
    return Invalid((FieldProblem("", code, sentence(f"evidence.refused.{code}")),))
