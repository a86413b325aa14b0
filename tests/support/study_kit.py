"""Strokes of made-up people, and trainings that last a moment, for the studies."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from digitpad.data.dataset import DIGITS, Dataset, Source, TrainingData
from digitpad.data.synthetic.digits import synthetic_drawing
from digitpad.learning.augmentation.redraw import Redrawing, redraw
from digitpad.learning.configuration.config import TrainingConfig

TINY = TrainingConfig(
    options={"widths": [4, 4, 4, 4], "dropout": 0.0}, epochs=1, batch_size=20, device="cpu"
)


def tiny_data(seed: int) -> TrainingData:
    """A few synthetic digits, to learn from and to validate on."""
    random = np.random.default_rng(seed)
    labels = np.arange(60) % 10
    drawings = [synthetic_drawing(label, random) for label in labels.tolist()]
    glyphs = Dataset(redraw(drawings, 1, Redrawing(), random)[:, 0], labels, DIGITS)
    return TrainingData(DIGITS, (Source(glyphs),), {"pen": glyphs})


def write_people(path: Path, people: Iterable[str], more: Iterable[dict] = ()) -> None:
    """Each of some people draws every digit twice; with more lines, as they are in the file."""
    random = np.random.default_rng(0)
    lines = []
    for number, (writer, label) in enumerate((w, d) for w in people for d in 2 * list(range(10))):
        strokes = synthetic_drawing(label, random).strokes
        lines.append(
            {
                "word": str(label),
                "writer": writer,
                "key_id": f"{writer}-{number}",
                "drawing": [stroke.points.T.round(2).tolist() for stroke in strokes],
            }
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in (*lines, *more))
