"""The answer beside the pad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.pad.bars_view import BarsView, percent
from digitpad.app.pad.glyph_view import GlyphView
from digitpad.app.theme import CORNER, QuietLabel, theme_for

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPaintEvent

    from digitpad.app.pad.reading import Reading
    from digitpad.recognition.prediction import Prediction


_NO_ANSWER = "?"
"""Stands for a drawing that the model takes for none of its classes."""

_ALMOST_CERTAIN = 0.999
"""From here on a sentence does not count tenths: no network is 100 % sure."""


class BigText(QWidget):
    """The answer itself, as large as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.is_answer = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Answer"))

    def show_text(self, text: str, *, is_answer: bool = True) -> None:
        """Show a text; an empty one leaves the room empty. What is no answer is shown muted."""
        if (text, is_answer) != (self.text, self.is_answer):
            self.text, self.is_answer = text, is_answer
            self.setAccessibleDescription(text)
            self.update()

    def sizeHint(self) -> QSize:
        """Room for one large digit."""
        return QSize(130, 142)

    def minimumSizeHint(self) -> QSize:
        """Still the largest thing in the window."""
        return QSize(80, 86)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fit the text into the room."""
        if not self.text:
            return
        painter = QPainter(self)
        area = QRectF(self.rect())
        font = self.font()
        font.setPixelSize(100)
        # Fitted by what is inked, since a line of text has room for letters that digits lack.
        box = QFontMetricsF(font).tightBoundingRect(self.text)
        fit = min(area.width() / max(box.width(), 1.0), area.height() / max(box.height(), 1.0))
        font.setPixelSize(max(int(100 * fit * 0.94), 8))
        box = QFontMetricsF(font).tightBoundingRect(self.text)
        painter.setFont(font)
        theme = theme_for(self.palette())
        painter.setPen(theme.accent if self.is_answer else theme.muted)
        painter.drawText(area.center() - box.center(), self.text)


class AnswerView(QWidget):
    """The digit, a sentence, the glyph, and a bar for each class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_loading = True
        self.big = BigText()
        self.glyph = GlyphView()
        self.bars = BarsView()
        self.headline = QLabel()
        self.detail = QLabel()
        for label in (self.headline, self.detail):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        font = self.headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self.headline.setFont(font)
        self._arrange()
        self._show_nothing()

    def _arrange(self) -> None:
        caption = QuietLabel(self.tr("What the network sees"))
        caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        caption.setWordWrap(True)
        font = caption.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        caption.setFont(font)
        seen = QVBoxLayout()
        seen.setSpacing(6)
        seen.addWidget(self.glyph, 1)
        seen.addWidget(caption)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.big, 1)
        top.addLayout(seen, 1)
        self._scroll = scroll = QScrollArea()
        scroll.installEventFilter(self)
        scroll.setWidget(self.bars)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("Probabilities"))
        scroll.setMinimumHeight(90)
        # All bars are worth more than a larger answer above them.
        scroll.setSizeAdjustPolicy(QScrollArea.SizeAdjustPolicy.AdjustToContents)
        scroll.verticalScrollBar().rangeChanged.connect(self._leave_room_for_scroll_bar)
        # The card shows through.
        scroll.viewport().setAutoFillBackground(False)
        self.bars.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addSpacing(10)
        layout.addWidget(self.headline)
        layout.addSpacing(2)
        layout.addWidget(self.detail)
        layout.addSpacing(10)
        layout.addWidget(scroll, 1)
        self.setMinimumWidth(228)
        self.setMaximumWidth(420)

    @property
    def text(self) -> str:
        """The class that was read; empty while there is none."""
        return self.big.text if self.big.is_answer else ""

    @Slot(int, int)
    def _leave_room_for_scroll_bar(self, lowest: int, highest: int) -> None:
        self.bars.setContentsMargins(0, 0, 8 if highest > lowest else 0, 0)

    def sizeHint(self) -> QSize:
        """Wide enough for bars that can be compared."""
        return QSize(330, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card of paper."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = theme_for(self.palette())
        focused = self._scroll.hasFocus() and self.isActiveWindow()
        painter.setPen(QPen(theme.accent if focused else theme.outline, 1))
        painter.setBrush(theme.paper)
        sheet = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(sheet, CORNER, CORNER)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shows on the card that the bars have the focus, for keys to scroll them."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().eventFilter(watched, event)

    @Slot(object)
    def show_reading(self, reading: Reading) -> None:
        """Show what was read."""
        steps = reading.trace
        self.glyph.show_glyph(None if steps is None else steps.glyph)
        self.bars.show_prediction(reading.prediction)
        if reading.prediction is not None:
            self._show_prediction(reading.prediction)
        elif reading.problem is not None:
            self._say("", self.tr("Nothing to read"), reading.problem)
        elif reading.drawing.is_empty or not self._is_loading:
            self._show_nothing()
        else:
            self._say("", self.tr("Getting ready…"), self.tr("Draw on: it is read in a moment."))

    def show_ready(self) -> None:
        """From now on a drawing without an answer is not waiting for one."""
        self._is_loading = False

    def _show_nothing(self) -> None:
        self._say("", self.tr("No answer yet"), self.tr("Draw a digit: it is read as you draw."))

    def _show_prediction(self, prediction: Prediction) -> None:
        if prediction.rejected:
            digits = all(name.isdecimal() and len(name) == 1 for name in prediction.classes)
            self._say(
                _NO_ANSWER,
                self.tr("This does not look like a digit")
                if digits
                else self.tr("This looks like none of the {count} classes").format(
                    count=len(prediction.classes)
                ),
                self.tr("Closest is {name}, with {percent}.").format(
                    name=prediction.text, percent=percent(prediction.confidence)
                ),
            )
            return
        second = prediction.runner_up
        sure = percent(prediction.confidence)
        if prediction.confidence >= _ALMOST_CERTAIN:
            sure = self.tr("Over {percent}").format(percent=percent(_ALMOST_CERTAIN))
        if second is None:
            self._say(
                prediction.text,
                self.tr("This is {name}").format(name=prediction.text),
                self.tr("{percent} sure").format(percent=sure),
            )
            return
        other = prediction.classes[second]
        self._say(
            prediction.text,
            self.tr("{name}, or {other}?").format(name=prediction.text, other=other),
            self.tr("{percent} for {name}, {other_percent} for {other}").format(
                percent=sure,
                name=prediction.text,
                other_percent=percent(prediction.probabilities[second]),
                other=other,
            ),
        )

    def _say(self, big: str, headline: str, detail: str) -> None:
        self.big.show_text(big, is_answer=big != _NO_ANSWER)
        self.headline.setText(headline)
        self.detail.setText(detail)
