"""Which methods a path takes: what ``OPTIONS`` and a refused method are told.

The library keeps the methods of a path for each group of handlers that it was given: where two controllers, or two
names of a parameter, share a path, its own answer to ``OPTIONS`` names those of one of them.
"""

import re
from collections.abc import Iterable
from typing import Final

from litestar.routes import HTTPRoute
from litestar.routes.base import BaseRoute

from interfaces.http.bodies import ACCEPTED
from interfaces.http.replying import Reply

_PARAMETER: Final = re.compile(r"\{[^}]*\}")


def methods_of(routes: Iterable[BaseRoute]) -> dict[str, tuple[str, ...]]:
    """The methods of every path, whatever the parts are called that vary in it."""
    found: dict[str, set[str]] = {}
    for route in routes:
        if isinstance(route, HTTPRoute):
            found.setdefault(shape_of(route.path_format), set()).update(route.methods)
    return {path: tuple(sorted(methods)) for path, methods in found.items()}


def shape_of(path: str) -> str:
    """A path without the names of the parts that vary."""
    return _PARAMETER.sub("{}", path)


def options_of(methods: Iterable[str]) -> Reply[None]:
    """The answer to ``OPTIONS``."""
    headers = [(b"allow", ", ".join(methods).encode())]
    if "POST" in methods:
        headers.append((b"accept-post", ACCEPTED))
    return Reply(204, b"", headers)
