"""What a request asks, read strictly: path ids, query parameters and headers, every fault at once."""

import datetime as dt
import ipaddress
import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from litestar.params import PathParameter, QueryParameter

from domain.time import Instant
from domain.values import BadMoment, day_from, is_blank, moment_from, personal_number
from domain.vocabulary import Text
from interfaces.http.problems import RequestFault, Trouble, bad_request
from interfaces.wording.texts import both, worded

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_LOST_PLUS: Final = re.compile(r"(T.*) ([0-9]{2}:[0-9]{2})\Z")
_READING: Final = re.compile(r"([A-Za-z]-[0-9]{2}[a-z]?):([a-z0-9_]{1,60})")


# --- ids --------------------------------------------------------------------------------------------------


def uuid_of(text: str) -> str | None:
    """The id in the one way in which it is stored (small letters), ``None`` when it is no UUID."""
    return text.lower() if _UUID.fullmatch(text) else None


# --- query parameters -------------------------------------------------------------------------------------


class BadValue(Exception):
    """A query parameter cannot mean anything."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text
        self.code = "bad_value"


@dataclass(frozen=True, eq=False, kw_only=True)
class Query(QueryParameter):
    """A query parameter of the library's own, with how it is read: from one text to one value."""

    read: Callable[[str], Any]
    is_repeatable: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class PathPart(PathParameter):
    """A part of a path, with how it is read; ``field`` is what a command calls it, where that is not its name."""

    read: Callable[[str], Any]
    field: str | None = None
    is_id: bool = False


class RequestHeader:
    """A header of a request, declared where it is read: what it is called, how it is bounded, and an example.

    ``is_for_other_sites`` are those that pages of other sites may send where an operator shares with them.
    """

    def __init__(self, name: str, example: str, *, is_for_other_sites: bool = False, **bounds: Any) -> None:
        parts = name.removeprefix("X-").split("-")
        self.name = name
        self.key: Final = name.lower().encode()
        self.component: Final = "".join(part.capitalize() for part in parts)
        self.code: Final = "_".join(parts).lower()
        self.is_for_other_sites: Final = is_for_other_sites
        self.schema: Final = {"type": "string", **bounds, "examples": [example]}


def read_query(query_string: bytes, known: Mapping[str, Query]) -> dict[str, Any]:
    """The values of the query. Raises a problem that names every unknown, repeated or bad parameter."""
    if not query_string:
        return {}
    try:
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise bad_request(RequestFault(code="unreadable", text=both("requests.unreadable_query"))) from None
    values: dict[str, Any] = {}
    faults: list[RequestFault] = []
    for name, text in pairs:
        query = known.get(name)
        if query is None:
            faults.append(_unknown(name, known))
            continue
        if name in values and not query.is_repeatable:
            faults.append(RequestFault(parameter=name, code="repeated", text=both("requests.given_twice")))
            continue
        try:
            value = query.read(text)
        except BadValue as bad:
            faults.append(RequestFault(parameter=name, code=bad.code, text=bad.text))
            continue
        if query.is_repeatable:
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    if faults:
        raise bad_request(*(_named(f) for f in faults))
    return values


_OF_A_POPULATION: Final = {"as_of", "regime", "service"}
"""The parameters that only questions about many subjects' grades have."""


def _unknown(name: str, known: Mapping[str, Query]) -> RequestFault:
    name = name[:80]
    if name == "reading" and known.keys() >= _OF_A_POPULATION:
        # Whoever knows it from the grade of one subject is told where to ask.
        return RequestFault(
            parameter=name,
            code="readings_of_editions",
            text=both("requests.readings_of_editions", subject="{subject}"),
        )
    names = Text("、".join(known), ", ".join(known)) if known else both("requests.no_parameter")
    return RequestFault(parameter=name, code="unknown_parameter", text=both("requests.unknown_parameter", names=names))


def _named(fault: RequestFault) -> RequestFault:
    text = both("requests.parameter", name=fault.parameter, fault=fault.text)
    return msgspec.structs.replace(fault, text=text)


def day_asked(text: str) -> dt.date:
    """An ISO date."""
    try:
        return day_from(text)
    except BadMoment as bad:
        raise BadValue(worded(bad.says)) from None


def known_at(text: str) -> Instant:
    """A moment, in Shanghai where it has no offset, or a bare date: the end of that day."""
    # A plus sign that was not percent-encoded arrives as a blank.
    try:
        return moment_from(_LOST_PLUS.sub(r"\1+\2", text), "end")
    except BadMoment as bad:
        raise BadValue(worded(bad.says)) from None


def one_of(*values: str) -> Callable[[str], str]:
    """A reader that takes one of ``values``."""

    def read(text: str) -> str:
        if text not in values:
            raise BadValue(both("requests.one_of", values=Text("、".join(values), ", ".join(values))))
        return text

    return read


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from ``least`` to ``most``."""

    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
        if number is None or not least <= number <= most:
            raise BadValue(both("requests.whole_number", least=least, most=most))
        return number

    return read


def words(most: int) -> Callable[[str], str]:
    """A reader of a short text without control characters."""

    def read(text: str) -> str:
        if is_blank(text) or len(text) > most or not text.isprintable():
            raise BadValue(both("requests.short_text", most=most))
        return text

    return read


def no_personal_number(text: str) -> str:
    """A short text that is no person's number: an address is written down on the way."""
    if personal_number(text) is not None:
        raise BadValue(both("requests.number_in_address"))
    return words(100)(text)


def yes(text: str) -> bool:
    """``true`` or ``false``."""
    return one_of("true", "false")(text) == "true"


def reading(text: str) -> tuple[str, str]:
    """A reading, ``I-04:own_year``."""
    found = _READING.fullmatch(text)
    if found is None:
        raise BadValue(both("requests.reading", colon=":"))
    return found[1], found[2]


def one_subject(text: str) -> str:
    """The id of a subject."""
    found = uuid_of(text)
    if found is None:
        raise BadValue(both("requests.not_a_uuid"))
    return found


def region_code(text: str) -> str:
    """A GB/T 2260 code of six digits."""
    if not (text.isascii() and text.isdigit() and len(text) == 6):
        raise BadValue(both("requests.region"))
    return text


# --- headers ----------------------------------------------------------------------------------------------

IDEMPOTENCY_KEY: Final = RequestHeader(
    "Idempotency-Key", "2025-06-16-0001", is_for_other_sites=True, minLength=1, maxLength=255
)
"""What a command is known by when it comes again."""

LAST_EVENT_ID: Final = RequestHeader("Last-Event-ID", "1234", is_for_other_sites=True, pattern="^[0-9]{1,18}$")
"""Which event a reader of a stream has seen last."""

ACCEPT_LANGUAGE: Final = RequestHeader("Accept-Language", "zh-CN", default="zh-CN")
"""The languages that whoever asks prefers."""


def headers_of(lines: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers of a request by their names; what was sent in several lines is one list (RFC 9110, 5.3)."""
    sent = list(lines)
    found = dict(sent)
    if len(found) < len(sent):
        for name in found:
            found[name] = b", ".join(value for n, value in sent if n == name)
    return found


def key_of(headers: Mapping[bytes, bytes]) -> str | None:
    """The idempotency key."""
    raw = headers.get(IDEMPOTENCY_KEY.key)
    if raw is None:
        return None
    if not 1 <= len(raw) <= 255 or not all(32 <= c < 127 for c in raw):
        raise bad_header(IDEMPOTENCY_KEY, both("requests.key"))
    return raw.decode("ascii")


def last_event_id(headers: Mapping[bytes, bytes]) -> int | None:
    """The position of the last event that a reader of a stream has seen, when it says so."""
    raw = headers.get(LAST_EVENT_ID.key)
    if not raw:
        return None
    try:
        return whole(0, 10**18)(raw.decode("latin-1"))
    except BadValue as bad:
        raise bad_header(LAST_EVENT_ID, bad.text) from None


def bad_header(header: RequestHeader, fault: Text) -> Trouble:
    """A problem with a header."""
    text = both("requests.header", name=header.name, fault=fault)
    return bad_request(RequestFault(parameter=header.name, code="bad_header", text=text))


_AUTHORITY: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]*)?")
"""A name or an address with a port: whatever else stands there could be read as another name further on."""

_FORWARDING: Final = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via")


def is_of_this_machine(client: str | None, headers: Mapping[bytes, bytes]) -> bool:
    """Whether a request comes from this machine itself.

    Not, when another server passes it on (a proxy here speaks for anyone), nor when it was sent to another name than
    this machine's: a page of a foreign site whose name was made to point here is no user of ours.
    """
    if not is_loopback(client) or any(name in headers for name in _FORWARDING):
        return False
    return b"host" in headers and is_sent_here(headers)


def is_sent_here(headers: Mapping[bytes, bytes], hosts: Container[str] = ()) -> bool:
    """Whether a request is sent to this machine by one of its own names or of ``hosts``, or to none: a page of a
    foreign site could read what is answered to another name, once that name was made to point here."""
    host = _AUTHORITY.fullmatch(headers.get(b"host", b"localhost").decode("latin-1").lower())
    name = "" if host is None else host[1].strip("[]")
    return name == "localhost" or name in hosts or is_loopback(name)


@lru_cache(maxsize=1024)
def is_loopback(host: str | None) -> bool:
    """Whether a client's address is this machine's own."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
