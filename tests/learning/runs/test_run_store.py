import errno
import json
import math
import os
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from sentences import raises_error
from training_run_kit import suspended_run

from digitpad.data.choice import DataChoice
from digitpad.errors import DigitpadError
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.events import BatchDone, EpochDone, Validated
from digitpad.learning.runs.run import DataMark
from digitpad.learning.runs.store import RunStore
from digitpad.recognition.model_file import Model, save_model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.networks import build_network

FULL = os.strerror(errno.ENOSPC)
TAKEN = "There is a run called {name!r} already"
HELD = "The run {name!r} is being trained by another"
MARK = DataMark("Bars", ("flat", "tall"), 200, "abc")

# Holds a run until its standard input ends.
HOLDER = """
import sys
from pathlib import Path
from digitpad.learning.runs.store import RunStore
store, run = RunStore(Path(sys.argv[1])), sys.argv[2]
with store.hold(run):
    store.set_status(run, "running")
    print("held", flush=True)
    sys.stdin.read()
"""

WRITER = """
import sys
from pathlib import Path
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.events import BatchDone
from digitpad.learning.runs.store import RunStore
store = RunStore(Path(sys.argv[1]))
with store.begin(TrainingConfig()) as run:
    for step in range(1, 41):
        store.add_events(run.id, [BatchDone(step, 1, {"loss": 0.5}, 32, 0.01)])
"""


def batch(step: int, loss: float = 0.5, epoch: int = 1) -> BatchDone:
    return BatchDone(
        step, epoch, {"loss": loss, "accuracy": 0.75, "learning_rate": 0.004}, 32, 0.01
    )


def validated(step: int, epoch: int, loss: float, accuracy: float) -> Validated:
    return Validated(step, epoch, {"loss": loss, "accuracy": accuracy})


def epoch_done(step: int, epoch: int, accuracy: float, *, is_best: bool) -> EpochDone:
    metrics = {"loss": 0.3, "accuracy": 0.9, "learning_rate": 0.004}
    return EpochDone(step, epoch, metrics, {"loss": 0.2, "accuracy": accuracy}, 1.5, is_best)


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


@pytest.fixture
def holder(store):
    """Starts a process that holds a run."""
    started = []

    def start(run_id):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(store.folder), run_id],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def write_model(store, run_id, name="A model"):
    options = {"widths": [1, 1, 1, 1]}
    info = ModelInfo(
        name,
        "padnet",
        ("flat", "tall"),
        options,
        metrics={"validation": {"Bars": {"accuracy": 0.75, "loss": 0.5}}},
        origin={"config": TrainingConfig(seed=9).to_json()},
    )
    path = store.model_path(run_id)
    save_model(Model(info, build_network("padnet", 2, options).eval()), path)


def test_an_empty_store_is_empty_and_leaves_no_trace(store):
    assert store.list() == ()
    with raises_error("There is no run called {run!r}", run="x"):
        store.get("x")
    assert not store.folder.exists()


def test_a_run_begins_running_and_is_never_seen_otherwise(store):
    seen = []

    def see(connection):
        seen.extend(connection.execute("SELECT status FROM runs").fetchall())

    with store.begin(TrainingConfig(), "Mine") as run:
        assert run.status == "running"
        assert store.get(run.id) == run
        store._list.read(see)
        other = RunStore(store.folder)
        assert [found.status for found in other.list()] == ["running"]
        with pytest.raises(DigitpadError) as refusal, other.hold(run.id):
            pass
        assert refusal.value.fields == {"name": "Mine"}
    assert seen == [("running",)]
    # Who left it without a word was interrupted.
    assert (store.get(run.id).status, store.get(run.id).is_resumable) == ("interrupted", True)


def test_a_name_that_is_taken_leaves_no_trace_of_the_run(store):
    run = suspended_run(store, TrainingConfig(), "Mine")
    with raises_error(TAKEN, name="Mine"), store.begin(TrainingConfig(), "Mine"):
        pass
    assert store.list() == (run,)
    assert [entry.name for entry in store.folder.iterdir() if entry.is_dir()] == [run.id]


def test_a_new_run_can_begin(store):
    config = TrainingConfig(seed=5, options={"dropout": 0.2})
    before = datetime.now(UTC)
    run = suspended_run(store, config)
    assert before <= run.created <= datetime.now(UTC)
    assert (run.status, run.is_resumable, run.has_model) == ("suspended", True, False)
    assert (run.config, run.classes, run.steps, run.steps_done) == (config, (), 0, 0)
    assert (run.best_accuracy, run.best_epoch, run.notice) == (None, None, None)
    assert RunStore(store.folder).get(run.id) == run


def test_runs_are_listed_with_the_newest_first_and_found_by_name(store):
    runs = [suspended_run(store, TrainingConfig()) for _ in range(3)]
    assert store.list() == tuple(reversed(runs))
    assert len({run.id for run in runs}) == 3
    assert store.find(runs[1].name) == store.find(runs[1].id) == runs[1]


def test_names_say_what_is_trained_and_are_free(store):
    assert suspended_run(store, TrainingConfig(architecture="quicknet")).name == "MNIST, quicknet 1"
    second = suspended_run(store, TrainingConfig(architecture="quicknet"))
    assert second.name == "MNIST, quicknet 2"
    choice = DataChoice("pictures", "/somewhere/letters")
    assert suspended_run(store, TrainingConfig(data=choice)).name == "letters, padnet 1"
    store.rename(second.id, "Mine")
    assert suspended_run(store, TrainingConfig(architecture="quicknet")).name == "MNIST, quicknet 2"


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines", "\0"])
def test_a_name_that_cannot_be_used_is_refused(store, name):
    run = suspended_run(store, TrainingConfig(), "Good")
    for call in (
        lambda: suspended_run(store, TrainingConfig(), name),
        lambda: store.rename(run.id, name),
    ):
        with raises_error("A run cannot be called {name}", length=100):
            call()
    assert [run.name for run in store.list()] == ["Good"]


def test_a_name_is_given_once(store):
    suspended_run(store, TrainingConfig(), "Mine")
    other = suspended_run(store, TrainingConfig(), " Other ")
    assert other.name == "Other"
    with raises_error(TAKEN, name="Mine"):
        suspended_run(store, TrainingConfig(), "Mine")
    with raises_error(TAKEN, name="Mine"):
        store.rename(other.id, "Mine")
    assert store.rename(other.id, "Other").name == "Other"


def test_a_history_comes_back_as_it_was_written(store):
    run = suspended_run(store, TrainingConfig())
    rows = [batch(1, math.nan), batch(2), validated(2, 1, 0.25, 0.5)]
    rows.append(epoch_done(2, 1, 0.875, is_best=True))
    store.add_events(run.id, rows)
    store.add_events(run.id, [batch(3, math.inf, 2), epoch_done(3, 2, 0.8, is_best=False)])
    history = store.history(run.id)
    assert math.isnan(history.batches[0].metrics["loss"])
    assert history.batches[1:] == [rows[1], batch(3, math.inf, 2)]
    assert history.validations == [rows[2]]
    assert history.epochs == [rows[3], epoch_done(3, 2, 0.8, is_best=False)]
    assert history.epochs[0].is_best is True
    shown = store.get(run.id)
    assert (shown.steps_done, shown.best_accuracy, shown.best_epoch) == (3, 0.875, 1)


def test_metrics_that_are_no_numbers_come_back_so(store):
    run = suspended_run(store, TrainingConfig())
    store.add_events(run.id, [batch(1, math.nan), validated(1, 1, math.nan, -math.inf)])
    store.add_events(run.id, [epoch_done(1, 1, math.nan, is_best=True)])
    history = store.history(run.id)
    assert math.isnan(history.batches[0].metrics["loss"])
    assert math.isnan(history.validations[0].validation["loss"])
    assert history.validations[0].validation["accuracy"] == -math.inf
    assert math.isnan(history.epochs[0].validation["accuracy"])
    # Without validation there is a best epoch, and no accuracy of it.
    shown = store.get(run.id)
    assert (shown.best_accuracy, shown.best_epoch) == (None, 1)


def test_a_run_goes_back_to_a_step(store):
    run = suspended_run(store, TrainingConfig())
    other = suspended_run(store, TrainingConfig())
    for each in (run, other):
        store.add_events(each.id, [batch(step) for step in range(1, 11)])
        store.add_events(each.id, [validated(step, 1, 0.1, 0.9) for step in (3, 6, 9)])
        store.add_events(each.id, [epoch_done(10, 1, 0.9, is_best=True)])
    store.truncate(run.id, 6)
    history = store.history(run.id)
    assert [row.step for row in history.batches] == [1, 2, 3, 4, 5, 6]
    # What is measured between two steps is measured again before the next one.
    assert [row.step for row in history.validations] == [3]
    assert history.epochs == []
    assert store.get(run.id).best_accuracy is None
    assert len(store.history(other.id).batches) == 10
    store.add_events(run.id, [batch(6, 0.125)])
    assert store.history(run.id).batches[-1].metrics["loss"] == 0.125


def test_events_of_no_run_are_refused(store):
    suspended_run(store, TrainingConfig())
    for call in (
        lambda: store.add_events("x", [batch(1)]),
        lambda: store.history("x"),
        lambda: store.rename("x", "y"),
        lambda: store.delete("x"),
        lambda: store.set_status("x", "running"),
    ):
        with raises_error("There is no run called {run!r}", run="x"):
            call()
    assert not (store.folder / "x").exists()


def test_a_finished_run_keeps_its_model_and_not_its_checkpoint(store):
    run = suspended_run(store, TrainingConfig())
    store.set_data(run.id, MARK)
    store.set_steps(run.id, 10)
    store.save_checkpoint(run.id, b"checkpoint")
    assert store.load_checkpoint(run.id) == b"checkpoint"
    write_model(store, run.id)
    done = store.finish(run.id, "completed", None, 0.75, 2)
    assert store.load_checkpoint(run.id) is None
    assert (done.status, done.has_model, done.is_resumable) == ("completed", True, False)
    assert (done.best_accuracy, done.best_epoch, done.steps) == (0.75, 2, 10)
    assert (done.data, done.classes) == (MARK, ("flat", "tall"))


def test_a_failed_run_can_go_on_from_a_checkpoint_alone(store):
    run = suspended_run(store, TrainingConfig())
    store.set_status(run.id, "failed", "The disk is full.")
    assert store.get(run.id).notice == "The disk is full."
    assert not store.get(run.id).is_resumable
    store.save_checkpoint(run.id, b"checkpoint")
    assert store.get(run.id).is_resumable


def test_delete_takes_everything_away(store):
    run = suspended_run(store, TrainingConfig())
    kept = suspended_run(store, TrainingConfig())
    for each in (run, kept):
        store.add_events(each.id, [batch(1)])
        write_model(store, each.id)
    store.delete(run.id)
    assert store.list() == (store.get(kept.id),)
    assert not store.model_path(run.id).parent.exists()
    assert store.model_path(kept.id).is_file()
    with sqlite3.connect(store.folder / "runs.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (1,)
    connection.close()


def test_a_run_that_another_process_trains_is_left_alone(store, holder):
    run = suspended_run(store, TrainingConfig())
    process = holder(run.id)
    assert (store.get(run.id).status, store.get(run.id).is_resumable) == ("running", False)
    assert store.rename(run.id, "While it runs").name == "While it runs"
    process.stdin.close()
    assert process.wait() == 0
    assert store.get(run.id).status == "interrupted"


def test_a_run_that_somebody_holds_can_neither_be_held_nor_deleted(store, holder, monkeypatch):
    monkeypatch.setattr("digitpad.learning.runs.folders._LOCK_SECONDS", 0.01)
    run = suspended_run(store, TrainingConfig())
    holder(run.id)
    with raises_error(HELD, name=run.name), store.hold(run.id):
        pass
    with raises_error(HELD, name=run.name):
        store.delete(run.id)
    assert store.get(run.id).status == "running"


def test_a_run_whose_process_was_killed_was_interrupted(store, holder):
    run = suspended_run(store, TrainingConfig())
    process = holder(run.id)
    process.kill()
    process.wait()
    shown = store.get(run.id)
    assert (shown.status, shown.is_resumable) == ("interrupted", True)
    with store.hold(run.id):
        assert store.get(run.id).status == "running"


def test_a_hold_may_end_on_another_thread(store):
    run = suspended_run(store, TrainingConfig())

    def hold():
        with store.hold(run.id):
            yield

    held = hold()
    next(held)
    thread = threading.Thread(target=held.close)
    thread.start()
    thread.join()
    with store.hold(run.id):
        pass


def test_several_processes_write_at_once(store):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(store.folder)]) for _ in range(3)
    ]
    assert [process.wait() for process in writers] == [0, 0, 0]
    runs = store.list()
    assert {run.name for run in runs} == {f"MNIST, padnet {i}" for i in (1, 2, 3)}
    for run in runs:
        assert [row.step for row in store.history(run.id).batches] == list(range(1, 41))


def filled(store):
    """A finished run, one with a checkpoint, one that has a model and no description."""
    finished, halfway, bare = (
        suspended_run(store, TrainingConfig(seed=seed)) for seed in (1, 2, 3)
    )
    for run in (finished, halfway):
        store.set_data(run.id, MARK)
        store.set_steps(run.id, 3000)
        store.add_events(run.id, [batch(step) for step in range(1, 2000)])
    write_model(store, finished.id)
    store.finish(finished.id, "completed", None, 0.75, 1)
    store.save_checkpoint(halfway.id, b"checkpoint")
    store.rename(halfway.id, "Half way")
    write_model(store, bare.id, "Without description")
    (store.folder / bare.id / "run.json").unlink()
    return finished, halfway, bare


def damage_all(path):
    path.write_bytes(b"this is no database" * 100)


def damage_the_head(path):
    with path.open("r+b") as file:
        file.write(b"\xff" * 30)


def damage_the_middle(path):
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [damage_all, damage_the_head, damage_the_middle, cut])
def test_a_damaged_database_is_put_aside_and_runs_are_found_again(store, damage, caplog):
    finished, halfway, bare = filled(store)
    path = store.folder / "runs.sqlite"
    damage(path)
    damaged = path.read_bytes()
    again = RunStore(store.folder)
    runs = {run.id: run for run in again.list()}
    aside = store.folder / "runs.sqlite.corrupt-1"
    assert aside.read_bytes() == damaged
    notice = again.take_notice()
    assert notice.fields["aside"] == aside
    assert notice.fields["count"] == 3
    assert caplog.messages == [str(notice)]
    assert again.take_notice() is None
    assert runs[finished.id].name == finished.name
    assert (runs[finished.id].status, runs[finished.id].best_accuracy) == ("completed", 0.75)
    assert runs[finished.id].created == finished.created
    assert (runs[halfway.id].name, runs[halfway.id].is_resumable) == ("Half way", True)
    assert (runs[halfway.id].data, runs[halfway.id].config) == (MARK, halfway.config)
    assert runs[halfway.id].steps == 3000
    assert (runs[bare.id].name, runs[bare.id].config.seed) == ("Without description", 9)
    # The second one gets a name of its own.
    again.add_events(halfway.id, [batch(1)])
    damage_all(path)
    assert len(again.list()) == 3
    assert (store.folder / "runs.sqlite.corrupt-2").exists()


def test_damage_is_repaired_while_a_run_is_written(store):
    run = suspended_run(store, TrainingConfig())
    with store.hold(run.id):
        store.set_status(run.id, "running")
        damage_all(store.folder / "runs.sqlite")
        store.add_events(run.id, [batch(1)])
        assert store.take_notice().fields["aside"].name == "runs.sqlite.corrupt-1"
    assert [row.step for row in store.history(run.id).batches] == [1]


def test_folders_that_tell_of_no_run_are_left_alone(store):
    run = suspended_run(store, TrainingConfig())
    (store.folder / "notes").mkdir()
    (store.folder / "copy").mkdir()
    description = (store.folder / run.id / "run.json").read_text()
    (store.folder / "copy" / "run.json").write_text(description)
    for content in ("", "[]", "{}", json.dumps({**json.loads(description), "created": "soon"})):
        (store.folder / "notes" / "run.json").write_text(content)
        damage_all(store.folder / "runs.sqlite")
        assert [found.id for found in store.list()] == [run.id]
    assert (store.folder / "notes").is_dir()


def test_a_newer_format_gives_a_sentence_and_stays_as_it_is(store):
    suspended_run(store, TrainingConfig())
    with sqlite3.connect(store.folder / "runs.sqlite") as connection:
        connection.execute("PRAGMA user_version = 7")
        connection.execute(f"PRAGMA application_id = {0x44670000 + 7}")
    connection.close()
    for call in (store.list, lambda: suspended_run(store, TrainingConfig())):
        with raises_error(
            "The file {path} has the format {version}", path="runs.sqlite", version=7
        ):
            call()
    assert not list(store.folder.glob("*corrupt*"))


def test_a_run_with_settings_of_a_newer_version_is_left_out(store):
    kept = suspended_run(store, TrainingConfig())
    other = suspended_run(store, TrainingConfig())
    with sqlite3.connect(store.folder / "runs.sqlite") as connection:
        connection.execute("UPDATE runs SET config = '{\"warp\": 9}' WHERE id = ?", (other.id,))
    connection.close()
    description = store.folder / other.id / "run.json"
    description.write_text(
        json.dumps({**json.loads(description.read_text()), "config": {"warp": 9}})
    )
    assert store.list() == (kept,)
    assert store.take_notice().fields == {"names": repr(other.name)}
    assert store.list() == (kept,)
    assert store.take_notice() is None
    with raises_error("The run {run!r} cannot be read.", run=other.name):
        store.get(other.id)


def test_a_place_that_is_no_folder_gives_a_sentence(tmp_path):
    (tmp_path / "runs").write_text("a file")
    with raises_error("The folder of the run {folder} cannot be written"):
        suspended_run(RunStore(tmp_path / "runs"), TrainingConfig())


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere"
)
def test_a_folder_that_may_not_be_written_gives_a_sentence(store):
    run = suspended_run(store, TrainingConfig())
    for folder in (store.folder / run.id, store.folder):
        folder.chmod(0o500)
    try:
        for call in (
            lambda: suspended_run(store, TrainingConfig()),
            lambda: store.save_checkpoint(run.id, b"x"),
            lambda: store.delete(run.id),
        ):
            with raises_error() as refusal:
                call()
            assert "permissions" in refusal.value.template
    finally:
        for folder in (store.folder, store.folder / run.id):
            folder.chmod(0o700)
    assert store.get(run.id) == run


def test_a_full_disk_gives_a_sentence_and_keeps_what_is_there(store, monkeypatch):
    run = suspended_run(store, TrainingConfig())
    store.add_events(run.id, [batch(1)])
    store.save_checkpoint(run.id, b"first")
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
        with raises_error(
            "The file {path} cannot be used", path="runs.sqlite", reason="the disk is full"
        ):
            store.add_events(run.id, [batch(step) for step in range(2, 5000)])
        with raises_error(
            "{path} could not be written", path="checkpoint.safetensors", reason=FULL
        ):
            store.save_checkpoint(run.id, b"second")
    assert [row.step for row in store.history(run.id).batches] == [1]
    assert store.load_checkpoint(run.id) == b"first"


def test_a_run_whose_folder_cannot_be_made_is_not_begun(store, monkeypatch):
    def fsync(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with raises_error("{path} could not be written", path="run.json", reason=FULL):
            suspended_run(store, TrainingConfig())
    assert store.list() == ()
