"""Accounts, as administrators keep them."""

import datetime as dt
from typing import Annotated, Final

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.access.accounts import ChangeAccount, Deputy, MakeAccount, UserAccount
from application.access.assigning import HandOver
from domain.time import iso_utc
from interfaces.http.controllers.access.changes import ChangeLine, change_line
from interfaces.http.controllers.access.tokens import MadeToken, MakeToken, TokenLine, token_line, told_once
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import AccountId, AfterAccount, Limit, TokenId
from interfaces.http.recording import Nothing
from interfaces.http.replying import NO_STORE, ROOT, Reply, reply
from interfaces.http.use_cases import PAGE
from interfaces.wording.texts import both, name, said

_ABOUT_ACCOUNT: Final = ("not_found", "refused", "invalid")


class UserAccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """An account. ``is_locked`` says whether too many passwords were wrong lately."""

    account: str
    name: str
    role: str
    place: str
    subject: str | None
    is_service: bool
    is_active: bool
    is_locked: bool
    has_password: bool
    made_at: str
    made_by: str
    signed_in_at: str | None


class AccountList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of accounts; ``next`` is what the following page begins after, ``null`` on the last one."""

    accounts: tuple[UserAccountLine, ...]
    next: str | None
    texts: dict[str, str]


class AccountPage(UserAccountLine, frozen=True, kw_only=True):
    """An account with its tokens, who stands in for it today, and what was done to it, the newest first. ``texts`` has
    what its role and what was done are called."""

    tokens: tuple[TokenLine, ...]
    deputies: tuple[Deputy, ...]
    log: tuple[ChangeLine, ...]
    texts: dict[str, str]


class AccountLink(msgspec.Struct, frozen=True, kw_only=True):
    """An account, and the secret with which its owner sets a password within three days, once; ``null`` for a service.

    It is told this once: hand it to the owner in person or by a trusted way.
    """

    account: str
    link: str | None


class NameDeputy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who stands in for an account, on which days, both included."""

    deputy: Annotated[str, msgspec.Meta(min_length=3, max_length=64)]
    from_on: dt.date
    until_on: dt.date


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How many sessions ended."""

    ended: int


class HandoverDone(msgspec.Struct, frozen=True, kw_only=True):
    """How many deadlines went to an account, and which decisions that wait for a second person: it may withdraw them,
    and neither it nor the one who leaves signs them."""

    to: str
    deadlines: int
    decisions: tuple[str, ...]


class AdministrationController(Controller):
    """Accounts, as administrators keep them."""

    tags = ("access",)

    @question("/accounts")
    def get_accounts(self, after: AfterAccount = "", limit: Limit = PAGE, *, caller: Asking) -> Reply[AccountList]:
        """List accounts."""
        found = caller.at.administering.listed(caller.caller.principal, after=after, limit=limit)
        now = caller.at.clock.now()
        roles = sorted({account.role for account in found})
        page = AccountList(
            accounts=tuple(_line(account, now) for account in found),
            next=found[-1].id if len(found) == limit else None,
            texts={f"role:{role}": said(both(f"access.role.{role}"), caller.language) for role in roles},
        )
        return reply(page, NO_STORE)

    @question("/accounts/{account}", "not_found")
    def get_account(self, account: AccountId, *, caller: Asking) -> Reply[AccountPage]:
        """One account."""
        by, at = caller.caller.principal, caller.at
        found = at.administering.get(by, account)
        log = at.administering.log(by, account)
        texts = {f"act:{line.what}": name("access.act", line.what, caller.language) for line in log}
        page = AccountPage(
            **msgspec.structs.asdict(_line(found, at.clock.now())),
            tokens=tuple(token_line(held) for held in at.door.tokens(account)),
            deputies=tuple(at.administering.deputies_of(account)),
            log=tuple(map(change_line, log)),
            texts={f"role:{found.role}": name("access.role", found.role, caller.language), **texts},
        )
        return reply(page, NO_STORE)

    @command("/accounts", "conflict")
    def make_account(self, data: JSONBody[MakeAccount], *, acting: Writing) -> Reply[AccountLink]:
        """Make an account."""
        made = acting.at.administering.make(acting.by, data)
        place = (b"location", f"{ROOT}/accounts/{made.account.id}".encode())
        return reply(AccountLink(account=made.account.id, link=made.link), NO_STORE, place, status=201)

    @command("/accounts/{account}/changes", *_ABOUT_ACCOUNT, status=200)
    def change_account(
        self, account: AccountId, data: JSONBody[ChangeAccount], *, acting: Writing
    ) -> Reply[UserAccountLine]:
        """Change an account."""
        return _told(acting, acting.at.administering.change(acting.by, account, data))

    @command("/accounts/{account}/reset", *_ABOUT_ACCOUNT, status=200)
    def reset_account(self, account: AccountId, data: JSONBody[Nothing], *, acting: Writing) -> Reply[AccountLink]:
        """Reset an account."""
        return reply(AccountLink(account=account, link=acting.at.administering.reset(acting.by, account)), NO_STORE)

    @command("/accounts/{account}/unlocking", *_ABOUT_ACCOUNT, status=200)
    def unlock_account(self, account: AccountId, data: JSONBody[Nothing], *, acting: Writing) -> Reply[UserAccountLine]:
        """Unlock an account."""
        return _told(acting, acting.at.administering.unlock(acting.by, account))

    @command("/accounts/{account}/deactivation", *_ABOUT_ACCOUNT, status=200)
    def deactivate_account(
        self, account: AccountId, data: JSONBody[Nothing], *, acting: Writing
    ) -> Reply[UserAccountLine]:
        """Deactivate an account."""
        return _told(acting, acting.at.administering.deactivate(acting.by, account))

    @command("/accounts/{account}/activation", *_ABOUT_ACCOUNT, status=200)
    def activate_account(
        self, account: AccountId, data: JSONBody[Nothing], *, acting: Writing
    ) -> Reply[UserAccountLine]:
        """Activate an account."""
        return _told(acting, acting.at.administering.activate(acting.by, account))

    @command("/accounts/{account}/sessions", *_ABOUT_ACCOUNT, method="DELETE", status=200)
    def sign_account_out(self, account: AccountId, *, acting: Writing) -> Reply[Ended]:
        """Sign an account out."""
        return reply(Ended(ended=acting.at.administering.sign_out(acting.by, account)), NO_STORE)

    @command("/accounts/{account}/handover", *_ABOUT_ACCOUNT, status=200)
    def hand_over(self, account: AccountId, data: JSONBody[HandOver], *, acting: Writing) -> Reply[HandoverDone]:
        """Hand over the work of an account."""
        done = acting.at.assigning.hand_over(acting.by, account, data.to)
        return reply(HandoverDone(to=data.to, deadlines=done.deadlines, decisions=done.decisions), NO_STORE)

    @command("/accounts/{account}/tokens", *_ABOUT_ACCOUNT)
    def make_token(self, account: AccountId, data: JSONBody[MakeToken], *, acting: Writing) -> Reply[MadeToken]:
        """Make a token."""
        secret, made = acting.at.administering.make_token(acting.by, account, data.note, data.days)
        return told_once(secret, made, f"{ROOT}/accounts/{account}")

    @command("/accounts/{account}/tokens/{token}", *_ABOUT_ACCOUNT, method="DELETE", status=200)
    def end_token(self, account: AccountId, token: TokenId, *, acting: Writing) -> Reply[UserAccountLine]:
        """End a token."""
        acting.at.administering.end_token(acting.by, account, token)
        return _told(acting, acting.at.administering.get(acting.by, account))

    @command("/accounts/{account}/deputies", *_ABOUT_ACCOUNT)
    def name_deputy(self, account: AccountId, data: JSONBody[NameDeputy], *, acting: Writing) -> Reply[Deputy]:
        """Name a deputy."""
        named = acting.at.administering.name_deputy(acting.by, account, data.deputy, data.from_on, data.until_on)
        place = (b"location", f"{ROOT}/accounts/{account}".encode())
        return reply(named, NO_STORE, place, status=201)

    @command("/accounts/{account}/deputies", *_ABOUT_ACCOUNT, method="DELETE", status=200)
    def end_deputy(self, account: AccountId, *, acting: Writing) -> Reply[UserAccountLine]:
        """End standing in."""
        acting.at.administering.end_deputies(acting.by, account)
        return _told(acting, acting.at.administering.get(acting.by, account))


def _told(acting: Writing, account: UserAccount) -> Reply[UserAccountLine]:
    return reply(_line(account, acting.at.clock.now()), NO_STORE)


def _line(account: UserAccount, now: int) -> UserAccountLine:
    return UserAccountLine(
        account=account.id,
        name=account.name,
        role=account.role,
        place=account.place,
        subject=account.subject,
        is_service=account.is_service,
        is_active=account.is_active,
        is_locked=now < account.locked_until,
        has_password=account.has_password,
        made_at=iso_utc(account.made_at),
        made_by=account.made_by,
        signed_in_at=None if account.signed_in_at is None else iso_utc(account.signed_in_at),
    )
