"""The eventsourcing library's own promises hold on our recorder, and its machinery runs over the journal."""

import sys
import uuid
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any, cast

import pytest
from eventsourcing.persistence import ApplicationRecorder, StoredEvent, Tracking, TrackingRecorder
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

from application.ports import Entry
from domain.aggregates.casefile import CaseFile, evolve
from domain.events.facts import FactRecorded
from interfaces.clocks import SystemClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.mapper import StreamEvent
from interfaces.postgres.recorder import (
    Append,
    JournalApplication,
    JournalDatastore,
    JournalRecorder,
    environment,
)
from tests.conftest import MakeDatabase
from tests.journal.examples import fact

# The library's cases import its cipher, which wants a package that nothing here uses: those cases are not run.
sys.modules.setdefault("eventsourcing.cipher", ModuleType("eventsourcing.cipher")).__dict__.setdefault(
    "AESCipher", None
)
from eventsourcing.tests import persistence  # noqa: E402


class _PlainRecorder(JournalRecorder):
    """Takes the library's bare events: says for each who acted and on what kind of file.

    The library's cases begin some streams at version 0; ours begin at 1.
    """

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        shift = 1 if stored_events[0].originator_version == 0 else 0
        placed = [StoredEvent(e.originator_id, e.originator_version + shift, e.topic, e.state) for e in stored_events]
        entries = [Entry(str(e.originator_id), "agency", e.originator_version, fact()) for e in placed]
        return super().insert_events(placed, append=Append(entries, "library"))


class _OnDatabase:
    """Set-up of the library's cases: a fresh database, and text ids."""

    datastore: JournalDatastore

    @pytest.fixture(autouse=True)
    def _database(self, make_database: MakeDatabase) -> Iterator[None]:
        with JournalDatastore(make_database()) as self.datastore:
            yield

    def new_originator_id(self) -> str:
        return str(uuid.uuid4())


class TestApplicationRecorder(_OnDatabase, persistence.ApplicationRecorderTestCase[PostgresApplicationRecorder]):
    def create_recorder(self) -> PostgresApplicationRecorder:
        return _PlainRecorder(self.datastore)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleaving(_OnDatabase, persistence.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return _PlainRecorder(self.datastore)


class TestTrackingRecorder(_OnDatabase, persistence.TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        return PostgresTrackingRecorder(self.datastore, tracking_table_name="projection_tracking")


class _Seen(PostgresTrackingRecorder):
    """A view that remembers the facts it was shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts: list[str] = []


class _Facts(Projection[_Seen]):
    topics = ("fact-recorded.v1",)

    def process_event(self, domain_event: StreamEvent, tracking: Tracking) -> None:
        event = domain_event.event
        assert isinstance(event, FactRecorded)
        self.view.facts.append(event.fact)
        self.view.insert_tracking(tracking)


def test_a_projection_runs_and_resumes(make_database: MakeDatabase) -> None:
    url = make_database()

    def run(journal: PostgresJournal, name: str) -> list[str]:
        (position,) = journal.append([Entry(name, "agency", 1, fact(name))], actor="c").positions
        with ProjectionRunner(
            application_class=JournalApplication, projection_class=_Facts, view_class=_Seen, env=environment(url)
        ) as runner:
            (after,) = journal.append([Entry(f"{name}-later", "agency", 1, fact(f"{name}-later"))], actor="c").positions
            runner.wait(after)
            assert after > position
            return runner.projection.view.facts

    with PostgresJournal(url, SystemClock()) as journal:
        assert run(journal, "A") == ["A", "A-later"]
        assert run(journal, "B") == ["B", "B-later"]


def test_the_repository_folds_with_a_projector_function(make_database: MakeDatabase) -> None:
    def project(case: CaseFile | None, events: Any) -> CaseFile:
        case = case or CaseFile("A")
        for placed in cast("Iterator[StreamEvent]", events):
            assert placed.originator_version == case.version + 1
            evolve(case, placed.event, 0)  # type: ignore[arg-type]
        return case

    with PostgresJournal(make_database(), SystemClock()) as journal:
        journal.append([Entry("A", "agency", i, fact(f"f{i}")) for i in (1, 2)], actor="c")
        case: CaseFile = journal.application.repository.get("A", projector_func=cast("Any", project))
        assert sorted(case.facts) == ["f1", "f2"]
