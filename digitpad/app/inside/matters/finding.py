"""What the view asks for, and what is found on a thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digitpad.ink.drawing import Drawing
from digitpad.recognition.inside.attribution import Attribution, attribution, predict
from digitpad.recognition.inside.left_out import without_each_stroke
from digitpad.recognition.inside.smallest_change import search_change

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from digitpad.app.inside.subject import Subject
    from digitpad.ink.drawing import Stroke
    from digitpad.recognition.inside.attribution import Method
    from digitpad.recognition.inside.smallest_change import Change, Search
    from digitpad.recognition.prediction import Prediction

ANSWER, RUNNER_UP = "answer", "runner-up"

Aim: TypeAlias = "str | int"
"""The class that is explained: ANSWER or RUNNER_UP, whichever that is, or the number of one."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked for.

    Attributes:
        subject: the network and the part of the drawing.
        aim: the class that is explained.
        method: how.
    """

    subject: Subject
    aim: Aim
    method: Method

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """Those of the part; none if it is of a picture."""
        ink = self.subject.part.ink
        return ink if isinstance(ink, tuple) else ()


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What is found.

    Attributes:
        question: what was asked for.
        prediction: what the network itself says about the glyph.
        ranking: the numbers of its classes, the most probable one first.
        attribution: of the class that is explained.
        without: for each stroke the prediction without it, None where nothing would be left; none
            while this is not known, and of a picture.
    """

    question: Question
    prediction: Prediction
    ranking: tuple[int, ...]
    attribution: Attribution
    without: tuple[Prediction | None, ...] = ()


def find(question: Question) -> Iterator[Finding]:
    """What is found, without the answers for single strokes until the last item.

    The same is given again after each stroke, so that it can be ended there.
    """
    subject = question.subject
    (prediction,) = predict(subject.inside, subject.glyph[None])
    probabilities = prediction.probabilities
    ranking = tuple(sorted(range(len(probabilities)), key=lambda one: -probabilities[one]))
    aim = question.aim
    number = aim if isinstance(aim, int) else ranking[aim == RUNNER_UP]
    found = attribution(subject.inside, subject.glyph, number, question.method)
    finding = Finding(question, prediction, ranking, found)
    yield finding
    if question.strokes:
        without = []
        for one in without_each_stroke(subject.inside, question.strokes):
            without.append(one)
            yield finding
        yield replace(finding, without=tuple(without))


def look_for_change(subject: Subject) -> Iterator[Search]:
    """The search for the smallest change of a part with strokes."""
    ink = subject.part.ink
    if isinstance(ink, tuple):
        yield from search_change(subject.inside, ink)


def changed_drawing(drawing: Drawing, ink: tuple[Stroke, ...], change: Change) -> Drawing:
    """A drawing with a change of one of its parts.

    Args:
        drawing: the whole of it.
        ink: the strokes of the part.
        change: of the part.

    Returns:
        The drawing with the change; where the stroke that is changed is only a share of one of the
        drawing, since it runs through several symbols, the part alone.
    """
    if change.source is None:
        return drawing.with_stroke(change.stroke)
    source = ink[change.source]
    if source not in drawing.strokes:
        return Drawing(change.after)
    place = drawing.strokes.index(source)
    last = len(change.after) - (len(ink) - change.source - 1)
    rest = change.after[change.source : last]
    return Drawing((*drawing.strokes[:place], *rest, *drawing.strokes[place + 1 :]))
