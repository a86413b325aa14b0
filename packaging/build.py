#!/usr/bin/env python3
"""Build the bundle and its installers from this checkout; packaging/README.md tells more.

Needs nothing but Python: it makes the virtual environment that the rest of the work is done in.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bundling import environment
from bundling.failure import BuildError

PACKAGING = Path(__file__).resolve().parent


def main() -> int:
    """Prepare the environment and hand over; exit code 2 after a sentence on what is wrong."""
    checkout = PACKAGING.parent
    try:
        python = environment.prepare(checkout / "build" / "bundle" / "venv", checkout)
    except BuildError as error:
        print(f"build: {error}", file=sys.stderr)
        return 2
    return subprocess.run(
        [str(python), "-m", "bundling", *sys.argv[1:]],
        check=False,
        env=os.environ | {"PYTHONPATH": str(PACKAGING)},
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
