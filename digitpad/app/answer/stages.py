"""The steps from a drawing to its glyph, each as something to paint and to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from digitpad.app.pad.painting import ink_bounds, paint_drawing
from digitpad.app.widgets.glyph import grey_image
from digitpad.ink.glyph import BOX, CENTRE, FIELD, StrokeStages

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from digitpad.app.widgets.theme import Theme
    from digitpad.ink.drawing import Drawing
    from digitpad.ink.glyph import BoxedInk
    from digitpad.ink.photo.preprocessing import PictureStages

    Paint = Callable[[QPainter, QRectF, Theme], None]

translate = QCoreApplication.translate

_MARK = QColor("#ff9f1c")
"""Boxes and crosses over a figure: seen on ink and on paper, in light and dark."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step.

    Attributes:
        caption: a few words.
        explanation: a sentence.
        pixels: side of the step's grid, so that it is shown at an integer scale; 0 for any scale.
        paint: paints it into a square.
    """

    caption: str
    explanation: str
    pixels: int
    paint: Paint


def stages_of(drawing: Drawing, stages: StrokeStages | PictureStages) -> tuple[Step, ...]:
    """Each stage of the way from a drawing to its glyph, to be painted and said.

    Args:
        drawing: what was traced.
        stages: of the way to its glyph.
    """
    if isinstance(stages, StrokeStages):
        first = _stroke_stages(drawing, stages)
    else:
        first = _picture_stages(stages)
    boxed = stages.boxed
    return (
        *first,
        Step(
            translate("Steps", "Centre of mass"),
            translate(
                "Steps",
                "The box moves by whole pixels until the ink's centre of mass is in the middle of"
                " 28 by 28 pixels.",
            ),
            FIELD,
            lambda painter, area, _theme: _paint_centred(painter, area, boxed),
        ),
        Step(
            translate("Steps", "Final pixels"),
            translate("Steps", "This is what the network sees."),
            FIELD,
            lambda painter, area, _theme: painter.drawImage(area, grey_image(boxed.glyph)),
        ),
    )


def _stroke_stages(drawing: Drawing, stages: StrokeStages) -> tuple[Step, ...]:
    width = translate(
        "Steps",
        "Every stroke is drawn {width} pixels wide,"
        " whatever the pen was: as in the digits the network learned from.",
    ).format(width=stages.stroke_width)
    return (
        Step(
            translate("Steps", "As drawn"),
            translate("Steps", "The strokes as they are on the pad."),
            0,
            lambda painter, area, theme: _paint_drawn(painter, area, theme, drawing),
        ),
        Step(
            translate("Steps", "Box of 20"),
            translate("Steps", "The strokes are scaled to fill a box of 20 by 20 pixels."),
            BOX,
            lambda painter, area, theme: _paint_paths(painter, area, theme, stages),
        ),
        Step(
            translate("Steps", "Stroke width"),
            width,
            BOX,
            lambda painter, area, _theme: painter.drawImage(area, grey_image(stages.boxed.box)),
        ),
    )


def _picture_stages(stages: PictureStages) -> tuple[Step, ...]:
    height, width = stages.original.shape[:2]
    rgb = np.ascontiguousarray(stages.original)
    original = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    background = grey_image(_levels(stages.background))
    ink = grey_image(_levels(255 * stages.ink))
    left, top, right, bottom = stages.bounds
    bounds = QRectF(left, top, right - left, bottom - top)
    return (
        Step(
            translate("Steps", "As opened"),
            translate("Steps", "The picture as it is on the pad."),
            0,
            lambda painter, area, _theme: _paint_image(painter, area, original, None),
        ),
        Step(
            translate("Steps", "Paper"),
            translate("Steps", "The paper without the ink, shadows and all."),
            0,
            lambda painter, area, _theme: _paint_image(painter, area, background, None),
        ),
        Step(
            translate("Steps", "Ink"),
            translate("Steps", "What stands out from the paper, and its bounds."),
            0,
            lambda painter, area, _theme: _paint_image(painter, area, ink, bounds),
        ),
        Step(
            translate("Steps", "Box of 20"),
            translate("Steps", "The ink is shrunk to fill a box of 20 by 20 pixels."),
            BOX,
            lambda painter, area, _theme: painter.drawImage(area, grey_image(stages.boxed.box)),
        ),
    )


def _levels(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _mark_pen(width: float = 1.5) -> QPen:
    return QPen(_MARK, width)


def _fitted(bounds: QRectF, area: QRectF) -> tuple[float, QPointF]:
    """Scale and offset that put bounds into the middle of an area."""
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
        offset = index * cell
        painter.drawLine(
            QPointF(area.left() + offset, area.top()), QPointF(area.left() + offset, area.bottom())
        )
        painter.drawLine(
            QPointF(area.left(), area.top() + offset), QPointF(area.right(), area.top() + offset)
        )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.ink, max(0.6 * cell, 1.5))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
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
    # Pixel indices name the centres of pixels.
    middle = QPointF(area.left() + (CENTRE + 0.5) * cell, area.top() + (CENTRE + 0.5) * cell)
    painter.drawLine(QPointF(middle.x(), area.top()), QPointF(middle.x(), area.bottom()))
    painter.drawLine(QPointF(area.left(), middle.y()), QPointF(area.right(), middle.y()))
    painter.setPen(_mark_pen())
    dx, dy = boxed.shift
    box = QRectF(area.left() + dx * cell, area.top() + dy * cell, BOX * cell, BOX * cell)
    painter.drawRect(box)
    x, y = boxed.centre_of_mass
    centre = box.topLeft() + QPointF((x + 0.5) * cell, (y + 0.5) * cell)
    reach = max(1.4 * cell, 4.0)
    painter.setPen(_mark_pen(2.0))
    painter.drawLine(centre - QPointF(reach, 0), centre + QPointF(reach, 0))
    painter.drawLine(centre - QPointF(0, reach), centre + QPointF(0, reach))


def _paint_image(painter: QPainter, area: QRectF, image: QImage, bounds: QRectF | None) -> None:
    painter.fillRect(area, QColor("black") if bounds is not None else QColor(0, 0, 0, 0))
    scale, offset = _fitted(QRectF(image.rect()), area)
    target = QRectF(offset, QRectF(image.rect()).size() * scale)
    ratio = painter.device().devicePixelRatioF()
    shrunk = image.scaled(
        (target.size() * ratio).toSize().expandedTo(QRectF(0, 0, 1, 1).size().toSize()),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    painter.drawImage(target, shrunk)
    if bounds is not None:
        painter.setPen(_mark_pen())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(bounds.topLeft() * scale + offset, bounds.size() * scale))
