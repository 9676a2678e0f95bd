"""Letting people in by the provider: with a token of its own, or through its page (code flow with PKCE)."""

import base64
import hmac
import secrets
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Final, NamedTuple

import httpx2
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from cryptography.fernet import Fernet, InvalidToken

from application.access.accounts import OIDC, AccountAct, AccountChange, AccountFields, Pass, UserAccount
from application.access.signing_in import Door, Known, NotSignedIn, SignedIn
from application.cache import Remembered
from application.ports import Clock
from domain.places import Places
from domain.time import Instant
from interfaces.oidc.mapping import Identity, identity
from interfaces.oidc.provider import IdentityProvider, ProviderAbsent
from interfaces.oidc.settings import ProviderSettings

FLOW_SECONDS: Final = 600
"""How long somebody may take to sign in at the provider."""

_KNOWN_FOR: Final = 1.0
_KNOWN: Final = 10_000
_PATIENCE_SECONDS: Final = 10.0
_MOST_SECONDS: Final = 86_400
_LATEST: Final = 2**40


class BegunFlow(NamedTuple):
    """Where a browser is sent to sign in, and what it keeps until it comes back: nobody else can read or make it."""

    address: str
    kept: str


class _Flow(msgspec.Struct, frozen=True):
    """What is known when the browser comes back."""

    state: str
    nonce: str
    verifier: str
    back: str


class ProviderDoor:
    """Lets people in whom the provider knows. Safe to share between threads."""

    def __init__(
        self,
        settings: ProviderSettings,
        provider: IdentityProvider,
        door: Door,
        places: Places,
        clock: Clock,
        key: bytes,
    ) -> None:
        """``key``, of 32 bytes, seals what a browser keeps; every server of the same journal has it."""
        self._settings = settings
        self._provider = provider
        self._door = door
        self._places = places
        self._clock = clock
        self._seal = Fernet(base64.urlsafe_b64encode(key))
        self._known: Remembered[bytes, tuple[Known, float]] = Remembered(_KNOWN)

    @property
    def has_page(self) -> bool:
        """Whether people can sign in through the provider's own page."""
        return self._settings.client_id is not None

    # --- tokens -------------------------------------------------------------------------------------------

    def remembered(self, token: str) -> Known | None:
        """Who bears a token, as it was found within the last second; ``None`` when that is to be looked up."""
        kept = self._known.get(_digest(token))
        return kept[0] if kept is not None and time.monotonic() < kept[1] else None

    def identify(self, token: str) -> Known:
        """Who bears a token. Raises ``NotSignedIn``, or ``ProviderAbsent`` when nobody can tell."""
        claims = self._provider.claims(token, self._settings.audience)
        found = self._identity(claims)
        digest, account, now = _digest(token), found.account, self._clock.now()
        ends = min(int(min(claims["exp"], _LATEST)), now // 1_000_000 + _MOST_SECONDS) * 1_000_000
        held = Pass(digest, "provider", account.id, now, ends, ends)
        principal = account.principal._replace(through=found.through)
        known = Known(principal, account, held)
        self._known.keep(digest, (known, time.monotonic() + _KNOWN_FOR))
        return known

    def still_admits(self, known: Known) -> bool:
        """Whether a token lets its bearer in now: it has not ended, and nobody has shut the bearer out here."""
        kept = self._door.accounts.get(known.account.id)
        is_shut_out = kept is not None and not kept.is_active
        return not is_shut_out and self._clock.now() < known.held.ends_at and self._door.still_acts(known)

    def _identity(self, claims: Mapping[str, object]) -> Identity:
        found = identity(self._settings.mapping, claims, self._provider.issuer, self._places)
        kept = self._door.accounts.get(found.account.id)
        # An administrator can shut out here whom the provider still knows; and nobody becomes an account of another
        # making by being called like it.
        if kept is not None and (not kept.is_active or kept.made_by != OIDC):
            raise NotSignedIn("signed_out")
        return found

    # --- the provider's page --------------------------------------------------------------------------------

    def begin(self, back: str) -> BegunFlow:
        """Send somebody to the provider, who comes back to the address ``back``."""
        flow = _Flow(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), back)
        with self._client(back) as client:
            address, _ = client.create_authorization_url(
                self._provider.endpoint("authorization_endpoint"),
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
            )
        kept = self._seal.encrypt_at_time(msgspec.json.encode(flow), self._seconds())
        return BegunFlow(address, kept.decode())

    def end(self, kept: str, state: str, code: str, issuer: str | None) -> SignedIn:
        """Begin the session of somebody who has come back with a code. Raises ``NotSignedIn`` unless it is the browser
        that was sent, within ``FLOW_SECONDS``, and the provider says so."""
        flow = self._opened(kept)
        if not hmac.compare_digest(flow.state.encode(), state.encode()) or issuer not in (None, self._provider.issuer):
            raise NotSignedIn("refused")
        token = self._token_for(flow, code)
        audience = self._settings.client_id or ""
        claims = self._provider.claims(token, audience, nonce=flow.nonce)
        found = self._identity(claims)
        # People sign in themselves: a service that acts for them has a token.
        if found.through is not None:
            raise NotSignedIn("refused")
        return self._door.begin(self._kept(found.account), "signed_in_oidc")

    def _opened(self, kept: str) -> _Flow:
        try:
            sealed = self._seal.decrypt_at_time(kept, FLOW_SECONDS, self._seconds())
        except (InvalidToken, TypeError, ValueError):
            raise NotSignedIn("refused") from None
        return msgspec.json.decode(sealed, type=_Flow)

    def _token_for(self, flow: _Flow, code: str) -> str:
        try:
            with self._client(flow.back) as client:
                endpoint = self._provider.endpoint("token_endpoint")
                given = client.fetch_token(
                    endpoint, grant_type="authorization_code", code=code, code_verifier=flow.verifier
                )
        except AuthlibBaseError:
            raise NotSignedIn("refused") from None
        except (httpx2.HTTPError, KeyError, ValueError):
            raise ProviderAbsent(self._provider.issuer) from None
        token = given.get("id_token")
        if not isinstance(token, str):
            raise NotSignedIn("refused")
        return token

    def _kept(self, account: UserAccount) -> UserAccount:
        """The account as it is kept: sessions hang on it, and an administrator sees it."""
        accounts, now = self._door.accounts, self._clock.now()
        kept = accounts.get(account.id)
        if kept is None:
            account = msgspec.structs.replace(account, made_at=now)
            accounts.make(account, self._change(account, "made", now))
            return account
        given: AccountFields = {
            "name": account.name,
            "role": account.role,
            "place": account.place,
            "subject": account.subject,
        }
        if msgspec.structs.replace(kept, **given) == kept:
            return kept
        changed = accounts.change(kept.id, given, self._change(account, "changed", now))
        # Nothing goes on under what somebody was before, nor what was made for it in between.
        self._door.begin_anew(kept.id, OIDC)
        return changed

    def _change(self, account: UserAccount, what: AccountAct, now: Instant) -> AccountChange:
        detail = {"role": account.role, "place": account.place}
        return AccountChange(at=now, by=OIDC, account=account.id, what=what, detail=detail)

    def _client(self, back: str) -> OAuth2Client:
        secret = self._settings.client_secret
        return OAuth2Client(
            self._settings.client_id,
            secret,
            token_endpoint_auth_method="none" if secret is None else "client_secret_basic",
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=_PATIENCE_SECONDS,
        )

    def _seconds(self) -> int:
        return self._clock.now() // 1_000_000


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
