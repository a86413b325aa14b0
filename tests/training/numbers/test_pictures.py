from itertools import islice, pairwise

import numpy as np
import pytest
from number_hands import drawn_hands

from digitpad.data.dataset import DIGITS, Dataset
from digitpad.data.synthetic.digits import synthetic_digits
from digitpad.ink.photo.preprocessing import place_ink
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognizer import Recognizer
from training.numbers.compose import compose
from training.numbers.pictures import (
    MNIST_TOUCHING,
    NumberPicture,
    TrueInk,
    mnist_rows,
    photo_of,
    scan_of,
)
from training.numbers.surfaces import SURFACES, Look


@pytest.fixture(scope="module")
def photos() -> list[NumberPicture]:
    return [
        photo_of(number, np.random.default_rng(at))
        for at, number in enumerate(islice(compose(drawn_hands(), 2), 12))
    ]


@pytest.fixture(scope="module")
def digits() -> Dataset:
    ((glyphs, labels),) = synthetic_digits(100, 1)
    return Dataset(glyphs, labels, DIGITS)


@pytest.fixture(scope="module")
def rows(digits) -> list[NumberPicture]:
    return list(islice(mnist_rows(digits, 0), 150))


def _same(one: NumberPicture, other: NumberPicture) -> bool:
    return one.text == other.text and np.array_equal(one.picture.pixels, other.picture.pixels)


def _read(pictures: list[NumberPicture]) -> float:
    inks = [part.ink.astype(np.float32) / 255 for one in pictures for part in one.parts]
    texts = [part.text for one in pictures for part in one.parts]
    recognizer = Recognizer(load_model(bundled_model_path()))
    predictions = recognizer.predict(np.stack([place_ink(ink).glyph for ink in inks]))
    return np.mean([one.text == text for one, text in zip(predictions, texts, strict=True)])


def _inked(part: TrueInk) -> tuple[int, int]:
    """The columns between which it holds much ink."""
    columns = np.flatnonzero((part.ink > 100).any(axis=0)) + part.bounds[0]
    return columns[0], columns[-1] + 1


def test_the_true_ink_of_photos_is_read(photos):
    assert _read(photos) > 0.95


def test_the_true_ink_of_rows_is_read(rows):
    assert _read(rows) > 0.95


def test_true_ink_lies_where_the_picture_has_ink(photos):
    for one in photos:
        levels = one.picture.pixels[..., :3].astype(float).mean(axis=2)
        for part in one.parts:
            left, top, right, bottom = part.bounds
            within = levels[top:bottom, left:right]
            assert within.shape == part.ink.shape
            inked, bare = within[part.ink > 200], within[part.ink == 0]
            if len(inked) and len(bare):
                is_darker = one.look.surface != "dark"
                assert (np.median(bare) > np.median(inked)) == is_darker


def test_digits_of_pictures_go_from_left_to_right(photos, rows):
    for one in (*photos, *rows):
        assert one.text == "".join(part.text for part in one.parts)
        middles = [part.bounds[0] + part.bounds[2] for part in one.parts]
        assert middles == sorted(middles)


def test_the_same_seed_gives_the_same_pictures(photos, rows, digits):
    numbers = list(islice(compose(drawn_hands(), 2), 2))
    again = [photo_of(one, np.random.default_rng(at)) for at, one in enumerate(numbers)]
    assert all(map(_same, again, photos[:2]))
    assert all(map(_same, islice(mnist_rows(digits, 0), 5), rows[:5]))


def test_a_scan_shows_what_a_photo_shows():
    number = next(compose(drawn_hands(), 2))
    photo, scan = (make(number, np.random.default_rng(5)) for make in (photo_of, scan_of))
    assert (scan.text, scan.look) == (photo.text, photo.look)
    assert scan.picture.pixels.shape == photo.picture.pixels.shape
    for one, other in zip(scan.parts, photo.parts, strict=True):
        # The blur is another one.
        assert np.allclose(one.bounds, other.bounds, atol=8)
    grey = scan.picture.pixels[..., 0].astype(float)
    left, top, right, bottom = scan.parts[0].bounds
    ink = scan.parts[0].ink
    held = grey[top:bottom, left:right]
    assert held[ink > 200].mean() < held[ink == 0].mean() - 100


def test_a_tenth_of_the_neighbours_in_rows_touch(rows):
    gaps = [
        _inked(right)[0] - _inked(left)[1] for one in rows for left, right in pairwise(one.parts)
    ]
    assert np.mean(np.array(gaps) < 1) == pytest.approx(MNIST_TOUCHING, abs=0.04)


def test_numbers_are_written_on_every_surface():
    random = np.random.default_rng(0)
    looks = [Look.drawn(random) for _ in range(400)]
    for surface, share in SURFACES.items():
        assert np.mean([look.surface == surface for look in looks]) == pytest.approx(
            share, abs=0.06
        )
    assert all((look.tool == "chalk") == (look.surface == "dark") for look in looks)
