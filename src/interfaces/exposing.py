"""How far ``serve`` may be reached, from the environment and the command line: checked before anybody is let in.

A server is reached from its own machine alone, unless people have accounts and what they send cannot be read on the
way: it ends TLS itself, or a proxy that is named does.
"""

import ipaddress
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.sentence import sentence
from interfaces.cli.house import Binding, NotAvailable
from interfaces.oidc.settings import is_configured

if TYPE_CHECKING:
    from interfaces.http.access.exposure import Exposure

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


def exposure_of(environment: Mapping[str, str]) -> "Exposure":
    """What ``ECODOCKET_HOSTS`` and ``ECODOCKET_TRUSTED_PROXY`` say. Raises ``NotAvailable`` for what is no name or
    no address."""
    from interfaces.http.access.exposure import Exposure

    return Exposure(frozenset(_hosts(environment)), _proxies(environment), needs_tls=True)


def check_binding(binding: Binding, environment: Mapping[str, str]) -> None:
    """Raise ``NotAvailable`` when a server may not be bound so, whoever has an account, or its certificate is none."""
    hosts, proxies = _hosts(environment), _proxies(environment)
    if binding.certificate is None and binding.key is None:
        if not binding.is_local and not proxies:
            raise NotAvailable("needs_tls", sentence("serving.needs_tls", host=binding.host))
    elif binding.certificate is None or binding.key is None:
        raise NotAvailable("half_tls", sentence("serving.half_tls"))
    else:
        _check_certificate(binding.certificate, binding.key)
    if not binding.is_local and not hosts:
        raise NotAvailable("needs_hosts", sentence("serving.needs_hosts", host=binding.host))


def check_guarded(binding: Binding, environment: Mapping[str, str], *, has_accounts: bool) -> None:
    """Raise ``NotAvailable`` when others than this machine would reach a server on which nobody has to sign in."""
    if not has_accounts and not is_configured(environment) and (not binding.is_local or _proxies(environment)):
        raise NotAvailable("needs_accounts", sentence("serving.needs_accounts", host=binding.host))


def _hosts(environment: Mapping[str, str]) -> tuple[str, ...]:
    named = _listed(environment, "ECODOCKET_HOSTS")
    for name in named:
        if _NAME.fullmatch(name) is None and not _is_network(name.strip("[]")):
            raise NotAvailable("bad_host", sentence("serving.bad_host", name=name[:80]))
    return tuple(name.strip("[]") for name in named)


def _proxies(environment: Mapping[str, str]) -> tuple[str, ...]:
    named = _listed(environment, "ECODOCKET_TRUSTED_PROXY")
    for address in named:
        if not _is_network(address):
            raise NotAvailable("bad_proxy", sentence("serving.bad_proxy", address=address[:80]))
    return named


def _listed(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(environment.get(name, "").lower().replace(",", " ").split())


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _check_certificate(certificate: Path, key: Path) -> None:
    """Raise ``NotAvailable`` unless the two files are a certificate and its key, which no password protects."""

    def nobody_is_asked() -> str:
        raise ValueError("the key is protected by a password")

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, nobody_is_asked)
    except (OSError, ValueError) as error:
        fault = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        says = sentence("serving.bad_certificate", certificate=certificate, key=key, fault=fault)
        raise NotAvailable("bad_certificate", says) from None
