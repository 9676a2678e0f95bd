"""Recording many commands at once: casework's answers, whole batches or nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from application.principal import Principal
from application.recording.commands import Command, command_from
from application.recording.importing import Answer, Importing
from application.recording.outcomes import Outcome
from domain.errors import CaseError, Conflict, NotFound, Refused
from domain.events.evaluation import StageRecorded
from interfaces.clocks import StoppedClock
from interfaces.memory.journal import MemoryJournal
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.vault import PostgresVault
from tests.conftest import MakeDatabase
from tests.support.words import words_of
from tests.support.world import BUREAU, ID_NUMBER, REGIME, USCC, World, credit_code


def agency(id: str = "A", **more: Any) -> Command:
    number = USCC if id == "A" else credit_code(id)
    fields = {"uscc": number, "name": "甲检测", "region": "150100", "services": ["monitoring"], **more}
    return command_from({"id": id, **fields}, name="register_agency")


def practitioner(id: str = "P", id_number: str = ID_NUMBER, name: str = "张某") -> Command:
    fields = {"id": id, "name": name, "id_number": id_number, "region": "150100"}
    return command_from(fields, name="register_practitioner")


def fact(id: str, row: str = "B09", subject: str = "A", **more: Any) -> Command:
    fields = {
        "subject": subject, "regime": REGIME, "row": row, "authority": BUREAU, "document": f"文书-{id}",
        "decided_on": "2022-12-01", **more,
    }  # fmt: skip
    return command_from({"id": id, **fields}, name="record_fact")


def importing(world: World) -> Importing:
    return Importing(world.journal, world.vault, world.clock, world.ids, world.legislation)


def kinds(answers: list[Answer]) -> list[str]:
    return [a.status if isinstance(a, Outcome) else a.code for a in answers]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=["memory", "postgres"])
def both(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world over each kind of journal and vault."""
    if request.param == "memory":
        yield World()
        return
    make_database: MakeDatabase = request.getfixturevalue("make_database")
    clock = StoppedClock(World().clock.now())
    with PostgresJournal(make_database(), clock) as journal:
        yield World(journal, PostgresVault(journal.datastore, bytes(32)), clock)


def test_a_file_is_opened_filled_and_undone_in_one_batch(both: World) -> None:
    commands = [
        agency(),
        fact("f1"),
        command_from({"fact": "f1", "reason": "误录"}, name="retract_fact"),
        fact("f2", "B08"),
    ]
    answers = importing(both).record_many(commands, by=Principal("clerk"))
    assert kinds(answers) == ["recorded"] * 4
    assert [a.version for a in answers if isinstance(a, Outcome)] == [1, 2, 3, 4]
    assert both.running("2023-01-02") == ("90", "N")
    assert len({r.recorded_at for r in both.journal.stream("A")}) == 1


def test_persons_and_their_sealed_texts_go_together(both: World) -> None:
    rename = {"subject": "P", "changes": {"name": "张明"}, "from_on": "2022-12-20"}
    commands = [
        practitioner(),
        fact("p1", "P01", "P", summary="致使排污单位失信"),
        fact("p2", "P03", "P", summary="挂靠"),
        command_from(rename, name="change_subject"),
        fact("p3", "P04", "P", summary="意见错误"),
    ]
    answers = importing(both).record_many(commands, by=Principal("clerk"))
    assert kinds(answers) == ["recorded"] * 5
    person = both.vault.open(["P"])["P"]
    assert person is not None
    assert person.name == "张明"
    timeline = both.timelines.read("P")
    assert {e.content.get("summary") for e in timeline.entries} >= {"致使排污单位失信", "挂靠", "意见错误"}


def test_a_batch_with_a_refusal_stores_nothing_and_what_follows_is_not_looked_at(world: World) -> None:
    commands = [agency(), fact("f1"), fact("f2", "C06"), fact("f3"), fact("f4")]
    answers = importing(world).record_many(commands, by=Principal("clerk"), batch=2)
    assert kinds(answers) == ["recorded", "recorded", "service_not_offered", "dry_run"]
    assert len(world.journal.stream("A")) == 2


def test_the_whole_may_be_repeated_once_the_bad_command_is_mended(world: World) -> None:
    bulk = importing(world)
    bulk.record_many([agency(), fact("f1"), fact("f2", "C06")], by=Principal("clerk"), batch=2)
    again = bulk.record_many([agency(), fact("f1"), fact("f2", "C03")], by=Principal("clerk"), batch=2)
    assert kinds(again) == ["already_so", "already_so", "recorded"]


def test_a_dry_run_finds_every_fault_and_stores_nothing(world: World) -> None:
    head = world.journal.head()
    commands = [agency(), fact("f1", "C06"), practitioner(), fact("p1", "P01", "P"), fact("x", subject="nobody")]
    answers = importing(world).record_many(commands, by=Principal("clerk"), batch=2, dry_run=True)
    assert kinds(answers) == ["dry_run", "service_not_offered", "dry_run", "dry_run", "not_found"]
    assert world.journal.head() == head
    assert world.vault.find(ID_NUMBER) is None


def refusals() -> list[tuple[Command, type[CaseError]]]:
    return [
        (fact("f1", "B08"), Conflict),
        (fact("g", subject="nobody"), NotFound),
        (fact("g", "C06"), Refused),
        (fact("g", "P01"), Refused),
        (agency("B", uscc="91350100M000100Y44"), CaseError),
        (practitioner("Q"), Conflict),
        (command_from({"fact": "none", "reason": "x"}, name="retract_fact"), NotFound),
    ]


@pytest.mark.parametrize(("command", "error"), refusals())
def test_what_casework_refuses_is_refused_with_the_same_words(
    world: World, command: Command, error: type[CaseError]
) -> None:
    bulk = importing(world)
    bulk.record_many([agency(), practitioner(), fact("f1")], by=Principal("clerk"))
    (answer,) = bulk.record_many([command], by=Principal("clerk"))
    assert isinstance(answer, error)
    with pytest.raises(error) as refused:
        world.casework.submit(command, by=Principal("clerk"))
    assert (refused.value.code, words_of(refused.value)) == (answer.code, words_of(answer))


def test_an_id_taken_in_another_file_is_refused_to_the_one_who_takes_it(both: World) -> None:
    bulk = importing(both)
    bulk.record_many([agency("A"), agency("B", uscc="91150100Y00000008H"), fact("f1")], by=Principal("clerk"))
    commands = [fact("f2"), fact("f1", subject="B"), fact("f3"), fact("f3", "B08", subject="B")]
    answers = bulk.record_many(commands, by=Principal("clerk"))
    assert kinds(answers) == ["dry_run", "id_taken", "dry_run", "id_taken"]
    assert len(both.journal.stream("B")) == 1


def test_another_writer_in_between_is_noticed(world: World) -> None:
    bulk = importing(world)
    bulk.record_many([agency(), fact("f1")], by=Principal("clerk"))
    world.fact("2023-01-02", "B08", "f2")
    assert kinds(bulk.record_many([fact("f3")], by=Principal("clerk"))) == ["recorded"]
    assert [r.version for r in world.journal.stream("A")] == [1, 2, 3, 4]


def test_another_writer_between_two_of_many_batches_is_noticed(both: World) -> None:
    bulk = importing(both)
    bulk.record_many([agency(), agency("B", uscc="91150100Y00000008H")], by=Principal("clerk"))

    def commands() -> Iterator[Command]:
        for n in range(40):
            if n in (7, 22):
                both.fact("2023-01-02", "B08", f"between-{n}")
            yield fact(f"f{n}", subject="AB"[n % 2])

    answers = bulk.record_many(commands(), by=Principal("clerk"), batch=5)
    assert kinds(answers) == ["recorded"] * 40
    assert [r.version for r in both.journal.stream("A")] == list(range(1, 24))


def test_no_batch_is_stored_before_one_that_has_to_be_decided_again(both: World) -> None:
    """What is on two files stays in the order in which it was sent, though only one of them was written to."""
    bulk = importing(both)
    bulk.record_many([agency(), agency("B", uscc="91150100Y00000008H")], by=Principal("clerk"))

    def commands() -> Iterator[Command]:
        for n in range(12):
            if n == 3:
                both.fact("2023-01-02", "B08", "between")
            yield fact(f"f{n}", subject="A" if 3 <= n < 6 else "B")

    answers = bulk.record_many(commands(), by=Principal("clerk"), batch=3)
    assert kinds(answers) == ["recorded"] * 12
    positions = [answer.position for answer in answers if isinstance(answer, Outcome)]
    assert positions == sorted(positions)


def test_a_refusal_in_the_middle_leaves_the_batches_before_it_and_no_trace_in_memory(both: World) -> None:
    bulk = importing(both)
    bulk.record_many([agency()], by=Principal("clerk"))
    commands = [fact(f"f{n}", "C06" if n == 12 else "B09") for n in range(30)]
    answers = bulk.record_many(commands, by=Principal("clerk"), batch=5)
    assert kinds(answers) == ["recorded"] * 10 + ["dry_run"] * 2 + ["service_not_offered"] + ["dry_run"] * 2
    assert len(both.journal.stream("A")) == 11
    assert kinds(bulk.record_many([fact("f29")], by=Principal("clerk"))) == ["recorded"]


def test_a_failure_of_the_journal_leaves_nothing_in_memory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bulk = importing(world)
    bulk.record_many([agency()], by=Principal("clerk"))
    with monkeypatch.context() as broken:
        broken.setattr(world.journal, "append", lambda *_, **__: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            bulk.record_many([fact(f"f{n}") for n in range(9)], by=Principal("clerk"), batch=3)
    assert kinds(bulk.record_many([fact("f1")], by=Principal("clerk"))) == ["recorded"]
    assert len(world.journal.stream("A")) == 2


def test_a_refusal_never_rests_on_what_memory_held(world: World) -> None:
    bulk = importing(world)
    bulk.record_many([agency(), fact("f1")], by=Principal("clerk"))
    world.do("2023-01-02", "change_subject", subject="A", changes={"services": ["eia"]}, from_on="2022-01-01")
    assert kinds(bulk.record_many([fact("f2", "C06")], by=Principal("clerk"))) == ["recorded"]


def test_an_edition_put_in_force_on_the_way_is_applied_from_there_on(world: World) -> None:
    adopt = command_from({"edition": f"{REGIME}@draft", "in_force_on": "2022-01-01"}, name="adopt_rulebook")
    unknown = command_from({"edition": "none", "in_force_on": "2022-01-01"}, name="adopt_rulebook")
    told: list[int] = []
    progress: Callable[[int], None] = told.append
    answers = importing(world).record_many(
        [agency(), adopt, fact("f1"), unknown], by=Principal("clerk"), progress=progress
    )
    assert kinds(answers) == ["recorded", "recorded", "recorded", "not_found"]
    assert world.grade("2023-01-02").force == "in_force"
    assert told == [1, 2, 3, 4]


def test_memory_is_let_go_of_when_it_holds_too_much(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.recording.importing.CACHED_EVENTS", 3)
    commands = [agency(), *(fact(f"f{n}") for n in range(20))]
    assert kinds(importing(world).record_many(commands, by=Principal("clerk"), batch=2)) == ["recorded"] * 21
    assert isinstance(world.journal, MemoryJournal)


# --- results and their receipts -----------------------------------------------------------------------------------


def three_of_the_staff(
    numbers: tuple[str, ...] = (ID_NUMBER, "110105194912310054", "110105194912310070"),
) -> list[Command]:
    """An agency with three employees who have a record each, and the proposal of its year (annex 1, row B14)."""
    commands = [agency()]
    for index, number in enumerate(numbers):
        person = f"P{index}"
        commands += [
            practitioner(person, number, name=f"人员{index}"),
            command_from(
                {"subject": "A", "practitioner": person, "from_on": "2022-01-01", "role": "采样员"},
                name="record_employment",
            ),
        ]
    commands += [fact(f"f{i}", "P01", f"P{i}", authority="150100-EEB") for i in range(len(numbers))]
    step = {"subject": "A", "id": "p", "regime": REGIME, "year": 2022, "stage": "proposal", "dated_on": "2023-01-01"}
    return [*commands, command_from(step, name="evaluation_stage")]


@pytest.mark.parametrize("both", ["memory", pytest.param("postgres", marks=pytest.mark.slow)], indirect=True)
@pytest.mark.parametrize("batch", [100, *(pytest.param(size, marks=pytest.mark.slow) for size in (7, 3)), 1])
def test_a_result_rests_on_the_facts_of_the_staff_imported_before_it(both: World, batch: int) -> None:
    answers = importing(both).record_many(three_of_the_staff(), by=Principal("clerk"), batch=batch)
    assert set(kinds(answers)) == {"recorded"}
    proposal = both.journal.stream("A")[-1]
    assert isinstance(proposal.event, StageRecorded)
    assert proposal.event.result is not None
    receipt = proposal.event.result.receipt
    facts = [both.journal.stream(f"P{i}")[-1].position for i in range(3)]
    assert proposal.event.result.score == "80"
    assert receipt.version == proposal.version - 1
    assert max(facts) <= receipt.position < proposal.position


def test_a_dry_run_computes_with_what_would_be_stored_before(world: World) -> None:
    answers = importing(world).record_many(three_of_the_staff(), by=Principal("clerk"), batch=3, dry_run=True)
    assert set(kinds(answers)) == {"dry_run"}
    assert len(answers) == len(three_of_the_staff())


def test_the_receipts_of_one_batch_name_one_position(both: World) -> None:
    opened = [agency("A0"), agency("A1", uscc="91150100Y00000008H")]
    steps = [
        command_from(
            {"subject": f"A{i}", "regime": REGIME, "year": 2022, "stage": "proposal", "dated_on": "2023-01-01"},
            name="evaluation_stage",
        )
        for i in range(2)
    ]
    bulk = importing(both)
    bulk.record_many(opened, by=Principal("clerk"))
    head = both.journal.head().position
    bulk.record_many(steps, by=Principal("clerk"))
    found = [both.journal.stream(f"A{i}")[-1].event for i in range(2)]
    assert [e.result.receipt.position for e in found if isinstance(e, StageRecorded) and e.result] == [head, head]
