"""What is to be said to a person, without saying it: a code of the words, and what fills them.

The words stand in both languages in the files of the interfaces, for jurists to edit; whoever shows a sentence asks
them. What a law calls its own parts (grades, rows, titles) comes from its edition, as a ``Text`` among what is given.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Sentence(NamedTuple):
    """A sentence, or a part of one: ``code`` names its words, ``given`` fills their placeholders by name.

    What is given is a text that is the same in both languages, a number, a day, a ``Text`` or the words of an edition,
    another sentence, a list (said as an enumeration), or ``Named``, ``NamedPlace``, ``NamedOrgan``,
    ``NamedProvision``, ``Alternatives``, ``Clauses`` or ``OnePerLine``.
    """

    code: str
    given: tuple[tuple[str, object], ...] = ()


class Named(NamedTuple):
    """What a code is called in a family of words; the code itself where the family does not name it."""

    family: str
    code: str


class NamedPlace(NamedTuple):
    """What a region, city or county is called, by its code (``150100``)."""

    code: str


class NamedOrgan(NamedTuple):
    """What an authority is called, by its code (``150100-EEB``)."""

    code: str


class NamedProvision(NamedTuple):
    """What a provision is called, by how it is cited in an edition (``art. 18(2)``).

    ``articles`` are the lists (``domain.law.citations.Articles``) that know its parts, the first that has it counts.
    """

    citation: str
    articles: Sequence[Any] = ()


class Alternatives(NamedTuple):
    """Parts of which one is meant: joined by *or*."""

    parts: Sequence[object]


class Clauses(NamedTuple):
    """Sentences that are said as one, one after the other."""

    parts: Sequence[object]


class OnePerLine(NamedTuple):
    """Sentences that are said one under the other."""

    parts: Sequence[object]


def sentence(code: str, /, **given: object) -> Sentence:
    """The sentence of a code, with what fills it."""
    return Sentence(code, tuple(given.items()))
