"""The databases that other tests rest on."""

import psycopg

from tests.conftest import MakeDatabase


def test_every_database_is_fresh(make_database: MakeDatabase) -> None:
    one, two, blank = make_database(), make_database(), make_database(migrated=False)
    assert len({one, two, blank}) == 3
    with psycopg.connect(one) as connection:
        connection.execute("CREATE TABLE only_here ()")
    for url in (two, blank):
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT to_regclass('only_here')").fetchone()
            assert row == (None,)
