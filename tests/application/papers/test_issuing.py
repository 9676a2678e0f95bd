"""Dossiers that are issued: on record with their digest, had again byte for byte, and gone with a person's key."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from application.papers.contents import ContentAltered, ContentErased, ContentMissing
from domain.errors import Conflict, Invalid, NotFound
from domain.events.papers.dossiers import DossierIssued
from interfaces.contents.store import contents_at
from interfaces.documents.failing import CharacterMissing
from interfaces.ids import RandomIds
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.vault import PostgresVault
from tests.conftest import MakeDatabase
from tests.support.words import words_of
from tests.support.world import REGIME, World

DAY = "2024-06-03"


def world_with_penalty(world: World | None = None, **more: Any) -> World:
    """An agency with a penalty."""
    found = world or World()
    found.agency(**more)
    found.fact("2024-04-10", "B11", "f1", final_on="2024-04-10", document="呼环罚〔2024〕1号")
    return found


def token(world: World, subject: str = "A", as_of: str = DAY) -> str:
    return world.grade(as_of, DAY, subject).basis.token


def issue(world: World, subject: str = "A", day: str = DAY, **more: Any) -> Any:
    return world.do(day, "issue_dossier", subject=subject, **{"basis": token(world, subject), **more})


def test_what_is_issued_is_on_record_with_its_digest_and_had_again_as_it_was() -> None:
    world = world_with_penalty()
    outcome = issue(world, id="d1", number="呼环信说〔2024〕1号")
    event = world.journal.stream("A")[-1].event
    assert isinstance(event, DossierIssued)
    assert (outcome.id, event.record, event.regime, event.format, event.language) == ("d1", "d1", REGIME, "pdf", "zh")
    kept = world.issued.content("A", "d1")
    assert kept.startswith(b"%PDF")
    assert hashlib.sha256(kept).hexdigest() == event.digest
    world.fact("2024-07-01", "B09", "f2")
    assert world.issued.content("A", "d1") == kept
    (line,) = world.issued.of_file("A").dossiers
    assert (line.dossier, line.number, line.digest, line.withdrawn) == (
        "d1",
        "呼环信说〔2024〕1号",
        event.digest,
        False,
    )
    assert line.made_with.startswith("engine-of-the-test typst-")


def test_who_is_employed_is_not_named_since_it_is_kept_with_the_key_of_the_agency() -> None:
    world = world_with_penalty()
    world.practitioner()
    world.do(DAY, "record_employment", subject="A", practitioner="P", from_on="2024-05-01")
    issue(world, id="d1", format="html")
    kept = world.issued.content("A", "d1").decode()
    assert "任职记录：（姓名未列）" in kept
    assert "自然人姓名" in kept
    assert "张某" not in kept


def test_its_number_stands_on_it_and_for_no_other_dossier_of_the_file() -> None:
    world = world_with_penalty()
    issue(world, id="d1", format="html", number="呼环信说〔2024〕1号")
    assert "呼环信说〔2024〕1号" in world.issued.content("A", "d1").decode()
    with pytest.raises(Conflict) as refused:
        issue(world, id="d2", number="呼环信说〔2024〕1号")
    assert refused.value.code == "number_used"
    world.do(DAY, "retract_record", record="d1", reason="发错对象")
    issue(world, id="d2", number="呼环信说〔2024〕1号")
    assert [line.withdrawn for line in world.issued.of_file("A").dossiers] == [True, False]
    assert world.issued.content("A", "d1")


def test_the_same_again_is_no_event_and_another_one_is_a_conflict() -> None:
    world = world_with_penalty()
    basis = token(world)
    assert issue(world, id="d1", basis=basis).status == "recorded"
    assert issue(world, id="d1", basis=basis).status == "already_so"
    with pytest.raises(Conflict):
        issue(world, id="d1", basis=basis, language="en")


@pytest.mark.parametrize(("issued_on", "is_taken"), [(DAY, True), ("2024-06-04", False)])
def test_it_is_issued_today_at_the_latest(issued_on: str, is_taken: bool) -> None:
    world = world_with_penalty()
    if is_taken:
        assert issue(world, issued_on=issued_on).status == "recorded"
        return
    with pytest.raises(Invalid) as refused:
        issue(world, issued_on=issued_on)
    assert [p.pointer for p in refused.value.problems] == ["/issued_on"]


def test_a_token_of_another_file_or_a_damaged_one_is_told() -> None:
    world = world_with_penalty()
    world.agency("B")
    for basis in (token(world, "B"), "not-a-token"):
        with pytest.raises(Invalid) as refused:
            issue(world, basis=basis)
        assert [p.pointer for p in refused.value.problems] == ["/basis"]
    assert list(world.contents.listed()) == []


def test_a_trial_keeps_nothing_and_neither_does_what_cannot_be_set() -> None:
    world = world_with_penalty(name="张𠮷平检测")
    with pytest.raises(CharacterMissing) as refused:
        issue(world)
    assert "𠮷" in words_of(refused.value).zh
    assert issue(world, format="html", dry_run=True).status == "dry_run"
    assert list(world.contents.listed()) == []
    assert world.issued.of_file("A").dossiers == ()


def test_what_was_altered_is_told_and_never_sent(tmp_path: Path) -> None:
    world = world_with_penalty()
    world.contents = contents_at("", tmp_path)
    issue(world, id="d1")
    (kept,) = files_in(tmp_path)
    kept.chmod(0o600)
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    with pytest.raises(ContentAltered):
        world.issued.content("A", "d1")
    kept.unlink()
    with pytest.raises(ContentMissing):
        world.issued.content("A", "d1")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_dossier_of_no_file_and_one_nobody_issued_are_not_found() -> None:
    world = world_with_penalty()
    for subject, dossier in (("A", "d9"), ("Z", "d1")):
        with pytest.raises(NotFound):
            world.issued.content(subject, dossier)


def test_what_was_issued_about_a_person_goes_with_the_persons_key(make_database: MakeDatabase, tmp_path: Path) -> None:
    with PostgresJournal(make_database(), World().clock) as journal:
        world = World(journal, PostgresVault(journal.datastore, bytes(32)), ids=RandomIds())
        world.contents = contents_at("", tmp_path)
        world.practitioner()
        issue(world, "P", id="d1", format="html")
        assert "张某" in world.issued.content("P", "d1").decode()
        (raw,) = files_in(tmp_path)
        assert "张某".encode() not in raw.read_bytes()
        world.vault.erase("P")
        with pytest.raises(ContentErased):
            world.issued.content("P", "d1")
        assert world.issued.of_file("P").dossiers[0].digest
