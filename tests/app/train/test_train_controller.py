"""The page and its controller, with runs on disk and without any training."""

import re
from dataclasses import replace

import pytest
from fakes import DIGITS, FakePredictor, prediction, recognition
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QInputDialog,
    QLabel,
    QMessageBox,
)
from sample_kit import sample
from train_actions import ICONS, shown_actions
from training_run_kit import suspended_run

from digitpad.app.services.recognition import ActiveModel, RecognitionService
from digitpad.app.services.teaching import TeachingService
from digitpad.app.settings_store import SettingsStore
from digitpad.app.train.dataset.controller import loading_text
from digitpad.app.train.form.editors import NumberEdit
from digitpad.app.train.tab import TrainTab
from digitpad.data.choice import DataChoice
from digitpad.data.loading import Loading
from digitpad.data.public.presence import FILES
from digitpad.errors import DigitpadError
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.events import BatchDone, EpochDone, History, Started
from digitpad.learning.retraining.comparison import Comparison, Tally
from digitpad.learning.runs.run import Begun, DataMark
from digitpad.learning.runs.store import RunStore
from digitpad.paths import Profile
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.model_store import BUNDLED, ModelStore, bundled_model_path
from digitpad.recognition.networks import build_network
from digitpad.settings import Settings

OPTIONS = {"widths": [2, 2, 2, 2]}
CONFIG = PRESETS["balanced"].config


@pytest.fixture
def runs(tmp_path):
    return RunStore(Profile(tmp_path).runs_dir)


@pytest.fixture
def make_trainer(qtbot, tmp_path):
    made = []

    def make(found=None, problem="") -> TrainTab:
        def find(name):
            if found is None:
                raise DigitpadError("There is no such model.")
            return ActiveModel(found, name, name, DIGITS)

        def load():
            if problem:
                raise DigitpadError(problem)
            return ActiveModel(FakePredictor())

        service = RecognitionService(load, lambda: None, find=find)
        profile = Profile(tmp_path)
        models = ModelStore(profile.models_dir, bundled_model_path())
        settings = SettingsStore(Settings(), profile.settings_path)
        teaching = TeachingService(profile, service)
        trainer = TrainTab(profile, models, service, teaching, settings, shown_actions(), ICONS)
        qtbot.addWidget(trainer.page)
        trainer.teaching = teaching
        made.append((trainer, service, teaching, settings))
        with qtbot.waitSignal(service.failed if problem else service.ready):
            service.start()
        trainer.controller.start()
        trainer.page.resize(1000, 640)
        with qtbot.waitExposed(trainer.page):
            trainer.page.show()
        return trainer

    yield make
    for trainer, service, teaching, settings in made:
        settings.save_waiting()
        trainer.shutdown()
        teaching.shutdown()
        service.shutdown()


def steps(first: int, last: int) -> list[BatchDone]:
    return [BatchDone(i, 1 + i // 6, {"loss": 1 / i}, 32, 0.1) for i in range(first, last + 1)]


def happen(trainer: TrainTab, *items: object) -> None:
    """As if the other thread had done this."""
    for item in items:
        trainer.training._on_produced(item)


def finished(runs: RunStore, name: str, comparison=None):
    run = suspended_run(runs, CONFIG, name)
    runs.set_steps(run.id, 10)
    epoch = EpochDone(10, 1, {"loss": 0.3}, {"loss": 0.2, "accuracy": 0.95}, 1.0, True)
    runs.add_events(run.id, [*steps(1, 10), epoch])
    path = runs.model_path(run.id)
    if comparison is not None:
        runs.keep_comparison(run.id, comparison)
    info = ModelInfo(name, "padnet", DIGITS, OPTIONS)
    save_model(Model(info, build_network("padnet", 10, OPTIONS).eval()), path)
    return runs.finish(run.id, "completed", None, 0.95, 1)


def test_the_newest_run_is_shown_when_the_page_opens(runs, make_trainer):
    finished(runs, "older")
    finished(runs, "newer")
    page = make_trainer().page
    assert page.runs.run.name == "newer"
    # A line never ends between a number and its sign.
    assert page.progress.label.text() == "newer: validation accuracy 95.00\u00a0%"


def test_a_run_is_renamed_and_deleted_only_when_that_is_meant(qtbot, runs, make_trainer):
    finished(runs, "mine")
    page = make_trainer().page

    page.commands.rename.trigger()
    dialog = page.findChild(QInputDialog)
    dialog.setTextValue("ours")
    dialog.accept()
    assert page.runs.run.name == "ours"

    page.commands.delete.trigger()
    page.findChild(QMessageBox).reject()
    assert [run.name for run in runs.list()] == ["ours"]
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is None)
    page.commands.delete.trigger()
    page.findChild(QMessageBox).accept()
    assert runs.list() == ()
    assert page.runs.run is None
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is None)


def test_a_question_is_about_the_run_it_named_whatever_is_shown_by_then(qtbot, runs, make_trainer):
    finished(runs, "other")
    meant = finished(runs, "meant")
    trainer = make_trainer()
    page = trainer.page

    page.commands.rename.trigger()
    show_first(runs, page, "other")
    dialog = page.findChild(QInputDialog)
    dialog.setTextValue("renamed")
    dialog.accept()
    assert {run.name for run in runs.list()} == {"other", "renamed"}
    assert runs.get(meant.id).name == "renamed"

    show_first(runs, page, "renamed")
    page.commands.delete.trigger()
    show_first(runs, page, "other")
    page.findChild(QMessageBox).accept()
    assert [run.name for run in runs.list()] == ["other"]
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is None)


def show_first(runs: RunStore, page, name: str) -> None:
    page.runs.show_runs(runs.list(), runs.find(name))


def test_a_name_that_is_taken_is_refused_with_a_sentence(qtbot, runs, make_trainer):
    finished(runs, "first")
    finished(runs, "second")
    trainer = make_trainer()
    trainer.page.commands.rename.trigger()
    dialog = trainer.page.findChild(QInputDialog)
    dialog.setTextValue("first")
    with qtbot.waitSignal(trainer.controller.noticed) as noticed:
        dialog.accept()
    assert "first" in noticed.args[0]
    assert trainer.page.runs.run.name == "second"


def test_the_form_takes_the_settings_of_a_run(runs, make_trainer):
    finished(runs, "balanced")
    page = make_trainer().page
    quick = PRESETS["quick"].config
    assert page.form.config == replace(quick, data=DataChoice("mnist-excerpt"))
    page.commands.settings.trigger()
    assert page.form.config == CONFIG


def test_small_data_that_an_epoch_goes_through_several_times_is_said(runs, make_trainer):
    trainer = make_trainer()
    run = suspended_run(runs, CONFIG, "now")
    label = trainer.page.progress.label
    happen(trainer, Begun(run, History()), Started(4, 10, 100), steps(1, 1))
    assert "times" not in label.text()
    happen(trainer, Begun(run, History()), Started(4, 10, 100, passes=23), steps(1, 1))
    assert "each 23 times through the data" in label.text()


def test_what_is_drawn_to_be_rejected_is_not_called_digits():
    assert loading_text(Loading("drawing", 1, 9, "drawings")).startswith("Drawing digits")
    told = loading_text(Loading("scribbling", 1, 9, "drawings"))
    assert told == "Drawing what is none of the classes: 1 of 9"


def test_the_curves_of_a_training_leave_room_for_the_epochs_to_come(runs, make_trainer):
    trainer = make_trainer()
    plot = trainer.page.curves.sheet.plots["loss"]
    run = suspended_run(runs, CONFIG, "now")
    happen(trainer, Begun(run, History()), Started(4, 10, 100), steps(1, 1))
    trainer.page.curves.sheet.fit()
    assert plot.box.viewRange()[0] == pytest.approx([0, 4], abs=0.1)


def test_who_has_zoomed_into_the_curves_keeps_the_view_when_the_training_ends(runs, make_trainer):
    trainer = make_trainer()
    sheet = trainer.page.curves.sheet
    run = suspended_run(runs, CONFIG, "now")
    happen(trainer, Begun(run, History()), Started(5, 2, 100))
    runs.set_steps(run.id, 10)
    runs.add_events(run.id, steps(1, 10))
    happen(trainer, steps(1, 10))
    sheet.fit()
    sheet.plots["loss"].box.setXRange(1, 2, padding=0)
    QTest.keyClick(sheet, Qt.Key.Key_Plus)
    before = sheet.plots["loss"].box.viewRange()[0]
    assert not sheet.follows
    trainer.training.finished.emit(run)
    assert sheet.plots["loss"].box.viewRange()[0] == before
    # Another look at it shows all of it.
    trainer.page.runs.chosen.emit(run.id)
    assert sheet.plots["loss"].box.viewRange()[0] == pytest.approx([0, 5], abs=0.1)


def test_a_training_of_the_command_line_is_there_when_the_page_is_next_shown(runs, make_trainer):
    finished(runs, "mine")
    trainer = make_trainer()
    page, sheet = trainer.page, trainer.page.curves.sheet
    QTest.keyClick(sheet, Qt.Key.Key_Plus)
    before = sheet.plots["loss"].box.viewRange()[0]
    other = finished(runs, "by command")
    page.shown.emit()
    names = [page.runs.list.itemText(i).split(" · ")[0] for i in range(page.runs.list.count())]
    assert names == ["by command", "mine"]
    assert page.runs.run.name == "mine"
    assert sheet.plots["loss"].box.viewRange()[0] == before
    runs.delete(other.id)
    page.shown.emit()
    assert [run.name for run in page.runs.runs] == ["mine"]


def test_another_look_at_the_page_leaves_a_training_as_it_is_shown(runs, make_trainer):
    trainer = make_trainer()
    sheet = trainer.page.curves.sheet
    run = suspended_run(runs, CONFIG, "now")
    happen(trainer, Begun(run, History()), Started(5, 2, 100), steps(1, 5))
    runs.set_steps(run.id, 10)
    runs.add_events(run.id, steps(1, 5))
    sheet.fit()
    QTest.keyClick(sheet, Qt.Key.Key_Plus)
    before = sheet.plots["loss"].box.viewRange()[0]
    trainer.page.shown.emit()
    finished(runs, "by command")
    trainer.page.shown.emit()
    assert trainer.page.runs.run.name == "now"
    assert len(trainer.page.runs.runs) == 2
    assert sheet.plots["loss"].box.viewRange()[0] == before


def test_a_training_that_is_resumed_shows_its_curves_while_it_gets_ready(runs, make_trainer):
    run = suspended_run(runs, CONFIG, "half")
    runs.set_steps(run.id, 10)
    runs.add_events(run.id, steps(1, 5))
    trainer = make_trainer()
    happen(trainer, Begun(runs.get(run.id), runs.history(run.id)))
    assert trainer.page.curves.sheet.isVisible()
    happen(trainer, Begun(suspended_run(runs, CONFIG, "new"), History()))
    assert not trainer.page.curves.sheet.isVisible()
    words = [label.text() for label in trainer.page.curves.findChildren(QLabel)]
    assert "The curves appear here with the first batch." in words


def test_a_suspended_training_says_where_and_how_to_resume_it(runs, make_trainer):
    run = suspended_run(runs, CONFIG, "half")
    runs.set_steps(run.id, 10)
    runs.add_events(run.id, steps(1, 5))
    runs.finish(run.id, "suspended", None, 0.9, 1)
    page = make_trainer().page
    assert page.progress.label.text() == (
        "half is suspended at 50\u00a0%. Press “Resume training” to resume it."
    )
    assert page.runs.resume.isVisible()


def test_the_tab_key_goes_through_everything(qtbot, make_trainer):
    trainer = make_trainer()
    page = trainer.page
    trainer.page.activateWindow()
    trainer.page.setFocus()
    qtbot.waitUntil(page.controls.start.hasFocus)
    reached = []
    for _ in range(60):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
        if reached[-1] is page.controls.start:
            break
    names = [widget.accessibleName() for widget in reached]
    assert reached[-1] is page.controls.start
    for name in ("Preset", "Data", "Network", "Epochs", "Augmentation", "Smoothing"):
        assert name in names


def test_a_loading_that_is_given_up_says_no_more(runs, make_trainer):
    finished(runs, "mine")
    trainer = make_trainer()
    before = trainer.page.progress.label.text()
    trainer.training.loading.emit(Loading("reading", 1, 10, "drawings"))
    assert trainer.page.progress.label.text() == before


def test_a_run_that_fails_stays_the_one_that_is_shown(runs, make_trainer):
    older = suspended_run(runs, CONFIG, "older")
    finished(runs, "newer")
    trainer = make_trainer()
    happen(trainer, Begun(older, History()))
    assert "training now" in trainer.page.runs.list.currentText()
    runs.set_status(older.id, "failed", "The disk is full.")
    trainer.training.finished.emit(None)
    assert trainer.page.runs.run.name == "older"
    assert trainer.page.progress.label.text() == "The disk is full."
    # A training that does not even become a run changes nothing here.
    trainer.training.finished.emit(None)
    assert trainer.page.runs.run.name == "older"


def test_using_a_model_tells_the_pad(qtbot, runs, make_trainer):
    finished(runs, "mine")
    predictor = FakePredictor()
    predictor.answer = prediction(best=3)
    trainer = make_trainer(found=predictor)
    with qtbot.waitSignals([trainer.controller.pad_wanted, trainer.recognition.model_chosen]):
        trainer.page.runs.use.click()
    assert trainer.recognition.active.name == "mine"
    assert trainer.recognition.active.title == "mine"


def test_a_damaged_model_is_said_and_the_pad_keeps_its_own(qtbot, runs, make_trainer):
    run = finished(runs, "mine")
    runs.model_path(run.id).write_bytes(b"spoilt")
    trainer = make_trainer(found=FakePredictor())
    with qtbot.waitSignal(trainer.controller.noticed):
        trainer.page.runs.use.click()
    assert trainer.recognition.active.name == BUNDLED


def test_without_torch_nothing_is_trained_and_the_reason_is_told(qtbot, runs, make_trainer):
    suspended_run(runs, CONFIG, "half")
    trainer = make_trainer(problem="PyTorch could not be loaded.")
    assert not trainer.page.controls.start.isEnabled()
    assert trainer.page.controls.start.toolTip().startswith("PyTorch could not be loaded.")
    with qtbot.waitSignal(trainer.controller.noticed) as noticed:
        trainer.page.runs.resume.click()
    assert noticed.args == ["PyTorch could not be loaded."]
    assert trainer.training.state == "idle"


def test_start_shows_what_is_wrong_with_the_settings(make_trainer):
    trainer = make_trainer()
    (edit,) = [
        e for e in trainer.page.form.findChildren(NumberEdit) if e.accessibleName() == "Epochs"
    ]
    edit.selectAll()
    QTest.keyClicks(edit, "0")
    assert trainer.page.form.config is None
    trainer.page.controls.start.click()
    assert trainer.training.state == "idle"
    assert "epochs" in trainer.page.form.problem.lower()


def test_a_training_may_start_from_a_finished_run(runs, make_trainer):
    run = finished(runs, "mine")
    trainer = make_trainer()
    trainer.page.shown.emit()
    trainer.page.form.set_config(replace(CONFIG, warm_start=str(runs.model_path(run.id))))
    config = trainer.page.form.config
    assert config.warm_start == str(runs.model_path(run.id))
    assert (config.architecture, config.options) == (CONFIG.architecture, CONFIG.options)
    names = [
        box.itemText(i)
        for box in trainer.page.form.findChildren(QComboBox)
        for i in range(box.count())
    ]
    assert any("mine" in name for name in names)
    assert trainer.page.progress.bar.value() == trainer.page.progress.bar.maximum()


def test_no_training_is_offered_to_start_from_an_ensemble(tmp_path, make_trainer):
    models = ModelStore(Profile(tmp_path).models_dir, bundled_model_path())
    one = load_model(models.bundled_path)
    models.add(one, "one")
    models.add(make_ensemble([one, one], "two"), "two")
    trainer = make_trainer()
    trainer.page.shown.emit()
    boxes = trainer.page.form.findChildren(QComboBox)
    offered = {box.itemData(i) for box in boxes for i in range(box.count())}
    assert {"bundled", "one"} <= offered
    assert offered.isdisjoint({"two", "ensemble"})


def strip_text(trainer: TrainTab) -> str:
    return trainer.page.epochs.columns.accessibleDescription()


def test_the_strip_says_what_is_true_in_every_state(runs, make_trainer):
    trainer = make_trainer()
    page = trainer.page
    assert "Draw something on the pad" in strip_text(trainer)
    trainer.controller.take_recognition(recognition())
    page.shown.emit()
    assert strip_text(trainer).startswith("Start a training")
    run = suspended_run(runs, CONFIG, "now")
    trainer.training._become("preparing")
    happen(trainer, Begun(run, History()), Started(5, 2, 100))
    assert "after each epoch" in strip_text(trainer)
    # Stopped before the first epoch.
    trainer.training._become("idle")
    trainer.training.finished.emit(run)
    assert "ended before its first epoch" in strip_text(trainer)
    # One of another day.
    older = finished(runs, "older")
    trainer.controller._runs.refresh(older)
    assert "kept only for the latest" in strip_text(trainer)
    # It failed, and its run is there.
    trainer.training._become("preparing")
    happen(trainer, Begun(run, History()))
    trainer.training._become("idle")
    runs.set_status(run.id, "failed", "The disk is full.")
    trainer.training.finished.emit(None)
    assert "ended before its first epoch" in strip_text(trainer)
    for run in runs.list():
        runs.delete(run.id)
    trainer.controller._runs.refresh()
    assert strip_text(trainer).startswith("Start a training")


def test_the_place_of_the_curves_says_what_is_true_in_every_state(runs, make_trainer):
    trainer = make_trainer()
    empty = trainer.page.curves._empty
    assert "Press Start" in empty.text()
    run = suspended_run(runs, CONFIG, "now")
    trainer.training._become("preparing")
    happen(trainer, Begun(run, History()))
    assert "first batch" in empty.text()
    trainer.training._become("idle")
    trainer.training.finished.emit(run)
    assert "it has no curves" in empty.text()
    assert trainer.page.progress.label.text() == (
        "now ended before its first step. Press “Resume training” to begin it again."
    )


def test_a_training_that_was_stopped_says_so_and_continues_with_one_click(
    qtbot, runs, make_trainer, monkeypatch
):
    run = finished(runs, "mine")
    runs.set_steps(run.id, 40)
    runs.save_checkpoint(run.id, b"checkpoint")
    runs.finish(run.id, "stopped", None, 0.95, 1, keeps_checkpoint=True)
    trainer = make_trainer()
    page = trainer.page
    assert page.progress.label.text() == (
        "mine was stopped at 25\u00a0%, with a validation accuracy of 95.00\u00a0%. Its network can"
        " be used. Press “Resume training” to resume it."
    )
    assert page.runs.use.isEnabled()
    begun = []
    monkeypatch.setattr(trainer.training, "start", lambda *what: begun.append(what))
    page.runs.resume.click()
    assert begun == [(CONFIG, run.id)]


def test_a_run_whose_checkpoint_was_refused_offers_all_that_is_left(
    runs, make_trainer, monkeypatch
):
    run = suspended_run(runs, CONFIG, "half")
    runs.set_steps(run.id, 40)
    runs.save_checkpoint(run.id, b"no checkpoint")
    trainer = make_trainer()
    page = trainer.page
    happen(trainer, Begun(runs.get(run.id), History()))
    # As `TrainingRun` leaves it.
    aside = runs.put_checkpoint_aside(run.id)
    runs.set_status(run.id, "suspended", "The checkpoint is damaged.")
    trainer.training.finished.emit(None)
    assert page.progress.label.text().startswith("The checkpoint is damaged.")
    assert aside.is_file()
    assert page.runs.run.id == run.id
    assert page.runs.resume.isVisible()
    assert page.runs.resume.isEnabled()
    assert page.commands.settings.isEnabled()
    page.commands.settings.trigger()
    assert page.form.config == CONFIG
    begun = []
    monkeypatch.setattr(trainer.training, "start", lambda *what: begun.append(what))
    page.runs.resume.click()
    assert begun == [(CONFIG, run.id)]


def test_before_a_download_its_size_is_on_the_buttons(runs, make_trainer, tmp_path):
    page = make_trainer().page
    data = DataChoice("emnist-digits")
    page.form.set_config(replace(CONFIG, data=data))
    assert page.controls.start.text() == "Download 562 MB and &start"
    assert "562 MB" in page.data.message.button.text()
    page.form.set_config(replace(CONFIG, data=DataChoice("synthetic")))
    assert page.controls.start.text() == "&Start"
    assert "MB" not in page.data.message.button.text()


@pytest.mark.parametrize("kind", ["mnist-excerpt", "mnist"])
def test_the_form_begins_with_data_that_is_there(tmp_path, make_trainer, kind):
    # Whoever presses Start at once learns from real digits, with a network or without one.
    for name in FILES["mnist"] if kind == "mnist" else ():
        path = Profile(tmp_path).data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    page = make_trainer().page
    assert page.form.config.data == DataChoice(kind)
    assert page.form.problem == ""


def test_few_validation_drawings_are_said_to_say_little(runs, make_trainer):
    run = finished(runs, "balanced")
    runs.set_data(run.id, DataMark("Own", DIGITS, 100, "", validated=12))
    page = make_trainer().page
    assert re.search(r"95.*% \(\d+.*% to .*%\)", page.runs.list.itemText(0))
    assert "of 12 drawings" in page.progress.findChild(QLabel).text()


BOTH = Comparison(BUNDLED, Tally("", 8, 5, 8), Tally("MNIST", 2000, 1990, 1989))


def labels_of(widget) -> str:
    text = " ".join(label.text() for label in widget.findChildren(QLabel))
    return text.replace("\u00a0", " ")


def test_before_and_after_are_shown_beside_the_result(runs, make_trainer):
    finished(runs, "plain")
    finished(runs, "mine", BOTH)
    page = make_trainer().page
    said = labels_of(page.comparison)
    assert page.comparison.isVisible()
    # Alt+U belongs to the button beside the list of runs.
    assert page.comparison.use.text() == "Use it on the pad"
    assert "5 → 8 of 8 right" in said
    assert "99.50 % → 99.45 % right" in said
    assert "likely 68 % to 100 %" in said
    assert "1990 of 2000 drawings before, 1989 now." in said
    assert page.comparison.accessibleDescription().startswith("Your samples that were held out")
    # Another run has learned from no samples.
    page.runs.list.setCurrentIndex(1)
    page.runs.list.activated.emit(1)
    assert not page.comparison.isVisible()
    assert not page.commands.keep.isEnabled()


def test_without_samples_that_were_held_out_that_is_said(runs, make_trainer):
    finished(runs, "mine", replace(BOTH, own=None))
    said = labels_of(make_trainer().page.comparison)
    assert "All were learned from" in said
    assert "99.45 %" in said


def test_a_comparison_that_is_not_complete_is_not_shown(runs, make_trainer):
    finished(runs, "mine", Comparison(BUNDLED, None, Tally("MNIST", 2000, 1990)))
    assert not make_trainer().page.comparison.isVisible()


def test_the_user_decides_for_the_new_model_or_the_old_one(qtbot, runs, make_trainer):
    finished(runs, "mine", BOTH)
    trainer = make_trainer(FakePredictor())
    chosen = trainer.recognition
    with qtbot.waitSignal(chosen.model_chosen) as used:
        trainer.page.comparison.use.click()
    assert used.args == ["mine"]
    with qtbot.waitSignal(chosen.model_chosen) as kept:
        trainer.page.comparison.keep.click()
    assert kept.args == [BUNDLED]
    assert trainer.page.progress.label.text() == "The pad uses the model bundled."
    # It is used already.
    trainer.page.commands.keep.trigger()
    assert chosen.chosen.name == BUNDLED


def test_while_a_training_runs_nothing_is_compared(runs, make_trainer):
    run = finished(runs, "mine", BOTH)
    trainer = make_trainer()
    trainer.training._become("preparing")
    assert not trainer.page.comparison.isVisible()
    assert not trainer.page.commands.retrain.isEnabled()
    trainer.training._become("idle")
    trainer.controller._runs.end(run)
    assert trainer.page.comparison.isVisible()
    assert trainer.page.commands.retrain.isEnabled()


def test_retraining_shows_the_form_ready_to_start(qtbot, runs, make_trainer, tmp_path):
    trainer = make_trainer()
    noticed = []
    trainer.controller.noticed.connect(noticed.append)
    trainer.controller.retrain_with_samples()
    assert noticed.pop().startswith("You have no samples to learn from yet")
    with qtbot.waitSignal(trainer.teaching.changed):
        trainer.teaching.add([sample("7", number) for number in range(5)])
    trainer.page.resize(400, 640)
    trainer.controller.retrain_with_samples()
    form = trainer.page.form
    assert form.isVisible()
    assert form.preset == "samples"
    assert form.config.warm_start == BUNDLED
    share = form._fields["samples_share"]
    assert share.isVisible()
    assert share.editor.isEnabled()
    assert trainer.page.commands.start.isEnabled()
    trainer.training._become("preparing")
    before = form.config
    trainer.controller.retrain_with_samples()
    assert noticed.pop().startswith("A training is running")
    assert form.config == before
    trainer.training._become("idle")
