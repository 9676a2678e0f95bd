"""The peer: the bare eventsourcing library with its default settings, on its own tables; and raw SQL beside it."""

import uuid
from collections.abc import Iterator
from typing import Final

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from benchmarks.population import recorded
from interfaces.codec import encode

_TEXT: Final = "现场检查发现该机构未按技术规范保存原始记录，采样时间与视频监控记录不一致，质量控制措施未落实。"
_RAW_LOCK: Final = 911
_INSERT: Final = "INSERT INTO raw_events (originator_id, originator_version, topic, state) VALUES (%s, %s, %s, %s)"
_COPY: Final = "COPY raw_events (originator_id, originator_version, topic, state) FROM STDIN (FORMAT BINARY)"

Row = tuple[str, int, str, bytes]


class Docket(Aggregate):
    """An aggregate of the library with one kind of event of some 400 stored bytes."""

    @event("FactRecorded")
    def record_fact(self, fact: str, row: str, authority: str, summary: str, decided_on: str) -> None:
        """Record one; there is no state to keep."""


class Bare:
    """The library's application in a database of its own."""

    def __init__(self, url: str) -> None:
        given = {k: str(v) for k, v in conninfo_to_dict(url).items()}
        env = {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": given["dbname"],
            "POSTGRES_HOST": given["host"],
            "POSTGRES_PORT": given["port"],
            "POSTGRES_USER": given["user"],
            "POSTGRES_PASSWORD": "none",
        }
        self.application: Application[uuid.UUID] = Application(env)
        self._dockets = [Docket() for _ in range(200)]
        for docket in self._dockets:
            self.application.save(docket)
        self._facts = 0

    def fill(self, events: int) -> None:
        """Give its table as many rows as the journal beside it has, by SQL."""
        recorder = self.application.recorder
        if not isinstance(recorder, PostgresApplicationRecorder):
            raise TypeError(type(recorder).__name__)
        with recorder.datastore.get_connection() as connection:
            connection.execute(
                SQL(
                    """INSERT INTO {} (originator_id, originator_version, topic, state)
                    SELECT md5((n / 50)::text)::uuid, n %% 50 + 1, 'benchmarks.library:Docket.FactRecorded',
                           convert_to(repeat('x', 400), 'UTF8')
                    FROM generate_series(0, %s - 1) n"""
                ).format(Identifier(recorder.events_table_name)),
                (events,),
            )

    def dockets(self, count: int, facts: int) -> Iterator[Docket]:
        """Aggregates in memory, each with fresh pending events."""
        for number in range(count):
            docket = self._dockets[(self._facts + number) % len(self._dockets)]
            for _ in range(facts):
                docket.record_fact(str(uuid.uuid4()), "B08", "150100-EEB", _TEXT, "2024-03-12")
            yield docket
        self._facts += count

    def save(self, dockets: list[Docket]) -> int:
        """One call of the library for each; how many calls."""
        for docket in dockets:
            self.application.save(docket)
        return len(dockets)

    def stored_bytes(self) -> float:
        """The mean size of a fact as the library stores it."""
        stored = self.application.recorder.select_events(self._dockets[0].id, gt=1, limit=50)
        return sum(len(s.state) for s in stored) / len(stored)

    def close(self) -> None:
        """Close the connections."""
        self.application.close()


class Raw:
    """Rows as the library keeps them, written with psycopg and nothing else."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute(
            """CREATE TABLE raw_events (originator_id text NOT NULL, originator_version bigint NOT NULL, topic text,
            state bytea, notification_id bigserial, PRIMARY KEY (originator_id, originator_version))"""
        )
        self._connection.execute("CREATE UNIQUE INDEX ON raw_events (notification_id)")
        self._streams = 0

    def rows(self, count: int) -> list[Row]:
        """Rows with the bytes that our journal stores for the same facts."""
        self._streams += 1
        stream = f"raw-{self._streams}"
        return [(stream, v, *encode(recorded(stream, v, f"{stream}-{v}", v).event)) for v in range(1, count + 1)]

    def one_by_one(self, rows: list[Row]) -> int:
        """Each row in a transaction of its own, under an advisory lock as ours is."""
        for row in rows:
            with self._connection.pipeline(), self._connection.transaction():
                self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_RAW_LOCK,), prepare=True)
                self._connection.execute(_INSERT, row, prepare=True)
        return len(rows)

    def many(self, batches: list[list[Row]]) -> int:
        """Each batch in a transaction, by ``executemany``."""
        for rows in batches:
            with self._connection.transaction(), self._connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_RAW_LOCK,))
                cursor.executemany(_INSERT, rows)
        return sum(map(len, batches))

    def copy(self, batches: list[list[Row]]) -> int:
        """Each batch in a transaction, by COPY."""
        for rows in batches:
            with self._connection.transaction(), self._connection.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.set_types(("text", "int8", "text", "bytea"))
                for row in rows:
                    copy.write_row(row)
        return sum(map(len, batches))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
