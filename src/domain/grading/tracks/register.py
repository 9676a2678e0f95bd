"""The public track: what the register shows on a day, span by span, and what of a publication still bears."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.records import RecordFile
from domain.aggregates.years import published
from domain.events.evaluation import ResultAdjusted, ScopeSuspended, StageRecorded
from domain.grading import banding
from domain.grading.deciding import is_only_draft, listing_on
from domain.grading.deduction import is_direct_falsification
from domain.grading.holdings import Given, HeldLine, HeldResult, held_in, holdings_of, line_of
from domain.grading.method import assess, grade_without, turning_days
from domain.grading.staff import StaffFact, is_employed
from domain.grading.standing import USE_STOPS_FROM, is_suspended, linked_amount
from domain.grading.tracks.annual import computed_anew, every_repair, executed, repairs_of_fact
from domain.grading.tracks.continuous import spans_back
from domain.grading.tracks.ranked import ranked_spans
from domain.law.edition import Banding, Deciding, Ledger, Ranking
from domain.law.regime import RegimeLaw
from domain.time import legal_day
from domain.vocabulary import PERSONS


class PublicLine(msgspec.Struct, frozen=True, kw_only=True):
    """What the register shows on a day: the grade, since when, and by which record (publication, repair, adjustment).

    ``outside_scope_since`` annotates the last public grade while the agency is suspected of a crime (I-20). ``risk``
    and ``colour`` are there under a regime that has them.
    """

    grade: str | None
    since: dt.date
    record: str
    year: int
    status: Literal["published", "adjusted"]
    outside_scope_since: dt.date | None = None
    risk: str | UnsetType | None = UNSET
    colour: str | UnsetType | None = UNSET


# --- the public track -----------------------------------------------------------------------------------------


class ShownSpan(NamedTuple):
    """One span of the register, from a day on."""

    since: dt.date
    grade: str | None
    record: str
    year: int
    status: Literal["published", "adjusted"]
    base: HeldResult | None


def public_track(case: CaseFile, law: RegimeLaw, as_of: dt.date, staff: Sequence[StaffFact] = ()) -> PublicLine | None:
    """What the register shows on a day; ``None`` before the first publication, and always for a practitioner.

    Where the grade of the day itself is public, it is that (Lianyungang II(5)); where grading is by decision it is the
    blacklist (Wenzhou art. 35).
    """
    method = law.method(case.kind, as_of)
    if method is None or method.shown == "by_steps":
        return _by_steps(case, law, as_of, staff)
    match method:
        case Ledger():
            return _grade_of_day(case, law, as_of) if method.public and case.kind == "agency" else None
        case Ranking():
            ranked = ranked_spans(case, law, method, as_of)
            return PublicLine(**ranked[-1]._asdict()) if ranked else None
        case Deciding():
            if case.entries and not is_only_draft(law, as_of):
                return _on_blacklist(case, law, as_of, method)
            return _by_steps(case, law, as_of, staff)
        case Banding():
            return _banded(case, law, as_of)


def _by_steps(case: CaseFile, law: RegimeLaw, as_of: dt.date, staff: Sequence[StaffFact]) -> PublicLine | None:
    """The register by the steps of the year: what was published last, as repairs and adjustments have changed it."""
    shown = spans_shown(case, law, as_of, staff)
    if not shown:
        return None
    last = shown[-1]
    return PublicLine(
        grade=last.grade,
        since=last.since,
        record=last.record,
        year=last.year,
        status=last.status,
        outside_scope_since=_outside_since(case, law, as_of),
    )


def _on_blacklist(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Deciding) -> PublicLine | None:
    """What everybody may see of the blacklist: agencies that are on it (Wenzhou arts. 35, 37).

    Nothing about a natural person unless a law says so (W-03), and nothing about a client: evaluation and joint
    measures are by reference, publication is neither (Wenzhou art. 38).
    """
    if case.kind != "agency" and not (case.kind in PERSONS and law.choices.chosen.get("W-03") == "published"):
        return None
    listing = listing_on(case, law, as_of)
    if listing is None:
        return None
    on = listing.listed.decided_on
    return PublicLine(
        grade=method.listed_grade, since=on, record=listing.listed.record, year=on.year, status="published"
    )


def _banded(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> PublicLine | None:
    """The register of a regime whose direct ratings show in real time (Jiaxing paras. 11, 15, 17)."""
    shown = banding.shown(case, law, as_of)
    if not shown or shown[-1].grade is None:
        return None
    last = shown[-1]
    return PublicLine(
        grade=last.grade,
        since=last.since,
        record=last.record,
        year=last.year,
        status=last.status,
        risk=last.risk,
        colour=last.colour,
    )


def _grade_of_day(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> PublicLine | None:
    span = next(spans_back(case, law, as_of), None)
    if span is None:
        return None
    return PublicLine(grade=span.grade, since=span.since, record=span.record, year=span.since.year, status="published")


def spans_shown(case: CaseFile, law: RegimeLaw, as_of: dt.date, staff: Sequence[StaffFact]) -> list[ShownSpan]:
    """The spans of the register up to a day, in order."""
    if case.kind != "agency" or not case.stages:
        return []
    newest = _newest_years(published(case, law.regime, as_of))
    if not newest:
        return []
    if law.choices.public_follows:
        return _following(case, law, as_of, staff, newest)
    acts = [(event.dated_on, _PUBLICATION, event.record) for event in newest]
    acts += [
        (f.event.decided_on, _ADJUSTMENT, id)
        for id, f in case.adjustments.items()
        if not f.retracted and f.event.regime == law.regime and f.event.decided_on <= as_of
    ]
    acts += _late_acts(case, law)
    acts += _repair_acts(case, law)
    return _spans(case, law, sorted(act for act in acts if act[0] <= as_of), staff)


_PUBLICATION: Final = 0
_ADJUSTMENT: Final = 1
_LATE_FACT: Final = 2
_REPAIR: Final = 3
"""What moves the register, in the order in which acts of one day do."""

_Act = tuple[dt.date, int, str]


def _late_acts(case: CaseFile, law: RegimeLaw) -> Iterable[_Act]:
    """The days on which a fact recorded late may reopen what is published (I-28 ``automatic``)."""
    if not law.choices.reopens_itself:
        return ()
    return [
        (day, _LATE_FACT, id)
        for id, file in case.facts.items()
        if file.record.regime == law.regime
        for day in sorted(case.known_on(file))
    ]


def _repair_acts(case: CaseFile, law: RegimeLaw) -> Iterable[_Act]:
    """The days on which a repair may raise the register: that of its confirmation, and that of its recording where the
    publication came between (I-34); with a national repair where that raises it (I-33)."""
    acts = [
        (day, _REPAIR, id)
        for id, repair in case.repairs.items()
        if repair.asked.regime == law.regime and (on := repair.takes_effect_on) is not None
        for day in (on, max(on, legal_day(repair.known_since)))
    ]
    if law.choices.national_repair_raises:
        acts += [
            (day, _REPAIR, national.record or file.id)
            for file in case.facts.values()
            if (national := file.national_repair) is not None
            and file.record.regime == law.regime
            and national.granted_on >= USE_STOPS_FROM
            for day in (national.granted_on, max(national.granted_on, legal_day(file.nationally_repaired_at)))
        ]
    return acts


def _newest_years(publications: Sequence[RecordFile[StageRecorded]]) -> list[StageRecorded]:
    """The publications that change the register: an earlier year published once more does not bring its result back
    over that of a later one."""
    found: list[StageRecorded] = []
    for file in publications:
        if not found or file.event.year >= found[-1].year:
            found.append(file.event)
    return found


def _spans(case: CaseFile, law: RegimeLaw, acts: Sequence[_Act], staff: Sequence[StaffFact]) -> list[ShownSpan]:
    spans: list[ShownSpan] = []
    given: RecordFile[StageRecorded] | RecordFile[ResultAdjusted] | None = None
    base: HeldResult | None = None
    for day, kind, record in acts:
        if kind == _PUBLICATION:
            given = case.stages[record]
            base = _base_of(case, law, given, staff)
            spans.append(
                ShownSpan(day, None if base is None else base.grade, record, given.event.year, "published", base)
            )
        elif kind == _ADJUSTMENT:
            given = case.adjustments[record]
            base = _base_of(case, law, given, staff)
            spans.append(ShownSpan(day, base and base.grade, record, given.event.year, "adjusted", base))
        if given is None or base is None:
            continue
        if kind != _REPAIR and (anew := _base_anew(case, law, given, day, staff)) is not None:
            # The year, the register and the measures move together (I-28 ``automatic``).
            base = anew
            grade = grade_without(case, law, base, _raised_by(case, law, base, day), day)
            if grade != spans[-1].grade:
                spans.append(ShownSpan(day, grade, record, spans[-1].year, "adjusted", base))
            else:
                spans[-1] = spans[-1]._replace(base=base)
        elif kind == _REPAIR:
            grade = grade_without(case, law, base, _raised_by(case, law, base, day), day)
            if law.is_better(law.method(case.kind, day), grade, spans[-1].grade):
                spans.append(ShownSpan(day, grade, record, spans[-1].year, "adjusted", base))
    return spans


def _base_of(
    case: CaseFile,
    law: RegimeLaw,
    given: RecordFile[StageRecorded] | RecordFile[ResultAdjusted],
    staff: Sequence[StaffFact],
) -> HeldResult | None:
    """The result of a record as the ground of what the register shows."""
    result = given.event.result
    if result is None:
        return None

    def held() -> Sequence[HeldLine]:
        lines = held_in(case, law, given, staff, executed)
        return [_as_read(case, law, line) for line in lines] if law.choices.repairs_as_read else lines

    return HeldResult(_day_of(given.event), result.grade, result.score, result.deducted, held)


def _base_anew(
    case: CaseFile,
    law: RegimeLaw,
    given: RecordFile[StageRecorded] | RecordFile[ResultAdjusted],
    day: dt.date,
    staff: Sequence[StaffFact],
) -> HeldResult | None:
    """The same of a result that late facts have reopened by a day; ``None`` where none has."""
    found = computed_anew(case, law, given, day, staff)
    if found is None:
        return None
    lines = tuple(map(line_of, holdings_of(found)))
    return HeldResult(_day_of(given.event), found.grade, found.score, found.deducted, lambda: lines)


def _day_of(given: Given) -> dt.date:
    return given.decided_on if isinstance(given, ResultAdjusted) else given.dated_on


def _following(
    case: CaseFile,
    law: RegimeLaw,
    as_of: dt.date,
    staff: Sequence[StaffFact],
    publications: Sequence[StageRecorded],
) -> list[ShownSpan]:
    """The register that follows the running grade from the first publication on (I-09 ``all``); while the agency is
    outside the evaluation the last grade stays (I-20)."""
    publication = publications[0]
    days = {d for d in turning_days(case, law, staff, after=publication.dated_on) if d <= as_of}
    spans: list[ShownSpan] = []
    for day in sorted(days | {event.dated_on for event in publications}):
        of_the_day = [event for event in publications if event.dated_on == day]
        publication = of_the_day[-1] if of_the_day else publication
        if spans and is_suspended(case, law, day):
            continue
        grade = assess(case, law, day, staff).grade
        if of_the_day or spans[-1].grade != grade:
            status: Literal["published", "adjusted"] = "published" if of_the_day else "adjusted"
            spans.append(ShownSpan(day, grade, publication.record, publication.year, status, None))
    return spans


def _takes_out(on: dt.date, known_on: dt.date, base: HeldResult, day: dt.date) -> bool:
    """Whether a repair has taken a fact out of a result by a day: one confirmed before the result was given, which held
    the fact all the same, from its recording on (I-34)."""
    return on <= day and (on > base.on or known_on <= day)


def _raised_by(case: CaseFile, law: RegimeLaw, base: HeldResult, day: dt.date) -> frozenset[str]:
    """The facts whose repair has raised the register above a result by a day (arts. 28, 36; I-33, I-34)."""
    of = every_repair if law.choices.national_repair_raises else repairs_of_fact
    found = {
        id: [on for on, known_on in of(file) if _takes_out(on, known_on, base, day)]
        for id, file in case.facts.items()
        if file.touched
    }
    return frozenset(
        id for id, days in found.items() if days and (max(days) > base.on or law.choices.late_repair_raises)
    )


def undone_in(
    case: CaseFile, law: RegimeLaw, base: HeldResult, day: dt.date, staff: Sequence[StaffFact]
) -> frozenset[str]:
    """What was repaired, annulled or retracted by a day, or lost its ground: on it no measure can rest (I-10)."""
    gone = {
        id
        for id, file in case.facts.items()
        if file.touched
        if file.retracted is not None
        or (file.set_aside is not None and file.set_aside.decided_on <= day)
        or any(_ends_ground(o.kind, law) and o.decided_on <= day for o in file.followed_outcomes)
        or any(_takes_out(on, known_on, base, day) for on, known_on in every_repair(file))
    }
    return frozenset(gone) | _staff_gone(case, law, base, staff)


def _ends_ground(kind: str, law: RegimeLaw) -> bool:
    """Whether an outcome of the client's decision takes the ground from a linked deduction (annex 1, I-26)."""
    return kind == "revoked" or (kind == "repaired" and law.choices.linked_follows_repair)


def _staff_gone(case: CaseFile, law: RegimeLaw, base: HeldResult, staff: Sequence[StaffFact]) -> frozenset[str]:
    """The facts behind a held line of three staff when too few of them stand by now (B14, I-27)."""
    gone: set[str] = set()
    for line in base.held() if case.employments else ():
        if line.own is not None or line.holding.effective_on is None or set(line.rests_on) & case.facts.keys():
            continue
        last = dt.date(line.holding.effective_on.year, 12, 31)
        standing = {
            fact.practitioner
            for fact in staff
            if fact.effective_on.year == last.year and fact.ends_on > last and is_employed(case, fact)
        }
        adopted = law.on(last) or law.adopted[-1]
        if adopted.edition.staff is not None and len(standing) < adopted.edition.staff.persons:
            gone |= set(line.rests_on)
    return frozenset(gone)


def _as_read(case: CaseFile, law: RegimeLaw, line: HeldLine) -> HeldLine:
    """A held line with the points and the rating of its fact as it reads now (I-32 ``as_it_reads``)."""
    file = None if line.own is None else case.facts.get(line.own)
    if file is None:
        derived = next((case.facts[id] for id in line.rests_on if id in case.facts), None)
        return line if derived is None else line._replace(direct=is_direct_falsification(derived.record, law))
    amount, direct = _weight(file, law)
    return line._replace(amount=amount, direct=direct)


def _weight(file: FactFile, law: RegimeLaw) -> tuple[Decimal, bool]:
    """The points of a fact as it reads now, and whether it is a direct rating."""
    rule = law.row_of(file.record)
    if rule is None:
        return Decimal(0), False
    if rule.type == "grade":
        return Decimal(0), True
    if rule.amount is not None:
        return rule.amount, False
    return linked_amount(file, law, dt.date.max) or Decimal(0), False


def _outside_since(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> dt.date | None:
    moves = [m for m in case.scope if m.regime == law.regime and m.dated_on <= as_of]
    return moves[-1].dated_on if moves and isinstance(moves[-1], ScopeSuspended) else None
