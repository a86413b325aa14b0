"""The plane of the features with its caption, and the choice of the side it is seen from."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.inside.through.plane_picture import PlanePicture
from digitpad.app.widgets.layout import fill, plain_label
from digitpad.app.widgets.numbers import percent, whole
from digitpad.recognition.inside.plane import SIDES
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitpad.app.inside.through.epochs import Placed
    from digitpad.app.inside.through.points import Points
    from digitpad.recognition.inside.plane import Plane, Side


class PlanePanel(QWidget):
    """Glyphs where an epoch's network has them.

    Attributes:
        picture: the points.
        known: the planes so far, by run, epoch and side.

    Signals:
        side_chosen: the plane shall be seen from this `Side`.
    """

    side_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.picture = PlanePicture()
        self.known: dict[tuple[str, int, Side], Plane] = {}
        self._points: Points | None = None
        self._shown: tuple[str, int] | None = None
        self._features: NDArray[np.float64] | None = None
        self.sides = QComboBox()
        self.sides.setAccessibleName(self.tr("Side that the features are seen from"))
        self.sides.addItem(self.tr("Classes in a circle"))
        self.sides.addItem(self.tr("Largest spread (PCA)"))
        self.sides.setToolTip(
            self.tr(
                "The features are points in many dimensions, of which a plane shows two. In a"
                " circle, the last layer's weights of each class pull in its direction. The largest"
                " spread (principal component analysis) shows where the points differ most."
            )
        )
        self.sides.activated.connect(self._on_side)
        title = plain_label(self.tr("Features, seen from"))
        title.setBuddy(self.sides)
        self._caption = plain_label(quiet=True, wrap=True, scale=0.9)
        row = fill(QHBoxLayout(), title, self.sides, None, spacing=6)
        fill(QVBoxLayout(self), row, (self.picture, 1), self._caption, spacing=4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def side(self) -> Side:
        """The side that is chosen."""
        return SIDES[self.sides.currentIndex()]

    def show_points(self, points: Points) -> None:
        """Have other glyphs, of another run."""
        self.known.clear()
        self._points, self._shown = points, None
        self._caption.setText("")

    def take(self, placed: Placed) -> None:
        """Know another plane."""
        if placed.plane is not None:
            self.known[placed.run_id, placed.epoch, placed.side] = placed.plane

    def show_epoch(self, run_id: str, epoch: int) -> None:
        """Let the points move to where they are after an epoch, once that is known."""
        self._shown = run_id, epoch
        self._update()

    def show_drawing(self, features: NDArray[np.float64] | None) -> None:
        """Show a ring where a glyph's features, (1, d), lie; None for no ring."""
        self._features = features
        self._update_ring()

    def _plane(self) -> Plane | None:
        return None if self._shown is None else self.known.get((*self._shown, self.side))

    def _update(self) -> None:
        plane, points = self._plane(), self._points
        if plane is None or points is None:
            self._caption.setText(self.tr("The plane is being computed…"))
            return
        self.picture.show_points(points, plane.points)
        self._update_ring()
        count = len(points.labels)
        fields = {
            "count": whole(count),
            "share": percent(plane.share, 0),
            "dimensions": whole(len(plane.centre)),
        }
        if points.are_foreign:
            said = Sentence(
                Plural(
                    "{count} digit, which is none of this network's classes. This plane shows"
                    " {share} of the variance of its {dimensions} features; the ring is your"
                    " drawing.",
                    "{count} digits, which are none of this network's classes. This plane shows"
                    " {share} of the variance of their {dimensions} features; the ring is your"
                    " drawing.",
                    count,
                ),
                **fields,
            )
        else:
            said = Sentence(
                Plural(
                    "{count} glyph. This plane shows {share} of the variance of its {dimensions}"
                    " features; the ring is your drawing.",
                    "{count} glyphs. This plane shows {share} of the variance of their"
                    " {dimensions} features; the ring is your drawing.",
                    count,
                ),
                **fields,
            )
        self._caption.setText(translated(said))

    def _update_ring(self) -> None:
        plane, features = self._plane(), self._features
        if plane is None or features is None or features.shape[1] != len(plane.centre):
            self.picture.show_ring(None)
        else:
            self.picture.show_ring(plane.place(features)[0])

    @Slot()
    def _on_side(self) -> None:
        self.side_chosen.emit(cast("str", self.side))
