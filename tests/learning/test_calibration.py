import pytest
import torch

from digitpad.learning.result import fit_calibration
from digitpad.recognition.model_info import Calibration


def logits_that_mean_what_they_say(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, 5, generator=random) * 2
    labels = torch.multinomial(logits.softmax(dim=1), 1, generator=random)[:, 0]
    return logits, labels


def refused_share(logits: torch.Tensor, calibration: Calibration) -> float:
    best_two = (logits / calibration.temperature).softmax(dim=1).topk(2).values.sum(dim=1)
    return (best_two < calibration.reject_below).double().mean().item()


@pytest.mark.parametrize("overconfidence", [0.4, 1.0, 3.0])
def test_the_temperature_undoes_over_and_underconfidence(overconfidence):
    logits, labels = logits_that_mean_what_they_say(20_000, 0)
    calibration = fit_calibration([(logits * overconfidence, labels)])
    assert calibration.temperature == pytest.approx(overconfidence, rel=0.05)


def test_the_threshold_refuses_the_share_that_was_asked_for():
    logits, labels = logits_that_mean_what_they_say(10_000, 1)
    calibration = fit_calibration([(logits, labels)], refuse=0.1)
    assert refused_share(logits, calibration) == pytest.approx(0.1, abs=0.005)


def test_no_kind_is_refused_more_than_was_asked_for():
    sure, unsure = (logits_that_mean_what_they_say(5000, seed) for seed in (3, 4))
    kinds = [(sure[0] * 2, sure[1]), (unsure[0] / 2, unsure[1])]
    calibration = fit_calibration(kinds, refuse=0.1)
    shares = [refused_share(logits, calibration) for logits, _ in kinds]
    assert max(shares) == pytest.approx(0.1, abs=0.005)
    assert min(shares) < 0.05


def test_kinds_count_alike_however_many_drawings_they_have():
    logits, labels = logits_that_mean_what_they_say(20_000, 2)
    few = (logits[:2000] * 3, labels[:2000])
    both = fit_calibration([(logits, labels), few]).temperature
    alone = fit_calibration([(logits, labels)]).temperature
    assert both > alone * 1.2
