"""Signing in and out."""

from typing import Annotated, Final

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.access.accounts import SIGNING_IN, Pass, UserAccount
from application.access.signing_in import Known, SignedIn, ends
from application.demo.accounts import DEMO
from application.principal import Role, in_whose_name
from domain.errors import NotFound, Refused
from domain.sentence import sentence
from domain.time import iso_utc
from interfaces.http.access.acting import unauthenticated
from interfaces.http.access.authentication import session_cookie
from interfaces.http.access.limiting import at_most
from interfaces.http.controllers.access.changes import ChangeLine, change_line
from interfaces.http.controllers.access.tokens import MadeToken, MakeToken, TokenLine, token_line, told_once
from interfaces.http.desk import HandledRequest
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import TokenId
from interfaces.http.recording import Nothing
from interfaces.http.replying import NO_STORE, ROOT, Reply, reply
from interfaces.wording.texts import both, name, said

Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]


class SignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account and its password."""

    account: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    password: Secret


class SignInHere(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account of the demo, which this machine may use without a password."""

    account: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class AccountHere(msgspec.Struct, frozen=True, kw_only=True):
    """An account that this machine may take."""

    account: str
    name: str
    role: Role


class AccountsHere(msgspec.Struct, frozen=True, kw_only=True):
    """The accounts of the demo, for whoever sits at its machine; none on any other server, nor for anybody else.

    ``has_provider`` says whether people sign in through the page of an identity provider, too.
    """

    accounts: tuple[AccountHere, ...]
    has_provider: bool
    texts: dict[str, str]


class UseLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The secret of a link that works once, and the password that it sets."""

    link: Secret
    password: Secret


class ChangePassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The password until now, and the one from now on."""

    old: Secret
    new: Secret


class ToldReset(msgspec.Struct, frozen=True, kw_only=True):
    """A reset of one's account: by whom and when; when its link was used, ``null`` while it was not; from when on one
    signs decisions again."""

    by: str
    by_name: str | None
    at: str
    used_at: str | None
    signs_from: str | None


class OwnChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What was done to one's account, the newest first. ``texts`` has what that is called."""

    log: tuple[ChangeLine, ...]
    texts: dict[str, str]


class ActsFor(msgspec.Struct, frozen=True, kw_only=True):
    """An account for which another one stands in."""

    account: str
    name: str
    role: Role
    place: str


class SessionState(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in. ``csrf`` goes with every command that a page of the session sends (``X-CSRF-Token``).

    ``ends_at`` is when the session ends unless it is used, ``last_here_at`` when they signed in the time before.
    ``reset`` tells that somebody else gave the account a link that sets another password. ``may_act_for`` are
    those for whom they stand in today, ``acting_for`` the one of them in whose name this is asked
    (``X-On-Behalf-Of``). ``texts`` has what the role is called.
    """

    account: str
    name: str
    role: Role
    place: str
    subject: str | None
    csrf: str
    ends_at: str
    last_here_at: str | None
    reset: ToldReset | None
    may_act_for: tuple[ActsFor, ...]
    acting_for: str | None
    texts: dict[str, str]


class SessionsEnded(msgspec.Struct, frozen=True, kw_only=True):
    """How many sessions ended."""

    ended: int


class CalendarAddress(msgspec.Struct, frozen=True, kw_only=True):
    """The address at which a calendar finds one's deadlines: since when and until when it is good (UTC); neither where
    there is none."""

    made_at: str | None
    ends_at: str | None


class MadeCalendarAddress(CalendarAddress, frozen=True, kw_only=True):
    """A new address. ``path`` is told this once: it holds the secret, and who has it reads the deadlines."""

    path: str


class OwnTokens(msgspec.Struct, frozen=True, kw_only=True):
    """One's own tokens, the newest first."""

    tokens: tuple[TokenLine, ...]


_SESSION: Final = "/session"
_ERRORS: Final = ("unauthenticated", "invalid", "too_many")

MOST_HERE: Final = 50
"""Accounts of the demo that are looked for."""

MOST_CHANGES: Final = 50
"""Lines of what was done to one's account."""

MOST_A_MINUTE: Final = 60
"""Requests about sessions from one address in a minute."""


class SessionController(Controller):
    """Signing in and out."""

    tags = ("access",)
    middleware = (at_most(MOST_A_MINUTE),)

    @command(f"{_SESSION}", *_ERRORS, status=201)
    def sign_in(self, data: JSONBody[SignIn], *, acting: Writing) -> Reply[SessionState]:
        """Sign in."""
        return _begun(acting.asked, acting.at.door.sign_in(data.account, data.password))

    @question(f"{_SESSION}/here", "too_many")
    def get_accounts_here(self, *, caller: Asking) -> Reply[AccountsHere]:
        """Which accounts this machine may take."""
        at = caller.at
        # Those of the demo are few, and stand together.
        found = at.door.accounts.listed(after=DEMO, limit=MOST_HERE) if at.is_open_here and caller.is_local else ()
        accounts = tuple(AccountHere(account=a.id, name=a.name, role=a.role) for a in found if _is_here(a))
        texts = {f"role:{a.role}": said(both(f"access.role.{a.role}"), caller.language) for a in accounts}
        has_provider = at.provider is not None and at.provider.has_page
        return reply(AccountsHere(accounts=accounts, has_provider=has_provider, texts=texts), NO_STORE)

    @command(f"{_SESSION}/here", *_ERRORS, status=201)
    def sign_in_here(self, data: JSONBody[SignInHere], *, acting: Writing) -> Reply[SessionState]:
        """Sign in to the demo."""
        at = acting.at
        account = at.door.accounts.get(data.account) if at.is_open_here and acting.asked.is_local else None
        if account is None or not _is_here(account):
            raise unauthenticated()
        return _begun(acting.asked, at.door.begin(account, "signed_in_here"))

    @command(f"{_SESSION}/link", *_ERRORS, status=201)
    def use_link(self, data: JSONBody[UseLink], *, acting: Writing) -> Reply[SessionState]:
        """Set a password by a link."""
        return _begun(acting.asked, acting.at.door.use_link(data.link, data.password))

    @command(f"{_SESSION}/password", *_ERRORS, status=201)
    def change_password(self, data: JSONBody[ChangePassword], *, acting: Writing) -> Reply[SessionState]:
        """Change one's password."""
        known = _signed_in(acting.asked)
        return _begun(acting.asked, acting.at.door.change_password(known, data.old, data.new))

    @question(_SESSION, *_ERRORS)
    def get_session(self, *, caller: Asking) -> Reply[SessionState]:
        """Who is signed in."""
        return reply(_state(caller, _signed_in(caller)), NO_STORE)

    @command(_SESSION, *_ERRORS, method="DELETE", status=200)
    def sign_out(self, *, acting: Writing) -> Reply[SessionsEnded]:
        """Sign out."""
        known = _signed_in(acting.asked)
        acting.at.door.sign_out(known)
        return reply(SessionsEnded(ended=1), *_cookies(acting.asked, "", 0))

    @command(f"{_SESSION}/everywhere", *_ERRORS, method="DELETE", status=200)
    def sign_out_everywhere(self, *, acting: Writing) -> Reply[SessionsEnded]:
        """Sign out everywhere."""
        known = _signed_in(acting.asked)
        ended = acting.at.door.sign_out_everywhere(known.account.id, known.account.id)
        return reply(SessionsEnded(ended=ended), *_cookies(acting.asked, "", 0))

    @question(f"{_SESSION}/calendar", "too_many")
    def get_calendar_address(self, *, caller: Asking) -> Reply[CalendarAddress]:
        """Whether a calendar finds one's deadlines."""
        held = caller.at.door.calendar(_signed_in(caller).account.id)
        return reply(CalendarAddress(**_times(held)), NO_STORE)

    @command(f"{_SESSION}/calendar", "refused", "too_many", status=200)
    def make_calendar_address(self, data: JSONBody[Nothing], *, acting: Writing) -> Reply[MadeCalendarAddress]:
        """Make the address of one's calendar."""
        account = _signed_in(acting.asked).account
        if account.is_service:
            raise Refused("service_has_no_calendar", sentence("access.service_has_no_calendar"))
        secret, made = acting.at.door.make_calendar(account.id)
        return reply(MadeCalendarAddress(**_times(made), path=f"/calendars/{secret}.ics"), NO_STORE)

    @command(f"{_SESSION}/calendar", "too_many", method="DELETE", status=200)
    def end_calendar_address(self, *, acting: Writing) -> Reply[CalendarAddress]:
        """End the address of one's calendar."""
        acting.at.door.end_calendar(_signed_in(acting.asked).account.id)
        return reply(CalendarAddress(**_times(None)), NO_STORE)

    @question(f"{_SESSION}/changes", "too_many")
    def get_own_changes(self, *, caller: Asking) -> Reply[OwnChanges]:
        """What was done to one's account."""
        log = caller.at.door.accounts.log(account=_signed_in(caller).account.id, limit=MOST_CHANGES)
        texts = {f"act:{line.what}": name("access.act", line.what, caller.language) for line in log}
        return reply(OwnChanges(log=tuple(map(change_line, log)), texts=dict(sorted(texts.items()))), NO_STORE)

    @question(f"{_SESSION}/tokens", "too_many")
    def get_own_tokens(self, *, caller: Asking) -> Reply[OwnTokens]:
        """One's own tokens."""
        held = caller.at.door.tokens(_signed_in(caller).account.id)
        return reply(OwnTokens(tokens=tuple(map(token_line, held))), NO_STORE)

    @command(f"{_SESSION}/tokens", "refused", "too_many")
    def make_own_token(self, data: JSONBody[MakeToken], *, acting: Writing) -> Reply[MadeToken]:
        """Make a token of one's own."""
        secret, made = acting.at.door.make_own_token(_signed_in(acting.asked), data.note, data.days)
        return told_once(secret, made, f"{ROOT}{_SESSION}/tokens")

    @command(f"{_SESSION}/tokens/{{token}}", "not_found", "too_many", method="DELETE", status=200)
    def end_own_token(self, token: TokenId, *, acting: Writing) -> Reply[OwnTokens]:
        """End a token of one's own."""
        door, id = acting.at.door, _signed_in(acting.asked).account.id
        if not door.end_token(id, token, id):
            raise NotFound("token", token)
        return reply(OwnTokens(tokens=tuple(map(token_line, door.tokens(id)))), NO_STORE)


def _times(held: Pass | None) -> dict[str, str | None]:
    if held is None:
        return {"made_at": None, "ends_at": None}
    return {"made_at": iso_utc(held.made_at), "ends_at": iso_utc(held.ends_at)}


def _is_here(account: UserAccount) -> bool:
    """Whether an account is one of the demo's own: no other is taken without a password."""
    return account.is_active and account.made_by == DEMO and not account.has_password


def _signed_in(asked: HandledRequest) -> Known:
    """Who is signed in. Raises a problem."""
    known = asked.caller.known
    if known is None:
        raise unauthenticated()
    return known


def _begun(asked: HandledRequest, signed_in: SignedIn) -> Reply[SessionState]:
    session = signed_in.session
    known = Known(signed_in.account.principal, signed_in.account, session)
    seconds = (session.ends_at - session.made_at) // 1_000_000
    place = (b"location", f"{ROOT}{_SESSION}".encode())
    return reply(_state(asked, known), NO_STORE, place, *_cookies(asked, signed_in.secret, seconds), status=201)


def _cookies(asked: HandledRequest, secret: str, seconds: int) -> list[tuple[bytes, bytes]]:
    return [(b"set-cookie", session_cookie(secret, seconds, is_secure=asked.is_secure).encode())]


def _reset(asked: HandledRequest, account: str) -> ToldReset | None:
    reset = asked.at.door.reset_of(account)
    if reset is None:
        return None
    who = in_whose_name(reset.by)
    named = asked.at.accounts.names([who]).get(who)
    return ToldReset(
        by=reset.by,
        by_name=None if named is None else named.name,
        at=iso_utc(reset.at),
        used_at=None if reset.used_at is None else iso_utc(reset.used_at),
        signs_from=None if reset.signs_from is None else iso_utc(reset.signs_from),
    )


def _state(asked: HandledRequest, known: Known) -> SessionState:
    account = known.account
    last_here = asked.at.door.accounts.last_act(account.id, SIGNING_IN, known.held.made_at)
    return SessionState(
        account=account.id,
        name=account.name,
        role=account.role,
        place=account.place,
        subject=account.subject,
        csrf=known.held.csrf,
        ends_at=iso_utc(ends(known)),
        last_here_at=None if last_here is None else iso_utc(last_here.at),
        reset=_reset(asked, account.id),
        may_act_for=tuple(
            ActsFor(account=other.id, name=other.name, role=other.role, place=other.place)
            for other in asked.at.door.represented_by(account)
        ),
        acting_for=known.principal.name if known.principal.through == account.id else None,
        texts={f"role:{account.role}": said(both(f"access.role.{account.role}"), asked.language)},
    )
