"""Reading a page of digits: at the end of each stroke, and all at once.

Without the window, times are processor times and worth reading as ratios to reading one digit. In
the window, they go from the end of a stroke to its answer; those come of a process of its own
(`python -m training.benchmarks.numbers`).
"""

from __future__ import annotations

import gc
import json
import sys
import time
import tracemalloc
from itertools import islice
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from digitpad.ink.drawing import Drawing
from digitpad.recognition.division.memo import Memo
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognition import preprocess_drawing
from digitpad.recognition.recognizer import Recognizer
from training.benchmarks.process import run_part
from training.benchmarks.strokes import drawings
from training.numbers.geometry import upright

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.app.application import Program
    from digitpad.recognition.recognition import Recognition

ON_PAD = (1, 5, 10, 30)
"""Digits that are on the pad."""

PAGES = 5
"""Pages that are read at the end of each stroke; in the window, as many are drawn."""

COLUMNS, LINES = 6, 5
"""Digits in a line, and lines on a page."""


def measure(data: Path | None) -> dict[str, Any]:
    """Times in milliseconds, ratios to reading one digit, forward passes, and memory."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        figures = measure_without_window(pages(data, PAGES))
    finally:
        torch.set_num_threads(threads)
    in_window: dict[str, Any] = run_part("training.benchmarks.numbers", data)
    return figures | in_window


def pages(data: Path | None, count: int) -> list[list[Drawing]]:
    """The digits of so many pages, each at its place on the pad, in reading order."""
    each = COLUMNS * LINES
    source = iter(drawings(data, count * each))
    random = np.random.default_rng(0)
    return [_page(list(islice(source, each)), random) for _ in range(count)]


def _page(digits: Sequence[Drawing], random: np.random.Generator) -> list[Drawing]:
    height = 110.0
    found = []
    for at, digit in enumerate(digits):
        line, column = divmod(at, COLUMNS)
        corner = np.array([50.0 + 155.0 * column, 170.0 + 180.0 * line])
        place = corner + random.normal(0.0, 6.0, 2)
        strokes = [height * stroke + place for stroke in upright(digit)]
        found.append(Drawing.of(strokes, 0.1 * height))
    return found


class _Reader:
    """Reads as the pad does, and remembers what it has read."""

    def __init__(self) -> None:
        model = load_model(bundled_model_path())
        self._predict = Recognizer(model).predict
        self._threshold = model.info.calibration.reject_below
        self.memo = Memo()

    def forget(self) -> None:
        self.memo = Memo()

    def read(self, drawing: Drawing, *, as_one: bool = False) -> Recognition:
        begun = preprocess_drawing(drawing, as_one=as_one)
        (found,) = recognize([begun], self._predict, self._threshold, self.memo)
        return found

    def timed(self, drawing: Drawing, *, as_one: bool = False) -> float:
        """Milliseconds of processor time."""
        began = time.process_time()
        self.read(drawing, as_one=as_one)
        return 1000 * (time.process_time() - began)


def measure_without_window(chosen: Sequence[Sequence[Drawing]]) -> dict[str, Any]:
    """Processor times of pages that are read at the end of each stroke, and all at once."""
    reader = _Reader()
    reader.read(chosen[0][0])  # what is made at the first call
    one = median(
        reader.timed(digit, as_one=True) for digits in chosen for digit in (*digits, *digits)
    )
    times: dict[int, list[float]] = {count: [] for count in ON_PAD}
    passes: list[int] = []
    for digits in chosen:
        reader.forget()
        page = Drawing()
        for number, digit in enumerate(digits, 1):
            for stroke in digit.strokes:
                page = page.with_stroke(stroke)
                asked = reader.memo.asked
                spent = reader.timed(page)
                passes.append(reader.memo.asked - asked)
                if number in times:
                    times[number].append(spent)
    figures: dict[str, Any] = {"one digit, as one (CPU ms)": one}
    for number, spent_ms in times.items():
        if not spent_ms:
            continue
        title = f"end of a stroke, {number} on the pad"
        figures[f"{title} (CPU ms, median)"] = median(spent_ms)
        figures[f"{title} / one digit"] = median(spent_ms) / one
    figures["forward passes for a stroke (largest)"] = max(passes)
    figures["forward passes for a stroke (mean)"] = mean(passes)
    return figures | _cold(reader, [_joined(digits) for digits in chosen], one)


def _cold(reader: _Reader, whole: Sequence[Drawing], one: float) -> dict[str, Any]:
    """Pages that are read at once, as when they are opened."""
    times, asked = [], []
    for page in whole:
        reader.forget()
        times.append(reader.timed(page))
        asked.append(reader.memo.asked)
    return {
        "page of 30 digits at once (CPU ms, median)": median(times),
        "page of 30 digits at once / one digit": median(times) / one,
        "forward passes for a page (largest)": max(asked),
        "memory for a page, remembered (MiB)": _mebibytes(reader, whole[0]),
    }


def _mebibytes(reader: _Reader, page: Drawing) -> float:
    """What is kept of a page once it has been read."""
    reader.forget()
    gc.collect()
    tracemalloc.start()
    try:
        kept = reader.read(page)
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
        del kept
    finally:
        tracemalloc.stop()
    return size / 2**20


def _joined(digits: Sequence[Drawing]) -> Drawing:
    return Drawing(tuple(stroke for digit in digits for stroke in digit.strokes))


def _main(data: Path | None) -> None:
    from training.benchmarks import pad

    figures = pad.with_program(lambda program: _in_window(program, pages(data, PAGES)))
    print(json.dumps(figures))


def _in_window(program: Program, chosen: Sequence[Sequence[Drawing]]) -> dict[str, Any]:
    from PySide6.QtWidgets import QApplication

    from training.benchmarks.pad import Hand

    times: dict[int, list[float]] = {count: [] for count in ON_PAD}
    every: list[float] = []
    for digits in chosen:
        program.pad.document.clear()
        QApplication.processEvents()
        hand = Hand(program)
        hand.draw(_joined(digits))
        every += hand.times["end of stroke to answer"]
        answers = iter(hand.times["end of stroke to answer"])
        for number, digit in enumerate(digits, 1):
            spent = [next(answers) for _ in digit.strokes]
            for count in ON_PAD:
                # The digits around it stand for it: there are few strokes to a digit.
                if abs(number - count) <= min(count // 5, 2):
                    times[count] += spent
    return {
        f"in the window: end of stroke to answer, {count} on the pad (ms, median)": median(spent)
        for count, spent in times.items()
    } | {
        "in the window: end of stroke to answer, all of a page (ms, 99 %)": float(
            np.quantile(every, 0.99)
        )
    }


if __name__ == "__main__":
    _main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
