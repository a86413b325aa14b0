import numpy as np
import pytest
import torch
from torch import nn

from digitpad.recognition.layers import Network, Residual, normalise
from digitpad.recognition.model_file import Model, load_model
from digitpad.recognition.model_info import ModelInfo, Normalisation
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.networks import ARCHITECTURES, build_network
from digitpad.recognition.recognizer import Recognizer

DIGITS = tuple("0123456789")

NAMES = {
    "tutorial-convnet": (
        ("conv1 relu1 conv2 pool1 relu2", "dropout1 flatten1 fc1 relu3 dropout2 fc2"),
        9216,
    ),
    "padnet": (
        (
            "conv1 norm1 relu1 pool1 conv2 norm2 relu2 conv3 norm3 relu3 pool2 conv4 norm4 relu4",
            "flatten1 dropout1 fc1",
        ),
        3920,
    ),
    "surenet": (
        (
            "conv1 norm1 relu1 conv2 norm2 relu2 conv3 norm3 relu3 pool1 conv4 norm4 relu4",
            "conv5 norm5 relu5 sum1",
            "flatten1 dropout1 fc1",
        ),
        3200,
    ),
    "quicknet": (
        (
            "conv1 norm1 relu1 conv2 pool1 norm2 relu2 conv3 norm3 relu3",
            "flatten1 dropout1 fc1",
        ),
        576,
    ),
    "mlp": (("flatten1 fc1 relu1 dropout1 fc2 relu2 dropout2 fc3",), 784),
}
"""The names of the layers by sequence, and how many features the first "fc" takes."""


def build(architecture: str) -> Network:
    torch.manual_seed(0)
    network = build_network(architecture, 10, {}).eval()
    assert isinstance(network, Network)
    return network


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_layers_have_names_in_the_order_in_which_a_glyph_passes(architecture):
    network, (names, features) = build(architecture), NAMES[architecture]
    layers = network.named_layers()
    assert list(layers) == " ".join(names).split()
    assert [len(sequence) for sequence in network.sequences.values()] == [
        len([name for name in part.split() if name != "sum1"]) for part in names
    ]
    assert layers["fc1"].in_features == features
    called = []
    for name, layer in layers.items():
        layer.register_forward_hook(lambda *_, name=name: called.append(name))
    network(torch.rand(1, 1, 28, 28))
    assert called == list(layers)


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_the_classifier_is_the_last_layer_and_takes_the_features(architecture):
    network = build(architecture)
    assert network.classifier is list(network.named_layers().values())[-1]
    given = []
    network.classifier.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0]))
    glyphs = torch.rand(3, 1, 28, 28)
    with torch.inference_mode():
        logits = network(glyphs)
        features = network.embed(glyphs)
        assert torch.equal(logits, network.classifier(features))
    assert features.shape == (3, network.classifier.in_features)
    assert torch.equal(given[0], features)


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_the_copy_for_the_pad_has_named_layers_and_makes_the_same_features(architecture):
    network = build(architecture)
    copy = Recognizer(Model(ModelInfo("Test", architecture, DIGITS), network))._network
    lean, whole = copy.named_layers(), network.named_layers()
    assert not any(name.startswith("dropout") for name in lean)
    assert [name for name in lean if name.startswith(("conv", "fc", "relu", "sum"))] == [
        name for name in whole if name.startswith(("conv", "fc", "relu", "sum"))
    ]
    glyphs = torch.rand(2, 1, 28, 28)
    with torch.inference_mode():
        assert torch.allclose(copy.embed(glyphs), network.embed(glyphs), atol=1e-5)


def test_layers_of_other_kinds_are_called_as_their_class():
    first = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2))
    network = Network(features=first, head=nn.Sequential(nn.Flatten(), nn.Linear(864, 10)))
    assert list(network.named_layers()) == ["conv1", "tanh1", "avgpool2d1", "flatten1", "fc1"]


def test_what_a_residual_block_makes_is_added_to_what_it_gets():
    block = Residual(nn.Conv2d(2, 2, 3, padding=1), nn.ReLU())
    maps = torch.rand(1, 2, 5, 5)
    assert torch.equal(block(maps), maps + block[1](block[0](maps)))


@pytest.mark.parametrize("normalisation", [Normalisation(), Normalisation(0.5, 0.5)])
def test_levels_are_normalised(normalisation):
    levels = torch.arange(256, dtype=torch.uint8)
    expected = (levels.double() / 255 - normalisation.mean) / normalisation.std
    got = normalise(levels, normalisation)
    assert got.dtype == torch.float32
    assert torch.allclose(got.double(), expected, atol=1e-6)
    # As training has always done it, bit for bit.
    mean, std = normalisation.mean, normalisation.std
    assert torch.equal(got, levels.float().mul_(1 / (255 * std)).sub_(mean / std))
    assert levels.dtype == torch.uint8


def test_one_multiply_add_gives_the_predictions_that_three_passes_give():
    model = load_model(bundled_model_path())
    mean, std = model.info.normalisation.mean, model.info.normalisation.std
    random = np.random.default_rng(3)
    glyphs = torch.from_numpy(random.integers(0, 256, (200, 1, 28, 28), dtype=np.uint8))
    with torch.inference_mode():
        once = model.network(normalise(glyphs, model.info.normalisation))
        three = model.network(glyphs.float().div_(255).sub_(mean).div_(std))
    assert torch.equal(once.argmax(dim=1), three.argmax(dim=1))
    assert torch.allclose(once, three, atol=1e-4)
