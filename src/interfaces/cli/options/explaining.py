"""Why two answers differ, what would change one, what was known."""

from typing import Annotated

import typer

from interfaces.cli.options.shared import Json, KnownAt, OnDay, RegimeIfSeveral, Subject


def diff(
    ctx: typer.Context,
    subject: Annotated[
        str | None, typer.Argument(help="主体编号；或用 --region 比较整个区划 / id of the subject, or --region")
    ] = None,
    region: Annotated[str | None, typer.Option(help="行政区划代码 / code of a city or of the region")] = None,
    kind: Annotated[str, typer.Option(help="区划内比较谁 / whom to compare in a region")] = "agency",
    track: Annotated[
        str,
        typer.Option(help="区划内比较全部结果 all 或只比较动态结果 running / which tracks are compared in a region"),
    ] = "all",
    limit: Annotated[int, typer.Option(help="区划内每页列出几个主体 / subjects of a region on a page")] = 50,
    cursor: Annotated[str | None, typer.Option(help="接续上一页 / go on after the page before")] = None,
    regime: RegimeIfSeveral = None,
    basis_1: Annotated[str | None, typer.Option("--basis-1", help="前一答复的 token / token of the first")] = None,
    as_of_1: Annotated[str | None, typer.Option("--as-of-1", help="前一日期，默认今天 / day of the first")] = None,
    known_at_1: Annotated[
        str | None, typer.Option("--known-at-1", help="前一所知时刻，默认现在 / the first as known when")
    ] = None,
    reading_1: Annotated[list[str] | None, typer.Option("--reading-1", help="前一解释 / reading of the first")] = None,
    basis_2: Annotated[str | None, typer.Option("--basis-2", help="后一答复的 token / token of the second")] = None,
    as_of_2: Annotated[str | None, typer.Option("--as-of-2", help="后一日期，默认今天 / day of the second")] = None,
    known_at_2: Annotated[
        str | None, typer.Option("--known-at-2", help="后一所知时刻，默认现在 / the second as known when")
    ] = None,
    reading_2: Annotated[list[str] | None, typer.Option("--reading-2", help="后一解释 / reading of the second")] = None,
    as_json: Json = False,
) -> None:
    """两个答复为何不同：逐项原因，合起来即由前一得后一 / why two answers differ, cause by cause"""
    from interfaces.cli.commands import explanations as explaining

    first = explaining.basing(1, basis_1, as_of_1, known_at_1, reading_1)
    second = explaining.basing(2, basis_2, as_of_2, known_at_2, reading_2)
    explaining.diff(
        ctx.obj,
        subject,
        region=region,
        kind=kind,
        track=track,
        limit=limit,
        cursor=cursor,
        regime=regime,
        first=first,
        second=second,
        as_json=as_json,
    )


def counterfactuals(
    ctx: typer.Context,
    subject: Subject,
    target: Annotated[str, typer.Option(help="目标等级，如 C / the grade wanted")],
    regime: RegimeIfSeveral = None,
    as_of: OnDay = None,
    known_at: KnownAt = None,
    reading: Annotated[list[str] | None, typer.Option(help="换一种解释 / another reading")] = None,
    as_json: Json = False,
) -> None:
    """怎样达到某一等级：最小的合法变动（退出状态 1：不能达到）/ the smallest lawful changes to a grade (1: none)"""
    from interfaces.cli.commands import explanations as explaining

    explaining.counterfactuals(
        ctx.obj,
        subject,
        target=target,
        regime=regime,
        as_of=as_of,
        known_at=known_at,
        readings=reading or [],
        as_json=as_json,
    )


def knowledge(
    ctx: typer.Context,
    decision: Annotated[str, typer.Argument(help="环节、修复或调整的编号 / id of a step, a repair or an adjustment")],
    as_json: Json = False,
) -> None:
    """作出决定时知道什么，今日是否相同（退出状态 1：依据不再得出该结果）/ what was known of a decision, then and now"""
    from interfaces.cli.commands import explanations as explaining

    explaining.knowledge(ctx.obj, decision, as_json=as_json)
