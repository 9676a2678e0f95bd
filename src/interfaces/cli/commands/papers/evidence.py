"""``evidence``: taken in, listed, written out, read again."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from application.papers.evidence import EvidenceCheck, EvidenceList
from application.recording.commands import command_from
from domain.sentence import sentence
from interfaces.cli import arguments as given
from interfaces.cli.commands.recording import principal
from interfaces.cli.house import NotAvailable
from interfaces.cli.terminal import DID_NOT_HOLD, EndCommand, ProgressTold, Terminal, reason_of
from interfaces.files import private_files

_BLOCK = 1 << 20


def add(
    terminal: Terminal,
    subject: str,
    file: Path,
    fields: Mapping[str, str | None],
    actor: str | None,
    *,
    personal_data: bool,
    as_json: bool,
) -> None:
    """Upload a file and receive it. Raises ``NotAvailable`` for one that cannot be read."""
    by = principal(actor)
    with terminal.house.open(terminal.settings) as product:
        try:
            with file.open("rb") as source, terminal.progress("evidence.uploading") as told:
                size = os.fstat(source.fileno()).st_size
                blocks = _blocks(source, size, told)
                upload = product.uploads.take(subject, file.name, blocks, size, by=by, personal_data=personal_data)
        except OSError as error:
            raise NotAvailable(
                "file_unusable", sentence("cli.file_unusable", file=file, reason=reason_of(error))
            ) from None
        received = {name: value for name, value in fields.items() if value is not None}
        command = command_from({"subject": subject, "upload": upload.id, **received}, name="receive_evidence")
        product.casework.submit(command, by=by)
        found = product.evidence.one(upload.id).line
        if as_json:
            terminal.json(found)
        else:
            print(terminal.say("evidence.added", evidence=found.evidence, title=found.title, digest=found.digest))


def list_(terminal: Terminal, subject: str, known_at: str | None, *, as_json: bool) -> None:
    """Show what is on a file, and what procedures still ask for."""
    with terminal.reading() as product:
        found = product.evidence.of_file(subject, known_at=given.moment_given(known_at))
        if as_json:
            terminal.json(found)
        else:
            _print(terminal, found)


def get(terminal: Terminal, evidence: str, file: Path) -> None:
    """Write a piece beside its place and put it there when it is whole and what was received; never overwrites."""
    with terminal.reading() as product:
        if file.exists():
            raise NotAvailable("file_exists", sentence("cli.file_exists", file=file))
        found = product.evidence.one(evidence)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            with private_files.create(draft) as out:
                for block in product.evidence.read(found):
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
            os.link(draft, file)
        except OSError as error:
            raise NotAvailable(
                "file_unusable", sentence("cli.file_unusable", file=file, reason=reason_of(error))
            ) from None
        finally:
            draft.unlink(missing_ok=True)
        print(terminal.say("evidence.written", file=file, size=found.line.size))


def check(terminal: Terminal, subject: str | None, *, sweep: bool, as_json: bool) -> None:
    """Read everything again; raise ``EndCommand`` where something is missing or altered."""
    with terminal.house.open(terminal.settings) as product, terminal.progress("evidence.checking") as told:
        found = product.evidence.check(subject, sweep=sweep, progress=lambda done: told(done, None))
    if as_json:
        terminal.json(found)
    else:
        _print_check(terminal, found)
    if found.faults:
        raise EndCommand(DID_NOT_HOLD)


def _print(terminal: Terminal, found: EvidenceList) -> None:
    for line in found.evidence:
        marks = [
            terminal.say(f"evidence.mark.{code}")
            for code, holds in (
                ("personal", line.personal_data),
                ("copy", line.redacts is not None),
                ("withdrawn", line.withdrawn is not None),
                ("erased", line.erased),
            )
            if holds
        ]
        kind = terminal.name("evidence.kind", line.kind)
        print("  ".join((line.evidence, str(line.received_on), kind, line.title, str(line.size), *marks)))
        print(f"    SHA-256 {line.digest}" + ("" if line.sm3 is None else f"  SM3 {line.sm3}"))
    if not found.evidence:
        terminal.note("evidence.nothing")
    for asked in found.checklists:
        for paper in asked.papers:
            if not paper.evidence:
                what = terminal.name("evidence.paper", paper.code)
                print(terminal.say("evidence.lacking", record=asked.record, paper=what))


def _print_check(terminal: Terminal, found: EvidenceCheck) -> None:
    for fault in found.faults:
        what = terminal.name("evidence.fault", fault.fault)
        terminal.error("evidence.faulty", subject=fault.subject, evidence=fault.evidence, what=what)
    print(terminal.say("evidence.checked", checked=found.checked, bytes=found.bytes, erased=found.erased))
    if found.orphans:
        if found.swept:
            print(terminal.say("evidence.swept", number=found.swept))
        else:
            print(terminal.say("evidence.orphans", number=found.orphans))


def _blocks(source: BinaryIO, size: int, told: ProgressTold) -> Iterator[bytes]:
    done = 0
    while block := source.read(_BLOCK):
        done += len(block)
        told(done, size)
        yield block
