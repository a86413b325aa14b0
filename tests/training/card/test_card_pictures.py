import numpy as np
import pytest

from digitpad.data.synthetic.digits import synthetic_digits
from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from training.card import pictures as module
from training.card.pictures import KINDS, pasted, picture_glyphs


@pytest.fixture
def digits() -> np.ndarray:
    (glyphs, _), *_ = synthetic_digits(2, 0)
    return glyphs


@pytest.mark.parametrize("kind", KINDS)
def test_a_digit_in_a_picture_is_found_again(digits, kind):
    found = picture_glyphs(digits, kind, 0, processes=1)
    assert (found == picture_glyphs(digits, kind, 0, processes=1)).all()
    for glyph, plain in zip(found, digits, strict=True):
        assert np.corrcoef(glyph.ravel(), plain.ravel())[0, 1] > 0.75


def test_processes_make_the_same_pictures(digits, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 1)
    one = picture_glyphs(digits, "small", 0, processes=1)
    assert (one == picture_glyphs(digits, "small", 0, processes=2)).all()


def test_the_pictures_are_what_their_kinds_say(digits):
    def levels(kind: str) -> np.ndarray:
        return pasted(digits[0], kind, np.random.default_rng(0)).pixels[..., :3].astype(int)

    assert levels("large").shape == (280, 280, 3)
    assert levels("small").shape == (300, 400, 3)
    assert np.median(levels("inverted")) < 50 < 200 < np.median(levels("large"))
    corners = levels("gradient")[[0, 0, -1, -1], [0, -1, 0, -1], 0]
    assert np.ptp(corners) > 60
    assert len(np.unique(levels("noise"))) > len(np.unique(levels("large")))
    colours = levels("colour")
    assert np.abs(colours - colours.mean(axis=2, keepdims=True)).max() > 20


def test_where_no_ink_is_found_the_glyph_is_empty(monkeypatch):
    blank = Drawing(picture=Picture(np.full((50, 50, 4), 255, np.uint8))).picture
    monkeypatch.setattr(module, "pasted", lambda *_: blank)
    glyphs = np.full((1, 28, 28), 255, np.uint8)
    assert picture_glyphs(glyphs, "large", 0, processes=1).max() == 0
