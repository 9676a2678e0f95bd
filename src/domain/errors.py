"""Everything the domain can answer instead of an event or a grade.

::

    CaseError
    ├── Invalid          the request contradicts itself or the rulebook's form: every bad field at once
    ├── RulebookError    a rulebook file has faults: each with its line and key path (rulebook.parsing)
    ├── NotFound         an id nobody has recorded
    │   └── NotYetKnown  on record now, but not yet at the moment asked about
    ├── Refused          theirs: the law or the state of the case forbids it, with the article
    │   └── Conflict     the same id with other content, or an undo of what is already undone otherwise
    │       └── JoinedInto   the file goes on in that of another subject, where it is asked about now
    ├── Stale            somebody else has written in between
    ├── ReusedKey        an idempotency key that belongs to another request
    ├── Unreadable       an event this version of the product cannot read, or a damaged one
    │   └── BrokenStream  an event is missing from a file
    ├── NotReady         ours: an index is not built, lags behind what is asked for, or has stopped
    └── Undetermined     ours: the law or its configuration does not say
        └── LawUnclear   the rulebook has a gap or an overlap on that day

No error knows of HTTP or of exit codes; the interfaces map them.
"""

import copyreg
import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import msgspec

from domain.sentence import Clauses, Sentence, sentence
from domain.time import Instant
from domain.vocabulary import Article


class CaseError(Exception):
    """Base of all expected errors. ``code`` is stable, ``says`` is what to tell a person; interfaces have its words."""

    def __init__(self, code: str, says: Sentence) -> None:
        super().__init__(code, says)
        self.code = code
        self.says = says

    def __str__(self) -> str:
        return f"{self.code}: {self.says.code}({', '.join(f'{name}={value}' for name, value in self.says.given)})"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        # As it stands: what is passed between processes is the same error, and no constructor makes it anew.
        return copyreg.__newobj__, (type(self), *self.args), dict(self.__dict__)  # type: ignore[attr-defined]


class FieldProblem(msgspec.Struct, frozen=True):
    """One bad field: ``pointer`` is its JSON pointer in the request, ``code`` stable, ``says`` tells a person."""

    pointer: str
    code: str
    says: Sentence


MOST_TOLD: Final = 50
"""Most faults of one request or file that are told one by one."""


def and_more(left: int) -> Sentence:
    """What is said of the faults that are not told."""
    return sentence("errors.and_more", left=left)


class Invalid(CaseError):
    """The request cannot mean anything: ``problems`` names every bad field."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        told = [sentence("errors.at", where=p.pointer or "/", what=p.says) for p in problems[:MOST_TOLD]]
        if len(problems) > MOST_TOLD:
            told.append(and_more(len(problems) - MOST_TOLD))
        super().__init__("invalid", sentence("errors.invalid", problems=Clauses(told)))
        self.problems = problems


class NotFound(CaseError):
    """``what`` (subject, fact, warning …) with id ``id`` is not in the journal."""

    def __init__(self, what: str, id: str) -> None:
        super().__init__("not_found", sentence("errors.not_found", what=sentence(f"errors.record.{what}"), id=id))
        self.what = what
        self.id = id


class NotYetKnown(NotFound):
    """``what`` with id ``id`` is on record now and was not at the moment that is asked about; ``says`` tells since when
    it is and what to ask instead."""

    def __init__(self, what: str, id: str, says: Sentence) -> None:
        super().__init__(what, id)
        self.code = "not_yet_known"
        self.says = says


class Refused(CaseError):
    """The law or the state of the case forbids it. ``cites`` names the articles, most telling first; ``articles`` is
    the list of those of the edition that is cited, by which an interface writes them out.

    A decision knows no article: it names the ``ground`` under which the edition states them, and the law that was
    asked puts them in (``RegimeLaw.grounded``). What is no rule of the law (an id in use) has neither.
    """

    def __init__(self, code: str, says: Sentence, *cites: str, ground: str | None = None) -> None:
        super().__init__(code, says)
        self.cites = cites
        self.ground = ground
        self.articles: tuple[Article, ...] = ()


class Conflict(Refused):
    """What is on record already excludes the request (other content under the same id, another undo)."""


def id_taken(id: str) -> Conflict:
    """An id that was given stands for a record with other content, on this file or another one."""
    return Conflict("id_taken", sentence("errors.id_taken", id=id))


class JoinedInto(Conflict):
    """The file of ``subject`` was joined to that of ``into``, where it goes on; what was known before reads as ever.

    ``record`` is the id of the joining, ``decided_on`` the day and ``document`` the paper of its decision.
    """

    def __init__(
        self, subject: str, into: str, says: Sentence, *, record: str, decided_on: dt.date, document: str
    ) -> None:
        super().__init__("joined_into", says)
        self.subject = subject
        self.into = into
        self.record = record
        self.decided_on = decided_on
        self.document = document


class Stale(CaseError):
    """The stream has moved on since the version the writer relied on."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__("stale", sentence("errors.stale", stream=stream, expected=expected, actual=actual))
        self.stream = stream
        self.expected = expected
        self.actual = actual


class ReusedKey(CaseError):
    """The idempotency key was used for another request."""

    def __init__(self, key: str) -> None:
        super().__init__("reused_key", sentence("errors.reused_key", key=key))
        self.key = key


class Unreadable(CaseError):
    """The event at ``position`` of ``stream`` cannot be read: damaged, or of a type this version does not know."""

    def __init__(self, stream: str, position: int, recorded_at: Instant, reason: str) -> None:
        says = sentence("errors.unreadable", stream=stream, position=position, reason=reason)
        super().__init__("unreadable", says)
        self.stream = stream
        self.position = position
        self.recorded_at = recorded_at


class BrokenStream(Unreadable):
    """The versions of a stream do not follow each other: an event is missing before ``position``, or it was read out
    of order."""

    def __init__(self, stream: str, position: int = 0, recorded_at: Instant = 0) -> None:
        super().__init__(stream, position, recorded_at, "")
        self.code = "broken_stream"
        self.says = sentence("errors.broken_stream", stream=stream, position=position)


class NotReady(CaseError):
    """An index cannot answer yet: ``code`` is ``index_not_built``, ``index_behind`` or ``index_stopped``."""

    def __init__(self, code: str, says: Sentence) -> None:
        super().__init__(code, says)


class Undetermined(CaseError):
    """The figure cannot be given: ``code`` is the reason shown in the answer."""


class LawUnclear(Undetermined):
    """The law on that day has a gap or an overlap; nothing falls back to the latest edition."""
