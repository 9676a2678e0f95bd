"""Accounts as an administrator keeps them. Nobody administers an account outside of their place, nor their own."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

import msgspec

from application.access.accounts import (
    ACCOUNT_ID,
    EVERY_PASS,
    OIDC,
    RESERVED,
    AccountAct,
    AccountChange,
    AccountFields,
    ChangeAccount,
    Deputy,
    MakeAccount,
    Pass,
    UserAccount,
)
from application.access.gate import Gate, holds
from application.access.reading_place import EVERYWHERE
from application.access.signing_in import Door
from application.ports import Clock
from application.principal import Principal
from domain.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from domain.places import Places
from domain.sentence import NamedPlace, sentence
from domain.time import legal_day
from domain.values import nfc

MOST_ACCOUNTS: Final = 5_000
"""Accounts that are looked through where one is picked by name."""


class MadeAccount(NamedTuple):
    """A new account, and the secret of the link with which its owner sets a password; ``None`` for a service."""

    account: UserAccount
    link: str | None


class Administering:
    """The use case of accounts. Safe to share between threads."""

    def __init__(self, door: Door, clock: Clock, places: Places, gate: Gate) -> None:
        self.door = door
        self._accounts = door.accounts
        self._clock = clock
        self._places = places
        self._gate = gate

    def first(self, id: str, name: str) -> str:
        """Make the first administrator, of the whole country, while there is no account; the secret of its link.

        Asked again before the link was used, it gives another one. Raises ``Conflict`` when there are accounts.
        """
        found = self._accounts.get(id)
        if found is None:
            if self._accounts.count():
                raise Conflict("accounts_exist", sentence("access.accounts_exist"))
            account = UserAccount(
                id=_checked_id(id), name=nfc(name), role="administrator", place="000000", made_at=self._clock.now()
            )
            self.door.keep(account, self._change("", id, "made"))
        elif found.has_password or self._accounts.count() > 1:
            raise Conflict("accounts_exist", sentence("access.accounts_exist"))
        return self.door.link_for(id, "")

    def listed(self, by: Principal, *, after: str = "", limit: int = 100) -> Sequence[UserAccount]:
        """The accounts of the administrator's place in order of their ids after ``after``."""
        found: list[UserAccount] = []
        while len(found) < limit:
            page = self._accounts.listed(after=after, limit=limit)
            found += [account for account in page if _is_of(by, account)]
            if len(page) < limit:
                break
            after = page[-1].id
        return found[:limit]

    def readers(self, by: Principal) -> Sequence[UserAccount]:
        """The accounts of the place of somebody who asks who looked at what."""
        return self.listed(by, limit=MOST_ACCOUNTS)

    def get(self, by: Principal, id: str) -> UserAccount:
        """One account. Raises ``NotFound``, also for one of another place."""
        account = self._accounts.get(id)
        if account is None or not _is_of(by, account):
            raise NotFound("account", id[:64])
        return account

    def make(self, by: Principal, command: MakeAccount) -> MadeAccount:
        """Make an account. Raises ``Invalid``, also for a participant whose file lies elsewhere, or ``Conflict`` for an
        id that is or was in use."""
        account = UserAccount(
            id=_checked_id(command.account),
            name=nfc(command.name),
            role=command.role,
            place=command.place,
            subject=command.subject,
            is_service=command.is_service,
            made_at=self._clock.now(),
            made_by=by.recorded_as,
        )
        self._check(by, account)
        if not self.door.keep(account, self._change(by.recorded_as, account.id, "made", role=account.role)):
            raise Conflict("account_taken", sentence("access.account_taken", account=account.id))
        return MadeAccount(account, None if account.is_service else self.door.link_for(account.id, by.recorded_as))

    def change(self, by: Principal, id: str, command: ChangeAccount) -> UserAccount:
        """Change what an account is. Its sessions end, so that nothing goes on under the old role; unless it is only
        called otherwise, so do its tokens and links."""
        account = self._of_another(by, id)
        told = {name: value for name in ("name", "role", "place", "subject") if (value := getattr(command, name))}
        given = cast("AccountFields", told)
        changed = msgspec.structs.replace(account, **given)
        self._check(by, changed)
        log = self._change(by.recorded_as, id, "changed", **{name: str(value) for name, value in told.items()})
        if changed.name != account.name:
            # Whoever is shown what they did before reads the name that they had then.
            log.detail["was"] = account.name
        kept = self._accounts.change(id, given, log)
        # Afterwards: what somebody makes for it in between ends, too.
        if changed.principal == account.principal:
            self.door.sign_out_everywhere(id, by.recorded_as)
        else:
            self.door.begin_anew(id, by.recorded_as)
        return kept

    def reset(self, by: Principal, id: str) -> str:
        """End every session and token of an account, and give the secret of a link that sets a new password. Raises
        ``Refused`` for one that has none: of a service, or of somebody whom the identity provider lets in."""
        account = self._of_another(by, id)
        if account.made_by == OIDC:
            # Whoever had set one would go on with it unseen, whatever role the provider gives its owner later.
            raise Refused("provider_lets_in", sentence("access.provider_lets_in", account=id))
        if account.is_service:
            raise Refused("service_has_no_password", sentence("access.service_has_no_password", account=id))
        self.door.forget(id)
        self._accounts.end_passes(id, EVERY_PASS, self._change(by.recorded_as, id, "reset"))
        self.unlock(by, id)
        return self.door.link_for(id, by.recorded_as)

    def unlock(self, by: Principal, id: str) -> UserAccount:
        """Let an account try again that had too many wrong passwords."""
        self._of_another(by, id)
        return self._accounts.change(
            id, {"failures": 0, "locked_until": 0}, self._change(by.recorded_as, id, "unlocked")
        )

    def deactivate(self, by: Principal, id: str) -> UserAccount:
        """Let an account in no more, at once and everywhere. Its id stays taken: it stands in events."""
        self._of_another(by, id)
        kept = self._accounts.change(id, {"is_active": False}, self._change(by.recorded_as, id, "deactivated"))
        self.door.begin_anew(id, by.recorded_as)
        return kept

    def activate(self, by: Principal, id: str) -> UserAccount:
        """Let an account in again; it signs in anew."""
        self._of_another(by, id)
        return self._accounts.change(id, {"is_active": True}, self._change(by.recorded_as, id, "activated"))

    def sign_out(self, by: Principal, id: str) -> int:
        """End all sessions of an account; how many there were."""
        self._of_another(by, id)
        return self.door.sign_out_everywhere(id, by.recorded_as)

    def make_token(
        self, by: Principal, id: str, note: str, days: int, *, also_of_persons: bool = False
    ) -> tuple[str, Pass]:
        """A token with which a program acts as a service for a number of days; its secret is told this once.

        Raises ``Refused`` for the account of a person, who alone makes tokens that act in their name, unless
        ``also_of_persons``: whoever has the folder of the journal could do anything there.
        """
        account = self.get(by, id)
        if not account.is_active:
            raise Refused("account_inactive", sentence("access.account_inactive", account=id))
        if not account.is_service and not also_of_persons:
            raise Refused("token_of_a_person", sentence("access.token_of_a_person", account=id))
        return self.door.make_token(id, by.recorded_as, nfc(note), days)

    def end_token(self, by: Principal, id: str, token: str) -> None:
        """End a token. Raises ``NotFound``."""
        self.get(by, id)
        if not self.door.end_token(id, token, by.recorded_as):
            raise NotFound("token", token[:32])

    def name_deputy(self, by: Principal, id: str, deputy: str, from_on: dt.date, until_on: dt.date) -> Deputy:
        """Let another account of the same role stand in for one, both days included. Raises ``Refused``."""
        account, other = self._of_another(by, id), self.get(by, deputy)
        if until_on < from_on:
            raise Invalid((FieldProblem("/until_on", "before_from", sentence("access.deputy.days")),))
        if other.id == account.id or other.role != account.role or not holds(other.place, account.place):
            raise Refused("unfit_deputy", sentence("access.deputy.unfit", account=id, deputy=deputy))
        named = Deputy(account=id, deputy=deputy, from_on=from_on, until_on=until_on, made_by=by.recorded_as)
        self._accounts.name_deputy(named, self._change(by.recorded_as, id, "deputy_named", deputy=deputy))
        self.door.forget_standing()
        return named

    def end_deputies(self, by: Principal, id: str) -> None:
        """End who stands in for an account with today."""
        self._of_another(by, id)
        today = legal_day(self._clock.now())
        self._accounts.end_deputies(id, today, self._change(by.recorded_as, id, "deputies_ended"))
        self.door.forget_standing()

    def deputies_of(self, id: str) -> Sequence[Deputy]:
        """Who stands in for an account today."""
        return [d for d in self._accounts.deputies(legal_day(self._clock.now())) if d.account == id]

    def log(self, by: Principal, id: str) -> Sequence[AccountChange]:
        """What was done to an account, the newest first."""
        self.get(by, id)
        return self._accounts.log(account=id)

    def _of_another(self, by: Principal, id: str) -> UserAccount:
        account = self.get(by, id)
        if account.id in by.accounts:
            raise Refused("own_account", sentence("access.own_account"))
        return account

    def _check(self, by: Principal, account: UserAccount) -> None:
        faults: list[FieldProblem] = []
        if account.place != EVERYWHERE and self._places.place(account.place) is None:
            faults.append(
                FieldProblem("/place", "unknown_region", sentence("access.unknown_place", place=account.place))
            )
        elif not holds(by.place, account.place):
            faults.append(
                FieldProblem(
                    "/place", "other_place", sentence("access.account_elsewhere", place=NamedPlace(account.place))
                )
            )
        if (account.role == "participant") != (account.subject is not None):
            faults.append(FieldProblem("/subject", "participant", sentence("access.participant_has_a_file")))
        elif account.subject is not None and not self._reaches(by, account.subject):
            # Whoever may not read a file gives it to nobody else to read.
            says = sentence("access.no_such_file", subject=account.subject)
            faults.append(FieldProblem("/subject", "unknown_subject", says))
        if faults:
            raise Invalid(tuple(faults))

    def _reaches(self, by: Principal, subject: str) -> bool:
        try:
            self._gate.must_read(by, "place", subject)
        except NotFound:
            return False
        return True

    def _change(self, by: str, account: str, what: AccountAct, **detail: str) -> AccountChange:
        return AccountChange(at=self._clock.now(), by=by, account=account, what=what, detail=detail)


def _is_of(by: Principal, account: UserAccount) -> bool:
    return holds(by.place, account.place)


def _checked_id(id: str) -> str:
    if ACCOUNT_ID.fullmatch(id) is None or id in RESERVED:
        raise Invalid((FieldProblem("/account", "bad_account", sentence("access.bad_account")),))
    return id
