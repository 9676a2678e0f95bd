"""One command line as a test runs it, and what it said."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


class Said(NamedTuple):
    """The exit status, standard output and standard error."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Ask = Callable[..., Said]
"""Runs a command line; named arguments are texts of YAML files of that name, written to the current folder first."""
