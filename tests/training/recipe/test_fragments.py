import itertools

import numpy as np
import pytest

from training.recipe.fragments import is_fragment


def line(*corners):
    parts = [np.linspace(a, b, 8, endpoint=False) for a, b in itertools.pairwise(corners)]
    return np.vstack([*parts, corners[-1]]).astype(float)


FRAGMENTS = {
    "dot": [np.array([[5.0, 5.0], [5.0, 5.0]])],
    "dash": [line((0, 0), (40, 3))],
    "leaning dash": [line((0, 20), (40, 0))],
    "dash and speck": [line((0, 0), (40, 3)), np.array([[41.0, 3.0], [41.0, 4.0]])],
    "angle": [line((0, 0), (-5, 30), (25, 28))],
}

DIGITS = {
    "one": [line((10, 0), (8, 40))],
    "leaning one": [line((30, 0), (0, 32))],
    "one with a foot": [line((10, 0), (10, 40)), line((0, 40), (20, 40))],
    "seven": [line((0, 0), (20, 0), (8, 40))],
    "four": [line((0, 0), (-5, 30), (25, 28)), line((15, 5), (14, 60))],
    "one with a tick": [line((10, 0), (10, 40), (16, 38))],
    "ring": [
        np.stack(
            (np.cos(np.linspace(0, 2 * np.pi, 40)), np.sin(np.linspace(0, 2 * np.pi, 40))), axis=1
        )
    ],
}


@pytest.mark.parametrize("name", FRAGMENTS)
def test_pieces_of_digits_are_found(name):
    assert is_fragment(FRAGMENTS[name])
    assert is_fragment([7.5 * stroke + 100 for stroke in FRAGMENTS[name]])


@pytest.mark.parametrize("name", DIGITS)
def test_whole_digits_are_not_fragments(name):
    assert not is_fragment(DIGITS[name])
