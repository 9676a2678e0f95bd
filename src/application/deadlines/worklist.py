"""The worklist: what has to be done by when, in order of legal time left, and one deadline proved day by day.

Pages come from the index of deadlines, which is kept up with the journal; one deadline is always computed from the
file itself, as known at any moment. How a deadline stands follows from its dates: nothing waits for a timer.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Final, Literal, NamedTuple, get_args

import msgspec

from application.answering.case_files import case_file, is_subject, no_such_file
from application.answering.grading import Basis, SubjectRef, basis_of
from application.answering.kept_files import KeptFile
from application.cache import LastingLines
from application.cursors import MOST_LINES, opened, sealed
from application.deadlines.awaited_letters import MOST_LETTERS, AwaitedLetters, letters_page
from application.deadlines.index import DeadlineProjection, Freshness
from application.deadlines.ports import (
    DeadlineCount,
    DeadlineIndex,
    DeadlinePlace,
    DeadlineSelection,
    IndexedDeadline,
    LetterSelection,
    SnoozedDeadlines,
)
from application.deadlines.selecting import page_among
from application.law.legislation import KnownLaw, Legislation
from application.ports import Clock, Journal
from domain.aggregates.casefile import CaseFile
from domain.errors import FieldProblem, Invalid, NotFound
from domain.law.calendar import DayKind, WorkingDays
from domain.law.edition import DeadlineActor
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import (
    ENDED_BY_LAW,
    Deadline,
    DeadlineState,
    Extension,
    Suspension,
    deadlines_of,
    extensions_of,
    proof_of,
    suspensions_of,
    working_days_left,
)
from domain.sentence import sentence
from domain.time import Instant, legal_day
from domain.values import FIRST_DAY, LAST_DAY
from domain.vocabulary import REGION_PATTERN

WORK: Final[tuple[DeadlineState, ...]] = ("open", "overdue")
"""The states that are listed unless others are asked for: what somebody still has to do."""

UNDONE: Final[tuple[DeadlineState, ...]] = (*WORK, "suspended")
"""The states that are always counted."""

STATES: Final[tuple[DeadlineState, ...]] = get_args(DeadlineState)
ACTORS: Final[tuple[DeadlineActor, ...]] = get_args(DeadlineActor)

_DEADLINE_PATTERN: Final = r"^[^\s/?#\x00-\x1f\x7f]{1,80}:[a-z_]{1,40}$"


DeadlineSort = Literal["due_on", "-due_on"]
"""The order of a list of deadlines: the first last day comes first, or last."""


class WorklistQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which deadlines are asked for; see ``DeadlineSelection``. Without ``state`` those still to be met.

    With ``assignee`` those alone on which an account works: ``among`` are their ids. ``snoozed`` says whether what is
    put off is meant (``SnoozeView``), ``left_out`` what it leaves out.

    By ``sort`` the least time left comes first, or last. ``as_of`` is today unless given; a ``cursor`` goes on
    where an earlier page of the same question ended. Those of one ``subject`` are computed from its file, as
    ``known_at`` a moment.
    """

    region: str | None = None
    regime: str | None = None
    kind: str | None = None
    state: tuple[str, ...] = ()
    due_before: dt.date | None = None
    actor: str | None = None
    subject: str | None = None
    assignee: str | None = None
    among: tuple[str, ...] | None = None
    snoozed: str = "any"
    left_out: SnoozedDeadlines = SnoozedDeadlines((), ())
    as_of: dt.date | None = None
    known_at: Instant | None = None
    sort: DeadlineSort = "due_on"
    limit: int = 50
    cursor: str | None = None


class DeadlineLine(msgspec.Struct, frozen=True, kw_only=True):
    """One deadline as it stands at the end of ``as_of``; see ``domain.deadlines.Deadline``.

    ``working_days_left`` counts the working days after ``as_of`` up to the last day by the calendars known; it is
    negative once that day is over, and ``None`` while there is no last day.
    """

    id: str
    kind: str
    subject: SubjectRef
    region: str
    regime: str
    year: int | None
    actor: DeadlineActor
    state: DeadlineState
    due_on: dt.date | None
    working_days_left: int | None
    provisional: bool
    starts_on: dt.date
    started_by: str
    original_on: dt.date | None
    done_on: dt.date | None
    done_by: str | None
    cites: tuple[str, ...]
    readings: tuple[str, ...]

    @property
    def is_ended_by_law(self) -> bool:
        """Whether it is overdue and takes no further act: the law has drawn the consequence by itself."""
        return self.state == "overdue" and self.kind in ENDED_BY_LAW


class WorklistPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the worklist in order of legal time left, in which what is suspended without an end comes last, or in
    the opposite one.

    ``counts`` are of the region, regime and actor asked for, by kind and state: of all that is undone, and of the
    states asked for. ``index`` tells how far the worklist is kept; what is asked about one subject comes from its file,
    up to ``position``. ``cursor`` leads to the next page.
    """

    as_of: dt.date
    lines: tuple[DeadlineLine, ...]
    counts: tuple[DeadlineCount, ...]
    index: Freshness
    cursor: str | None = None


class ProofLine(msgspec.Struct, frozen=True, kw_only=True):
    """One day of a proof: its place among the days counted, or why it is passed over, and the paper that says so."""

    on: dt.date
    number: int | None
    kind: DayKind
    paper: str | None


class ProvedDeadline(msgspec.Struct, frozen=True, kw_only=True):
    """One deadline with its proof, as known at the basis."""

    deadline: DeadlineLine
    basis: Basis
    proof: tuple[ProofLine, ...]
    extensions: tuple[Extension, ...]
    suspensions: tuple[Suspension, ...]


class _Cursor(msgspec.Struct, frozen=True):
    """Where a page ended, and which question it answered; of one file also as it was known."""

    question: str
    as_of: dt.date
    due_on: dt.date | None
    id: Annotated[str, msgspec.Meta(pattern=_DEADLINE_PATTERN)]
    position: int = 0
    known_at: Instant = 0


class _Chosen(NamedTuple):
    """The deadlines of one file that a question means, with the ``last`` one of a page behind which there are more."""

    as_of: dt.date
    lines: LastingLines[DeadlineLine]
    counts: tuple[DeadlineCount, ...]
    last: IndexedDeadline | None


class _Found(NamedTuple):
    known: KnownLaw
    deadline: Deadline


class Worklist:
    """The use case of asking for deadlines. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        index: DeadlineIndex,
        clock: Clock,
        legislation: Legislation,
        projection: DeadlineProjection,
        engine: str = "",
    ) -> None:
        """``engine`` names the version of the code with its digest; it is part of every basis."""
        self._journal = journal
        self._index = index
        self._clock = clock
        self._legislation = legislation
        self._projection = projection
        self._engine = engine

    # --- pages ------------------------------------------------------------------------------------------------

    def page(self, question: WorklistQuestion, min_position: int = 0) -> WorklistPage:
        """One page. Raises ``Invalid`` with every bad part of the question at once.

        What was recorded a moment ago is in it; when much is missing (a large import, an index that was never
        built) the page tells how much instead, unless ``min_position`` asks for more.
        """
        if question.subject is not None:
            return self._of_subject(question, question.subject)
        if question.known_at is not None:
            raise Invalid((FieldProblem("/known_at", "needs_subject", sentence("worklist.worklist.needs_subject")),))
        now = self._clock.now()
        laws = self._laws_now(now)
        selection, after = self._selected(question, laws, legal_day(now))
        fresh = self._projection.freshen(min_position)
        counted = tuple(dict.fromkeys((*UNDONE, *selection.states)))
        found = self._index.page(selection, counted, after=after, limit=question.limit + 1)
        rows = found.rows[: question.limit]
        return WorklistPage(
            as_of=selection.as_of,
            lines=lines_of(rows, selection.as_of, laws),
            counts=tuple(found.counts),
            index=_as_read(fresh, found.position),
            cursor=_token(question, selection.as_of, rows[-1]) if len(found.rows) > question.limit else None,
        )

    def letters(
        self,
        *,
        region: str | None = None,
        regime: str | None = None,
        as_of: dt.date | None = None,
        limit: int = MOST_LETTERS,
        cursor: str | None = None,
        min_position: int = 0,
    ) -> AwaitedLetters:
        """One page of the letters that wait on a day. Raises ``Invalid`` for a regime that nobody knows, a day outside
        the years that can be reckoned with, and a cursor of another question."""
        now = self._clock.now()
        known = [law.law.regime for law in self._laws_now(now)]
        problems = [*day_problems(as_of)]
        if regime is not None and regime not in known:
            problems.append(_unknown("/regime", regime, known))
        if problems:
            raise Invalid(tuple(problems))
        selection = LetterSelection(as_of or legal_day(now), region, regime)
        return letters_page(self._index, self._projection.freshen(min_position), selection, limit, cursor)

    def _of_subject(self, question: WorklistQuestion, subject: str) -> WorklistPage:
        """One page of the deadlines of a file. Raises ``NotFound`` for a subject that was not on record then."""
        now = self._clock.now()
        begun = None if question.cursor is None else _read_token(question)
        if begun is None:
            snapshot = self._journal.snapshot(subject, known_at=question.known_at)
            known_at = question.known_at
            if known_at is None:
                # A clock that was set back must not hide what it has just recorded.
                known_at = max(now, snapshot.rows[-1].recorded_at if snapshot.rows else 0)
        else:
            snapshot, known_at = self._journal.snapshot(subject, position=begun.position), begun.known_at
        case = case_file(subject, snapshot.rows)
        if case.kind is None:
            raise no_such_file(case)
        return self.of_file(case, question, legal_day(now), known_at, snapshot.position, snapshot.law_position)

    def of_file(
        self,
        case: CaseFile,
        question: WorklistQuestion,
        today: dt.date,
        known_at: Instant,
        position: int,
        law_position: int | None = None,
        reckoned: Callable[[CaseFile, RegimeLaw], Sequence[Deadline]] = deadlines_of,
        held: KeptFile | None = None,
    ) -> WorklistPage:
        """One page of the deadlines of a file that was read, as known at a moment, from ``reckoned``; of a file that is
        ``held`` they are chosen once. Raises as ``page`` does."""
        laws = self._legislation.every(known_at=known_at, position=position, law_position=law_position)
        key = ("deadlines", question, today)
        if held is None:
            found = self._chosen(case, question, today, position, laws, reckoned)
        else:
            found = held.once(key, laws, lambda: self._chosen(case, question, today, position, laws, reckoned))
        rest = None
        if found.last is not None:
            rest = _token(question, found.as_of, found.last, position=position, known_at=known_at)
        return WorklistPage(
            as_of=found.as_of,
            lines=found.lines,
            counts=found.counts,
            index=Freshness(position=position, head=position, behind=0, outdated=False),
            cursor=rest,
        )

    def _chosen(
        self,
        case: CaseFile,
        question: WorklistQuestion,
        today: dt.date,
        position: int,
        laws: Sequence[KnownLaw],
        reckoned: Callable[[CaseFile, RegimeLaw], Sequence[Deadline]],
    ) -> "_Chosen":
        """The deadlines of a file that a question means."""
        selection, after = self._selected(question, laws, today)
        counted = tuple(dict.fromkeys((*UNDONE, *selection.states)))
        rows = (
            IndexedDeadline(case.subject, case.kind or "agency", case.region_on(None), case.name_on(None), deadline)
            for known in laws
            for deadline in reckoned(case, known.law)
        )
        found = page_among(rows, selection, counted, position, after=after, limit=question.limit + 1)
        shown = found.rows[: question.limit]
        return _Chosen(
            selection.as_of,
            LastingLines(lines_of(shown, selection.as_of, laws)),
            tuple(found.counts),
            shown[-1] if len(found.rows) > question.limit else None,
        )

    def _laws_now(self, now: Instant) -> tuple[KnownLaw, ...]:
        head = self._journal.head()
        return self._legislation.every(known_at=max(now, head.recorded_at), position=head.position)

    def _selected(
        self, question: WorklistQuestion, laws: Sequence[KnownLaw], today: dt.date
    ) -> tuple[DeadlineSelection, DeadlinePlace | None]:
        problems = [*_problems(question, laws)]
        as_of, after = question.as_of or today, None
        if question.cursor is not None:
            try:
                cursor = _read_token(question)
                as_of, after = cursor.as_of, (cursor.due_on, cursor.id)
            except Invalid as error:
                problems += error.problems
        if problems:
            raise Invalid(tuple(problems))
        states = [s for s in STATES if s in question.state]
        selection = DeadlineSelection(
            as_of=as_of,
            states=tuple(states) or WORK,
            region=question.region,
            regime=question.regime,
            kind=question.kind,
            actor=question.actor,
            due_before=question.due_before,
            among=question.among,
            left_out=question.left_out,
            is_latest_first=question.sort == "-due_on",
        )
        return selection, after

    # --- one deadline -------------------------------------------------------------------------------------------

    def one(self, deadline: str, *, known_at: Instant | None = None, as_of: dt.date | None = None) -> ProvedDeadline:
        """One deadline, proved day by day from the file as known at a moment. Raises ``NotFound``, and ``Invalid`` for
        an ``as_of`` outside the years that can be reckoned with.

        ``deadline`` is its id: that of the record it starts with, a colon and its kind.
        """
        problems = tuple(day_problems(as_of))
        if problems:
            raise Invalid(problems)
        is_one = re.fullmatch(_DEADLINE_PATTERN, deadline) is not None
        until = None if known_at is None else self._journal.position_at(known_at)
        stream = self._journal.owner_of(deadline.rpartition(":")[0], until=until) if is_one else None
        if stream is None or not is_subject(stream):
            raise NotFound("deadline", deadline)
        now = self._clock.now()
        snapshot = self._journal.snapshot(stream, known_at=known_at)
        if known_at is None:
            # A clock that was set back must not hide what it has just recorded.
            known_at = max(now, snapshot.rows[-1].recorded_at if snapshot.rows else 0)
        case = case_file(stream, snapshot.rows)
        known = self._legislation.every(known_at=known_at, position=snapshot.position)
        found = next((_Found(k, d) for k in known for d in deadlines_of(case, k.law) if d.id == deadline), None)
        if found is None:
            raise NotFound("deadline", deadline)
        return self._proved(case, found, as_of or legal_day(now), known_at, snapshot.position)

    def _proved(
        self, case: CaseFile, found: _Found, as_of: dt.date, known_at: Instant, position: int
    ) -> ProvedDeadline:
        known, deadline = found
        law: RegimeLaw = known.law
        line, proof, extensions, suspensions = next(proofs_of(case, known, as_of, [deadline]))
        return ProvedDeadline(
            deadline=line,
            basis=basis_of(known, law, as_of, known_at, position, self._engine),
            proof=proof,
            extensions=extensions,
            suspensions=suspensions,
        )


class Proved(NamedTuple):
    """One deadline with its proof."""

    deadline: DeadlineLine
    proof: tuple[ProofLine, ...]
    extensions: tuple[Extension, ...]
    suspensions: tuple[Suspension, ...]


def proofs_of(case: CaseFile, known: KnownLaw, as_of: dt.date, deadlines: Sequence[Deadline]) -> Iterator[Proved]:
    """Deadlines of a file as they stand on a day, each proved day by day."""
    law = known.law
    rows = [
        IndexedDeadline(case.subject, case.graded_as, case.region_on(None), case.name_on(None), d) for d in deadlines
    ]
    for deadline, line in zip(deadlines, lines_of(rows, as_of, [known]), strict=True):
        yield Proved(
            line,
            tuple(
                ProofLine(on=day.on, number=day.number, kind=day.kind, paper=day.paper)
                for day in proof_of(case, law, deadline).days
            ),
            tuple(extensions_of(case, deadline)),
            tuple(suspensions_of(case, law, deadline)),
        )


def lines_of(rows: Sequence[IndexedDeadline], as_of: dt.date, laws: Sequence[KnownLaw]) -> tuple[DeadlineLine, ...]:
    """Deadlines as they stand at the end of ``as_of``, with the working days left by the calendars known."""
    days = laws[0].law.days if laws else WorkingDays()
    left = working_days_left(days, as_of, {r.deadline.due_on for r in rows if r.deadline.due_on is not None})
    return tuple(_line(row, as_of, left) for row in rows)


def _line(row: IndexedDeadline, as_of: dt.date, left: dict[dt.date, int]) -> DeadlineLine:
    deadline = row.deadline
    return DeadlineLine(
        id=deadline.id,
        kind=deadline.kind,
        subject=SubjectRef(id=row.subject, kind=row.kind, name=row.name),
        region=row.region,
        regime=deadline.regime,
        year=deadline.year,
        actor=deadline.actor,
        state=deadline.state_on(as_of),
        due_on=deadline.due_on,
        working_days_left=None if deadline.due_on is None else left[deadline.due_on],
        provisional=deadline.provisional,
        starts_on=deadline.starts_on,
        started_by=deadline.started_by,
        original_on=deadline.original_on,
        done_on=deadline.done_on,
        done_by=deadline.done_by,
        cites=deadline.cites,
        readings=deadline.readings,
    )


def _as_read(fresh: Freshness, position: int) -> Freshness:
    """How far the index was kept when it was read: another process may have gone on."""
    head = max(fresh.head, position)
    return msgspec.structs.replace(fresh, position=position, head=head, behind=head - position)


# --- what may be asked ------------------------------------------------------------------------------------------


def _problems(question: WorklistQuestion, laws: Sequence[KnownLaw]) -> Iterator[FieldProblem]:
    if question.region is not None and re.fullmatch(REGION_PATTERN, question.region) is None:
        yield FieldProblem(
            "/region",
            "bad_region",
            sentence("values.places.bad_region"),
        )
    texts = (d.kind for k in laws for a in k.rulebooks for d in a.edition.deadline)
    kinds = (kind for kinds in (texts, (d.kind for k in laws for d in k.law.own_deadlines)) for kind in kinds)
    chosen: tuple[tuple[str, str | None, Iterable[str]], ...] = (
        ("/regime", question.regime, (k.law.regime for k in laws)),
        ("/kind", question.kind, kinds),
        ("/actor", question.actor, ACTORS),
    )
    for pointer, value, allowed in chosen:
        if value is not None and value not in (names := [*dict.fromkeys(allowed)]):
            yield _unknown(pointer, value, names)
    for number, state in enumerate(question.state):
        if state not in STATES:
            yield _unknown(f"/state/{number}", state, STATES)
    yield from day_problems(question.as_of)
    if not 1 <= question.limit <= MOST_LINES:
        yield FieldProblem(
            "/limit",
            "out_of_range",
            sentence("worklist.worklist.out_of_range", most_lines=MOST_LINES),
        )


def day_problems(as_of: dt.date | None) -> Iterator[FieldProblem]:
    """A problem for an ``as_of`` so far away that the days until then are not worth counting."""
    if as_of is not None and not FIRST_DAY <= as_of <= LAST_DAY:
        yield FieldProblem(
            "/as_of",
            "out_of_range",
            sentence("values.moment.out_of_range", first=FIRST_DAY, last=LAST_DAY),
        )


def _unknown(pointer: str, value: str, names: Sequence[str]) -> FieldProblem:
    return FieldProblem(
        pointer,
        "unknown_value",
        sentence("worklist.worklist.unknown_value", value=value, names=names),
    )


def _token(
    question: WorklistQuestion, as_of: dt.date, last: IndexedDeadline, *, position: int = 0, known_at: Instant = 0
) -> str:
    digest = _digest(question, as_of)
    cursor = _Cursor(digest, as_of, last.deadline.due_on, last.deadline.id, position, known_at)
    return sealed(cursor)


def _read_token(question: WorklistQuestion) -> _Cursor:
    """The cursor of a question. Raises ``Invalid`` for a damaged one and for that of another question."""
    cursor = opened(question.cursor or "", _Cursor)
    if cursor.question != _digest(question, question.as_of or cursor.as_of):
        problem = FieldProblem(
            "/cursor",
            "other_question",
            sentence("worklist.worklist.other_question"),
        )
        raise Invalid((problem,))
    return cursor


def _digest(question: WorklistQuestion, as_of: dt.date) -> str:
    """What a cursor is bound to: the question and its day, but not how long a page is."""
    asked = (
        as_of,
        question.region,
        question.regime,
        question.kind,
        question.actor,
        sorted(set(question.state) or set(WORK)),
        question.due_before,
        question.subject,
        question.assignee,
        question.known_at,
        question.sort,
        *(() if question.snoozed == "any" else (question.snoozed,)),
    )
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:16]
