"""The provider as its metadata describe it (OpenID Connect Discovery), its keys, and whether a token is its own."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

import httpx2
import msgspec
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from application.access.signing_in import NotSignedIn
from application.ports import Clock
from domain.errors import CaseError
from domain.sentence import sentence
from interfaces.oidc.settings import is_safe

ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA",
)  # fmt: skip
"""How tokens are signed: with a private key that the provider alone has, never with a secret and never not at all."""

MOST_TOKEN: Final = 16_384
"""Characters of a token that is looked at."""

LEEWAY_SECONDS: Final = 60
"""How far the clocks of the provider and of this server may be apart."""

AGAIN_SECONDS: Final = 60.0
"""How long after it was asked for its keys the provider is not asked again, whatever keys tokens name."""

STALE_SECONDS: Final = 3600.0
"""After how long its keys are looked up again: one that is gone there is no longer believed here."""

_PATIENCE_SECONDS: Final = 5.0
_MOST_BYTES: Final = 1_000_000


class ProviderAbsent(CaseError):
    """The provider does not answer, or not as one does: nobody can tell whose a token is."""

    def __init__(self, issuer: str) -> None:
        super().__init__("provider_absent", sentence("oidc.absent", issuer=issuer))


class IdentityProvider:
    """Whose tokens are taken. Safe to share between threads."""

    def __init__(self, issuer: str, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.issuer = issuer
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._metadata: Mapping[str, Any] | None = None
        self._keys: KeySet | None = None
        self._asked_at = -STALE_SECONDS

    def metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself. Raises ``ProviderAbsent``."""
        if self._metadata is None:
            found = self._fetched(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self.issuer:
                raise ProviderAbsent(self.issuer)
            self._metadata = found
        return self._metadata

    def endpoint(self, name: str) -> str:
        """Where the provider is asked for something. Raises ``ProviderAbsent``, also for an address where what is asked
        could be read or changed on the way."""
        found = self.metadata().get(name)
        if not isinstance(found, str) or not is_safe(found):
            raise ProviderAbsent(self.issuer)
        return found

    def claims(self, token: str, audience: str, *, nonce: str | None = None) -> Mapping[str, Any]:
        """The claims of a token of the provider, made for an audience, that is good now. Raises ``NotSignedIn``.

        With a ``nonce`` it is one that says who has just signed in: given to the audience itself, and to no other
        client (OpenID Connect Core, 3.1.3.7).
        """
        if len(token) > MOST_TOKEN:
            raise NotSignedIn("signed_out")
        try:
            decoded = self._decoded(token)
            options: dict[str, Any] = {"iss": self.issuer, "aud": audience}
            if nonce is not None:
                options["nonce"] = nonce
            wanted = {name: {"essential": True, "value": value} for name, value in options.items()}
            now = self._clock.now() // 1_000_000
            registry = jwt.JWTClaimsRegistry(
                now,
                LEEWAY_SECONDS,
                exp={"essential": True},
                sub={"essential": True},
                **wanted,  # type: ignore[arg-type]
            )
            registry.validate(decoded.claims)
            if not math.isfinite(decoded.claims["exp"]):
                raise ValueError("a token that never ends")
            if nonce is not None and decoded.claims.get("azp", audience) != audience:
                raise ValueError("a token that another client was given")
        except ExpiredTokenError:
            raise NotSignedIn("expired") from None
        # What is no token at all is refused by whatever reads it first.
        except (JoseError, ValueError, TypeError, OverflowError, RecursionError):
            raise NotSignedIn("signed_out") from None
        return decoded.claims

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._current_keys(), algorithms=list(ALGORITHMS))
        except InvalidKeyIdError:
            # The provider may have a new key.
            return jwt.decode(token, self._current_keys(is_unknown=True), algorithms=list(ALGORITHMS))

    def _current_keys(self, *, is_unknown: bool = False) -> KeySet:
        with self._lock:
            age = self._monotonic() - self._asked_at
            if self._keys is None or age >= (AGAIN_SECONDS if is_unknown else STALE_SECONDS):
                if self._keys is None and 0 <= age < 1:
                    # Whoever floods with tokens has not the provider asked for each.
                    raise ProviderAbsent(self.issuer)
                self._asked_at = self._monotonic()
                try:
                    self._keys = self._told_keys()
                except ProviderAbsent:
                    # What was believed is believed while it cannot be asked.
                    if self._keys is None:
                        raise
            return self._keys

    def _told_keys(self) -> KeySet:
        """The keys that the provider has now. One of a kind that nobody here can read is none (RFC 7517, 5)."""
        told = self._fetched(self.endpoint("jwks_uri")).get("keys")
        found: list[Key] = []
        for key in told if isinstance(told, list) else ():
            # Whatever a library says of a key that it cannot read: what is no key verifies nothing.
            with suppress(JoseError, LookupError, ValueError, TypeError, AttributeError):
                found.append(JWKRegistry.import_key(key))
        if not found:
            raise ProviderAbsent(self.issuer)
        return KeySet(found)

    def _fetched(self, url: str) -> dict[str, Any]:
        """A JSON object of the provider: no redirect is followed, and no more is read than fits."""
        try:
            with httpx2.stream("GET", url, timeout=_PATIENCE_SECONDS, follow_redirects=False) as answer:
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise ProviderAbsent(self.issuer)
                found = msgspec.json.decode(body) if answer.status_code == 200 else None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
            raise ProviderAbsent(self.issuer) from None
        if not isinstance(found, dict):
            raise ProviderAbsent(self.issuer)
        return found
