import gc
import re
import weakref
from collections.abc import Iterator

import numpy as np
import pyqtgraph as pg
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from train_actions import ICONS, shown_actions

from digitpad.app.train.curves import data, export, sheet, style
from digitpad.app.train.curves.style import style_for
from digitpad.app.train.curves.view import CurvesView
from digitpad.app.widgets.theme import choose_theme
from digitpad.learning import events
from digitpad.learning.events import BatchDone, EpochDone, History, Row, Validated
from digitpad.learning.metrics import METRICS, Metric

STEPS = 100
NAN = float("nan")


def batch(step: int, epoch: int, loss: float, accuracy: float, rate: float = 1e-3) -> BatchDone:
    metrics = {"loss": loss, "accuracy": accuracy, "learning_rate": rate}
    return BatchDone(step, epoch, metrics, 64, 0.01)


def rows_of(epochs: int, first: int = 1) -> list[Row]:
    """A training that gets better, validated in the middle of each epoch, the last one the best."""
    found: list[Row] = []
    for number in range(first, epochs + 1):
        for index in range(1, STEPS + 1):
            step = (number - 1) * STEPS + index
            loss = 2.3 * float(np.exp(-step / 80)) + 0.1 + 0.02 * (step % 3)
            found.append(batch(step, number, loss, 1 - loss / 3))
            if index == STEPS // 2:
                found.append(Validated(step, number, {"loss": loss / 2, "accuracy": 1 - loss / 5}))
        metrics = {"loss": loss, "accuracy": 1 - loss / 3, "learning_rate": 1e-3}
        validation = {"loss": loss / 2, "accuracy": 1 - loss / 5}
        found.append(EpochDone(step, number, metrics, validation, 9.0, True))
    return found


def history_of(epochs: int) -> History:
    return History(rows_of(epochs))


def grow(view: CurvesView, rows: list[Row]) -> None:
    """More has happened in the training that is shown."""
    view._history.extend(rows)
    view.grow()


@pytest.fixture
def view(qtbot) -> Iterator[CurvesView]:
    # Of moves that follow each other quickly pyqtgraph drops some.
    rate = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", -1)
    view = CurvesView(shown_actions(), ICONS)
    qtbot.addWidget(view)
    view.resize(660, 420)
    with qtbot.waitExposed(view):
        view.show()
    yield view
    pg.setConfigOption("mouseRateLimit", rate)


def points(view: CurvesView) -> int:
    """Of the smoothed loss, as drawn."""
    data = view.sheet.plots["loss"]._smooth.xData
    return 0 if data is None else len(data)


def drawn_to(view: CurvesView) -> float:
    """Up to which epoch the smoothed loss is drawn."""
    return float(view.sheet.plots["loss"]._smooth.xData[-1]) if points(view) else 0.0


def ranges(view: CurvesView) -> list:
    return [
        [tuple(axis) for axis in plot.box.viewRange()]
        for plot in (
            view.sheet.plots["loss"],
            view.sheet.plots["accuracy"],
            view.sheet.plots["learning_rate"],
        )
    ]


def inside(view: CurvesView, plot, across: float = 0.5, down: float = 0.5) -> QPointF:
    """A place in a plot, in the pixels of the sheet."""
    area = plot.box.sceneBoundingRect()
    return QPointF(area.left() + across * area.width(), area.top() + down * area.height())


def wheel(view: CurvesView, place: QPointF, clicks: int, modifiers=Qt.KeyboardModifier.NoModifier):
    viewport = view.sheet.viewport()
    event = QWheelEvent(
        place,
        viewport.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * clicks),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def mouse(view: CurvesView, kind, place: QPointF, button, buttons, modifiers) -> None:
    viewport = view.sheet.viewport()
    event = QMouseEvent(kind, place, viewport.mapToGlobal(place), button, buttons, modifiers)
    QApplication.sendEvent(viewport, event)


def drag(view, start, end, button=Qt.MouseButton.LeftButton, modifiers=None) -> None:
    modifiers = modifiers or Qt.KeyboardModifier.NoModifier
    none = Qt.MouseButton.NoButton
    mouse(view, QEvent.Type.MouseButtonPress, start, button, button, modifiers)
    for share in np.linspace(0, 1, 12):
        place = start + (end - start) * float(share)
        mouse(view, QEvent.Type.MouseMove, place, none, button, modifiers)
    mouse(view, QEvent.Type.MouseButtonRelease, end, button, none, modifiers)


def hover(view: CurvesView, place: QPointF) -> None:
    none = Qt.MouseButton.NoButton
    mouse(view, QEvent.Type.MouseMove, place, none, none, Qt.KeyboardModifier.NoModifier)


def settle(view: CurvesView, qtbot) -> None:
    """Wait until the plots have their places and are drawn there."""
    QCoreApplication.processEvents()
    qtbot.waitUntil(lambda: not view._at_once.isActive())


def test_before_a_training_there_is_a_sentence(view):
    assert view._empty.isVisible()
    assert "Press Start" in view._empty.text()
    assert not view.fit.isEnabled()
    assert not view.save.isEnabled()


def test_a_new_training_has_its_epochs_before_it_has_points(view):
    view.show_history(History(), STEPS, 4, is_live=True)
    assert view.sheet.isVisible()
    assert not view._empty.isVisible()
    for plot in ranges(view):
        assert plot[0] == pytest.approx((0, 4), abs=0.1)
    view.clear()
    assert view._empty.isVisible()


def test_what_happens_is_drawn_on_a_timer(view, qtbot):
    view.show_history(History(), STEPS, 4, is_live=True)
    grow(view, rows_of(1)[:60])
    assert points(view) == 0
    qtbot.waitUntil(lambda: drawn_to(view) > 0.5)
    grow(view, rows_of(1)[60:])
    grow(view, rows_of(2, first=2))
    qtbot.waitUntil(lambda: drawn_to(view) == pytest.approx(2.0))
    assert view.sheet.follows


def test_nothing_is_drawn_while_the_view_cannot_be_seen(view, qtbot):
    view.show_history(History(), STEPS, 4, is_live=True)
    view.hide()
    grow(view, rows_of(2))
    assert not view._frame.isActive()
    assert points(view) == 0
    view.show()
    qtbot.waitUntil(lambda: drawn_to(view) == pytest.approx(2.0))


def test_a_stored_training_shows_the_epochs_that_it_had(view):
    view.show_history(history_of(3), STEPS, 30)
    assert ranges(view)[0][0] == pytest.approx((0, 3), abs=0.1)
    assert drawn_to(view) == pytest.approx(3.0)


def test_a_stored_training_can_go_on(view, qtbot):
    history = history_of(1)
    view.show_history(history, STEPS, 4)
    grow(view, rows_of(2, first=2))
    qtbot.waitUntil(lambda: drawn_to(view) == pytest.approx(2.0))
    assert ranges(view)[0][0][1] >= 2
    assert len(history.batches) == 2 * STEPS


def test_another_training_takes_the_place_of_the_first(view):
    view.show_history(history_of(3), STEPS, 3)
    view.show_history(History(), STEPS, 2, is_live=True)
    assert points(view) == 0
    assert len(view.sheet.plots["loss"]._markers.data) == 0
    assert not view.sheet._best_label.isVisible()


def test_validation_is_one_line_with_markers(view):
    view.show_history(history_of(3), STEPS, 3)
    line, markers = view.sheet.plots["accuracy"]._validation, view.sheet.plots["accuracy"]._markers
    assert line.xData.tolist() == [0.5, 1, 1.5, 2, 2.5, 3]
    assert len(markers.data) == 6
    assert line.yData[-1] > line.yData[0] > 1


def test_many_markers_are_thinned_out(view):
    view.show_history(history_of(60), STEPS, 60)
    assert 5 < len(view.sheet.plots["loss"]._markers.data) < 60


def test_the_best_epoch_is_marked_and_named(view, qtbot):
    view.show_history(history_of(3), STEPS, 3)
    settle(view, qtbot)
    label = view.sheet._best_label
    assert label.isVisible()
    assert label.text().startswith("best: epoch 3, 9")
    for plot in (view.sheet.plots["loss"], view.sheet.plots["accuracy"]):
        assert plot._best_line.isVisible()
        assert plot._best_line.value() == 3
        assert plot._best_marker.data["x"].tolist() == [3]
    # Between the plots, where no curve is, and whole.
    area = label.sceneBoundingRect()
    assert area.top() >= view.sheet.plots["loss"].box.sceneBoundingRect().bottom()
    assert area.bottom() <= view.sheet.plots["accuracy"].box.sceneBoundingRect().top() + 1
    assert area.right() <= view.sheet.width()


def test_without_validation_there_is_nothing_to_mark_but_the_epoch(view):
    rows = [row for row in rows_of(1) if isinstance(row, BatchDone)]
    nothing = {"loss": NAN, "accuracy": NAN}
    history = History([*rows, EpochDone(STEPS, 1, {"loss": 0.3}, nothing, 1.0, True)])
    view.show_history(history, STEPS, 1)
    assert view.sheet._best_label.text() == "best: epoch 1"
    assert not view.sheet.plots["loss"]._best_marker.isVisible()
    assert view.sheet.plots["accuracy"]._validation.xData.tolist() == []


def test_a_training_of_values_that_are_no_numbers_is_drawn_without_them(view):
    view.show_history(History(), STEPS, 2, is_live=True)
    grow(view, [batch(i, 1, NAN, NAN) for i in range(1, 20)])
    nothing = {"loss": NAN, "accuracy": NAN}
    grow(view, [Validated(19, 1, nothing), batch(20, 1, 0.0, 1.0, 0.0)])
    view._draw()
    view.logarithmic.setChecked(True)
    view._draw()
    assert np.isfinite(ranges(view)).all()
    assert points(view) == 1


@pytest.mark.parametrize("how", ["wheel", "drag", "key", "frame"])
def test_the_view_holds_still_once_somebody_has_moved_it(view, qtbot, how):
    view.show_history(History(), STEPS, 4, is_live=True)
    grow(view, rows_of(2))
    qtbot.waitUntil(lambda: drawn_to(view) == pytest.approx(2.0))
    before = ranges(view)
    place = inside(view, view.sheet.plots["loss"], 0.3)
    if how == "wheel":
        wheel(view, place, 2)
    elif how == "drag":
        wheel(view, place, 2)
        drag(view, place, place - QPointF(50, 0))
    elif how == "key":
        qtbot.keyClick(view.sheet, Qt.Key.Key_Plus)
    else:
        drag(
            view,
            place,
            place + QPointF(90, 30),
            modifiers=Qt.KeyboardModifier.ShiftModifier,
        )
    held = ranges(view)
    assert held != before
    assert not view.sheet.follows
    grow(view, rows_of(4, first=3))
    qtbot.waitUntil(lambda: not view._frame.isActive())
    assert view._data.last_step == 4 * STEPS
    assert ranges(view) == held
    qtbot.mouseClick(view.fit, Qt.MouseButton.LeftButton)
    assert view.sheet.follows
    assert ranges(view)[0][0] == pytest.approx((0, 4), abs=0.1)


def test_all_plots_show_the_same_epochs(view):
    view.show_history(history_of(4), STEPS, 4)
    for plot in (
        view.sheet.plots["accuracy"],
        view.sheet.plots["learning_rate"],
        view.sheet.plots["loss"],
    ):
        wheel(view, inside(view, plot, 0.4), 1)
        shown = [found[0] for found in ranges(view)]
        assert shown[0] == pytest.approx(shown[1])
        assert shown[0] == pytest.approx(shown[2])


def test_a_frame_drawn_with_shift_or_the_right_button_is_what_is_seen_then(view):
    view.show_history(history_of(4), STEPS, 4)
    plot = view.sheet.plots["accuracy"]
    for button, modifiers in (
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier),
        (Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier),
    ):
        view.sheet.fit()
        start, end = inside(view, plot, 0.25, 0.2), inside(view, plot, 0.5, 0.6)
        (left, right), (low, high) = plot.box.viewRange()
        drag(view, start, end, button, modifiers)
        found = plot.box.viewRange()
        width, height = right - left, high - low
        assert found[0] == pytest.approx([left + 0.25 * width, left + 0.5 * width], abs=0.02)
        assert found[1] == pytest.approx([high - 0.6 * height, high - 0.2 * height], abs=1)


def test_the_wheel_zooms_into_values_with_control(view):
    view.show_history(history_of(4), STEPS, 4)
    before = ranges(view)
    place = inside(view, view.sheet.plots["loss"])
    wheel(view, place, 1, Qt.KeyboardModifier.ControlModifier)
    after = ranges(view)
    assert after[0][0] == before[0][0]
    assert np.ptp(after[0][1]) < np.ptp(before[0][1])
    assert after[1:] == before[1:]


def test_no_epoch_and_no_accuracy_beyond_what_there_can_be_is_shown(view, qtbot):
    view.show_history(history_of(4), STEPS, 4)
    for _ in range(12):
        wheel(
            view,
            inside(view, view.sheet.plots["accuracy"]),
            -3,
            Qt.KeyboardModifier.ControlModifier,
        )
        wheel(view, inside(view, view.sheet.plots["accuracy"]), -3)
        qtbot.keyClick(view.sheet, Qt.Key.Key_Up)
        qtbot.keyClick(view.sheet, Qt.Key.Key_Right)
    (left, right), (low, high) = view.sheet.plots["accuracy"].box.viewRange()
    assert left >= 0
    assert right <= 4.1
    assert low >= 0
    assert high <= 103
    ticks = view.sheet.plots["accuracy"].axis.tickValues(low, high, 120)[0][1]
    assert ticks[-1] == 100


def test_keys_zoom_move_and_fit(view, qtbot):
    view.show_history(history_of(4), STEPS, 4)
    whole = ranges(view)
    qtbot.keyClick(view.sheet, Qt.Key.Key_Plus)
    qtbot.keyClick(view.sheet, Qt.Key.Key_Plus)
    zoomed = ranges(view)[0][0]
    assert zoomed[1] - zoomed[0] < 0.7 * 4
    qtbot.keyClick(view.sheet, Qt.Key.Key_Right)
    assert ranges(view)[0][0][0] > zoomed[0]
    qtbot.keyClick(view.sheet, Qt.Key.Key_Left)
    assert ranges(view)[0][0] == pytest.approx(zoomed)
    height = ranges(view)[0][1]
    qtbot.keyClick(view.sheet, Qt.Key.Key_Up)
    assert ranges(view)[0][1][0] > height[0]
    qtbot.keyClick(view.sheet, Qt.Key.Key_Minus)
    assert np.ptp(ranges(view)[0][0]) > np.ptp(zoomed)
    qtbot.keyClick(view.sheet, Qt.Key.Key_0)
    assert ranges(view) == whole
    assert view.sheet.follows


def test_a_double_click_shows_everything(view, qtbot):
    view.show_history(history_of(4), STEPS, 4)
    whole = ranges(view)
    place = inside(view, view.sheet.plots["loss"])
    wheel(view, place, 3)
    assert ranges(view) != whole
    viewport = view.sheet.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place.toPoint())
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place.toPoint())
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert ranges(view) == whole


def test_a_part_of_a_long_training_is_drawn_in_full(view, qtbot):
    view.show_history(history_of(60), STEPS, 60)
    plot = view.sheet.plots["loss"]
    raw = plot._raw
    assert (plot._band.isVisible(), raw.isVisible()) == (True, False)
    for _ in range(15):
        view.sheet.zoom(0.8)
    low, high = ranges(view)[0][0]
    qtbot.waitUntil(raw.isVisible)
    qtbot.waitUntil(lambda: raw.xData[0] > low - 0.1)
    assert not plot._band.isVisible()
    inner = raw.xData[(raw.xData >= low) & (raw.xData <= high)]
    assert len(inner) == pytest.approx((high - low) * STEPS, abs=1)


def test_a_logarithmic_axis_shows_powers_of_ten(view, qtbot):
    view.show_history(history_of(4), STEPS, 4)
    plain = view.sheet.plots["loss"]._smooth.yData.copy()
    qtbot.mouseClick(
        view.logarithmic, Qt.MouseButton.LeftButton, pos=QPoint(8, view.logarithmic.height() // 2)
    )
    settle(view, qtbot)
    np.testing.assert_allclose(view.sheet.plots["loss"]._smooth.yData, np.log10(plain))
    low, high = view.sheet.plots["loss"].box.viewRange()[1]
    assert low < np.log10(plain.min()) < np.log10(plain.max()) < high
    (spacing, values), *_ = view.sheet.plots["loss"].axis.tickValues(low, high, 150)
    assert {"0.1", "1"} & set(view.sheet.plots["loss"].axis.tickStrings(values, 1.0, spacing))
    view.logarithmic.setChecked(False)
    settle(view, qtbot)
    np.testing.assert_allclose(view.sheet.plots["loss"]._smooth.yData, plain)


def test_the_slider_smooths(view, qtbot):
    view.show_history(history_of(2), STEPS, 2)

    def roughness() -> float:
        return float(np.abs(np.diff(view.sheet.plots["loss"]._smooth.yData, 2)).sum())

    before = roughness()
    view.smoothing.setValue(20)
    qtbot.waitUntil(lambda: roughness() > 1.5 * before)
    assert view._smoothing_value.text() == "0.20"
    view.smoothing.setValue(0)
    qtbot.waitUntil(lambda: not view.sheet.plots["loss"]._smooth.isVisible())
    assert view.sheet.plots["loss"]._raw.opts["pen"].color() == view.sheet._style.training
    view.smoothing.setValue(50)
    qtbot.waitUntil(view.sheet.plots["loss"]._smooth.isVisible)
    assert view.sheet.plots["loss"]._raw.opts["pen"].color() == view.sheet._style.faint


def test_values_stand_beside_the_pointer(view, qtbot):
    view.show_history(history_of(4), STEPS, 4)
    hover(view, inside(view, view.sheet.plots["accuracy"], 0.5))
    qtbot.waitUntil(view.sheet.values.isVisible)
    text = view.sheet.values.text()
    assert "Epoch 2.0" in text
    assert "step 20" in text
    for words in ("Training, smoothed", "This batch", "Validation, epoch 2.00", "Learning rate"):
        assert words in text
    assert view.sheet.rect().contains(view.sheet.values.geometry())
    lines = {
        plot._values_line.value()
        for plot in (
            view.sheet.plots["loss"],
            view.sheet.plots["accuracy"],
            view.sheet.plots["learning_rate"],
        )
    }
    assert len(lines) == 1
    assert lines.pop() == pytest.approx(2.03, abs=0.03)
    QApplication.sendEvent(view.sheet, QEvent(QEvent.Type.Leave))
    assert not view.sheet.values.isVisible()
    assert not view.sheet.plots["loss"]._values_line.isVisible()


def test_the_box_of_values_stays_within_the_sheet(view, qtbot):
    view.show_history(history_of(4), STEPS, 4)
    for across in (0.01, 0.5, 0.99):
        for plot in (view.sheet.plots["loss"], view.sheet.plots["learning_rate"]):
            hover(view, inside(view, plot, across, 0.9))
            qtbot.waitUntil(lambda: not view.sheet._hover.isActive())
            assert view.sheet.values.isVisible()
            assert view.sheet.rect().contains(view.sheet.values.geometry())


def test_without_points_there_is_nothing_to_read(view, qtbot):
    view.show_history(History(), STEPS, 4, is_live=True)
    hover(view, inside(view, view.sheet.plots["accuracy"], 0.5))
    qtbot.waitUntil(lambda: not view.sheet._hover.isActive())
    assert not view.sheet.values.isVisible()


def test_a_screen_reader_is_told_the_latest_values_and_the_best_epoch(view, qtbot):
    view.show_history(History(), STEPS, 4, is_live=True)
    assert view.sheet.accessibleDescription() == "No values yet."
    grow(view, rows_of(2))
    qtbot.waitUntil(lambda: drawn_to(view) == pytest.approx(2.0))
    words = view.sheet.accessibleDescription()
    assert words.startswith("Epoch 2.00 of 4. Loss: 0.")
    assert re.search(r"Loss: 0\.\d+ in training, 0\.\d+ in validation\.", words)
    assert re.search(r"Accuracy: 8[\d.]+ % in training, 9[\d.]+ % in validation\.", words)
    assert "Learning rate: 0.00100. " in words
    assert "The best epoch is 2, with 9" in words
    for control in (view.smoothing, view.logarithmic, view.fit, view.save, view.sheet):
        assert control.accessibleName() or control.text()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_curves_are_saved_as_a_picture_on_paper(view, tmp_path):
    choose_theme("dark")
    QCoreApplication.processEvents()
    view.show_history(history_of(3), STEPS, 3)
    path = tmp_path / "curves.png"
    dark = view.sheet._style
    view.export.save_picture(path)
    image = QImage(str(path))
    assert image.size() == view.sheet.size() * 2
    assert image.pixelColor(3, 3).lightness() > 240
    colours = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 3)
        for y in range(image.height())
    }
    assert len(colours) > 20
    legend = view.sheet.legend.geometry()
    named = {
        image.pixelColor(x, y).name()
        for x in range(2 * legend.left(), 2 * legend.right())
        for y in range(2 * legend.bottom())
    }
    assert style_for(QPalette(QColor("#efefef"))).training.name() in named
    assert not {dark.training.name(), dark.ground.name()} & named
    assert view.sheet._style == dark
    assert view.sheet.backgroundBrush().color() == dark.ground


def test_the_legend_has_a_word_for_each_curve_in_the_usual_window(view):
    legend = view.sheet.legend
    assert "As drawn" in legend.accessibleName()
    assert "compare with validation" in legend.toolTip()
    view.resize(630, 500)
    view.show_history(history_of(3), STEPS, 3)
    assert legend.width() >= legend.sizeHint().width()


def test_the_values_are_saved_as_a_table(view, tmp_path, qtbot):
    view.show_history(History(), STEPS, 3, is_live=True)
    grow(view, rows_of(2))
    # What has not been drawn yet is saved too.
    view.export.save_table(tmp_path / "curves.csv")
    lines = (tmp_path / "curves.csv").read_text().splitlines()
    assert len(lines) == 1 + 2 * STEPS
    assert lines[0].startswith("step,epoch,loss,accuracy")
    assert lines[STEPS].split(",")[0] == str(STEPS)
    last = dict(zip(lines[0].split(","), lines[STEPS].split(","), strict=True))
    assert float(last["validation_accuracy"]) > 0.5


@pytest.mark.parametrize("name", ["curves.png", "curves.csv"])
def test_a_file_that_cannot_be_written_is_a_sentence(view, tmp_path, qtbot, name):
    view.show_history(history_of(1), STEPS, 1)
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / name
    with qtbot.waitSignal(view.noticed) as heard:
        (view.export.save_picture if name.endswith("png") else view.export.save_table)(path)
    assert name in heard.args[0]
    assert "could not be written" in heard.args[0]


def test_a_picture_that_cannot_be_made_is_a_sentence_and_no_file(
    view, tmp_path, qtbot, monkeypatch
):
    view.show_history(history_of(1), STEPS, 1)
    # As where the memory does not suffice.
    monkeypatch.setattr(export, "picture_of", lambda sheet: QImage())
    with qtbot.waitSignal(view.noticed) as heard:
        view.export.save_picture(tmp_path / "curves.png")
    assert "picture" in heard.args[0]
    assert not (tmp_path / "curves.png").exists()


def test_a_further_metric_is_drawn_and_told_by_itself(qtbot, monkeypatch):
    rows = [
        BatchDone(row.step, row.epoch, {**row.metrics, "made_up": 2.5}, 64, 0.01)
        if isinstance(row, BatchDone)
        else EpochDone(
            row.step, row.epoch, row.metrics, {**row.validation, "made_up_share": 0.75}, 1.0, True
        )
        for row in rows_of(2)
        if not isinstance(row, Validated)
    ]
    more = (
        *METRICS,
        Metric("made_up_share", "Made-up share", "percent", "accuracy", "higher", of_steps=False),
        Metric("made_up", "Made up", "number", "other", None, of_validation=False),
    )
    for module in (data, sheet, style, events):
        monkeypatch.setattr(module, "METRICS", more)
    view = CurvesView(shown_actions(), ICONS)
    qtbot.addWidget(view)
    view.resize(660, 500)
    with qtbot.waitExposed(view):
        view.show()
    view.show_history(History(rows), STEPS, 2)
    assert list(view.sheet.plots) == [*dict.fromkeys(m.plot for m in METRICS), "other"]
    np.testing.assert_allclose(view.sheet.plots["other"]._smooth.yData, 2.5)
    assert view.sheet.plots["accuracy"]._dashed["made_up_share", True].yData.tolist() == [75, 75]
    assert "Made-up share: 75.00 % in validation." in view.sheet.accessibleDescription()
    hover(view, inside(view, view.sheet.plots["other"], 0.5))
    qtbot.waitUntil(view.sheet.values.isVisible)
    for words in ("Made-up&nbsp;share", "75.00", "Made up", "2.50"):
        assert words in view.sheet.values.text()
    header, first, *_ = History(rows).to_csv().splitlines()
    assert ",made_up,glyphs,seconds,validation_loss,validation_accuracy," in header
    assert header.endswith(",validation_made_up_share,plain_loss")
    assert ",2.5,64," in first


@pytest.mark.parametrize(("index", "suffix"), [(0, "png"), (1, "csv")])
def test_the_menu_asks_for_a_file(view, tmp_path, qtbot, index, suffix):
    view.show_history(history_of(1), STEPS, 1)
    view.save.menu().actions()[index].trigger()
    dialog = view.findChild(QFileDialog)
    assert dialog.defaultSuffix() == suffix
    path = tmp_path / f"chosen.{suffix}"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    assert path.stat().st_size > 100


def test_the_plots_follow_the_palette(view):
    view.show_history(history_of(2), STEPS, 2)
    light = view.sheet._style
    choose_theme("dark")
    QCoreApplication.processEvents()
    dark = view.sheet._style
    assert dark.ground.lightness() < 60 < 200 < light.ground.lightness()
    assert view.sheet.backgroundBrush().color() == dark.ground
    assert view.sheet.plots["loss"]._smooth.opts["pen"].color() == dark.training
    assert view.sheet.grab().toImage().pixelColor(3, 3) == dark.ground


def test_ticks_are_written_whole(view):
    view.show_history(history_of(3), STEPS, 3)
    image = view.sheet.grab().toImage()
    ground = view.sheet._style.ground
    # Nothing touches the left and the right edge.
    for x in (0, 1, image.width() - 2, image.width() - 1):
        assert all(image.pixelColor(x, y) == ground for y in range(image.height()))


def test_a_view_that_is_closed_leaves_nothing_behind(qtbot):
    view = CurvesView(shown_actions(), ICONS)
    with qtbot.waitExposed(view):
        view.show()
    view.show_history(history_of(1), STEPS, 2)
    hover(view, inside(view, view.sheet.plots["loss"]))
    left = [weakref.ref(view), weakref.ref(view.sheet), weakref.ref(view.sheet.plots["loss"].box)]
    sheet = view.sheet
    view.close()
    shiboken6.delete(view)
    assert not shiboken6.isValid(sheet)
    del view, sheet
    gc.collect()
    assert [reference() for reference in left] == [None, None, None]
