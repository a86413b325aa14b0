"""What is known of one sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.samples.player import Player
from digitpad.app.widgets.controls import ActionButton, flat_button
from digitpad.app.widgets.glyph import GlyphView
from digitpad.app.widgets.layout import fill, plain_label
from digitpad.app.widgets.numbers import probability, whole
from digitpad.recognition.model_store import BUNDLED
from digitpad.text import Marked, Plural, Sentence

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QResizeEvent

    from digitpad.app.samples.actions import SamplesActions
    from digitpad.samples.sample import Answer, Sample

_LOW = 430
"""Height in device-independent pixels below which the glyph is left out."""


def answer_in_words(answer: Answer | None) -> str:
    """What a model said, as a sentence; "" where none was asked."""
    if answer is None:
        return ""
    fields = {
        "answer": answer.text,
        "probability": probability(answer.confidence),
        "model": Marked("the bundled model") if answer.model == BUNDLED else answer.model,
    }
    said = Sentence("Read as {answer} ({probability}) by {model}.", **fields)
    if answer.rejected:
        said = Sentence("Rejected by {model}; it looked most like {answer}.", **fields)
    return translated(said)


def origin_in_words(sample: Sample) -> str:
    """How and when a sample came here, as a sentence."""
    template = {
        "correction": "You corrected the answer on {time}.",
        "confirmation": "You confirmed the answer on {time}.",
        "collected": "Drawn for the collection on {time}.",
        "imported": "Imported on {time}.",
    }[sample.origin]
    return translated(Sentence(template, time=_time(sample.created)))


def _time(moment: datetime) -> str:
    local = QDateTime.fromSecsSinceEpoch(round(moment.timestamp()))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)


class SampleDetails(QWidget):
    """The sample that is looked at: large, with what is known of it, and what can be done."""

    def __init__(self, actions: SamplesActions) -> None:
        super().__init__()
        self.player = Player()
        self.label = plain_label(wrap=True, scale=1.5, bold=True)
        self.label.setAccessibleName(self.tr("Label"))
        self.text = plain_label(wrap=True)
        self.flagged = plain_label(wrap=True)
        self.glyph = GlyphView()
        self.glyph.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.caption = plain_label(self.tr("What the network sees"), quiet=True, wrap=True)
        self.caption.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        tools = [
            flat_button(one) for one in (actions.play, actions.on_pad, actions.flag, actions.delete)
        ]
        row = fill(QHBoxLayout(), *tools, None, spacing=4)
        relabel = ActionButton(actions.relabel)
        # A click leaves the keys to the wall.
        relabel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        name = fill(QHBoxLayout(), (self.label, 1), relabel, spacing=8)
        self._sees = QWidget()
        fill(QHBoxLayout(self._sees), self.glyph, (self.caption, 1), spacing=8)
        parts = (self.player, row, name, self.text, self.flagged, self._sees)
        column = fill(QVBoxLayout(self), *parts, spacing=6)
        column.addStretch(1)
        self.show_sample(None, 0)

    def show_sample(self, sample: Sample | None, selected: int) -> None:
        """Show a sample, or nothing; `selected` is the number of those that are selected."""
        self.player.show_drawing(None if sample is None else sample.drawing)
        self.glyph.show_glyph(None if sample is None else sample.glyph)
        if sample is None:
            self.label.clear()
            self.text.clear()
            self.flagged.hide()
            return
        self.label.setText(sample.label)
        sentences = [answer_in_words(sample.answer), origin_in_words(sample)]
        if selected > 1:
            template = Plural(
                "{count} drawing is selected.", "{count} drawings are selected.", selected
            )
            sentences.append(translated(Sentence(template, count=whole(selected))))
        self.text.setText("\n".join(one for one in sentences if one))
        slip = self.tr("Flagged: the label may be a slip.")
        if not sample.symbols:
            slip = self.tr(
                "Flagged: the label may be a slip. It is learned only for what looks just like it,"
                " until you take the flag off or another drawing agrees."
            )
        self.flagged.setText(slip)
        self.flagged.setVisible(sample.is_flagged)
        self.player.setAccessibleDescription(self.text.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the glyph makes room."""
        super().resizeEvent(event)
        self._sees.setVisible(self.height() >= _LOW)

    def sizeHint(self) -> QSize:
        """As wide as the drawing."""
        return QSize(208, super().sizeHint().height())
