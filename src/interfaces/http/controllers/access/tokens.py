"""Tokens of programs as they are asked for and told."""

from typing import Annotated

import msgspec

from application.access.accounts import Pass
from application.access.signing_in import token_id
from domain.time import iso_utc
from domain.values import Line
from interfaces.http.replying import NO_STORE, Reply, reply


class TokenLine(msgspec.Struct, frozen=True, kw_only=True):
    """A token of a program. Its secret was told when it was made."""

    token: str
    note: str
    made_at: str
    ends_at: str


class MakeToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token for a program: what it is for, and for how many days it is good."""

    note: Line
    days: Annotated[int, msgspec.Meta(ge=1, le=365)]


class MadeToken(TokenLine, frozen=True, kw_only=True):
    """A new token with its secret, which is told this once."""

    secret: str


def token_line(held: Pass) -> TokenLine:
    """A token as it is listed."""
    return TokenLine(token=token_id(held), note=held.note, made_at=iso_utc(held.made_at), ends_at=iso_utc(held.ends_at))


def told_once(secret: str, held: Pass, place: str) -> Reply[MadeToken]:
    """A new token with its secret, and where it is listed."""
    line = msgspec.structs.asdict(token_line(held))
    return reply(MadeToken(**line, secret=secret), NO_STORE, (b"location", place.encode()), status=201)
