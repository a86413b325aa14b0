"""The guided tour: every text, formula and event is there, and tasks are done and remembered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fakes import DIGITS, FakePredictor
from inside_kit import model_of_chance
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

import digitpad
from digitpad.app.inside.chapters.panel import ChapterPanel
from digitpad.app.inside.chapters.texts import CHAPTERS, LAYERS, LOSS, FormulaOf
from digitpad.app.inside.formula import Formula
from digitpad.app.services.recognition import ActiveModel
from digitpad.ink.drawing import Drawing
from digitpad.paths import resources_dir
from digitpad.recognition.inside.fields import Cell
from digitpad.settings import Settings, load_settings, save_settings

SEVEN = Drawing.of([[(100, 100), (500, 100), (300, 800)]])


@pytest.fixture
def program(make_program):
    active = ActiveModel(
        FakePredictor(), title="Chance", classes=DIGITS, model=model_of_chance("surenet")
    )
    program = make_program(load=lambda: active, size=(1300, 760))
    program.inside.show()
    program.inside.actions.chapters.trigger()
    return program


def test_there_are_eight_with_a_task_each() -> None:
    assert len(CHAPTERS) == len({chapter.name for chapter in CHAPTERS}) == 8
    for chapter in CHAPTERS:
        assert chapter.task
        assert chapter.events


def test_every_formula_is_shown_somewhere_and_every_shown_one_exists() -> None:
    files = {path.stem for path in (resources_dir() / "formulas").glob("*.svg")}
    shown = {
        piece.name for chapter in CHAPTERS for piece in chapter.body if isinstance(piece, FormulaOf)
    }
    assert shown == files


def test_every_event_that_a_task_waits_for_can_happen() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (Path(digitpad.__file__).parent / "app" / "inside").rglob("*.py")
        if "chapters" not in path.parts
    )
    for event in (event for chapter in CHAPTERS for event in chapter.events):
        name, _, kind = event.partition(":")
        assert re.search(rf'"{name}(:\{{|")', source), event
        if kind:
            assert kind in {"input", "conv", "pool"}


@pytest.mark.parametrize("number", range(8))
def test_each_chapter_is_shown_beside_its_view(program, number) -> None:
    panel = program.inside.chapters
    panel.show_chapter(number)
    chapter = CHAPTERS[number]
    view = program.inside.controller.view
    assert program.inside.page.stack.currentWidget() is view
    assert program.inside.actions.views[chapter.view].isChecked()
    texts = " ".join(label.text() for label in panel.findChildren(QLabel))
    for piece in chapter.body:
        if isinstance(piece, FormulaOf):
            assert any(one.accessibleName() == piece.words for one in panel.findChildren(Formula))
        else:
            assert piece in texts
    assert chapter.task in texts


def test_a_task_is_done_by_doing_it_and_that_is_remembered(program, tmp_path) -> None:
    panel, controller = program.inside.chapters, program.inside.controller
    assert panel.number == 0
    program.pad.document.replace(SEVEN)
    assert "✓" in panel.choice.itemText(0)
    panel.show_chapter(2)
    # The task of another chapter is not done by this.
    controller.view.walls.cell_chosen.emit(Cell("input", (0, 3, 3)))
    assert "✓" not in panel.choice.itemText(2)
    assert "✓" not in panel.choice.itemText(1)
    controller.view.walls.cell_chosen.emit(Cell("conv1", (0, 3, 3)))
    assert "✓" not in panel.choice.itemText(2)
    controller.view.panel.player.ended.emit()
    assert "✓" in panel.choice.itemText(2)
    program.save()
    settings = load_settings(tmp_path / "settings.json").settings
    assert settings.chapters == ("mnist", "convolution")
    again = ChapterPanel(settings.chapters, program.inside._icons.icon("close"))
    again.resume()
    assert again.number == 1
    again.deleteLater()


def test_keys_lead_through_the_tour_and_out_of_it(qtbot, program) -> None:
    panel = program.inside.chapters
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    QTest.keyClick(program.inside.page, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert panel.number == 1
    QTest.keyClick(program.inside.page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(program.inside.page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert panel.number == 0
    panel.show_chapter(5)
    assert program.inside.actions.views[LOSS].isChecked()
    panel.close_.click()
    assert not panel.isVisible()
    assert not program.inside.actions.chapters.isChecked()
    program.inside.actions.chapters.trigger()
    assert program.inside.actions.views[LAYERS].isChecked()


def test_where_there_is_little_room_the_tour_stands_below_the_pad(program) -> None:
    page, panel = program.inside.page, program.inside.chapters
    assert panel.parent() is page
    program.window.resize(1000, 640)
    assert panel.parent() is page.side
    assert not page.big.isVisible()
    program.window.resize(1400, 700)
    assert panel.parent() is page
    assert page.big.isVisible()
    program.window.resize(1000, 640)
    program.inside.actions.chapters.trigger()
    assert page.big.isVisible()


def test_settings_keep_chapters_and_bear_nonsense(tmp_path) -> None:
    path = tmp_path / "settings.json"
    save_settings(Settings(chapters=("mnist", "loss")), path)
    assert load_settings(path).settings.chapters == ("mnist", "loss")
    path.write_text('{"chapters": ["mnist", 3, null]}', encoding="utf-8")
    assert load_settings(path).settings.chapters == ("mnist",)
    path.write_text('{"chapters": "mnist"}', encoding="utf-8")
    assert load_settings(path).settings.chapters == ()


def test_a_formula_has_the_colour_of_texts(qtbot) -> None:
    formula = Formula("softmax", "the softmax")
    qtbot.addWidget(formula)
    formula.resize(formula.sizeHint())
    image = formula.grab().toImage()
    dark = [
        image.pixelColor(x, y).lightness() < 100
        for x in range(image.width())
        for y in range(image.height())
    ]
    assert 0.02 < sum(dark) / len(dark) < 0.5
    formula.resize(60, formula.height())
    assert not formula.grab().isNull()
