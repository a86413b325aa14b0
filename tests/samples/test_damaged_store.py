"""Whatever happens to the file of the samples, what can be read of it is not lost."""

import errno
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from sample_kit import as_values, sample
from sentences import check_sentence, raises_error

from digitpad.errors import DigitpadError
from digitpad.samples.store import SampleStore
from digitpad.storage import repair_lock
from digitpad.storage.database import Database

COUNT = 300
KEPT = "The file of your samples was damaged"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A file with many samples and a set of symbols; the last three numbers are of deleted ones."""
    path = tmp_path_factory.mktemp("whole") / "samples.sqlite"
    store = SampleStore(path)
    store.add(sample(str(number % 10), number) for number in range(COUNT + 3))
    store.delete([COUNT + 1, COUNT + 2, COUNT + 3])
    store.set_symbols("Runes", ["ᚠ", "ᚢ"])
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    return path


@pytest.fixture
def path(whole, tmp_path):
    return Path(shutil.copy(whole, tmp_path / "samples.sqlite"))


def change(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def damage_all(path):
    path.write_bytes(b"this is no database" * 100)


def damage_the_head(path):
    with path.open("r+b") as file:
        file.write(b"\xff" * 30)


def damage_the_middle(path):
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 2 * 4096)


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("damage", "least"),
    [(damage_all, 0), (damage_the_head, COUNT), (damage_the_middle, 280), (cut, 130)],
)
@pytest.mark.parametrize("first", ["list", "add", "revision"])
def test_a_damaged_file_is_kept_and_made_again(path, damage, least, first, caplog):
    revision = SampleStore(path).revision()
    right = {one.id: as_values(one) for one in SampleStore(path).list()}
    damage(path)
    damaged = path.read_bytes()
    store = SampleStore(path)
    {"list": store.list, "revision": store.revision, "add": lambda: store.add([])}[first]()
    kept = store.list()
    aside = path.with_name("samples.sqlite.corrupt-1")
    assert aside.read_bytes() == damaged
    notice = store.take_notice()
    check_sentence(notice, KEPT, aside=aside, count=len(kept))
    assert caplog.messages == [str(notice)]
    assert least <= len(kept) <= COUNT
    assert all(as_values(one) == right[one.id] for one in kept)
    assert store.revision() > revision
    (new,) = store.add([sample("1", 999)])
    assert new.id > max([one.id for one in kept], default=0)
    if least:
        # No number of a deleted sample is given again, where the file still knows the last one.
        assert new.id == COUNT + 4
        assert list(store.symbol_sets()) == ["Runes"]
    again = SampleStore(path)
    assert len(again.list()) == len(kept) + 1
    assert again.take_notice() is None
    damage_all(path)
    assert again.list() == ()
    assert path.with_name("samples.sqlite.corrupt-2").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE samples DROP COLUMN confidence",
        "ALTER TABLE samples DROP COLUMN created",
        "ALTER TABLE samples DROP COLUMN glyph",
        "ALTER TABLE samples RENAME COLUMN origin TO source",
        "UPDATE samples SET glyph = 'none'",
        "ALTER TABLE samples ADD COLUMN other",
        "DROP TRIGGER samples_insert",
        "CREATE TABLE others (name)",
        "DELETE FROM revision",
        "DROP TABLE revision",
        "DROP TABLE symbol_sets",
    ],
)
def test_tables_that_are_not_ours_cost_no_sample(path, statement):
    change(path, statement)
    store = SampleStore(path)
    assert len(store.list()) == COUNT
    assert len(store.add([sample("1", 999)])) == 1
    assert len(store.list()) == COUNT + 1
    store.revision()


@pytest.mark.parametrize("kept", ["samples_2", "samples"])
def test_another_program_s_database_is_put_aside(tmp_path, kept):
    path = tmp_path / "samples.sqlite"
    change(path, f"CREATE TABLE {kept} (id, label, strokes)", f"INSERT INTO {kept} VALUES (1,2,3)")
    store = SampleStore(path)
    assert store.list() == ()
    assert len(store.add([sample()])) == 1
    check_sentence(store.take_notice(), KEPT, count=0)
    assert path.with_name("samples.sqlite.corrupt-1").exists()


ODD = [
    *("origin = 'telepathy'", 'strokes = \'{"drawing": "knot"}\'', "created = '9999-12-31'"),
    *(
        "created = 'soon'",
        "created = '2026-01-01'",
        "label = x'ff'",
        "symbols = CAST(x'ff' AS TEXT)",
    ),
    *("strokes = NULL", "strokes = 5", "answer = 'x'", "created = '0001-01-01T00:00:00+14:00'"),
    *("answer = 'x', model = 'm', confidence = 9e999", "label = CAST(x'eda080' AS TEXT)"),
]


@pytest.mark.parametrize("values", ODD)
def test_a_sample_that_cannot_be_read_costs_no_other(path, values):
    change(path, f"UPDATE samples SET {values} WHERE id = 7")
    store = SampleStore(path)
    assert [one.id for one in store.list()] == [*range(1, 7), *range(8, COUNT + 1)]
    check_sentence(store.take_notice(), "One sample cannot be read", numbers="7")
    assert len(store.list()) == COUNT - 1
    assert store.take_notice() is None
    for call in (lambda: store.get(7), lambda: store.relabel(7, "x")):
        with raises_error("The sample {number} cannot be read", number=7):
            call()
    assert not list(path.parent.glob("*corrupt*"))
    assert len(store.delete([6, 7, 8])) == 2
    assert SampleStore(path).take_notice() is None
    assert len(SampleStore(path).list()) == COUNT - 3


def test_samples_of_a_newer_digitpad_are_kept_in_a_repair(path):
    change(
        path,
        "UPDATE samples SET origin = 'telepathy' WHERE id = 7",
        "UPDATE samples SET created = 5 WHERE id = 8",
        "DROP TRIGGER samples_insert",
        "ALTER TABLE samples ADD COLUMN other",
    )
    store = SampleStore(path)
    assert len(store.list()) == COUNT - 2
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT id, origin FROM samples WHERE id < 9 AND id > 5"
        assert connection.execute(query).fetchall()[1] == (7, "telepathy")


def test_a_file_of_a_newer_version_gives_a_sentence_and_stays_as_it_is(path):
    change(path, "PRAGMA user_version = 7", f"PRAGMA application_id = {0x44670000 + 7}")
    before = path.read_bytes()
    store = SampleStore(path)
    for call in (
        store.list,
        store.revision,
        store.delete_everything,
        store.symbol_sets,
        lambda: store.add([sample()]),
        lambda: store.delete([1]),
    ):
        with raises_error("The file {path} has the format {version}", version=7):
            call()
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.fixture
def full(monkeypatch):
    """A disk that takes no more."""
    connect = sqlite3.connect

    def full(*arguments, **options):
        connection = connect(*arguments, **options)
        # SQLite allows no less than the pages that are there.
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    def fsync(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", full)
        patch.setattr(os, "fsync", fsync)
        yield patch


def test_a_full_disk_gives_a_sentence_and_loses_nothing(path, full):
    store = SampleStore(path)
    with raises_error("The file {path} cannot be used", reason="the disk is full"):
        store.add(sample("1", number) for number in range(50))
    full.undo()
    assert len(SampleStore(path).list()) == COUNT
    assert store.take_notice() is None
    assert len(store.add(sample("1", number) for number in range(50))) == 50


def test_damage_on_a_full_disk_is_repaired_when_there_is_room(path, full):
    damage_the_middle(path)
    damaged = path.read_bytes()
    for _ in range(2):
        with raises_error("Your samples in {path} are damaged and cannot be repaired."):
            SampleStore(path).list()
        assert path.read_bytes() == damaged
        assert not [entry for entry in path.parent.iterdir() if "repaired" in entry.name]
        assert not list(path.parent.glob("*corrupt*"))
    full.undo()
    assert len(SampleStore(path).list()) >= 280


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("moment", ["rename 1", "put aside", "rename -wal", "replace"])
def test_a_repair_that_is_killed_is_done_at_the_next_start(path, moment, monkeypatch):
    expected = COUNT - 20
    damage_the_middle(path)
    Path(f"{path}-wal").write_bytes(b"a log")

    def kill(*_, **__):
        raise Killed

    def kill_after(work):
        def then_kill(*arguments, **options):
            work(*arguments, **options)
            raise Killed

        return then_kill

    with monkeypatch.context() as patch:
        match moment:
            case "rename 1":
                patch.setattr(Path, "rename", kill)
            case "put aside":
                patch.setattr(Database, "put_aside", kill)
            case "rename -wal":
                patch.setattr(shutil, "copy2", kill)
            case "replace":
                patch.setattr(Database, "put_aside", kill_after(Database.put_aside))
        with pytest.raises(Killed):
            SampleStore(path).list()
    store = SampleStore(path)
    assert len(store.list()) >= expected
    assert store.take_notice() is not None
    assert len(store.add([sample()])) == 1
    again = SampleStore(path)
    assert len(again.list()) > expected
    assert again.take_notice() is None
    left = {entry.name.partition("corrupt")[0] for entry in path.parent.iterdir()}
    assert left <= {"samples.sqlite", "samples.sqlite.", "samples.sqlite.lock"}


def test_damage_that_comes_while_the_program_runs_is_repaired(path):
    store = SampleStore(path)
    assert len(store.list()) == COUNT
    damage_all(path)
    (new,) = store.add([sample()])
    assert [one.id for one in store.list()] == [new.id] == [1]
    check_sentence(store.take_notice(), KEPT, count=0)


def test_a_folder_in_the_place_of_the_file_gives_a_sentence(tmp_path):
    (tmp_path / "samples.sqlite").mkdir()
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "samples.sqlite", tmp_path / "file" / "samples.sqlite"):
        store = SampleStore(place)
        for call in (store.list, lambda store=store: store.add([sample()])):
            try:
                call()
            except DigitpadError as error:
                check_sentence(error)


read_only = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere"
)


@read_only
def test_a_disk_that_is_read_only_is_read_and_refuses(path):
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        store = SampleStore(path)
        assert len(store.list()) == COUNT
        assert store.get(3).id == 3
        assert store.revision() > 0
        for call in (
            lambda: store.add([sample()]),
            lambda: store.delete([1]),
            lambda: store.relabel(1, "x"),
            lambda: store.set_symbols("x", ["y"]),
            store.delete_everything,
        ):
            with raises_error("The file {path} cannot be used", path="samples.sqlite"):
                call()
        with store.kept_open():
            assert len(store.list()) == COUNT
    finally:
        path.parent.chmod(0o700)
        path.chmod(0o600)
    assert len(store.list()) == COUNT


@read_only
def test_damage_on_a_disk_that_is_read_only_is_told(path):
    damage_the_middle(path)
    path.parent.chmod(0o500)
    try:
        with raises_error("Your samples in {path} are damaged and cannot be repaired"):
            SampleStore(path).list()
    finally:
        path.parent.chmod(0o700)
    assert len(SampleStore(path).list()) >= COUNT - 20


def test_only_one_process_repairs(path, monkeypatch):
    damage_the_middle(path)
    monkeypatch.setattr(repair_lock, "_SECONDS", 0.01)
    with (
        FileLock(path.with_name("samples.sqlite.lock")),
        raises_error("Your samples in {path} are damaged, and another program"),
    ):
        SampleStore(path).list()
    assert len(SampleStore(path).list()) >= 280
