"""What is computed from the journal."""

from typing import Annotated

import typer

from interfaces.cli.house import Where
from interfaces.cli.options.shared import Cores, Dask, FromParquet, Json


def status(ctx: typer.Context, as_json: Json = False) -> None:
    """各索引推算到哪里、落后多少、是否停止 / how far each is kept, how much it lags, whether it has stopped"""
    from interfaces.cli.commands import subjects as populations

    populations.status(ctx.obj, as_json=as_json)


def rebuild(ctx: typer.Context, cores: Cores = None, dask: Dask = None, from_parquet: FromParquet = None) -> None:
    """在使用中的索引旁重建，核对后替换 / build anew beside what is in use, compare, replace"""
    from interfaces.cli.commands import subjects as populations

    populations.rebuild(ctx.obj, Where(cores, dask, from_parquet))


def verify(
    ctx: typer.Context,
    sample: Annotated[int, typer.Option(help="抽查几个主体 / how many subjects")] = 100,
    everything: Annotated[bool, typer.Option("--all", help="全部主体 / every subject")] = False,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    as_json: Json = False,
) -> None:
    """等级索引与逐条重演比对，不符则退出码 1 / compare the index of grades with a replay"""
    from interfaces.cli.commands import subjects as populations

    where = Where(cores, dask, from_parquet)
    populations.verify(ctx.obj, sample=None if everything else sample, where=where, as_json=as_json)
