"""What every list has besides its rows: the cursor of the next page as ``next``, and both pages as ``links``.

Some lists called their cursor otherwise first, or had none where nothing follows: that stays beside it.
"""

from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import UNSET, UnsetType

from interfaces.http.desk import HandledRequest
from interfaces.http.operations import Operation
from interfaces.http.replying import Reply, to_json


class ListLinks(msgspec.Struct, frozen=True, kw_only=True, rename={"this": "self"}):
    """The address of this page, and of the following one where there is one."""

    this: str
    next: str | None


class PagedList(msgspec.Struct, frozen=True, kw_only=True):
    """What every list has besides its rows: the cursor of the following page, ``None`` on the last one, and links."""

    next: str | None
    links: ListLinks


class _Cursors(msgspec.Struct, frozen=True):
    """Under what names the page itself tells its cursor."""

    next: str | UnsetType | None = UNSET
    cursor: str | UnsetType | None = UNSET


_CURSORS: Final = msgspec.json.Decoder(_Cursors)


def is_list(operation: Operation) -> bool:
    """Whether an operation answers page by page."""
    return "cursor" in operation.query


def linked(answer: Reply[Any], asked: HandledRequest) -> Reply[Any]:
    """A page with its links."""
    if answer.status != 200:
        return answer
    told = _CURSORS.decode(answer.body)
    cursor = told.cursor or None if told.next is UNSET else told.next
    links = to_json(ListLinks(this=_address(asked), next=None if cursor is None else _address(asked, cursor or "")))
    named = b',"next":' + to_json(cursor) if told.next is UNSET else b""
    answer.body = answer.body[:-1] + named + b',"links":' + links + b"}"
    answer.sent = [
        (name, b"%d" % len(answer.body)) if name == b"content-length" else (name, value) for name, value in answer.sent
    ]
    return answer


def _address(asked: HandledRequest, cursor: str | None = None) -> str:
    query = parse_qsl(asked.query.decode("latin-1"), keep_blank_values=True)
    if cursor is not None:
        query = [*((name, value) for name, value in query if name != "cursor"), ("cursor", cursor)]
    return f"{asked.path}?{urlencode(query)}" if query else asked.path
