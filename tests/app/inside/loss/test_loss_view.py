"""The view of the loss: labels, steps there and back, and what is said about them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from digitpad.app.inside.loss.view import LossView
from digitpad.app.inside.loss.weights import tiled


@pytest.fixture
def view(show_view, background) -> LossView:
    return show_view(LossView(background), 800, 480)


@pytest.fixture
def settle(qtbot, background):
    return lambda: qtbot.waitUntil(lambda: not background.is_busy, timeout=30_000)


@pytest.fixture
def shown(view, subject_of, settle) -> LossView:
    view.show_subject(subject_of("4"))
    settle()
    return view


def test_it_says_what_to_do_before_something_is_drawn(view) -> None:
    view.show_subject(None)
    assert not view.labels.isVisible()


def test_the_answer_is_what_it_should_be_at_first(shown) -> None:
    assert shown.label == 4
    assert shown.labels.currentText() == "4"
    assert shown.state.loss < 0.5
    assert f"{shown.state.loss:.6g}" in shown.numbers.text()
    assert not shown.back.isEnabled()


def test_another_label_costs_more_and_steps_make_it_less(shown, settle, happened) -> None:
    before = shown.state.loss
    QTest.keyClick(shown, Qt.Key.Key_9)
    settle()
    assert shown.label == 9
    assert shown.state.loss > before
    shown.rate.setValue(15)
    shown.step.click()
    settle()
    assert shown.state.losses[1] < shown.state.losses[0]
    assert {"label-chosen", "step-taken", "loss-fell"} <= set(happened)
    shown.steps.click()
    settle()
    assert len(shown.rates) == 11
    first = shown.state.losses[0]
    shown.back.click()
    shown.back.click()
    settle()
    assert len(shown.state.rates) == 9
    shown.reset.click()
    settle()
    assert shown.state.losses == (first,)


def test_quick_presses_all_count(shown, settle) -> None:
    for _ in range(7):
        shown.step.click()
    settle()
    assert len(shown.state.losses) == 8


def test_another_drawing_begins_again_with_the_label_that_was_chosen(
    shown, subject_of, settle
) -> None:
    shown.choose_label(9)
    shown.step.click()
    settle()
    shown.show_subject(subject_of("7"))
    settle()
    assert shown.rates == ()
    assert shown.label == 9
    shown.show_subject(None)
    shown.show_subject(subject_of("7"))
    settle()
    assert shown.label == 7


def test_a_step_that_is_too_large_is_told(shown, settle) -> None:
    shown.choose_label(9)
    settle()
    shown.rate.setValue(shown.rate.maximum())
    with np.errstate(all="ignore"):
        for _ in range(3):
            shown.steps.click()
            settle()
    told = shown._told.text()
    assert told
    assert shown.state.is_finite or "too large" in told
    shown.reset.click()
    settle()
    assert shown.step.isEnabled()


def test_each_layer_shows_its_weights_and_their_gradient(shown) -> None:
    names = [shown.layers.itemData(row) for row in range(shown.layers.count())]
    assert names == list(shown.state.weights)
    for row in range(shown.layers.count()):
        shown.layers.setCurrentIndex(row)
        image = shown.gradients.grab().toImage()
        seen = {image.pixel(x, 5) for x in range(0, image.width(), 2)}
        assert len(seen) > 1


def test_tiles_keep_every_weight_and_leave_gaps() -> None:
    for shape in ((5, 1, 3, 3), (4, 6, 3, 3), (10, 130), (3, 7)):
        weights = np.arange(np.prod(shape), dtype=float).reshape(shape)
        tiles = tiled(weights)
        assert sorted(tiles[np.isfinite(tiles)]) == list(range(weights.size))
    assert np.isnan(tiled(np.zeros((4, 6, 3, 3)))[3]).all()
