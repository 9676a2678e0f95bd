"""Decisions that wait for a second person."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import Json, Region, Signer

DecisionId = Annotated[str, typer.Argument(help=told("help.pending.id"))]


def list_(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option(help=told("help.pending.state"))] = None,
    region: Region = None,
    as_json: Json = False,
) -> None:
    """Those that wait, and those that did."""
    from interfaces.cli.commands import pending

    pending.show_all(ctx.obj, state=state, region=region, as_json=as_json)


def show(ctx: typer.Context, id: DecisionId, as_json: Json = False) -> None:
    """One of them, with what it would do."""
    from interfaces.cli.commands import pending

    pending.show(ctx.obj, id, as_json=as_json)


def sign(
    ctx: typer.Context,
    id: DecisionId,
    digest: Annotated[str | None, typer.Option(help=told("help.pending.digest"))] = None,
    good: Annotated[bool, typer.Option("--good", help=told("help.pending.good"))] = False,
    *,
    by: Signer,
    as_json: Json = False,
) -> None:
    """Sign it as somebody else."""
    from interfaces.cli.commands import pending

    pending.sign(ctx.obj, id, by=by, digest=digest, only_good=good, as_json=as_json)


def return_(
    ctx: typer.Context,
    id: DecisionId,
    reasons: Annotated[str, typer.Option(help=told("help.pending.reasons"))],
    *,
    by: Signer,
    as_json: Json = False,
) -> None:
    """Send it back."""
    from interfaces.cli.commands import pending

    pending.send_back(ctx.obj, id, by=by, reasons=reasons, as_json=as_json)
