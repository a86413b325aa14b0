"""Speed and memory of the program: `python -m training.benchmark [--data DIR] [PART ...]`.

Every figure is taken in one run on one machine, beside what it is to be compared with, and is worth
reading only as a ratio unless the machine is known. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.benchmarks import (
    beside,
    bundle,
    evaluating,
    inside,
    loop,
    numbers,
    pad,
    pictures,
    quick,
    startup,
)
from training.teaching import measure as teaching

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS: dict[str, Callable[[Path | None], dict[str, Any]]] = {
    "startup": startup.measure,
    "pad": pad.measure,
    "numbers": numbers.measure,
    "evaluate": evaluating.measure,
    "pictures": pictures.measure,
    "loop": loop.measure,
    "quick": quick.measure,
    "beside": beside.measure,
    "bundle": bundle.measure,
    "teach": teaching.measure,
    "inside": inside.measure,
}


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.benchmark", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all")
    parser.add_argument(
        "--data",
        type=Path,
        help="folder with mnist/ and pen/; without it, made-up digits where they will do",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {sorted(unknown)[0]!r}")
    # A real screen where there is one; the figures name what was painted on.
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures: dict[str, Any] = {"machine": _machine()}
    show("machine", figures["machine"])
    for name in chosen.parts or PARTS:
        figures[name] = PARTS[name](chosen.data)
        show(name, figures[name])
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _machine() -> dict[str, Any]:
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "screen": os.environ.get("QT_QPA_PLATFORM") or "the platform's own",
    }


def show(title: str, figures: dict[str, Any]) -> None:
    """Print figures beneath a title."""
    print(f"\n{title}")
    for name, value in figures.items():
        shown = f"{value:.3f}" if isinstance(value, float) else value
        print(f"  {name:<58} {shown}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
