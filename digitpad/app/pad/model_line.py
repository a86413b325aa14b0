"""Whose answer the pad gives, the way to other models, and the way back to the bundled one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from digitpad.app.theme import QuietLabel


class ModelLine(QWidget):
    """Names the model that reads; where it is another one, a button goes back to the bundled one.

    Signals:
        bundled_wanted: the button was pressed.
    """

    bundled_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QuietLabel("")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.label.setWordWrap(True)
        self.button = QPushButton(self.tr("&Back to bundled"))
        self.button.setToolTip(self.tr("Let the model read again that came with Digitpad"))
        self.button.clicked.connect(self.bundled_wanted)
        self.change = QPushButton(self.tr("Change"))
        self.change.setToolTip(self.tr("Choose the model that reads"))
        self.change.setAccessibleName(self.change.toolTip())
        self.change.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label, 1)
        row.addWidget(self.change)
        row.addWidget(self.button)
        self.setMaximumWidth(420)
        # What is above it keeps its place when the button comes and goes.
        self.setMinimumHeight(self.button.sizeHint().height())

    def offer(self, menu: QMenu) -> None:
        """Let the user choose from a menu of models."""
        self.change.setMenu(menu)
        self.change.show()

    def show_model(self, title: str, *, bundled: bool) -> None:
        """Show a model.

        Args:
            title: of the model, for people.
            bundled: whether it is the one that Digitpad ships.
        """
        self.label.setText(self.tr("Read by: {title}").format(title=title))
        self.label.setToolTip(title)
        self.button.setVisible(not bundled)
