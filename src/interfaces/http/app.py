"""The Litestar application: routes from the table of operations, one thread pool, problems for whatever goes wrong."""

import asyncio
import logging
import math
import secrets
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import msgspec
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from application import time_budget as patience
from application.answering.grading import Grading
from application.answering.rechecking import Rechecking
from application.answering.timeline import Timelines
from application.deadlines.worklist import Worklist
from application.law.legislation import Legislation
from application.population.population import Population
from application.ports import Clock, Journal, Vault
from application.recording.advisories import Advising
from application.recording.casework import Casework
from application.rehearsal.rehearsals import Rehearsals
from application.time_budget import OutOfTime
from application.year.evaluation import Evaluating
from domain.errors import CaseError, Invalid
from domain.vocabulary import Text
from interfaces.http import asking, explorer
from interfaces.http.asking import Asked
from interfaces.http.document import document
from interfaces.http.explaining import Explainer
from interfaces.http.health import Watch
from interfaces.http.languages import TAGS, preferred
from interfaces.http.operations import OPERATIONS, ROOT, Operation
from interfaces.http.problems import KINDS, Fault, Trouble, body_of, trouble_of
from interfaces.http.reading import Reader
from interfaces.http.rehearsals import Rehearser
from interfaces.http.replying import PROBLEM, Reply
from interfaces.http.writing import Writer
from interfaces.outages import outage_of
from interfaces.standbys import Standbys
from interfaces.wording.findings import Findings, nothing
from interfaces.wording.texts import Language

THREADS: Final = 8
"""Requests worked on at once by one process; more only wait for each other and for the database's connections."""

WORKERS: Final = 2
"""Of those that compute for long: more would get no more done under one interpreter's lock, and hold the others up."""

SECONDS: Final = 10.0
"""How long a question may take."""

WRITERS: Final = 4
"""Writes worked on at once: they take turns at the journal anyway, and one that waits keeps no question waiting."""

_LOG: Final = logging.getLogger("ecodocket.http")
_VARY: Final = (b"vary", b"accept-language")
_ENCODE: Final = msgspec.json.Encoder().encode

_HEALTH: Final = "health"

_OF_THE_PRIMARY: Final = ("head",)
"""Questions about the journal itself, not about what a standby has of it."""

_WORK: Final = frozenset(
    {
        "adopt_rulebook",
        "counterfactuals",
        "difference",
        "draw_sample",
        "evaluate_roster",
        "history",
        "knowledge",
        "progress",
        "rank_cohort",
        "readings",
        "region_difference",
        "rulebook_diff",
        "sample",
        "timeline",
    }
)
"""The operations that may compute for long."""

_MOMENTS: Final = ("known_at", "known_at_1", "known_at_2")
"""Where a question names a moment of knowledge."""

Answer = Callable[[Asked], Reply]
Answering = Callable[[Asked], Awaitable[Reply]]


class Elsewhere(Protocol):
    """Processes beside this one that answer what is computed for long."""

    def submit(self, name: str, until: float, asked: Asked) -> Future[Reply]:
        """Let one of them answer the operation of a name, until a moment of ``time.monotonic``."""
        ...

    def close(self) -> None:
        """End them."""
        ...


@dataclass(frozen=True, kw_only=True)
class Deps:
    """What the API is put together from.

    ``allow_actor_header`` lets clients of this machine name who acts (``X-Actor``); nobody else may write.
    ``standbys`` are where questions are answered first, ``elsewhere`` where those that compute for long are: without it
    in threads of their own. ``findings`` tells what is out of order.
    """

    casework: Casework
    evaluating: Evaluating
    rechecking: Rechecking
    advising: Advising
    worklist: Worklist
    population: Population
    grading: Grading
    timelines: Timelines
    journal: Journal
    vault: Vault
    clock: Clock
    legislation: Legislation
    rehearsals: Rehearsals
    allow_actor_header: bool = True
    standbys: Standbys[Reader] = field(default_factory=Standbys)
    findings: Findings = nothing
    elsewhere: Elsewhere | None = None


def create_app(deps: Deps) -> Litestar:
    """The API under ``/api/v1``, its description and explorer, and the pages of the problem types."""
    writer = Writer(deps.casework, deps.evaluating, deps.journal, allow_actor_header=deps.allow_actor_header)
    reader = reader_of(deps)
    rehearser = Rehearser(deps.rehearsals, deps.legislation, allow_actor_header=deps.allow_actor_header)
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="http")
    work = ThreadPoolExecutor(WORKERS, thread_name_prefix="work")
    writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="writing")
    watch = Watch(reader.health)

    def answering(operation: Operation) -> Answering:
        if operation.name == _HEALTH:
            return lambda _: watch.answer()
        if deps.elsewhere is not None and operation.name in _WORK:
            return _elsewhere(deps.elsewhere, operation)
        answer = _answer_of(operation, writer, reader, rehearser, deps.standbys)
        is_question = operation.method == "GET"
        threads = work if operation.name in _WORK else pool if is_question else writers
        return _in_threads(threads, answer, is_question=is_question)

    routes = [_route(operation, answering(operation)) for operation in OPERATIONS]
    routes += [_fixed(path, reply) for path, reply in explorer.pages(ROOT, document())]
    routes.append(_problem_page())
    app = Litestar(
        route_handlers=routes,
        exception_handlers={HTTPException: _no_route, Exception: _unexpected},
        on_shutdown=[
            lambda: pool.shutdown(wait=True),
            lambda: work.shutdown(wait=True),
            lambda: writers.shutdown(wait=True),
            lambda: None if deps.elsewhere is None else deps.elsewhere.close(),
            watch.close,
        ],
        openapi_config=None,
        # What is worth a line is logged here, without bodies.
        logging_config=None,
        request_max_body_size=asking.MAX_BODY,
    )
    app.debug = False
    return app


def reader_of(deps: Deps) -> Reader:
    """What answers every question."""
    return Explainer(
        deps.grading,
        deps.timelines,
        deps.evaluating,
        deps.rechecking,
        deps.advising,
        deps.worklist,
        deps.population,
        deps.journal,
        deps.vault,
        deps.clock,
        deps.legislation,
        deps.standbys.standings,
        deps.findings,
    )


def _answer_of(
    operation: Operation, writer: Writer, reader: Reader, rehearser: Rehearser, standbys: Standbys[Reader]
) -> Answer:
    if operation.tag == "rehearsals":
        return getattr(rehearser, operation.name)  # type: ignore[no-any-return]
    if operation.method == "GET" and (operation.name in _OF_THE_PRIMARY or not standbys):
        return getattr(reader, operation.name)  # type: ignore[no-any-return]
    if operation.method == "GET":
        return lambda asked: standbys.ask(
            lambda found: getattr(found, operation.name)(asked),
            reader,
            asked.query.get("min_position", 0),
            max(asked.query.get(name, 0) for name in _MOMENTS),
            (CaseError, Trouble),
        )
    if operation.name in ("register", "evaluate_roster"):
        return getattr(writer, operation.name)  # type: ignore[no-any-return]
    return lambda asked: writer.write(asked, operation.name)


# --- one request ------------------------------------------------------------------------------------------


def _in_threads(pool: ThreadPoolExecutor, answer: Answer, *, is_question: bool) -> Answering:
    """Answer in one of the threads of a pool. A question is given up after ``SECONDS``, also by whoever works on it; a
    command is not, because nobody could tell whether it was recorded."""

    async def answering(asked: Asked) -> Reply:
        if not is_question:
            return await asyncio.get_running_loop().run_in_executor(pool, answer, asked)
        until = time.monotonic() + SECONDS
        working = asyncio.wrap_future(pool.submit(_before, until, answer, asked))
        try:
            return await asyncio.wait_for(working, SECONDS)
        except TimeoutError:
            raise OutOfTime from None

    return answering


def _before(until: float, answer: Answer, asked: Asked) -> Reply:
    with patience.until(until, time.monotonic):
        return answer(asked)


def _elsewhere(processes: Elsewhere, operation: Operation) -> Answering:
    """Answer in another process, so that this one is free for others."""
    is_question = operation.method == "GET"

    async def answering(asked: Asked) -> Reply:
        until = time.monotonic() + SECONDS if is_question else math.inf
        working = asyncio.wrap_future(processes.submit(operation.name, until, asked))
        try:
            return await asyncio.wait_for(working, SECONDS if is_question else None)
        except TimeoutError:
            raise OutOfTime from None
        except BrokenProcessPool:
            text = Text(
                "计算该答复的进程意外终止（常因内存不足），已重新启动；请稍后重试。写入请带原幂等键重发。",
                "The process that computed the answer died, mostly for want of memory; another one was started. Try"
                " again in a moment; send a command again with its idempotency key.",
            )
            raise Trouble("unavailable", text, code="worker_died", headers=[(b"retry-after", b"5")]) from None

    return answering


def long_answers(deps: Deps) -> Callable[[str, float, Asked], Reply]:
    """What answers, in a process of its own, the operations that compute for long: by name, until a moment."""
    writer = Writer(deps.casework, deps.evaluating, deps.journal, allow_actor_header=deps.allow_actor_header)
    reader = reader_of(deps)
    rehearser = Rehearser(deps.rehearsals, deps.legislation, allow_actor_header=deps.allow_actor_header)
    operations = {o.name: o for o in OPERATIONS if o.name in _WORK}
    answers = {n: _answer_of(o, writer, reader, rehearser, deps.standbys) for n, o in operations.items()}

    def answered(name: str, until: float, asked: Asked) -> Reply:
        try:
            reply = _before(until, answers[name], asked)
        except Exception as error:  # noqa: BLE001 - told as everywhere
            trouble = _trouble(error, is_write=operations[name].method != "GET")
            return problem(trouble, asked.path, asked.language)
        reply.headers += _in_language(asked.language)
        return reply

    return answered


def _in_language(language: Language) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"content-language", TAGS[language]), _VARY)


def _trouble(error: Exception, *, is_write: bool) -> Trouble:
    """Whatever went wrong with a request."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, Invalid):
        return trouble_of(error) if is_write else _bad_question(error)
    return trouble_of(error) if isinstance(error, CaseError) else _logged(error)


def _route(operation: Operation, answering: Answering) -> HTTPRouteHandler:
    known = {q.name: q for q in operation.query}
    is_write = operation.method != "GET"

    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        scope = request.scope
        headers = dict(scope["headers"])
        language = preferred(headers.get(b"accept-language", b""))
        path = scope["path"]
        if not (is_write or asking.is_sent_here(headers)):
            # A command from there is refused for its actor.
            return problem(Trouble("misdirected"), path, language)
        try:
            # First of all: an answer to a body that was not read may never arrive.
            body = await _body(request) if is_write else b""
            client = scope["client"]
            asked = Asked(
                path,
                scope["path_params"],
                asking.read_query(scope["query_string"], known),
                headers,
                language,
                is_local=is_write and asking.is_of_this_machine(client[0] if client else None, headers),
            )
            if operation.method == "POST":
                asking.check_content_type(headers)
                asked.body = body
            reply = await answering(asked)
        except Exception as error:  # noqa: BLE001 - the last resort: it is logged and never told
            return problem(_trouble(error, is_write=is_write), path, language)
        if b"content-language" not in {name for name, _ in reply.headers}:
            reply.headers += _in_language(language)
        return reply

    handle.__name__ = operation.id
    path = ROOT + operation.path.replace("}", ":str}")
    # The status is the reply's; what stands here keeps the library from guessing one.
    return HTTPRouteHandler(path, http_method=operation.method, status_code=200, name=operation.id)(handle)


async def _body(request: Request[Any, Any, Any]) -> bytes:
    """The whole body. Raises a problem when it is too large, breaks off, or does not arrive in time.

    Of a body that is too large nothing is kept, and no more than ``asking.MAX_DISCARDED`` bytes are taken in: a
    client that is still sending when the connection closes would never see the answer.
    """
    try:
        async with asyncio.timeout(asking.BODY_SECONDS):
            return await _whole(request)
    except TimeoutError:
        raise Trouble("too_slow", headers=[(b"connection", b"close")]) from None


async def _whole(request: Request[Any, Any, Any]) -> bytes:
    parts: list[bytes] = []
    size = 0
    more = True
    while more and size <= asking.MAX_DISCARDED:
        message = await request.receive()
        if message["type"] != "http.request":
            text = Text("连接中断，请求不完整。", "the connection ended before the request did.")
            raise Trouble("malformed", text, [Fault(code="incomplete", text=text)])
        part = message.get("body", b"")
        size += len(part)
        if size <= asking.MAX_BODY:
            parts.append(part)
        else:
            parts.clear()
        more = message.get("more_body", False)
    if size > asking.MAX_BODY:
        raise Trouble("too_large")
    return b"".join(parts)


# --- what goes wrong --------------------------------------------------------------------------------------


def problem(trouble: Trouble, path: str, language: Language) -> Reply:
    """The problem as an answer."""
    body = body_of(trouble, path, language)
    headers = [(b"content-language", TAGS[language]), _VARY, *trouble.headers]
    return Reply(body.status, _ENCODE(body), headers, PROBLEM)


def _bad_question(invalid: Invalid) -> Trouble:
    """Bad values of a question stand in its parameters: ``/readings/I-04`` is one of ``reading``."""
    faults = []
    for found in invalid.problems:
        name = found.pointer.strip("/").partition("/")[0]
        name = "reading" if name == "readings" else name
        faults.append(Fault(parameter=name, code=found.code, text=Text(found.zh, found.en)))
    return Trouble("malformed", invalid.text, faults)


def _logged(error: Exception) -> Trouble:
    # The journal port says that the database cannot be used in the words of the library beneath it.
    outage = outage_of(error)
    if outage is not None:
        _LOG.warning("%s: %s", outage.code, type(error).__name__)
        retry = (b"retry-after", str(outage.retry_seconds).encode())
        return Trouble("unavailable", outage.text, code=outage.code, headers=[retry])
    reference = secrets.token_hex(4)
    _LOG.error("request failed, reference %s", reference, exc_info=error)
    return Trouble("internal", reference=reference)


def _language_of(request: Request[Any, Any, Any]) -> Language:
    return preferred(request.headers.get("accept-language", "").encode("latin-1", "replace"))


def _no_route(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    kind = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(error.status_code)
    if kind is None:
        kind = "malformed" if error.status_code < 500 else "internal"
    trouble = _logged(error) if kind == "internal" else Trouble(kind)
    allow = (error.headers or {}).get("allow")
    return _rendered(request, trouble, {} if allow is None else {"allow": allow})


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    return _rendered(request, _logged(error), {})


def _rendered(request: Request[Any, Any, Any], trouble: Trouble, headers: dict[str, str]) -> Response[bytes]:
    language = _language_of(request)
    body = body_of(trouble, request.scope["path"], language)
    headers = {**headers, "content-language": TAGS[language].decode(), "vary": "accept-language", "server": "ecodocket"}
    return Response(_ENCODE(body), status_code=body.status, media_type=PROBLEM.decode(), headers=headers)


# --- fixed pages ------------------------------------------------------------------------------------------


def _fixed(path: str, reply: Reply) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        if not asking.is_sent_here(dict(request.scope["headers"])):
            return problem(Trouble("misdirected"), path, _language_of(request))
        return reply

    return HTTPRouteHandler(path, http_method="GET")(handle)


def _problem_page() -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        code = request.scope["path_params"]["code"]
        kind = KINDS.get(code)
        if kind is None:
            return problem(Trouble("not_found"), request.scope["path"], _language_of(request))
        page = {
            "type": f"/problems/{code}",
            "status": kind.status,
            "title": {"zh": kind.title.zh, "en": kind.title.en},
            "meaning": {"zh": kind.meaning.zh, "en": kind.meaning.en},
        }
        return Reply(200, _ENCODE(page))

    return HTTPRouteHandler("/problems/{code:str}", http_method="GET")(handle)
