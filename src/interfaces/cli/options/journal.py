"""The journal as a file."""

from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.options.shared import Json


def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="新文件，- 为标准输出 / a new file, - for standard output")],
) -> None:
    """把整个日志写入文件（不含个人信息）/ write the whole journal to a file, without personal data"""
    from interfaces.cli.commands.journal import export as write

    write(ctx.obj, file)


def import_(ctx: typer.Context, file: Annotated[Path, typer.Argument(help="导出的文件 / an exported file")]) -> None:
    """把导出的日志读入空库，保留记录时刻 / read an exported journal into an empty one, keeping its instants"""
    from interfaces.cli.commands.journal import import_ as read

    read(ctx.obj, file)


def parquet(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="文件夹 / a folder")],
    compact: Annotated[bool, typer.Option("--compact", help="把各段合为一段 / make one segment of all")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="只核对摘要与封印，不写入 / check digests and seals, write nothing")
    ] = False,
    buckets: Annotated[
        int | None,
        typer.Option(min=1, max=4096, help="首次导出分几个桶，默认每桶约十万条 / buckets of the first export"),
    ] = None,
    as_json: Json = False,
) -> None:
    """把日志的新增部分写成 Parquet 文件，供大规模计算读取 / add what is new to an export in Parquet files"""
    from interfaces.cli.commands import journal as carrying

    carrying.parquet(ctx.obj, folder, compact=compact, check=check, buckets=buckets, as_json=as_json)
