"""What a scenario expects beside what is there: each function gives the differences, none when all is as expected."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import UNSET

from application.answering.grading import ApplicableMeasure, GradeAnswer
from application.scenarios.scenario_file import Expectation, ExpectedDeadline, ExpectedMeasure, ExpectedSnapshot
from domain.admissibility import Admissibility
from domain.aggregates.casefile import CaseFile
from domain.errors import Refused
from domain.events.participation import SnapshotTaken
from domain.grading.step import Assessment
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import Deadline, deadlines_of
from domain.procedures.objections import admissibility_of_comment, admissibility_of_objection
from domain.procedures.repairs import admissibility_of_repair


class Mismatch(NamedTuple):
    """One thing that is not as expected: ``what`` is the key of the expectation (``running.score``)."""

    what: str
    expected: str
    found: str


# --- citations ------------------------------------------------------------------------------------------------


def is_refused_so(refused: Refused, wanted: str) -> bool:
    """Whether the refusal is the one a case wants: its first citation begins so, or its code is the same."""
    return refused.code == wanted or (bool(refused.cites) and begins_so(refused.cites[0], wanted))


def begins_so(cite: str, wanted: str) -> bool:
    """Whether a citation begins as a case writes it: ``art. 2`` begins ``art. 2(1)`` but not ``art. 29``."""
    found, prefix = cite.lower(), " ".join(wanted.lower().split())
    rest = found[len(prefix) :]
    return found.startswith(prefix) and not (prefix[-1:].isdigit() and rest[:1].isdigit())


# --- the running track -------------------------------------------------------------------------------------------


def of_running(expectation: Expectation, found: Assessment) -> list[Mismatch]:
    """Differences of the running track: its figures, its force, and which facts count."""
    differences = []
    for key, expected in expectation.running.items():
        actual = getattr(found, key)
        if actual != expected:
            differences.append(Mismatch(f"running.{key}", shown_figure(expected), shown_figure(actual)))
    if expectation.force is not None and expectation.force != found.force:
        differences.append(Mismatch("force", expectation.force, found.force))
    if expectation.undetermined is not UNSET and expectation.undetermined != found.undetermined:
        differences.append(
            Mismatch("undetermined", shown_figure(expectation.undetermined), shown_figure(found.undetermined))
        )
    return differences + _of_steps(expectation, found)


def _of_steps(expectation: Expectation, found: Assessment) -> list[Mismatch]:
    """``counted`` names facts that must count (none at all, when it is empty), ``not_counted`` says why one does not.

    A derived step is named by its row; of several with one name it is the one that counts.
    """
    steps = {s.fact or s.row: s for s in sorted(found.steps, key=lambda s: s.counted)}
    differences = []
    # The score that a grade is read from is the ground of all, not one of the facts that count.
    counting = ", ".join(name for name, s in steps.items() if s.counted and name is not None)
    if expectation.counted == () and counting:
        differences.append(Mismatch("counted", "[]", counting))
    for name in expectation.counted or ():
        step = steps.get(name)
        if step is None or not step.counted:
            differences.append(Mismatch(f"counted.{name}", "counted", shown_figure(step and step.reason)))
    for name, reason in expectation.not_counted.items():
        step = steps.get(name)
        actual = "—" if step is None else "counted" if step.counted else shown_figure(step.reason)
        if actual != reason:
            differences.append(Mismatch(f"not_counted.{name}", reason, actual))
    return differences


# --- the annual and the public track, the measures ---------------------------------------------------------------


def wants_answer(expectation: Expectation) -> bool:
    """Whether something beside the running track is expected, for which the whole answer is needed."""
    return bool(expectation.annual) or expectation.public is not UNSET or expectation.measures is not None


def of_answer(expectation: Expectation, answer: GradeAnswer) -> list[Mismatch]:
    """Differences of the annual and the public track and of the measures."""
    differences = _of_years(expectation, answer)
    if expectation.public is not UNSET:
        for key, wanted in expectation.public.items():
            actual = getattr(answer.public, key, None) or None
            if actual != wanted:
                differences.append(Mismatch(f"public.{key}", shown_figure(wanted), shown_figure(actual)))
    if expectation.measures is not None:
        differences += _of_measures(expectation.measures, answer.measures)
    return differences


def _of_years(expectation: Expectation, answer: GradeAnswer) -> list[Mismatch]:
    years = {line.year: line for line in answer.annual}
    differences = []
    for year, wanted in expectation.annual.items():
        line = years.get(year)
        if wanted is None and line is not None:
            differences.append(Mismatch(f"annual.{year}", "null", f"{line.stage} {line.dated_on}"))
        for key, expected in (wanted or {}).items():
            actual = getattr(line, key, None) or None
            if actual != expected:
                differences.append(Mismatch(f"annual.{year}.{key}", shown_figure(expected), shown_figure(actual)))
    return differences


def _of_measures(expected: Sequence[ExpectedMeasure], found: Sequence[ApplicableMeasure]) -> list[Mismatch]:
    """Each entry must begin a citation of a measure that applies, and each of these must have its entry."""

    def answers(entry: ExpectedMeasure, measure: ApplicableMeasure) -> bool:
        return any(begins_so(cite, entry.cite) for cite in measure.cites)

    differences = []
    for entry in expected:
        applying = [m for m in found if answers(entry, m)]
        if not applying:
            there = "; ".join(", ".join(m.cites) for m in found)
            differences.append(Mismatch("measures", entry.cite, there or "[]"))
        for measure in applying:
            if entry.executable not in (None, measure.executable):
                what = f"measures.{measure.cites[0]}.executable"
                differences.append(Mismatch(what, shown_figure(entry.executable), shown_figure(measure.executable)))
    for measure in found:
        if not any(answers(entry, measure) for entry in expected):
            wanted = ", ".join(entry.cite for entry in expected)
            differences.append(Mismatch("measures", wanted or "[]", ", ".join(measure.cites)))
    return differences


# --- records: admissibility and deadlines ------------------------------------------------------------------------


def of_admissible(id: str, expected: bool, case: CaseFile | None, law: RegimeLaw) -> list[Mismatch]:
    """The difference of whether what a participant or the public handed in can be taken up."""
    found = None if case is None else _admissibility(id, case, law)
    if found is not None and found.admissible is expected:
        return []
    why = () if found is None else (*found.cites, *([found.code] if found.code else []))
    actual = "—" if found is None else f"{shown_figure(found.admissible)} ({', '.join(why)})"
    return [Mismatch(f"admissible.{id}", shown_figure(expected), actual)]


def _admissibility(id: str, case: CaseFile, law: RegimeLaw) -> Admissibility | None:
    """``None`` for an id that is no objection, comment or repair on this file."""
    if id in case.objections:
        return admissibility_of_objection(case, case.objections[id].filed, law)
    if id in case.comments:
        return admissibility_of_comment(case, case.comments[id].recorded, law)
    if id in case.repairs:
        return admissibility_of_repair(case, case.repairs[id].asked, law)
    return None


def of_deadline(wanted: ExpectedDeadline, case: CaseFile | None, law: RegimeLaw, day: dt.date) -> list[Mismatch]:
    """Differences of a deadline; its state is that at the end of ``day``.

    Where the record started several and the case does not say which, the difference names their kinds.
    """
    started = [] if case is None else [d for d in deadlines_of(case, law) if d.started_by == wanted.id]
    of_kind = [d for d in started if wanted.kind in (None, d.kind)]
    if len(of_kind) != 1:
        kinds = ", ".join(d.kind for d in started)
        return [Mismatch(f"deadline.{wanted.id}.kind", wanted.kind or "?", kinds or "—")]
    return _of_one_deadline(wanted, of_kind[0], day)


def _of_one_deadline(wanted: ExpectedDeadline, found: Deadline, day: dt.date) -> list[Mismatch]:
    differences = []
    if wanted.due_on is not UNSET and wanted.due_on != found.due_on:
        differences.append(
            Mismatch(f"deadline.{found.id}.due_on", shown_figure(wanted.due_on), shown_figure(found.due_on))
        )
    if wanted.provisional not in (None, found.provisional):
        what = f"deadline.{found.id}.provisional"
        differences.append(Mismatch(what, shown_figure(wanted.provisional), shown_figure(found.provisional)))
    state = found.state_on(day)
    if wanted.state not in (None, state):
        differences.append(Mismatch(f"deadline.{found.id}.state", shown_figure(wanted.state), state))
    return differences


def of_snapshot(wanted: ExpectedSnapshot | None, case: CaseFile | None, regime: str, day: dt.date) -> list[Mismatch]:
    """Differences of a half-year snapshot; without a day or an id it is the latest one taken by ``day``."""
    taken = [] if case is None else [s for s in case.entries_of(SnapshotTaken, regime) if s.taken_on <= day]
    if wanted is not None:
        taken = [
            s
            for s in taken
            if wanted.id in (None, s.record)
            and wanted.taken_on in (None, s.taken_on)
            and wanted.as_of in (None, s.as_of)
        ]
    found = max(taken, key=lambda s: s.taken_on, default=None)
    if wanted is None or found is None:
        there = "—" if found is None else found.record
        as_wanted = wanted is None and found is None
        return [] if as_wanted else [Mismatch("snapshot", "null" if wanted is None else "a snapshot", there)]
    return [
        Mismatch(f"snapshot.{key}", shown_figure(expected), shown_figure(actual))
        for key, expected in wanted.figures.items()
        if (actual := getattr(found, key)) != expected
    ]


def shown_figure(value: object) -> str:
    """A value as a case writes it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
