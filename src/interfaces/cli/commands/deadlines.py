"""``deadlines``, ``deadline``, ``snooze`` and ``remind``: what is due, how its last day was found, what is put off, and
whom to tell."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

import msgspec

from application.access.snoozing import CloseDeadline, SnoozeDeadline, SnoozeView, Snoozing
from application.cursors import MOST_LINES
from application.deadlines.index import Freshness
from application.deadlines.reminders import WITHIN, Swept
from application.deadlines.worklist import DeadlineLine, ProvedDeadline, WorklistPage, WorklistQuestion
from application.principal import Principal
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import LexiconOf, lexicons_of, local
from interfaces.cli.consoles import Console
from interfaces.cli.house import Product
from interfaces.cli.terminal import Terminal
from interfaces.wording import words

if TYPE_CHECKING:
    from application.deadlines.ports import DeadlineCount

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY, _LEFT = 12, 18
_PASSED_OVER = ("start", "weekend", "holiday", "paused", "rest")


def deadlines(
    terminal: Terminal,
    *,
    region: str | None,
    kind: str | None,
    states: Sequence[str],
    regime: str | None,
    due_before: str | None,
    as_of: str | None,
    snoozed: str,
    limit: int,
    as_json: bool,
) -> None:
    """The worklist in order of legal time left. Raises ``Invalid`` with every bad condition."""
    if limit < 1:
        given.bad("/limit", "deadlines.bad_limit")
    question = WorklistQuestion(
        region=region,
        kind=kind,
        state=tuple(states),
        regime=regime,
        due_before=given.day_given("/due_before", due_before),
        as_of=given.day_given("/as_of", as_of),
        limit=min(limit, MOST_LINES),
    )
    view = next((known for known in get_args(SnoozeView) if known == snoozed), None)
    if view is None:
        given.bad("/snoozed", "deadlines.bad_snoozed", views=", ".join(get_args(SnoozeView)))
    with terminal.reading() as product:
        catch_up(terminal, product)
        if view != "any":
            question = _snoozing(product).narrowed(question, view)
        page = _pages(terminal, product, question, limit)
        lexicon = lexicons_of(product)
    if as_json:
        terminal.json(page)
    else:
        _print_page(terminal, page, lexicon)


def catch_up(terminal: Terminal, product: Product) -> Freshness:
    """Take what is new into the index of deadlines, so that nothing on record is missing from a list."""
    with terminal.progress("deadlines.computing") as told:
        return product.projection.catch_up(lambda done: told(done, None))


def _pages(terminal: Terminal, product: Product, question: WorklistQuestion, limit: int) -> WorklistPage:
    """As many lines as are wanted, however many pages they are."""
    page = product.worklist.page(question, product.least)
    lines = list(page.lines)
    with terminal.progress("deadlines.loading", total=limit) as told:
        while page.cursor is not None and len(lines) < limit:
            left = min(limit - len(lines), MOST_LINES)
            question = msgspec.structs.replace(question, cursor=page.cursor, limit=left)
            page = product.worklist.page(question, product.least)
            lines += page.lines
            told(len(lines), None)
    return msgspec.structs.replace(page, lines=tuple(lines))


def deadline(terminal: Terminal, id: str, *, known_at: str | None, as_of: str | None, as_json: bool) -> None:
    """One deadline, proved day by day. Raises ``NotFound`` for an id of no deadline."""
    day, moment = given.day_given("/as_of", as_of), given.moment_given(known_at)
    with terminal.reading() as product:
        found = product.worklist.one(id, known_at=moment, as_of=day)
        lexicon = lexicons_of(product)
    if as_json:
        terminal.json(found)
    else:
        _print_proof(terminal, found, lexicon)


def snooze(
    terminal: Terminal,
    id: str,
    *,
    until: str | None,
    reason: str | None,
    closed: bool,
    undo: bool,
    by: Principal,
    as_json: bool,
) -> None:
    """Put a deadline off, note it as done, or take it back. Raises ``Invalid``, ``NotFound`` and ``Refused``."""
    if sum((until is not None, closed, undo)) != 1:
        given.bad("/until", "deadlines.one_of_three")
    day, why = given.day_given("/until", until), reason or ""
    if not undo and not why.strip():
        given.bad("/reason", "deadlines.needs_reason")
    if terminal.settings.url is not None:
        from interfaces.cli import remote

        remote.snooze(terminal, id, day, why, undo=undo)
    else:
        with terminal.house.open(terminal.settings) as product:
            _snoozed(product, id, day, why, undo=undo, by=by)
    if as_json:
        terminal.json({"deadline": id, "snoozed_until": day, "closed": closed})
        return
    if undo:
        print(terminal.say("deadlines.reopened", id=id))
    elif day is None:
        print(terminal.say("deadlines.closed", id=id))
    else:
        print(terminal.say("deadlines.snoozed", id=id, day=day))


def _snoozed(product: Product, id: str, day: dt.date | None, why: str, *, undo: bool, by: Principal) -> None:
    from application.recording.commands import request_from

    at = _snoozing(product)
    if undo:
        at.reopen(by, id)
    elif day is None:
        at.close(by, id, request_from(CloseDeadline, {"reason": why}))
    else:
        at.snooze(by, id, request_from(SnoozeDeadline, {"until_on": day.isoformat(), "reason": why}))


def _snoozing(product: Product) -> Snoozing:
    return Snoozing(product.administering.door.accounts, product.gate, product.worklist, product.clock)


def remind(terminal: Terminal, *, as_of: str | None, days: int | None, as_json: bool) -> None:
    """Tell what is near its last day or overdue and was not told before."""
    day = given.day_given("/as_of", as_of)
    with terminal.house.open(terminal.settings) as product:
        catch_up(terminal, product)
        swept = product.reminders.sweep(day, WITHIN if days is None else days)
        lexicon = lexicons_of(product)
    if as_json:
        terminal.json(swept)
    else:
        _print_swept(terminal, swept, lexicon)


# --- the list -----------------------------------------------------------------------------------------------


def _print_page(terminal: Terminal, page: WorklistPage, lexicon: LexiconOf) -> None:
    from rich.cells import set_cell_size

    console = terminal.console()
    say = terminal.say
    console.print(say("deadlines.deadlines_as_of", as_of=page.as_of), style="bold")
    if page.lines:
        heads = set_cell_size(say("deadlines.last_day"), _DAY) + set_cell_size(say("deadlines.left"), _LEFT)
        console.print(heads + say("deadlines.what_subject"), style="dim", soft_wrap=True)
    for line in page.lines:
        print_line(terminal, console, line, lexicon)
    if not page.lines:
        console.print(say("deadlines.none_found"))
    if page.counts:
        _print_counts(terminal, page.counts)
    if page.cursor is not None:
        terminal.note(
            "deadlines.only_first",
            number=len(page.lines),
        )


def print_line(terminal: Terminal, console: Console, line: DeadlineLine, lexicon: LexiconOf) -> None:
    """One deadline: its last day, the time left, what and by whom; below it the id, the articles and the state."""
    from rich.cells import set_cell_size

    say, language = terminal.say, terminal.language
    last = say("deadlines.suspended") if line.due_on is None else str(line.due_on)
    what = words.deadline_kind(line.kind, language)
    who = line.subject.name or words.kind(line.subject.kind, language)
    head = f"{set_cell_size(last, _DAY)}{set_cell_size(_left(terminal, line), _LEFT)}{what}  {who}"
    console.print(head, style="red" if line.state == "overdue" else None, soft_wrap=True)
    law = lexicon(line.regime)
    parts = [
        line.id,
        law.actor(line.actor, language),
        law.term(line.cites, line.readings, line.kind, line.subject.kind, language),
        words.deadline_state(line.state, language),
        say("deadlines.provisional") if line.provisional else "",
    ]
    console.print("    " + " · ".join(p for p in parts if p), style="dim", soft_wrap=True)


def _left(terminal: Terminal, line: DeadlineLine) -> str:
    """The time left, for what is still to be met."""
    left = line.working_days_left
    if line.state not in ("open", "overdue") or left is None:
        return "" if line.done_on is None else terminal.say("deadlines.done", done_on=line.done_on)
    if left < 0:
        return terminal.say("deadlines.working_days_over", days=-left)
    if left == 0 and line.state == "overdue":
        return terminal.say("deadlines.over")
    return terminal.say("deadlines.working_days_left", days=left)


def _print_counts(terminal: Terminal, counts: Sequence["DeadlineCount"]) -> None:
    language = terminal.language
    states = list(dict.fromkeys(c.state for c in counts))
    heads = [terminal.say("deadlines.in_all"), *(words.deadline_state(state, language) for state in states)]
    number = {(c.kind, c.state): c.number for c in counts}
    kinds = dict.fromkeys(c.kind for c in counts)
    rows = [[words.deadline_kind(k, language), *(str(number.get((k, s), 0)) for s in states)] for k in kinds]
    terminal.console().numbers(heads, rows)


# --- one deadline -----------------------------------------------------------------------------------------------


def _print_proof(terminal: Terminal, found: ProvedDeadline, lexicon: LexiconOf) -> None:
    console = terminal.console()
    say, language = terminal.say, terminal.language
    line, basis = found.deadline, found.basis
    law = lexicon(line.regime)
    console.print(f"{words.deadline_kind(line.kind, language)}  {line.id}", style="bold", soft_wrap=True)
    parts = [
        f"{line.subject.name or words.kind(line.subject.kind, language)}  {line.subject.id}",
        "" if line.year is None else say("cli.year", year=line.year),
        law.actor(line.actor, language),
        law.term(line.cites, line.readings, line.kind, line.subject.kind, language),
        *(say("deadlines.reading", id=id, issue=law.issue(id, language)) for id in line.readings),
    ]
    console.print(" · ".join(p for p in parts if p), soft_wrap=True)
    console.print(say("cli.as_of") + f" {basis.as_of}  " + say("cli.as_known_at") + f" {local(basis.known_at)}")
    last = say("deadlines.suspended_for_now") if line.due_on is None else str(line.due_on)
    console.print(f"▶ {last}  {_state(terminal, line)}", style="bold red" if line.state == "overdue" else "bold")
    for remark in _remarks(terminal, found):
        console.print(f"  {remark}", soft_wrap=True)
    console.print()
    _print_days(terminal, console, found)
    editions = ", ".join(f"{r.id} ({r.digest[:12]})" for r in basis.rulebooks)
    print(
        say(
            "deadlines.basis",
            position=basis.position,
            editions=editions,
            calendars=basis.calendar_digest[:12],
            engine=basis.engine,
        )
    )


def _state(terminal: Terminal, line: DeadlineLine) -> str:
    state = words.deadline_state(line.state, terminal.language)
    if line.state in ("met", "late", "skipped") and line.done_on is not None:
        return terminal.say("deadlines.state_done", state=state, done_on=line.done_on, done_by=line.done_by)
    left = _left(terminal, line)
    return f"{state}  {left}" if left else state


def _remarks(terminal: Terminal, found: ProvedDeadline) -> list[str]:
    """Why the last day may still change, and what has moved it."""
    say, line = terminal.say, found.deadline
    remarks = []
    if line.provisional:
        remarks.append(
            say(
                "deadlines.why_provisional",
            )
        )
    remarks += [
        say(
            "deadlines.extension",
            from_on=extension.from_on,
            until_on=extension.until_on,
            original_on=line.original_on,
        )
        for extension in found.extensions
    ]
    for pause in found.suspensions:
        until = pause.until_on or say("deadlines.no_end_yet")
        days = say("deadlines.working_days") if pause.working else say("deadlines.days")
        remarks.append(
            say(
                "deadlines.pause",
                from_on=pause.from_on,
                until=until,
                remaining=pause.remaining,
                days=days,
            )
        )
    return remarks


def _print_days(terminal: Terminal, console: Console, found: ProvedDeadline) -> None:
    """Every day of the proof; the papers are told once, below."""
    from rich.cells import set_cell_size

    papers = list(dict.fromkeys(day.paper for day in found.proof if day.paper is not None))
    for day in found.proof:
        passed = day.kind in _PASSED_OVER
        weekday = terminal.say(f"deadlines.weekday.{_WEEKDAYS[day.on.weekday()]}")
        paper = (
            terminal.say("deadlines.calendar_not_known") if day.paper is None else f"[{papers.index(day.paper) + 1}]"
        )
        counted = "" if day.number is None else str(day.number)
        why = set_cell_size(words.proof_day(day.kind, terminal.language), 20 if terminal.language == "zh" else 38)
        console.print(
            f"{'○' if passed else '●'} {day.on}  {weekday}  {counted:>3}  {why}  {paper}",
            style="dim" if passed else None,
            soft_wrap=True,
        )
    console.print()
    for number, paper in enumerate(papers, start=1):
        console.print(f"[{number}] {paper}", soft_wrap=True)


# --- reminders --------------------------------------------------------------------------------------------------


def _print_swept(terminal: Terminal, swept: Swept, lexicon: LexiconOf) -> None:
    """What was not told before; what an earlier sweep of the day has told is counted only."""
    console = terminal.console()
    say = terminal.say
    new = [r for r in swept.reminders if r.new]
    console.print(
        say(
            "deadlines.reminders",
            as_of=swept.as_of,
            until_on=swept.until_on,
        ),
        style="bold",
    )
    for what, code in (("overdue", "deadlines.overdue"), ("near", "deadlines.near")):
        lines = [r.deadline for r in new if r.what == what]
        if lines:
            console.print(f"{say(code)}  {len(lines)}", style="bold")
        for line in lines:
            print_line(terminal, console, line, lexicon)
    again = len(swept.reminders) - len(new)
    print(
        say(
            "deadlines.told",
            new=len(new),
            again=again,
        )
    )
