"""The form of an encrypted content: a head, then chunks of one size, each sealed at its place.

The head names the form, the suite and a salt from which the key of this content is derived. A chunk is sealed with its
number and whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár), so that no chunk
can be left out, doubled, moved or cut off; and for the name of the content, so that none can stand for another.
"""

import os
from collections.abc import Iterator
from typing import Final

from application.papers.contents import ChunkCipher, ContentAltered, ContentErased, ContentKey

CHUNK_BYTES: Final = 1 << 20
"""Plaintext in one chunk, but for the last one."""

CHUNK_TAG_BYTES: Final = 16
"""What a chunk has more when it is sealed."""

_FORM: Final = b"EDC1"
_SALT_BYTES: Final = 32
HEAD_BYTES: Final = len(_FORM) + 1 + _SALT_BYTES
"""What stands before the first chunk."""


def sealed_size(size: int) -> int:
    """How many bytes a content of a size has when it is encrypted."""
    return HEAD_BYTES + size + chunks_of(size) * CHUNK_TAG_BYTES


def chunks_of(size: int) -> int:
    """How many chunks a content of a size has; an empty one has one."""
    return max(1, -(-size // CHUNK_BYTES))


def sealing(blocks: Iterator[bytes], key: ContentKey, name: str) -> Iterator[bytes]:
    """The encrypted content of blocks of ``CHUNK_BYTES``, the last of which may be shorter."""
    salt = os.urandom(_SALT_BYTES)
    cipher = key.sealer(salt)
    bound_to = name.encode()

    def chunks() -> Iterator[bytes]:
        yield _FORM + bytes([cipher.suite]) + salt
        number, held = 0, next(blocks, b"")
        for block in blocks:
            yield cipher.seal(number, False, held, bound_to)
            number, held = number + 1, block
        yield cipher.seal(number, True, held, bound_to)

    return chunks()


class Opening:
    """Opens the chunks of one encrypted content. Raises ``ContentErased`` when its key was destroyed, and
    ``ContentAltered`` for a head that is none."""

    def __init__(self, head: bytes, key: ContentKey, name: str, size: int, address: str) -> None:
        if len(head) != HEAD_BYTES or head[: len(_FORM)] != _FORM:
            raise ContentAltered(address)
        cipher = key.opener(head[len(_FORM)], head[len(_FORM) + 1 :])
        if cipher is None:
            raise ContentErased
        self._cipher: ChunkCipher = cipher
        self._bound_to = name.encode()
        self._last = chunks_of(size) - 1
        self._address = address

    def open(self, number: int, sealed: bytes) -> bytes:
        """The plaintext of a chunk. Raises ``ContentAltered``."""
        plain = self._cipher.open(number, number == self._last, sealed, self._bound_to)
        if plain is None:
            raise ContentAltered(self._address)
        return plain
