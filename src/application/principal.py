"""Who acts: the one in whose name something is asked for or recorded."""

import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

Role = Literal[
    "clerk", "officer", "approver", "legal", "appeal_handler", "department", "auditor", "administrator", "participant"
]
"""What an account is for: 录入, 经办, 审核, 法制, 异议办理, 自治区/省市, 审计, 管理, 机构."""

_PLACED: Final = re.compile(r"^([0-9]{6})-")


class Principal(NamedTuple):
    """Who acts. Use cases, the writer and the journal hand it on whole and look only at what is theirs.

    ``name`` is what their events are stored with: the id of an account. ``role`` is that of the account, and ``place``
    the code of its region; one without a role acts where there is no wall: a server without accounts, a case that is
    played, the command line on one's own folder. ``subject`` is the file of a participant. ``through`` is the service
    that acts for somebody, and ``countersigned_by`` the second account whose signature a command already has.
    """

    name: str
    role: Role | None = None
    place: str | None = None
    subject: str | None = None
    through: str | None = None
    countersigned_by: str | None = None

    @property
    def region(self) -> str | None:
        """The code of the region they act for: the account's, else that with which the name begins, ``150100`` of
        ``150100-clerk-04``; ``None`` without one."""
        return self.place or _region_of(self.name)


@lru_cache(maxsize=1024)
def _region_of(name: str) -> str | None:
    found = _PLACED.match(name)
    return None if found is None else found[1]
