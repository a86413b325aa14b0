import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from digitpad.data.dataset import DIGITS, OUTLIER, Dataset, Source, TrainingData
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import Calibration, ModelInfo, read_model_info
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.networks import build_network
from training.bundled import MODELS, RECIPES, RESULTS
from training.card.card import DIAGRAM, card
from training.card.datasets import CardDatasets
from training.card.tables import BARS, ROWS, figure, spread
from training.card.teaching import CURVE, curve
from training.recipe import finish as finishing
from training.recipe.finish import diagram, finish
from training.recipe.splits import TEST_SIGNS, VALIDATION_SIGNS

KEYS = [key for key, _ in ROWS]
TOLD = "It learned from the test data, too"


def recipe(runs: int) -> dict:
    figures = [dict.fromkeys(KEYS, 0.9 + 0.01 * i) for i in range(runs)]
    return {
        "parameters": 123_456,
        "config": {"epochs": 1},
        "validation": [{"mnist": {"accuracy": 0.5, "loss": 1.0}}] * runs,
        "seconds": [600] * runs,
        "threads": 2,
        "runs": figures,
        "mean": dict.fromkeys(KEYS, 0.91),
        "std": dict.fromkeys(KEYS, 0.01) if runs > 1 else None,
    }


def info() -> ModelInfo:
    configs = {"first_config": "{}", "second_config": "{}", "config": "{}"}
    return ModelInfo("Some model", "padnet", ("0", "1"), origin=configs)


def results(*names: str, runs: int = 3) -> dict:
    return {"shipped_seed": runs - 1, "recipes": {name: recipe(runs) for name in names}}


def row(text: str, title: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {title} |")][:1]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def words(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def test_the_card_holds_the_figures_of_the_results():
    made_up = results(*(recipe.name for recipe in RECIPES))
    made_up["recipes"]["bundled"]["mean"]["pen_accuracy"] = 0.99412
    made_up["ensemble"] = {"members": 3, "figures": dict.fromkeys(KEYS, 0.875)}
    cost = {"parameters": 400_000, "multiply_adds": 9_000_000, "ms": 1.0}
    made_up["costs"] = {"bundled": cost, "ensemble": cost | {"ms": 2.5}}
    made_up["reliability"] = {}
    text = card(made_up, info())
    assert "# Model card: Some model" in text
    assert "123,456 parameters" in text
    asked = row(text, "MNIST test file, accuracy")
    assert asked == ["≥ 99.68% (aim 99.75%)", "91.00%", "1.00%", "**no**", "92.00%", "87.50%"]
    assert row(text, "Pen strokes of held-out writers, accuracy")[:4] == [
        "≥ 99.4%",
        "99.412%",
        "1.00%",
        "yes",
    ]
    assert row(text, "the bundled ensemble") == ["400,000", "9,000,000", "2.50", "2.50"]
    assert "| Everything | Without real pen strokes | Without synthetic digits |" in text
    assert row(text, "MNIST test file, calibration error") == ["91.00% ± 1.00%"] * 5
    assert "All cycles took 10 minutes on 2 processor threads. Of the seeds 0 to 2, seed 2" in text
    assert "Training takes three cycles." in text
    assert text.count("```json\n{}\n```") == 3
    assert "{" not in text.replace("`{}`", "").replace("```json\n{}\n```", "")


def test_the_card_tells_what_is_left_out_of_unipen_and_what_is_no_digit():
    made_up = results("bundled")
    made_up["unipen_sites"] = {
        "aga": {"drawings": 1000, "writers": 7, "fragments": 2},
        "gmd": {"drawings": 300, "writers": 5, "fragments": 0},
    }
    made_up["drawings"] = {"new_letters": 1234}
    text = card(made_up, info())
    assert row(text, "aga") == ["1,000", "7", "2 (0.2%)", "training"]
    assert row(text, "gmd") == ["300", "5", "0 (0.0%)", "test"]
    assert row(text, "Letters and signs never learned")[1] == "1234"
    assert all(f" {word}" in text for word in TEST_SIGNS | VALIDATION_SIGNS)
    assert TOLD not in words(text)
    assert "| site |" not in card(results("bundled"), info())


def test_weights_that_learned_from_the_test_data_are_said_to():
    told = {"shipped_learned_from_all": True, "shipped_figures": {"mnist_accuracy": 0.5}}
    text = card(results("bundled") | told, info())
    assert TOLD in words(text)
    assert "The last columns are the shipped model, where it has not learned" in words(text)
    assert row(text, "MNIST test file, accuracy")[4] == "50.00%"
    assert row(text, "Pen strokes of held-out writers, accuracy")[4] == ""


def test_a_model_of_fewer_cycles_has_a_card_too():
    two = replace(info(), origin={"first_config": "{}", "config": "{}"})
    text = card(results("bundled"), two)
    assert "Training takes two cycles." in text
    assert "The third cycle:" not in text


def test_what_is_not_measured_yet_is_left_out():
    text = card(results("bundled", runs=1), info())
    for absent in (
        "What each ingredient contributes",
        "For comparison",
        "Time of one prediction",
        "Reliability of",
    ):
        assert absent not in text
    # One seed has no spread.
    assert row(text, "MNIST test file, negative log-likelihood")[1:3] == ["0.9100", ""]
    few = results("bundled", "short", "synthetic")
    for one in few["recipes"].values():
        for figures in (one["mean"], one["std"], *one["runs"]):
            del figures["mnist_nll"]
    text = card(few, info())
    assert "MNIST test file, negative log-likelihood" not in text
    assert "| metric | Everything |\n" in text
    assert "| metric | Synthetic digits alone |\n" in text


def test_a_miss_is_seen():
    figures = {"picture_plain_accuracy": 0.997, "picture_large_accuracy": 0.994}
    large = BARS["picture_large_accuracy"]
    assert large.met("picture_large_accuracy", figures | {"picture_large_accuracy": 0.995})
    assert not large.met("picture_large_accuracy", figures)
    assert large.shown("picture_large_accuracy") == "≤ 0.2 points below"
    assert BARS["mnist_accuracy"].met("mnist_accuracy", {"mnist_accuracy": 0.9968})
    assert not BARS["mnist_accuracy"].met("mnist_accuracy", {"mnist_accuracy": 0.99679})
    assert BARS["pen_ece"].met("pen_ece", {"pen_ece": 0.007})
    assert not BARS["pen_ece"].met("pen_ece", {"pen_ece": 0.0071})
    assert BARS["others_clear_auroc"].shown("others_clear_auroc") == "≥ 0.99"


def test_every_target_is_that_of_a_row():
    assert BARS.keys() < set(KEYS)
    assert {bar.below for bar in BARS.values() if bar.below} < set(KEYS)
    # With doubles of digits in it, nothing is asked of the alphabet.
    assert not {"others_auroc", "others_accepted", "symbols_accepted"} & BARS.keys()
    accepted = [key for key in KEYS if key.endswith("_accepted")]
    assert len([key for key in accepted if key in BARS]) == len(accepted) - 2
    assert BARS["unipen_turned_accuracy"].below == "unipen_accuracy"
    assert {key for key in KEYS if key.endswith(("_ece", "_rejected"))} < BARS.keys()


def test_small_spreads_keep_their_digits():
    assert figure("mnist_accuracy", 0.99747) == "99.747%"
    assert spread("mnist_accuracy", 0.00031) == "0.031%"
    assert spread("mnist_accuracy", 0.0123) == "1.23%"
    assert spread("mnist_nll", 0.00034) == "0.00034"
    assert figure("mnist_ece", 0.0046) == "0.460%"


def test_the_shipped_card_is_the_one_of_the_shipped_model_and_figures():
    figures = json.loads(RESULTS.read_text(encoding="utf-8"))
    text = card(figures, read_model_info(bundled_model_path()))
    assert (MODELS / "bundled.md").read_text(encoding="utf-8") == text
    if figures.get("reliability"):
        assert (MODELS / DIAGRAM).read_text(encoding="utf-8") == diagram(figures)
    if figures.get("teaching"):
        assert (MODELS / CURVE).read_text(encoding="utf-8") == curve(figures["teaching"])


@pytest.fixture
def digits() -> dict[str, Dataset]:
    random = np.random.default_rng(0)
    glyphs = random.integers(0, 255, (40, 28, 28)).astype(np.uint8)
    return {name: Dataset(glyphs, np.arange(40) % 10, DIGITS) for name in ("mnist", "pen")}


def trained(folder, name: str, seed: int, accuracy: float):
    torch.manual_seed(seed)
    options = {"widths": [2, 2, 2, 2]}
    description = ModelInfo(
        name,
        "padnet",
        tuple("0123456789"),
        options,
        calibration=Calibration(1.0, 0.1),
        metrics={"validation": {"mnist": {"accuracy": accuracy, "loss": 1.0}}},
        origin={
            "config": "{}",
            "first_config": "{}",
            "recipe": name,
            "seed": seed,
            "training_seconds": 60,
            "threads": 1,
        },
    )
    path = folder / f"{name}-{seed}.safetensors"
    save_model(Model(description, build_network("padnet", 10, options)), path)
    return path


@pytest.fixture
def counted() -> dict:
    return {"aga": {"drawings": 10, "writers": 1, "fragments": 0}}


@pytest.fixture
def small(digits, counted, monkeypatch) -> None:
    """The end of the recipe reads few drawings."""
    others = Dataset(digits["pen"].glyphs, np.full(40, OUTLIER), DIGITS)
    sets = CardDatasets(digits | {"picture_plain": digits["mnist"]}, {"others": others})
    data = TrainingData(tuple("0123456789"), (Source(digits["mnist"]),), digits)
    monkeypatch.setattr(finishing, "card_datasets", lambda *_: sets)
    monkeypatch.setattr(finishing, "mnist_only", lambda _: data)
    monkeypatch.setattr(finishing, "learned_digits", lambda *_: digits)
    monkeypatch.setattr(finishing, "site_counts", lambda _: counted)
    monkeypatch.setattr(finishing, "unipen_digits", lambda *_: digits["pen"])


@pytest.mark.usefixtures("small")
def test_the_end_of_the_recipe_writes_all_that_is_shipped(tmp_path, counted):
    shipped, file = tmp_path / "models", tmp_path / "results.json"
    shipped.mkdir()
    runs = [trained(tmp_path, "bundled", seed, accuracy) for seed, accuracy in ((0, 0.5), (1, 0.7))]
    finish(tmp_path, tmp_path, {"bundled": runs}, shipped, file)
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["shipped_seed"] == 1
    assert found["ensemble"]["members"] == 2
    assert set(found["costs"]) == {"bundled", "ensemble", "padnet"}
    assert sum(part["count"] for part in found["reliability"]["pen"]) == 40
    assert found["drawings"] == {"mnist": 40, "pen": 40, "picture_plain": 40, "others": 40}
    assert found["unipen_sites"] == counted
    model = load_model(shipped / "bundled.safetensors")
    assert model.info.metrics["test"] == found["recipes"]["bundled"]["runs"][1]
    ensemble = load_model(shipped / "ensemble.safetensors").info
    assert ensemble.name == "Bundled ensemble"
    assert ensemble.calibration.reject_below > 0
    assert ensemble.origin["members"] == ["bundled, seed 0", "bundled, seed 1"]
    before = (shipped / "bundled.md").read_text(encoding="utf-8")
    assert (shipped / DIAGRAM).read_text(encoding="utf-8") == diagram(found)

    # Figures of another recipe come beside these, and change nothing else.
    other = [trained(tmp_path, "short", 0, 0.5)]
    finish(tmp_path, tmp_path, {"short": other}, shipped, file)
    more = json.loads(file.read_text(encoding="utf-8"))
    assert more["recipes"].pop("short")["std"] is None
    assert more == found
    after = (shipped / "bundled.md").read_text(encoding="utf-8")
    assert "What each ingredient contributes" in after
    assert "What each ingredient contributes" not in before


@pytest.mark.usefixtures("small")
def test_what_has_learned_from_the_test_data_is_shipped_and_not_measured_by_it(tmp_path):
    models, file = tmp_path / "models", tmp_path / "results.json"
    models.mkdir()
    runs = [trained(tmp_path, "bundled", seed, accuracy) for seed, accuracy in ((0, 0.7), (1, 0.5))]
    more = [trained(tmp_path, "shipped", 0, 0.5)]
    finish(tmp_path, tmp_path, {"bundled": runs, "shipped": more}, models, file)
    found = json.loads(file.read_text(encoding="utf-8"))
    assert (found["shipped_seed"], found["shipped_learned_from_all"]) == (0, True)
    assert found["recipes"].keys() == {"bundled"}
    model = load_model(models / "bundled.safetensors")
    assert model.info.name == "shipped"
    assert "mnist_accuracy" in model.info.metrics["test"]
    assert "pen_accuracy" not in model.info.metrics["test"]
    members = load_model(models / "ensemble.safetensors").info.origin["members"]
    assert members == ["bundled, seed 0", "bundled, seed 1"]
    assert TOLD in words((models / "bundled.md").read_text(encoding="utf-8"))
