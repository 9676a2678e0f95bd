"""``grade`` and ``timeline``: answers as tables that can be read at a glance."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import UnsetType

from application.answering.case_files import case_file
from application.answering.grading import Basis, GradeAnswer, StepLine
from domain.aggregates.casefile import CaseFile
from domain.errors import NotFound
from domain.time import SHANGHAI
from domain.vocabulary import PERSONS
from interfaces.cli.consoles import Console
from interfaces.cli.house import Product
from interfaces.cli.terminal import Terminal
from interfaces.cli.tracks import print_measures, print_tracks
from interfaces.wording import places, words
from interfaces.wording.lexicons import Lexicons
from interfaces.wording.punctuation import by_colon, by_semicolons
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

if TYPE_CHECKING:
    from application.answering.timeline import Timeline, TimelineEntry

_NEVER: Final = "1970-01-01T00:00:00.000000Z"
"""The instant of a line that no record of this file stands for: a ranking is recorded for the whole cohort."""

LexiconOf = Callable[[str], Lexicon]
"""The words of the editions of a regime."""


def lexicon_of_answer(product: Product, basis: Basis) -> Lexicon:
    """The words of the editions an answer rests on."""
    return Lexicons(product.legislation).of_answer(basis)


def lexicon_of_regime(product: Product, regime: str, day: dt.date | None = None) -> Lexicon:
    """The words of every edition of a regime on record; that of the day wins."""
    return Lexicons(product.legislation).of_regime(regime, day)


def lexicons_of(product: Product) -> LexiconOf:
    """The words of every regime on record, by its name."""
    return Lexicons(product.legislation).of_regime


def named(product: Product, answer: GradeAnswer) -> GradeAnswer:
    """The answer with the subject's name on the day asked about, as far as it may still be known."""
    subject = answer.subject
    name = subject_name(product, subject.id, subject.kind, answer.basis.as_of)
    return msgspec.structs.replace(answer, subject=msgspec.structs.replace(subject, name=name))


def file_of(product: Product, subject: str) -> CaseFile:
    """The case file of a subject as it is now. Raises ``NotFound``."""
    file = case_file(subject, product.journal.stream(subject))
    if file.kind is None:
        raise NotFound("subject", subject)
    return file


def subject_name(product: Product, subject: str, kind: str, day: dt.date) -> str | None:
    """What a subject is called on a day; ``None`` for a person whose data were erased."""
    if kind in PERSONS:
        person = product.vault.open([subject]).get(subject)
        return None if person is None else person.name
    return file_of(product, subject).name_on(day)


def print_grade(terminal: Terminal, answer: GradeAnswer, case: CaseFile, lexicon: Lexicon) -> None:
    """A grade answer: the three tracks on top, a line for every step, the measures, what is next, and the basis.

    ``case`` is the file as it reads now, ``lexicon`` has the words of the editions.
    """
    console = terminal.console()
    say, language = terminal.say, terminal.language
    running, basis, subject = answer.running, answer.basis, answer.subject
    console.print(f"{subject.name or say('cli.name_erased')}  {subject.id}", style="bold")
    console.print(f"{lexicon.title(language)}  {lexicon.force(answer.force, language)}", soft_wrap=True)
    console.print(say("cli.as_of") + f" {basis.as_of}  " + say("cli.as_known_at") + f" {local(basis.known_at)}")
    console.print(f"▶ {answer.headline}", style="bold red" if running.grade == "D" else "bold", soft_wrap=True)
    for city in answer.cities:
        grade = "—" if city.grade is None else lexicon.grade(city.grade, subject.kind, language)
        console.print(f"  {places.place(city.city.ljust(6, '0'), language)}  {city.score or '—'}  {grade}")
    print_tracks(terminal, console, answer, case, lexicon)
    console.print()
    if not isinstance(answer.initial, UnsetType):
        console.print(f"  {words.initial(answer.initial, language, lexicon)}", soft_wrap=True)
    for step in answer.steps:
        _print_step(terminal, console, step, subject.kind, lexicon)
    if not answer.steps:
        console.print(say("grades.no_facts_on_record"))
    if not isinstance(answer.later, UnsetType):
        number = answer.later
        console.print(
            say("grades.one_later", day=basis.as_of)
            if number == 1
            else say("grades.later", number=number, day=basis.as_of),
            style="dim",
        )
    console.print()
    print_measures(terminal, console, answer.measures, lexicon)
    if answer.next_change is not None:
        console.print(say("cli.next_change") + (answer.next_change.because or str(answer.next_change.on)))
    _print_basis(terminal, answer)


def _print_step(terminal: Terminal, console: Console, step: StepLine, kind: str, lexicon: Lexicon) -> None:
    """Figures and papers on one line, in columns; the sentence and the matter below, however narrow the window."""
    language = terminal.language
    found = None if isinstance(step.particulars, UnsetType) else step.particulars
    papers = () if isinstance(step.papers, UnsetType) else step.papers
    score = "" if step.score is None else f"→ {step.score}"
    effect = words.effect(step, kind, language, lexicon)
    figures = f"{step.effective_on or '—'!s:<10}  {words.row_number(step.row):<5} {effect:>7} {score:<8}"
    paper = "" if found is None else "  ".join(part for part in (found.document, found.authority_name) if part)
    mark, style = ("●", None) if step.counted else ("○", "dim")
    console.print(f"{mark} {figures}  {paper}".rstrip(), style=style, soft_wrap=True)
    console.indented(step.because or step.reason or "", style="dim")
    recorded = "" if step.recorded_at == _NEVER else terminal.say("cli.recorded") + f" {local(step.recorded_at)[:10]}"
    matter = "" if found is None else words.matter(found, language)
    details = by_semicolons((part for part in (matter, recorded) if part), language)
    console.indented(details, style="dim")
    for underlying in step.rests_on or ():
        console.indented(underlying.says or "", style="dim")
    for source in papers:
        if not (source.document or source.row or source.authority):
            continue
        text = terminal.say("grades.from") + words.paper(source, language, lexicon)
        console.indented(text, style="dim")
    if isinstance(step.quote, str):
        console.indented(f"「{step.quote}」", style="italic")


def _print_basis(terminal: Terminal, answer: GradeAnswer) -> None:
    console = terminal.console()
    say, basis = terminal.say, answer.basis
    editions = ", ".join(f"{r.id} ({r.digest[:12]})" for r in basis.rulebooks)
    console.print(
        say("grades.basis")
        + say(
            "grades.position_engine",
            position=basis.position,
            editions=editions,
            engine=basis.engine,
        ),
        soft_wrap=True,
    )
    if answer.repeated is not None:
        console.print(
            say("grades.same_answer_as_before")
            if answer.repeated.same
            else say(
                "grades.other_answer",
                engine=answer.repeated.engine,
            ),
            style="bold",
        )
    print(f"token: {basis.token}")


def print_timeline(
    terminal: Terminal,
    timeline: "Timeline",
    name: str | None,
    lexicons: Lexicons,
    names: Mapping[str, str | None],
    *,
    ids: bool,
) -> None:
    """A timeline: two lines for every event, those undone marked and never left out; with ``ids`` those of records.

    ``name`` is what the subject is called now, as far as that may still be known; ``names`` are those of the persons
    whose employment is told.
    """
    console = terminal.console()
    say, language = terminal.say, terminal.language
    parts = [part for part in (name, timeline.subject, words.kind(timeline.kind, language)) if part]
    console.print("  ".join(parts), style="bold", soft_wrap=True)
    heading = say("grades.timeline_head")
    console.print(heading, style="dim")
    decided = {
        fact: entry.type
        for entry in timeline.entries
        if entry.type in _DECISIONS
        for fact in entry.content.get("sets_aside", ())
    }
    for entry in timeline.entries:
        employee = None if entry.employee is None else names.get(entry.employee) or say("cli.name_erased")
        style = "dim" if entry.struck else None
        days = f"{entry.happened_on or '—'!s:<10}   {entry.effective_on or '—'!s:<10}   {local(entry.recorded_at)}"
        event = _event(entry, employee, timeline.kind, terminal, lexicons)
        console.print(f"{days}   {event}", style=style, soft_wrap=True)
        console.print(f"    {_particulars(entry, terminal, decided, ids=ids)}", style="dim", soft_wrap=True)


def _event(entry: "TimelineEntry", employee: str | None, kind: str, terminal: Terminal, lexicons: Lexicons) -> str:
    """What happened, to which row or of whom, with which result, and how it was undone."""
    language = terminal.language
    lexicon = lexicons.of_regime(entry.regime or "", entry.happened_on)
    title = words.entry_title(entry.type, entry.content, language, lexicon)
    parts = [title if employee is None else by_colon(title, employee, language)]
    result = entry.content.get("result")
    if isinstance(result, dict):
        score, grade, why = (result.get(name) for name in ("score", "grade", "undetermined"))
        parts.append(words.standing_words(score, grade, why, kind, language, lexicon))
    if entry.struck is not None:
        parts.append(f"✗ {words.struck(entry.struck, language)}")
    return "   ".join(part.strip() for part in parts)


def _particulars(entry: "TimelineEntry", terminal: Terminal, decided: Mapping[str, str], *, ids: bool) -> str:
    """The record's paper, who recorded it and with what delay, and with ``ids`` its id."""
    days = words.days_late(entry.type, entry.delay_days)
    parts = [
        (entry.id or entry.about or "") if ids else "",
        _document(terminal, entry, decided),
        terminal.say("cli.recorded_by", by=entry.by),
        "" if days is None else _delay(terminal, days),
        "" if entry.origin is None else terminal.say("grades.from_joined_file"),
    ]
    return " · ".join(part for part in parts if part)


def _delay(terminal: Terminal, days: int) -> str:
    return terminal.say("grades.one_day_late") if days == 1 else terminal.say("grades.days_late", days=days)


_DECISIONS: Final = ("objection-decided.v1", "comment-decided.v1")


def _document(terminal: Terminal, entry: "TimelineEntry", decided: Mapping[str, str]) -> str:
    """The paper of a line; what a decision on an objection or a comment set aside rests on that decision, which has
    none: ``decided`` says by which sort of them each fact was."""
    if entry.document or entry.type != "fact-set-aside.v1":
        return entry.document or ""
    event = decided.get(str(entry.content.get("fact")))
    return "" if event is None else words.event_title(event, terminal.language)


def titled(timeline: "Timeline", language: Language, lexicons: Lexicons) -> "Timeline":
    """The timeline with the titles of its events."""

    def title(entry: "TimelineEntry") -> str:
        lexicon = lexicons.of_regime(entry.regime or "", entry.happened_on)
        return words.entry_title(entry.type, entry.content, language, lexicon)

    entries = tuple(msgspec.structs.replace(e, title=title(e)) for e in timeline.entries)
    return msgspec.structs.replace(timeline, entries=entries)


def local(at: str) -> str:
    """An instant in UTC as legal time, to the minute."""
    return dt.datetime.fromisoformat(at).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
