"""Why two answers differ, what would change one, what was known."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import Json, KnownAt, OnDay, RegimeIfSeveral, Subject


def diff(
    ctx: typer.Context,
    subject: Annotated[str | None, typer.Argument(help=told("help.explaining.diff.subject"))] = None,
    region: Annotated[str | None, typer.Option(help=told("help.explaining.diff.region"))] = None,
    kind: Annotated[str, typer.Option(help=told("help.explaining.diff.kind"))] = "agency",
    track: Annotated[
        str,
        typer.Option(help=told("help.explaining.diff.track")),
    ] = "all",
    limit: Annotated[int, typer.Option(help=told("help.explaining.diff.limit"))] = 50,
    cursor: Annotated[str | None, typer.Option(help=told("help.explaining.diff.cursor"))] = None,
    regime: RegimeIfSeveral = None,
    basis_1: Annotated[str | None, typer.Option("--basis-1", help=told("help.explaining.diff.basis_1"))] = None,
    as_of_1: Annotated[str | None, typer.Option("--as-of-1", help=told("help.explaining.diff.as_of_1"))] = None,
    known_at_1: Annotated[
        str | None, typer.Option("--known-at-1", help=told("help.explaining.diff.known_at_1"))
    ] = None,
    reading_1: Annotated[
        list[str] | None, typer.Option("--reading-1", help=told("help.explaining.diff.reading_1"))
    ] = None,
    basis_2: Annotated[str | None, typer.Option("--basis-2", help=told("help.explaining.diff.basis_2"))] = None,
    as_of_2: Annotated[str | None, typer.Option("--as-of-2", help=told("help.explaining.diff.as_of_2"))] = None,
    known_at_2: Annotated[
        str | None, typer.Option("--known-at-2", help=told("help.explaining.diff.known_at_2"))
    ] = None,
    reading_2: Annotated[
        list[str] | None, typer.Option("--reading-2", help=told("help.explaining.diff.reading_2"))
    ] = None,
    as_json: Json = False,
) -> None:
    """Why two answers differ, cause by cause."""
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
    target: Annotated[str, typer.Option(help=told("help.explaining.counterfactuals.target"))],
    regime: RegimeIfSeveral = None,
    as_of: OnDay = None,
    known_at: KnownAt = None,
    reading: Annotated[list[str] | None, typer.Option(help=told("help.explaining.counterfactuals.reading"))] = None,
    as_json: Json = False,
) -> None:
    """The smallest lawful changes that lead to a grade."""
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
    decision: Annotated[str, typer.Argument(help=told("help.explaining.knowledge.decision"))],
    as_json: Json = False,
) -> None:
    """What was known of a decision, then and now."""
    from interfaces.cli.commands import explanations as explaining

    explaining.knowledge(ctx.obj, decision, as_json=as_json)
