"""Which parts of a divided cluster are rejected, and which divisions read alike."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from handwriting import arc, moved
from hypothesis import given
from hypothesis import strategies as st

from digitpad.ink.division.proposal import Cluster, StrokeInk, propose
from digitpad.ink.drawing import Drawing
from digitpad.recognition.division.best import LikeliestText, Worth, likeliest
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
    ligatures = len(sets) - len(symbols)
    texts = [one.text for one in predictions] + [""] * ligatures
    nothing = np.zeros(len(sets))
    found = likeliest(cluster.members, sets, texts, Worth(worth, worth, nothing), nothing)
    assert "".join(texts[i] for i in found.chosen) == text
    # Two noughts for each cut.
    of_noughts = (len(members) - 1) * math.exp(-0.5)
    of_whole = math.exp(worth_of_whole)
    share = (of_noughts if text == "00" else of_whole) / (of_noughts + of_whole)
    assert math.exp(found.read) == pytest.approx(share)
    assert found.symbols == pytest.approx(found.read)


def read(sets, texts, any_, symbol=None, stays=None, shares=None) -> LikeliestText:
    """Of three pieces."""
    worth = np.array(any_, float)
    as_symbol = worth if symbol is None else np.array(symbol, float)
    more = np.zeros(len(sets)) if stays is None else np.array(stays, float)
    told = np.zeros(len(sets)) if shares is None else np.log(shares)
    return likeliest((0, 1, 2), sets, texts, Worth(worth, as_symbol, told), more)


EACH = [(0,), (1,), (2,)]


def test_divisions_that_read_alike_are_taken_together():
    # 1 and 7 in two ways, of which each is less probable than 4 and 9.
    sets = [*EACH, (0, 1), (1, 2), (0, 1, 2)]
    texts = ["1", "", "7", "1", "7", "49"]
    found = read(sets, texts, [0.0, -9.0, 0.0, 0.0, 0.0, 0.5])
    assert [texts[i] for i in found.chosen] == ["1", "7"]
    ways = 2 * math.exp(0.0) + math.exp(-9.0)
    assert math.exp(found.read) == pytest.approx(ways / (ways + math.exp(0.5)))


def test_how_probable_parts_are_read_right_decides_too():
    # 17 by one division, 11 by two; each of these is read right in half of all cases.
    sets, texts = [*EACH, (0, 1), (1, 2)], ["1", "", "1", "1", "7"]
    shares = [1.0, 1.0, 0.5, 1.0, 0.9]
    found = read(sets, texts, [0.0] * 5, shares=shares)
    # The ligature may be nobody's: 11 is 1 + 1 of 3 divisions.
    assert [texts[i] for i in found.chosen if texts[i]] == ["1", "1"]
    assert math.exp(found.read) == pytest.approx(2 * 0.5 / 3)
    # All may be symbols, whatever they are read as.
    assert math.exp(found.symbols) == pytest.approx(2 / 3)
    shares[4] = 1.0
    shares[2] = 0.4
    found = read(sets, texts, [0.0] * 5, shares=shares)
    assert [texts[i] for i in found.chosen] == ["1", "7"]
    assert math.exp(found.read) == pytest.approx(1 / 3)


def test_a_ligature_reads_as_nothing():
    sets, texts = [*EACH, (0, 1), (1, 2)], ["0", "", "0", "0", "0"]
    found = read(sets, texts, [0.0] * 5)
    # The one in the middle goes to nobody, to the first or to the second.
    assert {texts[i] for i in found.chosen} <= {"0", ""}
    assert found.read == pytest.approx(0.0)


def test_what_is_no_symbol_is_not_counted_as_one():
    found = read(EACH, ["1", "2", "3"], [0.0] * 3, [0.0, math.log(0.5), 0.0])
    assert math.exp(found.symbols) == pytest.approx(0.5)
    assert found.read == pytest.approx(0.0)


def test_what_stays_is_chosen_and_its_worth_is_the_same():
    sets, texts = [*EACH, (0, 1)], ["1", "1", "1", "4"]
    assert read(sets, texts, [0.0, 0.0, 0.0, 1.0]).chosen == (3, 2)
    found = read(sets, texts, [0.0, 0.0, 0.0, 1.0], stays=[3.0, 0.0, 0.0, 0.0])
    assert found.chosen == (0, 1, 2)
    assert math.exp(found.read) == pytest.approx(1.0 / (1.0 + math.e))


@given(st.integers(0, 2**32 - 1))
def test_a_reading_is_the_sum_of_its_divisions(seed):
    random = np.random.default_rng(seed)
    sets = [*EACH, (0, 1), (1, 2), (0, 2), (0, 1, 2)]
    texts = [str(one) for one in random.integers(0, 3, len(sets)).tolist()]
    worth, shares = random.normal(0.0, 2.0, len(sets)), random.uniform(0.1, 1.0, len(sets))
    ways = [(0, 1, 2), (0, 4), (3, 2), (5, 1), (6,)]
    sums: dict[tuple[str, ...], float] = {}
    for way in ways:
        ordered = sorted(way, key=lambda i: sets[i])
        text = tuple(texts[i] for i in ordered)
        each = math.exp(worth[list(way)].sum()) * shares[list(way)].prod()
        sums[text] = sums.get(text, 0.0) + each
    total = sum(math.exp(worth[list(way)].sum()) for way in ways)
    found = read(sets, texts, worth, shares=shares)
    best = max(sums, key=sums.__getitem__)
    assert tuple(texts[i] for i in found.chosen) == best
    assert math.exp(found.read) == pytest.approx(sums[best] / total)
