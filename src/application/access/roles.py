"""The table of roles: which role may give which command and ask which question, and how far it reaches."""

from functools import cache
from importlib import resources
from typing import Final, Literal, get_args

import msgspec
import tomli

from application.principal import Principal, Role
from domain.errors import CaseError
from domain.sentence import sentence

Asker = Role | Literal["public"]
"""A role, or the public, which has no account."""

RoleReach = Literal["place", "own", "regime", "all"]
"""How far a role reaches: the files of its place, its own file, the regimes of its place, what belongs to no file."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""Every role that an account can have."""

PUBLIC: Final = "public"
"""Whoever asks without an account."""

ASKERS: Final[tuple[Asker, ...]] = (*ROLES, PUBLIC)
"""Every column of the table."""


WallCode = Literal["forbidden", "other_place", "moved_away", "other_account", "personal_data"]
"""Why the wall refuses: for the role, for the place, for a file that has moved away, for what is somebody else's, for
personal data."""


class Forbidden(CaseError):
    """A role may not do what it asks for, or not there: ``code`` says why."""

    def __init__(self, row: str, role: Asker, code: WallCode = "forbidden") -> None:
        """``row`` is what the table of roles calls that which is asked for."""
        what, who = sentence(f"access.row.{row}"), sentence(f"access.role.{role}")
        super().__init__(code, sentence(f"access.wall.{code}", operation=what, role=who))


class TableRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Operations that are allowed alike: commands by their names, questions as the description of the API has them.

    Questions that are ``logged`` are about files: whoever asks one stands in the read log. Of a role named under
    ``purpose`` they are answered for a purpose only, which it gives; of one under ``person_purpose``, those about the
    file of a natural person.
    """

    name: str
    of: tuple[str, ...]
    may: dict[Asker, RoleReach]
    logged: bool = False
    purpose: tuple[Asker, ...] = ()
    person_purpose: tuple[Asker, ...] = ()


class RoleTable:
    """The table of roles, operation by operation. An operation that stands in no row is forbidden to every role."""

    def __init__(self, rows: tuple[TableRow, ...]) -> None:
        """Raises ``ValueError`` for an operation that stands in two rows."""
        self.rows = rows
        self._rows: dict[str, TableRow] = {}
        for row in rows:
            for operation in row.of:
                if operation in self._rows:
                    raise ValueError(f"{operation} stands in two rows of the table of roles")
                self._rows[operation] = row

    @property
    def operations(self) -> tuple[str, ...]:
        """Every operation that the table has, in its order."""
        return tuple(self._rows)

    def reach(self, role: Asker, operation: str) -> RoleReach | None:
        """How far a role reaches with an operation; ``None`` when it may not."""
        row = self._rows.get(operation)
        return None if row is None else row.may.get(role)

    def is_logged(self, operation: str) -> bool:
        """Whether whoever asks it stands in the read log."""
        row = self._rows.get(operation)
        return row is not None and row.logged

    def needs_purpose(self, role: Asker, operation: str) -> bool:
        """Whether a role gives the purpose for which it asks."""
        row = self._rows.get(operation)
        return row is not None and role in row.purpose

    def needs_purpose_for_persons(self, role: Asker, operation: str) -> bool:
        """Whether a role gives the purpose for which it asks about the file of a natural person."""
        row = self._rows.get(operation)
        return row is not None and role in row.person_purpose

    def permit(self, by: Principal, operation: str) -> RoleReach:
        """How far somebody with a role reaches with an operation. Raises ``Forbidden``."""
        role: Asker = by.role or PUBLIC
        found = self.reach(role, operation)
        if found is None:
            raise self.forbidden(role, operation)
        return found

    def forbidden(self, role: Asker, operation: str, code: WallCode = "forbidden") -> Forbidden:
        """The refusal of an operation that stands in the table."""
        return Forbidden(self._rows[operation].name, role, code)


@cache
def shipped_roles() -> RoleTable:
    """The table as it comes with the product."""
    text = resources.files(__package__).joinpath("roles.toml").read_text("utf-8")
    return RoleTable(msgspec.convert(tomli.loads(text)["row"], tuple[TableRow, ...]))
