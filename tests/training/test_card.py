import json

from digitpad.recognition.modelinfo import ModelInfo, read_model_info
from digitpad.recognition.models import bundled_model_path
from training.bundled import MODELS, RESULTS
from training.card import card

KEYS = [
    "mnist_accuracy",
    "mnist_nll",
    "mnist_ece",
    "mnist_rejected",
    "pen_accuracy",
    "pen_nll",
    "pen_ece",
    "pen_rejected",
    "validation_others_auroc",
    "validation_others_accepted",
    "others_auroc",
    "others_accepted",
]


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
    return ModelInfo("Some model", "padnet", ("0", "1"), origin={"config": "{}"})


def test_the_card_holds_the_figures_of_the_results():
    results = {
        "shipped_seed": 2,
        "recipes": dict.fromkeys(("bundled", "tutorial-convnet", "synthetic"), recipe(3)),
    }
    text = card(results, info())
    assert "# Model card: Some model" in text
    assert "123,456 parameters" in text
    assert "| MNIST test file, accuracy | 91.00% | 1.00% | 92.00% |" in text
    assert (
        "One training took 10 minutes on 2 processor threads. Of the seeds 0 to 2, seed 2" in text
    )
    assert "{" not in text.replace("`{}`", "").replace("```json\n{}\n```", "")


def test_the_shipped_card_is_the_one_of_the_shipped_model_and_figures():
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    text = card(results, read_model_info(bundled_model_path()))
    assert (MODELS / "bundled.md").read_text(encoding="utf-8") == text


def test_one_seed_has_no_spread():
    results = {
        "shipped_seed": 0,
        "recipes": dict.fromkeys(("bundled", "tutorial-convnet", "synthetic"), recipe(1)),
    }
    assert "| MNIST test file, accuracy | 91.00% |  | 90.00% |" in card(results, info())
