"""What is found on the thread: runs, networks of their epochs, and glyphs in the plane."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from digitpad.app.inside.through.points import Points, points_for
from digitpad.errors import DigitpadError
from digitpad.learning.runs.epoch_weights import EpochWeights
from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.inside.layers import PROBABILITIES
from digitpad.recognition.inside.plane import (
    Plane,
    Side,
    classes_plane,
    features_of,
    spread_plane,
)
from digitpad.recognition.prediction import predictions_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.prediction import Prediction

_K = TypeVar("_K")
_V = TypeVar("_V")

_NETWORKS, _PLANES = 6, 200
"""How many are kept: networks may have five megabytes each, planes have some ten kilobytes."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptRun:
    """A run with what is known of its epochs.

    Attributes:
        run: the run.
        weights: those of its epochs.
        accuracies: on the validation data after each epoch, in [0, 1].
        points: the glyphs of its plane.
    """

    run: Run
    weights: EpochWeights
    accuracies: Mapping[int, float]
    points: Points


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked about an epoch.

    Attributes:
        epoch: its number.
        glyph: uint8 (28, 28); None while nothing is drawn.
        layer: name of the convolution that is looked at; "" for the first one.
        source: number of the map that the shown kernels read.
    """

    epoch: int
    glyph: NDArray[np.uint8] | None
    layer: str
    source: int


@dataclass(frozen=True, slots=True, eq=False)
class EpochState:
    """A network as it was after an epoch.

    Attributes:
        run_id: of its run.
        wanted: what was asked.
        layers: names of its convolutions, and how many maps each of them reads.
        layer: the convolution that is shown.
        kernels: float64 (n, 1, rows, columns), those that read one map.
        maps: float64 (n, 1, height, width), its output for the glyph; None without a glyph.
        prediction: for the glyph; None without one.
        features: of the glyph, float64 (1, d); None without one.
    """

    run_id: str
    wanted: Wanted
    layers: Mapping[str, int]
    layer: str
    kernels: NDArray[np.float64]
    maps: NDArray[np.float64] | None
    prediction: Prediction | None
    features: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """The plane of an epoch.

    Attributes:
        run_id: of its run.
        epoch: its number.
        side: from where it is seen.
        plane: None where its weights cannot be read.
        problem: why they cannot; else None.
    """

    run_id: str
    epoch: int
    side: Side
    plane: Plane | None
    problem: DigitpadError | None = None


class Epochs:
    """Reads runs and their networks, and keeps the latest. For one thread at a time.

    Args:
        store: has the runs.
        samples: the file of the user's samples; None if there is none.
    """

    def __init__(self, store: RunStore, samples: Path | None) -> None:
        self._store, self._samples = store, samples
        self._networks: OrderedDict[tuple[str, int], Inside] = OrderedDict()
        self._planes: OrderedDict[tuple[str, int, Side], Plane] = OrderedDict()
        self._points: dict[tuple[str, ...], Points] = {}
        self._known: KeptRun | None = None
        self._unreadable: set[tuple[str, int]] = set()

    def runs(self) -> tuple[Run, ...]:
        """The runs that have kept weights, the newest first."""
        return tuple(
            run
            for run in self._store.list()
            if run.classes and any(_entries(self._store.epochs_path(run.id)))
        )

    def opened(self, run_id: str) -> KeptRun:
        """A run with its epochs, as they are now; the same object while nothing has changed."""
        run = self._store.get(run_id)
        weights = EpochWeights(self._store, run)
        known = self._known
        if known is not None and _is_complete(known, run, weights):
            return known
        rows = self._store.history(run_id).epochs
        accuracies = {row.epoch: row.validation.get("accuracy", np.nan) for row in rows}
        if run.classes not in self._points:
            self._points[run.classes] = points_for(run.classes, self._samples)
        self._known = KeptRun(run, weights, accuracies, self._points[run.classes])
        return self._known

    def state(self, kept: KeptRun, wanted: Wanted) -> EpochState:
        """A network as it was after an epoch.

        Raises:
            DigitpadError: its weights cannot be read.
        """
        inside = self._inside(kept, wanted.epoch)
        named = inside.network.named_layers()
        layers = {one.name: named[one.name] for one in inside.layers if one.kind == "conv"}
        name = wanted.layer if wanted.layer in layers else next(iter(layers), "")
        kernels = np.zeros((0, 1, 1, 1))
        if name:
            weights = layers[name].get_parameter("weight").detach().double().numpy()
            source = min(wanted.source, weights.shape[1] - 1)
            kernels = weights[:, source : source + 1]
        maps = prediction = features = None
        if wanted.glyph is not None:
            outputs = inside.outputs(wanted.glyph)
            if name:
                maps = outputs[name][:, None].astype(np.float64)
            row, info = outputs[PROBABILITIES].tolist(), inside.info
            (prediction,) = predictions_of([row], info.classes, info.calibration.reject_below)
            (into_classifier,) = inside.layer(inside.logits_name).inputs
            features = outputs[into_classifier][None].astype(np.float64)
        reads = {key: layer.get_parameter("weight").shape[1] for key, layer in layers.items()}
        return EpochState(kept.run.id, wanted, reads, name, kernels, maps, prediction, features)

    def placed(self, kept: KeptRun, epoch: int, side: Side) -> Placed:
        """The plane of an epoch, or of one before it that must be known first."""
        before: Plane | None = None
        if side == "spread":
            for earlier in kept.weights.epochs:
                if earlier >= epoch:
                    break
                # Asked for again and again, it would fail as often.
                if (kept.run.id, earlier) in self._unreadable:
                    continue
                found = self._planes.get((kept.run.id, earlier, side))
                if found is None:
                    epoch = earlier
                    break
                before = found
        key = kept.run.id, epoch, side
        if (plane := self._planes.get(key)) is not None:
            return Placed(*key, plane)
        try:
            inside = self._inside(kept, epoch)
        except DigitpadError as error:
            self._unreadable.add((kept.run.id, epoch))
            return Placed(*key, None, error)
        features = features_of(inside, kept.points.glyphs)
        if side == "spread":
            plane = spread_plane(features, None if before is None else before.points)
        else:
            weights = inside.network.classifier.weight.detach().double().numpy()
            plane = classes_plane(features, weights)
        _keep(self._planes, key, plane, _PLANES)
        return Placed(*key, plane)

    def _inside(self, kept: KeptRun, epoch: int) -> Inside:
        key = kept.run.id, epoch
        if (found := self._networks.get(key)) is not None:
            self._networks.move_to_end(key)
            return found
        inside = Inside(kept.weights.load(epoch))
        _keep(self._networks, key, inside, _NETWORKS)
        return inside


def _is_complete(known: KeptRun, run: Run, weights: EpochWeights) -> bool:
    """Whether nothing has come that is shown: a training may be under way."""
    return (
        (known.run.id, known.run.name) == (run.id, run.name)
        and known.weights.epochs == weights.epochs
        # Weights are written a moment before the metrics of the same epoch.
        and set(weights.epochs) - {0} <= known.accuracies.keys()
    )


def _entries(folder: Path) -> list[Path]:
    with suppress(OSError):
        return list(folder.iterdir())
    return []


def _keep(cache: OrderedDict[_K, _V], key: _K, value: _V, most: int) -> None:
    cache[key] = value
    while len(cache) > most:
        cache.popitem(last=False)
