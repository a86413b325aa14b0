"""The stages from a drawing to its glyph, each as something to paint and to say."""

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
    from digitpad.ink.preprocessing import Stages

    Paint = Callable[[QPainter, QRectF, Theme], None]

translate = QCoreApplication.translate

_MARK = QColor("#ff9f1c")
"""Boxes and crosses over a picture: seen on ink and on paper, in light and dark."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage.

    Attributes:
        caption: a few words.
        explanation: a sentence.
        pixels: side of its grid, so that it is shown at an integer scale; 0 for any scale.
        paint: paints it into a square.
    """

    caption: str
    explanation: str
    pixels: int
    paint: Paint


def stages_of(drawing: Drawing, stages: Stages) -> tuple[Stage, ...]:
    """Each stage of the way from a drawing to its glyph, to be painted and said."""
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
                "The box moves by whole pixels until the ink's centre of mass is in the middle of"
                " 28 by 28 pixels.",
            ),
            FIELD,
            lambda painter, area, _theme: _paint_centred(painter, area, boxed),
        ),
        Stage(
            translate("Stages", "Final pixels"),
            translate("Stages", "This is what the network sees."),
            FIELD,
            _pixels(boxed.glyph),
        ),
    )


def _stroke_stages(drawing: Drawing, stages: StrokeStages) -> tuple[Stage, ...]:
    width = translate(
        "Stages",
        "Every stroke is drawn {width} pixels wide,"
        " whatever the pen was: as in the digits the network learned from.",
    ).format(width=stages.stroke_width)
    return (
        Stage(
            translate("Stages", "As drawn"),
            translate("Stages", "The strokes as they are on the pad."),
            0,
            lambda painter, area, theme: _paint_drawn(painter, area, theme, drawing),
        ),
        Stage(
            translate("Stages", "Box of 20"),
            translate("Stages", "The strokes are scaled to fill a box of 20 by 20 pixels."),
            BOX,
            lambda painter, area, theme: _paint_paths(painter, area, theme, stages),
        ),
        Stage(translate("Stages", "Stroke width"), width, BOX, _pixels(stages.boxed.box)),
    )


def _picture_stages(stages: PictureStages) -> tuple[Stage, ...]:
    height, width = stages.original.shape[:2]
    rgb = np.ascontiguousarray(stages.original)
    original = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    left, top, right, bottom = stages.bounds
    bounds = QRectF(left, top, right - left, bottom - top)
    return (
        Stage(
            translate("Stages", "As opened"),
            translate("Stages", "The picture as it is on the pad."),
            0,
            _image(original),
        ),
        Stage(
            translate("Stages", "Paper"),
            translate("Stages", "The paper without the ink, shadows and all."),
            0,
            _image(grey_image(_levels(stages.background))),
        ),
        Stage(
            translate("Stages", "Ink"),
            translate("Stages", "What stands out from the paper, and its bounds."),
            0,
            _image(grey_image(_levels(255 * stages.ink)), bounds),
        ),
        Stage(
            translate("Stages", "Box of 20"),
            translate("Stages", "The ink is shrunk to fill a box of 20 by 20 pixels."),
            BOX,
            _pixels(stages.boxed.box),
        ),
    )


def _pixels(levels: NDArray[np.uint8]) -> Paint:
    return lambda painter, area, _theme: painter.drawImage(area, grey_image(levels))


def _image(image: QImage, bounds: QRectF | None = None) -> Paint:
    return lambda painter, area, _theme: _paint_image(painter, area, image, bounds)


def _levels(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


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
        _draw_cross(painter, area.topLeft() + QPointF(index, index) * cell, area)
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
    """Two lines through a point, right across an area."""
    painter.drawLine(QPointF(at.x(), area.top()), QPointF(at.x(), area.bottom()))
    painter.drawLine(QPointF(area.left(), at.y()), QPointF(area.right(), at.y()))


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
        painter.setPen(QPen(_MARK, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(bounds.topLeft() * scale + offset, bounds.size() * scale))
