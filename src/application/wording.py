"""The words of what the core has to say, for the answers that carry them and are kept as they were told.

Domain and application name sentences by their codes; the interfaces hold the words and give them here when they are
imported, so that every process of the product has them.
"""

from typing import TYPE_CHECKING, Final, Protocol, TypedDict

# Imported with every process, also by those that say nothing.
if TYPE_CHECKING:
    from domain.sentence import Sentence
    from domain.vocabulary import Text


class Wording(Protocol):
    """Gives a sentence in both languages."""

    def __call__(self, what: "Sentence", /) -> "Text": ...


class Said(TypedDict):
    """Both sides of a sentence, as the fields of an answer."""

    zh: str
    en: str


_GIVEN: Final[list[Wording]] = []
"""The one wording; a list, so that it can be given later."""


def word_by(wording: Wording) -> None:
    """Word sentences by this from now on."""
    _GIVEN[:] = [wording]


def in_words(what: "Sentence") -> "Text":
    """A sentence in both languages."""
    return _GIVEN[0](what)


def in_both_languages(what: "Sentence") -> Said:
    """A sentence in both languages, as the fields ``zh`` and ``en`` of an answer."""
    zh, en = in_words(what)
    return {"zh": zh, "en": en}
