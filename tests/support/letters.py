"""Letters in tests: one typesetter for all of them, since fonts take time to read."""

from functools import cache

from application.law.legislation import Legislation
from interfaces.documents.letters.press import Press, letter_typesetter
from interfaces.wording.lexicons import Lexicons

_typesetter = cache(letter_typesetter)


def press_of(legislation: Legislation) -> Press:
    """A press with the words of a law."""
    return Press(Lexicons(legislation), _typesetter)
