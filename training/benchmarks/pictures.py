"""The speed of `digitpad classify` on pictures, beside Pillow's decoding of the same files.

Times are CPU times, which other programs hardly change.
"""

from __future__ import annotations

import contextlib
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from digitpad import cli

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROUNDS = 3
WHOLE = 200
"""Pictures of the run that begins with the start of the program."""

KINDS = {
    "28x28 PNG": ((28, 28), "PNG", 100),
    "500x500 PNG": ((500, 500), "PNG", 50),
    "12-megapixel JPEG": ((4000, 3000), "JPEG", 8),
}
"""Size, format and number of the pictures that are made up."""


def measure(data: Path | None) -> dict[str, Any]:
    """Pictures per second of one core, medians over interleaved rounds, and times of whole runs."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        profile = str(Path(folder) / "profile")
        kinds = _kinds(data, Path(folder))
        for kind, files in kinds.items():
            ours, plain = _seconds(profile, files)
            figures[f"{kind} (pictures / CPU s)"] = len(files) / ours
            figures[f"{kind}, classify / decoding"] = ours / plain
        first = next(iter(kinds.values()))
        whole = [first[number % len(first)] for number in range(WHOLE)]
        figures[f"{WHOLE} pictures in whole, the first kind (CPU s)"] = _whole(profile, whole)
    return figures


def _seconds(profile: str, files: Sequence[Path]) -> tuple[float, float]:
    """Seconds of CPU time for classifying and for decoding."""
    # The first run imports what all need.
    _classify(profile, files[:1])
    rounds = [
        (_cpu_s(partial(_classify, profile, files)), _cpu_s(partial(_decode, files)))
        for _ in range(ROUNDS)
    ]
    ours, plain = (statistics.median(values) for values in zip(*rounds, strict=True))
    return ours, plain


def _kinds(data: Path | None, folder: Path) -> dict[str, list[Path]]:
    found = sorted((data / "photos" / "digits").glob("*")) if data is not None else []
    real = {"photographs and scans": found} if found else {}
    return real | {name: _made_up(folder, name, *kind) for name, kind in KINDS.items()}


def _made_up(folder: Path, name: str, size: tuple[int, int], kind: str, count: int) -> list[Path]:
    """Sevens on paper with some shade and grain."""
    (folder / name).mkdir()
    files = []
    for number in range(count):
        rng = np.random.default_rng(number)
        y, x = np.mgrid[0 : size[1], 0 : size[0]] / max(size)
        slant = 0.55 - 0.4 * (y - 0.25) + 0.002 * number
        is_ink = ((y > 0.2) & (y < 0.27) & (x > 0.3) & (x < 0.62)) | (
            (y > 0.2) & (y < 0.7) & (np.abs(x - slant) < 0.035)
        )
        levels = np.where(is_ink, 40.0, 190.0 + 50.0 * x) + rng.normal(0, 3, x.shape)
        pixels = np.repeat(levels.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
        files.append(folder / name / f"{number}.{kind.lower()}")
        Image.fromarray(pixels).save(files[-1], kind)
    return files


def _classify(profile: str, files: Sequence[Path]) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = cli.run(["--profile", profile, "classify", "--json", *map(str, files)])
    if code != 0 or len(printed.getvalue().splitlines()) != len(files):
        raise RuntimeError("classify failed")


def _decode(files: Sequence[Path]) -> None:
    for file in files:
        with Image.open(file) as image:
            np.asarray(image.convert("RGB"))


def _cpu_s(call: Callable[[], None]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began


def _whole(profile: str, files: Sequence[Path]) -> float:
    """Of a process of its own, its start and imports included."""
    command = (
        "import json, sys, time\n"
        "from digitpad import cli\n"
        "code = cli.run(json.loads(sys.argv[1]))\n"
        "print(json.dumps([code, time.process_time()]))\n"
    )
    arguments = ["--profile", profile, "classify", *map(str, files)]
    done = subprocess.run(
        [sys.executable, "-c", command, json.dumps(arguments)],
        check=True,
        capture_output=True,
        text=True,
    )
    code, seconds = json.loads(done.stdout.splitlines()[-1])
    if code != 0:
        raise RuntimeError("classify failed")
    return float(seconds)
