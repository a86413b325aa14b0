"""Recognizes the pad's drawing while it is being drawn."""

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
"""Pictures whose preprocessing is kept: some megabytes each, and up to two seconds of work."""

FRAME_MS = 16
"""While the user draws, the drawing is recognized at most once in this time."""


class LiveRecognition(QObject):
    """Recognizes the pad's drawing, at once or at the next frame.

    At most one update is pending. It takes the drawing as it is then, so that stale drawings are
    never recognized.

    Args:
        source: returns the pad's drawing.
        recognize: returns a recognition with predictions; without a model, as it is.

    Attributes:
        latest: the latest recognition.

    Signals:
        recognized: a new `Recognition`, which is also in `latest`.
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
        """Recognitions of the latest pictures, without predictions."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.update_now)

    @Slot()
    def update_soon(self) -> None:
        """Recognize at the next frame. More calls until then change nothing."""
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def update_now(self) -> None:
        """Recognize at once, in place of a pending update."""
        self._timer.stop()
        self.latest = self._recognize(self._preprocessed(self._source()))
        self.recognized.emit(self.latest)

    @Slot(object)
    def remember(self, recognition: Recognition) -> None:
        """Keep the preprocessing of a picture, such as one made on another thread.

        That of the latest pictures is kept, because undo and redo show them again.
        """
        picture = recognition.drawing.picture
        if picture is not None:
            self._pictures.pop(picture, None)
            self._pictures[picture] = recognition
            if len(self._pictures) > _PICTURES:
                self._pictures.pop(next(iter(self._pictures)))

    def _preprocessed(self, drawing: Drawing) -> Recognition:
        # Compared by value: when the pen is lifted, the drawing is often equal to the last one.
        if self.latest.drawing == drawing:
            return replace(self.latest, drawing=drawing)
        known = None if drawing.picture is None else self._pictures.get(drawing.picture)
        if known is not None:
            return replace(known, drawing=drawing)
        recognition = preprocessed(drawing)
        self.remember(recognition)
        return recognition
