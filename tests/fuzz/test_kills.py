"""Processes that are killed at any moment, as by a power cut: what was finished is there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cli_files import write_model
from training_run_kit import config, one_thread_and_bars, outcome, same, stores, train

from digitpad import cli
from digitpad.learning.runs.run import ModelReady
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import BUNDLED, ModelStore, bundled_model_path
from digitpad.samples.store import SampleStore
from digitpad.settings import load_settings

from .killed import EPOCHS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def lines_until_killed(
    what: str, folder: Path, lines: int, milliseconds: float
) -> tuple[list[list[str]], int]:
    """Start a program of `killed.py`, and kill it.

    Args:
        what: its name.
        folder: for its files.
        lines: that it may print; then it is killed soon.
        milliseconds: how soon.

    Returns:
        The words of all lines that it has printed, and its exit code.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.killed", what, str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests" / "support")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as output:
        said = [line for _, line in zip(range(lines), output, strict=False)]
        # A moment at random within what happens between two lines, not one that is waited for.
        time.sleep(milliseconds / 1000)
        process.kill()
        said += output
    code = process.wait()
    return [line.split() for line in said if line.endswith("\n")], code


@pytest.fixture(autouse=True)
def _one_thread_and_bars() -> Iterator[None]:
    with one_thread_and_bars():
        yield


@pytest.mark.parametrize(
    ("kills", "seed"),
    [
        pytest.param(3, 0, marks=pytest.mark.slow),
        *(pytest.param(10, seed, marks=pytest.mark.nightly) for seed in range(1, 11)),
    ],
)
def test_a_training_that_is_killed_again_and_again_ends_as_if_it_had_not_been(
    tmp_path: Path, kills: int, seed: int
) -> None:
    moments = random.Random(seed)
    places = (*stores(tmp_path / "unbroken"), tmp_path / "data")
    *_, ready = train(config(epochs=EPOCHS), *places)
    expected = outcome(places[0], ready)
    folder = tmp_path / "killed"
    store = stores(folder)[0]
    finished: set[int] = set()
    # Lines to come of one training: a step or an epoch each.
    usual = 2 * 11 * EPOCHS // kills
    for _ in range(kills):
        said, code = lines_until_killed(
            "training", folder, moments.randint(1, usual), moments.uniform(0, 30)
        )
        finished |= {int(number) for word, number in said if word == "epoch"}
        if code == 0:
            break
        (run,) = store.list()
        assert (run.status, run.is_resumable) == ("interrupted", True)
        assert store.take_notice() is None
        assert finished <= {row.epoch for row in store.history(run.id).epochs}
    (run,) = store.list()
    if run.status == "interrupted":
        *_, ready = train(config(), *stores(folder), tmp_path / "data", resume=run.id)
    else:
        path = store.model_path(run.id)
        ready = ModelReady(run, path, load_model(path).info)
    same(outcome(store, ready), expected)


@pytest.mark.parametrize(
    ("kills", "seed"),
    [
        pytest.param(2, 0, marks=pytest.mark.slow),
        *(pytest.param(10, seed, marks=pytest.mark.nightly) for seed in range(1, 4)),
    ],
)
def test_a_profile_is_whole_whenever_its_program_was_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kills: int, seed: int
) -> None:
    moments = random.Random(seed)
    for name in "ab":
        write_model(tmp_path / f"{name}.safetensors", name)
    profile = tmp_path / "profile"
    for _ in range(kills):
        said, _code = lines_until_killed(
            "profile", tmp_path, 2 * moments.randint(1, 20), moments.uniform(0, 30)
        )
        assert not [words for words in said if words[0] == "failed"]
        settings, notice = load_settings(profile / "settings.json")
        assert notice is None
        models, problems = ModelStore(profile / "models", bundled_model_path()).scan()
        assert problems == ()
        assert settings.active_model in {BUNDLED, *(model.name for model in models)}
        for model in models:
            load_model(model.path)
        capsys.readouterr()
        assert cli.run(["--profile", str(profile), "model", "list"]) == 0
        assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("kills", "seed"),
    [pytest.param(5, 0, marks=pytest.mark.slow), pytest.param(50, 1, marks=pytest.mark.nightly)],
)
def test_no_sample_that_was_added_is_gone(tmp_path: Path, kills: int, seed: int) -> None:
    moments = random.Random(seed)
    there: set[int] = set()
    relabelled: set[int] = set()
    for _ in range(kills):
        said, code = lines_until_killed(
            "samples", tmp_path, moments.randint(1, 40), moments.uniform(0, 30)
        )
        assert code != 0
        for word, number in said:
            match word:
                case "added" | "restored":
                    there.add(int(number))
                case "deleting":
                    # From here on it may be there or not, until it is restored.
                    there.discard(int(number))
                case "relabelled":
                    relabelled.add(int(number))
        store = SampleStore(tmp_path / "samples.sqlite")
        kept = {sample.id: sample for sample in store.list()}
        assert store.take_notice() is None
        assert not (there - set(kept))
        assert all(kept[number].label == "x" for number in relabelled)
        assert not list(tmp_path.glob("*corrupt*"))
    assert there
    assert relabelled
