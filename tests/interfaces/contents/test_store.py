"""The store of contents: what came in pieces is read again, whole, from its end, and where a chunk ends."""

import os

import pytest
from obstore.store import MemoryStore

from interfaces.contents.sealed import CHUNK_BYTES
from interfaces.contents.store import StoredContents


@pytest.mark.parametrize("size", [0, 5, CHUNK_BYTES])
def test_what_came_in_pieces_is_read_again_from_its_end_and_behind_it(size: int) -> None:
    contents, content = StoredContents(MemoryStore()), bytes(n % 251 for n in range(1000)) * (size // 1000 + 1)
    content = content[:size]
    kept = contents.put(iter([content[: size // 2], content[size // 2 :]]))
    assert (kept.size, b"".join(contents.read(kept))) == (size, content)
    file = contents.open(kept)
    file.seek(-min(size, 3), os.SEEK_END)
    assert file.read() == content[-3:]
    assert file.read(10) == b""
    file.seek(0, os.SEEK_END)
    assert file.read() == b""
