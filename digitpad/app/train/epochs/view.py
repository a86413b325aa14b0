"""Your drawing through the epochs: how a network learns to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from digitpad.app.train.epochs.columns import EpochColumns
from digitpad.app.widgets.controls import Card
from digitpad.app.widgets.glyph import GlyphView
from digitpad.app.widgets.theme import QuietLabel
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.app.train.epochs.columns import EpochRecognition
    from digitpad.recognition.recognition import Recognition

_SCALE = 3
"""Of the glyph, in device-independent pixels."""


class EpochsView(QWidget):
    """The pad's drawing as a glyph, and beside it what the network answered after each epoch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_glyph = False
        self._answers: tuple[EpochRecognition, ...] = ()
        self.setAccessibleName(self.tr("Your drawing through the epochs"))
        caption = QuietLabel(self.tr("Your drawing through the epochs"))
        self.glyph = GlyphView()
        self.glyph.setAccessibleName(self.tr("Your drawing as the network sees it"))
        side = _SCALE * FIELD + 2
        self.glyph.setFixedSize(side, side)
        self.columns = EpochColumns()
        card = Card(self.columns)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.glyph, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(caption)
        column.addLayout(row, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._show()

    def sizeHint(self) -> QSize:
        """A strip."""
        return QSize(620, self.fontMetrics().height() + 3 + 108)

    @Slot(object)
    def show_recognition(self, recognition: Recognition | None) -> None:
        """Show the glyph of what is on the pad; an empty pad has no answers."""
        part = None if recognition is None else recognition.first
        self._has_glyph = part is not None
        self.glyph.show_glyph(None if part is None else part.stages.glyph)
        self._show()

    @Slot(object)
    def show_answers(self, answers: Sequence[EpochRecognition]) -> None:
        """Show answers in place of those before, oldest first."""
        self._answers = tuple(answers)
        self._show()

    def _show(self) -> None:
        hint = (
            self.tr("After the first epoch its answer appears here.")
            if self._has_glyph
            else self.tr("Draw something on the pad, and watch how the network learns to read it.")
        )
        self.columns.show_answers(self._answers if self._has_glyph else (), hint)
