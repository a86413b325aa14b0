"""Colours of the curves in each theme, and texts for their values."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QPalette

from digitpad.app.i18n import translated
from digitpad.app.widgets.numbers import grouped, percent, three_digits
from digitpad.app.widgets.theme import is_dark, mixed, quiet_text, theme_for
from digitpad.learning.metrics import METRICS

if TYPE_CHECKING:
    from digitpad.app.train.curves.data import CurveData, CurveValues
    from digitpad.learning.events import EpochDone
    from digitpad.learning.metrics import Metric

translate = QCoreApplication.translate

_ORANGE_ON_LIGHT = "#d2600a"
_ORANGE_ON_DARK = "#ffab5e"
_FAINTNESS = 0.62
_BAND_FAINTNESS = 0.82
_NONE = "–"


@dataclass(frozen=True, slots=True)
class CurveStyle:
    """Colours of the plots.

    Training is in the accent colour and validation in orange. Validation has markers, too, so that
    colour alone need not distinguish them.

    Attributes:
        ground: behind the curves.
        text: of the ticks and titles.
        grid: lines across the plots.
        training: smoothed curves on training data.
        faint: the same curves, batch by batch.
        band: where most of many batches lie.
        validation: lines and markers on validation data.
        best: line of the best epoch.
    """

    ground: QColor
    text: QColor
    grid: QColor
    training: QColor
    faint: QColor
    band: QColor
    validation: QColor
    best: QColor


def style_for(palette: QPalette) -> CurveStyle:
    """The colours for a palette."""
    theme = theme_for(palette)
    # The same as the card around the plots.
    ground = palette.color(QPalette.ColorRole.Base)
    return CurveStyle(
        ground=ground,
        text=quiet_text(palette),
        grid=theme.track,
        training=theme.accent,
        # Opaque pens are painted faster than translucent ones.
        faint=mixed(theme.accent, ground, _FAINTNESS),
        band=mixed(theme.accent, ground, _BAND_FAINTNESS),
        validation=QColor(_ORANGE_ON_DARK if is_dark(palette) else _ORANGE_ON_LIGHT),
        best=theme.muted,
    )


def _value_text(metric: Metric, value: float | None) -> str:
    if value is None:
        return _NONE
    return percent(value, 2) if metric.form == "percent" else three_digits(value)


def best_text(best: EpochDone) -> str:
    """Names the best epoch, as in "best: epoch 3, 99.12 %"."""
    accuracy = best.validation.get("accuracy", math.nan)
    if math.isnan(accuracy):
        return translate("Curves", "best: epoch {epoch}").format(epoch=best.epoch)
    return translate("Curves", "best: epoch {epoch}, {accuracy}").format(
        epoch=best.epoch, accuracy=percent(accuracy, 2)
    )


def values_html(values: CurveValues, data: CurveData, style: CurveStyle) -> str:
    """The values at a step as a small table in rich text."""
    head = translate("Curves", "Epoch {epochs} · step {step}").format(
        epochs=f"{values.step / data.steps_per_epoch:.2f}", step=grouped(values.step)
    )
    # A metric of the validation data is a column; any other is a row.
    columns = [metric for metric in METRICS if metric.of_validation]

    def row(colour: QColor | None, name: str, found: dict[str, float | None]) -> str:
        return _row(colour, name, [_value_text(m, found.get(m.name)) for m in columns])

    rows = [_row(None, "", [translated(metric.title) for metric in columns])]
    if data.weight > 0:
        name = translate("Curves", "Training, smoothed")
        rows.append(row(style.training, name, values.smoothed))
        rows.append(row(style.faint, translate("Curves", "This batch"), values.batch))
    else:
        rows.append(row(style.training, translate("Curves", "Training"), values.batch))
    if values.validation_step is not None:
        name = translate("Curves", "Validation, epoch {epochs}").format(
            epochs=f"{values.validation_step / data.steps_per_epoch:.2f}"
        )
        rows.append(row(style.validation, name, values.validation))
    for metric in METRICS:
        found = values.smoothed.get(metric.name)
        if not metric.of_validation and found is not None:
            rows.append(_row(None, translated(metric.title), [_value_text(metric, found)]))
    return (
        f"<b>{html.escape(head)}</b><table cellspacing='0' cellpadding='1'>{''.join(rows)}</table>"
    )


def _row(colour: QColor | None, name: str, texts: list[str]) -> str:
    mark = "" if colour is None else f"<span style='color:{colour.name()}'>■</span>&nbsp;"
    cells = "".join(
        f"<td align='right'>&nbsp;&nbsp;{html.escape(text).replace(' ', '&nbsp;')}</td>"
        for text in texts
    )
    return f"<tr><td>{mark}{html.escape(name)}</td>{cells}</tr>"


def summary(data: CurveData) -> str:
    """The latest values and the best epoch as a text for screen readers."""
    values = data.values_at(data.last_step)
    if values is None:
        return translate("Curves", "No values yet.")
    sentences = [
        translate("Curves", "Epoch {done} of {epochs}.").format(
            done=f"{data.progress:.2f}", epochs=data.epochs
        )
    ]
    for metric in METRICS:
        trained = values.smoothed.get(metric.name)
        validated = values.validation.get(metric.name)
        if trained is not None and validated is not None:
            sentence = translate(
                "Curves", "{metric}: {training} in training, {validation} in validation."
            )
        elif trained is not None and not metric.of_validation:
            sentence = translate("Curves", "{metric}: {training}.")
        elif trained is not None:
            sentence = translate("Curves", "{metric}: {training} in training.")
        elif validated is not None:
            sentence = translate("Curves", "{metric}: {validation} in validation.")
        else:
            continue
        sentences.append(
            sentence.format(
                metric=translated(metric.title),
                training=_value_text(metric, trained),
                validation=_value_text(metric, validated),
            )
        )
    if data.best is not None:
        accuracy = data.best.validation.get("accuracy", math.nan)
        sentence = (
            translate("Curves", "The best epoch is {epoch}.")
            if math.isnan(accuracy)
            else translate("Curves", "The best epoch is {epoch}, with {accuracy} in validation.")
        )
        sentences.append(sentence.format(epoch=data.best.epoch, accuracy=percent(accuracy, 2)))
    return " ".join(sentences)
