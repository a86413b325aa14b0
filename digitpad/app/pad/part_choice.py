"""Which part of the drawing is chosen to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.ink.drawing import Drawing
from digitpad.recognition.recognition import Recognition

if TYPE_CHECKING:
    from digitpad.ink.parts import Bounds


class PartChoice(QObject):
    """Knows the recognition that is shown, and which of its parts the user has chosen.

    Where the drawing has changed, nothing is chosen: the writer goes on.

    Attributes:
        recognition: the latest one.
        chosen: number of the part, from 0; None for the whole.

    Signals:
        changed: the recognition or the choice has.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.recognition = Recognition(Drawing())
        self.chosen: int | None = None

    @property
    def can_choose(self) -> bool:
        """Whether there are several parts."""
        return len(self.recognition.predictions) > 1

    @Slot(object)
    def take(self, recognition: Recognition) -> None:
        """Show another recognition. The same part of the same drawing stays chosen."""
        kept = self._bounds()
        same = recognition.drawing == self.recognition.drawing
        self.recognition, self.chosen = recognition, None
        if same and kept is not None and self.can_choose:
            found = [i for i, part in enumerate(recognition.parts) if part.bounds == kept]
            self.chosen = found[0] if found else None
        self.changed.emit()

    def _bounds(self) -> Bounds | None:
        return None if self.chosen is None else self.recognition.parts[self.chosen].bounds

    @Slot(int)
    def toggle(self, number: int) -> None:
        """Choose a part, or the whole if the part is chosen already."""
        self._choose(None if number == self.chosen else number)

    @Slot(int)
    def step(self, by: int) -> None:
        """Choose the next part (1) or the one before (-1); beyond the ends is the whole."""
        if not self.can_choose:
            return
        count = len(self.recognition.parts)
        place = count if self.chosen is None else self.chosen
        place = (place + by) % (count + 1)
        self._choose(None if place == count else place)

    @Slot()
    def choose_whole(self) -> None:
        """Choose no part."""
        self._choose(None)

    def _choose(self, number: int | None) -> None:
        if number is not None and not (
            self.can_choose and 0 <= number < len(self.recognition.parts)
        ):
            return
        if number != self.chosen:
            self.chosen = number
            self.changed.emit()
