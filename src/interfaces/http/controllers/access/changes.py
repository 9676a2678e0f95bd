"""What was done to accounts, as it is told."""

import msgspec

from application.access.accounts import AccountAct, AccountChange
from domain.time import iso_utc


class ChangeLine(msgspec.Struct, frozen=True, kw_only=True):
    """What was done to an account, by whom and when."""

    at: str
    by: str
    what: AccountAct
    detail: dict[str, str]


def change_line(line: AccountChange) -> ChangeLine:
    """A line of the log of accounts."""
    return ChangeLine(at=iso_utc(line.at), by=line.by, what=line.what, detail=line.detail)
