"""Whole numbers in the model card: `python -m training.card.numbers FILE ...` writes them there.

Each file is what `python -m training.numbers.measure --json` has written of one model. They are
kept among the results that the card is made of.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitpad.errors import DigitpadError
from training.card.text import NUMBERS
from training.numbers.sets import SETS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ECE = 0.02
"""Most calibration error of whole numbers."""

_NONE = "–"


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted of a set of numbers; None where nothing is.

    Attributes:
        right: least share that is wholly right.
        of_true: least share of what is right with the true borders.
        lost: most that may be lost against the true borders, in shares.
        refused: most that may be rejected.
    """

    right: float | None = None
    of_true: float | None = None
    lost: float | None = None
    refused: float | None = None

    def met(self, found: Mapping[str, Any]) -> bool:
        """Whether the figures of a set reach it, its calibration error included."""
        # Shares are of whole numbers, whose last bits are nobody's merit.
        room = 1e-9
        return bool(
            (self.right is None or found["right"] >= self.right - room)
            and (self.of_true is None or found["of_true"] >= self.of_true - room)
            and (self.lost is None or found["right"] >= found["true_right"] - self.lost - room)
            and (self.refused is None or found["refused"] <= self.refused + room)
            and found["ece"] <= ECE + room
        )

    def shown(self) -> str:
        """In a cell of the table."""
        parts = []
        if self.right is not None:
            parts.append(f"≥ {100 * self.right:g}%")
        if self.of_true is not None:
            parts.append(f"≥ {100 * self.of_true:g}% of that with true borders")
        if self.lost is not None:
            parts.append(f"≤ {100 * self.lost:g} points below that as one digit")
        if self.refused is not None:
            parts.append(f"refused ≤ {100 * self.refused:g}%")
        return "; ".join(parts)


TARGETS: Mapping[str, Target] = {
    "real": Target(right=0.975, refused=0.03),
    "composed": Target(of_true=0.985),
    "photos": Target(of_true=0.975),
    "rows": Target(right=0.97),
    "pen": Target(lost=0.0003),
    "unipen": Target(lost=0.0003),
    "mnist": Target(lost=0.0003),
}

_TRAITS = {
    "apart": "all neighbours apart",
    "touching": "some touching",
    "overlapping": "some overlapping",
    "joined": "some joined into one stroke",
    "delayed": "a bar, hat or flag drawn last",
    "reaching": "a bar or flag over the next digit",
    "plain": "on plain paper",
    "ruled": "on ruled paper",
    "squared": "on squared paper",
    "dark": "white on black",
    "pen": "with a pen",
    "pencil": "with a pencil",
    "marker": "with a marker",
}


def numbers_section(measured: Sequence[Mapping[str, Any]]) -> str:
    """The section of the card on whole numbers; empty without figures.

    Args:
        measured: figures of one model each, as `training.numbers.measure` writes them.
    """
    if not measured:
        return ""
    return NUMBERS.format(models="\n".join(_of_model(one) for one in measured))


def _of_model(measured: Mapping[str, Any]) -> str:
    sets: Mapping[str, Mapping[str, Any]] = measured["sets"]
    blocks = [
        f"### {measured['model']}, {measured['part']} data",
        _main_table(sets),
        _mistakes_table(sets),
    ]
    blocks += [
        _trait_table(SETS[name][0], sets[name]["by_trait"])
        for name in ("composed", "photos")
        if name in sets and sets[name]["by_trait"]
    ]
    stays = measured.get("settled")
    if stays and stays["finished"]:
        share = stays["changed"] / stays["finished"]
        blocks.append(
            f"Of {stays['finished']:,} finished digits, {share:.2%} were read in another way when"
            " the writer went on (target: fewer than 0.5%)."
        )
    return "\n\n".join([*blocks, ""])


def _main_table(sets: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [
        (
            "| measured on | drawings | target | wholly right | with true borders | share of that"
            " | refused | calibration error | met |"
        ),
        "|---" * 9 + "|",
    ]
    for name, found in sets.items():
        if not found["count"]:
            continue
        target = TARGETS.get(name)
        cells = [
            SETS[name][0],
            f"{found['count']:,}",
            target.shown() if target else "",
            *(_percent(found[key]) for key in ("right", "true_right", "of_true", "refused", "ece")),
            "" if target is None else "yes" if target.met(found) else "**no**",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _mistakes_table(sets: Mapping[str, Mapping[str, Any]]) -> str:
    keys = ("digits_right", "split", "merged", "misread", "spaced", "sure_wrong", "others_accepted")
    lines = [
        (
            "| measured on | digits right | split | merged | misread | spaces | sure and wrong"
            " | no number, and not refused |"
        ),
        "|---" * (len(keys) + 1) + "|",
    ]
    for name, found in sets.items():
        cells = [SETS[name][0], *(_percent(found[key]) for key in keys)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _trait_table(title: str, traits: Mapping[str, Sequence[float]]) -> str:
    lines = [f"| {title} | numbers | wholly right |", "|---|---|---|"]
    for trait, words in _TRAITS.items():
        if trait in traits:
            share, count = traits[trait]
            lines.append(f"| {words} | {count:,} | {_percent(share)} |")
    return "\n".join(lines)


def _percent(value: float | None) -> str:
    return _NONE if value is None else f"{value:.2%}"


def main(arguments: list[str] | None = None) -> int:
    """Put figures into the results and the card; returns the exit code."""
    from training.bundled import MODELS, RESULTS
    from training.recipe.finish import add_figures, read_json

    parser = argparse.ArgumentParser(prog="python -m training.card.numbers", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="figures of a model")
    parser.add_argument("--results", type=Path, default=RESULTS, help="what the card is made of")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the card")
    chosen = parser.parse_args(arguments)
    try:
        measured = [read_json(path) for path in chosen.files]
        add_figures("numbers", measured, chosen.results, chosen.models)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
