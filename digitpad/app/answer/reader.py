"""Reading what is on the pad, while it is being drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.errors import DigitpadError
from digitpad.ink.preprocessing import preprocess

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing
    from digitpad.ink.glyph import StrokeStages
    from digitpad.ink.photo.preprocessing import PictureStages
    from digitpad.recognition.prediction import Prediction

FRAME_MS = 16
"""While somebody draws, the pad is read at most once in this time."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A drawing, and how far the way to its answer went.

    Attributes:
        drawing: what was read.
        stages: of the way to its glyph; None where the pad is empty or a picture holds no ink.
        prediction: the answer; None without a glyph or without a model.
        problem: a sentence where a picture could not be made into a glyph, else None.
    """

    drawing: Drawing
    stages: StrokeStages | PictureStages | None = None
    prediction: Prediction | None = None
    problem: str | None = None


class Reader(QObject):
    """Reads a drawing at once, or at the next frame, whichever is asked.

    At most one reading is pending, and it reads what is on the pad when its time comes: a state
    that was drawn over in between is never read.

    Args:
        source: returns what is on the pad.
        predict: the answer to a glyph, or None while there is no model.
        parent: as usual.

    Signals:
        read: a new `Reading`.
    """

    read = Signal(object)

    def __init__(
        self,
        source: Callable[[], Drawing],
        predict: Callable[[NDArray[np.uint8]], Prediction | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._predict = predict
        self._last: Reading | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.read_now)

    @Slot()
    def read_soon(self) -> None:
        """Read at the next frame; calls until then are one."""
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def read_now(self) -> None:
        """Read at once; what was pending is dropped."""
        self._timer.stop()
        drawing = self._source()
        self._last = self._reading(drawing)
        self.read.emit(self._last)

    def _reading(self, drawing: Drawing) -> Reading:
        if drawing.is_empty:
            return Reading(drawing)
        known = self._last
        # Equal, not only the same: a pen that rests before it is lifted adds nothing to what was
        # read while it was down.
        if known is not None and known.drawing == drawing:
            steps, problem = known.stages, known.problem
        else:
            try:
                steps, problem = preprocess(drawing), None
            except DigitpadError as error:
                steps, problem = None, translated(error)
        prediction = None if steps is None else self._predict(steps.glyph)
        return Reading(drawing, steps, prediction, problem)
