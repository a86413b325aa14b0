"""Which samples are shown, how many there are of each class, and what to draw next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

    from digitpad.samples.sample import Origin, Sample

Outcome: TypeAlias = Literal["right", "wrong"]

_ENOUGH = 5
"""Samples of a class that are enough where it is never misread."""

_FOR_A_MISTAKE = 3
"""Samples that are wanted for each drawing that was misread."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown of the samples; None means anything.

    Attributes:
        label: only this label.
        symbols: only labels of this set of symbols; "" for the classes of trained models.
        outcome: only where the model's answer was right, or wrong.
        origin: only what came here in this way.
        is_flagged: whether only flagged samples are shown.
    """

    label: str | None = None
    symbols: str | None = None
    outcome: Outcome | None = None
    origin: Origin | None = None
    is_flagged: bool = False

    def takes(self, sample: Sample) -> bool:
        """Whether a sample is shown."""
        return (
            self.label in {None, sample.label}
            and self.symbols in {None, sample.symbols}
            and (self.outcome is None or sample.was_right is (self.outcome == "right"))
            and self.origin in {None, sample.origin}
            and (sample.is_flagged or not self.is_flagged)
        )


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many samples there are of a class, and how many of them were misread."""

    name: str
    count: int = 0
    mistakes: int = 0

    @property
    def wanted(self) -> int:
        """The number of samples that would be enough."""
        return max(_ENOUGH, _FOR_A_MISTAKE * self.mistakes)

    @property
    def lacks(self) -> int:
        """How many more would be enough."""
        return self.wanted - self.count


def count_classes(samples: Iterable[Sample], classes: Sequence[str]) -> tuple[ClassCount, ...]:
    """The counts of these classes, in their order, and then of other labels by their names."""
    counts: Counter[str] = Counter()
    mistakes: Counter[str] = Counter()
    for sample in samples:
        counts[sample.label] += 1
        mistakes[sample.label] += sample.was_right is False
    others = sorted(set(counts) - set(classes))
    return tuple(ClassCount(name, counts[name], mistakes[name]) for name in (*classes, *others))


def needy_classes(counts: Sequence[ClassCount]) -> tuple[ClassCount, ...]:
    """The classes of which more should be drawn, the one that lacks most first."""
    return tuple(sorted((one for one in counts if one.lacks > 0), key=lambda one: -one.lacks))


def draw_plan(counts: Sequence[ClassCount], length: int, chance: random.Random) -> tuple[str, ...]:
    """Classes to draw one after another: those that lack most come most often.

    The same class does not come twice in a row where there are others.

    Args:
        counts: of the classes to draw, at least one.
        length: number of drawings.
        chance: decides between equals.
    """
    lacks = {one.name: one.lacks for one in counts}
    plan: list[str] = []
    for _ in range(length):
        others = [name for name in lacks if not plan or name != plan[-1] or len(lacks) == 1]
        most = max(lacks[name] for name in others)
        name = chance.choice([name for name in others if lacks[name] == most])
        lacks[name] -= 1
        plan.append(name)
    return tuple(plan)
