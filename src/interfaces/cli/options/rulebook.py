"""Editions."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import Actor, CountersignedBy, DryRun, Edition, Json


def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """Editions shipped and on record: force today, adopted by whom."""
    from interfaces.cli.commands import rulebooks

    rulebooks.show_list(ctx.obj, as_json=as_json)


def lint(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help=told("help.rulebook.lint.file"))],
    as_json: Json = False,
) -> None:
    """Check a rulebook file: every fault with its line."""
    from interfaces.cli.commands import rulebooks

    rulebooks.check(ctx.obj, file, as_json=as_json)


def show(
    ctx: typer.Context,
    id: Edition,
    recorded: Annotated[bool, typer.Option("--recorded", help=told("help.rulebook.show.recorded"))] = False,
    as_json: Json = False,
) -> None:
    """Rows, readings, deadlines and measures of an edition."""
    from interfaces.cli.commands import rulebooks

    rulebooks.show(ctx.obj, id, recorded=recorded, as_json=as_json)


def diff(
    ctx: typer.Context,
    one: Edition,
    other: Edition,
    as_json: Json = False,
) -> None:
    """What differs, in words; exit status 1 when something does."""
    from interfaces.cli.commands import rulebooks

    rulebooks.compare(ctx.obj, one, other, as_json=as_json)


def adopt(
    ctx: typer.Context,
    edition: Edition,
    in_force_on: Annotated[str, typer.Option(help=told("help.rulebook.adopt.in_force_on"))],
    until_on: Annotated[str | None, typer.Option(help=told("help.rulebook.adopt.until_on"))] = None,
    reason: Annotated[str | None, typer.Option(help=told("help.rulebook.adopt.reason"))] = None,
    document: Annotated[str | None, typer.Option(help=told("help.rulebook.adopt.document"))] = None,
    adopted_on: Annotated[str | None, typer.Option(help=told("help.rulebook.adopt.adopted_on"))] = None,
    actor: Actor = None,
    countersigned_by: CountersignedBy = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put an edition in force from a day, or correct it."""
    from interfaces.cli.commands import recording, rulebooks

    asked = {
        "do": "adopt_rulebook",
        "in_force_on": in_force_on,
        "until_on": until_on,
        "reason": reason,
        "document": document,
        "adopted_on": adopted_on,
    }
    rulebooks.record(
        ctx.obj,
        asked | rulebooks.named_or_text(edition),
        by=recording.principal(actor, countersigned_by),
        dry_run=dry_run,
        as_json=as_json,
        file=edition,
    )


def repeal(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help=told("help.rulebook.repeal.id"))],
    until_on: Annotated[str, typer.Option(help=told("help.rulebook.repeal.until_on"))],
    reason: Annotated[str, typer.Option(help=told("help.rulebook.repeal.reason"))],
    actor: Actor = None,
    countersigned_by: CountersignedBy = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """End an edition; the days before keep it."""
    from interfaces.cli.commands import recording, rulebooks

    asked = {"do": "repeal_rulebook", "edition": id, "until_on": until_on, "reason": reason}
    rulebooks.record(ctx.obj, asked, by=recording.principal(actor, countersigned_by), dry_run=dry_run, as_json=as_json)


def text(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help=told("help.rulebook.text.file"))],
    edition: Annotated[str, typer.Option(help=told("help.rulebook.text.edition"))],
    actor: Actor = None,
    countersigned_by: CountersignedBy = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Load the official wording: explanations quote it from then on."""
    from interfaces.cli.commands import recording, rulebooks

    asked = {"do": "load_official_text", "edition": edition, "text": recording.read_text(file)}
    rulebooks.record(ctx.obj, asked, by=recording.principal(actor, countersigned_by), dry_run=dry_run, as_json=as_json)
