"""Published results under a draft: each computed anew from its receipt, without the draft and with it."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, cast

from application.answering.rechecking import day_of, decision_of, law_of_receipt, record_of, regime_and_year
from application.law.legislation import KnownLaw, Legislation
from application.ports import JournalReader, WholeStream
from application.rehearsal.drafts import Drafted
from application.rehearsal.files import FileAtHand, Staff, graded_side
from application.rehearsal.rehearsal import DecisionChange, Graded, Rehearsed
from domain.aggregates.casefile import CaseEvent, CaseFile, fold_on
from domain.events.evaluation import ResultAdjusted, StageRecorded
from domain.events.repairs import RepairConfirmed
from domain.events.results import Receipt, Result
from domain.law.regime import RegimeLaw

PUBLISHING: Final = ("publication", "rating")
"""The steps that make a result public: of an agency's year, of a practitioner's."""


class ComparedResults(NamedTuple):
    """How many published results of a file were looked at, and those that would differ."""

    number: int
    changes: tuple[DecisionChange, ...]


class _Given(NamedTuple):
    """A published result of a file: the number of the event that carries it, the event, the result."""

    number: int
    event: StageRecorded | RepairConfirmed | ResultAdjusted
    result: Result


class ResultComparison:
    """Looks at the published results of one file after another."""

    def __init__(
        self,
        reader: JournalReader,
        legislation: Legislation,
        given_under: Callable[[KnownLaw], Drafted],
        *,
        is_thorough: bool,
    ) -> None:
        """``legislation`` was read already; ``given_under`` puts the draft into the law of a receipt."""
        self._reader = reader
        self._legislation = legislation
        self._given_under = given_under
        self._is_thorough = is_thorough

    def changed(self, rehearsed: Rehearsed, whole: WholeStream, file: FileAtHand, staff: Staff) -> ComparedResults:
        """The published results of a file dated from the draft's first day on that it would have made others.

        One whose law the journal does not hold any more cannot be computed anew and is not looked at; a recheck names
        it.
        """
        found = [self._changed(rehearsed, part, file, staff) for part in (whole, *_joined_to(file.case))]
        return ComparedResults(sum(f.number for f in found), tuple(change for f in found for change in f.changes))

    def _changed(self, rehearsed: Rehearsed, whole: WholeStream, file: FileAtHand, staff: Staff) -> ComparedResults:
        """Those that were given on the file itself, or on one that was joined to it."""
        number, changes = 0, []
        case = CaseFile(whole.stream)
        for given in _given(whole, file.case, rehearsed):
            receipt = given.result.receipt
            law = self._law_of(rehearsed.regime, receipt)
            if law is None or not 0 < receipt.version <= given.number:
                continue
            number += 1
            if self._is_thorough or file.is_touched_by(law):
                case = _upto(case, whole, receipt.version)
                found = FileAtHand(case, staff, receipt.position, is_thorough=self._is_thorough)
                found.put_in_place(law, self._reader)
                change = _change(found, file.case, law, given)
                changes += [] if change is None else [change]
        return ComparedResults(number, tuple(changes))

    def _law_of(self, regime: str, receipt: Receipt) -> Drafted | None:
        known = law_of_receipt(self._legislation, regime, receipt)
        return None if known is None else self._given_under(known)


def _joined_to(case: CaseFile) -> Iterator[WholeStream]:
    """The files that were joined to one, as they stood then."""
    for event, _ in case.joinings.values():
        lines = event.carried
        yield WholeStream(
            event.joined,
            case.graded_as,
            [0] * len(lines),
            [line.instant for line in lines],
            [line.event for line in lines],
        )


def _upto(case: CaseFile, whole: WholeStream, version: int) -> CaseFile:
    """The file with its events up to a version; ``case`` is gone on with where it has no more of them."""
    if case.version > version:
        case = CaseFile(whole.stream)
    some = slice(case.version, version)
    fold_on(case, zip(cast("Sequence[CaseEvent]", whole.events[some]), whole.recorded_at[some], strict=True))
    return case


def _given(whole: WholeStream, case: CaseFile, rehearsed: Rehearsed) -> Iterator[_Given]:
    for number, event in enumerate(whole.events, 1):
        if not isinstance(event, StageRecorded | RepairConfirmed | ResultAdjusted) or event.result is None:
            continue
        if isinstance(event, StageRecorded) and event.stage not in PUBLISHING:
            continue
        day = day_of(event)
        is_meant = (rehearsed.from_on or dt.date.min) <= day <= rehearsed.as_of
        if is_meant and regime_and_year(case, event)[0] == rehearsed.regime and _stands(event, case):
            yield _Given(number, event, event.result)


def _stands(event: StageRecorded | RepairConfirmed | ResultAdjusted, case: CaseFile) -> bool:
    """Whether what made the result public was not taken back."""
    if isinstance(event, RepairConfirmed):
        repair = case.repairs.get(event.repair)
        return repair is not None and repair.takes_effect_on is not None
    held = case.stages if isinstance(event, StageRecorded) else case.adjustments
    record = held.get(event.record)
    return record is not None and not record.retracted


def _change(file: FileAtHand, known: CaseFile, law: Drafted, given: _Given) -> DecisionChange | None:
    """What the draft would have made of a result; ``None`` where it is the same. ``known`` is the whole file."""
    event, day = given.event, day_of(given.event)
    year = regime_and_year(known, event)[1]

    def computed(of: RegimeLaw | None) -> Graded:
        if of is None:
            return graded_side(None)
        if isinstance(event, ResultAdjusted):
            return file.graded(of, day)
        return graded_side(file.of_year(of, year or 0, day))

    now, then = computed(law.law), computed(law.on(day))
    if now == then:
        return None
    return DecisionChange(
        subject=known.subject,
        name=known.name_on(day),
        record=record_of(event),
        decision=decision_of(event),
        stage=event.stage if isinstance(event, StageRecorded) else None,
        year=year,
        on=day,
        recorded=graded_side(given.result),
        now=now,
        then=then,
    )
