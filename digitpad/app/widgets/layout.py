"""What widgets are put together from: rows and columns, labels, fonts, timers."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtGui import Qt as Markup
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from digitpad.app.widgets.theme import QuietLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QLayout

_Box = TypeVar("_Box", bound=QBoxLayout)


def fill(
    box: _Box,
    *parts: QWidget | QLayout | tuple[QWidget | QLayout, int] | None,
    spacing: int = -1,
    margins: tuple[int, int, int, int] | None = (0, 0, 0, 0),
) -> _Box:
    """Fill a row or a column.

    Args:
        box: empty.
        parts: in order, some with their share of the room that is left; None is a gap that takes
            such a share itself.
        spacing: between them, in device-independent pixels; -1 for that of the style.
        margins: left, top, right, bottom; None for those of the style.
    """
    box.setSpacing(spacing)
    if margins is not None:
        box.setContentsMargins(*margins)
    for item in parts:
        part, share = item if isinstance(item, tuple) else (item, 0)
        if part is None:
            box.addStretch(1)
        elif isinstance(part, QWidget):
            box.addWidget(part, share)
        else:
            box.addLayout(part, share)
    return box


def plain_label(
    text: str = "",
    *,
    quiet: bool = False,
    wrap: bool = False,
    scale: float = 1.0,
    bold: bool = False,
) -> QLabel:
    """A label that shows text as it is, without markup; a quiet one steps back in its colour."""
    label = QuietLabel(text) if quiet else QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if bold or scale != 1.0:
        label.setFont(scaled(label.font(), scale, bold=bold))
    return label


def plain_tip(text: str) -> str:
    """A tip that shows text as it is: Qt takes what looks like markup for markup, and opens files.

    Every tip with words that come from a file or from the user goes through here.
    """
    if not Markup.mightBeRichText(text):
        return text
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def plain_item(text: str) -> str:
    """The text of a button, a tab or an entry of a menu, in which an ampersand is only that."""
    return text.replace("&", "&&")


def scaled(font: QFont, scale: float = 1.0, *, bold: bool = False) -> QFont:
    """A font with letters of another size or weight; 0.9 is the size of what explains."""
    font = QFont(font)
    if scale != 1.0:
        font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(bold)
    return font


def widest(texts: Iterable[str], font: QFont) -> float:
    """Width of the widest of these texts, in device-independent pixels; 0 for none."""
    metrics = QFontMetricsF(font)
    return max((metrics.horizontalAdvance(text) for text in texts), default=0.0)


def elided(text: str, font: QFont, width: float) -> str:
    """As much of a text from its beginning as fits."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def pause_timer(parent: QObject, milliseconds: int, slot: Callable[[], object]) -> QTimer:
    """A timer that calls a slot once, so long after it was last started."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer


def resize_on_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window a size; at a large scale the screen has room for less."""
    window.resize(QSize(width, height).boundedTo(window.screen().availableSize() * 0.9))
