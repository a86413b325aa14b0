"""Programs that `test_kills.py` kills at any moment: ``python -m tests.fuzz.killed WHAT FOLDER``.

They print what they have finished, one line each.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

EPOCHS = 8


def training(folder: Path) -> None:
    """Begin a training, or resume the one that is there; prints its epochs and steps."""
    import torch
    from training_run_kit import config, load_bars, stores, train

    from digitpad.learning.events import BatchDone, EpochDone
    from digitpad.learning.runs import training_run

    torch.set_num_threads(1)
    training_run.load_data = load_bars
    runs, models = stores(folder)
    known = runs.list()
    resume = known[0].id if known else None
    for event in train(config(epochs=EPOCHS), runs, models, folder / "data", resume=resume):
        if isinstance(event, EpochDone):
            _say("epoch", event.epoch)
        elif isinstance(event, BatchDone):
            _say("step", event.step)


def profile(folder: Path) -> None:
    """Import models and choose them, without end; prints each change."""
    from digitpad import cli

    files = [folder / "a.safetensors", folder / "b.safetensors"]
    for number in itertools.count():
        name = f"model-{number % 3}"
        for command in (
            ["import", str(files[number % 2]), "--name", name, "--force"],
            ["use", name],
            ["ensemble", "both", *map(str, files), "--force"],
            ["use", "bundled"],
        ):
            code = cli.run(["--profile", str(folder / "profile"), "model", *command])
            _say("done" if code == 0 else "failed", number)


def samples(folder: Path) -> None:
    """Teach without end: add samples, change some and delete some; prints each change."""
    from sample_kit import sample

    from digitpad.samples.store import SampleStore

    store = SampleStore(folder / "samples.sqlite")
    begun = len(store.list())
    for number in itertools.count(begun):
        (added,) = store.add([sample(str(number % 10), number)])
        _say("added", added.id)
        if number % 3 == 0:
            _say("relabelled", store.relabel(added.id, "x").id)
        elif number % 3 == 1:
            _say("deleting", added.id)
            deleted = store.delete([added.id])
            if number % 2:
                _say("restored", store.add(deleted)[0].id)


def _say(*words: object) -> None:
    print(*words, flush=True)


if __name__ == "__main__":
    {"training": training, "profile": profile, "samples": samples}[sys.argv[1]](Path(sys.argv[2]))
