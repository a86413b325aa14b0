"""Networks that are trained in the program reject what is none of their classes."""

from __future__ import annotations

import json
from dataclasses import replace

import no_digits
import numpy as np
import pytest
from training_run_kit import config as small_config
from training_run_kit import stores, train

from digitpad.data.choice import DataChoice
from digitpad.data.public.excerpt import excerpt_files
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.runs.run import ModelReady, Warned
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_info import ModelInfo, read_model_info
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognizer import Recognizer


def trained(tmp_path, config):
    *_, ready = train(config, *stores(tmp_path), tmp_path / "data")
    assert isinstance(ready, ModelReady)
    return load_model(ready.path)


def rejected(recognizer):
    glyphs, names = no_digits.glyphs()
    return [
        name for name, one in zip(names, recognizer.predict(glyphs), strict=True) if one.rejected
    ]


@pytest.mark.slow
def test_the_preset_quick_on_the_excerpt_reads_digits_and_rejects_a_smiley(tmp_path):
    config = replace(PRESETS["quick"].config, data=DataChoice("mnist-excerpt"))
    model = trained(tmp_path / "with", config)
    recognizer = Recognizer(model)
    found = rejected(recognizer)
    assert {"smiley", "scribble", "filling", "spiral"} <= set(found)
    assert len(found) >= len(no_digits.glyphs()[1]) - 3
    test = excerpt_files("test")
    glyphs = np.concatenate([batch.glyphs for batch in test.batches(1000)])
    predictions = recognizer.predict(glyphs)
    correct = [one.best == label for one, label in zip(predictions, test.indices(), strict=True)]
    assert np.mean(correct) > 0.98
    assert np.mean([one.rejected for one in predictions]) < 0.03
    assert model.info.can_reject
    told = model.info.metrics["no_class"]
    assert told["count"] > 500
    assert told["accepted"] < 0.2
    without = trained(tmp_path / "without", replace(config, outlier_share=0.0, epoch_steps=0))
    assert len(rejected(Recognizer(without))) < len(no_digits.glyphs()[1]) / 2
    assert not without.info.can_reject


@pytest.mark.slow
def test_letters_are_not_taught_to_be_no_class(tmp_path, monkeypatch):
    from digitpad.data.dataset import Dataset
    from digitpad.data.loading import Loaded
    from digitpad.learning.runs import training_run

    glyphs = np.concatenate([batch.glyphs for batch in excerpt_files("train").batches(2000)])[:2000]
    labels = np.array(excerpt_files("train").indices(), dtype=np.int64)[:2000]
    letters = Dataset(glyphs, labels, tuple("abcdefghij"), "Letters")

    def load_letters(*arguments):
        yield Loaded(letters)

    monkeypatch.setattr(training_run, "load_data", load_letters)
    config = replace(PRESETS["quick"].config, data=DataChoice("strokes", "letters.ndjson"))
    model = trained(tmp_path, config)
    assert {"smiley", "scribble", "filling"} <= set(rejected(Recognizer(model)))
    assert model.info.metrics["validation"]["Letters"]["accuracy"] > 0.9


@pytest.mark.slow
def test_a_training_without_them_says_that_the_model_cannot_reject(tmp_path):
    config = small_config(
        data=DataChoice("synthetic", count=60), epochs=1, architecture="mlp", options={}
    )
    assert not trained(tmp_path / "a", config).info.can_reject
    with_them = trained(tmp_path / "b", replace(config, outlier_share=0.2))
    assert with_them.info.metrics["no_class"]["count"] == 600
    assert with_them.info.can_reject == (with_them.info.calibration.reject_below > 0)


def test_the_shipped_models_can_reject_and_an_ensemble_as_its_members(tmp_path):
    for name in ("bundled", "ensemble"):
        assert read_model_info(bundled_model_path().with_name(f"{name}.safetensors")).can_reject
    bundled = load_model(bundled_model_path())
    assert make_ensemble([bundled, bundled], "Two").info.can_reject
    cannot = replace(bundled, info=replace(bundled.info, origin={}))
    assert not make_ensemble([bundled, cannot], "Two").info.can_reject
    assert not ModelInfo("", "mlp", ("a", "b")).can_reject


def test_old_configurations_go_without():
    former = json.loads(TrainingConfig().to_json())
    for name in ("outlier_share", "epoch_steps", "least_validation"):
        del former[name]
    config = TrainingConfig.from_json(json.dumps(former))
    assert (config.outlier_share, config.epoch_steps, config.least_validation) == (0.0, 0, 1)
    assert all(preset.config.outlier_share > 0 for preset in PRESETS.values())


def own_digits(tmp_path, words="0123456789"):
    lines = []
    random = np.random.default_rng(0)
    from digitpad.data.synthetic.digits import synthetic_drawing

    for index in range(6 * len(words)):
        strokes = synthetic_drawing(index % 10, random).strokes
        drawing = [s.points.round(1).T.tolist() for s in strokes]
        lines.append(json.dumps({"word": words[index % len(words)], "drawing": drawing}))
    path = tmp_path / "own.ndjson"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("words", "changes", "is_said"),
    [
        ("0123456789", {}, True),
        ("abcdefghij", {}, False),
        ("0123456789", {"warm_start": "bundled", "architecture": "surenet", "options": {}}, False),
    ],
)
def test_few_own_digits_are_told_of_the_bundled_model(tmp_path, words, changes, is_said):
    choice = DataChoice("strokes", str(own_digits(tmp_path, words)))
    values = {"data": choice, "architecture": "mlp", "options": {}, "epochs": 1} | changes
    events = list(train(small_config(**values), *stores(tmp_path), tmp_path / "data"))
    hints = [e.problem for e in events if isinstance(e, Warned) and "count" in e.problem.fields]
    assert bool(hints) == is_said
    if is_said:
        assert hints[0].template.startswith("{count} drawings are few")
    run = events[-1].run
    assert run.data.validated >= len(words)
    low, high = run.accuracy_range
    assert 0 <= low <= run.best_accuracy <= high <= 1
