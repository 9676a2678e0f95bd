"""A file into which another one was joined reads as one file on which all of it was recorded in the same order."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregates.casefile import CaseEvent, CaseFile, as_of_version, file_then, fold
from domain.aggregates.joining import known_to
from domain.events.certificates import CertificateIssued
from domain.events.evaluation import RecordRetracted
from domain.events.joining import CarriedEvent, FileJoinedInto, FilesJoined
from domain.time import Instant
from tests.support import deciding
from tests.support.deciding import AGENCY, TODAY, but
from tests.support.properties import tried
from tests.support.strategies import EVENTS

Told = list[tuple[CaseEvent, Instant]]

JOINING = "J"


def joined(other: Sequence[tuple[CaseEvent, Instant]], own: Sequence[tuple[CaseEvent, Instant]]) -> FilesJoined:
    """The joining that carries the other file: it was recorded, each event at an instant of its own, beside the own."""
    return FilesJoined(
        record=JOINING,
        joined="B",
        decided_on=TODAY,
        authority="150100-EEB",
        document="合并决定",
        reasons="同一主体",
        version=len(other),
        seal="",
        carried=tuple(
            CarriedEvent(instant=at, before=sum(o < at for _, o in own), actor="clerk", event=event)
            for event, at in other
        ),
    )


def told_on_two(sides: Sequence[tuple[CaseEvent, bool]]) -> tuple[Told, Told]:
    """Events one after another on two files, each opened before."""
    own: Told = [(AGENCY, 1)]
    other: Told = [(AGENCY, 2)]
    for at, (event, is_own) in enumerate(sides, 3):
        (own if is_own else other).append((event, at))
    return own, other


def state_of(case: CaseFile) -> dict[str, Any]:
    """What a file says, but for whose it is."""
    facts = {
        id: (f.recorded, f.record, f.recorded_at, f.is_void, f.corrections, f.undos, [r.asked for r in f.repairs])
        for id, f in case.facts.items()
    }
    repairs = {
        id: (r.asked, r.number, r.city_confirmed, r.city_number, r.origin_number, r.retracted, r.refused)
        for id, r in case.repairs.items()
    }
    return {
        "facts": facts,
        "repairs": repairs,
        "warnings": {id: (w.issued, w.stands, w.is_open) for id, w in case.warnings.items()},
        "objections": {id: (o.filed, o.decided, o.retracted) for id, o in case.objections.items()},
        "comments": {id: (c.recorded, c.decided, c.retracted) for id, c in case.comments.items()},
        "stages": {id: (s.event, s.recorded_at, s.retracted) for id, s in case.stages.items()},
        "adjustments": {id: (s.event, s.recorded_at, s.retracted) for id, s in case.adjustments.items()},
        "entries": {id: (s.event, s.recorded_at, s.retracted) for id, s in case.entries.items()},
        "employments": case.employments,
        "scope": case.scope,
        "registration": (case.kind, case.registration, case.changes),
    }


_OF_THE_SUBJECT = ("agency-registered.v1", "practitioner-registered.v1", "expert-registered.v1", "client-registered.v1")


def is_of_the_subject(event: CaseEvent) -> bool:
    return str(event.__struct_config__.tag) in (*_OF_THE_SUBJECT, "subject-changed.v1")


PLAIN = EVENTS.filter(lambda e: not isinstance(e, FilesJoined | FileJoinedInto))
SIDES = st.lists(st.tuples(PLAIN, st.booleans()), max_size=25)


@pytest.mark.slow
@given(SIDES)
@tried(100)
def test_a_joined_file_reads_as_one_on_which_all_was_recorded_in_the_same_order(
    sides: list[tuple[CaseEvent, bool]],
) -> None:
    own, other = told_on_two(sides)
    last = len(sides) + 3
    found = fold("A", [*own, (joined(other, own), last)])
    alone: Told = sorted([*own, *((e, at) for e, at in other if not is_of_the_subject(e))], key=lambda t: t[1])
    one = fold("A", alone)
    # Events that say who the other subject is have a number in the history and say nothing there.
    numbers = {at: n for n, (_, at) in enumerate(sorted([*own, *other], key=lambda t: t[1]), 1)}
    of_one = {n: numbers[at] for n, (_, at) in enumerate(alone, 1)}
    said, wanted = state_of(found), state_of(one)
    wanted["facts"] = {id: (*f[:5], tuple((e, of_one[n]) for e, n in f[5]), f[6]) for id, f in wanted["facts"].items()}
    wanted["repairs"] = {
        id: (r[0], of_one[r[1]], r[2], of_one.get(r[3], 0), of_one.get(r[4], 0), *r[5:])
        for id, r in wanted["repairs"].items()
    }
    assert said == wanted
    assert found.version == len(own) + 1


@pytest.mark.slow
@given(SIDES)
@tried(100)
def test_before_the_joining_and_after_it_was_taken_back_both_read_as_ever(sides: list[tuple[CaseEvent, bool]]) -> None:
    own, other = told_on_two(sides)
    at = len(sides) + 3
    back = RecordRetracted(record=JOINING, reason="误并")
    found = fold("A", [*own, (joined(other, own), at)])
    assert state_of(as_of_version(found, len(own))) == state_of(fold("A", own))
    parted = fold("A", [*own, (joined(other, own), at), (back, at + 1)])
    assert state_of(parted) == state_of(fold("A", own))
    assert parted.joined == ()
    into = FileJoinedInto(record=JOINING, into="A", decided_on=TODAY, authority="150100-EEB", document="合并决定")
    gone = fold("B", [*other, (into, at)])
    assert (gone.kind, gone.facts, gone.records, gone.joined_into) == (None, {}, {}, into)
    assert state_of(fold("B", [*other, (into, at), (back, at + 1)])) == state_of(fold("B", other))


@pytest.mark.slow
@given(SIDES)
@tried(100)
def test_what_was_carried_is_read_as_of_its_own_file(sides: list[tuple[CaseEvent, bool]]) -> None:
    own, other = told_on_two(sides)
    found = fold("A", [*own, (joined(other, own), len(sides) + 3)])
    for number, (event, _) in enumerate(other):
        id = event.introduced_id
        if id is None or id not in found.origins or id not in found.facts:
            continue
        assert state_of(file_then(found, id, number)) == state_of(fold("B", other[:number]))
        break


@pytest.mark.slow
@given(SIDES, st.integers(0, 24))
@tried(100)
def test_a_fact_of_the_other_file_became_known_to_a_result_with_the_joining(
    sides: list[tuple[CaseEvent, bool]], behind: int
) -> None:
    own, other = told_on_two(sides)
    at = len(sides) + 3 + behind
    found = fold("A", [*own, (joined(other, own), at)])
    for result in found.stages.values():
        for fact in found.facts.values():
            same = (result.origin is None) == (fact.origin is None)
            assert known_to(result, fact) == (fact.recorded_at if same else at)


FACT_OF_OTHER = but(deciding.fact("f1"), document="决定一")


def test_a_record_that_came_with_a_joining_is_read_as_on_the_file_on_which_it_was_recorded() -> None:
    other: Told = [(AGENCY, 2), (FACT_OF_OTHER, 3), (but(FACT_OF_OTHER, fact="f2"), 4)]
    case = fold("A", [(AGENCY, 1), (joined(other, [(AGENCY, 1)]), 9)])
    then = file_then(case, "f1", 2)
    assert (then.subject, list(then.facts)) == ("B", ["f1"])
    assert list(file_then(case, JOINING, 1).facts) == []
    assert case.before("f2") == [AGENCY, FACT_OF_OTHER]
    assert case.carried_from("C") == ()


def test_a_certificate_that_was_taken_back_says_since_when() -> None:
    issued = CertificateIssued(record="c1", regime="nmg.third_party", issued_on=TODAY, document="证明1")
    case = fold("A", [(AGENCY, 1), (issued, 2), (RecordRetracted(record="c1", reason="误发"), 3)])
    assert case.certificates["c1"].retracted_at == 3
