import pytest
import torch

from digitpad.errors import DigitpadError
from digitpad.recognition.architectures import ARCHITECTURE_TITLES
from digitpad.recognition.networks import (
    ARCHITECTURES,
    build_network,
    multiply_adds,
    parameter_count,
)


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
        ("tutorial-convnet", {"dropout": "half"}),
        ("tutorial-convnet", {"widths": [1, 2, 3, 4]}),
    ],
)
def test_unknown_networks_and_options_are_refused_with_a_sentence(architecture, options):
    with pytest.raises(DigitpadError, match=r"\.$"):
        build_network(architecture, 10, options)


def test_dropout_drops_only_in_training():
    network = build_network("tutorial-convnet", 10, {"dropout": 0.5})
    glyphs = torch.rand(2, 1, 28, 28)
    assert not torch.equal(network(glyphs), network(glyphs))
    network.eval()
    assert torch.equal(network(glyphs), network(glyphs))


def test_every_network_has_a_title_for_people():
    assert list(ARCHITECTURE_TITLES) == list(ARCHITECTURES)


def test_multiply_adds_are_counted():
    network = build_network("tutorial-convnet", 10, {})
    perceptron = build_network("mlp", 10, {})
    convolutions = 26 * 26 * 32 * 9 + 24 * 24 * 64 * 9 * 32
    assert multiply_adds(network) == convolutions + 9216 * 128 + 128 * 10
    assert multiply_adds(perceptron) == 784 * 256 + 256 * 128 + 128 * 10
    assert network.training
