"""The pieces of a picture in its division."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitpad.ink.division.links import Links
from digitpad.ink.division.picture import InkOfPicture
from digitpad.ink.division.pieces import box_of
from digitpad.ink.division.proposal import propose
from digitpad.ink.division.shapes import FEATURES
from digitpad.ink.picture import Picture

FIVE = ((45, 0), (5, 0), (0, 45), (30, 40), (50, 65), (35, 98), (0, 100))


@pytest.mark.parametrize(("gap", "dot"), [(60, 12), (40, 10), (30, 8)])
def test_a_point_joins_no_digit(gap: int, dot: int) -> None:
    image = Image.new("RGB", (640, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((100, 100, 160, 200), outline="black", width=7)
    left = 160 + (gap - dot) // 2
    draw.ellipse((left, 200 - dot, left + dot, 200), fill="black")
    draw.line([(160 + gap + x, 100 + y) for x, y in FIVE], "black", 7, "curve")
    pixels = np.asarray(image)
    ink = InkOfPicture(Picture(np.dstack((pixels, np.full(pixels.shape[:2], 255, np.uint8)))))
    (point,) = (i for i, piece in enumerate(ink.pieces) if piece.is_point)
    assert ink.pieces[point].size <= dot
    assert [point] in Links(ink.pieces).clusters()


def drawn(lines: list[list[tuple[float, float]]]) -> InkOfPicture:
    """Black lines on white paper."""
    image = Image.new("RGB", (640, 300), "white")
    draw = ImageDraw.Draw(image)
    for points in lines:
        draw.line(points, "black", 9, "curve")
    pixels = np.asarray(image)
    return InkOfPicture(Picture(np.dstack((pixels, np.full(pixels.shape[:2], 255, np.uint8)))))


def turned(angles: np.ndarray, x: float, y: float) -> list[tuple[float, float]]:
    return [(x + 35 * np.cos(a), y + 45 * np.sin(a)) for a in angles.tolist()]


RING = np.linspace(0.0, 2 * np.pi, 60)


def sources(ink: InkOfPicture) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for i, piece in enumerate(ink.pieces):
        found.setdefault(piece.source, []).append(i)
    return found


def test_the_broken_strokes_of_a_digit_that_touches_another_are_of_it() -> None:
    # Two noughts that touch, and ink of the second that lies apart from it.
    bars = [[(364, 105), (364, 135)], [(364, 165), (364, 195)]]
    ink = drawn([turned(RING, 230, 150), turned(RING, 304, 150), *bars])
    (cluster,) = propose(ink).clusters
    wide = max(sources(ink).values(), key=len)
    small = [i for of in sources(ink).values() if of != wide for i in of]
    assert len(wide) > 1
    assert len(small) == 2
    runs = [
        set(one.members) & set(wide)
        for one in cluster.candidates
        if set(small) <= set(one.members) and not set(wide) <= set(one.members)
    ]
    assert any(ink.pieces[i].box[2] > 330 for run in runs for i in run)


def test_a_symbol_in_connected_ink_is_not_much_wider_than_high() -> None:
    ink = drawn([turned(RING, 100 + 74 * i, 150) for i in range(6)])
    (cluster,) = propose(ink).clusters
    widths = [
        box_of(ink.pieces[i] for i in one.members)
        for one in cluster.candidates
        if 1 < len(one.members) < len(cluster.members)
    ]
    assert max(right - left for left, _, right, _ in widths) <= 1.7 * 90


def test_what_a_cut_in_a_picture_is_like() -> None:
    ink = drawn([turned(RING, 230, 150), turned(RING, 304, 150)])
    seams = {i: piece.seam for i, piece in enumerate(ink.pieces) if piece.seam is not None}
    assert len(seams) == len(ink.pieces) - 1
    best, seam = max(seams.items(), key=lambda pair: pair[1].across)
    # Between both, where they touch, through their strokes once.
    assert ink.pieces[best].box[2] == pytest.approx(267, abs=12)
    assert seam.y == pytest.approx(150, abs=15)
    assert seam.bend == 0.0
    features = {
        one.members: dict(zip(FEATURES, one.features.tolist(), strict=True))
        for one in propose(ink).clusters[0].candidates
    }
    left, right = tuple(range(best + 1)), tuple(range(best + 1, len(ink.pieces)))
    assert features[left]["last across"] == features[right]["first across"] == seam.across
    assert features[left]["first cut"] == features[right]["last cut"] == 0.0
