"""How a handler of a controller becomes a route: ``question`` and ``command``.

A handler is a plain method with a typed signature, named as its operation is in the description of the API. The desk
calls it in a thread or in another process; the library gives it its parameters and what it depends on, and writes the
description from the same signature.
"""

import asyncio
import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.dto import AbstractDTO
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Reference, Schema
from litestar.params import SkipValidation

from application.recording.commands import request_from
from domain.errors import CaseError
from interfaces.http.access.account_names import names_accounts, with_account_names
from interfaces.http.access.guarding import on_behalf_of, within_place
from interfaces.http.access.showing import as_shown
from interfaces.http.access.watching import once_kept, refused, watched
from interfaces.http.asking import PathPart
from interfaces.http.bodies import object_of
from interfaces.http.desk import HandledRequest
from interfaces.http.failing import trouble_in
from interfaces.http.lists.paging import is_list, linked
from interfaces.http.operations import Handler, Operation, Provider, operation_of
from interfaces.http.parameters import DryRun, MinPosition
from interfaces.http.problems import Trouble
from interfaces.http.recording import RequestRecording, data_from
from interfaces.http.replying import ROOT, Reply
from interfaces.http.requests import StrictRequest
from interfaces.http.semantics.codings import coded, coding_for
from interfaces.http.semantics.methods import options_of, shape_of
from interfaces.http.semantics.validators import validated

REF: Final = "#/components/schemas/{name}"

WRITE_ERRORS: Final = (
    "malformed",
    "actor_refused",
    "not_found",
    "refused",
    "conflict",
    "undetermined",
    "stale",
    "too_slow",
    "too_large",
    "invalid",
    "reused_key",
)
ACTING_ERRORS: Final = ("malformed", "actor_refused", "not_found", "too_slow", "too_large")

# --- what a handler depends on ----------------------------------------------------------------------------

Asking = NamedDependency[SkipValidation[HandledRequest]]
"""The request, and the use cases it is answered by (``asked.at``): what every question depends on."""

Writing = NamedDependency[SkipValidation[RequestRecording]]
"""Who acts, and how what is asked for is recorded: what every command depends on."""


ABOUT_SUBJECT: Final = ("not_found", "conflict", "not_yet_there")
"""The problems of whatever is asked about one subject: its file may be none, or go on in another one."""


def asked(request: StrictRequest, min_position: MinPosition = None) -> HandledRequest:
    """A question about what is on record, which may have to show a certain write."""
    request.asked.min_position = min_position
    return request.asked


def caller(request: StrictRequest) -> HandledRequest:
    """A question to which no position of the journal matters."""
    return request.asked


def recording(request: StrictRequest, dry_run: DryRun = False) -> HandledRequest:
    """A command that may be a trial; its thread makes a ``Recording`` of it."""
    request.asked.dry_run = dry_run
    return request.asked


def acting(request: StrictRequest) -> HandledRequest:
    """A command that cannot be tried; its thread makes a ``Recording`` of it."""
    return request.asked


CONTEXTS: Final[Mapping[str, Provider]] = {found.__name__: found for found in (asked, caller, recording, acting)}
"""Through which of these a handler sees its request: it depends on one of them."""


def provided(providers: Mapping[str, Provider]) -> dict[str, Provide]:
    """What handlers depend on, as the library takes it."""
    return {name: Provide(provider, sync_to_thread=False) for name, provider in providers.items()}


async def before_handler(request: Request[Any, Any, Any]) -> Reply[Any] | None:
    """Read a request before its handler; the library calls it for every request.

    A grade and a whole case are answered at once: injecting their parameters would cost 20 microseconds and more.
    """
    operation: Operation | None = request.route_handler.opt.get("operation")
    if operation is None or not isinstance(request, StrictRequest):
        if request.scope["method"] == "OPTIONS":
            return options_of(request.app.state.methods[shape_of(request.scope["path_template"])])
        return None
    try:
        await request.read(operation)
    except (CaseError, Trouble) as error:
        await refused(request, operation, request.scope["user"], trouble_in(error, is_write=False).code)
        raise
    return await _at_once(operation, request) if operation.is_hot else None


async def _at_once(operation: Operation, request: StrictRequest) -> Reply[Any]:
    """The answer to a question, with what its signature takes straight from the request."""
    given = {operation.names[name]: value for name, value in request.values.items()}
    context = asked(request, given.pop("min_position", None))
    reply = await context.desk.answer(operation, context, {**given, **request.scope["path_params"]})
    return reply.told_in(context.language)


# --- questions --------------------------------------------------------------------------------------------


def question(
    path: str, *errors: str, takes: Mapping[str, Provider] | None = None, method: str = "GET", **more: Any
) -> Callable[[Handler], HTTPRouteHandler]:
    """A handler that answers a question.

    ``errors`` are the kinds of problems it may end in beside those that everything may, ``takes`` what it depends on
    besides its context, ``more`` what else an ``Operation`` says. One asked by ``POST`` has what is asked in its body
    (``data``): what is too long for an address, or must not stand in one.
    """
    providers = takes or {}

    def of(handler: Handler) -> HTTPRouteHandler:
        of_bodies = ("too_slow", "too_large", "unsupported_media", "invalid") if method == "POST" else ()
        errors_of = ("malformed", *of_bodies, *errors)
        operation = operation_of(
            handler, method, path, _answered, providers, CONTEXTS, errors=errors_of, is_question=True, **more
        )
        return _route(operation, providers)

    return of


def _answered(operation: Operation, asked: HandledRequest, given: Mapping[str, Any]) -> Reply[Any]:
    """The answer of a handler, once the journal holds what it has to show."""
    if asked.min_position is not None:
        asked.at.must_hold(asked.min_position)
    if operation.data is not None:
        given = {**given, "data": request_from(operation.data, object_of(asked.body))}
    given = within_place(operation, asked, given)
    with on_behalf_of(asked.caller):
        answer = operation.call(asked, given)
    if asked.caller.is_walled and operation.is_logged:
        answer = as_shown(operation, asked, answer)
    if names_accounts(operation):
        answer = with_account_names(answer, asked)
    if is_list(operation):
        answer = linked(answer, asked)
    coding = None if operation.is_plain else coding_for(answer, asked.headers)
    if operation.has_tag:
        answer = validated(answer, asked.headers, asked.language, coding)
    return coded(answer, coding)


# --- commands ---------------------------------------------------------------------------------------------


def command(
    path: str, *errors: str, method: str = "POST", status: int = 201, **more: Any
) -> Callable[[Handler], HTTPRouteHandler]:
    """A handler that carries out a command: ``data`` in its signature is what the body spells.

    ``errors`` are the kinds of problems it may end in beside those that every command may, ``status`` that of a good
    answer.
    """

    def of(handler: Handler) -> HTTPRouteHandler:
        takes = inspect.signature(handler).parameters
        common = WRITE_ERRORS if "recording" in takes else ACTING_ERRORS
        of_bodies = ("unsupported_media",) if method == "POST" else ()
        # A body is read strictly, also one that has nothing to say.
        of_data = ("invalid",) if "data" in takes else ()
        more.update(errors=(*common, *of_bodies, *of_data, *errors), status=status)
        return _route(operation_of(handler, method, path, _carried_out, {}, CONTEXTS, **more), {})

    return of


def _carried_out(operation: Operation, asked: HandledRequest, given: Mapping[str, Any]) -> Reply[Any]:
    """The outcome of a command: its body first, then who acts, then what it spells."""
    queried = {name: value for name, value in given.items() if name not in operation.parts}
    raw = {} if operation.data is None else object_of(asked.body)
    params = {name: _read(part, asked.params[name]) for name, part in operation.parts.items()}
    writing = RequestRecording(asked, raw)
    if operation.data is None:
        return operation.call(writing, {**params, **queried})
    named = {operation.parts[name].field or name: value for name, value in params.items()}
    return operation.call(writing, {**params, "data": data_from(operation.data, named, writing)})


def _read(part: PathPart, text: str) -> Any:
    """What a part of the path says. A year is a number; what is none is left for the field check to name."""
    if part.is_id:
        return part.read(text)
    is_number = text.isascii() and text.isdigit() and len(text) <= 9
    return int(text) if is_number and part.schema_extra and part.schema_extra["type"] == "integer" else text


# --- routes -----------------------------------------------------------------------------------------------


class InThread(AbstractDTO[Any]):
    """Leaves a body as it is: a thread makes of it what it spells, with all faults at once, not the event loop."""

    @classmethod
    def create_for_field_definition(cls, *_: Any, **__: Any) -> None:
        """Nothing is to be made ready."""

    def decode_bytes(self, value: bytes) -> bytes:
        """The bytes."""
        return value

    @classmethod
    def create_openapi_schema(cls, field_definition: Any, *_: Any, **__: Any) -> Reference | Schema:
        """The command, or the commands, that the body spells."""
        kinds = [kind.annotation for kind in field_definition.inner_types] or [field_definition.annotation]
        refs: list[Reference | Schema] = [Reference(ref=REF.format(name=kind.__name__)) for kind in kinds]
        return refs[0] if len(refs) == 1 else Schema(one_of=refs)


class GuardedAsItIs(HTTPRouteHandler):
    """A route whose guards see the handler itself.

    The library makes a copy for each guard of each request, since a guard might change it: a twentieth of a grade's
    answer. What it says of its operation is all that ours read.
    """

    async def authorize_connection(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """Let a request pass that every guard lets pass."""
        for guard in self.resolve_guards():
            await guard(connection, self)  # type: ignore[misc]


def _route(operation: Operation, providers: Mapping[str, Provider]) -> HTTPRouteHandler:
    """The route of an operation: the library calls ``handle`` with what the signature of the handler names."""

    @wraps(operation.handler)
    async def handle(self: Any, **given: Any) -> Reply[Any]:
        asked: HandledRequest = given.pop(operation.context)
        if inspect.iscoroutinefunction(operation.handler):
            if operation.is_logged and asked.caller.is_walled:
                given = await asyncio.to_thread(_watched_before, operation, asked, given)
            reply: Reply[Any] = await operation.handler(self, **{operation.context: asked}, **given)
        else:
            # A thread reads the body.
            given.pop("data", None)
            reply = await asked.desk.answer(operation, asked, given)
        return reply.told_in(asked.language)

    return GuardedAsItIs(
        ROOT + operation.path.replace("}", ":str}"),
        http_method=_methods(operation.method),
        name=operation.id,
        status_code=operation.status,
        dependencies=provided(providers),
        dto=InThread,
        return_dto=None,
        opt={"operation": operation},
    )(handle)


def _watched_before(operation: Operation, asked: HandledRequest, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a handler that answers for itself is given, within the place of whoever asks, who is on record by then."""
    asked.at = asked.desk.copies.primary
    found = once_kept(watched(operation, asked, asked.at, lambda: within_place(operation, asked, given)), asked.at)
    return dict(found)


def _methods(method: str) -> list[HttpMethod]:
    """The methods of a route: what can be read can be asked for without its content (RFC 9110, 9.3.2)."""
    return [HttpMethod.GET, HttpMethod.HEAD] if method == "GET" else [HttpMethod(method)]
