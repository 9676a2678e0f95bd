"""Joining the two files of one body: nothing is lost, and what was answered before reads as it did."""

from typing import Any

import msgspec
import pytest

from application.principal import Principal
from application.recording.commands import command_from
from domain.errors import Conflict, JoinedInto, NotFound, Refused
from domain.events.joining import FileJoinedInto, FilesJoined
from tests.support.words import words_of
from tests.support.world import BUREAU, REGIME, World

DECISION: dict[str, Any] = {
    "decided_on": "2024-06-03", "authority": BUREAU, "document": "呼环合〔2024〕1号", "reasons": "同一主体重复建档",
}  # fmt: skip
JOINED_ON = "2024-06-03"


@pytest.fixture
def world() -> World:
    """Two files of one body, each with part of the facts."""
    world = World()
    world.agency("A")
    world.agency("B", name="甲检测（重复）")
    world.fact("2024-03-01", "B08", "a1")
    world.fact("2024-03-12", "B09", "b1", subject="B")
    world.fact("2024-04-02", "B09", "a2")
    world.fact("2024-05-06", "B08", "b2", subject="B")
    return world


def one_file() -> World:
    """One file on which all of it was recorded in the same order."""
    world = World()
    world.agency("A")
    world.fact("2024-03-01", "B08", "a1")
    world.fact("2024-03-12", "B09", "b1")
    world.fact("2024-04-02", "B09", "a2")
    world.fact("2024-05-06", "B08", "b2")
    return world


def join(world: World, day: str = JOINED_ON, **more: Any) -> Any:
    return world.do(day, "join_files", **{"subject": "A", "joined": "B", "id": "j", **DECISION, **more})


def figures(world: World, as_of: str, known_at: str | None = None, subject: str = "A") -> Any:
    answer = world.grade(as_of, known_at, subject)
    return answer.running, [(s.fact, s.effect, s.counted, s.reason, s.recorded_at) for s in answer.steps]


def test_the_file_that_stays_is_graded_as_one_on_which_all_of_it_was_recorded(world: World) -> None:
    outcome = join(world)
    assert (outcome.status, outcome.version, outcome.events) == ("recorded", 4, ("files-joined.v1",))
    for day in ("2024-03-11", "2024-03-12", "2024-05-05", "2024-05-06", "2024-06-03", "2025-01-01"):
        assert figures(world, day) == figures(one_file(), day)


def test_what_was_known_before_reads_as_it_did_byte_for_byte(world: World) -> None:
    asked = [(subject, day) for subject in "AB" for day in ("2024-03-12", "2024-05-06", "2024-12-31")]
    before = {(s, day): msgspec.json.encode(world.grade(day, "2024-06-02", s)) for s, day in asked}
    join(world)
    assert {(s, day): msgspec.json.encode(world.grade(day, "2024-06-02", s)) for s, day in asked} == before


def test_nothing_is_lost_and_the_other_file_stays_where_it_is(world: World) -> None:
    rows = world.journal.stream("B")
    join(world)
    kept = world.journal.stream("B")
    assert [r.event for r in kept[:-1]] == [r.event for r in rows]
    gone, joining = kept[-1].event, world.journal.stream("A")[-1].event
    assert isinstance(gone, FileJoinedInto)
    assert isinstance(joining, FilesJoined)
    assert (gone.into, gone.record) == ("A", joining.record)
    assert [(c.event, c.instant, c.actor) for c in joining.carried] == [(r.event, r.recorded_at, r.actor) for r in rows]
    assert [c.before for c in joining.carried] == [1, 2, 3]
    assert (joining.version, joining.seal) == (3, world.journal.leaf("B", 3).hex())


def test_whoever_asks_for_the_other_file_is_told_where_it_went(world: World) -> None:
    join(world)
    with pytest.raises(JoinedInto) as told:
        world.grade("2024-06-03", subject="B")
    assert (told.value.code, told.value.into) == ("joined_into", "A")
    assert "呼环合〔2024〕1号" in words_of(told.value).zh
    with pytest.raises(JoinedInto):
        world.timelines.read("B")
    with pytest.raises(JoinedInto):
        world.fact("2024-06-04", "B08", "b3", subject="B")
    with pytest.raises(JoinedInto):
        world.agency("B", name="甲检测（重复）")


def test_what_is_recorded_since_about_what_came_with_it_stands_on_the_file_that_stays(world: World) -> None:
    join(world)
    outcome = world.do("2024-06-04", "retract_fact", fact="b1", reason="误录")
    assert (outcome.subject, outcome.version) == ("A", 5)
    one = one_file()
    one.do("2024-06-04", "retract_fact", fact="b1", reason="误录")
    assert figures(world, "2024-06-04") == figures(one, "2024-06-04")
    again = world.do("2024-06-05", "retract_fact", fact="b1", reason="误录")
    assert again.status == "already_so"


def test_the_same_joining_twice_is_no_event_and_another_one_is_a_conflict(world: World) -> None:
    join(world)
    assert join(world, "2024-06-04").status == "already_so"
    with pytest.raises(Conflict) as refused:
        join(world, "2024-06-04", document="另一号")
    assert refused.value.code == "id_taken"
    with pytest.raises(Conflict) as refused:
        join(world, "2024-06-04", document="另一号", id="k")
    assert refused.value.code == "already_joined"
    assert len(world.journal.stream("B")) == 4


def test_taken_back_each_file_reads_as_before(world: World) -> None:
    before = {s: figures(world, "2024-06-05", subject=s) for s in "AB"}
    join(world)
    world.do("2024-06-04", "retract_record", record="j", reason="误并")
    assert {s: figures(world, "2024-06-05", subject=s) for s in "AB"} == before
    assert figures(world, "2024-06-05", "2024-06-03") == figures(one_file(), "2024-06-05")
    world.fact("2024-06-06", "B08", "b3", subject="B")
    # The wrong way round first: now it is the other one that stays.
    outcome = world.do("2024-06-07", "join_files", subject="B", joined="A", id="k", **DECISION)
    assert outcome.subject == "B"
    assert world.casework.file("B").facts.keys() == {"a1", "a2", "b1", "b2", "b3"}


def test_it_is_not_taken_back_while_something_since_is_about_what_came_with_it(world: World) -> None:
    join(world)
    world.do(
        "2024-06-04", "issue_warning", fact="b1", id="w", issued_on="2024-06-04", due_on="2024-07-04", requirements="改"
    )
    with pytest.raises(Refused) as refused:
        world.do("2024-06-05", "retract_record", record="j", reason="误并")
    assert refused.value.code == "joining_in_use"
    assert "b1" in words_of(refused.value).en
    world.do("2024-06-05", "retract_record", record="w", reason="误录")
    assert world.do("2024-06-06", "retract_record", record="j", reason="误并").status == "recorded"


def test_what_a_person_has_to_decide_first_is_refused(world: World) -> None:
    def refused(**more: Any) -> str:
        with pytest.raises(Refused) as error:
            join(world, **more)
        return error.value.code

    world.practitioner("P")
    assert refused(joined="P") == "not_the_same_body"
    with pytest.raises(NotFound):
        join(world, joined="nobody")
    world.fact("2024-05-07", "B08", "same", subject="B", document="文书-a1", decided_on="2024-03-01")
    assert refused() == "paper_on_both"
    world.do("2024-05-08", "retract_fact", fact="same", reason="误录")
    for subject in "AB":
        world.do(
            "2024-05-20", "evaluation_stage", subject=subject, regime=REGIME, year=2024, stage="roster",
            id=f"r{subject}", dated_on="2024-05-20",
        )  # fmt: skip
    assert refused() == "year_on_both"
    world.do("2024-05-21", "retract_record", record="rB", reason="误录")
    assert join(world).status == "recorded"


def test_there_are_no_chains_and_several_may_be_joined_to_one(world: World) -> None:
    world.agency("C", name="甲检测（三）")
    world.fact("2024-05-07", "B08", "c1", subject="C")
    join(world)
    with pytest.raises(Conflict) as refused:
        world.do("2024-06-04", "join_files", subject="C", joined="A", id="k", **DECISION)
    assert refused.value.code == "already_joined"
    with pytest.raises(JoinedInto):
        world.do("2024-06-04", "join_files", subject="C", joined="B", id="k", **DECISION)
    world.do("2024-06-04", "join_files", subject="A", joined="C", id="k", **DECISION)
    assert world.casework.file("A").facts.keys() == {"a1", "a2", "b1", "b2", "c1"}
    world.do("2024-06-05", "retract_record", record="j", reason="误并")
    assert world.casework.file("A").facts.keys() == {"a1", "a2", "c1"}


def test_its_numbers_and_names_lead_to_the_file_that_stays(world: World) -> None:
    (row,) = [r for r in world.journal.subjects(kind="agency") if r.subject == "B"]
    code = world.casework.file("B").uscc_on(None) or ""
    before = world.journal.head().position
    join(world)
    assert [r.subject for r in world.journal.subjects(kind="agency")] == ["A"]
    assert [r.subject for r in world.journal.subjects(kind="agency", until=before)] == ["A", "B"]
    assert row.subject == "B"
    for text in (code, "重复", "文书-b1", "B"):
        assert [r.subject for r in world.journal.found(text)] == ["A"], text
        assert [r.subject for r in world.journal.found(text, until=before)] == ["B"], text
    assert world.journal.number_owner("agency", code) == "A"
    assert world.journal.owner_of("b1") == "A"
    assert world.journal.owner_of("b1", until=before) == "B"
    world.do("2024-06-04", "retract_record", record="j", reason="误并")
    assert world.journal.number_owner("agency", code) == "B"
    assert world.journal.owner_of("b1") == "B"


def test_the_timeline_tells_what_came_with_it_in_its_place(world: World) -> None:
    join(world)
    timeline = world.timelines.read("A", "record")
    told = [(e.origin, e.version, e.id) for e in timeline.entries]
    assert told == [
        (None, 1, None), ("B", 1, None), (None, 2, "a1"), ("B", 2, "b1"), (None, 3, "a2"), ("B", 3, "b2"),
        (None, 4, "j"),
    ]  # fmt: skip
    assert "carried" not in timeline.entries[-1].content
    world.do("2024-06-04", "retract_record", record="j", reason="误并")
    assert [(e.origin, e.struck) for e in world.timelines.read("A", "record").entries] == [
        (None, None), (None, None), (None, None), (None, "retracted"), (None, None),
    ]  # fmt: skip


def test_who_had_the_other_file_reads_the_one_that_stays_until_the_joining_is_taken_back() -> None:
    world = World()
    world.agency("A")
    world.agency("B", region="150200")
    there = Principal("150200-officer", "officer", "150200")

    def may_read() -> bool:
        try:
            world.gate.must_read(there, "place", "A")
        except NotFound:
            return False
        return True

    assert not may_read()
    join(world)
    assert may_read()
    world.do("2024-06-04", "retract_record", record="j", reason="误并")
    assert not may_read()


def test_who_joins_holds_both_files(world: World) -> None:
    world.agency("E", region="150200")
    with pytest.raises(NotFound):
        world.casework.submit(
            command_from({"subject": "A", "joined": "E", **DECISION}, name="join_files"),
            by=Principal("150100-officer", "officer", "150100"),
        )
