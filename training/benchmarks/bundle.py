"""The bundle and the source tree: the time until the window is shown, and that of a first step.

Both programs are measured from outside in the same way. The bundle is that of
``packaging/build.py`` in ``build/bundle``. Windows need an X server and ``xev``.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROUNDS = 7

_CHECKOUT = Path(__file__).resolve().parents[2]
_BUNDLE = _CHECKOUT / "build" / "bundle" / "program" / "dist" / "digitpad" / "digitpad"
_ONE_STEP = (
    *("train", "--data", "synthetic", "--count", "320", "--batch-size", "256"),
    *("--validation-share", "0.2", "--epochs", "1", "--threads", "1"),
)


def measure(_data: Path | None) -> dict[str, Any]:
    """Medians over rounds in which each program runs once; seconds, and ratios."""
    if not _BUNDLE.exists():
        return {"no bundle here": "packaging/build.py makes one"}
    programs = {"source tree": Path(sys.executable).with_name("digitpad"), "bundle": _BUNDLE}
    figures: dict[str, Any] = {}
    kinds = {"training of one step": _training}
    if os.environ.get("DISPLAY") and shutil.which("xev"):
        kinds = {"window on the screen": _window, **kinds}
    for kind, run in kinds.items():
        seconds: dict[str, list[float]] = {name: [] for name in programs}
        # The first round warms the disk's cache and compiles byte code; it does not count.
        for round_ in range(ROUNDS + 1):
            for name, program in programs.items():
                with tempfile.TemporaryDirectory() as profile:
                    taken = run(program, profile)
                if round_:
                    seconds[name].append(taken)
        medians = {name: statistics.median(taken) for name, taken in seconds.items()}
        for name, median in medians.items():
            figures[f"{kind}, {name} (s, median of {ROUNDS})"] = median
        figures[f"{kind}, bundle / source tree"] = medians["bundle"] / medians["source tree"]
    return figures


def _training(program: Path, profile: str) -> float:
    began = time.monotonic()
    subprocess.run(
        [program, "--profile", profile, *_ONE_STEP], check=True, capture_output=True, timeout=120
    )
    return time.monotonic() - began


def _window(program: Path, profile: str) -> float:
    """Seconds from the start of the process to its main window being mapped."""
    # Without a window manager every window that opens is a child of the root.
    with subprocess.Popen(
        ["stdbuf", "--output=L", "xev", "-root", "-event", "substructure"],
        stdout=subprocess.PIPE,
        text=True,
    ) as watcher:
        assert watcher.stdout is not None
        # By then it sees what happens.
        time.sleep(0.3)
        began = time.monotonic()
        with subprocess.Popen([program, "--profile", profile]) as process:
            # Its window is the only one that it maps.
            for line in watcher.stdout:
                if line.startswith("MapNotify"):
                    break
            taken = time.monotonic() - began
            process.terminate()
        watcher.terminate()
    return taken
