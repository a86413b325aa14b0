import itertools
import math

import pytest
import torch

from digitpad.errors import DigitpadError
from digitpad.learning.config import Augmentation, TrainingConfig
from digitpad.learning.data import OUTLIER, GlyphSet, Source, TrainingData
from digitpad.learning.events import BatchDone, EpochDone, Finished, Started
from digitpad.learning.loop import initialise, logits_of, loss_of, measure, schedule, train
from digitpad.recognition.modelinfo import Normalisation
from digitpad.recognition.networks import build_network

SMALL = {"widths": [4, 4, 4, 4], "dropout": 0.1}


def bars(count: int, seed: int = 0) -> GlyphSet:
    """Horizontal bars are class 0, vertical ones class 1."""
    random = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % 2
    glyphs = torch.randint(0, 40, (count, 28, 28), generator=random, dtype=torch.uint8)
    for i, place in enumerate(torch.randint(6, 20, (count,), generator=random).tolist()):
        if labels[i] == 0:
            glyphs[i, place : place + 3, 4:24] = 255
        else:
            glyphs[i, 4:24, place : place + 3] = 255
    return GlyphSet(glyphs, labels)


def data(outliers: int = 0) -> TrainingData:
    sources = [Source(bars(256))]
    if outliers:
        noise = torch.randint(0, 256, (outliers, 28, 28), dtype=torch.uint8)
        sources.append(Source(GlyphSet(noise, torch.full((outliers,), OUTLIER)), outliers))
    return TrainingData(("flat", "tall"), tuple(sources), {"more bars": bars(100, seed=1)})


def config(**changes) -> TrainingConfig:
    values = {"options": SMALL, "epochs": 2, "batch_size": 32, "learning_rate": 0.01, "seed": 3}
    return TrainingConfig(**(values | changes))


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
def test_a_network_learns_and_tells_its_story_in_order(optimizer):
    rate = 0.05 if optimizer == "sgd" else 0.01
    events = list(train(config(optimizer=optimizer, learning_rate=rate), data()))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert (events[0].epochs, events[0].batches_per_epoch) == (2, 8)
    steps = [(e.epoch, e.batch) for e in events if isinstance(e, BatchDone)]
    assert steps == list(itertools.product((1, 2), range(1, 9)))
    epochs = [e for e in events if isinstance(e, EpochDone)]
    assert [e.epoch for e in epochs] == [1, 2]
    assert epochs[-1].validation["more bars"].accuracy > 0.95
    assert measure(events[-1].network, bars(64, seed=5), Normalisation()).accuracy > 0.95
    assert not events[-1].network.training


def weights(settings: TrainingConfig) -> list[torch.Tensor]:
    *_, finished = train(settings, data())
    return [parameter.detach() for parameter in finished.network.parameters()]


def test_the_same_seed_gives_the_same_weights_whatever_else_draws_random_numbers():
    settings = config(augmentation=Augmentation(10, 2, 0.1, 10, 0.5))
    first = weights(settings)
    torch.manual_seed(99)
    torch.rand(5)
    assert all(torch.equal(a, b) for a, b in zip(first, weights(settings), strict=True))


def test_another_seed_gives_other_weights():
    different = zip(weights(config(seed=1)), weights(config(seed=2)), strict=True)
    assert any(not torch.equal(a, b) for a, b in different)


def test_training_leaves_the_callers_random_state_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    list(train(config(epochs=1), data()))
    assert torch.equal(torch.rand(3), expected)


def test_a_closed_training_stops():
    events = train(config(epochs=1000), data())
    assert isinstance(next(events), Started)
    assert isinstance(next(events), BatchDone)
    events.close()
    assert next(events, None) is None


def test_a_loss_that_is_no_number_ends_with_a_sentence():
    huge_levels = Normalisation(0.0, 2e-38)
    with pytest.raises(DigitpadError, match="no longer a number"):
        list(train(config(architecture="tutorial-convnet", options={}), data(), huge_levels))


def test_empty_data_is_refused():
    empty = GlyphSet(torch.empty((0, 28, 28), dtype=torch.uint8), torch.empty(0, dtype=torch.int64))
    with pytest.raises(DigitpadError, match="nothing to train on"):
        next(train(config(), TrainingData(("a", "b"), (Source(empty),))))


def test_outliers_are_trained_on_and_left_out_of_the_accuracy():
    events = list(train(config(epochs=3), data(outliers=64)))
    assert events[0].batches_per_epoch == 10
    network = events[-1].network
    noise = torch.randint(0, 256, (64, 28, 28), dtype=torch.uint8)
    sure = logits_of(network, bars(64, 7).glyphs, Normalisation()).softmax(1).amax(1).mean()
    unsure = logits_of(network, noise, Normalisation()).softmax(1).amax(1).mean()
    assert unsure < sure


def test_the_outlier_term_is_least_at_the_uniform_answer():
    settings = config(outlier_weight=1.0, label_smoothing=0.0)
    outlier = torch.tensor([OUTLIER])
    uniform = loss_of(torch.zeros(1, 10), outlier, settings)
    assert uniform.item() == pytest.approx(math.log(10))
    peaked = loss_of(torch.eye(10)[:1] * 5, outlier, settings)
    assert peaked > uniform


def test_a_source_gives_an_epoch_no_more_than_its_share():
    limited = TrainingData(("flat", "tall"), (Source(bars(256), per_epoch=40),))
    assert limited.epoch_size == 40
    assert next(train(config(), limited)).batches_per_epoch == 2


def test_one_cycle_rises_and_falls_and_momentum_moves_against_it():
    settings = config(schedule="one-cycle", learning_rate=1.0, momentum=0.9)
    rates = [schedule(settings, i / 100)[0] for i in range(100)]
    assert max(rates) == pytest.approx(1.0, abs=0.02)
    assert rates.index(max(rates)) == 20
    assert rates[0] < 0.05
    assert rates[-1] < 0.02
    momenta = [schedule(settings, i / 100)[1] for i in range(100)]
    assert momenta.index(min(momenta)) == pytest.approx(20, abs=1)
    assert all(0.8 <= momentum <= 0.9 for momentum in momenta)


def test_cosine_falls_and_constant_stays():
    falling = [schedule(config(schedule="cosine"), i / 10)[0] for i in range(10)]
    assert falling == sorted(falling, reverse=True)
    assert len({schedule(config(schedule="constant"), i / 10) for i in range(10)}) == 1


def test_initialisations_have_their_spread():
    torch.manual_seed(0)
    network = build_network("tutorial-convnet", 10, {})
    layer = network.head[2]
    initialise(network, "he")
    assert layer.weight.std().item() == pytest.approx(math.sqrt(2 / 9216), rel=0.02)
    assert layer.bias.abs().max() == 0
    initialise(network, "xavier")
    assert layer.weight.abs().max().item() == pytest.approx(math.sqrt(6 / (9216 + 128)), rel=0.01)
