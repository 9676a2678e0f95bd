"""``subject``: where a subject stands under each regime, side by side."""

import datetime as dt

from application.answering.grading import Question
from application.answering.overview import Overview, RegimeLine, overview
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime
from interfaces.cli.consoles import Console
from interfaces.cli.house import Product
from interfaces.cli.naming import names_of
from interfaces.cli.terminal import Terminal
from interfaces.wording import places, words
from interfaces.wording.punctuation import listed


def subject(terminal: Terminal, subject: str, *, as_of: str | None, known_at: str | None, as_json: bool) -> None:
    """Show a subject under every regime with something on record, and under those made for its place."""
    question = Question(
        subject=subject, regime="", as_of=given.day_given("/as_of", as_of), known_at=given.moment_given(known_at)
    )
    with terminal.reading() as product:
        found = overview(product.grading, question)
        if as_json:
            terminal.json(found)
        else:
            _print(terminal, product, found)


def _print(terminal: Terminal, product: Product, found: Overview) -> None:
    console = terminal.console()
    say, language = terminal.say, terminal.language
    name = names_of(product, [found.subject], found.kind).get(found.subject)
    console.print(f"{name or say('cli.name_erased')}  {found.subject}", style="bold", soft_wrap=True)
    services = listed((words.service(service, language) for service in found.services), language)
    place = places.place(found.region, language)
    console.print(f"{words.kind(found.kind, language)}  {place}  {services}".rstrip(), soft_wrap=True)
    console.print(say("cli.as_of") + f" {found.as_of}")
    console.print()
    for line in found.regimes:
        _print_regime(terminal, console, product, line, found.kind, found.as_of)


def _print_regime(
    terminal: Terminal, console: Console, product: Product, line: RegimeLine, kind: str, day: dt.date
) -> None:
    """A regime on one line with its force, and one line for each track that has something to say."""
    say, language = terminal.say, terminal.language
    lexicon = lexicon_of_regime(product, line.regime, day)
    texts = words.regime_texts(line, kind, language, lexicon)
    nothing = "" if line.on_record else say("subjects.nothing_on_record")
    mark, style = ("●", "bold") if line.on_record else ("○", "dim")
    console.print(f"{mark} {lexicon.title(language)}  {texts['force']}{nothing}", style=style, soft_wrap=True)
    console.print("    " + say("subjects.running") + texts["running"], soft_wrap=True)
    if line.annual is not None:
        year = f"{line.annual.year}  {texts['stage']} {line.annual.dated_on}  {texts['annual']}"
        console.print("    " + say("subjects.annual_result") + year, soft_wrap=True)
    if line.public is not None:
        shown = texts["public"] + "  " + say("subjects.since", since=line.public.since)
        console.print("    " + say("subjects.public_grade") + shown, soft_wrap=True)
    if line.next_change is not None:
        change = words.next_change(line.next_change, kind, language, lexicon)
        console.print("    " + say("subjects.next_change") + change, soft_wrap=True)
