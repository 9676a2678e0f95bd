"""What the commands print with: results to standard output, everything else to standard error."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from domain.errors import CaseError, Refused
from domain.law.citations import Articles
from domain.vocabulary import Text
from interfaces.cli.consoles import Console, standard_console, table_console
from interfaces.cli.house import House, Product, Settings
from interfaces.wording.citations import cites
from interfaces.wording.texts import Language, both, has, name, said, say, worded

if TYPE_CHECKING:
    from rich.console import Console as RichConsole

HELD = 0
"""Exit status: everything held."""
DID_NOT_HOLD = 1
"""Exit status: something did not hold, or was refused."""
BAD_INPUT = 2
"""Exit status: what was given cannot be worked on."""
INTERRUPTED = 130
"""Exit status: ended by Ctrl-C."""


class ProgressTold(Protocol):
    """What a bar is told."""

    def __call__(self, done: int, of: int | None, text: str | None = None) -> None:
        """So much is done, of so much."""
        ...


class EndCommand(Exception):
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

    def console(self) -> Console:
        """Standard output for lines."""
        return standard_console()

    def tables(self) -> "RichConsole":
        """Standard output for tables."""
        return table_console()

    def say(self, code: str, /, **given: object) -> str:
        """A text by its code, in the language chosen."""
        return say(code, self.language, **given)

    def name(self, family: str, code: str) -> str:
        """What a code is called, in the language chosen."""
        return name(family, code, self.language)

    def text(self, text: Text) -> str:
        """One side of a text, by the language chosen."""
        return said(text, self.language)

    def note(self, code: str, /, **given: object) -> None:
        """A remark to standard error."""
        print(self.say(code, **given), file=sys.stderr, flush=True)

    def error(self, code: str, /, **given: object) -> None:
        """An error to standard error: Chinese, then English."""
        self.fault(both(code, **given))

    def fault(self, text: Text) -> None:
        """An error that is in words already, in the same way."""
        print(f"{text.zh}\n{text.en}", file=sys.stderr, flush=True)

    def refuse(self, error: CaseError) -> None:
        """Say what an expected error says, with its articles."""
        found, articles = (error.cites, (Articles(error.articles),)) if isinstance(error, Refused) else ((), ())
        zh = f"（{cites(found, 'zh', articles)}）" if found else ""
        en = f" ({cites(found, 'en')})" if found else ""
        text = worded(error.says)
        self.fault(Text(text.zh + zh, text.en + en))

    def json(self, value: Any) -> None:
        """A value as indented JSON to standard output."""
        print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())

    @contextmanager
    def progress(self, code: str, /, total: int | None = None) -> Iterator[ProgressTold]:
        """A bar on standard error while somebody looks; the function is told how much is done, of how much, and perhaps
        what stands before the bar from now on."""
        if not sys.stderr.isatty():
            yield _unseen
            return
        from rich.console import Console
        from rich.progress import MofNCompleteColumn, Progress

        columns = (*Progress.get_default_columns(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(self.say(code), total=total)

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


def reason_of(error: OSError) -> Text:
    """Why the operating system did not do something."""
    en = error.strerror or str(error) or type(error).__name__
    symbol = errno.errorcode.get(error.errno or 0, "")
    if has("system.reason", symbol):
        return Text(both(f"system.reason.{symbol}").zh, en)
    return Text(both("system.error", number=error.errno or type(error).__name__).zh, en)


def status_of(error: CaseError) -> int:
    """The exit status of an expected error: refused by the law or the state is 1, anything else bad input."""
    return DID_NOT_HOLD if isinstance(error, Refused) or error.code in ("stale", "reused_key") else BAD_INPUT
