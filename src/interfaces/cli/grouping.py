"""Groups of commands, each of which is imported and built when it is asked for.

Whoever asks one question waits for no other: a command's options take as long to build as many an answer.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from interfaces.cli.helping import told
from interfaces.cli.recorders import with_recorder

if TYPE_CHECKING:
    from typer._click import Command as Built
    from typer._click import Context, HelpFormatter

CommandFunction = Callable[..., None]
"""A function whose parameters are the options."""

_PLACE: Final = "interfaces.cli.options"


class GroupMember(NamedTuple):
    """A command or a group in another: its help, which the list tells, and how it is built."""

    help: Callable[[], str]
    build: Callable[[], "Built"]


class Group(TyperGroup):
    """A group that builds the member it is asked for, and none to list them."""

    members: Mapping[str, GroupMember]

    def get_command(self, ctx: "Context", cmd_name: str) -> "Built | None":
        """Build one."""
        del ctx
        member = self.members.get(cmd_name)
        return None if member is None else member.build()

    def list_commands(self, ctx: "Context") -> list[str]:
        """The names, in the order of the table."""
        del ctx
        return list(self.members)

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """List them as the library does."""
        told: dict[str, Built] = {name: TyperCommand(name, help=member.help()) for name, member in self.members.items()}
        TyperGroup(commands=told).format_commands(ctx, formatter)


def function(module: str, name: str) -> CommandFunction:
    """The function of a command: it has its name, with an underscore after one that the language has taken, and for
    every hyphen."""
    found = import_module(f"{_PLACE}.{module}")
    name = name.replace("-", "_")
    return cast("CommandFunction", getattr(found, name, None) or getattr(found, f"{name}_"))


def command_line(module: str, name: str) -> GroupMember:
    """The command ``name``, whose function stands in a module of ``interfaces.cli.options``."""

    def build() -> "Built":
        alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        alone.command(name, help=about())(with_recorder(function(module, name)))
        return get_command(alone)

    def about() -> str:
        return told(f"help.command.{module}.{name}")

    return GroupMember(about, build)


def group(members: Mapping[str, GroupMember], **settings: Any) -> Group:
    """The group of these members, with the settings that the library's own groups have."""
    empty = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None, **settings)
    built = cast("Group", get_group(empty))
    built.members = members
    # The library offers one of these names for a misspelt one.
    built.commands = cast("dict[str, Built]", dict.fromkeys(members))
    return built


def section(name: str, names: tuple[str, ...]) -> GroupMember:
    """The group ``name`` in another: the functions of its commands stand in the module of its name."""

    def build() -> "Built":
        return group({each: command_line(name, each) for each in names}, name=name, help=about())

    def about() -> str:
        return told(f"help.section.{name}")

    return GroupMember(about, build)
