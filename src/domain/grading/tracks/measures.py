"""The measures that apply on a day, and the record each rests on (Inner Mongolia arts. 35-37)."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import msgspec

from domain.aggregates.casefile import CaseFile, file_then
from domain.aggregates.facts import FactFile
from domain.aggregates.joining import known_to
from domain.aggregates.records import RecordFile
from domain.aggregates.years import ratings
from domain.events.evaluation import StageRecorded
from domain.events.intermediaries import Ban
from domain.grading import banding
from domain.grading.counting import are_enough, department_of, facts_of_person
from domain.grading.deciding import POOR, by_points, is_only_draft, listing_on, outcome_on, too_many_since
from domain.grading.holdings import held_in
from domain.grading.intermediaries import listings_of
from domain.grading.late_facts import late_facts
from domain.grading.method import assess, grade_without, turning_days
from domain.grading.staff import StaffFact
from domain.grading.standing import standing_of
from domain.grading.tracks.annual import computed_anew, executed
from domain.grading.tracks.continuous import since
from domain.grading.tracks.ranked import RankedSpan, ranked_spans
from domain.grading.tracks.register import ShownSpan, spans_shown, undone_in
from domain.law.edition import Banding, Deciding, Ledger, Measure, Ranking, only
from domain.law.regime import RegimeLaw
from domain.time import legal_day
from domain.vocabulary import SubjectKind, Text


class MeasureLine(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that applies on a day, since when, and by which record. Without a legal basis it is not executable."""

    cites: tuple[str, ...]
    what: Text
    since: dt.date
    record: str
    legal_basis: Text | None
    executable: bool


def measures_on(
    case: CaseFile, law: RegimeLaw, as_of: dt.date, staff: Sequence[StaffFact] = ()
) -> tuple[MeasureLine, ...]:
    """The measures that apply on a day (arts. 35, 36, 38).

    Those on an agency follow from what is published or adjusted and end when the facts behind it are repaired or
    annulled; those on a person follow from the formal rating and end with the D (I-10). Where grading is continuous
    they follow from the grade of the day (Lianyungang II(3), II(4)), where it is by decision from that (Wenzhou arts.
    33-36).
    """
    method = law.method(case.kind, as_of)
    if method is None or method.shown == "by_steps":
        return _by_steps(case, law, as_of, staff)
    match method:
        case Banding():
            return _by_risk(case, law, as_of)
        case Ledger():
            return _of_the_day(case, law, as_of)
        case Ranking():
            return _of_the_ranked(law, ranked_spans(case, law, method, as_of), as_of)
        case Deciding():
            if (case.entries or by_points(law)) and not is_only_draft(law, as_of):
                return _by_decision(case, law, as_of, method)
            return _by_steps(case, law, as_of, staff)


def _by_steps(case: CaseFile, law: RegimeLaw, as_of: dt.date, staff: Sequence[StaffFact]) -> tuple[MeasureLine, ...]:
    """What follows from the steps of the year: from what is published or adjusted, of a person from the rating."""
    if not case.stages:
        return ()
    if case.kind == "practitioner":
        return _on_person(case, law, as_of, staff)
    shown = spans_shown(case, law, as_of, staff)
    grades = [(s, _bearing_grade(case, law, s, min(as_of, _before(shown, i)), staff)) for i, s in enumerate(shown)]
    if not grades or grades[-1][1] is None:
        return ()
    lines = []
    for measure in law.measures("agency", grades[-1][1], as_of):
        since, record = _since(law, measure.cites[0], grades, as_of)
        lines.append(_line(law, measure, since, record))
    return tuple(lines)


def _of_the_ranked(law: RegimeLaw, spans: Sequence[RankedSpan], as_of: dt.date) -> tuple[MeasureLine, ...]:
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


def _by_decision(case: CaseFile, law: RegimeLaw, as_of: dt.date, method: Deciding) -> tuple[MeasureLine, ...]:
    """What follows from the blacklist, else from the latest outcome, from the day of that decision on; a ban for its
    own time, after a removal too where that keeps it (Wenzhou arts. 33, 34, 36)."""
    kind = case.graded_as
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


def ban_of(
    case: CaseFile, law: RegimeLaw, as_of: dt.date, *, cites: tuple[str, ...], since: dt.date, record: str
) -> Ban | None:
    """The ban whose time and fields a measure of the day has; ``None`` for one that has none of its own (Wenzhou art.
    36)."""
    method = only(Deciding, law.method(case.kind, as_of))
    grade = None if method is None else method.listed_grade
    found = [] if grade is None else law.measures(case.graded_as, grade, as_of)
    if not any(m.kind == "ban" and m.cites == cites for m in found):
        return None
    bans = (past.ban_on(law, as_of) for past in listings_of(case, law.regime) if past.listed.record == record)
    return next((ban for ban in bans if ban is not None and ban.from_on == since), None)


def _of_outcome(law: RegimeLaw, kind: SubjectKind, grade: str, as_of: dt.date) -> Sequence[Measure]:
    """What follows from an outcome by itself, without a listing (Wenzhou arts. 33, 34)."""
    return [m for m in law.measures(kind, grade, as_of) if m.kind not in ("ban", "listing")]


def _by_risk(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> tuple[MeasureLine, ...]:
    """What follows from grade and risk level together (Jiaxing para. 19), each since it has applied without a break."""
    days = [day for day in turning_days(case, law) if day <= as_of]
    began: dict[str, tuple[dt.date, str]] = {}
    applying: tuple[Measure, ...] = ()
    for day in days:
        found, method = assess(case, law, day), only(Banding, law.seen_on(day).method(case.kind, day))
        bears = method is not None and banding.brings_measures(case, law.seen_on(day), day, found, method)
        applying = law.measures("agency", found.grade, day, found.risk) if bears and found.grade is not None else ()
        names = [m.cites[0] for m in applying]
        record = next((s.fact or s.sources[0] for s in reversed(found.steps) if s.counted), "")
        began = {name: began.get(name, (day, record)) for name in names}
    return tuple(_line(law, measure, *began[measure.cites[0]]) for measure in applying)


def _of_the_day(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> tuple[MeasureLine, ...]:
    grade = assess(case, law, as_of).grade
    if grade is None or case.kind is None:
        return ()
    lines = []
    for measure in law.measures(case.kind, grade, as_of):
        span = since(case, law, as_of, measure)
        if span is not None:
            lines.append(_line(law, measure, span.since, span.record))
    return tuple(lines)


def _line(law: RegimeLaw, measure: Measure, since: dt.date, record: str) -> MeasureLine:
    basis = law.legal_basis(measure)
    return MeasureLine(
        cites=measure.cites,
        what=Text(measure.words.zh, measure.words.en),
        since=since,
        record=record,
        legal_basis=basis,
        executable=basis is not None and _has_frequency(law, measure),
    )


def _has_frequency(law: RegimeLaw, measure: Measure) -> bool:
    """Whether an inspection measure has the figure that the bureau chose to give it (L-06)."""
    if measure.kind != "sampling" or law.choices.chosen.get("L-06") != "configured_frequencies":
        return True
    return measure.grade in (law.configured.sampling or {})


def _before(shown: Sequence[ShownSpan], index: int) -> dt.date:
    """The last day of a span of the register."""
    return shown[index + 1].since - dt.timedelta(days=1) if index + 1 < len(shown) else dt.date.max


def _bearing_grade(
    case: CaseFile, law: RegimeLaw, span: ShownSpan, day: dt.date, staff: Sequence[StaffFact]
) -> str | None:
    """The grade on which measures can rest: the shown one without what no longer stands."""
    if span.base is None:
        return span.grade
    grade = grade_without(case, law, span.base, undone_in(case, law, span.base, day, staff), day)
    return grade if law.is_better(law.method(case.kind, day), grade, span.grade) else span.grade


def _since(
    law: RegimeLaw, cite: str, grades: Sequence[tuple[ShownSpan, str | None]], as_of: dt.date
) -> tuple[dt.date, str]:
    """Since when a measure has applied without a break, and the record that brought it."""
    since, record = grades[-1][0].since, grades[-1][0].record
    for span, grade in reversed(grades):
        if grade is None or not any(cite in m.cites for m in law.measures("agency", grade, as_of)):
            break
        since, record = span.since, span.record
    return since, record


def _on_person(case: CaseFile, law: RegimeLaw, as_of: dt.date, staff: Sequence[StaffFact]) -> tuple[MeasureLine, ...]:
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
    case: CaseFile,
    law: RegimeLaw,
    rating: RecordFile[StageRecorded],
    as_of: dt.date,
    staff: Sequence[StaffFact],
) -> dt.date | None:
    """The day from which a rating is D: its own, or that on which a late fact reopened it (I-28 ``automatic``)."""
    result = rating.event.result
    if result is None or result.grade == "D":
        return rating.event.dated_on
    anew = computed_anew(case, law, rating, as_of, staff)
    if anew is None or anew.grade != "D":
        return None
    days = (legal_day(known_to(rating, file)) for file in late_facts(case, law, rating, as_of))
    return max(rating.event.dated_on, *days)


def _remained(
    case: CaseFile, law: RegimeLaw, rating: RecordFile[StageRecorded], since_on: dt.date, until_on: dt.date
) -> bool:
    """Whether a person stayed D on every day from a rating up to another day; being outside the evaluation ends nothing
    (I-20), nor does a correction of what the rating held: that is for a repair, an annulment or the next rating (I-32).
    """
    days = [since_on, *(day for day in turning_days(case, law, after=since_on) if day <= until_on)]
    return all(assess(case, law, day).grade in ("D", None) or _still_rated(case, law, rating, day) for day in days)


def _still_rated(case: CaseFile, law: RegimeLaw, rating: RecordFile[StageRecorded], day: dt.date) -> bool:
    """Whether what a rating held still makes a D on a day without what was undone, as the facts read when it was given.

    Not where a D lapses by itself (I-17), and not once a later rating is there, which looked at the facts anew.
    """
    counting = law.counting(day)
    if law.choices.repairs_as_read or law.choices.year_end or counting is None:
        return False
    if ratings(case, law.regime, day)[-1:] != [rating]:
        return False
    result = rating.event.result
    then = case if result is None else file_then(case, rating.event.record, result.receipt.version)
    files = {file.id: file for file, _ in facts_of_person(case, law)}
    departments = []
    for line in held_in(case, law, rating, (), executed):
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


def _is_over(file: FactFile, law: RegimeLaw, day: dt.date) -> bool:
    if file.is_void and file.set_aside is None:
        return True
    return standing_of(file, law.row_of(file.record), law, day).reason in _OVER
