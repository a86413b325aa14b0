"""The statistics of training data that a model of the recipe is taught with.

They are those of the digits as they were drawn, and not of their many redrawn copies:
`python -m training.recipe.statistics --data DIR MODEL ...` gives them to models that have none.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.learning.adaptation.statistics import GLYPHS, class_statistics
from digitpad.recognition.model_file import load_model, save_model
from digitpad.recognition.networks import single_network
from training.recipe.data import learned_digits
from training.recipe.splits import VALIDATION_ONLY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digitpad.data.dataset import Dataset
    from digitpad.recognition.model_file import Model

_MNIST_SHARE = 0.6
"""Of the glyphs. MNIST is the hardest to keep: its digits are the most different."""


def with_statistics(model: Model, parts: Mapping[str, Dataset]) -> Model:
    """A model with the statistics of the recipe's digits.

    Args:
        model: a single network that reads the ten digits.
        parts: what it has learned from, "mnist" and others.
    """
    network = single_network(model.network)
    if network is None:
        return model
    random = np.random.default_rng(0)
    glyphs, labels = [], []
    for name, part in parts.items():
        share = _MNIST_SHARE if name == "mnist" else (1 - _MNIST_SHARE) / (len(parts) - 1)
        taken = random.choice(len(part), min(round(GLYPHS * share), len(part)), replace=False)
        glyphs.append(part.glyphs[taken])
        labels.append(part.labels[taken])
    found = class_statistics(
        network, model.info.normalisation, np.concatenate(glyphs), np.concatenate(labels)
    )
    return replace(model, statistics=found)


def main(arguments: list[str] | None = None) -> int:
    """Write models again, with statistics; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.recipe.statistics", description=__doc__
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/ and pen/")
    parser.add_argument("models", nargs="+", type=Path, metavar="MODEL")
    chosen = parser.parse_args(arguments)
    try:
        for path in chosen.models:
            # What is shipped may have learned from all but the people for validation.
            digits = learned_digits(chosen.data, VALIDATION_ONLY)
            save_model(with_statistics(load_model(path), digits), path)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
