"""Who acts: the one in whose name something is asked for or recorded."""

import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

Role = Literal[
    "clerk", "officer", "approver", "legal", "appeal_handler", "department", "auditor", "administrator", "participant"
]
"""What an account is for: 录入, 经办, 审核, 法制, 异议办理, 自治区/省市, 审计, 管理, 机构."""

ActedAs = Literal["name", "through"]
"""What an account is in what is recorded, by the field of the ``Principal``: the one in whose name it is, and one that
acts for it."""

_FOR: Final = " for "
_PLACED: Final = re.compile(r"^([0-9]{6})-")


class Principal(NamedTuple):
    """Who acts. Use cases, the writer and the journal hand it on whole and look only at what is theirs.

    ``name`` is what their events are stored with: the id of an account. ``role`` is that of the account, and ``place``
    the code of its region; one without a role acts where there is no wall: a server without accounts, a case that is
    played, the command line on one's own folder. ``subject`` is the file of a participant. ``through`` is the account
    that acts for them, a service or a deputy, and ``countersigned_by`` the second account whose signature a command
    already has.
    """

    name: str
    role: Role | None = None
    place: str | None = None
    subject: str | None = None
    through: str | None = None
    countersigned_by: str | None = None

    @property
    def recorded_as(self) -> str:
        """Who is named in what is recorded: the account, or both where one acts for another."""
        return self.name if self.through is None else f"{self.through}{_FOR}{self.name}"

    @property
    def accounts(self) -> frozenset[str]:
        """The accounts that stand for what is done: the one in whose name it is, and the one that does it."""
        return frozenset((self.name,)) if self.through is None else frozenset((self.name, self.through))

    @property
    def region(self) -> str | None:
        """The code of the region they act for: the account's, else that with which the name begins, ``150100`` of
        ``150100-clerk-04``; ``None`` without one."""
        return self.place or _region_of(self.name)


def who_acted(recorded: str) -> dict[ActedAs, str]:
    """The accounts that something on record names, by what each of them was (``Principal.recorded_as``)."""
    through, _, name = recorded.rpartition(_FOR)
    return {"name": name, "through": through} if through else {"name": recorded}


def accounts_in(recorded: str) -> frozenset[str]:
    """The accounts that something on record names: one, or who acted and for whom."""
    return frozenset(who_acted(recorded).values())


def in_whose_name(recorded: str) -> str:
    """The account in whose name something was recorded."""
    return who_acted(recorded)["name"]


@lru_cache(maxsize=1024)
def _region_of(name: str) -> str | None:
    found = _PLACED.match(name)
    return None if found is None else found[1]
