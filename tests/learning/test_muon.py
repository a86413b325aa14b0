import torch
from torch import nn

from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.muon import Muon, orthogonalised
from digitpad.learning.optim import make_optimizer
from digitpad.recognition.networks import build_network


def matrix(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_what_is_orthogonalised_turns_all_directions_alike_and_keeps_them():
    for wide in (matrix(8, 30), matrix(30, 8), matrix(5, 5) @ torch.diag(torch.arange(1.0, 6.0))):
        found = orthogonalised(wide)
        assert found.shape == wide.shape
        before, after = torch.linalg.svdvals(wide), torch.linalg.svdvals(found)
        assert after[before > before[0] / 20].min() > 0.4
        assert after.max() < 1.3
        # No direction is turned around.
        left, _, right = torch.linalg.svd(wide, full_matrices=False)
        assert (left.T @ found @ right.T).diagonal().min() > 0
    assert not orthogonalised(torch.zeros(3, 4)).any()


def test_each_hidden_weight_keeps_its_norm_and_changes_by_the_rates_share_of_it():
    network = build_network("quicknet", 10, {})
    optimizer = make_optimizer(network, TrainingConfig(optimizer="muon", learning_rate=0.2))
    assert isinstance(optimizer, Muon)
    hidden = optimizer.param_groups[0]["params"]
    assert [weight.ndim for weight in hidden] == [4, 4, 4]
    before = {name: weight.detach().clone() for name, weight in network.named_parameters()}
    network(torch.rand(16, 1, 28, 28)).square().mean().backward()
    gradient = network.classifier.weight.grad.clone()
    optimizer.step()
    after = dict(network.named_parameters())
    for name, weight in after.items():
        if weight.ndim == 4:
            norm = before[name].norm()
            assert torch.isclose(weight.norm(), norm, rtol=1e-4)
            assert 0.02 < (weight - before[name]).norm() / norm < 0.07
    # The classifier's, with Nesterov momentum.
    decayed = gradient + 0.01 * before["head.2.weight"]
    expected = before["head.2.weight"] - 0.2 * 1.9 * decayed
    assert torch.allclose(after["head.2.weight"], expected, atol=1e-6)


def test_a_weight_without_a_gradient_or_with_nothing_in_it_stays():
    empty, other = nn.Parameter(torch.zeros(3, 4)), nn.Parameter(matrix(3, 4))
    optimizer = Muon([empty, other], [], 0.4, 0.9)
    empty.grad, kept = torch.ones(3, 4), other.detach().clone()
    optimizer.step()
    assert torch.equal(other, kept)
    assert not empty.any()


def test_weights_laid_out_differently_in_memory_are_turned_alike():
    results = []
    for layout in (torch.contiguous_format, torch.channels_last):
        weight = nn.Parameter(matrix(6, 4, 3, 3).contiguous(memory_format=layout))
        optimizer = Muon([weight], [], 0.4, 0.0)
        weight.grad = matrix(6, 4, 3, 3).flip(0).contiguous(memory_format=layout)
        optimizer.step()
        results.append(weight.detach())
    assert torch.allclose(*results, atol=1e-6)
