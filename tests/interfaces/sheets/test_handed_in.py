"""What is handed in for rows of a sheet: a file, or an archive that is looked at before anything in it is."""

import io
import zipfile
from typing import Any

import pytest

from domain.errors import Invalid
from interfaces.sheets.handed_in import MOST_ENTRIES, MOST_WITHIN, handed_in
from tests.support.words import words_of


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return out.getvalue()


def of_another_system(name: str) -> bytes:
    """An archive whose names are in the code page of a Chinese system, without a mark for UTF-8."""
    content = archive(("x" * len(name.encode("gb18030")), b"1"))
    return content.replace(b"x" * len(name.encode("gb18030")), name.encode("gb18030"))


def encrypted() -> bytes:
    content = bytearray(archive(("a.pdf", b"1")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    return bytes(content)


def link() -> bytes:
    entry = zipfile.ZipInfo("a.pdf")
    entry.external_attr = 0o120777 << 16
    return archive((entry, b"/etc/passwd"))


def test_a_file_is_itself_and_an_archive_what_is_in_it() -> None:
    (alone,) = handed_in("决定书.pdf", b"%PDF")
    assert (alone.name, alone.size, b"".join(alone.blocks())) == ("决定书.pdf", 4, b"%PDF")
    content = archive(("决定书.pdf", b"%PDF-1"), ("__MACOSX/._决定书.pdf", b"x"), ("回证.png", b"png"))
    found = handed_in("证据.ZIP", content)
    assert [(f.name, f.size, b"".join(f.blocks())) for f in found] == [
        ("决定书.pdf", 6, b"%PDF-1"), ("回证.png", 3, b"png"),
    ]  # fmt: skip
    assert [f.name for f in handed_in("a.zip", of_another_system("决定书.pdf"))] == ["决定书.pdf"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK", "已损坏"),
        (archive(("文件夹/决定书.pdf", b"1")), "不能有文件夹"),
        (archive(("../决定书.pdf", b"1")), "不能有文件夹"),
        (archive(("a\\b.pdf", b"1")), "不能有文件夹"),
        (link(), "不能有文件夹"),
        (encrypted(), "有密码"),
        (archive(("a.pdf", bytes(2 << 20))), "压缩得过紧"),
        (archive(*((f"{n}.pdf", b"") for n in range(MOST_ENTRIES + 1))), f"超过 {MOST_ENTRIES} 个"),
    ],
)
def test_an_archive_that_is_not_what_it_should_be_is_refused_as_a_whole(content: bytes, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        handed_in("证据.zip", content)
    assert told in words_of(refused.value).zh


def test_what_an_archive_is_said_to_unpack_to_is_bounded_before_it_is_unpacked(monkeypatch: Any) -> None:
    monkeypatch.setattr("interfaces.sheets.handed_in.MOST_WITHIN", 5)
    assert len(handed_in("a.zip", archive(("a.pdf", b"12345")))) == 1
    with pytest.raises(Invalid):
        handed_in("a.zip", archive(("a.pdf", b"12345"), ("b.pdf", b"6")))
    assert MOST_WITHIN >> 20 == 256


def test_an_archive_that_was_altered_breaks_off_where_it_is_read() -> None:
    content = bytearray(archive(("a.pdf", bytes(range(256)))))
    content[60] ^= 0xFF
    (file,) = handed_in("a.zip", bytes(content))
    with pytest.raises(Invalid, match="damaged"):
        b"".join(file.blocks())
