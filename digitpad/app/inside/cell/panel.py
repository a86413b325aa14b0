"""The panel that shows how one cell is computed, with all its numbers, and where they come from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.inside.cell.blocks.block import Choices
from digitpad.app.inside.cell.blocks.drawing import (
    blocks_of,
    in_words,
    kind_of,
    strongest_source,
    way_to_pixel,
)
from digitpad.app.inside.cell.blocks.scene import Scene
from digitpad.app.inside.cell.header import Header
from digitpad.app.inside.cell.slide_view import SlideView
from digitpad.app.inside.cell.sliding import (
    SPEEDS,
    Player,
    good_speed,
    slide_of,
    wants_little_motion,
)
from digitpad.app.inside.cell.trail import Trail
from digitpad.app.inside.cell.view import BlocksView
from digitpad.app.widgets.layout import fill, fill_scroll, plain_label
from digitpad.recognition.inside.cell import explain
from digitpad.recognition.inside.inside import NONE_SILENT
from digitpad.recognition.inside.layers import GLYPH

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent

    from digitpad.app.inside.cell.sliding import Slide
    from digitpad.app.inside.subject import Subject
    from digitpad.recognition.inside.cell_kinds import Explanation
    from digitpad.recognition.inside.fields import Cell
    from digitpad.recognition.inside.inside import Inside, Silent

_LEAST_WIDTH = 280
"""In device-independent pixels."""

_LAYERS_OF_LAYOUTS = 4
"""How often the sizes of widgets have to be told upwards until all are known."""

_WIDE = 96
"""Letters beside each other from which on there is room for two columns."""


class CellPanel(QWidget):
    """Shows a cell as the sum, the largest value or the step that it is.

    It shows no other cell by itself: it asks for it, and whoever has the panel shows it.

    Attributes:
        cell: the one that is shown; None for none.
        trail: the cells that were visited.
        header: its name, and where to go from it.
        blocks: the numbers.
        slide: the window on its way.
        player: moves it.

    Signals:
        cell_wanted: the user has followed a number to this cell, or went back to it.
        window_moved: while it plays, the window makes this cell.
        happened: names what the user has just done.
    """

    cell_wanted = Signal(object)
    window_moved = Signal(object)
    happened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cell: Cell | None = None
        self.trail = Trail()
        self._inside: Inside | None = None
        self._values: Mapping[str, NDArray[np.float64]] = {}
        self._silent: Silent = NONE_SILENT
        self._choices = Choices()
        self._slide: Slide | None = None
        self._count = 0
        self._is_following = False
        self._is_stale = False
        self.header = Header()
        self.slide = SlideView()
        self.blocks = BlocksView()
        self._hint = plain_label(
            self.tr(
                "Choose a cell of a map, and you see here how it is computed: click on it, or go"
                " there with the arrow keys and press Return."
            ),
            quiet=True,
            wrap=True,
        )
        self.player = Player(self)
        self._arrange()
        self._connect()
        self.setMinimumWidth(_LEAST_WIDTH)
        self.setAccessibleName(self.tr("One cell"))
        self.clear()

    def _arrange(self) -> None:
        content = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom, content)
        fill(self._columns, self.slide, (self.blocks, 1), spacing=8, margins=(0, 0, 6, 6))
        self._columns.setAlignment(self.slide, Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        fill_scroll(self._scroll, content)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(self.tr("How the cell is computed"))
        self._body = QWidget()
        fill(QVBoxLayout(self._body), self.header, (self._scroll, 1), spacing=4)
        fill(QVBoxLayout(self), self._hint, (self._body, 1), margins=(4, 0, 0, 0))

    def _connect(self) -> None:
        self.header.crumbs.wanted.connect(self._back_to)
        self.header.strongest.clicked.connect(self.follow_strongest)
        self.header.pixel.clicked.connect(self.follow_to_pixel)
        self.blocks.followed.connect(self._follow)
        self.blocks.chosen.connect(self._choose_channel)
        self.blocks.switched.connect(self._switch)
        self.slide.picture.moved.connect(self.cell_wanted)
        self.slide.picture.followed.connect(self._follow)
        self.slide.play_pressed.connect(self.play)
        self.slide.step_pressed.connect(self.step)
        self.slide.speed_chosen.connect(self._set_pace)
        self.player.moved.connect(self._on_moved)
        self.player.ended.connect(self._on_ended)
        self.player.changed.connect(self._on_player)

    def show_cell(
        self,
        subject: Subject,
        values: Mapping[str, NDArray[np.float64]],
        cell: Cell,
        silent: Silent = NONE_SILENT,
    ) -> None:
        """Show a cell; for the same cell and network only the numbers change.

        Args:
            subject: has the network.
            values: of all layers, by its `Inside.exact`.
            cell: of one of its layers.
            silent: the channels that are switched off there.
        """
        had_keys = self.blocks.isAncestorOf(QApplication.focusWidget() or self)
        is_other_network = subject.inside is not self._inside
        is_other = cell != self.cell or is_other_network
        if is_other_network:
            self.trail.clear()
        if is_other:
            self.player.stop()
            if self.cell is None or cell.layer != self.cell.layer or is_other_network:
                self._choices = Choices(largest_first=self._choices.largest_first)
        self._inside, self._values, self._silent = subject.inside, values, silent
        self.cell = cell
        self.trail.visit(cell)
        self._hint.hide()
        self._body.show()
        if not self.isVisible():
            self._is_stale = True
        elif not self.player.is_playing:
            self._render_now()
        if is_other:
            if had_keys:
                self.blocks.focus_numbers()
            self._on_other()

    def clear(self) -> None:
        """Show no cell, and forget those that were visited."""
        self.player.stop()
        self.cell, self._inside, self._values = None, None, {}
        self.trail.clear()
        self._hint.show()
        self._body.hide()

    def _on_other(self) -> None:
        """Say what is shown now, and begin at its top."""
        scene = self._scene()
        if scene is None or self.cell is None:
            return
        found = explain(scene.inside, scene.values, self.cell, self._silent)
        # At once: else the first picture of it would have widgets in wrong places.
        for _ in range(_LAYERS_OF_LAYOUTS):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self._scroll.verticalScrollBar().setValue(0)
        slide = slide_of(scene, found)
        if slide is not None and slide.count != self._count:
            self._count = slide.count
            self.slide.speed.setValue(good_speed(slide.count))
        self.happened.emit(f"cell-shown:{kind_of(scene, found)}")
        if self.cell.layer == GLYPH and self._is_following:
            self.happened.emit("pixel-reached")
        self._is_following = False

    def _scene(self) -> Scene | None:
        if self._inside is None:
            return None
        return Scene(self._inside, self._values, self._choices)

    def _render(self, cell: Cell) -> None:
        """Show a cell: the chosen one, or while it plays the one that the window makes."""
        scene = self._scene()
        if scene is None:
            return
        self._is_stale = False
        found = explain(scene.inside, scene.values, cell, self._silent)
        source, kind = strongest_source(scene, found), kind_of(scene, found)
        self.header.show_cell(scene, found, kind, self.trail, has_source=source is not None)
        self._render_slide(scene, found)
        blocks = blocks_of(scene, found)
        self.blocks.setAccessibleName(self.header.title)
        self.blocks.setAccessibleDescription(in_words(blocks))
        self.blocks.show_blocks(blocks)

    def _render_slide(self, scene: Scene, found: Explanation) -> None:
        self._slide = slide_of(scene, found)
        self.slide.setVisible(self._slide is not None)
        if self._slide is not None:
            filled = self._slide.number + 1 if self.player.is_under_way else None
            self.slide.show_slide(self._slide, filled)

    @Slot(object)
    def _follow(self, cell: Cell) -> None:
        self._is_following = True
        self.happened.emit("source-followed")
        self.cell_wanted.emit(cell)

    @Slot()
    def follow_strongest(self) -> None:
        """Go to the cell that adds most to this one."""
        scene = self._scene()
        if scene is None or self.cell is None:
            return
        found = explain(scene.inside, scene.values, self.cell, self._silent)
        source = strongest_source(scene, found)
        if source is not None:
            self._follow(source)

    @Slot()
    def follow_to_pixel(self) -> None:
        """Follow the strongest sources as far as they lead; all of them can be gone back to."""
        scene = self._scene()
        if scene is None or self.cell is None:
            return
        way = way_to_pixel(scene, self.cell, self._silent)
        if way:
            self.trail.pass_by(way[:-1])
            self._follow(way[-1])

    @Slot()
    def back(self) -> None:
        """Go back to the cell before this one."""
        if self.trail.can_go_back:
            self._back_to(len(self.trail.cells) - 2)

    @Slot(int)
    def _back_to(self, number: int) -> None:
        self.cell_wanted.emit(self.trail.back_to(number))

    @Slot(int)
    def _choose_channel(self, channel: int) -> None:
        self._choices = replace(self._choices, channel=channel)
        self._render_now()

    @Slot(str, bool)
    def _switch(self, _name: str, is_on: bool) -> None:
        self._choices = replace(self._choices, largest_first=is_on)
        self._render_now()

    def _render_now(self) -> None:
        if self._slide is not None and self.player.is_under_way:
            self._render(self._slide.cell_number(self.player.number))
        elif self.cell is not None:
            self._render(self.cell)

    @Slot()
    def play(self) -> None:
        """Let the window slide over the map, or stop it where it is."""
        if self.player.is_playing:
            self.player.pause()
        elif self._slide is not None:
            self._set_pace()
            self._keep_map()
            self.player.play(self._slide.count)

    @Slot()
    def step(self) -> None:
        """Move the window by one cell."""
        if self._slide is not None:
            self._keep_map()
            self.player.step(self._slide.count)

    def _keep_map(self) -> None:
        """Show the window on one map, all the way."""
        if self._slide is not None:
            self._choices = replace(self._choices, channel=self._slide.channel)

    @Slot()
    def _set_pace(self) -> None:
        if self._slide is not None:
            speed = SPEEDS[self.slide.speed.value()]
            row = self._slide.after.shape[1]
            self.player.set_pace(speed, calm=wants_little_motion(self), row=row)

    @Slot(int)
    def _on_moved(self, number: int) -> None:
        if self._slide is not None:
            cell = self._slide.cell_number(number)
            self._render(cell)
            self.window_moved.emit(cell)

    @Slot()
    def _on_ended(self) -> None:
        self.happened.emit("played")

    @Slot()
    def _on_player(self) -> None:
        self.slide.show_playing(is_playing=self.player.is_playing)
        if not self.player.is_under_way and self.cell is not None:
            # The window goes back to the cell that was chosen.
            self._render_now()
            self.window_moved.emit(self.cell)

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; False if it stands for nothing.

        Space plays and stops, a point goes on by one cell, S goes to the strongest source, P down
        to a pixel, and Backspace goes back.
        """
        keys = {
            Qt.Key.Key_Space: self.play,
            Qt.Key.Key_Period: self.step,
            Qt.Key.Key_S: self.follow_strongest,
            Qt.Key.Key_P: self.follow_to_pixel,
            Qt.Key.Key_Backspace: self.back,
        }
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        do = keys.get(Qt.Key(event.key()))
        if do is None or modifiers != Qt.KeyboardModifier.NoModifier or self.cell is None:
            return False
        do()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that no control within has taken."""
        if not self.take_key(event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed meanwhile."""
        super().showEvent(event)
        if self._is_stale and self.cell is not None:
            self._render(self.cell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the window on its way beside the numbers where both have room."""
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE * self.fontMetrics().averageCharWidth()
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop playing."""
        super().hideEvent(event)
        self.player.stop()
