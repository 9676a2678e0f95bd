"""Answers from files that are held in memory: the bytes of files that are read, whatever was recorded since."""

import datetime as dt
import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from application.answering import kept_files
from application.answering.case_page import CasePage, CasePages
from application.answering.grading import GradeAnswer, Grading, Question
from application.answering.proceedings import ReadingProceedings
from application.deadlines.index import DeadlineProjection
from application.deadlines.worklist import Worklist
from application.prose import Opened
from domain.time import at_hour
from interfaces.memory.worklist import MemoryDeadlineIndex
from interfaces.wording.answers import told
from interfaces.wording.lexicons import Lexicons
from tests.application.answering.test_joined_files import DECISION, hire, join, staffed
from tests.support.properties import tried
from tests.support.regimes import AGENCY, PERSON, SETTINGS, days_in, histories, play
from tests.support.world import REGIME, World


def unread(grading: Grading) -> Grading:
    """The same use case, which has never answered anything."""
    return Grading(grading._journal, grading._clock, grading._legislation, grading.engine)


def asked(grading: Grading, question: Question) -> bytes:
    return msgspec.json.encode(grading.explained(question))


def held(world: World, subject: str = "A", **question: Any) -> GradeAnswer:
    """The answer of what is held, which is that of a file that is read."""
    asking = Question(**{"subject": subject, "regime": REGIME, "as_of": dt.date(2024, 7, 1), **question})
    read = asked(unread(world.grading), asking)
    # What is asked about twice is held.
    once, answer = (world.grading.explained(asking) for _ in range(2))
    assert msgspec.json.encode(once) == msgspec.json.encode(answer) == read
    return answer


@pytest.mark.slow
@pytest.mark.parametrize("regime", sorted(SETTINGS))
@tried(3, *HealthCheck)
@given(data=st.data())
def test_every_answer_is_that_of_a_file_that_is_read(regime: str, data: st.DataObject) -> None:
    raws = data.draw(histories(regime))
    file = play(regime, [])
    today = SETTINGS[regime].first_on
    days = [today, data.draw(st.dates(today, SETTINGS[regime].last_on))]
    for number, raw in enumerate(raws):
        today = max([today, *(day for day in days_in(raw) if day <= SETTINGS[regime].last_on)])
        file.submit(raw, at_hour(today, 9) + number)
        file.clock.set(file.clock.now() + 1)
        for subject in (AGENCY, PERSON):
            for day in (*days, *days):
                question = Question(subject=subject, regime=regime, as_of=day)
                assert asked(file.grading, question) == asked(unread(file.grading), question), (number, raw, day)


def test_what_is_recorded_elsewhere_leaves_a_file_as_it_is_held() -> None:
    world = World()
    world.agency("A")
    world.agency("B", name="乙检测")
    world.fact("2024-03-12", "B08", "f1")
    once = world.grading.explained(Question(subject="A", regime=REGIME, as_of=dt.date(2024, 7, 1)))
    first = held(world)
    assert first.steps is not once.steps, "a file that is asked about once is not held"
    world.fact("2024-03-13", "B08", "g", subject="B")
    again = held(world)
    assert again.steps is first.steps, "nothing is worked out again"
    assert again.basis.position == first.basis.position + 1
    assert again.basis.known_at != first.basis.known_at
    assert world.grading.repeat(again.basis.token, explained=True) == again


def test_a_fact_of_the_file_or_of_its_staff_is_found_at_once() -> None:
    world = World()
    world.agency("A")
    for number in (1, 2, 3):
        hire(world, "A", number)
        world.fact("2024-04-15", "P01", f"p{number}", subject=f"P{number}")
    before = held(world)
    world.do("2024-04-16", "retract_fact", fact="p3", reason="误录")
    without = held(world)
    assert (before.running.score, without.running.score) == ("80", "100")
    world.fact("2024-04-17", "B08", "f1")
    assert held(world).running.score == "90"


def test_staff_of_a_file_that_was_joined_is_looked_at_too() -> None:
    world: Any = staffed(World(), "B")
    held(world)
    join(world)
    of_both = held(world)
    world.do("2024-06-04", "retract_fact", fact="p3", reason="误录")
    assert held(world).running != of_both.running
    world.do("2024-06-05", "retract_record", record="j", reason="误并")
    held(world, "B")
    assert held(world).running == held(world, known_at=at_hour(dt.date(2024, 6, 2), 9)).running
    assert DECISION["document"] not in msgspec.json.encode(held(world)).decode()


def test_what_was_known_before_is_read_as_it_stood_then() -> None:
    world = World()
    world.agency("A")
    world.fact("2024-03-12", "B08", "f1")
    early = held(world)
    world.fact("2024-03-20", "B08", "f2")
    assert held(world).running.score == "80"
    assert held(world, known_at=at_hour(dt.date(2024, 3, 12), 9)).running == early.running
    assert world.grading.repeat(early.basis.token, explained=True) == early
    assert held(world).running.score == "80"


def test_other_readings_days_and_lines_are_answers_of_their_own() -> None:
    world = World()
    world.agency("A")
    world.fact("2024-03-12", "B08", "f1")
    world.fact("2024-09-12", "B08", "f2")
    for _ in range(2):
        held(world)
        held(world, as_of=dt.date(2024, 3, 11))
        held(world, as_of=dt.date(2024, 10, 1))
        held(world, readings={"I-11": "heaviest_only"})
        question = Question(subject="A", regime=REGIME, as_of=dt.date(2024, 7, 1))
        both = [world.grading.explained(question, later=later).later for later in (False, True)]
        assert both == [1, msgspec.UNSET]


@pytest.mark.parametrize("again", [False, True])
def test_a_text_whose_key_was_destroyed_is_told_no_more(again: bool) -> None:
    """The lines are put into words once; what is sealed in them is opened for each answer."""
    world = World()
    world.agency("A")
    summary = "张某未按规范采样"
    more: dict[str, Any] = {"document": "文书-f", "decided_on": "2024-03-12", "again": True, "again_reason": "两次处罚"}
    world.fact("2024-03-12", "B08", "f", summary=summary)
    world.fact("2024-03-13", "B08", "g", summary=summary, **(more if again else {}))
    lexicon = Lexicons(world.legislation)

    def line() -> str:
        answer = held(world)
        found = told(answer, "zh", lexicon.of_answer(answer.basis), Opened(world.vault))
        return msgspec.json.encode(found.steps).decode()

    assert line() == line() == line() == line()
    assert line().count(summary) == 2
    assert ("两次处罚" in line()) is again
    world.vault.erase("A")
    assert "张某" not in line()
    assert "两次处罚" not in line()


def pages(world: World, grading: Grading) -> CasePages:
    index = (world.journal, MemoryDeadlineIndex(), world.clock, world.legislation)
    worklist = Worklist(*index, DeadlineProjection(*index))
    proceedings = ReadingProceedings(grading, world.vault)
    return CasePages(grading, proceedings, world.timelines, worklist, world.vault, world.legislation)


def test_a_whole_case_that_is_held_is_the_case_that_is_read() -> None:
    world = World()
    world.agency("A")
    held_pages = pages(world, world.grading)

    def of_one(made: CasePages, asking: Question) -> CasePage:
        return made.of(asking, lines=3)

    def of_all(made: CasePages, asking: Question) -> CasePage:
        return made.of_all(asking, lambda _: REGIME, lines=3)

    def look() -> None:
        for day, page in itertools.product((dt.date(2024, 5, 20), dt.date(2024, 7, 2)), (of_one, of_all)):
            asking = Question(subject="A", regime=REGIME, as_of=day)
            read = page(pages(world, unread(world.grading)), asking)
            for _ in range(3):
                held = page(held_pages, asking)
                for field in set(read._fields) - {"case", "prose"}:
                    assert msgspec.to_builtins(getattr(held, field)) == msgspec.to_builtins(getattr(read, field)), field

    look()
    world.fact("2024-03-12", "B08", "f", summary="张某未按规范采样")
    look()
    issued = {"issued_on": "2024-05-01", "due_on": "2024-07-01", "requirements": "限期改正"}
    world.do("2024-05-01", "issue_warning", fact="f", id="w", **issued)
    look()
    world.do("2024-06-01", "report_rectification", warning="w", completed_on="2024-05-20", reported_on="2024-06-01")
    look()
    hire(world, "A", 1)
    world.fact("2024-06-02", "P01", "p", subject="P1")
    look()
    world.vault.erase("A")
    look()
    world.do("2024-07-02", "adopt_rulebook", edition="nmg.third_party@draft", in_force_on="2024-06-01")
    look()


def test_no_more_is_held_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "KEPT_EVENTS", 4)
    world = World()
    subjects = ("A", "B", "C")
    for subject in subjects:
        world.agency(subject, name=f"{subject}检测")
        world.fact("2024-03-12", "B08", f"f{subject}", subject=subject)
    first = {subject: held(world, subject) for subject in subjects}
    again = {subject: held(world, subject) for subject in subjects[::-1]}
    kept = [subject for subject in subjects if again[subject].steps is first[subject].steps]
    assert kept == ["B", "C"], "the one asked about longest ago is read again"
