"""Receipts and seals computed anew, and who looked at what."""

from typing import Annotated

import typer

from domain.sentence import sentence
from interfaces.cli.helping import told
from interfaces.cli.house import NotAvailable, Where
from interfaces.cli.options.shared import Cores, Dask, FromParquet, Json


def recheck(
    ctx: typer.Context,
    record: Annotated[str | None, typer.Option(help=told("help.checking.recheck.record"))] = None,
    cores: Cores = None,
    dask: Dask = None,
    from_parquet: FromParquet = None,
    as_json: Json = False,
) -> None:
    """Execute every receipt again; list those that differ and why."""
    from interfaces.cli.commands import recheck as rechecks

    rechecks.recheck(ctx.obj, record=record, where=Where(cores, dask, from_parquet), as_json=as_json)


def reads(
    ctx: typer.Context,
    subject: Annotated[str | None, typer.Option(help=told("help.checking.reads.subject"))] = None,
    account: Annotated[str | None, typer.Option(help=told("help.checking.reads.account"))] = None,
    from_on: Annotated[str | None, typer.Option("--from", help=told("help.checking.reads.from"))] = None,
    until: Annotated[str | None, typer.Option(help=told("help.checking.reads.until"))] = None,
    limit: Annotated[int, typer.Option(help=told("help.checking.reads.limit"))] = 50,
    as_json: Json = False,
) -> None:
    """Who looked at what."""
    from interfaces.cli.commands import reads as log

    log.reads(ctx.obj, subject=subject, account=account, from_on=from_on, until=until, limit=limit, as_json=as_json)


def roles(
    ctx: typer.Context,
    role: Annotated[str | None, typer.Option(help=told("help.checking.roles.role"))] = None,
    as_json: Json = False,
) -> None:
    """Who may do what, and how far."""
    from interfaces.cli.commands import access

    access.roles(ctx.obj, role=role, as_json=as_json)


def verify(
    ctx: typer.Context,
    journal: Annotated[bool, typer.Option("--journal", help=told("help.checking.verify.journal"))] = False,
    as_json: Json = False,
) -> None:
    """Check that the journal is what was sealed."""
    from interfaces.cli.commands import journal as carrying

    if not journal:
        raise NotAvailable(
            "nothing_to_verify",
            sentence("cli.nothing_to_verify"),
        )
    carrying.verify(ctx.obj, as_json=as_json)
