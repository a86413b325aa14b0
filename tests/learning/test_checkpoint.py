"""Checkpoints of trainings of all kinds, with anything in them changed."""

import dataclasses
import json
import re
from collections.abc import Callable, Iterator

import pytest
import torch
from safetensors.torch import save
from sentences import raises_error
from training_run_kit import bars, config

from digitpad.data.dataset import Source, TrainingData
from digitpad.learning.checkpoint import BadCheckpointError, Checkpoint, Progress
from digitpad.learning.events import BatchDone
from digitpad.learning.loop import Training

CONFIGS = {
    "AdamW with EMA": config(),
    "Adam": config(optimizer="adam", ema_steps=0),
    "SGD": config(optimizer="sgd", ema_steps=0),
    "Muon": config(optimizer="muon"),
    "Muon without momentum": config(optimizer="muon", momentum=0.0, ema_steps=0),
    "SGD without momentum": config(optimizer="sgd", momentum=0.0),
}


def data():
    train, held = bars(160, 1), bars(40, 2)
    return TrainingData(train.classes, (Source(train),), {"bars": held})


def after(steps, settings):
    """A checkpoint after so many steps of ten an epoch."""
    training = Training(settings, data())
    if steps == 0:
        return training.checkpoint()
    events = iter(training)
    for event in events:
        if isinstance(event, BatchDone) and event.step == steps:
            break
    checkpoint = training.checkpoint()
    events.close()
    return checkpoint


@pytest.mark.parametrize("steps", [0, 1, 10, 11, 25, 30])
@pytest.mark.parametrize("settings", CONFIGS.values(), ids=CONFIGS)
def test_every_checkpoint_of_ours_is_taken(settings, steps):
    checkpoint = Checkpoint.from_bytes(after(steps, settings).to_bytes(), "memory")
    again = Training(settings, data(), checkpoint=checkpoint).checkpoint()
    assert again.progress == checkpoint.progress
    assert again.tensors.keys() == checkpoint.tensors.keys()
    for name, tensor in checkpoint.tensors.items():
        assert torch.equal(again.tensors[name], tensor), name


TWINS = re.compile(r"[a-z]+\.features\.([4578]|11)\.|optimizer\.([3-9]|10)\.")
"""Tensors of the second block, the third, and the last: the same again as those of the first."""


def changed(
    tensors: dict[str, torch.Tensor], is_left_alone: Callable[[str], object]
) -> Iterator[tuple[str, dict[str, torch.Tensor]]]:
    """Every tensor in turn missing, of another shape, and of another type; and one too many."""
    for name, tensor in tensors.items():
        if is_left_alone(name):
            continue
        rest = {key: value for key, value in tensors.items() if key != name}
        yield f"without {name}", rest
        yield f"{name} in a list", rest | {name: tensor[None]}
        yield f"{name} twice", rest | {name: torch.cat([tensor.reshape(-1)] * 2)}
        yield f"no {name}", rest | {name: torch.empty(0, dtype=tensor.dtype)}
        if tensor.ndim:
            yield f"less of {name}", rest | {name: tensor[:-1].clone()}
        if tensor.ndim > 1 and len(set(tensor.shape)) > 1:
            yield f"{name} turned", rest | {name: tensor.transpose(0, -1).contiguous()}
        for dtype in (torch.float16, torch.int32):
            yield f"{name} as {dtype}", rest | {name: tensor.to(dtype)}
    for name in ("network.more", "optimizer.99.exp_avg", "optimizer.x.y", "optimizer.", "more"):
        yield f"with {name}", tensors | {name: torch.zeros(1)}


# Once with every block of the network; the blocks in the middle are as the first.
@pytest.mark.parametrize("name", CONFIGS)
def test_each_tensor_must_be_what_the_training_needs(name):
    settings = CONFIGS[name]
    is_left_alone = TWINS.match if name != "SGD" else lambda _name: None
    checkpoint = after(11, settings)
    learned, tried = data(), 0
    for what, tensors in changed(dict(checkpoint.tensors), is_left_alone):
        try:
            Training(settings, learned, checkpoint=Checkpoint(checkpoint.progress, tensors))
        except BadCheckpointError:
            tried += 1
        else:
            pytest.fail(what)
    assert tried > 100


def test_values_that_are_none_are_refused():
    checkpoint = after(11, config())

    def check(name, change):
        tensors = {key: tensor.clone() for key, tensor in checkpoint.tensors.items()}
        change(tensors[name])
        with pytest.raises(BadCheckpointError):
            Training(config(), data(), checkpoint=Checkpoint(checkpoint.progress, tensors))

    check("order", lambda order: order.__setitem__(3, 160))
    check("order", lambda order: order.__setitem__(3, -1))
    check("best.features.0.weight", lambda weight: weight.view(-1).__setitem__(0, float("nan")))
    for name in ("order", "augmentation", "dropout"):
        check(f"random.{name}", lambda state: state.fill_(255))


@pytest.mark.parametrize(
    "change",
    [
        {"epoch": 0},
        {"epoch": 3},
        {"epoch": 9},
        {"batch": 11},
        {"batch": 2},
        {"step": 0},
        {"step": 12},
        {"correct": 17},
        {"counted": 17},
        {"best_epoch": 2},
        {"epochs_without_improvement": 5},
    ],
)
def test_progress_that_cannot_be_is_refused(change):
    checkpoint = after(11, config())
    progress = dataclasses.replace(checkpoint.progress, **change)
    with raises_error("The checkpoint does not fit its training"):
        Training(config(), data(), checkpoint=Checkpoint(progress, checkpoint.tensors))


@pytest.mark.parametrize(
    "change",
    [
        *({name: -1} for name in ("epoch", "batch", "step", "correct", "counted", "best_epoch")),
        *({name: None} for name in ("epoch", "loss_sum", "best_metric")),
        *({name: value} for name in ("epoch", "step") for value in (1.0, True, "1", [1], 2**60)),
        *({"loss_sum": value} for value in (float("nan"), float("inf"), "0", 10**400, {})),
        {"seconds": -0.5},
        {"more": 1},
        {"version": 0},
        {"version": None},
        {"version": "2"},
        {"version": True},
    ],
)
def test_a_description_that_makes_no_sense_is_refused(change):
    values = {"version": 2, **dataclasses.asdict(Progress())} | change
    content = save({"order": torch.zeros(0)}, {"digitpad-checkpoint": json.dumps(values)})
    with pytest.raises(BadCheckpointError):
        Checkpoint.from_bytes(content, "memory")
