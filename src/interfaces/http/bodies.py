"""The body of a request: taken in within bounds, and read strictly as one JSON object.

The library would stop at the first fault, take the last of two equal keys, and make floats of decimals.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import msgspec
from litestar.types import Receive

from domain.values import exact
from domain.vocabulary import Text
from interfaces.files.tables import SHEETS
from interfaces.http.problems import RequestFault, Trouble, bad_request
from interfaces.wording.texts import both

ACCEPTED: Final = b"application/json"
"""The media type of bodies."""

SHEET_TYPES: Final = ("application/octet-stream", *SHEETS.values())
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCX_TYPES: Final = ("application/octet-stream", DOCX)
"""The media types of a file that is sent: what it is, is found in it."""

MAX_BODY: Final = 1024 * 1024
"""Most bytes of a body that is no file."""

MOST_KEYS: Final = 5_000
MOST_BODY_ITEMS: Final = 100_000
"""Most keys of a body, and most commas: more than any command can mean. They are counted before anything is made of
them."""

BODY_SECONDS: Final = 30.0
"""How long a body may take to arrive."""

MAX_DISCARDED: Final = 16 * MAX_BODY
"""Most bytes of a body that is too large that are taken in, and thrown away, before the answer."""

_MOST_DOUBLED: Final = 50
_DECODE: Final = msgspec.json.Decoder(float_hook=exact).decode


async def taken_in(receive: Receive, most: int = MAX_BODY) -> bytes:
    """The whole body, of ``most`` bytes. Raises a problem when it is too large, breaks off, or does not arrive in time.

    Of a body that is too large nothing is kept, and no more than ``MAX_DISCARDED`` bytes are taken in besides: a client
    that is still sending when the connection closes would never see the answer.
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _whole(receive, most)
    except TimeoutError:
        raise Trouble("too_slow", headers=[(b"connection", b"close")]) from None


async def _whole(receive: Receive, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    more = True
    while more and size <= most + MAX_DISCARDED:
        message = await receive()
        if message["type"] != "http.request":
            text = both("requests.broken_off")
            raise Trouble("malformed", text, [RequestFault(code="incomplete", text=text)])
        part = message.get("body", b"")
        size += len(part)
        if size <= most:
            parts.append(part)
        else:
            parts.clear()
        more = message.get("more_body", False)
    if size > most:
        # Of JSON more is counted than bytes; of a file nothing else.
        raise Trouble("too_large", None if most == MAX_BODY else both("requests.file_too_large", most=_told(most)))
    return b"".join(parts)


def _told(size: int) -> str:
    mebi, rest = divmod(size, 1 << 20)
    return f"{size // 10**6} MB" if rest else f"{mebi} MiB"


def check_file_type(headers: Mapping[bytes, bytes], types: Sequence[str]) -> None:
    """Raise a problem unless the body is said to be a file of one of the types, as it is."""
    coding = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
    if coding not in ("", "identity"):
        raise _unsupported("Content-Encoding", both("requests.content_encoding"), (b"accept-encoding", b"identity"))
    media = headers.get(b"content-type", b"").decode("latin-1").lower().partition(";")[0].strip()
    if media not in types:
        accepted = (b"accept-post", ", ".join(types).encode())
        raise _unsupported("Content-Type", both("requests.file_type", types=", ".join(types)), accepted)


def check_content_type(headers: Mapping[bytes, bytes]) -> None:
    """Raise a problem unless the body is said to be JSON in UTF-8, as it is."""
    coding = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
    if coding not in ("", "identity"):
        told = both("requests.content_encoding")
        raise _unsupported("Content-Encoding", told, (b"accept-encoding", b"identity"))
    media, _, parameter = headers.get(b"content-type", b"").decode("latin-1").lower().partition(";")
    charset = parameter.strip().removeprefix("charset=").strip('"')
    if media.strip() != "application/json" or charset not in ("", "utf-8", "utf8"):
        raise _unsupported("Content-Type", both("requests.content_type"), (b"accept-post", ACCEPTED))


def _unsupported(name: str, fault: Text, accepted: tuple[bytes, bytes]) -> Trouble:
    text = both("requests.header", name=name, fault=fault)
    named = RequestFault(parameter=name, code="bad_header", text=text)
    return Trouble("unsupported_media", text, [named], headers=[accepted])


def object_of(body: bytes) -> dict[str, Any]:
    """The JSON object of a body, numbers as exact decimals. Raises a problem with the place of the fault."""
    if body.count(b'":') > MOST_KEYS or body.count(b",") > MOST_BODY_ITEMS:
        text = both("requests.too_many_parts", keys=MOST_KEYS, items=MOST_BODY_ITEMS)
        raise Trouble("too_large", text, code="too_many_parts")
    try:
        value = _DECODE(body)
        doubled = _doubled(body)
    except RecursionError:
        raise _not_json(both("requests.too_deep")) from None
    except (msgspec.DecodeError, ValueError, ArithmeticError) as error:
        raise _not_json(_misread(str(error))) from None
    if not isinstance(value, dict):
        text = both("requests.no_object")
        raise bad_request(RequestFault(pointer="", code="not_an_object", text=text))
    if doubled:
        raise bad_request(*(_given_twice(pointer) for pointer in doubled))
    return value


class _Doubled(dict[str, Any]):
    """An object of which keys were given twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counted = Counter(key for key, _ in pairs)
        self.twice = [key for key, count in counted.items() if count > 1]


def _doubled(body: bytes) -> list[str]:
    """The pointers of the keys that an object has twice: the decoder would silently take the last."""
    met: list[_Doubled] = []

    def object_of_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        met.append(_Doubled(pairs))
        return met[-1]

    # Numbers stay text: thousands of digits cost nothing.
    value = json.loads(body, object_pairs_hook=object_of_pairs, parse_int=str, parse_float=str, parse_constant=str)
    return list(islice(_pointers(value, ""), _MOST_DOUBLED)) if met else []


def _pointers(value: object, at: str) -> Iterator[str]:
    if isinstance(value, _Doubled):
        yield from (f"{at}/{key}" for key in value.twice)
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _pointers(item, f"{at}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _pointers(item, f"{at}/{index}")


def _given_twice(pointer: str) -> RequestFault:
    key = pointer.rpartition("/")[2]
    text = both("requests.key_twice", key=key)
    return RequestFault(pointer=pointer, code="repeated", text=text)


def _misread(message: str) -> Text:
    """What the decoder says, in Chinese with the place alone."""
    at = re.search(r"byte (\d+)", message)
    if at is None:
        return both("requests.misread", message=message)
    return both("requests.misread_at", byte=at[1], message=message)


def _not_json(text: Text) -> Trouble:
    told = both("requests.not_json", why=text)
    return bad_request(RequestFault(pointer="", code="not_json", text=told))
