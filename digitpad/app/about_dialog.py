"""What Digitpad is, what it runs with, and whose work it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitpad import about
from digitpad.app.i18n import translated
from digitpad.app.widgets.layout import fill, plain_label, plain_tip, resize_on_screen
from digitpad.app.widgets.texts import ReadableText
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

_ICON = 56
"""Side of the icon in device-independent pixels."""


class AboutDialog(QDialog):
    """One page with versions and credits, one with licences, read when they are first wanted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Digitpad"))
        self.versions = VersionsPage()
        self.licences = LicencesPage()
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.addTab(self.versions, self.tr("&Versions and data"))
        self.pages.addTab(self.licences, self.tr("&Licences"))
        self.pages.tabBar().setAccessibleName(self.tr("Pages"))
        buttons = QDialogButtonBox()
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        parts = (self._header(), (self.pages, 1), buttons)
        fill(QVBoxLayout(self), *parts, spacing=10, margins=None)
        close.setFocus()
        # Room for the list and the lines of most licences.
        resize_on_screen(self, 960, 580)

    def _header(self) -> QHBoxLayout:
        icon = QLabel()
        icon.setPixmap(self.windowIcon().pixmap(_ICON, _ICON))
        icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        version = about.versions()["Digitpad"]
        title = plain_label(self.tr("Digitpad {version}").format(version=version), scale=1.5)
        sentence = self.tr(
            "Draw a digit, and a convolutional network reads it while you draw. Everything happens"
            " on this computer. Free software under the MIT licence."
        )
        explained = plain_label(sentence, quiet=True, wrap=True)
        words = fill(QVBoxLayout(), title, explained, None, spacing=2)
        return fill(QHBoxLayout(), icon, (words, 1), spacing=14)


class VersionsPage(QWidget):
    """What this copy is, to be read, marked or copied, and whose data it learned from."""

    def __init__(self) -> None:
        super().__init__()
        summary = about.summary()
        self.text = ReadableText(self.tr("Versions"), summary)
        lines = summary.count("\n") + 1
        frame = 2 * (self.text.frameWidth() + self.text.document().documentMargin())
        self.text.setFixedHeight(lines * self.text.fontMetrics().lineSpacing() + int(frame) + 2)
        self.copy_button = QPushButton(self.tr("&Copy"))
        self.copy_button.setToolTip(self.tr("Copy the versions for a bug report"))
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(self._copy)
        self.data = ReadableText(self.tr("Data and credits"), self._credits())
        row = fill(QHBoxLayout(), (self.text, 1), self.copy_button)
        row.setAlignment(self.copy_button, Qt.AlignmentFlag.AlignTop)
        fill(QVBoxLayout(self), row, (self.data, 1), margins=(0, 8, 0, 0))

    def _credits(self) -> str:
        bundled = [f"• {credit.sentence}" for credit in about.LEARNT_FROM]
        shipped = [f"• {credit.sentence}" for credit in about.SHIPPED]
        offered = [f"• {credit.sentence}" for credit in about.DOWNLOADED]
        parts = [self.tr("The bundled model was trained on"), *bundled, ""]
        parts += [self.tr("Digitpad contains"), *shipped, ""]
        return "\n".join([*parts, self.tr("The Train tab can download"), *offered])

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy_button.setText(self.tr("&Copied"))


class LicencesPage(QSplitter):
    """All components on the left, the licence of the chosen one on the right."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._components: list[about.Component] = []
        self.names = QTreeWidget()
        self.names.setAccessibleName(self.tr("Software in Digitpad"))
        self.names.setHeaderLabels([self.tr("Software"), self.tr("Licence")])
        self.names.setRootIsDecorated(False)
        self.names.setUniformRowHeights(True)
        self.names.setAllColumnsShowFocus(True)
        self.names.currentItemChanged.connect(self._show_text)
        self.title = plain_label(quiet=True, wrap=True)
        self.text = ReadableText(self.tr("Text of the licence"), fixed=True)
        right = QWidget()
        fill(QVBoxLayout(right), self.title, (self.text, 1))
        self.addWidget(self.names)
        self.addWidget(right)
        self.setChildrenCollapsible(False)
        self.setStretchFactor(1, 1)
        self.setContentsMargins(0, 8, 0, 0)
        self.setSizes([350, 590])

    def showEvent(self, event: QShowEvent) -> None:
        """The list is made when it is first seen."""
        super().showEvent(event)
        if not self._components:
            self._fill()

    def _fill(self) -> None:
        try:
            self._components = about.components()
        except DigitpadError as error:
            self.text.setPlainText(translated(error))
            return
        items = [QTreeWidgetItem([one.title, one.licence]) for one in self._components]
        for item in items:
            for column in range(2):
                item.setToolTip(column, plain_tip(item.text(column)))
        self.names.addTopLevelItems(items)
        # Long names of licences are cut off, not the names of what they are for.
        self.names.resizeColumnToContents(0)
        self.names.setColumnWidth(0, min(self.names.columnWidth(0), 210))
        self.names.setCurrentItem(items[0])

    @Slot(QTreeWidgetItem)
    def _show_text(self, item: QTreeWidgetItem) -> None:
        component = self._components[self.names.indexOfTopLevelItem(item)]
        try:
            text = component.text()
        except DigitpadError as error:
            text = translated(error)
        self.title.setText(f"{component.title}: {component.licence}")
        self.text.setPlainText(text)
        self.text.setAccessibleDescription(component.title)
