"""``rehearse`` and ``rehearsals``: what a draft would have changed, run here and kept."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, cast

import msgspec

from application.parts import Workplace
from application.rehearsal.rehearsal import (
    DecisionChange,
    RehearsalRequest,
    RehearsalStatus,
    RehearsalSummary,
    SubjectChange,
)
from application.rehearsal.rehearsals import ChangesQuestion, RehearsalLine
from domain.law.parse import RulebookError
from domain.sentence import sentence
from domain.vocabulary import Text
from interfaces import extras
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import local
from interfaces.cli.commands.recording import account, read_text
from interfaces.cli.consoles import Console
from interfaces.cli.house import NotAvailable, Product, Where
from interfaces.cli.questions import reading_of
from interfaces.cli.terminal import DID_NOT_HOLD, INTERRUPTED, EndCommand, Terminal
from interfaces.files import private_files, rehearsal_tables
from interfaces.files.rehearsal_tables import TABLES, Format, TableName, TableWords
from interfaces.files.shipped import shipped_editions
from interfaces.wording import rehearsals as rehearsal_words
from interfaces.wording import words
from interfaces.wording.words import Lexicon

_SHOWN: Final = 10
"""Changes and decisions that are shown."""

_LISTED: Final = 200
"""Rehearsals that are listed."""


class TableFiles(NamedTuple):
    """Where a table of the result is written to."""

    csv: Path | None
    parquet: Path | None
    table: str

    def check(self) -> None:
        """Raise ``Invalid`` for a table that there is not, ``NotAvailable`` for a file that is there already."""
        if self.table not in TABLES:
            names = ", ".join(TABLES)
            given.bad("/table", "rehearsals.no_table", table=self.table, names=names)
        if self.parquet is not None:
            extras.need(extras.PARQUET)
        for file in (self.csv, self.parquet):
            if file is not None and file.exists():
                raise _there(file)


def rehearse(
    terminal: Terminal,
    named: str | None,
    *,
    from_on: str | None,
    as_of: str | None,
    known_at: str | None,
    regime: str | None,
    readings: Sequence[str],
    region: str | None,
    where: Where,
    files: TableFiles,
    as_json: bool,
) -> None:
    """Run a rehearsal here and show what it came to; it stays kept. Raises what ``Rehearsals.begin`` does."""
    files.check()
    given.moment_given(known_at)
    request = RehearsalRequest(
        regime=regime,
        readings=dict(reading_of(r) for r in readings),
        from_on=given.day_given("/from_on", from_on),
        as_of=given.day_given("/as_of", as_of),
        known_at=known_at,
        region=given.region(region),
    )
    with terminal.house.open(terminal.settings) as product, product.workplace(where) as workplace:
        request = msgspec.structs.replace(request, **_edition(product, named))
        reader = None if where.parquet is None else workplace.reader
        try:
            status = product.rehearsals.begin(request, by=account(), is_served=False, reader=reader)
        except RulebookError as error:
            raise RulebookError(named or error.source, error.problems) from None
        _run(terminal, product, status.id, workplace, files, as_json=as_json)


def _edition(product: Product, named: str | None) -> dict[str, str]:
    """What is rehearsed: the text of a file, the id of an edition on record, else the text of a shipped one."""
    if named is None:
        return {}
    if named == "-" or named.endswith(".toml") or Path(named).is_file():
        return {"text": read_text(named)}
    product.legislation.refresh()
    shipped = {s.head.id: s.text for s in shipped_editions()}
    if product.legislation.edition(named) is None and named in shipped:
        return {"text": shipped[named]}
    return {"edition": named}


def show(
    terminal: Terminal,
    id: str | None,
    *,
    cancel: bool,
    resume: bool,
    delete: bool,
    where: Where,
    files: TableFiles,
    as_json: bool,
) -> None:
    """List the rehearsals, or show one, cancel it, go on with it here, delete it."""
    if cancel + resume + delete > 1:
        given.bad("/id", "rehearsals.one_of_three")
    if id is None and (cancel or resume or delete or files.csv or files.parquet):
        given.bad("/id", "rehearsals.give_id")
    files.check()
    with terminal.house.open(terminal.settings) as product:
        if id is None:
            _list(terminal, product, as_json=as_json)
        elif delete:
            product.rehearsals.delete(id)
            print(terminal.say("rehearsals.deleted", id=id))
        elif resume:
            with product.workplace(where) as workplace:
                product.rehearsals.resume(id, is_served=False)
                _run(terminal, product, id, workplace, files, as_json=as_json)
        else:
            status = product.rehearsals.cancel(id) if cancel else product.rehearsals.get(id)
            _show(terminal, product, status, files, as_json=as_json)


def _run(
    terminal: Terminal, product: Product, id: str, workplace: Workplace, files: TableFiles, *, as_json: bool
) -> None:
    """Run one that waits; raise ``Stop`` when it is interrupted or fails."""
    going_on = f"ecodocket rehearsals {id} --resume"
    try:
        with _watched(terminal) as told:
            status = product.rehearsals.run(id, workplace, told)
    except KeyboardInterrupt:
        status = product.rehearsals.cancel(id)
        terminal.note(
            "rehearsals.cancelled",
            id=id,
            done=status.done,
            parts=status.parts or "?",
            going_on=going_on,
        )
        raise EndCommand(INTERRUPTED) from None
    _show(terminal, product, status, files, as_json=as_json)
    if status.state != "done":
        terminal.note("rehearsals.go_on", going_on=going_on)
        raise EndCommand(DID_NOT_HOLD)


@contextmanager
def _watched(terminal: Terminal) -> Iterator[Callable[[RehearsalStatus], None]]:
    """A bar with parts, subjects and events."""
    with terminal.progress("rehearsals.rehearsing") as told:

        def seen(status: RehearsalStatus) -> None:
            text = terminal.say(
                "rehearsals.rehearsing_what",
                subjects=status.subjects,
                events=status.events,
            )
            told(status.done, status.parts, text)

        yield seen


# --- showing ------------------------------------------------------------------------------------------------


def _list(terminal: Terminal, product: Product, *, as_json: bool) -> None:
    found = product.rehearsals.list(limit=_LISTED)
    if as_json:
        terminal.json(found)
        return
    console = terminal.console()
    for line in found.rehearsals:
        console.print(_line(terminal, line), soft_wrap=True)
    if not found.rehearsals:
        print(terminal.say("rehearsals.none_kept"))
    if found.next is not None:
        terminal.note("rehearsals.only_newest", number=_LISTED)


def _line(terminal: Terminal, line: RehearsalLine) -> str:
    parts = [
        line.id,
        rehearsal_words.state(line.state, terminal.language),
        _what(line.edition, line.regime, line.readings),
        terminal.say("rehearsals.up_to", as_of=line.as_of),
        local(line.asked_at),
        line.by,
    ]
    if line.moved is not None:
        parts.append(terminal.say("rehearsals.grades_move", moved=line.moved))
    elif line.parts:
        parts.append(f"{line.done}/{line.parts}")
    return "  ".join(parts)


def _what(edition: str | None, regime: str, readings: Mapping[str, str]) -> str:
    chosen = " ".join(f"{id}={value}" for id, value in sorted(readings.items()))
    return " ".join(part for part in (edition or regime, chosen) if part)


def _show(terminal: Terminal, product: Product, status: RehearsalStatus, files: TableFiles, *, as_json: bool) -> None:
    lexicon = rehearsal_words.lexicon_of(product.rehearsals.rehearsed(status.id), product.legislation)
    if status.summary is not None:
        summary = rehearsal_words.summary(status.summary, terminal.language, lexicon)
        status = msgspec.structs.replace(status, summary=summary)
    if as_json:
        terminal.json(status)
    else:
        _print(terminal, product, status, lexicon)
    for file, kind in ((files.csv, "csv"), (files.parquet, "parquet")):
        if file is not None:
            _write(terminal, product, status.id, file, cast("Format", kind), cast("TableName", files.table), lexicon)


def _print(terminal: Terminal, product: Product, status: RehearsalStatus, lexicon: Lexicon) -> None:
    console, say = terminal.console(), terminal.say
    state = rehearsal_words.state(status.state, terminal.language)
    console.print(
        f"{_what(status.edition, status.regime, status.request.readings)}  {state}  "
        + say("cli.as_known_at")
        + f" {local(status.known_at)}",
        style="bold",
        soft_wrap=True,
    )
    console.print(
        say(
            "rehearsals.head",
            id=status.id,
            done=status.done,
            parts=status.parts or "?",
            subjects=status.subjects,
            events=status.events,
        ),
        soft_wrap=True,
    )
    if status.failure is not None:
        terminal.fault(Text(status.failure.zh, status.failure.en))
    if status.summary is not None:
        _print_summary(terminal, console, status.summary, lexicon)
        _print_changes(terminal, console, product, status.id, lexicon)


def _print_summary(terminal: Terminal, console: Console, summary: RehearsalSummary, lexicon: Lexicon) -> None:
    say, language = terminal.say, terminal.language
    span = say("rehearsals.from", from_on=summary.from_on) if summary.from_on is not None else ""
    console.print(span + say("rehearsals.to", as_of=summary.as_of))
    console.print(rehearsal_words.in_short(summary, language), style="bold", soft_wrap=True)
    console.print(say("rehearsals.moves_on", as_of=summary.as_of))
    for move in summary.matrix:
        if move.on == summary.as_of:
            style = "dim" if move.now == move.then else None
            console.print(f"  {rehearsal_words.move(move, language, lexicon)}", style=style, soft_wrap=True)
    if summary.provisions:
        console.print(say("rehearsals.provisions"))
    for total in summary.provisions:
        console.print(f"  {total.because}", soft_wrap=True)
    for stream, position, reason in summary.unreadable:
        terminal.note(
            "rehearsals.left_out",
            stream=stream,
            position=position,
            reason=reason,
        )


def _print_changes(terminal: Terminal, console: Console, product: Product, id: str, lexicon: Lexicon) -> None:
    # Whose grade moves comes before whose score alone does.
    moved = product.rehearsals.changes(id, ChangesQuestion(moved=True, limit=_SHOWN))
    room = _SHOWN - len(moved.changes)
    rescored = product.rehearsals.changes(id, ChangesQuestion(moved=False, limit=max(room, 1)))
    changes = (*moved.changes, *rescored.changes[:room])
    for change in changes:
        _print_change(terminal, console, rehearsal_words.change(change, terminal.language, lexicon), lexicon)
    decisions = product.rehearsals.decisions(id, limit=_SHOWN)
    if decisions.decisions:
        console.print(terminal.say("rehearsals.published_results_would_differ"))
    for decision in decisions.decisions:
        _print_decision(terminal, console, decision)
    is_more = moved.next is not None or rescored.next is not None or len(rescored.changes) > room
    if is_more or decisions.next is not None:
        terminal.note(
            "rehearsals.only_first",
            number=_SHOWN,
            id=id,
        )


def _print_change(terminal: Terminal, console: Console, change: SubjectChange, lexicon: Lexicon) -> None:
    language = terminal.language
    name = change.name or words.kind(change.kind, language)
    console.print(f"● {name}  {change.subject}", soft_wrap=True)
    for span in change.spans:
        now, then = (rehearsal_words.graded(side, change.kind, language, lexicon) for side in (span.now, span.then))
        console.print(f"    {span.from_on} — {span.until_on}  {now} → {then}", soft_wrap=True)
    for because in (*(f"{r.number}. {r.because}" for r in change.reasons), *(i.because for i in change.interactions)):
        console.print(f"      {because}", style="dim", soft_wrap=True)


def _print_decision(terminal: Terminal, console: Console, change: DecisionChange) -> None:
    sides = [
        " ".join(part for part in (side.score, side.grade, side.undetermined) if part is not None) or "—"
        for side in (change.recorded, change.now, change.then)
    ]
    what = rehearsal_words.decision(change, terminal.language)
    console.print(
        f"  {change.on}  {what}  {change.name or ''}  {change.subject}  "
        + terminal.say(
            "rehearsals.published_now_then",
            published=sides[0],
            now=sides[1],
            then=sides[2],
        ),
        soft_wrap=True,
    )


# --- files --------------------------------------------------------------------------------------------------


def _write(
    terminal: Terminal, product: Product, id: str, file: Path, kind: Format, table: TableName, lexicon: Lexicon
) -> None:
    """Write a table beside its place and put it there when whole. Raises ``NotAvailable``; never overwrites."""
    told = TableWords(terminal.language, lexicon, codes=kind == "parquet")
    rows = rehearsal_tables.table_rows(product.rehearsals, id, table, told)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with private_files.create(draft) as out:
            for piece in rehearsal_tables.table_bytes(kind, table, rows, terminal.language):
                out.write(piece)
        os.link(draft, file)
    except FileExistsError as error:
        raise _there(file) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotAvailable("file_unusable", sentence("cli.file_unusable", file=file, reason=reason)) from error
    finally:
        draft.unlink(missing_ok=True)
    terminal.note("rehearsals.written", file=file)


def _there(file: Path) -> NotAvailable:
    return NotAvailable("file_exists", sentence("cli.file_exists", file=file))
