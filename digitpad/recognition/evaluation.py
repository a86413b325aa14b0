"""Evaluation of a model on a dataset: metrics, batch by batch."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.recognition.prediction import Prediction

CALIBRATION_BINS = 15
"""Number of bins of the expected calibration error, of equal width as in Guo and others 2017
(arXiv 1706.04599)."""

_LEAST = 1e-15
"""Least probability of the true class in the negative log-likelihood: a single zero would make that
infinite."""

# Confidences crowd together below 1. On the logit scale 0.999 and 0.9999 stay as far apart as 0.9
# and 0.99, up to the last bits of a double (1 - 2**-53 has the logit 36.7).
_LOGIT_RANGE = (-12.0, 38.0)
_RANK_BINS = 2**16


@dataclass(frozen=True, slots=True)
class Bin:
    """Samples of about the same confidence.

    Attributes:
        count: number of samples.
        confidence: their mean confidence; 0 without any.
        accuracy: their accuracy; 0 without any.
    """

    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class ClassMetrics:
    """Metrics of one class; None for a share of nothing.

    Attributes:
        count: number of samples of the class.
        recall: share of them that were predicted as it, rejected or not.
        precision: share of the samples predicted as it that are of it.
        f1: harmonic mean of recall and precision.
        rejected: share of its samples that were rejected.
    """

    count: int
    recall: float | None
    precision: float | None
    f1: float | None
    rejected: float | None


@dataclass(frozen=True, slots=True)
class OtherMetrics:
    """Metrics of the samples of no class of the model; None for a share of nothing.

    Attributes:
        count: number of such samples.
        auroc: area under the receiver operating characteristic: the probability that of a random
            pair the sample of a class has more confidence (ties count half).
        accepted: share of them that were not rejected.
        accepted_as: how many of them were accepted as each class.
    """

    count: int
    auroc: float | None
    accepted: float | None
    accepted_as: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The metrics of a model on a dataset; None for a share of nothing.

    Attributes:
        classes: names of the model's classes.
        count: number of samples whose label is a class, or a number whose digits are classes.
        accuracy: share of them whose whole label was predicted, rejected or not.
        nll: mean negative log-likelihood of the true class, in nats.
        ece: expected calibration error in [0, 1].
        rejected: share of the samples in `count` that were rejected.
        per_class: metrics of each class, in the order of the classes.
        confusion: int64 (k, k), with the true class as the row and the predicted one as the column,
            rejected or not.
        others: metrics of all other samples.
        reliability: accuracy by confidence: CALIBRATION_BINS bins of equal width from 0 to 1, open
            below and closed above.
    """

    classes: tuple[str, ...]
    count: int
    accuracy: float | None
    nll: float | None
    ece: float | None
    rejected: float | None
    per_class: tuple[ClassMetrics, ...]
    confusion: NDArray[np.int64]
    others: OtherMetrics
    reliability: tuple[Bin, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; ``digitpad evaluate --help`` explains them."""
        rows = [dict(zip(self.classes, row, strict=True)) for row in self.confusion.tolist()]
        others = asdict(self.others)
        del others["accepted_as"]
        return {
            "count": self.count,
            "accuracy": self.accuracy,
            "nll": self.nll,
            "ece": self.ece,
            "rejected": self.rejected,
            "per_class": dict(zip(self.classes, map(asdict, self.per_class), strict=True)),
            "confusion": dict(zip(self.classes, rows, strict=True)),
            "others": others,
        }


class Evaluator:
    """Collects predictions and labels. Its memory depends only on the number of classes.

    A sample counts if its label is a class of the model, or a number of several characters that are
    all classes ("42"). All other samples are "others". A single prediction for a longer number is
    wrong and belongs to none of its digits. So it is part of `count`, `accuracy` and `rejected`,
    but not of the metrics by class, the likelihood and the calibration.

    Args:
        classes: names of the model's classes.
    """

    def __init__(self, classes: Sequence[str]) -> None:
        self._classes = tuple(classes)
        self._index = {name: i for i, name in enumerate(self._classes)}
        k = len(self._classes)
        self._count = self._right = self._rejected = 0
        self._confusion = np.zeros((k, k), dtype=np.int64)
        self._rejected_by_class = np.zeros(k, dtype=np.int64)
        self._log_loss = 0.0
        # Count, sum of confidences, and right predictions in each bin.
        self._calibration = np.zeros((3, CALIBRATION_BINS))
        self._others = 0
        self._others_accepted_as = np.zeros(k, dtype=np.int64)
        self._ranks = np.zeros((2, _RANK_BINS), dtype=np.int64)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the model's classes."""
        return self._classes

    def add(self, labels: Sequence[str], predictions: Sequence[Prediction]) -> None:
        """Add samples.

        Args:
            labels: the label of each, as a name.
            predictions: the prediction for each.

        Raises:
            ValueError: the numbers of labels and predictions differ.
        """
        if len(labels) != len(predictions):
            raise ValueError("there must be one prediction for each label")
        if not labels:
            return
        probabilities = np.array([prediction.probabilities for prediction in predictions])
        rejected = np.array([prediction.rejected for prediction in predictions])
        truth = np.array([self._index.get(label, -1) for label in labels])
        single = truth >= 0
        counted = np.array([self.counts(label) for label in labels])
        confidence = probabilities.max(axis=1)
        self._count += int(counted.sum())
        self._rejected += int(rejected[counted].sum())
        self._others += int((~counted).sum())
        predicted = probabilities[~counted & ~rejected].argmax(axis=1)
        self._others_accepted_as += np.bincount(predicted, minlength=len(self._classes))
        for group, chosen in enumerate((counted, ~counted)):
            self._ranks[group] += np.bincount(_rank_bin(confidence[chosen]), minlength=_RANK_BINS)
        self._add_single(truth[single], probabilities[single], rejected[single])

    def counts(self, label: str) -> bool:
        """Whether a sample with this label counts; see the class."""
        if label in self._index:
            return True
        return len(label) > 1 and all(character in self._index for character in label)

    def result(self) -> Evaluation:
        """The metrics of all samples so far."""
        single = int(self._confusion.sum())
        counts, confidences, right = self._calibration
        return Evaluation(
            classes=self._classes,
            count=self._count,
            accuracy=_share(self._right, self._count),
            nll=_share(self._log_loss, single),
            ece=_share(float(np.abs(right - confidences).sum()), float(counts.sum())),
            rejected=_share(self._rejected, self._count),
            per_class=tuple(self._class_metrics(i) for i in range(len(self._classes))),
            confusion=self._confusion.copy(),
            others=OtherMetrics(
                self._others,
                _auroc(*self._ranks),
                _share(int(self._others_accepted_as.sum()), self._others),
                tuple(self._others_accepted_as.tolist()),
            ),
            reliability=tuple(
                Bin(int(n), _share(total, n) or 0.0, _share(hits, n) or 0.0)
                for n, total, hits in self._calibration.T.tolist()
            ),
        )

    def _add_single(
        self,
        truth: NDArray[np.int64],
        probabilities: NDArray[np.float64],
        rejected: NDArray[np.bool_],
    ) -> None:
        best = probabilities.argmax(axis=1)
        right = best == truth
        self._right += int(right.sum())
        np.add.at(self._confusion, (truth, best), 1)
        np.add.at(self._rejected_by_class, truth[rejected], 1)
        given = probabilities[np.arange(len(truth)), truth]
        self._log_loss -= float(np.log(np.maximum(given, _LEAST)).sum())
        confidence = probabilities.max(axis=1, initial=0.0)
        # Bins are open below and closed above, so that a confidence of 1 is in the last.
        place = np.ceil(confidence * CALIBRATION_BINS).astype(np.int64) - 1
        place = place.clip(0, CALIBRATION_BINS - 1)
        for row, values in enumerate((np.ones(len(truth)), confidence, right)):
            self._calibration[row] += np.bincount(place, values, CALIBRATION_BINS)

    def _class_metrics(self, i: int) -> ClassMetrics:
        count, predicted = int(self._confusion[i].sum()), int(self._confusion[:, i].sum())
        right = int(self._confusion[i, i])
        return ClassMetrics(
            count,
            recall=_share(right, count),
            precision=_share(right, predicted),
            f1=_share(2 * right, count + predicted),
            rejected=_share(int(self._rejected_by_class[i]), count),
        )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _rank_bin(confidence: NDArray[np.float64]) -> NDArray[np.int64]:
    low, high = _LOGIT_RANGE
    with np.errstate(divide="ignore"):
        logit = np.log(confidence) - np.log1p(-confidence)
    place = (logit - low) * (_RANK_BINS / (high - low))
    return place.clip(0, _RANK_BINS - 1).astype(np.int64)


def _auroc(positive: NDArray[np.int64], negative: NDArray[np.int64]) -> float | None:
    """Share of ordered pairs (Mann and Whitney's U); pairs within a bin count half."""
    below = np.cumsum(negative) - negative
    # Floats: the product of two counts of a billion drawings would overflow an int64.
    ordered = float((positive.astype(np.float64) * (below + negative / 2)).sum())
    return _share(ordered, float(positive.sum()) * float(negative.sum()))
