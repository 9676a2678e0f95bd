"""How a page is answered: who looks at it, in which language, what it asks, and what is sent.

A handler of a page is a coroutine that asks the API (``PageRequest.ask``) and returns a ``PageView`` or a ``GoTo``.
What the API refuses becomes a page that says why and what to do.
"""

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import msgspec
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler, route
from litestar.types import Middleware

from application.access.accounts import UserAccount
from application.access.read_log import LONGEST_PURPOSE, NotLogged, ReadEntry, one_look
from domain.time import iso_utc
from domain.values import personal_number
from interfaces.http.access.callers import NOBODY, Caller
from interfaces.http.asking import headers_of, is_of_this_machine, is_sent_here
from interfaces.http.bodies import taken_in
from interfaces.http.failing import problem, trouble_in
from interfaces.http.languages import preferred
from interfaces.http.problems import Trouble
from interfaces.http.replying import NO_STORE, ROOT, Reply
from interfaces.http.requests import StrictRequest
from interfaces.http.semantics.codings import coded, coding_for
from interfaces.web.asking import ApiCaller, ApiRefusal, ApiReply, JsonAnswer
from interfaces.web.rendering import rendered
from interfaces.wording.texts import Language, both

ACTING_COOKIE: Final = "ecodocket-acting-for"
"""The account in whose name whoever is signed in acts as a deputy. It ends with the browser, and with the session."""

LANGUAGE_COOKIE: Final = "ecodocket-language"
"""In which language whoever sits there reads; without it, what their browser prefers."""

PURPOSE_COOKIE: Final = "ecodocket-purpose"
"""What they look at files for, where their role has to say so. It ends with the browser."""

THEME_COOKIE: Final = "ecodocket-theme"
"""Light or dark, where they chose; without it, what their system prefers."""

HTML: Final = b"text/html; charset=utf-8"

POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    b" base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What a page may load: nothing from anywhere else, and nothing that stands in it."""

MAIN_PAGES: Final = (
    ("/", "home", None),
    ("/todo", "todo", "get_deadlines"),
    ("/signatures", "signatures", "list_decisions"),
    ("/imports", "imports", "get_imports"),
    ("/population", "population", "get_subjects"),
    ("/years", "years", "get_progress"),
    ("/law", "law", "get_rulebooks"),
    ("/register", "register", None),
    ("/audit", "audit", "get_reads"),
    ("/accounts", "accounts", "get_accounts"),
    ("/verify", "verify", None),
)
"""The pages that every page leads to: address, code and the question that stands behind it."""

_SENT: Final = (
    (b"content-security-policy", POLICY),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_THEMES: Final = ("light", "dark")
_OF_THE_SESSION: Final = ("/sign-out", "/acting")
"""Forms that are sent in nobody's name: one gets out of another's name by them, whatever it is by now."""
_MOST_FIELDS: Final = 400

E = TypeVar("E", bound=Exception)
H = TypeVar("H", bound=Callable[..., Awaitable["PageView | GoTo | Reply[Any]"]])


class PageView(NamedTuple):
    """A page: its template, and what that is given. ``at`` is the path at which it is looked at, where its form was
    sent to another one, which leads to nothing by itself."""

    template: str
    given: Mapping[str, Any] = {}
    status: int = 200
    headers: Sequence[tuple[bytes, bytes]] = ()
    at: str | None = None


RELOAD: Final = (b"hx-refresh", b"true")
"""Says to a page that asked for a part of itself that it is another one by now, and to be loaded whole."""


class GoTo(NamedTuple):
    """The address at which it goes on (303): whatever was sent has been taken, and Back sends nothing again."""

    address: str
    headers: Sequence[tuple[bytes, bytes]] = ()


class PageRequest:
    """One request for a page."""

    def __init__(self, request: StrictRequest) -> None:
        scope = request.scope
        headers = headers_of(scope["headers"])
        self.caller: Caller = scope["user"]
        self.desk = request.app.state.desk
        if not is_sent_here(headers, request.app.state.exposure.hosts if self.caller.is_walled else ()):
            raise Trouble("misdirected")
        self.path: str = scope["path"]
        self._is_form = scope["method"] == HttpMethod.POST
        self.query = _pairs(scope["query_string"].decode("latin-1"))
        self.cookies = request.cookies
        self.is_secure = scope["scheme"] == "https"
        client = scope["client"]
        self.is_local = is_of_this_machine(client[0] if client else None, headers)
        self.language = self._language(headers)
        self.purpose = _purpose(self.cookies.get(PURPOSE_COOKIE))
        self.may_act_for: list[UserAccount] = []
        self.acting_for: UserAccount | None = None
        self.acts_no_more = False
        self.is_unknown = False
        self.form: dict[str, str] = {}
        self.several: dict[str, list[str]] = {}
        self.headers = headers
        forwarded = (b"host", *(name for name in headers if name in (b"forwarded", b"x-forwarded-for", b"via")))
        self._forwarded = {name: headers[name] for name in forwarded if name in headers}
        self._looked: list[ReadEntry] = []
        self._asking = self._asked_by(self.caller)

    def _asked_by(self, caller: Caller) -> ApiCaller:
        return ApiCaller(
            self.desk,
            caller,
            self.language,
            is_local=self.is_local,
            is_secure=self.is_secure,
            headers=self._forwarded,
            purpose=self.purpose,
            looked=self._looked,
        )

    async def put_on_record(self) -> None:
        """Put on record what was looked at, as one look, before anything of it is sent. Raises ``NotLogged``."""
        entries, self._looked[:] = one_look(self._looked), []
        if entries:
            await asyncio.to_thread(self.desk.copies.primary.watching.write, *entries)

    def _language(self, headers: Mapping[bytes, bytes]) -> Language:
        chosen = self.query.get("lang") or self.cookies.get(LANGUAGE_COOKIE)
        if chosen in ("zh", "en"):
            return "zh" if chosen == "zh" else "en"
        return preferred(headers.get(b"accept-language", b""))

    async def act_for(self) -> None:
        """Find out for whom one may act, and act for the one whom the browser names. One who may so no more is
        themselves again, and is told."""
        known = self.caller.known
        if known is None or known.held.kind != "session" or known.principal.through is not None:
            return
        self.may_act_for = await asyncio.to_thread(self.desk.door.represented_by, known.account)
        named = self.cookies.get(ACTING_COOKIE)
        if named is None:
            return
        self.acting_for = next((account for account in self.may_act_for if account.id == named), None)
        self.acts_no_more = self.acting_for is None
        if self.acting_for is not None:
            principal = self.acting_for.principal._replace(through=known.account.id)
            self.caller = self.caller._replace(principal=principal, known=known._replace(principal=principal))
            self._asking = self._asked_by(self.caller)

    def ask_as(self, caller: Caller) -> None:
        """Ask in the place of somebody else from now on, who says no purpose: whatever came with the request besides
        does not count."""
        self.caller, self.purpose = caller, None
        self._asking = self._asked_by(caller)

    @property
    def is_watched(self) -> bool:
        """Whether a page that is shown asks how far it has come, by itself."""
        return self.headers.get(b"hx-target") == b"progress"

    # --- what it asks ---------------------------------------------------------------------------------------

    def may(self, operation: str) -> bool:
        """Whether whoever looks at it may ask that at all."""
        return self._asking.may(operation)

    def may_at_once(self, operation: str) -> bool:
        """Whether they may ask it without saying first what for: what a page asks by itself is nobody's question, and
        its refusal does not belong into the read log."""
        return self.may(operation) and not self._asking.must_say_what_for(operation)

    async def ask(self, operation: str, /, **given: Any) -> JsonAnswer:
        """The answer to a question of the API. Raises ``ApiRefusal``."""
        return await self._asking.ask(operation, **given)

    async def ask_if_allowed(self, operation: str, /, **given: Any) -> JsonAnswer | None:
        """The answer; ``None`` where the role of whoever looks may not ask. Raises ``ApiRefusal`` for anything else."""
        return await self.ask(operation, **given) if self.may(operation) else None

    async def tell(self, operation: str, body: JsonAnswer | bytes | None, /, **given: Any) -> ApiReply:
        """Have a command carried out in the place of whoever sent the form. Raises ``ApiRefusal``."""
        sent = dict(given.pop("sent", {}))
        if not self.caller.is_walled and self.form.get("actor"):
            sent["x-actor"] = self.form["actor"]
        return await self._asking.tell(operation, body, sent=sent, **given)

    async def download(self, operation: str, /, **given: Any) -> Reply[Any]:
        """The file that is the answer to a question, to be sent on. Raises ``ApiRefusal``."""
        return await self._asking.download(operation, **given)

    # --- what was sent with it ------------------------------------------------------------------------------

    async def read_form(self, request: StrictRequest) -> None:
        """Read the fields of a form, which must come from a page of ours. Raises a problem."""
        if self.headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != (
            b"application/x-www-form-urlencoded"
        ):
            raise Trouble("unsupported_media")
        body = (await taken_in(request.receive)).decode("utf-8", "replace")
        self.form, self.several = _pairs(body), _several(body)
        self.must_be_ours(self.form.get("csrf", ""))

    def must_be_ours(self, sent: str) -> None:
        """Raise a problem for a form that another site had sent: it bears no code of the session, or comes from
        elsewhere where there is no session; and for one that was opened in another name than one acts in by now."""
        known = self.caller.known
        if known is not None and known.held.kind == "session":
            code, _, name = sent.partition("~")
            if not hmac.compare_digest(code.encode(), known.held.csrf.encode()):
                raise Trouble("forbidden", both("web.problem.other_session"), code="csrf")
            if self.path not in _OF_THE_SESSION and name != self._acting_id:
                raise Trouble("forbidden", both("web.acting.changed"), code="acts_for_another")
        elif not self._comes_from_here():
            raise Trouble("forbidden", both("web.problem.other_site"), code="csrf")

    def _comes_from_here(self) -> bool:
        """Whether the page that sent it stands at the host it was sent to: a browser says so with every form."""
        origin = self.headers.get(b"origin")
        return origin is not None and urlsplit(origin.decode("latin-1")).netloc.encode() == self.headers.get(b"host")

    # --- what is sent ---------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Where it stands, with its query."""
        return self.path + _query_of(self.query)

    def stand_at(self, address: str) -> None:
        """Show from now on what stands at an address of this site: the page on which a form stood."""
        found = urlsplit(address)
        self.path, self.query = found.path, _pairs(found.query)

    @property
    def _goes_on_at(self) -> str:
        """Where one goes on after signing in: at the page that a form stood on, else at what was asked for."""
        came_from = urlsplit(self.headers.get(b"referer", b"").decode("latin-1"))
        if self._is_form and came_from.netloc.encode() == self.headers.get(b"host"):
            return came_from.path + _query_of(_pairs(came_from.query))
        return self.address

    @property
    def place(self) -> str | None:
        """The region code of the place of whoever looks; ``None`` for one who has not signed in."""
        return None if self.caller.known is None else self.caller.principal.place

    @property
    def account(self) -> str | None:
        """The account in whose name whoever looks acts: their own, or that of whom they stand in for."""
        return None if self.caller.known is None else self.caller.principal.name

    @property
    def _acting_id(self) -> str:
        return "" if self.acting_for is None else self.acting_for.id

    @property
    def places(self) -> list[tuple[str, str]]:
        """The pages that every page leads to, as far as whoever looks may ask what stands there: address and code."""
        return [(address, code) for address, code, operation in MAIN_PAGES if operation is None or self.may(operation)]

    @property
    def _code(self) -> str:
        """What a form bears: the code of the session, and in whose name it was opened."""
        known = self.caller.known
        if known is None:
            return ""
        return f"{known.held.csrf}~{self._acting_id}" if self.acting_for is not None else known.held.csrf

    def shown(self, view: PageView) -> Reply[Any]:
        """The page as it is sent, never kept by anybody: what it shows depends on who looks at it."""
        known = self.caller.known
        self.path = self.path if view.at is None else view.at
        theme = self.cookies.get(THEME_COOKIE)
        body = rendered(
            view.template,
            self.language,
            {
                "page": self,
                "path": self.path,
                "params": self.query,
                "account": known.account if known is not None else None,
                "csrf": self._code,
                "theme": theme if theme in _THEMES else None,
                "is_open": not self.caller.is_walled,
                "printed_at": iso_utc(self.desk.copies.primary.clock.now()),
                **view.given,
            },
        )
        found: Reply[Any] = Reply(view.status, body, [NO_STORE, *_SENT, *view.headers], HTML)
        if self.acts_no_more:
            found.sent.append((b"set-cookie", self.kept(ACTING_COOKIE, "", 0)))
        chosen = self.query.get("lang")
        if chosen in ("zh", "en"):
            found.sent.append((b"set-cookie", self.kept(LANGUAGE_COOKIE, chosen, 31_536_000)))
        return coded(found.told_in(self.language), coding_for(found, self.headers))

    def kept(self, name: str, value: str, seconds: int | None = None) -> bytes:
        """A cookie of ours, for this site alone."""
        age = "" if seconds is None else f"; Max-Age={seconds}"
        secure = "; Secure" if self.is_secure else ""
        return f"{name}={quote(value, safe='')}; Path=/; HttpOnly; SameSite=Strict{age}{secure}".encode()

    async def joined(self, refusal: ApiRefusal) -> JsonAnswer | None:
        """The file in which one goes on that is asked for, as far as whoever looks may read it; ``None`` for any other
        refusal."""
        told: JsonAnswer | None = refusal.problem.get("joined")
        if told is None:
            return None
        try:
            profile = await self.ask_if_allowed("get_profile", subject=told["into"])
            await self.put_on_record()
        except (ApiRefusal, NotLogged):
            profile = None
        return {**told, "profile": profile}

    def refused(self, refusal: ApiRefusal, joined: JsonAnswer | None = None) -> Reply[Any]:
        """What is shown instead: where to sign in, what is asked for, or why not."""
        told = refusal.problem
        if refusal.status == 401 and self.caller.known is None:
            return _sent_to(GoTo(f"/sign-in?to={quote(self._goes_on_at, safe='')}"))
        if refusal.asks_what_for:
            view = PageView("purpose.html", {"most": LONGEST_PURPOSE, "to": self.address}, 403)
            return self.shown(view)
        if joined is not None:
            return self.shown(PageView("joined.html", {"joined": joined}, refusal.status))
        return self.shown(PageView("problem.html", {"problem": told}, refusal.status))


def page(
    path: str, *, posts: bool = False, takes_file: bool = False, middleware: Sequence[Middleware] = ()
) -> Callable[[H], HTTPRouteHandler]:
    """A handler that answers with a page; one that ``posts`` is sent a form, and goes on elsewhere when it is taken.

    A form that ``takes_file`` is read by its handler, which calls ``PageRequest.must_be_ours`` before anything else.
    """

    def of(handler: H) -> HTTPRouteHandler:
        @wraps(handler)
        async def handle(self: Any, request: StrictRequest) -> Reply[Any]:
            parts = request.scope["path_params"]
            found = PageRequest(request)
            try:
                await found.act_for()
                if posts and not takes_file:
                    await found.read_form(request)
                try:
                    done = await handler(self, found, **({"request": request} if takes_file else {}), **parts)
                finally:
                    await found.put_on_record()
                if isinstance(done, PageView):
                    return await asyncio.to_thread(found.shown, done)
            except ApiRefusal as refusal:
                return await asyncio.to_thread(found.refused, refusal, await found.joined(refusal))
            except Exception as error:  # noqa: BLE001 - told as everywhere
                trouble = trouble_in(error, is_write=posts)
                told = problem(trouble, found.path, found.language)
                return await asyncio.to_thread(found.refused, refusal_in(told))
            return _sent_to(done) if isinstance(done, GoTo) else done

        handle.__annotations__ = {"self": Any, "request": StrictRequest, "return": Reply[Any]}
        del handle.__wrapped__
        methods = [HttpMethod.POST] if posts else [HttpMethod.GET, HttpMethod.HEAD]
        return route(
            path,
            http_method=methods,
            name=f"page:{handler.__qualname__}",
            status_code=200,
            opt={"is_form": posts},
            middleware=list(middleware),
            return_dto=None,
        )(handle)

    return of


def told_as_page(handler: Callable[[Any, E], Reply[Any]]) -> Callable[[Any, E], Reply[Any]]:
    """An exception handler of the API that answers a browser with a page."""

    def told(request: StrictRequest, error: E) -> Reply[Any]:
        answer = handler(request, error)
        accepted = headers_of(request.scope["headers"]).get(b"accept", b"")
        if request.scope["path"].startswith(f"{ROOT}/") or b"text/html" not in accepted or answer.status == 421:
            return answer
        # Where no page is nobody has found out who asks.
        is_unknown = "user" not in request.scope
        request.scope.setdefault("user", NOBODY)
        try:
            found = PageRequest(request)
            found.is_unknown = is_unknown
            return found.refused(refusal_in(answer))
        except Trouble:
            return answer

    return told


def refusal_in(reply: Reply[Any]) -> ApiRefusal:
    """A problem that was made here, as a page meets those of the API."""
    return ApiRefusal(reply.status, msgspec.json.decode(reply.body))


def own_address(address: str | None) -> str:
    """An address that was sent with a form, where it leads to a page of this site; the first page for any other."""
    is_own = address is not None and re.fullmatch(r"/(?![/\\])[^\\\x00-\x20]*", address) is not None
    return address if is_own and address is not None else "/"


def _sent_to(found: GoTo) -> Reply[Any]:
    headers = [NO_STORE, *found.headers, (b"location", found.address.encode())]
    return Reply(303, b"", headers, b"text/plain; charset=utf-8")


def _pairs(text: str) -> dict[str, str]:
    """The fields by name; of those sent twice the last counts. Raises a problem for too many."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise Trouble("too_large") from None


def _several(text: str) -> dict[str, list[str]]:
    """The values of the fields of which several may be chosen: a form names them with a star behind."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, errors="replace", max_num_fields=_MOST_FIELDS):
        if name.endswith("*"):
            found.setdefault(name[:-1], []).append(value)
    return found


def _query_of(given: Mapping[str, str]) -> str:
    pairs = "&".join(f"{quote(n, safe='')}={quote(v, safe='')}" for n, v in given.items() if n != "lang")
    return f"?{pairs}" if pairs else ""


def is_purpose(text: str) -> bool:
    """Whether a text can be what files are looked at for: a line, and no number of a person."""
    return 1 <= len(text) <= LONGEST_PURPOSE and text.isprintable() and personal_number(text) is None


def _purpose(kept: str | None) -> str | None:
    """What was said; what cannot be a purpose counts as nothing said."""
    text = unquote(kept or "").strip()
    return text if is_purpose(text) else None
