"""What the environment says of the identity provider."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec
import tomli

from domain.sentence import sentence
from interfaces.cli.house import NotAvailable
from interfaces.oidc.mapping import ClaimMapping

ISSUER: Final = "ECODOCKET_OIDC_ISSUER"


class ProviderSettings(NamedTuple):
    """Whose tokens are taken (``issuer``), made for whom (``audience``), and who their bearers are (``mapping``).

    With a ``client_id`` people sign in through the provider's own page; ``client_secret`` is ``None`` for a public
    client.
    """

    issuer: str
    audience: str
    mapping: ClaimMapping
    client_id: str | None = None
    client_secret: str | None = None


def is_configured(environment: Mapping[str, str]) -> bool:
    """Whether an identity provider is named."""
    return bool(environment.get(ISSUER))


def provider_settings(environment: Mapping[str, str]) -> ProviderSettings | None:
    """What is configured; ``None`` without an issuer. Raises ``NotAvailable`` for half of it, and for what cannot be
    meant."""
    issuer = environment.get(ISSUER) or None
    if issuer is None:
        return None
    # What is asked of the provider begins with its issuer: one with a query or a fragment has no such addresses.
    if not is_safe(issuer) or "?" in issuer or "#" in issuer:
        raise NotAvailable("bad_issuer", sentence("oidc.bad_issuer", issuer=issuer[:200]))
    client = environment.get("ECODOCKET_OIDC_CLIENT_ID") or None
    audience = environment.get("ECODOCKET_OIDC_AUDIENCE") or client
    mapping = environment.get("ECODOCKET_OIDC_MAPPING") or None
    if audience is None or mapping is None:
        raise NotAvailable("half_oidc", sentence("oidc.half"))
    secret = environment.get("ECODOCKET_OIDC_CLIENT_SECRET") or None
    return ProviderSettings(issuer, audience, _mapping_in(Path(mapping)), client, secret)


def is_safe(url: str) -> bool:
    """Whether what is asked of an address cannot be read or changed on the way: over TLS, or on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.fragment or not parts.hostname:
        return False
    try:
        is_here = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        is_here = False
    return parts.scheme == "https" or (parts.scheme == "http" and is_here)


def _mapping_in(path: Path) -> ClaimMapping:
    try:
        return msgspec.convert(tomli.loads(path.read_text("utf-8")), ClaimMapping)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        fault = getattr(error, "strerror", None) or str(error)
        raise NotAvailable("bad_mapping", sentence("oidc.bad_mapping", path=path, fault=fault)) from None
