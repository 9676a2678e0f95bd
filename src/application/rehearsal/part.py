"""One part of a rehearsal: the files of a range of streams, each folded once and graded with and without the draft.

A file that nothing of the draft can bear on is graded once: its rows are the same, and so is whatever else moves its
kind. Only where the answers differ somewhere are they explained. Work done here is a function of its arguments and of
the journal up to the rehearsal's position: wherever and in however many parts it is done, the results are the same.
"""

import datetime as dt
import itertools
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, get_args

import msgspec

from application.answering.case_files import case_file_of
from application.answering.rankings import rankings_of
from application.damaged_files import streams_apart, whole_streams_apart
from application.law.legislation import Compiled, KnownLaw, Legislation
from application.population.grade_functions import employed_by
from application.ports import JournalReader, Part, WholeStream
from application.rehearsal.drafts import Draft, Drafted
from application.rehearsal.files import FileAtHand, Staff
from application.rehearsal.plan import draft_of, drafted
from application.rehearsal.published_results import ResultComparison
from application.rehearsal.reasons import explained
from application.rehearsal.rehearsal import (
    ChangedSpan,
    DecisionChange,
    Graded,
    GradeMove,
    PartResult,
    Rehearsed,
    SubjectChange,
)
from application.wording import in_words
from application.year.rosters import lies_in
from domain.aggregates.casefile import CaseFile
from domain.errors import CaseError, Unreadable
from domain.vocabulary import SubjectKind

_ONE_DAY: Final = dt.timedelta(days=1)
_AT_ONCE: Final = 200
"""Files whose staff is read in one go."""

_KEPT: Final = 2
"""Rehearsals whose law is kept ready in a process."""


def rehearse_part(reader: JournalReader, argument: tuple[Rehearsed, Part]) -> PartResult:
    """What one part of the journal comes to under a rehearsal.

    A file that cannot be read or graded is left out and named with the position and the reason.
    """
    return compared_part(reader, *argument)


def compared_part(reader: JournalReader, rehearsed: Rehearsed, part: Part, *, is_thorough: bool = False) -> PartResult:
    """The same; a thorough comparison grades every file both ways, whether or not the draft can bear on it, and
    assesses it on each of the days."""
    work = _Work(reader, _ready(reader, rehearsed), is_thorough=is_thorough)
    found = whole_streams_apart(reader, until=rehearsed.position, categories=work.ready.kinds, within=part)
    for files in _batches(found):
        work.take(files)
    return PartResult(
        part=part,
        engine=rehearsed.engine,
        subjects=work.subjects,
        events=work.events,
        decisions=work.decisions,
        matrix=moves_of(work.matrix),
        changes=tuple(work.changes),
        changed_decisions=tuple(work.changed_decisions),
        unreadable=tuple(sorted(work.unreadable)),
    )


def moves_of(counted: Mapping[tuple[dt.date, SubjectKind, str, str], int]) -> tuple[GradeMove, ...]:
    """The cells of a matrix in order, those that stay first."""
    ordered = sorted(counted.items(), key=lambda cell: cell[0])
    return tuple(GradeMove(on=on, kind=kind, now=now, then=then, number=n) for (on, kind, now, then), n in ordered)


# --- what every file needs ------------------------------------------------------------------------------------


class _Ready:
    """The law of a rehearsal with the draft in it, and those its decisions were given under."""

    def __init__(self, rehearsed: Rehearsed, legislation: Legislation, compiled: Compiled) -> None:
        self.rehearsed = rehearsed
        self.compiled = compiled
        self.draft: Draft = draft_of(rehearsed, legislation)
        self.drafted = drafted(rehearsed, legislation)
        laws = [law for law in (self.drafted.law, self.drafted.with_provisions()) if law is not None]
        methods = {kind for law in laws for a in law.adopted for kind in a.edition.methods}
        self.kinds: tuple[SubjectKind, ...] = tuple(kind for kind in get_args(SubjectKind) if kind in methods)
        self._given: dict[int, tuple[KnownLaw, Drafted]] = {}

    def given_under(self, known: KnownLaw) -> Drafted:
        """The law a decision was given under, with the draft in it."""
        found = self._given.get(id(known))
        if found is None:
            found = self._given[id(known)] = (known, Drafted(known.law, self.draft, known.law.days))
        return found[1]


_PREPARED: Final[OrderedDict[tuple[object, ...], _Ready]] = OrderedDict()
_PREPARED_LOCK: Final = threading.Lock()


def _ready(reader: JournalReader, rehearsed: Rehearsed) -> _Ready:
    """The rehearsal made ready once in a process for all its parts, by what was on record of the law."""
    events = tuple(reader.law())
    key = (msgspec.json.encode(rehearsed, order="deterministic"), tuple((r.position, r.event) for r in events))
    with _PREPARED_LOCK:
        found = _PREPARED.get(key)
        if found is None:
            compiled = Compiled()
            found = _PREPARED[key] = _Ready(rehearsed, Legislation(reader, compiled=compiled), compiled)
            while len(_PREPARED) > _KEPT:
                _PREPARED.popitem(last=False)
        _PREPARED.move_to_end(key)
        return found


# --- reading ----------------------------------------------------------------------------------------------------


def _batches(found: Iterable[WholeStream | Unreadable]) -> Iterator[list[WholeStream | Unreadable]]:
    left = iter(found)
    while some := list(itertools.islice(left, _AT_ONCE)):
        yield some


# --- working ----------------------------------------------------------------------------------------------------


class _Work:
    """What has been found so far."""

    def __init__(self, reader: JournalReader, ready: _Ready, *, is_thorough: bool) -> None:
        self._reader = reader
        self._is_thorough = is_thorough
        self._rehearsed = ready.rehearsed
        self._legislation = Legislation(reader, compiled=ready.compiled)
        self._legislation.refresh()
        self.ready = ready
        # All that is read for a file is read by now: what fails while it is graded is a fault of the file.
        for law in (ready.drafted.law, ready.drafted.with_provisions()):
            if law is not None:
                rankings_of(reader).places("", law, ready.rehearsed.position)
        self.subjects = self.events = self.decisions = 0
        self.matrix: Counter[tuple[dt.date, SubjectKind, str, str]] = Counter()
        self.changes: list[SubjectChange] = []
        self.changed_decisions: list[DecisionChange] = []
        self.unreadable: list[tuple[str, int, str]] = []

    def take(self, found: Sequence[WholeStream | Unreadable]) -> None:
        """Take in some files, in order; the staff of all of them is read in one go."""
        files = [whole for whole in found if not isinstance(whole, Unreadable)]
        self.unreadable += [(e.stream, e.position, in_words(e.says).en) for e in found if isinstance(e, Unreadable)]
        employed = {whole.stream: self._employed(whole) for whole in files}
        names = sorted({name for names in employed.values() for name in names})
        persons = streams_apart(self._reader, names, self._rehearsed.position)
        for whole in files:
            own = employed[whole.stream]
            broken = next((persons.unreadable[name] for name in own if name in persons.unreadable), None)
            if broken is not None:
                self.unreadable.append((whole.stream, broken.position, in_words(broken.says).en))
                continue
            staff = Staff({name: persons.rows[name] for name in own if name in persons.rows})
            try:
                self._take(whole, staff)
            except Exception as error:  # noqa: BLE001  # whatever a file is like, the others are rehearsed
                reason = in_words(error.says).en if isinstance(error, CaseError) else f"{type(error).__name__}: {error}"
                self.unreadable.append((whole.stream, whole.positions[-1], reason))

    def _employed(self, whole: WholeStream) -> list[str]:
        """The persons an agency employs or employed, where some law asks for them."""
        if whole.category != "agency" or not self.ready.drafted.staff_rows:
            return []
        return sorted(set(employed_by(whole.events)))

    def _take(self, whole: WholeStream, staff: Staff) -> None:
        rehearsed, ready = self._rehearsed, self.ready
        case = case_file_of(whole)
        if case.kind is None or not _is_meant(case, rehearsed):
            return
        file = FileAtHand(case, staff, rehearsed.position, is_thorough=self._is_thorough)
        file.put_in_place(ready.drafted, self._reader)
        change: SubjectChange | None = None
        if self._is_thorough or file.is_touched_by(ready.drafted):
            answers = list(_answers(file, ready.drafted, rehearsed))
            cells = [_cell(case.kind, day, *_last(answers, day)) for day in rehearsed.days]
            change = _change(file, ready.drafted, rehearsed, answers)
        else:
            alike = [file.graded(ready.drafted.law, day) for day in rehearsed.days]
            cells = [_cell(case.kind, day, now, now) for day, now in zip(rehearsed.days, alike, strict=True)]
        decisions = ResultComparison(self._reader, self._legislation, ready.given_under, is_thorough=self._is_thorough)
        decided = decisions.changed(rehearsed, whole, file, staff)
        # Nothing of a file that fails is counted.
        self.subjects += 1
        self.events += case.version
        self.matrix.update(cells)
        self.decisions += decided.number
        self.changed_decisions += decided.changes
        if change is not None:
            self.changes.append(change)


def _is_meant(case: CaseFile, rehearsed: Rehearsed) -> bool:
    return rehearsed.region is None or lies_in(case.region_on(rehearsed.as_of), rehearsed.region)


class _Answer(NamedTuple):
    """What a file comes to from a day on, without the draft and with it."""

    on: dt.date
    now: Graded
    then: Graded


def _answers(file: FileAtHand, law: Drafted, rehearsed: Rehearsed) -> Iterator[_Answer]:
    """The answers on every day up to the last one compared on which one of the two may change.

    On days on which the same law applies, those before the draft's first, the answer is the same: it is not computed.
    """
    turning = sorted(file.days(law.law) | file.days(law.with_provisions()))
    begins_on = min([rehearsed.days[0], file.opened_on, *(day - _ONE_DAY for day in turning[:1])])
    from_on = () if rehearsed.from_on is None else (rehearsed.from_on,)
    for day in sorted({begins_on, *from_on, *turning}):
        if begins_on <= day <= rehearsed.as_of:
            before, after = law.law, law.on(day)
            if before is not after:
                yield _Answer(day, file.graded(before, day), file.graded(after, day))


def _last(answers: Sequence[_Answer], day: dt.date) -> tuple[Graded, Graded]:
    found = next(a for a in reversed(answers) if a.on <= day)
    return found.now, found.then


def _cell(kind: SubjectKind, day: dt.date, now: Graded, then: Graded) -> tuple[dt.date, SubjectKind, str, str]:
    return day, kind, _named(now), _named(then)


def _named(answer: Graded) -> str:
    """A grade, or why there is none."""
    return answer.grade or answer.undetermined or "none"


def _change(file: FileAtHand, law: Drafted, rehearsed: Rehearsed, answers: Sequence[_Answer]) -> SubjectChange | None:
    """How and why the answers of a file differ; ``None`` where they never do."""
    spans = tuple(_spans(answers, rehearsed.as_of))
    if not spans:
        return None
    case, day = file.case, spans[-1].until_on
    reasons, interactions = explained(file, law, day)
    return SubjectChange(
        subject=case.subject,
        kind=case.graded_as,
        name=case.name_on(rehearsed.as_of),
        region=case.region_on(rehearsed.as_of),
        moved=any(is_moved(span.now, span.then) for span in spans),
        spans=spans,
        explained_on=day,
        reasons=reasons,
        interactions=interactions,
    )


def is_moved(one: Graded, other: Graded) -> bool:
    """Whether two answers differ in more than the score."""
    return (one.grade, one.undetermined, one.risk) != (other.grade, other.undetermined, other.risk)


def _spans(answers: Sequence[_Answer], until_on: dt.date) -> Iterator[ChangedSpan]:
    """The days on which the answers differ, those that follow each other with the same two answers made one."""
    ends = [answer.on - _ONE_DAY for answer in answers[1:]] + [until_on]
    for (now, then), some in itertools.groupby(zip(answers, ends, strict=True), key=lambda a: (a[0].now, a[0].then)):
        if now != then:
            days = list(some)
            yield ChangedSpan(from_on=days[0][0].on, until_on=days[-1][1], now=now, then=then)
