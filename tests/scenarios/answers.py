"""All that is answered of every shipped case, what it says nothing of too."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import msgspec

from application.answering.grading import Question, Read, annual_of, measures_of, public_of
from application.answering.running_track import running_of
from application.scenarios.scenario_file import Case
from domain.admissibility import Admissibility
from domain.aggregates.casefile import CaseFile
from domain.errors import Invalid, NotFound
from domain.grading.method import assess, assess_year, turning_days
from domain.grading.step import Assessment
from domain.law.readings import alternatives_of
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import Deadline, deadlines_of, proof_of
from domain.procedures.objections import admissibility_of_comment, admissibility_of_objection
from domain.procedures.repairs import admissibility_of_repair
from domain.time import ONE_DAY
from tests.support.cases import Played, cases, name_of, played
from tests.support.digests import Section, digest_of

_MOST_DAYS: Final = 12
_ONE_IN: Final = 12
"""Under every other answer to an ambiguity of the law, so many cases are answered: making a law takes long."""


def last_questions(case: Case) -> list[Question]:
    """What a case asks last about each subject."""
    last = {e.subject: e for e in case.expects if e.subject is not None and e.as_of is not None and e.regime}
    return [
        Question(subject=s, regime=e.regime, as_of=e.as_of, known_at=e.known_at, readings=case.readings)
        for s, e in last.items()
    ]


def reads(world: Played) -> Iterator[Read]:
    """What is read for those of the last questions that are answered at all."""
    for question in last_questions(world.case):
        try:
            yield world.grading.read(question)
        except (Invalid, NotFound):
            # The case asks about a moment at which nothing was on record.
            continue


def tracks(read: Read) -> list[Any]:
    """What is answered of a file on the day asked about, on the days on which something happened or a track may change,
    and on the days after them."""
    law = read.known.law
    told = {on for event in read.case.events if (on := event.happened_on) is not None}
    moved = sorted({*turning_days(read.case, law, read.staff), *told})[-_MOST_DAYS:]
    days = sorted({read.as_of, *moved, *(day + ONE_DAY for day in moved)})
    deadlines = deadlines_of(read.case, law)
    return [
        [_on(msgspec.structs.replace(read, as_of=day)) for day in days],
        [_of_year(read, year, day) for year in sorted({day.year for day in days}) for day in days if day.year >= year],
        [_deadline(read.case, law, deadline) for deadline in deadlines],
        [[id, f.admissible, f.code, f.cites, f.due_on, f.provisional] for id, f in _admissible(read.case, law)],
    ]


def digest_of_case(world: Played) -> str:
    """The digest of all that is answered of a case."""
    name = name_of(world.case)
    told = [tracks(read) for read in reads(world)]
    if hashlib.sha256(name.encode()).digest()[0] % _ONE_IN == 0:
        told.append([list(_under_others(world, read)) for read in reads(world)])
    return digest_of(told)


def _on(read: Read) -> list[Any]:
    found = assess(read.case, read.known.law, read.as_of, read.staff)
    measures = [[m.cites, m.since, m.record, m.executable] for m in measures_of(read)]
    return [
        read.as_of,
        found.force,
        _plain(running_of(found)),
        _lines(found),
        _plain(annual_of(read)),
        _plain(public_of(read)),
        measures,
    ]


def _of_year(read: Read, year: int, on: dt.date) -> list[Any]:
    """The result that a step of the day would give for the year."""
    found = assess_year(read.case, read.known.law, year, on, read.staff)
    return [year, on, _plain(running_of(found)), _lines(found)]


def _lines(found: Assessment) -> list[Any]:
    return [
        [s.fact, s.row, s.effective_on, s.ends_on, s.effect, s.score, s.counted, s.reason, s.provisional, s.readings]
        for s in found.steps
    ]


def _deadline(case: CaseFile, law: RegimeLaw, deadline: Deadline) -> list[Any]:
    proof = proof_of(case, law, deadline)
    return [_plain(deadline), proof.due_on, proof.provisional, [[day.on, day.number, day.kind] for day in proof.days]]


def _admissible(case: CaseFile, law: RegimeLaw) -> Iterator[tuple[str, Admissibility]]:
    for objection, filed in case.objections.items():
        if filed.filed.regime == law.regime:
            yield objection, admissibility_of_objection(case, filed.filed, law)
    for comment, file in case.comments.items():
        if file.recorded.regime == law.regime:
            yield comment, admissibility_of_comment(case, file.recorded, law)
    for repair, asked in case.repairs.items():
        if asked.asked.regime == law.regime:
            yield repair, admissibility_of_repair(case, asked.asked, law)


def _under_others(world: Played, read: Read) -> Iterator[list[Any]]:
    """What is answered under each other answer to an ambiguity."""
    for other in alternatives_of(read.known.law):
        question = Question(
            subject=read.case.subject,
            regime=read.known.law.regime,
            as_of=read.as_of,
            readings={**world.case.readings, other.reading: other.value},
        )
        yield [other.reading, other.value, _on(world.grading.read(question))]


def _plain(found: Any) -> Any:
    return msgspec.to_builtins(found, builtin_types=(dt.date,))


def section() -> Section:
    """The digest of each case by its name."""
    return {name_of(case): partial(lambda case: digest_of_case(played(case)), case) for case in cases()}
