"""Runs that learn from the user's samples: their copy, their resumption, before and after."""

from dataclasses import replace

import pytest
from sample_kit import sample
from sentences import check_sentence, raises_error
from training_run_kit import bars, config, one_thread_and_bars, outcome, same, train

from digitpad.data.loading import Loaded
from digitpad.learning.events import BatchDone
from digitpad.learning.retraining.own_samples import as_dataset, divide
from digitpad.learning.runs import training_run
from digitpad.learning.runs.run import Begun, ModelReady, Suspended, Warned
from digitpad.learning.validation import validate
from digitpad.recognition.model_file import load_model, save_model
from digitpad.recognition.model_info import Normalisation
from digitpad.samples.store import SampleStore

CLASSES = ("flat", "tall")


@pytest.fixture(autouse=True)
def _one_thread_and_bars():
    with one_thread_and_bars():
        yield


@pytest.fixture
def mine(tmp_path):
    """The user's samples: six flat ones, two tall ones."""
    return with_samples(tmp_path / "samples.sqlite")


def with_samples(path):
    labels = ["flat"] * 6 + ["tall"] * 2
    SampleStore(path).add(sample(label, number) for number, label in enumerate(labels))
    return path


@pytest.fixture
def parent(places):
    """A model for the warm start."""
    *_, ready = train(config(epochs=1), *places, name="parent")
    return str(ready.path)


OWN = {"samples_share": 0.3}


def test_they_are_learned_from_and_held_out_and_compared(places, store, mine, parent):
    events = list(train(config(**OWN, warm_start=parent), *places, samples=mine))
    ready = events[-1]
    assert isinstance(ready, ModelReady)
    found = ready.comparison
    assert store.comparison(ready.run.id) == found
    assert found.model == parent
    assert found.own.count >= 1
    assert (found.everybody.title, found.everybody.count) == ("Bars", ready.run.data.validated)
    assert found.everybody.after == round(ready.run.best_accuracy * found.everybody.count)
    assert ready.info.origin["samples"] == 8
    # Of 160 bars an epoch has 69 more.
    assert ready.run.steps == 3 * 15
    # The copy is needed only to resume the run.
    assert {file.name for file in ready.path.parent.iterdir()} == {
        *("lock", "model.safetensors", "run.json", "comparison.json"),
    }


def test_what_was_before_is_that_of_the_model(places, mine, parent):
    wanted = config(**OWN, warm_start=parent)
    *_, ready = train(wanted, *places, samples=mine)
    network = load_model(places[1].find(parent)).network
    _, validation = bars(200, wanted.seed).split(wanted.validation_share, wanted.seed)
    held_out = as_dataset(divide(SampleStore(mine).list(), CLASSES).held_out, CLASSES)
    for tally, data in (
        (ready.comparison.everybody, validation),
        (ready.comparison.own, held_out),
    ):
        right = validate(network, data, Normalisation()).accuracy * len(data)
        assert (tally.count, tally.before) == (len(data), round(right))


def test_without_a_warm_start_nothing_is_compared(places, store, mine):
    *_, ready = train(config(**OWN), *places, samples=mine)
    assert ready.comparison is None
    assert store.comparison(ready.run.id) is None


def test_a_model_without_the_classes_is_not_compared(places, mine, parent):
    model = load_model(places[1].find(parent))
    other = places[1].folder.parent / "other.safetensors"
    save_model(replace(model, info=replace(model.info, classes=("round", "tall"))), other)
    *_, ready = train(config(**OWN, warm_start=str(other)), *places, samples=mine)
    assert ready.comparison is None


def test_without_samples_it_does_not_begin(places, store, tmp_path):
    for path in (None, tmp_path / "none.sqlite"):
        with raises_error("You have no samples to learn from yet"):
            list(train(config(**OWN), *places, samples=path))
    assert store.list() == ()


def test_samples_of_no_class_are_said_and_only_they_is_an_error(places, store, mine):
    SampleStore(mine).add([sample("round")])
    events = list(train(config(**OWN), *places, samples=mine))
    (warned,) = [event for event in events if isinstance(event, Warned)]
    check_sentence(warned.problem, "{count} of your samples", count=1, labels="round")
    SampleStore(mine).delete(range(1, 9))
    with raises_error("None of your samples is of a class"):
        list(train(config(**OWN), *places, samples=mine, name="x"))
    assert store.find("x").status == "failed"


def test_samples_of_own_symbols_are_for_models_that_have_these(places, mine, parent):
    SampleStore(mine).add([sample("flat", 50, symbols="runes")])
    model = load_model(places[1].find(parent))
    origin = {**model.info.origin, "symbols": "runes"}
    runes = places[1].folder.parent / "runes.safetensors"
    save_model(replace(model, info=replace(model.info, origin=origin)), runes)
    *_, ready = train(config(**OWN, warm_start=str(runes)), *places, samples=mine)
    assert ready.info.origin["samples"] == 1
    assert ready.info.symbols == "runes"
    *_, ready = train(config(**OWN, warm_start=parent), *places, samples=mine)
    assert ready.info.origin["samples"] == 8
    assert ready.info.symbols == ""


@pytest.mark.parametrize("step", [0, 7, 20])
def test_a_run_is_resumed_bit_for_bit_though_samples_have_changed(
    tmp_path, places, store, mine, parent, step
):
    wanted = config(**OWN, warm_start=parent)
    unbroken = outcome(store, last(train(wanted, *places, samples=mine)))
    run = suspended(wanted, places, mine, step)
    # Meanwhile the user has gone on.
    samples = SampleStore(mine)
    samples.delete([1, 2, 3])
    samples.relabel(4, "tall")
    samples.add([sample("tall", 77)])
    resumed = last(train(wanted, *places, samples=mine, resume=run.id))
    same(outcome(store, resumed), unbroken)
    assert resumed.comparison is not None
    assert resumed.comparison.own.count >= 1


def test_flagged_samples_are_left_out_and_that_is_said(places, store, mine):
    samples = SampleStore(mine)
    for number in (2, 7):
        samples.flag(number, flagged=True)
    events = list(train(config(**OWN), *places, samples=mine))
    (warned,) = [one.problem for one in events if isinstance(one, Warned)]
    check_sentence(
        warned, "{count} of your samples are left out, because they are flagged", count=2
    )
    run = last(events).run
    assert run is not None
    for number in (1, 3, 4, 5, 6, 8):
        samples.flag(number, flagged=True)
    with raises_error("All of your samples are flagged as possible slips"):
        list(train(config(**OWN), *places, samples=mine))


def test_a_run_whose_copy_is_gone_says_so(places, store, mine):
    run = suspended(config(**OWN), places, mine, 5)
    assert store.samples_path(run.id).exists()
    store.forget_samples()
    assert not store.samples_path(run.id).exists()
    with raises_error("The run {run!r} cannot be resumed, because its copy", run=run.name):
        list(train(config(**OWN), *places, samples=mine, resume=run.id))


def test_the_copy_of_a_training_under_way_is_not_forgotten(places, store, mine):
    events = train(config(**OWN), *places, samples=mine)
    run = next(event.run for event in events if isinstance(event, Begun))
    while not isinstance(next(events), BatchDone):
        pass
    store.forget_samples()
    assert store.samples_path(run.id).exists()
    events.close()


def test_a_changed_copy_is_noticed(places, store, mine):
    run = suspended(config(**OWN), places, mine, 5)
    SampleStore(store.samples_path(run.id)).relabel(8, "flat")
    with raises_error("The run {run!r} cannot be resumed, because its data has changed"):
        list(train(config(**OWN), *places, samples=mine, resume=run.id))


def test_a_damaged_comparison_is_none(places, store, mine, parent):
    *_, ready = train(config(**OWN, warm_start=parent), *places, samples=mine)
    path = ready.path.with_name("comparison.json")
    for content in (b"", b"\xff", b"{}", b"[" * 10_000):
        path.write_bytes(content)
        assert store.comparison(ready.run.id) is None


def test_with_new_classes_the_loader_is_asked_once(places, mine, monkeypatch):
    """Data of three classes: nothing of the two models can be compared, but all is learned."""

    def load(choice, folder, seed):
        yield Loaded(bars(choice.count, seed, (*CLASSES, "empty")))

    monkeypatch.setattr(training_run, "load_data", load)
    *_, ready = train(config(**OWN), *places, samples=mine)
    assert ready.info.classes == (*CLASSES, "empty")


def suspended(wanted, places, samples, step):
    """A run that was suspended after so many steps; with 0, before its data was loaded."""
    done = 0

    def is_due():
        return done >= step

    for event in train(wanted, *places, samples=samples, should_suspend=is_due):
        done += isinstance(event, BatchDone)
    assert isinstance(event, Suspended)
    return event.run


def last(events):
    *_, event = events
    return event
