"""The Train tab of the whole program, used as a person would."""

import socket
import subprocess
import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from test_program import DIGITS, draw

from digitpad.data.choice import DataChoice
from digitpad.learning.configuration.config import Augmentation
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.runs.store import RunStore
from digitpad.paths import Profile
from digitpad.settings import load_settings

TRAINING_MS = 600_000

SMALL = replace(
    PRESETS["quick"].config,
    data=DataChoice("synthetic", count=1200),
    epochs=3,
    epoch_steps=0,
    outlier_share=0.0,
    batch_size=32,
    learning_rate=0.05,
    ema_steps=20,
    device="cpu",
)


def click(button) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def trainer(program):
    return program.train


@pytest.fixture
def program(open_program):
    program = open_program()
    draw(program.pad.canvas, DIGITS["7"])
    program.actions.pages[1].trigger()
    program.train.page.form.set_config(SMALL)
    return program


def run_to_the_end(qtbot, trainer) -> None:
    with qtbot.waitSignal(trainer.training.finished, timeout=TRAINING_MS):
        click(trainer.page.controls.start)


def test_somebody_trains_a_network_and_draws_with_it_and_goes_back(qtbot, program, trainer):
    page = trainer.page
    page.form.set_config(replace(SMALL, outlier_share=0.06))
    run_to_the_end(qtbot, trainer)
    run = page.runs.run
    assert (run.status, run.steps_done, run.has_model) == ("completed", run.steps, True)
    assert run.best_accuracy > 0.8
    assert run.name in page.progress.label.text()
    history = RunStore(trainer.profile.runs_dir).history(run.id)
    assert len(history.batches) == run.steps
    assert [row.epoch for row in history.epochs] == [1, 2, 3]
    assert history.validations
    qtbot.waitUntil(lambda: "epoch 3" in page.epochs.columns.accessibleDescription().lower())

    click(page.runs.use)
    qtbot.waitUntil(lambda: run.name in program.pad.model_line.label.text())
    assert program.pad.isVisible()
    assert program.pad.answer.big.text
    click(program.pad.model_line.button)
    qtbot.waitUntil(lambda: "Bundled" in program.pad.model_line.label.text())
    assert not program.pad.model_line.button.isVisible()
    assert program.pad.answer.big.text == "7"


def test_the_model_in_use_is_remembered(qtbot, open_program, trainer):
    run_to_the_end(qtbot, trainer)
    name = trainer.page.runs.run.name
    with qtbot.waitSignal(trainer.recognition.model_chosen):
        click(trainer.page.runs.use)
    trainer.page.window().close()
    qtbot.waitUntil(
        lambda: load_settings(trainer.profile.settings_path).settings.active_model == name
    )
    again = open_program()
    assert again.recognition.active.name == name
    assert name in again.pad.model_line.label.text()


def test_a_training_pauses_continues_and_stops_with_what_it_has(qtbot, program, trainer):
    page, training = trainer.page, trainer.training
    page.form.set_config(replace(SMALL, epochs=500))
    with qtbot.waitSignal(training.epoch_ended, timeout=TRAINING_MS):
        click(page.controls.start)
    assert page.form.config is not None
    click(page.controls.hold)
    assert training.state == "paused"
    qtbot.waitUntil(lambda: "paused" in page.progress.label.text())
    counted = []
    training.events.connect(counted.append)
    # What was under way when the button was pressed may still come; then all is still.
    qtbot.waitUntil(lambda: _is_still(qtbot, counted))
    with qtbot.waitSignal(training.events):
        click(page.controls.hold)
    # The pad reads meanwhile.
    program.actions.pages[0].trigger()
    assert program.window.progress.text().startswith("Training: ")
    program.pad_actions.clear.trigger()
    draw(program.pad.canvas, DIGITS["3"])
    assert program.pad.answer.big.text == "3"
    program.actions.pages[1].trigger()
    with qtbot.waitSignal(training.finished, timeout=TRAINING_MS):
        click(page.controls.stop)
    assert page.runs.run.status == "stopped"
    assert page.runs.run.has_model
    assert program.window.progress.text() == ""


def _is_still(qtbot, counted: list) -> bool:
    before = len(counted)
    qtbot.wait(300)
    return len(counted) == before


def test_a_loss_that_is_no_number_is_said_and_nothing_else_is_lost(qtbot, program, trainer):
    trainer.page.form.set_config(
        replace(
            SMALL, architecture="mlp", options={}, learning_rate=10.0, ema_steps=0, momentum=0.99
        )
    )
    run_to_the_end(qtbot, trainer)
    assert "Training stopped in epoch 1: the loss" in program.window.notices.text
    assert program.pad.answer.big.text == "7"


def test_data_that_is_not_there_is_said_and_the_next_choice_works(
    qtbot, program, trainer, tmp_path
):
    empty = tmp_path / "empty"
    empty.mkdir()
    trainer.page.form.set_config(replace(SMALL, data=DataChoice("pictures", str(empty))))
    run_to_the_end(qtbot, trainer)
    assert str(empty) in program.window.notices.text
    trainer.page.form.set_config(replace(SMALL, epochs=1))
    run_to_the_end(qtbot, trainer)
    assert trainer.page.runs.run.status == "completed"


def test_letters_are_trained_and_read_on_the_pad(qtbot, program, trainer, tmp_path):
    lines = []
    for word, strokes in {
        "bar": [[[50, 50], [0, 90]]],
        "vee": [[[0, 40, 80], [0, 90, 0]]],
        "box": [[[0, 90, 90, 0, 0], [0, 0, 90, 90, 0]]],
    }.items():
        lines += [f'{{"word": "{word}", "drawing": {strokes}}}'.replace("'", '"')] * 40
    path = tmp_path / "shapes.ndjson"
    path.write_text("\n".join(lines) + "\n")
    augmentation = Augmentation(rotation_degrees=8, scale=0.1)
    trainer.page.form.set_config(
        replace(SMALL, data=DataChoice("strokes", str(path)), epochs=8, augmentation=augmentation)
    )
    run_to_the_end(qtbot, trainer)
    with qtbot.waitSignal(trainer.recognition.model_changed):
        click(trainer.page.runs.use)
    assert program.pad.answer.bars.classes == ("bar", "box", "vee")
    program.pad_actions.clear.trigger()
    draw(program.pad.canvas, DIGITS["1"])
    # Sure or not: a network of eight short epochs may name a second shape.
    assert program.pad.answer.big.text.partition(",")[0] == "bar"


def test_the_data_is_looked_at_before_training(qtbot, trainer):
    page = trainer.page
    page.show_data()
    with qtbot.waitSignal(trainer.data.loaded, timeout=TRAINING_MS) as loaded:
        page.data.wanted.emit()
    sample, counts, *_ = loaded.args
    assert sum(counts) == 1200
    assert sample.classes == tuple("0123456789")
    assert len(sample.glyphs) == len(sample.labels) == 1200
    changed = trainer.data.augmented(sample.glyphs[:3], Augmentation(rotation_degrees=20))
    assert changed.shape == (3, 8, 28, 28)
    assert (changed != sample.glyphs[:3, None]).any(axis=(1, 2, 3)).all()


PROGRAM = """
import os, sys, threading, traceback
from dataclasses import replace
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from digitpad import cli
from digitpad.app import application
from digitpad.data.choice import DataChoice
from digitpad.learning.runs.store import RunStore

folder, moment, kind, server = sys.argv[1:]
# As in the tests beside this process.
os.sched_getaffinity = lambda process: {0}

class Person(QObject):
    saving = Signal()
    def __init__(self, program):
        super().__init__()
        self.program = program
        program.recognition.ready.connect(self.start)
    @Slot()
    def start(self):
        try:
            self.train()
        except BaseException:
            # Nobody would close the dialog of an error.
            traceback.print_exc()
            os._exit(1)
    def train(self):
        window = self.program.window
        trainer = self.program.show_train()
        config = trainer.page.form.config
        trainer.page.form.set_config(replace(
            config,
            data=DataChoice(kind, count=600),
            epochs=2,
            epoch_steps=0,
            outlier_share=0.0,
            batch_size=32,
            ema_steps=20,
        ))
        signal = getattr(trainer.training, moment, None)
        if moment == "saving":
            self.saving.connect(window.close)
            save = RunStore.save_checkpoint
            def save_slowly(*arguments):
                # On the training's thread: the window closes in the middle of it.
                self.saving.emit()
                self.program.closed.wait(60)
                save(*arguments)
            RunStore.save_checkpoint = save_slowly
        elif signal is None:
            QTimer.singleShot(int(moment), window.close)
        else:
            signal.connect(window.close)
        if server:
            from digitpad.data.public.torchvision_import import datasets
            datasets.MNIST.mirrors = [server]
        trainer.page.controls.start.click()

build = application.Program.__init__
def watched(program, *arguments):
    build(program, *arguments)
    program.closed = threading.Event()
    program.person = Person(program)
    leave = program.shutdown
    def shutdown():
        program.closed.set()
        leave()
    program.shutdown = shutdown
application.Program.__init__ = watched
sys.exit(cli.run(["--profile", folder]))
"""


def run_program(tmp_path, moment: str, kind: str = "synthetic", server: str = "") -> None:
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", PROGRAM, str(tmp_path), moment, kind, server],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert "QThread" not in result.stderr
    assert not list((tmp_path / "reports").iterdir())
    # That a run was suspended is noted, and nothing else.
    log = tmp_path / "digitpad.log"
    lines = log.read_text().splitlines() if log.exists() else []
    assert [line for line in lines if not line.endswith(" is suspended.")] == []


@pytest.mark.parametrize(
    "moment",
    [
        "saving",
        *(
            pytest.param(moment, marks=pytest.mark.slow)
            for moment in (
                "0",
                "300",
                "events",
                "loading",
                "begun",
                "started",
                "epoch_ended",
                "finished",
            )
        ),
    ],
)
def test_closing_while_a_network_is_trained_ends_with_code_0_and_loses_nothing(tmp_path, moment):
    run_program(tmp_path, moment)
    store = RunStore(Profile(tmp_path).runs_dir)
    for run in store.list():
        assert run.is_resumable or run.status == "completed"
        if moment in {"events", "epoch_ended", "saving"}:
            # Not even the steps of a broken epoch are lost.
            assert store.checkpoint_path(run.id).is_file()
            assert len(store.history(run.id).batches) == run.steps_done > 0


@pytest.mark.slow
def test_closing_while_a_server_keeps_a_download_waiting_ends_with_code_0(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        run_program(tmp_path, "loading", "mnist", f"http://127.0.0.1:{port}/")
    (run,) = RunStore(Profile(tmp_path).runs_dir).list()
    assert run.is_resumable
    assert run.steps_done == 0


@pytest.mark.slow
def test_a_training_that_was_closed_is_resumed_where_it_was(qtbot, open_program, tmp_path):
    run_program(tmp_path, "events")
    done = RunStore(Profile(tmp_path).runs_dir).list()[0].steps_done
    program = open_program()
    trainer = program.show_train()
    page, training = trainer.page, trainer.training
    with (
        qtbot.waitSignal(training.finished, timeout=TRAINING_MS),
        qtbot.waitSignal(training.started, timeout=TRAINING_MS) as started,
    ):
        click(page.runs.resume)
    assert started.args[0].done == done
    assert page.runs.run.status == "completed"
    history = RunStore(Profile(tmp_path).runs_dir).history(page.runs.run.id)
    assert [row.step for row in history.batches] == list(range(1, page.runs.run.steps + 1))
