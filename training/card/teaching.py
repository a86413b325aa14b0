"""Teaching in the model card: `python -m training.card.teaching FILE` writes it there.

The file is what `python -m training.teaching --json FILE` has written, or
`python -m training.benchmark teach --json FILE`. Its figures are kept among the results that the
card is made of.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitpad.errors import DigitpadError
from digitpad.learning.adaptation.statistics import EXEMPLARS
from digitpad.learning.adaptation.teacher import COPIES
from digitpad.recognition.adapted.taught import CLOSE_LENGTH, LENGTH
from training.card.curve import curve_svg
from training.card.text import TEACHING
from training.recipe.splits import LARGE_SITES, TEST_SIGNS, VALIDATION_SIGNS
from training.teaching import own_symbols
from training.teaching.folds import NEVER_TRAINED, folds
from training.teaching.measure import ERRORS_LEFT, LETTERS, OTHERS, PART, SYMBOLS
from training.teaching.simulate import FEWEST_DRAWINGS, MOST_LESSONS, SLIPS

if TYPE_CHECKING:
    from collections.abc import Mapping

CURVE = "bundled-teaching.svg"
"""File of the picture, beside the card."""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure, and what is wanted of it.

    Attributes:
        key: of the figure.
        title: in the table; a dash continues the row above.
        places: decimals of what was found.
        unit: what follows a figure.
        least: that is wanted; None where nothing is.
        most: that may be; likewise.
    """

    key: str
    title: str
    places: int = 0
    unit: str = ""
    least: float | None = None
    most: float | None = None

    def target(self) -> str:
        """In a cell of the table."""
        if self.least is not None:
            return f"≥ {_minus(f'{self.least:g}')}{self.unit}"
        return "" if self.most is None else f"≤ {_minus(f'{self.most:g}')}{self.unit}"

    def met(self, figures: Mapping[str, Any]) -> str:
        """In a cell of the table: whether the target is reached."""
        if self.least is None and self.most is None:
            return ""
        # Shares are of whole drawings, whose last bits are nobody's merit.
        room, value = 1e-9, figures[self.key]
        is_met = (self.least is None or value >= self.least - room) and (
            self.most is None or value <= self.most + room
        )
        return "yes" if is_met else "**no**"

    def found(self, figures: Mapping[str, Any]) -> str:
        """In a cell of the table."""
        return _minus(f"{figures[self.key]:z,.{self.places}f}") + self.unit


def _minus(number: str) -> str:
    """A number with a minus sign, which is no hyphen."""
    return number.replace("-", "−")


_FEWER = {1: 45.0, MOST_LESSONS: 80.0}
"""By how much errors must be fewer after so many lessons, in percent."""

_POINTS = " points"

ROWS = (
    Row("writers", "Writers", least=150),
    Row("lessons", "– their lessons together"),
    Row("writers with errors left", "– with errors on drawings that are no lessons"),
    Row("fewer after one, %", "Fewer errors of these after one lesson", 1, "%", least=_FEWER[1]),
    Row("fewer after five, %", "– after five", 1, "%", least=_FEWER[MOST_LESSONS]),
    Row("writers worse by more", "Writers with two errors more after five, or worse", most=0),
    Row("writers worse by one", "– with one error more"),
    Row("AUROC, mean", "AUROC of digits against what is none, change", 4, least=-0.005),
    Row("digits refused, mean", "Digits rejected, change", 3, _POINTS, most=0.3),
    Row("calibration error, mean", "Calibration error, change", 3, _POINTS, most=0.3),
    Row("MNIST, mean", "MNIST, accuracy, change", 3, _POINTS, least=-0.03),
    Row("MNIST, worst", "– for the worst of the writers", 3, _POINTS, least=-0.25),
    Row("other writers, mean", "Other people's digits, accuracy, change", 3, _POINTS, least=-0.05),
    Row("other writers, worst", "– for the worst of the writers", 3, _POINTS, least=-0.3),
    Row("flagged wrong lessons, %", "Wrong lessons that are flagged", 1, "%", least=85.0),
    Row("flagged right lessons, %", "Right lessons that are flagged", 1, "%", most=10.0),
    Row(
        "cost of a wrong lesson, own digits",
        "Accuracy that a wrong lesson costs, own digits",
        3,
        _POINTS,
        most=0.2,
    ),
    Row("cost of a wrong lesson, other writers", "– other people's", 3, _POINTS, most=0.2),
    Row("cost of a wrong lesson, MNIST", "– MNIST", 3, _POINTS, most=0.2),
    Row(
        "ten own symbols from three drawings, %",
        "Ten own symbols from three drawings each, right",
        1,
        "%",
        least=93.0,
    ),
    Row("worst of the sets, %", "– the worst of the sets", 1, "%"),
    Row("writers with own symbols", "– writers"),
    Row("a lesson, median ms", "Time of a lesson, median", 0, " ms", most=200.0),
    Row("a lesson, longest ms", "– the longest", 0, " ms"),
)


def teaching_section(measured: Mapping[str, Any] | None) -> str:
    """The section of the card on teaching; empty without figures.

    Args:
        measured: as `training.teaching.measure.measure` gives them.
    """
    if not measured:
        return ""
    return TEACHING.format(
        length=LENGTH,
        close_length=CLOSE_LENGTH,
        copies=COPIES,
        exemplars=EXEMPLARS,
        folds=len(folds()),
        sites=len(LARGE_SITES),
        never=len(NEVER_TRAINED),
        fewest=FEWEST_DRAWINGS,
        most=MOST_LESSONS,
        part=measured[PART],
        errors=measured[ERRORS_LEFT][0],
        writers=measured["writers with errors left"],
        others=OTHERS,
        none=LETTERS + SYMBOLS,
        slips=SLIPS,
        sets=own_symbols.DRAWS,
        symbols=own_symbols.SYMBOLS,
        shots=own_symbols.SHOTS,
        signs=f"`{' '.join(sorted(TEST_SIGNS | VALIDATION_SIGNS))}`",
        table=_table(measured),
        file=CURVE,
    )


def _table(measured: Mapping[str, Any]) -> str:
    lines = ["| figure | found | target | met |", "|---|---|---|---|"]
    for row in ROWS:
        cells = (row.title, row.found(measured), row.target(), row.met(measured))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def curve(measured: Mapping[str, Any]) -> str:
    """The picture of the errors that are left, as an SVG."""
    targets = {lessons: 1 - share / 100 for lessons, share in _FEWER.items()}
    return curve_svg(measured[ERRORS_LEFT], targets)


def main(arguments: list[str] | None = None) -> int:
    """Put figures into the results and the card; returns the exit code."""
    from training.bundled import MODELS, RESULTS
    from training.recipe.finish import add_figures, read_json

    parser = argparse.ArgumentParser(prog="python -m training.card.teaching", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="figures of teaching")
    parser.add_argument("--results", type=Path, default=RESULTS, help="what the card is made of")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the card")
    chosen = parser.parse_args(arguments)
    try:
        measured = _figures(read_json(chosen.file), chosen.file)
        add_figures("teaching", measured, chosen.results, chosen.models)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _figures(found: Any, path: Path) -> dict[str, Any]:
    figures = found.get("teach", found) if isinstance(found, dict) else {}
    if not isinstance(figures, dict):
        figures = {}
    needed = {PART, ERRORS_LEFT, *(row.key for row in ROWS)}
    if missing := sorted(needed - figures.keys()):
        raise DigitpadError(
            "{path} lacks figures of teaching ({name}): write it with python -m training.teaching.",
            path=path,
            name=missing[0],
        )
    return dict(figures)


if __name__ == "__main__":
    sys.exit(main())
