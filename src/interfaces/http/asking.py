"""What a request asks, read strictly: path ids, query parameters and headers, every fault at once."""

import datetime as dt
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from litestar.params import PathParameter, QueryParameter

from domain.time import Instant
from domain.values import BadMoment, day_from, is_blank, moment_from, personal_number
from domain.vocabulary import Text
from interfaces.http.problems import Fault, Trouble, bad_request

DEFAULT_ACTOR: Final = "anonymous@loopback"
"""Who acted when nobody is named."""

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_LOST_PLUS: Final = re.compile(r"(T.*) ([0-9]{2}:[0-9]{2})\Z")
_ETAG: Final = re.compile(r'"(0|[1-9][0-9]{0,17})"')
_READING: Final = re.compile(r"([A-Za-z]-[0-9]{2}[a-z]?):([a-z0-9_]{1,60})")


# --- ids --------------------------------------------------------------------------------------------------


def uuid_of(text: str) -> str | None:
    """The id in the one way in which it is stored (small letters), ``None`` when it is no UUID."""
    return text.lower() if _UUID.fullmatch(text) else None


# --- query parameters -------------------------------------------------------------------------------------


class BadValue(Exception):
    """A query parameter cannot mean anything."""

    def __init__(self, zh: str, en: str, code: str = "bad_value") -> None:
        super().__init__(en)
        self.text = Text(zh, en)
        self.code = code


@dataclass(frozen=True, eq=False, kw_only=True)
class Query(QueryParameter):
    """A query parameter of the library's own, with how it is read: from one text to one value."""

    read: Callable[[str], Any]
    is_repeatable: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Path(PathParameter):
    """A part of a path, with how it is read; ``field`` is what a command calls it, where that is not its name."""

    read: Callable[[str], Any]
    field: str | None = None
    is_id: bool = False


def read_query(query_string: bytes, known: Mapping[str, Query]) -> dict[str, Any]:
    """The values of the query. Raises a problem that names every unknown, repeated or bad parameter."""
    if not query_string:
        return {}
    try:
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        told = Text("查询参数无法读取（须为 UTF-8）。", "the query cannot be read (it must be UTF-8).")
        raise bad_request(Fault(code="unreadable", text=told)) from None
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, text in pairs:
        query = known.get(name)
        if query is None:
            faults.append(_unknown(name, known))
            continue
        if name in values and not query.is_repeatable:
            faults.append(Fault(parameter=name, code="repeated", text=Text("重复给出。", "is given more than once.")))
            continue
        try:
            value = query.read(text)
        except BadValue as bad:
            faults.append(Fault(parameter=name, code=bad.code, text=bad.text))
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


def _unknown(name: str, known: Mapping[str, Query]) -> Fault:
    name = name[:80]
    if name == "reading" and known.keys() >= _OF_A_POPULATION:
        # Whoever knows it from the grade of one subject is told where to ask.
        return Fault(
            parameter=name,
            code="readings_of_editions",
            text=Text(
                "名录与计数只按各版本自带的取值计算；改用其他取值：一个主体用 GET /subjects/{subject}/grade?reading=…"
                " 或 …/grade/readings，全体用推演（POST /rehearsals）。",
                "lists and counts hold the readings of the editions alone. For others ask"
                " GET /subjects/{subject}/grade?reading=… or …/grade/readings of one subject, or rehearse them for"
                " everybody (POST /rehearsals).",
            ),
        )
    names = "、".join(known) or "无"
    return Fault(
        parameter=name,
        code="unknown_parameter",
        text=Text(
            f"没有此参数；可用：{names}。", f"there is no such parameter; there are: {', '.join(known) or 'none'}."
        ),
    )


def _named(fault: Fault) -> Fault:
    text = Text(f"参数 {fault.parameter}：{fault.text.zh}", f"parameter {fault.parameter}: {fault.text.en}")
    return msgspec.structs.replace(fault, text=text)


def day(text: str) -> dt.date:
    """An ISO date."""
    try:
        return day_from(text)
    except BadMoment as bad:
        raise BadValue(bad.text.zh, bad.text.en) from None


def known_at(text: str) -> Instant:
    """A moment, in Shanghai where it has no offset, or a bare date: the end of that day."""
    # A plus sign that was not percent-encoded arrives as a blank.
    try:
        return moment_from(_LOST_PLUS.sub(r"\1+\2", text), "end")
    except BadMoment as bad:
        raise BadValue(bad.text.zh, bad.text.en) from None


def one_of(*values: str) -> Callable[[str], str]:
    """A reader that takes one of ``values``."""

    def read(text: str) -> str:
        if text not in values:
            raise BadValue(f"须为 {'、'.join(values)} 之一。", f"is one of {', '.join(values)}.")
        return text

    return read


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from ``least`` to ``most``."""

    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
        if number is None or not least <= number <= most:
            raise BadValue(f"须为 {least} 至 {most} 的整数。", f"is a whole number from {least} to {most}.")
        return number

    return read


def words(most: int) -> Callable[[str], str]:
    """A reader of a short text without control characters."""

    def read(text: str) -> str:
        if is_blank(text) or len(text) > most or not text.isprintable():
            raise BadValue(f"须为 1 至 {most} 个字符。", f"has 1 to {most} printable characters.")
        return text

    return read


def yes(text: str) -> bool:
    """``true`` or ``false``."""
    return one_of("true", "false")(text) == "true"


def reading(text: str) -> tuple[str, str]:
    """A reading, ``I-04:own_year``."""
    found = _READING.fullmatch(text)
    if found is None:
        raise BadValue("写作“编号:取值”，如 I-04:own_year。", "is written id:value, such as I-04:own_year.")
    return found[1], found[2]


def region_code(text: str) -> str:
    """A GB/T 2260 code of six digits."""
    if not (text.isascii() and text.isdigit() and len(text) == 6):
        raise BadValue("须为六位行政区划代码。", "is a code of six digits (GB/T 2260).")
    return text


# --- headers ----------------------------------------------------------------------------------------------


def actor_of(headers: Mapping[bytes, bytes], *, is_local: bool, allowed: bool) -> str:
    """Who acts. Raises a problem for a name given from another machine, or where none is taken."""
    if not is_local:
        raise Trouble("actor_refused")
    raw = headers.get(b"x-actor")
    if raw is None:
        return DEFAULT_ACTOR
    if not allowed:
        raise Trouble("actor_refused", Text("本服务不接受 X-Actor。", "this server takes no X-Actor."))
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        name = ""
    if not 1 <= len(name) <= 100 or not name.isprintable() or name != name.strip():
        raise bad_header("X-Actor", "须为 1 至 100 个可见字符（UTF-8）。", "has 1 to 100 printable characters (UTF-8).")
    if personal_number(name) is not None:
        raise bad_header("X-Actor", "不得含有个人号码。", "holds no number of a person.")
    return name


def key_of(headers: Mapping[bytes, bytes]) -> str | None:
    """The idempotency key."""
    raw = headers.get(b"idempotency-key")
    if raw is None:
        return None
    if not 1 <= len(raw) <= 255 or not all(32 <= c < 127 for c in raw):
        raise bad_header(
            "Idempotency-Key", "须为 1 至 255 个可见 ASCII 字符。", "has 1 to 255 printable ASCII characters."
        )
    return raw.decode("ascii")


def version_of(headers: Mapping[bytes, bytes]) -> int | str | None:
    """The version in ``If-Match``, ``*`` for "must exist", ``None`` without the header."""
    raw = headers.get(b"if-match")
    if raw is None:
        return None
    text = raw.decode("latin-1").strip()
    if text == "*":
        return text
    found = _ETAG.fullmatch(text)
    if found is None:
        raise bad_header("If-Match", '写作 "3"（答复中的 ETag）或 *。', 'is written "3" (the ETag of an answer) or *.')
    return int(found[1])


def bad_header(name: str, zh: str, en: str) -> Trouble:
    """A problem with a header."""
    return bad_request(
        Fault(parameter=name, code="bad_header", text=Text(f"请求头 {name} {zh}", f"the header {name} {en}"))
    )


_FORWARDING: Final = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via")


def is_of_this_machine(client: str | None, headers: Mapping[bytes, bytes]) -> bool:
    """Whether a request comes from this machine itself.

    Not, when another server passes it on (a proxy here speaks for anyone), nor when it was sent to another name than
    this machine's: a page of a foreign site whose name was made to point here is no user of ours.
    """
    if not is_loopback(client) or any(name in headers for name in _FORWARDING):
        return False
    return b"host" in headers and is_sent_here(headers)


def is_sent_here(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a request is sent to this machine by one of its own names, or to none: a page of a foreign site could
    read what is answered to another name, once that name was made to point here."""
    host = headers.get(b"host", b"localhost").decode("latin-1").lower()
    name = host.partition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0]
    return name == "localhost" or is_loopback(name)


@lru_cache(maxsize=1024)
def is_loopback(host: str | None) -> bool:
    """Whether a client's address is this machine's own."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
