"""Pictures of numbers as pieces: what is written, and nothing that is printed."""

from __future__ import annotations

import contextlib
import time
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest
from number_scenes import KINDS, NumberPage, number_scene
from paper_scenes import ONE, scene
from sentences import raises_error
from shared_data import shared_file

from digitpad.errors import DigitpadError
from digitpad.ink.photo.numbers.pieces import PicturePieces, picture_pieces
from digitpad.ink.photo.preprocessing import picture_ink, preprocess_ink
from digitpad.ink.picture import Picture, read_picture

if TYPE_CHECKING:
    from digitpad.ink.photo.preprocessing import PictureInk

MOST_PIECES = 640


def picture_of(level: np.ndarray) -> Picture:
    rgb = np.repeat(level[..., None], 3, axis=2)
    return Picture(np.dstack((rgb, np.full(level.shape, 255))).astype(np.uint8))


def by_digit(pieces: PicturePieces, boxes: np.ndarray) -> list[list[int]]:
    """The pieces of each digit: those that share most of their bounds with its box."""
    found: list[list[int]] = [[] for _ in boxes]
    for i, (left, top, right, bottom) in enumerate(pieces.bounds):
        shared_x = np.minimum(right, boxes[:, 2]) - np.maximum(left, boxes[:, 0])
        shared_y = np.minimum(bottom, boxes[:, 3]) - np.maximum(top, boxes[:, 1])
        shared = shared_x.clip(0) * shared_y.clip(0)
        assert shared.max() > 0.4 * (right - left) * (bottom - top), "a piece of no digit"
        found[int(shared.argmax())].append(i)
    return found


JOINED = {
    *("touching", "touching marker", "tight boxes", "wide boxes", "comb", "underlined close"),
    "dark squared",
}
"""Kinds whose digits touch something, so that a cut may lie a little aside."""


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_written_and_nothing_else(kind: str, seed: int) -> None:
    picture, _, lines = number_scene(kind, seed)
    boxes = np.array([box for line in lines for box in line])
    pieces = picture_pieces(picture)
    room = (0.3 if kind in JOINED else 0.1) * float((boxes[:, 3] - boxes[:, 1]).mean())
    for own, box in zip(by_digit(pieces, boxes), boxes, strict=True):
        assert own, "a digit without a piece"
        assert np.abs(np.subtract(pieces.bounds_of(own), box)).max() <= room
    assert pieces.count <= 7 * len(boxes)


def test_pieces_are_described() -> None:
    picture, _, _ = number_scene("touching", 0)
    pieces = picture_pieces(picture)
    assert len(pieces.bounds) == len(pieces.source) == len(pieces.index) == pieces.count
    shares = []
    for points, (left, top, right, bottom) in zip(pieces.points, pieces.bounds, strict=True):
        assert points.dtype == np.float64
        assert 1 <= len(points) <= 96
        size = max(right - left, bottom - top)
        shares.append(max(np.ptp(points, axis=0)) / size)
        x, y = points.T
        assert ((left <= x) & (x <= right)).all()
        assert ((top <= y) & (y <= bottom)).all()
    # A sliver between two cuts has few.
    assert np.mean(np.array(shares) >= 0.4) >= 0.8
    for source in np.unique(pieces.source):
        own = pieces.source == source
        assert pieces.index[own].tolist() == list(range(int(own.sum())))
        assert (np.diff(pieces.bounds[own, 0]) >= 0).all()


@pytest.mark.parametrize("kind", ONE)
def test_one_symbol_is_what_it_was(kind: str) -> None:
    # Of few, other ink is taken for another symbol.
    found = ((one, picture_ink(one)) for one, _ in (scene(kind, seed) for seed in range(3)))
    picture, before = next(pair for pair in found if pair[1].is_alone)
    pieces = picture_pieces(picture)
    assert is_same(pieces.ink_of(range(pieces.count)), before)


def test_a_narrow_symbol_that_is_alone_is_not_cut() -> None:
    level = np.full((200, 200), 240)
    level[40:160, 80:88] = level[40:160, 120:128] = level[96:104, 80:128] = 20
    assert picture_pieces(picture_of(level)).count == 1


@pytest.mark.parametrize("kind", ["far apart", "tiny", "blackboard", "pencil", "on a table"])
def test_a_digit_is_seen_as_well_as_alone(kind: str) -> None:
    picture, _, lines = number_scene(kind, 1)
    boxes = np.array([box for line in lines for box in line])
    pieces = picture_pieces(picture)
    for own, box in zip(by_digit(pieces, boxes), boxes, strict=True):
        found = pieces.ink_of(own)
        assert found.is_alone
        glyph = preprocess_ink(found).glyph.astype(int)
        left, top, right, bottom = np.rint(box + np.array((-9, -9, 9, 9))).astype(int)
        cut = Picture(picture.pixels[top:bottom, max(left, 0) : right])
        alone = preprocess_ink(picture_ink(cut)).glyph.astype(int)
        assert np.abs(glyph - alone).mean() < 4


def test_ink_is_cut_to_what_is_around_it() -> None:
    picture, _, _ = number_scene("row", 0)
    pieces = picture_pieces(picture)
    ink = pieces.ink_of([0])
    shape = ink.ink.shape
    assert ink.original.shape == (*shape, 3)
    assert ink.grey.shape == ink.background.shape == shape
    left, top, right, bottom = ink.bounds
    assert max(shape) < 2 * max(right - left, bottom - top)


def test_the_ink_of_two_pieces_is_that_of_each() -> None:
    picture, _, _ = number_scene("touching", 0)
    pieces = picture_pieces(picture)
    source = int(np.bincount(pieces.source).argmax())
    first, second = np.flatnonzero(pieces.source == source)[:2].tolist()
    both = float(pieces.ink_of([first, second]).ink.sum())
    each = sum(float(pieces.ink_of([one]).ink.sum()) for one in (first, second))
    assert each == pytest.approx(both, rel=0.05)


def test_an_empty_picture() -> None:
    with raises_error("No digit can be seen in the picture"):
        picture_pieces(picture_of(np.full((100, 100), 240)))


def noise(side: int) -> np.ndarray:
    return np.random.default_rng(0).random((side, side))


def dots(every: int, radius: float) -> np.ndarray:
    y, x = np.mgrid[0:2048, 0:2048]
    half = every / 2
    return np.where(np.hypot(x % every - half, y % every - half) < radius, 30, 240)


@pytest.mark.parametrize(
    "level",
    [
        255 * noise(2048),
        255 * (noise(400) > 0.1),
        240 - 200 * (noise(2048) < 0.02),
        dots(30, 6),
        dots(90, 30),
        np.where(np.hypot(*(np.mgrid[0:2048, 0:2048] - 1024)) % 40 < 9, 0, 255),
    ],
    ids=["noise", "sparse noise", "specks", "dots", "larger dots", "rings"],
)
def test_hundreds_of_components(level: np.ndarray) -> None:
    picture = picture_of(level)
    start = time.process_time()
    with contextlib.suppress(DigitpadError):
        assert picture_pieces(picture).count <= MOST_PIECES
    assert time.process_time() - start < 3.0


def test_a_candidate_costs_little() -> None:
    picture, _, _ = number_scene("eight", 0)
    pieces = picture_pieces(picture)
    pieces.ink_of([0])
    start = time.process_time()
    for _ in range(10):
        for i in range(pieces.count):
            pieces.ink_of([i])
    # About one millisecond.
    assert time.process_time() - start < 0.008 * 10 * pieces.count


@pytest.mark.parametrize("seed", range(2, 12))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.slow
def test_many_more_scenes(kind: str, seed: int) -> None:
    picture, _, lines = number_scene(kind, seed)
    boxes = np.array([box for line in lines for box in line])
    assert len(boxes) <= picture_pieces(picture).count <= 8 * len(boxes)


@pytest.mark.parametrize("height", [0.0, -0.5])
def test_a_point_is_between_two_at_their_foot(height: float) -> None:
    page = NumberPage(np.random.default_rng(3))
    page.line(2, 210, 80, gap=0.7)
    x = (page.lines[0][0][2] + page.lines[0][1][0]) / 2
    y = page.lines[0][0][3] - 4 + 80 * height
    page.stroke([(x, y), (x + 1, y)], 9)
    pieces = picture_pieces(page.photo())
    assert pieces.is_point.sum() == (height == 0.0)
    assert (np.abs(pieces.bounds[pieces.is_point, 0] - x) < 12).all()


def is_same(one: PictureInk, other: PictureInk) -> bool:
    """Whether two are equal in every field."""
    names = [field.name for field in fields(one)]
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


@pytest.mark.data
@pytest.mark.slow
def test_real_photographs() -> None:
    shared_photos = shared_file("photos")
    for path in sorted((shared_photos / "digits").iterdir()):
        picture = read_picture(path)
        pieces = picture_pieces(picture)
        assert is_same(pieces.ink_of(range(pieces.count)), picture_ink(picture)), path.name
        assert pieces.count <= 16, path.name
    for path in sorted((shared_photos / "numbers").iterdir()):
        digits = sum(one.isdigit() for one in path.name.split("_", 1)[0])
        sources = len(np.unique(picture_pieces(read_picture(path)).source))
        # Signs and a few specks come on top.
        assert digits <= sources <= 2 * digits + 2, path.name


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (2, 3), (12, 12), (30, 500)])
@pytest.mark.parametrize("share", [0.02, 0.3])
def test_odd_pictures(shape: tuple[int, int], share: float) -> None:
    random = np.random.default_rng(5)
    picture = picture_of(np.where(random.random(shape) < share, 20, 240))
    with contextlib.suppress(DigitpadError):
        pieces = picture_pieces(picture)
        for i in range(pieces.count):
            assert preprocess_ink(pieces.ink_of([i])).glyph.any()
