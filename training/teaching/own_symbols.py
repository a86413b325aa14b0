"""How well ten symbols of one's own are read from three drawings of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.learning.adaptation.symbols import symbol_model
from digitpad.recognition.model_file import load_model
from digitpad.recognition.recognizer import Recognizer
from digitpad.samples.sample import Sample
from training.recipe.drawings import plain_glyphs, read_drawings
from training.recipe.recipes import bundled
from training.recipe.splits import TEST_SIGNS, VALIDATION_SIGNS
from training.recipe.trials import model_file

if TYPE_CHECKING:
    from pathlib import Path

SYMBOLS, SHOTS, DRAWS = 10, 3, 20
"""Of a set, drawings of each that are known, and sets."""


def symbols_read(data: Path, work: Path) -> dict[str, Any]:
    """Accuracy on letters that the bundled model has never learned, in percent.

    Sets of ten of them, and three drawings of each, are drawn by lot; the mean is reported.
    """
    model = load_model(model_file(work, bundled(), 0))
    never = TEST_SIGNS | VALIDATION_SIGNS
    drawings = read_drawings(data, "letters", lambda one: one.word in never)
    glyphs = plain_glyphs([one.drawing for one in drawings])
    words = np.array([one.word for one in drawings])
    random = np.random.default_rng(0)
    shares = []
    for _ in range(DRAWS):
        chosen = [str(word) for word in random.choice(sorted(never), SYMBOLS, replace=False)]
        known = [
            random.choice(np.flatnonzero(words == word), SHOTS, replace=False) for word in chosen
        ]
        samples = [
            Sample(
                words[place], drawings[place].drawing, glyphs[place], symbols="own", id=place + 1
            )
            for places in known
            for place in places
        ]
        recognizer = Recognizer(symbol_model(model, "own", tuple(chosen), samples))
        others = np.isin(words, chosen)
        others[np.concatenate(known)] = False
        answers = recognizer.probabilities(glyphs[others]).argmax(axis=1)
        shares.append(float((np.array(chosen)[answers] == words[others]).mean()))
    return {
        "ten own symbols from three drawings, %": 100 * float(np.mean(shares)),
        "worst of the sets, %": 100 * min(shares),
    }
