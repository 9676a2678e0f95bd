"""The seal of one event: a leaf hash over the bytes as they are stored, never over a re-serialisation.

RFC 6962 style: a leaf begins with the byte 0x00, so that it can never be mistaken for a node of the tree. A header of
fixed size gives version, instant and the length of every field of variable size; the fields follow without
separators. Two different events therefore never give the same bytes to hash. The random salt keeps anybody who has
the leaf from trying out likely contents.
"""

import os
from hashlib import sha256
from struct import Struct
from typing import Final

SALT_BYTES: Final = 16
"""Random bytes in every leaf."""

LEAF_BYTES: Final = 32
"""Size of a leaf: SHA-256."""

FIRST: Final = b""
"""The previous leaf of a stream's first event."""

# 0x00, version, recorded_at, then the lengths of: stream, previous leaf, salt, tag, actor, category, id, state.
_HEADER: Final = Struct(">BqqIIIIIIII")


def leaf_hash(
    previous: bytes,
    stream: str,
    version: int,
    recorded_at: int,
    category: str,
    actor: str,
    tag: str,
    introduces: str | None,
    salt: bytes,
    state: bytes,
) -> bytes:
    """The leaf of an event: SHA-256, 32 bytes.

    ``previous`` is the leaf of the same stream's event before (``FIRST`` for the first); behind it stands what is
    sealed, in the order of exports (``interfaces.packed``). ``recorded_at`` is in microseconds since 1970,
    ``introduces`` the id the event brings in, ``state`` the stored bytes.
    """
    stream_, tag_, actor_, category_ = stream.encode(), tag.encode(), actor.encode(), category.encode()
    # No id is empty, so that emptiness can stand for none.
    id_ = b"" if introduces is None else introduces.encode()
    header = _HEADER.pack(
        0,
        version,
        recorded_at,
        len(stream_),
        len(previous),
        len(salt),
        len(tag_),
        len(actor_),
        len(category_),
        len(id_),
        len(state),
    )
    return sha256(b"".join((header, stream_, previous, salt, tag_, actor_, category_, id_, state))).digest()


def fresh_salts(count: int) -> list[bytes]:
    """``count`` salts from the system's random source."""
    block = os.urandom(SALT_BYTES * count)
    return [block[i : i + SALT_BYTES] for i in range(0, len(block), SALT_BYTES)]
