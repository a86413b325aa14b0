"""A list of runs that is damaged in any way hides no run: it is made whole from the folders."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from cli_files import write_model
from shared_data import shared_folder
from training_run_kit import suspended_run

from digitpad.errors import DigitpadError
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.events import BatchDone, EpochDone
from digitpad.learning.runs.run import DataMark
from digitpad.learning.runs.store import RunStore

MARK = DataMark("Bars", ("flat", "tall"), 200, "abc")
STEPS = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A folder with two runs that have curves; never changed."""
    store = RunStore(tmp_path_factory.mktemp("whole") / "runs")
    for name in ("First", "Second"):
        run = suspended_run(store, TrainingConfig(seed=7), name)
        store.set_data(run.id, MARK)
        store.set_steps(run.id, 2 * STEPS)
        metrics = {"loss": 0.5, "accuracy": 0.75, "learning_rate": 0.004}
        rows = [BatchDone(step, 1, metrics, 32, 0.01) for step in range(1, STEPS + 1)]
        epoch = EpochDone(STEPS, 1, metrics, {"loss": 0.2, "accuracy": 0.9}, 1.5, is_best=True)
        store.add_events(run.id, [*rows, epoch], durable=True)
    assert [entry.name for entry in store.folder.glob("runs.sqlite*")] == ["runs.sqlite"]
    return store.folder


@pytest.fixture
def folder(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "runs")


@pytest.fixture
def database(folder):
    return folder / "runs.sqlite"


def check_all_there(folder, *, curves=True):
    """Both runs are listed, found, held and written; what was done, for the user."""
    store = RunStore(folder)
    runs = store.list()
    notice = store.take_notice()
    assert {run.id for run in runs} == set(ids_in(folder))
    for run in runs:
        assert store.get(run.id).id == run.id
        assert store.find(run.name).id == run.id
        assert (run.steps, run.config.seed, run.data) == (2 * STEPS, 7, MARK)
        with store.hold(run.id):
            if curves:
                assert len(store.history(run.id)) == STEPS + 1
            store.add_events(run.id, [BatchDone(STEPS + 1, 2, {"loss": 0.1}, 32, 0.01)])
            store.set_status(run.id, "suspended")
        assert store.history(run.id).batches[-1].step == STEPS + 1
    # Once repaired it stays so.
    again = RunStore(folder)
    assert len(again.list()) == 2
    assert again.take_notice() is None
    return notice


def ids_in(folder):
    """Ids of the runs, that of "First" before that of "Second"."""
    return sorted(
        (entry.name for entry in folder.iterdir() if entry.is_dir()),
        key=lambda name: json.loads((folder / name / "run.json").read_text())["name"],
    )


def test_without_damage_nothing_is_said(folder, caplog):
    assert check_all_there(folder) is None
    assert not caplog.messages
    assert not list(folder.glob("*corrupt*"))


@pytest.mark.parametrize("content", [None, b""], ids=["missing", "empty"])
def test_a_list_that_is_missing_or_empty_is_made_again(folder, database, content):
    database.unlink() if content is None else database.write_bytes(content)
    notice = check_all_there(folder, curves=False)
    assert notice.fields == {"count": 2}
    assert not list(folder.glob("*corrupt*"))


@pytest.mark.parametrize("has_checkpoint", [True, False])
def test_a_run_that_was_stopped_can_still_be_resumed(folder, database, has_checkpoint):
    name = ids_in(folder)[0]
    write_model(folder / name / "model.safetensors")
    if has_checkpoint:
        (folder / name / "checkpoint.safetensors").write_bytes(b"some")
    database.unlink()
    run = RunStore(folder).get(name)
    assert (run.status, run.is_resumable) == (
        ("stopped", True) if has_checkpoint else ("completed", False)
    )


@pytest.mark.parametrize("has_model", [True, False])
def test_a_run_of_a_stranger_calls_no_other_computer(folder, database, has_model):
    name = ids_in(folder)[0]
    if has_model:
        write_model(folder / name / "model.safetensors")
    path = folder / name / "run.json"
    description = json.loads(path.read_text())
    description["config"]["data"] = {"kind": "pictures", "path": "\\\\server\\share"}
    path.write_text(json.dumps(description))
    database.unlink()
    run = RunStore(folder).get(name)
    assert run.config.network_places() == ()
    assert "another computer" in run.notice


STATEMENTS = {
    "no runs": "DELETE FROM runs",
    "no first run": "DELETE FROM runs WHERE name = 'First'",
    "no table of runs": "DROP TABLE runs",
    "no table of events": "DROP TABLE events",
    "no column": "ALTER TABLE runs DROP COLUMN notice",
    "another column": "ALTER TABLE runs RENAME COLUMN config TO settings",
    "another table": "CREATE TABLE more (x)",
    "version 0": "PRAGMA user_version = 0",
    "version 1": "PRAGMA user_version = 1",
    "no version that was ever": "PRAGMA user_version = 258",
    "a negative version": "PRAGMA user_version = -3",
    "id that is a path": "UPDATE runs SET id = '../../' || id",
    "id that is a number": "UPDATE runs SET id = 7 WHERE name = 'First'",
    "no configuration": "UPDATE runs SET config = '{'",
    "configuration in bytes": "UPDATE runs SET config = x'ff00'",
    "text that is none": "UPDATE runs SET config = CAST(x'7bff7d' AS TEXT)",
    "no time": "UPDATE runs SET created = 'soon'",
    "a time without end": "UPDATE runs SET created = '0001-01-01T00:00:00+00:00'",
    "no status": "UPDATE runs SET status = 'gone'",
    "no data": "UPDATE runs SET data = '[]'",
    "no steps": "UPDATE runs SET steps = 'many'",
    "negative steps": "UPDATE runs SET steps = -1",
    "no name": "UPDATE runs SET name = '' WHERE name = 'First'",
    "two lines for a name": "UPDATE runs SET name = 'a' || char(10) WHERE name = 'First'",
    "text for a number": "UPDATE events SET step = 'x' || step",
    "events of nobody": "UPDATE events SET run = run + 10",
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_a_list_that_makes_no_sense_is_made_again(folder, database, statement):
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)
    before = database.read_bytes()
    check_all_there(folder, curves=False)
    for aside in folder.glob("*corrupt-1"):
        assert aside.read_bytes() == before


def test_curves_that_can_be_read_are_kept(folder, database):
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE runs SET config = 'x' WHERE name = 'First'")
        connection.execute("ALTER TABLE runs RENAME COLUMN notice TO remark")
        connection.execute("ALTER TABLE runs RENAME COLUMN remark TO notice")
        connection.execute("PRAGMA user_version = 1")
    store = RunStore(folder)
    first, second = store.find("First"), store.find("Second")
    assert len(store.history(first.id)) == 0
    assert len(store.history(second.id)) == STEPS + 1
    assert (second.steps_done, second.best_accuracy) == (STEPS, 0.9)


def test_an_event_that_makes_no_sense_is_left_out_and_told_once(folder, database):
    with closing(sqlite3.connect(database)) as connection, connection:
        for step, content in ((2, "'{'"), (3, "'[]'"), (4, "CAST(x'ff' AS TEXT)"), (5, "x'00'")):
            connection.execute(
                f"UPDATE events SET content = {content} WHERE step = {step} AND kind = 'batch'"
            )
        connection.execute(
            """UPDATE events SET content = replace(content, '0.01', '"slow"') WHERE step = 6"""
        )
    store = RunStore(folder)
    run = store.find("First")
    assert [row.step for row in store.history(run.id).batches] == [1, *range(7, STEPS + 1)]
    assert store.take_notice().fields == {"run": run.id, "count": 5}
    store.history(run.id)
    assert store.take_notice() is None


def test_a_description_that_makes_no_sense_is_left_out_by_name(folder, database):
    first, second = ids_in(folder)
    description = json.loads((folder / second / "run.json").read_text())
    changes = (
        {"created": "soon"},
        {"created": None},
        {"created": "9999-12-31T23:59:59+00:00"},
        {"steps": -1},
        {"steps": True},
        {"steps": 10**400},
        {"id": "../other"},
        {"id": 7},
        {"name": ""},
        {"name": "a\ud800"},
        {"name": ["x"]},
        {"data": []},
        {"data": {**description["data"], "classes": "ab"}},
        {"data": {**description["data"], "classes": ["a\udc80"]}},
        {"data": {**description["data"], "count": -2}},
        {"config": None},
        {"config": {"options": {"dropout": float("nan")}}},
        {"config": {"options": {"x": [[]]}, "epochs": 0}},
    )
    texts = ["", "{", "[" * 100_000, "null", '"run"', "\x00"]
    for text in (*texts, *(json.dumps(description | change) for change in changes)):
        for left in folder.glob("runs.sqlite*"):
            left.unlink()
        (folder / second / "run.json").write_text(text)
        store = RunStore(folder)
        assert [run.id for run in store.list()] == [first], text
        assert second in str(store.take_notice()), text
        with pytest.raises(DigitpadError):
            store.get(second)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_description_that_is_a_pipe_or_a_folder_is_not_waited_for(folder, database):
    first, second = ids_in(folder)
    for make in (os.mkfifo, os.mkdir):
        database.unlink()
        (folder / second / "run.json").unlink()
        make(folder / second / "run.json")
        assert [run.id for run in RunStore(folder).list()] == [first]
        place = folder / second / "run.json"
        place.rmdir() if place.is_dir() else place.unlink()
        place.write_text("{}")


@pytest.mark.parametrize("run_id", ["..", ".", "", "/etc", "a/b", "20261127-115040-67bf1G", "x\0"])
def test_only_an_id_becomes_a_path(folder, run_id):
    store = RunStore(folder)
    for call in (
        store.get,
        store.history,
        store.delete,
        store.model_path,
        store.checkpoint_path,
        store.load_checkpoint,
        lambda one: store.rename(one, "x"),
        lambda one: store.save_checkpoint(one, b"x"),
        lambda one: store.set_status(one, "failed"),
        lambda one: store.hold(one).__enter__(),
    ):
        with pytest.raises(DigitpadError, match="no run called"):
            call(run_id)
    assert len(ids_in(folder)) == 2


def test_an_id_that_became_another_is_put_right_with_its_curves(folder, database):
    first, _ = ids_in(folder)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "UPDATE runs SET id = ? WHERE id = ?",
            (first[:-1] + ("0" if first[-1] != "0" else "1"), first),
        )
    check_all_there(folder)


def test_a_run_that_is_lost_while_it_is_trained_is_found_again(folder, database):
    first, _ = ids_in(folder)
    store = RunStore(folder)
    with store.hold(first):
        store.set_status(first, "running")
        for left in folder.glob("runs.sqlite*"):
            left.unlink()
        store.add_events(first, [BatchDone(1, 1, {"loss": 0.5}, 32, 0.01)])
        store.set_status(first, "completed", "It is over.")
    assert (store.get(first).status, store.get(first).notice) == ("completed", "It is over.")
    assert len(store.list()) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix's limits")
@pytest.mark.parametrize("damage", ["nothing", "empty", "missing", "damaged", "version 1"])
def test_listing_needs_no_room_on_the_disk(folder, database, damage, tmp_path):
    if damage == "empty":
        database.write_bytes(b"")
    elif damage == "missing":
        database.unlink()
    elif damage == "damaged":
        database.write_bytes(b"x" * 5000)
    elif damage == "version 1":
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("PRAGMA user_version = 1")
    (tmp_path / "profile").mkdir()
    folder.rename(tmp_path / "profile" / "runs")
    program = (
        "import resource, sys\nfrom digitpad.cli import run\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "sys.exit(run(['--profile', sys.argv[1], 'train', '--list', '--json']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "profile")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1
    listed = [json.loads(line)["run"] for line in done.stdout.splitlines()]
    assert set(listed) == set(ids_in(tmp_path / "profile" / "runs"))


def test_a_log_that_is_left_is_read_where_nothing_can_be_written(folder, database, monkeypatch):
    """What a killed process has written stands in the log alone."""
    first, _ = ids_in(folder)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with connection:
            connection.execute("UPDATE runs SET name = 'Last' WHERE id = ?", (first,))
        shutil.copytree(folder, folder.with_name("copy"))
    copy = folder.with_name("copy")
    (copy / "runs.sqlite-shm").unlink(missing_ok=True)
    assert (copy / "runs.sqlite-wal").stat().st_size > 0
    connect = sqlite3.connect

    def full(path, *arguments, **options):
        connection = connect(path, *arguments, **options)
        if path == copy / "runs.sqlite":
            connection.set_authorizer(lambda *_: sqlite3.SQLITE_OK)
            connection.close()
            raise full_disk()
        return connection

    def full_disk():
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        return error

    monkeypatch.setattr(sqlite3, "connect", full)
    assert {run.name for run in RunStore(copy).list()} == {"Last", "Second"}


def test_what_is_left_of_a_deleted_run_goes(folder, monkeypatch):
    first, second = ids_in(folder)
    (folder / first / "checkpoint.safetensors").write_bytes(b"x")
    store = RunStore(folder)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store._list, "unlist", killed)
        with pytest.raises(KeyboardInterrupt):
            store.delete(first)
    assert [run.id for run in store.list()] == [second]
    # The next process removes it.
    again = RunStore(folder)
    assert [run.id for run in again.list()] == [second]
    assert [entry.name for entry in folder.iterdir() if entry.is_dir()] == [second]
    with closing(sqlite3.connect(folder / "runs.sqlite")) as connection:
        assert connection.execute("SELECT id FROM runs").fetchall() == [(second,)]


def test_a_run_that_was_never_begun_leaves_no_folder(folder):
    fresh, old, used = (f"20261127-11504{n}-67bf11" for n in range(3))
    for name in (fresh, old, used):
        (folder / name).mkdir()
        (folder / name / "lock").touch()
    (folder / used / "checkpoint.safetensors").write_bytes(b"x")
    for name in (old, used):
        os.utime(folder / name, (1e9, 1e9))
    assert len(RunStore(folder).list()) == 2
    assert (folder / fresh).is_dir()
    assert (folder / used).is_dir()
    assert not (folder / old).exists()


def test_a_model_alone_tells_of_its_run_by_a_name_of_its_own(folder, database):
    from test_run_store import write_model

    first, second = ids_in(folder)
    store = RunStore(folder)
    write_model(store, first, "Second")
    (folder / first / "run.json").unlink()
    database.unlink()
    runs = {run.id: run for run in RunStore(folder).list()}
    assert (runs[second].name, runs[first].status) == ("Second", "completed")
    assert runs[first].name == f"Second ({first})"
    assert replace(runs[first], name="x").has_model


def flips(size, stride, first):
    for number, offset in enumerate(range(first, size, stride)):
        yield offset, (0xFF, 1 << number // 2 % 8)[number % 2]


def check_flips(folder, database, stride, first=0):
    good, said, ids = database.read_bytes(), 0, set(ids_in(folder))
    for offset, mask in flips(len(good), stride, first):
        for left in folder.glob("runs.sqlite*"):
            left.unlink()
        changed = bytearray(good)
        changed[offset] ^= mask
        database.write_bytes(changed)
        store = RunStore(folder)
        try:
            assert {run.id for run in store.list()} == ids
            said += store.take_notice() is not None
            for run in store.list():
                assert store.find(run.name).id == run.id
                store.history(run.id)
                with store.hold(run.id):
                    store.set_status(run.id, "suspended")
            # Not again and again.
            assert len(list(folder.glob("*.corrupt-?"))) <= 1
        except BaseException as error:
            error.add_note(f"byte {offset} changed by {mask:#x}")
            raise
    return said


def test_one_damaged_byte_hides_no_run(folder, database):
    assert check_flips(folder, database, 211) > 10


@pytest.mark.nightly
def test_no_damaged_byte_hides_a_run(folder, database):
    # Every byte within five nights.
    check_flips(folder, database, 5, date.today().toordinal() % 5)


def test_a_list_of_the_field_that_has_one_damaged_byte(tmp_path):
    source = shared_folder() / "hostile" / "sqlite-one-byte" / "profile" / "runs"
    folder = shutil.copytree(source, tmp_path / "runs")
    store = RunStore(folder)
    assert [run.name for run in store.list()] == ["two", "one"]
    assert store.take_notice().fields["aside"].name == "runs.sqlite.corrupt-1"
    assert len(store.history(store.find("one").id)) == 6
