"""The view of a dataset before training, or a sentence in its place."""

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
from digitpad.app.train.dataset.lists import GlyphWall
from digitpad.app.widgets.class_counts import ClassCounts
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
"""Number of glyphs whose changed versions are shown."""

_ENLARGED = 4
"""Side of a pixel of the enlarged glyph, in device-independent pixels."""

_PREVIEW_SHARE = 0.4
"""The preview of augmentation takes at most this share of the height."""

_STEPS = 1000
"""Maximum of the progress bar: bytes may be more than it can count."""

_WIDEST = 440
"""Largest width of a message, in device-independent pixels."""

_PAUSE_MS = 40
"""Milliseconds to wait before augmenting: a key held down would ask for too many versions."""


class DataMessage(QWidget):
    """A sentence, with a button or with a progress bar and a button to cancel."""

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
        """Show a sentence and a button with this text; "" shows no button."""
        self.sentence.setText(sentence)
        self.button.setText(button)
        self._show_buttons(is_loading=False)

    def show_progress(self, text: str, done: int, total: int | None) -> None:
        """Show the progress of loading, with a moving bar if the total is not known."""
        self.sentence.setText(text)
        self.bar.setRange(0, _STEPS if total else 0)
        if total:
            self.bar.setValue(min(done * _STEPS // total, _STEPS))
        self._show_buttons(is_loading=True)

    def _show_buttons(self, *, is_loading: bool) -> None:
        # A button that replaces the focused one gets the focus. `QWidget.focusWidget` would not do:
        # it may name a widget that lost the focus long ago.
        had_focus = QApplication.focusWidget() in {self.button, self.cancel}
        self.button.setVisible(not is_loading and bool(self.button.text()))
        self.bar.setVisible(is_loading)
        self.cancel.setVisible(is_loading)
        if had_focus:
            (self.cancel if is_loading else self.button).setFocus()


class DataView(QWidget):
    """The glyphs of a dataset with their labels, the counts of the classes, and augmentation.

    Signals:
        wanted: the user wants the dataset to be loaded and shown.
        cancelled: the user has cancelled loading.
        augmentation_wanted: these glyphs, uint8 (k, 28, 28), should be augmented and passed to
            `show_augmented`.
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
        """Fit the preview to the new size; the wall gets the rest."""
        super().resizeEvent(event)
        self.augmented.fit(self.width(), round(self.height() * _PREVIEW_SHARE))

    def show_nothing(self, sentence: str, button: str) -> None:
        """Show a sentence in place of a dataset, and a button for `wanted`; "" shows no button."""
        self._forget()
        self.message.show_sentence(sentence, button)
        self._pages.setCurrentIndex(0)

    def show_loading(self, text: str, done: int, total: int | None) -> None:
        """Show the progress of loading; None for a total that is not known."""
        self.message.show_progress(text, done, total)
        self._pages.setCurrentIndex(0)

    def show_problem(self, sentence: str) -> None:
        """Show why no dataset could be loaded, and a button for `wanted`."""
        self.show_nothing(sentence, self.tr("Try again"))

    def show_sample(self, sample: Dataset, counts: tuple[int, ...], notice: str = "") -> None:
        """Show a dataset.

        Args:
            sample: some of its samples, or all.
            counts: number of samples of each class in the whole dataset.
            notice: what the user should know, such as what was left out; or "".
        """
        self._forget()
        # So that a line can end within a long path.
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
        """Show the versions that `augmentation_wanted` asked for, or that augmentation is off.

        Args:
            glyphs: uint8 (k, m, 28, 28), m versions of each of the k originals.
        """
        originals = self.augmented.originals
        if not len(originals) or len(glyphs) != len(originals):
            return  # other originals are shown by now
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
        # Near the end of the wall, some glyphs before the chosen one fill the rows.
        model = self.wall.glyph_model
        first = max(min(self._chosen, model.rowCount() - _ORIGINALS), 0)
        originals = model.glyphs(first, _ORIGINALS)
        if np.array_equal(originals, self.augmented.originals):
            return
        self.augmented.show_originals(originals)
        if len(originals):
            self.augmentation_wanted.emit(originals)
