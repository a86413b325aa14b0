import pytest
import torch
from sentences import raises_error

from digitpad.recognition.architectures import ARCHITECTURE_OPTIONS, ARCHITECTURE_TITLES
from digitpad.recognition.layers import Network
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.networks import (
    ARCHITECTURES,
    build_network,
    multiply_adds,
    parameter_count,
)

NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
BOTH = ("weight", "bias")
KERNEL = ("weight",)
KEYS = {
    "tutorial-convnet": [
        *[("features.0", BOTH), ("features.2", BOTH), ("head.2", BOTH), ("head.5", BOTH)],
    ],
    "padnet": [
        *[("features.0", KERNEL), ("features.1", NORM)],
        *[("features.4", KERNEL), ("features.5", NORM)],
        *[("features.7", KERNEL), ("features.8", NORM)],
        *[("features.11", KERNEL), ("features.12", NORM), ("head.2", BOTH)],
    ],
    "surenet": [
        *[("features.0", KERNEL), ("features.1", NORM)],
        *[("features.3", KERNEL), ("features.4", NORM)],
        *[("features.6", KERNEL), ("features.7", NORM)],
        *[("features.10", KERNEL), ("features.11", NORM)],
        *[("residual.0", KERNEL), ("residual.1", NORM), ("head.2", BOTH)],
    ],
    "quicknet": [
        *[("features.0", KERNEL), ("features.1", NORM)],
        *[("features.3", KERNEL), ("features.5", NORM)],
        *[("features.7", KERNEL), ("features.8", NORM), ("head.2", BOTH)],
    ],
    "mlp": [("layers.1", BOTH), ("layers.4", BOTH), ("layers.7", BOTH)],
}
"""The names of the weights in every model file and checkpoint that there is."""


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_weights_have_the_names_that_they_have_in_files(architecture):
    keys = [f"{layer}.{name}" for layer, names in KEYS[architecture] for name in names]
    assert list(build_network(architecture, 10, {}).state_dict()) == keys
    member = {"architecture": architecture, "options": {}}
    ensemble = build_network("ensemble", 10, {"member": member, "members": 2})
    assert list(ensemble.state_dict()) == [f"members.{i}.{key}" for i in range(2) for key in keys]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "bundled",
            [
                *(-1.95789, -2.03376, -2.2438, -2.1378, -2.26189),
                *(-2.03035, -2.04019, -2.08878, -2.08255, -2.05137),
            ],
        ),
        (
            "ensemble",
            [
                *(-2.55251, -2.1135, -2.26098, -2.64565, -2.37818),
                *(-2.00402, -2.39841, -2.28437, -2.44659, -2.12618),
            ],
        ),
    ],
)
def test_shipped_models_give_the_logits_that_they_gave_when_they_were_made(name, expected):
    random = torch.Generator().manual_seed(5)
    torch.randint(0, 256, (4, 28, 28), generator=random, dtype=torch.uint8)
    glyphs = torch.rand(4, 1, 28, 28, generator=random)
    network = load_model(bundled_model_path().with_name(f"{name}.safetensors")).network
    with torch.inference_mode():
        assert network(glyphs)[0].tolist() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
@pytest.mark.parametrize("classes", [2, 10, 47])
def test_every_network_gives_a_logit_a_class(architecture, classes):
    network = build_network(architecture, classes, {}).eval()
    logits = network(torch.zeros(3, 1, 28, 28))
    assert logits.shape == (3, classes)
    # Bare logits: no softmax at the end, whose rows would sum to one (or whose exponentials would).
    assert not torch.allclose(logits.sum(dim=1), torch.ones(3))
    assert not torch.allclose(logits.exp().sum(dim=1), torch.ones(3), atol=1e-3)


def test_the_tutorials_network_has_its_size():
    assert parameter_count(build_network("tutorial-convnet", 10, {})) == (
        (9 * 32 + 32) + (9 * 32 * 64 + 64) + (9216 * 128 + 128) + (128 * 10 + 10)
    )


def test_the_bundled_network_stays_within_half_a_million_parameters():
    network = build_network("surenet", 10, {})
    assert parameter_count(network) <= 500_000
    # Larger than PadNet, and less work.
    smaller = build_network("padnet", 10, {})
    assert parameter_count(network) > 2 * parameter_count(smaller)
    assert multiply_adds(network) < multiply_adds(smaller)


@pytest.mark.parametrize(
    ("architecture", "options"),
    [
        ("resnet-9000", {}),
        ("padnet", {"depth": 3}),
        ("padnet", {"widths": [1, 2, 3]}),
        ("padnet", {"widths": [1, 2, 3, 10**9]}),
        ("padnet", {"widths": "wide"}),
        ("padnet", {"dropout": 1.0}),
        ("surenet", {"widths": [0, 2, 3, 4]}),
        ("quicknet", {"widths": [1, 2, 3, 4]}),
        ("quicknet", {"widths": [1, 2, True]}),
        ("quicknet", {"widths": {"a": 1, "b": 2, "c": 3}}),
        ("quicknet", {"border": -1}),
        ("quicknet", {"border": 5}),
        ("quicknet", {"border": 1.0}),
        ("quicknet", {"border": True}),
        ("padnet", {"border": 2}),
        ("tutorial-convnet", {"dropout": "half"}),
        ("tutorial-convnet", {"widths": [1, 2, 3, 4]}),
    ],
)
def test_unknown_networks_and_options_are_refused_with_a_sentence(architecture, options):
    with raises_error():
        build_network(architecture, 10, options)


def test_dropout_drops_only_in_training():
    network = build_network("tutorial-convnet", 10, {"dropout": 0.5})
    glyphs = torch.rand(2, 1, 28, 28)
    assert not torch.equal(network(glyphs), network(glyphs))
    network.eval()
    assert torch.equal(network(glyphs), network(glyphs))


def test_every_network_has_a_title_for_people_and_takes_its_options():
    assert list(ARCHITECTURE_TITLES) == list(ARCHITECTURES) == list(ARCHITECTURE_OPTIONS)
    given = {"dropout": 0.1, "widths": (1, 2, 3, 4), "border": 1}
    for architecture, names in ARCHITECTURE_OPTIONS.items():
        options = {name: given[name] for name in names}
        if architecture == "quicknet":
            options["widths"] = (1, 2, 3)
        assert isinstance(build_network(architecture, 10, options), Network)


@pytest.mark.parametrize("border", [1, 2, 3, 4])
def test_the_small_network_can_leave_a_border_out_and_its_weights_keep_their_names(border):
    options = {"border": border, "widths": [4, 5, 6]}
    network = build_network("quicknet", 10, options).eval()
    assert list(network.state_dict()) == list(build_network("quicknet", 10, {}).state_dict())
    glyphs = torch.rand(2, 1, 28, 28)
    within = torch.zeros_like(glyphs)
    within[:, :, border:-border, border:-border] = glyphs[:, :, border:-border, border:-border]
    assert torch.equal(network(glyphs), network(within))
    assert list(network.named_layers())[:3] == ["crop1", "conv1", "norm1"]
    assert multiply_adds(network) < multiply_adds(
        build_network("quicknet", 10, options | {"border": 0})
    )


def test_a_network_may_have_no_options(monkeypatch):
    monkeypatch.setitem(ARCHITECTURE_OPTIONS, "mlp", frozenset())
    with raises_error("The network has no option {option!r}", option="dropout"):
        build_network("mlp", 10, {"dropout": 0.1})


def test_multiply_adds_are_counted():
    network = build_network("tutorial-convnet", 10, {})
    perceptron = build_network("mlp", 10, {})
    convolutions = 26 * 26 * 32 * 9 + 24 * 24 * 64 * 9 * 32
    assert multiply_adds(network) == convolutions + 9216 * 128 + 128 * 10
    assert multiply_adds(perceptron) == 784 * 256 + 256 * 128 + 128 * 10
    assert network.training
