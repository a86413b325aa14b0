"""A row that scrolls: what the network makes of the pad's drawing after each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QHBoxLayout,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.widgets.controls import Card
from digitpad.app.widgets.glyph import GlyphView
from digitpad.app.widgets.layout import fill, plain_tip
from digitpad.app.widgets.numbers import probability, whole
from digitpad.app.widgets.theme import QuietLabel, quiet_text, theme_for
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import Recognition

_NO_ANSWER = "?"
"""Shown if the model rejects the drawing."""

_NARROWEST, _WIDEST = 46.0, 78.0
"""Least and largest width of a column, in device-independent pixels."""

_GAP = 4.0
_LARGEST_ANSWER, _SMALLEST_ANSWER = 24, 11
"""Largest and least font size of an answer, in pixels."""

_SHARES = 4
"""Number of classes that have a share of the bar; the others share what is left of it."""

_LEAST_SHARE = 0.02
"""A smaller share of the bar could not be seen."""

_IN_TIP = 5
"""Number of classes in a tool tip."""

_SCALE = 3
"""Side of a pixel of the glyph, in device-independent pixels."""


class EpochRecognition(NamedTuple):
    """The recognition of the pad's drawing by the network of an epoch.

    Attributes:
        epoch: counted from 1.
        recognition: has at least one part.
    """

    epoch: int
    recognition: Recognition

    @property
    def prediction(self) -> Prediction:
        """The prediction of the first part, which is the one shown."""
        return self.recognition.predictions[0]


def _ranked(prediction: Prediction, count: int) -> list[int]:
    """Indices of the most probable classes, best first."""
    shares = prediction.probabilities
    return sorted(range(len(shares)), key=shares.__getitem__, reverse=True)[:count]


class EpochColumns(QAbstractScrollArea):
    """A column for each epoch, with its number, the answer, and the probabilities as a bar.

    The bar is filled from below by the most probable class, then by the next ones. The newest epoch
    stays in view until the user scrolls away from it.

    Attributes:
        answers: the recognitions that are shown, oldest epoch first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers: tuple[EpochRecognition, ...] = ()
        self._hint = ""
        self._wide: float | None = None
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 90)
        self.setAccessibleName(self.tr("Answers after each epoch"))
        self.horizontalScrollBar().setAccessibleName(self.tr("Epochs"))

    def show_answers(self, answers: Sequence[EpochRecognition], hint: str = "") -> None:
        """Show recognitions, oldest epoch first, or a sentence if there are none."""
        if tuple(answers) == self.answers and hint == self._hint:
            return
        self.answers = tuple(answers)
        self._hint = "" if answers else hint
        self._wide = None
        self._fit_bar()
        self.setAccessibleDescription(self._hint or " ".join(map(self._sentence, self.answers)))
        self.viewport().update()

    def _sentence(self, one: EpochRecognition) -> str:
        if one.recognition.rejected:
            text = self.tr("Epoch {epoch}: rejected; the closest is {name}, with {percent}.")
        else:
            text = self.tr("Epoch {epoch}: {name}, {percent}.")
        return text.format(
            epoch=whole(one.epoch),
            name=one.recognition.text,
            percent=probability(one.recognition.confidence),
        )

    def _answer_font(self, size: int) -> QFont:
        font = self.font()
        font.setPixelSize(size)
        font.setBold(True)
        return font

    def _widest_answer(self, size: int) -> float:
        metrics = QFontMetricsF(self._answer_font(size))
        texts = {one.recognition.text for one in self.answers}
        return max((metrics.horizontalAdvance(text) for text in texts), default=0.0)

    @property
    def column_width(self) -> float:
        """Width of a column with the gap after it, in device-independent pixels."""
        if self._wide is None:
            widest = self._widest_answer(_SMALLEST_ANSWER + 1) + 2
            self._wide = min(max(widest, _NARROWEST), _WIDEST) + _GAP
        return self._wide

    def _fit_bar(self) -> None:
        """Fit the scroll bar to all columns. If the newest epoch was in view, it stays so."""
        bar = self.horizontalScrollBar()
        was_at_end = bar.value() >= bar.maximum()
        room = self.viewport().width()
        total = round(len(self.answers) * self.column_width - _GAP)
        bar.setRange(0, max(total - room, 0))
        bar.setPageStep(room)
        bar.setSingleStep(round(self.column_width))
        if was_at_end:
            bar.setValue(bar.maximum())

    def column_rect(self, index: int) -> QRectF:
        """The place of a column in the viewport, in device-independent pixels."""
        wide = self.column_width
        left = index * wide - self.horizontalScrollBar().value()
        return QRectF(left, 0, wide - _GAP, self.viewport().height())

    def column_at(self, x: float) -> int | None:
        """Index of the column at this x of the viewport; None if there is none."""
        index = int((x + self.horizontalScrollBar().value()) // self.column_width)
        return index if 0 <= index < len(self.answers) else None

    def tip(self, index: int) -> str:
        """The largest probabilities after an epoch as a text, a line for each class."""
        one = self.answers[index]
        prediction = one.prediction
        lines = [self.tr("After epoch {epoch}").format(epoch=whole(one.epoch))]
        if one.recognition.rejected:
            lines.append(self.tr("Rejected: it looks like none of the classes"))
        lines += [
            self.tr("{name}: {percent}").format(
                name=prediction.classes[i], percent=probability(prediction.probabilities[i])
            )
            for i in _ranked(prediction, _IN_TIP)
        ]
        return "\n".join(lines)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the probabilities in a tool tip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.column_at(event.pos().x())
            if index is None:
                QToolTip.hideText()
            else:
                area = self.column_rect(index).toAlignedRect()
                tip = plain_tip(self.tip(index))
                QToolTip.showText(event.globalPos(), tip, self.viewport(), area)
            return True
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let a wheel that turns up and down scroll the row, too."""
        delta = event.angleDelta() if event.pixelDelta().isNull() else event.pixelDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.setAccepted(bar.maximum() > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the first and the newest epoch; arrow keys move by one."""
        keys = Qt.Key
        if event.key() in {keys.Key_Home, keys.Key_End, keys.Key_PageUp, keys.Key_PageDown}:
            self.horizontalScrollBar().event(event)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the scroll bar to the new size."""
        self._fit_bar()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the columns again for another font or style."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._wide = None
            self._fit_bar()

    def sizeHint(self) -> QSize:
        """Room for several columns."""
        return QSize(400, 100)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the columns in view, or the sentence."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.answers:
            painter.setPen(quiet_text(self.palette()))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect(), int(flags), self._hint)
            return
        start = self.horizontalScrollBar().value() + event.rect().left()
        first = max(int(start // self.column_width), 0)
        last = int((start + event.rect().width()) // self.column_width)
        # One font size for all epochs, so that only the bars grow from column to column. It lets
        # the widest answer fit, within limits.
        fit = int(100 * (self.column_width - _GAP) / max(self._widest_answer(100), 1.0))
        answer_font = self._answer_font(min(max(fit, _SMALLEST_ANSWER), _LARGEST_ANSWER))
        for index in range(first, min(last + 1, len(self.answers))):
            self._paint_column(painter, index, answer_font)

    def _paint_column(self, painter: QPainter, index: int, answer_font: QFont) -> None:
        one = self.answers[index]
        column = self.column_rect(index)
        small = self.font()
        small.setPointSizeF(small.pointSizeF() * 0.85)
        line = QFontMetricsF(small).height()
        is_newest = index == len(self.answers) - 1
        number = QRectF(column.left(), column.bottom() - line, column.width(), line)
        small.setBold(is_newest)
        painter.setFont(small)
        text = self.palette().color(QPalette.ColorRole.Text)
        painter.setPen(text if is_newest else quiet_text(self.palette()))
        centre = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(number, centre, whole(one.epoch))
        answer = QRectF(column.left(), number.top() - 28, column.width(), 28)
        painter.setFont(answer_font)
        self._paint_answer(painter, answer, one.recognition)
        bar = QRectF(column.left(), 0, column.width(), answer.top() - 2)
        self._paint_bar(painter, bar, one.prediction)

    def _paint_answer(self, painter: QPainter, room: QRectF, recognition: Recognition) -> None:
        theme = theme_for(self.palette())
        text = recognition.answer or _NO_ANSWER
        if recognition.rejected:
            painter.setPen(theme.muted)
            painter.setFont(self._answer_font(_LARGEST_ANSWER))
        elif recognition.is_sure:
            painter.setPen(theme.accent)
        else:
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        # Half a pixel more, so that a text that just fits is not cut.
        shown = QFontMetricsF(painter.font()).elidedText(
            text, Qt.TextElideMode.ElideRight, room.width() + 0.5
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), shown)

    def _paint_bar(self, painter: QPainter, room: QRectF, prediction: Prediction) -> None:
        theme = theme_for(self.palette())
        painter.fillRect(room, theme.track)
        bottom = room.bottom()
        font = self.font()
        font.setPixelSize(10)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        for rank, index in enumerate(_ranked(prediction, _SHARES)):
            share = prediction.probabilities[index]
            if share < _LEAST_SHARE:
                break
            height = share * room.height()
            part = QRectF(room.left(), bottom - height, room.width(), height)
            bottom -= height
            is_answer = rank == 0 and not prediction.rejected
            colour = QColor(theme.accent if is_answer else theme.muted)
            colour.setAlphaF(1.0 if rank == 0 else 0.75 / rank)
            painter.fillRect(part.adjusted(0, 1 if height > 3 else 0, 0, 0), colour)
            if rank and height >= metrics.height():
                name = metrics.elidedText(
                    prediction.classes[index], Qt.TextElideMode.ElideRight, part.width() - 4
                )
                painter.drawText(part, int(Qt.AlignmentFlag.AlignCenter), name)


class EpochsView(QWidget):
    """The glyph of the pad's drawing, and beside it the answers after each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self._has_glyph = False
        self._answers: tuple[EpochRecognition, ...] = ()
        self._reason = ""
        self.setAccessibleName(self.tr("Your drawing, epoch by epoch"))
        caption = QuietLabel(self.accessibleName())
        self.glyph = GlyphView()
        self.glyph.setAccessibleName(self.tr("Your drawing as the network sees it"))
        side = _SCALE * FIELD + 2
        self.glyph.setFixedSize(side, side)
        self.columns = EpochColumns()
        card = Card(self.columns)
        row = fill(QHBoxLayout(), self.glyph, (card, 1), spacing=10)
        row.setAlignment(self.glyph, Qt.AlignmentFlag.AlignVCenter)
        fill(QVBoxLayout(self), caption, (row, 1), spacing=3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._show()

    @Slot(object)
    def show_recognition(self, recognition: Recognition | None) -> None:
        """Show the glyph of the pad's drawing. Without one, no answers are shown."""
        part = None if recognition is None else recognition.first
        self._has_glyph = part is not None
        self.glyph.show_glyph(None if part is None else part.stages.glyph)
        self._show()

    @Slot(object)
    def show_answers(self, answers: Sequence[EpochRecognition], reason: str = "") -> None:
        """Replace the answers.

        Args:
            answers: oldest epoch first; maybe none.
            reason: a sentence that says why there are none; "" if there is no training yet.
        """
        self._answers = tuple(answers)
        self._reason = reason
        self._show()

    def _show(self) -> None:
        hint = (
            self._reason
            or self.tr("Start a training to see here what its network reads after each epoch.")
            if self._has_glyph
            else self.tr("Draw something on the pad to see here how a network learns to read it.")
        )
        self.columns.show_answers(self._answers if self._has_glyph else (), hint)
