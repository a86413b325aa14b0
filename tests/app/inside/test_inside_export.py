"""Pictures of a view and tables of a layer, on the disk."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from fakes import DIGITS, FakePredictor
from inside_kit import model_of_chance
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QInputDialog

from digitpad.app.inside.export import table_of
from digitpad.app.services.recognition import ActiveModel
from digitpad.ink.drawing import Drawing


@pytest.fixture
def program(make_program):
    active = ActiveModel(
        FakePredictor(), title="Chance", classes=DIGITS, model=model_of_chance("quicknet")
    )
    program = make_program(load=lambda: active)
    program.inside.show()
    program.pad.document.replace(Drawing.of([[(100, 100), (500, 100), (300, 800)]]))
    return program


@pytest.mark.parametrize("number", range(3))
def test_each_view_is_saved_as_png_and_svg(program, tmp_path, number) -> None:
    controller, export = program.inside.controller, program.inside.export
    controller.show_view(number)
    export.save_picture(tmp_path / "view.png")
    image = QImage(str(tmp_path / "view.png"))
    assert image.size() == 2 * controller.view.picture.size()
    export.save_picture(tmp_path / "view.svg")
    drawn = QSvgRenderer(str(tmp_path / "view.svg"))
    assert drawn.isValid()
    assert drawn.viewBox().size() == controller.view.picture.size()


def test_the_numbers_of_a_layer_are_those_of_an_exact_pass(program, tmp_path) -> None:
    subject, export = program.inside.controller.subject, program.inside.export
    exact = subject.inside.exact(subject.glyph)
    for name in ("conv1", "fc1", "probabilities"):
        export.save_table(tmp_path / "table.csv", name)
        rows = list(csv.reader(io.StringIO((tmp_path / "table.csv").read_text(encoding="utf-8"))))
        assert len(rows) == exact[name].size + 1
        for *place, value in rows[1:40]:
            assert float(value) == exact[name][tuple(int(index) - 1 for index in place)]
    assert table_of(np.array([0.5])).split() == ["feature,value", "1,0.5"]


def test_files_are_asked_for(qtbot, program) -> None:
    program.inside.actions.picture.trigger()
    dialog = program.window.findChild(QFileDialog)
    assert dialog.defaultSuffix() == "png"
    dialog.reject()
    program.inside.actions.table.trigger()
    layers = program.window.findChild(QInputDialog)
    assert layers.comboBoxItems()[0] == "glyph"
    layers.reject()


@pytest.mark.parametrize("name", ["view.jpg", "view.png.gz", "view."])
def test_a_name_with_another_ending_is_not_written(program, tmp_path, name) -> None:
    told = []
    program.inside.export.noticed.connect(told.append)
    program.inside.actions.picture.trigger()
    dialog = program.window.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / name))
    assert len(told) == 1
    assert name in told[0]
    assert not (tmp_path / name).exists()
    dialog.fileSelected.emit(str(tmp_path / "view.PNG"))
    assert len(told) == 1
    assert not QImage(str(tmp_path / "view.PNG")).isNull()
    dialog.reject()


def test_what_cannot_be_written_is_a_sentence(program, tmp_path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    told = []
    program.inside.export.noticed.connect(told.append)
    program.inside.export.save_table(tmp_path / "file" / "table.csv", "conv1")
    assert len(told) == 1
    assert "table.csv" in told[0]


def test_before_something_is_drawn_there_are_no_numbers(program) -> None:
    program.pad.document.clear()
    told = []
    program.inside.export.noticed.connect(told.append)
    program.inside.actions.table.trigger()
    assert len(told) == 1
