"""Rehearsals as people use them: asked for, watched, cancelled, gone on with, kept, looked through.

A rehearsal is computed in parts, each kept as soon as it is done. Whoever goes on with it, on whatever machine, begins
where it stopped; the result is the same bytes as of one that nothing disturbed. Nothing here touches the journal.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from typing import Annotated, Final, Literal, Protocol, TypeVar

import msgspec

from application.cursors import bad_cursor, opened, sealed
from application.law.legislation import Legislation
from application.parts import Workplace
from application.population.filters import NO_GRADE
from application.ports import Clock, Ids, JournalReader, Part
from application.recording.commands import request_from
from application.rehearsal.part import rehearse_part
from application.rehearsal.plan import made_ready
from application.rehearsal.rehearsal import (
    DecisionChange,
    Failure,
    Graded,
    GradeMove,
    PartResult,
    RehearsalRequest,
    RehearsalState,
    RehearsalStatus,
    RehearsalSummary,
    Rehearsed,
    SubjectChange,
)
from application.rehearsal.summary import summarised
from application.wording import in_both_languages
from domain.errors import CaseError, Conflict, NotFound, NotReady, Refused
from domain.places import is_within
from domain.sentence import sentence
from domain.time import Instant, iso_utc
from domain.vocabulary import SubjectKind

CHANGES_LOOKED_AT: Final = 20_000
"""After how many changes a page that finds few of those wanted ends; the next one goes on from there."""

PARTS_LOOKED_AT: Final = 500
"""After how many parts it ends all the same."""


MOST_WAITING: Final = 20
"""Rehearsals that wait for a server at a time: each of them takes minutes."""

_LOG: Final = logging.getLogger("ecodocket.rehearsals")

Row = TypeVar("Row")
KeptState = Literal["waiting", "done", "cancelled", "failed"]
"""What is kept of the state: whether a waiting one is being run is seen by who has claimed it."""


class KeptRehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """A rehearsal as it is kept, the ``number``-th that was asked for (the store counts).

    ``is_served`` when a server is to run it; one begun on a command line is run there and only there until somebody
    resumes it. ``is_claimed`` when a process is at work on it. ``done``, ``subjects`` and ``events`` count the parts
    that are kept.
    """

    id: str
    request: RehearsalRequest
    by: str
    asked_at: Instant
    rehearsed: Rehearsed
    number: int = 0
    is_served: bool = True
    is_claimed: bool = False
    state: KeptState = "waiting"
    parts: tuple[Part, ...] = ()
    done: int = 0
    subjects: int = 0
    events: int = 0
    ended_at: Instant | None = None
    failure: Failure | None = None
    summary: RehearsalSummary | None = None


class RehearsalStore(Protocol):
    """Where rehearsals are kept with what they came to, until they are deleted."""

    def create(self, rehearsal: KeptRehearsal, key: str | None, digest: bytes) -> KeptRehearsal:
        """Keep a new one. With a known key the earlier one is given; ``ReusedKey`` when it has another digest."""
        ...

    def known(self, key: str, digest: bytes) -> KeptRehearsal | None:
        """The one that was asked for with this key. Raises ``ReusedKey`` when its request has another digest."""
        ...

    def get(self, id: str) -> KeptRehearsal | None:
        """One rehearsal; ``None`` when there is none, or no more."""
        ...

    def listed(self, *, before: int | None, limit: int) -> Sequence[KeptRehearsal]:
        """The newest first, those with a lower number than ``before`` when that is given."""
        ...

    def waiting(self) -> Sequence[str]:
        """The ids of those that a server is to run, the oldest first; claimed ones among them."""
        ...

    def claim(self, id: str) -> AbstractContextManager[bool]:
        """Be the one process at work on it; ``False`` when another is. A process that ends gives it up."""
        ...

    def plan(self, id: str, parts: Sequence[Part]) -> Sequence[Part]:
        """Keep the parts it is computed in, unless there are some already; those that are kept."""
        ...

    def kept(self, id: str) -> frozenset[int]:
        """The numbers, from 0, of the parts whose result is kept."""
        ...

    def keep(self, id: str, number: int, result: PartResult) -> None:
        """Keep the result of a part, in a transaction of its own; one that is kept already stays."""
        ...

    def result(self, id: str, number: int) -> PartResult:
        """The whole result of a part."""
        ...

    def changes(self, id: str, number: int) -> Sequence[SubjectChange]:
        """The subjects of a part whose answers differ, in order of id."""
        ...

    def decisions(self, id: str, number: int) -> Sequence[DecisionChange]:
        """The decisions of a part that would have come out otherwise, in order."""
        ...

    def reopen(self, id: str, *, is_served: bool) -> None:
        """A cancelled or failed one waits again."""
        ...

    def end(
        self,
        id: str,
        state: KeptState,
        at: Instant,
        *,
        failure: Failure | None = None,
        summary: RehearsalSummary | None = None,
    ) -> bool:
        """A waiting one is done, cancelled or failed; ``False`` when it was not waiting."""
        ...

    def delete(self, id: str) -> None:
        """Forget it with all its results."""
        ...


class RehearsalLine(msgspec.Struct, frozen=True, kw_only=True):
    """A rehearsal in a list. ``moved``, ``rescored`` and ``changed_decisions`` are there when it is done."""

    id: str
    by: str
    asked_at: str
    state: RehearsalState
    regime: str
    edition: str | None
    digest: str | None
    readings: dict[str, str]
    from_on: dt.date | None
    as_of: dt.date
    region: str | None
    parts: int
    done: int
    ended_at: str | None
    moved: int | None
    rescored: int | None
    changed_decisions: int | None


class RehearsalList(msgspec.Struct, frozen=True, kw_only=True):
    """Rehearsals, the newest first; ``next`` is the cursor of the following page."""

    rehearsals: tuple[RehearsalLine, ...]
    next: str | None


class ChangesQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes are wanted: those with a span in which the grade is ``grade_now`` today and ``grade_then`` under
    the draft (or the reason why there is none, or ``none``), on the day ``on`` when that is given. ``region`` contains
    the places below it."""

    grade_now: str | None = None
    grade_then: str | None = None
    on: dt.date | None = None
    kind: SubjectKind | None = None
    region: str | None = None
    moved: bool | None = None
    limit: int = 50
    cursor: str | None = None


class ChangesPage(msgspec.Struct, frozen=True, kw_only=True):
    """Subjects whose answers differ, in order of id; ``next`` is the cursor of the following page.

    A page may hold fewer than ``limit`` when few of many are wanted.
    """

    rehearsal: str
    changes: tuple[SubjectChange, ...]
    next: str | None


class DecisionsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Published results that would have come out otherwise, by subject; ``next`` is the cursor of the following."""

    rehearsal: str
    decisions: tuple[DecisionChange, ...]
    next: str | None


class _Cursor(msgspec.Struct, frozen=True):
    """Where a page ended, of which question: the part and the row in it that come next."""

    question: str
    part: int
    row: int


class _ListCursor(msgspec.Struct, frozen=True):
    """The number of the last rehearsal of a page of the list."""

    before: Annotated[int, msgspec.Meta(ge=0, lt=2**62)]


class Rehearsals:
    """The use case of rehearsing. Safe to share between threads."""

    def __init__(
        self,
        store: RehearsalStore,
        reader: JournalReader,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        engine: str,
    ) -> None:
        """``engine`` names the code."""
        self._store = store
        self._reader = reader
        self._clock = clock
        self._ids = ids
        self._legislation = legislation
        self._engine = engine

    # --- asking and running -------------------------------------------------------------------------------

    def begin(
        self,
        request: RehearsalRequest,
        *,
        by: str,
        key: str | None = None,
        is_served: bool = True,
        reader: JournalReader | None = None,
    ) -> RehearsalStatus:
        """Ask for a rehearsal: it waits until somebody runs it, a server when ``is_served``.

        It is about all that ``reader`` holds, by default the journal: an export may end earlier.

        Raises ``Refused`` while ``MOST_WAITING`` wait for a server, ``Invalid``, ``NotFound`` or ``RulebookError`` for
        one that cannot be run, ``ReusedKey`` when the key stands for another request; for the same one it gives the
        rehearsal of that key as it stands.
        """
        digest = hashlib.sha256(msgspec.json.encode((request, by), order="deterministic")).digest()
        known = None if key is None else self._store.known(key, digest)
        if known is None:
            if is_served and len(self._store.waiting()) >= MOST_WAITING:
                raise Refused("too_many_rehearsals", sentence("rehearsing.rehearsals.too_many", most=MOST_WAITING))
            law = self._legislation if reader is None else Legislation(reader)
            rehearsed = made_ready(request, reader or self._reader, law, self._clock, self._engine)
            new = KeptRehearsal(
                id=self._ids.new(),
                request=request,
                by=by,
                asked_at=self._clock.now(),
                rehearsed=rehearsed,
                is_served=is_served,
            )
            known = self._store.create(new, key, digest)
        return _status(known)

    def run(
        self,
        id: str,
        workplace: Workplace,
        told: Callable[[RehearsalStatus], None] | None = None,
        goes_on: Callable[[], bool] | None = None,
    ) -> RehearsalStatus:
        """Run a waiting rehearsal from where it stands; how it stands then. One that has ended stays as it is.

        ``told`` is called after each part. When ``goes_on`` says no, it is left waiting after the part. What goes wrong
        is kept as its failure, with the parts that are done. Raises ``NotFound``, and ``Conflict`` when another process
        is at work on it.
        """
        self._there(id)
        with self._store.claim(id) as is_mine:
            if not is_mine:
                raise _claimed(id)
            kept = self._there(id)
            if kept.state == "waiting":
                try:
                    self._compute(kept, workplace, told or _unseen, goes_on or _always)
                except CaseError as error:
                    self._fail(id, Failure(code=error.code, **in_both_languages(error.says)))
                except Exception as error:  # noqa: BLE001 - whatever it is, who asked is told why
                    _LOG.exception("the rehearsal %s failed", id)
                    raised = f"{type(error).__name__}: {error}"
                    self._fail(
                        id,
                        Failure(
                            code="internal",
                            **in_both_languages(sentence("rehearsing.rehearsals.internal", raised=raised)),
                        ),
                    )
        return self.get(id)

    def _compute(
        self,
        kept: KeptRehearsal,
        workplace: Workplace,
        told: Callable[[RehearsalStatus], None],
        goes_on: Callable[[], bool],
    ) -> None:
        id, rehearsed = kept.id, kept.rehearsed
        self._check(rehearsed, workplace.reader)
        parts = kept.parts or self._store.plan(id, workplace.parts(rehearsed.position))
        done = self._store.kept(id)
        missing = [number for number in range(len(parts)) if number not in done]
        asked = ((rehearsed, parts[number]) for number in missing)
        with closing(workplace.executor.run(rehearse_part, asked)) as results:
            for number, result in zip(missing, results, strict=True):
                self._store.keep(id, number, result)
                now = self._store.get(id)
                if now is None or now.state != "waiting":
                    return
                told(_status(now))
                if not goes_on():
                    return
        summary = summarised(rehearsed, (self._store.result(id, number) for number in range(len(parts))))
        self._store.end(id, "done", self._clock.now(), summary=summary)

    def _check(self, rehearsed: Rehearsed, reader: JournalReader) -> None:
        """Raise ``Refused`` for what only another program, or a longer journal, can go on with."""
        if rehearsed.engine != self._engine:
            raise Refused(
                "other_engine",
                sentence("rehearsing.rehearsals.other_engine", engine=rehearsed.engine, self_engine=self._engine),
            )
        position = reader.head().position
        if position < rehearsed.position:
            raise Refused(
                "source_behind",
                sentence(
                    "rehearsing.rehearsals.source_behind", position=position, rehearsed_position=rehearsed.position
                ),
            )

    def _fail(self, id: str, failure: Failure) -> None:
        self._store.end(id, "failed", self._clock.now(), failure=failure)

    def cancel(self, id: str) -> RehearsalStatus:
        """Cancel a rehearsal: who runs it stops after the parts under way, and what is done stays kept.

        Raises ``NotFound``, and ``Refused`` for one that is done or has failed.
        """
        kept = self._there(id)
        if not self._store.end(id, "cancelled", self._clock.now()):
            kept = self._there(id)
            if kept.state != "cancelled":
                raise Refused(
                    "rehearsal_ended",
                    sentence("rehearsing.rehearsals.already_ended", id=id),
                )
        return self.get(id)

    def resume(self, id: str, *, is_served: bool = True) -> RehearsalStatus:
        """Let a cancelled or failed rehearsal, or one whose process was ended, wait to be gone on with.

        Raises ``NotFound``, and ``Refused`` for one that is done.
        """
        kept = self._there(id)
        if kept.state == "done":
            raise Refused("rehearsal_ended", sentence("rehearsing.rehearsals.rehearsal_ended", id=id))
        self._store.reopen(id, is_served=is_served)
        return self.get(id)

    def delete(self, id: str) -> None:
        """Forget a rehearsal with its result.

        Raises ``NotFound``, and ``Conflict`` while a process is at work on it.
        """
        self._there(id)
        with self._store.claim(id) as is_mine:
            if not is_mine:
                raise _claimed(id)
            self._store.delete(id)

    # --- looking ------------------------------------------------------------------------------------------

    def get(self, id: str) -> RehearsalStatus:
        """How a rehearsal stands. Raises ``NotFound``."""
        return _status(self._there(id))

    def rehearsed(self, id: str) -> Rehearsed:
        """What a rehearsal is about, with the text of its draft. Raises ``NotFound``."""
        return self._there(id).rehearsed

    def list(self, *, limit: int = 50, cursor: str | None = None) -> RehearsalList:
        """The rehearsals that are kept, the newest first. Raises ``Invalid`` for a damaged cursor."""
        before = None if cursor is None else opened(cursor, _ListCursor).before
        found = self._store.listed(before=before, limit=limit + 1)
        lines = tuple(_line(kept) for kept in found[:limit])
        return RehearsalList(
            rehearsals=lines, next=sealed(_ListCursor(found[limit - 1].number)) if len(found) > limit else None
        )

    def waiting(self) -> Sequence[str]:
        """The ids of those that a server is to run, the oldest first; some may be at work already."""
        return self._store.waiting()

    def changes(self, id: str, question: ChangesQuestion) -> ChangesPage:
        """One page of the subjects whose answers differ.

        Raises ``NotFound``, ``NotReady`` while it is not done, ``Invalid`` for a cursor of another question.
        """
        kept = self._done(id)
        asked = _digest(id, msgspec.structs.replace(question, limit=0, cursor=None))

        def is_wanted(change: SubjectChange) -> bool:
            return _is_wanted(change, question)

        rows, goes_on = _page(
            len(kept.parts), _cursor(question.cursor, asked), question.limit,
            lambda number: self._store.changes(id, number), is_wanted,
        )  # fmt: skip
        return ChangesPage(rehearsal=id, changes=tuple(rows), next=_next(asked, goes_on))

    def decisions(self, id: str, *, limit: int = 50, cursor: str | None = None) -> DecisionsPage:
        """One page of the published results that would have come out otherwise. Raises as ``changes`` does."""
        kept = self._done(id)
        asked = _digest(id, "decisions")
        rows, goes_on = _page(
            len(kept.parts), _cursor(cursor, asked), limit, lambda number: self._store.decisions(id, number), _anything
        )
        return DecisionsPage(rehearsal=id, decisions=tuple(rows), next=_next(asked, goes_on))

    def all_changes(self, id: str) -> Iterator[SubjectChange]:
        """Every subject whose answers differ, in order of id, one part at a time. Raises as ``changes`` does."""
        return _all(len(self._done(id).parts), lambda number: self._store.changes(id, number))

    def all_decisions(self, id: str) -> Iterator[DecisionChange]:
        """Every published result that would have come out otherwise, one part at a time. Raises as ``changes`` does."""
        return _all(len(self._done(id).parts), lambda number: self._store.decisions(id, number))

    def matrix(self, id: str) -> Sequence[GradeMove]:
        """How many go from which grade to which, on each day of the matrix. Raises as ``changes`` does."""
        summary = self._done(id).summary
        return () if summary is None else summary.matrix

    def _there(self, id: str) -> KeptRehearsal:
        kept = self._store.get(id)
        if kept is None:
            raise NotFound("rehearsal", id[:80])
        return kept

    def _done(self, id: str) -> KeptRehearsal:
        kept = self._there(id)
        if kept.state == "done":
            return kept
        what = sentence(f"rehearsing.to_do.{_state(kept)}")
        raise NotReady("rehearsal_not_done", sentence("rehearsing.rehearsals.not_done", id=id, what=what))


def rehearsal_from(raw: object) -> RehearsalRequest:
    """The request that ``raw`` (decoded JSON) spells. Raises ``Invalid`` with every bad field at once."""
    return request_from(RehearsalRequest, raw)


def matrix_label(graded: Graded) -> str:
    """What stands for an answer in the matrix: the grade, else the reason why there is none, else ``none``."""
    return graded.grade or graded.undetermined or NO_GRADE


# --- pieces -------------------------------------------------------------------------------------------------


def _unseen(status: RehearsalStatus) -> None:
    """Nobody looks."""
    del status


def _always() -> bool:
    return True


def _anything(row: object) -> bool:
    del row
    return True


def _claimed(id: str) -> Conflict:
    return Conflict(
        "rehearsal_running",
        sentence("rehearsing.rehearsals.rehearsal_running", id=id),
    )


def _state(kept: KeptRehearsal) -> RehearsalState:
    return "running" if kept.state == "waiting" and kept.is_claimed else kept.state


def _status(kept: KeptRehearsal) -> RehearsalStatus:
    rehearsed = kept.rehearsed
    return RehearsalStatus(
        id=kept.id,
        request=msgspec.structs.replace(kept.request, text=None),
        by=kept.by,
        asked_at=iso_utc(kept.asked_at),
        regime=rehearsed.regime,
        edition=rehearsed.edition,
        digest=rehearsed.digest,
        as_of=rehearsed.as_of,
        known_at=iso_utc(rehearsed.known_at),
        position=rehearsed.position,
        engine=rehearsed.engine,
        state=_state(kept),
        parts=len(kept.parts),
        done=kept.done,
        subjects=kept.subjects,
        events=kept.events,
        ended_at=None if kept.ended_at is None else iso_utc(kept.ended_at),
        failure=kept.failure,
        summary=kept.summary,
    )


def _line(kept: KeptRehearsal) -> RehearsalLine:
    rehearsed, summary = kept.rehearsed, kept.summary
    return RehearsalLine(
        id=kept.id,
        by=kept.by,
        asked_at=iso_utc(kept.asked_at),
        state=_state(kept),
        regime=rehearsed.regime,
        edition=rehearsed.edition,
        digest=rehearsed.digest,
        readings=rehearsed.readings,
        from_on=rehearsed.from_on,
        as_of=rehearsed.as_of,
        region=rehearsed.region,
        parts=len(kept.parts),
        done=kept.done,
        ended_at=None if kept.ended_at is None else iso_utc(kept.ended_at),
        moved=None if summary is None else summary.moved,
        rescored=None if summary is None else summary.rescored,
        changed_decisions=None if summary is None else summary.changed_decisions,
    )


def _is_wanted(change: SubjectChange, question: ChangesQuestion) -> bool:
    region = question.region
    return (
        question.kind in (None, change.kind)
        and question.moved in (None, change.moved)
        and (region is None or is_within(change.region, region))
        and any(
            (question.on is None or span.from_on <= question.on <= span.until_on)
            and question.grade_now in (None, matrix_label(span.now))
            and question.grade_then in (None, matrix_label(span.then))
            for span in change.spans
        )
    )


def _digest(id: str, question: object) -> str:
    """What a cursor is bound to: the rehearsal and the question, but not how long a page is."""
    return hashlib.sha256(msgspec.json.encode((id, question))).hexdigest()[:16]


def _cursor(text: str | None, asked: str) -> tuple[int, int]:
    if text is None:
        return 0, 0
    cursor = opened(text, _Cursor)
    if cursor.question != asked or cursor.part < 0 or cursor.row < 0:
        raise bad_cursor(
            "other_question",
            sentence("rehearsing.rehearsals.other_question"),
        )
    return cursor.part, cursor.row


def _next(asked: str, place: tuple[int, int] | None) -> str | None:
    return None if place is None else sealed(_Cursor(asked, *place))


def _page(
    parts: int,
    place: tuple[int, int],
    limit: int,
    read: Callable[[int], Sequence[Row]],
    is_wanted: Callable[[Row], bool],
) -> tuple[list[Row], tuple[int, int] | None]:
    """Up to ``limit`` rows from a place on, and the place of the one that comes next, if any does."""
    part, first = place
    found: list[Row] = []
    looked = 0
    for number in range(part, parts):
        rows = read(number)
        for index in range(first if number == part else 0, len(rows)):
            if is_wanted(rows[index]):
                if len(found) == limit:
                    return found, (number, index)
                found.append(rows[index])
        looked += len(rows)
        if (looked >= CHANGES_LOOKED_AT or number - part >= PARTS_LOOKED_AT) and number + 1 < parts:
            return found, (number + 1, 0)
    return found, None


def _all(parts: int, read: Callable[[int], Iterable[Row]]) -> Iterator[Row]:
    for number in range(parts):
        yield from read(number)
