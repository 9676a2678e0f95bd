"""``journal export``, ``journal import`` and ``journal parquet``."""

import os
from pathlib import Path
from typing import NoReturn

from interfaces.cli.house import NotAvailable
from interfaces.cli.terminal import Terminal


def export(terminal: Terminal, file: Path) -> None:
    """Write the journal beside its place and put it there when whole. Raises ``NotAvailable``; never overwrites."""
    if file.exists():
        raise NotAvailable(
            "file_exists", f"{file} 已存在；请换一个文件名。", f"{file} is there already; choose another name."
        )
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with draft.open("xb") as out, terminal.progress("导出", "exporting") as told:
            events = terminal.house.export_journal(terminal.settings, out, lambda done: told(done, None))
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)
    except OSError as error:
        _unusable(file, error)
    finally:
        draft.unlink(missing_ok=True)
    print(terminal.say(f"已导出 {events} 条事项到 {file}。", f"{events} events exported to {file}."))


def import_(terminal: Terminal, file: Path) -> None:
    """Read an exported journal into an empty one."""
    try:
        opened = file.open("rb")
    except OSError as error:
        _unusable(file, error)
    with opened, terminal.progress("导入", "importing") as told:
        events = terminal.house.import_journal(terminal.settings, opened, lambda done: told(done, None))
    print(terminal.say(f"已从 {file} 导入 {events} 条事项。", f"{events} events imported from {file}."))


def parquet(
    terminal: Terminal, folder: Path, *, compact: bool, check: bool, buckets: int | None, as_json: bool
) -> None:
    """Bring an export in Parquet files up to date, or check one."""
    if check and (compact or buckets is not None):
        raise NotAvailable(
            "check_only",
            "--check 只核对，不写入；请与 --compact、--buckets 分开使用。",
            "--check writes nothing; use it without --compact and --buckets.",
        )
    house = terminal.house
    if check:
        with terminal.progress("核对", "checking") as told:
            found = house.check_parquet(folder, lambda done: told(done, None))
    else:
        with terminal.progress("导出", "exporting") as told:
            found = house.export_parquet(
                terminal.settings, folder, compact=compact, buckets=buckets, progress=lambda done: told(done, None)
            )
    if as_json:
        terminal.json({"folder": str(folder), **found._asdict()})
        return
    size = f"{found.bytes / 1e6:,.1f} MB"
    if check:
        print(terminal.say(f"{folder} 完好：摘要与封印全部相符。", f"{folder} is sound: all digests and seals hold."))
    else:
        print(terminal.say(f"新导出 {found.written} 条事项。", f"{found.written} new events exported."))
    print(
        terminal.say(
            f"{folder}：至序号 {found.until}，共 {found.events} 条事项，"
            f"{found.segments} 段、{found.files} 个文件，{size}。",
            f"{folder}: up to position {found.until}, {found.events} events in {found.segments} segments and"
            f" {found.files} files, {size}.",
        )
    )


def _unusable(file: Path, error: OSError) -> NoReturn:
    said = error.strerror or str(error)
    raise NotAvailable("file_unusable", f"{file}：{said}。", f"{file}: {said}.") from error
