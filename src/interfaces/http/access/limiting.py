"""How often one caller is answered where secrets could be tried out or a provider kept busy."""

import ipaddress
from typing import Any

from litestar import Request
from litestar.middleware import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig


def at_most(number: int) -> DefineMiddleware:
    """Answer so many requests a minute of one caller, and tell the next ones to wait (429)."""
    limit = RateLimitConfig(("minute", number), identifier_for_request=_counted_as, set_rate_limit_headers=False)
    return limit.middleware


def _counted_as(request: Request[Any, Any, Any]) -> str:
    """The caller as one that is counted: by address, and of version 6 by its network of 64 bits, in which whoever has
    one address has as many as they like."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address) or address.ipv4_mapped is not None:
        return str(getattr(address, "ipv4_mapped", None) or address)
    return str(ipaddress.ip_network((address, 64), strict=False))
