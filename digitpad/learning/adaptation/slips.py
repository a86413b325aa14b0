"""Whether the label of a drawing contradicts all that is known, so that it may be a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

_NEAREST = 3

_FAR, _FAR_FROM_ALL, _UNLIKELY = 3.0, 7.2, 0.8
_STRANGE = 13.8
"""A label is flagged where the three figures of `strangeness`, weighted so, are together more.

A logistic regression found the weights, on writers whom the model had never met and who are not in
the test: one of twelve of their misread drawings with their right labels would be flagged, and
seven of eight drawings with others. Of people whom the shipped model knows it is seven of eight,
too."""


def strangeness(
    places: Tensor, logits: Tensor, label: int, known: Tensor, owners: Tensor
) -> float | None:
    """How little the copies of a drawing look like what has its label.

    Their mean distance from what has the label, that from what is nearest to them, and the mean
    negative logarithm of the probability of the label, weighted.

    Args:
        places: (n, d), descriptions of the copies.
        logits: (n, c), what the network makes of them.
        label: the class that the drawing is said to be.
        known: (m, d), descriptions of what is known.
        owners: int64 (m,), the classes of these.

    Returns:
        None where nothing known has the label.
    """
    distances = torch.cdist(places, known)
    nearest = {
        int(number): own.topk(min(_NEAREST, own.shape[1]), dim=1, largest=False).values.mean(dim=1)
        for number in torch.unique(owners)
        if (own := distances[:, owners == number]).shape[1]
    }
    if label not in nearest:
        return None
    of_any = torch.stack(list(nearest.values())).amin(dim=0)
    likely = torch.log_softmax(logits, dim=1)[:, label]
    return float(
        _FAR * nearest[label].mean() + _FAR_FROM_ALL * of_any.mean() - _UNLIKELY * likely.mean()
    )


def is_strange(value: float | None) -> bool:
    """Whether a `strangeness` is that of a probable slip."""
    return value is not None and value > _STRANGE
