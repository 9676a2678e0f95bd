"""The annual and the public track of a file, and the measures that follow (Inner Mongolia arts. 22, 28, 34-36, 38).

The running track moves with every fact. The annual track keeps the result of each step of an evaluation year as it was
given. The public track is what the register shows: published results, raised by a repair, moved otherwise only by an
adjustment. None of the three is computed from another one's present state.
"""

import copy
import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregates.casefile import as_of_version
from domain.aggregates.years import published, ratings, steps_of, years_of
from domain.events.results import Result
from domain.grading import banding
from domain.grading.deciding import POOR, by_points, deciding_on, listing_on, outcome_on, too_many_since
from domain.grading.deduction import (
    USE_STOPS_FROM,
    Assessment,
    are_enough,
    department_of,
    facts_of_person,
    is_direct_falsification,
    is_employed,
    is_suspended,
    late_facts,
    linked_amount,
    standing_of,
    void_reason,
)
from domain.grading.holdings import Given, HeldLine, held_in, holdings_of, line_of
from domain.grading.method import assess, assess_year, turning_days
from domain.grading.tracks.continuous import ledger_on, since, spans_back
from domain.grading.tracks.ranked import RankedSpan, ranked_spans, ranking_on
from domain.law.edition import Banding, Counting, Deduction, Measure
from domain.procedures.evaluation import ResultAdjusted, ScopeSuspended
from domain.procedures.intermediaries import listings_of
from domain.procedures.repairs import repair_year
from domain.vocabulary import PERSONS, Text, end_of_day, legal_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence, Set

    from domain.aggregates.casefile import CaseFile, FactFile, RecordFile
    from domain.grading.deduction import StaffFact
    from domain.law.edition import Deciding
    from domain.law.regime import RegimeLaw
    from domain.procedures.evaluation import StageRecorded
    from domain.vocabulary import SubjectKind

_ORDER: Final = {"N": 0, "C": 1, "D": 2}
"""Grades from good to bad."""


class YearLine(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation year on a day: its latest step (``stage``, of ``dated_on``, ``record``) and its latest result.

    ``result`` was given by the record ``given_by`` (a step, or the repair that revised it). ``late`` names facts
    recorded after its publication that belong into it, ``undone`` facts that stood in the published result and do not
    any more, or should not have: annulled, retracted, or repaired by a confirmation that was recorded too late.
    Either may be a reason to reopen the year by decision, never by itself. Only under the reading ``automatic`` a late
    fact reopens it: ``reopened`` is then the year computed again beside the ``result``, which stays as published.
    """

    year: int
    stage: str
    dated_on: dt.date
    record: str
    result: Result | None
    given_by: str | None
    late: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    reopened: Assessment | None = None


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


class MeasureLine(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that applies on a day, since when, and by which record. Without a legal basis it is not executable."""

    cites: tuple[str, ...]
    what: Text
    since: dt.date
    record: str
    legal_basis: Text | None
    executable: bool


# --- the annual track -----------------------------------------------------------------------------------------


def annual_track(
    case: "CaseFile", law: "RegimeLaw", as_of: dt.date, staff: "Sequence[StaffFact]" = ()
) -> tuple[YearLine, ...]:
    """The evaluation years with a step dated up to ``as_of``, each with its latest step and result."""
    if not case.stages:
        return ()
    lines = []
    for year in years_of(case, law.regime):
        steps = steps_of(case, law.regime, year, as_of)
        if steps:
            lines.append(_year_line(case, law, year, steps, as_of, staff))
    return tuple(lines)


def results_of(case: "CaseFile", regime: str, year: int, as_of: dt.date) -> "list[tuple[dt.date, str, Result]]":
    """Every result given for a year up to a day, with its date and record, in order: steps and revisions."""
    found = [
        (s.event.dated_on, s.event.record, s.event.result)
        for s in steps_of(case, regime, year, as_of)
        if s.event.result is not None
    ]
    for id, repair in case.repairs.items():
        confirmed = repair.city_confirmed
        if repair.takes_effect_on is None or confirmed is None or confirmed.result is None:
            continue
        if (
            repair.asked.regime == regime
            and confirmed.confirmed_on <= as_of
            and repair_year(case, repair.asked) == year
        ):
            found.append((confirmed.confirmed_on, id, confirmed.result))
    return sorted(found, key=lambda f: f[0])


def _year_line(
    case: "CaseFile",
    law: "RegimeLaw",
    year: int,
    steps: "Sequence[RecordFile[StageRecorded]]",
    as_of: dt.date,
    staff: "Sequence[StaffFact]",
) -> YearLine:
    latest = steps[-1].event
    given = results_of(case, law.regime, year, as_of)
    publication = next((s for s in reversed(steps) if s.event.stage in ("publication", "rating")), None)
    late: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    reopened = None
    if publication is not None:
        late, undone = _since_published(case, law, publication, staff)
        reopened = _reopened(case, law, publication, as_of, staff)
    return YearLine(
        year=year,
        stage=latest.stage,
        dated_on=latest.dated_on,
        record=latest.record,
        result=given[-1][2] if given else None,
        given_by=given[-1][1] if given else None,
        late=late,
        undone=undone,
        reopened=reopened,
    )


def _since_published(
    case: "CaseFile", law: "RegimeLaw", publication: "RecordFile[StageRecorded]", staff: "Sequence[StaffFact]"
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Facts recorded after the publication that belong into its year, and facts in it that do not (I-28, I-34)."""
    late = late_facts(case, law, publication, dt.date.max)
    on = publication.event.dated_on
    doubtful = [
        file.id
        for file in case.facts.values()
        if file.touched
        if file.is_void or void_reason(file) is not None or any(day <= on for day, _ in _every_repair(file))
    ]
    held = facts_held(case, law, publication, staff) if doubtful else ()
    return tuple(file.id for file in late), tuple(id for id in doubtful if id in held)


def facts_held(
    case: "CaseFile",
    law: "RegimeLaw",
    file: "RecordFile[StageRecorded] | RecordFile[ResultAdjusted]",
    staff: "Sequence[StaffFact]",
) -> frozenset[str]:
    """The facts that stood in a result, those behind its derived lines among them."""
    result = file.event.result
    if result is None:
        return frozenset()
    found = {*result.counted, *result.held}
    if result.holdings is not None or _is_reckoned(law, case, file.event):
        found |= {id for line in held_in(case, law, file, staff, _executed) for id in line.rests_on}
    return frozenset(found)


def _is_reckoned(law: "RegimeLaw", case: "CaseFile", given: Given) -> bool:
    """Whether a result is one of deduction or counting: what others held is told by the facts that counted."""
    return isinstance(law.method_of_year(case.kind, given.year), Deduction | Counting)


def _executed(case: "CaseFile", law: "RegimeLaw", given: Given, staff: "Sequence[StaffFact]") -> Assessment:
    """The result of an event again."""
    if isinstance(given, ResultAdjusted):
        return assess(case, law, given.decided_on, staff)
    return assess_year(case, law, given.year, given.dated_on, staff)


def _reopened(
    case: "CaseFile",
    law: "RegimeLaw",
    given: "RecordFile[StageRecorded] | RecordFile[ResultAdjusted]",
    as_of: dt.date,
    staff: "Sequence[StaffFact]",
) -> Assessment | None:
    """A result computed again with what was recorded late up to a day, where late facts reopen it (I-28 ``automatic``).

    As on the day on which it was given, not today: what was repaired afterwards belongs to the public track.
    """
    if not law.choices.reopens_itself or given.event.result is None or not _is_reckoned(law, case, given.event):
        return None
    late = late_facts(case, law, given, as_of)
    if not late:
        return None
    until = end_of_day(max(legal_day(file.recorded_at) for file in late))
    then = copy.copy(case)
    then.facts = {id: file for id, file in case.facts.items() if file.recorded_at <= until}
    return _executed(then, law, given.event, staff)


def days_of_change(
    case: "CaseFile", law: "RegimeLaw", staff: "Sequence[StaffFact]" = (), after: dt.date = dt.date.min
) -> list[dt.date]:
    """Every day later than ``after``, in order, on which one of the three tracks may change by what is on record.

    A superset: on some of them nothing changes.
    """
    days = set(turning_days(case, law, staff, after=after))
    days |= {f.event.dated_on for f in case.stages.values()}
    days |= {f.event.decided_on for f in case.adjustments.values()}
    days |= {day for file in case.facts.values() for repair in _every_repair(file) for day in repair}
    if law.choices.reopens_itself:
        days |= {legal_day(file.recorded_at) for file in case.facts.values()}
    return sorted(day for day in days if day > after)


# --- the public track -----------------------------------------------------------------------------------------


class _Base(NamedTuple):
    """The result that a span of the register rests on: of which day, with what it held (found when it is asked for)."""

    on: dt.date
    grade: str | None
    score: str | None
    deducted: str | None
    held: "Callable[[], Sequence[HeldLine]]"


class _Shown(NamedTuple):
    """One span of the register, from a day on."""

    since: dt.date
    grade: str | None
    record: str
    year: int
    status: Literal["published", "adjusted"]
    base: _Base | None


def public_track(
    case: "CaseFile", law: "RegimeLaw", as_of: dt.date, staff: "Sequence[StaffFact]" = ()
) -> PublicLine | None:
    """What the register shows on a day; ``None`` before the first publication, and always for a practitioner.

    Where the grade of the day itself is public, it is that (Lianyungang II(5)); where grading is by decision it is the
    blacklist (Wenzhou art. 35).
    """
    account = ledger_on(law, case.kind, as_of)
    if account is not None:
        return _grade_of_day(case, law, as_of) if account.public and case.kind == "agency" else None
    ranking = ranking_on(law, case, as_of)
    if ranking is not None:
        ranked = ranked_spans(case, law, ranking, as_of)
        return PublicLine(**ranked[-1]._asdict()) if ranked else None
    if case.entries and (by_decision := deciding_on(law, case.kind, as_of)) is not None:
        return _on_blacklist(case, law, as_of, by_decision)
    if isinstance(law.method(case.kind, as_of), Banding):
        return _banded(case, law, as_of)
    shown = _shown(case, law, as_of, staff)
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


def _on_blacklist(case: "CaseFile", law: "RegimeLaw", as_of: dt.date, method: "Deciding") -> PublicLine | None:
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


def _banded(case: "CaseFile", law: "RegimeLaw", as_of: dt.date) -> PublicLine | None:
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


def _grade_of_day(case: "CaseFile", law: "RegimeLaw", as_of: dt.date) -> PublicLine | None:
    span = next(spans_back(case, law, as_of), None)
    if span is None:
        return None
    return PublicLine(grade=span.grade, since=span.since, record=span.record, year=span.since.year, status="published")


def _shown(case: "CaseFile", law: "RegimeLaw", as_of: dt.date, staff: "Sequence[StaffFact]") -> list[_Shown]:
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


def _late_acts(case: "CaseFile", law: "RegimeLaw") -> "Iterable[_Act]":
    """The days on which a fact recorded late may reopen what is published (I-28 ``automatic``)."""
    if not law.choices.reopens_itself:
        return ()
    return [(legal_day(file.recorded_at), _LATE_FACT, id) for id, file in case.facts.items()]


def _repair_acts(case: "CaseFile", law: "RegimeLaw") -> "Iterable[_Act]":
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


def _newest_years(publications: "Sequence[RecordFile[StageRecorded]]") -> "list[StageRecorded]":
    """The publications that change the register: an earlier year published once more does not bring its result back
    over that of a later one."""
    found: list[StageRecorded] = []
    for file in publications:
        if not found or file.event.year >= found[-1].year:
            found.append(file.event)
    return found


def _spans(case: "CaseFile", law: "RegimeLaw", acts: "Sequence[_Act]", staff: "Sequence[StaffFact]") -> list[_Shown]:
    spans: list[_Shown] = []
    given: RecordFile[StageRecorded] | RecordFile[ResultAdjusted] | None = None
    base: _Base | None = None
    for day, kind, record in acts:
        if kind == _PUBLICATION:
            given = case.stages[record]
            base = _base_of(case, law, given, staff)
            spans.append(_Shown(day, None if base is None else base.grade, record, given.event.year, "published", base))
        elif kind == _ADJUSTMENT:
            given = case.adjustments[record]
            base = _base_of(case, law, given, staff)
            spans.append(_Shown(day, base and base.grade, record, given.event.year, "adjusted", base))
        if given is None or base is None:
            continue
        if kind != _REPAIR and (anew := _base_anew(case, law, given, day, staff)) is not None:
            # The year, the register and the measures move together (I-28 ``automatic``).
            base = anew
            grade = grade_without(law, base, _raised_by(case, law, base, day), day)
            if grade != spans[-1].grade:
                spans.append(_Shown(day, grade, record, spans[-1].year, "adjusted", base))
            else:
                spans[-1] = spans[-1]._replace(base=base)
        elif kind == _REPAIR:
            grade = grade_without(law, base, _raised_by(case, law, base, day), day)
            if is_better(grade, spans[-1].grade):
                spans.append(_Shown(day, grade, record, spans[-1].year, "adjusted", base))
    return spans


def _base_of(
    case: "CaseFile",
    law: "RegimeLaw",
    given: "RecordFile[StageRecorded] | RecordFile[ResultAdjusted]",
    staff: "Sequence[StaffFact]",
) -> _Base | None:
    """The result of a record as the ground of what the register shows."""
    result = given.event.result
    if result is None:
        return None

    def held() -> "Sequence[HeldLine]":
        lines = held_in(case, law, given, staff, _executed)
        return [_as_read(case, law, line) for line in lines] if law.choices.repairs_as_read else lines

    return _Base(_day_of(given.event), result.grade, result.score, result.deducted, held)


def _base_anew(
    case: "CaseFile",
    law: "RegimeLaw",
    given: "RecordFile[StageRecorded] | RecordFile[ResultAdjusted]",
    day: dt.date,
    staff: "Sequence[StaffFact]",
) -> _Base | None:
    """The same of a result that late facts have reopened by a day; ``None`` where none has."""
    found = _reopened(case, law, given, day, staff)
    if found is None:
        return None
    lines = tuple(map(line_of, holdings_of(found)))
    return _Base(_day_of(given.event), found.grade, found.score, found.deducted, lambda: lines)


def _day_of(given: Given) -> dt.date:
    return given.decided_on if isinstance(given, ResultAdjusted) else given.dated_on


def _following(
    case: "CaseFile",
    law: "RegimeLaw",
    as_of: dt.date,
    staff: "Sequence[StaffFact]",
    publications: "Sequence[StageRecorded]",
) -> list[_Shown]:
    """The register that follows the running grade from the first publication on (I-09 ``all``); while the agency is
    outside the evaluation the last grade stays (I-20)."""
    publication = publications[0]
    days = {d for d in turning_days(case, law, staff, after=publication.dated_on) if d <= as_of}
    spans: list[_Shown] = []
    for day in sorted(days | {event.dated_on for event in publications}):
        of_the_day = [event for event in publications if event.dated_on == day]
        publication = of_the_day[-1] if of_the_day else publication
        if spans and is_suspended(case, law, day):
            continue
        grade = assess(case, law, day, staff).grade
        if of_the_day or spans[-1].grade != grade:
            status: Literal["published", "adjusted"] = "published" if of_the_day else "adjusted"
            spans.append(_Shown(day, grade, publication.record, publication.year, status, None))
    return spans


def _repairs(file: "FactFile") -> list[tuple[dt.date, dt.date]]:
    """The repairs of a fact that took effect, each with the day from which it could be known that it had."""
    return [(on, legal_day(r.known_since)) for r in file.repairs if (on := r.takes_effect_on) is not None]


def _every_repair(file: "FactFile") -> list[tuple[dt.date, dt.date]]:
    """The same with the national repair that ends the use of the information (NDRC Order 36)."""
    national = file.national_repair
    if national is None or national.granted_on < USE_STOPS_FROM:
        return _repairs(file)
    return [*_repairs(file), (national.granted_on, legal_day(file.nationally_repaired_at))]


def _takes_out(on: dt.date, known_on: dt.date, base: _Base, day: dt.date) -> bool:
    """Whether a repair has taken a fact out of a result by a day: one confirmed before the result was given, which held
    the fact all the same, from its recording on (I-34)."""
    return on <= day and (on > base.on or known_on <= day)


def _raised_by(case: "CaseFile", law: "RegimeLaw", base: _Base, day: dt.date) -> frozenset[str]:
    """The facts whose repair has raised the register above a result by a day (arts. 28, 36; I-33, I-34)."""
    of = _every_repair if law.choices.national_repair_raises else _repairs
    found = {
        id: [on for on, known_on in of(file) if _takes_out(on, known_on, base, day)]
        for id, file in case.facts.items()
        if file.touched
    }
    return frozenset(
        id for id, days in found.items() if days and (max(days) > base.on or law.choices.late_repair_raises)
    )


def _undone_by(
    case: "CaseFile", law: "RegimeLaw", base: _Base, day: dt.date, staff: "Sequence[StaffFact]"
) -> frozenset[str]:
    """What was repaired, annulled or retracted by a day, or lost its ground: on it no measure can rest (I-10)."""
    gone = {
        id
        for id, file in case.facts.items()
        if file.touched
        if file.retracted is not None
        or (file.set_aside is not None and file.set_aside.decided_on <= day)
        or any(_ends_ground(o.kind, law) and o.decided_on <= day for o in file.followed_outcomes)
        or any(_takes_out(on, known_on, base, day) for on, known_on in _every_repair(file))
    }
    return frozenset(gone) | _staff_gone(case, law, base, staff)


def _ends_ground(kind: str, law: "RegimeLaw") -> bool:
    """Whether an outcome of the client's decision takes the ground from a linked deduction (annex 1, I-26)."""
    return kind == "revoked" or (kind == "repaired" and law.choices.linked == "follow_repair")


def _staff_gone(case: "CaseFile", law: "RegimeLaw", base: _Base, staff: "Sequence[StaffFact]") -> frozenset[str]:
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


def grade_without(law: "RegimeLaw", base: _Base, gone: "Set[str]", day: dt.date) -> str | None:
    """The grade of a result when some of what it held no longer counts (arts. 16, 28)."""
    deduction = law.deduction(day)
    if deduction is None or base.score is None or not gone:
        return base.grade
    held = base.held()
    left = [line for line in held if gone.isdisjoint(line.rests_on)]
    if len(left) == len(held):
        return base.grade
    if any(line.direct for line in left):
        return deduction.direct_grade
    raw = Decimal(base.score)
    # A chained score starts anew from its floor (I-02, I-03); any other one keeps the sum below it.
    if base.deducted is not None and raw == deduction.floor and not law.choices.literal_chain:
        raw = deduction.initial - Decimal(base.deducted)
    raw += sum((line.amount for line in held if line not in left), Decimal(0))
    score = min(raw, deduction.cap)
    for band in deduction.bands:
        if (band.at_least is None or score >= band.at_least) and (band.below is None or score < band.below):
            return band.grade
    return base.grade


def _as_read(case: "CaseFile", law: "RegimeLaw", line: HeldLine) -> HeldLine:
    """A held line with the points and the rating of its fact as it reads now (I-32 ``as_it_reads``)."""
    file = None if line.own is None else case.facts.get(line.own)
    if file is None:
        derived = next((case.facts[id] for id in line.rests_on if id in case.facts), None)
        return line if derived is None else line._replace(direct=is_direct_falsification(derived.record, law))
    amount, direct = _weight(file, law)
    return line._replace(amount=amount, direct=direct)


def _weight(file: "FactFile", law: "RegimeLaw") -> tuple[Decimal, bool]:
    """The points of a fact as it reads now, and whether it is a direct rating."""
    rule = law.row_of(file.record)
    if rule is None:
        return Decimal(0), False
    if rule.type == "grade":
        return Decimal(0), True
    if rule.amount is not None:
        return rule.amount, False
    return linked_amount(file, law, dt.date.max) or Decimal(0), False


def is_better(one: str | None, other: str | None) -> bool:
    """Whether a grade is better than another one; unknown ones are not."""
    return one is not None and other is not None and _ORDER.get(one, 0) < _ORDER.get(other, 0)


def _outside_since(case: "CaseFile", law: "RegimeLaw", as_of: dt.date) -> dt.date | None:
    moves = [m for m in case.scope if m.regime == law.regime and m.dated_on <= as_of]
    return moves[-1].dated_on if moves and isinstance(moves[-1], ScopeSuspended) else None


# --- measures ---------------------------------------------------------------------------------------------------


def measures_on(
    case: "CaseFile", law: "RegimeLaw", as_of: dt.date, staff: "Sequence[StaffFact]" = ()
) -> tuple[MeasureLine, ...]:
    """The measures that apply on a day (arts. 35, 36, 38).

    Those on an agency follow from what is published or adjusted and end when the facts behind it are repaired or
    annulled; those on a person follow from the formal rating and end with the D (I-10). Where grading is continuous
    they follow from the grade of the day (Lianyungang II(3), II(4)), where it is by decision from that (Wenzhou arts.
    33-36).
    """
    if isinstance(law.method(case.kind, as_of), Banding):
        return _by_risk(case, law, as_of)
    if ledger_on(law, case.kind, as_of) is not None:
        return _of_the_day(case, law, as_of)
    ranking = ranking_on(law, case, as_of)
    if ranking is not None:
        return _of_the_ranked(law, ranked_spans(case, law, ranking, as_of), as_of)
    if (case.entries or by_points(law)) and (by_decision := deciding_on(law, case.kind, as_of)) is not None:
        return _by_decision(case, law, as_of, by_decision)
    if not case.stages:
        return ()
    if case.kind == "practitioner":
        return _on_person(case, law, as_of, staff)
    shown = _shown(case, law, as_of, staff)
    grades = [(s, _bearing_grade(case, law, s, min(as_of, _before(shown, i)), staff)) for i, s in enumerate(shown)]
    if not grades or grades[-1][1] is None:
        return ()
    lines = []
    for measure in law.measures("agency", grades[-1][1], as_of):
        since, record = _since(law, measure.cites[0], grades, as_of)
        lines.append(_line(law, measure, since, record))
    return tuple(lines)


def _of_the_ranked(law: "RegimeLaw", spans: "Sequence[RankedSpan]", as_of: dt.date) -> tuple[MeasureLine, ...]:
    """The measures that follow from what the register shows, each since the span that brought it."""
    if not spans or spans[-1].grade is None:
        return ()
    lines = []
    for measure in law.measures("agency", spans[-1].grade, as_of):
        first = spans[-1]
        for span in reversed(spans):
            if not any(m.cites[0] == measure.cites[0] for m in law.measures("agency", span.grade or "", as_of)):
                break
            first = span
        lines.append(_line(law, measure, first.since, first.record))
    return tuple(lines)


def _by_decision(case: "CaseFile", law: "RegimeLaw", as_of: dt.date, method: "Deciding") -> tuple[MeasureLine, ...]:
    """What follows from the blacklist, else from the latest outcome, from the day of that decision on; a ban for its
    own time, after a removal too where that keeps it (Wenzhou arts. 33, 34, 36)."""
    kind = case.kind or "agency"
    listing, outcome = listing_on(case, law, as_of), outcome_on(case, law, as_of)
    lines: list[MeasureLine] = []
    found: Sequence[Measure]
    if listing is not None:
        record, on = listing.listed.record, listing.listed.decided_on
        found = law.measures(kind, method.listed_grade, as_of)
        listed = [m for m in found if m.kind == "listing"]
        lines = [_line(law, m, on, record) for m in (listed or found) if m.kind != "ban"]
    elif outcome is not None:
        lines = [
            _line(law, m, outcome.decided_on, outcome.record) for m in _of_outcome(law, kind, outcome.grade, as_of)
        ]
    elif by_points(law) and (reached := too_many_since(case, law, as_of, method)) is not None:
        lines = [_line(law, m, *reached) for m in _of_outcome(law, kind, POOR, as_of)]
    bans = [m for m in law.measures(kind, method.listed_grade, as_of) if m.kind == "ban"]
    for past in listings_of(case, law.regime):
        ban = past.ban_on(law, as_of)
        if ban is not None:
            lines += [_line(law, m, ban.from_on, past.listed.record) for m in bans]
    return tuple(lines)


def _of_outcome(law: "RegimeLaw", kind: "SubjectKind", grade: str, as_of: dt.date) -> "Sequence[Measure]":
    """What follows from an outcome by itself, without a listing (Wenzhou arts. 33, 34)."""
    return [m for m in law.measures(kind, grade, as_of) if m.kind not in ("ban", "listing")]


def _by_risk(case: "CaseFile", law: "RegimeLaw", as_of: dt.date) -> tuple[MeasureLine, ...]:
    """What follows from grade and risk level together (Jiaxing para. 19), each since it has applied without a break."""
    days = [day for day in turning_days(case, law) if day <= as_of]
    began: dict[str, tuple[dt.date, str]] = {}
    applying: tuple[Measure, ...] = ()
    for day in days:
        found, method = assess(case, law, day), law.seen_on(day).method(case.kind, day)
        bears = isinstance(method, Banding) and banding.brings_measures(case, law.seen_on(day), day, found, method)
        applying = law.measures("agency", found.grade, day, found.risk) if bears and found.grade is not None else ()
        names = [m.cites[0] for m in applying]
        record = next((s.fact or s.sources[0] for s in reversed(found.steps) if s.counted), "")
        began = {name: began.get(name, (day, record)) for name in names}
    return tuple(_line(law, measure, *began[measure.cites[0]]) for measure in applying)


def _of_the_day(case: "CaseFile", law: "RegimeLaw", as_of: dt.date) -> tuple[MeasureLine, ...]:
    grade = assess(case, law, as_of).grade
    if grade is None or case.kind is None:
        return ()
    lines = []
    for measure in law.measures(case.kind, grade, as_of):
        span = since(case, law, as_of, measure)
        if span is not None:
            lines.append(_line(law, measure, span.since, span.record))
    return tuple(lines)


def _line(law: "RegimeLaw", measure: Measure, since: dt.date, record: str) -> MeasureLine:
    basis = law.legal_basis(measure)
    return MeasureLine(
        cites=measure.cites,
        what=Text(measure.words.zh, measure.words.en),
        since=since,
        record=record,
        legal_basis=basis,
        executable=basis is not None and _has_frequency(law, measure),
    )


def _has_frequency(law: "RegimeLaw", measure: Measure) -> bool:
    """Whether an inspection measure has the figure that the bureau chose to give it (L-06)."""
    if measure.kind != "sampling" or law.choices.chosen.get("L-06") != "configured_frequencies":
        return True
    return measure.grade in (law.configured.sampling or {})


def _before(shown: "Sequence[_Shown]", index: int) -> dt.date:
    """The last day of a span of the register."""
    return shown[index + 1].since - dt.timedelta(days=1) if index + 1 < len(shown) else dt.date.max


def _bearing_grade(
    case: "CaseFile", law: "RegimeLaw", span: _Shown, day: dt.date, staff: "Sequence[StaffFact]"
) -> str | None:
    """The grade on which measures can rest: the shown one without what no longer stands."""
    if span.base is None:
        return span.grade
    grade = grade_without(law, span.base, _undone_by(case, law, span.base, day, staff), day)
    return grade if is_better(grade, span.grade) else span.grade


def _since(
    law: "RegimeLaw", cite: str, grades: "Sequence[tuple[_Shown, str | None]]", as_of: dt.date
) -> tuple[dt.date, str]:
    """Since when a measure has applied without a break, and the record that brought it."""
    since, record = grades[-1][0].since, grades[-1][0].record
    for span, grade in reversed(grades):
        if grade is None or not any(cite in m.cites for m in law.measures("agency", grade, as_of)):
            break
        since, record = span.since, span.record
    return since, record


def _on_person(
    case: "CaseFile", law: "RegimeLaw", as_of: dt.date, staff: "Sequence[StaffFact]"
) -> tuple[MeasureLine, ...]:
    rated = [
        (rating, since_on)
        for rating in ratings(case, law.regime, as_of)
        if (since_on := _rated_on(case, law, rating, as_of, staff)) is not None
    ]
    if not rated or not _remained(case, law, *rated[-1], as_of):
        return ()
    first = rated[-1]
    for earlier in reversed(rated[:-1]):
        if not _remained(case, law, *earlier, first[1]):
            break
        first = earlier
    rating, since_on = first
    return tuple(_line(law, m, since_on, rating.event.record) for m in law.measures("practitioner", "D", as_of))


def _rated_on(
    case: "CaseFile",
    law: "RegimeLaw",
    rating: "RecordFile[StageRecorded]",
    as_of: dt.date,
    staff: "Sequence[StaffFact]",
) -> dt.date | None:
    """The day from which a rating is D: its own, or that on which a late fact reopened it (I-28 ``automatic``)."""
    result = rating.event.result
    if result is None or result.grade == "D":
        return rating.event.dated_on
    anew = _reopened(case, law, rating, as_of, staff)
    if anew is None or anew.grade != "D":
        return None
    days = (legal_day(file.recorded_at) for file in late_facts(case, law, rating, as_of))
    return max(rating.event.dated_on, *days)


def _remained(
    case: "CaseFile", law: "RegimeLaw", rating: "RecordFile[StageRecorded]", since_on: dt.date, until_on: dt.date
) -> bool:
    """Whether a person stayed D on every day from a rating up to another day; being outside the evaluation ends nothing
    (I-20), nor does a correction of what the rating held: that is for a repair, an annulment or the next rating (I-32).
    """
    days = [since_on, *(day for day in turning_days(case, law, after=since_on) if day <= until_on)]
    return all(assess(case, law, day).grade in ("D", None) or _still_rated(case, law, rating, day) for day in days)


def _still_rated(case: "CaseFile", law: "RegimeLaw", rating: "RecordFile[StageRecorded]", day: dt.date) -> bool:
    """Whether what a rating held still makes a D on a day without what was undone, as the facts read when it was given.

    Not where a D lapses by itself (I-17), and not once a later rating is there, which looked at the facts anew.
    """
    counting = law.counting(day)
    if law.choices.repairs_as_read or law.choices.year_end or counting is None:
        return False
    if ratings(case, law.regime, day)[-1:] != [rating]:
        return False
    result = rating.event.result
    then = case if result is None else as_of_version(case, result.receipt.version)
    files = {file.id: file for file, _ in facts_of_person(case, law)}
    departments = []
    for line in held_in(case, law, rating, (), _executed):
        file = files.get(line.own or "")
        if file is None or _is_over(file, law, day):
            continue
        if line.direct:
            return True
        held = then.facts.get(file.id, file)
        departments.append(department_of(held.record, law))
    return are_enough(departments, counting, law)


_OVER: Final = frozenset({"repaired", "nationally_repaired", "set_aside", "retracted", "ended"})
"""Why a fact does not count any more, whatever it was corrected to."""


def _is_over(file: "FactFile", law: "RegimeLaw", day: dt.date) -> bool:
    if file.is_void and file.set_aside is None:
        return True
    return standing_of(file, law.row_of(file.record), law, day).reason in _OVER
