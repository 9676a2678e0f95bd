"""Accounts in memory, with the promises of the real store: for tests, and for a product without a database."""

import datetime as dt
from collections.abc import Mapping, Sequence
from threading import RLock

import msgspec

from application.access.accounts import (
    EVERY_PASS,
    AccountAct,
    AccountChange,
    AccountFields,
    AccountName,
    Deputy,
    FormerName,
    Pass,
    PassKind,
    Snooze,
    UserAccount,
)
from domain.time import Instant, iso_utc


class MemoryAccounts:
    """The store in memory. Thread-safe."""

    def __init__(self) -> None:
        self._accounts: dict[str, UserAccount] = {}
        self._passwords: dict[str, str] = {}
        self._passes: dict[bytes, Pass] = {}
        self._deputies: dict[tuple[str, str, dt.date], Deputy] = {}
        self._assigned: dict[str, str] = {}
        self._snoozes: dict[str, Snooze] = {}
        self._log: list[AccountChange] = []
        self._lock = RLock()

    def count(self) -> int:
        """How many accounts there are."""
        return len(self._accounts)

    def get(self, id: str) -> UserAccount | None:
        """One account."""
        with self._lock:
            found = self._accounts.get(id)
            return None if found is None else msgspec.structs.replace(found, has_password=id in self._passwords)

    def names(self, ids: Sequence[str]) -> Mapping[str, AccountName]:
        """What accounts are called; see the port."""
        with self._lock:
            return {id: self._named(self._accounts[id]) for id in ids if id in self._accounts}

    def _named(self, account: UserAccount) -> AccountName:
        renamed = [line for line in self._log if line.account == account.id and "was" in line.detail]
        formerly = tuple(FormerName(line.detail["was"], iso_utc(line.at)) for line in renamed)
        return AccountName(name=account.name, role=account.role, formerly=formerly)

    def listed(self, *, after: str = "", limit: int = 100) -> Sequence[UserAccount]:
        """Accounts in order of their ids; see the port."""
        with self._lock:
            ids = sorted(id for id in self._accounts if id > after)[:limit]
            return [account for id in ids if (account := self.get(id)) is not None]

    def password_hash(self, id: str) -> str | None:
        """What the password of an account is checked against."""
        return self._passwords.get(id)

    def make(self, account: UserAccount, log: AccountChange) -> bool:
        """Keep a new account; see the port."""
        with self._lock:
            if account.id in self._accounts:
                return False
            self._accounts[account.id] = account
            self._log.append(log)
            return True

    def change(self, id: str, given: AccountFields, log: AccountChange) -> UserAccount:
        """Change these fields of an account and no others; see the port."""
        with self._lock:
            self._accounts[id] = msgspec.structs.replace(self._accounts[id], **given)
            self._log.append(log)
            return msgspec.structs.replace(self._accounts[id], has_password=id in self._passwords)

    def set_password(self, id: str, hashed: str, log: AccountChange) -> None:
        """Keep another password; see the port."""
        with self._lock:
            self._passwords[id] = hashed
            self._accounts[id] = msgspec.structs.replace(self._accounts[id], failures=0, locked_until=0)
            self.end_passes(id, EVERY_PASS, log)

    def failed(self, id: str, most: int, locked_until: Instant, log: AccountChange) -> bool:
        """Count a wrong password; see the port."""
        with self._lock:
            account = self._accounts[id]
            locks = account.failures + 1 >= most
            failures, until = (0, locked_until) if locks else (account.failures + 1, account.locked_until)
            self._accounts[id] = msgspec.structs.replace(account, failures=failures, locked_until=until)
            self._log.append(msgspec.structs.replace(log, what="locked") if locks else log)
            return locks

    def signed_in(self, id: str, at: Instant, made: Pass, log: AccountChange) -> None:
        """Keep a new session; see the port."""
        with self._lock:
            account = self._accounts[id]
            self._accounts[id] = msgspec.structs.replace(account, failures=0, locked_until=0, signed_in_at=at)
            self.keep_pass(made, log)

    def last_act(self, id: str, acts: Sequence[AccountAct], before: Instant) -> AccountChange | None:
        """The last line of an account in the log that tells one of these acts, from before a moment."""
        with self._lock:
            told = (line for line in reversed(self._log) if line.account == id and line.what in acts)
            return next((line for line in told if line.at < before), None)

    def keep_pass(self, made: Pass, log: AccountChange) -> None:
        """Keep a token or a link."""
        with self._lock:
            self._passes[made.digest] = made
            self._log.append(log)

    def find_pass(self, digest: bytes) -> Pass | None:
        """What was kept for the digest of a secret."""
        return self._passes.get(digest)

    def use_pass(self, digest: bytes, idle_ends_at: Instant) -> None:
        """Write down until when a session lasts unless it is used again."""
        with self._lock:
            if digest in self._passes:
                self._passes[digest] = self._passes[digest]._replace(idle_ends_at=idle_ends_at)

    def passes(self, account: str) -> Sequence[Pass]:
        """What lets an account in, the newest first."""
        with self._lock:
            found = [held for held in self._passes.values() if held.account == account]
            return sorted(found, key=lambda held: held.made_at, reverse=True)

    def end_pass(self, digest: bytes, log: AccountChange) -> bool:
        """Let nobody in with it any more; see the port."""
        with self._lock:
            if self._passes.pop(digest, None) is None:
                return False
            self._log.append(log)
            return True

    def end_passes(self, account: str, kinds: Sequence[PassKind], log: AccountChange) -> int:
        """End all of these kinds; see the port."""
        with self._lock:
            ended = [d for d, held in self._passes.items() if held.account == account and held.kind in kinds]
            for digest in ended:
                del self._passes[digest]
            self._log.append(log)
            return len(ended)

    def name_deputy(self, deputy: Deputy, log: AccountChange) -> None:
        """Keep who stands in for an account."""
        with self._lock:
            self._deputies[deputy.account, deputy.deputy, deputy.from_on] = deputy
            self._log.append(log)

    def end_deputies(self, account: str, last_on: dt.date, log: AccountChange) -> None:
        """End who stands in for an account after a legal day; who has not begun yet never does."""
        with self._lock:
            for key, deputy in list(self._deputies.items()):
                if deputy.account == account and deputy.until_on > last_on:
                    del self._deputies[key]
                    if deputy.from_on <= last_on:
                        self._deputies[key] = msgspec.structs.replace(deputy, until_on=last_on)
            self._log.append(log)

    def assign(self, deadline: str, account: str | None, log: AccountChange) -> None:
        """Let an account, or nobody, work on a deadline."""
        with self._lock:
            self._assigned.pop(deadline, None)
            if account is not None:
                self._assigned[deadline] = account
            self._log.append(log)

    def assignee(self, deadline: str) -> str | None:
        """Who works on a deadline."""
        return self._assigned.get(deadline)

    def assignees(self, deadlines: Sequence[str]) -> Mapping[str, str]:
        """Who works on which of these deadlines."""
        return {deadline: self._assigned[deadline] for deadline in deadlines if deadline in self._assigned}

    def assigned(self, account: str, limit: int) -> Sequence[str]:
        """The deadlines on which an account works; see the port."""
        with self._lock:
            return sorted(deadline for deadline, who in self._assigned.items() if who == account)[:limit]

    def hand_over(self, account: str, to: str, log: AccountChange) -> int:
        """Let another account work on all of them; how many they were."""
        with self._lock:
            found = [deadline for deadline, who in self._assigned.items() if who == account]
            self._assigned |= dict.fromkeys(found, to)
            self._log.append(log)
            return len(found)

    def snooze(self, snooze: Snooze, log: AccountChange) -> None:
        """Put a deadline off, or note it as done; see the port."""
        with self._lock:
            self._snoozes[snooze.deadline] = snooze
            self._log.append(log)

    def end_snooze(self, deadline: str, log: AccountChange) -> bool:
        """Take a deadline back; see the port."""
        with self._lock:
            if self._snoozes.pop(deadline, None) is None:
                return False
            self._log.append(log)
            return True

    def snoozes(self, *, until_after: dt.date) -> Sequence[Snooze]:
        """What comes back after a legal day, or not at all; see the port."""
        with self._lock:
            there = sorted(self._snoozes.items())
        return [one for _, one in there if one.until_on is None or one.until_on > until_after]

    def deputies(self, on: dt.date) -> Sequence[Deputy]:
        """Who stands in for whom on a legal day."""
        return [deputy for _, deputy in sorted(self._deputies.items()) if deputy.from_on <= on <= deputy.until_on]

    def log(
        self, *, account: str | None = None, before: int | None = None, limit: int = 100
    ) -> Sequence[AccountChange]:
        """The log of accounts, the newest first."""
        until = len(self._log) if before is None else before
        return [line for line in reversed(self._log[:until]) if account in (None, line.account)][:limit]
