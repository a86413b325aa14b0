"""The view "What matters": which ink speaks for an answer, and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.inside.matters.drawn import DrawnPicture
from digitpad.app.inside.matters.finding import Finding, Question, find, look_for_change
from digitpad.app.inside.matters.panel import ChangePanel, ClassChoice, MethodChoice, StrokeList
from digitpad.app.inside.matters.photo import PhotoPicture
from digitpad.app.inside.matters.pixels import SMALLEST, PixelPicture
from digitpad.app.inside.matters.sentences import (
    method_sentence,
    odds_sentence,
    signed,
    without_text,
)
from digitpad.app.inside.scale import ScaleLegend, limit_of
from digitpad.app.inside.subject import InsideView
from digitpad.app.widgets.layout import elided, fill, plain_label
from digitpad.app.widgets.numbers import whole
from digitpad.ink.glyph import StrokeStages
from digitpad.recognition.inside.smallest_change import Search

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from digitpad.app.inside.subject import Subject
    from digitpad.app.services.background import Background
    from digitpad.recognition.inside.smallest_change import Change

_ATTRIBUTION, _CHANGE = "matters", "matters: change"
"""Kinds of work."""

_PANEL, _WIDE = 250, 620
"""Width of the column with choices, in device-independent pixels; and that of the view from which
on it stands beside the pictures."""

_WIDEST_NAME = 90.0
"""Of a class, in device-independent pixels."""

_UNLIMITED = 16_777_215
"""Qt's own largest width."""


class MattersView(InsideView):
    """One's strokes and the glyph in the colours of what they speak for, and what would change.

    Args:
        background: finds it.

    Attributes:
        finding: what is shown; None before anything is found.

    Signals:
        change_wanted: a `Change` that the user wants on the pad, and the ink of its part.
    """

    change_wanted = Signal(object, object)

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._subject: Subject | None = None
        self.finding: Finding | None = None
        self._asked: Question | None = None
        self._is_stale = False
        self.drawn, self.photo, self.pixels = DrawnPicture(), PhotoPicture(), PixelPicture()
        self.legend = ScaleLegend()
        self.classes, self.methods = ClassChoice(), MethodChoice()
        self.strokes, self.changes = StrokeList(), ChangePanel()
        self.method_text, self.odds_text = (
            plain_label(wrap=True, quiet=True, scale=0.9) for _ in range(2)
        )
        self.readout = plain_label(quiet=True, scale=0.9)
        self._against, self._for = plain_label(scale=0.9), plain_label(scale=0.9)
        self._own_title = plain_label(quiet=True, scale=0.9)
        self._hint = plain_label(
            self.tr("Draw a digit, and see here which of your ink speaks for the answer."),
            quiet=True,
            wrap=True,
        )
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body = self._arranged()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(self._body)
        self.classes.chosen.connect(self._on_class)
        self.methods.chosen.connect(self._on_method)
        self.strokes.chosen.connect(self._on_stroke)
        self.changes.wanted.connect(self._look_for_change)
        self.changes.chosen.connect(self._on_change)
        self.changes.tried.connect(self._on_tried)
        self.pixels.pointed.connect(self._on_pointed)
        background.done.connect(self._on_done)
        background.failed.connect(self._on_failed)

    def _arranged(self) -> QWidget:
        pictures = QGridLayout()
        pictures.setContentsMargins(0, 0, 0, 0)
        pictures.setHorizontalSpacing(8)
        pictures.setVerticalSpacing(2)
        title = plain_label(self.tr("What the network sees"), quiet=True, scale=0.9)
        pictures.addWidget(self._own_title, 0, 0)
        pictures.addWidget(title, 0, 1)
        own = QWidget()
        fill(QVBoxLayout(own), self.drawn, self.photo)
        pictures.addWidget(own, 1, 0)
        pictures.addWidget(self.pixels, 1, 1)
        for column in (0, 1):
            pictures.setColumnStretch(column, 1)
        legend = fill(QHBoxLayout(), self._against, (self.legend, 1), self._for, spacing=6)
        left = fill(
            QVBoxLayout(), pictures, legend, self.readout, self.method_text, self.odds_text, None,
            spacing=4,
        )  # fmt: skip
        self._panel = QWidget()
        parts = (self.classes, self.methods, self.strokes, self.changes, None)
        fill(QVBoxLayout(self._panel), *parts, spacing=10, margins=(0, 0, 6, 0))
        content = QWidget()
        self._sides = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight, content), spacing=12)
        self._sides.addLayout(left, 1)
        self._sides.addWidget(self._panel)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return scroll

    def minimumSizeHint(self) -> QSize:
        """Room for the two pictures; all else can be scrolled to."""
        return QSize(2 * SMALLEST + 40, SMALLEST + 40)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the choices beside the pictures, or below them where that is too narrow."""
        ways = QBoxLayout.Direction
        is_wide = self.width() >= _WIDE
        self._sides.setDirection(ways.LeftToRight if is_wide else ways.TopToBottom)
        self._panel.setMinimumWidth(_PANEL if is_wide else 0)
        self._panel.setMaximumWidth(_PANEL if is_wide else _UNLIMITED)
        super().resizeEvent(event)

    def show_subject(self, subject: Subject | None) -> None:
        """See `InsideView`."""
        if subject is not None and self._is_known(subject):
            return
        self._subject = subject
        self._background.cancel(_CHANGE)
        self.changes.clear(is_possible=subject is None or isinstance(subject.part.ink, tuple))
        if subject is None:
            self.finding = None
            self._stack.setCurrentWidget(self._hint)
            return
        self._ask()

    def _is_known(self, subject: Subject) -> bool:
        known = self._subject
        return (
            known is not None
            and known.inside is subject.inside
            and known.part.stages is subject.part.stages
        )

    def _ask(self) -> None:
        """Ask for what the subject and the choices are now; the pictures keep up with the pen.

        What is being found is waited for, since a pen that does not rest would else let nothing
        become ready.
        """
        if self._subject is None:
            return
        if self._asked is not None:
            self._is_stale = True
            return
        question = Question(self._subject, self.classes.aim, self.methods.method)
        self._asked, self._is_stale = question, False
        self._background.ask(_ATTRIBUTION, lambda: find(question))

    @Slot(str, object)
    def _on_done(self, key: str, item: object) -> None:
        if key == _CHANGE and isinstance(item, Search):
            self.changes.show_search(item)
            if item.is_done and item.smallest is not None:
                self.happened.emit("change-found")
        elif key == _ATTRIBUTION and isinstance(item, Finding):
            is_last = bool(item.without) or not item.question.strokes
            if is_last:
                self._asked = None
            if self._subject is not None and item is not self.finding:
                self._show(item)
            if is_last and self._is_stale:
                self._ask()

    @Slot(str, str)
    def _on_failed(self, key: str, sentence: str) -> None:
        if key == _CHANGE:
            self.changes.clear(is_possible=True)
            self.changes.note.setText(sentence)
        elif key == _ATTRIBUTION:
            self._asked = None
            self.readout.setText(sentence)
            if self._is_stale:
                self._ask()

    def _show(self, finding: Finding) -> None:
        self.finding = finding
        subject, found = finding.question.subject, finding.attribution
        limit = limit_of(found.values)
        stages, strokes = subject.part.stages, finding.question.strokes
        has_strokes = isinstance(stages, StrokeStages)
        self.drawn.setVisible(has_strokes)
        self.photo.setVisible(not has_strokes)
        if isinstance(stages, StrokeStages):
            self._own_title.setText(self.tr("Your strokes"))
            self.drawn.show_values(strokes, stages, found.values, limit)
        else:
            self._own_title.setText(self.tr("Your picture"))
            self.photo.show_values(stages, found.values, limit)
        self.pixels.show_values(subject.glyph, found.values, limit)
        self.legend.show_limit(limit, signed=True)
        # A class may be named at length.
        name = elided(finding.prediction.classes[found.number], self.font(), _WIDEST_NAME)
        self._against.setText(self.tr("against {name}").format(name=name))
        self._for.setText(self.tr("for {name}").format(name=name))
        self.method_text.setText(method_sentence(found.method).format(name=name))
        self.odds_text.setText(odds_sentence(found, name))
        self.classes.show_finding(finding)
        if finding.without or not strokes:
            self.strokes.show_strokes(finding.without, is_picture=not strokes)
            self._show_left_out()
        self._on_pointed(self.pixels.place)
        self._stack.setCurrentWidget(self._body)

    @Slot(object)
    def _on_class(self, _aim: object) -> None:
        self._ask()
        self.happened.emit("class-chosen")

    @Slot(str)
    def _on_method(self, _method: str) -> None:
        self._ask()
        self.happened.emit("method-chosen")

    @Slot(object)
    def _on_stroke(self, number: int | None) -> None:
        self._show_left_out()
        if number is not None:
            self.changes.clear_choice()
            self.happened.emit("stroke-left-out")

    def _show_left_out(self) -> None:
        number, finding = self.strokes.number, self.finding
        known = () if finding is None else finding.without
        prediction = None if number is None or number >= len(known) else known[number]
        if prediction is None:
            self.drawn.choose(None)
        else:
            self.drawn.choose(number, without_text(prediction))

    @Slot()
    def _look_for_change(self) -> None:
        subject = self._subject
        if subject is not None:
            self.changes.show_search(Search())
            self._background.ask(_CHANGE, lambda: look_for_change(subject))

    @Slot(object)
    def _on_change(self, change: Change | None) -> None:
        if change is not None:
            self.strokes.clear()
        self.drawn.show_change(change)

    @Slot(object)
    def _on_tried(self, change: Change) -> None:
        if self._subject is not None:
            self.change_wanted.emit(change, self._subject.part.ink)

    @Slot(object)
    def _on_pointed(self, place: tuple[int, int] | None) -> None:
        if self.finding is None or place is None:
            self.readout.setText(self.tr("Point at a pixel to read its value."))
            return
        row, column = place
        values = self.finding.attribution.values
        self.readout.setText(
            self.tr("Row {row}, column {column}: {value}").format(
                row=whole(row + 1), column=whole(column + 1), value=signed(values[row, column])
            )
        )
