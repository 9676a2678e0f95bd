"""Who acts, by the headers that say so: a name where there are no accounts, else the account for which one acts.

All of a header stands here: how it is called and bounded, which operations take it, and what it makes of who asks.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from application.access.signing_in import Door, NotDeputy, NotSignedIn
from application.principal import Principal
from domain.values import personal_number
from interfaces.http.access.callers import Caller
from interfaces.http.asking import RequestHeader, bad_header
from interfaces.http.problems import Trouble
from interfaces.wording.texts import both, worded

if TYPE_CHECKING:
    from interfaces.http.desk import HandledRequest
    from interfaces.http.operations import Operation

ACTOR: Final = RequestHeader("X-Actor", "clerk", is_for_other_sites=True, minLength=1, maxLength=100)
"""Who acts at a server without accounts, as this machine says."""

ON_BEHALF_OF: Final = RequestHeader("X-On-Behalf-Of", "150100-officer-02", minLength=3, maxLength=64)
"""The account that a deputy acts for."""

ACTING: Final = (ACTOR, ON_BEHALF_OF)

DEFAULT_ACTOR: Final = "anonymous@loopback"
"""Who acted when nobody is named."""


def acting_headers(operation: "Operation") -> tuple[RequestHeader, ...]:
    """The headers of an operation that say who acts."""
    is_named = not operation.is_question or operation.path.startswith("/pending-decisions")
    return (*((ACTOR,) if is_named else ()), *(() if operation.is_public else (ON_BEHALF_OF,)))


def whoever(asked: "HandledRequest", *, from_anywhere: bool = False) -> Principal:
    """Whoever asks: behind the wall the account, else who says so on this machine. Raises a problem where no name is
    taken, and for what comes from another machine, whence nothing but a question may (``from_anywhere``)."""
    if asked.caller.is_walled:
        return asked.caller.principal
    if not (from_anywhere or asked.is_local):
        raise Trouble("actor_refused")
    return _named(asked)


async def acting_as_said(door: Door, headers: Mapping[bytes, bytes], caller: Caller) -> Caller:
    """Who asks, as one who was let in says for whom they act. Raises a problem where they may not."""
    person = headers.get(ON_BEHALF_OF.key)
    return caller if person is None else await _for_another(door, person, caller)


def unauthenticated(refused: NotSignedIn | None = None) -> Trouble:
    """The problem of whoever has to sign in first."""
    error = "" if refused is None else ', error="invalid_token"'
    header = (b"www-authenticate", f'Bearer realm="ecodocket"{error}'.encode())
    return Trouble("unauthenticated", code="signed_out" if refused is None else refused.code, headers=[header])


async def _for_another(door: Door, person: bytes, caller: Caller) -> Caller:
    if caller.known is None:
        raise unauthenticated() if caller.is_walled else _no_deputy(NotDeputy())
    try:
        known = await asyncio.to_thread(door.acting_for, caller.known, person.decode("latin-1"))
    except NotDeputy as refusal:
        raise _no_deputy(refusal) from None
    return caller._replace(principal=known.principal, known=known)


def _no_deputy(refusal: NotDeputy) -> Trouble:
    return Trouble("forbidden", worded(refusal.says), code=refusal.code)


def _named(asked: "HandledRequest") -> Principal:
    raw = asked.headers.get(ACTOR.key)
    if raw is None:
        return Principal(DEFAULT_ACTOR)
    if not asked.at.allow_actor_header:
        raise Trouble("actor_refused", both("requests.no_actor_taken"))
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        name = ""
    if not 1 <= len(name) <= 100 or not name.isprintable() or name != name.strip():
        raise bad_header(ACTOR, both("requests.actor"))
    if personal_number(name) is not None:
        raise bad_header(ACTOR, both("requests.personal_number"))
    return Principal(name)
