"""The population: who was what on any day as known at any moment, how many, where, and for which reasons."""

import asyncio
import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, get_args

from litestar import Controller

from application.population.filters import FILTERS
from application.population.ordering import ListSort
from domain.places import is_within
from domain.vocabulary import Service, SubjectKind
from interfaces.http.replying import Reply
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.filters import RegimeOption, moment_pinned, places_within, regime_meant, regimes_offered
from interfaces.web.page import PageRequest, PageView, page
from interfaces.wording import places, words
from interfaces.wording.punctuation import by_commas, by_semicolons
from interfaces.wording.texts import Language, say
from interfaces.wording.words import Lexicon

_LINES: Final = 25
_WHO: Final = tuple(name for name, declared in FILTERS.items() if declared.of != "verdict")
_WHEN: Final = ("as_of", "known_at")
_KEPT: Final = ("regime", "grade", "sort", *_WHO, *_WHEN)
_MOST_CAUSES: Final = 2
_MOST_PLACES: Final = 40
_EVERY: Final = "every"
"""Said in an address where no kind of subject is meant alone."""


class GradedPlace(NamedTuple):
    """A place with how many of its subjects have which grade; without a ``code`` those of a place that are in none of
    the places within it."""

    code: str | None
    name: str
    numbers: dict[tuple[str, str | None, str | None], int]
    total: int


class PopulationController(Controller):
    """The population."""

    @page("/population")
    async def show_population(self, page: PageRequest) -> PageView:
        """How many have which grade, and who they are; with the reasons where a grade was chosen."""
        regimes = await regimes_offered(page)
        regime = regime_meant(regimes, page.query.get("regime"), page.place)
        if regime is None:
            return PageView("population/regimes.html", {"regimes": regimes})
        given = await _frame(page, regimes, regime)
        asked = _narrowed(page, regime, *_WHO, *_WHEN)
        try:
            counts = _in_order(await page.ask("get_subject_counts", regime=regime.code, **asked), regime)
            found = await page.ask(
                "get_subjects",
                regime=regime.code,
                **asked,
                grade=page.query.get("grade"),
                sort=page.query.get("sort"),
                limit=_LINES,
                cursor=page.query.get("cursor"),
            )
        except ApiRefusal as refusal:
            if refusal.status not in (400, 422) or refusal.asks_what_for:
                raise
            return PageView("population/list.html", {**given, "problem": refusal.problem}, refusal.status)
        with_reasons = page.query.get("reasons") == "true" or bool(page.query.get("grade"))
        return PageView(
            "population/list.html",
            {
                **given,
                "problem": None,
                "counts": counts,
                "pinned": moment_pinned(counts["basis"]["known_at"]),
                "found": found,
                "placed": lambda code: places.place(code, page.language),
                "served": lambda services: by_commas(
                    (words.service(s, page.language) for s in services), page.language
                ),
                "with_reasons": with_reasons,
                "reasons": await _reasons(page, found) if with_reasons else {},
            },
        )

    @page("/population/places")
    async def show_places(self, page: PageRequest) -> PageView:
        """How many have which grade in each of the places that lie directly within another."""
        regimes = await regimes_offered(page)
        regime = regime_meant(regimes, page.query.get("regime"), page.place)
        if regime is None:
            return PageView("population/regimes.html", {"regimes": regimes})
        given = await _frame(page, regimes, regime)
        asked = _narrowed(page, regime, *_WHO, *_WHEN)
        whole = _in_order(await page.ask("get_subject_counts", regime=regime.code, **asked), regime)
        region = page.query.get("region") or _own(page, regime)
        below = _below(region, given["regions"])
        answers = [
            await page.ask("get_subject_counts", regime=regime.code, **{**asked, "region": code}) for code, _ in below
        ]
        lines = [
            GradedPlace(code, name, _numbers(answer), answer["total"])
            for (code, name), answer in zip(below, answers, strict=True)
        ]
        if lines and region is not None:
            lines += _directly_in(region, whole, lines, page.language)
        pinned = moment_pinned(whole["basis"]["known_at"])
        told = {"whole": whole, "pinned": pinned, "columns": list(_numbers(whole)), "lines": lines}
        return PageView("population/places.html", {**given, **told})

    @page("/population/export")
    async def export_population(self, page: PageRequest) -> Reply[Any]:
        """The list as a sheet."""
        asked = {name: page.query.get(name) for name in (*_KEPT, "reasons")}
        if asked["kind"] == _EVERY:
            asked["kind"] = None
        return await page.download("export_subjects", **asked, format=page.query.get("format"))


async def _frame(page: PageRequest, regimes: list[RegimeOption], regime: RegimeOption) -> dict[str, Any]:
    """What stands above the list and above the places."""
    named = _narrowed(page, regime, *_KEPT)
    kind = named["kind"]
    kinds = [kind] if kind in regime.grades else [found for found in get_args(SubjectKind) if found in regime.grades]
    grades: dict[str, str] = {}
    for found in kinds:
        for code, text in regime.grades[found]:
            grades.setdefault(code, text)
    within = (page.place,) if page.place is not None and _is_own(page.place, regime) else regime.regions
    return {
        "regimes": regimes,
        "regime": regime,
        "regions": await places_within(page, within),
        "kinds": [code for code in get_args(SubjectKind) if code in regime.grades],
        "grades": list(grades.items()),
        "services": get_args(Service),
        "orders": get_args(ListSort),
        "named": {**named, "regime": regime.code, "kind": named["kind"] or _EVERY},
    }


def _narrowed(page: PageRequest, regime: RegimeOption, *names: str) -> dict[str, str | None]:
    """What was asked for under these names. Who chose no kind of subject is shown agencies: persons have no name in a
    list, and would come first."""
    asked = {name: page.query.get(name) for name in names}
    if "kind" not in page.query and "agency" in regime.grades:
        asked["kind"] = "agency"
    elif asked["kind"] == _EVERY:
        asked["kind"] = None
    return asked


def _is_own(place: str, regime: RegimeOption) -> bool:
    return any(is_within(place, region) for region in regime.regions)


def _own(page: PageRequest, regime: RegimeOption) -> str | None:
    """The place whose parts are compared where none was chosen."""
    if page.place is not None and _is_own(page.place, regime):
        return page.place
    return regime.regions[0] if len(regime.regions) == 1 else None


def _below(region: str | None, every: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The places directly within one: cities of a province, counties of a city; of the whole country its provinces."""
    if region is None:
        return list(every)[:_MOST_PLACES]
    if region.endswith("0000"):
        cities = [(code, name) for code, name in every if is_within(code, region) and code.endswith("00")]
        return [(code, name) for code, name in cities if code != region][:_MOST_PLACES]
    return [(code, name) for code, name in every if is_within(code, region) and code != region][:_MOST_PLACES]


def _in_order(counts: JsonAnswer, regime: RegimeOption) -> JsonAnswer:
    """Counts with the grades of each kind of subject in the order of the law."""
    kinds = get_args(SubjectKind)

    def place(line: JsonAnswer) -> tuple[int, int, str]:
        kind = line["kind"]
        return kinds.index(kind), regime.rank(kind, line["grade"]), line["undetermined"] or ""

    return {**counts, "counts": sorted(counts["counts"], key=place)}


def _numbers(counts: JsonAnswer) -> dict[tuple[str, str | None, str | None], int]:
    return {(line["kind"], line["grade"], line["undetermined"]): line["number"] for line in counts["counts"]}


def _directly_in(region: str, whole: JsonAnswer, lines: Sequence[GradedPlace], language: Language) -> list[GradedPlace]:
    """What is of a place and of none within it, as one more line, so that the lines add up; none where there is
    nothing."""
    rest = whole["total"] - sum(line.total for line in lines)
    if not rest:
        return []
    numbers = {
        column: number - sum(line.numbers.get(column, 0) for line in lines)
        for column, number in _numbers(whole).items()
    }
    called = say("web_population.directly", language, place=places.place(region, language))
    return [GradedPlace(None, called, numbers, rest)]


async def _reasons(page: PageRequest, found: JsonAnswer) -> dict[str, str]:
    """What the grade of each subject of a page rests on, in a line, as far as whoever looks is shown it."""
    basis = found["basis"]

    async def of_one(subject: str) -> str:
        try:
            grade = await page.ask(
                "get_grade",
                subject=subject,
                regime=found["regime"],
                as_of=basis["as_of"],
                known_at=basis["known_at"],
            )
        except ApiRefusal as refusal:
            return str(refusal.problem["detail"])
        return _in_a_line(page, grade)

    subjects = [subject["id"] for subject in found["subjects"]]
    return dict(zip(subjects, await asyncio.gather(*map(of_one, subjects)), strict=True))


def _in_a_line(page: PageRequest, grade: JsonAnswer) -> str:
    lexicon = page.desk.copies.primary.law.lexicon_of(grade["regime"], dt.date.fromisoformat(grade["basis"]["as_of"]))
    counted = sorted((step for step in grade["steps"] if step["counted"]), key=_weight, reverse=True)
    if not counted:
        return say("web_population.nothing_counts", page.language)
    said = by_semicolons(_causes(page, counted[:_MOST_CAUSES], lexicon), page.language)
    if len(counted) > _MOST_CAUSES:
        return say("web_population.and_more", page.language, said=said, more=len(counted) - _MOST_CAUSES)
    return said


def _weight(step: JsonAnswer) -> float:
    """How much a line bears: a direct rating more than any points."""
    try:
        return abs(float(step["effect"]))
    except ValueError:
        return math.inf


def _causes(page: PageRequest, steps: Sequence[JsonAnswer], lexicon: Lexicon) -> Iterator[str]:
    for step in steps:
        paper = (step.get("particulars") or {}).get("document")
        row = "" if step["row"] is None else lexicon.named_row(step["row"], page.language)
        yield by_commas((part for part in (row or step["because"], paper) if part), page.language)
