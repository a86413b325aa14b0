import numpy as np
import pytest

from digitpad.data.synthetic.digits import synthetic_digits
from digitpad.data.synthetic.not_digits import not_digits
from digitpad.data.synthetic.scribbles import CHARACTERS, SCRIBBLES
from digitpad.data.synthetic.signs import SIGNS
from digitpad.ink.glyph import preprocess_points

SHAPES = [shape for _, shape in (*SIGNS, *CHARACTERS, *SCRIBBLES)]


def together(count, seed, batch=500):
    return np.concatenate(list(not_digits(count, seed, batch)))


@pytest.fixture(scope="module")
def sample():
    return together(600, seed=5)


def test_batches_have_the_promised_form():
    batches = list(not_digits(25, seed=0, batch=10))
    assert [glyphs.shape for glyphs in batches] == [(10, 28, 28), (10, 28, 28), (5, 28, 28)]
    assert {glyphs.dtype for glyphs in batches} == {np.dtype(np.uint8)}
    assert list(not_digits(0, seed=0)) == []


def test_the_same_seed_gives_the_same_bytes_whatever_the_batch(sample):
    assert np.array_equal(together(600, seed=5, batch=77), sample)
    # Fewer are the first of more.
    assert np.array_equal(together(50, seed=5), sample[:50])


def test_no_two_are_alike(sample):
    every = np.concatenate((sample, together(100, seed=6)))
    # But dots, which only differ in width.
    assert len({glyph.tobytes() for glyph in every}) > 0.99 * len(every)
    assert (every.max(axis=(1, 2)) > 200).all()


def test_they_are_further_from_digits_than_digits_are(sample):
    def spread(glyphs):
        level = glyphs[:, ::2, ::2].reshape(len(glyphs), -1).astype(np.float64)
        level -= level.mean(axis=1, keepdims=True)
        return level / np.linalg.norm(level, axis=1, keepdims=True)

    ((glyphs, _),) = synthetic_digits(2000, seed=1, batch=2000)
    bank = spread(glyphs[:1500])
    digits, others = ((spread(g) @ bank.T).max(axis=1) for g in (glyphs[1500:], sample))
    assert np.median(others) < np.quantile(digits, 0.1)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_shape_can_be_drawn(shape):
    random = np.random.default_rng(0)
    drawings = [shape(random) for _ in range(40)]
    for strokes in drawings:
        assert strokes
        assert all(stroke.ndim == 2 and len(stroke) and stroke.shape[1] == 2 for stroke in strokes)
    assert len({preprocess_points(strokes).glyph.tobytes() for strokes in drawings}) > 20


@pytest.mark.parametrize(
    ("count", "seed", "batch"), [(-1, 0, 500), (10, -1, 500), (10, 0, 0), (10, 0, -5)]
)
def test_numbers_below_their_least_are_refused(count, seed, batch):
    with pytest.raises(ValueError, match="at least"):
        not_digits(count, seed, batch)
