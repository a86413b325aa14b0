"""A look into the data before training, or a sentence in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.train.dataset.augmented_view import AugmentedView
from digitpad.app.train.dataset.lists import ClassCounts, GlyphWall
from digitpad.app.widgets.controls import Card
from digitpad.app.widgets.glyph import GlyphView
from digitpad.app.widgets.layout import fill, pause_timer, plain_label
from digitpad.app.widgets.numbers import whole
from digitpad.ink.glyph import FIELD
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QResizeEvent

    from digitpad.data.dataset import Dataset

_ORIGINALS = 4
"""Glyphs of which changed versions are shown."""

_ENLARGED = 4
"""Scale of the glyph in the side spot, in device-independent pixels."""

_PREVIEW_SHARE = 0.4
"""Of the height that the preview of augmentation may take."""

_STEPS = 1000
"""Of the bar of progress: bytes may be more than it counts."""

_WIDEST = 440
"""A message, in device-independent pixels."""

_PAUSE_MS = 40
"""Keys held down run through the wall faster than drawings need to be augmented."""


class DataMessage(QWidget):
    """A sentence with a button, or with a bar of progress and a way to cancel."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = plain_label(wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton()
        self.bar = QProgressBar()
        self.bar.setFormat(self.tr("%p %"))
        self.bar.setAccessibleName(self.tr("Progress of loading"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop loading; what has been downloaded is kept"))
        for wide in (self.sentence, self.bar):
            wide.setMaximumWidth(_WIDEST)
        text, bar = (
            fill(QHBoxLayout(), None, (wide, 100), None) for wide in (self.sentence, self.bar)
        )
        parts = (None, text, self.button, bar, self.cancel)
        column = fill(QVBoxLayout(self), *parts, spacing=12, margins=None)
        column.addStretch(2)
        for button in (self.button, self.cancel):
            column.setAlignment(button, Qt.AlignmentFlag.AlignHCenter)

    def show_sentence(self, sentence: str, button: str) -> None:
        """Show a sentence and the button's text; "" leaves the button out."""
        self.sentence.setText(sentence)
        self.button.setText(button)
        self._show_buttons(is_loading=False)

    def show_progress(self, text: str, done: int, total: int | None) -> None:
        """Show how far something is; a total that is not known gives a bar without an end."""
        self.sentence.setText(text)
        self.bar.setRange(0, _STEPS if total else 0)
        if total:
            self.bar.setValue(min(done * _STEPS // total, _STEPS))
        self._show_buttons(is_loading=True)

    def _show_buttons(self, *, is_loading: bool) -> None:
        # Who pressed a button by a key finds the next one under the same key. Of the program: the
        # widget's own is the one that had the focus last, maybe long ago.
        had_focus = QApplication.focusWidget() in {self.button, self.cancel}
        self.button.setVisible(not is_loading and bool(self.button.text()))
        self.bar.setVisible(is_loading)
        self.cancel.setVisible(is_loading)
        if had_focus:
            (self.cancel if is_loading else self.button).setFocus()


class DataView(QWidget):
    """Glyphs of a dataset with their labels, counts per class, and what augmentation does.

    Signals:
        wanted: a dataset is to be loaded and shown.
        cancelled: loading is to end.
        augmentation_wanted: glyphs, uint8 (k, 28, 28), of which `show_augmented` expects versions.
    """

    wanted = Signal()
    cancelled = Signal()
    augmentation_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._sample: Dataset | None = None
        self._chosen = 0
        self.message = DataMessage()
        self.message.button.clicked.connect(self.wanted)
        self.message.cancel.clicked.connect(self.cancelled)
        self.title = plain_label(bold=True)
        self.extent = plain_label(quiet=True)
        self.notice = plain_label(quiet=True, wrap=True)
        self.notice.setMinimumWidth(1)
        self.counts = ClassCounts()
        self.counts.chosen.connect(self._on_class)
        self.wall = GlyphWall()
        self.wall.chosen.connect(self._on_chosen)
        self.wall.pointed_at.connect(self._on_pointed_at)
        self.spot = GlyphView()
        self.spot.setAccessibleName(self.tr("Chosen drawing, enlarged"))
        self.spot_label = plain_label(wrap=True, scale=1.35, bold=True)
        self.spot_label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.augmented = AugmentedView()
        sentence = self.tr("Augmentation is off: each drawing is shown to the network as it is.")
        self.unchanged = plain_label(sentence, quiet=True, wrap=True)
        self.unchanged.hide()
        self._timer = pause_timer(self, _PAUSE_MS, self._ask_for_versions)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.message)
        self._pages.addWidget(self._arrange())

    def _arrange(self) -> QWidget:
        header = fill(QHBoxLayout(), self.title, (self.extent, 1), spacing=10)
        side = _ENLARGED * FIELD + 2
        self.spot.setFixedSize(side, side)
        self.spot_label.setFixedWidth(side)
        spot = fill(QVBoxLayout(), self.spot, (self.spot_label, 1), spacing=6)
        counts = Card(self.counts)
        counts.setMaximumWidth(300)
        row = fill(QHBoxLayout(), (counts, 2), (Card(self.wall), 5), spot, spacing=10)
        caption = plain_label(self.tr("As augmentation changes them"), bold=True)
        page = QWidget()
        above, below = (header, self.notice), (caption, self.augmented, self.unchanged)
        column = fill(QVBoxLayout(page), *above, (row, 1), *below, spacing=6, margins=(0, 8, 0, 0))
        column.insertSpacing(3, 4)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The wall gets what whole rows of the preview leave."""
        super().resizeEvent(event)
        self.augmented.fit(self.width(), round(self.height() * _PREVIEW_SHARE))

    def show_nothing(self, sentence: str, button: str) -> None:
        """Show that no dataset is loaded, and a button that emits `wanted`; "" leaves it out."""
        self._forget()
        self.message.show_sentence(sentence, button)
        self._pages.setCurrentIndex(0)

    def show_loading(self, text: str, done: int, total: int | None) -> None:
        """Show what loading does and how far it is; None for a total that is not known."""
        self.message.show_progress(text, done, total)
        self._pages.setCurrentIndex(0)

    def show_problem(self, sentence: str) -> None:
        """Show why there is no dataset; the button beside it emits `wanted`."""
        self.show_nothing(sentence, self.tr("Try again"))

    def show_sample(self, sample: Dataset, counts: tuple[int, ...], notice: str = "") -> None:
        """Show a dataset from its beginning.

        Args:
            sample: some of its glyphs, or all.
            counts: number of glyphs of each class in the whole dataset.
            notice: what a person should know of it, as what was left out.
        """
        self._forget()
        # Long paths have no other place for a line to end.
        self.notice.setText(re.sub(r"([/\\])", "\\1\u200b", notice))
        self.notice.setVisible(bool(notice))
        self._sample = sample
        total = sum(counts)
        self.title.setText(translated(sample.title))
        classes = len(sample.classes)
        extent = Sentence(
            "{drawings} in {classes}",
            drawings=Sentence(
                Plural("{count} drawing", "{count} drawings", total), count=whole(total)
            ),
            classes=Sentence(
                Plural("{count} class", "{count} classes", classes), count=whole(classes)
            ),
        )
        if len(sample) < total:
            shown = whole(len(sample))
            extent = Sentence("{extent}; {shown} of them shown", extent=extent, shown=shown)
        self.extent.setText(translated(extent))
        self.counts.show_counts(sample.classes, counts)
        self._pages.setCurrentIndex(1)
        self._on_class(None)

    def show_augmented(self, glyphs: NDArray[np.uint8]) -> None:
        """Show changed versions of what was last asked for; where none differs, say so.

        Args:
            glyphs: uint8 (k, m, 28, 28), m versions of each of the k originals.
        """
        originals = self.augmented.originals
        if not len(originals) or len(glyphs) != len(originals):
            return  # of other originals than those that are shown by now
        is_off = bool((glyphs == originals[:, None]).all())
        self.unchanged.setVisible(is_off)
        self.augmented.setVisible(not is_off)
        self.augmented.show_versions(glyphs)

    def _forget(self) -> None:
        self._sample = None
        self._timer.stop()
        self.wall.show_sample(None)
        self.augmented.show_originals(np.zeros((0, FIELD, FIELD), np.uint8))

    @Slot(object)
    def _on_class(self, class_index: int | None) -> None:
        self.wall.show_sample(self._sample, class_index)
        self._on_chosen(0)

    @Slot(int)
    def _on_chosen(self, row: int) -> None:
        self._chosen = row
        self._enlarge(row)
        if not self._timer.isActive():
            self._timer.start()

    @Slot(int)
    def _on_pointed_at(self, row: int) -> None:
        self._enlarge(self._chosen if row < 0 else row)

    def _enlarge(self, row: int) -> None:
        model = self.wall.glyph_model
        has_row = row < model.rowCount()
        label = model.label(row) if has_row else ""
        self.spot.show_glyph(model.glyph(row) if has_row else None)
        self.spot.setAccessibleDescription(label)
        self.spot_label.setText(label)

    @Slot()
    def _ask_for_versions(self) -> None:
        # The last ones of the wall rather than fewer.
        model = self.wall.glyph_model
        first = max(min(self._chosen, model.rowCount() - _ORIGINALS), 0)
        originals = model.glyphs(first, _ORIGINALS)
        if np.array_equal(originals, self.augmented.originals):
            return
        self.augmented.show_originals(originals)
        if len(originals):
            self.augmentation_wanted.emit(originals)
