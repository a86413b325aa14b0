"""The line that names the active model, with buttons to choose another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from digitpad.app.i18n import translated
from digitpad.app.widgets.layout import plain_tip
from digitpad.app.widgets.numbers import whole
from digitpad.app.widgets.theme import QuietLabel
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_NAME_WIDTH = 110
"""Least width of the name, in device-independent pixels: less would break it within words."""


class ModelLine(QWidget):
    """Names the active model. If it is not the bundled one, a button goes back to that.

    Signals:
        bundled_wanted: the user wants the bundled model.
    """

    bundled_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QuietLabel("")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.label.setWordWrap(True)
        self.button = QPushButton(self.tr("&Back to bundled"))
        self.button.setToolTip(self.tr("Use the model that came with Digitpad again"))
        self.button.clicked.connect(self.bundled_wanted)
        self.change = QPushButton(self.tr("Change"))
        self.change.setToolTip(self.tr("Choose another model"))
        self.change.setAccessibleName(self.change.toolTip())
        self.change.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label, 1)
        row.addWidget(self.change)
        row.addWidget(self.button)
        self.setMaximumWidth(420)
        # So that nothing above it moves when the button comes and goes.
        self.setMinimumHeight(self.button.sizeHint().height())

    def offer(self, menu: QMenu) -> None:
        """Let the user choose from a menu of models."""
        self.change.setMenu(menu)
        self._fit()

    def show_model(self, title: str, *, bundled: bool, lessons: int = 0) -> None:
        """Show the title of the active model, and how many lessons it was taught."""
        said = Sentence("Model: {title}", title=title)
        if lessons:
            said = Sentence(
                Plural(
                    "Model: {title}, taught by {count} lesson",
                    "Model: {title}, taught by {count} lessons",
                    lessons,
                ),
                title=title,
                count=whole(lessons),
            )
        self.label.setText(translated(said))
        self.label.setToolTip(plain_tip(title))
        self.button.setVisible(not bundled)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the buttons that the new width has room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Hide the menu of models where the name needs the room; it is in the menu bar, too."""
        buttons = [self.change] if self.button.isHidden() else [self.change, self.button]
        room = self.width() - sum(button.sizeHint().width() for button in buttons)
        self.change.setVisible(self.change.menu() is not None and room >= _NAME_WIDTH)
