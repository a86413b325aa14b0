import pytest
import torch

from digitpad.learning.result import MOST_REJECTED, fit_calibration, fit_calibration_beside
from digitpad.recognition.model_info import Calibration


def logits_that_mean_what_they_say(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, 5, generator=random) * 2
    labels = torch.multinomial(logits.softmax(dim=1), 1, generator=random)[:, 0]
    return logits, labels


def rejected_share(logits: torch.Tensor, calibration: Calibration) -> float:
    best_two = (logits / calibration.temperature).softmax(dim=1).topk(2).values.sum(dim=1)
    return (best_two < calibration.reject_below).double().mean().item()


@pytest.mark.parametrize("overconfidence", [0.4, 1.0, 3.0])
def test_the_temperature_undoes_over_and_underconfidence(overconfidence):
    logits, labels = logits_that_mean_what_they_say(20_000, 0)
    calibration = fit_calibration([(logits * overconfidence, labels)])
    assert calibration.temperature == pytest.approx(overconfidence, rel=0.05)


def test_the_threshold_rejects_the_share_that_was_asked_for():
    logits, labels = logits_that_mean_what_they_say(10_000, 1)
    calibration = fit_calibration([(logits, labels)], rejected_share=0.1)
    assert rejected_share(logits, calibration) == pytest.approx(0.1, abs=0.005)


def test_no_kind_is_rejected_more_than_was_asked_for():
    sure, unsure = (logits_that_mean_what_they_say(5000, seed) for seed in (3, 4))
    kinds = [(sure[0] * 2, sure[1]), (unsure[0] / 2, unsure[1])]
    calibration = fit_calibration(kinds, rejected_share=0.1)
    shares = [rejected_share(logits, calibration) for logits, _ in kinds]
    assert max(shares) == pytest.approx(0.1, abs=0.005)
    assert min(shares) < 0.05


def test_kinds_count_alike_however_many_drawings_they_have():
    logits, labels = logits_that_mean_what_they_say(20_000, 2)
    few = (logits[:2000] * 3, labels[:2000])
    both = fit_calibration([(logits, labels), few]).temperature
    alone = fit_calibration([(logits, labels)]).temperature
    assert both > alone * 1.2


def unsure_logits(count: int, seed: int, width: float = 0.5) -> torch.Tensor:
    """What a network says that has learned to prefer no class."""
    return torch.randn(count, 5, generator=torch.Generator().manual_seed(seed)) * width


def sure_logits(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    labels = torch.arange(count) % 5
    return unsure_logits(count, seed) + 8 * torch.eye(5)[labels], labels


def test_the_threshold_lies_between_drawings_of_the_classes_and_of_none():
    known = sure_logits(1000, 0)
    calibration = fit_calibration_beside([known], unsure_logits(500, 1), MOST_REJECTED)
    assert rejected_share(known[0], calibration) <= 0.02
    assert rejected_share(unsure_logits(500, 2), calibration) > 0.98


def test_no_more_drawings_of_a_class_are_given_up_than_is_worth_it():
    # Those of no class are as sure as the others: nothing tells them apart.
    known, others = sure_logits(1000, 0), sure_logits(500, 1)[0]
    calibration = fit_calibration_beside([known], others, MOST_REJECTED)
    assert rejected_share(known[0], calibration) <= 0.02


@pytest.mark.parametrize("count", [0, 1, 12])
def test_a_threshold_is_found_beside_few_drawings_too(count):
    known = [sure_logits(count, 0)] if count else []
    calibration = fit_calibration_beside(known, unsure_logits(500, 1), MOST_REJECTED)
    assert calibration.temperature == 1.0
    assert 0 < calibration.reject_below <= 1
    assert all(rejected_share(logits, calibration) == 0 for logits, _ in known)
