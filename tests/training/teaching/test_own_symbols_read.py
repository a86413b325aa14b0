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
    """Letters that are never learned: two writers draw each five times, one of them others, too."""
    monkeypatch.setattr(own_symbols, "DRAWS", 1)
    random = np.random.default_rng(0)
    words = sorted(TEST_SIGNS | VALIDATION_SIGNS)
    lines = []
    for writer, drawn in (("site/1", words), ("site/2", [*words, "A"]), ("few/3", words[:9])):
        for number in range(5 * len(drawn)):
            word = number % len(drawn)
            strokes = synthetic_drawing(word % 10, random).strokes
            drawing = [stroke.points.T.round(2).tolist() for stroke in strokes]
            lines.append({"word": drawn[word], "writer": writer, "drawing": drawing})
    path = tmp_path / "pen" / "unipen-not-digits.ndjson.gz"
    path.parent.mkdir()
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    model = model_file(tmp_path, bundled(), 0)
    model.parent.mkdir(parents=True, exist_ok=True)
    save_model(untaught(), model)
    return tmp_path


@pytest.mark.slow
def test_symbols_are_read_by_what_three_drawings_of_their_writer_show(folder):
    found = symbols_read(folder, folder)
    assert found["writers with own symbols"] == 2
    # By chance it would be a tenth.
    assert 20 < found["worst of the sets, %"] <= found["ten own symbols from three drawings, %"]
    assert symbols_read(folder, folder) == found
