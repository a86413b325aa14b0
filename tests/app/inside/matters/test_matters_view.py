"""The view "What matters": it keeps up with the pen, and says what its controls ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from handwriting import digit, moved
from inside_kit import every_model, model_of_chance
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QScrollArea, QWidget

from digitpad.app.inside.matters.finding import ANSWER, Question, find
from digitpad.app.inside.matters.view import MattersView
from digitpad.app.inside.subject import Subject
from digitpad.app.services.recognition import ActiveModel
from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import preprocess_points
from digitpad.ink.picture import Picture
from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.inside.smallest_change import Change
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognition import preprocess_drawing
from digitpad.recognition.recognizer import Recognizer

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from digitpad.app.services.background import Background


@pytest.fixture
def view(show_view, background) -> MattersView:
    return show_view(MattersView(background))


def _drawing(name: str) -> Drawing:
    return Drawing.of(moved(digit(name), -180, -300, 6))


def _subject(inside: Inside, drawing: Drawing) -> Subject:
    return Subject(inside, preprocess_drawing(drawing, as_one=True).parts[0])


def _show(qtbot: QtBot, view: MattersView, background: Background, subject: Subject) -> None:
    view.show_subject(subject)
    qtbot.waitUntil(lambda: not background.is_busy, timeout=20_000)
    assert view.finding is not None
    assert view.finding.question.subject is subject


def _choose(box: QComboBox, row: int) -> None:
    box.setFocus()
    box.setCurrentIndex(row)
    box.activated.emit(row)


def _colours(widget: QWidget) -> set[int]:
    image = widget.grab().toImage()
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def test_before_something_is_drawn_it_says_what_to_do(view) -> None:
    view.show_subject(None)
    hint = view.findChild(QLabel)
    assert hint.isVisible()
    assert not view.pixels.isVisible()


def test_strokes_and_glyph_get_the_colours_of_what_they_speak_for(
    qtbot, view, background, inside
) -> None:
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    assert view.finding.prediction.text == "4"
    assert view.finding.attribution.number == 4
    assert view.drawn.isVisible()
    assert not view.photo.isVisible()
    assert len(_colours(view.drawn)) > 50
    assert len(_colours(view.pixels)) > 20
    assert view.classes.box.count() == 10
    assert view.classes.box.currentIndex() == 0


def test_the_runner_up_is_explained_and_stays_chosen(
    qtbot, view, background, inside, happened
) -> None:
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    second = view.finding.ranking[1]
    _choose(view.classes.box, 1)
    qtbot.waitUntil(lambda: view.finding.attribution.number == second, timeout=20_000)
    assert happened == ["class-chosen"]
    _show(qtbot, view, background, _subject(inside, _drawing("0")))
    assert view.finding.attribution.number == view.finding.ranking[1]
    _choose(view.classes.box, 9)
    last = view.finding.ranking[9]
    qtbot.waitUntil(lambda: view.finding.attribution.number == last, timeout=20_000)
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    assert view.finding.attribution.number == last


@pytest.mark.parametrize("kind", ["ensemble", "taught", "mlp", "tutorial-convnet"])
def test_every_kind_of_model_is_explained(qtbot, view, background, kind) -> None:
    inside = Inside(every_model()[kind])
    for row in range(3):
        view.methods.box.setCurrentIndex(row)
        _show(qtbot, view, background, _subject(inside, _drawing("4")))
        assert view.finding.attribution.values.any()
        assert len(view.finding.without) == 2


def test_a_long_name_of_a_class_widens_nothing(qtbot, view, background) -> None:
    model = model_of_chance("quicknet")
    names = tuple(
        f"{number} has a long & <b>name</b> of its own, which goes on" for number in range(10)
    )
    inside = Inside(replace(model, info=replace(model.info, classes=names)))
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    content = view.findChild(QScrollArea).widget()
    assert content.width() <= view.width()


@pytest.mark.parametrize("row", [1, 2])
def test_another_method_gives_other_values_and_another_sentence(
    qtbot, view, background, inside, happened, row
) -> None:
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    before, sentence = view.finding.attribution.values, view.method_text.text()
    _choose(view.methods.box, row)
    qtbot.waitUntil(lambda: not background.is_busy, timeout=20_000)
    assert happened == ["method-chosen"]
    assert not np.array_equal(view.finding.attribution.values, before)
    assert view.method_text.text() != sentence


def test_a_stroke_is_left_out(qtbot, view, background, inside, happened) -> None:
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    first, second = view.strokes.rows[:2]
    assert "1 (99" in first.text()
    with_all = view.drawn.grab().toImage()
    first.click()
    assert happened == ["stroke-left-out"]
    assert view.drawn.grab().toImage() != with_all
    second.click()
    assert not first.isChecked()
    second.click()
    assert view.drawn.grab().toImage() == with_all
    # Another drawing with a single stroke has none to leave out.
    second.click()
    _show(qtbot, view, background, _subject(inside, _drawing("3")))
    assert view.strokes.number is None
    assert not first.isVisible()


def test_the_smallest_change_is_found_shown_and_tried(
    qtbot, view, background, inside, happened
) -> None:
    _show(qtbot, view, background, _subject(inside, _drawing("1")))
    plain = view.drawn.grab().toImage()
    view.changes.look.click()
    qtbot.waitUntil(lambda: "change-found" in happened, timeout=60_000)
    change = view.changes.change
    assert isinstance(change, Change)
    assert view.drawn.grab().toImage() != plain
    with qtbot.waitSignal(view.change_wanted) as wanted:
        view.changes.put.click()
    assert wanted.args == [change, view.finding.question.subject.part.ink]
    view.changes.found[change.kind].click()
    assert view.changes.change is None
    assert view.drawn.grab().toImage() == plain


def test_a_stroke_left_out_and_a_change_are_not_shown_together(
    qtbot, view, background, inside, happened
) -> None:
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    view.changes.look.click()
    qtbot.waitUntil(lambda: "change-found" in happened, timeout=60_000)
    kind = view.changes.change.kind
    view.strokes.rows[0].click()
    assert view.changes.change is None
    view.changes.found[kind].click()
    assert view.strokes.number is None
    assert view.changes.change.kind == kind


def test_another_drawing_ends_the_search(qtbot, view, background, inside, happened) -> None:
    _show(qtbot, view, background, _subject(inside, _drawing("3")))
    view.changes.look.click()
    assert not view.changes.look.isEnabled()
    _show(qtbot, view, background, _subject(inside, _drawing("8")))
    assert view.changes.look.isEnabled()
    assert view.changes.look.isVisible()
    assert happened == []


def test_it_keeps_up_with_a_pen_that_does_not_rest(qtbot, view, background, inside) -> None:
    points = _drawing("3").strokes[0].points
    shown = []
    background.done.connect(lambda _key, _item: shown.append(view.finding))
    subject = None
    while len(shown) < 3:
        for length in range(2, len(points)):
            subject = _subject(inside, Drawing.of([points[:length]]))
            view.show_subject(subject)
            qtbot.wait(1)
    qtbot.waitUntil(lambda: not background.is_busy, timeout=20_000)
    # In the end it is the last drawing that is explained.
    assert view.finding.question.subject is subject


def test_a_picture_is_shown_without_strokes(qtbot, view, background, inside) -> None:
    levels = np.full((120, 120, 4), 255, np.uint8)
    levels[20:100, 56:66, :3] = 0
    _show(qtbot, view, background, _subject(inside, Drawing(picture=Picture(levels))))
    assert view.photo.isVisible()
    assert not view.drawn.isVisible()
    assert not view.changes.look.isVisible()
    assert not any(row.isVisible() for row in view.strokes.rows)
    assert len(_colours(view.photo)) > 5


def test_arrow_keys_walk_over_the_pixels(qtbot, view, background, inside) -> None:
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    view.pixels.setFocus()
    QTest.keyClick(view.pixels, Qt.Key.Key_Down)
    row, column = view.pixels.place
    QTest.keyClick(view.pixels, Qt.Key.Key_Left)
    assert view.pixels.place == (row, column - 1)
    value = view.finding.attribution.values[row, column - 1]
    assert f"{value:+.2f}" in view.readout.text()
    for _ in range(40):
        QTest.keyClick(view.pixels, Qt.Key.Key_Right)
    assert view.pixels.place == (row, 27)
    QTest.keyClick(view.pixels, Qt.Key.Key_Escape)
    assert view.pixels.place is None
    QTest.mouseMove(view.pixels, view.pixels.rect().center())
    view.pixels.leaveEvent(None)
    assert view.pixels.place is None


def test_the_mouse_points_at_the_pixel_beneath_it(qtbot, view, background, inside) -> None:
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    field = view.pixels.field
    place = field.topLeft() + QPointF(5.5, 3.5) * field.width() / 28
    QTest.mouseMove(view.pixels, place.toPoint())
    assert view.pixels.place == (3, 5)


def test_every_control_has_a_name_and_a_tip_and_is_reached_by_tab(
    qtbot, view, background, inside
) -> None:
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    controls = [
        one
        for one in view.findChildren(QWidget)
        if isinstance(one, QAbstractButton | QComboBox) and one.isVisible()
    ]
    assert len(controls) >= 5
    for one in (*controls, view.pixels):
        assert one.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert one.toolTip()
        assert one.accessibleName() or one.text()


@pytest.mark.parametrize("size", [(740, 430), (480, 300), (1200, 700)])
def test_nothing_is_cut(qtbot, view, background, inside, size) -> None:
    view.resize(*size)
    _show(qtbot, view, background, _subject(inside, _drawing("4")))
    assert view.size().toTuple() == size
    scroll = view.findChild(QScrollArea)
    content = scroll.widget()
    assert content.width() <= scroll.viewport().width()
    if size != (480, 300):
        assert content.height() <= scroll.viewport().height()
    for one in (view.drawn, view.pixels, view.legend, view.odds_text, *view.strokes.rows[:2]):
        assert content.rect().contains(one.mapTo(content, one.rect().bottomRight()))
    assert view.pixels.field.width() >= 140


def test_a_change_is_put_on_the_pad_only_when_it_is_wanted(qtbot, make_program) -> None:
    model = load_model(bundled_model_path())
    active = ActiveModel(
        Recognizer(model), title="Bundled", classes=model.info.classes, model=model
    )
    program = make_program(load=lambda: active)
    controller = program.inside.show()
    document = program.pad.document
    document.replace(_drawing("1"))
    controller.show_view(2)
    view = controller.view
    qtbot.waitUntil(lambda: view.finding is not None, timeout=20_000)
    view.changes.look.click()
    qtbot.waitUntil(lambda: view.changes.change is not None, timeout=60_000)
    change = view.changes.change
    assert document.drawing == _drawing("1")
    view.changes.put.click()
    assert document.drawing.strokes == change.after
    qtbot.waitUntil(lambda: view.finding.prediction.text == change.prediction.text, timeout=20_000)
    program.pad_actions.undo.trigger()
    assert document.drawing == _drawing("1")


def test_what_is_found_of_many_strokes_can_be_ended_after_each(inside, monkeypatch) -> None:
    made: list[int] = []

    def counted(points):
        made.append(len(points))
        return preprocess_points(points)

    monkeypatch.setattr("digitpad.recognition.inside.left_out.preprocess_points", counted)
    drawing = Drawing.of(moved(digit("4"), -180, -300, 6))
    part = preprocess_drawing(drawing, as_one=True).parts[0]
    subject = Subject(inside, replace(part, ink=part.ink * 50))
    items = find(Question(subject, ANSWER, "gradient"))
    first = next(items)
    assert not made
    assert next(items) is first
    assert len(made) == 1
    items.close()
