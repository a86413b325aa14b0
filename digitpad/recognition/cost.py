"""What an answer of a model costs."""

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
    from digitpad.recognition.modelfile import Model
    from digitpad.recognition.modelinfo import ModelInfo

_WARM_UP, _PASSES = 5, 41


class Cost(NamedTuple):
    """What a model takes, by its description.

    Attributes:
        networks: of how many it consists.
        parameters: trained values in all of them.
        multiply_adds: of one answer.
        relative: multiply-adds of one answer, those of the bundled model being 1. It tells how the
            times compare, roughly: small networks spend much of theirs on calls.
    """

    networks: int
    parameters: int
    multiply_adds: int
    relative: float


def cost(info: ModelInfo, bundled: ModelInfo) -> Cost:
    """Count what a model takes.

    It is counted rather than read in the model's file, so that it is known of every model, and is
    right after another model has become the bundled one.

    Args:
        info: of the model.
        bundled: of the bundled model.

    Raises:
        DigitpadError: the options of a network are unknown or out of range.
    """
    network, measure = (
        build_network(one.architecture, len(one.classes), one.options) for one in (info, bundled)
    )
    operations = multiply_adds(network)
    return Cost(
        network_count(info),
        parameter_count(network),
        operations,
        operations / multiply_adds(measure),
    )


def answer_ms(model: Model) -> float:
    """Milliseconds of one answer on one thread of this machine, the median of some.

    The number of torch's threads is the same again afterwards.
    """
    recognizer = Recognizer(model)
    glyph = np.zeros((1, FIELD, FIELD), np.uint8)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        seconds = []
        for _ in range(_WARM_UP + _PASSES):
            start = time.perf_counter()
            recognizer.predict(glyph)
            seconds.append(time.perf_counter() - start)
    finally:
        torch.set_num_threads(threads)
    return 1000 * median(seconds[_WARM_UP:])
