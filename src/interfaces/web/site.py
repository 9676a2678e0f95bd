"""The pages, and the files that come with them."""

from functools import cache
from importlib.resources import files
from typing import Final

from litestar import Controller
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler, route
from litestar.params import FromPath

from interfaces.http.asking import headers_of
from interfaces.http.problems import Trouble
from interfaces.http.replying import Reply
from interfaces.http.requests import StrictRequest
from interfaces.http.semantics.codings import coded, coding_for, compressed
from interfaces.web.pages.audit import AuditController
from interfaces.web.pages.case_evidence import CaseEvidenceController
from interfaces.web.pages.case_law import CaseLawController
from interfaces.web.pages.case_procedures import ProcedureController
from interfaces.web.pages.case_what_if import WhatIfController
from interfaces.web.pages.cases import CaseController
from interfaces.web.pages.design import DesignController
from interfaces.web.pages.home import HomeController
from interfaces.web.pages.law.editions import LawController
from interfaces.web.pages.law.notes import LegalNoteController
from interfaces.web.pages.letters import LetterController, LetterOfficeController
from interfaces.web.pages.lists.population import PopulationController
from interfaces.web.pages.lists.register import RegisterController
from interfaces.web.pages.lists.signatures import SignatureController
from interfaces.web.pages.lists.todo import TodoController
from interfaces.web.pages.people.accounts import AccountController
from interfaces.web.pages.people.own_account import OwnAccountController
from interfaces.web.pages.people.preferences import PreferenceController
from interfaces.web.pages.people.sign_in import SignInController
from interfaces.web.pages.recording import RecordingController
from interfaces.web.pages.registering import RegisteringController
from interfaces.web.pages.rehearsals import RehearsalController
from interfaces.web.pages.sheets.imports import ImportController
from interfaces.web.pages.verify import VerifyController
from interfaces.web.pages.years import YearController
from interfaces.web.rendering import fingerprint

_MEDIA: Final = {
    "desk.css": b"text/css; charset=utf-8",
    "desk.js": b"text/javascript; charset=utf-8",
    "htmx.js": b"text/javascript; charset=utf-8",
}
_FOR_EVER: Final = (b"cache-control", b"public, max-age=31536000, immutable")

PAGES: Final[tuple[type[Controller], ...]] = (
    HomeController,
    SignInController,
    PreferenceController,
    DesignController,
    CaseController,
    ProcedureController,
    LetterController,
    LetterOfficeController,
    CaseEvidenceController,
    CaseLawController,
    WhatIfController,
    RecordingController,
    RegisteringController,
    YearController,
    LawController,
    LegalNoteController,
    RehearsalController,
    AuditController,
    AccountController,
    OwnAccountController,
    TodoController,
    SignatureController,
    RegisterController,
    PopulationController,
    ImportController,
    VerifyController,
)
"""The pages, a controller each."""


@route("/assets/{mark:str}/{name:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], sync_to_thread=False)
def get_asset(request: StrictRequest, mark: FromPath[str], name: FromPath[str]) -> Reply[bytes]:
    """A file that comes with the pages. It is kept for ever: with another content it has another address."""
    media = _MEDIA.get(name)
    if media is None or mark != fingerprint(name):
        raise Trouble("not_found")
    found: Reply[bytes] = Reply(200, _content(name), [_FOR_EVER], media)
    return coded(found, coding_for(found, headers_of(request.scope["headers"])), lambda _: _packed(name))


@cache
def _content(name: str) -> bytes:
    return (files("interfaces.web") / "assets" / name).read_bytes()


@cache
def _packed(name: str) -> bytes:
    return compressed(_content(name))


SITE: Final[tuple[type[Controller] | HTTPRouteHandler, ...]] = (*PAGES, get_asset)
"""Everything that a browser is shown."""
