"""Drawings around numbers: other symbols among digits, groups, lines, and symbols alone.

They are what the division learns from beside numbers, and what its mistakes on them are counted
with.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, get_args

import numpy as np

from digitpad.data.synthetic.scribbles import CHARACTERS, SCRIBBLES
from digitpad.ink.drawing import Drawing
from training.numbers.assembly import Placed, assembled
from training.numbers.compose import Manner, beside, dealt_joints, finish_last, place_digits
from training.numbers.geometry import left_of, right_of, sheared, upright
from training.numbers.truth import Kind
from training.recipe.data import symbols_of
from training.recipe.drawings import read_drawings
from training.recipe.splits import (
    TEST_ALPHABETS,
    TEST_SIGNS,
    TEST_SITES,
    VALIDATION_ALPHABETS,
    VALIDATION_SIGNS,
    VALIDATION_SITES,
    site_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from training.numbers.geometry import Strokes
    from training.numbers.hands import Hand, NumberPart
    from training.numbers.truth import ComposedNumber, Joint
    from training.recipe.drawings import Labelled

SHARES: Mapping[Kind, float] = {
    "symbol": 0.3,
    "groups": 0.2,
    "lines": 0.15,
    "digit": 0.2,
    "other": 0.15,
}
"""How many of each kind there are; see `Kind`."""

SCRIBBLED = 0.25
"""Share of the other symbols that the program draws itself; people drew the others."""

_DIGITS = (1, 4)
"""Digits beside another symbol, in a group or in a line."""

_GROUP_GAP = (0.9, 2.0)
"""Room between two groups in heights, at least _WIDER times the widest gap within them."""

_WIDER = 2.5

_LINE_GAP = (1.4, 2.2)
"""From one baseline to the next, in heights."""

_SYMBOL_SIZE = (0.55, 1.15)


def read_others(folder: Path, part: NumberPart = "validation") -> list[Drawing]:
    """What people drew that is no digit: letters, signs, symbols and characters of one part.

    Args:
        folder: holds ``pen``.
        part: other sites, other signs, other symbols and other alphabets for each.

    Raises:
        DigitpadError: a file is missing or damaged.
    """
    tested, validated = symbols_of(folder, "test"), symbols_of(folder, "validation")

    def split_of(held: bool, chosen: bool) -> NumberPart:
        if held:
            return "test"
        return "validation" if chosen else "train"

    def letters(one: Labelled) -> bool:
        site = site_of(one.writer)
        by_site = split_of(site in TEST_SITES, site in VALIDATION_SITES)
        by_sign = split_of(one.word in TEST_SIGNS, one.word in VALIDATION_SIGNS)
        return by_site == by_sign == part

    def symbols(one: Labelled) -> bool:
        mine = split_of(one.word in tested, one.word in validated) == part
        return mine and not one.is_lookalike

    def characters(one: Labelled) -> bool:
        mine = split_of(one.alphabet in TEST_ALPHABETS, one.alphabet in VALIDATION_ALPHABETS)
        return mine == part and not one.is_lookalike

    found = [
        *read_drawings(folder, "letters", letters),
        *read_drawings(folder, "symbols", symbols),
        *read_drawings(folder, "characters", characters),
    ]
    return [one.drawing for one in found]


def compose_others(
    hands: Sequence[Hand], others: Sequence[Drawing], seed: int
) -> Iterator[ComposedNumber]:
    """Such drawings without end; the first n of them depend on what is given alone.

    Args:
        hands: of the writers.
        others: what is no digit.
        seed: at least 0.
    """
    random = np.random.default_rng([seed, 1])
    joints = dealt_joints(random)
    kinds: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind in SHARES)
    shares = [SHARES[kind] for kind in kinds]
    while True:
        hand = hands[int(random.integers(len(hands)))]
        kind = kinds[int(random.choice(len(kinds), p=shares))]
        manner = Manner.drawn(random)
        match kind:
            case "symbol":
                placed = _with_symbol(_digits(hand, joints, manner, random), others, manner, random)
            case "groups":
                placed = _digits(hand, joints, manner, random)
                placed += _next_group(placed, _digits(hand, joints, manner, random), random)
            case "lines":
                placed = _digits(hand, joints, manner, random)
                placed += _next_line(placed, _digits(hand, joints, manner, random), random)
            case "digit":
                placed = place_digits(hand, (), manner, random)
            case _:
                placed = [Placed(None, _symbol(others, random))]
        finish_last(placed, random)
        yield assembled(placed, hand.writer, random, kind=kind)


def _digits(
    hand: Hand, joints: Iterator[Joint], manner: Manner, random: np.random.Generator
) -> list[Placed]:
    low, high = _DIGITS
    count = int(random.integers(low, high + 1))
    return place_digits(hand, [next(joints) for _ in range(count - 1)], manner, random)


def _with_symbol(
    digits: list[Placed], others: Sequence[Drawing], manner: Manner, random: np.random.Generator
) -> list[Placed]:
    """Another symbol before, after or between the digits, apart from both its neighbours."""
    places = [
        at for at in range(len(digits) + 1) if at in (0, len(digits)) or digits[at].joint == "apart"
    ]
    at = places[int(random.integers(len(places)))]
    head = digits[:at]
    symbol = _symbol(others, random)
    if head:
        symbol, _ = beside(head, symbol, "apart", manner, random)
    head.append(Placed(None, symbol))
    if tail := digits[at:]:
        moved = _moved(tail, -left_of(_ink(tail)))
        stands, _ = beside(head, _ink(moved), "apart", manner, random)
        head += _moved(moved, left_of(stands))
    return head


def _next_group(
    first: Sequence[Placed], second: list[Placed], random: np.random.Generator
) -> list[Placed]:
    gaps = [
        left_of(right.strokes) - right_of(left.strokes)
        for some in (first, second)
        for left, right in pairwise(some)
    ]
    gap = max(random.uniform(*_GROUP_GAP), _WIDER * max(gaps, default=0.0))
    group = _moved(second, right_of(_ink(first)) + gap - left_of(_ink(second)))
    group[0].before = " "
    return group


def _next_line(
    first: Sequence[Placed], second: list[Placed], random: np.random.Generator
) -> list[Placed]:
    down = random.uniform(*_LINE_GAP)
    # The lines may slope: they keep their distance where they are closest.
    low = max(float(stroke[:, 1].max()) for stroke in _ink(first))
    high = min(float(stroke[:, 1].min()) for stroke in _ink(second))
    down = max(down, low - high + 0.25)
    line = _moved(second, left_of(_ink(first)) + random.normal(0.0, 0.4), down)
    line[0].before = "\n"
    return line


def _symbol(others: Sequence[Drawing], random: np.random.Generator) -> Strokes:
    """What is no digit, on the baseline or above it."""
    if random.random() < SCRIBBLED:
        every = (*SCRIBBLES, *CHARACTERS)
        weights = np.array([weight for weight, _ in every])
        chosen = int(random.choice(len(every), p=weights / weights.sum()))
        strokes = upright(Drawing.of(every[chosen][1](random)))
    else:
        strokes = upright(others[int(random.integers(len(others)))])
    size = random.uniform(*_SYMBOL_SIZE)
    lift = np.array([0.0, -random.uniform(0.0, 1.0) * max(1.0 - size, 0.0)])
    return [stroke + lift for stroke in sheared(strokes, 0.0, size, size)]


def _ink(placed: Sequence[Placed]) -> Strokes:
    return [stroke for one in placed for stroke in one.strokes]


def _moved(placed: Sequence[Placed], across: float, down: float = 0.0) -> list[Placed]:
    shift = np.array([across, down])
    return [
        Placed(one.text, [stroke + shift for stroke in one.strokes], one.joint, one.before)
        for one in placed
    ]
