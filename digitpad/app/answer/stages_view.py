"""How it got there: the stages from a drawing to its glyph, side by side."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from digitpad.app.answer.stages import Stage, stages_of
from digitpad.app.widgets.glyph import pixel_rect
from digitpad.app.widgets.theme import QuietLabel, theme_for
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from digitpad.recognition.recognition import Recognition

_MOST_STAGES = 6
_SPACING = 4
_SMALLEST, _LARGEST = 58, 142
"""Side of a stage's picture in device-independent pixels: a glyph at two or five pixels each."""


class StagePicture(QWidget):
    """One stage's picture in a square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage: Stage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setSizePolicy(policy)

    def show_stage(self, stage: Stage) -> None:
        """Show a stage."""
        self._stage = stage
        self.setAccessibleName(stage.caption)
        self.setAccessibleDescription(stage.explanation)
        self.setToolTip(stage.explanation)
        self.update()

    def sizeHint(self) -> QSize:
        """A glyph at four pixels each."""
        return QSize(4 * FIELD + 2, 4 * FIELD + 2)

    def minimumSizeHint(self) -> QSize:
        """A glyph at two pixels each."""
        return QSize(_SMALLEST, _SMALLEST)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The stage, and a hairline around it."""
        if self._stage is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ratio = self.devicePixelRatioF()
        origin = self.mapTo(self.window(), self.rect().topLeft()).toPointF()
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        # All squares are of the side that a glyph has, so that they stand in one row.
        square = pixel_rect(FIELD, area, ratio, origin)
        theme = theme_for(self.palette())
        painter.save()
        painter.setClipRect(square)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._stage.paint(painter, square, theme)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(theme.outline, 1))
        painter.drawRect(square.adjusted(-0.5, -0.5, 0.5, 0.5))


class StagesView(QWidget):
    """The stages side by side, each with its caption."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("How it got there"))
        self.pictures = [StagePicture() for _ in range(_MOST_STAGES)]
        self._captions = [QLabel() for _ in range(_MOST_STAGES)]
        self._hint = QuietLabel("")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._row = QWidget()
        grid = QGridLayout(self._row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(_SPACING)
        grid.setVerticalSpacing(4)
        grid.setRowStretch(0, 1)
        for column in range(_MOST_STAGES):
            picture, caption = self.pictures[column], self._captions[column]
            caption.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            caption.setWordWrap(True)
            grid.addWidget(picture, 0, column)
            grid.addWidget(caption, 1, column)
        # Placed by hand: with a layout the height would be the layout's, not heightForWidth.
        self._hint.setParent(self)
        self._row.setParent(self)
        self._row.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Pictures of four pixels each, and their captions."""
        width = _MOST_STAGES * (4 * FIELD + 2 + _SPACING)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Pictures of two pixels each, and their captions."""
        width = _MOST_STAGES * (_SMALLEST + _SPACING) - _SPACING
        return QSize(width, self.heightForWidth(width))

    def hasHeightForWidth(self) -> bool:
        """The pictures are square."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as the pictures can be where six share the width, and their captions."""
        share = (width + _SPACING) // _MOST_STAGES - _SPACING
        side = min(max((share - 2) // FIELD * FIELD + 2, _SMALLEST), _LARGEST)
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(label.text()) for label in self._captions)
        lines = 1 if widest <= share else 2
        return side + 4 + lines * metrics.lineSpacing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hint and row fill the view; one of them is shown."""
        self._hint.setGeometry(self.rect())
        self._row.setGeometry(self.rect())

    @Slot(object)
    def show_recognition(self, recognition: Recognition) -> None:
        """Show the stages of what was read. Costs nothing while the view is hidden."""
        if not self.isVisible():
            return
        self._hint.setText(
            self.tr("Draw a digit to see how it becomes 28 by 28 pixels.")
            if recognition.problem is None
            else self.tr("There is nothing in this picture to become 28 by 28 pixels.")
        )
        part = recognition.first
        self._hint.setVisible(part is None)
        self._row.setVisible(part is not None)
        if part is None:
            return
        stages = stages_of(recognition.drawing, part.stages)
        for picture, caption, stage in zip_longest(self.pictures, self._captions, stages):
            picture.setVisible(stage is not None)
            caption.setVisible(stage is not None)
            if stage is not None:
                picture.show_stage(stage)
                caption.setText(stage.caption)
        self.updateGeometry()
