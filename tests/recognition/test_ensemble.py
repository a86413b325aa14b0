from dataclasses import replace

import numpy as np
import pytest
import torch
from sentences import raises_error

from digitpad.recognition.architectures import network_count
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import Calibration, ModelInfo, Normalisation
from digitpad.recognition.networks import (
    ARCHITECTURES,
    build_network,
    multiply_adds,
    parameter_count,
)
from digitpad.recognition.recognizer import Recognizer

DIGITS = tuple("0123456789")
SMALL = {"widths": [4, 4, 4, 4]}
MEMBER = {"architecture": "padnet", "options": SMALL}


def trained(seed, architecture="padnet", options=SMALL, temperature=1.0, **values) -> Model:
    """A model whose batch normalisations are not the identity, as after a training."""
    torch.manual_seed(seed)
    network = build_network(architecture, 10, options)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 1.5)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.3, 0.3)
    info = ModelInfo(
        f"Number {seed}",
        architecture,
        DIGITS,
        options,
        Normalisation(0.2, 0.5),
        calibration=Calibration(temperature, 0.1 * seed),
    )
    return Model(replace(info, **values), network.eval())


@pytest.fixture(scope="module")
def glyphs() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_an_ensemble_answers_with_the_mean_of_its_members(architecture, glyphs):
    members = [
        trained(seed, architecture, {}, temperature)
        for seed, temperature in enumerate((0.2, 1.0, 3.0), start=1)
    ]
    whole = make_ensemble(members, "Together")
    expected = np.mean([Recognizer(member).probabilities(glyphs) for member in members], axis=0)
    assert np.allclose(Recognizer(whole).probabilities(glyphs), expected, atol=1e-6)
    assert np.ptp(expected) > 1e-3


def test_an_ensemble_describes_itself(glyphs):
    members = [trained(seed, temperature=seed) for seed in (1, 2, 3)]
    whole = make_ensemble(members, "Together")
    assert whole.info.name == "Together"
    assert whole.info.calibration == Calibration(1.0, pytest.approx(0.2))
    assert whole.info.options["temperatures"] == [1, 2, 3]
    assert whole.info.origin["members"] == ["Number 1", "Number 2", "Number 3"]
    assert network_count(whole.info) == 3
    assert network_count(members[0].info) == 1
    for measure in (parameter_count, multiply_adds):
        assert measure(whole.network) == 3 * measure(members[0].network)


def test_the_members_are_copied(glyphs):
    members = [trained(seed) for seed in (1, 2)]
    whole = Recognizer(make_ensemble(members, "Together"))
    network = make_ensemble(members, "Another").network
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
    assert np.array_equal(
        whole.probabilities(glyphs),
        Recognizer(make_ensemble(members, "Again")).probabilities(glyphs),
    )


def test_what_is_done_for_speed_reaches_the_members():
    network = Recognizer(make_ensemble([trained(1), trained(2)], "Together"))._network
    kinds = {type(module) for module in network.modules()}
    assert kinds.isdisjoint({torch.nn.BatchNorm2d, torch.nn.Dropout})
    assert all(module.inplace for module in network.modules() if isinstance(module, torch.nn.ReLU))


def test_the_temperature_of_the_whole_comes_on_top(glyphs):
    whole = make_ensemble([trained(1), trained(2)], "Together")
    soft = Model(replace(whole.info, calibration=Calibration(2.0)), whole.network)
    plain = Recognizer(whole).probabilities(glyphs)
    expected = np.sqrt(plain) / np.sqrt(plain).sum(axis=1, keepdims=True)
    assert np.allclose(Recognizer(soft).probabilities(glyphs), expected, atol=1e-6)


def test_an_ensemble_in_a_file_is_the_same(tmp_path, glyphs):
    whole = make_ensemble([trained(1), trained(2, temperature=0.5)], "Together")
    save_model(whole, tmp_path / "whole.safetensors")
    loaded = load_model(tmp_path / "whole.safetensors")
    assert loaded.info == whole.info
    assert np.array_equal(
        Recognizer(loaded).probabilities(glyphs), Recognizer(whole).probabilities(glyphs)
    )


def test_dropout_is_no_difference():
    other = trained(2, options={**SMALL, "dropout": 0.1})
    assert network_count(make_ensemble([trained(1), other], "Together").info) == 2


NUMBER = "An ensemble is made of {fewest} to {most} models"
PAIR = "{first!r} and {other!r} cannot be joined to an ensemble:"
NAMES = {"first": "Number 1", "other": "Number 2"}


@pytest.mark.parametrize(
    ("others", "start", "fields"),
    [
        ([], NUMBER, {"fewest": 2, "most": 16, "count": 1}),
        ([trained(2)] * 16, NUMBER, {"count": 17}),
        ([trained(2, classes=tuple("abcdefghij"))], f"{PAIR} their classes differ", NAMES),
        ([trained(2, normalisation=Normalisation())], f"{PAIR} they normalise", NAMES),
        ([trained(2, glyph_rule=9)], f"{PAIR} their glyph rules differ", NAMES),
        ([trained(2, options={"widths": [4, 4, 4, 5]})], f"{PAIR} their networks differ", NAMES),
        ([trained(2, "mlp", {})], f"{PAIR} their networks differ", NAMES),
        (
            [make_ensemble([trained(2), trained(3)], "Two")],
            "{model!r} is an ensemble already",
            {"model": "Two"},
        ),
    ],
)
def test_models_that_do_not_go_together_are_refused(others, start, fields):
    with raises_error(start, **fields):
        make_ensemble([trained(1), *others], "Together")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"member": MEMBER},
        {"members": 2},
        {"member": MEMBER, "members": 2, "surprise": 1},
        *({"member": MEMBER, "members": count} for count in (1, 17, True, 2.0, "2", None, [])),
        *(
            {"member": member, "members": 2}
            for member in (
                "padnet",
                {},
                {"architecture": "padnet"},
                {"architecture": ["padnet"], "options": {}},
                {"architecture": "padnet", "options": []},
                {"architecture": "padnet", "options": {}, "more": 1},
                {"architecture": "unheard-of", "options": {}},
                {"architecture": "padnet", "options": {"depth": 3}},
                {"architecture": "ensemble", "options": {"member": MEMBER, "members": 2}},
            )
        ),
        *(
            {"member": MEMBER, "members": 2, "temperatures": temperatures}
            for temperatures in (
                [],
                [1.0],
                [1.0, 1.0, 1.0],
                [1.0, 0],
                [1.0, True],
                [1.0, "1"],
                [1.0, float("nan")],
                [1.0, float("inf")],
                [1.0, -1.0],
                [1, 10**400],
                {"0": 1.0, "1": 1.0},
                1.0,
                None,
            )
        ),
    ],
)
def test_wrong_options_are_refused_with_a_sentence(options):
    with raises_error():
        build_network("ensemble", 10, options)
