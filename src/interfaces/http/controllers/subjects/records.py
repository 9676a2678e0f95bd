"""Single records: the event that brought one, what became of it since, and how it stands.

How it stands is not reckoned here: it is the line that the answers about the whole file have of it.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import msgspec
from litestar import Controller

from application.answering.grading import Question, StepLine
from application.answering.proceedings import Proceedings, StepTaken
from application.answering.timeline import RecordHistory
from application.prose import Opened
from domain.errors import NotFound
from domain.time import Instant
from interfaces.http.access.guarding import is_asked_by_itself
from interfaces.http.desk import HandledRequest
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, question
from interfaces.http.parameters import AsOf, KnownAt, RecordId
from interfaces.http.replying import NO_STORE, Reply, reply
from interfaces.wording import words
from interfaces.wording.answers import told as told_answer

ABOUT_RECORD: Final = (*ABOUT_SUBJECT, "undetermined")
"""The problems of whatever is asked about one record."""

_STEP: Final = ("stage-recorded.v1", "stage-recorded.v2")


class RecordPage(RecordHistory, frozen=True, kw_only=True):
    """A record; of a step of an evaluation year also how it ``stands``."""

    stands: StepTaken | None


class RecordsController(Controller):
    """Single records."""

    tags = ("records",)

    @question("/records/{record}", *ABOUT_RECORD, is_long=True)
    def get_record(
        self, record: RecordId, as_of: AsOf = None, known_at: KnownAt = None, *, asked: Asking
    ) -> Reply[RecordPage]:
        """One record."""
        history = history_of(asked, record, known_at)
        step = None
        if history.entries[0].type in _STEP:
            found = proceedings_of(asked, history, as_of, known_at)
            step = next((step for year in found.years for step in year.steps if step.record == record), None)
        return record_page(RecordPage, history, step)


def history_of(asked: HandledRequest, record: str, known_at: Instant | None, *tags: str) -> RecordHistory:
    """A record with the titles of its events, brought by an event with one of the ``tags``. Raises ``NotFound``."""
    history = asked.at.timelines.of_record(record, known_at)
    if tags and not history.entries[0].type.startswith(tags):
        raise NotFound("record", record)
    if is_asked_by_itself(asked) and all(entry.inner is not None for entry in history.entries):
        raise NotFound("record", record)
    lexicon = asked.at.law.lexicon_of(history.regime or "")
    titled = (
        msgspec.structs.replace(e, title=words.entry_title(e.type, e.content, asked.language, lexicon))
        for e in history.entries
    )
    return msgspec.structs.replace(history, entries=tuple(titled))


def proceedings_of(
    asked: HandledRequest, history: RecordHistory, as_of: dt.date | None, known_at: Instant | None
) -> Proceedings:
    """The procedures of the file in which a record stands."""
    return asked.at.proceedings.of(_question(history, as_of, known_at))


def reasons_about(
    asked: HandledRequest, history: RecordHistory, fact: str, as_of: dt.date | None, known_at: Instant | None
) -> tuple[StepLine, ...]:
    """What a fact does to the grade: the lines of the grade's reasons that are about it, or come from it."""
    at = asked.at
    answer = at.grading.explained(_question(history, as_of, known_at))
    answer = told_answer(
        answer, asked.language, at.law.lexicon_of_answer(answer.basis), Opened(at.vault, at.journal.joined_to)
    )
    return tuple(line for line in answer.steps if line.fact == fact or fact in line.sources)


def record_page(kind: Callable[..., RecordHistory], history: RecordHistory, stands: object) -> Reply[Any]:
    """A record with how it stands."""
    told = {name: getattr(history, name) for name in RecordHistory.__struct_fields__}
    return reply(kind(**told, stands=stands), NO_STORE)


def _question(history: RecordHistory, as_of: dt.date | None, known_at: Instant | None) -> Question:
    return Question(subject=history.file, regime=history.regime or "", as_of=as_of, known_at=known_at)
