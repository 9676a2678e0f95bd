"""The sample beside Inner Mongolia: a small region for every other regime, and one agency under several."""

from typing import Final

from application.sample import eia, jiaxing, lianyungang, ningbo, several, wenzhou
from application.sample.city import STAFF
from application.sample.desk import Planned

_PARTS: Final = (jiaxing, lianyungang, ningbo, wenzhou, eia)

STORIES: Final = (*several.STORIES, *(story for part in _PARTS for story in part.STORIES))
"""The cases of all of them."""

AGENCIES: Final = sum(len(part.SERVICES) for part in _PARTS)
PRACTITIONERS: Final = AGENCIES * STAFF
EXPERTS: Final = wenzhou.EXPERTS
CLIENTS: Final = wenzhou.CLIENTS


def plan(seed: int) -> list[Planned]:
    """Every command of the small regions, part by part."""
    return [planned for part in (*_PARTS, several) for planned in part.planned(seed)]
