"""How well a model reads numbers: `python -m training.numbers.measure --data DIR MODEL`.

Numbers are read as the program reads them, and with the true borders given: that is what the
recognition of single digits alone would allow. On validation data; ``--part test`` is for the end.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from digitpad.errors import DigitpadError
from digitpad.recognition.division.memo import Memo
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.model_file import load_model
from digitpad.recognition.recognition import preprocessed
from digitpad.recognition.recognizer import Recognizer
from training.numbers.scores import Read, figures
from training.numbers.sets import SETS, cases, composed_numbers
from training.numbers.settled import settled
from training.numbers.walls import wall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from digitpad.ink.drawing import Drawing
    from digitpad.recognition.model_file import Model
    from digitpad.recognition.recognition import Recognition
    from training.numbers.scores import Figures
    from training.numbers.sets import Case

SETTLED = 200
"""Composed numbers that are read at the end of each stroke, to see what changes."""

MOST_ON_WALL = 600

_COLUMNS = (
    ("count", "count"),
    ("right", "right"),
    ("true_right", "true"),
    ("of_true", "of true"),
    ("refused", "refused"),
    ("sure_wrong", "sure, wrong"),
    ("ece", "ECE"),
    ("digits_right", "digits"),
    ("split", "split"),
    ("merged", "merged"),
    ("misread", "misread"),
    ("spaced", "spaced"),
    ("milliseconds", "ms"),
)


def reader(model: Model, memo: Memo | None = None) -> Callable[[Drawing], Recognition]:
    """Reads one drawing at a time as the program does.

    Args:
        model: reads it.
        memo: what was read before, as on the pad; None begins anew with each drawing.
    """
    recognizer = Recognizer(model)
    threshold = model.info.calibration.reject_below

    def read(drawing: Drawing) -> Recognition:
        (found,) = recognize([preprocessed(drawing)], recognizer.predict, threshold, memo)
        return found

    return read


def read_cases(
    model: Model, chosen: Iterable[Case], mistakes: list[tuple[Recognition, str]] | None = None
) -> Iterator[Read]:
    """What a model reads of each case.

    Args:
        model: with digits as its classes.
        chosen: what is read.
        mistakes: gets what is misread, or read where there is no number, with words for it.
    """
    read, recognizer = reader(model), Recognizer(model)
    for case in chosen:
        began = time.process_time()
        found = read(case.drawing)
        milliseconds = 1000 * (time.process_time() - began)
        true_right = None
        if case.glyphs is not None and case.text is not None:
            alone = "".join(one.text for one in recognizer.predict(case.glyphs))
            true_right = alone == "".join(case.text.split()) and bool(
                case.glyphs.any(axis=(1, 2)).all()
            )
        rejected = found.rejected or not found.parts
        one = Read(
            case.text,
            found.text,
            found.confidence,
            rejected,
            true_right,
            milliseconds,
            case.traits,
        )
        is_mistake = not rejected if case.text is None else not one.is_right
        if mistakes is not None and is_mistake:
            mistakes.append((found, _words(one)))
        yield one


def _words(one: Read) -> str:
    truth = "no number" if one.truth is None else one.truth
    alone = {True: ", true borders right", False: ", true borders wrong", None: ""}[one.true_right]
    return f"{truth} > {one.text}, {one.confidence:.0%}{' rejected' * one.rejected}{alone}"


def table(results: Mapping[str, Figures]) -> str:
    """Figures of sets beneath each other, with the traits of each."""
    lines = [" " * 34 + "".join(f"{title:>12}" for _, title in _COLUMNS)]
    for name, found in results.items():
        title = SETS[name][0]
        cells = (_cell(key, getattr(found, key)) for key, _ in _COLUMNS)
        lines.append(f"{title:<34}" + "".join(f"{cell:>12}" for cell in cells))
        for trait, (share, count) in sorted(found.by_trait.items()):
            lines.append(f"    {trait:<30}{count:>12}{share:>12.2%}")
        if found.others:
            lines.append(
                f"    {'no number, and not rejected':<30}{found.others:>12}"
                f"{found.others_accepted:>12.2%}"
            )
    return "\n".join(lines)


def _cell(key: str, value: float | None) -> str:
    if value is None:
        return "–"
    if key == "count":
        return f"{value:,}"
    return f"{value:.1f}" if key == "milliseconds" else f"{value:.2%}"


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.numbers.measure", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/ and pen/")
    parser.add_argument(
        "--part",
        choices=("validation", "test"),
        default="validation",
        help="test is read once, when nothing is left to be chosen; validation",
    )
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), help="which; all")
    parser.add_argument("--count", type=int, help="drawings of each set, at most")
    parser.add_argument(
        "--settled",
        type=int,
        default=SETTLED,
        metavar="NUMBERS",
        help=f"composed numbers that are read stroke by stroke; {SETTLED}",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument(
        "--wall", type=Path, metavar="FILE", help="draw what is misread there, as a PNG"
    )
    parser.add_argument("model", type=Path, metavar="MODEL", help="a model file")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        model = load_model(chosen.model)
        mistakes: list[tuple[Recognition, str]] = []
        results = {}
        for name in chosen.sets:
            every = cases(chosen.data, chosen.part, name, chosen.count)
            results[name] = figures(list(read_cases(model, every, mistakes)))
        written = islice(composed_numbers(chosen.data, chosen.part), chosen.settled)
        stays = settled(written, reader(model, Memo()))
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{model.info.name}, {chosen.part} data")
    print(table(results))
    if stays.finished:
        print(f"Of {stays.finished:,} finished digits, {stays.share:.2%} change afterwards.")
        print(f"Written so, {stays.right:,} of {stays.numbers:,} numbers are right in the end.")
    if chosen.wall and mistakes:
        wall(mistakes[:MOST_ON_WALL]).save(chosen.wall, "PNG")
    if chosen.json:
        content: dict[str, Any] = {
            "part": chosen.part,
            "model": model.info.name,
            "sets": {name: asdict(found) for name, found in results.items()},
            "settled": stays._asdict(),
        }
        chosen.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
