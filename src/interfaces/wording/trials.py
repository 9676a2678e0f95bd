"""What a command would change, in words: for terminals and pages alike."""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from application.answering.grading import DeadlineChange, DeadlineSide
from interfaces.wording import words
from interfaces.wording.punctuation import in_brackets
from interfaces.wording.texts import Language, name, say
from interfaces.wording.words import Lexicon


class DeadlineMoved(NamedTuple):
    """A deadline that would stand otherwise: what is due, what becomes of it, its last days before and after as far as
    they differ, and its articles. It is shown part by part, in this order."""

    kind: str
    how: str
    days: str
    cites: str


def deadline_moved(
    change: DeadlineChange, lexicon: Lexicon, language: Language, written: Callable[[dt.date], str] = str
) -> DeadlineMoved:
    """What would become of a deadline; ``written`` writes a day down."""
    was, now = (None if side is None else _side(side, language, written) for side in (change.before, change.after))
    days = f"{was} → {now}" if was and now and was != now else now or was or ""
    how = name("trials.change", change.change, language)
    return DeadlineMoved(words.deadline_kind(change.kind, language), how, days, lexicon.cites(change.cites, language))


def _side(side: DeadlineSide, language: Language, written: Callable[[dt.date], str]) -> str:
    day = say("trials.suspended", language) if side.due_on is None else written(side.due_on)
    state = words.deadline_state(side.state, language)
    mark = say("trials.provisional", language) if side.provisional else ""
    return f"{day}{in_brackets(state + mark, language)}"
