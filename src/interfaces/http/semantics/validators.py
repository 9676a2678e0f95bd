"""Conditions on a request, as RFC 9110 (8.8, 13) has them: tags of answers, ``If-None-Match`` and ``If-Match``.

A tag is strong: it is made of the bytes of an answer and of its language, so that two answers with one tag are one
and the same. That of a profile begins with the version of the file, which is what a command relies on: both it and the
tag of a command's answer, which is the version alone, are good in ``If-Match``.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from interfaces.http.asking import RequestHeader, bad_header
from interfaces.http.replying import Reply
from interfaces.http.semantics.codings import GZIP
from interfaces.wording.texts import Language, both

IF_NONE_MATCH: Final = RequestHeader("If-None-Match", '"0123456789abcdef0123456789abcdef"', is_for_other_sites=True)
"""The tags of answers that whoever asks has already."""

IF_MATCH: Final = RequestHeader(
    "If-Match", "*", is_for_other_sites=True, pattern=r'^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$'
)
"""The versions on one of which a command relies."""

ANY: Final = "*"
"""The condition that there is something, whichever it is."""

NO_VERSION: Final = -1
"""The version relied on by who names tags that are none of a version's."""

MOST_TAGS: Final = 20
"""Most tags in ``If-Match``."""

_TAG: Final = r'(?:W/)?"[!#-~\x80-\xff]*"'
_LIST: Final = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_OF_LIST: Final = re.compile(_TAG)
_VERSION: Final = re.compile(r'"(0|[1-9][0-9]{0,17})(?:\.[0-9a-f]{32}(?:-gzip)?)?"')


def validated(
    reply: Reply[Any], headers: Mapping[bytes, bytes], language: Language, coding: str | None = None
) -> Reply[Any]:
    """A good answer with its tag, which tells how it is sent; without its content where whoever asks has it already."""
    digest = hashlib.sha256(language.encode() + reply.body).hexdigest()[:32]
    tag = digest if reply.version is None else f"{reply.version}.{digest}"
    found = (b"etag", (f'"{tag}-gzip"' if coding == GZIP else f'"{tag}"').encode())
    condition = headers.get(IF_NONE_MATCH.key)
    if condition is not None and is_among(tag, condition.decode("latin-1")):
        same: Reply[Any] = Reply(304, b"", [found, *(h for h in reply.sent if h[0] == b"cache-control")])
        same.content = reply.content
        return same
    reply.sent.append(found)
    return reply


def is_among(tag: str, condition: str) -> bool:
    """Whether a tag, given without its quotes, is among those of ``If-None-Match``, which are compared weakly:
    compressed or not is the same. What cannot be read is passed over: the answer is sent."""
    if condition.strip() == ANY:
        return True
    meant = {f'"{tag}"', f'"{tag}-gzip"'}
    return _LIST.fullmatch(condition) is not None and any(
        found.removeprefix("W/") in meant for found in _OF_LIST.findall(condition)
    )


def versions_in(headers: Mapping[bytes, bytes]) -> tuple[int, ...] | str | None:
    """The versions in ``If-Match``, the highest first, ``ANY`` for "must exist", ``None`` without the header.

    Tags are compared strongly: a weak one, and one that is of no version, is met by nothing.
    """
    raw = headers.get(IF_MATCH.key)
    if raw is None:
        return None
    text = raw.decode("latin-1")
    if text.strip() == ANY:
        return ANY
    tags = _OF_LIST.findall(text) if _LIST.fullmatch(text) else []
    if not 1 <= len(tags) <= MOST_TAGS:
        raise bad_header(IF_MATCH, both("requests.version", most=MOST_TAGS))
    found = {int(match[1]) for match in map(_VERSION.fullmatch, tags) if match is not None}
    return tuple(sorted(found, reverse=True)) or (NO_VERSION,)
