"""Cases played, drafts rehearsed."""

from typing import Annotated

import typer

from interfaces.cli.house import Where
from interfaces.cli.options.shared import Cores, Csv, Dask, FromParquet, Json, KnownAtOrNow, Parquet, Region, Table


def scenario(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(help="案例文件或文件夹 / scenario files or folders")],
    as_json: Json = False,
) -> None:
    """演算案例文件，比对预期 / play worked cases and compare"""
    from interfaces.cli.commands import scenarios

    scenarios.play(ctx.obj, files, as_json=as_json)


def rehearse(
    ctx: typer.Context,
    edition: Annotated[
        str | None,
        typer.Argument(help="版本编号或 TOML 文件；只换解释可省 / id of an edition, or a TOML file"),
    ] = None,
    from_on: Annotated[
        str | None, typer.Option("--from", help="草案自哪一天适用 / first day on which the draft applies")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="比较到哪一天，默认今天 / last day compared")] = None,
    known_at: KnownAtOrNow = None,
    regime: Annotated[str | None, typer.Option(help="评价制度；只换解释时 / regime, for readings alone")] = None,
    reading: Annotated[list[str] | None, typer.Option(help="换一种解释，如 I-04:own_year / another reading")] = None,
    region: Region = None,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    csv: Csv = None,
    parquet: Parquet = None,
    table: Table = "changes",
    as_json: Json = False,
) -> None:
    """预演草案或另一组解释：谁的等级会变、为何 / rehearse a draft, or other readings, over all history"""
    from interfaces.cli.commands import rehearsals

    rehearsals.rehearse(
        ctx.obj,
        edition,
        from_on=from_on,
        as_of=as_of,
        known_at=known_at,
        regime=regime,
        readings=reading or [],
        region=region,
        where=Where(cores, dask, from_parquet),
        files=rehearsals.TableFiles(csv, parquet, table),
        as_json=as_json,
    )


def rehearsals(
    ctx: typer.Context,
    id: Annotated[str | None, typer.Argument(help="预演编号；不填则列出全部 / id; default: list them")] = None,
    cancel: Annotated[bool, typer.Option("--cancel", help="取消 / cancel it")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="从已保存的部分继续 / go on with it here")] = False,
    delete: Annotated[bool, typer.Option("--delete", help="连同结果删除 / delete it with its result")] = False,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    csv: Csv = None,
    parquet: Parquet = None,
    table: Table = "changes",
    as_json: Json = False,
) -> None:
    """保存的预演：列出、查看、下载、取消、继续、删除 / the rehearsals that are kept"""
    from interfaces.cli.commands import rehearsals

    rehearsals.show(
        ctx.obj,
        id,
        cancel=cancel,
        resume=resume,
        delete=delete,
        where=Where(cores, dask, from_parquet),
        files=rehearsals.TableFiles(csv, parquet, table),
        as_json=as_json,
    )
