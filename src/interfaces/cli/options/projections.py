"""What is computed from the journal."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.house import Where
from interfaces.cli.options.shared import Cores, Dask, FromParquet, Json


def status(ctx: typer.Context, as_json: Json = False) -> None:
    """How far each is kept, how much it lags, whether it has stopped."""
    from interfaces.cli.commands import subjects as populations

    populations.status(ctx.obj, as_json=as_json)


def rebuild(ctx: typer.Context, cores: Cores = None, dask: Dask = None, from_parquet: FromParquet = None) -> None:
    """Build anew beside what is in use, compare, replace."""
    from interfaces.cli.commands import subjects as populations

    populations.rebuild(ctx.obj, Where(cores, dask, from_parquet))


def verify(
    ctx: typer.Context,
    sample: Annotated[int, typer.Option(help=told("help.projections.verify.sample"))] = 100,
    everything: Annotated[bool, typer.Option("--all", help=told("help.projections.verify.everything"))] = False,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    as_json: Json = False,
) -> None:
    """Compare the index of grades with a replay."""
    from interfaces.cli.commands import subjects as populations

    where = Where(cores, dask, from_parquet)
    populations.verify(ctx.obj, sample=sample, is_whole=everything, where=where, as_json=as_json)
