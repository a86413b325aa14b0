import sqlite3
import threading
from contextlib import closing

import pytest
from sentences import raises_error

from digitpad.errors import DigitpadError
from digitpad.storage.database import DamagedDatabaseError, Database

FIRST = ("CREATE TABLE words (word TEXT)", "INSERT INTO words VALUES ('one')")


def double(connection):
    connection.execute("INSERT INTO words SELECT word || ' ' || word FROM words")


def words(connection):
    return [word for (word,) in connection.execute("SELECT word FROM words ORDER BY word")]


def version(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def add(connection):
    connection.execute("INSERT INTO words VALUES ('new')")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "words.sqlite"


def test_reading_makes_no_file(path):
    assert Database(path, [FIRST, double]).read(words) == ["one", "one one"]
    assert not path.parent.exists()
    assert not Database(path, [FIRST]).is_damaged()


def test_a_new_file_has_all_versions(path):
    database = Database(path, [FIRST, double])
    database.write(add)
    assert database.read(words) == ["new", "one", "one one"]
    assert version(path) == 2


@pytest.mark.parametrize("how", ["read", "write"])
def test_an_older_file_gets_what_it_lacks_and_keeps_what_it_has(path, how):
    Database(path, [FIRST]).write(add)
    database = Database(path, [FIRST, double, ("CREATE TABLE more (x)",)])
    assert getattr(database, how)(words) == ["new", "new new", "one", "one one"]
    assert version(path) == 3
    assert database.read(lambda c: c.execute("SELECT count(*) FROM more").fetchone()) == (0,)


def test_a_migration_that_fails_leaves_the_version_before_it(path):
    Database(path, [FIRST]).write(add)

    def broken(connection):
        connection.execute("DELETE FROM words")
        raise DigitpadError("This cannot be read.")

    later = Database(path, [FIRST, double, broken])
    with raises_error("This cannot be read."):
        later.read(words)
    assert version(path) == 2
    assert Database(path, [FIRST, double]).read(words) == ["new", "new new", "one", "one one"]


def test_migrations_run_once_whoever_is_first(path):
    Database(path, [FIRST]).write(add)
    barrier, failed = threading.Barrier(4), []

    def work():
        barrier.wait()
        try:
            Database(path, [FIRST, double]).write(words)
        except (DigitpadError, sqlite3.Error) as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Database(path, [FIRST, double]).read(words) == ["new", "new new", "one", "one one"]


def test_a_newer_file_is_refused_and_stays_as_it_is(path):
    Database(path, [FIRST, double]).write(add)
    before = path.read_bytes()
    for how in ("read", "write"):
        with pytest.raises(DigitpadError) as refusal:
            getattr(Database(path, [FIRST]), how)(words)
        assert refusal.value.fields == {"path": path, "version": 2, "known": 1}
    assert path.read_bytes() == before


def test_writing_is_all_or_nothing(path):
    database = Database(path, [FIRST])

    def half(connection):
        add(connection)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.write(half)
    assert database.read(words) == ["one"]


def test_a_damaged_file_is_told_and_put_aside_under_free_names(path):
    database = Database(path, [FIRST])
    for number in (1, 2):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"this is no database" * 100)
        with pytest.raises(DamagedDatabaseError):
            database.read(words)
        assert database.is_damaged()
        assert database.put_aside().name == f"words.sqlite.corrupt-{number}"
        assert not path.exists()
    database.write(add)
    assert database.read(words) == ["new", "one"]
