"""The annual and the public track of a file, and the measures that follow (Inner Mongolia arts. 22, 28, 34-36, 38).

The running track moves with every fact. The annual track keeps the result of each step of an evaluation year as it was
given. The public track is what the register shows: published results, raised by a repair, moved otherwise only by an
adjustment. None of the three is computed from another one's present state.
"""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from domain.assessment import Assessment, effective_day, is_direct_falsification, is_suspended, linked_amount
from domain.continuous import ledger_on, since, spans_back
from domain.evaluations import ScopeSuspended
from domain.intermediaries import listings_of
from domain.methods import assess, assess_year, banding, turning_days
from domain.methods.deciding import POOR, by_points, deciding_on, listing_on, outcome_on, too_many_since
from domain.ranked import RankedSpan, ranked_spans, ranking_on
from domain.repairs import repair_year
from domain.results import Result
from domain.rulebook.model import Banding, Measure
from domain.vocabulary import PERSONS, Text
from domain.years import published, ratings, steps_of, years_of

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from domain.assessment import StaffFact
    from domain.casefile import CaseFile, FactFile, RecordFile
    from domain.evaluations import StageRecorded
    from domain.law import RegimeLaw
    from domain.rulebook.model import Deciding
    from domain.vocabulary import SubjectKind

_ORDER: Final = {"N": 0, "C": 1, "D": 2}
"""Grades from good to bad."""


class YearLine(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation year on a day: its latest step (``stage``, of ``dated_on``, ``record``) and its latest result.

    ``result`` was given by the record ``given_by`` (a step, or the repair that revised it). ``late`` names facts of the
    year recorded after its publication, ``undone`` facts that counted in the published result and no longer stand:
    either may be a reason to reopen the year by decision, never by itself. Only under the reading ``automatic`` a late
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
    late, undone = ((), ()) if publication is None else _since_published(case, law, publication)
    reopened = None
    if late and publication is not None and law.choices.reopens_itself:
        # The day of the publication, not today: what was repaired afterwards belongs to the public track (I-28).
        reopened = assess_year(case, law, year, publication.event.dated_on, staff)
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
    case: "CaseFile", law: "RegimeLaw", publication: "RecordFile[StageRecorded]"
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Facts of the year that were recorded after its publication, and facts it rests on that no longer stand (I-28)."""
    result = publication.event.result
    counted = frozenset(() if result is None else result.counted)
    late, undone = [], []
    for file in case.facts.values():
        if file.record.regime != law.regime:
            continue
        if file.id in counted:
            if file.is_void:
                undone.append(file.id)
        elif file.recorded_at > publication.recorded_at and not file.is_void:
            rule = law.row_of(file.record)
            day = None if rule is None else effective_day(file, rule, law)[0]
            if day is not None and day.year == publication.event.year:
                late.append(file.id)
    return tuple(late), tuple(undone)


def days_of_change(
    case: "CaseFile", law: "RegimeLaw", staff: "Sequence[StaffFact]" = (), after: dt.date = dt.date.min
) -> list[dt.date]:
    """Every day later than ``after``, in order, on which one of the three tracks may change by what is on record.

    A superset: on some of them nothing changes.
    """
    days = set(turning_days(case, law, staff, after=after))
    days |= {f.event.dated_on for f in case.stages.values()}
    days |= {f.event.decided_on for f in case.adjustments.values()}
    days |= {day for r in case.repairs.values() if (day := r.takes_effect_on) is not None}
    return sorted(day for day in days if day > after)


# --- the public track -----------------------------------------------------------------------------------------


class _Shown(NamedTuple):
    """One span of the register, from a day on."""

    since: dt.date
    grade: str | None
    record: str
    year: int
    status: Literal["published", "adjusted"]
    base: Result | None


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
    acts = [(event.dated_on, 0, event.record) for event in newest]
    acts += [
        (f.event.decided_on, 1, id)
        for id, f in case.adjustments.items()
        if not f.retracted and f.event.regime == law.regime and f.event.decided_on <= as_of
    ]
    acts += [
        (day, 2, id)
        for id, r in case.repairs.items()
        if r.asked.regime == law.regime and (day := r.takes_effect_on) is not None and day <= as_of
    ]
    return _spans(case, law, sorted(acts))


def _newest_years(publications: "Sequence[RecordFile[StageRecorded]]") -> "list[StageRecorded]":
    """The publications that change the register: an earlier year published once more does not bring its result back
    over that of a later one."""
    found: list[StageRecorded] = []
    for file in publications:
        if not found or file.event.year >= found[-1].year:
            found.append(file.event)
    return found


def _spans(case: "CaseFile", law: "RegimeLaw", acts: "Sequence[tuple[dt.date, int, str]]") -> list[_Shown]:
    spans: list[_Shown] = []
    base: Result | None = None
    for day, kind, record in acts:
        if kind == 0:
            event = case.stages[record].event
            base = event.result
            spans.append(_Shown(day, None if base is None else base.grade, record, event.year, "published", base))
        elif kind == 1:
            adjustment = case.adjustments[record].event
            base = adjustment.result
            spans.append(_Shown(day, base.grade, record, adjustment.year, "adjusted", base))
        elif spans and base is not None:
            grade = grade_without(case, law, base, _repaired_by(case, day), day)
            if is_better(grade, spans[-1].grade):
                spans.append(_Shown(day, grade, record, spans[-1].year, "adjusted", base))
    return spans


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


def _repaired_by(case: "CaseFile", day: dt.date) -> frozenset[str]:
    return frozenset(
        id
        for id, file in case.facts.items()
        if any((on := r.takes_effect_on) is not None and on <= day for r in file.repairs)
    )


def _undone_by(case: "CaseFile", day: dt.date) -> frozenset[str]:
    """The facts repaired, annulled or retracted by a day: on them no measure can rest (I-10)."""
    annulled = {
        id
        for id, file in case.facts.items()
        if file.retracted is not None or (file.set_aside is not None and file.set_aside.decided_on <= day)
    }
    return _repaired_by(case, day) | annulled


def grade_without(case: "CaseFile", law: "RegimeLaw", result: Result, gone: "Set[str]", day: dt.date) -> str | None:
    """The grade of a result when some of its facts no longer count (arts. 16, 28)."""
    deduction = law.deduction(day)
    counted = frozenset((*result.counted, *result.held))
    if deduction is None or result.score is None or not gone & counted:
        return result.grade
    raw = Decimal(result.score)
    # A chained score starts anew from its floor (I-02, I-03); any other one keeps the sum below it.
    if result.deducted is not None and raw == deduction.floor and not law.choices.literal_chain:
        raw = deduction.initial - Decimal(result.deducted)
    direct = False
    for id in counted:
        file = case.facts.get(id)
        amount, is_direct = (Decimal(0), False) if file is None else _weight(file, law)
        if id in gone:
            raw += amount
        else:
            direct = direct or is_direct
    if direct:
        return deduction.direct_grade
    score = min(raw, deduction.cap)
    for band in deduction.bands:
        if (band.at_least is None or score >= band.at_least) and (band.below is None or score < band.below):
            return band.grade
    return result.grade


def _weight(file: "FactFile", law: "RegimeLaw") -> tuple[Decimal, bool]:
    """The points of a fact that counted, and whether it was a direct rating."""
    rule = law.row_of(file.record)
    if rule is None:
        return Decimal(0), False
    if rule.type == "grade":
        return Decimal(0), True
    falsified = rule.may_be_falsification and is_direct_falsification(file.record, law)
    if rule.amount is not None:
        return rule.amount, falsified
    return linked_amount(file, law, dt.date.max) or Decimal(0), falsified


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
        return _on_person(case, law, as_of)
    shown = _shown(case, law, as_of, staff)
    grades = [(s, _bearing_grade(case, law, s, min(as_of, _before(shown, i)))) for i, s in enumerate(shown)]
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
        found = assess(case, law, day)
        applying = () if found.grade is None else law.measures("agency", found.grade, day, found.risk)
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


def _bearing_grade(case: "CaseFile", law: "RegimeLaw", span: _Shown, day: dt.date) -> str | None:
    """The grade on which measures can rest: the shown one without what no longer stands."""
    if span.base is None:
        return span.grade
    grade = grade_without(case, law, span.base, _undone_by(case, day), day)
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


def _on_person(case: "CaseFile", law: "RegimeLaw", as_of: dt.date) -> tuple[MeasureLine, ...]:
    rated = [r.event for r in ratings(case, law.regime, as_of) if r.event.result is None or r.event.result.grade == "D"]
    if not rated or not _remained(case, law, rated[-1].dated_on, as_of):
        return ()
    first = rated[-1]
    for earlier in reversed(rated[:-1]):
        if not _remained(case, law, earlier.dated_on, first.dated_on):
            break
        first = earlier
    return tuple(_line(law, m, first.dated_on, first.record) for m in law.measures("practitioner", "D", as_of))


def _remained(case: "CaseFile", law: "RegimeLaw", since_on: dt.date, until_on: dt.date) -> bool:
    """Whether a person rated on one day was D on every day up to another; being outside the evaluation ends nothing
    (I-20)."""
    days = [since_on, *(day for day in turning_days(case, law, after=since_on) if day <= until_on)]
    return all(assess(case, law, day).grade in ("D", None) for day in days)
