"""Word documents from outside: what they may hold is looked at before anything of them is unpacked or read."""

import io
import re
import zipfile
from typing import Final

from domain.errors import FieldProblem, Invalid
from domain.sentence import Sentence, sentence
from interfaces.archives import DAMAGED

MOST_TEMPLATE_BYTES: Final = 5_000_000
"""Most bytes of a template."""

_MOST_UNPACKED: Final = 40_000_000
_MOST_PARTS: Final = 1_000
_MEGABYTE: Final = 1_000_000
_ENCRYPTED: Final = 0x1
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an encrypted Office file, or one in the old format, begins."""

_MAIN: Final = "word/document.xml"
_CONTENT_TYPE: Final = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_EXTERNAL: Final = re.compile(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_TARGET: Final = re.compile(rb"Target\s*=\s*[\"']([^\"']*)[\"']")


def check_package(content: bytes) -> None:
    """Raise ``Invalid`` for what is no Word document, or one that must not be opened: too large before and after
    unpacking, encrypted, with macros, embedded objects, or references to the outside."""
    if len(content) > MOST_TEMPLATE_BYTES:
        size, most = f"{len(content) / _MEGABYTE:.0f}", MOST_TEMPLATE_BYTES // _MEGABYTE
        raise _refused("too_large", sentence("letters.fault.too_large", size=size, most=most))
    if content.startswith(_OLE):
        raise _refused("encrypted", sentence("letters.fault.encrypted"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_parts(package)
    except (*DAMAGED, RuntimeError):
        raise _refused("not_docx", sentence("letters.fault.not_docx")) from None


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise _refused("bomb", sentence("letters.fault.bomb", most=_MOST_UNPACKED // _MEGABYTE))
    names = {part.filename for part in parts}
    if len(names) != len(parts) or _MAIN not in names or "[Content_Types].xml" not in names:
        raise _refused("not_docx", sentence("letters.fault.not_docx"))
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise _refused("encrypted", sentence("letters.fault.encrypted"))
    unpacked = 0
    for part in parts:
        with package.open(part) as stream:
            # The head of a part may lie about its size.
            data = stream.read(_MOST_UNPACKED - unpacked + 1)
        unpacked += len(data)
        if unpacked > _MOST_UNPACKED:
            raise _refused("bomb", sentence("letters.fault.bomb", most=_MOST_UNPACKED // _MEGABYTE))
        _check_part(part.filename, data)


def _check_part(name: str, data: bytes) -> None:
    lower = name.lower()
    if "vbaproject" in lower or "vbadata" in lower or (lower.endswith((".vba", ".bin")) and "macro" in lower):
        raise _refused("macro", sentence("letters.fault.macro", part=name))
    if "/embeddings/" in lower or "/activex/" in lower:
        raise _refused("embedded", sentence("letters.fault.embedded", part=name))
    if lower == "[content_types].xml":
        if b"macroenabled" in data.lower():
            raise _refused("macro", sentence("letters.fault.macro", part=name))
        if _CONTENT_TYPE not in data:
            raise _refused("not_docx", sentence("letters.fault.not_docx"))
    if lower.endswith(".rels"):
        found = _EXTERNAL.search(data)
        if found is not None:
            target = _TARGET.search(found[0])
            where = "" if target is None else target[1][:200].decode("utf-8", "replace")
            raise _refused("external", sentence("letters.fault.external", part=name, target=where))
    if lower.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in data or b"<!ENTITY" in data):
        raise _refused("broken", sentence("letters.fault.broken", part=name))


def _refused(code: str, says: Sentence) -> Invalid:
    return Invalid((FieldProblem("/file", code, says),))
