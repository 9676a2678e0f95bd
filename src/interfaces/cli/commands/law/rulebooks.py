"""``rulebook``: editions shipped and on record; checking, comparing, adopting and repealing them, and their wording."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from application.law.legal_notes import LegalNote, legal_notes_on
from application.law.on_record import Enactment, OnRecord, editions_on_record
from application.principal import Principal
from domain.law.adopted import digest, head_of
from domain.law.edition import Edition, Measure, Words
from domain.law.parse import RulebookError, RulebookProblem, parse_edition
from domain.law.regime import Force
from domain.sentence import sentence
from domain.time import legal_day
from domain.vocabulary import Text
from interfaces.cli.commands.grades import lexicons_of
from interfaces.cli.house import NotAvailable
from interfaces.cli.terminal import DID_NOT_HOLD, EndCommand, Terminal
from interfaces.files.shipped import shipped_editions
from interfaces.wording import encoding, words
from interfaces.wording.differences import told
from interfaces.wording.punctuation import by_colon
from interfaces.wording.words import Lexicon

if TYPE_CHECKING:
    from rich.table import Table

_FOUNDING: Final = "founding"
_MARKS: Final = {"added": "+", "removed": "-", "changed": "~"}


class EditionLine(msgspec.Struct, frozen=True, kw_only=True):
    """An edition as ``list`` tells it: ``shipped`` with the product, and what the journal says of it, if anything.

    ``on_record`` is ``None`` where there is no journal to ask.

    ``digest`` is that of the text on record, else of the shipped one; ``force`` is that of today.
    """

    id: str
    status: str
    title: Words
    digest: str
    shipped: bool
    on_record: bool | None
    force: Force | None = None
    in_force_on: dt.date | None = None
    until_on: dt.date | None = None
    quotes: bool = False
    life: tuple[Enactment, ...] = ()


def show_list(terminal: Terminal, *, as_json: bool) -> None:
    """The shipped editions and those on record, one on a line, each with its life so far.

    Where no journal was ever made, the shipped ones alone; one that cannot be read is an error as always.
    """
    has_journal = terminal.house.has_journal(terminal.settings)
    lines = {
        s.head.id: EditionLine(
            id=s.head.id,
            status=s.head.status,
            title=s.head.title,
            digest=s.digest,
            shipped=True,
            on_record=False if has_journal else None,
        )
        for s in shipped_editions()
    }
    if has_journal:
        with terminal.reading() as product:
            for found in editions_on_record(product.legislation, legal_day(product.clock.now())):
                lines[found.adopted.id] = _recorded(found, shipped=found.adopted.id in lines)
    else:
        terminal.note("rulebooks.no_journal_yet")
    if as_json:
        terminal.json([lines[id] for id in sorted(lines)])
        return
    for id in sorted(lines):
        _print_line(terminal, lines[id])


def _recorded(found: OnRecord, *, shipped: bool) -> EditionLine:
    head = head_of(found.adopted.text, found.adopted.id)
    return EditionLine(
        id=head.id,
        status=head.status,
        title=head.title,
        digest=found.adopted.digest,
        shipped=shipped,
        on_record=True,
        force=found.force,
        in_force_on=found.adopted.in_force_on,
        until_on=found.adopted.until_on,
        quotes=found.has_text,
        life=found.life,
    )


def _print_line(terminal: Terminal, line: EditionLine) -> None:
    say = terminal.say
    absent = say("rulebooks.not_on_record") if line.on_record is not None else say("rulebooks.shipped")
    force = absent if line.force is None else words.force(line.force, terminal.language)
    status = say(f"rulebooks.status.{line.status}")
    print(f"{line.id}  {status}  {line.digest[:12]}  {terminal.text(Text(line.title.zh, line.title.en))}  [{force}]")
    for step in line.life:
        until = "" if step.until_on is None else say("rulebooks.until", until_on=step.until_on)
        dates = "" if step.in_force_on is None else say("rulebooks.from", in_force_on=step.in_force_on)
        why = "" if step.reason is None else by_colon("", step.reason, terminal.language)
        told = say(f"rulebooks.life.{step.event}")
        by = "" if step.by == _FOUNDING else say("rulebooks.by", by=step.by)
        papers = (step.document, None if step.adopted_on is None else str(step.adopted_on))
        paper = " ".join(part for part in papers if part)
        parts = (f"{dates}{until}", paper, f"{by}{why}")
        print("  ".join((f"    {step.recorded_at[:10]}  {told}", *(part for part in parts if part))))


def check(terminal: Terminal, file: str, *, as_json: bool) -> None:
    """Parse and lint a file; raises ``Stop`` when it has faults, each told with its line."""
    from domain.law.lint import lint
    from interfaces.cli.commands.recording import read_text

    text = read_text(file)
    source = Path(file).name
    edition = None
    faults: tuple[RulebookProblem, ...]
    try:
        edition = parse_edition(text, source)
        parent = next((s.edition for s in shipped_editions() if s.head.id == edition.parent), None)
        faults = lint(edition, text, parent)
    except RulebookError as error:
        faults = error.problems
    if as_json:
        terminal.json({"id": None if edition is None else edition.id, "sound": not faults, "faults": faults})
    elif faults:
        terminal.refuse(RulebookError(source, faults))
    elif edition is not None:
        rows, readings = len(edition.row), len(edition.reading)
        print(
            terminal.say(
                "rulebooks.sound",
                id=edition.id,
                rows=rows,
                readings=readings,
                digest=digest(text)[:12],
            )
        )
    if faults:
        raise EndCommand(DID_NOT_HOLD)


def compare(terminal: Terminal, one: str, other: str, *, as_json: bool) -> None:
    """What differs from one edition to the other, each a file or an id; raises ``Stop`` when something does."""
    from domain.law.diff import differences

    editions = [parse_edition(text, named) for named, text in ((n, _text_of(terminal, n)) for n in (one, other))]
    changes = told(differences(*editions))
    if as_json:
        terminal.json(changes)
    elif not changes:
        print(terminal.say("rulebooks.no_difference"))
    else:
        for change in changes:
            print(f"{_MARKS[change.change]} {terminal.text(Text(change.zh, change.en))}")
    if changes:
        raise EndCommand(DID_NOT_HOLD)


def record(
    terminal: Terminal,
    command: Mapping[str, Any],
    *,
    by: Principal,
    dry_run: bool,
    as_json: bool,
    file: str | None = None,
) -> None:
    """Record one command of the law: an adoption, a repeal, an official wording; ``file`` is where its text stands.

    Raises ``Invalid`` for bad fields.
    """
    from application.recording.commands import command_from
    from interfaces.cli.commands.recording import Sourced, do

    asked = command_from({name: value for name, value in command.items() if value is not None})
    with terminal.house.open(terminal.settings) as product:
        do(
            terminal,
            product,
            [Sourced(asked, file=file)],
            by=by,
            dry_run=dry_run,
            key_prefix=None,
            as_json=as_json,
        )


def show_notes(terminal: Terminal, edition: str, *, as_json: bool) -> None:
    """What jurists noted on an edition and signed off, with what has changed since. Raises ``NotFound``."""
    with terminal.reading() as product:
        product.legislation.refresh()
        found = legal_notes_on(product.journal, product.vault, product.legislation, edition)
        lexicon = lexicons_of(product)(edition.partition("@")[0])
    if as_json:
        terminal.json([_note_told(note) for note in found])
        return
    if not found:
        print(terminal.say("rulebooks.no_notes"))
    for note in found:
        _print_note(terminal, note, lexicon)


def _note_told(note: LegalNote) -> dict[str, Any]:
    return {**msgspec.structs.asdict(note), "since": told(note.since)}


def _print_note(terminal: Terminal, note: LegalNote, lexicon: Lexicon) -> None:
    about = terminal.say("rulebooks.whole_edition") if note.cite is None else lexicon.cite(note.cite, terminal.language)
    state = "" if note.state == "holds" else f"  [{terminal.say(f'rulebooks.note_state.{note.state}')}]"
    kind = terminal.say(f"rulebooks.note_kind.{note.kind}")
    print(f"{note.recorded_at[:10]}  {kind}  {about}  {note.by}{state}  {note.id}")
    if note.text:
        print(f"    {note.text}")
    if note.withdrawn is not None:
        print(f"    {by_colon(note.withdrawn.by, note.withdrawn.reason, terminal.language)}")
    if note.kind == "sign_off" and note.since:
        print(f"    {terminal.say('rulebooks.changed_since', number=len(note.since))}")
        for change in told(note.since):
            print(f"    {_MARKS[change.change]} {terminal.text(Text(change.zh, change.en))}")


def named_or_text(named: str) -> dict[str, str]:
    """What an adoption is given: the text of a file or of a shipped edition, else the id of one on record."""
    shipped = next((s.text for s in shipped_editions() if s.head.id == named), None)
    if shipped is None and (named == "-" or Path(named).is_file() or named.endswith(".toml")):
        from interfaces.cli.commands.recording import read_text

        return {"text": read_text(named)}
    return {"edition": named}


def _text_of(terminal: Terminal, named: str, *, recorded: bool = False) -> str:
    """The text of an edition: of a file, as it is shipped, else as the journal has it. Raises ``NotAvailable``."""
    shipped = next((s.text for s in shipped_editions() if s.head.id == named), None)
    if shipped is not None and not recorded:
        return shipped
    if not recorded and "text" in (given := named_or_text(named)):
        return given["text"]
    with terminal.reading() as product:
        product.legislation.refresh()
        event = product.legislation.edition(named)
        ids = {e.adopted.id for e in editions_on_record(product.legislation, legal_day(product.clock.now()))}
    if event is None:
        known = ", ".join(sorted(ids | {s.head.id for s in shipped_editions()}))
        raise NotAvailable("not_found", sentence("rulebooks.no_edition", named=named, known=known))
    return event.text


def show(terminal: Terminal, id: str, *, recorded: bool, as_json: bool) -> None:
    """How grades come about under an edition, its rows, readings, deadlines and measures: as shipped, or as it is on
    record.

    Raises ``NotAvailable`` for an unknown one.
    """
    edition = parse_edition(_text_of(terminal, id, recorded=recorded), id)
    if as_json:
        terminal.json(edition)
        return
    parent = None if edition.parent is None else parse_edition(_text_of(terminal, edition.parent), edition.parent)
    lexicon = Lexicon((edition,) if parent is None else (parent, edition))
    title, status = (
        terminal.text(Text(edition.title.zh, edition.title.en)),
        terminal.say(f"rulebooks.status.{edition.status}"),
    )
    terminal.console().print(f"{edition.id}  {title}  {status}", style="bold")
    tables = terminal.tables()
    for table in (_grading, _rows, _readings, _deadlines, _measures):
        tables.print(table(terminal, edition, lexicon))


def _table(terminal: Terminal, *heads: str) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        # The first column holds codes, which are copied and must not break.
        table.add_column(terminal.say(head), overflow="fold", no_wrap=not table.columns)
    return table


def _add(table: "Table", *cells: str) -> None:
    from interfaces.cli.prose import Prose

    table.add_row(*map(Prose, cells))


def _grading(terminal: Terminal, edition: Edition, lexicon: Lexicon) -> "Table":
    table = _table(terminal, "rulebooks.subject", "rulebooks.how_graded", "rulebooks.grade", "rulebooks.articles")
    for rule in encoding.grading(edition, lexicon, terminal.language):
        kind = words.kind(rule.kind, terminal.language)
        _add(table, kind, rule.words, rule.figure or "", lexicon.cites(rule.cites, terminal.language))
    return table


def _rows(terminal: Terminal, edition: Edition, lexicon: Lexicon) -> "Table":
    table = _table(terminal, "rulebooks.row", "rulebooks.effect", "rulebooks.articles", "rulebooks.what")
    for row in edition.row:
        said = lexicon.row(row.code, terminal.language)
        _add(
            table,
            row.code,
            encoding.effect(row, lexicon, terminal.language),
            lexicon.cites(row.cites, terminal.language),
            said,
        )
    return table


def _readings(terminal: Terminal, edition: Edition, lexicon: Lexicon) -> "Table":
    """Each reading with its answers, the default first; an answer is chosen by its key (``I-06:decision_date``)."""
    table = _table(terminal, "rulebooks.reading_default_first", "rulebooks.issue_and_answers")
    for reading in edition.reading:
        issue = lexicon.issue(reading.id, terminal.language) or ""
        _add(table, reading.id, f"{issue}  {lexicon.cites(reading.cites, terminal.language)}".rstrip())
        for value in sorted(reading.values, key=lambda v: v.name != reading.default):
            _add(table, f"  {reading.id}:{value.name}", terminal.text(Text(value.words.zh, value.words.en)))
    return table


def _deadlines(terminal: Terminal, edition: Edition, lexicon: Lexicon) -> "Table":
    table = _table(
        terminal,
        "rulebooks.deadline",
        "rulebooks.subject",
        "rulebooks.who_acts",
        "rulebooks.how_long",
        "rulebooks.articles",
        "rulebooks.what",
    )
    for rule in edition.deadline:
        _add(
            table,
            words.deadline_kind(rule.kind, terminal.language),
            words.kind(rule.of, terminal.language),
            lexicon.actor(rule.actor, terminal.language),
            encoding.term(rule, terminal.language),
            lexicon.term(rule.cites, rule.readings, rule.kind, rule.of, terminal.language),
            terminal.text(Text(rule.words.zh, rule.words.en)),
        )
    return table


def _measures(terminal: Terminal, edition: Edition, lexicon: Lexicon) -> "Table":
    table = _table(
        terminal,
        "rulebooks.grade",
        "rulebooks.articles",
        "rulebooks.measure",
        "rulebooks.legal_basis",
    )
    for measure in edition.measure:
        _add(
            table,
            lexicon.grade(measure.grade, measure.of, terminal.language),
            lexicon.cites(measure.cites, terminal.language),
            terminal.text(Text(measure.words.zh, measure.words.en)),
            _basis(terminal, measure, edition),
        )
    return table


def _basis(terminal: Terminal, measure: Measure, edition: Edition) -> str:
    supplied = (edition.configured.legal_basis or {}).get(measure.cites[0])
    if supplied is not None:
        return supplied
    if measure.legal_basis is not None:
        return terminal.text(Text(measure.legal_basis.zh, measure.legal_basis.en))
    return terminal.say("rulebooks.no_legal_basis")
