"""Words: every closed vocabulary of the contract, and the places of China."""

import datetime as dt
from functools import cache
from typing import Final, Literal

import msgspec
from litestar import Controller

from application.cursors import bad_cursor, opened, sealed
from application.law.on_record import editions_on_record
from domain.errors import NotFound
from domain.law.edition import Edition, grade_names
from domain.places import Place, is_within
from domain.sentence import sentence
from domain.values import folded
from interfaces.files.shipped_places import shipped_places
from interfaces.http.handlers import Asking, question
from interfaces.http.parameters import AsOf, LimitRegions, Next, PlaceNamed, WithinRegion, WithTotal
from interfaces.http.replying import REVALIDATE, Reply, reply
from interfaces.http.use_cases import UseCases
from interfaces.wording.vocabularies import NamedCode, vocabularies

PAGE_OF_REGIONS: Final = 500
"""Places on a page when nothing is said: a province with everything in it."""

PlaceLevel = Literal["province", "city", "county"]


class RegimeCodes(msgspec.Struct, frozen=True, kw_only=True):
    """A regime on record: what it is called, for which place it is made, and by kind of subject its grades and risk
    levels."""

    code: str
    zh: str
    en: str
    regions: tuple[str, ...]
    grades: dict[str, tuple[NamedCode, ...]]


class CodesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every closed vocabulary by its name, and the regimes with their grades."""

    codes: dict[str, tuple[NamedCode, ...]]
    regimes: tuple[RegimeCodes, ...]


class PlaceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A place by its GB/T 2260 code: its names, its level, the place it lies in, and its days.

    ``from_on`` and ``until_on`` are the first and the last day under this code and name, where there are such;
    ``former`` says that it does not stand on the day asked about. ``successors`` are the codes that took its place,
    ``formerly`` those whose place it took.
    """

    code: str
    zh: str
    en: str
    full_zh: str
    full_en: str
    level: PlaceLevel
    within: str | None
    from_on: dt.date | None
    until_on: dt.date | None
    former: bool
    successors: tuple[str, ...]
    formerly: tuple[str, ...]


class PlaceList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of places in the order of their codes; ``next`` is the cursor of the following page, ``total`` how
    many there are in all where that was asked for."""

    regions: tuple[PlaceLine, ...]
    as_of: dt.date
    total: int | None
    next: str | None


class PlaceCursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a list of places goes on: after which code, for which question."""

    after: str
    asked: tuple[str | None, str | None, dt.date | None]
    as_of: dt.date


class CodesController(Controller):
    """Words: vocabularies and places."""

    tags = ("law",)

    @question("/codes", "not_yet_there", has_tag=True)
    def get_codes(self, *, asked: Asking) -> Reply[CodesAnswer]:
        """Vocabularies."""
        return reply(CodesAnswer(codes=vocabularies(), regimes=_regimes(asked.at)), REVALIDATE)

    @question("/regions", "not_found", has_tag=True)
    def get_regions(
        self,
        q: PlaceNamed = None,
        within: WithinRegion = None,
        as_of: AsOf = None,
        limit: LimitRegions = PAGE_OF_REGIONS,
        cursor: Next = None,
        total: WithTotal = False,
        *,
        caller: Asking,
    ) -> Reply[PlaceList]:
        """Places."""
        wanted = (q, within, as_of)
        goes_on = PlaceCursor("", wanted, as_of or caller.at.today()) if cursor is None else opened(cursor, PlaceCursor)
        if goes_on.asked != wanted:
            raise bad_cursor("other_question", sentence("errors.cursor.other_question"))
        if within is not None and shipped_places().place(within) is None:
            raise NotFound("region", within)
        key = None if q is None else folded(q)
        every = [
            code
            for code, names in _names()
            if (within is None or is_within(code, within))
            and (key is None or code.startswith(key) or any(key in name for name in names))
        ]
        meant = [code for code in every if code > goes_on.after]
        lines = tuple(_line(code, goes_on.as_of) for code in meant[:limit])
        after = sealed(msgspec.structs.replace(goes_on, after=lines[-1].code)) if len(meant) > limit else None
        return reply(
            PlaceList(regions=lines, as_of=goes_on.as_of, total=len(every) if total else None, next=after), REVALIDATE
        )


def _regimes(at: UseCases) -> tuple[RegimeCodes, ...]:
    """The regimes on record by their newest edition, each with what its grades are called there or in the edition that
    it stands on."""
    editions = {e.adopted.id: at.law.edition(e.adopted) for e in editions_on_record(at.legislation, at.today())}
    newest = {edition.regime: edition for edition in editions.values()}
    return tuple(_regime(newest[regime], editions) for regime in sorted(newest))


def _regime(edition: Edition, editions: dict[str, Edition]) -> RegimeCodes:
    named: dict[str, dict[str, NamedCode]] = {}
    parent = editions.get(edition.parent or "")
    for part in (parent, edition):
        for kind, method in {} if part is None else part.methods.items():
            for code, words in grade_names(method).items():
                named.setdefault(str(kind), {})[code] = NamedCode(code=code, zh=words.zh, en=words.en)
    return RegimeCodes(
        code=edition.regime,
        zh=edition.title.zh,
        en=edition.title.en,
        regions=tuple(region.ljust(6, "0") for region in edition.regions),
        grades={kind: tuple(codes.values()) for kind, codes in named.items()},
    )


@cache
def _names() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every code of the table, in order, with the folded names it has and had."""
    places = shipped_places()
    return tuple(
        (code, tuple(folded(name) for place in places.of(code) for name in (place.zh, place.en) if name))
        for code in sorted(places.codes())
    )


@cache
def _followed() -> dict[str, tuple[str, ...]]:
    """By code, those whose place it took."""
    places, found = shipped_places(), dict[str, tuple[str, ...]]()
    for code in places.codes():
        for place in places.of(code):
            for successor in place.successors:
                found[successor] = (*found.get(successor, ()), code)
    return found


def _line(code: str, day: dt.date) -> PlaceLine:
    places = shipped_places()
    place: Place = places.place(code, day) or places.of(code)[-1]
    return PlaceLine(
        code=code,
        zh=place.zh,
        en=places.name(code, "en", day),
        full_zh=places.full_name(code, "zh", day),
        full_en=places.full_name(code, "en", day),
        level=_level(code),
        within=_above(code),
        from_on=place.from_on,
        until_on=None if place.before_on is None else place.before_on - dt.timedelta(days=1),
        former=not place.stands_on(day),
        successors=place.successors,
        formerly=tuple(dict.fromkeys(_followed().get(code, ()))),
    )


def _level(code: str) -> PlaceLevel:
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def _above(code: str) -> str | None:
    """The place it lies in: its city, or its province where the table has no such city (a municipality's districts)."""
    if code.endswith("0000"):
        return None
    city = f"{code[:4]}00"
    return city if city != code and shipped_places().place(city) is not None else f"{code[:2]}0000"
