"""Which linked ink is tried as one symbol first, and which strokes of a division may be cut."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from digitpad.ink.division.candidates import MOST_SOURCES
from digitpad.ink.division.pieces import box_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.ink.division.proposal import Cluster
    from digitpad.recognition.prediction import Prediction

_CLEAR = 0.98
"""The strokes of a part that has this probability, at least, are not cut ..."""

_NARROW = 1.15
"""... unless the part is wider than this share of its height."""

SINGLE = 1.0
"""Width as a share of the height up to which linked ink is first tried as one symbol: what is read
as one without doubt is not divided. Two digits are hardly so narrow, and rejected if they are."""


def doubtful_sources(
    cluster: Cluster, chosen: Sequence[int], predictions: Sequence[Prediction]
) -> list[int]:
    """The sources in a division that may have to be cut, ascending.

    Args:
        cluster: what was divided.
        chosen: numbers of the symbols in the division.
        predictions: of all candidates for symbols.
    """
    found: set[int] = set()
    for number in chosen:
        members = cluster.candidates[number].members
        if not _is_clear(predictions[number]) or width_of(cluster, members) > _NARROW:
            found.update(cluster.ink.pieces[i].source for i in members)
    return sorted(found)


def _is_clear(prediction: Prediction) -> bool:
    return not prediction.rejected and prediction.confidence >= _CLEAR


def width_of(cluster: Cluster, members: Sequence[int]) -> float:
    """Width of some pieces as a share of their height."""
    left, top, right, bottom = box_of(cluster.ink.pieces[i] for i in members)
    height = bottom - top
    return (right - left) / height if height else math.inf


def all_pieces(cluster: Cluster) -> tuple[int, ...]:
    """All pieces of a cluster, ascending: those of the candidate with all its ink."""
    return tuple(sorted(cluster.members))


def may_be_single(cluster: Cluster, widest: float) -> bool:
    """Whether all of a cluster may be one symbol: if it is read as one, no division is tried.

    Args:
        cluster: linked pieces.
        widest: its width as a share of its height, at most.
    """
    if cluster.signs:
        return False
    is_few = len({cluster.ink.pieces[i].source for i in cluster.members}) <= MOST_SOURCES
    return is_few and width_of(cluster, cluster.members) <= widest
