"""Teaches a model from the user's samples, at once."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import torch

from digitpad.data.public.excerpt import excerpt_files
from digitpad.errors import DigitpadError
from digitpad.learning.adaptation.copies import copies_of
from digitpad.learning.adaptation.memory import KEEPING, Points, fitted_effects
from digitpad.learning.adaptation.slips import is_strange, strangeness
from digitpad.learning.adaptation.statistics import class_statistics
from digitpad.learning.adaptation.symbol_mark import MARK, mark_of
from digitpad.recognition.adapted.description import described
from digitpad.recognition.adapted.taught import Taught
from digitpad.recognition.architectures import ENSEMBLE, MOST_POINTS, TAUGHT
from digitpad.recognition.layers import Network, normalise
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import NO_CLASS
from digitpad.recognition.networks import single_network
from digitpad.recognition.prediction import are_digits
from digitpad.recognition.recognizer import Recognizer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from digitpad.learning.adaptation.symbols import Findings
    from digitpad.recognition.adapted.description import Describer, Statistics
    from digitpad.recognition.model_info import ModelInfo
    from digitpad.samples.sample import Sample

COPIES = 12
"""Copies of a lesson that are learned beside it, while there are few lessons."""

_MOST_POINTS = 260
"""Points of all lessons together, so that a lesson is learned in a moment."""

MOST_LESSONS = _MOST_POINTS
"""So many of the newest samples are learned at once. Who has more has enough for a training."""

_OWN_WEIGHT = 0.5
"""Of the drawing itself among its copies."""

_ROUNDS, _STRESS = 4, 3.0
"""A lesson that is not learned gets this times its weight, again and again."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lesson:
    """What the network makes of a lesson and its copies.

    Attributes:
        places: double (1 + COPIES, d), descriptions; the first is of the drawing itself.
        logits: double (1 + COPIES, c), divided by the temperature.
    """

    places: Tensor
    logits: Tensor


def why_not_taught(info: ModelInfo) -> DigitpadError | None:
    """Why a model cannot be taught, as far as its description tells; None if it can."""
    if info.architecture == ENSEMBLE:
        return DigitpadError("An ensemble cannot be taught: choose one of its members.")
    return None


class Teacher:
    """Teaches one model. It is used by one thread at a time.

    What it finds out of a sample is kept, so that a further lesson takes hardly longer than the
    first one.

    Args:
        parent: the model as it is without these lessons. One that was taught before keeps what it
            has learned.

    Attributes:
        parent: as given.
        check: called again and again while a model is taught. What it raises ends that, and what
            was found of samples until then is kept.

    Raises:
        DigitpadError: the model cannot be taught.
    """

    def __init__(self, parent: Model) -> None:
        reason = why_not_taught(parent.info)
        if reason is not None:
            raise reason
        self.parent = parent
        self.check: Callable[[], object] = lambda: None
        self._known: dict[object, _Lesson] = {}
        self._findings: Findings | None = None
        self._statistics: Statistics | None = None
        if not parent.info.is_made_of_samples:
            self._statistics = parent.statistics or _from_excerpt(parent)
            if isinstance(parent.network, Taught) and not _same(
                parent.network.describer, self._statistics.describer
            ):
                raise _no_use(parent.info)

    def takes(self, sample: Sample) -> bool:
        """Whether the sample is a lesson for this model: its label is one of the classes."""
        return (
            sample.label in self.parent.info.classes and sample.symbols == self.parent.info.symbols
        )

    def teach(self, samples: Sequence[Sample]) -> Model:
        """The adapted model; the parent itself if none of the samples is a lesson for it.

        The same samples give the same model, bit for bit. Of more than `MOST_LESSONS` samples the
        last ones are learned. One that is flagged is learned for what looks just like it alone, as
        long as no other sample agrees with it.

        Raises:
            DigitpadError: the model has too many lessons already, or what it is made of leads to
                values that are no numbers.
        """
        lessons = [sample for sample in samples if self.takes(sample)]
        if self.parent.info.is_made_of_samples:
            return self._of_symbols(lessons)
        if not lessons or self._statistics is None:
            return self.parent
        lessons = lessons[-MOST_LESSONS:]
        slips = self._may_be_slips(lessons, self._statistics)
        # The last points are those that are felt close by only.
        lessons = [one for _, one in sorted(zip(slips, lessons, strict=True), key=itemgetter(0))]
        with torch.inference_mode():
            points = self._points(lessons, sum(slips))
            kept = _kept(self._statistics, self._temperature)
            effects = self._fitted(points, kept)
            for _ in range(_ROUNDS):
                # What the user has said must be so, and be it against all that was known.
                own = points.wanted.argmax(dim=1)
                logits = points.logits + points.nearness(points.places) @ effects
                unlearned = points.is_own & (logits.argmax(dim=1) != own)
                if not unlearned.any():
                    break
                points = points.stressed(unlearned, _STRESS)
                effects = self._fitted(points, kept)
            return self._taught(points, effects * self._temperature, len(lessons))

    def contradicts(self, sample: Sample, samples: Sequence[Sample]) -> bool:
        """Whether a sample's label contradicts the model and the user's other samples.

        It is then probably a slip. A label that no other drawing has contradicts nothing.
        """
        if not self.takes(sample):
            return False
        # A sample that is not stored yet has no number.
        others = (
            one
            for one in reversed(samples)
            if self.takes(one) and not (one.id and one.id == sample.id)
        )
        if self._statistics is not None:
            return self._is_strange(sample, list(islice(others, MOST_LESSONS)), self._statistics)
        model = self.teach(list(others)[::-1])
        (prediction,) = Recognizer(model).predict(np.array(sample.glyph[None]))
        is_other = prediction.text != sample.label
        return is_other and prediction.is_sure and not prediction.rejected

    def judged(self, samples: Sequence[Sample]) -> list[Sample]:
        """The same samples: flagged if they contradict the model and the earlier ones, else not."""
        return [
            replace(sample, is_flagged=self.contradicts(sample, samples[:place]))
            for place, sample in enumerate(samples)
        ]

    def _is_strange(self, sample: Sample, others: Sequence[Sample], statistics: Statistics) -> bool:
        """Whether a sample contradicts the training data and these others."""
        classes = self.parent.info.classes
        with torch.inference_mode():
            lesson = self._lesson(sample)
            known = [statistics.exemplars.double()]
            owners = [statistics.logits.argmax(dim=1)]
            for other in others:
                known.append(self._lesson(other).places)
                owners.append(torch.full((1 + COPIES,), classes.index(other.label)))
            # The drawing itself is one chance among its copies.
            found = strangeness(
                lesson.places[1:],
                lesson.logits[1:],
                classes.index(sample.label),
                torch.cat(known),
                torch.cat(owners),
            )
        return is_strange(found)

    def _may_be_slips(self, lessons: Sequence[Sample], statistics: Statistics) -> list[bool]:
        """Which lessons are flagged, and still contradict the others."""
        return [
            lesson.is_flagged
            and self._is_strange(lesson, [one for one in lessons if one is not lesson], statistics)
            for lesson in lessons
        ]

    def _fitted(self, points: Points, kept: Points) -> Tensor:
        if not (torch.isfinite(points.places).all() and torch.isfinite(points.logits).all()):
            raise _no_use(self.parent.info)
        self.check()
        effects = fitted_effects(points, kept)
        # As they are kept.
        if not torch.isfinite((effects * self._temperature).float()).all():
            raise _no_use(self.parent.info)
        return effects

    @property
    def _temperature(self) -> float:
        return self.parent.info.calibration.temperature

    def _points(self, lessons: Sequence[Sample], slips: int) -> Points:
        """The lessons, the last of which may be slips, with the copies that there is room for."""
        classes = self.parent.info.classes
        count = min(1 + COPIES, _MOST_POINTS // len(lessons))
        weights = torch.full((count,), (1 - _OWN_WEIGHT) / max(count - 1, 1), dtype=torch.double)
        weights[0] = _OWN_WEIGHT if count > 1 else 1.0
        found = [self._lesson(lesson) for lesson in lessons]
        labels = torch.tensor([classes.index(lesson.label) for lesson in lessons])
        wanted = torch.eye(len(classes), dtype=torch.double)[labels]
        return Points(
            torch.cat([one.places[:count] for one in found]),
            torch.cat([one.logits[:count] for one in found]),
            wanted.repeat_interleave(count, dim=0),
            weights.repeat(len(lessons)),
            torch.arange(count).repeat(len(lessons)) == 0,
            count * slips,
        )

    def _lesson(self, sample: Sample) -> _Lesson:
        key = (sample.glyph.tobytes(), sample.drawing.strokes)
        if key not in self._known:
            self.check()
            # Always all copies, so that nothing depends on how many lessons there are.
            self._known[key] = self._described(copies_of(sample, 1 + COPIES))
        return self._known[key]

    def _described(self, glyphs: NDArray[np.uint8]) -> _Lesson:
        statistics, network = self._statistics, self.parent.network
        single = single_network(network)
        if statistics is None or single is None:
            raise RuntimeError("a model without statistics has no descriptions")
        levels = normalise(
            torch.from_numpy(np.ascontiguousarray(glyphs)).unsqueeze(1),
            self.parent.info.normalisation,
        )
        places, logits = described(single, statistics.describer, levels)
        if network is not single:
            logits = network(levels)
        return _Lesson(places.double(), logits.double() / self._temperature)

    def _taught(self, points: Points, effects: Tensor, lessons: int) -> Model:
        parent, statistics = self.parent, self._statistics
        network = single_network(parent.network)
        if statistics is None or not isinstance(network, Network):
            raise RuntimeError("the model cannot be taught")
        # As it will lie in memory when it is read from a file: sums depend on the order.
        places, effects = points.places.float().contiguous(), effects.float().contiguous()
        close = points.close
        if isinstance(parent.network, Taught):
            before = parent.network
            places = _behind(before.get_buffer("points"), before.close, places, close)
            effects = _behind(before.get_buffer("effects"), before.close, effects, close)
            close += before.close
        if len(places) > MOST_POINTS:
            raise DigitpadError(
                "{name} has been taught so often that it can learn no more lessons: train a network"
                " on them, or teach the model that it comes from.",
                name=parent.info.name,
            )
        sizes = statistics.describer.sizes
        taught = Taught(network, sizes, len(places), len(parent.info.classes), close)
        taught.describer = copy.deepcopy(statistics.describer)
        taught.points, taught.effects = places, effects
        info = parent.info
        own = {"architecture": info.architecture, "options": dict(info.options)}
        inner = own if info.architecture != TAUGHT else info.options["network"]
        known = info.lessons if isinstance(parent.network, Taught) else 0
        described = replace(
            info,
            architecture=TAUGHT,
            options={
                "network": inner,
                "sizes": [list(size) for size in sizes],
                "points": len(places),
                # Older versions read what has none of them.
                **({"close": close} if close else {}),
            },
            # What was found of the parent is not true of this model, but whether it rejects is.
            metrics={key: value for key, value in info.metrics.items() if key == NO_CLASS},
            origin={**info.origin, "parent": info.parent or info.name, "lessons": known + lessons},
        )
        return Model(described, taught.eval(), statistics)

    def _check(self) -> None:
        self.check()

    def _of_symbols(self, lessons: list[Sample]) -> Model:
        """The model of a set of symbols, made anew: it knows nothing but its samples."""
        from digitpad.learning.adaptation.symbols import Findings, symbol_model

        info, network = self.parent.info, single_network(self.parent.network)
        if info.origin.get(MARK) == mark_of(lessons):
            return self.parent
        if self._findings is None and network is not None:
            self._findings = Findings(network, info, self._check)
        return symbol_model(self.parent, info.symbols, info.classes, lessons, self._findings)


def _kept(statistics: Statistics, temperature: float) -> Points:
    """What the exemplars say must stay."""
    logits = statistics.logits.double() / temperature
    return Points(
        statistics.exemplars.double(),
        logits,
        torch.softmax(logits, dim=1),
        KEEPING * statistics.weights.double() / statistics.weights.double().sum(),
        torch.zeros(len(logits), dtype=torch.bool),
    )


def _behind(first: Tensor, first_close: int, second: Tensor, second_close: int) -> Tensor:
    """The rows of two tensors, those of both that are felt close by only at the end."""
    at, then_at = len(first) - first_close, len(second) - second_close
    return torch.cat((first[:at], second[:then_at], first[at:], second[then_at:]))


def _same(first: Describer, second: Describer) -> bool:
    """Whether both describe a glyph in the same way."""
    return first.sizes == second.sizes and all(
        torch.equal(one, other)
        for one, other in zip(first.buffers(), second.buffers(), strict=True)
    )


def _no_use(info: ModelInfo) -> DigitpadError:
    return DigitpadError(
        "{name} cannot be taught: what its file says about its training is of no use. Train it"
        " again, with this version of Digitpad.",
        name=info.name,
    )


def _from_excerpt(model: Model) -> Statistics:
    """The statistics of the MNIST excerpt, for a model that comes without any.

    Raises:
        DigitpadError: the model does not read digits.
    """
    network = single_network(model.network)
    found = None
    if network is not None and are_digits(model.info.classes):
        digits = excerpt_files("train")
        glyphs = np.concatenate([batch.glyphs for batch in digits.batches(digits.piece)])
        # The excerpt's labels are the digits; those that the model does not know are left out.
        places = {name: number for number, name in enumerate(model.info.classes)}
        labels = np.array([places.get(str(digit), -1) for digit in digits.indices()])
        known = labels >= 0
        found = class_statistics(network, model.info.normalisation, glyphs[known], labels[known])
    if found is None:
        raise DigitpadError(
            "{name} cannot be taught: its file says nothing about what it has learned from. Train"
            " it again, with this version of Digitpad.",
            name=model.info.name,
        )
    return found
