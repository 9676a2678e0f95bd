"""``grade`` and ``timeline``: answers as tables that can be read at a glance."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from application.grading import GradeAnswer, StepLine
from application.timeline import Entry, Timeline
from domain.lawbook import RulebookAdopted
from domain.rulebook.parsing import parse_edition
from domain.vocabulary import SHANGHAI
from interfaces import words
from interfaces.cli.house import Product
from interfaces.cli.terminal import Terminal
from interfaces.words import Language, Lexicon

if TYPE_CHECKING:
    from rich.table import Table


def lexicon_of(product: Product, answer: GradeAnswer) -> Lexicon:
    """The words of the editions an answer rests on."""
    digests = {r.digest for r in answer.basis.rulebooks}
    events = [r.event for r in product.legislation.refresh()]
    texts = {e.digest: e for e in events if isinstance(e, RulebookAdopted) and e.digest in digests}
    return Lexicon(parse_edition(e.text, e.id) for e in texts.values())


def named(product: Product, answer: GradeAnswer) -> GradeAnswer:
    """The answer with the subject's name on the day asked about, as far as it may still be known."""
    subject = answer.subject
    name: str | None
    if subject.kind == "practitioner":
        person = product.vault.open([subject.id]).get(subject.id)
        name = None if person is None else person.name
    else:
        name = product.casework.file(subject.id).name_on(answer.basis.as_of)
    return msgspec.structs.replace(answer, subject=msgspec.structs.replace(subject, name=name))


def told(answer: GradeAnswer, language: Language, lexicon: Lexicon) -> GradeAnswer:
    """The answer with its sentences."""
    steps = tuple(msgspec.structs.replace(s, because=words.because(s, language, lexicon)) for s in answer.steps)
    change = answer.next_change
    if change is not None:
        change = msgspec.structs.replace(change, because=words.next_change(change, answer.subject.kind, language))
    return msgspec.structs.replace(answer, steps=steps, next_change=change)


def print_grade(terminal: Terminal, answer: GradeAnswer, documents: dict[str, str]) -> None:
    """A grade answer: the result on top, a line for every step, what is next, and the basis."""
    console = terminal.console()
    say, language = terminal.say, terminal.language
    running, basis, subject = answer.running, answer.basis, answer.subject
    console.print(f"{subject.name or say('〔姓名已删除〕', '(name erased)')}  {subject.id}", style="bold")
    console.print(
        say("截至", "as of") + f" {basis.as_of}  " + say("所知截至", "as known at") + f" {local(basis.known_at)}"
    )
    result = words.result_words(running.score, running.grade, subject.kind, language).strip()
    if running.undetermined is not None:
        result += f"  {words.undetermined(running.undetermined, language)}"
    console.print(f"▶ {result}", style="bold red" if running.grade == "D" else "bold")
    console.print(f"  {answer.regime}  {words.force(answer.force, language)}")
    for city in answer.cities:
        console.print(f"  {city.city}  {city.score or '—'}  {city.grade or '—'}")
    if answer.steps:
        console.print(_steps(terminal, answer.steps, documents))
    else:
        console.print(say("没有失信信息。", "No facts on record."))
    for stage in answer.annual:
        console.print(f"  {stage.year}  {words.stage(stage.stage, language)}  {stage.dated_on}")
    if answer.next_change is not None:
        console.print(say("下一变动：", "Next change: ") + (answer.next_change.because or str(answer.next_change.on)))
    _print_basis(terminal, answer)


def _steps(terminal: Terminal, steps: Sequence[StepLine], documents: dict[str, str]) -> "Table":
    from rich import box
    from rich.table import Table

    say = terminal.say
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for zh, en, right in (
        ("", "", False),
        ("起算", "effective", False),
        ("条目", "row", False),
        ("分值", "effect", True),
        ("得分", "score", True),
        ("记录于", "recorded", False),
        ("文书", "document", False),
        ("理由", "because", False),
    ):
        table.add_column(
            say(zh, en), justify="right" if right else "left", overflow="fold", no_wrap=zh not in ("理由", "文书")
        )
    for step in steps:
        table.add_row(
            "●" if step.counted else "○",
            str(step.effective_on or "—"),
            step.row or "—",
            step.effect if step.counted else f"({step.effect})",
            step.score or "—",
            local(step.recorded_at)[:10],
            documents.get(step.fact or "", "") or "+".join(step.sources)[:40],
            step.because or step.reason or "",
            style=None if step.counted else "dim",
        )
    return table


def _print_basis(terminal: Terminal, answer: GradeAnswer) -> None:
    console = terminal.console()
    say, basis = terminal.say, answer.basis
    editions = ", ".join(f"{r.id} ({r.digest[:12]})" for r in basis.rulebooks)
    console.print(
        say("依据：", "Basis: ")
        + say(
            f"序号 {basis.position}；{editions}；引擎 {basis.engine}",
            f"position {basis.position}; {editions}; engine {basis.engine}",
        )
    )
    if answer.repeated is not None:
        console.print(
            say("与原答复一致。", "The same answer as before.")
            if answer.repeated.same
            else say(
                f"与原答复不同（原引擎 {answer.repeated.engine}）。",
                f"Not the answer given before (by the engine {answer.repeated.engine}).",
            ),
            style="bold",
        )
    print(f"token: {basis.token}")


def documents_of(product: Product, subject: str) -> dict[str, str]:
    """The document of every fact on a file, as the file reads now."""
    return {id: file.record.document for id, file in product.casework.file(subject).facts.items()}


def print_timeline(terminal: Terminal, timeline: Timeline) -> None:
    """A timeline: one line for every event, those undone marked and never left out."""
    from rich import box
    from rich.table import Table

    say, language = terminal.say, terminal.language
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for zh, en in (
        ("发生", "happened"),
        ("起算", "effective"),
        ("记录于", "recorded"),
        ("延迟", "delay"),
        ("事项", "event"),
        ("编号", "id"),
        ("文书", "document"),
        ("记录人", "by"),
        ("", ""),
    ):
        table.add_column(say(zh, en), overflow="fold")
    for entry in timeline.entries:
        table.add_row(*_entry(entry, terminal), style="dim" if entry.struck else None)
    console = terminal.console()
    console.print(f"{timeline.subject}  {words.kind(timeline.kind, language)}", style="bold")
    console.print(table)


def _entry(entry: Entry, terminal: Terminal) -> list[str]:
    language = terminal.language
    title = words.event_title(entry.type, language)
    row = entry.content.get("row")
    struck = ""
    if entry.struck is not None:
        struck = f"✗ {words.struck(entry.struck, language)}"
    days = entry.delay_days
    return [
        str(entry.happened_on or "—"),
        str(entry.effective_on or ""),
        local(entry.recorded_at),
        "" if not days else terminal.say(f"{days} 天", f"{days} d"),
        title + (f" {row}" if isinstance(row, str) else ""),
        entry.id or entry.about or "",
        entry.document or "",
        entry.by,
        struck,
    ]


def titled(timeline: Timeline, language: Language) -> Timeline:
    """The timeline with the titles of its events."""
    entries = tuple(msgspec.structs.replace(e, title=words.event_title(e.type, language)) for e in timeline.entries)
    return msgspec.structs.replace(timeline, entries=entries)


def local(at: str) -> str:
    """An instant in UTC as legal time, to the minute."""
    import datetime as dt

    return dt.datetime.fromisoformat(at).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
