"""What the form is told: the cost of a network, with as many classes as its data has."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Signal

from digitpad.app.train.form.controller import FormController
from digitpad.app.train.form.form import ConfigForm
from digitpad.app.widgets.icons import Icons
from digitpad.learning.presets import PRESETS
from digitpad.learning.runs.store import RunStore
from digitpad.paths import resources_dir
from digitpad.recognition.model_store import ModelStore, bundled_model_path
from digitpad.recognition.networks import build_network, parameter_count


class Form(QObject):
    changed = Signal()
    network, classes = ("quicknet", {}), None

    def set_devices(self, devices):
        pass

    def show_cost(self, parameters, multiply_adds, assumed=None):
        self.parameters, self.assumed = parameters, assumed


class Recognition(QObject):
    ready = Signal()
    is_ready = True


@pytest.mark.parametrize(("known", "classes"), [(26, 26), (10, 10), (None, 10)])
def test_the_cost_is_that_of_as_many_classes_as_the_data_has(qapp, known, classes):
    form, recognition = Form(), Recognition()
    controller = FormController(form, None, None, recognition)
    form.network, form.classes = ("padnet", {}), known
    form.changed.emit()
    assert form.parameters == parameter_count(build_network("padnet", classes, {}))
    assert form.assumed == (None if known else 10)
    controller.deleteLater()


def test_the_cost_is_that_of_the_network_also_while_the_data_is_missing(qtbot, tmp_path):
    form = ConfigForm(PRESETS, Icons(resources_dir() / "icons"))
    qtbot.addWidget(form)
    models = ModelStore(tmp_path / "models", bundled_model_path())
    controller = FormController(form, models, RunStore(tmp_path / "runs"), Recognition())
    controller.refresh()
    form._data._kind.set_value("pictures")
    form._data._on_kind()
    for name, preset in PRESETS.items():
        form._preset.set_value(name)
        form._on_preset()
        assert form.config is None
        network = build_network(preset.config.architecture, 10, preset.config.options)
        note = form._fields["architecture"].note.text()
        assert note.startswith(form._count(parameter_count(network)))
        assert note.endswith("with 10 classes")
    controller.deleteLater()
