"""Recognizes the pad's drawing while it is being drawn."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from digitpad.ink.drawing import Drawing
from digitpad.recognition.recognition import Recognition, preprocessed

if TYPE_CHECKING:
    from digitpad.ink.picture import Picture

_PICTURES = 8
"""Pictures whose preprocessing is kept: some megabytes each, and up to two seconds of work."""

_TRIES = 6
"""Updates of the same drawing that are not complete; then it is read elsewhere."""

FRAME_MS = 16
"""While the user draws, the drawing is recognized at most once in this time, and rests for at least
as long as that took: on a slow computer the pen comes first."""


_LONGEST_REST_MS = 200

_PAUSE_MS = 100
"""A pen that rests for so long on the pad has time for all that is done at the end of a stroke."""


class Recognize(Protocol):
    """What gives a recognition its predictions."""

    def __call__(self, recognition: Recognition, /, *, is_open: bool) -> Recognition:
        """The recognition with predictions; without a model, as it is.

        It may be incomplete, and is then asked again. If it is open, its last stroke is still being
        drawn: then not all has to be done that can be.
        """


class Sheet(Protocol):
    """What is drawn on."""

    @property
    def is_writing(self) -> bool:
        """Whether a stroke is being drawn."""

    def visible_drawing(self) -> Drawing:
        """The drawing, with this stroke."""


class LiveRecognition(QObject):
    """Recognizes the pad's drawing, at once or at the next frame.

    At most one update is pending, and one for when the pen rests. It takes the drawing as it is
    then, so that stale drawings are never recognized. What takes long is recognized in several
    updates, and what takes very long, such as a page full of digits that no model has seen, by
    somebody else; until then, the former recognition stays.

    Args:
        sheet: has the drawing.
        recognize: see `Recognize`.

    Attributes:
        latest: the latest complete recognition.
        as_one: whether all ink is read as one symbol; changed by `read_as_one`.
        signs: whether signs within numbers are read, too; changed by `read_signs`.

    Signals:
        recognized: a new `Recognition`, which is also in `latest`.
        cold: a `Recognition` to be completed elsewhere, and brought back by `take`; and whether
            all ink is read as one symbol. It may have to be preprocessed, too.
    """

    recognized = Signal(object)
    cold = Signal(object, bool)

    def __init__(
        self,
        sheet: Sheet,
        recognize: Recognize,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._sheet = sheet
        self._recognize = recognize
        self.latest = Recognition(Drawing())
        self.as_one = False
        self.signs = False
        self._prepared = self.latest, self.as_one
        """The latest drawing without predictions, and how it was read."""
        self._tries = 0
        self._pictures: dict[tuple[Picture, bool, bool], Recognition] = {}
        """Recognitions of the latest pictures, without predictions."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._update)
        self._rest_ms = FRAME_MS
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.update_now)
        self._has_pen = False
        """Whether the pen is on the pad and moves: its ink comes first."""

    def follow(self, sheet: Sheet) -> None:
        """Take the drawing from another one from now on."""
        self._sheet = sheet

    @Slot()
    def update_soon(self) -> None:
        """Recognize at the next frame. More calls until then change nothing."""
        self._has_pen = True
        self._pause.start()
        if not self._timer.isActive():
            self._timer.start(self._rest_ms)

    @Slot()
    def update_now(self) -> None:
        """Recognize at once, in place of a pending update."""
        self._has_pen = False
        self._pause.stop()
        self._update()

    @Slot()
    def _update(self) -> None:
        self._timer.stop()
        begun = time.perf_counter()
        asked = self._preprocessed(self._sheet.visible_drawing())
        found = self._recognize(asked, is_open=self._has_pen and self._sheet.is_writing)
        took_ms = 1000 * (time.perf_counter() - begun)
        self._rest_ms = round(min(max(took_ms, FRAME_MS), _LONGEST_REST_MS))
        if self._has_pen:
            # Meanwhile its events have waited: that was no pause.
            self._pause.start()
        if found.is_complete:
            self._show(found)
            return
        self._tries += 1
        if not _has_grown(self.latest.drawing, found.drawing):
            # What was read is of something else, and must not stay.
            self._show(replace(asked, parts=(), is_complete=False))
        if self._tries < _TRIES:
            # Nobody waits for ink now, but for the answer; events that came meanwhile go first.
            self._timer.start(self._rest_ms if self._has_pen else 0)
        else:
            self.cold.emit(asked, self.as_one)

    def read_as_one(self, *, as_one: bool) -> None:
        """Read all ink as one symbol from now on, or not."""
        self.as_one = as_one
        self._read_again()

    def read_signs(self, *, signs: bool) -> None:
        """Read signs within numbers from now on, or not."""
        self.signs = signs
        self._read_again()

    def _read_again(self) -> None:
        drawing = self._sheet.visible_drawing()
        if drawing.picture is None or (drawing.picture, self.as_one, self.signs) in self._pictures:
            self.update_now()
            return
        # It may take seconds.
        unread = Recognition(drawing, is_complete=False, signs=self.signs)
        self._prepared = unread, self.as_one
        self._show(unread)
        self.cold.emit(unread, self.as_one)

    @Slot(object)
    def take(self, recognition: Recognition) -> None:
        """Show a recognition that was completed elsewhere, unless the drawing is another by now."""
        asked, as_one = self._prepared
        is_wanted = asked.proposal is recognition.proposal or not asked.is_complete
        is_wanted = is_wanted and (as_one, recognition.signs) == (self.as_one, self.signs)
        if is_wanted and recognition.drawing == self._sheet.visible_drawing():
            if not asked.is_complete:
                self._prepared = recognition, as_one
                self.remember(recognition)
            self._show(recognition)

    def _show(self, recognition: Recognition) -> None:
        if recognition.is_complete:
            self._timer.stop()
            self._tries = 0
        self.latest = recognition
        self.recognized.emit(recognition)

    @Slot(object)
    def remember(self, recognition: Recognition) -> None:
        """Keep the preprocessing of a picture, such as one made on another thread.

        That of the latest pictures is kept, because undo and redo show them again.
        """
        picture = recognition.drawing.picture
        if picture is not None:
            key = picture, self.as_one, recognition.signs
            self._pictures.pop(key, None)
            self._pictures[key] = recognition
            if len(self._pictures) > _PICTURES:
                self._pictures.pop(next(iter(self._pictures)))

    def _preprocessed(self, drawing: Drawing) -> Recognition:
        # Compared by value: when the pen is lifted, the drawing is often equal to the last one.
        prepared, as_one = self._prepared
        is_known = prepared.is_complete and prepared.drawing == drawing
        if is_known and (as_one, prepared.signs) == (self.as_one, self.signs):
            return replace(prepared, drawing=drawing)
        self._tries = 0
        known = None
        if drawing.picture is not None:
            known = self._pictures.get((drawing.picture, self.as_one, self.signs))
        if known is None:
            recognition = preprocessed(drawing, as_one=self.as_one, signs=self.signs)
            self.remember(recognition)
        else:
            recognition = replace(known, drawing=drawing)
        self._prepared = recognition, self.as_one
        return recognition


def _has_grown(before: Drawing, after: Drawing) -> bool:
    """Whether something of a drawing is still there; a first stroke always counts."""
    if before.picture is not None or after.picture is not None:
        return before.picture == after.picture
    if len(after.strokes) <= 1:
        return True
    known = set(map(id, before.strokes))
    return any(id(stroke) in known for stroke in after.strokes)
