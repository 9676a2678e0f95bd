"""Pages of other sites (CORS): by which origins answers may be read, when an operator names them."""

from collections.abc import Sequence
from typing import Final

from litestar.config.cors import CORSConfig
from litestar.types import Message, Scope

from interfaces.http.access.acting import ACTING
from interfaces.http.asking import IDEMPOTENCY_KEY, LAST_EVENT_ID
from interfaces.http.semantics.validators import IF_MATCH, IF_NONE_MATCH

_METHODS: Final = ["GET", "HEAD", "POST", "DELETE"]
_OURS: Final = (IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, LAST_EVENT_ID, *ACTING)
_SENT: Final = ["content-type", *(header.name.lower() for header in _OURS if header.is_for_other_sites)]
_READ: Final = ["etag", "link", "location", "retry-after", "content-disposition"]
_VARY: Final = (b"vary", b"origin, accept-language, accept-encoding")


def shared_with(origins: Sequence[str]) -> CORSConfig | None:
    """What the library is told; ``None`` where answers are for pages of this server alone.

    Nothing is ever answered to the credentials of a browser: no cookie is read here.
    """
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=_METHODS,  # type: ignore[arg-type]
        allow_headers=_SENT,
        expose_headers=_READ,
        allow_credentials=False,
    )


async def vary_by_origin(message: Message, scope: Scope) -> None:
    """Say of an answer what it depends on: the library says so of the origin alone, and where one was sent alone."""
    del scope
    if message["type"] == "http.response.start":
        message["headers"] = [*(h for h in message["headers"] if h[0].lower() != b"vary"), _VARY]
