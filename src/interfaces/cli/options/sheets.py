"""Sheets of facts."""

from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import Json, RecorderAndSigner
from interfaces.cli.terminal import Terminal


def import_(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(help=told("help.sheets.file"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=told("help.sheets.dry_run"))] = False,
    good: Annotated[bool, typer.Option("--good", help=told("help.sheets.good"))] = False,
    regime: Annotated[str | None, typer.Option(help=told("help.sheets.regime"))] = None,
    template: Annotated[str | None, typer.Option(help=told("help.sheets.template"))] = None,
    errors: Annotated[Path | None, typer.Option(help=told("help.sheets.errors"))] = None,
    undo: Annotated[str | None, typer.Option(help=told("help.sheets.undo"))] = None,
    reason: Annotated[str | None, typer.Option(help=told("help.sheets.reason"))] = None,
    evidence: Annotated[Path | None, typer.Option(help=told("help.sheets.evidence"))] = None,
    *,
    by: RecorderAndSigner,
    as_json: Json = False,
) -> None:
    """Import a sheet."""
    from interfaces.cli.commands.sheets import importing

    terminal: Terminal = ctx.obj
    asked = importing.ImportAsked(file, dry_run, good, regime, template, errors, undo, reason, evidence)
    if terminal.settings.url is not None:
        importing.ask_server(terminal, asked, as_json=as_json)
        return
    importing.carry_out(terminal, asked, by, as_json=as_json)
