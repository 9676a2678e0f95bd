"""The board of an evaluation year: how far each agency of a place has come, and one step for all of them."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, get_args

from litestar import Controller

from application.papers.year_lists import ListKind
from domain.places import is_within
from interfaces.http.replying import Reply
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.filters import moment_pinned, places_within
from interfaces.web.ids import without_ids
from interfaces.web.naming import profiles_of
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.rendering import with_capital
from interfaces.wording import places, words

_LINES: Final = 50
_MOST_NAMED: Final = 20
"""Most agencies that are named of those for which a step is refused for one reason."""
_ASKED: Final = ("as_of", "known_at", "stage", "behind")
_KIND: Final = "agency"
"""Whose roster the board is of."""


class YearController(Controller):
    """The board of an evaluation year."""

    @page("/years")
    async def show_years(self, page: PageRequest) -> PageView:
        """The regimes that have evaluation years, each with its last ones."""
        law = page.desk.copies.primary.law
        regimes = (await page.ask("get_codes"))["regimes"]
        this_year = page.desk.copies.primary.today().year
        years = range(this_year, this_year - 4, -1)
        annual = [found for found in regimes if law.lexicon_of(found["code"]).is_annual(_KIND)]
        return PageView("years/years.html", {"regimes": annual, "years": years})

    @page("/years/{regime:str}/{year:str}")
    async def show_year(self, page: PageRequest, regime: str, year: str) -> PageView:
        """How far the year has come, by steps and grades, with what is late."""
        return await _board(page, regime, year)

    @page("/years/{regime:str}/{year:str}/export")
    async def export_year(self, page: PageRequest, regime: str, year: str) -> Reply[Any]:
        """Where each agency stands, as a sheet."""
        asked = {name: page.query.get(name) for name in (*_ASKED, "region", "format")}
        return await page.download("export_progress", regime=regime, year=year, **asked)

    @page("/years/{regime:str}/{year:str}/lists/{listing:str}")
    async def download_list(self, page: PageRequest, regime: str, year: str, listing: str) -> Reply[Any]:
        """A list of the year, as a file."""
        asked = {name: page.query.get(name) for name in ("region", "as_of", "known_at", "number", "format", "language")}
        return await page.download("get_year_list", regime=regime, year=year, listing=listing, **asked)

    @page("/years/{regime:str}/{year:str}", posts=True)
    async def take_step(self, page: PageRequest, regime: str, year: str) -> PageView | GoTo:
        """Try a step for the roster, or take it."""
        form = page.form
        body: dict[str, Any] = {name: form[name] for name in ("region", "dated_on", "received_on") if form.get(name)}
        if form.get("panel", "").strip():
            body["panel"] = [line.strip() for line in form["panel"].splitlines() if line.strip()]
        is_meant = form.get("do") == "record"
        sent = {"idempotency-key": form["key"]} if is_meant and form.get("key") else {}
        more: dict[str, Any] = {} if is_meant else {"dry_run": True}
        stage = form.get("stage", "")
        try:
            told = await page.tell("evaluate_roster", body, sent=sent, regime=regime, year=year, stage=stage, **more)
        except ApiRefusal as refusal:
            return await _board(page, regime, year, refusal=refusal)
        if not is_meant:
            return await _board(page, regime, year, tried=told.answer)
        done = "waits" if told.status == 202 else "taken"
        return GoTo(f"/years/{regime}/{year}?region={body.get('region', '')}&{done}={stage}")


class RefusedStep(NamedTuple):
    """Why a step is refused: for how many, and the first of them, by id and name."""

    why: str
    number: int
    named: list[tuple[str, str]]


class TriedStep(NamedTuple):
    """What a step for the roster would come to: for how many it would be taken, for how many it was before, the
    results by grade, and the refusals by their reasons, those of most agencies first."""

    ready: int
    already: int
    grades: list[tuple[str, int]]
    refused: list[RefusedStep]


async def _preview(page: PageRequest, regime: str, grades: Sequence[str], outcome: JsonAnswer) -> TriedStep:
    lexicon = page.desk.copies.primary.law.lexicon_of(regime)
    ready = [step for step in outcome["subjects"] if step["status"] == "dry_run"]
    reached = Counter(grade for step in ready if (grade := step.get("grade")) is not None)
    named = [(lexicon.grade(grade, _KIND, page.language), reached[grade]) for grade in grades if grade in reached]
    why: dict[str, list[str]] = {}
    for step in outcome["subjects"]:
        if step["status"] == "refused":
            reason = without_ids(step["error"][page.language])
            why.setdefault(reason, []).append(step["subject"])
    shown = {reason: subjects[:_MOST_NAMED] for reason, subjects in why.items()}
    profiles = await profiles_of(page, [subject for subjects in shown.values() for subject in subjects])
    refused = [
        RefusedStep(reason, len(subjects), [(id, profiles.get(id, {}).get("name") or "") for id in shown[reason]])
        for reason, subjects in sorted(why.items(), key=lambda found: -len(found[1]))
    ]
    return TriedStep(len(ready), outcome["counts"].get("already_so", 0), named, refused)


def _will_wait(page: PageRequest) -> bool:
    """Whether the step that was tried is proposed for a signature when it is taken."""
    signing = page.desk.copies.primary.signing
    return page.caller.is_walled and signing.awaits_second(page.form.get("stage", ""), page.form.get("region", ""))


async def _board(
    page: PageRequest, regime: str, year: str, *, refusal: ApiRefusal | None = None, tried: Any = None
) -> PageView:
    region = page.query.get("region") or page.form.get("region")
    asked = {name: page.query[name] for name in (*_ASKED, "cursor") if page.query.get(name)}
    found = await page.ask("get_progress", regime=regime, year=year, region=region, limit=_LINES, **asked)
    lexicon = page.desk.copies.primary.law.lexicon_of(regime)
    stages = [(code, words.stage(code, page.language)) for code in lexicon.stages_of(_KIND)]
    offered = next((r for r in (await page.ask("get_codes"))["regimes"] if r["code"] == regime), None)
    regions = () if offered is None else offered["regions"]
    if page.place is not None and any(is_within(page.place, region) for region in regions):
        regions = (page.place,)
    # In the order of the law.
    grades = [] if offered is None else [grade["code"] for grade in offered["grades"].get(_KIND, ())]
    named = dict([(found["region"], places.place(found["region"], page.language)), *await places_within(page, regions)])
    preview = None if tried is None else await _preview(page, regime, grades, tried)
    given = {
        "found": found,
        "places": list(named.items()),
        # Steps that somebody has come to, in the order of the year.
        "columns": [(code, called) for code, called in stages if code in found["stages"]],
        "rows": [place for place in found["places"] if place["region"] != found["region"]] or found["places"],
        "when": {name: page.query.get(name) for name in ("as_of", "known_at")},
        "pinned": moment_pinned(found["known_at"]),
        "title": lexicon.title(page.language),
        "grades": [(grade, found["grades"][grade]) for grade in grades if grade in found["grades"]],
        "place": places.place(found["region"], page.language),
        "place_of": lambda code: places.place(code, page.language),
        "stages": [(code, with_capital(called)) for code, called in stages],
        "named": dict(stages),
        "filled": page.form,
        "problem": None if refusal is None else refusal.problem,
        "tried": preview,
        "will_wait": preview is not None and _will_wait(page),
        "key": page.form.get("key") or str(uuid.uuid4()),
        "today": dt.date.isoformat(page.desk.copies.primary.today()),
        "may_step": page.may("evaluate_roster"),
        "lists": [code for code in get_args(ListKind) if code in lexicon.stages_of(_KIND)],
    }
    return PageView("years/year.html", given, 200 if refusal is None else refusal.status)
