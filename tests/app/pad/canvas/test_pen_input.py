import numpy as np
import pytest
from pointers import RIGHT, Mouse, Tablet, mouse_down, mouse_move, mouse_stroke, mouse_up
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF
from PySide6.QtGui import QInputDevice, QPointingDevice, QTouchEvent
from PySide6.QtTest import QTest

from digitpad.app.pad.canvas.painting import to_pad
from digitpad.app.pad.canvas.pen_input import ECHO_MS

LINE = [(100, 100), (150, 130), (200, 180), (230, 260)]


def in_pad(canvas, points):
    return [to_pad(canvas._transform, QPointF(x, y)) for x, y in points]


def strokes(program):
    return program.pad.document.drawing.strokes


def test_mouse_stroke_goes_through_the_pointers_points(program):
    mouse_stroke(program.pad.canvas, LINE)
    (stroke,) = strokes(program)
    np.testing.assert_allclose(stroke.points, in_pad(program.pad.canvas, LINE))
    assert (stroke.pressures == 1).all()


def test_pad_units_have_the_origin_in_the_centre_and_1000_to_the_shorter_side(program):
    canvas = program.pad.canvas
    width, height = canvas.width(), canvas.height()
    scale = 1000 / min(width, height)
    mouse_stroke(canvas, [(width // 2, height // 2), (width // 2 + 50, height // 2 - 20)])
    (stroke,) = strokes(program)
    offset = (width // 2 - width / 2) * scale, (height // 2 - height / 2) * scale
    np.testing.assert_allclose(stroke.points[0], offset, atol=1e-9)
    np.testing.assert_allclose(
        stroke.points[1] - stroke.points[0], (50 * scale, -20 * scale), atol=1e-9
    )


def test_no_point_is_lost_at_speed(program):
    points = [(20 + i % 300, 20 + (i * 7) % 300) for i in range(2000)]
    mouse_stroke(program.pad.canvas, points)
    (stroke,) = strokes(program)
    assert len(stroke.points) == len(points)
    np.testing.assert_allclose(stroke.points, in_pad(program.pad.canvas, points))


def test_tap_makes_a_dot(program):
    mouse_stroke(program.pad.canvas, [(120, 140)])
    (stroke,) = strokes(program)
    assert stroke.points.shape == (1, 2)


def test_tablet_stroke_keeps_its_pressures(program):
    pressures = [0.2, 0.4, 0.8, 0.6]
    Tablet(program.pad.canvas).stroke(LINE, pressures)
    (stroke,) = strokes(program)
    np.testing.assert_allclose(stroke.pressures, pressures)
    np.testing.assert_allclose(stroke.points, in_pad(program.pad.canvas, LINE))


def test_tablet_positions_are_finer_than_pixels(program):
    points = [(100.25, 90.5), (130.75, 110.125)]
    Tablet(program.pad.canvas).stroke(points, [0.5, 0.5])
    np.testing.assert_allclose(strokes(program)[0].points, in_pad(program.pad.canvas, points))


def test_tablet_without_pressure_counts_as_full(program):
    Tablet(program.pad.canvas, pressure=False).stroke(LINE, [0.0] * 4)
    assert (strokes(program)[0].pressures == 1).all()


def test_tablet_events_are_accepted_so_that_qt_sends_no_mouse_events(program):
    tablet = Tablet(program.pad.canvas)
    assert tablet.down(50, 50).isAccepted()
    assert tablet.move(60, 60).isAccepted()
    assert tablet.up(60, 60).isAccepted()


@pytest.mark.parametrize("when", ["before", "amidst", "after"])
def test_a_tablets_mouse_events_make_no_second_stroke(program, when):
    tablet, mouse = Tablet(program.pad.canvas), Mouse(program.pad.canvas)
    press, move, release = (
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonRelease,
    )
    if when == "before":
        mouse.send(press, *LINE[0], 1000)
        tablet.down(*LINE[0], 0.5, 1001)
    else:
        tablet.down(*LINE[0], 0.5, 1000)
        if when == "amidst":
            mouse.send(press, *LINE[0], 1001)
    for point in LINE[1:]:
        tablet.move(*point, 0.5, 1010)
        if when != "after":
            mouse.send(move, *point, 1011)
    tablet.up(*LINE[-1], 1020)
    if when == "after":
        mouse.stroke(LINE, 1021)
    else:
        mouse.send(release, *LINE[-1], 1021)
    (stroke,) = strokes(program)
    assert len(stroke.points) == len(LINE)
    assert (stroke.pressures == 0.5).all()
    program.pad.document.undo()
    assert not program.pad.document.can_undo


def test_a_mouse_draws_again_some_time_after_the_tablet(program):
    Tablet(program.pad.canvas).stroke(LINE, [0.5] * 4, 1000)
    Mouse(program.pad.canvas).stroke(LINE, 1000 + ECHO_MS)
    assert len(strokes(program)) == 2


def test_mouse_events_that_name_a_touch_screen_are_its_echo(program):
    finger = QPointingDevice(
        "test screen",
        815,
        QInputDevice.DeviceType.TouchScreen,
        QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Position,
        5,
        0,
    )
    Mouse(program.pad.canvas, finger).stroke(LINE, 5000)
    assert strokes(program) == ()


@pytest.fixture
def screen():
    return QTest.createTouchDevice()


def test_one_finger_draws_and_a_second_does_not(program, screen):
    canvas = program.pad.canvas
    touch = QTest.touchEvent(canvas, screen)
    touch.press(0, QPoint(100, 100), canvas).commit()
    touch.move(0, QPoint(140, 120), canvas).press(1, QPoint(300, 300), canvas).commit()
    touch.move(0, QPoint(180, 150), canvas).move(1, QPoint(310, 330), canvas).commit()
    touch.release(1, QPoint(310, 330), canvas).stationary(0).commit()
    touch.release(0, QPoint(190, 170), canvas).commit()
    (stroke,) = strokes(program)
    np.testing.assert_allclose(
        stroke.points, in_pad(canvas, [(100, 100), (140, 120), (180, 150), (190, 170)])
    )


def test_a_cancelled_touch_leaves_nothing(program, screen):
    canvas = program.pad.canvas
    QTest.touchEvent(canvas, screen).press(0, QPoint(100, 100), canvas).commit()
    assert canvas.is_drawing
    QCoreApplication.sendEvent(canvas, QTouchEvent(QEvent.Type.TouchCancel, screen))
    assert not canvas.is_drawing
    assert strokes(program) == ()
    QTest.touchEvent(canvas, screen).release(0, QPoint(100, 100), canvas).commit()
    assert strokes(program) == ()


def test_eraser_tip_takes_whole_strokes_in_one_step(program):
    canvas = program.pad.canvas
    for x in (60, 160, 260):
        mouse_stroke(canvas, [(x, 60), (x, 200)])
    before = program.pad.document.drawing
    Tablet(canvas, eraser=True).stroke([(20, 120), (110, 120), (190, 120)], [0.5] * 3)
    assert program.pad.document.drawing.strokes == before.strokes[2:]
    program.pad.document.undo()
    assert program.pad.document.drawing is before
    program.pad.document.redo()
    assert program.pad.document.drawing.strokes == before.strokes[2:]


def test_a_fast_eraser_misses_no_stroke_on_its_way(program):
    mouse_stroke(program.pad.canvas, [(160, 60), (160, 200)])
    mouse_stroke(program.pad.canvas, [(20, 120), (320, 120)], RIGHT)
    assert strokes(program) == ()


def test_an_eraser_that_touches_nothing_is_no_step(program):
    mouse_stroke(program.pad.canvas, [(60, 60), (60, 200)])
    before = program.pad.document.drawing
    mouse_stroke(program.pad.canvas, [(300, 300), (320, 320)], RIGHT)
    assert program.pad.document.drawing is before
    program.pad.document.undo()
    assert not program.pad.document.can_undo


def test_the_eraser_tool_erases_with_the_mouse(program):
    mouse_stroke(program.pad.canvas, [(60, 60), (60, 200)])
    program.pad_actions.eraser.trigger()
    mouse_stroke(program.pad.canvas, [(30, 100), (90, 100)])
    assert strokes(program) == ()
    program.pad_actions.pen.trigger()
    mouse_stroke(program.pad.canvas, LINE)
    assert len(strokes(program)) == 1


def test_erased_strokes_vanish_while_the_eraser_is_down(program):
    mouse_stroke(program.pad.canvas, [(60, 60), (60, 200)])
    mouse_down(program.pad.canvas, 60, 100, RIGHT)
    assert program.pad.canvas.visible_drawing().is_empty
    assert not program.pad.document.drawing.is_empty
    mouse_up(program.pad.canvas, 60, 100, RIGHT)
    assert program.pad.document.drawing.is_empty


def test_another_button_while_drawing_changes_nothing(program):
    mouse_down(program.pad.canvas, 60, 60)
    mouse_down(program.pad.canvas, 70, 70, RIGHT)
    mouse_up(program.pad.canvas, 70, 70, RIGHT)
    assert program.pad.canvas.is_drawing
    mouse_move(program.pad.canvas, 90, 80)
    mouse_up(program.pad.canvas, 90, 80)
    assert len(strokes(program)) == 1


def test_the_second_press_of_a_double_click_draws_as_well(program):
    mouse = Mouse(program.pad.canvas)
    kinds = QEvent.Type
    for kind in (kinds.MouseButtonPress, kinds.MouseButtonDblClick):
        mouse.send(kind, 80, 80, 10)
        mouse.send(kinds.MouseMove, 90, 90, 20)
        mouse.send(kinds.MouseButtonRelease, 95, 90, 30)
    assert [len(stroke.points) for stroke in strokes(program)] == [3, 3]


@pytest.mark.parametrize("device", ["mouse", "tablet"])
def test_a_release_that_went_elsewhere_joins_no_strokes(program, device):
    other = [(300, 300), (320, 330)]
    if device == "mouse":
        mouse_down(program.pad.canvas, *LINE[0])
        mouse_stroke(program.pad.canvas, other)
    else:
        tablet = Tablet(program.pad.canvas)
        tablet.down(*LINE[0])
        tablet.stroke(other, [0.5, 0.5])
    first, second = strokes(program)
    np.testing.assert_allclose(first.points, in_pad(program.pad.canvas, LINE[:1]))
    np.testing.assert_allclose(second.points, in_pad(program.pad.canvas, other))


def test_a_finished_stroke_stays_though_the_button_is_still_down(program):
    mouse_down(program.pad.canvas, *LINE[0])
    program.pad.canvas.finish()
    mouse_move(program.pad.canvas, *LINE[1])
    mouse_up(program.pad.canvas, *LINE[2])
    (stroke,) = strokes(program)
    assert len(stroke.points) == 1
