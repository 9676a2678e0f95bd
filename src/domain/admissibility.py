"""Whether what a participant handed in can be taken up, and why not."""

import datetime as dt
from typing import NamedTuple

from domain.sentence import Sentence


class Admissibility(NamedTuple):
    """Whether what a participant handed in can be taken up, by which article, until when it could be, and why not.

    ``provisional`` tells that the last day rests on a year whose calendar is not known, or on an unknown receipt.
    """

    admissible: bool
    cites: tuple[str, ...]
    due_on: dt.date | None
    provisional: bool
    code: str | None
    says: Sentence | None


def inadmissible(cites: tuple[str, ...], code: str, says: Sentence, due_on: dt.date | None = None) -> Admissibility:
    """An admissibility that is refused, by its articles, with the code of why and what is said of it."""
    return Admissibility(False, cites, due_on, False, code, says)
