"""Commands from a file."""

from typing import Annotated

import typer

from interfaces.cli.options.shared import Actor, Json
from interfaces.cli.terminal import Terminal


def do(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="YAML 或 JSON 文件，- 为标准输入 / YAML or JSON, - for standard input")],
    actor: Actor = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="依次试算，不记录 / try in order, store nothing"),
    ] = False,
    key_prefix: Annotated[
        str | None, typer.Option(help="幂等键前缀，重复执行不重复记录 / prefix of idempotency keys")
    ] = None,
    as_json: Json = False,
) -> None:
    """记录文件中的命令，首个被拒绝即停止 / record the commands of a file; stop at the first refusal"""
    from interfaces.cli.commands import recording

    terminal: Terminal = ctx.obj
    commands = recording.read_commands(file)
    with terminal.house.open(terminal.settings) as product:
        recording.do(
            terminal,
            product,
            commands,
            actor=actor or recording.account(),
            dry_run=dry_run,
            key_prefix=key_prefix,
            as_json=as_json,
        )
