"""The store of contents over ``obstore``: a folder by default, or a bucket that is named by ``s3://``.

A plain content lies under its digest, ``sha256/ab/abcd…``, as it was given: what is in a folder can be read, and
checked with ``sha256sum``, without this program. An encrypted one lies under a random name, ``keyed/ab/abcd…``. What
came in and is not kept yet lies in ``incoming/``.
"""

import datetime as dt
import hashlib
import io
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from application.papers.contents import (
    ContentAltered,
    ContentKey,
    ContentMissing,
    ContentTooLarge,
    Incoming,
    InStore,
    Stored,
    StoreUnavailable,
)
from domain.sentence import sentence
from domain.time import instant
from interfaces.contents import EVIDENCE
from interfaces.contents.sealed import (
    CHUNK_BYTES,
    CHUNK_TAG_BYTES,
    HEAD_BYTES,
    Opening,
    chunks_of,
    sealed_size,
    sealing,
)

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

_ADDRESS: Final = re.compile(r"incoming/[0-9a-f]{32}|sha256/[0-9a-f]{64}|keyed/[0-9a-f]{32}")
_PATH: Final = re.compile(r"(incoming|sha256|keyed)/[0-9a-f]{2}/([0-9a-f]{32,64})")
_BUCKET: Final = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9._/-]*)?")
# The staging files of the library; those of a process that was killed stay.
_STAGED: Final = re.compile(r".+#\d+")
# S3 takes no part under 5 MiB but the last.
_PART_BYTES: Final = 8 << 20
_PARTS_AT_ONCE: Final = 3
# In a folder small parts do: large ones lie in fresh memory each time, and wait for each other to be written.
_FILE_PART_BYTES: Final = 1 << 20
_RETRY: Final["RetryConfig"] = {"max_retries": 3, "retry_timeout": dt.timedelta(seconds=10)}
_CHUNKS_READ: Final = 4
_BLOCKS_KEPT: Final = 8
_DISK_FULL: Final = ("os error 28", "os error 122")


class _File(Protocol):
    """What is read from."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes."""
        ...


def contents_at(named: str, folder: Path | None) -> "StoredContents":
    """The store that ``ECODOCKET_EVIDENCE`` names, else ``evidence`` in the data folder of an embedded server.

    Raises ``StoreUnavailable`` where neither is there (code ``no_evidence_store``), or for what is no folder and no
    ``s3://bucket/prefix`` (``bad_evidence_store``).
    """
    if named.startswith("s3://") and _BUCKET.fullmatch(named):
        # Endpoint, region and credentials are the library's to read from the environment (AWS_…); an endpoint of the
        # house may have no TLS.
        client: ClientConfig = {"connect_timeout": "5s", "timeout": "60s", "allow_http": True}
        try:
            store = S3Store.from_url(named.rstrip("/"), client_options=client, retry_config=_RETRY)
        except BaseError as error:
            raise _unavailable(error) from error
        return StoredContents(store)
    if named and ("://" in named or not Path(named).is_absolute()):
        says = sentence("contents.bad_store", variable=EVIDENCE, named=named[:80])
        raise StoreUnavailable("bad_evidence_store", says)
    root = Path(named) if named else None if folder is None else folder / "evidence"
    if root is None:
        raise StoreUnavailable("no_evidence_store", sentence("contents.no_store", variable=EVIDENCE))
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unavailable(error) from error
    return StoredContents(LocalStore(root))


class StoredContents:
    """The store of contents; see the port. Thread-safe."""

    def __init__(self, store: "ObjectStore") -> None:
        self._store = store
        self._root = store.prefix if isinstance(store, LocalStore) else None

    # --- writing -------------------------------------------------------------------------------------------

    def draft(
        self, source: bytes | Iterable[bytes] | BinaryIO, key: ContentKey | None = None, *, most: int | None = None
    ) -> Incoming:
        """Take bytes in; see the port."""
        name = secrets.token_hex(16)
        address = f"incoming/{name}"
        tally = _Tally(most)
        blocks = tally.over(_blocks(source))
        if key is not None:
            blocks = sealing(blocks, key, name)
        # Not by an iterator that the library draws from: what is drawn from may be this store.
        part = _PART_BYTES if self._root is None else _FILE_PART_BYTES
        writer = obstore.open_writer(self._store, _path(address), buffer_size=part, max_concurrency=_PARTS_AT_ONCE)
        try:
            for block in blocks:
                with _told(address):
                    writer.write(block)
            with _told(address):
                writer.close()
                self._settle(address)
        except BaseException:
            self._clear(address)
            # Never closed, it leaves nothing.
            del writer
            with suppress(StoreUnavailable):
                self.delete(address)
            raise
        return Incoming(address=address, digest=tally.digest, size=tally.size, is_sealed=key is not None)

    def keep(self, draft: Incoming) -> Stored:
        """Give a draft its place; see the port."""
        name = draft.address.removeprefix("incoming/")
        address = f"keyed/{name}" if draft.is_sealed else f"sha256/{draft.digest}"
        with _told(draft.address):
            # Put in the place of the same bytes where they are there: so they are new again for whoever sweeps.
            obstore.rename(self._store, _path(draft.address), _path(address))
            self._settle(address)
        return Stored(address=address, digest=draft.digest, size=draft.size)

    def discard(self, draft: Incoming) -> None:
        """Let go of a draft."""
        self.delete(draft.address)

    def put(
        self, source: bytes | Iterable[bytes] | BinaryIO, key: ContentKey | None = None, *, most: int | None = None
    ) -> Stored:
        """Take bytes in and keep them."""
        return self.keep(self.draft(source, key, most=most))

    def delete(self, address: str) -> None:
        """Let go of what lies at an address."""
        with suppress(ContentMissing), _told(address):
            obstore.delete(self._store, _path(address))

    # --- reading -------------------------------------------------------------------------------------------

    def read(self, content: Stored | Incoming, key: ContentKey | None = None) -> Iterator[bytes]:
        """The bytes in order; see the port."""
        source = self._source(content, key)
        first = source.block(0)

        def blocks() -> Iterator[bytes]:
            digest, held = hashlib.sha256(first), first
            for number in range(1, source.blocks):
                block = source.block(number)
                digest.update(block)
                yield held
                held = block
            # The last one is held back until all are known to be those that were kept.
            if digest.hexdigest() != content.digest:
                raise ContentAltered(content.address)
            yield held

        return blocks()

    def open(self, content: Stored | Incoming, key: ContentKey | None = None) -> BinaryIO:
        """The bytes as a file to seek in; see the port."""
        return io.BufferedReader(_Seekable(self._source(content, key)), 1 << 16)

    def exists(self, content: Stored | Incoming) -> bool:
        """Whether something lies at its address."""
        try:
            self._size_at(content.address)
        except ContentMissing:
            return False
        return True

    def listed(self) -> Iterator[InStore]:
        """Everything that lies in the store."""
        with _told(""):
            for some in obstore.list(self._store, chunk_size=1000):
                for found in some:
                    parts = _PATH.fullmatch(found["path"])
                    if parts is not None:
                        address, since = f"{parts[1]}/{parts[2]}", instant(found["last_modified"])
                        yield InStore(address=address, bytes=found["size"], since=since)

    def clear_staging(self, before: float) -> None:
        """Remove what processes that were killed have left half written in a folder before a moment (seconds since
        1970). A bucket has a rule of its own for what is left of uploads."""
        for file in () if self._root is None else self._root.rglob("*#*"):
            with suppress(FileNotFoundError):
                if _STAGED.fullmatch(file.name) and file.stat().st_mtime < before:
                    file.unlink()

    def _clear(self, address: str) -> None:
        """Give back at once what a draft that failed took on the disk: the library does so beside, a moment later, when
        the next draft may have found the disk full."""
        if self._root is None:
            return
        for file in (self._root / _path(address)).parent.glob(f"{address.removeprefix('incoming/')}#*"):
            # Emptied before it is removed: whoever still writes has it open, and holds what lies in it.
            with suppress(OSError):
                os.truncate(file, 0)
                file.unlink()

    def _source(self, content: Stored | Incoming, key: ContentKey | None) -> "_Source":
        address = content.address
        is_sealed = content.is_sealed if isinstance(content, Incoming) else address.startswith("keyed/")
        if is_sealed and key is None:
            raise ValueError("an encrypted content is read with its key")
        wanted = sealed_size(content.size) if is_sealed else content.size
        if self._size_at(address) != wanted:
            raise ContentAltered(address)
        opening = None
        part = partial(self._range, address)
        if is_sealed and key is not None:
            head = part(0, HEAD_BYTES)
            opening = Opening(head, key, address.partition("/")[2], content.size, address)
        return _Source(part, content.size, opening)

    def _size_at(self, address: str) -> int:
        with _told(address):
            return obstore.head(self._store, _path(address))["size"]

    def _range(self, address: str, start: int, end: int) -> bytes:
        if start >= end:
            return b""
        with _told(address):
            return bytes(obstore.get_range(self._store, _path(address), start=start, end=end))

    def _settle(self, address: str) -> None:
        """Have the disk hold what was written; a bucket does so by itself."""
        if self._root is None:
            return
        file = self._root / _path(address)
        for each in (file, file.parent, file.parent.parent):
            descriptor = os.open(each, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


class _Source:
    """One content, block by block."""

    def __init__(self, part: Callable[[int, int], bytes], size: int, opening: Opening | None) -> None:
        """``part`` gives the stored bytes from one place up to another."""
        self._part = part
        self._opening = opening
        self.size = size
        self.blocks = max(1, -(-size // self.block_bytes))

    block_bytes: Final = _CHUNKS_READ * CHUNK_BYTES

    def block(self, number: int) -> bytes:
        """The plaintext of a block."""
        begin = number * self.block_bytes
        end = min(self.size, begin + self.block_bytes)
        opening = self._opening
        if opening is None:
            return self._part(begin, end)
        first, step = number * _CHUNKS_READ, CHUNK_BYTES + CHUNK_TAG_BYTES
        count = chunks_of(end - begin)
        start = HEAD_BYTES + first * step
        sealed = self._part(start, start + (end - begin) + count * CHUNK_TAG_BYTES)
        view = memoryview(sealed)
        return b"".join(opening.open(first + i, bytes(view[i * step : (i + 1) * step])) for i in range(count))


class _Seekable(io.RawIOBase):
    """A content as a file. The blocks read last are kept, for readers that go to and fro."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._at = 0
        self._kept: dict[int, bytes] = {}

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._source.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        if self._at >= self._source.size:
            return 0
        number, within = divmod(self._at, self._source.block_bytes)
        if number not in self._kept:
            while len(self._kept) >= _BLOCKS_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[number] = self._source.block(number)
        piece = self._kept[number][within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class _Tally:
    """Counts and digests what goes by."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._sha = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        """The hex SHA-256 of what went by."""
        return self._sha.hexdigest()

    def over(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The same blocks. Raises ``ContentTooLarge``."""
        for block in blocks:
            self.size += len(block)
            if self._most is not None and self.size > self._most:
                raise ContentTooLarge(self._most)
            self._sha.update(block)
            yield block


def _blocks(source: bytes | Iterable[bytes] | BinaryIO | _File) -> Iterator[bytes]:
    """The bytes of a source in blocks of ``CHUNK_BYTES``, the last of which may be shorter."""
    if isinstance(source, bytes | bytearray | memoryview):
        view = memoryview(source)
        for begin in range(0, len(view), CHUNK_BYTES):
            yield bytes(view[begin : begin + CHUNK_BYTES])
        return
    pieces = iter(lambda: source.read(CHUNK_BYTES), b"") if hasattr(source, "read") else iter(source)
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        if not length and len(piece) == CHUNK_BYTES:
            yield bytes(piece)
            continue
        held.append(piece)
        length += len(piece)
        while length >= CHUNK_BYTES:
            whole = b"".join(held)
            yield whole[:CHUNK_BYTES]
            held, length = [whole[CHUNK_BYTES:]], length - CHUNK_BYTES
    if length:
        yield b"".join(held)


def _path(address: str) -> str:
    """Where an address lies: spread over folders by the first two characters. No other text is one."""
    if not _ADDRESS.fullmatch(address):
        raise ContentMissing(address[:120])
    kind, _, name = address.partition("/")
    return f"{kind}/{name[:2]}/{name}"


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Says what the library raises in our words."""
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise ContentMissing(address) from error
    except (BaseError, OSError) as error:
        raise _unavailable(error) from error


def _unavailable(error: Exception) -> StoreUnavailable:
    """Why the store cannot be used. What the library says is for the log: it names hosts and folders."""
    if any(told in str(error) for told in _DISK_FULL) or getattr(error, "errno", None) in (28, 122):
        return StoreUnavailable("evidence_store_full", sentence("contents.store_full"))
    return StoreUnavailable("evidence_store_unavailable", sentence("contents.store_unavailable"))
