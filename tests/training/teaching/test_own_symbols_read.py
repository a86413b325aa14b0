"""How well symbols of one's own are read, measured on made-up letters."""

import gzip
import json

import numpy as np
import pytest
from teaching_kit import untaught

from digitpad.data.synthetic.digits import synthetic_drawing
from digitpad.recognition.model_file import save_model
from training.recipe.recipes import bundled
from training.recipe.splits import TEST_SIGNS, VALIDATION_SIGNS
from training.recipe.trials import model_file
from training.teaching import own_symbols
from training.teaching.own_symbols import symbols_read


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Letters that are never learned, five drawings each; the first ten look like digits."""
    monkeypatch.setattr(own_symbols, "DRAWS", 2)
    random = np.random.default_rng(0)
    words = sorted(TEST_SIGNS | VALIDATION_SIGNS)
    path = tmp_path / "pen" / "unipen-not-digits.ndjson.gz"
    path.parent.mkdir()
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number, word in enumerate([*words, "A"] * 5):
            strokes = synthetic_drawing(number % (len(words) + 1) % 10, random).strokes
            drawing = [stroke.points.T.round(2).tolist() for stroke in strokes]
            line = {"word": word, "writer": "site/1", "key_id": str(number), "drawing": drawing}
            file.write(json.dumps(line) + "\n")
    model = model_file(tmp_path, bundled(), 0)
    model.parent.mkdir(parents=True, exist_ok=True)
    save_model(untaught(), model)
    return tmp_path


def test_symbols_are_read_by_what_three_drawings_show(folder):
    found = symbols_read(folder, folder)
    mean, worst = found.values()
    # By chance it would be a tenth.
    assert 20 < worst <= mean <= 100
    assert symbols_read(folder, folder) == found
