"""What would lead to a grade: the smallest sets of lawful changes, found by assessing trial files.

Each change is tried by the very decision that would record it, so that what the law refuses is not offered; why it is
refused is told. A set is smallest when no part of it, and no earlier day, reaches the grade as well.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec

from application.cohorts import place
from application.files import case_file
from application.grading import Basis, Grading, Question, Read, Running, SubjectRef, running_of
from application.ports import Journal, Recorded
from domain.assessment import Assessment, StaffFact, is_waiving
from domain.casefile import CaseEvent, CaseFile, evolve
from domain.errors import CaseError, Invalid, Problem, Refused
from domain.facts import ConfirmRectification, SetAsideFact, confirm_rectification, set_aside_fact
from domain.law import RegimeLaw
from domain.methods import assess, turning_days
from domain.objections import (
    DecideObjection,
    FileObjection,
    admissibility_of_objection,
    decide_objection,
    file_objection,
)
from domain.repairs import (
    ApplyRepair,
    CommitRepair,
    ConfirmRepair,
    Contribution,
    apply_repair,
    commit_repair,
    confirm_repair,
)
from domain.rulebook.model import Band, Banding, Counting, Deciding, Deduction, Ledger, Ranking
from domain.vocabulary import SubjectKind, Text
from domain.warnings import ConfirmWarning, confirm_warning
from domain.years import published

MOST_TRIALS: Final = 6000
"""Most assessments one question may cost; a search that stops there says so."""

MOST_PATHS: Final = 100
"""Most sets of changes in one answer."""

MOST_DAYS: Final = 12
"""Most later days that are looked at."""

ChangeKind = Literal["repair", "objection", "annulment", "waiver", "rectification"]
"""What can lawfully be done about a fact.

``repair``: a credit repair (arts. 28-32, 37); ``objection``: an objection to the proposed grade upheld (arts. 22(2),
23(2)); ``annulment``: the decision behind the fact annulled from the beginning; ``waiver``: a rectification confirmed
within the limit of a warning (art. 27); ``rectification``: one confirmed without (art. 24).
"""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be done about ``fact``: any one of ``ways`` does it. ``records`` are those on record that a way
    goes on from, such as a warning or an objection still undecided."""

    fact: str
    row: str | None
    ways: tuple[ChangeKind, ...]
    records: tuple[str, ...] = ()
    because: str | None = None


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """A smallest set of changes: with all of them the grade is reached from ``on`` on.

    Where ``on`` is later than the day asked about, that much time has to pass as well.
    """

    changes: tuple[Change, ...]
    on: dt.date
    score: str | None
    grade: str | None
    because: str | None = None


class Barred(msgspec.Struct, frozen=True, kw_only=True):
    """A way that the law does not admit for a fact now, with the article and the reason in both languages."""

    fact: str
    way: ChangeKind
    code: str
    cites: tuple[str, ...]
    zh: str
    en: str


class Fixed(msgspec.Struct, frozen=True, kw_only=True):
    """A line that counts and that no change to this file takes away, such as the one brought about by three staff."""

    row: str | None
    sources: tuple[str, ...] = msgspec.field(name="from", default=())
    ends_on: dt.date | None


Reach = Literal["already_there", "reachable", "not_reachable"]


class Counterfactuals(msgspec.Struct, frozen=True, kw_only=True):
    """What would lead to ``target`` or a better grade of the running track, from the day asked about on.

    ``grades`` are those of the regime for this kind of subject, from good to bad. ``complete`` tells whether every set
    of changes was looked at; where it is ``False`` there may be others than ``paths``. ``undetermined`` says why there
    is no grade now.
    """

    subject: SubjectRef
    regime: str
    basis: Basis
    target: str
    grades: tuple[str, ...]
    running: Running
    reach: Reach
    paths: tuple[Path, ...]
    complete: bool
    barred: tuple[Barred, ...]
    fixed: tuple[Fixed, ...]
    because: str | None = None


def grades_of(law: RegimeLaw, kind: SubjectKind, day: dt.date) -> tuple[str, ...]:
    """The grades a kind of subject can have on a day, from good to bad; none where nothing is graded."""
    found: list[str] = []
    match law.method(kind, day):
        case Deduction() as method:
            top = law.configured.label if law.choices.configured_label else None
            found = [top if top and b.below is None else b.grade for b in _from_high_to_low(method.bands)]
            found.append(method.direct_grade)
        case Counting() as method:
            found = [method.otherwise, method.grade]
        case Banding() as method:
            found = [*(b.grade for b in _from_high_to_low(method.bands)), method.direct_grade]
        case Ledger() as method:
            bands = _from_high_to_low(method.bands)
            # Points are taken off, or they are held against the participant.
            ordered = bands if method.direction == "down" else bands[::-1]
            pioneer = [] if method.pioneer_grade is None else [method.pioneer_grade]
            found = [*pioneer, *(b.grade for b in ordered), *(d.grade for d in method.direct)]
        case Ranking() as method:
            refused = [] if method.refused_grade is None else [method.refused_grade]
            found = [*method.grades, method.revoked_grade, *refused, method.direct_grade]
        case Deciding() as method:
            # Only the best of the grades given by decision is better than to have none.
            found = [method.grades[0], method.otherwise, *method.grades[1:], method.listed_grade]
        case None:
            pass
    return tuple(dict.fromkeys(found))


def _from_high_to_low(bands: Sequence[Band]) -> list[Band]:
    return sorted(bands, key=lambda b: (b.at_least is not None, b.at_least), reverse=True)


class Supposing:
    """The use case of asking what would lead to a grade. Safe to share between threads; it only reads."""

    def __init__(self, journal: Journal, grading: Grading) -> None:
        self._journal = journal
        self._grading = grading

    def towards(self, target: str, question: Question) -> Counterfactuals:
        """What would lead to ``target`` on the day of the question, as known then.

        Raises ``Invalid`` for a grade that the regime does not have, and as ``Grading.read`` does.
        """
        read = self._grading.read(question)
        grades = grades_of(read.known.law, read.case.kind or "agency", read.as_of)
        if target not in grades:
            raise _no_such_grade(target, grades)
        now = assess(read.case, read.known.law, read.as_of, read.staff)
        rows = self._journal.stream(question.subject, until=read.position)
        good = frozenset(grades[: grades.index(target) + 1])
        counted = {f for s in now.steps if s.counted for f in (s.fact, *s.sources)}
        is_open = now.grade not in good and now.undetermined is None
        found = Search(read, rows, good, self._journal).run() if is_open else Found((), True, ())
        reach: Reach = "already_there" if now.grade in good else "reachable" if found.paths else "not_reachable"
        return Counterfactuals(
            subject=SubjectRef(id=read.case.subject, kind=read.case.kind or "", name=read.case.name_on(read.as_of)),
            regime=question.regime,
            basis=msgspec.structs.replace(
                self._grading.basis(read), token=self._grading.answer_token(question, read, now)
            ),
            target=target,
            grades=grades,
            running=running_of(now),
            reach=reach,
            paths=found.paths,
            complete=found.complete,
            barred=tuple(b for b in found.barred if b.fact in counted),
            fixed=tuple(
                Fixed(row=s.row, sources=s.sources, ends_on=s.ends_on)
                for s in now.steps
                if s.counted and s.fact is None and s.row is not None
            ),
        )


def _no_such_grade(target: str, grades: Sequence[str]) -> Invalid:
    there = "、".join(grades) or "无"
    problem = Problem(
        "/target",
        "unknown_grade",
        f"没有等级 {target[:20]}；可用：{there}。",
        f"there is no grade {target[:20]}; there are: {', '.join(grades) or 'none'}.",
    )
    return Invalid((problem,))


# --- the search ---------------------------------------------------------------------------------------------------


class Way(NamedTuple):
    """A lawful change to one fact: its events as they would be recorded on the day asked about."""

    kind: ChangeKind
    fact: str
    events: tuple[CaseEvent, ...]
    record: str | None = None


class Found(NamedTuple):
    """What a search came to."""

    paths: tuple[Path, ...]
    complete: bool
    barred: tuple[Barred, ...]


class Search:
    """Looks for the smallest sets of changes that bring one file to one of the grades that are good enough."""

    def __init__(self, read: Read, rows: Sequence[Recorded], good: frozenset[str], journal: Journal) -> None:
        self._read, self._rows, self._good, self._journal = read, rows, good, journal
        self._law: RegimeLaw = read.known.law
        self._staff: tuple[StaffFact, ...] = read.staff
        self._trials = 0
        self.ways, self.barred = ways_for(read.case, self._law, read.as_of, lambda: self._case(()))
        self.days = self._days()

    def run(self) -> Found:
        """The smallest sets, those with the fewest changes first, then those that need the least time."""
        options = self._options()
        complete = len(self.days) < MOST_DAYS
        found: list[tuple[frozenset[int], dt.date, Assessment]] = []
        for size in range(len(options) + 1):
            for some in itertools.combinations(range(len(options)), size):
                if len({options[i][0].fact for i in some}) < size:
                    continue
                if self._trials > MOST_TRIALS or len(found) >= MOST_PATHS:
                    return self._told(found, options, complete=False)
                hit = self._first_day([options[i][0] for i in some], self._bound(found, frozenset(some)))
                if hit is not None:
                    found.append((frozenset(some), *hit))
        return self._told(found, options, complete=complete)

    def reaches(self, ways: Sequence[Way], day: dt.date) -> Assessment | None:
        """The assessment of a day after the changes, when its grade is good enough."""
        self._trials += 1
        found = assess(self._case(ways), self._law, day, self._staff)
        return found if found.grade in self._good else None

    def _case(self, ways: Sequence[Way]) -> CaseFile:
        case = case_file(self._read.case.subject, self._rows)
        place(case, self._law, self._journal, self._read.position)
        for way in ways:
            for event in way.events:
                evolve(case, event, self._read.known_at)
        return case

    def _bound(
        self, found: Sequence[tuple[frozenset[int], dt.date, Assessment]], some: frozenset[int]
    ) -> dt.date | None:
        """The day before which a set has to reach the grade to be any better than a part of it."""
        return min((day for smaller, day, _ in found if smaller <= some), default=None)

    def _first_day(self, ways: Sequence[Way], before: dt.date | None) -> tuple[dt.date, Assessment] | None:
        for day in self.days:
            if before is not None and day >= before:
                return None
            reached = self.reaches(ways, day)
            if reached is not None:
                return day, reached
        return None

    def _days(self) -> list[dt.date]:
        """The day asked about, and every later one on which something changes, with or without one of the changes."""
        as_of = self._read.as_of
        days = [as_of]
        for ways in ((), *((w,) for w in self.ways)):
            case = self._case(ways)
            before = _mark(assess(case, self._law, as_of, self._staff))
            for day in turning_days(case, self._law, self._staff, after=as_of):
                mark = _mark(assess(case, self._law, day, self._staff))
                if mark != before and day not in days:
                    days.append(day)
                before = mark
        return sorted(days)[:MOST_DAYS]

    def _options(self) -> list[list[Way]]:
        """The ways that may make a difference; those that come to the same are one option.

        A fact behind which another one stands (I-11) makes none until that one is gone: so each way is looked at with
        the other facts and without them.
        """
        options: dict[tuple[str, tuple[object, ...]], list[Way]] = {}
        for way in self.ways:
            others = [w for w in self.ways if w.kind == "annulment" and w.fact != way.fact]
            marks = tuple(self._marks((*beside, way)) for beside in ((), others))
            if marks != (self._marks(()), self._marks(others)):
                options.setdefault((way.fact, marks), []).append(way)
        return list(options.values())

    def _marks(self, ways: Sequence[Way]) -> tuple[object, ...]:
        case = self._case(ways)
        return tuple(_mark(assess(case, self._law, day, self._staff)) for day in self.days)

    def _told(
        self,
        found: Sequence[tuple[frozenset[int], dt.date, Assessment]],
        options: Sequence[Sequence[Way]],
        *,
        complete: bool,
    ) -> Found:
        paths = [self._path([options[i] for i in sorted(some)], day, reached) for some, day, reached in found]
        paths.sort(key=lambda p: (len(p.changes), p.on, [c.fact for c in p.changes]))
        return Found(tuple(paths), complete, tuple(self.barred))

    def _path(self, chosen: Sequence[Sequence[Way]], day: dt.date, reached: Assessment) -> Path:
        first = [ways[0] for ways in chosen]
        changes = []
        for index, ways in enumerate(chosen):
            # What comes to the same by itself is tried in company, too.
            fit = [w for w in ways if w is ways[0] or self.reaches([*first[:index], w, *first[index + 1 :]], day)]
            changes.append(
                Change(
                    fact=ways[0].fact,
                    row=self._read.case.facts[ways[0].fact].record.row,
                    ways=tuple(dict.fromkeys(w.kind for w in fit)),
                    records=tuple(w.record for w in fit if w.record is not None),
                )
            )
        return Path(changes=tuple(changes), on=day, score=reached.score, grade=reached.grade)


def _mark(assessment: Assessment) -> tuple[object, ...]:
    """What has to be the same for two changes to come to the same."""
    lines = tuple((s.fact, s.sources, s.row, s.effect) for s in assessment.steps if s.counted)
    return (assessment.force, assessment.score, assessment.grade, assessment.undetermined, lines)


# --- what the law admits --------------------------------------------------------------------------------------------


def ways_for(
    case: CaseFile, law: RegimeLaw, day: dt.date, copy: Callable[[], CaseFile]
) -> tuple[list[Way], list[Barred]]:
    """Every lawful change to each fact on a day, and what is not admitted, with the reason.

    ``copy`` gives the file anew: decisions that rest on each other are taken on it.
    """
    ways: list[Way] = []
    barred: list[Barred] = []
    for file in case.facts.values():
        if file.record.regime != law.regime or file.is_void or law.row_of(file.record) is None:
            continue
        for kind, record, decide in _attempts(case, law, file.id, day):
            try:
                events = decide(copy())
            except Refused as refused:
                barred.append(_barred(file.id, kind, refused.code, refused.cites, refused.text))
            except CaseError:
                continue
            else:
                if events:
                    ways.append(Way(kind, file.id, tuple(events), record))
    return ways, barred


Decide = Callable[[CaseFile], Sequence[CaseEvent]]


def _attempts(
    case: CaseFile, law: RegimeLaw, fact: str, day: dt.date
) -> Iterator[tuple[ChangeKind, str | None, Decide]]:
    """What may be tried about a fact, each with the record it goes on from."""
    authority = case.facts[fact].record.authority
    yield "repair", None, lambda file: _repaired(file, law, fact, day)
    objection = _pending_objection(case, law, fact)
    yield "objection", objection, lambda file: _objected(file, law, fact, day, objection)
    asked = SetAsideFact(fact=fact, decided_on=day, authority=authority, document="—", effect="ab_initio")
    yield "annulment", None, lambda file: set_aside_fact(file, asked, day)
    for warning in case.facts[fact].warnings:
        if warning.is_open:
            id = warning.issued.warning
            yield "waiver", id, lambda file, id=id: _waived(file, law, id, day)  # type: ignore[misc]
    rectified = ConfirmRectification(fact=fact, completed_on=day, confirmed_on=day, authority=authority)
    yield "rectification", None, lambda file: confirm_rectification(file, rectified, day)


def _repaired(case: CaseFile, law: RegimeLaw, fact: str, day: dt.date) -> list[CaseEvent]:
    """A repair asked for and confirmed on the day, its conditions met (arts. 28-32)."""
    fields: dict[str, Any] = {
        "subject": case.subject,
        "regime": law.regime,
        "facts": (fact,),
        "dated_on": day,
        "completed_on": day,
        "id": f"repair of {fact}"[:80],
    }
    if case.kind == "practitioner":
        fields["contribution"] = Contribution(kind="volunteering", recognised_on=day, recognised_by="—")
    if case.kind == "practitioner" or published(case, law.regime, day):
        law.refuse_excluded("apply_repair")
        events = [*apply_repair(case, ApplyRepair(**fields), day)]
        confirmers: tuple[Literal["originating_authority", "city_bureau"], ...] = ("city_bureau",)
    else:
        law.refuse_excluded("commit_repair")
        events = [*commit_repair(case, CommitRepair(**fields), day)]
        confirmers = ("originating_authority", "city_bureau")
    for event in events:
        evolve(case, event, 0)
    for by in confirmers:
        asked = ConfirmRepair(repair=fields["id"], confirmed_on=day, by=by, certificate="—")
        confirmed = confirm_repair(case, asked, law, None, day)
        for event in confirmed:
            evolve(case, event, 0)
        events += confirmed
    return events


def _pending_objection(case: CaseFile, law: RegimeLaw, fact: str) -> str | None:
    """An admissible objection on record that nobody has decided and that is about the fact or a whole proposal."""
    for id, file in case.objections.items():
        is_about = file.filed.against == fact or file.filed.against in case.stages
        is_open = file.decided is None and not file.retracted and file.filed.regime == law.regime
        if is_open and is_about and admissibility_of_objection(case, file.filed, law).admissible:
            return id
    return None


def _objected(case: CaseFile, law: RegimeLaw, fact: str, day: dt.date, pending: str | None) -> list[CaseEvent]:
    """An objection upheld that sets the fact aside: the pending one, or one filed on the day."""
    events: list[CaseEvent] = []
    if pending is None:
        pending = f"objection to {fact}"[:80]
        asked = FileObjection(
            subject=case.subject,
            regime=law.regime,
            against=fact,
            filed_on=day,
            by="participant",
            grounds="—",
            id=pending,
        )
        events += file_objection(case, asked, (), law, day)
        for event in events:
            evolve(case, event, 0)
    decided = DecideObjection(objection=pending, decided_on=day, outcome="upheld", reasons="—", sets_aside=(fact,))
    return [*events, *decide_objection(case, decided, law, day)]


def _waived(case: CaseFile, law: RegimeLaw, id: str, day: dt.date) -> Sequence[CaseEvent]:
    """A rectification confirmed on the day, within the limit of the warning (art. 27)."""
    warning = case.warnings[id]
    completed_on = min((r.completed_on for r in warning.reports), default=day)
    asked = ConfirmWarning(warning=id, completed_on=completed_on, confirmed_on=day)
    events = confirm_warning(case, asked, day)
    for event in events:
        evolve(case, event, 0)
    if not is_waiving(warning, law):
        raise Refused(
            "limit_over",
            f"预警的整改期限已过（{warning.issued.due_on}）。",
            f"the limit of the warning is over ({warning.issued.due_on}).",
            "art. 27",
        )
    return events


def _barred(fact: str, way: ChangeKind, code: str, cites: tuple[str, ...], text: Text) -> Barred:
    return Barred(fact=fact, way=way, code=code, cites=cites, zh=text.zh, en=text.en)
