"""The command line: which commands there are, and what is told of errors. Everything that takes time to import is
imported where it is used."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from application.behind import CopyBehind
from domain.errors import CaseError
from domain.sentence import sentence
from domain.vocabulary import Text
from interfaces.cli.grouping import GroupMember, command_line, group, section
from interfaces.cli.helping import told
from interfaces.cli.house import House, NotAvailable, Settings
from interfaces.cli.terminal import (
    BAD_INPUT,
    HELD,
    INTERRUPTED,
    EndCommand,
    Terminal,
    make_writable,
    reason_of,
    status_of,
)
from interfaces.standbys import StandbyLost
from interfaces.wording.texts import both

_SETTINGS = ("--database", "--data", "--url", "--lang")
# The library keeps its copy of the error classes to itself; this is the one all usage errors derive from.
_USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]

COMMAND_MODULES: Final = {
    "demo": "running",
    "serve": "running",
    "migrate": "running",
    "do": "recording",
    "import": "sheets",
    "grade": "asking",
    "dossier": "asking",
    "diff": "explaining",
    "counterfactuals": "explaining",
    "knowledge": "explaining",
    "subject": "asking",
    "subjects": "asking",
    "doubles": "asking",
    "readings": "asking",
    "timeline": "asking",
    "evaluate": "year",
    "evaluation": "year",
    "list": "year",
    "recheck": "checking",
    "deadlines": "deadlines",
    "deadline": "deadlines",
    "snooze": "deadlines",
    "remind": "deadlines",
    "advisories": "deadlines",
    "scenario": "trying",
    "rehearse": "trying",
    "rehearsals": "trying",
    "verify": "checking",
    "reads": "checking",
    "roles": "checking",
}
"""Every command, in the order in which help lists them, with the module of ``interfaces.cli.options`` it stands in."""

SECTIONS: Final = {
    "accounts": (
        "first",
        "list",
        "show",
        "add",
        "change",
        "reset",
        "unlock",
        "deactivate",
        "activate",
        "sign-out",
        "token",
        "revoke",
        "deputy",
        "log",
    ),
    "evidence": ("add", "list", "get", "check"),
    "journal": ("export", "import", "parquet"),
    "pending": ("list", "show", "sign", "return"),
    "letter": ("list", "draft", "show", "write", "issue", "serve", "withdraw", "office"),
    "rulebook": (
        "list",
        "lint",
        "show",
        "diff",
        "adopt",
        "repeal",
        "text",
        "calendars",
        "calendar",
        "notes",
        "note",
        "sign-off",
        "withdraw-note",
    ),
    "projections": ("status", "rebuild", "verify"),
    "webhooks": (
        "list",
        "add",
        "show",
        "rotate",
        "pause",
        "resume",
        "delete",
        "test",
        "deliveries",
        "retry",
    ),
}
"""The groups of commands, with the names in them."""


def members() -> dict[str, GroupMember]:
    """All commands and groups of the command line."""
    single = {name: command_line(module, name) for name, module in COMMAND_MODULES.items()}
    return single | {name: section(name, names) for name, names in SECTIONS.items()}


def run(house: House, arguments: Sequence[str]) -> int:
    """Run one command line; the exit status. Expected errors are told in Chinese and English, without traceback."""
    make_writable()
    _keep_own_rights()
    terminal = Terminal(house)
    try:
        try:
            status = _run(terminal, arguments)
        except (StandbyLost, CopyBehind):
            terminal = Terminal(house, at_primary=True)
            status = _run(terminal, arguments)
        # What cannot be written is noticed here, and not by the interpreter when everything has been said.
        sys.stdout.flush()
    except EndCommand as stop:
        status = stop.status
    except CaseError as error:
        terminal.refuse(error)
        status = status_of(error)
    except _USAGE_ERROR as error:
        said = error.format_message() if hasattr(error, "format_message") else str(error)
        terminal.error("cli.usage_error", fault=Text(_usage(said), said))
        status = BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has seen enough (the library answers that by leaving, and by nothing else that gets
        # here).
        _write_no_more()
        return HELD
    except OSError as error:
        terminal.error("cli.environment_failed", reason=_reason(error))
        _write_no_more()
        return BAD_INPUT
    except MemoryError:
        terminal.error("cli.out_of_memory")
        status = BAD_INPUT
    if status == INTERRUPTED:
        terminal.error("cli.interrupted")
    return _flushed(status)


def _keep_own_rights() -> None:
    """Let no umask take from us what we write ourselves: folders and locks made under 777 would be closed to us."""
    before = os.umask(0o077)
    os.umask(before & ~0o700)


def _run(terminal: Terminal, arguments: Sequence[str]) -> int:
    # A command that is interrupted is no error to the library: it gives the status back.
    line = group(
        members(),
        callback=settings,
        help=told("help.line"),
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    status = line.main(args=_settings_first(arguments), standalone_mode=False, obj=terminal, prog_name="ecodocket")
    return status if isinstance(status, int) else HELD


def _flushed(status: int) -> int:
    """The status when everything said so far has been written; what cannot be written any more is left."""
    try:
        sys.stdout.flush()
    except OSError:
        _write_no_more()
        return status or BAD_INPUT
    return status


def _reason(error: OSError) -> Text:
    """Why the environment failed, and of which file."""
    reason = reason_of(error)
    return reason if error.filename is None else both("cli.reason_of_file", reason=reason, file=error.filename)


_USAGE: Final = {
    "no_option": r"No such option: ?(\S+)",
    "no_command": r"No such command '?([^'.]+)'?",
    "argument_missing": r"Missing argument '?([^'.]+)'?",
    "option_missing": r"Missing option '?([^'.]+)'?",
    "something_missing": r"Missing (command|parameter)",
    "value_missing": r"Option '?(\S+?)'? requires an argument",
    "value_invalid": r"Invalid value for '?([^':]+)'?",
    "unexpected": r"unexpected extra argument(?:s|\(s\))? \((.+)\)",
}
"""What the library says of a command line, in English alone."""


def _usage(said: str) -> str:
    """The same in Chinese."""
    for code, pattern in _USAGE.items():
        match = re.search(pattern, said)
        if match is not None:
            return both(f"usage.{code}", what=match[1]).zh
    return both("usage.other").zh


def _write_no_more() -> None:
    """Let nothing more be written to standard output, not even at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for the rest of the process


def _settings_first(arguments: Sequence[str]) -> list[str]:
    """The settings may stand anywhere on the line: they are moved to the front, where the library wants them."""
    front: list[str] = []
    rest: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            rest += [argument, *left]
        elif argument in _SETTINGS:
            front += [argument, *[value for value in [next(left, None)] if value is not None]]
        elif argument.split("=", 1)[0] in _SETTINGS:
            front.append(argument)
        else:
            rest.append(argument)
    return [*front, *rest]


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from interfaces.engine import engine

        print(f"ecodocket {version('ecodocket')} ({engine()})")
        raise typer.Exit


def settings(
    ctx: typer.Context,
    database: Annotated[str | None, typer.Option(help=told("help.app.settings.database"))] = None,
    data: Annotated[Path | None, typer.Option(help=told("help.app.settings.data"))] = None,
    url: Annotated[str | None, typer.Option(help=told("help.app.settings.url"))] = None,
    lang: Annotated[str, typer.Option(help=told("help.app.settings.lang"), envvar="ECODOCKET_LANG")] = "zh",
    version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help=told("help.app.settings.version")),
    ] = False,
) -> None:
    """The case file of environmental credit."""
    del version
    if lang not in ("zh", "en"):
        raise NotAvailable("unknown_language", sentence("cli.unknown_language", lang=lang))
    if sum(place is not None for place in (database, data, url)) > 1:
        raise NotAvailable("two_places", sentence("cli.two_places"))
    terminal: Terminal = ctx.obj
    terminal.settings = Settings(database, data, url)
    terminal.language = "en" if lang == "en" else "zh"
    if database is not None:
        from interfaces import database_urls

        database_urls.check_url(database, "--database")
        if database_urls.has_password(database):
            terminal.note(
                "cli.password_in_sight",
            )
