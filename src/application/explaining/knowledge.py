"""What was known when a decision was taken, what was true and not yet recorded, and whether it would be the same today.

A decision is a step of an evaluation year with a result, the revision by a repair, or an adjustment. Its receipt says
what it was computed from; today's knowledge is everything recorded since, about the same year and day.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, get_args

import msgspec

from application.answering.case_files import case_file, with_joined
from application.answering.grading import Read, StepLine, known_at_from
from application.answering.rechecking import ReceiptAnswer, ReceiptKind, Rechecking, ResultFigures
from application.answering.rechecking import RecheckCause as Failing
from application.explaining.attribution import ComparedFigures as Weighable
from application.explaining.attribution import Interaction
from application.explaining.differences import DifferenceCause, EventRef, Explained, event_ref, explain, persons_of
from application.explaining.event_groups import CauseCode, Roots, happened_on
from application.explaining.hybrid_files import HybridSide, figures_of, rankings_in
from application.law.legislation import Legislation
from application.ports import Clock, Journal, Recorded
from domain.aggregates.casefile import CaseFile
from domain.errors import NotFound, Refused
from domain.events.facts import FactRecorded, FactSetAside
from domain.events.joining import FileJoinedInto, FilesJoined
from domain.events.registration import Registered, SubjectChanged
from domain.grading.method import assess, assess_year, counts_from
from domain.grading.step import Assessment
from domain.law.regime import RegimeLaw
from domain.sentence import sentence
from domain.time import Instant, iso_utc, legal_day


class LaterEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something recorded after a decision.

    ``on`` is the day from which it was so (the day a fact counts from), ``delay_days`` the days from then to its
    recording, ``after_days`` those from the decision. ``about`` is the fact or record it is about.
    """

    event: EventRef
    code: CauseCode
    about: str
    row: str | None
    on: dt.date | None
    delay_days: int | None
    after_days: int
    because: str | None = None


class DecisionKnowledge(msgspec.Struct, frozen=True, kw_only=True):
    """One decision and what was known of its matter, then and since.

    ``recorded`` is the result as it was given, ``holds`` whether its receipt gives it again, ``failing`` why not.
    ``on_record`` are the lines it rests on. ``true_but_later`` was so by the day of the decision and was recorded after
    it; ``corrected_since`` is what became of things that were on record then. ``today`` is the result of the same year
    and day by today's knowledge, ``same`` whether it is the recorded one; ``causes`` say what makes it another one.
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
    as_known_at: str
    holds: bool
    failing: Failing | None
    recorded: ResultFigures
    on_record: tuple[StepLine, ...]
    true_but_later: tuple[LaterEvent, ...]
    corrected_since: tuple[LaterEvent, ...]
    today: Weighable
    same: bool
    causes: tuple[DifferenceCause, ...]
    interactions: tuple[Interaction, ...]


class _File(NamedTuple):
    """The file of a decision: its events, and those that were known. ``joined`` is the subject on whose file it was
    taken where that was joined to this one since, at a position ``joined_at``."""

    subject: str
    rows: Sequence[Recorded]
    known: Sequence[Recorded]
    joined: tuple[str, ...] = ()
    joined_at: int = 0

    @property
    def since(self) -> list[Recorded]:
        """What was not known, in order of recording."""
        known = {row.position for row in self.known}
        return [row for row in self.rows if row.position not in known]

    def cause(self, row: Recorded) -> CauseCode:
        """What an event that was not known is: what stood on the other file came with the joining."""
        came = row.position < self.joined_at and row.stream not in self.joined
        return "joined" if came else row.event.cause


class _Then(NamedTuple):
    """What a decision rests on, and what is known of its file by now."""

    receipt: ReceiptAnswer
    file: "_File"
    first: HybridSide
    second: HybridSide


class Knowing:
    """The use case of asking what was known when. Safe to share between threads; it only reads."""

    def __init__(self, journal: Journal, clock: Clock, legislation: Legislation, rechecking: Rechecking) -> None:
        self._journal = journal
        self._clock = clock
        self._legislation = legislation
        self._rechecking = rechecking

    def of(self, record: str) -> DecisionKnowledge:
        """What was known of one decision. Raises ``NotFound`` for an unknown record, ``Refused`` for one that is no
        decision with a result."""
        try:
            receipt = self._rechecking.receipt(record)
        except Refused:
            raise _no_decision(record) from None
        then = self._then(receipt)
        explained = self._explained(then)
        later, corrected = self._since(then, explained.second.read)
        today = explained.second.figures
        given = receipt.recorded
        first = explained.first.figures
        same = (today.score, today.grade, today.undetermined) == (given.score, given.grade, given.undetermined)
        # A receipt says no risk level: while it holds, that of its own computation is the one given.
        same = same and (not receipt.holds or (today.risk, today.colour) == (first.risk, first.colour))
        return DecisionKnowledge(
            subject=receipt.subject,
            kind=receipt.kind,
            record=record,
            decision=receipt.decision,
            stage=receipt.stage,
            regime=receipt.regime,
            year=receipt.year,
            on=receipt.on,
            version=receipt.version,
            position=receipt.position,
            known_at=receipt.known_at,
            as_known_at=iso_utc(then.second.known_at),
            holds=receipt.holds,
            failing=receipt.cause,
            recorded=given,
            on_record=receipt.steps,
            true_but_later=later,
            corrected_since=corrected,
            today=today,
            same=same,
            causes=explained.causes,
            interactions=explained.interactions,
        )

    def _then(self, receipt: ReceiptAnswer) -> _Then:
        head = self._journal.head()
        known_at = known_at_from(receipt.known_at)
        file = self._file(receipt, head.position)
        persons = persons_of(file.rows)
        first, second = (
            HybridSide(
                rows=seen,
                law=self._legislation.known_then(known_at=at, position=position),
                staff=self._journal.streams(persons, until=position),
                readings=receipt.readings,
                as_of=receipt.on,
                known_at=at,
                position=position,
                cohort=rankings_in(self._journal, receipt.regime, position),
                joined=file.joined,
            )
            for seen, at, position in (
                (file.known, known_at, receipt.position),
                (file.rows, self._now(head.recorded_at), head.position),
            )
        )
        return _Then(receipt, file, first, second)

    def _file(self, receipt: ReceiptAnswer, position: int) -> "_File":
        """The file of a decision. Where that on which it was taken was joined to another one since, both are read as
        one file, of which only the other's registration was known besides."""
        own = self._journal.stream(receipt.subject, until=position)
        home = self._journal.home_of(receipt.subject, until=position)
        if home == receipt.subject:
            return _File(home, own, own[: receipt.version])
        stays = [
            row
            for row in self._journal.stream(home, until=position)
            if not (isinstance(row.event, FilesJoined) and row.event.joined == receipt.subject)
        ]
        told = [row for row in own if not isinstance(row.event, _OF_THE_OTHER)]
        known = [row for row in stays if isinstance(row.event, _OF_THE_OTHER)]
        known += [row for row in told if row.version <= receipt.version]
        rows = sorted([*stays, *told], key=lambda row: row.position)
        return _File(home, rows, sorted(known, key=lambda row: row.position), (receipt.subject,), own[-1].position)

    def _now(self, last: Instant) -> Instant:
        # A clock that was set back must not hide what is on record.
        return max(self._clock.now(), last)

    def _explained(self, then: _Then) -> Explained:
        receipt = then.receipt
        try:
            return explain(
                then.file.subject,
                receipt.regime,
                self._legislation,
                self._journal,
                then.first,
                then.second,
                _result_of(receipt),
            )
        except NotFound:
            raise _edition_unknown(receipt) from None

    def _since(self, then: _Then, today: Read) -> tuple[tuple[LaterEvent, ...], tuple[LaterEvent, ...]]:
        """What was true by the day of the decision and recorded after it, and what was corrected since."""
        receipt, law = then.receipt, _law_seen(then, today)
        file = then.file
        roots = Roots(file.rows)
        known = {roots.of(r) for r in file.known}
        later, corrected = list(_of_joined(then, today.case, law)), []
        for row in file.since:
            if row.event.introduced_id == receipt.record:
                continue
            code, root = file.cause(row), roots.of(row)
            on = _true_from(row, today.case, law)
            is_past = on is not None and on <= receipt.on
            undone = code in ("corrected", "retracted") or (isinstance(row.event, FactSetAside) and not is_past)
            told = _later(row, code, root, today.case, on, receipt.on)
            if undone and root in known:
                corrected.append(told)
            elif is_past and not undone:
                later.append(told)
        later += self._of_staff(then, today)
        return tuple(later), tuple(corrected)

    def _of_staff(self, then: _Then, today: Read) -> Iterator[LaterEvent]:
        """The facts of employees that were true by then and recorded later."""
        law = _law_seen(then, today)
        counting = {f.fact for f in today.staff}
        for person, rows in sorted(then.second.staff.items()):
            case = case_file(person, rows)
            for row in rows:
                event = row.event
                if row.position <= then.receipt.position or not isinstance(event, FactRecorded):
                    continue
                on = _true_from(row, case, law)
                if on is not None and on <= then.receipt.on and event.fact in counting:
                    yield _later(row, "staff", event.fact, case, on, then.receipt.on)


def _of_joined(then: _Then, today: CaseFile, law: RegimeLaw) -> Iterator[LaterEvent]:
    """The facts on files that were joined since which were true by then."""
    joined = {row.event.joined for row in then.file.since if isinstance(row.event, FilesJoined)}
    for row in with_joined(then.file.rows) if joined else ():
        on = _true_from(row, today, law) if row.stream in joined and isinstance(row.event, FactRecorded) else None
        if isinstance(row.event, FactRecorded) and on is not None and on <= then.receipt.on:
            yield _later(row, "joined", row.event.fact, today, on, then.receipt.on)


_OF_THE_OTHER: Final = (*get_args(Registered), SubjectChanged, FileJoinedInto)
"""What a file says of its own subject, and of going on in another one."""


def _edition_unknown(receipt: ReceiptAnswer) -> Refused:
    editions = ", ".join(id for id, _ in receipt.rulebooks)
    return Refused(
        "edition_unknown",
        sentence("explaining.knowledge.edition_unknown", editions=editions),
    )


def _no_decision(record: str) -> Refused:
    return Refused(
        "no_decision",
        sentence("explaining.knowledge.no_decision", record=record),
    )


def _law_seen(then: _Then, today: Read) -> RegimeLaw:
    """The law known today as it judges the year and the day of the decision."""
    receipt = then.receipt
    law = today.known.law
    return law.seen_on(receipt.on) if receipt.year is None else law.seen_in(receipt.year, receipt.on)


def _result_of(receipt: ReceiptAnswer) -> Callable[[Read], tuple[Assessment, Weighable]]:
    """How the result of a decision is computed: for its day, or for its year as it stood on that day."""

    def answer(read: Read) -> tuple[Assessment, Weighable]:
        law = read.known.law
        if receipt.decision == "adjustment" or receipt.year is None:
            found = assess(read.case, law, receipt.on, read.staff)
        else:
            found = assess_year(read.case, law, receipt.year, receipt.on, read.staff)
        return found, Weighable(**figures_of(found))

    return answer


def _true_from(row: Recorded, case: CaseFile, law: RegimeLaw) -> dt.date | None:
    """The day from which what was recorded was so; ``None`` where that is not known."""
    event = row.event
    if not isinstance(event, FactRecorded):
        return happened_on(event)
    file = case.facts.get(event.fact)
    rule = None if file is None or file.record.regime != law.regime else law.row_of(file.record)
    return None if file is None or rule is None else counts_from(case, file, rule, law)


def _later(
    row: Recorded, code: CauseCode, about: str, case: CaseFile, on: dt.date | None, decided_on: dt.date
) -> LaterEvent:
    recorded_on = legal_day(row.recorded_at)
    file = case.facts.get(about)
    return LaterEvent(
        event=event_ref(row),
        code="late" if isinstance(row.event, FactRecorded) and code == "recorded" else code,
        about=about,
        row=None if file is None else file.record.row,
        on=on,
        delay_days=None if on is None else (recorded_on - on).days,
        after_days=(recorded_on - decided_on).days,
    )
