"""Which samples the model of a set of symbols is made of. Without torch."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import digitpad

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digitpad.samples.sample import Sample

MARK = "samples"
"""In the origin of a model: what it was made of, so that it need not be made again."""


def mark_of(samples: Iterable[Sample]) -> str:
    """Names the samples of a model, and the version of the program, whose ways may change."""
    digest = hashlib.sha256(digitpad.__version__.encode())
    for sample in samples:
        digest.update(repr(sample.label).encode() + sample.glyph.tobytes())
    return digest.hexdigest()
