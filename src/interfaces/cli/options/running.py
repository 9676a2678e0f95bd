"""Demo, server and database."""

from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.helping import told
from interfaces.cli.house import Binding
from interfaces.cli.terminal import Terminal


def demo(
    ctx: typer.Context,
    port: Annotated[int | None, typer.Option(help=told("help.running.demo.port"))] = None,
    build_only: Annotated[bool, typer.Option("--build-only", help=told("help.running.demo.build_only"))] = False,
) -> None:
    """Build a sample region, serve it, say what to ask."""
    from interfaces.cli.commands.serving import demo as run_demo

    run_demo(ctx.obj, port=port, build_only=build_only)


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help=told("help.running.serve.host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=told("help.running.serve.port"))] = 8765,
    tls_certificate: Annotated[Path | None, typer.Option(help=told("help.running.serve.tls_certificate"))] = None,
    tls_key: Annotated[Path | None, typer.Option(help=told("help.running.serve.tls_key"))] = None,
) -> None:
    """Serve the HTTP API."""
    from interfaces.cli.commands.serving import serve as run_server

    run_server(ctx.obj, Binding(host, port, tls_certificate, tls_key))


def migrate(ctx: typer.Context) -> None:
    """Make or update the database; found an empty journal."""
    terminal: Terminal = ctx.obj
    done = terminal.house.migrate(terminal.settings)
    applied = ", ".join(done.applied) or terminal.say("cli.none")
    print(terminal.say("cli.database", place=done.place))
    print(terminal.say("cli.migrations_applied", applied=applied))
    print(terminal.say("cli.founding_events_appended", founded=done.founded))
    if not done.founded:
        from interfaces.cli.commands.law.calendars import announce

        announce(terminal, done.law)
