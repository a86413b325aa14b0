"""The speed of `digitpad evaluate` on pen strokes, beside a loop over single drawings."""

from __future__ import annotations

import contextlib
import io
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitpad import cli
from digitpad.ink.preprocessing import preprocess
from digitpad.ink.stroke_file import read_strokes, to_ndjson_line
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognizer import Recognizer
from training.benchmarks.strokes import drawings, pen_file

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
MADE_UP = 3000


def measure(data: Path | None) -> dict[str, Any]:
    """Drawings per second, medians over interleaved rounds, both in this process."""
    recognizer = Recognizer(load_model(bundled_model_path()))
    with tempfile.TemporaryDirectory() as folder:
        path = pen_file(data) or _made_up(Path(folder))
        count = sum(1 for _ in read_strokes(path))

        def command() -> float:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                code = cli.run(["--profile", folder, "evaluate", str(path), "--json"])
            if code != 0:
                raise RuntimeError("evaluate failed")
            accuracy: float = json.loads(printed.getvalue())["accuracy"]
            return accuracy

        def plain() -> float:
            right = 0
            for record in read_strokes(path):
                glyph = preprocess(record.drawing).glyph
                right += recognizer.predict(glyph[None])[0].text == record.word
            return right / count

        rates: dict[str, list[float]] = {"evaluate": [], "plain loop": []}
        accuracies: dict[str, float] = {}
        for _ in range(ROUNDS):
            for name, call in (("evaluate", command), ("plain loop", plain)):
                seconds, accuracies[name] = _timed(call)
                rates[name].append(count / seconds)
    if abs(accuracies["evaluate"] - accuracies["plain loop"]) > 1.5 / count:
        raise RuntimeError(f"the two ways do not agree: {accuracies}")
    medians = {name: statistics.median(values) for name, values in rates.items()}
    return {
        "drawings": count,
        **{f"{name} (drawings/s, median of {ROUNDS})": rate for name, rate in medians.items()},
        "evaluate / plain loop": medians["evaluate"] / medians["plain loop"],
    }


def _made_up(folder: Path) -> Path:
    path = folder / "sevens.ndjson"
    lines = [to_ndjson_line(drawing, word="7") for drawing in drawings(None, MADE_UP)]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _timed(call: Callable[[], float]) -> tuple[float, float]:
    began = time.perf_counter()
    result = call()
    return time.perf_counter() - began, result
