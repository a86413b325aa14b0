"""Which parts of a divided cluster are rejected, and which divisions read alike."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from handwriting import arc, moved

from digitpad.ink.division.proposal import Cluster, StrokeInk, propose
from digitpad.ink.drawing import Drawing
from digitpad.recognition.division.best import alike, best_division, likeliest
from digitpad.recognition.division.divided import DividedCluster
from digitpad.recognition.prediction import Prediction
from digitpad.recognition.recognition import preprocess_drawing

DIGITS = tuple("0123456789")


def prediction(digit: int, share: float = 0.99, *, rejected: bool = False) -> Prediction:
    rest = (1.0 - share) / 9
    shares = tuple(share if i == digit else rest for i in range(10))
    return Prediction(DIGITS, shares, rejected=rejected)


def divided(rejected: tuple[bool, ...], log_symbols: tuple[float, ...], **more) -> DividedCluster:
    (part,) = preprocess_drawing(Drawing.of([[(0, 0), (0, 100)]]), as_one=True).parts
    parts = tuple(replace(part, prediction=prediction(1, rejected=one)) for one in rejected)
    return DividedCluster(parts, (), 0.0, log_symbols=log_symbols, **more)


def refused(cluster: DividedCluster, *, is_alone: bool) -> list[bool]:
    parts = cluster.judged(is_alone=is_alone)
    return [part.prediction.rejected for part in parts if part.prediction is not None]


def test_a_probable_digit_among_digits_is_not_rejected():
    cluster = divided((False, True), (0.0, math.log(0.9)))
    assert refused(cluster, is_alone=True) == [False, False]
    assert refused(divided((True,), (math.log(0.9),)), is_alone=False) == [False]


def test_what_is_no_digit_among_digits_is_rejected():
    cluster = divided((False, True), (0.0, math.log(0.4)))
    assert refused(cluster, is_alone=True) == [False, True]


@pytest.mark.parametrize("log_symbols", [(), (0.0,)])
def test_alone_the_model_itself_decides(log_symbols):
    assert refused(divided((True,), log_symbols), is_alone=True) == [True]


def test_narrow_ink_that_is_alone_may_be_a_letter():
    cluster = divided((False, True), (0.0, 0.0), is_narrow=True)
    assert refused(cluster, is_alone=True) == [False, True]
    assert refused(cluster, is_alone=False) == [False, False]


def test_what_is_hardly_a_number_is_rejected():
    cluster = divided((False, False), (0.0, 0.0), log_number=math.log(0.1))
    assert refused(cluster, is_alone=False) == [True, True]


def two_noughts() -> Cluster:
    """Two noughts in one stroke, which is cut."""
    nought = arc(30, 50, 30, 50, -90, 280)
    stroke = [point for ring in (nought, *moved([nought], 110)) for point in ring]
    proposal = propose(StrokeInk(Drawing.of([stroke]).strokes))
    assert proposal is not None
    cluster = proposal.clusters[0].cut([0])
    assert cluster is not None
    return cluster


@pytest.mark.parametrize(("worth_of_whole", "text"), [(0.0, "00"), (3.0, "8")])
def test_what_is_read_is_what_the_most_probable_divisions_read_together(worth_of_whole, text):
    cluster = two_noughts()
    members = tuple(sorted(cluster.members))
    symbols = [one for one in cluster.candidates if not one.is_ligature]
    predictions = [prediction(8 if one.members == members else 0) for one in symbols]
    worth = np.full(len(cluster.candidates), -50.0)
    for i, one in enumerate(symbols):
        if one.members == members:
            worth[i] = worth_of_whole
        elif members[0] in one.members or members[-1] in one.members:
            worth[i] = -0.25
    sets = [one.members for one in cluster.candidates]
    assert len(best_division(cluster.members, sets, worth).chosen) == 1
    found = likeliest(cluster, sets, worth, predictions)
    assert "".join(predictions[i].text for i in found.chosen) == text
    # Two noughts for each cut.
    of_noughts = (len(members) - 1) * math.exp(-0.5)
    of_whole = math.exp(worth_of_whole)
    assert math.exp(found.total) == pytest.approx(of_noughts + of_whole)
    summed = of_noughts if text == "00" else of_whole
    assert math.exp(found.summed) == pytest.approx(summed)


def test_divisions_that_differ_in_the_ligature_alone_read_alike():
    cluster = two_noughts()
    assert len(cluster.members) > 2
    symbols = [one for one in cluster.candidates if not one.is_ligature]
    members = sorted(cluster.members)
    ends = (members[0],), (members[-1],)
    noughts = [prediction(0) for _ in symbols]
    numbers = {(one.members, one.is_ligature): i for i, one in enumerate(cluster.candidates)}
    chosen = [numbers[end, False] for end in ends]
    chosen += [numbers[(i,), True] for i in members[1:-1]]
    found = alike(cluster, chosen, noughts)
    assert set(chosen) <= set(found)
    # The ligature may go to either nought, but no nought may take the other one.
    assert numbers[tuple(members[:-1]), False] in found
    assert numbers[tuple(members[1:]), False] in found
    assert numbers[tuple(members), False] not in found
    # What reads otherwise is another division.
    others = [replace(one) if i in chosen else prediction(1) for i, one in enumerate(noughts)]
    assert numbers[tuple(members[:-1]), False] not in alike(cluster, chosen, others)
