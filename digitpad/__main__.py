"""Start Digitpad: ``python -m digitpad``, and the ``digitpad`` command."""

from __future__ import annotations

import faulthandler
import multiprocessing
import sys


def main() -> None:
    """Run the command line of this process, and leave with its exit code."""
    multiprocessing.freeze_support()
    # A program without a console has no standard error to write a crash to.
    if sys.stderr is not None:
        faulthandler.enable()
    from digitpad import cli

    sys.exit(cli.run(sys.argv[1:]))


if __name__ == "__main__":
    main()
