"""``recheck``: every recorded result executed again from its receipt."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from application.answering.code_changes import CodeChange
from application.answering.rechecking import Difference, Recheck, ResultFigures
from domain.vocabulary import Text
from interfaces.cli.commands.grades import lexicon_of_regime
from interfaces.cli.consoles import Console
from interfaces.cli.house import Where
from interfaces.cli.terminal import DID_NOT_HOLD, EndCommand, Terminal
from interfaces.wording import rehearsals
from interfaces.wording.punctuation import in_brackets, listed

if TYPE_CHECKING:
    from interfaces.wording.words import Lexicon


def recheck(terminal: Terminal, *, record: str | None, where: Where, as_json: bool) -> None:
    """Execute all receipts, or those of one record; raise ``Stop`` when any gives something else.

    All of them are executed ``where`` it is asked.

    Raises ``NotFound`` for an unknown record, ``Refused`` for one without a result.
    """
    with (
        terminal.house.open(terminal.settings) as product,
        product.workplace(where) as workplace,
        terminal.progress("recheck.executing_again") as told,
    ):
        found = product.rechecking.recheck(only=record, progress=lambda done: told(done, None), workplace=workplace)
        lexicons = {d.regime: lexicon_of_regime(product, d.regime) for d in found.differences if d.changes}
    if as_json:
        terminal.json(found)
    else:
        _print(terminal, found, lexicons)
    if found.differences:
        raise EndCommand(DID_NOT_HOLD)


def _print(terminal: Terminal, found: Recheck, lexicons: "Mapping[str, Lexicon]") -> None:
    console = terminal.console()
    for difference in found.differences:
        _print_difference(terminal, console, difference, lexicons)
    failed = len(found.differences)
    print(
        terminal.say(
            "recheck.executed",
            checked=found.checked,
            position=found.position,
            engine=found.engine,
            same=found.checked - failed,
            failed=failed,
        )
    )


def _print_difference(
    terminal: Terminal, console: Console, difference: Difference, lexicons: "Mapping[str, Lexicon]"
) -> None:
    say = terminal.say
    year = "" if difference.year is None else say("cli.year", year=difference.year)
    head = (
        f"✗ {difference.record}",
        rehearsals.decision_kind(difference.decision, terminal.language),
        year,
        difference.subject,
    )
    console.print("  ".join(part for part in head if part), style="red", soft_wrap=True)
    console.print("    " + say(f"recheck.cause.{difference.cause}"), soft_wrap=True)
    for change in difference.changes:
        _print_change(terminal, console, change, lexicons[difference.regime])
    recorded, computed = difference.recorded, difference.computed
    for what in difference.what:
        label = terminal.name("recheck.what", what)
        if computed is None or what not in ResultFigures.__struct_fields__:
            console.print(f"    {label}", style="dim", soft_wrap=True)
            continue
        was, now = (_figure(terminal, getattr(side, what)) for side in (recorded, computed))
        console.print(
            f"    {label}" + say("recheck.recorded_now", was=was, now=now),
            style="dim",
            soft_wrap=True,
        )
    console.print("    " + say("recheck.computed_by", engine=difference.engine), style="dim")


def _print_change(terminal: Terminal, console: Console, change: CodeChange, lexicon: "Lexicon") -> None:
    """A fault mended since, in words, with the provisions and readings that say what is right."""
    words = Text(change.words.zh, change.words.en)
    grounds = [*(lexicon.cite(c, terminal.language) for c in change.cites), *change.readings]
    tail = in_brackets(listed(grounds, terminal.language), terminal.language) if grounds else ""
    mended = terminal.say("recheck.mended_since")
    console.print(f"    {mended}{change.fault} {terminal.text(words)}{tail}", soft_wrap=True)


def _figure(terminal: Terminal, value: str | tuple[str, ...] | None) -> str:
    if value is None or value == ():
        return terminal.say("cli.none")
    return value if isinstance(value, str) else ", ".join(value)
