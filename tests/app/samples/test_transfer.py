"""Import and export from the page."""

import threading

import numpy as np
import pytest
from handwriting import digit, drawn
from PIL import Image
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from digitpad.app.samples.choice import Filter
from digitpad.ink.stroke_file import read_strokes, to_ndjson_line


@pytest.fixture
def strokes(tmp_path):
    path = tmp_path / "elsewhere" / "mine.ndjson"
    path.parent.mkdir()
    lines = [to_ndjson_line(drawn(digit(name)), name) for name in "235"]
    path.write_text("".join(lines))
    return path


def choose(program, path):
    """Choose a path in the dialog that is open."""
    (dialog,) = program.window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.setParent(None)
    dialog.close()


def test_a_file_of_strokes_is_imported_and_selected(qtbot, taught, store, strokes):
    page, controller = taught.samples.page, taught.samples.controller
    controller.filter = Filter(label="4")
    taught.samples.actions.import_file.trigger()
    with qtbot.waitSignal(controller.reported) as said:
        choose(taught, strokes)
    assert "3 samples have been imported" in said.args[0]
    assert [one.label for one in store.list()][6:] == ["2", "3", "5"]
    qtbot.waitUntil(lambda: len(page.wall.samples) == 9)
    qtbot.waitUntil(lambda: sorted(one.label for one in page.wall.selected) == ["2", "3", "5"])
    assert {one.origin for one in page.wall.selected} == {"imported"}
    assert not page.work_line.isVisible()


def test_a_folder_of_pictures_is_imported(qtbot, program, store, tmp_path):
    folder = tmp_path / "pictures"
    for name in "17":
        (folder / name).mkdir(parents=True)
        pixels = np.full((60, 60), 255, np.uint8)
        pixels[10:50, 25 : 25 + 2 * int(name)] = 0
        Image.fromarray(pixels).save(folder / name / "a.png")
    program.samples.show()
    program.samples.actions.import_folder.trigger()
    with qtbot.waitSignal(program.samples.reported):
        choose(program, folder)
    assert sorted(one.label for one in store.list()) == ["1", "7"]
    assert all(one.drawing.picture is not None for one in store.list())


def test_what_cannot_be_imported_is_a_notice(qtbot, taught, store, tmp_path):
    path = tmp_path / "bad.ndjson"
    path.write_text("no drawing\n")
    with qtbot.waitSignal(taught.teaching.noticed):
        taught.samples.controller.transfer.import_path(path)
    assert "bad.ndjson" in taught.window.notices.text
    assert not taught.samples.page.work_line.isVisible()
    assert len(store.list()) == 6


def test_an_import_can_be_cancelled(qtbot, taught, store, strokes, monkeypatch):
    class AlwaysDue(QObject):
        def is_due(self):
            return True

    monkeypatch.setattr("digitpad.data.sample_files.importing.Ticker", AlwaysDue)
    page, gate = taught.samples.page, threading.Event()
    with qtbot.waitSignal(taught.teaching.noticed) as said:
        # The thread of the samples is busy until the button has been clicked.
        taught.teaching.run(lambda _: gate.wait())
        taught.samples.controller.transfer.import_path(strokes)
        assert page.work_line.isVisible()
        page.work_line.button.click()
        gate.set()
    assert said.args[0] == "Nothing was imported from mine.ndjson."
    assert len(store.list()) == 6
    assert not page.work_line.isVisible()


def test_the_strokes_of_what_is_shown_are_exported(qtbot, taught, tmp_path):
    taught.samples.show_label("9")
    taught.samples.actions.export_strokes.trigger()
    path = tmp_path / "out.ndjson"
    with qtbot.waitSignal(taught.samples.reported):
        choose(taught, path)
    assert [record.word for record in read_strokes(path)] == ["9", "9"]


@pytest.mark.parametrize(
    ("action", "found"),
    [
        ("export_pictures", "digitpad-samples/4/1.png"),
        ("export_mnist", "digitpad-samples/MNIST/raw/train-images-idx3-ubyte"),
    ],
)
def test_other_forms_are_exported_into_a_new_folder(qtbot, taught, tmp_path, action, found):
    folder = tmp_path / "out"
    folder.mkdir()
    for place in (found, found.replace("digitpad-samples", "digitpad-samples-2")):
        getattr(taught.samples.actions, action).trigger()
        with qtbot.waitSignal(taught.samples.reported):
            choose(taught, folder)
        assert (folder / place).exists()
