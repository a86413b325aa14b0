"""A model that reads the user's own symbols, from a few drawings of each and without training."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch.nn import functional

import digitpad
from digitpad.data.dataset import Dataset
from digitpad.data.synthetic.no_class import no_class_glyphs
from digitpad.data.synthetic.not_digits import NEAR, blurred
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD, glyphs_of
from digitpad.learning.adaptation.copies import copies_of
from digitpad.learning.adaptation.symbol_mark import MARK, mark_of
from digitpad.recognition.layers import Network, normalise
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import NO_CLASS, Calibration, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from digitpad.ink.drawing import Drawing
    from digitpad.samples.sample import Sample

_MOST_COPIES = 16
_MOST_GLYPHS = 480
"""Copies of a drawing as other hands would draw it, and of all drawings together."""

_RIDGE = 0.1
"""Of the ridge regression, as a share of the mean squared length of a feature vector."""

_SCRIBBLES = 60
_PIECES = 100
"""Drawings of no class beside those of the classes: what the program makes, and at most so many
parts of the drawings, or two drawings side by side."""

_NONE_WEIGHT = 1.0
"""What all drawings of no class count in the regression; a class counts 1."""

_NEVER = -1e4
"""Logit of a class that has no drawing."""

_TEMPERATURES = np.geomspace(0.02, 1.0, 60)
_TEMPERATURE = 0.15
"""Those that are tried, and the one for drawings that are too few to choose by."""

_LEAST_TO_CALIBRATE = 6
"""Least number of drawings that have another one of their class beside them."""

_NONE_SHARE = 0.3
"""What being unsure of drawings of no class counts in the temperature; those of a class count 1."""

_WORTH = 5
_MOST_REJECTED = 0.05
"""Rejecting a drawing is as bad as accepting so many of no class; the largest share rejected."""


class _Rows(NamedTuple):
    """What the regression learns from.

    Attributes:
        features: double (n, d): the drawings in their order, their copies, what is of no class.
        owner: int64 (n,): which drawing it is a copy of; each one of no class is its own.
        wanted: double (n, c): 1 for its class, of those that are drawn.
    """

    features: Tensor
    owner: Tensor
    wanted: Tensor


class _Seen(NamedTuple):
    """Glyphs as the parent sees them.

    Attributes:
        features: double (n, d).
        blurred: float64 (n, b), what two glyphs are compared by.
    """

    features: Tensor
    blurred: NDArray[np.float64]


class Findings:
    """What was found of drawings, so that a further lesson takes hardly longer than the first.

    Args:
        parent: gives the features.
        info: of its model.
        check: see `Teacher`.
    """

    def __init__(
        self, parent: Network, info: ModelInfo, check: Callable[[], object] = lambda: None
    ) -> None:
        self._network, self._info, self._check = parent, info, check
        self._seen: dict[object, _Seen] = {}

    def copies(self, lesson: Sample, count: int) -> _Seen:
        """A drawing and others of it."""
        key = (lesson.glyph.tobytes(), lesson.drawing.strokes, count)
        return self._find(key, lambda: copies_of(lesson, count))

    def pieces(self, drawing: Drawing) -> _Seen:
        """Halves of a drawing with strokes, and two of it side by side."""
        return self._find(drawing.strokes, lambda: glyphs_of(list(_pieces_of(drawing))))

    def scribbles(self) -> _Seen:
        """What looks like no symbol that most people would draw."""
        # What the classes are called, but for digits and letters, does not matter here.
        nothing = np.empty((0, FIELD, FIELD), dtype=np.uint8)
        known = Dataset(nothing, np.empty(0, dtype=np.int64), ("drawn", "not drawn"))
        return self._find(
            "scribbles",
            lambda: np.concatenate([*no_class_glyphs(known, _SCRIBBLES, 0, "learn")]),
        )

    def _find(self, key: object, make: Callable[[], NDArray[np.uint8]]) -> _Seen:
        # Always the same glyphs at a time, so that nothing depends on what was found before.
        if key not in self._seen:
            self._check()
            glyphs = make()
            levels = torch.from_numpy(np.ascontiguousarray(glyphs)).unsqueeze(1)
            features = self._network.embed(normalise(levels, self._info.normalisation)).double()
            self._seen[key] = _Seen(features, blurred(glyphs))
        return self._seen[key]


def symbol_model(
    parent: Model,
    name: str,
    classes: tuple[str, ...],
    samples: Sequence[Sample],
    findings: Findings | None = None,
) -> Model:
    """A model of a set of symbols: the parent's features with a classifier of the set's classes.

    The classifier is a ridge regression on the features of the drawings, each of which is redrawn
    as other hands would, beside drawings of no class. Temperature and threshold come from
    predictions of each drawing by a classifier that has not seen it. A class without a drawing is
    never answered, and without any drawing everything is rejected.

    The same samples give the same model, bit for bit.

    Args:
        parent: gives the layers before the classifier.
        name: of the set.
        classes: of the set, in the order of the model's outputs.
        samples: drawings of these classes; others are left out.
        findings: of the parent, from one call to the next.

    Raises:
        DigitpadError: the parent is an ensemble.
    """
    network = parent.network
    if not isinstance(network, Network):
        raise DigitpadError(
            "An ensemble has no features to read symbols by: choose one of its members."
        )
    lessons = [sample for sample in samples if sample.label in classes]
    labels = torch.tensor([classes.index(lesson.label) for lesson in lessons], dtype=torch.long)
    with torch.inference_mode():
        weight = torch.zeros(len(classes), network.classifier.in_features, dtype=torch.double)
        bias = torch.full((len(classes),), _NEVER if lessons else 0.0, dtype=torch.double)
        calibration = Calibration(reject_below=1.0)
        metrics: dict[str, Any] = {}
        if lessons:
            drawn = torch.unique(labels)
            found = findings or Findings(network, parent.info)
            rows = _rows(found, lessons, labels, drawn)
            weight[drawn], bias[drawn], held = _classifier(rows)
            calibration, metrics = _calibration(held, labels, drawn)
        taught = copy.deepcopy(network)
        # A new layer, since the parent's has as many outputs as the parent has classes.
        layer = torch.nn.Linear(weight.shape[1], len(classes))
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
        last = list(taught.sequences.values())[-1]
        last[-1] = layer
    taught.requires_grad_(requires_grad=False).eval()
    info = ModelInfo(
        name=name,
        architecture=parent.info.architecture,
        classes=classes,
        options=dict(parent.info.options),
        normalisation=parent.info.normalisation,
        glyph_rule=parent.info.glyph_rule,
        calibration=calibration,
        metrics=metrics,
        origin={
            "symbols": name,
            # The model of a set can be made anew of itself: its features are its parent's.
            "parent": (parent.info.parent if parent.info.symbols else "") or parent.info.name,
            "lessons": len(lessons),
            MARK: mark_of(lessons),
            "date": max(
                (lesson.created for lesson in lessons), default=datetime.fromtimestamp(0, UTC)
            )
            .date()
            .isoformat(),
            "digitpad": digitpad.__version__,
        },
    )
    return Model(info, taught)


def _rows(findings: Findings, lessons: Sequence[Sample], labels: Tensor, drawn: Tensor) -> _Rows:
    copies = max(min(_MOST_GLYPHS // len(lessons), _MOST_COPIES), 1)
    each = [findings.copies(lesson, copies) for lesson in lessons]
    features = torch.stack([one.features for one in each], dim=1).flatten(0, 1)
    none = _none_of_them(findings, lessons, np.stack([one.blurred[0] for one in each]))
    own = torch.arange(len(lessons)).repeat(copies)
    wanted = torch.zeros(len(own) + len(none), len(drawn), dtype=torch.double)
    wanted[: len(own)] = (labels[own][:, None] == drawn).double()
    owner = torch.cat((own, len(lessons) + torch.arange(len(none))))
    return _Rows(torch.cat((features, none)), owner, wanted)


def _none_of_them(
    findings: Findings, lessons: Sequence[Sample], own: NDArray[np.float64]
) -> Tensor:
    """Features, double (n, d), of what looks like none of the drawings: scribbles and pieces.

    Whoever writes several symbols in a row wants none of their pieces read as a symbol.
    """
    written = [lesson.drawing for lesson in lessons if lesson.drawing.strokes]
    # The newest ones, if there are many.
    newest = islice(reversed(written), _PIECES // 4)
    parts = [*(findings.pieces(drawing) for drawing in newest), findings.scribbles()]
    unlike = [(part.blurred @ own.T).max(axis=1) < NEAR for part in parts]
    return torch.cat(
        [part.features[torch.from_numpy(which)] for part, which in zip(parts, unlike, strict=True)]
    )


def _pieces_of(drawing: Drawing) -> Iterator[list[NDArray[np.float64]]]:
    """Halves of a drawing, and two of it side by side, as strokes."""
    yield from _halves(drawing)
    yield _twice(drawing)


def _halves(drawing: Drawing) -> Iterator[list[NDArray[np.float64]]]:
    strokes = [stroke.points for stroke in drawing.strokes]
    if len(strokes) > 1:
        yield strokes[:1]
        yield strokes[1:]
        return
    (points,) = strokes
    steps = np.cumsum(np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1)))
    if len(steps) > 1:
        middle = int(np.searchsorted(steps, steps[-1] / 2)) + 1
        yield [points[: middle + 1]]
        yield [points[middle:]]


def _twice(drawing: Drawing) -> list[NDArray[np.float64]]:
    strokes = [stroke.points for stroke in drawing.strokes]
    every = np.concatenate(strokes)
    size = every.max(axis=0) - every.min(axis=0)
    aside = (size[0] + 0.15 * float(size.max()), 0.0)
    return [*strokes, *(points + aside for points in strokes)]


def _classifier(rows: _Rows) -> tuple[Tensor, Tensor, Tensor]:
    """Weights (c, d) and biases (c,) of the classes that are drawn, and held-out logits.

    The held-out logits (m, c) are those of each drawing, and of each one of no class, by a
    classifier that has seen neither it nor its copies. They come from the one classifier of all:
    leaving out some rows of a linear regression changes its predictions there by a known matrix.
    """
    features, owner, wanted = rows
    is_none = wanted.sum(dim=1) == 0
    # Each class counts alike, however many drawings it has.
    worth = wanted @ (1 / wanted.sum(dim=0))
    worth[is_none] = _NONE_WEIGHT / max(int(is_none.sum()), 1)
    mean = worth @ features / worth.sum()
    # What stands for the constant beside the features is as large as they are long.
    constant = float((worth @ (features - mean).square().sum(dim=1) / worth.sum()).sqrt()) or 1.0
    root = worth.sqrt()[:, None]
    given = torch.cat([features - mean, torch.full_like(root, constant)], dim=1) * root
    targets = (wanted * 2 - 1) * root
    kernel = given @ given.T
    ridge = _RIDGE * kernel.diagonal().mean()
    inverse = torch.linalg.inv(kernel + ridge * torch.eye(len(kernel), dtype=kernel.dtype))
    dual = inverse @ targets
    solution = dual.T @ given
    weight, bias = solution[:, :-1], solution[:, -1] * constant
    held = []
    for drawing in range(int(owner.max()) + 1):
        own = torch.nonzero(owner == drawing)[:, 0]
        errors = torch.linalg.solve(inverse[own][:, own], dual[own])
        # The drawing itself is the first of its copies.
        held.append((targets[own] - errors)[0] / root[own[0]])
    return weight, bias - weight @ mean, torch.stack(held)


def _calibration(held: Tensor, labels: Tensor, drawn: Tensor) -> tuple[Calibration, dict[str, Any]]:
    """Temperature and threshold, and the metrics that say so."""
    counts = torch.bincount(labels, minlength=int(drawn.max()) + 1)
    # Whoever is the only one of a class is held out with all that is known of it.
    fair = counts[labels] > 1
    temperature = _TEMPERATURE
    if int(fair.sum()) < _LEAST_TO_CALIBRATE or len(drawn) < 2:
        return Calibration(temperature=temperature), {}
    logits, places = held[: len(labels)][fair], torch.searchsorted(drawn, labels[fair])
    # Few drawings without any mistake would make everything sure, what is of no class, too.
    no_class = held[len(labels) :]
    uniform = torch.full_like(no_class, 1 / no_class.shape[1])
    losses = [
        float(functional.cross_entropy(logits / float(one), places))
        + _NONE_SHARE * float(functional.cross_entropy(no_class / float(one), uniform))
        for one in _TEMPERATURES
    ]
    temperature = round(float(_TEMPERATURES[int(np.argmin(losses))]), 4)
    known = _held_together(logits, temperature)
    none = _held_together(no_class, temperature)
    best, threshold = np.inf, 0.0
    for value in np.unique(np.concatenate((known, none))):
        rejected, accepted = float((known < value).mean()), float((none >= value).mean())
        badness = _WORTH * rejected + accepted
        if rejected <= _MOST_REJECTED and badness < best:
            best, threshold = badness, float(value)
    # Rounded down, so that the value at the threshold stays accepted.
    threshold = np.floor(threshold * 1e4) / 1e4
    metrics = {NO_CLASS: {"count": len(none), "accepted": float((none >= threshold).mean())}}
    return Calibration(temperature, float(threshold)), metrics


def _held_together(logits: Tensor, temperature: float) -> NDArray[np.float64]:
    """What the two best classes have together, as `best_two` says."""
    shares = torch.softmax(logits / temperature, dim=1)
    count = min(2, shares.shape[1]) if shares.shape[1] > 2 else 1
    found: NDArray[np.float64] = shares.topk(count, dim=1).values.sum(dim=1).numpy()
    return found
