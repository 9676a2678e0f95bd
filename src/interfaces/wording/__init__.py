"""Every word that a person reads, in Chinese and English, for the codes, numbers and ids of an answer.

Importing it gives the core its words (``application.wording``).
"""

from typing import TYPE_CHECKING

from application import wording

if TYPE_CHECKING:
    from domain.sentence import Sentence
    from domain.vocabulary import Text


def _worded(what: "Sentence") -> "Text":
    # Imported when something is said: many a process has nothing to say.
    from interfaces.wording.texts import worded

    return worded(what)


wording.word_by(_worded)
