"""On which earlier records the lines of an answer rest: warnings, challenges, reminders, what another line is about.

They are read from the same file as the answer and stand beside its core, as papers do.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Final, Literal, Protocol, get_args

import msgspec

from application.ports import Recorded
from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.warnings import WarningFile
from domain.events.facts import FactCorrected, FinalityRecorded
from domain.events.papers.letters import LetterIssued, LetterKind
from domain.grading.effect import CHALLENGE_MONTHS, lapsed_on
from domain.grading.intermediaries import last_day_to_register, unheeded_reminder
from domain.grading.ledger import PIONEER, needs_notice, notice_served_on
from domain.grading.standing import USE_STOPS_FROM, has_failed, held_until, is_waiving, last_day_of
from domain.law.regime import RegimeLaw, RowRule
from domain.time import ONE_DAY, legal_day
from domain.vocabulary import plain

WarningOutcome = Literal[
    "warning_runs", "warning_reported", "warning_met", "warning_missed", "warning_rejected", "warning_late"
]
"""What came of a warning: it holds a deduction back until then."""

_OtherLine = Literal["heavier_row", "once_per_year", "once_only", "during_ban", "pioneer_ended", "revoked"]
"""Why a line does not count because of another."""

UnderlyingCode = Literal[
    WarningOutcome,
    "reconsideration",
    "litigation",
    "finality",
    "unchallenged",
    "record_notice",
    "reminder",
    "client_decision",
    "client_changed",
    "rectification",
    "display_only",
    "correction",
    "fixed",
    _OtherLine,
]
"""What a line rests on: a warning, and what came of it; a challenge of the decision, or that nobody challenged it; the
paper by which it became final; a notice or a reminder that was served; the client's decision; a rectification that was
confirmed; a national repair that ended the display alone; a correction; a published result that holds on; or, where it
does not count because of another line, what that line is about."""


class Underlying(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An earlier record on which a line rests: its day, its paper, its authority.

    ``due_on`` is the last day that it sets, ``done_on`` that of what came of it, ``from_on`` the day from which the
    line counts because of it. ``row`` is that of another line, ``points`` are the client's, ``months`` how long a
    penalty could be challenged, ``reading`` is the answer to an ambiguity by which it is so
    (``J-04:next_publication``). ``says`` tells it in the language of the answer.
    """

    code: UnderlyingCode
    record: str
    on: dt.date | None = None
    document: str | None = None
    authority: str | None = None
    authority_name: str | None = None
    due_on: dt.date | None = None
    done_on: dt.date | None = None
    from_on: dt.date | None = None
    row: str | None = None
    points: str | None = None
    months: int | None = None
    reading: str | None = None
    says: str | None = None


class AnsweredLine(Protocol):
    """A line of an answer, as far as it is looked at here."""

    @property
    def fact(self) -> str | None: ...
    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def row(self) -> str | None: ...
    @property
    def readings(self) -> tuple[str, ...]: ...
    @property
    def effective_on(self) -> dt.date | None: ...
    @property
    def ends_on(self) -> dt.date | None: ...
    @property
    def effect(self) -> str: ...
    @property
    def counted(self) -> bool: ...
    @property
    def reason(self) -> str | None: ...


class UnderlyingRecords:
    """What the lines of one answer rest on, on one day.

    What is looked for is found by the fact or the row, so that a file of many lines is gone through once.
    """

    def __init__(
        self, case: CaseFile, rows: Sequence[Recorded], law: RegimeLaw, day: dt.date, steps: Sequence[AnsweredLine]
    ) -> None:
        """``rows`` are the events of the file, ``day`` is that asked about, ``steps`` the lines of the answer."""
        self._case = case
        self._rows = rows
        self._law = law
        self._day = day
        self._steps = steps

    def of(self, step: AnsweredLine) -> tuple[Underlying, ...]:
        """What one of the lines rests on, in the order of the days."""
        file = self._case.facts.get(step.fact or "")
        rule = None if file is None else self._law.row_of(file.record)
        found: list[Underlying] = []
        if file is not None and rule is not None:
            found += [
                *self._client(file, rule),
                *self._challenges(step, file, rule),
                *self._notices(step, file, rule),
                *self._warnings(step, file, rule),
                *self._later(step, file),
            ]
        for each in (self._fixed(step), self._other_line(step)):
            found += [] if each is None else [each]
        return tuple(sorted(found, key=lambda each: each.on or dt.date.min))

    @cached_property
    def _about(self) -> Mapping[str, Sequence[Recorded]]:
        """The corrections of facts and what made their decisions final, by the fact, in the order of recording."""
        found = defaultdict(list)
        for row in self._rows:
            if isinstance(row.event, FactCorrected | FinalityRecorded):
                found[row.event.fact].append(row)
        return found

    @cached_property
    def _issued(self) -> Mapping[tuple[str | None, LetterKind], tuple[LetterIssued, str]]:
        """The first letter of a kind that was issued about a record by the day and not withdrawn, and whose it is."""
        found: dict[tuple[str | None, LetterKind], tuple[LetterIssued, str]] = {}
        for letter in self._case.letters.values():
            drafted, issued = letter.drafted, letter.issued
            if issued is not None and letter.withdrawn is None and issued.dated_on <= self._day:
                found.setdefault((drafted.concerns, drafted.kind), (issued, drafted.bureau))
        return found

    def _letter(self, record: str, kind: LetterKind) -> tuple[str | None, str | None]:
        """The number of the letter of a kind that was issued about a record, and whose it is."""
        found = self._issued.get((record, kind))
        return (None, None) if found is None else (found[0].number, found[1])

    @cached_property
    def _of_row(self) -> Mapping[str | None, Sequence[AnsweredLine]]:
        """The lines by their rows."""
        return self._by(lambda step: step.row)

    @cached_property
    def _of_act(self) -> Mapping[str | None, Sequence[AnsweredLine]]:
        """The lines by the cases of their facts."""
        return self._by(lambda step: None if (file := self._fact(step)) is None else file.record.case_no)

    @cached_property
    def _until_a_day(self) -> Sequence[AnsweredLine]:
        """The lines of facts that last until a day."""
        return [step for step in self._steps if (file := self._fact(step)) and file.record.until_on is not None]

    @cached_property
    def _heaviest(self) -> Sequence[AnsweredLine]:
        """Of the facts that count, the line that does most, where there is one."""
        counted = [step for step in self._steps if step.counted and step.fact is not None]
        return [min(counted, key=lambda step: -_weight(step))] if counted else []

    def _by(self, key: Callable[[AnsweredLine], str | None]) -> Mapping[str | None, Sequence[AnsweredLine]]:
        found = defaultdict(list)
        for step in self._steps:
            found[key(step)].append(step)
        return found

    def _fact(self, step: AnsweredLine) -> FactFile | None:
        return self._case.facts.get(step.fact or "")

    # --- what was done about the fact ---------------------------------------------------------------------

    def _warnings(self, step: AnsweredLine, file: FactFile, rule: RowRule) -> Iterator[Underlying]:
        """The warnings about an agency's points; what is rated directly is not held back by one."""
        if rule.kind != "agency" or "I-07" not in step.readings:
            return
        for warning in file.warnings:
            if warning.stands and warning.issued.issued_on <= self._day:
                yield self._warning(step, warning)

    def _warning(self, step: AnsweredLine, warning: WarningFile) -> Underlying:
        law, day, issued = self._law, self._day, warning.issued
        number, bureau = self._letter(issued.warning, "warning_notice")
        # A deduction that is waived is so on every day: what is told is why.
        code, done_on = _came_of(warning, law, dt.date.max if step.reason == "waived" else day)
        until, from_on = held_until(warning, law), step.effective_on
        if until is None or from_on is None or law.choices.deduct_at_once or code in _NOT_OVER:
            from_on = None
        elif done_on is not None and code == "warning_late" and until >= done_on:
            # What ended the warning ended the deduction.
            from_on = None
        else:
            from_on = max(until, from_on)
        return Underlying(
            code=code,
            record=issued.warning,
            on=issued.issued_on,
            document=number,
            authority=bureau,
            due_on=last_day_of(warning, law),
            done_on=done_on,
            from_on=from_on,
        )

    def _challenges(self, step: AnsweredLine, file: FactFile, rule: RowRule) -> Iterator[Underlying]:
        """What a penalty waits for: challenges, and the paper by which it became final."""
        if rule.counts_from == "decided_on" and not rule.may_be_falsification:
            return
        for contest in file.contests:
            if contest.filed_on <= self._day:
                yield Underlying(code=contest.kind, record=file.id, on=contest.filed_on)
        final = (row.event for row in reversed(self._about.get(file.id, ())))
        last = next((event for event in final if isinstance(event, FinalityRecorded)), None)
        if last is not None and last.document is not None and last.final_on == file.record.final_on:
            yield Underlying(code="finality", record=file.id, on=last.final_on, document=last.document)
        lapsed = None if file.record.final_on is not None else lapsed_on(file, self._law)[0]
        if lapsed is not None and lapsed == step.effective_on:
            served_on, months = file.record.served_on, CHALLENGE_MONTHS
            yield Underlying(code="unchallenged", record=file.id, on=served_on, months=months, from_on=lapsed)

    def _notices(self, step: AnsweredLine, file: FactFile, rule: RowRule) -> Iterator[Underlying]:
        """What had to be served before: the notice that goes with a penalty, the reminder to register."""
        if needs_notice(rule) and (served_on := notice_served_on(self._case, file, self._law.regime)) is not None:
            number, bureau = self._letter(file.id, "record_notice")
            yield Underlying(code="record_notice", record=file.id, on=served_on, document=number, authority=bureau)
        on = file.record.decided_on
        if not rule.needs_reminder or on is None:
            return
        reminder = unheeded_reminder(self._case, self._law, on)
        if reminder is not None:
            number, bureau = self._letter(reminder.record, "reminder")
            yield Underlying(
                code="reminder",
                record=reminder.record,
                on=reminder.issued_on,
                document=number,
                authority=bureau,
                due_on=last_day_to_register(reminder, self._law),
                from_on=step.effective_on,
            )

    def _client(self, file: FactFile, rule: RowRule) -> Iterator[Underlying]:
        """The client's decision behind a linked deduction, and what it was changed to."""
        if rule.type != "linked":
            return
        if file.record.linked_to is not None:
            yield Underlying(code="client_decision", record=file.id, document=file.record.linked_to)
        for outcome in file.followed_outcomes:
            if outcome.kind == "changed" and outcome.points is not None and outcome.decided_on <= self._day:
                yield Underlying(
                    code="client_changed",
                    record=outcome.record or file.id,
                    on=outcome.decided_on,
                    document=outcome.document,
                    points=plain(outcome.points),
                )

    def _later(self, step: AnsweredLine, file: FactFile) -> Iterator[Underlying]:
        """What came later: a rectification, a national repair by which it still counts, corrections."""
        done, national = file.rectification, file.national_repair
        if done is not None and done.confirmed_on <= self._day and "I-04" in step.readings:
            yield Underlying(
                code="rectification",
                record=done.record or file.id,
                on=done.confirmed_on,
                authority=done.authority,
                done_on=done.completed_on,
            )
        if national is not None and step.counted and national.granted_on < USE_STOPS_FROM:
            yield Underlying(
                code="display_only",
                record=national.record or file.id,
                on=national.granted_on,
                document=national.document,
                from_on=USE_STOPS_FROM,
            )
        for row in self._about.get(file.id, ()):
            if isinstance(row.event, FactCorrected):
                yield Underlying(code="correction", record=file.id, on=legal_day(row.recorded_at))

    # --- what a published result fixed --------------------------------------------------------------------

    def _fixed(self, step: AnsweredLine) -> Underlying | None:
        """The published result by which a direct rating holds on after what it rested on came to its end."""
        stages = [self._case.stages[id] for id in step.sources if id in self._case.stages]
        files = [self._case.facts[id] for id in step.sources if id in self._case.facts]
        if step.fact is not None or not step.counted or not stages or not files or not step.readings:
            return None
        ended = next((each.ends_on for each in self._steps if each.fact == files[0].id), None)
        id = step.readings[-1]
        chosen = self._law.choices.chosen.get(id)
        return Underlying(
            code="fixed",
            record=stages[0].event.record,
            on=stages[0].event.dated_on,
            due_on=None if ended is None else ended - ONE_DAY,
            from_on=step.effective_on,
            reading=None if chosen is None else f"{id}:{chosen}",
        )

    # --- what another line is about -----------------------------------------------------------------------

    def _other_line(self, step: AnsweredLine) -> Underlying | None:
        """The line because of which one does not count."""
        code = _code_of(step)
        if code is None:
            return None
        others = [each for each in self._looked_among(code, step) if each is not step and self._is_it(code, step, each)]
        if not others:
            return None
        found = min(others, key=lambda other: (not other.counted, -_weight(other)))
        file = self._case.facts.get(found.fact or "")
        return Underlying(
            code=code,
            record=found.fact or next(iter(found.sources), ""),
            on=found.effective_on if file is None else file.record.decided_on or found.effective_on,
            document=None if file is None else file.record.document,
            authority=None if file is None else file.record.authority,
            row=found.row,
        )

    def _looked_among(self, code: _OtherLine, step: AnsweredLine) -> Sequence[AnsweredLine]:
        """Where the line may be because of which one does not count."""
        match code:
            case "heavier_row":
                own = self._fact(step)
                return () if own is None else self._of_act[own.record.case_no]
            case "once_per_year" | "once_only":
                return self._of_row[step.row]
            case "during_ban":
                return self._until_a_day
            case "pioneer_ended":
                return self._steps
            case "revoked":
                return self._heaviest

    def _is_it(self, code: _OtherLine, step: AnsweredLine, other: AnsweredLine) -> bool:
        """Whether another line is that because of which one does not count."""
        own, its = (self._case.facts.get(each.fact or "") for each in (step, other))
        since, other_since = step.effective_on, other.effective_on
        match code:
            case "heavier_row":
                is_of_act = own is not None and its is not None and own.record.case_no == its.record.case_no
                return is_of_act and (other.counted or other.reason in _PUT_RIGHT)
            case "once_per_year":
                years = {None if day is None else day.year for day in (since, other_since)}
                return other.row == step.row and len(years) == 1 and other.reason != code
            case "once_only":
                return other.row == step.row and other.reason != code
            case "during_ban":
                until = None if its is None else its.record.until_on
                if since is None or other_since is None or until is None:
                    return False
                return other_since <= since <= until
            case "pioneer_ended":
                return other.effect.startswith("-") and other_since == step.ends_on
            case "revoked":
                return other.counted and other.fact is not None


def _code_of(step: AnsweredLine) -> _OtherLine | None:
    """Because of what other line one does not count; ``None`` where it is for none."""
    if step.row == PIONEER and step.reason == "ended":
        return "pioneer_ended"
    return next((code for code in get_args(_OtherLine) if code == step.reason), None)


def _came_of(warning: WarningFile, law: RegimeLaw, day: dt.date) -> tuple[UnderlyingCode, dt.date | None]:
    """What came of a warning by a day, and when."""
    last, confirmed, rejected = last_day_of(warning, law), warning.confirmed, warning.rejected
    if confirmed is not None and confirmed.confirmed_on <= day:
        return ("warning_met" if is_waiving(warning, law) else "warning_late"), confirmed.confirmed_on
    if rejected is not None and rejected.decided_on <= day:
        return "warning_rejected", rejected.decided_on
    if has_failed(warning, law, day):
        return "warning_missed", None
    reported = [report.reported_on for report in warning.reports if report.reported_on <= min(day, last)]
    return ("warning_reported", reported[-1]) if reported else ("warning_runs", None)


def _weight(line: AnsweredLine) -> Decimal:
    """How much a line does: a rating more than any points."""
    try:
        return abs(Decimal(line.effect))
    except InvalidOperation:
        return Decimal("Infinity")


_NOT_OVER: Final = ("warning_runs", "warning_reported", "warning_met")
"""What came of a warning that never let the deduction count."""

_PUT_RIGHT: Final = ("suspended", "waived", "ended", "repaired", "nationally_repaired")
"""Why the heaviest row of an act does not count and none lighter does in its place."""
