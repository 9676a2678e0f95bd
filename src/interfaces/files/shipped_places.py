"""The table of places that travels with the product."""

from functools import cache
from importlib.resources import files

from domain.places import Places


@cache
def shipped_places() -> Places:
    """The table of places, read when it is first asked for."""
    return Places(lambda: (files("domain") / "regions" / "regions.tsv").read_text("utf-8"))
