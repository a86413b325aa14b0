import itertools

import numpy as np
from fakes import FakePredictor, prediction

from digitpad.app.services.training import EpochNetwork
from digitpad.app.train.epochs.predictions import EpochPredictions

GLYPH = np.zeros((28, 28), np.uint8)


def network(epoch: int) -> EpochNetwork:
    predictor = FakePredictor()
    predictor.answer = prediction(best=epoch % 10)
    return EpochNetwork(epoch, predictor)


def test_every_network_reads_the_drawing_oldest_first(qtbot):
    readings = EpochPredictions()
    readings.show_glyph(GLYPH)
    with qtbot.waitSignal(readings.read):
        for epoch in (1, 2, 3):
            readings.add(network(epoch))
    assert [(r.epoch, r.prediction.best) for r in readings.latest] == [(1, 1), (2, 2), (3, 3)]


def test_another_drawing_is_read_by_all_again_and_an_empty_pad_by_none(qtbot):
    readings = EpochPredictions()
    one = network(1)
    readings.add(one)
    with qtbot.waitSignal(readings.read, check_params_cb=lambda: len(readings.latest) == 1):
        readings.show_glyph(GLYPH)
    with qtbot.waitSignal(readings.read, check_params_cb=lambda: len(readings.latest) == 1):
        readings.show_glyph(GLYPH.copy())
    assert len(one.predictor.glyphs) == 2
    with qtbot.waitSignal(readings.read, check_params_cb=lambda: not readings.latest):
        readings.show_glyph(None)


def test_a_long_training_keeps_a_few_networks_and_the_latest(qtbot):
    readings = EpochPredictions()
    readings.show_glyph(GLYPH)
    for epoch in range(1, 201):
        readings.add(network(epoch))
    qtbot.waitUntil(lambda: bool(readings.latest) and readings.latest[-1].epoch == 200)
    epochs = [reading.epoch for reading in readings.latest]
    assert len(epochs) <= 25
    assert epochs == sorted(epochs)
    steps = {b - a for a, b in itertools.pairwise(epochs[:-1])}
    assert len(steps) == 1


def test_another_training_begins_with_nothing(qtbot):
    readings = EpochPredictions()
    readings.show_glyph(GLYPH)
    with qtbot.waitSignal(readings.read, check_params_cb=lambda: len(readings.latest) == 1):
        readings.add(network(1))
    with qtbot.waitSignal(readings.read, check_params_cb=lambda: not readings.latest):
        readings.clear()
