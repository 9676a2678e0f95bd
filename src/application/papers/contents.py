"""Contents: the bytes of papers, kept apart from the journal and told by their digest.

What an event names is a ``Stored``: where the bytes lie, the SHA-256 of the plaintext and how many they are. A content
about a person is encrypted under the person's key from the first byte, so that destroying the key destroys it.

What comes in is a draft first: it can be looked at, and counts for nothing. Keeping it gives it its place, discarding
it leaves nothing. A content that was kept is never changed.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Protocol

import msgspec

from domain.errors import CaseError
from domain.sentence import Sentence, sentence
from domain.time import Instant


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A content that is kept: its ``address`` in the store, the hex SHA-256 of the plaintext and its ``size`` in bytes.

    The address of a plain content is its digest. That of an encrypted one is drawn at random: it tells nothing.
    """

    address: str
    digest: str
    size: int


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A content that came in and counts for nothing yet: what ``Stored`` says, and whether it ``is_sealed``."""

    address: str
    digest: str
    size: int
    is_sealed: bool


class InStore(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in the store under an address: how many bytes, encrypted ones with what that adds, and since when."""

    address: str
    bytes: int
    since: Instant


class ChunkCipher(Protocol):
    """Seals the chunks of one content, each at its place: none can be left out, doubled, moved or cut off."""

    @property
    def suite(self) -> int:
        """The suite of algorithms."""
        ...

    def seal(self, number: int, is_last: bool, chunk: bytes, bound_to: bytes) -> bytes:
        """The chunk encrypted, with its tag."""
        ...

    def open(self, number: int, is_last: bool, sealed: bytes, bound_to: bytes) -> bytes | None:
        """The chunk again; ``None`` for one that was altered, or stood elsewhere."""
        ...


class ContentKey(Protocol):
    """The key of one file with which contents are encrypted: a person's is the person's own."""

    @property
    def is_gone(self) -> bool:
        """Whether there is no such key any more, or never was."""
        ...

    def sealer(self, salt: bytes) -> ChunkCipher:
        """What seals a new content, whose ``salt`` nothing else has. Raises ``Conflict`` when the key was destroyed."""
        ...

    def opener(self, suite: int, salt: bytes) -> ChunkCipher | None:
        """What opens a content again; ``None`` when the key was destroyed."""
        ...


class ContentKeys(Protocol):
    """The vault as far as contents need it."""

    def content_key(self, file: str, *, make: bool = False) -> ContentKey:
        """The key of one file as it is now. To ``make`` one that is not there stores it at once: what is encrypted with
        it lies in the store before any event does."""
        ...


class ContentError(CaseError):
    """A content cannot be had, or cannot be kept."""


class ContentMissing(ContentError):
    """Nothing lies at the address of a content that is on record."""

    def __init__(self, address: str) -> None:
        super().__init__("content_missing", sentence("contents.missing", address=address))


class ContentAltered(ContentError):
    """What lies at the address is not what was kept: other bytes, more or fewer."""

    def __init__(self, address: str) -> None:
        super().__init__("content_altered", sentence("contents.altered", address=address))


class ContentErased(ContentError):
    """The key of the content was destroyed: nobody can read it any more."""

    def __init__(self) -> None:
        super().__init__("content_erased", sentence("contents.erased"))


class ContentTooLarge(ContentError):
    """More bytes came than may come: ``most`` of them may."""

    def __init__(self, most: int, says: Sentence | None = None) -> None:
        super().__init__("content_too_large", says or sentence("contents.too_large", most=most, mebi=most >> 20))
        self.most = most


class StoreUnavailable(ContentError):
    """The store cannot be used now, or none was named: ``code`` says which."""

    def __init__(self, code: str, says: Sentence) -> None:
        super().__init__(code, says)


class Contents(Protocol):
    """The store of contents. Thread-safe, and shared by every process of the installation.

    Every call raises ``StoreUnavailable`` when the store cannot be reached, is full or was never named.
    """

    def draft(
        self, source: bytes | Iterable[bytes] | BinaryIO, key: ContentKey | None = None, *, most: int | None = None
    ) -> Incoming:
        """Take bytes in, whole or not at all: with ``key`` encrypted before any of them is written. Raises
        ``ContentTooLarge`` after ``most`` bytes, and whatever the source raises."""
        ...

    def keep(self, draft: Incoming) -> Stored:
        """Give a draft its place; what is kept already stays. Raises ``ContentMissing`` for one that is gone."""
        ...

    def discard(self, draft: Incoming) -> None:
        """Let go of a draft. One that is gone already is none."""
        ...

    def put(
        self, source: bytes | Iterable[bytes] | BinaryIO, key: ContentKey | None = None, *, most: int | None = None
    ) -> Stored:
        """Take bytes in and keep them, in one go."""
        ...

    def read(self, content: Stored | Incoming, key: ContentKey | None = None) -> Iterator[bytes]:
        """The bytes in order, in blocks. Raises at once ``ContentMissing``, ``ContentErased``, or ``ContentAltered``
        where there are more or fewer; instead of the last block, ``ContentAltered`` where they are not what was
        kept."""
        ...

    def open(self, content: Stored | Incoming, key: ContentKey | None = None) -> BinaryIO:
        """The bytes as a file to seek in. Read in this way an encrypted content is checked chunk by chunk, a plain one
        is not. Raises as ``read`` does."""
        ...

    def exists(self, content: Stored | Incoming) -> bool:
        """Whether something lies at its address."""
        ...

    def listed(self) -> Iterator[InStore]:
        """Everything that lies in the store, drafts too."""
        ...

    def delete(self, address: str) -> None:
        """Let go of what lies at an address that no event names."""
        ...
