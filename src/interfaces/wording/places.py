"""What places and authorities are called: a code of the table of regions as its name, an organ as that of its place."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from domain.vocabulary import Text
from interfaces.files.shipped import shipped_places
from interfaces.wording.texts import Language, said

_ORGANS: Final[Mapping[str, tuple[Text, Text, Text, Text]]] = {
    "EEB": (
        Text("生态环境部", "Ministry of Ecology and Environment"),
        Text("生态环境厅", "department of ecology and environment"),
        Text("生态环境局", "bureau of ecology and environment"),
        Text("生态环境分局", "branch bureau of ecology and environment"),
    ),
    "MSA": (
        Text("国家市场监督管理总局", "State Administration for Market Regulation"),
        Text("市场监督管理局", "administration for market regulation"),
        Text("市场监督管理局", "administration for market regulation"),
        Text("市场监督管理局", "administration for market regulation"),
    ),
    "PSB": (
        Text("公安部", "Ministry of Public Security"),
        Text("公安厅", "department of public security"),
        Text("公安局", "public security bureau"),
        Text("公安局", "public security bureau"),
    ),
    "AUD": (
        Text("审计署", "National Audit Office"),
        Text("审计厅", "department of audit"),
        Text("审计局", "audit bureau"),
        Text("审计局", "audit bureau"),
    ),
    "DIS": (
        Text("中央纪委国家监委", "central organs of discipline and supervision"),
        Text("纪委监委", "organs of discipline and supervision"),
        Text("纪委监委", "organs of discipline and supervision"),
        Text("纪委监委", "organs of discipline and supervision"),
    ),
    "CRT": (
        Text("最高人民法院", "Supreme People's Court"),
        Text("高级人民法院", "high people's court"),
        Text("中级人民法院", "intermediate people's court"),
        Text("人民法院", "people's court"),
    ),
}
"""The organs of the nation, a province, a city and a county."""

_MUNICIPALITIES: Final = ("11", "12", "31", "50")
"""Where the province is a city: its organs are bureaus."""


@lru_cache(maxsize=4096)
def place(code: str, language: Language) -> str:
    """What a region, city or county is called, with its city; its code where the table has no name."""
    return shipped_places().full_name(code, language)


@lru_cache(maxsize=4096)
def authority(code: str, language: Language) -> str:
    """What an authority (``150100-EEB``) is called: its place and its organ; its code where there is no such organ."""
    where, _, organ = code.rpartition("-")
    names = _ORGANS.get(organ)
    if names is None or len(where) != 6:
        return code
    level = _level(where)
    called = said(names[level], language)
    if level == 0:
        return called
    if level == 3 and organ == "EEB" and language == "zh":
        # The bureau of a county is a branch of its city's.
        city, own = (shipped_places().name(of, "zh") for of in (f"{where[:4]}00", where))
        return f"{city}生态环境局{own}分局"
    if language == "zh":
        return f"{place(where, 'zh')}{called}"
    return f"{called}, {place(where, 'en')}"


def _level(code: str) -> int:
    """Of the nation (0), a province (1), a city (2) or a county (3); a municipality's organs are a city's."""
    if code == "000000":
        return 0
    if code.endswith("0000"):
        return 2 if code[:2] in _MUNICIPALITIES else 1
    return 2 if code.endswith("00") else 3
