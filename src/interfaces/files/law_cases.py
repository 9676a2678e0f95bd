"""The worked cases by which each provision of a shipped edition is tried, as the pages of the law tell them."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from domain.vocabulary import Text


class TriedBy(NamedTuple):
    """The first cases of a provision, by what each is about, and how many ``more`` there are."""

    told: tuple[Text, ...]
    more: int


@cache
def law_cases(edition: str) -> Mapping[str, TriedBy]:
    """The cases of an edition by its provisions; none for one that was not shipped. ``make law`` writes the file."""
    found = msgspec.json.decode((files(__package__) / "law-cases.json").read_bytes()).get(edition, {})
    return {
        cite: TriedBy(tuple(Text(zh, en) for zh, en in tried["told"]), tried["more"]) for cite, tried in found.items()
    }
