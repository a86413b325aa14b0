"""The look into the data follows the form's choice of data."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from train_actions import ICONS, shown_actions

from digitpad.app.services.data import DataService
from digitpad.app.train.dataset.controller import DatasetController
from digitpad.app.train.form.editors import NumberEdit
from digitpad.app.train.page import TrainPage
from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice
from digitpad.learning.configuration.config import TrainingConfig

SMALL = TrainingConfig(data=DataChoice("synthetic", count=50))


@pytest.fixture
def service(qapp, tmp_path):
    service = DataService(tmp_path)
    yield service
    service.shutdown()


@pytest.fixture
def page(qtbot, service):
    page = TrainPage(shown_actions(), ICONS)
    qtbot.addWidget(page)
    desk = DatasetController(page, service)
    page.form.set_config(SMALL)
    yield page
    desk.deleteLater()


@pytest.mark.parametrize("kind", ["synthetic", "qmnist", "mnist"])
def test_what_could_be_shown_is_what_the_form_has_chosen(page, kind):
    for each in ("synthetic", "qmnist", kind):
        page.form.set_config(TrainingConfig(data=DataChoice(each)))
    assert page.data.message.sentence.text() == CATALOG[kind].sentence
    assert page.data.message.button.text().replace("&", "") == "Show the drawings"


def test_nothing_is_offered_while_a_place_is_missing(page):
    page.form.set_config(TrainingConfig(data=DataChoice("pictures", "/nowhere")))
    assert page.form.problem
    assert page.data.message.sentence.text() == page.form.problem
    assert page.data.message.button.isHidden()


def spoil_epochs(page) -> None:
    (edit,) = [e for e in page.form.findChildren(NumberEdit) if e.accessibleName() == "Epochs"]
    edit.selectAll()
    QTest.keyClicks(edit, "0")
    assert page.form.config is None


def test_what_else_is_wrong_with_the_settings_does_not_keep_the_drawings_away(qtbot, service, page):
    with qtbot.waitSignal(service.loaded):
        page.data.wanted.emit()
        spoil_epochs(page)
    assert page.data.wall.isVisibleTo(page.data)
    with qtbot.waitSignal(service.loaded):
        page.data.wanted.emit()
    assert page.data.wall.isVisibleTo(page.data)


def test_drawings_that_are_no_longer_wanted_are_not_shown_but_the_next_ones(qtbot, service, page):
    with qtbot.waitSignal(page.form.data_changed):
        page.data.wanted.emit()
        page.form.set_config(replace(SMALL, data=DataChoice("synthetic", count=60)))
    qtbot.waitUntil(lambda: not service.is_busy)
    assert not page.data.wall.isVisibleTo(page.data)
    assert page.data.message.button.isVisibleTo(page.data)
    with qtbot.waitSignal(service.loaded) as loaded:
        page.data.wanted.emit()
    assert sum(loaded.args[1]) == 60
    assert page.data.wall.isVisibleTo(page.data)


def test_what_was_left_out_is_said_beside_the_drawings(qtbot, service, page, tmp_path):
    for name in "01":
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for i in range(2):
            picture = QImage(40, 40, QImage.Format.Format_Grayscale8)
            picture.fill(255)
            for y in range(5, 35):
                picture.setPixel(18 + i, y, 0)
                picture.setPixel(19 + i, y, 0)
            picture.save(str(folder / f"{i}.png"))
    page.form.set_config(TrainingConfig(data=DataChoice("pictures", str(tmp_path / "pictures"))))
    with qtbot.waitSignal(service.loaded):
        page.data.wanted.emit()
    assert not page.data.notice.isVisibleTo(page.data)
    (tmp_path / "pictures" / "0" / "cut.png").write_bytes(b"")
    with qtbot.waitSignal(service.loaded):
        page.data.wanted.emit()
    assert page.data.notice.isVisibleTo(page.data)
    assert "cut.png" in page.data.notice.text()
    assert page.data.notice.textFormat() == Qt.TextFormat.PlainText
