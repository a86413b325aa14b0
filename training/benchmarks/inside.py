"""The Inside page: a stroke's way through all layers, its first opening, and its memory.

It runs in a process of its own (`python -m training.benchmarks.inside`), as the pad's does.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QApplication

from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognition import preprocess_drawing
from digitpad.recognition.recognizer import Recognizer
from training.benchmarks.pad import with_program
from training.benchmarks.process import resident_megabytes, run_part
from training.benchmarks.strokes import drawings

if TYPE_CHECKING:
    from collections.abc import Callable

    from digitpad.app.application import Program

_DRAWINGS = 60
_PASSES = 300
_UPDATES = 3000
"""Updates whose memory is looked at: about as many as in some minutes of drawing."""


def measure(data: Path | None) -> dict[str, Any]:
    """Times in milliseconds, as medians and 99th percentiles, and memory in megabytes."""
    figures: dict[str, Any] = run_part("training.benchmarks.inside", data)
    return figures


def _figures(program: Program, data: Path | None) -> dict[str, Any]:
    glyphs = [_glyph(one) for one in drawings(data, _DRAWINGS)]
    begun = time.perf_counter()
    controller = program.inside.show()
    QApplication.processEvents()
    opening = 1000 * (time.perf_counter() - begun)
    model = load_model(bundled_model_path())
    recognizer, inside = Recognizer(model), Inside(model)
    passes: dict[str, Callable[[np.ndarray], object]] = {
        "one pass of the pad": lambda glyph: recognizer.predict(glyph[None]),
        "outputs of all layers": inside.outputs,
        "all layers in float64": inside.exact,
    }
    times = {name: _timed(work, glyphs) for name, work in passes.items()}
    document = program.pad.document
    drawn = drawings(data, _DRAWINGS)

    def update(number: int) -> None:
        # The recognition, all layers, and their painting.
        document.replace(drawn[number % len(drawn)])
        QApplication.processEvents()

    times["a drawing through all layers, painted"] = _percentiles(
        [_milliseconds(partial(update, number)) for number in range(_PASSES)]
    )
    if controller.view is None:
        raise RuntimeError("the page has no view")
    before = resident_megabytes()
    for number in range(_UPDATES):
        update(number)
    return {
        "first opening (ms)": round(opening, 1),
        **times,
        "memory before (MB)": round(before, 1),
        f"memory after {_UPDATES} updates (MB)": round(resident_megabytes(), 1),
    }


def _glyph(drawing: Any) -> np.ndarray:
    return preprocess_drawing(drawing, as_one=True).parts[0].stages.glyph


def _timed(work: Callable[[np.ndarray], object], glyphs: list[np.ndarray]) -> dict[str, float]:
    for glyph in glyphs[:5]:
        work(glyph)
    every = [glyphs[number % len(glyphs)] for number in range(_PASSES)]
    return _percentiles([_milliseconds(partial(work, glyph)) for glyph in every])


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def _percentiles(times: list[float]) -> dict[str, float]:
    return {
        "median": round(float(np.median(times)), 3),
        "99 %": round(float(np.percentile(times, 99)), 3),
    }


def _main(data: Path | None) -> None:
    print(json.dumps(with_program(lambda program: _figures(program, data))))


if __name__ == "__main__":
    _main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
