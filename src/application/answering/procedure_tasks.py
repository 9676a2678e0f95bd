"""The tasks of an objection, a comment or a repair, from its receipt to the archive, each as it stands.

Nobody records that a task is begun: how each stands follows from what is on record, the decision, the letters that were
issued and served. What was never asked for, or needs nothing, is told as passed over, with why.
"""

import datetime as dt
from typing import Final, Literal, NamedTuple

import msgspec

from domain.aggregates.casefile import CaseFile
from domain.aggregates.letters import LetterFile
from domain.events.papers.letters import LetterKind
from domain.law.regime import RegimeLaw
from domain.procedures.papers.letters import LETTER_WANTED_FOR, letter_grounds

TaskCode = Literal["received", "admitted", "investigated", "drafted", "reviewed", "served", "archived"]
"""What has to be done, in this order: 收件, 受理或补正, 调查, 拟定, 审核, 送达, 归档."""

TaskState = Literal["not_started", "waiting", "done", "skipped"]
"""How a task stands: ``waiting`` is the one that has to be done next, ``skipped`` one that is not needed."""

TaskNote = Literal[
    "not_admitted", "correction_asked", "corrected", "no_correction_asked", "extended", "no_letter", "not_from_here"
]
"""What is to be said of it: it was not admitted; papers were asked for, or came, or were never asked for; the time was
made longer; the text asks for no letter; none is on record and the time to write one is over."""

ProcedureKind = Literal["objection", "comment", "repair"]


class ProcedureTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task of a procedure: how it stands, since which day where that is on record, until when it waits, and what is
    to be said of it."""

    task: TaskCode
    state: TaskState
    on: dt.date | None = None
    until_on: dt.date | None = None
    note: TaskNote | None = None


class ProcedureSoFar(NamedTuple):
    """What is on record of a procedure by a day: when it was received, whether it may be taken up, when somebody else
    confirmed what it rests on (``verified_on``), until when it was made longer, and when it was decided. ``answers``
    are the kinds of letters that tell the decision."""

    kind: ProcedureKind
    id: str
    received_on: dt.date
    admissible: bool
    verified_on: dt.date | None = None
    extended_until_on: dt.date | None = None
    decided_on: dt.date | None = None
    answers: tuple[LetterKind, ...] = ()


_ACCEPTED: Final[dict[ProcedureKind, LetterKind]] = {
    "objection": "objection_accepted",
    "repair": "repair_accepted",
}
_CORRECTION: Final[dict[ProcedureKind, LetterKind]] = {
    "objection": "objection_correction",
    "repair": "repair_correction",
}


def tasks_of(case: CaseFile, law: RegimeLaw, found: ProcedureSoFar, day: dt.date) -> tuple[ProcedureTask, ...]:
    """The seven tasks of a procedure as they stand at the end of a day."""
    admitted = _admitted(case, found, day)
    investigated = _investigated(found, admitted)
    drafted = _drafted(found, investigated)
    reviewed = _when(found.decided_on, "reviewed")
    served = _served(case, law, found, day)
    before = (ProcedureTask(task="received", state="done", on=found.received_on), admitted, investigated)
    tasks = (*before, drafted, reviewed, served)
    is_over = all(task.state in ("done", "skipped") for task in tasks)
    last = max((task.on for task in tasks if task.on is not None), default=None)
    archived = ProcedureTask(task="archived", state="done" if is_over else "not_started", on=last if is_over else None)
    return (*tasks, archived)


def with_proposal(tasks: tuple[ProcedureTask, ...], proposed_on: dt.date) -> tuple[ProcedureTask, ...]:
    """The tasks of a procedure whose decision was proposed and waits for a second person."""
    said = {
        "investigated": ProcedureTask(task="investigated", state="done"),
        "drafted": ProcedureTask(task="drafted", state="done", on=proposed_on),
        "reviewed": ProcedureTask(task="reviewed", state="waiting"),
    }
    return tuple(said[t.task] if t.task in said and t.state in ("not_started", "waiting") else t for t in tasks)


def _admitted(case: CaseFile, found: ProcedureSoFar, day: dt.date) -> ProcedureTask:
    if not found.admissible:
        return ProcedureTask(task="admitted", state="done", note="not_admitted")
    accepted = _issued(case, found.id, _ACCEPTED.get(found.kind), day)
    correction = _issued(case, found.id, _CORRECTION.get(found.kind), day)
    note: TaskNote = "no_correction_asked" if correction is None else "corrected"
    if accepted is not None and accepted.issued is not None:
        return ProcedureTask(task="admitted", state="done", on=accepted.issued.dated_on, note=note)
    if found.decided_on is not None or found.verified_on is not None:
        return ProcedureTask(task="admitted", state="done", note=note)
    if correction is not None:
        return ProcedureTask(task="admitted", state="waiting", until_on=correction.due_on, note="correction_asked")
    return ProcedureTask(task="admitted", state="waiting")


def _investigated(found: ProcedureSoFar, admitted: ProcedureTask) -> ProcedureTask:
    if admitted.note == "not_admitted":
        return ProcedureTask(task="investigated", state="skipped", note="not_admitted")
    done_on = found.verified_on or found.decided_on
    if done_on is not None:
        return ProcedureTask(task="investigated", state="done", on=done_on)
    note: TaskNote | None = None if found.extended_until_on is None else "extended"
    state: TaskState = "waiting" if admitted.state == "done" else "not_started"
    return ProcedureTask(task="investigated", state=state, until_on=found.extended_until_on, note=note)


def _drafted(found: ProcedureSoFar, investigated: ProcedureTask) -> ProcedureTask:
    if found.decided_on is not None:
        return ProcedureTask(task="drafted", state="done")
    return ProcedureTask(
        task="drafted", state="waiting" if investigated.state in ("done", "skipped") else "not_started"
    )


def _served(case: CaseFile, law: RegimeLaw, found: ProcedureSoFar, day: dt.date) -> ProcedureTask:
    if found.decided_on is None:
        return ProcedureTask(task="served", state="not_started")
    for kind in found.answers:
        letter = _issued(case, found.id, kind, day)
        if letter is not None:
            served = letter.served
            is_served = served is not None and served.served_on <= day
            return _when(served.served_on if served is not None and is_served else None, "served", or_else="waiting")
    if not any(letter_grounds(case, kind, found.id, law, day) for kind in found.answers):
        return ProcedureTask(task="served", state="skipped", note="no_letter")
    if day - found.decided_on > LETTER_WANTED_FOR:
        return ProcedureTask(task="served", state="skipped", note="not_from_here")
    return ProcedureTask(task="served", state="waiting")


def _when(on: dt.date | None, task: TaskCode, or_else: TaskState = "not_started") -> ProcedureTask:
    return ProcedureTask(task=task, state=or_else if on is None else "done", on=on)


def _issued(case: CaseFile, record: str, kind: LetterKind | None, day: dt.date) -> LetterFile | None:
    """The last letter of a kind about a record that was issued by a day and not withdrawn."""
    found = [
        letter
        for letter in case.letters.values()
        if letter.drafted.concerns == record
        and letter.drafted.kind == kind
        and letter.withdrawn is None
        and letter.issued is not None
        and letter.issued.dated_on <= day
    ]
    return found[-1] if found else None
