"""The public register, for everybody: who has which published result, what it rests on, and what it showed on a day."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
from litestar import Controller

from domain.law.edition import DeadlineRule
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.filters import RegimeOption, day_meant, places_within, regime_meant, regimes_offered
from interfaces.web.page import PageRequest, PageView, page
from interfaces.wording import encoding, places, words
from interfaces.wording.punctuation import by_commas
from interfaces.wording.texts import Language, say
from interfaces.wording.words import Lexicon

_LINES: Final = 25
_KEPT: Final = ("q", "regime", "region", "year", "as_of")
_RIGHTS: Final = ("objection", "publicity", "challenge")
_YEARS: Final = 6


class PublicRight(NamedTuple):
    """What an agency or anybody may do about a result: in the words of the edition, within which time, and under which
    articles."""

    words: str
    time: str
    cites: str


class RegisterController(Controller):
    """The public register."""

    @page("/register")
    async def show_register(self, page: PageRequest) -> PageView:
        """The agencies of a regime as the register showed them on a day; the regimes where none is clear."""
        regimes = await regimes_offered(page)
        regime = regime_meant(regimes, page.query.get("regime"), page.place)
        if regime is None:
            return PageView("register/regimes.html", {"regimes": _placed(regimes, page.language)})
        asked = {name: page.query.get(name) for name in _KEPT}
        if not page.query.get("q"):
            # Whoever is looked for by name may lie anywhere; else those are listed for whom the regime is made.
            asked["region"] = _region_of(page, regime)
        given: dict[str, Any] = {
            **await _frame(page, regimes, regime),
            "found": None,
            "problem": None,
            "of_draft": None,
        }
        try:
            found = await page.ask(
                "get_public_register",
                **{**asked, "regime": regime.code},
                limit=_LINES,
                cursor=page.query.get("cursor"),
            )
        except ApiRefusal as refusal:
            if refusal.status not in (400, 422):
                raise
            return PageView("register/list.html", {**given, "problem": refusal.problem}, refusal.status)
        return PageView("register/list.html", {**given, "found": found, **_words(page, regime.code, found["as_of"])})

    @page("/register/counts")
    async def show_counts(self, page: PageRequest) -> PageView:
        """How many agencies the register showed with which grade."""
        regimes = await regimes_offered(page)
        regime = regime_meant(regimes, page.query.get("regime"), page.place)
        if regime is None:
            return PageView("register/regimes.html", {"regimes": _placed(regimes, page.language)})
        asked = {"region": _region_of(page, regime), "as_of": page.query.get("as_of")}
        counts = await page.ask("get_public_counts", regime=regime.code, **asked)
        counts["counts"].sort(key=lambda line: regime.rank("agency", line["grade"]))
        given = {**await _frame(page, regimes, regime), "counts": counts}
        return PageView("register/counts.html", {**given, **_words(page, regime.code, counts["as_of"])})

    @page("/register/{subject:str}")
    async def show_agency(self, page: PageRequest, subject: str) -> PageView:
        """Everything that the register showed of one agency on a day."""
        asked = {name: page.query.get(name) for name in ("regime", "as_of")}
        found = await page.ask("get_public_page", subject=subject, **asked)
        regime = found["regime"]
        said = _words(page, regime, found["as_of"])
        lexicon: Lexicon = said["lexicon"]
        return PageView(
            "register/agency.html",
            {
                "found": found,
                "about": list(_about(found, page.language)),
                "regimes": await regimes_offered(page),
                "rights": await _rights(page, regime, lexicon),
                "cites": lambda cites: lexicon.cites(cites, page.language),
                "published": [result["published_on"] for result in found["results"]],
                **said,
            },
        )


async def _frame(page: PageRequest, regimes: list[RegimeOption], regime: RegimeOption) -> dict[str, Any]:
    """What stands above a list and above the counts."""
    today = page.desk.copies.primary.today()
    last = (day_meant(page.query.get("as_of")) or today).year
    return {
        "regimes": regimes,
        "regime": regime,
        "regions": await places_within(page, regime.regions),
        "years": range(last, last - _YEARS, -1),
        "named": {name: page.query.get(name) for name in _KEPT},
        "today": today,
        "of_draft": None,
    }


def _region_of(page: PageRequest, regime: RegimeOption) -> str | None:
    """The place that was chosen, else the one for which the regime is made."""
    return page.query.get("region") or (regime.regions[0] if len(regime.regions) == 1 else None)


def _words(page: PageRequest, regime: str, day: str) -> dict[str, Any]:
    """What the codes of an answer about agencies are called on its day."""
    lexicon, language = page.desk.copies.primary.law.lexicon_of(regime, dt.date.fromisoformat(day)), page.language
    return {
        "lexicon": lexicon,
        "regime_title": lexicon.title(language),
        "of_draft": _of_draft(lexicon, dt.date.fromisoformat(day), language),
        "graded": lambda grade: lexicon.grade(grade, "agency", language),
        "placed": lambda code: places.place(code, language),
        "served": lambda services: by_commas((words.service(code, language) for code in services), language),
    }


def _of_draft(lexicon: Lexicon, day: dt.date, language: Language) -> str | None:
    """What says of a draft by which paper it applied on a day, or that it did not; nothing of what was issued."""
    standing = lexicon.standing
    if standing is None or not standing.draft:
        return None
    applies = standing.in_force_on is not None and standing.in_force_on <= day
    return lexicon.force("in_force" if applies else "draft", language)


def _placed(regimes: list[RegimeOption], language: Language) -> list[tuple[RegimeOption, str]]:
    """The regimes with the places for which they are made; of those of the whole country none."""
    named = ((regime, [places.place(code, language) for code in regime.regions]) for regime in regimes)
    return [(regime, by_commas(places, language) if len(places) < _YEARS else "") for regime, places in named]


def _about(found: JsonAnswer, language: Language) -> Iterator[str]:
    yield say("web_case.head.uscc", language, uscc=found["uscc"])
    yield places.place(found["region"], language)
    if found["services"]:
        services = by_commas((words.service(code, language) for code in found["services"]), language)
        yield say("web_case.head.services", language, services=services)


async def _rights(page: PageRequest, regime: str, lexicon: Lexicon) -> list[PublicRight]:
    """What the edition in force says of objecting, and of the days on which a proposed result is on show."""
    listed: Any = await page.ask("get_rulebooks")
    editions = [book for book in listed if book["regime"] == regime]
    meant = next((book for book in editions if book["force"] == "in_force"), editions[-1] if editions else None)
    if meant is None:
        return []
    rules = (await page.ask("get_rulebook", rulebook=meant["id"]))["deadlines"]
    return [
        PublicRight(
            rule["words"][page.language],
            encoding.term(msgspec.convert(rule, DeadlineRule), page.language),
            lexicon.cites(rule["cites"], page.language),
        )
        for rule in rules
        if rule["kind"] in _RIGHTS and rule["of"] == "agency"
    ]
