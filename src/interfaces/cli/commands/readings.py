"""``readings``: on which readings of the law a grade hangs."""

from typing import cast, get_args

from application.answering.grading import Question, Track
from application.answering.interpretations import Alone, ReadingsAnswer
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_answer, local
from interfaces.cli.consoles import Console
from interfaces.cli.terminal import Terminal
from interfaces.wording import interpretations as reading_words
from interfaces.wording.punctuation import both_listed, by_colon
from interfaces.wording.words import Lexicon


def readings(
    terminal: Terminal,
    subject: str,
    *,
    regime: str | None,
    as_of: str | None,
    known_at: str | None,
    track: str,
    as_json: bool,
) -> None:
    """Grade a subject under every other reading, alone and in pairs."""
    day, moment = given.day_given("/as_of", as_of), given.moment_given(known_at)
    if track not in get_args(Track):
        given.bad("/track", "readings.no_track", track=track, tracks=both_listed(get_args(Track)))
    with terminal.reading() as product:
        question = Question(
            subject=subject,
            regime=regime or product.grading.regime_of(subject) or given.only_regime(product),
            as_of=day,
            known_at=moment,
        )
        found = product.readings.answer(question, cast("Track", track))
        lexicon = lexicon_of_answer(product, found.basis)
        found = reading_words.told(found, terminal.language, lexicon)
    if as_json:
        terminal.json(found)
    else:
        _print(terminal, found, lexicon)


def _print(terminal: Terminal, found: ReadingsAnswer, lexicon: Lexicon) -> None:
    console = terminal.console()
    say, basis, language = terminal.say, found.basis, terminal.language
    console.print(f"{found.subject.name or ''}  {found.subject.id}".strip(), style="bold")
    console.print(lexicon.title(language), soft_wrap=True)
    head = say("cli.as_of") + f" {basis.as_of}  " + say("cli.as_known_at") + f" {local(basis.known_at)}"
    console.print(f"{head}  {_track(terminal, found)}  {lexicon.force(found.force, language)}")
    console.print(f"▶ {found.sentence}", style="bold")
    console.print()
    for alone in found.alternatives:
        _print_alone(terminal, console, found, alone, lexicon)
    for pair in found.pairs:
        ids = " + ".join(f"{a.reading}:{a.value}" for a in pair.readings)
        result = reading_words.outcome(pair.under, found.subject.kind, language, lexicon)
        console.print(f"● {ids}  → {result}", style="bold", soft_wrap=True)
        for answered in pair.readings:
            console.print(
                f"    {by_colon(answered.issue or '', answered.answer or '', language)}", style="dim", soft_wrap=True
            )
    print(f"token: {basis.token}")


def _track(terminal: Terminal, found: ReadingsAnswer) -> str:
    if found.track == "annual" and found.year is not None:
        return terminal.say("readings.annual_result_of", year=found.year)
    return terminal.say(f"readings.track.{found.track}")


def _print_alone(terminal: Terminal, console: Console, found: ReadingsAnswer, alone: Alone, lexicon: Lexicon) -> None:
    """An alternative on one line, and what it means below where the grade changes."""
    result = reading_words.outcome(alone.under, found.subject.kind, terminal.language, lexicon)
    mark, style = ("●", "bold") if alone.changes else ("○", "dim")
    console.print(f"{mark} {alone.reading}:{alone.value}  → {result}", style=style, soft_wrap=True)
    ground = f"  {lexicon.cites(alone.cites, terminal.language)}" if alone.changes else ""
    if alone.issue is not None:
        text = by_colon(alone.issue, alone.answer or "", terminal.language)
        console.print(f"    {text}{ground}", style="dim", soft_wrap=True)
