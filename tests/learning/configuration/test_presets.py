import pytest
import torch

from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.optim import make_optimizer
from digitpad.recognition.networks import build_network, multiply_adds


@pytest.mark.parametrize("name", PRESETS)
def test_the_network_of_every_preset_can_be_built_and_trained(name):
    config = PRESETS[name].config
    network = build_network(config.architecture, 10, config.options)
    optimizer = make_optimizer(network, config)
    given = [weight for group in optimizer.param_groups for weight in group["params"]]
    assert {id(weight) for weight in given} == {id(weight) for weight in network.parameters()}
    assert len(given) == len(list(network.parameters()))


def test_quick_does_less_work_than_its_network_does_by_default():
    config = PRESETS["quick"].config
    quick, plain = (build_network("quicknet", 10, each) for each in (config.options, {}))
    assert multiply_adds(quick) < 0.8 * multiply_adds(plain)
    assert torch.isfinite(quick(torch.rand(4, 1, 28, 28))).all()
