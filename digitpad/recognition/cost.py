"""What a prediction of a model costs."""

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
    """What a model takes: its networks, their trained values, the multiply-adds of a prediction.

    `relative` is its multiply-adds by those of the bundled model. Times compare about like that:
    small networks spend much of theirs on calls.
    """

    networks: int
    parameters: int
    multiply_adds: int
    relative: float


def cost(info: ModelInfo, bundled: ModelInfo) -> Cost:
    """Count what a model takes.

    It is counted, not read from the model's file: so it is known for every model, and stays right
    when another model becomes the bundled one.

    Raises:
        DigitpadError: the options of a network are unknown or out of range.
    """
    network, unit = (
        build_network(one.architecture, len(one.classes), one.options) for one in (info, bundled)
    )
    count = multiply_adds(network)
    return Cost(network_count(info), parameter_count(network), count, count / multiply_adds(unit))


def prediction_times(models: Mapping[str, Model], rounds: int = 15) -> dict[str, float]:
    """Milliseconds of one prediction on one thread, the median of many, models taking turns.

    Only their ratios mean something on another machine. Each model has `rounds` turns, at least 1.
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
