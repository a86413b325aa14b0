"""What models of symbols are made of, made once for all tests that are about something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digitpad.learning.adaptation import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.data.dataset import Dataset
    from digitpad.data.synthetic.no_class import Purpose
    from digitpad.samples.sample import Sample

_COPIES: dict[object, NDArray[np.uint8]] = {}
_SCRIBBLES: dict[object, list[NDArray[np.uint8]]] = {}
_copies_of, _no_class_glyphs = symbols.copies_of, symbols.no_class_glyphs


def copies_of(sample: Sample, copies: int) -> NDArray[np.uint8]:
    """In the place of the function of this name."""
    key = (sample.glyph.tobytes(), sample.drawing.strokes, copies)
    if key not in _COPIES:
        _COPIES[key] = _copies_of(sample, copies)
    return _COPIES[key]


def no_class_glyphs(
    known: Dataset, count: int, seed: int, purpose: Purpose
) -> Iterator[NDArray[np.uint8]]:
    """In the place of the function of this name; for symbols its first argument is empty."""
    assert len(known) == 0
    key = (count, seed, purpose)
    if key not in _SCRIBBLES:
        _SCRIBBLES[key] = list(_no_class_glyphs(known, count, seed, purpose))
    yield from _SCRIBBLES[key]


@pytest.fixture
def symbols_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies and scribbles are those that another test has made."""
    monkeypatch.setattr(symbols, "copies_of", copies_of)
    monkeypatch.setattr(symbols, "no_class_glyphs", no_class_glyphs)
