from dataclasses import replace

import pytest
import torch
from sentences import raises_error

from digitpad.errors import DigitpadError
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.warm_start import first_network
from digitpad.recognition.adapted.description import row_lengths
from digitpad.recognition.adapted.taught import Taught
from digitpad.recognition.architectures import TAUGHT
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import ModelInfo, Normalisation
from digitpad.recognition.networks import ARCHITECTURES, build_network


def model(architecture: str) -> Model:
    torch.manual_seed(1)
    info = ModelInfo("Base", architecture, ("0", "1", "2"))
    return Model(info, build_network(architecture, 3, {}).eval())


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_classes_that_both_know_keep_their_rows_and_all_other_layers_their_weights(architecture):
    base = model(architecture)
    network = first_network(TrainingConfig(architecture=architecture), ("2", "x", "0", "y"), base)
    own, given = network.classifier, base.network.classifier
    assert own.weight.shape == (4, given.weight.shape[1])
    for row, source in ((0, 2), (2, 0)):
        assert torch.equal(own.weight[row], given.weight[source])
        assert own.bias[row] == given.bias[source]
    assert not any(torch.equal(own.weight[1], weight) for weight in given.weight)
    glyphs = torch.rand(2, 1, 28, 28)
    assert torch.equal(network.eval().embed(glyphs), base.network.embed(glyphs))
    assert all(parameter.requires_grad for parameter in network.parameters())


def test_classes_in_another_spelling_keep_their_rows():
    base = model("mlp")
    network = first_network(TrainingConfig(architecture="mlp"), ("02", "one"), base)
    for row, source in ((0, 2), (1, 1)):
        assert torch.equal(network.classifier.weight[row], base.network.classifier.weight[source])


def test_a_model_that_was_taught_gives_the_weights_of_its_network():
    network = model("mlp").network
    sizes = [(length, 2) for length in row_lengths(network)]
    options = {"network": {"architecture": "mlp", "options": {}}, "sizes": sizes, "points": 1}
    info = ModelInfo("Taught", TAUGHT, ("0", "1", "2"), options)
    first = first_network(
        TrainingConfig(architecture="mlp"), info.classes, Model(info, Taught(network, sizes, 1, 3))
    )
    given = network.state_dict()
    assert all(torch.equal(tensor, given[name]) for name, tensor in first.state_dict().items())
    with raises_error(model="Taught", architecture="mlp", chosen="padnet"):
        first_network(TrainingConfig(), info.classes, Model(info, Taught(network, sizes, 1, 3)))


@pytest.mark.parametrize(
    ("base", "fields"),
    [
        (model("mlp"), {"model": "Base", "architecture": "mlp", "chosen": "quicknet"}),
        (make_ensemble([model("mlp"), model("mlp")], "Both"), {"model": "Both"}),
        (
            replace(
                model("quicknet"),
                info=ModelInfo("Base", "quicknet", ("0", "1"), normalisation=Normalisation(0.5)),
            ),
            {"model": "Base"},
        ),
    ],
)
def test_a_model_that_does_not_fit_is_refused(base, fields):
    with pytest.raises(DigitpadError) as caught:
        first_network(TrainingConfig(architecture="quicknet"), ("0", "1"), base)
    assert caught.value.fields == fields


def test_layers_of_other_widths_are_refused_with_the_options_of_the_model():
    options = {"widths": [2, 2, 2, 2]}
    base = Model(
        ModelInfo("Thin", "padnet", ("0", "1"), options), build_network("padnet", 2, options)
    )
    with pytest.raises(DigitpadError) as caught:
        first_network(TrainingConfig(architecture="padnet"), ("0", "1"), base)
    assert caught.value.fields == {"model": "Thin", "options": options}
