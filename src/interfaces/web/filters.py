"""What a list is narrowed by, for people to pick from by name: regimes with their grades, places, months."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from application.access.gate import holds
from domain.time import SHANGHAI
from interfaces.web.page import PageRequest
from interfaces.wording import places

_MOST_PLACES: Final = 500
_NEARLY_A_MILLISECOND: Final = dt.timedelta(microseconds=999)


class RegimeOption(NamedTuple):
    """A regime on record: what it is called, for which places it is made, and its grades by kind of subject, each as
    code and words."""

    code: str
    title: str
    regions: tuple[str, ...]
    grades: dict[str, tuple[tuple[str, str], ...]]

    def rank(self, kind: str, grade: str | None) -> int:
        """Where a grade stands among those of a kind of subject, in the order of the law; what is none comes last."""
        codes = [code for code, _ in self.grades.get(kind, ())]
        return codes.index(grade) if grade in codes else len(codes)


async def regimes_offered(page: PageRequest) -> list[RegimeOption]:
    """The regimes that hold in the place of whoever looks, or of which there are files in it: every one for the public.
    Those that hold for fewer places stand first. Raises ``ApiRefusal``."""
    told, language = await page.ask("get_codes"), page.language
    found = [
        RegimeOption(
            regime["code"],
            regime[language],
            tuple(regime["regions"]),
            {kind: tuple((g["code"], g[language]) for g in grades) for kind, grades in regime["grades"].items()},
        )
        for regime in told["regimes"]
        if page.place is None or _is_of(regime["regions"], page.place)
    ]
    return sorted(found, key=lambda regime: (len(regime.regions), regime.code))


def regime_meant(regimes: Sequence[RegimeOption], named: str | None, place: str | None) -> RegimeOption | None:
    """The regime that is named; else that made most closely for a place, or the only one there is."""
    if named:
        return next((regime for regime in regimes if regime.code == named), None)
    holding = [regime for regime in regimes if place is not None and _holds_in(regime, place)]
    if holding:
        return holding[0]
    return regimes[0] if len(regimes) == 1 else None


async def places_within(page: PageRequest, regions: Iterable[str]) -> list[tuple[str, str]]:
    """The places of today within one, by code and whole name; of several these alone. Raises ``ApiRefusal``."""
    named = tuple(regions)
    if len(named) == 1:
        side = f"full_{page.language}"
        told = await page.ask("get_regions", within=named[0], limit=_MOST_PLACES)
        return [(place["code"], place[side]) for place in told["regions"] if not place["former"]]
    return [(code, places.place(code, page.language)) for code in named]


def day_meant(text: str | None) -> dt.date | None:
    """A day as it stands in an address; ``None`` for what is none, which the API tells."""
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None


def moment_pinned(known_at: str) -> str:
    """A moment of UTC as a field for one shows it: on the clock of China, to the next millisecond."""
    there = dt.datetime.fromisoformat(known_at).astimezone(SHANGHAI) + _NEARLY_A_MILLISECOND
    return there.replace(tzinfo=None).isoformat(timespec="milliseconds")


def _is_of(regions: Iterable[str], place: str) -> bool:
    return any(holds(region, place) or holds(place, region) for region in regions)


def _holds_in(regime: RegimeOption, place: str) -> bool:
    return any(holds(region, place) for region in regime.regions)
