"""A profile of version 0.1: its runs are listed, shown, resumed and published."""

import csv
import io
import math
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import torch
from training_run_kit import stores, train

from digitpad.learning.checkpoint import Checkpoint
from digitpad.learning.runs.publish import publish_model
from digitpad.learning.runs.run import Begun, ModelReady
from digitpad.recognition.model_file import load_model
from digitpad.settings import load_settings

FILES = Path(__file__).parents[2] / "files" / "v0.1"


@pytest.fixture
def profile(tmp_path):
    return shutil.copytree(FILES / "profile", tmp_path / "profile")


@pytest.fixture
def store(profile):
    return stores(profile)[0]


@pytest.fixture
def models(profile):
    return stores(profile)[1]


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_its_runs_are_listed(store):
    finished, suspended = store.list()
    assert (finished.name, finished.status, finished.has_model) == ("Finished", "completed", True)
    assert (finished.steps, finished.steps_done, finished.best_epoch) == (27, 27, 3)
    assert finished.best_accuracy == pytest.approx(23 / 30)
    assert (suspended.name, suspended.status) == ("Half way", "suspended")
    assert (suspended.steps, suspended.steps_done, suspended.is_resumable) == (40, 25, True)
    assert (suspended.best_accuracy, suspended.best_epoch) == (0.575, 2)
    assert (suspended.config.ema_steps, suspended.config.monitor) == (5, "loss")
    assert suspended.classes == tuple("0123456789")


@pytest.mark.parametrize(
    ("name", "file"), [("Finished", "finished.csv"), ("Half way", "suspended.csv")]
)
def test_its_curves_have_the_same_numbers(store, name, file):
    history = store.history(store.find(name).id)
    expected = (FILES / file).read_text()
    rows = list(csv.DictReader(expected.splitlines()))
    # Metrics of later versions have columns beside them, which are empty here.
    known = io.StringIO(newline="")
    writer = csv.DictWriter(known, list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    for row in csv.DictReader(io.StringIO(history.to_csv(), newline="")):
        writer.writerow(row)
        assert not any(value for column, value in row.items() if column not in rows[0])
    assert known.getvalue() == expected.replace("\r\n", "\n").replace("\n", "\r\n")
    assert history.to_csv().count("\r\n") == len(rows) + 1
    assert [str(row.metrics["loss"]) for row in history.batches] == [row["loss"] for row in rows]
    validated = {row.step for row in (*history.validations, *history.epochs)}
    assert validated == {int(row["step"]) for row in rows if row["validation_loss"]}
    assert [row.step for row in history.epochs] == [
        step for step in range(1, len(rows) + 1) if step % (9 if name == "Finished" else 10) == 0
    ]


def test_the_tables_are_those_of_a_new_profile(store, tmp_path):
    def tables(path):
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
        return ["".join((sql or "").split()) for (sql,) in found]

    store.list()
    other = stores(tmp_path / "other")[0]
    with other.begin(store.list()[0].config):
        pass
    assert tables(store.folder / "runs.sqlite") == tables(other.folder / "runs.sqlite")


def test_numbers_that_were_none_stay_so(profile, store):
    with closing(sqlite3.connect(profile / "runs" / "runs.sqlite")) as connection, connection:
        connection.execute("UPDATE batches SET loss = NULL WHERE step = 1")
    losses = [row.metrics["loss"] for row in store.history(store.find("Finished").id).batches]
    assert math.isnan(losses[0])
    assert not math.isnan(losses[1])


def test_its_checkpoint_is_read(store):
    content = store.load_checkpoint(store.find("Half way").id)
    checkpoint = Checkpoint.from_bytes(content, "memory")
    progress = checkpoint.progress
    assert (progress.step, progress.epoch, progress.batch, progress.best_epoch) == (25, 3, 5, 2)
    assert progress.epochs_without_improvement == 0
    assert progress.counted == 80
    assert Checkpoint.from_bytes(checkpoint.to_bytes(), "memory").progress == progress


def test_what_was_suspended_is_resumed_to_its_end(profile, store, models):
    run = store.find("Half way")
    before = store.history(run.id)
    begun, *_, ready = train(run.config, store, models, profile / "data", resume=run.id)
    assert isinstance(begun, Begun)
    assert begun.history.since(0) == before.since(0)
    assert isinstance(ready, ModelReady)
    assert (ready.run.status, ready.run.steps_done) == ("completed", 40)
    history = store.history(run.id)
    assert [row.step for row in history.batches] == list(range(1, 41))
    assert history.batches[:25] == before.batches
    assert [row.epoch for row in history.epochs] == [1, 2, 3, 4]
    assert load_model(ready.path).info.classes == run.classes


def test_what_was_finished_is_published(profile, store, models):
    run = store.find("Finished")
    # Its model is there already, and in use.
    assert load_settings(profile / "settings.json").settings.active_model == "Finished"
    assert publish_model(run, store, models) == "Finished"
    (profile / "models" / "Finished.safetensors").unlink()
    assert publish_model(run, store, models) == "Finished"
    assert load_model(models.find("Finished")).info.metrics["validation"]
