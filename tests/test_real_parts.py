"""The real parts that the other tests stand on: they start, and are what we think they are."""

import psycopg


def test_the_schema_stands_on_each_kind_of_database(each_database: str) -> None:
    with psycopg.connect(each_database) as connection:
        tables = {name for (name,) in connection.execute("select tablename from pg_tables where schemaname = 'public'")}
        partitioned = connection.execute("select from pg_extension where extname = 'timescaledb'").rowcount == 1
        if partitioned:
            found = connection.execute("select hypertable_name from timescaledb_information.hypertables").fetchall()
            assert found == [("reading",)]
    assert {"home", "reading", "alert", "message", "session"} <= tables
