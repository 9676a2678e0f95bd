"""The accounts of the sample: one of each role, which whoever sits at the demo's machine may take.

None has a password, so that nobody signs in with one anywhere else.
"""

from collections.abc import Callable
from typing import Final

from application.access.accounts import AccountChange, UserAccount
from application.access.roles import ROLES
from application.demo.places import PLACES, REGION
from application.ports import Clock
from application.principal import Role

DEMO: Final = "demo"
"""By whom they are made."""

_NAMES: Final[dict[Role, str]] = {
    "clerk": "示例录入",
    "officer": "示例经办",
    "approver": "示例审核",
    "legal": "示例法制",
    "appeal_handler": "示例异议办理",
    "department": "示例主管部门",
    "auditor": "示例审计",
    "administrator": "示例账号管理",
    "participant": "示例机构",
}
_OF_THE_REGION: Final[tuple[Role, ...]] = ("department", "legal", "auditor", "administrator")


def seat(make: Callable[[UserAccount, AccountChange], bool], clock: Clock, subject: str) -> None:
    """Make the accounts that are not there yet: those of a bureau in Hohhot, those of the region, and one of the agency
    ``subject``. Nothing is recorded in the journal."""
    for role in ROLES:
        account = UserAccount(
            id=f"{DEMO}-{role.replace('_', '-')}",
            name=_NAMES[role],
            role=role,
            place=REGION if role in _OF_THE_REGION else PLACES[0].code,
            subject=subject if role == "participant" else None,
            made_at=clock.now(),
            made_by=DEMO,
        )
        make(account, AccountChange(at=clock.now(), by=DEMO, account=account.id, what="made"))
