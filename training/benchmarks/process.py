"""Runs a part of a benchmark in a process of its own, and tells how much memory one holds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def run_part(module: str, *arguments: object, timeout_s: float = 1800) -> Any:
    """Run a module and read what it prints last.

    Args:
        module: name of a module that prints JSON in its last line.
        arguments: of the module, as on a command line; None is left out.
        timeout_s: seconds after which it is killed.

    Raises:
        subprocess.SubprocessError: it failed or took too long.
    """
    words = [str(argument) for argument in arguments if argument is not None]
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        check=True,
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )
    return json.loads(done.stdout.splitlines()[-1])


def resident_megabytes() -> float:
    """The memory that this process holds; NaN where the system does not say."""
    # Linux's own count; elsewhere there is none without another library.
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
