"""Accounts, what they are let in with, and the store that keeps them."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal, NamedTuple, Protocol, TypedDict

import msgspec

from application.principal import Principal, Role
from domain.time import Instant
from domain.values import Id, Line

ACCOUNT_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,62})[a-z0-9]")
"""What an account can be called: small letters, digits, ``.``, ``_`` and ``-``, three to sixty-four of them. It stands
in every event that it records, so that it is never changed and never given to somebody else."""

OIDC: Final = "oidc"
"""By whom the accounts of people are made who sign in through the identity provider."""

CALENDAR: Final = "calendar"
"""Through what somebody asks whose calendar does."""

MAKERS: Final = ("demo", OIDC)
"""By whom accounts are made that no account made: the demo, and the identity provider. No account is called so, or what
it makes would pass for theirs."""

RESERVED: Final = (*MAKERS, CALENDAR)
"""What no account is called."""

PassKind = Literal["session", "token", "link", "calendar", "provider"]
"""What lets somebody in: a session after signing in, a token of a program, a link that works once; the address of a
calendar, which lets nobody in to anything else; a token of the identity provider, which is kept nowhere."""

EVERY_PASS: Final[tuple[PassKind, ...]] = ("session", "token", "link", "calendar")
"""What is kept of an account beside its password, and ends with it."""


AccountAct = Literal[
    "made",
    "changed",
    "reset",
    "unlocked",
    "deactivated",
    "activated",
    "passes_ended",
    "deputy_named",
    "deputies_ended",
    "handed_over",
    "wrong_password",
    "locked",
    "signed_in",
    "signed_in_here",
    "signed_out",
    "signed_out_everywhere",
    "links_ended",
    "link_made",
    "link_used",
    "password_set",
    "token_made",
    "token_ended",
    "signed_in_oidc",
    "calendar_made",
    "calendar_ended",
    "deadline_assigned",
    "deadline_released",
    "deadline_snoozed",
    "deadline_closed",
    "deadline_reopened",
]
"""What can be done to an account, as the log of accounts says it."""

AccountDetail = Literal[
    "role", "place", "name", "was", "subject", "note", "deputy", "to", "deadline", "until_on", "reason"
]
"""What a line of that log tells besides, by the keys of its ``detail``."""


class UserAccount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody, or a service, who may sign in.

    ``id`` is what they sign in with and what their events are stored with, ``name`` what they are called. ``place`` is
    the region code of their bureau; ``subject`` the file of a participant. A ``service`` has tokens only, and may act
    for a person whom a signed claim names. ``failures`` counts wrong passwords since the last right one;
    until ``locked_until`` (UTC) nobody is let in. ``made_by`` is the account that made it.
    """

    id: str
    name: Line
    role: Role
    place: str
    subject: Id | None = None
    is_service: bool = False
    is_active: bool = True
    has_password: bool = False
    failures: int = 0
    locked_until: Instant = 0
    made_at: Instant = 0
    made_by: str = ""
    signed_in_at: Instant | None = None

    @property
    def principal(self) -> Principal:
        """Who acts when this account does."""
        return Principal(self.id, self.role, self.place, self.subject)


class MakeAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Make an account; it has no password until its owner uses the link."""

    account: Annotated[str, msgspec.Meta(min_length=3, max_length=64)]
    name: Line
    role: Role
    place: str
    subject: Id | None = None
    is_service: bool = False


class ChangeAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Change what an account is; what is left out stays. Its sessions end; with another role,
    place or file its tokens and links, too."""

    name: Line | None = None
    role: Role | None = None
    place: str | None = None
    subject: Id | None = None


class AccountFields(TypedDict, total=False):
    """Fields of an account that are changed."""

    name: Line
    role: Role
    place: str
    subject: Id | None
    is_active: bool
    failures: int
    locked_until: Instant


class Pass(NamedTuple):
    """What lets an account in: only the ``digest`` of the secret is kept. ``csrf`` is what a page of the session sends
    with a command; ``ends_at`` when it lets nobody in any more, ``idle_ends_at`` when it ends unless it is used."""

    digest: bytes
    kind: PassKind
    account: str
    made_at: Instant
    ends_at: Instant
    idle_ends_at: Instant
    csrf: str = ""
    note: str = ""


class Deputy(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands in for whom, on which legal days (both included)."""

    account: str
    deputy: str
    from_on: dt.date
    until_on: dt.date
    made_by: str = ""


class Snooze(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline that is put off until a legal day, on which it comes back, or noted as done (``None``); by whom, when
    and why."""

    deadline: str
    until_on: dt.date | None
    reason: str
    at: Instant
    by: str


class FormerName(NamedTuple):
    """What an account was called until an instant."""

    name: str
    until: str


class AccountName(msgspec.Struct, frozen=True, kw_only=True):
    """What an account is called and which role it has; ``formerly`` what it was called before, the earliest first."""

    name: str
    role: Role
    formerly: tuple[FormerName, ...] = ()


SIGNING_IN: Final[tuple[AccountAct, ...]] = ("signed_in", "signed_in_here", "signed_in_oidc")
"""How people come in, as the log of accounts says it."""


class AccountChange(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log of accounts: ``what`` was done to an ``account``, by whom and when; never a secret."""

    at: Instant
    by: str
    account: str
    what: AccountAct
    detail: dict[str, str] = {}


class Accounts(Protocol):
    """Where accounts are kept. Every change is written with its line of the log, or not at all."""

    def count(self) -> int:
        """How many accounts there are."""
        ...

    def get(self, id: str) -> UserAccount | None:
        """One account."""
        ...

    def names(self, ids: Sequence[str]) -> Mapping[str, AccountName]:
        """What accounts are called, also those that are let in no more; ids of none are left out."""
        ...

    def listed(self, *, after: str = "", limit: int = 100) -> Sequence[UserAccount]:
        """Accounts in order of their ids after ``after``."""
        ...

    def password_hash(self, id: str) -> str | None:
        """What the password of an account is checked against."""
        ...

    def make(self, account: UserAccount, log: AccountChange) -> bool:
        """Keep a new account; whether the id was free."""
        ...

    def change(self, id: str, given: AccountFields, log: AccountChange) -> UserAccount:
        """Change these fields of an account and no others, which somebody else may be changing; how it is then."""
        ...

    def set_password(self, id: str, hashed: str, log: AccountChange) -> None:
        """Keep another password, and end every session, token and link of the account."""
        ...

    def failed(self, id: str, most: int, locked_until: Instant, log: AccountChange) -> bool:
        """Count a wrong password, also among others that come at once. With the last of ``most`` the account is locked
        until ``locked_until``, the count begins anew, and the log says ``locked``; whether it is locked now."""
        ...

    def signed_in(self, id: str, at: Instant, made: Pass, log: AccountChange) -> None:
        """Keep a new session, and forget the failures."""
        ...

    def last_act(self, id: str, acts: Sequence[AccountAct], before: Instant) -> AccountChange | None:
        """The last line of an account in the log that tells one of these acts, from before a moment."""
        ...

    def keep_pass(self, made: Pass, log: AccountChange) -> None:
        """Keep a token or a link."""
        ...

    def find_pass(self, digest: bytes) -> Pass | None:
        """What was kept for the digest of a secret."""
        ...

    def use_pass(self, digest: bytes, idle_ends_at: Instant) -> None:
        """Write down until when a session lasts unless it is used again."""
        ...

    def passes(self, account: str) -> Sequence[Pass]:
        """What lets an account in, the newest first."""
        ...

    def end_pass(self, digest: bytes, log: AccountChange) -> bool:
        """Let nobody in with it any more; whether anybody was until then."""
        ...

    def end_passes(self, account: str, kinds: Sequence[PassKind], log: AccountChange) -> int:
        """End all of these kinds; how many there were."""
        ...

    def name_deputy(self, deputy: Deputy, log: AccountChange) -> None:
        """Keep who stands in for an account."""
        ...

    def end_deputies(self, account: str, last_on: dt.date, log: AccountChange) -> None:
        """End who stands in for an account after a legal day."""
        ...

    def assign(self, deadline: str, account: str | None, log: AccountChange) -> None:
        """Let an account, or nobody, work on a deadline."""
        ...

    def assignee(self, deadline: str) -> str | None:
        """Who works on a deadline."""
        ...

    def assignees(self, deadlines: Sequence[str]) -> Mapping[str, str]:
        """Who works on which of these deadlines, by deadline."""
        ...

    def assigned(self, account: str, limit: int) -> Sequence[str]:
        """The deadlines on which an account works, in order of their ids."""
        ...

    def hand_over(self, account: str, to: str, log: AccountChange) -> int:
        """Let another account work on all of them; how many they were."""
        ...

    def snooze(self, snooze: Snooze, log: AccountChange) -> None:
        """Put a deadline off, or note it as done, in the place of what was said of it before."""
        ...

    def end_snooze(self, deadline: str, log: AccountChange) -> bool:
        """Take a deadline back; whether it was put off or noted as done until then."""
        ...

    def snoozes(self, *, until_after: dt.date) -> Sequence[Snooze]:
        """What comes back after a legal day, or not at all, in order of the deadlines' ids."""
        ...

    def deputies(self, on: dt.date) -> Sequence[Deputy]:
        """Who stands in for whom on a legal day."""
        ...

    def log(
        self, *, account: str | None = None, before: int | None = None, limit: int = 100
    ) -> Sequence[AccountChange]:
        """The log of accounts, the newest first."""
        ...
