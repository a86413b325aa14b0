"""Kernels, maps and the answer of one epoch's network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.inside.loss.weights import WeightsPicture, show_with_scale
from digitpad.app.inside.scale import ScaleLegend
from digitpad.app.widgets.layout import fill, fill_scroll, plain_label
from digitpad.app.widgets.numbers import whole
from digitpad.app.widgets.prediction import BarsView
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from digitpad.app.inside.through.epochs import EpochState

_FEW_CLASSES = 12
_LEAST = 210
"""Least width, in device-independent pixels."""


class NetworkPanel(QScrollArea):
    """What a network is, and what it makes of the present drawing.

    Attributes:
        layers: the convolutions.
        source: the map that the shown kernels read, from 1.
        bars: the answer.
        kernels: of the chosen convolution.
        maps: what it makes of the drawing.

    Signals:
        chosen: another convolution, or other kernels.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.layers = QComboBox()
        self.layers.setAccessibleName(self.tr("Convolution"))
        self.layers.setToolTip(self.tr("The layer whose kernels and maps are shown"))
        self.source = QSpinBox()
        self.source.setMinimum(1)
        self.source.setAccessibleName(self.tr("Map that the kernels read"))
        self.source.setToolTip(
            self.tr("Each map is made of all maps before it, with a kernel for each of them")
        )
        self._of = plain_label(quiet=True, scale=0.9)
        self.bars = BarsView()
        self.kernels = WeightsPicture(self.tr("Kernels"))
        self.maps = WeightsPicture(self.tr("Maps of your drawing"))
        self._kernel_scale, self._map_scale = ScaleLegend(), ScaleLegend()
        self._kernel_title, self._map_title, self._answer_title = (
            plain_label(bold=True, wrap=True) for _ in range(3)
        )
        self._arrange()
        self.layers.activated.connect(self.chosen)
        self.source.valueChanged.connect(self.chosen)

    def _arrange(self) -> None:
        content = QWidget()
        choice = fill(QHBoxLayout(), (self.layers, 1), self._of, self.source, spacing=6)
        self.kernels.setMinimumHeight(120)
        self.maps.setMinimumHeight(150)
        rows = (
            self._answer_title, self.bars,
            choice, self._kernel_title, (self.kernels, 2), self._kernel_scale,
            self._map_title, (self.maps, 3), self._map_scale,
        )  # fmt: skip
        self._rows = fill(QVBoxLayout(content), *rows, spacing=4, margins=(0, 0, 6, 0))
        fill_scroll(self, content)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("The network after this epoch"))
        self.setMinimumWidth(_LEAST)

    @property
    def wanted(self) -> tuple[str, int]:
        """The name of the chosen convolution, and the number of the map that kernels read."""
        return self.layers.currentData() or "", self.source.value() - 1

    def show_state(self, state: EpochState, classes: tuple[str, ...]) -> None:
        """Show a network.

        Args:
            state: what is known of it.
            classes: that it knows.
        """
        self._show_layers(state)
        if self.bars.classes != classes:
            self._show_classes(classes)
        self.bars.show_prediction(state.prediction)
        self._answer_title.setText(
            self.tr("Draw a digit to see what this network says of it.")
            if state.prediction is None
            else self.tr("Its answer")
        )
        count = len(state.kernels)
        has_layer = bool(count)
        for widget in (self.kernels, self._kernel_scale, self._kernel_title, self.layers):
            widget.setVisible(has_layer)
        if has_layer:
            show_with_scale(self.kernels, self._kernel_scale, state.kernels)
            self._kernel_title.setText(
                translated(
                    Sentence(
                        Plural(
                            "{count} kernel of {rows} × {columns}",
                            "{count} kernels of {rows} × {columns}",
                            count,
                        ),
                        count=whole(count),
                        rows=state.kernels.shape[2],
                        columns=state.kernels.shape[3],
                    )
                )
            )
        has_maps = state.maps is not None
        for widget in (self.maps, self._map_scale, self._map_title):
            widget.setVisible(has_maps)
        if state.maps is not None:
            show_with_scale(self.maps, self._map_scale, state.maps)
            self._map_title.setText(
                translated(
                    Sentence(
                        Plural(
                            "{count} map of your drawing, {height} × {width}",
                            "{count} maps of your drawing, {height} × {width}",
                            len(state.maps),
                        ),
                        count=whole(len(state.maps)),
                        height=state.maps.shape[2],
                        width=state.maps.shape[3],
                    )
                )
            )

    def _show_classes(self, classes: tuple[str, ...]) -> None:
        self.bars.show_classes(classes)
        self.bars.setFixedHeight(self.bars.minimumSizeHint().height())
        # Dozens of classes would push everything else out of sight.
        place = 0 if len(classes) <= _FEW_CLASSES else self._rows.count() - 2
        for number, widget in enumerate((self._answer_title, self.bars)):
            self._rows.removeWidget(widget)
            self._rows.insertWidget(place + number, widget)

    def _show_layers(self, state: EpochState) -> None:
        names = list(state.layers)
        if [self.layers.itemData(n) for n in range(self.layers.count())] != names:
            self.layers.clear()
            for name in names:
                self.layers.addItem(self.tr("Convolution {name}").format(name=name), name)
        if state.layer:
            self.layers.setCurrentIndex(names.index(state.layer))
        reads = state.layers.get(state.layer, 1)
        with QSignalBlocker(self.source):
            self.source.setMaximum(reads)
        self.source.setVisible(reads > 1)
        self._of.setVisible(reads > 1)
        self._of.setText(self.tr("reading map"))
