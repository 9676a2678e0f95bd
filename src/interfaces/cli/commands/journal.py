"""``verify``, ``journal export``, ``journal import`` and ``journal parquet``."""

import os
import sys
from pathlib import Path
from typing import Final, NoReturn

from domain.vocabulary import Text
from interfaces.cli.house import NotAvailable, VerifiedJournal
from interfaces.cli.terminal import DID_NOT_HOLD, Stop, Terminal, reason_of
from interfaces.files import private_files

_STANDARD_OUTPUT: Final = Path("-")


def export(terminal: Terminal, file: Path) -> None:
    """Write the journal beside its place and put it there when whole. Raises ``NotAvailable``; never overwrites."""
    if file == _STANDARD_OUTPUT:
        events = terminal.house.export_journal(terminal.settings, sys.stdout.buffer, lambda _: None)
        sys.stdout.buffer.flush()
        terminal.note(f"已导出 {events} 条事项。", f"{events} events exported.")
        return
    if file.exists():
        raise NotAvailable(
            "file_exists", f"{file} 已存在；请换一个文件名。", f"{file} is there already; choose another name."
        )
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with private_files.create(draft) as out, terminal.progress("导出", "exporting") as told:
            events = terminal.house.export_journal(terminal.settings, out, lambda done: told(done, None))
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)
    except OSError as error:
        _unusable(file, error)
    finally:
        draft.unlink(missing_ok=True)
    print(terminal.say(f"已导出 {events} 条事项到 {file}。", f"{events} events exported to {file}."))


def verify(terminal: Terminal, *, as_json: bool) -> None:
    """Check the journal's seals and order; raise ``Stop`` when they do not hold, or an event cannot be read."""
    with terminal.progress("核对封印", "checking the seals") as told:
        found = terminal.house.verify_journal(terminal.settings, lambda done: told(done, None))
    if as_json:
        terminal.json(found._asdict())
    else:
        _print_verified(terminal, found)
    if found.fault is not None or found.unreadable:
        raise Stop(DID_NOT_HOLD)


def _print_verified(terminal: Terminal, found: VerifiedJournal) -> None:
    say = terminal.say
    for stream, version, position, tag in found.unreadable:
        print(
            say(
                f"✗ 序号 {position}：案卷 {stream} 第 {version} 项（{tag}）封印相符，但本版本无法读取；"
                "请用写入它的版本或更新的版本。",
                f"✗ position {position}: event {version} of {stream} ({tag}) is as it was sealed, but this version"
                " cannot read it; use the one that wrote it, or a newer one.",
            )
        )
    if found.fault is None:
        print(
            say(
                f"{found.events} 条事项的封印和次序全部相符。末尾是否缺少事项，须与另存的导出或备库比对。",
                f"The seals and the order of {found.events} events hold. Whether the last ones are missing, only a copy"
                " kept elsewhere can tell.",
            )
        )
        return
    fault = terminal.text(_FAULTS[found.fault])
    print(
        say(
            f"✗ 序号 {found.broken_at}：案卷 {found.stream} 第 {found.version} 项：{fault}。"
            f"此前 {found.events} 条相符。请停止写入，保留现场，从备份恢复数据库。",
            f"✗ position {found.broken_at}: event {found.version} of {found.stream}: {fault}. The {found.events} events"
            " before it hold. Stop writing, keep everything as it is, and restore the database from a backup.",
        )
    )


_FAULTS: Final = {
    "leaf": Text("内容与封印不符", "its content is not what was sealed"),
    "chain": Text("此前缺少本案卷的事项", "an event of this file is missing before it"),
    "order": Text(
        "编号或记录时刻与前一条不衔接，其间有缺失、插入或调换",
        "its number or instant does not follow the event before it: something was taken out, put in or moved",
    ),
}


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
    said = reason_of(error)
    raise NotAvailable("file_unusable", f"{file}：{said.zh}。", f"{file}: {said.en}.") from error
