"""Evidence at a server: files go in pieces, and on from where they stood when the line was cut."""

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from io import BufferedReader
from typing import Any, BinaryIO, Final, NamedTuple, TypeVar
from urllib.parse import quote

import msgspec

from domain.errors import CaseError
from domain.procedures.papers.evidence import ReceiveEvidence
from domain.sentence import sentence
from interfaces.cli.house import NotAvailable
from interfaces.cli.remote import ABSENT, WAITS, Remote, remote
from interfaces.cli.terminal import ProgressTold, Terminal

_PIECE_BYTES: Final = 8 << 20
"""How many bytes are sent at once: a piece that is cut is sent again whole."""

_PAUSES_SECONDS: Final = (0.2, 0.8, 2.0)
"""How long is waited each time that the line is cut; once more is too often."""

_PATIENCE_SECONDS: Final = 300.0
_CHECKING_SECONDS: Final = 3600.0

T = TypeVar("T")


class HandedIn(NamedTuple):
    """A file that is handed in: its bytes, its name, and whether it was said to hold personal data."""

    source: BufferedReader
    name: str
    personal_data: bool


def add(terminal: Terminal, file: HandedIn, request: ReceiveEvidence, resume: str | None) -> Any:
    """Upload a file, or what is missing of it, and receive it; how the piece stands, ``None`` where that waits for a
    second person. Of what is refused nothing is kept."""
    with remote(terminal) as server:
        with terminal.progress("evidence.uploading") as told:
            upload = _uploaded(terminal, server, file, request.subject, resume, told)
        body = msgspec.to_builtins(msgspec.structs.replace(request, upload=upload))
        said = {name: value for name, value in body.items() if name not in ("do", "subject") and value is not None}
        try:
            path = f"/subjects/{_part(request.subject)}/evidence"
            status, answer = _patiently(lambda: server.post(path, said, key=None, dry_run=False))
        except CaseError as error:
            if error.code != ABSENT:
                with suppress(CaseError):
                    server.delete(f"/uploads/{_part(upload)}")
            raise
        if status == WAITS:
            print("… receive_evidence · " + terminal.say("remote.waits", id=answer["id"]))
            return None
        return server.get(f"/evidence/{_part(upload)}")


def _uploaded(
    terminal: Terminal, server: Remote, file: HandedIn, subject: str, resume: str | None, told: ProgressTold
) -> str:
    """The id of an upload that is finished."""
    size, digest = os.fstat(file.source.fileno()).st_size, hashlib.file_digest(file.source, "sha256").hexdigest()
    if resume is None:
        begun = {"name": file.name, "size": size, "sha256": digest, "personal_data": file.personal_data}
        upload = str(server.post(f"/subjects/{_part(subject)}/uploads", begun, key=None, dry_run=False)[1]["id"])
    else:
        upload = resume
        known = server.get(f"/uploads/{_part(upload)}")
        if (known["subject"], known["size"], known["sha256"]) != (subject, size, digest):
            raise NotAvailable("other_upload", sentence("evidence.other_upload", upload=upload, name=known["name"]))
    try:
        _send(server, upload, file.source, size, told)
        path, body = f"/uploads/{_part(upload)}/finish", {"sha256": digest}
        _patiently(lambda: server.post(path, body, key=None, dry_run=False, timeout=_PATIENCE_SECONDS))
    except KeyboardInterrupt:
        terminal.error("evidence.upload_stopped", upload=upload)
        raise
    except NotAvailable as error:
        if error.code != ABSENT:
            raise
        raise NotAvailable("upload_cut", sentence("evidence.upload_cut", reason=error.says, upload=upload)) from None
    return upload


def _send(server: Remote, upload: str, source: BufferedReader, size: int, told: ProgressTold) -> None:
    """Send what the server has not got yet."""
    path = f"/uploads/{_part(upload)}"
    came = 0

    def send_on() -> None:
        nonlocal came
        came = int(server.get(path)["offset"])
        while came < size:
            told(came, size)
            source.seek(came)
            came = server.send_piece(path, came, source.read(_PIECE_BYTES), timeout=_PATIENCE_SECONDS)
        told(size, size)

    _patiently(send_on, lambda: came)


def listed(terminal: Terminal, subject: str, known_at: str | None) -> Any:
    """The evidence on a file, and what procedures still ask for."""
    with remote(terminal) as server:
        return server.get(f"/subjects/{_part(subject)}/evidence", known_at=known_at)


def write(terminal: Terminal, evidence: str, out: BinaryIO) -> str:
    """Write the file of a piece; the digest that it has on record."""
    path = f"/evidence/{_part(evidence)}"
    with remote(terminal) as server:
        digest = str(server.get(path)["digest"])
        tag = f'"{digest}"'
        _patiently(lambda: server.download_into(f"{path}/content", out, tag=tag, timeout=_PATIENCE_SECONDS), out.tell)
    return digest


def check(terminal: Terminal, subject: str | None, *, sweep: bool) -> Any:
    """Have a server read everything again. Raises ``NotAvailable`` for what is done at its store alone."""
    if subject is not None or sweep:
        raise NotAvailable("not_over_url", sentence("evidence.checked_at_the_store"))
    with remote(terminal) as server:
        return server.get("/evidence-check", timeout=_CHECKING_SECONDS)


def _patiently(act: Callable[[], T], done: Callable[[], int] = int) -> T:
    """Do what can be done again, until the line is cut too often. It counts anew where something was ``done``
    meanwhile."""
    cuts, before = 0, done()
    while True:
        try:
            return act()
        except NotAvailable as error:
            if done() > before:
                cuts, before = 0, done()
            if error.code != ABSENT or cuts == len(_PAUSES_SECONDS):
                raise
        time.sleep(_PAUSES_SECONDS[cuts])
        cuts += 1


def _part(text: str) -> str:
    """A part of a path."""
    return quote(text, safe="")
