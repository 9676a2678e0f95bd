"""Letters: drafted, read, issued, served."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import DryRun, Json, Recorder, RecorderAndSigner, RegimeIfSeveral, Subject

LetterId = Annotated[str, typer.Argument(help=told("help.letter.id"))]
DatedOn = Annotated[str | None, typer.Option(help=told("help.letter.dated_on"))]


def list_(ctx: typer.Context, subject: Subject, as_json: Json = False) -> None:
    """The letters of a file, and those that are due."""
    from interfaces.cli.commands.papers import letters

    letters.show_all(ctx.obj, subject, as_json=as_json)


def draft(
    ctx: typer.Context,
    subject: Subject,
    kind: Annotated[str, typer.Argument(help=told("help.letter.kind"))],
    concerns: Annotated[str, typer.Argument(help=told("help.letter.concerns"))],
    regime: RegimeIfSeveral = None,
    *,
    by: Recorder,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Draft a letter about a record."""
    from interfaces.cli.commands.papers import letters

    asked = {"subject": subject, "kind": kind, "concerns": concerns, "regime": regime}
    letters.draft(ctx.obj, asked, by, dry_run=dry_run, as_json=as_json)


def show(ctx: typer.Context, letter: LetterId, dated_on: DatedOn = None, as_json: Json = False) -> None:
    """What a letter says, and how it stands."""
    from interfaces.cli.commands.papers import letters

    letters.show(ctx.obj, letter, dated_on=dated_on, as_json=as_json)


def write(
    ctx: typer.Context,
    letter: LetterId,
    output: Annotated[str, typer.Option("--output", "-o", help=told("help.letter.output"))],
    file_format: Annotated[str, typer.Option("--format", help=told("help.letter.format"))] = "pdf",
    dated_on: DatedOn = None,
) -> None:
    """Write a letter into a file, as it was sent."""
    from interfaces.cli.commands.papers import letters

    letters.write(ctx.obj, letter, file_format=file_format, dated_on=dated_on, output=output)


def issue(
    ctx: typer.Context,
    letter: LetterId,
    dated_on: DatedOn = None,
    *,
    by: RecorderAndSigner,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Issue a letter under its number."""
    from interfaces.cli.commands.papers import letters

    letters.issue(ctx.obj, letter, by, dated_on=dated_on, dry_run=dry_run, as_json=as_json)


def serve(
    ctx: typer.Context,
    letter: LetterId,
    served_on: Annotated[str, typer.Argument(help=told("help.letter.served_on"))],
    how: Annotated[str, typer.Option(help=told("help.letter.how"))] = "direct",
    received_by: Annotated[str | None, typer.Option(help=told("help.letter.received_by"))] = None,
    *,
    by: Recorder,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Record that a letter was served."""
    from interfaces.cli.commands.papers import letters

    asked = {"do": "serve_letter", "letter": letter, "served_on": served_on, "how": how, "received_by": received_by}
    letters.record(ctx.obj, asked, by, dry_run=dry_run, as_json=as_json)


def withdraw(
    ctx: typer.Context,
    letter: LetterId,
    reason: Annotated[str, typer.Option(help=told("help.letter.reason"))],
    *,
    by: RecorderAndSigner,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take a letter back."""
    from interfaces.cli.commands.papers import letters

    asked = {"do": "withdraw_letter", "letter": letter, "reason": reason}
    letters.record(ctx.obj, asked, by, dry_run=dry_run, as_json=as_json)


def office(
    ctx: typer.Context,
    bureau: Annotated[str, typer.Argument(help=told("help.letter.bureau"))],
    name: Annotated[str | None, typer.Option(help=told("help.letter.name"))] = None,
    word: Annotated[str | None, typer.Option(help=told("help.letter.word"))] = None,
    contact: Annotated[str | None, typer.Option(help=told("help.letter.contact"))] = None,
    office_address: Annotated[str | None, typer.Option(help=told("help.letter.office_address"))] = None,
    remedies: Annotated[str | None, typer.Option(help=told("help.letter.remedies"))] = None,
    *,
    by: Recorder,
    as_json: Json = False,
) -> None:
    """What stands on a bureau's letters; with a name it is set."""
    from interfaces.cli.commands.papers import letters

    asked = {"name": name, "word": word, "contact": contact, "office_address": office_address, "remedies": remedies}
    letters.office(ctx.obj, bureau, asked, by, as_json=as_json)
