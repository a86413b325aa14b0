import json
import os
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save
from sentences import raises_error

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import GLYPH_RULE
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import (
    METADATA_KEY,
    SCHEMA_VERSION,
    Calibration,
    ModelInfo,
    Normalisation,
    info_from_json,
    read_model_info,
)
from digitpad.recognition.networks import build_network
from digitpad.recognition.recognizer import Recognizer

OPTIONS = {"widths": [2, 2, 2, 2], "dropout": 0.0}


def info(**changes) -> ModelInfo:
    values = {
        "name": "Test – 模型",
        "architecture": "padnet",
        "classes": tuple("0123456789"),
        "options": OPTIONS,
        "normalisation": Normalisation(0.1, 0.4),
        "calibration": Calibration(0.7, 0.3),
        "metrics": {"mnist": 0.99},
        "origin": {"recipe": "test"},
    }
    return ModelInfo(**(values | changes))


@pytest.fixture
def model() -> Model:
    return Model(info(), build_network("padnet", 10, OPTIONS).eval())


@pytest.fixture
def path(tmp_path, model):
    target = tmp_path / "model.safetensors"
    save_model(model, target)
    return target


def test_a_model_comes_back_as_it_was(path, model):
    loaded = load_model(path)
    assert loaded.info == model.info == read_model_info(path)
    glyphs = torch.rand(3, 1, 28, 28)
    assert torch.equal(loaded.network(glyphs), model.network(glyphs))
    assert not loaded.network.training


def test_a_model_file_of_version_0_1_predicts_as_it_did_then():
    model = load_model(Path(__file__).parents[1] / "files" / "v0.1" / "model.safetensors")
    assert (model.info.name, model.info.architecture) == ("Ten places", "surenet")
    assert model.info.classes == tuple("0123456789")
    assert model.info.calibration == Calibration(0.2825, 0.7408)
    assert model.info.metrics["validation"]["places"]["accuracy"] == 0.99
    assert model.info.origin["run"] == "Places 1"
    row, column = np.arange(28)[:, None], np.arange(28)
    glyphs = [(31 * k + 7 * row + 5 * column * (k + 1)) % 256 for k in (0, 2)]
    first, second = Recognizer(model).predict(np.array(glyphs, np.uint8))
    assert first.probabilities == pytest.approx(
        [0, 0, 1e-06, 0, 0, 0.004679, 0.808377, 0, 0.186943, 0], abs=1e-4
    )
    assert second.probabilities == pytest.approx(
        [3e-06, 0, 0, 0, 0.060467, 8e-06, 0.939521, 0, 1e-06, 0], abs=1e-4
    )
    assert (first.text, first.rejected, second.text, second.rejected) == ("6", False, "6", False)


def test_saving_over_a_model_leaves_no_other_file(path, model):
    save_model(model, path)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.9999))
def test_a_truncated_file_is_refused(path, tmp_path, share):
    whole = path.read_bytes()
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with raises_error():
        load_model(cut)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_a_foreign_file_is_refused(tmp_path, content):
    foreign = tmp_path / "foreign.safetensors"
    foreign.write_bytes(content)
    with raises_error():
        load_model(foreign)


def rewritten(path, change) -> None:
    """Write the model again with its description changed."""
    model = load_model(path)
    description = json.loads(model.info.to_json())
    change(description)
    tensors = {k: v.contiguous() for k, v in model.network.state_dict().items()}
    path.write_bytes(save(tensors, metadata={METADATA_KEY: json.dumps(description)}))


def nested(depth):
    """An object within a list within an object, and so on."""
    value = {}
    for _ in range(depth):
        value = {"a": [value]}
    return value


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(schema="somebody-elses"),
        lambda d: d.update(version=2),
        lambda d: d.update(version="1"),
        lambda d: d.pop("classes"),
        lambda d: d.update(classes=["0", "0"]),
        lambda d: d.update(classes=[str(i) for i in range(11)]),
        lambda d: d.update(classes="0123456789"),
        lambda d: d.update(architecture="tutorial-convnet", options={}),
        lambda d: d.update(architecture="unheard-of"),
        lambda d: d.update(options={"widths": [512, 512, 512, 512]}),
        lambda d: d.update(options={"surprise": 1}),
        lambda d: d.update(glyph_rule=99),
        lambda d: d["normalisation"].update(std=0),
        lambda d: d["normalisation"].update(mean=float("nan")),
        lambda d: d["normalisation"].update(mean=10**400),
        lambda d: d["calibration"].update(temperature=0),
        lambda d: d["calibration"].update(temperature=float("inf")),
        lambda d: d["calibration"].update(reject_below=1.5),
        lambda d: d.update(name=""),
        lambda d: d.update(metrics=None),
        lambda d: d.update(metrics={"accuracy": float("inf")}),
        lambda d: d.update(origin={"loss": [float("nan")]}),
        lambda d: d.update(classes=[*"012345678", "a\ud800"]),
        lambda d: d.update(classes=[*"012345678", "a\nb"]),
        lambda d: d.update(classes=[*"012345678", "\x1b[31m"]),
        lambda d: d.update(classes=[*"012345678", "a\u2028"]),
        lambda d: d.update(name="\udcff"),
        lambda d: d.update(metrics=nested(150)),
        lambda d: d.update(origin=nested(150)),
        lambda d: d.update(options=nested(150)),
        lambda d: d.update(options={"dropout": float("nan")}),
    ],
)
def test_a_wrong_description_is_refused(path, change):
    rewritten(path, change)
    with raises_error():
        load_model(path)


@pytest.mark.parametrize(("key", "ours"), [("version", SCHEMA_VERSION), ("glyph_rule", GLYPH_RULE)])
def test_an_older_description_and_a_newer_one_are_told_apart(path, key, ours):
    errors = []
    for version in (ours - 1, ours + 1):
        rewritten(path, lambda d, version=version: d.update({key: version}))
        with pytest.raises(DigitpadError) as caught:
            read_model_info(path)
        errors.append(caught.value)
        save_model(Model(info(), build_network("padnet", 10, OPTIONS).eval()), path)
    older, newer = errors
    assert older.template != newer.template
    assert "old" in older.template
    assert "newest Digitpad" not in older.template
    assert "newest Digitpad" in newer.template
    field = "version" if key == "version" else "rule"
    assert (older.fields[field], newer.fields[field]) == (str(ours - 1), str(ours + 1))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_weights_that_are_no_numbers_are_neither_read_nor_written(path, model, value):
    tensors = {k: v.clone() for k, v in model.network.state_dict().items()}
    tensors["head.2.weight"][3, 5] = value
    path.write_bytes(save(tensors, metadata={METADATA_KEY: model.info.to_json()}))
    with raises_error() as caught:
        load_model(path)
    assert "head.2.weight" in caught.value.fields.values()
    model.network.load_state_dict(tensors)
    with raises_error() as caught:
        save_model(model, path.with_name("other.safetensors"))
    assert "head.2.weight" in caught.value.fields.values()
    assert not path.with_name("other.safetensors").exists()


def test_finite_weights_whose_answer_overflows_are_refused(path, model):
    tensors = {k: v.clone() for k, v in model.network.state_dict().items()}
    tensors["features.1.bias"].fill_(3e38)
    tensors["features.4.weight"].fill_(3e38)
    path.write_bytes(save(tensors, metadata={METADATA_KEY: model.info.to_json()}))
    with raises_error("{path} is not a usable model: ", path=path):
        load_model(path)


def test_weights_that_overflow_at_ink_alone_are_refused(path, model):
    """Of an empty field such a model gives numbers."""
    model.network.features[0].weight.data.fill_(3e38)
    model.network.features[1].running_mean.fill_(0)
    empty = torch.zeros(1, 1, 28, 28)
    assert torch.isfinite(model.network(empty)).all()
    save_model(model, path)
    with raises_error("{path} is not a usable model: its outputs", path=path):
        load_model(path)


def test_names_of_any_letters_are_kept(path, model):
    names = ("零", "ноль", "0️⃣", "👩‍🚀", "ﷺ", "a b", "é", "е́", "🇨🇳", "x" * 200)
    save_model(replace(model, info=info(classes=names, origin={"file": "\udcff"})), path)
    assert load_model(path).info.classes == names
    assert read_model_info(path).origin == {"file": "\udcff"}


def test_a_header_that_promises_gigabytes_is_refused_before_it_is_read(tmp_path):
    bomb = tmp_path / "bomb.safetensors"
    bomb.write_bytes(struct.pack("<Q", 2**60) + b"{}")
    with raises_error("{path} is not a Digitpad model file.", path=bomb):
        load_model(bomb)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for place in (tmp_path / "nowhere.safetensors", tmp_path):
        with raises_error("The model file {path} cannot be read: ", path=place):
            load_model(place)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.safetensors")
    with raises_error(path=tmp_path / "pipe.safetensors") as caught:
        load_model(tmp_path / "pipe.safetensors")
    assert str(caught.value.fields["reason"]) == "it is not an ordinary file"


@given(text=st.text())
def test_any_text_is_a_description_or_a_sentence(text):
    with raises_error("{source} is not a Digitpad model: ", source="this"):
        info_from_json(text, "this")


def test_half_of_the_bytes_hold_nearly_the_same_model(path, model):
    small = path.with_name("half.safetensors")
    wide = Model(
        replace(model.info, options={"widths": [16, 16, 16, 16]}),
        build_network("padnet", 10, {"widths": [16, 16, 16, 16]}).eval(),
    )
    # Too small for float16, as the statistics of quiet channels are.
    wide.network.features[1].running_var.fill_(1e-9)
    save_model(wide, path)
    save_model(wide, small, half=True)
    assert small.stat().st_size < 0.6 * path.stat().st_size
    loaded = load_model(small)
    assert loaded.info == wide.info
    for name, tensor in wide.network.state_dict().items():
        rounded = loaded.network.state_dict()[name]
        assert rounded.dtype == tensor.dtype
        assert torch.equal(rounded, tensor if tensor.ndim < 2 else tensor.half().float())


def test_weights_too_large_for_half_are_not_written(path, model):
    model.network.head[2].weight.data[0, 0] = 1e5
    target = path.with_name("half.safetensors")
    with raises_error(
        "The model has weights that are too large for float16", weight="head.2.weight"
    ):
        save_model(model, target, half=True)
    assert not target.exists()


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("head.2.weight", torch.bfloat16),
        ("head.2.weight", torch.float64),
        ("head.2.weight", torch.int32),
        ("features.1.num_batches_tracked", torch.float16),
        ("features.1.num_batches_tracked", torch.int32),
    ],
)
def test_tensors_of_another_type_are_refused(path, model, name, dtype):
    tensors = model.network.state_dict()
    tensors[name] = tensors[name].to(dtype)
    path.write_bytes(save(dict(tensors), metadata={METADATA_KEY: model.info.to_json()}))
    with raises_error("{path} is not a usable model: its weights do not fit", path=path):
        load_model(path)
