"""``verify``, ``journal export``, ``journal import`` and ``journal parquet``."""

import os
import sys
from pathlib import Path
from typing import Final, NoReturn

from domain.sentence import sentence
from interfaces.cli.house import NotAvailable, VerifiedJournal
from interfaces.cli.terminal import DID_NOT_HOLD, EndCommand, Terminal, reason_of
from interfaces.files import private_files

_STANDARD_OUTPUT: Final = Path("-")


def export(terminal: Terminal, file: Path) -> None:
    """Write the journal beside its place and put it there when whole. Raises ``NotAvailable``; never overwrites."""
    if file == _STANDARD_OUTPUT:
        events = terminal.house.export_journal(terminal.settings, sys.stdout.buffer, lambda _: None)
        sys.stdout.buffer.flush()
        terminal.note("journal.events_exported", events=events)
        return
    if file.exists():
        raise NotAvailable("file_exists", sentence("cli.file_exists", file=file))
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with private_files.create(draft) as out, terminal.progress("journal.exporting") as told:
            events = terminal.house.export_journal(terminal.settings, out, lambda done: told(done, None))
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)
    except OSError as error:
        _unusable(file, error)
    finally:
        draft.unlink(missing_ok=True)
    print(terminal.say("journal.events_exported_to", events=events, file=file))


def verify(terminal: Terminal, *, as_json: bool) -> None:
    """Check the journal's seals and order; raise ``Stop`` when they do not hold, or an event cannot be read."""
    with terminal.progress("journal.checking_seals") as told:
        found = terminal.house.verify_journal(terminal.settings, lambda done: told(done, None))
    if as_json:
        terminal.json(found._asdict())
    else:
        _print_verified(terminal, found)
    if found.fault is not None or found.unreadable:
        raise EndCommand(DID_NOT_HOLD)


def _print_verified(terminal: Terminal, found: VerifiedJournal) -> None:
    say = terminal.say
    for stream, version, position, tag in found.unreadable:
        print(
            say(
                "journal.unreadable",
                position=position,
                stream=stream,
                version=version,
                tag=tag,
            )
        )
    if found.fault is None:
        print(
            say(
                "journal.sealed",
                events=found.events,
            )
        )
        return
    fault = say(f"journal.fault.{found.fault}")
    print(
        say(
            "journal.broken",
            broken_at=found.broken_at,
            stream=found.stream,
            version=found.version,
            fault=fault,
            events=found.events,
        )
    )


def import_(terminal: Terminal, file: Path) -> None:
    """Read an exported journal into an empty one."""
    try:
        opened = file.open("rb")
    except OSError as error:
        _unusable(file, error)
    with opened, terminal.progress("journal.importing") as told:
        events = terminal.house.import_journal(terminal.settings, opened, lambda done: told(done, None))
    print(terminal.say("journal.events_imported_from", file=file, events=events))
    with terminal.house.open(terminal.settings) as product:
        if product.journal.double_numbers(limit=1):
            terminal.note("journal.doubles_imported")


def parquet(
    terminal: Terminal, folder: Path, *, compact: bool, check: bool, buckets: int | None, as_json: bool
) -> None:
    """Bring an export in Parquet files up to date, or check one."""
    if check and (compact or buckets is not None):
        raise NotAvailable(
            "check_only",
            sentence("journal.check_only"),
        )
    house = terminal.house
    if check:
        with terminal.progress("journal.checking") as told:
            found = house.check_parquet(folder, lambda done: told(done, None))
    else:
        with terminal.progress("journal.exporting") as told:
            found = house.export_parquet(
                terminal.settings, folder, compact=compact, buckets=buckets, progress=lambda done: told(done, None)
            )
    if as_json:
        terminal.json({"folder": str(folder), **found._asdict()})
        return
    size = f"{found.bytes / 1e6:,.1f} MB"
    if check:
        print(terminal.say("journal.export_sound", folder=folder))
    else:
        print(terminal.say("journal.new_events_exported", written=found.written))
    print(
        terminal.say(
            "journal.export_holds",
            folder=folder,
            until=found.until,
            events=found.events,
            segments=found.segments,
            files=found.files,
            size=size,
        )
    )


def _unusable(file: Path, error: OSError) -> NoReturn:
    raise NotAvailable("file_unusable", sentence("cli.file_unusable", file=file, reason=reason_of(error))) from error
