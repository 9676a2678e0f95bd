"""Demo, server and database."""

from typing import Annotated

import typer

from interfaces.cli.terminal import Terminal


def demo(
    ctx: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="端口，不填则自 8765 起取第一个空闲的 / the first free from 8765")
    ] = None,
    build_only: Annotated[
        bool, typer.Option("--build-only", help="只建数据，不启动服务 / build, do not serve")
    ] = False,
) -> None:
    """示例地区：建好数据、启动服务、说明可问什么 / build a sample region, serve it, say what to ask"""
    from interfaces.cli.commands.serving import demo as run_demo

    run_demo(ctx.obj, port=port, build_only=build_only)


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="仅限本机地址 / loopback only")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口 / port")] = 8765,
) -> None:
    """启动 HTTP 服务 / serve the HTTP API"""
    from interfaces.cli.commands.serving import serve as run_server

    run_server(ctx.obj, host=host, port=port)


def migrate(ctx: typer.Context) -> None:
    """建立或更新数据库；空库写入随附的规则与日历 / make or update the database; found an empty journal"""
    terminal: Terminal = ctx.obj
    done = terminal.house.migrate(terminal.settings)
    applied = ", ".join(done.applied) or terminal.say("cli.none")
    print(terminal.say("cli.database", place=done.place))
    print(terminal.say("cli.migrations_applied", applied=applied))
    print(terminal.say("cli.founding_events_appended", founded=done.founded))
