"""Uploads: files on their way in, piece by piece, resumed by whoever began them, and looked at before they count.

The bytes go to the store of contents as they come, about a person under the person's key; what is known of an upload is
kept beside the journal until it is received as evidence, or has expired.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, BinaryIO, Final, Protocol

import msgspec

from application.papers.contents import (
    ContentKey,
    ContentKeys,
    ContentMissing,
    Contents,
    ContentTooLarge,
    Incoming,
    Stored,
)
from application.ports import Clock, Ids, Journal
from application.principal import Principal, in_whose_name
from domain.errors import Conflict, FieldProblem, Invalid, NotFound
from domain.procedures.papers.evidence import TakenIn
from domain.sentence import Sentence, sentence
from domain.time import Instant, iso_utc
from domain.values import RULE, is_blank, nfc
from domain.vocabulary import PERSONS

MOST_AT_ONCE: Final = 16 << 20
"""Most bytes of one piece of an upload."""

MOST_BYTES_SHIPPED: Final = 200 << 20
"""Most bytes of a piece of evidence, unless it is set otherwise."""

_LEAST_AT_ONCE: Final = 64 << 10
_MOST_OPEN: Final = 100
_MOST_NAME: Final = 200
_HOUR: Final = 3_600_000_000
_UNFINISHED_FOR: Final = 24 * _HOUR
_FINISHED_FOR: Final = 7 * 24 * _HOUR
_UNSEEN: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]")


class BeginUpload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Begin to upload a file of ``size`` bytes; ``sha256`` is its digest where it is known by now.

    ``personal_data`` says that personal data stand in it: it is encrypted before it is written. On the file of a person
    everything is.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=1000, extra={RULE: "whole"})]
    size: Annotated[int, msgspec.Meta(ge=0)]
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")] | None = None
    personal_data: bool = False


class FinishUpload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Finish an upload: ``sha256`` is the digest of the whole file."""

    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class Inspected(msgspec.Struct, frozen=True, kw_only=True):
    """What a file was found to be: its media type, and how many pages it has where it has any."""

    media: str
    pages: int | None = None


class KeptUpload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An upload as it is kept: ``offset`` bytes of ``size`` have come, in ``parts``; ``done`` once it was looked at."""

    id: str
    by: str
    subject: str
    name: str
    size: int
    expires_at: Instant
    personal_data: bool = False
    is_sealed: bool = False
    sha256: str | None = None
    offset: int = 0
    parts: tuple[Incoming, ...] = ()
    done: TakenIn | None = None


class UploadStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How an upload stands: ``offset`` of ``size`` bytes have come. ``finished`` once it was looked at, ``sha256`` its
    digest, ``media`` and ``pages`` what it was found to be."""

    id: str
    subject: str
    name: str
    size: int
    offset: int
    expires_at: str
    personal_data: bool
    finished: bool
    sha256: str | None
    media: str | None
    pages: int | None


class UploadStore(Protocol):
    """Keeps what is known of uploads. Thread-safe."""

    def create(self, upload: KeptUpload) -> None:
        """Keep a new one."""
        ...

    def get(self, id: str) -> KeptUpload | None:
        """One of them."""
        ...

    def put(self, upload: KeptUpload, *, was_at: int) -> bool:
        """Put what is known of one in the place of what was, unless its offset has moved on meanwhile."""
        ...

    def delete(self, id: str) -> None:
        """Forget one."""
        ...

    def open_of(self, by: str) -> int:
        """How many unfinished ones somebody has."""
        ...

    def expired(self, now: Instant) -> Sequence[KeptUpload]:
        """Those that have expired."""
        ...

    def addresses(self) -> Iterator[str]:
        """Where the bytes of all of them lie."""
        ...

    def keep_sm3(self, address: str, sm3: str) -> None:
        """Note the SM3 of a content beside its SHA-256."""
        ...

    def sm3_of(self, addresses: Sequence[str]) -> dict[str, str]:
        """The SM3 of contents, as far as it is known."""
        ...

    def without_sm3(self, limit: int) -> Sequence[KeptUpload]:
        """Finished ones whose SM3 is not known yet."""
        ...


Inspect = Callable[[BinaryIO, str, int], Inspected]
"""Looks at a file: its bytes, its name, its size. Raises ``Invalid`` for what may not be taken in."""

Sm3Of = Callable[[Iterable[bytes]], str | None]
"""The hex SM3 of bytes; ``None`` where it is not to be had here."""


class Uploads:
    """The use case of uploading. Safe to share between threads and processes."""

    def __init__(
        self,
        journal: Journal,
        keys: ContentKeys,
        contents: Callable[[], Contents],
        store: UploadStore,
        clock: Clock,
        ids: Ids,
        inspect: Inspect,
        sm3: Sm3Of,
        most: int | None = None,
    ) -> None:
        """``contents`` gives the store of contents, and raises where none is named; ``most`` is how many bytes a file
        may have."""
        self._journal = journal
        self._keys = keys
        self._contents = contents
        self._store = store
        self._clock = clock
        self._ids = ids
        self._inspect = inspect
        self._sm3 = sm3
        self.most = MOST_BYTES_SHIPPED if most is None else most

    # --- coming in ----------------------------------------------------------------------------------------

    def begin(self, subject: str, asked: BeginUpload, *, by: Principal) -> UploadStatus:
        """Begin an upload to a file. Raises ``NotFound`` for no file, ``ContentTooLarge``, ``Invalid`` for a name that
        is none or an empty file, ``Conflict`` for somebody who left too many unfinished."""
        name = cleaned(asked.name)
        if asked.size == 0:
            raise _bad("/size", "empty_file", sentence("evidence.upload.empty"))
        if asked.size > self.most:
            raise ContentTooLarge(self.most)
        case = self._journal.file(subject)
        if case.kind is None:
            raise NotFound("subject", subject)
        self._contents()
        if self._store.open_of(by.name) >= _MOST_OPEN:
            raise Conflict("too_many_uploads", sentence("evidence.upload.too_many", most=_MOST_OPEN))
        is_personal = asked.personal_data or case.kind in PERSONS
        upload = KeptUpload(
            id=self._ids.new(),
            by=by.name,
            subject=subject,
            name=name,
            size=asked.size,
            expires_at=self._clock.now() + _UNFINISHED_FOR,
            personal_data=is_personal,
            is_sealed=is_personal,
            sha256=asked.sha256,
        )
        if upload.is_sealed:
            self._keys.content_key(subject, make=True).sealer(bytes(32))
        self._store.create(upload)
        return _told(upload)

    def get(self, id: str, *, by: Principal) -> UploadStatus:
        """How an upload stands. Raises ``NotFound`` for one of somebody else, or that has expired."""
        return _told(self._own(id, by))

    def append(self, id: str, offset: int, piece: bytes | Iterable[bytes] | BinaryIO, *, by: Principal) -> UploadStatus:
        """Take in the bytes from an offset on. Raises ``Conflict`` (``offset_differs``) for another one than has come
        so far, and ``ContentTooLarge`` for more than the file was said to have."""
        upload = self._own(id, by)
        if upload.offset != offset or upload.done is not None:
            raise _elsewhere(upload)
        left = upload.size - offset
        if isinstance(piece, bytes) and len(piece) < min(left, _LEAST_AT_ONCE):
            raise _bad("", "too_little", sentence("evidence.upload.too_little", least=_LEAST_AT_ONCE))
        contents, key = self._contents(), self._key(upload, make=True)
        try:
            part = contents.draft(piece, key, most=left)
        except ContentTooLarge:
            says = sentence("evidence.upload.more_than_told", size=upload.size, offset=offset)
            raise ContentTooLarge(upload.size, says) from None
        moved = msgspec.structs.replace(
            upload,
            offset=offset + part.size,
            parts=(*upload.parts, part),
            expires_at=self._clock.now() + _UNFINISHED_FOR,
        )
        if not self._store.put(moved, was_at=offset):
            contents.discard(part)
            raise _elsewhere(self._own(id, by))
        return _told(moved)

    def finish(self, id: str, sha256: str, *, by: Principal) -> UploadStatus:
        """Finish an upload: its bytes are held against the digest and looked at. Finished again it is told as it was.

        Raises ``Conflict`` where bytes are missing (``upload_incomplete``) or are others (``digest_differs``), and
        ``Invalid`` for what may not be taken in: of either nothing is left.
        """
        upload = self._own(id, by)
        if upload.done is not None:
            if upload.done.digest != sha256:
                says = sentence("evidence.upload.finished_otherwise", expected=sha256, found=upload.done.digest)
                raise Conflict("digest_differs", says)
            return _told(upload)
        if upload.offset < upload.size:
            says = sentence("evidence.upload.incomplete", offset=upload.offset, size=upload.size)
            raise Conflict("upload_incomplete", says)
        try:
            return self._finished(upload, sha256)
        except ContentMissing:
            # Somebody else has finished it meanwhile.
            upload = self._own(id, by)
            if upload.done is None:
                raise
            return _told(upload)

    def _finished(self, upload: KeptUpload, sha256: str) -> UploadStatus:
        contents, key = self._contents(), self._key(upload)
        whole = self._joined(contents, upload, key)
        try:
            for expected in (sha256, upload.sha256):
                if expected is not None and whole.digest != expected:
                    raise _other_bytes(expected, whole.digest)
            with contents.open(whole, key) as file:
                found = self._inspect(file, upload.name, whole.size)
        except (Conflict, Invalid):
            self._forget(contents, upload, whole)
            raise
        kept = contents.keep(whole)
        done = msgspec.structs.replace(
            upload,
            parts=(),
            expires_at=self._clock.now() + _FINISHED_FOR,
            done=TakenIn(
                upload=upload.id,
                name=upload.name,
                digest=kept.digest,
                size=kept.size,
                media=found.media,
                address=kept.address,
                personal_data=upload.personal_data,
                pages=found.pages,
            ),
        )
        if not self._store.put(done, was_at=upload.offset):
            raise ContentMissing(whole.address)
        for part in upload.parts:
            contents.discard(part)
        return _told(done)

    def cancel(self, id: str, *, by: Principal) -> None:
        """Let go of an upload that was not received."""
        upload = self._own(id, by)
        self._let_go(upload)

    def take(
        self,
        subject: str,
        name: str,
        source: bytes | Iterable[bytes] | BinaryIO,
        size: int,
        *,
        by: Principal,
        personal_data: bool = False,
    ) -> UploadStatus:
        """A whole file in one go."""
        begun = self.begin(subject, BeginUpload(name=name, size=size, personal_data=personal_data), by=by)
        try:
            came = self.append(begun.id, 0, source, by=by)
            return self.finish(begun.id, self._own(came.id, by).parts[0].digest, by=by)
        except BaseException:
            upload = self._store.get(begun.id)
            if upload is not None and upload.done is None:
                self._let_go(upload)
            raise

    # --- what came in -------------------------------------------------------------------------------------

    def taken_in(self, id: str, subject: str, *, by: Principal) -> TakenIn:
        """A finished upload to a file, to be received. Raises ``NotFound``, and ``Conflict`` for an unfinished one."""
        upload = self._own(id, by)
        if upload.subject != self._journal.home_of(upload.subject) or upload.subject != subject:
            raise NotFound("upload", id)
        if upload.done is None:
            raise Conflict(
                "upload_incomplete", sentence("evidence.upload.incomplete", offset=upload.offset, size=upload.size)
            )
        return upload.done

    def encrypted(self, content: Stored, file: str) -> str:
        """Where a content lies once it is encrypted under the key of a file."""
        if content.address.startswith("keyed/"):
            return content.address
        contents = self._contents()
        return contents.put(contents.read(content), self._keys.content_key(file, make=True)).address

    # --- in the background --------------------------------------------------------------------------------

    def tend(self) -> None:
        """Let go of what has expired, and note the SM3 of what came in."""
        for upload in self._store.expired(self._clock.now()):
            self._let_go(upload)
        for upload in self._store.without_sm3(20):
            if upload.done is not None:
                self.note_sm3(_stored(upload.done), self._key(upload))

    def note_sm3(self, content: Stored, key: ContentKey | None) -> None:
        """Note the SM3 of a content."""
        found = self._sm3(self._contents().read(content, key))
        if found is not None:
            self._store.keep_sm3(content.address, found)

    def _own(self, id: str, by: Principal) -> KeptUpload:
        upload = self._store.get(id)
        if upload is None or upload.by != in_whose_name(by.name) or upload.expires_at <= self._clock.now():
            raise NotFound("upload", id)
        return upload

    def _key(self, upload: KeptUpload, *, make: bool = False) -> ContentKey | None:
        return self._keys.content_key(upload.subject, make=make) if upload.is_sealed else None

    def _joined(self, contents: Contents, upload: KeptUpload, key: ContentKey | None) -> Incoming:
        """The bytes of an upload as one content."""
        if len(upload.parts) == 1:
            return upload.parts[0]
        return contents.draft(itertools.chain.from_iterable(contents.read(part, key) for part in upload.parts), key)

    def _forget(self, contents: Contents, upload: KeptUpload, whole: Incoming) -> None:
        for part in {whole, *upload.parts}:
            contents.discard(part)
        self._store.delete(upload.id)

    def _let_go(self, upload: KeptUpload) -> None:
        """What was received stays; a plain content may be that of another piece, too: it waits for whoever sweeps."""
        contents = self._contents()
        for part in upload.parts:
            contents.discard(part)
        done = upload.done
        if done is not None and upload.is_sealed and self._journal.owner_of(upload.id) is None:
            contents.delete(done.address)
        self._store.delete(upload.id)


def cleaned(name: str) -> str:
    """The name of a file without its folders and without characters that nobody sees. Raises ``Invalid`` where nothing
    is left, or more than a name may have."""
    base = nfc(_UNSEEN.sub("", re.split(r"[/\\]", name)[-1])).strip()
    if is_blank(base) or not base.strip(". "):
        raise _bad("/name", "no_name", sentence("evidence.upload.no_name"))
    if len(base) > _MOST_NAME:
        raise _bad("/name", "name_too_long", sentence("evidence.upload.name_too_long", most=_MOST_NAME))
    return base


def _told(upload: KeptUpload) -> UploadStatus:
    """How an upload stands."""
    done = upload.done
    return UploadStatus(
        id=upload.id,
        subject=upload.subject,
        name=upload.name,
        size=upload.size,
        offset=upload.offset,
        expires_at=iso_utc(upload.expires_at),
        personal_data=upload.personal_data,
        finished=done is not None,
        sha256=upload.sha256 if done is None else done.digest,
        media=None if done is None else done.media,
        pages=None if done is None else done.pages,
    )


def _stored(done: TakenIn) -> Stored:
    return Stored(address=done.address, digest=done.digest, size=done.size)


def _bad(pointer: str, code: str, says: Sentence) -> Invalid:
    return Invalid((FieldProblem(pointer, code, says),))


def _elsewhere(upload: KeptUpload) -> Conflict:
    return Conflict("offset_differs", sentence("evidence.upload.offset_differs", offset=upload.offset))


def _other_bytes(expected: str, found: str) -> Conflict:
    return Conflict("digest_differs", sentence("evidence.upload.digest_differs", expected=expected, found=found))
