"""The deadlines that bureaus set themselves where the text gives none: data beside the editions."""

from functools import cache
from importlib.resources import files

import msgspec
import tomli

from domain.law.edition import TimeLimit


@cache
def own_deadlines() -> tuple[TimeLimit, ...]:
    """The time limits of ``own_deadlines.toml``, which cite nothing."""
    raw = tomli.loads((files("application.law") / "own_deadlines.toml").read_text("utf-8"))
    return msgspec.convert(raw["deadline"], tuple[TimeLimit, ...])
