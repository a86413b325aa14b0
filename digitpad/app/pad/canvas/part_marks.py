"""A light box around each part of a drawing, and beside it a tag with what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen, QRegion

from digitpad.app.answer.several import UNFINISHED
from digitpad.app.pad.canvas.painting import picture_rect
from digitpad.app.widgets.layout import elided
from digitpad.app.widgets.theme import mixed, quiet_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QTransform

    from digitpad.app.widgets.theme import Theme
    from digitpad.ink.parts import Bounds
    from digitpad.recognition.recognition import Recognition

    Floats = NDArray[np.float64]

_MARGIN = 6.0
"""Between ink and box, in device-independent pixels, as all lengths here."""

_GAP = 2.0
"""Between box and tag."""

_WIDEST = 84.0
"""Of a tag."""

_SMALLEST_TARGET = 28.0
"""Side of what can be clicked, a little more than WCAG 2.2 asks for."""

_CORNER = 5.0


@dataclass(frozen=True, slots=True)
class PartMark:
    """What is shown of a part.

    Attributes:
        bounds: left, top, right and bottom of its ink, in pad units.
        text: what was read, with a question mark if that is doubtful.
        look: how sure it is.
    """

    bounds: Bounds
    text: str
    look: Literal["sure", "doubtful", "rejected"]


def marks_of(recognition: Recognition, unfinished: int | None = None) -> tuple[PartMark, ...]:
    """The marks of a recognition; none for a single part.

    Args:
        recognition: of a drawing.
        unfinished: number of the part that is being drawn, from 0, or None.
    """
    if len(recognition.parts) < 2:
        return ()
    found = []
    for number, part in enumerate(recognition.parts):
        prediction, bounds = part.prediction, part.bounds
        if prediction is None:
            return ()
        picture = recognition.drawing.picture
        if picture is not None:
            whole = picture_rect(picture)
            scale = whole.width() / picture.pixels.shape[1]
            left, top, right, bottom = (scale * edge for edge in bounds)
            x, y = whole.left(), whole.top()
            bounds = x + left, y + top, x + right, y + bottom
        if number == unfinished:
            found.append(PartMark(bounds, UNFINISHED, "doubtful"))
        elif prediction.rejected:
            found.append(PartMark(bounds, "?", "rejected"))
        elif prediction.is_sure:
            found.append(PartMark(bounds, prediction.text, "sure"))
        else:
            found.append(PartMark(bounds, f"{prediction.text}?", "doubtful"))
    return tuple(found)


class _Placed(NamedTuple):
    """A mark in a widget.

    Attributes:
        mark: the mark.
        ink: the bounds of its ink.
        box: around its ink, within the widget.
        tag: with what was read.
        is_chosen: whether it is highlighted.
    """

    mark: PartMark
    ink: QRectF
    box: QRectF
    tag: QRectF
    is_chosen: bool

    def area(self) -> QRect:
        """All that is painted."""
        return (self.box | self.tag).adjusted(-2, -2, 2, 2).toAlignedRect()


class PartMarks:
    """The marks on a canvas: where they are, how they look, and which of them is clicked.

    A tag lies below its box or, where there is other ink or no room, above it. Once placed, it
    stays while its part does.
    """

    def __init__(self) -> None:
        self._placed: list[_Placed] = []
        self._looked_at: frozenset[PartMark] = frozenset()
        """The marks when tags could last move: a tag that lies on their ink has no better place."""
        self._transform: QTransform | None = None
        self._size = QSizeF()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._placed)

    def tag(self, number: int) -> QRectF:
        """The tag of a mark."""
        return self._placed[number].tag

    def box(self, number: int) -> QRectF:
        """The box of a mark."""
        return self._placed[number].box

    def show(
        self,
        marks: Sequence[PartMark],
        chosen: int | None,
        transform: QTransform,
        size: QSizeF,
        font: QFont,
        *,
        may_move: bool,
    ) -> QRegion:
        """Show other marks.

        Args:
            marks: in the order of the parts.
            chosen: number of the highlighted one, or None.
            transform: from pad units to the widget.
            size: of the widget.
            font: of the tags.
            may_move: whether a tag with other ink below it finds another place.

        Returns:
            What has to be painted anew.
        """
        before = self._placed
        known: dict[PartMark, _Placed] = {}
        if transform == self._transform and size == self._size:
            known = {one.mark: one for one in before}
        self._transform, self._size = transform, size
        if not known or not self._looked_at.issubset(marks):
            # What is gone may have left a better place.
            self._looked_at = frozenset()
        same = [known.get(mark) for mark in marks]
        inks = [
            one.ink if one else transform.mapRect(_rect(mark.bounds))
            for one, mark in zip(same, marks, strict=True)
        ]
        edges = _edges(inks)
        on_others = [0.0] * len(marks)
        if may_move:
            covered = _overlaps(_edges([one.tag if one else QRectF() for one in same]), edges)
            np.fill_diagonal(covered, 0.0)
            covered[:, [mark in self._looked_at for mark in marks]] = 0.0
            on_others = covered.sum(axis=1).tolist()
            self._looked_at = frozenset(marks)
        metrics = QFontMetricsF(font)
        placed: list[_Placed] = []
        sheet = QRectF(QPointF(1, 1), size - QSizeF(2, 2))
        for i, (one, mark) in enumerate(zip(same, marks, strict=True)):
            if one is not None and on_others[i] == 0.0:
                is_kept = one.is_chosen == (i == chosen)
                placed.append(one if is_kept else one._replace(is_chosen=i == chosen))
                continue
            box = inks[i].adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN) & sheet
            others = [np.delete(edges, i, axis=0), _edges([other.tag for other in placed])]
            tag_size = _tag_size(mark.text, metrics)
            tag = _free_place(box, tag_size, sheet, np.concatenate(others))
            placed.append(_Placed(mark, inks[i], box, tag, i == chosen))
        self._placed = placed
        return _changed(before, placed)

    def hit(self, position: QPointF) -> int | None:
        """Number of the mark whose tag is at a position."""
        found = None
        nearest = float("inf")
        for i, one in enumerate(self._placed):
            grow_x = max(_SMALLEST_TARGET - one.tag.width(), 0.0) / 2
            grow_y = max(_SMALLEST_TARGET - one.tag.height(), 0.0) / 2
            if one.tag.adjusted(-grow_x, -grow_y, grow_x, grow_y).contains(position):
                apart = position - one.tag.center()
                distance = QPointF.dotProduct(apart, apart)
                if distance < nearest:
                    found, nearest = i, distance
        return found

    def paint(
        self, painter: QPainter, dirty: QRect, theme: Theme, palette: QPalette, font: QFont
    ) -> None:
        """Paint the marks that a rectangle touches."""
        painter.save()
        for one in self._placed:
            if one.area().intersects(dirty):
                _paint(painter, one, theme, palette, font)
        painter.restore()


def _changed(before: Sequence[_Placed], after: Sequence[_Placed]) -> QRegion:
    """What has to be painted anew: where something is in one of them alone."""
    # Most were kept as they are, and what looks the same need not be found out.
    kept = set(map(id, before)) & set(map(id, after))
    old, new = ({_key(one) for one in some if id(one) not in kept} for some in (before, after))
    changed = QRegion()
    for _, edges, _ in old ^ new:
        changed += QRect(*edges)
    return changed


def _key(placed: _Placed) -> tuple[PartMark, tuple[int, int, int, int], bool]:
    area = placed.area()
    edges = area.x(), area.y(), area.width(), area.height()
    return placed.mark, edges, placed.is_chosen


def _rect(bounds: Bounds) -> QRectF:
    left, top, right, bottom = bounds
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _tag_size(text: str, metrics: QFontMetricsF) -> QSizeF:
    height = metrics.height() + 2
    return QSizeF(min(max(metrics.horizontalAdvance(text) + 10, height), _WIDEST), height)


def _edges(areas: Sequence[QRectF]) -> Floats:
    """Left, top, right and bottom of each, float64 (n, 4)."""
    found = [(one.left(), one.top(), one.right(), one.bottom()) for one in areas]
    return np.array(found).reshape(-1, 4)


def _overlaps(areas: Floats, others: Floats) -> Floats:
    """How much of each area lies on each other, in square pixels, float64 (n, m).

    Args:
        areas: their edges, float64 (n, 4).
        others: likewise, (m, 4).
    """
    low = np.maximum(areas[:, None, :2], others[:, :2])
    high = np.minimum(areas[:, None, 2:], others[:, 2:])
    shared: Floats = np.maximum(high - low, 0.0).prod(axis=2)
    return shared


def _free_place(box: QRectF, size: QSizeF, sheet: QRectF, others: Floats) -> QRectF:
    """Below the box, above it, or at its lower corners: where least is covered.

    Args:
        box: around the part.
        size: of the tag.
        sheet: what it stays in.
        others: the edges of what it may cover, float64 (n, 4).
    """
    width, height = size.width(), size.height()
    left = box.center().x() - width / 2
    below, above = box.bottom() + _GAP, box.top() - _GAP - height
    lower = box.bottom() - height
    corners = np.array(
        [
            (left, below),
            (left, above),
            (box.right() + _GAP, lower),
            (box.left() - _GAP - width, lower),
        ]
    )
    room = sheet.adjusted(0, 0, -width, -height)
    inside = np.clip(corners, (room.left(), room.top()), (room.right(), room.bottom()))
    # Moved into the sheet, it may come to lie on the part's own ink.
    others = np.concatenate((others, _edges([box])))
    places = np.concatenate((inside, inside + np.array((width, height))), axis=1)
    covered = _overlaps(places, others).sum(axis=1).tolist()
    best = 0
    for number, area in enumerate(covered):
        if area < covered[best] - 1.0:
            best = number
    return QRectF(QPointF(*inside[best].tolist()), size)


def _paint(painter: QPainter, one: _Placed, theme: Theme, palette: QPalette, font: QFont) -> None:
    is_sure = one.mark.look == "sure"
    line, ground, text = theme.outline, theme.paper, quiet_text(palette)
    if one.is_chosen:
        line, ground, text = theme.accent, theme.accent, theme.paper
    elif one.mark.look == "doubtful":
        line, text = theme.muted, palette.color(QPalette.ColorRole.WindowText)
    pen = QPen(line, 2.0 if one.is_chosen else 1.0)
    if not is_sure:
        pen.setStyle(Qt.PenStyle.DashLine if one.mark.look == "doubtful" else Qt.PenStyle.DotLine)
        pen.setColor(line if one.is_chosen else theme.muted)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if one.mark.look == "rejected":
        grey = QColor(theme.muted)
        grey.setAlphaF(0.16)
        painter.setBrush(grey)
    painter.drawRoundedRect(one.box.adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
    pen = QPen(line, 1.0)
    painter.setPen(pen)
    if one.mark.look == "rejected" and not one.is_chosen:
        ground = mixed(theme.muted, theme.paper, 0.85)
    painter.setBrush(ground)
    radius = min(one.tag.height() / 2, 8.0)
    painter.drawRoundedRect(one.tag.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setPen(text)
    painter.setFont(font)
    shown = elided(one.mark.text, font, one.tag.width() - 4)
    painter.drawText(one.tag, int(Qt.AlignmentFlag.AlignCenter), shown)
