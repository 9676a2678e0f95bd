"""The file of advisories about one agency, and that of what a city submitted (Inner Mongolia arts. 12, 33)."""

import datetime as dt
from collections.abc import Iterable
from typing import Final, assert_never

from domain.aggregates import letters
from domain.aggregates.letters import LetterFile
from domain.events.advisories import AdvisoriesSubmitted, AdvisoryEvent, AdvisoryRecorded, InternalNoticeIssued
from domain.events.evaluation import RecordRetracted
from domain.events.papers.letters import LetterDrafted, LetterEvent
from domain.vocabulary import city_of

ADVISORY_STREAMS: Final = "advisories/"
"""How the name of every advisory stream begins. No id has a slash in it, so no subject's stream is meant."""

CITY_STREAMS: Final = f"{ADVISORY_STREAMS}city/"
"""How the name of every stream of submissions begins."""


def stream_of(agency: str) -> str:
    """The stream of the advisories and internal notices about an agency."""
    return f"{ADVISORY_STREAMS}{agency}"


def city_stream(region: str) -> str:
    """The stream of the monthly submissions of the city a region code or authority belongs to."""
    return f"{CITY_STREAMS}{city_of(region)}"


class AdvisoryFile:
    """What stands in one advisory stream, by id in order of recording; ``version`` counts the events.

    The stream of an agency holds advisories, notices and letters about these, that of a city submissions.
    """

    __slots__ = ("advisories", "letters", "notices", "records", "retracted", "submissions", "version")

    def __init__(self) -> None:
        self.version = 0
        self.advisories: dict[str, AdvisoryRecorded] = {}
        self.submissions: dict[str, AdvisoriesSubmitted] = {}
        self.notices: dict[str, InternalNoticeIssued] = {}
        self.letters: dict[str, LetterFile] = {}
        self.records: dict[str, AdvisoryRecorded | AdvisoriesSubmitted | InternalNoticeIssued] = {}
        self.retracted: set[str] = set()

    def last_notice(self, regime: str, until_on: dt.date) -> InternalNoticeIssued | None:
        """The latest notice dated up to and including ``until_on`` that was not retracted."""
        standing = [
            n
            for n in self.notices.values()
            if n.regime == regime and n.dated_on <= until_on and n.record not in self.retracted
        ]
        # Of several notices of one day the last recorded is the latest.
        return max(reversed(standing), key=lambda n: n.dated_on, default=None)

    def submission_of(self, regime: str, month: str) -> AdvisoriesSubmitted | None:
        """The submission of a month that was not retracted."""
        for submission in self.submissions.values():
            if (submission.regime, submission.month) == (regime, month) and submission.record not in self.retracted:
                return submission
        return None


def fold(events: Iterable[AdvisoryEvent]) -> AdvisoryFile:
    """The file after ``events``, in the order of the stream."""
    file = AdvisoryFile()
    for event in events:
        evolve(file, event)
    return file


def evolve(file: AdvisoryFile, event: AdvisoryEvent) -> None:
    """Let ``event`` change the file. Never raises."""
    file.version += 1
    if isinstance(event, LetterEvent):
        _evolve_letter(file, event)
        return
    match event:
        case AdvisoryRecorded():
            file.advisories.setdefault(event.record, event)
        case AdvisoriesSubmitted():
            file.submissions.setdefault(event.record, event)
        case InternalNoticeIssued():
            file.notices.setdefault(event.record, event)
        case RecordRetracted():
            if event.record in file.records:
                file.retracted.add(event.record)
            return
        case _:
            assert_never(event)
    file.records.setdefault(event.record, event)


def _evolve_letter(file: AdvisoryFile, event: LetterEvent) -> None:
    if isinstance(event, LetterDrafted):
        file.letters.setdefault(event.letter, LetterFile(event))
    elif (letter := file.letters.get(event.letter)) is not None:
        letters.evolve(letter, event)


def month_of(day: dt.date) -> str:
    """The month of a day as submissions name it, ``2024-05``."""
    return f"{day:%Y-%m}"
