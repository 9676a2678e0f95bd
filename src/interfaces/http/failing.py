"""Whatever goes wrong with a request, as a problem: told in both languages, logged where it is our fault."""

import logging
import secrets
from typing import Any, Final
from urllib.parse import quote

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException

from domain.errors import CaseError, Invalid, JoinedInto
from interfaces.http.languages import preferred
from interfaces.http.problems import JoinedFile, RequestFault, Trouble, body_of, trouble_of
from interfaces.http.replying import PROBLEM, ROOT, Reply
from interfaces.outages import outage_of
from interfaces.wording.texts import Language, worded

_LOG: Final = logging.getLogger("ecodocket.http")
_ENCODE: Final = msgspec.json.Encoder().encode


def problem(trouble: Trouble, path: str, language: Language) -> Reply[Any]:
    """The problem as an answer."""
    body = body_of(trouble, path, language)
    return Reply(body.status, _ENCODE(body), trouble.headers, PROBLEM)


def trouble_in(error: Exception, *, is_write: bool) -> Trouble:
    """Whatever went wrong with a request. What the domain does not know is logged, and never told."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, Invalid):
        return trouble_of(error) if is_write else _bad_question(error)
    if isinstance(error, JoinedInto):
        # What is asked of the file is asked of the other one.
        trouble = trouble_of(error)
        trouble.more["joined"] = JoinedFile(
            into=error.into, record=error.record, decided_on=error.decided_on, document=error.document
        )
        trouble.headers = (*trouble.headers, (b"location", f"{ROOT}/subjects/{quote(error.into)}".encode()))
        return trouble
    return trouble_of(error) if isinstance(error, CaseError) else _logged(error)


def failed(request: Request[Any, Any, Any], error: Exception) -> Reply[Any]:
    """The exception handler for what a handler raises, or whoever reads the request for it."""
    return _told(request, trouble_in(error, is_write=request.scope["method"] not in ("GET", "HEAD")))


def no_route(request: Request[Any, Any, Any], error: HTTPException) -> Reply[Any]:
    """The exception handler for what the library refuses: paths and methods that nobody answers."""
    kind = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 429: "too_many"}.get(error.status_code)
    if kind is None:
        kind = "malformed" if error.status_code < 500 else "internal"
    trouble = _logged(error) if kind == "internal" else Trouble(kind)
    allow = (error.headers or {}).get("allow")
    if allow is not None:
        trouble.headers = (*trouble.headers, (b"allow", ", ".join(sorted(allow.split(", "))).encode()))
    return _told(request, trouble)


def language_of(request: Request[Any, Any, Any]) -> Language:
    """The language of whoever asks."""
    return preferred(dict(request.scope["headers"]).get(b"accept-language", b""))


def _told(request: Request[Any, Any, Any], trouble: Trouble) -> Reply[Any]:
    language = language_of(request)
    return problem(trouble, request.scope["path"], language).told_in(language)


def _bad_question(invalid: Invalid) -> Trouble:
    """Bad values of a question stand in its parameters: ``/readings/I-04`` is one of ``reading``."""
    faults = []
    for found in invalid.problems:
        name = found.pointer.strip("/").partition("/")[0]
        name = "reading" if name == "readings" else name
        faults.append(RequestFault(parameter=name, code=found.code, text=worded(found.says)))
    return Trouble("malformed", worded(invalid.says), faults)


def _logged(error: Exception) -> Trouble:
    # The journal port says that the database cannot be used in the words of the library beneath it.
    outage = outage_of(error)
    if outage is not None:
        _LOG.warning("%s: %s", outage.code, type(error).__name__)
        retry = (b"retry-after", str(outage.retry_seconds).encode())
        return Trouble("unavailable", worded(outage.says), code=outage.code, headers=[retry])
    reference = secrets.token_hex(4)
    _LOG.error("request failed, reference %s", reference, exc_info=error)
    return Trouble("internal", reference=reference)
