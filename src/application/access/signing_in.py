"""Letting accounts in and out: passwords, sessions, tokens of programs, and links that work once.

A secret is drawn here and given out once; what is kept is its SHA-256, by which it is found again. Whoever is refused
is told the same, whatever the reason: that there is no such account, a wrong password, or too many of them.
"""

import hmac
import secrets
import time
from collections.abc import Sequence
from hashlib import sha256
from typing import Final, NamedTuple, Protocol

from application.access.accounts import (
    CALENDAR,
    EVERY_PASS,
    AccountAct,
    AccountChange,
    Accounts,
    Pass,
    PassKind,
    UserAccount,
)
from application.access.gate import holds
from application.cache import Remembered
from application.ports import Clock
from application.principal import Principal
from domain.errors import CaseError, FieldProblem, Invalid, Refused
from domain.sentence import sentence
from domain.time import Instant, legal_day
from domain.values import nfc

_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR

MOST_FAILURES: Final = 5
"""Wrong passwords after which an account is locked."""

LOCKED: Final = 15 * _MINUTE
"""How long, in microseconds; an administrator unlocks it sooner."""

SESSION_LASTS: Final = 12 * _HOUR
"""A session ends after a working day, however it is used."""

SESSION_IDLE: Final = 30 * _MINUTE
"""A session that nobody uses ends earlier."""

LINK_LASTS: Final = 3 * _DAY
"""How long a link that sets a password can be used."""

TOKEN_LASTS: Final = 365 * _DAY
"""The longest that a token of a program can be made for."""

FIRST_ACCOUNT: Final = "admin"
"""What the first administrator is called unless somebody says otherwise."""

LEAST_PASSWORD: Final = 12
MOST_PASSWORD: Final = 200
"""Characters of a password."""

CALENDAR_LASTS: Final = 365 * _DAY
"""How long the address of a calendar is good."""

RESET_HOLDS: Final = 24 * 60 * _MINUTE
"""How long an account signs nothing after a password was set by the link of a reset: whose account it is finds out that
their own password is no longer good before anything was signed in their name."""

RESET_TOLD: Final = 30 * _DAY
"""How long whoever signs in is told of a reset."""

_KNOWN_FOR: Final = 1.0
_KNOWN: Final = 10_000
_TOUCHED_EVERY: Final = _MINUTE
_MARKS: Final[dict[PassKind, str]] = {"session": "eds_", "token": "edt_", "link": "edl_", "calendar": "edc_"}


class Passwords(Protocol):
    """How passwords are kept: a slow hash with a salt of its own (argon2id)."""

    def hashed(self, password: str) -> str:
        """What is kept of a password."""
        ...

    def is_right(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password; takes as long where there is none (``None``)."""
        ...


class NotSignedIn(CaseError):
    """Nobody is let in with what was sent; ``code`` says no more than ``signed_out``, ``refused`` or ``expired``."""

    def __init__(self, code: str) -> None:
        super().__init__(code, sentence(f"access.not_signed_in.{code}"))


class NotDeputy(CaseError):
    """Whoever asks does not act for the account that they name. It says nothing of that account."""

    def __init__(self) -> None:
        super().__init__("not_a_deputy", sentence("access.not_a_deputy"))


class SignedIn(NamedTuple):
    """A session that begins: its ``secret`` is told this once."""

    account: UserAccount
    secret: str
    session: Pass


class PasswordReset(NamedTuple):
    """That somebody gave an account a link with which another password is set: who, when, and when it was used
    (``None`` while it was not). Whoever is let in by it signs nothing before ``signs_from``."""

    by: str
    at: Instant
    used_at: Instant | None

    @property
    def signs_from(self) -> Instant | None:
        """From when on the account signs again; ``None`` while the link was not used."""
        return None if self.used_at is None else self.used_at + RESET_HOLDS


class FirstLink(NamedTuple):
    """The secret with which the first administrator is made, and the digest by which a server knows it."""

    secret: str
    digest: bytes


class Known(NamedTuple):
    """Who acts with a session or a token, and what was kept for it."""

    principal: Principal
    account: UserAccount
    held: Pass


class Door:
    """Lets accounts in and out. Safe to share between threads."""

    def __init__(self, accounts: Accounts, passwords: Passwords, clock: Clock) -> None:
        self.accounts = accounts
        self._passwords = passwords
        self._clock = clock
        self._known: Remembered[bytes, tuple[Known, float]] = Remembered(_KNOWN)
        self._standing: Remembered[str, tuple[frozenset[str], float]] = Remembered(_KNOWN)
        self._held: Remembered[str, tuple[PasswordReset | None, float]] = Remembered(_KNOWN)
        self._open_until = 0.0
        self.first_link = b""
        """The digest of the secret with which whoever starts the server makes the first administrator; empty where
        nobody does."""

    @property
    def was_open(self) -> bool | None:
        """Whether there was no account a moment ago; ``None`` when that is to be looked up."""
        if self._open_until < 0:
            return False
        return True if time.monotonic() < self._open_until else None

    @property
    def stood_open(self) -> bool:
        """Whether there was no account when that could be found out last."""
        return self._open_until > 0

    def stays_open(self, seconds: float) -> None:
        """Take what was found last for so as long as nobody can look: a server whose database is away goes on
        answering what its standbys know."""
        if self._open_until > 0:
            self._open_until = time.monotonic() + seconds

    def keep(self, account: UserAccount, log: AccountChange) -> bool:
        """Keep a new account, with which the wall is up; whether its id was free."""
        made = self.accounts.make(account, log)
        self._open_until = -1.0
        return made

    @property
    def is_open(self) -> bool:
        """Whether there is no account yet: whoever is at this machine may do everything."""
        now = time.monotonic()
        if self._open_until < 0:
            return False
        if now >= self._open_until:
            # Once there is an account there always is one: they are never deleted.
            self._open_until = now + _KNOWN_FOR if self.accounts.count() == 0 else -1.0
        return self._open_until >= 0

    # --- who is it ----------------------------------------------------------------------------------------

    def remembered(self, secret: str) -> Known | None:
        """Who acts with a secret, as it was found within the last second; ``None`` when that is to be looked up."""
        kept = self._known.get(_digest(secret))
        return kept[0] if kept is not None and time.monotonic() < kept[1] else None

    def identify(self, secret: str) -> Known:
        """Who acts with a session or a token. Raises ``NotSignedIn``.

        What is found stands for a second: an account that is deactivated elsewhere is out within that time.
        """
        digest = _digest(secret)
        now = self._clock.now()
        held = self.accounts.find_pass(digest)
        if held is None or held.kind not in ("session", "token"):
            raise NotSignedIn("signed_out")
        if now >= min(held.ends_at, held.idle_ends_at):
            raise NotSignedIn("expired")
        account = self.accounts.get(held.account)
        if account is None or not account.is_active:
            raise NotSignedIn("signed_out")
        if held.kind == "session" and held.idle_ends_at - now < SESSION_IDLE - _TOUCHED_EVERY:
            held = held._replace(idle_ends_at=now + SESSION_IDLE)
            self.accounts.use_pass(digest, held.idle_ends_at)
        found = Known(account.principal, account, held)
        self._known.keep(digest, (found, time.monotonic() + _KNOWN_FOR))
        return found

    def still_admits(self, known: Known) -> bool:
        """Whether what somebody was let in with lets them in now, and as who they were then."""
        held = self.accounts.find_pass(known.held.digest)
        account = None if held is None else self.accounts.get(held.account)
        if held is None or account is None or not account.is_active:
            return False
        is_same = account.principal == known.account.principal and self.still_acts(known)
        return is_same and self._clock.now() < min(held.ends_at, held.idle_ends_at)

    def still_acts(self, known: Known) -> bool:
        """Whether somebody who acts for another account would be let do so now, and as who that was then."""
        by = known.principal
        if by.through != known.account.id:
            return True
        try:
            return self.acting_for(known._replace(principal=known.account.principal), by.name).principal == by
        except NotDeputy:
            return False

    def acting_for(self, known: Known, person: str) -> Known:
        """Who acts when somebody who was let in acts for another account, for which it stands in today.

        Raises ``NotDeputy``, the same for an account that nobody has and for one that is not to be acted for. A service
        acts for a person whom its token names, and for nobody else.
        """
        if known.principal.through is not None:
            if known.principal.name == person:
                return known
            raise NotDeputy
        account, deputy = self.accounts.get(person), known.account
        if account is None or not self._may_act(deputy, account):
            raise NotDeputy
        return known._replace(principal=account.principal._replace(through=deputy.id))

    def represented_by(self, deputy: UserAccount) -> list[UserAccount]:
        """The accounts for which one may act today, in order of their ids."""
        if deputy.is_service:
            return []
        found = [self.accounts.get(id) for id in sorted(self.stands_in_for(deputy.id))]
        return [account for account in found if account is not None and self._may_act(deputy, account)]

    def _may_act(self, deputy: UserAccount, account: UserAccount) -> bool:
        return account.is_active and not deputy.is_service and self._stands_in(deputy, account)

    def _stands_in(self, deputy: UserAccount, account: UserAccount) -> bool:
        """Whether an account stands in for another today, and still may: by its role, and by its place."""
        fits = deputy.role == account.role and holds(deputy.place, account.place)
        return fits and account.id in self.stands_in_for(deputy.id)

    def stands_in_for(self, account: str) -> frozenset[str]:
        """The accounts for which an account stands in today, as it was found within the last second."""
        kept = self._standing.get(account)
        if kept is not None and time.monotonic() < kept[1]:
            return kept[0]
        today = legal_day(self._clock.now())
        found = frozenset(named.account for named in self.accounts.deputies(today) if named.deputy == account)
        self._standing.keep(account, (found, time.monotonic() + _KNOWN_FOR))
        return found

    def forget_standing(self) -> None:
        """Look up again who stands in for whom."""
        self._standing = Remembered(_KNOWN)

    # --- in and out ---------------------------------------------------------------------------------------

    def sign_in(self, id: str, password: str) -> SignedIn:
        """Begin a session. Raises ``NotSignedIn``; after five wrong passwords the account is locked for a while."""
        now = self._clock.now()
        account = self.accounts.get(id)
        hashed = None if account is None else self.accounts.password_hash(id)
        is_right = self._passwords.is_right(hashed, nfc(password)[:MOST_PASSWORD])
        if account is None or not account.is_active or now < account.locked_until:
            raise NotSignedIn("refused")
        if not is_right:
            self._failed(id)
            raise NotSignedIn("refused")
        return self.begin(account)

    def _failed(self, id: str) -> bool:
        """Count a wrong password of an account; whether it is locked now."""
        until = self._clock.now() + LOCKED
        return self.accounts.failed(id, MOST_FAILURES, until, self._change(id, id, "wrong_password"))

    def begin(self, account: UserAccount, how: AccountAct = "signed_in") -> SignedIn:
        """Begin a session of an account that has shown who it is, always under a new secret."""
        now = self._clock.now()
        secret = _drawn("session")
        session = Pass(
            _digest(secret), "session", account.id, now, now + SESSION_LASTS, now + SESSION_IDLE, csrf=_drawn_text()
        )
        self.accounts.signed_in(account.id, now, session, self._change(account.id, account.id, how))
        return SignedIn(account, secret, session)

    def sign_out(self, known: Known) -> None:
        """End a session."""
        self.accounts.end_pass(known.held.digest, self._change(known.account.id, known.account.id, "signed_out"))
        self._known.take(known.held.digest)

    def sign_out_everywhere(self, account: str, by: str) -> int:
        """End all sessions of an account; how many there were."""
        # Looked up before they are gone: what was remembered of them would let somebody in for another second.
        held = self.accounts.passes(account)
        ended = self.accounts.end_passes(account, ("session",), self._change(by, account, "signed_out_everywhere"))
        for one in held:
            self._known.take(one.digest)
        return ended

    def begin_anew(self, account: str, by: str) -> None:
        """End what an account is let in with but its password: what somebody of a smaller place had made for it does
        not go on under a role or at a place that they could not give."""
        self.forget(account)
        change = self._change(by, account, "passes_ended")
        self.accounts.end_passes(account, EVERY_PASS, change)

    def forget(self, account: str) -> None:
        """Look up again whoever acts for an account."""
        for held in self.accounts.passes(account):
            self._known.take(held.digest)

    # --- passwords ----------------------------------------------------------------------------------------

    def link_for(self, account: str, by: str) -> str:
        """The secret of a link with which the owner of an account sets a password, once. Earlier links end."""
        now = self._clock.now()
        secret = _drawn("link")
        self.accounts.end_passes(account, ("link",), self._change(by, account, "links_ended"))
        ends = now + LINK_LASTS
        self.accounts.keep_pass(
            Pass(_digest(secret), "link", account, now, ends, ends), self._change(by, account, "link_made")
        )
        return secret

    def reset_of(self, account: str) -> PasswordReset | None:
        """How somebody else reset an account last, for as long as its owner is told."""
        now = self._clock.now()
        reset = self.accounts.last_act(account, ("reset",), now + 1)
        if reset is None or reset.at < now - RESET_TOLD - LINK_LASTS:
            return None
        last = self.accounts.last_act(account, ("reset", "link_used"), now + 1)
        used_at = last.at if last is not None and last.what == "link_used" else None
        return PasswordReset(reset.by, reset.at, used_at)

    def signs_nothing_yet(self, account: str) -> bool:
        """Whether the password of an account was set by the link of a reset a short while ago, as it was found within
        the last second."""
        kept = self._held.get(account)
        if kept is None or time.monotonic() >= kept[1]:
            kept = self.reset_of(account), time.monotonic() + _KNOWN_FOR
            self._held.keep(account, kept)
        signs_from = None if kept[0] is None else kept[0].signs_from
        return signs_from is not None and self._clock.now() < signs_from

    def use_link(self, secret: str, password: str) -> SignedIn:
        """Set the password that a link allows, and begin a session. Raises ``NotSignedIn``, or ``Invalid`` for a
        password that is too weak, after which the link still works."""
        digest = _digest(secret)
        held = self.accounts.find_pass(digest)
        if held is None and hmac.compare_digest(digest, self.first_link):
            return self._begin_first(password)
        if held is None or held.kind != "link" or self._clock.now() >= held.ends_at:
            raise NotSignedIn("refused")
        account = self.accounts.get(held.account)
        if account is None or not account.is_active:
            raise NotSignedIn("refused")
        hashed = self._hashed(password, account.id)
        if not self.accounts.end_pass(held.digest, self._change(account.id, account.id, "link_used")):
            raise NotSignedIn("refused")
        self.accounts.set_password(account.id, hashed, self._change(account.id, account.id, "password_set"))
        self._held.take(account.id)
        return self.begin(account)

    def _begin_first(self, password: str) -> SignedIn:
        """Make the first administrator, of the whole country, while there is no account."""
        account = UserAccount(
            id=FIRST_ACCOUNT,
            name=FIRST_ACCOUNT,
            role="administrator",
            place="000000",
            made_at=self._clock.now(),
            has_password=True,
        )
        hashed = self._hashed(password, FIRST_ACCOUNT)
        if self.accounts.count() or not self.keep(account, self._change("", FIRST_ACCOUNT, "made")):
            raise NotSignedIn("refused")
        self.accounts.set_password(FIRST_ACCOUNT, hashed, self._change(FIRST_ACCOUNT, FIRST_ACCOUNT, "password_set"))
        self._open_until = -1.0
        return self.begin(account)

    def change_password(self, known: Known, old: str, new: str) -> SignedIn:
        """Set another password, end every session and token of the account, and begin a new session. Raises
        ``NotSignedIn`` when the old one is wrong, ``Invalid`` for a weak one. Whoever tries out the old one in somebody
        else's session locks the account like anybody at the door, and loses the session."""
        id = known.account.id
        if not self._passwords.is_right(self.accounts.password_hash(id), nfc(old)[:MOST_PASSWORD]):
            if self._failed(id):
                self.sign_out_everywhere(id, id)
            raise NotSignedIn("refused")
        hashed = self._hashed(new, id, "/new")
        self.forget(id)
        self.accounts.set_password(id, hashed, self._change(id, id, "password_set"))
        return self.begin(known.account)

    def _hashed(self, password: str, account: str, pointer: str = "/password") -> str:
        text = nfc(password)
        if not LEAST_PASSWORD <= len(text) <= MOST_PASSWORD:
            says = sentence("access.password.length", least=LEAST_PASSWORD, most=MOST_PASSWORD)
            raise Invalid((FieldProblem(pointer, "length", says),))
        if account in text.lower() or len(set(text)) < 5:
            raise Invalid((FieldProblem(pointer, "weak", sentence("access.password.weak")),))
        return self._passwords.hashed(text)

    # --- tokens -------------------------------------------------------------------------------------------

    def make_token(self, account: str, by: str, note: str, days: int) -> tuple[str, Pass]:
        """The secret of a new token of a program, which acts as the account for a number of days."""
        now = self._clock.now()
        secret = _drawn("token")
        ends = now + min(days * _DAY, TOKEN_LASTS)
        made = Pass(_digest(secret), "token", account, now, ends, ends, note=note)
        self.accounts.keep_pass(made, self._change(by, account, "token_made", note=note))
        return secret, made

    def make_own_token(self, known: Known, note: str, days: int) -> tuple[str, Pass]:
        """A token that acts as whoever is signed in. Raises ``Refused`` for who has none but a token themselves: one
        that was stolen would make others that outlive it."""
        if known.held.kind != "session":
            raise Refused("needs_a_session", sentence("access.needs_a_session"))
        return self.make_token(known.account.id, known.account.id, nfc(note), days)

    def tokens(self, account: str) -> Sequence[Pass]:
        """The tokens of an account, the newest first."""
        return [held for held in self.accounts.passes(account) if held.kind == "token"]

    def end_token(self, account: str, token: str, by: str) -> bool:
        """End a token by the id under which it is listed (``token_id``); whether there was one."""
        found = next((held for held in self.tokens(account) if token_id(held) == token), None)
        if found is None:
            return False
        self._known.take(found.digest)
        return self.accounts.end_pass(found.digest, self._change(by, account, "token_ended", note=found.note))

    # --- calendars ----------------------------------------------------------------------------------------

    def make_calendar(self, account: str) -> tuple[str, Pass]:
        """The secret of a new address at which a calendar finds the deadlines of an account; the one before ends."""
        now = self._clock.now()
        secret = _drawn("calendar")
        self.accounts.end_passes(account, ("calendar",), self._change(account, account, "calendar_ended"))
        ends = now + CALENDAR_LASTS
        made = Pass(_digest(secret), "calendar", account, now, ends, ends)
        self.accounts.keep_pass(made, self._change(account, account, "calendar_made"))
        return secret, made

    def calendar(self, account: str) -> Pass | None:
        """The address of the calendar of an account, where it has one that is good."""
        now = self._clock.now()
        held = self.accounts.passes(account)
        return next((one for one in held if one.kind == "calendar" and now < one.ends_at), None)

    def end_calendar(self, account: str) -> int:
        """Let no calendar find the deadlines of an account any more; how many addresses there were."""
        return self.accounts.end_passes(account, ("calendar",), self._change(account, account, "calendar_ended"))

    def whose_calendar(self, secret: str) -> Known:
        """For whom a calendar asks that has the secret of an address. Raises ``NotSignedIn``."""
        held = self.accounts.find_pass(_digest(secret))
        account = None if held is None or held.kind != "calendar" else self.accounts.get(held.account)
        if held is None or account is None or not account.is_active or self._clock.now() >= held.ends_at:
            raise NotSignedIn("signed_out")
        return Known(account.principal._replace(through=CALENDAR), account, held)

    def _change(self, by: str, account: str, what: AccountAct, **detail: str) -> AccountChange:
        return AccountChange(at=self._clock.now(), by=by, account=account, what=what, detail=detail)


def drawn_first() -> FirstLink:
    """A new secret for the first administrator. It is kept nowhere: it works while the server runs that knows it."""
    secret = _drawn("link")
    return FirstLink(secret, _digest(secret))


def token_id(held: Pass) -> str:
    """What a token is called where it is listed: the first characters of its digest, from which nobody finds it."""
    return held.digest.hex()[:16]


def is_secret(text: str) -> bool:
    """Whether a text looks like a session's secret or a token of this product, and not like one of somebody else."""
    return text.startswith((_MARKS["session"], _MARKS["token"]))


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _drawn(kind: PassKind) -> str:
    return _MARKS[kind] + _drawn_text()


def _drawn_text() -> str:
    return secrets.token_urlsafe(32)


def ends(known: Known) -> Instant:
    """When a session ends unless it is used."""
    return min(known.held.ends_at, known.held.idle_ends_at)
