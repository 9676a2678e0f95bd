"""The eventsourcing library's own promises hold on our recorder, and its machinery runs over the journal."""

import sys
import uuid
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

import psycopg
import pytest
from eventsourcing.application import AggregateNotFoundError
from eventsourcing.persistence import ApplicationRecorder, StoredEvent, TrackingRecorder
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresTrackingRecorder

from application.ports import Entry
from application.principal import Principal
from domain.errors import BrokenStream, Unreadable
from interfaces.clocks import StoppedClock, SystemClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.mapper import EventMapper, project
from interfaces.postgres.recorder import Append, JournalDatastore, JournalRecorder
from tests.conftest import MakeDatabase
from tests.journal.conftest import NOON
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
        append = Append(entries, Principal("library"))
        super().insert_events(placed, append=append)
        return append.positions


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
        return PostgresTrackingRecorder(self.datastore, tracking_table_name="worklist_tracking")


def test_the_repository_folds_a_file_with_a_projector_function(make_database: MakeDatabase) -> None:
    with PostgresJournal(make_database(), StoppedClock(NOON)) as journal:
        journal.append([Entry("A", "agency", i, fact(f"f{i}")) for i in (1, 2, 3)], by=Principal("c"))
        repository = journal.application.repository
        whole = repository.get("A", projector_func=project)
        assert (whole.id, whole.version, sorted(whole.case.facts)) == ("A", 3, ["f1", "f2", "f3"])
        assert whole.case.facts["f1"].recorded_at == NOON
        assert sorted(repository.get("A", version=2, projector_func=project).case.facts) == ["f1", "f2"]
        with pytest.raises(AggregateNotFoundError):
            repository.get("B", projector_func=project)


def test_the_repository_refuses_a_file_that_has_a_hole_or_cannot_be_read(make_database: MakeDatabase) -> None:
    url = make_database()
    with PostgresJournal(url, SystemClock()) as journal, psycopg.connect(url, autocommit=True) as owner:
        journal.append([Entry("A", "agency", i, fact(f"f{i}")) for i in (1, 2, 3)], by=Principal("c"))
        repository = journal.application.repository
        owner.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
        owner.execute("UPDATE events SET state = '{}' WHERE originator_version = 3")
        with pytest.raises(Unreadable):
            repository.get("A", projector_func=project)
        owner.execute("DELETE FROM events WHERE originator_version = 2")
        with pytest.raises(BrokenStream):
            repository.get("A", projector_func=project)


class _Foreign:
    """An event as the library would have it, and not one of ours."""

    originator_id = "A"
    originator_version = 1


def test_only_an_event_in_its_place_is_stored() -> None:
    with pytest.raises(TypeError, match="_Foreign"):
        EventMapper().to_stored_event(_Foreign())
