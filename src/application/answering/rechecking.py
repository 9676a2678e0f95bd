"""Executing receipts again: whether every recorded result still follows from what it says it was computed from.

A receipt names the events of its own file by their number, everything else by a position of the journal, the moment
the law was known at, and the readings. Nothing recorded later is looked at: a result that was right when it was given
stays right whatever is learned afterwards.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Final, Literal, NamedTuple, cast, get_args

import msgspec

from application.answering.case_files import case_file
from application.answering.code_changes import CodeChange, bearing_on
from application.answering.grading import StepLine
from application.answering.rankings import ranking_place
from application.answering.results import digest_of, result_of, staff_among
from application.law.legislation import KnownLaw, Legislation, legislation_of
from application.parts import Workplace, here
from application.population.grade_functions import employed_by
from application.ports import AnyEvent, Journal, JournalReader, Part, Recorded
from domain.aggregates.casefile import CaseEvent, CaseFile, fold, fold_on
from domain.aggregates.years import repair_year
from domain.errors import CaseError, NotFound, Refused
from domain.events.evaluation import ResultAdjusted, StageRecorded
from domain.events.facts import FactRecorded
from domain.events.repairs import RepairConfirmed
from domain.events.results import Receipt, Result
from domain.grading.method import assess, assess_year
from domain.grading.step import Assessment, Step
from domain.sentence import sentence
from domain.time import Instant, iso_utc
from domain.vocabulary import SubjectKind

RecheckCause = Literal["record_missing", "edition_unknown", "calendar", "engine", "computed_otherwise"]
"""Why a result is not given again, the first that applies.

``record_missing``: the receipt names events or facts that the journal does not hold. ``edition_unknown``: it names an
edition, or a reading, that the journal does not know by then. ``calendar``: other working-day calendars.
``engine``: it was computed by other code. ``computed_otherwise``: everything is the same and the result is not, so it
was altered or never followed.
"""

ReceiptKind = Literal["stage", "repair", "adjustment"]
"""What carries a result: a step of an evaluation year, the confirmation of a repair, an adjustment."""


class ResultFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A result as it is compared; ``digest`` is over the result and its steps."""

    score: str | None
    grade: str | None
    undetermined: str | None
    deducted: str | None
    counted: tuple[str, ...]
    digest: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt that does not hold: ``what`` differs (``score``, ``digest``, ``rulebooks``, ``calendar_digest``), why.

    ``computed`` is absent where nothing could be computed. ``engine`` is the one that gave the recorded result. Where
    the cause is another engine, ``changes`` are the mended faults that bear on it, those that may explain it.
    """

    subject: str
    record: str
    decision: ReceiptKind
    regime: str
    year: int | None
    what: tuple[str, ...]
    cause: RecheckCause
    engine: str
    recorded: ResultFigures
    computed: ResultFigures | None
    changes: tuple[CodeChange, ...] = ()


class Recheck(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a recheck up to ``position``: how many receipts were executed again, and those that do not hold."""

    engine: str
    position: int
    checked: int
    differences: tuple[Difference, ...]


class ReceiptAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One receipt with its execution: what it rests on, what was recorded, what comes out now and by which steps.

    ``stage`` is the step that carries it; ``on`` the day of the decision. ``holds`` when nothing differs.
    """

    subject: str
    kind: str
    record: str
    decision: ReceiptKind
    stage: str | None
    regime: str
    year: int | None
    on: dt.date
    version: int
    position: int
    known_at: str
    rulebooks: tuple[tuple[str, str], ...]
    calendar_digest: str
    readings: dict[str, str]
    engine: str
    executed_by: str
    holds: bool
    what: tuple[str, ...]
    cause: RecheckCause | None
    recorded: ResultFigures
    computed: ResultFigures | None
    steps: tuple[StepLine, ...]


class GivenResult(NamedTuple):
    """A result found in a file: the event that carries it, as the ``number``-th of the file."""

    number: int
    event: StageRecorded | RepairConfirmed | ResultAdjusted
    result: Result


class _Executed(NamedTuple):
    """What executing a receipt came to."""

    what: tuple[str, ...]
    cause: RecheckCause | None
    assessment: Assessment | None
    regime: str
    year: int | None
    changes: tuple[CodeChange, ...] = ()


_CARRYING: Final = (StageRecorded, RepairConfirmed, ResultAdjusted)
"""Events that may carry a result."""


class RecheckPart(NamedTuple):
    """One part of a recheck: the receipts of the files ``within``, up to a position, executed by an engine."""

    within: Part
    position: int
    engine: str
    changes: Sequence[CodeChange] = ()


def recheck_part(reader: JournalReader, asked: RecheckPart) -> Recheck:
    """Execute every receipt of one part again: a task."""
    # Most files carry no result, and are not read.
    wholes = reader.whole_streams(
        until=asked.position, categories=get_args(SubjectKind), within=asked.within, holding=_CARRYING
    )
    files = [
        _File(whole.stream, whole.events, whole.recorded_at, found)
        for whole in wholes
        if (found := given_in(whole.events))
    ]
    execution = _Execution(reader, legislation_of(reader), asked.engine, asked.position, asked.changes)
    checked = 0
    differences: list[Difference] = []
    for file, given, executed in execution.of(files):
        checked += 1
        if executed.cause is not None:
            differences.append(_difference(file.stream, given, executed))
    return Recheck(engine=asked.engine, position=asked.position, checked=checked, differences=tuple(differences))


class Rechecking:
    """The use case of executing receipts again. Safe to share between threads; it only reads."""

    def __init__(
        self, journal: Journal, legislation: Legislation, engine: str, changes: Sequence[CodeChange] = ()
    ) -> None:
        """``engine`` names the code that executes, ``changes`` are those of the code since older engines."""
        self._journal = journal
        self._changes = tuple(changes)
        self._legislation = legislation
        self._engine = engine

    def recheck(
        self,
        *,
        only: str | None = None,
        progress: Callable[[int], None] | None = None,
        workplace: Workplace | None = None,
    ) -> Recheck:
        """Execute every receipt of the journal again, or those of one record (``only``).

        It is done part by part where ``workplace`` says, or in this process; ``progress`` is told the number of
        receipts after each part. The answer is the same wherever it is done. Raises ``NotFound`` for an unknown record,
        ``Refused`` for one that carries no result.
        """
        if only is not None:
            return self._of_record(only)
        workplace = workplace or here(self._journal)
        position = workplace.reader.head().position
        asked = (RecheckPart(part, position, self._engine, self._changes) for part in workplace.parts(position))
        checked = 0
        differences: list[Difference] = []
        with closing(workplace.executor.run(recheck_part, asked)) as results:
            for found in results:
                checked += found.checked
                differences += found.differences
                if found.checked and progress is not None:
                    progress(checked)
        return Recheck(engine=self._engine, position=position, checked=checked, differences=tuple(differences))

    def _of_record(self, record: str) -> Recheck:
        file = self._found(record)
        execution = self._execution()
        differences = [
            _difference(file.stream, given, executed)
            for _, given, executed in execution.of([file])
            if executed.cause is not None
        ]
        return Recheck(
            engine=self._engine,
            position=execution.position,
            checked=len(file.found),
            differences=tuple(differences),
        )

    def receipt(self, record: str) -> ReceiptAnswer:
        """The receipt of one record, executed again, with its steps. Raises as ``recheck`` does."""
        file = self._found(record)
        execution = self._execution()
        ((_, given, executed),) = execution.of([file._replace(found=file.found[-1:])])
        receipt, event = given.result.receipt, given.event
        return ReceiptAnswer(
            subject=file.stream,
            kind=fold(file.stream, file.first(1)).kind or "",
            record=record,
            decision=decision_of(event),
            stage=event.stage if isinstance(event, StageRecorded) else None,
            regime=executed.regime,
            year=executed.year,
            on=day_of(event),
            version=receipt.version,
            position=receipt.position,
            known_at=iso_utc(receipt.known_at),
            rulebooks=receipt.rulebooks,
            calendar_digest=receipt.calendar_digest,
            readings=receipt.readings,
            engine=receipt.engine,
            executed_by=self._engine,
            holds=executed.cause is None,
            what=executed.what,
            cause=executed.cause,
            recorded=_figures(given.result),
            computed=_computed(executed.assessment, given.result.receipt),
            steps=() if executed.assessment is None else _lines(executed.assessment),
        )

    def _execution(self) -> "_Execution":
        position = self._journal.head().position
        return _Execution(self._journal, self._legislation, self._engine, position, self._changes)

    def _found(self, record: str) -> "_File":
        """The file of a record with the results that the record carries."""
        # A receipt is executed on the file on which the result was given, whatever that was joined to since.
        brought = self._journal.brought([record]).get(record)
        if brought is None:
            raise NotFound("record", record)
        stream = brought.stream
        rows = self._journal.stream(stream)
        events = [row.event for row in rows]
        found = [given for given in given_in(events) if record_of(given.event) == record]
        if not found:
            raise _no_result(record)
        return _File(stream, events, [row.recorded_at for row in rows], found)


class _File(NamedTuple):
    """A subject's events in order, with the instants at which they were recorded, and results ``found`` in them."""

    stream: str
    events: Sequence[AnyEvent]
    instants: Sequence[Instant]
    found: Sequence[GivenResult]

    def first(self, until: int, after: int = 0) -> Iterator[tuple[CaseEvent, Instant]]:
        """The events up to a version, after another one."""
        some = slice(after, until)
        return zip(cast("Sequence[CaseEvent]", self.events[some]), self.instants[some], strict=True)


class _Staff:
    """The files of everybody whom some agencies employ or employed, read at once up to a position and folded as far as
    they are asked about."""

    def __init__(self, reader: JournalReader, files: Iterable[_File], position: int) -> None:
        persons = sorted({person for file in files for person in employed_by(file.events)})
        self._streams = reader.streams(persons, until=position) if persons else {}
        self._position = position
        self._folded: dict[tuple[str, int], CaseFile] = {}

    def position(self) -> int:
        """The last position that was read."""
        return self._position

    def files(self, subjects: Sequence[str], until: int) -> Mapping[str, CaseFile]:
        """Their files with the events up to a position."""
        found = {}
        for subject in subjects:
            events = self._streams.get(subject, ())
            if events and events[-1].position > until:
                events = events[: bisect_right(events, until, key=lambda r: r.position)]
            if events:
                found[subject] = self._file(subject, events)
        return found

    def _file(self, subject: str, events: Sequence[Recorded]) -> CaseFile:
        # Several receipts mostly rest on the same events of an employee.
        key = (subject, len(events))
        file = self._folded.get(key)
        if file is None:
            file = self._folded[key] = case_file(subject, events)
        return file


class _Law(NamedTuple):
    """The law that receipts name, with the ids and digests of its editions as these tell them."""

    known: KnownLaw
    rulebooks: tuple[tuple[str, str], ...]


class _Execution:
    """Executing receipts of some files against a journal that ends at ``position``."""

    def __init__(
        self,
        reader: JournalReader,
        legislation: Legislation,
        engine: str,
        position: int,
        changes: Sequence[CodeChange],
    ) -> None:
        self._reader = reader
        self._changes = changes
        self._legislation = legislation
        self._engine = engine
        self._laws: dict[object, _Law | None] = {}
        self.position = position
        # No receipt that is executed names a later position: what the law is up to there is read once.
        legislation.refresh()

    def of(self, files: Sequence[_File]) -> Iterator[tuple[_File, GivenResult, _Executed]]:
        """Execute the receipts found in each of the files, in order."""
        staff = _Staff(self._reader, files, self.position)
        for file in files:
            for given, executed in self._in_file(file, staff):
                yield file, given, executed

    def _in_file(self, file: _File, staff: _Staff) -> Iterator[tuple[GivenResult, _Executed]]:
        """Execute the receipts of one file in order; the file is folded on from one to the next."""
        case = CaseFile(file.stream)
        for given in file.found:
            version = max(given.result.receipt.version, 0)
            if case.version > version:
                case = CaseFile(file.stream)
            fold_on(case, file.first(version, after=case.version))
            yield given, self._execute(case, given, staff)

    def _execute(self, case: CaseFile, given: GivenResult, staff: _Staff) -> _Executed:
        """Execute one receipt; ``case`` is the file as the receipt names it."""
        event, receipt = given.event, given.result.receipt
        regime, year = regime_and_year(case, event)
        # The confirmation of a repair is the last event its own result rests on; a step does not rest on itself.
        latest = given.number if isinstance(event, RepairConfirmed) else given.number - 1
        if case.version != receipt.version or not 0 < receipt.version <= latest or regime is None:
            return _Executed(("version",), "record_missing", None, regime or "", year)
        if receipt.position > self.position:
            return _Executed(("position",), "record_missing", None, regime, year)
        law = self._law_of(regime, receipt)
        if law is None or not set(receipt.rulebooks) <= set(law.rulebooks):
            return _Executed(("rulebooks",), "edition_unknown", None, regime, year)
        known = law.known
        facts = staff_among(staff, case, known, receipt.position)
        ranking_place(case, known.law, self._reader, receipt.position)
        if isinstance(event, ResultAdjusted):
            assessment = assess(case, known.law, event.decided_on, facts)
        else:
            assessment = assess_year(case, known.law, year or 0, day_of(event), facts)
        what = _differing(given.result, assessment, law)
        cause = self._cause(what, given.result, case)
        changes = bearing_on(self._changes, case, regime, receipt, what) if cause == "engine" else ()
        return _Executed(what, cause, assessment, regime, year, changes)

    def _law_of(self, regime: str, receipt: Receipt) -> _Law | None:
        # A roster gives its results in one instant: many receipts name the same law.
        key = (regime, receipt.known_at, receipt.position, *receipt.readings.items())
        if key not in self._laws:
            self._laws[key] = self._read_law(regime, receipt)
        return self._laws[key]

    def _read_law(self, regime: str, receipt: Receipt) -> _Law | None:
        known = law_of_receipt(self._legislation, regime, receipt)
        if known is None:
            return None
        return _Law(known, tuple((adopted.edition.id, adopted.digest) for adopted in known.rulebooks))

    def _cause(self, what: Sequence[str], result: Result, case: CaseFile) -> RecheckCause | None:
        if not what:
            return None
        if any(id not in case.facts and id not in case.records for id in result.counted):
            return "record_missing"
        if "calendar_digest" in what:
            return "calendar"
        return "engine" if result.receipt.engine != self._engine else "computed_otherwise"


# --- pieces -------------------------------------------------------------------------------------------------


def given_in(events: Sequence[AnyEvent]) -> list[GivenResult]:
    """The events of a file that carry a result, in order."""
    return [
        GivenResult(number, event, event.result)
        for number, event in enumerate(events, 1)
        # Most events are facts: of these the union is not asked.
        if type(event) is not FactRecorded
        and isinstance(event, StageRecorded | RepairConfirmed | ResultAdjusted)
        and event.result is not None
    ]


def law_of_receipt(legislation: Legislation, regime: str, receipt: Receipt) -> KnownLaw | None:
    """The law that a receipt rests on, of a legislation that was read up to there; ``None`` where it was not known by
    then, or has no such reading."""
    try:
        return legislation.at(
            regime, known_at=receipt.known_at, position=receipt.position, law_position=0, readings=receipt.readings
        )
    except CaseError:
        return None


def record_of(event: StageRecorded | RepairConfirmed | ResultAdjusted) -> str:
    """The id of the record that carries a result: for a revision that of the repair."""
    return event.repair if isinstance(event, RepairConfirmed) else event.record


def decision_of(event: StageRecorded | RepairConfirmed | ResultAdjusted) -> ReceiptKind:
    """What carries a result."""
    if isinstance(event, StageRecorded):
        return "stage"
    return "repair" if isinstance(event, RepairConfirmed) else "adjustment"


def day_of(event: StageRecorded | RepairConfirmed | ResultAdjusted) -> dt.date:
    """The day of the decision: what it was computed for, or (of a year's result) as it stood."""
    match event:
        case StageRecorded():
            return event.dated_on
        case RepairConfirmed():
            return event.confirmed_on
        case ResultAdjusted():
            return event.decided_on


def regime_and_year(
    case: CaseFile, event: StageRecorded | RepairConfirmed | ResultAdjusted
) -> tuple[str | None, int | None]:
    """The regime and the evaluation year of a result, as the file tells; ``None`` where it does not."""
    if not isinstance(event, RepairConfirmed):
        return event.regime, event.year
    repair = case.repairs.get(event.repair)
    return (None, None) if repair is None else (repair.asked.regime, repair_year(case, repair.asked))


def _differing(result: Result, assessment: Assessment, law: _Law) -> tuple[str, ...]:
    """The names of what is not the same again."""
    receipt = result.receipt
    again = result_of(assessment, msgspec.structs.replace(receipt, digest=digest_of(assessment)))
    is_same_law = receipt.calendar_digest == law.known.calendar_digest and receipt.rulebooks == law.rulebooks
    if is_same_law and again == result:
        return ()
    # What was recorded before results said what they held does not differ in not saying it.
    untold = {"receipt"} if result.holdings is not None else {"receipt", "holdings"}
    fields = [f for f in result.__struct_fields__ if f not in untold and getattr(result, f) != getattr(again, f)]
    if receipt.digest != again.receipt.digest:
        fields.append("digest")
    if receipt.calendar_digest != law.known.calendar_digest:
        fields.append("calendar_digest")
    if receipt.rulebooks != law.rulebooks:
        fields.append("rulebooks")
    return tuple(fields)


def _figures(result: Result) -> ResultFigures:
    return ResultFigures(
        score=result.score,
        grade=result.grade,
        undetermined=result.undetermined,
        deducted=result.deducted,
        counted=result.counted,
        digest=result.receipt.digest,
    )


def _computed(assessment: Assessment | None, receipt: Receipt) -> ResultFigures | None:
    if assessment is None:
        return None
    return _figures(result_of(assessment, msgspec.structs.replace(receipt, digest=digest_of(assessment))))


def _difference(stream: str, given: GivenResult, executed: _Executed) -> Difference:
    if executed.cause is None:
        raise AssertionError("a receipt that holds is no difference")
    return Difference(
        subject=stream,
        record=record_of(given.event),
        decision=decision_of(given.event),
        regime=executed.regime,
        year=executed.year,
        what=executed.what,
        cause=executed.cause,
        engine=given.result.receipt.engine,
        recorded=_figures(given.result),
        computed=_computed(executed.assessment, given.result.receipt),
        changes=executed.changes,
    )


def _lines(assessment: Assessment) -> tuple[StepLine, ...]:
    """The steps as they are answered."""
    same = [f for f in Step.__struct_fields__ if f != "recorded_at"]
    return tuple(
        StepLine(**{f: getattr(step, f) for f in same}, recorded_at=iso_utc(step.recorded_at))
        for step in assessment.steps
    )


def _no_result(record: str) -> Refused:
    return Refused(
        "no_receipt",
        sentence("answering.rechecking.no_receipt", record=record),
    )
