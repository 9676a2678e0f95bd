"""Deadlines and advisories."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import AsOf, Json, KnownAt, Recorder


def deadlines(
    ctx: typer.Context,
    region: Annotated[str | None, typer.Option(help=told("help.deadlines.deadlines.region"))] = None,
    kind: Annotated[str | None, typer.Option(help=told("help.deadlines.deadlines.kind"))] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(help=told("help.deadlines.deadlines.state")),
    ] = None,
    regime: Annotated[str | None, typer.Option(help=told("help.deadlines.deadlines.regime"))] = None,
    due_before: Annotated[str | None, typer.Option(help=told("help.deadlines.deadlines.due_before"))] = None,
    as_of: Annotated[str | None, typer.Option(help=told("help.deadlines.deadlines.as_of"))] = None,
    snoozed: Annotated[str, typer.Option(help=told("help.deadlines.deadlines.snoozed"))] = "any",
    limit: Annotated[int, typer.Option(help=told("help.deadlines.deadlines.limit"))] = 50,
    as_json: Json = False,
) -> None:
    """The worklist of deadlines in order of legal time left."""
    if ctx.obj.settings.url is not None:
        from interfaces.cli import remote

        conditions = {"region": region, "kind": kind, "state": state, "regime": regime, "due_before": due_before}
        conditions["snoozed"] = snoozed
        remote.deadlines(ctx.obj, as_json=as_json, as_of=as_of, limit=limit, **conditions)
        return
    from interfaces.cli.commands import deadlines as worklists

    worklists.deadlines(
        ctx.obj,
        region=region,
        kind=kind,
        states=state or [],
        regime=regime,
        due_before=due_before,
        as_of=as_of,
        snoozed=snoozed,
        limit=limit,
        as_json=as_json,
    )


def deadline(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help=told("help.deadlines.deadline.id"))],
    known_at: KnownAt = None,
    as_of: Annotated[str | None, typer.Option(help=told("help.deadlines.deadline.as_of"))] = None,
    as_json: Json = False,
) -> None:
    """One deadline proved day by day, with the papers."""
    from interfaces.cli.commands import deadlines as worklists

    worklists.deadline(ctx.obj, id, known_at=known_at, as_of=as_of, as_json=as_json)


def snooze(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help=told("help.deadlines.deadline.id"))],
    until: Annotated[str | None, typer.Option(help=told("help.deadlines.snooze.until"))] = None,
    reason: Annotated[str | None, typer.Option(help=told("help.deadlines.snooze.reason"))] = None,
    closed: Annotated[bool, typer.Option("--closed", help=told("help.deadlines.snooze.closed"))] = False,
    undo: Annotated[bool, typer.Option("--undo", help=told("help.deadlines.snooze.undo"))] = False,
    *,
    by: Recorder,
    as_json: Json = False,
) -> None:
    """Put a deadline off until a day, note it as done where the law has ended it, or take it back."""
    from interfaces.cli.commands import deadlines as worklists

    worklists.snooze(ctx.obj, id, until=until, reason=reason, closed=closed, undo=undo, by=by, as_json=as_json)


def remind(
    ctx: typer.Context,
    as_of: AsOf = None,
    days: Annotated[int | None, typer.Option(help=told("help.deadlines.remind.days"))] = None,
    as_json: Json = False,
) -> None:
    """Tell what is near or overdue, each once."""
    from interfaces.cli.commands import deadlines as worklists

    worklists.remind(ctx.obj, as_of=as_of, days=days, as_json=as_json)


def advisories(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(help=told("help.deadlines.advisories.subject"))],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Advisories and internal notices, for authorities only."""
    from interfaces.cli.commands.advisories import show

    show(ctx.obj, subject, as_of=as_of, known_at=known_at, as_json=as_json)
