"""The weights of each epoch beside a run: what is kept, thinned, resumed, and read again."""

import errno
import os
import time
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load, save
from sentences import check_sentence, raises_error
from training_run_kit import (
    bars,
    config,
    one_thread_and_bars,
    outcome,
    same,
    stores,
    suspended_run,
    train,
)

from digitpad.learning.checkpoint import Progress
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.events import BatchDone, EpochDone, Started
from digitpad.learning.loop import Training
from digitpad.learning.prepare import prepare
from digitpad.learning.runs import epoch_weights
from digitpad.learning.runs.epoch_weights import EpochKeeper, EpochWeights, chosen_epochs
from digitpad.learning.runs.run import ModelReady, Suspended, Warned
from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.model_file import load_model
from digitpad.recognition.networks import build_network

FULL = os.strerror(errno.ENOSPC)


@pytest.fixture(autouse=True)
def _one_thread_and_bars():
    with one_thread_and_bars():
        yield


def kept(**changes):
    return config(epoch_weights=10, **changes)


def contents(store, run):
    return {path.name: path.read_bytes() for path in store.epochs_path(run.id).iterdir()}


def weights_of(store, run):
    found = EpochWeights(store, store.get(run.id))
    assert found.notice is None
    return {epoch: found.load(epoch).network.state_dict() for epoch in found.epochs}


def steps(events):
    return sum(isinstance(event, BatchDone) for event in events)


def equal(one, other):
    assert one.keys() == other.keys()
    return all(torch.equal(one[name], other[name]) for name in one)


def test_the_weights_of_all_epochs_are_kept_and_change_nothing_else(places, store, tmp_path):
    events = list(train(kept(), *places))
    run = events[-1].run
    folder = tmp_path / "without"
    *_, without = train(config(), *stores(folder), folder / "data")
    same(outcome(store, events[-1]), outcome(stores(folder)[0], without))
    found = EpochWeights(store, run)
    assert found.epochs == (0, 1, 2, 3)
    assert found.notice is None
    assert 0 < found.size == sum(map(len, contents(store, run).values())) <= found.limit == 10**7
    weights = weights_of(store, run)
    assert not equal(weights[0], weights[1])
    best = run.best_epoch
    assert equal(weights[best], load_model(store.model_path(run.id)).network.state_dict())
    # The folder of a run without them is as it was.
    assert not stores(folder)[0].epochs_path(without.run.id).exists()
    other = EpochWeights(stores(folder)[0], without.run)
    assert (other.epochs, other.size) == ((), 0)
    check_sentence(other.notice, "The run {run} has not kept", run=without.run.name)


def test_they_are_those_of_the_network_that_is_validated(places, store):
    seen = {}
    training = epoch_weights.EpochKeeper.keep

    def keep(self, event, network):
        if isinstance(event, Started):
            seen[0] = {name: one.clone() for name, one in network.state_dict().items()}
        elif isinstance(event, EpochDone):
            seen[event.epoch] = {name: one.clone() for name, one in network.state_dict().items()}
        return training(self, event, network)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EpochKeeper, "keep", keep)
        *_, ready = train(kept(), *places)
    weights = weights_of(store, ready.run)
    assert weights.keys() == seen.keys()
    assert all(equal(weights[epoch], seen[epoch]) for epoch in seen)
    # Its layers can be looked at.
    model = EpochWeights(store, ready.run).load(2)
    assert model.info.classes == ("flat", "tall")
    assert Inside(model).layers[0].name == "glyph"


@pytest.mark.parametrize("interval", [3, 10, 14])
def test_a_resumed_run_goes_on_keeping_them(places, store, tmp_path, interval):
    *_, whole = train(kept(), *places)
    expected = contents(store, whole.run)
    folder = tmp_path / "parts"
    others = (*stores(folder), folder / "data")
    last = None
    while not isinstance(last, ModelReady):
        events = []
        training = train(
            kept(),
            *others,
            resume=None if last is None else last.run.id,
            name=whole.run.name if last is None else None,
            should_suspend=lambda seen=events: steps(seen) >= interval,
        )
        for event in training:
            events += [event]
        last = events[-1]
    assert contents(others[0], last.run) == expected


def test_what_is_ahead_of_the_checkpoint_is_made_again(places, store):
    training = train(kept(), *places)
    for event in training:
        if isinstance(event, EpochDone) and event.epoch == 1:
            break
    training.close()
    (run,) = store.list()
    before = contents(store, run)
    # As if the process had been killed between the weights of an epoch and its checkpoint.
    (store.epochs_path(run.id) / "epoch-00002.safetensors").write_bytes(b"of another time")
    again = train(kept(), *places, resume=run.id)
    assert any(isinstance(event, Started) for event in again)
    assert contents(store, run) == before
    again.close()


def test_a_run_that_is_deleted_takes_them_along(places, store):
    *_, ready = train(kept(), *places)
    folder = store.epochs_path(ready.run.id)
    assert folder.exists()
    store.delete(ready.run.id)
    assert not folder.parent.exists()


@pytest.mark.parametrize(
    ("last", "best", "room", "chosen"),
    [
        (0, 0, 9, {0}),
        (6, 5, 10, set(range(7))),
        (9, 5, 9, {0, 2, 4, 5, 6, 8, 9}),
        (10, 7, 5, {0, 7, 8, 10}),
        (10, 7, 4, {0, 7, 10}),
        (10, 7, 3, {0, 7, 10}),
        (10, 7, 2, {0, 10}),
        (10, 7, 1, {10}),
        (10, 7, 0, set()),
    ],
)
def test_the_first_the_last_the_best_and_an_even_choice_are_kept(last, best, room, chosen):
    assert chosen_epochs(range(last + 1), best, room) == chosen


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 20))
def test_thinning_one_by_one_is_thinning_at_once(bests, room):
    there, best = {0}, 0
    for epoch, is_best in enumerate(bests, 1):
        best = epoch if is_best or epoch == 1 else best
        there = chosen_epochs({*there, epoch}, best, room)
        assert len(there) <= room
        assert epoch in there
        assert room < 3 or there >= {0, best}
    assert there == chosen_epochs(range(len(bests) + 1), best, room)


def test_there_is_never_more_than_the_limit(places, store, monkeypatch):
    size = len(
        contents(store, list(train(kept(epochs=1), *places))[-1].run)["epoch-00000.safetensors"]
    )
    monkeypatch.setattr(epoch_weights, "_MEGABYTE", int(size * 5.5))
    run = None
    for event in train(config(epochs=9, epoch_weights=1), *places):
        (run,) = (one for one in store.list() if one.config.epochs == 9)
        if store.epochs_path(run.id).exists():
            found = EpochWeights(store, run)
            assert found.size <= found.limit
            if isinstance(event, EpochDone):
                best = store.get(run.id).best_epoch or event.epoch
                assert event.epoch in found.epochs
                assert found.epochs[0] == 0
                assert best in found.epochs or best > event.epoch
    assert len(EpochWeights(store, run).epochs) >= 3


def test_a_limit_below_one_network_is_said_once(places, store, monkeypatch):
    monkeypatch.setattr(epoch_weights, "_MEGABYTE", 100)
    events = list(train(config(epoch_weights=1), *places))
    (warned,) = [event for event in events if isinstance(event, Warned)]
    check_sentence(warned.problem, "The training continues, but the weights of its epochs")
    assert isinstance(events[-1], ModelReady)
    assert EpochWeights(store, events[-1].run).epochs == ()


def test_a_full_disk_does_not_end_the_training(places, store, monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, FULL)

    write = epoch_weights.write_atomically

    def without_room(path, data):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("digitpad.storage.atomic.tempfile.mkstemp", full)
            write(path, data)

    monkeypatch.setattr(epoch_weights, "write_atomically", without_room)
    events = list(train(kept(), *places))
    (warned,) = [event for event in events if isinstance(event, Warned)]
    check_sentence(warned.problem, "The training continues, but the weights of its epochs")
    assert FULL in str(warned.problem)
    assert isinstance(events[-1], ModelReady)
    check_sentence(EpochWeights(store, events[-1].run).notice, "The run {run} has not kept")


def test_damaged_files_are_left_out_and_loading_is_strict(places, store):
    *_, ready = train(kept(), *places)
    folder = store.epochs_path(ready.run.id)
    paths = [folder / f"epoch-0000{epoch}.safetensors" for epoch in range(4)]
    (folder / "notes.txt").write_text("not ours")
    whole = paths[1].read_bytes()
    tensors = load(whole)
    paths[1].write_bytes(whole[:60])
    # Of another epoch: somebody has renamed it.
    paths[0].write_bytes(paths[2].read_bytes())
    found = EpochWeights(store, ready.run)
    assert found.epochs == (2, 3)
    check_sentence(found.notice, "The weights of", run=ready.run.name, count=2)
    with raises_error("{path} is not a Digitpad model file"):
        found.load(1)
    with raises_error("The weights of epoch {epoch} are of another network", epoch=0):
        found.load(0)
    # The header is whole, and the weights are not.
    paths[3].write_bytes(paths[3].read_bytes()[:-8])
    with raises_error("The model file {path} is damaged"):
        EpochWeights(store, ready.run).load(3)
    name = min(name for name, tensor in tensors.items() if tensor.ndim)
    header = {"digitpad": load_model(paths[2]).info.to_json()}
    paths[2].write_bytes(save({**tensors, name: tensors[name][:1]}, metadata=header))
    with raises_error("{path} is not a usable model: its weights do not fit"):
        found.load(2)
    paths[2].unlink()
    with raises_error("The model file {path} cannot be read"):
        found.load(2)


def test_weights_of_another_network_are_left_out(places, store):
    *_, ready = train(kept(), *places)
    other = suspended_run(store, kept(options={"widths": [4, 4, 4, 4], "dropout": 0.2}))
    store.epochs_path(ready.run.id).rename(store.epochs_path(other.id))
    found = EpochWeights(store, other)
    assert found.epochs == ()
    check_sentence(found.notice, "The weights of", run=other.name, count=4)


def test_old_configurations_keep_none_and_presets_do():
    assert TrainingConfig.from_json("{}").epoch_weights == 0
    assert TrainingConfig().epoch_weights == 0
    for preset in PRESETS.values():
        tuned = preset.config
        assert tuned.epoch_weights > 0
        network = build_network(tuned.architecture, 10, tuned.options)
        size = sum(one.numel() * one.element_size() for one in network.state_dict().values())
        epochs = range(tuned.epochs + 1)
        room = tuned.epoch_weights * 10**6 // (size + 20_000)
        assert chosen_epochs(epochs, 1, room) == set(epochs)


def test_keeping_costs_little_time(store, tmp_path):
    """One epoch's weights cost less processor time than five of its some hundred steps."""
    tuned = replace(PRESETS["tutorial"].config, outlier_share=0.0, epochs=1)
    (data,) = prepare(bars(64 * 8, 0), tuned)
    training = Training(tuned, data)
    run = suspended_run(store, tuned)
    keeper = EpochKeeper(store, run, data.classes, Progress())
    steps = []
    before = time.process_time()
    for event in training:
        if isinstance(event, Started):
            continue
        now = time.process_time()
        steps.append(now - before)
        if len(steps) == 6:
            break
        before = time.process_time()
    costs = []
    for epoch in range(1, 6):
        before = time.process_time()
        done = EpochDone(epoch, epoch, {}, {}, 0.0, is_best=True)
        assert not list(keeper.keep(done, training.network()))
        costs.append(time.process_time() - before)
    assert min(costs) < 5 * sorted(steps)[len(steps) // 2]


def test_suspending_before_the_first_step_is_fine(places, store):
    *_, last = train(kept(), *places, should_suspend=lambda: True)
    assert isinstance(last, Suspended)
    *_, ready = train(kept(), *places, resume=last.run.id)
    assert EpochWeights(store, ready.run).epochs == (0, 1, 2, 3)
