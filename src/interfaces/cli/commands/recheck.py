"""``recheck``: every recorded result executed again from its receipt."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from application.answering.code_changes import CodeChange
from application.answering.rechecking import Cause, Decision, Difference, Figures, Recheck
from domain.vocabulary import Text
from interfaces.cli.commands.grades import lexicon_of_regime
from interfaces.cli.house import Where
from interfaces.cli.terminal import DID_NOT_HOLD, Stop, Terminal

if TYPE_CHECKING:
    from rich.console import Console

    from interfaces.wording.words import Lexicon

_CAUSES: Final[Mapping[Cause, Text]] = {
    "record_missing": Text(
        "依据所指的事项或信息不在日志中", "the receipt names events or facts that the journal lacks"
    ),
    "edition_unknown": Text(
        "依据所指的规则版本或解释当时不在日志中",
        "the receipt names an edition or reading the journal did not know then",
    ),
    "calendar": Text("工作日历与依据所记不同", "the working-day calendars are not those of the receipt"),
    "engine": Text(
        "由另一版本的程序算出，本程序结果不同", "computed by another engine; this one comes to something else"
    ),
    "computed_otherwise": Text(
        "依据全部相同而结果不同：记录被改动，或本来就不符",
        "everything is the same but the result: altered, or never right",
    ),
}
_DECISIONS: Final[Mapping[Decision, Text]] = {
    "stage": Text("评价环节", "step of an evaluation"),
    "repair": Text("修复确认", "confirmation of a repair"),
    "adjustment": Text("公开等级调整", "adjustment of the public grade"),
}
_WHAT: Final[Mapping[str, Text]] = {
    "score": Text("得分", "score"),
    "grade": Text("等级", "grade"),
    "undetermined": Text("未定原因", "why there is no grade"),
    "deducted": Text("扣分合计", "points deducted"),
    "counted": Text("计入的信息", "facts counted"),
    "digest": Text("摘要", "digest"),
    "rulebooks": Text("规则版本", "editions"),
    "calendar_digest": Text("工作日历", "calendars"),
    "version": Text("案卷版本", "version of the file"),
    "position": Text("日志序号", "position of the journal"),
}


def recheck(terminal: Terminal, *, record: str | None, where: Where, as_json: bool) -> None:
    """Execute all receipts, or those of one record; raise ``Stop`` when any gives something else.

    All of them are executed ``where`` it is asked.

    Raises ``NotFound`` for an unknown record, ``Refused`` for one without a result.
    """
    with (
        terminal.house.open(terminal.settings) as product,
        product.workplace(where) as workplace,
        terminal.progress("重算", "executing again") as told,
    ):
        found = product.rechecking.recheck(only=record, progress=lambda done: told(done, None), workplace=workplace)
        lexicons = {d.regime: lexicon_of_regime(product, d.regime) for d in found.differences if d.changes}
    if as_json:
        terminal.json(found)
    else:
        _print(terminal, found, lexicons)
    if found.differences:
        raise Stop(DID_NOT_HOLD)


def _print(terminal: Terminal, found: Recheck, lexicons: "Mapping[str, Lexicon]") -> None:
    console = terminal.console()
    for difference in found.differences:
        _print_difference(terminal, console, difference, lexicons)
    failed = len(found.differences)
    print(
        terminal.say(
            f"已重算 {found.checked} 份结果（至序号 {found.position}，引擎 {found.engine}）：{found.checked - failed}"
            f" 份一致，{failed} 份不一致。",
            f"{found.checked} results executed again (up to position {found.position}, engine {found.engine}):"
            f" {found.checked - failed} the same, {failed} not.",
        )
    )


def _print_difference(
    terminal: Terminal, console: "Console", difference: Difference, lexicons: "Mapping[str, Lexicon]"
) -> None:
    say = terminal.say
    year = "" if difference.year is None else say(f"{difference.year} 年度", f"year {difference.year}")
    head = (f"✗ {difference.record}", terminal.text(_DECISIONS[difference.decision]), year, difference.subject)
    console.print("  ".join(part for part in head if part), style="red", soft_wrap=True)
    console.print(f"    {terminal.text(_CAUSES[difference.cause])}", soft_wrap=True)
    for change in difference.changes:
        _print_change(terminal, console, change, lexicons[difference.regime])
    recorded, computed = difference.recorded, difference.computed
    for what in difference.what:
        label = terminal.text(_WHAT[what]) if what in _WHAT else what
        if computed is None or what not in Figures.__struct_fields__:
            console.print(f"    {label}", style="dim", soft_wrap=True)
            continue
        was, now = (_figure(terminal, getattr(side, what)) for side in (recorded, computed))
        console.print(
            f"    {label}" + say(f"：记录为 {was}，重算为 {now}", f": recorded {was}, now {now}"),
            style="dim",
            soft_wrap=True,
        )
    console.print(say(f"    原引擎 {difference.engine}", f"    computed by {difference.engine}"), style="dim")


def _print_change(terminal: Terminal, console: "Console", change: CodeChange, lexicon: "Lexicon") -> None:
    """A fault mended since, in words, with the provisions and readings that say what is right."""
    words = Text(change.words.zh, change.words.en)
    grounds = [*(lexicon.cite(c, terminal.language) for c in change.cites), *change.readings]
    tail = f"（{'、'.join(grounds)}）" if terminal.language == "zh" else f" ({', '.join(grounds)})"
    mended = terminal.say("其后更正：", "mended since: ")
    console.print(f"    {mended}{change.fault} {terminal.text(words)}{tail if grounds else ''}", soft_wrap=True)


def _figure(terminal: Terminal, value: str | tuple[str, ...] | None) -> str:
    if value is None or value == ():
        return terminal.say("无", "none")
    return value if isinstance(value, str) else ", ".join(value)
