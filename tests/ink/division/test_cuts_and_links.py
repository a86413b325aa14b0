"""Where strokes are cut, which pieces are linked, and what may be one symbol."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
from handwriting import along, arc, digit, drawn, line, moved, row
from hypothesis import given, settings
from hypothesis import strategies as st
from ink_strategies import stroke_lists, stroke_points

from digitpad.ink.division.candidates import MOST_OF_A_PIECE
from digitpad.ink.division.cuts import MOST_CUTS_OF_A_LONG_ONE, cuts
from digitpad.ink.division.pieces import sections
from digitpad.ink.division.proposal import StrokeInk, propose
from digitpad.ink.division.shapes import FEATURES
from digitpad.ink.drawing import Drawing, Stroke


def stroke_of(*strokes) -> Stroke:
    """Everything in one stroke."""
    return Stroke.of(along(*strokes))


def test_two_noughts_in_one_stroke_are_cut_between_them():
    nought = arc(30, 50, 30, 50, -90, 280)
    stroke = stroke_of(nought, *moved([nought], 80))
    halves = [sections(stroke, [one.place]) for one in cuts(stroke)]
    # The ligature goes from the first one's top to the second one's.
    ends = [float(first.points[:, 0].max()) for first, _ in halves]
    begins = [float(second.points[:, 0].min()) for _, second in halves]
    assert any(55 < end < 65 for end in ends)
    assert any(45 < begin < 85 for begin in begins)


def test_a_dot_is_not_cut():
    assert cuts(Stroke.of([[5.0, 5.0]])) == ()
    assert cuts(Stroke.of([[5.0, 5.0]] * 3)) == ()


@pytest.mark.parametrize("bend", [0, 15, 40])
def test_only_what_is_nearly_straight_is_never_cut(bend):
    """A hasty bar; the deeper it sags, the more it may be two symbols."""
    bar = Stroke.of([[x, bend * np.sin(np.pi * x / 100)] for x in range(0, 101, 5)])
    assert (cuts(bar) == ()) == (bend < 40)


@given(stroke_points)
def test_cuts_are_few_ascending_and_within_the_stroke(points):
    found = [one.place for one in cuts(Stroke.of(points))]
    assert len(found) <= MOST_CUTS_OF_A_LONG_ONE
    assert found == sorted(set(found))
    assert all(0.0 < place < 1.0 for place in found)


@given(stroke_points)
def test_sections_are_the_whole_stroke(points):
    stroke = Stroke.of(points)
    found = cuts(stroke)
    if not found:
        return
    each = sections(stroke, [one.place for one in found])
    assert len(each) == len(found) + 1
    assert np.array_equal(each[0].points[0], stroke.points[0])
    assert np.array_equal(each[-1].points[-1], stroke.points[-1])
    for one, following in pairwise(each):
        assert np.array_equal(one.points[-1], following.points[0])


def clusters_of(drawing: Drawing) -> list[tuple[int, ...]]:
    proposal = propose(StrokeInk(drawing.strokes))
    assert proposal is not None
    return sorted(tuple(sorted(cluster.members)) for cluster in proposal.clusters)


def test_strokes_of_a_digit_are_linked_and_far_ones_are_not():
    assert clusters_of(drawn(*row("4"))) == [(0, 1)]
    assert clusters_of(drawn(digit("4"), moved(digit("5"), 400))) == [(0, 1), (2, 3)]


def test_the_dots_of_a_colon_are_in_one_cluster_where_signs_are_read():
    proposal = propose(StrokeInk(drawn(*row("2", ":", "5", gap=60)).strokes), signs=True)
    assert proposal is not None
    (one,) = [cluster for cluster in proposal.clusters if cluster.signs]
    assert {1, 2} <= set(one.members)


def test_signs_are_no_candidates_where_none_are_read():
    proposal = propose(StrokeInk(drawn(*row("2", ".", "5")).strokes))
    assert proposal is not None
    assert all(cluster.signs == () for cluster in proposal.clusters)


_matrix = st.tuples(st.integers(1, 20), st.integers(-500, 500), st.integers(-500, 500))


@settings(max_examples=50)
@given(stroke_lists, _matrix, st.randoms(use_true_random=False))
def test_place_size_and_order_change_no_candidates(strokes, place, random):
    scale, x, y = place
    before = Drawing.of(strokes)
    order = list(range(len(strokes)))
    random.shuffle(order)
    after = before.transformed(scale * np.eye(2), (x, y)).strokes
    one = propose(StrokeInk(before.strokes))
    other = propose(StrokeInk([after[i] for i in order]))
    assert one is not None
    assert other is not None
    features = {c.members: c.features for cluster in one.clusters for c in cluster.candidates}
    again = {
        tuple(sorted(order[i] for i in c.members)): c.features
        for cluster in other.clusters
        for c in cluster.candidates
    }
    assert features.keys() == again.keys()
    for members, found in features.items():
        assert again[members] == pytest.approx(found, abs=1e-6)
        assert len(found) == len(FEATURES)
        assert np.isfinite(found).all()


def test_candidates_cover_every_piece_and_are_bounded_for_scribbles():
    random = np.random.default_rng(7)
    strokes = [random.uniform(0, 300, 2) + random.normal(0, 25, (12, 2)) for _ in range(60)]
    begun = time.process_time()
    proposal = propose(StrokeInk(Drawing.of(strokes).strokes))
    assert proposal is not None
    for cluster in proposal.clusters:
        singles = {c.members for c in cluster.candidates if len(c.members) == 1}
        assert {(i,) for i in cluster.members} <= singles
        assert len(cluster.candidates) <= (MOST_OF_A_PIECE + 1) * len(cluster.members) + 1
    # Generous: what is not bounded would take hours.
    assert time.process_time() - begun < 60


def test_cutting_a_cluster_makes_its_own_pieces_alone():
    nought = arc(30, 50, 30, 50, -90, 280)
    two = along(nought, *moved([nought], 80))
    far = moved([nought], 2000)
    alone = propose(StrokeInk(Drawing.of([two]).strokes))
    page = propose(StrokeInk(Drawing.of([*far, two]).strokes))
    assert alone is not None
    assert page is not None
    mine = next(one for one in page.clusters if one.ink.pieces[one.members[0]].source == 1)
    cut, on_page = alone.clusters[0].cut([0]), mine.cut([1])
    assert cut is not None
    assert on_page is not None
    assert len(on_page.ink.pieces) == len(cut.ink.pieces) == len(cut.members) > 1
    assert {piece.source for piece in on_page.ink.pieces} == {1}
    assert on_page.key == cut.key
    for one, other in zip(on_page.candidates, cut.candidates, strict=True):
        assert one.members == other.members
        assert np.array_equal(one.features, other.features)


def cut_candidates(*strokes, cut_ones) -> list[list[set[int]]]:
    """The candidates of strokes of which some are cut: of each, its sections of each stroke."""
    proposal = propose(StrokeInk(Drawing.of(strokes).strokes))
    assert proposal is not None
    (cluster,) = proposal.clusters
    finer = cluster.cut(cut_ones)
    assert finer is not None
    found = []
    for one in finer.candidates:
        taken: list[set[int]] = [set() for _ in strokes]
        for i in one.members:
            piece = finer.ink.pieces[i]
            taken[piece.source].add(piece.index - piece.count * (piece.index > piece.count // 2))
        found.append(taken)
    return found


NOUGHT = arc(30, 50, 30, 50, -90, 280)


def test_a_bar_may_belong_to_the_middle_of_a_stroke():
    three = along(NOUGHT, *moved([line((10, 0), (50, 0), (30, 100))], 80), *moved([NOUGHT], 170))
    bar = line((100, 45), (140, 45))
    found = cut_candidates(three, bar, cut_ones=[0])
    # Neither the first nor the last section.
    assert any(taken[1] and taken[0] and not taken[0] & {0, -1} for taken in found)


def test_the_end_of_a_stroke_may_belong_to_the_beginning_of_another():
    # The body of a five, begun by the nought before it; its flag becomes the nought after it.
    before = along(NOUGHT, *moved(digit("5")[:1], 80))
    after = along(*moved(digit("5")[1:], 80), *moved([NOUGHT], 170))
    found = cut_candidates(before, after, cut_ones=[0, 1])
    assert any(
        -1 in taken[0] and 0 not in taken[0] and 0 in taken[1] and -1 not in taken[1]
        for taken in found
    )


def test_a_section_may_belong_to_two_strokes():
    # A one of three strokes, of which the foot goes on to a nought.
    flag, stem = line((5, 25), (28, 0)), line((30, 0), (30, 92))
    foot = along(line((5, 100), (55, 100)), *moved([NOUGHT], 80))
    found = cut_candidates(flag, stem, foot, cut_ones=[2])
    assert any(taken[0] and taken[1] and 0 in taken[2] and -1 not in taken[2] for taken in found)


def test_candidates_of_entangled_strokes_that_are_cut_are_bounded():
    random = np.random.default_rng(3)
    waves = [
        np.stack([np.linspace(0, 300, 40), 100 * np.sin(np.linspace(0, 12, 40) + shift)], axis=1)
        + random.normal(0, 3, (40, 2))
        for shift in range(8)
    ]
    found = cut_candidates(*waves, cut_ones=range(len(waves)))
    assert len(found) <= 400 * len(waves)
