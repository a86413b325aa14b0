"""The dialog for the rejection threshold: the model's own, or the user's."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.widgets.numbers import percent
from digitpad.app.widgets.theme import QuietLabel
from digitpad.settings import REJECT_BELOW

_WIDTH = 380
"""In device-independent pixels, so that the sentences take at most three lines."""


class ThresholdDialog(QDialog):
    """Lets the user choose the threshold. The pad shows the effect meanwhile.

    A drawing is rejected if its two best classes have less probability together.

    Args:
        reject_below: the user's threshold in [0, 1]; None for the model's own.
        advised: the model's own threshold in [0, 1].
        parent: the parent widget.
        digits: whether a drawing that is none of the model's classes is no digit.

    Attributes:
        reject_below: the present choice.

    Signals:
        chosen: the user has changed the threshold; a number in REJECT_BELOW, or None.
    """

    chosen = Signal(object)

    def __init__(
        self, reject_below: float | None, advised: float, parent: QWidget, *, digits: bool
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Rejection threshold"))
        self.reject_below = reject_below
        self.as_advised = QRadioButton()
        self.as_wanted = QRadioButton(self.tr("&Reject when the best two have less than"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.box = QSpinBox()
        self.box.setSuffix(self.tr(" %"))
        low, high = (round(100 * limit) for limit in REJECT_BELOW)
        for control in (self.slider, self.box):
            control.setRange(low, high)
            control.setAccessibleName(self.tr("Least combined confidence of the two best answers"))
        self.slider.setPageStep(10)
        self.sentence = QuietLabel("")
        self.sentence.setWordWrap(True)
        self._arrange()
        self.show_model(advised, digits=digits)
        self.as_advised.toggled.connect(self._on_way)
        self.slider.valueChanged.connect(self._on_value)
        self.box.valueChanged.connect(self._on_value)

    def _arrange(self) -> None:
        own = QHBoxLayout()
        # Aligned with the text of the choice, not with its button.
        own.setContentsMargins(24, 0, 0, 0)
        own.addWidget(self.slider, 1)
        own.addWidget(self.box)
        buttons = QDialogButtonBox()
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        buttons.rejected.connect(self.reject)
        # As tall as the longest sentence, so that nothing jumps while the slider moves.
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.sentence.setMinimumHeight(3 * self.sentence.fontMetrics().lineSpacing() + 2)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        question = QLabel(self.tr("When should a drawing be rejected, with no answer given?"))
        question.setWordWrap(True)
        for part in (question, self.as_advised, self.as_wanted):
            column.addWidget(part)
        column.addLayout(own)
        column.addWidget(self.sentence)
        column.addStretch(1)
        column.addWidget(buttons)
        self.setMinimumWidth(_WIDTH)

    def stand_on(self, widget: QWidget) -> None:
        """Move to the lower edge of a widget, within its width and the screen."""
        self.adjustSize()
        corner = widget.mapToGlobal(widget.rect().bottomLeft())
        screen = widget.screen().availableGeometry()
        left = corner.x() + max(widget.width() - self.width(), 0) // 2
        self.move(
            max(min(left, screen.right() - self.width()), screen.left()),
            max(min(corner.y(), screen.bottom()) - self.height(), screen.top()),
        )

    def show_model(self, advised: float, *, digits: bool) -> None:
        """Show the threshold of another model; see `ThresholdDialog`. The choice stays."""
        self._advised, self._digits = advised, digits
        self._show()

    def _show(self) -> None:
        own = self.reject_below
        advised = own is None
        self.as_advised.setText(
            self.tr("Use the &model's own threshold ({percent})").format(
                percent=_percent(self._advised)
            )
        )
        threshold = self._advised if own is None else own
        controls = self.as_advised, self.as_wanted, self.slider, self.box
        blocked = [QSignalBlocker(control) for control in controls]
        (self.as_advised if advised else self.as_wanted).setChecked(True)
        for control in (self.slider, self.box):
            control.setEnabled(not advised)
            control.setValue(round(100 * threshold))
        for block in blocked:
            block.unblock()
        self.sentence.setText(self._in_words(threshold))

    def _in_words(self, threshold: float) -> str:
        if threshold <= 0:
            return self.tr("Nothing is rejected: the closest answer is always given.")
        sentence = self.tr(
            "A drawing is rejected as nothing that the model knows when its two best answers have"
            " less than {percent} of the confidence together."
        )
        if self._digits:
            sentence = self.tr(
                "A drawing is rejected as no digit when its two best answers have less than"
                " {percent} of the confidence together."
            )
        return sentence.format(percent=_percent(threshold))

    @Slot(bool)
    def _on_way(self, advised: bool) -> None:
        # The user's own choice begins at the model's threshold, so that nothing jumps.
        self._choose(None if advised else self.box.value() / 100)

    @Slot(int)
    def _on_value(self, percents: int) -> None:
        self._choose(percents / 100)

    def _choose(self, reject_below: float | None) -> None:
        self.reject_below = reject_below
        self._show()
        self.chosen.emit(reject_below)


def _percent(threshold: float) -> str:
    """A threshold as "62 %", or as "72.6 %" if it has a fraction."""
    return percent(threshold, 0 if round(100 * threshold, 1).is_integer() else 1)
