import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pointers import RIGHT, Tablet, mouse_down, mouse_move, mouse_stroke, mouse_up
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from snapshots import check, pixels, wear

from digitpad.app.pad.canvas.canvas import Canvas
from digitpad.app.pad.canvas.ink_shape import InkShape
from digitpad.app.pad.canvas.painting import InkLayer, ink_bounds, pad_transform
from digitpad.app.pad.document import PadDocument
from digitpad.app.widgets.theme import theme_for
from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.picture import Picture

WAVE = [(60 + 9 * i, round(170 + 90 * np.sin(i / 3))) for i in range(30)]


@pytest.fixture
def canvas(qtbot):
    document = PadDocument()
    canvas = Canvas(document)
    qtbot.addWidget(canvas)
    canvas.resize(360, 340)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.clearFocus()
    yield canvas
    document.deleteLater()


def on_screen(canvas) -> np.ndarray:
    """What was really painted, not what a fresh painting would give."""
    return pixels(canvas.screen().grabWindow(canvas.winId()).toImage())


def repainted(canvas) -> np.ndarray:
    return pixels(canvas.grab().toImage())


def inside(canvas) -> np.ndarray:
    """The canvas without its outline."""
    return repainted(canvas)[8:-8, 8:-8]


def wait_painted(qtbot, canvas, expected):
    qtbot.waitUntil(lambda: np.array_equal(on_screen(canvas), expected()))


class PaintedAreas(QObject):
    def __init__(self, canvas):
        super().__init__(canvas)
        self.areas = []
        canvas.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            size = event.rect().size()
            self.areas.append(size.width() * size.height())
        return False


@pytest.mark.parametrize("varies", [False, True])
def test_ink_painted_bit_by_bit_is_the_ink_painted_at_once(qtbot, canvas, varies):
    tablet = Tablet(canvas)
    painted = PaintedAreas(canvas)
    tablet.down(*WAVE[0], 0.5)
    for i, point in enumerate(WAVE[1:]):
        count = len(painted.areas)
        tablet.move(*point, 0.3 + 0.02 * i if varies else 0.5)
        # Every step is painted by itself.
        qtbot.waitUntil(lambda count=count: len(painted.areas) > count)
    wait_painted(qtbot, canvas, lambda: repainted(canvas))
    live = on_screen(canvas)
    tablet.up(*WAVE[-1])
    wait_painted(qtbot, canvas, lambda: repainted(canvas))
    # A finished stroke does not look different from the same one under the pen.
    difference = np.abs(live - on_screen(canvas)).max(axis=2)
    assert difference.max() <= (0 if not varies else 40)
    assert (difference > 8).mean() < 1e-3


def test_a_move_repaints_only_what_it_changes(qtbot, canvas):
    mouse_stroke(canvas, [(30, 30), (330, 310)])
    mouse_down(canvas, *WAVE[0])
    wait_painted(qtbot, canvas, lambda: repainted(canvas))
    painted = PaintedAreas(canvas)
    for point in WAVE[1:]:
        mouse_move(canvas, *point)
        count = len(painted.areas)
        qtbot.waitUntil(lambda count=count: len(painted.areas) > count)
    mouse_up(canvas, *WAVE[-1])
    steps = painted.areas[: len(WAVE) - 1]
    assert max(steps) < 0.12 * canvas.width() * canvas.height()


def test_lifting_the_pen_repaints_only_its_stroke(qtbot, canvas):
    mouse_stroke(canvas, [(30, 30), (330, 310)])
    short = [(40, 250), (60, 260), (70, 290)]
    mouse_down(canvas, *short[0])
    mouse_move(canvas, *short[1])
    wait_painted(qtbot, canvas, lambda: repainted(canvas))
    painted = PaintedAreas(canvas)
    mouse_up(canvas, *short[2])
    qtbot.waitUntil(lambda: bool(painted.areas))
    assert sum(painted.areas) < 0.12 * canvas.width() * canvas.height()
    wait_painted(qtbot, canvas, lambda: repainted(canvas))


@pytest.mark.parametrize("end", ["abort", "erase nothing"])
def test_a_sheet_resized_under_a_stroke_that_comes_to_nothing_is_fitted(canvas, end):
    canvas.set_erases(end != "abort")
    mouse_down(canvas, 5, 5)
    canvas.resize(500, 200)
    if end == "abort":
        canvas.abort()
    mouse_up(canvas, 5, 5)
    assert canvas._transform == pad_transform(QSizeF(500, 200), Drawing())


def shape_image(shape: InkShape, near: QRectF | None = None) -> np.ndarray:
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if near is not None:
        painter.setClipRect(near)
    shape.paint(painter, QColor("black"), near)
    painter.end()
    return pixels(image)


coordinates = st.tuples(st.integers(20, 280), st.integers(20, 280))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(coordinates, st.sampled_from([0.0, 0.3, 1.0])), min_size=1, max_size=15),
    st.booleans(),
)
def test_a_shape_that_grew_is_the_shape_made_at_once(steps, even):
    points = [point for point, _ in steps]
    pressures = [1.0 if even else pressure for _, pressure in steps]
    grown = InkShape(20.0)
    for (x, y), pressure in zip(points, pressures, strict=True):
        grown.add(float(x), float(y), pressure)
    whole = InkShape.of(Stroke.of(points, pressures, 20.0))
    assert grown.points == whole.points
    np.testing.assert_allclose(
        np.array(grown._segments).reshape(-1), np.array(whole._segments).reshape(-1), atol=1e-9
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(coordinates, st.sampled_from([0.1, 1.0])), min_size=2, max_size=10))
def test_the_rectangle_that_a_point_changes_holds_every_changed_pixel(steps):
    shape = InkShape(16.0)
    before = shape_image(shape)
    for (x, y), pressure in steps:
        changed = shape.add(float(x), float(y), pressure)
        after = shape_image(shape)
        rows, columns = np.nonzero((before != after).any(axis=2))
        grown = changed.adjusted(-1.5, -1.5, 1.5, 1.5)
        for row, column in zip(rows, columns, strict=True):
            assert grown.contains(QRectF(column, row, 1, 1))
        before = after


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(coordinates, st.sampled_from([0.1, 1.0])), min_size=2, max_size=10),
    coordinates,
)
def test_a_part_painted_alone_has_the_pixels_of_the_whole(steps, corner):
    shape = InkShape(16.0)
    for (x, y), pressure in steps:
        shape.add(float(x), float(y), pressure)
    near = QRectF(corner[0], corner[1], 60, 50)
    whole, part = shape_image(shape), shape_image(shape, near)
    (x, y), (w, h) = corner, (60, 50)
    inside = np.s_[y : min(y + h, 300), x : min(x + w, 300)]
    difference = np.abs(whole[inside] - part[inside]).max(axis=2)
    # Edges that cross within one pixel add up a little differently.
    assert (difference > 2).mean() < 0.01
    assert difference.max(initial=0) < 100


def test_ink_has_no_gaps_at_speed(canvas):
    points = [(40, 40), (320, 60), (60, 300), (310, 280)]
    mouse_stroke(canvas, points)
    grown = inside(canvas)[..., 0] < 128
    from scipy.ndimage import label

    assert label(grown)[1] == 1


def test_pressure_widens_the_ink(canvas):
    widths = []
    for pressure in (0.1, 0.6, 1.0):
        canvas._document.clear()
        Tablet(canvas).stroke([(40, 170), (320, 170)], [pressure] * 2)
        column = inside(canvas)[:, 180, 0] < 128
        widths.append(int(column.sum()))
    assert widths[0] < widths[1] < widths[2]
    # Full pressure is the pen's own width; a mouse draws with it.
    canvas._document.clear()
    mouse_stroke(canvas, [(40, 170), (320, 170)])
    assert int((inside(canvas)[:, 180, 0] < 128).sum()) == widths[2]


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_finished_ink_is_sharp_at_every_device_pixel_ratio(qapp, ratio):
    drawing = Drawing.of([[[0, -300], [0, 300]]], width=100)
    size = QSize(200, 200)
    transform = pad_transform(QSizeF(size), drawing)
    theme = theme_for(qapp.palette())
    pixmap = InkLayer().pixmap(drawing, size, ratio, transform, theme)
    assert pixmap.width() == np.ceil(200 * ratio)
    row = pixels(pixmap.toImage())[pixmap.height() // 2, :, 0]
    soft = (row > theme.ink.red() + 3) & (row < 252)
    assert soft.sum() <= 2  # one device pixel on each edge, never a scaled blur
    assert (row < 128).sum() == pytest.approx(20 * ratio, abs=1.01)


def test_the_layer_adds_a_stroke_without_painting_the_others_again(qapp):
    theme, size = theme_for(qapp.palette()), QSize(120, 120)
    first = Drawing.of([[[-300, 0], [300, 0]]])
    second = first.with_stroke(Stroke.of([[0, -300], [0, 300]]))
    transform = pad_transform(QSizeF(size), second)
    layer = InkLayer()
    layer.pixmap(first, size, 1.0, transform, theme)
    added = pixels(layer.pixmap(second, size, 1.0, transform, theme).toImage())
    fresh = pixels(InkLayer().pixmap(second, size, 1.0, transform, theme).toImage())
    np.testing.assert_array_equal(added, fresh)
    back = pixels(layer.pixmap(first, size, 1.0, transform, theme).toImage())
    np.testing.assert_array_equal(
        back, pixels(InkLayer().pixmap(first, size, 1.0, transform, theme).toImage())
    )


def visible(canvas, drawing) -> bool:
    shown = canvas._transform.mapRect(ink_bounds(drawing))
    return QRectF(canvas.rect()).adjusted(-0.5, -0.5, 0.5, 0.5).contains(shown)


@pytest.mark.parametrize("size", [(700, 300), (180, 160), (300, 700), (1200, 1000)])
def test_a_drawing_survives_resizing(qtbot, canvas, size):
    mouse_stroke(canvas, [(20, 20), (340, 40), (30, 320)])
    drawing = canvas._document.drawing
    canvas.resize(*size)
    qtbot.waitUntil(lambda: canvas.size() == QSize(*size))
    assert canvas._document.drawing is drawing
    assert visible(canvas, drawing)
    canvas.resize(360, 340)
    qtbot.waitUntil(lambda: canvas.size() == QSize(360, 340))
    assert visible(canvas, drawing)


def test_the_scale_never_changes_under_a_pen_that_is_down(qtbot, canvas):
    mouse_down(canvas, 100, 100)
    mouse_move(canvas, 150, 150)
    transform = QTransform(canvas._transform)
    canvas.resize(250, 240)
    qtbot.waitUntil(lambda: canvas.width() == 250)
    assert canvas._transform == transform
    mouse_move(canvas, 200, 150)
    mouse_up(canvas, 200, 150)
    assert canvas._transform != transform
    assert visible(canvas, canvas._document.drawing)
    step = np.diff(canvas._document.drawing.strokes[0].points, axis=0)
    np.testing.assert_allclose(step, [[50 / 0.34] * 2, [50 / 0.34, 0]])


def test_escape_to_nothing_is_harmless(canvas):
    canvas.abort()
    assert canvas._document.drawing.is_empty


def test_an_aborted_stroke_leaves_nothing_and_the_next_one_draws(canvas):
    mouse_down(canvas, 100, 100)
    mouse_move(canvas, 150, 150)
    canvas.abort()
    mouse_move(canvas, 170, 170)
    mouse_up(canvas, 170, 170)
    assert canvas._document.drawing.is_empty
    assert not canvas._document.can_undo
    mouse_stroke(canvas, WAVE)
    assert len(canvas._document.drawing.strokes) == 1


def test_undo_under_the_pen_forgets_the_live_stroke(canvas):
    mouse_stroke(canvas, WAVE)
    mouse_down(canvas, 100, 100)
    canvas._document.undo()
    assert not canvas.is_drawing
    mouse_up(canvas, 120, 120)
    assert canvas._document.drawing.is_empty


def grey_picture() -> Picture:
    pixels = np.full((40, 80, 4), 255, np.uint8)
    pixels[10:30, 30:50, :3] = (200, 30, 60)
    return Picture(pixels)


def test_a_picture_is_shown_fitted_and_gives_way_to_strokes(canvas):
    canvas._document.replace(Drawing(picture=grey_picture()))
    image = canvas.grab().toImage()
    assert image.pixelColor(170, 170).red() == pytest.approx(200, abs=8)
    assert image.pixelColor(170, 170).green() == pytest.approx(30, abs=8)
    mouse_down(canvas, 100, 100)
    assert canvas.visible_drawing().picture is not None
    mouse_move(canvas, 120, 100)
    assert canvas.visible_drawing().picture is None
    assert pixels(canvas.grab().toImage())[170, 170].min() > 240
    mouse_move(canvas, 120, 120)
    mouse_up(canvas, 120, 120)
    assert canvas._document.drawing.picture is None
    canvas._document.undo()
    assert canvas._document.drawing.picture is not None


def test_the_eraser_removes_a_picture(qtbot, canvas):
    canvas._document.replace(Drawing(picture=grey_picture()))
    mouse_stroke(canvas, [(20, 20), (22, 22)], RIGHT)
    assert canvas._document.drawing.picture is not None
    with qtbot.waitSignal(canvas.picture_tapped) as tapped:
        mouse_stroke(canvas, [(180, 170)], RIGHT)
    assert tapped.args == [True]
    assert canvas._document.drawing.picture is not None
    with qtbot.waitSignal(canvas.picture_gone) as gone:
        mouse_stroke(canvas, [(180, 170), (200, 170)], RIGHT)
    assert gone.args == [True]
    assert canvas._document.drawing.is_empty


def test_a_touch_by_chance_leaves_a_picture_as_it_is(qtbot, canvas):
    canvas._document.replace(Drawing(picture=grey_picture()))
    canvas.setFocus()
    before = pixels(canvas.grab().toImage())
    with qtbot.waitSignal(canvas.picture_tapped) as tapped:
        mouse_stroke(canvas, [(150, 150), (152, 151)])
    assert tapped.args == [False]
    assert canvas._document.drawing.picture is not None
    assert (pixels(canvas.grab().toImage()) == before)[30:-30, 30:-30].all()
    with qtbot.waitSignal(canvas.picture_gone) as gone:
        mouse_stroke(canvas, [(150, 150), (180, 200)])
    assert gone.args == [False]
    assert len(canvas._document.drawing.strokes) == 1
    canvas._document.undo()
    assert canvas._document.drawing.picture is not None


def test_an_empty_sheet_invites_and_a_stroke_ends_the_invitation(canvas):
    def central_ink():
        middle = pixels(canvas.grab().toImage())[140:200, 60:300]
        return int((middle.max(axis=2) < 200).sum())

    assert central_ink() > 50
    mouse_down(canvas, 20, 20)
    assert central_ink() == 0
    mouse_up(canvas, 20, 20)
    assert central_ink() == 0
    canvas._document.undo()
    assert central_ink() > 50


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_canvas_looks_as_it_did(qtbot, canvas, theme):
    wear(qtbot, canvas, theme)
    mouse_stroke(canvas, WAVE)
    Tablet(canvas).stroke(
        [(60 + 8 * i, 60 + 3 * i) for i in range(30)], [0.05 + i / 31 for i in range(30)]
    )
    check(canvas.grab().toImage(), f"canvas-{theme}")


def test_the_eraser_has_a_cursor_of_its_size(canvas):
    canvas.set_erases(True)
    assert canvas.cursor().shape() == Qt.CursorShape.BitmapCursor
    assert canvas.cursor().hotSpot() == QPoint(
        canvas.cursor().pixmap().width() // 2, canvas.cursor().pixmap().height() // 2
    )
    canvas.set_erases(False)
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor


@pytest.mark.parametrize(("level", "ground"), [(0, "white"), (250, "black")])
def test_ink_on_nothing_gets_a_ground_on_which_it_is_seen(canvas, level, ground):
    pixels_ = np.zeros((40, 40, 4), np.uint8)
    pixels_[10:30, 18:22] = (level, level, level, 255)
    canvas._document.replace(Drawing(picture=Picture(pixels_)))
    sheet = repainted(canvas)
    colour = QColor(ground)
    # Left of the ink, well within the picture.
    assert (sheet[170, 100] == (colour.red(), colour.green(), colour.blue())).all()
    assert abs(int(sheet[170, 180, 0]) - level) < 8


def test_ink_beyond_the_sheet_is_brought_in_with_paper_around_it(canvas):
    canvas._document.replace(Drawing.of([[(-700, 0), (100, 0)]], width=40))
    left = canvas._transform.map(QPointF(-720, 0)).x()
    assert 2 < left < 10


def test_a_stroke_that_left_the_sheet_is_seen_as_a_whole(canvas):
    scale = canvas._transform.m11()
    mouse_down(canvas, 100, 100)
    mouse_move(canvas, canvas.width() + 300, 120)
    assert canvas._transform.m11() == scale
    mouse_move(canvas, 120, 250)
    mouse_up(canvas, 120, 250)
    smaller = canvas._transform.m11()
    assert smaller < scale
    ink = canvas._transform.mapRect(ink_bounds(canvas._document.drawing))
    assert canvas.rect().toRectF().contains(ink)
    mouse_stroke(canvas, [(100, 100), (120, 150)])
    assert canvas._transform.m11() == smaller
    canvas._document.undo()
    canvas._document.undo()
    assert canvas._transform.m11() == scale
