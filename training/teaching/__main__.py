"""How much teaching helps, and what it costs elsewhere: `python -m training.teaching --data DIR`.

The figures are those of `python -m training.benchmark teach`, also with MNIST's test file.
`python -m training.card.teaching FILE` puts them into the model card.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from digitpad.errors import DigitpadError
from digitpad.storage.atomic import write_atomically
from training.benchmark import show
from training.teaching.measure import measure


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.teaching", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/ and pen/")
    parser.add_argument(
        "--part",
        choices=("validation", "test"),
        default="validation",
        help="of MNIST; test is read once, when nothing is left to be chosen; validation",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    chosen = parser.parse_args(arguments)
    try:
        figures = measure(chosen.data, chosen.part)
        show("teach", figures)
        if chosen.json:
            write_atomically(chosen.json, json.dumps(figures, indent=2) + "\n")
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
