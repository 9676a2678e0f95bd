"""What somebody pasted to have it verified: what kind of thing it is, and what of it can be checked by itself."""

import re
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec

from application.answering.grading import GradeAnswer, core_digest, core_of, read_token
from interfaces.web.asking import JsonAnswer

HeldKind = Literal["basis", "record", "digest", "answer", "receipt", "unknown"]
"""A basis token (or a link with one), the id of a record, a digest, a whole answer or receipt as JSON, or none of
these."""

OwnCheck = Literal["whole", "changed", "partial"]
"""Whether an answer is still the one that its token was made for; ``partial`` where parts had been left out of it,
for the role of whoever asked or because they came later, so that it cannot be told."""

LONGEST_IN_ADDRESS: Final = 6_000
"""Characters of what is taken from an address."""

LONGEST: Final = 400_000
"""Characters of what is taken at all."""

_RECORD: Final = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{64}")


class Held(NamedTuple):
    """What was pasted: ``code`` is the token, the id or the digest in it, ``told`` the answer where it is one."""

    kind: HeldKind
    code: str = ""
    told: JsonAnswer | None = None


def pasted_in(text: str) -> Held | None:
    """What was pasted; ``None`` where nothing was. Of what is too long the beginning counts, which then is damaged."""
    pasted = text.strip()[:LONGEST]
    if pasted.startswith("{"):
        return _answer_in(pasted)
    code = "".join(pasted.split())[:LONGEST_IN_ADDRESS]
    named = parse_qs(urlsplit(code).query).get("basis") if "basis=" in code else None
    code = named[0] if named else code
    if not code:
        return None
    if _DIGEST.fullmatch(code):
        return Held("digest", code.lower())
    return Held("record" if _RECORD.fullmatch(code) else "basis", code)


def _answer_in(pasted: str) -> Held:
    try:
        told: Any = msgspec.json.decode(pasted.encode())
    except (msgspec.DecodeError, RecursionError):
        return Held("unknown")
    basis, recorded = told.get("basis"), told.get("recorded")
    if isinstance(basis, dict) and isinstance(basis.get("token"), str):
        return Held("answer", basis["token"][:LONGEST_IN_ADDRESS], told)
    record = told.get("record")
    if isinstance(recorded, dict) and isinstance(record, str) and _RECORD.fullmatch(record):
        return Held("receipt", record, told)
    digest = told.get("digest")
    if isinstance(digest, str) and _DIGEST.fullmatch(digest):
        return Held("digest", digest.lower(), told)
    return Held("unknown")


def own_check(told: JsonAnswer) -> OwnCheck:
    """Whether an answer is what its token was made for, by nothing but itself. Raises ``Invalid`` for a token that is
    damaged."""
    token = read_token(told["basis"]["token"])
    if told.get("masked") or told.get("later"):
        return "partial"
    answer = _read(told)
    return "whole" if answer is not None and core_digest(answer) == token.digest else "changed"


def first_difference(told: JsonAnswer, now: JsonAnswer) -> tuple[str, int | None] | None:
    """The first part in which an answer differs from another one, with the number of the line where it is one; ``None``
    where they say the same."""
    one, other = _read(told), _read(now)
    if one is None or other is None:
        return "unreadable", None
    # The engine is part of an answer, and told by itself.
    bases = [msgspec.structs.replace(answer.basis, engine="") for answer in (one, other)]
    pairs = zip((one, other), bases, strict=True)
    sides = [core_of(msgspec.structs.replace(answer, basis=basis)) for answer, basis in pairs]
    for part in ("subject", "regime", "basis", "running", "public", "annual", "steps", "measures", "next_change"):
        mine, theirs = (msgspec.to_builtins(getattr(side, part)) for side in sides)
        if mine == theirs:
            continue
        if part != "steps":
            return part, None
        lines = enumerate(zip(mine, theirs, strict=False), 1)
        return part, next((n for n, (a, b) in lines if a != b), min(len(mine), len(theirs)) + 1)
    return None


def _read(told: JsonAnswer) -> GradeAnswer | None:
    try:
        return msgspec.convert(told, GradeAnswer)
    except msgspec.ValidationError:
        return None
