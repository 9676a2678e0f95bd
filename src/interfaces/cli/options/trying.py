"""Cases played, drafts rehearsed."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.house import Where
from interfaces.cli.options.shared import Cores, Csv, Dask, FromParquet, Json, KnownAtOrNow, Parquet, Region, Table


def scenario(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(help=told("help.trying.scenario.files"))],
    as_json: Json = False,
) -> None:
    """Play worked cases and compare."""
    from interfaces.cli.commands import scenarios

    scenarios.play(ctx.obj, files, as_json=as_json)


def rehearse(
    ctx: typer.Context,
    edition: Annotated[
        str | None,
        typer.Argument(help=told("help.trying.rehearse.edition")),
    ] = None,
    from_on: Annotated[str | None, typer.Option("--from", help=told("help.trying.rehearse.from_on"))] = None,
    as_of: Annotated[str | None, typer.Option(help=told("help.trying.rehearse.as_of"))] = None,
    known_at: KnownAtOrNow = None,
    regime: Annotated[str | None, typer.Option(help=told("help.trying.rehearse.regime"))] = None,
    reading: Annotated[list[str] | None, typer.Option(help=told("help.trying.rehearse.reading"))] = None,
    region: Region = None,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    csv: Csv = None,
    parquet: Parquet = None,
    table: Table = "changes",
    as_json: Json = False,
) -> None:
    """Rehearse a draft, or other readings, over all history."""
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
    id: Annotated[str | None, typer.Argument(help=told("help.trying.rehearsals.id"))] = None,
    cancel: Annotated[bool, typer.Option("--cancel", help=told("help.trying.rehearsals.cancel"))] = False,
    resume: Annotated[bool, typer.Option("--resume", help=told("help.trying.rehearsals.resume"))] = False,
    delete: Annotated[bool, typer.Option("--delete", help=told("help.trying.rehearsals.delete"))] = False,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    csv: Csv = None,
    parquet: Parquet = None,
    table: Table = "changes",
    as_json: Json = False,
) -> None:
    """The rehearsals that are kept."""
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
