"""The journal as a file."""

from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import Json


def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help=told("help.journal.export.file"))],
) -> None:
    """Write the whole journal to a file, without personal data."""
    from interfaces.cli.commands.journal import export as write

    write(ctx.obj, file)


def import_(ctx: typer.Context, file: Annotated[Path, typer.Argument(help=told("help.journal.import.file"))]) -> None:
    """Read an exported journal into an empty one, keeping its instants."""
    from interfaces.cli.commands.journal import import_ as read

    read(ctx.obj, file)


def parquet(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help=told("help.journal.parquet.folder"))],
    compact: Annotated[bool, typer.Option("--compact", help=told("help.journal.parquet.compact"))] = False,
    check: Annotated[bool, typer.Option("--check", help=told("help.journal.parquet.check"))] = False,
    buckets: Annotated[
        int | None,
        typer.Option(min=1, max=4096, help=told("help.journal.parquet.buckets")),
    ] = None,
    as_json: Json = False,
) -> None:
    """Add what is new to an export in Parquet files."""
    from interfaces.cli.commands import journal as carrying

    carrying.parquet(ctx.obj, folder, compact=compact, check=check, buckets=buckets, as_json=as_json)
