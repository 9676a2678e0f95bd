"""Editions."""

from typing import Annotated

import typer

from interfaces.cli.options.shared import Actor, DryRun, Edition, Json


def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """随附的和在案的规则版本：今日效力、何人何时采用 / editions shipped and on record: force today, adopted by whom"""
    from interfaces.cli.commands import rulebooks

    rulebooks.show_list(ctx.obj, as_json=as_json)


def lint(
    ctx: typer.Context, file: Annotated[str, typer.Argument(help="TOML 文件 / TOML file")], as_json: Json = False
) -> None:
    """检查规则文件，逐项指出行号和改法 / check a rulebook file: every fault with its line"""
    from interfaces.cli.commands import rulebooks

    rulebooks.check(ctx.obj, file, as_json=as_json)


def show(
    ctx: typer.Context,
    id: Edition,
    recorded: Annotated[bool, typer.Option("--recorded", help="按日志所载 / as the journal has it")] = False,
    as_json: Json = False,
) -> None:
    """一个版本的条目、解释、期限与措施 / rows, readings, deadlines and measures of an edition"""
    from interfaces.cli.commands import rulebooks

    rulebooks.show(ctx.obj, id, recorded=recorded, as_json=as_json)


def diff(
    ctx: typer.Context,
    one: Edition,
    other: Edition,
    as_json: Json = False,
) -> None:
    """两个版本的差异，以文字说明；有差异则退出状态为 1 / what differs, in words; exit status 1 when something does"""
    from interfaces.cli.commands import rulebooks

    rulebooks.compare(ctx.obj, one, other, as_json=as_json)


def adopt(
    ctx: typer.Context,
    edition: Edition,
    in_force_on: Annotated[str, typer.Option(help="施行日，YYYY-MM-DD / first day in force")],
    until_on: Annotated[str | None, typer.Option(help="最后一日，不填为无限期 / last day; default: none")] = None,
    reason: Annotated[str | None, typer.Option(help="理由；更正已有编号的必填 / why; a correction needs it")] = None,
    document: Annotated[str | None, typer.Option(help="据以采用的文件 / the paper by which it is adopted")] = None,
    adopted_on: Annotated[str | None, typer.Option(help="该文件的日期 / the day of that paper")] = None,
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """采用（或更正）一个版本，自某日施行 / put an edition in force from a day, or correct it"""
    from interfaces.cli.commands import recording, rulebooks

    asked = {
        "do": "adopt_rulebook",
        "in_force_on": in_force_on,
        "until_on": until_on,
        "reason": reason,
        "document": document,
        "adopted_on": adopted_on,
    }
    rulebooks.record(
        ctx.obj,
        asked | rulebooks.named_or_text(edition),
        actor=actor or recording.account(),
        dry_run=dry_run,
        as_json=as_json,
        file=edition,
    )


def repeal(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help="版本编号 / id of the edition")],
    until_on: Annotated[str, typer.Option(help="最后一日，YYYY-MM-DD / last day in force")],
    reason: Annotated[str, typer.Option(help="理由 / why")],
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """废止一个版本；此前各日仍按该版本答复 / end an edition; the days before keep it"""
    from interfaces.cli.commands import recording, rulebooks

    asked = {"do": "repeal_rulebook", "edition": id, "until_on": until_on, "reason": reason}
    rulebooks.record(ctx.obj, asked, actor=actor or recording.account(), dry_run=dry_run, as_json=as_json)


def text(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="法规全文，纯文本 UTF-8 / the regulation as plain text")],
    edition: Annotated[str, typer.Option(help="版本编号 / id of the edition")],
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """载入官方文本，此后的理由引用条文 / load the official wording: explanations quote it from then on"""
    from interfaces.cli.commands import recording, rulebooks

    asked = {"do": "load_official_text", "edition": edition, "text": recording.read_text(file)}
    rulebooks.record(ctx.obj, asked, actor=actor or recording.account(), dry_run=dry_run, as_json=as_json)
