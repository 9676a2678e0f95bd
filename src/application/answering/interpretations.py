"""The use case of asking on which readings of the law a grade hangs: it stands under all of them, or hangs on these."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, cast

import msgspec

from application import time_budget as patience
from application.answering.grading import Basis, GradeAnswer, Grading, Question, Read, SubjectRef, Track
from application.answering.rechecking import day_of, regime_and_year
from application.answering.results import FromJournal, Others, result_of, staff_files
from application.law.legislation import Legislation
from application.ports import Journal
from domain.aggregates.casefile import CaseEvent, CaseFile, evolve
from domain.events.evaluation import ResultAdjusted, StageRecorded
from domain.events.joining import FilesJoined
from domain.events.repairs import RepairConfirmed
from domain.events.results import Result
from domain.grading.method import assess, assess_year
from domain.grading.staff import StaffFact, staff_facts
from domain.grading.step import Assessment
from domain.grading.tracks.annual import YearLine, annual_track
from domain.grading.tracks.register import public_track
from domain.law.readings import Alternative, GradedUnder, SharedComputation, Survey, survey
from domain.law.regime import Force, RegimeLaw
from domain.time import Instant


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to one reading; ``issue`` and ``answer`` are its words, in the language of the answer."""

    reading: str
    value: str
    issue: str | None = None
    answer: str | None = None


class UnderReadings(msgspec.Struct, frozen=True, kw_only=True):
    """What comes out under some readings; ``undetermined`` is the reason why there is no grade."""

    score: str | None
    grade: str | None
    risk: str | None
    undetermined: str | None

    @property
    def lacks_table(self) -> bool:
        """Whether nothing can be told of it for want of a table that only the bureau can supply."""
        return GradedUnder(undetermined=self.undetermined).lacks_table


class Alone(msgspec.Struct, frozen=True, kw_only=True):
    """What comes out (``under``) when one reading is answered otherwise, and whether the grade is another one then.

    Where a table is missing that only the bureau can supply, ``undetermined`` says so and nothing is counted as a
    change. ``chosen`` is the answer that applies now.
    """

    reading: str
    value: str
    chosen: str
    cites: tuple[str, ...]
    under: UnderReadings
    changes: bool
    issue: str | None = None
    answer: str | None = None


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """Two answers of which neither alone alters the grade, but both together do, and what comes out (``under``)."""

    readings: tuple[Answered, Answered]
    under: UnderReadings


class ReadingsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """On which readings a grade hangs.

    ``decisive`` are the readings of which some other answer alone alters the grade; it ``stands`` when there are none,
    and no ``pairs`` either. ``untold`` are those with an answer of which nothing can be told for want of a table of the
    bureau. ``basis`` is that of the grade answer, which its token repeats. ``year`` is the evaluation year where the
    annual track is asked about. ``sentence`` says it in words, in the language of the answer.
    """

    subject: SubjectRef
    regime: str
    basis: Basis
    force: Force
    track: Track
    year: int | None
    now: UnderReadings
    stands: bool
    decisive: tuple[str, ...]
    untold: tuple[str, ...]
    alternatives: tuple[Alone, ...]
    pairs: tuple[Together, ...]
    sentence: str | None = None


class Readings:
    """The use case. Safe to share between threads; it only reads."""

    def __init__(self, journal: Journal, legislation: Legislation, grading: Grading) -> None:
        self._journal = journal
        self._legislation = legislation
        self._grading = grading

    def answer(self, question: Question, track: Track = "running") -> ReadingsAnswer:
        """A grade under every other reading, alone and in pairs.

        The annual and the public track are told as if the results on record had been given under the readings in
        question, each from the file as it stood. Raises ``NotFound`` for the subject or regime, ``Invalid`` for
        readings.
        """
        read = self._grading.read(question)
        return self.of_read(question, read, self._grading.answer(question, read), FromJournal(self._journal), track)

    def of_read(
        self, question: Question, read: Read, grade: GradeAnswer, others: Others, track: Track = "running"
    ) -> ReadingsAnswer:
        """The same of a file that was read for the question, whose ``grade`` is answered already; ``others`` gives the
        files of its staff."""
        found = survey(read.known.law, self._by_law(read, question, track, others))
        return ReadingsAnswer(
            subject=grade.subject,
            regime=question.regime,
            basis=grade.basis,
            force=grade.force,
            track=track,
            year=max((line.year for line in grade.annual), default=None) if track == "annual" else None,
            now=_under(found.now),
            stands=not found.decisive and not found.pairs,
            decisive=found.decisive,
            untold=tuple(dict.fromkeys(a.reading for a, then in found.alone.items() if then.lacks_table)),
            alternatives=_alone(read.known.law, found),
            pairs=tuple(
                Together(readings=(_answered(p.one), _answered(p.other)), under=_under(p.graded)) for p in found.pairs
            ),
        )

    def decisive(self, question: Question) -> tuple[str, ...]:
        """The readings on which the running grade hangs, by their ids in order. Raises as ``answer`` does."""
        read = self._grading.read(question)
        by_law = self._by_law(read, question, "running", FromJournal(self._journal))
        return tuple(sorted(survey(read.known.law, by_law, pairs=False).decisive))

    def _by_law(
        self, read: Read, question: Question, track: Track, others: Others
    ) -> Callable[[RegimeLaw], GradedUnder]:
        """The grade of a track by the law; everything is read from the journal once."""
        files = staff_files(others, read.case, read.known, read.position)
        # What follows from the files of the staff hangs on few readings: it is the same under most.
        staff_facts_under = SharedComputation(read.known.law, partial(_staff, files)).under

        def running(law: RegimeLaw) -> GradedUnder:
            patience.check_time()
            return _graded(assess(read.case, law, read.as_of, staff_facts_under(law.choices)))

        if track == "running":
            return running
        again = self._given_again(read, question)

        def annual(law: RegimeLaw) -> GradedUnder:
            patience.check_time()
            lines = annual_track(again.under(law), law, read.as_of, staff_facts_under(law.choices))
            return _graded(_given_for(lines[-1])) if lines else GradedUnder()

        def public(law: RegimeLaw) -> GradedUnder:
            patience.check_time()
            case, staff = again.under(law), staff_facts_under(law.choices)
            shown = public_track(case, law, read.as_of, staff)
            if shown is None or shown.grade is not None:
                return GradedUnder(grade=None if shown is None else shown.grade)
            if law.choices.public_follows:
                return GradedUnder(undetermined=assess(case, law, read.as_of, staff).undetermined)
            return GradedUnder(undetermined=_undetermined(case, shown.record))

        return annual if track == "annual" else public

    def _given_again(self, read: Read, question: Question) -> "_GivenAgain":
        """The events of the file as they were known, and what each result of the regime was computed with."""
        rows = self._journal.snapshot(read.case.subject, known_at=question.known_at, position=read.position).rows
        told = [(cast("CaseEvent", row.event), row.recorded_at) for row in rows]
        return self._lines_given(read.case.subject, told, question.regime)

    def _lines_given(self, subject: str, told: Sequence[tuple[CaseEvent, Instant]], regime: str) -> "_GivenAgain":
        case = CaseFile(subject)
        lines = []
        for event, recorded_at in told:
            evolve(case, event, recorded_at)
            given, joined = None, None
            if isinstance(event, FilesJoined):
                carried = [(c.event, c.instant) for c in event.carried]
                joined = self._lines_given(event.joined, carried, regime)
            elif isinstance(event, StageRecorded | RepairConfirmed | ResultAdjusted) and event.result is not None:
                of_regime, year = regime_and_year(case, event)
                if of_regime == regime:
                    given = self._given(case, event, event.result, regime, year)
            lines.append(_Line(event, recorded_at, given, joined))
        return _GivenAgain(subject, lines)

    def _given(self, case: CaseFile, event: "ResultEvent", result: Result, regime: str, year: int | None) -> "_Given":
        receipt = result.receipt
        known = self._legislation.at(regime, known_at=receipt.known_at, position=receipt.position)
        files = staff_files(FromJournal(self._journal), case, known, receipt.position)
        return _Given(event, result, year or 0, known.law, files)


# --- results given again under other readings --------------------------------------------------------------------

ResultEvent = StageRecorded | RepairConfirmed | ResultAdjusted
"""What carries a result."""


class _Given(NamedTuple):
    """A result on record with the law as it was known and the files of the staff as they stood when it was given."""

    event: ResultEvent
    result: Result
    year: int
    law: RegimeLaw
    staff: tuple[CaseFile, ...]

    def again(self, case: CaseFile, law: RegimeLaw) -> Result:
        """The result under the choices of ``law``, from the file as it stood."""
        then = self.law.under(law.choices)
        staff = _staff(self.staff, then)
        if isinstance(self.event, ResultAdjusted):
            found = assess(case, then, self.event.decided_on, staff)
        else:
            found = assess_year(case, then, self.year, day_of(self.event), staff)
        return result_of(found, self.result.receipt)


class _Line(NamedTuple):
    """An event of a file, with what its result was computed with where it carries one, or with the file that it joins
    to it."""

    event: CaseEvent
    recorded_at: Instant
    given: _Given | None
    joined: "_GivenAgain | None"


class _GivenAgain:
    """A file whose results can be given again under other readings, one building on the other as they did."""

    def __init__(self, subject: str, lines: Sequence[_Line]) -> None:
        self._subject = subject
        self._lines = lines

    def under(self, law: RegimeLaw) -> CaseFile:
        """The file as it would read."""
        case = CaseFile(self._subject)
        for event, recorded_at, given, joined in self._lines:
            if isinstance(event, FilesJoined) and joined is not None:
                again = zip(event.carried, joined.under(law).events, strict=True)
                carried = tuple(msgspec.structs.replace(line, event=then) for line, then in again)
                evolve(case, msgspec.structs.replace(event, carried=carried), recorded_at)
            elif given is None:
                evolve(case, event, recorded_at)
            elif isinstance(given.event, RepairConfirmed):
                # The confirmation is the last event its own result rests on (art. 28(2)).
                evolve(case, given.event, recorded_at)
                confirmed = msgspec.structs.replace(given.event, result=given.again(case, law))
                case.repairs[given.event.repair].city_confirmed = confirmed
                # A joining folds the file anew.
                case.events[-1] = confirmed
            else:
                evolve(case, msgspec.structs.replace(given.event, result=given.again(case, law)), recorded_at)
        return case


# --- pieces -------------------------------------------------------------------------------------------------------


def _staff(files: Sequence[CaseFile], law: RegimeLaw) -> tuple[StaffFact, ...]:
    return tuple(fact for file in files for fact in staff_facts(file, law))


def _undetermined(case: CaseFile, record: str) -> str | None:
    """Why the result that a record gave has no grade."""
    given = case.stages.get(record) or case.adjustments.get(record)
    return None if given is None or given.event.result is None else given.event.result.undetermined


def _given_for(line: YearLine) -> Assessment | Result | None:
    return line.reopened or line.result


def _graded(found: Assessment | Result | None) -> GradedUnder:
    if found is None:
        return GradedUnder()
    return GradedUnder(score=found.score, grade=found.grade, risk=found.risk, undetermined=found.undetermined)


def _under(graded: GradedUnder) -> UnderReadings:
    return msgspec.convert(graded, UnderReadings, from_attributes=True)


def _answered(alternative: Alternative) -> Answered:
    return Answered(reading=alternative.reading, value=alternative.value)


def _alone(law: RegimeLaw, found: Survey) -> tuple[Alone, ...]:
    register = {r.id: r for r in law.adopted[-1].edition.reading}
    return tuple(
        Alone(
            reading=a.reading,
            value=a.value,
            chosen=law.choices.chosen[a.reading],
            cites=register[a.reading].cites,
            under=_under(then),
            changes=then.alters(found.now),
        )
        for a, then in found.alone.items()
    )
