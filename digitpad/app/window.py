"""The main window: the pad, the answer, and what holds them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMessageBox, QVBoxLayout, QWidget

import digitpad
from digitpad.app.notice_bar import NoticeBar
from digitpad.app.pad.actions import PadActions
from digitpad.app.pad.answer_view import AnswerView
from digitpad.app.pad.canvas import Canvas
from digitpad.app.pad.document import PadDocument
from digitpad.app.pad.reading import Reader
from digitpad.app.pad.steps_view import StepsView
from digitpad.app.pad.tool_row import ToolRow
from digitpad.app.pad.transfer import Transfer
from digitpad.app.theme import choose_theme

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QCloseEvent

    from digitpad.app.icons import Icons
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.settings_keeper import SettingsKeeper


class MainWindow(QMainWindow):
    """The window with the pad and the answer.

    Args:
        service: reads glyphs, once it is ready.
        keeper: the user's settings.
        icons: for actions and buttons.
        geometry_path: an ini file that keeps the window's place and size.

    Signals:
        first_painted: the window has been painted for the first time.
    """

    first_painted = Signal()
    _painted = Signal()

    def __init__(
        self,
        service: RecognitionService,
        keeper: SettingsKeeper,
        icons: Icons,
        geometry_path: Path,
    ) -> None:
        super().__init__()
        self._service = service
        self._keeper = keeper
        self._geometry_path = geometry_path
        self.setWindowTitle(self.tr("Digitpad"))
        self.document = PadDocument(self)
        self.canvas = Canvas(self.document)
        self.reader = Reader(self.canvas.visible_drawing, service.predict, self)
        self.answer = AnswerView()
        self.steps = StepsView()
        self.notices = NoticeBar(icons.icon("close"))
        self.actions_ = PadActions(icons, self)
        self.tools = ToolRow(self.actions_)
        self.transfer = Transfer(self.document, self)
        self._arrange()
        self._connect()
        self._take_settings()
        self._restore_geometry()
        self._painted.connect(self.first_painted, Qt.ConnectionType.QueuedConnection)
        self.canvas.installEventFilter(self)
        self.canvas.setFocus()

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.canvas, 1)
        left.addWidget(self.tools)
        left.addWidget(self.steps)
        self.steps.hide()
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left, 5)
        columns.addWidget(self.answer, 3)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(14, 10, 14, 12)
        rows.setSpacing(8)
        rows.addWidget(self.notices)
        rows.addLayout(columns, 1)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        actions = self.actions_
        actions.open.triggered.connect(self.transfer.choose_to_open)
        actions.save.triggered.connect(self.transfer.choose_to_save)
        actions.quit.triggered.connect(self.close)
        actions.undo.triggered.connect(self._undo)
        actions.redo.triggered.connect(self.document.redo)
        actions.copy.triggered.connect(self.transfer.copy)
        actions.paste.triggered.connect(self.transfer.paste)
        actions.clear.triggered.connect(self._clear)
        actions.eraser.toggled.connect(self.canvas.set_erases)
        actions.steps.toggled.connect(self._show_steps)
        actions.full_screen.toggled.connect(self._show_full_screen)
        actions.about.triggered.connect(self._show_about)
        for action in actions.themes.values():
            action.triggered.connect(self._on_theme)
        self.tools.pen_width_changed.connect(self._on_pen_width)
        self.document.changed.connect(self.reader.read_now)
        self.document.changed.connect(self._update_actions)
        self.canvas.live_changed.connect(self.reader.read_soon)
        self.canvas.live_changed.connect(self._update_actions)
        self.reader.read.connect(self.answer.show_reading)
        self.reader.read.connect(self.steps.show_reading)
        for source in (self.transfer, self._service, self._keeper):
            source.noticed.connect(self.notices.show_notice)
        self.transfer.settled.connect(self.notices.withdraw)
        self._service.ready.connect(self._on_ready)
        self._service.failed.connect(self._on_failed)
        self._update_actions()

    def _take_settings(self) -> None:
        settings = self._keeper.settings
        self.tools.set_pen_width(settings.pen_width)
        self.canvas.set_pen_width(settings.pen_width)
        self.actions_.themes[settings.theme].setChecked(True)
        choose_theme(settings.theme)
        self.answer.bars.show_classes(self._service.expected_classes)

    @Slot()
    def _on_ready(self) -> None:
        self.answer.show_ready()
        self.reader.read_now()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.notices.show_notice(sentence)
        self._on_ready()

    @Slot()
    def _undo(self) -> None:
        # What is going on is the latest step, and so the one to take back.
        self.canvas.finish()
        self.document.undo()

    @Slot()
    def _clear(self) -> None:
        if self.canvas.is_drawing:
            self.canvas.abort()
        else:
            self.document.clear()

    @Slot()
    def _update_actions(self) -> None:
        actions, document = self.actions_, self.document
        is_drawing = self.canvas.is_drawing
        actions.undo.setEnabled(document.can_undo or is_drawing)
        actions.clear.setEnabled(is_drawing or not document.drawing.is_empty)
        actions.redo.setEnabled(document.can_redo)
        for action in (actions.copy, actions.save):
            action.setEnabled(not document.drawing.is_empty)

    @Slot(float)
    def _on_pen_width(self, width: float) -> None:
        self.canvas.set_pen_width(width)
        self._keeper.change(pen_width=width)

    @Slot()
    def _on_theme(self) -> None:
        action = self.sender()
        if not isinstance(action, QAction):
            return
        choose_theme(action.data())
        self._keeper.change(theme=action.data())

    @Slot(bool)
    def _show_steps(self, shown: bool) -> None:
        self.steps.setVisible(shown)
        if shown:
            self.reader.read_now()

    @Slot(bool)
    def _show_full_screen(self, full: bool) -> None:
        state = self.windowState()
        screen = Qt.WindowState.WindowFullScreen
        self.setWindowState(state | screen if full else state & ~screen)

    @Slot()
    def _show_about(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("About Digitpad"))
        box.setIconPixmap(self.windowIcon().pixmap(64, 64))
        box.setText(self.tr("Digitpad {version}").format(version=digitpad.__version__))
        box.setInformativeText(
            self.tr(
                "Draw a digit, and a convolutional network reads it while you draw. Everything"
                " happens on this computer.\n\nMIT licence. Built with Qt for Python (LGPL),"
                " PyTorch, NumPy, SciPy and Pillow."
            )
        )
        box.open()

    def event(self, event: QEvent) -> bool:
        """A dialog in front takes the pen away: the stroke ends before it."""
        if event.type() == QEvent.Type.WindowBlocked:
            self.canvas.finish()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """The window manager can leave the full screen too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.actions_.full_screen.setChecked(self.isFullScreen())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sees the first painting of the canvas, and says so when it is done."""
        if watched is self.canvas and event.type() == QEvent.Type.Paint:
            self.canvas.removeEventFilter(self)
            # Queued: by then the painting has reached the screen.
            self._painted.emit()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """Roomy, but not the whole screen."""
        return QSize(1000, 680)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep place and size for the next time."""
        settings = QSettings(str(self._geometry_path), QSettings.Format.IniFormat)
        settings.setValue("geometry", self.saveGeometry())
        settings.sync()
        super().closeEvent(event)

    def _restore_geometry(self) -> None:
        settings = QSettings(str(self._geometry_path), QSettings.Format.IniFormat)
        geometry = settings.value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            # At a large scale the screen has room for less.
            self.resize(self.sizeHint().boundedTo(self.screen().availableSize() * 0.9))
