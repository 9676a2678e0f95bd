"""Cursors: where a list goes on, sealed so that one that was damaged or made up is noticed.

The seal is an HMAC under a key that whoever puts the product together derives from the vault's secret, so that every
process over the same journal opens the cursors of the others. Without one each process has a key of its own.
"""

import hashlib
import hmac
import secrets
from typing import Final, TypeVar

import msgspec

from application.tokens import packed, unpacked
from domain.errors import FieldProblem, Invalid
from domain.sentence import Sentence, sentence

T = TypeVar("T", bound=msgspec.Struct)
_ENCODE: Final = msgspec.json.Encoder().encode
_SEAL_BYTES: Final = 16
_KEYS: Final = [secrets.token_bytes(32)]
"""The one key; a list, so that it can be replaced."""

MOST_LINES: Final = 500
"""Most lines of a page of any list."""

LONGEST_CURSOR: Final = 8_000
"""Longest cursor that is looked at."""


def seal_with(key: bytes) -> None:
    """Seal and open by this key from now on."""
    _KEYS[0] = key


def sealed(cursor: msgspec.Struct) -> str:
    """The cursor as text that goes into a URL."""
    body = _ENCODE(cursor)
    return packed(_seal(cursor, body) + body)


def opened(text: str, type: type[T]) -> T:
    """The cursor again. Raises ``Invalid`` for a damaged or made-up one, or one of another list."""
    try:
        if len(text) > LONGEST_CURSOR:
            raise ValueError("length")
        raw = unpacked(text)
        seal, body = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, _seal(type, body)):
            raise ValueError("seal")
        return msgspec.json.decode(body, type=type)
    except (ValueError, msgspec.MsgspecError):
        raise bad_cursor(
            "bad_cursor",
            sentence("errors.cursor.bad_cursor"),
        ) from None


def _seal(of: object, body: bytes) -> bytes:
    """The seal of a cursor; those of different lists never pass for each other."""
    kind = of if isinstance(of, type) else type(of)
    name = f"{kind.__module__}.{kind.__qualname__}\n".encode()
    return hmac.digest(_KEYS[0], name + body, hashlib.sha256)[:_SEAL_BYTES]


def bad_cursor(code: str, says: Sentence) -> Invalid:
    """A cursor that cannot be gone on with, and what to do."""
    return Invalid((FieldProblem("/cursor", code, says),))
