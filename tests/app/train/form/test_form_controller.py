"""What the form is told, and what it remembers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtTest import QTest
from sample_kit import sample
from train_actions import ICONS

from digitpad.app.services.recognition import ActiveModel
from digitpad.app.settings_store import SettingsStore
from digitpad.app.train.form.controller import FormController
from digitpad.app.train.form.form import ConfigForm
from digitpad.app.train.form.memory import FormMemory
from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice
from digitpad.data.public.presence import FILES
from digitpad.learning.adaptation.teacher import Teacher
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.runs.store import RunStore
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.model_store import BUNDLED, ModelStore, bundled_model_path
from digitpad.recognition.networks import build_network, parameter_count
from digitpad.settings import Settings, load_settings

QUICK = PRESETS["quick"].config


class Recognition(QObject):
    ready = Signal()
    is_ready = True
    problem = ""
    chosen = ActiveModel()


class Teaching(QObject):
    changed = Signal(object)
    samples = ()

    def refresh(self):
        pass

    def have(self, *samples):
        self.samples = samples
        self.changed.emit(1)


@pytest.fixture
def opened(qtbot, tmp_path):
    """Opens the form as a start of the program does, with what is in the settings by then."""
    kept = []

    def open_form() -> ConfigForm:
        path = tmp_path / "settings.json"
        settings = SettingsStore(load_settings(path).settings, path)
        form, recognition = ConfigForm(PRESETS, ICONS), Recognition()
        qtbot.addWidget(form)
        memory = FormMemory(settings, PRESETS)
        models = ModelStore(tmp_path / "models", bundled_model_path())
        runs, teaching = RunStore(tmp_path / "runs"), Teaching()
        controller = FormController(form, memory, models, runs, teaching, tmp_path, recognition)
        form.teaching, form.recognition = teaching, recognition
        kept.append((settings, recognition, controller))
        form.settings = settings
        form.controller = controller
        return form

    yield open_form
    for settings, *_ in kept:
        settings.save_waiting()


def choose(form: ConfigForm, name: str, value: object) -> None:
    """As somebody does it with keys."""
    editor = form._fields[name].editor
    if hasattr(editor, "findData"):
        editor.setCurrentIndex(editor.findData(value))
        editor.activated.emit(editor.currentIndex())
    else:
        line = getattr(editor, "line", None) or editor.lineEdit()
        line.selectAll()
        QTest.keyClicks(line, str(value))


def note(form: ConfigForm) -> str:
    return form._fields["architecture"].note.text().replace("\N{NARROW NO-BREAK SPACE}", "")


@pytest.mark.parametrize(
    ("data", "classes"),
    [
        (DataChoice("emnist-letters"), 26),
        (DataChoice("kmnist"), 10),
        (DataChoice("pictures", "/"), 10),
        (None, 10),
    ],
)
def test_the_cost_is_that_of_as_many_classes_as_the_data_has(opened, data, classes):
    form = opened()
    form.set_config(TrainingConfig(data=data))
    count = parameter_count(build_network("padnet", classes, {}))
    assert note(form).startswith(str(count))
    assert ("with 10 classes" in note(form)) == (data is not None and data.kind == "pictures")


def test_the_cost_is_that_of_the_chosen_network_also_before_there_is_data(opened):
    form = opened()
    choose(form, "architecture", "tutorial-convnet")
    assert "million" in note(form)
    choose(form, "data.kind", "pictures")
    assert form.config is None, "there is no folder yet"
    choose(form, "architecture", "quicknet")
    assert "million" not in note(form)


def test_what_was_set_is_there_after_a_restart(opened, tmp_path):
    form = opened()
    choose(form, "data.kind", "pictures")
    choose(form, "data.path", tmp_path)
    choose(form, "learning_rate", 0.123)
    form.settings.save_waiting()
    again = opened()
    assert again.config == form.config
    assert again.config.data.path == str(tmp_path)
    assert again.config.learning_rate == 0.123


def test_each_kind_of_data_has_its_own_folder_and_settings(opened, tmp_path):
    form = opened()
    choose(form, "data.path", tmp_path)
    choose(form, "epochs", 3)
    choose(form, "data.kind", "pictures")
    assert form.data is None, "a folder of MNIST is none of pictures"
    choose(form, "data.path", tmp_path.parent)
    choose(form, "epochs", 7)
    choose(form, "data.kind", "mnist")
    assert (form.config.data.path, form.config.epochs) == (str(tmp_path), 3)
    choose(form, "data.kind", "pictures")
    assert (form.config.data.path, form.config.epochs) == (str(tmp_path.parent), 7)


def test_of_a_preset_the_name_is_kept_so_that_a_better_one_is_taken(opened, tmp_path, monkeypatch):
    form = opened()
    choose(form, "preset", "balanced")
    choose(form, "seed", 5)
    form.settings.save_waiting()
    better = replace(PRESETS["balanced"], config=replace(PRESETS["balanced"].config, epochs=77))
    presets = {**PRESETS, "balanced": better}
    memory = FormMemory(opened().settings, presets)
    assert (memory.last.epochs, memory.last.seed) == (77, 5)


@pytest.mark.parametrize(
    "kept",
    [
        None,
        7,
        "mnist",
        [],
        {"kind": "mnist"},
        {"kind": 3, "mnist": {}},
        {"kind": "nonsense", "nonsense": {"config": {}}},
        {"kind": "mnist", "mnist": {"config": None}},
        {"kind": "mnist", "mnist": {"config": [1]}},
        {"kind": "mnist", "mnist": {"config": {"epochs": -1}}},
        {"kind": "mnist", "mnist": {"config": {"epochs": "many"}}},
        {"kind": "mnist", "mnist": {"config": {"data": {"kind": "usps"}}}},
        {"kind": "mnist", "mnist": {"config": {"data": {"kind": "mnist", "path": 5}}}},
        {"kind": "mnist", "mnist": {"config": {"data": 5}, "preset": ["quick"]}},
    ],
)
def test_what_makes_no_sense_in_the_settings_is_as_if_not_there(opened, tmp_path, kept):
    (tmp_path / "settings.json").write_text(json.dumps({"training": kept, "pen_width": 70}))
    form = opened()
    assert form.config == QUICK
    assert form.settings.settings.pen_width == 70
    choose(form, "epochs", 9)
    form.settings.save_waiting()
    assert opened().config.epochs == 9


def test_settings_that_nobody_touched_are_not_written(opened, tmp_path):
    opened().settings.save_waiting()
    assert load_settings(tmp_path / "settings.json").settings == Settings()


def test_what_is_downloaded_is_told_before_it_is(opened, tmp_path, qtbot):
    form = opened()
    with qtbot.waitSignal(form.controller.to_download) as told:
        choose(form, "data.kind", "emnist-digits")
    assert told.args == [CATALOG["emnist-digits"].download_bytes]
    for name in FILES["emnist-digits"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    with qtbot.waitSignal(form.controller.to_download) as told:
        form.controller.show_download()
    assert told.args == [0]
    with qtbot.waitSignal(form.controller.to_download) as told:
        choose(form, "data.kind", "synthetic")
    assert told.args == [0]


def share(form: ConfigForm):
    return form._fields["samples_share"]


def test_without_samples_their_share_cannot_be_set_and_the_reason_is_said(opened):
    form = opened()
    assert not share(form).editor.isEnabled()
    assert share(form).note.text().startswith("You have no samples yet.")
    form.teaching.have(sample("7"), sample("7"), sample("3"), sample("x", symbols="runes"))
    assert share(form).editor.isEnabled()
    assert share(form).note.text().startswith("You have 3 samples. All are learned from")
    # What may be a slip is not learned from.
    slip = replace(sample("3"), is_flagged=True)
    form.teaching.have(*(sample("7", number) for number in range(4)), slip)
    assert share(form).note.text() == "You have 4 samples."
    form.set_locked(True)
    assert not share(form).editor.isEnabled()


def test_a_share_of_samples_that_are_gone_can_be_taken_back(opened):
    form = opened()
    form.set_config(replace(QUICK, samples_share=0.3))
    assert form.config is None
    assert form.problem.startswith("You have no samples to learn from yet")
    assert share(form).editor.isEnabled()
    form.teaching.have(sample("7"))
    assert form.config.samples_share == 0.3
    form.teaching.have()
    share(form).editor.set_value(0.0)
    share(form).editor.edited.emit()
    assert form.config.samples_share == 0.0
    assert not share(form).editor.isEnabled()


def test_the_preset_for_samples_is_offered_where_there_are_any(opened):
    form = opened()
    preset = form._fields["preset"].editor
    assert preset.findData("samples") == -1
    form.teaching.have(sample("7"))
    assert preset.findData("samples") >= 0
    choose(form, "preset", "samples")
    assert form.config == replace(PRESETS["samples"].config, data=form.config.data)
    form.teaching.have()
    assert preset.findData("samples") == -1
    assert form.preset == ""


def notices(form):
    said = []
    form.controller.noticed.connect(said.append)
    return said


def test_a_retraining_begins_with_the_active_model_and_all_samples(opened):
    form = opened()
    said = notices(form)
    form.teaching.have(sample("7"))
    assert form.controller.show_retraining()
    assert form.preset == "samples"
    assert form.config.warm_start == BUNDLED
    assert form.config.data == DataChoice("mnist-excerpt")
    assert form.config.samples_share > 0
    assert not said
    # It is there again at the next start.
    form.settings.save_waiting()
    again = opened()
    again.teaching.have(sample("7"))
    assert again.config == form.config


def test_a_retraining_takes_the_network_of_the_model_and_some_of_mnist(opened, tmp_path):
    form = opened()
    form.teaching.have(sample("7"))
    options = {"widths": [2, 2, 2, 2]}
    info = ModelInfo("mine", "padnet", tuple("0123456789"), options)
    (tmp_path / "models").mkdir()
    save_model(
        Model(info, build_network("padnet", 10, options).eval()),
        tmp_path / "models" / "mine.safetensors",
    )
    for name in FILES["mnist"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    form.recognition.chosen = ActiveModel(name="mine")
    assert form.controller.show_retraining()
    config = form.config
    assert (config.warm_start, config.architecture) == ("mine", "padnet")
    assert config.options == options
    assert (config.data.kind, config.data.count) == ("mnist", 20_000)


def test_a_retraining_of_a_model_of_other_classes_takes_its_data(opened, tmp_path):
    form = opened()
    form.teaching.have(sample("a"))
    options = {"widths": [2, 2, 2, 2]}
    config = TrainingConfig(data=DataChoice("strokes", str(tmp_path / "letters.ndjson")))
    (tmp_path / "letters.ndjson").touch()
    origin = {"config": config.to_json()}
    info = ModelInfo("letters", "padnet", ("a", "b"), options, origin=origin)
    (tmp_path / "models").mkdir()
    save_model(
        Model(info, build_network("padnet", 2, options).eval()),
        tmp_path / "models" / "letters.safetensors",
    )
    form.recognition.chosen = ActiveModel(name="letters")
    assert form.controller.show_retraining()
    assert form.config.data == config.data


def test_a_retraining_of_an_ensemble_begins_with_the_bundled_model(opened, tmp_path):
    form = opened()
    said = notices(form)
    form.teaching.have(sample("7"))
    (tmp_path / "models").mkdir()
    member = load_model(bundled_model_path())
    save_model(make_ensemble([member, member], "two"), tmp_path / "models" / "two.safetensors")
    form.recognition.chosen = ActiveModel(name="two")
    assert form.controller.show_retraining()
    assert form.config.warm_start == BUNDLED
    assert "ensemble" in said[0]


def test_a_retraining_of_a_model_that_was_taught_trains_its_network(opened, tmp_path):
    form = opened()
    form.teaching.have(sample("7"))
    (tmp_path / "models").mkdir()
    taught = Teacher(load_model(bundled_model_path())).teach([sample("7")])
    save_model(taught, tmp_path / "models" / "mine.safetensors")
    form.recognition.chosen = ActiveModel(name="mine")
    assert form.controller.show_retraining()
    assert (form.config.warm_start, form.config.architecture) == ("mine", "surenet")


def test_what_cannot_be_retrained_says_why_and_changes_nothing(opened):
    form = opened()
    said, before = notices(form), form.config
    assert not form.controller.show_retraining()
    assert said.pop().startswith("You have no samples")
    form.teaching.have(sample("7"))
    form.recognition.chosen = ActiveModel(name="runes", title="Runes", symbols="runes")
    assert not form.controller.show_retraining()
    assert said.pop().startswith("Runes reads your own symbols")
    form.recognition.is_ready = False
    assert not form.controller.show_retraining()
    assert "getting ready" in said.pop()
    assert form.config == before
