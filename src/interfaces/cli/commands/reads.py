"""``reads``: who looked at what."""

from typing import Final

from application.access.read_log import ANSWERED, LoggedRead, ReadsPage, ReadsQuestion
from application.access.reading_place import EVERYWHERE
from application.cursors import MOST_LINES
from application.principal import Principal
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import local
from interfaces.cli.terminal import Terminal

_OWNER: Final = Principal("local", place=EVERYWHERE)
"""Whoever has the journal itself reads all of its log."""


def reads(
    terminal: Terminal,
    *,
    subject: str | None,
    account: str | None,
    from_on: str | None,
    until: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """The read log, the newest first. Raises ``Invalid`` for what cannot be meant."""
    if not 1 <= limit <= MOST_LINES:
        given.bad("/limit", "reads.bad_limit", most=MOST_LINES)
    question = ReadsQuestion(
        subject=subject,
        account=account,
        from_on=given.day_given("/from", from_on),
        until_on=given.day_given("/until", until),
        limit=limit,
    )
    with terminal.reading() as product:
        page = product.watching.page(_OWNER, "all", question)
    if as_json:
        terminal.json(page)
    else:
        _print(terminal, page)


def _print(terminal: Terminal, page: ReadsPage) -> None:
    console = terminal.console()
    for read in page.reads:
        console.print(_line(terminal, read), soft_wrap=True)
    if not page.reads:
        print(terminal.say("reads.none"))
    if page.next is not None:
        terminal.note("reads.there_are_more", number=len(page.reads))


def _line(terminal: Terminal, read: LoggedRead) -> str:
    outcome = terminal.name("access.read_outcome", read.outcome)
    if read.outcome != ANSWERED:
        outcome = terminal.say("reads.refused", code=read.outcome)
    about = read.record or read.subject
    parts = [
        local(read.at),
        read.account if read.through is None else f"{read.account} ({read.through})",
        terminal.name("access.role", read.role),
        terminal.name("api.summary", read.operation),
        about,
        " ".join(f"{name}={value}" for name, value in read.query.items()),
        read.purpose,
        outcome,
    ]
    return "  ".join(part for part in parts if part)
