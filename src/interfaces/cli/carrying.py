"""``journal export`` and ``journal import``."""

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


def _unusable(file: Path, error: OSError) -> NoReturn:
    said = error.strerror or str(error)
    raise NotAvailable("file_unusable", f"{file}：{said}。", f"{file}: {said}.") from error
