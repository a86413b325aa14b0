"""Evaluation of a model on a dataset: metrics, batch by batch."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.recognition.numbers import NumberEvaluator, Spelling, read_of
from digitpad.recognition.uncertainty import Reliability, share_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.recognition.numbers import NumberMetrics, Read
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import Recognition
    from digitpad.recognition.uncertainty import Bin

_LEAST = 1e-15
"""Least probability of the true class in the negative log-likelihood: a single zero would make that
infinite."""

# Confidences crowd together below 1. On the logit scale 0.999 and 0.9999 stay as far apart as 0.9
# and 0.99, up to the last bits of a double (1 - 2**-53 has the logit 36.7).
_LOGIT_RANGE = (-12.0, 38.0)
_RANK_BINS = 2**16


@dataclass(frozen=True, slots=True)
class ClassMetrics:
    """Metrics of one class; None for a share of nothing.

    Attributes:
        count: number of samples of the class.
        recall: share of them that were predicted as it, rejected or not.
        precision: share of the samples of a class predicted as it that are of it.
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
        accepted_as: how many of them were accepted as each class; those accepted as several classes
            are missing.
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
        count: number of samples whose label is a class, or made of several.
        accuracy: share of them whose whole label was read, rejected or not.
        nll: mean negative log-likelihood of the true class, in nats; see `Evaluator`.
        ece: expected calibration error in [0, 1], of samples of one class.
        rejected: share of the samples in `count` that were rejected.
        per_class: metrics of each class, in the order of the classes.
        confusion: int64 (k, k), with the true class as the row and the predicted one as the column,
            rejected or not. What was read as several classes is missing.
        others: metrics of all other samples.
        reliability: accuracy by confidence of samples of one class: CALIBRATION_BINS bins of equal
            width from 0 to 1, open below and closed above.
        divided: number of samples of one class that were read as several.
        numbers: metrics of the samples whose labels have several classes.
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
    divided: int
    numbers: NumberMetrics

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
            "divided": self.divided,
            "numbers": asdict(self.numbers) if self.numbers.count else None,
        }


class Evaluator:
    """Collects what was read and what is right. Its memory depends only on the number of classes.

    A sample counts if its label is a class of the model, or is made of several as a number is of
    its digits (see `Spelling`). All other samples are "others". Numbers are part of `count`,
    `accuracy`, `rejected` and `numbers`, but not of the other metrics.

    A sample of one class that was read as several is wrong: it counts for its class, in the
    calibration and in `divided`, but is in no column of `confusion`. Its likelihood is what the
    division into these parts leaves to all others, which is the most that the true class may have.

    Args:
        classes: names of the model's classes.
        signs: what labels may hold besides; none of them counts alone.
    """

    def __init__(self, classes: Sequence[str], signs: Sequence[str] = ()) -> None:
        self._classes = tuple(classes)
        self._index = {name: i for i, name in enumerate(self._classes)}
        self._spelling = Spelling((*self._classes, *signs))
        self._alone = frozenset(signs).difference(self._classes)
        k = len(self._classes)
        self._count = self._right = self._rejected = 0
        self._confusion = np.zeros((k, k), dtype=np.int64)
        self._divided_by_class = np.zeros(k, dtype=np.int64)
        self._rejected_by_class = np.zeros(k, dtype=np.int64)
        self._log_loss = 0.0
        self._reliability = Reliability()
        self._numbers = NumberEvaluator()
        self._others = self._others_accepted = 0
        self._others_accepted_as = np.zeros(k, dtype=np.int64)
        self._ranks = np.zeros((2, _RANK_BINS), dtype=np.int64)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the model's classes."""
        return self._classes

    def add(self, labels: Sequence[str], read: Sequence[Prediction | Recognition]) -> None:
        """Add samples.

        Args:
            labels: the label of each, as a name.
            read: the prediction for each, or, of a drawing, the recognition.

        Raises:
            ValueError: the numbers of labels and predictions differ.
        """
        if len(labels) != len(read):
            raise ValueError("there must be one prediction for each label")
        spelled = [self._spelled(label) for label in labels]
        texts = [read_of(one) for one in read]
        confidence = np.array([one.confidence for one in texts], dtype=np.float64)
        counted = np.array([bool(names) for names in spelled], dtype=bool)
        for group, chosen in enumerate((counted, ~counted)):
            self._ranks[group] += np.bincount(_rank_bin(confidence[chosen]), minlength=_RANK_BINS)
        for label, names, one in zip(labels, spelled, texts, strict=True):
            if not names:
                self._add_other(one)
                continue
            self._count += 1
            self._right += one.says(label)
            self._rejected += one.rejected
            if len(names) == 1:
                self._add_single(label, one)
            else:
                self._numbers.add(label, names, one)

    def counts(self, label: str) -> bool:
        """Whether a sample with this label counts; see the class."""
        return bool(self._spelled(label))

    def _spelled(self, label: str) -> tuple[str, ...]:
        return () if label in self._alone else self._spelling.classes_of(label)

    def result(self) -> Evaluation:
        """The metrics of all samples so far."""
        divided = int(self._divided_by_class.sum())
        return Evaluation(
            classes=self._classes,
            count=self._count,
            accuracy=share_of(self._right, self._count),
            nll=share_of(self._log_loss, int(self._confusion.sum()) + divided),
            ece=self._reliability.error(),
            rejected=share_of(self._rejected, self._count),
            per_class=tuple(self._class_metrics(i) for i in range(len(self._classes))),
            confusion=self._confusion.copy(),
            others=OtherMetrics(
                self._others,
                _auroc(*self._ranks),
                share_of(self._others_accepted, self._others),
                tuple(self._others_accepted_as.tolist()),
            ),
            reliability=self._reliability.bins(),
            divided=divided,
            numbers=self._numbers.result(),
        )

    def _add_other(self, read: Read) -> None:
        self._others += 1
        if not read.rejected:
            self._others_accepted += 1
            if read.text in self._index:
                self._others_accepted_as[self._index[read.text]] += 1

    def _add_single(self, label: str, read: Read) -> None:
        truth, found = self._index[label], self._index.get(read.text)
        if found is None:
            self._divided_by_class[truth] += 1
        else:
            self._confusion[truth, found] += 1
        self._rejected_by_class[truth] += read.rejected
        if read.probabilities:
            given = read.division * read.probabilities[truth]
        else:
            given = read.confidence if found == truth else 1.0 - read.division
        self._log_loss -= math.log(max(given, _LEAST))
        self._reliability.add(read.confidence, is_right=found == truth)

    def _class_metrics(self, i: int) -> ClassMetrics:
        count = int(self._confusion[i].sum() + self._divided_by_class[i])
        predicted = int(self._confusion[:, i].sum())
        right = int(self._confusion[i, i])
        return ClassMetrics(
            count,
            recall=share_of(right, count),
            precision=share_of(right, predicted),
            f1=share_of(2 * right, count + predicted),
            rejected=share_of(int(self._rejected_by_class[i]), count),
        )


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
    return share_of(ordered, float(positive.sum()) * float(negative.sum()))
