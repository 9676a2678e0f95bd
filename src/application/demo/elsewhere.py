"""The sample beside Inner Mongolia: a small region for every other regime, and one agency under several."""

from typing import Final

from application.demo import several
from application.demo.city import STAFF
from application.demo.desk import Planned, day
from application.demo.regimes import eia, jiaxing, lianyungang, ningbo, wenzhou

_PARTS: Final = (jiaxing, lianyungang, ningbo, wenzhou, eia)

STORIES: Final = (*several.STORIES, *(story for part in _PARTS for story in part.STORIES))
"""The cases of all of them."""

_SHOWN: Final = {
    "jiaxing_falsified": "2024-08-15",
    "lianyungang_snapshot": "2024-06-30",
    "ningbo_falsified": "2025-08-18",
    "wenzhou_blacklist": "2024-08-01",
    "eia_listed": "2024-09-18",
}

ONE_EACH: Final = tuple((story, day(_SHOWN[story.id])) for story in STORIES if story.id in _SHOWN)
"""One case of every regime, with the day to ask about first."""

SIDE_BY_SIDE: Final = (several.STORIES[0], day("2025-09-02"))
"""The case to be seen under every regime, with the day."""

AGENCIES: Final = sum(len(part.SERVICES) for part in _PARTS)
PRACTITIONERS: Final = AGENCIES * STAFF
EXPERTS: Final = wenzhou.EXPERTS
CLIENTS: Final = wenzhou.CLIENTS


def plan(seed: int) -> list[Planned]:
    """Every command of the small regions, part by part."""
    return [planned for part in (*_PARTS, several) for planned in part.planned(seed)]
