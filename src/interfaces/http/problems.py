"""Errors as RFC 9457 problems, in both languages, with a stable type for each kind.

What the domain raises is mapped here and nowhere else. A problem never tells more than its reader needs: an
unexpected error gives a reference under which the log has the rest.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from application.access.accounts import AccountName
from application.access.read_log import NotLogged
from application.access.refusals import SigningRefused
from application.access.roles import Forbidden
from application.access.signing_in import NotSignedIn
from application.papers.contents import ContentErased, ContentError, ContentTooLarge, StoreUnavailable
from application.ports import Recorded
from application.time_budget import OutOfTime
from domain.errors import (
    MOST_TOLD,
    CaseError,
    Conflict,
    Invalid,
    NotFound,
    NotReady,
    NotYetKnown,
    Refused,
    ReusedKey,
    Stale,
    Undetermined,
    Unreadable,
    and_more,
)
from domain.law.citations import Articles
from domain.law.parse import RulebookError
from domain.time import iso_utc
from domain.vocabulary import Text
from interfaces.documents.failing import CharacterMissing, FontFolderUnusable
from interfaces.wording.citations import cite
from interfaces.wording.texts import Language, both, said, worded


class ProblemKind(msgspec.Struct, frozen=True):
    """A kind of problem: its HTTP status, its title, what it means and what to do."""

    status: int
    title: Text
    meaning: Text


_STATUS: Final = {
    "malformed": 400,
    "unauthenticated": 401,
    "actor_refused": 403,
    "forbidden": 403,
    "own_proposal": 403,
    "not_the_proposer": 403,
    "role_may_not_sign": 403,
    "recorder_decides": 403,
    "password_reset": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "refused": 409,
    "conflict": 409,
    "undetermined": 409,
    "not_yet_there": 409,
    "already_settled": 409,
    "digest_differs": 409,
    "erased": 410,
    "stale": 412,
    "too_slow": 408,
    "misdirected": 421,
    "too_large": 413,
    "unsupported_media": 415,
    "invalid": 422,
    "reused_key": 422,
    "too_many": 429,
    "rulebook_invalid": 422,
    "internal": 500,
    "damaged": 500,
    "unavailable": 503,
}
PROBLEM_KINDS: Final[dict[str, ProblemKind]] = {
    name: ProblemKind(status, both(f"problems.title.{name}"), both(f"problems.meaning.{name}"))
    for name, status in _STATUS.items()
}
"""Every kind of problem by the last part of its ``type``."""


RETRIED: Final = (429, 503)
"""The statuses with which always comes, in ``Retry-After``, when to ask again."""


class FieldError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One bad field (``pointer``), query parameter or header (``parameter``), or place of a file (``line``)."""

    pointer: str | None = None
    parameter: str | None = None
    place: str | None = None
    line: int | None = None
    code: str
    detail: str
    detail_zh: str
    detail_en: str


class Intervened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event that was recorded since the version the writer relied on; ``by_name`` is what the account is called."""

    type: str
    version: int
    recorded_at: str
    by: str
    by_name: str | None = None


class JoinedFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file in which one that was joined goes on (``into``), and by which decision: the id of its record, its day
    and its paper."""

    into: str
    record: str
    decided_on: dt.date
    document: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An RFC 9457 problem. ``type`` and ``code`` are stable; ``detail`` is in the reader's language."""

    type: str
    code: str
    title: str
    status: int
    detail: str
    detail_zh: str
    detail_en: str
    instance: str
    errors: tuple[FieldError, ...] = ()
    cites: tuple[str, ...] = ()
    cites_text: tuple[str, ...] = ()
    version: int | None = None
    intervened: tuple[Intervened, ...] = ()
    joined: JoinedFile | None = None
    reference: str | None = None


class RequestFault(msgspec.Struct, frozen=True, kw_only=True):
    """One bad thing, before a language is chosen."""

    code: str
    text: Text
    pointer: str | None = None
    parameter: str | None = None
    place: str | None = None
    line: int | None = None


class Trouble(Exception):
    """A problem raised by the interface itself: ``kind`` of ``KINDS`` with its details."""

    def __init__(
        self,
        kind: str,
        text: Text | None = None,
        faults: Sequence[RequestFault] = (),
        *,
        code: str | None = None,
        headers: Sequence[tuple[bytes, bytes]] = (),
        **more: Any,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.text = text or PROBLEM_KINDS[kind].meaning
        self.faults = tuple(faults)
        self.code = code or kind
        self.headers = tuple(headers)
        if PROBLEM_KINDS[kind].status in RETRIED and b"retry-after" not in dict(headers):
            self.headers += ((b"retry-after", b"5"),)
        self.more = more


def bad_request(fault: RequestFault, *more: RequestFault) -> Trouble:
    """A malformed request: every fault at once."""
    faults = (fault, *more)
    zh = "；".join(f.text.zh.rstrip("。") for f in faults) + "。"
    en = "; ".join(f.text.en.rstrip(".") for f in faults) + "."
    return Trouble("malformed", Text(zh, en), faults)


def trouble_of(error: CaseError) -> Trouble:
    """The problem for what the domain or the application raised (``Stale`` without what intervened)."""
    text = worded(error.says)
    match error:
        case Invalid():
            faults = [RequestFault(pointer=p.pointer, code=p.code, text=worded(p.says)) for p in error.problems]
            return Trouble("invalid", text, faults)
        case RulebookError():
            lines = [
                RequestFault(place=p.place, line=p.line, code="fault", text=worded(p.says)) for p in error.problems
            ]
            return Trouble("rulebook_invalid", text, lines)
        case NotYetKnown():
            return bad_request(RequestFault(parameter="known_at", code=error.code, text=text))
        case NotFound():
            return Trouble("not_found", text)
        case NotSignedIn():
            header = (b"www-authenticate", b'Bearer realm="ecodocket"')
            return Trouble("unauthenticated", text, code=error.code, headers=[header])
        case Forbidden():
            return Trouble("forbidden", text, code=error.code)
        case Refused():
            kind = "conflict" if isinstance(error, Conflict) else "refused"
            return Trouble(kind, text, code=error.code, cites=error.cites, articles=error.articles)
        case Stale():
            return Trouble("stale", text, version=error.actual, headers=[(b"etag", b'"%d"' % error.actual)])
        case ReusedKey():
            return Trouble("reused_key", text)
        case SigningRefused():
            return Trouble(error.code, text)
        case NotReady():
            if error.code == "index_stopped":
                return Trouble("unavailable", text, code=error.code, headers=[(b"retry-after", b"10")])
            return Trouble("not_yet_there", text, code=error.code)
        case Unreadable():
            return Trouble("damaged", text, code=error.code)
        case ContentTooLarge():
            return Trouble("too_large", text, code=error.code)
        case ContentErased():
            return Trouble("erased", text, code=error.code)
        case StoreUnavailable():
            return Trouble("unavailable", text, code=error.code, headers=[(b"retry-after", b"30")])
        case ContentError():
            return Trouble("damaged", text, code=error.code)
        case CharacterMissing():
            return Trouble("invalid", text, code=error.code)
        case FontFolderUnusable():
            return Trouble("unavailable", text, code=error.code, headers=[(b"retry-after", b"30")])
        case NotLogged():
            return Trouble("unavailable", text, code=error.code, headers=[(b"retry-after", b"5")])
        case OutOfTime():
            return Trouble("unavailable", text, code=error.code, headers=[(b"retry-after", b"10")])
        case Undetermined():
            return Trouble("undetermined", text, code=error.code)
        case _:
            return Trouble("internal")


def intervened(events: Sequence[Recorded], tag_of: Any, names: Mapping[str, AccountName]) -> tuple[Intervened, ...]:
    """The events as a stale writer is told of them; ``names`` are what accounts are called."""
    return tuple(
        Intervened(
            type=tag_of(e.event),
            version=e.version,
            recorded_at=iso_utc(e.recorded_at),
            by=e.actor,
            by_name=names[e.actor].name if e.actor in names else None,
        )
        for e in events
    )


def body_of(trouble: Trouble, instance: str, language: Language) -> Problem:
    """The problem as it is sent."""
    kind = PROBLEM_KINDS[trouble.kind]
    cites = tuple(trouble.more.get("cites", ()))
    articles = (Articles(trouble.more.get("articles", ())),)
    return Problem(
        type=f"/problems/{trouble.kind}",
        code=trouble.code,
        title=said(kind.title, language),
        status=kind.status,
        detail=said(trouble.text, language),
        detail_zh=trouble.text.zh,
        detail_en=trouble.text.en,
        instance=instance,
        errors=_field_errors(trouble.faults, language),
        cites=cites,
        cites_text=tuple(cite(c, language, articles) for c in cites),
        version=trouble.more.get("version"),
        intervened=trouble.more.get("intervened", ()),
        joined=trouble.more.get("joined"),
        reference=trouble.more.get("reference"),
    )


def _field_errors(faults: Sequence[RequestFault], language: Language) -> tuple[FieldError, ...]:
    """The first faults, and how many more there are."""
    told = [_field_error(f, language) for f in faults[:MOST_TOLD]]
    if len(faults) > MOST_TOLD:
        told.append(_field_error(RequestFault(code="more", text=worded(and_more(len(faults) - MOST_TOLD))), language))
    return tuple(told)


def _field_error(fault: RequestFault, language: Language) -> FieldError:
    return FieldError(
        pointer=fault.pointer,
        parameter=fault.parameter,
        place=fault.place,
        line=fault.line,
        code=fault.code,
        detail=said(fault.text, language),
        detail_zh=fault.text.zh,
        detail_en=fault.text.en,
    )
