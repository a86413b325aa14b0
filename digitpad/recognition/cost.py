"""The cost of a prediction of a model."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from digitpad.ink.glyph import FIELD
from digitpad.recognition.architectures import network_count
from digitpad.recognition.networks import build_network, multiply_adds, parameter_count
from digitpad.recognition.recognizer import Recognizer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digitpad.recognition.model_file import Model
    from digitpad.recognition.model_info import ModelInfo

_WARM_UP, _PREDICTIONS = 30, 20


class Cost(NamedTuple):
    """The size of a model, and the work of a prediction.

    Attributes:
        networks: number of networks.
        parameters: number of parameters of all networks.
        multiply_adds: of one prediction.
        relative: multiply-adds as a multiple of the bundled model's. Times have about the same
            ratio, but small networks spend much of theirs on calls.
    """

    networks: int
    parameters: int
    multiply_adds: int
    relative: float


def cost(info: ModelInfo, bundled: ModelInfo) -> Cost:
    """Count the cost of a model from its description.

    Nothing is read from the model's file, so the cost is known for every model, also after another
    model has become the bundled one.

    Raises:
        DigitpadError: the options of a network are unknown or out of range.
    """
    network, unit = (
        build_network(one.architecture, len(one.classes), one.options) for one in (info, bundled)
    )
    count = multiply_adds(network)
    return Cost(network_count(info), parameter_count(network), count, count / multiply_adds(unit))


def prediction_times(models: Mapping[str, Model], rounds: int = 15) -> dict[str, float]:
    """Measure the time of a prediction on one thread. The models take turns.

    Args:
        models: by name.
        rounds: number of turns of each model, at least 1.

    Returns:
        Median milliseconds by name. Only their ratios are valid for other machines.
    """
    recognizers = {name: Recognizer(model) for name, model in models.items()}
    glyph = np.zeros((1, FIELD, FIELD), np.uint8)
    seconds: dict[str, list[float]] = {name: [] for name in models}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for turn in range(rounds):
            for name, recognizer in recognizers.items():
                for _ in range(0 if turn else _WARM_UP):
                    recognizer.predict(glyph)
                for _ in range(_PREDICTIONS):
                    began = time.perf_counter()
                    recognizer.predict(glyph)
                    seconds[name].append(time.perf_counter() - began)
    finally:
        torch.set_num_threads(threads)
    return {name: 1000 * median(values) for name, values in seconds.items()}
