"""Helpers to build widgets: rows and columns, labels, fonts, timers."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtGui import Qt as Markup
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QScrollArea, QWidget

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
        box: the empty row or column, which is returned.
        parts: in order. A pair also has the part's share of the free room. None is an empty gap
            with a share of 1.
        spacing: between the parts, in device-independent pixels; -1 for that of the style.
        margins: left, top, right and bottom, in the same unit; None for those of the style.
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


def fill_scroll(scroll: QScrollArea, content: QWidget) -> None:
    """Put a widget into a scroll area that has no frame, and shows the ground around it."""
    scroll.setWidget(content)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    # A scroll area gives its content a ground of its own.
    scroll.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)


def plain_label(
    text: str = "",
    *,
    quiet: bool = False,
    wrap: bool = False,
    scale: float = 1.0,
    bold: bool = False,
) -> QLabel:
    """Make a label that shows a text without markup.

    Args:
        text: the text.
        quiet: whether it has the quiet colour.
        wrap: whether lines are broken.
        scale: of the font size.
        bold: whether it is bold.
    """
    label = QuietLabel(text) if quiet else QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if bold or scale != 1.0:
        label.setFont(scaled(label.font(), scale, bold=bold))
    return label


def plain_tip(text: str) -> str:
    """A tip that shows a text without markup.

    Use it for every tip with words from a file or from the user: Qt would take what looks like
    markup for markup, and open the files that it names.
    """
    if not Markup.mightBeRichText(text):
        return text
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def plain_item(text: str) -> str:
    """The text for a button, a tab or an entry of a menu that shows its ampersands."""
    return text.replace("&", "&&")


def scaled(font: QFont, scale: float = 1.0, *, bold: bool = False) -> QFont:
    """A font of another size or weight; explanations have a scale of 0.9."""
    font = QFont(font)
    if scale != 1.0:
        font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(bold)
    return font


def widest(texts: Iterable[str], font: QFont) -> float:
    """Width of the widest of some texts, in device-independent pixels; 0 for none."""
    metrics = QFontMetricsF(font)
    return max((metrics.horizontalAdvance(text) for text in texts), default=0.0)


def elided(text: str, font: QFont, width: float) -> str:
    """The beginning of a text that fits into a width, in device-independent pixels."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def pause_timer(parent: QObject, milliseconds: int, slot: Callable[[], object]) -> QTimer:
    """Make a timer that calls a slot once, when so much time has passed since its last start."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer


def resize_on_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window a size, but at most 90 % of its screen."""
    window.resize(QSize(width, height).boundedTo(window.screen().availableSize() * 0.9))
