"""The evaluation year."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import AsOf, DryRun, Json, KnownAt, RecorderAndSigner, RegimeOfYear, Year


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
    *,
    by: RecorderAndSigner,
    key: Annotated[str | None, typer.Option(help=told("help.year.evaluate.key"))] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """One step of a year for a whole roster; repeatable."""
    from interfaces.cli.commands import evaluation as rosters

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
    rosters.evaluate(ctx.obj, asked, by=by, key=key, dry_run=dry_run, as_json=as_json)


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


def list_(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help=told("help.year.list.kind"))],
    regime: RegimeOfYear,
    year: Year,
    output: Annotated[str, typer.Option("--output", "-o", help=told("help.asking.dossier.output"))],
    region: Annotated[str | None, typer.Option(help=told("help.year.list.region"))] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    number: Annotated[str | None, typer.Option(help=told("help.year.list.number"))] = None,
    file_format: Annotated[str, typer.Option("--format", help=told("help.year.list.format"))] = "pdf",
    language: Annotated[str | None, typer.Option(help=told("help.asking.dossier.language"))] = None,
) -> None:
    """A list of a year, to be printed or passed on."""
    from interfaces.cli import year_lists

    wanted = year_lists.Wanted(kind, regime, year, region, as_of, known_at, number)
    year_lists.year_list(ctx.obj, wanted, file_format=file_format, language=language, output=output)
