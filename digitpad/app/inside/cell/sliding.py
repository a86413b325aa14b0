"""Play: a window slides over a map, and the map that it makes fills cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QStyle

from digitpad.app.inside.cell.blocks.convolution import map_in_large
from digitpad.recognition.inside import cell_kinds as kinds
from digitpad.recognition.inside.fields import Cell, Region, region_of, window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from digitpad.app.inside.cell.blocks.scene import Scene
    from digitpad.recognition.inside.cell_kinds import Explanation

SPEEDS = (1, 3, 8, 20, 50, 120, 300)
"""Cells in a second, from slow to fast."""

_FRAME_MS = 33
"""Pictures follow each other no faster."""

_CALM_MS = 500
"""Between pictures where the platform wants little motion."""

_GOOD_LENGTH = 12
"""Seconds that the whole way takes at most, if nobody chooses otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Slide:
    """A window on a map, and the cell that it makes.

    Attributes:
        source: the layer with the window.
        channel: the map there.
        window: rows and columns there; some may lie outside of the map.
        cell: what the window makes.
        before: the map with the window, float64 (rows, columns).
        after: the map with the cell, likewise.
        limits: the sizes of the strongest colours of both.
        padding: rows and columns of zeros around the map with the window.
    """

    source: str
    channel: int
    window: Region
    cell: Cell
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    limits: tuple[float, float]
    padding: tuple[int, int]

    @property
    def count(self) -> int:
        """How many cells the window makes on its way."""
        return int(self.after.size)

    @property
    def number(self) -> int:
        """Of the cell on the way, from 0."""
        _, row, column = self.cell.place
        return int(row * self.after.shape[1] + column)

    def cell_number(self, number: int) -> Cell:
        """The cell with a number on the way."""
        place = divmod(number, self.after.shape[1])
        return Cell(self.cell.layer, (self.cell.place[0], *place))


def slide_of(scene: Scene, found: Explanation) -> Slide | None:
    """What slides to make a cell; None where nothing does.

    Args:
        scene: the network at work.
        found: how the cell is made.
    """
    layer = scene.inside.layer(found.cell.layer)
    if isinstance(found, kinds.Convolved):
        source, region, channel = found.source, found.window, map_in_large(scene, found)
    elif isinstance(found, kinds.Pooled):
        source, region, channel = found.source, found.window, found.window.channels[0]
    elif not layer.has_maps or isinstance(found, kinds.Level | kinds.Silenced):
        return None
    else:
        cell = found.kept if isinstance(found, kinds.Added) else _source(found)
        if cell is None:
            return None
        source, region, channel = cell.layer, region_of(cell.place), cell.place[0]
    before, after = scene.values[source], scene.values[found.cell.layer]
    return Slide(
        source,
        channel,
        region,
        found.cell,
        before[channel],
        after[found.cell.place[0]],
        (float(abs(before).max()), float(abs(after).max())),
        _padding(scene, found),
    )


def _padding(scene: Scene, found: Explanation) -> tuple[int, int]:
    """Rows and columns of zeros around the map."""
    if not isinstance(found, kinds.Convolved):
        return 0, 0
    corner = Cell(found.cell.layer, (found.cell.place[0], 0, 0))
    first = window(scene.inside, corner, found.source)
    return -first.rows.start, -first.columns.start


def _source(found: Explanation) -> Cell | None:
    if isinstance(found, kinds.Normalised | kinds.BatchNormalised | kinds.Applied | kinds.Moved):
        return found.source
    return None


def wants_little_motion(widget: QWidget) -> bool:
    """Whether the platform asks programs not to animate."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return widget.style().styleHint(hint, None, widget) <= 0


def good_speed(count: int) -> int:
    """The number of the slowest speed at which so many cells do not take long."""
    wanted = count / _GOOD_LENGTH
    return next((n for n, speed in enumerate(SPEEDS) if speed >= wanted), len(SPEEDS) - 1)


class Player(QObject):
    """Counts the cells, while it plays.

    Attributes:
        number: of the present cell; -1 before the first one.
        count: of all cells.

    Signals:
        moved: to the cell with this number.
        ended: after the last cell.
        changed: it plays, or does not.
    """

    moved = Signal(int)
    ended = Signal()
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.number = -1
        self.count = 0
        self._step = 1
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_time)

    @property
    def is_playing(self) -> bool:
        """Whether it moves by itself."""
        return self._timer.isActive()

    @property
    def is_under_way(self) -> bool:
        """Whether it has begun and has not ended."""
        return self.number >= 0

    def set_pace(self, speed: int, *, calm: bool, row: int) -> None:
        """Choose how fast it moves.

        Args:
            speed: cells in a second.
            calm: whether it rather moves seldom than little.
            row: cells in a row.
        """
        interval = max(1000 // speed, _FRAME_MS)
        self._step = max(round(speed * interval / 1000), 1)
        if calm:
            interval, self._step = _CALM_MS, max(row, 1)
        self._timer.setInterval(interval)

    def play(self, count: int) -> None:
        """Go on, or begin with the first of so many cells."""
        self.count = count
        self._timer.start()
        if not self.is_under_way:
            self._go_to(0)
        self.changed.emit()

    def pause(self) -> None:
        """Stay where it is."""
        self._timer.stop()
        self.changed.emit()

    def step(self, count: int) -> None:
        """Go to the next cell alone."""
        self.count = count
        self._timer.stop()
        self._advance(1)
        self.changed.emit()

    def stop(self) -> None:
        """End, wherever it is."""
        if not self.is_under_way:
            return
        self._timer.stop()
        self.number = -1
        self.changed.emit()

    def _on_time(self) -> None:
        self._advance(self._step)

    def _advance(self, step: int) -> None:
        if self.number >= self.count - 1:
            self.stop()
            self.ended.emit()
            return
        self._go_to(min(self.number + step, self.count - 1))

    def _go_to(self, number: int) -> None:
        self.number = number
        self.moved.emit(number)
