import math
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from sentences import raises_error

from digitpad.data.dataset import OUTLIER, Dataset, Source, TrainingData
from digitpad.learning.checkpoint import Checkpoint
from digitpad.learning.configuration.config import Augmentation, TrainingConfig
from digitpad.learning.devices import available_devices
from digitpad.learning.events import BatchDone, EpochDone, Finished, History, Started, Validated
from digitpad.learning.loop import Training
from digitpad.learning.optim import initialise, loss_of, schedule
from digitpad.learning.validation import logits_of, validate
from digitpad.recognition.model_info import Normalisation
from digitpad.recognition.networks import build_network

SMALL = {"widths": [4, 4, 4, 4], "dropout": 0.1}


def bars(count: int, seed: int = 0) -> Dataset:
    """Horizontal bars are class 0, vertical ones class 1."""
    random = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % 2
    glyphs = torch.randint(0, 40, (count, 28, 28), generator=random, dtype=torch.uint8)
    for i, place in enumerate(torch.randint(6, 20, (count,), generator=random).tolist()):
        if labels[i] == 0:
            glyphs[i, place : place + 3, 4:24] = 255
        else:
            glyphs[i, 4:24, place : place + 3] = 255
    return Dataset(glyphs.numpy(), labels.numpy(), ("flat", "tall"))


def data(outliers: int = 0) -> TrainingData:
    sources = [Source(bars(256))]
    if outliers:
        noise = torch.randint(0, 256, (outliers, 28, 28), dtype=torch.uint8).numpy()
        nothing = Dataset(noise, np.full(outliers, OUTLIER), ("flat", "tall"))
        sources.append(Source(nothing, outliers))
    return TrainingData(("flat", "tall"), tuple(sources), {"more bars": bars(100, seed=1)})


def config(**changes) -> TrainingConfig:
    values = {"options": SMALL, "epochs": 2, "batch_size": 32, "learning_rate": 0.01, "seed": 3}
    return TrainingConfig(**(values | changes))


def trained(settings: TrainingConfig, learned: TrainingData | None = None, **options):
    """The events of a training, and its best network."""
    training = Training(settings, learned or data(), **options)
    return list(training), training.best_network()


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "muon"])
def test_a_network_learns_and_tells_its_story_in_order(optimizer):
    rate = 0.05 if optimizer in {"sgd", "muon"} else 0.01
    events, network = trained(config(optimizer=optimizer, learning_rate=rate))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert (events[0].epochs, events[0].batches_per_epoch) == (2, 8)
    steps = [(e.epoch, e.step) for e in events if isinstance(e, BatchDone)]
    assert steps == [(1 + (step - 1) // 8, step) for step in range(1, 17)]
    epochs = [e for e in events if isinstance(e, EpochDone)]
    assert [e.epoch for e in epochs] == [1, 2]
    assert epochs[-1].validation["accuracy"] > 0.95
    assert validate(network, bars(64, seed=5), Normalisation()).accuracy > 0.95
    assert not network.training


def weights(settings: TrainingConfig) -> list[torch.Tensor]:
    _, network = trained(settings)
    return [parameter.detach() for parameter in network.parameters()]


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
    trained(config(epochs=1))
    assert torch.equal(torch.rand(3), expected)


def test_a_closed_training_stops():
    events = iter(Training(config(epochs=1000), data()))
    assert isinstance(next(events), Started)
    assert isinstance(next(events), BatchDone)
    events.close()
    assert next(events, None) is None


def test_a_loss_that_is_no_number_ends_with_a_sentence():
    huge_levels = Normalisation(0.0, 2e-38)
    with raises_error("Training stopped in epoch {epoch}: the loss is no longer a number", epoch=1):
        trained(config(architecture="tutorial-convnet", options={}), normalisation=huge_levels)


def test_empty_data_is_refused():
    empty = bars(0)
    with raises_error("There is nothing to train on"):
        Training(config(), TrainingData(("a", "b"), (Source(empty),)))


def test_outliers_are_trained_on_and_left_out_of_the_accuracy():
    events, network = trained(config(epochs=3), data(outliers=64))
    assert events[0].batches_per_epoch == 10
    noise = torch.randint(0, 256, (64, 28, 28), dtype=torch.uint8)
    sure = logits_of(network, bars(64, 7).tensors()[0], Normalisation()).softmax(1).amax(1).mean()
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
    assert next(iter(Training(config(), limited))).batches_per_epoch == 2


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


def test_steps_fall_after_so_many_epochs():
    falling = config(schedule="step", learning_rate=1.0, epochs=7, step_epochs=2, step_factor=0.5)
    rates = [schedule(falling, epoch / 7)[0] for epoch in range(7)]
    assert rates == [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125]


def resumed_after(step: int, settings: TrainingConfig):
    """Events after a step and best network: of an unbroken training, and of one resumed there."""
    unbroken = Training(settings, data(), validations_per_epoch=2)
    kept, events = None, []
    for event in unbroken:
        if kept is not None:
            events.append(event)
        if isinstance(event, BatchDone) and event.step == step:
            kept = unbroken.checkpoint().to_bytes()
    checkpoint = Checkpoint.from_bytes(kept, "memory")
    assert checkpoint.progress.step == step
    later = Training(settings, data(), checkpoint=checkpoint, validations_per_epoch=2)
    started, *again = list(later)
    assert started.done == step
    return (events, unbroken.best_network()), (again, later.best_network())


@pytest.mark.parametrize("optimizer", ["sgd", "adamw", "muon"])
@pytest.mark.parametrize("step", [3, 8, 13])
def test_a_resumed_training_equals_an_unbroken_one_bit_for_bit(optimizer, step):
    settings = config(
        optimizer=optimizer,
        epochs=3,
        augmentation=Augmentation(10, 2, 0.1, 10, 0.5, 1.0),
        options=SMALL | {"dropout": 0.4},
        ema_steps=5,
    )
    (expected, one), (found, other) = resumed_after(step, settings)
    assert [type(event) for event in found if not isinstance(event, Validated)] == [
        type(event) for event in expected if not isinstance(event, Validated)
    ]
    first, second = one.state_dict(), other.state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    metrics = [
        [event.metrics for event in events if isinstance(event, BatchDone)]
        for events in (expected, found)
    ]
    assert metrics[0] == metrics[1]
    epochs = [
        [replace(event, seconds=0) for event in events if isinstance(event, EpochDone)]
        for events in (expected, found)
    ]
    assert epochs[0] == epochs[1]


def test_a_checkpoint_of_another_training_is_refused():
    training = Training(config(), data())
    events = iter(training)
    next(event for event in events if isinstance(event, BatchDone))
    checkpoint = training.checkpoint()
    events.close()
    for changes in ({"options": {"widths": [8, 8, 8, 8]}}, {"architecture": "mlp", "options": {}}):
        with raises_error("The checkpoint does not fit its training: {tensor}"):
            Training(config(**changes), data(), checkpoint=checkpoint)
    with raises_error(
        "The checkpoint belongs to a training with other data", count=256, epoch_size=320
    ):
        Training(config(), data(outliers=64), checkpoint=checkpoint)


def test_a_checkpoint_of_another_kind_of_device_goes_on_with_other_random_numbers():
    training = Training(config(), data())
    events = iter(training)
    next(event for event in events if isinstance(event, BatchDone))
    here = training.checkpoint()
    events.close()
    # As CUDA keeps its states.
    there = {
        f"random.{name}": torch.zeros(16, dtype=torch.uint8) for name in ("augmentation", "dropout")
    }
    moved = Checkpoint(here.progress, {**here.tensors, **there})
    again = Training(config(), data(), checkpoint=moved)
    assert torch.equal(again.checkpoint().tensors["order"], here.tensors["order"])
    for name in ("augmentation", "dropout"):
        state = again.checkpoint().tensors[f"random.{name}"]
        assert state.shape == here.tensors[f"random.{name}"].shape
        assert not torch.equal(state, here.tensors[f"random.{name}"])
        assert not torch.equal(state, Training(config(), data()).checkpoint().part("random")[name])
    *_, finished = again
    assert finished.outcome == "completed"


@pytest.mark.parametrize(
    "content", [b"", b"\x08\0\0\0\0\0\0\0{}      ", b"\xff" * 40, b"\x02\0\0\0\0\0\0\0{}"]
)
def test_a_damaged_checkpoint_is_refused_with_a_sentence(content):
    with raises_error("The checkpoint {source} is damaged", source="run.safetensors"):
        Checkpoint.from_bytes(content, "run.safetensors")


def test_patience_ends_a_training_and_the_best_epoch_is_kept():
    # A learning rate that does nothing: the first epoch stays the best.
    settings = config(
        epochs=50, learning_rate=1e-9, schedule="constant", patience=2, monitor="accuracy"
    )
    events, _ = trained(settings)
    epochs = [event for event in events if isinstance(event, EpochDone)]
    assert [event.is_best for event in epochs] == [True, False, False]
    assert (events[-1].outcome, events[-1].epoch) == ("stopped early", 1)


def test_a_stopped_training_gives_the_network_that_it_has():
    taken = []
    training = Training(config(), data(), should_stop=lambda: len(taken) >= 3)
    for event in training:
        if isinstance(event, BatchDone):
            taken.append(event)
    assert len(taken) == 3
    assert (event.outcome, event.epoch) == ("stopped", 0)
    assert not training.best_network().training


def test_a_loss_that_is_no_number_later_keeps_the_best_epoch(monkeypatch):
    losses = []

    def spoilt(logits, target, settings):
        losses.append(1)
        loss = loss_of(logits, target, settings)
        return loss * math.nan if len(losses) > 12 else loss

    monkeypatch.setattr("digitpad.learning.loop.loss_of", spoilt)
    events, network = trained(config())
    *_, epoch, _batch, _, _, _, finished = events
    assert isinstance(epoch, EpochDone)
    assert (finished.outcome, finished.epoch) == ("diverged", 1)
    assert finished.notice.fields["best"] == 1
    problem = finished.notice.fields["problem"]
    assert problem.fields == {"epoch": 2, "rate": 0.01, "lower": 0.001}
    metrics = validate(network, bars(100, seed=1), Normalisation())
    assert asdict(metrics) == epoch.validation


def test_an_epoch_is_validated_within_without_changing_what_is_learnt():
    _, plain = trained(config())
    events, validated = trained(config(), validations_per_epoch=4)
    steps = [event.step for event in events if isinstance(event, Validated)]
    assert steps == [2, 4, 6, 10, 12, 14]
    one, other = plain.state_dict(), validated.state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_training_can_begin_with_the_weights_of_another():
    _, first = trained(config(epochs=3))
    events, second = trained(config(epochs=1, learning_rate=1e-9), network=first)
    epoch = next(event for event in events if isinstance(event, EpochDone))
    expected = validate(first, bars(100, 1), Normalisation()).accuracy
    assert epoch.validation["accuracy"] == pytest.approx(expected)
    assert second is not first


def test_a_device_that_is_not_there_is_refused():
    missing = next(name for name in ("cuda", "mps") if name not in available_devices())
    with raises_error("This machine cannot compute on {wanted!r}", wanted=missing):
        Training(config(device=missing), data())
    assert next(iter(Training(config(device="auto"), data()))).device == available_devices()[0]


def test_history_keeps_the_numbers_of_each_event():
    history = History()
    events = list(Training(config(), data(), validations_per_epoch=2))
    for event in events[1:-1]:
        history.extend([event])
    assert history.since(0) == events[1:-1]
    assert history.since(20) == events[21:-1]
    assert [row.step for row in history.batches] == list(range(1, 17))
    assert [row.step for row in history.validations] == [4, 12]
    assert [row.step for row in history.epochs] == [8, 16]
    assert history.best in history.epochs
    lines = history.to_csv().splitlines()
    assert len(lines) == 17
    assert lines[0].split(",")[-2:] == ["validation_accuracy", "plain_loss"]
    ended = history.epochs[0]
    assert [float(text) for text in lines[8].split(",")[-2:]] == [
        ended.validation["accuracy"],
        ended.metrics["plain_loss"],
    ]
    assert lines[1].endswith(",,")


def test_an_epoch_counts_more_than_a_part_of_its_validation_data_in_a_table():
    part, whole = {"loss": 0.5, "accuracy": 0.5}, {"loss": 0.25, "accuracy": 0.75}
    batch = BatchDone(1, 1, {"loss": 1.0}, 8, 0.1)
    for rows in ([Validated(1, 1, part)], []):
        history = History([batch, *rows, EpochDone(1, 1, {}, whole, 0.1, True), *rows])
        assert history.to_csv().splitlines()[1] == "1,1,1.0,,,8,0.1,0.25,0.75,"


def test_the_average_of_the_weights_is_measured_and_kept():
    settings = config(ema_steps=4, epochs=1)
    training = Training(settings, data())
    averages, last = [], None
    for event in training:
        if isinstance(event, BatchDone):
            weights = training.checkpoint().part("network")["head.2.bias"].double()
            share = 0.0 if last is None else min(1 - 1 / 4, (event.step - 1) / (event.step + 8))
            last = weights if last is None else share * last + (1 - share) * weights
            averages.append(last)
        if isinstance(event, EpochDone):
            metrics = validate(training.network(), bars(100, seed=1), Normalisation())
            assert asdict(metrics) == event.validation
            assert training.validation == {"more bars": metrics}
    kept = training.best_network().state_dict()["head.2.bias"].double()
    assert torch.allclose(kept, averages[-1], atol=1e-6)
    assert not torch.equal(kept, weights)


def test_a_warm_up_lets_the_rate_rise_to_what_the_schedule_asks():
    rising = config(schedule="constant", learning_rate=1.0, epochs=10, warm_up=2.0)
    rates = [schedule(rising, epoch / 10)[0] for epoch in range(5)]
    assert rates == pytest.approx([0, 0.5, 1, 1, 1])
    one, other = (config(schedule="one-cycle", warm_up=warm_up) for warm_up in (0.0, 1.0))
    assert schedule(one, 0.1) == schedule(other, 0.1)


def test_the_plain_loss_is_that_of_training_drawings_as_validation_takes_its_own():
    settings = config(label_smoothing=0.3, augmentation=Augmentation(20, 3, 0.2), epochs=3)
    training = Training(settings, data(outliers=64))
    for event in training:
        if isinstance(event, EpochDone):
            # Smoothing alone has a floor: of two classes the entropy of 0.85 and 0.15.
            assert event.metrics["loss"] > 0.42
            size = 320 // 12
            expected = validate(training.network(), bars(256).take(slice(size)), Normalisation())
            assert event.metrics["plain_loss"] == expected.loss
    assert expected.loss < 0.3


def test_small_data_is_seen_several_times_in_an_epoch():
    few = TrainingData(("flat", "tall"), (Source(bars(40), passes=5),), {"": bars(20, 1)})
    training = Training(config(epochs=2, batch_size=32), few)
    events = list(training)
    assert (events[0].passes, events[0].glyphs_per_epoch) == (5, 200)
    assert events[0].batches_per_epoch == math.ceil(200 / 32)
    order = training.checkpoint().tensors["order"]
    assert sorted(order.tolist()) == sorted([*range(40)] * 5)


SAME = "Training stopped in epoch {epoch}: the network gives the same answer"


class TestDivergence:
    """A training that has gone astray ends with a sentence that names the learning rate."""

    def problem(self, settings, learned=None):
        with raises_error() as caught:
            trained(settings, learned)
        return caught.value

    def test_a_loss_that_explodes(self):
        settings = config(architecture="mlp", options={}, optimizer="sgd", learning_rate=10.0)
        problem = self.problem(settings)
        assert "The learning rate of {rate} is too high" in problem.template
        assert (problem.fields["rate"], problem.fields["lower"]) == (10.0, 1.0)

    def test_a_loss_that_stays_above_that_of_a_guess(self, monkeypatch):
        def far(logits, target, settings):
            return loss_of(logits, target, settings) + 20 * (len(steps) > 1)

        steps = []
        monkeypatch.setattr("digitpad.learning.loop.loss_of", lambda *a: steps.append(1) or far(*a))
        monkeypatch.setattr(
            "digitpad.learning.loop.validate", lambda *a: replace(validate(*a), loss=20.0)
        )
        events, _ = trained(config(epochs=30, learning_rate=1e-9))
        assert (events[-1].outcome, events[-1].epoch) == ("diverged", 1)
        problem = events[-1].notice.fields["problem"]
        assert problem.template.startswith("Training stopped in epoch {epoch}: the loss has grown")
        assert problem.fields["epoch"] == 25
        assert problem.fields["chance"] == pytest.approx(math.log(2))

    def test_a_network_that_says_the_same_of_everything(self):
        dead = build_network("mlp", 2, {})
        with torch.no_grad():
            for name, parameter in dead.named_parameters():
                # No feature is ever above 0: no gradient reaches the layers before.
                if name.endswith("bias"):
                    parameter.fill_(-1e6)
        settings = config(architecture="mlp", options={}, learning_rate=1e-6)
        with raises_error(SAME, epoch=1, rate=1e-6):
            trained(settings, network=dead)

    @pytest.mark.parametrize("rate", [1e-9, 0.01, 0.05])
    def test_trainings_that_are_slow_or_well_are_left_alone(self, rate):
        events, _ = trained(config(optimizer="sgd", learning_rate=rate, epochs=3))
        assert events[-1].outcome == "completed"

    def test_what_overfits_is_left_alone(self):
        noise = torch.randint(0, 255, (64, 28, 28), dtype=torch.uint8).numpy()
        lies = Dataset(noise, np.arange(64) % 2, ("flat", "tall"))
        told = TrainingData(("flat", "tall"), (Source(lies, passes=4),), {"": bars(40, 1)})
        events, _ = trained(config(epochs=20, label_smoothing=0.0), told)
        assert events[-1].outcome == "completed"
