"""Cursors: where a list goes on, sealed so that a damaged one is noticed."""

import base64
import binascii
import zlib
from typing import Final, TypeVar

import msgspec

from domain.errors import Invalid, Problem

T = TypeVar("T", bound=msgspec.Struct)
_ENCODE: Final = msgspec.json.Encoder().encode


def sealed(cursor: msgspec.Struct) -> str:
    """The cursor as text that goes into a URL."""
    body = _ENCODE(cursor)
    return base64.urlsafe_b64encode(zlib.crc32(body).to_bytes(4, "big") + body).rstrip(b"=").decode()


def opened(text: str, type: type[T]) -> T:
    """The cursor again. Raises ``Invalid`` for a damaged one, or one of another list."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if zlib.crc32(raw[4:]).to_bytes(4, "big") != raw[:4]:
            raise ValueError("checksum")
        return msgspec.json.decode(raw[4:], type=type)
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise bad_cursor(
            "bad_cursor",
            "游标残缺或被改动；请完整复制上一页给出的游标，或去掉它从头开始。",
            "the cursor is damaged; copy the one of the page before whole, or leave it out to begin anew.",
        ) from None


def bad_cursor(code: str, zh: str, en: str) -> Invalid:
    """A cursor that cannot be gone on with, and what to do."""
    return Invalid((Problem("/cursor", code, zh, en),))
