"""The Inside page: it follows the pad, the model, and which page and view are in front."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch
from fakes import DIGITS, FakePredictor, prediction
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from digitpad.app.services.recognition import ActiveModel
from digitpad.ink.drawing import Drawing
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.networks import build_network

if TYPE_CHECKING:
    from digitpad.app.inside.subject import Subject

SEVEN = Drawing.of([[(100, 100), (500, 100), (300, 800)]])
ONE = Drawing.of([[(400, 100), (380, 800)]])


def _model(seed: int = 0) -> Model:
    torch.manual_seed(seed)
    network = build_network("quicknet", 10, {}).eval().requires_grad_(False)
    return Model(ModelInfo("Chance", "quicknet", DIGITS, {}), network)


@pytest.fixture
def active() -> ActiveModel:
    return ActiveModel(FakePredictor(), title="Chance", classes=DIGITS, model=_model())


@pytest.fixture
def program(make_program, active):
    program = make_program(load=lambda: active)
    program.inside.show()
    return program


def _subjects(program, monkeypatch) -> list[Subject | None]:
    shown: list[Subject | None] = []
    monkeypatch.setattr(program.inside.controller.view, "show_subject", shown.append)
    return shown


def test_nothing_of_it_is_made_before_it_is_opened(make_program, active) -> None:
    program = make_program(load=lambda: active)
    assert program.inside.page is None
    QTest.keyClick(program.pad.canvas, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert program.inside.is_shown
    assert program.inside.page.canvas.hasFocus()


def test_before_there_is_a_model_it_says_so(qtbot, make_program, active) -> None:
    program = make_program(load=lambda: active, start=False)
    controller = program.inside.show()
    assert controller.view is None
    assert controller.subject is None
    with qtbot.waitSignal(program.recognition.ready):
        program.recognition.start()
    assert controller.view is program.inside.page.stack.currentWidget()


def test_the_view_in_front_follows_the_drawing(program, monkeypatch) -> None:
    controller, document = program.inside.controller, program.pad.document
    assert controller.subject is None
    shown = _subjects(program, monkeypatch)
    document.replace(SEVEN)
    assert program.inside.is_shown
    assert shown[-1].inside.info.name == "Chance"
    assert shown[-1].glyph.shape == (28, 28)
    assert shown[-1].part.ink == SEVEN.strokes
    first = shown[-1].inside
    document.replace(ONE)
    assert shown[-1].part.ink == ONE.strokes
    assert shown[-1].inside is first
    document.clear()
    assert shown[-1] is None


def test_a_stroke_is_shown_while_it_is_drawn(qtbot, program) -> None:
    canvas, controller = program.inside.page.canvas, program.inside.controller
    centre = canvas.rect().center()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=centre)
    for step in range(1, 6):
        QTest.mouseMove(canvas, centre + step * centre / 12)
    qtbot.waitUntil(lambda: controller.subject is not None)
    assert program.pad.document.drawing.is_empty
    assert program.pad_actions.undo.isEnabled()
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=centre)
    assert len(program.pad.document.drawing.strokes) == 1


def test_undo_redo_and_clear_belong_to_the_page_in_front(program) -> None:
    document, actions = program.pad.document, program.pad_actions
    document.replace(SEVEN)
    actions.undo.trigger()
    assert document.drawing.is_empty
    assert program.inside.is_shown
    actions.redo.trigger()
    assert document.drawing == SEVEN
    actions.clear.trigger()
    assert document.drawing.is_empty
    assert not actions.clear.isEnabled()
    document.undo()
    program.show_pad()
    actions.undo.trigger()
    assert document.drawing.is_empty
    assert not program.inside.is_shown
    program.show_train()
    assert not actions.undo.isEnabled()


def test_while_another_page_is_in_front_nothing_is_shown(program, monkeypatch) -> None:
    shown = _subjects(program, monkeypatch)
    program.show_pad()
    program.pad.document.replace(SEVEN)
    assert shown == []
    assert not program.inside.actions.chapters.isEnabled()
    program.inside.show()
    assert shown[-1].part.ink == SEVEN.strokes


def test_another_model_is_shown_at_once(program, active) -> None:
    program.pad.document.replace(SEVEN)
    before = program.inside.controller.subject.inside
    other = ActiveModel(FakePredictor(), title="Other", classes=DIGITS, model=_model(1))
    program.recognition.adapt(program.recognition.chosen, other)
    after = program.inside.controller.subject.inside
    assert after is not before
    assert "Other" in program.inside.page.model.text()
    program.recognition.adapt(program.recognition.chosen, None)
    assert "Chance" in program.inside.page.model.text()


def test_an_ensemble_shows_one_network_at_a_time(program) -> None:
    program.pad.document.replace(SEVEN)
    model = make_ensemble([_model(seed) for seed in range(3)], "Three")
    ensemble = ActiveModel(FakePredictor(), title="Three", classes=DIGITS, model=model)
    assert not program.inside.page.member.isVisible()
    program.recognition.adapt(program.recognition.chosen, ensemble)
    page, controller = program.inside.page, program.inside.controller
    assert page.member.isVisible()
    assert page.member.count() == 3
    first = controller.subject.inside.network
    page.member.setCurrentIndex(2)
    page.member.activated.emit(2)
    assert controller.subject.inside.member == 2
    assert controller.subject.inside.network is not first


@pytest.mark.parametrize("number", range(4))
def test_each_view_has_its_key(qtbot, program, number) -> None:
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    key = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4)[number]
    QTest.keyClick(program.inside.page, key, Qt.KeyboardModifier.AltModifier)
    assert program.inside.actions.views[number].isChecked()
    assert program.inside.page.stack.currentWidget() is program.inside.controller.view


def test_of_a_number_one_part_is_shown_and_a_tap_chooses_another(program) -> None:
    two = [[(100, 300), (250, 300), (180, 600)], [(600, 300), (590, 600)]]
    program.pad.document.replace(Drawing.of(two))
    choice, controller = program.pad_controller.choice, program.inside.controller
    assert len(choice.recognition.parts) == 2
    first = controller.subject.part.bounds
    other = next(i for i, part in enumerate(choice.recognition.parts) if part.bounds != first)
    program.inside.page.canvas.part_tapped.emit(other)
    assert controller.subject.part.bounds == choice.recognition.parts[other].bounds
    assert program.inside.page.canvas._chosen == other


def test_the_views_show_what_the_network_makes_of_the_glyph_alone(program) -> None:
    program.pad.document.replace(SEVEN)
    controller, page = program.inside.controller, program.inside.page
    whole = program.pad_controller.choice.recognition
    of_glyph = prediction(1, 0.6, whole.classes)
    (part,) = whole.parts
    controller.take(replace(whole, parts=(replace(part, of_glyph=of_glyph),)))
    assert controller.subject.part.prediction == of_glyph
    assert page.big.text == "1"
    assert page.around.isVisible()
    assert page.around.text() == f"With the ink around it, the pad reads {part.prediction.text}."
    controller.take(whole)
    assert page.big.text == part.prediction.text
    assert not page.around.isVisible()


def test_pictures_are_opened_and_pasted_here_too(program, qapp) -> None:
    assert program.pad_actions.open.isEnabled()
    assert program.pad_actions.paste.isEnabled()
    program.show_train()
    assert not program.pad_actions.paste.isEnabled()
    program.show_pad()
    assert program.pad_actions.paste.isEnabled()


def test_the_chosen_network_of_an_ensemble_stays_named_when_the_page_comes_back(
    qtbot, make_program
) -> None:
    model = make_ensemble([_model(seed) for seed in range(3)], "Three")
    active = ActiveModel(FakePredictor(), title="Three", classes=DIGITS, model=model)
    program = make_program(load=lambda: active)
    controller = program.inside.show()
    program.pad.document.replace(SEVEN)
    member = program.inside.page.member
    member.setFocus()
    QTest.keyClick(member, Qt.Key.Key_End)
    assert controller.subject.inside.member == 2
    QTest.keyClick(member, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert not program.inside.is_shown
    program.inside.show()
    assert controller.subject.inside.member == member.currentIndex() == 2
