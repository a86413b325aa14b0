"""The drawing on the pad and the way it came there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from digitpad.ink.drawing import Drawing

if TYPE_CHECKING:
    from digitpad.ink.drawing import Stroke


class PadDocument(QObject):
    """A `Drawing` with undo and redo of any length; every method that edits it is one step.

    Drawings are kept, not copied: a long history costs only the strokes that differ.

    Attributes:
        drawing: what is on the pad, without the stroke that is being drawn.

    Signals:
        changed: the drawing is another one.
        replaced: after `changed`, when the drawing did not just grow by what was drawn on it:
            undo, redo, clear, paste, open. A view that fits itself to the drawing does it then.
    """

    changed = Signal()
    replaced = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.drawing = Drawing()
        self._past: list[Drawing] = []
        self._future: list[Drawing] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return bool(self._future)

    def add_stroke(self, stroke: Stroke) -> None:
        """Add a finished stroke; a picture gives way to it."""
        self._push(self.drawing.with_stroke(stroke))

    def erase(self, remaining: Drawing) -> None:
        """Keep only what an eraser left over. Nothing happens when it touched nothing."""
        if remaining != self.drawing:
            self._push(remaining)

    def replace(self, drawing: Drawing) -> None:
        """Put another drawing on the pad: opened, pasted or dropped."""
        self._push(drawing)
        self.replaced.emit()

    def restore(self, drawing: Drawing) -> None:
        """Put the drawing of the last time on the pad; its strokes can be undone one by one.

        Where somebody has drawn already, undo leads to it.
        """
        if drawing.is_empty:
            return
        steps = max(len(drawing.strokes), 1)
        way = [Drawing(drawing.strokes[:count]) for count in range(steps)]
        if self.can_undo:
            self._past[:0] = [*way, drawing]
            self.changed.emit()
            return
        self._past, self.drawing = way, drawing
        self.changed.emit()
        self.replaced.emit()

    def clear(self) -> None:
        """Empty the pad. Nothing happens when it is empty."""
        if not self.drawing.is_empty:
            self.replace(Drawing())

    def undo(self) -> None:
        """Take a step back where there is one."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """Take a step forward where there is one."""
        self._step(self._future, self._past)

    def _push(self, drawing: Drawing) -> None:
        self._past.append(self.drawing)
        self._future.clear()
        self.drawing = drawing
        self.changed.emit()

    def _step(self, source: list[Drawing], target: list[Drawing]) -> None:
        if source:
            target.append(self.drawing)
            self.drawing = source.pop()
            self.changed.emit()
            self.replaced.emit()
