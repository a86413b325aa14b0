"""What the network would say without a stroke of the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.ink.glyph import preprocess_points
from digitpad.recognition.inside.attribution import predict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digitpad.ink.drawing import Stroke
    from digitpad.recognition.inside.inside import Inside
    from digitpad.recognition.prediction import Prediction


def without_each_stroke(inside: Inside, strokes: Sequence[Stroke]) -> Iterator[Prediction | None]:
    """For each stroke, the prediction for the drawing without it; None if nothing would be left.

    The other strokes are preprocessed anew, since that is what would have been read if the stroke
    had not been drawn: whoever erases it on the pad sees the same answer. What is left is scaled
    and centred again, so a stroke that only makes the drawing wider matters by that, too.

    Args:
        inside: the network.
        strokes: of one symbol, at least one.
    """
    if len(strokes) < 2:
        yield from [None] * len(strokes)
        return
    points = [stroke.points for stroke in strokes]
    # One at a time, since hundreds of strokes take long: whoever asks may have enough.
    for number in range(len(points)):
        glyph = preprocess_points(points[:number] + points[number + 1 :]).glyph
        yield from predict(inside, glyph[None])
