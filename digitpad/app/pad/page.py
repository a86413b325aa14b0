"""The page on which one draws: the pad, its tools, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from digitpad.app.answer.model_line import ModelLine
from digitpad.app.answer.reader import Reader
from digitpad.app.answer.stages_view import StagesView
from digitpad.app.answer.view import AnswerView
from digitpad.app.pad.canvas import Canvas
from digitpad.app.pad.document import PadDocument
from digitpad.app.pad.tool_row import ToolRow
from digitpad.app.pad.transfer import Transfer
from digitpad.recognition.prediction import are_digits

if TYPE_CHECKING:
    from digitpad.app.answer.threshold_dialog import ThresholdDialog
    from digitpad.app.pad.actions import PadActions
    from digitpad.app.services.recognition import RecognitionService
    from digitpad.app.settings_store import SettingsStore


class PadPage(QWidget):
    """The pad and the answer beside it.

    Args:
        service: reads glyphs, once it is ready.
        keeper: the user's settings.
        actions: of the pad; they are connected here.
        window: its whole area takes drops.
    """

    def __init__(
        self,
        service: RecognitionService,
        keeper: SettingsStore,
        actions: PadActions,
        window: QWidget,
    ) -> None:
        super().__init__()
        self._service = service
        self._keeper = keeper
        self._actions = actions
        self._is_shown = True
        self._doubt: ThresholdDialog | None = None
        service.refuse_below = keeper.settings.refuse_below
        self.document = PadDocument(self)
        self.canvas = Canvas(self.document)
        self.reader = Reader(self.canvas.visible_drawing, service.predict, self)
        self.answer = AnswerView()
        self.model_line = ModelLine()
        self.steps = StagesView()
        self.tools = ToolRow(actions)
        self.transfer = Transfer(self.document, window)
        self._arrange()
        self._connect()
        self.tools.set_pen_width(keeper.settings.pen_width)
        self.canvas.set_pen_width(keeper.settings.pen_width)
        self.answer.bars.show_classes(service.expected_classes)
        self._on_model()

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.canvas, 1)
        left.addWidget(self.tools)
        left.addWidget(self.steps)
        self.steps.hide()
        # The cards of both columns end at the same height.
        self.model_line.setMinimumHeight(self.tools.sizeHint().height())
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.answer, 1)
        right.addWidget(self.model_line)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(16)
        columns.addLayout(left, 5)
        columns.addLayout(right, 3)

    def _connect(self) -> None:
        actions = self._actions
        actions.open.triggered.connect(self.transfer.choose_to_open)
        actions.save.triggered.connect(self.transfer.choose_to_save)
        actions.undo.triggered.connect(self._undo)
        actions.redo.triggered.connect(self.document.redo)
        actions.copy.triggered.connect(self.transfer.copy)
        actions.copy_answer.triggered.connect(self._copy_answer)
        actions.paste.triggered.connect(self.transfer.paste)
        actions.clear.triggered.connect(self._clear)
        actions.eraser.toggled.connect(self.canvas.set_erases)
        actions.doubt.triggered.connect(self._show_doubt)
        actions.steps.toggled.connect(self._show_steps)
        self.tools.pen_width_changed.connect(self._on_pen_width)
        self.document.changed.connect(self.reader.read_now)
        self.document.changed.connect(self._update_actions)
        self.canvas.live_changed.connect(self.reader.read_soon)
        self.canvas.live_changed.connect(self._update_actions)
        self.reader.read.connect(self.answer.show_reading)
        self.reader.read.connect(self.steps.show_reading)
        self.reader.read.connect(self._update_copy_answer)
        self.model_line.bundled_wanted.connect(self._service.use_bundled)
        self._service.ready.connect(self._on_ready)
        self._service.failed.connect(self._on_ready)
        self._service.model_changed.connect(self._on_model)
        self._update_actions()

    def set_shown(self, *, shown: bool) -> None:
        """Say whether this is the page in front: the keys of the pad work only then."""
        self._is_shown = shown
        if shown:
            self.canvas.setFocus()
        else:
            self.canvas.finish()
        self._update_actions()

    @Slot()
    def _on_ready(self) -> None:
        self.answer.show_ready()
        self.reader.read_now()

    @Slot()
    def _on_model(self) -> None:
        self.model_line.show_model(
            self._service.model_title, bundled=self._service.active_name is None
        )
        if self._service.is_ready:
            self.answer.bars.show_classes(self._service.expected_classes)
            self.reader.read_now()
        if self._doubt is not None:
            self._doubt.show_model(self._service.advised_refusal, digits=self._reads_digits())

    def _reads_digits(self) -> bool:
        return are_digits(self._service.expected_classes)

    @Slot()
    def _show_doubt(self) -> None:
        # Imported when it is first wanted: the start does not wait for it.
        from digitpad.app.answer.threshold_dialog import ThresholdDialog

        if self._doubt is None:
            self._doubt = ThresholdDialog(
                self._keeper.settings.refuse_below,
                self._service.advised_refusal,
                self.window(),
                digits=self._reads_digits(),
            )
            self._doubt.chosen.connect(self._on_refuse_below)
            self._doubt.finished.connect(self._forget_doubt)
            self._doubt.stand_on(self.canvas)
        self._doubt.show()
        self._doubt.activateWindow()

    @Slot()
    def _forget_doubt(self) -> None:
        self._doubt = None

    @Slot(object)
    def _on_refuse_below(self, threshold: float | None) -> None:
        self._service.refuse_below = threshold
        self._keeper.change(refuse_below=threshold)
        self.reader.read_now()

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
        actions, document, shown = self._actions, self.document, self._is_shown
        is_drawing = self.canvas.is_drawing
        actions.undo.setEnabled(shown and (document.can_undo or is_drawing))
        actions.clear.setEnabled(shown and (is_drawing or not document.drawing.is_empty))
        actions.redo.setEnabled(shown and document.can_redo)
        for action in (actions.copy, actions.save):
            action.setEnabled(shown and not document.drawing.is_empty)
        for action in actions.always:
            action.setEnabled(shown)

        self._update_copy_answer()

    @Slot()
    def _update_copy_answer(self) -> None:
        self._actions.copy_answer.setEnabled(self._is_shown and bool(self.answer.text))

    @Slot()
    def _copy_answer(self) -> None:
        QGuiApplication.clipboard().setText(self.answer.text)

    @Slot(float)
    def _on_pen_width(self, width: float) -> None:
        self.canvas.set_pen_width(width)
        self._keeper.change(pen_width=width)

    @Slot(bool)
    def _show_steps(self, shown: bool) -> None:
        self.steps.setVisible(shown)
        if shown:
            self.reader.read_now()
