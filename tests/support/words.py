"""What a person is told by an error, a problem, a fault or a difference."""

import re
from collections.abc import Callable
from typing import Protocol

from domain.errors import CaseError
from domain.sentence import Sentence, sentence
from domain.vocabulary import Text
from interfaces.wording.texts import worded


class Saying(Protocol):
    @property
    def says(self) -> Sentence: ...


def words_of(found: Saying) -> Text:
    """The sentence of an error, a problem, a fault or a difference, in both languages."""
    return worded(found.says)


def as_told(zh: str, en: str) -> Sentence:
    """A sentence that is in words already."""
    return sentence("errors.as_told", text=Text(zh, en))


def says(pattern: str) -> Callable[[CaseError], bool]:
    """Whether an error is told in English by these words, to be asked with ``pytest.raises(…, check=…)``."""
    return lambda error: re.search(pattern, words_of(error).en) is not None
