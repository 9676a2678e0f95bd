"""What a file is, found by looking at its bytes: what may not be taken in, and why."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from domain.errors import Invalid
from interfaces.contents.inspecting import WORD, inspect
from tests.support.papers import pdf, picture

_ENTRY, _END = b"PK\x01\x02", b"PK\x05\x06"


def archive(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def claiming(size: int) -> bytes:
    """A small archive whose directory says that it unpacks to ``size``."""
    made = bytearray(archive(("word/document.xml", b"<w/>")))
    struct.pack_into("<L", made, made.index(_ENTRY) + 24, size)
    return bytes(made)


def listing(number: int) -> bytes:
    """A small archive whose directory names its one member ``number`` times."""
    made = archive(("x", b""))
    begin, end = made.index(_ENTRY), made.index(_END)
    directory = made[begin:end] * number
    return made[:begin] + directory + struct.pack("<4s4H2LH", _END, 0, 0, number, number, len(directory), begin, 0)


@pytest.mark.parametrize(
    ("name", "code", "make"),
    [
        ("密.pdf", "encrypted_pdf", lambda: pdf(password="x")),
        ("断.pdf", "damaged_pdf", lambda: pdf(3)[:-200]),
        ("空.pdf", "damaged_pdf", lambda: pdf(0)),
        ("断.png", "damaged_picture", lambda: picture("a", size=(200, 200))[:60]),
        ("弹.docx", "zip_bomb", lambda: claiming((200 << 20) + 1)),
        ("多.docx", "zip_bomb", lambda: listing(20_001)),
        ("宏.docx", "macros", lambda: archive(("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"x"))),
        ("包.zip", "unknown_type", lambda: archive(("a.exe", b"MZ"))),
        ("程.pdf.exe", "unknown_type", lambda: b"MZ\x90\x00\x03\xff"),
    ],
)
def test_what_may_not_be_taken_in_is_refused_with_its_reason(name: str, code: str, make: Callable[[], bytes]) -> None:
    content = make()
    with pytest.raises(Invalid) as refused:
        inspect(io.BytesIO(content), name, len(content))
    assert [fault.code for fault in refused.value.problems] == [code]


def test_an_archive_that_says_it_unpacks_to_what_is_allowed_is_taken() -> None:
    content = claiming(200 << 20)
    assert inspect(io.BytesIO(content), "满.docx", len(content)).media == WORD
