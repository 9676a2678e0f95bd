"""The table of roles in words, for the command line and the page about access."""

from collections.abc import Sequence
from typing import Final

from application.access.roles import ASKERS, RoleTable
from domain.vocabulary import Text
from interfaces.wording.texts import Language, both, has, said

_NO: Final = "·"


def row_title(row: str) -> Text:
    """What the operations of a row have in common."""
    return both(f"access.row.{row}")


def operation_title(operation: str) -> Text:
    """What an operation does: as the description of the API says it."""
    if has("api.summary", operation):
        return both(f"api.summary.{operation}")
    return both(f"access.registering.{operation}")


def role_title(role: str) -> Text:
    """What a role is called."""
    return both(f"access.role.{role}")


def reach_title(reach: str) -> Text:
    """How far a role reaches."""
    return both(f"access.reach.{reach}")


def table_lines(table: RoleTable, language: Language) -> Sequence[Sequence[str]]:
    """The table, row by row and role by role, with a line of the roles on top."""
    top = ["", *(said(role_title(role), language) for role in ASKERS)]
    rows = [
        [
            said(row_title(row.name), language),
            *(said(reach_title(row.may[role]), language) if role in row.may else _NO for role in ASKERS),
        ]
        for row in table.rows
    ]
    return [top, *rows]


def page_table(table: RoleTable) -> str:
    """The table as Markdown, English and Chinese, with the operations of every row below it."""
    parts: list[str] = []
    for language in ("en", "zh"):
        top, *rows = table_lines(table, "en" if language == "en" else "zh")
        lines = [top, ["---"] * len(top), *rows]
        parts.append("\n".join(f"| {' | '.join(line)} |" for line in lines))
    listed = [
        f"- **{row_title(row.name).en}** · {row_title(row.name).zh}: " + ", ".join(f"`{name}`" for name in row.of)
        for row in table.rows
    ]
    return "\n\n".join((*parts, "\n".join(listed))) + "\n"
