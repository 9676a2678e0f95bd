"""Editions."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import DryRun, Edition, Json, Recorder, RecorderAndSigner


def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """Editions shipped and on record: force today, adopted by whom."""
    from interfaces.cli.commands.law import rulebooks

    rulebooks.show_list(ctx.obj, as_json=as_json)


def lint(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help=told("help.rulebook.lint.file"))],
    as_json: Json = False,
) -> None:
    """Check a rulebook file: every fault with its line."""
    from interfaces.cli.commands.law import rulebooks

    rulebooks.check(ctx.obj, file, as_json=as_json)


def show(
    ctx: typer.Context,
    id: Edition,
    recorded: Annotated[bool, typer.Option("--recorded", help=told("help.rulebook.show.recorded"))] = False,
    as_json: Json = False,
) -> None:
    """How an edition grades, its rows, readings, deadlines and measures."""
    from interfaces.cli.commands.law import rulebooks

    rulebooks.show(ctx.obj, id, recorded=recorded, as_json=as_json)


def diff(
    ctx: typer.Context,
    one: Edition,
    other: Edition,
    as_json: Json = False,
) -> None:
    """What differs, in words; exit status 1 when something does."""
    from interfaces.cli.commands.law import rulebooks

    rulebooks.compare(ctx.obj, one, other, as_json=as_json)


def adopt(
    ctx: typer.Context,
    edition: Edition,
    in_force_on: Annotated[str, typer.Option(help=told("help.rulebook.adopt.in_force_on"))],
    until_on: Annotated[str | None, typer.Option(help=told("help.rulebook.adopt.until_on"))] = None,
    reason: Annotated[str | None, typer.Option(help=told("help.rulebook.adopt.reason"))] = None,
    document: Annotated[str | None, typer.Option(help=told("help.rulebook.adopt.document"))] = None,
    adopted_on: Annotated[str | None, typer.Option(help=told("help.rulebook.adopt.adopted_on"))] = None,
    *,
    by: RecorderAndSigner,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put an edition in force from a day, or correct it."""
    from interfaces.cli.commands.law import rulebooks

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
        by=by,
        dry_run=dry_run,
        as_json=as_json,
        file=edition,
    )


def repeal(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help=told("help.rulebook.repeal.id"))],
    until_on: Annotated[str, typer.Option(help=told("help.rulebook.repeal.until_on"))],
    reason: Annotated[str, typer.Option(help=told("help.rulebook.repeal.reason"))],
    *,
    by: RecorderAndSigner,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """End an edition; the days before keep it."""
    from interfaces.cli.commands.law import rulebooks

    asked = {"do": "repeal_rulebook", "edition": id, "until_on": until_on, "reason": reason}
    rulebooks.record(ctx.obj, asked, by=by, dry_run=dry_run, as_json=as_json)


def text(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help=told("help.rulebook.text.file"))],
    edition: Annotated[str, typer.Option(help=told("help.rulebook.text.edition"))],
    *,
    by: RecorderAndSigner,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Load the official wording: explanations quote it from then on."""
    from interfaces.cli.commands import recording
    from interfaces.cli.commands.law import rulebooks

    asked = {"do": "load_official_text", "edition": edition, "text": recording.read_text(file)}
    rulebooks.record(ctx.obj, asked, by=by, dry_run=dry_run, as_json=as_json)


def calendars(ctx: typer.Context, as_json: Json = False) -> None:
    """The working-day calendars on record, and newer ones that this version ships."""
    from interfaces.cli.commands.law import calendars as papers

    papers.show_list(ctx.obj, as_json=as_json)


def calendar(
    ctx: typer.Context,
    named: Annotated[str, typer.Argument(metavar="YEAR", help=told("help.rulebook.calendar.named"))],
    *,
    by: RecorderAndSigner,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put the working-day calendar of a year on record."""
    from interfaces.cli.commands.law import calendars as papers
    from interfaces.cli.commands.law import rulebooks

    rulebooks.record(ctx.obj, papers.adoption_of(named), by=by, dry_run=dry_run, as_json=as_json)


def notes(ctx: typer.Context, edition: Edition, as_json: Json = False) -> None:
    """What jurists noted on an edition and signed off."""
    from interfaces.cli.commands.law import rulebooks

    rulebooks.show_notes(ctx.obj, edition, as_json=as_json)


def note(
    ctx: typer.Context,
    edition: Edition,
    text: Annotated[str, typer.Argument(help=told("help.rulebook.note.text"))],
    cite: Annotated[str | None, typer.Option(help=told("help.rulebook.note.cite"))] = None,
    replaces: Annotated[str | None, typer.Option(help=told("help.rulebook.note.replaces"))] = None,
    *,
    by: Recorder,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Note something on an edition or on one provision of it."""
    from interfaces.cli.commands.law import rulebooks

    asked = {"do": "note_provision", "edition": edition, "text": text, "cite": cite, "replaces": replaces}
    rulebooks.record(ctx.obj, asked, by=by, dry_run=dry_run, as_json=as_json)


def sign_off(
    ctx: typer.Context,
    edition: Edition,
    digest: Annotated[str, typer.Option(help=told("help.rulebook.sign_off.digest"))],
    cite: Annotated[str | None, typer.Option(help=told("help.rulebook.note.cite"))] = None,
    remark: Annotated[str | None, typer.Option(help=told("help.rulebook.sign_off.remark"))] = None,
    *,
    by: Recorder,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Sign an edition off, or one provision of it, as encoded rightly."""
    from interfaces.cli.commands.law import rulebooks

    asked = {"do": "sign_off_edition", "edition": edition, "digest": digest, "cite": cite, "remark": remark}
    rulebooks.record(ctx.obj, asked, by=by, dry_run=dry_run, as_json=as_json)


def withdraw_note(
    ctx: typer.Context,
    edition: Edition,
    note: Annotated[str, typer.Argument(help=told("help.rulebook.withdraw_note.note"))],
    reason: Annotated[str, typer.Option(help=told("help.rulebook.withdraw_note.reason"))],
    *,
    by: Recorder,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take a note or a sign-off back."""
    from interfaces.cli.commands.law import rulebooks

    asked = {"do": "withdraw_legal_note", "edition": edition, "legal_note": note, "reason": reason}
    rulebooks.record(ctx.obj, asked, by=by, dry_run=dry_run, as_json=as_json)
