"""Start Digitpad: ``python -m digitpad``, and the ``digitpad`` command."""

from __future__ import annotations

import faulthandler
import multiprocessing
import sys

from digitpad.process import environment
from digitpad.process.exit_codes import BAD_INPUT, INTERRUPTED


def main() -> None:
    """Run the command line of this process, and leave with its exit code."""
    multiprocessing.freeze_support()
    # A program without a console has no standard error to write a crash to.
    if sys.stderr is not None:
        faulthandler.enable()
    environment.settle()
    try:
        from digitpad import cli

        code = cli.run(sys.argv[1:])
    except KeyboardInterrupt:
        # Ctrl-C while modules are still being imported; later ones end in the command line.
        code = INTERRUPTED
    except (MemoryError, ImportError, OSError) as error:
        # Likewise while modules are imported. Unless it is a limit of the system, it is a bug.
        from digitpad.storage.limits import limit_met

        if (limit := limit_met(error)) is None:
            raise
        print(f"digitpad: {limit}", file=sys.stderr)
        code = BAD_INPUT
    sys.exit(code)


if __name__ == "__main__":
    main()
