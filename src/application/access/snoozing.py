"""Deadlines that an office puts off until a day, or notes as done where the law has gone on without it.

Neither changes a file or a last day: both say how an office works through its list, as assigning does.
"""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from application.access.accounts import AccountAct, AccountChange, Accounts, Snooze
from application.deadlines.ports import SnoozedDeadlines
from application.deadlines.worklist import Worklist, WorklistQuestion
from application.ports import Clock
from application.principal import Principal
from domain.errors import FieldProblem, Invalid, NotFound, Refused
from domain.sentence import sentence
from domain.time import legal_day
from domain.values import Line

if TYPE_CHECKING:
    from application.access.gate import Gate

LONGEST_SNOOZE: Final = 366
"""Days after which a deadline comes back at the latest."""

SnoozeView = Literal["any", "without", "only"]
"""Whether a list has deadlines that are put off or noted as done, leaves them out, or has no others. Left out is none
that is overdue by law, unless it was noted as done."""


class SnoozeDeadline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put a deadline off: the day on which it comes back, and why."""

    until_on: dt.date
    reason: Line


class CloseDeadline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Note a deadline as done that the law has let lapse by itself, and why."""

    reason: Line


class Snoozing:
    """The use case. Safe to share between threads."""

    def __init__(self, accounts: Accounts, gate: "Gate", worklist: Worklist, clock: Clock) -> None:
        self._accounts = accounts
        self._gate = gate
        self._worklist = worklist
        self._clock = clock

    def snooze(self, by: Principal, deadline: str, command: SnoozeDeadline) -> Snooze:
        """Put a deadline off. Raises ``NotFound`` for one out of reach, ``Refused`` for one that nothing is left to do
        about, and ``Invalid`` for a day that is not after today or more than a year ahead."""
        self._must_reach(by, deadline)
        line = self._worklist.one(deadline).deadline
        if line.state not in ("open", "overdue"):
            raise Refused("nothing_to_do", sentence("access.snooze.nothing_to_do"))
        today = legal_day(self._clock.now())
        last = today + dt.timedelta(days=LONGEST_SNOOZE)
        if not today < command.until_on <= last:
            says = sentence("access.snooze.days", first=today + dt.timedelta(days=1), last=last)
            raise Invalid((FieldProblem("/until_on", "out_of_range", says),))
        return self._keep(by, deadline, command.until_on, command.reason)

    def close(self, by: Principal, deadline: str, command: CloseDeadline) -> Snooze:
        """Note a deadline as done. Raises ``NotFound`` for one out of reach, and ``Refused`` for one that takes an
        act, or has not lapsed yet."""
        self._must_reach(by, deadline)
        line = self._worklist.one(deadline).deadline
        if not line.is_ended_by_law:
            raise Refused("takes_an_act", sentence("access.snooze.takes_an_act"))
        return self._keep(by, deadline, None, command.reason)

    def reopen(self, by: Principal, deadline: str) -> None:
        """Take a deadline back into the list. Raises ``NotFound``, also for one that is neither put off nor noted as
        done."""
        self._must_reach(by, deadline)
        if not self._accounts.end_snooze(deadline, self._change(by, deadline, "deadline_reopened")):
            raise NotFound("snooze", deadline[:120])

    def on(self, day: dt.date) -> Mapping[str, Snooze]:
        """What is put off or noted as done on a legal day, by deadline."""
        found = self._accounts.snoozes(until_after=day)
        return {one.deadline: one for one in found if legal_day(one.at) <= day}

    def narrowed(self, question: WorklistQuestion, view: SnoozeView) -> WorklistQuestion:
        """A question about the worklist, narrowed to a view."""
        if view == "any":
            return question
        there = self.on(question.as_of or legal_day(self._clock.now()))
        if view == "only":
            among = tuple(id for id in there if question.among is None or id in question.among)
            return msgspec.structs.replace(question, among=among, snoozed=view)
        left_out = SnoozedDeadlines(
            tuple(id for id, one in there.items() if one.until_on is not None),
            tuple(id for id, one in there.items() if one.until_on is None),
        )
        return msgspec.structs.replace(question, left_out=left_out, snoozed=view)

    def _keep(self, by: Principal, deadline: str, until_on: dt.date | None, reason: str) -> Snooze:
        kept = Snooze(deadline=deadline, until_on=until_on, reason=reason, at=self._clock.now(), by=by.recorded_as)
        what: AccountAct = "deadline_closed" if until_on is None else "deadline_snoozed"
        detail = {"reason": reason} if until_on is None else {"until_on": until_on.isoformat(), "reason": reason}
        self._accounts.snooze(kept, self._change(by, deadline, what, **detail))
        return kept

    def _change(self, by: Principal, deadline: str, what: AccountAct, **detail: str) -> AccountChange:
        given = {"deadline": deadline, **detail}
        return AccountChange(at=self._clock.now(), by=by.recorded_as, account=by.name, what=what, detail=given)

    def _must_reach(self, by: Principal, deadline: str) -> None:
        if by.role is not None:
            reach = self._gate.table.reach(by.role, "get_deadline")
            self._gate.must_read_record(by, reach or "own", deadline.rpartition(":")[0])
