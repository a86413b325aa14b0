"""A small pad that asks for drawings of one class after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractAnimation, QRectF, QSize, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.pad.canvas.canvas import Canvas
from digitpad.app.pad.canvas.sheet import Invitation
from digitpad.app.pad.document import PadDocument
from digitpad.app.samples.collect.draw_round import DrawRound
from digitpad.app.samples.collect.strip import DrawStrip
from digitpad.app.widgets.layout import fill, plain_label
from digitpad.app.widgets.numbers import whole
from digitpad.app.widgets.theme import smooth_painter, theme_for
from digitpad.ink.parts import stroke_bounds
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from digitpad.ink.drawing import Drawing


PAUSE_MS = 1100
"""Milliseconds after a stroke before the drawing is taken: lifting the pen within a 4 or a 5 takes
less than half of it."""

_TAP = 1.5
"""Extent of the ink of a tap, in widths of the pen, at most."""

_LINE = 4


class CollectView(QWidget):
    """Asks for drawings. Each is taken by a key, a button, or a pause of the pen.

    A stroke that begins during the pause belongs to the same drawing, and the pause begins anew
    after it.

    Attributes:
        canvas: to draw on.
        round: what is asked for, and how far it has come.

    Signals:
        drawn: a label and its `Drawing`.
        taken_back: a label and its drawing, which is to be drawn again.
        more_wanted: another round.
        left: the user has enough; an unfinished drawing has been taken before, but no mere tap.
        progressed: another place of the plan, or other ink on the pad.
    """

    drawn = Signal(str, object)
    taken_back = Signal(str, object)
    more_wanted = Signal()
    left = Signal()
    progressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.round = DrawRound()
        self._document = PadDocument(self)
        self.canvas = Canvas(self._document)
        self.prompt = plain_label(scale=1.6, bold=True)
        self.strip = DrawStrip()
        self.progress = plain_label(quiet=True)
        self.line = PauseLine(PAUSE_MS)
        self.goes_on = QCheckBox(self.tr("Go &on after a pause"))
        self.goes_on.setChecked(True)
        self.goes_on.setToolTip(
            self.tr("Take the drawing by itself when the pen has rested for a second")
        )
        self.back_button = _button(
            self.tr("&Back"), self.tr("Draw the one before again (Backspace)"), self.back
        )
        self.skip_button = _button(
            self.tr("S&kip"), self.tr("Go on without a drawing (right arrow)"), self.skip
        )
        self.next_button = _button(
            self.tr("&Next"), self.tr("Take this drawing (Enter)"), self.take
        )
        self.more_button = _button(
            self.tr("Draw &more"), self.tr("Another round (Enter)"), self._want_more
        )
        self.leave_button = _button(
            self.tr("&Close"), self.tr("Back to the drawings; all are kept (Esc)"), self.leave
        )
        self._arrange()
        self._document.changed.connect(self._on_changed)
        self.canvas.live_changed.connect(self.line.stop)
        self.line.ended.connect(self._on_pause)
        self.goes_on.toggled.connect(self._on_changed)

    def _arrange(self) -> None:
        top = fill(QHBoxLayout(), self.prompt, (self.strip, 1), self.progress, spacing=16)
        self.rest = plain_label(wrap=True)
        self.rest.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.rest.hide()
        buttons = fill(
            QHBoxLayout(),
            *(self.back_button, self.skip_button, self.next_button, self.more_button),
            *(self.goes_on, None, self.leave_button),
            spacing=8,
        )
        parts = (top, (self.canvas, 1), (self.rest, 1), self.line, buttons)
        fill(QVBoxLayout(self), *parts, spacing=6)
        self.setFocusProxy(self.canvas)

    def start(self, plan: Sequence[str]) -> None:
        """Begin a round."""
        self.round = DrawRound(plan)
        self._document.clear()
        self._show()
        self.canvas.setFocus()

    @property
    def can_undo(self) -> bool:
        """Whether there is ink, or a drawing before this one."""
        return not self._document.drawing.is_empty or self.round.place > 0

    @Slot()
    def take(self) -> None:
        """Take the drawing, if there is one, and ask for the next one."""
        self.canvas.finish()
        drawing = self._document.drawing
        if self.round.is_done or drawing.is_empty:
            return
        label = self.round.label
        self.round.step(drawing)
        self._document.clear()
        self.drawn.emit(label, drawing)
        self._show()

    @Slot()
    def skip(self) -> None:
        """Ask for the next one without taking a drawing."""
        self.canvas.abort()
        if not self.round.is_done:
            self.round.step(None)
            self._document.clear()
            self._show()

    @Slot()
    def back(self) -> None:
        """Ask for the one before again; its drawing is taken back."""
        self.canvas.abort()
        if self.round.place == 0:
            return
        label, drawing = self.round.back()
        self._document.clear()
        if drawing is not None:
            self.taken_back.emit(label, drawing)
        self._show()

    @Slot()
    def undo(self) -> None:
        """Take the last stroke back, or the drawing before."""
        self.canvas.finish()
        if self._document.drawing.is_empty:
            self.back()
        else:
            self._document.undo()

    @Slot()
    def leave(self) -> None:
        """Take what is drawn, and leave."""
        self._take_written()
        self.line.stop()
        self.left.emit()

    @Slot()
    def _want_more(self) -> None:
        self.more_wanted.emit()

    @Slot()
    def _on_changed(self) -> None:
        if self._document.drawing.is_empty or not self.goes_on.isChecked():
            self.line.stop()
        else:
            self.line.start()
        self.next_button.setEnabled(not self._document.drawing.is_empty)
        self.progressed.emit()

    @Slot()
    def _on_pause(self) -> None:
        if not self.canvas.is_drawing:
            self._take_written()

    def _take_written(self) -> None:
        """Take the drawing, but for a mere tap: whoever means one says so by Enter."""
        self.canvas.finish()
        if _is_tap(self._document.drawing):
            self._document.clear()
        else:
            self.take()

    def _show(self) -> None:
        done, label = self.round.is_done, self.round.label
        self.strip.show_plan(self.round.plan, self.round.drawings, self.round.place)
        prompt = self.tr("Draw {label}").format(label=label)
        self.prompt.setText(self.tr("That was all") if done else prompt)
        self.prompt.setAccessibleName(self.prompt.text())
        said = self.tr("Draw {label} here with the mouse, a finger or a pen.").format(label=label)
        self.canvas.invite(Invitation(label, said, takes_pictures=False))
        drawn, total = self.round.drawn, len(self.round.plan)
        count = Sentence(
            Plural("{drawn} of {total} drawing", "{drawn} of {total} drawings", total),
            drawn=whole(drawn),
            total=whole(total),
        )
        self.progress.setText(translated(count))
        template = Plural(
            "{count} drawing is among your samples now.",
            "{count} drawings are among your samples now.",
            drawn,
        )
        self.rest.setText(translated(Sentence(template, count=whole(drawn))))
        self.back_button.setEnabled(self.round.place > 0)
        self.skip_button.setEnabled(not done)
        self.next_button.setEnabled(False)
        for widget in (self.canvas, self.skip_button, self.next_button, self.goes_on, self.line):
            widget.setVisible(not done)
        self.rest.setVisible(done)
        self.more_button.setVisible(done)
        (self.more_button if done else self.canvas).setFocus()
        self.progressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Backspace, the right arrow and Esc."""
        keys = Qt.Key
        done = self.round.is_done
        slot = {
            keys.Key_Return: self._want_more if done else self.take,
            keys.Key_Enter: self._want_more if done else self.take,
            keys.Key_Backspace: self.back,
            keys.Key_Right: self.skip,
            keys.Key_Escape: self.leave,
        }.get(keys(event.key()))
        if slot is None or event.isAutoRepeat():
            super().keyPressEvent(event)
        else:
            slot()


class PauseLine(QWidget):
    """A line that shrinks while the pen rests.

    Signals:
        ended: the pause is over.
    """

    ended = Signal()

    def __init__(self, milliseconds: int) -> None:
        super().__init__()
        self._share = 0.0
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(1.0)
        self._animation.setEndValue(0.0)
        self._animation.setDuration(milliseconds)
        self._animation.valueChanged.connect(self._on_value)
        self._animation.finished.connect(self.ended)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def is_running(self) -> bool:
        """Whether the pen rests."""
        return self._animation.state() == QAbstractAnimation.State.Running

    @Slot()
    def start(self) -> None:
        """Begin the pause, anew if it has begun."""
        self._animation.stop()
        self._animation.start()

    @Slot()
    def stop(self) -> None:
        """End the pause without `ended`."""
        self._animation.stop()
        self._on_value(0.0)

    @Slot(object)
    def _on_value(self, share: float) -> None:
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:
        """Thin."""
        return QSize(40, _LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is left of the pause."""
        painter = smooth_painter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme_for(self.palette()).accent)
        width = self.width() * self._share
        room = QRectF((self.width() - width) / 2, 0, width, self.height())
        painter.drawRoundedRect(room, _LINE / 2, _LINE / 2)


def _is_tap(drawing: Drawing) -> bool:
    """Whether there is a single stroke that hardly leaves its place."""
    if len(drawing.strokes) != 1:
        return False
    left, top, right, bottom = stroke_bounds(drawing.strokes)
    return max(right - left, bottom - top) < _TAP * drawing.strokes[0].width


def _button(text: str, tip: str, slot: object) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAutoDefault(False)
    button.clicked.connect(slot)
    return button
