"""What an event is stored with is declared once: the database and both exports have it, under the names it says."""

import inspect

import psycopg

from interfaces.packed import EVENT_COLUMNS, EXPORTED, SEALED
from interfaces.parquet.columns import SCHEMA
from interfaces.postgres.transfer import EventLine
from interfaces.sealing import leaf_hash
from tests.conftest import MakeDatabase


def test_the_table_of_events_has_these_columns_and_no_others(make_database: MakeDatabase) -> None:
    with psycopg.connect(make_database()) as connection:
        found = connection.execute(
            "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
            " WHERE a.attrelid = 'events'::regclass AND a.attnum > 0 AND NOT a.attisdropped"
        ).fetchall()
    assert dict(found) == {column.name: column.type for column in EVENT_COLUMNS}


def test_an_export_in_parquet_files_has_all_that_is_not_made_anew() -> None:
    assert SCHEMA.names == list(EXPORTED)


def test_the_first_column_of_a_parquet_file_is_the_stream_by_which_it_is_searched() -> None:
    assert SCHEMA.names[0] == "stream"


def test_a_leaf_is_over_what_is_sealed_in_the_order_of_exports() -> None:
    assert list(inspect.signature(leaf_hash).parameters) == ["previous", *SEALED]


def test_a_line_of_an_exported_journal_has_all_but_its_own_number() -> None:
    assert set(EventLine.__struct_fields__) == set(EXPORTED) - {"leaf_no"}
