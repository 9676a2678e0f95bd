"""Commands from a file."""

from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.options.shared import Json, RecorderAndSigner
from interfaces.cli.terminal import Terminal


def do(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help=told("help.recording.do.file"))],
    *,
    by: RecorderAndSigner,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=told("help.recording.do.dry_run")),
    ] = False,
    key_prefix: Annotated[str | None, typer.Option(help=told("help.recording.do.key_prefix"))] = None,
    as_json: Json = False,
) -> None:
    """Record the commands of a file; stop at the first refusal."""
    from interfaces.cli.commands import recording

    terminal: Terminal = ctx.obj
    commands = recording.read_commands(file)
    if terminal.settings.url is not None:
        from interfaces.cli import remote

        remote.do(terminal, commands, dry_run=dry_run, key_prefix=key_prefix, as_json=as_json)
        return
    with terminal.house.open(terminal.settings) as product:
        recording.do(
            terminal,
            product,
            commands,
            by=by,
            dry_run=dry_run,
            key_prefix=key_prefix,
            as_json=as_json,
        )
