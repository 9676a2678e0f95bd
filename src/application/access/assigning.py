"""Who works on which deadline, and whom that goes to when somebody leaves."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, NamedTuple

import msgspec

from application.access.accounts import AccountAct, AccountChange, Accounts, UserAccount
from application.access.administering import MOST_ACCOUNTS, Administering
from application.access.gate import Gate, holds
from application.access.signatures import Signing
from application.deadlines.worklist import Worklist
from application.ports import Clock
from application.principal import Principal
from domain.errors import NotFound, Refused
from domain.sentence import sentence
from domain.time import legal_day

MOST_ASSIGNED: Final = 5_000
"""Deadlines that one account works on at once."""

AccountNamed = Annotated[str, msgspec.Meta(min_length=3, max_length=64)]


class AssignDeadline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who works on a deadline; ``None`` for nobody."""

    account: AccountNamed | None


class HandOver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom the work of an account goes."""

    to: AccountNamed


class HandedOver(NamedTuple):
    """How many deadlines went to another account, and the ids of the decisions that wait for a second person and went
    with them."""

    deadlines: int
    decisions: tuple[str, ...]


class Assigning:
    """The use case. Safe to share between threads."""

    def __init__(
        self,
        administering: Administering,
        accounts: Accounts,
        gate: Gate,
        worklist: Worklist,
        signing: Signing,
        clock: Clock,
    ) -> None:
        """``accounts`` are those of the database that answers."""
        self._administering = administering
        self._accounts = accounts
        self._gate = gate
        self._worklist = worklist
        self._signing = signing
        self._clock = clock

    def assign(self, by: Principal, deadline: str, account: str | None) -> None:
        """Let an account work on a deadline, or nobody. Raises ``NotFound`` for a deadline out of reach, ``Refused``
        for an account that could not work on it."""
        record = deadline.rpartition(":")[0]
        self._must_reach(by, record)
        self._worklist.one(deadline)
        if account is not None:
            self._check(account, record)
        changed = account or self._accounts.assignee(deadline) or by.name
        what: AccountAct = "deadline_released" if account is None else "deadline_assigned"
        log = AccountChange(
            at=self._clock.now(), by=by.recorded_as, account=changed, what=what, detail={"deadline": deadline}
        )
        self._accounts.assign(deadline, account, log)

    def assigned(self, account: str) -> tuple[str, ...]:
        """The deadlines on which an account works, or somebody for whom it stands in today."""
        standing = self._accounts.deputies(legal_day(self._clock.now()))
        whose = (account, *(found.account for found in standing if found.deputy == account))
        return tuple(deadline for who in whose for deadline in self._accounts.assigned(who, MOST_ASSIGNED))

    def colleagues(self, by: Principal) -> Sequence[UserAccount]:
        """Who could work on deadlines of the place of somebody, those of the same place first."""
        found = [
            account
            for account in self._accounts.listed(limit=MOST_ACCOUNTS)
            if self._is_at_work(account) and (holds(by.place, account.place) or holds(account.place, by.place or ""))
        ]
        return sorted(found, key=lambda account: (account.place != by.place, account.place, account.name, account.id))

    def assignees(self, deadlines: Sequence[str]) -> Mapping[str, str]:
        """Who works on which of these deadlines, by deadline; nothing is said of those on which nobody does."""
        return self._accounts.assignees(deadlines)

    def hand_over(self, by: Principal, account: str, to: str) -> HandedOver:
        """Give the deadlines of an account, and its decisions that wait, to another one of the same role whose place
        holds the other's. Done again, it goes on where it broke off. Raises ``Refused``."""
        leaver, taker = self._administering.get(by, account), self._administering.get(by, to)
        fits = taker.is_active and taker.role == leaver.role and holds(taker.place, leaver.place)
        if not fits or taker.id == leaver.id:
            raise Refused("unfit_successor", sentence("access.unfit_successor", account=account, to=to))
        log = AccountChange(
            at=self._clock.now(), by=by.recorded_as, account=account, what="handed_over", detail={"to": to}
        )
        moved = self._accounts.hand_over(account, to, log)
        return HandedOver(moved, self._signing.hand_over(account, to, by=by))

    def _check(self, account: str, record: str) -> None:
        """Raise ``Refused`` unless somebody of an account can work on what a record stands for."""
        found = self._accounts.get(account)
        fits = found is not None and self._is_at_work(found)
        if found is not None and fits:
            try:
                self._must_reach(found.principal, record)
            except NotFound:
                fits = False
        if not fits:
            raise Refused("unfit_assignee", sentence("access.unfit_assignee", account=account))

    def _is_at_work(self, account: UserAccount) -> bool:
        """Whether an account is that of a person who is there, with a role that works on deadlines."""
        is_person = account.is_active and not account.is_service
        return is_person and self._gate.table.reach(account.role, "assign_deadline") is not None

    def _must_reach(self, by: Principal, record: str) -> None:
        if by.role is None:
            return
        reach = self._gate.table.reach(by.role, "get_deadline")
        self._gate.must_read_record(by, reach or "own", record)
