"""One writer at a time is taught, from the first drawings that are misread."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.drawing import Drawing
from digitpad.learning.adaptation.teacher import Teacher
from digitpad.recognition.uncertainty import Reliability
from digitpad.samples.sample import Sample
from training.card.metrics import auroc
from training.teaching.seen import held_together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.recognition.model_file import Model
    from training.recipe.drawings import Labelled
    from training.teaching.seen import Seen

MOST_LESSONS = 5
FEWEST_DRAWINGS = 15
"""Writers with fewer drawings are left out."""

SLIPS = 3
"""Wrong lessons that are tried of each writer, each alone."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What must stay as it was, as the model sees it.

    Attributes:
        mnist: digits of MNIST that the model has not learned from.
        others: digits of other people.
        writers: who drew each of `others`.
        none: drawings that are no digits.
    """

    mnist: Seen
    others: Seen
    writers: NDArray[np.str_]
    none: Seen


@dataclass(frozen=True, slots=True)
class Side:
    """What lessons change elsewhere: after minus before, shares in [0, 1].

    Attributes:
        mnist: accuracy.
        others: accuracy.
        auroc: of digits of other people against what is no digit.
        rejected: share of these digits.
        ece: expected calibration error of them.
    """

    mnist: float
    others: float
    auroc: float
    rejected: float
    ece: float


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of the lessons of one writer.

    Attributes:
        writer: who.
        drawings: how many there are.
        lessons: how many were given.
        errors: misread drawings among those that are never lessons, before the first lesson and
            after each of them; the last number stands for all further ones.
        side: after the last lesson; None without lessons.
        seconds: that each lesson took.
        flagged_right: of the lessons, how many were flagged.
        flagged_wrong: of as many drawings with a label drawn at random, likewise.
        slips: how many of these there were.
        slip_costs: the loss of accuracy by one wrong lesson on the writer's own, other people's
            and MNIST's digits, mean over the slips; the drawing itself does not count.
    """

    writer: str
    drawings: int
    lessons: int
    errors: tuple[int, ...]
    side: Side | None
    seconds: tuple[float, ...]
    flagged_right: int
    flagged_wrong: int
    slips: int
    slip_costs: tuple[float, float, float]


def teach_writer(model: Model, drawings: Sequence[Labelled], own: Seen, beside: Beside) -> Taught:
    """Teach a model by the drawings of one writer, in their order.

    Whatever is misread by the model as it was taught so far is a lesson, until there are
    MOST_LESSONS.

    Args:
        model: a network with statistics, which has learned from none of these people.
        drawings: of the writer.
        own: the same, as the model sees them.
        beside: what must stay.
    """
    teacher = Teacher(model)
    others = beside.others.take(np.flatnonzero(beside.writers != drawings[0].writer))
    answers = own.probabilities(model).argmax(axis=1)
    models, lessons, places, seconds, flagged = [model], list[Sample](), list[int](), [], 0
    for place, one in enumerate(drawings):
        if len(lessons) == MOST_LESSONS:
            break
        if answers[place] != one.label:
            lesson = _judged(teacher, _sample(one, one.word, len(lessons) + 1), lessons)
            flagged += lesson.is_flagged
            lessons.append(lesson)
            places.append(place)
            began = time.perf_counter()
            models.append(teacher.teach(lessons))
            seconds.append(time.perf_counter() - began)
            answers = own.probabilities(models[-1]).argmax(axis=1)
    never = np.ones(len(drawings), dtype=bool)
    never[places] = False
    tested = own.take(np.flatnonzero(never))
    errors = tuple(round(len(tested.labels) * (1 - _accuracy(tested, one))) for one in models)
    slips, wrong, costs = _slips(model, teacher, drawings, (own, others, beside.mnist))
    return Taught(
        writer=drawings[0].writer,
        drawings=len(drawings),
        lessons=len(lessons),
        errors=errors,
        side=_side(model, models[-1], others, beside) if lessons else None,
        seconds=tuple(seconds),
        flagged_right=flagged,
        flagged_wrong=wrong,
        slips=slips,
        slip_costs=costs,
    )


def _sample(one: Labelled, label: str, number: int) -> Sample:
    sample = Sample.of(label, Drawing(one.drawing.strokes))
    return Sample(label, sample.drawing, sample.glyph, id=number)


def _judged(teacher: Teacher, sample: Sample, others: Sequence[Sample]) -> Sample:
    """A lesson as the pad keeps it: flagged if it may be a slip. Nobody answers the question."""
    return replace(sample, is_flagged=teacher.contradicts(sample, others))


def _slips(
    model: Model,
    teacher: Teacher,
    drawings: Sequence[Labelled],
    kept: tuple[Seen, Seen, Seen],
) -> tuple[int, int, tuple[float, float, float]]:
    """Wrong labels, each the only lesson: how many, how many flagged, what they cost."""
    random = np.random.default_rng(len(drawings))
    classes = model.info.classes
    flagged, costs = 0, []
    own, others, mnist = kept
    for place in random.choice(len(drawings), SLIPS, replace=False):
        one = drawings[place]
        label = str(random.choice([name for name in classes if name != one.word]))
        slip = _judged(teacher, _sample(one, label, 1), [])
        flagged += slip.is_flagged
        taught = teacher.teach([slip])
        rest = own.take(np.flatnonzero(np.arange(len(drawings)) != place))
        costs.append(
            [_accuracy(seen, model) - _accuracy(seen, taught) for seen in (rest, others, mnist)]
        )
    own_cost, others_cost, mnist_cost = np.mean(costs, axis=0).tolist()
    return SLIPS, flagged, (own_cost, others_cost, mnist_cost)


def _accuracy(seen: Seen, model: Model) -> float:
    return float((seen.probabilities(model).argmax(axis=1) == seen.labels).mean())


def _side(before: Model, after: Model, others: Seen, beside: Beside) -> Side:
    first, then = (_figures(model, others, beside) for model in (before, after))
    return Side(*(float(b - a) for a, b in zip(first, then, strict=True)))


def _figures(model: Model, others: Seen, beside: Beside) -> tuple[float, ...]:
    probabilities = others.probabilities(model)
    digits = held_together(probabilities)
    none = held_together(beside.none.probabilities(model))
    right = probabilities.argmax(axis=1) == others.labels
    return (
        _accuracy(beside.mnist, model),
        float(right.mean()),
        auroc(digits, none),
        float((digits < model.info.calibration.reject_below).mean()),
        _calibration_error(probabilities.max(axis=1), right),
    )


def _calibration_error(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    reliability = Reliability()
    for confidence, is_right in zip(confidences.tolist(), right.tolist(), strict=True):
        reliability.add(confidence, is_right=is_right)
    return reliability.error() or 0.0
