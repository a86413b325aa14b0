import numpy as np
import pytest
from fakes import DIGITS, prediction, recognition
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from snapshots import pixels, wear

from digitpad.app.train.epochs.view import EpochRecognition, EpochsView
from digitpad.app.widgets.theme import theme_for
from digitpad.recognition.prediction import Prediction

ON_PAD = recognition()


def answer(epoch: int, prediction: Prediction) -> EpochRecognition:
    return EpochRecognition(epoch, recognition(prediction))


def answers(count: int, classes: tuple[str, ...] = DIGITS) -> list[EpochRecognition]:
    """The share of the answer grows from epoch to epoch."""
    return [answer(i + 1, prediction(1, 0.4 + 0.5 * i / count, classes)) for i in range(count)]


@pytest.fixture
def view(qtbot):
    view = EpochsView()
    qtbot.addWidget(view)
    view.resize(640, view.sizeHint().height())
    view.show_recognition(ON_PAD)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_it_is_a_strip(view):
    assert 110 <= view.sizeHint().height() <= 135
    assert view.minimumSizeHint().width() <= 600


def test_an_empty_pad_asks_for_a_drawing(view):
    view.show_answers(answers(3))
    view.show_recognition(None)
    assert "Draw something on the pad" in view.columns.accessibleDescription()
    assert view.columns.answers == ()
    view.show_recognition(ON_PAD)
    assert len(view.columns.answers) == 3


def test_before_the_first_epoch_it_says_what_will_come(view):
    assert "after each epoch" in view.columns.accessibleDescription()
    view.show_answers(answers(1))
    assert "after each epoch" not in view.columns.accessibleDescription()
    view.show_answers([])
    assert "after each epoch" in view.columns.accessibleDescription()


def test_the_answers_are_said_in_words(view):
    view.show_answers(
        [
            answer(1, prediction(3, 0.4, rejected=True)),
            answer(2, prediction(5, 0.985)),
        ]
    )
    words = view.columns.accessibleDescription()
    assert words == "Epoch 1: rejected; the closest is 3, with 40.0 %. Epoch 2: 5, 98.5 %."


def test_a_tip_names_the_most_probable_classes(view):
    shares = (0.02, 0.0, 0.6, 0.2, 0.1, 0.05, 0.03, 0, 0, 0)
    view.show_answers(
        [
            answer(7, Prediction(DIGITS, shares)),
            answer(8, Prediction(DIGITS, shares, rejected=True)),
        ]
    )
    tip = view.columns.tip(0).splitlines()
    assert tip[0] == "After epoch 7"
    assert [line.split(":")[0] for line in tip[1:]] == ["2", "3", "4", "5", "6"]
    assert tip[1] == "2: 60.0 %"
    assert "Rejected" in view.columns.tip(1)


def test_a_place_has_its_column(view):
    view.show_answers(answers(3))
    for index in range(3):
        assert view.columns.column_at(view.columns.column_rect(index).center().x()) == index
    assert view.columns.column_at(view.columns.column_rect(2).right() + 30) is None


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_a_bar_is_filled_by_its_probability(qtbot, view, theme, share):
    wear(qtbot, view, theme)
    view.show_answers([answer(1, prediction(1, share))])
    accent = theme_for(view.palette()).accent
    column = view.columns.column_rect(0).toAlignedRect()
    column.setWidth(3)  # beside the letters
    line = pixels(view.columns.viewport().grab(column).toImage())[:, 1]
    wanted = [accent.red(), accent.green(), accent.blue()]
    filled = int((np.abs(line - wanted).max(axis=1) < 4).sum())
    view.show_answers([answer(1, prediction(1, 1.0))])
    line = pixels(view.columns.viewport().grab(column).toImage())[:, 1]
    full = int((np.abs(line - wanted).max(axis=1) < 4).sum())
    assert full > 30
    assert filled == pytest.approx(share * full, abs=2)


def accented(view) -> int:
    accent = theme_for(view.palette()).accent
    image = pixels(view.columns.viewport().grab().toImage())
    return int(
        (np.abs(image - [accent.red(), accent.green(), accent.blue()]).max(axis=2) < 4).sum()
    )


def test_a_refused_drawing_shows_no_accent(view):
    view.show_answers([answer(1, prediction(1, 0.9, rejected=True))])
    assert accented(view) == 0


def test_a_sure_answer_is_accented_and_a_doubtful_one_is_not(view):
    def letters(shares) -> int:
        view.show_answers([answer(1, Prediction(DIGITS, shares))])
        column = view.columns.column_rect(0).toAlignedRect()
        column.setTop(column.height() // 2 + 14)  # below the bar
        accent = theme_for(view.palette()).accent
        image = pixels(view.columns.viewport().grab(column).toImage())
        wanted = [accent.red(), accent.green(), accent.blue()]
        return int((np.abs(image - wanted).max(axis=2) < 4).sum())

    assert letters((0.0, 0.9, 0.1, 0, 0, 0, 0, 0, 0, 0)) > 0
    assert letters((0.0, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0)) == 0


def test_the_newest_epoch_stays_in_sight(qtbot, view):
    bar = view.columns.horizontalScrollBar()
    for count in (1, 10, 30, 31):
        view.show_answers(answers(count))
        assert bar.value() == bar.maximum()
    assert bar.maximum() > 0
    last = view.columns.column_rect(30)
    assert last.right() <= view.columns.viewport().width() + 1
    view.resize(900, view.height())
    qtbot.waitUntil(lambda: view.columns.viewport().width() > 700)
    assert bar.value() == bar.maximum()


def test_whoever_scrolled_away_is_left_there_and_follows_again_from_the_end(view):
    view.show_answers(answers(30))
    bar = view.columns.horizontalScrollBar()
    QTest.keyClick(view.columns, Qt.Key.Key_Home)
    assert bar.value() == 0
    QTest.keyClick(view.columns, Qt.Key.Key_Right)
    place = bar.value()
    assert 0 < place < 100
    view.show_answers(answers(31))
    assert bar.value() == place
    QTest.keyClick(view.columns, Qt.Key.Key_PageDown)
    assert bar.value() > place
    QTest.keyClick(view.columns, Qt.Key.Key_PageUp)
    QTest.keyClick(view.columns, Qt.Key.Key_End)
    view.show_answers(answers(40))
    assert bar.value() == bar.maximum()


def test_a_wheel_scrolls_sideways(view):
    view.show_answers(answers(30))
    bar = view.columns.horizontalScrollBar()
    place = QPointF(50, 30)
    event = QWheelEvent(
        place,
        view.columns.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QGuiApplication.sendEvent(view.columns.viewport(), event)
    assert bar.value() == bar.maximum() - 120


def test_only_the_columns_in_sight_are_painted(qtbot, view):
    painted = []
    view.columns._paint_column = lambda painter, index, font: painted.append(index)
    view.show_answers(answers(500))
    qtbot.waitUntil(lambda: 499 in painted)
    assert min(painted) > 480


def test_long_names_have_wider_columns_within_limits(view):
    view.show_answers(answers(2))
    narrow = view.columns.column_width
    view.show_answers(answers(2, ("T-shirt/top", "Ankle boot", "Bag")))
    wide = view.columns.column_width
    assert narrow < wide < 90
    view.show_answers(answers(2, ("x", "an answer that nobody would want to read in full", "y")))
    assert wide <= view.columns.column_width < 90
    # Nothing of the first column reaches into the gap after it.
    column = view.columns.column_rect(0)
    image = pixels(view.columns.viewport().grab().toImage())
    gap = image[:, int(column.right()) + 1 : int(view.columns.column_rect(1).left()) - 1]
    assert (gap == gap[0, 0]).all()


def test_the_glyph_is_shown_pixel_by_pixel(view):
    image = pixels(view.glyph.grab().toImage())[1:-1, 1:-1, 0]
    np.testing.assert_array_equal(image, np.kron(ON_PAD.first.stages.glyph, np.ones((3, 3))))
