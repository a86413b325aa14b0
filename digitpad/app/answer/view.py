"""The view of the recognition beside the pad."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from digitpad.app.answer.class_kind import kind_of, knows_all
from digitpad.app.answer.several import (
    NO_ANSWER,
    place_of,
    quoted,
    said_of,
    telling_part,
    way_back,
)
from digitpad.app.i18n import translated
from digitpad.app.widgets.controls import FlatButton, plain_text
from digitpad.app.widgets.glyph import GlyphView
from digitpad.app.widgets.layout import fill_scroll, plain_label
from digitpad.app.widgets.numbers import probability
from digitpad.app.widgets.prediction import BarsView, BigText
from digitpad.app.widgets.theme import CORNER, theme_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QAction, QPaintEvent

    from digitpad.app.answer.class_kind import ClassKind
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import Recognition, RecognizedPart


class AnswerView(QWidget):
    """Shows the class in large letters, a sentence, the glyph, and a bar for each class.

    Signals:
        class_named: the user has clicked a bar: the drawing is of this class.
    """

    class_named = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: Literal["loading", "ready", "failed"] = "loading"
        self._classes: tuple[str, ...] = ()
        self._best: int | None = None
        self._as_one = False
        self.big = BigText()
        self.glyph = GlyphView()
        self.bars = BarsView()
        self.bars.class_named.connect(self.class_named)
        self.place = plain_label(quiet=True, wrap=True, scale=0.9)
        self.place.hide()
        self.headline = plain_label(wrap=True, scale=1.35, bold=True)
        self.detail = plain_label(wrap=True)
        self.note = plain_label(quiet=True, wrap=True, scale=0.9)
        self.note.setText(
            self.tr("This network cannot reject: it takes any scribble for one of its classes.")
        )
        self.note.hide()
        self._arrange()
        self._show_nothing()

    def _arrange(self) -> None:
        self.caption = caption = plain_label(
            self.tr("What the network sees"), quiet=True, wrap=True, scale=0.9
        )
        caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        seen = QVBoxLayout()
        seen.setSpacing(6)
        seen.addWidget(self.glyph, 1)
        seen.addWidget(caption)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.big, 1)
        top.addLayout(seen, 1)
        self._scroll = scroll = QScrollArea()
        scroll.installEventFilter(self)
        fill_scroll(scroll, self.bars)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("Probabilities"))
        scroll.setMinimumHeight(48)
        # Bars without scrolling are more important than larger letters above them.
        scroll.setSizeAdjustPolicy(QScrollArea.SizeAdjustPolicy.AdjustToContents)
        scroll.verticalScrollBar().rangeChanged.connect(self._leave_room_for_scroll_bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addSpacing(10)
        layout.addWidget(self.place)
        self._first_line = first_line = QHBoxLayout()
        first_line.setSpacing(8)
        first_line.addWidget(self.headline, 1)
        layout.addLayout(first_line)
        layout.addSpacing(2)
        layout.addWidget(self.detail)
        layout.addSpacing(10)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.note)
        self.setMinimumWidth(228)
        self.setMaximumWidth(420)

    def offer_teaching(self, confirm: QAction, tip_of: Callable[[str], str]) -> None:
        """Let the user teach here.

        Args:
            confirm: the answer is right; its button is there while that can be said.
            tip_of: says what a click on the bar of a class does.
        """
        self.bars.offer_naming(tip_of)
        self.confirm = button = FlatButton()
        button.setDefaultAction(confirm)
        button.setAccessibleName(plain_text(confirm.text()))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # Nothing moves when it comes and goes.
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        self._first_line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        confirm.enabledChanged.connect(button.setVisible)
        button.setVisible(confirm.isEnabled())

    def allow_naming(self, *, possible: bool) -> None:
        """Let clicks on bars name what the drawing is, or not."""
        self.bars.allow_naming(possible=possible)

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Show empty bars for the classes of another model, and name their kind in sentences."""
        if classes == self._classes:
            return
        self._classes = classes
        self.bars.show_classes(classes)
        self._show_nothing()

    def show_can_reject(self, *, can_reject: bool) -> None:
        """Say below the bars if the model cannot reject."""
        self.note.setHidden(can_reject)

    @Slot(int, int)
    def _leave_room_for_scroll_bar(self, lowest: int, highest: int) -> None:
        self.bars.setContentsMargins(0, 0, 8 if highest > lowest else 0, 0)

    def sizeHint(self) -> QSize:
        """Room for bars that are easy to compare."""
        return QSize(330, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a card as the ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = theme_for(self.palette())
        focused = self._scroll.hasFocus() and self.isActiveWindow()
        painter.setPen(QPen(theme.accent if focused else theme.outline, 1))
        painter.setBrush(theme.paper)
        sheet = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(sheet, CORNER, CORNER)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Repaint the card when the bars get or lose the focus, with which keys scroll them."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().eventFilter(watched, event)

    def show_as_one(self, *, as_one: bool) -> None:
        """Invite to draw one symbol alone, or several."""
        if as_one != self._as_one:
            self._as_one = as_one
            if self.detail.text() in self._invitations(as_one=not as_one).values():
                self._show_nothing()

    @Slot(object)
    def show_recognition(
        self,
        recognition: Recognition,
        chosen: int | None = None,
        key: str = "",
        unfinished: int | None = None,
    ) -> None:
        """Show a recognition, or why there is none.

        Args:
            recognition: of the pad's drawing.
            chosen: number of the part to be shown in place of the whole, from 0, or None.
            key: shows the whole again.
            unfinished: number of the part that is being drawn, from 0, or None.
        """
        several = len(recognition.predictions) > 1
        shown = chosen if chosen is not None and several else telling_part(recognition)
        part = recognition.parts[shown] if recognition.parts else None
        self.place.setHidden(chosen is None or not several)
        self.caption.setText(
            place_of(recognition, shown) if several else self.tr("What the network sees")
        )
        self.glyph.setAccessibleDescription(self.caption.text() if several else "")
        prediction = None if part is None else part.prediction
        self.glyph.show_glyph(None if part is None else part.stages.glyph)
        more = recognition.has_more_digits and not several
        if prediction is not None and more:
            prediction = replace(prediction, rejected=True)
        self.bars.show_prediction(prediction)
        self._bring_into_view(None if prediction is None else prediction.best)
        if several and chosen is None:
            said = said_of(recognition, unfinished)
            self._say(
                said.headline,
                said.detail,
                said.big,
                is_answer=said.is_answer,
                has_lines=not said.is_choice,
            )
        elif prediction is not None:
            if several:
                where = self.tr("{place}. {way_back}").format(
                    place=place_of(recognition, shown), way_back=way_back(recognition, key)
                )
                self.place.setText(" ".join([where, *self._without_neighbours(part)]))
            self._show_prediction(prediction, more=more)
        elif recognition.problem is not None:
            self._say(self.tr("Nothing to read"), translated(recognition.problem))
        elif self._state == "failed":
            self._say(
                self.tr("No answer"), self.tr("There is no network that could read your drawing.")
            )
        elif recognition.drawing.is_empty:
            self._show_nothing()
        elif not recognition.is_complete:
            self._say(self.tr("Reading…"), self.tr("It takes a moment."))
        elif self._state == "ready":
            self._show_nothing()
        else:
            self._say(
                self.tr("Getting ready…"), self.tr("Keep drawing: it will be read in a moment.")
            )

    def _without_neighbours(self, part: RecognizedPart | None) -> list[str]:
        """A sentence where the ink around a part makes it another class; else none."""
        if part is None or part.of_glyph is None or not part.is_read_otherwise:
            return []
        name = quoted(part.of_glyph.text)
        return [self.tr("Without the ink around it, it would be {name}.").format(name=name)]

    def _bring_into_view(self, best: int | None) -> None:
        """Scroll to the bar of the best class if it has changed; else leave the bars alone."""
        if best is not None and best != self._best:
            row = self.bars.row_rect(best).toAlignedRect()
            self._scroll.ensureVisible(0, row.center().y(), 0, row.height())
        self._best = best

    def show_ready(self) -> None:
        """The model is loaded: a drawing without an answer no longer waits for it."""
        self._state = "ready"

    def show_failed(self) -> None:
        """No model can be loaded, so no drawing gets an answer."""
        self._state = "failed"

    def _show_nothing(self) -> None:
        invitations = self._invitations(as_one=self._as_one)
        self._say(self.tr("No answer yet"), invitations[kind_of(self._classes)])

    def _invitations(self, *, as_one: bool) -> dict[ClassKind, str]:
        if as_one:
            return {
                "digits": self.tr("Draw a digit. It is read while you draw."),
                "letters": self.tr("Draw a letter. It is read while you draw."),
                "characters": self.tr("Draw a digit or a letter. It is read while you draw."),
                "others": self.tr("Draw something. It is read while you draw."),
            }
        return {
            "digits": self.tr("Draw a digit or a number. It is read while you draw."),
            "letters": self.tr("Draw a letter or a word. It is read while you draw."),
            "characters": self.tr("Draw digits or letters. They are read while you draw."),
            "others": self.tr("Draw something. It is read while you draw."),
        }

    def _rejection(self, classes: tuple[str, ...]) -> str:
        rejections = {
            "digits": self.tr("This does not look like a digit"),
            "letters": self.tr("This does not look like a letter"),
            "characters": self.tr("This does not look like a digit or a letter"),
        }
        if knows_all(classes):
            return rejections[kind_of(classes)]
        return self.tr("This does not look like anything the model knows")

    def _show_prediction(self, prediction: Prediction, *, more: bool) -> None:
        big, sure = prediction.text, probability(prediction.confidence)
        name = quoted(big)
        second = prediction.runner_up
        if more:
            self._say(
                self.tr("There is more than one digit in this picture"),
                self.tr(
                    "Crop it to the one that you want read, or turn off “Read as one digit” in the"
                    " menu Tools."
                ),
                NO_ANSWER,
                is_answer=False,
            )
        elif prediction.rejected:
            self._say(
                self._rejection(prediction.classes),
                self.tr("The closest is {name}, with {percent}.").format(name=name, percent=sure),
                NO_ANSWER,
                is_answer=False,
            )
        elif prediction.is_sure:
            self._say(
                self.tr("This is {name}").format(name=name),
                self.tr("{percent} sure").format(percent=sure),
                big,
            )
        elif second is None:
            self._say(
                self.tr("Most likely {name}").format(name=name),
                self.tr("{percent} sure").format(percent=sure),
                self.tr("{name}?").format(name=big),
            )
        else:
            other = prediction.classes[second]
            other_name = quoted(other)
            other_percent = probability(prediction.probabilities[second])
            self._say(
                self.tr("Most likely {name}").format(name=name),
                self.tr("{percent} for {name}, {other_percent} for {other}").format(
                    percent=sure, name=name, other_percent=other_percent, other=other_name
                ),
                self.tr("{name},\nor {other}?").format(name=big, other=other),
            )

    def _say(
        self,
        headline: str,
        detail: str,
        big: str = "",
        *,
        is_answer: bool = True,
        has_lines: bool = False,
    ) -> None:
        self.big.show_text(
            big,
            is_answer=is_answer,
            has_lines=has_lines,
            in_words="" if is_answer else headline,
        )
        self.headline.setText(headline)
        self.detail.setText(detail)
