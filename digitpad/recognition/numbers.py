"""Numbers and words: the classes that they are made of, and how well they are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from digitpad.recognition.prediction import Prediction
from digitpad.recognition.uncertainty import Reliability, share_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.recognition.recognition import Recognition

_REMEMBERED = 1024


class Spelling:
    """Finds the classes that a label is made of.

    They stand one after the other, with single spaces between groups of them, as in
    `digitpad.recognition.recognition.Recognition.text`. Where the names of classes have several
    characters there may be several ways: one of the fewest classes counts, and of these the one
    that begins with the longest name. So a label that is a class is that class alone.

    Args:
        classes: names of the classes.
    """

    def __init__(self, classes: Sequence[str]) -> None:
        self._classes = frozenset(classes)
        self._lengths = sorted({len(name) for name in classes}, reverse=True)
        self._remembered = lru_cache(_REMEMBERED)(self._found)

    def classes_of(self, label: str) -> tuple[str, ...]:
        """The classes in their order; empty if it is not made of any."""
        return (label,) if label in self._classes else self._remembered(label)

    def _found(self, label: str) -> tuple[str, ...]:
        # Of each place from which the rest is made of classes: how many, the first, where to go on.
        ways: dict[int, tuple[int, str, int]] = {}
        end = len(label)
        for place in range(end - 1, -1, -1):
            for length in self._lengths:
                name, after = label[place : place + length], place + length
                if name not in self._classes:
                    continue
                if after not in ways and label[after : after + 1] == " ":
                    after += 1
                if after in ways:
                    count = 1 + ways[after][0]
                elif place + length == end:
                    count = 1
                else:
                    continue
                if place not in ways or count < ways[place][0]:
                    ways[place] = (count, name, after)
        found, place = [], 0
        while place in ways:
            _, name, place = ways[place]
            found.append(name)
        return tuple(found)


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Least number of insertions, deletions and replacements that make one the other (Levenshtein).

    The usual dynamic programme by rows (Wagner and Fischer 1974).
    """
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, theirs in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (mine != theirs))
    return row[-1]


class Read(NamedTuple):
    """What was read of a sample.

    Attributes:
        text: of one line: what stands in a further line is a further group of the same.
        glued: the same without the spaces around names of several characters.
        names: the class of each part.
        confidence: in the whole text.
        rejected: whether any of it is.
        division: probability of the division into these parts.
        probabilities: of the only part; empty if there are several.
    """

    text: str
    glued: str
    names: tuple[str, ...]
    confidence: float
    rejected: bool
    division: float
    probabilities: tuple[float, ...]

    def says(self, label: str) -> bool:
        """Whether the whole text is this label, which may be written with or without the spaces."""
        return label in (self.text, self.glued)


def read_of(one: Prediction | Recognition) -> Read:
    """What was read of a glyph or a drawing."""
    if isinstance(one, Prediction):
        name = one.text
        return Read(name, name, (name,), one.confidence, one.rejected, 1.0, one.probabilities)
    found = one.predictions
    return Read(
        one_line(one.text),
        one_line(
            "".join(part.before + one.text for part, one in zip(one.parts, found, strict=True))
        ),
        tuple(part.text for part in found),
        one.confidence,
        one.rejected,
        one.division,
        found[0].probabilities if len(found) == 1 else (),
    )


def one_line(text: str) -> str:
    """The text of a recognition as a label has it: a further line is a further group."""
    return text.replace("\n", " ")


@dataclass(frozen=True, slots=True)
class NumberMetrics:
    """Metrics of the samples whose labels have several classes; None for a share of nothing.

    Attributes:
        count: number of such samples.
        exact: share of them whose whole text was read, rejected or not.
        digits_right: one minus the edit distances of what was read from the labels, as a share of
            the classes in all labels; at least 0.
        ece: expected calibration error of the whole texts, in [0, 1].
        rejected: share of them that were rejected.
        split: number of wrong ones that were read as more classes than they have.
        merged: number of wrong ones that were read as fewer.
        misread: number of the other wrong ones.
    """

    count: int
    exact: float | None
    digits_right: float | None
    ece: float | None
    rejected: float | None
    split: int
    merged: int
    misread: int


class NumberEvaluator:
    """Collects numbers, and words."""

    def __init__(self) -> None:
        self._count = self._exact = self._rejected = self._digits = self._distance = 0
        self._split = self._merged = self._misread = 0
        self._reliability = Reliability()

    def add(self, label: str, names: Sequence[str], read: Read) -> None:
        """Add one with its label, and the classes in that."""
        is_right = read.says(label)
        self._count += 1
        self._exact += is_right
        self._rejected += read.rejected
        self._digits += len(names)
        self._reliability.add(read.confidence, is_right=is_right)
        if is_right:
            return
        self._distance += edit_distance(names, read.names)
        more = len(read.names) - len(names)
        self._split += more > 0
        self._merged += more < 0
        self._misread += more == 0

    def result(self) -> NumberMetrics:
        """The metrics of all so far."""
        missed = share_of(self._distance, self._digits)
        return NumberMetrics(
            self._count,
            exact=share_of(self._exact, self._count),
            digits_right=None if missed is None else max(1.0 - missed, 0.0),
            ece=self._reliability.error(),
            rejected=share_of(self._rejected, self._count),
            split=self._split,
            merged=self._merged,
            misread=self._misread,
        )
