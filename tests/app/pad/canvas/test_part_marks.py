"""Boxes and tags over the parts of a drawing."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import number, prediction
from pointers import RIGHT, Mouse, Tablet, mouse_down, mouse_move, mouse_stroke, mouse_up
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from snapshots import check, pixels, wear

from digitpad.app.pad.canvas import part_marks
from digitpad.app.pad.canvas.canvas import Canvas
from digitpad.app.pad.canvas.painting import pad_transform, picture_rect
from digitpad.app.pad.canvas.part_marks import PartMark, PartMarks, marks_of
from digitpad.app.pad.document import PadDocument
from digitpad.app.widgets.theme import contrast, quiet_text, theme_for
from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture

SIZE = QSizeF(600, 500)


@pytest.fixture
def canvas(qtbot):
    document = PadDocument()
    canvas = Canvas(document)
    qtbot.addWidget(canvas)
    canvas.resize(600, 500)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.clearFocus()
    yield canvas
    document.deleteLater()


def three():
    doubtful = prediction(7, 0.6)
    return number(prediction(2), doubtful, prediction(4, 0.3, rejected=True))


def show(canvas, recognition, chosen=None):
    canvas._document.replace(recognition.drawing)
    canvas.show_marks(marks_of(recognition), chosen, ["Read.", "Chosen."])


def laid_out(*bounds, marks=None, may_move=True):
    marks = marks or PartMarks()
    shown = [PartMark(one, "7", "sure") for one in bounds]
    transform = pad_transform(SIZE, Drawing())
    marks.show(shown, None, transform, SIZE, QFont(), may_move=may_move)
    return marks


def test_one_symbol_has_no_mark():
    assert marks_of(number(prediction(7))) == ()


def test_marks_say_what_was_read_and_how_sure_it_is():
    found = [(mark.text, mark.look) for mark in marks_of(three())]
    assert found == [("2", "sure"), ("7?", "doubtful"), ("?", "rejected")]


def test_marks_of_a_picture_lie_on_the_picture():
    picture = Picture(np.full((50, 100, 4), 255, np.uint8))
    plain = number(prediction(2), prediction(4))
    parts = tuple(
        replace(part, bounds=(50.0 * i, 0.0, 50.0 * i + 50, 50.0))
        for i, part in enumerate(plain.parts)
    )
    first, second = marks_of(replace(plain, drawing=Drawing(picture=picture), parts=parts))
    area = picture_rect(picture)
    assert first.bounds == (area.left(), area.top(), 0, area.bottom())
    assert second.bounds == (0, area.top(), area.right(), area.bottom())


def test_a_tag_lies_below_its_part_and_outside_its_ink():
    marks = laid_out((-300, -200, -100, 100), (0, -200, 200, 100))
    for i in range(2):
        assert marks.tag(i).top() >= marks.box(i).bottom()
        assert marks.tag(i).center().x() == pytest.approx(marks.box(i).center().x())


def test_a_tag_goes_above_where_there_is_ink_or_the_edge_below():
    marks = laid_out((-300, -400, -100, -100), (-300, -90, -100, 100), (100, 100, 300, 499))
    assert marks.tag(0).bottom() <= marks.box(0).top()
    assert marks.tag(1).top() >= marks.box(1).bottom()
    assert marks.tag(2).bottom() <= marks.box(2).top()


@pytest.mark.parametrize("count", [2, 7, 14])
def test_tags_lie_in_the_sheet_and_not_on_each_other(count):
    width = 1100 / count
    bounds = [(-550 + width * i, -100, -560 + width * (i + 1), 100) for i in range(count)]
    marks = laid_out(*bounds)
    tags = [marks.tag(i) for i in range(count)]
    sheet = QRectF(0, 0, SIZE.width(), SIZE.height())
    assert all(sheet.contains(tag) for tag in tags)
    assert not any(a.intersects(b) for i, a in enumerate(tags) for b in tags[:i])


def test_a_tag_stays_while_the_next_part_is_drawn_over_its_place_and_moves_later():
    first = (-300, -300, -100, 0)
    marks = laid_out(first)
    before = marks.tag(0)
    over = (-300, 5, -100, 300)
    laid_out(first, over, marks=marks, may_move=False)
    assert marks.tag(0) == before
    laid_out(first, over, marks=marks, may_move=True)
    assert marks.tag(0).bottom() <= marks.box(0).top()
    moved = marks.tag(0)
    laid_out(first, over, (100, 0, 200, 100), marks=marks, may_move=True)
    assert marks.tag(0) == moved


def overlap(marks, number, others):
    """How much ink of others lies below a tag."""
    tag, mapped = marks.tag(number), pad_transform(SIZE, Drawing()).mapRect
    areas = [tag & mapped(QRectF(QPointF(*one[:2]), QPointF(*one[2:]))) for one in others]
    return sum(area.width() * area.height() for area in areas if not area.isEmpty())


def test_ink_that_was_away_while_the_tag_was_placed_counts_when_the_pen_is_up():
    """As when two parts were read as one, and are one again."""
    wide, beside, between = (-300, -200, 100, 100), (300, -200, 400, 100), (-150, -300, -50, -150)
    halves = (-300, -200, -200, 100), (0, -200, 100, 100)
    marks = laid_out(wide, beside)
    laid_out(*halves, beside, between, marks=marks, may_move=False)
    laid_out(wide, beside, between, marks=marks, may_move=False)
    assert overlap(marks, 2, [wide]) > 0
    laid_out(wide, beside, between, marks=marks)
    assert overlap(marks, 2, [wide]) == 0


def test_where_ink_goes_away_a_tag_finds_a_better_place():
    one, above = (-100, -100, 0, 0), (-200, -180, 100, -105)
    others = (-200, 5, 100, 80), (-220, -100, -105, 0), (5, -100, 120, 0)
    marks = laid_out(one, above, *others)
    assert overlap(marks, 0, [above, *others]) > 0
    laid_out(one, *others, marks=marks)
    assert overlap(marks, 0, others) == 0


def test_a_tag_without_a_better_place_is_not_placed_again(monkeypatch):
    around = (-200, -180, 100, -105), (-200, 5, 100, 80), (-220, -100, -105, 0), (5, -100, 120, 0)
    marks = laid_out((-100, -100, 0, 0), *around)
    assert overlap(marks, 0, around) > 0
    placed = []
    inner = part_marks._free_place
    monkeypatch.setattr(part_marks, "_free_place", lambda *one: placed.append(one) or inner(*one))
    laid_out((-100, -100, 0, 0), *around, (300, 0, 400, 100), marks=marks)
    assert len(placed) == 1


def test_only_what_changes_is_painted_anew():
    marks = laid_out((-500, -200, -300, 100))
    shown = [PartMark(one, "7", "sure") for one in ((-500, -200, -300, 100), (300, 0, 400, 100))]
    transform = pad_transform(SIZE, Drawing())
    changed = marks.show(shown, None, transform, SIZE, QFont(), may_move=True)
    assert not changed.intersects(marks.box(0).toRect())
    assert changed.contains(marks.box(1).toRect().center())
    assert marks.show(shown, None, transform, SIZE, QFont(), may_move=True).isEmpty()
    assert marks.show(shown, 0, transform, SIZE, QFont(), may_move=True).contains(
        marks.box(0).toRect().center()
    )


def test_a_tag_is_hit_where_it_is_and_a_little_around_it():
    marks = laid_out((-300, -200, -100, 100), (0, -200, 200, 100))
    for i in range(2):
        centre = marks.tag(i).center()
        assert marks.hit(centre) == i
        assert marks.hit(centre + QPointF(13.5, 0)) == i
        assert marks.hit(marks.box(i).center()) is None
    assert marks.hit(QPointF(5, 5)) is None


def wait_painted(qtbot, canvas):
    """Until the screen shows what a fresh painting would give."""
    shot = canvas.screen().grabWindow
    qtbot.waitUntil(
        lambda: np.array_equal(
            pixels(shot(canvas.winId()).toImage()), pixels(canvas.grab().toImage())
        )
    )


class PaintedAreas(QObject):
    def __init__(self, canvas):
        super().__init__(canvas)
        self.areas = []
        canvas.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.areas.append(sum(r.width() * r.height() for r in event.region()))
        return False


def test_a_tap_on_a_tag_chooses_and_draws_nothing(canvas):
    show(canvas, three())
    tapped = []
    canvas.part_tapped.connect(tapped.append)
    before = canvas._document.drawing
    for i in range(3):
        at = canvas._marks.tag(i).center()
        mouse_stroke(canvas, [(at.x(), at.y()), (at.x() + 2, at.y() + 1)])
        tablet = Tablet(canvas)
        tablet.stroke([(at.x(), at.y())], [0.5], time_ms=10_000)
    assert tapped == [0, 0, 1, 1, 2, 2]
    assert canvas._document.drawing is before
    assert not canvas.is_drawing


def test_a_stroke_may_begin_on_a_tag_and_a_dot_elsewhere_is_ink(canvas):
    show(canvas, three())
    tapped = []
    canvas.part_tapped.connect(tapped.append)
    at = canvas._marks.tag(0).center()
    mouse_stroke(canvas, [(at.x(), at.y()), (at.x() + 60, at.y() + 40)])
    count = len(three().drawing.strokes)
    assert len(canvas._document.drawing.strokes) == count + 1
    first = canvas._document.drawing.strokes[-1].points[0]
    assert canvas._transform.map(QPointF(*first)).x() == pytest.approx(at.x(), abs=1)
    box = canvas._marks.box(1).center()
    mouse_stroke(canvas, [(box.x(), box.y())])
    assert len(canvas._document.drawing.strokes) == count + 2
    assert tapped == []


def test_a_press_on_a_tag_that_is_given_up_does_nothing(canvas):
    show(canvas, three())
    tapped = []
    canvas.part_tapped.connect(tapped.append)
    at = canvas._marks.tag(0).center()
    mouse_down(canvas, at.x(), at.y())
    canvas.abort()
    mouse_up(canvas, at.x(), at.y())
    assert tapped == []
    mouse_down(canvas, at.x(), at.y())
    canvas.show_marks((), None, ())
    mouse_up(canvas, at.x(), at.y())
    assert tapped == []


def test_the_eraser_erases_on_tags(canvas):
    show(canvas, three())
    tapped = []
    canvas.part_tapped.connect(tapped.append)
    at = canvas._marks.tag(0).center()
    mouse_stroke(canvas, [(at.x(), at.y())], RIGHT)
    assert tapped == []


def test_the_pointer_shows_what_can_be_clicked(canvas, monkeypatch):
    tips = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: tips.append(text))
    show(canvas, three())
    mouse = Mouse(canvas)
    at = canvas._marks.tag(0).center()
    mouse.send(QEvent.Type.MouseMove, at.x(), at.y(), 0, Qt.MouseButton.NoButton)
    assert canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor
    point = QPoint(round(at.x()), round(at.y()))
    QApplication.sendEvent(
        canvas, QHelpEvent(QEvent.Type.ToolTip, point, canvas.mapToGlobal(point))
    )
    assert [tip.split()[0] for tip in tips] == ["Click"]
    mouse.send(QEvent.Type.MouseMove, 5, 5, 0, Qt.MouseButton.NoButton)
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor


def test_arrow_keys_step_where_there_are_parts(canvas):
    steps = []
    canvas.part_stepped.connect(steps.append)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    show(canvas, three())
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert steps == [1, -1]


def test_the_canvas_says_what_is_on_it(canvas):
    show(canvas, three(), 1)
    assert canvas.accessibleDescription().startswith("Draw a digit")
    assert canvas.accessibleDescription().endswith("Read. Chosen.")


def test_drawing_beside_marks_repaints_the_stroke_alone(qtbot, canvas):
    show(canvas, three())
    mouse_down(canvas, 30, 400)
    wait_painted(qtbot, canvas)
    painted = PaintedAreas(canvas)
    mouse_move(canvas, 45, 410)
    qtbot.waitUntil(lambda: bool(painted.areas))
    assert sum(painted.areas) < 0.02 * canvas.width() * canvas.height()
    painted.areas.clear()
    canvas.show_marks(marks_of(three()), None, ())
    mouse_move(canvas, 50, 420)
    qtbot.waitUntil(lambda: bool(painted.areas))
    assert sum(painted.areas) < 0.02 * canvas.width() * canvas.height()
    mouse_up(canvas, 50, 420)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_look_as_they_did(qtbot, canvas, theme):
    wear(qtbot, canvas, theme)
    show(canvas, three(), 0)
    # Without tags, whose size depends on the fonts.
    area = QRectF(0, 100, 600, canvas._marks.box(0).bottom() - 100).toAlignedRect()
    check(canvas.grab(area).toImage(), f"marks-{theme}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tags_can_be_read(qtbot, canvas, theme):
    wear(qtbot, canvas, theme)
    colours, palette = theme_for(canvas.palette()), canvas.palette()
    assert contrast(quiet_text(palette), colours.paper) >= 4.5
    assert contrast(colours.paper, colours.accent) >= 4.5
    assert contrast(palette.windowText().color(), colours.paper) >= 4.5
    # Of doubtful and rejected parts the outline says something, too.
    assert contrast(colours.muted, colours.paper) >= 3.0


def test_marks_are_painted_bit_by_bit_as_at_once(qtbot, canvas):
    show(canvas, three())
    for chosen in (0, 2, None):
        canvas.show_marks(marks_of(three()), chosen, ())
        wait_painted(qtbot, canvas)
