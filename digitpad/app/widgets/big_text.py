"""The answer itself, in large letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.widgets.theme import theme_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

_MEASURED_PX = 100
"""Size of letters at which a text is measured; all its lengths grow with them."""

_SMALLEST_PX = 8

_LINE_STEP = 1.1
"""From one base line to the next, in sizes of the letters."""

_FILLED = 0.94
"""Share of the room that is used, since letters grow by steps of a pixel."""


class BigText(QWidget):
    """A phrase as large as there is room, in one line or in two, whichever is larger."""

    def __init__(self) -> None:
        super().__init__()
        self._phrase = ""
        self._is_answer = True
        # Still the largest thing in the window.
        self.setMinimumSize(80, 86)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Answer"))

    @property
    def text(self) -> str:
        """What is shown, in one line; empty while there is nothing."""
        return self._phrase.replace("\n", " ")

    def show_text(self, phrase: str, *, is_answer: bool = True, in_words: str = "") -> None:
        """Show a phrase; an empty one leaves the room empty.

        Args:
            phrase: may be broken at a line feed, which else is a space.
            is_answer: what is no answer is shown muted.
            in_words: for a screen reader where the phrase would say too little.
        """
        self.setAccessibleDescription(in_words or phrase.replace("\n", " "))
        if (phrase, is_answer) != (self._phrase, self._is_answer):
            self._phrase, self._is_answer = phrase, is_answer
            self.update()

    def sizeHint(self) -> QSize:
        """Room for one large digit."""
        return QSize(130, 142)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fit the text into the room."""
        if not self._phrase:
            return
        size, texts = max(
            (self._fitting(texts), texts) for texts in ([self.text], self._phrase.split("\n"))
        )
        font = self._font(max(int(size * _FILLED), _SMALLEST_PX))
        places, box = _laid_out(texts, font)
        painter = QPainter(self)
        painter.setFont(font)
        theme = theme_for(self.palette())
        painter.setPen(theme.accent if self._is_answer else theme.muted)
        corner = QRectF(self.rect()).center() - box.center()
        for place, text in zip(places, texts, strict=True):
            painter.drawText(corner + place, text)

    def _font(self, size: int) -> QFont:
        font = self.font()
        font.setPixelSize(size)
        return font

    def _fitting(self, texts: Sequence[str]) -> float:
        """Size of the largest letters with which these lines have room."""
        _, box = _laid_out(texts, self._font(_MEASURED_PX))
        across, down = self.width() / max(box.width(), 1.0), self.height() / max(box.height(), 1.0)
        return _MEASURED_PX * min(across, down)


def _laid_out(texts: Sequence[str], font: QFont) -> tuple[list[QPointF], QRectF]:
    """Where the base lines of texts begin, below each other around one middle; and their box.

    The box is of what is inked, since a line of text has room for letters that digits lack.
    """
    metrics = QFontMetricsF(font)
    places, whole = [], QRectF()
    for number, text in enumerate(texts):
        box = metrics.tightBoundingRect(text)
        place = QPointF(-box.center().x(), number * _LINE_STEP * font.pixelSize())
        places.append(place)
        whole |= box.translated(place)
    return places, whole
