"""``import``: a sheet of facts looked through and recorded, here or at a server; templates; the undoing of a batch."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, NoReturn, cast, get_args

from application.access.batches import Chosen
from application.principal import Principal
from application.sheets.forms import SheetForm
from application.sheets.preview import RowMark
from application.sheets.rows import file_key
from application.sheets.status import SheetLineStatus, SheetStatus
from domain.sentence import sentence
from interfaces.cli import arguments as given
from interfaces.cli.commands.recording import tell_signatures
from interfaces.cli.commands.sheets.desks import ImportDesk, LocalDesk, RemoteDesk
from interfaces.cli.house import NotAvailable
from interfaces.cli.terminal import DID_NOT_HOLD, EndCommand, Terminal, reason_of
from interfaces.files import private_files
from interfaces.sheets.handed_in import MOST_HANDED_IN
from interfaces.sheets.reading import MOST_BYTES
from interfaces.sheets.telling import grade_told, remark_told
from interfaces.sheets.templates import template_name

_SHOWN: Final = 200
"""So many rows are told one by one; of more, those that have something to know."""

_LISTED: Final = 50


class ImportAsked(NamedTuple):
    """What is asked for: a ``file`` to import, for trial or ``only_good`` rows, with the faults written to ``errors``
    and the files that its rows name taken from a folder (``evidence``); or a ``template``; or a batch to ``undo`` for a
    ``reason``; or nothing, for the list of batches."""

    file: Path | None
    is_trial: bool
    only_good: bool
    regime: str | None
    template: str | None
    errors: Path | None
    undo: str | None
    reason: str | None
    evidence: Path | None = None


def carry_out(terminal: Terminal, asked: ImportAsked, by: Principal, *, as_json: bool) -> None:
    """Do what is asked for, on one's own folder or database."""
    content = _content(asked)
    with terminal.house.open(terminal.settings) as product:
        since = product.journal.head().position
        try:
            _work(terminal, LocalDesk(product, by), asked, content, as_json=as_json)
        finally:
            tell_signatures(terminal, product, by, since)


def ask_server(terminal: Terminal, asked: ImportAsked, *, as_json: bool) -> None:
    """The same at a server, in the name of the account of the token."""
    from interfaces.cli.remote import remote

    content = _content(asked)
    with remote(terminal) as server:
        _work(terminal, RemoteDesk(server), asked, content, as_json=as_json)


def _content(asked: ImportAsked) -> bytes:
    """The bytes of the file; empty without one. Raises ``NotAvailable``, and ``Invalid`` for what does not go
    together."""
    if sum(part is not None for part in (asked.file, asked.template, asked.undo)) > 1:
        given.bad("/file", "sheets.command.one_at_a_time")
    if asked.undo is not None and not (asked.reason or "").strip():
        given.bad("/reason", "sheets.command.reason_missing")
    if asked.template is not None and asked.template not in get_args(SheetForm):
        given.bad("/template", "sheets.command.no_template", forms=", ".join(get_args(SheetForm)))
    if asked.template is not None and asked.regime is None:
        given.bad("/regime", "sheets.command.regime_missing")
    for file in (asked.errors,):
        if file is not None and file.exists():
            _is_there(file)
    if asked.file is None:
        return b""
    try:
        with asked.file.open("rb") as opened:
            # What is too large is refused by whoever reads it, and not taken into the memory.
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        says = sentence("cli.file_unusable", file=str(asked.file), reason=reason_of(error))
        raise NotAvailable("file_unusable", says) from None


def _work(terminal: Terminal, desk: ImportDesk, asked: ImportAsked, content: bytes, *, as_json: bool) -> None:
    if asked.template is not None and asked.regime is not None:
        _write_template(terminal, desk, cast("SheetForm", asked.template), asked.regime)
    elif asked.undo is not None:
        _undo(terminal, desk, asked.undo, asked.reason or "", as_json=as_json)
    elif asked.file is None:
        _list(terminal, desk, as_json=as_json)
    else:
        _import(terminal, desk, asked, content, as_json=as_json)


# --- a sheet ------------------------------------------------------------------------------------------------


def _import(terminal: Terminal, desk: ImportDesk, asked: ImportAsked, content: bytes, *, as_json: bool) -> None:
    name = "" if asked.file is None else asked.file.name
    with terminal.progress("sheets.command.looking_through") as told:
        status = desk.take_in(content, asked.regime, name, told)
    if status.state != "looked_through":
        terminal.note("sheets.command.known", number=status.number, state=terminal.say(f"sheets.state.{status.state}"))
    try:
        _tell_rows(terminal, desk, status, as_json=as_json)
        if asked.errors is not None:
            marked = desk.marked(status.id, terminal.language)
            _write(asked.errors, marked.content)
            terminal.note("sheets.command.written", file=str(asked.errors))
        if not asked.is_trial:
            status = _recorded(terminal, desk, status, "good" if asked.only_good else "all")
        if asked.evidence is not None:
            status = _handed_in(terminal, desk, status, asked.evidence, is_trial=asked.is_trial)
    finally:
        if asked.is_trial and status.state == "looked_through":
            desk.delete(status.id)
    if as_json:
        terminal.json({"sheet": status, "rows": list(_rows_left(desk, status, asked))})
    else:
        _conclude(terminal, status, is_trial=asked.is_trial)
    if status.refused or (status.bad and asked.is_trial):
        raise EndCommand(DID_NOT_HOLD)


def _rows_left(desk: ImportDesk, status: SheetStatus, asked: ImportAsked) -> Iterator[SheetLineStatus]:
    """The rows of a sheet, of one that was tried as they were told."""
    if not asked.is_trial:
        yield from desk.rows(status.id, None)
    else:
        yield from desk.seen


def _recorded(terminal: Terminal, desk: ImportDesk, status: SheetStatus, chosen: Chosen) -> SheetStatus:
    if status.state not in ("looked_through", "recording"):
        return status
    wanted = status.rows - status.bad
    with terminal.progress("sheets.command.recording", total=wanted) as told:
        while True:
            status = desk.record(status.id, chosen)
            told(wanted - status.left, wanted)
            if not status.left:
                return status


def _handed_in(
    terminal: Terminal, desk: ImportDesk, status: SheetStatus, folder: Path, *, is_trial: bool
) -> SheetStatus:
    """Hand in what lies in a folder under the names that rows give, and tell what is missing. Raises
    ``NotAvailable``."""
    try:
        there = {file_key(file.name): file for file in sorted(folder.iterdir()) if file.is_file()}
    except OSError as error:
        raise NotAvailable(
            "file_unusable", sentence("cli.file_unusable", file=str(folder), reason=reason_of(error))
        ) from None
    wanted = {file_key(file.name): file.name for row in desk.rows(status.id, None) for file in row.files}
    if not is_trial:
        with terminal.progress("sheets.command.handing_in", total=len(wanted)) as told:
            for done, key in enumerate(wanted, start=1):
                if key in there:
                    _hand_in(terminal, desk, status.id, there[key])
                told(done, len(wanted))
    for key, name in wanted.items():
        if key not in there:
            terminal.note("sheets.command.file_missing", file=name)
    return desk.numbered(status.number)


def _hand_in(terminal: Terminal, desk: ImportDesk, id: str, file: Path) -> None:
    try:
        content = file.read_bytes() if file.stat().st_size <= MOST_HANDED_IN else None
    except OSError as error:
        says = sentence("cli.file_unusable", file=str(file), reason=reason_of(error))
        raise NotAvailable("file_unusable", says) from None
    if content is None:
        terminal.note("sheets.command.file_too_large", file=file.name, most=MOST_HANDED_IN >> 20)
        return
    for refused in desk.hand_in(id, file.name, content).refused:
        why = refused.zh if terminal.language == "zh" else refused.en
        terminal.note("sheets.command.file_refused", file=refused.name, why=why)


def _tell_rows(terminal: Terminal, desk: ImportDesk, status: SheetStatus, *, as_json: bool) -> None:
    """A line for each row; of many, those alone that have something to know, and no more than can be read."""
    rows: list[SheetLineStatus] = []
    marks: tuple[RowMark | None, ...] = (None,) if status.rows <= _SHOWN or as_json else ("bad", "proposed")
    for mark in marks:
        for row in desk.rows(status.id, mark):
            rows.append(row)
            if len(rows) > _SHOWN and not as_json:
                break
    desk.seen = rows
    if as_json:
        return
    for row in rows[:_SHOWN]:
        _tell(terminal, desk, row)
    if len(rows) > _SHOWN:
        terminal.note("sheets.command.more_rows")


def _tell(terminal: Terminal, desk: ImportDesk, row: SheetLineStatus) -> None:
    language = terminal.language
    parts = [terminal.say(f"sheets.sign.{row.mark}"), terminal.say("sheets.command.row", row=row.row)]
    parts += [part for part in (row.name or row.uscc, row.document, row.standard_row) if part]
    if row.before is not None and row.after is not None:
        lexicon = desk.lexicon(row.regime or "")
        sides = (grade_told(side, row.kind or "", language, lexicon) for side in (row.before, row.after))
        parts.append(" → ".join(sides))
    if row.needs_signature:
        parts.append(terminal.say("sheets.command.needs_signature"))
    print("  ".join(parts))
    for found in row.remarks:
        print(f"    {remark_told(row.row, found, language)}")


def _conclude(terminal: Terminal, status: SheetStatus, *, is_trial: bool) -> None:
    print(
        terminal.say(
            "sheets.command.looked_through",
            rows=status.rows,
            good=status.good,
            proposed=status.proposed,
            bad=status.bad,
        )
    )
    if is_trial:
        print(terminal.say("sheets.command.nothing_recorded"))
        return
    _tell_batch(terminal, status)


def _tell_batch(terminal: Terminal, status: SheetStatus) -> None:
    """The receipt of a batch, and that it waits as a whole."""
    if status.state in ("proposed", "undo_proposed"):
        print(terminal.say("sheets.command.proposed", number=status.number, decision=status.decision or ""))
    if status.state == "proposed":
        return
    print(
        terminal.say(
            "sheets.command.batch",
            number=status.number,
            state=terminal.say(f"sheets.state.{status.state}"),
            recorded=status.recorded,
            waiting=status.waiting,
            refused=status.refused,
            undone=status.undone,
        )
    )
    print(terminal.say("sheets.command.digest", digest=status.digest))
    if status.receipt is not None:
        print(terminal.say("sheets.command.receipt", receipt=status.receipt))


# --- templates, batches -------------------------------------------------------------------------------------


def _write_template(terminal: Terminal, desk: ImportDesk, form: SheetForm, regime: str) -> None:
    content = desk.template(form, regime, terminal.language)
    file = Path(template_name(form, regime, terminal.language))
    if file.exists():
        _is_there(file)
    _write(file, content)
    print(terminal.say("sheets.command.written", file=str(file)))


def _undo(terminal: Terminal, desk: ImportDesk, number: str, reason: str, *, as_json: bool) -> None:
    status = desk.numbered(number)
    total = status.recorded + status.waiting
    with terminal.progress("sheets.command.undoing", total=total) as told:
        while True:
            status = desk.undo(status.id, reason)
            told(total - status.left, total)
            if not status.left:
                break
    if as_json:
        terminal.json(status)
    else:
        _tell_batch(terminal, status)
    if status.recorded and status.state != "undo_proposed":
        for row in desk.rows(status.id, None):
            for found in row.remarks[: row.status == "recorded"]:
                print(f"    {remark_told(row.row, found, terminal.language)}", file=sys.stderr)
        raise EndCommand(DID_NOT_HOLD)


def _list(terminal: Terminal, desk: ImportDesk, *, as_json: bool) -> None:
    found = desk.listed(_LISTED)
    if as_json:
        terminal.json(found)
        return
    for status in found:
        form, state = terminal.say(f"sheets.form.{status.form}"), terminal.say(f"sheets.state.{status.state}")
        counts = terminal.say("sheets.command.counts", rows=status.rows, recorded=status.recorded, bad=status.bad)
        print("  ".join(part for part in (status.number, state, form, counts, status.by, status.file) if part))
    if not found:
        print(terminal.say("sheets.command.none"))


def _write(file: Path, content: bytes) -> None:
    try:
        with private_files.create(file) as out:
            out.write(content)
    except OSError as error:
        says = sentence("cli.file_unusable", file=str(file), reason=reason_of(error))
        raise NotAvailable("file_unusable", says) from None


def _is_there(file: Path) -> NoReturn:
    raise NotAvailable("file_exists", sentence("sheets.command.file_exists", file=str(file)))
