"""How curves look: their colours in the light and in the dark, and their numbers in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLocale
from PySide6.QtGui import QColor, QPalette

from digitpad.app.widgets.theme import is_dark, quiet_text, theme_for

_ORANGE_ON_LIGHT = "#d2600a"
_ORANGE_ON_DARK = "#ffab5e"
_FAINTNESS = 0.62


@dataclass(frozen=True, slots=True)
class CurveStyle:
    """Colours of the plots.

    Blue and orange are told apart by everybody, and validation has markers besides.

    Attributes:
        ground: of the plots.
        text: of the ticks.
        grid: lines across the plots.
        training: the smoothed curve.
        faint: the same curve, batch by batch.
        validation: line and markers.
        best: line of the best epoch.
    """

    ground: QColor
    text: QColor
    grid: QColor
    training: QColor
    faint: QColor
    validation: QColor
    best: QColor


def style_for(palette: QPalette) -> CurveStyle:
    """The colours that go with a palette."""
    theme = theme_for(palette)
    # That of the card around the plots.
    ground = palette.color(QPalette.ColorRole.Base)
    return CurveStyle(
        ground=ground,
        text=quiet_text(palette),
        grid=theme.track,
        training=theme.accent,
        faint=_mixed(theme.accent, ground, _FAINTNESS),
        validation=QColor(_ORANGE_ON_DARK if is_dark(palette) else _ORANGE_ON_LIGHT),
        best=theme.muted,
    )


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """A colour thinned with its ground; an opaque pen is quicker than one that is see-through."""
    return QColor.fromRgbF(
        (1 - share) * colour.redF() + share * ground.redF(),
        (1 - share) * colour.greenF() + share * ground.greenF(),
        (1 - share) * colour.blueF() + share * ground.blueF(),
    )


def percent_text(share: float) -> str:
    """A share in [0, 1] with two decimals: "99.12 %"."""
    return f"{QLocale().toString(100.0 * share, 'f', 2)} %"


def number_text(value: float) -> str:
    """A loss or a learning rate with three figures that count."""
    text = f"{value:#.3g}".removesuffix(".")
    return text.replace(".", QLocale().decimalPoint())


def factor_text(factor: float) -> str:
    """A factor in [0, 1) with two decimals: "0.90"."""
    return QLocale().toString(factor, "f", 2)
