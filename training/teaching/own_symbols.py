"""How well ten symbols of one's own are read from three drawings of each, one writer at a time."""

from __future__ import annotations

from collections import Counter
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

SYMBOLS, SHOTS, DRAWS = 10, 3, 3
"""Symbols of a set, drawings of each that are known, and sets that are drawn by lot of a writer."""


def symbols_read(data: Path, work: Path) -> dict[str, Any]:
    """Accuracy on letters that the bundled model has never learned from anybody, in percent.

    Of every writer who has at least four drawings of at least ten of them: from three of each, the
    others are read.
    """
    model = load_model(model_file(work, bundled(), 0))
    never = TEST_SIGNS | VALIDATION_SIGNS
    drawings = read_drawings(data, "letters", lambda one: one.word in never)
    glyphs = plain_glyphs([one.drawing for one in drawings])
    words = np.array([one.word for one in drawings])
    writers = np.array([one.writer for one in drawings])
    random = np.random.default_rng(0)
    shares, people = [], 0
    for writer in sorted(set(writers.tolist())):
        own = writers == writer
        counts = Counter(words[own].tolist())
        enough = sorted(word for word, count in counts.items() if count > SHOTS)
        if len(enough) < SYMBOLS:
            continue
        people += 1
        for _ in range(DRAWS):
            chosen = [str(word) for word in random.choice(enough, SYMBOLS, replace=False)]
            known = [
                random.choice(np.flatnonzero(own & (words == word)), SHOTS, replace=False)
                for word in chosen
            ]
            samples = [
                Sample(
                    words[place],
                    drawings[place].drawing,
                    glyphs[place],
                    symbols="own",
                    id=int(place) + 1,
                )
                for places in known
                for place in places
            ]
            recognizer = Recognizer(symbol_model(model, "own", tuple(chosen), samples))
            others = own & np.isin(words, chosen)
            others[np.concatenate(known)] = False
            answers = recognizer.probabilities(glyphs[others]).argmax(axis=1)
            shares.append(float((np.array(chosen)[answers] == words[others]).mean()))
    return {
        "writers with own symbols": people,
        "ten own symbols from three drawings, %": 100 * float(np.mean(shares)),
        "worst of the sets, %": 100 * min(shares),
    }
