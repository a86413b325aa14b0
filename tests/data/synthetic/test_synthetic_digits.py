from pathlib import Path

import numpy as np
import pytest

from digitpad.data.dataset import DIGITS
from digitpad.data.synthetic.digit_styles import digit_styles, parse_styles
from digitpad.data.synthetic.digits import deform, synthetic_digits, synthetic_drawing
from digitpad.ink.glyph import preprocess_points, preprocess_strokes
from digitpad.recognition.model_file import load_model
from digitpad.recognition.recognizer import Recognizer

# The bundled model has met hardly any: zeros with a stroke through them.
AMBIGUOUS = {"flat flag", "bent flag"}

BUNDLED = Path(__file__).parents[3] / "resources" / "models" / "bundled.safetensors"


def together(count, seed, batch=500):
    parts = list(synthetic_digits(count, seed, batch))
    return np.concatenate([glyphs for glyphs, _ in parts]), np.concatenate([ys for _, ys in parts])


@pytest.fixture(scope="module")
def sample():
    return together(800, seed=5)


def test_batches_have_the_promised_form():
    batches = list(synthetic_digits(25, seed=0, batch=10))
    assert [glyphs.shape for glyphs, _ in batches] == [(10, 28, 28), (10, 28, 28), (5, 28, 28)]
    assert [labels.shape for _, labels in batches] == [(10,), (10,), (5,)]
    assert {glyphs.dtype for glyphs, _ in batches} == {np.dtype(np.uint8)}
    assert {labels.dtype for _, labels in batches} == {np.dtype(np.int64)}
    assert list(synthetic_digits(0, seed=0)) == []


def test_classes_are_balanced_and_shuffled(sample):
    _, labels = sample
    assert np.bincount(labels).tolist() == [80] * 10
    assert (np.diff(labels) < 0).any()
    # Every class is everywhere: nobody gets an epoch's part without, say, nines.
    assert all(len(set(part)) == 10 for part in np.split(labels, 8))
    _, odd = together(13, seed=1)
    assert np.bincount(odd).tolist() == [2, 2, 2, 1, 1, 1, 1, 1, 1, 1]


def test_the_same_seed_gives_the_same_bytes_whatever_the_batch(sample):
    again, labels = together(800, seed=5, batch=77)
    assert np.array_equal(again, sample[0])
    assert np.array_equal(labels, sample[1])


def test_other_seeds_give_other_digits(sample):
    other, labels = together(200, seed=6)
    assert not np.array_equal(labels, sample[1][:200])
    known = {glyph.tobytes() for glyph in sample[0]}
    assert len(known) == len(sample[0])
    assert not known & {glyph.tobytes() for glyph in other}


def test_digits_are_made_only_when_they_are_asked_for():
    glyphs, _ = next(synthetic_digits(10**6, seed=0, batch=2))
    assert len(glyphs) == 2


def test_glyphs_are_like_those_of_mnist(sample):
    glyphs, _ = sample
    levels = glyphs.astype(np.float64)
    # MNIST's training file: mean level 0.1307, deviation 0.3081, peak at least 254.
    assert 0.10 < levels.mean() / 255 < 0.16
    assert 0.27 < levels.std() / 255 < 0.34
    peaks = glyphs.max(axis=(1, 2))
    assert (peaks >= 254).mean() > 0.98
    # A thin bar may lie between two columns of pixels.
    assert (peaks >= 215).all()
    mass = levels.sum(axis=(1, 2))
    index = np.arange(28)
    x = levels.sum(axis=1) @ index / mass
    y = levels.sum(axis=2) @ index / mass
    for centre in (x, y):
        assert (np.abs(centre - 14) <= 0.51).all()
    # Thin and thick: a tenth of the glyphs has less than half of the ink of another tenth.
    low, high = np.quantile(mass, (0.1, 0.9))
    assert high > 2 * low


@pytest.mark.parametrize("digit", range(10), ids=DIGITS)
def test_every_style_is_read_by_the_bundled_model(digit):
    recognizer = Recognizer(load_model(BUNDLED))
    random = np.random.default_rng(digit)
    for style in digit_styles(habits=True)[digit]:
        paths = deform(style, 40, random)
        glyphs = np.stack([preprocess_points(np.split(path, style.breaks)).glyph for path in paths])
        right = recognizer.probabilities(glyphs).argmax(axis=1) == digit
        # Such ones are read as sevens, too, which people tell apart by context as well.
        floor = 0.3 if style.name in AMBIGUOUS else 0.7
        assert right.mean() >= floor, f"{style.name}: {right.mean():.0%}"


def test_the_bundled_model_reads_the_sample(sample):
    glyphs, labels = sample
    right = Recognizer(load_model(BUNDLED)).probabilities(glyphs).argmax(axis=1) == labels
    assert right.mean() >= 0.95


def test_every_digit_has_styles_of_its_own():
    styles = digit_styles()
    assert len(styles) == len(DIGITS)
    for digit, those in enumerate(styles):
        assert {style.label for style in those} == {digit}
        assert len({style.name for style in those}) == len(those) >= 4
        assert all(style.weight > 0 for style in those)
        for style in those:
            size = np.ptp(style.variants, axis=1)
            assert ((size[:, 1] > 0.85) & (size[:, 1] < 1.2)).all(), style.name


def test_a_path_goes_through_its_points_or_beside_them():
    (style,) = parse_styles("7 1 crossed\n 0 0, 60 0!, 20 100; 10 50, 30 40, 50 50")
    points = style.variants[0]
    sharp, rounded = (np.split(m @ points, style.breaks) for m in (style.sharp, style.rounded))
    assert [len(path) for path in sharp] == [len(path) for path in rounded] == [9, 9]
    assert style.stroke_of.tolist() == [0, 0, 0, 1, 1, 1]
    assert np.allclose(sharp[0][[0, 4, 8]], points[:3])
    # A corner parts straight lines.
    assert np.allclose(sharp[0][:5, 1], 0)
    for stroke, path in enumerate(rounded):
        assert np.allclose(path[[0, 8]], points[[3 * stroke, 3 * stroke + 2]])
        assert np.linalg.norm(path[4] - points[3 * stroke + 1]) > 0.02


@pytest.mark.parametrize(
    "text",
    [
        " 0 0, 1 1",
        "7 1 no template",
        "7 1 a dot\n 0 0",
        "7 1 two strokes against one\n 0 0, 1 1\n 0 0, 1 1; 2 2, 3 3",
        "7 1 other corners\n 0 0, 1 1, 2 2\n 0 0, 1 1!, 2 2",
        "7 1 three numbers\n 0 0 0, 1 1",
        "seven 1 no digit\n 0 0, 1 1",
    ],
)
def test_templates_that_cannot_be_read_are_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 -- some of them are of Python's own
        parse_styles(text)


def test_a_drawing_is_as_a_pen_leaves_it():
    drawing = synthetic_drawing(7, np.random.default_rng(0))
    again = synthetic_drawing(7, np.random.default_rng(0))
    assert drawing == again != synthetic_drawing(7, np.random.default_rng(1))
    every = np.concatenate([stroke.points for stroke in drawing.strokes])
    assert 200 < np.ptp(every, axis=0).max() < 1000
    recognizer = Recognizer(load_model(BUNDLED))
    random = np.random.default_rng(2)
    drawings = [synthetic_drawing(label % 10, random) for label in range(200)]
    glyphs = np.stack([preprocess_strokes(drawing).glyph for drawing in drawings])
    right = recognizer.probabilities(glyphs).argmax(axis=1) == np.arange(200) % 10
    assert right.mean() >= 0.95


@pytest.mark.parametrize(
    ("count", "seed", "batch"), [(-1, 0, 500), (10, -1, 500), (10, 0, 0), (10, 0, -5)]
)
def test_numbers_below_their_least_are_refused(count, seed, batch):
    with pytest.raises(ValueError, match="at least"):
        synthetic_digits(count, seed, batch)


@pytest.mark.parametrize("label", [-1, 10])
def test_there_are_ten_digits(label):
    with pytest.raises(ValueError, match="from 0 to 9"):
        synthetic_drawing(label, np.random.default_rng(0))
