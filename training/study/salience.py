"""Does what is shown as decisive decide? `python -m training.study.salience --data DIR`.

A tenth of the ink is erased from a drawing: one run along a stroke that is as long as a tenth of
all strokes together. The run is the one that speaks most for the answer, by the mean of an
attribution along it, as the page Inside shows it on strokes; or one at random, every place being as
likely. What is left is preprocessed anew, as the pad would do it, and read again. The most salient
run should change the answer far more often than a run at random of the same drawing, which is as
long and as connected.

Methods and windows are chosen on validation people; ``--part test`` is read once, at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

from digitpad.errors import DigitpadError
from digitpad.ink.division.pieces import evenly, way_along
from digitpad.ink.glyph import FIELD, glyphs_of, preprocess_points
from digitpad.recognition.inside.attribution import attribution, beneath_strokes, occlusion, predict
from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from training.recipe.drawings import read_drawings
from training.recipe.splits import (
    TEST_SITES,
    TEST_WRITERS,
    VALIDATION_SITES,
    VALIDATION_WRITERS,
    site_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.glyph import StrokeStages
    from training.recipe.drawings import Labelled
    from training.recipe.splits import Part

    Floats = NDArray[np.float64]
    Attribute = Callable[[Inside, NDArray[np.uint8], int], Floats]

SHARE = 0.1
"""Of the ink that is erased."""

_STEPS = 10
"""Points along the strokes for each such share."""

RANDOM = 16
"""Runs at random in each drawing."""

_RESAMPLED = 2000

METHODS: Mapping[str, Attribute] = {
    **{f"occlusion, window {side}": partial(occlusion, side=side) for side in (3, 5, 7)},
    "gradient times input": lambda inside, glyph, number: (
        attribution(inside, glyph, number, "gradient").values
    ),
    "integrated gradients": lambda inside, glyph, number: (
        attribution(inside, glyph, number, "integrated").values
    ),
}


class Run(NamedTuple):
    """A run along a stroke.

    Attributes:
        stroke: its number.
        start: number of its first point.
    """

    stroke: int
    start: int


@dataclass(frozen=True, slots=True)
class Salience:
    """How often erasing the most salient run changes the answer, and one at random.

    Attributes:
        count: drawings.
        salient: share of them whose answer changes without the most salient run.
        random: the mean over drawings of the share of random runs that change the answer.
        ratio: the one divided by the other; None if no random run changed an answer.
        low: of an interval that has 95 % of the ratios of drawings drawn again; None likewise.
        high: likewise.
    """

    count: int
    salient: float
    random: float
    ratio: float | None
    low: float | None
    high: float | None


def even_strokes(stages: StrokeStages) -> list[Floats]:
    """The strokes in pixels of the box, as points that are all about equally far apart."""
    ways = [way_along(path) for path in stages.paths]
    step = max(sum(ways), 1e-9) * SHARE / _STEPS
    counts = [max(round(way / step), 0) + 1 for way in ways]
    return [evenly(path, count) for path, count in zip(stages.paths, counts, strict=True)]


def runs(strokes: Sequence[Floats]) -> list[Run]:
    """All runs of a tenth of the ink, along one stroke each."""
    return [
        Run(number, start)
        for number, points in enumerate(strokes)
        for start in range(len(points) - _STEPS)
    ]


def without(strokes: Sequence[Floats], run: Run) -> list[Floats]:
    """The strokes without a run; what would be left as a single point goes with it."""
    points = strokes[run.stroke]
    rest = (points[: run.start], points[run.start + _STEPS + 1 :])
    return [
        *strokes[: run.stroke],
        *(one for one in rest if len(one) > 1),
        *strokes[run.stroke + 1 :],
    ]


def salience_of(
    run: Run, strokes: Sequence[Floats], values: Floats, shift: tuple[int, int]
) -> float:
    """The mean of values, float64 (28, 28), along a run."""
    points = strokes[run.stroke][run.start : run.start + _STEPS + 1]
    columns, rows = (np.floor(points) + shift).astype(int).T
    seen = (rows >= 0) & (rows < FIELD) & (columns >= 0) & (columns < FIELD)
    return float(values[rows[seen], columns[seen]].mean()) if seen.any() else -np.inf


def changes(
    inside: Inside,
    drawing: Sequence[Floats],
    methods: Mapping[str, Attribute],
    random: np.random.Generator,
) -> tuple[dict[str, bool], float] | None:
    """By method whether the answer changes without the most salient run, and a share of others.

    Args:
        inside: the network.
        drawing: strokes, as they were drawn.
        methods: by their names.
        random: draws the other runs.

    Returns:
        None where no stroke is as long as a tenth of the ink, or nothing would be left.
    """
    stages = preprocess_points(list(drawing))
    (before,) = predict(inside, stages.glyph[None])
    strokes = even_strokes(stages)
    every = [run for run in runs(strokes) if without(strokes, run)]
    if not every:
        return None
    chosen = []
    for find in methods.values():
        values = beneath_strokes(find(inside, stages.glyph, before.best))
        worths = [salience_of(run, strokes, values, stages.boxed.shift) for run in every]
        chosen.append(every[int(np.argmax(worths))])
    chosen += [every[index] for index in random.integers(len(every), size=RANDOM)]
    glyphs = glyphs_of([without(strokes, run) for run in chosen])
    changed = [after.best != before.best for after in predict(inside, glyphs)]
    return dict(zip(methods, changed, strict=False)), float(np.mean(changed[len(methods) :]))


def summary(salient: Sequence[bool], others: Sequence[float]) -> Salience:
    """The figures of some drawings, at least one."""
    pairs = np.stack((np.array(salient, float), np.array(others, float)), axis=1)
    once, at_random = pairs.mean(axis=0).tolist()
    if at_random == 0:
        return Salience(len(pairs), once, at_random, None, None, None)
    draws = np.random.default_rng(0).integers(len(pairs), size=(_RESAMPLED, len(pairs)))
    first, second = pairs[draws].mean(axis=1).T
    ratios = first[second > 0] / second[second > 0]
    low, high = np.quantile(ratios, (0.025, 0.975)).tolist()
    return Salience(len(pairs), once, at_random, once / at_random, low, high)


def people(folder: Path, part: Part) -> dict[str, list[Labelled]]:
    """Drawings of people of a part of the data, by file.

    The model that is shipped may have learned from the test people, too; from the validation people
    it has not. Here nothing is chosen by the test people.
    """
    writers = VALIDATION_WRITERS if part == "validation" else TEST_WRITERS
    sites = VALIDATION_SITES if part == "validation" else TEST_SITES
    return {
        "pen": read_drawings(folder, "pen", lambda one: one.writer in writers),
        "unipen": [
            one
            for one in read_drawings(folder, "unipen", lambda one: site_of(one.writer) in sites)
            if not one.is_fragment
        ],
    }


def measure(
    inside: Inside, drawings: Sequence[Labelled], methods: Mapping[str, Attribute]
) -> dict[str, Salience]:
    """The figures of each method on some drawings."""
    random = np.random.default_rng(0)
    salient: dict[str, list[bool]] = {name: [] for name in methods}
    others: list[float] = []
    for one in drawings:
        found = changes(inside, [s.points for s in one.drawing.strokes], methods, random)
        if found is not None:
            for name, changed in found[0].items():
                salient[name].append(changed)
            others.append(found[1])
    return {name: summary(changed, others) for name, changed in salient.items()}


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.study.salience", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with pen/")
    parser.add_argument(
        "--part",
        choices=("validation", "test"),
        default="validation",
        help="test is read once, when nothing is left to be chosen; validation",
    )
    parser.add_argument("--count", type=int, help="drawings of each file, at most, drawn by lot")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS), help="all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="add the figures to those there")
    parser.add_argument("model", type=Path, nargs="?", metavar="MODEL", help="the bundled one")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    methods = {name: METHODS[name] for name in chosen.methods}
    results: dict[str, dict[str, Any]] = {}
    try:
        inside = Inside(load_model(chosen.model or bundled_model_path()))
        for name, every in people(chosen.data, chosen.part).items():
            order = np.random.default_rng(0).permutation(len(every))[: chosen.count]
            found = measure(inside, [every[index] for index in order], methods)
            results[name] = {method: asdict(one) for method, one in found.items()}
            print(f"{inside.info.name}, {chosen.part} data, {name}", flush=True)
            for method, one in found.items():
                print(_line(method, one), flush=True)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    if chosen.json:
        known = json.loads(chosen.json.read_text("utf-8")) if chosen.json.exists() else {}
        content = known | {chosen.part: {"model": inside.info.name, "erased": SHARE, **results}}
        chosen.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0


def _line(method: str, one: Salience) -> str:
    ratio = (
        "no random run changes an answer"
        if one.ratio is None
        else f"{one.ratio:.1f} times as often ({one.low:.1f} to {one.high:.1f})"
    )
    return (
        f"  {method:<22}{one.count:>6,} drawings, {one.salient:6.2%} change without the most"
        f" salient tenth, {one.random:6.2%} without one at random: {ratio}"
    )


if __name__ == "__main__":
    sys.exit(main())
