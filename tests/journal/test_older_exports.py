"""A journal exported by an older version is imported, and what it held reads as the law has it (``exports/``).

``0.1.0.jsonl.gz`` was written by version 0.1.0: five agencies of Inner Mongolia. Their results do not say what they
held; it is found by executing them again.
"""

import datetime as dt
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from application.answering.grading import GradeAnswer, Grading, Question
from application.answering.rechecking import Recheck, Rechecking
from application.law.legislation import Legislation
from domain.events.evaluation import StageGraded, StageRecorded
from domain.time import instant, legal_day
from interfaces.clocks import StoppedClock
from interfaces.files.shipped import shipped_changes
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.transfer import import_journal
from tests.conftest import MakeDatabase

EXPORT = Path(__file__).parent / "exports" / "0.1.0.jsonl.gz"
LATER = instant(dt.datetime(2026, 12, 31, tzinfo=dt.UTC))
"""After everything was recorded, which was in one minute of 30 November 2026."""


@pytest.fixture
def imported(make_database: MakeDatabase) -> Iterator[PostgresJournal]:
    url = make_database()
    assert import_journal(io.BytesIO(gzip.decompress(EXPORT.read_bytes())), url) == 45
    with PostgresJournal(url, StoppedClock(LATER)) as journal:
        yield journal


def graded(journal: PostgresJournal, number: int, as_of: str) -> GradeAnswer:
    grading = Grading(journal, StoppedClock(LATER), Legislation(journal), "engine-of-the-test")
    subject = f"{number:08}-0000-4000-8000-000000000000"
    return grading.grade(Question(subject=subject, regime="nmg.third_party", as_of=dt.date.fromisoformat(as_of)))


def test_its_results_stand_under_the_tag_of_then(imported: PostgresJournal) -> None:
    given = [r.event for r in imported.feed() if isinstance(r.event, StageRecorded) and r.event.result is not None]
    assert len(given) == 7
    assert not any(isinstance(event, StageGraded) or event.result.holdings for event in given if event.result)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "as_of", "running", "public"),
    [
        # A D by falsification outlasts the repair of another fact (art. 18(4)).
        (1, "2026-06-30", "D", "D"),
        (1, "2026-07-01", "D", "D"),
        # Corrected from 30 to 3 points, repaired on 30 June (I-32).
        (2, "2025-06-29", "N", "C"),
        (2, "2025-06-30", "N", "N"),
        # A national repair of 10 April 2026 (I-33).
        (3, "2026-04-09", "D", "D"),
        (3, "2026-04-10", "N", "N"),
        # A repair of before the publication, recorded on 30 November 2026 (I-34).
        (4, "2026-11-29", "N", "C"),
        (4, "2026-11-30", "N", "N"),
    ],
)
def test_what_was_held_then_is_reckoned_with(
    imported: PostgresJournal, number: int, as_of: str, running: str, public: str
) -> None:
    """Arts. 18, 28, 34-36."""
    answer = graded(imported, number, as_of)
    assert (answer.running.grade, answer.public and answer.public.grade) == (running, public)
    assert bool(answer.measures) == (public != "N")


def test_a_year_whose_repair_was_recorded_too_late_is_flagged(imported: PostgresJournal) -> None:
    """I-34."""
    undone = {line.year: line.undone for line in graded(imported, 4, "2026-11-30").annual}
    assert undone == {2023: (), 2024: ("00000042-0000-4000-8000-000000000000",)}


def test_every_receipt_executes_again_or_is_told_with_the_fault_that_changed_it(imported: PostgresJournal) -> None:
    """Falsification waits for the penalty to be final (art. 18(4), I-06)."""
    found: Recheck = Rechecking(imported, Legislation(imported), "2.0.0+later", shipped_changes()).recheck()
    assert found.checked == 7
    assert {d.record[:8]: [c.fault for c in d.changes] for d in found.differences} == {
        "00000013": ["A5"],
        "00000052": ["A5"],
    }
    assert all(d.cause == "engine" for d in found.differences)


def test_everything_was_recorded_on_one_day(imported: PostgresJournal) -> None:
    """What the days above rest on."""
    days = {legal_day(r.recorded_at) for r in imported.feed() if r.stream != "law"}
    assert days == {dt.date(2026, 11, 30)}
