"""A small network that can be taught, and digits of made-up people."""

from dataclasses import replace

import numpy as np
import torch

from digitpad.data.dataset import DIGITS
from digitpad.data.synthetic.digits import synthetic_drawing
from digitpad.learning.adaptation.statistics import class_statistics
from digitpad.recognition.layers import normalise
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.networks import build_network
from training.recipe.drawings import Labelled, plain_glyphs
from training.teaching.seen import Seen, see

_OPTIONS = {"widths": [4, 4, 4, 4], "dropout": 0.0}


def drawn(writer: str, count: int) -> list[Labelled]:
    """Synthetic digits of one hand, 0 to 9 in turns."""
    random = np.random.default_rng(sum(writer.encode()))
    return [
        Labelled(synthetic_drawing(i % 10, random), i % 10, writer, str(i % 10), f"{writer}-{i}")
        for i in range(count)
    ]


def seen(model: Model, drawings: list[Labelled]) -> Seen:
    """Drawings as a model sees them."""
    labels = np.array([one.label for one in drawings])
    return see(model, plain_glyphs([one.drawing for one in drawings]), labels)


def as_read(model: Model, drawings: list[Labelled]) -> list[Labelled]:
    """The same drawings, with the labels that the model gives them."""
    answers = seen(model, drawings).logits.argmax(dim=1).tolist()
    return [
        replace(one, label=answer, word=str(answer))
        for one, answer in zip(drawings, answers, strict=True)
    ]


def misread(one: Labelled) -> Labelled:
    """A drawing with another label."""
    label = (one.label + 1) % 10
    return replace(one, label=label, word=str(label))


def untaught() -> Model:
    """A network of chance, surely sure, whose statistics say that what it answers is right."""
    torch.manual_seed(0)
    network = build_network("padnet", len(DIGITS), _OPTIONS).eval().requires_grad_(False)
    info = ModelInfo("Chance", "padnet", DIGITS, _OPTIONS)
    glyphs = plain_glyphs([one.drawing for one in drawn("many", 60)])
    levels = normalise(torch.from_numpy(glyphs).unsqueeze(1), info.normalisation)
    with torch.no_grad():
        # All answers of chance would be the same class, and none of them sure.
        network.classifier.bias -= network(levels).mean(dim=0)
        network.classifier.weight *= 300.0
        network.classifier.bias *= 300.0
        answers = network(levels).argmax(dim=1).numpy()
    return Model(info, network, class_statistics(network, info.normalisation, glyphs, answers))
