import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from digitpad.errors import DigitpadError
from digitpad.learning.config import Augmentation, TrainingConfig


def test_a_configuration_survives_json():
    config = TrainingConfig(
        architecture="tutorial-convnet",
        options={"dropout": 0.4},
        epochs=3,
        optimizer="sgd",
        schedule="cosine",
        augmentation=Augmentation(rotation_degrees=5.0, stroke_width=0.5),
        seed=7,
    )
    assert TrainingConfig.from_json(config.to_json()) == config


@pytest.mark.parametrize(
    "values",
    [
        {"epochs": 0},
        {"epochs": 1.5},
        {"epochs": True},
        {"batch_size": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"learning_rate": float("inf")},
        {"momentum": 1.0},
        {"weight_decay": -0.1},
        {"label_smoothing": 1.0},
        {"optimizer": "adagrad"},
        {"schedule": "sometimes"},
        {"initialisation": "zero"},
        {"precision": "int8"},
        {"seed": -1},
        {"learning_rate": 10**400},
        {"architecture": ["padnet"]},
        {"options": 5},
    ],
)
def test_values_out_of_range_are_refused_with_a_sentence(values):
    with pytest.raises(DigitpadError, match=r"^The .* must be .*\.$"):
        TrainingConfig(**values)


def test_an_ensemble_is_put_together_and_not_trained():
    with pytest.raises(DigitpadError, match="train its members"):
        TrainingConfig(architecture="ensemble")


@pytest.mark.parametrize(
    "values",
    [{"rotation_degrees": 181}, {"scale": 1}, {"stroke_width": -1}, {"translation_px": "far"}],
)
def test_augmentation_out_of_range_is_refused(values):
    with pytest.raises(DigitpadError, match="must be"):
        Augmentation(**values)


@given(st.text() | st.sampled_from(["[]", "null", "{}x", '{"epoch": 3}', '{"augmentation": 3}']))
def test_foreign_json_is_refused(text):
    assume(text.strip() != "{}")
    with pytest.raises(DigitpadError, match=r"\.$"):
        TrainingConfig.from_json(text)


def test_an_empty_object_is_the_defaults():
    assert TrainingConfig.from_json("{}") == TrainingConfig()
