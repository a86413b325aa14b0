"""What the network would say without a stroke of the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.glyph import preprocess_points
from digitpad.recognition.inside.attribution import predict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.ink.drawing import Stroke
    from digitpad.recognition.inside.inside import Inside
    from digitpad.recognition.prediction import Prediction


def without_each_stroke(inside: Inside, strokes: Sequence[Stroke]) -> list[Prediction | None]:
    """For each stroke, the prediction for the drawing without it; None if nothing would be left.

    The other strokes are preprocessed anew, since that is what would have been read if the stroke
    had not been drawn: whoever erases it on the pad sees the same answer. What is left is scaled
    and centred again, so a stroke that only makes the drawing wider matters by that, too.

    Args:
        inside: the network.
        strokes: of one symbol, at least one.
    """
    if len(strokes) < 2:
        return [None] * len(strokes)
    points = [stroke.points for stroke in strokes]
    glyphs = [
        preprocess_points(points[:number] + points[number + 1 :]).glyph
        for number in range(len(points))
    ]
    return list(predict(inside, np.stack(glyphs)))
