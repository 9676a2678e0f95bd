"""Evidence: uploads in pieces, what is on a file, the bytes, and pages as pictures.

An upload is begun with what is known of the file; from then on it goes as tus 1.0.0 has it (https://tus.io): ``HEAD``
tells the offset, ``PATCH`` sends the next piece.
"""

import re
from collections.abc import Iterator
from typing import Final

from litestar import Controller
from litestar.params import JSONBody

from application.access.roles import PUBLIC
from application.papers.evidence import EvidenceCheck, EvidenceLine, EvidenceList, FoundEvidence
from application.papers.uploads import MOST_AT_ONCE, BeginUpload, FinishUpload, UploadStatus
from application.recording.outcomes import Outcome
from application.time_budget import check_time
from domain.errors import FieldProblem, Invalid
from domain.procedures.papers.evidence import MarkEvidence, ReceiveEvidence, WithdrawEvidence
from domain.sentence import sentence
from interfaces.contents.aside import page_picture
from interfaces.contents.sealed import CHUNK_BYTES
from interfaces.http.access.acting import whoever
from interfaces.http.asking import RequestHeader, bad_header
from interfaces.http.desk import HandledRequest
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, Writing, command, question
from interfaces.http.parameters import EvidenceId, KnownAt, PageNumber, SubjectId, UploadId
from interfaces.http.replying import NO_STORE, ROOT, Reply, reply, told_with
from interfaces.http.semantics.file_names import file_named
from interfaces.http.semantics.ranges import FileReply
from interfaces.masking import masks
from interfaces.wording.texts import Language, both, name

TUS: Final = "application/offset+octet-stream"
"""The media type of a piece of an upload."""

UPLOAD_OFFSET: Final = RequestHeader("Upload-Offset", "8388608", pattern="^[0-9]{1,15}$")
"""How much of a file has come already."""

_PIECE_TYPES: Final = (TUS, "application/octet-stream")
_RESUMABLE: Final = (b"tus-resumable", b"1.0.0")
# Nothing that is sent may run, nor be framed by another site.
_SANDBOX: Final = (
    (b"content-security-policy", b"sandbox; default-src 'none'; frame-ancestors 'self'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    NO_STORE,
)
_READ_FIRST: Final = 16 << 20
_READING_SECONDS: Final = 300.0
_CHECKING_SECONDS: Final = 3600.0
_ENDINGS: Final = {
    "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif", "image/webp": ".webp",
    "text/csv": ".csv", "text/plain": ".txt", "application/ofd": ".ofd",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}  # fmt: skip


class EvidenceAnswer(EvidenceList, frozen=True, kw_only=True):
    """The evidence on a file, with what its codes are called in the reader's language."""

    texts: dict[str, str]


class EvidenceController(Controller):
    """Evidence."""

    tags = ("evidence",)

    # --- uploads ------------------------------------------------------------------------------------------

    @command("/subjects/{subject}/uploads", "conflict", "erased", status=201)
    def begin_upload(self, subject: SubjectId, data: JSONBody[BeginUpload], *, acting: Writing) -> Reply[UploadStatus]:
        """Begin an upload."""
        acting.at.gate.permit(acting.by, ReceiveEvidence(subject=subject, upload=subject, kind="other"))
        status = acting.at.uploads.begin(subject, data, by=acting.by)
        place = (b"location", f"{ROOT}/uploads/{status.id}".encode())
        return reply(status, place, *_offset(status), status=201)

    @command(
        "/uploads/{upload}",
        "conflict",
        "invalid",
        "erased",
        "unsupported_media",
        method="PATCH",
        status=204,
        takes_file=True,
        file_types=_PIECE_TYPES,
        most_bytes=MOST_AT_ONCE,
    )
    def append_upload(self, upload: UploadId, *, acting: Writing) -> Reply[None]:
        """Send the next piece of an upload."""
        offset = _asked_offset(acting.asked)
        status = acting.at.uploads.append(upload, offset, acting.asked.body, by=acting.by)
        return Reply(204, b"", _offset(status))

    @question("/uploads/{upload}", "not_found", is_of_the_primary=True)
    def get_upload(self, upload: UploadId, *, caller: Asking) -> Reply[UploadStatus]:
        """How an upload stands."""
        status = caller.at.uploads.get(upload, by=whoever(caller))
        return reply(status, *_offset(status), NO_STORE)

    @command("/uploads/{upload}/finish", "conflict", "erased", status=200)
    def finish_upload(self, upload: UploadId, data: JSONBody[FinishUpload], *, acting: Writing) -> Reply[UploadStatus]:
        """Finish an upload."""
        return reply(acting.at.uploads.finish(upload, data.sha256, by=acting.by))

    @command("/uploads/{upload}", method="DELETE", status=204)
    def cancel_upload(self, upload: UploadId, *, acting: Writing) -> Reply[None]:
        """Let go of an upload."""
        acting.at.uploads.cancel(upload, by=acting.by)
        return Reply(204, b"", [_RESUMABLE])

    # --- on a file ----------------------------------------------------------------------------------------

    @command("/subjects/{subject}/evidence")
    def receive_evidence(
        self, subject: SubjectId, data: JSONBody[ReceiveEvidence], *, recording: Writing
    ) -> Reply[Outcome]:
        """Receive an upload as evidence."""
        return recording.submit(data)

    @command("/evidence/{evidence}/mark")
    def mark_evidence(
        self, evidence: EvidenceId, data: JSONBody[MarkEvidence], *, recording: Writing
    ) -> Reply[Outcome]:
        """Mark evidence."""
        return recording.submit(data)

    @command("/evidence/{evidence}/withdrawal")
    def withdraw_evidence(
        self, evidence: EvidenceId, data: JSONBody[WithdrawEvidence], *, recording: Writing
    ) -> Reply[Outcome]:
        """Withdraw evidence."""
        return recording.submit(data)

    @question("/subjects/{subject}/evidence", *ABOUT_SUBJECT, is_of_the_primary=True)
    def get_evidence_list(
        self, subject: SubjectId, known_at: KnownAt = None, *, asked: Asking
    ) -> Reply[EvidenceAnswer]:
        """The evidence on a file."""
        found = asked.at.evidence.of_file(subject, known_at=known_at)
        return told_with(found, evidence_texts(found, asked.language), NO_STORE)

    @question("/evidence/{evidence}", *ABOUT_SUBJECT, is_of_the_primary=True)
    def get_evidence(self, evidence: EvidenceId, *, asked: Asking) -> Reply[EvidenceLine]:
        """One piece of evidence."""
        return reply(asked.at.evidence.one(evidence).line, NO_STORE)

    @question(
        "/evidence/{evidence}/content",
        *ABOUT_SUBJECT,
        "erased",
        "damaged",
        files=("application/octet-stream",),
        sends_parts=True,
        is_of_the_primary=True,
        is_plain=True,
        seconds=_READING_SECONDS,
    )
    def get_evidence_content(self, evidence: EvidenceId, *, asked: Asking) -> Reply[str]:
        """The file itself, as it was handed in."""
        found = seen(asked, evidence)
        headers = (*_SANDBOX, _attachment(found.line))
        media, size = found.line.media.encode(), found.line.size
        pieces, digest = asked.at.evidence.read(found), found.line.digest
        if size <= _READ_FIRST:
            return FileReply(b"".join(pieces), headers, media, digest)
        # An altered file is refused before anything is sent of it.
        for _ in pieces:
            check_time()

        def read(first: int, length: int) -> Iterator[bytes]:
            if length == size:
                # Checked once more while it is sent.
                yield from asked.at.evidence.read(found)
                return
            with asked.at.evidence.open(found) as file:
                file.seek(first)
                while length and (piece := file.read(min(length, CHUNK_BYTES))):
                    length -= len(piece)
                    yield piece

        return FileReply(read, headers, media, digest, size)

    @question(
        "/evidence/{evidence}/pages/{page}",
        *ABOUT_SUBJECT,
        "erased",
        "damaged",
        files=("image/png",),
        is_of_the_primary=True,
        is_plain=True,
        seconds=_READING_SECONDS,
    )
    def get_evidence_page(self, evidence: EvidenceId, page: PageNumber, *, asked: Asking) -> Reply[str]:
        """A page as a picture."""
        found = seen(asked, evidence)
        if not found.line.shown and not found.line.erased:
            raise Invalid((FieldProblem("", "no_preview", sentence("evidence.no_preview")),))
        asked.at.evidence.verify(found)
        with asked.at.evidence.open(found) as file:
            return Reply(200, page_picture(file, found.line.media, page), _SANDBOX, b"image/png")

    @question("/evidence-check", is_of_the_primary=True, is_long=True, seconds=_CHECKING_SECONDS)
    def check_evidence(self, *, caller: Asking) -> Reply[EvidenceCheck]:
        """Read everything again."""
        return reply(caller.at.evidence.check(progress=lambda _: check_time()), NO_STORE)


def seen(asked: HandledRequest, evidence: str) -> FoundEvidence:
    """A piece whose bytes whoever asks may see. Raises ``Forbidden`` for personal data that are not for their role: the
    redacted copy is."""
    found = asked.at.evidence.one(evidence)
    caller, line = asked.caller, found.line
    if caller.is_walled and line.personal_data and line.redacts is None:
        role = caller.principal.role or PUBLIC
        if not masks().table.of("person").is_shown(role, has_purpose=asked.purpose is not None):
            raise asked.at.gate.table.forbidden(role, "get_evidence_content", "personal_data")
    return found


def evidence_texts(found: EvidenceList, language: Language) -> dict[str, str]:
    """What the codes of an answer are called."""
    kinds = {f"kind:{line.kind}": name("evidence.kind", line.kind, language) for line in found.evidence}
    papers = {
        f"paper:{paper.code}": name("evidence.paper", paper.code, language)
        for listed in found.checklists
        for paper in listed.papers
    }
    return {**kinds, **papers}


def _asked_offset(asked: HandledRequest) -> int:
    sent = asked.headers.get(UPLOAD_OFFSET.key, b"")
    if not re.fullmatch(rb"[0-9]{1,15}", sent):
        raise bad_header(UPLOAD_OFFSET, both("requests.upload_offset"))
    return int(sent)


def _offset(status: UploadStatus) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (UPLOAD_OFFSET.key, b"%d" % status.offset),
        (b"upload-length", b"%d" % status.size),
        (b"upload-expires", status.expires_at.encode()),
        _RESUMABLE,
    )


def _attachment(line: EvidenceLine) -> tuple[bytes, bytes]:
    """It is saved, and never opened in its place; under its title, with the ending of what it is."""
    title = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", line.title).strip(". ") or line.evidence
    ending = _ENDINGS.get(line.media, "")
    named = title if title.lower().endswith((ending, ".jpeg", ".tiff")) else title + ending
    return file_named(named, f"{line.evidence}{ending}")
