"""The Draw page: the pad, its tools, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from digitpad.app.answer.lesson_line import LessonLine
from digitpad.app.answer.model_line import ModelLine
from digitpad.app.answer.stages import StagesView
from digitpad.app.answer.view import AnswerView
from digitpad.app.pad.canvas.canvas import Canvas
from digitpad.app.pad.document import PadDocument
from digitpad.app.pad.tool_row import ToolRow

if TYPE_CHECKING:
    from digitpad.app.pad.actions import PadActions
    from digitpad.app.pad.teach_actions import TeachActions


class PadPage(QWidget):
    """The pad and the answer beside it."""

    def __init__(self, actions: PadActions, teach_actions: TeachActions) -> None:
        super().__init__()
        self.document = PadDocument(self)
        self.canvas = Canvas(self.document)
        self.tools = ToolRow(actions)
        self.stages = StagesView()
        self.stages.hide()
        self.answer = AnswerView()
        self.model_line = ModelLine()
        self.lesson_line = LessonLine(teach_actions.take_back, teach_actions.confirm)
        # In its place, so that nothing moves.
        self.lesson_line.shown.connect(self.model_line.setHidden)
        # The cards of both columns end at the same height.
        for line in (self.model_line, self.lesson_line):
            line.setMinimumHeight(self.tools.sizeHint().height())
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.canvas, 1)
        left.addWidget(self.tools)
        left.addWidget(self.stages)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.answer, 1)
        right.addWidget(self.model_line)
        right.addWidget(self.lesson_line)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(16)
        columns.addLayout(left, 5)
        columns.addLayout(right, 3)
