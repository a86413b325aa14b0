"""Spoil files and see whether the program ends well: ``python -m tests.fuzz``.

Without options, a few hundred cases of every reader. README.md beside this file explains.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from .campaign import READER_NAMES, run_cases


def main() -> int:
    """Run what the command line asks for; 1 where a case has failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--reader", choices=READER_NAMES, action="append", help="default: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cases", type=int, default=300, help="number of cases of each reader")
    parser.add_argument("--only", type=int, metavar="N", help="just this case")
    parser.add_argument("--folder", type=Path, help="where files of failures are kept")
    args = parser.parse_args()
    numbers = range(args.cases) if args.only is None else range(args.only, args.only + 1)
    folder = args.folder or Path(tempfile.mkdtemp(prefix="digitpad-fuzz-"))
    failed = 0
    for reader in args.reader or READER_NAMES:
        failures = run_cases(reader, args.seed, numbers, folder.absolute() / reader)
        for failure in failures:
            print(failure, flush=True)
        print(f"{reader}: seed {args.seed}, {len(numbers)} cases, {len(failures)} failed")
        failed += len(failures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
