"""What is erased is a tenth of the ink, salient or at random, and the figures are theirs."""

from __future__ import annotations

import json

import numpy as np
import pytest
from handwriting import digit, moved
from inside_kit import model_of_chance
from shared_data import shared_folder

from digitpad.ink.division.pieces import way_along
from digitpad.ink.glyph import preprocess_points
from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from training.study.salience import (
    SHARE,
    Run,
    changes,
    even_strokes,
    main,
    runs,
    salience_of,
    summary,
    without,
)

FOUR = moved(digit("4"), -180, -300, 6)


def test_a_run_is_a_tenth_of_all_ink() -> None:
    strokes = even_strokes(preprocess_points(FOUR))
    every = runs(strokes)
    total = sum(way_along(points) for points in strokes)
    assert {run.stroke for run in every} == {0, 1}
    for run in every:
        gone = total - sum(way_along(points) for points in without(strokes, run))
        # The points at both ends of what is left end there; a lone point goes, too.
        assert gone == pytest.approx(SHARE * total, rel=0.35)


def test_what_is_left_is_what_was_there() -> None:
    strokes = even_strokes(preprocess_points(FOUR))
    for run in runs(strokes):
        rest = {tuple(point) for points in without(strokes, run) for point in points.tolist()}
        every = {tuple(point) for points in strokes for point in points.tolist()}
        assert rest < every


def test_the_salience_of_a_run_is_that_of_its_pixels() -> None:
    stages = preprocess_points([np.array([(0.0, 0.0), (0.0, 100.0)])])
    strokes = even_strokes(stages)
    values = np.zeros((28, 28))
    values[20:] = 1.0  # only the lower end speaks for anything
    worths = [salience_of(run, strokes, values, stages.boxed.shift) for run in runs(strokes)]
    assert np.all(np.diff(worths) >= 0)
    assert worths[0] == 0
    assert worths[-1] == 1
    assert salience_of(Run(0, 0), [np.full((11, 2), 90.0)], values, (0, 0)) == -np.inf


def test_the_most_salient_run_is_erased_for_each_method() -> None:
    inside = Inside(load_model(bundled_model_path()))
    asked = []

    def lowest(_inside, glyph, number):
        asked.append(number)
        return np.repeat(np.arange(28.0)[:, None], 28, axis=1)

    found = changes(inside, FOUR, {"lowest": lowest}, np.random.default_rng(0))
    assert found is not None
    assert asked == [4]
    assert found[0] == {"lowest": False}  # a 4 with a shorter leg is a 4
    assert 0 <= found[1] < 0.5


def test_a_dot_has_no_run() -> None:
    inside = Inside(model_of_chance("quicknet"))
    assert changes(inside, [np.zeros((1, 2))], {}, np.random.default_rng(0)) is None


def test_the_ratio_and_its_interval() -> None:
    found = summary([True, False, True, False] * 25, [0.125, 0.0, 0.25, 0.125] * 25)
    assert found.count == 100
    assert found.salient == 0.5
    assert found.random == 0.125
    assert found.ratio == pytest.approx(4.0)
    assert found.low is not None
    assert found.high is not None
    assert 3.0 < found.low < 4.0 < found.high < 5.5
    assert summary([True], [0.0]).ratio is None


@pytest.mark.slow
@pytest.mark.data
def test_what_is_salient_on_validation_drawings_decides(tmp_path, capsys) -> None:
    folder, file = shared_folder(), tmp_path / "found.json"
    arguments = ["--data", str(folder), "--count", "60", "--methods", "occlusion, window 5"]
    assert main([*arguments, "--json", str(file)]) == 0
    assert "times as often" in capsys.readouterr().out
    found = json.loads(file.read_text(encoding="utf-8"))["validation"]
    pairs = [found[name]["occlusion, window 5"] for name in ("pen", "unipen")]
    assert sum(one["salient"] for one in pairs) >= 3 * sum(one["random"] for one in pairs)


def test_without_drawings_it_says_so(tmp_path, capsys) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert "digits.ndjson.gz" in capsys.readouterr().err
