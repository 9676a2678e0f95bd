"""``evaluation``: how far a year is in a region, what is late or was skipped, and what will not fit."""

from collections.abc import Mapping
from typing import Final

from application.year.rosters import Behind, ProgressQuestion, YearOfSubject, YearProgress
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime, local
from interfaces.cli.commands.recording import print_notices
from interfaces.cli.consoles import Console
from interfaces.cli.house import Product
from interfaces.cli.naming import names_of
from interfaces.cli.records import RecordNames
from interfaces.cli.terminal import Terminal
from interfaces.wording import places, words
from interfaces.wording.punctuation import by_colon, listed
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

_EVERYBODY: Final = 1_000_000
"""All subjects of a region stand on one page: a terminal has no other."""
_NAMED: Final = 5
"""How many of those behind are named in the summary."""


def evaluation(
    terminal: Terminal,
    *,
    regime: str,
    year: str,
    region: str | None,
    kind: str,
    as_of: str | None,
    known_at: str | None,
    each: bool,
    as_json: bool,
) -> None:
    """How far the year is; with ``each`` a line for every subject. Raises ``Invalid`` for what cannot be meant."""
    day, moment = given.day_given("/as_of", as_of), given.moment_given(known_at)
    number, of, place = given.year(year), given.kind_given(kind), given.region(region)
    with terminal.reading() as product:
        # Without a region everything is meant: every code begins with nothing.
        question = ProgressQuestion(
            regime=regime, year=number, region=place or "", kind=of, as_of=day, known_at=moment, limit=_EVERYBODY
        )
        with terminal.progress("progress.counting"):
            found = product.evaluating.progress(question)
        named = {} if as_json else {**_names(product, found), **_papers(product, found, terminal.language)}
        lexicon = lexicon_of_regime(product, regime, found.as_of)
    if as_json:
        terminal.json(found)
    else:
        _print(terminal, found, named, lexicon, each=each)


def _names(product: Product, found: YearProgress) -> Mapping[str, str]:
    if found.kind == "practitioner":
        return names_of(product, [s.subject for s in found.subjects], "practitioner")
    return {s.subject: s.name for s in found.subjects if s.name is not None}


def _papers(product: Product, found: YearProgress, language: Language) -> Mapping[str, str]:
    """What the facts are called for which a published year may have to be reopened, and what is undecided."""
    ids = {id for subject in found.subjects for id in (*subject.late, *subject.undone)}
    ids |= {id for subject in found.subjects for id in (*subject.objections, *subject.comments)}
    named = RecordNames(product, language)
    return {id: named(id) for id in ids}


def _print(terminal: Terminal, found: YearProgress, named: Mapping[str, str], lexicon: Lexicon, *, each: bool) -> None:
    console = terminal.console()
    say = terminal.say
    where = places.place(found.region, terminal.language) if found.region else say("cli.all_regions")
    console.print(lexicon.title(terminal.language), soft_wrap=True)
    console.print(
        say("progress.evaluation_of", year=found.year, where=where) + words.kind(found.kind, terminal.language),
        style="bold",
    )
    console.print(say("cli.as_of") + f" {found.as_of}  " + say("cli.as_known_at") + f" {local(found.known_at)}")
    console.print(
        say(
            "progress.on_roster",
            listed=found.listed,
            unlisted=found.unlisted,
        )
    )
    if found.listed:
        _print_counts(terminal, console, found, lexicon)
    for line in found.behind:
        _print_behind(terminal, console, line, named, lexicon)
    print_notices(terminal, found.warnings, lambda _: lexicon)
    for subject in found.subjects:
        if each:
            _print_subject(terminal, console, subject, found.kind, named, lexicon)
        elif subject.late or subject.undone:
            _print_reasons(terminal, console, subject, named)


def _print_counts(terminal: Terminal, console: Console, found: YearProgress, lexicon: Lexicon) -> None:
    say, language = terminal.say, terminal.language
    stages = "  ".join(f"{words.stage(code, language)} {n}" for code, n in found.stages.items())
    grades = "  ".join(f"{_grade(terminal, code, found.kind, lexicon)} {n}" for code, n in sorted(found.grades.items()))
    console.print(say("progress.latest_step") + stages)
    console.print(say("cli.results") + grades)
    if found.objections or found.comments:
        console.print(
            say(
                "progress.open",
                objections=found.objections,
                comments=found.comments,
            )
        )


def _grade(terminal: Terminal, code: str, kind: str, lexicon: Lexicon) -> str:
    if code == "none":
        return terminal.say("progress.no_result_yet")
    if code == "undetermined":
        return terminal.say("progress.without_grade")
    return lexicon.grade(code, kind, terminal.language)


def _print_behind(
    terminal: Terminal, console: Console, line: Behind, named: Mapping[str, str], lexicon: Lexicon
) -> None:
    language = terminal.language
    what, state = words.deadline_kind(line.kind, language), words.deadline_state(line.state, language)
    head = terminal.say("progress.behind", what=what, state=state, number=line.count)
    first = "" if line.first_due_on is None else terminal.say("progress.from", first_due_on=line.first_due_on)
    console.print(
        "  ".join(part for part in (head, first, lexicon.cites(line.cites, language)) if part),
        style="red" if line.state == "overdue" else None,
        soft_wrap=True,
    )
    for id in line.subjects[:_NAMED]:
        console.print(f"    {named.get(id, '')}  {id}", style="dim", soft_wrap=True)
    if line.count > _NAMED:
        rest = line.count - _NAMED
        console.print(
            "    " + terminal.say("progress.more", rest=rest),
            style="dim",
        )


def _print_subject(
    terminal: Terminal,
    console: Console,
    subject: YearOfSubject,
    kind: str,
    named: Mapping[str, str],
    lexicon: Lexicon,
) -> None:
    language = terminal.language
    result = _grade(terminal, "none", kind, lexicon)
    if subject.undetermined is not None or subject.score is not None or subject.grade is not None:
        result = words.standing_words(subject.score, subject.grade, subject.undetermined, kind, language, lexicon)
    step = f"{words.stage(subject.stage, language)} {subject.dated_on}"
    console.print(f"● {step}  {result}  {named.get(subject.subject, '')}  {subject.subject}", soft_wrap=True)
    parts = [
        *(f"✗ {words.deadline_kind(kind, language)}" for kind in subject.behind),
        *(terminal.say("progress.objection_open") + named.get(id, id) for id in subject.objections),
        *(terminal.say("progress.comment_open") + named.get(id, id) for id in subject.comments),
        *_reasons(terminal, subject, named),
    ]
    if parts:
        console.print("    " + " · ".join(parts), style="dim", soft_wrap=True)


def _print_reasons(terminal: Terminal, console: Console, subject: YearOfSubject, named: Mapping[str, str]) -> None:
    reasons = " · ".join(_reasons(terminal, subject, named))
    console.print(f"! {named.get(subject.subject, '')}  {subject.subject}  {reasons}", soft_wrap=True)


def _reasons(terminal: Terminal, subject: YearOfSubject, named: Mapping[str, str]) -> list[str]:
    """What a published year may have to be reopened for (art. 34)."""
    return [
        by_colon(
            terminal.say(code), listed((named.get(fact, fact) for fact in facts), terminal.language), terminal.language
        )
        for code, facts in (("tracks.late", subject.late), ("tracks.undone", subject.undone))
        if facts
    ]
