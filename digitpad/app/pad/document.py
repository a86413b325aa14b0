"""The drawing on the pad and the way it came there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from digitpad.ink.drawing import Drawing
from digitpad.ink.undo import UndoHistory

if TYPE_CHECKING:
    from digitpad.ink.drawing import Stroke


class PadDocument(QObject):
    """A `Drawing` with undo and redo of any length; every method that edits it is one step.

    Signals:
        changed: the drawing is another one.
        replaced: after `changed`, when the drawing did not just grow by what was drawn on it:
            undo, redo, clear, paste, open. A view that fits itself to the drawing does it then.
    """

    changed = Signal()
    replaced = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history: UndoHistory[Drawing] = UndoHistory(Drawing())

    @property
    def drawing(self) -> Drawing:
        """What is on the pad, without the stroke that is being drawn."""
        return self._history.present

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return self._history.can_redo

    def add_stroke(self, stroke: Stroke) -> None:
        """Add a finished stroke; a picture gives way to it."""
        self._history.push(self.drawing.with_stroke(stroke))
        self.changed.emit()

    def erase(self, remaining: Drawing) -> None:
        """Keep only what an eraser left over. Nothing happens when it touched nothing."""
        if remaining != self.drawing:
            self._history.push(remaining)
            self.changed.emit()

    def replace(self, drawing: Drawing) -> None:
        """Put another drawing on the pad: opened, pasted or dropped."""
        self._history.push(drawing)
        self._emit_replaced()

    def clear(self) -> None:
        """Empty the pad. Nothing happens when it is empty."""
        if not self.drawing.is_empty:
            self.replace(Drawing())

    def undo(self) -> None:
        """Take a step back where there is one."""
        if self.can_undo:
            self._history.undo()
            self._emit_replaced()

    def redo(self) -> None:
        """Take a step forward where there is one."""
        if self.can_redo:
            self._history.redo()
            self._emit_replaced()

    def _emit_replaced(self) -> None:
        self.changed.emit()
        self.replaced.emit()
