import pytest
from sentences import raises_error
from training_run_kit import suspended_run

from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.runs.publish import publish_model
from digitpad.learning.runs.store import RunStore
from digitpad.recognition.model_file import Model, save_model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.model_store import ModelStore, bundled_model_path
from digitpad.recognition.networks import build_network

OPTIONS = {"widths": [2, 2, 2, 2]}


@pytest.fixture
def models(tmp_path):
    return ModelStore(tmp_path / "models", bundled_model_path())


@pytest.fixture
def runs(tmp_path):
    return RunStore(tmp_path / "runs")


def finished(runs: RunStore, name: str):
    run = suspended_run(runs, TrainingConfig(), name)
    path = runs.model_path(run.id)
    path.parent.mkdir(exist_ok=True)
    info = ModelInfo(name, "padnet", ("a", "b"), OPTIONS)
    save_model(Model(info, build_network("padnet", 2, OPTIONS).eval()), path)
    return runs.finish(run.id, "completed", None, 0.9, 1)


def test_a_model_is_kept_once_under_the_runs_name(runs, models):
    run = finished(runs, "MNIST, quicknet 1")
    assert publish_model(run, runs, models) == "MNIST, quicknet 1"
    assert publish_model(run, runs, models) == "MNIST, quicknet 1"
    assert [model.name for model in models.list()] == ["bundled", "ensemble", "MNIST, quicknet 1"]
    kept = models.get("MNIST, quicknet 1").path
    assert kept.read_bytes() == runs.model_path(run.id).read_bytes()


def test_another_runs_model_of_the_same_name_is_left_alone(runs, models):
    first = finished(runs, "mine")
    publish_model(first, runs, models)
    runs.rename(first.id, "older")
    second = finished(runs, "MINE")
    assert publish_model(second, runs, models) == "MINE (2)"
    assert publish_model(runs.get(first.id), runs, models) == "older"
    assert {model.name for model in models.list() if not model.is_bundled} == {
        "mine",
        "MINE (2)",
        "older",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/b: c?", "a-b- c-"),
        ("bundled", "Run bundled"),
        ("..", "Run"),
        ("con", "Run con"),
        ("\N{SNOWMAN}" * 99, "\N{SNOWMAN}" * 66),
    ],
)
def test_names_that_no_file_may_have_become_ones_that_any_may(runs, models, name, expected):
    assert publish_model(finished(runs, name), runs, models) == expected


def test_a_model_that_is_gone_is_said_to_be(runs, models):
    run = finished(runs, "mine")
    publish_model(run, runs, models)
    runs.model_path(run.id).unlink()
    with raises_error("{filename} cannot be read: ", filename="model.safetensors"):
        publish_model(run, runs, models)


def test_a_damaged_model_is_not_kept(runs, models):
    run = finished(runs, "mine")
    runs.model_path(run.id).write_bytes(b"spoilt")
    with raises_error("{path} is not a Digitpad model file", path="model.safetensors"):
        publish_model(run, runs, models)
    assert all(model.is_bundled for model in models.list())
