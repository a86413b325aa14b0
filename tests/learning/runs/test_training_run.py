"""Whole trainings on disk: their events, their end, and every way to be cut off."""

import errno
import itertools
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import training_run_kit
from safetensors.torch import load, save
from sentences import check_sentence, raises_error
from training_run_kit import (
    bars,
    config,
    one_thread_and_bars,
    outcome,
    same,
    stores,
    train,
)

from digitpad.data.left_out import LeftOut
from digitpad.data.loading import Loaded, Loading, load_data
from digitpad.errors import DigitpadError
from digitpad.learning.events import BatchDone, EpochDone, Finished, Started, Validated
from digitpad.learning.loop import Training
from digitpad.learning.runs import training_run
from digitpad.learning.runs.run import Begun, ModelReady, Suspended, Warned
from digitpad.learning.runs.store import RunStore
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import load_model

STEPS = 30
EVENTS = 3 + 1 + STEPS + 3 * 4 + 3 + 2
"""Begun, Loading, Loaded; Started; batches; validations; epochs; Finished, ModelReady."""


@pytest.fixture(autouse=True)
def _one_thread_and_bars():
    with one_thread_and_bars():
        yield


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """A training from its beginning to its end: its run, history and weights."""
    folder = tmp_path_factory.mktemp("unbroken")
    with one_thread_and_bars():
        *_, ready = train(config(), *stores(folder), folder / "data")
    return outcome(stores(folder)[0], ready)


def resumed(places, run_id, **options):
    *_, last = train(config(), *places, resume=run_id, **options)
    return last


def steps(events):
    return sum(isinstance(event, BatchDone) for event in events)


def collected(places, asked, what, resume=None, **changes):
    """The events of a training that is asked to end, as far as they are then known."""
    events = []
    asking = {what: lambda: asked(events)}
    for event in train(config(**changes), *places, resume=resume, **asking):
        events += [event]
    return events


def test_a_training_is_told_kept_and_ends_with_a_model(places, store):
    events = list(train(config(), *places, name="Bars of mine"))
    assert len(events) == EVENTS
    kinds = [type(event) for event in events]
    assert kinds[:4] == [Begun, Loading, Loaded, Started]
    assert kinds[-2:] == [Finished, ModelReady]
    assert kinds.count(Validated) == 12
    run, path = events[-1].run, events[-1].path
    assert store.list() == (run,)
    assert (run.name, run.status, run.classes) == ("Bars of mine", "completed", ("flat", "tall"))
    assert (run.steps, run.steps_done, run.is_resumable) == (STEPS, STEPS, False)
    assert run.best_epoch == events[-2].epoch
    assert path == store.model_path(run.id)
    # The checkpoint is gone.
    assert {file.name for file in path.parent.iterdir()} == {
        "lock",
        "model.safetensors",
        "run.json",
    }
    info = load_model(path).info
    assert info == events[-1].info
    assert (info.name, info.classes) == ("Bars of mine", ("flat", "tall"))
    best = next(e for e in events if isinstance(e, EpochDone) and e.epoch == run.best_epoch)
    figures = info.metrics["validation"]["Bars"]
    assert figures["accuracy"] == run.best_accuracy == best.validation["accuracy"]
    assert info.origin["run"] == "Bars of mine"
    assert info.origin["data"] == "Bars"
    history = store.history(run.id)
    assert [row.step for row in history.batches] == list(range(1, STEPS + 1))
    assert [row.epoch for row in history.epochs] == [1, 2, 3]
    assert len(history.validations) == 12


def test_while_it_is_trained_it_is_running(places, store, monkeypatch):
    monkeypatch.setattr("digitpad.learning.runs.folders._LOCK_SECONDS", 0.01)
    training = train(config(), *places)
    created = next(training)
    assert created.run.status == "running"
    assert RunStore(store.folder).list()[0].status == "running"
    with raises_error("The run {name!r} is being trained by another", name=created.run.name):
        store.delete(created.run.id)
    training.close()
    assert store.get(created.run.id).status == "suspended"


def test_nothing_is_read_twice_before_the_first_event(places, store, monkeypatch):
    *_, first = train(config(epochs=1), *places)
    read = []

    def counted(owner, name):
        function = getattr(owner, name)

        def call(*arguments, **named):
            read.append(name)
            return function(*arguments, **named)

        monkeypatch.setattr(owner, name, call)

    counted(RunStore, "_one")
    counted(RunStore, "history")
    counted(training_run, "load_model")
    events = train(config(warm_start=str(first.path)), *places)
    run = next(events).run
    assert read == ["load_model"]
    assert store.get(run.id) == run
    read.clear()
    for event in events:
        if isinstance(event, Started):
            break
    # As the description beside the database needs it.
    assert read == ["_one"]
    events.close()
    read.clear()
    again = train(config(), *places, resume=run.id)
    next(again)
    assert read == ["_one", "_one", "history"]
    again.close()


@pytest.mark.parametrize("interval", [2, 5, 10])
def test_a_training_that_is_suspended_again_and_again_equals_an_unbroken_one(
    places, store, unbroken, interval
):
    last = None
    parts = 0
    while not isinstance(last, ModelReady):
        last = collected(
            places,
            lambda events: steps(events) >= interval,
            "should_suspend",
            resume=None if last is None else last.run.id,
        )[-1]
        parts += 1
        if isinstance(last, Suspended):
            assert (last.run.status, last.run.is_resumable) == ("suspended", True)
            assert last.run == store.get(last.run.id)
    assert parts >= STEPS / interval
    same(outcome(store, last), unbroken)


@pytest.mark.parametrize("taken", [1, 3, 4, 5, 9, 19, 20, 40, EVENTS - 2, EVENTS - 1])
def test_a_training_that_is_closed_at_any_event_is_resumed_later(places, store, unbroken, taken):
    training = train(config(), *places)
    for _ in range(taken):
        event = next(training)
    training.close()
    (run,) = store.list()
    assert (run.status, run.is_resumable, run.has_model) == ("suspended", True, False)
    assert isinstance(event, Finished) == (taken == EVENTS - 1)
    same(outcome(store, resumed(places, run.id)), unbroken)


@pytest.mark.slow
def test_a_process_that_is_killed_leaves_a_run_that_is_resumed(tmp_path, places, store, unbroken):
    process = subprocess.Popen(
        [sys.executable, training_run_kit.__file__, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    run_id = process.stdout.readline().strip()
    while int(process.stdout.readline()) < 14:
        pass
    assert store.get(run_id).status == "running"
    process.kill()
    process.wait()
    process.stdout.close()
    run = store.get(run_id)
    assert (run.status, run.is_resumable) == ("interrupted", True)
    assert store.checkpoint_path(run_id).is_file()
    events = list(train(config(), *places, resume=run_id))
    started = next(event for event in events if isinstance(event, Started))
    assert started.done == 10
    same(outcome(store, events[-1]), unbroken)


def test_a_training_that_is_stopped_keeps_its_best_network(places, store):
    events = collected(places, lambda events: steps(events) >= 25, "should_stop", epochs=50)
    run = events[-1].run
    assert (run.status, run.steps, run.steps_done) == ("stopped", 500, 25)
    assert (run.has_model, run.is_resumable) == (True, True)
    assert run.best_epoch in {1, 2}


@pytest.mark.parametrize("after", [1, 12, 20, 29])
def test_a_training_that_is_stopped_is_resumed_as_if_it_had_not_been(
    places, store, unbroken, after
):
    run = collected(places, lambda events: steps(events) >= after, "should_stop")[-1].run
    assert (run.status, run.steps_done) == ("stopped", after)
    same(outcome(store, resumed(places, run.id)), unbroken)
    assert not store.checkpoint_path(run.id).exists()


def test_a_training_that_is_stopped_in_its_first_epoch_has_a_network_too(places):
    events = collected(places, lambda events: steps(events) >= 5, "should_stop")
    assert isinstance(events[-1], ModelReady)
    assert (events[-1].run.status, events[-1].run.best_epoch) == ("stopped", None)
    assert events[-1].run.best_accuracy is not None


@pytest.mark.parametrize("answers", [[True], [False, True], [False, False, True]])
@pytest.mark.parametrize("what", ["should_stop", "should_suspend"])
def test_before_the_first_step_it_is_suspended(places, store, unbroken, answers, what):
    answers = iter(answers)
    *_, last = train(config(), *places, **{what: lambda: next(answers, True)})
    assert isinstance(last, Suspended)
    assert (last.run.steps_done, last.run.has_model) == (0, False)
    same(outcome(store, resumed(places, last.run.id)), unbroken)


def test_a_run_that_is_over_does_not_resumed(places, store):
    *_, ready = train(config(epochs=1), *places)
    with raises_error("The run {run!r} has come to its end", run=ready.run.name):
        next(train(config(), *places, resume=ready.run.id))
    assert store.get(ready.run.id) == ready.run
    with raises_error("There is no run called {run!r}", run="x"):
        next(train(config(), *places, resume="x"))


def test_a_run_that_is_resumed_keeps_its_own_configuration(places, store):
    *_, last = train(config(), *places, should_suspend=lambda: True)
    *_, ready = train(config(epochs=7, seed=99), *places, resume=last.run.id)
    assert ready.run.config == config()
    assert len(store.history(ready.run.id).epochs) == 3


def suspended(places, after, **changes):
    counted = itertools.count(1)
    *_, last = train(config(**changes), *places, should_suspend=lambda: next(counted) > after)
    assert isinstance(last, Suspended)
    return last.run


@pytest.mark.parametrize(
    "other",
    [bars(180, 3), bars(200, 4), bars(200, 3, ("flat", "steep")), bars(240, 3, ("a", "b", "c"))],
)
def test_changed_data_gives_a_sentence(places, store, unbroken, monkeypatch, other):
    run = suspended(places, 20)

    def load_others(choice, folder, seed):
        yield Loaded(other)

    with monkeypatch.context() as patch:
        patch.setattr(training_run, "load_data", load_others)
        with raises_error(
            "The run {run!r} cannot be resumed, because its data has changed", run=run.name
        ) as refusal:
            list(train(config(), *places, resume=run.id))
    failed = store.get(run.id)
    assert (failed.status, failed.notice) == ("failed", str(refusal.value))
    # Once the data is back, it is resumed.
    assert failed.is_resumable
    same(outcome(store, resumed(places, run.id)), unbroken)


def test_data_that_cannot_be_loaded_fails_the_run(places, store, monkeypatch, caplog):
    def offline(choice, folder, seed):
        yield Loading("downloading", 0, None, "bytes")
        raise DigitpadError("The server does not answer.")

    monkeypatch.setattr(training_run, "load_data", offline)
    with raises_error("The server does not answer."):
        list(train(config(), *places))
    (run,) = store.list()
    assert (run.status, run.notice) == ("failed", "The server does not answer.")
    assert caplog.messages == [f"The run {run.name!r} is failed. The server does not answer."]
    assert not run.is_resumable


def test_an_error_of_the_program_fails_the_run_and_keeps_its_checkpoint(places, store, unbroken):
    training = train(config(), *places)
    while not isinstance(next(training), EpochDone):
        pass
    with pytest.raises(ZeroDivisionError):
        training.throw(ZeroDivisionError("deliberately"))
    (run,) = store.list()
    assert (run.status, run.is_resumable) == ("failed", True)
    assert "Digitpad itself" in run.notice
    same(outcome(store, resumed(places, run.id)), unbroken)


@pytest.mark.parametrize(
    ("changes", "start", "fields"),
    [
        (
            {"warm_start": "missing"},
            "There is neither a model nor a file called {name!r}",
            {"name": "missing"},
        ),
        (
            {"architecture": "nonsense", "options": {}},
            "There is no network called",
            {"architecture": "nonsense"},
        ),
        ({"options": {"depth": 3}}, "The network has no option", {"option": "depth"}),
        (
            {"architecture": "mlp", "options": {}, "warm_start": "bundled"},
            "The model {model!r} has the network {architecture}, whose weights do not fit",
            {"chosen": "mlp"},
        ),
        (
            {
                "architecture": "surenet",
                "options": {"widths": [8, 8, 8, 8]},
                "warm_start": "bundled",
            },
            "The model {model!r} has layers of other widths",
            {"model": "Bundled model"},
        ),
    ],
)
def test_what_cannot_be_trained_begins_no_run(places, store, changes, start, fields):
    with raises_error(start, **fields):
        next(train(config(**changes), *places))
    assert store.list() == ()


def test_no_training_starts_from_an_ensemble(places, store):
    models = places[1]
    bundled = load_model(models.bundled_path)
    models.add(make_ensemble([bundled, bundled], "Two"), "two")
    with raises_error("The model {model!r} is an ensemble", model="Two"):
        next(train(config(warm_start="two"), *places))
    assert store.list() == ()


def first_weights(places, monkeypatch, **changes):
    """The network of a training before its first step."""
    networks = []
    step = Training._step

    def spy(self, *arguments):
        networks.append({k: v.clone() for k, v in self._network.state_dict().items()})
        return step(self, *arguments)

    monkeypatch.setattr(Training, "_step", spy)
    *_, ready = train(config(**changes), *places)
    return networks[0], ready


def test_a_training_starts_from_a_model(places, store, monkeypatch):
    *_, first = train(config(), *places)
    given = load_model(first.path).network.state_dict()
    weights, ready = first_weights(places, monkeypatch, warm_start=str(first.path), epochs=1)
    assert all(torch.equal(weights[key], given[key]) for key in given)
    assert ready.run.config.warm_start == str(first.path)


def test_other_classes_keep_all_but_the_last_layer_and_the_rows_they_share(
    places, store, monkeypatch
):
    *_, first = train(config(), *places)
    given = load_model(first.path).network.state_dict()

    def load_three(choice, folder, seed):
        yield Loaded(bars(240, seed, ("tall", "steep", "flat")))

    monkeypatch.setattr(training_run, "load_data", load_three)
    weights, ready = first_weights(places, monkeypatch, warm_start=str(first.path), epochs=1)
    assert ready.info.classes == ("tall", "steep", "flat")
    last = {"head.2.weight", "head.2.bias"}
    assert all(torch.equal(weights[key], given[key]) for key in given.keys() - last)
    for key in last:
        assert weights[key].shape[0] == 3
        assert torch.equal(weights[key][0], given[key][1])
        assert torch.equal(weights[key][2], given[key][0])
    assert not (weights["head.2.weight"][1] == 0).all()


def test_a_run_is_resumed_without_the_model_it_started_from(places, store):
    *_, first = train(config(), *places)
    start = places[1].import_file(first.path, "start")
    run = suspended(places, 20, warm_start="start")
    start.path.unlink()
    assert isinstance(resumed(places, run.id), ModelReady)


def test_a_training_that_goes_astray_fails_a_run_without_an_epoch(places, store):
    changes = {"architecture": "mlp", "options": {}, "optimizer": "sgd", "schedule": "constant"}
    with raises_error(
        "Training stopped in epoch {epoch}: the loss ", epoch=1, rate=10.0
    ) as failure:
        list(train(config(**changes, learning_rate=10.0, epochs=50), *places))
    (run,) = store.list()
    assert (run.status, run.notice) == ("failed", str(failure.value))


def test_a_loss_that_is_no_number_later_keeps_the_best(places, store, monkeypatch):
    step = Training._step

    def breaks(self, *arguments):
        done = step(self, *arguments)
        return (
            replace(done, metrics={**done.metrics, "loss": float("nan")})
            if done.step == 25
            else done
        )

    monkeypatch.setattr(Training, "_step", breaks)
    events = list(train(config(), *places))
    run = events[-1].run
    assert isinstance(events[-1], ModelReady)
    assert run.status == "stopped"
    assert run.notice == str(events[-2].notice)
    assert "no longer a number" in run.notice
    assert run.best_epoch in {1, 2}
    # It would only break again.
    assert not run.is_resumable
    with raises_error("The run {run!r} has come to its end", run=run.name):
        next(train(config(), *places, resume=run.id))


def no_space(*arguments):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_checkpoints_that_find_no_space_are_told_once_and_the_training_goes_on(
    places, store, unbroken, monkeypatch
):
    events = []
    with monkeypatch.context() as patch:
        for event in train(config(), *places):
            events.append(event)
            if isinstance(event, Started):
                patch.setattr(os, "fsync", no_space)
            if isinstance(event, Finished):
                patch.undo()
    warned = [str(event.problem) for event in events if isinstance(event, Warned)]
    assert len(warned) == 1
    assert "No space left" in warned[0]
    same(outcome(store, events[-1]), unbroken)


def test_curves_that_cannot_be_written_are_written_later(places, store, unbroken, monkeypatch):
    add_events = RunStore.add_events

    def full(self, *arguments, **options):
        raise DigitpadError("The disk is full.")

    monkeypatch.setattr(training_run, "_WRITE_SECONDS", 0.0)
    events = []
    for event in train(config(), *places):
        events.append(event)
        if isinstance(event, BatchDone):
            monkeypatch.setattr(RunStore, "add_events", full if event.step < 25 else add_events)
    assert sum(isinstance(event, Warned) for event in events) == 1
    same(outcome(store, events[-1]), unbroken)


def test_a_list_that_somebody_holds_hardly_holds_up_a_training(
    places, store, unbroken, monkeypatch
):
    add_events, waits, now = RunStore.add_events, [], 0.0

    def tick():
        nonlocal now
        now += 1.0
        return now

    def wait(self, *arguments, **options):
        nonlocal now
        now += 10.0
        waits.append(now)
        raise DigitpadError("Another program is using the list.")

    monkeypatch.setattr(training_run, "time", SimpleNamespace(monotonic=tick))
    monkeypatch.setattr(RunStore, "add_events", wait)
    events = []
    for event in train(config(), *places):
        events.append(event)
        if isinstance(event, Finished):
            monkeypatch.setattr(RunStore, "add_events", add_events)
    assert sum(isinstance(event, BatchDone) for event in events) > 10
    assert 1 <= len(waits) <= 4
    same(outcome(store, events[-1]), unbroken)


def test_a_model_that_finds_no_space_is_made_from_the_checkpoint_later(
    places, store, unbroken, monkeypatch
):
    with monkeypatch.context() as patch:
        training = train(config(), *places)
        while not isinstance(next(training), Finished):
            pass
        patch.setattr(os, "fsync", no_space)
        with raises_error("{path} could not be written", path="model.safetensors"):
            next(training)
    (run,) = store.list()
    assert (run.status, run.has_model, run.is_resumable) == ("failed", False, True)
    same(outcome(store, resumed(places, run.id)), unbroken)


def test_a_checkpoint_that_cannot_be_used_is_kept_and_the_run_starts_again(places, store):
    run = suspended(places, 20)
    path = store.checkpoint_path(run.id)
    steps = store.history(run.id).batches
    good = path.read_bytes()
    tensors = load(good)
    header = json.loads(good[8 : 8 + int.from_bytes(good[:8], "little")])["__metadata__"]
    tensors["optimizer.1.exp_avg_sq"] = tensors["optimizer.1.exp_avg_sq"][:1]
    small = save(tensors, metadata=header)
    for number, content in enumerate((b"", b"nonsense", good[:-100], small), 1):
        path.write_bytes(content)
        with raises_error(
            "{reason} It is kept as {aside}.", run=run.name, aside=f"{path.name}.corrupt-{number}"
        ):
            list(train(config(), *places, resume=run.id))
        kept = store.get(run.id)
        assert (kept.status, kept.is_resumable) == ("suspended", True)
        assert "starts again" in kept.notice
        # Its curves stay until it does.
        assert store.history(run.id).batches == steps
        assert path.with_name(f"{path.name}.corrupt-{number}").read_bytes() == content
    *_, ready = train(config(), *places, resume=run.id)
    assert (ready.run.status, ready.run.steps_done) == ("completed", 30)
    assert [row.step for row in store.history(run.id).batches] == list(range(1, 31))


def test_a_checkpoint_of_a_newer_version_stays(places, store):
    run = suspended(places, 20)
    path = store.checkpoint_path(run.id)
    newer = path.read_bytes().replace(b'\\"version\\": 2', b'\\"version\\": 9')
    path.write_bytes(newer)
    with raises_error("The checkpoint {source} was written by a newer", source=str(path)):
        list(train(config(), *places, resume=run.id))
    assert path.read_bytes() == newer
    assert store.get(run.id).is_resumable


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_checkpoint_that_is_a_pipe_is_not_waited_for(places, store):
    run = suspended(places, 20)
    path = store.checkpoint_path(run.id)
    path.unlink()
    os.mkfifo(path)
    with raises_error("{path} cannot be read: {reason}.", path=str(path)):
        list(train(config(), *places, resume=run.id))


def test_classes_that_no_model_can_have_are_refused_before_the_training(places, store, monkeypatch):
    for name in ("a\ud800", "a\nb", "\x1b[31m"):
        data = Loaded(bars(40, 0, ("flat", name)))
        monkeypatch.setattr(
            training_run, "load_data", lambda *_, data=data: (one for one in [data])
        )
        with raises_error("The data has a class that cannot be trained"):
            list(train(config(), *places))
        assert store.list()[0].status == "failed"


def test_a_title_with_bytes_that_are_no_letters_is_no_obstacle(places, store, monkeypatch):
    data = Loaded(replace(bars(200, 0), title="Bars \udcff"))
    monkeypatch.setattr(training_run, "load_data", lambda *_: (one for one in [data]))
    *_, ready = train(config(epochs=1), *places)
    assert ready.run.data.title == "Bars \\udcff"
    assert load_model(ready.path).info.origin["data"] == "Bars \\udcff"
    store.set_status(ready.run.id, "failed", "There is no file \udcff.")
    assert store.get(ready.run.id).notice == "There is no file \\udcff."


def test_a_long_epoch_has_checkpoints_of_its_own(places, store, unbroken, monkeypatch):
    monkeypatch.setattr(training_run, "_CHECKPOINT_SECONDS", 0.0)
    training = train(config(), *places)
    for event in training:
        if isinstance(event, BatchDone) and event.step == 7:
            break
    training.close()
    (run,) = store.list()
    events = list(train(config(), *places, resume=run.id))
    assert next(event for event in events if isinstance(event, Started)).done == 7
    same(outcome(store, events[-1]), unbroken)


def test_patience_ends_a_run_the_same_way_after_an_interruption(places, store):
    changes = {"epochs": 40, "patience": 2, "monitor": "accuracy"}
    *_, whole = train(config(**changes), *places)
    assert whole.run.steps_done < whole.run.steps
    assert whole.run.status == "completed"
    training = train(config(**changes), *places)
    for event in training:
        if isinstance(event, EpochDone) and event.step == whole.run.steps_done:
            break
    training.close()
    run = store.list()[0]
    same(outcome(store, resumed(places, run.id)), outcome(store, whole))


def test_a_damaged_list_of_runs_is_told(places, store):
    run = suspended(places, 20)
    (store.folder / "runs.sqlite").write_bytes(b"nonsense" * 1000)
    events = list(train(config(), *places, resume=run.id))
    assert isinstance(events[1], Warned)
    assert "corrupt-1" in str(events[1].problem)
    assert isinstance(events[-1], ModelReady)


def test_a_run_may_be_renamed_while_it_is_trained(places, store):
    training = train(config(), *places)
    created = next(training)
    store.rename(created.run.id, "New name")
    *_, ready = training
    assert ready.run.name == ready.info.name == "New name"


def test_synthetic_digits_are_trained_on_as_they_come(places, monkeypatch):
    monkeypatch.setattr(training_run, "load_data", load_data)
    *_, ready = train(config(epochs=1), *places)
    assert ready.info.classes == tuple("0123456789")
    assert Path(ready.path).is_file()


def test_what_is_left_out_is_said_and_kept_with_the_run(places, store, monkeypatch):
    def load_some(choice, folder, seed):
        left_out = LeftOut(Path("bars"))
        if is_damaged:
            left_out.add("a.png", DigitpadError("{path} is damaged.", path="a\udcff.png"))
        notices = tuple(filter(None, (left_out.notice(),)))
        yield Loaded(bars(choice.count, seed), notices, left_out)

    monkeypatch.setattr(training_run, "load_data", load_some)
    is_damaged = True
    *events, ready = train(config(epochs=1), *places)
    assert isinstance(ready, ModelReady)
    (warned,) = [event for event in events if isinstance(event, Warned)]
    check_sentence(warned.problem, "{count} file or drawing in {source}", count=1)
    kept = store.model_path(ready.run.id).with_name("left-out.json")
    assert json.loads(kept.read_text()) == {"count": 1, "first": ["a\udcff.png is damaged."]}
    assert ready.run.notice is None
    is_damaged = False
    *events, ready = train(config(epochs=1), *places)
    assert not [event for event in events if isinstance(event, Warned)]
    assert not store.model_path(ready.run.id).with_name("left-out.json").exists()
