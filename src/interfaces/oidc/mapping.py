"""From the claims of a token to an account: which role, at which place. What is not mapped lets nobody in."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from application.access.accounts import OIDC, UserAccount
from application.access.reading_place import EVERYWHERE
from application.access.signing_in import NotSignedIn
from application.principal import Role
from domain.places import Places
from domain.values import Id, Line, nfc, personal_number

_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,55}[a-z0-9]")
_MOST_VALUES: Final = 200
_MOST_CHARACTERS: Final = 200


class RoleClaim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The claim that says what somebody is, and which of its values stand for which role."""

    claim: str
    of: dict[str, Role]


class PlaceClaim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The claim that says where somebody is: a region code, or a value that ``of`` gives one for."""

    claim: str
    of: dict[str, str] = {}


class ClaimMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which claims say who somebody is.

    ``account`` and ``name`` are claims of texts, ``subject`` one of the id of a participant's file. ``services`` are
    the accounts that may act for a person: a token that names any other in its claim ``act`` is refused.
    """

    role: RoleClaim
    place: PlaceClaim
    account: str = "sub"
    name: str = "name"
    subject: str | None = None
    services: tuple[str, ...] = ()


class Identity(NamedTuple):
    """The account of a token's bearer, and the service that acts for them."""

    account: UserAccount
    through: str | None


def identity(mapping: ClaimMapping, claims: Mapping[str, Any], issuer: str, places: Places) -> Identity:
    """Who the claims of a valid token are about. Raises ``NotSignedIn`` where they fit no account."""
    roles = {mapping.role.of[value] for value in _texts(claims, mapping.role.claim) if value in mapping.role.of}
    named = _text(claims, mapping.place.claim)
    place = mapping.place.of.get(named, named)
    # Somebody with two roles could do what no single person is meant to.
    if len(roles) != 1 or (place != EVERYWHERE and places.place(place) is None):
        raise NotSignedIn("unmapped")
    role = roles.pop()
    id = _account_id(_text(claims, mapping.account), issuer)
    subject = None if mapping.subject is None or role != "participant" else _text(claims, mapping.subject)
    if (role == "participant") != (subject is not None):
        raise NotSignedIn("unmapped")
    try:
        name = msgspec.convert(nfc(_text(claims, mapping.name, id)), Line)
        file = None if subject is None else msgspec.convert(subject.lower(), Id)
    except msgspec.ValidationError:
        raise NotSignedIn("unmapped") from None
    if not name.isprintable():
        raise NotSignedIn("unmapped")
    account = UserAccount(id=id, name=name, role=role, place=place, subject=file, made_by=OIDC)
    return Identity(account, _service(mapping, claims))


def _service(mapping: ClaimMapping, claims: Mapping[str, Any]) -> str | None:
    """The service that acts (RFC 8693, 4.1): the outermost one does, those within it did before."""
    acting = claims.get("act")
    if acting is None:
        return None
    service = acting.get("sub") if isinstance(acting, dict) else None
    if not isinstance(service, str) or service not in mapping.services:
        raise NotSignedIn("unmapped")
    return service


def _account_id(claimed: str, issuer: str) -> str:
    """The id under which somebody's events are stored. What is no id here, or the number of a person, gives its digest:
    never that of another one."""
    if _PLAIN.fullmatch(claimed) is not None and personal_number(claimed) is None:
        return f"{OIDC}-{claimed}"
    digest = hashlib.sha256(f"{issuer}\n{claimed}".encode()).hexdigest()
    return f"{OIDC}_{digest[:32]}"


def _found(claims: Mapping[str, Any], claim: str) -> Any:
    """The value of a claim: by its whole name, else part by part (``realm_access.roles``)."""
    if claim in claims:
        return claims[claim]
    found: Any = claims
    for part in claim.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _text(claims: Mapping[str, Any], claim: str, default: str | None = None) -> str:
    value = _found(claims, claim)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_CHARACTERS:
        raise NotSignedIn("unmapped")
    return value


def _texts(claims: Mapping[str, Any], claim: str) -> list[str]:
    value = _found(claims, claim)
    values = value if isinstance(value, list) else [value]
    if len(values) > _MOST_VALUES:
        raise NotSignedIn("unmapped")
    return [text for text in values if isinstance(text, str) and len(text) <= _MOST_CHARACTERS]
