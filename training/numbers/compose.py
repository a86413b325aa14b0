"""Numbers composed of the digits of one writer each, as strokes, with their true borders.

A number has 2 to 6 digits, at uneven spacing, size, baseline and slant. Of its neighbours, a tenth
touch, a twentieth overlap in x, a twentieth are joined into one stroke: the end of the one's last
stroke goes on to the beginning of the next one's first, as with a writer who does not lift the pen.
These shares are exact: the kinds of joints are dealt from a shuffled deck, again and again.
In a part of the numbers that have a 4, 5 or 7 of several strokes, its second stroke is drawn last,
and some bars of a 7 and flags of a 5 reach over the next digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np

from training.numbers.assembly import Placed, assembled
from training.numbers.geometry import (
    is_bar,
    left_of,
    right_of,
    room,
    sheared,
    strain,
    upright,
    way_out,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.numbers.geometry import Strokes
    from training.numbers.hands import Hand
    from training.numbers.truth import ComposedNumber, Joint

TOUCHING, OVERLAPPING, JOINED = 0.1, 0.05, 0.05
"""Shares of the neighbours; the others stand apart."""

DELAYED = 0.2
"""Share of the numbers with a 4, 5 or 7 of several strokes in which one is finished last."""

REACHING = 0.15
"""Share of the crossed 7s and flagged 5s, apart from the next digit, whose bar reaches over it."""

DIGITS_OF_A_NUMBER = (2, 6)

_DECK = 200
"""Joints in a deck. A fifth of the joined ones come in twos, as in 000."""

_TRIES = 24
"""Digits that are tried at most for a place where two are to touch, overlap or be joined."""

_CHAINED = 0.5
"""Share of the joined digits that are of those which people join, most of all 0, if one of the
writer's will do."""

_CHAINS = "000000028857"
"""How often each of these is drawn by lot."""

_WIDEST = 0.65
"""Widest gap between the digits of a number, in heights: a wider one may be meant as a space."""

_EASY = 1.3
"""Strain of a ligature that anybody may draw."""

_FINISHED_LAST = ("4", "5", "7")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a writer writes one number.

    Attributes:
        gap: between the boxes of neighbours.
        slant: to the right for each unit upwards.
        width: of the digits, as a factor.
        slope: of the baseline.
    """

    gap: float
    slant: float
    width: float
    slope: float

    @classmethod
    def drawn(cls, random: np.random.Generator) -> Manner:
        """One by lot."""
        return cls(
            gap=float(random.uniform(0.1, 0.45)),
            slant=float(random.normal(0.0, 0.12)),
            width=float(random.lognormal(0.0, 0.08)),
            slope=float(random.normal(0.0, 0.04)),
        )


def compose(hands: Sequence[Hand], seed: int) -> Iterator[ComposedNumber]:
    """Numbers without end; the first n of them depend on the hands and the seed alone.

    Args:
        hands: of the writers, each as likely as the others.
        seed: at least 0.
    """
    random = np.random.default_rng(seed)
    joints = dealt_joints(random)
    low, high = DIGITS_OF_A_NUMBER
    while True:
        hand = hands[int(random.integers(len(hands)))]
        count = int(random.integers(low, high + 1))
        yield composed(hand, list(islice(joints, count - 1)), random)


def composed(hand: Hand, joints: Sequence[Joint], random: np.random.Generator) -> ComposedNumber:
    """One number of a writer with these joints between its digits."""
    placed = place_digits(hand, joints, Manner.drawn(random), random)
    reaching = _reach(placed, random)
    finish_last(placed, random)
    return assembled(placed, hand.writer, random, reaching)


def finish_last(placed: Sequence[Placed], random: np.random.Generator) -> None:
    """Let the second stroke of a 4, 5 or 7 be drawn last, in some drawings that have one."""
    unfinished = [one for one in placed if one.text in _FINISHED_LAST and len(one.strokes) > 1]
    if unfinished and random.random() < DELAYED:
        unfinished[int(random.integers(len(unfinished)))].delayed.add(1)


def dealt_joints(random: np.random.Generator) -> Iterator[Joint]:
    """Kinds of joints without end: each deck has its shares of them exactly."""
    touching, overlapping, joined = (
        round(_DECK * share) for share in (TOUCHING, OVERLAPPING, JOINED)
    )
    twos = joined // 5
    cards: list[Sequence[Joint]] = []
    cards += [("touching",)] * touching
    cards += [("overlapping",)] * overlapping
    cards += [("joined", "joined")] * (twos // 2)
    cards += [("joined",)] * (joined - 2 * (twos // 2))
    cards += [("apart",)] * (_DECK - touching - overlapping - joined)
    while True:
        for index in random.permutation(len(cards)).tolist():
            yield from cards[index]


def place_digits(
    hand: Hand, joints: Sequence[Joint], manner: Manner, random: np.random.Generator
) -> list[Placed]:
    """The digits of a number beside each other, the first one's box beginning at x = 0."""
    used: set[tuple[str, int]] = set()
    placed: list[Placed] = []
    around: tuple[Joint, ...] = (*joints, "apart")
    for at in range(len(joints) + 1):
        joint: Joint = joints[at - 1] if at else "apart"
        wanted = ""
        if "joined" in (joint, around[at]) and random.random() < _CHAINED:
            wanted = _CHAINS[int(random.integers(len(_CHAINS)))]
        best, best_cost = None, np.inf
        for attempt in range(_TRIES):
            # Where no drawing of the writer's will do, another digit may.
            same = wanted if 3 * attempt < 2 * _TRIES else ""
            label, index = _choose(hand, same, used, random)
            strokes = _written(upright(hand.digits[label][index]), manner, random)
            cost = 0.0
            if placed:
                strokes, cost = beside(placed, strokes, joint, manner, random)
            if around[at] == "joined":
                cost += way_out(strokes)
            if cost < best_cost:
                best, best_cost = (label, index, strokes), cost
            if best_cost == 0.0:
                break
        assert best is not None
        label, index, strokes = best
        used.add((label, index))
        placed.append(Placed(label, strokes, joint))
    slope = manner.slope
    for one in placed:
        middle = (left_of(one.strokes) + right_of(one.strokes)) / 2
        one.strokes = [stroke + np.array([0.0, slope * middle]) for stroke in one.strokes]
    return placed


def _choose(
    hand: Hand, wanted: str, used: set[tuple[str, int]], random: np.random.Generator
) -> tuple[str, int]:
    """A class and a drawing of it, one that the number does not have yet where there is one.

    Args:
        hand: whose digits they are.
        wanted: the class; any is, if it is empty or the hand lacks it.
        used: what the number has.
        random: where the random numbers come from.
    """
    labels = [wanted] if wanted in hand.digits else list(hand.digits)
    label = labels[int(random.integers(len(labels)))]
    count = len(hand.digits[label])
    fresh = [index for index in range(count) if (label, index) not in used] or list(range(count))
    return label, fresh[int(random.integers(len(fresh)))]


def _written(strokes: Strokes, manner: Manner, random: np.random.Generator) -> Strokes:
    """A digit with its own size, slant and place in height."""
    size = random.lognormal(0.0, 0.1)
    slant = manner.slant + random.normal(0.0, 0.05)
    lift = random.normal(0.0, 0.05)
    leaning = sheared(strokes, slant, size * manner.width * random.lognormal(0.0, 0.05), size)
    return [stroke + np.array([0.0, lift]) for stroke in leaning]


def beside(
    placed: Sequence[Placed],
    strokes: Strokes,
    joint: Joint,
    manner: Manner,
    random: np.random.Generator,
) -> tuple[Strokes, float]:
    """A digit moved beside the others, and how badly it stands there; 0 for well.

    Args:
        placed: those before it, at least one.
        strokes: begin at x = 0.
        joint: how it is to stand to the last of them.
        manner: of the number.
        random: where the random numbers come from.
    """
    before = placed[-1].strokes
    edge = right_of(before)
    # Where the curves would meet, of all digits before it.
    contact = -room([stroke for one in placed[-2:] for stroke in one.strokes], strokes)
    cost = 0.0
    match joint:
        case "touching":
            x = contact + random.uniform(-0.05, 0.005)
            cost = max(edge - x - 0.3, 0.0)
        case "overlapping":
            narrow = min(edge - left_of(before), right_of(strokes))
            x = edge - min(random.uniform(0.05, 0.25), max(0.6 * narrow, 0.04))
            cost = max(contact - 0.1 - x, 0.0) + max(0.15 - narrow, 0.0)
        case "joined":
            x = max(edge + random.uniform(-0.02, 0.35), contact + 0.03)
            following = [stroke + np.array([x, 0.0]) for stroke in strokes]
            cost = max(strain(before, following) - _EASY, 0.0)
        case "apart":
            gap = manner.gap * random.lognormal(0.0, 0.35)
            x = max(edge + min(max(gap, 0.02), _WIDEST), contact + 0.06)
    return [stroke + np.array([x, 0.0]) for stroke in strokes], cost


def _reach(placed: Sequence[Placed], random: np.random.Generator) -> bool:
    """Draw some bars and flags out over the next digit; whether there is one."""
    found = False
    for one, following in pairwise(placed):
        if one.text not in ("5", "7") or following.joint != "apart" or len(one.strokes) < 2:
            continue
        bar = one.strokes[1]
        if not is_bar(bar, one.strokes) or random.random() >= REACHING:
            continue
        start, end = float(bar[:, 0].min()), float(bar[:, 0].max())
        left, right = left_of(following.strokes), right_of(following.strokes)
        goal = left + random.uniform(0.1, 0.7) * min(right - left, 0.5)
        if end < goal < start + 1.4:
            factor = np.array([(goal - start) / (end - start), 1.0])
            origin = np.array([start, 0.0])
            one.strokes[1] = (bar - origin) * factor + origin
            found = True
    return found
