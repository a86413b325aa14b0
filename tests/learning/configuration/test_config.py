import copy
import json
import pickle
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sentences import check_sentence, raises_error

from digitpad.data.choice import DataChoice
from digitpad.learning.configuration.config import Augmentation, TrainingConfig
from digitpad.learning.configuration.fields import FIELDS
from digitpad.recognition.model_info import read_model_info
from digitpad.recognition.model_store import bundled_model_path


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
    with raises_error() as caught:
        TrainingConfig(**values)
    (name,) = values
    title = FIELDS[name].title if name in FIELDS and name != "architecture" else None
    start = "{title}: the value must be" if title else "The architecture must be"
    check_sentence(caught.value, start, title=title)


def test_an_ensemble_is_put_together_and_not_trained():
    with raises_error("An ensemble is not trained as a whole: train its members"):
        TrainingConfig(architecture="ensemble")


@pytest.mark.parametrize(
    "values",
    [{"rotation_degrees": 181}, {"scale": 1}, {"stroke_width": -1}, {"translation_px": "far"}],
)
def test_augmentation_out_of_range_is_refused(values):
    (name,) = values
    title = FIELDS[f"augmentation.{name}"].title
    with raises_error("{title}: the value must be", title=title):
        Augmentation(**values)


@given(st.text() | st.sampled_from(["[]", "null", "{}x", '{"epoch": 3}', '{"augmentation": 3}']))
def test_foreign_json_is_refused(text):
    assume(text.strip() != "{}")
    with raises_error():
        TrainingConfig.from_json(text)


def test_an_empty_object_is_the_defaults():
    assert TrainingConfig.from_json("{}") == TrainingConfig()


class TestOptions:
    CONFIG = TrainingConfig(options={"widths": [2, 3], "dropout": 0.2})

    def test_nobody_can_change_them(self):
        given = {"widths": [2, 3]}
        config = TrainingConfig(options=given)
        given["widths"].append(4)
        config.options["widths"].append(5)
        with pytest.raises(TypeError):
            config.options["widths"] = []
        assert config.options == {"widths": [2, 3]}

    def test_equal_configurations_are_one_key(self):
        same = TrainingConfig(options={"dropout": 0.2, "widths": [2, 3]})
        assert same == self.CONFIG
        assert hash(same) == hash(self.CONFIG)
        assert {self.CONFIG: 1}[same] == 1
        assert TrainingConfig() != self.CONFIG

    def test_they_survive_copies_and_other_processes(self):
        for again in (copy.deepcopy(self.CONFIG), pickle.loads(pickle.dumps(self.CONFIG))):
            assert again == self.CONFIG
        assert json.loads(self.CONFIG.to_json())["options"] == {"widths": [2, 3], "dropout": 0.2}

    @pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
    def test_what_json_does_not_know_is_refused(self, value):
        with raises_error("The architecture must be a name, and its options an object"):
            TrainingConfig(options={"widths": value})


class TestDataThatAProgramHandedOver:
    def test_it_survives_json(self):
        config = TrainingConfig(data=None)
        assert TrainingConfig.from_json(config.to_json()) == config
        assert config != TrainingConfig()

    def test_configurations_of_version_0_1_are_read(self):
        former = {"data": {"kind": "recipe", "path": None, "count": None}, "averaging": 7}
        assert TrainingConfig.from_json(json.dumps(former)) == TrainingConfig(
            data=None, ema_steps=7
        )
        named = {"data": {"kind": "kmnist", "path": None, "count": 30}}
        assert TrainingConfig.from_json(json.dumps(named)).data == DataChoice("kmnist", count=30)

    @pytest.mark.parametrize("name", ["bundled", "ensemble"])
    def test_the_shipped_models_say_how_they_were_trained(self, name):
        origin = read_model_info(bundled_model_path().with_name(f"{name}.safetensors")).origin
        texts = [origin[key] for key in ("config", "first_config") if key in origin]
        assert texts or name == "ensemble"
        for text in texts:
            assert TrainingConfig.from_json(text).data is None

    def test_results_of_the_study_are_read(self):
        results = Path(__file__).parents[3] / "training" / "results" / "writers.json"
        config = json.loads(results.read_text(encoding="utf-8"))["config"]
        assert TrainingConfig.from_json(json.dumps(config)).data is None
