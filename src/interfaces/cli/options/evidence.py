"""Evidence."""

from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import Json, KnownAt, Recorder, Subject

Evidence = Annotated[str, typer.Argument(help=told("help.evidence.evidence"))]


def add(
    ctx: typer.Context,
    subject: Subject,
    file: Annotated[Path, typer.Argument(help=told("help.evidence.add.file"))],
    kind: Annotated[str, typer.Option(help=told("help.evidence.add.kind"))] = "other",
    title: Annotated[str | None, typer.Option(help=told("help.evidence.add.title"))] = None,
    record: Annotated[str | None, typer.Option(help=told("help.evidence.add.record"))] = None,
    redacts: Annotated[str | None, typer.Option(help=told("help.evidence.add.redacts"))] = None,
    personal_data: Annotated[
        bool, typer.Option("--personal-data", help=told("help.evidence.add.personal_data"))
    ] = False,
    received_on: Annotated[str | None, typer.Option(help=told("help.evidence.add.received_on"))] = None,
    resume: Annotated[str | None, typer.Option(help=told("help.evidence.add.resume"))] = None,
    *,
    by: Recorder,
    as_json: Json = False,
) -> None:
    """Take a file in as evidence."""
    from interfaces.cli.commands.papers import evidence

    fields = {"kind": kind, "title": title, "record": record, "redacts": redacts, "received_on": received_on}
    evidence.add(ctx.obj, subject, file, fields, by, resume=resume, personal_data=personal_data, as_json=as_json)


def list_(ctx: typer.Context, subject: Subject, known_at: KnownAt = None, as_json: Json = False) -> None:
    """The evidence on a file, and what is still asked for."""
    from interfaces.cli.commands.papers import evidence

    evidence.list_(ctx.obj, subject, known_at, as_json=as_json)


def get(
    ctx: typer.Context,
    evidence: Evidence,
    file: Annotated[Path, typer.Argument(help=told("help.evidence.get.file"))],
) -> None:
    """Write the file of a piece of evidence, checked."""
    from interfaces.cli.commands.papers import evidence as carrying

    carrying.get(ctx.obj, evidence, file)


def check(
    ctx: typer.Context,
    subject: Annotated[str | None, typer.Argument(help=told("help.evidence.check.subject"))] = None,
    sweep: Annotated[bool, typer.Option("--sweep", help=told("help.evidence.check.sweep"))] = False,
    as_json: Json = False,
) -> None:
    """Read everything again, and name what is missing or altered."""
    from interfaces.cli.commands.papers import evidence

    evidence.check(ctx.obj, subject, sweep=sweep, as_json=as_json)
