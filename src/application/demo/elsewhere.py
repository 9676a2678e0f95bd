"""The sample beside Inner Mongolia: a small region for every other regime."""

from typing import Final

from application.demo.city import STAFF
from application.demo.desk import Planned
from application.demo.regimes import eia, jiaxing, lianyungang, ningbo, wenzhou
from application.demo.stories import Stories

_PARTS: Final = (jiaxing, lianyungang, ningbo, wenzhou, eia)

AGENCIES_ELSEWHERE: Final = sum(len(part.SERVICES) for part in _PARTS)
PRACTITIONERS_ELSEWHERE: Final = AGENCIES_ELSEWHERE * STAFF
EXPERTS_ELSEWHERE: Final = wenzhou.EXPERTS
CLIENTS_ELSEWHERE: Final = wenzhou.CLIENTS


def plan_elsewhere(stories: Stories, seed: int) -> list[Planned]:
    """Every command of the small regions, part by part."""
    return [planned for part in _PARTS for planned in part.planned(stories, seed)]
