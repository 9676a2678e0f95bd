"""One command in this process, held to what every one of them promises."""

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

from domain.errors import CaseError
from interfaces.cli.terminal import HELD, EndCommand, Terminal, status_of
from interfaces.main import InstalledHouse
from interfaces.wording.texts import Language


class Said(NamedTuple):
    """The exit status, standard output and standard error."""

    status: int
    out: str
    err: str


def asked(command: Callable[[Terminal], None], language: Language) -> Said:
    """Run a command as the command line does, without reading a line anew each time. Raises ``AssertionError`` for a
    status that means nothing, or a refusal without words; and whatever the command raises beside what it promises."""
    out, err = io.StringIO(), io.StringIO()
    terminal = Terminal(InstalledHouse({}), language=language)
    with redirect_stdout(out), redirect_stderr(err):
        try:
            command(terminal)
            status = HELD
        except EndCommand as stop:
            status = stop.status
        except CaseError as error:
            terminal.refuse(error)
            status = status_of(error)
    said = Said(status, out.getvalue(), err.getvalue())
    assert status in (0, 1, 2), said
    assert status != 2 or said.err.strip(), said
    # As the streams write it: what an encoding does not have is replaced.
    (said.out + said.err).encode("utf-8", "replace")
    return said
