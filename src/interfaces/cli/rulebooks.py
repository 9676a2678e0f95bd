"""``rulebook``: the shipped editions, and the check of an edition that somebody writes."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.rulebook.lint import lint
from domain.rulebook.model import DeadlineRule, DeadlineStart, Edition, Measure, Row
from domain.rulebook.parsing import RulebookError, digest, parse_edition
from domain.vocabulary import Text
from interfaces import words
from interfaces.cli.house import NotAvailable
from interfaces.cli.recording import read_text
from interfaces.cli.terminal import DID_NOT_HOLD, Stop, Terminal
from interfaces.shipped import shipped_editions

if TYPE_CHECKING:
    from rich.table import Table

_STARTS: Final[dict[DeadlineStart, Text]] = {
    "roster": Text("评价年度", "the evaluation year"),
    "notice": Text("收到填报通知", "receipt of the notice"),
    "proposal": Text("收到拟定结果", "receipt of the proposal"),
    "publicity": Text("公示开始", "the start of publicity"),
    "rating": Text("正式评定", "the formal rating"),
    "objection": Text("提出异议", "the objection"),
    "application": Text("收到修复申请", "receipt of the application"),
    "warning": Text("下达预警", "the warning"),
    "service": Text("处罚送达", "service of the penalty"),
    "reminder": Text("书面提醒", "the written reminder"),
    "fact": Text("信息产生", "the day the information arises"),
    "half_year": Text("半年届满", "the end of the half-year"),
}


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
    parent = next((s.edition for s in shipped_editions() if s.edition.id == edition.parent), None)
    faults = lint(edition, text, parent)
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
    """Rows, readings, deadlines and measures of a shipped edition. Raises ``NotAvailable`` for an unknown one."""
    edition = next((s.edition for s in shipped_editions() if s.edition.id == id), None)
    if edition is None:
        known = ", ".join(s.edition.id for s in shipped_editions())
        raise NotAvailable("not_found", f"没有规则版本 {id}；现有：{known}。", f"no edition {id}; there are {known}.")
    if as_json:
        terminal.json(edition)
        return
    console = terminal.console()
    console.print(f"{edition.id}  {terminal.say(edition.title.zh, edition.title.en)}", style="bold")
    for table in (_rows, _readings, _deadlines, _measures):
        console.print(table(terminal, edition))


def _table(terminal: Terminal, *heads: tuple[str, str]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for zh, en in heads:
        # The first column holds codes, which are copied and must not break.
        table.add_column(terminal.say(zh, en), overflow="fold", no_wrap=not table.columns)
    return table


def _rows(terminal: Terminal, edition: Edition) -> "Table":
    table = _table(terminal, ("条目", "row"), ("效果", "effect"), ("条款", "articles"), ("内容", "what"))
    for row in edition.row:
        said = terminal.say(row.words.zh, row.words.en)
        table.add_row(row.code, _effect(terminal, row), words.cites(row.cites, terminal.language), said)
    return table


def _effect(terminal: Terminal, row: Row) -> str:
    if row.points is not None:
        return f"{row.points:f}"
    named = {
        "linked": ("同委托单位", "as the client"),
        "count": ("计次", "an occurrence"),
        "configured": ("按记分表", "by the table of points"),
    }
    return row.grade or terminal.say(*named.get(row.type, (row.type, row.type)))


def _readings(terminal: Terminal, edition: Edition) -> "Table":
    table = _table(terminal, ("解释项", "reading"), ("问题", "issue"), ("取值（首个为默认）", "values (default first)"))
    for reading in edition.reading:
        names = [reading.default, *(v.name for v in reading.values if v.name != reading.default)]
        table.add_row(reading.id, terminal.say(reading.issue.zh, reading.issue.en), ", ".join(names))
    return table


def _deadlines(terminal: Terminal, edition: Edition) -> "Table":
    table = _table(
        terminal,
        ("期限", "deadline"),
        ("主体", "subject"),
        ("由谁办理", "who acts"),
        ("长度", "how long"),
        ("条款", "articles"),
        ("内容", "what"),
    )
    for rule in edition.deadline:
        table.add_row(
            rule.kind,
            words.kind(rule.of, terminal.language),
            words.actor(rule.actor, terminal.language),
            _length(terminal, rule),
            words.cites(rule.cites, terminal.language),
            terminal.say(rule.words.zh, rule.words.en),
        )
    return table


def _length(terminal: Terminal, rule: DeadlineRule) -> str:
    zh, en = _STARTS[rule.starts]
    if rule.by is not None:
        return terminal.say(f"次年 {rule.by} 前", f"by {rule.by} of the next year")
    if rule.working_days is not None:
        return terminal.say(f"{zh}后 {rule.working_days} 个工作日", f"{rule.working_days} working days from {en}")
    if rule.months is not None:
        return terminal.say(f"{zh}后 {rule.months} 个月", f"{rule.months} months from {en}")
    return terminal.say(f"{zh}时指定", f"set with {en}")


def _measures(terminal: Terminal, edition: Edition) -> "Table":
    table = _table(terminal, ("等级", "grade"), ("条款", "articles"), ("措施", "measure"), ("法律依据", "legal basis"))
    for measure in edition.measure:
        table.add_row(
            words.grade_words(measure.grade, measure.of, terminal.language),
            words.cites(measure.cites, terminal.language),
            terminal.say(measure.words.zh, measure.words.en),
            _basis(terminal, measure, edition),
        )
    return table


def _basis(terminal: Terminal, measure: Measure, edition: Edition) -> str:
    supplied = (edition.configured.legal_basis or {}).get(measure.cites[0])
    if supplied is not None:
        return supplied
    if measure.legal_basis is not None:
        return terminal.say(measure.legal_basis.zh, measure.legal_basis.en)
    return terminal.say("未配置，不得执行", "none configured: not executable")
