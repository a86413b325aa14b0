"""Recognizes what is on the pad while it is being drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from digitpad.ink.drawing import Drawing
from digitpad.recognition.recognition import Recognition, preprocessed

if TYPE_CHECKING:
    from collections.abc import Callable

    from digitpad.ink.picture import Picture

_PICTURES = 8
"""Pictures whose preprocessing is kept: some megabytes each, and up to two seconds."""

FRAME_MS = 16
"""While somebody draws, the pad is read at most once in this time."""


class LiveRecognition(QObject):
    """Recognizes a drawing at once, or at the next frame, whichever is asked.

    At most one update is pending, and it takes what is on the pad when its time comes: a state
    that was drawn over in between is never read.

    Args:
        source: returns what is on the pad.
        recognize: returns a recognition with predictions, or as it is while there is no model.

    Signals:
        recognized: a new `Recognition`, which `latest` holds as well.
    """

    recognized = Signal(object)

    def __init__(
        self,
        source: Callable[[], Drawing],
        recognize: Callable[[Recognition], Recognition],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._recognize = recognize
        self.latest = Recognition(Drawing())
        self._pictures: dict[Picture, Recognition] = {}
        """Of the latest pictures, without predictions."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.update_now)

    @Slot()
    def update_soon(self) -> None:
        """Recognize at the next frame; calls until then are one."""
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def update_now(self) -> None:
        """Recognize at once; what was pending is dropped."""
        self._timer.stop()
        self.latest = self._recognize(self._preprocessed(self._source()))
        self.recognized.emit(self.latest)

    @Slot(object)
    def remember(self, recognition: Recognition) -> None:
        """Take the preprocessing of a picture that may be shown soon, from another thread perhaps.

        So it is for the latest pictures: with undo and redo they come again.
        """
        picture = recognition.drawing.picture
        if picture is not None:
            self._pictures.pop(picture, None)
            self._pictures[picture] = recognition
            if len(self._pictures) > _PICTURES:
                self._pictures.pop(next(iter(self._pictures)))

    def _preprocessed(self, drawing: Drawing) -> Recognition:
        # Equal, not only the same: a pen that rests before it is lifted adds nothing to what was
        # read while it was down.
        if self.latest.drawing == drawing:
            return replace(self.latest, drawing=drawing)
        known = None if drawing.picture is None else self._pictures.get(drawing.picture)
        if known is not None:
            return replace(known, drawing=drawing)
        recognition = preprocessed(drawing)
        self.remember(recognition)
        return recognition
