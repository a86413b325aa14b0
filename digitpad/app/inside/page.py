"""The Inside page: a small pad and the answer, and beside them one of several views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.answer.several import quoted
from digitpad.app.pad.canvas.canvas import Canvas
from digitpad.app.widgets.controls import flat_button
from digitpad.app.widgets.layout import fill, fill_scroll, plain_item, plain_label
from digitpad.app.widgets.prediction import BarsView, BigText

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QResizeEvent

    from digitpad.app.inside.actions import InsideActions
    from digitpad.app.pad.document import PadDocument
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import RecognizedPart

_SIDE, _SIDE_WITH_TOUR = 196, 264
"""Width of the column with the pad, in device-independent pixels, as all lengths here."""

_LOW = 132
"""Height of the pad above the guided tour."""

_WIDE = 1180
"""A page of this width has room for the guided tour beside the view."""


class InsidePage(QWidget):
    """The pad, the answer and the model at the left, and a view in front at the right.

    Attributes:
        canvas: shows the same document as that of the Draw page.
        side: the column with the pad.
        stack: has the views that have been shown.

    Signals:
        member_chosen: the number of the network that is shown, where a model has several.
    """

    member_chosen = Signal(int)

    def __init__(self, document: PadDocument, actions: InsideActions) -> None:
        super().__init__()
        self.canvas = Canvas(document)
        self.canvas.setFixedHeight(_SIDE)
        self.big = BigText()
        self.big.setFixedHeight(88)
        self.bars = BarsView()
        self.around = plain_label(quiet=True, wrap=True, scale=0.9)
        self.around.hide()
        self.model = plain_label(quiet=True, wrap=True, scale=0.9)
        self.member = QComboBox()
        self.member.setAccessibleName(self.tr("Network of the ensemble"))
        self.member.setToolTip(self.tr("Which of the networks of this ensemble is shown"))
        self.member.activated.connect(self.member_chosen)
        self.member.hide()
        self._chapters: QWidget | None = None
        self.side = self._arrange_side(actions)
        self.stack = QStackedWidget()
        self._waiting = plain_label(quiet=True, wrap=True)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack.addWidget(self._waiting)
        self._body = fill(QHBoxLayout(), self.side, (self._arrange_views(actions), 1), spacing=14)
        fill(QVBoxLayout(self), (self._body, 1))
        self.setFocusProxy(self.canvas)

    def _arrange_side(self, actions: InsideActions) -> QWidget:
        buttons = [flat_button(action) for action in (actions.undo, actions.redo, actions.clear)]
        row = fill(QHBoxLayout(), *buttons, None, spacing=4)
        self._scroll = scroll = QScrollArea()
        fill_scroll(scroll, self.bars)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("Probabilities"))
        scroll.setMinimumHeight(48)
        side = QWidget()
        side.setFixedWidth(_SIDE)
        rows = (self.canvas, row, self.big, self.around, (scroll, 1), self.member, self.model)
        self._side_rows = fill(QVBoxLayout(side), *rows, spacing=6)
        return side

    def _arrange_views(self, actions: InsideActions) -> QWidget:
        choice = [_word_button(action) for action in actions.views]
        tour = _word_button(actions.chapters)
        export = flat_button(actions.picture)
        row = fill(QHBoxLayout(), *choice, None, tour, export, spacing=4)
        views = QWidget()
        fill(QVBoxLayout(views), row, (self.stack, 1), spacing=8)
        return views

    def show_answer(self, prediction: Prediction | None) -> None:
        """Show the answer of the pad, of the part that the views are about."""
        self.big.show_text("" if prediction is None else prediction.text)
        self.bars.show_prediction(prediction)

    def show_around(self, part: RecognizedPart | None) -> None:
        """Say what the pad reads where that is not what the network makes of the glyph alone."""
        is_other = part is not None and part.is_read_otherwise
        if part is not None and part.prediction is not None and is_other:
            self.around.setText(
                self.tr("With the ink around it, the pad reads {name}.").format(
                    name=quoted(part.prediction.text)
                )
            )
        self.around.setVisible(is_other)

    def show_model(self, title: str, classes: tuple[str, ...], members: tuple[str, ...]) -> None:
        """Name the model.

        Args:
            title: its name for people.
            classes: that it knows.
            members: names for its networks, where it has several.
        """
        self.bars.show_classes(classes)
        self.model.setText(title)
        self.member.clear()
        self.member.addItems([plain_item(name) for name in members])
        self.member.setVisible(bool(members))

    def show_waiting(self, problem: str) -> None:
        """Say that there is no network yet, or why there is none."""
        self._waiting.setText(problem or self.tr("The network is being loaded…"))
        self.stack.setCurrentWidget(self._waiting)

    def show_view(self, view: QWidget) -> None:
        """Bring a view to the front."""
        if self.stack.indexOf(view) < 0:
            self.stack.addWidget(view)
        self.stack.setCurrentWidget(view)

    def show_chapters(self, panel: QWidget | None) -> None:
        """Show the guided tour at the right edge, or below the pad where there is little room."""
        if self._chapters is not None:
            self._chapters.hide()
        self._chapters = panel
        self._place_chapters()
        if panel is not None:
            panel.show()

    def _place_chapters(self) -> None:
        panel = self._chapters
        is_below = panel is not None and self.width() < _WIDE
        for widget in (self.big, self._scroll, self.model):
            widget.setVisible(not is_below)
        self.side.setFixedWidth(_SIDE_WITH_TOUR if is_below else _SIDE)
        self.canvas.setFixedHeight(_LOW if is_below else _SIDE)
        if panel is not None:
            row = self._side_rows if is_below else self._body
            if row.indexOf(panel) < 0:
                row.addWidget(panel, 1 if is_below else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be room now for what had none, or none any more."""
        super().resizeEvent(event)
        self._place_chapters()

    @Slot()
    def focus_view(self) -> None:
        """Give the keys to the view in front."""
        view = self.stack.currentWidget()
        if view is not None:
            view.setFocus()


def _word_button(action: QAction) -> QToolButton:
    button = flat_button(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    return button
