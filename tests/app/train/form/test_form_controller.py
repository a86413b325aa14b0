"""What the form is told: the cost of a network, with as many classes as its data has."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Signal

from digitpad.app.train.form.controller import FormController
from digitpad.data.choice import DataChoice
from digitpad.learning.config import TrainingConfig
from digitpad.recognition.networks import build_network, parameter_count


class Form(QObject):
    changed = Signal()
    config = None

    def set_devices(self, devices):
        pass

    def show_cost(self, parameters, multiply_adds):
        self.parameters = parameters


class Recognition(QObject):
    ready = Signal()
    is_ready = True


@pytest.mark.parametrize(
    ("data", "classes"),
    [
        (DataChoice("emnist-letters"), 26),
        (DataChoice("kmnist"), 10),
        (DataChoice("pictures", "somewhere"), 10),
        (None, 10),
    ],
)
def test_the_cost_is_that_of_as_many_classes_as_the_data_has(qapp, data, classes):
    form, recognition = Form(), Recognition()
    controller = FormController(form, None, None, recognition)
    form.config = TrainingConfig(data=data)
    form.changed.emit()
    assert form.parameters == parameter_count(build_network("padnet", classes, {}))
    controller.deleteLater()
