"""The row above the wall: which samples are shown, and how many these are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.samples.choice import Filter
from digitpad.app.widgets.controls import ActionButton
from digitpad.app.widgets.layout import fill, plain_label
from digitpad.app.widgets.numbers import whole
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.app.samples.actions import SamplesActions


class FilterRow(QWidget):
    """Choices by answer, by origin, by flag and by set of symbols, and the number shown.

    The label is chosen elsewhere.

    Signals:
        chosen: by the user; a `Filter` without a label.
    """

    chosen = Signal(object)

    def __init__(self, actions: SamplesActions) -> None:
        super().__init__()
        self._filter = Filter()
        self.outcome = _combo(
            self.tr("Answers"),
            self.tr("Show drawings that were read right, or wrong"),
            [
                (self.tr("Right and wrong"), None),
                (self.tr("Read right"), "right"),
                (self.tr("Read wrong"), "wrong"),
            ],
        )
        self.origin = _combo(
            self.tr("Origin"),
            self.tr("Show drawings that came here in one way"),
            [
                (self.tr("Of any origin"), None),
                (self.tr("Corrections"), "correction"),
                (self.tr("Confirmations"), "confirmation"),
                (self.tr("Collected"), "collected"),
                (self.tr("Imported"), "imported"),
            ],
        )
        self.symbols = _combo(
            self.tr("Set of symbols"), self.tr("Show drawings of one set of symbols"), []
        )
        self.symbols.hide()
        self.flagged = QCheckBox(self.tr("Flagge&d"))
        self.flagged.setToolTip(self.tr("Show only drawings that may be slips"))
        self.count = plain_label(quiet=True)
        for combo in (self.outcome, self.origin, self.symbols):
            combo.currentIndexChanged.connect(self._on_choice)
        self.flagged.toggled.connect(self._on_choice)
        parts = (self.outcome, self.origin, self.symbols, self.flagged, self.count)
        fill(QHBoxLayout(self), *parts, None, ActionButton(actions.collect), spacing=8)

    def show_filter(self, wanted: Filter) -> None:
        """Show which filter is in use, without emitting `chosen`."""
        self._filter = wanted
        pairs = (
            (self.outcome, wanted.outcome),
            (self.origin, wanted.origin),
            (self.symbols, wanted.symbols),
        )
        for combo, value in pairs:
            combo.blockSignals(True)
            combo.setCurrentIndex(max(combo.findData(value), 0))
            combo.blockSignals(False)
        self.flagged.blockSignals(True)
        self.flagged.setChecked(wanted.is_flagged)
        self.flagged.blockSignals(False)

    def show_sets(self, names: Sequence[str]) -> None:
        """Offer these sets of symbols, "" for the classes of trained models; hidden for one."""
        entries = [(self.tr("All symbols"), None), *((self._title(name), name) for name in names)]
        rows = range(self.symbols.count())
        now = [(self.symbols.itemText(row), self.symbols.itemData(row)) for row in rows]
        if now != entries:
            self.symbols.blockSignals(True)
            self.symbols.clear()
            for title, name in entries:
                self.symbols.addItem(title, name)
            self.symbols.setCurrentIndex(max(self.symbols.findData(self._filter.symbols), 0))
            self.symbols.blockSignals(False)
        self.symbols.setVisible(len(names) > 1)

    def _title(self, name: str) -> str:
        return name or self.tr("Of trained models")

    def show_count(self, shown: int, total: int) -> None:
        """Say how many samples are shown."""
        said = Sentence(Plural("{count} drawing", "{count} drawings", total), count=whole(total))
        if shown < total:
            said = Sentence(
                Plural("{shown} of {count} drawing", "{shown} of {count} drawings", total),
                shown=whole(shown),
                count=whole(total),
            )
        self.count.setText(translated(said))

    @Slot()
    def _on_choice(self) -> None:
        self._filter = replace(
            self._filter,
            outcome=self.outcome.currentData(),
            origin=self.origin.currentData(),
            symbols=self.symbols.currentData(),
            is_flagged=self.flagged.isChecked(),
        )
        self.chosen.emit(self._filter)


def _combo(name: str, tip: str, entries: Sequence[tuple[str, str | None]]) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setToolTip(tip)
    for title, value in entries:
        combo.addItem(title, value)
    # Short windows have no room for the longest of the entries.
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    combo.setMinimumContentsLength(6)
    return combo
