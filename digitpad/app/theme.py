"""Colours that the palette does not name, for a light and for a dark palette."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of ink and figures; all chrome is painted with the palette itself.

    Attributes:
        paper: ground of the pad and of cards.
        ink: strokes on the paper.
        accent: the best answer, the active tool.
        muted: other answers.
        track: ground of a bar.
        outline: hairlines around cards.
        warning: ground of a notice.
    """

    paper: QColor
    ink: QColor
    accent: QColor
    muted: QColor
    track: QColor
    outline: QColor
    warning: QColor


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than its ground."""
    ground = palette.color(QPalette.ColorRole.Window).lightness()
    return palette.color(QPalette.ColorRole.WindowText).lightness() > ground


def theme_for(palette: QPalette) -> Theme:
    """The colours that go with a palette."""
    if is_dark(palette):
        return Theme(
            paper=QColor("#1a1c21"),
            ink=QColor("#eef1f7"),
            accent=QColor("#6ea8fe"),
            muted=QColor("#6b7385"),
            track=QColor("#2b2f38"),
            outline=QColor("#3a3f4a"),
            warning=QColor("#4a3a12"),
        )
    return Theme(
        paper=QColor("#ffffff"),
        ink=QColor("#17233f"),
        accent=QColor("#1f66d6"),
        muted=QColor("#93a0b5"),
        track=QColor("#e9edf3"),
        outline=QColor("#d3d9e2"),
        warning=QColor("#fff1cc"),
    )


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """The colour between two: the first with a share of the second, in [0, 1]."""
    keep = 1.0 - share
    return QColor.fromRgbF(
        first.redF() * keep + second.redF() * share,
        first.greenF() * keep + second.greenF() * share,
        first.blueF() * keep + second.blueF() * share,
    )
