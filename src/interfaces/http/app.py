"""The Litestar application: the controllers, what their handlers depend on, and a problem for whatever goes wrong."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler, route
from litestar.params import FromPath

from interfaces.http import desk, explorer
from interfaces.http.access.authentication import Authentication
from interfaces.http.access.exposure import UNEXPOSED, Exposure, over_tls_alone
from interfaces.http.access.guarding import within_role
from interfaces.http.access.provider_pages import provider_pages
from interfaces.http.asking import headers_of, is_sent_here
from interfaces.http.bodies import MAX_BODY
from interfaces.http.controllers import CONTROLLERS
from interfaces.http.describing import OPERATIONS, document
from interfaces.http.desk import Call, Copies, Desk, Elsewhere
from interfaces.http.failing import failed, no_route
from interfaces.http.handlers import CONTEXTS, before_handler, provided
from interfaces.http.health import Watch, probe_of
from interfaces.http.problems import PROBLEM_KINDS, Trouble
from interfaces.http.replying import ROOT, Reply, reply
from interfaces.http.requests import StrictRequest
from interfaces.http.semantics.codings import coded, coding_for, compressed
from interfaces.http.semantics.event_streams import EventStreams
from interfaces.http.semantics.methods import methods_of
from interfaces.http.semantics.origins import shared_with, vary_by_origin
from interfaces.http.semantics.validators import validated
from interfaces.http.use_cases import UseCases
from interfaces.standbys import Standbys
from interfaces.web.page import told_as_page
from interfaces.web.site import SITE
from interfaces.wording import texts

_PACKED: Final = lru_cache(maxsize=8)(compressed)
"""Pages are the same for everybody, so that each is compressed once. No other answer is kept: it may be erased."""

_READING: Final = (HttpMethod.GET, HttpMethod.HEAD)
_DESCRIPTION: Final = f"{ROOT}/openapi.json"


def create_app(
    primary: UseCases,
    standbys: Standbys[UseCases] | None = None,
    elsewhere: Elsewhere | None = None,
    streams: EventStreams | None = None,
) -> Litestar:
    """The API under ``/api/v1``, its description and explorer, and the pages of the problem types.

    ``standbys`` are where questions are answered first, ``elsewhere`` where those that compute for long are, and
    ``streams`` who tells what is new.
    """
    return app_at(desk_over(primary, standbys, elsewhere, streams))


def desk_over(
    primary: UseCases,
    standbys: Standbys[UseCases] | None = None,
    elsewhere: Elsewhere | None = None,
    streams: EventStreams | None = None,
) -> Desk:
    """Who works on the requests over a copy of the product."""
    copies = _copies(primary, standbys)
    return Desk(copies, Watch(probe_of(copies.primary)), streams or EventStreams(primary.feed), elsewhere)


def app_at(at_desk: Desk, origins: Sequence[str] = (), exposure: Exposure = UNEXPOSED) -> Litestar:
    """The application that hands every request to a desk, which it keeps as ``state.desk``, and is as far exposed as
    ``state.exposure`` says.

    Pages of ``origins`` may read what it answers.
    """
    texts.read_all()
    app = Litestar(
        route_handlers=[*CONTROLLERS, *_pages(), *provider_pages(ROOT), get_description, get_problem, *SITE],
        dependencies=provided(CONTEXTS),
        request_class=StrictRequest,
        before_request=before_handler,
        middleware=[Authentication],
        guards=[within_role],
        exception_handlers={HTTPException: told_as_page(no_route), Exception: told_as_page(failed)},
        state=State({"desk": at_desk, "exposure": exposure}),
        on_shutdown=[at_desk.close],
        cors_config=shared_with(origins),
        before_send=[over_tls_alone, *([vary_by_origin] if origins else [])],
        # The description is made where somebody asks for it: see ``describing``.
        openapi_config=None,
        # What is worth a line is logged here, without bodies.
        logging_config=None,
        request_max_body_size=MAX_BODY,
    )
    app.debug = False
    app.state.methods = methods_of(app.routes)
    return app


def long_answers_of(
    primary: UseCases, standbys: Standbys[UseCases] | None = None
) -> Callable[[str, float, Call], Reply[Any]]:
    """What answers, in a process of its own, the operations that compute for long."""
    return desk.long_answers(_copies(primary, standbys), {o.id: o for o in OPERATIONS if o.is_long})


def _copies(primary: UseCases, standbys: Standbys[UseCases] | None) -> Copies:
    standbys = standbys or Standbys()
    return Copies(replace(primary, standings=standbys.standings), standbys)


# --- fixed pages ------------------------------------------------------------------------------------------


def _pages() -> list[HTTPRouteHandler]:
    return [_fixed(path, reply) for path, reply in explorer.pages(ROOT)]


def _fixed(path: str, reply: Reply[bytes]) -> HTTPRouteHandler:
    def get_page(request: StrictRequest) -> Reply[bytes]:
        _must_be_sent_here(request)
        return _kept(request, reply)

    # A large page is compressed when it is first asked for.
    return route(path, http_method=_READING, sync_to_thread=True)(get_page)


@route(_DESCRIPTION, http_method=_READING, sync_to_thread=True)
def get_description(request: StrictRequest) -> Reply[bytes]:
    """The description of the API. It takes a second to make, in a thread, and is kept."""
    _must_be_sent_here(request)
    return _kept(request, Reply(200, document(), [explorer.FRESH]))


@route("/problems/{code:str}", http_method=_READING, sync_to_thread=False)
def get_problem(code: FromPath[str]) -> Reply[dict[str, Any]]:
    """What a type of problem means."""
    kind = PROBLEM_KINDS.get(code)
    if kind is None:
        raise Trouble("not_found")
    return reply(
        {
            "type": f"/problems/{code}",
            "status": kind.status,
            "title": {"zh": kind.title.zh, "en": kind.title.en},
            "meaning": {"zh": kind.meaning.zh, "en": kind.meaning.en},
        }
    )


def _kept(request: StrictRequest, page: Reply[bytes]) -> Reply[bytes]:
    """A page with its tag, compressed where that is worth it; it is the same in every language."""
    if page.status != 200:
        return page
    whole = copy(page)
    whole.sent = [*page.sent]
    headers = headers_of(request.scope["headers"])
    coding = coding_for(whole, headers)
    return coded(validated(whole, headers, "zh", coding), coding, _PACKED)


def _must_be_sent_here(request: Request[Any, Any, Any]) -> None:
    if not is_sent_here(headers_of(request.scope["headers"]), request.app.state.exposure.hosts):
        raise Trouble("misdirected")
