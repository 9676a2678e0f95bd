"""``deadlines``, ``deadline`` and ``remind``: what is due, how its last day was found, and whom to tell."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from application.deadlines.index import Freshness
from application.deadlines.reminders import WITHIN, Swept
from application.deadlines.worklist import MOST_LINES, DeadlineLine, ProvedDeadline, WorklistPage, WorklistQuestion
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import LexiconOf, lexicons_of, local
from interfaces.cli.house import Product
from interfaces.cli.terminal import Terminal
from interfaces.wording import words

if TYPE_CHECKING:
    from rich.console import Console

    from application.ports import DeadlineCount

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
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
    limit: int,
    as_json: bool,
) -> None:
    """The worklist in order of legal time left. Raises ``Invalid`` with every bad condition."""
    if limit < 1:
        given.bad("/limit", "至少列出 1 条。", "at least 1 line is listed.")
    question = WorklistQuestion(
        region=region,
        kind=kind,
        state=tuple(states),
        regime=regime,
        due_before=given.day("/due_before", due_before),
        as_of=given.day("/as_of", as_of),
        limit=min(limit, MOST_LINES),
    )
    with terminal.reading() as product:
        catch_up(terminal, product)
        page = _pages(terminal, product, question, limit)
        lexicon = lexicons_of(product)
    if as_json:
        terminal.json(page)
    else:
        _print_page(terminal, page, lexicon)


def catch_up(terminal: Terminal, product: Product) -> Freshness:
    """Take what is new into the index of deadlines, so that nothing on record is missing from a list."""
    with terminal.progress("计算期限", "computing deadlines") as told:
        return product.projection.catch_up(lambda done: told(done, None))


def _pages(terminal: Terminal, product: Product, question: WorklistQuestion, limit: int) -> WorklistPage:
    """As many lines as are wanted, however many pages they are."""
    page = product.worklist.page(question, product.least)
    lines = list(page.lines)
    with terminal.progress("读取", "reading", limit) as told:
        while page.cursor is not None and len(lines) < limit:
            left = min(limit - len(lines), MOST_LINES)
            question = msgspec.structs.replace(question, cursor=page.cursor, limit=left)
            page = product.worklist.page(question, product.least)
            lines += page.lines
            told(len(lines), None)
    return msgspec.structs.replace(page, lines=tuple(lines))


def deadline(terminal: Terminal, id: str, *, known_at: str | None, as_of: str | None, as_json: bool) -> None:
    """One deadline, proved day by day. Raises ``NotFound`` for an id of no deadline."""
    day, moment = given.day("/as_of", as_of), given.moment(known_at)
    with terminal.reading() as product:
        found = product.worklist.one(id, known_at=moment, as_of=day)
        lexicon = lexicons_of(product)
    if as_json:
        terminal.json(found)
    else:
        _print_proof(terminal, found, lexicon)


def remind(terminal: Terminal, *, as_of: str | None, days: int | None, as_json: bool) -> None:
    """Tell what is near its last day or overdue and was not told before."""
    day = given.day("/as_of", as_of)
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
    console.print(say(f"截至 {page.as_of} 的期限", f"Deadlines as of {page.as_of}"), style="bold")
    if page.lines:
        heads = set_cell_size(say("最后一日", "last day"), _DAY) + set_cell_size(say("剩余", "left"), _LEFT)
        console.print(heads + say("事项  主体", "what  subject"), style="dim", soft_wrap=True)
    for line in page.lines:
        print_line(terminal, console, line, lexicon)
    if not page.lines:
        console.print(say("没有符合条件的期限。", "No deadline answers to that."))
    if page.counts:
        _print_counts(terminal, console, page.counts)
    if page.cursor is not None:
        terminal.note(
            f"只列出前 {len(page.lines)} 条；用 --limit 多列，或用 --region、--kind、--due-before 缩小范围。",
            f"only the first {len(page.lines)}; ask for more by --limit, or for fewer by --region, --kind,"
            " --due-before.",
        )


def print_line(terminal: Terminal, console: "Console", line: DeadlineLine, lexicon: LexiconOf) -> None:
    """One deadline: its last day, the time left, what and by whom; below it the id, the articles and the state."""
    from rich.cells import set_cell_size

    say, language = terminal.say, terminal.language
    last = say("中止", "suspended") if line.due_on is None else str(line.due_on)
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
        say("暂定", "provisional") if line.provisional else "",
    ]
    console.print("    " + " · ".join(p for p in parts if p), style="dim", soft_wrap=True)


def _left(terminal: Terminal, line: DeadlineLine) -> str:
    """The time left, for what is still to be met."""
    left = line.working_days_left
    if line.state not in ("open", "overdue") or left is None:
        return "" if line.done_on is None else terminal.say(f"{line.done_on} 办", f"done {line.done_on}")
    if left < 0:
        return terminal.say(f"超 {-left} 个工作日", f"{-left} w.days over")
    if left == 0 and line.state == "overdue":
        return terminal.say("已过", "over")
    return terminal.say(f"余 {left} 个工作日", f"{left} w.days left")


def _print_counts(terminal: Terminal, console: "Console", counts: Sequence["DeadlineCount"]) -> None:
    from rich import box
    from rich.table import Table

    language = terminal.language
    states = list(dict.fromkeys(c.state for c in counts))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(terminal.say("合计", "in all"))
    for state in states:
        table.add_column(words.deadline_state(state, language), justify="right")
    number = {(c.kind, c.state): c.number for c in counts}
    for kind in dict.fromkeys(c.kind for c in counts):
        table.add_row(words.deadline_kind(kind, language), *(str(number.get((kind, s), 0)) for s in states))
    console.print(table)


# --- one deadline -----------------------------------------------------------------------------------------------


def _print_proof(terminal: Terminal, found: ProvedDeadline, lexicon: LexiconOf) -> None:
    console = terminal.console()
    say, language = terminal.say, terminal.language
    line, basis = found.deadline, found.basis
    law = lexicon(line.regime)
    console.print(f"{words.deadline_kind(line.kind, language)}  {line.id}", style="bold", soft_wrap=True)
    parts = [
        f"{line.subject.name or words.kind(line.subject.kind, language)}  {line.subject.id}",
        "" if line.year is None else say(f"{line.year} 年度", f"year {line.year}"),
        law.actor(line.actor, language),
        law.term(line.cites, line.readings, line.kind, line.subject.kind, language),
        *(
            say(f"解释项 {id}（{law.issue(id, 'zh')}）", f"reading {id} ({law.issue(id, 'en')})")
            for id in line.readings
        ),
    ]
    console.print(" · ".join(p for p in parts if p), soft_wrap=True)
    console.print(
        say("截至", "as of") + f" {basis.as_of}  " + say("所知截至", "as known at") + f" {local(basis.known_at)}"
    )
    last = say("中止，尚无最后一日", "suspended, no last day yet") if line.due_on is None else str(line.due_on)
    console.print(f"▶ {last}  {_state(terminal, line)}", style="bold red" if line.state == "overdue" else "bold")
    for remark in _remarks(terminal, found):
        console.print(f"  {remark}", soft_wrap=True)
    console.print()
    _print_days(terminal, console, found)
    editions = ", ".join(f"{r.id} ({r.digest[:12]})" for r in basis.rulebooks)
    print(
        say(
            f"依据：序号 {basis.position}；{editions}；日历 {basis.calendar_digest[:12]}；引擎 {basis.engine}",
            f"Basis: position {basis.position}; {editions}; calendars {basis.calendar_digest[:12]};"
            f" engine {basis.engine}",
        )
    )


def _state(terminal: Terminal, line: DeadlineLine) -> str:
    state = words.deadline_state(line.state, terminal.language)
    if line.state in ("met", "late", "skipped") and line.done_on is not None:
        return terminal.say(
            f"{state}（{line.done_on}，记录 {line.done_by}）", f"{state} ({line.done_on}, by {line.done_by})"
        )
    left = _left(terminal, line)
    return f"{state}  {left}" if left else state


def _remarks(terminal: Terminal, found: ProvedDeadline) -> list[str]:
    """Why the last day may still change, and what has moved it."""
    say, line = terminal.say, found.deadline
    remarks = []
    if line.provisional:
        remarks.append(
            say(
                "暂定：送达日期未记录，或所涉年度的工作日历尚未采用。",
                "provisional: the day of receipt is not on record, or the calendar of a year it touches is not"
                " adopted yet.",
            )
        )
    remarks += [
        say(
            f"延期：{extension.from_on} 至 {extension.until_on}（原为 {line.original_on}）",
            f"extended: {extension.from_on} to {extension.until_on} (was {line.original_on})",
        )
        for extension in found.extensions
    ]
    for pause in found.suspensions:
        until = pause.until_on or say("未定", "no end yet")
        days = say("个工作日", "working days") if pause.working else say("日", "days")
        remarks.append(
            say(
                f"中止：{pause.from_on} 至 {until}，剩余 {pause.remaining} {days}保留",
                f"suspended: {pause.from_on} to {until}, {pause.remaining} {days} kept",
            )
        )
    return remarks


def _print_days(terminal: Terminal, console: "Console", found: ProvedDeadline) -> None:
    """Every day of the proof; the papers are told once, below."""
    from rich.cells import set_cell_size

    papers = list(dict.fromkeys(day.paper for day in found.proof if day.paper is not None))
    for day in found.proof:
        passed = day.kind in _PASSED_OVER
        weekday = f"周{_WEEKDAYS_ZH[day.on.weekday()]}" if terminal.language == "zh" else _WEEKDAYS_EN[day.on.weekday()]
        paper = (
            terminal.say("［当年日历未知］", "[calendar not known]")
            if day.paper is None
            else f"[{papers.index(day.paper) + 1}]"
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
            f"截至 {swept.as_of}：最后一日不晚于 {swept.until_on} 或已逾期",
            f"As of {swept.as_of}: last day up to {swept.until_on}, or overdue",
        ),
        style="bold",
    )
    for what, zh, en in (("overdue", "已逾期", "Overdue"), ("near", "即将到期", "Near")):
        lines = [r.deadline for r in new if r.what == what]
        if lines:
            console.print(f"{say(zh, en)}  {len(lines)}", style="bold")
        for line in lines:
            print_line(terminal, console, line, lexicon)
    again = len(swept.reminders) - len(new)
    print(
        say(
            f"新提醒 {len(new)} 条；当日此前已提醒 {again} 条。",
            f"{len(new)} new; {again} told earlier that day.",
        )
    )
