"""``rulebook``: the shipped editions, and the check of an edition that somebody writes."""

from pathlib import Path
from typing import TYPE_CHECKING

from domain.rulebook.lint import lint
from domain.rulebook.model import Edition, Row
from domain.rulebook.parsing import RulebookError, digest, parse_edition
from interfaces import words
from interfaces.cli.house import NotAvailable
from interfaces.cli.recording import read_text
from interfaces.cli.terminal import DID_NOT_HOLD, Stop, Terminal
from interfaces.shipped import shipped_editions

if TYPE_CHECKING:
    from rich.table import Table


def show_list(terminal: Terminal, *, as_json: bool) -> None:
    """The shipped editions, one on a line."""
    shipped = shipped_editions()
    if as_json:
        terminal.json(
            [
                {"id": s.edition.id, "status": s.edition.status, "digest": s.digest, "title": s.edition.title}
                for s in shipped
            ]
        )
        return
    for s in shipped:
        title = terminal.say(s.edition.title.zh, s.edition.title.en)
        print(f"{s.edition.id}  {s.edition.status}  {s.digest[:12]}  {title}")


def check(terminal: Terminal, file: str) -> None:
    """Parse and lint a file; raises ``Stop`` when it has faults, each told with its line."""
    text = read_text(file)
    try:
        edition = parse_edition(text, Path(file).name)
    except RulebookError as error:
        terminal.refuse(error)
        raise Stop(DID_NOT_HOLD) from None
    faults = lint(edition, text)
    if faults:
        terminal.refuse(RulebookError(file, faults))
        raise Stop(DID_NOT_HOLD)
    rows, readings = len(edition.row), len(edition.reading)
    print(
        terminal.say(
            f"{edition.id} 无误：{rows} 个条目，{readings} 项解释，摘要 {digest(text)[:12]}。",
            f"{edition.id} is sound: {rows} rows, {readings} readings, digest {digest(text)[:12]}.",
        )
    )


def show(terminal: Terminal, id: str, *, as_json: bool) -> None:
    """Rows and readings of a shipped edition. Raises ``NotAvailable`` for an unknown one."""
    edition = next((s.edition for s in shipped_editions() if s.edition.id == id), None)
    if edition is None:
        known = ", ".join(s.edition.id for s in shipped_editions())
        raise NotAvailable("not_found", f"没有规则版本 {id}；现有：{known}。", f"no edition {id}; there are {known}.")
    if as_json:
        terminal.json(edition)
        return
    console = terminal.console()
    console.print(f"{edition.id}  {terminal.say(edition.title.zh, edition.title.en)}", style="bold")
    console.print(_rows(terminal, edition))
    console.print(_readings(terminal, edition))


def _rows(terminal: Terminal, edition: Edition) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for zh, en in (("条目", "row"), ("效果", "effect"), ("条款", "articles"), ("内容", "what")):
        table.add_column(terminal.say(zh, en), overflow="fold")
    for row in edition.row:
        said = terminal.say(row.words.zh, row.words.en)
        table.add_row(row.code, _effect(terminal, row), words.cites(row.cites, terminal.language), said)
    return table


def _effect(terminal: Terminal, row: Row) -> str:
    if row.points is not None:
        return f"{row.points:f}"
    named = {"linked": ("同委托单位", "as the client"), "count": ("计次", "an occurrence")}
    return row.grade or terminal.say(*named.get(row.type, (row.type, row.type)))


def _readings(terminal: Terminal, edition: Edition) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for zh, en in (("解释项", "reading"), ("问题", "issue"), ("取值（首个为默认）", "values (default first)")):
        table.add_column(terminal.say(zh, en), overflow="fold")
    for reading in edition.reading:
        names = [reading.default, *(v.name for v in reading.values if v.name != reading.default)]
        table.add_row(reading.id, terminal.say(reading.issue.zh, reading.issue.en), ", ".join(names))
    return table
