import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from snapshots import pixels, wear

from digitpad.app.train.dataset.view import DataView
from digitpad.app.widgets.theme import theme_for
from digitpad.data.dataset import Dataset

SHAPES = ("ball", "cube", "a truncated icosahedron", "cone")
COUNTS = (100, 200, 300, 400)


def sample(count: int = 40, classes: tuple[str, ...] = SHAPES, **kwargs) -> Dataset:
    """Glyphs whose pixels tell which they are; labels go round all classes but the last."""
    glyphs = np.random.default_rng(1).integers(0, 256, (count, 28, 28), np.uint8)
    labels = np.arange(count, dtype=np.int64) % (len(classes) - 1)
    fields = {
        "title": "Shapes",
        "classes": classes,
        "glyphs": glyphs,
        "labels": labels,
    }
    return Dataset(**(fields | kwargs))


@pytest.fixture
def view(qtbot):
    view = DataView()
    qtbot.addWidget(view)
    view.resize(700, 480)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.fixture
def shown(qtbot, view):
    """The view with a sample whose first glyphs have been asked for."""
    with qtbot.waitSignal(view.augmentation_wanted):
        view.show_sample(sample(), COUNTS)
    return view


def test_there_is_a_count_for_each_class(view):
    with pytest.raises(ValueError, match="shorter"):
        view.show_sample(sample(), COUNTS[:3])


def test_without_data_a_button_asks_for_it(qtbot, view):
    view.show_nothing("MNIST is not here yet.", "&Download and show (11 MB)")
    assert view.message.sentence.text() == "MNIST is not here yet."
    assert not view.wall.isVisible()
    with qtbot.waitSignal(view.wanted):
        QTest.mouseClick(view.message.button, Qt.MouseButton.LeftButton)


def test_a_button_without_text_is_left_out(view):
    view.show_nothing("Choose a folder first.", "")
    assert not view.message.button.isVisible()
    view.show_nothing("MNIST is not here yet.", "&Show")
    assert view.message.button.isVisible()


def test_loading_shows_how_far_it_is_and_can_be_cancelled(qtbot, view):
    view.show_loading("Downloading", 3_000_000_000, 12_000_000_000)
    bar = view.message.bar
    assert view.message.sentence.text() == "Downloading"
    assert (bar.value() - bar.minimum()) / (bar.maximum() - bar.minimum()) == 0.25
    with qtbot.waitSignal(view.cancelled):
        QTest.mouseClick(view.message.cancel, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("total", [None, 0])
def test_an_unknown_total_gives_a_bar_without_an_end(view, total):
    view.show_loading("Drawing digits", 5, total)
    assert view.message.bar.maximum() == view.message.bar.minimum() == 0
    view.show_loading("Drawing digits", 5, 10)
    assert view.message.bar.maximum() > 0


def test_the_focus_goes_from_button_to_button(qtbot, view):
    view.show_nothing("MNIST is not here yet.", "&Show")
    view.activateWindow()
    view.message.button.setFocus()
    qtbot.waitUntil(view.message.button.hasFocus)
    view.show_loading("Downloading", 0, None)
    assert view.message.cancel.hasFocus()
    view.show_problem("The server does not answer.")
    assert view.message.button.hasFocus()


def test_the_focus_stays_where_the_user_has_taken_it(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    elsewhere, view = QLineEdit(), DataView()
    column = QVBoxLayout(page)
    column.addWidget(elsewhere)
    column.addWidget(view)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    view.show_nothing("MNIST is not here yet.", "&Show")
    view.message.button.setFocus()
    qtbot.waitUntil(view.message.button.hasFocus)
    view.show_loading("Downloading", 0, None)
    elsewhere.setFocus()
    view.show_nothing("These digits are drawn.", "&Show")
    assert elsewhere.hasFocus()


def test_a_problem_can_be_tried_again(qtbot, view):
    view.show_loading("Downloading", 0, None)
    view.show_problem("The server does not answer.")
    assert view.message.sentence.text() == "The server does not answer."
    assert not view.message.bar.isVisible()
    with qtbot.waitSignal(view.wanted):
        view.message.button.click()


def test_the_set_is_named_and_counted(shown):
    assert shown.title.text() == "Shapes"
    assert "4 classes" in shown.extent.text()
    assert "40 of them" in shown.extent.text()
    assert shown.wall.model().rowCount() == 40
    rows = [shown.counts.item(i).text() for i in range(shown.counts.count())]
    assert rows == ["All", *SHAPES]
    assert "cube: 200 drawings" in shown.counts.item(2).toolTip()
    assert shown.counts.item(2).data(Qt.ItemDataRole.AccessibleTextRole).endswith("%")


def test_a_set_of_which_all_is_shown_does_not_say_so(view):
    view.show_sample(sample(), (14, 13, 13, 0))
    assert "here" not in view.extent.text()


def test_a_class_can_be_chosen_by_mouse_and_by_keys(qtbot, shown):
    row = shown.counts.visualItemRect(shown.counts.item(2)).center()
    QTest.mouseClick(shown.counts.viewport(), Qt.MouseButton.LeftButton, pos=row)
    model = shown.wall.glyph_model
    assert model.rowCount() == 13
    assert {model.label(i) for i in range(13)} == {"cube"}
    np.testing.assert_array_equal(model.glyph(1), sample().glyphs[4])
    QTest.keyClick(shown.counts, Qt.Key.Key_Down)
    assert model.label(0) == SHAPES[2]
    QTest.keyClick(shown.counts, Qt.Key.Key_Home)
    assert model.rowCount() == 40


def test_a_class_without_a_drawing_here_leaves_an_empty_wall(qtbot, shown):
    asked = []
    shown.augmentation_wanted.connect(asked.append)
    shown.counts.setCurrentRow(4)
    qtbot.waitUntil(lambda: len(shown.augmented.originals) == 0)
    assert shown.wall.glyph_model.rowCount() == 0
    assert shown.spot_label.text() == ""
    assert asked == []
    shown.show_augmented(np.zeros((0, 8, 28, 28), np.uint8))
    assert not shown.unchanged.isVisible()
    assert (pixels(shown.wall.grab().toImage()) < 128).any()  # a sentence


def test_another_set_is_shown_from_its_beginning(qtbot, shown):
    shown.counts.setCurrentRow(2)
    shown.wall.setCurrentIndex(shown.wall.model().index(5, 0))
    other = sample(glyphs=255 - sample().glyphs)
    with qtbot.waitSignal(shown.augmentation_wanted) as asked:
        shown.show_sample(other, COUNTS)
    np.testing.assert_array_equal(asked.args[0], other.glyphs[:4])
    assert shown.counts.currentRow() == 0
    assert shown.wall.glyph_model.rowCount() == 40


def test_the_same_set_shown_again_asks_again(qtbot, shown):
    shown.show_nothing("The choice has changed.", "Show")
    with qtbot.waitSignal(shown.augmentation_wanted):
        shown.show_sample(sample(), COUNTS)


def test_the_first_glyphs_are_to_be_augmented_and_then_those_from_the_chosen_one_on(qtbot, view):
    with qtbot.waitSignal(view.augmentation_wanted) as asked:
        view.show_sample(sample(), COUNTS)
    np.testing.assert_array_equal(asked.args[0], sample().glyphs[:4])
    for row, first in ((7, 7), (39, 36)):
        with qtbot.waitSignal(view.augmentation_wanted) as asked:
            view.wall.setCurrentIndex(view.wall.model().index(row, 0))
        np.testing.assert_array_equal(asked.args[0], sample().glyphs[first : first + 4])


def test_keys_held_down_ask_for_fewer_glyphs_than_they_pass(qtbot, shown):
    asked = []
    shown.augmentation_wanted.connect(asked.append)
    for row in range(1, 31):
        shown.wall.setCurrentIndex(shown.wall.model().index(row, 0))
    last = sample().glyphs[30:34]
    qtbot.waitUntil(lambda: bool(asked) and np.array_equal(asked[-1], last))
    assert len(asked) < 30


def versions(originals: np.ndarray) -> np.ndarray:
    return np.stack([np.roll(originals, shift, axis=2) for shift in range(1, 9)], axis=1)


def test_versions_stand_beside_their_originals(shown):
    originals = sample().glyphs[:4]
    shown.show_augmented(versions(originals))
    assert shown.augmented.isVisible()
    assert not shown.unchanged.isVisible()
    assert "8 changed versions" in shown.augmented.accessibleDescription()
    image = pixels(shown.augmented.grab().toImage())[..., 0]
    for row in range(2):
        band = image[2 + row * 62 : 58 + row * 62]
        for glyph in (originals[row], *versions(originals)[row]):
            wanted = np.kron(glyph, np.ones((2, 2)))
            assert any(
                np.array_equal(band[:, x : x + 56], wanted) for x in range(image.shape[1] - 55)
            )


def test_augmentation_that_changes_nothing_is_said_to_be_off(shown):
    originals = sample().glyphs[:4]
    shown.show_augmented(np.repeat(originals[:, None], 8, axis=1))
    assert shown.unchanged.isVisible()
    assert not shown.augmented.isVisible()
    shown.show_augmented(versions(originals))
    assert not shown.unchanged.isVisible()
    assert shown.augmented.isVisible()


def test_versions_of_other_glyphs_are_not_shown(shown):
    shown.show_augmented(np.zeros((3, 8, 28, 28), np.uint8))
    assert shown.augmented.accessibleDescription() == ""


@pytest.mark.parametrize(
    ("size", "rows"), [((700, 420), 2), ((700, 560), 3), ((700, 900), 4), ((1300, 900), 2)]
)
def test_the_preview_takes_whole_rows_and_leaves_the_rest_to_the_wall(qtbot, shown, size, rows):
    shown.resize(*size)
    qtbot.waitUntil(lambda: shown.augmented.height() // 58 == rows)
    assert shown.wall.height() >= 150


def test_what_is_pointed_at_is_enlarged_until_the_pointer_leaves(qtbot, shown):
    shown.wall.setCurrentIndex(shown.wall.model().index(1, 0))
    assert shown.spot_label.text() == "cube"
    viewport = shown.wall.viewport()
    spot = shown.wall.visualRect(shown.wall.model().index(2, 0)).center()
    QTest.mouseMove(viewport, spot - QPoint(1, 1))
    QTest.mouseMove(viewport, spot)
    qtbot.waitUntil(lambda: shown.spot_label.text() == SHAPES[2])
    image = pixels(shown.spot.grab().toImage())[1:-1, 1:-1, 0]
    np.testing.assert_array_equal(image, np.kron(sample().glyphs[2], np.ones((4, 4))))
    shown.wall.viewportEvent(QEvent(QEvent.Type.Leave))
    assert shown.spot_label.text() == "cube"


def test_keys_and_letters_go_through_the_wall(qtbot, shown):
    shown.activateWindow()
    shown.wall.setFocus()
    qtbot.waitUntil(shown.wall.hasFocus)
    assert shown.wall.currentIndex().row() == 0
    QTest.keyClick(shown.wall, Qt.Key.Key_Right)
    assert shown.wall.currentIndex().row() == 1
    QTest.keyClick(shown.wall, Qt.Key.Key_End)
    assert shown.wall.currentIndex().row() == 39
    bar = shown.wall.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    QTest.keyClick(shown.wall, Qt.Key.Key_Home)
    QTest.keyClicks(shown.wall, "cu")
    assert shown.spot_label.text() == "cube"


def test_a_glyph_on_the_wall_is_shown_pixel_by_pixel(shown):
    cell = shown.wall.visualRect(shown.wall.model().index(0, 0))
    image = pixels(shown.wall.viewport().grab(cell).toImage())[..., 0]
    wanted = np.kron(sample().glyphs[0], np.ones((2, 2)))
    places = [
        (x, y)
        for y in range(image.shape[0] - 55)
        for x in range(image.shape[1] - 55)
        if np.array_equal(image[y : y + 56, x : x + 56], wanted)
    ]
    assert len(places) == 1


def test_only_the_glyphs_in_sight_are_painted(qtbot, view):
    view.show_sample(sample(10_000), COUNTS)
    bar = view.wall.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 10_000)
    bar.setValue(bar.maximum() // 2)
    painted = []
    model = view.wall.glyph_model
    original = model.glyph

    def glyph(row):
        painted.append(row)
        return original(row)

    model.glyph = glyph
    view.wall.viewport().update()
    qtbot.waitUntil(lambda: len(painted) > 0)
    assert len(set(painted)) < 100
    assert min(painted) > 1000


def test_the_rows_of_the_wall_are_full(qtbot, view):
    view.show_sample(sample(400), COUNTS)
    for width in range(700, 740, 3):
        view.resize(width, 480)
        qtbot.waitUntil(lambda width=width: view.width() == width)
        room = view.wall.viewport().width()
        index = view.wall.model().index
        tops = [view.wall.visualRect(index(row, 0)).top() for row in range(20)]
        assert tops.count(tops[0]) == (room - 1) // 64
        last = view.wall.visualRect(index(tops.count(tops[0]) - 1, 0))
        assert last.right() < room


def test_what_is_at_the_top_stays_there_when_the_window_grows(qtbot, view):
    view.show_sample(sample(4000), COUNTS)
    wall = view.wall
    wall.scrollTo(wall.model().index(2000, 0), wall.ScrollHint.PositionAtTop)
    columns = wall.viewport().width() // wall.gridSize().width()
    view.resize(1000, 480)
    qtbot.waitUntil(lambda: wall.viewport().width() // wall.gridSize().width() > columns)
    # The list lays itself out anew after the resizing.
    qtbot.waitUntil(lambda: abs(wall.indexAt(QPoint(5, 5)).row() - 2000) < 20)


def test_many_classes_scroll_and_long_names_are_cut(qtbot, view):
    classes = tuple(f"the class with the number {i}" for i in range(47))
    view.show_sample(sample(100, classes), (10,) * len(classes))
    qtbot.waitUntil(lambda: view.counts.verticalScrollBar().maximum() > 0)
    names, _ = view.counts.columns()
    assert names < view.counts.viewport().width() / 2
    assert classes[30] in view.counts.item(31).toolTip()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_are_as_long_as_the_counts(qtbot, view, theme):
    wear(qtbot, view, theme)
    view.show_sample(sample(), (300, 150, 0, 30))
    view.counts.setCurrentRow(2)
    colours = theme_for(view.palette())
    lengths = []
    for row in range(1, 5):
        area = view.counts.visualItemRect(view.counts.item(row))
        line = pixels(view.counts.viewport().grab(area).toImage())[area.height() // 2]
        colour = colours.accent if row == 2 else colours.muted
        wanted = [colour.red(), colour.green(), colour.blue()]
        lengths.append(int((np.abs(line - wanted).max(axis=1) < 4).sum()))
    assert lengths[1] == pytest.approx(lengths[0] / 2, abs=2)
    assert lengths[2] == 0
    assert lengths[3] == pytest.approx(lengths[0] / 10, abs=2)


def test_everything_has_a_name_for_those_who_do_not_see_it(shown):
    for widget in (shown.wall, shown.counts, shown.spot, shown.augmented, shown.message.bar):
        assert widget.accessibleName()
    assert shown.spot.accessibleDescription() == "ball"
