"""The tasks of an objection, a comment and a repair: each not started, waiting, done, or passed over with why."""

import datetime as dt

import pytest

from application.answering.grading import Question
from application.answering.procedure_tasks import ProcedureTask, with_proposal
from application.answering.proceedings import Proceedings, ReadingProceedings
from domain.aggregates.casefile import evolve
from domain.events.papers.letters import LetterDrafted, LetterIssued, LetterKind, LetterServed, SentFile
from tests.support.procedure import Procedure
from tests.support.world import REGIME

NAMES = ("received", "admitted", "investigated", "drafted", "reviewed", "served", "archived")
FILE = SentFile(digest="00", size=1, locator="x")


@pytest.fixture
def world() -> Procedure:
    world = Procedure()
    world.agency()
    world.fact("2024-03-12", "S12", "f1")
    return world


def shown(tasks: tuple[ProcedureTask, ...]) -> list[str]:
    assert tuple(task.task for task in tasks) == NAMES
    return [" ".join(str(part) for part in (t.state, t.on, t.note) if part is not None) for t in tasks]


def proceedings(world: Procedure, as_of: str, *letters: LetterDrafted | LetterIssued | LetterServed) -> Proceedings:
    """What stands on the file by a day, with letters besides what was recorded."""
    read = world.grading.read(Question(subject="A", regime=REGIME, as_of=dt.date.fromisoformat(as_of)))
    for event in letters:
        evolve(read.case, event, 0)
    return ReadingProceedings(world.grading, world.vault).of_read(read)


def letter(
    kind: LetterKind, concerns: str, day: str, served_on: str | None = None, due_on: str | None = None
) -> list[LetterDrafted | LetterIssued | LetterServed]:
    """A letter that was issued on a day."""
    id, on, due = kind, dt.date.fromisoformat(day), None if due_on is None else dt.date.fromisoformat(due_on)
    told: list[LetterDrafted | LetterIssued | LetterServed] = [
        LetterDrafted(letter=id, regime=REGIME, kind=kind, concerns=concerns, bureau="150100-EEB", due_on=due),
        LetterIssued(letter=id, number="1", series="异", year=2025, serial=1, dated_on=on, says="00", docx=FILE),
    ]
    if served_on is not None:
        told.append(LetterServed(letter=id, served_on=dt.date.fromisoformat(served_on), how="direct"))
    return told


def test_an_objection_that_was_filed_waits_to_be_admitted(world: Procedure) -> None:
    world.go("proposal")
    world.object("2025-04-18")
    (found,) = proceedings(world, "2025-04-18").objections
    assert shown(found.tasks) == ["done 2025-04-18", "waiting", *["not_started"] * 5]


def test_papers_that_were_asked_for_are_waited_for(world: Procedure) -> None:
    world.go("proposal")
    world.object("2025-04-18")
    asked = letter("objection_correction", "o1", "2025-04-19", due_on="2025-04-24")
    (found,) = proceedings(world, "2025-04-20", *asked).objections
    assert shown(found.tasks)[1:3] == ["waiting correction_asked", "not_started"]
    assert found.tasks[1].until_on == dt.date(2025, 4, 24)


def test_an_objection_that_was_accepted_is_looked_into_and_its_extension_is_said(world: Procedure) -> None:
    world.go("proposal")
    world.object("2025-04-18")
    accepted = letter("objection_accepted", "o1", "2025-04-19")
    (found,) = proceedings(world, "2025-04-20", *accepted).objections
    assert shown(found.tasks)[1:4] == ["done 2025-04-19 no_correction_asked", "waiting", "not_started"]
    after = [*letter("objection_correction", "o1", "2025-04-18"), *accepted]
    (found,) = proceedings(world, "2025-04-20", *after).objections
    assert shown(found.tasks)[1] == "done 2025-04-19 corrected"


def test_a_decision_waits_to_be_served_and_ends_in_the_archive(world: Procedure) -> None:
    world.go("proposal")
    world.object("2025-04-18")
    world.answer("2025-04-25")
    (found,) = proceedings(world, "2025-04-26").objections
    assert shown(found.tasks)[1:] == [
        "done no_correction_asked",
        "done 2025-04-25",
        "done",
        "done 2025-04-25",
        "waiting",
        "not_started",
    ]
    (found,) = proceedings(
        world, "2025-05-10", *letter("objection_decision", "o1", "2025-04-26", "2025-04-28")
    ).objections
    assert shown(found.tasks)[5:] == ["done 2025-04-28", "done 2025-04-28"]


def test_on_an_earlier_day_a_decision_and_its_service_are_not_there_yet(world: Procedure) -> None:
    world.go("proposal")
    world.object("2025-04-18")
    world.answer("2025-04-25")
    served = letter("objection_decision", "o1", "2025-04-26", "2025-04-28")
    (found,) = proceedings(world, "2025-04-24", *served).objections
    assert shown(found.tasks)[4:] == ["not_started"] * 3
    (found,) = proceedings(world, "2025-04-27", *served).objections
    assert shown(found.tasks)[5:] == ["waiting", "not_started"]


def test_a_decision_of_long_ago_without_a_letter_is_archived(world: Procedure) -> None:
    world.go("proposal")
    world.object("2025-04-18")
    world.answer("2025-04-25")
    (found,) = proceedings(world, "2025-09-01").objections
    assert shown(found.tasks)[5:] == ["skipped not_from_here", "done 2025-04-25"]


def test_what_came_too_late_is_not_looked_into_and_waits_for_a_refusal(world: Procedure) -> None:
    world.go("proposal")
    world.object("2025-04-24")
    (found,) = proceedings(world, "2025-04-24").objections
    assert not found.admissibility.admissible
    assert shown(found.tasks)[1:5] == ["done not_admitted", "skipped not_admitted", "waiting", "not_started"]


def test_a_decision_that_was_proposed_waits_for_a_second_person(world: Procedure) -> None:
    world.go("proposal")
    world.object("2025-04-18")
    (found,) = proceedings(world, "2025-04-22", *letter("objection_accepted", "o1", "2025-04-19")).objections
    tasks = with_proposal(found.tasks, dt.date(2025, 4, 22))
    assert shown(tasks)[2:6] == ["done", "done 2025-04-22", "waiting", "not_started"]


def test_a_comment_needs_no_letter(world: Procedure) -> None:
    world.go("publicity")
    comment = {"subject": "A", "regime": REGIME, "against": "A-2024-publicity", "id": "c1"}
    world.do("2025-04-26", "record_comment", **comment, filed_on="2025-04-26", by="乙", content="意见")
    (found,) = proceedings(world, "2025-04-26").comments
    assert shown(found.tasks)[:2] == ["done 2025-04-26", "waiting"]
    world.do(
        "2025-04-30", "decide_comment", comment="c1", decided_on="2025-04-30", outcome="rejected", reasons="不成立"
    )
    (found,) = proceedings(world, "2025-05-02").comments
    assert shown(found.tasks)[5:] == ["skipped no_letter", "done 2025-04-30"]


def test_a_repair_is_looked_into_by_the_authority_of_the_fact_first(world: Procedure) -> None:
    world.go("publicity")
    world.commit("2025-04-26", "f1")
    (found,) = proceedings(world, "2025-04-26").repairs
    assert shown(found.tasks)[:4] == ["done 2025-04-26", "waiting", "not_started", "not_started"]
    world.confirm("2025-04-28", by="originating_authority")
    (found,) = proceedings(world, "2025-04-28").repairs
    assert shown(found.tasks)[1:5] == ["done no_correction_asked", "done 2025-04-28", "waiting", "not_started"]
    world.confirm("2025-05-06")
    (found,) = proceedings(world, "2025-05-06").repairs
    assert shown(found.tasks)[2:6] == ["done 2025-04-28", "done", "done 2025-05-06", "waiting"]
