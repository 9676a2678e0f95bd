"""``evidence``: taken in, listed, written out, read again; in the journal that is open here or at a server."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from application.principal import Principal
from application.recording.commands import request_from
from domain.errors import CaseError
from domain.procedures.papers.evidence import ReceiveEvidence
from domain.sentence import sentence
from interfaces.cli import arguments as given
from interfaces.cli.house import NotAvailable
from interfaces.cli.terminal import DID_NOT_HOLD, EndCommand, ProgressTold, Terminal, reason_of
from interfaces.files import private_files

_BLOCK: Final = 1 << 20
_TO_COME: Final = "00000000-0000-4000-8000-000000000000"
"""Stands for the id of an upload before there is one."""


def add(
    terminal: Terminal,
    subject: str,
    file: Path,
    fields: Mapping[str, str | None],
    by: Principal,
    *,
    resume: str | None,
    personal_data: bool,
    as_json: bool,
) -> None:
    """Upload a file and receive it; of what is refused nothing is kept.

    ``resume`` is an upload to a server that was cut. Raises ``NotAvailable`` for a file that cannot be read.
    """
    said = {name: value for name, value in fields.items() if value is not None}
    # What is said of it is looked at before anything is sent.
    request = request_from(ReceiveEvidence, {"subject": subject, "upload": resume or _TO_COME, **said})
    try:
        with file.open("rb") as source:
            if terminal.settings.url is not None:
                from interfaces.cli.commands.papers import evidence_at_server

                handed_in = evidence_at_server.HandedIn(source, file.name, personal_data=personal_data)
                found = evidence_at_server.add(terminal, handed_in, request, resume)
            elif resume is not None:
                given.bad("/resume", "evidence.resumed_at_server")
            else:
                found = _added(terminal, file.name, source, request, by, personal_data=personal_data)
    except OSError as error:
        raise _unusable(file, error) from None
    if found is None:
        return
    if as_json:
        terminal.json(found)
    else:
        told = terminal.say("evidence.added", evidence=found["evidence"], title=found["title"], digest=found["digest"])
        print(told)


def _added(
    terminal: Terminal,
    name: str,
    source: BinaryIO,
    request: ReceiveEvidence,
    by: Principal,
    *,
    personal_data: bool,
) -> Any:
    size = os.fstat(source.fileno()).st_size
    with terminal.house.open(terminal.settings) as product:
        with terminal.progress("evidence.uploading") as told:
            blocks = _blocks(source, size, told)
            upload = product.uploads.take(request.subject, name, blocks, size, by=by, personal_data=personal_data)
        try:
            product.casework.submit(msgspec.structs.replace(request, upload=upload.id), by=by)
        except CaseError:
            product.uploads.cancel(upload.id, by=by)
            raise
        return msgspec.to_builtins(product.evidence.one(upload.id).line)


def list_(terminal: Terminal, subject: str, known_at: str | None, *, as_json: bool) -> None:
    """Show what is on a file, and what procedures still ask for."""
    moment = given.moment_given(known_at)
    if terminal.settings.url is not None:
        from interfaces.cli.commands.papers import evidence_at_server

        found = evidence_at_server.listed(terminal, subject, known_at)
    else:
        with terminal.reading() as product:
            found = msgspec.to_builtins(product.evidence.of_file(subject, known_at=moment))
    if as_json:
        terminal.json(found)
    else:
        _print(terminal, found)


def get(terminal: Terminal, evidence: str, file: Path) -> None:
    """Write a piece beside its place and put it there when it is whole and what was received; never overwrites."""
    if file.exists():
        raise NotAvailable("file_exists", sentence("cli.file_exists", file=file))
    if terminal.settings.url is not None:
        from interfaces.cli.commands.papers import evidence_at_server

        size = _written(file, lambda out: evidence_at_server.write(terminal, evidence, out))
    else:
        size = _written(file, lambda out: _write(terminal, evidence, out))
    print(terminal.say("evidence.written", file=file, size=size))


def _write(terminal: Terminal, evidence: str, out: BinaryIO) -> str:
    with terminal.reading() as product:
        found = product.evidence.one(evidence)
        out.writelines(product.evidence.read(found))
    return found.line.digest


def _written(file: Path, write: Callable[[BinaryIO], str]) -> int:
    """Write a new file, whole or not at all; how many bytes it has. ``write`` says which digest they must have."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with private_files.create(draft) as out:
            digest = write(out)
            out.flush()
            os.fsync(out.fileno())
            size = out.tell()
        with draft.open("rb") as came:
            found = hashlib.file_digest(came, "sha256").hexdigest()
        if found != digest:
            raise NotAvailable("altered", sentence("evidence.came_otherwise", expected=digest, found=found))
        os.link(draft, file)
    except OSError as error:
        raise _unusable(file, error) from None
    finally:
        draft.unlink(missing_ok=True)
    return size


def check(terminal: Terminal, subject: str | None, *, sweep: bool, as_json: bool) -> None:
    """Read everything again; raise ``EndCommand`` where something is missing or altered."""
    with terminal.progress("evidence.checking") as told:
        if terminal.settings.url is not None:
            from interfaces.cli.commands.papers import evidence_at_server

            found = evidence_at_server.check(terminal, subject, sweep=sweep)
        else:
            with terminal.house.open(terminal.settings) as product:
                looked = product.evidence.check(subject, sweep=sweep, progress=lambda done: told(done, None))
            found = msgspec.to_builtins(looked)
    if as_json:
        terminal.json(found)
    else:
        _print_check(terminal, found)
    if found["faults"]:
        raise EndCommand(DID_NOT_HOLD)


def _print(terminal: Terminal, found: Any) -> None:
    for line in found["evidence"]:
        marks = [
            terminal.say(f"evidence.mark.{code}")
            for code, holds in (
                ("personal", line["personal_data"]),
                ("copy", line["redacts"] is not None),
                ("withdrawn", line["withdrawn"] is not None),
                ("erased", line["erased"]),
            )
            if holds
        ]
        kind = terminal.name("evidence.kind", line["kind"])
        # A title that says something of a person is not told to everybody.
        print(
            "  ".join((line["evidence"], line["received_on"], kind, line.get("title", "—"), str(line["size"]), *marks))
        )
        print(f"    SHA-256 {line['digest']}" + ("" if line["sm3"] is None else f"  SM3 {line['sm3']}"))
    if not found["evidence"]:
        terminal.note("evidence.nothing")
    for asked in found["checklists"]:
        for paper in asked["papers"]:
            if not paper["evidence"]:
                what = terminal.name("evidence.paper", paper["code"])
                print(terminal.say("evidence.lacking", record=asked["record"], paper=what))


def _print_check(terminal: Terminal, found: Any) -> None:
    for fault in found["faults"]:
        what = terminal.name("evidence.fault", fault["fault"])
        terminal.error("evidence.faulty", subject=fault["subject"], evidence=fault["evidence"], what=what)
    print(terminal.say("evidence.checked", checked=found["checked"], bytes=found["bytes"], erased=found["erased"]))
    if found["orphans"]:
        if found["swept"]:
            print(terminal.say("evidence.swept", number=found["swept"]))
        else:
            print(terminal.say("evidence.orphans", number=found["orphans"]))


def _unusable(file: Path, error: OSError) -> NotAvailable:
    return NotAvailable("file_unusable", sentence("cli.file_unusable", file=file, reason=reason_of(error)))


def _blocks(source: BinaryIO, size: int, told: ProgressTold) -> Iterator[bytes]:
    done = 0
    while block := source.read(_BLOCK):
        done += len(block)
        told(done, size)
        yield block
