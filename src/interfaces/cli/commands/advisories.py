"""``advisories``: what departments were told about an agency, for authorities only (Inner Mongolia arts. 12, 33)."""

from application.recording.advisories import AdvisoryLine, AdvisoryOverview
from domain.time import legal_day
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime, local
from interfaces.cli.consoles import Console
from interfaces.cli.naming import names_of
from interfaces.cli.terminal import Terminal
from interfaces.wording import places
from interfaces.wording.punctuation import listed
from interfaces.wording.words import Lexicon


def show(terminal: Terminal, subject: str, *, as_of: str | None, known_at: str | None, as_json: bool) -> None:
    """The advisories about one agency. Raises ``NotFound`` for an unknown one, ``Refused`` for a practitioner."""
    day, moment = given.day_given("/as_of", as_of), given.moment_given(known_at)
    with terminal.reading() as product:
        found = product.advising.overview(subject, day or legal_day(product.clock.now()), moment)
        name = names_of(product, [subject], "agency").get(subject, "")
        lexicon = lexicon_of_regime(product, found.regime)
    if as_json:
        terminal.json(found)
    else:
        _print(terminal, found, name, lexicon)


def _print(terminal: Terminal, found: AdvisoryOverview, name: str, lexicon: Lexicon) -> None:
    console = terminal.console()
    say = terminal.say
    console.print(f"{name}  {found.agency}".strip(), style="bold", soft_wrap=True)
    console.print(say("cli.as_of") + f" {found.as_of}  " + say("cli.as_known_at") + f" {local(found.known_at)}")
    console.print(say("advisories.for_authorities_only"), style="dim")
    if found.due_since is not None:
        console.print(
            say("advisories.notice_due", due_since=found.due_since),
            style="bold red",
        )
    console.print()
    for line in found.advisories:
        _print_advisory(terminal, console, line)
    if not found.advisories:
        console.print(say("advisories.none_on_record"))
    for notice in found.notices:
        struck = say("advisories.retracted") if notice.retracted else ""
        console.print(
            say("advisories.internal_notice", dated_on=notice.dated_on) + struck,
            style="dim" if notice.retracted else None,
        )
        papers = {line.id: line.document for line in found.advisories}
        resting = listed((papers.get(id, id) for id in notice.advisories), terminal.language)
        console.print("    " + say("advisories.rests_on", resting=resting), style="dim", soft_wrap=True)
    console.print()
    window = lexicon.reading("I-14", found.window, terminal.language)
    print(say("advisories.window_and_position", window=window, position=found.position))


def _print_advisory(terminal: Terminal, console: Console, line: AdvisoryLine) -> None:
    say = terminal.say
    mark, style = ("●", None) if line.counts else ("○", "dim")
    console.print(
        f"{mark} {line.noticed_on}  {say(f'advisories.kind.{line.kind}')}  {line.document}", style=style, soft_wrap=True
    )
    passed = line.transferred_to
    to = None if passed is None else places.authority(passed, terminal.language)
    parts = [
        places.authority(line.authority, terminal.language),
        "" if to is None else say("advisories.passed_to", to=to),
        say("advisories.not_submitted")
        if line.submitted_on is None
        else say("advisories.submitted", submitted_on=line.submitted_on),
        ""
        if line.reason is None
        else say("advisories.not_counted") + terminal.say(f"advisories.not_counting.{line.reason}"),
    ]
    console.print("    " + " · ".join(p for p in parts if p), style="dim", soft_wrap=True)
