"""The view of all layers: walls of maps, one cell beside them, and channels to switch off."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QRect, Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.inside.cell.blocks.words import cell_name
from digitpad.app.inside.cell.panel import CellPanel
from digitpad.app.inside.layers.walls import WallsView
from digitpad.app.inside.scale import ScaleLegend
from digitpad.app.inside.subject import InsideView
from digitpad.app.widgets.controls import key_button
from digitpad.app.widgets.layout import fill, plain_label
from digitpad.app.widgets.numbers import percent, short_number, whole
from digitpad.data.public.excerpt import excerpt_files
from digitpad.recognition.inside.fields import receptive_fields
from digitpad.recognition.inside.inside import NONE_SILENT
from digitpad.recognition.inside.layers import GLYPH, PROBABILITIES
from digitpad.recognition.inside.silence import Right, read_right
from digitpad.recognition.prediction import are_digits
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent

    from digitpad.app.inside.subject import Subject
    from digitpad.app.services.background import Background
    from digitpad.recognition.inside.fields import Cell
    from digitpad.recognition.inside.inside import Inside, Silent

_MANY = 1000
_COUNTS = (200, _MANY)
"""Digits of the excerpt: few at once, and many a moment later."""

_ACCURACY = "silence"
_PANEL_WIDTH = 340


class LayersView(InsideView):
    """The outputs of all layers for the present glyph, live.

    Args:
        background: finds accuracies.

    Attributes:
        walls: the maps.
        panel: one cell.
        silent: the channels that are switched off.
        all_on: switches all of them on again.
    """

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._subject: Subject | None = None
        self._exact: Mapping[str, NDArray[np.float64]] | None = None
        self._with_all: tuple[Right, ...] = ()
        self._found: Right | None = None
        self._had_drawing = False
        self.silent: Silent = NONE_SILENT
        self.walls = WallsView()
        self.panel = CellPanel()
        self.legend = ScaleLegend()
        self._about = plain_label(quiet=True)
        self._silence = plain_label(wrap=True)
        self.all_on = key_button(
            self, self.tr("All on"), self.tr("Switch all channels on again"), "Shift+X"
        )
        self.all_on.clicked.connect(self.switch_all_on)
        self._empty = plain_label(
            self.tr(
                "Draw a digit on the pad at the left. Here you see what each layer of the network"
                " makes of it, while you draw."
            ),
            quiet=True,
            wrap=True,
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()
        self._connect()
        self.setFocusProxy(self.walls)
        self._show_silence()

    def _arrange(self) -> None:
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.walls)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(self.tr("Layers of the network"))
        self._scroll.viewport().installEventFilter(self)
        self._line = QWidget()
        fill(QHBoxLayout(self._line), (self._silence, 1), self.all_on, spacing=8)
        below = fill(QHBoxLayout(), (self._about, 1), self.legend, spacing=12)
        self._maps = QWidget()
        fill(QVBoxLayout(self._maps), (self._scroll, 1), below, self._line, spacing=4)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(self._maps)
        self._split.addWidget(self.panel)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._split.setSizes([_PANEL_WIDTH * 2, _PANEL_WIDTH])
        self._split.setChildrenCollapsible(False)
        fill(QVBoxLayout(self), (self._empty, 1), (self._split, 1))
        self._split.hide()

    def _connect(self) -> None:
        self.walls.cell_pointed.connect(self._on_pointed)
        self.walls.cell_chosen.connect(self._on_chosen)
        self.walls.channel_switched.connect(self.switch)
        self.walls.seen.connect(self._bring_into_view)
        self.panel.cell_wanted.connect(self._on_wanted)
        self.panel.window_moved.connect(self._on_pointed)
        self.panel.happened.connect(self.happened)
        self._background.done.connect(self._on_accuracy)
        self._background.failed.connect(self._on_no_accuracy)

    @property
    def picture(self) -> QWidget:
        """All layers, also those that are out of sight; before something is drawn the view."""
        return self if self._subject is None else self.walls

    @property
    def layer(self) -> str:
        """The layer of the chosen cell."""
        return "" if self.walls.chosen is None else self.walls.chosen.layer

    def reveal(self, kind: str) -> None:
        """See `InsideView`."""
        column = next(
            (one for one in self.walls.plan.columns.values() if one.layer.kind == kind), None
        )
        if column is not None:
            bar = self._scroll.horizontalScrollBar()
            bar.setValue(round(column.right - self._scroll.viewport().width()))

    def show_subject(self, subject: Subject | None) -> None:
        """See `InsideView`."""
        before = self._subject
        self._subject, self._exact = subject, None
        self._empty.setVisible(subject is None)
        self._split.setVisible(subject is not None)
        if subject is None:
            self._had_drawing = False
            return
        if before is None or subject.inside is not before.inside:
            self._forget(subject.inside)
        if not self._had_drawing:
            self._had_drawing = True
            self.happened.emit("drawn")
        self._show_all()

    def _forget(self, inside: Inside) -> None:
        """Another network has other channels."""
        shapes = {layer.name: layer.shape[0] for layer in inside.layers}
        kept = ((name, number) for name, number in self.silent if number < shapes.get(name, 0))
        self.silent = frozenset(kept)
        self.panel.clear()
        # Before a cell is chosen, its room belongs to the maps.
        self.panel.hide()
        self._with_all = ()
        self._ask_accuracy()

    def _show_all(self) -> None:
        subject = self._subject
        if subject is None:
            return
        outputs = subject.inside.outputs(subject.glyph, self.silent)
        self.walls.show_outputs(subject.inside, outputs, self.silent)
        cell = self.walls.chosen
        if cell is not None:
            self._show_cell(cell)
        self._tell_of(cell)
        self._show_silence()

    def _values(self) -> Mapping[str, NDArray[np.float64]]:
        """All cells in float64; computed only where a cell is looked at."""
        if self._subject is None:
            return {}
        if self._exact is None:
            self._exact = self._subject.inside.exact(self._subject.glyph, self.silent)
        return self._exact

    def _show_cell(self, cell: Cell) -> None:
        if self._subject is not None:
            self.panel.show()
            self.panel.show_cell(self._subject, self._values(), cell, self.silent)
            self.walls.show_fields(receptive_fields(self._subject.inside, cell))

    # Cells

    @Slot(object)
    def _on_pointed(self, cell: Cell | None) -> None:
        shown = self.walls.chosen if cell is None else cell
        if self._subject is None:
            return
        fields = {} if shown is None else receptive_fields(self._subject.inside, shown)
        self.walls.show_fields(fields)
        self._tell_of(shown)

    @Slot(object)
    def _on_chosen(self, cell: Cell) -> None:
        self._show_cell(cell)
        self._tell_of(cell)

    @Slot(object)
    def _on_wanted(self, cell: Cell) -> None:
        self.walls.choose(cell)
        self._on_chosen(cell)

    def _tell_of(self, cell: Cell | None) -> None:
        """Name a cell below the walls, with its value and the colours of its layer."""
        if self._subject is None or cell is None:
            self._about.setText(
                self.tr(
                    "Point at a cell to see what it looks at, and click to see how it is computed"
                )
            )
            self.legend.hide()
            return
        inside = self._subject.inside
        text = self.tr("{cell}: {value}").format(
            cell=cell_name(inside, cell), value=short_number(self.walls.value(cell))
        )
        self._about.setText(text)
        is_positive = (
            cell.layer in {GLYPH, PROBABILITIES} or inside.layer(cell.layer).kind == "relu"
        )
        self.legend.show_limit(self.walls.limit(cell.layer), signed=not is_positive)
        self.legend.show()

    @Slot(QRect)
    def _bring_into_view(self, rect: QRect) -> None:
        self._scroll.ensureVisible(rect.center().x(), rect.center().y(), 80, 60)

    # Channels that are switched off

    @Slot(str, int)
    def switch(self, layer: str, channel: int) -> None:
        """Switch a channel off, or on again."""
        one = frozenset({(layer, channel)})
        is_off = one <= self.silent
        self.silent = self.silent - one if is_off else self.silent | one
        self._changed()
        if not is_off:
            self.happened.emit("channel-silenced")

    @Slot()
    def switch_all_on(self) -> None:
        """Switch all channels on again."""
        if self.silent:
            self.silent = NONE_SILENT
            self._changed()
            self.happened.emit("all-on")

    def _changed(self) -> None:
        self._exact = None
        self._background.cancel(_ACCURACY)
        self._found = None
        self._show_all()
        self._ask_accuracy()

    def _ask_accuracy(self) -> None:
        self._found = None
        subject = self._subject
        if subject is None or not self.silent:
            self._background.cancel(_ACCURACY)
            return
        if not are_digits(subject.inside.info.classes):
            return  # the excerpt has nothing else
        known = self._with_all if len(self._with_all) == len(_COUNTS) else ()
        work = partial(_accuracies, subject.inside, self.silent, known)
        self._background.ask(_ACCURACY, work)

    @Slot(str, object)
    def _on_accuracy(self, key: str, item: object) -> None:
        if key != _ACCURACY or self._subject is None or not isinstance(item, tuple):
            return
        self._found, before = item
        if all(before.count != one.count for one in self._with_all):
            self._with_all = (*self._with_all, before)
        self._show_silence()

    @Slot(str, str)
    def _on_no_accuracy(self, key: str, sentence: str) -> None:
        if key == _ACCURACY:
            self._silence.setText(sentence)

    def _show_silence(self) -> None:
        count = len(self.silent)
        self._line.setVisible(bool(count) and self._subject is not None)
        if not count or self._subject is None:
            return
        found = self._found
        before = next(
            (one for one in self._with_all if found is not None and one.count == found.count), None
        )
        off = translated(
            Sentence(
                Plural("{count} channel is off.", "{count} channels are off.", count),
                count=whole(count),
            )
        )
        if not are_digits(self._subject.inside.info.classes):
            off = self.tr(
                "{off} What that costs is measured on digits, and this network reads others."
            ).format(off=off)
        if found is None or before is None:
            self._silence.setText(off)
            return
        self._silence.setText(
            translated(
                Sentence(
                    Plural(
                        "{off} Of {count} digit of the MNIST excerpt {share} is read right; with"
                        " all channels {before}.",
                        "{off} Of {count} digits of the MNIST excerpt {share} are read right; with"
                        " all channels {before}.",
                        found.count,
                    ),
                    off=off,
                    count=whole(found.count),
                    share=percent(found.accuracy),
                    before=percent(before.accuracy),
                )
            )
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The walls are as high as the room for them."""
        if event.type() == QEvent.Type.Resize:
            bar = self._scroll.horizontalScrollBar().sizeHint().height()
            self.walls.set_room(self._scroll.height() - bar - 4)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that the walls do not use belong to the cell."""
        if not self.panel.take_key(event):
            super().keyPressEvent(event)


def _accuracies(
    inside: Inside, silent: Silent, with_all: tuple[Right, ...]
) -> Iterator[tuple[Right, Right]]:
    """Runs on the thread: how many digits are read right without channels, and with all."""
    # The test split of the excerpt: no network has learned from it, and none was chosen by it.
    digits = excerpt_files("test")
    glyphs = np.concatenate([batch.glyphs for batch in digits.batches(digits.piece)])
    places = {name: number for number, name in enumerate(inside.info.classes)}
    labels = np.array([places.get(str(digit), -1) for digit in digits.indices()])
    known = np.flatnonzero(labels >= 0)[:_MANY]
    glyphs, labels = glyphs[known], labels[known]
    before = with_all or read_right(inside, glyphs, labels, _COUNTS)
    yield from zip(read_right(inside, glyphs, labels, _COUNTS, silent), before, strict=True)
