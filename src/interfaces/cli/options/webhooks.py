"""Webhooks: addresses of other systems to which changes are sent."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import Json

WebhookArgument = Annotated[str, typer.Argument(help=told("help.webhooks.id"))]


def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """All webhooks."""
    from interfaces.cli.commands.changes import webhooks

    webhooks.listed(ctx.obj, as_json=as_json)


def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help=told("help.webhooks.add.url"))],
    kind: Annotated[list[str] | None, typer.Option(help=told("help.webhooks.add.kind"))] = None,
    region: Annotated[str | None, typer.Option(help=told("help.webhooks.add.region"))] = None,
    note: Annotated[str | None, typer.Option(help=told("help.webhooks.add.note"))] = None,
    as_json: Json = False,
) -> None:
    """Register an address."""
    from interfaces.cli.commands.changes import webhooks

    webhooks.add(ctx.obj, url, kinds=kind or [], region=region, note=note, as_json=as_json)


def show(ctx: typer.Context, id: WebhookArgument, as_json: Json = False) -> None:
    """One webhook and how it stands."""
    from interfaces.cli.commands.changes import webhooks

    webhooks.show(ctx.obj, id, as_json=as_json)


def rotate(
    ctx: typer.Context,
    id: WebhookArgument,
    overlap: Annotated[int, typer.Option(help=told("help.webhooks.rotate.overlap"))] = 24,
    as_json: Json = False,
) -> None:
    """Give it a new secret."""
    from interfaces.cli.commands.changes import webhooks

    webhooks.rotate(ctx.obj, id, overlap=overlap, as_json=as_json)


def pause(ctx: typer.Context, id: WebhookArgument, as_json: Json = False) -> None:
    """Send nothing for now."""
    from interfaces.cli.commands.changes import webhooks

    webhooks.pause(ctx.obj, id, as_json=as_json)


def resume(ctx: typer.Context, id: WebhookArgument, as_json: Json = False) -> None:
    """Send again from where it stands."""
    from interfaces.cli.commands.changes import webhooks

    webhooks.resume(ctx.obj, id, as_json=as_json)


def delete(ctx: typer.Context, id: WebhookArgument) -> None:
    """Forget it."""
    from interfaces.cli.commands.changes import webhooks

    webhooks.delete(ctx.obj, id)


def test(ctx: typer.Context, id: WebhookArgument, as_json: Json = False) -> None:  # noqa: PT028
    """Send a test."""
    from interfaces.cli.commands.changes import webhooks

    webhooks.test(ctx.obj, id, as_json=as_json)


def deliveries(ctx: typer.Context, id: WebhookArgument, as_json: Json = False) -> None:
    """What was set aside."""
    from interfaces.cli.commands.changes import webhooks

    webhooks.deliveries(ctx.obj, id, as_json=as_json)


def retry(
    ctx: typer.Context,
    id: WebhookArgument,
    position: Annotated[int, typer.Argument(help=told("help.webhooks.retry.position"))],
    as_json: Json = False,
) -> None:
    """Try what was set aside again."""
    from interfaces.cli.commands.changes import webhooks

    webhooks.retry(ctx.obj, id, position, as_json=as_json)
