"""Numbers of letters in PostgreSQL: none twice, none left out, also when several officers issue at once; and what went
to a person is kept under the person's key."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from application.papers.contents import ContentErased
from domain.time import at_hour
from interfaces.clocks import StoppedClock, SystemClock
from interfaces.ids import RandomIds
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.vault import PostgresVault
from tests.conftest import MakeDatabase
from tests.support.world import BUREAU, ID_NUMBER, REGIME, World

MASTER = bytes(range(32))
OFFICERS = 6


@pytest.mark.slow
def test_officers_who_issue_at_once_take_numbers_without_gaps_and_doubles(make_database: MakeDatabase) -> None:
    day = dt.date(2025, 5, 12)
    with PostgresJournal(make_database(), StoppedClock(at_hour(day, 9))) as journal:
        world = World(journal, PostgresVault(journal.datastore, MASTER), StoppedClock(at_hour(day, 9)), ids=RandomIds())
        world.do("2025-05-12", "set_letterhead", bureau=BUREAU, name="呼和浩特市生态环境局", word="呼环信")
        letters = [f"L{number}" for number in range(OFFICERS)]
        for letter in letters:
            subject = f"S{letter}"
            world.agency(subject)
            world.fact("2025-05-12", "B09", f"f{letter}", subject)
            more = {"issued_on": "2025-05-12", "due_on": "2025-06-12", "requirements": "改"}
            world.do("2025-05-12", "issue_warning", fact=f"f{letter}", id=f"w{letter}", **more)
            drafted = {"regime": REGIME, "kind": "warning_notice", "concerns": f"w{letter}"}
            world.do("2025-05-12", "draft_letter", subject=subject, id=letter, **drafted)

        def issue(letter: str) -> None:
            world.do("2025-05-12", "issue_letter", letter=letter, dated_on="2025-05-12")

        with ThreadPoolExecutor(OFFICERS) as pool:
            list(pool.map(issue, letters))
        given = sorted(line.number or "" for letter in letters for line in [world.letters.open(letter).line])
        assert given == [f"呼环信警〔2025〕{number}号" for number in range(1, OFFICERS + 1)]
        for letter in letters:
            assert world.letters.sent(letter, "pdf")[0] == f"{world.letters.open(letter).number}.pdf"


@pytest.mark.slow
def test_a_letter_to_a_person_is_unreadable_once_the_person_is_erased(make_database: MakeDatabase) -> None:
    with PostgresJournal(make_database(), SystemClock()) as journal:
        vault = PostgresVault(journal.datastore, MASTER)
        world = World(journal, vault, StoppedClock(at_hour(dt.date(2025, 5, 30), 9)), ids=RandomIds())
        world.practitioner()
        for number, organ in enumerate(("150100-EEB", "150200-EEB")):
            world.fact("2024-05-10", "P01", f"p{number}", "P", authority=organ)
        for stage, day in (("roster", "2025-03-14"), ("proposal", "2025-04-15"), ("rating", "2025-05-15")):
            fields = {"stage": stage, "dated_on": day, "id": stage}
            world.do(day, "evaluation_stage", subject="P", regime=REGIME, year=2024, **fields)
        world.do("2025-05-30", "set_letterhead", bureau=BUREAU, name="呼和浩特市生态环境局", word="呼环信")
        drafted = {"regime": REGIME, "kind": "practitioner_letter", "concerns": "rating"}
        world.do("2025-05-30", "draft_letter", subject="P", id="L", **drafted)
        world.do("2025-05-30", "issue_letter", letter="L", dated_on="2025-05-30")
        _, pdf = world.letters.sent("L", "pdf")
        stored = [row["path"] for page in world.contents._store.list() for row in page]
        assert len(stored) == 2
        for path in stored:
            kept = bytes(world.contents._store.get(path).bytes())
            assert pdf[:200] not in kept
            assert "张某".encode() not in kept
            assert ID_NUMBER.encode() not in kept
        vault.erase("P")
        with pytest.raises(ContentErased):
            world.letters.sent("L", "pdf")
