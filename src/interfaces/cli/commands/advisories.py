"""``advisories``: what departments were told about an agency, for authorities only (Inner Mongolia arts. 12, 33)."""

from typing import TYPE_CHECKING

from application.recording.advisories import AdvisoryLine, Overview
from domain.time import legal_day
from domain.vocabulary import Text
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime, local
from interfaces.cli.naming import names_of
from interfaces.cli.terminal import Terminal
from interfaces.wording import places
from interfaces.wording.words import Lexicon

if TYPE_CHECKING:
    from rich.console import Console

_KINDS = {
    "joint_inspection": Text("联合检查书面告知", "told after a joint inspection"),
    "transfer": Text("移送其他部门", "passed on to another authority"),
}
_NOT_COUNTING = {
    "retracted": Text("已删除（误录）", "recorded in error and retracted"),
    "outside_window": Text("不在累计期间内", "outside the period that counts"),
    "same_document": Text("同一文书已计", "the same document counts already"),
}


def show(terminal: Terminal, subject: str, *, as_of: str | None, known_at: str | None, as_json: bool) -> None:
    """The advisories about one agency. Raises ``NotFound`` for an unknown one, ``Refused`` for a practitioner."""
    day, moment = given.day("/as_of", as_of), given.moment(known_at)
    with terminal.reading() as product:
        found = product.advising.overview(subject, day or legal_day(product.clock.now()), moment)
        name = names_of(product, [subject], "agency").get(subject, "")
        lexicon = lexicon_of_regime(product, found.regime)
    if as_json:
        terminal.json(found)
    else:
        _print(terminal, found, name, lexicon)


def _print(terminal: Terminal, found: Overview, name: str, lexicon: Lexicon) -> None:
    console = terminal.console()
    say = terminal.say
    console.print(f"{name}  {found.agency}".strip(), style="bold", soft_wrap=True)
    console.print(
        say("截至", "as of") + f" {found.as_of}  " + say("所知截至", "as known at") + f" {local(found.known_at)}"
    )
    console.print(say("仅供主管部门内部使用", "for authorities only"), style="dim")
    if found.due_since is not None:
        console.print(
            say(f"▶ 自 {found.due_since} 起应发内部协查通报", f"▶ an internal notice is due since {found.due_since}"),
            style="bold red",
        )
    console.print()
    for line in found.advisories:
        _print_advisory(terminal, console, line)
    if not found.advisories:
        console.print(say("没有提示性信息。", "No advisories on record."))
    for notice in found.notices:
        struck = say("  ✗ 已删除（误录）", "  ✗ retracted") if notice.retracted else ""
        console.print(
            say(f"■ {notice.dated_on}  内部协查通报", f"■ {notice.dated_on}  internal notice") + struck,
            style="dim" if notice.retracted else None,
        )
        papers = {line.id: line.document for line in found.advisories}
        resting = say("、", ", ").join(papers.get(id, id) for id in notice.advisories)
        console.print(say(f"    依据：{resting}", f"    rests on: {resting}"), style="dim", soft_wrap=True)
    console.print()
    window = lexicon.reading("I-14", found.window, terminal.language)
    print(say(f"解释 I-14：{window}；序号 {found.position}", f"Reading I-14: {window}; position {found.position}"))


def _print_advisory(terminal: Terminal, console: "Console", line: AdvisoryLine) -> None:
    say = terminal.say
    mark, style = ("●", None) if line.counts else ("○", "dim")
    console.print(
        f"{mark} {line.noticed_on}  {terminal.text(_KINDS[line.kind])}  {line.document}", style=style, soft_wrap=True
    )
    passed = line.transferred_to
    to = None if passed is None else places.authority(passed, terminal.language)
    parts = [
        places.authority(line.authority, terminal.language),
        "" if to is None else say(f"移送 {to}", f"passed to {to}"),
        say("当月尚未上报", "its month is not submitted yet")
        if line.submitted_on is None
        else say(f"{line.submitted_on} 上报", f"submitted {line.submitted_on}"),
        "" if line.reason is None else say("不计入：", "not counted: ") + terminal.text(_NOT_COUNTING[line.reason]),
    ]
    console.print("    " + " · ".join(p for p in parts if p), style="dim", soft_wrap=True)
