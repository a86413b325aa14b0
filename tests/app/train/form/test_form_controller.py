"""What the form is told, and what it remembers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtTest import QTest
from train_actions import ICONS

from digitpad.app.settings_store import SettingsStore
from digitpad.app.train.form.controller import FormController
from digitpad.app.train.form.form import ConfigForm
from digitpad.app.train.form.memory import FormMemory
from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice
from digitpad.data.public.presence import FILES
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.configuration.presets import PRESETS
from digitpad.recognition.networks import build_network, parameter_count
from digitpad.settings import Settings, load_settings

QUICK = PRESETS["quick"].config


class Recognition(QObject):
    ready = Signal()
    is_ready = True


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
        controller = FormController(form, memory, None, None, tmp_path, recognition)
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
