"""An archive that is whole on the outside and damaged within is refused by whoever reads one."""

import io
import zipfile
from collections.abc import Callable

import pytest

from domain.errors import Invalid
from interfaces.contents.inspecting import inspect
from interfaces.documents.letters.packages import check_package
from interfaces.sheets.workbooks import workbook_in


def inspected(content: bytes) -> object:
    return inspect(io.BytesIO(content), "一份文件.docx", len(content))


PART = {inspected: "word/document.xml", check_package: "word/document.xml", workbook_in: "xl/workbook.xml"}


def damaged(part: str, packing: int) -> bytes:
    """An archive whose directory is right, and the bytes of its parts are not what any packing gives."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name in ("[Content_Types].xml", part):
            archive.writestr(name, "<a>" + "".join(f"{n:x}" for n in range(5_000)) + "</a>")
    content = bytearray(out.getvalue())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            begin = entry.header_offset + 30 + len(entry.filename)
            content[begin + 20 : begin + entry.compress_size - 20] = b"\xff" * (entry.compress_size - 40)
    return bytes(content)


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("read", PART)
def test_a_damaged_part_is_refused_however_it_is_packed(read: Callable[..., object], packing: int) -> None:
    content = damaged(PART[read], packing)
    with pytest.raises(Invalid):
        read(content)
