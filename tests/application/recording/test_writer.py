"""Every command has its decision, and the one writer keeps the same promises on every stream."""

from typing import Any, get_args

import pytest

from application.law.legislation import Legislation
from application.principal import Principal
from application.recording.commands import COMMANDS, Command, LawCommand, LegalNoteCommand, command_from
from application.recording.decisions import DECISIONS
from application.recording.outcomes import Outcome
from domain.errors import NotFound, ReusedKey, Stale
from domain.procedures.advisories import ADVISORY_COMMANDS
from domain.procedures.cohorts import COHORT_COMMANDS
from domain.procedures.papers.letters import LETTER_OFFICE_COMMANDS
from tests.support.world import World

ELSEWHERE = {
    *get_args(LawCommand),
    *get_args(LegalNoteCommand),
    *ADVISORY_COMMANDS,
    *COHORT_COMMANDS,
    *LETTER_OFFICE_COMMANDS,
}
"""Commands on streams that are no subject's."""

CALENDAR = {
    "do": "adopt_calendar",
    "year": 2031,
    "days": {"rest": ["2031-01-01"]},
    "paper": "通知",
    "published_on": "2024-01-05",
}
ADVISORY = {
    "do": "record_advisory",
    "subject": "A",
    "regime": "nmg.third_party",
    "kind": "joint_inspection",
    "noticed_on": "2024-01-05",
    "document": "检字1号",
    "authority": "150100-EEB",
    "id": "n1",
}
RANKING = {"do": "rank_cohort", "regime": "ningbo.monitoring", "year": 2023, "dated_on": "2024-01-05", "id": "k1"}
FACT = {
    "do": "record_fact",
    "subject": "A",
    "regime": "nmg.third_party",
    "row": "B08",
    "decided_on": "2024-01-05",
    "authority": "150100-EEB",
    "document": "文书1号",
    "id": "f1",
}
STREAMS: dict[str, dict[str, Any]] = {"law": CALENDAR, "advisories": ADVISORY, "cohort": RANKING, "file": FACT}
OTHER: dict[str, dict[str, Any]] = {
    "law": {"year": 2032, "days": {"rest": ["2032-01-01"]}},
    "advisories": {"document": "检字2号", "id": "n2"},
    "cohort": {"year": 2022, "dated_on": "2023-01-05", "id": "k2"},
    "file": {"document": "文书2号", "id": "f2"},
}

streams = pytest.mark.parametrize("stream", STREAMS)


@pytest.fixture
def world() -> World:
    made = World()
    made.agency()
    made.agency("N", region="330200")
    made.do("2023-01-02", "file", subject="N", regime="ningbo.monitoring", filed_on="2021-12-01")
    for year in (2022, 2023):
        fields: dict[str, Any] = {"subject": "N", "regime": "ningbo.monitoring", "year": year}
        made.do(f"{year + 1}-01-02", "record_business", active=True, **fields)
        made.do(f"{year + 1}-01-02", "record_score", score=90, **fields)
    made.clock.set(made.clock.now() + 400 * 86_400_000_000)
    return made


def asked(stream: str, **changes: Any) -> Command:
    return command_from(STREAMS[stream] | changes)


def submit(world: World, command: Command, **options: Any) -> Outcome:
    return world.casework.submit(command, by=Principal("clerk"), **options)


def test_nobody_has_a_file_before_being_registered() -> None:
    with pytest.raises(NotFound) as refused:
        World().casework.file("nobody")
    assert "nobody" in str(refused.value)


def test_every_command_about_a_file_has_its_decision() -> None:
    decided = set(COMMANDS.values()) - ELSEWHERE
    assert set(DECISIONS) == decided, (
        "a function called as its command, or a line in application/recording/decisions.py"
    )


@streams
def test_a_key_gives_the_first_answer_again(world: World, stream: str) -> None:
    first = submit(world, asked(stream), key="k")
    end = world.journal.head().position
    assert first.status == "recorded"
    assert submit(world, asked(stream), key="k") == first
    assert world.journal.head().position == end


@streams
def test_a_key_stands_for_one_request(world: World, stream: str) -> None:
    submit(world, asked(stream), key="k")
    with pytest.raises(ReusedKey):
        submit(world, asked(stream, **OTHER[stream]), key="k")


@streams
def test_what_is_so_already_keeps_its_key(world: World, stream: str) -> None:
    submit(world, asked(stream))
    first = submit(world, asked(stream), key="k")
    assert first.status == "already_so"
    assert submit(world, asked(stream), key="k") == first
    with pytest.raises(ReusedKey):
        submit(world, asked(stream, **OTHER[stream]), key="k")


@streams
def test_a_trial_stores_nothing_and_tells_the_events(world: World, stream: str) -> None:
    end, version = world.journal.head().position, submit(world, asked(stream), dry_run=True).version
    trial = submit(world, asked(stream), key="k", dry_run=True)
    assert (trial.status, trial.version, len(trial.events)) == ("dry_run", version, 1)
    assert world.journal.head().position == end
    assert submit(world, asked(stream, **OTHER[stream]), key="k").status == "recorded"


@streams
def test_who_relied_on_an_older_version_is_told_the_one_there_is(world: World, stream: str) -> None:
    version = submit(world, asked(stream)).version
    with pytest.raises(Stale) as stale:
        submit(world, asked(stream, **OTHER[stream]), if_match=version - 1)
    assert (stale.value.expected, stale.value.actual) == (version - 1, version)
    assert submit(world, asked(stream, **OTHER[stream]), if_match=version).version == version + 1


@pytest.mark.parametrize("stream", ["advisories", "cohort", "file"])
def test_another_law_meanwhile_is_decided_by(world: World, stream: str) -> None:
    law = len(world.legislation.known())
    other = World(world.journal, world.vault, world.clock)
    assert isinstance(other.legislation, Legislation)
    submit(other, asked("law"))
    assert submit(world, asked(stream)).status == "recorded"
    assert len(world.legislation.known()) == law + 1
