"""Every page: axe finds nothing, nothing is cut off on a phone, Tab reaches everything, no browser complains; with a
picture of each in ``build/screenshots`` where they are wanted (``make pictures``)."""

import re
from typing import NamedTuple

import pytest
from litestar.handlers import HTTPRouteHandler

from application.principal import Role
from domain.procedures.facts import SetAsideFact
from interfaces.files.demo_stories import demo_stories
from interfaces.web import site
from tests.browser.access import OF_LOOKS, has_no_axe_violations, look_otherwise, photograph, too_wide, walked
from tests.browser.conftest import NARROW, Desk

pytestmark = pytest.mark.browser

EXAMPLE = demo_stories().example
CASE = f"/cases/{EXAMPLE.subject}"
DISPUTED = next(
    planned.command.fact
    for planned in demo_stories().happened(EXAMPLE.subject)
    if isinstance(planned.command, SetAsideFact)
)
ON_THE_DAY = "as_of=2024-06-30&known_at=2024-06-30"


class Seen(NamedTuple):
    """A page with something on it, and who looks at it."""

    address: str
    role: Role | None = "legal"


PAGES = {
    "home": Seen("/", "officer"),
    "home-of-anybody": Seen("/", None),
    "sign-in": Seen("/sign-in", None),
    "search": Seen("/search?q=环境检测"),
    "search-nothing": Seen("/search?q=没有这样的名称"),
    "case": Seen(f"{CASE}?{ON_THE_DAY}"),
    "case-facts": Seen(f"{CASE}/facts?as_of=2024-06-30"),
    "case-two-axes": Seen(f"{CASE}/facts?draw={DISPUTED}"),
    "case-timeline": Seen(f"{CASE}/timeline"),
    "case-timeline-all": Seen(f"{CASE}/timeline?view=all"),
    "case-procedures": Seen(f"{CASE}/procedures"),
    "case-letters": Seen(f"{CASE}/letters"),
    "letter-office": Seen("/letter-offices/150100-EEB"),
    "case-evidence": Seen(f"{CASE}/evidence"),
    "case-deadlines": Seen(f"{CASE}/deadlines"),
    "case-years": Seen(f"{CASE}/years"),
    "case-measures": Seen(f"{CASE}/measures?{ON_THE_DAY}"),
    "case-staff": Seen(f"{CASE}/staff"),
    "case-what-if": Seen(f"{CASE}/what-if?{ON_THE_DAY}"),
    "record": Seen(f"{CASE}/record", "officer"),
    "record-fact": Seen(f"{CASE}/record/record_fact?row=B11", "officer"),
    "todo": Seen("/todo?as_of=2026-06-30", "officer"),
    "todo-rosters": Seen("/todo?as_of=2026-04-20", "officer"),
    "todo-calendar": Seen("/todo/calendar?month=2026-04&as_of=2026-04-20", "officer"),
    "signatures": Seen("/signatures", "approver"),
    "imports": Seen("/imports", "clerk"),
    "years": Seen("/years", "officer"),
    "year": Seen(f"/years/{EXAMPLE.regime}/2025", "officer"),
    "law": Seen("/law"),
    "law-edition": Seen("/law/ningbo.monitoring@draft"),
    "law-provision": Seen("/law/ningbo.monitoring@draft/provision", role="legal"),
    "law-compared": Seen("/law/ningbo.monitoring@draft/compare"),
    "population": Seen(f"/population?regime={EXAMPLE.regime}&as_of=2024-06-30"),
    "population-places": Seen(f"/population/places?regime={EXAMPLE.regime}&as_of=2024-06-30"),
    "register-regimes": Seen("/register?q=环境检测", None),
    "register": Seen(f"/register?regime={EXAMPLE.regime}&q=环境检测", None),
    "register-counts": Seen(f"/register/counts?regime={EXAMPLE.regime}", None),
    "register-agency": Seen(f"/register/{EXAMPLE.subject}", None),
    "verify": Seen("/verify", None),
    "audit": Seen("/audit", "auditor"),
    "accounts": Seen("/accounts", "administrator"),
    "account": Seen("/accounts/demo-officer", "administrator"),
    "own-account": Seen("/account", "officer"),
    "new-agency": Seen("/cases/new/agency", "clerk"),
    "new-practitioner": Seen("/cases/new/practitioner", "clerk"),
    "rehearsals": Seen("/rehearsals"),
    "rehearsals-new": Seen(f"/rehearsals/new/{EXAMPLE.regime}"),
    "rehearsals-draft": Seen("/rehearsals/draft"),
    "design": Seen("/design", None),
    "purpose": Seen("/purpose", "department"),
    "theme": Seen("/theme", None),
}
"""By the name of its picture."""

OFTEN = {"case", "record-fact"}
"""Those that are looked at by ``make test``; every other one is by ``make test-slow``."""

SEEN = [pytest.param(name, marks=() if name in OFTEN else pytest.mark.slow) for name in PAGES]

IN_STORIES = {
    "/signatures/{decision:str}",
    "/cases/{subject:str}/letters/{letter:str}",
    "/imports/{sheet:str}",
    "/cases/{subject:str}/evidence/{evidence:str}",
    "/rehearsals/{rehearsal:str}",
    "/rehearsals/{rehearsal:str}/compare",
}
"""What stands there only after somebody has done something: stories look at it as these tests do."""


def test_every_page_is_seen() -> None:
    paths = [
        path
        for controller in site.PAGES
        for name, handler in vars(controller).items()
        if isinstance(handler, HTTPRouteHandler) and name.startswith("show_")
        for path in handler.paths
    ]
    # Where two would take an address, the one with fewer parts left open does.
    paths.sort(key=lambda path: path.count("{"))
    patterns = {path: re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)) for path in paths}
    seen = {
        next(path for path, pattern in patterns.items() if pattern.fullmatch(address.partition("?")[0]))
        for address, _ in PAGES.values()
    }
    assert set(paths) - seen == IN_STORIES


@pytest.mark.parametrize("name", SEEN)
def test_everybody_can_use_it(desk: Desk, name: str) -> None:
    page = desk(PAGES[name].role, PAGES[name].address)
    photograph(page, name)
    has_no_axe_violations(page)
    there = walked(page)
    assert (there.missed, there.unmarked, there.covered) == ([], [], [])
    look_otherwise(page, language="en", width=NARROW, dark=True)
    photograph(page, name)
    has_no_axe_violations(page, OF_LOOKS)
    assert too_wide(page) == []


@pytest.mark.parametrize("name", SEEN)
def test_it_works_without_scripts(desk: Desk, name: str) -> None:
    page = desk(PAGES[name].role, PAGES[name].address, language="en", javascript=False)
    photograph(page, name)
    there = walked(page, backwards=True)
    assert (there.missed, there.unmarked, there.covered) == ([], [], [])
    look_otherwise(page, language="zh", width=NARROW, dark=True)
    photograph(page, name)
    assert too_wide(page) == []
