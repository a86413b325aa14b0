"""What the curves say, in words: beside the pointer, at the best epoch, to a screen reader."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from digitpad.app.train.curves.style import number_text, percent_text
from digitpad.app.widgets.numbers import grouped

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from digitpad.app.train.curves.data import CurveData, CurveValues
    from digitpad.app.train.curves.style import CurveStyle
    from digitpad.learning.history import EpochRow

translate = QCoreApplication.translate

_NONE = "–"


def best_text(row: EpochRow) -> str:
    """Which epoch is the best: "best: epoch 3, 99.12 %"."""
    if row.validation_accuracy != row.validation_accuracy:
        return translate("Curves", "best: epoch {epoch}").format(epoch=row.epoch)
    return translate("Curves", "best: epoch {epoch}, {accuracy}").format(
        epoch=row.epoch, accuracy=percent_text(row.validation_accuracy)
    )


def epochs_text(step: int, steps_per_epoch: int) -> str:
    """How many epochs a number of steps are: "2.35"."""
    return f"{step / steps_per_epoch:.2f}"


def reading_html(
    reading: CurveValues, steps_per_epoch: int, style: CurveStyle, *, is_smooth: bool
) -> str:
    """The values at a step as a small table in rich text.

    Args:
        reading: the values.
        steps_per_epoch: to name the place.
        style: colours of the curves.
        is_smooth: whether smoothed curves are drawn beside the batches.
    """
    head = translate("Curves", "Epoch {epochs} · step {step}").format(
        epochs=epochs_text(reading.step, steps_per_epoch), step=grouped(reading.step)
    )
    loss, accuracy = translate("Curves", "Loss"), translate("Curves", "Accuracy")
    rows = [_row(None, "", loss, accuracy)]
    smoothed = _numbers(reading.smoothed_loss, reading.smoothed_accuracy)
    batch = _numbers(reading.loss, reading.accuracy)
    if is_smooth:
        rows.append(_row(style.training, translate("Curves", "Training, smoothed"), *smoothed))
        rows.append(_row(style.faint, translate("Curves", "This batch"), *batch))
    else:
        rows.append(_row(style.training, translate("Curves", "Training"), *batch))
    if reading.check_step is not None:
        name = translate("Curves", "Validation, epoch {epochs}").format(
            epochs=epochs_text(reading.check_step, steps_per_epoch)
        )
        values = _numbers(reading.validation_loss, reading.validation_accuracy)
        rows.append(_row(style.validation, name, *values))
    if reading.rate is not None:
        name = translate("Curves", "Learning rate")
        rows.append(_row(None, name, number_text(reading.rate), ""))
    return (
        f"<b>{html.escape(head)}</b><table cellspacing='0' cellpadding='1'>{''.join(rows)}</table>"
    )


def _numbers(loss: float | None, accuracy: float | None) -> tuple[str, str]:
    return (
        _NONE if loss is None else number_text(loss),
        _NONE if accuracy is None else percent_text(accuracy),
    )


def _row(colour: QColor | None, name: str, loss: str, accuracy: str) -> str:
    mark = "" if colour is None else f"<span style='color:{colour.name()}'>■</span>&nbsp;"
    cells = "".join(
        f"<td align='right'>&nbsp;&nbsp;{html.escape(text).replace(' ', '&nbsp;')}</td>"
        for text in (loss, accuracy)
    )
    return f"<tr><td>{mark}{html.escape(name)}</td>{cells}</tr>"


def summary(data: CurveData, steps_per_epoch: int, epochs: int) -> str:
    """The latest values and the best epoch, for those who cannot see the curves."""
    reading = data.reading(data.last_step)
    if reading is None:
        return translate("Curves", "No values yet.")
    sentences = [
        translate("Curves", "Epoch {done} of {epochs}.").format(
            done=epochs_text(data.last_step, steps_per_epoch), epochs=epochs
        )
    ]
    trained = _numbers(reading.smoothed_loss, reading.smoothed_accuracy)
    sentences.append(
        translate("Curves", "Training: loss {loss}, accuracy {accuracy}.").format(
            loss=trained[0], accuracy=trained[1]
        )
    )
    if reading.check_step is not None:
        checked = _numbers(reading.validation_loss, reading.validation_accuracy)
        sentences.append(
            translate("Curves", "Validation: loss {loss}, accuracy {accuracy}.").format(
                loss=checked[0], accuracy=checked[1]
            )
        )
    if reading.rate is not None:
        sentences.append(
            translate("Curves", "Learning rate {rate}.").format(rate=number_text(reading.rate))
        )
    if data.best is not None:
        best = best_text(data.best)
        sentences.append(f"{best[0].upper()}{best[1:]}.")
    return " ".join(sentences)
