"""The map with the window and the map that it makes, and the controls to play it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.inside.cell.slide_picture import SlidePicture
from digitpad.app.inside.cell.sliding import SPEEDS
from digitpad.app.widgets.layout import fill
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from digitpad.app.inside.cell.sliding import Slide


class SlideView(QWidget):
    """The two maps, and below them the controls.

    Signals:
        play_pressed: to play, or to pause.
        step_pressed: to go on by one cell.
        speed_chosen: the number of a speed.
    """

    play_pressed = Signal()
    step_pressed = Signal()
    speed_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.picture = SlidePicture()
        self.play = QPushButton()
        self.play.clicked.connect(self.play_pressed)
        self.step = QPushButton(self.tr("Step"))
        self.step.setToolTip(self.tr("Move the window by one cell (.)"))
        self.step.clicked.connect(self.step_pressed)
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setRange(0, len(SPEEDS) - 1)
        self.speed.setPageStep(1)
        self.speed.setMinimumWidth(60)
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.valueChanged.connect(self._on_speed)
        self._on_speed(0)
        row = fill(QHBoxLayout(), self.play, self.step, (self.speed, 1), spacing=6)
        fill(QVBoxLayout(self), self.picture, row, spacing=4)
        self.show_playing(is_playing=False)

    def show_slide(self, slide: Slide, filled: int | None) -> None:
        """Show the window at another place, and so many cells; None for all."""
        self.picture.show_slide(slide, filled)

    def show_playing(self, *, is_playing: bool) -> None:
        """Name the button for what it does now."""
        self.play.setText(self.tr("Pause") if is_playing else self.tr("Play"))
        self.play.setToolTip(
            self.tr("Stop the window (Space)")
            if is_playing
            else self.tr("Let the window slide over the map (Space)")
        )

    def _on_speed(self, number: int) -> None:
        count = SPEEDS[number]
        self.speed.setToolTip(
            translated(
                Sentence(
                    Plural(
                        "Speed: {count} cell in a second", "Speed: {count} cells in a second", count
                    ),
                    count=count,
                )
            )
        )
        self.speed_chosen.emit(number)
