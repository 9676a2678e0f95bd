"""Digests of what is answered, refused and found, kept as they are.

A test says what matters to it; whatever else comes of the same stays as it is, too. ``make derived`` writes the digests
of what is new; ``python -m tests.support.digests --anew`` those of everything, for a change that the CHANGELOG tells.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

ADVICE: Final = "make derived for what is new; see tests/support/digests.py for what is no longer so"
"""What to do where a digest is not there or another one."""

FILE: Final = Path(__file__).with_suffix(".json")

Section = Mapping[str, Callable[[], str]]
"""What is kept of one kind: how the digest of each is made, by its name."""


def digest_of(value: Any) -> str:
    """The digest of a value by its JSON."""
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:16]


@cache
def kept() -> dict[str, dict[str, str]]:
    """The digests that are kept, by their kind and name."""
    return msgspec.json.decode(FILE.read_bytes(), type=dict[str, dict[str, str]])


def sections() -> Iterator[tuple[str, Section]]:
    """All that is kept."""
    from tests.domain.law import one_line_off
    from tests.scenarios import answers, test_refusals_by_edition

    yield "answers", answers.section()
    yield "faults", one_line_off.SECTION
    yield "refusals", test_refusals_by_edition.SECTION


def main(arguments: Sequence[str]) -> None:
    """Write the digests of what is new; of everything when asked to."""
    known = {} if arguments == ["--anew"] or not FILE.exists() else kept()
    found = {
        kind: {name: known.get(kind, {}).get(name) or make() for name, make in section.items()}
        for kind, section in sections()
    }
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    print(f"{FILE.name}: {sum(map(len, found.values()))}")


if __name__ == "__main__":
    main(sys.argv[1:])
