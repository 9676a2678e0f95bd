"""What places and authorities are called: a code of the table of regions as its name, an organ as that of its place."""

from functools import lru_cache
from typing import Final, Literal

from interfaces.files.shipped_places import shipped_places
from interfaces.wording.texts import Language, has, say

Level = Literal["nation", "province", "city", "county"]
"""Of which level an organ is."""

_MUNICIPALITIES: Final = ("11", "12", "31", "50")
"""Where the province is a city: its organs are bureaus."""


@lru_cache(maxsize=4096)
def place(code: str, language: Language) -> str:
    """What a region, city or county is called, with its city; its code where the table has no name."""
    return shipped_places().full_name(code, language)


@lru_cache(maxsize=512)
def around(region: str) -> tuple[str, ...]:
    """The codes of a region with all that lies beside it: the cities of its province and the counties of its city."""
    found = (code for code in shipped_places().codes() if code[:2] == region[:2])
    near = (code for code in found if code.endswith("00") or code[:4] == region[:4])
    return tuple(code for code in near if shipped_places().of(code)[-1].before_on is None)


@lru_cache(maxsize=4096)
def authority(code: str, language: Language) -> str:
    """What an authority (``150100-EEB``) is called: its place and its organ; its code where there is no such organ."""
    where, _, organ = code.rpartition("-")
    level = _level(where)
    if not has(f"organs.level.{level}", organ) or len(where) != 6:
        return code
    called = say(f"organs.level.{level}.{organ}", language)
    if level == "nation":
        return called
    if level == "county" and organ == "EEB":
        city, county = (shipped_places().name(of, language) for of in (f"{where[:4]}00", where))
        return say("organs.branch", language, city=city, county=county, organ=called, place=place(where, language))
    return say("organs.of_place", language, organ=called, place=place(where, language))


def _level(code: str) -> Level:
    """The level of a place; a municipality's organs are a city's."""
    if code == "000000":
        return "nation"
    if code.endswith("0000"):
        return "city" if code[:2] in _MUNICIPALITIES else "province"
    return "city" if code.endswith("00") else "county"
