"""The small pad that asks for drawings."""

import pytest
from handwriting import digit, drawn
from pointers import mouse_down, mouse_move, mouse_stroke, mouse_up
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from digitpad.app.samples.collect.view import CollectView

KEY = Qt.Key
LINE = [(60, 60), (100, 90), (110, 150)]


@pytest.fixture
def view(qtbot):
    view = CollectView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    with qtbot.waitExposed(view):
        view.show()
    view.start("381")
    yield view
    view.close()


@pytest.fixture
def drawn_labels(view):
    found = []
    view.drawn.connect(lambda label, _: found.append(label))
    return found


def test_a_pause_takes_the_drawing_and_asks_for_the_next(qtbot, view):
    assert "3" in view.prompt.text()
    with qtbot.waitSignal(view.drawn) as drawn_one:
        mouse_stroke(view.canvas, LINE)
        assert view.line.is_running
    label, drawing = drawn_one.args
    assert label == "3"
    assert len(drawing.strokes) == 1
    assert "8" in view.prompt.text()
    assert view.canvas.visible_drawing().is_empty
    assert view.progress.text() == "1 of 3 drawings"


def test_a_second_stroke_belongs_to_the_same_drawing(qtbot, view, drawn_labels):
    mouse_stroke(view.canvas, LINE)
    mouse_down(view.canvas, 80, 80)
    mouse_move(view.canvas, 120, 90)
    # However long this stroke takes.
    assert not view.line.is_running
    mouse_up(view.canvas, 120, 90)
    with qtbot.waitSignal(view.drawn) as drawn_one:
        assert drawn_labels == []
    assert len(drawn_one.args[1].strokes) == 2


def test_enter_takes_it_at_once(view, drawn_labels):
    QTest.keyClick(view.canvas, KEY.Key_Return)
    assert drawn_labels == []
    mouse_stroke(view.canvas, LINE)
    QTest.keyClick(view.canvas, KEY.Key_Return)
    assert drawn_labels == ["3"]
    assert not view.line.is_running


def test_without_the_pause_nothing_is_taken_by_itself(view):
    view.goes_on.setChecked(False)
    mouse_stroke(view.canvas, LINE)
    assert not view.line.is_running
    assert view.next_button.isEnabled()
    view.goes_on.setChecked(True)
    assert view.line.is_running


def test_skip_and_back(view, drawn_labels):
    taken_back = []
    view.taken_back.connect(lambda label, drawing: taken_back.append((label, drawing)))
    QTest.keyClick(view.canvas, KEY.Key_Right)
    mouse_stroke(view.canvas, LINE)
    QTest.keyClick(view.canvas, KEY.Key_Enter)
    assert drawn_labels == ["8"]
    QTest.keyClick(view.canvas, KEY.Key_Backspace)
    ((label, drawing),) = taken_back
    assert label == "8"
    assert len(drawing.strokes) == 1
    QTest.keyClick(view.canvas, KEY.Key_Backspace)
    assert len(taken_back) == 1
    assert view.round.label == "3"
    assert not view.back_button.isEnabled()


def test_undo_takes_strokes_back_and_then_drawings(view):
    mouse_stroke(view.canvas, LINE)
    QTest.keyClick(view.canvas, KEY.Key_Return)
    mouse_stroke(view.canvas, LINE)
    view.undo()
    assert view.canvas.visible_drawing().is_empty
    assert view.round.place == 1
    view.undo()
    assert view.round.place == 0
    assert not view.can_undo


def test_the_end_offers_another_round(qtbot, view, drawn_labels):
    for _ in range(3):
        mouse_stroke(view.canvas, LINE)
        QTest.keyClick(view.canvas, KEY.Key_Return)
    assert drawn_labels == ["3", "8", "1"]
    assert not view.canvas.isVisible()
    assert view.rest.text() == "3 drawings are among your samples now."
    with qtbot.waitSignal(view.more_wanted):
        QTest.keyClick(view, KEY.Key_Return)


def test_leaving_keeps_what_is_drawn(qtbot, view, drawn_labels):
    mouse_stroke(view.canvas, LINE)
    with qtbot.waitSignal(view.left):
        QTest.keyClick(view.canvas, KEY.Key_Escape)
    assert drawn_labels == ["3"]
    assert not view.line.is_running


def shown_page(program):
    program.samples.show()
    return program.samples.page


def draw(program):
    mouse_stroke(program.samples.page.collect.canvas, LINE)
    QTest.keyClick(program.samples.page.collect.canvas, KEY.Key_Return)


def test_a_tap_is_taken_by_enter_alone(qtbot, view, drawn_labels):
    mouse_stroke(view.canvas, [(80, 80), (81, 80)])
    qtbot.waitUntil(lambda: view.canvas.visible_drawing().is_empty)
    mouse_stroke(view.canvas, [(80, 80), (81, 80)])
    view.leave()
    assert drawn_labels == []
    mouse_stroke(view.canvas, [(80, 80), (81, 80)])
    view.take()
    assert drawn_labels == ["3"]


def test_each_drawing_is_stored_at_once(qtbot, program, store):
    collect = shown_page(program).collect
    program.samples.actions.collect.trigger()
    plan = collect.round.plan
    assert len(plan) == 20
    assert {plan.count(name) for name in "0123456789"} == {2}
    draw(program)
    qtbot.waitUntil(lambda: len(store.list()) == 1)
    (sample,) = store.list()
    assert (sample.label, sample.origin, sample.answer) == (plan[0], "collected", None)
    qtbot.waitUntil(lambda: len(program.teaching.samples) == 1)
    # One is taken back before it is stored, one after.
    draw(program)
    collect.back()
    collect.back()
    qtbot.waitUntil(lambda: program.teaching.samples == ())
    assert store.list() == ()


def test_leaving_the_page_or_the_program_takes_the_drawing(qtbot, program, store):
    collect = shown_page(program).collect
    program.samples.actions.collect.trigger()
    mouse_stroke(collect.canvas, LINE)
    program.show_pad()
    qtbot.waitUntil(lambda: len(store.list()) == 1)
    program.samples.show()
    assert program.samples.page.is_collecting
    mouse_stroke(collect.canvas, LINE)
    program.window.close()
    program.shutdown()
    assert len(store.list()) == 2


def test_what_was_drawn_is_on_the_wall_afterwards(qtbot, taught):
    page = taught.samples.page
    taught.samples.controller.show_label("4")
    taught.samples.actions.collect.trigger()
    assert set(page.collect.round.plan) == {"4"}
    draw(taught)
    assert taught.samples.actions.undo.isEnabled()
    page.collect.leave()
    assert not page.is_collecting
    qtbot.waitUntil(lambda: len(page.wall.samples) == 3)
    assert page.wall.samples[0].origin == "collected"
    assert page.wall.samples[0].drawing != drawn(digit("4"))
