"""What the commands print with: results to standard output, everything else to standard error."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from domain.errors import CaseError, Refused
from domain.law.citations import Articles
from domain.vocabulary import Text
from interfaces.cli.house import House, Product, Settings
from interfaces.wording.citations import cites
from interfaces.wording.texts import Language, said

if TYPE_CHECKING:
    from rich.console import Console

HELD = 0
"""Exit status: everything held."""
DID_NOT_HOLD = 1
"""Exit status: something did not hold, or was refused."""
BAD_INPUT = 2
"""Exit status: what was given cannot be worked on."""
INTERRUPTED = 130
"""Exit status: ended by Ctrl-C."""

_PLAIN_WIDTH = 160


class Told(Protocol):
    """What a bar is told."""

    def __call__(self, done: int, of: int | None, text: str | None = None) -> None:
        """So much is done, of so much."""
        ...


class Stop(Exception):
    """End the command with an exit status; everything has been said."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Terminal:
    """One run of the command line: its house, its settings, its language."""

    house: House
    settings: Settings = field(default_factory=Settings)
    language: Language = "zh"
    at_primary: bool = False
    """Whether questions are asked of the primary only: a standby was lost while it was asked."""

    def reading(self) -> AbstractContextManager[Product]:
        """The product for questions."""
        return self.house.open(self.settings) if self.at_primary else self.house.read(self.settings)

    def console(self) -> "Console":
        """Standard output with tables; wide where nobody looks, so that lines stay whole."""
        from rich.console import Console

        class Piped(Console):
            def on_broken_pipe(self) -> None:
                # Whoever read has seen enough: no failure, as ``run`` has it. The library would exit with 1.
                raise BrokenPipeError

        wide = not sys.stdout.isatty() and not os.environ.get("COLUMNS")
        return Piped(
            file=sys.stdout,
            width=_PLAIN_WIDTH if wide else None,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=False,
        )

    def say(self, zh: str, en: str) -> str:
        """One of two texts, by the language chosen."""
        return zh if self.language == "zh" else en

    def text(self, text: Text) -> str:
        """One side of a text, by the language chosen."""
        return said(text, self.language)

    def note(self, zh: str, en: str) -> None:
        """A remark to standard error."""
        print(self.say(zh, en), file=sys.stderr, flush=True)

    def error(self, zh: str, en: str) -> None:
        """An error to standard error: Chinese, then English."""
        print(f"{zh}\n{en}", file=sys.stderr, flush=True)

    def refuse(self, error: CaseError) -> None:
        """Say what an expected error says, with its articles."""
        found, articles = (error.cites, (Articles(error.articles),)) if isinstance(error, Refused) else ((), ())
        zh = f"（{cites(found, 'zh', articles)}）" if found else ""
        en = f" ({cites(found, 'en')})" if found else ""
        self.error(error.text.zh + zh, error.text.en + en)

    def json(self, value: Any) -> None:
        """A value as indented JSON to standard output."""
        print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())

    @contextmanager
    def progress(self, zh: str, en: str, total: int | None = None) -> Iterator[Told]:
        """A bar on standard error while somebody looks; the function is told how much is done, of how much, and perhaps
        what stands before the bar from now on."""
        if not sys.stderr.isatty():
            yield _unseen
            return
        from rich.console import Console
        from rich.progress import MofNCompleteColumn, Progress

        columns = (*Progress.get_default_columns(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(self.say(zh, en), total=total)

            def told(done: int, of: int | None, text: str | None = None) -> None:
                bar.update(task, completed=done, total=total if of is None else of, description=text)

            yield told


def _unseen(done: int, of: int | None, text: str | None = None) -> None:
    """Nobody looks."""
    del done, of, text


class _Closed(io.TextIOBase):
    """Standard output where there is none."""

    encoding = "utf-8"

    def writable(self) -> bool:
        """Something may be tried."""
        return True

    def write(self, text: str) -> int:
        """Raise ``OSError``: nobody gets what is written here."""
        del text
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "stdout")


def make_writable() -> None:
    """Make the standard streams take every text: what an encoding does not have is replaced by a question mark.

    A stream that is closed takes nothing: what is written to standard output then is an error, remarks are lost.
    """
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for the rest of the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors != "replace":
            stream.reconfigure(errors="replace")


_REASONS: Final = {
    errno.EACCES: "没有权限",
    errno.EADDRINUSE: "已被占用",
    errno.EADDRNOTAVAIL: "本机没有该地址",
    errno.EBADF: "输出已关闭",
    errno.EEXIST: "已存在",
    errno.EIO: "读写出错",
    errno.EISDIR: "是文件夹",
    errno.EMFILE: "打开的文件过多",
    errno.ENOENT: "文件或文件夹不存在",
    errno.ENOSPC: "磁盘或设备已满",
    errno.ENOTDIR: "路径中有一部分不是文件夹",
    errno.EPERM: "不允许此操作",
    errno.EROFS: "文件系统只读",
}


def reason_of(error: OSError) -> Text:
    """Why the operating system did not do something."""
    en = error.strerror or str(error) or type(error).__name__
    return Text(_REASONS.get(error.errno or 0) or f"系统错误 {error.errno or type(error).__name__}", en)


def status_of(error: CaseError) -> int:
    """The exit status of an expected error: refused by the law or the state is 1, anything else bad input."""
    return DID_NOT_HOLD if isinstance(error, Refused) or error.code in ("stale", "reused_key") else BAD_INPUT
