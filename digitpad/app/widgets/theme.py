"""Colours that no palette has, in a light and in a dark version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication, QLabel, QWidget

if TYPE_CHECKING:
    from digitpad import settings

_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}

_LEAST = 4.5
"""Least contrast of text on its ground."""

CORNER = 14.0
"""Radius of the corners of cards, in device-independent pixels."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of ink and charts. Everything else has the colours of the palette."""

    paper: QColor  # ground of the pad and of cards
    ink: QColor  # strokes on the paper
    accent: QColor  # the best class, the active tool
    muted: QColor  # other classes, outlines of controls
    track: QColor  # ground of a bar
    outline: QColor  # hairlines around cards
    warning: QColor  # ground of a notice
    disabled: QColor  # text of controls that cannot be used now, and placeholders


_LIGHT_AND_DARK = {
    "paper": ("#ffffff", "#1a1c21"),
    "ink": ("#17233f", "#eef1f7"),
    "accent": ("#1f66d6", "#6ea8fe"),
    "muted": ("#758299", "#788196"),
    "track": ("#e6eaf1", "#2b2f38"),
    "outline": ("#d3d9e2", "#3a3f4a"),
    "warning": ("#fff1cc", "#4a3a12"),
    "disabled": ("#666666", "#a3a8b2"),
}


def choose_theme(choice: settings.Theme) -> None:
    """Make the whole program light or dark, or let it follow the system.

    Not every platform has colour schemes. Where it does not change, the palette is replaced.
    """
    scheme = _SCHEMES[choice]
    QGuiApplication.styleHints().setColorScheme(scheme)
    # An empty palette restores the platform's own.
    QApplication.setPalette(QPalette())
    wants_dark = scheme == Qt.ColorScheme.Dark
    if scheme != Qt.ColorScheme.Unknown and is_dark(QGuiApplication.palette()) != wants_dark:
        palette = dark_palette() if wants_dark else QPalette(QColor("#efefef"))
        QApplication.setPalette(_readable(palette, dark=wants_dark))
    else:
        # All other colours stay the platform's, also when that changes them.
        palette = _readable(QPalette(), dark=is_dark(QGuiApplication.palette()))
        QApplication.setPalette(palette)


def _readable(palette: QPalette, *, dark: bool) -> QPalette:
    """The palette, but with a contrast of at least 4.5 : 1 for disabled and selected text.

    Many platforms give disabled text less than 2 : 1.
    """
    roles, groups = QPalette.ColorRole, QPalette.ColorGroup
    colour = _theme(dark=dark).disabled
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(groups.Disabled, role, colour)
    palette.setColor(roles.PlaceholderText, colour)
    # Colours that this palette lacks are the platform's.
    seen = palette.resolve(QGuiApplication.palette())
    if contrast(seen.color(roles.HighlightedText), seen.color(roles.Highlight)) < _LEAST:
        palette.setColor(roles.Highlight, QColor(_LIGHT_AND_DARK["accent"][0]))
        palette.setColor(roles.HighlightedText, Qt.GlobalColor.white)
    return palette


def dark_palette() -> QPalette:
    """A palette of light text on dark grounds, for platforms that have none."""
    palette = QPalette(QColor("#2f333c"), QColor("#24272d"))
    roles, text = QPalette.ColorRole, "#e6e9ef"
    colours = {
        roles.WindowText: text,
        roles.Base: "#1a1c21",
        roles.AlternateBase: "#2b2f37",
        roles.Text: text,
        roles.ButtonText: text,
        roles.BrightText: "#ff6b6b",
        roles.ToolTipBase: "#3a3f4a",
        roles.ToolTipText: text,
        roles.Highlight: "#2f6fd0",
        roles.HighlightedText: "#ffffff",
        roles.Accent: "#6ea8fe",
        roles.Link: "#6ea8fe",
        roles.LinkVisited: "#b79cf0",
    }
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    return palette


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours, from 1 to 21, as defined in the WCAG 2.2 of the W3C."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than its ground in this palette."""
    ground = palette.color(QPalette.ColorRole.Window).lightness()
    return palette.color(QPalette.ColorRole.WindowText).lightness() > ground


def quiet_text(palette: QPalette) -> QColor:
    """The colour of quiet text: between text and ground, with at least 4.5 : 1 on the ground.

    The palette's own colour for placeholders has less than that on many systems.
    """
    roles = QPalette.ColorRole
    return mixed(palette.color(roles.WindowText), palette.color(roles.Window), 0.3)


def mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """A colour mixed with this share of its ground, in [0, 1]; it is opaque."""
    return QColor.fromRgbF(
        (1 - share) * colour.redF() + share * ground.redF(),
        (1 - share) * colour.greenF() + share * ground.greenF(),
        (1 - share) * colour.blueF() + share * ground.blueF(),
    )


class QuietLabel(QLabel):
    """A label in the colour of `quiet_text` that shows text as it is, without markup."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        """Take the quiet colour of another palette."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.ApplicationPaletteChange, QEvent.Type.PaletteChange}:
            self._tint()

    def _tint(self) -> None:
        quiet = quiet_text(QApplication.palette())
        if self.palette().color(QPalette.ColorRole.WindowText) != quiet:
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.WindowText, quiet)
            self.setPalette(palette)


def theme_for(palette: QPalette) -> Theme:
    """The colours for a palette."""
    return _theme(dark=is_dark(palette))


def smooth_painter(widget: QWidget) -> QPainter:
    """A painter for a widget, with smooth edges."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def paint_focus_ring(painter: QPainter, widget: QWidget) -> None:
    """Paint a rounded ring around a widget while it has the focus."""
    if widget.hasFocus() and widget.isActiveWindow():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme_for(widget.palette()).accent, 1.5))
        painter.drawRoundedRect(widget.rect().toRectF().adjusted(1, 1, -1, -1), 4, 4)


def notice_painter(widget: QWidget, radius: float) -> QPainter:
    """A painter for a widget, on the rounded ground of a notice."""
    theme = theme_for(widget.palette())
    return ground_painter(widget, QPen(theme.outline, 1), theme.warning, radius)


def ground_painter(
    widget: QWidget, outline: QPen, ground: QColor, radius: float, inset: float = 0.5
) -> QPainter:
    """A painter for a widget, on a ground with round corners and an outline."""
    painter = smooth_painter(widget)
    painter.setPen(outline)
    painter.setBrush(ground)
    area = widget.rect().toRectF().adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(area, radius, radius)
    return painter


@cache
def _theme(*, dark: bool) -> Theme:
    # Made once: every painting asks for it.
    return Theme(**{name: QColor(pair[dark]) for name, pair in _LIGHT_AND_DARK.items()})
