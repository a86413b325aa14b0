"""Teaches a model from the user's samples, at once."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from digitpad.errors import DigitpadError
from digitpad.learning.adaptation.symbol_mark import MARK, mark_of
from digitpad.recognition.layers import Network, normalise
from digitpad.recognition.model_file import Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.recognition.model_info import ModelInfo
    from digitpad.samples.sample import Sample

_MARGIN = 4.0
_RIDGE = 0.1


def why_not_taught(info: ModelInfo) -> DigitpadError | None:
    """Why a model cannot be taught; None if it can."""
    if info.architecture == "ensemble":
        return DigitpadError("An ensemble cannot be taught: choose one of its members.")
    return None


class Teacher:
    """Teaches one model. It is used by one thread at a time.

    What it finds out of a sample is kept by the sample's number and label, so that a further lesson
    takes no longer than the first one.

    Args:
        parent: the model as it is without lessons.

    Raises:
        DigitpadError: the model cannot be taught.
    """

    def __init__(self, parent: Model) -> None:
        reason = why_not_taught(parent.info)
        if reason is not None:
            raise reason
        self.parent = parent

    def takes(self, sample: Sample) -> bool:
        """Whether the sample is a lesson for this model: its label is one of the classes."""
        return (
            sample.label in self.parent.info.classes and sample.symbols == self.parent.info.symbols
        )

    def teach(self, samples: Sequence[Sample]) -> Model:
        """The adapted model; the parent itself if none of the samples is a lesson for it.

        The same samples give the same model, bit for bit.
        """
        lessons = [sample for sample in samples if self.takes(sample)]
        if self.parent.info.is_made_of_samples:
            return self._of_symbols(lessons)
        network = self.parent.network
        if not lessons or not isinstance(network, Network):
            return self.parent
        info = self.parent.info
        labels = torch.tensor([info.classes.index(lesson.label) for lesson in lessons])
        with torch.inference_mode():
            glyphs = torch.from_numpy(np.stack([lesson.glyph for lesson in lessons])).unsqueeze(1)
            features = network.embed(normalise(glyphs, info.normalisation)).double()
            logits = network.classifier(features.float()).double() / info.calibration.temperature
            wanted = torch.full_like(logits, -_MARGIN)
            wanted[torch.arange(len(labels)), labels] = _MARGIN
            kernel = features @ features.T
            kernel += _RIDGE * kernel.diagonal().mean() * torch.eye(len(kernel))
            change = torch.linalg.solve(kernel, wanted - logits).T @ features
            taught = copy.deepcopy(network)
            taught.classifier.weight.add_(change.float() * info.calibration.temperature)
        taught.requires_grad_(requires_grad=False).eval()
        origin = {**info.origin, "parent": info.name, "lessons": len(lessons)}
        return Model(replace(info, origin=origin), taught)

    def _of_symbols(self, lessons: list[Sample]) -> Model:
        """The model of a set of symbols, made anew: it knows nothing but its samples."""
        from digitpad.learning.adaptation.symbols import symbol_model

        info = self.parent.info
        if info.origin.get(MARK) == mark_of(lessons):
            return self.parent
        return symbol_model(self.parent, info.symbols, info.classes, lessons)

    def contradicts(self, sample: Sample, samples: Sequence[Sample]) -> bool:
        """Whether a sample's label contradicts the model and the user's other samples.

        It is then probably a slip.
        """
        adapted = self.teach([other for other in samples if other.id != sample.id])
        from digitpad.recognition.recognizer import Recognizer

        (prediction,) = Recognizer(adapted).predict(sample.glyph[None].copy())
        return prediction.text != sample.label and prediction.is_sure and not prediction.rejected
