"""``letter``: letters on one's own folder or database, from the draft to the service."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast, get_args

from application.papers.letters.reading import FileFormat, LetterLine, OpenedLetter
from application.recording.commands import command_from
from domain.errors import FieldProblem, Invalid
from domain.sentence import sentence
from domain.time import legal_day
from domain.vocabulary import Text
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime
from interfaces.cli.commands.recording import Sourced, do, principal
from interfaces.cli.house import Product
from interfaces.cli.papers import write_paper
from interfaces.cli.terminal import Terminal
from interfaces.wording.letters import letter_text


def show_all(terminal: Terminal, subject: str, *, as_json: bool) -> None:
    """The letters of a file, and those that are due. Raises ``NotFound``."""
    with terminal.reading() as product:
        found = product.letters.of_subject(subject)
    if as_json:
        terminal.json(found)
        return
    for line in found.letters:
        print(_line(terminal, line))
    for due in found.due:
        print("○ " + terminal.say("letters.cli.due", letter=_kind(terminal, due.kind), record=due.concerns))
    if not found.letters and not found.due:
        print(terminal.say("letters.cli.none"))


def record(
    terminal: Terminal,
    asked: Mapping[str, Any],
    *,
    actor: str | None,
    second: str | None = None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Record one command about a letter. Raises ``Invalid`` for bad fields."""
    with terminal.house.open(terminal.settings) as product:
        _record(terminal, product, asked, actor=actor, second=second, dry_run=dry_run, as_json=as_json)


def _record(
    terminal: Terminal,
    product: Product,
    asked: Mapping[str, Any],
    *,
    actor: str | None,
    second: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    if asked.get("do") == "draft_letter":
        regime = asked.get("regime") or product.grading.regime_of(asked["subject"]) or given.only_regime(product)
        asked = {**asked, "regime": regime}
    command = command_from({name: value for name, value in asked.items() if value is not None})
    by = principal(actor, second)
    do(terminal, product, [Sourced(command)], by=by, key_prefix=None, dry_run=dry_run, as_json=as_json)


def show(terminal: Terminal, letter: str, *, dated_on: str | None, as_json: bool) -> None:
    """One letter with what it says. Raises ``NotFound``."""
    with terminal.reading() as product:
        found = product.letters.open(letter, given.day_given("/dated_on", dated_on))
        if as_json:
            terminal.json(found)
        else:
            _print(terminal, product, found)


def _print(terminal: Terminal, product: Product, found: OpenedLetter) -> None:
    print(_line(terminal, found.line))
    if found.trouble is not None:
        print("  " + terminal.text(Text(found.trouble.zh, found.trouble.en)))
    if found.content is None:
        return
    lexicon = lexicon_of_regime(product, found.content.regime, found.dated_on)
    text = letter_text(found.content, found.number or "", lexicon, terminal.language)
    for part in (text.bureau, text.number, text.title, text.addressee, text.code, *text.body, text.dated, text.copies):
        if part:
            print(f"    {part}")
    print("  " + terminal.say("letters.cli.digest", digest=found.digest or ""))


def write(terminal: Terminal, letter: str, *, file_format: str, dated_on: str | None, output: str) -> None:
    """Write a letter into a file: as it was sent, or a draft as it would be. Raises as ``Letters.sent`` does."""
    if file_format not in get_args(FileFormat):
        says = sentence("letters.cli.unknown_format")
        raise Invalid((FieldProblem("/format", "bad_value", says),))
    with terminal.reading() as product:
        day = given.day_given("/dated_on", dated_on)
        _, content = product.letters.sent(letter, cast("FileFormat", file_format), day)
    write_paper(terminal, content, output)


def issue(
    terminal: Terminal,
    letter: str,
    *,
    dated_on: str | None,
    actor: str | None,
    second: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Issue a letter as it reads now. Raises whatever refuses it."""
    with terminal.house.open(terminal.settings) as product:
        day = given.day_given("/dated_on", dated_on) or _today(product)
        digest = product.letters.open(letter, day).digest
        asked = {"do": "issue_letter", "letter": letter, "dated_on": day.isoformat(), "digest": digest}
        _record(terminal, product, asked, actor=actor, second=second, dry_run=dry_run, as_json=as_json)
        if not dry_run and not as_json:
            print(_line(terminal, product.letters.open(letter).line))


def office(
    terminal: Terminal, bureau: str, asked: Mapping[str, str | None], *, actor: str | None, as_json: bool
) -> None:
    """What a bureau keeps for its letters; where a name is given it is set. Raises ``Invalid``."""
    with terminal.house.open(terminal.settings) as product:
        if asked["name"] is not None:
            setting = {"do": "set_letterhead", "bureau": bureau, **asked}
            _record(terminal, product, setting, actor=actor, second=None, dry_run=False, as_json=as_json)
            return
        found = product.letters.desk.offices.standing(bureau)
    if as_json:
        terminal.json(found)
        return
    print(f"{found.name or bureau}  {found.word or ''}".rstrip())
    for line in found.series:
        print(f"  {terminal.name('letters.series', line.series)}  {line.next or '—'}")
    for one in found.templates:
        print(f"  {'●' if one.in_use else '○'} {_kind(terminal, one.kind)}  {one.name}  {one.digest[:16]}")


def _today(product: Product) -> dt.date:
    return legal_day(product.clock.now())


def _kind(terminal: Terminal, kind: str) -> str:
    return terminal.name("letters.kind", kind)


def _line(terminal: Terminal, line: LetterLine) -> str:
    parts = (
        line.number or "",
        _kind(terminal, line.kind),
        terminal.name("letters.state", line.state),
        "" if line.dated_on is None else str(line.dated_on),
        "" if line.due_on is None else terminal.say("letters.cli.last_day", day=line.due_on),
        "" if line.served_on is None else terminal.say("letters.cli.served", day=line.served_on),
        line.letter,
    )
    return " · ".join(part for part in parts if part)
