"""An edition with one line left out or one figure moved, for every line and figure: which faults are found where."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Final

from domain.law.lint import lint
from domain.law.parse import RulebookError, RulebookProblem, parse_edition
from tests.domain.law.test_rulebook_lint_methods import SOUND
from tests.support.digests import Section, digest_of

_FIGURE: Final = re.compile(r"(?<![\w.\"-])-?\d+(?:\.\d+)?(?![\w.\"-])")


def variants(text: str) -> Iterator[str]:
    """The text without each of its lines, and with each figure one less and one more."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if line and not line.startswith("#"):
            yield "\n".join([*lines[:at], *lines[at + 1 :]])
            for figure in _FIGURE.finditer(line):
                for moved in (Decimal(figure[0]) - 1, Decimal(figure[0]) + 1):
                    other = f"{line[: figure.start()]}{moved}{line[figure.end() :]}"
                    yield "\n".join([*lines[:at], other, *lines[at + 1 :]])


def digest_of_faults(name: str) -> str:
    """The digest of the places and lines of all faults of all variants."""
    return digest_of([[[p.place, p.line] for p in _problems(text)] for text in variants(SOUND[name])])


def _problems(text: str) -> tuple[RulebookProblem, ...]:
    try:
        return lint(parse_edition(text, "test.toml"), text)
    except RulebookError as error:
        return error.problems


SECTION: Final[Section] = {name: partial(digest_of_faults, name) for name in SOUND}
