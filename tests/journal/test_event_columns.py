"""What an event is stored with is declared once: the database and both exports have it, under the names it says."""

import psycopg

from interfaces.packed import EVENT_COLUMNS
from interfaces.parquet.columns import SCHEMA
from interfaces.postgres.transfer import EventLine
from tests.conftest import MakeDatabase

EXPORTED = {column.exported for column in EVENT_COLUMNS} - {None}


def test_the_table_of_events_has_these_columns_and_no_others(make_database: MakeDatabase) -> None:
    with psycopg.connect(make_database()) as connection:
        found = connection.execute(
            "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
            " WHERE a.attrelid = 'events'::regclass AND a.attnum > 0 AND NOT a.attisdropped"
        ).fetchall()
    assert dict(found) == {column.name: column.type for column in EVENT_COLUMNS}


def test_an_export_in_parquet_files_has_all_that_is_not_made_anew() -> None:
    assert set(SCHEMA.names) == EXPORTED


def test_a_line_of_an_exported_journal_has_all_but_its_own_number() -> None:
    assert set(EventLine.__struct_fields__) == EXPORTED - {"leaf_no"}
