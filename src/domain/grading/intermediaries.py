"""Where a subject stands: registered, reminded, on the blacklist, in the pool of experts (Wenzhou arts. 12, 23,
35-38)."""

import datetime as dt
from typing import NamedTuple

from domain.aggregates.casefile import CaseFile
from domain.events.intermediaries import (
    Ban,
    BlacklistListed,
    BlacklistRemoved,
    NotificationRegistered,
    PoolEntered,
    PoolLeft,
    Reminded,
)
from domain.law.regime import RegimeLaw
from domain.time import ONE_DAY


def registration_day(case: CaseFile, regime: str) -> dt.date | None:
    """The day of the notification registration on record."""
    return min((e.registered_on for e in case.entries_of(NotificationRegistered, regime)), default=None)


def unheeded_since(case: CaseFile, law: RegimeLaw, on: dt.date) -> dt.date | None:
    """The day after the last day of the earliest reminder that was not followed in time, if it has come by ``on``
    (art. 12(2)); ``None`` when nothing was ever left unheeded."""
    found = unheeded_reminder(case, law, on)
    return None if found is None else last_day_to_register(found, law) + ONE_DAY


def last_day_to_register(reminder: Reminded, law: RegimeLaw) -> dt.date:
    """The last day to follow a reminder: the bureau's, or the working day after when it is a day of rest (Civil Code
    203)."""
    return law.days.roll_forward(reminder.due_on).on


def unheeded_reminder(case: CaseFile, law: RegimeLaw, on: dt.date) -> Reminded | None:
    """The reminder with the earliest last day that was not followed in time, if that is over by ``on`` (art. 12(2)).

    Registering after it comes too late: what was not done in time stays so.
    """
    registered_on = registration_day(case, law.regime)
    unheeded = []
    for reminder in case.entries_of(Reminded, law.regime):
        last_on = last_day_to_register(reminder, law)
        if last_on < on and (registered_on is None or registered_on > last_on):
            unheeded.append((last_on, reminder))
    return min(unheeded, key=lambda found: found[0], default=(None, None))[1]


class Listing(NamedTuple):
    """A time on the blacklist: the decision that began it and the one that ended it, if any."""

    listed: BlacklistListed
    removed: BlacklistRemoved | None

    def holds_on(self, day: dt.date) -> bool:
        """Whether the subject is on the list at the end of the day; on the day of removal it no longer is (art. 37)."""
        return self.listed.decided_on <= day and (self.removed is None or day < self.removed.decided_on)

    def ban_on(self, law: RegimeLaw, day: dt.date) -> Ban | None:
        """The ban that runs on the day: removal ends it unless that decision keeps it (art. 36, W-08)."""
        ban = self.listed.ban
        if ban is None or not ban.from_on <= day <= ban.until_on:
            return None
        ended = self.removed is not None and self.removed.decided_on <= day and not self.removed.keeps_ban
        return None if ended and law.choices.chosen.get("W-08") != "runs_on" else ban


def listings_of(case: CaseFile, regime: str) -> list[Listing]:
    """Every time on the blacklist, in order."""
    listed = sorted(case.entries_of(BlacklistListed, regime), key=lambda e: e.decided_on)
    removed = sorted(case.entries_of(BlacklistRemoved, regime), key=lambda e: e.decided_on)
    found = []
    for number, event in enumerate(listed):
        before_on = listed[number + 1].decided_on if number + 1 < len(listed) else dt.date.max
        # A removal ends one listing: that of its own day belongs to the listing before a new one of that day.
        own = next((r for r in removed if event.decided_on <= r.decided_on <= before_on), None)
        if own is not None:
            removed.remove(own)
        found.append(Listing(event, own))
    return found


def member_since(case: CaseFile, law: RegimeLaw, day: dt.date) -> PoolEntered | None:
    """The entry by which an expert is in the pool at the end of the day; ``None`` for who is not.

    An act of dishonesty (art. 12 by way of art. 38) ends it on the day it was determined, without a further record
    (art. 23); a new entry after that day is a new decision.
    """
    entered = max(
        (e for e in case.entries_of(PoolEntered, law.regime) if e.dated_on <= day),
        key=lambda e: e.dated_on,
        default=None,
    )
    if entered is None:
        return None
    ends = [e.dated_on for e in case.entries_of(PoolLeft, law.regime)]
    ends += [
        file.record.decided_on
        for file in case.facts.values()
        if file.record.regime == law.regime and file.record.decided_on and not file.is_void and law.row_of(file.record)
    ]
    return None if any(entered.dated_on <= end <= day for end in ends) else entered
