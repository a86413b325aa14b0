"""How well numbers are read: figures of many numbers, from what was read of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from digitpad.recognition.numbers import edit_distance
from digitpad.recognition.prediction import SURE
from digitpad.recognition.uncertainty import CALIBRATION_BINS, Bin
from training.card.reliability import calibration_error

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of one drawing.

    Attributes:
        truth: its text; None for what is no number.
        text: what was read, rejected or not.
        confidence: of the whole text.
        rejected: whether a part is, or nothing was found.
        true_right: whether every part is right where the true borders are given; None where they
            are not known.
        milliseconds: of processor time.
        traits: what is special about it, such as "joined".
    """

    truth: str | None
    text: str
    confidence: float
    rejected: bool
    true_right: bool | None = None
    milliseconds: float = 0.0
    traits: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether the whole text is right."""
        return self.text == self.truth


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a set of drawings; shares are in [0, 1], and None where there is nothing to share.

    Attributes:
        count: drawings of numbers.
        right: of which the whole text is right, rejected or not.
        true_right: likewise, with the true borders given.
        of_true: `right` as a share of `true_right`.
        refused: numbers that are rejected.
        sure_wrong: numbers of which a wrong text is sure and not rejected.
        ece: expected calibration error of the confidence over whole numbers.
        digits_right: characters that need no change on the way to the truth, without separators.
        split: numbers read with too many characters, of which a single digit turned into two.
        merged: numbers read with too few.
        misread: numbers with as many as there are, and one or more of them wrong.
        spaced: numbers whose characters are right and whose spaces and line breaks are not.
        milliseconds: of processor time for a drawing, in the mean.
        by_trait: share that is right, and number, of the drawings with each trait.
        others: drawings that are no numbers.
        others_accepted: share of these that is not rejected.
    """

    count: int
    right: float | None
    true_right: float | None
    of_true: float | None
    refused: float | None
    sure_wrong: float | None
    ece: float | None
    digits_right: float | None
    split: float | None
    merged: float | None
    misread: float | None
    spaced: float | None
    milliseconds: float | None
    by_trait: dict[str, tuple[float, int]] = field(default_factory=dict)
    others: int = 0
    others_accepted: float | None = None


def figures(reads: Sequence[Read]) -> Figures:
    """The figures of what was read."""
    numbers = [one for one in reads if one.truth is not None]
    others = [one for one in reads if one.truth is None]
    wrong = [(_bare(one.truth or ""), _bare(one.text)) for one in numbers if not one.is_right]
    known = [one.true_right for one in numbers if one.true_right is not None]
    count = len(numbers)
    right = _share(sum(one.is_right for one in numbers), count)
    true_right = _share(sum(known), len(known)) if len(known) == count else None
    lengths = [len(_bare(one.truth or "")) for one in numbers]
    changes = [edit_distance(truth, text) for truth, text in wrong]
    return Figures(
        count=count,
        right=right,
        true_right=true_right,
        of_true=right / true_right if right is not None and true_right else None,
        refused=_share(sum(one.rejected for one in numbers), count),
        sure_wrong=_share(sum(_is_sure_and_wrong(one) for one in numbers), count),
        ece=calibration_error(reliability(numbers)) if numbers else None,
        digits_right=_share(sum(lengths) - sum(changes), sum(lengths)),
        split=_share(sum(len(text) > len(truth) for truth, text in wrong), count),
        merged=_share(sum(len(text) < len(truth) for truth, text in wrong), count),
        misread=_share(
            sum(len(text) == len(truth) and text != truth for truth, text in wrong), count
        ),
        spaced=_share(sum(text == truth for truth, text in wrong), count),
        milliseconds=_share(sum(one.milliseconds for one in reads), len(reads)),
        by_trait=_by_trait(numbers),
        others=len(others),
        others_accepted=_share(sum(not one.rejected for one in others), len(others)),
    )


def reliability(reads: Sequence[Read]) -> tuple[Bin, ...]:
    """How often whole numbers are right by their confidence, in bins of equal width."""
    rows = np.zeros((3, CALIBRATION_BINS))
    for one in reads:
        place = int(np.ceil(one.confidence * CALIBRATION_BINS)) - 1
        rows[:, min(max(place, 0), CALIBRATION_BINS - 1)] += (1.0, one.confidence, one.is_right)
    return tuple(
        Bin(int(n), total / n if n else 0.0, hits / n if n else 0.0)
        for n, total, hits in rows.T.tolist()
    )


def _is_sure_and_wrong(one: Read) -> bool:
    return not one.is_right and not one.rejected and one.confidence >= SURE


def _bare(text: str) -> str:
    """Without spaces and line breaks."""
    return "".join(text.split())


def _by_trait(reads: Sequence[Read]) -> dict[str, tuple[float, int]]:
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for one in reads:
        for trait in one.traits:
            found[trait].append(one.is_right)
    return {trait: (sum(found[trait]) / len(found[trait]), len(found[trait])) for trait in found}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
