"""The stages of preprocessing, from a drawing to its glyph, painted side by side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from digitpad.app.pad.canvas.ink_shape import round_pen
from digitpad.app.pad.canvas.painting import ink_bounds, paint_drawing
from digitpad.app.widgets.glyph import grey_image, pixel_rect
from digitpad.app.widgets.theme import QuietLabel, theme_for
from digitpad.ink.glyph import BOX, CENTRE, FIELD, StrokeStages

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from digitpad.app.widgets.theme import Theme
    from digitpad.ink.drawing import Drawing
    from digitpad.ink.glyph import BoxedInk
    from digitpad.ink.photo.preprocessing import PictureStages
    from digitpad.ink.preprocessing import Stages
    from digitpad.recognition.recognition import Recognition

    Paint = Callable[[QPainter, QRectF, Theme], None]

translate = QCoreApplication.translate

_MOST_STAGES = 6
_SPACING = 4
_SMALLEST, _LARGEST = 58, 142
"""Sides of a stage's picture, in device-independent pixels: 2 or 5 for each pixel of a glyph."""

_MARK = QColor("#ff9f1c")
"""Colour of boxes and crosses: visible on ink and on paper, in both themes."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A stage of preprocessing.

    Attributes:
        caption: a few words.
        explanation: a sentence.
        paint: paints the stage into a square.
    """

    caption: str
    explanation: str
    paint: Paint


def stages_of(drawing: Drawing, stages: Stages) -> tuple[Stage, ...]:
    """The stages of preprocessing of a drawing, in order."""
    boxed = stages.boxed
    return (
        *(
            _stroke_stages(drawing, stages)
            if isinstance(stages, StrokeStages)
            else _picture_stages(stages)
        ),
        Stage(
            translate("Stages", "Centre of mass"),
            translate(
                "Stages",
                "The box is moved by whole pixels until the ink's centre of mass is in the middle"
                " of the 28 by 28 pixels.",
            ),
            lambda painter, area, _theme: _paint_centred(painter, area, boxed),
        ),
        Stage(
            translate("Stages", "Final pixels"),
            translate("Stages", "This is what the network sees."),
            _pixels(boxed.glyph),
        ),
    )


def _stroke_stages(drawing: Drawing, stages: StrokeStages) -> tuple[Stage, ...]:
    width = translate(
        "Stages",
        "Every stroke is drawn {width} pixels wide, whatever the pen, like the drawings that the"
        " network learned from.",
    ).format(width=stages.stroke_width)
    return (
        Stage(
            translate("Stages", "As drawn"),
            translate("Stages", "The strokes as they are on the pad."),
            lambda painter, area, theme: _paint_drawn(painter, area, theme, drawing),
        ),
        Stage(
            translate("Stages", "Box of 20"),
            translate("Stages", "The strokes are scaled to fill a box of 20 by 20 pixels."),
            lambda painter, area, theme: _paint_paths(painter, area, theme, stages),
        ),
        Stage(translate("Stages", "Stroke width"), width, _pixels(stages.boxed.box)),
    )


def _picture_stages(stages: PictureStages) -> tuple[Stage, ...]:
    height, width = stages.original.shape[:2]
    rgb, rgb888 = stages.original.tobytes(), QImage.Format.Format_RGB888
    original = QImage(rgb, width, height, 3 * width, rgb888).copy()
    left, top, right, bottom = stages.bounds
    bounds = QRectF(left, top, right - left, bottom - top)
    return (
        Stage(
            translate("Stages", "As opened"),
            translate("Stages", "The picture as it is on the pad."),
            _image(original),
        ),
        Stage(
            translate("Stages", "Paper"),
            translate("Stages", "The paper without the ink, with its shadows."),
            _image(grey_image(_levels(stages.background))),
        ),
        Stage(
            translate("Stages", "Ink"),
            translate("Stages", "The ink that stands out from the paper, and its bounds."),
            _image(grey_image(_levels(255 * stages.ink)), bounds),
        ),
        Stage(
            translate("Stages", "Box of 20"),
            translate("Stages", "The ink is shrunk to fill a box of 20 by 20 pixels."),
            _pixels(stages.boxed.box),
        ),
    )


def _pixels(levels: NDArray[np.uint8]) -> Paint:
    return lambda painter, area, _theme: painter.drawImage(area, grey_image(levels))


def _image(image: QImage, bounds: QRectF | None = None) -> Paint:
    """Paint a picture as large as it fits; with bounds, also those, on a black ground."""

    def paint(painter: QPainter, area: QRectF, _theme: Theme) -> None:
        painter.fillRect(area, QColor("black") if bounds is not None else QColor(0, 0, 0, 0))
        scale, offset = _fitted(QRectF(image.rect()), area)
        target = QRectF(offset, QRectF(image.rect()).size() * scale)
        ratio = painter.device().devicePixelRatioF()
        shrunk = image.scaled(
            (target.size() * ratio).toSize().expandedTo(QSize(1, 1)),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(target, shrunk)
        if bounds is not None:
            painter.setPen(QPen(_MARK, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(bounds.topLeft() * scale + offset, bounds.size() * scale))

    return paint


def _levels(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _fitted(bounds: QRectF, area: QRectF) -> tuple[float, QPointF]:
    """Scale and offset that fit bounds into the middle of an area."""
    scale = min(area.width() / bounds.width(), area.height() / bounds.height())
    return scale, area.center() - bounds.center() * scale


def _paint_drawn(painter: QPainter, area: QRectF, theme: Theme, drawing: Drawing) -> None:
    painter.fillRect(area, theme.paper)
    margin = 0.1 * area.width()
    scale, offset = _fitted(ink_bounds(drawing), area.adjusted(margin, margin, -margin, -margin))
    painter.save()
    painter.translate(offset)
    painter.scale(scale, scale)
    paint_drawing(painter, drawing, theme)
    painter.restore()


def _paint_paths(painter: QPainter, area: QRectF, theme: Theme, stages: StrokeStages) -> None:
    painter.fillRect(area, theme.paper)
    cell = area.width() / BOX
    painter.setPen(QPen(theme.track, 1))
    for index in range(1, BOX):
        _draw_cross(painter, area.topLeft() + QPointF(index, index) * cell, area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(round_pen(theme.ink, max(0.6 * cell, 1.5)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for curve in stages.paths:
        points = [QPointF(area.left() + x * cell, area.top() + y * cell) for x, y in curve.tolist()]
        path = QPainterPath(points[0])
        for point in points[1:]:
            path.lineTo(point)
        if len(points) == 1:
            painter.drawPoint(points[0])
        painter.drawPath(path)


def _paint_centred(painter: QPainter, area: QRectF, boxed: BoxedInk) -> None:
    painter.drawImage(area, grey_image(boxed.glyph))
    cell = area.width() / FIELD
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setClipRect(area)
    painter.setPen(QPen(QColor(127, 127, 127), 1, Qt.PenStyle.DotLine))
    # The index of a pixel is at its centre.
    _draw_cross(painter, area.topLeft() + QPointF(CENTRE + 0.5, CENTRE + 0.5) * cell, area)
    painter.setPen(QPen(_MARK, 1.5))
    dx, dy = boxed.shift
    box = QRectF(area.left() + dx * cell, area.top() + dy * cell, BOX * cell, BOX * cell)
    painter.drawRect(box)
    x, y = boxed.centre_of_mass
    centre = box.topLeft() + QPointF((x + 0.5) * cell, (y + 0.5) * cell)
    reach = max(1.4 * cell, 4.0)
    painter.setPen(QPen(_MARK, 2.0))
    _draw_cross(painter, centre, QRectF(-reach, -reach, 2 * reach, 2 * reach).translated(centre))


def _draw_cross(painter: QPainter, at: QPointF, area: QRectF) -> None:
    """Draw two lines through a point, across the whole area."""
    painter.drawLine(QPointF(at.x(), area.top()), QPointF(at.x(), area.bottom()))
    painter.drawLine(QPointF(area.left(), at.y()), QPointF(area.right(), at.y()))


class StagePicture(QWidget):
    """Shows one stage in a square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage: Stage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_stage(self, stage: Stage) -> None:
        """Show a stage."""
        self._stage = stage
        self.setAccessibleName(stage.caption)
        self.setAccessibleDescription(stage.explanation)
        self.setToolTip(stage.explanation)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for a glyph at four times its size."""
        return QSize(4 * FIELD + 2, 4 * FIELD + 2)

    def minimumSizeHint(self) -> QSize:
        """Room for a glyph at twice its size."""
        return QSize(_SMALLEST, _SMALLEST)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the stage, and a hairline around it."""
        if self._stage is None:
            return
        painter = QPainter(self)
        origin = self.mapTo(self.window(), self.rect().topLeft()).toPointF()
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        # All squares have the side of an enlarged glyph, so that they are aligned.
        square = pixel_rect(FIELD, area, self.devicePixelRatioF(), origin)
        theme = theme_for(self.palette())
        painter.save()
        painter.setClipRect(square)
        self._stage.paint(painter, square, theme)
        painter.restore()
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
        # Placed without a layout, which would replace heightForWidth by its own.
        self._hint.setParent(self)
        self._row.setParent(self)
        self._row.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Room for glyphs at four times their size, and the captions."""
        width = _MOST_STAGES * (4 * FIELD + 2 + _SPACING)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Room for glyphs at twice their size, and the captions."""
        width = _MOST_STAGES * (_SMALLEST + _SPACING) - _SPACING
        return QSize(width, self.heightForWidth(width))

    def heightForWidth(self, width: int) -> int:
        """Height of the pictures if six of them share the width, and of the captions."""
        share = (width + _SPACING) // _MOST_STAGES - _SPACING
        side = min(max((share - 2) // FIELD * FIELD + 2, _SMALLEST), _LARGEST)
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(label.text()) for label in self._captions)
        lines = 1 if widest <= share else 2
        return side + 4 + lines * metrics.lineSpacing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the hint and the row fill the view. One of them is shown."""
        self._hint.setGeometry(self.rect())
        self._row.setGeometry(self.rect())

    @Slot(object)
    def show_recognition(self, recognition: Recognition) -> None:
        """Show the stages of a recognition; nothing is done while the view is hidden."""
        if not self.isVisible():
            return
        self._hint.setText(
            self.tr("Draw to see how it becomes 28 by 28 pixels.")
            if recognition.problem is None
            else self.tr("There is nothing to read in this picture.")
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
