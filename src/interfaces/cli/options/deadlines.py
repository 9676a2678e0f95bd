"""Deadlines and advisories."""

from typing import Annotated

import typer

from interfaces.cli.options.shared import AsOf, Json, KnownAt


def deadlines(
    ctx: typer.Context,
    region: Annotated[
        str | None, typer.Option(help="行政区划代码：全区、盟市或旗县 / code of a region, city or county")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="哪种期限，如 report、objection_decision / which kind")] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(help="状态，可多次；默认 open、overdue / state, repeatable; default: open, overdue"),
    ] = None,
    regime: Annotated[str | None, typer.Option(help="评价制度 / the regime")] = None,
    due_before: Annotated[str | None, typer.Option(help="最后一日在此日之前 / last day before")] = None,
    as_of: Annotated[str | None, typer.Option(help="哪一天的状态，默认今天 / as they stand on that day")] = None,
    limit: Annotated[int, typer.Option(help="最多列出几条 / most lines")] = 50,
    as_json: Json = False,
) -> None:
    """待办期限，按剩余法定时间排列 / the worklist of deadlines in order of legal time left"""
    from interfaces.cli.commands import deadlines as worklists

    worklists.deadlines(
        ctx.obj,
        region=region,
        kind=kind,
        states=state or [],
        regime=regime,
        due_before=due_before,
        as_of=as_of,
        limit=limit,
        as_json=as_json,
    )


def deadline(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help="期限编号，如 记录编号:report / id: that of the record, colon, kind")],
    known_at: KnownAt = None,
    as_of: Annotated[str | None, typer.Option(help="哪一天的状态，默认今天 / as it stands on that day")] = None,
    as_json: Json = False,
) -> None:
    """一个期限的逐日推算：每日计入或跳过、依据何文件 / one deadline proved day by day, with the papers"""
    from interfaces.cli.commands import deadlines as worklists

    worklists.deadline(ctx.obj, id, known_at=known_at, as_of=as_of, as_json=as_json)


def remind(
    ctx: typer.Context,
    as_of: AsOf = None,
    days: Annotated[int | None, typer.Option(help="提前几个工作日，默认 5 / working days ahead, default 5")] = None,
    as_json: Json = False,
) -> None:
    """提醒临近和逾期的期限；重复执行不重复提醒 / tell what is near or overdue, each once"""
    from interfaces.cli.commands import deadlines as worklists

    worklists.remind(ctx.obj, as_of=as_of, days=days, as_json=as_json)


def advisories(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(help="机构编号 / id of the agency")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """提示性信息与内部协查通报，仅供主管部门 / advisories and internal notices, for authorities only"""
    from interfaces.cli.commands.advisories import show

    show(ctx.obj, subject, as_of=as_of, known_at=known_at, as_json=as_json)
