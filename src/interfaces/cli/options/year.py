"""The evaluation year."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import Actor, AsOf, CountersignedBy, DryRun, Json, KnownAt, RegimeOfYear, Year


def evaluate(
    ctx: typer.Context,
    regime: RegimeOfYear,
    year: Year,
    stage: Annotated[str, typer.Argument(help=told("help.year.evaluate.stage"))],
    region: Annotated[str | None, typer.Option(help=told("help.year.evaluate.region"))] = None,
    dated_on: Annotated[str | None, typer.Option(help=told("help.year.evaluate.dated_on"))] = None,
    received_on: Annotated[str | None, typer.Option(help=told("help.year.evaluate.received_on"))] = None,
    kind: Annotated[str, typer.Option(help=told("help.year.evaluate.kind"))] = "agency",
    panel: Annotated[list[str] | None, typer.Option(help=told("help.year.evaluate.panel"))] = None,
    subject: Annotated[list[str] | None, typer.Option(help=told("help.year.evaluate.subject"))] = None,
    actor: Actor = None,
    countersigned_by: CountersignedBy = None,
    key: Annotated[str | None, typer.Option(help=told("help.year.evaluate.key"))] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """One step of a year for a whole roster; repeatable."""
    from interfaces.cli.commands import evaluation as rosters
    from interfaces.cli.commands import recording

    asked = rosters.fields_of(
        regime=regime,
        year=year,
        stage=stage,
        region=region,
        dated_on=dated_on,
        received_on=received_on,
        kind=kind,
        panel=panel,
        subjects=subject,
    )
    rosters.evaluate(
        ctx.obj, asked, by=recording.principal(actor, countersigned_by), key=key, dry_run=dry_run, as_json=as_json
    )


def evaluation(
    ctx: typer.Context,
    regime: RegimeOfYear,
    year: Year,
    region: Annotated[str | None, typer.Option(help=told("help.year.evaluation.region"))] = None,
    kind: Annotated[str, typer.Option(help=told("help.year.evaluation.kind"))] = "agency",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    each: Annotated[bool, typer.Option("--each", help=told("help.year.evaluation.each"))] = False,
    as_json: Json = False,
) -> None:
    """How far a year is: steps, results, what is late or skipped."""
    from interfaces.cli.commands import progress

    progress.evaluation(
        ctx.obj,
        regime=regime,
        year=year,
        region=region,
        kind=kind,
        as_of=as_of,
        known_at=known_at,
        each=each,
        as_json=as_json,
    )
