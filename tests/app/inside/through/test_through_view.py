"""The view "Through training": runs, epochs, the plane, and what is said without any of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from inside_kit import model_of_chance
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from sample_kit import sample
from training_run_kit import suspended_run

from digitpad.app.inside.through.epochs import Epochs, Wanted
from digitpad.app.inside.through.plane_picture import class_colours
from digitpad.app.inside.through.points import points_for
from digitpad.app.inside.through.view import ThroughView
from digitpad.app.widgets.theme import contrast, dark_palette, theme_for
from digitpad.data.dataset import DIGITS
from digitpad.learning.checkpoint import Progress
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.events import EpochDone, Started
from digitpad.learning.runs.epoch_weights import EpochKeeper
from digitpad.learning.runs.run import DataMark
from digitpad.learning.runs.store import RunStore
from digitpad.recognition.architectures import ARCHITECTURE_TITLES
from digitpad.samples.store import SampleStore

CONFIG = TrainingConfig(architecture="mlp", epochs=5, epoch_weights=50)


def make_run(store, epochs, config=CONFIG, classes=DIGITS, name=None):
    """A run with networks of chance as those of its epochs."""
    run = suspended_run(store, config, name)
    store.set_data(run.id, DataMark("Digits", classes, 100, "0" * 64))
    add_epochs(store, run.id, range(epochs))
    return store.get(run.id)


def add_epochs(store, run_id, epochs):
    run = store.get(run_id)
    keeper = EpochKeeper(store, run, run.classes, Progress(max(epochs, default=0) + 1))
    for epoch in epochs:
        network = network_of(run.config, len(run.classes), epoch)
        event = Started(run.config.epochs, 1, 1)
        if epoch:
            metrics = {"accuracy": 0.5 + epoch / 100, "loss": 1.0}
            event = EpochDone(epoch, epoch, {"loss": 1.0}, metrics, 1.0, is_best=True)
            store.add_events(run_id, [event])
        assert not list(keeper.keep(event, network))


def network_of(config, classes, seed):
    from digitpad.recognition.networks import build_network

    if classes == 10:
        return model_of_chance(config.architecture, seed).network
    return build_network(config.architecture, classes, config.options).eval()


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


@pytest.fixture
def opened(qtbot, show_view, background, store, tmp_path):
    """Opens the view, and waits for all that is found."""

    def open_view(subject=None):
        view = ThroughView(background, store, tmp_path / "samples.sqlite")
        view.show_subject(subject)
        show_view(view)
        settle(qtbot, background)
        return view

    return open_view


def settle(qtbot, background):
    qtbot.waitUntil(lambda: not background.is_busy, timeout=60_000)


def test_without_a_run_it_says_what_to_do(qtbot, opened, background) -> None:
    view = opened()
    assert view.train.isVisible()
    assert not view.slider.isVisible()
    with qtbot.waitSignal(view.training_wanted):
        view.train.click()
    assert view.epoch is None


def test_old_runs_are_not_offered(store, opened) -> None:
    suspended_run(store, TrainingConfig())
    assert opened().train.isVisible()


def test_the_newest_run_and_its_last_epoch_come_first(store, opened, subject_of) -> None:
    make_run(store, 2, name="Old")
    kept = make_run(store, 4, name="New")
    view = opened(subject_of("7"))
    assert [view.runs.itemText(n) for n in range(view.runs.count())] == ["New", "Old"]
    assert (view.kept.run.id, view.epoch, view.slider.maximum()) == (kept.id, 3, 3)
    assert "53" in view.slider.accessibleDescription()
    assert view.network.bars.classes == DIGITS
    assert view.plane.picture.pointed is None


def test_the_slider_shows_each_epoch(
    qtbot, store, opened, background, subject_of, happened
) -> None:
    run = make_run(store, 4)
    view = opened(subject_of("7"))
    QTest.keyClick(view.slider, Qt.Key.Key_Left)
    settle(qtbot, background)
    assert view.epoch == 2
    assert happened == ["epoch-chosen"]
    view.plane.picture.settle()
    plane = view.plane.known[run.id, 2, "classes"]
    assert np.array_equal(view.plane.picture._places, plane.points)
    # All others are known by now, so that they are there at once.
    assert {key[1] for key in view.plane.known} == {0, 1, 2, 3}
    view.slider.setValue(0)
    assert "first step" in view.slider.accessibleDescription()


def test_it_plays_from_the_first_epoch(qtbot, store, opened, monkeypatch) -> None:
    make_run(store, 3)
    view = opened()
    view._playing.setInterval(1)
    view.play.click()
    assert view.epoch == 0
    qtbot.waitUntil(lambda: not view._playing.isActive())
    assert view.epoch == 2


def test_new_epochs_of_a_training_appear(qtbot, store, opened, background) -> None:
    run = make_run(store, 2)
    view = opened()
    assert view.slider.maximum() == 1
    add_epochs(store, run.id, range(2, 4))
    view.refresh()
    settle(qtbot, background)
    # It was at the last one, and still is.
    assert (view.slider.maximum(), view.epoch) == (3, 3)
    view.slider.setValue(1)
    add_epochs(store, run.id, range(4, 5))
    view.refresh()
    settle(qtbot, background)
    assert (view.slider.maximum(), view.epoch) == (4, 1)


def test_damaged_weights_are_left_out_with_a_sentence(qtbot, store, opened, background) -> None:
    run = make_run(store, 3)
    path = store.epochs_path(run.id) / "epoch-00001.safetensors"
    path.write_bytes(path.read_bytes()[:-4])
    view = opened()
    settle(qtbot, background)
    assert view._shown_epochs == (0, 2)
    assert view._notice.isVisible()
    assert "damaged" in view._notice.text()
    view.refresh()
    settle(qtbot, background)
    assert view._shown_epochs == (0, 2)


def test_if_no_epoch_can_be_read_it_says_so(qtbot, store, opened, background) -> None:
    run = make_run(store, 2)
    for path in store.epochs_path(run.id).iterdir():
        path.write_bytes(b"nothing")
    view = opened()
    settle(qtbot, background)
    assert view._hint.isVisible()
    assert "cannot be read" in view._hint.text()


def test_the_pointer_and_the_keys_show_a_glyph(qtbot, store, opened, happened) -> None:
    make_run(store, 2)
    view = opened()
    picture = view.plane.picture
    picture.settle()
    at = picture.place_of(picture._places[0])
    QTest.mouseMove(picture, QPoint(round(at.x()), round(at.y())))
    qtbot.waitUntil(lambda: picture.pointed is not None)
    assert happened[-1] == "plane-hovered"
    picture.setFocus()
    before = picture.pointed
    QTest.keyClick(picture, Qt.Key.Key_Right)
    assert picture.pointed != before
    assert picture._places[picture.pointed][0] > picture._places[before][0]
    assert picture.accessibleDescription()
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert picture.pointed is None


def test_the_other_side_shows_more_of_the_spread(qtbot, store, opened, background) -> None:
    run = make_run(store, 3)
    view = opened()
    view.plane.sides.setCurrentIndex(1)
    view.plane.sides.activated.emit(1)
    settle(qtbot, background)
    known = view.plane.known
    for epoch in range(3):
        assert known[run.id, epoch, "spread"].share >= known[run.id, epoch, "classes"].share


@pytest.mark.parametrize("architecture", ARCHITECTURE_TITLES)
def test_every_network_is_shown(store, opened, subject_of, architecture) -> None:
    make_run(store, 1, replace(CONFIG, architecture=architecture))
    view = opened(subject_of("7"))
    assert view.epoch == 0
    assert view.network.kernels.isVisible() == (architecture != "mlp")
    assert not view.grab().isNull()


def test_kernels_and_maps_are_those_of_the_network(store, subject_of) -> None:
    run = make_run(store, 2, replace(CONFIG, architecture="tutorial-convnet"))
    epochs = Epochs(store, None)
    kept = epochs.opened(run.id)
    glyph = subject_of("7").glyph
    state = epochs.state(kept, Wanted(1, glyph, "conv2", 5))
    network = kept.weights.load(1).network
    layers = network.named_layers()
    assert state.layers == {"conv1": 1, "conv2": 32}
    assert np.array_equal(state.kernels[:, 0], layers["conv2"].weight[:, 5].numpy())
    assert state.maps.shape == (64, 1, 24, 24)
    assert state.features.shape == (1, 128)
    # An unknown layer and a map that it has not give what there is.
    state = epochs.state(kept, Wanted(0, None, "conv9", 40))
    assert (state.layer, state.kernels.shape, state.maps) == ("conv1", (32, 1, 3, 3), None)


def test_the_glyphs_are_digits_or_the_users_own(tmp_path) -> None:
    digits = points_for(DIGITS, None)
    assert len(digits.labels) == 500
    assert np.bincount(digits.labels).tolist() == [50] * 10
    # In another order, and only some.
    some = points_for(("7", "x", "1"), None)
    assert np.bincount(some.labels).tolist() == [50, 0, 50]
    assert np.array_equal(some.glyphs[some.labels == 0], digits.glyphs[digits.labels == 7])
    foreign = points_for(("x", "y"), None)
    assert foreign.are_foreign
    assert foreign.names == DIGITS
    store = SampleStore(tmp_path / "samples.sqlite")
    store.add([sample("xy"[number % 2], number) for number in range(12)])
    own = points_for(("x", "y", "z"), store.path)
    assert np.bincount(own.labels).tolist() == [6, 6]
    assert not own.are_foreign


def test_a_run_of_other_classes_is_shown_with_digits(store, opened, subject_of) -> None:
    make_run(store, 1, classes=("x", "y"))
    view = opened(subject_of("7"))
    assert "none of this network's classes" in view.plane._caption.text()
    assert view.network.bars.classes == ("x", "y")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("count", [2, 10])
def test_the_colours_of_few_classes_are_seen_on_the_paper(qapp, theme, count) -> None:
    palette = dark_palette() if theme == "dark" else QPalette(QColor("#efefef"))
    paper = theme_for(palette).paper
    colours = class_colours(count, palette)
    assert len({colour.name() for colour in colours}) == count
    assert min(contrast(colour, paper) for colour in colours) >= 4


@pytest.mark.parametrize("count", [11, 62])
def test_many_classes_have_colours_of_their_own(qapp, count) -> None:
    assert len({one.name() for one in class_colours(count, dark_palette())}) == count


def test_from_the_spread_an_epoch_that_cannot_be_read_is_left_out_once(store) -> None:
    run = make_run(store, 3)
    epochs = Epochs(store, None)
    kept = epochs.opened(run.id)
    path = store.epochs_path(run.id) / "epoch-00001.safetensors"
    path.write_bytes(path.read_bytes()[:-4])  # what is known of it is still right
    found = [epochs.placed(kept, 2, "spread") for _ in range(3)]
    assert [one.epoch for one in found] == [0, 1, 2]
    assert [one.plane is None for one in found] == [False, True, False]
