import pytest
import torch

from digitpad.errors import DigitpadError
from digitpad.recognition.cost import cost, prediction_times
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.networks import build_network, multiply_adds, parameter_count

DIGITS = tuple("0123456789")
SMALL = {"widths": [2, 2, 2, 2]}


def test_cost_is_counted_from_the_description_and_set_beside_the_bundled_model():
    member = {"architecture": "padnet", "options": SMALL}
    whole = ModelInfo("Three", "ensemble", DIGITS, {"member": member, "members": 3})
    one = ModelInfo("One", "padnet", DIGITS, SMALL)
    network = build_network("padnet", 10, SMALL)
    assert cost(whole, one) == (3, 3 * parameter_count(network), 3 * multiply_adds(network), 3.0)
    assert cost(one, whole).relative == pytest.approx(1 / 3)


def test_a_description_of_no_network_has_no_cost():
    one = ModelInfo("One", "padnet", DIGITS, SMALL)
    with pytest.raises(DigitpadError):
        cost(ModelInfo("Odd", "ensemble", DIGITS, {"members": 3}), one)


def test_measuring_leaves_the_number_of_threads_alone():
    before = torch.get_num_threads()
    model = Model(ModelInfo("x", "padnet", DIGITS, SMALL), build_network("padnet", 10, SMALL))
    try:
        torch.set_num_threads(2)
        (milliseconds,) = prediction_times({"x": model}, rounds=2).values()
        assert milliseconds > 0
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
