"""Before and after a training with the user's samples, and the decision between the two models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.widgets.controls import ActionButton
from digitpad.app.widgets.layout import fill, plain_label
from digitpad.app.widgets.numbers import percent, whole
from digitpad.app.widgets.theme import ground_painter, theme_for
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from digitpad.app.train.actions import TrainActions
    from digitpad.learning.retraining.comparison import Comparison, Tally

_CORNER = 8.0
_BETWEEN = 2
"""Room between the two kinds of drawings beyond that of the grid, in device-independent pixels."""


class ComparisonBar(QWidget):
    """How many drawings of the user's and of others are read right, before and after.

    Hidden without a comparison. Beside it are the buttons to use the new model or keep the old one.

    Signals:
        changed: it needs more or less room.
    """

    changed = Signal()

    def __init__(self, actions: TrainActions) -> None:
        super().__init__()
        # The letter of the action is that of the button beside the list of runs.
        self.use = ActionButton(actions.use, self.tr("Use it on the pad"))
        self.keep = ActionButton(actions.keep)
        self._titles = [plain_label(wrap=True) for _ in range(2)]
        self._counts = [plain_label(bold=True) for _ in range(2)]
        self._notes = [plain_label(quiet=True, wrap=True, scale=0.9) for _ in range(2)]
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        for row in range(2):
            first = 3 * row
            grid.addWidget(self._titles[row], first, 0)
            grid.addWidget(self._counts[row], first, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(self._notes[row], first + 1, 0, 1, 2)
        grid.setRowMinimumHeight(2, _BETWEEN)
        buttons = fill(QVBoxLayout(), None, self.use, self.keep, None, spacing=6)
        fill(QHBoxLayout(self), (grid, 1), buttons, spacing=16, margins=(12, 8, 12, 8))
        self.setAccessibleName(self.tr("Before and after"))
        self.show_comparison(None)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show a comparison whose training is over; None hides the bar."""
        is_shown = comparison is not None and comparison.is_complete
        if comparison is not None and is_shown:
            own, everybody = comparison.own, comparison.everybody
            title = self.tr("Others' digits: {title}").format(title=everybody.title)
            self._show(1, title, self._shares(everybody), self._of_others(everybody))
            title, counts, note = self.tr("Your samples"), "", self._without_any()
            if own is not None:
                title = self.tr("Your samples that were held out")
                counts, note = self._both(own), self._of_own(own)
            self._show(0, title, counts, note)
            parts = zip(self._titles, self._counts, self._notes, strict=True)
            said = [label.text() for labels in parts for label in labels]
            self.setAccessibleDescription(" ".join(filter(None, said)))
        self.setVisible(is_shown)
        self.changed.emit()

    def _show(self, row: int, title: str, counts: str, note: str) -> None:
        self._titles[row].setText(title)
        self._counts[row].setText(counts.replace(" %", "\u00a0%"))
        self._notes[row].setText(note.replace(" %", "\u00a0%"))

    def _both(self, tally: Tally) -> str:
        before, after = whole(tally.before), whole(_after(tally))
        return self.tr("{before} → {after} of {count} right").format(
            before=before, after=after, count=whole(tally.count)
        )

    def _shares(self, tally: Tally) -> str:
        before, after = (percent(n / tally.count, 2) for n in (tally.before, _after(tally)))
        return self.tr("{before} → {after} right").format(before=before, after=after)

    def _of_own(self, tally: Tally) -> str:
        low, high = (percent(share, 0) for share in tally.ranges()[1])
        return self.tr(
            "The network has never learned from these. Of others that you draw, likely {low} to"
            " {high} are read right now."
        ).format(low=low, high=high)

    def _of_others(self, tally: Tally) -> str:
        before, after, count = map(whole, (tally.before, _after(tally), tally.count))
        template = Plural(
            "{before} of {count} drawing before, {after} now.",
            "{before} of {count} drawings before, {after} now.",
            tally.count,
        )
        return translated(Sentence(template, before=before, after=after, count=count))

    def _without_any(self) -> str:
        return self.tr(
            "All were learned from, because no digit has more than three. With a fourth, the next"
            " training shows how well your hand is read."
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a ground with round corners."""
        theme = theme_for(self.palette())
        ground_painter(self, QPen(theme.outline, 1), theme.track, _CORNER)


def _after(tally: Tally) -> int:
    return tally.before if tally.after is None else tally.after
