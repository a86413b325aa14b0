"""The answer beside the pad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from digitpad.app.widgets.glyph import GlyphView
from digitpad.app.widgets.layout import scaled
from digitpad.app.widgets.numbers import percent
from digitpad.app.widgets.prediction import BarsView, BigText
from digitpad.app.widgets.theme import CORNER, QuietLabel, theme_for
from digitpad.recognition.prediction import are_digits

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPaintEvent

    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import Recognition

_NO_ANSWER = "?"
"""Stands for a drawing that the model takes for none of its classes."""

_ALMOST_CERTAIN = 0.999
"""From here on a sentence does not count tenths: no network is 100 % sure."""


class AnswerView(QWidget):
    """The digit, a sentence, the glyph, and a bar for each class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_loading = True
        self.big = BigText()
        self.glyph = GlyphView()
        self.bars = BarsView()
        self.headline, self.detail = QLabel(), QLabel()
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
        caption.setFont(scaled(caption.font(), 0.9))
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

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Show empty bars for the classes of a model."""
        self.bars.show_classes(classes)

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
        sheet = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(sheet, CORNER, CORNER)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shows on the card that the bars have the focus, for keys to scroll them."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().eventFilter(watched, event)

    @Slot(object)
    def show_recognition(self, recognition: Recognition) -> None:
        """Show what was read."""
        part = recognition.first
        prediction = None if part is None else part.prediction
        self.glyph.show_glyph(None if part is None else part.stages.glyph)
        self.bars.show_prediction(prediction)
        if recognition.has_more_digits:
            self._say(
                self.tr("More than one digit"),
                self.tr("Crop the picture to the one that you want read."),
                _NO_ANSWER,
                is_answer=False,
            )
        elif prediction is not None:
            self._show_prediction(prediction)
        elif recognition.problem is not None:
            self._say(self.tr("Nothing to read"), str(recognition.problem))
        elif recognition.drawing.is_empty or not self._is_loading:
            self._show_nothing()
        else:
            self._say(
                self.tr("Getting ready…"), self.tr("Keep drawing: it will be read in a moment.")
            )

    def show_ready(self) -> None:
        """From now on a drawing without an answer is not waiting for one."""
        self._is_loading = False

    def _show_nothing(self) -> None:
        self._say(self.tr("No answer yet"), self.tr("Draw a digit. It is read as you draw."))

    def _show_prediction(self, prediction: Prediction) -> None:
        name, sure = prediction.text, percent(prediction.confidence)
        second = prediction.runner_up
        if prediction.rejected:
            self._say(
                self.tr("This does not look like a digit")
                if are_digits(prediction.classes)
                else self.tr("This does not look like anything the model knows"),
                self.tr("The closest is {name}, with {percent}.").format(name=name, percent=sure),
                _NO_ANSWER,
                is_answer=False,
            )
        elif prediction.is_sure:
            if prediction.confidence >= _ALMOST_CERTAIN:
                sure = self.tr("Over {percent}").format(percent=percent(_ALMOST_CERTAIN))
            self._say(
                self.tr("This is {name}").format(name=name),
                self.tr("{percent} sure").format(percent=sure),
                name,
            )
        elif second is None:
            self._say(
                self.tr("Most likely {name}").format(name=name),
                self.tr("{percent} sure").format(percent=sure),
                self.tr("{name}?").format(name=name),
            )
        else:
            other = prediction.classes[second]
            other_percent = percent(prediction.probabilities[second])
            self._say(
                self.tr("Most likely {name}").format(name=name),
                self.tr("{percent} for {name}, {other_percent} for {other}").format(
                    percent=sure, name=name, other_percent=other_percent, other=other
                ),
                self.tr("{name},\nor {other}?").format(name=name, other=other),
            )

    def _say(self, headline: str, detail: str, big: str = "", *, is_answer: bool = True) -> None:
        self.big.show_text(big, is_answer=is_answer, in_words="" if is_answer else headline)
        self.headline.setText(headline)
        self.detail.setText(detail)
