"""What the page shows: a network, and the part of the drawing that it is at work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitpad.recognition.inside.inside import Inside
    from digitpad.recognition.recognition import RecognizedPart


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A network, and what it is asked.

    Attributes:
        inside: the network; the same object while the model and the member are the same.
        part: of the drawing, with its ink, the stages of its preprocessing, and its prediction.
    """

    inside: Inside
    part: RecognizedPart

    @property
    def glyph(self) -> NDArray[np.uint8]:
        """What the network gets, uint8 (28, 28), ink 255 on 0."""
        return self.part.stages.glyph


class InsideView(QWidget):
    """A view of the page. Each of them overrides `show_subject`.

    Signals:
        happened: names what the user has just done in it, for the tasks of the chapters.
    """

    happened = Signal(str)

    @property
    def picture(self) -> QWidget:
        """What is saved as a picture of it."""
        return self

    @property
    def layer(self) -> str:
        """The name of the layer that the user looks at; "" for none."""
        return ""

    def reveal(self, kind: str) -> None:
        """Bring the first layer of a kind into sight, where the view has layers."""

    def show_subject(self, subject: Subject | None) -> None:
        """Show a network at work; None before there is a model, or while nothing is drawn.

        It is called while the user draws, up to sixty times a second, but only while the view is in
        front, and once when it comes there.
        """
        # No abstract class: a widget's class has a metaclass of Qt's own.
        raise NotImplementedError
