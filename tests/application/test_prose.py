"""Free text is sealed on every file: nobody who is named in it stands in clear outside of the vault."""

import datetime as dt
import io
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec
import msgspec.inspect as inspect
import pyarrow.parquet as pq
import pytest

from application.answering.grading import Question
from application.answering.proceedings import ReadingProceedings
from application.ports import Entry
from application.principal import Principal
from application.prose import ERASED, Opened, sealed_parts, texts_of
from application.recording.commands import COMMANDS, LawCommand, command_from
from application.recording.importing import Importing
from application.scenarios.playing import Bench, Player
from application.scenarios.scenario_file import Case
from application.year.evaluation import EvaluateRoster, Evaluating, RosterOutcome, roster_from
from domain.errors import CaseError, Conflict, Invalid
from domain.events.evaluation import StageRecorded
from domain.events.event import Evidence
from domain.events.facts import FactRecorded
from domain.events.joining import CarriedEvent
from domain.events.lawbook import LawEvent
from domain.time import at_hour
from domain.values import PROSE, RULE
from interfaces.clocks import StoppedClock
from interfaces.codec import CLASSES
from interfaces.documents.letters.desks import desk_in_memory
from interfaces.files.scenario_files import load
from interfaces.files.shipped import shipped_calendars, shipped_editions
from interfaces.files.shipped_places import shipped_places
from interfaces.ids import CountedIds
from interfaces.parquet.writing import write_export
from interfaces.postgres.ciphers import CipherUnavailable, suite_of
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.packing import PackedJournal
from interfaces.postgres.transfer import export_journal
from interfaces.postgres.vault import PostgresVault
from interfaces.wording import answers as telling
from interfaces.wording.words import Lexicon
from tests.conftest import MakeDatabase
from tests.support.world import BUREAU, REGIME, World, credit_code

LEXICON = Lexicon(s.edition for s in shipped_editions() if s.edition.regime == REGIME)
NAME = "欧阳静婉"
"""Nobody of this name is in a scenario file; it has no other characters than a text of any rule may have."""

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def supports(suite: int) -> bool:
    """Whether the OpenSSL in use offers the algorithms of a suite."""
    try:
        suite_of(suite)
    except CipherUnavailable:
        return False
    return True


# --- which fields are free text -------------------------------------------------------------------------------------

STRUCTURED = {
    "address": "the place of business of an organisation",
    "applied_by": "an organ or a client",
    "basis": "the token of an answer",
    "by": "the participant itself; anybody else's name goes to the vault",
    "case_no": "a number",
    "certificate": "the number of a paper",
    "cite": "a provision, as editions cite it",
    "document": "the number of a paper",
    "edition": "the id of an edition",
    "fields": "codes of services",
    "grade": "a grade of the edition",
    "kind": "a code of the text",
    "legal_representative": "goes to the vault; the event has a key",
    "licences": "numbers of permits",
    "linked_to": "the number of a paper",
    "matter": "the name of a contract or a project, by which reviews are told apart",
    "name": "a person's goes to the vault; that of an organisation is public",
    "number": "the number of a paper",
    "recognised_by": "an organ",
    "regime": "the id of a regime",
    "role": "a code of the text",
    "word": "the word of a bureau or of a series in its numbers",
    "seed": "a number that was drawn",
    "categories": "the codes of the method",
}
"""What is one line and no free text, and why."""


class Leaf(NamedTuple):
    """A text within a command or an event: its path, whether it is free text, and whether a rule says what it is."""

    path: tuple[str, ...]
    is_prose: bool
    is_code: bool


def leaves(type_: Any) -> list[Leaf]:
    """The texts of a struct, however deep."""
    return list(_leaves(inspect.type_info(type_), (), {}))


def _leaves(found: inspect.Type, path: tuple[str, ...], extra: Mapping[str, Any]) -> Iterator[Leaf]:
    match found:
        case inspect.Metadata():
            yield from _leaves(found.type, path, {**extra, **(found.extra or {})})
        case inspect.StrType():
            is_code = found.pattern is not None or extra.get(RULE) == "identity"
            yield Leaf(path, PROSE in extra, is_code)
        case inspect.StructType() if found.cls is CarriedEvent:
            # What was joined to a file stays sealed with the key of the file on which it was recorded.
            return
        case inspect.StructType():
            for field in found.fields:
                yield from _leaves(field.type, (*path, field.name), {})
        case inspect.UnionType():
            for each in found.types:
                yield from _leaves(each, path, extra)
        case inspect.VarTupleType():
            yield from _leaves(found.item_type, path, {})
        case inspect.DictType():
            yield from _leaves(found.key_type, path, {})
            yield from _leaves(found.value_type, path, {})
        case _:
            pass


OF_FILES = {name: command for name, command in COMMANDS.items() if command not in get_args(LawCommand)}
PROSE_FIELDS = {(name, leaf.path) for name, command in OF_FILES.items() for leaf in leaves(command) if leaf.is_prose}


def test_every_text_of_a_command_is_free_text_or_says_what_else_it_is() -> None:
    undeclared = {
        f"{name}: {'.'.join(leaf.path)}"
        for name, command in {**OF_FILES, "evaluate_roster": EvaluateRoster}.items()
        for leaf in leaves(command)
        if not leaf.is_prose and not leaf.is_code and leaf.path[-1] not in STRUCTURED
    }
    assert undeclared == set()


def test_free_text_of_a_command_is_free_text_in_what_is_recorded() -> None:
    of_commands = {leaf.path[-1] for command in OF_FILES.values() for leaf in leaves(command) if leaf.is_prose}
    events = [event for event in CLASSES.values() if event not in get_args(LawEvent)]
    in_clear = {
        f"{event.__name__}: {'.'.join(leaf.path)}"
        for event in events
        for leaf in leaves(event)
        if leaf.path[-1] in of_commands and not leaf.is_prose
    }
    assert in_clear == set()
    of_events = {leaf.path[-1] for event in events for leaf in leaves(event) if leaf.is_prose}
    assert of_events == of_commands


# --- nobody is named outside of the vault ---------------------------------------------------------------------------


def named(raw: dict[str, Any], do: str) -> tuple[dict[str, Any], set[tuple[str, tuple[str, ...]]]]:
    """What a case tells to a command, with the name in every free text that it may have, and which these are."""
    fields, written = dict(raw), set()
    evidence = [{"title": f"{NAME}的陈述", "place": f"{NAME}处"}]
    for leaf in leaves(COMMANDS[do]):
        if not leaf.is_prose:
            continue
        within = dict(fields.get("changes", {})) if leaf.path[0] == "changes" else fields
        field = leaf.path[1] if leaf.path[0] == "changes" else leaf.path[0]
        if field == "again_reason" and not fields.get("again"):
            continue
        many = field in ("panel", "paragraphs", "copies")
        within[field] = evidence if field == "evidence" else [NAME] if many else f"{NAME}的说明"
        if leaf.path[0] == "changes":
            fields["changes"] = within
        written.add((do, leaf.path))
    return fields, written


def named_in(case: Case) -> tuple[Case, set[tuple[str, tuple[str, ...]]]]:
    """The case with the name in every free text of what is recorded on files, and which fields these are."""
    happens, written = [], set()
    for line in case.happens:
        if line.do not in OF_FILES or line.refused or line.invalid:
            happens.append(line)
            continue
        fields, more = named(line.fields, line.do)
        happens.append(msgspec.structs.replace(line, fields=fields))
        written |= more
    return msgspec.structs.replace(case, happens=tuple(happens), expects=()), written


def cases_with_every_free_text() -> list[Case]:
    """A few of the worked cases that together fill every free text of every command."""
    found = [named_in(case) for path in sorted(SCENARIOS.rglob("*.yaml")) for case in load(path.read_text(), str(path))]
    # On files of organisations: on those of persons it was so before.
    found = [(case, fields) for case, fields in found if all(s.kind != "practitioner" for s in case.subjects)]
    # What is received was uploaded before: tests/journal/test_evidence.py types names there.
    chosen, left = [], {field for field in PROSE_FIELDS if not field[0].endswith("_evidence")}
    while left:
        case, fields = max(found, key=lambda each: len(each[1] & left))
        assert fields & left, f"no worked case has {left}"
        chosen.append(case)
        left -= fields
    return chosen


def _same(bench: Bench) -> Bench:
    return bench


def everything_outside_of_the_vault(journal: PostgresJournal) -> str:
    """All columns of all tables as text, bytes in hexadecimal digits."""
    with journal.datastore.get_connection() as conn:
        tables = conn.execute(
            "SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind IN ('r', 'p', 'm')"
            " AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'vault%%'"
        ).fetchall()
        rows = [row["told"] for t in tables for row in conn.execute(f"SELECT t::text AS told FROM {t['name']} t")]
    assert len(tables) > 10
    return "\n".join(rows)


@pytest.mark.slow
def test_a_name_typed_into_any_free_text_is_found_nowhere_outside_of_the_vault(
    make_database: MakeDatabase, tmp_path: Path
) -> None:
    cases = cases_with_every_free_text()
    editions = [(s.edition, s.text) for s in shipped_editions()]
    for number, case in enumerate(cases):
        clock = StoppedClock(0)
        with PostgresJournal(make_database(), clock) as journal:
            vault = PostgresVault(journal.datastore, bytes(32))
            bench = Bench(journal, vault, clock, CountedIds(), shipped_places(), desk_in_memory)
            played = Player(editions, shipped_calendars(), partial(_same, bench)).play(case)
            assert [f.zh for f in played.failures] == [], case.name
            stored = everything_outside_of_the_vault(journal)
            assert NAME not in stored
            assert NAME.encode().hex() not in stored
            exported = io.BytesIO()
            assert export_journal(journal, exported) == journal.head().position
            assert NAME not in exported.getvalue().decode()
            assert NAME.encode("unicode_escape") not in exported.getvalue()
            folder = tmp_path / str(number)
            folder.mkdir()
            write_export(folder, PackedJournal(journal), buckets=2)
            told = "".join(str(pq.read_table(path).to_pylist()) for path in folder.rglob("*.parquet"))
            assert NAME not in told
            opened = Opened(vault)
            texts = [opened.told(r.stream, t) for r in journal.scan() if r.stream != "law" for t in texts_of(r.event)]
            assert any(NAME in text for text in texts)
            assert not any(sealed_parts(text) for text in texts)


# --- what was recorded in clear stays readable and is found the same --------------------------------------------------


@pytest.fixture(params=["memory", "postgres"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world over each kind of journal and vault."""
    if request.param == "memory":
        yield World()
        return
    make_database: MakeDatabase = request.getfixturevalue("make_database")
    clock = StoppedClock(World().clock.now())
    with PostgresJournal(make_database(), clock) as journal:
        yield World(journal, PostgresVault(journal.datastore, bytes(32)), clock)


FACT: dict[str, Any] = {
    "row": "B09",
    "summary": "未按规范采样",
    "evidence": [{"title": "采样记录", "place": "档案室"}],
}


def recorded_in_clear(world: World) -> None:
    """An agency's file as it was recorded before its texts were sealed."""
    world.agency()
    event = FactRecorded(
        fact="f1",
        regime=REGIME,
        row="B09",
        authority=BUREAU,
        document="文书-f1",
        decided_on=dt.date(2024, 3, 12),
        summary=FACT["summary"],
        evidence=(Evidence(title="采样记录", place="档案室"),),
    )
    world.clock.set(at_hour(dt.date(2024, 3, 12), 9))
    world.journal.append([Entry("A", "agency", 2, event, introduces="f1")], by=Principal("clerk"))


def texts_on(world: World, subject: str = "A") -> list[dict[str, Any]]:
    contents = [entry.content for entry in world.timelines.read(subject, "record").entries]
    return msgspec.json.decode(msgspec.json.encode(contents), type=list[dict[str, Any]])


def stored_of(world: World, stream: str = "A") -> str:
    return "".join(msgspec.json.encode(row.event).decode() for row in world.journal.stream(stream))


def test_a_text_recorded_in_clear_is_told_beside_one_that_is_sealed(world: World) -> None:
    recorded_in_clear(world)
    world.fact("2024-04-12", "B08", "f2", summary="擅自减少项目", evidence=[{"title": "检查笔录"}])
    assert "擅自减少项目" not in stored_of(world)
    assert "检查笔录" not in stored_of(world)
    told = texts_on(world)
    assert (told[1]["summary"], told[1]["evidence"]) == (FACT["summary"], [{"title": "采样记录", "place": "档案室"}])
    assert (told[2]["summary"], told[2]["evidence"]) == ("擅自减少项目", [{"title": "检查笔录"}])


def test_what_was_recorded_in_clear_may_be_told_again(world: World) -> None:
    recorded_in_clear(world)
    again: dict[str, Any] = {"summary": FACT["summary"], "evidence": FACT["evidence"]}
    assert world.fact("2024-03-12", "B09", "f1", **again).status == "already_so"
    with pytest.raises(Conflict):
        world.fact("2024-03-12", "B09", "f1", **{**again, "summary": "另一说明"})
    assert len(world.journal.stream("A")) == 2


def test_what_was_recorded_sealed_may_be_told_again_and_not_otherwise(world: World) -> None:
    world.agency()
    for status in ("recorded", "already_so"):
        assert world.fact("2024-03-12", "B09", "f1", summary="未按规范采样").status == status
    with pytest.raises(Conflict):
        world.fact("2024-03-12", "B09", "f1", summary="另一说明")


@pytest.mark.skipif(not supports(2), reason="this OpenSSL has no SM4-GCM and SM3")
@pytest.mark.parametrize(("first", "then"), [(1, 2), (2, 1)])
def test_what_was_sealed_with_another_suite_may_be_told_again(
    make_database: MakeDatabase, first: int, then: int
) -> None:
    """One by one and many at once: the suite is how a text is stored, and no part of what it says."""
    clock = StoppedClock(World().clock.now())
    with PostgresJournal(make_database(), clock) as journal:
        before = World(journal, PostgresVault(journal.datastore, bytes(32), suite=first), clock)
        before.agency()
        said = {"summary": "未按规范采样", "evidence": FACT["evidence"]}
        before.fact("2024-03-12", "B09", "f1", **said)
        after = World(journal, PostgresVault(journal.datastore, bytes(32), suite=then), clock)
        assert after.fact("2024-03-12", "B09", "f1", **said).status == "already_so"
        with pytest.raises(Conflict):
            after.fact("2024-03-12", "B09", "f1", **{**said, "summary": "另一说明"})
        fields = {"subject": "A", "regime": REGIME, "authority": BUREAU, "decided_on": "2024-03-12", **said}
        told = command_from({**fields, "row": "B09", "document": "文书-f1", "id": "f1"}, name="record_fact")
        bulk = Importing(journal, after.vault, clock, after.ids, after.legislation)
        (answer,) = bulk.record_many([told], by=Principal("clerk"), batch=2)
        assert getattr(answer, "status", answer) == "already_so"
        assert texts_on(after)[1]["summary"] == "未按规范采样"
        assert len(journal.stream("A")) == 2


def test_many_at_once_are_recorded_and_told_again_as_one_by_one(world: World) -> None:
    recorded_in_clear(world)
    bulk = Importing(world.journal, world.vault, world.clock, world.ids, world.legislation)
    common = {"subject": "A", "regime": REGIME, "authority": BUREAU, "decided_on": "2024-03-12"}
    do = "record_fact"
    old = command_from({**common, **FACT, "document": "文书-f1", "id": "f1"}, name=do)
    new = [
        command_from(
            {**common, "row": "B09", "document": f"新-{n}", "summary": f"说明 {n}", "id": f"n{n}"}, name="record_fact"
        )
        for n in range(7)
    ]
    retracted = command_from({"fact": "n0", "reason": "误录"}, name="retract_fact")
    answers = bulk.record_many([old, *new, retracted], by=Principal("clerk"), batch=2)
    assert [getattr(a, "status", a) for a in answers] == ["already_so", *["recorded"] * 8]
    assert [t.get("summary") for t in texts_on(world)][2:9] == [f"说明 {n}" for n in range(7)]
    assert "说明 " not in stored_of(world)
    assert world.casework.submit(new[3], by=Principal("clerk")).status == "already_so"
    repeated = Importing(world.journal, world.vault, world.clock, world.ids, world.legislation)
    answers = repeated.record_many([old, *new, retracted], by=Principal("clerk"), batch=2)
    assert {getattr(a, "status", a) for a in answers} == {"already_so"}


def test_a_batch_that_is_not_stored_leaves_no_key_behind_that_later_texts_would_need(world: World) -> None:
    world.agency()
    bulk = Importing(world.journal, world.vault, world.clock, world.ids, world.legislation)
    common = {"subject": "A", "regime": REGIME, "authority": BUREAU, "decided_on": "2022-12-01"}
    good = command_from({**common, "row": "B09", "document": "1", "summary": "一", "id": "f1"}, name="record_fact")
    bad = command_from({**common, "row": "C06", "document": "2", "summary": "二", "id": "f2"}, name="record_fact")
    assert isinstance(bulk.record_many([good, bad], by=Principal("clerk"))[1], CaseError)
    assert [getattr(a, "status", a) for a in bulk.record_many([good], by=Principal("clerk"))] == ["recorded"]
    assert texts_on(world)[1]["summary"] == "一"


def test_a_destroyed_key_leaves_the_grade_and_tells_that_the_texts_are_gone(world: World) -> None:
    recorded_in_clear(world)
    world.fact("2024-04-12", "B08", "f2", summary="擅自减少项目", evidence=[{"title": "检查笔录"}])
    before = world.running("2024-12-31")
    world.vault.erase("A")
    assert world.running("2024-12-31") == before
    told = texts_on(world)
    assert told[1]["summary"] == FACT["summary"]
    assert (told[2]["summary"], told[2]["evidence"]) == (ERASED, [{"title": ERASED}])
    with pytest.raises(Conflict) as refused:
        world.do("2024-05-12", "retract_fact", fact="f2", reason="误录")
    assert refused.value.code == "person_erased"
    assert world.do("2024-05-12", "record_finality", fact="f2", final_on="2024-05-11").status == "recorded"


def test_the_longest_text_that_is_taken_is_read_again(world: World) -> None:
    world.agency()
    summary, title = "长" * 20_000, "题" * 300
    world.fact("2024-04-12", "B08", "f1", summary="短")
    evidence = [{"title": title, "place": "处" * 300}]
    world.do(
        "2024-05-12", "correct_fact", fact="f1", reason=summary, changes={"summary": summary, "evidence": evidence}
    )
    told = texts_on(world)[2]
    assert (told["reason"], told["changes"]) == (summary, {"summary": summary, "evidence": evidence})
    for changes in (
        {"summary": summary + "长"},
        {"evidence": [{"title": title + "题"}]},
        {"evidence": [{"title": ""}]},
    ):
        with pytest.raises(Invalid) as invalid:
            command_from({"fact": "f1", "reason": "一", "changes": changes}, name="correct_fact")
        assert [p.code for p in invalid.value.problems] == ["bad_value"]


def test_a_reason_that_reaches_other_files_opens_on_each_of_them(world: World) -> None:
    for subject in ("A", "B"):
        world.agency(subject, ("treatment",), uscc=credit_code(subject))
        world.fact("2024-03-12", "C01", f"l{subject}", subject, linked_to="委托决定 1 号", points=10)
    outcome = {"fact": "lA", "kind": "revoked", "decided_on": "2024-04-11", "document": "撤销 1 号", "id": "o1"}
    world.do("2024-04-12", "record_client_outcome", **outcome)
    world.do("2024-05-12", "retract_record", record="o1", reason="误录，见王某说明")
    for subject in ("A", "B"):
        assert texts_on(world, subject)[-1]["reason"] == "误录，见王某说明"
        assert "王某" not in stored_of(world, subject)


def test_what_was_recorded_again_says_why_in_the_answer_and_not_in_the_journal(world: World) -> None:
    world.agency()
    world.fact("2024-03-12", "B09", "f1", document="同一文书", decided_on="2024-03-11")
    reason = "另案，王某所为"
    more: dict[str, Any] = {"document": "同一文书", "decided_on": "2024-03-11", "again": True, "again_reason": reason}
    world.fact("2024-03-13", "B09", "f2", **more)
    assert reason not in stored_of(world)
    answer = world.grade("2024-12-31")
    told = telling.told(answer, "zh", LEXICON, Opened(world.vault))
    assert [s.again for s in told.steps if s.fact == "f2"] == [reason]
    assert any(reason in (s.because or "") for s in told.steps)


def test_writers_who_name_a_file_at_the_same_moment_agree_on_its_key(make_database: MakeDatabase) -> None:
    clock = StoppedClock(World().clock.now())
    with PostgresJournal(make_database(), clock) as journal:
        worlds = [World(journal, PostgresVault(journal.datastore, bytes(32)), clock) for _ in range(4)]
        worlds[0].agency()
        clock.set(at_hour(dt.date(2024, 3, 12), 9))
        common = {"subject": "A", "regime": REGIME, "authority": BUREAU, "decided_on": "2024-03-12", "row": "B09"}
        begun = threading.Barrier(len(worlds))

        def write(number: int) -> list[str]:
            begun.wait()
            ids = [f"w{number}f{n}" for n in range(5)]
            for id in ids:
                command = command_from(
                    {**common, "document": id, "summary": f"说明 {id}", "id": id}, name="record_fact"
                )
                assert worlds[number].casework.submit(command, by=Principal("clerk")).status == "recorded"
            return ids

        with ThreadPoolExecutor(len(worlds)) as threads:
            written = [id for ids in threads.map(write, range(len(worlds))) for id in ids]
        told = {content["fact"]: content["summary"] for content in texts_on(worlds[0])[1:]}
        assert told == {id: f"说明 {id}" for id in written}
        with journal.datastore.get_connection() as conn:
            assert conn.execute("SELECT count(*) AS keys FROM vault_keys").fetchone() == {"keys": 1}


# --- the experts of a step --------------------------------------------------------------------------------------------

PANEL = [NAME, "上官云飞"]
STEP: dict[str, Any] = {"regime": REGIME, "year": 2024, "stage": "roster", "dated_on": "2025-02-10"}


def take_step(world: World, subject: str = "A", **more: Any) -> str:
    return world.do("2025-02-10", "evaluation_stage", **{"subject": subject, **STEP, "panel": PANEL, **more}).status


def take_step_of_all(world: World, day: str = "2025-02-10", **more: Any) -> RosterOutcome:
    world.clock.set(at_hour(dt.date.fromisoformat(day), 9))
    asked = roster_from({"region": "150100", **STEP, "dated_on": day, "panel": PANEL, **more})
    evaluating = Evaluating(world.journal, world.vault, world.clock, world.ids, world.legislation)
    return evaluating.evaluate(asked, by=Principal("officer"))


def panel_on(world: World, subject: str = "A") -> list[list[str]]:
    """Who took part in each step of the file, as the procedures tell it; the timeline tells the same."""
    question = Question(subject=subject, regime=REGIME, as_of=dt.date(2025, 12, 31), known_at=None)
    told = ReadingProceedings(world.grading, world.vault).of(question)
    panels = [list(step.panel) for year in told.years for step in year.steps]
    assert [text["panel"] for text in texts_on(world, subject) if "panel" in text] == [p for p in panels if p]
    return panels


def step_recorded_in_clear(world: World, subject: str = "A") -> None:
    """A step as it was recorded before the names of experts were sealed."""
    event = StageRecorded(
        record=f"old-{subject}",
        regime=REGIME,
        year=2024,
        stage="roster",
        dated_on=dt.date(2025, 2, 10),
        panel=tuple(PANEL),
    )
    world.clock.set(at_hour(dt.date(2025, 2, 10), 9))
    version = len(world.journal.stream(subject)) + 1
    world.journal.append([Entry(subject, "agency", version, event, introduces=event.record)], by=Principal("clerk"))


def test_the_experts_of_a_step_are_sealed_each_and_told_where_the_step_is_read(world: World) -> None:
    world.agency()
    assert take_step(world) == "recorded"
    stored = stored_of(world)
    assert not any(name in stored for name in PANEL)
    (step,) = [row.event for row in world.journal.stream("A") if isinstance(row.event, StageRecorded)]
    assert len({sealed_parts(name) for name in step.panel} - {None}) == len(PANEL)
    assert panel_on(world) == [PANEL]
    assert take_step(world) == "already_so"
    with pytest.raises(Conflict) as refused:
        take_step(world, panel=PANEL[:1])
    assert refused.value.code == "step_taken"


def test_experts_recorded_in_clear_stay_readable_and_the_step_is_told_again(world: World) -> None:
    world.agency()
    step_recorded_in_clear(world)
    assert panel_on(world) == [PANEL]
    assert take_step(world) == "already_so"
    bulk = Importing(world.journal, world.vault, world.clock, world.ids, world.legislation)
    again = command_from({"subject": "A", **STEP, "panel": PANEL}, name="evaluation_stage")
    assert [getattr(a, "status", a) for a in bulk.record_many([again], by=Principal("clerk"))] == ["already_so"]
    assert len(world.journal.stream("A")) == 2


def test_the_experts_of_a_roster_are_sealed_with_the_key_of_each_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.year.evaluation.CHUNK", 2)
    subjects = ["A", "B", "C", "D", "E"]
    for subject in subjects:
        world.agency(subject)
    # One file has a key already, one has the step in clear.
    world.fact("2024-03-12", "B09", "f1", "B", summary="未按规范采样")
    step_recorded_in_clear(world, "D")
    first = take_step_of_all(world)
    assert [s.status for s in first.subjects] == ["recorded", "recorded", "recorded", "already_so", "recorded"]
    for subject in subjects:
        assert panel_on(world, subject) == [PANEL]
        assert any(name in stored_of(world, subject) for name in PANEL) is (subject == "D")
    again = take_step_of_all(world)
    assert again.counts == {"already_so": 5}
    assert [s.id for s in again.subjects] == [s.id for s in first.subjects]
    assert take_step(world, "C") == "already_so"
    assert take_step_of_all(world, panel=PANEL[:1]).counts == {"refused": 5}
    assert take_step_of_all(world, "2025-02-11", stage="notice", panel=[]).counts == {"recorded": 5}


def test_a_destroyed_key_refuses_experts_to_its_own_file_alone_and_hides_those_on_record(world: World) -> None:
    for subject in ("A", "B"):
        world.agency(subject)
    take_step_of_all(world)
    world.vault.erase("A")
    assert panel_on(world) == [[ERASED, ERASED]]
    outcome = take_step_of_all(world, "2025-02-11", stage="notice")
    assert [(s.subject, s.status, s.error and s.error.code) for s in outcome.subjects] == [
        ("A", "refused", "person_erased"),
        ("B", "recorded", None),
    ]
    assert panel_on(world, "B") == [PANEL, PANEL]


def test_the_experts_of_a_roster_are_found_nowhere_outside_of_the_vault(make_database: MakeDatabase) -> None:
    clock = StoppedClock(World().clock.now())
    with PostgresJournal(make_database(), clock) as journal:
        world = World(journal, PostgresVault(journal.datastore, bytes(32)), clock)
        for subject in ("A", "B", "C"):
            world.agency(subject)
        evaluating = Evaluating(journal, world.vault, clock, world.ids, world.legislation)
        clock.set(at_hour(dt.date(2025, 2, 10), 9))
        asked = roster_from({"region": "150100", **STEP, "panel": PANEL})
        assert evaluating.evaluate(asked, by=Principal("officer"), key="k1").counts == {"recorded": 3}
        stored = everything_outside_of_the_vault(journal)
        exported = io.BytesIO()
        export_journal(journal, exported)
        for name in PANEL:
            assert name not in stored
            assert name.encode().hex() not in stored
            assert name not in exported.getvalue().decode()
        assert panel_on(world, "C") == [PANEL]
