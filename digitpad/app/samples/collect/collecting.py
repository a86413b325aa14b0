"""What is drawn because the program asked for it becomes samples at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from digitpad.samples.sample import Sample

if TYPE_CHECKING:
    from digitpad.app.samples.collect.view import CollectView
    from digitpad.app.services.teaching import TeachingService
    from digitpad.ink.drawing import Drawing


class Collecting(QObject):
    """Adds each drawing as a sample, and deletes those that are taken back.

    Attributes:
        symbols: the set of symbols that the labels belong to.
    """

    def __init__(self, view: CollectView, teaching: TeachingService, parent: QObject) -> None:
        super().__init__(parent)
        self.symbols = ""
        self._teaching = teaching
        self._unwanted: list[tuple[str, Drawing]] = []
        """Taken back before they were stored."""
        view.drawn.connect(self._add)
        view.taken_back.connect(self._take_back)
        teaching.changed.connect(self._delete_unwanted)

    @Slot(str, object)
    def _add(self, label: str, drawing: Drawing) -> None:
        sample = Sample.of(label, drawing, origin="collected")
        self._teaching.add([replace(sample, symbols=self.symbols)])

    @Slot(str, object)
    def _take_back(self, label: str, drawing: Drawing) -> None:
        self._unwanted.append((label, drawing))
        self._delete_unwanted()

    @Slot()
    def _delete_unwanted(self) -> None:
        # Looked for from the end: it was just drawn.
        for sample in reversed(self._teaching.samples) if self._unwanted else ():
            if (sample.label, sample.drawing) in self._unwanted:
                self._unwanted.remove((sample.label, sample.drawing))
                self._teaching.delete([sample.id])
            if not self._unwanted:
                break
