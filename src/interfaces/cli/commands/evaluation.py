"""``evaluate`` and ``evaluation``: one step of a year for a whole roster, and how far the year is."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from application.access.decisions import PendingDecision
from application.principal import Principal
from application.year.evaluation import RosterOutcome, RosterStatus, SubjectStep, roster_from
from domain.vocabulary import Text
from interfaces.cli.commands.grades import lexicon_of_regime
from interfaces.cli.commands.recording import print_notices, tell_signatures
from interfaces.cli.consoles import Console
from interfaces.cli.naming import names_of
from interfaces.cli.terminal import DID_NOT_HOLD, EndCommand, Terminal
from interfaces.wording import places, words
from interfaces.wording.punctuation import by_commas, in_brackets
from interfaces.wording.words import Lexicon

_WIDEST: Final = 46
"""Widest column that is still lined up, in cells; a longer name pushes its line on."""


def evaluate(
    terminal: Terminal,
    asked: Mapping[str, Any],
    *,
    by: Principal,
    key: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take the step for everybody it is for; raise ``Stop`` when any of them was refused.

    ``asked`` are the fields of the command as they were written; those not given are ``None``. Raises ``Invalid``
    with every bad one, and ``Refused`` when nobody is on the roster.
    """
    request = roster_from({name: value for name, value in asked.items() if value is not None})
    with terminal.house.open(terminal.settings) as product:
        with terminal.progress("evaluation.taking_step") as told:
            since = product.journal.head().position
            outcome = product.signing.evaluate(
                request, by=by, key=key, dry_run=dry_run, progress=lambda done: told(done, None)
            )
        if isinstance(outcome, PendingDecision):
            raise AssertionError("whoever has no role records at once")
        tell_signatures(terminal, product, by, since)
        named = {} if as_json else names_of(product, [s.subject for s in outcome.subjects], outcome.kind)
        lexicon = lexicon_of_regime(product, request.regime, outcome.dated_on)
    if as_json:
        terminal.json(outcome)
    else:
        _print(terminal, outcome, named, lexicon)
    if outcome.counts.get("refused"):
        raise EndCommand(DID_NOT_HOLD)


def _print(terminal: Terminal, outcome: RosterOutcome, named: Mapping[str, str], lexicon: Lexicon) -> None:
    console = terminal.console()
    say, language = terminal.say, terminal.language
    where = places.place(outcome.region, language) if outcome.region else say("cli.all_regions")
    console.print(lexicon.title(language), soft_wrap=True)
    console.print(
        say(
            "evaluation.head",
            year=outcome.year,
            stage=words.stage(outcome.stage, language),
            where=where,
            dated_on=outcome.dated_on,
        ),
        style="bold",
    )
    _print_steps(terminal, console, outcome, named, lexicon)
    grades: dict[str, int] = {}
    for step in outcome.subjects:
        if step.grade is not None:
            result = lexicon.grade(step.grade, outcome.kind, language)
        elif step.undetermined is not None:
            result = words.undetermined(step.undetermined, language)
        else:
            continue
        grades[result] = grades.get(result, 0) + 1
    if grades:
        said = "  ".join(f"{result} {n}" for result, n in sorted(grades.items()))
        console.print(say("cli.results") + said)
    counts = by_commas(
        (
            f"{_status(terminal, status)} {outcome.counts[status]}"
            for status in get_args(RosterStatus)
            if status in outcome.counts
        ),
        language,
    )
    print(say("evaluation.in_all", subjects=len(outcome.subjects), counts=counts))


def _print_steps(
    terminal: Terminal, console: Console, outcome: RosterOutcome, named: Mapping[str, str], lexicon: Lexicon
) -> None:
    """A line for everybody; those refused come last, next to the figures: they are what is left to do."""
    from rich.cells import cell_len

    steps = sorted(outcome.subjects, key=lambda s: s.status == "refused")
    cells = [
        (_status(terminal, s.status), named.get(s.subject, ""), _result(terminal, s, outcome.kind, lexicon))
        for s in steps
    ]
    widths = [min(_WIDEST, max(cell_len(row[n]) for row in cells)) for n in range(3)]
    for step, row in zip(steps, cells, strict=True):
        mark, style = ("✗", "red") if step.status == "refused" else ("✓", None)
        padded = [text + " " * max(0, width - cell_len(text)) for text, width in zip(row, widths, strict=True) if width]
        console.print("  ".join((f"{mark} {padded[0]}", *padded[1:], step.subject)), style=style, soft_wrap=True)
        print_notices(terminal, step.notices, lambda _: lexicon)
        if step.error is not None:
            found = lexicon.cites(step.error.cites, terminal.language)
            why = terminal.text(Text(step.error.zh, step.error.en))
            console.print(f"    {why}{in_brackets(found, terminal.language) if found else ''}", soft_wrap=True)


def _status(terminal: Terminal, status: RosterStatus) -> str:
    return terminal.say(f"evaluation.status.{status}")


def _result(terminal: Terminal, step: SubjectStep, kind: str, lexicon: Lexicon) -> str:
    if step.undetermined is None and step.score is None and step.grade is None:
        return ""
    return words.standing_words(step.score, step.grade, step.undetermined, kind, terminal.language, lexicon)


def fields_of(**given: object) -> dict[str, Any]:
    """The fields of the command, with a year that is a number as one and lists left out when they are empty."""
    fields: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, Sequence) and not isinstance(value, str):
            fields[name] = list(value) or None
        else:
            fields[name] = value
    year = fields.get("year")
    if isinstance(year, str) and year.isascii() and year.isdigit():
        fields["year"] = int(year)
    return fields
