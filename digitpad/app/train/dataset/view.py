"""A look into the data before training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.train.dataset.augmented_view import AugmentedView
from digitpad.app.train.dataset.class_counts import ClassCounts
from digitpad.app.train.dataset.glyph_wall import GlyphWall
from digitpad.app.train.dataset.message import DataMessage
from digitpad.app.widgets.card import Card
from digitpad.app.widgets.glyph import GlyphView
from digitpad.app.widgets.numbers import whole
from digitpad.app.widgets.theme import QuietLabel
from digitpad.ink.glyph import FIELD

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

_PAUSE_MS = 40
"""Keys held down run through the wall faster than drawings need to be augmented."""


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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample: Dataset | None = None
        self._chosen = 0
        self.message = DataMessage()
        self.message.wanted.connect(self.wanted)
        self.message.cancelled.connect(self.cancelled)
        self.title = QLabel()
        self.extent = QuietLabel("")
        self.counts = ClassCounts()
        self.counts.chosen.connect(self._on_class)
        self.wall = GlyphWall()
        self.wall.chosen.connect(self._on_chosen)
        self.wall.pointed_at.connect(self._on_pointed_at)
        self.spot = GlyphView()
        self.spot.setAccessibleName(self.tr("Chosen drawing, enlarged"))
        self.spot_label = QLabel()
        self.augmented = AugmentedView()
        self.unchanged = QuietLabel(
            self.tr("Augmentation is off: each drawing is shown to the network as it is.")
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._ask_for_versions)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.message)
        self._pages.addWidget(self._arrange())

    def _arrange(self) -> QWidget:
        for label in (self.title, self.extent, self.spot_label):
            label.setTextFormat(Qt.TextFormat.PlainText)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        font.setPointSizeF(font.pointSizeF() * 1.35)
        self.spot_label.setFont(font)
        self.spot_label.setWordWrap(True)
        self.spot_label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.unchanged.setWordWrap(True)
        self.unchanged.hide()
        header = QHBoxLayout()
        header.setSpacing(10)
        header.addWidget(self.title)
        header.addWidget(self.extent, 1)
        side = _ENLARGED * FIELD + 2
        self.spot.setFixedSize(side, side)
        self.spot_label.setFixedWidth(side)
        spot = QVBoxLayout()
        spot.setSpacing(6)
        spot.addWidget(self.spot)
        spot.addWidget(self.spot_label, 1)
        counts = Card(self.counts)
        counts.setMaximumWidth(300)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(counts, 2)
        row.addWidget(Card(self.wall), 5)
        row.addLayout(spot)
        caption = QLabel(self.tr("As augmentation changes them"))
        font = caption.font()
        font.setBold(True)
        caption.setFont(font)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        column.addLayout(header)
        column.addLayout(row, 1)
        column.addSpacing(4)
        column.addWidget(caption)
        column.addWidget(self.augmented)
        column.addWidget(self.unchanged)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The wall gets what whole rows of the preview leave."""
        super().resizeEvent(event)
        self.augmented.fit(self.width(), round(self.height() * _PREVIEW_SHARE))

    @Slot(str, str)
    def show_nothing(self, sentence: str, button: str) -> None:
        """Show that no dataset is loaded, and a button that emits `wanted`; "" leaves it out."""
        self._forget()
        self.message.show_sentence(sentence, button)
        self._pages.setCurrentIndex(0)

    def show_loading(self, text: str, done: int, total: int | None) -> None:
        """Show how far loading is.

        Args:
            text: what is being done.
            done: of the total, in its unit.
            total: None where it is not known.
        """
        self.message.show_progress(text, done, total)
        self._pages.setCurrentIndex(0)

    @Slot(str)
    def show_problem(self, sentence: str) -> None:
        """Show why there is no dataset; the button beside it emits `wanted`."""
        self.show_nothing(sentence, self.tr("Try again"))

    def show_sample(self, sample: Dataset, counts: tuple[int, ...]) -> None:
        """Show a dataset from its beginning.

        Args:
            sample: some of its glyphs, or all.
            counts: number of glyphs of each class in the whole dataset.
        """
        self._forget()
        self._sample = sample
        total = sum(counts)
        self.title.setText(translated(sample.title))
        fields = {
            "total": whole(total),
            "classes": whole(len(sample.classes)),
            "shown": whole(len(sample)),
        }
        self.extent.setText(
            self.tr("{total} drawings in {classes} classes").format(**fields)
            if len(sample) >= total
            else self.tr("{total} drawings in {classes} classes; {shown} of them shown").format(
                **fields
            )
        )
        self.counts.show_counts(sample.classes, counts)
        self._pages.setCurrentIndex(1)
        self._on_class(None)

    @Slot(object)
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
