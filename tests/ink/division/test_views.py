"""How candidates look among the ink that is linked to them."""

from __future__ import annotations

import numpy as np
import pytest
from handwriting import digit, drawn, line, row
from PIL import Image, ImageDraw

from digitpad.ink.division.picture import InkOfPicture
from digitpad.ink.division.proposal import Cluster, StrokeInk, View, propose
from digitpad.ink.division.views import COLUMNS, LAYERS, ROWS, Frame
from digitpad.ink.picture import Picture


def cluster_of(*symbols) -> Cluster:
    """The only cluster of some symbols, each a list of strokes."""
    proposal = propose(StrokeInk(drawn(*symbols).strokes))
    assert proposal is not None
    (cluster,) = proposal.clusters
    return cluster


def view_of(cluster: Cluster, *members: int) -> View:
    """That of the candidate with these pieces."""
    return next(view for view in cluster.views if view.own == members)


def test_a_candidate_is_in_the_middle_and_others_where_they_are():
    view = view_of(cluster_of(*row("0", "0", gap=20.0)), 0)
    own, others = view.shown()
    assert (own.shape, own.dtype) == ((ROWS, COLUMNS), np.uint8)
    _, columns = np.nonzero(own)
    assert abs(columns.mean() - (COLUMNS - 1) / 2) < 1.0
    assert np.nonzero(others)[1].min() > columns.max()
    rows = np.flatnonzero(own.any(axis=1))
    assert 20 <= rows[-1] - rows[0] <= 25


def test_size_and_place_do_not_matter():
    symbols = row("0", "0", gap=20.0)
    larger = [[3.0 * stroke + 100.0 for stroke in symbol] for symbol in symbols]
    for one, other in zip(cluster_of(*symbols).views, cluster_of(*larger).views, strict=True):
        assert np.abs(one.shown().astype(int) - other.shown()).max() <= 1


def test_a_flag_is_shown_as_small_as_it_is():
    cluster = cluster_of([*digit("1"), line((20, 0), (30, 0))])
    small = next(v for v in cluster.views if v.own == (len(cluster.members) - 1,))
    _, columns = np.nonzero(small.shown()[0])
    assert np.ptp(columns) < 10


def test_what_is_far_away_is_not_seen():
    symbols = row("0", "0", "0", "0", "0", gap=30.0)
    cluster = cluster_of(*symbols)
    assert view_of(cluster, 0).others == (1,)
    assert view_of(cluster, 2).others == (1, 3)


def test_equal_views_have_equal_keys():
    strokes = drawn(*row("0", "0", "0", "0", "0", gap=30.0)).strokes
    fewer, more = (propose(StrokeInk(some)) for some in (strokes[:4], strokes))
    assert fewer is not None
    assert more is not None
    first, second = view_of(fewer.clusters[0], 0), view_of(more.clusters[0], 0)
    assert first.key == second.key
    assert np.array_equal(first.shown(), second.shown())
    # Beside the third one there is more ink.
    assert view_of(fewer.clusters[0], 3).key != view_of(more.clusters[0], 3).key


def test_a_ligature_looks_as_the_symbol_of_the_same_ink():
    arcs = [np.array([(x, 50 + 40 * np.sin(x / 12)) for x in range(0, 150, 3)], float)]
    proposal = propose(StrokeInk(drawn(arcs).strokes))
    assert proposal is not None
    cut = proposal.clusters[0].cut([0])
    assert cut is not None
    pairs = list(zip(cut.candidates, cut.views, strict=True))
    ligatures = [(one, view) for one, view in pairs if one.is_ligature]
    assert ligatures
    for one, view in ligatures:
        assert view.own == one.members


def test_a_dot_has_a_view():
    cluster = cluster_of([*digit("1"), line((30, 45), (30, 45))])
    for view in cluster.views:
        assert view.shown()[0].any()


@pytest.mark.parametrize("scale", [1, 3])
def test_a_picture_is_shown_like_strokes(scale):
    image = Image.new("RGB", (320 * scale, 200 * scale), "white")
    draw = ImageDraw.Draw(image)
    for x in (120, 142):
        draw.line([(x * scale, 60 * scale), (x * scale, 140 * scale)], "black", 6 * scale)
    pixels = np.asarray(image)
    alpha = np.full(pixels.shape[:2], 255, np.uint8)
    proposal = propose(InkOfPicture(Picture(np.dstack((pixels, alpha)))))
    assert proposal is not None
    (cluster,) = proposal.clusters
    view = view_of(cluster, 0)
    own, others = view.shown()
    assert view.shown().shape == (LAYERS, ROWS, COLUMNS)
    rows, columns = np.nonzero(own > 100)
    assert abs(columns.mean() - (COLUMNS - 1) / 2) < 1.0
    assert 18 <= np.ptp(rows) <= 24
    apart = np.nonzero(others > 100)[1].mean() - columns.mean()
    assert abs(apart - 22 / 80 * 22) < 2.0


def test_a_frame_is_as_high_as_its_candidate_or_a_share_of_the_cluster():
    tall = Frame.of([(0.0, 0.0, 10.0, 100.0)], 100.0)
    assert (tall.x, tall.y) == (5.0, 50.0)
    assert np.isclose(tall.scale, 0.22)
    small = Frame.of([(0.0, 0.0, 10.0, 10.0)], 100.0)
    assert np.isclose(small.scale, 22 / 45)
    assert small.shows((40.0, 0.0, 50.0, 10.0))
    assert not small.shows((60.0, 0.0, 70.0, 10.0))
