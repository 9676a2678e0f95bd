"""Receipts and seals computed anew."""

from typing import Annotated

import typer

from domain.sentence import sentence
from interfaces.cli.house import NotAvailable, Where
from interfaces.cli.options.shared import Cores, Dask, FromParquet, Json


def recheck(
    ctx: typer.Context,
    record: Annotated[str | None, typer.Option(help="只重算这一记录的结果 / only the result of this record")] = None,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    as_json: Json = False,
) -> None:
    """按依据重算每份结果，列出不一致者及原因 / execute every receipt again; list those that differ and why"""
    from interfaces.cli.commands import recheck as rechecks

    rechecks.recheck(ctx.obj, record=record, where=Where(cores, dask, from_parquet), as_json=as_json)


def verify(
    ctx: typer.Context,
    journal: Annotated[
        bool, typer.Option("--journal", help="核对整个日志的封印和次序 / the seals and the order of the whole journal")
    ] = False,
    as_json: Json = False,
) -> None:
    """核对日志与封印是否相符 / check that the journal is what was sealed"""
    from interfaces.cli.commands import journal as carrying

    if not journal:
        raise NotAvailable(
            "nothing_to_verify",
            sentence("cli.nothing_to_verify"),
        )
    carrying.verify(ctx.obj, as_json=as_json)
